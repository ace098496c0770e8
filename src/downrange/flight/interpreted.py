"""The kernel without a compiler: its own sources, run by Python as they stand, for a first answer while they compile.

A flight takes about a second, five hundred times as long as compiled. It is the same arithmetic in another order of
rounding, so that the last digits may differ; a test holds both together.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from functools import lru_cache
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
    """The package of the kernel a second time, with decorators that do nothing."""
    package, jit = ModuleType(_ALIAS), ModuleType(f"{_ALIAS}.jit")
    package.__path__ = [str(Path(__file__).parent / "kernel")]
    jit.__dict__.update(physics=_plain, machine=_plain, driver=_plain, lanes=_plain, int32=int)
    sys.modules.update({_ALIAS: package, f"{_ALIAS}.jit": jit})
    dopri = importlib.import_module(f"{_ALIAS}.dopri")
    dopri.make_rolled = _unrolled(dopri)  # type: ignore[attr-defined]
    return SimpleNamespace(
        fly_one=importlib.import_module(f"{_ALIAS}.single").fly_one,
        ride_track=importlib.import_module(f"{_ALIAS}.departure").ride_track,
        physics=importlib.import_module(f"{_ALIAS}.physics"),
        layout=importlib.import_module(f"{_ALIAS}.layout"),
        light=_light,
    )


def _unrolled(dopri: ModuleType) -> Callable[..., Any]:
    """In place of the steps that compile fast, those that Python runs three times as fast: unrolled, without scratch."""

    def make(rhs: Callable[..., Any], n: int) -> Callable[..., Any]:
        step = dopri.make_unrolled(rhs, n)
        return lambda T, F, X, t, h, y, k1, tol, z: step(T, F, X, t, h, y, k1, tol)

    return make


def _light(values: Any) -> Any:
    """Arrays as lists and views of plain floats, which Python reads three times as fast."""
    return values._replace(**{k: v.tolist() for k, v in values._asdict().items() if isinstance(v, np.ndarray)})


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
