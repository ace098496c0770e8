"""Campaigns of vehicles that come apart: every body has its own draws, and the same flight whoever flies it."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from downrange.dispersion import Uncertainty, flying, make_plan, run
from downrange.dispersion.campaign import fly_block
from downrange.dispersion.columns import block_columns
from downrange.dispersion.wide import Inputs
from downrange.errors import FlightCode
from downrange.failures import MODES, mode_probabilities
from downrange.flight import fly
from downrange.flight.drivers import fly_single
from downrange.flight.named import named_outputs, named_rows
from downrange.rocket import Ignition
from vehicles import strap_on, two_stager

LAUNCHES = {
    "stages": lambda: two_stager(Ignition(event="burn-out", of="booster", delay=0.3)),
    "height": lambda: two_stager(Ignition(event="altitude", altitude=70.0)),
    "boosters": strap_on,
}


@lru_cache
def plan_of(kind: str, modes: int = 0, defaults: bool = True, tolerance: float = 1e-6):
    launch = LAUNCHES[kind]()
    return make_plan(
        launch, uncertain={}, relaunch=lambda _: launch, uncertainty=Uncertainty({}, defaults),
        modes=mode_probabilities(MODES[:modes]), tolerance=tolerance,
    )  # fmt: skip


def places(block):
    out = named_outputs(block.out)
    return np.stack([out["landing_east"], out["landing_north"], out["apogee"]], axis=1)


@pytest.mark.parametrize("kind", LAUNCHES)
def test_lanes_and_the_single_driver_land_within_a_centimetre(kind, monkeypatch):
    plan = plan_of(kind, tolerance=1e-9)  # what falls tail first turns over a little later or sooner for a little more
    lanes = plan.fly_block(0, 20)

    def alone(c, rows, *, starts=None, threads=1, ends=None, tolerance=None):
        flown = [
            fly_single(c, row=row, start=None if starts is None else starts[k], tolerance=tolerance)
            for k, row in enumerate(rows)
        ]
        ends[:] = [f.end for f in flown]
        return np.array([list(f.out.values()) for f in flown])

    monkeypatch.setattr(flying, "fly_rows", alone)
    single = plan.fly_block(0, 20)
    assert (lanes.flight == single.flight).all() and (lanes.body == single.body).all()
    assert np.abs(places(lanes) - places(single)).max() < 0.01
    assert set(lanes.body) == {plan.bodies.index(b.name) for b in fly(plan.program).flown}


def test_a_flight_is_the_same_alone_and_among_others():
    """Each is lit at its own time: its thrust stands at its own place in the table of all."""
    plan = plan_of("height")
    together = plan.fly_block(0, 12)
    drawn = {}
    original = flying.fly_parts

    def one_by_one(mode, scene, given, table, draw, tolerance, *others):
        pieces = []
        for k in range(len(given.rows)):
            for p in original(mode, scene, given.part(slice(k, k + 1)), table, draw, tolerance):
                pieces.append(replace(p, flight=p.flight + k))
        drawn["rows"] = given
        return pieces

    import downrange.dispersion.plan as module

    before = module.fly_parts
    module.fly_parts = one_by_one
    try:
        apart = plan.fly_block(0, 12)
    finally:
        module.fly_parts = before
    order = np.lexsort((apart.body, apart.flight)), np.lexsort((together.body, together.flight))
    assert np.abs(places(apart)[order[0]] - places(together)[order[1]]).max() < 0.01


def test_the_nominal_row_is_the_flight():
    plan = plan_of("stages", defaults=False)
    sure = replace(plan, inputs=replace(plan.inputs, inputs=(), wind_sigma=0.0), winds=replace(plan.winds, sigma=0.0))
    assert isinstance(sure.inputs, Inputs)
    columns = block_columns(sure, sure.fly_block(0, 4))
    said = fly(plan.program, tolerance=1e-6)
    for body in said.summary()["bodies"]:
        here = columns["body"] == plan.bodies.index(body["name"])
        assert here.sum() == 4
        for key in ("landing_east_m", "landing_north_m", "ground_hit_speed_m_s", "flight_time_s", "landing_energy_j"):
            assert columns[key][here] == pytest.approx(body[key], abs=0.01, rel=1e-4), key
        assert columns["landing_mass_kg"][here] == pytest.approx(body["mass_kg"], rel=1e-9)
    main = columns["body"] == plan.bodies.index("sustainer")
    assert columns["apogee_agl_m"][main] == pytest.approx(said.apogee, abs=0.01)


@pytest.mark.parametrize("kind", ["stages", "boosters"])
def test_mass_holds_in_every_flight(kind):
    """What comes down of a flight weighs what left the pad less the propellant, with its own draw of each stage's mass."""
    plan = plan_of(kind)
    block = plan.fly_block(0, 64)
    assert (named_outputs(block.out)["code"] == FlightCode.LANDED).all()
    came = np.bincount(block.flight, block.mass)
    first = np.unique(block.flight, return_index=True)[1]
    assert came == pytest.approx(named_rows(block.rows)["mass"][first], rel=2e-5)
    assert np.std(came) > 0.01 * np.mean(came)


