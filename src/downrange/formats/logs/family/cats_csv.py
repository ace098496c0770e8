"""CATS Vega: tables that its configurator exports (one a sensor), the ground station's log, and the text of statistics.

Sensors of one kind are told apart by `id`; their rows are interleaved. The ground station writes the packets of its two
receivers one below the other, so that times step back; its positions are in steps of 1e-4 degrees (11 m).
"""

from __future__ import annotations

import re

import numpy as np

from downrange.errors import InputError
from downrange.formats.logs.columns import Column, fill, others, take
from downrange.formats.logs.draft import Draft, Match
from downrange.formats.logs.source import Source
from downrange.formats.logs.table import Table, parse_table
from downrange.tracking.log import State

NAME = "CATS"
STATES = {
    0: "invalid",
    1: "calibrating",
    2: "ready",
    3: "thrusting",
    4: "coasting",
    5: "drogue",
    6: "main",
    7: "touchdown",
}
_SENSOR = [
    Column("t", "temperature", "degC"), Column("p", "pressure", "Pa"), Column("ax", "acceleration_x", "m/s^2"), Column("ay", "acceleration_y", "m/s^2"),
    Column("az", "acceleration_z", "m/s^2"), Column("gx", "rate_x", "deg/s"), Column("gy", "rate_y", "deg/s"), Column("gz", "rate_z", "deg/s"),
]  # fmt: skip
_FLIGHT = [
    Column("height", "altitude_filtered", "m"), Column("velocity", "velocity_up", "m/s"), Column("acceleration", "acceleration_filtered", "m/s^2"),
    Column("filteredaltitudeagl", "altitude_agl", "m"), Column("filtered_altitude_agl", "altitude_agl", "m"),
    Column("filteredacceleration", "acceleration_net", "m/s^2"), Column("filtered_acceleration", "acceleration_net", "m/s^2"),
    Column("latitude", "latitude", "deg"), Column("longitude", "longitude", "deg"), Column("lat", "latitude", "deg"), Column("lon", "longitude", "deg"),
    Column("satellites", "satellites"),
]  # fmt: skip
_RADIO = [
    Column("lat", "latitude", "e-4deg"), Column("lon", "longitude", "e-4deg"), Column("altitude", "altitude_filtered", "m"),
    Column("velocity", "velocity_up", "m/s"), Column("battery", "voltage", "dV", "battery"),
]  # fmt: skip


def recognise(source: Source) -> Match | None:
    """By `ts` among its columns, `ts[deciseconds]`, or the title of the statistics."""
    head = source.head
    first = head.split("\n", 1)[0].strip()
    if "ts[deciseconds]" in first:
        return Match(0.99, "the column ts[deciseconds] of the ground station")
    if re.match(r"flight #\d+ stats", head) and "time since bootup" in head:
        return Match(0.99, "the first line says Flight Stats")
    names = [n.strip() for n in first.split(",")]
    if "ts" in names and {"id", "t", "p"} <= set(names) or "ts" in names and {"id", "ax", "gx"} <= set(names):
        return Match(0.95, "the columns ts and id of a sensor")
    if "ts" in names and any(
        n in names for n in ("height", "filteredaltitudeagl", "filtered_altitude_agl", "latitude")
    ):
        return Match(0.9, "the column ts, with heights or positions")
    return None


def _statistics(source: Source) -> Draft:
    draft = Draft(NAME + " statistics")
    wanted = {"max. height [m]": ("apogee above the pad", "m", "altitude_agl"), "max. velocity [m/s]": ("greatest speed", "m/s", "velocity_up"),
              "max. acceleration [m/s^2]": ("greatest acceleration", "m/s^2", "acceleration_net"), "height_0 [m asl]": ("elevation of the pad", "m", "altitude_agl")}  # fmt: skip
    for line in source.lines:
        key, _, value = (p.strip() for p in line.partition(":"))
        if key.lower() in wanted and re.fullmatch(r"-?[\d.]+", value):
            name, unit, quantity = wanted[key.lower()]
            draft.claim(name, float(value), unit, quantity, line.strip())
        elif key.lower() == "liftoff time":
            draft.device["lift-off"] = value
    if not draft.claims:
        raise InputError("statistics of CATS without a height or a speed")
    return draft


