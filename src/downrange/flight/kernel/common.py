"""What one flight and many share: leaving the rail, events, recovery devices."""

import math

from numba import int32

from downrange.flight.kernel.dopri import make_step, segment_from_row, step_factor
from downrange.flight.kernel.jit import driver, physics
from downrange.flight.kernel.layout import (
    AT_ALTITUDE,
    AT_APOGEE,
    AT_TIME,
    CDS0,
    DEV_DELAY,
    DEV_EVENT,
    DEV_FILL,
    DEV_REPLACES,
    DEVICES,
    GUIDE0,
    LAG0,
    NS,
    RAIL_AZIMUTH,
    RAIL_ELEVATION,
    VALUE0,
    WATCH,
    O,
)
from downrange.flight.kernel.physics import (
    air,
    canopy,
    free_full,
    free_plain,
    ground_height,
    height,
    margin_at,
    pivot,
    rail,
    stability,
)

EVENT_TIME = 1e-7  # s; events are located to this
NEVER = 1e30
CODE, APOGEE_T = O["code"], O["apogee_time"]
LIFTOFF_T, RAIL_T, RAIL_V, PIVOT_T, PIVOT_V = (
    O[k] for k in ("liftoff_time", "rail_exit_time", "rail_exit_speed", "pivot_exit_time", "pivot_exit_speed")
)
EVALS, STEPS = O["evaluations"], O["steps"]
MAX_V, MAX_M, MAX_Q, MAX_A = (O[k] for k in ("max_speed", "max_mach", "max_q", "max_acceleration"))
MARGIN, OPENING = O["min_stability"], O["fastest_opening"]
WATCH_E, WATCH_N, WATCH_U = (O[k] for k in ("watch_east", "watch_north", "watch_up"))
RAIL_MARGIN, RAIL_COS = O["rail_exit_stability"], O["rail_exit_cosine"]
LANDED, NO_LIFTOFF, TIME_LIMIT, STEP_LIMIT, ABOVE_TABLES, NOT_FINITE, STOPPED = range(7)

step_rail = make_step(rail, 2)
step_pivot = make_step(pivot, 13)
step_plain = make_step(free_plain, 13)
step_full = make_step(free_full, 13)
step_canopy = make_step(canopy, 6)


@physics
def blank(out):
    """Nothing has happened yet: NaN everywhere, zero for counts and maxima."""
    for i in range(out.shape[0]):
        out[i] = math.nan
    out[CODE] = 0.0
    out[EVALS] = 0.0
    out[STEPS] = 0.0
    out[MAX_V] = 0.0
    out[MAX_M] = 0.0
    out[MAX_Q] = 0.0
    out[MAX_A] = 0.0


@physics
def climb_and_height(T, y):
    """Height above the pad and its rate."""
    h, nx, ny = height(T, y[0], y[1], y[2])
    return h, y[3] * nx + y[4] * ny + y[5]


@physics
def segment_at(rows, t):
    """Index of the last segment that has begun at t."""
    i = 0
    while i + 1 < rows.shape[0] and rows[i, NS] <= t:
        i += 1
    return i


@physics
def note_watch(t0, t1, ya, yb, row, out):
    """Note the position at the time that the row watches, from the states at both ends of a step (cubic Hermite)."""
    at = row[WATCH]
    if t0 < at <= t1:
        h = t1 - t0
        s = (at - t0) / h
        a, b = (1.0 + 2.0 * s) * (1.0 - s) * (1.0 - s), s * s * (3.0 - 2.0 * s)
        c, d = h * s * (1.0 - s) * (1.0 - s), h * s * s * (s - 1.0)
        out[WATCH_E] = a * ya[0] + b * yb[0] + c * ya[3] + d * yb[3]
        out[WATCH_N] = a * ya[1] + b * yb[1] + c * ya[4] + d * yb[4]
        out[WATCH_U] = a * ya[2] + b * yb[2] + c * ya[5] + d * yb[5]


@physics
def note_stability(margin, out):
    """Keep the least stability margin of the ascent; huge values mean that there was none."""
    if margin < 1e8 and not out[MARGIN] <= margin:
        out[MARGIN] = margin


@driver
def stability_at(T, F, S, t, y):
    """Stability margin of a state, compiled once for both drivers."""
    return stability(T, F, S, t, y)


