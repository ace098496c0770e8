"""The march along a body, frustum by frustum: what it does round one corner and far behind it, by hand."""

import numpy as np
import pytest

from downrange.aero.cones import cone_flow
from downrange.aero.expansion import march

G = 1.4


def prandtl_meyer(m: float) -> float:
    c = np.sqrt((G + 1) / (G - 1))
    b = np.sqrt(m * m - 1)
    return float(c * np.arctan(b / c) - np.arctan(b))


def turned(m: float, angle: float) -> float:
    """Mach number after a turn away by `angle`, rad, by bisection."""
    low, high = 1.0001, 30.0
    for _ in range(80):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if prandtl_meyer(middle) < prandtl_meyer(m) + angle else (low, middle)
    return low


def pressed(m: float) -> float:
    return (1 + 0.2 * m * m) ** -3.5


def outline(*pieces: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """From a pointed tip: lengths along the axis and slopes in degrees."""
    x = np.concatenate([[0.0], np.cumsum([length for length, _ in pieces])])
    r = np.concatenate([[0.0], np.cumsum([length * np.tan(np.radians(slope)) for length, slope in pieces])])
    return x, r


@pytest.mark.parametrize("mach", [1.8, 3.0, 5.0])
@pytest.mark.parametrize("after", [4.0, 0.0, -6.0, 14.0])
def test_round_a_corner_pressure_and_loading_jump_with_the_turn(mach, after):
    flow = march(*outline((1.0, 10.0), (1e-5, after)), np.array([mach]))
    cp, local, slope = (float(v) for v in cone_flow(mach, np.radians(10)))
    behind = turned(local, np.radians(10 - after))
    q = 0.7 * mach**2
    ahead = 1 + q * cp
    pressure = ahead * pressed(behind) / pressed(local)
    assert 1 + q * flow.pressure[0] == pytest.approx([ahead, pressure], rel=2e-3)
    answer = [p * m * m / np.sqrt(m * m - 1) for p, m in ((ahead, local), (pressure, behind))]
    loading = 2 * np.tan(np.radians(10)) * slope
    assert flow.lift[0] == pytest.approx([loading, loading * answer[1] / answer[0]], rel=3e-3)


@pytest.mark.parametrize("mach", [1.8, 3.0, 5.0])
def test_far_behind_there_are_cones_and_a_stream_at_rest(mach):
    tube = march(*outline((1.0, 10.0), *[(0.5, 0.0)] * 120), np.array([mach]))
    assert abs(tube.pressure[0, -1]) < 1e-4 and abs(tube.lift[0, -1]) < 1e-6
    assert np.all(np.diff(np.abs(tube.lift[0, 2:])) <= 0)
    cone = march(*outline((1.0, 15.0), *[(1.0, 8.0)] * 40), np.array([mach]))
    cp, _, slope = (float(v) for v in cone_flow(mach, np.radians(8)))
    assert cone.pressure[0, -1] == pytest.approx(cp, rel=2e-3)
    assert cone.lift[0, -1] == pytest.approx(2 * np.tan(np.radians(8)) * slope, rel=2e-3)


def test_loading_on_a_tube_falls_by_six_tenths_a_mach_line_length():
    """Λ falls by e^(-0.6 x/(β r)) with β of the flow at the surface; its mean over a short frustum is that of its middle."""
    mach, step = 3.0, 0.01
    x, r = outline((1.0, 10.0), *[(step, 0.0)] * 60)
    flow = march(x, r, np.array([mach]))
    p = 1 + 0.7 * mach**2 * flow.pressure[0, 1:]
    total = float((1 + 0.7 * mach**2 * flow.pressure[0, 0]) / pressed(float(cone_flow(mach, np.radians(10))[1])))
    local = np.sqrt(5 * ((p / total) ** (-1 / 3.5) - 1))
    falls = 0.6 * step / (np.sqrt(local**2 - 1) * r[-1])
    assert np.log(flow.lift[0, 1:-1] / flow.lift[0, 2:]) == pytest.approx(0.5 * (falls[1:] + falls[:-1]), rel=5e-3)


def test_pressure_begins_to_change_with_the_gradient_that_the_corner_gives():
    """Syvertson and Dennis, NACA TN 3527: ∂p/∂s behind the corner of two cones, B₂/r (Ω₁/Ω₂ sin δ₁ - sin δ₂), Ω the area of a stream tube."""
    mach, step, steep, flat = 3.0, 1e-3, np.radians(20), np.radians(8)
    x, r = outline((1.0, 20.0), *[(step, 8.0)] * 3)
    flow = march(x, r, np.array([mach]))
    cp, local, _ = (float(v) for v in cone_flow(mach, steep))
    behind = turned(local, steep - flat)
    p2 = (1 + 0.7 * mach**2 * cp) * pressed(behind) / pressed(local)
    tubes = [((1 + 0.2 * m * m) / 1.2) ** 3 / m for m in (local, behind)]
    turn = tubes[0] / tubes[1] * np.sin(steep) - np.sin(flat)
    gradient = G * p2 * behind**2 / (2 * (behind**2 - 1)) / r[1] * turn
    p = 1 + 0.7 * mach**2 * flow.pressure[0]
    assert (p[2] - p[1]) / (step / np.cos(flat)) == pytest.approx(gradient, rel=0.01)
