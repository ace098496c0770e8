"""Canopies in the kernel: how they fill, what they open with, reefing, tearing, gliding; against closed forms and conservation."""

import importlib

import numpy as np
import pytest

from downrange.atmosphere import Weather, Wind
from downrange.earth import Pad
from downrange.flight import PlainBody, compile_body, fly_rows, fly_single
from downrange.flight.fitted import Device
from downrange.flight.inflation import ballistic_parameter, force_reduction
from downrange.flight.interpreted import kernel
from downrange.flight.named import named_steps
from downrange.flight.rows import AT_ALTITUDE, AT_STRETCH, AT_TIME, DEVICES, LINEAR, NOUT, ROW, SQUARE, WATCH, O
from downrange.tables import Table1D

G = 9.80665
PAD = Pad(0.0, 0.0, gravity_model="constant", constant_gravity=G)


def device(name="main", event=AT_TIME, **k):
    said = dict(
        value=0.0, delay=0.0, lag=0.0, cd_area=1.0, fill=0.0, fill_time=0.5, replaces=False, label="test", shock=1.0
    )
    return Device(name, event, **{**said, **k})


def fall(*devices, mass=2.0, velocity=(0.0, 0.0, -30.0), height=500.0, weather=None, tolerance=None, stop=None):
    c = compile_body(
        PlainBody(mass, np.eye(3), 0.0, 0.0),
        PAD,
        weather or Weather(),
        top=3000.0,
        devices=devices,
        tolerance=tolerance or 5e-5,
    )
    start = (0.0, np.array([0, 0, height, *velocity, 1, 0, 0, 0, 0, 0, 0], float))
    return fly_single(c, start=start, stop_time=stop), c, start


def density(height):
    return float(Weather().air.density(height))


@pytest.mark.parametrize(("shape", "exponent"), [(SQUARE, 2), (LINEAR, 1)])
@pytest.mark.parametrize("mass", [3.0, 10.0, 1e6])
def test_opening_load_is_that_of_pflanz(shape, exponent, mass):
    """Level at 100 m/s: in the half second of filling gravity adds 0.1 % to the speed squared."""
    flight, *_ = fall(device(shape=shape, shock=1.3), mass=mass, velocity=(100.0, 0, 0))
    rho = density(500.0)
    a = ballistic_parameter(mass, 1.0, 100.0, density=rho, time=0.5)
    expected = 1.3 * 0.5 * rho * 100**2 * force_reduction(a, exponent)
    assert flight.out["opening_load"] == pytest.approx(expected, rel=5e-3)


def test_a_canopy_in_no_time_opens_with_all_its_drag():
    flight, *_ = fall(device(fill_time=None, cd_area=0.7, shock=1.7))
    assert flight.out["opening_load"] == pytest.approx(1.7 * 0.5 * density(500.0) * 900 * 0.7, rel=1e-4)


def test_reefed_then_full():
    """It falls at the rate of a tenth, and five seconds after line stretch at that of all of it."""
    parts = device(cd_area=0.1), device("rest", AT_STRETCH, cd_area=0.9, lag=5.0, after=0, shape=LINEAR)
    flight, *_ = fall(*parts, velocity=(0, 0, -18.0))
    steps = named_steps(flight.track)
    for when, area in ((4.99, 0.1), (12.0, 1.0)):
        k = int(np.searchsorted(steps["time"], when)) - 1
        z, sink = steps["position_enu"][k, 2], -steps["velocity_enu"][k, 2]
        assert sink == pytest.approx(np.sqrt(2 * 2.0 * G / (density(z) * area)), rel=0.02), when
    assert [(int(k), round(t, 6), int(d)) for k, t, d in flight.events if k == 6] == [(6, 0.0, 0), (6, 5.0, 1)]


def test_a_chute_release_waits_for_its_height_and_for_its_canopy():
    parts = device(cd_area=0.05), device("rest", AT_ALTITUDE, value=200.0, cd_area=0.95, after=0)
    flight, *_ = fall(*parts)
    released = next(t for k, t, d in flight.events if (k, d) == (5, 1))
    steps = named_steps(flight.track)
    at = int(np.argmin(np.abs(steps["time"] - released)))
    assert steps["position_enu"][at, 2] == pytest.approx(200.0, abs=0.01)
    never, *_ = fall(device(cd_area=0.05, value=1e6), device("rest", AT_ALTITUDE, value=200.0, cd_area=0.95, after=0))
    assert not any(k in (5, 6) for k, *_ in never.events), "without its canopy a chute release releases nothing"


