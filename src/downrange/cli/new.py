"""downrange new"""

from __future__ import annotations

import json
import shlex
from importlib import resources
from pathlib import Path

import click


@click.command("new")
@click.argument("name", type=click.Path(path_type=Path))
def command(name: Path) -> None:
    """Write a commented starter project into the folder NAME; it flies as it is."""
    from downrange.errors import InputError

    if name.exists() and (not name.is_dir() or any(name.iterdir())):
        raise InputError(f"{name} exists and is not an empty folder; choose another name")
    name.mkdir(parents=True, exist_ok=True)
    title = json.dumps(name.resolve().name, ensure_ascii=False)  # a text in quotes, whatever is in it
    starter = resources.files("downrange.project").joinpath("starter")
    for file in ("launch.yaml", "rocket.yaml", "site.yaml"):
        text = starter.joinpath(file).read_text(encoding="utf-8")
        (name / file).write_text(text.replace("First Rocket", title), encoding="utf-8")
    click.echo(
        f"wrote {name}/launch.yaml, rocket.yaml, site.yaml\nnow:  cd {shlex.quote(str(name))} && downrange check && downrange fly --out out"
    )
