"""Every configuration of a vehicle that flies: which motors burn in it, what it weighs and how it is balanced."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from test_vehicle import BOTH, LIT, booster_part, launch, motor, mount, two_stages

from downrange.flight import MountedMotor, configurations
from downrange.flight.configurations import jet_area
from downrange.project import open_project
from downrange.report.figures import vehicle_figure
from downrange.report.vehicle import step_words, vehicle_warnings
from downrange.rocket import Cluster, Ignition, Separation

EXAMPLES = Path(__file__).parents[2] / "examples"
SIDES = MountedMotor(motor(impulse=4.0), "strap-on mount")


def names(made):
    return [(c.name, c.dropped) for c in made]


def test_boosters_leave_then_stages_from_below():
    made = configurations(launch(two_stages(booster_part()), *BOTH, SIDES))
    assert names(made) == [
        ("sustainer + booster + strap-on", False), ("sustainer + booster", False), ("strap-on", True), ("sustainer", False), ("booster", True),
    ]  # fmt: skip
    assert [len(c.lit) for c in made] == [3, 1, 0, 1, 0] and [len(c.burnt) for c in made] == [0, 0, 1, 0, 1]
    assert [len(c.waiting) for c in made] == [1, 1, 0, 0, 0]
    assert [c.thrust_to_weight is None for c in made] == [False, False, True, False, True]


def test_nothing_is_lost_between_configurations():
    v = launch(two_stages(booster_part()), *BOTH, SIDES)
    whole, without, side, top, low = configurations(v)
    assert whole.begins.mass == pytest.approx(v.loaded.mass, rel=1e-12)
    assert np.allclose(whole.begins.cg, v.loaded.cg) and np.allclose(whole.begins.inertia, v.loaded.inertia)
    assert whole.begins.mass - whole.ends.mass == pytest.approx(3 * 0.011)
    # The stack without its boosters, its core spent, is the sustainer and the spent booster.
    assert without.ends.mass == pytest.approx(top.begins.mass + low.ends.mass, rel=1e-12)
    at = (
        top.begins.mass * (top.rocket.datum + top.begins.cg[0]) + low.ends.mass * (low.rocket.datum + low.ends.cg[0])
    ) / without.ends.mass
    assert without.ends.cg[0] == pytest.approx(at, rel=1e-12)
    assert v.loaded.mass == pytest.approx(without.begins.mass + 2 * (side.ends.mass + 0.011), rel=1e-12)
    assert np.allclose(side.ends.cg[1:], 0, atol=1e-12)  # one of them, about its own axis


def test_stages_that_never_separate_leave_together():
    r = two_stages()
    third = dataclasses.replace(
        r.stages[1],
        name="tail",
        separation=Separation(event="never"),
        parts=(dataclasses.replace(r.stages[1].parts[0], parts=()),),
    )
    made = configurations(launch(dataclasses.replace(r, parts=(*r.stages, third)), BOTH[0], BOTH[1]))
    assert names(made) == [("sustainer + booster + tail", False), ("sustainer", False), ("booster + tail", True)]
    assert made[0].rocket.length == pytest.approx(made[1].rocket.length + made[2].rocket.length)


def test_thrust_to_weight_is_of_all_that_is_lit_along_the_axis():
    lows = {}
    for name, cluster, tubes in (
        ("pair", Cluster(pattern="double"), ()),
        ("leaning", Cluster(pattern="double", cant=0.3), ()),
        ("one", Cluster(pattern="double"), (1,)),
    ):
        top, low = two_stages().stages
        low = dataclasses.replace(
            low, parts=(dataclasses.replace(low.parts[0], parts=(mount("booster mount", cluster=cluster),)),)
        )
        r = dataclasses.replace(two_stages(), parts=(top, low))
        lows[name] = configurations(launch(r, MountedMotor(motor(), "booster mount", tubes=tubes), BOTH[1]))[0]
    pair, leaning, one = lows["pair"], lows["leaning"], lows["one"]
    assert pair.thrust_to_weight == pytest.approx(2 * one.thrust_to_weight * one.begins.mass / pair.begins.mass)
    assert leaning.thrust_to_weight == pytest.approx(pair.thrust_to_weight * np.cos(0.3))
    assert abs(one.begins.cg[1]) > 1e-3 > abs(pair.begins.cg[1])


def test_base_drag_falls_where_the_motor_burns():
    whole = configurations(launch(two_stages(booster_part()), *BOTH, SIDES))[0]
    a = whole.aero
    for base in ("base", "strap-on: base"):
        (part,) = [p for p in a.drags if p.name == base]
        assert a.part_drag(part, 0.3, 6e6, True) < a.part_drag(part, 0.3, 6e6)
    assert jet_area(motor(nozzle_exit_area=2e-5)) == 2e-5


def test_events_in_words():
    ask = Ignition(event="separation", delay=1.0, tilt_below=np.radians(20), altitude_above=200.0, speed_above=30.0)
    v = launch(
        two_stages(separation=Separation(event="altitude", altitude=150.0, falling=True)),
        BOTH[0],
        MountedMotor(motor(), "sustainer mount", ignition=ask),
    )
    first, second, third = (step_words(s) for s in v.schedule)
    assert first == "launch" and third == "150 m above the pad on the way down"
    assert second == "separation of booster + 1 s, if it leans less than 20°, if above 200 m, if faster than 30 m/s"
    assert LIT.delay == 0.2


def test_what_to_know_before_it_flies():
    heavy = dataclasses.replace(
        two_stages().stages[0], measured=dataclasses.replace(two_stages().stages[0].measured, mass=2.0)
    )
    v = launch(
        dataclasses.replace(two_stages(), parts=(heavy, two_stages().stages[1])), MountedMotor(motor(), "booster mount")
    )
    said = " ".join(vehicle_warnings(v, configurations(v)))
    assert "sustainer + booster: thrust is 0.5 times the weight" in said and "stage sustainer has no motor" in said


@pytest.mark.parametrize("example", ["two_stage", "cluster", "strap_on", "high_power_two_stage"])
def test_the_examples_are_stable_and_strong_enough(example):
    v = open_project(EXAMPLES / example / "launch.yaml").launch
    made = configurations(v)
    assert not v.simple and not vehicle_warnings(v, made) and all(c.ready for c in made)
    for c in made:
        told = c.summary()
        assert told["mass_kg"] >= told["burnout_mass_kg"] > 0 and (told["dropped"] or told["static_margin_cal"] >= 1)
        assert c.dropped or not c.rocket.open_front
    if example == "cluster":
        (whole,) = made
        # One of four is full and does not burn: 44 g stay, and with the rest spent the balance lies towards it.
        r = np.hypot(0.0125, 0.0125)
        bare = v.rocket.without_motor
        lateral = whole.ends.mass * whole.ends.cg[1:] - bare.mass * bare.cg[1:]  # without its rail buttons
        assert np.hypot(*lateral) == pytest.approx(v.motor.propellant_mass * r, rel=1e-6)


def test_the_drawing_shows_every_body_and_motor():
    v = open_project(EXAMPLES / "strap_on" / "launch.yaml").launch
    (a,) = vehicle_figure(v).axes
    low, high = a.get_ylim()
    assert high > 0.0208 + 0.02 and low == -high and a.get_title().startswith("Strap-on")
    assert len([c for c in a.collections if c.get_gid() == "motor"]) == 3
