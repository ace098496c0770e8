"""A file of stations and sights: how a tracked height is said in YAML."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from downrange.earth import Pad
from downrange.errors import InputError, seen, suggest
from downrange.formats.reading import guarded
from downrange.formats.yaml_text import read_yaml
from downrange.tracking.sights import Fix, Place, Reduction, Sight, Station, geodesic, locate, vertical_midpoint
from downrange.units import compass, parse_quantity

__all__ = ["read_sights", "two_stations"]

_FAR = 50e3  # m, farther from its pad no amateur rocket's fix lies
_STATION = ("name", "east", "north", "up", "own_clock")
_PAD = ("latitude", "longitude", "elevation")
_FIX = ("source", "latitude", "longitude", "altitude", "east", "north", "up", "error", "up_error", "time", "own_clock")
_SIGHT = ("station", "azimuth", "elevation", "error", "time")


def two_stations(baseline: str, sights: Sequence[str]) -> dict[str, Reduction]:
    """Both reductions of the rule book for two theodolites: `baseline` like `300 m`, each sight like `30 deg 50 deg`.

    Raises `InputError` for any other number of sights, and for one that cannot be read.
    """
    if len(sights) != 2:
        raise InputError(f"two stations need two sights, seen {len(sights)}", key="--sight")
    angles: list[float] = []
    for s in sights:
        parts = re.fullmatch(r"\s*(\S+\s*(?:deg|°|rad)?)[\s,]+(\S+\s*(?:deg|°|rad)?)\s*", s)
        if parts is None:
            raise InputError(
                f"a sight is an azimuth and an elevation, like '30 deg 50 deg'; seen {seen(s, 60)}", key="--sight"
            )
        angles += [parse_quantity(a.strip(), "angle").value for a in parts.groups()]
    length = parse_quantity(baseline, "length").value
    a1, e1, a2, e2 = angles
    found = {"geodesic": geodesic(a1, e1, a2, e2, length)}
    with suppress(InputError):  # over the baseline only the geodesic reduction has an answer
        found["vertical_midpoint"] = vertical_midpoint(a1, e1, a2, e2, length)
    return found


def _known(data: Any, keys: tuple[str, ...], what: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise InputError(f"{what} should be keys and values ({', '.join(keys)}), seen {seen(data, 60)}")
    wrong = next((k for k in data if k not in keys), None)
    if wrong is not None:
        raise InputError(f"{what} has no key {seen(wrong, 40)}{suggest(str(wrong), keys)}; keys: {', '.join(keys)}")
    return data


def _quantity(data: Mapping[str, Any], key: str, kind: str) -> float | None:
    if data.get(key) is None:
        return None
    return parse_quantity(compass(data[key]) if key == "azimuth" else data[key], kind).value


@guarded("a file of sights")
def read_sights(path: Path) -> Fix:
    """The most likely place by a YAML of `stations` (name; east, north, up of the pad; `own_clock: true` where its clock is not the
    others'), `sights` (station; azimuth from north, elevation, one or both; error; time), `error` of all sights, and `moving: true` for a flight past
    the stations; and of `fixes`, positions by a receiver on board (source; latitude, longitude, altitude above sea level with `pad`, or east, north, up of the pad; error; up_error).
    Raises `InputError`."""
    data = _known(read_yaml(path), ("stations", "sights", "fixes", "pad", "error", "moving"), "a file of sights")
    moving = data.get("moving", False)
    if not isinstance(moving, bool):
        raise InputError(f"moving is true or false, seen {seen(moving, 40)}", key="moving")
    places = [_place(one, data, moving) for one in _list(data, "fixes")] if "fixes" in data else []
    if places and "sights" not in data and "stations" not in data:
        return locate([], [], places=places, moving=moving)
    common = _quantity(data, "error", "angle")
    stations, sights = [], []
    for one in _list(data, "stations"):
        s = _known(one, _STATION, "a station")
        if not isinstance(s.get("name"), str):
            raise InputError(f"a station needs a name, seen {seen(dict(s), 80)}", key="stations")
        place = [_quantity(s, k, "length") for k in ("east", "north", "up")]
        if place[0] is None or place[1] is None:
            raise InputError(
                f"the station {seen(s['name'], 40)} needs its place: east and north of the pad, like 'east: 120 m'",
                key="stations",
            )
        stations.append(Station(s["name"], place[0], place[1], place[2] or 0.0, s.get("own_clock") is True))
    for one in _list(data, "sights"):
        s = _known(one, _SIGHT, "a sight")
        error = _quantity(s, "error", "angle") or common
        if error is None:
            raise InputError("a sight needs its error, like 'error: 0.5 deg', there or once for all", key="sights")
        time = _quantity(s, "time", "time")
        if moving and time is None:
            raise InputError("a moving rocket needs the time of every sight, like 'time: 2.5 s'", key="sights")
        sights.append(
            Sight(
                str(s.get("station")),
                _quantity(s, "azimuth", "angle"),
                _quantity(s, "elevation", "angle"),
                error,
                time or 0.0,
            )
        )
    return locate(stations, sights, places=places, moving=moving)


def _place(one: Any, data: Mapping[str, Any], moving: bool) -> Place:
    """A position that a receiver on board gave, from the pad."""
    s = _known(one, _FIX, "a fix")
    east, north, up = (_quantity(s, k, "length") for k in ("east", "north", "up"))
    latitude, longitude = (_quantity(s, k, "angle") for k in ("latitude", "longitude"))
    altitude, error, up_error = (_quantity(s, k, "length") for k in ("altitude", "error", "up_error"))
    if (
        (east is None) == (latitude is None)
        or (east is None) != (north is None)
        or (latitude is None) != (longitude is None)
    ):
        raise InputError(
            f"a fix needs its place: east and north of the pad, or latitude and longitude; seen {seen(dict(s), 80)}",
            key="fixes",
        )
    if (altitude is not None and latitude is None) or (up is not None and east is None):
        raise InputError(
            "altitude (above sea level) goes with latitude and longitude, up with east and north", key="fixes"
        )
    if latitude is not None and longitude is not None:
        pad = _pad(data)
        at = pad.position_enu(latitude, longitude, pad.elevation if altitude is None else altitude)
        if math.hypot(at[0], at[1]) > _FAR:
            raise InputError(
                f"a fix lies {math.hypot(at[0], at[1]) / 1e3:,.0f} km from the pad: are latitude and longitude in the right order?",
                key="fixes",
            )
        east, north, up = float(at[0]), float(at[1]), None if altitude is None else float(at[2])
    time = _quantity(s, "time", "time")
    if error is None or (up is not None and up_error is None):
        raise InputError(
            "a fix needs its error, like 'error: 3 m', and where it has a height 'up_error: 6 m': heights by GPS are about twice as rough",
            key="fixes",
        )
    if moving and time is None:
        raise InputError("a moving rocket needs the time of every fix, like 'time: 2.5 s'", key="fixes")
    assert east is not None and north is not None
    own = s.get("own_clock", False) is True
    return Place(str(s.get("source", "GPS")), east, north, up, error, up_error or error, time or 0.0, own)


def _pad(data: Mapping[str, Any]) -> Pad:
    """Where the pad lies, of a file whose fixes are latitudes and longitudes."""
    if data.get("pad") is None:
        raise InputError(
            "fixes by latitude and longitude need the pad's place, like 'pad: {latitude: 39.39 deg, longitude: -8.29 deg, elevation: 160 m}'",
            key="pad",
        )
    s = _known(data["pad"], _PAD, "the pad")
    latitude, longitude, elevation = (
        _quantity(s, k, q) for k, q in zip(_PAD, ("angle", "angle", "length"), strict=True)
    )
    if latitude is None or longitude is None or elevation is None:
        raise InputError("the pad needs latitude, longitude and elevation above sea level", key="pad")
    return Pad(latitude, longitude, elevation)


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    if not isinstance(value, list) or not value:
        raise InputError(f"{key} should be a list, seen {seen(value, 60)}", key=key)
    return value
