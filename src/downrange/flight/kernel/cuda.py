"""Many flights on a GPU (extra `gpu`): the driver of one flight, without its trajectory, in a CUDA thread each.

The physics and the driver are the CPU's own functions; Numba compiles the same sources for CUDA. `ptx` needs no GPU.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numba import cuda, float64, typeof, types

from downrange.flight.kernel.layout import DEVICES, NOUT
from downrange.flight.kernel.single import COLUMNS, fly_one

__all__ = ["fly_cuda", "ptx"]

_THREADS = 64  # a block; registers (255 a thread) allow no more than 256
_FAST = True


def fly(T, segments, devices, P, options, starts, out):  # type: ignore[no-untyped-def]
    """The kernel as a plain function: thread i flies row i."""
    i = cuda.grid(1)
    if i < P.shape[0]:
        scratch = cuda.local.array((2, DEVICES), float64)
        events = cuda.local.array((40, 3), float64)
        begin = cuda.local.array(15, float64)
        begin[0] = 0.0
        if starts.shape[0] > 0:
            begin[0] = 1.0
            for k in range(14):
                begin[1 + k] = starts[i, k]
        track = starts[0:0, 0:COLUMNS]  # no steps are kept
        fly_one(T, segments, devices, P[i], options, begin, track, events, scratch, out[i])


@lru_cache(maxsize=1)
def _dispatcher() -> Any:
    return cuda.jit(fastmath=_FAST, opt=True)(fly)


def fly_cuda(compiled: Any, rows: np.ndarray, options: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Fly rows (n, ROW) on the GPU; returns (n, NOUT). Raises where there is no GPU."""
    out = np.full((len(rows), NOUT), np.nan)
    T = compiled.tables
    T = T._replace(**{k: cuda.to_device(v) for k, v in T._asdict().items() if isinstance(v, np.ndarray)})
    there = cuda.to_device(out)
    moved = [
        cuda.to_device(np.ascontiguousarray(a)) for a in (compiled.segments, compiled.devices, rows, options, starts)
    ]
    blocks = -(-len(rows) // _THREADS)
    _dispatcher()[blocks, _THREADS](T, *moved, there)
    return np.asarray(there.copy_to_host())


def ptx(compiled: Any, compute_capability: tuple[int, int] = (9, 0)) -> str:
    """The kernel in PTX for a compute capability. Needs the extra `gpu`, and no GPU."""
    import numba.cuda.dispatcher as dispatcher
    from numba import cuda

    class _Device:
        """What the compiler asks of a device where there is none."""

    _Device.compute_capability = compute_capability  # type: ignore[attr-defined]
    matrix = types.Array(types.float64, 2, "C")
    tables = typeof(compiled.tables)
    signature = (tables, matrix, matrix, matrix, types.Array(types.float64, 1, "C"), matrix, matrix)
    before = dispatcher.get_current_device
    dispatcher.get_current_device = lambda: _Device()
    try:
        text, _ = cuda.compile_ptx(fly, signature, cc=compute_capability, fastmath=_FAST)
    finally:
        dispatcher.get_current_device = before
    return str(text)
