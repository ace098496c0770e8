"""Experiments: how many flights in which order, and what they show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from downrange.design import find_output
from downrange.errors import InputError
from downrange.formats.trials import write_sheet
from downrange.project.analysing import SheetAnalysis, analyse_sheet, said_quantity
from downrange.project.experimenting import Asked as Wanted
from downrange.project.experimenting import ExperimentPlan, plan_experiment, read_spread
from downrange.project.questions import about, designs_of
from downrange.recipes.ask import Asked
from downrange.recipes.choose import project_of

__all__ = ["Experiment", "analyse_experiment", "experiment"]


def experiment(
    question: str, launch: Asked | None = None, *, against: Sequence[Asked] = (), changes: str | Sequence[str] = (), dose: str | None = None,
    of: str | None = None, matters: str | None = None, spread: str | None = None, mean: str | None = None, instrument: str | None = None,
    power: float = 0.8, level: float = 0.05, blocks: int | None = None, names: Sequence[str] = (), seed: int = 1,
) -> ExperimentPlan:  # fmt: skip
    """Plan an experiment: how many flights of which design, in which order.

    question: in plain words, like `"does a boat-tail raise apogee?"`, or the name of one of `downrange fair plan`
    launch: a `dr.Launch`, or the path of a launch file; left out, `spread` and `matters` say what a simulation would
    against: other launches that it is compared with; `changes`: of itself (`"fins.span=60mm"`); `dose`: a series (`"main.diameter=12..24in/4"`)
    of: what is measured, like `"apogee"`; where the words of the question do not say
    matters: the smallest difference that counts, like `"5 m"`; left out, that which the simulation predicts
    spread: of single flights, like `"4 %"` or `"12 m"`, with the `mean` that a share is of; left out, from the simulation
    instrument: its error, like `"1 m"`
    power, level: shares of experiments that show a difference of that size, and that would show one where there is none
    blocks: how many, each of one flight of each design; left out, as many as the power needs
    names: of the designs, in order
    seed: of the draws and of the lot that decides the order
    Raises `InputError` for what cannot be read, and where more flights would be needed than anybody flies.
    """
    asked = about(question)
    wanted = of or asked.of
    if not wanted:
        raise InputError(
            "what is measured? The words of the question do not say; give it, like 'apogee', 'drift' or 'time'",
            key="--of",
        )
    output = find_output(wanted)
    project = None if launch is None else project_of(launch)
    others = [
        (f"design {k}" if not isinstance(o, str | Path) else _stem(o), project_of(o)) for k, o in enumerate(against, 2)
    ]
    changed = [changes] if isinstance(changes, str) else list(changes)
    designs = designs_of(asked, project, others=others, changes=changed, series=dose, names=names)
    given, relative = (None, False) if spread is None else read_spread(spread, output.kind)
    said = Wanted(
        said_quantity(matters, output.kind, "--matters"), power, level, blocks, given, relative,
        said_quantity(instrument, output.kind, "--instrument") or 0.0, said_quantity(mean, output.kind, "--mean"), seed,
    )  # fmt: skip
    return plan_experiment(asked, designs.each, output, said, doses=designs.doses, place=designs.place)


def _stem(path: str | Path) -> str:
    p = Path(path)
    return p.parent.name if p.stem == "launch" and p.parent.name else p.stem


class Experiment(SheetAnalysis):
    """A filled sheet analysed: its `analysis`, the `question` that the sheet says, and `notes` on how it was read."""

    def answer(self, units: str = "metric") -> str:
        """What it shows, in plain words. units: `metric` or `us`."""
        from downrange.report.experiments.words import answer_words

        return answer_words(self.analysis, units)

    def summary(self) -> dict[str, Any]:
        """The documented keys of `downrange fair analyse --json`."""
        from downrange.report.experiments import analysis_summary

        return analysis_summary(self.analysis, self.notes)

    def plot(self, path: str | Path | None = None) -> Any:
        """Every flight and the difference as a figure; saved where `path` is given."""
        from downrange.recipes.launch import written
        from downrange.report.experiments import analysis_figure

        return written(analysis_figure(self.analysis), path)

    def write(self, path: str | Path, units: str = "metric") -> Path:
        """Write the result as a document: .pdf, .html, .docx, or a folder of Markdown. Returns its path."""
        from downrange.report.documents import write_document
        from downrange.report.experiments import analysis_document

        return write_document(analysis_document(self.analysis, units, self.notes, self.question), path)

    def __repr__(self) -> str:
        return f"<{self.answer()}>"


def analyse_experiment(
    sheet: str | Path, *, of: str | None = None, against: str | None = None, dose: str | None = None, blocks: bool = True, level: float | None = None,
    matters: str | None = None,
) -> Experiment:  # fmt: skip
    """Analyse a filled data sheet: the test that fits how it was flown, what it takes for granted looked at, and the answer.

    sheet: a CSV file with a heading for each column; `dr.experiment` plans one
    of: the column that was measured; left out, what the sheet says, or the only one
    against: the design that the others are compared with; left out, the first
    dose: the column of what was changed, where that is a number and a line is wanted
    blocks: whether the blocks of the sheet count
    level: share of experiments without a difference that would show one; left out, what the sheet says, else 0.05
    matters: the smallest difference that counts, like `"5 m"`; left out, what the sheet says
    Raises `InputError` with the line for what cannot be read or compared.
    """
    found = analyse_sheet(sheet, of=of, against=against, dose=dose, blocks=blocks, level=level, matters=matters)
    return Experiment(found.analysis, found.question, found.notes)


def write_plan_sheet(plan: ExperimentPlan, path: str | Path, units: str = "metric") -> Path:
    """Write the sheet to be filled as CSV. Returns its path. units: `metric` or `us`."""
    from downrange.report.experiments import sheet_of

    write_sheet(Path(path), sheet_of(plan, units))
    return Path(path)
