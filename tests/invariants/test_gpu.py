"""The GPU's kernel without a GPU: compiled to PTX; run by Numba's simulator; and flown beside the CPU where one is.

Skipped where the extra `gpu` is not installed; `make gpu` installs it.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from alpha import alpha_iii
from downrange.flight import Launch, Rail, compile_launch, fly_rows, fly_rows_gpu, fly_single
from downrange.flight.kernel.layout import NOUT, OUT, O
from downrange.motor import motor_from_catalogue

needs_extra = pytest.mark.skipif(
    importlib.util.find_spec("numba_cuda") is None, reason="the extra gpu is not installed"
)
KEYS = ("apogee", "apogee_time", "max_speed", "landing_east", "landing_north", "landing_time", "min_stability")


def program():
    return compile_launch(Launch(alpha_iii(), motor_from_catalogue("Estes A8"), rail=Rail(1.0, np.radians(85))))


def test_the_driver_without_a_trajectory_flies_the_same():
    """What a CUDA thread runs, on the CPU: no steps are kept, all else is equal."""
    from downrange.flight.drivers import _options, _work
    from downrange.flight.kernel.layout import RECORD, TRACK
    from downrange.flight.kernel.single import fly_one

    p = program()
    c, out, counts = p.compiled, np.empty((1, NOUT)), np.zeros(4, np.int64)
    fly_one(
        c.tables, c.segments.ravel(), c.devices, c.row[None], np.empty((0, RECORD)), _options(c, None), True, 0, 1, out,
        np.zeros((1, RECORD)), _work(1), np.empty((0, TRACK)), np.empty((0, 3)), counts,
    )  # fmt: skip
    assert counts[0] == counts[1] == 0
    assert np.array_equal(out[0], list(fly_single(p).out.values()), equal_nan=True)


@needs_extra
def test_compiles_to_ptx():
    from downrange.flight.kernel.cuda import ptx

    text = ptx(program().compiled)
    assert ".target sm_90" in text and ".entry" in text
    assert text.count("fma.rn.f64") > 1000  # in double precision; the stages of a step are a loop, so its physics stands once
    assert ".extern" not in text.replace(
        ".extern .func  (.param .b32 func_retval0) vprintf", ""
    )  # nothing left to link


SIMULATED = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from invariants.test_gpu import program
from downrange.flight.drivers import _options
from downrange.flight.kernel import cuda
from downrange.flight.kernel.layout import RECORD
p = program()
rows = np.repeat(p.compiled.row[None], 2, axis=0)
rows[1, 0] *= 0.95
np.save(sys.argv[2], cuda.fly_cuda(p.compiled, rows, _options(p.compiled, 1e-3), np.empty((0, RECORD))))
"""


@needs_extra
def test_flies_in_the_simulator(tmp_path):
    """Two flights by Numba's CUDA simulator, in plain Python: as the lanes fly them at the same tolerance."""
    env = dict(os.environ, NUMBA_ENABLE_CUDASIM="1", NUMBA_DISABLE_JIT="1", DOWNRANGE_COMPILE="here")
    here = str(Path(__file__).resolve().parents[1])
    script = tmp_path / "sim.py"
    script.write_text(SIMULATED)
    subprocess.run([sys.executable, str(script), here, str(tmp_path / "out.npy")], env=env, check=True, timeout=600)
    seen = np.load(tmp_path / "out.npy")
    p = program()
    rows = np.repeat(p.compiled.row[None], 2, axis=0)
    rows[1, 0] *= 0.95
    ours = fly_rows(p, rows, tolerance=1e-3, threads=1)
    for key in KEYS:
        assert seen[:, O[key]] == pytest.approx(ours[:, O[key]], rel=2e-4, abs=0.02)


@needs_extra
def test_flight_by_flight_on_a_gpu():
    from numba import cuda

    if not cuda.is_available():
        pytest.skip("no CUDA device here")
    p = program()
    rows = np.repeat(p.compiled.row[None], 512, axis=0)
    rows[:, 0] *= np.linspace(0.9, 1.1, 512)
    there, here = fly_rows_gpu(p, rows), fly_rows(p, rows)
    for key in KEYS:
        assert there[:, O[key]] == pytest.approx(here[:, O[key]], rel=1e-4, abs=0.01)
    assert len(OUT) == there.shape[1]


def test_without_a_gpu_it_says_so():
    from downrange.errors import InputError

    if importlib.util.find_spec("numba_cuda") is not None:
        from numba import cuda

        if cuda.is_available():
            pytest.skip("there is one")
    with pytest.raises(InputError, match="extra gpu|no CUDA device"):
        fly_rows_gpu(program(), program().compiled.row[None])
