"""Grains by their usual names, from the dimensions that designers give: lengths in m, counts whole.

Sections are in the plane across the motor; the first arm, fin or slot points along y = 0. In all, `diameter` is the grain's,
`length` that of the segment, and `inhibited` says which ends do not burn (`top` is forward). All raise `InputError` for what cannot be made.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from downrange.bounds import check_fields, spec
from downrange.errors import InputError
from downrange.motor.gas import Array
from downrange.motor.grains.grain import Ends, Grain, Prism, Regression
from downrange.motor.grains.outline import Outline, Points, circle
from downrange.motor.grains.revolved import Conical, Domed
from downrange.motor.grains.section import Annulus, RodAndTube, Section

__all__ = [
    "GRAIN_TYPES", "Bates", "CSlot", "Custom", "DGrain", "EndBurner", "Finocyl", "Moon", "Prismatic", "RodTube", "Star", "Tube", "XCore",
]  # fmt: skip

_MOST_ARMS = 64


class Prismatic(Grain):
    """A grain of one section from end to end: the section says how it burns."""

    diameter: float
    length: float
    inhibited: Ends

    def __post_init__(self) -> None:
        check_fields(self)
        _ = self._prism.web  # an impossible section is told here

    @property
    @abstractmethod
    def section(self) -> Section:
        """Across the motor, before it burns."""

    @cached_property
    def _prism(self) -> Prism:
        return Prism(self.section, self.length, self.inhibited)

    @property
    def web(self) -> float:
        """How far it burns until nothing is left, m."""
        return self._prism.web

    @property
    def levels(self) -> Array:
        """Those of the prism."""
        return self._prism.levels

    def at(self, x: Array) -> Regression:
        """As `Prism.at`."""
        return self._prism.at(x)


@dataclass(frozen=True)
class Bates(Prismatic):
    """A cylinder with a round core, bonded outside.

    >>> round(float(Bates(diameter=0.0762, core=0.0254, length=0.127).table.area[0]), 9)  # by hand: pi d L + pi/2 (D^2 - d^2)
    0.018241469
    """

    diameter: float = spec("length", "of the grain", above=0, high=10)
    length: float = spec("length", "of the segment", above=0)
    core: float = spec("length", "diameter of the core", above=0, high=10)
    inhibited: Ends = "neither"

    @property
    def section(self) -> Section:
        """A ring."""
        return Annulus(self.diameter / 2, self.core / 2)

    @property
    def neutral_length(self) -> float:
        """Length at which it burns as large an area at the end as at the start, m: (3 D + d) / 2 with both ends bare."""
        return 0.5 * (3 * self.diameter + self.core)


@dataclass(frozen=True)
class Tube(Prismatic):
    """A tube of which any surface may be inhibited: core_burns, outside_burns, and the ends by `inhibited`."""

    diameter: float = spec("length", "of the grain", above=0, high=10)
    length: float = spec("length", "of the segment", above=0)
    core: float = spec("length", "diameter of the core", above=0, high=10)
    inhibited: Ends = "neither"
    core_burns: bool = True
    outside_burns: bool = False

    @property
    def section(self) -> Section:
        """A ring."""
        return Annulus(self.diameter / 2, self.core / 2, self.core_burns, self.outside_burns)


@dataclass(frozen=True)
class EndBurner(Prismatic):
    """A solid cylinder that burns from its aft end forward."""

    diameter: float = spec("length", "of the grain", above=0, high=10)
    length: float = spec("length", "of the segment", above=0)

    @property
    def inhibited(self) -> Ends:  # type: ignore[override]
        """All but the aft end."""
        return "top"

    @property
    def section(self) -> Section:
        """A disc, bonded outside."""
        return Annulus(self.diameter / 2, 0.0, False)


@dataclass(frozen=True)
class RodTube(Prismatic):
    """A rod in the core of a tube; the rod may sit on an inert one of diameter `support`."""

    diameter: float = spec("length", "of the tube", above=0, high=10)
    length: float = spec("length", "of the segment", above=0)
    core: float = spec("length", "diameter of the tube's core", above=0, high=10)
    rod: float = spec("length", "diameter of the rod", above=0, high=10)
    support: float = spec("length", "diameter of an inert rod inside", 0.0, low=0, high=10)
    inhibited: Ends = "neither"

    @property
    def section(self) -> Section:
        """A disc in a ring."""
        return RodAndTube(self.diameter / 2, self.core / 2, self.rod / 2, self.support / 2)


@dataclass(frozen=True)
class Finocyl(Prismatic):
    """A round core with slots, square at their ends, that reach `fin_length` beyond it; `inverted`: fins of propellant that reach as far into it."""

    diameter: float = spec("length", "of the grain", above=0, high=10)
    length: float = spec("length", "of the segment", above=0)
    core: float = spec("length", "diameter of the core", above=0, high=10)
    fins: int = spec("number", "how many", above=0, high=64)
    fin_width: float = spec("length", "of a fin", above=0, high=10)
    fin_length: float = spec("length", "of a fin beyond the core", above=0, high=10)
    inhibited: Ends = "neither"
    inverted: bool = False

    @property
    def section(self) -> Section:
        """A circle and boxes. Raises `InputError` for fins that meet in the middle of the core."""
        c, n = self.core / 2, _whole(self.fins, "fins")
        if not self.inverted:
            slots = tuple(_turned(_box(0.0, c + self.fin_length, self.fin_width), k, n) for k in range(n))
            return Outline(self.diameter / 2, (circle(c), *slots))
        if not self.fin_length < c:
            raise InputError(
                f"fins of {self.fin_length * 1e3:.6g} mm meet in the middle of a core of {self.core * 1e3:.6g} mm",
                key="fin_length",
            )
        walls = tuple(_turned(_box(c - self.fin_length, 1.01 * c, self.fin_width), k, n) for k in range(n))
        return Outline(self.diameter / 2, (circle(c),), walls)


@dataclass(frozen=True)
class Star(Prismatic):
    """Wedges that run out `point_length` from the axis. `point_width`: of a wedge at its foot, on the axis; or, round a `core`, where it leaves that."""

    diameter: float = spec("length", "of the grain", above=0, high=10)
    length: float = spec("length", "of the segment", above=0)
    arms: int = spec("number", "how many", above=0, high=64)
    point_width: float = spec("length", "of a point at its foot", above=0, high=10)
    point_length: float = spec("length", "of a point from the axis", above=0, high=10)
    core: float = spec("length", "diameter of a round core", 0.0, low=0, high=10)
    inhibited: Ends = "neither"

    @property
    def section(self) -> Section:
        """Triangles, and a circle where there is a core. Raises `InputError` for points wider than the core, or that do not reach beyond it."""
        c, half, n = self.core / 2, self.point_width / 2, _whole(self.arms, "arms")
        if c and not half < c < self.point_length:
            raise InputError("the points must be narrower than the core and reach beyond it", key="point_length")
        foot = math.sqrt(c * c - half * half) if c else 0.0
        wedge = ((foot, -half), (self.point_length, 0.0), (foot, half), *(((0.0, 0.0),) if c else ()))
        wedges = tuple(_turned(wedge, k, n) for k in range(n))
        return Outline(self.diameter / 2, (circle(c), *wedges) if c else wedges)


@dataclass(frozen=True)
class XCore(Prismatic):
    """Two crossed slots; each of the four arms reaches `slot_length` from the axis."""

    diameter: float = spec("length", "of the grain", above=0, high=10)
    length: float = spec("length", "of the segment", above=0)
    slot_width: float = spec("length", "of a slot", above=0, high=10)
    slot_length: float = spec("length", "of an arm from the axis", above=0, high=10)
    inhibited: Ends = "neither"

    @property
    def section(self) -> Section:
        """Two boxes."""
        s = self.slot_length
        return Outline(self.diameter / 2, tuple(_turned(_box(-s, s, self.slot_width), k, 4) for k in range(2)))


@dataclass(frozen=True)
class CSlot(Prismatic):
    """A slot from the rim inwards, that ends `slot_offset` from the axis; beyond it where that is negative."""

    diameter: float = spec("length", "of the grain", above=0, high=10)
    length: float = spec("length", "of the segment", above=0)
    slot_width: float = spec("length", "of the slot", above=0, high=10)
    slot_offset: float = spec("length", "of its end from the axis")
    inhibited: Ends = "neither"

    @property
    def section(self) -> Section:
        """A box."""
        _offset(self.slot_offset, self.diameter, "slot_offset")
        return Outline(self.diameter / 2, (_box(self.slot_offset, 0.6 * self.diameter, self.slot_width),))


@dataclass(frozen=True)
class DGrain(Prismatic):
    """A cylinder of which all beyond a plane `slot_offset` from the axis is cut away."""

    diameter: float = spec("length", "of the grain", above=0, high=10)
    length: float = spec("length", "of the segment", above=0)
    slot_offset: float = spec("length", "of the plane from the axis")
    inhibited: Ends = "neither"

    @property
    def section(self) -> Section:
        """A box as wide as the grain."""
        _offset(self.slot_offset, self.diameter, "slot_offset")
        return Outline(self.diameter / 2, (_box(self.slot_offset, 0.6 * self.diameter, 1.2 * self.diameter),))


@dataclass(frozen=True)
class Moon(Prismatic):
    """A round core whose middle lies `core_offset` beside the axis."""

    diameter: float = spec("length", "of the grain", above=0, high=10)
    length: float = spec("length", "of the segment", above=0)
    core: float = spec("length", "diameter of the core", above=0, high=10)
    core_offset: float = spec("length", "of its middle from the axis")
    inhibited: Ends = "neither"

    @property
    def section(self) -> Section:
        """A circle."""
        _offset(self.core_offset, self.diameter + self.core, "core_offset")
        return Outline(self.diameter / 2, (circle(self.core / 2, self.core_offset),))


@dataclass(frozen=True)
class Custom(Prismatic):
    """Passages of any outline, each of points (x, y) across the motor, m; `islands` of propellant stand in them."""

    diameter: float = spec("length", "of the grain", above=0, high=10)
    length: float = spec("length", "of the segment", above=0)
    outlines: tuple[Points, ...] = ()
    islands: tuple[Points, ...] = ()
    inhibited: Ends = "neither"

    @property
    def section(self) -> Section:
        """The outlines as they are. Raises `InputError` for no outline."""
        if not self.outlines:
            raise InputError("a custom grain needs the outline of its core", key="outlines")
        return Outline(self.diameter / 2, self.outlines, self.islands)


GRAIN_TYPES: dict[str, type[Grain]] = {
    "bates": Bates, "tube": Tube, "end burner": EndBurner, "finocyl": Finocyl, "star": Star, "x core": XCore, "c slot": CSlot,
    "d grain": DGrain, "moon": Moon, "rod and tube": RodTube, "conical": Conical, "domed": Domed, "custom": Custom,
}  # fmt: skip
"""The grains by the words that files have for them."""


def _box(x0: float, x1: float, width: float) -> Points:
    if not (x1 > x0 and width > 0):
        raise InputError(
            f"a slot from {x0 * 1e3:.6g} to {x1 * 1e3:.6g} mm, {width * 1e3:.6g} mm wide, is no slot", key="slot_width"
        )
    return ((x0, -width / 2), (x1, -width / 2), (x1, width / 2), (x0, width / 2))


def _turned(points: Points, k: int, n: int) -> Points:
    c, s = np.cos(2 * np.pi * k / n), np.sin(2 * np.pi * k / n)
    return tuple((float(c * x - s * y), float(s * x + c * y)) for x, y in points)


def _whole(n: float, key: str) -> int:
    if isinstance(n, bool) or not float(n).is_integer() or not 1 <= n <= _MOST_ARMS:
        raise InputError(f"{n!r:.40} {key}; a whole number from 1 to {_MOST_ARMS}", key=key)
    return int(n)


def _offset(value: float, diameter: float, key: str) -> None:
    if not abs(value) < diameter / 2:
        raise InputError(f"{value * 1e3:.6g} mm from the axis lies outside the grain", key=key)
