"""Campaigns, safety, search and weather through the command line: resumed, refused, interrupted, corrupted."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from test_cli import edit

from downrange.cli.main import run
from downrange.project.campaigns import read_campaign

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
GENESIS = EXAMPLES / "genesis" / "launch.yaml"
assert run


def test_disperse_writes_reads_and_resumes(call, tmp_path):  # noqa: F811
    out = tmp_path / "camp"
    code, text, err = call("disperse", GENESIS, "-n", 9000, "--out", out, "--no-report", "--json")
    assert code == 0, err
    said = json.loads(text)
    assert said["flights"] == 9000 and said["seed"] == 1
    assert said["statistics"]["apogee_agl_m"]["mean"] == pytest.approx(3000, rel=0.05)
    assert {m["mode"] for m in said["modes"]} >= {"nominal", "no deployment", "fin loss", "cord breaks"}
    shards = sorted(out.glob("shard-*.parquet"))
    assert len(shards) == 2
    before = [s.read_bytes() for s in shards]
    shards[0].unlink()
    shards[1].write_bytes(before[1][:1000])  # cut short, as by a full disk
    code, _, err = call("disperse", GENESIS, "-n", 9000, "--out", out, "--no-report", "--threads", 1)
    assert code == 0 and "flew 9,000 flights" in err
    assert [s.read_bytes() for s in shards] == before
    assert "flew" not in call("disperse", GENESIS, "-n", 9000, "--out", out, "--no-report")[2]
    c = read_campaign(out)
    import pyarrow.parquet as pq

    table = pq.read_table(shards[0])
    assert set(table.column("mode").to_pylist()) == {m.mode.name for m in c.modes}
    assert {"flight", "seed", "in.thrust", "landing_latitude_deg", "result", "body"} <= set(table.column_names)


def test_parts_for_several_machines_make_one_campaign(call, tmp_path):  # noqa: F811
    for part in ("1/2", "2/2"):
        assert call("disperse", GENESIS, "-n", 10000, "--out", tmp_path / "a", "--no-report", "--shard", part)[0] == 0
    assert call("disperse", GENESIS, "-n", 10000, "--out", tmp_path / "b", "--no-report")[0] == 0
    for name in ("shard-00000.parquet", "shard-00001.parquet"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert call("disperse", GENESIS, "--shard", "3/2")[0] == 2


def test_a_changed_rocket_is_refused_on_resume(call, project, tmp_path):  # noqa: F811
    out = tmp_path / "camp"
    launch = project / "launch.yaml"
    assert call("disperse", launch, "-n", 256, "--out", out, "--no-report")[0] == 0
    edit(project, "rocket.yaml", "root_chord: 60 mm", "root_chord: 65 mm")
    code, _, err = call("disperse", launch, "-n", 256, "--out", out, "--no-report")
    assert code == 2
    assert "root_chord was 60 mm, is 65 mm" in err and "--fresh" in err
    assert (
        call("disperse", launch, "-n", 256, "--out", out, "--no-report", "--seed", 2)[2].count("seed was 1, is 2") == 1
    )
    assert call("disperse", launch, "-n", 256, "--out", out, "--no-report", "--fresh")[0] == 0


def test_foreign_files_are_refused(call, tmp_path):  # noqa: F811
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = tmp_path / "camp"
    out.mkdir()
    pq.write_table(pa.table({"x": [1]}), out / "mine.parquet")
    code, _, err = call("disperse", GENESIS, "-n", 256, "--out", out)
    assert code == 2 and "choose another folder" in err
    (out / "campaign.json").write_text("[]")
    assert "not a campaign's manifest" in call("disperse", GENESIS, "-n", 256, "--out", out)[2]
    good = tmp_path / "good"
    assert call("disperse", GENESIS, "-n", 256, "--out", good, "--no-report")[0] == 0
    pq.write_table(pa.table({"x": [1]}), good / "shard-00007.parquet")
    assert "shard-00007.parquet: this shard is not what was flown" in call("safety", GENESIS, "--campaign", good)[2]
    import hashlib

    for data, match in ((None, "not a shard of downrange"), (b"PAR1 nonsense", "cannot be read")):
        if data is not None:
            (good / "shard-00007.parquet").write_bytes(data)
        digest = hashlib.sha256((good / "shard-00007.parquet").read_bytes()).hexdigest()
        (good / "shard-00007.parquet.sha256").write_text(f"{digest}  shard-00007.parquet\n")
        assert match in call("safety", GENESIS, "--campaign", good)[2]
    assert "no campaign here" in call("safety", GENESIS, "--campaign", tmp_path / "none")[2]


def test_a_full_disk_leaves_nothing_half(call, tmp_path, monkeypatch):  # noqa: F811
    import errno

    real, count = os.fsync, [0]

    def full(fd: int) -> None:
        count[0] += 1
        if count[0] == 4:  # the manifest, the first shard with its record, and then no more
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(fd)

    monkeypatch.setattr(os, "fsync", full)
    code, _, err = call("disperse", GENESIS, "-n", 20000, "--out", tmp_path / "c", "--no-report")
    assert code == 2 and "No space left" in err
    left = {"campaign.json", "shard-00000.parquet", "shard-00000.parquet.sha256"}
    assert {p.name for p in (tmp_path / "c").iterdir()} == left
    monkeypatch.setattr(os, "fsync", real)
    code, _, err = call("disperse", GENESIS, "-n", 20000, "--out", tmp_path / "c", "--no-report")
    assert code == 0 and "flew 11,808 flights" in err


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_stopped_at_any_moment_it_goes_on(tmp_path, how):
    """A campaign killed on the way leaves whole shards, and the same command ends as if nothing had happened."""
    out = tmp_path / "camp"
    command = [
        sys.executable,
        "-m",
        "downrange.cli.main",
        "disperse",
        str(GENESIS),
        "-n",
        "400000",
        "--out",
        str(out),
        "--no-report",
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    for _ in range(6000):
        if len(list(out.glob("shard-*.parquet"))) >= 2 or process.poll() is not None:
            break
        time.sleep(0.05)
    process.send_signal(how)
    _, err = process.communicate(timeout=120)
    if how != signal.SIGKILL:
        assert process.returncode == 130 and "the same command goes on" in err
    whole = sorted(out.glob("shard-*.parquet"))
    assert 2 <= len(whole) < 49
    import pyarrow.parquet as pq

    assert all(pq.read_metadata(s).num_rows >= 8192 for s in whole)
    first = whole[0].read_bytes()
    again = subprocess.run([*command[:6], "16384", *command[7:]], capture_output=True, text=True)
    assert again.returncode == 0 and whole[0].read_bytes() == first
    assert ("whose writer is gone" in again.stderr) == (how == signal.SIGKILL)
    assert not list(out.glob("*.lock"))


def test_until_it_is_known_well_enough(call, tmp_path):  # noqa: F811
    code, text, _ = call(
        "disperse", GENESIS, "-n", 400000, "--out", tmp_path, "--no-report", "--json", "--until", "landing P95 ± 25 m"
    )
    said = json.loads(text)
    assert code == 0 and said["flights"] < 100_000
    assert 1.96 * said["statistics"]["landing_distance_m"]["p95_error"] <= 25
    assert call("disperse", GENESIS, "--until", "landing")[0] == 2


def test_report_opens_offline(call, tmp_path):  # noqa: F811
    assert call("disperse", GENESIS, "-n", 2048, "--out", tmp_path)[0] == 0
    assert call("disperse", GENESIS, "-n", 2048, "--out", tmp_path, "--format", "svg")[0] == 0
    assert (tmp_path / "landings.svg").read_text().lstrip().startswith("<?xml")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "http://" not in page.replace("http://www.w3.org", "") and "https://" not in page and "<script" not in page
    for word in ("no deployment", "NO-GO", "NAR High Power", "expected casualties", "prior", "data:image/png"):
        assert word in page
    assert {p.name for p in tmp_path.glob("*.png")} == {
        f"{n}.png" for n in ("landings", "individual_risk", "modes", "histograms", "sensitivity", "convergence", "wind")
    }
    assert (tmp_path / "areas.kml").is_file() and (tmp_path / "areas.geojson").is_file()


def test_a_rank_correlation_finds_what_drives_apogee(call, tmp_path):  # noqa: F811
    from downrange.report.dispersion import sensitivities

    assert call("disperse", GENESIS, "-n", 8192, "--out", tmp_path, "--no-report")[0] == 0
    found = sensitivities(read_campaign(tmp_path), "apogee_agl_m")
    assert next(iter(found)) == "thrust" and found["thrust"] > 0.5 and found["drag"] < -0.2
    assert abs(found["canopy_drag.main"]) < 0.06


def test_safety_line_by_line(call):  # noqa: F811
    code, text, _ = call("safety", GENESIS, "--json", "-n", 1024)
    said = json.loads(text)
    assert code == 1 and said["verdict"] == "fail"
    by = {(r["pack"], r["rule"]): r for r in said["rules"]}
    assert by["nar-hpr", "wind"]["verdict"] == "pass" and by["nar-hpr", "wind"]["margin"] > 0
    assert by["euroc", "main height"]["change"] == "release the main at 450 m"
    assert not by["nar-hpr", "roads"]["confirmed"]
    assert by["site", "crowd"]["verdict"] == "not evaluated"
    assert said["risk"]["places"][0]["name"] == "range"
    student = json.loads(call("safety", GENESIS, "--json", "-n", 512, "--rules", "nasa-sl")[1])["rules"]
    assert all(
        r["change"]
        for r in student
        if r["verdict"] == "fail" and r["rule"] in ("drift", "descent", "energy", "apogee high")
    )
    assert any(r["rule"] == "drift" and r["verdict"] == "fail" for r in student)
    assert call("safety", GENESIS, "--rules", "nar")[0] == 2


def test_safety_never_passes_what_it_does_not_know(call, project):  # noqa: F811
    code, text, _ = call("safety", project / "launch.yaml", "-n", 512)
    assert code == 1 and "NOT YET" in text and "conditions.cloud_base" in text
    (project / "mine.yaml").write_text(
        "id: mine\nname: Mine\nauthority: me\nedition: now\nsource: me\nrules:\n"
        "  - {id: a, title: Apogee, quantity: apogee, kind: length, at_most: 1 km, confirmed: yes}\n"
    )
    code, text, _ = call("safety", project / "launch.yaml", "-n", 512, "--rules", project / "mine.yaml")
    assert code == 0 and "GO" in text
    (project / "mine.yaml").write_text(
        "id: mine\nname: Mine\nauthority: me\nedition: now\nsource: me\nrules:\n  - {id: a, title: A, quantity: apogee, kind: length}\n"
    )
    assert (
        "needs one of at_most and at_least"
        in call("safety", project / "launch.yaml", "--rules", project / "mine.yaml")[2]
    )


def test_probabilities_and_own_modes_from_the_file(call, project):  # noqa: F811
    launch = project / "launch.yaml"
    text = launch.read_text() + (
        "\nmodes:\n  probability: {no deployment: 10 %}\n  own:\n    - {name: all at once, changes: [gust, nothing opens], probability: 1 %}\n"
        "  record: {flights: 20, failures: {no deployment: 3}}\n"
    )
    launch.write_text(text)
    code, out, err = call("disperse", launch, "-n", 512, "--out", project / "camp", "--no-report", "--json")
    assert code == 0, err
    modes = {m["mode"]: m for m in json.loads(out)["modes"]}
    assert modes["no deployment"]["probability"] == pytest.approx((50 * 0.10 + 3) / 70)
    assert modes["all at once"]["source"] == "yours"
    skipped = json.loads(out)["modes_skipped"]
    assert skipped["drogue only"] == "it has one recovery device" and "sections are not given" in skipped["cord breaks"]
    launch.write_text(text.replace("10 %", "99 %"))
    assert "sum to" in call("disperse", launch, "-n", 512, "--out", project / "c2")[2]


def test_uncertainties_from_the_file(call, project):  # noqa: F811
    """What the documentation writes: stated ones replace the defaults, the others stay; turbulence widens the landing."""
    launch = project / "launch.yaml"
    plain = launch.read_text()
    launch.write_text(
        plain
        + "\nuncertainty:\n  thrust: 1 ± 3 %\n  drag: 1 ± 8 %\n  tilt: 0 ± 0.2 deg\n  wind: 0 ± 0.3 m/s\n  wind_correlation: 500 m\n"
        "  correlated:\n    - {quantities: [thrust, mass], correlation: 0.5}\n"
    )
    code, out, err = call("disperse", launch, "-n", 1024, "--out", project / "a", "--no-report", "--json")
    assert code == 0, err
    said = json.loads(out)
    varied = {v["name"]: v for v in said["varied"]}
    assert not varied["drag"]["assumed"] and "0.08" in varied["drag"]["distribution"] and varied["mass"]["assumed"]
    assert said["wind"]["sigma"] == 0.3 and said["wind"]["correlation"] == 500
    assert {"rail.elevation", "weather.wind.speed", "weather.temperature"} <= set(varied)
    launch.write_text(plain + "\nuncertainty: {defaults: no}\n")
    out = call("disperse", launch, "-n", 1024, "--out", project / "b", "--no-report", "--json")[1]
    assert not any(v["assumed"] for v in json.loads(out)["varied"])
    still = read_campaign(project / "b")
    launch.write_text(
        plain.replace("weather:\n", "weather:\n  turbulence: moderate\n", 1) + "\nuncertainty: {defaults: no}\n"
    )
    rough = json.loads(call("disperse", launch, "-n", 1024, "--out", project / "c", "--no-report", "--json")[1])
    assert rough["wind"]["turbulence"] == "moderate"
    blown = read_campaign(project / "c")
    for column in ("apogee_agl_m", "landing_north_m"):  # the same flights, all else drawn alike
        one, other = (c[column][c.landed & (c["mode"] == 0)] for c in (still, blown))
        assert other.std() > 1.015 * one.std() and abs(other.mean() - one.mean()) < 0.1 * one.std()
    launch.write_text(plain + "\nuncertainty: {thrusts: 1 ± 3 %}\n")
    assert "did you mean 'thrust'" in call("disperse", launch, "-n", 64)[2]
    launch.write_text(plain + "\nuncertainty:\n  correlated: [{quantities: [thrust, colour], correlation: 0.5}]\n")
    assert "'colour' does not vary" in call("disperse", launch, "-n", 64)[2]


@pytest.mark.parametrize(
    ("ground", "match"),
    [
        ("{shapes: [{name: a, kind: crowd, offsets: [[0 m, 0 m], [5 m, 5 m], [9 m, 9 m]]}]}", "encloses nothing"),
        ("{shapes: [{name: a, kind: crowd, points: [[8 deg, 39 deg]], radius: 5 m}]}", "swapped"),
        ("{shapes: [{name: a, kind: crowds, radius: 5 m}]}", "did you mean 'crowd'"),
        ("{shapes: [{name: a, kind: crowd, file: none.geojson}]}", "no such file"),
        ("{waiver: {celing: 500 m}}", "did you mean 'ceiling'"),
        ("{shapes: [{name: a, kind: crowd, radius: 5 m, people: -1}]}", "at least 0"),
        ("{shapes: [{name: a, kind: crowd, radius: 5 m, people: 1000000}]}", "to a square metre"),
        ("{shapes: [{name: a, kind: crowd, radius: 5 m, density: 1000 / m^2}]}", "at most 20 /m²"),
        ("{shapes: [{name: a, kind: house, radius: 5 m, people: 3, shelter: 2}]}", "at least 0"),
    ],
)  # fmt: skip
def test_bad_sites(call, project, ground, match):  # noqa: F811
    site = project / "site.yaml"
    site.write_text(site.read_text() + f"\nground: {ground}\n")
    code, _, err = call("safety", project / "launch.yaml", "-n", 256)
    assert code == 2 and match in err and "site.yaml" in err


def test_find(call, tmp_path):  # noqa: F811
    out = tmp_path / "search"
    code, text, _ = call("find", GENESIS, "--seen", "apogee at 24.2 s", "--seen", "bearing 95° ± 10° at landing from pad", "--place", "39.389,-8.281", "-n", 8192, "--out", out, "--json")  # fmt: skip
    said = json.loads(text)
    assert code == 0 and said["area_m2"]["0.5"] < said["area_m2"]["0.9"] < said["area_m2"]["0.99"]
    assert 0 <= said["place"]["in_smallest_area_with"] <= 1
    assert {p.name for p in out.iterdir()} == {"search.png", "search.gpx", "search.kml", "search.geojson"}
    assert "needs its time" in call("find", GENESIS, "--last-fix", "39.39,-8.28,900")[2]


def test_aim(call):  # noqa: F811
    code, text, _ = call("aim", GENESIS, "--json")
    said = json.loads(text)
    assert code == 0 and len(said["drift"]) == 5 and said["reach"][0]["distance_m"] > 3000
    assert len(said["drift"][0]["energy_sink_j"]) == 2


def open_meteo(path: Path, hours: int = 4, **other) -> Path:
    """A forecast in Open-Meteo's format: four hours, five members, wind that grows by the hour."""
    time_, hourly, units = [f"2026-06-21T{h:02d}:00" for h in range(10, 10 + hours)], {}, {}
    for m in ("", "_member01", "_member02", "_member03", "_member04"):
        k = len(m) and int(m[-2:])
        for name, z in (("10m", None), ("925hPa", 790), ("850hPa", 1500), ("700hPa", 3100)):
            hourly[f"wind_speed_{name}{m}"] = [3.6 * (2 + h + 0.5 * k) for h in range(hours)]
            units[f"wind_speed_{name}{m}"] = "km/h"
            hourly[f"wind_direction_{name}{m}"] = [270] * hours
            units[f"wind_direction_{name}{m}"] = "°"
            if z:
                hourly[f"geopotential_height_{name}{m}"], units[f"geopotential_height_{name}{m}"] = [z] * hours, "m"
    hourly |= {"time": time_, "cloud_cover": [10, 20, 60, 90][:hours]}
    units |= {"cloud_cover": "%"}
    path.write_text(
        json.dumps(
            {"latitude": 39.4, "longitude": -8.25, "utc_offset_seconds": 0, "hourly": hourly, "hourly_units": units}
            | other
        )
    )
    return path


