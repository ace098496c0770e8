"""downrange learn"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from downrange.cli.notebook import noted
from downrange.cli.options import (
    json_option,
    line_on_terminal,
    out_option,
    print_json,
    show,
    timings_option,
    units_option,
)
from downrange.cli.predict import registered

if TYPE_CHECKING:
    from downrange.project.learning import Taught
    from downrange.project.register import Entry
    from downrange.project.solving import Solution


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
@click.option("--contest", metavar="NAME", help="Then solve for today with what was learned: a season like tarc-2026.")
@click.option("--want", "wants", multiple=True, metavar="WANT", help="Then solve for this, like downrange solve.")
@click.option("--by", "axes", multiple=True, metavar="PLACE VALUES", help="What may be changed: 'ballast 0..100 g'.")
@out_option(
    multiple=True,
    suffixes=(".html", ".htm"),
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the season as a page (.html).",
)
@click.option("--trust", is_flag=True, help="Let files name paths outside their folder.")
@timings_option
@units_option
@json_option
def command(
    launch: str, sources: tuple[Path, ...], dry_run: bool, anew: bool, anyway: bool, predict: bool, of: str | None, contest: str | None,
    wants: tuple[str, ...], axes: tuple[str, ...], out: tuple[Path, ...], trust: bool, units: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Learn LAUNCH's rocket from its flights: the logs of one, a TABLE of them, or a FOLDER (flights/) with a line each.

    What drag, thrust, mass and canopies were is written to learned.yaml beside the rocket, and every command flies with it from then on. The next flight's
    prediction is registered with --predict and scored when its log is learned from. Like: downrange learn launch.yaml first_flight.csv
    """
    from downrange.project.learning import learn_project
    from downrange.project.learning_summary import summary_of
    from downrange.project.register import settle
    from downrange.report.learning import taught_view, write_season

    if bool(axes) != bool(contest or wants):
        raise click.UsageError("--by goes with --contest or --want: what is wanted, and what may be changed for it")
    if predict:
        if sources or of:
            raise click.UsageError("--predict registers before the flight: without logs")
        return registered(launch, trust, units, as_json)
    with line_on_terminal() as say:
        taught = learn_project(
            launch,
            sources,
            anyway=anyway,
            anew=anew,
            trusted=trust,
            tell=lambda what, done, n: say(f"{what}: {done} of {n}"),
        )
    answered = None
    if not dry_run:
        taught, answered = settle(taught, of)
        _note(taught, sources, answered, trust)
    shown = units or taught.project.units
    for path in out:
        write_season(taught, answered, path, shown)
        click.echo(f"wrote {path}", err=True)
    solution = _today(taught, contest, wants, axes) if axes else None
    if as_json:
        today = None if solution is None else solution.summary()
        return print_json(
            summary_of(taught) | {"registered": None if answered is None else answered.summary(), "today": today}
        )
    show(taught_view(taught, answered, shown))
    if solution is not None:
        from downrange.report.solving import solution_view

        show(solution_view(solution, taught.lesson.rocket, units=shown, contest=None))
    return None


def _note(taught: Taught, sources: tuple[Path, ...], answered: Entry | None, trust: bool) -> None:
    """Note what was learned, where there is a notebook: of the design as its files say it now, in which numbers are rounded."""
    from downrange.project import open_project

    if (taught.project.path.absolute().parent / "notebook").is_dir():
        words = "" if answered is None else f"prediction {answered.id} answered"
        noted(open_project(taught.project.path, trusted=trust), "learned", _told(taught), sources, words)


def _told(taught: Taught) -> dict[str, float]:
    """What the notebook keeps: the factors with their standard deviations, and the next flight."""
    learned = taught.lesson.learned
    out = {"flights": float(len(taught.lesson.flights)), "apogee_agl_m": taught.flight.apogee}
    for name in learned.names:
        out |= {f"{name}.factor": learned.factor(name), f"{name}.log_sigma": learned.sigma(name)}
    return out


def _today(taught: Taught, contest: str | None, wants: tuple[str, ...], axes: tuple[str, ...]) -> Solution:
    """What to change for today's target, weather as the launch file has it, with what was learned."""
    from downrange.project.asking import read_axes, read_wants
    from downrange.project.contests import read_contest, with_wants
    from downrange.project.solving import solve_project

    asked = read_wants(wants) if wants else ()
    asked = asked if contest is None else with_wants(read_contest(contest), asked)
    return solve_project(taught.project, asked, read_axes(taught.project, axes))
