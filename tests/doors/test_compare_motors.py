"""`downrange compare --motor`, `--motors` and `--set`: the same numbers as flying each alone."""

import csv
import json
import math

import numpy as np
import pytest

from downrange.design.motors import certification, delay_costs, fittings
from downrange.flight import fly
from downrange.motor.catalogue import motor_from_catalogue
from downrange.project import open_project
from downrange.project.choosing import rank_motors


def test_a_motor_compared_flies_as_it_does_alone(project, call):
    code, out, _ = call("compare", project / "launch.yaml", "--motor", "Estes C6-5", "--motor", "Estes B6-4", "--json")
    assert code == 0
    for row in json.loads(out)["motors"]:
        alone = fly(open_project(project / "launch.yaml", motor=row["motor"]).launch, interpreted=False).summary()
        for key in (
            "apogee_agl_m",
            "apogee_pressure_altitude_agl_m",
            "rail_exit_speed_m_s",
            "thrust_to_weight",
            "max_mach",
            "landing_distance_m",
            "optimum_delay_s",
        ):
            assert row[key] == pytest.approx(alone[key], rel=1e-12), key
        assert row["apogee_band"]["p5_m"] < row["apogee_agl_m"] < row["apogee_band"]["p95_m"]
        assert row["drift_at_hold_wind_m"] > row["landing_distance_m"]
        assert row["hold_wind_m_s"] == pytest.approx(20 * 0.44704)


def test_delays_are_those_sold_and_cost_their_speed(project):
    """The speed at ejection is that of a flight on which nothing opened; near the apogee it is least."""
    flight = fly(open_project(project / "launch.yaml", motor="Estes C6-5").launch, interpreted=False)
    costs = delay_costs(flight)
    assert [d.delay for d in costs] == sorted(motor_from_catalogue("Estes C6").delays)
    best = min(costs, key=lambda d: abs(d.late))
    assert best.airspeed == min(d.airspeed for d in costs)
    for d in costs:
        assert d.late == pytest.approx(d.delay - flight.optimum_delay, abs=1e-6)
    five = next(d for d in costs if d.delay == 5)
    assert five.airspeed == pytest.approx(flight.figures["deployment_airspeed"], rel=1e-3)


def test_one_motor_stands_beside_the_files_own(project, call):
    code, out, _ = call("compare", project / "launch.yaml", "--motor", "Estes B6-4", "--json")
    assert code == 0
    assert [m["designation"] for m in json.loads(out)["motors"]] == ["C6", "B6"]


def test_the_ranking_is_that_of_the_flights(project):
    from downrange.project.asking import read_wants

    opened = open_project(project / "launch.yaml")
    ranking = rank_motors(opened, "18 mm B", read_wants(["apogee 210 m"]))
    assert len(ranking.names) >= 4
    assert list(ranking.points) == sorted(ranking.points)
    for name, flight, points in zip(ranking.names, ranking.flights, ranking.points, strict=True):
        alone = fly(
            open_project(project / "launch.yaml", motor=name, delay=flight.launch.motor_delay).launch, interpreted=False
        )
        assert flight.apogee == pytest.approx(alone.apogee, rel=1e-12), name
        assert points == pytest.approx(100 * abs(alone.apogee - 210) / 210, rel=1e-9)
        assert flight.launch.motor_delay in flight.launch.motor.delays
    assert ranking.looked_at == len(ranking.names) + sum(ranking.left_out.values())


def test_the_ranking_says_whether_anything_has_it_all(project, call, tmp_path):
    table = tmp_path / "motors.csv"
    code, out, _ = call(
        "compare",
        project / "launch.yaml",
        "--motors",
        "18 mm B",
        "--goal",
        "apogee 150..250 m",
        "--out",
        table,
        "--json",
    )
    said = json.loads(out)
    assert code == 0
    assert said["motors"][0]["met"]
    with table.open(encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    assert [r["motor"] for r in rows] == [m["motor"] for m in said["motors"]]
    assert float(rows[0]["apogee_agl_m"]) == said["motors"][0]["apogee_agl_m"]
    code, _, _ = call("compare", project / "launch.yaml", "--motors", "18 mm B", "--goal", "apogee 5000 m")
    assert code == 1


def test_a_class_leaves_the_others_out(project, call):
    code, out, _ = call("compare", project / "launch.yaml", "--motors", "18 mm", "--goal", "A or less", "--json")
    assert code == 0
    from downrange.motor import impulse_class

    for m in json.loads(out)["motors"]:
        assert impulse_class(motor_from_catalogue(m["motor"]).impulse) in ("1/8A", "1/4A", "1/2A", "A")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--motor", "Estes C66"), "no motor called"),
        (("--motor", "Estes C6-5", "--motor", "Estes C6-5"), "named twice"),
        (("--motor", "AeroTech J350W"), "mm wide but the mount"),
        (("--motors", "999 mm"), "no motor of the catalogue"),
        (("--motors", "54 mm J"), "no motor is left"),
        (("--motors", "18 mm", "--goal", "apogy 3 m"), "did you mean 'apogee'"),
        (("--motor", "Estes C6-5", "--set", "fins.span=60mm"), "one question at a time"),
        (("--goal", "apogee 3 m"), "go with --motors"),
        (("--motor", "Estes C6-5", "--out", "x.doc"), "should end in .png"),
        (("--set", "fins.spam=60mm"), "did you mean 'fins.span'"),
    ],
)
def test_bad_questions_are_refused_in_words(project, call, args, words):
    code, out, err = call("compare", project / "launch.yaml", *args)
    assert code == 2, (out, err)
    assert words in err
    assert "Traceback" not in err


