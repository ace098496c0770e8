"""Where each formula of the aerodynamics ends: the closed form or the published number that it goes to.

Those of cones, lattices, boxes and interference stand in test_theory, of bases in test_base_drag, of round tips in test_blunt, of rings
and plates' friction in test_aero, of fins behind fins and pods in test_aero_vehicle, of the area rule in test_area_rule.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad

from alpha import alpha_iii
from downrange.aero import build_aero
from downrange.aero.bodies import body_flow, separated_share
from downrange.aero.crossflow import body_crossflow, fin_crossflow
from downrange.aero.drag import DragBuilder, blunt_face
from downrange.aero.expansion import turned_mach, turning_response
from downrange.aero.fins import _boundary_layer, _lag, _lift_behind, thickness_gain
from downrange.aero.friction import _fully_rough, body_form_factor, skin_friction
from downrange.aero.geometry import planform_area, wetted_area
from downrange.aero.interference import body_carry_over, body_share
from downrange.aero.lift import COUNT_EFFICIENCY
from downrange.aero.limits import cp_sigma, transonic
from downrange.aero.noses import has_curve, rise, tr_r100
from downrange.rocket import BodyTube, NoseCone, RailButtons, Rocket, Transition, TrapezoidalFins, planform

D = 0.1


def body(*aft, nose: float = 0.3, tube: float = 1.0, shape: str = "conical") -> Rocket:
    return Rocket(
        "limits", (NoseCone(shape=shape, length=nose, diameter=D), BodyTube(length=tube, wall=0.001), *aft), "polished"
    )


def finned(at: float = 1.0, **fin) -> Rocket:
    sizes = {"root_chord": 0.1, "tip_chord": 0.1, "span": 0.1, "sweep": 0.0, "thickness": 0.004, **fin}
    fins = TrapezoidalFins(count=4, position="absolute", offset=at, **sizes)
    return replace(body(), parts=(body().parts[0], replace(body().parts[1], parts=(fins,))))


def builder(mach, rocket: Rocket | None = None) -> DragBuilder:
    return DragBuilder(rocket or body(), np.atleast_1d(np.asarray(mach, float)), np.array([1e7]), 0.0, "cold")


# ---- bodies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("over_lost", "left"), [(0.5, 1.0), (1.0, 1.0), (2.0, 0.5), (3.0, 0.0), (6.0, 0.0)])
def test_boat_tails_part_from_their_flow_by_length_over_the_diameter_lost(over_lost, left):
    """Niskanen (2009) after Hoerner: all of it to a length of the diameter lost, none from three times; and so their drag at rest."""
    rocket = body(Transition(length=over_lost * 0.04, aft_diameter=0.06))
    tail = rocket.placed[-1]
    assert separated_share(tail) == pytest.approx(left)
    flow = body_flow(rocket, np.array([0.0, 0.6]))[-1]
    lost = 1 - 0.36
    assert flow.drag == pytest.approx(
        left * 0.12 * lost * np.array([1.0, 1.25]), abs=1e-12
    )  # Prandtl and Glauert at 0.6


@pytest.mark.parametrize("degrees", [5.0, 10.0, 25.0])
def test_a_cone_at_rest_has_hoerners_drag_and_a_slender_one_none(degrees):
    rocket = body(nose=0.5 * D / np.tan(np.radians(degrees)))
    assert body_flow(rocket, np.array([0.0, 0.3]))[0].drag == pytest.approx(
        0.8 * np.sin(np.radians(degrees)) ** 2, rel=1e-6
    )
    assert body_flow(body(shape="von karman"), np.array([0.0]))[0].drag == pytest.approx(0.0, abs=1e-15)


def test_steps_are_blunt_faces_and_bases():
    """Up from 100 to 140 mm: 0.85 of the stagnation pressure on the face; down again: the suction behind a corner on it."""
    rocket = body(BodyTube(length=0.3, diameter=0.14, wall=0.001), BodyTube(length=0.3, diameter=0.1, wall=0.001))
    _, _, up, down = body_flow(rocket, np.array([0.0, 0.5]))
    face = 1 - (0.1 / 0.14) ** 2
    assert up.drag == pytest.approx(0.85 * face * np.array([1.0, 1.0641]), rel=1e-4)
    assert down.drag == pytest.approx([0.12 * face] * 2, rel=1e-9)


def test_noses_of_tr_r100_at_its_points_and_between():
    assert tr_r100("haack", 0.0, np.array([1.0, 1.6]))[0] == pytest.approx([0.027, 0.097])
    assert tr_r100("von karman", None, np.array([1.2]))[0] == pytest.approx([0.081])
    assert tr_r100("parabolic", 0.875, np.array([1.2]))[0] == pytest.approx([0.5 * (0.106 + 0.119)])
    assert tr_r100("ogive", 1.0, np.array([1.1, 1.4]))[0] == pytest.approx(
        [0.109, 0.113]
    )  # a tangent ogive is a parabola
    value, end = tr_r100("ellipsoid", None, np.array([0.8, 0.9, 1.0, 2.4, 5.0]))
    assert end == 2.4 and value == pytest.approx(
        [0.0, 0.0, 0.34 * 0.110, 0.162, 0.162]
    )  # held: callers go on with theory
    assert list(rise(np.array([0.0, 0.9, 1.2, 4.0]))) == [0.0, 0.0, 1.0, 1.0]
    assert has_curve("power", 0.5) and not has_curve("power", 0.9) and not has_curve("conical", None)


def test_areas_of_cone_and_cylinder():
    rocket = body(nose=0.3, tube=1.0)
    cone, tube = rocket.placed[:2]
    assert wetted_area(cone) == pytest.approx(np.pi * 0.05 * np.hypot(0.3, 0.05), rel=1e-6)
    assert wetted_area(tube) == pytest.approx(np.pi * 0.1 * 1.0, rel=1e-9)
    side, moment, fins, _ = planform_area(rocket)
    s = np.pi * 0.05**2
    assert side * s == pytest.approx(0.3 * 0.05 + 1.0 * 0.1, rel=1e-5) and fins == 0
    assert moment * s == pytest.approx(0.015 * 0.2 + 0.1 * 0.8, rel=1e-4)
    _, _, fins, at = planform_area(finned(at=1.0))
    assert fins * s == pytest.approx(2 * 0.01) and at / fins == pytest.approx(1.05)


# ---- friction ---------------------------------------------------------------------------------------------------------


def test_friction_goes_to_blasius_and_to_a_fully_rough_plate():
    """At Re 2e4 1.328/√Re; Schlichting's (1.89 + 1.62 lg L/k)^-2.5 of L/k = 100 is 0.0169, whatever the Reynolds number."""
    at = float(skin_friction(np.array(2e4), np.array(0.0), 1.0, 0.0))
    assert at == pytest.approx(1.328 / np.sqrt(2e4), rel=2e-3)
    rough = [float(skin_friction(np.array(re), np.array(0.0), 1.0, 0.01)) for re in (1e8, 1e10)]
    assert rough[0] == pytest.approx(rough[1], rel=1e-9) and rough[0] == pytest.approx(5.13**-2.5, rel=1e-3)
    re = _fully_rough(1e3)
    assert 1 / (1.5 * np.log(re) - 5.6) ** 2 == pytest.approx((1.89 + 1.62 * 3) ** -2.5, rel=1e-9)
    smooth = float(skin_friction(np.array(1e7), np.array(0.0), 1.0, 0.0))
    assert float(skin_friction(np.array(1e7), np.array(0.0), 1.0, 1e-9)) == pytest.approx(smooth, rel=1e-6)


