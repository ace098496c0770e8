"""Columns of a logger's table become channels: by heading, with the unit of the heading, of the cells, or of the format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from downrange.formats.logs.draft import Draft
from downrange.formats.logs.table import Table
from downrange.formats.logs.unit import _WORDS, kind_of, unit_in

__all__ = ["Column", "fill", "others", "take"]

FORMAT = "the unit that this format always has"


@dataclass(frozen=True)
class Column:
    """A heading (as `plain_heading` writes it, without its unit or with), the quantity under it, and the format's unit."""

    heading: str
    name: str
    unit: str = ""
    sensor: str = ""


def unit_of(table: Table, i: int, name: str, default: str) -> tuple[str, str]:
    """Unit of column `i` as quantity `name`, and why: from its heading, else its cells, else `default`."""
    if unit := unit_in(table.names[i], name) if i < len(table.names) else "":
        return unit, f"unit {unit} from the heading"
    cell = table.cell_unit(i)
    if cell and (unit := _WORDS.get(kind_of(name), {}).get(cell.lower(), "")):
        return unit, f"unit {unit} from the cells"
    return default, FORMAT if default else "a pure number"


def take(
    draft: Draft, table: Table, i: int, name: str, time: np.ndarray, *, unit: str = "", sensor: str = "", why: str = "",
    missing: np.ndarray | None = None,
) -> None:  # fmt: skip
    """Column `i` as a channel of the quantity `name`; `unit` where heading and cells have none, with `why`."""
    found, reason = unit_of(table, i, name, unit)
    heading = table.names[i] if i < len(table.names) else f"column {i + 1}"
    draft.add(
        name,
        time,
        table.number(i),
        found,
        source=heading,
        why=why if why and found == unit else reason,
        sensor=sensor,
        missing=missing,
    )


def fill(draft: Draft, table: Table, time: np.ndarray, wanted: Iterable[Column]) -> set[int]:
    """Every wanted column that the table has; returns the indices that were used."""
    used = set()
    bare = [p.split("_(")[0].split("(")[0].split("_[")[0].split("[")[0] for p in table.plain]
    for w in wanted:
        for i, (full, short) in enumerate(zip(table.plain, bare, strict=True)):
            if i not in used and w.heading in (full, short):
                take(draft, table, i, w.name, time, unit=w.unit, sensor=w.sensor)
                used.add(i)
                break
    return used


def others(draft: Draft, table: Table, time: np.ndarray, used: set[int]) -> None:
    """What is left: columns of numbers kept as they stand, uninterpreted, so that nothing is lost; text is named in a note."""
    words = []
    for i in range(min(len(table.names), len(table.cells))):
        if i in used or not table.names[i]:
            continue
        values = table.number(i)
        if np.isfinite(values).sum() >= max(1, 0.02 * len(values)):
            draft.add("other", time, values, "", source=table.names[i], why="not interpreted: as it stands in the file")
        elif any(table.cells[i]):
            words.append(table.names[i])
    if words:
        draft.notes.append(f"columns of words are not kept: {', '.join(words[:8])}")
