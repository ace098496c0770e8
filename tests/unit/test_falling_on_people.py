"""Edges of the casualty figures, by hand: flat paths, what did not land, modes that never landed."""

import math
from dataclasses import replace

import numpy as np
import pytest
from test_casualties import campaign

from downrange.errors import FlightCode
from downrange.safety import casualty_area, hurting_area
from downrange.safety.risk import Lethality, _worst_areas, reentry_casualty_area

# A person of 0.3 m by 1.8 m, a body 0.1 m across: pi 0.35² + 2 0.35 1.8 / tan g.
STEEP, AT_5, AT_30 = (
    math.pi * 0.35**2,
    math.pi * 0.35**2 + 1.26 / math.tan(math.radians(5)),
    math.pi * 0.35**2 + 1.26 * math.sqrt(3),
)


def test_a_path_is_never_flatter_than_5_degrees():
    assert pytest.approx(14.79, abs=0.01) == AT_5
    for angle, area in ((90.0, STEEP), (30.0, AT_30), (5.0, AT_5), (1.0, AT_5), (-3.0, AT_5), (math.nan, STEEP)):
        flown = campaign([3], [1.0], (0.0, 0.0), angle=angle)
        assert hurting_area(flown, 0.1) == pytest.approx(area, rel=1e-9), angle
    assert casualty_area(0.05, math.radians(30)) == pytest.approx(AT_30)
    assert casualty_area(0.05, math.pi / 2, radius=1.0, height=0.0) == pytest.approx(math.pi * 1.05**2)
    assert reentry_casualty_area(4.0) == pytest.approx(6.76)  # (0.6 + 2)²


def test_what_did_not_land_hits_nobody():
    flown = campaign([4], [1.0], (0.0, 0.0))
    result = np.array([FlightCode.LANDED, FlightCode.TIME_LIMIT, FlightCode.LANDED, FlightCode.NO_LIFTOFF])
    flown = replace(flown, columns={**flown.columns, "result": result})
    assert hurting_area(flown, 0.1) == pytest.approx([STEEP, 0, STEEP, 0])


def test_a_mode_that_never_landed_is_bounded_by_the_worst():
    flown = campaign([2, 2], [0.9, 0.1], (0.0, 0.0), angle=30.0)
    result = np.array([0, 0, int(FlightCode.TIME_LIMIT), int(FlightCode.TIME_LIMIT)])
    some = replace(flown, columns={**flown.columns, "result": result})
    assert _worst_areas(some, 0.1) == pytest.approx([AT_30, AT_30])
    none = replace(flown, columns={**flown.columns, "result": np.full(4, int(FlightCode.TIME_LIMIT))})
    assert _worst_areas(none, 0.1) == pytest.approx([AT_5, AT_5])  # the flattest path of what is 0.1 m across


@pytest.mark.parametrize(
    ("energy", "share"), [(0.0, 0.0), (14.9, 0.0), (math.sqrt(14.9 * 101.7), 0.5), (101.7, 1.0), (1e5, 1.0)]
)
def test_hits_hurt_between_15_and_102_joules(energy, share):
    """On a logarithmic scale: half of them at the geometric mean."""
    assert Lethality()(np.array([energy]))[0] == pytest.approx(share)
    assert Lethality(20.0, 200.0)(np.array([20.0 * 10**0.25]))[0] == pytest.approx(0.25)
