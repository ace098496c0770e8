"""Separation and particles in nozzles."""

from __future__ import annotations

import math

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.motor.gas import mach_of_pressure_ratio
from downrange.motor.nozzle import Nozzle
from downrange.motor.nozzle_losses import separation_pressure, two_phase_factor, wall_at_separation


@pytest.mark.parametrize("mach", [1.5, 3.0, 4.5])
def test_the_published_criteria(mach):
    assert separation_pressure(mach, "schmucker") == pytest.approx((1.88 * mach - 1) ** -0.64)
    assert separation_pressure(mach, "stark") == pytest.approx(math.pi / 3 / mach)
    assert separation_pressure(mach, "summerfield") == 0.4


@pytest.mark.parametrize("criterion", ["summerfield", "schmucker", "stark"])
@pytest.mark.parametrize("k", [1.12, 1.2, 1.35])
def test_the_wall_where_the_jet_leaves_meets_the_criterion(criterion, k):
    for ambient in (0.005, 0.02, 0.1):
        wall = float(wall_at_separation(ambient, k, criterion))
        mach = float(mach_of_pressure_ratio(wall, k))
        assert wall / ambient == pytest.approx(float(separation_pressure(mach, criterion)), rel=1e-4)


def test_a_wide_nozzle_at_sea_level_separates_and_gives_more_than_it_would_full():
    free, held = (Nozzle(throat=0.02, exit=0.10, separation=s) for s in ("stark", "none"))
    pressure, ambient = 3e6, 101_325.0
    assert free.thrust_coefficient(1.2, pressure, ambient) > held.thrust_coefficient(1.2, pressure, ambient)
    both = [
        Nozzle(throat=0.02, exit=0.10, separation=s).thrust_coefficient(1.2, pressure, 1000.0)
        for s in ("schmucker", "none")
    ]
    assert both[0] == pytest.approx(both[1], rel=1e-12), "high up it flows full"
    kinds = [
        Nozzle(throat=0.02, exit=0.10, separation=s).thrust_coefficient(1.2, pressure, ambient)
        for s in ("summerfield", "schmucker", "stark")
    ]
    assert kinds[0] > kinds[1] > kinds[2] > 0.95 * kinds[0], (
        "the sooner it leaves, the less the air pulls; they differ by little"
    )


def test_particles_by_momentum_and_energy():
    assert two_phase_factor(0.3, 1.0) == pytest.approx(1.0)
    assert two_phase_factor(0.0, 0.2) == pytest.approx(1.0)
    assert two_phase_factor(0.36, 0.0) == pytest.approx(0.8), "the gas alone does the work: the root of its share"
    shares = np.linspace(0, 1, 21)
    falls = [two_phase_factor(0.4, float(x)) for x in shares]
    assert np.all(np.diff(falls) > 0)
    clean, dusty = (
        Nozzle(throat=0.02, exit=0.04, two_phase=f).thrust_coefficient(1.14, 4e6, 1e5)
        for f in (1.0, two_phase_factor(0.42, 0.9))
    )
    assert dusty / clean == pytest.approx(two_phase_factor(0.42, 0.9))
    with pytest.raises(InputError, match="0 to 1 each"):
        two_phase_factor(1.2, 0.5)
