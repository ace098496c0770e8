"""What a quantity can be: one table of bounds, and the check that every door uses.

A frozen value whose fields are made by `spec` calls `check_fields` when it is built; the project files check the same
bounds where they are read, so that they can say file, line and key. The bounds are wide: they are there to catch a
wrong unit, a lost exponent and an angle in degrees, not to judge a design.
"""

from __future__ import annotations

import dataclasses
import math
import typing
from dataclasses import MISSING, dataclass, field
from functools import cache
from numbers import Real
from typing import Any, Literal, TypedDict

from downrange.errors import InputError, seen, suggest
from downrange.uncertainty import Choice, Distribution, Normal, Triangular, Uniform

__all__ = [
    "BOUNDS",
    "DISTANCE",
    "THRUST_ANGLE",
    "Bound",
    "Limits",
    "bound_of",
    "check",
    "check_distribution",
    "check_fields",
    "check_word",
    "spec",
]


@dataclass(frozen=True)
class Bound:
    """From `low` to `high` (SI), both allowed unless `above`; shown in `unit` (`scale` of it in one SI unit)."""

    low: float
    high: float
    why: str
    unit: str = ""
    scale: float = 1.0
    above: bool = False

    def holds(self, value: float) -> bool:
        """Whether `value` is a finite number within."""
        return math.isfinite(value) and value <= self.high and (value > self.low if self.above else value >= self.low)

    def says(self) -> str:
        """In words, like `above 0 and at most 100 m (...)`."""
        low, high = (f"{v * self.scale:.6g}" for v in (self.low, self.high))
        unit = f"{'' if self.unit == '°' else ' '}{self.unit}" if self.unit else ""
        return f"{'above' if self.above else 'at least'} {low} and at most {high}{unit} ({self.why})"


_TURN = math.degrees(1.0)
BOUNDS: dict[str, Bound] = {
    "length": Bound(-100, 100, "a part is no longer than a rocket; check the unit", "m"),
    "area": Bound(0, 1e4, "a canopy of 100 m has 7,900 m²", "m²"),
    "mass": Bound(0, 1e5, "a hundred tonnes", "kg"),
    "time": Bound(-1e6, 1e6, "eleven days", "s"),
    "speed": Bound(0, 150, "the strongest jet streams reach 120 m/s", "m/s"),
    "angle": Bound(-2 * math.pi, 2 * math.pi, "a whole turn; in Python angles are in radians", "°", _TURN),
    "angular speed": Bound(-1000, 1000, "160 turns a second", "rad/s"),
    "pressure": Bound(0, 1.2e5, "the highest ever measured at sea level is 1,085 hPa", "hPa", 0.01, above=True),
    "temperature": Bound(150, 350, "air of this Earth: -123 to 77 °C", "K"),
    "inertia": Bound(0, 1e8, "a rocket of a hundred tonnes", "kg m²"),
    "density": Bound(0, 25_000, "osmium has 22,590", "kg/m³"),
    "surface density": Bound(0, 100, "a steel plate of 12 mm has 94", "kg/m²"),
    "line density": Bound(0, 100, "an anchor chain", "kg/m"),
    "acceleration": Bound(0, 30, "gravity; Jupiter's is 25", "m/s²", above=True),
    "force": Bound(0, 1e8, "a Saturn V has 3.5e7", "N"),
    "stiffness": Bound(0, 1.2e12, "diamond's shear modulus is 5e11", "Pa", above=True),
    "energy": Bound(0, 1e12, "a quarter of a kiloton", "J"),
    "impulse": Bound(0, 1e10, "a Saturn V's first stage has 5e9", "N s"),
    "calibre": Bound(-1000, 1000, "margins are a few calibres"),
    "per area": Bound(0, 20, "people who stand shoulder to shoulder are 10 on a square metre", "/m²"),
    "number": Bound(-1e9, 1e9, "a pure number"),
    "coefficient": Bound(0, 100, "drag coefficients are about 0.3 to 2"),
    "slope": Bound(0, 1000, "CNα of a rocket is about 5 to 50 per radian", "/rad", above=True),
    "mach": Bound(0, 50, "Mach numbers start at rest"),
}


class Limits(TypedDict, total=False):
    """A field's own limits, in place of those of its kind (`low` allowed, `above` not)."""

    low: float
    above: float
    high: float
    why: str


DISTANCE: Limits = {"low": -4.1e7, "high": 4.1e7, "why": "the Earth is 40,000 km round"}
"""Overrides for a length on the ground or in the air, where that of a part is too narrow."""

THRUST_ANGLE: Limits = {"low": -math.radians(15), "high": math.radians(15), "why": "a nozzle is true to a degree or so"}


