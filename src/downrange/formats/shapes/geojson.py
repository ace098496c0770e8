"""GeoJSON (RFC 7946): named features and their shapes, in degrees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from downrange.errors import InputError, seen, suggest
from downrange.formats.reading import parse_json, read_bytes
from downrange.formats.shapes import MOST_BYTES, Simple

SUFFIXES = (".geojson", ".json")
_WGS84 = re.compile(r"(urn:ogc:def:crs:)?(OGC:(1\.3|2|)?:?:?CRS84|EPSG:[\d.]*:?4326)|CRS84", re.IGNORECASE)


def read(path: Path) -> Iterator[tuple[str, list[Simple]]]:
    """Names and shapes of the features of a file."""
    try:
        text = read_bytes(path, MOST_BYTES).decode("utf-8-sig")
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
