"""Fins that do not steer alike in all planes, and forces that cancel: where the centre of pressure is, and where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from downrange.aero import barrowman_cp, build_aero
from downrange.aero.planes import least_plane
from downrange.rocket import BodyTube, NoseCone, Rocket, Transition, TrapezoidalFins


def rocket(count: int = 4, missing: tuple[int, ...] = (), angle: float = 0.3, tail: float | None = None) -> Rocket:
    fins = TrapezoidalFins(
        count=count, missing=missing, angle=angle, root_chord=0.1, tip_chord=0.05, span=0.06, sweep=0.05, thickness=0.003,
        position="bottom",
    )  # fmt: skip
    parts = [
        NoseCone(shape="ogive", length=0.15, diameter=0.05),
        BodyTube(length=0.6, wall=0.001, parts=(fins,) if count else ()),
    ]
    if tail is not None:
        parts.append(Transition(length=0.08, aft_diameter=tail))
    return Rocket("r", tuple(parts))


def bare(tail: float | None = None) -> Rocket:
    return Rocket("b", tuple(
        part if not isinstance(part, BodyTube) else BodyTube(length=0.6, wall=0.001) for part in rocket(tail=tail).parts
    ))  # fmt: skip


def brute(a0: np.ndarray, a1: np.ndarray) -> tuple[float, float]:
    """Least centre of pressure over 20,000 planes, and the CNα there, from the matrices."""
    phi = np.linspace(0, np.pi, 20_001)
    n = np.stack([np.cos(phi), np.sin(phi)])
    slope, first = (np.einsum("ik,ij,jk->k", n, m, n) for m in (a0, a1))
    k = int(np.argmin(first / slope))
    return float((first / slope)[k]), float(slope[k])


def test_least_plane_is_the_least_of_all_planes():
    rng = np.random.default_rng(4)
    for _ in range(50):
        sets = rng.uniform([0.5, 0.1, 0], [6, 1.5, np.pi], (3, 3))
        a0, a1 = np.eye(2) * 2.0, np.eye(2) * 2.0 * 0.07
        for slope, x, phi in sets:
            n = np.array([np.cos(phi), np.sin(phi)])
            a0 = a0 + slope * np.outer(n, n)
            a1 = a1 + slope * x * np.outer(n, n)
        half = [(0.5 * (m[0, 0] + m[1, 1]), 0.5 * (m[0, 0] - m[1, 1]), m[0, 1]) for m in (a0, a1)]
        slope, cp, _ = least_plane(half[0][0], half[1][0], half[0][1], half[1][1], half[0][2], half[1][2])
        want_cp, want_slope = brute(a0, a1)
        assert float(cp) == pytest.approx(want_cp, abs=1e-6) and float(slope) == pytest.approx(want_slope, rel=1e-3)


def test_two_fins_leave_the_body_alone_in_their_own_plane():
    """Across the plane of two fins nothing but the body steers: the centre of pressure is the body's, at its nose."""
    body = build_aero(bare()).centre_of_pressure(0.3)
    assert body == pytest.approx(0.07, abs=0.003)  # 0.466 of a tangent ogive's length (Barrowman 1967)
    for count in (1, 2):
        assert build_aero(rocket(count)).centre_of_pressure(0.3) == pytest.approx(body, abs=1e-6)
        assert barrowman_cp(rocket(count)) == pytest.approx(barrowman_cp(bare()), abs=1e-6)
    assert build_aero(rocket(3)).centre_of_pressure(0.3) > 0.5


def test_a_missing_fin_counts_in_the_plane_that_it_leaves_weak():
    """Three of four fins steer one plane with two and the other with one: no better than the body with that one."""
    whole, lost = build_aero(rocket(4)), build_aero(rocket(4, missing=(2,)))
    fins = next(p for p in whole.lifts if p.kind == "fins")
    slope, x = 0.25 * 2 * fins.slope[0], fins.cp[0]  # one of four, whose mean in a plane is that of two
    body = build_aero(bare())
    want = (body.a1[0] + slope * x) / (body.a0[0] + slope)
    assert lost.centre_of_pressure(0.0) == pytest.approx(want, rel=1e-6)
    assert any("do not steer alike" in note for note in lost.notes) and not any("alike" in n for n in whole.notes)


