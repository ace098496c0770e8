"""The physics of flight, once: scalar, branch-free, for one flight, a lane of many, and a CUDA thread.

State of free flight, 13 numbers: position in ENU (m, from the pad), velocity of the centre of gravity in ENU (m/s,
relative to the turning Earth), quaternion body to ENU, angular velocity in body axes relative to inertial space
(rad/s). State under a canopy: the first six. Derivations: docs/theory.
"""

import math

from downrange.constants import GAS_CONSTANT_AIR as R_AIR
from downrange.constants import HEAT_RATIO_AIR as GAMMA
from downrange.constants import SUTHERLAND_BETA as SUTHERLAND_B
from downrange.constants import SUTHERLAND_S

from .jit import int32, physics
from .layout import G
from .rigid import cross3, dot3, rotation, solve_inertia, spin

T0, T1, ON, B0, B1 = G["t0"], G["t1"], G["on"], G["b0"], G["b1"]
THRUST, NOZZLE, REFERENCE, AREA, MASS = G["f0"], G["nozzle"], G["reference"], G["area"], G["m0"]
PLACE, PITCH, ROLL = G["x0"], G["pitch0"], G["roll0"]
THRUST_X, AREA_X, MASS_X, XX, RR, JET_X, JET_XX = (G[k] for k in ("fx0", "area_x", "mx0", "xx0", "rr0", "jx0", "jxx0"))
THRUST_Y, THRUST_Z, SIDE_Y, SIDE_Z, SIDE_YX, SIDE_ZX = G["fy0"], G["fz0"], G["ly0"], G["lz0"], G["lyx0"], G["lzx0"]
TURN, AREA_Y, AREA_Z = G["turn0"], G["area_y"], G["area_z"]
MASS_Y, MASS_Z, YY, ZZ, XY, XZ, YZ = (G[k] for k in ("my0", "mz0", "yy0", "zz0", "xy0", "xz0", "yz0"))


@physics
def cell(x, n):
    """Cell index in [0, n - 1] and fraction in [0, 1] of x in cells; held at both ends.

    The index is clamped as an integer too: a state that is not a number must not read outside the table.
    """
    u = min(max(x, 0.0), n)
    i = max(min(int32(u), int32(n - 1.0)), int32(0))
    return i, u - i


@physics
def of(S, k):
    """A number of a segment."""
    return S.a[S.i + S.w * k]


@physics
def line(S, k, s):
    """A line, in the time since the segment's beginning or in the propellant."""
    return of(S, k) + s * of(S, k + 1)


@physics
def parabola(S, k, s):
    """A parabola, likewise."""
    return of(S, k) + s * (of(S, k + 1) + s * of(S, k + 2))


@physics
def height(T, x, y, z):
    """Height above the pad's ellipsoidal surface, and the local up's tilt (east, north).

    Solves (R + h)² = (R + z)² + ρ² by three fixed-point steps; R by direction from both principal curvatures. Checked
    against exact geodesy: 0.2 m at 100 km down range and 30 km up.
    """
    q = 0.5 * (x * x * T.inv_east + y * y * T.inv_north)
    k = 0.25 * (T.inv_east + T.inv_north)
    h = z + q
    h = z + q - k * (h - z) * (h + z)
    h = z + q - k * (h - z) * (h + z)
    h = z + q - k * (h - z) * (h + z)
    nx = x * T.inv_east * (1.0 - z * T.inv_east)
    ny = y * T.inv_north * (1.0 - z * T.inv_north)
    return h, nx, ny


@physics
def gravity(T, h, y):
    """Gravity with the centrifugal part, m/s2."""
    return (T.g0 + h * (T.g1 + h * (T.g2 + h * T.g3))) * (1.0 + T.gy * y)


@physics
def air(T, F, h):
    """Density, speed of sound, wind east and north at height h above the pad.

    The cells are even in the root of the height: the wind changes most near the ground, and there the rocket is slow.
    """
    root = math.sqrt(abs(h)) * T.air_scale
    i, f = cell(T.air_below + (root if h >= 0.0 else -root), T.air_cells)
    c = 4 * i
    a = T.air
    rho = F.density * (a[c] + f * a[c + 1])
    sound = a[c + 2] + f * a[c + 3]
    c += int32(F.wind_at)
    w = T.wind
    u = w[c] + f * w[c + 1]
    v = w[c + 2] + f * w[c + 3]
    return rho, sound, F.wind_c * u - F.wind_s * v + F.wind_u, F.wind_s * u + F.wind_c * v + F.wind_v


