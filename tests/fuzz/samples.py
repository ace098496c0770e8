"""A small valid file for every reader, and how it is read: name of the file, its bytes, kind of mutation, reader."""

from __future__ import annotations

import io
import json
import math
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from downrange.earth import Pad
from downrange.errors import DownrangeError
from flightlogs import SAMPLES
from foreign_designs import cdx1, gzipped, ork, rkt, zipped
from grain_motors import RIC

ROOT = Path(__file__).resolve().parents[2]
PAD = Pad(math.radians(39.4), math.radians(-8.3), 160.0)


class Nonsense(AssertionError):
    """A reader gave back what cannot be."""


@dataclass(frozen=True)
class Sample:
    """A reader's sample. `beside` are files that stand next to it; `runs` mutants take about 2 s; a reader that `salvages` reads
    what is whole of a broken file, and need refuse none."""

    file: str
    data: bytes
    kind: str
    read: Callable[[Path], Any]
    runs: int
    beside: dict[str, bytes] = field(default_factory=dict)
    salvages: bool = False


def _area(shapes: Any) -> None:
    for s in shapes:
        if not (math.isfinite(s.geometry.area) and s.geometry.area > 0 and s.distance < 600_000):
            raise Nonsense(f"an area of {s.geometry.area} m2, {s.distance} m away")


def _ground(path: Path, **ground: Any) -> None:
    from downrange.formats.reading import Folder
    from downrange.project.ground import build_ground
    from downrange.project.schema import SiteFile

    site = SiteFile(latitude="39.4 deg", longitude="-8.3 deg", elevation="160 m", ground=ground)
    made = build_ground(site, PAD, Folder(path.parent, False))
    _area(made.shapes)
    if made.people is not None and not (np.isfinite(made.people.density).all() and (made.people.density >= 0).all()):
        raise Nonsense("a density of people that is none")


def _shape(path: Path) -> None:
    _ground(path, shapes=[{"name": "crowd", "kind": "crowd", "file": path.name, "people": 3, "radius": "20 m"}])


def _bare_shape(path: Path) -> None:
    _ground(path, shapes=[{"name": "field", "kind": "boundary", "file": path.name, "feature": "field"}])


def _terrain(path: Path) -> None:
    from downrange.formats.reading import Folder
    from downrange.project.ground import build_terrain
    from downrange.project.schema_site import TerrainFile

    given = TerrainFile.model_validate({"files": [path.name], "reach": "600 m", "step": "60 m"})
    z = build_terrain(given, PAD, Folder(path.parent, False)).height
    if not (np.isfinite(z).all() and np.abs(z).max() < 9500):
        raise Nonsense(f"terrain up to {np.abs(z).max()} m")


def _raster(path: Path) -> None:
    from downrange.project.ground import _people_map

    try:
        _terrain(path)
    except DownrangeError:
        density = _people_map(path, PAD, 2000.0, 100.0).density
        if not (np.isfinite(density).all() and (density >= 0).all()):
            raise Nonsense("a density of people that is none") from None


def _forecast(path: Path) -> None:
    from downrange.formats.ensembles import read_forecast

    for winds in read_forecast(path, PAD).winds:
        for w in winds:
            if not (np.abs(w.east.y) <= 150.1).all():
                raise Nonsense("a wind that is none")


def _log(path: Path) -> None:
    from downrange.formats.logs import read_log
    from downrange.tracking import apogees

    log = read_log(path)
    apogees(log)
    for c in log.channels:
        good = c.good[1]
        if not (np.isfinite(c.time).all() and (np.diff(c.time) >= 0).all() and np.isfinite(good).all()):
            raise Nonsense(f"times or readings that are none in {c.source[:40]!r}")


_STAND = (
    "Datum;Schub [N];Druck (bar)\n"
    + "".join(f"2025-02-20 10:00:{k / 10:06.3f};{900 * (10 < k < 40)};{30 * (10 < k < 40) + 1}\n" for k in range(60))
).encode()


