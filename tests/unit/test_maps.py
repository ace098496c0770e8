"""KML and GPX as map programs read them: longitude first in KML, latitude named in GPX, holes are holes, names are words."""

import json
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import shapely

from downrange.earth import Pad
from downrange.formats.maps import kml_document, kml_line, kml_place, kml_polygon, save_xml
from downrange.project.areas import degrees_of, write_area_kml, write_geojson, write_gpx
from downrange.safety import Ground
from downrange.safety.ground import Shape

K = "{http://www.opengis.net/kml/2.2}"
G = "{http://www.topografix.com/GPX/1/1}"
PAD = Pad(np.radians(52.0), np.radians(-4.0), 120.0)
# One minute of arc at 52 degrees of WGS84, by its radii of curvature: M = a (1 - e2) / (1 - e2 sin2)^1.5 = 6,375,180 m to the
# north, N cos = a / (1 - e2 sin2)^0.5 cos = 3,934,960 m to the east.
# A metre of the sphere's own curvature over such a square is left to 1e-5 degrees.
NORTH, EAST = np.radians(1 / 60) * 6_375_180, np.radians(1 / 60) * 3_934_960
NAME = "<b>&\"'\x1b[31m\u202e"


def numbers(text: str) -> np.ndarray:
    return np.array([[float(x) for x in p.split(",")] for p in text.split()])


def test_metres_become_minutes_of_arc_east_and_north():
    lon, lat = degrees_of(PAD, np.array([EAST, NORTH]))[0]
    assert (lon, lat) == (pytest.approx(-4 + 1 / 60, abs=1e-5), pytest.approx(52 + 1 / 60, abs=1e-5))


def test_an_area_its_hole_and_the_pad(tmp_path):
    ring = np.array([[0.0, 0.0], [EAST, 0.0], [EAST, NORTH], [0.0, NORTH]])
    inside = ring * 0.5 + [0.25 * EAST, 0.25 * NORTH]
    keep_out = Shape("lake", "boundary", shapely.Polygon(ring, [inside]))
    write_area_kml(tmp_path / "a.kml", PAD, {NAME: [[ring]], "wide": [[2 * ring]]}, Ground(name="x", shapes=(keep_out,)))
    root = ET.parse(tmp_path / "a.kml").getroot()
    names = [p.findtext(f"{K}name") for p in root.iter(f"{K}Placemark")]
    assert names == ["<b>&\"'\\x1b[31m\\u202e", "wide", "lake", "pad"]
    first, wide, lake, pad = root.iter(f"{K}Placemark")
    corners = numbers(first.findtext(f".//{K}coordinates"))
    assert corners[:, :2] == pytest.approx(
        np.array([[-4, 52], [-4 + 1 / 60, 52], [-4 + 1 / 60, 52 + 1 / 60], [-4, 52 + 1 / 60], [-4, 52]]), abs=1e-5
    )
    assert (
        first.findtext(f".//{K}LineStyle/{K}color") == "ff0000ff"
        and wide.findtext(f".//{K}PolyStyle/{K}color") == "4000a5ff"
    )
    hole = numbers(lake.findtext(f".//{K}innerBoundaryIs//{K}coordinates"))
    assert hole[0, :2] == pytest.approx([-4 + 0.25 / 60, 52 + 0.25 / 60], abs=1e-5)
    assert lake.findtext(f".//{K}PolyStyle/{K}fill") == "0"
    assert numbers(pad.findtext(f".//{K}coordinates"))[0] == pytest.approx([-4, 52, 0])


def test_a_line_in_the_air_has_its_heights(tmp_path):
    root, document = kml_document("t")
    kml_line(
        kml_place(document, "flight", line="ff2a7fff", width=3, fill="302a7fff"),
        np.array([[-4.0, 52.0, 120.0], [-4.1, 52.2, 1234.56]]),
    )
    kml_polygon(kml_place(document, "open"), [np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 1.0]])])
    save_xml(root, tmp_path / "l.kml")
    seen = ET.parse(tmp_path / "l.kml").getroot()
    line = seen.find(f".//{K}LineString")
    assert line.findtext(f"{K}altitudeMode") == "absolute" and line.findtext(f"{K}extrude") == "1"
    assert line.findtext(f"{K}coordinates") == "-4.0000000,52.0000000,120.0 -4.1000000,52.2000000,1234.6"
    assert seen.findtext(f".//{K}LineStyle/{K}width") == "3"
    assert numbers(seen.findtext(f".//{K}LinearRing/{K}coordinates"))[[0, -1], :2].tolist() == [[0, 1], [0, 1]]


def test_gpx_and_geojson_have_the_same_places(tmp_path):
    route = np.array([[0.0, 0.0], [EAST, NORTH]])
    write_gpx(tmp_path / "s.gpx", PAD, {NAME: np.array([EAST, 0.0])}, route, "way")
    root = ET.parse(tmp_path / "s.gpx").getroot()
    assert root.get("version") == "1.1" and root.tag == f"{G}gpx"
    (point,) = root.findall(f"{G}wpt")
    assert float(point.get("lat")) == pytest.approx(52, abs=1e-5) and float(point.get("lon")) == pytest.approx(
        -4 + 1 / 60, abs=1e-5
    )
    assert point.findtext(f"{G}name") == "<b>&\"'\\x1b[31m\\u202e"
    stops = root.findall(f"{G}rte/{G}rtept")
    assert [s.findtext(f"{G}name") for s in stops] == ["1", "2"] and float(stops[1].get("lat")) == pytest.approx(
        52 + 1 / 60, abs=1e-5
    )
    assert root.findtext(f"{G}rte/{G}name") == "way"
    write_geojson(tmp_path / "s.json", PAD, {"a": [[np.vstack([route, [[0.0, NORTH]], route[:1]])]]}, {"p": route[1]})
    area, place = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))["features"]
    assert area["geometry"]["coordinates"][0][0][1] == pytest.approx([-4 + 1 / 60, 52 + 1 / 60], abs=1e-5)
    assert place["geometry"] == {"type": "Point", "coordinates": pytest.approx([-4 + 1 / 60, 52 + 1 / 60], abs=1e-5)}
