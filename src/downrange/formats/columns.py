"""Tables by their headings: which column is what, in which unit, from CSV text.

A heading is a name and, behind it, a unit: `thrust_lbf`, `Thrust (lbf)`, `thrust [lbf]`. Commas or semicolons or tabs separate;
with semicolons or tabs a comma is a decimal sign. What a reader looks for it says as `Wanted`; a unit that is not known, a
column that is missing or doubled, and a cell that is not a finite number are errors with the line.
"""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from downrange.errors import InputError, seen, suggest
from downrange.formats.tables import read_text
from downrange.units import to_si

__all__ = ["Sheet", "Wanted", "read_sheet", "sheet_of"]

MOST_ROWS = 200_000
_MOST_COLUMNS = 200

# Units as they stand in headings, by kind: the word in lower case, and how `units` writes it.
UNITS: dict[str, dict[str, str]] = {
    "time": {"s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s", "ms": "ms", "msec": "ms", "milliseconds": "ms", "us": "us", "min": "min"},
    "force": {"n": "N", "newton": "N", "newtons": "N", "kn": "kN", "lbf": "lbf", "lb": "lbf", "lbs": "lbf", "pounds": "lbf", "kgf": "kgf", "kg": "kgf"},
    "length": {"m": "m", "mm": "mm", "cm": "cm", "in": "inch", "inch": "inch", "inches": "inch", "ft": "ft", "feet": "ft"},
    "angle": {"rad": "rad", "radian": "rad", "radians": "rad", "deg": "deg", "degree": "deg", "degrees": "deg", "°": "deg"},
    "per angle": {"per_rad": "", "1_rad": "", "rad": "", "per_radian": "", "per_deg": "per_deg", "1_deg": "per_deg", "deg": "per_deg", "per_degree": "per_deg"},
    "mass": {"kg": "kg", "g": "g", "lb": "lb", "lbs": "lb", "oz": "oz"},
    "mass flow": {"kg_s": "kg", "g_s": "g", "lb_s": "lb", "lbs_s": "lb", "oz_s": "oz"},
    "share": {"percent": "percent", "%": "percent", "pct": "percent"},
    "number": {},
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """A column that a reader looks for: `names` it may have (without unit, as `_plain` writes them), its kind, and bounds (SI).

    `unit` is what a heading without one means; None where it must say.
    """

    what: str
    names: tuple[str, ...]
    kind: str = "number"
    unit: str | None = ""
    low: float = -math.inf
    high: float = math.inf
    why: str = ""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table as it stands in a file: `names` of its columns (empty without a heading), `rows` of cells with their lines."""

    path: Path
    names: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    decimal_comma: bool = False

    def find(self, wanted: Wanted) -> tuple[int, str] | None:
        """Index and unit of the wanted column, or None. Raises `InputError` where two claim it, or its unit is not known."""
        hits = []
        for name in wanted.names:  # in the order of preference
            hits = [
                (i, unit) for i, n in enumerate(self.names) if (unit := _unit_behind(n, name, wanted.kind)) is not None
            ]
            if hits:
                break
        if len(hits) > 1:
            both = " and ".join(seen(self.names[i], 60) for i, _ in hits[:2])
            raise InputError(f"the columns {both} are both {wanted.what}; keep one", file=str(self.path), line=1)
        if not hits:
            return None
        index, unit = hits[0]
        if unit == "?":
            known = ", ".join(UNITS[wanted.kind]) or "none: it is a pure number"
            raise InputError(f"the column {seen(self.names[index], 60)} has a unit that is not known for {wanted.what}; units: {known}",
                             file=str(self.path), line=self._heading_line)  # fmt: skip
        if not unit and wanted.unit is None:
            raise InputError(f"the column {seen(self.names[index], 60)} needs a unit in its name: one of {', '.join(UNITS[wanted.kind])}",
                             file=str(self.path), line=self._heading_line)  # fmt: skip
        return index, unit or (wanted.unit or "")

    @property
    def _heading_line(self) -> int:
        return max(self.rows[0][0] - 1, 1) if self.rows else 1

    def need(self, wanted: Wanted, *, position: int | None = None) -> np.ndarray:
        """Values (n,) in SI of a column that must be there; without any heading that at `position`, where one is given.

        Raises `InputError` for a table without that column, or without the heading that would name it.
        """
        if not self.names:
            if position is None:
                raise InputError(
                    f"this table has no heading: write one, like {wanted.names[0]!r}, over the column of {wanted.what}",
                    file=str(self.path),
                    line=1,
                )
            if position >= len(self.rows[0][1]):
                raise InputError(
                    f"a column of {wanted.what} is missing: {position + 1} columns are needed",
                    file=str(self.path),
                    line=self.rows[0][0],
                )
            return self._values(position, wanted.unit or "", wanted)
        values = self.get(wanted)
        if values is None:
            near = suggest(_plain(self.names[0]), wanted.names) if len(self.names) == 1 else ""
            raise InputError(
                f"no column of {wanted.what}: head it {' or '.join(repr(n) for n in wanted.names[:4])}{near} (seen {_listed(self.names)})",
                file=str(self.path), line=self._heading_line,
            )  # fmt: skip
        return values

    def get(self, wanted: Wanted) -> np.ndarray | None:
        """Values (n,) in SI of a column, or None where it is not there."""
        found = self.find(wanted) if self.names else None
        return None if found is None else self._values(*found, wanted)

    def _values(self, index: int, unit: str, wanted: Wanted) -> np.ndarray:
        scale, zero = _factor(unit, wanted.kind)
        out = np.empty(len(self.rows))
        for k, (line, cells) in enumerate(self.rows):
            out[k] = self._cell(cells[index] if index < len(cells) else "", line, wanted) * scale + zero
        bad = np.flatnonzero(~((out >= wanted.low) & (out <= wanted.high)))
        if bad.size:
            why = f" ({wanted.why})" if wanted.why else ""
            raise InputError(
                f"{wanted.what} of {out[bad[0]]:.6g}; between {wanted.low:g} and {wanted.high:g} was expected{why}",
                file=str(self.path), line=self.rows[bad[0]][0],
            )  # fmt: skip
        return out

    def _cell(self, cell: str, line: int, wanted: Wanted) -> float:
        try:
            value = float(cell.replace(",", ".") if self.decimal_comma else cell)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise InputError(
                f"{wanted.what} should be a finite number, seen {seen(cell, 80)}", file=str(self.path), line=line
            )
        return value


def _listed(names: tuple[str, ...]) -> str:
    return seen(", ".join(names[:12]), 160)


def _plain(name: str) -> str:
    """A heading in lower case, words joined by one underscore: `CD Power-Off` is `cd_power_off`, `CNα` is `cnalpha`."""
    return re.sub(r"[^a-z0-9%°]+", "_", name.lower().replace("α", "alpha").replace("µ", "u")).strip("_")


def _unit_behind(heading: str, name: str, kind: str) -> str | None:
    """The unit in a heading whose name is `name`: empty without one, `?` where it is not known, None where the name is another."""
    plain = _plain(heading)
    if plain == name:
        return ""
    if not plain.startswith(name + "_"):
        return None
    rest = plain[len(name) + 1 :]
    units = UNITS.get(kind, {})
    if rest in units:
        return units[rest] or "."
    # `thrust (foo)` has a unit that we do not know; `cd_power_on` is another name altogether.
    return "?" if re.search(r"[(\[]", heading) or (kind != "number" and "_" not in rest) else None


def _factor(unit: str, kind: str) -> tuple[float, float]:
    if unit in ("", "."):
        return 1.0, 0.0
    if unit == "percent":
        return 0.01, 0.0
    if unit == "per_deg":
        return 180 / math.pi, 0.0
    if kind == "mass flow":  # a second is a second in all of them
        kind = "mass"
    zero, one = to_si(0.0, unit, kind), to_si(1.0, unit, kind)
    return one - zero, zero


def _is_number(cell: str, comma: bool) -> bool:
    try:
        float(cell.replace(",", ".") if comma else cell)
    except ValueError:
        return False
    return True


def _separator(lines: list[str]) -> str:
    """What separates the cells: a semicolon or a tab where the first rows have one, else a comma."""
    head = lines[:5]
    for mark in (";", "\t"):
        if all(mark in line for line in head):
            return mark
    return ","


def read_sheet(path: str | Path) -> Sheet:
    """A table from a CSV file. Lines that begin with `#` are left out, unless such a line is the heading (OpenRocket's way).

    Raises `InputError` for an empty table, one that is too long or too wide, and one whose heading is half numbers.
    """
    return sheet_of(read_text(Path(path)), Path(path))


def sheet_of(text: str, path: Path) -> Sheet:
    """The table that stands in the text of a file. Raises `InputError` as `read_sheet` does.

    text: of the file. path: the file, for messages.
    """
    numbered = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip(" ,;\t\r")]
    body = [(n, line) for n, line in numbered if not line.lstrip().startswith("#")]
    if len(body) > MOST_ROWS:
        raise InputError(f"{len(body)} rows; more than {MOST_ROWS} are refused: thin the table", file=str(path))
    if not body:
        raise InputError("the table is empty", file=str(path))
    mark = _separator([line for _, line in body])
    rows = [
        (n, tuple(c.strip() for c in cells))
        for n, line in body
        for cells in csv.reader([line[:100_000]], delimiter=mark)
    ]
    comma = mark != ","
    names: tuple[str, ...] = ()
    if not all(_is_number(c, comma) for c in rows[0][1] if c):
        names, rows = rows[0][1], rows[1:]
        if not rows:
            raise InputError("the table has a heading but no rows", file=str(path))
        if sum(_is_number(c, comma) for c in names if c):
            raise InputError(f"a heading of words and numbers: {_listed(names)}", file=str(path), line=body[0][0])
    if len(rows[0][1]) > _MOST_COLUMNS:
        raise InputError(f"more than {_MOST_COLUMNS} columns", file=str(path), line=rows[0][0])
    return Sheet(path, names, tuple(rows), comma and any("," in c for _, cells in rows[:50] for c in cells))
