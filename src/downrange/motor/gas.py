"""The gas of a rocket motor: characteristic velocity and one-dimensional isentropic flow of a perfect gas.

Symbols and equations are those of Sutton & Biblarz, *Rocket Propulsion Elements* (RPE), 9th ed., chapter 3, and of
NACA Report 1135. All functions take floats or arrays that broadcast; pressures are ratios to the stagnation pressure.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from downrange.bounds import check_fields, spec
from downrange.errors import InputError

__all__ = [
    "MOLAR_GAS_CONSTANT",
    "Gas",
    "area_ratio",
    "critical_pressure_ratio",
    "exit_pressure_ratio",
    "flow_factor",
    "mach_of_area_ratio",
    "mach_of_pressure_ratio",
    "pressure_ratio",
]

MOLAR_GAS_CONSTANT = 8.31446261815324  # J/(mol K), exact, SI 2019

Array = npt.NDArray[np.float64]
Values = float | Array


@dataclass(frozen=True, kw_only=True)
class Gas:
    """Combustion products as one perfect gas.

    heat_ratio: of specific heats, that of the mixture with its condensed part where it has one. molar_mass: kg/mol, of all
    products (condensed ones too) to a mole of gas. temperature: K, in the chamber, at stagnation. Raises `InputError`.
    """

    heat_ratio: float = spec("number", "ratio of specific heats of the products", above=1, high=1.67, why="1.1 to 1.67")
    molar_mass: float = spec(
        "number", "kg/mol, mass of all products to a mole of gas", low=0.001, high=0.3, why="hydrogen has 2 g/mol"
    )
    temperature: float = spec("temperature", "in the chamber", low=300, high=6000, why="a flame has 1000 to 4000 K")

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def gas_constant(self) -> float:
        """R of this gas, J/(kg K)."""
        return MOLAR_GAS_CONSTANT / self.molar_mass

    @property
    def characteristic_velocity(self) -> float:
        """c* = p A_t / mdot, m/s (RPE eq. 3-32).

        >>> round(Gas(heat_ratio=1.131, molar_mass=0.0424, temperature=1710).characteristic_velocity, 1)
        911.8
        """
        return float(np.sqrt(self.gas_constant * self.temperature) / flow_factor(self.heat_ratio))

    @property
    def viscosity(self) -> float:
        """Pa s, within some ten per cent: D. R. Bartz, Jet Propulsion 27 (1957) 49: 46.6e-10 M^0.5 T^0.6 in lb/(in s), g/mol and °R.

        >>> round(Gas(heat_ratio=1.2, molar_mass=0.025, temperature=3000).viscosity * 1e5, 2)
        7.22
        """
        return float(1.184e-7 * np.sqrt(1e3 * self.molar_mass) * self.temperature**0.6)

    def density(self, pressure: Values) -> Values:
        """At rest under `pressure` (Pa), kg/m3."""
        return pressure / (self.gas_constant * self.temperature)


def flow_factor(heat_ratio: Values) -> Values:
    """Γ of mdot = Γ p A_t / sqrt(R T), the choked flow of a perfect gas (RPE eq. 3-24)."""
    k = heat_ratio
    return np.sqrt(k) * (2 / (k + 1)) ** ((k + 1) / (2 * (k - 1)))


def critical_pressure_ratio(heat_ratio: Values) -> Values:
    """Pressure in a choked throat over stagnation pressure (RPE eq. 3-20)."""
    return (2 / (heat_ratio + 1)) ** (heat_ratio / (heat_ratio - 1))


def pressure_ratio(mach: Values, heat_ratio: Values) -> Values:
    """Static over stagnation pressure at a Mach number (NACA 1135 eq. 44)."""
    return (1 + (heat_ratio - 1) / 2 * mach**2) ** (-heat_ratio / (heat_ratio - 1))


def mach_of_pressure_ratio(ratio: Values, heat_ratio: Values) -> Values:
    """Mach number where static over stagnation pressure is `ratio` (0 to 1)."""
    return np.sqrt(2 / (heat_ratio - 1) * (ratio ** (-(heat_ratio - 1) / heat_ratio) - 1))


def area_ratio(mach: Values, heat_ratio: Values) -> Values:
    """Area over that of the throat at a Mach number above 0 (NACA 1135 eq. 80)."""
    k = heat_ratio
    return (2 / (k + 1) * (1 + (k - 1) / 2 * mach**2)) ** ((k + 1) / (2 * (k - 1))) / mach


def mach_of_area_ratio(ratio: Values, heat_ratio: float, *, supersonic: bool = True) -> Values:
    """Mach number where the area is `ratio` (at least 1) of the throat's, by Newton's method on its logarithm.

    Relative error below 1e-12. Raises `InputError` for a ratio below 1: no flow passes a section narrower than the throat.
    """
    if isinstance(ratio, float | int):
        return _mach_of_ratio(float(ratio), float(heat_ratio), supersonic)
    return _newton(np.asarray(ratio, float), heat_ratio, supersonic)


@lru_cache(maxsize=4096)
def _mach_of_ratio(ratio: float, k: float, supersonic: bool) -> float:
    return float(_newton(np.array([ratio]), k, supersonic)[0])


def _newton(ratio: Array, k: float, supersonic: bool) -> Array:
    """Newton's method in u = ln M on g(u) = ln(A/A*): convex with its minimum at u = 0, so that from outside the root
    it falls onto it without passing it."""
    if np.any(~(ratio >= 1 - 1e-12)):
        raise InputError(
            f"an area ratio of {float(np.nanmin(ratio)):.6g} is below 1: no section is narrower than the throat"
        )
    e = (k + 1) / (2 * (k - 1))
    goal = np.log(np.maximum(ratio, 1.0))
    # an outer start: for M >= 1 A/A* > M^(2e-1) (2/(k+1) (k-1)/2)^e; for M <= 1 A/A* < (2/(k+1))^e ((k+1)/2)^e / M = 1/M
    if supersonic:
        u = (goal - e * np.log((k - 1) / (k + 1))) / (2 * e - 1)
    else:
        u = np.log(np.maximum((2 / (k + 1)) ** e / np.exp(goal), 1e-300))
    for _ in range(60):
        m2 = np.exp(2 * u)
        s = 1 + (k - 1) / 2 * m2
        g = e * np.log(2 / (k + 1) * s) - u - goal
        slope = (m2 - 1) / s
        step = np.where(np.abs(slope) > 1e-9, g / np.where(np.abs(slope) > 1e-9, slope, 1.0), 0.0)
        u = u - step
        u = np.maximum(u, 0.0) if supersonic else np.minimum(u, 0.0)
        if np.all(np.abs(step) <= 1e-13 * np.maximum(np.abs(u), 1e-3)):
            break
    return np.exp(u)


def exit_pressure_ratio(ratio: Values, heat_ratio: float) -> Values:
    """Exit over chamber pressure of a choked nozzle that flows full, of exit to throat area `ratio` (RPE eq. 3-25)."""
    return pressure_ratio(mach_of_area_ratio(ratio, heat_ratio), heat_ratio)
