"""Interpolation against scipy's: where ours stands in for it, the numbers are its."""

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator, RegularGridInterpolator
from scipy.spatial.transform import Rotation

from downrange.earth import Terrain
from downrange.frames import matrix_from_quaternion, multiply_quaternions, quaternion_from_matrix, rotation_angle
from downrange.tables import Table2D, grid_value, monotone

RNG = np.random.default_rng(7)


def test_bilinear_is_scipys_and_holds_the_edges():
    x, y = np.array([0.0, 0.7, 2.0, 5.0]), np.array([-1.0, 0.5, 4.0])
    z = RNG.normal(size=(4, 3))
    at = RNG.uniform([-1, -2], [6, 5], (200, 2))
    theirs = RegularGridInterpolator((x, y), z)(np.clip(at, [0, -1], [5, 4]))
    assert Table2D(x, y, z)(at[:, 0], at[:, 1]) == pytest.approx(theirs, abs=1e-12)


def test_a_grid_and_terrain_are_scipys_too():
    z = RNG.normal(size=(5, 5))
    at = RNG.uniform(-1, 5, (200, 2))
    nodes = np.arange(5.0)
    theirs = RegularGridInterpolator((nodes, nodes), z)(np.clip(at, 0, 4))
    assert grid_value(z, at[:, 0], at[:, 1]) == pytest.approx(theirs, abs=1e-12)
    # Rows are north, columns east; the pad is in the middle.
    ground = Terrain(30.0, z)
    assert ground(30.0 * (at[:, 1] - 2), 30.0 * (at[:, 0] - 2)) == pytest.approx(theirs, abs=1e-12)
    assert ground(0.0, 60.0) == z[4, 2] and ground(-60.0, 0.0) == z[2, 0]


def test_a_hole_in_a_grid_is_no_number():
    z = np.arange(9.0).reshape(3, 3)
    z[0, 0] = np.nan
    assert np.isnan(grid_value(z, 0.5, 0.5)) and grid_value(z, 1.5, 1.5) == pytest.approx(6.0)


def test_the_monotone_cubic_is_scipys_between_its_inner_knots():
    """Scipy's slope at an end is another (three points, one-sided); ours is that of the last piece, so that it never overshoots."""
    x = np.array([0.0, 0.3, 1.0, 1.2, 2.5, 4.0, 4.1])
    y = np.array([1.0, 2.0, 1.5, 1.5, 7.0, 7.5, 0.0])
    at = np.linspace(0.3, 4.0, 301)
    assert monotone(x, y, at) == pytest.approx(PchipInterpolator(x, y)(at), abs=1e-12)
    everywhere = monotone(x, y, np.linspace(-1, 5, 2001))
    assert everywhere.min() >= 0 and everywhere.max() <= 7.5 and everywhere[0] == 1 and everywhere[-1] == 0


def test_rotations_are_scipys():
    q = RNG.normal(size=(50, 4))
    q /= np.linalg.norm(q, axis=1, keepdims=True)
    theirs = Rotation.from_quat(q, scalar_first=True)
    assert matrix_from_quaternion(q) == pytest.approx(theirs.as_matrix(), abs=1e-12)
    product = (theirs[:25] * theirs[25:]).as_quat(scalar_first=True)
    ours = multiply_quaternions(q[:25], q[25:])
    assert np.abs(np.einsum("ij,ij->i", product, ours)) == pytest.approx(1, abs=1e-12)
    for k in range(50):
        back = quaternion_from_matrix(theirs[k].as_matrix())
        assert abs(back @ q[k]) == pytest.approx(1, abs=1e-12) and back[0] >= 0
    angle = (theirs[0].inv() * theirs[1]).magnitude()
    assert rotation_angle(theirs[0].as_matrix(), theirs[1].as_matrix()) == pytest.approx(angle, abs=1e-9)
