"""Leaving the ground: at rest on the foot of the rail, up the rail, and about the lower guide when the upper is free."""

import math

from .dopri import flight_from_row, make_rolled, segment_from_row, step_factor
from .events import CODE, EVALS, EVENT_TIME, MAX_A, note_stability
from .jit import int32, machine, physics
from .layout import FOREVER, GUIDE0, NO_LIFTOFF, NS, RAIL_AZIMUTH, RAIL_ELEVATION, THRUST_AT, O
from .margin import margin_at
from .physics import ON, T0, T1, centre, of, pivot, rail

LIFTOFF_T, RAIL_T, RAIL_V, PIVOT_T, PIVOT_V = (
    O[k] for k in ("liftoff_time", "rail_exit_time", "rail_exit_speed", "pivot_exit_time", "pivot_exit_speed")
)
RAIL_MARGIN, RAIL_COS = O["rail_exit_stability"], O["rail_exit_cosine"]

step_rail = make_rolled(rail, 2)
step_pivot = make_rolled(pivot, 13)


@physics
def ends(rows, i):
    """When segment i ends, s."""
    return rows[i * NS + T1]


@physics
def segment_at(rows, i, t):
    """Index of the last segment from i on that has begun at t; a table's last lasts forever."""
    while ends(rows, i) <= t and ends(rows, i) < FOREVER:
        i += 1
    return i


@physics
def sine_cosine(x):
    """Sine and cosine by arithmetic alone, good to 2e-15: series of an eighth of the angle, doubled three times.

    The C library's differ in their last bit from one system to the next; a campaign need not.
    """
    turns = x * (0.5 / math.pi)
    u = (turns - int32(turns + (0.5 if turns >= 0.0 else -0.5))) * (2.0 * math.pi / 8.0)
    v = u * u
    s = u * (1.0 - v / 6.0 * (1.0 - v / 20.0 * (1.0 - v / 42.0 * (1.0 - v / 72.0 * (1.0 - v / 110.0)))))
    # One less the cosine, which keeps its digits where the angle is small.
    d = v / 2.0 * (1.0 - v / 12.0 * (1.0 - v / 30.0 * (1.0 - v / 56.0 * (1.0 - v / 90.0 * (1.0 - v / 132.0)))))
    for _ in range(3):
        s, d = 2.0 * s * (1.0 - d), 2.0 * s * s
    return s, 1.0 - d


@physics
def rail_frame(row):
    """Rail direction, the two directions across it, and the attitude on it."""
    az, el = row[RAIL_AZIMUTH], row[RAIL_ELEVATION]
    sa, ca = sine_cosine(az)
    se, ce = sine_cosine(el)
    d = (ce * sa, ce * ca, se)
    E = (-ca, sa, 0.0, -se * sa, -se * ca, ce)  # body y, then minus body z
    # Quaternion with columns d, (-ca, sa, 0), d x (-ca, sa, 0): yaw to the azimuth, then pitch up.
    hy = 0.5 * (0.5 * math.pi - az)
    hp = -0.5 * el
    sy, cy = sine_cosine(hy)
    sp, cp = sine_cosine(hp)
    return d, E, (cy * cp, -sy * sp, cy * sp, sy * cp)


@physics
def find_liftoff(T, F, rows, d, first, since):
    """(time, segment) from `since` on at which thrust first exceeds weight along the rail, or (-1, first)."""
    y = (0.0, 0.0)
    i = segment_at(rows, first, since)
    while True:
        S = segment_from_row(rows, i)
        t0, t1 = max(of(S, T0), since), of(S, T1)
        if of(S, ON) > 0.0 and t1 > since:
            if rail(T, F, (S, d), t0, y)[1] > 0.0:
                return t0, i
            if rail(T, F, (S, d), t1, y)[1] > 0.0:
                lo, hi = t0, t1
                for _ in range(50):
                    mid = 0.5 * (lo + hi)
                    if rail(T, F, (S, d), mid, y)[1] > 0.0:
                        hi = mid
                    else:
                        lo = mid
                return hi, i
        if t1 >= FOREVER:
            return -1.0, first
        i += 1


