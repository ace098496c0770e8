"""The doors of the kernel: they own dtype, shape and allocation, and nothing else."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from downrange.errors import InputError
from downrange.flight.kernel.layout import NEVER_STOP, NOUT, OUT, ROW, STOP
from downrange.flight.kernel.warm import ready
from downrange.flight.program import Compiled, Program

__all__ = ["RawFlight", "fly_rows", "fly_rows_gpu", "fly_single", "rail_ride"]

_MAX_STEPS = 40_000
CANOPY_FACTOR = 2.0  # tolerance under canopy over that of free flight: landing within 0.1 m at 1e-4 (measured)


@dataclass(frozen=True, eq=False)
class RawFlight:
    """What the single driver gives back: `track` (m, 28) [t, state, derivative, phase], `events` (k, 3), `out`."""

    track: np.ndarray
    events: np.ndarray
    out: dict[str, float]


def _compiled(program: Program | Compiled) -> Compiled:
    return program.compiled if isinstance(program, Program) else program


def _options(program: Compiled, tolerance: float | None, stop_at_apogee: bool, stop_time: float) -> np.ndarray:
    tol = program.tolerance if tolerance is None else tolerance
    canopy = tol * CANOPY_FACTOR if tol > 1e-7 else tol
    return np.array([tol, canopy, program.time_limit, float(stop_at_apogee), stop_time])


def fly_single(
    program: Program | Compiled, *, row: np.ndarray | None = None, start: tuple[float, np.ndarray] | None = None,
    tolerance: float | None = None, stop_at_apogee: bool = False, stop_time: float = 1e9,
) -> RawFlight:  # fmt: skip
    """Fly once with the trajectory. `start` is (time, 13-state) for a flight that does not leave from the rail."""
    from downrange.flight.kernel.single import COLUMNS, fly_one

    ready("one")
    c = _compiled(program)
    track = np.empty((_MAX_STEPS, COLUMNS))
    events = np.empty((40, 3))
    out = np.empty(NOUT)
    begin = np.zeros(15)
    if start is not None:
        begin[0], begin[1], begin[2:] = 1.0, start[0], start[1]
    n, k = fly_one(
        c.tables, c.segments, c.devices, np.ascontiguousarray(c.row if row is None else row, float),
        _options(c, tolerance, stop_at_apogee, stop_time), begin, track, events, np.zeros((2, 4)), out,
    )  # fmt: skip
    return RawFlight(track[:n].copy(), events[:k].copy(), dict(zip(OUT, out.tolist(), strict=True)))


_loaded = False


def _load_in_order(c: Compiled) -> None:
    """Load the kernel of one flight before that of many, once in a process: see `kernel.warm`."""
    global _loaded
    if not _loaded:
        ready("many")
        fly_single(c, stop_time=0.0)
        _loaded = True


def rail_ride(program: Program | Compiled, liftoff: float, leaves: float, steps: int = 60) -> np.ndarray:
    """The ride up the rail between two times: rows (steps + 1, 4) [time s, travel m, speed m/s, acceleration m/s2]."""
    from downrange.flight.kernel.single import ride_track

    ready("one")
    c = _compiled(program)
    out = np.empty((steps + 1, 4))
    ride_track(c.tables, c.segments, c.row, liftoff, leaves, steps, out)
    return out


def fly_rows_gpu(
    program: Program | Compiled, rows: np.ndarray, *, starts: np.ndarray | None = None, tolerance: float | None = None
) -> np.ndarray:
    """Fly many parameter rows (n, ROW) on a GPU, a thread each (extra `gpu`); columns as `fly_rows` has them.

    Raises `InputError` where the extra or a GPU is missing, and for rows that ask to stop on the way.
    """
    rows = np.ascontiguousarray(rows, float)
    if np.any(rows[:, STOP] < NEVER_STOP):
        raise InputError("flights that stop on the way cannot be flown on a GPU yet; use fly_rows")
    try:
        from numba import cuda

        from downrange.flight.kernel.cuda import fly_cuda
    except ImportError:
        raise InputError("a GPU needs the extra gpu: pip install 'downrange[gpu]'") from None
    here: Any = cuda
    if not here.is_available():
        raise InputError("no CUDA device was found; fly_rows flies on the CPU")
    c = _compiled(program)
    begin = np.empty((0, 14)) if starts is None else np.ascontiguousarray(starts, float)
    return fly_cuda(c, rows, _options(c, tolerance, False, 1e9), begin)


def fly_rows(
    program: Program | Compiled, rows: np.ndarray, *, starts: np.ndarray | None = None, tolerance: float | None = None,
    threads: int | None = None, chunk: int = 2048, ends: np.ndarray | None = None,
) -> np.ndarray:  # fmt: skip
    """Fly many parameter rows (n, ROW) in lanes; returns (n, NOUT), columns as in `kernel.layout.OUT`.

    Results are the same whatever the number of threads and the chunk. `starts` (n, 14) are [time, 13-state] of flights
    that do not leave from the rail; `ends` (n, 14) gets those of flights that stop where their row says.
    """
    from downrange.flight.kernel.many import fly_many

    rows = np.ascontiguousarray(rows, float)
    if rows.ndim != 2 or rows.shape[1] != ROW:
        raise InputError(f"parameter rows must have shape (n, {ROW}), seen {rows.shape}")
    n = rows.shape[0]
    out = np.empty((n, NOUT))
    last = np.empty((n, 14)) if ends is None else ends
    begin = np.empty((0, 14)) if starts is None else np.ascontiguousarray(starts, float)
    c = _compiled(program)
    options = _options(c, tolerance, False, 1e9)
    _load_in_order(c)

    def work(lo: int) -> None:
        hi = min(n, lo + chunk)
        fly_many(c.tables, c.segments, c.devices, rows, begin, options, c.full, lo, hi, out, last)

    workers = threads or os.cpu_count() or 1
    first = list(range(0, n, chunk))
    if workers == 1 or len(first) == 1:
        for lo in first:
            work(lo)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(work, first))
    return out
