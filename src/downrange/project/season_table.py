"""A season written down: a table of flights, a line each, by its headings, or the list of a YAML file with the same keys.

Headings are words with their unit: `mass (g)`, `altitude_ft`, `Wind mph`. A cell may have its own unit, which then counts (`812 ft`).
What a column has no unit for, and needs one, is an error; a cell that is empty is not known; a column nobody knows is named, not dropped.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from downrange.errors import InputError, UnitError, seen
from downrange.formats.columns import read_sheet
from downrange.formats.reading import guarded
from downrange.formats.yaml_text import read_yaml
from downrange.units import compass, parse_quantity

__all__ = ["Line", "Season", "is_season", "read_season"]

_MOST = 500  # flights of a season


@dataclass(frozen=True)
class _Column:
    """A column: how it is called (in the order of preference), and the kind of its quantity; words where that is empty."""

    key: str
    names: tuple[str, ...]
    kind: str = ""


_COLUMNS = (
    _Column("mass_without_motor", ("mass without motor", "dry mass", "empty mass", "mass empty"), "mass"),
    _Column("liftoff_mass", ("liftoff mass", "lift off mass", "takeoff mass", "total mass", "pad mass", "mass with motor", "liftoff weight", "total weight"), "mass"),
    _Column("mass", ("mass", "weight", "rocket mass"), "mass"),
    _Column("ballast", ("ballast", "added mass"), "mass"),
    _Column("height", ("true altitude", "gps altitude", "true apogee", "gps apogee", "true height", "gps height"), "length"),
    _Column("shown", ("altitude", "apogee", "altitude achieved", "height", "alt", "altimeter", "max altitude"), "length"),
    _Column("time", ("time of flight", "flight time", "duration", "time", "total time"), "time"),
    _Column("temperature", ("temperature", "temp", "air temperature"), "temperature"),
    _Column("pressure", ("pressure", "air pressure", "barometer"), "pressure"),
    _Column("wind_from", ("wind from", "wind direction", "direction"), "direction"),
    _Column("wind", ("wind", "wind speed"), "speed"),
    _Column("chute", ("chute", "parachute", "canopy", "chute diameter", "parachute diameter", "chute size", "parachute size"), "length"),
    _Column("motor", ("motor", "engine")),
    _Column("date", ("date", "day")),
    _Column("name", ("name", "flight", "flight number", "number", "no", "flight no")),
    _Column("launch", ("launch", "launch file")),
    _Column("logs", ("logs", "log", "log file", "files")),
    _Column("outcome", ("outcome", "result", "what happened")),
    _Column("notes", ("notes", "note", "comment", "comments", "remarks", "score", "payload", "egg")),
)  # fmt: skip
_UNITS = {"f": "degF", "°f": "degF", "c": "degC", "°c": "degC", "deg f": "degF", "deg c": "degC", "sec": "s", "secs": "s", "seconds": "s", "feet": "ft", "meters": "m",
          "metres": "m", "grams": "g", "ounces": "oz", "mb": "hPa", "mbar": "hPa", "inhg": "inHg", "kts": "kt", "knots": "kt", "kph": "km/h", "inches": "inch"}  # fmt: skip
_EMPTY = ("", "-", "--", "n/a", "na", "?", "none", "nan")


@dataclass(frozen=True)
class Line:
    """One flight of a season as it was written: values in SI by column, words as they are; what is not known is not there. `line` is where it stands."""

    line: int
    values: Mapping[str, Any]

    def get(self, key: str) -> Any:
        """The value of a column, None where it is not known."""
        return self.values.get(key)


@dataclass(frozen=True)
class Season:
    """The flights of a file in its order, the headings that nobody knew, and which lines end before the last heading."""

    path: Path
    lines: tuple[Line, ...]
    unknown: tuple[str, ...]
    short: tuple[int, ...] = ()


def _words(text: str) -> str:
    return re.sub(r"[^a-z0-9°/%]+", " ", text.lower().replace("-", " ")).strip()


def _column_of(heading: str) -> tuple[_Column, str] | None:
    """The column that a heading means and the unit in it (empty: none); None where nobody knows it."""
    plain = _words(heading)
    for column in _COLUMNS:
        for name in sorted(column.names, key=len, reverse=True):
            if plain == name:
                return column, ""
            if plain.startswith(name + " ") and column.kind:
                unit = plain[len(name) + 1 :]
                unit = _UNITS.get(unit, unit)
                raw = re.search(r"[(\[]([^)\]]+)[)\]]", heading)
                for asked in (unit, raw.group(1).strip() if raw else unit):
                    if _is_unit(asked, column.kind):
                        return column, asked
    return None


def _is_unit(unit: str, kind: str) -> bool:
    try:
        parse_quantity(f"1 {unit}", "angle" if kind == "direction" else kind)
    except (UnitError, InputError):
        return False
    return bool(unit)


def is_season(path: Path) -> bool:
    """Whether a file is a table of flights and no log: its headings name a height, and a mass, motor, launch or date beside it."""
    if path.suffix.lower() in (".yaml", ".yml"):
        return True
    if path.suffix.lower() not in (".csv", ".txt", ".tsv"):
        return False
    try:
        with path.open("rb") as f:
            head = f.read(4096).decode("utf-8-sig", errors="replace")
    except OSError:
        return False
    first = next((x for x in head.splitlines() if x.strip(" ,;\t") and not x.lstrip().startswith("#")), "")
    cells = next(csv.reader(io.StringIO(first), delimiter=next((m for m in ("\t", ";") if m in first), ",")), [])
    known = {found[0].key for c in cells if (found := _column_of(c)) is not None}
    flown = bool(known & {"shown", "height"}) and bool(
        known & {"mass", "liftoff_mass", "mass_without_motor", "motor", "date", "launch", "ballast", "chute"}
    )
    return flown or {"launch", "logs"} <= known


@guarded("a table of flights")
def read_season(path: Path) -> Season:
    """Read a season's table. Raises `InputError` with the line for what cannot be read, and where no heading is known."""
    if path.suffix.lower() in (".yaml", ".yml"):
        return _from_yaml(path)
    sheet = read_sheet(path)
    columns: dict[int, tuple[_Column, str]] = {}
    unknown = []
    for k, heading in enumerate(sheet.names):
        found = _column_of(heading)
        if found is None:
            if heading:
                unknown.append(heading)
        elif any(c.key == found[0].key for c, _ in columns.values()) and found[0].key != "notes":
            raise InputError(
                f"two columns are {found[0].names[0]}; keep one (seen {seen(heading, 60)})", file=str(path), line=1
            )
        else:
            columns[k] = found
    if not columns:
        raise InputError(
            f"no heading is known; write some of: date, launch, logs, mass (g), motor, wind (mph), temperature (F), altitude (ft), time (s), chute (in), outcome; "
            f"seen {seen(', '.join(sheet.names), 100)}", file=str(path), line=1,
        )  # fmt: skip
    _few(len(sheet.rows), path)
    lines = []
    for line, cells in sheet.rows:
        if any(cells[len(sheet.names) :]):
            raise InputError(
                f"{len(cells)} cells under {len(sheet.names)} headings, so that none may stand under its own: a number with a comma in it ('42,1'; write 42.1)? Seen {seen(', '.join(cells), 100)}",
                file=str(path), line=line,
            )  # fmt: skip
        values = {}
        for k, (column, unit) in columns.items():
            cell = cells[k].strip() if k < len(cells) else ""
            if cell.lower() not in _EMPTY:
                text = cell.replace(",", ".") if sheet.decimal_comma and column.kind else cell
                values[column.key] = _value(text, column, unit, path, line)
        if values:
            lines.append(Line(line, values))
    short = tuple(line for line, cells in sheet.rows if len(cells) < len(sheet.names))
    return Season(path, tuple(lines), tuple(unknown), short)


