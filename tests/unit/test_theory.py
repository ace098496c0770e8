"""Exact cones, shock expansion, fins in linear theory and interference: closed forms and published numbers."""

import numpy as np
import pytest

from downrange.aero.cones import cone_flow, largest_attached_angle, solve
from downrange.aero.expansion import march, stagnation_pressure
from downrange.aero.interference import body_share, deflected_share, fin_share
from downrange.aero.lifting import body_lift_kept, lifting_surface
from downrange.rocket import TrapezoidalFins, planform, profile


@pytest.mark.parametrize(
    ("mach", "angle", "shock", "pressure_ratio"),
    # NACA Report 1135, charts 5 and 6, and Kopal's tables (MIT, 1947): shock angle in degrees, p_c / p∞.
    [(2.0, 10.0, 31.2, 1.292), (1.5, 10.0, 42.7, 1.195), (5.0, 20.0, 25.0, 5.56)],
)
def test_cones_have_the_published_shocks_and_pressures(mach, angle, shock, pressure_ratio):
    cone = solve(mach, np.radians(angle))
    assert np.degrees(cone.shock_angle) == pytest.approx(shock, abs=0.15)
    assert 1 + 0.7 * mach**2 * cone.pressure == pytest.approx(pressure_ratio, rel=0.015)


def test_cones_lift_as_slender_and_as_newtonian_bodies():
    """CNα tends to 2 for a needle (Munk) and to 2 cos² far above Mach 1 (Newton)."""
    assert solve(1.5, np.radians(1.0)).normal_slope == pytest.approx(2.0, abs=0.02)
    for angle in (15.0, 25.0):
        assert solve(30.0, np.radians(angle)).normal_slope == pytest.approx(
            2 * np.cos(np.radians(angle)) ** 2, rel=0.02
        )


def test_slender_cones_have_von_karmans_pressure():
    d = np.radians(2.0)
    beta = np.sqrt(3.0)
    assert solve(2.0, d).pressure == pytest.approx(d**2 * (2 * np.log(2 / (beta * d)) - 1), rel=0.02)


def test_table_of_cones_is_the_solution():
    for mach, angle in ((1.3, 7.0), (1.83, 12.0), (2.7, 22.0), (3.9, 3.3), (6.1, 31.0)):
        cone = solve(mach, np.radians(angle))
        pressure, surface, slope = cone_flow(mach, np.radians(angle))
        assert (pressure, surface, slope) == pytest.approx((cone.pressure, cone.mach, cone.normal_slope), rel=3e-3)
    assert np.degrees(largest_attached_angle(2.0)) == pytest.approx(40.7, abs=0.3)  # NACA Report 1135, chart 5
    assert solve(1.2, np.radians(30)) is None


def test_stagnation_pressure():
    # NACA Report 1135: isentropic p0/p = 1.8929 at Mach 1, Rayleigh's 5.6404 at Mach 2.
    assert stagnation_pressure(np.array([1.0, 2.0])) == pytest.approx([0.8929 / 0.7, 4.6404 / 2.8], rel=2e-3)


def body(shape: str, parameter: float | None, fineness: float, tube: float = 10.0) -> tuple[np.ndarray, np.ndarray]:
    s = np.linspace(0, 1, 61) ** 1.5
    r = profile(shape, s, length=fineness, radius=0.5, parameter=parameter)
    x = np.concatenate([fineness * s, fineness + tube * np.linspace(0, 1, 41)[1:] ** 1.4])
    return x, np.concatenate([r, np.full(40, 0.5)])


def drag_and_lift(x: np.ndarray, r: np.ndarray, mach: list[float]) -> tuple[np.ndarray, np.ndarray]:
    flow = march(x, r, np.array(mach))
    lift = np.pi * 0.5 * (r[1:] + r[:-1]) * np.diff(x) * flow.lift
    return (flow.pressure * np.diff(r**2)).sum(axis=1) / 0.25, lift.sum(axis=1) / (np.pi * 0.25)


def test_march_along_a_cone_is_the_cone():
    x, r = body("conical", None, 3.0, 0.1)
    angle = np.arctan(0.5 / 3)
    drag, lift = drag_and_lift(x[:61], r[:61], [1.5, 2.0, 4.0])
    exact = [solve(m, angle) for m in (1.5, 2.0, 4.0)]
    assert drag == pytest.approx([c.pressure for c in exact], rel=5e-3)
    assert lift == pytest.approx([c.normal_slope for c in exact], rel=5e-3)


def test_the_number_of_frusta_does_not_matter():
    coarse, fine = (np.linspace(0, 1, n) ** 1.5 for n in (37, 145))
    out = [
        drag_and_lift(3 * s, profile("ogive", s, length=3.0, radius=0.5, parameter=1.0), [1.5, 2.5, 4.0])
        for s in (coarse, fine)
    ]
    assert out[0][0] == pytest.approx(out[1][0], rel=0.02) and out[0][1] == pytest.approx(out[1][1], rel=0.02)


def test_cylinders_carry_lift_over_and_hold_finite():
    """Nose and cylinder lift more than the nose alone above Mach 1: 2.4 to 3.3 for a tangent ogive of 3 (TN 3527, fig. 8)."""
    mach = [1.3, 2.0, 3.0, 4.24]
    _, alone = drag_and_lift(*(v[:61] for v in body("ogive", 1.0, 3.0)), mach)
    _, with_tube = drag_and_lift(*body("ogive", 1.0, 3.0), mach)
    assert np.all(with_tube > alone) and np.all((with_tube > 2.2) & (with_tube < 3.5))


