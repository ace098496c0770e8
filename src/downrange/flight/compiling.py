"""What the process runs that compiles the kernel into the cache (`kernel.warm`): it compiles by flying."""

from __future__ import annotations

import numpy as np

from downrange.atmosphere import Weather
from downrange.earth import Pad
from downrange.flight.body import PlainBody, compile_body
from downrange.flight.drivers import fly_rows, fly_single, rail_ride
from downrange.flight.kernel.warm import finished, mark
from downrange.flight.kernel.winds import pack_winds

__all__ = ["compile_all"]


def compile_all() -> None:
    """Compile by flying: one body once, then in lanes, in a wind of its own."""
    try:
        body = compile_body(PlainBody(1.0, np.eye(3)), Pad(0.0, 0.0), Weather(), top=1000.0)
        fly_single(body)
        rail_ride(body, 0.0, 1.0, 2)
        mark("one").touch()
        n = body.tables.wind.size // 4 + 1
        pack_winds(
            np.zeros((1, n, 2)), np.zeros(1, np.int64), np.zeros((1, 2, 2)), np.zeros(n, np.int64), np.zeros(n), np.zeros(n), 0.0,
            np.zeros(n), np.ones(n), np.zeros(n), np.zeros((0, 1, 4)), np.empty((1, n - 1, 4)),
        )  # fmt: skip
        fly_rows(body, body.row[None], threads=1)
        mark("many").touch()
    finally:
        finished()
