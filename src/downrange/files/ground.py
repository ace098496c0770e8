"""The ground around a pad from site files: shapes from GeoJSON, KML or inline, airports, airspace, terrain."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from downrange.earth import Pad, Terrain
from downrange.errors import InputError, NotFoundError, suggest
from downrange.files.build import Folder
from downrange.files.schema import SiteFile
from downrange.files.schema_site import ShapeFile, TerrainFile
from downrange.files.tables import read_columns, read_text
from downrange.safety.ground import Airport, Ground, PeopleMap, Shape

__all__ = ["build_ground", "build_terrain", "enu_from_degrees", "read_features"]

_FAR = 200_000.0  # m; a site's shape further off is a mistake in its coordinates


def enu_from_degrees(pad: Pad, latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """East and north of the pad (n, 2), m, of points at the pad's elevation given in degrees."""
    return np.array(
        [pad.position_enu(math.radians(a), math.radians(o), pad.elevation)[:2] for a, o in zip(np.ravel(latitude), np.ravel(longitude), strict=True)]
    ).reshape(-1, 2)  # fmt: skip


def _geojson(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        data = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise InputError(f"not valid JSON: {error.msg}", file=str(path), line=error.lineno) from None
    features = data.get("features", [data]) if isinstance(data, dict) else []
    for f in features:
        g = f.get("geometry", f) if isinstance(f, dict) else None
        if not isinstance(g, dict) or "coordinates" not in g:
            raise InputError("this GeoJSON has a feature without coordinates", file=str(path))
        yield str((f.get("properties") or {}).get("name", "")), g


def _kml(path: Path) -> Iterator[tuple[str, Any]]:
    text = read_text(path)
    if "<!ENTITY" in text or "<!DOCTYPE" in text:
        raise InputError("KML with a document type or entities is refused", file=str(path))
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise InputError(f"not valid KML: {error}", file=str(path)) from None

    def points(node: ElementTree.Element) -> list[list[float]]:
        words = (node.findtext(".//{*}coordinates") or "").split()
        return [[float(x) for x in w.split(",")[:2]] for w in words]

    for mark in root.iterfind(".//{*}Placemark"):
        name = (mark.findtext("{*}name") or "").strip()
        for polygon in mark.iterfind(".//{*}Polygon"):
            outer = polygon.find(".//{*}outerBoundaryIs")
            if outer is not None:
                holes = [points(h) for h in polygon.iterfind(".//{*}innerBoundaryIs")]
                yield name, {"type": "Polygon", "coordinates": [points(outer), *holes]}
        for line in mark.iterfind(".//{*}LineString"):
            yield name, {"type": "LineString", "coordinates": points(line)}
        for point in mark.iterfind(".//{*}Point"):
            yield name, {"type": "Point", "coordinates": points(point)[0]}


def read_features(path: Path, pad: Pad) -> list[tuple[str, Any]]:
    """Names and geometries (shapely, metres east and north of the pad) of a GeoJSON or KML file."""
    import shapely
    from shapely.geometry import shape

    reader = _kml if path.suffix.lower() == ".kml" else _geojson
    out = []
    for name, g in reader(path):
        try:
            degrees = shape(g)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.errors.ShapelyError):
            raise InputError(f"the feature {name!r} has a geometry that cannot be read", file=str(path)) from None
        out.append((name, shapely.transform(degrees, lambda c: enu_from_degrees(pad, c[:, 1], c[:, 0]))))
    if not out:
        raise InputError("no shape was found in it", file=str(path))
    return out


