"""The names of units and what they are: exact ratios of whole numbers to the SI.

Source of the conversions, where no other is named: A. Thompson, B. N. Taylor, Guide for the Use of the International
System of Units, NIST Special Publication 811 (2008), Appendix B; what is exact there (bold) is exact here.
"""

from __future__ import annotations

import math
from typing import NamedTuple

__all__ = ["ALONE", "ASK", "NAMES", "ONE", "Unit"]


class Unit(NamedTuple):
    """A unit: SI value = (x num + shift) / den, with the powers of m, kg, s, K and rad.

    Numerator and denominator are kept apart, so that 54 mm are 0.054 m to the last bit.
    """

    num: float = 1
    den: float = 1
    powers: tuple[int, ...] = (0, 0, 0, 0, 0)
    shift: float = 0.0

    def times(self, other: Unit, power: int = 1) -> Unit:
        """This unit times a power of another."""
        n, d = (other.num, other.den) if power > 0 else (other.den, other.num)
        powers = tuple(a + power * b for a, b in zip(self.powers, other.powers, strict=True))
        return Unit(self.num * n ** abs(power), self.den * d ** abs(power), powers)


ONE = Unit()
_KELVIN = (0, 0, 0, 1, 0)
_BASE = {
    "m": Unit(powers=(1, 0, 0, 0, 0)), "kg": Unit(powers=(0, 1, 0, 0, 0)), "s": Unit(powers=(0, 0, 1, 0, 0)),
    "K": Unit(powers=_KELVIN), "rad": Unit(powers=(0, 0, 0, 0, 1)),
}  # fmt: skip

ALONE = {
    # These make no products: scales of temperature, and a share of a whole.
    "degC": Unit(100, 100, _KELVIN, 27315), "degF": Unit(500, 900, _KELVIN, 229835), "degR": Unit(5, 9, _KELVIN),
    "%": Unit(1, 100), "percent": Unit(1, 100),
}  # fmt: skip

ASK = {
    # Names that are not taken, because people mean different things by them.
    "nm": "write nmi for nautical miles", "NM": "write nmi for nautical miles",
    "ton": "write tonne for 1000 kg, or the pounds", "tons": "write tonne for 1000 kg, or the pounds",
    "M": "write m for metres, mi for miles", "gal": "write L or in^3", "cal": "write J for an energy",
}  # fmt: skip

_PREFIX = {
    "n": ("nano", 1, 10**9), "µ": ("micro", 1, 10**6), "u": ("", 1, 10**6), "m": ("milli", 1, 1000), "c": ("centi", 1, 100),
    "d": ("deci", 1, 10), "da": ("deca", 10, 1), "h": ("hecto", 100, 1), "k": ("kilo", 1000, 1), "M": ("mega", 10**6, 1),
    "G": ("giga", 10**9, 1),
}  # fmt: skip

