"""Controllers on board: the flight goes from one moment at which they are asked to the next, and between them as they commanded.

One flight is a generator that stops at every such moment, so that many flights can go side by side under one vectorised controller.
"""

from __future__ import annotations

import copy
import math
import time as clock
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import numpy as np

from downrange.control.acting import Effects, check_fitted
from downrange.control.actuators import Event, Servo
from downrange.control.board import Computer
from downrange.control.controller import Adopted, Fault, adopted
from downrange.control.events import Firing
from downrange.control.record import ControlRecord
from downrange.control.truth import Ride, Surroundings, Truth
from downrange.errors import FlightCode, InputError, seen
from downrange.flight import Program
from downrange.flight.drivers import RawFlight
from downrange.flight.fitted import Device
from downrange.flight.orders import Orders
from downrange.flight.packing import Compiled
from downrange.flight.stepper import Stepper
from downrange.flight.vehicle import Body

__all__ = ["Crew", "Steering", "steer"]

_SOON = 1e-9  # s
Leg = Generator[list[Computer], None, None]


@dataclass(eq=False)
class _Seat:
    """One flight's computers over all its legs, and what they did."""

    computers: list[Computer]
    rows: list[list[float]] = field(default_factory=list)
    known: list[list[tuple[Any, ...]]] = field(default_factory=list)
    orders: list[tuple[float, str, str]] = field(default_factory=list)
    servos: dict[str, Servo] = field(init=False)

    def __post_init__(self) -> None:
        self.servos = {name: s for c in self.computers for name, s in c.servos.items()}


def steer(controllers: Any, *, seed: int = 0, pace: float | None = None) -> Steering:
    """Controllers, ready to fly a launch. Raises `InputError` with what is wrong with them.

    controllers: one after another, each as `Controller` has it. seed: of the errors of their sensors. pace: how many seconds of flight go by
    in one of the clock; None: as fast as they answer.
    """
    own = adopted(controllers)
    paces = {p for c in own if (p := getattr(c.given, "pace", None)) is not None} | (
        {pace} if pace is not None else set()
    )
    for p in paces:
        if isinstance(p, bool) or not isinstance(p, int | float) or not (math.isfinite(p) and p > 0):
            raise InputError(
                f"the pace is seconds of flight in one of the clock, like 1; seen {seen(p, 40)}", key="pace"
            )
    if len(paces) > 1:
        raise InputError(f"controllers of different paces: {sorted(paces)}; one clock has one", key="pace")
    return Steering(own, seed, paces.pop() if paces else None)


@dataclass(frozen=True, eq=False)
class Steering:
    """Controllers that fly launches: `crew` is what goes on board."""

    controllers: tuple[Adopted, ...]
    seed: int = 0
    pace: float | None = None

    def crew(self, program: Program, flights: int = 1, *, block: Sequence[int] = (), keep: bool = True) -> Crew:
        """Controllers on board of so many flights of a program.

        flights: how many. block: numbers that go into the seed beside the flight's own, and so tell it from all others. keep: whether the
        trajectory and what they did are kept.
        """
        own = self.controllers if keep else tuple(_copy(c) for c in self.controllers)
        return Crew(self, program, own, flights, tuple(block), keep)


def _copy(c: Adopted) -> Adopted:
    """A controller of its own for one of many flights."""
    try:
        out = copy.copy(c)
        out.given = copy.deepcopy(c.given)
        return out
    except Exception as error:
        raise InputError(
            f"the controller {c.name!r} cannot be copied for each of many flights ({type(error).__name__}); a link to another computer "
            "flies one flight at a time",
            key="controllers",
        ) from error


