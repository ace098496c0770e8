"""The cells of a data sheet: headings with their units, numbers with theirs, dates and times of day."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import numpy as np

from downrange.errors import InputError, seen
from downrange.formats.tables import read_text
from downrange.units import DIMENSIONS, to_si

__all__ = ["CELL", "NOTHING", "SheetCells", "kind_of", "named", "numbers", "open_sheet", "order_of"]

NOTHING = frozenset(
    ("", "-", "--", "–", "—", "n/a", "na", "nan", "none", "null", "lost", "missing", "dnf", "no", "x", "?", "not flown")
)
_PURE = ("1", "-", "points", "count", "cal", "calibres", "")
_HEAD = re.compile(r"(?P<name>.*?)\s*[\[(]\s*(?P<unit>[^\])]*?)\s*[\])]\s*")
CELL = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?)\s*(\D.*|)", re.DOTALL)
_LONGEST = 10_000  # characters of a line
_MOST = 2_000  # flights
_KINDS = (
    "length",
    "time",
    "speed",
    "acceleration",
    "mass",
    "force",
    "energy",
    "pressure",
    "angle",
    "impulse",
    "number",
)


@dataclass
class SheetCells:
    """The cells of a file by heading."""

    path: Path
    heads: list[tuple[str, str, str]]  # name in small letters, unit, as written
    rows: list[tuple[int, list[str]]]
    comma: bool
    notes: list[str] = field(default_factory=list)

    def error(self, message: str, line: int | None = None, key: str | None = None) -> InputError:
        return InputError(message, file=str(self.path), line=line, key=key)

    def find(self, names: Sequence[str]) -> int | None:
        """The one column of these names. Raises `InputError` where two are."""
        hits = [i for i, (name, _, _) in enumerate(self.heads) if name in names]
        if len(hits) > 1:
            raise self.error(
                f"two columns are the {names[0]}: {', '.join(seen(self.heads[i][2], 40) for i in hits[:3])}; keep one"
            )
        return hits[0] if hits else None

    def cells(self, i: int) -> list[str]:
        return [cells[i].strip() if i < len(cells) else "" for _, cells in self.rows]


def named(heading: str) -> tuple[str, str, str]:
    """A heading's name in small letters, its unit, and as it stands."""
    written = " ".join(heading.split())[:200]
    if m := _HEAD.fullmatch(written):
        name, unit = m["name"], m["unit"]
    elif "," in written:
        name, _, unit = written.rpartition(",")
    elif (tail := written.rpartition("_"))[0] and _is_unit(tail[2]):
        name, unit = tail[0], tail[2]
    else:
        name, unit = written, ""
    return " ".join(re.split(r"[_\s]+", name.strip().lower())), unit.strip(), written


def _is_unit(word: str) -> bool:
    return any(_fits(word, kind) for kind in _KINDS[:-1])


def _fits(unit: str, kind: str) -> bool:
    try:
        to_si(1.0, unit, kind)
    except InputError:
        return False
    return True


def open_sheet(path: Path) -> tuple[SheetCells, dict[str, str]]:
    lines = [(n, line) for n, line in enumerate(read_text(path).splitlines(), 1) if line.strip(" ,;\t\"'")]
    said: dict[str, str] = {}
    body = []
    for n, line in lines:
        if len(line) > _LONGEST:
            raise InputError(f"a line of {len(line):,} characters is none of a data sheet", file=str(path), line=n)
        bare = line.strip().lstrip('"').lstrip()
        if bare.startswith("#"):
            key, colon, value = bare.lstrip("# ").rstrip(' ,;\t"').partition(":")
            if colon:
                said[key.strip().lower()] = value.strip().replace('""', '"')
        else:
            body.append((n, line))
    if len(body) < 2:
        raise InputError(
            "the sheet has no flights: a line of headings and a line for each flight are needed", file=str(path)
        )
    if len(body) - 1 > _MOST:
        raise InputError(f"{len(body) - 1:,} flights; more than {_MOST:,} are no experiment of rockets", file=str(path))
    mark = max((";", "\t", ","), key=lambda m: body[0][1].count(m))
    if not body[0][1].count(mark):
        raise InputError(
            "the cells are separated by nothing: commas, semicolons or tabs are known", file=str(path), line=body[0][0]
        )
    rows = [(n, next(csv.reader([line], delimiter=mark))) for n, line in body]
    heads = [named(h) for h in rows[0][1]]
    wide = max(k for k, h in enumerate(rows[0][1]) if h.strip()) + 1
    for n, cells in rows[1:]:
        if any(c.strip() for c in cells[wide:]):
            raise InputError(
                f"{len(cells)} cells under {wide} headings; a comma in a number or a note? Put that cell in quotation marks",
                file=str(path),
                line=n,
            )
    return SheetCells(path, heads[:wide], rows[1:], mark != ","), said


