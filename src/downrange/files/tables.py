"""Weather profiles from CSV, and the text of any table. Units stand in the column names."""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path

import numpy as np

from downrange.atmosphere import Air, Wind, geometric_from_geopotential
from downrange.errors import InputError, seen, suggest
from downrange.units import to_si

__all__ = ["read_columns", "read_text", "read_weather"]

_LIMIT = 50_000_000


def read_text(path: Path) -> str:
    """The text of a table's file; raises `InputError` where it is not there, too large, or not text."""
    if not path.is_file():
        near = suggest(path.name, [p.name for p in path.parent.glob("*")] if path.parent.is_dir() else [])
        raise InputError(f"no such file{near}", file=str(path))
    if path.stat().st_size > _LIMIT:
        raise InputError(f"{path.stat().st_size / 1e6:.0f} MB is too large for a table", file=str(path))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("this is not a text file", file=str(path)) from None
    if "\x00" in text:
        raise InputError("this is a binary file, not a table", file=str(path))
    return text


def read_columns(path: str | Path) -> dict[str, np.ndarray]:
    """Columns of a CSV file by their names (lower case); without a heading they are called `1`, `2`, ...

    Raises `InputError` with the line for a cell that is not a finite number. Columns of text are left out.
    """
    path = Path(path)
    text = read_text(path)
    lines = [
        (n, row)
        for n, row in enumerate(csv.reader(text.splitlines()), 1)
        if row and not row[0].lstrip().startswith("#")
    ]
    lines = [(n, [c.strip() for c in row]) for n, row in lines if any(c.strip() for c in row)]
    if not lines:
        raise InputError("the table is empty", file=str(path))
    first = lines[0][1]
    headed = not all(_is_number(c) for c in first if c)
    names = [c.lower() for c in first] if headed else [str(i + 1) for i in range(len(first))]
    body = lines[1:] if headed else lines
    if not body:
        raise InputError("the table has a heading but no rows", file=str(path))
    numeric = [i for i in range(len(names)) if i < len(body[0][1]) and _is_number(body[0][1][i])]
    out: dict[str, list[float]] = {names[i]: [] for i in numeric}
    for number, row in body:
        for i in numeric:
            cell = row[i] if i < len(row) else ""
            if not _is_number(cell) or not math.isfinite(float(cell)):
                raise InputError(
                    f"column {seen(names[i], 60)} should be a finite number, seen {seen(cell, 80)}",
                    file=str(path),
                    line=number,
                )
            out[names[i]].append(float(cell))
    return {k: np.array(v) for k, v in out.items()}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


_UNITS = {
    "m": "m", "ft": "ft", "km": "km", "pa": "Pa", "hpa": "hPa", "mbar": "mbar", "mb": "mbar", "kpa": "kPa", "inhg": "inHg",
    "k": "K", "c": "degC", "degc": "degC", "f": "degF", "degf": "degF", "m_s": "m/s", "ms": "m/s", "kt": "knot",
    "kts": "knot", "knots": "knot", "knot": "knot", "mph": "mph", "km_h": "km/hour", "kmh": "km/hour", "ft_s": "ft/s",
    "deg": "deg", "rad": "rad",
}  # fmt: skip
_QUANTITIES = (
    # what, kind, pattern of the name without its unit
    ("agl", "length", r"(height|altitude|alt|z)_agl|agl"),
    ("geopotential", "length", r"geopotential(_height|_altitude)?(_asl|_msl)?|gph"),
    ("asl", "length", r"(geometric_)?(height|altitude|alt|z|elevation)(_asl|_msl)?"),
    ("pressure", "pressure", r"(air_)?pressure|p|pres"),
    ("temperature", "temperature", r"(air_)?temperature|temp|t"),
    ("east", "speed", r"(wind_)?u(_east)?|wind_east|wind_u"),
    ("north", "speed", r"(wind_)?v(_north)?|wind_north|wind_v"),
    ("speed", "speed", r"wind_speed|speed|wind|ws"),
    ("from", "angle", r"wind_from|wind_direction|direction|from|wd|wind_dir"),
)


