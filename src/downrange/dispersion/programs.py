"""What campaigns ask of a program's tables: the heights of its air, and motors that burn longer or shorter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from downrange.flight import Program
from downrange.flight.around import air_grid
from downrange.flight.named import named_rows
from downrange.flight.packing import Compiled
from downrange.flight.propulsion import stretched

__all__ = ["air_heights", "burning"]

_BURN_STEP = 0.002  # of the logarithm of the burn time, to which it is rounded


def air_heights(program: Program) -> np.ndarray:
    """Heights above the pad (m) of the nodes of a program's air and wind."""
    t = program.compiled.tables
    depth = -float(np.min(t.ground))
    return air_grid(t.top, depth)[0]


def burning(c: Compiled, rows: np.ndarray, longer: np.ndarray | None) -> Compiled:
    """The program with motors that burn exp(`longer`) (n,) times as long with the same impulse; the rows (n, ROW) are pointed at them.

    The times are rounded to 0.2 %, so that flights share tables: no more of them than the spread has steps.
    """
    if longer is None or not longer.any():
        return c
    levels, which = np.unique(np.rint(longer / _BURN_STEP), return_inverse=True)
    tables = stretched(c.segments, np.exp(_BURN_STEP * levels))
    named_rows(rows)["thrust_at"] = which * float(tables.shape[1])
    return replace(c, segments=tables.reshape(-1, tables.shape[-1]))
