"""Grains: what burns of a segment, and what is left of it, against how far it has burnt.

All surfaces that burn recede along their normals at one speed. A prism's core does so in its section, its bare ends along
the axis; a body of revolution in its meridian plane. Lengths along the axis are from the segment's forward end, aft positive.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from downrange.bounds import check_fields, spec
from downrange.errors import InputError
from downrange.motor.gas import Array
from downrange.motor.grains.section import Section

__all__ = ["Ends", "Grain", "Prism", "Regression", "inhibited_ends"]

Ends = Literal["neither", "top", "bottom", "both"]
_BEYOND = 1 + 1e-10  # how far behind its web a segment is looked at for what is then left


def inhibited_ends(ends: Ends) -> tuple[bool, bool]:
    """Whether the forward and the aft end are inhibited; `top` is forward."""
    return ends in ("top", "both"), ends in ("bottom", "both")


@dataclass(frozen=True, eq=False)
class Regression:
    """A grain at levels x (n,), m, of how far it has burnt; all (n,).

    area: that burns, m2. volume: of propellant, m3. port: area of the gas passage at its aft end, m2. length: m.
    centre: of the propellant, m aft of the segment's forward end as it was. roll, pitch: second moments of volume about
    its own centre, m5; with a density they are moments of inertia. aside: distance of the centre from the axis, m.
    """

    x: Array
    area: Array
    volume: Array
    port: Array
    length: Array
    centre: Array
    roll: Array
    pitch: Array
    aside: Array
    aft_face: Array


class Grain(ABC):
    """One segment of propellant."""

    diameter: float
    length: float

    @property
    @abstractmethod
    def web(self) -> float:
        """How far it burns until nothing is left, m."""

    @property
    @abstractmethod
    def levels(self) -> Array:
        """Levels from 0 to the web, so close that what lies between may be interpolated."""

    @abstractmethod
    def at(self, x: Array) -> Regression:
        """The grain at levels x (n,), m; nothing is left beyond the web."""

    @cached_property
    def table(self) -> Regression:
        """The grain at its levels, and just behind its web."""
        return self.at(np.append(self.levels, self.web * _BEYOND))

    @property
    def volume(self) -> float:
        """Of propellant before it burns, m3."""
        return float(self.table.volume[0])

    @property
    def envelope(self) -> float:
        """Volume of the cylinder that it stands in, m3."""
        return float(np.pi / 4 * self.diameter**2 * self.length)


@dataclass(frozen=True)
class Prism(Grain):
    """A grain of one section from end to end. section: m. length: m. inhibited: which of its ends do not burn (`top` is forward).

    Raises `InputError` where nothing of it burns.
    """

    section: Section
    length: float = spec("length", "of the segment", above=0)
    inhibited: Ends = "neither"

    def __post_init__(self) -> None:
        check_fields(self)
        if not np.isfinite(self.web):
            raise InputError("nothing of this grain burns: every surface is inhibited", key="inhibited")

    @property
    def diameter(self) -> float:  # type: ignore[override]
        """Outer diameter, m."""
        return 2 * self.section.outer

    @property
    def _bare(self) -> int:
        return 2 - sum(inhibited_ends(self.inhibited))

    @property
    def web(self) -> float:
        """The section's, or what its ends reach sooner, m."""
        return min(self.section.web, self.length / self._bare if self._bare else np.inf)

    @property
    def levels(self) -> Array:
        """Those of the section up to the web."""
        own = self.section.levels
        if self.web < own[-1] or own.size < 2:
            own = (
                np.append(own[own < self.web * (1 - 1e-9)], self.web) if own.size > 40 else np.linspace(0, self.web, 65)
            )
        return own

    def at(self, x: Array) -> Regression:
        """A = P L + n S: perimeter times length, and n bare ends of the section's area S."""
        s, n = self.section.at(x), self._bare
        left = x <= self.web
        length = np.where(left, np.maximum(self.length - n * x, 0.0), 0.0)
        section = np.where(left, s.area, 0.0)
        volume = section * length
        top, bottom = inhibited_ends(self.inhibited)
        return Regression(
            x=x, area=np.where(left, s.perimeter * length + n * section, 0.0), volume=volume, port=np.pi * self.section.outer**2 - section,
            length=length, centre=np.where(left, 0.0 if top else x, 0.0) + length / 2, roll=s.polar * length,
            pitch=s.polar * length / 2 + volume * length**2 / 12 - volume * s.aside**2 / 2, aside=s.aside,
            aft_face=section * (not bottom),
        )  # fmt: skip
