"""The rows of the census, its file, and what has moved.

`docs/census.csv` begins with its reasons, `# digest date: reason`, the newest last; the digest is of the rows below, so that
rows that changed need a line of reason. A number has moved where it differs from the file's by more than its `print`: the last
digit of it that is shown. Numbers of another processor differ in their last bits, and never by that much.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "docs" / "census.csv"


@dataclass(frozen=True)
class Row:
    """One number: whose (`group`, `case`), what (`quantity`, `at`), what is right (`reference`, from `source`), and ours.

    `error` is in `unit`, as the table of its group defines it; `aim` is what was asked for, in words; `peer` is another program's.
    """

    group: str
    case: str
    quantity: str
    at: str
    source: str
    reference: float | None
    ours: float
    print: float
    error: float | None = None
    unit: str = ""
    aim: str = ""
    peer: float | None = None

    @property
    def name(self) -> str:
        """What it is, in words."""
        return ", ".join(w for w in (self.case, self.quantity, self.at) if w)

    @property
    def key(self) -> tuple[str, ...]:
        """What it is, apart from its numbers."""
        return self.group, self.case, self.quantity, self.at, self.source


def digits(reference: float, n: int = 4) -> float:
    """The last of `n` digits of a number like `reference`: 0.01 for four of 23.5."""
    return 10.0 ** (math.floor(math.log10(abs(reference))) - n + 1) if reference else 10.0**-n


def text(value: float | None, last: float) -> str:
    """A number to its last digit that is shown."""
    if value is None:
        return ""
    if not math.isfinite(value):
        return "none"  # it did not happen
    places = max(0, -math.floor(math.log10(last) + 1e-9))
    return f"{round(value / last) * last + 0.0:.{places}f}"


def _number(word: str) -> float | None:
    return None if word == "" else math.nan if word == "none" else float(word)


_NAMES = [f.name for f in fields(Row)]


def _line(row: Row) -> list[str]:
    words = {name: str(getattr(row, name)) for name in ("group", "case", "quantity", "at", "source", "unit", "aim")}
    words["ours"], words["print"] = text(row.ours, row.print), f"{row.print:g}"
    words["reference"] = "" if row.reference is None else f"{row.reference:.6g}"
    words["peer"] = "" if row.peer is None else f"{row.peer:.4g}"
    words["error"] = "" if row.error is None else text(row.error, 0.01)
    return [words[name] for name in _NAMES]


def table(rows: Iterable[Row]) -> str:
    """The rows as they stand in the file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_NAMES)
    writer.writerows(_line(row) for row in rows)
    return out.getvalue()


def digest(body: str) -> str:
    """Ten letters that stand for the rows."""
    return hashlib.sha256(body.encode()).hexdigest()[:10]


@dataclass(frozen=True)
class Census:
    """The file: its reasons, oldest first, and its rows."""

    reasons: tuple[str, ...]
    rows: tuple[Row, ...]
    digest: str

    def group(self, name: str) -> list[Row]:
        """The rows of a group."""
        return [row for row in self.rows if row.group == name]


def parse(content: str) -> Census:
    """The census from the text of its file."""
    lines = content.splitlines(keepends=True)
    reasons = tuple(line[2:].strip() for line in lines if line.startswith("# "))
    body = "".join(line for line in lines if not line.startswith("#"))
    rows = []
    for words in csv.DictReader(io.StringIO(body)):
        numbers = {name: _number(words[name]) for name in ("reference", "ours", "print", "error", "peer")}
        rows.append(Row(**{**words, **numbers}))
    return Census(reasons, tuple(rows), digest(body))


def read(file: Path = FILE) -> Census:
    """The census as it is under version control."""
    return parse(file.read_text(encoding="utf-8"))


def write(rows: Sequence[Row], reasons: Sequence[str], file: Path = FILE) -> None:
    """Write the census with its reasons, of which the last one's digest is made here."""
    body = table(rows)
    *before, (today, why) = reasons
    lines = [*before, f"{digest(body)} {today}: {why}"]
    file.write_text("".join(f"# {line}\n" for line in lines) + body, encoding="utf-8", newline="\n")


def moved(before: Sequence[Row], now: Sequence[Row]) -> list[str]:
    """What differs by more than its print, in words: moved, new, gone; nothing where all stand still."""
    old, new = _numbered(before), _numbered(now)
    out = [f"gone: {old[k].group}: {old[k].name}" for k in old if k not in new]
    for key, row in new.items():
        was = old.get(key)
        if was is None:
            out.append(f"new: {row.group}: {row.name}: {text(row.ours, row.print)}")
            continue
        step = min(row.print, was.print)
        if _apart(was.ours, row.ours, step) or _apart(was.reference, row.reference, 1e-4 * abs(row.reference or 1.0)):
            right = "" if row.reference is None else f" (right: {row.reference:.6g})"
            out.append(f"{row.group}: {row.name}: {text(was.ours, step)} -> {text(row.ours, step)}{right}")
    return out


def _numbered(rows: Sequence[Row]) -> dict[tuple[object, ...], Row]:
    """Rows by what they are; a table may measure the same thing twice."""
    out: dict[tuple[object, ...], Row] = {}
    for row in rows:
        k = 0
        while (*row.key, k) in out:
            k += 1
        out[(*row.key, k)] = row
    return out


def _apart(a: float | None, b: float | None, step: float) -> bool:
    if a is None or b is None:
        return a is not b
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.isfinite(a) != math.isfinite(b)
    return abs(a - b) > step * (1 + 1e-6)
