"""Weather profiles from CSV: levels of temperature, pressure and wind, in the units that their column names carry.

Nothing is dropped in silence: a column that looks like wind, height, temperature or pressure and cannot be read is an
error that names it; columns of other things, levels with missing cells and repeated levels are told in `Profile.notes`.
"""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from downrange.atmosphere import Air, Wind, geometric_from_geopotential
from downrange.constants import GAS_CONSTANT_AIR, STANDARD_GRAVITY
from downrange.errors import InputError
from downrange.formats.reading import guarded
from downrange.formats.tables import read_text
from downrange.remember import remembered
from downrange.units import to_si

__all__ = ["Profile", "read_profile", "read_weather"]

_ROWS = 100_000  # levels; a radiosonde at 1 Hz gives some 7,000
_HIGH = 500.0  # m; a profile for the pad begins lower
_SHOWN = 60  # characters of a cell that a message repeats
_UNITS = {
    "m": "m", "meter": "m", "meters": "m", "metre": "m", "metres": "m", "ft": "ft", "feet": "ft", "km": "km",
    "pa": "Pa", "hpa": "hPa", "mbar": "mbar", "mb": "mbar", "millibar": "mbar", "millibars": "mbar", "kpa": "kPa", "inhg": "inHg",
    "k": "K", "kelvin": "K", "c": "degC", "degc": "degC", "deg_c": "degC", "celsius": "degC", "f": "degF", "degf": "degF", "deg_f": "degF", "fahrenheit": "degF",
    "m_s": "m/s", "ms": "m/s", "mps": "m/s", "m_s_1": "m/s", "ms_1": "m/s", "m_per_s": "m/s", "kt": "knot", "kts": "knot", "kn": "knot",
    "knots": "knot", "knot": "knot", "mph": "mph", "km_h": "km/hour", "kmh": "km/hour", "kph": "km/hour", "kmph": "km/hour", "ft_s": "ft/s", "fps": "ft/s",
    "deg": "deg", "degree": "deg", "degrees": "deg", "deg_true": "deg", "degt": "deg", "rad": "rad", "radians": "rad",
}  # fmt: skip
_KIND_OF = {
    "m": "length", "ft": "length", "km": "length", "Pa": "pressure", "hPa": "pressure", "mbar": "pressure", "kPa": "pressure",
    "inHg": "pressure", "K": "temperature", "degC": "temperature", "degF": "temperature", "m/s": "speed", "knot": "speed", "mph": "speed", "km/hour": "speed",
    "ft/s": "speed", "deg": "angle", "rad": "angle",
}  # fmt: skip
_COLUMNS = (
    # what, kind, pattern of the name without its unit, a name that is right
    ("agl", "length", r"(height|altitude|alt|z|elevation|level)_(agl|above_ground(_level)?)|agl", "height_agl_m"),
    ("geopotential", "length", r"geopotential(_height|_altitude)?(_asl|_msl)?|gph|gpm|hgt|hght", "geopotential_height_m"),
    ("asl", "length", r"(geometric_)?(height|altitude|alt|z|elevation)(_asl|_msl|_amsl)?|asl|msl|amsl", "height_asl_m"),
    ("pressure", "pressure", r"(air_|station_|barometric_)?(pressure|press|pres|p)|baro", "pressure_hpa"),
    ("temperature", "temperature", r"(air_|ambient_|dry_bulb_)?(temperature|temp|tmp|t)", "temperature_c"),
    ("east", "speed", r"(wind_?)?u(_?(east|wind|comp|component))?|wind_?(east|u)(ward)?|eastward_wind|ugrd", "wind_u_m_s"),
    ("north", "speed", r"(wind_?)?v(_?(north|wind|comp|component))?|wind_?(north|v)(ward)?|northward_wind|vgrd", "wind_v_m_s"),
    ("speed", "speed", r"wind(_?(speed|spd|velocity|vel|mag))?|speed|spd|sped|ws|wspd|wind_?force|ff", "wind_speed_m_s"),
    ("from", "angle", r"(wind_?)?(from|direction|dir)(_?from)?|wind_from_direction|wind|wd|wdir|drct|dd", "wind_from_deg"),
)  # fmt: skip
# Names whose unit is fixed in soundings and airfield reports (University of Wyoming, NOAA, Iowa Environmental Mesonet).
_FIXED = {"drct": "deg", "sknt": "knot", "hght": "m", "tmpc": "degC", "tmpf": "degF", "sped": "m/s"}
_RENAMED = {"sknt": "speed", "tmpc": "temperature", "tmpf": "temperature"}
_LOOKS = (
    # words in a name that make it weather which has to be understood, and what to call it
    (r"wind|winds|windspeed|winddirection|winddir|dir|direction|bearing|heading|speed|spd|sknt|drct|azimuth", "wind_speed_m_s, wind_from_deg"),
    (r"height|altitude|alt|elevation|agl|asl|msl|hgt|hght", "height_asl_m, height_agl_ft"),
    (r"temperature|temp|tmp", "temperature_c"),
    (r"pressure|pres|press|baro", "pressure_hpa"),
)  # fmt: skip
# Words that make it something else: not read, and told.
_OTHER = re.compile(
    r"(^|_)(gusts?|shear|chill|dew|dewpoint|dew_?point|point|potential|virtual|wet|bulb|humidity|vapou?r|mixing|std|sigma|error|"
    r"uncertainty|spread|rate|residual|vertical|descent|ascent|samples?|lapse|mid|density|cloud|surface|soil|feels)(_|$)"
)
_MISSING_TEXT = {
    "",
    "m",
    "mm",
    "na",
    "n/a",
    "nan",
    "null",
    "none",
    "-",
    "--",
    "---",
    "----",
    "missing",
    "*",
    "**",
    "***",
    "****",
}
_CODES = {99.0, 99.9, 99.99, 999.0, 999.9, 999.99, 9999.0, 9999.9, 99999.0, 99999.9, 999999.0}