@physics
def axial_coefficient(T, S, rho, sound, speed, cos_alpha, brakes, t):
    """CA at zero incidence from Mach and unit Reynolds number, power on or off, brakes, and its share at incidence."""
    mach = speed / sound
    temperature = sound * sound * (1.0 / (GAMMA * R_AIR))
    mu = SUTHERLAND_B * temperature * sound * (1.0 / math.sqrt(GAMMA * R_AIR)) / (temperature + SUTHERLAND_S)
    re = rho * speed / mu
    i, f = cell(mach * T.mach_step_inv, T.mach_cells)
    n = int32(T.re_cells)
    j, g = cell(re / (re + T.re_half) * T.re_cells, T.re_cells)
    c = 2 * (i * (n + 1) + j)
    d = c + 2 * (n + 1)
    a = T.axial
    off = (1.0 - f) * (a[c] + g * (a[c + 2] - a[c])) + f * (a[d] + g * (a[d + 2] - a[d]))
    on = (1.0 - f) * (a[c + 1] + g * (a[c + 3] - a[c + 1])) + f * (a[d + 1] + g * (a[d + 3] - a[d + 1]))
    ca = off + of(S, ON) * (on - off)
    if brakes:
        level = min(max(line(S, B0, t - of(S, T0)), 0.0), 1.0)
        ib, fb = cell(level * T.brake_cells, T.brake_cells)
        m = int32(T.brake_mach_cells)
        jb, gb = cell(mach * T.brake_mach_step_inv, T.brake_mach_cells)
        e = ib * (m + 1) + jb
        b = T.brake
        low = b[e] + gb * (b[e + 1] - b[e])
        high = b[e + m + 1] + gb * (b[e + m + 2] - b[e + m + 1])
        brake = low + fb * (high - low)
        used = 1.0 if level > 0.0 else 0.0
        ca = ca + used * (brake - T.brake_replaces * ca)
    return ca, mach, i, f


@physics
def angle_factors(T, cos_alpha):
    """Shares of axial force, linear normal force, cross-flow force and body lift turned about, at the angle of attack."""
    i, f = cell((cos_alpha + 1.0) * 0.5 * T.angle_cells, T.angle_cells)
    c = 8 * i
    a = T.angle
    return a[c] + f * a[c + 1], a[c + 2] + f * a[c + 3], a[c + 4] + f * a[c + 5], a[c + 6] + f * a[c + 7]


@physics
def motors(F, S, s, pressure):
    """Thrust of all motors (N), what stands of the sums over their nozzles (1 or 0), and the lack of pressure (Pa)."""
    lack = of(S, REFERENCE) - pressure
    thrust = F.thrust * line(S, THRUST, s) + lack * of(S, AREA)
    return max(thrust, 0.0), 1.0 if thrust > 0.0 else 0.0, lack


@physics
def centre(F, S, odd, s):
    """Mass (kg), its inverse, the propellant's (kg) and its moment (kg m), and the centre of gravity (m aft of the nose tip)."""
    left = parabola(S, MASS, s)
    moment = of(S, PLACE) + left * of(S, PLACE + 1)
    if odd:
        moment = moment + parabola(S, MASS_X, s)
    propellant, moment = F.propellant * left, F.propellant * moment
    mass = F.mass + propellant
    im = 1.0 / mass
    return mass, im, propellant, moment, (F.mass * F.cg + moment + F.aft * propellant) * im