def test_a_canopy_tears_where_its_load_is_more_than_it_holds():
    load = fall(device())[0].out["opening_load"]
    whole, torn = (fall(device(strength=f * load))[0] for f in (1.001, 0.99))
    assert whole.out["torn"] == 0 and whole.out["landing_sink"] < 10
    assert torn.out["torn"] == 1 and torn.out["landing_sink"] > 80 and [k for k, *_ in torn.events].count(9) == 1
    drogue, *_ = fall(device("drogue", cd_area=0.2), device(value=5.0, strength=1.0))
    alone, *_ = fall(device("drogue", cd_area=0.2))
    assert drogue.out["landing_sink"] == pytest.approx(alone.out["landing_sink"], rel=5e-4), "the drogue stays"
    half, *_ = fall(device(cd_area=0.1), device("rest", AT_STRETCH, cd_area=0.9, lag=3.0, after=0, strength=1.0))
    assert half.out["landing_sink"] > 80, "a canopy that tears as it is disreefed is gone with its reefed part"


def test_a_timer_opens_what_waits_for_a_height():
    flight, *_ = fall(device(event=AT_ALTITUDE, value=50.0, backup=2.5))
    assert flight.out["deploy_time"] == pytest.approx(2.5, abs=1e-6)
    first, *_ = fall(device(event=AT_ALTITUDE, value=400.0, backup=60.0))
    assert first.out["deploy_time"] < 4 and [k for k, *_ in first.events].count(6) == 1, "it opens once"


@pytest.mark.parametrize("ratio", [0.7, 3.0])
def test_a_glider_sinks_and_flies_as_its_ratio_says(ratio):
    heading = np.radians(110)
    flight, *_ = fall(device(cd_area=0.8, glide=ratio, heading=heading), velocity=(0, 0, -5.0))
    east, north, up = named_steps(flight.track)["velocity_enu"][-1]
    assert np.hypot(east, north) / -up == pytest.approx(ratio, rel=0.01)
    assert np.arctan2(east, north) == pytest.approx(heading, abs=0.01)
    assert -up == pytest.approx(np.sqrt(2 * 2.0 * G / (density(0) * 0.8 * (1 + ratio**2) ** 1.5)), rel=0.01)


def between(s, h, v, a):
    """Speeds at the share s of each step of h seconds, of which both ends have speed and acceleration: cubic."""
    one = (2 * s**3 - 3 * s**2 + 1) * v[:-1] + (3 * s**2 - 2 * s**3) * v[1:]
    return one + h[:, None] * ((s**3 - 2 * s**2 + s) * a[:-1] + (s**3 - s**2) * a[1:])


def heights_between(s, h, z, v, a):
    """The same of heights, with speeds and accelerations: of the fifth order."""
    early = (1 - 10 * s**3 + 15 * s**4 - 6 * s**5) * z[:-1] + (s - 6 * s**3 + 8 * s**4 - 3 * s**5) * h * v[:-1]
    late = (10 * s**3 - 15 * s**4 + 6 * s**5) * z[1:] + (7 * s**4 - 4 * s**3 - 3 * s**5) * h * v[1:]
    bend = (s**2 - 3 * s**3 + 3 * s**4 - s**5) * a[:-1] + (s**3 - 2 * s**4 + s**5) * a[1:]
    return early + late + 0.5 * h**2 * bend


@pytest.mark.parametrize("ratio", [0.0, 2.0, 4.0])
def test_energy_goes_where_drag_takes_it(ratio):
    """Kinetic and potential energy lost are the work of drag, to 1e-6 (it is 2e-7); lift does none."""
    flight, *_ = fall(device(cd_area=0.4, fill_time=2.0, glide=ratio), tolerance=1e-9, stop=25.0)
    steps = named_steps(flight.track)
    keep = np.append(np.diff(steps["time"]) > 0, True)
    t, v, z = steps["time"][keep], steps["velocity_enu"][keep], steps["position_enu"][keep][:, 2]
    a, h, air, work = steps["rate"][keep][:, 3:6], np.diff(t), Weather().air, 0.0
    lost = 0.5 * (v[0] @ v[0] - v[-1] @ v[-1]) + G * (z[0] - z[-1])
    for x, weight in zip(*np.polynomial.legendre.leggauss(5), strict=True):
        s = (x + 1) / 2
        area = 0.4 * np.minimum((t[:-1] + s * h) / 2.0, 1.0) ** 2
        speed = np.linalg.norm(between(s, h, v, a), axis=1)
        height = heights_between(s, h, z, v[:, 2], a[:, 2])
        work += weight / 2 * float((h * 0.5 * air.density(height) * area * speed**3 / 2.0).sum())
    assert lost == pytest.approx(work, rel=1e-6)


