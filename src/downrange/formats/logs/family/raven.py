"""Featherweight Raven: CSV of the Featherweight Interface Program (FIP), a clock for every channel.

Columns come in threes, `Time@X, X, bILBA` (or `Time-X`, or `Time (s)` before X); bILBA are flags of events. What FIP computed
itself stands in square brackets in its headings.
"""

from __future__ import annotations

import re

import numpy as np

from downrange.errors import InputError
from downrange.formats.logs.columns import take
from downrange.formats.logs.draft import Draft, Match
from downrange.formats.logs.source import Source
from downrange.formats.logs.table import Table, parse_table
from downrange.tracking.log import State

NAME = "Featherweight Raven"
_QUANTITY: tuple[tuple[str, str, str, str], ...] = (
    # words of the heading, quantity, unit where the heading has none, sensor
    (r"axial accel", "acceleration_axial", "g0", ""), (r"lateral accel", "acceleration_y", "g0", ""), (r"^baro \(atm\)|baro press", "pressure", "atm", ""),
    (r"altitude \(baro-ft-agl|altitude \(ft-agl", "altitude_agl", "ft", ""), (r"altitude \(baro-ft-asl|altitude \(ft-asl", "altitude_msl", "ft", ""),
    (r"altitude \(accel", "altitude_inertial", "ft", ""), (r"velocity \(accel-mph", "velocity_axial", "mph", "mph"),
    (r"velocity \(accel", "velocity_axial", "ft/s", ""), (r"temperature", "temperature", "degF", ""), (r"current", "current", "A", ""),
    (r"volts battery", "voltage", "V", "battery"), (r"volts pyro (\w+)", "voltage", "V", "pyro"),
)  # fmt: skip
_FLAGS = "ignition", "liftoff", "burnout", "apogee"  # the letters I, L, B, A


def recognise(source: Source) -> Match | None:
    """By `bILBA` in the heading, or `Time@`."""
    first = source.head.split("\n", 1)[0]
    if "bilba" in first and ("time@" in first or "time-" in first or "time" in first):
        return Match(0.99, "columns 'bILBA' beside channels with their own clocks")
    return Match(0.85, "channels with their own clocks, 'Time@'") if first.count("time@") > 1 else None


def _whole(lines: list[str], draft: Draft) -> list[str]:
    """Rows with three cells for every channel. A channel that has ended may leave two empty cells instead of three, and what
    follows moves to the left: known by the length of the row and the flags that it has."""
    width = lines[0].count(",") + 1
    out, moved = [lines[0]], 0
    for line in lines[1:]:
        cells = line.split(",")
        full = sum(1 for c in cells if len(c) == 5 and c[0] == "b")
        if len(cells) < width and width % 3 == 0 and len(cells) == 3 * full + 2 * (width // 3 - full):
            moved += 1
            wide, i = [], 0
            for _ in range(width // 3):
                short = cells[i] == "" and cells[i + 1] == ""
                wide += ["", "", ""] if short else cells[i : i + 3]
                i += 2 if short else 3
            cells = wide
            line = ",".join(cells)
        out.append(line)
    if moved:
        draft.notes.append(
            f"in {moved} rows channels that had ended leave a cell out: the rest moved back under its heading"
        )
    return out


def _pairs(table: Table) -> list[tuple[int, int, int | None]]:
    """Index of time, of its channel, and of the flags, for every channel."""
    out = []
    for i, name in enumerate(table.plain[:-1]):
        if not re.match(r"time[@\-_( ]|time$", name):
            continue
        flags = i + 2 if i + 2 < len(table.plain) and table.plain[i + 2] == "bilba" else None
        own = re.sub(r"^time[@\-]", "", name)
        if own.startswith("time") or own == table.plain[i + 1]:
            out.append((i, i + 1, flags))
    return out


def read(source: Source) -> Draft:
    """The log."""
    draft = Draft(NAME, zero="the device's detection of launch")
    table = parse_table(_whole(source.lines, draft), heading=1)
    pairs = _pairs(table)
    if not pairs:
        raise InputError(
            "no column stands behind its own 'Time@': this is no table of the Featherweight Interface Program"
        )
    draft.notes.append(f"{len(pairs)} channels, each with its own clock")
    for t, v, flags in pairs:
        time = table.number(t)
        heading = table.names[v].strip("[] ").lower()
        for pattern, name, unit, sensor in _QUANTITY:
            if (m := re.search(pattern, heading)) is not None:
                take(
                    draft, table, v, name, time, unit=unit, sensor=f"pyro {m.group(1)}" if sensor == "pyro" else sensor
                )
                break
        else:
            draft.add(
                "other",
                time,
                table.number(v),
                "",
                source=table.names[v],
                why="not interpreted: as it stands in the file",
            )
        if flags is not None and not draft.states:
            _events(draft, time, table.text(flags))
    return draft


def _events(draft: Draft, time: np.ndarray, words: tuple[str, ...]) -> None:
    """The four flags of `b1111`: the first time that each is set."""
    for k, name in enumerate(_FLAGS):
        first = next(
            (
                i
                for i, w in enumerate(words)
                if len(w) == 5 and w[0] == "b" and w[k + 1] == "1" and np.isfinite(time[i])
            ),
            None,
        )
        if first is not None:
            draft.states.append(State(float(time[first]), name))
