"""Suction on bases, on published figures and by hand from the published formulas.

Chapman, NACA Report 1051 (1951), turbulent; Herrin and Dutton, AIAA J. 32 (1994); Love, NACA TN 3819; Hoerner, Fluid-Dynamic Drag (1965),
3-19; McCoy, BRL-TR-02293 (1981); Fleeman, Tactical Missile Design (2006), p. 23; Korst, J. Appl. Mech. 23 (1956).
"""

import numpy as np
import pytest

from downrange.aero.base import base_pressure_drag, edge_base_drag, flared_base_drag, subsonic_growth


def test_under_power_the_ring_beside_the_jet_has_its_suction_times_a_factor():
    """A base of 50 mm whose jet is 20 mm wide keeps 21/25 of its area; without a jet there is nothing beside it."""
    from alpha import alpha_iii
    from downrange.aero import AeroOptions, build_aero

    def base(jet: float = 0.16, **options: float) -> tuple[float, float]:
        r = alpha_iii()
        aero = build_aero(r, jet_area=jet * np.pi * r.base_radius**2, options=AeroOptions(**options))
        part = next(p for p in aero.drags if p.path == "base")
        return aero.part_drag(part, 0.4, 1e7), aero.part_drag(part, 0.4, 1e7, power=True)

    off, on = base()
    assert on == pytest.approx(0.84 * off, rel=1e-12)
    assert base(base_beside_jet=0.5) == pytest.approx((off, 0.42 * off), rel=1e-12)
    assert base(base_beside_jet=0.0) == pytest.approx((off, 0.0), abs=1e-15)
    assert base(jet=0.0, base_beside_jet=0.5) == pytest.approx((off, off), rel=1e-12)
    assert base(jet=1.3, base_beside_jet=2.0) == pytest.approx((off, 0.0), abs=1e-15)  # a jet wider than the base


def test_strap_ons_too_have_a_factor_beside_their_jets():
    from downrange.aero import AeroOptions, build_aero
    from vehicles import strap_on

    rocket = strap_on().rocket
    a = rocket.attached[0]
    jets = {a.name: 0.25 * np.pi * a.rocket.base_radius**2}
    found = []
    for factor in (1.0, 0.4):
        aero = build_aero(rocket, jets=jets, options=AeroOptions(base_beside_jet=factor))
        part = next(p for p in aero.drags if p.path.startswith(a.path) and p.kind == "base")
        found.append(aero.part_drag(part, 0.4, 1e7, power=True) / aero.part_drag(part, 0.4, 1e7))
    assert found == pytest.approx([0.75, 0.3], rel=1e-9)


def test_a_factor_beside_the_jet_is_refused_where_a_table_has_the_drag():
    from downrange.aero import AeroOptions
    from downrange.errors import InputError
    from downrange.tables import Table1D

    table = Table1D(np.array([0.0, 1.0]), np.array([0.4, 0.5]))
    for given in ({"drag_off": table}, {"drag_on": table}):
        assert AeroOptions(**given).drag_given and not AeroOptions().drag_given
        with pytest.raises(InputError, match="nothing to act on") as told:
            AeroOptions(base_beside_jet=0.5, **given)
        assert told.value.key == "aero.base_beside_jet"
    for wrong in (-0.1, 11.0):
        with pytest.raises(InputError, match="base_beside_jet"):
            AeroOptions(base_beside_jet=wrong)


def _at(mach, friction=0.04, finned=False):
    return float(base_pressure_drag(np.array([mach]), friction, finned)[0])


@pytest.mark.parametrize(("friction", "level"), [(0.04, 0.145), (0.0841, 0.1), (0.01, 0.2), (None, 0.12)])
def test_at_low_speed_a_thick_boundary_layer_feeds_the_wake(friction, level):
    """Hoerner's 0.029/√C_fB, no more than 0.2; behind a corner that the flow leaves Fleeman's 0.12."""
    assert _at(0.3, friction) == pytest.approx(level, rel=1e-12)


@pytest.mark.parametrize(
    ("mach", "grown"), [(0.2, 1.0), (0.6, 1.0), (0.75, 1.0), (0.8, 1.0), (0.9, 1.02816), (1.0, 1.05412), (1.4, 1.05412)]
)
def test_it_keeps_one_level_to_mach_08_and_grows_as_mccoys(mach, grown):
    """One chart of ESDU 96012 serves to Mach 0.8. At 0.9 and 1, by hand: (1 - (1 + 0.09 M²)/(1 + 0.1875 M² + 0.0531 M⁴))/M²."""
    assert float(subsonic_growth(np.array(mach))) == pytest.approx(grown, abs=2e-5)


