"""Areas and points for other programs: KML, GeoJSON, GPX."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

import numpy as np

from downrange.earth import Pad
from downrange.formats.maps import gpx_document, kml_document, kml_place, kml_point, kml_polygon, put, save_xml
from downrange.safety import Density, Ground

__all__ = ["Polygon", "area_polygons", "degrees_of", "write_area_kml", "write_geojson", "write_gpx"]

Polygon: TypeAlias = list[np.ndarray]
"""An outline, then its holes, each ring (n, 2)."""
_COLOURS = ("0000ff", "00a5ff", "00ffff", "c0c0c0")  # bbggrr: red, orange, yellow, grey


def degrees_of(pad: Pad, points: np.ndarray) -> np.ndarray:
    """Longitude and latitude in degrees (n, 2) of points (n, 2) east and north of the pad."""
    p = np.atleast_2d(np.asarray(points, float))
    lat, lon, _ = pad.geodetic(np.column_stack([p, np.zeros(len(p))]))
    return np.degrees(np.column_stack([lon, lat]))


def area_polygons(d: Density, share: float) -> list[Polygon]:
    """The smallest area that holds `share` of the landings: of each piece its outline, counter-clockwise, then its holes,
    clockwise, closed rings (n, 2) of metres east and north."""
    from contourpy import contour_generator

    wide = np.pad(d.value, 1)  # so that an area at the edge is closed
    de, dn = d.east[1] - d.east[0], d.north[1] - d.north[0]
    east = np.concatenate([[d.east[0] - de], d.east, [d.east[-1] + de]])
    north = np.concatenate([[d.north[0] - dn], d.north, [d.north[-1] + dn]])
    drawn = contour_generator(east, north, wide, fill_type="OuterOffset").filled(d.level(share), np.inf)
    return [
        [np.asarray(corners)[a:b] for a, b in pairwise(starts)]
        for corners, starts in zip(*drawn, strict=True)
        if corners is not None and starts is not None
    ]


def write_geojson(
    path: Path, pad: Pad, areas: Mapping[str, Sequence[Polygon]], points: Mapping[str, np.ndarray] | None = None
) -> None:
    """Write areas by name (polygons in metres from the pad) and named points as GeoJSON (WGS84)."""
    features: list[dict[str, Any]] = []
    for name, pieces in areas.items():
        polygons = [[degrees_of(pad, ring).round(7).tolist() for ring in rings] for rings in pieces]
        features.append(
            {
                "type": "Feature",
                "properties": {"name": name},
                "geometry": {"type": "MultiPolygon", "coordinates": polygons},
            }
        )
    for name, p in (points or {}).items():
        features.append(
            {
                "type": "Feature",
                "properties": {"name": name},
                "geometry": {"type": "Point", "coordinates": degrees_of(pad, p)[0].round(7).tolist()},
            }
        )
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), encoding="utf-8"
    )


def write_area_kml(
    path: Path,
    pad: Pad,
    areas: Mapping[str, Sequence[Polygon]],
    ground: Ground | None = None,
    name: str = "landing areas",
) -> None:
    """Write areas by name for Google Earth, smallest share first, with the site's shapes."""
    root, document = kml_document(name)
    for k, (title, pieces) in enumerate(areas.items()):
        colour = _COLOURS[k % len(_COLOURS)]
        place = kml_place(document, title, line=f"ff{colour}", width=2, fill=f"40{colour}")
        together = put(place, "MultiGeometry")
        for rings in pieces:
            kml_polygon(together, [degrees_of(pad, r) for r in rings])
    for s in ground.shapes if ground else ():
        for g in getattr(s.geometry, "geoms", [s.geometry]):
            if g.geom_type == "Polygon":
                outlines = [np.array(ring.coords)[:, :2] for ring in (g.exterior, *g.interiors)]
                kml_polygon(kml_place(document, s.name, fill=""), [degrees_of(pad, r) for r in outlines])
    kml_point(kml_place(document, "pad"), np.append(degrees_of(pad, np.zeros(2))[0], 0.0))
    save_xml(root, path)


def write_gpx(
    path: Path, pad: Pad, waypoints: Mapping[str, np.ndarray], route: np.ndarray | None = None, name: str = "search"
) -> None:
    """Write named points and a route (n, 2), both in metres from the pad, as GPX 1.1 for a phone."""
    root = gpx_document()

    def mark(parent: Element, tag: str, at: np.ndarray, name: object) -> None:
        lon, lat = at
        put(put(parent, tag, lat=f"{lat:.7f}", lon=f"{lon:.7f}"), "name", name)

    for title, p in waypoints.items():
        mark(root, "wpt", degrees_of(pad, p)[0], title)
    if route is not None and len(route):
        stops = put(root, "rte")
        put(stops, "name", name)
        for k, at in enumerate(degrees_of(pad, route)):
            mark(stops, "rtept", at, k + 1)
    save_xml(root, path)
