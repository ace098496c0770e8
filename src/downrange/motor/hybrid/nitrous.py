"""Nitrous oxide: its equation of state, and its saturation line as a table that is exact at its knots.

E. W. Lemmon & R. Span, *Short Fundamental Equations of State for 20 Industrial Fluids*, J. Chem. Eng. Data 51 (2006) 785-850, tables 2, 3
and 8: the polar form in the Helmholtz energy, valid from the triple point (182.33 K) to 525 K and 50 MPa; its densities are within 0.1 % (liquid), its
vapour pressures within 0.2 %. Saturation is where pressure and Gibbs energy of both phases agree, solved by R. Akasaka's method (J. Thermal Sci.
Tech. 3 (2008) 442).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline

from downrange.errors import InputError

__all__ = [
    "CRITICAL_PRESSURE",
    "CRITICAL_TEMPERATURE",
    "TRIPLE_TEMPERATURE",
    "Saturation",
    "State",
    "nitrous_state",
    "saturation",
]

Array = npt.NDArray[np.float64]

CRITICAL_TEMPERATURE = 309.52  # K
CRITICAL_PRESSURE = 7.245e6  # Pa
CRITICAL_DENSITY = 10.27e3 * 44.0128e-3  # kg/m3
TRIPLE_TEMPERATURE = 182.33  # K
_GAS_CONSTANT = 8.314472 / 44.0128e-3  # J/(kg K), with the molar constant of the paper
_N = np.array(
    [0.88045, -2.4235, 0.38237, 0.068917, 0.00020367, 0.13122, 0.46032, -0.0036985, -0.23263, -0.00042859, -0.04281, -0.023038]
)  # fmt: skip
_T = np.array([0.25, 1.25, 1.5, 0.25, 0.875, 2.375, 2.0, 2.125, 3.5, 6.5, 4.75, 12.5])
_D = np.array([1, 1, 1, 3, 7, 1, 2, 5, 1, 1, 4, 2], float)
_L = np.array([0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3], float)
_V = np.array([2.1769, 1.6145, 0.48393])  # of cp0 / R = 3.5 + sum v (u/T)^2 e^(u/T) / (e^(u/T) - 1)^2
_U = np.array([879.0, 2372.0, 5447.0])  # K
_OFFSET = (-4.4262736272, 4.3120475243)  # reference: liquid at its normal boiling point
_HOTTEST = 309.0  # K; above it the table would end in the critical point, where nothing is smooth


@dataclass(frozen=True)
class State:
    """What the equation of state says at a temperature (K) and density (kg/m3): Pa, J/kg, J/(kg K)."""

    pressure: float
    energy: float
    enthalpy: float
    entropy: float


def _residual(delta: float, tau: float) -> tuple[float, float, float, float]:
    """The residual Helmholtz energy over RT, its first and second derivative by density, and that by tau: a, a_d, a_dd, a_t."""
    power = np.where(_L > 0, delta**_L, 0.0)
    term = _N * delta**_D * tau**_T * np.exp(-power)
    first = _D - _L * power
    return (
        float(term.sum()), float((term * first).sum()) / delta, float((term * (first * (first - 1) - _L**2 * power)).sum()) / delta**2,
        float((term * _T).sum()) / tau,
    )  # fmt: skip


def nitrous_state(temperature: float, density: float) -> State:
    """Nitrous oxide at a temperature (K) and density (kg/m3), in one phase. Raises `InputError` outside 182.33 to 525 K.

    >>> round(nitrous_state(300.0, 1.77389).pressure)
    100000
    """
    if not TRIPLE_TEMPERATURE <= temperature <= 525 or not 0 < density < 1300:
        raise InputError(
            f"nitrous oxide at {temperature:.5g} K and {density:.5g} kg/m3 is outside its equation of state"
        )
    delta, tau = density / CRITICAL_DENSITY, CRITICAL_TEMPERATURE / temperature
    a, a_d, _, a_t = _residual(delta, tau)
    x = _U / temperature
    ideal = (
        _OFFSET[0]
        + _OFFSET[1] * tau
        + math.log(delta)
        + 2.5 * math.log(tau)
        + float((_V * np.log(1 - np.exp(-x))).sum())
    )
    ideal_t = _OFFSET[1] + 2.5 / tau + float((_V * _U / CRITICAL_TEMPERATURE / (np.exp(x) - 1)).sum())
    rt = _GAS_CONSTANT * temperature
    energy = rt * tau * (ideal_t + a_t)
    return State(
        density * rt * (1 + delta * a_d),
        energy,
        energy + rt * (1 + delta * a_d),
        _GAS_CONSTANT * (tau * (ideal_t + a_t) - ideal - a),
    )


def _phases(temperature: float, liquid: float, vapour: float) -> tuple[float, float]:
    """Reduced densities of both phases, from a guess, by Newton's method on pressure and Gibbs energy (Akasaka, eq. 7 to 11)."""
    tau = CRITICAL_TEMPERATURE / temperature
    for _ in range(60):
        a, a_d, a_dd, _ = _residual(liquid, tau)
        b, b_d, b_dd, _ = _residual(vapour, tau)
        j_l, j_v = liquid * (1 + liquid * a_d), vapour * (1 + vapour * b_d)
        k_l, k_v = liquid * a_d + a + math.log(liquid), vapour * b_d + b + math.log(vapour)
        dj_l, dj_v = 1 + 2 * liquid * a_d + liquid**2 * a_dd, 1 + 2 * vapour * b_d + vapour**2 * b_dd
        dk_l, dk_v = 2 * a_d + liquid * a_dd + 1 / liquid, 2 * b_d + vapour * b_dd + 1 / vapour
        det = dj_v * dk_l - dj_l * dk_v
        up, down = ((k_v - k_l) * dj_v - (j_v - j_l) * dk_v) / det, ((k_v - k_l) * dj_l - (j_v - j_l) * dk_l) / det
        liquid, vapour = liquid + up, vapour + down
        if abs(up) + abs(down) < 1e-13:
            break
    return liquid, vapour


