"""A machine that knows no letters but ASCII, and paths that have others."""

import os
import shutil
import subprocess
import sys

import pytest
from test_cli import EXAMPLES

ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}


@pytest.mark.skipif(os.name == "nt", reason="paths are no bytes there")
def test_fly_from_and_to_a_folder_with_an_umlaut(tmp_path):
    source, target = tmp_path / "Räuber", tmp_path / "aus Ä"
    shutil.copytree(EXAMPLES / "genesis", source)
    command = [sys.executable, "-m", "downrange.cli.main", "fly", str(source / "launch.yaml"), "--out", str(target)]
    done = subprocess.run(command, env=os.environ | ASCII, capture_output=True)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert "°" in done.stdout.decode("utf-8") and "╭" in done.stdout.decode("utf-8")
    assert {"trajectory.csv", "trajectory.parquet", "flight.kml", "flight.png"} <= {p.name for p in target.iterdir()}
