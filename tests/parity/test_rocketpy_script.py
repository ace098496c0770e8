"""The script that is exported for RocketPy, flown by RocketPy: apogee within 1 % of ours, from the same masses, thrust, drag and air.

What differs is RocketPy's own: its lift (Barrowman's, without the body's), the sign of its lever arm (its issue 1186), and that it
does not swing about the lower button.
"""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from downrange.flight import compile_launch, fly
from downrange.formats.foreign.rocketpy_script import rocketpy_script
from downrange.project import open_project

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
pytestmark = pytest.mark.skipif(importlib.util.find_spec("rocketpy") is None, reason="RocketPy is not installed")


@pytest.mark.parametrize("name", ["bella_lui", "first_rocket", "genesis", "ndrt"])
def test_rocketpy_flies_as_high(name, tmp_path):
    flight = fly(compile_launch(open_project(EXAMPLES / name / "launch.yaml").launch), interpreted=True)
    path = tmp_path / "script.py"
    path.write_text(rocketpy_script(flight)[0], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(path)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "MPLBACKEND": "agg"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = dict(re.findall(r"^(.+): RocketPy (\S+), ", done.stdout, re.M))
    f = flight.figures
    assert float(said["apogee above the pad, m"]) == pytest.approx(f["apogee_agl"], rel=0.01)
    assert float(said["largest speed, m/s"]) == pytest.approx(f["max_speed"], rel=0.01)
    assert float(said["speed at rail exit, m/s"]) == pytest.approx(f["rail_exit_speed"], rel=0.01)
