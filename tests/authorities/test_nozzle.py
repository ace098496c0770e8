"""Gas and nozzle against printed tables: NACA Report 1135 (k = 1.4), Sutton's worked example, an ideal-nozzle table."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.motor.gas import (
    Gas,
    area_ratio,
    critical_pressure_ratio,
    exit_pressure_ratio,
    flow_factor,
    mach_of_area_ratio,
    mach_of_pressure_ratio,
    pressure_ratio,
)
from downrange.motor.nozzle import Nozzle, adapted_thrust_coefficient, ideal_thrust_coefficient, mass_flow_factor

REFERENCE = Path(__file__).parents[2].parent / "shared/validation/motor_reference.json"
SEA = 101325.0


@pytest.mark.parametrize(
    ("mach", "pressure", "area"),
    [(0.5, 0.8430, 1.3398), (2.0, 0.1278, 1.6875), (3.0, 0.02722, 4.2346), (5.0, 0.001890, 25.000)],
)
def test_naca_1135(mach, pressure, area):
    assert pressure_ratio(mach, 1.4) == pytest.approx(pressure, rel=4e-4)
    assert area_ratio(mach, 1.4) == pytest.approx(area, abs=6e-5)
    assert mach_of_area_ratio(area, 1.4, supersonic=mach > 1) == pytest.approx(mach, rel=1e-4)
    assert mach_of_pressure_ratio(pressure_ratio(mach, 1.4), 1.4) == pytest.approx(mach, rel=1e-12)


def test_the_inverse_of_the_area_ratio_is_exact_everywhere():
    for k in (1.05, 1.13, 1.4, 1.66):
        for supersonic in (False, True):
            ratio = 1 + np.geomspace(1e-9, 1e4, 60)
            mach = mach_of_area_ratio(ratio, k, supersonic=supersonic)
            assert np.all(mach >= 1) if supersonic else np.all(mach <= 1)
            assert np.allclose(area_ratio(mach, k), ratio, rtol=1e-11)
    with pytest.raises(InputError, match="below 1"):
        mach_of_area_ratio(0.9, 1.2)


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference numbers are not here: ../shared/validation")
def test_ideal_nozzles_to_the_last_printed_digit():
    table = json.loads(REFERENCE.read_text())["nozzle_ideal"]
    assert len(table["table"]) >= 60
    for row in table["table"]:
        k, e = row["gamma"], row["eps"]
        exit_ratio = exit_pressure_ratio(e, k)
        assert mach_of_area_ratio(e, k) == pytest.approx(row["M_exit"], abs=1e-6)
        assert exit_ratio == pytest.approx(row["pe_over_pc"], abs=1e-9)
        assert adapted_thrust_coefficient(k, exit_ratio) == pytest.approx(row["CF_optimum"], abs=1e-6)
        assert ideal_thrust_coefficient(k, e, 0.0) == pytest.approx(row["CF_vacuum"], abs=1e-6)
        assert ideal_thrust_coefficient(k, e, SEA / 7e6) == pytest.approx(row["CF_pc70bar_sl"], abs=1e-6)
    for row in table["critical"]:
        assert critical_pressure_ratio(row["gamma"]) == pytest.approx(row["p_crit"], abs=1e-6)
        assert flow_factor(row["gamma"]) == pytest.approx(row["Gamma"], abs=1e-6)


def test_suttons_ideal_rocket():
    """RPE 9th ed., examples 3-2 and 3-3: exit velocity 1828 m/s; 1.754 kg/s, 5001 N where the exit's pressure is the outside's."""
    c_star = Gas(heat_ratio=1.3, molar_mass=8.314462618 / 345.7, temperature=2222).characteristic_velocity
    assert c_star * adapted_thrust_coefficient(1.3, 101e3 / 2.068e6) == pytest.approx(1828, rel=2e-3)
    gas = Gas(heat_ratio=1.2, molar_mass=8.314462618 / 360, temperature=2800)
    assert 2.039e6 * 0.001332 / gas.characteristic_velocity == pytest.approx(1.754, rel=2e-3)
    assert 2.039e6 * 0.001332 * adapted_thrust_coefficient(1.2, 2549 / 2.039e6) == pytest.approx(5001, rel=5e-4)
    assert 2.039e6 * exit_pressure_ratio(60.0, 1.2) == pytest.approx(2549, rel=2e-3)


def nozzle(**changes):
    return Nozzle(**({"throat": 0.0137, "exit": 0.0331, "divergence": math.radians(14)} | changes))


def test_what_a_nozzle_delivers():
    """By hand from Rogers's equations, and from the ideal coefficient of the same ratio."""
    n = nozzle(throat_length=0.0031, efficiency=0.93)
    ideal = ideal_thrust_coefficient(1.21, n.expansion, SEA / 5.3e6)
    hand = 0.5 * (1 + math.cos(math.radians(14))) * (0.99 - 0.0333 * 0.0031 / 0.0137) * 0.93 * (0.99 * ideal + 0.01)
    assert n.thrust_coefficient(1.21, 5.3e6, SEA) == pytest.approx(hand, rel=1e-12)
    assert nozzle(throat_length=0.02).throat_factor == 0.95
    assert nozzle().throat_factor == 1.0


