"""downrange log"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from downrange.cli.notebook import noted
from downrange.cli.options import (
    Family,
    columns_told,
    json_option,
    out_option,
    print_json,
    show,
    timings_option,
    units_option,
)

if TYPE_CHECKING:
    from downrange.project import Project


@click.group("log", cls=Family)
def command() -> None:
    """Read flight computers' files: what they recorded, and how far to trust it."""


@command.command("show")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--family", metavar="NAME", help="What the file is, instead of what it looks like: altus_csv, ..., table."
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="HEADING=WHAT",
    help="What a column is, like 'Alt=altitude_agl ft'; again for more.",
)
@click.option("--remember", is_flag=True, help="Keep what --column says in FILE.columns.yaml, for the next time.")
@out_option(
    suffixes=(".csv", ".parquet"),
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the readings as .csv or .parquet.",
)
@units_option
@timings_option
@json_option
def show_log(
    files: tuple[Path, ...], family: str | None, columns: tuple[str, ...], remember: bool, out: Path | None, units: str | None, as_json: bool
) -> None:  # fmt: skip
    """Show what is in the log of a flight computer: channels, units and why, what is withheld and why, how high it came.

    Reads Altus Metrum, PerfectFlite, Featherweight, MissileWorks, Eggtimer, AIM XTRA, AltimeterCloud, CATS, KML, GPX, NMEA, and any other table.
    """
    from downrange.errors import InputError
    from downrange.formats.logs import read_log
    from downrange.formats.logs.generic import parse_columns
    from downrange.formats.logs.generic import remember as keep
    from downrange.formats.logs.write import write_log
    from downrange.report.logs import log_summary, log_view

    if (remember or out is not None) and len(files) > 1:
        raise InputError(f"--remember and --out are for one file, seen {len(files)}")
    told = columns_told(columns)
    logs = [read_log(f, family=family, columns=told) for f in files]
    if remember and told:
        click.echo(f"wrote {keep(files[0], parse_columns(told))}", err=True)
    if out is not None:
        write_log(logs[0], out)
        click.echo(f"wrote {out}", err=True)
    if as_json:
        print_json({"logs": [log_summary(log) for log in logs]})
    else:
        for log in logs:
            show(log_view(log, units or "metric"))


@command.command("reconstruct")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--launch", type=click.Path(path_type=Path), help="The launch file: its pad and the air of its day.")
@click.option("--trust", is_flag=True, help="Let the launch file name paths outside its folder.")
@out_option(
    folder=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for trajectory.csv, figures and an HTML page.",
)
@units_option
@timings_option
@json_option
def reconstruct_flight(
    files: tuple[Path, ...], launch: Path | None, trust: bool, out: Path | None, units: str | None, as_json: bool
) -> None:
    """Reconstruct one flight from all its logs: height, speed, events, each with its uncertainty.

    Without --launch the standard atmosphere is taken, which makes every true height uncertain by 3.6 %; the altimeter's own altitude is not.
    """
    from downrange.atmosphere import Air
    from downrange.formats.logs import read_log
    from downrange.report.reconstruction import reconstruction_summary, reconstruction_view, write_reconstruction
    from downrange.tracking import climb_of, pad_in_standard_air, reconstruct

    logs = [read_log(f) for f in files]
    opened: Project | None = None
    if launch is None:
        air, elevation, rail, error = Air.standard(), pad_in_standard_air(logs), None, 10.0
        found = reconstruct(logs)
    else:
        from downrange.project import open_project
        from downrange.project.flights import air_error

        project = open_project(launch, trusted=trust)
        opened, units = project, units or project.units
        day = project.launch
        air, elevation, rail = day.weather.air, day.pad.elevation, (day.rail.azimuth, day.rail.elevation)
        error = air_error(project)
        found = reconstruct(logs, air=air, elevation=elevation, temperature_error=error)
    climb, why = climb_of(logs, found, air=air, elevation=elevation, rail=rail, temperature_error=error)
    if out is not None:
        for path in write_reconstruction(found, out, units or "metric", climb):
            click.echo(path, err=True)
    summary = reconstruction_summary(found, climb, why)
    if opened is not None:
        noted(opened, "reconstructed", summary, files)
    if as_json:
        print_json(summary)
    else:
        show(reconstruction_view(found, units or "metric", climb, why))
