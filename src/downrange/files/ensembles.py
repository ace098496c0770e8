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
from downrange.errors import InputError, suggest
from downrange.files.tables import read_text
from downrange.files.weather import read_weather
from downrange.units import to_si

__all__ = ["Forecast", "fetch_open_meteo", "members_at", "read_forecast"]

_FAR = 1.0  # degrees; a forecast further from the pad than that is of another place
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
                f"{self.source} has no hour {hour!r}{suggest(wanted, self.hours)}; it runs from {self.hours[0]} to {self.hours[-1]}",
                key="weather.hour",
            )
        return self.winds[self.hours.index(wanted)]


def _hour(text: str) -> str:
    """A time to the minute, UTC, without zone: 2026-06-21T14:00."""
    try:
        t = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InputError(
            f"cannot read the hour {text!r}; write it like '2026-06-21T14:00' (UTC)", key="weather.hour"
        ) from None
    return (t.astimezone(UTC) if t.tzinfo else t).strftime("%Y-%m-%dT%H:%M")


def members_at(winds: tuple[Wind, ...], pad: Pad, heights: np.ndarray) -> np.ndarray:
    """Winds (m, n, 2) at heights (n,) above the pad."""
    z = pad.elevation + heights
    return np.stack([np.stack([w.east(z), w.north(z)], axis=1) for w in winds])


def read_forecast(path: Path, pad: Pad) -> Forecast:
    """A forecast or ensemble from a folder of CSV profiles, an Open-Meteo JSON, or a NetCDF of pressure levels."""
    if path.is_dir():
        return _folder(path, pad)
    if path.suffix.lower() == ".json":
        return _open_meteo(path, pad)
    if path.suffix.lower() in (".nc", ".nc4", ".netcdf"):
        return _netcdf(path, pad)
    if path.suffix.lower() == ".csv":
        wind = read_weather(path, pad.elevation)[1]
        if wind is None:
            raise InputError("this profile has no wind", file=str(path))
        return Forecast(("",), ((wind,),), path.name)
    raise InputError("an ensemble is a folder of CSV profiles, an Open-Meteo .json or a .nc file", file=str(path))


def _folder(path: Path, pad: Pad) -> Forecast:
    """Each CSV is a member; a folder in it is an hour, named like 2026-06-21T14 (a dash or nothing for the colon)."""
    hours = sorted(p for p in path.iterdir() if p.is_dir())
    groups = [("", sorted(path.glob("*.csv")))] if not hours else [(h.name, sorted(h.glob("*.csv"))) for h in hours]
    names, all_winds = [], []
    for name, files in groups:
        winds = [read_weather(f, pad.elevation)[1] for f in files]
        if missing := [f for f, w in zip(files, winds, strict=True) if w is None]:
            raise InputError("this profile has no wind", file=str(missing[0]))
        if not winds:
            raise InputError("no CSV profiles in this folder", file=str(path / name))
        if name:
            m = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d)[-:]?(\d\d)?", name)
            if not m:
                raise InputError(f"name the folder of an hour like 2026-06-21T14, not {name!r}", file=str(path / name))
            name = f"{m.group(1)}T{m.group(2)}:{m.group(3) or '00'}"
        names.append(name)
        all_winds.append(tuple(w for w in winds if w is not None))
    return Forecast(tuple(names), tuple(all_winds), path.name)


def _near(latitude: float, longitude: float, pad: Pad, path: Path) -> None:
    lat, lon = np.degrees(pad.latitude), np.degrees(pad.longitude)
    away = abs((longitude - lon + 180) % 360 - 180)
    if abs(latitude - lat) > _FAR or away > _FAR / max(np.cos(pad.latitude), 0.05):
        raise InputError(
            f"this weather is of {latitude:.2f}°, {longitude:.2f}°, but the pad is at {lat:.2f}°, {lon:.2f}°: another place",
            file=str(path),
        )


def _column(hourly: dict[str, Any], units: dict[str, Any], name: str, kind: str, path: Path) -> np.ndarray | None:
    """A column in SI; None where it is not there."""
    if name not in hourly:
        return None
    raw = np.array([np.nan if v is None else v for v in hourly[name]], float)
    unit = {"km/h": "km/hour", "mp/h": "mph", "kn": "knot", "°": "deg", "°C": "degC", "°F": "degF"}.get(
        str(units.get(name, "")), str(units.get(name, ""))
    )
    if not unit:
        raise InputError(f"the column {name!r} has no unit in hourly_units", file=str(path))
    zero, one = to_si(0.0, unit, kind), to_si(1.0, unit, kind)
    return np.asarray(zero + (one - zero) * raw)