@dataclass(frozen=True, eq=False)
class Profile:
    """What a profile holds: `air` and `wind` are None where their columns are absent; `notes` say what was not read."""

    air: Air | None
    wind: Wind | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class _Column:
    """One column in SI, NaN where missing: `name` as in the file."""

    name: str
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class _Table:
    """A file's rows as text with their line numbers; `names` as written, `units` of a second heading or empty."""

    file: str
    names: list[str]
    units: list[str]
    lines: np.ndarray
    rows: list[list[str]]

    @property
    def seen(self) -> str:
        return _short(", ".join(n or "(no name)" for n in self.names), 150)


@guarded("a weather profile")
def read_weather(
    path: str | Path, elevation: float, *, pad_pressure: float | None = None
) -> tuple[Air | None, Wind | None]:
    """Air and wind of `read_profile`; either is None where its columns are absent.

    elevation: of the pad above sea level, m. pad_pressure: Pa, or None.
    """
    seen = read_profile(path, elevation, pad_pressure=pad_pressure)
    return seen.air, seen.wind


@guarded("a weather profile")
def read_profile(path: str | Path, elevation: float, *, pad_pressure: float | None = None) -> Profile:
    """Read a profile for a pad at `elevation` (m above sea level); `pad_pressure` (Pa) anchors levels without heights.

    Columns, units in their names (`wind_speed_kt`, `Wind Speed (kts)`) or in a second heading: height (`height_asl_m`,
    `height_agl_ft`, `geopotential_height_m`) or, without one, pressure and temperature from which heights follow;
    `temperature_c` / `_k`; `pressure_hpa`; wind as `wind_u_m_s`, `wind_v_m_s` or `wind_speed_kt`, `wind_from_deg`.
    Separated by commas, semicolons (with decimal commas too), tabs or blanks. Levels in any order.

    Raises `InputError` with file, line and column for what cannot be read, for half a wind, and for levels that
    contradict one another.
    """
    return _profile(read_text(Path(path)), str(path), elevation, pad_pressure)