def test_drift_in_a_linear_wind_is_the_integral_of_the_wind():
    """A canopy moves with the air but for how long it takes to follow it: its speed of fall over gravity."""
    z = np.linspace(0.0, 1000.0, 101)
    weather = Weather(wind=Wind(Table1D(z, 2.0 + 0.008 * z, "wind")))
    flight, *_ = fall(device(cd_area=1.5, fill_time=None), height=800.0, velocity=(8.4, 0, -5.0), weather=weather)
    steps = named_steps(flight.track)
    t, up, east = steps["time"], steps["position_enu"][:, 2], steps["position_enu"][:, 0]
    grid = np.linspace(t[0], t[-1], 4001)
    blown = float(np.trapezoid(2.0 + 0.008 * np.interp(grid, t, up), grid))
    lag = -steps["velocity_enu"][-1, 2] / G
    assert east[-1] == pytest.approx(blown, abs=1.5 * lag * 6.4) and blown > 400


def test_lanes_fly_the_same():
    parts = (
        device(cd_area=0.1, shock=1.4),
        device("rest", AT_STRETCH, cd_area=0.9, lag=2.0, after=0, glide=1.5, strength=1e5),
    )
    flight, c, (t, y) = fall(*parts)
    out = fly_rows(c, np.repeat(c.row[None], 3, 0), starts=np.tile(np.r_[t, y], (3, 1)), threads=1)
    for name in ("landing_time", "landing_east", "landing_north", "opening_load", "torn"):
        assert out[:, O[name]] == pytest.approx(flight.out[name], rel=1e-6, abs=1e-3), name


def kernel_events():
    """The kernel's events as Python has them."""
    space = kernel()
    return importlib.import_module(f"{space.physics.__package__}.events")


def test_what_is_watched_between_steps_lies_on_the_cubic_of_both_ends():
    """Positions that are cubics of time are found to the last digit, at the time that the row watches and not without it."""
    law = np.array([[3.0, -2.0, 0.7, 0.11], [-5.0, 1.5, -0.4, 0.07], [80.0, 12.0, -4.9, 0.02]])
    t = np.array([2.0, 3.5])
    place = [[float(np.polynomial.polynomial.polyval(x, c)) for c in law] for x in t]
    speed = [[float(np.polynomial.polynomial.polyval(x, np.polynomial.polynomial.polyder(c))) for c in law] for x in t]
    row, out = [0.0] * ROW, [0.0] * NOUT
    row[WATCH] = 2.4
    kernel_events().note_watch(2.0, 3.5, place[0] + speed[0], place[1] + speed[1], row, out)
    wanted = [float(np.polynomial.polynomial.polyval(2.4, c)) for c in law]
    assert [out[O[f"watch_{k}"]] for k in ("east", "north", "up")] == pytest.approx(wanted, rel=1e-12)
    row[WATCH], out = 2.0, [0.0] * NOUT  # the end of the step before
    kernel_events().note_watch(2.0, 3.5, place[0] + speed[0], place[1] + speed[1], row, out)
    assert not any(out)


def test_a_reefed_canopy_tears_with_all_its_parts_and_nothing_else():
    """Three devices: a drogue, a main and what reefs it off; the second part tears: both parts of the main are gone, the drogue's drag stays."""
    c = fall(
        device("drogue", cd_area=0.2),
        device(cd_area=0.3),
        device("rest", AT_STRETCH, cd_area=0.6, lag=2.0, after=1),
        stop=0.1,
    )[1]
    table, row = c.devices.tolist(), c.row.tolist()
    table = {(i, j): x for i, line in enumerate(table) for j, x in enumerate(line)}
    released, stretch, out = [0.0] * DEVICES, [0.0] * DEVICES, [0.0] * NOUT
    law = (1.1, 1.1, 0.0, 1e9, 0.4, 0.0, 0.0, 0.0)  # all open: 0.2 + 0.3 + 0.6 m2, 0.4 kg of propellant left
    left = kernel_events().tear(table, row, stretch, released, 2, 7.5, (0.5, *law[1:]), out)
    assert released[:3] == [0.0, 1.0, 1.0] and stretch[0] == 0.0 and min(stretch[1:3]) > 1e8
    assert left[:3] == pytest.approx((0.2, 0.2, 7.5)) and left[4] == 0.4 and out[O["torn"]] == 1.0
