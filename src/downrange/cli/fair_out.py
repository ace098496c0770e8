"""What `downrange fair` writes, and its list of questions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from downrange.cli.options import print_json, show
from downrange.errors import InputError, seen

if TYPE_CHECKING:
    from downrange.project.experimenting import ExperimentPlan
    from downrange.recipes.fair import Experiment


def listed_questions(as_json: bool) -> None:
    """The questions that need no more than a launch file."""
    from downrange.project.questions import questions
    from downrange.report.layout import plain_table

    if as_json:
        print_json([{"name": q.name, "question": q.question, "of": q.of, "change": list(q.change), "hypothesis": q.hypothesis} for q in questions().values()])  # fmt: skip
        return
    table = plain_table("name", "question", words=(1,))
    for q in questions().values():
        table.add_row(q.name, q.question)
    show(table)
    click.echo(
        "\nPlan one: downrange fair plan NAME launch.yaml\nYour own question: add --set PLACE=VALUE or --against ROCKET"
    )


def _folder(path: Path) -> Path:
    if path.exists() and not path.is_dir():
        raise InputError(f"{seen(path.name, 60)} is a file; name a folder, or a .pdf, .html or .docx", key="--out")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make the folder: {error.strerror}", key="--out") from None
    return path


def write_plan(plan: ExperimentPlan, out: Path, units: str) -> None:
    """The plan as one document with the sheet beside it, or a folder of both and the figure."""
    from downrange.recipes.fair import write_plan_sheet
    from downrange.report.documents import write_document
    from downrange.report.experiments import plan_document, plan_figure

    document = plan_document(plan, units)
    if out.suffix:
        wrote = [write_document(document, out), write_plan_sheet(plan, out.with_suffix(".csv"), units)]
    else:
        folder = _folder(out)
        wrote = [write_plan_sheet(plan, folder / "sheet.csv", units), write_document(document, folder / "plan.pdf")]
        plan_figure(plan).savefig(folder / "power.png", units=units)
        wrote.append(folder / "power.png")
    click.echo(f"wrote {', '.join(map(str, wrote))}", err=True)


def write_result(made: Experiment, out: Path, units: str) -> None:
    """The result as one document, or a folder of it and the figure."""
    from downrange.report.experiments import analysis_figure

    if out.suffix:
        wrote = [made.write(out, units)]
    else:
        folder = _folder(out)
        wrote = [made.write(folder / "result.pdf", units), folder / "result.png"]
        analysis_figure(made.analysis).savefig(folder / "result.png", units=units)
    click.echo(f"wrote {', '.join(map(str, wrote))}", err=True)
