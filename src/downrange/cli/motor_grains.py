"""downrange motor simulate: motors made of grains"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.options import json_option, print_json, show, units_option

_LEVELS = click.Choice(["quasi-steady", "transient", "one-dimensional"])
level_option = click.option(
    "--level", type=_LEVELS, default="quasi-steady", show_default=True,
    help="quasi-steady: the chamber always in balance; transient: it fills and empties; one-dimensional: flow along the port, erosive burning.",
)  # fmt: skip


@click.command("simulate")
@click.argument("motor", type=click.Path(path_type=Path))
@level_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the result: .eng, .rse, .csv, .png, .svg; or the motor: .ric.",
)
@units_option
@json_option
def simulate(motor: Path, level: Any, out: Path | None, units: str | None, as_json: bool) -> None:
    """Burn a motor from its grains: pressure, thrust and mass against time.

    MOTOR is a motor.yaml or an openMotor file (.ric).
    """
    from downrange.motor.ballistics import fire
    from downrange.project.motors import open_grain_motor
    from downrange.report.burns import burn_summary, burn_view

    opened = open_grain_motor(motor, trusted=True)
    burn = fire(opened.motor, level)
    if as_json:
        print_json(burn_summary(burn, opened.notes))
    else:
        show(burn_view(burn, motor.stem, units or "metric", opened.notes))
    if out is not None:
        from downrange.report.burn_files import write_burn

        write_burn(out, burn, units or "metric")
        click.echo(f"wrote {out}", err=True)
    raise click.exceptions.Exit(0)
