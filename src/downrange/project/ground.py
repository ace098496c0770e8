"""The ground around a pad from site files: shapes from GeoJSON, KML or inline, airports, airspace, terrain."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from downrange.earth import Pad, Terrain
from downrange.errors import InputError, NotFoundError, seen, suggest
from downrange.formats.rasters import read_geotiff, read_hgt
from downrange.formats.reading import Folder, guarded
from downrange.formats.shapes import covered, enu_from_degrees, read_features
from downrange.formats.tables import read_columns
from downrange.project.schema import SiteFile
from downrange.project.schema_site import ShapeFile, TerrainFile
from downrange.safety.ground import HOLDING, Airport, Ground, PeopleMap, Shape

__all__ = ["build_ground", "build_terrain", "enu_from_degrees", "read_features"]

_FAR = 200_000.0  # m; a site's shape further off is a mistake in its coordinates
_PLACES = 1_000  # rows of a population table: each is a place with a risk of its own, 25 ms for 65,536 flights
_NODES = 2_000  # of a terrain, each way
_LOWEST, _HIGHEST = -500.0, 9_000.0  # m above sea level: the shore of the Dead Sea, and Everest


def _drawn(s: ShapeFile, pad: Pad, folder: Folder, key: str) -> list[Any]:
    """What was drawn of a shape, in metres: from its file, or its own corners; a circle's middle."""
    from shapely.geometry import LineString, Point, Polygon

    if s.file:
        features = read_features(folder.file(s.file, f"{key}.file"), pad)
        if s.feature is not None:
            names = [n for n, _ in features]
            if s.feature not in names:
                raise NotFoundError(
                    f"{seen(s.file)} has no feature {seen(s.feature, 60)}{suggest(s.feature, names)}",
                    key=f"{key}.feature",
                )
            features = [f for f in features if f[0] == s.feature]
        return [f[1] for f in features]
    corners = [(float(e), float(n)) for e, n in s.offsets]
    if s.points:
        lat, lon = np.degrees(np.array([[float(a), float(o)] for a, o in s.points]).T)
        corners += [(float(e), float(n)) for e, n in enu_from_degrees(pad, lat, lon, "a corner")]
    if not corners:
        return [] if s.radius is None else [Point(0.0, 0.0)]
    if len(corners) == 1:
        return [Point(corners[0])]
    return [LineString(corners) if s.width is not None or len(corners) == 2 else Polygon(corners)]


def _outlines(s: ShapeFile, pad: Pad, folder: Folder, key: str) -> Any:
    """The area of one shape in metres."""
    if sum(map(bool, (s.file, s.points, s.offsets))) > 1:
        raise InputError(f"{seen(s.name, 60)} needs one of file, points and offsets, not several")
    if s.width is not None and s.radius is not None:
        raise InputError(f"{seen(s.name, 60)} needs a radius (of points) or a width (of lines), not both")
    drawn = _drawn(s, pad, folder, key)
    if not drawn:
        raise InputError(f"{seen(s.name, 60)} lies nowhere: give a file, points, offsets, or a radius about the pad")
    reach = float(s.width) / 2 if s.width is not None else None if s.radius is None else float(s.radius)
    return covered(drawn, reach=reach, holding=s.kind in HOLDING, road=s.kind == "road" or not s.file)


def _people(s: ShapeFile, area: float) -> float:
    return float(s.people) if s.people is not None else (float(s.density) * area if s.density is not None else 0.0)


@guarded("a table of population", quiet=True)
def _population(path: Path, pad: Pad) -> list[Shape]:
    from shapely.geometry import Point

    columns = read_columns(path)
    need = ("latitude_deg", "longitude_deg", "people")
    if missing := [n for n in need if n not in columns]:
        raise InputError(
            f"the population table lacks {', '.join(missing)}; its columns are {', '.join(need)}[, radius_m]"
        )
    people = columns["people"]
    if len(people) > _PLACES:
        raise InputError(
            f"{len(people):,} places are too many, at most {_PLACES:,}: use a GeoTIFF of people in each cell"
        )
    radius = columns.get("radius_m", np.full(len(people), 15.0))
    for what, values, low, high in (("people", people, 0.0, 1e7), ("radius_m", radius, 0.1, 1e5)):
        if (bad := np.flatnonzero(~((values >= low) & (values <= high)))).size:
            raise InputError(f"row {bad[0] + 1}: {what} lies between {low:g} and {high:g}; seen {values[bad[0]]:g}")
    at = enu_from_degrees(pad, columns["latitude_deg"], columns["longitude_deg"], "a place in it")
    return [
        Shape(f"{path.stem} {k + 1}", "house", Point(*p).buffer(r), float(n))
        for k, (p, n, r) in enumerate(zip(at, people, radius, strict=True))
    ]


def _people_map(path: Path, pad: Pad, reach: float = 10_000.0, step: float = 50.0) -> PeopleMap:
    """People to an area about the pad from a raster of counts (like WorldPop's), by the cell that holds each place."""
    n = int(2 * reach / step)
    axis = (np.arange(n) - n / 2 + 0.5) * step
    east, north = np.meshgrid(axis, axis)
    lat, lon, _ = pad.geodetic(np.stack([east, north, np.zeros_like(east)], axis=-1))
    count, cell = read_geotiff(path, np.degrees(lat), np.degrees(lon))
    density = np.nan_to_num(count, nan=0.0) / cell
    if not np.isfinite(count).any():
        raise InputError("this population map does not cover the pad", file=str(path))
    try:
        return PeopleMap(step, density)
    except InputError as error:
        raise InputError(error.message, file=str(path), key=error.key) from None


