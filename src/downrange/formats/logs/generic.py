"""Any other table: what its columns are, as told, as remembered beside the file, or as their headings say.

The mapping is a small YAML, `LOG.columns.yaml` beside the log:

    columns:
      Time: time ms
      Alt: altitude_agl ft
      Junk: ignore
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from downrange.errors import InputError, seen, suggest
from downrange.formats.logs.columns import take, unit_of
from downrange.formats.logs.draft import Draft, Match
from downrange.formats.logs.guessing import (
    altitude_unit,
    clock_text,
    quantity_of,
    rest_unit,
    size_unit,
    speed_unit,
    time_unit,
    unwrapped,
)
from downrange.formats.logs.source import Source
from downrange.formats.logs.table import Table, parse_table, plain_heading
from downrange.formats.logs.unit import _WORDS, factor, kind_of
from downrange.formats.yaml_text import read_yaml
from downrange.tracking.log import QUANTITIES, State

__all__ = ["beside", "parse_columns", "read_any", "remember"]

NAME = "a table"
_TIMES = (
    "time",
    "timestamp",
    "ts",
    "t",
    "elapsed",
    "millis",
    "flight_time",
    "elapsed_time",
    "time_since_boot",
    "clock",
    "tick",
    "unix_time",
    "utc",
    "time_sec",
)
Told = Mapping[str, tuple[str, str]]


def beside(path: Path) -> Path | None:
    """The mapping that lies beside a log, if there is one."""
    here = path.with_name(path.name + ".columns.yaml")
    return here if here.is_file() else None


def parse_columns(given: Mapping[str, object]) -> dict[str, tuple[str, str]]:
    """Quantity and unit of each heading, from words like `altitude_agl ft`, `time ms`, `ignore`. Raises `InputError`."""
    out = {}
    for heading, words in given.items():
        if not isinstance(words, str) or not words.strip():
            raise InputError(
                f"the column {seen(heading, 60)} needs a quantity and a unit, like 'altitude_agl ft'; seen {seen(words, 60)}"
            )
        name, _, unit = words.strip().partition(" ")
        if name not in QUANTITIES and name not in ("time", "ignore", "state"):
            raise InputError(
                f"{seen(name, 60)} is no quantity{suggest(name, [*QUANTITIES, 'time', 'ignore', 'state'])}; quantities: time, state, ignore, {', '.join(QUANTITIES)}"
            )
        unit = unit.strip()
        known = _WORDS.get(kind_of(name) if name not in ("ignore", "state", "other") else "", {})
        if name == "time" or (name in QUANTITIES and QUANTITIES[name][0]):
            if not unit:
                raise InputError(
                    f"the column {seen(heading, 60)} needs the unit of its {name}: one of {', '.join(list(known)[:12])}"
                )
            unit = known.get(unit.lower(), unit)
            try:
                factor(unit, name)
            except InputError as error:
                raise InputError(f"the column {seen(heading, 60)}: {error.message}") from None
        out[heading] = (name, unit)
    return out


def _remembered(path: Path | None) -> Told:
    if path is None:
        return {}
    data = read_yaml(path)
    wrong = next((k for k in data if k != "columns"), None)
    if wrong is not None or not isinstance(data.get("columns"), Mapping):
        raise InputError(f"a mapping of columns has one key, 'columns', seen {seen(list(data), 80)}", file=str(path))
    try:
        return parse_columns({str(k): v for k, v in data["columns"].items()})
    except InputError as error:
        error.file = error.file or str(path)
        raise


def remember(log: Path, told: Told) -> Path:
    """Write what was told about a log's columns beside it; returns the file."""
    out = log.with_name(log.name + ".columns.yaml")
    old = dict(_remembered(out)) if out.is_file() else {}
    lines = [f"  {_quoted(h)}: {' '.join(w for w in words if w)}" for h, words in {**old, **told}.items()]
    out.write_text("columns:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return out


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def read_any(source: Source, mapping: Path | None, told: Told | None = None) -> tuple[Draft, Match]:
    """A table of no known family, its columns as `told`, as remembered in `mapping`, or by their headings.

    Raises `InputError` for a binary file, and for columns that nothing names.
    """
    if source.text is None:
        raise InputError(
            "this is a binary file of no family that is known; export it as a table from the logger's own program"
        )
    table = parse_table(source.lines)
    if not table.names:
        raise InputError(
            f"no family of loggers has such rows, and there is no heading that says what they are: write one over them, like 'time (s),altitude (ft)'; seen {seen(source.lines[0], 80)}",
            line=1,
        )  # fmt: skip
    said = {plain_heading(k): v for k, v in {**_remembered(mapping), **(told or {})}.items()}
    missing = [k for k in said if k not in table.plain]
    if missing:
        raise InputError(
            f"no column is called {seen(missing[0], 60)}{suggest(missing[0], table.plain)}; columns: {seen(', '.join(table.names), 160)}"
        )
    draft = Draft(NAME)
    at, time = _time(table, said, draft)
    reader = _Reader(table, time, said, draft, at)
    reader.read()
    if not reader.named and not draft.states:
        raise InputError(
            f"no column of this table is known: say what they are, like --column '{table.names[-1 if at == 0 else 0]}=altitude_agl ft' (seen {seen(', '.join(table.names), 120)})"
        )
    how = "as told" if said else "by its headings"
    return draft, Match(1.0 if said else 0.5, f"no known family: a table read {how}")


def _time(table: Table, said: Told, draft: Draft) -> tuple[int, np.ndarray]:
    """The column of time, in s. Raises `InputError` where there is none, or its unit cannot be told."""
    told = next((k for k, n in enumerate(table.plain) if said.get(n, ("", ""))[0] == "time"), None)
    i = told
    if i is None:
        bare = [n.split("(")[0].split("[")[0].strip("_") for n in table.plain]
        exact = [k for k, n in enumerate(bare) if n in _TIMES]
        loose = [k for k, n in enumerate(bare) if n.startswith(("time", "timestamp", "t_", "elapsed"))]
        rising = [k for k in (exact + loose) if _rises(table, k)]
        i = next(iter(rising or exact or loose), None)
    if i is None:
        raise InputError(
            f"no column of time: say which, like --column '{table.names[0]}=time s' (seen {seen(', '.join(table.names), 160)})"
        )
    clock = clock_text(table.cells[i])
    if clock is not None:
        if len(np.unique(np.floor(clock[np.isfinite(clock)]))) < 0.34 * len(clock):
            draft.notes.append(
                f"{table.names[i]!r} has whole seconds only, for many rows each: rows spread evenly over them (± 0.5 s)"
            )
        return i, clock
    values, turn = unwrapped(table.number(i))
    if turn:
        draft.notes.append(
            f"{table.names[i]!r} begins anew at {turn:,.6g}, as counters do when they are full: put one after the other"
        )
    unit = said[table.plain[i]][1] if told is not None else unit_of(table, i, "time", "")[0]
    why = "as told" if told is not None else "from the heading"
    if not unit:
        unit, why = time_unit(values)
    if not unit:
        raise InputError(
            f"the unit of {table.names[i]!r} cannot be told by its steps: say it, like --column '{table.names[i]}=time ms'"
        )
    draft.notes.append(f"time is {table.names[i]!r}: {why if why.startswith(unit) else f'{unit}, {why}'}")
    return i, values * factor(unit, "time")[0]


def _rises(table: Table, i: int) -> bool:
    v = table.number(i)
    v = v[np.isfinite(v)]
    return (
        bool(v.size > 1 and (np.diff(v) >= 0).mean() > 0.5 and v[-1] > v[0]) or clock_text(table.cells[i]) is not None
    )


class _Reader:
    """The columns of one table, in the order in which one tells the unit of the next: pressure, altitudes, speeds, the rest."""

    def __init__(self, table: Table, time: np.ndarray, said: Told, draft: Draft, time_at: int) -> None:
        self.table, self.time, self.said, self.draft = table, time, said, draft
        self.pressure: np.ndarray | None = None
        self.altitude: np.ndarray | None = None
        self.names = {
            k: said[n][0] if n in said else quantity_of(n) for k, n in enumerate(table.plain) if k != time_at and table.names[k]
        }  # fmt: skip
        self.unknown: list[str] = []
        self.hint = ""

    @property
    def named(self) -> bool:
        """Whether any column is known for what it is, with its unit or without."""
        return any(n not in ("other", "ignore") for n in self.names.values())

    def read(self) -> None:
        """Take every column."""

        def first(k: int) -> int:
            name = self.names[k]
            return 0 if name == "pressure" else 1 if name.startswith("altitude") else 2

        rest = self._rest_unit()
        for k in sorted(self.names, key=lambda k: (first(k), k)):
            self._column(k, self.names[k], rest)
        if self.unknown:
            self.draft.warnings.append(
                f"no unit can be told for {', '.join(repr(u) for u in self.unknown[:8])}: kept as they stand; say it, like --column '{self.hint}'"
            )

    def _rest_unit(self) -> tuple[str, str]:
        three = [k for k, n in self.names.items() if n in ("acceleration_x", "acceleration_y", "acceleration_z")]
        return rest_unit(np.sqrt(sum(self.table.number(k) ** 2 for k in three[:3]))) if len(three) >= 3 else ("", "")

    def _column(self, k: int, name: str, rest: tuple[str, str]) -> None:
        table, heading = self.table, self.table.names[k]
        told = self.said.get(table.plain[k])
        if name == "ignore":
            return
        values = table.number(k)
        if name == "state" or (
            name == "other" and table.plain[k] in ("state", "state_name", "state_letter", "flight_state", "phase")
        ):
            self._states(k)
            return
        if not np.isfinite(values).any():
            if any(table.cells[k]):
                self.draft.notes.append(f"the column {heading!r} is words: not kept")
            return
        if name == "other" or (not QUANTITIES[name][0] and not told):
            self.draft.add(
                name,
                self.time,
                values,
                "",
                source=heading,
                why="not interpreted: as it stands in the file" if name == "other" else "a pure number",
            )
            return
        unit, why = (told[1], "as told") if told else unit_of(table, k, name, "")
        if not unit:
            unit, why = self._by_physics(name, values, rest)
        if not unit:
            self.unknown.append(heading)
            self.hint = self.hint or f"{heading}={name} {next(iter(_WORDS[kind_of(name)]))}"
            self.draft.add(
                "other", self.time, values, "", source=heading, why=f"its unit cannot be told ({QUANTITIES[name][1]})"
            )
            return
        zero = (values == 0) if name in ("latitude", "longitude", "gps_altitude") else None
        before = len(self.draft.channels)
        take(self.draft, table, k, name, self.time, unit=unit, why=why, missing=zero) if not told else self.draft.add(
            name, self.time, values, unit, source=heading, why=why, missing=zero
        )
        if len(self.draft.channels) > before:
            scale, shift = factor(unit, name)
            if name == "pressure" and self.pressure is None:
                self.pressure = values * scale + shift
            elif name.startswith("altitude") and self.altitude is None:
                self.altitude = values * scale + shift

    def _by_physics(self, name: str, values: np.ndarray, rest: tuple[str, str]) -> tuple[str, str]:
        if name.startswith("altitude") or name == "gps_altitude":
            return altitude_unit(self.time, values, self.pressure if name != "gps_altitude" else None)
        if name == "velocity_up":
            return speed_unit(self.time, values, self.altitude)
        if name in ("acceleration_x", "acceleration_y", "acceleration_z"):
            return rest
        return size_unit(name, values)

    def _states(self, k: int) -> None:
        last = ""
        for t, word in zip(self.time, self.table.text(k), strict=True):
            if word and word != last and np.isfinite(t):
                self.draft.states.append(State(float(t), word))
                last = word