def test_the_plane_does_not_depend_on_how_the_rocket_is_turned():
    values = [build_aero(rocket(2, angle=a)).centre_of_pressure(0.5, 0.05) for a in (0.0, 0.4, 1.1, 2.9)]
    assert np.ptp(values) < 1e-9


def test_arrays_and_single_values_agree():
    aero = build_aero(rocket(4, missing=(1,)))
    mach, alpha = np.array([0.1, 0.5, 0.9]), np.array([0.0, 0.1, 0.4])
    each = [aero.centre_of_pressure(m, a) for m, a in zip(mach, alpha, strict=True)]
    assert aero.centres_of_pressure(mach, alpha) == pytest.approx(each, rel=1e-12)


@pytest.mark.parametrize("tail", [0.0, 0.0005, 0.005])
def test_a_tail_that_cancels_the_nose_leaves_no_centre_of_pressure(tail):
    """Slender body: 2 at the nose, -2 (1 - (d/D)²) at the tail; a sum of a hundredth of either is no place to speak of."""
    aero = build_aero(bare(tail))
    assert abs(aero.normal_slope(0.0)) < 0.03
    assert np.isnan(aero.centre_of_pressure(0.3)) and np.isnan(barrowman_cp(bare(0.0)))


def test_half_a_tail_still_has_one():
    """2 at 0.070 m and -1 at the boat-tail: ahead of the nose, and said."""
    aero = build_aero(bare(0.05 / np.sqrt(2)))
    assert aero.normal_slope(0.0) == pytest.approx(1.0, abs=1e-6) and -1.0 < aero.centre_of_pressure(0.0) < -0.3


@pytest.mark.parametrize("length", [0.001, 0.01, 0.024, 0.025, 0.026, 0.15])
@pytest.mark.parametrize(
    ("shape", "parameter"),
    [("ogive", 1.0), ("ogive", 0.4), ("conical", None), ("ellipsoid", None), ("power", 0.5), ("power", 0.1), ("power", 0.0),
     ("haack", 0.33), ("von karman", None), ("parabolic", 1.0), ("parabolic", 0.5)],
)  # fmt: skip
def test_every_nose_lifts_two_on_its_base(shape, parameter, length):
    """Munk (NACA Report 184): 2 dS/S over the whole nose, however short or blunt."""
    nose = NoseCone(shape=shape, shape_parameter=parameter, length=length, diameter=0.05)
    aero = build_aero(Rocket("n", (nose, BodyTube(length=0.5, wall=0.001))), mach_max=3.0)
    assert aero.normal_slope(0.0) == pytest.approx(2.0, abs=1e-6)
    assert aero.a0.min() > 0.3 and aero.a0.max() < 4.0 and aero.centre_of_pressure(0.0) < length


def test_a_tube_without_nose_lifts_two_at_its_face():
    r = Rocket("flat", (BodyTube(length=0.5, diameter=0.05, wall=0.001),))
    assert build_aero(r).normal_slope(0.0) == pytest.approx(2.0) and build_aero(r).centre_of_pressure(
        0.0
    ) == pytest.approx(0.0)
    assert barrowman_cp(r) == pytest.approx(0.0)


def test_a_short_ogive_is_a_pressed_hemisphere():
    from downrange.rocket import profile

    s = np.linspace(0, 1, 9)
    half = profile("ogive", s, length=0.01, radius=0.025)
    assert half == pytest.approx(0.025 * np.sqrt(1 - (1 - s) ** 2), abs=1e-12)
    assert profile("ogive", s, length=0.025, radius=0.025) == pytest.approx(half, abs=1e-12)
