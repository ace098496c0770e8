"""What flies together, and what flies on when it comes apart: the bodies of a launch, each with its own mass and tables.

A body is a run of neighbouring stages with the boosters that are still on them, or one booster by itself. Its places count
from its own nose tip; `datum` is where that lies aft of the whole vehicle's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from downrange.aero import AeroOptions, AeroTables, build_aero
from downrange.errors import InputError
from downrange.flight.around import surroundings
from downrange.flight.fitted import Device, device_table, fit_devices, none_below, shown_height
from downrange.flight.kernel.layout import AT_TIME, DEVICES, NS, ON_AXIS
from downrange.flight.launch import Launch
from downrange.flight.motors import Filled
from downrange.flight.packing import Compiled, Guides, assumed_jet_area, guides, height_needed, nominal_row, pack_tables
from downrange.flight.propulsion import Nozzle, like_segments, off_axis, segment_tables
from downrange.flight.schedule import Step, check_ejection
from downrange.rocket import MassProperties, Placed, Recovery, Rocket, combine

__all__ = ["MOST_BODIES", "MOST_SEPARATIONS", "Body", "Key", "Vehicle"]

MOST_BODIES = 24  # that come down of one launch: each has its own coefficients and its own row of draws
MOST_SEPARATIONS = (
    6  # of stages and of groups of boosters: the orders in which they may leave give all bodies there can be
)
_TUMBLING = "tumbling"


@dataclass(frozen=True)
class Key:
    """Which body: `stages`, foremost first, with `boosters` still on them; or, without stages, one of some boosters, the `copy`th."""

    stages: tuple[str, ...]
    boosters: tuple[str, ...] = ()
    copy: int = 0

    @property
    def name(self) -> str:
        """What it is called."""
        return " + ".join(self.stages) if self.stages else f"{self.boosters[0]} {self.copy}"


@dataclass(frozen=True, eq=False)
class Body:
    """A body ready to fly. SI.

    tubes: its motors by their numbers among `Launch.filled`, in the order of `nozzles`, which stand in its own axes
    dry: with its empty motors. place: its axis [y, z] off the vehicle's, m; turn: its own y axis from the vehicle's, rad
    tumbles: it is not stable by itself, and is flown as a point with the drag of a tumbling body
    shares: of each of `tubes` in the impulse of the motors that push it, those of its lowest stage
    """

    key: Key
    rocket: Rocket
    datum: float
    place: tuple[float, float]
    turn: float
    tubes: tuple[int, ...]
    nozzles: tuple[Nozzle, ...]
    dry: MassProperties
    aero: AeroTables
    devices: tuple[Device, ...]
    compiled: Compiled
    tumbles: bool
    shares: np.ndarray

    def segments(self, lit: np.ndarray, own: np.ndarray | None = None) -> np.ndarray:
        """Segments (flights, k, NS) where the launch's motors are lit at `lit` (flights, motors), s.

        own: (flights, motors), by how much of its thrust each motor is stronger than its curve; the mean of those that push the body is the
        row's factor of thrust, and what is left to each is here.
        """
        tubes = list(self.tubes)
        if own is None or not (of := own[:, tubes]).any():
            if len(lit) == 1 and self.aero.brakes is None:
                return like_segments(self.nozzles, lit[:, tubes])
            return segment_tables(self.nozzles, lit[:, tubes], self.aero.brakes)
        return segment_tables(self.nozzles, lit[:, tubes], self.aero.brakes, 1.0 + of - (of @ self.shares)[:, None])


class Vehicle:
    """All bodies of a launch, each built when it is first asked for."""

    def __init__(self, launch: Launch, build: Callable[[Key], Body] | None = None, lift_to: float = math.inf) -> None:
        self.launch, self._lift_to = launch, lift_to
        self._bodies: dict[Key, Body] = {}
        self._how = build or self._build
        self._check_number()

    def body(self, key: Key) -> Body:
        """The body of a key."""
        if key not in self._bodies:
            self._bodies[key] = self._how(key)
        return self._bodies[key]

    def changed(self, change: Callable[[Body], Body]) -> Vehicle:
        """The vehicle with each of its bodies changed: what goes wrong with some of them."""
        return Vehicle(self.launch, lambda key: change(self.body(key)))

    def pieces(self, key: Key, name: str) -> tuple[Key, ...]:
        """The bodies of which one is made when the stage or the boosters `name` leave: what they leave first."""
        r = self.launch.rocket
        if name in key.boosters:
            a = next(a for a in r.boosters if a.name == name)
            rest = tuple(b for b in key.boosters if b != name)
            return (Key(key.stages, rest), *(Key((), (name,), k + 1) for k in range(len(a.places))))
        at = key.stages.index(name)
        on = {a.name: r.stage_of(a.path).name for a in r.boosters}
        fore, aft = key.stages[:at], key.stages[at:]
        return (
            Key(fore, tuple(b for b in key.boosters if on[b] in fore)),
            Key(aft, tuple(b for b in key.boosters if on[b] in aft)),
        )

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """Every body that it can become, in whatever order things leave, the whole first."""
        leaving = [s.name for s in self.steps if s.kind == "separation" and s.what.event != "never"]
        found, waiting = {self.root: None}, [self.root]
        while waiting:
            key = waiting.pop()
            for name in leaving:
                if key.stages and (name in key.stages[1:] or name in key.boosters):
                    new = [k for k in self.pieces(key, name) if k not in found]
                    found.update(dict.fromkeys(new))
                    waiting += new
        return tuple(found)

    def _check_number(self) -> None:
        """Refuse a vehicle that comes apart into more bodies than are flown."""
        r = self.launch.rocket
        leaving = [s.name for s in self.steps if s.kind == "separation" and s.what.event != "never"]
        copies = {a.name: len(a.places) for a in r.boosters}
        n = 1 + sum(copies.get(name, 1) for name in leaving)
        if n > MOST_BODIES or len(leaving) > MOST_SEPARATIONS:
            raise InputError(
                f"it comes apart into {n} bodies at {len(leaving)} separations; at most {MOST_BODIES} bodies at {MOST_SEPARATIONS} "
                "separations are flown: let some of them stay ('separation: {event: never}')",
                key="rocket",
            )

    @property
    def filled(self) -> tuple[Filled, ...]:
        """Every motor in its tube."""
        return self.launch.filled

    @property
    def steps(self) -> tuple[Step, ...]:
        """Ignitions and separations."""
        return self.launch.schedule

    @cached_property
    def root(self) -> Key:
        """Everything together, as it stands on the pad."""
        r = self.launch.rocket
        return Key(tuple(s.name for s in r.stages), tuple(a.name for a in r.boosters))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of all bodies that may come down, the whole vehicle first."""
        r = self.launch.rocket
        stages = [s.name for s in r.stages]
        n = len(stages)
        runs = [Key(tuple(stages[a:b])).name for a in range(n) for b in range(n, a, -1)]
        return (*runs, *(Key((), (a.name,), k + 1).name for a in r.boosters for k in range(len(a.places))))

    @cached_property
    def speed(self) -> float:
        """Upper bound of the speed, m/s: each stage's motors in turn in a vacuum, what stands round it before its own."""
        total, mass = 0.0, self.launch.loaded.mass
        r = self.launch.rocket
        for stage in reversed(r.stages):
            for alone in (False, True):
                own = [f for f in self.filled if f.stage == stage.name and f.separable != alone]
                if own:
                    fuel, impulse = sum(f.motor.propellant_mass for f in own), sum(f.motor.impulse for f in own)
                    total += impulse / fuel * float(np.log(mass / (mass - fuel)))
                    mass -= fuel
                if not alone:
                    casings = sum(f.motor.dry_mass for f in own)
                    on_it = [a for a in r.boosters if r.stage_of(a.path).name == stage.name]
                    mass -= casings * bool(on_it) + sum(a.without_motor.mass for a in on_it)
            if stage is not r.stages[0]:
                left = [f for f in self.filled if f.stage == stage.name and not f.separable]
                mass -= r.stage_masses[r.stages.index(stage)].mass + sum(f.motor.dry_mass for f in left)
        return total

    @cached_property
    def burn(self) -> float:
        """How long all motors burn, one after another, s."""
        return float(sum({f.index: f.motor.burnout_time for f in self.filled}.values()))

    @property
    def top(self) -> float:
        """Upper bound of the height, m above the pad."""
        return height_needed(self.speed, self.burn)

    @property
    def mach_max(self) -> float:
        """Where the tables of coefficients end."""
        return float(np.clip((self.speed + 30.0) / 270.0, 0.5, 12.0))

    def _build(self, key: Key) -> Body:
        rocket, datum, place, turn = self._shape(key)
        tubes = tuple(k for k, f in enumerate(self.filled) if self._aboard(key, f))
        moved = [self._own_axes(self.filled[k], datum, place, turn) for k in tubes]
        casings = [_carried(self.filled[k].casing, datum, place, turn) for k in tubes]
        dry = combine([rocket.without_motor, *casings])
        thrown = [
            replace(n, casing=c, leaves=ejection(self.filled[k])) if self.filled[k].mounted.ejects_casing else n
            for k, n, c in zip(tubes, moved, casings, strict=True)
        ]
        nozzles = self._with_jets(key, tubes, thrown)
        options = self.launch.aero if key == self.root else _others(self.launch.aero)
        jets = sum(_jet(self.filled[k]) for k, n in zip(tubes, nozzles, strict=True) if n.jet > 0)
        aero = build_aero(rocket, mach_max=self.mach_max, jet_area=jets, options=options, lift_to=self._lift_to)
        tumbles = key != self.root and _unstable(aero, dry)
        fitted = self._devices(key, rocket, tubes, dry.mass, tumbles=tumbles)
        fitted = _tumbling_first(rocket, fitted) if tumbles else fitted
        sums = len(nozzles) > 1 or off_axis(nozzles)
        compiled = self._compiled(rocket, dry, aero, fitted, sums=sums, tumbles=tumbles)
        shares = self._shares(key, tubes)
        return Body(key, rocket, datum, place, turn, tubes, nozzles, dry, aero, fitted, compiled, tumbles, shares)

    def _shares(self, key: Key, tubes: tuple[int, ...]) -> np.ndarray:
        """Of each motor aboard in the impulse of those that push: of the lowest stage, with what stands on it; all where that has none."""
        motors = [self.filled[k] for k in tubes]
        low = [not key.stages or f.stage == key.stages[-1] for f in motors]
        out = np.array([f.motor.impulse * (here or not any(low)) for f, here in zip(motors, low, strict=True)])
        return out / out.sum() if len(out) else out

    def _shape(self, key: Key) -> tuple[Rocket, float, tuple[float, float], float]:
        """The rocket that a body is, where its nose tip lies aft of the vehicle's, where its axis lies off it, how it is turned."""
        whole = self.launch.rocket
        if not key.stages:
            a = next(a for a in whole.boosters if a.name == key.boosters[0])
            return a.rocket, a.front, a.places[key.copy - 1], a.angles[key.copy - 1]
        gone = [
            a.name for a in whole.boosters if whole.stage_of(a.path).name in key.stages and a.name not in key.boosters
        ]
        rocket = whole.configuration(key.stages, without=gone)
        return rocket, rocket.datum - whole.datum, (0.0, 0.0), 0.0

    def _aboard(self, key: Key, f: Filled) -> bool:
        if not key.stages:
            return f.assembly == key.boosters[0] and f.tube.copy == key.copy
        return f.stage in key.stages and (not f.separable or f.assembly in key.boosters)

    @staticmethod
    def _own_axes(f: Filled, datum: float, place: tuple[float, float], turn: float) -> Nozzle:
        t, c, s = f.tube, np.cos(turn), np.sin(turn)
        y, z = t.y - place[0], t.z - place[1]
        return Nozzle(
            f.motor, f.x - datum, _zero(c * y + s * z), _zero(c * z - s * y), _zero(c * t.slope_y + s * t.slope_z),
            _zero(c * t.slope_z - s * t.slope_y),
        )  # fmt: skip

    def _with_jets(self, key: Key, tubes: tuple[int, ...], nozzles: Sequence[Nozzle]) -> tuple[Nozzle, ...]:
        """The nozzles with their shares of the jets at the base: those of the aft-most stage, without what stands round it."""
        at_base = [
            not key.stages or (self.filled[k].stage == key.stages[-1] and not self.filled[k].assembly) for k in tubes
        ]
        areas = [_jet(self.filled[k]) if here else 0.0 for k, here in zip(tubes, at_base, strict=True)]
        whole = sum(areas) or 1.0
        return tuple(replace(n, jet=a / whole) for n, a in zip(nozzles, areas, strict=True))

    def _devices(
        self, key: Key, rocket: Rocket, tubes: tuple[int, ...], mass: float, *, tumbles: bool
    ) -> tuple[Device, ...]:
        """The recovery devices that may come out: not those of stages that wait to be left behind."""
        waiting = {s.name for s in self.steps if s.kind == "separation" and s.what.event != "never"}
        later = [n for n in key.stages[1:] if n in waiting]
        free = key.stages[: key.stages.index(later[0])] if later else key.stages

        def charge(q: Placed) -> tuple[int, float, float]:
            stage = rocket.stage_of(q.path).name
            own = [
                k for k in tubes if not key.stages or (self.filled[k].stage == stage and not self.filled[k].assembly)
            ]
            if not own:
                raise InputError(
                    f"{q.part.name or 'a device'} of {stage!r} opens by ejection, but no motor is there; say when, like "
                    "'deploy: {event: apogee}'",
                    key=f"rocket.{q.path}.deploy",
                )
            for k in own:
                check_ejection(
                    self.filled[k].mounted,
                    f"{q.part.name or 'a device'} opens by the motor's ejection charge",
                    "motor.delay",
                )
            best = min(own, key=lambda k: ejection(self.filled[k]))
            assert isinstance(q.part, Recovery)
            if q.part.deploy.backup_ejection and not self._lit_on_the_pad(best):
                raise InputError(
                    f"{q.part.name or 'a device'} has a backup_ejection, but its motor is lit in flight, and such a charge is not followed as a "
                    "backup here; say when it fires at the latest, like 'backup_time: 14 s' from launch",
                    key=f"rocket.{q.path}.deploy.backup_ejection",
                )
            fires = ejection(self.filled[best])
            return best, fires, fires - self.filled[best].motor.burnout_time

        parts = [q for q in rocket.placed if not key.stages or rocket.stage_of(q.path).name in free]

        def parting(q: Placed) -> tuple[int, bool]:
            return self._stage_below(key, rocket, q)

        return fit_devices(rocket, parts, charge, parting, mass=mass, height=shown_height(self.launch), tumbles=tumbles)

    def _lit_on_the_pad(self, tube: int) -> bool:
        step = next(s for s in self.steps if s.kind == "ignition" and s.index == self.filled[tube].index)
        return step.what.event == "launch" and not step.what.delay

    def _stage_below(self, key: Key, rocket: Rocket, q: Placed) -> tuple[int, bool]:
        """The step at which the stage below a device's own leaves, and whether it has left this body."""
        stages = [s.name for s in self.launch.rocket.stages]
        own = rocket.stage_of(q.path).name if key.stages else ""
        below = stages[stages.index(own) + 1 :][:1] if own else []
        for k, step in enumerate(self.steps):
            if step.kind == "separation" and step.name in below and step.what.event != "never":
                return k, below[0] not in key.stages
        return none_below(q)

    def _compiled(
        self, rocket: Rocket, dry: MassProperties, aero: AeroTables, fitted: tuple[Device, ...], *, sums: bool,
        tumbles: bool,
    ) -> Compiled:  # fmt: skip
        launch = self.launch
        tables = pack_tables(
            launch.pad, launch.weather, aero, mach_max=self.mach_max, top=self.top, terrain=launch.terrain,
            used=NS if sums else ON_AXIS, around=self._around,
        )  # fmt: skip
        row = nominal_row(launch, rocket, dry, fitted, self.guides, tumbles=tumbles)
        full = aero.odd is not None or aero.brakes is not None or sums
        return Compiled(tables, np.zeros((0, NS)), device_table(fitted), row, full, launch.tolerance, launch.time_limit)

    @cached_property
    def _around(self) -> dict[str, Any]:
        """What of the tables is alike for all bodies: the place and the day."""
        return surroundings(self.launch.pad, self.launch.weather, self.top, self.launch.terrain)

    @cached_property
    def guides(self) -> Guides:
        """Where the rail guides are; they are those of the whole."""
        return guides(self.launch)


