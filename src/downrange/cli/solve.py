"""downrange solve"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.notebook import noted
from downrange.cli.options import (
    FIGURE,
    json_option,
    launch_options,
    line_on_terminal,
    open_launch,
    out_option,
    print_json,
    show,
    write_each,
)


@click.command("solve")
@launch_options
@click.option(
    "--want",
    "wants",
    multiple=True,
    metavar="WANT",
    help="'apogee 750 ft', 'time 36..39 s', 'margin at least 1.5'; say it again for each.",
)
@click.option(
    "--contest",
    metavar="NAME",
    help="Targets and score of a contest's season, like tarc-2026; a --want of the same number replaces its own.",
)
@click.option(
    "--by",
    "axes",
    multiple=True,
    required=True,
    metavar="PLACE VALUES",
    help="'ballast 0..100 g', 'main diameter 12..24 in in steps of 1 in', 'delay 4, 6, 8 s'.",
)
@click.option(
    "--nominal",
    is_flag=True,
    help="Fly each design once as planned, without what is uncertain: quicker, and surer than it is.",
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(0),
    help="Of the draws, which are alike for all designs.",
)
@out_option(
    multiple=True,
    suffixes=FIGURE,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a figure (.png, .svg, .pdf).",
)
@json_option
def command(
    wants: tuple[str, ...],
    contest: str | None,
    axes: tuple[str, ...],
    nominal: bool,
    seed: int,
    out: tuple[Path, ...],
    as_json: bool,
    **where: Any,
) -> None:
    """Find the values that bring what is wanted: ballast, canopy, delay, fins, rail angle, motor.

    The score that is made least is the mean over all that is uncertain: weather, motor, drag, mass. Exits 1 where not all is reached.
    """
    from downrange.project.asking import read_axes, read_wants
    from downrange.project.contests import read_contest, with_wants
    from downrange.project.solving import solve_project
    from downrange.report.solving import solution_figure, solution_view

    asked = read_wants(wants) if wants else ()
    season = None if contest is None else read_contest(contest)
    asked = asked if season is None else with_wants(season, asked)
    if not asked:
        raise click.UsageError("say what is wanted: --want 'apogee 750 ft', or --contest tarc-2026")
    project = open_launch(**where)
    with line_on_terminal() as say:
        solution = solve_project(
            project, asked, read_axes(project, axes), seed=seed, uncertain=not nominal,
            tell=lambda tried, found: say(f"{tried} designs tried, {found.cost:.3g} points"),
        )  # fmt: skip
    name = project.launch.rocket.name
    write_each(out, lambda: solution_figure(solution, name), lambda _: None, project.units)
    asked_words = "; ".join([*([f"contest {contest}"] if contest else []), *wants, *(f"by {a}" for a in axes)])
    summary = solution.summary()
    noted(project, "solved", {k: summary[k] for k in ("best", "score", "designs_tried")}, words=asked_words)
    if as_json:
        contested = (
            {}
            if season is None
            else {"contest": {"name": season.name, "source": season.source, "unconfirmed": list(season.unconfirmed)}}
        )
        print_json(summary | contested)
    else:
        show(solution_view(solution, name, units=project.units, contest=season))
    raise click.exceptions.Exit(130 if solution.interrupted else 0 if solution.reached else 1)
