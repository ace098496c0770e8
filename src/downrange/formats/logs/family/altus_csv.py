"""Altus Metrum: CSV as AltosUI exports it, of a flash log or of received telemetry, old (version 5) and new (6).

Columns are known by their headings. Some versions of AltosUI wrote more values than names (gyro, magnetometer and tilt
without names), some glued two names together: what stands behind such a place is aligned again at the columns whose
contents cannot be anything else, and what cannot be aligned is left out, with a note.
"""

from __future__ import annotations

import re

import numpy as np

from downrange.errors import InputError
from downrange.formats.logs.columns import Column, fill, others
from downrange.formats.logs.draft import Draft, Match
from downrange.formats.logs.source import Source
from downrange.formats.logs.table import Table, parse_table
from downrange.tracking.log import State

NAME = "Altus Metrum CSV"
_TAIL = [
    "connected",
    "locked",
    "nsat",
    "latitude",
    "longitude",
    "altitude",
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
]
_UNNAMED = [
    "gyro_roll",
    "gyro_pitch",
    "gyro_yaw",
    "mag_x",
    "mag_y",
    "mag_z",
    "tilt",
]  # what AltosUI 1.9 leaves out of its heading
_WANTED = [
    Column("acceleration", "acceleration_net", "m/s^2"), Column("pressure", "pressure", "Pa"), Column("altitude", "altitude_msl", "m"),
    Column("height", "altitude_agl", "m"), Column("speed", "velocity_up", "m/s"), Column("accel_speed", "velocity_axial", "m/s"),
    Column("baro_speed", "velocity_pressure", "m/s"), Column("temperature", "temperature", "degC"), Column("battery_voltage", "voltage", "V", "battery"),
    Column("drogue_voltage", "voltage", "V", "drogue"), Column("main_voltage", "voltage", "V", "main"), Column("accel_x", "acceleration_x", "m/s^2"),
    Column("accel_y", "acceleration_y", "m/s^2"), Column("accel_z", "acceleration_z", "m/s^2"), Column("gyro_roll", "rate_x", "deg/s"),
    Column("gyro_pitch", "rate_y", "deg/s"), Column("gyro_yaw", "rate_z", "deg/s"), Column("mag_x", "field_x", "G"), Column("mag_y", "field_y", "G"),
    Column("mag_z", "field_z", "G"), Column("tilt", "tilt", "deg"), Column("nsat", "satellites"), Column("latitude", "latitude", "deg"),
    Column("longitude", "longitude", "deg"), Column("altitude", "gps_altitude", "m"),
]  # fmt: skip
_QUIET = {"version", "serial", "flight", "call", "clock", "rssi", "lqi", "state", "state_name", "connected", "locked", "year", "month", "day", "hour",
          "minute", "second", "pad_dist", "pad_range", "pad_az", "pad_el", "pdop", "hdop", "vdop"}  # fmt: skip


def recognise(source: Source) -> Match | None:
    """By the heading that begins with `#version` or holds `state_name` and `height`."""
    head = source.head
    if re.search(r"^#?version,\s*serial,\s*flight", head, re.MULTILINE):
        return Match(0.99, "the heading begins with 'version,serial,flight'")
    if all(w in head for w in ("serial", "ptype", "state", "height")):
        return Match(0.9, "radio packets: 'serial', 'tick', 'ptype', 'state', 'height'")
    return (
        Match(0.7, "columns state_name, pressure, height")
        if all(w in head for w in ("state_name", "pressure", "height"))
        else None
    )