def _value(sheet: SheetCells, cell: str, unit: str, kind: str, line: int, what: str) -> tuple[float, str]:
    """A cell in SI, NaN for none, and the unit that it was read by. Raises `InputError` for what is no number."""
    text = cell.strip().lstrip("'").strip()
    if text.lower() in NOTHING:
        return math.nan, ""
    number = text.replace(",", ".") if sheet.comma and text.count(",") == 1 else text
    m = CELL.fullmatch(number)
    if m is None:
        hint = "; write 1.5 with a point and thousands without a mark" if "," in text else ""
        raise sheet.error(
            f"cannot read {seen(text, 60)} as {what}; leave the cell empty where there is no value{hint}", line
        )
    own = m[2].strip() or unit
    value = float(m[1])
    if not math.isfinite(value) or abs(value) > 1e12:
        raise sheet.error(f"{seen(text, 60)} is out of all bounds for {what}", line)
    if kind == "number":
        if own == "%":
            return value / 100, own
        if own not in _PURE:
            raise sheet.error(f"{seen(own, 30)} behind a pure number", line)
        return value, own
    if not own:
        raise sheet.error(
            f"{what} has no unit: write it behind the heading, like '{what} (m)', or in every cell", line, what
        )
    try:
        return to_si(value, own, kind), own
    except InputError as error:
        raise sheet.error(error.message, line, what) from None


def numbers(sheet: SheetCells, i: int, kind: str) -> np.ndarray:
    """A column (n,) in SI; cells with units of their own are converted each, and told."""
    what, unit = sheet.heads[i][0], sheet.heads[i][1]
    out, units = np.full(len(sheet.rows), math.nan), dict[str, list[int]]()
    for k, (line, _) in enumerate(sheet.rows):
        out[k], own = _value(sheet, sheet.cells(i)[k], unit, kind, line, what)
        if math.isfinite(out[k]):
            units.setdefault(own, []).append(line)
    if len(units) > 1:
        told = ", ".join(f"{len(lines)} in {u or 'no unit'}" for u, lines in units.items())
        sheet.notes.append(f"{what}: the cells carry several units ({told}); each was read by its own")
    return out


def kind_of(sheet: SheetCells, i: int, kind: str | None) -> tuple[str, str]:
    """The kind of a column by its unit, or by that of its first cell, and that unit."""
    unit = sheet.heads[i][1]
    if not unit:
        for cell in sheet.cells(i):
            m = CELL.fullmatch(cell.strip().lstrip("'"))
            if m and m[2].strip():
                unit = m[2].strip()
                break
    if not unit and kind not in (None, "number"):
        raise sheet.error(
            f"the column {seen(sheet.heads[i][2], 40)} has no unit: write '{sheet.heads[i][0]} ({DIMENSIONS[kind or 'length'][0].replace('**', '^')})'",
            key=sheet.heads[i][0],
        )
    if kind is not None and kind != "number" and not _fits(unit, kind):
        to_si(1.0, unit, kind)
    if kind is not None:
        return kind, unit
    if not unit:
        raise sheet.error(
            f"the column {seen(sheet.heads[i][2], 40)} has no unit: write it behind the heading, like '{sheet.heads[i][0]} (m)'; of a pure number '(1)'",
            key=sheet.heads[i][0],
        )
    if unit in _PURE or unit == "%":
        return "number", unit
    for k in _KINDS[:-1]:
        if _fits(unit, k):
            return k, unit
    raise sheet.error(
        f"the unit {seen(unit, 30)} of {seen(sheet.heads[i][0], 40)} is not known; like m, ft, s, m/s, mph, g, J",
        key=sheet.heads[i][0],
    )


def order_of(sheet: SheetCells, places: Mapping[str, int]) -> np.ndarray | None:
    """The order in which the flights flew (n,), by the sheet's own numbers or by date and time of day."""
    if "order" in places:
        return numbers(
            SheetCells(sheet.path, [(n, "", w) for n, _, w in sheet.heads], sheet.rows, sheet.comma),
            places["order"],
            "number",
        )
    if "clock" not in places and "date" not in places:
        return None
    clocks = sheet.cells(places["clock"]) if "clock" in places else [""] * len(sheet.rows)
    days = sheet.cells(places["date"]) if "date" in places else [""] * len(sheet.rows)
    out = np.full(len(sheet.rows), math.nan)
    lost = 0
    for k, (day, clock) in enumerate(zip(days, clocks, strict=True)):
        if not (day or clock) or ("clock" in places and not clock):
            continue
        d, t = _day(day), _clock(clock)
        if d is None or (t is None and clock):
            lost += 1
            continue
        out[k] = d + (t or 0.0)
    if lost:
        sheet.notes.append(
            f"{lost} dates or times of day could not be read (write 2026-05-31 and 14:05): those flights have no place in the order"
        )
    several = np.unique(out[np.isfinite(out)]).size > 1
    return out if several and ("clock" in places) else None


def _day(text: str) -> float | None:
    if not text:
        return 0.0
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return float(datetime.strptime(text, pattern).date().toordinal()) * 86400
        except ValueError:
            continue
    try:
        return float(date.fromisoformat(text).toordinal()) * 86400
    except ValueError:
        return None


def _clock(text: str) -> float | None:
    for pattern in ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%H.%M"):
        try:
            t = datetime.strptime(text.upper(), pattern)
        except ValueError:
            continue
        return t.hour * 3600.0 + t.minute * 60.0 + t.second
    return None
