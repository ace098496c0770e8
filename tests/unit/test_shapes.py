"""Shapes that others drew: what was drawn covers an area, or is an error that says what it needs. Never an area without area."""

from __future__ import annotations

import io
import json
import math
import zipfile
from pathlib import Path

import numpy as np
import pytest

from downrange.earth import Pad
from downrange.errors import InputError
from downrange.formats.reading import Folder
from downrange.formats.shapes import enu_from_degrees, read_features
from downrange.project.ground import build_ground
from downrange.project.schema import SiteFile

PAD = Pad(math.radians(45), math.radians(7), 0.0)
# A quarter of a square kilometre: 500 m by 500 m, at 111,132 m a degree of latitude and 78,847 m of longitude at 45 degrees.
A, O = 500 / 111_132, 500 / 78_847
RING = [(7 + 0.001, 45 + 0.001), (7 + 0.001 + O, 45.001), (7.001 + O, 45.001 + A), (7.001, 45.001 + A), (7.001, 45.001)]
AREA = 250_000.0


def words(points, between=",", end=" ") -> str:
    return end.join(f"{x:.9f}{between}{y:.9f}" for x, y in points)


def kml(inner: str, head: str = '<kml xmlns="http://www.opengis.net/kml/2.2">') -> str:
    return f'<?xml version="1.0"?>{head}<Document><Folder><Placemark><name>a</name>{inner}</Placemark></Folder></Document></kml>'


def line(points) -> str:
    return f"<LineString><coordinates>{words(points)}</coordinates></LineString>"


def polygon(points, *holes) -> str:
    inner = "".join(
        f"<innerBoundaryIs><LinearRing><coordinates>{words(h)}</coordinates></LinearRing></innerBoundaryIs>"
        for h in holes
    )
    return f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{words(points)}</coordinates></LinearRing></outerBoundaryIs>{inner}</Polygon>"


def geojson(geometry, **more) -> str:
    feature = {"type": "Feature", "properties": {"name": "a"}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]} | more)


def area(folder: Path, name: str, data: str | bytes, kind: str = "crowd", **keys) -> float:
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    shape = {"name": "them", "kind": kind, "file": name, **keys}
    site = SiteFile(latitude="45 deg", longitude="7 deg", elevation="0 m", ground={"shapes": [shape]})
    return build_ground(site, PAD, Folder(folder, False)).shapes[0].area


SMALL = [(x + (7.001 + O / 2 - x) * 0.5, y + (45.001 + A / 2 - y) * 0.5) for x, y in RING]  # a quarter of the area
COORDS = [list(p) for p in RING]


@pytest.mark.parametrize(
    ("name", "data", "share"),
    [
        ("polygon.kml", kml(polygon(RING)), 1), ("path.kml", kml(line(RING)), 1), ("hole.kml", kml(polygon(RING, SMALL)), 0.75),
        ("ring.kml", kml(f"<LinearRing><coordinates>{words(RING)}</coordinates></LinearRing>"), 1),
        ("collection.kml", kml(f"<MultiGeometry>{line(RING)}<MultiGeometry>{polygon(SMALL)}</MultiGeometry></MultiGeometry>"), 1),
        ("label.kml", kml(f"<MultiGeometry>{polygon(RING)}<Point><coordinates>{words(SMALL[:1])}</coordinates></Point></MultiGeometry>"), 1),
        ("spaces.kml", kml(line(RING)).replace(",", " , ").replace("</coordinates>", "\n</coordinates>"), 1),
        ("height.kml", kml(f"<LineString><coordinates>{words(RING, end=',12.5 ')},0</coordinates></LineString>"), 1),
        ("prefix.kml", kml(polygon(RING), '<k:kml xmlns:k="http://earth.google.com/kml/2.1">').replace("<", "<k:").replace("<k:/", "</k:").replace("<k:?", "<?").replace("k:k:", "k:"), 1),
        ("none.kml", kml(line(RING), "<kml>"), 1), ("utf16.kml", kml(line(RING)).replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16"), 1),
        ("almost.kml", kml(line([*RING[:-1], (RING[0][0] + 5e-6, RING[0][1])])), 1),
        ("track.kml", kml("<gx:Track>" + "".join(f"<gx:coord>{x:.9f} {y:.9f} 3</gx:coord>" for x, y in RING) + "</gx:Track>", '<kml xmlns:gx="g">'), 1),
        ("p.geojson", geojson({"type": "Polygon", "coordinates": [COORDS]}), 1), ("l.geojson", geojson({"type": "LineString", "coordinates": COORDS}), 1),
        ("m.geojson", geojson({"type": "MultiLineString", "coordinates": [COORDS]}), 1),
        ("hole.geojson", geojson({"type": "Polygon", "coordinates": [COORDS, [list(p) for p in SMALL]]}), 0.75),
        ("height.geojson", geojson({"type": "Polygon", "coordinates": [[[*p, 100.0] for p in COORDS]]}), 1),
        ("c.geojson", json.dumps({"type": "GeometryCollection", "geometries": [{"type": "LineString", "coordinates": COORDS}, {"type": "Point", "coordinates": COORDS[0]}]}), 1),
        ("crs.geojson", geojson({"type": "Polygon", "coordinates": [COORDS]}, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}), 1),
    ],
)  # fmt: skip
def test_what_closes_is_its_polygon(tmp_path, name, data, share):
    """By hand: 500 m by 500 m, less a hole of a quarter where there is one."""
    assert area(tmp_path, name, data) == pytest.approx(share * AREA, rel=3e-3)
    assert area(tmp_path, name, data, "boundary") == pytest.approx(share * AREA, rel=3e-3)


