"""`downrange log show`: as a person and a program call it."""

import json
import math

import pytest

import downrange as dr
import flightlogs as fl


def test_show_says_what_a_log_is(call, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    path = fl.write(tmp_path, fl.perfectflite(), "a.pf2")
    code, out, err = call("log", "show", path)
    assert code == 0 and "PerfectFlite" in out and "854.2 m at 14.2 s" in out and "the device says: apogee" in out, err
    assert max(map(len, out.splitlines())) <= 80
    assert "2,80" in call("log", "show", path, "--units", "us")[1]


def test_show_as_json(call, tmp_path):
    paths = [fl.write(tmp_path, w(), f"{n}_{f}") for n, (f, w) in fl.SAMPLES.items()]
    code, out, _ = call("log", "show", *paths, "--json")
    logs = json.loads(out)["logs"]
    assert code == 0 and len(logs) == len(fl.SAMPLES)
    for one in logs:
        assert (
            one["apogee_m"] == pytest.approx(fl.TOP, abs=1.5) and one["apogee_definition"] and one["channels"][0]["why"]
        )
        assert {
            "file",
            "sha256",
            "family",
            "confidence",
            "zero",
            "states",
            "claims",
            "notes",
            "warnings",
            "time_to_apogee_s",
        } <= set(one)


def test_columns_are_told_and_remembered(call, tmp_path):
    t = fl.clock(20)
    path = fl.write(tmp_path, fl.table(["A", "B"], 1000 * t, fl.height(t) / 0.3048), "odd.csv")
    code, _, err = call("log", "show", path)
    assert code == 2 and "--column" in err
    assert call("log", "show", path, "--column", "A=time ms", "--column", "B=altitude_agl ft", "--remember")[0] == 0
    code, out, _ = call("log", "show", path, "--json")
    assert code == 0 and json.loads(out)["logs"][0]["apogee_m"] == pytest.approx(fl.TOP, abs=0.5)
    assert call("log", "show", path, "--column", "nonsense")[0] == 2


def test_out_writes_what_was_read(call, tmp_path):
    path = fl.write(tmp_path, fl.raven(), "r.csv")
    assert (
        call("log", "show", path, "--out", tmp_path / "r.parquet")[0] == 0
        and (tmp_path / "r.parquet").stat().st_size > 1000
    )
    assert call("log", "show", path, "--out", tmp_path / "r.csv.txt")[0] == 2


def test_the_python_door_is_the_same(tmp_path):
    path = fl.write(tmp_path, fl.altus_csv(), "a.csv")
    log = dr.read_log(path)
    assert log.family == "Altus Metrum CSV" and log.get("pressure").unit == "Pa" and "Altus" in repr(log)
    with pytest.raises(dr.InputError, match="needs the unit"):
        dr.read_log(path, columns={"pressure": "pressure"})


def test_names_in_a_log_cannot_drive_the_terminal(call, tmp_path):
    t = fl.clock(20)
    path = fl.write(tmp_path, fl.table(["time (s)", "altitude (m)", "x\x1b[31m\u202e"], t, fl.height(t), t), "e.csv")
    for words in ((), ("--json",)):
        code, out, _ = call("log", "show", path, *words)
        assert code == 0 and "\x1b" not in out and "\u202e" not in out


def test_reconstruct_says_writes_and_agrees(call, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    path = fl.write(tmp_path, "\n".join(fl.aim_xtra().split("\n")[:2400]) + "\n", "x.csv")  # its first 22 s
    code, out, err = call("log", "reconstruct", path, "--out", tmp_path / "r")
    assert (
        code == 0
        and "as a barometric altimeter shows it" in out
        and "apogee" in out
        and max(map(len, out.splitlines())) <= 80
    ), err
    assert {p.name for p in (tmp_path / "r").iterdir()} == {
        "trajectory.csv",
        "flight.html",
        "flight.png",
        "residuals.png",
    }
    page = (tmp_path / "r" / "flight.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 2 and "http" not in page.replace("http-equiv", "")
    rows = (tmp_path / "r" / "trajectory.csv").read_text().splitlines()
    assert rows[0].startswith("time_s,altitude_agl_m,altitude_agl_sigma_m") and len(rows) > 300
    said = json.loads(call("log", "reconstruct", path, "--json")[1])
    assert (
        said["apogee_pressure_altitude_agl_m"] == pytest.approx(fl.TOP, abs=3)
        and said["apogee_agl_sigma_m"] > said["apogee_pressure_altitude_agl_sigma_m"]
    )
    assert {e["name"] for e in said["events"]} >= {"lift-off", "burn-out", "apogee"}


def test_track_by_baseline_and_by_file(call, tmp_path):
    code, out, _ = call(
        "track", "--baseline", "300 m", "--sight", "30 deg 50 deg", "--sight", "70 deg 62 deg", "--json"
    )
    said = json.loads(out)
    assert (
        code == 0
        and said["geodesic"]["altitude_m"] == pytest.approx(324.600, abs=1e-3)
        and said["vertical_midpoint"]["closure"] == pytest.approx(0.08713, abs=1e-5)
    )
    assert "closed" in call("track", "--baseline", "300 m", "--sight", "30 deg 50 deg", "--sight", "70 deg 62 deg")[1]
    file = tmp_path / "s.yaml"
    file.write_text(
        "error: 0.5 deg\nstations:\n  - {name: w, east: -150 m, north: 0 m}\n  - {name: e, east: 150 m, north: 0 m}\n  - {name: n, east: 0 m, north: 200 m}\nsights:\n"
        "  - {station: w, azimuth: 45 deg, elevation: 54.7356 deg}\n  - {station: e, azimuth: 315 deg, elevation: 54.7356 deg}\n  - {station: n, elevation: 80.54 deg}\n"
    )
    code, out, err = call(
        "track", file, "--json"
    )  # by hand: the lines meet 150 m north of the middle, at 212.13 m tan 54.7356° = 300 m
    said = json.loads(out)
    assert (
        code == 0
        and said["altitude_m"] == pytest.approx(300, abs=0.5)
        and said["north_m"] == pytest.approx(150, abs=0.5)
    ), err
    assert 0 < said["altitude_sigma_m"] < 6 and said["degrees_of_freedom"] == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [("stations: []\nsights: []\n", "stations should be a list"), ("stations: [{name: a, east: 1 m}]\nsights: [{station: a, elevation: 3 deg}]\n", "east and north"),
     ("stations: [{name: a, east: 1 m, north: 1 m}]\nsights: [{station: a, elevation: 3 deg}]\n", "needs its error"), ("station: 3\n", "did you mean 'stations'")],
)  # fmt: skip
def test_files_of_sights_that_are_wrong(call, tmp_path, text, says):
    (tmp_path / "s.yaml").write_text(text)
    code, _, err = call("track", tmp_path / "s.yaml")
    assert code == 2 and says in err and "s.yaml" in err
    assert call("track")[0] == 2 and call("track", "--baseline", "300 m", "--sight", "1 deg")[0] == 2


FIXES = """
pad: {latitude: 39.39 deg, longitude: -8.29 deg, elevation: 160 m}
stations:
  - {name: a, east: 0 m, north: -400 m}
sights:
  - {station: a, elevation: 45 deg, error: 0.5 deg}
fixes:
  - {latitude: 39.39 deg, longitude: -8.29 deg, error: 3 m}
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("error: 3 m", "up_error: 3 m", "error: 3 m"),
        ("longitude: -8.29 deg, error", "error", "latitude and longitude"),
        ("pad: {latitude: 39.39 deg, longitude: -8.29 deg, elevation: 160 m}\n", "", "need the pad's place"),
        (
            "{latitude: 39.39 deg, longitude: -8.29 deg, error",
            "{latitude: -8.29 deg, longitude: 39.39 deg, error",
            "right order",
        ),
        ("longitude: -8.29 deg, error", "longitude: -8.29 deg, altitude: 560 m, error", "up_error"),
        ("longitude: -8.29 deg, error", "longitude: -8.29 deg, up: 400 m, error", "goes with"),
        ("fixes:", "moving: maybe\nfixes:", "true or false"),
        ("fixes:", "moving: true\nfixes:", "time of every"),
        ("error: 3 m", "error: 3 m, sattelites: 7", "no key"),
    ],
)
def test_fixes_of_a_receiver_count_as_a_station(call, tmp_path, old, new, says):
    """By hand: 400 m south of the fix, 45 degrees up, so 400 m high; half a degree is 400 · 2 · 0.00873 = 7.0 m, with 3 m of distance 7.6 m."""
    file = tmp_path / "s.yaml"
    file.write_text(FIXES)
    code, out, _ = call("track", str(file), "--json")
    said = json.loads(out)
    assert code == 0 and said["altitude_m"] == pytest.approx(400, abs=0.5)
    assert said["altitude_sigma_m"] == pytest.approx(math.hypot(800 * math.radians(0.5), 3), rel=0.01)
    assert [f["axis"] for f in said["fix_residuals"]] == ["east", "north"]
    file.write_text(FIXES.replace(old, new))
    code, _, err = call("track", str(file))
    assert code == 2 and says in " ".join(err.split())
