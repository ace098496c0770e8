"""Eggtimer (TRS, Quantum, Quark, Proton): milliseconds, feet above the pad, feet a second; 20 readings a second.

`LDA`, `Apogee`, `Drogue`, `Main` are no flags: they hold the altitude in the one row where the event was. Some exports lose the
decimal mark of the columns with two decimals (a spreadsheet's work): that is seen by their ratio to the altitude, put right,
and said.
"""

from __future__ import annotations

import numpy as np

from downrange.errors import InputError
from downrange.formats.logs.columns import others
from downrange.formats.logs.draft import Draft, Match
from downrange.formats.logs.source import Source
from downrange.formats.logs.table import Table, parse_table
from downrange.tracking.log import State

NAME = "Eggtimer"
_EVENTS = {
    "lda": "launch detected",
    "apogee": "apogee",
    "n-o": "nose-over",
    "drogue": "drogue fired",
    "main": "main fired",
    "lowv": "speed is low",
}


def recognise(source: Source) -> Match | None:
    """By the columns T, Alt, Veloc, Filt_Alt, FVeloc."""
    first = source.head.split("\n", 1)[0].replace(" ", "")
    found = all(w in first for w in ("alt", "veloc", "filt_alt", "fveloc"))
    return Match(0.99, "the columns T, Alt, Veloc, Filt_Alt, FVeloc") if found else None


def _lost_mark(values: np.ndarray, like: np.ndarray) -> bool:
    """Whether values are a hundred times what they should be like."""
    ok = np.isfinite(values) & np.isfinite(like) & (np.abs(like) > 0.3 * np.nanmax(np.abs(like)))
    return bool(ok.sum() > 5 and abs(float(np.median(values[ok] / like[ok])) / 100 - 1) < 0.2)


def read(source: Source) -> Draft:
    """The log."""
    draft = Draft(NAME, zero="the device's first stored reading, at lift-off")
    table = parse_table(source.lines, heading=1)
    i = table.index("t")
    altitude = table.index("alt")
    if i is None or altitude is None:
        raise InputError("no columns T and Alt in this table of an Eggtimer")
    time = table.number(i) / 1000
    alt = table.number(altitude)
    draft.add("altitude_agl", time, alt, "ft", source=table.names[altitude], why="feet: an Eggtimer's unit")
    used = {i, altitude}
    pace = (
        np.gradient(alt, np.maximum.accumulate(np.nan_to_num(time) + 1e-9 * np.arange(len(time))))
        if len(alt) > 1
        else alt
    )
    lost = []
    for name, quantity, unit, like in (
        ("filt_alt", "altitude_filtered", "ft", alt), ("veloc", "velocity_pressure", "ft/s", pace), ("fveloc", "velocity_up", "ft/s", pace),
    ):  # fmt: skip
        k = table.index(name)
        if k is None:
            continue
        values = table.number(k)
        if name == "filt_alt" and _lost_mark(values, like):
            lost.append(name)
        if lost:
            values = values / 100  # one export writes all three with two decimals, and loses the mark of all or of none
        if lost and name != "filt_alt":
            lost.append(name)
        draft.add(
            quantity,
            time,
            values,
            unit,
            source=table.names[k],
            why=f"{'feet' if unit == 'ft' else 'feet a second'}: an Eggtimer's unit",
        )
        used.add(k)
    if lost:
        draft.notes.append(
            f"the decimal mark is lost in {', '.join(lost)} (they are 100 times the altitude's figures): divided by 100"
        )
    _events(draft, table, time, used)
    others(draft, table, time, used)
    return draft


def _events(draft: Draft, table: Table, time: np.ndarray, used: set[int]) -> None:
    for k, n in enumerate(table.plain):
        if n in _EVENTS:
            used.add(k)
            rows = np.flatnonzero(np.nan_to_num(table.number(k)) != 0)
            rows = rows[np.isfinite(time[rows]) & (time[rows] > 0.02)] if n in ("drogue", "main", "apogee") else rows
            if rows.size:
                draft.states.append(State(float(time[rows[0]]), _EVENTS[n]))
