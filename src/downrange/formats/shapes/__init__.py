"""Shapes that others drew, to areas in metres about the pad. Each module here is one format.

An area is what protects people, so nothing becomes an area by accident, and nothing that was drawn is lost: a closed
line is its polygon, an open line or a pin needs a width or a radius, and what cannot be read is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from downrange.earth import Pad
from downrange.errors import InputError, seen
from downrange.formats.reading import guarded
from downrange.formats.registry import Readers
from downrange.safety.ground import LEAST_AREA

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["MOST_BYTES", "MOST_CORNERS", "READERS", "Simple", "covered", "enu_from_degrees", "read_features"]

_FAR = 500_000.0  # m; no site reaches so far: such a place is a mistake in the coordinates
MOST_BYTES = 20_000_000  # bytes
MOST_CORNERS = 100_000  # of all the shapes of a file; a boundary drawn by hand has tens, a coast line thousands
_FEATURES = 10_000
_GAP, _GAP_SHARE = 1.0, 0.01  # m, and of its length: how near to its start a line must end to count as closed

Simple: TypeAlias = tuple[str, list[np.ndarray]]
"""`Point`, `LineString` or `Polygon` (outline, then holes), with corners (n, 2): longitude and latitude, degrees."""
READERS = Readers[Callable[[Path], Iterator[tuple[str, list[Simple]]]]](__name__, "files of shapes are {}")


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

    reader = READERS.of(path, otherwise=".geojson")
    out: list[tuple[str, BaseGeometry]] = []
    corners = 0
    for name, simples in reader(path):
        corners += sum(len(ring) for _, rings in simples for ring in rings)
        if corners > MOST_CORNERS or len(out) >= _FEATURES:
            raise InputError(f"more than {MOST_CORNERS:,} corners or {_FEATURES:,} shapes: simplify it", file=str(path))
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
