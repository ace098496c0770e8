"""Stages, pods, boosters and clusters: what a vehicle is made of, and what it weighs in each configuration."""

import dataclasses

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.flight import Launch, MountedMotor
from downrange.motor import Motor
from downrange.rocket import (
    BodyTube,
    Boosters,
    Cluster,
    Ignition,
    InnerTube,
    MassObject,
    Measured,
    NoseCone,
    Pods,
    Rocket,
    Separation,
    Stage,
    TrapezoidalFins,
    combine,
    mounts_of,
)

NOSE = NoseCone(shape="ogive", length=0.11, diameter=0.042, wall=0.002)
AT_BURN_OUT = Separation(event="burn-out")


def fins(**changes):
    given = {"count": 3, "root_chord": 0.06, "tip_chord": 0.03, "span": 0.04, "sweep": 0.03, "thickness": 0.003}
    return TrapezoidalFins(**{**given, "position": "bottom", **changes})


def tube(length, *parts, diameter=None, **changes):
    return BodyTube(length=length, diameter=diameter, wall=0.0007, parts=parts, **changes)


def mount(name, **changes):
    given = {"length": 0.07, "diameter": 0.0187, "wall": 0.0005, "motor_mount": True, "position": "bottom"}
    return InnerTube(name=name, **{**given, **changes})


def booster_part(**changes):
    own = (NoseCone(shape="conical", length=0.04, diameter=0.022, wall=0.001), tube(0.15, mount("strap-on mount")))
    given = {"name": "strap-on", "count": 2, "parts": own, "position": "bottom", "separation": AT_BURN_OUT}
    return Boosters(**{**given, **changes})


def two_stages(*more, **below):
    top = Stage(name="sustainer", parts=(NOSE, tube(0.31, fins(), mount("sustainer mount"), diameter=0.042)))
    low = Stage(
        name="booster",
        parts=(tube(0.17, fins(span=0.06), mount("booster mount"), *more),),
        **{"separation": AT_BURN_OUT, **below},
    )
    return Rocket("two", (top, low))


def motor(impulse=10.0, delays=(0.0,), **changes):
    given = {"time": [0.0, 0.05, 0.95, 1.0], "thrust": np.array([0.0, 1.0, 1.0, 0.0]) * impulse / 0.95}
    given |= {"diameter": 0.018, "length": 0.07, "propellant_mass": 0.011, "dry_mass": 0.013, "delays": delays}
    return Motor(designation="T10", **{**given, **changes})


LIT = Ignition(event="burn-out", delay=0.2)


def launch(rocket, *motors, **more):
    first, *others = motors
    return Launch(
        rocket, first.motor, motor_mount=first.mount, motor_tubes=first.tubes, motor_ignition=first.ignition,
        motor_delay=first.delay, more_motors=tuple(others), **more,
    )  # fmt: skip


BOTH = (MountedMotor(motor(), "booster mount"), MountedMotor(motor(), "sustainer mount", ignition=LIT))

# ---- what it weighs -----------------------------------------------------------------------------------------------


def test_one_stage_said_as_parts_or_as_a_stage_is_the_same_to_the_last_digit():
    parts = (NOSE, tube(0.31, fins(), mount("m"), diameter=0.042))
    plain, staged = Rocket("r", parts).without_motor, Rocket("r", (Stage(name="r", parts=parts),)).without_motor
    assert plain.mass == staged.mass and (plain.cg == staged.cg).all() and (plain.inertia == staged.inertia).all()
    assert [s.name for s in Rocket("r", parts).stages] == ["r"]


def test_what_is_dropped_is_exactly_what_is_missing():
    r = two_stages(booster_part())
    whole = r.without_motor
    without = r.configuration(without=["strap-on"])
    top, low, one = (r.configuration([n]) for n in ("sustainer", "booster", "strap-on"))
    assert whole.mass - without.without_motor.mass == pytest.approx(2 * one.without_motor.mass, rel=1e-12)
    low_alone = r.configuration(["booster"], without=["strap-on"])
    assert without.without_motor.mass == pytest.approx(top.without_motor.mass + low_alone.without_motor.mass, rel=1e-12)
    # Put together again by hand, each at its datum: the same mass, place and inertia.
    pieces = [c.without_motor.shifted(np.array([c.datum, 0, 0])) for c in (top, low_alone)]
    axis = 0.021 + 0.011
    for y, turn in ((axis, 0.0), (-axis, np.pi)):
        pieces.append(one.without_motor.turned(turn).shifted(np.array([one.datum, y, 0])))
    again = combine(pieces)
    assert again.mass == pytest.approx(whole.mass, rel=1e-12)
    assert np.allclose(again.cg, whole.cg, atol=1e-12) and np.allclose(again.inertia, whole.inertia, rtol=1e-9, atol=1e-12)
    assert low.without_motor.mass == pytest.approx(low_alone.without_motor.mass + 2 * one.without_motor.mass)