_TABLE = (
    # symbols, words (a plural in s goes with them), numerator, denominator, of what; prefixes that people use with it
    ("m", "meter metre", 1, 1, "m", "µ u m c d k"),
    ("in \" ″ ” ''", "inch", 254, 10_000, "m", ""),
    ("ft ' ′ ’", "foot", 12, 1, "in", ""),
    ("yd", "yard", 3, 1, "ft", ""),
    ("mi", "mile statute_mile", 5280, 1, "ft", ""),
    ("nmi", "nautical_mile", 1852, 1, "m", ""),
    ("thou", "mil", 1, 1000, "in", ""),
    ("", "micron", 1, 10**6, "m", ""),
    ("kft", "", 1000, 1, "ft", ""),
    ("ha", "hectare", 10_000, 1, "m^2", ""),
    ("", "acre", 43_560 * 1200**2, 3937**2, "m^2", ""),  # of the US survey foot, 1200/3937 m
    ("sqft", "", 1, 1, "ft^2", ""),
    ("L l", "liter litre", 1, 1000, "m^3", "m c d"),
    ("cc", "", 1, 1, "cm^3", ""),
    ("g", "gram gramme", 1, 1000, "kg", "µ u m k"),
    ("t", "tonne metric_ton", 1000, 1, "kg", ""),
    ("lbm", "lb pound", 45_359_237, 10**8, "kg", ""),
    ("oz", "ounce", 1, 16, "lb", ""),
    ("gr", "grain", 1, 7000, "lb", ""),
    ("", "slug", 1, 1, "lbf s^2/ft", ""),
    ("s sec", "sec second", 1, 1, "s", "n µ u m"),
    ("min", "min minute", 60, 1, "s", ""),
    ("h hr", "hr hour", 60, 1, "min", ""),
    ("d", "day", 24, 1, "h", ""),
    ("mph", "", 1, 1, "mi/h", ""),
    ("kph kmh", "", 1, 1, "km/h", ""),
    ("fps", "", 1, 1, "ft/s", ""),
    ("fpm", "", 1, 1, "ft/min", ""),
    ("ips", "", 1, 1, "in/s", ""),
    ("kt kn", "kt knot", 1, 1, "nmi/h", ""),
    ("g0 g_0 gn g_n", "gee standard_gravity", 980_665, 10**5, "m/s^2", ""),
    ("N", "newton", 1, 1, "kg m/s^2", "m d da k M"),
    ("lbf", "pound_force force_pound", 1, 1, "lb g0", ""),
    ("ozf", "ounce_force force_ounce", 1, 1, "oz g0", ""),
    ("klbf kip", "kip", 1000, 1, "lbf", ""),
    ("kgf kp", "kilogram_force kilopond", 1, 1, "kg g0", ""),
    ("gf", "gram_force", 1, 1, "g g0", ""),
    ("dyn", "dyne", 1, 10**5, "N", ""),
    ("J", "joule", 1, 1, "N m", "m k M"),
    ("", "foot_pound", 1, 1, "ft lbf", ""),
    ("erg", "erg", 1, 10**7, "J", ""),
    ("Pa", "pascal", 1, 1, "N/m^2", "h k M G"),
    ("bar", "bar", 10**5, 1, "Pa", "m"),
    ("mb", "", 1, 1, "mbar", ""),
    ("atm", "atmosphere", 101_325, 1, "Pa", ""),
    ("at", "technical_atmosphere", 1, 1, "kgf/cm^2", ""),
    ("Torr torr", "torr", 1, 760, "atm", ""),
    ("psi", "", 1, 1, "lbf/in^2", ""),
    ("psf", "", 1, 1, "lbf/ft^2", ""),
    ("ksi kpsi", "", 1000, 1, "psi", ""),
    ("Msi", "", 10**6, 1, "psi", ""),
    ("mmHg", "", 133_322_387_415, 10**9, "Pa", ""),  # conventional: 13 595.1 kg/m3, 9.806 65 m/s2
    ("inHg", "", 254, 10, "mmHg", ""),
    ("mmH2O", "", 980_665, 10**5, "Pa", ""),  # conventional: 1000 kg/m3
    ("cmH2O", "", 10, 1, "mmH2O", ""),
    ("inH2O", "", 254, 10, "mmH2O", ""),
    ("K", "kelvin", 1, 1, "K", ""),
    ("rad", "radian", 1, 1, "rad", "µ u m"),
    ("deg ° º", "deg degree", math.pi, 180, "rad", ""),
    ("arcmin", "arcminute", 1, 60, "deg", ""),
    ("arcsec", "arcsecond", 1, 60, "arcmin", ""),
    ("rev", "rev revolution turn", 360, 1, "deg", ""),
    ("rpm", "", 1, 1, "rev/min", ""),
)  # fmt: skip
_PLURALS = {"inch": "inches", "foot": "feet"}


def _names() -> dict[str, Unit | tuple[float, float, str]]:
    """Every name: a base unit, or (numerator, denominator, of what)."""
    out: dict[str, Unit | tuple[float, float, str]] = {}
    for symbols, words, num, den, of, prefixes in _TABLE:
        singular = words.split()
        plain = [*symbols.split(), *singular, *(_PLURALS.get(w, w + "s") for w in singular)]
        out.update(dict.fromkeys(plain, (num, den, of)))
        for p in prefixes.split():
            word, up, down = _PREFIX[p]
            out.update(dict.fromkeys((p + s for s in symbols.split()), (num * up, den * down, of)))
            if word:
                out.update(dict.fromkeys((word + w for w in plain[len(symbols.split()) :]), (num * up, den * down, of)))
    return {**out, **_BASE}


NAMES = _names()
