"""The guard of all readers, where files may lie, rasters that are none, and names as they are shown."""

from __future__ import annotations

import http.server
import math
import threading
from pathlib import Path

import numpy as np
import pytest

from downrange.earth import Pad
from downrange.errors import DownrangeError, InputError, NotFoundError
from downrange.formats.ensembles import read_forecast
from downrange.formats.reading import Folder, guarded, parse_json, parse_xml, reading
from downrange.project.ground import build_ground, build_terrain
from downrange.project.schema import SiteFile
from downrange.project.schema_site import TerrainFile
from downrange.text import markup, plain

PAD = Pad(math.radians(39.4), math.radians(-8.3), 160.0)


@pytest.mark.parametrize(
    "thrown",
    [ValueError("x" * 9999), ZeroDivisionError(), RecursionError(), OSError(5, "broken"), KeyError("a\x1b[31m")],
)
def test_whatever_a_library_throws_is_one_short_error(thrown):
    with pytest.raises(InputError) as caught, reading("f.bin", "a table"):
        raise thrown
    assert caught.value.file == "f.bin" and "a table" in str(caught.value) and len(str(caught.value)) < 300
    assert str(caught.value).isprintable() and caught.value.__cause__ is None


@pytest.mark.parametrize("passes", [MemoryError, KeyboardInterrupt, SystemExit])
def test_what_is_not_the_file_s_passes(passes):
    with pytest.raises(passes), reading("f.bin", "a table"):
        raise passes


def test_own_errors_pass_and_learn_the_file():
    @guarded("a table")
    def read(path: str, inner: DownrangeError) -> None:
        raise inner

    with pytest.raises(NotFoundError, match="f.bin: gone"):
        read("f.bin", NotFoundError("gone"))
    with pytest.raises(InputError, match=r"g\.bin:3: wrong"):
        read("f.bin", InputError("wrong", file="g.bin", line=3))


