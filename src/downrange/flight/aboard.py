"""What a recorder in one body of a flight goes through, from the pad to the ground: the whole that it was part of, then the body."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from downrange.errors import InputError, seen
from downrange.flight.drivers import RawFlight
from downrange.flight.flown import FlownBody, left
from downrange.flight.launch import Launch
from downrange.flight.program import Program, program_of
from downrange.flight.results import Flight
from downrange.flight.track import Chain, Went

__all__ = ["Aboard", "aboard"]

_OF_THE_WHOLE = ("liftoff", "rail_exit")  # what the kernel says of the pad, of bodies that were not on it by themselves


@dataclass(frozen=True, eq=False)
class Aboard(Went):
    """One body of a flight with what it was part of before it left: asked like a `Flight`. Where it left, its place steps to its own centre of gravity."""

    body: FlownBody
    before: Aboard | None = None

    @property
    def name(self) -> str:
        """What the body is called."""
        return self.body.name

    @property
    def parted(self) -> float:
        """When it left the whole, s from ignition; minus infinity of the foremost."""
        return -math.inf if self.before is None else float(self.body.arrival.legs[0].raw.track[0, 0])

    @property
    def launch(self) -> Launch:
        """The launch that was flown."""
        return self.body.program.launch

    @property
    def program(self) -> Program:
        """Of the body as it coasts: the last that it is before it comes down."""
        leg = self.body.arrival.legs[-1]
        return program_of(self.body.program.vehicle, leg.body, leg.compiled)

    @cached_property
    def track(self) -> Chain:
        """The way from the pad."""
        own = self.body.track
        if self.before is None:
            return own
        earlier, when = self.before.track, self.parted - 1e-9
        legs = [leg for leg, begins in zip(earlier.legs, earlier.begins.tolist(), strict=True) if begins < when]
        marks = {**{m: None for m in earlier.marks if m[1] <= self.parted}, **dict.fromkeys(own.marks)}
        return Chain((*legs, *own.legs), own.raw, tuple(marks))

    @cached_property
    def raw(self) -> RawFlight:
        """What the kernel answered of the body, and of the whole what is of the pad; the apogee of both."""
        own = self.body.raw
        if self.before is None:
            return own
        first, out = self.before.raw.out, dict(own.out)
        out |= {k: v for k, v in first.items() if k.startswith(_OF_THE_WHOLE)}
        if first["apogee_time"] <= self.parted:
            out |= {k: first[k] for k in ("apogee", "apogee_time")}
        return RawFlight(own.track, own.events, out, own.end, own.interpreted)

    @property
    def landing_mass(self) -> float:
        """What comes down, kg."""
        return self.body.landing_mass

    @property
    def last_burnout(self) -> float:
        """When the last motor that pushed it is burnt out, s from ignition."""
        ends = [t for name, t in self.track.marks if name.endswith(": burn-out")]
        return max(ends, default=self.launch.lifting.burnout_time)


def _ride(bodies: Sequence[FlownBody], body: FlownBody) -> Aboard:
    parents = [b for b in bodies if b is not body and left(body, b)] if body is not bodies[0] else []
    return Aboard(body, _ride(bodies, parents[0]) if parents else None)


def aboard(flown: Flight | Sequence[FlownBody], name: str = "") -> Aboard:
    """The way of the body called `name` of a flight, or of its bodies, the foremost first; left out: of the foremost.

    Raises `InputError` for a body that the flight has not.
    """
    bodies = flown.flown if isinstance(flown, Flight) else tuple(flown)
    if not bodies:
        raise InputError("this rocket flies as one body: there is none to choose", key="--body")
    chosen = next((b for b in bodies if b.name == name), None) if name else bodies[0]
    if chosen is None:
        raise InputError(
            f"no body called {seen(name, 40)} comes down in this flight; there are: {', '.join(b.name for b in bodies)[:150]}",
            key="--body",
        )
    return _ride(bodies, chosen)
