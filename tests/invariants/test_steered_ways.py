"""Whole ways of flights that controllers steer: they are steered in them, fail in them, and are the flights that campaigns fly."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from downrange.dispersion.ways import calm, fly_ways
from downrange.flight import fly
from downrange.flight.named import named_steps
from downrange.project import open_project
from downrange.project.campaigns import plan_campaign

LAUNCH = Path(__file__).resolve().parents[2] / "examples" / "air_brakes" / "launch.yaml"


@pytest.fixture(scope="module")
def plan():
    return plan_campaign(open_project(LAUNCH, trusted=True))


def mode(plan, name):
    return next(m.mode for m in plan.modes if m.mode.name == name)


def top(way):
    return float(named_steps(way)["position_enu"][:, 2].max())


def test_ways_are_steered_and_reach_the_ground(plan):
    """The middle of all that varies, in still air: as high as the launch itself with its brakes, lower than without."""
    half = np.full((1, len(plan.inputs.inputs)), 0.5)
    (way,) = fly_ways(calm(plan), mode(plan, "nominal"), half)
    (free,) = fly_ways(calm(replace(plan, steering=None)), mode(plan, "nominal"), half)
    itself = fly(plan.program.launch, steering=plan.steering).raw.out["apogee"]
    assert top(way) == pytest.approx(itself, rel=0.02) and top(way) < 0.97 * top(free)
    at = named_steps(way)
    assert at["time"][0] == 0 and np.all(np.diff(at["time"]) >= 0)
    assert at["position_enu"][-1, 2] == pytest.approx(0, abs=5) and at["under_canopy"][-1] == 1


def test_what_breaks_flies_on_without_its_controllers(plan):
    """A motor that bursts under way: one way through both pieces, lower, and without a canopy; the same block bursts alike."""
    u = np.full((1, len(plan.inputs.inputs)), 0.5)
    (one,) = fly_ways(plan, mode(plan, "motor bursts"), u, block=1)
    (same,) = fly_ways(plan, mode(plan, "motor bursts"), u, block=1)
    at = named_steps(one)
    assert np.all(np.diff(at["time"]) >= 0) and at["position_enu"][-1, 2] == pytest.approx(0, abs=5)
    assert top(one) == pytest.approx(top(same), rel=1e-6)
    (fine,) = fly_ways(plan, mode(plan, "nominal"), u, block=1)
    assert top(one) < 0.95 * top(fine)
