"""Units at the doors: `"54 mm"`, `"3.2 lb"`, `"12.3 ± 0.2 kg"`, `"50 g ± 5 %"` to SI and back.

Inside the package everything is SI and radians; nothing below the doors imports this module.
pint does the conversions; it is imported on first use, because it takes 0.3 s.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

from downrange.errors import UnitError
from downrange.uncertainty import Choice, Normal, Quantity, Triangular, Uniform

__all__ = ["DIMENSIONS", "display", "from_si", "parse_quantity", "to_si"]

DIMENSIONS: dict[str, tuple[str, str]] = {
    # kind: (SI unit, an example that is shown in messages)
    "length": ("m", "54 mm"),
    "area": ("m**2", "1.1 m^2"),
    "mass": ("kg", "250 g"),
    "time": ("s", "1.5 s"),
    "speed": ("m/s", "5 m/s"),
    "angle": ("rad", "84 deg"),
    "pressure": ("Pa", "1013.25 hPa"),
    "temperature": ("K", "15 degC"),
    "inertia": ("kg*m**2", "7.5 kg m^2"),
    "density": ("kg/m**3", "680 kg/m^3"),
    "surface density": ("kg/m**2", "67 g/m^2"),
    "line density": ("kg/m", "1.8 g/m"),
    "acceleration": ("m/s**2", "9.8 m/s^2"),
    "force": ("N", "100 N"),
    "stiffness": ("Pa", "2.6 GPa"),
    "energy": ("J", "100 J"),
    "impulse": ("N*s", "640 N s"),
    "calibre": ("", "1.5"),
    "per area": ("1/m**2", "50 / km^2"),
    "number": ("", "0.75"),
}

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_PLAIN = re.compile(rf"^\s*({_NUMBER})\s*(.*?)\s*$")
_SPLIT = re.compile(r"\s*(?:±|\+/-|\+-)\s*")
_ALIASES = {
    "°": "deg", "degrees": "deg", "degree": "deg", "º": "deg", "°C": "degC", "C": "degC", "°F": "degF", "F": "degF",
    "%": "percent", '"': "inch", "in": "inch", "′": "ft", "'": "ft", "µm": "micrometer", "um": "micrometer",
    "lb": "pound", "lbs": "pound", "lbm": "pound", "oz": "ounce", "knots": "knot", "kt": "knot", "kts": "knot",
    "mph": "mile/hour", "fps": "ft/s", "m2": "m**2", "m²": "m**2", "kg m²": "kg*m**2", "kg m2": "kg*m**2",
}  # fmt: skip


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    try:
        return pint.UnitRegistry(cache_folder=":auto:", autoconvert_offset_to_baseunit=True)
    except OSError:  # no writable cache folder
        return pint.UnitRegistry(autoconvert_offset_to_baseunit=True)


@lru_cache(maxsize=512)
def _factor(unit: str, si: str) -> tuple[float, float]:
    """Return (scale, offset) with SI = scale * x + offset."""
    import pint

    name = _ALIASES.get(unit, unit)
    if name.startswith("/"):
        name = f"1{name}"
    registry = _registry()
    try:
        zero = registry.Quantity(0.0, name or "dimensionless").to(si or "dimensionless").magnitude
        one = registry.Quantity(1.0, name or "dimensionless").to(si or "dimensionless").magnitude
    except pint.DimensionalityError:
        raise UnitError(f"{unit!r} is not a unit of the right kind") from None
    except (pint.UndefinedUnitError, pint.DefinitionSyntaxError, AttributeError, ValueError, TypeError, AssertionError):
        raise UnitError(f"unknown unit {unit!r}") from None
    return float(one - zero), float(zero)


def to_si(value: float, unit: str, kind: str) -> float:
    """Convert `value` in `unit` to the SI unit of `kind` (a key of `DIMENSIONS`).

    >>> to_si(54, "mm", "length")
    0.054
    """
    si, example = DIMENSIONS[kind]
    if not unit and kind not in ("number", "calibre"):
        raise UnitError(f"{value:g} has no unit; write a {kind} like '{example}'")
    try:
        scale, offset = _factor(unit, si)
    except UnitError as error:
        raise UnitError(f"{error.message}; a {kind} is written like '{example}'") from None
    return round(scale * value + offset, 15) if abs(scale * value + offset) < 10 else scale * value + offset


def from_si(value: float, unit: str, kind: str) -> float:
    """Convert an SI `value` of `kind` to `unit`."""
    scale, offset = _factor(unit, DIMENSIONS[kind][0])
    return (value - offset) / scale


def _one(text: str, kind: str, unit: str = "") -> tuple[float, str]:
    match = _PLAIN.match(text)
    if not match:
        raise UnitError(f"cannot read {text!r}; write a {kind} like '{DIMENSIONS[kind][1]}'")
    value = float(match.group(1))
    if not math.isfinite(value):
        raise UnitError(f"{text!r} is not a finite number")
    return value, match.group(2) or unit


def _distribution(given: dict[str, Any], kind: str) -> Quantity:
    if len(given) != 1:
        raise UnitError(f"a distribution has one key (uniform, triangular, choice, normal), seen {sorted(given)}")
    name, raw = next(iter(given.items()))
    if not isinstance(raw, list | tuple) or not raw:
        raise UnitError(f"{name}: write a list of values like ['{DIMENSIONS[kind][1]}', ...]")
    values = [parse_quantity(v, kind).value for v in raw]
    text = f"{{{name}: {raw}}}"
    if name == "uniform" and len(values) == 2 and values[0] < values[1]:
        uniform = Uniform(values[0], values[1])
        return Quantity(uniform.centre, uniform, text)
    if name == "triangular" and len(values) == 3 and values[0] <= values[1] <= values[2] and values[0] < values[2]:
        return Quantity(values[1], Triangular(*values), text)
    if name == "choice":
        return Quantity(values[0], Choice(tuple(values)), text)
    if name == "normal" and len(values) == 2 and values[1] >= 0:
        sigma = values[1] - (_factor("degC", "K")[1] if kind == "temperature" and "C" in str(raw[1]) else 0.0)
        return Quantity(values[0], Normal(values[0], sigma), text)
    raise UnitError(
        f"cannot read the distribution {text}; write uniform: [low, high], triangular: [low, likely, high], "
        "normal: [centre, sigma] or choice: [a, b, ...]"
    )


def parse_quantity(given: Any, kind: str) -> Quantity:
    """Read a quantity of `kind` from what stands in a file.

    Takes `"54 mm"`, `"12.3 ± 0.2 kg"`, `"12.3 kg +/- 5 %"`, `{"uniform": ["5 m/s", "9 m/s"]}`; a bare number only
    for pure numbers and for zero.

    >>> parse_quantity("12.3 ± 0.2 kg", "mass")
    Quantity(value=12.3, distribution=Normal(centre=12.3, sigma=0.2), text='12.3 ± 0.2 kg')
    """
    if isinstance(given, Quantity):
        return given
    if isinstance(given, dict):
        return _distribution(given, kind)
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise UnitError(f"cannot read {given!r}; write a {kind} like '{DIMENSIONS[kind][1]}'")
    text = str(given)
    if isinstance(given, int | float):
        if not math.isfinite(given):
            raise UnitError(f"{given!r} is not a finite number")
        if given == 0 and kind != "temperature":
            return Quantity(0.0, None, text)
        return Quantity(to_si(float(given), "", kind), None, text)
    parts = _SPLIT.split(text)
    if len(parts) > 2:
        raise UnitError(f"cannot read {text!r}: more than one ±")
    spread_text = parts[1] if len(parts) == 2 else ""
    spread_unit = ""
    spread = 0.0
    if spread_text:
        spread, spread_unit = _one(spread_text, kind)
    relative = spread_unit == "%" and "%" not in parts[0]
    value, unit = _one(parts[0], kind, "" if relative else spread_unit)
    if value == 0 and not unit and kind != "temperature":
        centre = 0.0
    else:
        centre = to_si(value, unit, kind)
    if not spread_text:
        return Quantity(centre, None, text)
    if relative:
        sigma = abs(centre) * spread / 100
    else:
        si = DIMENSIONS[kind][0]
        sigma = spread * _factor(spread_unit or unit, si)[0]
    if sigma < 0:
        raise UnitError(f"cannot read {text!r}: the spread after ± is negative")
    return Quantity(centre, Normal(centre, sigma), text)


METRIC = {"length": "m", "speed": "m/s", "mass": "kg", "acceleration": "m/s**2", "force": "N", "pressure": "Pa"}
IMPERIAL = {"length": "ft", "speed": "mph", "mass": "lb", "acceleration": "ft/s**2", "force": "lbf", "pressure": "psi"}


def display(value: float, kind: str, system: str = "metric", digits: int = 4) -> str:
    """Write an SI `value` of `kind` for people, in `metric` or `imperial` units."""
    if value is None or not math.isfinite(value):
        return "-"
    if kind == "angle":
        return f"{math.degrees(value):.{digits}g}°"
    unit = (IMPERIAL if system == "imperial" else METRIC).get(kind, DIMENSIONS[kind][0])
    if kind == "mass" and abs(value) < 0.45:
        unit = "ounce" if system == "imperial" else "g"
    if kind == "length" and abs(value) < 0.3:
        unit = "inch" if system == "imperial" else "mm"
    shown = from_si(value, unit, kind)
    if abs(shown) >= 10 ** (digits - 1):
        number = f"{shown:,.0f}"
    else:
        number = f"{shown:.{digits}g}"
    shown_unit = {"ounce": "oz", "inch": "in"}.get(unit, unit)
    return f"{number} {shown_unit.replace('**2', '²').replace('*', ' ')}".strip()
