"""The command line and the project files: real calls, exit codes, messages that help."""

import csv
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from downrange.cli.main import COMMANDS

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def edit(folder: Path, file: str, old: str, new: str) -> Path:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder / "launch.yaml"


def test_starter_checks_and_flies_as_it_is(project, call):
    code, out, _ = call("check", project / "launch.yaml", "--json")
    seen = json.loads(out)
    assert code == 0 and seen["fit_to_fly"] and seen["warnings"] == []
    code, out, _ = call("fly", project / "launch.yaml", "--json")
    assert code == 0 and 200 < json.loads(out)["apogee_agl_m"] < 450
    code, out, err = call("new", project)
    assert code == 2 and "not an empty folder" in err


def test_json_has_the_documented_keys(call):
    code, out, _ = call("fly", EXAMPLES / "genesis" / "launch.yaml", "--json")
    s = json.loads(out)
    keys = """apogee_agl_m apogee_pressure_altitude_agl_m time_to_apogee_s max_speed_m_s max_mach max_acceleration_m_s2
        max_dynamic_pressure_pa liftoff_mass_kg thrust_to_weight rail_exit_speed_m_s rail_exit_stability_cal static_margin_cal
        min_stability_cal burnout_time_s optimum_delay_s flight_time_s ground_hit_speed_m_s landing_east_m landing_north_m
        landing_latitude_deg landing_longitude_deg landing_energy_j bodies events warnings"""
    assert code == 0 and set(keys.split()) <= set(s)
    assert s["apogee_agl_m"] == pytest.approx(3051, rel=0.01)  # what its altimeter's record means in that day's air
    assert s["apogee_pressure_altitude_agl_m"] == pytest.approx(2916, rel=0.01)  # what it showed
    assert [e["name"] for e in s["events"]][:5] == ["lift-off", "rail exit", "free of the rail", "burn-out", "apogee"]


