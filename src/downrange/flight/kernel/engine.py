"""What a flight does between and after its steps, once: for one flight, for lanes of many, and for a CUDA thread.

The state of a flight is a record (`layout.RECORD`). `engine` takes flights from the pad or from their records, free
flight first and what hangs under canopies second, as many side by side as `width` says, and leaves records of those that
stop. A lane's arithmetic never depends on its neighbours, so results depend neither on the order, nor the threads, nor
the batch. It is instantiated for each width with the functions that step.
"""

import math
from types import FunctionType

from .departure import depart, ends, segment_at
from .dopri import (
    flight_from_row,
    load6,
    load8,
    load13,
    load_flight,
    load_segment,
    segment_from_row,
    store6,
    store8,
    store13,
)
from .events import (
    APOGEE,
    CODE,
    EVALS,
    EVENT_TIME,
    GROUND,
    NEVER,
    NOTHING,
    PLACE,
    RELEASE,
    STEPS,
    TOP,
    airspeed,
    blank,
    climb_and_height,
    crossing,
    due_at_apogee,
    next_stretch,
    note_extremes,
    note_load,
    note_stability,
    note_watch,
    open_device,
    others,
    prepare_devices,
    pull,
    release,
    release_rest,
    tear,
)
from .jit import machine, physics
from .layout import (
    ABOVE_TABLES,
    CANOPY,
    DEVICES,
    FREE,
    LANDED,
    LEAST_AIRSPEED,
    NO_LIFTOFF,
    NOT_FINITE,
    OVER,
    R_PHASE,
    R_READY,
    RECORD,
    STEP_LIMIT,
    STOP,
    STOP_APOGEE,
    STOPPED,
    THRUST_AT,
    TIME_LIMIT,
    UNDER,
    O,
)
from .margin import airspeed_of, margin_at
from .physics import ON, T0, canopy, centre, free, of
from .record import keep_last, keep_step, load_inputs, load_thrust, note_event, read_record, still, write_record

EV_LIFTOFF, EV_RAIL, EV_PIVOT, EV_BURNOUT, EV_APOGEE, EV_RELEASE, EV_STRETCH, EV_FULL, EV_LANDING, EV_TORN = range(10)
TO_TIME_LIMIT, TO_STOP, TO_KNOT, TO_STRETCH, TO_FULL = range(1, 6)  # where a step ends, if not where it likes
LIFTOFF_T, RAIL_T, PIVOT_T = O["liftoff_time"], O["rail_exit_time"], O["pivot_exit_time"]
APO, APO_T, APO_E, APO_N, APO_V = (
    O[k] for k in ("apogee", "apogee_time", "apogee_east", "apogee_north", "apogee_speed")
)
BURN_H, BURN_V = O["burnout_height"], O["burnout_speed"]
DEP_T, DEP_V, OPENING = O["deploy_time"], O["deploy_speed"], O["fastest_opening"]
LAND_T, LAND_E, LAND_N, LAND_U, LAND_V = (
    O[k] for k in ("landing_time", "landing_east", "landing_north", "landing_up", "landing_speed")
)
SINK = O["landing_sink"]
NEAR = 3.0 * LEAST_AIRSPEED  # m/s over ground: slower than that, the airspeed is looked at
CANOPY_STEP = 0.02  # s; the first after a canopy is stretched
WIDTH, step_free, step_canopy = 1, None, None  # every instance of the engine has its own


@machine
def derivative(T, F, S, odd, t, y):
    """State derivative in free flight, compiled once for both kinds of flight."""
    return free(T, F, S, odd, odd, t, y)


@machine
def margin_where_slow(T, flight, segment, l, width, t, h, ya, yb):
    """The margin where the airspeed falls through the least at which it counts, between two states; else a huge one.

    There the angle of attack grows fast, and the least margin must not hang on where a step happens to end.
    """
    F, S = load_flight(flight, l, width), load_segment(segment, l, width)
    va, vb = airspeed_of(T, F, ya), airspeed_of(T, F, yb)
    if va <= LEAST_AIRSPEED or vb > LEAST_AIRSPEED:
        return 1e9
    f = (va - LEAST_AIRSPEED) / (va - vb)
    g = 1.0 - f
    y = (
        g * ya[0] + f * yb[0], g * ya[1] + f * yb[1], g * ya[2] + f * yb[2],
        g * ya[3] + f * yb[3], g * ya[4] + f * yb[4], g * ya[5] + f * yb[5],
        g * ya[6] + f * yb[6], g * ya[7] + f * yb[7], g * ya[8] + f * yb[8], g * ya[9] + f * yb[9],
        yb[10], yb[11], yb[12],
    )  # fmt: skip
    return margin_at(T, F, S, True, t + f * h, y)[0]


