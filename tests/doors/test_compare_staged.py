"""A log of one body of a vehicle that comes apart, laid on its prediction: flights of known truth, with a quarter more drag."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.flight import aboard, compile_launch, fly
from downrange.project import open_project
from downrange.project.flights import compare_flight, predicted_fan
from downrange.report.flights import comparison_summary, comparison_view
from downrange.tracking import Sensors, simulate_log

LAUNCH = Path(__file__).parents[2] / "examples" / "high_power_two_stage" / "launch.yaml"
DRAG = 1.25


@cache
def project():
    return open_project(LAUNCH)


@cache
def nominal():
    return fly(compile_launch(project().launch), interpreted=False)


@cache
def truth():
    """The flight with a quarter more drag than is said."""
    launch = project().launch
    return fly(replace(launch, aero=replace(launch.aero, drag_factor=DRAG)), interpreted=False)


@cache
def found(body):
    log = simulate_log(aboard(truth(), body), Sensors(gps_rate=2.0), seed=3)
    return compare_flight(project(), [log], interpreted=False, count=16, body=body)


def test_a_ride_is_the_whole_and_then_the_body():
    flight = nominal()
    first, second = aboard(flight), aboard(flight, "booster")
    assert [first.name, second.name] == ["sustainer", "booster"]
    parted = second.parted
    before = np.linspace(flight.raw.out["liftoff_time"], parted - 0.01, 30)
    a, b = first.sample(before), second.sample(before)
    assert np.array_equal(a.position_enu, b.position_enu) and np.array_equal(a.mass, b.mass)
    after = np.array([parted + 1e-6])
    whole = first.sample(np.array([parted - 1e-6])).position_enu[0]
    gap = first.sample(after).position_enu[0] - second.sample(after).position_enu[0]
    place = second.sample(after).position_enu[0] - whole
    assert 0.3 < np.linalg.norm(gap) < 2.0 and place @ gap < 0  # along the rocket, each to its own centre
    own = flight.flown[1].raw.out
    assert second.raw.out["liftoff_time"] == flight.raw.out["liftoff_time"] and np.isnan(own["liftoff_time"])
    assert second.apogee == own["apogee"] < first.apogee == flight.apogee
    assert second.landing_mass == flight.flown[1].landing_mass
    assert second.last_burnout < parted < first.last_burnout
    names = [e.name for e in second.events]
    assert names[0] == "lift-off" and "booster: separation" in names and not any("sustainer" in n for n in names)


def test_a_body_that_leaves_behind_its_own_apogee():
    """Its highest point is the whole's."""
    launch = project().launch
    stages = launch.rocket.stages
    held = replace(stages[1], separation=replace(stages[1].separation, event="apogee", delay=2.0))
    never = replace(launch.more_motors[0], ignition=replace(launch.more_motors[0].ignition, event="never", of=""))
    late = replace(launch, rocket=replace(launch.rocket, parts=(stages[0], held)), more_motors=(never,))
    flight = fly(late, interpreted=False)
    booster = aboard(flight, "booster")
    assert booster.apogee == flight.apogee and booster.raw.out["apogee_time"] == flight.raw.out["apogee_time"]


@pytest.mark.parametrize("body", ["sustainer", "booster"])
def test_it_says_what_was_otherwise(body):
    c, ride = found(body), aboard(truth(), body)
    assert c.body == body and comparison_summary(c)["body"] == body
    assert c.apogee[0][0] == pytest.approx(ride.apogee, abs=3 * c.apogee[0][1])
    assert c.landed.place == pytest.approx(ride.landing_enu[:2], abs=15)
    assert c.rail_exit[0] == pytest.approx(truth().raw.out["rail_exit_speed"], abs=3 * c.rail_exit[1])
    low, middle, high = c.apogee[1]
    assert low < middle < high
    assert ride.apogee < 0.97 * middle and middle == pytest.approx(aboard(nominal(), body).apogee, rel=0.06)
    assert c.canopies and all(d.flown.rate[0] == pytest.approx(d.rate, rel=0.1) for d in c.canopies)
    assert c.thrust is None and any("several burns" in u for u in c.untold)
    json.dumps(comparison_summary(c), allow_nan=False)
    comparison_view(c)


def test_drag_is_that_of_the_body_as_it_coasts():
    """The sustainer's, behind its own burn-out: not of the whole, nor from between the two burns."""
    drag = found("sustainer").drag
    assert drag.factor[0] == pytest.approx(DRAG, abs=1.645 * drag.factor[1]) and drag.factor[1] < 0.13
    body = aboard(nominal()).program
    assert drag.area == pytest.approx(body.aero.reference_area) and body.aero.reference_area < nominal().program.aero.reference_area  # fmt: skip


def test_a_fan_of_one_body():
    t = np.array([0.0, 2.0, 10.0, 60.0, 1e4])
    fans = {b: predicted_fan(project(), nominal(), t, count=6, body=b) for b in ("", "booster")}
    again = predicted_fan(project(), nominal(), t, count=6, body="booster")
    assert again.height == pytest.approx(fans["booster"].height, rel=1e-9, abs=1e-6)
    upper, lower = fans[""], fans["booster"]
    assert np.allclose(upper.height[:, :2], lower.height[:, :2], atol=1e-9)  # together
    assert np.all(upper.apogee > 1.3 * lower.apogee) and np.ptp(upper.apogee) > 50
    assert np.all(upper.rail_exit_speed == lower.rail_exit_speed)
    assert not np.allclose(upper.landing, lower.landing, atol=10)
    assert np.all(lower.speed[:, -1] == 0)


def test_by_file(call, tmp_path, monkeypatch):
    from downrange.project import flights

    monkeypatch.setattr(flights, "_FLIGHTS", 4)
    log = simulate_log(aboard(truth(), "booster"), Sensors(), seed=3)
    p, a = log.get("pressure"), log.get("acceleration_axial")
    rows = np.column_stack([a.time, np.interp(a.time, p.time, p.raw), a.raw])
    path = tmp_path / "booster.csv"
    np.savetxt(path, rows, delimiter=",", header="time (s),pressure (Pa),axial accel (m/s2)", comments="", fmt="%.3f")
    code, out, err = call("compare", LAUNCH, path, "--body", "booster", "--json")
    assert code == 0, err
    said = json.loads(out)
    assert said["body"] == "booster" and said["predicted_flights"] == 4
    code, _, err = call("compare", LAUNCH, path, "--body", "middle")
    assert code == 2 and "no body called 'middle'" in err and "sustainer, booster" in err
    code, _, err = call("compare", LAUNCH, "--body", "booster", LAUNCH)
    assert code == 2 and "--body goes with a LOG" in err


def test_one_body_has_none_to_choose():
    single = open_project(LAUNCH.parents[1] / "genesis" / "launch.yaml")
    with pytest.raises(InputError, match="flies as one body"):
        compare_flight(single, [simulate_log(aboard(truth()), Sensors(), seed=1)], body="booster", count=4)


def test_flights_of_stages_teach_nothing_yet():
    from downrange.project.lessons import lesson_of_logs

    with pytest.raises(InputError, match="teach nothing yet"):
        lesson_of_logs(project(), [], "May")
