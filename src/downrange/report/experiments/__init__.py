"""Experiments shown: the plan with its sheet, and what came of it."""

from downrange.report.experiments.plan import plan_document, plan_figure, plan_view, sheet_of
from downrange.report.experiments.result import analysis_document, analysis_figure, analysis_summary, analysis_view

__all__ = [
    "analysis_document",
    "analysis_figure",
    "analysis_summary",
    "analysis_view",
    "plan_document",
    "plan_figure",
    "plan_view",
    "sheet_of",
]
