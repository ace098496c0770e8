"""One flight, with its trajectory: every accepted step, its derivative, and the events between."""

import math

from downrange.flight.kernel.common import (
    ABOVE_TABLES,
    CODE,
    EVALS,
    EVENT_TIME,
    LANDED,
    LIFTOFF_T,
    NO_LIFTOFF,
    NOT_FINITE,
    OPENING,
    RAIL_T,
    STEP_LIMIT,
    STEPS,
    STOPPED,
    TIME_LIMIT,
    blank,
    crossing,
    depart,
    derivative,
    next_stretch,
    note_extremes,
    note_stability,
    note_watch,
    open_device,
    prepare_devices,
    rail_frame,
    release,
    release_at_apogee,
    segment_at,
    stability_at,
    step_canopy,
    step_full,
)
from downrange.flight.kernel.common import climb_and_height as climb_height
from downrange.flight.kernel.dopri import flight_from_row, segment_from_row, step_factor
from downrange.flight.kernel.jit import driver, physics
from downrange.flight.kernel.layout import NS, O
from downrange.flight.kernel.physics import airspeed_of, canopy, rail

EV_LIFTOFF, EV_RAIL, EV_PIVOT, EV_BURNOUT, EV_APOGEE, EV_RELEASE, EV_STRETCH, EV_FULL, EV_LANDING = range(9)
APO, APO_T, APO_E, APO_N, APO_V = (
    O[k] for k in ("apogee", "apogee_time", "apogee_east", "apogee_north", "apogee_speed")
)
BURN_H, BURN_V = O["burnout_height"], O["burnout_speed"]
DEP_T, DEP_V = O["deploy_time"], O["deploy_speed"]
LAND_T, LAND_E, LAND_N, LAND_U, LAND_V = (
    O[k] for k in ("landing_time", "landing_east", "landing_north", "landing_up", "landing_speed")
)
SINK = O["landing_sink"]
COLUMNS = 28  # t, 13 of state, 13 of its derivative, phase


@physics
def keep_step(track, n, t, y, k, under):
    """Write a step into `track`, where there is one, and return how many there are now."""
    if n < track.shape[0]:
        track[n, 0] = t
        for m in range(13):
            track[n, 1 + m] = y[m]
            track[n, 14 + m] = k[m]
        track[n, 27] = under
        return n + 1
    return n


@physics
def still(k):
    """A canopy's derivative as one of the 13-state."""
    return k[0], k[1], k[2], k[3], k[4], k[5], 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0


