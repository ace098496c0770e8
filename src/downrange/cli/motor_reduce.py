"""downrange motor reduce"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from downrange.cli.options import FIGURE, json_option, out_option, print_json, show, timings_option, units_option

if TYPE_CHECKING:
    from downrange.motor.solid import SolidMotor
    from downrange.motor.stand import Band, Figure, Segments

__all__ = ["command"]

_SAID = (
    ("--propellant-mass", "What burnt, like '4.996 ± 0.005 kg'."),
    ("--throat", "Diameter of the nozzle's throat, like '20 ± 0.05 mm'."),
    ("--grain", "'outer, bore, length, count' of a grain of hollow cylinders, like '90 mm, 30 mm, 104.5 mm, 5'."),
    ("--ambient", "The air's pressure, like '1013 hPa'; without it the standard's at sea level."),
    ("--calibration", "How well the scales are known, like '1 %'."),
    ("--thrust-unit", "Unit of thrust where the file does not say: N, kgf, gf, lbf."),
    ("--pressure-unit", "Unit of pressure where the file does not say: bar, psi, MPa."),
    ("--time-unit", "Unit of time where the file does not say: s, ms, us."),
    ("--thrust-scale", "Force to one unit of the column, for volts and counts, like '553 N'."),
    ("--pressure-scale", "Pressure to one unit of the column, like '25 bar'."),
    ("--column", "Heading (or number from 1) of thrust, where more than one may be."),
    ("--name", "Name of the motor, for --out x.eng."),
    ("--maker", "Who made it."),
    ("--diameter", "Of its casing, like '98 mm'."),
    ("--length", "Of its casing, like '0.7 m'."),
    ("--dry-mass", "Of the empty motor, like '4.2 kg'."),
)


def _options(function: Any) -> Any:
    for flag, words in reversed(_SAID):
        function = click.option(flag, metavar="TEXT", help=words)(function)
    return function


@click.command("reduce")
@click.argument("files", metavar="THRUST [PRESSURE]...", nargs=-1, required=True, type=click.Path(path_type=Path))
@_options
@click.option(
    "--motor", "design", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="The motor's grains (motor.yaml, .ric): its mass, throat and grain, and what it was predicted to do.",
)  # fmt: skip
@click.option("--rate", type=float, help="Samples a second, of a record without a time.")
@click.option(
    "--gauge/--absolute", "gauge", default=None, help="What pressure counts from; its value at rest says it too."
)
@out_option(
    multiple=True,
    suffixes=(".eng", ".rse", ".csv", *FIGURE),
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write .eng, .rse, .csv (mean and band), .png, .svg; again for more.",
)
@units_option
@timings_option
@json_option
def command(
    files: tuple[Path, ...], design: Path | None, out: tuple[Path, ...], units: str | None, as_json: bool, **said: Any
) -> None:
    """Say what a test stand recorded: impulse, burn time, specific impulse, c*, burning rate, each with ±.

    Give the record of thrust and, where there is one, of pressure; more firings of the same motor follow in turn.
    """
    from downrange.errors import InputError
    from downrange.formats.stand import read_firings
    from downrange.motor.stand import fit_burn_law, mean_firing, reduce_firing
    from downrange.report.stand import stand_figure, stand_summary, stand_view

    motor, notes = _design(design, said)
    grain = _grain(said["grain"])
    firings = read_firings(
        files, thrust=_columns(said, "thrust"), pressure=_columns(said, "pressure"), propellant_mass=_figure(said, "propellant_mass", "mass"),
        throat=_figure(said, "throat", "length"), ambient=None if said["ambient"] is None else _figure(said, "ambient", "pressure").value,  # type: ignore[union-attr]
        gauge=said["gauge"],
    )  # fmt: skip
    reductions = [reduce_firing(f) for f in firings]
    pressed = [r.choked for r in reductions if r.pressure is not None]
    if grain is not None and not pressed:
        raise InputError("a burn law needs a record of pressure", key="--grain")
    law = None
    if grain is not None:
        law = fit_burn_law(pressed, [grain] * len(pressed))
    elif pressed and motor is not None and len(motor.burning) == 1:
        law = fit_burn_law(pressed, [motor.volume_left] * len(pressed), [motor.web] * len(pressed))
    band = mean_firing(reductions) if any(r.thrust for r in reductions) else None
    predicted = None
    if motor is not None:
        from downrange.motor.ballistics import fire

        predicted = fire(motor)
    if as_json:
        print_json(stand_summary(reductions, law, band, predicted) | {"notes": notes})
    else:
        show(stand_view(reductions, law, band, units or "metric", predicted, notes))
    for path in out:
        if path.suffix.lower() in (".eng", ".rse", ".csv"):
            _write(path, band, said)
        else:
            stand_figure(reductions, law, band, predicted).savefig(path, units=units or "metric")
        click.echo(f"wrote {path}", err=True)


def _design(path: Path | None, said: dict[str, Any]) -> tuple[SolidMotor | None, list[str]]:
    """The motor of a file; what it says and the command line does not is put into `said`, and told."""
    if path is None:
        return None, []
    from downrange.project.motors import open_grain_motor

    motor = open_grain_motor(path).motor
    case, told = motor.case, []
    for key, value, unit in (
        ("propellant_mass", motor.propellant_mass, "kg"), ("throat", motor.nozzle.throat, "m"), ("diameter", case.diameter, "m"),
        ("length", case.outer_length, "m"), ("dry_mass", case.mass, "kg"),
    ):  # fmt: skip
        if said[key] is None and value is not None:
            said[key] = f"{value:.9g} {unit}"
            if key in ("propellant_mass", "throat"):
                told.append(f"{key.replace('_', ' ')}: {value:.4g} {unit} by {path.name}, not as measured on the day")
    said["name"] = said["name"] or motor.name
    return motor, told


def _figure(said: dict[str, Any], key: str, kind: str) -> Figure | None:
    """What an option says, with its ±."""
    from downrange.errors import InputError
    from downrange.motor.stand import Figure
    from downrange.units import parse_quantity

    if said[key] is None:
        return None
    try:
        quantity = parse_quantity(said[key], kind)
    except InputError as error:
        raise InputError(error.message, key=f"--{key.replace('_', '-')}") from None
    spread = None if quantity.distribution is None else getattr(quantity.distribution, "spread", None)
    return Figure(quantity.value, spread)


def _columns(said: dict[str, Any], kind: str) -> Any:
    from downrange.errors import InputError
    from downrange.formats.stand import Columns

    scale = _figure(said, f"{kind}_scale", "force" if kind == "thrust" else "stiffness")
    calibration = None if scale is None else scale.share
    if (text := said["calibration"]) is not None:
        word = text.strip().removeprefix("±").strip()
        try:
            calibration = float(word.removesuffix("%")) * (0.01 if word.endswith("%") else 1.0)
        except ValueError:
            calibration = -1.0
        if not 0 <= calibration <= 0.5:
            raise InputError(
                f"how well the scales are known, like '1 %' (0 to 50 %), seen {text[:40]!r}", key="--calibration"
            )
    if said["rate"] is not None and not 0.1 <= said["rate"] <= 1e6:
        raise InputError(f"{said['rate']:g} samples a second; 0.1 to a million", key="--rate")
    return Columns(
        value=said["column"] if kind == "thrust" else None, time_unit=said["time_unit"], unit=said[f"{kind}_unit"], scale=None if scale is None else scale.value,
        rate=said["rate"], calibration=calibration,
    )  # fmt: skip


def _grain(text: str | None) -> Segments | None:
    """`outer, bore, length, count`."""
    from downrange.errors import InputError
    from downrange.motor.stand import Segments
    from downrange.units import parse_quantity

    if text is None:
        return None
    words = [w.strip() for w in text.split(",")]
    if len(words) not in (3, 4) or not (len(words) == 3 or words[3].isdigit()):
        raise InputError(
            f"a grain is 'outer, bore, length, count', like '90 mm, 30 mm, 104.5 mm, 5'; seen {text[:60]!r}",
            key="--grain",
        )
    outer, bore, length = (parse_quantity(w, "length").value for w in words[:3])
    return Segments(outer, bore, length, int(words[3]) if len(words) == 4 else 1)


def _write(path: Path, band: Band | None, said: dict[str, Any]) -> None:
    """The mean and its band as .csv, the mean as a motor as .eng or .rse."""
    from downrange.errors import InputError
    from downrange.formats import write_eng
    from downrange.formats.motors.rse import write_rse

    if band is None:
        raise InputError("without a record of thrust there is no curve to write", key="--out")
    if path.suffix.lower() == ".csv":
        rows = zip(band.time, band.thrust, band.low, band.high, strict=True)
        text = "time_s,thrust_n,low_n,high_n\n" + "".join(",".join(f"{v:.6g}" for v in row) + "\n" for row in rows)
        path.write_text(text, encoding="utf-8")
        return
    need = [k for k in ("propellant_mass", "diameter", "length", "dry_mass") if said[k] is None]
    if need:
        raise InputError(
            f"a {path.suffix} file also needs {', '.join('--' + k.replace('_', '-') for k in need)}", key="--out"
        )
    lengths = {
        k: _figure(said, k, "mass" if "mass" in k else "length")
        for k in ("propellant_mass", "diameter", "length", "dry_mass")
    }
    sizes: dict[str, Any] = {k: v.value for k, v in lengths.items() if v}
    motor = band.motor(name=said["name"] or path.stem, maker=said["maker"] or "", **sizes)
    (write_rse if path.suffix.lower() == ".rse" else write_eng)(path, [motor])
