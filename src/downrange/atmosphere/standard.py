"""The U.S. Standard Atmosphere 1976 (equal to ICAO's to 32 km and to ISO 2533), and what follows from temperature.

To 86 km the defining equations in geopotential height; from 86 km to 1,000 km the logarithm of the printed pressures
and densities (Table I of the standard) is interpolated linearly in height.

Source: U.S. Standard Atmosphere 1976, NOAA-S/T 76-1562, eqs. 18-23, 33a, 33b, 50, 51 and Table I.
"""

from __future__ import annotations

import numpy as np

from downrange.constants import (
    GAS_CONSTANT_AIR,
    GEOPOTENTIAL_EARTH_RADIUS,
    HEAT_RATIO_AIR,
    SEA_LEVEL_PRESSURE,
    STANDARD_GRAVITY,
    SUTHERLAND_BETA,
    SUTHERLAND_S,
)

__all__ = [
    "geometric_from_geopotential",
    "geopotential_from_geometric",
    "pressure_altitude",
    "sound_speed",
    "standard_pressure",
    "standard_temperature",
    "viscosity",
]

_BASE = np.array([0.0, 11000.0, 20000.0, 32000.0, 47000.0, 51000.0, 71000.0, 84852.0])
_LAPSE = np.array([-0.0065, 0.0, 0.001, 0.0028, 0.0, -0.0028, -0.002])
_GMR = STANDARD_GRAVITY / GAS_CONSTANT_AIR
_BASE_T = 288.15 + np.concatenate([[0.0], np.cumsum(_LAPSE * np.diff(_BASE))])


def _layer_pressures() -> np.ndarray:
    p = [SEA_LEVEL_PRESSURE]
    for lapse, t0, t1, dh in zip(_LAPSE, _BASE_T[:-1], _BASE_T[1:], np.diff(_BASE), strict=True):
        p.append(p[-1] * ((t0 / t1) ** (_GMR / lapse) if lapse else np.exp(-_GMR * dh / t0)))
    return np.array(p)


_BASE_P = _layer_pressures()
# Geometric height m, kinetic temperature K, pressure Pa: Table I of the standard, above 86 km.
_UPPER = np.array(
    [
        [86000, 186.87, 3.7338e-1], [90000, 186.87, 1.8359e-1], [95000, 188.42, 7.5966e-2],
        [100000, 195.08, 3.2011e-2], [105000, 208.84, 1.4477e-2], [110000, 240.00, 7.1042e-3],
        [115000, 300.00, 4.0096e-3], [120000, 360.00, 2.5382e-3], [130000, 469.27, 1.2505e-3],
        [150000, 634.39, 4.5422e-4], [200000, 854.56, 8.4736e-5], [300000, 976.01, 8.7704e-6],
        [500000, 999.24, 3.0236e-7], [1000000, 1000.00, 7.5138e-9],
    ]
)  # fmt: skip


def geopotential_from_geometric(height: np.ndarray | float) -> np.ndarray:
    """Geopotential height (m') of geometric height (m above sea level); eq. 18."""
    z = np.asarray(height, float)
    return GEOPOTENTIAL_EARTH_RADIUS * z / (GEOPOTENTIAL_EARTH_RADIUS + z)


def geometric_from_geopotential(height: np.ndarray | float) -> np.ndarray:
    """Geometric height (m) of geopotential height (m'); eq. 19."""
    h = np.asarray(height, float)
    return GEOPOTENTIAL_EARTH_RADIUS * h / (GEOPOTENTIAL_EARTH_RADIUS - h)


def standard_temperature(height: np.ndarray | float) -> np.ndarray:
    """Temperature in K at geometric height in m above sea level (any shape).

    Below 86 km the standard's molecular-scale temperature, with which p = ρ R T and the speed of sound hold.
    """
    z = np.asarray(height, float)
    h = geopotential_from_geometric(z)
    i = np.clip(np.searchsorted(_BASE, h, "right") - 1, 0, 6)
    low = _BASE_T[i] + _LAPSE[i] * (np.minimum(h, _BASE[-1]) - _BASE[i])
    return np.where(z <= 86000, low, np.interp(z, _UPPER[:, 0], _UPPER[:, 1]))


def standard_pressure(height: np.ndarray | float) -> np.ndarray:
    """Pressure in Pa at geometric height in m above sea level (any shape)."""
    z = np.asarray(height, float)
    h = np.minimum(geopotential_from_geometric(z), _BASE[-1])
    i = np.clip(np.searchsorted(_BASE, h, "right") - 1, 0, 6)
    lapse, t0, dh = _LAPSE[i], _BASE_T[i], h - _BASE[i]
    safe = np.where(lapse == 0, 1.0, lapse)
    ratio = np.where(lapse == 0, np.exp(-_GMR * dh / t0), (1 + safe * dh / t0) ** (-_GMR / safe))
    upper = np.exp(np.interp(z, _UPPER[:, 0], np.log(_UPPER[:, 2])))
    return np.where(z <= 86000, _BASE_P[i] * ratio, upper)


def sound_speed(temperature: np.ndarray | float) -> np.ndarray:
    """Speed of sound in m/s at temperature in K; eq. 50.

    temperature: K, any shape.
    """
    return np.sqrt(HEAT_RATIO_AIR * GAS_CONSTANT_AIR * np.asarray(temperature, float))


def viscosity(temperature: np.ndarray | float) -> np.ndarray:
    """Dynamic viscosity in Pa s at temperature in K; Sutherland's law, eq. 51.

    temperature: K, any shape.
    """
    t = np.asarray(temperature, float)
    return SUTHERLAND_BETA * t**1.5 / (t + SUTHERLAND_S)


def pressure_altitude(pressure: np.ndarray | float) -> np.ndarray:
    """The height in m at which the standard atmosphere has `pressure` (Pa): what a barometric altimeter shows.

    Geopotential metres of the standard's first three layers (to 32 km), as altimeters compute it.
    """
    p = np.asarray(pressure, float)
    i = np.clip(np.searchsorted(-_BASE_P, -p, "right") - 1, 0, 6)
    lapse, t0 = _LAPSE[i], _BASE_T[i]
    safe = np.where(lapse == 0, 1.0, lapse)
    dh = np.where(lapse == 0, -t0 / _GMR * np.log(p / _BASE_P[i]), t0 / safe * ((p / _BASE_P[i]) ** (-safe / _GMR) - 1))
    return _BASE[i] + dh