@physics
def crossing(T, ya, yb, apogee_done, dev, row, released):
    """(fraction, event) of the first event between two states: 1 apogee, 2 ground, 3 top, 4 + i device i; else 0."""
    ha, ca = climb_and_height(T, ya)
    hb, cb = climb_and_height(T, yb)
    frac, which = 1.0, 0
    if not apogee_done:
        if cb < 0.0:
            frac, which = (ca / (ca - cb) if ca > 0.0 else 0.0), 1
    else:
        for i in range(DEVICES):
            if released[i] < 0.5 and dev[i, DEV_EVENT] == AT_ALTITUDE and hb < row[VALUE0 + i]:
                f = (ha - row[VALUE0 + i]) / (ha - hb) if ha > row[VALUE0 + i] else 0.0
                if f < frac or which == 0:
                    frac, which = f, 4 + i
    if hb < T.ground_top and cb < 0.0:
        b = hb - ground_height(T, yb[0], yb[1])
        if b < 0.0:
            a = ha - ground_height(T, ya[0], ya[1])
            f = a / (a - b) if a > 0.0 else 0.0
            if f < frac or which == 0:
                frac, which = f, 2
    if hb > T.top:
        which = 3
    return frac, which


@physics
def prepare_devices(dev, row, stretch, released):
    """Set the devices that open at a given time; the others wait."""
    for i in range(DEVICES):
        stretch[i] = NEVER
        released[i] = 0.0
        if dev[i, DEV_EVENT] == AT_TIME:
            released[i] = 1.0
            stretch[i] = row[VALUE0 + i] + dev[i, DEV_DELAY] + row[LAG0 + i]


@physics
def release(dev, row, stretch, released, i, t):
    """Release device i at t."""
    released[i] = 1.0
    stretch[i] = t + dev[i, DEV_DELAY] + row[LAG0 + i]


@physics
def release_at_apogee(dev, row, stretch, released, h, t):
    """Release what waits for apogee, and altitude devices that are already below their height."""
    for i in range(DEVICES):
        below = dev[i, DEV_EVENT] == AT_ALTITUDE and h <= row[VALUE0 + i]
        if released[i] < 0.5 and (below or dev[i, DEV_EVENT] == AT_APOGEE):
            release(dev, row, stretch, released, i, t)


@physics
def next_stretch(stretch):
    """(time, device) of the next line stretch."""
    t, k = NEVER, -1
    for i in range(DEVICES):
        if stretch[i] < t:
            t, k = stretch[i], i
    return t, k


@physics
def open_device(dev, row, i, t, speed, C):
    """Drag area law from the moment device i is stretched at t and airspeed `speed`; C is the law before."""
    fill = min(max((t - C[2]) * C[3], 0.0), 1.0)
    now = C[0] + (C[1] - C[0]) * fill * fill
    cds = row[CDS0 + i]
    full = cds if dev[i, DEV_REPLACES] > 0.5 else C[1] + cds
    rate = 1e9  # instantly
    if dev[i, DEV_FILL] > 0.0:  # a distance
        rate = max(speed, 1.0) / dev[i, DEV_FILL]
    elif dev[i, DEV_FILL] < 0.0:  # minus a time
        rate = -1.0 / dev[i, DEV_FILL]
    return now, full, t, rate, C[4]


@physics
def airspeed(T, F, y):
    """Airspeed, Mach number and dynamic pressure."""
    h, nx, ny = height(T, y[0], y[1], y[2])
    rho, sound, u, v = air(T, F, h)
    ax, ay, az = y[3] - u, y[4] - v, y[5] + u * nx + v * ny
    v2 = ax * ax + ay * ay + az * az
    return math.sqrt(v2), math.sqrt(v2) / sound, 0.5 * rho * v2


@physics
def note_extremes(T, F, y, k, out):
    """Keep the largest speed (over ground), Mach number, dynamic pressure and acceleration."""
    v = math.sqrt(y[3] * y[3] + y[4] * y[4] + y[5] * y[5])
    if v >= 0.9 * out[MAX_V]:
        _, mach, q = airspeed(T, F, y)
        out[MAX_V] = max(out[MAX_V], v)
        out[MAX_M] = max(out[MAX_M], mach)
        out[MAX_Q] = max(out[MAX_Q], q)
    out[MAX_A] = max(out[MAX_A], math.sqrt(k[3] * k[3] + k[4] * k[4] + k[5] * k[5]))


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
def find_liftoff(T, F, rows, d):
    """(time, segment) at which thrust first exceeds weight along the rail, or (-1, 0)."""
    y = (0.0, 0.0)
    for i in range(rows.shape[0]):
        S = segment_from_row(rows, i)
        t0, t1 = rows[i, 0], rows[i, NS]
        if S.on < 0.5:
            continue
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
    return -1.0, 0


