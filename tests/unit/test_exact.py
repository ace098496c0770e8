"""Where linear algebra runs on one thread."""

import subprocess
import sys

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from downrange.aero import build_aero, tables
from downrange.exact import begin_with_one_thread, one_thread
from downrange.rocket import BodyTube, NoseCone, Rocket, TrapezoidalFins

_ROCKET = Rocket(
    "three fins",
    (
        NoseCone(shape="ogive", length=0.21, diameter=0.054, wall=0.002),
        BodyTube(
            length=0.83, diameter=0.054, wall=0.001,
            parts=(TrapezoidalFins(count=3, root_chord=0.11, tip_chord=0.04, span=0.06, sweep=0.05, thickness=0.003, position="bottom"),),
        ),
    ),
)  # fmt: skip


def _threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_aerodynamics_are_built_on_one_thread(monkeypatch):
    during = set()
    whole = tables.drag_parts
    monkeypatch.setattr(tables, "drag_parts", lambda *a, **more: (during.update(_threads()), whole(*a, **more))[1])
    with threadpool_limits(2, user_api="blas"):
        before = _threads()
        build_aero(_ROCKET)
        assert _threads() == before
    assert during == {1}


def test_a_build_does_not_depend_on_threads():
    with threadpool_limits(2, user_api="blas"):
        two = build_aero(_ROCKET)
    with threadpool_limits(1, user_api="blas"):
        one = build_aero(_ROCKET)
    for name in ("a0", "a1", "a2", "axial", "roll_damp"):
        assert np.array_equal(getattr(one, name), getattr(two, name))


@pytest.mark.parametrize("first", ["", "import numpy; "])
def test_the_command_line_begins_with_one_thread(first):
    code = first + (
        "from downrange.exact import begin_with_one_thread, one_thread; begin_with_one_thread(); import numpy, os, sys;"
        "from threadpoolctl import threadpool_info\n"
        "with one_thread(): print(*{i['num_threads'] for i in threadpool_info() if i['user_api'] == 'blas'},"
        " os.environ.get('OPENBLAS_NUM_THREADS'))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout
    assert out.split() == ["1", "None" if first else "1"]


def test_a_library_that_comes_later_is_held_too():
    code = (
        "import numpy; from downrange.exact import one_thread\nwith one_thread(): pass\nimport scipy.linalg;"
        "from threadpoolctl import threadpool_info, threadpool_limits\nthreadpool_limits(2)\n"
        "with one_thread(): print(*{i['num_threads'] for i in threadpool_info() if i['user_api'] == 'blas'})"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout
    assert out.split() == ["1"]


def test_where_numpy_is_loaded_nothing_is_said(monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    begin_with_one_thread()
    with threadpool_limits(2, user_api="blas"), one_thread():
        assert _threads() == {1}
