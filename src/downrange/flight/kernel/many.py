"""Many flights: lanes of 16 in step through SIMD registers, each with its own step size; refilled from the batch.

Ascent (rail to first line stretch or ground) for the whole batch, then descent under canopies. A lane's arithmetic
never depends on its neighbours, so results do not depend on the order, the threads or the batch.
"""

import math

import numpy as np

from downrange.flight.kernel.common import (
    ABOVE_TABLES,
    CODE,
    EVALS,
    EVENT_TIME,
    LANDED,
    NO_LIFTOFF,
    NOT_FINITE,
    OPENING,
    STEP_LIMIT,
    STEPS,
    STOPPED,
    TIME_LIMIT,
    blank,
    climb_and_height,
    crossing,
    depart,
    derivative,
    next_stretch,
    note_extremes,
    note_stability,
    note_watch,
    open_device,
    prepare_devices,
    release,
    release_at_apogee,
    step_canopy,
    step_full,
    step_plain,
)
from downrange.flight.kernel.dopri import (
    flight_from_row,
    load5,
    load6,
    load13,
    load_flight,
    load_segment,
    segment_from_row,
    step_factor,
    store6,
    store13,
)
from downrange.flight.kernel.jit import driver, lanes
from downrange.flight.kernel.layout import DEVICES, NF, NS, STOP, L
from downrange.flight.kernel.physics import airspeed_of, canopy, stability
from downrange.flight.kernel.single import (
    APO,
    APO_E,
    APO_N,
    APO_T,
    APO_V,
    BURN_H,
    BURN_V,
    DEP_T,
    DEP_V,
    LAND_E,
    LAND_N,
    LAND_T,
    LAND_U,
    LAND_V,
    SINK,
)

HANDOVER = 8 + 2 * DEVICES  # time, 6 of state, propellant left, stretch times, released


@lanes
def lanes_plain(T, FL, SL, Y, K, TT, HH, YN, KN, ERR, FAC, MAR, tol):
    """One step of every lane in free flight, and the stability margin after it."""
    for l in range(L):
        F, S = load_flight(FL, l), load_segment(SL, l)
        y, k, e2 = step_plain(T, F, S, TT[l], HH[l], load13(Y, l), load13(K, l), tol)
        store13(YN, l, y)
        store13(KN, l, k)
        ERR[l] = e2
        FAC[l] = step_factor(e2)
        MAR[l] = stability(T, F, S, TT[l] + HH[l], y)


@lanes
def lanes_full(T, FL, SL, Y, K, TT, HH, YN, KN, ERR, FAC, MAR, tol):
    """One step of every lane in free flight with odd fins and brakes, and the stability margin after it."""
    for l in range(L):
        F, S = load_flight(FL, l), load_segment(SL, l)
        y, k, e2 = step_full(T, F, S, TT[l], HH[l], load13(Y, l), load13(K, l), tol)
        store13(YN, l, y)
        store13(KN, l, k)
        ERR[l] = e2
        FAC[l] = step_factor(e2)
        MAR[l] = stability(T, F, S, TT[l] + HH[l], y)


@lanes
def lanes_canopy(T, FL, CL, Y, K, TT, HH, YN, KN, ERR, FAC, tol):
    """One step of every lane under canopies."""
    for l in range(L):
        y, k, e2 = step_canopy(T, load_flight(FL, l), load5(CL, l), TT[l], HH[l], load6(Y, l), load6(K, l), tol)
        store6(YN, l, y)
        store6(KN, l, k)
        ERR[l] = e2
        FAC[l] = step_factor(e2)


@driver
def _load_row(P, j, FL, l):
    for m in range(NF):
        FL[m * L + l] = P[j, m]


@driver
def _load_rows(rows, i, SL, l):
    for m in range(NS):
        SL[m * L + l] = rows[i, m]