def test_kmz(tmp_path):
    def packed(text: str) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("doc.kml", text)
        return out.getvalue()

    assert area(tmp_path, "a.kmz", packed(kml(line(RING)))) == pytest.approx(AREA, rel=3e-3)
    bomb = packed(kml(line(RING)) + " " * 21_000_000)
    assert len(bomb) < 50_000
    with pytest.raises(InputError, match="more than 20 MB"):
        area(tmp_path, "b.kmz", bomb)


def test_open_lines_and_pins_need_a_reach(tmp_path):
    """A pin of 30 m is a circle: π 900 m2. A line of 500 m, 20 m wide: 10,000 m2 and two half circles, 314 m2."""
    pins = kml(
        "<MultiGeometry>"
        + "".join(f"<Point><coordinates>{words([p])}</coordinates></Point>" for p in RING[:3])
        + "</MultiGeometry>"
    )
    points = geojson({"type": "MultiPoint", "coordinates": COORDS[:3]})
    for name, data in (("pins.kml", pins), ("pins.geojson", points)):
        with pytest.raises(InputError, match="point .* covers no area.*radius: 30 m"):
            area(tmp_path, name, data)
        assert area(tmp_path, name, data, radius="30 m") == pytest.approx(3 * math.pi * 900, rel=5e-3)
    for name, data in (
        ("l.kml", kml(line(RING[:2]))),
        ("l.geojson", geojson({"type": "LineString", "coordinates": COORDS[:2]})),
    ):
        with pytest.raises(InputError, match="open line 50. m long.*width: 20 m"):
            area(tmp_path, name, data)
        assert area(tmp_path, name, data, width="20 m") == pytest.approx(500 * 20 + math.pi * 100, rel=5e-3)
    three_sides = kml(line(RING[:4]))  # ends 500 m apart: an opening that lets a rocket in is for the user to close
    with pytest.raises(InputError, match="500 m apart"):
        area(tmp_path, "u.kml", three_sides)


@pytest.mark.parametrize(
    ("name", "data", "match"),
    [
        ("a.kml", kml("<Point><coordinates></coordinates></Point>"), "0 coordinates are too few"),
        ("a.kml", kml(line(RING).replace(".", ",")), "with a point for the decimals"),
        ("a.kml", kml(""), "without a shape"), ("a.kml", kml(line(RING)).replace("Placemark", "Ground"), "no shape was found"),
        ("a.kml", kml("<Model/>"), "model covers no area"), ("a.kml", kml("<NetworkLink/>"), "only points to another"),
        ("a.kml", kml(polygon([RING[0], RING[2], RING[1], RING[3], RING[0]])), "crosses itself"),
        ("a.kml", kml(polygon([RING[0], RING[1], RING[0], RING[0]])), "encloses nothing"),
        ("a.kml", kml(line([(y, x) for x, y in RING])), "km from the pad: latitude and longitude are swapped"),
        ("a.kml", kml(line(RING).replace("7.001", "187.001")), "degrees run to"),
        ("a.kml", kml(line([(7.0, 60.0), (7.1, 60.0), (7.1, 60.1), (7.0, 60.0)])), "from the pad: are latitude and longitude swapped"),
        ("a.kml", kml(line(RING).replace("7.001", "nan", 1)), "seen 'nan"),
        ("a.kml", kml(line([RING[0]] * 100_001)), "more than 100,000 corners"),
        ("a.geojson", geojson({"type": "LineString", "coordinates": [COORDS[0]] * 100_001}), "more than 100,000 corners"),
        ("a.geojson", geojson({"type": "Polygon", "coordinates": [COORDS]}, crs={"type": "name", "properties": {"name": "EPSG:25832"}}), "EPSG:25832.*WGS84"),
        ("a.geojson", geojson({"type": "Polygon", "coordinates": [[[432100.0, 4983000.0]] * 4]}), "metres of a map grid"),
        ("a.geojson", geojson(None), "without a shape"), ("a.geojson", geojson({"type": "Polygon", "coordinates": []}), "should be a list, seen"),
        ("a.geojson", geojson({"type": "Circle", "coordinates": []}), "unknown type 'Circle'"), ("a.geojson", "[" * 5000, "nested too deeply"),
        ("a.geojson", geojson({"type": "Point", "coordinates": [True, 45]}), r"seen \[True, 45\]"),
        ("a.geojson", '{"type": "Point", "coordinates": [7, NaN]}', "NaN is not a number"),
    ],
)  # fmt: skip
def test_what_covers_nothing_is_an_error(tmp_path, name, data, match):
    with pytest.raises(InputError, match=match):
        area(tmp_path, name, data)