@physics
def board(T, rows, dev, row, record, given, odd, tol, w, l, width, out, track, events, counts):
    """Take a flight into lane l in free flight, from its record or from the pad; false where it does not fly freely."""
    blank(out)
    F = flight_from_row(row)
    if given:
        if record[R_READY] > 0.5 and record[R_PHASE] == UNDER:
            return False
        read_record(w, l, width, record)
    stretch, released = w.stretch[l * DEVICES : (l + 1) * DEVICES], w.released[l * DEVICES : (l + 1) * DEVICES]
    if not given or record[R_READY] < 0.5:
        w.apogee[l] = 0.0
        prepare_devices(dev, row, stretch, released)
        for m in range(CANOPY):
            w.canopy[m * width + l] = 0.0
        w.filling[l] = -1.0
    if given:
        seg = segment_at(rows, int(row[THRUST_AT]), w.time[l])
    else:
        t, seg, y = depart(T, rows, row, odd, tol, out, w.scratch)
        if out[CODE] == NO_LIFTOFF:
            record[R_PHASE] = OVER
            return False
        w.time[l] = t
        store13(w.y, l, width, y)
        note_event(events, counts, EV_LIFTOFF, out[LIFTOFF_T], -1)
        note_event(events, counts, EV_RAIL, out[RAIL_T], -1)
        note_event(events, counts, EV_PIVOT, t, -1)
    record[R_PHASE] = OVER
    load_inputs(T, rows, row, w, l, width, seg)
    y = load13(w.y, l, width)
    k = derivative(T, F, segment_from_row(rows, seg), odd, w.time[l], y)
    store13(w.k, l, width, k)
    note_extremes(T, F, y, k, out)
    keep_step(track, counts, w.time[l], y, k, 0.0)
    w.step[l], w.refused[l] = 1e-3, 0.0
    return True


@physics
def hang(T, rows, row, record, w, l, width, track, counts):
    """Take a flight into lane l under its canopies; false where it is not there."""
    if record[R_PHASE] != UNDER:
        return False
    read_record(w, l, width, record)
    record[R_PHASE] = OVER
    load_inputs(T, rows, row, w, l, width, int(row[THRUST_AT]))
    k = canopy(T, flight_from_row(row), load8(w.canopy, l, width), w.time[l], load6(w.y, l, width))
    store6(w.k, l, width, k)
    keep_step(track, counts, w.time[l], load13(w.y, l, width), still(k), 1.0)
    w.step[l], w.refused[l] = CANOPY_STEP, 0.0
    return True


@physics
def choose_step(rows, row, t_limit, phase, w, l, width):
    """How far lane l goes at once: as it likes, or to the next knot of thrust, line stretch, full canopy, or stop."""
    t = w.time[l]
    limit, why = t_limit, TO_TIME_LIMIT
    if 0.0 <= row[STOP] < limit:
        limit, why = row[STOP], TO_STOP
    if phase == FREE:
        knot = ends(rows, int(w.at[l]))
        if knot < limit:
            limit, why = knot, TO_KNOT
    t_next, device = next_stretch(w.stretch[l * DEVICES : (l + 1) * DEVICES])
    if t_next < limit:
        limit, why = t_next, TO_STRETCH
    rate = w.canopy[3 * width + l]
    if phase == UNDER and rate < 1e8:
        full = w.canopy[2 * width + l] + 1.0 / rate
        if t < full - 1e-9 and full < limit:
            limit, why = full, TO_FULL
    w.device[l] = device
    if t + w.step[l] >= limit - 1e-10:
        w.taken[l], w.why[l] = max(limit - t, 0.0), why
    else:
        w.taken[l], w.why[l] = w.step[l], 0


