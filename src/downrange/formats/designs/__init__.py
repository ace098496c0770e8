"""Design files of other programs: OpenRocket, RockSim, RASAero. One module a format; `read_design` finds the reader by the suffix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from downrange.errors import InputError
from downrange.formats.foreign.design import Design
from downrange.formats.reading import guarded
from downrange.formats.registry import Readers

__all__ = ["READERS", "read_design"]

_MOST_PARTS = 1000

READERS: Readers[Callable[[Path], Design]] = Readers(__name__, "design files are {}")


@guarded("a design file")
def read_design(path: str | Path) -> Design:
    """Read the design file of another program. Raises `InputError` in one line for what cannot be read as one.

    No code in a file is run, nothing beside it is opened; what it unpacks to, its depth and the numbers of its elements and parts are
    bounded.
    """
    design = READERS.of(Path(path))(Path(path))
    if (many := sum(design.counts.values())) > _MOST_PARTS:
        raise InputError(
            f"{many:,} parts; a design has at most {_MOST_PARTS:,}, and most have less than a hundred", file=str(path)
        )
    return design
