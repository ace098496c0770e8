"""The air of a launch day: temperature and pressure over height, and the wind.

Heights are metres above mean sea level. Wind is the velocity of the air, east and north, in m/s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from downrange.atmosphere.standard import (
    geopotential_from_geometric,
    pressure_altitude,
    standard_pressure,
    standard_temperature,
)
from downrange.constants import GAS_CONSTANT_AIR, STANDARD_GRAVITY
from downrange.errors import InputError
from downrange.tables import Table1D, merged

__all__ = ["Air", "Weather", "Wind"]

_GRID = np.concatenate([np.arange(-500.0, 40000.0, 50.0), np.arange(40000.0, 400001.0, 1000.0)])
_TAPER = 10000.0  # m; how fast a difference from standard fades above the last measured level


def _integrate_pressure(height: np.ndarray, temperature: np.ndarray, anchor: float, pressure: float) -> np.ndarray:
    """Hydrostatic pressure on `height`, equal to `pressure` at height `anchor` (trapezoid in geopotential height)."""
    h = geopotential_from_geometric(height)
    rate = -STANDARD_GRAVITY / (GAS_CONSTANT_AIR * temperature)
    log_p = np.concatenate([[0.0], np.cumsum(0.5 * (rate[1:] + rate[:-1]) * np.diff(h))])
    return np.asarray(pressure * np.exp(log_p - np.interp(anchor, height, log_p)))


@cache
def _standard() -> tuple[Table1D, Table1D]:
    """Temperature and the logarithm of pressure of the U.S. Standard Atmosphere 1976."""
    return (
        Table1D(_GRID, standard_temperature(_GRID), "standard temperature"),
        Table1D(_GRID, np.log(standard_pressure(_GRID)), "standard pressure"),
    )


@dataclass(frozen=True, eq=False)
class Air:
    """Temperature (K) and pressure (Pa) over height (m above sea level), T linear between levels, p hydrostatic.

    `measured_top` is the height to which the user's data reach; above, the standard atmosphere's temperature with
    the last difference fading over 10 km, and hydrostatic pressure. Dry air: humidity is left out (at 30 degrees and
    100 % it lowers density by 1.6 %).
    """

    temperature: Table1D
    log_pressure: Table1D
    measured_top: float = np.inf
    source: str = "U.S. Standard Atmosphere 1976"

    @classmethod
    def standard(cls) -> Air:
        """The U.S. Standard Atmosphere 1976."""
        return cls(*_standard())

    @classmethod
    def from_site(cls, elevation: float, temperature: float | None = None, pressure: float | None = None) -> Air:
        """Standard air bent to the temperature (K) and pressure (Pa) at the pad.

        Temperature runs linearly in geopotential height from the pad to the standard tropopause (11 km, 216.65 K);
        pressure is hydrostatic from the pad.

        elevation: of the pad above sea level, m. Raises `InputError` for a temperature at the pad below 150 or above 350 K.
        """
        t_pad = float(standard_temperature(elevation)) if temperature is None else temperature
        p_pad = float(standard_pressure(elevation)) if pressure is None else pressure
        if not 150 < t_pad < 350:
            raise InputError(f"air temperature {t_pad:g} K at the pad is not between 150 and 350 K")
        check_station_pressure(p_pad, elevation)
        h, h_pad = geopotential_from_geometric(_GRID), float(geopotential_from_geometric(elevation))
        lapse = (216.65 - t_pad) / (11000.0 - h_pad)
        t = np.where(h < 11000.0, t_pad + lapse * (h - h_pad), standard_temperature(_GRID))
        source = f"standard atmosphere through {t_pad - 273.15:.1f} °C and {p_pad / 100:.1f} hPa at the pad"
        return cls(
            Table1D(_GRID, t, "temperature"),
            Table1D(_GRID, np.log(_integrate_pressure(_GRID, t, elevation, p_pad)), "pressure"),
            source=source,
        )

    @classmethod
    def from_levels(
        cls, height: np.ndarray, temperature: np.ndarray, pressure: np.ndarray | None = None, *,
        elevation: float = 0.0, pad_pressure: float | None = None, source: str = "profile",
    ) -> Air:  # fmt: skip
        """Air from measured or forecast levels: heights (n,) m, temperatures (n,) K, pressures (n,) Pa or None.

        Without pressures they follow hydrostatically from `pad_pressure` (standard where None).

        height: (n,), m above sea level. temperature: (n,), K. pressure: (n,), Pa, or None. elevation: of the pad
        above sea level, m. source: what warnings call it.
        Raises `InputError` for temperatures that cannot be in kelvin, and for pressures that are not positive or do not fall with height.
        """
        z, t = np.asarray(height, float), np.asarray(temperature, float)
        if np.any(t < 120) or np.any(t > 345):
            raise InputError(f"{source}: temperatures run from {t.min():g} to {t.max():g} K; are they in kelvin?")
        table = Table1D(z, t, f"{source}, height")
        grid = merged(_GRID, z)
        std = standard_temperature(grid)
        below, above = grid < z[0], grid > z[-1]
        tg = table(grid)
        tg = np.where(below, t[0] + (std - standard_temperature(z[0])), tg)
        fade = np.clip(1 - (grid - z[-1]) / _TAPER, 0, 1)
        tg = np.where(above, std + fade * (t[-1] - standard_temperature(z[-1])), tg)
        if pressure is None:
            p_pad = float(standard_pressure(elevation)) if pad_pressure is None else pad_pressure
            check_station_pressure(p_pad, elevation)
            log_p = np.log(_integrate_pressure(grid, tg, elevation, p_pad))
        else:
            p = np.asarray(pressure, float)
            if np.any(p <= 0) or np.any(np.diff(p) >= 0):
                raise InputError(f"{source}: pressure must be positive and fall with height")
            # Between levels along the hydrostatic law of the temperatures there, scaled to meet both levels.
            scale = -np.log(_integrate_pressure(grid, tg, z[0], 1.0))
            log_p = np.interp(scale, np.interp(z, grid, scale), np.log(p))
            low = np.log(_integrate_pressure(grid, tg, z[0], p[0]))
            high = np.log(_integrate_pressure(grid, tg, z[-1], p[-1]))
            log_p = np.where(below, low, np.where(above, high, log_p))
        return cls(Table1D(grid, tg, "temperature"), Table1D(grid, log_p, "pressure"), float(z[-1]), source)

    def pressure(self, height: np.ndarray | float) -> np.ndarray:
        """Pressure in Pa at heights in m above sea level.

        height: m above sea level, any shape.
        """
        return np.exp(self.log_pressure(height))

    def density(self, height: np.ndarray | float) -> np.ndarray:
        """Density in kg/m3 at heights in m above sea level.

        height: m above sea level, any shape.
        """
        return self.pressure(height) / (GAS_CONSTANT_AIR * self.temperature(height))

    def altimeter(self, height: np.ndarray | float, pad_elevation: float) -> np.ndarray:
        """What a barometric altimeter zeroed at the pad shows at `height` (both m above sea level).

        pad_elevation: where it was zeroed, m above sea level.
        """
        return pressure_altitude(self.pressure(height)) - pressure_altitude(self.pressure(pad_elevation))

    def geometric(self, altimeter: float, pad_elevation: float) -> float:
        """The geometric height above the pad at which an altimeter zeroed there shows `altimeter` metres.

        pad_elevation: where it was zeroed, m above sea level.
        """
        from_pad = _GRID[pad_elevation <= _GRID]
        return float(np.interp(altimeter, self.altimeter(from_pad, pad_elevation), from_pad) - pad_elevation)


def check_station_pressure(pressure: float, elevation: float) -> None:
    """Refuse a pressure (Pa) that the air at `elevation` (m) never has: one reduced to sea level (QNH), most of the time.

    From 0.85 to 1.10 of the standard atmosphere's: the records at sea level are 870 and 1,085 hPa (WMO), 0.86 and 1.07 of it.
    """
    standard = float(standard_pressure(elevation))
    if not 0.85 <= pressure / standard <= 1.10:
        hint = ", not the one reduced to sea level that airports give (QNH)" if 8.5e4 < pressure < 1.1e5 else ""
        raise InputError(
            f"a pressure of {pressure / 100:.0f} hPa does not occur at {elevation:.0f} m above sea level, where {standard / 100:.0f} hPa is "
            f"usual: give the pressure that a barometer shows at the pad{hint}, or leave it out",
            key="weather.pressure",
        )


@dataclass(frozen=True, eq=False)
class Wind:
    """Wind over height: u to the east, v to the north, m/s, linear between levels, held above the last.

    `measured_top` is the height to which the user's data reach.
    """

    east: Table1D = field(default_factory=lambda: Table1D.constant(0.0, "calm"))
    north: Table1D = field(default_factory=lambda: Table1D.constant(0.0, "calm"))
    measured_top: float = np.inf
    source: str = "calm"

    @staticmethod
    def _components(speed: np.ndarray, from_direction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if not np.all((speed >= 0) & (speed <= 150)):
            raise InputError(
                f"a wind of {np.max(speed):g} m/s; between 0 and 150 m/s was expected (the strongest jet streams reach 120)"
            )
        return -speed * np.sin(from_direction), -speed * np.cos(from_direction)

    @classmethod
    def constant(cls, speed: float, from_direction: float) -> Wind:
        """The same wind at every height: `speed` m/s from `from_direction` (radians clockwise from north)."""
        u, v = cls._components(np.array(speed), np.array(from_direction))
        source = f"constant {speed:.1f} m/s from {np.degrees(from_direction):.0f}°"
        return cls(Table1D.constant(float(u), "wind"), Table1D.constant(float(v), "wind"), source=source)

    @classmethod
    def power_law(
        cls, speed: float, from_direction: float, *, elevation: float, reference: float = 10.0, exponent: float = 1 / 7,
        ceiling: float = 1000.0,
    ) -> Wind:  # fmt: skip
        """Wind that grows as (height above ground / reference)^exponent up to `ceiling`, constant above.

        Exponent 1/7 is the neutral boundary layer over open ground (Counihan, Atmos. Environ. 9 (1975), 871-905).

        speed: at `reference`, m/s. from_direction: where it comes from, rad clockwise from north. elevation: of the
        ground above sea level, m.
        """
        agl = merged([0.0, 0.5], np.geomspace(1.0, ceiling, 60), [reference])
        s = speed * (agl / reference) ** exponent
        u, v = cls._components(s, np.full_like(s, from_direction))
        source = f"{speed:.1f} m/s at {reference:g} m from {np.degrees(from_direction):.0f}°, power law {exponent:.3f}"
        return cls(Table1D(elevation + agl, u, "wind"), Table1D(elevation + agl, v, "wind"), source=source)

    @classmethod
    def from_levels(
        cls, height: Sequence[float] | np.ndarray, east: Sequence[float] | np.ndarray,
        north: Sequence[float] | np.ndarray, *, elevation: float = 0.0, source: str = "wind profile",
    ) -> Wind:  # fmt: skip
        """Wind from levels: heights (n,) m above sea level, u and v (n,) m/s.

        Where the lowest level lies more than 10 m above the ground the wind blends to zero at the ground by the 1/7
        power law, instead of stepping.

        height: (n,), m above sea level. east, north: (n,), velocity of the air, m/s. elevation: of the ground above
        sea level, m. source: what warnings call it. Raises `InputError` for a wind stronger than any jet stream.
        """
        z, u, v = (np.asarray(a, float) for a in (height, east, north))
        if np.any(np.hypot(u, v) > 150):
            raise InputError(f"{source}: wind of {np.hypot(u, v).max():.0f} m/s; the strongest jet streams reach 120")
        gap = z[0] - elevation
        if gap > 10:
            agl = np.concatenate([[0.0], np.geomspace(0.5, gap, 24)[:-1]])
            k = (agl / gap) ** (1 / 7)
            z, u, v = np.concatenate([elevation + agl, z]), np.concatenate([k * u[0], u]), np.concatenate([k * v[0], v])
        return cls(Table1D(z, u, source), Table1D(z, v, source), float(z[-1]), source)

    @classmethod
    def mean_of(cls, winds: Sequence[Wind], source: str = "mean") -> Wind:
        """The mean of several winds, component by component, at the heights of all of them.

        source: what warnings call it.
        """
        z = merged(*(w.east.x for w in winds))
        east, north = np.mean([w.east(z) for w in winds], axis=0), np.mean([w.north(z) for w in winds], axis=0)
        return cls(Table1D(z, east, source), Table1D(z, north, source), min(w.measured_top for w in winds), source)


@dataclass(frozen=True, eq=False)
class Weather:
    """Air and wind of one hour at one place."""

    air: Air = field(default_factory=Air.standard)
    wind: Wind = field(default_factory=Wind)
