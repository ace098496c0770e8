"""Motors that burn together and push unequally: the sums of their tables, and what a campaign makes of them."""

from dataclasses import replace

import numpy as np
import pytest

from downrange.dispersion import Uncertainty, make_plan
from downrange.dispersion.clusters import beside, motors_together, thrusts
from downrange.dispersion.known import MOTOR_SCATTER
from downrange.dispersion.wide import WIDE
from downrange.failures import mode_probabilities
from downrange.flight import compile_launch, fly
from downrange.flight.kernel.layout import G
from downrange.flight.named import named_outputs, named_rows
from downrange.flight.propulsion import Nozzle, segment_tables, sums_at
from downrange.rocket import Ignition
from downrange.uncertainty import Normal
from vehicles import cluster, motor, strap_on, two_stager

NOZZLES = (
    Nozzle(motor(thrust=10.0), 0.71, 0.02, 0.01, 0.01, -0.02, jet=0.5),
    Nozzle(motor(thrust=14.0, burn=1.3), 0.66, -0.015, 0.005, 0.0, 0.03, jet=0.5),
)
STRENGTH = np.array([[1.07, 0.94], [0.9, 1.02], [1.0, 1.0]])


def test_the_short_way_gives_the_sums_of_the_long_one():
    short = segment_tables(NOZZLES, np.array([[0.0, 0.2]]), strength=STRENGTH)
    long = segment_tables(NOZZLES, np.tile([[0.0, 0.2]], (3, 1)), strength=STRENGTH)
    plain = segment_tables(NOZZLES, np.array([[0.0, 0.2]]))[0]
    assert short[2] == pytest.approx(plain, rel=1e-12, abs=1e-14)
    for k in range(3):
        kept = long[k][long[k][:, G["t1"]] > long[k][:, G["t0"]]]
        assert short[k] == pytest.approx(kept, rel=1e-9, abs=1e-12)


def test_each_motor_pushes_as_strongly_as_it_is_on_the_same_propellant():
    t = np.array([0.05, 0.3, 0.9, 1.25])
    tables = segment_tables(NOZZLES, np.array([[0.0, 0.2]]), strength=STRENGTH)
    alone = [sums_at(segment_tables((n,), np.array([[lit]]))[0], t) for n, lit in zip(NOZZLES, (0.0, 0.2), strict=True)]
    for table, (a, b) in zip(tables, STRENGTH, strict=True):
        thrust, left, _ = sums_at(table, t)
        assert thrust == pytest.approx(a * alone[0][0] + b * alone[1][0], rel=1e-12)
        assert left == pytest.approx(alone[0][1] + alone[1][1], rel=1e-12)


def plan_of(launch, **stated):
    return make_plan(
        launch, uncertain={}, relaunch=lambda _: launch, uncertainty=Uncertainty(stated, True), modes=mode_probabilities(()), tolerance=1e-6
    )  # fmt: skip


def only_thrust(plan):
    found = tuple(i for i in plan.inputs.inputs if i.name.startswith("thrust."))
    inputs = replace(plan.inputs, inputs=found, wind_sigma=0.0)
    return replace(plan, inputs=inputs, winds=replace(plan.winds, sigma=0.0))