@physics
def loads(T, F, S, odd, brakes, t, y):
    """Forces and moments about the centre of gravity in body axes, mass, inertia and surroundings.

    Returns (force 3, moment 3, mass, inertia 6, centre of gravity, gravity and up's tilt 3, rotation 9).
    """
    h, nx, ny = height(T, y[0], y[1], y[2])
    g = gravity(T, h, y[1])
    rho, sound, wu, wv = air(T, F, h)
    R = rotation(y)
    p, q, r = y[10], y[11], y[12]

    # Air-relative velocity of the centre of gravity in body axes; the wind is level where the rocket is.
    ax, ay, az = y[3] - wu, y[4] - wv, y[5] + wu * nx + wv * ny
    ub = R[0] * ax + R[3] * ay + R[6] * az
    vb = R[1] * ax + R[4] * ay + R[7] * az
    wb = R[2] * ax + R[5] * ay + R[8] * az
    cross2 = vb * vb + wb * wb
    speed = math.sqrt(ub * ub + cross2 + 1e-12)
    cross = math.sqrt(cross2 + 1e-12)
    cos_alpha = ub / speed

    s = t - of(S, T0)
    thrust, live, lack = motors(F, S, s, rho * sound * sound * (1.0 / GAMMA))
    mass, im, propellant, mx_p, cg = centre(F, S, odd, s)
    cg_y, cg_z = F.mass * im * F.cg_y, F.mass * im * F.cg_z
    # Of the propellant: moments about the centre of gravity of what stands F.aft further aft are those about `near`.
    near = cg - F.aft
    dd = cg - F.cg
    left = parabola(S, MASS, s)
    pitch, roll = parabola(S, PITCH, left), parabola(S, ROLL, left)
    if odd:
        pitch, roll = pitch + parabola(S, XX, s), roll + parabola(S, RR, s)
    reduced = F.mass * dd * dd + F.propellant * pitch + near * (near * propellant - 2.0 * mx_p)
    ixx = F.ixx + F.propellant * roll
    iyy = F.iyy + reduced
    izz = F.izz + reduced
    ixy, ixz, iyz = F.ixy, F.ixz, F.iyz
    if odd:
        my_p, mz_p = F.propellant * parabola(S, MASS_Y, s), F.propellant * parabola(S, MASS_Z, s)
        cg_y, cg_z = cg_y + im * my_p, cg_z + im * mz_p
        ey, ez = cg_y - F.cg_y, cg_z - F.cg_z
        yy = F.propellant * parabola(S, YY, s) + cg_y * (cg_y * propellant - 2.0 * my_p) + F.mass * ey * ey
        zz = F.propellant * parabola(S, ZZ, s) + cg_z * (cg_z * propellant - 2.0 * mz_p) + F.mass * ez * ez
        ixx, iyy, izz = ixx + yy + zz, iyy + zz, izz + yy
        ixy += (
            F.propellant * parabola(S, XY, s) - near * my_p - cg_y * mx_p + near * cg_y * propellant + F.mass * dd * ey
        )
        ixz += (
            F.propellant * parabola(S, XZ, s) - near * mz_p - cg_z * mx_p + near * cg_z * propellant + F.mass * dd * ez
        )
        iyz -= (
            F.propellant * parabola(S, YZ, s) - cg_y * mz_p - cg_z * my_p + cg_y * cg_z * propellant + F.mass * ey * ez
        )
    else:
        yy, zz = propellant * cg_y * F.cg_y, propellant * cg_z * F.cg_z
        ixx, iyy, izz = ixx + yy + zz, iyy + zz, izz + yy
        lag = propellant * (F.cg - F.aft) - mx_p
        ixy, ixz, iyz = ixy + lag * cg_y, ixz + lag * cg_z, iyz - propellant * cg_y * F.cg_z

    ca, mach, i, f = axial_coefficient(T, S, rho, sound, speed, cos_alpha, brakes, t)
    fa, fn, fc, fb = angle_factors(T, cos_alpha)
    c = 12 * i
    M = T.mach
    A0 = M[c] + f * M[c + 1]
    A1 = M[c + 2] + f * M[c + 3]
    A2 = M[c + 4] + f * M[c + 5] + F.cp_shift * (2.0 * A1 + F.cp_shift * A0)
    A1 = A1 + F.cp_shift * A0
    L0 = M[c + 6] + f * M[c + 7]
    L1 = M[c + 8] + f * M[c + 9]
    ic, fcell = cell(cross / sound * T.mach_step_inv, T.mach_cells)
    K = M[12 * ic + 10] + fcell * M[12 * ic + 11]

    # Sums over components about the centre of gravity: force A0, moment B1 = Σ CNα_i (cg - x_i), damping B2.
    k = 0.5 * rho * T.area
    kv = k * speed
    ln = kv * fn * F.normal
    B1 = cg * A0 - A1
    B2 = cg * cg * A0 - 2.0 * cg * A1 + A2
    kc = k * fc * K * cross
    lb = kv * fb * F.normal
    c0 = kc * T.cross_area + lb * T.body_slope
    c1 = kc * (cg * T.cross_area - T.cross_moment) + lb * (cg * T.body_slope - T.body_moment)
    fx_air = -kv * speed * ca * fa * F.axial
    fy = -ln * (A0 * vb + r * B1) - c0 * vb
    fz = -ln * (A0 * wb - q * B1) - c0 * wb
    mx = kv * T.diameter * (speed * (L0 * fn + F.roll)) - kv * L1 * p - kv * T.damp_p * p
    my = ln * (B1 * wb - B2 * q) + c1 * wb - kv * T.damp_q * q
    mz = -ln * (B1 * vb + B2 * r) - c1 * vb - kv * T.damp_r * r
    if odd:
        e = 24 * i
        D = T.odd
        D0, D1, D2 = D[e] + f * D[e + 1], D[e + 2] + f * D[e + 3], D[e + 4] + f * D[e + 5]
        E0, E1, E2 = D[e + 6] + f * D[e + 7], D[e + 8] + f * D[e + 9], D[e + 10] + f * D[e + 11]
        Lv, Lw = D[e + 12] + f * D[e + 13], D[e + 14] + f * D[e + 15]
        Y0, Z0 = D[e + 16] + f * D[e + 17], D[e + 18] + f * D[e + 19]
        MY, MZ = D[e + 20] + f * D[e + 21], D[e + 22] + f * D[e + 23]
        fore = cg - F.cp_shift  # what is shifted is as if the centre of gravity were
        DB1, EB1 = fore * D0 - D1, fore * E0 - E1
        DB2, EB2 = fore * fore * D0 - 2.0 * fore * D1 + D2, fore * fore * E0 - 2.0 * fore * E1 + E2
        # D is the excess of the y plane over the mean (and lack of the z plane), E the coupling of both.
        fy -= ln * (D0 * vb + r * DB1 + E0 * wb - q * EB1 + speed * Y0)
        fz -= ln * (-D0 * wb + q * DB1 + E0 * vb + r * EB1 + speed * Z0)
        my += ln * (-DB1 * wb + DB2 * q + EB1 * vb + EB2 * r + speed * (cg * Z0 - MZ))
        mz -= ln * (DB1 * vb + DB2 * r + EB1 * wb - EB2 * q + speed * (cg * Y0 - MY))
        mx += ln * (Lv * vb + Lw * wb)

    # Thrust along its own line; jet damping: what the flow carries off less what the shrinking inertia gives back.
    ty, tz = F.thrust_y * thrust, F.thrust_z * thrust
    lever = of(S, NOZZLE)
    arm = (near - lever) * thrust
    oy, oz = F.offset_y - cg_y, F.offset_z - cg_z
    fx = fx_air + thrust
    flow = -of(S, MASS + 1) - 2.0 * s * of(S, MASS + 2)
    given_back = of(S, PITCH + 1) + 2.0 * left * of(S, PITCH + 2)
    jet = flow * (lever * lever - given_back - 2.0 * near * (lever - of(S, PLACE + 1)))
    if odd:
        arm -= live * (F.thrust * line(S, THRUST_X, s) + lack * of(S, AREA_X))
        jet += line(S, JET_XX, s) - 2.0 * near * line(S, JET_X, s)
    mx += oy * tz - oz * ty
    my += oz * thrust - arm * F.thrust_z - cg_z * fx_air
    mz += arm * F.thrust_y - oy * thrust + cg_y * fx_air
    if odd:
        push = F.thrust * live
        py = push * line(S, THRUST_Y, s) + live * lack * of(S, AREA_Y)
        pz = push * line(S, THRUST_Z, s) + live * lack * of(S, AREA_Z)
        ly, lz = push * line(S, SIDE_Y, s), push * line(S, SIDE_Z, s)
        mx += push * line(S, TURN, s) + F.thrust_z * py - F.thrust_y * pz - cg_y * lz + cg_z * ly
        my += pz + push * line(S, SIDE_ZX, s) - near * lz
        mz += near * ly - push * line(S, SIDE_YX, s) - py
        ty, tz = ty + ly, tz + lz
    jet = F.propellant * max(jet, 0.0)
    my -= jet * q
    mz -= jet * r
    fy += ty
    fz += tz
    return (
        fx, fy, fz, mx, my, mz, mass, ixx, iyy, izz, ixy, ixz, iyz, cg, g, nx, ny,
        R[0], R[1], R[2], R[3], R[4], R[5], R[6], R[7], R[8],
    )  # fmt: skip


