"""What a flight's canopies open with, and what holds them: the load of each, against time, and the margin of each cord, link and bulkhead.

The load is Cx q S(t): drag as the flight has it, speed lost meanwhile and all, times the opening-force coefficient of the kind of canopy
(Knacke, NWC TP 6575, section 5-4; `flight.inflation`). Swivels, stretching cords and swinging bodies are not modelled.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from downrange.flight.drivers import RawFlight
from downrange.flight.fitted import Device
from downrange.flight.flown import FlownBody
from downrange.flight.interpreted import kernel
from downrange.flight.launch import Launch
from downrange.flight.named import named_devices
from downrange.flight.packing import Compiled
from downrange.flight.program import Program
from downrange.flight.track import Chain, Track
from downrange.flight.warnings import Caution
from downrange.rocket import Bulkhead, MassObject, Recovery, ShockCord, called

__all__ = ["Held", "Opening", "held", "opening_warnings", "openings"]

_STRETCH, _TORN = 6, 9  # kinds of events of the kernel
_POINTS = 200
_ENOUGH = 2.0  # times the load: cloth and cords age, knots halve them; judgement
_SHOCKS = 0.9  # Mach number from which shocks pass over the static port
_HOLDS = (ShockCord, Bulkhead, MassObject)


class Way(Protocol):
    """What is asked of a flight."""

    @property
    def program(self) -> Program:
        """What was flown."""

    @property
    def launch(self) -> Launch:
        """What was launched."""

    @property
    def raw(self) -> RawFlight:
        """What the kernel answered."""

    @property
    def flown(self) -> tuple[FlownBody, ...]:
        """Its bodies, the foremost first; none where it does not come apart."""

    @property
    def openings(self) -> tuple[Opening, ...]:
        """Every canopy that opened."""

    @property
    def held(self) -> tuple[Held, ...]:
        """What holds them."""

    @property
    def track(self) -> Track | Chain:
        """The way that it went."""


@dataclass(frozen=True, eq=False)
class Opening:
    """A canopy that opens: its device, when its lines are stretched (s from ignition), airspeed and height above the pad then.

    `times` and `force` (n,) are its load (N) until it is full or another opens; `load` the largest; `strength` that at which it tears
    (N; 0: nobody said); `torn` whether it did.
    """

    name: str
    time: float
    airspeed: float
    height: float
    times: np.ndarray
    force: np.ndarray
    load: float
    strength: float
    torn: bool


@dataclass(frozen=True)
class Held:
    """A cord, a link or a bulkhead, what it holds (N), and the worst opening that pulls at it."""

    name: str
    strength: float
    opening: Opening

    @property
    def margin(self) -> float:
        """What it holds over the load; below one it breaks."""
        return self.strength / self.opening.load if self.opening.load > 0 else math.inf

    def says(self) -> str:
        """In words."""
        o = self.opening
        return f"{o.name} opens at {o.airspeed:.0f} m/s: {_newton(o.load)}; {self.name} holds {_newton(self.strength)}"


def _newton(force: float) -> str:
    return f"{force / 1e3:.2g} kN" if force >= 1e3 else f"{force:.0f} N"


def openings(flight: Way) -> tuple[Opening, ...]:
    """Every canopy of the foremost body that opened with a load, in order.

    flight: flown.
    """
    legs = flight.flown[0].arrival.legs if flight.flown else ()
    flown = [(leg.body.devices, leg.compiled, leg.raw) for leg in legs] or [
        (flight.program.devices, flight.program.compiled, flight.raw)
    ]
    return tuple(o for devices, compiled, raw in flown for o in _of_leg(flight, devices, compiled, raw))


def _of_leg(flight: Way, devices: tuple[Device, ...], compiled: Compiled, raw: RawFlight) -> Iterator[Opening]:
    """The openings on one leg: its events with the kernel's own laws gone through again."""
    space = kernel()
    events: Any = importlib.import_module(f"{space.physics.__package__}.events")
    row, table, shock = compiled.row.tolist(), compiled.devices, named_devices(compiled.devices)["shock"]
    marks = [(int(kind), float(t), int(i)) for kind, t, i in raw.events if int(kind) in (_STRETCH, _TORN)]
    if not marks:
        return
    ends = [t for _, t, _ in marks[1:]] + [math.inf]
    height, airspeed, _ = flight.track.met(np.array([t for _, t, _ in marks]))
    law = (0.0, 0.0, marks[0][1], 1e9, 0.0, 0.0, 0.0, 0.0)
    found: list[tuple[int, np.ndarray, np.ndarray]] = []
    for k, (kind, t, i) in enumerate(marks):
        if kind == _TORN:
            law = events.tear(table, row, [0.0] * len(table), [0.0] * len(table), i, t, law, [0.0] * 99)
            continue
        law = events.open_device(table, row, i, t, float(airspeed[k]), law)
        if shock[i] > 0:
            full = min(t + 1 / law[3], ends[k], float(raw.track[-1, 0]))
            times = np.linspace(t, max(full, t), _POINTS)
            area = np.array([space.physics.spread(law, x) for x in times.tolist()])
            if law[3] > 1e8:
                area[:] = law[1]
            found.append((k, times, area - events.others(table, row, i, law)))
    pressure = flight.track.met(np.concatenate([times for _, times, _ in found]))[2] if found else np.zeros(0)
    for n, (k, times, area) in enumerate(found):
        _, t, i = marks[k]
        force = shock[i] * area * pressure[n * _POINTS : (n + 1) * _POINTS]
        torn = k + 1 < len(marks) and marks[k + 1][0] == _TORN and marks[k + 1][2] == i
        yield Opening(
            devices[i].name, t, float(airspeed[k]), float(height[k]), times, force, float(force.max()), devices[i].strength, torn
        )  # fmt: skip


