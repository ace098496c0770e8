"""What a machine is, how the kernel was compiled for it, and whether it flies right there.

The flights of the self-check have closed forms: a throw in a vacuum, and a throw straight up in air of one density, where
a body of terminal speed v_t rises v_t²/2g ln(1 + v²/v_t²) (any mechanics book; ∫ v dv / (g + g v²/v_t²)).
"""

from __future__ import annotations

import importlib.util
import os
import platform
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import numpy as np

from downrange.atmosphere import Air, Weather
from downrange.constants import GAS_CONSTANT_AIR, STANDARD_GRAVITY
from downrange.earth import Pad
from downrange.flight.body import PlainBody, compile_body, state
from downrange.flight.drivers import fly_rows, fly_single
from downrange.flight.kernel import warm
from downrange.flight.kernel.jit import CACHE, CACHE_NOTE, FEATURES, LANE_FEATURES, PROCESSOR
from downrange.flight.kernel.layout import O
from downrange.flight.kernel.processor import doubles_at_a_time, has
from downrange.tables import Table1D

__all__ = ["Check", "Doctor", "examine"]

PACKAGES = ("downrange", "numpy", "scipy", "numba", "llvmlite")
EXTRAS = {
    "weather": ("netCDF4", "rasterio"),
    "gpu": ("numba_cuda",),
    "cluster": ("distributed",),
}
_TELLING = ("avx512f", "avx2", "avx", "fma", "sse4.2", "neon", "sve")
_FLIGHTS = 2048


@dataclass(frozen=True)
class Check:
    """One quantity of the self-check: what was flown, what is right, and the difference that is allowed. SI."""

    what: str
    seen: float
    right: float
    allowed: float

    @property
    def holds(self) -> bool:
        """Whether the difference is allowed; not where there is no number."""
        return abs(self.seen - self.right) <= self.allowed


@dataclass(frozen=True)
class Doctor:
    """What `examine` found. `rate` is flights a second on one core, `cache` a folder or None, `blas` threads by library."""

    processor: str
    llvm_name: str
    cores: int
    features: tuple[str, ...]
    vectors: str
    why: str
    cache: Path | None
    cache_state: str
    cache_note: str
    versions: dict[str, str]
    extras: dict[str, bool]
    blas: dict[str, int]
    checks: tuple[Check, ...]
    rate: float
    problems: tuple[str, ...]


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _vectors() -> tuple[str, str]:
    """What one instruction of the lane loops does, and why it was chosen so."""
    width = doubles_at_a_time(PROCESSOR, LANE_FEATURES)
    if has(LANE_FEATURES, "avx512f"):
        return f"{width} flights at a time", "AVX-512 with gathers, as LLVM has it"
    if has(LANE_FEATURES, "fast-gather"):
        return f"{width} flights at a time", "AVX2 with gathers, which LLVM was told are fast"
    if width == 1:
        return "1 flight at a time", "no vectors that LLVM knows of"
    return f"{width} flights at a time in part", "no gathers: what comes before a table's look-up stays scalar"


def _versions() -> tuple[dict[str, str], list[str]]:
    """Versions, and where the compilers are not those that are known to vectorise the kernel."""
    seen = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            seen[name] = version(name)
        except PackageNotFoundError:
            seen[name] = "not installed as a package"
    try:
        pins = [r.split("==") for r in requires("downrange") or [] if "==" in r and ";" not in r]
    except PackageNotFoundError:
        pins = []
    return seen, [f"{n} is {seen[n]}, not {v}, which was measured" for n, v in pins if n in seen and seen[n] != v]


def _blas() -> dict[str, int]:
    import numpy.linalg  # noqa: F401  (the libraries must be loaded to be found)
    from threadpoolctl import threadpool_info

    return {
        f"{lib['internal_api']} {lib.get('version') or ''}".strip(): lib["num_threads"] for lib in threadpool_info()
    }


def _throws() -> tuple[tuple[Check, ...], float]:
    """Throw a ball up in a vacuum and in air, once and in lanes; and the rate of the lanes on one core."""
    pad = Pad(0.7, 0.1, 100.0, "constant", STANDARD_GRAVITY, rotating=False)
    height, density, temperature = np.array([-500.0, 20000.0]), 1.1, 290.0
    pressure = np.full(2, np.log(density * GAS_CONSTANT_AIR * temperature))
    air = Air(Table1D(height, np.full(2, temperature), "temperature"), Table1D(height, pressure, "pressure"))
    speed, mass, area, cd = 180.0, 1.3, 0.004, 0.6
    still, q = np.zeros(3), np.array([np.sqrt(0.5), 0.0, -np.sqrt(0.5), 0.0])
    start = state(np.array([0.0, 0.0, 1.0]), np.array([9.0, -7.0, speed]), q, still)
    up = state(np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.0, speed]), q, still)
    terminal2 = 2 * mass * STANDARD_GRAVITY / (density * cd * area)
    free = 1.0 + speed**2 / (2 * STANDARD_GRAVITY)
    dragged = 1.0 + terminal2 / (2 * STANDARD_GRAVITY) * np.log(1 + speed**2 / terminal2)
    checks: list[Check] = []
    for name, drag, y, right in (("in a vacuum", 0.0, start, free), ("in air", cd, up, float(dragged))):
        body = compile_body(PlainBody(mass, np.eye(3), area, drag), pad, Weather(air), top=4000.0)
        one = fly_single(body, start=(0.0, y)).out
        rows, starts = np.repeat(body.row[None], _FLIGHTS, axis=0), np.repeat([[0.0, *y]], _FLIGHTS, axis=0)
        fly_rows(body, rows[:1], starts=starts[:1], threads=1)
        begin = time.process_time()
        lanes = fly_rows(body, rows, starts=starts, threads=1)
        rate = _FLIGHTS / max(time.process_time() - begin, 1e-9)
        checks.append(Check(f"apogee of a throw {name}, m", one["apogee"], right, 1e-3))
        for key in ("apogee", "landing_east", "landing_time"):
            worst = lanes[np.argmax(np.abs(lanes[:, O[key]] - one[key])), O[key]]
            checks.append(Check(f"{key} {name}, in lanes and alone", float(worst), one[key], 1e-3))
    return tuple(checks), rate


def examine() -> Doctor:
    """Look at the machine, its compilers and its cache, and fly the self-check; compiles the kernel where that is due.

    Whatever does not hold stands in `problems`, a sentence each.
    """
    checks, rate = _throws()
    versions, problems = _versions()
    problems += [f"{c.what}: {c.seen:.6g} where {c.right:.6g} is right" for c in checks if not c.holds]
    vectors, why = _vectors()
    return Doctor(
        processor=_processor(),
        llvm_name=PROCESSOR,
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        features=tuple(name for name in (*_TELLING, "fast-gather") if has(LANE_FEATURES, name)),
        vectors=vectors,
        why=why if FEATURES else "Numba was told so",
        cache=CACHE,
        cache_state=warm.state(),
        cache_note=CACHE_NOTE,
        versions=versions,
        extras={e: all(importlib.util.find_spec(m) is not None for m in modules) for e, modules in EXTRAS.items()},
        blas=_blas(),
        checks=checks,
        rate=rate,
        problems=tuple(problems),
    )