def test_form_factor_of_bodies():
    """Hoerner's 1 + 1.5/f^1.5 + 7/f³: 1.0544 at a fineness of 10, 1 for a needle; a disc is taken for a fineness of 1."""

    def form(fineness: float) -> float:
        return body_form_factor(body(nose=0.4 * fineness * D, tube=0.6 * fineness * D))

    assert form(10.0) == pytest.approx(1 + 1.5 / 31.6228 + 0.007, rel=1e-6)
    assert form(400.0) == pytest.approx(1.0, abs=3e-4) and form(0.3) == pytest.approx(9.5)


# ---- fins -------------------------------------------------------------------------------------------------------------


def test_thickness_lifts_as_busemann_says():
    """2 C₂/C₁ by hand at Mach 2: (2² + 1.4 · 16)/(2 · 3√3) = 2.5403; (γ + 1)/2 M far above, nothing at Mach 1 and below."""
    assert float(thickness_gain(np.array(2.0))) == pytest.approx(26.4 / (2 * 5.196152), rel=1e-6)
    assert float(thickness_gain(np.array(60.0))) == pytest.approx(1.2 * 60, rel=2e-3)
    assert list(thickness_gain(np.array([0.0, 0.9, 1.0]))) == [0.0, 0.0, 0.0]


def test_the_bodys_boundary_layer_slows_small_fins_only():
    """Mean of (y/δ)^(2/7) over a rectangular fin as high as the layer is 7/9; of one far higher 1; less for what is lower."""
    mach = np.array([0.5])
    x = 1.05
    delta = 0.37 * x * (2.3e7 * 0.5 * x) ** -0.2
    for span, mean in ((delta, 7 / 9), (0.1 * delta, 7 / 9 * 0.1 ** (2 / 7)), (40 * delta, 1 - 2 / 9 / 40)):
        rocket = finned(span=span)
        q = rocket.placed[-1]
        lift, _ = _boundary_layer(q, planform(q.part), mach)
        assert lift[0] == pytest.approx(mean, rel=5e-3)
    roll = _boundary_layer(q, planform(q.part), mach)[1][0]
    assert lift[0] < roll < 1  # roll is damped further out


