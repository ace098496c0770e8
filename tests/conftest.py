"""Helpers of all rooms are importable: `cases` (validation data) and `alpha` (the Alpha III)."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

# What tests compare to the last digit is flown by the compiled kernel, and they wait for it.
os.environ.setdefault("DOWNRANGE_COMPILE", "wait")
