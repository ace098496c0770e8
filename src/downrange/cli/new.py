"""downrange new"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from downrange.project.starters import TEMPLATES, write_starter


def _terminal() -> bool:
    """Whether somebody sits there who can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _asked() -> str:
    """Which starter, asked on a terminal."""
    names = list(TEMPLATES)
    if (watch := click.get_current_context().obj) is not None:
        watch.close()  # progress would write over the question
    click.echo("What is to be flown?")
    for k, (name, words) in enumerate(TEMPLATES.items(), 1):
        click.echo(f"  {k}  {name:8} {words}")
    known = [*map(str, range(1, len(names) + 1)), *names]
    answer: str = click.prompt("Number or name", default="1", type=click.Choice(known), show_choices=False)
    return names[int(answer) - 1] if answer.isdigit() and answer not in names else answer


@click.command("new")
@click.argument("name", type=click.Path(path_type=Path))
@click.option(
    "--template", type=click.Choice(list(TEMPLATES)), help="Which starter; asked for on a terminal, else the small model rocket."
)  # fmt: skip
def command(name: Path, template: str | None) -> None:
    """Write a commented starter project into the folder NAME; it flies as it is."""
    from downrange.errors import InputError

    if name.exists() and (not name.is_dir() or any(name.iterdir())):
        raise InputError(f"{name} exists and is not an empty folder; choose another name")
    chosen = template or (_asked() if _terminal() else next(iter(TEMPLATES)))
    files = write_starter(name, chosen)
    click.echo(
        f"wrote {', '.join(str(f) if k == 0 else f.name for k, f in enumerate(files))} ({chosen}: {TEMPLATES[chosen]})\n"
        f"now:  cd {shlex.quote(str(name))} && downrange check && downrange fly --out out"
    )