@remembered(8)
def _profile(text: str, file: str, elevation: float, pad_pressure: float | None) -> Profile:
    """A profile from what stands in its file."""
    table = _table(text, file)
    got, notes = _columns(table)
    z = _heights(table, got, elevation, pad_pressure, notes)
    u, v = _components(table, got, notes)
    keep = np.isfinite(z)
    order = np.argsort(np.where(keep, z, np.inf), kind="stable")[: int(keep.sum())]
    source = Path(file).name
    air = wind = None
    if "temperature" in got:
        air = _air(table, got, z, order, notes, elevation=elevation, pad_pressure=pad_pressure, source=source)
    if u is not None and v is not None:
        chosen = _levels(table, z, order, np.stack([u, v]), "wind", 1.0, notes)
        try:
            wind = Wind.from_levels(z[chosen], u[chosen], v[chosen], elevation=elevation, source=source)
        except InputError as error:
            raise InputError(error.message, file=table.file) from None
    if air is None and wind is None:
        raise InputError(
            f"neither temperature nor wind in this profile (seen {table.seen}); units belong in the names",
            file=table.file,
        )
    _check_reach(table, z[order], elevation, notes)
    return Profile(air, wind, tuple(f"{source}: {n}." for n in notes))


def _table(text: str, file: str) -> _Table:
    """The rows of a file with their lines: comments and rulers left out, the separator found."""
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if not re.fullmatch(r"\s*#.*|[\s\-=_]*", line)]
    if not lines:
        raise InputError("the table is empty", file=file)
    if len(lines) > _ROWS:
        raise InputError(f"{len(lines)} lines; at most {_ROWS} levels are read", file=file)
    separator = next((s for s in (";", "\t", ",") if s in lines[0][1]), None)
    rows = [(n, _cells(line, separator)) for n, line in lines]
    names = rows[0][1]
    while names and not names[-1]:
        names = names[:-1]
    if all(_number(c) is not None for c in names if c):
        raise InputError(
            "a profile needs a heading that names its columns with their units, like height_asl_m,temperature_c,wind_speed_m_s,wind_from_deg",
            file=file, line=rows[0][0],
        )  # fmt: skip
    body, units = rows[1:], [""] * len(names)
    if body and all(_number(c) is None for c in body[0][1]) and any(_tidy(c) in _UNITS for c in body[0][1]):
        units, body = (body[0][1] + units)[: len(names)], body[1:]
    if not body:
        raise InputError("the table has a heading but no rows", file=file)
    for number, row in body:
        extra = row[len(names) :]
        if len(row) < len(names) or any(extra):
            hint = (
                "; are these decimal commas? Then separate the cells by semicolons"
                if any(extra) and separator == ","
                else ""
            )
            raise InputError(f"{len(row)} cells for {len(names)} columns{hint}", file=file, line=number)
    return _Table(file, names, units, np.array([n for n, _ in body]), [r[: len(names)] for _, r in body])


def _cells(line: str, separator: str | None) -> list[str]:
    cells = line.split() if separator is None else next(csv.reader([line], delimiter=separator), [])
    cells = [c.strip() for c in cells]
    if separator != ",":
        cells = [c.replace(",", ".") if re.fullmatch(r"[-+]?\d*,\d+", c) else c for c in cells]
    return cells


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _short(text: str, limit: int = _SHOWN) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _tidy(name: str) -> str:
    """A column's name in small letters, words joined by underscores."""
    plain = name.lower().replace("°", "deg").replace("º", "deg").replace("⁻¹", "_1").replace("/", "_")
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def _what(stem: str, kind: str = "") -> tuple[str, str, str] | None:
    """(what, kind, right name) of a name without its unit; one of `kind` where there is one."""
    found = [(w, k, right) for w, k, pattern, right in _COLUMNS if re.fullmatch(pattern, stem)]
    return next((f for f in found if f[1] == kind), found[0] if found else None)