def test_a_boundary_is_not_enlarged(tmp_path):
    with pytest.raises(InputError, match="would enlarge this boundary"):
        area(tmp_path, "a.kml", kml(polygon(RING)), "boundary", radius="50 m")
    grown = AREA + 4 * 500 * 50 + math.pi * 2500  # the crowd may: sides and corners
    assert area(tmp_path, "a.kml", kml(polygon(RING)), radius="50 m") == pytest.approx(grown, rel=3e-3)


def test_a_ring_road_stays_a_road(tmp_path):
    """2,000 m of road, 10 m wide."""
    assert area(tmp_path, "a.kml", kml(line(RING)), "road", width="10 m") == pytest.approx(20_000, rel=0.02)


@pytest.mark.parametrize(
    ("shape", "match"),
    [
        ({"offsets": [["0 m", "0 m"], ["9 m", "0 m"]]}, "open line 9 m long"), ({"offsets": [["5 m", "0 m"]]}, "covers no area"), ({}, "lies nowhere"),
        ({"radius": "5 m", "width": "5 m"}, "not both"), ({"points": [["45 deg", "7 deg"]], "offsets": [["0 m", "0 m"]], "radius": "5 m"}, "one of file, points"),
        ({"points": [["7 deg", "45 deg"]], "radius": "5 m"}, "are swapped"),
    ],
)  # fmt: skip
def test_inline_shapes(shape, match):
    site = SiteFile(latitude="45 deg", longitude="7 deg", ground={"shapes": [{"name": "a", "kind": "crowd", **shape}]})
    with pytest.raises(InputError, match=match):
        build_ground(site, PAD, Folder(Path("."), False))


def test_an_airport_with_swapped_coordinates_is_not_far_away():
    near = {"name": "a", "latitude": "45.02 deg", "longitude": "7 deg"}
    site = SiteFile(latitude="45 deg", longitude="7 deg", ground={"airports": [near]})
    assert build_ground(site, PAD, Folder(Path("."), False)).airports[0].distance == pytest.approx(
        0.02 * 111_132, rel=1e-3
    )
    site = SiteFile(
        latitude="45 deg",
        longitude="7 deg",
        ground={"airports": [near | {"latitude": "7 deg", "longitude": "45.02 deg"}]},
    )
    with pytest.raises(InputError, match="airport 'a'.*are swapped"):
        build_ground(site, PAD, Folder(Path("."), False))


def test_many_corners_in_little_time(tmp_path):
    """90,000 corners of a circle of 1 km: π km2. A loop over corners in Python would take as long as a campaign."""
    t = np.linspace(0, 2 * np.pi, 90_000)
    ring = [[7 + 1000 / 78_847 * math.cos(a), 45 + 1000 / 111_132 * math.sin(a)] for a in t]
    found = area(tmp_path, "a.geojson", geojson({"type": "LineString", "coordinates": ring}))
    assert found == pytest.approx(math.pi * 1e6, rel=4e-3)


def test_the_same_place_by_one_and_by_many():
    lat, lon = np.array([45.01, 44.9, 45.2]), np.array([7.02, 6.9, 7.3])
    many = enu_from_degrees(PAD, lat, lon)
    one = [PAD.position_enu(math.radians(a), math.radians(o), 0.0)[:2] for a, o in zip(lat, lon, strict=True)]
    assert many == pytest.approx(np.array(one), abs=1e-6)


def test_names_of_features_stay(tmp_path):
    (tmp_path / "a.kml").write_text(kml(line(RING)).replace("<name>a", "<name>Gürtel"), encoding="utf-8")
    assert [n for n, _ in read_features(tmp_path / "a.kml", PAD)] == ["Gürtel"]
