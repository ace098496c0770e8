"""What a newcomer types first: a folder, a rocket, another program's file, a wind in words; understood, or answered plainly."""

import json

import pytest

from downrange.errors import UnitError
from downrange.units import compass


def wind(project, text):
    path = project / "launch.yaml"
    head, tail = path.read_text(encoding="utf-8").split("  wind:\n")
    rest = tail[tail.index("\nrail:") :]
    path.write_text(f"{head}  wind: {text}\n{rest}", encoding="utf-8")
    return path


def test_a_folder_a_rocket_and_a_site_mean_the_launch_beside_them(project, call):
    right = json.loads(call("fly", project / "launch.yaml", "--json")[1])["apogee_agl_m"]
    for given in (project, project / "rocket.yaml", project / "site.yaml"):
        code, out, err = call("fly", given, "--json")
        assert code == 0 and json.loads(out)["apogee_agl_m"] == right
        assert "launch.yaml" in err  # says which
    (project / "launch.yaml").rename(project / "sunday.yaml")
    assert call("fly", project, "--json")[0] == 0
    (project / "monday.yaml").write_text((project / "sunday.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    code, _, err = call("fly", project / "rocket.yaml")
    assert code == 2 and "2 launch files here" in err and "'monday.yaml', 'sunday.yaml'" in err
    for name in ("monday", "sunday"):
        (project / f"{name}.yaml").unlink()
    code, _, err = call("fly", project / "rocket.yaml")
    assert code == 2 and "this is a rocket, and a launch says rocket: rocket.yaml" in err
    code, _, err = call("fly", project)
    assert code == 2 and "no launch file in this folder" in err


@pytest.mark.parametrize(
    ("name", "says"),
    [("x.ork", "an OpenRocket file"), ("x.CDX1", "a RASAero file"), ("x.rkt", "a RockSim file"), ("m.eng", "--motor m.eng")],
)
def test_files_of_other_programs_are_answered_in_words(tmp_path, call, name, says):
    (tmp_path / name).write_bytes(b"PK\x03\x04")
    for command in ("fly", "check", "aero"):
        code, _, err = call(command, tmp_path / name)
        assert code == 2 and says in err and "YAML" not in err and "UTF-8" not in err


@pytest.mark.parametrize(
    ("text", "east", "north"),
    [("{speed: 6 m/s, from: west}", 1, 0), ("10 mph from south", 0, 1), ("10 mph from NNE", -0.3827, -0.9239), ("5 m/s from south-west", 0.7071, 0.7071)],
)  # fmt: skip
def test_a_wind_in_words(project, call, text, east, north):
    launch = wind(project, text)
    s = json.loads(call("fly", launch, "--json", "--elevation", "90 deg")[1])
    away = (s["landing_east_m"] ** 2 + s["landing_north_m"] ** 2) ** 0.5
    assert away > 100
    assert s["landing_east_m"] / away == pytest.approx(east, abs=0.02) and s["landing_north_m"] / away == pytest.approx(
        north, abs=0.02
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("10 mph", "needs the direction that it comes from too: write it like '10 mph from west'"),
        ("{speed: 3 m/s, from: wset}", "'wset' is no direction - did you mean 'west'"),
        ("{speed:3 m/s, from: west}", "a space is missing after the colon, write 'speed: 3 m/s'"),
        ("3", "keys and values belong under 'wind'"),
    ],
)
def test_a_wind_that_cannot_be_read_says_what_would_be_right(project, call, text, says):
    code, _, err = call("fly", wind(project, text))
    assert code == 2 and says in err and "launch.yaml:1" in err


def test_other_first_words(project, call):
    launch = project / "launch.yaml"
    text = launch.read_text(encoding="utf-8")
    millibar = text.replace("temperature: 15 degC ± 2 degC", "pressure: 963 mb")
    assert millibar != text
    launch.write_text(millibar, encoding="utf-8")
    assert call("fly", launch, "--json")[0] == 0
    launch.write_text(text.replace("length: 1 m", "length: 1 1/2 in"), encoding="utf-8")
    assert "like '1.5 in'" in call("fly", launch)[2]
    launch.write_text(text, encoding="utf-8")
    site = project / "site.yaml"
    text = site.read_text(encoding="utf-8")
    site.write_text(text.replace("# ground:", "ground:").replace("#     - {", "    - {"), encoding="utf-8")
    code, _, err = call("fly", launch)
    assert code == 2 and "[ground]: keys and values belong under 'ground'" in err and "still a comment (#)?" in err


def test_weather_at_a_site_alone(project, tmp_path, call, monkeypatch):
    winds = tmp_path / "day.csv"
    winds.write_text("height_agl_m,wind_speed_m_s,wind_from_deg\n10,4,270\n500,8,270\n1500,12,270\n", encoding="utf-8")
    code, out, _ = call("weather", "show", project / "site.yaml", winds)
    assert code == 0 and "270°" in out
    monkeypatch.chdir(project)
    assert call("weather", "show", winds)[1] == out
    (project / "launch.yaml").unlink()
    code, _, err = call("weather", "show", winds)
    assert code == 2 and "downrange weather show LAUNCH FILE" in err
    asked = []
    monkeypatch.setattr(
        "downrange.formats.ensembles.open_meteo.fetch_open_meteo", lambda pad, **_: asked.append(pad) or b"{}"
    )
    assert call("weather", "fetch", "site.yaml", "--out", tmp_path / "f.json")[0] == 0
    assert asked[0].elevation == 450


def test_names_of_directions():
    assert [compass(w) for w in ("N", "east", "South-South-East", "WNW", "the west", "W ± 10 deg")] == [
        "0 deg", "90 deg", "157.5 deg", "292.5 deg", "270 deg", "270 deg ± 10 deg",
    ]  # fmt: skip
    assert compass("84 deg") == "84 deg" and compass(3) == 3
    for wrong in ("up", "northsouth", "wset"):
        with pytest.raises(UnitError, match="is no direction"):
            compass(wrong)


def without(text: str, *starts: str) -> str:
    """A text without the lines that begin so."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.strip().startswith(starts))


def test_what_was_not_said_and_matters_is_shown_by_check(project, call):
    """Square fins for rounded ones: the default costs the starter a quarter of its height."""
    launch, rocket = project / "launch.yaml", project / "rocket.yaml"
    text = rocket.read_text(encoding="utf-8")

    def taken() -> list[str]:
        return json.loads(call("check", launch, "--json")[1])["assumed"]

    assert taken() == [] and "Not said" not in call("check", launch)[1]
    high = json.loads(call("fly", launch, "--json")[1])["apogee_agl_m"]
    rocket.write_text(without(text, "section: rounded"), encoding="utf-8")
    assert taken() == ["trapezoidal fins: section square"]
    assert "Not said, so taken: trapezoidal fins: section square" in call("check", launch)[1]
    assert json.loads(call("fly", launch, "--json")[1])["apogee_agl_m"] < 0.85 * high
    bare = without(text, "cd: 0.75", "finish: normal paint", "material: balsa")
    rocket.write_text(bare, encoding="utf-8")
    assert taken() == ["finish normal paint", "parachute: cd 0.75", "trapezoidal fins: material plywood"]
    rocket.write_text(bare.replace("parts:", "measured: {mass: 34 g}\nparts:", 1), encoding="utf-8")
    assert not any("material" in s for s in taken())  # it was weighed


def test_units_as_a_setting_of_the_project(project, call):
    launch = project / "launch.yaml"
    us = call("check", launch, "--units", "us")[1]
    assert " ft/s" in us and " oz" in us and " m/s" not in us
    launch.write_text("units: us\n" + launch.read_text(encoding="utf-8"), encoding="utf-8")
    assert call("check", launch)[1] == us
    assert " m/s" in call("check", launch, "--units", "metric")[1]
    assert call("check", launch, "--units", "imperial")[0] == 2
    assert call("fly", launch, "--json")[1] == call("fly", launch, "--json", "--units", "metric")[1]  # SI, always


def test_limits_in_us_units_stand_as_the_rule_states_them():
    from downrange.project.rules import read_pack
    from downrange.report.safety import show_beside, show_limit
    from downrange.safety.rules import Fact, answer

    shown = {}
    for pack, facts in (
        ("nasa-sl", {"rail_exit_speed": Fact(15.0, "speed"), "section_energy": Fact(120.0, "energy"), "drift_20_mph": Fact(800.0, "length")}),
        ("nar-hpr", {"site_dimension": Fact(300.0, "length"), "apogee": Fact(300.0, "length"), "surface_wind": Fact(5.0, "speed")}),
        ("faa-101", {"airport_distance": Fact(8000.0, "length"), "class_1": Fact(0.0, "number")}),
    ):  # fmt: skip
        for a in answer((read_pack(pack),), facts):
            shown[f"{pack} {a.rule.quantity}"] = (show_limit(a, "us"), show_beside(a.value, a, "us"), show_limit(a))
    assert shown["nasa-sl rail_exit_speed"] == ("≥ 52 ft/s", "49.2 ft/s", "≥ 15.8 m/s")
    assert shown["nasa-sl section_energy"] == ("≤ 75 ft·lbf", "88.5 ft·lbf", "≤ 102 J")
    assert shown["nasa-sl drift_20_mph"] == ("≤ 2,500 ft", "2,625 ft", "≤ 762 m")
    assert shown["nar-hpr surface_wind"] == ("≤ 20 mph", "11.2 mph", "≤ 8.94 m/s")
    assert shown["nar-hpr site_dimension"][:2] == ("≥ 1,500 ft", "984 ft")
    assert shown["faa-101 airport_distance"] == ("≥ 5 NM", "4.32 NM", "≥ 9,260 m")


def test_no_colour_where_nobody_wants_it(project):
    import os
    import subprocess
    import sys

    for extra in ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, {}):
        env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")} | {"COLUMNS": "80"} | extra
        run = subprocess.run(
            [sys.executable, "-m", "downrange.cli.main", "check", str(project)],
            env=env,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert run.returncode == 0 and "\x1b" not in run.stdout and max(map(len, run.stdout.splitlines())) <= 80


@pytest.mark.parametrize("name", ["yes", "12", "a: b", "#1", "[x", 'it\'s "it"', "- a", "Ünï ✈", "null", "{a"])
def test_a_starter_is_named_as_its_folder_whatever_that_is(call, tmp_path, name):
    code, _, err = call("new", tmp_path / name)
    assert code == 0, err
    code, out, err = call("fly", tmp_path / name, "--json")
    assert code == 0 and json.loads(out)["rocket"] == name, err