def _recognise(table: _Table, i: int) -> tuple[str, str] | None:
    """(what, unit) of a column; None where it is something else. Raises where it looks like weather and is not clear."""
    name, given = _tidy(table.names[i]), _tidy(table.units[i])
    if name in _FIXED and not given:
        given = _tidy(_FIXED[name])
    name = _RENAMED.get(name, name)
    for unit in sorted(_UNITS, key=len, reverse=True):
        if given != unit and not name.endswith("_" + unit):
            continue
        kind = _KIND_OF[_UNITS[unit]]
        found = _what(name if given == unit else name[: -len(unit) - 1], kind)
        if found is not None and found[1] == kind:
            return found[0], _UNITS[unit]
        if found is not None:
            raise _unclear(table, i, f"has {unit!r}, which is not a unit of {found[1]}; name it like {found[2]}")
    if _OTHER.search(name):
        return None
    bare = _what(name)
    if bare is not None:
        raise _unclear(table, i, f"does not say its unit; name it like {bare[2]}")
    for pattern, right in _LOOKS:
        if any(re.fullmatch(pattern, word) for word in name.split("_")):
            raise _unclear(table, i, f"was not understood; name it with its unit, like {right}")
    return None


def _unclear(table: _Table, i: int, problem: str) -> InputError:
    name = _short(table.names[i])
    return InputError(f"column {name!r} {problem}", file=table.file, key=name)


def _columns(table: _Table) -> tuple[dict[str, _Column], list[str]]:
    """The columns that were understood, in SI with NaN where missing, and notes about the rest."""
    got: dict[str, _Column] = {}
    unknown: list[str] = []
    again: list[str] = []
    notes: list[str] = []
    for i, name in enumerate(table.names):
        seen = _recognise(table, i)
        if seen is None:
            unknown.append(_short(name) or "(no name)")
        elif seen[0] in got:
            again.append(f"{_short(name)} (there is {got[seen[0]].name})")
        else:
            got[seen[0]] = _column(table, i, *seen, notes)
    if unknown:
        notes.append(f"not read: {', '.join(unknown[:12])}{' ...' if len(unknown) > 12 else ''}")
    if again:
        notes.append(f"given twice, not read: {', '.join(again[:6])}")
    return got, notes


def _column(table: _Table, i: int, what: str, unit: str, notes: list[str]) -> _Column:
    """One column in SI; missing cells are NaN and told, cells that are no numbers are errors."""
    name = _short(table.names[i])
    values = np.full(len(table.rows), np.nan)
    missing: list[tuple[int, str]] = []
    for k, row in enumerate(table.rows):
        cell = row[i]
        number = _number(cell)
        if number is None and cell.lower() not in _MISSING_TEXT:
            raise InputError(
                f"column {name!r} should be a finite number, seen {_short(cell)!r}",
                file=table.file,
                line=int(table.lines[k]),
            )
        if number is None or _is_code(number, what, unit):
            missing.append((int(table.lines[k]), cell or "nothing"))
            continue
        values[k] = number
    if len(missing) == len(values):
        raise InputError(f"column {name!r} holds no values, only {_short(missing[0][1])!r}", file=table.file)
    if missing:
        at = ", ".join(str(n) for n, _ in missing[:5]) + (" ..." if len(missing) > 5 else "")
        notes.append(f"{name} is missing ({_short(missing[0][1], 12)}) on line{'s' if len(missing) > 1 else ''} {at}")
    kind = next(k for w, k, _, _ in _COLUMNS if w == what)
    zero, one = to_si(0.0, unit, kind), to_si(1.0, unit, kind)
    values = zero + (one - zero) * values
    _check_values(table, name, what, values)
    return _Column(name, values)


def _is_code(number: float, what: str, unit: str) -> bool:
    """Whether a number stands for a missing value: -99, -999, 9999 and their like, where they cannot be meant."""
    size = abs(number)
    if size not in _CODES:
        return False
    if what in ("agl", "asl", "geopotential"):
        return number < 0 or size >= 99999 and unit != "ft"
    if what == "pressure":
        return number < 0 or unit != "Pa" and size > 1500 or size >= 999999
    if what == "temperature":
        return size >= 999 or number < 0 and unit != "degF"
    if what == "from":
        return number < 0 or size > 360
    return number < 0 or size >= 999  # a speed or a component of the wind


