"""downrange aero"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.options import json_option, print_json, show


def _machs(text: str) -> list[float]:
    import numpy as np

    from downrange.errors import InputError

    try:
        if ".." in text:
            low, high = (float(v) for v in text.split("..", 1))
            return [round(float(m), 4) for m in np.linspace(low, high, 13)]
        return [float(v) for v in text.split(",")]
    except ValueError:
        raise InputError(
            f"cannot read the Mach numbers {text!r}; write '0.3', '0.3,0.5' or '0.1..0.9'", key="--mach"
        ) from None


@click.command("aero")
@click.argument("rocket", type=click.Path(path_type=Path), default="rocket.yaml")
@click.option("--mach", default="0.1..0.9", show_default=True, help="One Mach number, several with commas, or a range.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write a figure (png, svg) or table (csv)."
)
@json_option
def command(rocket: Path, mach: str, out: Path | None, as_json: bool) -> None:
    """Show drag, normal force and centre of pressure of ROCKET (default: rocket.yaml) at sea level."""
    from downrange.aero import build_aero
    from downrange.errors import InputError
    from downrange.files import load_rocket
    from downrange.flight import assumed_jet_area

    machs = _machs(mach)
    if min(machs) < 0 or max(machs) > 12:
        raise InputError("Mach numbers run from 0 to 12", key="--mach")
    design = load_rocket(rocket)
    bore = 2 * design.motor_mount.at.inner if design.motor_mount else 0.0
    aero = build_aero(design, mach_max=max(*machs, 0.5), jet_area=assumed_jet_area(bore))
    rows = []
    for m in machs:
        re = m * 340.29 / 1.4607e-5
        row: dict[str, Any] = {"mach": m, "cd_power_off": aero.drag(m, re), "cd_power_on": aero.drag(m, re, True)}
        rows.append({**row, "cn_alpha_per_rad": aero.normal_slope(m), "cp_m": aero.centre_of_pressure(m)})
    if as_json:
        print_json(
            {
                "reference_area_m2": aero.reference_area,
                "reference_length_m": aero.reference_length,
                "valid_to_mach": aero.valid_mach,
                "rows": rows,
            }
        )
    else:
        from downrange.report.terminal import aero_table

        show(aero_table(aero, machs))
    if max(machs) > aero.valid_mach:
        click.echo(f"! above Mach {aero.valid_mach:g} these are first estimates", err=True)
    if out is not None:
        if out.suffix.lower() == ".csv":
            lines = [",".join(rows[0]), *(",".join(f"{v:.6g}" for v in r.values()) for r in rows)]
            out.write_text("\n".join(lines) + "\n", encoding="utf-8")
        else:
            from downrange.report import aero_figure

            aero_figure(aero).savefig(out)
        click.echo(f"wrote {out}", err=True)
