"""The models of the air and wind of the day."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from downrange.project.fields import Direction, Kind, Strict
from downrange.uncertainty import Quantity

__all__ = ["WeatherFile", "WindFile", "WindLayer"]


class WindLayer(Strict):
    """One level of wind."""

    height: Annotated[Quantity, Kind("length", low=0, high=2e5, why="above the ground")] = Field(
        description="above the ground"
    )
    speed: Annotated[Quantity, Kind("speed", low=0)]
    from_direction: Direction = Field(alias="from", description="where it comes from, clockwise from north")


class WindFile(Strict):
    """Wind: a speed and direction at a height, growing by a power law; or layers."""

    speed: Annotated[Quantity, Kind("speed", low=0)] | None = None
    from_direction: Direction | None = Field(None, alias="from", description="where it comes from")
    reference_height: Annotated[Quantity, Kind("length", above=0, high=1000)] = Field(
        Quantity(10.0), description="above the ground"
    )
    exponent: Annotated[Quantity, Kind("number", low=0, high=1, why="open ground has 1/7, a city 0.4")] = Field(
        Quantity(1 / 7), description="of the power law; 0 is the same wind everywhere"
    )
    layers: list[WindLayer] = Field(default_factory=list)


def _whole_wind(given: Any) -> Any:
    """A wind in one text: `10 mph from west`, `calm`."""
    if not isinstance(given, str):
        return given
    if given.strip().lower() in ("calm", "none", "no wind"):
        return {"speed": "0 m/s"}
    speed, separator, direction = given.partition(" from ")
    if not separator:
        message = f"a wind needs the direction that it comes from too: write it like '{given.strip()[:40]} from west' or '... from 270 deg'"
        raise PydanticCustomError("wind", "{message}", {"message": message})
    return {"speed": speed.strip(), "from": direction.strip()}


class WeatherFile(Strict):
    """The air and wind of the day; an ensemble wins over a profile, and a profile over the other keys, for what they hold."""

    temperature: Annotated[Quantity, Kind("temperature")] | None = Field(None, description="at the pad")
    pressure: Annotated[Quantity, Kind("pressure")] | None = Field(
        None, description="at the pad, not reduced to sea level"
    )
    profile: str | None = Field(None, description="a CSV of levels")
    wind: Annotated[WindFile | None, BeforeValidator(_whole_wind)] = None
    ensemble: str | None = Field(
        None, description="a folder of CSV profiles, an Open-Meteo JSON or a NetCDF: a flight meets one of its winds"
    )
    hour: str | None = Field(None, description="of the ensemble, like '2026-06-21T14:00'")
    turbulence: Literal["none", "light", "moderate", "severe"] = Field(
        "none", description="Dryden; light, moderate, severe aloft, by the wind at 6 m near the ground"
    )