def test_a_configuration_keeps_widths_and_places_that_came_from_what_has_left():
    seen_from_the_tip = MassObject(name="ballast", mass=0.1, position="absolute", offset=0.5)
    r = two_stages(seen_from_the_tip)
    low = r.configuration(["booster"])
    assert low.datum == pytest.approx(0.42) and low.diameter == pytest.approx(0.042) and low.open_front
    (ballast,) = low.find(MassObject)
    assert ballast.front == pytest.approx(0.5 - 0.42)
    assert [s.name for s in low.stages] == ["booster"] and low.stages[0].separation is None
    assert not r.open_front and r.configuration(["sustainer", "booster"]) is r
    assert low.configuration(["booster"]) is low
    assert mounts_of(low)[0].stage == "booster" and mounts_of(low)[0].tubes[0].x == pytest.approx(0.17)


def test_boosters_weigh_by_parallel_axes():
    ball = MassObject(mass=0.2, position="middle")
    b = Boosters(
        name="b", count=3, radial_distance=0.1, angle=0.4, separation=AT_BURN_OUT,
        parts=(BodyTube(length=0.2, diameter=0.02, wall=0.001, mass=1e-9, parts=(ball,)),),
    )  # fmt: skip
    parts = (NOSE, tube(0.3, dataclasses.replace(b, offset=0.05), diameter=0.042))
    bare = Rocket("r", (NOSE, tube(0.3, diameter=0.042))).without_motor
    m = Rocket("r", parts).without_motor
    assert m.mass == pytest.approx(bare.mass + 0.6) and np.allclose(m.cg[1:], 0, atol=1e-12)
    x = 0.11 + 0.05 + 0.1
    assert m.cg[0] == pytest.approx((bare.mass * bare.cg[0] + 0.6 * x) / m.mass)
    assert m.roll_inertia == pytest.approx(bare.roll_inertia + 0.6 * 0.1**2, rel=1e-6)
    across = bare.inertia[1, 1] + bare.mass * (bare.cg[0] - m.cg[0]) ** 2 + 0.6 * (x - m.cg[0]) ** 2 + 0.3 * 0.1**2
    assert m.inertia[1, 1] == pytest.approx(across, rel=1e-6) and m.inertia[2, 2] == pytest.approx(across, rel=1e-6)


def test_pods_turn_with_their_place():
    inside = MassObject(mass=0.1, radial_offset=0.01, angle=0.0)  # outwards in each of them
    pod = Pods(count=1, angle=np.pi / 2, radial_distance=0.05, parts=(BodyTube(length=0.1, diameter=0.03, wall=0.001, parts=(inside,)),))
    base, with_it = (Rocket("r", (NOSE, tube(0.3, *p, diameter=0.042))).without_motor for p in ((), (pod,)))
    shell = Rocket("s", (BodyTube(length=0.1, diameter=0.03, wall=0.001),)).without_motor.mass
    assert with_it.mass * with_it.cg[2] == pytest.approx(shell * 0.05 + 0.1 * 0.06)
    assert with_it.cg[1] == pytest.approx(0, abs=1e-12) and base.cg[2] == 0


def test_a_cluster_weighs_n_tubes_with_what_is_in_them():
    block = MassObject(mass=0.004)
    one = mount("m", parts=(block,))
    four = mount("m", parts=(block,), cluster=Cluster(pattern="4-ring"))
    wide = 0.06
    bare, single, cluster = (
        Rocket("r", (tube(0.3, *p, diameter=wide),)).without_motor for p in ((), (one,), (four,))
    )
    assert cluster.mass - bare.mass == pytest.approx(4 * (single.mass - bare.mass), rel=1e-12)
    radius = 0.0187 / np.sqrt(2)
    more = 4 * (single.roll_inertia - bare.roll_inertia) + 4 * (single.mass - bare.mass) * radius**2
    assert cluster.roll_inertia - bare.roll_inertia == pytest.approx(more, rel=1e-9)