def fin(root: float, tip: float, span: float, sweep: float):
    return planform(TrapezoidalFins(count=4, root_chord=root, tip_chord=tip, span=span, sweep=sweep, thickness=0.01))


def test_rectangular_fins_above_mach_1():
    """CNα = 4/β (1 - 1/2βA), centre of pressure after Lapin: exact where the tips' Mach cones do not cross."""
    mach = np.array([1.2, 1.5, 2.0, 3.0, 5.0])
    beta = np.sqrt(mach**2 - 1)
    for aspect in (2.0, 4.0):
        b = beta * aspect
        ok = b > 1.05
        s = lifting_surface(fin(1, 1, aspect / 2, 0), 0.2, mach)
        assert s.slope[ok] == pytest.approx((4 / beta * (1 - 1 / (2 * b)))[ok], rel=6e-3)
        assert s.x[ok] == pytest.approx((0.5 * (1 - 2 / (3 * b)) / (1 - 1 / (2 * b)))[ok], abs=5e-3)


def test_delta_fins_with_subsonic_and_supersonic_edges():
    """Jones and Puckett: 2π cot Λ / E(√(1 - m²)) inside the Mach cone, 4/β outside; the force at two thirds."""
    from scipy.special import ellipe

    mach = np.array([1.15, 1.5, 2.0, 2.8, 4.0])
    for span in (0.25, 0.5, 1.0):
        beta = np.sqrt(mach**2 - 1)
        m = beta * span
        exact = np.where(m < 1, 2 * np.pi * span / ellipe(np.maximum(1 - m**2, 0)), 4 / beta)
        s = lifting_surface(fin(1, 0, span, 1), 0.2, mach)
        assert s.slope == pytest.approx(exact, rel=0.045)
        assert s.x == pytest.approx(np.full(5, 2 / 3), abs=0.012)


def test_fins_below_mach_1():
    """The lattice against Diederich (TN 2335), slender wings (R. T. Jones: π A/2) and the two-dimensional limit."""
    s = lifting_surface(fin(1, 1, 1, 0), 0.2, np.array([0.0, 0.8]))
    for slope, beta in zip(s.slope, (1.0, 0.6), strict=True):
        assert slope == pytest.approx(2 * np.pi * 2 / (2 + np.sqrt(4 + (2 * beta) ** 2)), rel=0.05)
    slender = lifting_surface(fin(1, 0, 0.05, 1), 0.01, np.array([0.0]))
    assert slender.slope[0] == pytest.approx(np.pi / 2 * 0.2, rel=0.05) and slender.x[0] == pytest.approx(
        2 / 3, abs=0.03
    )
    long = lifting_surface(fin(1, 1, 40, 0), 0.2, np.array([0.0]))
    assert 0.9 * 2 * np.pi < long.slope[0] < 2 * np.pi and long.x[0] == pytest.approx(0.25, abs=0.01)


def test_fins_in_roll():
    """Slender wings damp with -π A/32 on the whole span (R. T. Jones), fins above Mach 1 by strips."""
    plan = fin(1, 0, 0.1, 1)
    roll = lifting_surface(plan, 1e-6, np.array([0.0])).roll[0]
    assert 4 * roll / (2 * plan.area * 0.2**2) == pytest.approx(np.pi * plan.aspect_ratio / 32, rel=0.05)
    # R. T. Jones' wing damps alike on both sides of Mach 1.
    assert lifting_surface(plan, 1e-6, np.array([1.2])).roll[0] == pytest.approx(roll, rel=0.2)
    wide = fin(1, 1, 3, 0)
    strips = 4 / np.sqrt(15) * (wide.chord * (0.5 + wide.y) ** 2).sum() * wide.dy
    assert lifting_surface(wide, 0.5, np.array([4.0])).roll[0] == pytest.approx(strips, rel=0.08)


def test_interference_factors():
    # NACA Report 1307, chart 1: K_W(B) 1.16, 1.45, 1.77 at τ = 0.2, 0.5, 0.8; both together (1 + τ)²; k_W(B) stays near 0.94.
    assert [fin_share(t) for t in (0.2, 0.5, 0.8)] == pytest.approx([1.16, 1.45, 1.77], abs=0.01)
    assert fin_share(0.3) + body_share(0.3) == pytest.approx(1.69)
    assert fin_share(0.0) == 1 and deflected_share(0.4) == pytest.approx(0.936, abs=0.005)


def test_lift_on_the_body_that_is_there():
    """On a long body the lattice has the lifting line's quarter chord for fins without sweep; a short tail keeps less of it, all near Mach 1."""
    plan = fin(1, 1, 1, 0)
    (share,), (place,) = body_lift_kept(plan, 0.5, (0.0,), 20.0)
    assert share == 1 and place == pytest.approx(0.25, abs=0.03)
    kept = [body_lift_kept(plan, 0.5, (0.0,), tail)[0][0] for tail in (0.0, 0.5, 2.0)]
    assert 0.7 < kept[0] < kept[1] < kept[2] <= 1
    (rest, near), (at_rest, _) = body_lift_kept(plan, 0.5, (0.0, 0.95), 0.0)
    assert near > 0.95 and rest == kept[0] and at_rest < place - 0.2