@driver
def fly_one(T, rows, dev, row, options, start, track, events, scratch, out):
    """Fly once; fills `track` (m, 28; none kept where m is 0), `events` (k, 3) [kind, time, device], `out`; returns
    (steps kept, events).

    options: tolerance, tolerance under canopy, time limit, stop at apogee (1) or not (0), time to stop at.
    start: flag, time, 13-state; used where flag is 1 instead of a departure from the rail.
    """
    F = flight_from_row(row)
    tol, tol_canopy, t_limit, at_apogee, t_stop = options[0], options[1], options[2], options[3] > 0.5, options[4]
    stretch, released = scratch[0], scratch[1]
    blank(out)
    n, ne = 0, 0
    prepare_devices(dev, row, stretch, released)

    if start[0] > 0.5:
        t = start[1]
        i = segment_at(rows, t)
        y = (start[2], start[3], start[4], start[5], start[6], start[7], start[8], start[9], start[10], start[11],
             start[12], start[13], start[14])  # fmt: skip
    else:
        t, i, y = depart(T, F, rows, row, tol, out)
        if out[CODE] == NO_LIFTOFF:
            return n, ne
        events[0, 0], events[0, 1], events[0, 2] = EV_LIFTOFF, out[LIFTOFF_T], -1
        events[1, 0], events[1, 1], events[1, 2] = EV_RAIL, out[RAIL_T], -1
        events[2, 0], events[2, 1], events[2, 2] = EV_PIVOT, t, -1
        ne = 3

    apogee_done = False
    under = False
    S = segment_from_row(rows, i)
    C = (0.0, 0.0, 0.0, 1e9, 0.0)
    k = derivative(T, F, S, t, y)
    x = y[:6]
    kx = x
    h = 1e-3
    n = keep_step(track, n, t, y, k, 0.0)
    note_extremes(T, F, y, k, out)
    stalled = 0
    while True:
        if out[STEPS] > 500000 or (track.shape[0] > 0 and n >= track.shape[0] - 2):
            out[CODE] = STEP_LIMIT
            break
        if t >= t_limit - 1e-9:
            out[CODE] = TIME_LIMIT
            break
        # Steps stop on the knots of the thrust curve, on line stretch, on full inflation, and where the caller asked.
        t_next, device = next_stretch(stretch)
        limit, why = t_limit, 0
        if t_stop < limit:
            limit, why = t_stop, 1
        if not under and rows[i, NS] < limit:
            limit, why = rows[i, NS], 2
        if t_next < limit:
            limit, why = t_next, 3
        if under and C[3] < 1e8 and t < C[2] + 1.0 / C[3] - 1e-9 and C[2] + 1.0 / C[3] < limit:
            limit, why = C[2] + 1.0 / C[3], 4
        hh, knot = h, 0
        if t + hh >= limit - 1e-10:
            hh, knot = max(limit - t, 0.0), why + 1
        if under:
            xn, kn6, e2 = step_canopy(T, F, C, t, hh, x, kx, tol_canopy)
            yn, kn = y, k
        else:
            yn, kn, e2 = step_full(T, F, S, t, hh, y, k, tol)
            xn, kn6 = yn[:6], kx
        out[EVALS] += 6
        out[STEPS] += 1
        fac = step_factor(e2)
        if not e2 <= 1.0:
            h = hh * fac
            stalled += 1
            if stalled > 200 or not math.isfinite(e2) and hh < 1e-9:
                out[CODE] = NOT_FINITE
                break
            continue
        stalled = 0
        frac, which = crossing(T, x, xn, apogee_done, dev, row, released)
        if which > 0 and which != 3 and hh * (1.0 - frac) > EVENT_TIME and hh > EVENT_TIME:
            h = max(hh * frac, 0.5 * EVENT_TIME)
            continue
        note_watch(t, t + hh, x, xn, row, out)
        t += hh
        h = max(h, hh * fac) if knot > 0 else hh * fac
        x = xn
        if under:
            kx = kn6
            y = (x[0], x[1], x[2], x[3], x[4], x[5], y[6], y[7], y[8], y[9], 0.0, 0.0, 0.0)
        else:
            y, k = yn, kn
            note_extremes(T, F, y, k, out)
            if not apogee_done:
                note_stability(stability_at(T, F, S, t, y), out)
        if under:
            n = keep_step(track, n, t, y, still(kx), 1.0)
        else:
            n = keep_step(track, n, t, y, k, 0.0)

        if which == 1:
            apogee_done = True
            height, climb = climb_height(T, x)
            out[APO], out[APO_T], out[APO_E], out[APO_N] = height, t, x[0], x[1]
            out[APO_V] = airspeed_of(T, F, x)
            events[ne, 0], events[ne, 1], events[ne, 2] = EV_APOGEE, t, -1
            ne += 1
            before = (released[0], released[1], released[2], released[3])
            release_at_apogee(dev, row, stretch, released, height, t)
            for d in range(4):
                if released[d] > before[d]:
                    events[ne, 0], events[ne, 1], events[ne, 2] = EV_RELEASE, t, d
                    ne += 1
            if at_apogee:
                out[CODE] = STOPPED
                break
        elif which == 2:
            out[CODE] = LANDED
            out[LAND_T], out[LAND_E], out[LAND_N], out[LAND_U] = t, x[0], x[1], x[2]
            out[LAND_V] = math.sqrt(x[3] * x[3] + x[4] * x[4] + x[5] * x[5])
            out[SINK] = -x[5]
            events[ne, 0], events[ne, 1], events[ne, 2] = EV_LANDING, t, -1
            ne += 1
            break
        elif which == 3:
            out[CODE] = ABOVE_TABLES
            break
        elif which >= 4:
            release(dev, row, stretch, released, which - 4, t)
            events[ne, 0], events[ne, 1], events[ne, 2] = EV_RELEASE, t, which - 4
            ne += 1

        if knot == 2:
            out[CODE] = STOPPED
            break
        if knot == 3:
            was_on = S.on
            if i + 1 < rows.shape[0]:
                i += 1
            S = segment_from_row(rows, i)
            if was_on > 0.5 and S.on < 0.5:
                out[BURN_H], _ = climb_height(T, x)
                out[BURN_V] = math.sqrt(x[3] * x[3] + x[4] * x[4] + x[5] * x[5])
                events[ne, 0], events[ne, 1], events[ne, 2] = EV_BURNOUT, t, -1
                ne += 1
            k = derivative(T, F, S, t, y)
            note_extremes(T, F, y, k, out)
            n = keep_step(track, n, t, y, k, 0.0)
        if knot == 4:
            stretch[device] = 1e30
            speed = airspeed_of(T, F, x)
            if not under:
                out[DEP_T], out[DEP_V], out[OPENING] = t, speed, speed
                s = t - S.t0
                C = (0.0, 0.0, t, 1e9, F.propellant * (S.m0 + s * (S.m1 + s * S.m2)))
            out[OPENING] = max(out[OPENING], speed)
            C = open_device(dev, row, device, t, speed, C)
            under = True
            kx = canopy(T, F, C, t, x)
            h = 0.02
            events[ne, 0], events[ne, 1], events[ne, 2] = EV_STRETCH, t, device
            ne += 1
            n = keep_step(track, n, t, y, still(kx), 1.0)
        if knot == 5:
            kx = canopy(T, F, C, t, x)
    return n, ne


@driver
def ride_track(T, rows, row, t0, t1, n, out):
    """The ride up the rail from lift-off t0 to exit t1 in n equal Runge-Kutta steps: `out` (n + 1, 4) [t, s, v, a]."""
    F = flight_from_row(row)
    d = rail_frame(row)[0]
    h = (t1 - t0) / n
    s, v = 0.0, 0.0
    for k in range(n + 1):
        t = t0 + k * h
        S = segment_from_row(rows, segment_at(rows, t + 1e-12))
        k1 = rail(T, F, (S, d), t, (s, v))
        out[k, 0], out[k, 1], out[k, 2], out[k, 3] = t, s, v, k1[1]
        S = segment_from_row(rows, segment_at(rows, t + 0.5 * h))
        k2 = rail(T, F, (S, d), t + 0.5 * h, (s + 0.5 * h * k1[0], v + 0.5 * h * k1[1]))
        k3 = rail(T, F, (S, d), t + 0.5 * h, (s + 0.5 * h * k2[0], v + 0.5 * h * k2[1]))
        S = segment_from_row(rows, segment_at(rows, t + h - 1e-12))
        k4 = rail(T, F, (S, d), t + h, (s + h * k3[0], v + h * k3[1]))
        s += h / 6 * (k1[0] + 2 * k2[0] + 2 * k3[0] + k4[0])
        v += h / 6 * (k1[1] + 2 * k2[1] + 2 * k3[1] + k4[1])