def test_fly_says_what_each_section_lands_with(call):  # noqa: F811
    said = json.loads(call("fly", GENESIS, "--json")[1])
    assert [b["name"] for b in said["bodies"]] == ["nose and payload", "airframe and fins"]
    assert sum(b["mass_kg"] for b in said["bodies"]) == pytest.approx(9.214, rel=1e-3)
    assert sum(b["landing_energy_j"] for b in said["bodies"]) == pytest.approx(said["landing_energy_j"])


def test_window(call, tmp_path):  # noqa: F811
    path = open_meteo(tmp_path / "om.json")
    code, text, err = call("window", GENESIS, "--weather", path, "-n", 512, "--out", tmp_path / "w.png", "--json")
    assert code == 1, err
    hours = json.loads(text)["hours"]
    assert [round(h["wind_10m_m_s"], 3) for h in hours] == [3, 4, 5, 6]
    assert hours[0]["landing_p95_m"] < hours[3]["landing_p95_m"]
    assert len(hours[0]["members_bad"]) == 5
    assert (tmp_path / "w.png").is_file()
    shown = call("weather", "show", GENESIS, path)[1].splitlines()
    assert any(line.split()[-7:] == ["5", "5.0", "270°", "5.0", "5.0", "5.0", "0.7"] for line in shown)