def _open_meteo(path: Path, pad: Pad) -> Forecast:
    try:
        data = json.loads(read_text(path))
        hourly, units = data["hourly"], data["hourly_units"]
        _near(float(data["latitude"]), float(data["longitude"]), pad, path)
        hours = tuple(_hour(t) for t in hourly["time"])
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise InputError(f"this is not an answer of Open-Meteo with hourly data ({error})", file=str(path)) from None
    if int(data.get("utc_offset_seconds", 0)):
        raise InputError("its hours are local; ask Open-Meteo for timezone=UTC", file=str(path))
    endings = sorted({m.group(1) for k in hourly if (m := re.search(r"(_member\d+)$", k))})
    members = [
        e for e in ("", *endings) if f"wind_speed_10m{e}" in hourly or any(k.endswith(f"hPa{e}") for k in hourly)
    ]
    winds: list[list[Wind]] = [[] for _ in hours]
    for ending in members:
        levels = _om_levels(hourly, units, ending, pad, path)
        for k in range(len(hours)):
            points = [
                (z[k], s[k], d[k]) for z, s, d in levels if np.isfinite(z[k] + s[k] + d[k]) and z[k] > pad.elevation + 5
            ]
            points.sort()
            if len(points) < 2:
                continue
            z, s, d = (np.array(c) for c in zip(*points, strict=True))
            keep = np.concatenate([[True], np.diff(z) > 1.0])
            winds[k].append(
                Wind.from_levels(
                    z[keep],
                    (-s * np.sin(d))[keep],
                    (-s * np.cos(d))[keep],
                    elevation=pad.elevation,
                    source=f"{path.name}{ending}",
                )
            )
    good = [k for k, w in enumerate(winds) if w]
    if not good:
        raise InputError(
            "no hour has wind at two levels or more; ask for wind_speed and wind_direction at 10 m and pressure levels, and geopotential_height",
            file=str(path),
        )
    surface: dict[str, np.ndarray] = {}
    for name, kind in (("cloud_cover", "number"), ("visibility", "length"), ("wind_gusts_10m", "speed")):
        found = [c for e in (members or [""]) if (c := _column(hourly, units, f"{name}{e}", kind, path)) is not None]
        if found:
            surface[name] = np.nanmean(np.stack(found), axis=0)[good]
    return Forecast(tuple(hours[k] for k in good), tuple(tuple(winds[k]) for k in good), path.name, surface)


def _om_levels(
    hourly: dict[str, Any], units: dict[str, Any], ending: str, pad: Pad, path: Path
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """(height above sea level, speed, from) over the hours, of each level of a member."""
    out = []
    for key in hourly:
        m = re.fullmatch(rf"wind_speed_(\d+)(m|hPa){ending}", key)
        if not m:
            continue
        level, kind = m.group(1), m.group(2)
        speed = _column(hourly, units, key, "speed", path)
        toward = _column(hourly, units, key.replace("wind_speed", "wind_direction"), "angle", path)
        if kind == "m":
            z: np.ndarray | None = np.full(len(hourly["time"]), pad.elevation + float(level))
        else:
            h = _column(hourly, units, f"geopotential_height_{level}hPa{ending}", "length", path)
            z = None if h is None else geometric_from_geopotential(h)
        if speed is not None and toward is not None and z is not None:
            out.append((z, speed, toward))
    return out


def _netcdf(path: Path, pad: Pad) -> Forecast:
    try:
        import netCDF4
    except ImportError:
        raise InputError("NetCDF needs the extra weather: pip install 'downrange[weather]'", file=str(path)) from None
    try:
        data = netCDF4.Dataset(str(path))
    except OSError as error:
        raise InputError(f"this is not a NetCDF file ({error.strerror or error})", file=str(path)) from None
    with data:
        return _pressure_levels(data, netCDF4, pad, path)


def _find(data: Any, names: tuple[str, ...], what: str, path: Path) -> Any:
    for n in names:
        if n in data.variables:
            return data.variables[n]
    raise InputError(
        f"no {what} in it (looked for {', '.join(names)}; it has {', '.join(data.variables)})", file=str(path)
    )


def _pressure_levels(data: Any, module: Any, pad: Pad, path: Path) -> Forecast:
    """ERA5 (u, v, z in m2/s2) and GFS (ugrd, vgrd, gh or hgt in m) on pressure levels, at the nearest grid point."""
    u = _find(data, ("u", "ugrdprs", "u-component_of_wind_isobaric", "UGRD"), "eastward wind", path)
    v = _find(data, ("v", "vgrdprs", "v-component_of_wind_isobaric", "VGRD"), "northward wind", path)
    z = _find(data, ("z", "gh", "hgtprs", "Geopotential_height_isobaric", "HGT"), "geopotential", path)
    lat = _find(data, ("latitude", "lat"), "latitude", path)
    lon = _find(data, ("longitude", "lon"), "longitude", path)
    when = _find(data, ("valid_time", "time"), "time", path)
    here_lat, here_lon = np.degrees(pad.latitude), np.degrees(pad.longitude)
    i = int(np.argmin(np.abs(np.asarray(lat[:]) - here_lat)))
    j = int(np.argmin(np.abs((np.asarray(lon[:]) - here_lon + 180) % 360 - 180)))
    _near(float(lat[i]), (float(lon[j]) + 180) % 360 - 180, pad, path)
    times = np.atleast_1d(module.num2date(np.atleast_1d(when[:]), when.units, only_use_cftime_datetimes=False))
    hours = tuple(t.strftime("%Y-%m-%dT%H:%M") for t in times)
    geopotential = "m**2" in str(getattr(z, "units", "")) or "m2" in str(getattr(z, "units", "")) or z.name == "z"

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
        return np.asarray(values)

    uu, vv, zz = cube(u), cube(v), cube(z) / (STANDARD_GRAVITY if geopotential else 1.0)
    winds = []
    for t in range(len(hours)):
        members = []
        for m in range(uu.shape[1]):
            h = geometric_from_geopotential(zz[t, min(m, zz.shape[1] - 1)])
            good = np.isfinite(h + uu[t, m] + vv[t, m]) & (h > pad.elevation + 5)
            order = np.argsort(h[good])
            members.append(
                Wind.from_levels(
                    h[good][order],
                    uu[t, m][good][order],
                    vv[t, m][good][order],
                    elevation=pad.elevation,
                    source=path.name,
                )
            )
        winds.append(tuple(members))
    return Forecast(hours, tuple(winds), path.name)


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
