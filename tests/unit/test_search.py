"""The search over lines and lists, on costs whose least is known."""

import math

import pytest

from downrange.design import Axis
from downrange.design.search import Found, search, settle
from downrange.errors import InputError


def test_one_line_with_a_kink_finds_the_kink():
    found = search([Axis("x", 0.0, 10.0)], lambda p: abs(p["x"] - 3.217))
    assert found[0].point["x"] == pytest.approx(3.217, abs=0.03)


def test_the_least_at_an_end_is_found():
    found = search([Axis("x", -2.0, 5.0)], lambda p: p["x"])
    assert found[0].point["x"] == pytest.approx(-2.0, abs=1e-12)


def test_two_lines_with_a_slanting_valley():
    """Rosenbrock's function stretched: least at (1, 1), at the floor of a bent valley."""
    axes = [Axis("x", -1.5, 1.5), Axis("y", -0.5, 2.0)]
    found = search(axes, lambda p: 20 * (p["y"] - p["x"] ** 2) ** 2 + (1 - p["x"]) ** 2)
    assert found[0].point["x"] == pytest.approx(1.0, abs=0.05)
    assert found[0].point["y"] == pytest.approx(1.0, abs=0.1)


def test_every_combination_of_lists_is_gone_through_and_ranked():
    axes = [Axis("a", choices=(1, 2, 3)), Axis("b", choices=("p", "q")), Axis("x", 0.0, 1.0)]
    found = search(axes, lambda p: p["a"] + (p["b"] == "p") * 10 + (p["x"] - 0.25) ** 2)
    assert len(found) == 6
    assert [f.cost for f in found] == sorted(f.cost for f in found)
    assert (found[0].point["a"], found[0].point["b"]) == (1, "q")
    assert found[0].point["x"] == pytest.approx(0.25, abs=0.01)


def test_many_combinations_are_climbed_to_the_least():
    axes = [Axis("a", choices=tuple(range(40))), Axis("b", choices=tuple(range(40)))]
    tried = []

    def cost(p):
        tried.append(p)
        return (p["a"] - 23) ** 2 + (p["b"] - 7) ** 2 + 0.5 * (p["a"] - 23) * (p["b"] - 7)

    assert search(axes, cost)[0].point == {"a": 23, "b": 7}
    assert len(tried) < 400


def test_what_cannot_be_built_is_passed_by():
    found = search([Axis("x", 0.0, 10.0)], lambda p: math.inf if p["x"] > 5 else (p["x"] - 8) ** 2)
    assert 4.5 < found[0].point["x"] <= 5.0


def test_settling_keeps_near_and_within():
    found = settle(
        [Axis("x", 0.0, 10.0), Axis("c", choices=(1, 2))],
        Found({"x": 9.8, "c": 2}, 1.0),
        lambda p: (p["x"] - 20) ** 2 + p["c"],
    )
    assert found.point["c"] == 2
    assert found.point["x"] == pytest.approx(10.0, abs=0.05)


def test_an_interrupt_keeps_the_best_so_far():
    calls = 0

    def cost(p):
        nonlocal calls
        calls += 1
        if calls > 9:
            raise KeyboardInterrupt
        return (p["x"] - 3.3) ** 2

    found = search([Axis("x", 0.0, 6.0)], cost)
    assert abs(found[0].point["x"] - 3.3) < 0.5


def test_axes_say_what_is_wrong():
    with pytest.raises(InputError, match="crossed or the same"):
        Axis("x", 2.0, 1.0)
    with pytest.raises(InputError, match="twice"):
        Axis("x", choices=(1, 1))
