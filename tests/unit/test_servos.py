"""Actuators against closed forms: range, rate, delay, dead band."""

from __future__ import annotations

import math

import numpy as np
import pytest

import downrange as dr
from downrange.control import Servo
from downrange.errors import InputError


def walk(servo: Servo, until: float) -> list[tuple[float, float]]:
    """Where it stands at its breaks, up to a time."""
    out = []
    while servo.breaks < until:
        servo.move(servo.breaks)
        out.append((servo.time, servo.position))
    servo.move(until)
    return out


def test_a_servo_waits_its_delay_and_then_moves_at_its_rate():
    servo = Servo(dr.AirBrakes(rate=0.8, delay_s=0.15))
    servo.command(2.0, 0.6)
    assert servo.breaks == pytest.approx(2.15)
    assert walk(servo, 2.5) == [(pytest.approx(2.15), 0.0)]
    assert servo.position == pytest.approx(0.8 * (2.5 - 2.15)) and servo.slope == 0.8
    assert walk(servo, 4.0) == [(pytest.approx(2.15 + 0.6 / 0.8), pytest.approx(0.6))] and servo.slope == 0.0


def test_a_command_on_the_way_turns_it_round_where_it_then_stands():
    servo = Servo(dr.AirBrakes(rate=0.5))
    servo.command(1.0, 1.0)
    servo.move(1.7)
    servo.command(1.7, 0.1)
    assert servo.position == pytest.approx(0.35) and servo.slope == -0.5
    assert walk(servo, 9.0) == [(pytest.approx(1.7 + 0.25 / 0.5), pytest.approx(0.1))]


def test_two_commands_in_the_delay_are_taken_one_after_the_other():
    servo = Servo(dr.RollFins(slope=1.0, delay_s=0.3, most=0.2, least=-0.2))
    servo.command(0.0, 0.1)
    servo.command(0.1, -0.15)
    assert walk(servo, 1.0) == [(pytest.approx(0.3), 0.1), (pytest.approx(0.4), -0.15)]


def test_it_is_held_to_its_range_and_moves_at_once_where_no_rate_is_said():
    servo = Servo(dr.AirBrakes(most=0.7))
    servo.command(0.0, 5.0)
    assert servo.position == 0.7 and math.isinf(servo.breaks)


def test_the_dead_band_swallows_small_changes_of_what_it_was_last_asked():
    servo = Servo(dr.AirBrakes(dead_band=0.05))
    for value, stands in ((0.04, 0.0), (0.06, 0.06), (0.10, 0.06), (0.02, 0.06), (0.0, 0.0)):
        servo.command(1.0, value)
        assert servo.position == stands, value


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: dr.AirBrakes(rate=0.0), "never moves"),
        (lambda: dr.AirBrakes(most=1.5), "runs from 0 to 1"),
        (lambda: dr.AirBrakes(rest=2.0), "outside its range"),
        (lambda: dr.AirBrakes(rate="fast"), "is a number"),
        (lambda: dr.RollFins(), "slope of their rolling moment"),
        (lambda: dr.RollFins(slope=((1.0, 2.0), (0.5, 2.0))), "slope of their rolling moment"),
        (lambda: dr.ColdGas(), "torque in N m"),
        (lambda: dr.ColdGas(torque=1.0, axis="x"), "roll, pitch or yaw"),
        (lambda: dr.ThrustVector(most=5.0), "give radians"),
        (lambda: dr.ThrustVector(least=0.1, most=0.05), "must rise"),
        (lambda: dr.Event(""), "has the name"),
    ],
)
def test_actuators_that_cannot_be_are_refused_in_words(make, says):
    with pytest.raises(InputError, match=says):
        make()


def test_roll_fins_by_mach_number_lie_on_lines_between_their_pairs():
    fins = dr.RollFins(slope=((0.2, 1.0), (0.8, 4.0)))
    assert [fins.slope_at(m) for m in (0.0, 0.2, 0.4, 2.0)] == pytest.approx([1.0, 1.0, 2.0, 4.0])
    assert np.isfinite(fins.slope_at(0.5))
