"""What lies around a pad: places with people, boundaries, airspace. Everything in metres east and north of the pad."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from downrange.errors import InputError, seen

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["HOLDING", "LEAST_AREA", "PROTECTED", "Airport", "Ground", "Kind", "PeopleMap", "Shape"]

Kind = Literal["boundary", "keep in", "keep out", "crowd", "car park", "road", "house", "field", "other"]
HOLDING = ("boundary", "keep in")
PROTECTED = ("keep out", "crowd", "car park", "road", "house")
LEAST_AREA = 0.01  # m2; what covers less covers nothing: no landing is ever found in it


_CROWD = 1e7  # people: no place on the Earth has held more at once
_CRUSH = 10.0  # people to a m2; crowds are crushed from 6 on (G. K. Still, Crowd Safety and Crowd Risk Analysis, 2013)


def _check_people(name: str, people: float, area: float) -> None:
    """Raises `InputError` for a number of people (on `area`, m2) that cannot be."""
    if not 0 <= people <= _CROWD:
        raise InputError(
            f"{name}: people are a number between 0 and {_CROWD:,.0f}, seen {people:g}", key="ground.shapes"
        )
    if area > 0 and people > max(_CRUSH * area, 1.0):
        raise InputError(
            f"{name}: {people:g} people on {area:,.0f} m² are {people / area:,.0f} to a square metre; more than "
            f"{_CRUSH:g} cannot stand there: a larger outline, or fewer people", key="ground.shapes",
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Shape:
    """A place: its geometry in metres east and north of the pad, and how many people are there.

    `shelter` is the share of them whom a roof keeps safe. `associated` with the launch are the event's own people, whom rules about
    others leave out; their risk counts all the same.
    """

    name: str
    kind: Kind
    geometry: BaseGeometry
    people: float = 0.0
    shelter: float = 0.0
    associated: bool = False

    def __post_init__(self) -> None:
        g = self.geometry
        if g.is_empty or not g.convex_hull.area >= LEAST_AREA:
            raise InputError(
                f"{seen(self.name, 60)} encloses nothing: give at least three corners that are not in a line, a radius, or a width",
                key="ground.shapes",
            )
        if not g.is_valid:
            raise InputError(
                f"the outline of {seen(self.name, 60)} crosses itself: check the order of its corners",
                key="ground.shapes",
            )
        if not g.area >= LEAST_AREA:
            raise InputError(f"{seen(self.name, 60)} is a line or a point and covers no area", key="ground.shapes")
        if not 0 <= self.shelter <= 1:
            raise InputError(
                f"{seen(self.name, 60)}: shelter is a share between 0 and 1, seen {self.shelter:g}", key="ground.shapes"
            )
        _check_people(seen(self.name, 60), self.people, self.area)

    @property
    def area(self) -> float:
        """m2."""
        return float(self.geometry.area)

    def holds(self, points: np.ndarray) -> np.ndarray:
        """Which of the points (n, 2), east and north, lie inside."""
        import shapely

        shapely.prepare(self.geometry)
        return np.asarray(shapely.contains_xy(self.geometry, points[:, 0], points[:, 1]))

    @cached_property
    def distance(self) -> float:
        """From the pad, m; zero where the pad stands inside."""
        from shapely.geometry import Point

        return float(self.geometry.distance(Point(0.0, 0.0)))


@dataclass(frozen=True)
class Airport:
    """An airport: how far its boundary is from the pad, m."""

    name: str
    distance: float


@dataclass(frozen=True, eq=False)
class PeopleMap:
    """People to an area (1/m2) on a square grid about the pad, shape (n, n) by (north, east), cells `step` m wide.

    Nobody outside the grid.
    """

    step: float
    density: np.ndarray

    def __post_init__(self) -> None:
        low, high = float(np.min(self.density, initial=0.0)), float(np.max(self.density, initial=0.0))
        if not (np.all(np.isfinite(self.density)) and low >= 0 and high <= _CRUSH):
            raise InputError(
                f"a map of people has between 0 and {_CRUSH:g} people to a square metre; seen {low:g} to {high:g}: are its "
                "values counts in each cell, and is the value for 'no data' marked as such?", key="ground.population",
            )  # fmt: skip

    def __call__(self, east: np.ndarray, north: np.ndarray) -> np.ndarray:
        """People to an area at places in metres from the pad."""
        n = self.density.shape[0]
        i = np.floor(north / self.step + n / 2).astype(np.int64)
        j = np.floor(east / self.step + n / 2).astype(np.int64)
        inside = (i >= 0) & (i < n) & (j >= 0) & (j < n)
        out = np.zeros(np.shape(east))
        out[inside] = self.density[i[inside], j[inside]]
        return out

    @property
    def total(self) -> float:
        """How many people are on the grid."""
        return float(self.density.sum() * self.step**2)


@dataclass(frozen=True, eq=False)
class Ground:
    """The site: its shapes, airports, a map of people, and what the airspace authority allows (heights above the pad, m;
    None: not said)."""

    shapes: tuple[Shape, ...] = ()
    airports: tuple[Airport, ...] = ()
    ceiling: float | None = None
    radius: float | None = None
    name: str = ""
    people: PeopleMap | None = None

    def of(self, *kinds: str) -> tuple[Shape, ...]:
        """The shapes of some kinds."""
        return tuple(s for s in self.shapes if s.kind in kinds)

    @property
    def peopled(self) -> tuple[Shape, ...]:
        """The shapes with people in them."""
        return tuple(s for s in self.shapes if s.people > 0)

    @cached_property
    def boundary(self) -> BaseGeometry | None:
        """Where a landing may be: within every boundary and keep-in area; None where none is given.

        Raises `InputError` for boundaries that have nothing in common.
        """
        held = None
        for s in self.of(*HOLDING):
            held = s.geometry if held is None else held.intersection(s.geometry)
        if held is not None and held.is_empty:
            raise InputError("the boundaries and keep-in areas have nothing in common", key="ground.shapes")
        return held

    def outside(self, points: np.ndarray) -> np.ndarray:
        """Which points (n, 2) lie outside the boundary; none where there is no boundary."""
        import shapely

        if self.boundary is None:
            return np.zeros(len(points), bool)
        return np.asarray(~shapely.contains_xy(self.boundary, points[:, 0], points[:, 1]))