@physics
def stretch_lines(T, dev, row, phase, w, l, width, out, events, counts):
    """A device's lines are stretched: the new law of the canopies; the first of them takes the rocket out of free flight."""
    t, x, F = w.time[l], load6(w.y, l, width), load_flight(w.flight, l, width)
    device = int(w.device[l])
    stretch, released = w.stretch[l * DEVICES : (l + 1) * DEVICES], w.released[l * DEVICES : (l + 1) * DEVICES]
    stretch[device], released[device] = NEVER, 1.0
    speed = airspeed_of(T, F, x)
    C = load8(w.canopy, l, width)
    if phase == FREE:
        out[DEP_T], out[DEP_V], out[OPENING] = t, speed, speed
        S = load_segment(w.segment, l, width)
        C = (0.0, 0.0, t, 1e9, centre(F, S, True, t - of(S, T0))[2], 0.0, 0.0, 0.0)
        for m in range(3):
            w.y[(10 + m) * width + l] = 0.0
    else:
        out[OPENING] = max(out[OPENING], speed)
    C = open_device(dev, row, device, t, speed, C)
    release_rest(dev, row, stretch, released, device, t)
    w.filling[l] = device
    if C[3] > 1e8:  # in no time: its load is felt at once
        w.filling[l] = -1.0
        if note_load(dev, row, device, airspeed(T, F, x)[2] * (C[1] - others(dev, row, device, C)), out):
            C = tear(dev, row, stretch, released, device, t, C, out)
            note_event(events, counts, EV_TORN, t, device)
    store8(w.canopy, l, width, C)


@physics
def feel(T, dev, row, w, l, width, out):
    """The load of the canopy that fills, over the step that is being taken; whether it tears."""
    i, C, F = int(w.filling[l]), load8(w.canopy, l, width), load_flight(w.flight, l, width)
    load = pull(
        T, F, C, w.time[l], w.taken[l], load6(w.y, l, width), load6(w.k, l, width), load6(w.y_new, l, width),
        load6(w.k_new, l, width), others(dev, row, i, C),
    )  # fmt: skip
    return note_load(dev, row, i, load, out)


@physics
def lose(T, dev, row, w, l, width, out, track, events, counts):
    """The canopy that fills tears: from here on without it."""
    t, i, F = w.time[l], int(w.filling[l]), load_flight(w.flight, l, width)
    stretch, released = w.stretch[l * DEVICES : (l + 1) * DEVICES], w.released[l * DEVICES : (l + 1) * DEVICES]
    C = tear(dev, row, stretch, released, i, t, load8(w.canopy, l, width), out)
    store8(w.canopy, l, width, C)
    note_event(events, counts, EV_TORN, t, i)
    k = canopy(T, F, C, t, load6(w.y, l, width))
    store6(w.k, l, width, k)
    w.step[l] = CANOPY_STEP
    keep_step(track, counts, t, load13(w.y, l, width), still(k), 1.0)


@physics
def pass_knot(T, rows, odd, w, l, width, out, track, events, counts):
    """Into the next stretch of the thrust curve."""
    was_on = w.segment[ON * width + l]
    load_thrust(T, rows, w, l, width, int(w.at[l]) + 1)
    t, y, F = w.time[l], load13(w.y, l, width), load_flight(w.flight, l, width)
    if was_on > 0.0 and w.segment[ON * width + l] <= 0.0:
        out[BURN_H], climb = climb_and_height(T, y)
        out[BURN_V] = math.sqrt(y[3] * y[3] + y[4] * y[4] + y[5] * y[5])
        note_event(events, counts, EV_BURNOUT, t, -1)
    k = derivative(T, F, load_segment(w.segment, l, width), odd, t, y)
    store13(w.k, l, width, k)
    note_extremes(T, F, y, k, out)
    keep_step(track, counts, t, y, k, 0.0)


@physics
def note_apogee(T, dev, row, w, l, width, x, out, events, counts):
    """The highest point: what waited for it is released."""
    t = w.time[l]
    height, climb = climb_and_height(T, x)
    w.apogee[l] = 1.0
    out[APO], out[APO_T], out[APO_E], out[APO_N] = height, t, x[0], x[1]
    out[APO_V] = airspeed_of(T, load_flight(w.flight, l, width), x)
    note_event(events, counts, EV_APOGEE, t, -1)
    stretch, released = w.stretch[l * DEVICES : (l + 1) * DEVICES], w.released[l * DEVICES : (l + 1) * DEVICES]
    for d in range(DEVICES):
        if due_at_apogee(dev, row, stretch, released, height, d):
            release(dev, row, stretch, released, d, t)
            note_event(events, counts, EV_RELEASE, t, d)


