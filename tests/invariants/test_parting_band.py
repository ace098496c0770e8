"""The band of the apogee of a vehicle that comes apart, against flights of it that are flown one by one, and against its campaign."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import downrange as dr
from downrange.dispersion import air_heights, apogee_band, gather_inputs
from downrange.dispersion.parting_band import Drawing, draw_flights
from downrange.flight import compile_launch, fly
from downrange.project import open_project
from downrange.project.bands import band_of
from downrange.project.campaigns import plan_campaign
from downrange.rocket import Ignition
from downrange.uncertainty import Normal, Quantity
from vehicles import two_stager

EXAMPLE = Path(__file__).parents[2] / "examples" / "two_stage" / "launch.yaml"


def drawing(launch, **stated):
    program = compile_launch(launch)
    flight = fly(program, interpreted=False)
    inputs = gather_inputs(
        program, {}, lambda values: launch, stated={k: Quantity(q[0], Normal(*q)) for k, q in stated.items()}, defaults=False,
        heights=air_heights(program), flight=flight,
    )  # fmt: skip
    return flight, inputs, Drawing(flight, inputs)


def test_what_drag_alone_does_is_what_flights_with_other_drag_do():
    launch = two_stager(Ignition(event="burn-out"))
    flight, inputs, drawn = drawing(launch, drag=(1.0, 0.05))
    sides = [
        fly(replace(launch, aero=replace(launch.aero, drag_factor=f)), interpreted=False).apogee for f in (0.95, 1.05)
    ]
    assert drawn.alone([0])[0] == pytest.approx(0.5 * (sides[0] - sides[1]), rel=0.01)
    assert sides[0] > sides[1] + 10
    band = apogee_band(flight, inputs)
    assert band.sigma == pytest.approx(0.5 * (sides[0] - sides[1]), rel=0.03)
    assert band.most[0] == pytest.approx(flight.apogee + 1.645 * 0.5 * (sides[1] - sides[0]), rel=0.01)
    assert [s.name for s in band.shares] == ["drag"]


def test_a_sustainer_that_leans_too_far_is_in_the_band():
    lean = two_stager(Ignition(event="burn-out", delay=1.0))
    flight = fly(lean, interpreted=False)
    lit = next(e.time for e in flight.events if e.name.endswith("ignition") and e.time > 0)
    tilt = np.pi / 2 - float(flight.sample(np.array([lit])).elevation[0])
    held = two_stager(Ignition(event="burn-out", delay=1.0, tilt_below=tilt + np.radians(0.5)))
    _, _, free = drawing(lean, tilt=(0.0, 0.02))
    _, _, locked = drawing(held, tilt=(0.0, 0.02))
    all_lit, _ = draw_flights(free, 64)
    some, _ = draw_flights(locked, 64)
    same = np.abs(some / all_lit - 1) < 0.001  # the look at its tilt parts a step of the integrator
    assert 0.3 < same.mean() < 0.9
    assert np.all(some[~same] < 0.8 * all_lit[~same])  # those that were not lit


def test_the_band_is_that_of_the_campaigns_nominal_flights():
    project = open_project(EXAMPLE)
    band = band_of(project, fly(project.launch, interpreted=False))
    plan = plan_campaign(project)
    block = replace(plan, modes=(replace(plan.modes[0], probability=1.0),)).fly_block(0)
    first = block.out[block.body == plan.bodies.index("sustainer")]
    heights = first[:, dr.flight.rows.OUT.index("apogee")]
    assert band.sigma == pytest.approx(heights.std(), rel=0.08)
    assert band.mean == pytest.approx(heights.mean(), abs=0.1 * band.sigma)
    for level, edge in zip((0.05, 0.95), band.most, strict=True):
        assert np.mean(heights < edge) == pytest.approx(level, abs=0.02)
    together = np.sqrt(sum(s.sigma**2 for s in band.shares))
    assert band.sigma == pytest.approx(together, rel=0.1)  # they are independent, and bend little
    assert {"drag", "thrust", "mass", "wind", "unsaid.finish"} <= {s.name for s in band.shares}
