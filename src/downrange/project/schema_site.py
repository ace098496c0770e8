"""The models of what lies around a pad: shapes, airports, airspace, terrain."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from downrange.bounds import Limits
from downrange.project.fields import Angle, Kind, Length, Strict
from downrange.uncertainty import Quantity

__all__ = ["GroundFile", "ShapeFile", "TerrainFile"]

REACH: Limits = {"high": 4.1e7, "why": "the Earth is 40,000 km round"}
ShapeKind = Literal["boundary", "keep in", "keep out", "crowd", "car park", "road", "house", "field", "other"]


class ShapeFile(Strict):
    """A place on the ground: from a `file` (GeoJSON, KML), or `points`, or `offsets` from the pad, or a circle."""

    name: str
    kind: ShapeKind = Field(
        "other", description="boundary and keep in hold the landing; the others are to be kept clear"
    )
    file: str | None = Field(None, description="GeoJSON or KML; all its shapes, or the one called `feature`")
    feature: str | None = None
    points: list[tuple[Angle, Angle]] = Field(default_factory=list, description="latitude and longitude of corners")
    offsets: list[tuple[Length, Length]] = Field(default_factory=list, description="corners, east and north of the pad")
    radius: Annotated[Quantity, Kind("length", above=0, **REACH)] | None = Field(
        None, description="of a circle about the one point or offset; about the pad where neither is given"
    )
    width: Annotated[Quantity, Kind("length", above=0, **REACH)] | None = Field(
        None, description="of a line, like a road"
    )
    people: Annotated[Quantity, Kind("number", low=0, high=1e10, why="all the people there are")] | None = Field(
        None, description="how many are there"
    )
    density: Annotated[Quantity, Kind("per area", low=0)] | None = Field(None, description="people to an area")
    shelter: Annotated[Quantity, Kind("number", low=0, high=1, why="a share")] = Field(
        Quantity(0.0), description="share of the people whom a roof keeps safe"
    )
    associated: bool = Field(
        False,
        description="the event's own people: rules about persons not associated with the launch leave them out, risks do not",
    )


class AirportFile(Strict):
    """An airport; `radius` is that of its boundary about the point."""

    name: str
    latitude: Angle
    longitude: Angle
    radius: Annotated[Quantity, Kind("length", low=0, **REACH)] = Quantity(0.0)


class WaiverFile(Strict):
    """What the airspace authority allows: a ceiling, and a circle about the pad."""

    ceiling: Annotated[Quantity, Kind("length", above=0, **REACH)] | None = None
    datum: Literal["ground", "sea level"] = Field("ground", description="from where the ceiling counts")
    radius: Annotated[Quantity, Kind("length", above=0, **REACH)] | None = None


class TerrainFile(Strict):
    """Heights of the ground: SRTM `.hgt` tiles, or a GeoTIFF (extra `weather`)."""

    files: list[str]
    reach: Annotated[Quantity, Kind("length", above=0, **REACH)] = Field(
        Quantity(8000.0), description="how far from the pad it is used"
    )
    step: Annotated[Quantity, Kind("length", above=0, **REACH)] = Quantity(30.0)


class GroundFile(Strict):
    """What lies around the pad."""

    shapes: list[ShapeFile] = Field(default_factory=list)
    airports: list[AirportFile] = Field(default_factory=list)
    waiver: WaiverFile = Field(default_factory=WaiverFile)
    terrain: TerrainFile | None = None
    population: str | None = Field(
        None,
        description="a CSV of places (latitude_deg, longitude_deg, people[, radius_m]), or a GeoTIFF of people in each cell",
    )
