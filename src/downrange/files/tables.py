"""Tables from CSV: drag over Mach, normal force, aerofoils, brakes. Weather has `files.weather`."""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path

import numpy as np

from downrange.errors import InputError, suggest
from downrange.files.reading import guarded
from downrange.tables import Table1D, Table2D

__all__ = ["read_brake_table", "read_columns", "read_curve", "read_drag", "read_text"]

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
                    f"column {names[i]!r} should be a finite number, seen {cell!r}", file=str(path), line=number
                )
            out[names[i]].append(float(cell))
    return {k: np.array(v) for k, v in out.items()}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _sorted(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(x, kind="stable")
    return x[order], y[order]


@guarded("a table")
def read_curve(path: str | Path, name: str) -> Table1D:
    """The first two columns of a CSV as a table, sorted by the first."""
    columns = list(read_columns(path).values())
    if len(columns) < 2:
        raise InputError(f"{name}: two columns are needed", file=str(path))
    return Table1D(*_sorted(columns[0], columns[1]), name)


@guarded("a drag table")
def read_drag(path: str | Path) -> tuple[Table1D, Table1D]:
    """Drag coefficient over Mach, power off and on, from columns mach, cd[_power_off], cd_power_on (or the first three)."""
    columns = read_columns(path)
    values = list(columns.values())
    if len(values) < 2:
        raise InputError("a drag table needs Mach and drag coefficient", file=str(path))
    off = next((v for k, v in columns.items() if "off" in k), values[1])
    on = next(
        (v for k, v in columns.items() if re.search(r"(^|_)on$|power_on|poweron", k)),
        values[2] if len(values) > 2 else off,
    )
    mach = columns.get("mach", values[0])
    for cd in (off, on):
        if np.any(cd < 0) or np.any(cd > 20):
            raise InputError(
                f"drag coefficients run from {cd.min():g} to {cd.max():g}; between 0 and 20 was expected",
                file=str(path),
            )
    return Table1D(*_sorted(mach, off), "power-off drag"), Table1D(*_sorted(mach, on), "power-on drag")


@guarded("a brake table")
def read_brake_table(path: str | Path) -> Table2D:
    """Drag coefficient over brake level (0-1) and Mach from three columns: level, mach, cd, on a full grid."""
    columns = read_columns(path)
    values = list(columns.values())
    if len(values) < 3:
        raise InputError("a brake table needs level, Mach and drag coefficient", file=str(path))
    level, mach, cd = values[:3]
    levels, machs = np.unique(level), np.unique(mach)
    if levels.size * machs.size != cd.size:
        raise InputError(
            f"{levels.size} levels and {machs.size} Mach numbers need {levels.size * machs.size} rows, seen {cd.size}",
            file=str(path),
        )
    z = np.full((levels.size, machs.size), np.nan)
    z[np.searchsorted(levels, level), np.searchsorted(machs, mach)] = cd
    return Table2D(levels, machs, z, "brake drag")
