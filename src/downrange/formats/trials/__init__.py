"""The data sheet of an experiment: written with the columns to fill, read back by its headings and units."""

from downrange.formats.trials.reading import Read, read_trials
from downrange.formats.trials.writing import SheetPlan, sheet_rows, write_sheet

__all__ = ["Read", "SheetPlan", "read_trials", "sheet_rows", "write_sheet"]
