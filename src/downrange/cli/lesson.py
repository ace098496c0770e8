"""downrange lesson"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.options import json_option, out_option, print_json, show, timings_option, units_option

_FORMATS = ("pdf", "html", "docx", "md", "notebook")


@click.command("lesson")
@click.argument("name", required=False)
@click.argument("launch", required=False, type=click.Path(path_type=Path))
@out_option(
    folder=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write hand-out and answer key into this folder.",
)
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="pdf", show_default=True, help="Of hand-out and key."
)
@units_option
@timings_option
@json_option
def command(
    name: str | None, launch: Path | None, out: Path | None, form: Any, units: str | None, as_json: bool
) -> None:
    """Lessons for a class, with the numbers of LAUNCH (or of a starter): hand-out and answer key; without NAME list them.

    downrange lesson why-fins launch.yaml --out lesson
    downrange lesson error-bars --out lesson --format notebook
    """
    from downrange.report.lessons.view import lesson_summary, lesson_view, list_view

    if name is None:
        if as_json:
            return print_json(lesson_summary())
        return show(list_view())
    from downrange.recipes.lessons import lesson

    made = lesson(name, launch)
    shown = units or made.project.units
    if out is not None:
        paths = made.write(out, form, shown)
        click.echo(f"wrote {', '.join(map(str, paths))}", err=True)
    if as_json:
        print_json(made.summary())
    else:
        show(lesson_view(made.lesson, made.numbers, shown))
    return None