@physics
def motion(T, y, fx, fy, fz, mass, g, nx, ny, R, alpha):
    """State derivative from body force, gravity, the Earth's turning, and angular acceleration."""
    im = 1.0 / mass
    vx, vy, vz = y[3], y[4], y[5]
    up = 1.0 - 0.5 * (nx * nx + ny * ny)
    oy, oz = T.omega_y, T.omega_z
    w, i, j, k = y[6], y[7], y[8], y[9]
    # Body rates relative to the turning ENU frame.
    p = y[10] - (R[3] * oy + R[6] * oz)
    q = y[11] - (R[4] * oy + R[7] * oz)
    r = y[12] - (R[5] * oy + R[8] * oz)
    return (
        vx,
        vy,
        vz,
        (R[0] * fx + R[1] * fy + R[2] * fz) * im - g * nx - 2.0 * (oy * vz - oz * vy),
        (R[3] * fx + R[4] * fy + R[5] * fz) * im - g * ny - 2.0 * oz * vx,
        (R[6] * fx + R[7] * fy + R[8] * fz) * im - g * up + 2.0 * oy * vx,
        0.5 * (-i * p - j * q - k * r),
        0.5 * (w * p + j * r - k * q),
        0.5 * (w * q + k * p - i * r),
        0.5 * (w * r + i * q - j * p),
        alpha[0],
        alpha[1],
        alpha[2],
    )


