"""What a nozzle loses where an overexpanded jet leaves its wall, and where the products carry droplets.

Separation criteria give the wall pressure over the ambient one, at which the jet leaves the wall: Summerfield, Foster & Swan, *Jet Propulsion* 24 (1954)
319: 0.4, for cones; R. Schmucker, NASA TM-77396 (1984): (1.88 M - 1)^-0.64, with the Mach number before separation; R. Stark, AIAA 2013-3840: π / (3 M),
for short contoured nozzles. They differ by a third, which is how well it is known.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal

import numpy as np

from downrange.errors import InputError
from downrange.motor.gas import Array, Values, pressure_ratio

__all__ = ["SUMMERFIELD", "Criterion", "separation_pressure", "two_phase_factor", "wall_at_separation"]

Criterion = Literal["summerfield", "schmucker", "stark"]
SUMMERFIELD = 0.4
_MACH = np.concatenate([np.linspace(1.0, 6.0, 501), np.linspace(6.05, 20.0, 280)])


def separation_pressure(mach: Values, criterion: Criterion) -> Values:
    """Wall over ambient pressure at which a jet of this Mach number (above 1) leaves the wall.

    >>> round(float(separation_pressure(3.0, "schmucker")), 4), round(float(separation_pressure(3.0, "stark")), 4)
    (0.3745, 0.3491)
    """
    if criterion == "schmucker":
        return (1.88 * mach - 1) ** -0.64
    if criterion == "stark":
        return np.minimum(math.pi / (3 * mach), 1.0)
    return SUMMERFIELD + 0.0 * mach


@lru_cache(maxsize=64)
def _line(heat_ratio: float, criterion: Criterion) -> tuple[Array, Array]:
    """Ambient over chamber pressure (increasing), and the wall's over the chamber's, where the jet leaves."""
    wall = np.asarray(pressure_ratio(_MACH, heat_ratio))
    return (wall / separation_pressure(_MACH, criterion))[::-1], wall[::-1]


def wall_at_separation(ambient: Values, heat_ratio: float, criterion: Criterion) -> Values:
    """Wall over chamber pressure where the jet leaves, for an `ambient` over chamber pressure, flowing isentropically up to there.

    At most that of the throat: a jet cannot leave before it.
    """
    if criterion == "summerfield":
        return np.minimum(SUMMERFIELD * np.asarray(ambient), pressure_ratio(1.0, heat_ratio))
    x, y = _line(float(heat_ratio), criterion)
    return np.exp(np.interp(np.log(np.maximum(ambient, 1e-30)), np.log(x), np.log(y)))


def two_phase_factor(condensed: float, lag: float) -> float:
    """What is left of the exhaust's momentum where a mass share `condensed` leaves at `lag` times the gas's speed, and as hot as the gas.

    From the balances of momentum and energy: ((1 - c) + c l) / sqrt((1 - c) + c l²). 1 without particles, or where they keep up; sqrt(1 - c)
    where they stand still: then the gas alone does the work of all heat (RPE 9th ed., section 3.5).

    Raises `InputError` for shares outside 0 to 1.

    >>> round(two_phase_factor(0.4, 0.8), 5)
    0.99438
    """
    if not 0 <= condensed < 1 or not 0 <= lag <= 1:
        raise InputError(f"a condensed share of {condensed:.4g} at {lag:.4g} of the gas's speed; 0 to 1 each")
    return ((1 - condensed) + condensed * lag) / math.sqrt((1 - condensed) + condensed * lag**2)
