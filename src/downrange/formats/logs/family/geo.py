"""Positions in files of maps and receivers: KML and KMZ (paths and `gx:Track`), GPX, and NMEA 0183."""

from __future__ import annotations

import datetime as dt
import math
import re
from pathlib import Path
from typing import Any

import numpy as np

from downrange.errors import InputError
from downrange.formats.logs.draft import Draft, Match
from downrange.formats.logs.source import Source
from downrange.formats.reading import parse_xml

NAME = "GPS track"
_NMEA = re.compile(r"\$G[NPLAB](GGA|RMC),([^*\r\n]*)(?:\*([0-9A-Fa-f]{2}))?")


def recognise(source: Source) -> Match | None:
    """By the root of the XML, the zip of a KMZ, or sentences of NMEA."""
    head = source.head
    if source.data[:4] == b"PK\x03\x04" and b".kml" in source.data[:4000]:
        return Match(0.95, "a zip with a .kml in it")
    if "<kml" in head:
        return Match(0.98, "KML")
    if "<gpx" in head:
        return Match(0.98, "GPX")
    hits = len(re.findall(r"^\$g[nplab](?:gga|rmc|gsv|gsa|vtg|gll),", head, re.MULTILINE))
    return Match(0.97, "sentences of NMEA 0183") if hits > 2 else None


def _stamp(text: str | None) -> float:
    """Seconds since 1970 of an ISO time; NaN without one."""
    if not text:
        return math.nan
    try:
        when = dt.datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        return math.nan
    return when.timestamp() if when.tzinfo else when.replace(tzinfo=dt.UTC).timestamp()


def _tag(node: Any) -> str:
    return str(node.tag).rsplit("}", 1)[-1]


def _kml(source: Source, path: Path) -> list[tuple[float, ...]]:
    from downrange.formats.shapes.kml import _unzipped

    data = _unzipped(source.data) if source.data[:4] == b"PK\x03\x04" else source.data
    root = parse_xml(data, path, "KML")
    rows: list[tuple[float, ...]] = []
    for node in root.iter():
        if _tag(node) == "Track":
            when = [_stamp(w.text) for w in node.iterfind("{*}when")]
            where = [(c.text or "").split() for c in node.iterfind("{*}coord")]
            rows += [(t, *_numbers(w)) for t, w in zip(when, where, strict=False)]
    if rows:
        return rows
    for node in root.iter():
        if _tag(node) == "LineString":
            words = (node.findtext("{*}coordinates") or "").split()
            rows += [(math.nan, *_numbers(w.split(","))) for w in words]
    return rows


def _numbers(words: list[str]) -> tuple[float, float, float]:
    try:
        v = [float(w) for w in words[:3]]
    except ValueError:
        raise InputError(f"a coordinate is no number: {' '.join(words)[:80]!r}") from None
    if len(v) < 2:
        raise InputError("a coordinate without longitude and latitude")
    return v[0], v[1], v[2] if len(v) > 2 else math.nan


def _gpx(source: Source, path: Path) -> list[tuple[float, ...]]:
    rows: list[tuple[float, ...]] = []
    for node in parse_xml(source.data, path, "GPX").iter():
        if _tag(node) in ("trkpt", "rtept"):
            try:
                height = node.findtext("{*}ele")
                rows.append(
                    (
                        _stamp(node.findtext("{*}time")),
                        float(node.get("lon", "")),
                        float(node.get("lat", "")),
                        float(height) if height else math.nan,
                    )
                )
            except ValueError:
                raise InputError("a point of the track has no lat, lon or ele that is a number") from None
    return rows


def _degrees(text: str, side: str) -> float:
    """`4916.45` and `N`: degrees and minutes of NMEA in degrees."""
    m = re.fullmatch(r"(\d{1,3})(\d\d(?:\.\d+)?)", text)
    return math.nan if m is None else (int(m[1]) + float(m[2]) / 60) * (-1 if side in ("S", "W") else 1)


def _nmea(source: Source, draft: Draft) -> list[tuple[float, ...]]:
    """Fixes of GGA (with height), else of RMC; sentences with a wrong checksum are counted and left out."""
    gga: list[tuple[float, ...]] = []
    rmc: list[tuple[float, ...]] = []
    wrong, day, last = 0, 0, -1.0
    for m in _NMEA.finditer(source.text or ""):
        body, fields = m.group(0)[1:].split("*")[0], m.group(2).split(",")
        if m.group(3) is not None and _checksum(body) != int(m.group(3), 16):
            wrong += 1
            continue
        clock = re.fullmatch(r"(\d\d)(\d\d)(\d\d(?:\.\d+)?)", fields[0] if fields else "")
        if clock is None:
            continue
        t = int(clock[1]) * 3600 + int(clock[2]) * 60 + float(clock[3])
        if t < last - 43_200:
            day += 1
        last = t
        if m.group(1) == "GGA" and len(fields) >= 9 and fields[5] not in ("", "0"):
            gga.append(
                (
                    t + 86_400 * day,
                    _degrees(fields[3], fields[4]),
                    _degrees(fields[1], fields[2]),
                    _float(fields[8]),
                    _float(fields[6]),
                )
            )
        elif m.group(1) == "RMC" and len(fields) >= 7 and fields[1] == "A":
            rmc.append(
                (t + 86_400 * day, _degrees(fields[4], fields[5]), _degrees(fields[2], fields[3]), math.nan, math.nan)
            )
    if wrong:
        draft.warnings.append(f"{wrong} sentences have a wrong checksum: left out")
    if day:
        draft.notes.append("the clock passes midnight: days added")
    return gga or rmc


def _checksum(body: str) -> int:
    total = 0
    for c in body.encode("ascii", "replace"):
        total ^= c
    return total


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def read(source: Source) -> Draft:
    """The track."""
    draft = Draft(NAME)
    head = source.head
    if "<gpx" in head:
        rows, what = _gpx(source, source.path), "GPX"
    elif "<kml" in head or source.data[:2] == b"PK":
        rows, what = _kml(source, source.path), "KML"
    else:
        rows, what = _nmea(source, draft), "NMEA"
    if not rows:
        raise InputError(f"no track is in this {what}: a path with positions is needed")
    table = np.array([(*r, math.nan)[:5] for r in rows], float)
    time = table[:, 0]
    if not np.isfinite(time).all():
        if np.isfinite(time).any():
            draft.warnings.append(f"{int((~np.isfinite(time)).sum())} positions have no time: left out")
        else:
            draft.warnings.append(
                "no position has a time: they are numbered, one a second, which is no clock; nothing can be timed by them"
            )
            time = np.arange(len(time), dtype=float)
    why = f"degrees and metres above sea level, as {what} has them"
    draft.add("longitude", time, table[:, 1], "deg", source=f"{what} longitude", why=why)
    draft.add("latitude", time, table[:, 2], "deg", source=f"{what} latitude", why=why)
    draft.add("gps_altitude", time, table[:, 3], "m", source=f"{what} altitude", why=why)
    if np.isfinite(table[:, 4]).any():
        draft.add("satellites", time, table[:, 4], "", source=f"{what} satellites", why="a pure number")
    return draft
