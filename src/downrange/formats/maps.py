"""What map programs read, KML 2.2 (OGC 07-147r2) and GPX 1.1 (Topografix), put together as trees of elements, so that no name can break them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from downrange.text import plain

__all__ = ["gpx_document", "kml_document", "kml_line", "kml_place", "kml_point", "kml_polygon", "put", "save_xml"]

_KML, _GPX = "http://www.opengis.net/kml/2.2", "http://www.topografix.com/GPX/1/1"


def put(parent: Element, tag: str, text: object = None, **attributes: str) -> Element:
    """A new element in `parent` with `text` (shown plainly: `downrange.text.plain`) and attributes."""
    made = SubElement(parent, tag, attributes)
    if text is not None:
        made.text = plain(text, 2_000)
    return made


def kml_document(name: str) -> tuple[Element, Element]:
    """The root of a KML file and its document, called `name`."""
    root = Element("kml", xmlns=_KML)
    document = put(root, "Document")
    put(document, "name", name)
    return root, document


def gpx_document() -> Element:
    """The root of a GPX file."""
    return Element("gpx", version="1.1", creator="downrange", xmlns=_GPX)


def kml_place(
    document: Element, name: str, *, description: str = "", line: str = "", width: float = 1, fill: str | None = None
) -> Element:
    """A placemark called `name`; its shapes are put into what is returned.

    `line` and `fill` are colours as KML has them (aabbggrr; `fill` empty: not filled, None: not said), `width` in pixels.
    """
    place = put(document, "Placemark")
    put(place, "name", name)
    if description:
        put(place, "description", description)
    if line or fill is not None:
        style = put(place, "Style")
        if line:
            drawn = put(style, "LineStyle")
            put(drawn, "color", line)
            put(drawn, "width", f"{width:g}")
        if fill is not None:
            filled = put(style, "PolyStyle")
            put(filled, "color", fill) if fill else put(filled, "fill", 0)
    return place


def _coordinates(parent: Element, points: np.ndarray, digits: int = 1) -> None:
    """Points (n, 3): longitude and latitude in degrees, height in m."""
    SubElement(parent, "coordinates").text = " ".join(
        f"{x:.7f},{y:.7f},{z:.{digits}f}" for x, y, z in np.atleast_2d(points)
    )


def kml_point(place: Element, at: np.ndarray, *, absolute: bool = False) -> None:
    """A point at longitude, latitude (degrees) and height (m above sea level where `absolute`, else on the ground)."""
    point = put(place, "Point")
    if absolute:
        put(point, "altitudeMode", "absolute")
    _coordinates(point, at)


def kml_line(place: Element, points: np.ndarray) -> None:
    """A line in the air through points (n, 3): longitude, latitude (degrees), height (m above sea level), with its shadow."""
    line = put(place, "LineString")
    put(line, "extrude", 1)
    put(line, "altitudeMode", "absolute")
    _coordinates(line, points)


def kml_polygon(parent: Element, rings: Iterable[np.ndarray]) -> None:
    """A polygon on the ground: its outline, then its holes, each ring (n, 2) longitude and latitude in degrees; closed where it is not."""
    polygon = put(parent, "Polygon")
    for k, ring in enumerate(rings):
        closed = ring if np.allclose(ring[0], ring[-1]) else np.vstack([ring, ring[:1]])
        side = put(polygon, "innerBoundaryIs" if k else "outerBoundaryIs")
        _coordinates(put(side, "LinearRing"), np.column_stack([closed, np.zeros(len(closed))]), 0)


def save_xml(root: Element, path: str | Path) -> None:
    """Write a document as UTF-8."""
    text = ElementTree.tostring(root, encoding="unicode")
    Path(path).write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', encoding="utf-8")