@dataclass(frozen=True, eq=False)
class Saturation:
    """The saturation line over `temperature` (n,) K: pressure Pa; of liquid and vapour density kg/m3, energy, enthalpy J/kg, entropy J/(kg K).

    Between the knots cubic splines in the root of 1 - T/Tc, in which the line is smooth up to its critical point.
    """

    temperature: Array
    table: Array

    @cached_property
    def _spline(self) -> CubicSpline:
        x = np.sqrt(1 - self.temperature / CRITICAL_TEMPERATURE)
        return CubicSpline(x[::-1], self.table[::-1])

    def at(self, temperature: float, derivative: bool = False) -> Array:
        """The columns (9,) at a temperature (K): p, rho_l, rho_v, u_l, u_v, h_l, h_v, s_l, s_v; or their derivatives by temperature.

        Raises `InputError` outside 182.33 to 309 K: above lies the critical point (309.52 K), and no liquid.
        """
        if not TRIPLE_TEMPERATURE - 1e-9 <= temperature <= _HOTTEST + 1e-9:
            raise InputError(
                f"nitrous oxide at {temperature - 273.15:.4g} °C has no liquid beside its vapour that can be computed: -90.8 to 35.85 °C; "
                "a tank in the sun may pass it"
            )
        x = math.sqrt(1 - temperature / CRITICAL_TEMPERATURE)
        out = self._spline(x, 1) * (-0.5 / (CRITICAL_TEMPERATURE * x)) if derivative else self._spline(x)
        return np.asarray(out)

    def temperature_of(self, pressure: float) -> float:
        """The temperature (K) at which it boils under a pressure (Pa).

        Raises `InputError` for a pressure below the triple point or above the critical one.
        """
        from scipy.optimize import brentq

        if not self.table[0, 0] <= pressure <= self.table[-1, 0]:
            raise InputError(
                f"nitrous oxide boils from {self.table[0, 0] / 1e5:.3g} to {self.table[-1, 0] / 1e5:.4g} bar; seen {pressure / 1e5:.4g} bar"
            )
        return float(brentq(lambda t: self.at(t)[0] - pressure, TRIPLE_TEMPERATURE, _HOTTEST, xtol=1e-10))


@lru_cache(maxsize=1)
def saturation() -> Saturation:
    """The saturation line of nitrous oxide, worked out once."""
    temperature = CRITICAL_TEMPERATURE * (1 - np.linspace(math.sqrt(1 - TRIPLE_TEMPERATURE / CRITICAL_TEMPERATURE), math.sqrt(1 - _HOTTEST / CRITICAL_TEMPERATURE), 160) ** 2)  # fmt: skip
    temperature[0], temperature[-1] = TRIPLE_TEMPERATURE, _HOTTEST
    liquid, vapour, rows = 2.73, 0.0058, []
    for t in temperature.tolist():
        liquid, vapour = _phases(t, liquid, vapour)
        a, b = (nitrous_state(t, d * CRITICAL_DENSITY) for d in (liquid, vapour))
        rows.append(
            [a.pressure, liquid * CRITICAL_DENSITY, vapour * CRITICAL_DENSITY, a.energy, b.energy, a.enthalpy, b.enthalpy, a.entropy, b.entropy]
        )  # fmt: skip
    return Saturation(temperature, np.array(rows))