def test_forecast_formats_agree(tmp_path):
    """The same winds as Open-Meteo JSON, as a folder of CSV, and as ERA5-like NetCDF."""
    netcdf = pytest.importorskip("netCDF4")
    from downrange.formats.ensembles import read_forecast
    from downrange.project import open_project

    pad = open_project(GENESIS).launch.pad
    om = read_forecast(open_meteo(tmp_path / "om.json", 2), pad)
    folder = tmp_path / "ens" / "2026-06-21T10"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text(
        "height_asl_m,wind_speed_m_s,wind_from_deg\n170,2,270\n790,2,270\n1500,2,270\n3100,2,270\n"
    )
    csv = read_forecast(tmp_path / "ens", pad)
    assert csv.hours == ("2026-06-21T10:00",) and om.hours[0] == csv.hours[0]
    z = np.array([1000.0, 2000.0])
    assert om.winds[0][0].east(z) == pytest.approx(csv.winds[0][0].east(z), rel=1e-6)
    assert len(om.at("2026-06-21T11:00Z")) == 5
    with netcdf.Dataset(tmp_path / "era.nc", "w") as d:
        for name, n in (("valid_time", 2), ("pressure_level", 3), ("latitude", 2), ("longitude", 2)):
            d.createDimension(name, n)
        t = d.createVariable("valid_time", "i8", ("valid_time",))
        t.units = "seconds since 1970-01-01"
        t[:] = [1782036000, 1782039600]
        d.createVariable("latitude", "f8", ("latitude",))[:] = [39.5, 39.25]
        d.createVariable("longitude", "f8", ("longitude",))[:] = [351.5, 351.75]
        dims = ("valid_time", "pressure_level", "latitude", "longitude")
        for name, value in (("u", 2.0), ("v", 0.0)):
            d.createVariable(name, "f4", dims)[:] = np.full((2, 3, 2, 2), value)
        gz = d.createVariable("z", "f4", dims)
        gz.units = "m**2 s**-2"
        gz[:] = (np.array([790.0, 1500.0, 3100.0]) * 9.80665)[None, :, None, None]
    era = read_forecast(tmp_path / "era.nc", pad)
    assert era.hours == ("2026-06-21T10:00", "2026-06-21T11:00")
    assert era.winds[0][0].east(z) == pytest.approx(om.winds[0][0].east(z), abs=1e-6)


