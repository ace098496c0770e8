"""What is kept of a flight: its record between two steps, its track, its events."""

from .dopri import load13
from .jit import int32, physics
from .layout import (
    CANOPY,
    DEVICES,
    NF,
    NS,
    R_APOGEE,
    R_CANOPY,
    R_FILLING,
    R_PHASE,
    R_READY,
    R_RELEASED,
    R_STATE,
    R_STRETCH,
    TRACK,
    UNDER,
)


@physics
def note_event(events, counts, kind, t, device):
    """Write an event, where anybody asks for events and there is room."""
    n = counts[1]
    if n < events.shape[0]:
        events[n, 0], events[n, 1], events[n, 2] = kind, t, device
        counts[1] = n + 1


@physics
def keep_step(track, counts, t, y, k, under):
    """Keep a step, where anybody asks. A full track drops every other of its steps, and from then on of those that come.

    counts: steps kept, events, steps seen since the last kept, of how many one is kept.
    """
    room = track.shape[0]
    if room == 0:
        return
    counts[2] += 1
    if counts[2] < counts[3]:
        return
    counts[2] = 0
    if counts[0] == room:
        for n in range(room // 2):
            for m in range(TRACK):
                track[n, m] = track[2 * n, m]
        counts[0] = room // 2
        counts[3] *= 2
    n = counts[0]
    track[n, 0] = t
    for m in range(13):
        track[n, 1 + m] = y[m]
        track[n, 14 + m] = k[m]
    track[n, 27] = under
    counts[0] = n + 1


@physics
def keep_last(track, counts, w, l, width, phase):
    """Keep a flight's last step, whether or not its turn has come."""
    if counts[0] > 0 and track[counts[0] - 1, 0] < w.time[l]:
        counts[2] = counts[3]
        y, k = load13(w.y, l, width), load13(w.k, l, width)
        keep_step(track, counts, w.time[l], y, still(k) if phase == UNDER else k, float(phase))


@physics
def still(k):
    """A canopy's derivative as one of the 13-state."""
    return k[0], k[1], k[2], k[3], k[4], k[5], 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0


@physics
def load_inputs(T, rows, row, w, l, width, seg):
    """A flight's parameters and its stretch of the thrust curve into a lane."""
    for m in range(NF):
        w.flight[m * width + l] = row[m]
    for m in range(NS):
        w.segment[m * width + l] = rows[seg * NS + m]
    w.at[l] = seg


@physics
def load_thrust(T, rows, w, l, width, seg):
    """The next segment into a lane; of one motor on the axis, what is used of it: the rest is zero in all of them."""
    for m in range(int32(T.segment_used)):
        w.segment[m * width + l] = rows[seg * NS + m]
    w.at[l] = seg


@physics
def write_record(w, l, width, phase, record):
    """What lane l is, to be taken up again."""
    record[0] = w.time[l]
    for m in range(13):
        record[R_STATE + m] = w.y[m * width + l]
    record[R_PHASE], record[R_READY], record[R_APOGEE] = phase, 1.0, w.apogee[l]
    for m in range(CANOPY):
        record[R_CANOPY + m] = w.canopy[m * width + l]
    record[R_FILLING] = w.filling[l]
    for m in range(DEVICES):
        record[R_STRETCH + m], record[R_RELEASED + m] = w.stretch[l * DEVICES + m], w.released[l * DEVICES + m]


@physics
def read_record(w, l, width, record):
    """The other way."""
    w.time[l] = record[0]
    for m in range(13):
        w.y[m * width + l] = record[R_STATE + m]
    w.apogee[l] = record[R_APOGEE]
    for m in range(CANOPY):
        w.canopy[m * width + l] = record[R_CANOPY + m]
    w.filling[l] = record[R_FILLING]
    for m in range(DEVICES):
        w.stretch[l * DEVICES + m], w.released[l * DEVICES + m] = record[R_STRETCH + m], record[R_RELEASED + m]
