"""What the Earth's turning does to a flight, by closed forms: signs in free flight and under canopies alike. Flown by Python."""

import numpy as np
import pytest

from downrange.atmosphere import Air, Weather, Wind
from downrange.earth import Pad
from downrange.flight import Device, PlainBody, compile_body, fly_single, state
from downrange.flight.rows import AT_TIME

OMEGA, G = 7.292115e-5, 9.80665  # rad/s, WGS84; m/s2
NOSE_UP = np.array([np.sqrt(0.5), 0.0, -np.sqrt(0.5), 0.0])
NO_CLOTH = Device("none", AT_TIME, 0.0, 0.0, 0.0, 1e-12, 0.0, False, "")


def fall(latitude: float, velocity: tuple[float, float, float], seconds: float, devices=()) -> np.ndarray:
    """Where a body without drag is after some seconds, from 4,000 m above a pad, m east, north, up of where it began."""
    pad = Pad(np.radians(latitude), 0.3, 0.0, "constant", G)
    body = PlainBody(1.0, np.diag([0.01, 0.1, 0.1]), area=1e-9)
    program = compile_body(body, pad, Weather(Air.standard(), Wind()), top=9000.0, devices=devices)
    begin = state(np.array([0.0, 0.0, 4000.0]), np.array(velocity), NOSE_UP, np.zeros(3))
    raw = fly_single(program, start=(0.0, begin), stop_time=seconds, interpreted=True)
    return raw.track[-1, 1:4] - [0.0, 0.0, 4000.0]


@pytest.mark.parametrize("devices", [(), (NO_CLOTH,)], ids=["free", "under a canopy"])
@pytest.mark.parametrize("latitude", [52.0, -30.0, 0.0])
def test_what_falls_lands_to_the_east(latitude, devices):
    """Landau and Lifshitz, Mechanics, section 39, problem 1: ω g t³ cos φ / 3, on both halves of the Earth."""
    east, north, up = fall(latitude, (0.0, 0.0, 0.0), 20.0, devices)
    assert east == pytest.approx(OMEGA * G * 20**3 * np.cos(np.radians(latitude)) / 3, rel=5e-3)
    assert abs(north) < 0.02 and up == pytest.approx(-0.5 * G * 400, rel=1e-3)


@pytest.mark.parametrize("devices", [(), (NO_CLOTH,)], ids=["free", "under a canopy"])
@pytest.mark.parametrize("latitude", [52.0, -30.0])
def test_what_flies_north_or_east_is_turned_to_its_right_in_the_north(latitude, devices):
    """Half the Coriolis acceleration times t²: 2 ω sin φ v to the right, and 2 ω cos φ v upwards where v is to the east (Eötvös)."""
    s, c, t, v = np.sin(np.radians(latitude)), np.cos(np.radians(latitude)), 10.0, 200.0
    still = fall(latitude, (0.0, 0.0, 0.0), t, devices)
    assert (fall(latitude, (0.0, v, 0.0), t, devices) - still)[0] == pytest.approx(OMEGA * s * v * t * t, rel=0.02)
    moved = fall(latitude, (v, 0.0, 0.0), t, devices) - still
    assert moved[1] == pytest.approx(-OMEGA * s * v * t * t, rel=0.02)
    assert moved[2] == pytest.approx(OMEGA * c * v * t * t, rel=0.03)