@physics
def ride(T, F, rows, d, first, travel, tol, out, scratch):
    """From ignition until `travel` metres up the rail: (time, segment, speed); speed -1 where it never gets there.

    It rests on the rail's foot until thrust exceeds weight, also where a first hesitation lets it slide back there.
    """
    y = (0.0, 0.0)
    t, i = find_liftoff(T, F, rows, d, first, 0.0)
    h = 1e-3
    S = segment_from_row(rows, i)
    k = rail(T, F, (S, d), t, y)
    for _ in range(20000):
        if t < 0.0:
            break
        out[LIFTOFF_T] = t if y[0] <= 0.0 else out[LIFTOFF_T]
        hh, knot = h, False
        if t + hh >= ends(rows, i) - 1e-12:
            hh, knot = ends(rows, i) - t, True
        yn, kn, e2 = step_rail(T, F, (S, d), t, hh, y, k, tol, scratch)
        out[EVALS] += 6
        fac = step_factor(e2)
        if not e2 <= 1.0:
            h = hh * fac
            continue
        if yn[0] > travel:
            frac = (travel - y[0]) / (yn[0] - y[0])
            if hh * (1.0 - frac) > EVENT_TIME:
                # Speed rises along the step, so the secant's fraction is a little short: lean towards the end.
                h = hh * frac + 0.5 * EVENT_TIME
                continue
        if yn[0] <= 0.0 and yn[1] < 0.0:  # back on the foot
            frac = y[0] / max(y[0] - yn[0], 1e-300)
            if frac > 0.0 and hh * (1.0 - frac) > EVENT_TIME:
                h = hh * frac + 0.5 * EVENT_TIME
                continue
            y = (0.0, 0.0)
            t, i = find_liftoff(T, F, rows, d, first, t + hh)
            h = 1e-3
            S = segment_from_row(rows, i)
            k = rail(T, F, (S, d), t, y)
            continue
        t += hh
        h = max(h, hh * fac) if knot else hh * fac
        y, k = yn, kn
        out[MAX_A] = max(out[MAX_A], abs(k[1]))
        if y[0] >= travel - 1e-9:
            return t, i, y[1]
        if knot:
            i += 1
            S = segment_from_row(rows, i)
            k = rail(T, F, (S, d), t, y)
    return t, i, -1.0


@physics
def swing(T, F, rows, odd, t, i, y, E, d, travel, guide, tol, out, scratch):
    """About the lower guide, from the upper one's exit until the lower one has travelled `travel` along the rail."""
    S = segment_from_row(rows, i)
    k = pivot(T, F, (S, guide, E, odd), t, y)
    h = 1e-3
    start = y[0] * d[0] + y[1] * d[1] + y[2] * d[2]
    arm = guide - centre(F, S, True, 0.0)[4]
    for _ in range(20000):
        hh, knot = h, False
        if t + hh >= ends(rows, i) - 1e-12:
            hh, knot = ends(rows, i) - t, True
        yn, kn, e2 = step_pivot(T, F, (S, guide, E, odd), t, hh, y, k, tol, scratch)
        out[EVALS] += 6
        fac = step_factor(e2)
        if not e2 <= 1.0:
            h = hh * fac
            continue
        ga = travel - guide_travel(y, d, arm)
        gb = travel - guide_travel(yn, d, arm)
        if gb < 0.0:
            frac = ga / (ga - gb)
            if hh * (1.0 - frac) > EVENT_TIME:
                h = hh * frac + 0.5 * EVENT_TIME
                continue
        t += hh
        h = max(h, hh * fac) if knot else hh * fac
        y, k = yn, kn
        if gb < 1e-9 or yn[0] * d[0] + yn[1] * d[1] + yn[2] * d[2] < start:
            break
        if knot:
            i += 1
            S = segment_from_row(rows, i)
            k = pivot(T, F, (S, guide, E, odd), t, y)
    return t, i, y


