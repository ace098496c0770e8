"""The kernel without a compiler: its own sources, run by Python as they stand, for a first answer while they compile.

A flight takes 0.06 s, forty times as long as compiled. It is the same arithmetic in another order of
rounding, so that the last digits may differ; a test holds both together.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from functools import lru_cache
from operator import getitem
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

__all__ = ["fly_one", "kernel", "ride_track"]

_ALIAS = "downrange.flight.interpreted_kernel"


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


@lru_cache(maxsize=1)
def kernel() -> SimpleNamespace:
    """The package of the kernel a second time, with decorators that do nothing, and what Python is slow at said as it likes it.

    Each is put in its place before the modules that use it are read. All give the same bits as the kernel's own.
    """
    package, jit = ModuleType(_ALIAS), ModuleType(f"{_ALIAS}.jit")
    package.__path__ = [str(Path(__file__).parent / "kernel")]
    jit.__dict__.update(physics=_plain, machine=_plain, driver=_plain, lanes=_plain, int32=int)
    sys.modules.update({_ALIAS: package, f"{_ALIAS}.jit": jit})
    layout, physics = (importlib.import_module(f"{_ALIAS}.{name}") for name in ("layout", "physics"))
    physics.__dict__.update(of=getitem, line=_line, parabola=_parabola, cell=_cell)
    dopri, size = importlib.import_module(f"{_ALIAS}.dopri"), layout.NS
    dopri.__dict__.update(
        make_rolled=_unrolled(dopri), load_segment=lambda a, l, width: a.tolist(),
        segment_from_row=lambda rows, i: rows[i * size : (i + 1) * size].tolist(),
    )  # fmt: skip
    return SimpleNamespace(
        fly_one=importlib.import_module(f"{_ALIAS}.single").fly_one,
        ride_track=importlib.import_module(f"{_ALIAS}.departure").ride_track,
        physics=physics,
        layout=layout,
        light=_light,
    )


def _unrolled(dopri: ModuleType) -> Callable[..., Any]:
    """In place of the steps that compile fast, those that Python runs three times as fast: unrolled, without scratch."""

    def make(rhs: Callable[..., Any], n: int) -> Callable[..., Any]:
        step = dopri.make_unrolled(rhs, n)
        return lambda T, F, X, t, h, y, k1, tol, z: step(T, F, X, t, h, y, k1, tol)

    return make


# A segment is a list of its numbers here, so that `physics.of` is an item of it.


def _line(S: list[float], k: int, s: float) -> float:
    return S[k] + s * S[k + 1]


def _parabola(S: list[float], k: int, s: float) -> float:
    return S[k] + s * (S[k + 1] + s * S[k + 2])


def _cell(x: float, n: float) -> tuple[int, float]:
    """`physics.cell`; `int` raises where x is not a number."""
    u = 0.0 if x < 0.0 else n if x > n else x
    i = int(u)
    if i >= n:
        i = max(int(n - 1.0), 0)
    return i, u - i


@lru_cache
def _slotted(names: tuple[str, ...]) -> type:
    return type("Light", (), {"__slots__": names})


def _light(values: Any) -> Any:
    """A named tuple as an object of plain slots, its arrays as lists: Python reads both three times as fast."""
    light = _slotted(values._fields)()
    for name, v in values._asdict().items():
        setattr(light, name, v.tolist() if isinstance(v, np.ndarray) else v)
    return light


def _view(array: Any) -> memoryview:
    plain: Any = np.ascontiguousarray(array)
    return memoryview(plain)


def ride_track(
    tables: Any, segments: np.ndarray, row: np.ndarray, t0: float, t1: float, n: int, out: np.ndarray
) -> None:
    """As `kernel.departure.ride_track`."""
    kernel().ride_track(_light(tables), _view(segments), row.tolist(), t0, t1, n, out)


def fly_one(
    tables: Any, segments: np.ndarray, devices: np.ndarray, rows: np.ndarray, starts: np.ndarray, options: np.ndarray,
    odd: bool, lo: int, hi: int, out: np.ndarray, ends: np.ndarray, work: Any, track: np.ndarray, events: np.ndarray,
    counts: np.ndarray,
) -> None:  # fmt: skip
    """As `kernel.single.fly_one`, same arguments. Raises `ArithmeticError` or `ValueError` where the compiled one goes on
    with numbers that are not finite."""
    memory = type(work)(*(_view(v) for v in work))
    with np.errstate(all="ignore"):
        kernel().fly_one(
            _light(tables), _view(segments), _view(devices), rows.tolist(), starts,
            options.tolist(), odd, lo, hi, [_view(o) for o in out], ends, memory, track, events, counts,
        )  # fmt: skip
