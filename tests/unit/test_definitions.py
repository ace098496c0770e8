"""One definition of each figure of a flight: what thrust to weight, burn and margin count from."""

import numpy as np
import pytest

from alpha import alpha_iii
from downrange.aero import build_aero
from downrange.errors import MotorFileError
from downrange.flight.margins import least_margin, margin_along
from downrange.flight.quantities import first_thrust
from downrange.motor import Motor


def motor(time, thrust, **more):
    return Motor(
        designation="T", time=np.array(time, float), thrust=np.array(thrust, float), diameter=0.029, length=0.12,
        propellant_mass=0.04, dry_mass=0.06, **more,
    )  # fmt: skip


PLAIN = motor([0, 0.05, 1.4, 1.5], [0, 50, 50, 0])


def test_a_quiet_start_changes_nothing_but_the_time():
    late = motor([8, 8.05, 9.4, 9.5], [0, 50, 50, 0])
    assert PLAIN.burn_start == pytest.approx(0.0025) and late.burn_start == pytest.approx(8.0025)
    assert PLAIN.burn_time == pytest.approx(1.4925) and late.burn_time == pytest.approx(1.4925)
    assert late.average_thrust == pytest.approx(PLAIN.average_thrust)
    assert PLAIN.thrust_begins == 0.0 and late.thrust_begins == 8.0
    by_hand = (0.5 * 50 * 0.05 + 50 * 0.45) / 0.5  # a ramp of 0.05 s, then 50 N
    assert first_thrust(PLAIN, 3.0) == pytest.approx(by_hand) and first_thrust(late, 3.0) == pytest.approx(by_hand)


def test_an_igniters_blip_is_not_the_burn():
    blip = motor([0, 0.01, 0.02, 2.0, 2.05, 3.4, 3.5], [0, 10, 0, 0, 50, 50, 0])  # 0.1 N s of 71.35
    assert blip.burn_start == pytest.approx(2.0025) and blip.burn_time == pytest.approx(1.4925)
    assert first_thrust(blip, 3.0) == pytest.approx(first_thrust(PLAIN, 3.0))
    real = motor([0, 0.05, 0.5, 0.55, 2.0, 2.05, 3.4, 3.5], [0, 10, 10, 0, 0, 50, 50, 0])  # 5 N s of 76 are a burn
    assert real.burn_start == pytest.approx(0.0125)


def test_a_weak_start_counts_from_when_it_can_lift():
    # 5 N for two seconds, then 50 N; a rocket of 8 N waits on its pad until then, one of 3 N does not.
    slow = motor([0, 0.01, 2.0, 2.05, 3.4, 3.5], [0, 5, 5, 50, 50, 0])
    assert first_thrust(slow, 8.0) == pytest.approx((0.5 * (5 + 50) * 0.05 + 50 * 0.45) / 0.5)
    assert first_thrust(slow, 3.0) == pytest.approx(4.95)
    assert first_thrust(slow, 100.0) == pytest.approx(4.95)  # never lifts: as it begins


def test_a_short_burn_is_averaged_over_itself():
    short = motor([0, 0.1, 0.2], [0, 10, 0])
    assert first_thrust(short, 1.0) == pytest.approx(1.0 / 0.2)


def test_zeros_at_the_end_are_no_burn():
    long = motor(
        [0, 0.05, 1.4, 1.5, 4.0, 9.0], [0, 50, 50, 0, 0, 0], propellant_left=np.array([40, 39, 2, 0, 0, 0]) / 1e3
    )
    assert long.burnout_time == 1.5 and long.impulse == pytest.approx(PLAIN.impulse)
    assert long.propellant_at_samples.shape == long.time.shape == (4,)
    gap = motor([0, 0.05, 0.5, 0.6, 2.0, 2.1, 3.0], [0, 50, 50, 0, 0, 50, 0])  # a second grain
    assert gap.burnout_time == 3.0
    with pytest.raises(MotorFileError, match="zero throughout"):
        motor([0, 1, 2], [0, 0, 0])


def test_impulse_until_is_exact_inside_a_segment():
    assert float(PLAIN.impulse_until(0.025)) == pytest.approx(0.5 * 0.025 * 25)
    assert PLAIN.impulse_until(np.array([-1.0, 1.45, 99.0])) == pytest.approx(
        [0.0, 0.5 * 50 * 0.05 + 50 * 1.35 + 0.5 * (50 + 25) * 0.05, PLAIN.impulse]
    )


def test_propellant_goes_with_the_impulse_inside_a_segment_too():
    assert float(PLAIN.propellant_at(0.025)) == pytest.approx(0.04 * (1 - 0.3125 / PLAIN.impulse))
    weighed = motor([0, 0.05, 1.4, 1.5], [0, 50, 50, 0], propellant_left=np.array([0.04, 0.039, 0.002, 0.0]))
    assert float(weighed.propellant_at(0.025)) == pytest.approx(0.0395)
    assert PLAIN.propellant_at(np.array([-1.0, np.inf])) == pytest.approx([0.04, 0.0], abs=1e-15)


def test_margin_at_no_incidence_is_the_static_one_and_falls_as_the_body_lifts():
    aero = build_aero(alpha_iii(), mach_max=1.0)
    cg = np.full(3, 0.2)
    angle = np.radians([0.0, 10.0, 60.0])
    margin = margin_along(aero, np.full(3, 0.3), np.cos(angle), cg)
    assert margin[0] == pytest.approx((aero.centre_of_pressure(0.3) - 0.2) / 0.024, rel=1e-6)
    assert margin[1] < margin[0]
    assert np.isnan(margin_along(aero, np.array([0.3]), np.array([-0.5]), np.array([0.2])))[0]


def test_the_least_margin_is_that_before_apogee_with_its_time():
    t = np.array([0.0, 1, 2, 3, 4])
    m = np.array([np.nan, 3.0, 2.5, np.nan, 1.0])
    assert least_margin(t, m, until=3.5) == (2.5, 2.0)
    assert least_margin(t, m, until=9.0) == (1.0, 4.0)
    assert np.isnan(least_margin(t, m, until=0.5)).all()
