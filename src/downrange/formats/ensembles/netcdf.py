"""NetCDF of pressure levels: ERA5 and GFS, at the grid point nearest to the pad. Units are read from the file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from downrange.atmosphere import Wind, geometric_from_geopotential
from downrange.constants import STANDARD_GRAVITY
from downrange.earth import Pad
from downrange.errors import InputError, seen
from downrange.formats.ensembles import MOST_HOURS, MOST_LEVELS, Forecast, check_near, check_size
from downrange.formats.reading import read_bytes

SUFFIXES = (".nc", ".nc4", ".netcdf")
_SPEEDS = ("m/s", "m s-1", "m s**-1", "m s^-1", "m.s-1", "ms-1", "meters/second", "meter second-1", "m sec-1")
_NETCDF = 500_000_000  # bytes


def read(path: Path, pad: Pad) -> Forecast:
    """The forecast of a file; raises `InputError` for what is none, or is of another place than the pad.

    From the file's bytes: a name that the library would take for an address on the network is never given to it.
    """
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
        if variable.size / max(lat.size * lon.size, 1) > MOST_HOURS * MOST_LEVELS:
            raise InputError(
                f"{seen(variable.name, 60)} has {variable.size:,} values: cut it to the place and the days"
            )
    i = _nearest(np.ma.filled(lat[:].astype(float), np.nan) - here_lat)
    j = _nearest((np.ma.filled(lon[:].astype(float), np.nan) - here_lon + 180) % 360 - 180)
    check_near(float(lat[i]), (float(lon[j]) + 180) % 360 - 180, pad, path)
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
    check_size(len(hours), uu.shape[1], path, uu.shape[2])
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
