"""What the project's experiment shows: the tables and the figure of `downrange fair analyse`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from downrange.report.composing.material import Material
from downrange.report.documents import Table
from downrange.report.experiments.result import analysis_figure, figure_words, looked_table, means_table, test_table
from downrange.report.experiments.words import answer_words, room_words
from downrange.text import plain

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = ["experiment_assumptions", "experiment_figure", "experiment_means", "experiment_table"]


def experiment_table(m: Material) -> Table:
    """The test, the difference with its interval, the size of the effect; below it the answer in words."""
    e = m.experiment
    note = " ".join((answer_words(e.analysis, m.units), *room_words(e.analysis, m.units), *e.notes))
    caption = f"The experiment: {plain(e.question, 200)}" if e.question else "The experiment"
    return replace(test_table(e.analysis, m.units), caption=caption, note=note, name="experiment")


def experiment_means(m: Material) -> Table:
    """What was measured of each design."""
    return replace(means_table(m.experiment.analysis, m.units), name="experiment_means")


def experiment_assumptions(m: Material) -> Table:
    """What the test takes for granted."""
    return replace(looked_table(m.experiment.analysis), name="experiment_assumptions")


def experiment_figure(m: Material) -> tuple[PlainFigure, str, str]:
    """Every flight, and the difference."""
    a = m.experiment.analysis
    return analysis_figure(a), figure_words(a, m.units), "Every flight of the experiment, and the difference"
