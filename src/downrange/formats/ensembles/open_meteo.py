"""Open-Meteo's JSON (open-meteo.com), and fetching it. Units are read from the file, never assumed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from downrange.atmosphere import Wind, geometric_from_geopotential
from downrange.earth import Pad
from downrange.errors import InputError, seen
from downrange.formats.ensembles import Forecast, check_near, check_size, hour_of
from downrange.formats.reading import parse_json
from downrange.formats.tables import read_text
from downrange.units import to_si

__all__ = ["fetch_open_meteo"]

SUFFIXES = (".json",)
_COLUMNS = 50_000  # more than the service sends
LEVELS = (1000, 975, 950, 925, 900, 850, 800, 700, 600, 500, 400, 300, 250, 200, 150, 100)  # hPa
_OM_UNITS = {  # as Open-Meteo writes them
    "m/s": "m/s", "km/h": "km/hour", "mp/h": "mph", "mph": "mph", "kn": "knot", "ft/s": "ft/s", "°": "deg", "m": "m", "ft": "ft",
    "%": "%", "fraction": "",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Hourly:
    """The hourly block of an Open-Meteo answer."""

    columns: dict[str, Any]
    units: dict[str, Any]
    hours: tuple[str, ...]
    path: Path

    def column(self, name: str, kind: str) -> np.ndarray | None:
        """A column in SI, NaN where it is null; None where it is not there."""
        if name not in self.columns:
            return None
        given = self.columns[name]
        if not isinstance(given, list) or len(given) != len(self.hours):
            raise InputError(f"{seen(name, 60)} should be a list of {len(self.hours)} numbers, one an hour")
        bad = [v for v in given if not (v is None or type(v) in (int, float))]
        if bad:
            raise InputError(f"{seen(name, 60)} should hold numbers, seen {seen(bad[0], 60)}")
        unit = self.units.get(name)
        if not isinstance(unit, str) or unit not in _OM_UNITS:
            raise InputError(
                f"the column {seen(name, 60)} needs a unit in hourly_units, like m/s; seen {seen(unit, 60)}"
            )
        one = to_si(1.0, _OM_UNITS[unit], kind)
        return np.asarray(one * np.array([np.nan if v is None else v for v in given], float))


def read(path: Path, pad: Pad) -> Forecast:
    """The forecast of a file; raises `InputError` for what is none, or is of another place than the pad."""
    data = parse_json(read_text(path), path)
    hourly = _om_hourly(data, pad, path)
    keys: dict[str, list[str]] = {}
    for key in hourly.columns:
        ending = m.group() if (m := re.search(r"_member\d{1,4}\Z", key, re.ASCII)) else ""
        keys.setdefault(ending, []).append(key)
    endings = sorted(keys)
    check_size(len(hourly.hours), len(endings), path)
    members = {e: _om_levels(hourly, keys[e], e, pad) for e in endings}
    winds = [
        tuple(w for e, levels in members.items() if (w := _om_wind(levels, k, pad, f"{path.name}{e}")) is not None)
        for k in range(len(hourly.hours))
    ]
    good = [k for k, w in enumerate(winds) if w]
    if not good:
        raise InputError(
            "no hour has wind at two levels or more; ask for wind_speed and wind_direction at 10 m and pressure levels, and geopotential_height"
        )
    surface: dict[str, np.ndarray] = {}
    for name, kind in (("cloud_cover", "number"), ("visibility", "length"), ("wind_gusts_10m", "speed")):
        found = [c for e in endings if (c := hourly.column(f"{name}{e}", kind)) is not None]
        if found:
            surface[name] = _mean(np.stack(found))[good]
    return Forecast(tuple(hourly.hours[k] for k in good), tuple(winds[k] for k in good), path.name, surface)


def _mean(values: np.ndarray) -> np.ndarray:
    """Mean over the first axis of what is there; NaN where nothing is."""
    n = np.isfinite(values).sum(axis=0)
    return np.where(n > 0, np.nansum(values, axis=0) / np.maximum(n, 1), np.nan)


def _om_hourly(data: Any, pad: Pad, path: Path) -> _Hourly:
    """The hourly block, with its structure checked; raises `InputError` for another place or local time."""
    if not isinstance(data, dict) or not all(isinstance(data.get(k), dict) for k in ("hourly", "hourly_units")):
        raise InputError("this is not an answer of Open-Meteo with hourly data (no hourly and hourly_units in it)")
    for key in ("latitude", "longitude"):
        if type(data.get(key)) not in (int, float):
            raise InputError(
                f"this is not an answer of Open-Meteo: {key} should be a number, seen {seen(data.get(key), 60)}"
            )
    check_near(float(data["latitude"]), float(data["longitude"]), pad, path)
    if data.get("utc_offset_seconds", 0) != 0:
        raise InputError("its hours are local; ask Open-Meteo for timezone=UTC")
    times = data["hourly"].get("time")
    if not isinstance(times, list) or not times or not all(isinstance(t, str) for t in times):
        raise InputError(f"hourly.time should be a list of hours like '2026-06-21T14:00', seen {seen(times, 60)}")
    check_size(len(times), 0, path)
    if len(data["hourly"]) > _COLUMNS:
        raise InputError(f"{len(data['hourly']):,} columns are too many, at most {_COLUMNS:,}")
    hours = tuple(hour_of(t) for t in times)
    if len(set(hours)) != len(hours):
        raise InputError("hourly.time names an hour twice")
    return _Hourly(data["hourly"], data["hourly_units"], hours, path)


def _om_levels(
    hourly: _Hourly, keys: list[str], ending: str, pad: Pad
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """(height above sea level, speed, from) over the hours, of each level of a member."""
    out = []
    for key in keys:
        m = re.fullmatch(rf"wind_speed_(\d{{1,5}})(m|hPa){ending}", key, re.ASCII)
        if not m:
            continue
        level, kind = m.group(1), m.group(2)
        speed = hourly.column(key, "speed")
        toward = hourly.column(key.replace("wind_speed", "wind_direction"), "angle")
        if kind == "m":
            z: np.ndarray | None = np.full(len(hourly.hours), pad.elevation + float(level))
        else:
            h = hourly.column(f"geopotential_height_{level}hPa{ending}", "length")
            z = None if h is None else geometric_from_geopotential(h)
        if speed is not None and toward is not None and z is not None:
            if (speed < 0).any() or (np.abs(toward) > 4 * np.pi).any():
                raise InputError(f"{key} has a speed below zero, or a direction beyond two turns")
            out.append((z, speed, toward))
    return out


def _om_wind(levels: list[tuple[np.ndarray, np.ndarray, np.ndarray]], hour: int, pad: Pad, source: str) -> Wind | None:
    """The wind of an hour; None where it is known at fewer than two levels."""
    points = [(z[hour], s[hour], d[hour]) for z, s, d in levels]
    points = sorted(p for p in points if np.isfinite(sum(p)) and p[0] > pad.elevation + 5)
    if len(points) < 2:
        return None
    z, s, d = (np.array(c) for c in zip(*points, strict=True))
    keep = np.concatenate([[True], np.diff(z) > 1.0])
    east, north = -s * np.sin(d), -s * np.cos(d)
    return Wind.from_levels(z[keep], east[keep], north[keep], elevation=pad.elevation, source=source)


def fetch_open_meteo(
    pad: Pad, *, days: int = 3, ensemble: str | None = None, url: str | None = None, timeout: float = 30.0
) -> bytes:
    """Ask Open-Meteo for the pad's forecast (or an ensemble, like `gfs_seamless`), UTC, m/s; the answer as it came.

    Raises `InputError` where there is no network or the service refuses. Data: CC BY 4.0, open-meteo.com.
    """
    import urllib.error
    import urllib.parse
    import urllib.request

    levels = [
        f"{k}_{p}hPa" for p in LEVELS for k in ("wind_speed", "wind_direction", "geopotential_height", "temperature")
    ]
    low = [
        f"{k}_{h}m"
        for h in ((10, 80, 120) if ensemble else (10, 80, 120, 180))
        for k in ("wind_speed", "wind_direction")
    ]
    more = ["cloud_cover", "visibility", "wind_gusts_10m", "surface_pressure", "temperature_2m"]
    query = {
        "latitude": f"{np.degrees(pad.latitude):.5f}", "longitude": f"{np.degrees(pad.longitude):.5f}", "hourly": ",".join([*low, *more, *levels]),
        "wind_speed_unit": "ms", "timezone": "UTC", "forecast_days": str(days),
    }  # fmt: skip
    if ensemble:
        query["models"] = ensemble
    base = url or (
        "https://ensemble-api.open-meteo.com/v1/ensemble" if ensemble else "https://api.open-meteo.com/v1/forecast"
    )
    request = urllib.request.Request(
        f"{base}?{urllib.parse.urlencode(query, safe=',')}", headers={"User-Agent": "downrange"}
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        try:
            reason = json.loads(error.read()).get("reason", error.reason)
        except (json.JSONDecodeError, UnicodeDecodeError, AttributeError):
            reason = error.reason
        raise InputError(f"Open-Meteo refused: {error.code}, {reason}", key="weather fetch") from None
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        cause = getattr(error, "reason", error)
        raise InputError(
            f"no answer from {base.split('/')[2]} ({cause}): is there a network? Fetch at home and take the file along",
            key="weather fetch",
        ) from None
