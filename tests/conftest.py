"""Helpers of all rooms are importable: `cases` (validation data) and `alpha` (the Alpha III)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
