"""What holds for any numbers: rotations, mass, sampling. Hypothesis looks for those for which it does not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from downrange.frames import (
    matrix_from_quaternion,
    multiply_quaternions,
    quaternion_from_matrix,
    quaternion_on_rail,
    rail_direction_enu,
)
from downrange.rocket.mass import MassProperties, combine
from downrange.uncertainty import LogNormal, Normal, Triangular, Uniform

NUMBER = st.floats(-1.0, 1.0, allow_subnormal=False)
QUATERNION = (
    st.tuples(NUMBER, NUMBER, NUMBER, NUMBER)
    .filter(lambda q: sum(x * x for x in q) > 1e-2)
    .map(lambda q: np.array(q) / np.linalg.norm(q))
)
ANGLE = st.floats(-6.3, 6.3)
POINT = st.tuples(NUMBER, NUMBER, NUMBER).map(np.array)


@st.composite
def body(draw) -> MassProperties:
    """A body that can be: its inertia is that of a few masses about their centre."""
    masses = draw(st.lists(st.floats(0.01, 5.0), min_size=2, max_size=4))
    points = np.array([draw(POINT) for _ in masses])
    cg = np.average(points, axis=0, weights=masses)
    d = (points - cg) * [-1.0, 1.0, 1.0]
    inertia = sum(m * (v @ v * np.eye(3) - np.outer(v, v)) for m, v in zip(masses, d, strict=True))
    return MassProperties(sum(masses), cg, inertia)


@settings(max_examples=60, deadline=None)
@given(QUATERNION, QUATERNION)
def test_rotations_keep_lengths_and_follow_one_another(a, b):
    r, s = matrix_from_quaternion(a), matrix_from_quaternion(b)
    assert r @ r.T == pytest.approx(np.eye(3), abs=1e-12) and np.linalg.det(r) == pytest.approx(1)
    assert matrix_from_quaternion(multiply_quaternions(a, b)) == pytest.approx(r @ s, abs=1e-12)
    assert matrix_from_quaternion(quaternion_from_matrix(r)) == pytest.approx(r, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(ANGLE, st.floats(-1.5, 1.5))
def test_on_the_rail_the_nose_points_up_it_and_y_is_level_to_its_left(azimuth, elevation):
    r = matrix_from_quaternion(quaternion_on_rail(azimuth, elevation))
    assert r[:, 0] == pytest.approx(rail_direction_enu(azimuth, elevation), abs=1e-12)
    assert r[2, 1] == pytest.approx(0, abs=1e-12)
    right = [np.cos(azimuth), -np.sin(azimuth), 0.0]  # a quarter turn clockwise, seen from above
    assert r[:, 1] == pytest.approx(np.negative(right), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(body(), body(), body(), POINT, ANGLE)
def test_mass_adds_up_in_any_order_and_wherever_it_is(a, b, c, by, angle):
    whole, other = combine([a, b, c]), combine([combine([c, a]), b])
    assert whole.mass == pytest.approx(a.mass + b.mass + c.mass)
    assert other.cg == pytest.approx(whole.cg, abs=1e-9) and other.inertia == pytest.approx(whole.inertia, abs=1e-9)
    for point in (by, whole.cg):  # the sum about any point is the sum of the bodies'
        parts = sum(x.inertia_about(point) for x in (a, b, c))
        assert whole.inertia_about(point) == pytest.approx(parts, abs=1e-9)
    moved = combine([x.shifted(by) for x in (a, b, c)])
    assert moved.cg == pytest.approx(whole.cg + by, abs=1e-9) and moved.inertia == pytest.approx(
        whole.inertia, abs=1e-9
    )
    turned = combine([x.turned(angle) for x in (a, b, c)])
    assert turned.inertia == pytest.approx(
        whole.turned(angle).inertia, abs=1e-9
    ) and turned.roll_inertia == pytest.approx(whole.roll_inertia)
    assert (np.linalg.eigvalsh(whole.inertia) > -1e-9).all()


@st.composite
def distribution(draw):
    low, width = draw(st.floats(-100, 100)), draw(st.floats(0.01, 50))
    kind = draw(st.sampled_from(["normal", "lognormal", "uniform", "triangular"]))
    if kind == "normal":
        return Normal(low, width)
    if kind == "lognormal":
        return LogNormal(abs(low) + 0.1, draw(st.floats(0.01, 0.5)))
    if kind == "uniform":
        return Uniform(low, low + width)
    return Triangular(low, low + width * draw(st.floats(0.05, 0.95)), low + width)


@settings(max_examples=60, deadline=None)
@given(distribution())
def test_samples_rise_with_their_share_and_spread_as_said(d):
    u = (np.arange(40_000) + 0.5) / 40_000
    x = d.quantile(u)
    assert (np.diff(x) >= 0).all() and np.isfinite(x).all()
    assert x.std() == pytest.approx(d.spread, rel=0.01)
    if isinstance(d, Uniform | Triangular):
        assert x[0] >= d.low and x[-1] <= d.high and d.low <= d.centre <= d.high
    if isinstance(d, Triangular):  # the mean of the three corners
        assert x.mean() == pytest.approx((d.low + d.mode + d.high) / 3, abs=1e-3 * (d.high - d.low))
    else:
        assert np.median(x) == pytest.approx(d.centre, abs=1e-3 * d.spread)
