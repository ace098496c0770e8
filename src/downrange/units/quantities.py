"""Quantities at the doors: a number with a unit, and with `±` or a distribution its uncertainty."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

from downrange.errors import UnitError, seen, suggest
from downrange.remember import remembered
from downrange.uncertainty import Choice, Normal, Quantity, Triangular, Uniform
from downrange.units.grammar import UnknownUnitError, names_of, parse_unit
from downrange.units.names import NAMES, Unit

__all__ = ["DIMENSIONS", "from_si", "parse_quantity", "to_si"]

DIMENSIONS: dict[str, tuple[str, str]] = {
    # kind: (SI unit, an example that is shown in messages)
    "length": ("m", "54 mm"),
    "area": ("m**2", "1.1 m^2"),
    "mass": ("kg", "250 g"),
    "time": ("s", "1.5 s"),
    "speed": ("m/s", "5 m/s"),
    "angle": ("rad", "84 deg"),
    "angular speed": ("rad/s", "360 deg/s"),
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

_LIMIT = 200  # characters of a quantity
_CHOICES = 1000
_BIGGEST = 1e15  # SI; beyond anything a rocket has, and far from where sums overflow
_WILDEST = 1e60  # of a unit's ratio: products of dozens of factors, which nobody means
_NUMBER = re.compile(r"([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)\s*(.*)", re.DOTALL)
_PLUS_MINUS = re.compile(r"±|\+/-|\+-")
_PER_CENT = ("%", "percent")
_PURE = ("number", "calibre")
_HERE = {
    # What a name means where one kind is wanted and nothing else could be meant.
    ("acceleration", "g"): "g0", ("acceleration", "G"): "g0",
    **{("calibre", n): "" for n in ("cal", "caliber", "calibers", "calibre", "calibres")},
}  # fmt: skip


def _like(kind: str, verb: str = "") -> str:
    """The kind with an example, for a message: `an angle like '84 deg'`."""
    return f"a{'n' * (kind[0] in 'aeiou')} {kind}{verb} like '{DIMENSIONS[kind][1]}'"


@lru_cache(maxsize=512)
def _unit(text: str, kind: str) -> Unit:
    """The unit that `text` names, which measures `kind`."""
    wanted = parse_unit(DIMENSIONS[kind][0]).powers
    try:
        unit = parse_unit(_HERE.get((kind, text), text))
    except UnknownUnitError as error:
        hint = suggest(error.name, names_of(wanted)) or suggest(error.name, NAMES)
        raise UnitError(f"{error.message}{hint}; {_like(kind, ' is written')}") from None
    except UnitError as error:
        raise UnitError(f"{error.message}; {_like(kind, ' is written')}") from None
    if max(unit.num, unit.den) > _WILDEST:
        raise UnitError(f"cannot read the unit {seen(text, 80)}; {_like(kind, ' is written')}")
    if unit.powers != wanted:
        hint = _force_hint(text, wanted)
        raise UnitError(f"{seen(text, 80)} is not a unit of the right kind{hint}; {_like(kind, ' is written')}")
    return unit


def _force_hint(text: str, wanted: tuple[int, ...]) -> str:
    """Where pounds or kilograms of force would be right: that they are another unit."""
    try:
        force = re.sub(r"\b(lb|oz|kg|g)s?\b", r"\1f", text)
        return f" - did you mean {force!r}?" if parse_unit(force).powers == wanted else ""
    except UnitError:
        return ""


def to_si(value: float, unit: str, kind: str) -> float:
    """Convert `value` in `unit` to the SI unit of `kind` (a key of `DIMENSIONS`).

    Raises `UnitError` where the unit is unknown or measures something else.

    >>> to_si(54, "mm", "length")
    0.054
    """
    if not unit and kind not in _PURE:
        raise UnitError(f"{value:g} has no unit; write {_like(kind)}")
    u = _unit(unit, kind)
    return (value * u.num + u.shift) / u.den


def from_si(value: float, unit: str, kind: str) -> float:
    """Convert an SI `value` of `kind` to `unit`. Raises `UnitError` as `to_si` does."""
    u = _unit(unit, kind)
    return (value * u.den - u.shift) / u.num


def _number(text: str, kind: str) -> tuple[float, str]:
    """A number and the unit after it."""
    match = _NUMBER.fullmatch(text)
    if not match:
        raise UnitError(f"cannot read {seen(text, 80)}; write {_like(kind)}")
    value, rest = float(match.group(1)), match.group(2)
    if rest[:1] == ",":
        raise UnitError(
            f"a comma in the number {seen(text, 80)}: write a decimal point (1.5), and thousands without a mark (1500)"
        )
    if re.match(r"(?:[0-9]+\s*)?[/⁄]\s*[0-9]", rest):
        raise UnitError(f"a fraction in {seen(text, 80)}: write it as a decimal number, like '1.5 in'")
    if re.match(r"(?:-|–|—|\.\.|to\b)\s*[0-9]", rest):
        raise UnitError(f"{seen(text, 80)} looks like a range: write {{uniform: [low, high]}}")
    if re.match(r"[0-9.]", rest) and not re.match(r"1\s*/\s*[^\W\d]", rest):
        raise UnitError(f"cannot read {seen(text, 80)}: one number and one unit; write {_like(kind)}")
    if not math.isfinite(value):
        raise UnitError(f"{seen(text, 80)} is not a finite number")
    return value, rest


def _within(value: float, text: object, kind: str) -> float:
    """A value in SI that can be."""
    if not abs(value) <= _BIGGEST:
        raise UnitError(f"{seen(text, 80)} is too large for that kind")
    if kind == "temperature" and value < 0:
        raise UnitError(f"{seen(text, 80)} is below absolute zero")
    return value


def _bare(given: float, kind: str) -> float:
    """A number that stands without a unit: a pure number, or zero."""
    try:
        value = float(given)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise UnitError(f"{seen(given, 80)} is not a finite number")
    if value == 0 and kind != "temperature":
        return 0.0
    return to_si(value, "", kind)


def _text(given: str, kind: str) -> str:
    if len(given) > _LIMIT:
        raise UnitError(f"{seen(given, 80)} is too long ({len(given)} characters); write {_like(kind)}")
    return given.replace("−", "-").strip()


def _spread(text: str, kind: str, *, unit: str, centre: float, share: bool) -> float:
    """The standard deviation that `text` says: in a unit (or in `unit`), or where `share` as a percentage of the centre."""
    value, own = _number(text, kind)
    if value < 0 or text.startswith("-"):
        raise UnitError(f"the spread {seen(text, 80)} is negative")
    if own in _PER_CENT and share:
        if kind == "temperature":
            raise UnitError(
                f"a percentage of a temperature has no meaning ({seen(text, 80)}); write it like '± 2 degC'"
            )
        if centre == 0:
            raise UnitError(f"{seen(text, 80)} of zero is nothing; write the spread with its unit")
        return _within(abs(centre) * value / 100, text, kind)
    own = own or unit
    if value == 0 and not own:
        return 0.0
    if not own and kind not in _PURE:
        to_si(value, own, kind)  # raises
    u = _unit(own, kind)
    return _within(value * u.num / u.den, text, kind)


@remembered(4096)
def _written(given: str, kind: str) -> Quantity:
    """A quantity from its text."""
    parts = [p.strip() for p in _PLUS_MINUS.split(_text(given, kind))]
    if len(parts) > 2:
        raise UnitError(f"cannot read {seen(given, 80)}: more than one ±")
    value, unit = _number(parts[0], kind)
    own = unit
    if len(parts) == 2 and not unit:
        after = _number(parts[1], kind)[1]
        unit = "" if after in _PER_CENT else after
    zero = value == 0 and not unit and kind != "temperature"
    centre = 0.0 if zero else _within(to_si(value, unit, kind), given, kind)
    if len(parts) == 1:
        return Quantity(centre, None, given)
    sigma = _spread(parts[1], kind, unit=unit, centre=centre, share=own not in _PER_CENT)
    return Quantity(centre, Normal(centre, sigma), given)


def _plain(given: Any, kind: str) -> float:
    """One value inside a distribution, which has no spread of its own."""
    if isinstance(given, dict | list | tuple):
        raise UnitError(f"{seen(given, 80)} inside a distribution; write {_like(kind)}")
    quantity = parse_quantity(given, kind)
    if quantity.uncertain:
        raise UnitError(f"{seen(given, 80)} inside a distribution has a ± of its own; write one or the other")
    return quantity.value


def _normal(raw: list[Any], kind: str) -> Normal:
    centre = _plain(raw[0], kind)
    if isinstance(raw[1], str):
        own = isinstance(raw[0], str) and raw[0].strip().endswith(_PER_CENT)
        return Normal(centre, _spread(_text(raw[1], kind), kind, unit="", centre=centre, share=not own))
    if isinstance(raw[1], bool) or not isinstance(raw[1], int | float):
        raise UnitError(f"cannot read the sigma {seen(raw[1], 80)}; write {_like(kind)}")
    sigma = 0.0 if raw[1] == 0 else _bare(raw[1], kind)
    if sigma < 0:
        raise UnitError(f"the sigma {seen(raw[1], 80)} is negative")
    return Normal(centre, sigma)


def _distribution(given: dict[Any, Any], kind: str) -> Quantity:
    if len(given) != 1:
        raise UnitError(
            f"a distribution has one key (uniform, triangular, choice, normal), seen {seen(list(given), 80)}"
        )
    name, raw = next(iter(given.items()))
    if not isinstance(raw, list | tuple) or not raw:
        raise UnitError(f"{seen(name, 80)}: write a list of values like ['{DIMENSIONS[kind][1]}', ...]")
    if len(raw) > _CHOICES:
        raise UnitError(f"{seen(name, 80)}: {len(raw)} values; at most {_CHOICES}")
    raw = list(raw)
    if name == "normal" and len(raw) == 2:
        normal = _normal(raw, kind)
        return Quantity(normal.centre, normal, f"{{{name}: {raw}}}")
    values = [_plain(v, kind) for v in raw]
    text = f"{{{name}: {raw}}}"
    if name == "uniform" and len(values) == 2 and values[0] < values[1]:
        uniform = Uniform(values[0], values[1])
        return Quantity(uniform.centre, uniform, text)
    if name == "triangular" and len(values) == 3 and values[0] <= values[1] <= values[2] and values[0] < values[2]:
        return Quantity(values[1], Triangular(*values), text)
    if name == "choice":
        return Quantity(values[0], Choice(tuple(values)), text)
    raise UnitError(
        f"cannot read the distribution {seen(given, 100)}; write uniform: [low, high], triangular: [low, likely, high], "
        "normal: [centre, sigma] or choice: [a, b, ...]"
    )


def parse_quantity(given: Any, kind: str) -> Quantity:
    """Read a quantity of `kind` (a key of `DIMENSIONS`) from what stands in a file.

    Takes `"54 mm"`, `"12.3 ± 0.2 kg"`, `"12.3 kg +/- 5 %"`, `{"uniform": ["5 m/s", "9 m/s"]}`; a bare number only
    for pure numbers and for zero. The spread of a temperature is a difference: `20 degC ± 2 degC` has sigma 2 K.
    Raises `UnitError` for anything else; nothing that is written is left out.

    >>> parse_quantity("12.3 ± 0.2 kg", "mass")
    Quantity(value=12.3, distribution=Normal(centre=12.3, sigma=0.2), text='12.3 ± 0.2 kg')

    given: what was written: a text with its unit, a pure number, or a mapping.
    """
    if isinstance(given, Quantity):
        return given
    if isinstance(given, dict):
        return _distribution(given, kind)
    if isinstance(given, str):
        return _written(str(given), kind)
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise UnitError(f"cannot read {seen(given, 80)}; write {_like(kind)}")
    return Quantity(_within(_bare(given, kind), given, kind), None, str(given))
