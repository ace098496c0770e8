"""Simulated sensors against their stated figures: Allan deviations, what stays for a flight, range, steps, losses."""

from __future__ import annotations

import math

import numpy as np
import pytest

import downrange as dr
from downrange.control import dipole_field
from downrange.control.board import _Globe
from downrange.earth import Pad
from downrange.errors import InputError
from downrange.tracking.instruments import Unit


def unit(sensor, seed: int = 1) -> Unit:
    return Unit(sensor, np.random.default_rng(seed))


def allan(y: np.ndarray, m: int) -> float:
    """The Allan deviation of readings (n,) averaged over m of them."""
    means = y[: len(y) // m * m].reshape(-1, m).mean(axis=1)
    return math.sqrt(0.5 * np.mean(np.diff(means) ** 2))


def test_white_noise_falls_as_the_root_of_the_time_it_is_averaged_over():
    density, rate = 0.03, 200.0
    read, _ = unit(dr.Gyroscope(rate_hz=rate, noise=density)).read_all(np.zeros((120_000, 3)))
    for m in (1, 10, 100):
        for axis in range(3):
            assert allan(read[:, axis], m) == pytest.approx(
                density / math.sqrt(m / rate), rel=4 / math.sqrt(120_000 / m)
            )


def test_a_bias_that_walks_rises_with_the_root_of_a_third_of_the_time():
    walk, rate, n = 0.002, 50.0, 200_000
    read, _ = unit(dr.Accelerometer(rate_hz=rate, bias_walk=walk), 7).read_all(np.zeros((n, 3)))
    for m in (500, 2000):
        found = math.sqrt(np.mean([allan(read[:, k], m) ** 2 for k in range(3)]))
        assert found == pytest.approx(walk * math.sqrt(m / rate / 3), rel=3 / math.sqrt(3 * n / m))


def test_what_stays_for_a_flight_scatters_from_flight_to_flight_as_stated():
    sensor = dr.Accelerometer(bias=0.4, scale=0.02, misalignment_rad=0.01)
    units = [unit(sensor, k) for k in range(600)]
    along = np.array([u.read(0, (10.0, 0.0, 0.0)) for u in units])
    across = np.array([u.read(0, (0.0, 10.0, 0.0)) for u in units])
    near = 4 / math.sqrt(2 * 600)
    assert along[:, 0].std() == pytest.approx(math.hypot(0.4, 0.2), rel=near)
    assert along[:, 1].std() == pytest.approx(math.hypot(0.4, 0.1), rel=near)
    # A small turn: what x sees of y is what y loses to x.
    seen = (across - [u.read(0, (0.0, 0.0, 0.0)) for u in units])[:, 0] / 10
    lost = (along - [u.read(0, (0.0, 0.0, 0.0)) for u in units])[:, 1] / 10
    assert np.corrcoef(seen, lost)[0, 1] < -0.99 and seen.std() == pytest.approx(0.01, rel=near)


def test_readings_saturate_come_in_steps_and_get_lost():
    u = unit(dr.Barometer(full_scale=110_000.0, quantum=4.0))
    assert u.read(0, (101_326.7,)) == (101_328.0,) and u.read(1, (150_000.0,)) == (110_000.0,)
    u = unit(dr.Barometer(drop_out=0.2))
    lost = [u.read(k, (1e5,)) is None for k in range(5_000)]
    assert np.mean(lost) == pytest.approx(0.2, abs=4 * 0.4 / math.sqrt(5_000))


def test_a_reading_s_noise_hangs_on_its_number_not_on_what_was_read_before():
    sensor = dr.Gyroscope(noise=0.1, bias=0.3, bias_walk=0.02)
    a, b = unit(sensor, 3), unit(sensor, 3)
    every = [a.read(k, (0.0, 0.0, 0.0)) for k in range(1_200)]
    assert b.read(700, (0.0, 0.0, 0.0)) == every[700] and b.read(1_199, (0.0, 0.0, 0.0)) == every[1_199]
    together, _ = unit(sensor, 3).read_all(np.zeros((1_200, 3)))
    assert np.allclose(together, every, atol=1e-15)


def test_the_port_s_error_stands_between_its_pairs():
    b = dr.Barometer(port=((0.8, 0.0), (1.0, 0.1), (1.2, 0.02)))
    assert [float(b.port_share(m)) for m in (0.3, 0.9, 1.0, 1.1, 2.0)] == b.port_share(
        np.array([0.3, 0.9, 1.0, 1.1, 2.0])
    ).tolist()
    assert [float(b.port_share(m)) for m in (0.3, 0.9, 1.0, 1.1, 2.0)] == pytest.approx([0, 0.05, 0.1, 0.06, 0.02])


def test_places_one_at_a_time_are_those_of_the_pad():
    pad = Pad(0.8, -1.3, 250.0)
    globe = _Globe(pad)
    for place in ((0.0, 0.0, 0.0), (1_500.0, -700.0, 3_000.0), (-40_000.0, 60_000.0, 90_000.0)):
        lat, lon, up = (float(v[0]) for v in pad.geodetic(np.array([place])))
        got = globe.at(place)
        assert got[:2] == pytest.approx((lat, lon), abs=1e-11) and got[2] == pytest.approx(up, abs=1e-5)


def test_the_dipole_s_field_is_the_earth_s_to_a_third():
    # By maps of the World Magnetic Model: London about 48.9 µT, dipping 66°, Singapore about 42 µT, -14.5°.
    for lat, lon, total, dip in ((51.5, -0.1, 48.9e-6, 66.4), (1.3, 103.8, 42.1e-6, -14.5)):
        east, north, up = dipole_field(Pad(math.radians(lat), math.radians(lon)))
        assert math.hypot(east, north, up) == pytest.approx(total, rel=0.3)
        assert math.degrees(math.atan2(-up, math.hypot(east, north))) == pytest.approx(dip, abs=8)
    # It has no source: over the sphere as much comes out as goes in, and at the magnetic pole it points down.
    assert dipole_field(Pad(math.radians(80.6), math.radians(-72.7)))[2] == pytest.approx(-2 * 29_870e-9, rel=0.01)


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: dr.Barometer(rate_hz=0.0), "readings a second"),
        (lambda: dr.Barometer(noise=-1.0), "zero or more"),
        (lambda: dr.Barometer(noise=math.nan), "zero or more"),
        (lambda: dr.Gnss(drop_out=1.5), "at most 1"),
        (lambda: dr.Gyroscope(bias="small"), "is a number"),
        (lambda: dr.Barometer(port=((1.0, 0.1), (0.9, 0.0))), "rising Mach"),
        (lambda: dr.SensorSuite(barometer=dr.Gyroscope()), "is a dr.Barometer"),
    ],
)
def test_sensors_that_cannot_be_are_refused_in_words(make, says):
    with pytest.raises(InputError, match=says):
        make()