@physics
def land(out, t, x):
    """On the ground."""
    out[CODE] = LANDED
    out[LAND_T], out[LAND_E], out[LAND_N], out[LAND_U] = t, x[0], x[1], x[2]
    out[LAND_V] = math.sqrt(x[3] * x[3] + x[4] * x[4] + x[5] * x[5])
    out[SINK] = -x[5]


@physics
def accept(T, row, phase, w, l, width, out, track, counts):
    """A step is taken: the new state is the state."""
    hh, t = w.taken[l], w.time[l] + w.taken[l]
    xa, xb = load6(w.y, l, width), load6(w.y_new, l, width)
    ya = load13(w.y, l, width)
    note_watch(w.time[l], t, xa, xb, row, out)
    w.time[l], w.refused[l] = t, 0.0
    h = hh * w.factor[l]
    w.step[l] = max(w.step[l], h) if w.why[l] > 0 else h
    if phase == UNDER:
        store6(w.y, l, width, xb)
        k = load6(w.k_new, l, width)
        store6(w.k, l, width, k)
        keep_step(track, counts, t, load13(w.y, l, width), still(k), 1.0)
    else:
        y, k = load13(w.y_new, l, width), load13(w.k_new, l, width)
        store13(w.y, l, width, y)
        store13(w.k, l, width, k)
        note_extremes(T, load_flight(w.flight, l, width), y, k, out)
        if w.apogee[l] < 0.5:
            note_stability(w.margin[l], out)
            if xb[3] * xb[3] + xb[4] * xb[4] + xb[5] * xb[5] < NEAR * NEAR:
                slow = margin_where_slow(T, w.flight, w.segment, l, width, t - hh, hh, ya, y)
                note_stability(slow, out)
        keep_step(track, counts, t, y, k, 0.0)


@physics
def settle(T, rows, dev, row, odd, most, phase, w, l, width, out, record, track, events, counts):
    """After a step of lane l: refuse it, shorten it to an event, or take it and do what is due. True where the flight goes on.

    `most` steps are allowed. Where it does not, `record` is what it is then; its phase says whether it hangs under a canopy from now on, or is over.
    """
    hh, t = w.taken[l], w.time[l] + w.taken[l]
    out[EVALS] += 6
    out[STEPS] += 1
    if not w.error[l] <= 1.0 or out[STEPS] > most:
        w.step[l] = hh * w.factor[l]
        w.refused[l] += 1
        if w.refused[l] > 200 or out[STEPS] > most:
            out[CODE] = NOT_FINITE if w.refused[l] > 200 else STEP_LIMIT
            return False
        return True
    stretch, released = w.stretch[l * DEVICES : (l + 1) * DEVICES], w.released[l * DEVICES : (l + 1) * DEVICES]
    x = load6(w.y_new, l, width)
    fraction, what = crossing(T, load6(w.y, l, width), x, w.apogee[l] > 0.5, dev, row, stretch, released)
    if what != NOTHING and what != TOP and hh * (1.0 - fraction) > EVENT_TIME and hh > EVENT_TIME:
        w.step[l] = max(hh * fraction, 0.5 * EVENT_TIME)
        return True
    fills = phase == UNDER and w.filling[l] >= 0.0
    torn = fills and feel(T, dev, row, w, l, width, out)
    accept(T, row, phase, w, l, width, out, track, counts)
    if torn:
        lose(T, dev, row, w, l, width, out, track, events, counts)
    if torn or (fills and (t - w.canopy[2 * width + l]) * w.canopy[3 * width + l] >= 1.0 - 1e-9):
        w.filling[l] = -1.0
    stop = w.why[l] == TO_STOP
    if what == APOGEE:
        note_apogee(T, dev, row, w, l, width, x, out, events, counts)
        stop = stop or row[STOP] < 0.0 or row[STOP_APOGEE] > 0.5
    elif what == GROUND:
        land(out, t, x)
        note_event(events, counts, EV_LANDING, t, -1)
        return False
    elif what == TOP:
        out[CODE] = ABOVE_TABLES
        return False
    elif what == PLACE:
        stop = True
    elif what >= RELEASE:
        release(dev, row, stretch, released, what - RELEASE, t)
        note_event(events, counts, EV_RELEASE, t, what - RELEASE)
    if stop:
        out[CODE] = STOPPED
        write_record(w, l, width, phase, record)
        return False
    if w.why[l] == TO_TIME_LIMIT:
        out[CODE] = TIME_LIMIT
        return False
    if w.why[l] == TO_KNOT:
        pass_knot(T, rows, odd, w, l, width, out, track, events, counts)
    elif w.why[l] == TO_STRETCH:
        note_event(events, counts, EV_STRETCH, t, w.device[l])
        stretch_lines(T, dev, row, phase, w, l, width, out, events, counts)
        if phase == FREE:
            write_record(w, l, width, UNDER, record)
            return False
        k = canopy(T, load_flight(w.flight, l, width), load8(w.canopy, l, width), t, x)
        store6(w.k, l, width, k)
        w.step[l] = CANOPY_STEP
        keep_step(track, counts, t, load13(w.y, l, width), still(k), 1.0)
    return True