@pytest.mark.parametrize("name", sorted(p.name for p in EXAMPLES.iterdir() if p.is_dir()))
def test_every_example_flies_and_writes_everything(name, tmp_path, call):
    out = tmp_path / "out"
    code, _, err = call("fly", EXAMPLES / name / "launch.yaml", "--json", "--out", out)
    assert code == 0, err
    files = {
        "summary.json",
        "trajectory.csv",
        "trajectory.parquet",
        "flight.kml",
        "flight.png",
        "stability.png",
        "ground_track.png",
        "rocket.png",
    }
    assert {p.name for p in out.iterdir()} == files
    with (out / "trajectory.csv").open(encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    height = np.array([float(r["altitude_agl_m"]) for r in rows])
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert height.max() == pytest.approx(summary["apogee_agl_m"], abs=0.05)
    time = np.array([float(r["time_s"]) for r in rows])
    up = np.array([float(r["velocity_up_m_s"]) for r in rows])
    assert np.trapezoid(up, time) == pytest.approx(height[-1], abs=1.0)  # speed integrates to height
    import pyarrow.parquet as pq

    assert pq.read_table(out / "trajectory.parquet").num_rows == len(rows)
    kml = ET.parse(out / "flight.kml")
    placemarks = len(kml.findall(".//{http://www.opengis.net/kml/2.2}Placemark"))
    bodies = len(kml.findall(".//{http://www.opengis.net/kml/2.2}LineString"))
    foremost = 1 + len(summary["events"])
    assert bodies == max(1, sum(b["landing_energy_j"] is not None for b in summary["bodies"]) if bodies > 1 else 1)
    assert placemarks == foremost if bodies == 1 else placemarks >= foremost + 2 * (bodies - 1)
    assert all((out / p).stat().st_size > 8000 for p in files if p.endswith("png"))


def test_the_starter_is_the_first_example():
    from importlib import resources

    starter = resources.files("downrange.project").joinpath("starter", "kit")
    for file in ("launch.yaml", "rocket.yaml", "site.yaml"):
        assert starter.joinpath(file).read_text(encoding="utf-8") == (EXAMPLES / "first_rocket" / file).read_text(
            encoding="utf-8"
        )


def test_flags_replace_what_the_file_says(project, call):
    launch = project / "launch.yaml"

    def apogee(*flags):
        code, out, err = call("fly", launch, "--json", *flags)
        assert code in (0, 1), err
        return json.loads(out)

    base = apogee()
    assert apogee("--wind", "0 m/s from 0 deg")["landing_east_m"] < 0.3 * base["landing_east_m"]
    assert apogee("--elevation", "70 deg")["apogee_agl_m"] < base["apogee_agl_m"]
    assert apogee("--azimuth", "0 deg")["landing_north_m"] > base["landing_north_m"] + 5
    code, _, err = call("fly", launch, "--wind", "gusty")
    assert code == 2 and "5 m/s from 270 deg" in err


def test_units_on_the_terminal(call):
    launch = EXAMPLES / "genesis" / "launch.yaml"
    us = call("fly", launch, "--units", "us")[1]
    assert re.search(r"apogee +(9,9|10,0)\d\d ft", us) and "ft/s" in us
    assert re.search(r"apogee +3,0\d\d m", call("fly", launch)[1])


def test_motor_commands(call, tmp_path):
    code, out, err = call("motor", "find", "54 mm K")
    assert code == 0 and "K550W" in call("motor", "find", "54 mm K", "--limit", "500")[1] and "motors" in err
    assert call("motor", "find", "123 mm A")[0] == 1
    code, out, _ = call("motor", "show", "K550W", "--out", tmp_path / "k.eng")
    assert code == 0 and "AeroTech" in out and "█" in out
    code, out, _ = call("motor", "show", tmp_path / "k.eng", "--json")
    assert json.loads(out)["impulse_n_s"] == pytest.approx(1624.9, rel=1e-3)
    code, _, err = call("motor", "show", "K551W")
    assert code == 2 and "did you mean" in err


def test_aero_and_plot(call, tmp_path, project):
    code, out, _ = call("aero", project / "rocket.yaml", "--mach", "0.3,0.6", "--json", "--out", tmp_path / "a.png")
    rows = json.loads(out)["rows"]
    assert (
        code == 0
        and rows[1]["cd_power_off"] > 0.2
        and rows[0]["cn_alpha_per_rad"] > 10
        and (tmp_path / "a.png").exists()
    )
    code, out, err = call("aero", project / "rocket.yaml", "--mach", "0.5..6")
    assert code == 0 and "not known" not in err  # the full method holds to Mach 8, Barrowman's to 0.9
    code, out, err = call("aero", project / "rocket.yaml", "--mach", "0.5,2", "--aero", "barrowman")
    assert code == 0 and "above Mach 0.9 the errors of this method are not known" in err
    code, out, err = call("aero", project / "rocket.yaml", "--mach", "9")
    assert code == 2 and "run from 0 to 8" in err
    assert call("aero", project / "rocket.yaml", "--mach", "fast")[0] == 2
    code, out, _ = call(
        "plot", project / "launch.yaml", "--out", tmp_path / "p", "--figure", "rocket", "--format", "svg"
    )
    assert code == 0 and (tmp_path / "p" / "rocket.svg").read_text(encoding="utf-8").count("<path") > 10


def test_schema_accepts_the_examples_in_shape(call):
    for file in ("launch", "rocket", "site"):
        code, out, _ = call("schema", file)
        schema = json.loads(out)
        assert code == 0 and schema["additionalProperties"] is False
    code, out, _ = call("schema", "rocket")
    assert "TrapezoidalFins" in json.loads(out)["$defs"]


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("rocket.yaml", "root_chord: 60 mm", "rootchord: 60 mm", "unknown key 'rootchord' - did you mean 'root_chord'"),
        ("rocket.yaml", "root_chord: 60 mm", "root_chord: 60 kg", "not a unit of the right kind"),
        ("rocket.yaml", "root_chord: 60 mm", "root_chord: 60", "60 has no unit"),
        ("rocket.yaml", "root_chord: 60 mm", "root_chord: -60 mm", "must be above 0"),
        ("rocket.yaml", "    material: polystyrene", "    mass: -3 g", "must be at least 0"),
        ("rocket.yaml", "    material: polystyrene", "    material: polystyrine", "did you mean 'polystyrene'"),
        ("rocket.yaml", "type: shock cord", "type: shock chord", "did you mean 'shock cord'"),
        ("rocket.yaml", "offset: 40 mm", "offset: 4000 mm", "lies outside"),
        ("rocket.yaml", "    length: 300 mm", "    longth: 300 mm", "'length'"),
        ("rocket.yaml", "finish: normal paint", "finish: shiny", "unknown finish 'shiny'"),
        ("rocket.yaml", "        count: 3", "        count: 0", "at least 1 and at most 100"),
        ("launch.yaml", "site: site.yaml", "site: sight.yaml", "no such file 'sight.yaml' - did you mean 'site.yaml'"),
        ("launch.yaml", "site: site.yaml", "site: ../../../etc/passwd", "leaves the project folder"),
        ("launch.yaml", "site: site.yaml", "sitte: site.yaml", "did you mean 'site'"),
        ("launch.yaml", "name: Estes C6", "name: Estes C66", "no motor called"),
        ("launch.yaml", "name: Estes C6", "name: AeroTech K550W", "mm wide but the mount"),
        ("launch.yaml", "length: 1 m", "length: 0.1 m", "longer rail or move the button"),
        ("launch.yaml", "elevation: 88 deg ± 1 deg", "elevation: 8 deg", "not between 30° and 90°"),
        ("launch.yaml", "from: 270 deg", "form: 270 deg", "did you mean 'from'"),
        ("launch.yaml", "temperature: 15 degC ± 2 degC", "temperature: 150 degC", "at most 350 K"),
        ("launch.yaml", "  wind:", "  profile: none.csv\n  wind:", "no such file"),
        ("launch.yaml", "rail:", "rail: [", "is not closed with"),
        ("site.yaml", "latitude: 46.5 deg", "latitude: 146.5 deg", "at least -90 and at most 90°"),
        ("site.yaml", "elevation: 450 m", "elevation: 45000 m", "at least -500 and at most 9000 m"),
    ],
)  # fmt: skip
def test_bad_input_says_where_and_what_would_be_right(project, call, file, old, new, says):
    launch = edit(project, file, old, new)
    code, _, err = call("fly", launch, "--json")
    assert code == 2 and says in err, err
    assert file in err and "Traceback" not in err


