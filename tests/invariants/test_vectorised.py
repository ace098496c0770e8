"""Loss of vectorisation is silent: look at the assembly. Compiled anew in a process with an empty cache."""

import os
import platform
import re
import subprocess
import sys

import pytest

SCRIPT = """
import numpy as np
from alpha import alpha_iii
from downrange.flight import Launch, Rail, compile_launch, fly_rows
from downrange.flight.kernel import many
from downrange.motor import motor_from_catalogue
program = compile_launch(Launch(alpha_iii(), motor_from_catalogue("Estes A8"), rail=Rail(1.0)))
fly_rows(program, np.repeat(program.compiled.row[None], 2, axis=0), threads=1)
for f in (many.lanes_plain, many.lanes_canopy):
    print("@@", f.__name__)
    print(next(iter(f.inspect_asm().values())))
"""


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="reads x86 assembly")
def test_lane_loops_are_packed(tmp_path):
    env = dict(
        os.environ,
        DOWNRANGE_COMPILE="here",
        DOWNRANGE_CACHE=str(tmp_path),
        PYTHONPATH=os.path.dirname(os.path.dirname(__file__)),
    )
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=env, capture_output=True, text=True, check=True)
    for text in done.stdout.split("@@")[1:]:
        name = text.split()[0]
        packed = len(re.findall(r"v?(?:mul|f(?:n)?m(?:add|sub)\d+)pd", text))
        scalar = len(re.findall(r"v?(?:mul|f(?:n)?m(?:add|sub)\d+)sd", text))
        assert packed > 300, f"{name}: {packed} packed multiplications"
        assert scalar < 0.1 * packed, f"{name}: {scalar} scalar against {packed} packed multiplications"


@pytest.mark.skipif(os.name == "nt", reason="asks after processes")
def test_a_compilation_that_was_killed_is_taken_up_again(tmp_path):
    from downrange.flight.kernel.warm import _abandoned

    lock = tmp_path / "compiling"
    assert not _abandoned(lock)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    lock.write_text(str(dead.pid))
    assert _abandoned(lock)
    lock.write_text(str(os.getpid()))
    assert not _abandoned(lock)
    os.utime(lock, (0, 0))
    assert _abandoned(lock)
