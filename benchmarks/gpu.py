"""A campaign of the Genesis example on a GPU beside all cores, in one run: flights per second, and how near flight by flight.

python benchmarks/gpu.py [FLIGHTS ...]        # needs the extra `gpu` and a GPU; 4096, 65536 and 1048576 flights unless told
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

from downrange.flight import compile_launch, fly_rows, fly_rows_gpu
from downrange.flight.rows import FIELD, RAIL_ELEVATION, O
from downrange.project import open_project

GENESIS = Path(__file__).resolve().parent.parent / "examples" / "genesis" / "launch.yaml"
COMPARED = ("apogee", "apogee_time", "max_speed", "landing_east", "landing_north", "landing_time", "min_stability")


def varied(row: np.ndarray, n: int) -> np.ndarray:
    """n rows about one: thrust 3 %, drag 5 %, a wind of 2 m/s more or less each way, rail 1 degree."""
    rng, rows = np.random.default_rng(1), np.repeat(row[None], n, axis=0)
    for name, spread in (("thrust", 0.03), ("axial", 0.05)):
        rows[:, FIELD[name]] *= 1 + spread * rng.standard_normal(n)
    for name in ("wind_u", "wind_v"):
        rows[:, FIELD[name]] += 2.0 * rng.standard_normal(n)
    rows[:, RAIL_ELEVATION] += np.radians(1.0) * rng.standard_normal(n)
    return rows


def timed(work, *given):
    """Seconds of the better of two runs, and what came of it."""
    best = np.inf
    for _ in range(2):
        start = time.perf_counter()
        out = work(*given)
        best = min(best, time.perf_counter() - start)
    return best, out


def main(sizes: list[int]) -> dict:
    """All that is measured, by name."""
    program = compile_launch(open_project(GENESIS).launch)
    few = varied(program.compiled.row, 64)
    start = time.perf_counter()
    fly_rows_gpu(program, few)
    out = {"first_call_s": time.perf_counter() - start, "cores": os.cpu_count()}
    fly_rows(program, few)
    for n in sizes:
        rows = varied(program.compiled.row, n)
        there_s, there = timed(fly_rows_gpu, program, rows)
        some = rows[: min(n, 65_536)]
        here_s, here = timed(fly_rows, program, some)
        apart = np.abs(there[: len(some)] - here)
        out[str(n)] = {
            "gpu_flights_per_s": n / there_s, "cpu_flights_per_s": len(some) / here_s, "ratio": n / there_s * here_s / len(some),
            "same_code": float(np.mean(there[: len(some), 0] == here[:, 0])),
            "apart_99_and_most": {k: [float(np.nanquantile(apart[:, O[k]], 0.99)), float(np.nanmax(apart[:, O[k]]))] for k in COMPARED},
        }  # fmt: skip
        print(json.dumps({str(n): out[str(n)]}), file=sys.stderr, flush=True)
    return out


if __name__ == "__main__":
    print(json.dumps(main([int(a) for a in sys.argv[1:]] or [4096, 65_536, 1_048_576]), indent=1))
