"""A nozzle: throat, exit and what its thrust coefficient loses; equations of Sutton & Biblarz, RPE 9th ed., chapter 3.

The losses are those of C. E. Rogers, *Departures from Ideal Performance for Conical Nozzles and Bell Nozzles, Straight-Cut
Throats and Rounded Throats* (Rogers Aeroscience): divergence, skin friction and a straight-cut throat.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from downrange.bounds import check_fields, check_word, spec
from downrange.errors import InputError
from downrange.motor.gas import (
    Array,
    Values,
    area_ratio,
    exit_pressure_ratio,
    mach_of_area_ratio,
    mach_of_pressure_ratio,
    pressure_ratio,
)
from downrange.motor.nozzle_losses import SUMMERFIELD, wall_at_separation

__all__ = ["SUMMERFIELD", "Nozzle", "adapted_thrust_coefficient", "ideal_thrust_coefficient"]

_LONG_THROAT = 0.45  # length over diameter, from where on Rogers gives one loss
_SKIN = 0.99  # share of the thrust coefficient above one that friction of the walls leaves; Rogers


@dataclass(frozen=True, kw_only=True)
class Nozzle:
    """A nozzle with a conical exit. SI, radians.

    throat, exit: diameters. divergence: half angle of the exit cone. throat_length: of the cylinder at the throat, None
    where the throat is rounded and loses nothing. efficiency: of the thrust coefficient, what the losses here do not count.
    erosion: the throat's radius grows by it times pressure, m/(s Pa). slag: it shrinks by it over pressure, m Pa/s.
    separation: by whose criterion an overexpanded jet leaves the wall (`downrange.motor.nozzle_losses`); none lets it flow full.
    two_phase: share of the thrust coefficient that droplets leave (`two_phase_factor`).
    Raises `InputError` for an exit smaller than the throat.
    """

    throat: float = spec("length", "diameter of the throat", above=0, high=10)
    exit: float = spec("length", "diameter of the exit", above=0, high=30)
    divergence: float = spec(
        "angle", "half angle of the exit cone", 0.0, low=0, high=math.pi / 3, why="cones have 12 to 20 degrees"
    )
    convergence: float | None = spec("angle", "half angle of the entrance cone", None, above=0, high=math.pi / 2)
    throat_length: float | None = spec("length", "of the throat's cylinder", None, low=0, high=10)
    efficiency: float = spec(
        "number", "of the thrust coefficient", 1.0, above=0, high=1.0, why="a nozzle loses some thrust"
    )
    erosion: float = spec(
        "number", "growth of the throat's radius a second and pascal", 0.0, low=0, high=1e-7, why="graphite has 1e-11"
    )
    slag: float = spec("number", "narrowing of the throat's radius, m Pa/s", 0.0, low=0, high=1e4, why="a few hundred")
    separation: Literal["summerfield", "schmucker", "stark", "none"] = "summerfield"
    two_phase: float = spec(
        "number", "share of the thrust coefficient that droplets leave", 1.0, low=0.5, high=1.0, why="1 without"
    )

    def __post_init__(self) -> None:
        check_fields(self)
        check_word(self.separation, ("summerfield", "schmucker", "stark", "none"), key="separation")
        if self.exit < self.throat:
            raise InputError(
                f"an exit of {self.exit * 1e3:.6g} mm is narrower than the throat of {self.throat * 1e3:.6g} mm",
                key="exit",
            )

    @property
    def throat_area(self) -> float:
        """m2."""
        return math.pi / 4 * self.throat**2

    @property
    def exit_area(self) -> float:
        """m2."""
        return math.pi / 4 * self.exit**2

    @property
    def expansion(self) -> float:
        """Exit over throat area."""
        return (self.exit / self.throat) ** 2

    @property
    def divergence_factor(self) -> float:
        """(1 + cos α) / 2: the axial share of the momentum of a conical source flow (RPE eq. 3-34)."""
        return 0.5 * (1 + math.cos(self.divergence))

    @property
    def throat_factor(self) -> float:
        """What a straight-cut throat leaves of the thrust coefficient (Rogers): 0.99 - 0.0333 L/D, 0.95 beyond L/D 0.45."""
        if self.throat_length is None:
            return 1.0
        ratio = self.throat_length / self.throat
        return 0.95 if ratio > _LONG_THROAT else 0.99 - 0.0333 * ratio

    def with_throat(self, throat: float) -> Nozzle:
        """The same nozzle with another throat (diameter, m)."""
        return replace(self, throat=throat)

    def _expansion_of(self, throat_area: Values | None) -> Values:
        """Exit over throat area, where that has changed; never below 1."""
        if throat_area is None:
            return self.expansion
        if isinstance(throat_area, np.ndarray):
            return np.maximum(self.exit_area / throat_area, 1.0)
        return max(self.exit_area / float(throat_area), 1.0)

    def exit_pressure(self, heat_ratio: float, pressure: Values, throat_area: Values | None = None) -> Values:
        """Pressure at the exit (Pa) of a nozzle that flows full, for a chamber's stagnation `pressure` (Pa).

        throat_area: m2, where erosion or slag has changed it.
        """
        ratio = self._expansion_of(throat_area)
        return pressure * exit_pressure_ratio(ratio, heat_ratio)

    def thrust_coefficient(
        self, heat_ratio: float, pressure: Values, ambient: float, throat_area: Values | None = None
    ) -> Values:
        """Delivered thrust coefficient F / (p A_t) for stagnation `pressure` against `ambient` pressure, Pa.

        Ideal, with separation where it occurs, less divergence, skin friction, throat and `efficiency`; never below 0 and never above the
        ideal one of a nozzle made for these pressures. Zero where `pressure` does not exceed `ambient`.
        """
        ratio = self._expansion_of(throat_area)
        ideal = self._separated(heat_ratio, pressure, ambient, ratio)
        shared = self.divergence_factor * self.throat_factor * self.two_phase * self.efficiency
        given = shared * (_SKIN * ideal + (1 - _SKIN) * np.minimum(ideal, 1.0))
        return np.where(np.asarray(pressure) > ambient, given, 0.0) if isinstance(given, np.ndarray) else float(given)

    def _separated(self, k: float, pressure: Values, ambient: float, ratio: Values) -> Values:
        """The thrust coefficient with the exit cut where the jet leaves the wall; the rest of the wall is at ambient pressure."""
        p = np.maximum(pressure, 1e-30)
        exit_ratio = exit_pressure_ratio(ratio, k)
        if self.separation != "none":
            wall = wall_at_separation(ambient / p, k, self.separation)
            leaves = wall > exit_ratio
            cut = area_ratio(np.maximum(mach_of_pressure_ratio(wall, k), 1.0), k)
            exit_ratio, ratio = np.where(leaves, wall, exit_ratio), np.where(leaves, cut, ratio)
        full = ideal_thrust_coefficient(k, ratio, ambient / p, exit_ratio)
        return np.clip(full, 0.0, adapted_thrust_coefficient(k, ambient / p))


def ideal_thrust_coefficient(
    heat_ratio: float, ratio: Values, ambient: Values, exit_ratio: Values | None = None
) -> Values:
    """Thrust coefficient of a choked nozzle that flows full, without losses (RPE eq. 3-30).

    ratio: exit over throat area. ambient: over chamber pressure; 0 for a vacuum. exit_ratio: exit over chamber pressure,
    worked out where it is left out. It may be negative for a nozzle far too wide: the equation knows no separation.
    """
    at_exit = exit_pressure_ratio(ratio, heat_ratio) if exit_ratio is None else exit_ratio
    return adapted_thrust_coefficient(heat_ratio, at_exit) + (at_exit - ambient) * ratio


def adapted_thrust_coefficient(heat_ratio: float, exit_ratio: Values) -> Values:
    """The thrust coefficient where exit and ambient pressure are both `exit_ratio` of the chamber's: the best there is (RPE eq. 3-30)."""
    k = heat_ratio
    factor = math.sqrt(2 * k**2 / (k - 1) * (2 / (k + 1)) ** ((k + 1) / (k - 1)))
    return factor * np.sqrt(np.maximum(1 - np.minimum(exit_ratio, 1.0) ** ((k - 1) / k), 0.0))


def mass_flow_factor(heat_ratio: float, back: Array, ratio: float) -> Array:
    """Mass flow over that of a choked throat, for a nozzle of exit to throat area `ratio`; `back`: ambient over chamber pressure.

    One where the throat is choked; below, the gas leaves the exit at ambient pressure without a shock (RPE section 3.3).
    """
    subsonic = mach_of_area_ratio(float(ratio), heat_ratio, supersonic=False)
    choked = back <= pressure_ratio(subsonic, heat_ratio)
    mach = np.maximum(mach_of_pressure_ratio(np.clip(back, 1e-12, 1.0), heat_ratio), 1e-12)
    return np.where(choked, 1.0, np.minimum(ratio / area_ratio(mach, heat_ratio), 1.0))
