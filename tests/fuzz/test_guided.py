"""Files of other programs under mutants that coverage chooses; `DOWNRANGE_FUZZ_SECONDS` (default 3) a reader."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fuzz.guided import words
from fuzz.samples import samples

SECONDS = os.environ.get("DOWNRANGE_FUZZ_SECONDS", "3")
TESTS = Path(__file__).resolve().parents[1]

_FRESH = '"$0" "$@"; exit $?'
"""A child of a small shell: the peak of memory that the fuzzer watches is its parent's at first (Linux keeps it across `exec`), and that
of a tester that has run thousands of tests would end it."""


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
@pytest.mark.parametrize("name", ["ork", "ork in zip", "rkt", "cdx1"])
def test_guided(name, tmp_path, record_property):
    command = [sys.executable, "-W", "ignore", "-m", "fuzz.guided", name, SECONDS, str(tmp_path)]
    done = subprocess.run(
        ["sh", "-c", _FRESH, *command], cwd=TESTS, capture_output=True, text=True, timeout=300 + 20 * int(SECONDS), errors="replace",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    tried = int(re.search(r"number_of_executed_units: (\d+)", done.stderr)[1])
    reached = int(re.findall(r"cov: (\d+)", done.stderr)[-1])
    record_property("fuzz", {"led by coverage": tried})
    assert tried > 10 and reached > 100, "the readers were not instrumented: nothing led it"


def test_the_dictionary_has_what_a_reader_looks_for():
    found = words(samples()["ork"].data)
    assert b'"<nosecone>"' in found and b'"</nosecone>"' in found and b'"haack"' in found and b"\n" in found
