"""downrange checklist"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.complete import PACK
from downrange.cli.options import json_option, launch_options, open_launch, out_option, print_json


@click.command("checklist")
@launch_options
@click.option(
    "--rules",
    type=PACK,
    multiple=True,
    metavar="PACK",
    help="Rule packs whose lines are in it (default: the launch's).",
)
@out_option(
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=".pdf or .docx to print; .html to tick on a tablet, offline.",
)
@click.option("--paper", type=click.Choice(["a4", "letter"]), help="Default: letter with US units, else a4.")
@json_option
def command(rules: tuple[str, ...], out: Path | None, paper: str | None, as_json: bool, **where: Any) -> None:
    """Checklists of LAUNCH from its own parts: assembly, pad, launch, misfire, disarm, after landing.

    'downrange checklist launch.yaml --out checklist.html' is for a tablet, '--out checklist.pdf' for paper.
    """
    from downrange.report.documents import check_target
    from downrange.report.range.facts import gathered
    from downrange.report.range.lists import checklist_of

    if out is not None:
        check_target(out)
    project = open_launch(**where)
    made = checklist_of(gathered(project, rules))
    if out is not None:
        from downrange.report.range.papers import write_checklist

        write_checklist(made, out, paper or ("letter" if project.units == "us" else "a4"))
    if as_json:
        print_json(
            {**made.summary(), "files": [] if out is None else [{"path": str(out), "bytes": out.stat().st_size}]}
        )
    elif out is None:
        from downrange.cli.options import show
        from downrange.report.range.view import checklist_view

        show(checklist_view(made))
    if out is not None:
        click.echo(f"wrote {out}", err=True)