def _radio(table: Table, draft: Draft) -> Draft:
    """Packets of both receivers merged: sorted by time, and each kept once."""
    i = next(k for k, n in enumerate(table.plain) if n.startswith("ts"))
    link, state = table.index("link"), table.index("state")
    ticks = table.number(i)
    back = int((np.diff(ticks) < 0).sum())
    order = np.argsort(ticks, kind="stable")
    cells = [list(c) for c in table.cells]
    inner = [c for k, c in enumerate(cells) if k != link]
    seen_rows: set[tuple[str, ...]] = set()
    keep = []
    for k in order:
        row = tuple(c[k] for c in inner)
        if row not in seen_rows:
            seen_rows.add(row)
            keep.append(k)
    if len(keep) < len(order):
        draft.notes.append(
            f"two receivers interleaved: time steps back {back} times; sorted, {len(order) - len(keep)} packets received twice kept once"
        )
    table = Table(
        table.names,
        tuple(tuple(c[k] for k in keep) for c in cells),
        table.first_line,
        table.separator,
        table.decimal_comma,
    )
    time = table.number(i) / 10
    used = fill(draft, table, time, _RADIO) | {i}
    if state is not None:
        _states(draft, table.number(state), time)
    others(draft, table, time, used | {k for k in (state, link) if k is not None})
    draft.notes.append("positions in steps of 0.0001° (11 m)")
    return draft


def _states(draft: Draft, values: np.ndarray, time: np.ndarray) -> None:
    change = np.flatnonzero(np.diff(np.concatenate([[-1.0], np.nan_to_num(values, nan=-1.0)])) != 0)
    draft.states += [
        State(float(time[k]), STATES.get(int(values[k]), f"state {values[k]:g}"))
        for k in change
        if np.isfinite(values[k])
    ]


def read(source: Source) -> Draft:
    """The log, or the statistics."""
    if source.head.lstrip().startswith("flight #"):
        return _statistics(source)
    draft = Draft(NAME)
    table = parse_table(source.lines, heading=1)
    if any(n.startswith("ts[") for n in table.plain):
        return _radio(table, draft)
    i = table.index("ts")
    if i is None:
        raise InputError("no column 'ts' in this table of CATS")
    ts = table.number(i)
    step = np.diff(np.unique(ts[np.isfinite(ts)]))
    thousandths = bool(step.size and np.median(step) >= 1)
    time = ts / 1000 if thousandths else ts
    draft.zero = "" if thousandths else "the device's detection of thrust" if np.nanmin(ts) < 0 else ""
    draft.notes.append(f"times are {'milliseconds since power-up' if thousandths else 'seconds'}, by their steps")
    which = table.index("id")
    used = {i} | ({which} if which is not None else set()) | {k for k, n in enumerate(table.names) if not n}
    if which is None:
        used |= fill(draft, table, time, _FLIGHT)
        return _rest(draft, table, time, used)
    ids = np.array(table.text(which))
    found = sorted(set(ids))[:12]
    for one in found:
        rows = ids == one
        part = Table(
            table.names,
            tuple(tuple(c for c, r in zip(col, rows, strict=True) if r) for col in table.cells),
            table.first_line,
            table.separator,
            False,
        )
        for w in _SENSOR:
            k = part.index(w.heading)
            if k is not None:
                take(draft, part, k, w.name, time[rows], unit=w.unit, sensor=one)
                used.add(k)
    draft.notes.append(f"{len(found)} sensors interleaved by id: {', '.join(found)}")
    return _rest(draft, table, time, used)


def _rest(draft: Draft, table: Table, time: np.ndarray, used: set[int]) -> Draft:
    others(draft, table, time, used)
    return draft
