"""Flights of one design after another are those of `fly`, whatever of the tables was spared."""

import math
from dataclasses import replace

import numpy as np
import pytest

from downrange.flight import compile_launch, fly
from downrange.flight.again import Again, fastest
from downrange.project import open_project
from downrange.rocket import FinSet


def _with_span(launch, factor):
    """The launch with fins of another span; of what comes apart those of its first stage."""
    parts = launch.rocket.parts

    def changed(part):
        if isinstance(part, FinSet):
            return replace(part, span=part.span * factor)
        return replace(part, parts=tuple(changed(p) for p in part.parts)) if part.parts else part

    return replace(launch, rocket=replace(launch.rocket, parts=tuple(changed(p) for p in parts)))


@pytest.fixture(scope="module")
def launch():
    return open_project("examples/first_rocket").launch


def test_the_same_numbers(launch, monkeypatch):
    """The second flight of a design is found with tables that end above the first's Mach number, and tells the same to the last bit."""
    asked = []

    def noting(launch, *, lift_to=math.inf):
        asked.append(lift_to)
        return compile_launch(launch, lift_to=lift_to)

    monkeypatch.setattr("downrange.flight.again.compile_launch", noting)
    again = Again()
    first = again.fly(launch)
    changed = _with_span(launch, 1.1)
    quick, whole = again.fly(changed), fly(changed)
    assert asked[0] == math.inf and fastest(first) < asked[1] < whole.program.mach_max
    assert quick.program.aero.lift_to < whole.program.aero.lift_to == math.inf
    assert quick.summary() == whole.summary() and quick.raw.track.tobytes() == whole.raw.track.tobytes()
    assert quick.trajectory.stability.tobytes() == whole.trajectory.stability.tobytes()


def test_a_faster_flight_is_flown_again(launch, monkeypatch):
    """A flight that goes beyond what was known of the lift has all of it in the end."""
    monkeypatch.setattr("downrange.flight.again._LEAST", 0.05)
    again = Again()
    again._reached = 0.05
    found = again.fly(launch)
    assert fastest(found) > 0.1 and found.program.aero.lift_to == math.inf
    assert found.summary() == fly(launch).summary()


def test_tables_are_those_of_the_whole_up_to_there(launch):
    """Normal forces asked for to a Mach number are those asked for to the end, up to the grid's number above it, and held beyond."""
    whole, part = (compile_launch(launch, lift_to=to).aero for to in (math.inf, 0.4))
    within = whole.mach <= part.lift_to
    assert 0.4 <= part.lift_to < 0.4 + 2 * (whole.mach[1] - whole.mach[0]) and within.sum() < whole.mach.size
    for name in ("a0", "a1", "a2", "roll_damp", "roll_force"):
        a, b = getattr(whole, name), getattr(part, name)
        np.testing.assert_array_equal(a[within], b[within])
    fins = part.lifts[-1].slope
    np.testing.assert_array_equal(fins[~within], fins[within][-1])
    np.testing.assert_array_equal(whole.axial, part.axial)
