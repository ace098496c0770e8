"""The stretches of a flight: for how long each configuration of the foremost body flies, and what its motors do meanwhile."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from downrange.aero import fin_strengths
from downrange.flight.drivers import RawFlight
from downrange.flight.flown import FlownBody
from downrange.flight.program import Program
from downrange.flight.propulsion import Nozzle
from downrange.flight.track import Trajectory
from downrange.flight.vehicle import Body

__all__ = ["Stretch", "flutter_share", "stretches"]


class Way(Protocol):
    """What is asked of a flight."""

    @property
    def program(self) -> Program:
        """What was flown."""

    @property
    def raw(self) -> RawFlight:
        """What the kernel answered."""

    @property
    def flown(self) -> tuple[FlownBody, ...]:
        """Its bodies, the foremost first; none where it does not come apart."""

    @property
    def trajectory(self) -> Trajectory:
        """The foremost body's way."""


@dataclass(frozen=True, eq=False)
class Stretch:
    """One body of a flight from `begins` to `ends` (s from ignition), its motors lit at `lit` (motors of the launch,), s.

    fastest: the largest dynamic pressure that it meets without a canopy, Pa.
    """

    name: str
    body: Body
    begins: float
    ends: float
    lit: np.ndarray
    fastest: float

    def holds(self, time: np.ndarray) -> np.ndarray:
        """Which times (n,) lie in it."""
        return (time >= self.begins) & (time < self.ends)

    def burning(self, time: float, thrust: float) -> list[tuple[Nozzle, float, float]]:
        """Each motor with what is left of its propellant (kg) and what it pushes with (N) at a time (s); `thrust` is that of all."""
        since = [time - float(self.lit[k]) for k in self.body.tubes]
        pairs = list(zip(self.body.nozzles, since, strict=True))
        own = [float(np.interp(s, n.motor.time, n.motor.thrust, left=0.0, right=0.0)) for n, s in pairs]
        share = thrust / sum(own) if sum(own) > 0 else 0.0
        left = [float(n.motor.propellant_at(np.array(s))) if s > 0 else n.motor.propellant_mass for n, s in pairs]
        return list(zip(self.body.nozzles, left, [share * f for f in own], strict=True))


def stretches(flight: Way) -> tuple[Stretch, ...]:
    """The stretches of the foremost body's way, in order; of a flight that does not come apart, one."""
    vehicle = flight.program.vehicle
    if not flight.flown:
        lit = np.zeros(len(vehicle.filled))
        body = vehicle.body(vehicle.root)
        return (Stretch(flight.program.launch.rocket.name, body, -math.inf, math.inf, lit, flight.raw.out["max_q"]),)
    begun: list[tuple[float, Body, np.ndarray]] = []
    for leg in flight.flown[0].arrival.legs:
        start = float(leg.raw.track[0, 0]) if begun and len(leg.raw.track) else -math.inf
        if begun and begun[-1][1].key == leg.body.key:
            begun[-1] = (*begun[-1][:2], np.minimum(begun[-1][2], leg.lit))
        else:
            begun.append((start, leg.body, leg.lit))
    tr = flight.trajectory
    free = np.where(tr.under_canopy, 0.0, tr.dynamic_pressure)
    out = []
    for (a, body, lit), b in zip(begun, [*(x[0] for x in begun[1:]), math.inf], strict=True):
        here = (tr.time >= a) & (tr.time < b)
        name = " + ".join((*body.key.stages, *body.key.boosters))
        out.append(Stretch(name, body, a, b, lit, float(free[here].max(initial=0.0))))
    return tuple(out)


def flutter_share(flight: Way) -> float:
    """Least of the dynamic pressure at which fins flutter over the largest that they meet while they fly along; NaN where unknown."""
    shares = [
        fin.flutter_pressure / s.fastest
        for s in stretches(flight)
        for fin in fin_strengths(s.body.rocket)
        if s.fastest > 0 and fin.flutter_pressure > 0
    ]
    return min(shares, default=math.nan)
