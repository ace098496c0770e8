"""Forecasts and ensembles: a folder of profiles, Open-Meteo JSON, ERA5 and GFS NetCDF; and fetching from Open-Meteo.

A forecast has hours, and each hour members: winds over height. Units are read from the file, never assumed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from downrange.atmosphere import Wind, geometric_from_geopotential
from downrange.constants import STANDARD_GRAVITY
from downrange.earth import Pad
from downrange.errors import InputError, seen, suggest
from downrange.formats.reading import guarded, parse_json, read_bytes
from downrange.formats.tables import read_text
from downrange.formats.weather import read_weather
from downrange.units import to_si

__all__ = ["Forecast", "fetch_open_meteo", "members_at", "read_forecast"]

_FAR = 1.0  # degrees; a forecast further from the pad than that is of another place
_HOURS, _MEMBERS, _LEVELS, _COLUMNS = 2_000, 500, 200, 50_000  # more than any service sends
_SPEEDS = ("m/s", "m s-1", "m s**-1", "m s^-1", "m.s-1", "ms-1", "meters/second", "meter second-1", "m sec-1")
_NETCDF = 500_000_000  # bytes
LEVELS = (1000, 975, 950, 925, 900, 850, 800, 700, 600, 500, 400, 300, 250, 200, 150, 100)  # hPa


@dataclass(frozen=True, eq=False)
class Forecast:
    """Winds by hour (ISO, UTC) and member. `surface` are further quantities by hour, SI: cloud_cover, visibility, gust."""

    hours: tuple[str, ...]
    winds: tuple[tuple[Wind, ...], ...]
    source: str
    surface: dict[str, np.ndarray] | None = None

    def at(self, hour: str | None) -> tuple[Wind, ...]:
        """The members of an hour; the only one where none is named. Raises `InputError` for an hour that is not there."""
        if hour is None:
            if len(self.hours) > 1:
                raise InputError(
                    f"{self.source} holds {len(self.hours)} hours, {self.hours[0]} to {self.hours[-1]}: say which, like 'hour: {self.hours[0]}'",
                    key="weather.hour",
                )
            return self.winds[0]
        wanted = _hour(hour)
        if wanted not in self.hours:
            raise InputError(
                f"{self.source} has no hour {seen(hour, 60)}{suggest(wanted, self.hours)}; it runs from {self.hours[0]} to {self.hours[-1]}",
                key="weather.hour",
            )
        return self.winds[self.hours.index(wanted)]


def _hour(text: str) -> str:
    """A time to the minute, UTC, without zone: 2026-06-21T14:00."""
    try:
        t = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InputError(
            f"cannot read the hour {seen(text, 60)}; write it like '2026-06-21T14:00' (UTC)", key="weather.hour"
        ) from None
    return (t.astimezone(UTC) if t.tzinfo else t).strftime("%Y-%m-%dT%H:%M")


def members_at(winds: tuple[Wind, ...], pad: Pad, heights: np.ndarray) -> np.ndarray:
    """Winds (m, n, 2) at heights (n,) above the pad."""
    z = pad.elevation + heights
    return np.stack([np.stack([w.east(z), w.north(z)], axis=1) for w in winds])


@guarded("a forecast", quiet=True)
def read_forecast(path: Path, pad: Pad) -> Forecast:
    """A forecast or ensemble from a folder of CSV profiles, an Open-Meteo JSON, or a NetCDF of pressure levels.

    Raises `InputError` for what is no forecast, is of another place, or holds more than 2,000 hours, 500 members or
    200 levels.
    """
    if path.is_dir():
        return _folder(path, pad)
    if path.suffix.lower() == ".json":
        return _open_meteo(path, pad)
    if path.suffix.lower() in (".nc", ".nc4", ".netcdf"):
        return _netcdf(path, pad)
    if path.suffix.lower() == ".csv":
        return Forecast(("",), ((_wind_of(path, pad),),), path.name)
    raise InputError("an ensemble is a folder of CSV profiles, an Open-Meteo .json or a .nc file", file=str(path))


def _folder(path: Path, pad: Pad) -> Forecast:
    """Each CSV is a member; a folder in it is an hour, named like 2026-06-21T14 (a dash or nothing for the colon)."""
    hours = sorted(p for p in path.iterdir() if p.is_dir())
    groups = [("", sorted(path.glob("*.csv")))] if not hours else [(h.name, sorted(h.glob("*.csv"))) for h in hours]
    _count(len(groups), max(len(files) for _, files in groups), path)
    names, all_winds = [], []
    for name, files in groups:
        winds = [_wind_of(f, pad) for f in files]
        if not winds:
            raise InputError("no CSV profiles in this folder", file=str(path / name))
        names.append(_hour_of_folder(path / name) if name else "")
        all_winds.append(tuple(winds))
    return Forecast(tuple(names), tuple(all_winds), path.name)


def _wind_of(path: Path, pad: Pad) -> Wind:
    wind = read_weather(path, pad.elevation)[1]
    if wind is None:
        raise InputError("this profile has no wind", file=str(path))
    return wind


def _hour_of_folder(path: Path) -> str:
    m = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d)[-:]?(\d\d)?", path.name)
    if not m:
        raise InputError(f"name the folder of an hour like 2026-06-21T14, not {seen(path.name, 60)}", file=str(path))
    return f"{m.group(1)}T{m.group(2)}:{m.group(3) or '00'}"


def _count(hours: int, members: int, path: Path, levels: int = 0) -> None:
    """Refuse what no forecast holds."""
    for n, most, what in ((hours, _HOURS, "hours"), (members, _MEMBERS, "members"), (levels, _LEVELS, "levels")):
        if n > most:
            raise InputError(f"{n:,} {what} are too many, at most {most:,}", file=str(path))


def _near(latitude: float, longitude: float, pad: Pad, path: Path) -> None:
    lat, lon = np.degrees(pad.latitude), np.degrees(pad.longitude)
    if not (abs(latitude) <= 90 and abs(longitude) <= 360):
        raise InputError(f"this weather is of {latitude:.4g}°, {longitude:.4g}°, which is no place", file=str(path))
    away = abs((longitude - lon + 180) % 360 - 180)
    if abs(latitude - lat) > _FAR or away > _FAR / max(np.cos(pad.latitude), 0.05):
        raise InputError(
            f"this weather is of {latitude:.2f}°, {longitude:.2f}°, but the pad is at {lat:.2f}°, {lon:.2f}°: another place",
            file=str(path),
        )


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


def _open_meteo(path: Path, pad: Pad) -> Forecast:
    data = parse_json(read_text(path), path)
    hourly = _om_hourly(data, pad, path)
    keys: dict[str, list[str]] = {}
    for key in hourly.columns:
        ending = m.group() if (m := re.search(r"_member\d{1,4}\Z", key, re.ASCII)) else ""
        keys.setdefault(ending, []).append(key)
    endings = sorted(keys)
    _count(len(hourly.hours), len(endings), path)
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
    _near(float(data["latitude"]), float(data["longitude"]), pad, path)
    if data.get("utc_offset_seconds", 0) != 0:
        raise InputError("its hours are local; ask Open-Meteo for timezone=UTC")
    times = data["hourly"].get("time")
    if not isinstance(times, list) or not times or not all(isinstance(t, str) for t in times):
        raise InputError(f"hourly.time should be a list of hours like '2026-06-21T14:00', seen {seen(times, 60)}")
    _count(len(times), 0, path)
    if len(data["hourly"]) > _COLUMNS:
        raise InputError(f"{len(data['hourly']):,} columns are too many, at most {_COLUMNS:,}")
    hours = tuple(_hour(t) for t in times)
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


def _netcdf(path: Path, pad: Pad) -> Forecast:
    """From the file's bytes: a name that the library would take for an address on the network is never given to it."""
    try:
        import netCDF4
    except ImportError:
        raise InputError("NetCDF needs the extra weather: pip install 'downrange[weather]'", file=str(path)) from None
    raw = read_bytes(path, _NETCDF)
    if not raw.startswith((b"CDF", b"\x89HDF\r\n\x1a\n")):
        raise InputError(f"this is not a NetCDF file: it begins with {seen(raw[:12])}")
    with netCDF4.Dataset("forecast.nc", memory=raw) as data:
        return _pressure_levels(data, netCDF4, pad, path)


