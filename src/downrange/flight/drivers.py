"""The doors of the kernel: they own dtype, shape and allocation, and nothing else."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from downrange.errors import FlightCode, InputError
from downrange.flight import interpreted as _python
from downrange.flight.kernel.layout import (
    AT_STOP_APOGEE,
    EVENTS,
    MAX_STEPS,
    NOUT,
    OUT,
    RECORD,
    ROW,
    STOP,
    TRACK,
    WORK,
    L,
    Work,
)
from downrange.flight.named import named_rows
from downrange.flight.packing import Compiled
from downrange.flight.program import Program

__all__ = ["RawFlight", "engine_inputs", "fly_rows", "fly_rows_gpu", "fly_single", "in_tables", "rail_ride", "settled"]

_PATIENT_STEPS = 4000.0  # that Python may take: two seconds
_KEPT_STEPS = 32_768  # of a trajectory; a longer one keeps every other, every fourth ...
CANOPY_FACTOR = 2.0  # tolerance under canopy over that of free flight: landing within 0.1 m at 1e-4 (measured)


@dataclass(frozen=True, eq=False)
class RawFlight:
    """One flight: `track` (m, 28) [t, state, derivative, phase], `events` (k, 3), `out`, and where it stopped on the way
    `end` (RECORD,), from which it can go on; `interpreted` where Python flew it."""

    track: np.ndarray
    events: np.ndarray
    out: dict[str, float]
    end: np.ndarray
    interpreted: bool = False


def _compiled(program: Program | Compiled) -> Compiled:
    return program.compiled if isinstance(program, Program) else program


def in_tables(c: Compiled, rows: np.ndarray) -> None:
    """Refuse rows (n, ROW) whose wind or thrust lies beyond the tables: compiled code does not look, and would read whatever is there."""
    named = named_rows(rows)
    for name, begin, need, size in (
        ("wind_at", named["wind_at"], 4.0 * c.tables.air_cells, c.tables.wind.size),
        ("thrust_at", named["thrust_at"], 1.0, len(c.segments)),
    ):
        if len(rows) and not (begin.min() >= 0.0 and begin.max() + need <= size):
            raise InputError(
                f"rows say {name} from {begin.min():g} to {begin.max():g}, beyond the {size:g} places of the tables they are flown with: rows go with the tables that they were drawn for"
            )


def _options(program: Compiled, tolerance: float | None) -> np.ndarray:
    tol = program.tolerance if tolerance is None else tolerance
    canopy = tol * CANOPY_FACTOR if tol > 1e-7 else tol
    return np.array([tol, canopy, program.time_limit, float(MAX_STEPS)])


def _work(width: int) -> Work:
    return Work(**{name: np.zeros(n * width) for name, n in WORK.items()})


def _records(starts: np.ndarray | None) -> np.ndarray:
    """Starts as records: (n, RECORD) as they are; of (n, 14) [time, 13-state] nothing has happened yet."""
    if starts is None:
        return np.empty((0, RECORD))
    given = np.ascontiguousarray(starts, float)
    if given.ndim != 2 or given.shape[1] not in (14, RECORD):
        raise InputError(f"starts must have shape (n, 14) or (n, {RECORD}), seen {given.shape}")
    return np.pad(given, ((0, 0), (0, RECORD - given.shape[1])))


def fly_single(
    program: Program | Compiled, *, row: np.ndarray | None = None, start: tuple[float, np.ndarray] | np.ndarray | None = None,
    tolerance: float | None = None, stop_at_apogee: bool = False, stop_time: float | None = None, interpreted: bool = False,
) -> RawFlight:  # fmt: skip
    """Fly once with the trajectory.

    `start` is (time, 13-state) of a flight that does not leave from the rail, or the `end` of one that stopped, which then
    goes on as if it had not, under its canopies too. It stops at apogee or at `stop_time` (s) where that is asked.
    `interpreted`: by Python, in a tenth of a second and without waiting for a compiler (`flight.interpreted`); flights of
    more steps than that is good for are compiled after all.

    row: (ROW,), instead of the program's. tolerance: of the integrator, relative and absolute; None: the program's.
    stop_at_apogee: whether it ends there.
    """
    c = _compiled(program)
    rows = np.array(c.row if row is None else row, float)[None]
    if stop_at_apogee:
        rows[0, STOP] = AT_STOP_APOGEE
    elif stop_time is not None:
        rows[0, STOP] = stop_time
    if isinstance(start, tuple):
        start = np.concatenate([[start[0]], np.asarray(start[1], float)])
    begin, options = _records(None if start is None else start[None]), _options(c, tolerance)
    if interpreted:
        options[3] = _PATIENT_STEPS
        with contextlib.suppress(ArithmeticError, ValueError):
            flight = _fly_one(_python.fly_one, c, rows, begin, options)
            if flight.out["code"] not in (FlightCode.STEP_LIMIT, FlightCode.NOT_FINITE):
                return replace(flight, interpreted=True)
        options[3] = MAX_STEPS
    from downrange.flight.kernel.warm import ready

    ready("one")
    from downrange.flight.kernel.single import fly_one

    return _fly_one(fly_one, c, rows, begin, options)


def _fly_one(
    fly_one: Callable[..., None], c: Compiled, rows: np.ndarray, begin: np.ndarray, options: np.ndarray
) -> RawFlight:
    in_tables(c, rows)
    track, events, counts = np.zeros((_KEPT_STEPS, TRACK)), np.zeros((EVENTS, 3)), np.array([0, 0, 0, 1])
    out, ends = np.zeros((1, NOUT)), np.zeros((1, RECORD))
    fly_one(
        c.tables, c.segments.ravel(), c.devices, rows, begin, options, True, 0, 1, out, ends, _work(1), track, events,
        counts,
    )  # fmt: skip
    named = dict(zip(OUT, out[0].tolist(), strict=True))
    return RawFlight(track[: counts[0]].copy(), events[: counts[1]].copy(), named, ends[0])


def engine_inputs(program: Program | Compiled, tolerance: float | None) -> tuple[np.ndarray, Work, Callable[..., None]]:
    """What the kernel of one flight is called with besides its tables: options, working memory, and itself.

    tolerance: of the integrator, relative and absolute; None: the program's.
    """
    from downrange.flight.kernel.warm import ready

    ready("one")
    from downrange.flight.kernel.single import fly_one

    return _options(_compiled(program), tolerance), _work(1), fly_one


def settled(function: Callable[..., None], *given: Any) -> Callable[..., None]:
    """A compiled function for arguments of these types, called from now on without looking at their types: that takes 12 µs a call for the
    tables of a flight, the kernel's own work for a hundredth of a second 5. As it is where it is not compiled for them yet.

    function: of the kernel. given: its arguments; later calls must have such again.
    """
    import numba

    try:
        return function.overloads[tuple(numba.typeof(a) for a in given)].entry_point  # type: ignore[attr-defined,no-untyped-call]
    except (AttributeError, KeyError):
        return function


_loaded = False


def _load_in_order(c: Compiled) -> None:
    """Load the kernel of one flight before that of many, once in a process: see `kernel.warm`."""
    global _loaded
    if not _loaded:
        from downrange.flight.kernel.warm import ready

        ready("many")
        fly_single(c, stop_time=0.0)
        _loaded = True


def rail_ride(
    program: Program | Compiled, liftoff: float, leaves: float, steps: int = 60, *, interpreted: bool = False
) -> np.ndarray:
    """The ride up the rail between two times: rows (steps + 1, 4) [time s, travel m, speed m/s, acceleration m/s2]."""
    c = _compiled(program)
    in_tables(c, c.row[None])
    out = np.empty((steps + 1, 4))
    if interpreted:
        ride_track = _python.ride_track
    else:
        from downrange.flight.kernel.warm import ready

        ready("one")
        from downrange.flight.kernel.departure import ride_track
    ride_track(c.tables, c.segments.ravel(), c.row, liftoff, leaves, steps, out)
    return out


def fly_rows_gpu(
    program: Program | Compiled, rows: np.ndarray, *, starts: np.ndarray | None = None, tolerance: float | None = None
) -> np.ndarray:
    """Fly many parameter rows (n, ROW) on a GPU, a thread each (extra `gpu`); columns as `fly_rows` has them.

    Raises `InputError` where the extra or a GPU is missing.

    starts: as `fly_rows` takes them. tolerance: of the integrator; None: the program's.
    """
    rows = np.ascontiguousarray(rows, float)
    try:
        from numba import cuda

        from downrange.flight.kernel.cuda import fly_cuda
    except ImportError:
        raise InputError("a GPU needs the extra gpu: pip install 'downrange[gpu]'") from None
    here: Any = cuda
    if not here.is_available():
        raise InputError("no CUDA device was found; fly_rows flies on the CPU")
    c = _compiled(program)
    in_tables(c, rows)
    return fly_cuda(c, rows, _options(c, tolerance), _records(starts))


def fly_rows(
    program: Program | Compiled, rows: np.ndarray, *, starts: np.ndarray | None = None, tolerance: float | None = None,
    threads: int | None = None, chunk: int = 2048, ends: np.ndarray | None = None,
) -> np.ndarray:  # fmt: skip
    """Fly many parameter rows (n, ROW) in lanes; returns (n, NOUT), columns as in `kernel.layout.OUT`.

    Results are the same whatever the number of threads and the chunk. `starts` (n, 14) are [time, 13-state] of flights
    that do not leave from the rail; `ends` (n, RECORD) gets the records of flights that stop where their row says, which
    are starts too.

    tolerance: of the integrator, relative and absolute; None: the program's. Raises `InputError` for arrays of other shapes.
    """
    rows = np.ascontiguousarray(rows, float)
    if rows.ndim != 2 or rows.shape[1] != ROW:
        raise InputError(f"parameter rows must have shape (n, {ROW}), seen {rows.shape}")
    n = rows.shape[0]
    out = np.empty((n, NOUT))
    last = np.zeros((n, RECORD)) if ends is None else ends
    if last.shape != (n, RECORD) or last.dtype != float or not last.flags.c_contiguous:
        raise InputError(f"ends must be an array of floats of shape ({n}, {RECORD}), seen {last.dtype} {last.shape}")
    begin, c = _records(starts), _compiled(program)
    in_tables(c, rows)
    if len(begin) not in (0, n):
        raise InputError(f"{n} rows need as many starts, seen {len(begin)}")
    options, nothing = _options(c, tolerance), (np.empty((0, TRACK)), np.empty((0, 3)), np.zeros(4, np.int64))
    _load_in_order(c)
    segments = c.segments.ravel()
    from downrange.flight.kernel.many import fly_many

    def work(lo: int) -> None:
        hi = min(n, lo + chunk)
        fly_many(c.tables, segments, c.devices, rows, begin, options, c.full, lo, hi, out, last, _work(L), *nothing)

    workers = threads or os.cpu_count() or 1
    first = list(range(0, n, chunk))
    if workers == 1 or len(first) == 1:
        for lo in first:
            work(lo)
    else:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(work, first))
    return out