@pytest.mark.parametrize(
    ("name", "column", "moves", "stays"),
    [
        ("thrust.sustainer", "apogee_agl_m", ("sustainer",), ("booster",)),
        ("thrust.booster", "apogee_agl_m", ("sustainer", "booster"), ()),
        ("mass.booster", "landing_mass_kg", ("booster",), ("sustainer",)),
        ("mass.sustainer", "landing_mass_kg", ("sustainer",), ("booster",)),
        ("canopy_drag.booster chute", "ground_hit_speed_m_s", ("booster",), ("sustainer",)),
        ("canopy_drag.sustainer chute", "ground_hit_speed_m_s", ("sustainer",), ("booster",)),
    ],
)
def test_each_body_has_its_own_draws(name, column, moves, stays):
    """One thing varies alone: it moves the bodies that it is of, and no other."""
    plan = plan_of("stages")
    only = tuple(i for i in plan.inputs.inputs if i.name == name)
    alone = replace(plan, inputs=replace(plan.inputs, inputs=only), winds=replace(plan.winds, sigma=0.0))
    columns = block_columns(alone, alone.fly_block(0, 40))
    for body in moves:
        here = columns["body"] == plan.bodies.index(body)
        assert abs(np.corrcoef(columns[f"in.{name}"][here], columns[column][here])[0, 1]) > 0.9
    for body in stays:
        assert np.ptp(columns[column][columns["body"] == plan.bodies.index(body)]) < 1e-6


def test_threads_and_shards_change_no_bit():
    plan = plan_of("stages", modes=3)
    sizes = [(0, 1500)]
    one, two = (next(run(plan, sizes, threads=n))[1] for n in (1, 2))
    assert all(np.array_equal(one[k], two[k], equal_nan=True) for k in one)
    alone = fly_block(plan, 1, 1500 - 1024)
    last = one["flight"] >= 1024
    assert all(np.array_equal(one[k][last], alone[k], equal_nan=True) for k in one)


def test_a_casing_that_is_thrown_out_does_not_land_with_the_rest():
    launch = two_stager(Ignition(event="burn-out", of="booster", delay=0.3))
    thrown = replace(launch, more_motors=(replace(launch.more_motors[0], ejects_casing=True),))
    masses = []
    for x in (launch, thrown):
        plan = make_plan(
            x, uncertain={}, relaunch=lambda _, x=x: x, uncertainty=Uncertainty({}, False), modes=mode_probabilities(())
        )
        block = plan.fly_block(0, 4)
        masses.append({plan.bodies[b]: float(m) for b, m in zip(block.body, block.mass, strict=True)})
    assert masses[0]["sustainer"] - masses[1]["sustainer"] == pytest.approx(0.011, abs=1e-12)
    assert masses[0]["booster"] == pytest.approx(masses[1]["booster"], abs=1e-12)


@pytest.mark.parametrize("kind", LAUNCHES)
def test_when_and_how_high_it_came_apart(kind):
    """As the flight's own events say; a body that was not there has none of it, and one body no such columns."""
    plan = plan_of(kind, defaults=False)
    columns = block_columns(plan, plan.fly_block(0, 6))
    flight, names = fly(plan.program, interpreted=False), [k for k in columns if k.startswith("at.")]
    events = {e.name: e for e in flight.events}
    assert len(names) == 2 * len(plan.program.vehicle.steps)
    lead = columns["body"] == plan.bodies.index(flight.flown[0].name)
    left = next(s for s in plan.program.vehicle.steps if s.kind == "separation")
    event = events[f"{left.name}: separation"]
    assert columns[f"at.{left.name}.separation_s"] == pytest.approx(np.full(len(lead), event.time), abs=1e-6)
    whole = flight.sample(np.array([event.time - 1e-6])).height[0]
    assert columns[f"at.{left.name}.separation_m"] == pytest.approx(
        np.full(len(lead), whole), abs=0.5
    )  # the wind's error is drawn
    if kind != "boosters":
        lit = events["upper mount: ignition"]
        assert columns["at.upper mount.ignition_s"][lead] == pytest.approx(lit.time, abs=1e-5)
        assert np.isnan(columns["at.upper mount.ignition_s"][~lead]).all()
        assert (columns["at.lower mount.ignition_s"] == 0).all() and (columns["at.lower mount.ignition_m"] == 0).all()
    if kind == "height":
        assert columns["at.upper mount.ignition_m"][lead] == pytest.approx(70.0, abs=0.01)
    if kind == "stages":  # no leg ends for it
        assert np.isnan(columns["at.upper mount.ignition_m"]).all()
