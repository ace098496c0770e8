"""downrange compare"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from downrange.cli.options import json_option, print_json, show, units_option


@click.command("compare")
@click.argument("first")
@click.argument("second", required=False)
@click.option("--configuration", metavar="NAME", help="Of another program's design: a flight configuration.")
@click.option(
    "--aero", "method", type=click.Choice(["full", "barrowman"]), help="Method of normal force and CP, of both."
)
@click.option("--calm", is_flag=True, help="Fly both without wind.")
@units_option
@json_option
def command(
    first: str,
    second: str | None,
    configuration: str | None,
    method: Literal["full", "barrowman"] | None,
    calm: bool,
    units: str | None,
    as_json: bool,
) -> None:
    """Show FIRST and SECOND side by side, and why they differ: projects, designs of other programs, or 'launch.yaml@REVISION' of git.

    One design of another program alone is compared with the results stored in it.
    """
    from downrange.project.comparing import compare, side_of, stored_side
    from downrange.project.finding import is_foreign
    from downrange.project.foreign import open_foreign
    from downrange.report.compare import compare_view

    wind = (0.0, 0.0) if calm else None
    if second is None:
        if not is_foreign(Path(first)):
            raise click.UsageError(
                "name two designs; only the file of another program can be compared with results of its own"
            )
        sides = (
            stored_side(open_foreign(first, configuration)),
            side_of(first, configuration=configuration, method=method, wind=wind),
        )
    else:
        a, b = (
            side_of(t, configuration=configuration if is_foreign(Path(t)) else None, method=method, wind=wind)
            for t in (first, second)
        )
        sides = (a, b)
    rows = compare(*sides)
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
        show(compare_view(sides, rows, units or "metric"))
