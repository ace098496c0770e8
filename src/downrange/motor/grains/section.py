"""Cross-sections of grains and how they burn back: every point burns when the flame, at one speed from all burning edges, is there.

`x` is how far it has burnt, m. The gas passage grows by offset: exactly in closed form where edges are concentric circles,
by offsets of polygons for any other outline (to about 1e-5 of the area), where `outline` comes in.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from downrange.bounds import check_fields, spec
from downrange.errors import InputError
from downrange.motor.gas import Array

__all__ = ["Annulus", "RodAndTube", "Section", "SectionAt"]

_LEVELS = 129  # of a closed form; burning areas are parabolas of x, which chords then follow to 1e-5


@dataclass(frozen=True, eq=False)
class SectionAt:
    """A cross-section at the levels x, all (n,): propellant's `area` m2, burning `perimeter` m, `polar` second moment of area about
    the motor's axis m4, and distance of the propellant's centre from it, `aside` m."""

    x: Array
    area: Array
    perimeter: Array
    polar: Array
    aside: Array


class Section(ABC):
    """A cross-section of propellant in a round casing."""

    @property
    @abstractmethod
    def outer(self) -> float:
        """Radius of the propellant, m."""

    @property
    @abstractmethod
    def web(self) -> float:
        """How far it burns until nothing is left, m; infinite where no edge burns."""

    @property
    @abstractmethod
    def levels(self) -> Array:
        """Levels x from 0 to the web between which area and perimeter may be interpolated."""

    @abstractmethod
    def at(self, x: Array) -> SectionAt:
        """The section at levels x (n,), m; nothing is left beyond the web."""


def _disc(radius: Array | float) -> tuple[Array, Array]:
    r2 = np.maximum(np.asarray(radius, float), 0.0) ** 2
    return np.pi * r2, np.pi / 2 * r2**2


@dataclass(frozen=True)
class Annulus(Section):
    """A tube, or a rod where `bore` is 0; its inner and its outer surface burn or are inhibited. Radii, m."""

    radius: float = spec("length", "outer", above=0)
    bore: float = spec("length", "inner", 0.0, low=0)
    inner_burns: bool = True
    outer_burns: bool = False

    def __post_init__(self) -> None:
        check_fields(self)
        if self.bore >= self.radius:
            raise InputError(
                f"a core of {2e3 * self.bore:.6g} mm leaves nothing of a grain of {2e3 * self.radius:.6g} mm",
                key="core",
            )

    @property
    def outer(self) -> float:
        """Radius of the propellant, m."""
        return self.radius

    @property
    def _inner(self) -> bool:
        return self.inner_burns and self.bore > 0

    @property
    def web(self) -> float:
        """Half of what is between the surfaces where both burn, m; infinite where none burns."""
        sides = self._inner + self.outer_burns
        return (self.radius - self.bore) / sides if sides else np.inf

    @property
    def levels(self) -> Array:
        """Even ones."""
        return np.linspace(0.0, self.web, _LEVELS) if np.isfinite(self.web) else np.zeros(1)

    def at(self, x: Array) -> SectionAt:
        """In closed form."""
        left = x <= self.web
        a = self.bore + x * self._inner
        b = self.radius - x * self.outer_burns
        (area_a, polar_a), (area_b, polar_b) = _disc(a), _disc(b)
        edges = 2 * np.pi * (a * self._inner + np.maximum(b, 0.0) * self.outer_burns)
        return SectionAt(
            x, np.where(left, np.maximum(area_b - area_a, 0.0), 0.0), np.where(left, edges, 0.0),
            np.where(left, np.maximum(polar_b - polar_a, 0.0), 0.0), np.zeros_like(x),
        )  # fmt: skip


@dataclass(frozen=True)
class RodAndTube(Section):
    """A rod in the core of a tube; the gap between burns on both sides. Radii, m; `support` is of an inert rod inside."""

    radius: float = spec("length", "outer, of the tube", above=0)
    core: float = spec("length", "inner, of the tube", above=0)
    rod: float = spec("length", "of the rod", above=0)
    support: float = spec("length", "of an inert rod inside it", 0.0, low=0)

    def __post_init__(self) -> None:
        check_fields(self)
        if not self.support < self.rod < self.core < self.radius:
            raise InputError(
                "from inside out the radii must grow: support, rod, core, grain; seen "
                f"{', '.join(f'{1e3 * r:.6g}' for r in (self.support, self.rod, self.core, self.radius))} mm",
                key="rod",
            )

    @cached_property
    def _parts(self) -> tuple[Annulus, Annulus]:
        return Annulus(self.radius, self.core), Annulus(self.rod, self.support, False, True)

    @property
    def outer(self) -> float:
        """Radius of the propellant, m."""
        return self.radius

    @property
    def web(self) -> float:
        """The thicker of rod and tube, m."""
        return max(p.web for p in self._parts)

    @property
    def levels(self) -> Array:
        """Even ones, and both sides of where the thinner burns out."""
        thin = min(p.web for p in self._parts)
        edge = [thin, thin * (1 + 1e-12)] if thin < self.web else []
        return np.unique(np.concatenate([np.linspace(0.0, self.web, _LEVELS), edge]))

    def at(self, x: Array) -> SectionAt:
        """In closed form: the sum of both."""
        a, b = (p.at(x) for p in self._parts)
        return SectionAt(x, a.area + b.area, a.perimeter + b.perimeter, a.polar + b.polar, a.aside)
