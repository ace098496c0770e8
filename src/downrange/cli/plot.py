"""downrange plot"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.options import launch_options, open_launch, out_option

NAMES = ("flight", "stability", "ground_track", "rocket")


@click.command("plot")
@launch_options
@click.option("--figure", "names", multiple=True, type=click.Choice(NAMES), help="Which (default: all).")
@out_option(
    folder=True,
    type=click.Path(path_type=Path, file_okay=False),
    default="out",
    show_default=True,
    help="Folder for the figures.",
)
@click.option("--format", "suffix", type=click.Choice(["png", "svg", "pdf"]), default="png", show_default=True)
def command(names: tuple[str, ...], out: Path, suffix: str, **where: Any) -> None:
    """Draw figures of the flight of LAUNCH (default: launch.yaml)."""
    from downrange.errors import FlightCode
    from downrange.flight import compile_launch, fly
    from downrange.report import save_figures

    project = open_launch(**where)
    program = compile_launch(project.launch)
    flight = fly(program, interpreted=True)
    if flight.code == FlightCode.NO_LIFTOFF:
        click.echo("it never lifts off: only the rocket can be drawn", err=True)
        names = ("rocket",)
    for path in save_figures(flight, out, names or NAMES, suffix, project.units):
        click.echo(path)
