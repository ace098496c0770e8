"""Phases of a flight by its heights: when thrust ended, when it landed, how calm it fell, how much a reading scatters."""

import math

import numpy as np
import pytest

from downrange.tracking.heights import HeightSensor, _noise
from downrange.tracking.phases import burnout_of, calmness, find_phases


def test_thrust_ends_where_the_speed_bends_not_where_it_is_greatest():
    """30 m/s² up for 2 s, then 12 m/s² down, rounded over 0.6 s: the greatest speed lies 0.13 s behind the bend (0.6 · (30 - 12) / (2 · 42)), the answer on it."""
    t = np.arange(-1, 8, 0.05)
    speed = np.where(t < 0, 0, np.where(t < 2, 30 * t, 60 - 12 * (t - 2)))
    round_ = np.convolve(np.pad(speed, 6, "edge"), np.full(13, 1 / 13), "valid")
    assert t[int(np.argmax(round_))] > 2.05
    assert burnout_of(t, round_, 0.0) == pytest.approx(2.0, abs=0.03)


@pytest.mark.parametrize(("restless", "low", "high"), [(15.0, 0.3, 1.0), (0.15, 0.003, 0.1)])
def test_a_calm_descent_is_known_from_a_restless_one(restless, low, high):
    """An acceleration that walks as it is said to, and one a hundred times calmer."""
    rng = np.random.default_rng(4)
    t = np.arange(0, 30, 0.05)
    a = np.cumsum(rng.normal(0, math.sqrt(restless * 0.05), t.size))
    v = -15 + np.cumsum(a) * 0.05
    h = 900 + np.cumsum(v) * 0.05
    factor = calmness(t, h + rng.normal(0, 0.5, t.size), np.full(t.size, 0.25), 15.0)
    assert low <= factor <= high
    assert calmness(t[:30], h[:30], np.full(30, 0.25), 15.0) == 1.0


def flown(end):
    """Up for 10 s, down at 10 m/s from 250 m: the ground is at 35 s."""
    t = np.arange(-3, end, 0.05)
    h = np.where(t < 0, 0, np.where(t < 10, 250 - 2.5 * (10 - t) ** 2, np.maximum(250 - 10 * (t - 10), 0)))
    return HeightSensor("x", t, h + np.random.default_rng(2).normal(0, 0.3, t.size), 0.3, True)


def test_the_ground_is_found_where_the_log_holds_it():
    found = find_phases([flown(45)], None)
    assert found.ground == pytest.approx(35, abs=0.6)
    assert found.top == pytest.approx(10, abs=0.4)
    assert math.isnan(find_phases([flown(30)], None).ground)


def test_noise_is_that_of_the_readings_however_they_are_spaced():
    """Falling at 18 m/s, read at random moments: what lies between the readings is no noise."""
    rng = np.random.default_rng(1)
    t = np.sort(rng.uniform(0, 100, 2000))
    assert _noise(t, -18 * t + rng.normal(0, 0.7, t.size)) == pytest.approx(0.7, rel=0.1)
    even = np.arange(0, 100, 0.05)
    assert _noise(even, rng.normal(0, 0.7, even.size)) == pytest.approx(0.7, rel=0.1)
    twice = np.repeat(even, 2)
    assert _noise(twice, rng.normal(0, 0.7, twice.size)) == pytest.approx(0.7, rel=0.1)