def test_errors_name_the_line(project, call):
    launch = edit(project, "rocket.yaml", "root_chord: 60 mm", "rootchord: 60 mm")
    line = next(
        i
        for i, t in enumerate((project / "rocket.yaml").read_text(encoding="utf-8").splitlines(), 1)
        if "rootchord" in t
    )
    assert f"rocket.yaml:{line}" in call("check", launch)[2]


def test_weak_motor_stays_on_the_pad_with_exit_code_one(project, call):
    launch = edit(
        project,
        "rocket.yaml",
        "      - type: shock cord",
        "      - type: mass\n        mass: 2 kg\n        offset: 100 mm\n\n      - type: shock cord",
    )
    code, out, _ = call("fly", launch, "--json")
    seen = json.loads(out)
    assert code == 1 and seen["result"] == "no_liftoff" and seen["apogee_agl_m"] is None
    assert any("stays on the pad" in w for w in seen["warnings"])
    assert call("check", launch)[0] == 1


def test_profile_that_ends_below_the_apogee_says_what_is_used_above(project, call):
    (project / "w.csv").write_text(
        "height_agl_m,temperature_c,wind_speed_kt,wind_from_deg\n0,20,5,270\n100,19,10,280\n", encoding="utf-8"
    )
    launch = edit(project, "launch.yaml", "  wind:", "  profile: w.csv\n  wind:")
    code, out, _ = call("fly", launch, "--json")
    assert code == 0 and any("profile ends at 550 m" in w for w in json.loads(out)["warnings"])


def test_drag_table_that_ends_says_so(project, call):
    (project / "cd.csv").write_text("mach,cd\n0,0.7\n0.2,0.65\n", encoding="utf-8")
    path = project / "launch.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\naero:\n  drag: cd.csv\n", encoding="utf-8")
    code, out, _ = call("fly", path, "--json")
    assert code == 0 and any("drag table ends at Mach 0.2" in w for w in json.loads(out)["warnings"])


def test_yaml_bombs_are_refused(tmp_path, call):
    big = tmp_path / "big.yaml"
    big.write_text("a: " + "x" * 10_000_000, encoding="utf-8")
    code, _, err = call("fly", big)
    assert code == 2 and "too large" in err
    laughs = ["a0: &a0 [x]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 12)}]" for i in range(1, 12)]
    (tmp_path / "laughs.yaml").write_text("\n".join(laughs), encoding="utf-8")
    code, _, err = call("fly", tmp_path / "laughs.yaml")
    assert code == 2 and "aliases" in err
    (tmp_path / "binary.yaml").write_bytes(bytes(range(256)))
    assert call("fly", tmp_path / "binary.yaml")[0] == 2


