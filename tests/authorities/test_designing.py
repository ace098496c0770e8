"""Sizing a nozzle, even grains, and what tolerances do, against closed forms."""

import math
from dataclasses import replace

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.motor.ballistics import fire
from downrange.motor.designing import (
    adapted_exit,
    neutral_bates,
    spread,
    throat_for_pressure,
    with_neutral_grains,
)
from downrange.motor.gas import exit_pressure_ratio
from downrange.motor.grains import Bates, Domed, Tube
from downrange.motor.propellants import Erosive, Piece
from grain_motors import nozzle, propellant, solid

EVEN = Tube(diameter=0.06, core=0.02, length=0.1, inhibited="both", outside_burns=True)


def test_the_throat_for_a_pressure():
    """Closed form: A_t = A_b rho a c* p^(n-1)."""
    m = solid([EVEN])
    sized = throat_for_pressure(m, 4.2e6)
    p = m.burning[0]
    area = math.pi * 0.08 * 0.1 * p.density * 3.3e-5 * p.characteristic_velocity * 4.2e6 ** (0.33 - 1)
    assert sized.nozzle.throat_area == pytest.approx(area, rel=1e-8)
    assert fire(sized).peak_pressure == pytest.approx(4.2e6, rel=1e-8)
    assert sized.nozzle.expansion == pytest.approx(m.nozzle.expansion)


def test_the_highest_pressure_is_that_of_the_level():
    """Erosion raises the pressure at the start, so that the throat must be wider; a filling chamber keeps the pressure of the balance."""
    grains = [Bates(diameter=0.06, core=0.018, length=0.099)] * 4
    calm, eroding = (solid(grains, of=propellant(erosive=e)) for e in (None, Erosive(alpha=3e-5)))
    throats = {}
    for m, level in ((calm, "transient"), (calm, "one-dimensional"), (eroding, "one-dimensional")):
        sized = throat_for_pressure(m, 5e6, level)
        assert fire(sized, level).peak_pressure == pytest.approx(5e6, rel=1e-3)
        throats[m is eroding, level] = sized.nozzle.throat
    assert throats[True, "one-dimensional"] > 1.05 * throats[False, "one-dimensional"]
    assert throats[False, "transient"] == pytest.approx(throat_for_pressure(calm, 5e6).nozzle.throat, rel=0.02)


@pytest.mark.parametrize(
    ("grains", "pressure", "words"),
    [
        (3, 9e4, "does not choke the throat: 0.1801 MPa does"),  # 0.101325 ((k + 1) / 2)^(k / (k - 1)), k 1.21
        (3, math.nan, "no pressure"),
        (3, -1.0, "no pressure"),
        (3, math.inf, "no pressure"),
        (25, 5e5, "even with a throat as wide as the case"),
        (3, 9e12, "out of reach"),
    ],
)
def test_a_pressure_that_no_throat_gives(grains, pressure, words):
    with pytest.raises(InputError, match=words):
        throat_for_pressure(solid([Bates(diameter=0.071, length=0.117, core=0.0257)] * grains), pressure)


def test_a_pressure_that_the_chamber_jumps_over():
    """The rate is half as large again from 2 MPa on: there the pressure jumps by 1.5^(1/(1-n))."""
    slow = Piece(low=0.0, high=2e6, coefficient=3.3e-5, exponent=0.33)
    fast = Piece(low=2e6, high=9e6, coefficient=1.5 * 3.3e-5, exponent=0.33)
    m = solid([EVEN], of=propellant(pieces=(slow, fast)))
    top = 2 * 1.5 ** (1 / 0.67)
    with pytest.raises(InputError, match=f"jumps from 2 MPa to {top:.4g} MPa"):
        throat_for_pressure(m, 3e6)
    assert fire(throat_for_pressure(m, 4.2e6)).peak_pressure == pytest.approx(4.2e6, rel=1e-8)
    assert fire(throat_for_pressure(m, 1.7e6)).peak_pressure == pytest.approx(1.7e6, rel=1e-8)


def test_the_exit_that_suits_the_air():
    burn = fire(solid([EVEN]))
    d = adapted_exit(burn)
    assert burn.average_pressure * exit_pressure_ratio((d / 0.0131) ** 2, 1.21) == pytest.approx(101325, rel=1e-6)
    assert adapted_exit(burn, 5e4) > d
    thrust = [fire(solid([EVEN], nozzle=nozzle(exit=s * d, divergence=0.0))).impulse for s in (0.9, 1.0, 1.1)]
    assert thrust[1] == max(thrust)
    with pytest.raises(InputError, match="vacuum"):
        adapted_exit(burn, 0.0)
    with pytest.raises(InputError, match="not above that of the air"):
        adapted_exit(burn, 1e9)


def hand_area(length, x, big=0.0762, core=0.0254):
    """pi (d + 2x) (L - 2x) + pi/2 (D^2 - (d + 2x)^2)."""
    d = core + 2 * x
    return math.pi * d * (length - 2 * x) + math.pi / 2 * (big**2 - d**2)


@pytest.mark.parametrize("length", [0.11, 0.2, 0.31, 0.44, 0.51, 1.2])
def test_grains_are_as_even_as_whole_ones_can_be(length):
    """No other number of grains in that length has a larger least over largest area; by hand."""
    x = np.linspace(0, 0.0254, 501)

    def even(n):
        area = np.array([hand_area(length / n, v) for v in x]) if length / n > 0.0508 else np.zeros(1)
        return area.min() / area.max() if area.max() > 0 else 0.0

    best = max(range(1, 20), key=even)
    grains = neutral_bates(0.0762, 0.0254, length)
    assert len(grains) == best
    assert sum(g.length for g in grains) == pytest.approx(length)


