"""The blunt start of a supersonic march, and the air of low total pressure that it leaves along the body.

* On the cap modified Newton, Cp = Cp₀ sin² δ with Cp₀ behind a normal shock (Lees, Proc. 5th Int. Conf. on High Speed Aeronautics, 1955). The march
  begins where its pressure falls as steeply as Prandtl and Meyer's (Kaufman, J. Aero. Sci. 30, 1963; DeJarnette, Ford and Young, J. Spacecraft 17,
  1980), with the total pressure behind the normal shock. Below about Mach 2 both slopes nowhere agree: it begins where they differ least.
* The air that crossed the normal shock stays at the surface. At ambient pressure it needs an annulus of area π R_n²/κ, with κ its mass flow per
  area over the free stream's: wide against the body at high Mach numbers. What follows, flares above all, meets that air (Seiff, NASA TN D-1304,
  1962): its total pressure counts with the share of the layer in layer and body, the sharp nose's with the rest (geometric mean).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from downrange.aero.cones import cone_flow, largest_attached_angle
from downrange.constants import HEAT_RATIO_AIR as G
from downrange.tables import smoothstep

__all__ = ["Tip", "blunt_tip", "matching_angle", "stagnation_pressure", "surface_total"]

_NEWTON = (1.3, 2.8)  # Mach numbers between which the shock ahead of a round tip grows strong enough for Newton's law
_STARTING_SHARE = 0.7  # of the detachment angle: the flow behind such a cone's shock is still supersonic
_DEGREES = np.linspace(0.01, 1.25, 160)


class Tip(NamedTuple):
    """How the march starts, arrays over Mach (n,)."""

    blunt: np.ndarray  # 0 for a pointed tip with an attached shock, 1 for a round one
    steepest: np.ndarray  # slope (rad) with which the march begins at the latest
    stagnation: np.ndarray  # Cp of the stagnation point
    total: np.ndarray  # total pressure behind the normal shock, over the free stream's pressure
    radius: np.ndarray  # of the cap where the march begins, m
    sharp: np.ndarray  # total pressure of the pointed body's own shock, over the free stream's pressure


def stagnation_pressure(mach: np.ndarray) -> np.ndarray:
    """Cp at the stagnation point behind a normal shock; isentropic below Mach 1 (NACA Report 1135, eqs. 44 and 100)."""
    m = np.asarray(mach, float)
    low = np.minimum(m, 1.0)
    small = 1 + low**2 / 4 + low**4 / 40 + low**6 / 1600
    n2 = np.maximum(m, 1.0) ** 2
    ratio = ((G + 1) / 2 * n2) ** (G / (G - 1)) * ((G + 1) / (2 * G * n2 - (G - 1))) ** (1 / (G - 1))
    return np.where(m < 1, small, (ratio - 1) / (0.5 * G * n2))


def _mach(pressure: np.ndarray) -> np.ndarray:
    return np.asarray(np.sqrt(np.maximum((pressure ** (-(G - 1) / G) - 1) * 2 / (G - 1), 0.0)))


def matching_angle(mach: np.ndarray) -> np.ndarray:
    """Slope (rad) at which modified Newton's pressure falls as steeply as Prandtl and Meyer's, or nearly so, at `mach` (n,)."""
    m = np.asarray(mach, float)[:, None]
    q, stagnation = 0.5 * G * m**2, stagnation_pressure(m)
    p = 1 + q * stagnation * np.sin(_DEGREES) ** 2
    local = _mach(p / (1 + q * stagnation))
    fall = G * p * local**2 / np.sqrt(np.maximum(local**2 - 1, 1e-9))
    excess = np.where(local > 1.02, fall - q * stagnation * np.sin(2 * _DEGREES), np.inf)
    last = _DEGREES.size - 1 - np.argmax((excess <= 0)[:, ::-1], axis=1)
    return _DEGREES[np.where((excess <= 0).any(axis=1), last, np.argmin(excess, axis=1))]


def blunt_tip(mach: np.ndarray, slope: np.ndarray, r: np.ndarray) -> Tip:
    """The start of a march at `mach` (n,) along frusta of `slope` (k,), rad, and radii `r` (k + 1,)."""
    detached = largest_attached_angle(mach)
    blunt = smoothstep(slope[0] - detached, 0.0, 0.6) * smoothstep(mach, *_NEWTON)
    attached = _STARTING_SHARE * detached
    steepest = attached + blunt * np.maximum(matching_angle(mach) - attached, 0.0)
    stagnation = stagnation_pressure(mach)
    first = np.argmax(slope[None, :] <= steepest[:, None], axis=1)
    q = 0.5 * G * mach**2
    outer = (1 - blunt) * np.minimum(slope[0], steepest) + blunt * slope[first]
    cp, local, _ = cone_flow(mach, np.maximum(outer, 1e-4))
    sharp = (1 + q * cp) * (1 + 0.5 * (G - 1) * np.maximum(local, 1.05) ** 2) ** (G / (G - 1))
    return Tip(blunt, steepest, stagnation, 1 + q * stagnation, r[first] / np.cos(steepest), sharp)


def surface_total(tip: Tip, mach: np.ndarray, r: np.ndarray) -> np.ndarray:
    """Total pressure (n, k) along the surface, over the free stream's pressure, where the radius is `r` (k,), m.

    Far downstream of a small cap, r much larger than R_n, it is the pointed body's.
    """
    at_rest = _mach(1 / tip.total)
    heat = (1 + 0.5 * (G - 1) * mach**2) / (1 + 0.5 * (G - 1) * at_rest**2)  # temperature over the free stream's
    area = tip.radius**2 * mach * np.sqrt(heat) / at_rest
    share = tip.blunt[:, None] * area[:, None] / (area[:, None] + r**2)
    return np.asarray(tip.sharp[:, None] ** (1 - share) * tip.total[:, None] ** share)
