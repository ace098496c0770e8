"""A rigid body turns: rotation from the quaternion, Euler's equation, products of vectors."""

from .jit import physics


@physics
def rotation(y):
    """Rotation matrix body to ENU from the state's quaternion, row by row."""
    w, i, j, k = y[6], y[7], y[8], y[9]
    n = 2.0 / (w * w + i * i + j * j + k * k)
    return (
        1.0 - n * (j * j + k * k), n * (i * j - w * k), n * (i * k + w * j),
        n * (i * j + w * k), 1.0 - n * (i * i + k * k), n * (j * k - w * i),
        n * (i * k - w * j), n * (j * k + w * i), 1.0 - n * (i * i + j * j),
    )  # fmt: skip


@physics
def spin(ixx, iyy, izz, ixy, ixz, iyz, p, q, r, mx, my, mz):
    """Angular acceleration from Euler's equation I ω' = M - ω × I ω, full symmetric tensor (off-diagonals as in it)."""
    hx = ixx * p + ixy * q + ixz * r
    hy = ixy * p + iyy * q + iyz * r
    hz = ixz * p + iyz * q + izz * r
    a = mx - (q * hz - r * hy)
    b = my - (r * hx - p * hz)
    c = mz - (p * hy - q * hx)
    return solve_inertia(ixx, iyy, izz, ixy, ixz, iyz, a, b, c)


@physics
def solve_inertia(ixx, iyy, izz, ixy, ixz, iyz, a, b, c):
    """I⁻¹ (a, b, c) by cofactors."""
    c00 = iyy * izz - iyz * iyz
    c01 = ixz * iyz - ixy * izz
    c02 = ixy * iyz - ixz * iyy
    c11 = ixx * izz - ixz * ixz
    c12 = ixy * ixz - ixx * iyz
    c22 = ixx * iyy - ixy * ixy
    d = 1.0 / (ixx * c00 + ixy * c01 + ixz * c02)
    return d * (c00 * a + c01 * b + c02 * c), d * (c01 * a + c11 * b + c12 * c), d * (c02 * a + c12 * b + c22 * c)


@physics
def cross3(a, b):
    """a × b."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


@physics
def dot3(a, b):
    """a · b."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