def _few(count: int, path: Path) -> None:
    if count > _MOST:
        raise InputError(f"{count} flights; a season has at most {_MOST}: is this a log?", file=str(path))


def _value(text: Any, column: _Column, unit: str, path: Path, line: int) -> Any:
    """A cell as it counts: SI by its own unit or the heading's; words as they are."""
    if not column.kind:
        return str(text)[:200]
    words = str(text).strip()
    bare = re.fullmatch(r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?", words) is not None
    kind = "angle" if column.kind == "direction" else column.kind
    what = column.names[0]
    if bare and not unit and column.kind != "direction":
        if column.kind == "time":
            unit = "s"
        else:
            raise InputError(
                f"{what} {words} has no unit: head the column like '{what} ({_example(column.kind)})'",
                file=str(path),
                line=line,
            )
    try:
        if column.kind == "direction":
            q = parse_quantity(compass(f"{words} deg" if bare else words), kind)
        else:
            own = re.sub(r"(?<=[0-9 ])°?([FC])$", r"deg\1", words)
            q = parse_quantity(f"{words} {unit}" if bare else own, kind)
    except (UnitError, InputError) as error:
        raise InputError(f"{what}: {error.message}", file=str(path), line=line) from None
    if column.kind in ("length", "mass", "time", "pressure") and not q.value > 0 and column.key != "ballast":
        raise InputError(f"{what} of {seen(words, 40)}: above zero was expected", file=str(path), line=line)
    return q.value


def _example(kind: str) -> str:
    return {"length": "ft", "mass": "g", "temperature": "F", "pressure": "hPa", "speed": "mph"}.get(kind, "s")


def _from_yaml(path: Path) -> Season:
    data: Any = read_yaml(path)
    entries = data.get("flights") if isinstance(data, Mapping) else data
    if not isinstance(entries, list) or not all(isinstance(e, Mapping) for e in entries):
        raise InputError(
            "a list of flights is wanted: 'flights:' and a line each, like '- {launch: launch.yaml, logs: [first.csv], outcome: nominal}'",
            file=str(path),
        )
    _few(len(entries), path)
    lines, unknown = [], list[str]()
    for k, entry in enumerate(entries):
        at = entries.lc.item(k)[0] + 1 if hasattr(entries, "lc") else k + 1
        values: dict[str, Any] = {}
        for key, given in entry.items():
            found = _column_of(str(key))
            if found is None:
                unknown.append(str(key))
            elif given is not None and str(given).lower() not in _EMPTY:
                if found[0].key in values:
                    raise InputError(
                        f"{seen(str(key), 40)} says {found[0].names[0]} twice; keep one", file=str(path), line=at
                    )
                text = ";".join(map(str, given)) if isinstance(given, list) else given
                values[found[0].key] = _value(text, found[0], found[1], path, at)
        lines.append(Line(at, values))
    return Season(path, tuple(lines), tuple(dict.fromkeys(unknown)))
