"""What moves a number most: the flight flown again with one thing changed at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import radians

from downrange.errors import InputError
from downrange.flight import Launch
from downrange.flight.variants import (
    with_canopies,
    with_drag,
    with_fins,
    with_mass,
    with_nose_weight,
    with_rail,
    with_thrust,
    with_wind,
)

__all__ = ["KNOBS", "Move", "moves"]


_SEEN = 5e-4  # share of a number below which a change does not show in it


@dataclass(frozen=True)
class Move:
    """A change in words, the number with it (SI; NaN where there is none then), and by how much that is more."""

    what: str
    value: float
    more: float


KNOBS: dict[str, tuple[str, Callable[[Launch], Launch]]] = {
    "mass": ("a rocket 10 % heavier", lambda x: with_mass(x, 1.1)),
    "nose weight": ("5 % of its mass as weight in the nose", lambda x: with_nose_weight(x, 0.05 * x.rocket.without_motor.mass)),
    "drag": ("10 % more drag", lambda x: with_drag(x, 1.1)),
    "thrust": ("5 % more thrust", lambda x: with_thrust(x, 1.05)),
    "wind": ("a wind twice as strong", lambda x: with_wind(x, 2.0)),
    "lean": ("the rail leaning 5° more", lambda x: with_rail(x, elevation=x.rail.elevation - radians(5))),
    "rail": ("a rail half as long again", lambda x: with_rail(x, length=1.5 * x.rail.length)),
    "canopy": ("canopies with 20 % more drag area", lambda x: with_canopies(x, 1.2)),
    "span": ("fins with 10 % more span, as heavy", lambda x: with_fins(x, span=1.1)),
    "thickness": ("fins 20 % thicker, as heavy", lambda x: with_fins(x, thickness=1.2)),
}  # fmt: skip


def moves(launch: Launch, knobs: tuple[str, ...], number: Callable[[Launch], float], now: float) -> Iterator[Move]:
    """Each change with what it makes of a number; one that cannot be made (no wind, no canopy) is left out, and one that hardly shows."""
    for name in knobs:
        words, change = KNOBS[name]
        try:
            value = number(change(launch))
        except InputError:
            continue
        more = value - now
        if not math.isfinite(value) or abs(more) > _SEEN * abs(now):
            yield Move(words, value, more)
