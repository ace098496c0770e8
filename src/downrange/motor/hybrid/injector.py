"""Injectors: how much passes an orifice from a tank into a chamber, by the models that are in use for a liquid that boils.

*SPI*, single-phase incompressible: m = Cd A sqrt(2 rho dp) (Bernoulli). *HEM*, homogeneous equilibrium: the fluid expands at constant entropy and is at
each pressure in equilibrium; m = Cd A rho2 sqrt(2 (h1 - h2)), and no more than the most there is at any pressure above the chamber's: then it is
choked. *NHNE*, the mean of the two by how fast it boils: J. Dyer et al., *Modeling Feed System Flow Physics for Self-Pressurizing
Propellants*, AIAA 2007-5702, with the weights as B. J. Solomon (Utah State University, 2011, eq. 2.31) corrected them: kappa = sqrt((p1 - p2) / (pv - p2)),
m = Cd A (kappa G_SPI + G_HEM) / (1 + kappa). From a saturated tank kappa is one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from downrange.bounds import check_fields, check_word, spec
from downrange.motor.hybrid.nitrous import saturation
from downrange.motor.hybrid.tanks import Contents

__all__ = ["Injector", "equilibrium_flux", "incompressible_flux", "nonequilibrium_flux"]


@dataclass(frozen=True, kw_only=True)
class Injector:
    """Orifices alike: diameter (m), how many, discharge coefficient, and by which model a liquid that boils passes."""

    diameter: float = spec("length", "of an orifice", above=0, high=0.5)
    count: int = 1
    discharge: float = spec(
        "number", "discharge coefficient", 0.66, above=0, high=1, why="a sharp edge has 0.6, a rounded one 0.95"
    )
    model: Literal["spi", "hem", "nhne"] = "nhne"

    def __post_init__(self) -> None:
        check_fields(self)
        check_word(self.model, ("spi", "hem", "nhne"), key="model")

    @property
    def area(self) -> float:
        """Discharge coefficient times all orifices, m2."""
        return self.discharge * self.count * math.pi / 4 * self.diameter**2

    def flow(self, contents: Contents, chamber: float) -> float:
        """kg/s from a tank's contents into a chamber at a pressure (Pa); 0 where the chamber's is higher."""
        if chamber >= contents.pressure:
            return 0.0
        if not contents.flashing or (self.model == "spi" and contents.liquid > 0):
            return self.area * incompressible_flux(contents, chamber)
        if self.model == "hem" or contents.liquid <= 0:  # a mixture is compressible whatever the model of the liquid
            return self.area * equilibrium_flux(contents, chamber)
        return self.area * nonequilibrium_flux(contents, chamber)


def incompressible_flux(contents: Contents, chamber: float) -> float:
    """Mass flux of a liquid that does not boil, kg/(m2 s)."""
    return math.sqrt(2 * contents.density * max(contents.pressure - chamber, 0.0))


def equilibrium_flux(contents: Contents, chamber: float) -> float:
    """Mass flux of nitrous oxide in homogeneous equilibrium, kg/(m2 s): at the chamber's pressure or at that where it chokes."""
    line = saturation()
    p = line.table[:, 0]
    below = (p < contents.pressure) & (p > chamber)
    flux = _expanded(line.table[below], contents)
    if p[0] < chamber and (not flux.size or int(np.argmax(flux)) == 0):  # not choked above the chamber's pressure
        flux = np.append(flux, _expanded(line.at(float(np.interp(chamber, p, line.temperature)))[None], contents))
    return _highest(flux)


def _highest(flux: np.ndarray) -> float:
    """The highest of a curve on knots: that of the parabola through the highest knot and its neighbours, so that it moves smoothly."""
    if flux.size < 3 or not 0 < (k := int(np.argmax(flux))) < flux.size - 1:
        return float(flux.max(initial=0.0))
    a, b, c = flux[k - 1 : k + 2].tolist()
    bend = a - 2 * b + c
    return b - (a - c) ** 2 / (8 * bend) if bend < 0 else b


def _expanded(rows: np.ndarray, contents: Contents) -> np.ndarray:
    """Mass flux (k,) of what expanded at constant entropy to rows (k, 9) of the saturation line."""
    _, rl, rv, _, _, hl, hv, sl, sv = rows.T
    quality = np.clip((contents.entropy - sl) / (sv - sl), 0.0, 1.0)
    density = 1 / (1 / rl + quality * (1 / rv - 1 / rl))
    drop = contents.enthalpy - (hl + quality * (hv - hl))
    return np.asarray(density * np.sqrt(2 * np.maximum(drop, 0.0)))


def nonequilibrium_flux(contents: Contents, chamber: float) -> float:
    """Mass flux between the two, by how the time in the orifice compares with that of boiling (Dyer, as corrected), kg/(m2 s)."""
    spi = incompressible_flux(contents, chamber)
    if chamber >= contents.vapour_pressure:
        return spi
    kappa = math.sqrt((contents.pressure - chamber) / (contents.vapour_pressure - chamber))
    return (kappa * spi + equilibrium_flux(contents, chamber)) / (1 + kappa)
