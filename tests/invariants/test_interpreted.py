"""The kernel's sources run by Python fly as the compiled ones do."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from alpha import alpha_iii
from downrange.flight import Launch, Rail, compile_launch, fly, fly_single
from downrange.flight import interpreted as python
from downrange.motor import motor_from_catalogue
from downrange.rocket import TrapezoidalFins


def program(**changes):
    rail = Rail(1.0, np.radians(82), np.radians(40))
    return compile_launch(Launch(alpha_iii(), motor_from_catalogue("Estes A8"), rail=rail, **changes))


def odd_fins():
    nose, body = alpha_iii().parts
    parts = tuple(replace(p, missing=(1,)) if isinstance(p, TrapezoidalFins) else p for p in body.parts)
    return replace(alpha_iii(), parts=(nose, replace(body, parts=parts)))


def assert_same(a, b):
    assert not a.interpreted and b.interpreted
    assert a.out.keys() == b.out.keys()
    for key, value in a.out.items():
        if key == "evaluations" or key == "steps":
            assert b.out[key] == pytest.approx(value, abs=12), key
        else:  # other roundings choose other steps where an error stands on the edge: far below the tolerance of 5e-5
            assert b.out[key] == pytest.approx(value, rel=1e-6, abs=1e-6, nan_ok=True), key
    assert [tuple(e[::2]) for e in a.events] == [tuple(e[::2]) for e in b.events]


def test_flies_as_compiled():
    p = program()
    assert_same(fly_single(p), fly_single(p, interpreted=True))


def test_flies_odd_fins_as_compiled():
    p = compile_launch(Launch(odd_fins(), motor_from_catalogue("Estes A8"), rail=Rail(1.0, np.radians(85))))
    assert p.compiled.full
    assert_same(fly_single(p, stop_time=1.0), fly_single(p, stop_time=1.0, interpreted=True))


def test_what_python_says_in_its_own_way_gives_the_same_bits():
    """Cells below, in, at the end of and beyond a table; lines and parabolas of a segment."""
    from downrange.flight.kernel import physics  # imports Numba

    for n in (1.0, 2.0, 7.0):
        for x in (-3.2, -0.0, 0.0, 0.4, 0.999999, 1.0, 1.7, 2.0, 6.5, 6.999999, 7.0, 7.1, 1e9):
            assert python._cell(x, n) == physics.cell.py_func(x, n), (x, n)
    with pytest.raises(ValueError):
        python._cell(np.nan, 7.0)
    S = [0.7317 * k % 1.0 for k in range(9)]
    for k in (0, 2, 6):
        assert python._line(S, k, 0.37) == S[k] + 0.37 * S[k + 1]
        assert python._parabola(S, k, 0.37) == S[k] + 0.37 * (S[k + 1] + 0.37 * S[k + 2])


def test_what_takes_too_many_steps_is_compiled_after_all(monkeypatch):
    p = program()
    monkeypatch.setattr("downrange.flight.drivers._PATIENT_STEPS", 20.0)
    compiled = fly_single(p, interpreted=True)
    assert not compiled.interpreted and compiled.out["code"] == 0


def test_the_whole_result_comes_without_a_compiler():
    """Figures, trajectory and rail of an interpreted flight, in a process that never imports Numba."""
    script = (
        "import sys; sys.path.insert(0, 'tests'); from invariants.test_interpreted import program; "
        "from downrange.flight import fly; f = fly(program(), interpreted=True); f.summary(); f.trajectory; "
        "print('numba' in sys.modules, f.summary()['apogee_agl_m'])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    numba, apogee = done.stdout.split()
    assert numba == "False"
    assert float(apogee) == pytest.approx(fly(program()).apogee, rel=1e-9)
