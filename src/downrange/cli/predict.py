"""downrange predict next | board"""

from __future__ import annotations

from pathlib import Path

import click

from downrange.cli.notebook import noted
from downrange.cli.options import Family, json_option, out_option, print_json, show, timings_option, units_option

_trust = click.option("--trust", is_flag=True, help="Let files name paths outside their folder.")


@click.group("predict", cls=Family)
def command() -> None:
    """Register predictions before flights, and show a season of them with their scores.

    downrange predict next launch.yaml, and at the end: downrange predict board launch.yaml -o board.html
    """


@command.command("next")
@click.argument("launch", type=click.Path(path_type=Path), default="launch.yaml")
@_trust
@timings_option
@units_option
@json_option
def next_(launch: Path, trust: bool, units: str | None, as_json: bool) -> None:
    """Register the next flight's prediction of LAUNCH, with time and hash; its log is scored by downrange learn."""
    registered(launch, trust, units, as_json)


def registered(launch: Path | str, trust: bool, units: str | None, as_json: bool) -> None:
    """Register the prediction of a launch, note it where there is a notebook, and say it."""
    from downrange.project import open_project
    from downrange.project.register import predict_next, register_of
    from downrange.report.learning import prediction_view

    project = open_project(launch, trusted=trust)
    entry = predict_next(project)
    f = entry.forecast
    said = {"apogee_mean_m": f.mean, "apogee_sigma_m": f.sigma, "p5_m": f.most[0], "p95_m": f.most[1]}
    noted(project, "registered", said, (register_of(project),), f"prediction {entry.id}")
    if as_json:
        print_json(entry.summary())
    else:
        show(prediction_view(entry, units or project.units))


@command.command("board")
@click.argument("places", metavar="[LAUNCH | FOLDER]...", nargs=-1, type=click.Path(path_type=Path))
@out_option(
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A page to publish: .html, .pdf, .docx or a folder; may be repeated.",
)
@_trust
@timings_option
@units_option
@json_option
def board(places: tuple[Path, ...], out: tuple[Path, ...], trust: bool, units: str | None, as_json: bool) -> None:
    """Show a season's registered predictions and their scores: of a LAUNCH, or of all rockets in a FOLDER (default: this one)."""
    from downrange.project.board import read_board
    from downrange.report.documents import check_target
    from downrange.report.predictions import board_summary, board_view, write_board

    for path in out:
        check_target(path)
    found = read_board(places or (Path(),), trusted=trust)
    shown = units or "metric"
    for path in out:
        click.echo(f"wrote {write_board(found, path, shown)}", err=True)
    if as_json:
        print_json(board_summary(found))
    else:
        show(board_view(found, shown))
