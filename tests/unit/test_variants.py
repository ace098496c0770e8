"""Launches with one thing changed: the change by hand, and all else as it was."""

import math
from dataclasses import replace

import numpy as np
import pytest

from alpha import alpha_iii
from campaigns import genesis
from downrange.errors import InputError
from downrange.flight import Launch, Rail, compile_launch
from downrange.flight.variants import (
    with_ballast,
    with_canopies,
    with_fins,
    with_mass,
    with_nose_weight,
    with_rail,
    with_release,
    with_thrust,
    with_wind,
)
from downrange.motor import Motor
from downrange.rocket import FinSet, Measured
from vehicles import two_stager


@pytest.fixture(scope="module")
def launch():
    return genesis().launch


def toy(**measured: float) -> Launch:
    t = np.array([0, 0.05, 0.9, 1.0])
    motor = Motor(
        designation="toy", time=t, thrust=np.array([0, 12, 9, 0.0]), diameter=0.018, length=0.07, propellant_mass=0.006, dry_mass=0.01
    )  # fmt: skip
    return Launch(replace(alpha_iii(), measured=Measured(**measured)), motor, rail=Rail(1.0))


def test_nose_weight_is_a_quarter_of_the_nose_behind_its_tip():
    """30 g whose centre of gravity is at 180 mm, with 10 g at 17.5 mm of a nose of 70 mm: 40 g at 139.375 mm."""
    heavier = with_nose_weight(toy(mass=0.03, cg=0.18), 0.01).rocket.without_motor
    assert heavier.mass == pytest.approx(0.04) and heavier.cg[0] == pytest.approx(0.139375)
    staged = two_stager()
    front, rest = staged.rocket.stage_masses
    new, same = with_nose_weight(staged, 0.01).rocket.stage_masses
    assert new.mass == pytest.approx(front.mass + 0.01) and same.mass == pytest.approx(rest.mass)
    assert new.mass * new.cg[0] == pytest.approx(front.mass * front.cg[0] + 0.01 * 0.02)  # a nose of 80 mm
    assert same.cg[0] == pytest.approx(rest.cg[0])


@pytest.mark.parametrize("measured", [{}, {"mass": 0.03, "cg": 0.18}])
def test_ballast_adds_its_mass_moment_and_inertia(measured):
    """Two bodies: M m / (M + m) d² more about the common centre of gravity (parallel axes)."""
    base = toy(**measured)
    was, now = base.rocket.without_motor, with_ballast(base, 0.008, 0.1).rocket.without_motor
    assert now.mass == pytest.approx(was.mass + 0.008)
    assert now.mass * now.cg[0] == pytest.approx(was.mass * was.cg[0] + 0.008 * 0.1)
    more = was.mass * 0.008 / now.mass * (0.1 - was.cg[0]) ** 2
    assert now.inertia[1, 1] - was.inertia[1, 1] == pytest.approx(more, rel=1e-6)
    assert now.inertia[0, 0] == pytest.approx(was.inertia[0, 0], rel=1e-4)  # the lug has its centre off the axis
    assert with_ballast(base, 0.0, 0.1) is base
    with pytest.raises(InputError, match="outside the rocket, which ends 270 mm"):
        with_ballast(base, 0.01, 0.271)


def test_mass_and_thrust_by_a_factor():
    base = two_stager()
    for was, now in zip(base.rocket.stage_masses, with_mass(base, 1.2).rocket.stage_masses, strict=True):
        assert now.mass == pytest.approx(1.2 * was.mass) and now.cg[0] == pytest.approx(was.cg[0])
    stronger = with_thrust(base, 1.1)
    assert [f.motor.impulse for f in stronger.filled] == pytest.approx([1.1 * f.motor.impulse for f in base.filled])
    assert stronger.propellant_mass == pytest.approx(base.propellant_mass)


def test_wind_and_rail(launch):
    z = launch.pad.elevation + np.array([5.0, 120.0, 2400.0])
    was, now = launch.weather.wind, with_wind(launch, 1.5).weather.wind
    assert np.hypot(was.east(z), was.north(z)).min() > 0.1
    assert now.east(z) == pytest.approx(1.5 * was.east(z)) and now.north(z) == pytest.approx(1.5 * was.north(z))
    longer, steeper = with_rail(launch, length=7.5).rail, with_rail(launch, elevation=1.7).rail
    assert (longer.length, longer.elevation) == (7.5, launch.rail.elevation)
    assert (steeper.length, steeper.elevation) == (launch.rail.length, pytest.approx(math.pi / 2))


def test_canopies_and_releases_are_those_asked_for(launch):
    """Genesis, whose drag areas were measured: drogue and main, or the main alone; it weighs what it did. The Alpha's has a coefficient."""
    own = [q for q in launch.rocket.placed if hasattr(q.part, "deploy")]
    paths = [q.path for q in own]
    every, one = with_canopies(launch, 1.3), with_canopies(launch, 1.3, (paths[1],))
    areas = [[q.part.cd_area for q in x.rocket.placed if q.path in paths] for x in (launch, every, one)]
    assert areas[1] == pytest.approx([1.3 * a for a in areas[0]])
    assert areas[2] == pytest.approx([areas[0][0], 1.3 * areas[0][1]])
    a, b = (compile_launch(x).devices[0].cd_area for x in (toy(), with_canopies(toy(), 1.3)))
    assert b == pytest.approx(1.3 * a) and a == pytest.approx(0.8 * math.pi * 0.15**2)
    assert one.dry.mass == pytest.approx(launch.dry.mass) and one.dry.cg[0] == pytest.approx(launch.dry.cg[0])
    low = with_release(launch, paths[1], 222.0)
    assert [q.part.deploy.altitude for q in low.rocket.placed if q.path == paths[1]] == [222.0]
    with pytest.raises(InputError, match="no such part"):
        with_canopies(launch, 1.1, ())


def test_fins_by_their_own_factors_at_the_same_mass():
    base = toy()
    other = with_fins(base, span=1.25, thickness=0.5)
    was, now = (next(q.part for q in x.rocket.placed if isinstance(q.part, FinSet)) for x in (base, other))
    assert now.span == pytest.approx(1.25 * was.span) and now.thickness == pytest.approx(0.5 * was.thickness)
    a, b = base.rocket.without_motor, other.rocket.without_motor
    assert b.mass == pytest.approx(a.mass) and b.cg[0] == pytest.approx(a.cg[0])