def test_a_changed_value_stands_beside_the_files(project, call):
    code, out, _ = call("compare", project / "launch.yaml", "--set", "fins.span=60mm", "--json")
    said = json.loads(out)
    assert code == 0
    rows = {r["key"]: r["values"] for r in said["rows"]}
    assert said["sides"] == ["launch.yaml", "fins.span=60mm"]
    assert rows["cp_m"][1] > rows["cp_m"][0]
    assert rows["apogee_agl_m"][1] < rows["apogee_agl_m"][0]


def test_the_tables_are_whole_at_80_columns(project, call, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    figure = tmp_path / "m.png"
    code, out, _ = call(
        "compare", project / "launch.yaml", "--motor", "Estes C6-5", "--motor", "Estes B6-4", "--out", figure
    )
    assert code == 0
    assert all(len(line) <= 80 for line in out.splitlines())
    assert "…" not in out
    assert figure.stat().st_size > 10_000


def test_levels_and_fittings_are_those_of_the_size():
    """NAR: level 1 flies H and I, level 2 J to L, level 3 M to O."""
    assert certification(motor_from_catalogue("AeroTech H128W")) == "level 1"
    assert certification(motor_from_catalogue("AeroTech J350W")) == "level 2"
    assert certification(motor_from_catalogue("Cesaroni 4807L3150-P")) == "level 2"
    assert certification(motor_from_catalogue("AeroTech M1297W")) == "level 3"
    assert certification(motor_from_catalogue("Estes C6")) == "none"


def test_a_thin_motor_in_a_wide_mount_needs_an_adapter(project):
    opened = open_project(project / "launch.yaml", motor="Estes A3", delay=4.0)  # 13 mm in 18 mm
    assert fittings(opened.launch)[0] == "adapter 18 to 13 mm"
    assert fittings(open_project(project / "launch.yaml").launch) == ("motor hook 18 mm",)


def test_a_delay_past_the_landing_has_no_speed(project):
    """A delay so long that the rocket is down by then says so, and is no number."""
    opened = open_project(project / "launch.yaml", motor="Estes A8-5")
    from dataclasses import replace

    motor = replace(opened.launch.motor, delays=(3.0, 60.0), sold=())
    flight = fly(replace(opened.launch, motor=motor, motor_delay=3.0), interpreted=False)
    late = delay_costs(flight)[-1]
    assert math.isnan(late.airspeed)
    assert np.isfinite(delay_costs(flight)[0].airspeed)


def test_python_has_the_same_door(project):
    """`dr.compare` gives what the command prints, and refuses what it refuses."""
    import downrange as dr
    from downrange.errors import InputError

    cards = dr.compare(project / "launch.yaml", ["Estes C6-5"])
    alone = fly(open_project(project / "launch.yaml", motor="Estes C6-5").launch, interpreted=False)
    assert cards[0].summary()["apogee_agl_m"] == pytest.approx(alone.apogee, rel=1e-12)
    ranking = dr.compare(dr.load(project / "launch.yaml"), "18 mm B", goal="apogee 210 m")
    assert ranking.points[0] < ranking.points[-1]
    for bad, words in ((["Estes C66"], "no motor called"), ([], "list of names"), (["Estes C6-5", 3], "list of names")):
        with pytest.raises(InputError, match=words):
            dr.compare(project / "launch.yaml", bad)
    with pytest.raises(InputError, match="a goal ranks"):
        dr.compare(project / "launch.yaml", ["Estes C6-5"], goal="apogee 3 m")
