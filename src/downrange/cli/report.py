"""downrange report"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.complete import KIND, MILESTONE, PACK
from downrange.cli.notebook import noted
from downrange.cli.options import json_option, launch_options, open_launch, out_option, print_json, show

_ASKED = ("rules", "flights", "folder", "logs", "subscale", "contest", "milestone")


def _list() -> None:
    from downrange.report.composing import kind_names, read_kind
    from downrange.report.layout import plain_table

    table = plain_table("kind", "what it is", words=(1,))
    for name in kind_names():
        table.add_row(name, read_kind(name).file.about)
    show(table)


@click.command("report")
@launch_options
@click.option(
    "--kind", type=KIND, default="flight", show_default=True, help="A name (see --list), or a folder of your own."
)
@click.option("--milestone", type=MILESTONE, help="Of the kind: PDR, CDR, FRR or PLAR of nasa-sl.")
@out_option(multiple=True, type=click.Path(path_type=Path), help=".pdf, .html, .docx, or a folder to paste from; may be repeated.")  # fmt: skip
@click.option(
    "--rules", type=PACK, multiple=True, metavar="PACK", help="Rule packs (default: the kind's, or the file's)."
)
@click.option("-n", "--flights", type=click.IntRange(0), help="Of the campaign; 0: none (default: the kind's).")
@click.option("--campaign", "folder", type=click.Path(path_type=Path, file_okay=False), help="A campaign flown before.")
@click.option(
    "--log",
    "logs",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Log of the flight; may be repeated.",
)
@click.option("--subscale", type=click.Path(path_type=Path), help="Launch of the subscale rocket.")
@click.option("--contest", metavar="SEASON", help="Whose score is forecast, like tarc-2026 (default: the kind's).")
@click.option(
    "--since", type=click.Path(path_type=Path, dir_okay=False), help="JSON of the last issue: what changed is marked."
)
@click.option("--template", type=click.Path(path_type=Path, dir_okay=False), help="Your Word template, for a .docx.")
@click.option("--copy", type=click.Path(path_type=Path), help="Copy the kind into a folder of your own and stop.")
@click.option("--list", "listed", is_flag=True, help="List the kinds and stop.")
@json_option
def command(kind: str, out: tuple[Path, ...], copy: Path | None, listed: bool, as_json: bool, **given: Any) -> None:
    """Make a document about LAUNCH: downrange report --kind flight -o out.pdf

    Numbers come from the simulation; your own words from Markdown files in reports/KIND beside the launch
    file, where {{apogee}} stands for today's number. What nobody gave is 'not stated'.

    downrange report --kind nasa-sl --milestone CDR --since pdr.json -o cdr.pdf
    """
    from downrange.report.composing import compose_project, copy_kind, read_issue, read_kind
    from downrange.report.documents import check_target
    from downrange.report.documents.word import check_template

    if listed:
        _list()
        return
    if copy is not None:
        click.echo(f"wrote {copy_kind(kind, copy)}; use it with --kind {copy}", err=True)
        return
    for path in out:
        check_target(path)
    template, asked = given.pop("template"), {k: given.pop(k) for k in _ASKED}
    if template is not None:
        check_template(template)
    known, last = read_kind(kind), None if (since := given.pop("since")) is None else read_issue(since)
    project = open_launch(**given)
    logs = tuple(map(str, asked.pop("logs")))
    made = compose_project(
        project, known, campaign=asked.pop("folder"), logs=logs, units=given["units"], since=last, **asked
    )
    for path in made.write_all(out, template):
        click.echo(f"wrote {path}", err=True)
    if out:
        noted(project, "reported", dict(made.issue.numbers))
    for line in made.not_stated:
        click.echo(f"not stated: {line}", err=True)
    if as_json:
        print_json(
            {"issue": made.issue.summary(), "not_stated": list(made.not_stated), "written": [str(p) for p in out]}
        )
    elif not out:
        click.echo("nothing written: say where with -o out.pdf", err=True)
