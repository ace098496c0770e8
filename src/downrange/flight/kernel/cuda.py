"""Many flights on a GPU (extra `gpu`): the driver of one flight, without its trajectory, in a CUDA thread each.

The physics and the driver are the CPU's own functions; Numba compiles the same sources for CUDA. `ptx` needs no GPU.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numba import config, cuda, float64, int64, typeof, types

from .layout import NOUT, RECORD, WORK, Work
from .single import fly_one

__all__ = ["fly_cuda", "ptx"]

_REGISTERS = 128  # a thread: with 255 an H200 flies 0.73 to 0.87, with 128 0.90 to 0.99 million flights a second (Genesis)
_MANY, _FEW, _LARGE = 128, 32, 65_536  # threads a block of a large batch, and of a small one, which is to reach all multiprocessors
_FAST = True


_SIZES = tuple(WORK.values())


def fly(T, segments, devices, P, options, starts, out, ends):  # type: ignore[no-untyped-def]
    """The kernel as a plain function: thread i flies row i."""
    i = cuda.grid(1)
    if i < P.shape[0]:
        w = Work(
            cuda.local.array(_SIZES[0], float64),
            cuda.local.array(_SIZES[1], float64),
            cuda.local.array(_SIZES[2], float64),
            cuda.local.array(_SIZES[3], float64),
            cuda.local.array(_SIZES[4], float64),
            cuda.local.array(_SIZES[5], float64),
            cuda.local.array(_SIZES[6], float64),
            cuda.local.array(_SIZES[7], float64),
            cuda.local.array(_SIZES[8], float64),
            cuda.local.array(_SIZES[9], float64),
            cuda.local.array(_SIZES[10], float64),
            cuda.local.array(_SIZES[11], float64),
            cuda.local.array(_SIZES[12], float64),
            cuda.local.array(_SIZES[13], float64),
            cuda.local.array(_SIZES[14], float64),
            cuda.local.array(_SIZES[15], float64),
            cuda.local.array(_SIZES[16], float64),
            cuda.local.array(_SIZES[17], float64),
            cuda.local.array(_SIZES[18], float64),
            cuda.local.array(_SIZES[19], float64),
            cuda.local.array(_SIZES[20], float64),
            cuda.local.array(_SIZES[21], float64),
            cuda.local.array(_SIZES[22], float64),
        )
        counts = cuda.local.array(4, int64)
        nothing = starts[0:0]  # no steps and no events are kept
        fly_one(T, segments, devices, P, starts, options, True, i, i + 1, out, ends, w, nothing, nothing, counts)


@lru_cache(maxsize=1)
def _dispatcher() -> Any:
    limits = {} if config.ENABLE_CUDASIM else {"max_registers": _REGISTERS}  # the simulator has none
    return cuda.jit(fastmath=_FAST, opt=True, **limits)(fly)


def fly_cuda(compiled: Any, rows: np.ndarray, options: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Fly rows (n, ROW) on the GPU; returns (n, NOUT). Raises where there is no GPU."""
    out = np.full((len(rows), NOUT), np.nan)
    T = compiled.tables
    T = T._replace(**{k: cuda.to_device(v) for k, v in T._asdict().items() if isinstance(v, np.ndarray)})
    there, ends = cuda.to_device(out), cuda.device_array((len(rows), RECORD))
    moved = [
        cuda.to_device(np.ascontiguousarray(a))
        for a in (compiled.segments.ravel(), compiled.devices, rows, options, starts)
    ]
    threads = _MANY if len(rows) >= _LARGE else _FEW
    _dispatcher()[-(-len(rows) // threads), threads](T, *moved, there, ends)
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
    vector = types.Array(types.float64, 1, "C")
    signature = (tables, vector, matrix, matrix, vector, matrix, matrix, matrix)
    before = dispatcher.get_current_device
    dispatcher.get_current_device = lambda: _Device()
    try:
        text, _ = cuda.compile_ptx(fly, signature, cc=compute_capability, fastmath=_FAST)
    finally:
        dispatcher.get_current_device = before
    return str(text)