def test_a_jet_that_leaves_the_wall_loses_less_than_one_that_does_not():
    """Full flow far below its pressure gives negative thrust; with separation the exit is cut at 0.4 of ambient."""
    n, full = nozzle(exit=0.06), nozzle(exit=0.06, separation="none")
    p = np.geomspace(1.02e5, 6e7, 400)
    a, b = n.thrust_coefficient(1.2, p, SEA), full.thrust_coefficient(1.2, p, SEA)
    attached = n.exit_pressure(1.2, p) >= 0.4 * SEA
    assert 0 < attached.sum() < p.size
    assert np.array_equal(a[attached], b[attached])
    assert np.all(a[~attached] > b[~attached])
    assert np.all(np.diff(a) > 0)
    assert np.all(a <= adapted_thrust_coefficient(1.2, SEA / p))
    assert n.thrust_coefficient(1.2, 0.9 * SEA, SEA) == 0 == full.thrust_coefficient(1.2, 3 * SEA, SEA)
    mach = float(mach_of_pressure_ratio(0.05, 1.2))  # at 8 atm it leaves where the wall has 0.4 atm, p / 20
    cut = ideal_thrust_coefficient(1.2, area_ratio(mach, 1.2), 1 / 8)
    hand = n.divergence_factor * (0.99 * cut + 0.01)
    assert n.thrust_coefficient(1.2, 8 * SEA, SEA) == pytest.approx(hand, rel=1e-12)


def test_an_eroded_throat():
    n = nozzle()
    wider = n.with_throat(0.015)
    for value in ("thrust_coefficient", "exit_pressure"):
        more = (SEA,) if value == "thrust_coefficient" else ()
        many = getattr(n, value)(1.2, np.array([4e6, 4e6]), *more, np.array([n.throat_area, wider.throat_area]))
        assert many[0] == pytest.approx(getattr(n, value)(1.2, 4e6, *more), rel=1e-12)
        assert many[1] == pytest.approx(getattr(wider, value)(1.2, 4e6, *more), rel=1e-12)
        assert many[0] != many[1]


def test_a_throat_that_is_not_choked():
    """A nozzle without a cone chokes at the critical ratio; with one much earlier, and its flow ends with the pressure."""
    back = np.array([0.3, 0.5644, 0.565, 0.8, 0.95, 1.0])
    plain, cone = mass_flow_factor(1.2, back, 1.0), mass_flow_factor(1.2, back, 6.0)
    assert np.all(plain[:2] == 1) and np.all(np.diff(plain[1:]) < 0) and plain[-1] == pytest.approx(0, abs=1e-9)
    assert np.all(cone[:5] == 1) and cone[-1] == pytest.approx(0, abs=1e-9)
    mach = float(mach_of_pressure_ratio(0.8, 1.2))
    flow = mach * math.sqrt(1.2) * (1 + 0.1 * mach**2) ** (-11 / 2) / flow_factor(1.2)
    assert plain[3] == pytest.approx(flow, rel=1e-12)


def test_impossible_nozzles():
    with pytest.raises(InputError, match="narrower than the throat"):
        nozzle(exit=0.01)
    with pytest.raises(InputError, match="above 0"):
        nozzle(throat=0.0)
    with pytest.raises(InputError, match=r"1\.1 to 1\.67"):
        Gas(heat_ratio=1.0, molar_mass=0.03, temperature=2000)