@physics
def ride(T, F, rows, d, t, i, travel, tol, out):
    """From lift-off until `travel` metres up the rail: (time, segment, position, speed); speed -1 where it falls back."""
    y = (0.0, 0.0)
    h = 1e-3
    S = segment_from_row(rows, i)
    k = rail(T, F, (S, d), t, y)
    for _ in range(20000):
        hh, knot = h, False
        if t + hh >= rows[i, NS] - 1e-12:
            hh, knot = rows[i, NS] - t, True
        yn, kn, e2 = step_rail(T, F, (S, d), t, hh, y, k, tol)
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
        t += hh
        h = max(h, hh * fac) if knot else hh * fac
        y, k = yn, kn
        out[MAX_A] = max(out[MAX_A], abs(k[1]))
        if y[1] < 0.0:
            return t, i, y[0], -1.0
        if y[0] >= travel - 1e-9:
            return t, i, y[0], y[1]
        if knot:
            if i + 1 < rows.shape[0]:
                i += 1
            S = segment_from_row(rows, i)
            k = rail(T, F, (S, d), t, y)
            if S.on < 0.5 and y[1] <= 0.0:
                return t, i, y[0], -1.0
    return t, i, y[0], -1.0


@physics
def swing(T, F, rows, t, i, y, E, d, travel, guide, tol, out):
    """About the lower guide, from the upper one's exit until the lower one has travelled `travel` along the rail."""
    S = segment_from_row(rows, i)
    k = pivot(T, F, (S, guide, E), t, y)
    h = 1e-3
    start = y[0] * d[0] + y[1] * d[1] + y[2] * d[2]
    left = F.propellant * S.m0
    arm = guide - (F.mass * F.cg + left * (T.grain + F.aft)) / (F.mass + left)
    for _ in range(20000):
        hh, knot = h, False
        if t + hh >= rows[i, NS] - 1e-12:
            hh, knot = rows[i, NS] - t, True
        yn, kn, e2 = step_pivot(T, F, (S, guide, E), t, hh, y, k, tol)
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
            if i + 1 < rows.shape[0]:
                i += 1
            S = segment_from_row(rows, i)
            k = pivot(T, F, (S, guide, E), t, y)
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


@driver
def derivative(T, F, S, t, y):
    """State derivative in free flight, compiled once for both drivers."""
    return free_full(T, F, S, t, y)


@driver
def depart(T, F, rows, row, tol, out):
    """Hold, ride the rail, swing about the lower guide: (time, segment, 13-state). Sets `out`; code on failure."""
    d, E, q = rail_frame(row)
    t, i = find_liftoff(T, F, rows, d)
    zero = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, q[0], q[1], q[2], q[3], 0.0, 0.0, 0.0)
    if t < 0.0:
        out[CODE] = NO_LIFTOFF
        return 0.0, 0, zero
    out[LIFTOFF_T] = t
    t, i, s, v = ride(T, F, rows, d, t, i, row[GUIDE0], tol, out)
    if v < 0.0:
        out[CODE] = NO_LIFTOFF
        return t, i, zero
    out[RAIL_T], out[RAIL_V] = t, v
    y = (s * d[0], s * d[1], s * d[2], v * d[0], v * d[1], v * d[2], q[0], q[1], q[2], q[3], 0.0, 0.0, 0.0)
    margin, cosine, speed = margin_at(T, F, segment_from_row(rows, i), t, y)
    if margin < 1e8:
        out[RAIL_MARGIN] = margin
    out[RAIL_COS] = cosine
    if row[GUIDE0 + 1] > row[GUIDE0]:
        t, i, y = swing(T, F, rows, t, i, y, E, d, row[GUIDE0 + 1], row[GUIDE0 + 2], tol, out)
    out[PIVOT_T] = t
    out[PIVOT_V] = math.sqrt(y[3] * y[3] + y[4] * y[4] + y[5] * y[5])
    return t, i, y