def _aligned(table: Table, draft: Draft) -> Table:
    """The table with one name a column, where the heading has fewer or other names than the rows have values."""
    names, width = list(table.names), len(table.cells)
    for k, n in enumerate(names):  # two names glued: a voltage never ends in 'accel_x'
        if (m := re.fullmatch(r"(.*voltage)(accel_x)", n)) is not None:
            names[k : k + 1] = [m.group(1), m.group(2)]
            draft.notes.append(f"the heading glues two names together: {n!r} read as {m.group(1)!r} and {m.group(2)!r}")
            break
    if len(names) == width:
        return Table(tuple(names), table.cells, table.first_line, table.separator, table.decimal_comma, table.ragged)
    place = names.index("connected") if "connected" in names else len(names)
    if len(names) > width and "accel_x" in names and "gyro_z" in names:
        # The six of an inertial unit that this board has not: one empty cell stands for them.
        a, b = names.index("accel_x"), names.index("gyro_z") + 1
        gap = b - a - (len(names) - width)
        if gap >= 0 and not any(c for col in table.cells[a : a + gap] for c in col[:50]):
            draft.notes.append(
                f"the heading names {len(names)} columns, the rows have {width}: this board has no inertial unit, its names are left out"
            )
            names[a:b] = [""] * gap
    elif len(names) < width and width - len(names) == len(_UNNAMED) and "pyro" in names and "accel_z" in names:
        at = names.index("accel_z") + 1
        names[at:at] = _UNNAMED
        draft.notes.append(
            f"the rows have {width} values under {len(table.names)} names: {', '.join(_UNNAMED)} are not named by this version of AltosUI"
        )
    if len(names) != width:
        keep = min(place, len(names))
        draft.warnings.append(
            f"the heading has {len(table.names)} names, the rows {width} values: columns from {names[keep - 1]!r} on are left out"
        )
        names = names[:keep] + [""] * (width - keep)
    return Table(tuple(names), table.cells, table.first_line, table.separator, table.decimal_comma, table.ragged)


def _check(table: Table, draft: Draft) -> None:
    """What aligned columns must hold: a year, a latitude. Raises `InputError` where they do not."""
    for name, low, high in (("latitude", -90, 90), ("month", 0, 12), ("second", 0, 60)):
        i = table.index(name)
        if i is not None:
            v = table.number(i)
            v = v[np.isfinite(v) & (np.abs(v) < 2e9)]
            if v.size and not ((v >= low) & (v <= high)).all():
                raise InputError(
                    f"the columns do not line up with their names: {name!r} holds {v[(v < low) | (v > high)][0]:g}"
                )


def read(source: Source) -> Draft:
    """The log."""
    draft = Draft(NAME, zero="the device's detection of boost")
    head = next((k for k, line in enumerate(source.lines) if re.match(r"#?\s*version\s*,", line.strip().lower())), None)
    lines = source.lines if head is None else [source.lines[head].strip().lstrip("#"), *source.lines[head + 1 :]]
    table = _aligned(parse_table(lines, heading=1, first=1 if head is None else head + 1), draft)
    _check(table, draft)
    i = table.index("time")
    if i is None:
        i, draft.zero = table.index("tick"), ""
        if i is None:
            raise InputError("no column 'time' in this table of Altus Metrum")
        draft.notes.append("times are ticks of 10 ms; wraps at 655.36 s undone")
        ticks = table.number(i)
        time = (ticks + 65536 * np.cumsum(np.concatenate([[0], np.diff(ticks) < -32768]))) / 100
    else:
        time = table.number(i)
    used = fill(draft, table, time, _WANTED) | {i}
    _states(draft, table, time)
    skip = {k for k, n in enumerate(table.plain) if n in _QUIET or n.startswith("sat")}
    others(draft, table, time, used | skip)
    for key in ("serial", "flight", "call"):
        k = table.index(key)
        if k is not None and table.rows:
            draft.device[key] = table.text(k)[0]
    for line in source.lines[: head or 0]:
        if (m := re.match(r"#\s*(Product|Software version|Main deploy):\s*(.+)", line)) is not None:
            draft.device[m.group(1).lower()] = m.group(2).strip()
    if (
        table.index("rssi") is not None
        and np.isfinite(table.number(table.index("rssi") or 0)).any()
        and (table.number(table.index("rssi") or 0) != 0).any()
    ):
        draft.notes.append("received by radio: 10 Hz at best, with gaps where packets were lost")
    return draft


def _states(draft: Draft, table: Table, time: np.ndarray) -> None:
    i = table.index("state_name")
    if i is None:
        return
    last = ""
    order = np.argsort(time, kind="stable") if np.isfinite(time).all() else range(len(time))
    words = table.text(i)
    for k in order:
        if words[k] and words[k] != last:
            last = words[k]
            draft.states.append(State(float(time[k]), last))