def ejection(f: Filled) -> float:
    """When a motor's ejection charge fires, s from its ignition; infinite where it has none."""
    delay = f.mounted.delay
    if delay is None:
        delay = f.motor.delays[0] if len(f.motor.delays) == 1 else float(np.inf)
    return float(f.motor.burnout_time + delay)


def _jet(f: Filled) -> float:
    return f.motor.nozzle_exit_area or assumed_jet_area(f.motor.diameter)


def _zero(x: float) -> float:
    """What is nothing but rounding, as nothing: a motor on the axis is on the axis."""
    return 0.0 if abs(x) < 1e-12 else float(x)


def _carried(body: MassProperties, datum: float, place: tuple[float, float], turn: float) -> MassProperties:
    """Mass properties on the vehicle's axes, on those of a body."""
    moved = MassProperties(body.mass, body.cg - np.array([datum, *place]), body.inertia)
    return moved.turned(-turn) if turn else moved


def _others(options: AeroOptions) -> AeroOptions:
    """How the coefficients of the others are found: what the user gave in tables is of the whole vehicle alone."""
    return replace(options, drag_off=None, drag_on=None, centre_of_pressure=None, brakes=None)


def _unstable(aero: AeroTables, dry: MassProperties) -> bool:
    """Whether it turns over by itself: its centre of pressure ahead of its centre of gravity, or no lift at all."""
    cp = aero.centre_of_pressure(0.3)
    return not cp > dry.cg[0]


def _tumbling_first(rocket: Rocket, fitted: tuple[Device, ...]) -> tuple[Device, ...]:
    """The devices, and one without cloth that is out from the beginning on: the drag is the tumbling body's own (`falling_body`)."""
    if len(fitted) == DEVICES:
        raise InputError(f"{rocket.name} has {DEVICES} recovery devices and tumbles; at most {DEVICES - 1} can fly")
    return (*fitted, Device(_TUMBLING, AT_TIME, 0.0, 0.0, 0.0, 0.0, 0.0, False, _TUMBLING))
