"""Tables of loggers: rows of cells by heading, whatever separates them and however numbers are written in them."""

from __future__ import annotations

import csv
import math
import re
from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import zip_longest

import numpy as np

from downrange.errors import InputError, seen

__all__ = ["Table", "parse_table", "plain_heading"]

_CELL = re.compile(r"\s*([-+]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d{1,3})?)\s*([A-Za-z°%/'µ²0-9]*)\s*")
_COMPLEX = re.compile(r"([-+]?[\d.]+(?:e[-+]?\d+)?)[-+]([\d.]+(?:e[-+]?\d+)?)i", re.IGNORECASE)
_NOTHING = ("", "nan", "-", "--", "n/a", "na", "null", "none", "inf", "-inf", "+inf")
_MOST_COLUMNS = 500
_LONG = 50_000  # rows: above, cells are packed
_LONGEST = 48  # characters of a number with its unit


def _cell(text: str) -> re.Match[str] | None:
    """A number with perhaps a unit; nothing longer than numbers are, for the pattern's work grows with a power of the length."""
    return _CELL.fullmatch(text) if len(text) <= _LONGEST else None


def plain_heading(name: str) -> str:
    """A heading in small letters, words joined by one underscore, units in brackets left: `#Baro (Atm)` is `baro_(atm)`."""
    return re.sub(r"[\s_]+", "_", name[:200].strip().strip('#"').strip().lower()).strip("_")


@dataclass(frozen=True, eq=False)
class Table:
    """`names` (as written; empty without a heading) and the cells of every column, with the line of the first row."""

    names: tuple[str, ...]
    cells: tuple[Sequence[str], ...]
    first_line: int
    separator: str
    decimal_comma: bool
    ragged: int = 0

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """Headings as `plain_heading` writes them."""
        return tuple(plain_heading(n) for n in self.names)

    @property
    def rows(self) -> int:
        """How many rows."""
        return len(self.cells[0]) if self.cells else 0

    def index(self, name: str) -> int | None:
        """The first column with this plain heading."""
        return self.plain.index(name) if name in self.plain else None

    def number(self, i: int) -> np.ndarray:
        """Column `i` as numbers (rows,), NaN where a cell is empty or no number."""
        return self._parsed(i)[0]

    def cell_unit(self, i: int) -> str:
        """The unit that stands in the cells of column `i` (`76.7F`); empty without."""
        return self._parsed(i)[1]

    def text(self, i: int) -> tuple[str, ...]:
        """Column `i` as it stands, without blanks about it."""
        return tuple(c.strip() for c in self.cells[i])

    def _parsed(self, i: int) -> tuple[np.ndarray, str]:
        known = self.__dict__.setdefault("_known", {})
        if i not in known:
            known[i] = _numbers(self.cells[i], self.decimal_comma)
        return known[i]


def _numbers(cells: Sequence[str], comma: bool) -> tuple[np.ndarray, str]:
    if not isinstance(cells, tuple | list):
        from downrange.formats.logs.packed import Packed

        read = cells.numbers(comma) if isinstance(cells, Packed) else None
        if read is not None:
            return np.where(np.isfinite(read), read, np.nan), ""
        cells = list(cells)
    try:
        plain = [c.replace(",", ".") for c in cells] if comma else cells
        out = np.array([float(c) if c and "_" not in c else math.nan for c in plain])
        return np.where(np.isfinite(out), out, np.nan), ""
    except ValueError:
        pass
    units: Counter[str] = Counter()
    values = np.full(len(cells), math.nan)
    for k, cell in enumerate(cells):
        m = _cell(cell)
        if m:
            word = m.group(1)
            values[k] = float(word.replace(",", ".") if comma or "." not in word else word.replace(",", ""))
            if m.group(2):
                units[m.group(2)] += 1
        elif c := _COMPLEX.fullmatch(
            cell[:_LONGEST].strip()
        ):  # Matlab's complex numbers: real where nothing is imaginary
            values[k] = float(c.group(1)) if float(c.group(2)) == 0 else math.nan
    unit, count = units.most_common(1)[0] if units else ("", 0)
    if len(units) > 1 and units.total() - count > 0.02 * units.total():
        raise InputError(
            f"a column mixes units in its cells: {', '.join(seen(u, 12) for u, _ in units.most_common(4))}"
        )
    if unit:  # a cell whose unit is another one is no reading of this column
        for k, cell in enumerate(cells):
            m = _cell(cell)
            if m and m.group(2) and m.group(2) != unit:
                values[k] = math.nan
    return np.where(np.isfinite(values), values, np.nan), unit


def is_number(cell: str) -> bool:
    """Whether a cell is a number, with a point or a comma and perhaps a unit fused to it."""
    return bool(_cell(cell)) or cell.strip().lower() in _NOTHING[1:]