@driver
def _ascend(T, rows, dev, P, starts, tol, t_limit, full, lo, hi, out, hand, ends):
    """Fly [lo, hi) from the pad to first line stretch or ground; `hand` (hi - lo, HANDOVER) gets the state there.

    A flight that stops where its row asks leaves [time, 13-state] in `ends`.
    """
    FL, SL = np.zeros(NF * L), np.zeros(NS * L)
    Y, K, YN, KN = np.zeros(13 * L), np.zeros(13 * L), np.zeros(13 * L), np.zeros(13 * L)
    TT, HS, HH, ERR, FAC, MAR = np.zeros(L), np.zeros(L), np.zeros(L), np.zeros(L), np.zeros(L), np.zeros(L)
    ids, seg, why, bad = np.full(L, -1), np.zeros(L, np.int64), np.zeros(L, np.int64), np.zeros(L, np.int64)
    apogee = np.zeros(L, np.bool_)
    stretch, released = np.full((L, DEVICES), 1e30), np.zeros((L, DEVICES))
    for l in range(L):  # idle lanes repeat flight lo with steps of zero, so that they stay finite
        _load_row(P, lo, FL, l)
        _load_rows(rows, 0, SL, l)
        Y[6 * L + l] = 1.0
    nxt, live = lo, 0
    while True:
        for l in range(L):
            while ids[l] < 0 and nxt < hi:
                j = nxt
                nxt += 1
                blank(out[j])
                hand[j - lo, 0] = -1.0
                F = flight_from_row(P[j])
                prepare_devices(dev, P[j], stretch[l], released[l])
                if starts.shape[0] > 0:
                    t, s = starts[j, 0], 0
                    while s + 1 < rows.shape[0] and rows[s, NS] <= t:
                        s += 1
                    y = (starts[j, 1], starts[j, 2], starts[j, 3], starts[j, 4], starts[j, 5], starts[j, 6], starts[j, 7],
                         starts[j, 8], starts[j, 9], starts[j, 10], starts[j, 11], starts[j, 12], starts[j, 13])  # fmt: skip
                else:
                    t, s, y = depart(T, F, rows, P[j], tol, out[j])
                    if out[j, CODE] == NO_LIFTOFF:
                        continue
                k = derivative(T, F, segment_from_row(rows, s), t, y)
                note_extremes(T, F, y, k, out[j])
                _load_row(P, j, FL, l)
                _load_rows(rows, s, SL, l)
                store13(Y, l, y)
                store13(K, l, k)
                ids[l], seg[l], TT[l], HS[l], apogee[l], bad[l] = j, s, t, 1e-3, False, 0
                live += 1
        if live == 0:
            break
        for l in range(L):
            if ids[l] < 0:
                HH[l] = 0.0
                continue
            t_next, device = next_stretch(stretch[l])
            limit, why[l] = t_limit, 1
            if rows[seg[l], NS] < limit:
                limit, why[l] = rows[seg[l], NS], 3
            if t_next < limit:
                limit, why[l] = t_next, 4
            if 0.0 <= P[ids[l], STOP] < limit:
                limit, why[l] = P[ids[l], STOP], 2
            if TT[l] + HS[l] >= limit - 1e-10:
                HH[l] = max(limit - TT[l], 0.0)
            else:
                HH[l], why[l] = HS[l], 0
        if full:
            lanes_full(T, FL, SL, Y, K, TT, HH, YN, KN, ERR, FAC, MAR, tol)
        else:
            lanes_plain(T, FL, SL, Y, K, TT, HH, YN, KN, ERR, FAC, MAR, tol)
        for l in range(L):
            j = ids[l]
            if j < 0:
                continue
            hh = HH[l]
            o = out[j]
            o[EVALS] += 6
            o[STEPS] += 1
            if not ERR[l] <= 1.0:
                HS[l] = hh * FAC[l]
                bad[l] += 1
                if bad[l] > 200 or o[STEPS] > 500000:
                    o[CODE] = NOT_FINITE if bad[l] > 200 else STEP_LIMIT
                    ids[l], live = -1, live - 1
                continue
            bad[l] = 0
            ya, yb = load6(Y, l), load6(YN, l)
            frac, which = crossing(T, ya, yb, apogee[l], dev, P[j], released[l])
            if which > 0 and which != 3 and hh * (1.0 - frac) > EVENT_TIME and hh > EVENT_TIME:
                HS[l] = max(hh * frac, 0.5 * EVENT_TIME)
                continue
            note_watch(TT[l], TT[l] + hh, ya, yb, P[j], o)
            TT[l] += hh
            HS[l] = max(HS[l], hh * FAC[l]) if why[l] > 0 else hh * FAC[l]
            y, k = load13(YN, l), load13(KN, l)
            store13(Y, l, y)
            store13(K, l, k)
            F = load_flight(FL, l)
            note_extremes(T, F, y, k, o)
            if not apogee[l]:
                note_stability(MAR[l], o)
            if which == 1:
                apogee[l] = True
                height, climb = climb_and_height(T, yb)
                o[APO], o[APO_T], o[APO_E], o[APO_N], o[APO_V] = height, TT[l], yb[0], yb[1], airspeed_of(T, F, yb)
                release_at_apogee(dev, P[j], stretch[l], released[l], height, TT[l])
            elif which == 2:
                _land(o, TT[l], yb)
                ids[l], live = -1, live - 1
                continue
            elif which == 3:
                o[CODE] = ABOVE_TABLES
                ids[l], live = -1, live - 1
                continue
            elif which >= 4:
                release(dev, P[j], stretch[l], released[l], which - 4, TT[l])
            if why[l] == 2 or (which == 1 and P[j, STOP] < 0.0):
                o[CODE] = STOPPED
                ends[j, 0] = TT[l]
                for c in range(13):
                    ends[j, 1 + c] = y[c]
                ids[l], live = -1, live - 1
            elif why[l] == 1:
                o[CODE] = TIME_LIMIT
                ids[l], live = -1, live - 1
            elif why[l] == 3:
                was_on = SL[6 * L + l]
                if seg[l] + 1 < rows.shape[0]:
                    seg[l] += 1
                _load_rows(rows, seg[l], SL, l)
                if was_on > 0.5 and SL[6 * L + l] < 0.5:
                    o[BURN_H], climb = climb_and_height(T, yb)
                    o[BURN_V] = math.sqrt(yb[3] * yb[3] + yb[4] * yb[4] + yb[5] * yb[5])
                k = derivative(T, F, load_segment(SL, l), TT[l], y)
                note_extremes(T, F, y, k, o)
                store13(K, l, k)
            elif why[l] == 4:
                m = hand[j - lo]
                m[0] = TT[l]
                for c in range(6):
                    m[1 + c] = yb[c]
                s = TT[l] - SL[l]
                m[7] = F.propellant * (SL[3 * L + l] + s * (SL[4 * L + l] + s * SL[5 * L + l]))
                for c in range(DEVICES):
                    m[8 + c], m[8 + DEVICES + c] = stretch[l, c], released[l, c]
                if not apogee[l]:
                    m[0] = -2.0 - TT[l]  # a canopy before apogee: marked by sign
                ids[l], live = -1, live - 1