def test_four_motors_scatter_less_than_one_and_turn_the_rocket():
    plan = only_thrust(plan_of(cluster()))
    spread = {i.name: i.distribution.sigma for i in plan.inputs.inputs}
    lots = [n for n in spread if "+" in n]
    assert len(lots) == 1 and len(spread) == 5
    assert {s for n, s in spread.items() if n not in lots} == {MOTOR_SCATTER}
    assert np.hypot(spread[lots[0]], MOTOR_SCATTER) == pytest.approx(0.035)  # of each motor as the evidence has it
    drawn, _ = plan.draw(np.random.default_rng(3).uniform(0.001, 0.999, (4000, 5)))
    assert named_rows(drawn.rows)["thrust"] == pytest.approx(1.0 + drawn.own.mean(axis=1), rel=1e-12)
    assert drawn.own.std(axis=0) == pytest.approx(0.035, rel=0.05)
    assert drawn.own.mean(axis=1).std() == pytest.approx(np.sqrt(spread[lots[0]] ** 2 + MOTOR_SCATTER**2 / 4), rel=0.05)
    block = plan.fly_block(0, 64)
    out = named_outputs(block.out)
    still = fly(plan.program, tolerance=1e-6).raw.out
    apart = np.hypot(out["landing_east"] - still["landing_east"], out["landing_north"] - still["landing_north"])
    even = replace(plan, inputs=replace(plan.inputs, motors=False))  # the mean alone
    flat = named_outputs(even.fly_block(0, 64).out)
    level = np.hypot(flat["landing_east"] - still["landing_east"], flat["landing_north"] - still["landing_north"])
    assert np.median(apart) > 3 * np.median(level)


def test_the_mean_alone_is_a_row_that_pushes_harder():
    """All four stronger alike is a rocket whose thrust is stronger, and no table of its own."""
    plan = only_thrust(plan_of(cluster()))
    u = np.full((2, len(plan.inputs.inputs)), 0.5)
    u[1, [k for k, i in enumerate(plan.inputs.inputs) if "+" in i.name]] = 0.9
    drawn, _ = plan.draw(u)
    body = plan.program.vehicle.body(plan.program.vehicle.root)
    tables = body.segments(np.zeros((1, 4)), drawn.own)
    assert tables[1] == pytest.approx(tables[0], rel=1e-12, abs=1e-13)


@pytest.mark.parametrize(
    ("launch", "names"),
    [
        (lambda: two_stager(Ignition(event="burn-out")), {"thrust.booster", "thrust.sustainer"}),
        (strap_on, None),
    ],
)
def test_single_motors_keep_one_factor_each(launch, names):
    plan = plan_of(launch())
    found = {i.name for i in plan.inputs.inputs if i.name.startswith("thrust.")}
    if names is not None:
        assert found == names and not plan.inputs.motors
    else:
        assert plan.inputs.motors and len(found) == 1 + 1 + len(plan.program.vehicle.filled) - 1
    assert compile_launch(launch()).vehicle.filled


def test_two_motors_are_enough_to_burn_beside_each_other():
    """A strap-on booster's motor beside its twin's, on a core that burns at the same time; stages burn one after another."""
    two = compile_launch(replace(strap_on(), motor_mount="strap mount", more_motors=()))
    assert [f.mounted.mount for f in two.vehicle.filled] == ["strap mount"] * 2
    assert [beside(two, j) for j in range(2)] == [True, True] and motors_together(two)
    apart = compile_launch(two_stager())
    assert not any(beside(apart, j) for j in range(2)) and not motors_together(apart)


def test_thrusts_are_about_one_and_add_to_the_spread_that_was_said():
    core, lot, *own = thrusts(compile_launch(strap_on()), (), Normal(1.0, 0.05), (), width=WIDE, assumed=True, doc="")
    assert core.name == "thrust.core mount 1" and core.distribution == Normal(1.0, 0.05)
    assert lot.name == "thrust.strap mount 1.1+2.2" and [i.name for i in own] == [f"thrust.strap mount {k}" for k in ("1.1", "2.2")]
    assert {i.distribution.centre for i in (lot, *own)} == {1.0}
    for i in own:
        assert np.hypot(lot.distribution.sigma, i.distribution.sigma) == pytest.approx(0.05, rel=1e-12)


def test_a_motor_whose_impulse_the_files_vary_has_no_thrust_besides():
    program = compile_launch(strap_on())
    stated = ("motors[0].motor.impulse_factor",)
    left = [i.name for i in thrusts(program, (), Normal(1.0, 0.05), stated, width=WIDE, assumed=True, doc="")]
    assert left and all("strap" in name for name in left)
