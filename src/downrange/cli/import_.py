"""downrange import"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.notebook import noted
from downrange.cli.options import json_option, out_option, print_json, show, timings_option


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--configuration", metavar="NAME", help="The flight configuration of launch.yaml, by its name, number or motor."
)
@out_option(
    folder=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the project (default: the file's name).",
)
@click.option("--fly", is_flag=True, help="With several files: fly every configuration, and say how many flew.")
@timings_option
@json_option
def command(files: tuple[Path, ...], configuration: str | None, out: Path | None, fly: bool, as_json: bool) -> None:
    """Write a project from the design FILES of another program (.ork, .rkt, .CDX1), and say what was not carried over alike.

    Of several files, or a folder, only the table is shown: one line a file.
    """
    from downrange.errors import InputError
    from downrange.project.foreign import open_foreign
    from downrange.report.foreign import fidelity, fidelity_view

    if len(files) > 1 or files[0].is_dir():
        if out is not None:
            raise InputError("a project is written of one file at a time; leave --out away for the table", key="--out")
        _table(files, fly, as_json)
        return
    from downrange.project.foreign_files import write_project

    foreign = open_foreign(files[0], configuration)
    folder = out or Path(files[0].stem)
    wrote = write_project(foreign, folder)
    _note(wrote[0], files[0])
    if as_json:
        print_json({**fidelity(foreign), "wrote": [p.as_posix() for p in wrote]})
    else:
        show(fidelity_view(foreign, tuple(p.name for p in wrote)))
        click.echo(f"now:  downrange check {folder}", err=True)


def _note(launch: Path, source: Path) -> None:
    """Note where the project came from, where its folder has a notebook."""
    if (launch.parent / "notebook").is_dir():
        from downrange.project import open_project

        noted(open_project(launch), "imported", {}, (source,))


def _table(files: tuple[Path, ...], fly: bool, as_json: bool) -> None:
    """One line a file."""
    from downrange.project.foreign_table import rows_of
    from downrange.report.foreign import files_view

    rows: list[dict[str, Any]] = []
    for row in rows_of(files, fly):
        rows.append(row)
        if fly:
            click.echo(f"\r{len(rows)} files", nl=False, err=True)
    if fly:
        click.echo("", err=True)
    if as_json:
        print_json({"files": rows})
    else:
        show(files_view(rows))
    raise click.exceptions.Exit(0 if all(r["read"] for r in rows) else 1)
