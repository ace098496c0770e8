"""A grammar of units, read in one pass: products and quotients of known names with small whole powers.

    unit    = ["1"] factor { [ "*" | "·" | "/" | "per" | "-" | "." ] factor }
    factor  = ( name | "(" unit ")" ) [ ("^" | "**") power | power ]

as in `m/s`, `kg m^2`, `g/m²`, `N-s`, `ft·lbf`, `1/km^2`, `kg/(m s)`, `m s-2`, `square feet`; from the left to the right.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from downrange.errors import UnitError, seen
from downrange.units.names import ALONE, ASK, NAMES, ONE, Unit

__all__ = ["UnknownUnitError", "names_of", "parse_unit"]

_LIMIT = 60  # characters; the longest that anybody writes has twenty
_POWER = 6
_NAME = r"(?:in|[cm]m)H2O|g_?0|''|[^\W\d_]+(?:_[^\W\d_]+)*|[°º'\"′″’”]"
_FACTOR = re.compile(rf"({_NAME})(?:\s*(?:\^|\*\*)\s*([+-]?[0-9]+)|(-?[0-9]+)|\s+(squared|cubed)\b)?")
_BETWEEN = re.compile(r"\s*(\*(?!\*)|[·⋅/])\s*|\s+(per)\s+|(?<=\S)[.-](?=[^\W\d_])|\s+")
_OPENING = re.compile(r"1?\s*(/|per\s)\s*")
_SCALE = re.compile(r"(?:°|deg|degs|degrees?)?[ _]*(C|F|(?<=.)R|[Cc]elsius|[Ff]ahrenheit|[Rr]ankine)")
_WORDS = (
    (re.compile(r"\b(nautical|statute) mile"), r"\1_mile"),
    (re.compile(r"(?<![^\W_])(?:square|sq)(?:\.?\s+|_)([^\W\d]+)"), r"\1^2"),
    (re.compile(r"(?<![^\W_])(?:cubic|cu)(?:\.?\s+|_)([^\W\d]+)"), r"\1^3"),
)
_POWER_WORDS = {"squared": 2, "cubed": 3}


class UnknownUnitError(UnitError):
    """A name that is not in the table; who knows the kind that was wanted suggests another."""

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown unit {seen(name, 80)}")
        self.name = name


@lru_cache(maxsize=512)
def parse_unit(text: str) -> Unit:
    """The unit that `text` names; the empty text is the number one. Raises `UnitError` with the word that is wrong."""
    if len(text) > _LIMIT:
        raise UnitError(f"{seen(text, 80)} is too long for a unit ({len(text)} characters, at most {_LIMIT})")
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text.replace("º", "°").replace("″", '"'))
    plain = plain.replace("μ", "µ").replace("−", "-").strip()
    if not plain:
        return ONE
    if scale := _SCALE.fullmatch(plain):
        plain = "deg" + scale.group(1)[0].upper()
    if plain in ALONE:
        return ALONE[plain]
    for pattern, instead in _WORDS:
        plain = pattern.sub(instead, plain)
    unit, end = _product(plain, 0)
    if end != len(plain):
        raise UnitError(f"cannot read the unit {seen(text, 80)}")
    return unit


def _product(text: str, at: int) -> tuple[Unit, int]:
    """Factors from `at` on, up to the end or to a closing bracket, and where that is."""
    out, power = ONE, 1
    if opening := _OPENING.match(text, at):
        power, at = -1, opening.end()
    while at < len(text):
        unit, at = _factor(text, at)
        out, power = out.times(unit, power), 1
        between = _BETWEEN.match(text, at)
        if between is None or between.end() == len(text):
            return out, at
        power, at = -1 if between.group(1) == "/" or between.group(2) else 1, between.end()
    if power < 0:
        raise UnitError(f"cannot read the unit {seen(text, 80)}")
    return out, at


def _factor(text: str, at: int) -> tuple[Unit, int]:
    if text[at] == "(":
        unit, at = _product(text, at + 1)
        if text[at : at + 1] != ")":
            raise UnitError(f"a bracket is missing in the unit {seen(text, 80)}")
        return unit, at + 1
    match = _FACTOR.match(text, at)
    if not match:
        raise UnitError(f"cannot read the unit {seen(text, 80)}")
    name, after, attached, word = match.groups()
    power = _POWER_WORDS[word] if word else int(after or attached or 1)
    if not 1 <= abs(power) <= _POWER:
        raise UnitError(
            f"the power {seen(power)} in the unit {seen(text, 80)} is not a whole number from 1 to {_POWER}"
        )
    return ONE.times(_named(name), power), match.end()


def _named(name: str) -> Unit:
    if name in ALONE:
        raise UnitError(f"{name} makes no product with other units")
    if name in ASK:
        raise UnitError(f"the unit {name!r} can mean several things: {ASK[name]}")
    if name not in NAMES:
        raise UnknownUnitError(name)
    return _resolved(name)


@lru_cache(maxsize=512)
def _resolved(name: str) -> Unit:
    known = NAMES[name]
    if isinstance(known, Unit):
        return known
    num, den, of = known
    whole = parse_unit(of)
    return Unit(whole.num * num, whole.den * den, whole.powers)


@lru_cache(maxsize=64)
def names_of(powers: tuple[int, ...]) -> tuple[str, ...]:
    """Every name of a unit with these powers of m, kg, s, K and rad, for a suggestion."""
    alone = [n for n, u in ALONE.items() if u.powers == powers]
    return (*alone, *(n for n in NAMES if _resolved(n).powers == powers))