def _recognise(name: str) -> tuple[str, str, str] | None:
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    for unit in sorted(_UNITS, key=len, reverse=True):
        if plain.endswith("_" + unit):
            stem = plain[: -len(unit) - 1]
            for what, kind, pattern in _QUANTITIES:
                if re.fullmatch(pattern, stem):
                    return what, kind, _UNITS[unit]
    return None


def read_weather(
    path: str | Path, elevation: float, *, pad_pressure: float | None = None
) -> tuple[Air | None, Wind | None]:
    """Air and wind from a profile CSV; either is None where its columns are absent.

    Columns, units in their names: height (`height_asl_m`, `height_agl_ft`, `geopotential_height_m`) or, without one,
    pressure and temperature from which heights follow; `temperature_k` / `_c`; `pressure_pa` / `_hpa`; wind as
    `wind_u_m_s`, `wind_v_m_s` or `wind_speed_kt`, `wind_from_deg`. Levels in any order.
    """
    raw = read_columns(path)
    got: dict[str, np.ndarray] = {}
    for name, values in raw.items():
        seen = _recognise(name)
        if seen and seen[0] not in got:
            what, kind, unit = seen
            zero, one = to_si(0.0, unit, kind), to_si(1.0, unit, kind)
            got[what] = zero + (one - zero) * values
    file = str(path)
    if "asl" in got:
        z = got["asl"]
    elif "agl" in got:
        z = got["agl"] + elevation
    elif "geopotential" in got:
        z = geometric_from_geopotential(got["geopotential"])
    elif "pressure" in got and "temperature" in got:
        z = _hypsometric(got["pressure"], got["temperature"], elevation, pad_pressure)
    else:
        raise InputError(
            f"no column of heights: name one like height_asl_m, height_agl_ft or geopotential_height_m (seen {', '.join(raw)})",
            file=file,
        )
    order = np.argsort(z, kind="stable")
    keep = order[np.concatenate([[True], np.diff(z[order]) > 1e-6])]
    z = z[keep]
    source = Path(path).name
    air = wind = None
    if "temperature" in got:
        pressure = got["pressure"][keep] if "pressure" in got else None
        try:
            air = Air.from_levels(
                z, got["temperature"][keep], pressure, elevation=elevation, pad_pressure=pad_pressure, source=source
            )
        except InputError as error:
            raise InputError(error.message, file=file) from None
    if "speed" in got and "from" in got and "east" not in got:
        got["east"], got["north"] = -got["speed"] * np.sin(got["from"]), -got["speed"] * np.cos(got["from"])
    if ("east" in got) != ("north" in got):
        raise InputError("wind needs both components (u and v), or speed and direction", file=file)
    if "east" in got:
        wind = Wind.from_levels(z, got["east"][keep], got["north"][keep], elevation=elevation, source=source)
    if air is None and wind is None:
        raise InputError(
            f"neither temperature nor wind in this profile (seen {', '.join(raw)}); units belong in the names",
            file=file,
        )
    return air, wind


def _hypsometric(p: np.ndarray, t: np.ndarray, elevation: float, pad_pressure: float | None) -> np.ndarray:
    """Heights of pressure levels by the hypsometric equation, from the pad's pressure (or the highest pressure)."""
    order = np.argsort(-p)
    ps, ts = p[order], t[order]
    thickness = 287.05287 / 9.80665 * 0.5 * (ts[1:] + ts[:-1]) * np.log(ps[:-1] / ps[1:])
    h = np.concatenate([[0.0], np.cumsum(thickness)])
    anchor = float(np.interp(-np.log(pad_pressure), -np.log(ps), h)) if pad_pressure else 0.0
    z = np.empty_like(h)
    z[order] = geometric_from_geopotential(h - anchor + elevation)
    return z
