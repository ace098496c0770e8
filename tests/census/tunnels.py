"""Coefficients beside wind tunnels and free flight: every row of the scorecard."""

from __future__ import annotations

from collections.abc import Iterator

from census.rows import Row, digits
from downrange.report.scorecard import Table, scorecard


def aim(t: Table) -> str:
    """What was asked of a table, in words."""
    return "" if t.limit >= 100 else f"{t.limit:g} {t.unit} {'each' if t.each else 'mean'}"


def coefficients() -> Iterator[Row]:
    """Every measurement beside ours."""
    for t in scorecard():
        for r in t.rows:
            yield Row(
                "coefficients", t.name, t.quantity, f"Mach {r.mach:g}", t.source, r.measured, r.ours, digits(r.measured), r.error,
                t.unit, aim(t), r.peer,
            )  # fmt: skip


def by_barrowman() -> Iterator[Row]:
    """The mean absolute error of each table by Barrowman's method."""
    for t in scorecard("barrowman"):
        yield Row("coefficients by Barrowman", t.name, t.quantity, "", t.source, 0.0, t.mean, 0.01, t.mean, t.unit)