def spec(
    kind: str, doc: str, default: Any = MISSING, *, low: float | None = None, above: float | None = None,
    high: float | None = None, why: str | None = None,
) -> Any:  # fmt: skip
    """A field of quantity `kind` with its documentation and, where it has its own, bounds (`low` allowed, `above` not).

    doc: what it is. default: of the dataclass. high: largest allowed, SI. why: what the message says.
    """
    meta = {"kind": kind, "doc": doc, "low": low, "above": above, "high": high, "why": why}
    return field(metadata=meta) if default is MISSING else field(default=default, metadata=meta)


@cache
def bound_of(
    kind: str, low: float | None = None, above: float | None = None, high: float | None = None, why: str | None = None
) -> Bound:
    """The bound of a `kind` (a key of `BOUNDS`) with a field's own limits put in its place.

    low, above, high: least allowed, to be exceeded, largest allowed, SI; None keeps the kind's own. why: what the
    message says.
    """
    b = BOUNDS.get(kind) or Bound(-math.inf, math.inf, "a number")
    if low is not None or above is not None:
        b = dataclasses.replace(b, low=low if above is None else above, above=above is not None)  # type: ignore[arg-type]
    if high is not None:
        b = dataclasses.replace(b, high=high)
    return b if why is None else dataclasses.replace(b, why=why)


def check(value: Any, bound: Bound, *, key: str | None = None, given: Any = None) -> None:
    """Refuse a `value` (SI) outside `bound`: `InputError` with `key`; `given` is what was written, for the message."""
    if type(value) is float and bound.holds(value):  # what most are
        return
    if not isinstance(value, Real) or isinstance(value, bool):
        raise InputError(f"{seen(value)} is not a number (SI)", key=key)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not bound.holds(number):
        what = f"{number * bound.scale:.6g} {bound.unit}".strip() if given is None else seen(given)
        raise InputError(f"{what} must be {bound.says()}", key=key)


def check_distribution(d: Distribution | None, bound: Bound, given: Any) -> None:
    """Refuse a distribution that leaves `bound`: a normal one by its spread, the others by their ends.

    d: the distribution, SI, or None. given: what was written, for the message.
    """
    if isinstance(d, Normal) and not d.sigma <= bound.high - bound.low:
        raise InputError(f"the spread of {seen(given)} is wider than all it can be, {bound.says()}")
    ends: tuple[float, ...] = ()
    if isinstance(d, Uniform | Triangular):
        ends = (d.low, d.high)
    elif isinstance(d, Choice):
        ends = d.values
    for v in ends:
        check(v, bound, given=given)


def check_word(word: Any, known: tuple[Any, ...], *, key: str) -> None:
    """Refuse a word that is not one of `known`, with the nearest that is.

    key: where it stands, for the message.
    """
    if word not in known:
        words = [str(w) for w in known if w is not None]
        raise InputError(
            f"unknown {key} {seen(word)}{suggest(str(word)[:80], words)}; known: {', '.join(words)}", key=key
        )


@cache
def _words(cls: type) -> dict[str, tuple[Any, ...]]:
    """The words that each field of literals takes; None among them where the field may be left out."""
    out: dict[str, tuple[Any, ...]] = {}
    for name, hint in typing.get_type_hints(cls).items():
        options = [hint, *typing.get_args(hint)] if typing.get_origin(hint) is not Literal else [hint]
        words = [w for o in options if typing.get_origin(o) is Literal for w in typing.get_args(o)]
        if words:
            out[name] = (*words, None) if type(None) in typing.get_args(hint) else tuple(words)
    return out


@cache
def _bounds(cls: type) -> tuple[tuple[str, Bound, bool], ...]:
    out = []
    for f in dataclasses.fields(cls):
        m = f.metadata
        limits = tuple(m.get(k) for k in ("low", "above", "high", "why"))
        if m.get("kind") or any(v is not None for v in limits):
            out.append((f.name, bound_of(m["kind"], *limits), f.default is None))
    return tuple(out)


def _flat(value: Any) -> Any:
    if isinstance(value, tuple | list):
        for v in value:
            yield from _flat(v)
    else:
        yield value


def check_fields(self: Any) -> None:
    """Check every field of a dataclass made by `spec` against its bound, and every field of literals against its words."""
    cls: Any = type(self)
    for name, bound, optional in _bounds(cls):
        value = getattr(self, name)
        if value is None and optional:
            continue
        for v in _flat(value):
            check(v, bound, key=name)
    for name, known in _words(cls).items():
        check_word(getattr(self, name), known, key=name)
