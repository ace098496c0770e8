"""Pieces of the aerodynamics by hand: where fins press at Mach 2, a body's friction, the side areas of boosters."""

import math
from dataclasses import replace

import numpy as np
import pytest

from alpha import alpha_iii
from downrange.aero import build_aero
from downrange.aero.barrowman import _fin_cp, fin_lift_slope
from downrange.aero.base import edge_base_drag
from downrange.aero.friction import body_friction
from downrange.aero.geometry import planform_area
from downrange.rocket import BodyTube, FinSet, NoseCone, Rocket, Transition, TrapezoidalFins, planform
from vehicles import strap_on


def test_fins_press_at_a_quarter_chord_and_further_aft_at_mach_2():
    """A rectangle of 50 mm by 80 mm: quarter chord below Mach 0.8, (AR β - 0.67)/(2 AR β - 1) of the chord at Mach 2, at most a half."""
    fins = TrapezoidalFins(count=3, root_chord=0.05, tip_chord=0.05, span=0.08, sweep=0.0, thickness=0.003)
    plan = planform(fins)
    ab = plan.aspect_ratio * math.sqrt(3.0)
    at = _fin_cp(plan, np.array([0.3, 0.8, 2.0])) / 0.05
    assert at[:2] == pytest.approx([0.25, 0.25]) and ab > 2
    assert at[2] == pytest.approx(min((ab - 0.67) / (2 * ab - 1), 0.5)) and 0.4 < at[2] <= 0.5
    swept = planform(replace(fins, sweep=0.03))
    assert _fin_cp(swept, np.array([0.3]))[0] == pytest.approx(
        0.015 + 0.0125, rel=0.01
    )  # its mean chord begins half the sweep aft


def test_friction_of_a_body_is_positive_and_grows_with_its_length():
    """Schlichting's flat plate, fully turbulent, at 150 m/s and 1e7 per metre: 0.455/(log Re)^2.58, times form and wetted area."""

    def made(length: float) -> Rocket:
        nose = NoseCone(shape="conical", length=0.2, diameter=0.05, wall=0.002)
        return Rocket("r", (nose, BodyTube(length=length, diameter=0.05, wall=0.001)), finish="polished")

    whole = body_friction(made(1.0))
    wet = math.pi * 0.05 * 1.0 + math.pi * 0.025 * math.hypot(0.2, 0.025)
    f = 1.2 / 0.05
    rough = 0.455 / math.log10(1.2e7) ** 2.58 * (1 + 1.5 / f**1.5 + 7 / f**3) * wet / (math.pi * 0.025**2)
    assert whole == pytest.approx(rough, rel=0.12)
    assert body_friction(made(2.0)) > 1.6 * whole


def test_boosters_show_their_sides_where_they_stand():
    """Two of 25 mm on a core of 41 mm: areas and moments are sums, each about the whole vehicle's nose tip."""
    rocket = strap_on().rocket
    (attached,) = rocket.attached
    own, core = planform_area(attached.rocket), planform_area(replace(rocket, parts=without_boosters(rocket.parts)))
    assert attached.front > 0.2
    ratio = 2 * (0.025 / 0.041) ** 2
    both = planform_area(rocket)
    for area, moment in ((0, 1), (2, 3)):
        assert both[area] == pytest.approx(core[area] + ratio * own[area])
        assert both[moment] == pytest.approx(core[moment] + ratio * (own[moment] + attached.front * own[area]))


def without_boosters(parts):
    return tuple(
        replace(p, parts=without_boosters(p.parts)) if p.parts else p for p in parts if type(p).__name__ != "Boosters"
    )


def test_half_a_set_of_fins_is_what_it_shows_to_any_side():
    """The Alpha's three fins of 2000 mm2 (50 and 30 mm by 50 mm) show 3000; their middle is 13.5 mm or so behind the root's half."""
    rocket = alpha_iii()
    _, _, fins, moment = planform_area(rocket)
    s = math.pi * 0.012**2
    assert fins * s == pytest.approx(0.5 * 3 * 0.05 * 0.5 * (0.05 + 0.03), rel=1e-3)
    q = next(q for q in rocket.placed if isinstance(q.part, FinSet))
    y = np.linspace(0, 1, 2001)
    chord, lead = 0.05 - 0.02 * y, 0.02 * y
    middle = q.front + np.trapezoid((lead + chord / 2) * chord, y) / np.trapezoid(chord, y)
    assert moment / fins == pytest.approx(middle, abs=1e-4)