def _stand(path: Path) -> None:
    from downrange.formats.stand import read_firings
    from downrange.motor.stand import reduce_firing

    for firing in read_firings([path]):
        r = reduce_firing(firing)
        if r.impulse is not None and not (math.isfinite(r.impulse.value) and r.impulse.value >= 0):
            raise Nonsense("an impulse that is none")


def _geojson() -> bytes:
    ring = [[-8.301, 39.399], [-8.299, 39.399], [-8.299, 39.401], [-8.301, 39.401], [-8.301, 39.399]]
    shapes = [
        ("field", {"type": "Polygon", "coordinates": [ring]}), ("line", {"type": "LineString", "coordinates": ring[:3]}),
        ("many", {"type": "MultiPolygon", "coordinates": [[[[x + 0.01, y, 12.5] for x, y in ring]]]}),
        ("all", {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": ring[0]}]}),
    ]  # fmt: skip
    features = [{"type": "Feature", "properties": {"name": n}, "geometry": g} for n, g in shapes]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


_KML = b"""<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><Placemark><name>field</name><Polygon><outerBoundaryIs><LinearRing>
<coordinates>-8.301,39.399,0 -8.299,39.399,0 -8.299,39.401,0 -8.301,39.401,0 -8.301,39.399,0</coordinates></LinearRing></outerBoundaryIs>
</Polygon></Placemark></Folder><Placemark><name>l</name><MultiGeometry><LineString><coordinates>-8.301, 39.399 -8.299, 39.399</coordinates>
</LineString><Point><coordinates>-8.3,39.4</coordinates></Point></MultiGeometry></Placemark></Document></kml>
"""


def _kmz() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("doc.kml", _KML)
    return out.getvalue()


def _tif() -> bytes:
    import rasterio
    from rasterio.io import MemoryFile

    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", width=40, height=40, count=1, dtype="float32", crs="EPSG:4326", nodata=-9999.0,
            transform=rasterio.Affine(0.001, 0, -8.32, 0, -0.001, 39.42),
        ) as d:  # fmt: skip
            d.write(np.full((40, 40), 150.0, "float32") + np.arange(40, dtype="float32")[None, :] * 0.5, 1)
        return memory.read()


def _nc(form: str) -> bytes:
    import netCDF4

    d = netCDF4.Dataset("made.nc", "w", format=form, memory=4096)
    for name, values in (("valid_time", [3600.0, 7200.0]), ("number", [0.0, 1.0]), ("level", [925.0, 850.0, 500.0]),
                         ("latitude", [39.25, 39.5]), ("longitude", [-8.5, -8.25])):  # fmt: skip
        d.createDimension(name, len(values))
        d.createVariable(name, "f8", (name,))[:] = values
    d["valid_time"].units = "seconds since 2026-06-21"
    for name, value in (("u", 4.0), ("v", -2.0), ("z", None)):
        v = d.createVariable(name, "f4", ("valid_time", "number", "level", "latitude", "longitude"))
        v[:] = value if value is not None else np.array([7800.0, 14700.0, 55000.0])[None, None, :, None, None]
    return bytes(d.close())


def _open_meteo() -> bytes:
    hours = ["2026-06-21T12:00", "2026-06-21T13:00", "2026-06-21T14:00"]
    hourly: dict[str, Any] = {"time": hours, "cloud_cover": [10, 20, None]}
    units = {"cloud_cover": "%"}
    for e in ("", "_member01"):
        for level, z in (("10m", None), ("120m", None), ("500hPa", 5600.0)):
            hourly |= {f"wind_speed_{level}{e}": [3.1, 4.2, 5.3], f"wind_direction_{level}{e}": [210, 220, 230]}
            units |= {f"wind_speed_{level}{e}": "m/s", f"wind_direction_{level}{e}": "°"}
            if z:
                hourly[f"geopotential_height_{level}{e}"], units[f"geopotential_height_{level}{e}"] = [z, z, z + 1], "m"
    return json.dumps(
        {"latitude": 39.4, "longitude": -8.3, "utc_offset_seconds": 0, "hourly": hourly, "hourly_units": units}
    ).encode()


def _campaign() -> dict[str, bytes]:
    """A campaign's folder, as small as they come: a manifest, one shard and its record."""
    from downrange.project import manifest as m
    from downrange.project.store import CampaignStore

    asked = {"format": m.FORMAT, "downrange": "0", "seed": 1, "sampling": "random", "tolerance": None, "inputs": {}}
    mode = {
        "name": "nominal",
        "doc": "",
        "prior": 1.0,
        "probability": 1.0,
        "low": 1.0,
        "high": 1.0,
        "seen": 0,
        "source": "prior",
        "counts": {},
    }
    manifest = {
        "id": m._digest({k: asked[k] for k in m.ASKED}), **asked, "flights": 2, "rocket": "r", "motor": "m", "name": "n", "bodies": ["all"],
        "pad": {"latitude": 0.68, "longitude": -0.14, "elevation": 160.0}, "modes": [mode],
    }  # fmt: skip
    columns = {"flight": np.arange(2), "mode": np.zeros(2, int), "landing_east_m": np.array([1.0, 2.0])}
    with tempfile.TemporaryDirectory() as folder:
        CampaignStore(Path(folder), manifest).write(0, columns)
        return {"campaign.json": m.manifest_text(manifest)} | {f.name: f.read_bytes() for f in Path(folder).iterdir()}


def _project(path: Path) -> None:
    from downrange.project import open_project
    from downrange.project.campaigns import probabilities_of

    project = open_project(path.parent / "launch.yaml")
    probabilities_of(project.file)
    _area(project.ground.shapes)


def _reader(module: str, name: str, *args: Any) -> Callable[[Path], Any]:
    def read(path: Path) -> Any:
        import importlib

        return getattr(importlib.import_module(f"downrange.{module}"), name)(path, *args)

    return read


def _design(path: Path) -> None:
    from downrange.project.foreign import open_foreign
    from downrange.project.project import rocket_of

    foreign = open_foreign(path)
    body = rocket_of(foreign).structure
    if not (
        math.isfinite(body.mass) and body.mass >= 0 and np.isfinite(body.cg).all() and np.isfinite(body.inertia).all()
    ):
        raise Nonsense(f"a rocket of {body.mass} kg")
    _ = foreign.launch, foreign.notes


def _launch() -> dict[str, bytes]:
    rocket = b"""name: Kit
parts:
  - {type: nose cone, shape: ogive, length: 150 mm, diameter: 50 mm, wall: 2 mm}
  - type: body tube
    length: 600 mm
    wall: 1 mm
    motor_mount: true
    parts:
      - {type: trapezoidal fins, position: bottom, count: 3, root_chord: 100 mm, tip_chord: 50 mm, span: 60 \xc2\xb1 1 mm, sweep: 50 mm, thickness: 3 mm}
      - {type: parachute, offset: 50 mm, diameter: 0.6 m}
measured: {mass: 0.3 kg, cg: 0.4 m}
"""
    site = b"""name: Field
latitude: 39.4 deg
longitude: -8.3 deg
elevation: 160 m
ground:
  waiver: {ceiling: 1500 m, radius: 2 km}
  airports: [{name: A, latitude: 39.5 deg, longitude: -8.2 deg, radius: 1 km}]
  shapes:
    - {name: crowd, kind: crowd, offsets: [[100 m, 0 m], [200 m, 0 m], [200 m, 90 m]], people: 30}
    - {name: road, kind: road, points: [[39.41 deg, -8.31 deg], [39.41 deg, -8.29 deg]], width: 8 m}
"""
    launch = b"""name: day
rocket: rocket.yaml
site: site.yaml
motor: AeroTech F52T
rail: {length: 2 m, elevation: 88 deg, azimuth: 10 deg}
weather: {temperature: 20 degC, wind: {speed: 4 \xc2\xb1 1 m/s, from: 270 deg}}
uncertainty: {thrust: 1 \xc2\xb1 3 %}
modes: {record: {flights: 20, failures: {no deployment: 1}}}
conditions: {time: '2026-06-21T14:00Z', cloud_cover: 20 %}
rules: [nar-hpr]
"""
    return {"rocket.yaml": rocket, "site.yaml": site, "launch.yaml": launch}


_ENG = b"; a motor\nF50 29 98 4-6-8 0.0378 0.0851 AT\n 0.012 46.18\n 0.108 71.4\n 0.9 60\n 1.4 0.0\n;\n"
_RSE = b"""<engine-database><engine-list><engine FDiv="10" Itot="76.8" Type="single-use" code="F50" delays="4,6" dia="29." exitDia="0." initWt="85.1"
 len="98." mfg="AT" propWt="37.9"><data><eng-data cg="49." f="0." m="37.9" t="0."/><eng-data cg="49." f="70." m="20." t="0.5"/>
<eng-data cg="49." f="0." m="0." t="1.4"/></data></engine></engine-list></engine-database>
"""
_WEATHER = b"height_asl_m,temperature_c,pressure_hpa,wind_speed_kt,wind_from_deg\n160,20,995,5,270\n1000,14,900,15,280\n5000,-15,545,30,290\n"
_RULES = b"""id: club
name: Club
authority: us
edition: '1'
source: the book
rules:
  - {id: a, title: T, quantity: leaving_probability, kind: number, at_most: 0.01}
  - {id: b, title: M, quantity: apogee, kind: length, at_most: 1500 ft, when: [[impulse, 0, 160]]}
"""


_DXF = (
    b"0 SECTION 2 ENTITIES 0 CIRCLE 8 0 10 0.0 20 0.0 30 0.0 40 9.5 0 POLYLINE 8 0 66 1 70 1 0 VERTEX 8 0 10 12.0 20 -3.0 "
    b"0 VERTEX 8 0 10 18.0 20 -3.0 0 VERTEX 8 0 10 15.0 20 6.0 0 SEQEND 0 ENDSEC 0 EOF "
).replace(b" ", b"\n")
_GRAINS = b"""name: K-test
propellant:
  density: 1680 kg/m3
  gas: {heat_ratio: 1.21, molar_mass: 23.67 g, temperature: 2800 K}
  burn_rate:
    - {from: 0.1 MPa, to: 7 MPa, at_1_MPa: 3.24 mm/s, exponent: 0.327}
grains:
  - {type: bates, diameter: 54 mm, length: 90 mm, core: 18 mm, count: 3, gap: 1 mm}
  - {type: star, diameter: 54 mm, length: 40 mm, arms: 5, point_width: 6 mm, point_length: 12 mm}
nozzle: {throat: 12.5 mm, exit: 30 mm, divergence: 15 deg}
case: {mass: 0.8 kg, diameter: 58 mm, outer_length: 460 mm}
"""


@cache
def samples() -> dict[str, Sample]:
    """All samples by name; those whose library is not installed are left out."""
    camp = _campaign()
    launch = _launch()
    out = {
        "geojson": Sample("g.geojson", _geojson(), "json", _shape, 400),
        "geojson without a radius": Sample("g.geojson", _geojson(), "json", _bare_shape, 200),
        "kml": Sample("g.kml", _KML, "text", _shape, 400),
        "kmz": Sample("g.kmz", _kmz(), "binary", _shape, 300),
        "open-meteo": Sample("f.json", _open_meteo(), "json", _forecast, 300),
        "population": Sample("p.csv", b"latitude_deg,longitude_deg,people,radius_m\n39.41,-8.29,4,20\n39.42,-8.31,900,200\n", "text", lambda p: _ground(p, population=p.name), 250),
        "weather": Sample("w.csv", _WEATHER, "text", _reader("formats.weather", "read_weather", 160.0), 250),
        "drag": Sample("d.csv", b"mach,cd_power_off,cd_power_on\n0.1,0.5,0.45\n0.9,0.6,0.55\n2,0.4,0.38\n", "text", _reader("formats.curves", "read_drag"), 250),
        "brakes": Sample("b.csv", b"level,mach,cd\n0,0.1,0\n0,0.9,0\n1,0.1,0.5\n1,0.9,0.7\n", "text", _reader("formats.curves", "read_brake_table"), 250),
        "curve": Sample("c.csv", b"0,0\n1,0.3\n2,0.9\n", "text", _reader("formats.curves", "read_brake_schedule"), 250),
        "coefficients": Sample("a.csv", b"Mach,Alpha,CD Power-Off,CD Power-On,CNalpha (0 to 4 deg) (per rad),CP,Reynolds Number\n0.1,0,0.5,0.45,9,40.1,1e6\n0.9,0,0.6,0.5,9.9,42,9e6\n", "text", _reader("formats.aero_tables", "read_aero_table"), 250),
        "datcom": Sample("a.csv", b"MACH,ALPHA,CD,CN,CM\n0.1,0,0.5,0,0\n0.1,4,0.5,0.6,-0.3\n0.9,0,0.6,0,0\n0.9,4,0.6,0.7,-0.4\n", "text", _reader("formats.aero_tables", "read_aero_table"), 200),
        "eng": Sample("m.eng", _ENG, "text", _reader("formats.motors.eng", "read_eng"), 250),
        "rse": Sample("m.rse", _RSE, "text", _reader("formats.motors.rse", "read_rse"), 250),
        "ric": Sample("m.ric", RIC.encode(), "text", _reader("formats.ric", "read_ric"), 150),
        "dxf": Sample("c.dxf", _DXF, "text", _reader("formats.dxf", "read_outlines", 1e-3), 100),
        "motor of grains": Sample("m.yaml", _GRAINS, "text", _reader("project.motors", "open_grain_motor"), 100),
        "thrust": Sample("m.csv", b"time_s,thrust_N\n0,0\n0.1,50\n1.2,40\n1.3,0\n", "text", _reader("formats.curves", "read_thrust"), 250),
        "stand": Sample("s.csv", _STAND, "text", _stand, 250),
        "ork": Sample("d.ork", ork(), "text", _design, 120),
        "ork in zip": Sample("d.ork", zipped(ork()), "binary", _design, 100),
        "ork in gzip": Sample("d.ork", gzipped(ork()), "binary", _design, 100),
        "rkt": Sample("d.rkt", rkt(), "text", _design, 100),
        "cdx1": Sample("d.CDX1", cdx1(), "text", _design, 100),
        "rules": Sample("r.yaml", _RULES, "text", _reader("project.rules", "read_pack"), 150),
    }  # fmt: skip
    for name, kind in (("campaign.json", "json"), ("shard-00000.parquet", "binary")):
        beside = {k: v for k, v in camp.items() if k != name}
        out[name] = Sample(
            name, camp[name], kind, lambda p: _reader("project.campaigns", "read_campaign")(p.parent), 150, beside
        )
    for name in launch:
        out[name] = Sample(name, launch[name], "text", _project, 70, {k: v for k, v in launch.items() if k != name})
    for name, (file, writer) in SAMPLES.items():
        data = writer()
        data = data if isinstance(data, bytes) else data.encode()
        kind = "binary" if name in ("cats_cfl", "rff") else "text"
        # The first rows are enough of a file to break.
        cut = (
            data[:400]
            if name == "cats_cfl"
            else data
            if name in ("rff", "geo")
            else b"\n".join(data.split(b"\n")[:160]) + b"\n"
        )
        out[f"log {name}"] = Sample(file, cut, kind, _log, 25, salvages=True)
    with suppress(ImportError):
        out["geotiff"] = Sample("t.tif", _tif(), "binary", _raster, 250)
    with suppress(ImportError):
        out["netcdf 3"] = Sample("f.nc", _nc("NETCDF3_CLASSIC"), "binary", _forecast, 250)
        out["netcdf 4"] = Sample("f.nc", _nc("NETCDF4"), "binary", _forecast, 200)
    return out