def held(flight: Way) -> tuple[Held, ...]:
    """Every cord, link and bulkhead of the rocket whose strength its file says, with the worst opening that pulls at it.

    flight: flown.
    """
    out = []
    for q in flight.launch.rocket.placed:
        part = q.part
        if isinstance(part, _HOLDS) and part.strength:
            pulls = [o for o in flight.openings if part.carries in ("", o.name, o.name.removesuffix(" (full)"))]
            if pulls:
                worst = max(pulls, key=lambda o: o.load)
                out.append(Held(f"the {called(part)}" if not part.name else part.name, part.strength, worst))
    return tuple(out)


def opening_warnings(flight: Way) -> Iterator[str]:
    """What tears, breaks or never opens, in words.

    flight: flown.
    """
    for o in flight.openings if _tears(flight) else ():
        if o.torn:
            text = f"{o.name} opens at {o.airspeed:.0f} m/s and tears: it holds {_newton(o.strength)}, and would open with more"
            yield Caution("opening_load", f"{text}. Release it slower, or a stronger canopy.", True)
    for h in flight.held:
        if h.margin < 1:
            yield Caution(
                "recovery_margin", f"{h.says()[0].upper()}{h.says()[1:]}: it breaks. A stronger one, or a slower opening.", True
            )  # fmt: skip
        elif h.margin < _ENOUGH:
            yield Caution(
                "recovery_margin", f"{h.says()[0].upper()}{h.says()[1:]}, {h.margin:.1f} times that; {_ENOUGH:g} is usual."
            )  # fmt: skip
    names = {q.part.name for q in flight.launch.rocket.find(Recovery)} | {""}
    for q in flight.launch.rocket.placed:
        carries = getattr(q.part, "carries", "")
        if carries not in names:
            yield f"{called(q.part)} carries {carries!r}, which is no recovery device here: its margin is not told."
    yield from _late(flight)
    yield from _higher(flight)
    yield from _altimeters(flight)


def _tears(flight: Way) -> bool:
    """Whether a canopy of the foremost body tore: the loads of those that held need not be found for that."""
    legs = [leg.raw for leg in flight.flown[0].arrival.legs] if flight.flown else [flight.raw]
    return any(int(kind) == _TORN for raw in legs for kind, _, _ in raw.events)


def _late(flight: Way) -> Iterator[str]:
    """Devices that were to open and did not before it came down."""
    landed = flight.raw.out["landing_time"]
    if flight.flown or not math.isfinite(landed):
        return
    out = {int(i) for kind, _, i in flight.raw.events if int(kind) == _STRETCH}
    for k, d in enumerate(flight.program.devices):
        if d.opens and k not in out and out and (d.after < 0 or d.after in out):
            yield Caution(
                "ground_hit_speed", f"{d.name} ({d.label}) has not opened when it comes down, at {landed:.0f} s.", True
            )


def _higher(flight: Way) -> Iterator[str]:
    """Devices that wait for a height to which it never climbs: falling, it is below that from its top on."""
    top = flight.raw.out["apogee"]
    if flight.flown or not math.isfinite(top):
        return
    for q in flight.launch.rocket.find(Recovery):
        assert isinstance(q.part, Recovery)
        d, freed = q.part.deploy, getattr(q.part, "disreef_altitude", None)
        for at, does in ((d.altitude if d.event == "altitude" else None, "opens"), (freed, "is let go")):
            if at is not None and at > top and math.isfinite(flight.raw.out["apogee_time"]):
                text = f"{called(q.part)} is to open at {at:,.0f} m, and this flight goes to {top:,.0f} m: it {does} at its top. Is a digit too many?"
                yield Caution("apogee_agl", f"{text[0].upper()}{text[1:]}")


def _altimeters(flight: Way) -> Iterator[str]:
    """What the altimeters that the file names will not do on this flight, or may do too early."""
    out, launch = flight.raw.out, flight.launch
    if not math.isfinite(out["apogee_time"]):
        return
    fired = [p for q in launch.rocket.find(Recovery) if isinstance(p := q.part, Recovery) and p.deploy.altimeter]
    if not fired:
        return
    top = float(flight.track.sample(np.array([out["apogee_time"]])).pressure_altitude[0])
    for part in fired:
        unit, name = part.deploy.altimeter, called(part)
        assert unit is not None
        arms = unit.settled.arms_above or 0.0
        if top < arms:
            text = f"{unit.name} fires {name} and arms {arms:.0f} m above the pad; this flight goes to {top:.0f} m: it will not open."
            yield Caution("apogee_pressure_altitude_agl", text, True)
        if part.deploy.deceived and out["max_mach"] > _SHOCKS:
            text = f"{unit.name} fires {name}, and no lock-out near Mach 1 is said: at Mach {out['max_mach']:.2f} a pressure spike may fire it early"
            yield Caution("max_mach", f"{text}. Set its Mach delay, and say it: lockout_time.", True)