@pytest.mark.parametrize(("mach", "measured", "within"), [(2.0, 0.157, 0.05), (2.46, 0.102, 0.18)])
def test_a_bare_base_lies_beside_what_was_measured(mach, measured, within):
    assert _at(mach) == pytest.approx(measured, rel=within)


@pytest.mark.parametrize(("mach", "fleeman", "gabeaud"), [(2.0, 0.125, 0.178), (2.46, 0.1016, 0.136)])
def test_bare_bases_take_the_mean_of_two_laws_and_fins_the_lower_pressure(mach, fleeman, gabeaud):
    assert _at(mach) == pytest.approx((fleeman + gabeaud) / 2, abs=1.5e-3)
    assert _at(mach, finned=True) == pytest.approx(gabeaud, abs=2e-3)


def test_through_mach_1_it_joins_the_two_sides():
    """0.145 times 1.046 at Mach 0.9 to 0.25 at Mach 1.06 and straight on to Mach 1.5; never more than the suction of a vacuum."""
    assert _at(0.9) == pytest.approx(0.145 * 1.02816, rel=1e-4)
    at15 = _at(1.5)
    assert _at(1.06) == pytest.approx(0.25 + 0.12 * (at15 - 0.25), rel=1e-9)
    assert _at(1.25) == pytest.approx(0.5 * (0.25 + at15), rel=1e-9)
    m = np.linspace(1.0, 12.0, 200)
    for finned in (False, True):
        assert np.all(base_pressure_drag(m, 0.04, finned) <= 2 / (1.4 * m * m) + 1e-12)
    rise = base_pressure_drag(np.linspace(0.9, 1.05, 30), 0.04)
    assert np.all(np.diff(rise) > 0)


@pytest.mark.parametrize(
    ("edge", "pressure", "local"), [(0.1, 1.28, 1.84040), (0.2, 1.56, 1.71061), (0.3, 1.84, 1.60032)]
)
def test_behind_a_flare_by_hand(edge, pressure, local):
    """At Mach 2: p/p∞ is 1 + 2.8 Cp, the total pressure 7.824, and so the Mach number at the edge; then half of each stream's."""
    inside = max(_at(local) * pressure * (local / 2) ** 2 - edge, 0.0)
    got = float(flared_base_drag(np.array([2.0]), np.array([edge]), 0.04)[0])
    assert got == pytest.approx(0.5 * (_at(2.0) + inside), rel=1e-4)
    assert (inside > 0) == (edge < 0.25)


@pytest.mark.parametrize("mach", [1.5, 2.0, 3.0, 5.0])
def test_the_more_a_flare_compresses_the_less_its_base_sucks(mach):
    """No compression: a cylinder's base. Below Mach 1, where no flare is counted, likewise."""
    drag = [float(flared_base_drag(np.array([mach]), np.array([cp]), 0.04)[0]) for cp in (0.0, 0.02, 0.05, 0.1)]
    assert drag[0] == pytest.approx(_at(mach), rel=1e-6) and np.all(np.diff(drag) < 0) and drag[-1] > 0.4 * drag[0]
    assert float(flared_base_drag(np.array([0.8]), np.array([0.3]), 0.04)[0]) == pytest.approx(_at(0.8))


@pytest.mark.parametrize(("mach", "base_over_ambient"), [(1.5, 0.57), (2.0, 0.40), (3.0, 0.215), (5.0, 0.08)])
def test_a_fins_blunt_edge_has_korsts_pressure(mach, base_over_ambient):
    got = edge_base_drag(np.array([mach]), np.array([0.004]), 30.0)
    assert got == pytest.approx(2 / (1.4 * mach**2) * (1 - base_over_ambient), rel=1e-9)


def test_a_fins_blunt_edge_below_the_speed_of_sound():
    """Hoerner's 0.135/∛(2 Cf c/t) at rest: 0.135/∛0.24; the same with a longer chord is less."""
    got = [float(edge_base_drag(np.array([0.0]), np.array([0.004]), ratio)[0]) for ratio in (30.0, 60.0)]
    assert got[0] == pytest.approx(0.135 / 0.24 ** (1 / 3), rel=1e-9)
    assert got[1] / got[0] == pytest.approx(2 ** (-1 / 3), rel=1e-9)
