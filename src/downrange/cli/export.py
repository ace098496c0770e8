"""downrange export"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.options import can_be_written, launch_options, open_launch


@click.command("export")
@launch_options
@click.option(
    "-o", "--out", "--output", "output", required=True, type=click.Path(path_type=Path, dir_okay=False),
    help="The file: .ork (OpenRocket), .rkt (RockSim), .CDX1 (RASAero), .py (RocketPy); .csv, .kml or .gpx of the flight.",
)  # fmt: skip
@click.option(
    "--columns", type=click.Choice(["openrocket", "rasaero"]), default="openrocket", show_default=True,
    help="Whose headings and units a .csv has.",
)  # fmt: skip
def command(output: Path, columns: str, **where: Any) -> None:
    """Write LAUNCH (default: launch.yaml) as a design for another program, or its flight for a map or a table.

    What the other program cannot say is told in a line each.
    """
    suffix = output.suffix.lower()
    can_be_written(output, (".ork", ".rkt", ".cdx1", ".py", ".csv", ".kml", ".gpx"))
    if suffix in (".ork", ".rkt", ".cdx1"):
        where["as_drawn"] = True  # a design is what was drawn; what its flights taught is no part of it
    project = open_launch(**where)
    if suffix in (".ork", ".rkt", ".cdx1"):
        data, lost = _design(project.launch, suffix)
        output.write_bytes(data)
        _told(lost, project.units)
    else:
        _told(_flight(project.launch, output, columns), project.units)
    click.echo(f"wrote {output}", err=True)


def _told(lost: tuple[str, ...], units: str) -> None:
    from downrange.units import in_units

    for line in lost:
        click.echo(f"! not in it: {in_units(line, units)}", err=True)


def _design(launch: Any, suffix: str) -> tuple[bytes, tuple[str, ...]]:
    from downrange.formats.foreign.cdx1_writing import cdx1_bytes
    from downrange.formats.foreign.ork_file import ork_bytes
    from downrange.formats.foreign.rkt_writing import rkt_bytes

    if suffix == ".cdx1":
        return cdx1_bytes(launch)
    return (ork_bytes if suffix == ".ork" else rkt_bytes)(launch.rocket, [launch])


def _flight(launch: Any, output: Path, columns: str) -> tuple[str, ...]:
    from downrange.flight import compile_launch, fly
    from downrange.formats import write_kml
    from downrange.formats.foreign.flights import write_gpx, write_openrocket_csv, write_rasaero_csv
    from downrange.formats.foreign.rocketpy_script import rocketpy_script

    flight, suffix = fly(compile_launch(launch), interpreted=True), output.suffix.lower()
    if suffix == ".py":
        text, lost = rocketpy_script(flight)
        output.write_text(text, encoding="utf-8")
        return lost
    table = write_rasaero_csv if columns == "rasaero" else write_openrocket_csv
    {".csv": table, ".kml": write_kml, ".gpx": write_gpx}[suffix](flight, output)
    return ()
