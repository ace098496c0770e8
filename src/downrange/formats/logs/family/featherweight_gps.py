"""Featherweight GPS: the log in the tracker, and that of the ground station (two positions a row: the tracker's counts)."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np

from downrange.errors import InputError
from downrange.formats.logs.columns import Column, fill, others
from downrange.formats.logs.draft import Draft, Match
from downrange.formats.logs.source import Source
from downrange.formats.logs.table import Table, parse_table

NAME = "Featherweight GPS"
_TRACKER = [
    Column("alt", "gps_altitude", "ft"), Column("lat", "latitude", "deg"), Column("lon", "longitude", "deg"), Column("#sats", "satellites"),
    Column("sats", "satellites"), Column("horzv", "gps_speed", "ft/s"), Column("vertv", "gps_climb", "ft/s"), Column("batt", "voltage", "V", "battery"),
]  # fmt: skip
_GROUND = [
    Column("tracker_lat", "latitude", "deg"), Column("tracker_lon", "longitude", "deg"), Column("tracker_alt_asl", "gps_altitude", "ft"),
    Column("#tot", "satellites"), Column("tot", "satellites"), Column("horzv", "gps_speed", "ft/s"), Column("vertv", "gps_climb", "ft/s"),
    Column("batt", "voltage", "V", "battery"),
]  # fmt: skip


def recognise(source: Source) -> Match | None:
    """By UNIXTIME and HORZV, or by the ground station's pairs of positions."""
    first = source.head.split("\n", 1)[0]
    if "unixtime" in first and "horzv" in first:
        return Match(0.99, "the columns UNIXTIME and HORZV of the tracker")
    if "tracker lat" in first and "gs lat" in first:
        return Match(0.99, "the columns 'GS Lat' and 'TRACKER Lat' of the ground station")
    return None


def _clock(table: Table) -> tuple[np.ndarray, str]:
    i = table.index("unixtime")
    if i is not None:
        time = table.number(i)
        return time, f"{np.nanmin(time):.1f} s of the Unix clock"
    days, hours = table.index("date"), table.index("time")
    if days is None or hours is None:
        raise InputError("no column UNIXTIME, nor DATE and TIME, in this table of a Featherweight GPS")
    out = np.full(table.rows, np.nan)
    for k, (d, h) in enumerate(zip(table.text(days), table.text(hours), strict=True)):
        m = re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?) (\d\d?):(\d\d?):(\d\d?(?:\.\d+)?)", f"{d} {h}")
        if m:
            try:
                day = dt.date(int(m[1]), int(m[2]), int(m[3])).toordinal()
            except ValueError:
                continue
            out[k] = (day - 719163) * 86400 + int(m[4]) * 3600 + int(m[5]) * 60 + float(m[6])
    if not np.isfinite(out).any():
        raise InputError("no cell of DATE and TIME is like 2026-01-18 and 10:45:45.282")
    return out, f"{table.text(days)[0]} {table.text(hours)[0]} by the phone"


def read(source: Source) -> Draft:
    """The log."""
    draft = Draft(NAME)
    table = parse_table(source.lines, heading=1)
    ground = any(n.startswith("gs_lat") for n in table.plain)
    time, start = _clock(table)
    draft.device["clock at the first row"] = start
    fix = table.index("fix")
    used = fill(draft, table, time, _GROUND if ground else _TRACKER)
    if fix is not None:
        _without_fix(draft, table.number(fix), time)
    skip = {
        k
        for k, n in enumerate(table.plain)
        if n in ("unixtime", "date", "time", "utctime", "fix", "tracker") or n.startswith(("gs_", "found_"))
    }
    others(draft, table, time, used | skip)
    if ground:
        draft.notes.append("two positions a row: the tracker's is taken, the ground station's left")
    draft.notes.append("altitudes are GPS heights above sea level in feet, 10 to 20 m uncertain")
    return draft


def _without_fix(draft: Draft, fix: np.ndarray, time: np.ndarray) -> None:
    from downrange.tracking.log import Quality
    from downrange.tracking.trust import mark

    lost = time[(fix < 2) & np.isfinite(time)]
    for c in draft.channels:
        if c.name in ("latitude", "longitude", "gps_altitude", "gps_speed", "gps_climb"):
            mark(c.quality, np.isin(c.time, lost), Quality.NO_FIX)
