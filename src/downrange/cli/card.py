"""downrange card"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.complete import PACK
from downrange.cli.notebook import noted
from downrange.cli.options import json_option, launch_options, open_launch, out_option, print_json


@click.command("card")
@launch_options
@click.option(
    "--rules",
    type=PACK,
    multiple=True,
    metavar="PACK",
    help="Rule packs whose lines are on it (default: the launch's).",
)
@out_option(
    type=click.Path(path_type=Path, dir_okay=False),
    default="card.pdf",
    show_default=True,
    metavar="FILE",
    help=".pdf, .html or .docx.",
)
@click.option("--sheet", is_flag=True, help="With the data sheet that a TAP or an L3CC asks for behind it.")
@click.option("--paper", type=click.Choice(["a4", "letter"]), help="Default: letter with US units, else a4.")
@json_option
def command(rules: tuple[str, ...], out: Path, sheet: bool, paper: str | None, as_json: bool, **where: Any) -> None:
    """The flight card of LAUNCH for the range: CP, CG, margin, mass, motors, predicted flight, recovery, rules; one page.

    'downrange card launch.yaml --out card.pdf --sheet' adds the data sheet of a level 3 certification.
    """
    from downrange.report.documents import check_target, write_document
    from downrange.report.range.facts import gathered
    from downrange.report.range.papers import card_document

    check_target(out)
    project = open_launch(**where)
    told = gathered(project, rules)
    document = card_document(told, paper or ("letter" if project.units == "us" else "a4"), sheet=sheet)
    write_document(document, out)
    noted(project, "carded", told.flight.check(), (out,))
    if as_json:
        broken = [a.rule.title for a in told.answers if a.verdict.name == "FAIL"]
        print_json(
            {**told.flight.check(), "rules_broken": broken, "files": [{"path": str(out), "bytes": out.stat().st_size}]}
        )
    click.echo(f"wrote {out}", err=True)