def test_lift_behind_a_corner_is_that_of_thin_aerofoils():
    """1 - (θ + sin θ)/π: all behind the leading edge, at mid-chord 1 - (π/2 + 1)/π = 0.1817, none behind the end."""
    plan = planform(finned().placed[-1].part)
    for corner, share in (
        (0.0, 1.0),
        (0.05, 0.18169),
        (0.025, 1 - (np.pi / 3 + np.sqrt(3) / 2) / np.pi),
        (0.1, 0.0),
        (0.2, 0.0),
    ):
        assert _lift_behind(plan, corner) == pytest.approx(np.full(plan.y.size, share), abs=1e-5)


def test_lift_lags_as_garrick_and_rubinow_have_it():
    """(M² - 2)/(M² - 1): nothing at √2, 2/3 at Mach 2, all far above; none below Mach 0.75; at Mach 1 held by the aspect ratio."""
    assert _lag(np.array([np.sqrt(2.0), 2.0, 20.0, 0.7]), 2.0) == pytest.approx([0.0, 2 / 3, 1.0, 0.0], abs=4e-3)
    at_one, w = _lag(np.array([1.0]), 2.0)[0], (0.25 / 0.35) ** 2 * (3 - 2 * 0.25 / 0.35)
    assert at_one == pytest.approx(w * (1 - 4.0), rel=1e-9) and _lag(np.array([1.0]), 5.0)[0] == at_one
    assert _lag(np.array([1.0]), 1.0)[0] == pytest.approx(0.0, abs=1e-12)


def test_the_bodys_carry_over_goes_to_slender_bodies_near_mach_1_and_shrinks_above():
    q = finned(at=0.9).placed[-1]
    plan = planform(q.part)
    mach = np.array([1.02, 4.0, 8.0])
    slope = np.array([4.0, 4 / np.sqrt(15), 4 / np.sqrt(63)])
    k, x = body_carry_over(plan, 0.05, mach, slope, 10.0)
    slender = body_share(0.05 / 0.15)
    assert k[0] == pytest.approx(slender, rel=1e-6) and slender > k[1] > k[2] > 0
    # The report's field on a body that goes on: 4/(π β²) ∫∫ arccos(t/x) dx dt over t < 2 β r and t < x < t + c, the inner one by hand.
    for i in (1, 2):
        beta = np.sqrt(mach[i] ** 2 - 1)

        def strip(t: float) -> float:
            return (t + 0.1) * np.arccos(t / (t + 0.1)) - t * np.arccosh((t + 0.1) / t)

        force = 4 / (np.pi * beta**2) * quad(strip, 1e-12, 0.1 * beta)[0]
        assert k[i] == pytest.approx(force / (slope[i] * 0.01), rel=7e-3)
    none, _ = body_carry_over(plan, 0.05, mach[1:], slope[1:], 0.0)
    assert np.all(none < k[1:]) and np.all(x > 0.05)  # a body that ends at the fins' trailing edge has less of it