def _check_values(table: _Table, name: str, what: str, values: np.ndarray) -> None:
    """Refuse what cannot be, with its line."""
    good = {
        "speed": (values >= 0, "a wind speed is not below zero"),
        "from": (np.abs(values) <= 2 * np.pi + 1e-9, "a direction lies between 0 and 360 degrees"),
        "pressure": (values > 0, "pressure must be positive"),
    }.get(what, (np.ones(values.shape, bool), ""))
    bad = np.flatnonzero(~good[0] & np.isfinite(values))
    if bad.size:
        k = int(bad[0])
        cell = table.rows[k][[_short(n) for n in table.names].index(name)]
        raise InputError(
            f"column {name!r}: {good[1]}, seen {_short(cell)!r}", file=table.file, line=int(table.lines[k])
        )


def _heights(
    table: _Table, got: dict[str, _Column], elevation: float, pad_pressure: float | None, notes: list[str]
) -> np.ndarray:
    """Height of every row, m above sea level; NaN where it is missing."""
    if "asl" in got:
        return got["asl"].values
    if "agl" in got:
        return got["agl"].values + elevation
    if "geopotential" in got:
        return np.asarray(geometric_from_geopotential(got["geopotential"].values))
    if "pressure" in got and "temperature" in got:
        p, t = got["pressure"].values, got["temperature"].values
        z = np.full(p.size, np.nan)
        there = np.isfinite(p) & np.isfinite(t)
        if there.any():
            if pad_pressure is None:
                notes.append(
                    f"heights follow from pressure, with {np.nanmax(p[there]) / 100:g} hPa at the pad; state weather.pressure if it is another"
                )
            z[there] = _hypsometric(p[there], t[there], elevation, pad_pressure)
        return z
    raise InputError(
        f"no column of heights: name one like height_asl_m, height_agl_ft or geopotential_height_m (seen {table.seen})",
        file=table.file,
    )


