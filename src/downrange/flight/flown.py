"""What a flight of several bodies became: each body with its way from the pad, or from where it left another, to the ground."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from downrange.errors import FlightCode
from downrange.flight.arrivals import Arrival
from downrange.flight.drivers import RawFlight
from downrange.flight.named import named_rows, named_steps
from downrange.flight.program import Program, program_of
from downrange.flight.propulsion import sums_at
from downrange.flight.rows import OUT
from downrange.flight.schedule import Step
from downrange.flight.track import Chain, Track

__all__ = ["Encounter", "FlownBody", "encounters", "left", "staging_warnings"]

_WATCHED = 5.0  # s after a separation in which two bodies are watched
_EACH = 0.01  # s
_FAST = 15.0  # m/s; faster than any canopy or streamer lets a body down
_TOUCH = 1e-3  # m; nearer than they parted by this, they touch


@dataclass(frozen=True, eq=False)
class FlownBody:
    """One body of a flight, from the pad where it is the foremost, else from where it left."""

    program: Program
    arrival: Arrival

    @property
    def name(self) -> str:
        """What it is called: its stages, or the boosters it is one of."""
        return self.arrival.body.key.name

    @property
    def tumbles(self) -> bool:
        """Whether it tumbles down, as far as no canopy opens."""
        return self.arrival.body.tumbles

    @cached_property
    def raw(self) -> RawFlight:
        """What the kernel answered, over all legs."""
        legs = [leg.raw for leg in self.arrival.legs]
        out = dict(zip(OUT, self.arrival.out[0].tolist(), strict=True))
        return RawFlight(
            np.concatenate([r.track for r in legs]), np.concatenate([r.events for r in legs]), out, legs[-1].end,
            any(r.interpreted for r in legs),
        )  # fmt: skip

    @property
    def code(self) -> FlightCode:
        """How it ended."""
        return FlightCode(int(self.raw.out["code"]))

    @cached_property
    def track(self) -> Chain:
        """The way that it went."""
        vehicle, legs, opened = self.program.vehicle, [], math.nan
        for leg in self.arrival.legs:
            legs.append(Track(program_of(vehicle, leg.body, leg.compiled), leg.raw, opened))
            if not math.isfinite(opened):
                opened = leg.raw.out["deploy_time"]
        return Chain(tuple(legs), self.raw, tuple(self._marks()))

    def _marks(self) -> list[tuple[str, float]]:
        """Ignitions, burn-outs and separations on its way, by name."""
        a, vehicle = self.arrival, self.program.vehicle
        starts = [float(leg.raw.track[0, 0]) if len(leg.raw.track) else 0.0 for leg in a.legs]
        end = float(named_steps(a.legs[-1].raw.track)["time"][-1]) if len(a.legs[-1].raw.track) else 0.0
        first = starts[0] if a.body.key != vehicle.root and a.legs[0].body.key != vehicle.root else 0.0

        def aboard(motor: int, t: float) -> bool:
            if not first <= t <= end:
                return False
            k = max(int(np.searchsorted(starts, t - 1e-9, "left")) - 1, 0)
            return motor in a.legs[k].body.tubes

        out: dict[tuple[str, float], None] = {}
        for step, happened in zip(vehicle.steps, a.happened[0].tolist(), strict=True):
            if step.kind == "separation":
                if first <= happened <= end:
                    out[f"{step.name}: separation", happened] = None
                continue
            for j, f in enumerate(vehicle.filled):
                lit = float(a.lit[0, j])
                if f.index == step.index and math.isfinite(lit):
                    for what, t in (("ignition", lit), ("burn-out", lit + float(f.motor.time[-1]))):
                        if aboard(j, t) and t > 0:
                            out[f"{step.name}: {what}", round(t, 12)] = None
        return list(out)

    # What the quantities of a body follow from.

    def answer(self, name: str) -> float:
        """What the kernel says."""
        return self.raw.out[name]

    @cached_property
    def landing_mass(self) -> float:
        """What comes down, kg: with propellant that did not burn."""
        leg = self.arrival.legs[-1]
        end = min(self.track.cut, self.raw.out["landing_time"] if math.isfinite(self.raw.out["landing_time"]) else 1e9)
        return float(named_rows(leg.compiled.row)["mass"]) + float(
            sums_at(leg.compiled.segments, np.array([end]))[1][0]
        )

    @property
    def last_burnout(self) -> float:
        """When the last of the motors that it keeps, or that lifted it off, is burnt out; s from ignition."""
        a, filled = self.arrival, self.program.vehicle.filled
        ends = [a.lit[0, j] + filled[j].motor.burnout_time for j in a.body.tubes if math.isfinite(a.lit[0, j])]
        return float(max(ends, default=self.program.launch.lifting.burnout_time))

    @property
    def landing_place(self) -> tuple[float, float]:
        """Latitude and longitude where it comes down, rad; NaN where it does not."""
        o = self.raw.out
        if not math.isfinite(o["landing_time"]):
            return math.nan, math.nan
        here = np.array([o["landing_east"], o["landing_north"], o["landing_up"]])
        latitude, longitude, _ = self.program.launch.pad.geodetic(here)
        return float(latitude), float(longitude)


@dataclass(frozen=True)
class Encounter:
    """Two bodies after they parted at `parted` (s): how much nearer than then they came (m, zero where they only drew apart), and when."""

    first: str
    second: str
    parted: float
    nearer: float
    time: float

    @property
    def touches(self) -> bool:
        """Whether they run into each other."""
        return self.nearer > _TOUCH


def encounters(bodies: Sequence[FlownBody]) -> tuple[Encounter, ...]:
    """Each body that left another, with the one ahead of it, in the first seconds; distances are of their centres of gravity."""
    out = []
    for body in bodies:
        track = body.arrival.legs[0].raw.track
        if body.arrival.legs[0].body.key == body.program.vehicle.root or not len(track):
            continue
        parted = float(track[0, 0])
        t = np.arange(parted, min(parted + _WATCHED, float(track[-1, 0])), _EACH)
        others = [
            b for b in bodies if b is not body and _starts(b) <= parted + 1e-9 and float(b.raw.track[-1, 0]) > parted
        ]
        here = body.track.way(t)[0]
        for other in others:
            if len(t) < 2 or not left(body, other):
                continue
            apart = np.linalg.norm(other.track.way(t)[0] - here, axis=1)
            k = int(np.argmin(apart))
            out.append(Encounter(other.name, body.name, parted, float(apart[0] - apart[k]), float(t[k])))
    return tuple(out)


def _starts(body: FlownBody) -> float:
    return float(body.arrival.legs[0].raw.track[0, 0])


def left(body: FlownBody, other: FlownBody) -> bool:
    """Whether `other` is what `body` stood on or behind: at the moment it left, its leg held both."""
    mine, parted = body.arrival.legs[0].body.key, _starts(body)
    before = [leg.body.key for leg in other.arrival.legs if float(leg.raw.track[0, 0]) < parted - 1e-9]
    if not before:
        return False
    whole = before[-1]
    return all(s in whole.stages for s in mine.stages) if mine.stages else mine.boosters[0] in whole.boosters


def staging_warnings(bodies: Sequence[FlownBody], met: Sequence[Encounter]) -> tuple[str, ...]:
    """What went wrong between the bodies of a flight, in plain words."""
    out = []
    for e in met:
        if e.touches:
            out.append(
                f"RECONTACT: {e.second!r} runs into {e.first!r} within {e.time - e.parted:.1f} s of leaving it ({100 * e.nearer:.0f} cm closer than they "
                "parted). Leave later, after burn-out, or push them apart with a charge or a spring."
            )
    for body in bodies:
        vehicle, a = body.program.vehicle, body.arrival
        for step, happened in zip(vehicle.steps, a.happened[0].tolist(), strict=True):
            tubes = [j for j in a.body.tubes if vehicle.filled[j].index == step.index]
            if step.kind == "ignition" and step.what.event != "never" and tubes and not math.isfinite(happened):
                why = (
                    "its conditions did not hold"
                    if getattr(step.what, "conditional", False)
                    else "what it waits for never came"
                )
                out.append(
                    f"The motor in {step.name!r} was not lit ({why}): {body.name!r} comes down with its propellant."
                )
            if (
                step.kind == "separation"
                and body.code == FlightCode.LANDED
                and not math.isfinite(happened)
                and _carries(a, step)
            ):
                out.append(
                    f"{step.name!r} NEVER LEAVES: what its separation waits for did not come, and {body.name!r} comes down in one piece. "
                    "Look at the separation's event."
                )
        if body.code == FlightCode.LANDED and body is not bodies[0]:
            speed, mass = body.raw.out["landing_speed"], body.landing_mass
            if speed > _FAST and not body.tumbles:
                out.append(
                    f"{body.name!r} hits the ground at {speed:.0f} m/s ({0.5 * mass * speed**2:.0f} J): no canopy slows it. Add one to its parts."
                )
    return tuple(out)


def _carries(arrival: Arrival, step: Step) -> bool:
    """Whether the body came down with what `step` was to part from it."""
    key = arrival.body.key
    return step.what.event != "never" and (step.name in key.boosters or len(key.stages) > 1 and step.name in key.stages)
