"""A sugar motor of R. Nakka's workbook SRM_2014, four KNDX segments: its transient, its regimes of burning rate, its variants.

The workbook's figures (Experimental Rocketry Web Site, SRM_2014.xls, default motor) beside ours from the same inputs: heat
ratio 1.043 for c* and thrust coefficient, 42.39 g/mol, 0.95 of 1710 K, 0.95 of the ideal density, nozzle efficiency 0.85.
"""

import math
from dataclasses import replace

import numpy as np
import pytest

from downrange.motor.ballistics import fire
from downrange.motor.gas import Gas
from downrange.motor.grains import Bates
from downrange.motor.nozzle import Nozzle
from downrange.motor.propellants import RECORDS
from downrange.motor.solid import Case, Segment, SolidMotor

THROAT = 17.3985248919802e-3


def motor(*, throat=THROAT, ratio=8.0, efficiency=0.85, ambient=101_000.0, density=0.95, temperature=0.95, grain=None):
    propellant = replace(
        RECORDS["KNDX"], density=1879 * density,
        gas=Gas(heat_ratio=1.043, molar_mass=42.39e-3, temperature=1710 * temperature),
    )  # fmt: skip
    grain = grain or Bates(diameter=69e-3, length=115e-3, core=20e-3)
    return SolidMotor(
        segments=tuple(Segment(grain, propellant) for _ in range(4)), ambient=ambient, case=Case(diameter=75e-3, length=470e-3),
        nozzle=Nozzle(throat=throat, exit=throat * math.sqrt(ratio), divergence=0.0, efficiency=efficiency, separation="none"),
    )  # fmt: skip


def figures(m):
    b = fire(m, "transient")
    return b.peak_pressure - m.ambient, float(b.thrust.max()), b.impulse, float(b.time[-1])


INHIBITED = Bates(diameter=69e-3, length=115e-3, core=20e-3, inhibited="both")
CASES = {  # gauge MPa, N, N s, s of the workbook; and within what, where its exit's pressure comes from another heat ratio (1.1308)
    "as it is": ({}, (5.93, 2060, 3602, 2.1575), 0.015),
    "a nozzle without losses": ({"efficiency": 1.0}, (5.93, 2424, 4238, 2.158), 0.015),
    "combustion without losses": ({"temperature": 1.0}, (6.07, 2112, 3716, 2.086), 0.015),
    "only the cores burn": ({"throat": 17.6135459e-3, "grain": INHIBITED}, (8.02, 2918, 3569, 2.605), 0.02),
    "a short cone": ({"ratio": 2.0}, (5.93, 1811, 3209, 2.158), 0.025),
    "a light grain, overexpanded": ({"density": 0.7}, (2.48, 790, 2461, 3.343), 0.04),
}


@pytest.mark.parametrize("name", CASES)
def test_the_workbook_s_motor_and_its_variants(name):
    changes, said, near = CASES[name]
    pressure, thrust, impulse, time = figures(motor(**changes))
    assert (pressure / 1e6, thrust, impulse) == pytest.approx(said[:3], rel=near)
    assert time == pytest.approx(said[3], rel=0.02)  # where a tail ends is each one's own


def test_the_pressure_follows_the_workbook_s_through_the_burn():
    """Absolute pressure (MPa) beside the propellant left (kg), as in the workbook's series, through its regimes and into the tail; the workbook
    takes another step, and where the rate goes with p^0.69 a difference is multiplied by three."""
    b = fire(motor(), "transient")
    for left, pressure in (
        (2.67675, 3.882), (2.34075, 4.805), (2.03595, 5.441), (1.34701, 6.032), (0.81608, 5.861), (0.30965, 4.803), (0.07281, 4.138),
    ):  # fmt: skip
        assert float(np.interp(-left, -b.left, b.pressure)) / 1e6 == pytest.approx(pressure, rel=0.04)


def test_the_grains_weigh_what_the_workbook_says():
    assert motor().propellant_mass == pytest.approx(2.81244595, rel=1e-7)
