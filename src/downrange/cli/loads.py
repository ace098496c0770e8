"""downrange loads"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.options import (
    FIGURE,
    json_option,
    launch_options,
    of_flag,
    open_launch,
    out_option,
    print_json,
    show,
)


@click.command("loads")
@launch_options
@click.option("--gust", default="5 m/s", show_default=True, metavar="SPEED", help="Sharp gust across the flight.")
@out_option(suffixes=FIGURE, type=click.Path(path_type=Path, dir_okay=False), help="Write a figure (png, svg, pdf).")
@json_option
def command(gust: str, out: Path | None, as_json: bool, **where: Any) -> None:
    """Show what the flight of LAUNCH (default: launch.yaml) asks of its structure; exit code 1 if fins may flutter."""
    from downrange.errors import FlightCode, InputError
    from downrange.flight import compile_launch, fly
    from downrange.flight.structure import structures
    from downrange.report.loads import loads_figure, loads_summary, loads_view
    from downrange.units import parse_quantity

    with of_flag("--gust"):
        speed = parse_quantity(gust, "speed").value
    if not 0 <= speed <= 60:
        raise InputError(f"a gust of {speed:g} m/s is not between 0 and 60", key="--gust")
    project = open_launch(**where)
    program = compile_launch(project.launch)
    flight = fly(program, interpreted=True)
    if flight.code == FlightCode.NO_LIFTOFF:
        raise InputError("it never lifts off: there is no flight to bear; see downrange check")
    parts = structures(flight, gust=speed)
    summary = loads_summary(parts)
    if as_json:
        print_json(summary)
    else:
        show(loads_view(parts, project.units))
    if out is not None:
        loads_figure(parts).savefig(out, units=project.units)
        click.echo(f"wrote {out}", err=True)
    flutters = any(f["flutter_margin"] is not None and f["flutter_margin"] < 1 for f in summary["fins"])
    raise click.exceptions.Exit(1 if flutters else 0)