def test_wave_drag_of_fins_is_ackerets_held_at_mach_1_and_behind_swept_edges():
    """K (t/c)²/β: double wedge of 5 % at Mach 3, 4 · 0.0025/√8; at Mach 1 over (2.4 t/c)^⅓; swept by 70° at Mach 1.2 over tan 70°."""
    plain = builder(3.0).fin_wave("double wedge", 0.05, 0.0)[0, 0]
    assert plain == pytest.approx(0.01 / np.sqrt(8), rel=1e-4)
    sonic = builder(1.05).fin_wave("double wedge", 0.05, 0.0)[0, 0]
    beta, floor = np.sqrt(1.05**2 - 1), 0.12 ** (1 / 3)
    assert sonic == pytest.approx(0.01 / (beta**6 + floor**6) ** (1 / 6), rel=1e-9)
    swept = builder(1.2).fin_wave("double wedge", 0.05, np.radians(70))[0, 0]
    assert swept == pytest.approx(0.01 / np.tan(np.radians(70)), rel=1e-3)
    assert builder(0.8).fin_wave("double wedge", 0.05, 0.0)[0, 0] == 0
    biconvex = builder(3.0).fin_wave("airfoil", 0.05, 0.0)[0, 0]
    assert biconvex / plain == pytest.approx(4 / 3)
    assert builder(3.0).fin_wave("square", 0.05, 0.0)[0, 0] == 0


def test_edges_of_fins():
    """A blunt face has 0.85 of the stagnation pressure; a round edge nothing below Mach 0.8, 0.8215 at Mach 1.05 less what is
    faster, 1.214 far above: Barrowman's swept cylinder."""
    from downrange.aero.drag import _round_edge

    assert blunt_face(np.array([0.0, 1.0])) == pytest.approx([0.85, 0.85 * 1.2756], rel=2e-3)
    assert _round_edge(np.array([0.0, 0.8, 40.0])) == pytest.approx([0.0, 0.0, 1.214], abs=1e-3)
    assert _round_edge(np.array([2.0]))[0] == pytest.approx(1.214 - 0.1255 + 0.1095 / 16, rel=1e-9)


def test_buttons_stand_in_the_boundary_layer():
    """A button as high as the layer meets 7/9 of the pressure; one far higher nearly all; both forms of the mean agree at its edge."""
    x, re = 0.8, 1e7
    delta = 0.37 * x / (re * x) ** 0.2

    def cd(high: float) -> float:
        button = RailButtons(height=high, diameter=0.01, spacing=0.2, position="absolute", offset=x)
        plain = body()
        rocket = replace(plain, parts=(plain.parts[0], replace(plain.parts[1], parts=(button,))))
        b = builder(0.0, rocket)
        from downrange.aero.drag import part_drag

        part_drag(button, next(q for q in rocket.placed if q.part == button), b)
        return float(b.parts[-1].off[0, 0] * b.area / (button.count * 0.7 * high * 0.01))

    assert cd(delta * (1 - 1e-9)) == pytest.approx(7 / 9, rel=1e-6) and cd(delta * (1 + 1e-9)) == pytest.approx(
        7 / 9, rel=1e-6
    )
    assert cd(0.1 * delta) == pytest.approx(7 / 9 * 0.1 ** (2 / 7), rel=1e-6)
    assert cd(20 * delta) == pytest.approx(1 - 2 / 9 / 20, rel=1e-6)


def test_more_than_four_fins_hinder_each_other():
    """MIL-HDBK-762, p. 5-24; what it does not count is held at a quarter less."""
    mach = {}
    for count in (4, 5, 6, 8, 9):
        rocket = finned()
        tube = rocket.parts[1]
        fins = replace(tube.parts[0], count=count)
        rocket = replace(rocket, parts=(rocket.parts[0], replace(tube, parts=(fins,))))
        lift = next(p for p in build_aero(rocket).lifts if p.kind == "fins")
        mach[count] = float(lift.slope[0]) / count
    for count, share in {**COUNT_EFFICIENCY, 9: 0.75}.items():
        if count in mach:
            assert mach[count] / mach[4] == pytest.approx(share, rel=1e-9)


