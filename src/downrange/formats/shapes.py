"""Shapes that others drew: GeoJSON (RFC 7946), KML and KMZ (OGC 07-147r2), to areas in metres about the pad.

An area is what protects people, so nothing becomes an area by accident, and nothing that was drawn is lost: a closed
line is its polygon, an open line or a pin needs a width or a radius, and what cannot be read is an error.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from xml.etree import ElementTree

import numpy as np

from downrange.earth import Pad
from downrange.errors import InputError, seen, suggest
from downrange.formats.reading import guarded, parse_json, parse_xml, read_bytes
from downrange.safety.ground import LEAST_AREA

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["covered", "enu_from_degrees", "read_features"]

_FAR = 500_000.0  # m; no site reaches so far: such a place is a mistake in the coordinates
_LIMIT = 20_000_000  # bytes
_CORNERS = 100_000  # of all the shapes of a file; a boundary drawn by hand has tens, a coast line thousands
_FEATURES = 10_000
_GAP, _GAP_SHARE = 1.0, 0.01  # m, and of its length: how near to its start a line must end to count as closed
_WGS84 = re.compile(r"(urn:ogc:def:crs:)?(OGC:(1\.3|2|)?:?:?CRS84|EPSG:[\d.]*:?4326)|CRS84", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?", re.ASCII)

Simple: TypeAlias = tuple[str, list[np.ndarray]]
"""`Point`, `LineString` or `Polygon` (outline, then holes), with corners (n, 2): longitude and latitude, degrees."""


def enu_from_degrees(pad: Pad, latitude: np.ndarray, longitude: np.ndarray, what: str = "a place") -> np.ndarray:
    """East and north of the pad (n, 2), m, of points at the pad's elevation given in degrees.

    Raises `InputError`, naming `what`, for degrees that are none, and for places further than 500 km from the pad.
    """
    lat, lon = np.ravel(np.asarray(latitude, float)), np.ravel(np.asarray(longitude, float))
    if not (np.abs(lat) <= 90).all() or not (np.abs(lon) <= 180).all():  # NaN too
        k = int(np.argmin((np.abs(lat) <= 90) & (np.abs(lon) <= 180)))
        hint = "are they swapped?" if abs(lon[k]) <= 90 and abs(lat[k]) <= 180 else "are they metres of a map grid?"
        raise InputError(
            f"{what} is at latitude {lat[k]:.6g}, longitude {lon[k]:.6g}: degrees run to ±90 and ±180; {hint}"
        )
    at = pad.position_enu(np.radians(lat), np.radians(lon), pad.elevation)
    far = np.linalg.norm(at, axis=-1)
    if (far > _FAR).any():
        k = int(far.argmax())
        turned = pad.position_enu(np.radians(lon[k]), np.radians(lat[k]), pad.elevation)
        swapped = abs(lon[k]) <= 90 and np.linalg.norm(turned) <= _FAR
        hint = "latitude and longitude are swapped" if swapped else "are latitude and longitude swapped?"
        raise InputError(
            f"{what} is at latitude {lat[k]:.5f}, longitude {lon[k]:.5f}, {far[k] / 1e3:,.0f} km from the pad: {hint} "
            "(GeoJSON and KML write longitude first)"
        )
    return np.asarray(at[:, :2])


@guarded("a file of shapes (GeoJSON, KML or KMZ)", quiet=True)
def read_features(path: Path, pad: Pad) -> list[tuple[str, BaseGeometry]]:
    """Names and geometries (shapely, metres east and north of the pad) of a GeoJSON, KML or KMZ file, as drawn.

    A feature without a geometry is an empty one. Raises `InputError` for what is no such file or lies elsewhere.
    """
    from shapely.geometry import GeometryCollection

    reader = _kml if path.suffix.lower() in (".kml", ".kmz") else _geojson
    out: list[tuple[str, BaseGeometry]] = []
    corners = 0
    for name, simples in reader(path):
        corners += sum(len(ring) for _, rings in simples for ring in rings)
        if corners > _CORNERS or len(out) >= _FEATURES:
            raise InputError(f"more than {_CORNERS:,} corners or {_FEATURES:,} shapes: simplify it", file=str(path))
        parts = [_in_metres(kind, rings, pad, f"the feature {seen(name, 60)}") for kind, rings in simples]
        out.append((name, parts[0] if len(parts) == 1 else GeometryCollection(parts)))
    if not out:
        raise InputError("no shape was found in it", file=str(path))
    return out


def _in_metres(kind: str, rings: list[np.ndarray], pad: Pad, what: str) -> BaseGeometry:
    from shapely.geometry import LineString, Point, Polygon

    at = [enu_from_degrees(pad, r[:, 1], r[:, 0], what) for r in rings]
    if kind == "Point":
        return Point(at[0][0])
    if kind == "LineString":
        return LineString(at[0])
    return _whole(Polygon(at[0], at[1:]), what)


def _whole(polygon: Any, what: str) -> Any:
    """The polygon, where it encloses something and does not cross itself: what it covers is then beyond doubt."""
    if not polygon.convex_hull.area >= LEAST_AREA:
        raise InputError(f"{what} encloses nothing: its corners lie in a line or in one place")
    if not polygon.is_valid:
        raise InputError(f"the outline of {what} crosses itself: check the order of its corners")
    return polygon


def covered(geometries: list[Any], *, reach: float | None, holding: bool, road: bool = False) -> BaseGeometry:
    """The area that what was drawn covers, m; raises `InputError` where some of it covers none.

    `reach` (m): half the width of lines and the radius of points; None where neither was given. Areas grow by it,
    except a boundary (`holding`), which nothing may enlarge in silence. A line that ends where it began, to 1 m or 1 %
    of its length, is its polygon; with a `reach` and on a `road` it stays a line.
    """
    import shapely

    parts = [_closed(p) if not (road and reach) else p for g in geometries for p in _simple(g)]
    if not parts or any(p.is_empty for p in parts):
        raise InputError("there is a feature without a shape: draw it, or name another one with 'feature'")
    areas = [p for p in parts if p.geom_type == "Polygon"]
    thin = [p for p in parts if p.geom_type != "Polygon"]
    if reach is not None:
        if holding and areas:
            raise InputError("a radius or width would enlarge this boundary: leave it out, or draw the boundary larger")
        return shapely.union_all(shapely.buffer(parts, reach, quad_segs=32))
    whole = shapely.union_all(areas)
    for p in thin:
        if not whole.covers(p):  # a label's pin inside its own area is no place of its own
            raise InputError(_needs(p))
    return whole


def _needs(p: Any) -> str:
    if p.geom_type == "Point":
        return "it holds a point (a pin), which covers no area: say how far it reaches, like 'radius: 30 m', or draw an area"
    ends = np.linalg.norm(np.subtract(p.coords[0], p.coords[-1]))
    return (
        f"it holds an open line {p.length:,.0f} m long, whose ends are {ends:,.0f} m apart and which covers no area: "
        "say how wide it is, like 'width: 20 m', or close it"
    )


def _simple(g: Any) -> Iterator[Any]:
    if hasattr(g, "geoms"):
        if g.is_empty:
            yield g
        for part in g.geoms:
            yield from _simple(part)
    else:
        yield g


def _closed(p: Any) -> Any:
    """The polygon of a line that ends where it began; anything else as it is."""
    from shapely.geometry import Polygon

    if p.geom_type not in ("LineString", "LinearRing") or p.is_empty:
        return p
    xy = np.asarray(p.coords)[:, :2]
    gap = float(np.linalg.norm(xy[0] - xy[-1]))
    ends_meet = len(xy) >= 4 and gap <= max(_GAP, _GAP_SHARE * p.length)
    if not ends_meet:
        return p
    closed = Polygon(xy)  # where the last corner lies past the first one, the line closes without it
    return _whole(closed if closed.is_valid or gap == 0 else Polygon(xy[:-1]), "the closed line")


# GeoJSON


def _geojson(path: Path) -> Iterator[tuple[str, list[Simple]]]:
    try:
        text = read_bytes(path, _LIMIT).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("GeoJSON is text in UTF-8; this is not", file=str(path)) from None
    data = parse_json(text, path)
    _reference(data)
    if not isinstance(data, dict):
        raise InputError(f"GeoJSON is an object with a type; seen {seen(data, 60)}")
    features = data.get("features") if data.get("type") == "FeatureCollection" or "features" in data else [data]
    if not isinstance(features, list):
        raise InputError(f"'features' should be a list, seen {seen(features, 60)}")
    for k, f in enumerate(features):
        if not isinstance(f, dict):
            raise InputError(f"feature {k + 1} should be an object, seen {seen(f, 60)}")
        _reference(f)
        properties = f.get("properties") or {}
        if not isinstance(properties, dict):
            raise InputError(f"the properties of feature {k + 1} should be an object, seen {seen(properties, 60)}")
        name = str(properties.get("name") or "")[:200]
        whole = f if "geometry" not in f and f.get("type") != "Feature" else f.get("geometry")
        try:
            yield name, [] if whole is None else list(_geometry(whole))
        except InputError as error:
            raise InputError(
                f"the feature {seen(name, 60)} has a geometry that cannot be read: {error.message}", file=str(path)
            ) from None


def _reference(node: Any) -> None:
    """Refuse another system of coordinates than WGS84 (an old GeoJSON's `crs`)."""
    crs = node.get("crs") if isinstance(node, dict) else None
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else crs
    if not (isinstance(name, str) and _WGS84.fullmatch(name.strip())):
        raise InputError(f"its coordinates are of {seen(name, 80)}: export it in WGS84 (EPSG:4326), as GeoJSON asks")


def _geometry(g: Any) -> Iterator[Simple]:
    kinds = {
        "Point": 0,
        "MultiPoint": 1,
        "LineString": 1,
        "LinearRing": 1,
        "MultiLineString": 2,
        "Polygon": 2,
        "MultiPolygon": 3,
    }
    if not isinstance(g, dict):
        raise InputError(f"expected an object with type and coordinates, seen {seen(g, 60)}")
    _reference(g)
    kind = g.get("type")
    if kind == "GeometryCollection":
        inner = g.get("geometries")
        if not isinstance(inner, list):
            raise InputError(f"'geometries' should be a list, seen {seen(inner, 60)}")
        for part in inner:
            yield from _geometry(part)
        return
    if not isinstance(kind, str) or kind not in kinds:
        raise InputError(f"unknown type {seen(kind, 60)}{suggest(str(kind), kinds)}")
    if "coordinates" not in g:
        raise InputError("it has no coordinates")
    c = g["coordinates"]
    if kind == "Point":
        yield "Point", [_positions([c])]
    elif kind == "MultiPoint":
        for p in _list(c):
            yield "Point", [_positions([p])]
    elif kind in ("LineString", "MultiLineString"):
        for line in [c] if kind == "LineString" else _list(c):
            yield "LineString", [_positions(line, 2)]
    else:
        polygons = _list(c) if kind == "MultiPolygon" else [[c]] if kind == "LinearRing" else [c]
        for polygon in polygons:
            yield "Polygon", [_positions(ring, 3) for ring in _list(polygon)]


def _list(c: Any) -> list[Any]:
    if not isinstance(c, list) or not c:
        raise InputError(f"coordinates should be a list, seen {seen(c, 60)}")
    return c


def _positions(given: Any, least: int = 1) -> np.ndarray:
    """Corners (n, 2) from a list of positions; heights are left out."""
    points = _list(given)
    if len(points) < least:
        raise InputError(f"{len(points)} positions are too few, at least {least} are needed")
    for p in points:
        if not (isinstance(p, list) and len(p) >= 2 and all(type(x) in (int, float) for x in p)):
            raise InputError(f"a position should be [longitude, latitude], seen {seen(p, 60)}")
    return np.array([[float(p[0]), float(p[1])] for p in points])


# KML


def _kml(path: Path) -> Iterator[tuple[str, list[Simple]]]:
    data = read_bytes(path, _LIMIT)
    root = parse_xml(_unzipped(data) if data[:4] == b"PK\x03\x04" else data, path, "KML")
    if root.find(".//{*}NetworkLink") is not None:
        raise InputError("this KML only points to another one (NetworkLink): save that one's content instead")
    for mark in root.iter():
        if _tag(mark) != "Placemark":
            continue
        name = (mark.findtext("{*}name") or "").strip()[:200]
        try:
            yield name, list(_kml_shapes(mark))
        except InputError as error:
            raise InputError(f"the placemark {seen(name, 60)}: {error.message}", file=str(path)) from None


def _unzipped(data: bytes) -> bytes:
    """The KML in a KMZ, at most 20 MB of it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [n for n in archive.namelist() if n.lower().endswith(".kml")]
        if not names:
            raise InputError("this archive holds no .kml")
        with archive.open(min(names, key=lambda n: (n.lower() != "doc.kml", n.count("/"), n))) as f:
            text = f.read(_LIMIT + 1)
    if len(text) > _LIMIT:
        raise InputError(f"the KML in it has more than {_LIMIT / 1e6:.0f} MB")
    return text


def _tag(node: ElementTree.Element) -> str:
    return str(node.tag).rsplit("}", 1)[-1]


def _kml_shapes(mark: ElementTree.Element) -> Iterator[Simple]:
    """Points, lines and polygons of a placemark, in any depth of collections; an unknown geometry is an error."""
    for node in mark:
        kind = _tag(node)
        if kind == "Point":
            yield "Point", [_coordinates(node, 1)[:1]]
        elif kind == "LineString":
            yield "LineString", [_coordinates(node, 2)]
        elif kind == "LinearRing":
            yield "Polygon", [_coordinates(node, 3)]
        elif kind == "Polygon":
            outer = node.findall("{*}outerBoundaryIs")
            if len(outer) != 1:
                raise InputError("a polygon needs one outerBoundaryIs")
            inner = [r for b in node.iterfind("{*}innerBoundaryIs") for r in b.iterfind("{*}LinearRing")]
            yield "Polygon", [_coordinates(outer[0], 3), *(_coordinates(r, 3) for r in inner)]
        elif kind == "Track":
            words = " ".join(",".join((c.text or "").split()) for c in node.iterfind("{*}coord"))
            yield "LineString", [_numbers(words, 2)]
        elif kind in ("MultiGeometry", "MultiTrack"):
            yield from _kml_shapes(node)
        elif kind == "Model":
            raise InputError("a three-dimensional model covers no area that can be read: draw a polygon")


def _coordinates(node: ElementTree.Element, least: int) -> np.ndarray:
    return _numbers(node.findtext(".//{*}coordinates") or "", least)


def _numbers(text: str, least: int) -> np.ndarray:
    """Corners (n, 2) from `longitude,latitude[,height]` words; spaces about the commas are taken out."""
    words = ",".join(piece.strip() for piece in text.split(",")).split()
    if len(words) < least:
        raise InputError(f"{len(words)} coordinates are too few, at least {least} are needed")
    if len(words) > _CORNERS:
        raise InputError(f"more than {_CORNERS:,} corners: simplify it")
    rows = []
    for word in words:
        cells = word.split(",")
        numbers = cells[:2] if cells[2:] == [""] else cells
        if len(cells) not in (2, 3) or not all(_NUMBER.fullmatch(c) for c in numbers):
            raise InputError(
                f"coordinates are longitude,latitude[,height] with a point for the decimals; seen {seen(word, 60)}"
            )
        rows.append((float(cells[0]), float(cells[1])))
    return np.array(rows)