def engine(T, rows, dev, P, starts, options, odd, lo, hi, out, ends, w, track, events, counts):
    """Fly the parameter rows P[lo:hi]: fills out[lo:hi] (`layout.OUT`) and ends[lo:hi], the records (`layout.RECORD`) of
    those that stop where their row asks.

    rows: the segments of thrust curves, flat, one table of them after another. starts: (0, RECORD) to leave from the pad, or (n, RECORD). options: tolerance, tolerance under canopies, time limit
    (s), most steps. odd: fins or brakes that take the fuller physics. `w` is memory (`layout.Work`). track (m, TRACK),
    events (k, 3) [kind, time, device] and counts (4,) are for one flight; of no rows, nothing is kept.
    """
    given = starts.shape[0] > 0
    for phase in range(2):
        for l in range(WIDTH):  # idle lanes repeat flight lo with steps of zero, so that they stay finite
            load_inputs(T, rows, P[lo], w, l, WIDTH, int(P[lo][THRUST_AT]))
            for m in range(13):
                w.y[m * WIDTH + l] = 1.0 if m == 6 else 0.0
                w.k[m * WIDTH + l] = 0.0
            w.row[l], w.time[l], w.taken[l] = -1, 0.0, 0.0
        waiting = lo
        while True:
            live = 0
            for l in range(WIDTH):
                while w.row[l] < 0 and waiting < hi:
                    j = waiting
                    waiting += 1
                    if phase == FREE:
                        if given:
                            for m in range(RECORD):
                                ends[j, m] = starts[j, m]
                        aboard = board(
                            T, rows, dev, P[j], ends[j], given, odd, options[0], w, l, WIDTH, out[j], track, events, counts
                        )  # fmt: skip
                    else:
                        aboard = hang(T, rows, P[j], ends[j], w, l, WIDTH, track, counts)
                    if aboard:
                        w.row[l] = j
                w.taken[l] = 0.0
                if w.row[l] >= 0:
                    live += 1
                    choose_step(rows, P[int(w.row[l])], options[2], phase, w, l, WIDTH)
            if live == 0:
                break
            if phase == UNDER:
                step_canopy(T, w, options[1])
            else:
                step_free(T, w, odd, options[0])
            for l in range(WIDTH):
                if w.row[l] >= 0:
                    j = int(w.row[l])
                    goes_on = settle(
                        T, rows, dev, P[j], odd, options[3], phase, w, l, WIDTH, out[j], ends[j], track, events, counts
                    )
                    if not goes_on:
                        w.row[l] = -1
                        if track.shape[0] > 0:
                            keep_last(track, counts, w, l, WIDTH, phase)


def instance(name, width, step_free, step_canopy):
    """The engine for a width, with the functions that step all its lanes: step_free(T, work, odd, tolerance) and
    step_canopy(T, work, tolerance)."""
    here = {**globals(), "WIDTH": width, "step_free": step_free, "step_canopy": step_canopy}
    made = FunctionType(engine.__code__, here, name)
    made.__qualname__ = name
    made.__doc__ = engine.__doc__
    return made
