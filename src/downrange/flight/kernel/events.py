"""What may happen in a flight, and what is noted of it: extremes, crossings, recovery devices."""

import math

from .jit import physics
from .layout import (
    AT_ALTITUDE,
    AT_APOGEE,
    AT_NEVER,
    AT_STRETCH,
    AT_TIME,
    BACKUP0,
    CDS0,
    DEV_AFTER,
    DEV_DELAY,
    DEV_EVENT,
    DEV_FILL,
    DEV_REPLACES,
    DEV_SHAPE,
    DEV_SHOCK,
    DEVICES,
    GLIDE0,
    HEADING,
    LAG0,
    NEVER_STOP,
    STOP_HEIGHT,
    STOP_SPEED,
    STRENGTH0,
    VALUE0,
    WATCH,
    O,
)
from .physics import air, ground_height, height, spread

EVENT_TIME = 1e-7  # s; events are located to this
NEVER = 1e30
CODE, EVALS, STEPS = O["code"], O["evaluations"], O["steps"]
MAX_V, MAX_M, MAX_Q, MAX_A = (O[k] for k in ("max_speed", "max_mach", "max_q", "max_acceleration"))
MARGIN = O["min_stability"]
LOAD, TORN = O["opening_load"], O["torn"]
WATCH_E, WATCH_N, WATCH_U = (O[k] for k in ("watch_east", "watch_north", "watch_up"))
NOTHING, APOGEE, GROUND, TOP, PLACE, RELEASE = range(6)  # what `crossing` finds; device i is RELEASE + i


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
    out[TORN] = 0.0


@physics
def climb_and_height(T, y):
    """Height above the pad and its rate."""
    h, nx, ny = height(T, y[0], y[1], y[2])
    return h, y[3] * nx + y[4] * ny + y[5]


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


@physics
def place(row, ha, hb, ya, yb):
    """Fraction of a step at which the height or the speed is reached where its row stops a flight; two where it is not."""
    f = 2.0
    if ha < row[STOP_HEIGHT] <= hb:
        f = (row[STOP_HEIGHT] - ha) / (hb - ha)
    if hb <= -row[STOP_HEIGHT] < ha:
        f = (ha + row[STOP_HEIGHT]) / (ha - hb)
    if row[STOP_SPEED] != 0.0:
        sign = 1.0 if row[STOP_SPEED] > 0.0 else -1.0
        a = sign * math.sqrt(ya[3] * ya[3] + ya[4] * ya[4] + ya[5] * ya[5])
        b = sign * math.sqrt(yb[3] * yb[3] + yb[4] * yb[4] + yb[5] * yb[5])
        if a < row[STOP_SPEED] <= b:
            f = min(f, (row[STOP_SPEED] - a) / (b - a))
    return f


@physics
def waits(dev, stretch, released, i):
    """Whether device i is the rest of one that is not out yet."""
    before = int(dev[i, DEV_AFTER]) - 1
    return before >= 0 and not (released[before] > 0.5 and stretch[before] >= NEVER)


@physics
def crossing(T, ya, yb, apogee_done, dev, row, stretch, released):
    """(fraction, event) of the first event between two states, as named above."""
    ha, ca = climb_and_height(T, ya)
    hb, cb = climb_and_height(T, yb)
    frac, which = 1.0, NOTHING
    if not apogee_done:
        if cb < 0.0:
            frac, which = (ca / (ca - cb) if ca > 0.0 else 0.0), APOGEE
    else:
        for i in range(DEVICES):
            if (
                released[i] < 0.5 and dev[i, DEV_EVENT] == AT_ALTITUDE and hb < row[VALUE0 + i]
                and not waits(dev, stretch, released, i)
            ):  # fmt: skip
                f = (ha - row[VALUE0 + i]) / (ha - hb) if ha > row[VALUE0 + i] else 0.0
                if f < frac or which == NOTHING:
                    frac, which = f, RELEASE + i
    if hb < T.ground_top and cb < 0.0:
        b = hb - ground_height(T, yb[0], yb[1])
        if b < 0.0:
            a = ha - ground_height(T, ya[0], ya[1])
            f = a / (a - b) if a > 0.0 else 0.0
            if f < frac or which == NOTHING:
                frac, which = f, GROUND
    if row[STOP_HEIGHT] < NEVER_STOP or row[STOP_SPEED] != 0.0:
        f = place(row, ha, hb, ya, yb)
        if f <= 1.0 and (f < frac or which == NOTHING):
            frac, which = f, PLACE
    if hb > T.top:
        which = TOP
    return frac, which