def test_weather_of_another_place_is_refused(call, tmp_path):  # noqa: F811
    far = open_meteo(tmp_path / "far.json", latitude=51.0)
    assert "another place" in call("window", GENESIS, "--weather", far)[2]
    local = open_meteo(tmp_path / "local.json", utc_offset_seconds=3600)
    assert "timezone=UTC" in call("window", GENESIS, "--weather", local)[2]
    (tmp_path / "x.json").write_text("{}")
    assert "not an answer of Open-Meteo" in call("window", GENESIS, "--weather", tmp_path / "x.json")[2]
    (tmp_path / "x.nc").write_bytes(b"nonsense")
    assert "NetCDF" in call("window", GENESIS, "--weather", tmp_path / "x.nc")[2]


def test_an_ensemble_in_the_launch_file(call, project):  # noqa: F811
    open_meteo(project / "om.json")
    site = project / "site.yaml"
    launch = project / "launch.yaml"
    import re

    site.write_text(
        re.sub(r"latitude: .*", "latitude: 39.4 deg", re.sub(r"longitude: .*", "longitude: -8.3 deg", site.read_text()))
    )
    text = re.sub(r"weather:\n(  .*\n)+", "weather:\n  ensemble: om.json\n", launch.read_text())
    launch.write_text(text)
    assert "say which, like 'hour: 2026-06-21T10:00'" in call("fly", launch)[2]
    launch.write_text(text.replace("om.json\n", "om.json\n  hour: 2026-06-21T12:00\n"))
    code, out, err = call("disperse", launch, "-n", 512, "--out", project / "camp", "--no-report", "--json")
    assert code == 0, err
    assert json.loads(out)["wind"]["members"] == 5