class Crew:
    """Controllers on board of some flights of one program. `fly` is a flyer of `flight.legs`, and of one body by itself."""

    def __init__(
        self, steering: Steering, program: Program, own: tuple[Adopted, ...], flights: int, block: tuple[int, ...], keep: bool
    ) -> None:  # fmt: skip
        self.steering, self.program, self.keep, self.flights = steering, program, keep, flights
        self.around = Surroundings(program)
        self.orders: Orders | None = None
        self._vector = own[0] if any(c.vectorised for c in own) else None
        if self._vector is not None and len(own) > 1:
            raise InputError("a vectorised controller flies alone, without others beside it", key="controllers")
        if self._vector is not None and program.staged:
            raise InputError(
                "a vectorised controller flies rockets that stay whole; this one comes apart", key="controllers"
            )
        self._own, self._block = own, block
        self._seats: dict[int, _Seat] = {}
        self._began = False
        check_fitted(program, [s for c in self._computers(0) for s in c.servos.values()])
        self.firing = Firing(program, {n: a for c in own for n, a in c.actuators.items() if isinstance(a, Event)})

    def _computers(self, flight: int, own: tuple[Adopted, ...] | None = None) -> list[Computer]:
        pad = self.program.launch.pad
        return [
            Computer.on(c, pad, [self.steering.seed, 20_26, *self._block, flight, k])
            for k, c in enumerate(own or self._own)
        ]

    def planned(self, flights: int) -> Orders:
        """The schedule of so many flights, with the ignitions that hang on a controller looked at when they are due."""
        self.orders = Orders.planned(self.program.vehicle, flights)
        self.orders.watched[:, self.firing.watched] = True
        return self.orders

    def seat(self, flight: int) -> _Seat:
        """What is on board of a flight, by its number."""
        if flight not in self._seats:
            own = self._own
            if self._vector is None and flight > 0:
                own = tuple(_copy(c) for c in own)
            seat = _Seat(self._computers(flight, own))
            self._seats[flight] = seat
            for c in own:
                if self._vector is None:
                    c.begin(1)
                elif not self._began:
                    c.begin(self.flights)
                    self._began = True
        return self._seats[flight]

    def end(self) -> None:
        """Tell the controllers that it is over."""
        for seat in self._seats.values():
            for c in seat.computers:
                c.adopted.end()

    # ---- flying ----------------------------------------------------------------------------------------------------

    def fly(
        self, compiled: Compiled, rows: np.ndarray, starts: np.ndarray | None, body: Body | None = None, flight: np.ndarray | None = None, *,
        tolerance: float | None = None,
    ) -> tuple[np.ndarray, np.ndarray, RawFlight | None]:  # fmt: skip
        """Fly rows (n, ROW) of a body from the pad or from records (n, RECORD): answers (n, NOUT), records, and of one flight its track."""
        numbers = np.arange(len(rows)) if flight is None else flight
        root = self.program.vehicle.root.stages[:1]
        devices = self.program.devices if body is None else body.devices
        aboard = body is None or body.key.stages[:1] == root
        steppers = [
            Stepper(compiled, row, None if starts is None else starts[j], tolerance=tolerance, keep=self.keep)
            for j, row in enumerate(rows)
        ]
        if not aboard:
            for s in steppers:
                s.end()
        elif self._vector is None:
            for j, s in zip(numbers.tolist(), steppers, strict=True):
                self._fly_one(j, s, devices)
        else:
            self._fly_together(numbers.tolist(), steppers, devices)
        raws = [s.raw() for s in steppers]
        out = np.array([list(r.out.values()) for r in raws])
        return out, np.array([r.end for r in raws]), raws[0] if self.keep else None

    def _fly_one(self, flight: int, stepper: Stepper, devices: Sequence[Device]) -> None:
        seat = self.seat(flight)
        for due in self._leg(flight, seat, stepper, devices):
            for computer in due:
                if not computer.ask() and computer.adopted.on_fault == "stop":
                    stepper.stop(FlightCode.CONTROLLER)

    def _fly_together(self, flights: list[int], steppers: list[Stepper], devices: Sequence[Device]) -> None:
        seats = [self.seat(j) for j in flights]
        legs: list[Leg | None] = [
            self._leg(j, seat, s, devices) for j, seat, s in zip(flights, seats, steppers, strict=True)
        ]
        assert self._vector is not None
        while True:
            for k, leg in enumerate(legs):
                if leg is not None and next(leg, None) is None:
                    legs[k] = None
            flying = [leg is not None for leg in legs]
            if not any(flying):
                return
            computers = [seat.computers[0] for seat in seats]
            fault: Fault | None = None
            said: list[dict[str, Any]] = []
            try:
                said = _split(self._vector.ask(_together(computers, flying)), len(legs))
            except Fault as bad:
                fault = bad
            for k, c in enumerate(computers):
                if flying[k]:
                    self._take(c, said[k] if fault is None else None, fault, steppers[k])

    @staticmethod
    def _take(c: Computer, said: Mapping[str, Any] | None, fault: Fault | None, stepper: Stepper) -> None:
        try:
            if fault is not None:
                raise fault
            c.take(said or {})
        except Fault as bad:
            c.fail(bad)
            if c.adopted.on_fault == "stop":
                stepper.stop(FlightCode.CONTROLLER)

    def _leg(self, flight: int, seat: _Seat, stepper: Stepper, devices: Sequence[Device]) -> Leg:
        """Fly a leg; stops whenever computers are due, which are then asked."""
        ride = None
        if stepper.on_pad:
            stepper.leave()
            if math.isfinite(stepper.last_answer["rail_exit_time"]):
                ride = Ride(stepper, self.around)
        self.firing.begin(flight, stepper, devices, self.orders)
        effects = Effects(list(seat.servos.values()), stepper, self.around)
        began = clock.monotonic()
        first = min(c.due for c in seat.computers)
        truth: Truth | None = None
        alone = len(seat.computers) == 1
        while not stepper.over:
            tick = seat.computers[0].due if alone else min(c.due for c in seat.computers)
            if tick > stepper.time + _SOON:
                effects.fly(tick, truth)
                if stepper.over:
                    break
            on_rail = ride is not None and tick < stepper.time - _SOON
            truth = ride.at(tick) if ride is not None and on_rail else Truth(self.around, stepper.state, stepper.under)
            due = seat.computers if alone else [c for c in seat.computers if c.due <= tick + _SOON]
            for c in due:
                c.look(truth, tick)
                c.count += 1
            if self.steering.pace:
                clock.sleep(max(0.0, began + (tick - first) / self.steering.pace - clock.monotonic()))
            yield due
            if on_rail:
                truth = None
                for servo in seat.servos.values():
                    servo.move(tick)
            if _ordered(due):
                self._obey(flight, seat, stepper, devices, tick)
            if self.keep:
                self._note(seat, tick)
            if (stepper.apogee_past or stepper.under or _lost(due)) and not stepper.over and self._done(seat, stepper):
                effects.fly(stepper.time + self._settles(seat, stepper))
                stepper.end()

    @staticmethod
    def _settles(seat: _Seat, stepper: Stepper) -> float:
        """For how long servos still move, s."""
        last = 0.0
        for servo in seat.servos.values():
            while math.isfinite(servo.breaks) and servo.breaks > servo.time:
                last = max(last, servo.breaks - stepper.time)
                servo.move(servo.breaks)
        return last

    def _done(self, seat: _Seat, stepper: Stepper) -> bool:
        """Whether nothing that may still be commanded changes anything."""
        passed = stepper.apogee_past or stepper.under
        return all(c.lost or (passed and c.adopted.until == "apogee") for c in seat.computers)

    def _obey(self, flight: int, seat: _Seat, stepper: Stepper, devices: Sequence[Device], tick: float) -> None:
        for c in seat.computers:
            for name, order in c.orders.items():
                seat.orders.append((tick, name, order))
                self.firing.obey(name, order, flight, stepper, devices, self.orders)
            c.orders.clear()

    @staticmethod
    def _note(seat: _Seat, tick: float) -> None:
        servos = seat.servos.values()
        seat.rows.append([tick, *(s.asked for s in servos), *(s.position for s in servos)])
        seat.known.append([_seen(c.now) for c in seat.computers])

    # ---- afterwards ------------------------------------------------------------------------------------------------

    def record(self, flight: int = 0) -> ControlRecord:
        """What was done on a flight."""
        seat = self.seat(flight)
        names = list(seat.servos)
        table = np.array(seat.rows, float).reshape(len(seat.rows), 1 + 2 * len(names))
        n = len(names)
        given = [c.adopted.given for c in seat.computers]
        return ControlRecord(
            tuple(c.adopted.name for c in seat.computers), table[:, 0], {k: table[:, 1 + i] for i, k in enumerate(names)},
            {k: table[:, 1 + n + i] for i, k in enumerate(names)}, tuple(seat.orders), _known(seat.known, [c.adopted.name for c in seat.computers]),
            tuple(m for c in seat.computers for m in c.mishaps), all(c.adopted.sensors.perfect for c in seat.computers),
            sum(int(getattr(g, "frames", 0)) for g in given), sum(int(getattr(g, "late", 0)) for g in given),
        )  # fmt: skip


