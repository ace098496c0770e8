"""Stability in flight: the margin at the actual Mach number and angle of attack, and the airspeed that it hangs on."""

import math

from .jit import physics
from .layout import LEAST_AIRSPEED
from .physics import T0, air, angle_factors, cell, centre, height, of
from .rigid import rotation


@physics
def margin_at(T, F, S, odd, t, y):
    """(margin in calibres at the actual Mach number and angle of attack, cosine of that angle, airspeed); huge without lift.

    Of a rocket whose planes differ (odd or missing fins) it is that of the plane that steers least, the smaller root of
    p x² - s x + q. Derivation: docs/theory/aerodynamics, "Unequal planes".
    """
    h, nx, ny = height(T, y[0], y[1], y[2])
    rho, sound, wu, wv = air(T, F, h)
    R = rotation(y)
    ax, ay, az = y[3] - wu, y[4] - wv, y[5] + wu * nx + wv * ny
    ub = R[0] * ax + R[3] * ay + R[6] * az
    speed = math.sqrt(ax * ax + ay * ay + az * az + 1e-12)
    cross = math.sqrt(max(speed * speed - ub * ub, 0.0))
    i, f = cell(speed / sound * T.mach_step_inv, T.mach_cells)
    c = 12 * i
    M = T.mach
    cg = centre(F, S, odd, t - of(S, T0))[4]
    A0 = F.normal * (M[c] + f * M[c + 1])
    A1 = F.normal * (M[c + 2] + f * M[c + 3]) + F.cp_shift * A0
    fa, fn, fc, fb = angle_factors(T, ub / speed)
    ic, fcell = cell(cross / sound * T.mach_step_inv, T.mach_cells)
    K = fc * (M[12 * ic + 10] + fcell * M[12 * ic + 11]) * cross / speed
    force = fn * A0 + K * T.cross_area + fb * T.body_slope
    moment = fn * A1 + K * T.cross_moment + fb * T.body_moment - cg * force
    arm = moment / (force + 1e-12)
    if odd:
        e, share = 24 * i, fn * F.normal
        D = T.odd
        D0, E0 = share * (D[e] + f * D[e + 1]), share * (D[e + 6] + f * D[e + 7])
        DM = share * (D[e + 2] + f * D[e + 3]) + (F.cp_shift - cg) * D0
        EM = share * (D[e + 8] + f * D[e + 9]) + (F.cp_shift - cg) * E0
        p = force * force - D0 * D0 - E0 * E0
        s = 2.0 * (force * moment - D0 * DM - E0 * EM)
        q = moment * moment - DM * DM - EM * EM
        root = math.sqrt(max(s * s - 4.0 * p * q, 0.0))
        arm = 2.0 * q / (s + root + 1e-30) if s > 0.0 else (s - root) / (2.0 * p + 1e-30)
        force = force if p > 1e-9 * force * force else 0.0  # else a plane without lift has no margin
    margin = arm / T.diameter
    lifts = 1.0 if force > 1e-9 and ub > 0.0 else 0.0
    return lifts * margin + (1.0 - lifts) * 1e9, ub / speed, speed


@physics
def stability(T, F, S, odd, t, y):
    """Margin in calibres where it means something, above LEAST_AIRSPEED; huge elsewhere."""
    margin, cosine, speed = margin_at(T, F, S, odd, t, y)
    fast = 1.0 if speed > LEAST_AIRSPEED else 0.0
    return fast * margin + (1.0 - fast) * 1e9


@physics
def airspeed_of(T, F, y):
    """Airspeed, m/s."""
    h, nx, ny = height(T, y[0], y[1], y[2])
    rho, sound, u, v = air(T, F, h)
    ax, ay, az = y[3] - u, y[4] - v, y[5] + u * nx + v * ny
    return math.sqrt(ax * ax + ay * ay + az * az)