def _find(data: Any, names: tuple[str, ...], what: str, path: Path) -> Any:
    for n in names:
        if n in data.variables:
            return data.variables[n]
    raise InputError(
        f"no {what} in it (looked for {', '.join(names)}; it has {seen(list(data.variables), 150)})", file=str(path)
    )


def _pressure_levels(data: Any, module: Any, pad: Pad, path: Path) -> Forecast:
    """ERA5 (u, v, z in m2/s2) and GFS (ugrd, vgrd, gh or hgt in m) on pressure levels, at the nearest grid point."""
    u = _find(data, ("u", "ugrdprs", "u-component_of_wind_isobaric", "UGRD"), "eastward wind", path)
    v = _find(data, ("v", "vgrdprs", "v-component_of_wind_isobaric", "VGRD"), "northward wind", path)
    z = _find(data, ("z", "gh", "hgtprs", "Geopotential_height_isobaric", "HGT"), "geopotential", path)
    lat, here_lat = _axis(data, ("latitude", "lat"), "latitude", path), np.degrees(pad.latitude)
    lon, here_lon = _axis(data, ("longitude", "lon"), "longitude", path), np.degrees(pad.longitude)
    when = _axis(data, ("valid_time", "time"), "time", path)
    if lat.dimensions == lon.dimensions:
        raise InputError("latitude and longitude run over one dimension: a regular grid was expected")
    for variable in (u, v):
        if (unit := str(getattr(variable, "units", "m/s")).strip().lower()) not in _SPEEDS:
            raise InputError(f"{seen(variable.name, 60)} is in {seen(unit, 60)}; m/s was expected")
    for variable in (u, v, z):
        if missing := {lat.dimensions[0], lon.dimensions[0]} - set(variable.dimensions):
            raise InputError(f"{seen(variable.name, 60)} does not run over {', '.join(missing)}")
        if variable.size / max(lat.size * lon.size, 1) > _HOURS * _LEVELS:
            raise InputError(
                f"{seen(variable.name, 60)} has {variable.size:,} values: cut it to the place and the days"
            )
    i = _nearest(np.ma.filled(lat[:].astype(float), np.nan) - here_lat)
    j = _nearest((np.ma.filled(lon[:].astype(float), np.nan) - here_lon + 180) % 360 - 180)
    _near(float(lat[i]), (float(lon[j]) + 180) % 360 - 180, pad, path)
    hours = _nc_hours(when, module)
    geopotential = _is_geopotential(z)

    def cube(variable: Any) -> np.ndarray:
        """(time, member, level)."""
        index = tuple(
            i if d == lat.dimensions[0] else j if d == lon.dimensions[0] else slice(None) for d in variable.dimensions
        )
        left = [d for d in variable.dimensions if d not in (lat.dimensions[0], lon.dimensions[0])]
        values: np.ndarray = np.ma.filled(np.ma.asarray(variable[index], float), np.nan)
        order = {"time": 0, "valid_time": 0, "number": 1, "member": 1, "ens": 1}
        values = np.moveaxis(values, range(values.ndim), np.argsort(np.argsort([order.get(d, 2) for d in left])))
        if not any(order.get(d) == 0 for d in left):
            values = values[None]
        if not any(order.get(d) == 1 for d in left):
            values = values[:, None]
        if values.ndim != 3 or values.shape[0] != len(hours):
            raise InputError(
                f"{seen(variable.name, 60)} runs over {seen(variable.dimensions, 80)}: time, member, level, latitude and longitude were expected"
            )
        return np.asarray(values)

    uu, vv, zz = cube(u), cube(v), cube(z) / (STANDARD_GRAVITY if geopotential else 1.0)
    if uu.shape != vv.shape or zz.shape[::2] != uu.shape[::2] or zz.shape[1] not in (1, uu.shape[1]):
        raise InputError(
            f"wind and heights have different shapes: {uu.shape}, {vv.shape}, {zz.shape} (time, member, level)"
        )
    _count(len(hours), uu.shape[1], path, uu.shape[2])
    return Forecast(
        hours,
        tuple(
            tuple(
                _nc_wind(zz[t, min(m, zz.shape[1] - 1)], uu[t, m], vv[t, m], pad, path.name) for m in range(uu.shape[1])
            )
            for t in range(len(hours))
        ),
        path.name,
    )