@physics
def free(T, F, S, odd, brakes, t, y):
    """State derivative in free flight."""
    w = loads(T, F, S, odd, brakes, t, y)
    fx, fy, fz, mx, my, mz, mass, ixx, iyy, izz, ixy, ixz, iyz, cg, g, nx, ny = w[:17]
    R = w[17:]
    alpha = spin(ixx, iyy, izz, ixy, ixz, iyz, y[10], y[11], y[12], mx, my, mz)
    return motion(T, y, fx, fy, fz, mass, g, nx, ny, R, alpha)


# What an integrator calls: rhs(T, F, X, t, y), with X what the phase needs besides.


@physics
def free_plain(T, F, S, t, y):
    """Free flight of a rocket with evenly spaced fins and no brakes: less to look up."""
    return free(T, F, S, False, False, t, y)


@physics
def free_full(T, F, S, t, y):
    """Free flight with odd fins and brakes."""
    return free(T, F, S, True, True, t, y)


@physics
def pivot(T, F, X, t, y):
    """State derivative while only the lower guide is on the rail: it slides freely along, the rocket turns about it.

    `guide` is the lower guide's distance aft of the nose tip, `E` two ENU unit vectors across the rail. The rail's
    reaction N, across the rail at the guide, is what keeps the guide's acceleration across the rail at zero.
    X is (segment, guide, E, whether fins are odd, brakes fly or several motors burn).
    """
    S, guide, E, odd = X
    w = loads(T, F, S, odd, odd, t, y)
    fx, fy, fz, mx, my, mz, mass, ixx, iyy, izz, ixy, ixz, iyz, cg, g, nx, ny = w[:17]
    R = w[17:]
    p, q, r = y[10], y[11], y[12]
    b = (cg - guide, 0.0, 0.0)
    c1 = (
        R[0] * E[0] + R[3] * E[1] + R[6] * E[2],
        R[1] * E[0] + R[4] * E[1] + R[7] * E[2],
        R[2] * E[0] + R[5] * E[1] + R[8] * E[2],
    )
    c2 = (
        R[0] * E[3] + R[3] * E[4] + R[6] * E[5],
        R[1] * E[3] + R[4] * E[4] + R[7] * E[5],
        R[2] * E[3] + R[5] * E[4] + R[8] * E[5],
    )
    alpha = spin(ixx, iyy, izz, ixy, ixz, iyz, p, q, r, mx, my, mz)
    turn = cross3(alpha, b)
    whirl = cross3((p, q, r), cross3((p, q, r), b))
    im = 1.0 / mass
    weight = (-g * R[6], -g * R[7], -g * R[8])
    acc = (
        fx * im + weight[0] + turn[0] + whirl[0],
        fy * im + weight[1] + turn[1] + whirl[1],
        fz * im + weight[2] + turn[2] + whirl[2],
    )
    m1, m2 = cross3(b, c1), cross3(b, c2)
    t1 = cross3(solve_inertia(ixx, iyy, izz, ixy, ixz, iyz, m1[0], m1[1], m1[2]), b)
    t2 = cross3(solve_inertia(ixx, iyy, izz, ixy, ixz, iyz, m2[0], m2[1], m2[2]), b)
    a11, a12 = im + dot3(c1, t1), dot3(c1, t2)
    a21, a22 = dot3(c2, t1), im + dot3(c2, t2)
    r1, r2 = -dot3(c1, acc), -dot3(c2, acc)
    det = 1.0 / (a11 * a22 - a12 * a21)
    n1, n2 = det * (a22 * r1 - a12 * r2), det * (a11 * r2 - a21 * r1)
    N = (n1 * c1[0] + n2 * c2[0], n1 * c1[1] + n2 * c2[1], n1 * c1[2] + n2 * c2[2])
    mN = cross3(b, N)
    alpha = spin(ixx, iyy, izz, ixy, ixz, iyz, p, q, r, mx + mN[0], my + mN[1], mz + mN[2])
    return motion(T, y, fx + N[0], fy + N[1], fz + N[2], mass, g, nx, ny, R, alpha)


