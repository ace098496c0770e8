"""Rotations and every sign convention, in code.

* ENU: the Cartesian frame tangent to the ellipsoid at the pad, x east, y north, z up; it turns with the Earth.
* Body: x out of the nose, y and z complete a right-handed frame. At rest on the rail, body y is horizontal to the
  left of the launch azimuth and body z is up-and-back, so that a vertical rail pointed north has y west, z south.
* Quaternion: scalar first, unit length, rotates body vectors to ENU.
* Azimuth is clockwise from true north; elevation is up from the horizon (90 degrees is vertical).
"""

from __future__ import annotations

import numpy as np

__all__ = [
    "axis_from_quaternion",
    "matrix_from_quaternion",
    "multiply_quaternions",
    "quaternion_from_matrix",
    "quaternion_on_rail",
    "rail_direction_enu",
    "rotation_angle",
]


def rail_direction_enu(azimuth: float, elevation: float) -> np.ndarray:
    """Unit vector up the rail in ENU, shape (3,); angles in radians.

    azimuth: clockwise from north. elevation: above the horizon.
    """
    return np.array([np.cos(elevation) * np.sin(azimuth), np.cos(elevation) * np.cos(azimuth), np.sin(elevation)])


def matrix_from_quaternion(q: np.ndarray) -> np.ndarray:
    """Rotation matrix body -> ENU, shape (..., 3, 3), of quaternions (..., 4).

    q: (..., 4), scalar first, unit.
    """
    w, x, y, z = np.moveaxis(np.asarray(q, float), -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(r, axis=-1) for r in rows], axis=-2)


def axis_from_quaternion(q: np.ndarray) -> np.ndarray:
    """Where the nose points in ENU, unit vectors (..., 3), of quaternions (..., 4): the first column of `matrix_from_quaternion`.

    q: (..., 4), scalar first, unit.
    """
    w, x, y, z = np.moveaxis(np.asarray(q, float), -1, 0)
    return np.stack([1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)], axis=-1)


def multiply_quaternions(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The product a b of quaternions (..., 4): first the rotation b, in the frame that a turns."""
    aw, ax, ay, az = np.moveaxis(np.asarray(a, float), -1, 0)
    bw, bx, by, bz = np.moveaxis(np.asarray(b, float), -1, 0)
    return np.stack(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ],
        axis=-1,
    )


def quaternion_from_matrix(m: np.ndarray) -> np.ndarray:
    """Unit quaternion (4,) of a rotation matrix (3, 3), by Shepperd's method (largest component first).

    m: (3, 3), a rotation.
    """
    t = np.array([np.trace(m), m[0, 0], m[1, 1], m[2, 2]])
    k = int(np.argmax(t))
    if k == 0:
        q = np.array([1 + t[0], m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]])
    else:
        i, j, l = [(0, 1, 2), (1, 2, 0), (2, 0, 1)][k - 1]
        q = np.zeros(4)
        q[0] = m[l, j] - m[j, l]
        q[1 + i] = 1 + m[i, i] - m[j, j] - m[l, l]
        q[1 + j] = m[i, j] + m[j, i]
        q[1 + l] = m[i, l] + m[l, i]
    q = q / np.linalg.norm(q)
    return q if q[0] >= 0 else -q


def quaternion_on_rail(azimuth: float, elevation: float) -> np.ndarray:
    """Attitude on the rail, shape (4,): body x up the rail, body y horizontal to the left of the azimuth.

    azimuth: rad clockwise from north. elevation: rad above the horizon.
    """
    x = rail_direction_enu(azimuth, elevation)
    y = np.array([-np.cos(azimuth), np.sin(azimuth), 0.0])
    return quaternion_from_matrix(np.stack([x, y, np.cross(x, y)], axis=1))


def rotation_angle(a: np.ndarray, b: np.ndarray) -> float:
    """Angle in radians of the rotation that leads from matrix `a` to matrix `b` (3, 3)."""
    c = 0.5 * (np.trace(np.asarray(a).T @ np.asarray(b)) - 1)
    return float(np.arccos(np.clip(c, -1.0, 1.0)))
