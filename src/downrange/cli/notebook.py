"""downrange notebook"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from downrange.cli.options import Family, json_option, launch_options, open_launch, out_option, print_json, show

if TYPE_CHECKING:
    from downrange.project import Project


def noted(
    project: Project, what: str, numbers: Mapping[str, Any], files: Sequence[str | Path] = (), words: str = ""
) -> None:
    """Note something in the project's notebook, where it has one; what hinders that is said and does not stop the command."""
    from downrange.errors import InputError
    from downrange.project.notebook import record

    try:
        written = record(project, what, numbers, [f for f in files if Path(f).is_file()], words)
    except (InputError, OSError) as error:
        click.echo(f"the notebook was not written: {error}", err=True)
        return
    if written is not None:
        click.echo(f"noted in {written.parent.name}/{written.name}", err=True)


@click.group("notebook", cls=Family)
def command() -> None:
    """Keep a lab notebook: what was designed, predicted, flown; noted by itself once begun.

    downrange notebook begin, and then: downrange notebook show
    """


@command.command("begin")
@launch_options
def begin_(**where: Any) -> None:
    """Begin the notebook of LAUNCH: from then on what is designed, predicted, flown and learned is noted."""
    from downrange.project.notebook import begin

    click.echo(f"notes go to {begin(open_launch(**where))}", err=True)


@command.command("add")
@launch_options
@click.option("--title", required=True, help="Of the page.")
@click.option("--text", required=True, help="What you saw, did and thought; Markdown.")
@click.option(
    "--picture",
    "pictures",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Copied into the notebook.",
)
def add_(title: str, text: str, pictures: tuple[Path, ...], **where: Any) -> None:
    """Add a page of today to the notebook of LAUNCH."""
    from downrange.project.notebook import add_page

    click.echo(f"wrote {add_page(open_launch(**where), title, text, pictures)}", err=True)


@command.command("show")
@launch_options
@json_option
@out_option(
    multiple=True,
    type=click.Path(path_type=Path),
    help="Also write it: .pdf, .html, .docx, or a folder.",
)
def show_(as_json: bool, out: tuple[Path, ...], **where: Any) -> None:
    """Show the notebook of LAUNCH, and whether a note was changed; exit 1 if one was."""
    from downrange.project.notebook import notes_of, pages_of, problems_of
    from downrange.report.documents import check_target
    from downrange.report.notebook import notebook_summary, notebook_view, write_notebook

    for path in out:
        check_target(path)
    project = open_launch(**where)
    notes, pages, wrong = notes_of(project), pages_of(project), problems_of(project)
    for path in out:
        click.echo(f"wrote {write_notebook(project, path)}", err=True)
    if as_json:
        print_json(notebook_summary(notes, pages, wrong))
    else:
        show(notebook_view(notes, pages, wrong))
    raise click.exceptions.Exit(1 if wrong else 0)
