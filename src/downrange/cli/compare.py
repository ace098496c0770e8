"""downrange compare"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import click

from downrange.cli.complete import MOTOR
from downrange.cli.options import (
    FIGURE,
    as_drawn_option,
    can_be_written,
    json_option,
    out_option,
    print_json,
    show,
    timings_option,
    units_option,
)


@click.command("compare")
@click.argument("first", default="launch.yaml")
@click.argument("others", metavar="[SECOND | LOG...]", nargs=-1)
@click.option(
    "--motor", "motors", multiple=True, type=MOTOR, metavar="MOTOR", help="A motor to compare; say it again for each."
)
@click.option(
    "--motors", "query", metavar="WORDS", help="Of the catalogue all that fit, ranked: '54 mm J', or '' for the whole."
)
@click.option(
    "--goal",
    "goals",
    multiple=True,
    metavar="WANT",
    help="What they are ranked by: 'apogee 3000 m', 'lands within 400 m', 'mach < 0.9', 'J or less'.",
)
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PLACE=VALUE",
    help="Compare FIRST with itself changed: 'fins.span=60mm'.",
)
@click.option("--discontinued", is_flag=True, help="Rank also motors that are not made any more.")
@click.option("--top", default=12, show_default=True, type=click.IntRange(1, 500), help="Lines of a ranking.")
@out_option(
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a figure (.png, .svg, .pdf) or a table (.csv) of the motors; of a flight's logs a page (.html).",
)
@click.option("--trust", is_flag=True, help="Let the launch file of a flight's logs name paths outside its folder.")
@click.option("--configuration", metavar="NAME", help="Of another program's design: a flight configuration.")
@click.option(
    "--aero", "method", type=click.Choice(["full", "barrowman"]), help="Method of normal force and CP, of both."
)
@click.option(
    "--body",
    metavar="NAME",
    default="",
    help="Which of several bodies held the LOG, like 'booster' (default: the one with the nose).",
)
@click.option("--calm", is_flag=True, help="Fly all without wind.")
@as_drawn_option
@units_option
@timings_option
@json_option
def command(
    first: str, others: tuple[str, ...], motors: tuple[str, ...], query: str | None, goals: tuple[str, ...], changes: tuple[str, ...],
    discontinued: bool, top: int, out: tuple[Path, ...], configuration: str | None, method: Literal["full", "barrowman"] | None, calm: bool,
    trust: bool, units: str | None, as_json: bool, as_drawn: bool, body: str,
) -> None:  # fmt: skip
    """Show FIRST and SECOND side by side, and why they differ: projects, designs of other programs, or 'launch.yaml@REVISION' of git.

    With --motor or --motors: motors in FIRST's rocket. With --set: FIRST, and FIRST changed. One design of another program alone is compared
    with the results stored in it. LOGs of one flight are laid on the prediction of FIRST: where it left the band, and what it says of drag, motor,
    canopies, wind, rail and landing.
    """
    from downrange.project import open_project
    from downrange.project.finding import logs_among

    logs = logs_among(others)
    if len(others) > 1 and not logs:
        raise click.UsageError(f"two designs are compared at a time, seen {1 + len(others)}")
    second = others[0] if others else None
    asked = [bool(motors), query is not None, bool(changes), second is not None]
    if sum(asked) > 1:
        raise click.UsageError("one question at a time: SECOND, --motor, --motors or --set")
    if out and not (motors or query is not None or logs):
        raise click.UsageError("--out writes motors side by side, or a flight's logs: with --motor, --motors or a LOG")
    if body and not logs:
        raise click.UsageError("--body goes with a LOG: it says which of several bodies held it")
    if (goals or discontinued) and query is None:
        raise click.UsageError("--goal and --discontinued go with --motors")
    for path in out:
        can_be_written(path, (".html", ".htm") if logs else (*FIGURE, ".csv"))
    wind = (0.0, 0.0) if calm else None
    if motors or query is not None:
        from downrange.cli.motors import one_by_one, ranked

        project = open_project(
            first, configuration=configuration, method=method, wind=wind, units=units, as_drawn=as_drawn
        )
        if motors:
            return one_by_one(project, motors, out, as_json)
        return ranked(project, query or "", goals, discontinued=discontinued, top=top, out=out, as_json=as_json)
    if logs:
        from downrange.cli.flown import laid_on

        project = open_project(
            first, configuration=configuration, method=method, wind=wind, units=units, trusted=trust, as_drawn=as_drawn
        )
        return laid_on(project, others, out, as_json, body)
    if as_drawn:
        raise click.UsageError(
            "--as-drawn goes with --motor, --motors or a LOG: designs are compared as their folders have them"
        )
    _two(first, second, changes, configuration, method, wind, units, as_json)
    return None


def _two(
    first: str, second: str | None, changes: tuple[str, ...], configuration: str | None, method: Literal["full", "barrowman"] | None,
    wind: tuple[float, float] | None, units: str | None, as_json: bool,
) -> None:  # fmt: skip
    from downrange.project.comparing import changed_side, compare, side_of, stored_side
    from downrange.project.finding import is_foreign, units_said
    from downrange.project.foreign import open_foreign
    from downrange.report.compare import compare_view

    one = side_of(first, configuration=configuration if is_foreign(Path(first)) else None, method=method, wind=wind)
    if changes:
        sides = (one, changed_side(first, changes, configuration=configuration, method=method, wind=wind))
    elif second is not None:
        sides = (
            one,
            side_of(
                second, configuration=configuration if is_foreign(Path(second)) else None, method=method, wind=wind
            ),
        )
    elif is_foreign(Path(first)):
        sides = (stored_side(open_foreign(first, configuration)), one)
    else:
        raise click.UsageError(
            "name two designs; only the file of another program can be compared with results of its own"
        )
    rows = compare(*sides)
    if changes:  # what was set is why
        rows = [replace(r, cause="") for r in rows]
    if as_json:
        print_json(
            {
                "sides": [s.name for s in sides],
                "rows": [
                    {"key": r.key, "values": list(r.values), "difference": r.difference, "share": r.share, "cause": r.cause or None} for r in rows
                ],
                "told": [t for s in sides for t in s.told],
            }
        )  # fmt: skip
    else:
        show(compare_view(sides, rows, units or units_said(first)))