def _ordered(computers: list[Computer]) -> bool:
    """Whether one of them gave an order."""
    return any([c.orders for c in computers])


def _lost(computers: list[Computer]) -> bool:
    """Whether one of them will not answer again."""
    return any([c.lost for c in computers])


_WIDE = {"acceleration_m_s2": 3, "rate_rad_s": 3, "field_t": 3, "velocity_enu_m_s": 3}
_NAMES = (
    "pressure_pa", "acceleration_m_s2", "rate_rad_s", "field_t", "latitude_deg", "longitude_deg", "altitude_m", "velocity_enu_m_s",
)  # fmt: skip


_seen = attrgetter(*_NAMES)


def _known(rows: list[list[tuple[Any, ...]]], controllers: list[str]) -> dict[str, np.ndarray]:
    """The readings by name; of the second controller and on with its name before. NaN where nothing was known."""
    out: dict[str, np.ndarray] = {}
    for k, who in enumerate(controllers):
        for i, name in enumerate(_NAMES):
            n = _WIDE.get(name, 1)
            blank: Any = (math.nan,) * n if n > 1 else math.nan
            values = [row[k][i] for row in rows]
            if any(v is not None for v in values):
                table = np.array([blank if v is None else v for v in values], float)
                out[name if k == 0 else f"{who} {k + 1}: {name}"] = table
    return out


