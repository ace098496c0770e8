"""A line of designs from the flights of five of them, against functions whose values between are known."""

from types import SimpleNamespace

import numpy as np
import pytest

from downrange.design import Axis, Want, find_output
from downrange.errors import InputError
from downrange.project.ruled import rule_line

DRAWS = np.linspace(-1.0, 1.0, 41)
AXIS = Axis("ballast", 0.0, 0.2, kind="mass")
WANT = Want(find_output("apogee"), 250.0, 250.0, per=1.0)


def trials(height):
    """Designs whose flights reach `height(x, draws)`; counts what it flies."""
    flown = []

    def outcome(point, flights, first=0):
        flown.append(point["ballast"])
        values = (height(point["ballast"], DRAWS),)
        return SimpleNamespace(values=values, mean=float(WANT.points(values[0]).mean()))

    return SimpleNamespace(wants=(WANT,), outcome=outcome, cost=lambda p, n: outcome(p, n).mean, flown=flown)


def smooth(x, z):
    return 300.0 / (1 + 1.7 * x) + 6.0 * z * (1 - x)


def test_a_line_is_what_each_design_scores():
    made = trials(smooth)
    line = rule_line(made, AXIS, {}, 41, proven=True)
    assert len(made.flown) == 6
    places = np.linspace(0.0, 0.2, 23)
    true = [WANT.points(smooth(x, DRAWS)).mean() for x in places]
    assert line.costs(places) == pytest.approx(true, abs=0.02)
    assert min(true) >= line.best.cost - 0.02


def test_the_best_of_a_line_is_where_the_middle_meets_the_target():
    """300 / (1 + 1.7 x) = 250 at x = 2/17, with scatter alike to both sides."""
    line = rule_line(trials(smooth), AXIS, {"canopy": 2}, 41, proven=False)
    assert line.best.point == {"canopy": 2, "ballast": pytest.approx(2 / 17, abs=3e-4)}


def test_flights_that_jump_along_it_make_no_line():
    assert rule_line(trials(lambda x, z: smooth(x, z) - 80.0 * (x > 0.07)), AXIS, {}, 41, proven=False) is None


def test_a_best_that_flies_otherwise_makes_no_line():
    """A step between two nodes, which no node sees."""

    def hidden(x, z):
        return smooth(x, z) + 60.0 * (0.11 < x < 0.125)

    assert rule_line(trials(hidden), AXIS, {}, 41, proven=False) is not None
    assert rule_line(trials(hidden), AXIS, {}, 41, proven=True) is None


def test_flights_that_do_not_happen_at_some_nodes_make_no_line():
    assert rule_line(trials(lambda x, z: np.where(x > 0.15 + 0.1 * z, np.nan, smooth(x, z))), AXIS, {}, 41, proven=False) is None  # fmt: skip


def test_a_design_that_cannot_be_built_makes_no_line():
    def refused(x, z):
        if x > 0.19:
            raise InputError("too heavy")
        return smooth(x, z)

    assert rule_line(trials(refused), AXIS, {}, 41, proven=False) is None
