"""Who steers a flight, as far as `flight` needs to know: the controllers themselves stand above it (`downrange.control`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from downrange.flight.drivers import RawFlight
from downrange.flight.orders import Orders
from downrange.flight.packing import Compiled
from downrange.flight.program import Program
from downrange.flight.vehicle import Body

__all__ = ["Crew", "Record", "Steering"]


class Record(Protocol):
    """What was done on a flight."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to know of it, in plain words."""

    def summary(self) -> dict[str, Any]:
        """For `--json`."""


class Crew(Protocol):
    """Controllers on board of some flights of one program."""

    def planned(self, flights: int) -> Orders:
        """The schedule of so many flights as the controllers may change it."""

    def fly(
        self, compiled: Compiled, rows: np.ndarray, starts: np.ndarray | None, body: Body | None = None, flight: np.ndarray | None = None, *,
        tolerance: float | None = None,
    ) -> tuple[np.ndarray, np.ndarray, RawFlight | None]:  # fmt: skip
        """Fly rows (n, ROW) of a body from the pad or from records (n, RECORD): answers (n, NOUT), records, and of one flight its track."""

    def record(self, flight: int = 0) -> Record:
        """What was done on a flight."""

    def end(self) -> None:
        """It is over."""


class Steering(Protocol):
    """Controllers that fly launches."""

    @property
    def controllers(self) -> Sequence[Any]:
        """Each of them; none where nothing steers."""

    def crew(self, program: Program, flights: int = 1, *, block: Sequence[int] = (), keep: bool = True) -> Crew:
        """Controllers on board of so many flights of a program, whose errors are drawn by `block` and the flight's number."""
