"""The data sheet of an experiment, written: the columns to fill, a row a flight, in the order in which they fly."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from downrange.text import plain

__all__ = ["SheetPlan", "sheet_rows", "write_sheet"]

_FORMULA = ("=", "+", "-", "@", "\t")  # what a spreadsheet takes for the beginning of a formula


@dataclass(frozen=True)
class SheetPlan:
    """What a sheet is written from: `said` are its lines of `# key: value`; `outcome`, its unit, the designs, `order` (design numbers block by block);
    and of a series what is changed, its unit, and the values in that unit."""

    said: Mapping[str, str]
    outcome: str
    unit: str
    designs: tuple[str, ...]
    order: tuple[tuple[int, ...], ...]
    wind_unit: str = "m/s"
    warmth_unit: str = "degC"
    dose: str = ""
    doses: tuple[str, ...] = ()


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    shown = plain(text, 200)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def sheet_rows(plan: SheetPlan) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The headings of a sheet and its rows, a row a flight, in the order in which they fly."""
    dose = (plan.dose,) if plan.doses else ()
    heads = (
        "flight", "block", "design", *dose, "motor lot", "date", "time of day", f"wind ({plan.wind_unit})", f"temperature ({plan.warmth_unit})",
        f"{plan.outcome} ({plan.unit or '1'})", "notes",
    )  # fmt: skip
    rows, flight = [], 0
    for b, block in enumerate(plan.order, 1):
        for k in block:
            flight += 1
            given = (plan.doses[k],) if plan.doses else ()
            rows.append((str(flight), str(b), _safe(plan.designs[k]), *given, *[""] * 7))
    return heads, rows


def write_sheet(path: Path, plan: SheetPlan) -> None:
    """Write the sheet to be filled."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    for key, value in plan.said.items():
        table.writerow([f"# {key}: {plain(value, 400)}"])
    heads, rows = sheet_rows(plan)
    table.writerow(heads)
    table.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
