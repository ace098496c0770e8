"""Flights of one design after another, each a little different: what the last one told spares work for the next."""

from __future__ import annotations

import math

from downrange.flight.fly import fly
from downrange.flight.launch import Launch
from downrange.flight.program import compile_launch
from downrange.flight.results import Flight

__all__ = ["Again", "fastest"]

_ROOM = 1.1  # times the last flight's Mach number, to which the next one's normal forces are found at first
_LEAST = 0.5  # Mach number; margins on the pad are at Mach 0.3


def fastest(flight: Flight) -> float:
    """The largest Mach number of any body on any leg of a flight; NaN where it did not move."""
    raws = [leg.raw for body in flight.flown for leg in body.arrival.legs] or [flight.raw]
    return max((m for raw in raws if math.isfinite(m := raw.out["max_mach"])), default=math.nan)


class Again:
    """Flies launches that are much like one another, on the compiled kernel.

    Normal forces are found as far up in Mach number as the last flight went, with some room, for finding them at all is most of a change's
    work; a flight that goes beyond is flown again with all of them. So what is told is what `fly` tells.
    """

    def __init__(self) -> None:
        self._reached = math.nan

    def fly(self, launch: Launch) -> Flight:
        """The flight of a launch."""
        to = max(_ROOM * self._reached, _LEAST) if math.isfinite(self._reached) else math.inf
        flight = fly(compile_launch(launch, lift_to=to))
        self._reached = fastest(flight)
        if not self._reached <= _known_to(flight):
            flight = fly(launch)
            self._reached = fastest(flight)
        return flight


def _known_to(flight: Flight) -> float:
    """The Mach number to which the normal forces of every body that flew were found."""
    legs = [leg.body.aero for body in flight.flown for leg in body.arrival.legs]
    return min(aero.lift_to for aero in legs or [flight.program.aero])