def _outlines(s: ShapeFile, pad: Pad, folder: Folder, key: str) -> Any:
    """The geometry of one shape in metres."""
    import shapely
    from shapely.geometry import LineString, Point, Polygon

    if s.file:
        features = read_features(folder.file(s.file, f"{key}.file"), pad)
        if s.feature is not None:
            names = [n for n, _ in features]
            if s.feature not in names:
                raise NotFoundError(
                    f"{s.file} has no feature {s.feature!r}{suggest(s.feature, names)}", key=f"{key}.feature"
                )
            features = [f for f in features if f[0] == s.feature]
        g = shapely.union_all([f[1] for f in features])
    else:
        corners = [(float(e), float(n)) for e, n in s.offsets]
        corners += [
            tuple(enu_from_degrees(pad, np.degrees([float(a)]), np.degrees([float(o)]))[0]) for a, o in s.points
        ]
        if len(corners) <= 1:
            g = Point(corners[0] if corners else (0.0, 0.0))
        else:
            g = LineString(corners) if s.width is not None or len(corners) == 2 else Polygon(corners)
    if s.width is not None:
        g = g.buffer(float(s.width) / 2)
    elif s.radius is not None:
        g = g.buffer(float(s.radius), quad_segs=32)
    return g


def _people(s: ShapeFile, area: float) -> float:
    return float(s.people) if s.people is not None else (float(s.density) * area if s.density is not None else 0.0)


def _population(path: Path, pad: Pad) -> Iterator[Shape]:
    from shapely.geometry import Point

    columns = read_columns(path)
    need = ("latitude_deg", "longitude_deg", "people")
    if missing := [n for n in need if n not in columns]:
        raise InputError(
            f"the population table lacks {', '.join(missing)}; its columns are {', '.join(need)}[, radius_m]",
            file=str(path),
        )
    at = enu_from_degrees(pad, columns["latitude_deg"], columns["longitude_deg"])
    radius = columns.get("radius_m", np.full(len(at), 15.0))
    for what, values, low, high in (("people", columns["people"], 0.0, 1e7), ("radius_m", radius, 0.1, 1e5)):
        if (bad := np.flatnonzero(~((values >= low) & (values <= high)))).size:
            raise InputError(
                f"row {bad[0] + 1}: {what} lies between {low:g} and {high:g}; seen {values[bad[0]]:g}", file=str(path)
            )
    for k, (p, people, r) in enumerate(zip(at, columns["people"], radius, strict=True)):
        yield Shape(f"{path.stem} {k + 1}", "house", Point(*p).buffer(r), float(people))


def _people_map(path: Path, pad: Pad, reach: float = 10_000.0, step: float = 50.0) -> PeopleMap:
    """People to an area about the pad from a raster of counts (like WorldPop's), by the cell that holds each place."""
    n = int(2 * reach / step)
    axis = (np.arange(n) - n / 2 + 0.5) * step
    east, north = np.meshgrid(axis, axis)
    lat, lon, _ = pad.geodetic(np.stack([east, north, np.zeros_like(east)], axis=-1))
    count, cell = _geotiff(path, np.degrees(lat), np.degrees(lon))
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
            shapes.append(Shape(s.name, s.kind, geometry, _people(s, float(geometry.area)), float(s.shelter)))
        except InputError as error:
            raise type(error)(error.message, file=error.file, key=error.key or key) from None
    people = None
    if g.population:
        path = folder.file(g.population, "ground.population")
        if path.suffix.lower() in (".tif", ".tiff"):
            people = _people_map(path, pad)
        else:
            shapes += list(_population(path, pad))
    for made in shapes:
        if made.distance > _FAR:
            raise InputError(
                f"{made.name!r} lies {made.distance / 1e3:,.0f} km from the pad: are latitude and longitude in the right order?",
                key="ground.shapes",
            )
    airports = tuple(
        Airport(
            a.name,
            max(
                float(
                    np.hypot(
                        *enu_from_degrees(pad, np.degrees([float(a.latitude)]), np.degrees([float(a.longitude)]))[0]
                    )
                )
                - float(a.radius),
                0.0,
            ),
        )
        for a in g.airports
    )
    w = g.waiver
    ceiling = None if w.ceiling is None else float(w.ceiling) - (pad.elevation if w.datum == "sea level" else 0.0)
    return Ground(tuple(shapes), airports, ceiling, None if w.radius is None else float(w.radius), site.name, people)