def _together(computers: list[Computer], flying: list[bool]) -> Any:
    """What the computers of many flights know, as arrays; NaN where nothing is known."""
    from downrange.control.controller import Now

    out = Now()
    out.time_s = next(c.now.time_s for c, f in zip(computers, flying, strict=True) if f)
    out.flying = np.array(flying)
    out.fresh = {name for c, f in zip(computers, flying, strict=True) if f for name in c.now.fresh}
    for name in _NAMES:
        n = _WIDE.get(name, 1)
        values = [getattr(c.now, name) for c in computers]
        if all(v is None for v in values):
            continue
        blank: Any = (math.nan,) * n if n > 1 else math.nan
        table = np.array([blank if v is None else v for v in values], float)
        setattr(out, name, tuple(table.T) if n > 1 else table)
    return out


def _split(said: Mapping[str, Any], flights: int) -> list[dict[str, Any]]:
    """The commands of each of many flights. Raises `Fault` where their shape is wrong."""
    out: list[dict[str, Any]] = [{} for _ in range(flights)]
    for name, value in said.items():
        if isinstance(value, str) or np.ndim(value) == 0:
            values = [value] * flights
        elif np.shape(value) == (flights,):
            values = np.asarray(value).tolist()
        else:
            raise Fault(f"it commands {name!r} with an array of shape {np.shape(value)}; there are {flights} flights")
        for k, v in enumerate(values):
            if v is not None and v != "":
                out[k][name] = v
    return out
