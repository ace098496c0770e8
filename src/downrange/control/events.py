"""Events that a controller fires, arms and inhibits: recovery devices, and ignitions of stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from downrange.control.actuators import Event
from downrange.errors import FlightCode, InputError, seen, suggest
from downrange.flight import Program
from downrange.flight.fitted import Device
from downrange.flight.orders import Orders
from downrange.flight.rows import AT_ALTITUDE, AT_STRETCH, AT_TIME, NEVER_STOP
from downrange.flight.stepper import RELEASED, Stepper
from downrange.rocket import Ignition

__all__ = ["Firing"]

_NEVER = 1e29  # s; below what the kernel takes for one that is out or torn, whose rest is free to open; or m, above every flight


class Firing:
    """The events of one program by the names of their commands: what they mean, and what an order does to a flight."""

    def __init__(self, program: Program, events: Mapping[str, Event]) -> None:
        self.program, self.events = program, events
        self._devices = (
            {d.name for body in program.vehicle.keys for d in program.vehicle.body(body).devices}
            if program.staged
            else {d.name for d in program.devices}
        )
        steps = program.vehicle.steps
        self._steps = {s.name: k for k, s in enumerate(steps) if isinstance(s.what, Ignition) and k > 0}
        self._safe: dict[
            int, dict[str, float]
        ] = {}  # what is inhibited in each flight, and when its lines would have stretched
        self._fired: dict[tuple[int, str], float] = {}  # when what was fired stretches; what is lit never does
        for name, event in events.items():
            known = [*self._devices, *self._steps]
            if event.target not in known:
                raise InputError(
                    f"the event {name!r} fires {seen(event.target, 60)}{suggest(event.target, known)}; this rocket has "
                    f"{', '.join(map(repr, known)) or 'no recovery devices and no later ignitions'}",
                    key=f"actuators.{name}",
                )
            if event.alone and event.target not in self._devices:
                raise InputError(
                    f"{event.target!r} is lit, not opened: 'alone' is of recovery devices", key=f"actuators.{name}"
                )
            if event.target in self._steps and event.target in self._devices:
                raise InputError(
                    f"{event.target!r} is a stage and a recovery device; rename one", key=f"actuators.{name}"
                )

    @property
    def watched(self) -> list[int]:
        """The steps of the schedule whose ignition hangs on a controller."""
        return [self._steps[e.target] for e in self.events.values() if e.target in self._steps]

    def begin(self, flight: int, stepper: Stepper, devices: Sequence[Device], orders: Orders | None) -> None:
        """At the beginning of a flight what is not armed is inhibited; at that of each later leg what was ordered still holds."""
        if flight in self._safe:
            self._still_holds(flight, stepper, devices)
            return
        self._safe[flight] = {}
        for name, event in self.events.items():
            if event.alone:
                for k, d in enumerate(devices):
                    if d.name == event.target:
                        stepper.record["released"][k], stepper.record["stretch"][k] = 1.0, _NEVER
            if not event.armed:
                self.obey(name, "inhibit", flight, stepper, devices, orders)

    def _still_holds(self, flight: int, stepper: Stepper, devices: Sequence[Device]) -> None:
        """What was ordered of the devices, where the body that flies on, or a motor that was lit, brings its own plan of them."""
        safe, record = self._safe[flight], stepper.record
        waits = {e.target for e in self.events.values() if e.alone}
        for k, d in enumerate(devices):
            at = self._fired.get((flight, d.name))
            if d.name in safe:
                if record["stretch"][k] != _NEVER:  # a motor was lit whose charge would open it
                    safe[d.name] = float(record["stretch"][k])
                record["released"][k], record["stretch"][k] = 1.0, _NEVER
            elif at is None and d.name in waits:
                record["released"][k], record["stretch"][k] = 1.0, _NEVER
            elif at is not None and d.after >= 0:
                if record["released"][k] < 0.5:
                    self._unreef(k, d, stepper)
            elif at is not None:
                record["stretch"][k] = at if at > stepper.time else NEVER_STOP

    def obey(
        self, name: str, order: str, flight: int, stepper: Stepper, devices: Sequence[Device], orders: Orders | None
    ) -> None:  # fmt: skip
        """Do what a controller orders of one flight."""
        target = self.events[name].target
        if target in self._steps:
            self._ignition(self._steps[target], target, order, flight, stepper, orders)
            return
        alone = self.events[name].alone
        at = next((k for k, d in enumerate(devices) if d.name == target), None)
        if at is not None:  # else it is not aboard of what flies now
            self._device(at, devices[at], target, order, flight, stepper, alone)

    def _ignition(
        self, step: int, target: str, order: str, flight: int, stepper: Stepper, orders: Orders | None
    ) -> None:  # fmt: skip
        assert orders is not None
        if order == "fire":
            if not orders.held[flight, step] and (flight, target) not in self._fired:
                self._fired[flight, target] = _NEVER
                orders.at[flight, step] = stepper.time
                stepper.stop(FlightCode.STOPPED)
        else:
            orders.held[flight, step] = order == "inhibit"

    def _device(
        self, k: int, device: Device, target: str, order: str, flight: int, stepper: Stepper, alone: bool
    ) -> None:  # fmt: skip
        safe, record, t = self._safe[flight], stepper.record, stepper.time
        wait = device.delay + float(stepper.row["lag"][k]) - (device.detection if alone else 0.0)
        out = record["released"][k] > 0.5 and target not in safe and not alone
        if device.event == AT_TIME:
            out = out and float(record["stretch"][k]) - wait <= t
        elif device.event == AT_STRETCH:  # its cutter burns from line stretch on
            out = out and not t < record["stretch"][k] < _NEVER
        if out or (flight, target) in self._fired:
            return
        if order == "inhibit" and target not in safe:
            safe[target] = float(record["stretch"][k])
            record["released"][k], record["stretch"][k] = 1.0, _NEVER
        elif order == "arm" and target in safe:
            stretch = safe.pop(target)
            if device.event == AT_TIME:
                record["stretch"][k] = stretch if stretch - wait > t else _NEVER
            elif device.event == AT_STRETCH and stretch < _NEVER:
                record["stretch"][k] = stretch if stretch > t else _NEVER
            else:
                record["released"][k] = float(self._missed(k, device, stepper))
        elif order == "fire" and target not in safe:
            self._fired[flight, target] = t + wait
            if device.after >= 0:
                self._unreef(k, device, stepper)
            else:
                record["released"][k], record["stretch"][k] = 1.0, t + wait
            stepper.note(RELEASED, k)

    @staticmethod
    def _unreef(k: int, device: Device, stepper: Stepper) -> None:
        """Cut what holds the rest of a canopy: it opens at once, or with the canopy where that is still packed."""
        record, first = stepper.record, device.after
        if record["released"][first] > 0.5 and record["stretch"][first] > _NEVER:
            record["released"][k], record["stretch"][k] = 1.0, stepper.time
        else:
            record["released"][k], stepper.row["lag"][k], stepper.row["value"][k] = 0.0, 0.0, _NEVER

    @staticmethod
    def _missed(k: int, device: Device, stepper: Stepper) -> bool:
        """Whether the height at which a device is released is behind it."""
        here = float(stepper.record["position_enu"][2])
        return device.event == AT_ALTITUDE and stepper.apogee_past and here < float(stepper.row["value"][k])
