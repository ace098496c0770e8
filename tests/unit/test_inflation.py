"""Opening loads against their own equation of motion, and the limits of the formulas."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from downrange.errors import InputError
from downrange.flight.inflation import CANOPIES, ballistic_parameter, fill_time, force_reduction, opening_load


@pytest.mark.parametrize("exponent", [1, 2, 6])
@pytest.mark.parametrize("parameter", [0.03, 0.3, 3.0])
def test_the_largest_force_is_that_of_the_equation_of_motion(exponent, parameter):
    """dv/dτ = -v² τⁿ / A in units of the first speed and the fill time: no gravity, as Pflanz has it."""
    s = solve_ivp(
        lambda t, v: -(v**2) * t**exponent / parameter, (0, 1), [1.0], rtol=1e-10, atol=1e-12, dense_output=True
    )
    t = np.linspace(0, 1, 20001)
    assert force_reduction(parameter, exponent) == pytest.approx((t**exponent * s.sol(t)[0] ** 2).max(), rel=1e-6)


def test_limits():
    """An endless mass feels the whole force; the joint of both formulas is smooth; heavier is harder."""
    assert force_reduction(1e9, 2) == pytest.approx(1, rel=1e-8)
    joint = 4 / 6
    assert force_reduction(joint * 0.999999, 2) == pytest.approx(force_reduction(joint * 1.000001, 2), rel=1e-5)
    x = [force_reduction(a, 2) for a in np.geomspace(1e-3, 1e3, 40)]
    assert np.all(np.diff(x) > 0)


def test_by_hand():
    """12 kg under 3 m2 at 30 m/s in 1.2 kg/m3, full in 16 m: t = 0.5333 s, A = 24 / (1.2 * 3 * 30 * 0.5333) = 0.41667."""
    t = fill_time(16.0, 30.0)
    assert ballistic_parameter(12, 3, 30, density=1.2, time=t) == pytest.approx(0.4166667)
    load, endless = opening_load(12, 3, 30, density=1.2, distance=16, exponent=2, shock=1.7)
    assert endless == pytest.approx(0.5 * 1.2 * 900 * 3 * 1.7)
    assert load == pytest.approx(endless * 0.625 ** (2 / 3) * 4 / 9)


def test_kinds():
    """Knacke, tables 5-1 to 5-6: solid cloth grows with the square and shocks more; slotted canopies with time."""
    assert (CANOPIES["flat circular"].fill, CANOPIES["flat circular"].shock) == (8.0, 1.7)
    assert (CANOPIES["ribbon"].fill, CANOPIES["ribbon"].exponent, CANOPIES["ribbon"].shock) == (14.0, 1, 1.05)
    assert CANOPIES["extended skirt"].fill == 10 and CANOPIES["cruciform"].fill == 11.7


@pytest.mark.parametrize("wrong", [0.0, -1.0])
def test_what_cannot_be(wrong):
    with pytest.raises(InputError, match="above zero"):
        fill_time(8.0, wrong)
    with pytest.raises(InputError, match="above zero"):
        force_reduction(wrong, 2)
