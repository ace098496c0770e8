"""What people see: SI values in metric or US units, in tables, on axes and in sentences.

In US units a rocket is measured in inches, a height in feet, a speed in feet per second, the wind in miles per hour, as clubs in the USA do; motors stay
in newtons and their diameters in millimetres, as they are sold.
"""

from __future__ import annotations

import math
import re
from functools import cache

from downrange.units.quantities import DIMENSIONS, to_si

__all__ = ["SYSTEMS", "column", "display", "in_units"]

SYSTEMS = ("metric", "us")
_SHOWN = {
    # kind of what is shown: what it is, the unit's name here, and for people, metric and US
    "length": ("length", ("m", "m"), ("ft", "ft")),
    "size": ("length", ("m", "m"), ("in", "in")),
    "small size": ("length", ("mm", "mm"), ("in", "in")),
    "distance": ("length", ("km", "km"), ("mi", "mi")),
    "speed": ("speed", ("m/s", "m/s"), ("ft/s", "ft/s")),
    "wind": ("speed", ("m/s", "m/s"), ("mph", "mph")),
    "mass": ("mass", ("kg", "kg"), ("lb", "lb")),
    "small mass": ("mass", ("g", "g"), ("oz", "oz")),
    "acceleration": ("acceleration", ("m/s^2", "m/s²"), ("ft/s^2", "ft/s²")),
    "energy": ("energy", ("J", "J"), ("ft lbf", "ft·lbf")),
    "force": ("force", ("N", "N"), ("lbf", "lbf")),
    "moment": ("energy", ("N m", "N m"), ("ft lbf", "ft·lbf")),
    "area": ("area", ("ha", "ha"), ("acre", "acres")),
    "pressure": ("pressure", ("Pa", "Pa"), ("psi", "psi")),
    "chamber pressure": ("pressure", ("MPa", "MPa"), ("psi", "psi")),
    "inertia": ("inertia", ("kg m^2", "kg m²"), ("lb ft^2", "lb·ft²")),
}
_SMALL = {"metric": {"length": 0.3, "size": 1.0, "mass": 0.45}, "us": {"length": 0.3048, "mass": 0.4535}}
_LESS = {"length": "small size", "size": "small size", "mass": "small mass"}
_OTHER = {"kg*m**2": "kg m²", "m/s**2": "m/s²", "N*s": "N s"}


@cache
def column(kind: str, system: str) -> tuple[str, float]:
    """The unit of a kind for the head of a column or an axis, and how many of it one SI unit is.

    >>> column("length", "us")[0], round(column("length", "us")[1], 4)
    ('ft', 3.2808)

    system: `metric` or `us`.
    """
    what, *shown = _SHOWN[kind]
    unit, name = shown[SYSTEMS.index(system)]
    return name, 1 / to_si(1.0, unit, what)


def display(value: float, kind: str, system: str = "metric", digits: int = 4) -> str:
    """An SI `value` of `kind` for people, in `metric` or `us` units, `-` where it is no number.

    >>> display(457.2, "length", "us"), display(0.054, "size", "us", 3), display(30.0, "speed")
    ('1,500 ft', '2.13 in', '30 m/s')

    system: `metric` or `us`. digits: that count.
    """
    if value is None or not math.isfinite(value):
        return "-"
    if kind == "angle":
        return f"{math.degrees(value):.{digits}g}°"
    if kind == "temperature":
        return f"{value - 273.15:.0f} °C" if system == "metric" else f"{(value - 273.15) * 1.8 + 32:.0f} °F"
    if 0 < abs(value) < _SMALL[system].get(kind, 0.0):
        kind = _LESS[kind]
    if kind in _SHOWN:
        unit, factor = column(kind, system)
    else:
        unit, factor = _OTHER.get(DIMENSIONS[kind][0], DIMENSIONS[kind][0].replace("**", "^")), 1.0
    return f"{number(value * factor, digits)} {unit}".strip()


def number(value: float, digits: int = 4) -> str:
    """A number with so many digits, whole ones never cut.

    value: the number.
    """
    return f"{value:,.0f}" if abs(value) >= 10 ** (digits - 1) else f"{value:.{digits}g}"


_WORDS = {"m": "length", "km": "distance", "cm": "size", "mm": "size", "m/s": "speed", "m/s²": "acceleration", "kg": "mass", "g": "small mass",
          "J": "energy", "N m": "moment", "MPa": "chamber pressure", "bar": "chamber pressure"}  # fmt: skip
_SI = {"km": 1e3, "cm": 1e-2, "mm": 1e-3, "g": 1e-3, "MPa": 1e6, "bar": 1e5}
_NUMBER = r"\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?"
_QUANTITY = re.compile(
    # somebody's name between quotation marks; or a number, or two that share a unit, and the unit
    rf"(?<!\w)'[^'\n]{{1,200}}'(?!\w)|(?<![\w.,])(?:([-+]?{_NUMBER})( (?:to|or|±|x) ))?([-+±]?{_NUMBER})"
    r" (°C|[ck]m|mm|m/s²|m/s|m|kg|g|J|N m|MPa|bar)(?![\w/²·^°]|-\w| motor)"
)


def in_units(text: str, system: str) -> str:
    """A sentence with its quantities in another system of units; what stands between quotation marks is somebody's name.

    >>> in_units("Leaves the rail at 12.3 m/s (at least 15 m/s is usual); a rail of 2 to 2.5 m.", "us")
    'Leaves the rail at 40.4 ft/s (at least 49 ft/s is usual); a rail of 6.6 to 8.2 ft.'

    text: with SI quantities in it. system: `metric` or `us`.
    """
    return text if system == "metric" else _QUANTITY.sub(_other_unit, text)


def _other_unit(m: re.Match[str]) -> str:
    first, between, last, unit = m.groups()
    if last is None:
        return m[0]
    name = "°F" if unit == "°C" else column(_WORDS[unit], "us")[0]
    pair = "" if first is None else _other_number(first, unit) + between
    return f"{pair}{_other_number(last, unit, spread='±' in (between or ''))} {name}"


def _other_number(text: str, unit: str, spread: bool = False) -> str:
    """A number in the US unit for `unit`, with as many digits; a spread of temperatures has no zero point."""
    mark = "±" if text.startswith("±") else ""
    value = float(text.lstrip("±").replace(",", ""))
    if unit == "°C":
        return f"{mark}{value * 1.8 + (0 if mark or spread else 32):.0f}"
    digits = re.sub(r"e.*|\D", "", text).lstrip("0")
    return mark + number(value * _SI.get(unit, 1.0) * column(_WORDS[unit], "us")[1], max(len(digits), 2))