def test_fetching_without_a_network_says_so(call, tmp_path, monkeypatch):  # noqa: F811
    import urllib.error
    import urllib.request

    def none(*_, **__):
        raise urllib.error.URLError("Name or service not known")

    monkeypatch.setattr(urllib.request, "urlopen", none)
    code, _, err = call("weather", "fetch", GENESIS, "--out", tmp_path / "f.json")
    assert code == 2 and "is there a network?" in err and not (tmp_path / "f.json").exists()


def test_fetching_from_a_server(call, tmp_path, monkeypatch):  # noqa: F811
    """A real HTTP server in Open-Meteo's place: what is asked, what is saved, what a refusal says."""
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    from downrange.formats.ensembles import read_forecast
    from downrange.formats.ensembles.open_meteo import fetch_open_meteo
    from downrange.project import open_project

    asked = []
    body = open_meteo(tmp_path / "om.json").read_bytes()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802
            asked.append(self.path)
            refuse = "models=none" in self.path
            self.send_response(400 if refuse else 200)
            self.end_headers()
            self.wfile.write(b'{"error": true, "reason": "no such model"}' if refuse else body)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/v1/forecast"
    pad = open_project(GENESIS).launch.pad
    (tmp_path / "got.json").write_bytes(fetch_open_meteo(pad, url=url))
    assert "latitude=39.38895" in asked[0] and "wind_speed_850hPa" in asked[0] and "timezone=UTC" in asked[0]
    assert len(read_forecast(tmp_path / "got.json", pad).hours) == 4
    from downrange.errors import InputError

    with pytest.raises(InputError, match="400, no such model"):
        fetch_open_meteo(pad, url=url, ensemble="none")
    server.shutdown()
    server.server_close()