@physics
def guide_travel(y, d, arm):
    """How far along the rail the lower guide is from where it stood at ignition."""
    w, i, j, k = y[6], y[7], y[8], y[9]
    n = 2.0 / (w * w + i * i + j * j + k * k)
    xx = 1.0 - n * (j * j + k * k)
    xy = n * (i * j + w * k)
    xz = n * (i * k - w * j)
    along = xx * d[0] + xy * d[1] + xz * d[2]
    return y[0] * d[0] + y[1] * d[1] + y[2] * d[2] + arm * (1.0 - along)


@machine
def depart(T, rows, row, odd, tol, out, scratch):
    """Hold, ride the rail, swing about the lower guide: (time, segment, 13-state). Sets `out`; its code on failure."""
    F = flight_from_row(row)
    d, E, q = rail_frame(row)
    t, i, v = ride(T, F, rows, d, int(row[THRUST_AT]), row[GUIDE0], tol, out, scratch)
    if v < 0.0:
        out[CODE], out[LIFTOFF_T] = NO_LIFTOFF, math.nan
        return 0.0, 0, (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, q[0], q[1], q[2], q[3], 0.0, 0.0, 0.0)
    s = row[GUIDE0]
    out[RAIL_T], out[RAIL_V] = t, v
    y = (s * d[0], s * d[1], s * d[2], v * d[0], v * d[1], v * d[2], q[0], q[1], q[2], q[3], 0.0, 0.0, 0.0)
    margin, cosine, speed = margin_at(T, F, segment_from_row(rows, i), True, t, y)
    if margin < 1e8:
        out[RAIL_MARGIN] = margin
    note_stability(margin, out)
    out[RAIL_COS] = cosine
    if row[GUIDE0 + 1] > row[GUIDE0]:
        t, i, y = swing(T, F, rows, odd, t, i, y, E, d, row[GUIDE0 + 1], row[GUIDE0 + 2], tol, out, scratch)
    out[PIVOT_T] = t
    out[PIVOT_V] = math.sqrt(y[3] * y[3] + y[4] * y[4] + y[5] * y[5])
    return t, i, y


@machine
def ride_track(T, rows, row, t0, t1, n, out):
    """The ride up the rail from lift-off t0 to exit t1 in n equal Runge-Kutta steps: `out` (n + 1, 4) [t, s, v, a]."""
    F = flight_from_row(row)
    d = rail_frame(row)[0]
    first = int(row[THRUST_AT])
    h = (t1 - t0) / n
    s, v = 0.0, 0.0
    for k in range(n + 1):
        t = t0 + k * h
        S = segment_from_row(rows, segment_at(rows, first, t + 1e-12))
        k1 = rail(T, F, (S, d), t, (s, v))
        out[k, 0], out[k, 1], out[k, 2], out[k, 3] = t, s, v, k1[1]
        S = segment_from_row(rows, segment_at(rows, first, t + 0.5 * h))
        k2 = rail(T, F, (S, d), t + 0.5 * h, (s + 0.5 * h * k1[0], v + 0.5 * h * k1[1]))
        k3 = rail(T, F, (S, d), t + 0.5 * h, (s + 0.5 * h * k2[0], v + 0.5 * h * k2[1]))
        S = segment_from_row(rows, segment_at(rows, first, t + h - 1e-12))
        k4 = rail(T, F, (S, d), t + h, (s + h * k3[0], v + h * k3[1]))
        s += h / 6 * (k1[0] + 2 * k2[0] + 2 * k3[0] + k4[0])
        v += h / 6 * (k1[1] + 2 * k2[1] + 2 * k3[1] + k4[1])
