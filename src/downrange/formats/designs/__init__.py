"""Design files of other programs: OpenRocket, RockSim, RASAero. One module a format; `read_design` finds the reader by the suffix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from downrange.formats.foreign.design import Design
from downrange.formats.reading import guarded
from downrange.formats.registry import Readers

__all__ = ["READERS", "read_design"]

READERS: Readers[Callable[[Path], Design]] = Readers(__name__, "design files are {}")


@guarded("a design file")
def read_design(path: str | Path) -> Design:
    """Read the design file of another program. Raises `InputError` in one line for what cannot be read as one.

    No code in a file is run, nothing beside it is opened; what it unpacks to, its depth and the number of its elements are bounded.
    """
    return READERS.of(Path(path))(Path(path))