@physics
def prepare_devices(dev, row, stretch, released):
    """Set the devices that open at a given time, and at the latest; the others wait."""
    for i in range(DEVICES):
        stretch[i] = NEVER
        released[i] = 0.0
        if row[BACKUP0 + i] > 0.0 and dev[i, DEV_EVENT] != AT_NEVER:
            stretch[i] = row[BACKUP0 + i] + row[LAG0 + i]
        if dev[i, DEV_EVENT] == AT_TIME:
            release(dev, row, stretch, released, i, row[VALUE0 + i])


@physics
def release(dev, row, stretch, released, i, t):
    """Release device i at t, if it was not to open sooner."""
    released[i] = 1.0
    due = t + dev[i, DEV_DELAY] + row[LAG0 + i]
    stretch[i] = due if due < stretch[i] else stretch[i]


@physics
def due_at_apogee(dev, row, stretch, released, h, i):
    """Whether device i waits for apogee, or for a height that the rocket is already below."""
    below = dev[i, DEV_EVENT] == AT_ALTITUDE and h <= row[VALUE0 + i] and not waits(dev, stretch, released, i)
    return released[i] < 0.5 and (below or dev[i, DEV_EVENT] == AT_APOGEE)


@physics
def release_rest(dev, row, stretch, released, device, t):
    """Device `device` is stretched: release what follows it."""
    for i in range(DEVICES):
        if released[i] < 0.5 and dev[i, DEV_EVENT] == AT_STRETCH and int(dev[i, DEV_AFTER]) == device + 1:
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
    now = spread(C, t)
    cds = row[CDS0 + i]
    full = cds if dev[i, DEV_REPLACES] > 0.5 else C[1] + cds
    rate = 1e9  # instantly
    if dev[i, DEV_FILL] > 0.0:  # a distance
        rate = max(speed, 1.0) / dev[i, DEV_FILL]
    elif dev[i, DEV_FILL] < 0.0:  # minus a time
        rate = -1.0 / dev[i, DEV_FILL]
    gx, gy = C[6], C[7]
    if row[GLIDE0 + i] > 0.0 or dev[i, DEV_REPLACES] > 0.5:
        gx, gy = row[GLIDE0 + i] * math.sin(row[HEADING]), row[GLIDE0 + i] * math.cos(row[HEADING])
    return now, full, t, rate, C[4], dev[i, DEV_SHAPE], gx, gy


@physics
def others(dev, row, i, C):
    """Drag area (m2) that is not that of the canopy of which device i, which fills, is the last part; C is the law."""
    area = C[0] if dev[i, DEV_REPLACES] < 0.5 else 0.0
    before = int(dev[i, DEV_AFTER]) - 1
    while before >= 0:
        area = area - row[CDS0 + before] if dev[before, DEV_REPLACES] < 0.5 else 0.0
        before = int(dev[before, DEV_AFTER]) - 1
    return max(area, 0.0)


@physics
def pull(T, F, C, t, h, ya, ka, yb, kb, beside):
    """Largest dynamic pressure times drag area but `beside` (N) in a step of h from t, by its states and their derivatives."""
    hh, nx, ny = height(T, yb[0], yb[1], yb[2])
    rho, sound, u, v = air(T, F, hh)
    wz = u * nx + v * ny
    most = 0.0
    for n in range(1, 5):
        s = 0.25 * n
        a, b = (1.0 + 2.0 * s) * (1.0 - s) * (1.0 - s), s * s * (3.0 - 2.0 * s)
        c, d = h * s * (1.0 - s) * (1.0 - s), h * s * s * (s - 1.0)
        ax = a * ya[3] + b * yb[3] + c * ka[3] + d * kb[3] - u
        ay = a * ya[4] + b * yb[4] + c * ka[4] + d * kb[4] - v
        az = a * ya[5] + b * yb[5] + c * ka[5] + d * kb[5] + wz
        most = max(most, (spread(C, t + s * h) - beside) * (ax * ax + ay * ay + az * az))
    return 0.5 * rho * most


@physics
def note_load(dev, row, i, load, out):
    """Keep the largest opening load (N); true where it tears device i."""
    felt = load * dev[i, DEV_SHOCK]
    if felt > 0.0 and not out[LOAD] >= felt:
        out[LOAD] = felt
    return felt > row[STRENGTH0 + i] > 0.0


@physics
def tear(dev, row, stretch, released, i, t, C, out):
    """The canopy of which device i is a part tears: the law without it; what is left of it never opens."""
    out[TORN] += 1.0
    rest = others(dev, row, i, C)
    first = i
    while dev[first, DEV_AFTER] > 0.5:
        first = int(dev[first, DEV_AFTER]) - 1
    for j in range(DEVICES):
        root = j
        while dev[root, DEV_AFTER] > 0.5:
            root = int(dev[root, DEV_AFTER]) - 1
        if root == first:
            released[j], stretch[j] = 1.0, NEVER
    return rest, rest, t, 1e9, C[4], 0.0, 0.0, 0.0


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