def test_help_and_misspelt_commands(call):
    code, out, _ = call("--help")
    assert code == 0 and all(c in out for c in COMMANDS)
    for command in COMMANDS:
        assert call(command, "--help")[0] == 0
    code, _, err = call("flie")
    assert code == 2 and "did you mean 'fly'" in err
    assert call("fly", "nowhere.yaml")[0] == 2


def test_scorecard_and_breakdown(call, tmp_path):
    code, out, _ = call("aero", "--scorecard", "--json", "--out", tmp_path / "score.csv")
    data = json.loads(out)
    assert (
        code == 0
        and len(data["rows"]) > 150
        and {"arcas", "basic"} <= {t["model"].split()[0].lower() for t in data["tables"]}
    )
    assert len((tmp_path / "score.csv").read_text(encoding="utf-8").splitlines()) == len(data["rows"]) + 1
    launch = EXAMPLES / "genesis" / "launch.yaml"
    code, out, _ = call("aero", launch, "--mach", "0.3..2", "--json", "--out", tmp_path / "parts.csv")
    rows = json.loads(out)["rows"]
    assert code == 0 and rows[0]["margin_loaded_cal"] < rows[0]["margin_empty_cal"] and rows[0]["sigma_cd_relative"] > 0
    kinds = sum(v for k, v in rows[0].items() if k.startswith("cd_") and "power" not in k)
    parts = [p for p in json.loads(out)["parts"] if p["coefficient"] == "CD" and p["mach"] == 0.3]
    assert sum(p["power_off"] for p in parts) == pytest.approx(kinds, rel=1e-6)
    assert (tmp_path / "parts.csv").read_text(encoding="utf-8").startswith("mach,part,path,coefficient")
    assert "CNα" in call("aero", launch)[1]


def test_aero_methods(call):
    launch = EXAMPLES / "genesis" / "launch.yaml"
    full, old = (json.loads(call("check", launch, "--json", *flag)[1]) for flag in ((), ("--aero", "barrowman")))
    assert full["cp_m"] > old["cp_m"] and full["normal_slope_per_rad"] > 1.1 * old["normal_slope_per_rad"]
    assert full["static_margin_barrowman_cal"] == pytest.approx(old["static_margin_cal"], abs=1e-6)
    assert call("fly", launch, "--aero", "guess")[0] == 2


def test_the_rule_of_one_calibre_is_barrowmans(project, call):
    """A margin that only the body's share of the fins' lift makes is told."""
    launch = edit(project, "rocket.yaml", "span: 45 mm", "span: 21 mm")
    seen = json.loads(call("check", launch, "--json")[1])
    assert seen["static_margin_cal"] > 1 > seen["static_margin_barrowman_cal"]
    assert any("by Barrowman's method" in w for w in seen["warnings"])


def test_loads(call, tmp_path):
    launch = EXAMPLES / "genesis" / "launch.yaml"
    code, out, _ = call("loads", launch, "--json", "--out", tmp_path / "l.png")
    d = json.loads(out)
    assert (
        code == 0
        and d["fins"][0]["flutter_margin"] > 1.2
        and d["bending"]["largest_n_m"] > 1
        and (tmp_path / "l.png").exists()
    )
    assert d["stagnation_temperature_k"] > d["recovery_temperature_k"] > 300
    assert "flutter margin" in call("loads", launch)[1]
    assert call("loads", launch, "--gust", "5 kg")[0] == 2


def test_a_lost_fin_from_a_file_flies(project, call):
    before = call("fly", project / "launch.yaml", "--json")[1]
    launch = edit(project, "rocket.yaml", "thickness: 3 mm", "thickness: 3 mm\n        missing: [1]")
    code, out, _ = call("fly", launch, "--json")
    assert json.loads(out)["static_margin_cal"] < json.loads(before)["static_margin_cal"] - 0.3
    assert (
        json.loads(out)["apogee_agl_m"] != json.loads(before)["apogee_agl_m"] and json.loads(out)["result"] == "landed"
    )
    launch = edit(project, "rocket.yaml", "missing: [1]", "misalignments: [0.5 deg, 0 deg, -0.2 deg]")
    assert call("fly", launch, "--json")[0] == 0
    launch = edit(project, "rocket.yaml", "0.5 deg, 0 deg", "0.5 kg, 0 deg")
    assert call("fly", launch)[0] == 2


