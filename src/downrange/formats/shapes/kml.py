"""KML and KMZ (OGC 07-147r2): placemarks and their shapes, in degrees."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from downrange.errors import InputError, seen
from downrange.formats.reading import parse_xml, read_bytes
from downrange.formats.shapes import MOST_BYTES, MOST_CORNERS, Simple

SUFFIXES = (".kml", ".kmz")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?", re.ASCII)


def read(path: Path) -> Iterator[tuple[str, list[Simple]]]:
    """Names and shapes of the placemarks of a file."""
    data = read_bytes(path, MOST_BYTES)
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
            text = f.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise InputError(f"the KML in it has more than {MOST_BYTES / 1e6:.0f} MB")
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
    if len(words) > MOST_CORNERS:
        raise InputError(f"more than {MOST_CORNERS:,} corners: simplify it")
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