@pytest.mark.parametrize(
    ("cluster", "count", "furthest", "nearest"),
    [
        (Cluster(), 1, 0.0, None), (Cluster(pattern="double"), 2, 0.5, 1.0), (Cluster(pattern="4-row"), 4, 1.5, 1.0),
        (Cluster(pattern="3-ring"), 3, 1 / np.sqrt(3), 1.0), (Cluster(pattern="5-star"), 6, 1.0, 1.0), (Cluster(pattern="6-star"), 7, 1.0, 1.0),
        (Cluster(pattern="9-star"), 9, 0.5 / np.sin(np.pi / 8), 1.0), (Cluster(pattern="9-grid"), 9, np.sqrt(2), 1.0),
        (Cluster(pattern="ring", count=7, centre=True), 8, 0.5 / np.sin(np.pi / 7), 1.0),
        (Cluster(pattern="3-row", spacing=1.5, rotation=0.3), 3, 1.5, 1.5), (Cluster(pattern="double", distance=0.04), 2, 1.0, 2.0),
        (Cluster(places=((0.01, 0.0), (0.0, -0.03))), 2, 1.5, np.sqrt(10) / 2),
    ],
)  # fmt: skip
def test_the_tubes_of_a_cluster_stand_side_by_side(cluster, count, furthest, nearest):
    at = np.array(cluster.tubes(0.02)) / 0.02
    assert at.shape == (count, 2) and np.hypot(*at.T).max() == pytest.approx(furthest, abs=1e-12)
    apart = [np.hypot(*(a - b)) for i, a in enumerate(at) for b in at[:i]]
    assert nearest is None or min(apart) == pytest.approx(nearest)


def test_a_stage_is_weighed_from_its_own_front():
    r = two_stages()
    low = dataclasses.replace(r.stages[1], measured=Measured(mass=0.5, cg=0.1))
    m = Rocket("two", (r.stages[0], low))
    assert m.stage_masses[1].mass == 0.5 and m.stage_masses[1].cg[0] == pytest.approx(0.42 + 0.1)
    alone = m.configuration(["booster"]).without_motor
    assert alone.mass == 0.5 and alone.cg[0] == pytest.approx(0.1)


def test_motors_sit_in_their_tubes():
    cluster = mount("booster mount", cluster=Cluster(pattern="double", cant=0.1), overhang=0.01)
    top, low = two_stages().stages
    low = dataclasses.replace(low, parts=(dataclasses.replace(low.parts[0], parts=(fins(), cluster, booster_part())),))
    r = Rocket("two", (top, low))
    v = launch(
        r, MountedMotor(motor(), "booster mount", tubes=(2,)), BOTH[1], MountedMotor(motor(dry_mass=0.02), "strap-on mount"),
    )  # fmt: skip
    assert [(f.stage, f.assembly, f.tube.copy) for f in v.filled] == [
        ("booster", "", 0), ("sustainer", "", 0), ("booster", "strap-on", 1), ("booster", "strap-on", 2),
    ]  # fmt: skip
    second, _, left, right = v.filled
    assert (second.x, second.tube.y, second.tube.z) == pytest.approx((0.6, 0.00935, 0.0))
    assert second.tube.slope_y == pytest.approx(-np.tan(0.1))  # its nozzle leans out to +y: it pushes towards -y
    assert (left.tube.y, right.tube.y) == pytest.approx((0.032, -0.032)) and left.x == pytest.approx(0.59)
    casings = 0.013 * 2 + 0.02 * 2
    assert v.dry.mass == pytest.approx(r.without_motor.mass + casings) and v.loaded.mass == pytest.approx(v.dry.mass + 4 * 0.011)
    # One of two side by side: the lateral moment is that of its mass.
    assert v.loaded.mass * v.loaded.cg[1] == pytest.approx(0.00935 * 0.024, rel=1e-9)
    assert not v.simple and launch(Rocket("r", (NOSE, tube(0.31, mount("m"), diameter=0.042))), MountedMotor(motor())).simple


def test_what_waits_for_what():
    v = launch(two_stages(booster_part()), *BOTH, MountedMotor(motor(), "strap-on mount"))
    lit_low, lit_top, lit_side, drop_low, drop_side = v.schedule
    assert (lit_top.of, lit_top.after) == ("booster", (0,)) and lit_top.name == "sustainer mount"
    assert (drop_low.of, drop_low.after) == ("booster", (0,)) and (drop_side.of, drop_side.after) == ("strap-on", (2,))
    assert lit_low.of == lit_side.of == ""
    waits = launch(two_stages(), BOTH[0], MountedMotor(motor(), "sustainer mount", ignition=Ignition(event="separation")))
    assert waits.schedule[1].after == (2,)


# ---- what is refused ----------------------------------------------------------------------------------------------


def drops(event, **more):
    return two_stages(separation=Separation(event=event, **more))