# ---- across the flow, and beyond 90 degrees -----------------------------------------------------------------------------


def test_cross_flow_of_bodies_and_fins():
    """η · 1.2 at rest, Newton's 4/3 without η far above; a plate's 1.17 with the stagnation pressure."""
    assert body_crossflow(np.array([0.0]), 10.0)[0] == pytest.approx(0.68 * 1.2)
    assert body_crossflow(np.array([0.0]), 40.0)[0] == pytest.approx(0.82 * 1.2)
    assert body_crossflow(np.array([3.0, 8.0]), 10.0) == pytest.approx([4 / 3] * 2, rel=0.01)
    told = {0.2: 1.22, 0.3: 1.25, 0.4: 1.3, 0.5: 1.4}  # NACA TN 2960, with the whole of η below Mach 0.5
    assert body_crossflow(np.array(list(told)), 10.0) == pytest.approx([0.68 * v for v in told.values()])
    beyond = {1.0: 2.1, 1.6: 1.5, 2.0: 1.45, 2.8: 1.33}  # and without any from Mach 1
    assert body_crossflow(np.array(list(beyond)), 10.0) == pytest.approx(list(beyond.values()))
    half = body_crossflow(np.array([0.75]), 10.0)[0] / body_crossflow(np.array([0.75]), 1e9)[0]
    assert half == pytest.approx(0.84 / 0.91)  # half-way between Mach 0.5 and 1 half of what η lacks
    eta = {2.0: 0.57, 5.0: 0.62, 15.0: 0.71, 20.0: 0.74, 25.0: 0.765, 30.0: 0.79}
    assert [body_crossflow(np.array([0.0]), f)[0] / 1.2 for f in eta] == pytest.approx(list(eta.values()))
    assert fin_crossflow(np.array([0.0, 1.0])) == pytest.approx([1.17, 1.17 * 1.2756], rel=2e-3)


def test_large_angles():
    """Jorgensen: cos²α on the axis, its sign with it; |cos α| cos(α/2) of the linear part, none across; the body's share turned about behind."""
    angle = build_aero(alpha_iii()).angle
    at = {c: angle[:, k] for k, c in enumerate(np.linspace(-1, 1, angle.shape[1]).round(6))}
    assert at[1.0] == pytest.approx([1, 1, 1, 0]) and at[0.0] == pytest.approx([0, 0, 1, 0])
    assert at[0.5] == pytest.approx([0.25, 0.5 * np.cos(np.pi / 6), 1, 0])
    assert at[-1.0] == pytest.approx([-1, 1, 1, -2]) and at[-0.5] == pytest.approx(
        [-0.25, 0.433013, 1, -0.866025], rel=1e-5
    )


# ---- supersonic turning, and what methods are worth ---------------------------------------------------------------------


def test_expansion_by_prandtl_and_meyer():
    """ν(2) = 26.38°, ν(3) = 49.76° (NACA Report 1135): turned by their difference Mach 2 becomes Mach 3; by nothing it stays."""
    assert float(turned_mach(np.array([2.0]), np.radians(49.7573 - 26.3798))[0]) == pytest.approx(3.0, abs=2e-3)
    assert float(turned_mach(np.array([2.0]), 0.0)[0]) == pytest.approx(2.0, abs=1e-3)
    assert float(turning_response(np.array([2.0]))[0]) == pytest.approx(0.1278 * 4 / np.sqrt(3), rel=1e-3)


def test_methods_are_twice_as_uncertain_at_mach_1():
    assert transonic(np.array([0.0, 0.85, 0.925, 1.0, 1.125, 1.25, 5.0])) == pytest.approx([1, 1, 1.5, 2, 1.5, 1, 1])
    assert cp_sigma(body(), np.array([0.3, 1.0])) == pytest.approx([0.015 * 1.3, 0.03 * 1.3])