def test_a_fin_that_is_gone_shows_no_side():
    """Of four fins three are left: three quarters of the side, about the same middle; of none, nothing."""
    whole = planform_area(alpha_iii(4))
    for missing, share in (((2,), 0.75), ((1, 2, 3), 0.25)):
        nose, body = alpha_iii(4).parts
        kept = tuple(replace(p, missing=missing) if isinstance(p, FinSet) else p for p in body.parts)
        left = planform_area(replace(alpha_iii(4), parts=(nose, replace(body, parts=kept))))
        assert left[:2] == pytest.approx(whole[:2]) and left[2:] == pytest.approx([share * x for x in whole[2:]])


@pytest.mark.parametrize("mach", [0.0, 0.6])
def test_a_fin_lifts_by_helmbold_and_prandtl(mach):
    """A rectangle across the flow (Helmbold, 1942): 2 π A / (2 + √(4 + (A β)²)) on its own area."""
    plan = planform(TrapezoidalFins(count=3, root_chord=0.05, tip_chord=0.05, span=0.08, sweep=0.0, thickness=0.003))
    a, beta = plan.aspect_ratio, math.sqrt(1 - mach**2)
    wanted = 2 * math.pi * a / (2 + math.sqrt(4 + (a * beta) ** 2))
    assert fin_lift_slope(plan, np.array([mach]), plan.area)[0] == pytest.approx(wanted, rel=1e-9)


def test_the_base_of_a_blunt_edge_is_hoerners():
    """0.135 over the cube root of the friction of both sides on the edge's thickness: 0.274 of 2 x 0.003 x 20, with 13/12 M² more."""
    low, fast = (edge_base_drag(np.array([m]), np.array([0.003]), 20.0)[0] for m in (1e-6, 0.6))
    assert low == pytest.approx(0.2737, abs=1e-4) and fast == pytest.approx(0.2737 * 1.39, rel=1e-3)


@pytest.mark.parametrize(("section", "blunt"), [("airfoil", False), ("square", True), ("rounded", True)])
def test_a_sharp_edge_has_no_base(section, blunt):
    nose, body = alpha_iii().parts
    parts = tuple(replace(p, section=section) if isinstance(p, FinSet) else p for p in body.parts)
    rocket = replace(alpha_iii(), parts=(nose, replace(body, parts=parts)))
    path = next(q.path for q in rocket.placed if isinstance(q.part, FinSet))
    found = [d for d in build_aero(rocket).drags if d.path == path and d.kind == "base"]
    assert bool(found) == blunt and all((d.off[0] > 0).all() for d in found)


def test_the_mean_chord_of_a_trapezoid_by_hand():
    """50 and 30 mm by 50 mm: its height b/3 (c + 2 t)/(c + t), its length 2/3 (c + t - c t/(c + t))."""
    plan = planform(TrapezoidalFins(count=3, root_chord=0.05, tip_chord=0.03, span=0.05, sweep=0.02, thickness=0.003))
    assert plan.mac_height == pytest.approx(0.05 / 3 * 0.11 / 0.08, rel=1e-4)
    assert plan.mean_aerodynamic_chord == pytest.approx(2 / 3 * (0.08 - 0.0015 / 0.08), rel=1e-4)
    assert plan.mac_leading_edge == pytest.approx(0.02 / 0.05 * plan.mac_height, rel=1e-4)


def test_a_transition_begins_as_wide_as_it_says():
    """Where it says nothing, as wide as what is before it."""
    nose = NoseCone(shape="conical", length=0.1, diameter=0.04, wall=0.002)
    for said, fore in ((None, 0.02), (0.03, 0.015)):
        part = Transition(length=0.05, fore_diameter=said, aft_diameter=0.06, wall=0.002)
        placed = Rocket("r", (nose, part)).placed[1].at
        assert (placed.outer, placed.aft_outer) == pytest.approx((fore, 0.03))