@physics
def rail(T, F, X, t, y):
    """(s', v') along the rail, without friction; X is (segment, direction of the rail in ENU)."""
    S, d = X
    s, v = y[0], y[1]
    x, yy, z = s * d[0], s * d[1], s * d[2]
    h, nx, ny = height(T, x, yy, z)
    rho, sound, wu, wv = air(T, F, h)
    ax, ay, az = v * d[0] - wu, v * d[1] - wv, v * d[2]
    along = ax * d[0] + ay * d[1] + az * d[2]
    speed = math.sqrt(ax * ax + ay * ay + az * az + 1e-12)
    cos_alpha = along / speed
    s_ = t - of(S, T0)
    thrust, live, lack = motors(F, S, s_, rho * sound * sound * (1.0 / GAMMA))
    ca, mach, i, f = axial_coefficient(T, S, rho, sound, speed, cos_alpha, True, t)
    fa, fn, fc, fb = angle_factors(T, cos_alpha)
    drag = 0.5 * rho * T.area * speed * speed * ca * fa * F.axial
    return v, (thrust - drag) / (F.mass + F.propellant * parabola(S, MASS, s_)) - gravity(T, h, yy) * d[2]


@physics
def spread(C, t):
    """Drag area of the canopies, m2, while the last of them fills: C as `canopy` has it.

    It grows as p τ + (1 - p) τ², τ the share of the fill time: with the square of time (p 0), with time (p 1), or fast at first
    (p 2).
    """
    fill = min(max((t - C[2]) * C[3], 0.0), 1.0)
    return C[0] + (C[1] - C[0]) * fill * (C[5] + (1.0 - C[5]) * fill)


@physics
def canopy(T, F, C, t, y):
    """State derivative under canopies: a point mass with drag area, and with lift where it glides.

    C is (drag area before, drag area when full, time of line stretch, 1/fill time, propellant left, shape of the growth,
    glide ratio times the heading's east and north). The drag area of the rocket adds to that of the canopies: across the
    flow under a small one, along it under a large one (`flight.recovery.HangingBody`). Lift is glide ratio times drag, across
    the flow in the upright plane of the heading.
    """
    h, nx, ny = height(T, y[0], y[1], y[2])
    g = gravity(T, h, y[1])
    rho, sound, wu, wv = air(T, F, h)
    cloth = spread(C, t)
    a2 = F.across * F.across
    cds = cloth + F.along + (F.across - F.along) * a2 / (a2 + cloth * cloth + 1e-30)
    ax, ay, az = y[3] - wu, y[4] - wv, y[5] + wu * nx + wv * ny
    k = 0.5 * rho * cds * math.sqrt(ax * ax + ay * ay + az * az + 1e-12) / (F.mass + C[4])
    vx, vy, vz = y[3], y[4], y[5]
    oy, oz = T.omega_y, T.omega_z
    up = 1.0 - 0.5 * (nx * nx + ny * ny)
    return (
        vx, vy, vz,
        -k * (ax + C[6] * az) - g * nx - 2.0 * (oy * vz - oz * vy),
        -k * (ay + C[7] * az) - g * ny - 2.0 * oz * vx,
        -k * (az - C[6] * ax - C[7] * ay) - g * up + 2.0 * oy * vx,
    )  # fmt: skip


@physics
def ground_height(T, x, y):
    """Height of the terrain above the pad's surface at (east, north): bilinear, held at the edges."""
    half = 0.5 * T.ground_cells
    i, f = cell(y * T.ground_step_inv + half, T.ground_cells)
    j, g = cell(x * T.ground_step_inv + half, T.ground_cells)
    n = int32(T.ground_cells) + 1
    c = i * n + j
    a = T.ground
    low = a[c] + g * (a[c + 1] - a[c])
    high = a[c + n] + g * (a[c + n + 1] - a[c + n])
    return low + f * (high - low)
