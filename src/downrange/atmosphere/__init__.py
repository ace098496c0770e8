"""Standard and measured atmospheres, and wind."""

from downrange.atmosphere.standard import (
    geometric_from_geopotential,
    geopotential_from_geometric,
    pressure_altitude,
    sound_speed,
    standard_pressure,
    standard_temperature,
    viscosity,
)
from downrange.atmosphere.weather import Air, Weather, Wind

__all__ = [
    "Air",
    "Weather",
    "Wind",
    "geometric_from_geopotential",
    "geopotential_from_geometric",
    "pressure_altitude",
    "sound_speed",
    "standard_pressure",
    "standard_temperature",
    "viscosity",
]