def _hgt(paths: list[Path], lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Heights (m) at points in degrees from SRTM tiles, bilinear; NaN where no tile or a void is."""
    out = np.full(lat.shape, np.nan)
    for path in paths:
        name = path.stem.upper()
        try:
            south = int(name[1:3]) * (1 if name[0] == "N" else -1)
            west = int(name[4:7]) * (1 if name[3] == "E" else -1)
        except (ValueError, IndexError):
            raise InputError("an SRTM tile is named like N39W009.hgt", file=str(path)) from None
        n = int(round(math.sqrt(path.stat().st_size / 2)))
        if n not in (1201, 3601) or n * n * 2 != path.stat().st_size:
            raise InputError(
                f"an SRTM tile has 1201 or 3601 rows of 16-bit heights; seen {path.stat().st_size} bytes",
                file=str(path),
            )
        tile = np.frombuffer(path.read_bytes(), ">i2").reshape(n, n)[::-1].astype(float)
        tile[tile < -1000] = np.nan
        y, x = (lat - south) * (n - 1), (lon - west) * (n - 1)
        here = (y >= 0) & (y <= n - 1) & (x >= 0) & (x <= n - 1)
        i, j = np.minimum(y[here].astype(int), n - 2), np.minimum(x[here].astype(int), n - 2)
        f, g = y[here] - i, x[here] - j
        low = tile[i, j] * (1 - g) + tile[i, j + 1] * g
        high = tile[i + 1, j] * (1 - g) + tile[i + 1, j + 1] * g
        out[here] = low * (1 - f) + high * f
    return out


def _geotiff(path: Path, lat: np.ndarray, lon: np.ndarray) -> tuple[np.ndarray, float]:
    """Values at points in degrees, NaN where there are none; and the area of a cell at their middle, m2."""
    try:
        import rasterio
        from rasterio.warp import transform
    except ImportError:
        raise InputError("GeoTIFF needs the extra weather: pip install 'downrange[weather]'", file=str(path)) from None
    try:
        with rasterio.open(path) as source:
            x, y = transform("EPSG:4326", source.crs, lon.ravel().tolist(), lat.ravel().tolist())
            values = np.array([v[0] for v in source.sample(zip(x, y, strict=True))], float)
            bad = source.nodata
            wide, high = abs(source.transform.a), abs(source.transform.e)
            if source.crs is not None and source.crs.is_geographic:
                wide, high = wide * 111_320 * float(np.cos(np.radians(lat.mean()))), high * 110_574
    except rasterio.errors.RasterioError as error:
        raise InputError(f"this GeoTIFF cannot be read: {error}", file=str(path)) from None
    if bad is not None:
        values[values == bad] = np.nan
    return values.reshape(lat.shape), wide * high


def build_terrain(given: TerrainFile, pad: Pad, folder: Folder) -> Terrain:
    """Terrain about the pad; raises `InputError` where the files have holes there, or their height of the pad is far off."""
    paths = [folder.file(f, "ground.terrain.files") for f in given.files]
    reach, step = float(given.reach), float(given.step)
    n = 2 * max(int(math.ceil(reach / step)), 1)
    if n > 4000:
        raise InputError(f"{n} x {n} nodes are too many: a larger step or a smaller reach", key="ground.terrain")
    axis = (np.arange(n + 1) - n / 2) * step
    east, north = np.meshgrid(axis, axis)
    lat, lon, _ = pad.geodetic(np.stack([east, north, np.zeros_like(east)], axis=-1))
    lat, lon = np.degrees(lat), np.degrees(lon)
    tiles = [p for p in paths if p.suffix.lower() == ".hgt"]
    height = _hgt(tiles, lat, lon)
    for p in paths:
        if p.suffix.lower() in (".tif", ".tiff"):
            height = np.where(np.isnan(height), _geotiff(p, lat, lon)[0], height)
    terrain = Terrain(step, height - pad.elevation, ", ".join(p.name for p in paths))
    here = float(terrain(0.0, 0.0))
    if abs(here) > 60:
        raise InputError(
            f"the terrain has {pad.elevation + here:.0f} m at the pad, the site {pad.elevation:.0f} m: correct elevation, latitude or longitude",
            key="elevation",
        )  # fmt: skip
    # The pad stands on the ground, whatever the map's error is there.
    return Terrain(step, height - pad.elevation - here, terrain.source)
