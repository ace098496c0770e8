"""Flights of one body that are over: what came of them, and the legs of one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from downrange.errors import FlightCode
from downrange.flight.drivers import RawFlight
from downrange.flight.named import named_outputs
from downrange.flight.packing import Compiled
from downrange.flight.vehicle import Body

__all__ = ["Arrival", "Leg"]


@dataclass(frozen=True, eq=False)
class Leg:
    """A leg of one flight: which body, with what row and segments, and what the kernel answered."""

    body: Body
    compiled: Compiled
    raw: RawFlight
    lit: np.ndarray


@dataclass(frozen=True, eq=False)
class Arrival:
    """Flights of a body that are over: their numbers in the batch (n,), rows, answers (n, NOUT) over all legs, times of
    ignitions (n, motors) and of separations and other steps (n, steps), NaN where they did not happen; the records (n, RECORD) with
    which they ended; heights above the pad (n, steps), m, at which steps happened, NaN also of an ignition for which no leg ends (one without conditions, that comes
    a while after what it waits for); the legs of one flight."""

    body: Body
    flight: np.ndarray
    rows: np.ndarray
    out: np.ndarray
    lit: np.ndarray
    happened: np.ndarray
    ends: np.ndarray
    heights: np.ndarray
    legs: tuple[Leg, ...] = ()

    @property
    def broken(self) -> np.ndarray:
        """Which of them (n,) broke on the way."""
        return np.asarray(named_outputs(self.out)["code"] == FlightCode.STOPPED)