def _nearest(away: np.ndarray) -> int:
    return int(np.argmin(np.nan_to_num(np.abs(away), nan=np.inf)))


def _is_geopotential(z: Any) -> bool:
    """Whether a variable is geopotential (m2/s2) and not a height (m), by its unit; ERA5's `z` where it has none."""
    unit = str(getattr(z, "units", "")).strip().lower()
    if unit in ("m", "gpm", "meter", "meters", "metre", "metres"):
        return False
    if unit and not re.match(r"(m\*\*2|m2|m\^2|j)\b", unit):
        raise InputError(
            f"{seen(z.name, 60)} is in {seen(unit, 60)}; geopotential in m2/s2 or heights in m were expected"
        )
    return bool(unit) or z.name == "z"


def _axis(data: Any, names: tuple[str, ...], what: str, path: Path) -> Any:
    """A coordinate of one dimension, of numbers, with something in it."""
    found = _find(data, names, what, path)
    if found.ndim > 1 or not 0 < found.size <= 100_000 or found.dtype == str or found.dtype.kind not in "iuf":
        raise InputError(
            f"{seen(found.name, 60)} should be one row of numbers; it is {found.dtype} of shape {found.shape}"
        )
    if found.ndim == 0 and what != "time":
        raise InputError(f"{seen(found.name, 60)} has no dimension: {what} should be an axis of the grid")
    return found