def test_folders_of_a_project(tmp_path):
    """Down, and up to the folder marked by .git or .downrange; no further, by no way round."""
    for f in ("a/b/launch.yaml", "a/motors/x.eng", "secret.yaml", "a/b/winds/1.csv"):
        (tmp_path / f).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / f).write_text("x")
    alone = Folder.of(tmp_path / "a" / "b")
    assert alone.file("launch.yaml", "k").name == "launch.yaml"
    for out in ("../motors/x.eng", "../../secret.yaml", str(tmp_path / "secret.yaml"), "winds/../../motors/x.eng"):
        with pytest.raises(InputError, match="leaves the project folder 'b'"):
            alone.file(out, "k")
    (tmp_path / "a" / ".git").mkdir()
    marked = Folder.of(tmp_path / "a" / "b")
    assert marked.file("../motors/x.eng", "k").name == "x.eng"
    with pytest.raises(InputError, match="leaves the project folder 'a'"):
        marked.file("../../secret.yaml", "k")
    with pytest.raises(InputError, match="leaves the project folder 'a'"):
        marked.within(tmp_path / "a" / "motors").file("../../secret.yaml", "k")
    assert Folder.of(tmp_path / "a" / "b", trusted=True).file("../../secret.yaml", "k").name == "secret.yaml"
    (tmp_path / "a" / "b" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (tmp_path / "a" / "b" / "winds" / "2.csv").symlink_to(tmp_path / "secret.yaml")
    for out in ("link.yaml", "winds"):
        with pytest.raises(InputError, match="leaves the project"):
            marked.file(out, "k", folders=True)
    for none in ("\0", "x" * 5000, "no\x1b[31m.yaml"):
        with pytest.raises(NotFoundError) as caught:
            marked.file(none, "k")
        assert str(caught.value).isprintable() and len(str(caught.value)) < 400


def test_rules_of_a_launch_file_stay_inside(tmp_path):
    from downrange.project import open_project
    from downrange.project.assessment import choose_packs

    folder = tmp_path / "mine"
    example = Path(__file__).resolve().parents[2] / "examples" / "first_rocket"
    folder.mkdir()
    for f in example.iterdir():
        (folder / f.name).write_bytes(f.read_bytes())
    (tmp_path / "out.yaml").write_text("id: a\nname: a\nauthority: a\nedition: a\nsource: a\nrules: []\n")
    (folder / "in.yaml").write_text("id: a\nname: a\nauthority: a\nedition: a\nsource: a\nrules: []\n")
    launch = folder / "launch.yaml"
    text = launch.read_text(encoding="utf-8")
    for given, match in (
        ("../out.yaml", "leaves the project"),
        (str(tmp_path / "out.yaml"), "leaves the project"),
        ("../out", "no rule pack '../out'"),
    ):
        launch.write_text(f"{text}\nrules: ['{given}']\n", encoding="utf-8")
        with pytest.raises(InputError, match=match):
            choose_packs(open_project(launch))
    launch.write_text(f"{text}\nrules: [in.yaml]\n", encoding="utf-8")
    assert [p.id for p in choose_packs(open_project(launch))] == ["a"]
    assert [p.id for p in choose_packs(open_project(launch), (str(tmp_path / "out.yaml"),))] == ["a"], (
        "asked for by hand"
    )


@pytest.fixture
def server():
    """A web server on this machine that counts who asks."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as s:
        thread = threading.Thread(target=s.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{s.server_port}/x", asked
        s.shutdown()
        thread.join()


def tif(path: Path, values: np.ndarray, **more: object) -> Path:
    rasterio = pytest.importorskip("rasterio")
    where = {"crs": "EPSG:4326", "transform": rasterio.Affine(0.001, 0, -8.32, 0, -0.001, 39.42)} | more
    with rasterio.open(
        path, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1, dtype=values.dtype, **where
    ) as d:
        d.write(values, 1)
    return path


def terrain(path: Path):
    given = TerrainFile.model_validate({"files": [path.name], "reach": "600 m", "step": "60 m"})
    return build_terrain(given, PAD, Folder(path.parent, False))


def test_a_raster_that_points_elsewhere_is_refused(tmp_path, server):
    """Virtual and web rasters under a GeoTIFF's name: no request, no other file, and a message that shows what it is."""
    pytest.importorskip("rasterio")
    url, asked = server
    other = tif(tmp_path / "other.tif", np.full((40, 40), 150.0, "float32"))
    for text in (
        f"<GDAL_WMS><Service name='TMS'><ServerUrl>{url}/${{z}}/${{x}}/${{y}}.png</ServerUrl></Service></GDAL_WMS>",
        f"<VRTDataset rasterXSize='40' rasterYSize='40'><VRTRasterBand dataType='Float32' band='1'><SimpleSource><SourceFilename>/vsicurl/{url}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>",
        f"<VRTDataset rasterXSize='40' rasterYSize='40'><VRTRasterBand dataType='Float32' band='1'><SimpleSource><SourceFilename>{other}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>",
    ):  # fmt: skip
        (tmp_path / "t.tif").write_text(text)
        with pytest.raises(InputError, match="not a GeoTIFF: it begins with b'<"):
            terrain(tmp_path / "t.tif")
        site = SiteFile(latitude="39.4 deg", longitude="-8.3 deg", elevation="160 m", ground={"population": "t.tif"})
        with pytest.raises(InputError, match="not a GeoTIFF"):
            build_ground(site, PAD, Folder(tmp_path, False))
    assert asked == []


def test_what_lies_beside_a_raster_is_not_read(tmp_path):
    """A side-car that says 'not there' of every height: the heights are read all the same."""
    path = tif(tmp_path / "t.tif", np.full((40, 40), 150.0, "float32"))
    (tmp_path / "t.tif.aux.xml").write_text(
        "<PAMDataset><PAMRasterBand band='1'><NoDataValue>150</NoDataValue></PAMRasterBand></PAMDataset>"
    )
    (tmp_path / "t.tfw").write_text("0.001\n0\n0\n-0.001\n100\n0\n")
    assert terrain(path).height == pytest.approx(np.zeros((21, 21)))


def test_heights_from_a_geotiff(tmp_path):
    """1 m of height a cell of 0.001 degrees (86.1 m) to the east: 600 m east lies 7 m higher, to the cell."""
    z = np.broadcast_to(np.arange(40, dtype="float32"), (40, 40)) + 140
    made = terrain(tif(tmp_path / "t.tif", z))
    assert float(made(600.0, 0.0) - made(-600.0, 0.0)) == pytest.approx(14, abs=1.01)
    assert float(made(0.0, 600.0)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("value", "more", "match"),
    [
        (9.7e35, {}, "heights from .* the ground lies between -500 and 9000 m"), (9500, {}, "the ground lies between"),
        (-501, {}, "the ground lies between"), (-9999, {}, "holes"), (-7, {"nodata": -7.0}, "holes"), (900, {}, "900 m at the pad"),
        (150, {"crs": None}, "where on the Earth"), (float("inf"), {}, "the ground lies between"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore")  # of rasterio, about a raster without a place
def test_heights_that_cannot_be(tmp_path, value, more, match):
    z = np.full((40, 40), 150.0, "float32")
    z[15:30, 10:30] = value
    with pytest.raises(InputError, match=match):
        terrain(tif(tmp_path / "t.tif", z, **more))


def test_terrain_of_another_place_and_of_no_format(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    far = tif(
        tmp_path / "far.tif", np.full((40, 40), 150.0, "float32"), transform=rasterio.Affine(0.001, 0, 7, 0, -0.001, 45)
    )
    with pytest.raises(InputError, match="holes only: it lies nowhere within 600 m of the pad"):
        terrain(far)
    (tmp_path / "t.asc").write_text("x")
    with pytest.raises(InputError, match="terrain is .hgt"):
        terrain(tmp_path / "t.asc")
    given = TerrainFile.model_validate({"files": ["far.tif"], "reach": "100 km", "step": "1 m"})
    with pytest.raises(InputError, match="200,000 nodes each way are too many"):
        build_terrain(given, PAD, Folder(tmp_path, False))


def test_a_forecast_is_a_local_file(tmp_path, server, monkeypatch):
    """A name that NetCDF takes for an address makes no request; bytes that are no NetCDF are shown."""
    pytest.importorskip("netCDF4")
    url, asked = server
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        read_forecast(Path(f"{url}.nc"), PAD)
    trick = tmp_path / "[mode=bytes]x.nc"
    trick.write_bytes(b"CDF\x01" + url.encode())
    with pytest.raises(InputError, match="cannot be read as a forecast"):
        read_forecast(trick, PAD)
    (tmp_path / "y.nc").write_text("Dataset {")
    with pytest.raises(InputError, match="not a NetCDF file: it begins with b'Dataset"):
        read_forecast(tmp_path / "y.nc", PAD)
    assert asked == []


def test_population_rows_are_bounded(tmp_path):
    def ground(rows: str):
        (tmp_path / "p.csv").write_text("latitude_deg,longitude_deg,people\n" + rows)
        site = SiteFile(latitude="39.4 deg", longitude="-8.3 deg", elevation="160 m", ground={"population": "p.csv"})
        return build_ground(site, PAD, Folder(tmp_path, False))

    assert sum(s.people for s in ground("39.41,-8.3,4\n39.42,-8.3,5\n").shapes) == 9
    for rows, match in (
        ("39.41,-8.3,-5\n", "people lies between"),
        ("39.41,-8.3,1\n" * 1001, "1,001 places are too many"),
        ("-8.3,39.41,2\n", "swapped"),
    ):
        with pytest.raises(InputError, match=match):
            ground(rows)


def test_json_and_xml_are_bounded():
    where = Path("f")
    assert parse_json('{"a": [1, 2.5, "[[["]}', where) == {"a": [1, 2.5, "[[["]}
    for text, match in (
        ("[1e400]", "out of range"),
        ("[" + "1" * 9999 + "]", "out of range"),
        ("[" * 41 + "]" * 41, "41 levels"),
        ('{"a":' * 99999, "too deeply"),
    ):
        with pytest.raises(InputError, match=match):
            parse_json(text, where)
    assert (
        parse_xml(
            "<a>é</a>".encode("latin-1").replace(b"<a>", b"<?xml version='1.0' encoding='latin-1'?><a>"), where, "KML"
        ).text
        == "é"
    )
    lol = b"<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><l>&b;</l>"
    for data, match in (
        (lol, "document type"),
        (lol.decode().encode("utf-16"), "document type"),
        (b"<a>" * 50, "deeply"),
        (b"<a><b></a>", "not valid KML"),
    ):
        with pytest.raises(InputError, match=match):
            parse_xml(data, where, "KML")


def test_names_are_shown_plainly():
    assert plain("Été\u00a0n° 1 \U0001f680") == "Été n° 1 \U0001f680"
    assert plain("a\x1b[31m\x9b\u202e\n\ud800") == r"a\x1b[31m\x9b\u202e\n\ud800"
    assert len(plain("x" * 10**6)) == 120 and plain("\0" * 10**6).endswith("…")
    assert markup("<b a='\"'>&\x07") == "&lt;b a=&#x27;&quot;&#x27;&gt;&amp;\\x07"
