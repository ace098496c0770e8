"""`downrange log show`: as a person and a program call it."""

import json

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