def test_a_motor_whose_delay_is_not_said_flies_with_the_nearest_to_the_best_and_says_so(project, call):
    launch = project / "launch.yaml"
    flown = {}
    for motor in ("Estes B6", "Estes B6-6", "Estes B6-2"):
        code, out, _ = call("fly", launch, "--motor", motor, "--json")
        flown[motor] = json.loads(out)
        assert code == 0
    asked = flown["Estes B6"]
    assert abs(6 - asked["optimum_delay_s"]) < 1  # 0, 2, 4, 6 are sold
    assert asked["deployment_time_s"] == pytest.approx(flown["Estes B6-6"]["deployment_time_s"])
    assert asked["deployment_time_s"] == pytest.approx(flown["Estes B6-2"]["deployment_time_s"] + 4)
    assert any("was not said: 6 s was flown" in w and "0, 2, 4, 6" in w for w in asked["warnings"])
    assert not any("was not said" in w for w in flown["Estes B6-6"]["warnings"])
    card = call("fly", launch, "--motor", "Estes B6-2")[1]
    assert "use 6; flown with 2" in " ".join(card.replace("│", " ").split())


def test_a_delay_on_the_command_line(project, call):
    launch = project / "launch.yaml"
    bare = json.loads(call("fly", launch, "--json", "--delay", "3")[1])
    unit = json.loads(call("fly", launch, "--json", "--delay", "3 s")[1])
    five = json.loads(call("fly", launch, "--json")[1])
    assert bare["deployment_time_s"] == unit["deployment_time_s"] == pytest.approx(five["deployment_time_s"] - 2)
    odd = json.loads(call("fly", launch, "--json", "--delay", "4 s")[1])
    assert any("flown with a delay of 4 s, but comes with 0, 3, 5, 7 s" in w for w in odd["warnings"])
    assert not any("but comes with" in w for w in bare["warnings"])
    code, _, err = call("fly", launch, "--delay", "-1 s")
    assert code == 2 and "between 0 and 600" in err
    code, _, err = call("fly", launch, "--motor", "C6-5")
    assert code == 2 and "[--motor]" in err and "'Estes C6-5' (8.817 N s" in err


def test_timings_say_where_the_time_went(call, project):
    code, _, err = call("fly", project, "--timings")
    said = {m[1].strip(): float(m[2]) for m in re.finditer(r"(?m)^(.+?)  +([\d.]+) s +\d+%$", err)}
    assert code == 0 and {"reading the files", "flying", "how well the apogee is known"} <= said.keys()
    assert said.pop("together") == pytest.approx(sum(said.values()), abs=0.05)
    assert "together" not in call("fly", project)[2]


@pytest.mark.parametrize(
    ("flag", "value", "right"),
    [
        ("--elevation", "85", "like '84 deg'"), ("--elevation", "200 deg", "between 30° and 90°"), ("--azimuth", "x", "'270 deg'"),
        ("--delay", "x", "'1.5 s'"), ("--delay", "-2 s", "between 0 and 600"), ("--motor", "C99", "downrange motor find"), ("--wind", "8 mm", "from 270 deg"),
    ],
)  # fmt: skip
def test_an_error_of_a_flag_names_the_flag_and_no_file(call, project, flag, value, right):
    code, _, err = call("fly", project, f"{flag}={value}")
    (line,) = (x for x in err.splitlines() if x.startswith("error"))
    assert code == 2 and line.startswith(f"error: [{flag}]: ") and right in line


def test_the_files_units_hold_for_its_rocket_too(call, project):
    """`units: us` in the launch file: the coefficients of the rocket beside it, and of the launch, are in inches."""
    launch = project / "launch.yaml"
    metric = call("aero", project / "rocket.yaml", "--mach", "0.3")[1]
    launch.write_text("units: us\n" + launch.read_text(encoding="utf-8"), encoding="utf-8")
    for asked in (project / "rocket.yaml", launch):
        text = call("aero", asked, "--mach", "0.3")[1]
        assert "CP, in" in text and "CP, m" not in text and "CP, m" in metric
    assert call("aero", project / "rocket.yaml", "--mach", "0.3", "--units", "metric")[1] == metric
    assert " ft/s" in call("compare", launch, launch)[1]
    winds = project / "day.csv"
    winds.write_text("height_agl_m,wind_speed_m_s,wind_from_deg\n10,4,270\n500,8,270\n", encoding="utf-8")
    assert "mph" in call("weather", "show", launch, winds)[1]
