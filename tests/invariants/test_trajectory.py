"""What a trajectory tells at a time belongs together: speeds, air, attitude, mass and place, each from the others or from the launch."""

from dataclasses import replace

import numpy as np
import pytest

from campaigns import genesis
from downrange.atmosphere import Wind
from downrange.flight import fly


@pytest.fixture(scope="module")
def flight():
    base = genesis().launch
    return fly(replace(base, weather=replace(base.weather, wind=Wind.constant(6.0, np.radians(200.0)))))


@pytest.fixture(scope="module")
def seen(flight):
    o = flight.raw.out
    return flight.sample(np.linspace(o["rail_exit_time"] + 0.05, o["landing_time"] - 0.5, 400))


def test_velocity_is_how_fast_the_place_changes(flight, seen):
    step = 1e-3
    early, late = (flight.sample(seen.time + s) for s in (-step, step))
    same = early.under_canopy == late.under_canopy  # no canopy opens between
    for rate, of in (("velocity_enu", "position_enu"), ("acceleration_enu", "velocity_enu")):
        difference = (getattr(late, of) - getattr(early, of)) / (2 * step)
        off = np.abs(difference - getattr(seen, rate))[same]
        assert np.median(off) < 1e-3, rate
    assert np.abs((late.position_enu - early.position_enu) / (2 * step) - seen.velocity_enu)[same].max() < 0.05


def test_speed_and_airspeed_are_those_of_the_vectors(flight, seen):
    """Wind of 6 m/s from 200 degrees blows towards 20: 2.05 m/s east, 5.64 m/s north."""
    assert seen.speed == pytest.approx(np.sqrt((seen.velocity_enu**2).sum(axis=1)))
    wind = 6.0 * np.array([np.sin(np.radians(20)), np.cos(np.radians(20)), 0.0])
    through = seen.velocity_enu - wind
    assert seen.airspeed == pytest.approx(np.sqrt((through**2).sum(axis=1)), rel=1e-3)
    air, asl = flight.launch.weather.air, flight.launch.pad.elevation + seen.height
    assert seen.mach == pytest.approx(seen.airspeed / np.sqrt(1.4 * 287.05 * air.temperature(asl)), rel=1e-3)
    assert seen.dynamic_pressure == pytest.approx(0.5 * air.density(asl) * seen.airspeed**2, rel=2e-3)
    w, x, y, z = seen.quaternion.T
    axis = np.stack([1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)], axis=1)
    known = np.isfinite(seen.angle_of_attack)
    assert known.any() and not known[seen.under_canopy].any()
    cosine = (axis * through).sum(axis=1) / np.sqrt((through**2).sum(axis=1))
    assert np.cos(seen.angle_of_attack[known]) == pytest.approx(cosine[known], abs=2e-3)


def test_places_masses_and_canopies(flight, seen):
    """A degree of latitude is 111.2 km within half a percent; the mass ends dry; canopies are open after they open, and never thrust."""
    pad, launch, o = flight.launch.pad, flight.launch, flight.raw.out
    east, north = seen.position_enu[:, 0], seen.position_enu[:, 1]
    assert (seen.latitude - pad.latitude) * 6.371e6 == pytest.approx(north, rel=6e-3, abs=0.5)
    assert (seen.longitude - pad.longitude) * 6.371e6 * np.cos(pad.latitude) == pytest.approx(east, rel=6e-3, abs=0.5)
    assert np.abs(east).max() > 100 and np.abs(north).max() > 100
    assert seen.height == pytest.approx(seen.position_enu[:, 2], abs=1.0)
    burnt = seen.time > launch.motor.burnout_time
    assert seen.mass[burnt] == pytest.approx(launch.dry.mass) and (np.diff(seen.mass[~burnt]) < 0).all()
    assert seen.mass[0] < launch.loaded.mass and (seen.thrust[~burnt] > 0).all() and not seen.thrust[burnt].any()
    opened = seen.time > o["deploy_time"]
    assert (seen.under_canopy == opened).all() and opened.any() and not opened.all()
    known = np.isfinite(seen.stability)
    assert (seen.airspeed[known] > 20).all() and not seen.under_canopy[known].any()


def test_the_least_margin_is_the_trajectorys(flight):
    """On the way up, off the rail and above 20 m/s, with the propellant that is left then."""
    o, t = flight.raw.out, flight.trajectory
    up = (t.time > o["rail_exit_time"]) & (t.time < o["apogee_time"]) & np.isfinite(t.stability)
    assert flight.figures["min_stability"] == pytest.approx(t.stability[up].min(), abs=0.02)
    at = t.time[up][np.argmin(t.stability[up])]
    assert flight.figures["min_stability_time"] == pytest.approx(at, abs=0.2)