def _nc_hours(when: Any, module: Any) -> tuple[str, ...]:
    """The hours (ISO, UTC) of a time axis like `hours since 1900-01-01`."""
    units = getattr(when, "units", None)
    count = np.ma.filled(np.ma.atleast_1d(when[:]).astype(float), np.nan)
    if not isinstance(units, str) or " since " not in units or not np.isfinite(count).all():
        raise InputError(f"time should count like 'hours since 1970-01-01', without holes; seen {seen(units, 80)}")
    try:
        times = np.atleast_1d(module.num2date(count, units, only_use_cftime_datetimes=False))
        hours = tuple(t.strftime("%Y-%m-%dT%H:%M") for t in times)
    except (ValueError, OverflowError, TypeError, AttributeError) as error:
        raise InputError(f"its time in {seen(units, 80)} cannot be read: {seen(str(error), 80)}") from None
    if len(set(hours)) != len(hours):
        raise InputError("its time names an hour twice")
    return hours


def _nc_wind(z: np.ndarray, east: np.ndarray, north: np.ndarray, pad: Pad, source: str) -> Wind:
    """The wind of a member from geopotential heights (n,) m and components (n,) m/s of its levels."""
    h = geometric_from_geopotential(z)
    good = np.isfinite(h + east + north) & (h > pad.elevation + 5)
    order = np.argsort(h[good])
    if order.size < 2:
        raise InputError("a member has wind at fewer than two levels above the pad")
    return Wind.from_levels(
        h[good][order], east[good][order], north[good][order], elevation=pad.elevation, source=source
    )


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
