"""Areas and points for other programs: KML, GeoJSON, GPX."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from downrange.earth import Pad
from downrange.safety import Density, Ground
from downrange.text import markup as escape

__all__ = ["area_rings", "degrees_of", "write_area_kml", "write_geojson", "write_gpx"]

_COLOURS = ("7f0000ff", "7f00a5ff", "7f00ffff", "7fc0c0c0")  # aabbggrr: red, orange, yellow, grey


def degrees_of(pad: Pad, points: np.ndarray) -> np.ndarray:
    """Longitude and latitude in degrees (n, 2) of points (n, 2) east and north of the pad."""
    p = np.atleast_2d(np.asarray(points, float))
    lat, lon, _ = pad.geodetic(np.column_stack([p, np.zeros(len(p))]))
    return np.degrees(np.column_stack([lon, lat]))


def area_rings(d: Density, share: float) -> list[np.ndarray]:
    """Closed outlines (n, 2), east and north, of the smallest area that holds `share` of the landings."""
    from contourpy import contour_generator

    wide = np.pad(d.value, 1)  # so that an area at the edge is closed
    de, dn = d.east[1] - d.east[0], d.north[1] - d.north[0]
    east = np.concatenate([[d.east[0] - de], d.east, [d.east[-1] + de]])
    north = np.concatenate([[d.north[0] - dn], d.north, [d.north[-1] + dn]])
    lines = contour_generator(east, north, wide).lines(d.level(share))
    return [np.asarray(line) for line in lines if len(line) > 3]


def write_geojson(
    path: Path, pad: Pad, areas: Mapping[str, Sequence[np.ndarray]], points: Mapping[str, np.ndarray] | None = None
) -> None:
    """Write areas by name (outlines in metres from the pad) and named points as GeoJSON (WGS84)."""
    features: list[dict[str, Any]] = []
    for name, rings in areas.items():
        polygons = [[degrees_of(pad, r).round(7).tolist()] for r in rings]
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
    areas: Mapping[str, Sequence[np.ndarray]],
    ground: Ground | None = None,
    name: str = "landing areas",
) -> None:
    """Write areas by name for Google Earth, smallest share first, with the site's shapes."""

    def ring(points: np.ndarray) -> str:
        p = degrees_of(pad, points)
        closed = p if np.allclose(p[0], p[-1]) else np.vstack([p, p[:1]])
        return " ".join(f"{x:.7f},{y:.7f},0" for x, y in closed)

    marks = []
    for k, (title, rings) in enumerate(areas.items()):
        colour = _COLOURS[min(k, len(_COLOURS) - 1)]
        shapes = "".join(
            f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{ring(r)}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
            for r in rings
        )
        marks.append(
            f"<Placemark><name>{escape(title)}</name><Style><LineStyle><color>{'ff' + colour[2:]}</color><width>2</width></LineStyle><PolyStyle><color>{'40' + colour[2:]}</color></PolyStyle></Style><MultiGeometry>{shapes}</MultiGeometry></Placemark>"
        )
    for s in ground.shapes if ground else ():
        for g in getattr(s.geometry, "geoms", [s.geometry]):
            if g.geom_type == "Polygon":
                outline = ring(np.array(g.exterior.coords)[:, :2])
                marks.append(
                    f"<Placemark><name>{escape(s.name)}</name><Style><PolyStyle><fill>0</fill></PolyStyle></Style><Polygon><outerBoundaryIs><LinearRing><coordinates>{outline}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
                )
    lon, lat = np.degrees(pad.longitude), np.degrees(pad.latitude)
    marks.append(
        f"<Placemark><name>pad</name><Point><coordinates>{lon:.7f},{lat:.7f},0</coordinates></Point></Placemark>"
    )
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>{escape(name)}</name>{"".join(marks)}</Document></kml>\n',
        encoding="utf-8",
    )  # fmt: skip


def write_gpx(
    path: Path, pad: Pad, waypoints: Mapping[str, np.ndarray], route: np.ndarray | None = None, name: str = "search"
) -> None:
    """Write named points and a route (n, 2), both in metres from the pad, as GPX 1.1 for a phone."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gpx version="1.1" creator="downrange" xmlns="http://www.topografix.com/GPX/1/1">',
    ]
    for title, p in waypoints.items():
        lon, lat = degrees_of(pad, p)[0]
        lines.append(f'<wpt lat="{lat:.7f}" lon="{lon:.7f}"><name>{escape(title)}</name></wpt>')
    if route is not None and len(route):
        stops = "".join(
            f'<rtept lat="{lat:.7f}" lon="{lon:.7f}"><name>{k + 1}</name></rtept>'
            for k, (lon, lat) in enumerate(degrees_of(pad, route))
        )
        lines.append(f"<rte><name>{escape(name)}</name>{stops}</rte>")
    path.write_text("\n".join([*lines, "</gpx>", ""]), encoding="utf-8")
