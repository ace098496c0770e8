"""The site and its ground.

Made by builders/make_recipes.py from the models of the project files: edit those, and run it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal

from downrange.project import schema, schema_site
from downrange.recipes.base import UNSET, Given, Recipe
from downrange.recipes.special import SiteRecipe

__all__ = [
    "Airport",
    "Ground",
    "Shape",
    "Site",
    "Terrain",
    "Waiver",
]


class Site(SiteRecipe):
    """A launch site.

    latitude: of the pad, north positive (angle, like '84 deg') - required
    longitude: of the pad, east positive (angle, like '84 deg') - required
    elevation: of the pad above mean sea level (length, like '54 mm')
    name: what you call it
    notes: notes
    gravity: law of gravity, or a constant (acceleration, like '9.8 m/s^2'); 'normal' where not said
    ground: boundary, people, roads, airspace, terrain
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.SiteFile

    def __init__(
        self, latitude: Given = UNSET, longitude: Given = UNSET, elevation: Given = UNSET, *, name: str = UNSET,
        notes: str = UNSET, gravity: Given = UNSET, ground: Any = UNSET, latitude_deg: float = UNSET,
        longitude_deg: float = UNSET, elevation_m: float = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Ground(Recipe):
    """What lies around the pad.

    shapes: shapes
    airports: airports
    waiver: waiver
    terrain: terrain
    population: a CSV of places (latitude_deg, longitude_deg, people[, radius_m]), or a GeoTIFF of people in each cell
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_site.GroundFile

    def __init__(
        self, *, shapes: Any = UNSET, airports: Any = UNSET, waiver: Any = UNSET, terrain: Any = UNSET,
        population: str = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Shape(Recipe):
    """A place on the ground: from a `file` (GeoJSON, KML), or `points`, or `offsets` from the pad, or a circle.

    name: name - required
    kind: boundary and keep in hold the landing; the others are to be kept clear; 'other' where not said
    file: GeoJSON or KML; all its shapes, or the one called `feature`
    feature: feature
    points: latitude and longitude of corners (angle, like '84 deg')
    offsets: corners, east and north of the pad (length, like '54 mm')
    radius: of a circle about the one point or offset; about the pad where neither is given (length, like '54 mm')
    width: of a line, like a road (length, like '54 mm')
    people: how many are there
    density: people to an area (per area, like '50 / km^2')
    shelter: share of the people whom a roof keeps safe
    associated: the event's own people: rules about persons not associated with the launch leave them out, risks do not; False where not said
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_site.ShapeFile

    def __init__(
        self, name: str = UNSET,
        kind: Literal["boundary", "keep in", "keep out", "crowd", "car park", "road", "house", "field", "other"] = UNSET,
        *, file: str = UNSET, feature: str = UNSET, points: Given = UNSET, offsets: Given = UNSET,
        radius: Given = UNSET, width: Given = UNSET, people: Given = UNSET, density: Given = UNSET,
        shelter: Given = UNSET, associated: bool = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Airport(Recipe):
    """An airport; `radius` is that of its boundary about the point.

    name: name - required
    latitude: latitude (angle, like '84 deg') - required
    longitude: longitude (angle, like '84 deg') - required
    radius: radius (length, like '54 mm')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_site.AirportFile

    def __init__(
        self, name: str = UNSET, latitude: Given = UNSET, longitude: Given = UNSET, *, radius: Given = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Waiver(Recipe):
    """What the airspace authority allows: a ceiling, and a circle about the pad.

    ceiling: ceiling (length, like '54 mm')
    datum: from where the ceiling counts; 'ground' where not said
    radius: radius (length, like '54 mm')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_site.WaiverFile

    def __init__(
        self, ceiling: Given = UNSET, *, datum: Literal["ground", "sea level"] = UNSET, radius: Given = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Terrain(Recipe):
    """Heights of the ground: SRTM `.hgt` tiles, or a GeoTIFF (extra `weather`).

    files: files - required
    reach: how far from the pad it is used (length, like '54 mm')
    step: step (length, like '54 mm')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_site.TerrainFile

    def __init__(
        self, files: Any = UNSET, *, reach: Given = UNSET, step: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())
