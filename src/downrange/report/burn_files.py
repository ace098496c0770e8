"""What a firing is written to, by the suffix of the file."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from downrange.errors import InputError, seen

if TYPE_CHECKING:
    from downrange.motor.ballistics import Burn

__all__ = ["write_burn"]

_SUFFIXES = (".eng", ".rse", ".csv", ".png", ".svg", ".pdf", ".ric", ".yaml")


def write_burn(path: str | Path, burn: Burn, units: str = "metric") -> None:
    """Write a firing: its thrust curve (.eng, .rse), all its columns (.csv), its figure, or the motor itself (.ric, .yaml).

    Raises `InputError` for another suffix, and for a curve of a motor that does not say what it weighs empty.
    """
    from downrange.motor.ballistics import as_motor

    path = Path(path)
    kind = path.suffix.lower()
    if kind == ".eng":
        from downrange.formats.motors.eng import write_eng

        write_eng(path, [as_motor(burn)])
    elif kind == ".rse":
        from downrange.formats.motors.rse import write_rse

        write_rse(path, [as_motor(burn)])
    elif kind == ".csv":
        _write_csv(path, burn)
    elif kind == ".ric":
        from downrange.formats.ric import write_ric

        write_ric(path, burn.motor)
    elif kind == ".yaml":
        from downrange.project.motor_words import write_motor_yaml

        write_motor_yaml(path, burn.motor, burn.level)
    elif kind in (".png", ".svg", ".pdf"):
        from downrange.report.burns import burn_figure

        burn_figure(burn).savefig(path, units=units)
    else:
        raise InputError(f"cannot write {seen(kind, 40)}; a firing is written to {', '.join(_SUFFIXES)}", key="--out")


def _write_csv(path: Path, b: Burn) -> None:
    columns = {
        "time_s": b.time, "thrust_n": b.thrust, "pressure_pa": b.pressure, "head_pressure_pa": b.head, "kn": b.kn, "mass_flow_kg_s": b.mass_flow,
        "propellant_kg": b.left, "throat_m": b.throat, "exit_pressure_pa": b.exit_pressure, "propellant_centre_m": b.centre,
        "propellant_roll_kg_m2": b.roll, "propellant_pitch_kg_m2": b.pitch,
    }  # fmt: skip
    for k in range(b.burnt.shape[1]):
        columns |= {f"burnt_{k + 1}_m": b.burnt[:, k], f"mass_flux_{k + 1}_kg_m2_s": b.flux[:, k]}
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([f"{v:.9g}" for v in row] for row in zip(*columns.values(), strict=True))
