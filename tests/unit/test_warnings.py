"""Warnings of a flight: each comes past its threshold and not before it, about its own quantity."""

import math
from dataclasses import replace

import numpy as np
import pytest

from alpha import alpha_iii
from downrange.aero import AeroOptions
from downrange.errors import FlightCode
from downrange.flight import Launch, Rail, compile_launch
from downrange.flight.warnings import flight_warnings
from downrange.motor import Motor
from downrange.rocket import Deploy, Parachute
from downrange.tables import Table1D

GOOD = {
    "static_margin": 1.8, "static_margin_barrowman": 1.7, "thrust_to_weight": 8.0, "peak_thrust_to_weight": 12.0, "rail_exit_speed": 20.0,
    "rail_exit_angle_of_attack": 0.1, "min_stability": 1.2, "min_stability_time": 0.4, "flutter_margin": 3.0, "max_mach": 0.4, "apogee_agl": 300.0,
    "lost_impulse": 0.0, "deployment_time": 6.5, "deployment_airspeed": 8.0, "fastest_opening": 8.0, "ground_hit_speed": 5.0, "time_to_apogee": 6.2,
    "optimum_delay": 5.2,
}  # fmt: skip


def launched(quiet: float = 0.0, **aero: object) -> Launch:
    t = np.array([0, 0.05, 0.9, 1.0]) + quiet
    thrust = np.array([0, 12, 9, 0.0])
    if quiet:
        t, thrust = np.append(0.0, t), np.append(0.0, thrust)
    motor = Motor(
        designation="toy", time=t, thrust=thrust, diameter=0.018, length=0.07, propellant_mass=0.006, dry_mass=0.01, delays=(5.0,)
    )  # fmt: skip
    nose, body = alpha_iii().parts
    parts = tuple(replace(p, deploy=Deploy(event="ejection")) if isinstance(p, Parachute) else p for p in body.parts)
    rocket = replace(alpha_iii(), parts=(nose, replace(body, parts=parts)))
    return Launch(rocket, motor, rail=Rail(1.0), aero=AeroOptions(**aero), motor_delay=5.0)


@pytest.fixture(scope="module")
def program():
    return compile_launch(launched())


def said(program, code=FlightCode.LANDED, **figures):
    return flight_warnings(program, GOOD | figures, code)


def test_a_good_flight_is_told_nothing(program):
    assert said(program) == ()


@pytest.mark.parametrize(
    ("name", "kept", "broken", "grave", "words"),
    [
        ("static_margin", 1.01, 0.99, False, "only 0.99 calibres"),
        ("static_margin", 0.01, -0.01, True, "UNSTABLE"),
        ("static_margin", 5.9, 6.1, False, "turn into the wind"),
        ("static_margin", 1.8, math.nan, True, "no lift that could steer"),
        ("static_margin_barrowman", 1.01, 0.99, False, "0.99 by Barrowman"),
        ("thrust_to_weight", 5.01, 4.9, False, "4.9 (at least 5"),
        ("thrust_to_weight", 1.01, 0.99, True, "may wait on the pad"),
        ("rail_exit_speed", 15.3, 15.2, False, "at 15.2 m/s"),
        ("rail_exit_angle_of_attack", math.radians(14), math.radians(16), False, "at 16°"),
        ("min_stability", 0.01, -0.3, True, "falls to -0.30 calibres at 0.40 s"),
        ("flutter_margin", 1.21, 1.19, False, "near flutter"),
        ("flutter_margin", 1.01, 0.99, False, "FLUTTER OFF"),
        ("lost_impulse", 0.004, 0.006, True, "OPENS UNDER THRUST"),
        ("deployment_airspeed", 29.0, 31.0, False, "at 31 m/s"),
        ("fastest_opening", 29.0, 31.0, False, "later recovery device opens at 31"),
        ("ground_hit_speed", 8.9, 9.1, False, "at 9.1 m/s"),
        ("deployment_time", 6.5, math.nan, True, "No recovery device opened"),
        ("max_mach", 0.84, 0.86, False, "near Mach 1"),
    ],
)
def test_each_threshold_from_both_sides(program, name, kept, broken, grave, words):
    """The margin of the second row and the flutter of the sixth are worse, not another warning: the words tell them apart."""
    assert not any(words in w for w in said(program, **{name: kept}))
    told = [w for w in said(program, **{name: broken}) if words in w]
    about = {"lost_impulse": "deployment_time", "deployment_time": "ground_hit_speed"}.get(name, name)
    assert len(told) == 1 and told[0].about == about and told[0].grave == grave


def test_above_what_the_coefficients_hold_to(program):
    holds = program.aero.valid_mach
    (told,) = [w for w in said(program, max_mach=holds + 0.1) if "Coefficients" in w]
    assert told.about == "max_mach" and f"hold to Mach {holds:g}" in told
    assert not any("Coefficients" in w for w in said(program, max_mach=holds - 0.1))


def test_a_charge_is_late_or_early_by_its_distance_from_apogee(program):
    late = said(program, deployment_time=8.3, deployment_airspeed=21.0)
    assert any("fires 2.1 s after apogee; the best delay is 5.2 s" in w for w in late)
    early = said(program, deployment_time=4.0, deployment_airspeed=21.0)
    assert any("fires 2.2 s before apogee" in w for w in early)
    assert not any("charge fires" in w for w in said(program, deployment_time=7.6, deployment_airspeed=21.0))
    assert not any("charge fires" in w for w in said(program, deployment_time=8.3, deployment_airspeed=19.0))


def test_what_stays_on_the_pad_is_told_that_alone(program):
    told = said(program, FlightCode.NO_LIFTOFF, thrust_to_weight=0.6, peak_thrust_to_weight=0.9, ground_hit_speed=50.0)
    assert [w.about for w in told] == ["thrust_to_weight"] and "at most 0.90 of the weight" in told[0]
    told = said(program, FlightCode.NO_LIFTOFF, thrust_to_weight=0.9, peak_thrust_to_weight=1.2)
    assert any("never lifts it off" in w for w in told) and all(w.grave for w in told)
    assert any("time limit" in w for w in said(program, FlightCode.TIME_LIMIT))
    assert any("step limit" in w for w in said(program, FlightCode.STEP_LIMIT))


def test_a_motor_that_hesitates_and_a_delay_that_is_not_sold():
    assert any("only 1.2 s after ignition" in w for w in said(compile_launch(launched(1.2))))
    assert not any("after ignition" in w for w in said(compile_launch(launched(0.8))))
    other = replace(launched(), motor_delay=6.0)
    assert any("a delay of 6 s, but comes with 5 s" in w for w in said(compile_launch(other)))


def test_tables_that_end_below_the_flight():
    """Drag given to Mach 0.5 and flown to 0.6; the profile's end is told where the apogee is above it."""
    table = Table1D(np.array([0.0, 0.5]), np.array([0.5, 0.6]))
    program = compile_launch(launched(drag_off=table, drag_on=table))
    assert not any("table ends" in w for w in said(program, max_mach=0.49))
    told = [w for w in said(program, max_mach=0.6) if "table ends at Mach 0.5" in w]
    assert len(told) == 2 and all("(0.6)" in w for w in told)
    assert not any("near Mach 1" in w for w in said(program, max_mach=0.9))  # it was not computed
