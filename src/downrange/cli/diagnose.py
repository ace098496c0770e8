"""downrange diagnose"""

from __future__ import annotations

from pathlib import Path

import click

from downrange.cli.notebook import noted
from downrange.cli.options import columns_told, json_option, out_option, print_json, show, timings_option, units_option


@click.command("diagnose")
@click.argument("launch", type=click.Path(path_type=Path), default="launch.yaml")
@click.option(
    "--log", "logs", multiple=True, required=True, metavar="FILE", type=click.Path(path_type=Path), help="A log of the flight; again for each recorder that was on board."
)  # fmt: skip
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="HEADING=WHAT",
    help="What a column of the log is, like 'Alt=altitude_agl ft'; again for more.",
)
@click.option("--flights", type=int, help="Of each way that it can go (default 128; 60 of vehicles that come apart).")
@click.option("--seed", type=int, default=1, help="Of the random numbers (default 1).")
@out_option(
    suffixes=(".html", ".htm"),
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page, like diagnosis.html.",
)
@click.option("--trust", is_flag=True, help="Let the launch file name paths outside its folder.")
@timings_option
@units_option
@json_option
def command(
    launch: Path, logs: tuple[Path, ...], columns: tuple[str, ...], flights: int | None, seed: int, out: Path | None, trust: bool, units: str | None, as_json: bool
) -> None:  # fmt: skip
    """Say what went wrong with the flight of LAUNCH, by its logs: each way that it can have gone with its probability, why, and what else would tell.

    Exits 1 where the log fits none of them.
    """
    from downrange.formats.logs import read_log
    from downrange.project import open_project
    from downrange.project.diagnosing import diagnose
    from downrange.report.diagnosis import diagnosis_summary, diagnosis_view, write_diagnosis

    told = columns_told(columns)
    project = open_project(launch, trusted=trust, units=units)
    found = diagnose(project, [read_log(f, columns=told) if told else f for f in logs], flights=flights, seed=seed)
    if out is not None:
        write_diagnosis(found, out, project.units)
        click.echo(f"wrote {out}", err=True)
    summary = diagnosis_summary(found)
    said = {h["name"]: h["probability"] for h in summary["hypotheses"]}
    noted(project, "diagnosed", said, logs, max(said, key=lambda k: said[k], default=""))
    if as_json:
        print_json(summary)
    else:
        show(diagnosis_view(found, project.units))
    if not found.fits:
        click.get_current_context().exit(1)
