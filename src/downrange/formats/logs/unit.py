"""Units of channels: the words that stand for them in loggers' headings and cells, and their factors to the SI."""

from __future__ import annotations

import math
import re

from downrange.errors import UnitError
from downrange.tracking.log import QUANTITIES
from downrange.units import to_si

__all__ = ["factor", "unit_in"]

_KIND = {
    "Pa": "pressure", "K": "temperature", "m": "length", "m/s": "speed", "m/s2": "acceleration", "rad/s": "angular speed", "rad": "angle",
    "s": "time",
}  # fmt: skip
# As loggers write them, and as `units` knows them.
_WORDS: dict[str, dict[str, str]] = {
    "time": {
        "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s", "ms": "ms", "msec": "ms", "millis": "ms", "milliseconds": "ms",
        "us": "us", "micros": "us", "microseconds": "us", "ns": "ns", "nanoseconds": "ns", "min": "min", "minutes": "min", "deciseconds": "ds", "ds": "ds",
    },
    "pressure": {
        "pa": "Pa", "pascal": "Pa", "pascals": "Pa", "hpa": "hPa", "mbar": "mbar", "mb": "mbar", "millibar": "mbar", "kpa": "kPa", "atm": "atm",
        "atmospheres": "atm", "bar": "bar", "psi": "psi", "inhg": "inHg",
    },
    "temperature": {
        "c": "degC", "degc": "degC", "°c": "degC", "celsius": "degC", "deg_c": "degC", "f": "degF", "degf": "degF", "°f": "degF", "fahrenheit": "degF",
        "k": "K", "kelvin": "K", "x100": "cC",
    },
    "length": {
        "m": "m", "meter": "m", "meters": "m", "metre": "m", "metres": "m", "ft": "ft", "ft.": "ft", "feet": "ft", "foot": "ft", "'": "ft", "km": "km",
        "cm": "cm", "mm": "mm", "yd": "yd", "in": "inch", "ft-agl": "ft", "ft-asl": "ft", "ft_agl": "ft",
    },
    "speed": {
        "m/s": "m/s", "mps": "m/s", "m_s": "m/s", "ms-1": "m/s", "meters_per_s": "m/s", "meters_per_second": "m/s", "ft/s": "ft/s", "fps": "ft/s",
        "ft/sec": "ft/s", "feet/sec": "ft/s", "mph": "mph", "km/h": "km/h", "kph": "km/h", "knots": "kt", "kt": "kt", "cm/s": "cm/s",
    },
    "acceleration": {
        "m/s2": "m/s^2", "m/s²": "m/s^2", "m/s^2": "m/s^2", "m/s/s": "m/s^2", "mps2": "m/s^2", "ms-2": "m/s^2", "g": "g0", "gs": "g0", "g's": "g0", "mg": "mg0",
        "milli_g": "mg0", "ft/s2": "ft/s^2", "ft/s²": "ft/s^2", "ft/s^2": "ft/s^2", "ft/sec^2": "ft/s^2",
    },
    "angular speed": {
        "rad/s": "rad/s", "rad_per_s": "rad/s", "rps": "rad/s", "deg/s": "deg/s", "°/s": "deg/s", "dps": "deg/s", "deg_per_s": "deg/s", "deg/sec": "deg/s",
        "mdps": "mdps",
    },
    "angle": {"deg": "deg", "°": "deg", "degrees": "deg", "degree": "deg", "rad": "rad", "radians": "rad", "deg/10000": "e-4deg", "deg/1e7": "e-7deg", "x1e7": "e-7deg"},
    "field": {"t": "T", "ut": "uT", "microteslas": "uT", "microtesla": "uT", "gauss": "G", "g": "G", "mgauss": "mG", "nt": "nT"},
    "voltage": {"v": "V", "volt": "V", "volts": "V", "mv": "mV", "decivolts": "dV"},
    "current": {"a": "A", "amp": "A", "amps": "A", "ma": "mA"},
}  # fmt: skip
_OWN = {  # (factor, shift) of what `units` has no name for: magnetism and electricity, and loggers' own fractions
    "T": (1.0, 0.0), "uT": (1e-6, 0.0), "nT": (1e-9, 0.0), "G": (1e-4, 0.0), "mG": (1e-7, 0.0), "V": (1.0, 0.0), "mV": (1e-3, 0.0), "dV": (0.1, 0.0),
    "A": (1.0, 0.0), "mA": (1e-3, 0.0), "ds": (0.1, 0.0), "ns": (1e-9, 0.0), "cC": (0.01, 273.15), "mg0": (9.80665e-3, 0.0), "mdps": (math.pi / 180e3, 0.0),
    "e-4deg": (math.pi / 180e4, 0.0), "e-7deg": (math.pi / 180e7, 0.0), "": (1.0, 0.0),
}  # fmt: skip
_KIND_OF_SI = {**_KIND, "T": "field", "V": "voltage", "A": "current", "": ""}


def kind_of(name: str) -> str:
    """The kind of a channel's quantity, as the tables of words have it."""
    return "time" if name == "time" else _KIND_OF_SI[QUANTITIES[name][0]]


def factor(unit: str, name: str) -> tuple[float, float]:
    """Factor and shift that bring `unit` to the SI unit of the quantity `name`. Raises `UnitError` for another kind's unit.

    >>> factor("ft", "altitude_agl")
    (0.3048, 0.0)
    """
    if unit in _OWN:
        return _OWN[unit]
    kind = kind_of(name)
    if kind not in _KIND.values():
        raise UnitError(f"{unit!r} is no unit of a {kind or 'pure number'}")
    shift = to_si(0.0, unit, kind)
    return to_si(1.0, unit, kind) - shift, shift


def unit_in(heading: str, name: str) -> str:
    """The unit that a heading has for a quantity: in brackets, or as its last words; empty without one.

    >>> unit_in("Baro_Altitude_AGL_(feet)", "altitude_agl"), unit_in("est_velocity_z_meters_per_s", "velocity_up"), unit_in("height", "altitude_agl")
    ('ft', 'm/s', '')
    """
    words = _WORDS.get(kind_of(name), {})
    text = heading.strip().lower().replace(" ", "_")
    for inside in re.findall(r"[(\[]([^)\]]*)[)\]]", text):
        parts = [inside, *re.split(r"[-_,]", inside)[::-1]]
        hit = next((words[p] for p in parts if p in words), "")
        if hit:
            return hit
    for k in range(3, 0, -1):
        tail = "_".join(re.split(r"_+", re.sub(r"[(\[].*", "", text).strip("_"))[-k:])
        if tail in words and tail != text:
            return words[tail]
    return ""
