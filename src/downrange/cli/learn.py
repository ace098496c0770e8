"""downrange learn"""

from __future__ import annotations

from pathlib import Path

import click

from downrange.cli.options import json_option, line_on_terminal, print_json, show, timings_option, units_option


@click.command("learn")
@click.argument("launch", default="launch.yaml")
@click.argument("sources", metavar="[LOG... | TABLE | FOLDER]", nargs=-1, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would be learned; write nothing.")
@click.option("--anew", is_flag=True, help="Forget what learned.yaml has; a table or a folder always begins anew.")
@click.option("--anyway", is_flag=True, help="Learn from a flight that does not fit, too.")
@click.option(
    "--predict", is_flag=True, help="Register the next flight's prediction, with hash and time, before it flies."
)
@click.option(
    "--of",
    "of",
    metavar="ID",
    help="The registered prediction that this flight answers (the only open one where not said).",
)
@click.option(
    "--out", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help="Write the season as a page (.html)."
)
@click.option("--trust", is_flag=True, help="Let files name paths outside their folder.")
@timings_option
@units_option
@json_option
def command(
    launch: str, sources: tuple[Path, ...], dry_run: bool, anew: bool, anyway: bool, predict: bool, of: str | None, out: tuple[Path, ...],
    trust: bool, units: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Learn LAUNCH's rocket from its flights: the logs of one, a TABLE of them, or a FOLDER (flights/) with a line each.

    What drag, thrust, mass and canopies were is written to learned.yaml beside the rocket, and every command flies with it from then on. The next flight's
    prediction is registered with --predict and scored when its log is learned from. Like: downrange learn launch.yaml first_flight.csv
    """
    from downrange.errors import InputError, seen
    from downrange.project.learning import learn_project
    from downrange.project.learning_summary import summary_of
    from downrange.project.register import answer, predict_next
    from downrange.report.learning import prediction_view, taught_view, write_season

    for path in out:
        if path.suffix.lower() not in (".html", ".htm"):
            raise InputError(
                f"a season is written as a page: a name like season.html, seen {seen(path.name, 60)}", key="--out"
            )
    if predict:
        if sources or of:
            raise click.UsageError("--predict registers before the flight: without logs")
        entry = predict_next(launch, trusted=trust)
        return print_json(entry.summary()) if as_json else show(prediction_view(entry, units or "metric"))
    with line_on_terminal() as say:
        taught = learn_project(
            launch,
            sources,
            write=not dry_run,
            anyway=anyway,
            anew=anew,
            trusted=trust,
            tell=lambda what, done, n: say(f"{what}: {done} of {n}"),
        )
    answered = answer(taught, of) if not dry_run else None
    for path in out:
        write_season(taught, answered, path, units or taught.project.units)
        click.echo(f"wrote {path}", err=True)
    if as_json:
        return print_json(summary_of(taught) | {"registered": None if answered is None else answered.summary()})
    return show(taught_view(taught, answered, units or taught.project.units))