def build_ground(site: SiteFile, pad: Pad, folder: Folder) -> Ground:
    """The ground of a site file; raises `InputError` for shapes that enclose nothing or lie nowhere near the pad."""
    g = site.ground
    shapes = []
    for k, s in enumerate(g.shapes):
        key = f"ground.shapes[{k}]"
        try:
            geometry = _outlines(s, pad, folder, key)
            shapes.append(
                Shape(s.name, s.kind, geometry, _people(s, float(geometry.area)), float(s.shelter), s.associated)
            )
        except InputError as error:
            raise type(error)(error.message, file=error.file, key=error.key or key) from None
    people = None
    if g.population:
        path = folder.file(g.population, "ground.population")
        if path.suffix.lower() in (".tif", ".tiff"):
            people = _people_map(path, pad)
        else:
            shapes += _population(path, pad)
    for made in shapes:
        if made.distance > _FAR:
            raise InputError(
                f"{seen(made.name, 60)} lies {made.distance / 1e3:,.0f} km from the pad: are latitude and longitude in the right order?",
                key="ground.shapes",
            )
    airports = tuple(_airport(a.name, float(a.latitude), float(a.longitude), float(a.radius), pad) for a in g.airports)
    w = g.waiver
    ceiling = None if w.ceiling is None else float(w.ceiling) - (pad.elevation if w.datum == "sea level" else 0.0)
    return Ground(tuple(shapes), airports, ceiling, None if w.radius is None else float(w.radius), site.name, people)


def _airport(name: str, latitude: float, longitude: float, radius: float, pad: Pad) -> Airport:
    try:
        at = enu_from_degrees(pad, np.degrees([latitude]), np.degrees([longitude]), f"the airport {seen(name, 60)}")[0]
    except InputError as error:
        raise InputError(error.message, key="ground.airports") from None
    return Airport(name, max(float(np.hypot(*at)) - radius, 0.0))


def build_terrain(given: TerrainFile, pad: Pad, folder: Folder) -> Terrain:
    """Terrain about the pad; raises `InputError` where the files have holes there, or their height of the pad is far off."""
    paths = [folder.file(f, "ground.terrain.files") for f in given.files]
    for p in paths:
        if p.suffix.lower() not in (".hgt", ".tif", ".tiff"):
            raise InputError(
                f"terrain is .hgt (SRTM) or .tif (GeoTIFF), seen {seen(p.name)}", key="ground.terrain.files"
            )
    reach, step = float(given.reach), float(given.step)
    if not 0 < reach / step <= _NODES / 2:
        raise InputError(
            f"{2 * reach / step:,.0f} nodes each way are too many, at most {_NODES:,}: a larger step or a smaller reach",
            key="ground.terrain",
        )
    n = 2 * max(int(math.ceil(reach / step)), 1)
    axis = (np.arange(n + 1) - n / 2) * step
    east, north = np.meshgrid(axis, axis)
    lat, lon, _ = pad.geodetic(np.stack([east, north, np.zeros_like(east)], axis=-1))
    lat, lon = np.degrees(lat), np.degrees(lon)
    height = np.full(lat.shape, np.nan)
    for p in sorted(paths, key=lambda p: p.suffix.lower() != ".hgt"):
        found = read_hgt(p, lat, lon) if p.suffix.lower() == ".hgt" else _heights(p, lat, lon)
        height = np.where(np.isnan(height), found, height)
    source = ", ".join(p.name for p in paths)
    if np.isnan(height).all():
        raise InputError(
            f"the terrain of {seen(source, 100)} has holes only: it lies nowhere within {reach:,.0f} m of the pad",
            key="ground.terrain",
        )
    terrain = Terrain(step, height - pad.elevation, source)
    here = float(terrain(0.0, 0.0))
    if abs(here) > 60:
        raise InputError(
            f"the terrain has {pad.elevation + here:.0f} m at the pad, the site {pad.elevation:.0f} m: correct elevation, latitude or longitude",
            key="elevation",
        )  # fmt: skip
    # The pad stands on the ground, whatever the map's error is there.
    return Terrain(step, height - pad.elevation - here, terrain.source)


def _heights(path: Path, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Heights (m) from a GeoTIFF; NaN where it has none. Raises `InputError` for what are no heights of the Earth."""
    z = read_geotiff(path, lat, lon)[0]
    z[(z == -9999) | (z == -32768)] = np.nan  # the usual marks of a hole, where the file does not state its own
    if (~np.isfinite(z) & ~np.isnan(z)).any() or (z < _LOWEST).any() or (z > _HIGHEST).any():
        raise InputError(
            f"heights from {np.nanmin(z):.4g} to {np.nanmax(z):.4g} m; the ground lies between {_LOWEST:g} and {_HIGHEST:g} m",
            file=str(path),
        )
    return z