REFUSED = {
    "a tube of a cluster outside its body": (lambda: two_stages(mount("c", cluster=Cluster(pattern="4-row"))), "tube 1 of the cluster reaches"),
    "tubes in each other": (lambda: two_stages(mount("c", cluster=Cluster(places=((0, 0), (0.005, 0))))), "5.0 mm apart"),
    "boosters in the body": (lambda: two_stages(booster_part(radial_distance=0.03)), "at least 32.0 mm"),
    "boosters in each other": (lambda: two_stages(booster_part(count=12)), "stand in each other"),
    "boosters that do not say when they leave": (lambda: booster_part(separation=None), "boosters need their separation"),
    "boosters on boosters": (lambda: two_stages(booster_part(parts=(tube(0.1, booster_part(), diameter=0.02),))), "boosters stand on the body"),
    "a stage that does not say when it leaves": (lambda: two_stages(separation=None), "say when the stage 'booster' leaves"),
    "a foremost stage that leaves": (lambda: Rocket("r", (Stage(name="s", parts=(NOSE,), separation=AT_BURN_OUT),)), "nothing above it"),
    "two stages of one name": (lambda: Rocket("r", (two_stages().stages[0], dataclasses.replace(two_stages().stages[1], name="sustainer"))), "own name"),
    "boosters called as a stage": (lambda: two_stages(booster_part(name="sustainer")), "own name"),
    "a stage weighed with the rocket": (lambda: Rocket("r", two_stages().parts, measured=Measured(mass=1.0)), "stage by stage"),
    "stages and parts": (lambda: Rocket("r", (*two_stages().parts, NOSE)), "not both"),
    "a separation below the ground": (lambda: drops("altitude", altitude=-5.0), "above 0"),
    "an altitude without one": (lambda: drops("altitude"), "needs the altitude"),
    "a time with another event": (lambda: drops("burn-out", time=3.0), "write 'event: time'"),
    "a ring without its count": (lambda: Cluster(pattern="ring"), "needs its count"),
    "places and a pattern": (lambda: Cluster(pattern="double", places=((0, 0),)), "keep one"),
    "a motor in no mount": (lambda: launch(two_stages(), MountedMotor(motor(), "boster mount")), "did you mean 'booster mount'"),
    "a motor that does not say where": (lambda: launch(two_stages(), MountedMotor(motor())), "say which motor sits in which"),
    "a mount twice": (lambda: launch(two_stages(), *BOTH, BOTH[0]), "has two motors, number 1 and 3"),
    "a tube that is not there": (lambda: launch(two_stages(), MountedMotor(motor(), "booster mount", tubes=(2,)), BOTH[1]), "numbered 1 to 1"),
    "a motor too wide": (lambda: launch(two_stages(), MountedMotor(motor(diameter=0.029), "booster mount")), "29 mm wide but the mount"),
    "an upper motor without its ignition": (lambda: launch(two_stages(), BOTH[0], MountedMotor(motor(), "sustainer mount")), "say when it is lit"),
    "nothing lit at launch": (lambda: launch(two_stages(), MountedMotor(motor(), "booster mount", ignition=Ignition(event="altitude", altitude=50.0))), "no motor is lit"),
    "waiting for nobody": (lambda: launch(drops("burn-out", of="boster"), *BOTH), "did you mean 'booster'"),
    "waiting for the burn-out of what has no motor": (lambda: launch(two_stages(), BOTH[1]), "'booster', which has no motor"),
    "waiting for what is never lit": (
        lambda: launch(drops("ignition"), BOTH[0], MountedMotor(motor(), "sustainer mount", ignition=Ignition(event="never"))),
        "which never happens",
    ),
    "waiting for a separation that never is": (
        lambda: launch(drops("never"), BOTH[0], MountedMotor(motor(), "sustainer mount", ignition=Ignition(event="separation"))),
        "which never happens",
    ),
    "an ejection charge that is not there": (lambda: launch(drops("ejection"), MountedMotor(motor(delays=()), "booster mount"), BOTH[1]), "comes with none"),
    "a circle": (
        lambda: launch(drops("ignition"), BOTH[0], MountedMotor(motor(), "sustainer mount", ignition=Ignition(event="separation"))),
        "a circle of events: the ignition of 'sustainer mount' waits for the separation of 'booster'",
    ),
    "a configuration of strangers": (lambda: two_stages().configuration(["payload"]), "no stages 'payload'"),
    "a configuration out of order": (lambda: two_stages().configuration(["booster", "sustainer"]), "neighbouring stages"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_refused(what):
    make, says = REFUSED[what]
    with pytest.raises(InputError) as caught:
        make()
    assert says in caught.value.message and caught.value.key and len(caught.value.message) < 400