def test_a_cluster(call, tmp_path):  # noqa: F811
    """A Dask scheduler and worker of their own processes: the same bits; a worker that dies does not matter."""
    pytest.importorskip("distributed")
    env = dict(os.environ, DASK_DISTRIBUTED__DASHBOARD__LINK="", PYTHONWARNINGS="ignore")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    start = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        port,
        "--no-dashboard",
    ]
    scheduler = subprocess.Popen(start, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    worker = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        address,
        "--nthreads",
        "1",
        "--no-dashboard",
        "--local-directory",
        str(tmp_path),
    ]
    workers = [
        subprocess.Popen(worker, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)
    ]
    try:
        run_it = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "downrange.cli.main",
            "disperse",
            str(GENESIS),
            "-n",
            "60000",
            "--no-report",
            "--out",
        ]
        fly = subprocess.Popen(
            [*run_it, str(tmp_path / "c"), "--cluster", address],
            env=env,
            stderr=subprocess.PIPE,
            text=True,
            stdout=subprocess.DEVNULL,
        )
        for _ in range(6000):
            if list((tmp_path / "c").glob("shard-*.parquet")) or fly.poll() is not None:
                break
            time.sleep(0.05)
        workers[0].kill()
        _, err = fly.communicate(timeout=300)
        assert fly.returncode == 0, err
    finally:
        for p in (*workers, scheduler):
            p.kill()
            p.wait()
    assert call("disperse", GENESIS, "-n", 60000, "--out", tmp_path / "local", "--no-report")[0] == 0
    for path in sorted((tmp_path / "local").glob("shard-*.parquet")):
        assert (tmp_path / "c" / path.name).read_bytes() == path.read_bytes()


