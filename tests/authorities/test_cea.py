"""Equilibrium by NASA's CEA: cases of NASA RP-1311 and textbook pairs, as CEA 3.3.4 prints them at 1000 psi (exit at one atmosphere)."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.motor.chemistry import Ingredient, combustion_table, equilibrium

OXYGEN, HYDROGEN, METHANE = Ingredient("O2(L)", 90.17), Ingredient("H2(L)", 20.27), Ingredient("CH4(L)", 111.643)
# HTPB as C7.3165 H10.336 O0.1063 per 100 g; liquid nitrous oxide at 298 K: gas (82.05 kJ/mol) less its heat of evaporation
HTPB = Ingredient(
    "HTPB", formula=(("C", 7.3165), ("H", 10.336), ("O", 0.1063)), enthalpy=-51.9e3, source="-51.9 kJ to 100 g"
)
NITROUS = Ingredient("N2O liquid", formula=(("N", 2), ("O", 1)), enthalpy=65.05e3)
PSI_1000 = 68.9476e5
# shares, chamber pressure; T K, M g/mol (all to a mole of gas), gamma_s, c* m/s, Isp s, Isp vacuum s, condensed share
CASES = {
    "RP-1311 example 8": ({OXYGEN: 5.55157, HYDROGEN: 1}, 53.3172e5, (3383.84463, 12.7156519, 1.14469528, 2332.3358, 375.526256, 409.961851, 0.0)),
    "oxygen, methane 3.4": ({OXYGEN: 3.4, METHANE: 1}, PSI_1000, (3549.19614, 21.6657288, 1.13079705, 1839.75405, 308.442411, 336.710476, 0.0)),
    "oxygen, RP-1 2.56": ({OXYGEN: 2.56, Ingredient("RP-1"): 1}, PSI_1000, (3662.34153, 23.3443916, 1.13813383, 1796.17085, 299.619206, 326.307405, 0.0)),
    "nitrous oxide, HTPB 6": ({NITROUS: 6, HTPB: 1}, PSI_1000, (3302.2, 26.344, 1.17685264, 1582.31064, 254.534225, None, 0.0)),
    "with a condensed oxide": (
        {Ingredient("NH4CLO4(I)"): 68, HTPB: 14, Ingredient("AL(cr)"): 18}, PSI_1000,
        (3377.9435, 27.8793846, 1.13454406, 1578.39524, 262.913866, 287.191107, 0.306047016),
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _cea():
    pytest.importorskip("cea", reason="the extra 'chemistry' is not here")


@pytest.mark.parametrize("name", CASES)
def test_the_printed_cases_to_one_in_a_thousand(name):
    shares, pressure, (t, m, k, cstar, isp, vacuum, condensed) = CASES[name]
    p = equilibrium(shares, pressure)
    assert (p.temperature, p.molar_mass * 1e3, p.heat_ratio, p.cstar, p.specific_impulse) == pytest.approx(
        (t, m, k, cstar, isp), rel=1e-3
    )
    if vacuum is not None:
        assert p.specific_impulse_vacuum == pytest.approx(vacuum, rel=1e-3)
    assert p.condensed == pytest.approx(condensed, abs=1e-4)
    # what must hold whatever the numbers: thrust in g0 is c* C_F, and the perfect gas has the same c*
    assert p.specific_impulse * 9.80665 == pytest.approx(p.cstar * p.thrust_coefficient, rel=1e-6)
    assert p.gas.characteristic_velocity == pytest.approx(p.cstar, rel=1e-9)
    assert sum(share for _, share in p.main) <= 1 + 1e-9 and p.exit_temperature < p.temperature


def test_a_table_for_an_engine():
    table = combustion_table(NITROUS, HTPB, [4.0, 6.0, 8.0], PSI_1000, efficiency=0.9)
    assert table.cstar[1] == pytest.approx(1582.31, rel=1e-3)
    assert table.at(6.0)[0] == pytest.approx(0.9 * 1582.31, rel=1e-3)
    assert np.argmax(table.cstar) != 2 and "CEA" in table.source


@pytest.mark.parametrize(
    "shares, pressure, exit_pressure, match",
    [
        ({Ingredient("unobtainium"): 1}, 5e6, 1e5, "does not know"),
        ({OXYGEN: -1, HYDROGEN: 1}, 5e6, 1e5, "0 or more"),
        ({}, 5e6, 1e5, "not all 0"),
        ({OXYGEN: float("nan"), HYDROGEN: 1}, 5e6, 1e5, "0 or more"),
        ({OXYGEN: 5, HYDROGEN: 1}, 5.0, 1e5, "0.1 to 1000 bar"),
        ({OXYGEN: 5, HYDROGEN: 1}, 5e6, 5e6, "below half"),
        ({OXYGEN: 1}, 5e6, 1e5, "no equilibrium|means nothing"),
    ],
)
def test_what_cannot_burn_is_refused(capfd, shares, pressure, exit_pressure, match):
    with pytest.raises(InputError, match=match):
        equilibrium(shares, pressure, exit_pressure)
    assert capfd.readouterr() == ("", ""), "the program's own messages are kept from the user"


def test_a_formula_needs_its_enthalpy():
    with pytest.raises(InputError, match="enthalpy"):
        Ingredient("x", formula=(("C", 1.0),))


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "cea", None)
    with pytest.raises(InputError, match=r"downrange\[chemistry\]"):
        equilibrium({OXYGEN: 5, HYDROGEN: 1}, 5e6)
