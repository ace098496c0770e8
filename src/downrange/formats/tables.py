"""The text of any table, and its columns of numbers."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np

from downrange.errors import InputError, seen, suggest
from downrange.formats.reading import guarded

__all__ = ["read_columns", "read_text"]

_LIMIT = 50_000_000


@guarded("a text file")
def read_text(path: Path) -> str:
    """The text of a table's file; raises `InputError` where it is not there, too large, or not text."""
    if not path.is_file():
        near = suggest(path.name, [p.name for p in path.parent.glob("*")] if path.parent.is_dir() else [])
        raise InputError(f"no such file{near}", file=str(path))
    if path.stat().st_size > _LIMIT:
        raise InputError(f"{path.stat().st_size / 1e6:.0f} MB is too large for a table", file=str(path))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("this is not a text file", file=str(path)) from None
    if "\x00" in text:
        raise InputError("this is a binary file, not a table", file=str(path))
    return text


@guarded("a table")
def read_columns(path: str | Path) -> dict[str, np.ndarray]:
    """Columns of a CSV file by their names (lower case); without a heading they are called `1`, `2`, ...

    Raises `InputError` with the line for a cell that is not a finite number. Columns of text are left out.
    """
    path = Path(path)
    text = read_text(path)
    lines = [
        (n, row)
        for n, row in enumerate(csv.reader(text.splitlines()), 1)
        if row and not row[0].lstrip().startswith("#")
    ]
    lines = [(n, [c.strip() for c in row]) for n, row in lines if any(c.strip() for c in row)]
    if not lines:
        raise InputError("the table is empty", file=str(path))
    first = lines[0][1]
    headed = not all(_is_number(c) for c in first if c)
    names = [c.lower() for c in first] if headed else [str(i + 1) for i in range(len(first))]
    body = lines[1:] if headed else lines
    if not body:
        raise InputError("the table has a heading but no rows", file=str(path))
    numeric = [i for i in range(len(names)) if i < len(body[0][1]) and _is_number(body[0][1][i])]
    out: dict[str, list[float]] = {names[i]: [] for i in numeric}
    for number, row in body:
        for i in numeric:
            cell = row[i] if i < len(row) else ""
            if not _is_number(cell) or not math.isfinite(float(cell)):
                raise InputError(
                    f"column {seen(names[i], 60)} should be a finite number, seen {seen(cell, 80)}",
                    file=str(path),
                    line=number,
                )
            out[names[i]].append(float(cell))
    return {k: np.array(v) for k, v in out.items()}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