def test_a_scheduler_that_goes_away_is_one_sentence(tmp_path):
    """Scheduler killed on the way: no traceback, what was flown is kept, and the lock is given back."""
    pytest.importorskip("distributed")
    env = dict(os.environ, PYTHONWARNINGS="ignore")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address, module = f"tcp://127.0.0.1:{port}", [sys.executable, "-W", "ignore", "-m"]
    quiet = {"env": env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    start = [*module, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"]
    scheduler = subprocess.Popen(start, **quiet)
    start = [*module, "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny", "--local-directory", str(tmp_path)]  # fmt: skip
    worker = subprocess.Popen(start, **quiet)
    out = tmp_path / "c"
    command = [*module, "downrange.cli.main", "disperse", str(GENESIS), "-n", "400000", "--no-report", "--out", str(out), "--cluster", address]  # fmt: skip
    try:
        fly = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True, stdout=subprocess.DEVNULL)
        for _ in range(6000):
            if list(out.glob("shard-*.sha256")) or fly.poll() is not None:
                break
            time.sleep(0.05)
        scheduler.kill()
        _, err = fly.communicate(timeout=300)
    finally:
        for p in (worker, scheduler):
            p.kill()
            p.wait()
    assert fly.returncode == 2 and "Traceback" not in err
    lines = [line for line in err.splitlines() if line and not line.endswith(" ...")]  # what it was at stands above
    assert (
        len(lines) == 1 and lines[0].startswith("error: [--cluster]: the Dask cluster at") and "goes on" in lines[0]
    ), err
    assert list(out.glob("shard-*.sha256")) and not list(out.glob("*.lock"))


def test_no_cluster_there(call, tmp_path):  # noqa: F811
    pytest.importorskip("distributed")
    from downrange.dispersion.cluster import run_on_cluster
    from downrange.errors import InputError

    with pytest.raises(InputError, match="no Dask scheduler answers"):
        list(run_on_cluster(None, [], "tcp://127.0.0.1:9", timeout=1.0))  # type: ignore[arg-type]
