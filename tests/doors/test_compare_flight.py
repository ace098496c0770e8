"""`downrange compare launch.yaml LOG...`: a flight of known truth laid on its prediction, by file, by Python and as a page."""

import json

import numpy as np
import pytest

import flown
from downrange.errors import InputError
from downrange.project.flights import compare_flight, predicted_fan
from downrange.report.flights import comparison_summary, comparison_view, write_comparison
from downrange.tracking import FlightLog, Sensors, simulate_log


@pytest.fixture(scope="module")
def found():
    log = simulate_log(flown.truth(), Sensors(gps_rate=2.0, accelerometer_bias=0.15), seed=4)
    return compare_flight(flown.project(), [log], interpreted=True, count=16)


def side(found, name):
    return next(s for s in found.sides if s.name == name)


def test_it_says_what_was_otherwise(found):
    o = flown.truth().raw.out
    assert found.drag.factor[0] == pytest.approx(flown.DRAG, abs=1.645 * found.drag.factor[1])
    assert found.thrust.impulse[0] == pytest.approx(flown.THRUST * found.thrust.maker_impulse, rel=0.03)
    assert (
        found.rail_exit[0] == pytest.approx(o["rail_exit_speed"], abs=3 * found.rail_exit[1]) and found.rail_exit[1] < 2
    )
    assert found.apogee[0][0] == pytest.approx(o["apogee"], abs=3 * found.apogee[0][1])
    low, middle, high = found.apogee[1]
    assert low < middle < high
    for c in found.canopies:  # the canopies were as predicted
        assert c.flown.rate[0] == pytest.approx(c.rate, rel=0.1) and c.flown.drag_area[0] == pytest.approx(
            c.drag_area, rel=0.2
        )
    assert len(found.canopies) == 2
    winds, said = np.array([(w.east, w.north) for w in found.winds]), np.array(found.predicted_winds)
    off = np.abs(winds - said) / np.array([[w.error] for w in found.winds])
    assert len(winds) > 3 and off.max() < 4 and np.hypot(*said.T).min() > 2 and max(w.error for w in found.winds) < 1.5
    assert found.landed.place == pytest.approx(flown.truth().landing_enu[:2], abs=15) and 0 <= found.landed.region < 1
    assert found.landed.places == ("range",) and found.untold == ()


def test_where_it_left_the_band(found):
    """20 % more drag is felt in the coast: the deceleration leaves the band there, on the lower side; the height on the lower side, if at all."""
    a = side(found, "upward acceleration")
    coast = (a.time > 5) & (a.time < 8)
    assert np.mean(a.measured[coast] < a.low[coast]) > 0.8 and a.left < 8 and a.side == -1
    h = side(found, "altitude")
    assert np.isnan(h.left) or h.side == -1
    own = compare_flight(
        flown.project(), [simulate_log(flown.truth(1.0, 1.0), Sensors(), seed=5)], interpreted=True, count=12
    )
    assert all(s.share < 0.12 for s in own.sides), [(s.name, s.share) for s in own.sides]
    assert own.track is None and own.landed is None and any("landing" in u for u in own.untold)
    assert own.drag.factor[0] == pytest.approx(1.0, abs=1.645 * own.drag.factor[1])


def test_a_fan_is_that_of_what_varies():
    from downrange.flight import fly

    flight = fly(flown.program(), interpreted=True)
    t = np.array([0.0, 2.0, 10.0, 60.0, 1e4])
    fan = predicted_fan(flown.project(), flight, t, count=8)
    again = predicted_fan(flown.project(), flight, t, count=8)
    assert np.array_equal(fan.height, again.height) and len(fan) == 8
    assert np.ptp(fan.apogee) > 50 and np.ptp(fan.landing, axis=0).min() > 50
    assert np.median(fan.apogee) == pytest.approx(flight.apogee, rel=0.05)
    low, middle, high = fan.band(fan.height, 0.5)
    assert np.all(low <= middle) and np.all(middle <= high) and low[0] == pytest.approx(0, abs=0.1)
    assert np.allclose(fan.height[:, -1], fan.height[:, -1].min(), atol=60) and np.all(fan.speed[:, -1] == 0)
    assert np.isnan(fan.lean[:, -1]).all() and np.degrees(fan.lean[:, 0]) == pytest.approx(np.full(8, 6.0), abs=4)


def test_the_page_and_the_terminal(found, tmp_path, monkeypatch):
    from rich.console import Console

    write_comparison(found, tmp_path / "page.html", "us")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 6 and "://" not in page and "ft/s" in page
    console = Console(width=80, record=True)
    console.print(comparison_view(found))
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 80 and "drag, coasting" in text and "wind by the drift" in text
    json.dumps(comparison_summary(found), allow_nan=False)


def test_by_file(call, tmp_path, monkeypatch):
    from downrange.project import flights

    monkeypatch.setattr(flights, "_FLIGHTS", 6)
    path = tmp_path / "flight.csv"
    _table(simulate_log(flown.truth(), Sensors(), seed=4), path)
    launch = flown.project().path
    code, out, err = call("compare", launch, path, "--json", "-o", tmp_path / "page.html")
    assert code == 0, err
    said = json.loads(out)
    assert said["logs"] == ["flight.csv"] and said["predicted_flights"] == 6
    assert said["drag"]["factor"] == pytest.approx(flown.DRAG, abs=2 * said["drag"]["factor_sigma"])
    assert {"thrust", "descents", "winds", "rail_exit", "landing", "quantities", "untold", "notes"} <= set(said)
    assert (tmp_path / "page.html").stat().st_size > 50_000
    assert call("compare", launch, path, launch)[0] == 2  # a log and a design


def _table(log, path):
    """The log as a table that the generic reader takes."""
    p, a = log.get("pressure"), log.get("acceleration_axial")
    rows = np.column_stack([a.time, np.interp(a.time, p.time, p.raw), a.raw])
    np.savetxt(path, rows, delimiter=",", header="time (s),pressure (Pa),axial accel (m/s2)", comments="", fmt="%.3f")


def test_what_cannot_be_compared():
    with pytest.raises(InputError, match="no log tells a height"):
        compare_flight(flown.project(), [FlightLog("none", "", "", 1.0, "", "", ())], interpreted=True, count=4)