def _components(
    table: _Table, got: dict[str, _Column], notes: list[str]
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """East and north wind of every row, from components, or speed and direction; both or none."""
    pairs = (("east", "north", "both components (u and v)"), ("speed", "from", "both speed and direction"))
    for a, b, both in pairs:
        if (a in got) != (b in got):
            there = got[a if a in got else b].name
            other = next(right for w, _, _, right in _COLUMNS if w == (b if a in got else a))
            raise InputError(f"wind needs {both}: there is {there!r}, but no column like {other}", file=table.file)
    polar = None
    if "speed" in got:
        speed, from_ = got["speed"].values, np.where(got["speed"].values == 0, 0.0, got["from"].values)
        polar = -speed * np.sin(from_), -speed * np.cos(from_)
    if "east" in got:
        u, v = got["east"].values, got["north"].values
        if polar is not None:
            apart = np.hypot(u - polar[0], v - polar[1])
            worst = int(np.argmax(np.nan_to_num(apart)))
            if apart[worst] > max(1.0, 0.2 * float(np.hypot(u[worst], v[worst]))):
                notes.append(
                    f"{got['east'].name} and {got['north'].name} were read; {got['speed'].name} and {got['from'].name} say "
                    f"another wind (line {table.lines[worst]})"
                )
        return u, v
    return polar if polar is not None else (None, None)


def _levels(
    table: _Table, z: np.ndarray, order: np.ndarray, values: np.ndarray, what: str, tolerance: float, notes: list[str]
) -> np.ndarray:
    """Rows with finite `values` (k, n), upwards, each height once. Raises where a height comes with two values."""
    rows = order[np.isfinite(values[:, order]).all(axis=0)]
    if rows.size == 0:
        raise InputError(f"no level has both a height and {what}", file=table.file)
    again = np.flatnonzero(np.diff(z[rows]) <= 1e-6)
    for k in again:
        a, b = int(rows[k]), int(rows[k + 1])
        if np.abs(values[:, a] - values[:, b]).max() > tolerance:
            raise InputError(
                f"two levels at {z[b]:g} m above sea level with different {what}, the other on line {table.lines[a]}; keep one",
                file=table.file, line=int(table.lines[b]),
            )  # fmt: skip
    if again.size:
        line = int(table.lines[rows[again[0] + 1]])
        notes.append(f"{again.size} repeated level{'s' if again.size > 1 else ''} of {what} left out (line {line})")
    return np.delete(rows, again + 1)


def _air(
    table: _Table, got: dict[str, _Column], z: np.ndarray, order: np.ndarray, notes: list[str], *, elevation: float,
    pad_pressure: float | None, source: str,
) -> Air:  # fmt: skip
    t = got["temperature"].values
    p = got["pressure"].values if "pressure" in got else None
    rows = _levels(table, z, order, t[None] if p is None else np.stack([t, 0 * p]), "temperature", 0.5, notes)
    if p is not None:
        rows = _falling(table, z, p, rows, notes)
    try:
        return Air.from_levels(
            z[rows],
            t[rows],
            None if p is None else p[rows],
            elevation=elevation,
            pad_pressure=pad_pressure,
            source=source,
        )
    except InputError as error:
        raise InputError(error.message, file=table.file) from None


def _falling(table: _Table, z: np.ndarray, p: np.ndarray, rows: np.ndarray, notes: list[str]) -> np.ndarray:
    """Rows whose pressure falls with height; one that repeats the pressure below by rounding is left out."""
    keep = [int(rows[0])]
    for row in rows[1:].tolist():
        below = keep[-1]
        if p[row] < p[below]:
            keep.append(row)
        elif p[row] - p[below] <= 100.0 and z[row] - z[below] <= 25.0:  # 1 hPa is 8 m near the ground
            notes.append(f"the level on line {table.lines[row]} has the pressure of the one below and was left out")
        else:
            raise InputError(
                f"pressure should fall with height, but it is {p[row] / 100:g} hPa at {z[row]:g} m, and {p[below] / 100:g} hPa at "
                f"{z[below]:g} m on line {table.lines[below]}", file=table.file, line=int(table.lines[row]),
            )  # fmt: skip
    return np.array(keep)


def _check_reach(table: _Table, z: np.ndarray, elevation: float, notes: list[str]) -> None:
    """Refuse a profile that lies below the pad altogether; tell one that begins far above it."""
    if z[-1] < elevation:
        raise InputError(
            f"the profile ends at {z[-1]:.0f} m above sea level, below the pad at {elevation:.0f} m: are these heights above ground? "
            "Then name the column height_agl_m", file=table.file,
        )  # fmt: skip
    if z[0] > elevation + _HIGH:
        notes.append(f"the lowest level lies {z[0] - elevation:.0f} m above the pad; are the heights above sea level?")


def _hypsometric(p: np.ndarray, t: np.ndarray, elevation: float, pad_pressure: float | None) -> np.ndarray:
    """Heights of pressure levels by the hypsometric equation, from the pad's pressure (or the highest pressure).

    A pad below the lowest level is reached with that level's temperature.
    """
    order = np.argsort(-p, kind="stable")
    ps, ts = p[order], t[order]
    scale = GAS_CONSTANT_AIR / STANDARD_GRAVITY
    h = np.concatenate([[0.0], np.cumsum(scale * 0.5 * (ts[1:] + ts[:-1]) * np.log(ps[:-1] / ps[1:]))])
    anchor = 0.0
    if pad_pressure:
        below = scale * ts[0] * np.log(pad_pressure / ps[0])
        anchor = float(np.interp(-np.log(pad_pressure), -np.log(ps), h)) - max(below, 0.0)
    z = np.empty_like(h)
    z[order] = geometric_from_geopotential(h - anchor + elevation)
    return z