def test_a_neutral_grain_ends_as_it_began():
    length = 4 * 0.5 * (3 * 0.0762 + 0.0254) + 3 * 0.002
    (one, *others) = neutral_bates(0.0762, 0.0254, length, 0.002)
    assert len(others) == 3
    kn = fire(solid([one, *others], nozzle=nozzle(throat=0.02, exit=0.05))).kn[:-1]
    assert kn[0] == pytest.approx(kn[-1], rel=1e-6)


def test_a_motor_is_cut_within_its_own_length():
    m = solid([Bates(diameter=0.0762, core=0.0254, length=0.3)] * 2)
    m = replace(m, segments=tuple(replace(s, gap=g) for s, g in zip(m.segments, (0.002, 0.011), strict=True)))
    cut = with_neutral_grains(m)
    assert len(cut.segments) == 5
    assert cut.stack == pytest.approx(m.stack) and cut.chamber_length == pytest.approx(m.chamber_length)
    assert [s.gap for s in cut.segments] == [0.002] * 4 + [0.011]
    kn, before = fire(cut).kn[:-1], fire(m).kn[:-1]
    assert kn.min() / kn.max() > before.min() / before.max()
    for grains, words in (
        ([EVEN], "only BATES"),
        ([Bates(diameter=0.07, core=0.02, length=0.1, inhibited="top")], "ends bare"),
        ([Bates(diameter=0.07, core=c, length=0.1) for c in (0.02, 0.03)], "differ"),
    ):
        with pytest.raises(InputError, match=words):
            with_neutral_grains(solid(grains))


def test_tolerances_by_hand():
    """p goes as (rho a c* / A_t)^(1/(1-n)): the spread of its logarithm is the root of the squares, each by 1/(1-n)."""
    m = solid([EVEN])
    s = spread(m, 4000, 11, throat=1e-4, density=0.01, rate=0.03, efficiency=0.01)
    by_hand = math.hypot(2 * 1e-4 / 0.0131, 0.01, 0.03, 0.01) / 0.67
    assert np.log(s.peak_pressure).std() == pytest.approx(by_hand, rel=0.05)
    assert s.propellant_mass.std() / s.propellant_mass.mean() == pytest.approx(0.01, rel=0.05)
    assert np.array_equal(spread(m, 50, 7, rate=0.02).impulse, spread(m, 50, 7, rate=0.02).impulse)


@pytest.mark.parametrize(("erosion", "slag"), [(0.0, 0.0), (2e-11, 0.0), (0.0, 150.0)])
def test_a_toleranced_motor_is_one_that_is_built_so(erosion, slag):
    """Each tolerance alone: the motor with that throat, density, rate and characteristic velocity, fired by itself."""
    of, n = propellant(), nozzle(erosion=erosion, slag=slag)

    def alone(k, share):
        changed = {0: {"density": share * of.density}, 1: {"a": share * 3.3e-5}, 2: {"efficiency": share}}
        throat = n.throat * (share if k == 3 else 1)
        return fire(solid(of=propellant(**changed.get(k, {})), nozzle=replace(n, throat=throat)))

    for k, name in enumerate(("density", "rate", "efficiency", "throat")):
        size = 0.02 * (n.throat if name == "throat" else 1)
        s = spread(solid(nozzle=n), 2, 5, **{name: size})
        shares = 1 + 0.02 * np.random.default_rng(5).standard_normal((2, 4))[:, k]
        for i, share in enumerate(shares):
            b = alone(k, float(share))
            assert s.impulse[i] == pytest.approx(b.impulse, rel=1e-8), name
            assert s.peak_pressure[i] == pytest.approx(b.peak_pressure, rel=1e-9), name
            assert s.burn_time[i] == pytest.approx(b.burn_time, rel=1e-8), name
            assert s.propellant_mass[i] == pytest.approx(b.propellant_mass, rel=1e-9), name


def test_a_burn_begins_where_its_thrust_does():
    """A small core begins with a fraction of the thrust: the burn time is that of a motor fired alone (NFPA 1125)."""
    m = solid([Tube(diameter=0.071, core=0.004, length=0.2, inhibited="both")])
    b = fire(m)
    assert b.thrust[0] < 0.05 * b.peak_thrust and b.burn_time < 0.97 * b.time[-1]
    assert spread(m, 1, 1).burn_time[0] == pytest.approx(b.burn_time, rel=1e-9)


def test_a_motor_that_cannot_be_fired_says_why():
    with pytest.raises(InputError, match="not Domed"):
        throat_for_pressure(solid([Domed(diameter=0.06, length=0.2, core=0.02)]), 4e6, "one-dimensional")


def test_tolerances_that_make_no_sense():
    m = solid()
    for more, words in (
        ({"density": -0.1}, "tolerance"),
        ({"rate": math.nan}, "tolerance"),
        ({"throat": 0.02}, "tolerance"),
        ({"density": 0.5}, "no throat or no propellant"),
    ):
        with pytest.raises(InputError, match=words):
            spread(m, 500, 1, **more)
    for samples in (0, 2_000_000):
        with pytest.raises(InputError, match="from 1 to a million"):
            spread(m, samples, 1)