@driver
def _land(o, t, x):
    o[CODE] = LANDED
    o[LAND_T], o[LAND_E], o[LAND_N], o[LAND_U] = t, x[0], x[1], x[2]
    o[LAND_V] = math.sqrt(x[3] * x[3] + x[4] * x[4] + x[5] * x[5])
    o[SINK] = -x[5]


@driver
def _descend(T, dev, P, tol, t_limit, lo, hi, out, hand):
    """Under canopies to the ground, from the states in `hand`."""
    FL, CL = np.zeros(NF * L), np.zeros(5 * L)
    Y, K, YN, KN = np.zeros(6 * L), np.zeros(6 * L), np.zeros(6 * L), np.zeros(6 * L)
    TT, HS, HH, ERR, FAC = np.zeros(L), np.zeros(L), np.zeros(L), np.zeros(L), np.zeros(L)
    ids, why, dev_next, bad = np.full(L, -1), np.zeros(L, np.int64), np.zeros(L, np.int64), np.zeros(L, np.int64)
    apogee = np.zeros(L, np.bool_)
    for l in range(L):
        _load_row(P, lo, FL, l)
    nxt, live = lo, 0
    while True:
        for l in range(L):
            while ids[l] < 0 and nxt < hi:
                j = nxt
                nxt += 1
                m = hand[j - lo]
                if m[0] == -1.0:
                    continue
                _load_row(P, j, FL, l)
                F = load_flight(FL, l)
                apogee[l] = m[0] >= 0.0
                t = m[0] if m[0] >= 0.0 else -m[0] - 2.0
                x = (m[1], m[2], m[3], m[4], m[5], m[6])
                t_next, device = next_stretch(m[8 : 8 + DEVICES])
                speed = airspeed_of(T, F, x)
                out[j, DEP_T], out[j, DEP_V], out[j, OPENING] = t, speed, speed
                m[8 + device] = 1e30
                C = open_device(dev, P[j], device, t, speed, (0.0, 0.0, t, 1e9, m[7]))
                for c in range(5):
                    CL[c * L + l] = C[c]
                store6(Y, l, x)
                store6(K, l, canopy(T, F, C, t, x))
                ids[l], TT[l], HS[l], bad[l] = j, t, 0.02, 0
                live += 1
        if live == 0:
            break
        for l in range(L):
            if ids[l] < 0:
                HH[l] = 0.0
                continue
            m = hand[ids[l] - lo]
            t_next, dev_next[l] = next_stretch(m[8 : 8 + DEVICES])
            limit, why[l] = t_limit, 1
            if t_next < limit:
                limit, why[l] = t_next, 4
            rate = CL[3 * L + l]
            if rate < 1e8:
                end = CL[2 * L + l] + 1.0 / rate
                if TT[l] < end - 1e-9 and end < limit:
                    limit, why[l] = end, 5
            if TT[l] + HS[l] >= limit - 1e-10:
                HH[l] = max(limit - TT[l], 0.0)
            else:
                HH[l], why[l] = HS[l], 0
        lanes_canopy(T, FL, CL, Y, K, TT, HH, YN, KN, ERR, FAC, tol)
        for l in range(L):
            j = ids[l]
            if j < 0:
                continue
            hh = HH[l]
            o, m = out[j], hand[j - lo]
            o[EVALS] += 6
            o[STEPS] += 1
            if not ERR[l] <= 1.0:
                HS[l] = hh * FAC[l]
                bad[l] += 1
                if bad[l] > 200 or o[STEPS] > 500000:
                    o[CODE] = NOT_FINITE if bad[l] > 200 else STEP_LIMIT
                    ids[l], live = -1, live - 1
                continue
            bad[l] = 0
            ya, yb = load6(Y, l), load6(YN, l)
            released = m[8 + DEVICES :]
            frac, which = crossing(T, ya, yb, apogee[l], dev, P[j], released)
            if which > 0 and which != 3 and hh * (1.0 - frac) > EVENT_TIME and hh > EVENT_TIME:
                HS[l] = max(hh * frac, 0.5 * EVENT_TIME)
                continue
            note_watch(TT[l], TT[l] + hh, ya, yb, P[j], o)
            TT[l] += hh
            HS[l] = max(HS[l], hh * FAC[l]) if why[l] > 0 else hh * FAC[l]
            store6(Y, l, yb)
            store6(K, l, load6(KN, l))
            F = load_flight(FL, l)
            if which == 1:
                apogee[l] = True
                height, climb = climb_and_height(T, yb)
                o[APO], o[APO_T], o[APO_E], o[APO_N], o[APO_V] = height, TT[l], yb[0], yb[1], airspeed_of(T, F, yb)
                release_at_apogee(dev, P[j], m[8 : 8 + DEVICES], released, height, TT[l])
            elif which == 2:
                _land(o, TT[l], yb)
                ids[l], live = -1, live - 1
                continue
            elif which == 3:
                o[CODE] = ABOVE_TABLES
                ids[l], live = -1, live - 1
                continue
            elif which >= 4:
                release(dev, P[j], m[8 : 8 + DEVICES], released, which - 4, TT[l])
            if why[l] == 1:
                o[CODE] = TIME_LIMIT
                ids[l], live = -1, live - 1
            elif why[l] == 4:
                m[8 + dev_next[l]] = 1e30
                speed = airspeed_of(T, F, yb)
                o[OPENING] = max(o[OPENING], speed)
                C = open_device(dev, P[j], dev_next[l], TT[l], speed, load5(CL, l))
                for c in range(5):
                    CL[c * L + l] = C[c]
                store6(K, l, canopy(T, F, C, TT[l], yb))
                HS[l] = 0.02


@driver
def fly_many(T, rows, dev, P, starts, options, full, lo, hi, out, ends):
    """Fly the parameter rows P[lo:hi]; fills out[lo:hi] (see `layout.OUT`) and ends[lo:hi] of those that stop.

    starts: (0, 14) to leave from the rail, or (n, 14) [time, 13-state]; ends (n, 14). options as for one flight. full: odd fins or
    brakes. Releases the GIL; disjoint ranges may run on threads of their own.
    """
    hand = np.empty((hi - lo, HANDOVER))
    _ascend(T, rows, dev, P, starts, options[0], options[2], full, lo, hi, out, hand, ends)
    _descend(T, dev, P, options[1], options[2], lo, hi, out, hand)