def _separator(lines: list[str]) -> str:
    """The mark that splits most lines into the same number of cells, more than one."""
    best, most = ",", 0.0
    sample = lines[:40] + lines[len(lines) // 2 : len(lines) // 2 + 20]
    for mark in (";", "\t", ",", "|"):
        counts = Counter(line.count(mark) for line in sample)
        width, times = max(counts.items(), key=lambda x: (x[0] > 0, x[1]))
        score = times / len(sample) * (1 + min(width, 20) / 100) if width else 0.0
        if mark == "," and any(";" in line for line in sample[1:3]):
            score *= 0.5  # semicolons beside commas: the commas are decimal marks
        if score > most:
            best, most = mark, score
    if most == 0.0 and all(len(line.split()) > 1 for line in sample[:10]):
        return " "
    return best


def _quoted(lines: list[str]) -> bool:
    return any('"' in line for line in lines[:50])


def _split(lines: list[str], mark: str, like: list[str] | None = None) -> list[list[str]]:
    """Rows of cells; in quotes as a spreadsheet writes them where the first lines of the file (`like`) have any."""
    if mark == " ":
        return [line.split() for line in lines]
    if _quoted(lines if like is None else like):
        return [row for line in lines for row in csv.reader([line], delimiter=mark)]
    return [line.split(mark) for line in lines]


def _heading(rows: list[list[str]]) -> int:
    """How many of the first rows come before the numbers: the last of them is the heading; 0 without one."""
    for k, row in enumerate(rows[:60]):
        filled = [c for c in row if c.strip()]
        if filled and sum(is_number(c) for c in filled) > 0.5 * len(filled) and len(filled) >= 1:
            return k
    return min(1, len(rows))


def parse_table(lines: list[str], *, heading: int | None = None, first: int = 1) -> Table:
    """The table of some lines. Lines that are blank or begin with `#` are left out, unless a `#` line is the last before the
    numbers (a heading). `heading` says how many lines come before the rows; found where None. `first` is the line number of
    the first. Raises `InputError` for what is no table."""
    body, numbers, comments = _told(lines, first)
    if not body:
        raise InputError("there are no rows in this file")
    mark = _separator(body[:2000])
    skip = _heading(_split(body[:60], mark)) if heading is None else heading
    names: list[str] = []
    if skip:
        names = _split([body[skip - 1]], mark, body)[0] if skip <= len(body) else []
    elif comments and comments[-1][0] < numbers[0] and comments[-1][1].count(mark):
        names = _split([comments[-1][1]], mark)[0]
    line = min(numbers[0], comments[0][0]) if comments else numbers[0]
    if skip >= len(body):
        raise InputError("the table has a heading but no rows", line=line)
    widths, columns, some = _rows(body, skip, mark)
    width = max(widths) if len(widths) < 40 else widths.most_common(1)[0][0]
    width = max(width, len(names))
    if width > _MOST_COLUMNS:
        raise InputError(f"{width} columns: more than {_MOST_COLUMNS} are no log", line=numbers[skip])
    common = widths.most_common(1)[0][0]
    cells = columns(min(width, max(widths)))
    comma = (
        mark != ","
        and any("," in c for r in some for c in r)
        and not any("." in c and "," in c for r in some for c in r)
    )
    names = [n.strip() for n in names]
    while names and not names[-1] and len(names) > common - 1 and not any(map(any, cells[len(names) - 1 : len(names)])):
        names.pop()
    ragged = sum(v for k, v in widths.items() if k != common)
    return Table(tuple(names), cells, numbers[skip], mark, comma, ragged)


def _told(lines: list[str], first: int) -> tuple[list[str], array[int], list[tuple[int, str]]]:
    """Lines that are neither blank nor begin with `#`, their numbers, and those that do, with theirs."""
    body, numbers, comments = list[str](), array("q"), list[tuple[int, str]]()
    for n, line in enumerate(lines, first):
        if not line.strip(" ,;\t\r|"):
            continue
        if line.lstrip().startswith("#"):
            comments.append((n, line))
        else:
            body.append(line)
            numbers.append(n)
    return body, numbers, comments


def _rows(
    body: list[str], skip: int, mark: str
) -> tuple[Counter[int], Callable[[int], tuple[Sequence[str], ...]], list[list[str]]]:
    """How many rows have how many cells, the columns to a width, and the first 200 rows; packed where they are many."""
    if len(body) > _LONG:
        from downrange.formats.logs.packed import PackedRows

        by_hand = partial(_split, mark=mark, like=body) if mark == " " or _quoted(body) else None
        packed = PackedRows.split(body[skip:], mark, by_hand)
        return packed.widths, packed.columns, _split(body[skip : skip + 200], mark, body)
    rows = _split(body, mark)[skip:]

    def columns(width: int) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(c.strip() for c in col) for col in zip_longest(*(r[:width] for r in rows), fillvalue=""))

    return Counter(len(r) for r in rows), columns, rows[:200]
