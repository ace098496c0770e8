"""Helpers of all rooms are importable: `cases` (validation data), `alpha` (the Alpha III), `fuzz` (mutated files)."""

import os
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

# What tests compare to the last digit is flown by the compiled kernel, and they wait for it.
os.environ.setdefault("DOWNRANGE_COMPILE", "wait")


def pytest_terminal_summary(terminalreporter):
    """How many mutated files the fuzz room read."""
    counts = Counter()
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        counts.update(dict(report.user_properties).get("fuzz", {}))
    if counts:
        ends = ", ".join(f"{n:,} {end}" for end, n in sorted(counts.items()))
        terminalreporter.write_line(f"fuzz: {counts.total():,} mutated files: {ends}")
