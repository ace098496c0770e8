"""What varies of a vehicle that comes apart: a row for each body that it may become, drawn together.

The wide row of such a vehicle goes on behind the whole's with a row of each body, and with how late each ignition and separation
comes. One draw is one thing: the mass of a stage is the same in every body that holds it, so that mass holds where they part; the
motors of a stage push alike in every body that they push; a canopy opens alike whatever it hangs on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from downrange.dispersion.clusters import beside
from downrange.dispersion.evidence import DEFAULTS
from downrange.dispersion.way import Way
from downrange.dispersion.wide import WIDE, Input
from downrange.flight import Flight, Program
from downrange.flight.fitted import Device
from downrange.flight.motors import Filled
from downrange.flight.named import named_rows
from downrange.flight.recovery import TUMBLING_SPREAD
from downrange.flight.rows import AT_ALTITUDE, CDS0, FIELD, LAG0, ROW, VALUE0
from downrange.flight.vehicle import Body, Key, Vehicle, ejection
from downrange.rocket import MassProperties, Recovery, combine
from downrange.uncertainty import Distribution, Normal

__all__ = ["Fleet", "finish_body_rows", "fleet_of"]

_OF_MASS = ("mass", "cg", "cg_y", "cg_z", "ixx", "iyy", "izz", "ixy", "ixz", "iyz")
_SHARED = {"density": "density", "drag": "axial", "normal_force": "normal", "centre_of_pressure": "cp_shift"}
_STEP = 1e-4  # of a stage's mass, for derivatives
_WINDS = ("wind_c", "wind_s", "wind_at", "density")


def fleet_of(flight: Flight) -> Fleet | None:
    """The fleet of a vehicle that comes apart, by its nominal flight; None of one that flies as one body."""
    program = flight.program
    if not program.staged:
        return None
    launch, ways = program.launch, dict[Key, Way]()
    for flown in flight.flown:
        for k, leg in enumerate(flown.arrival.legs):
            key, track = leg.body.key, leg.raw.track
            if key in ways or not len(track):
                continue
            same = [x.raw.track for x in flown.arrival.legs if x.body.key == key and len(x.raw.track)]
            begin, end = float(same[0][0, 0]), float(same[-1][-1, 0])
            if k == 0 and key == program.vehicle.root:
                begin = float(np.nan_to_num(flown.raw.out["rail_exit_time"], nan=begin))
            apogee = flown.raw.out["apogee_time"]
            if begin < apogee < end:
                end = float(apogee)
            ways[key] = Way.between(launch, flown.track, begin, end)
    return Fleet(program, tuple(k for k in program.vehicle.keys if k != program.vehicle.root), ways)


@dataclass(frozen=True, eq=False)
class Fleet:
    """The bodies beside the whole, `keys`, each with its ROW numbers in the wide row, and where they flew in the nominal flight."""

    program: Program
    keys: tuple[Key, ...]
    ways: Mapping[Key, Way]

    @property
    def vehicle(self) -> Vehicle:
        """All bodies."""
        return self.program.vehicle

    @property
    def root(self) -> Key:
        """The whole."""
        return self.vehicle.root

    @property
    def width(self) -> int:
        """Of the wide row."""
        return WIDE + ROW * len(self.keys) + len(self.vehicle.steps)

    def way(self, key: Key) -> Way:
        """A body's way; of one that does not fly by itself in the nominal flight, the whole's."""
        return self.ways.get(key, self.ways[self.root])

    def columns(self, key: Key) -> int:
        """Where a body's row begins in the wide row."""
        return 0 if key == self.root else WIDE + ROW * self.keys.index(key)

    @property
    def late(self) -> int:
        """Where the wide row says how late each step of the schedule comes."""
        return WIDE + ROW * len(self.keys)

    # ---- what the files vary --------------------------------------------------------------------------------------

    def signature(self, program: Program, whole: np.ndarray) -> np.ndarray:
        """The wide row that stands for a program beside the base program; `whole` (WIDE,) is of the vehicle as it stands."""
        rows = [self._row(program, key) for key in (self.root, *self.keys)]
        return np.concatenate([rows[0], whole[ROW:], *rows[1:], self._times(program)])

    def _row(self, program: Program, key: Key) -> np.ndarray:
        ours, theirs = program.vehicle.body(key), self.vehicle.body(key)
        way = self.way(key)
        row = way.seen(ours.compiled.row, ours.aero, theirs.aero)
        burning = [k for k, j in enumerate(theirs.tubes) if self._lowest(key, j)] or list(range(len(theirs.tubes)))
        motors, base = ([b.nozzles[k].motor for k in burning] for b in (ours, theirs))
        if motors:
            more = [
                (a.nozzle_exit_area or 0.0) - (b.nozzle_exit_area or 0.0) for a, b in zip(motors, base, strict=True)
            ]
            row[FIELD["thrust"]] = (sum(m.impulse for m in motors) + sum(more) * way.relief) / sum(
                m.impulse for m in base
            )
            row[FIELD["propellant"]] = sum(n.motor.propellant_mass for n in ours.nozzles) / sum(
                n.motor.propellant_mass for n in theirs.nozzles
            )
            row[FIELD["aft"]] = ours.nozzles[burning[0]].x - theirs.nozzles[burning[0]].x
        row[FIELD["density"]], drag = way.in_other_air(ours.aero, program.launch, self.vehicle.launch)
        row[FIELD["axial"]] *= drag
        return row

    def _lowest(self, key: Key, motor: int) -> bool:
        """Whether a motor belongs to the lowest stage of a body, whose motors push while it flies so."""
        f = self.vehicle.filled[motor]
        return not key.stages or f.stage == key.stages[-1]

    @staticmethod
    def _times(program: Program) -> np.ndarray:
        """What each step of the schedule waits after its event, s: its delay, its time, and the delay of a charge."""
        filled, out = program.vehicle.filled, []
        for step in program.vehicle.steps:
            wait = step.what.delay + (step.what.time or 0.0 if step.what.event == "time" else 0.0)
            if step.what.event == "ejection":
                before = {program.vehicle.steps[k].index for k in step.after}
                wait += min((_delay(f) for f in filled if f.index in before), default=0.0)
            out.append(wait)
        return np.array(out)

    @staticmethod
    def not_sampled(name: str) -> str:
        """Why a quantity of the files is not sampled; empty where it is."""
        ends = (
            ".tilt_below",
            ".altitude_above",
            ".speed_above",
            ".ignition.altitude",
            ".ignition.speed",
            ".separation.altitude",
        )
        if name.endswith((*ends, ".separation.impulse")):
            return "what lights a stage or parts it is flown as stated"
        return ""

    def centre(self, whole: np.ndarray) -> np.ndarray:
        """The nominal wide row."""
        rows = [self.vehicle.body(key).compiled.row for key in self.keys]
        return np.concatenate([whole, *rows, np.zeros(len(self.vehicle.steps))])

    def widened(self, item: Input) -> Input:
        """An input of the whole alone, as wide as the fleet's rows."""

        def wide(x: np.ndarray | None) -> np.ndarray | None:
            if x is None or x.shape[-1] == self.width:
                return x
            return np.concatenate([x, np.zeros((*x.shape[:-1], self.width - x.shape[-1]))], axis=-1)

        first = wide(item.first)
        assert first is not None
        return replace(item, first=first, second=wide(item.second), values=wide(item.values), offset=wide(item.offset))

    # ---- what nobody stated ---------------------------------------------------------------------------------------

    def defaults(self, name: str, d: Distribution, *, assumed: bool, uncertain: Collection[str]) -> Iterator[Input]:
        """The inputs of a named uncertainty, of each stage, motor or device its own; not of those whose own the files state."""
        made = {
            "thrust": self._thrust, "mass": self._mass, "thrust_angle": self._angles, "delay": self._delays,
        }.get(name)  # fmt: skip
        if name in _SHARED:
            found: Iterator[tuple[str, np.ndarray]] = iter([(name, self._shared(_SHARED[name]))])
        else:
            found = made(uncertain) if made else self._devices(name, uncertain)
        for label, first in found:
            own = self._spread_of_mass(label, d, uncertain) if name == "mass" and assumed else d
            if first.any() and own.spread > 0:
                yield Input(label, own, first, assumed=assumed, doc=DEFAULTS[name].doc)

    def tumbling(self) -> Iterator[Input]:
        """How much drag each body that tumbles has."""
        for front, devices in self._fronts.items():
            for number, device in devices:
                if device.label == "tumbling":
                    first = self._falling(front, number)
                    doc = "drag area of a body that tumbles"
                    yield Input(f"tumbling.{front}", Normal(1.0, TUMBLING_SPREAD), first, assumed=True, doc=doc)

    def _shared(self, field: str) -> np.ndarray:
        """What all bodies have alike; a shift of the centre of pressure in the measure of each one's diameter."""
        out, d0 = np.zeros(self.width), self.program.launch.rocket.diameter
        for key in (self.root, *self.keys):
            share = self.vehicle.body(key).rocket.diameter / d0 if field == "cp_shift" else 1.0
            out[self.columns(key) + FIELD[field]] = share
        return out

    @cached_property
    def _burners(self) -> dict[str, list[Key]]:
        """The bodies by the stage or boosters that push them."""
        out: dict[str, list[Key]] = {}
        for key in (self.root, *self.keys):
            if self.vehicle.body(key).tubes:
                out.setdefault(key.stages[-1] if key.stages else key.boosters[0], []).append(key)
        return out

    def _thrust(self, uncertain: Collection[str]) -> Iterator[tuple[str, np.ndarray]]:
        for label, keys in self._burners.items():
            here = [f for f in self.vehicle.filled if label in (f.stage, f.assembly)]
            if any(beside(self.program, self.vehicle.filled.index(f)) for f in here):
                continue  # each has its own: `clusters.thrusts`
            own = {f.index for f in here}
            if not any(f"motors[{k}].motor.impulse_factor" in uncertain for k in own):
                yield f"thrust.{label}", self._at(keys, "thrust")

    def _angles(self, uncertain: Collection[str]) -> Iterator[tuple[str, np.ndarray]]:
        for label, keys in self._burners.items():
            for axis in ("y", "z"):
                if f"thrust_line.angle_{axis}" not in uncertain:
                    yield f"thrust_angle.{axis}.{label}", self._at(keys, f"thrust_{axis}")

    def _at(self, keys: Collection[Key], field: str) -> np.ndarray:
        out = np.zeros(self.width)
        out[[self.columns(k) + FIELD[field] for k in keys]] = 1.0
        return out

    @cached_property
    def pieces(self) -> dict[str, MassProperties]:
        """Each stage and each group of boosters with its empty motors, on the axes of the whole; kg, m."""
        rocket, filled = self.program.launch.rocket, self.vehicle.filled
        out = {}
        for stage, body in zip(rocket.stages, rocket.stage_masses, strict=True):
            own = [f.casing for f in filled if f.stage == stage.name and not f.separable]
            out[stage.name] = combine([body, *own])
        for a in rocket.boosters:
            out[a.name] = combine([a.without_motor, *(f.casing for f in filled if f.assembly == a.name)])
        return out

    def _mass(self, uncertain: Collection[str]) -> Iterator[tuple[str, np.ndarray]]:
        for name in self.pieces:
            out = np.zeros(self.width)
            for key in (self.root, *self.keys):
                if (d := self._by_mass(key, name)) is not None:
                    at = self.columns(key)
                    out[[at + FIELD[f] for f in _OF_MASS]] = d
            yield f"mass.{name}", out

    def _by_mass(self, key: Key, name: str) -> np.ndarray | None:
        """What a body's mass, centre and inertia change by, relative to the change of the mass of the piece `name`."""
        body = self.vehicle.body(key)
        if not key.stages:
            if key.boosters[0] != name:
                return None
            row = named_rows(body.compiled.row)
            return np.array([0.0 if f.startswith("cg") else float(row[f]) for f in _OF_MASS])
        held = [*key.stages, *key.boosters]
        if name not in held:
            return None

        def of(factor: float) -> np.ndarray:
            parts = []
            for k in held:
                p, f = self.pieces[k], factor if k == name else 1.0
                parts.append(MassProperties(f * p.mass, p.cg - np.array([body.datum, 0.0, 0.0]), f * p.inertia))
            m = combine(parts)
            i = m.inertia
            return np.array([m.mass, *m.cg, i[0, 0], i[1, 1], i[2, 2], i[0, 1], i[0, 2], i[1, 2]])

        return (of(1 + _STEP) - of(1 - _STEP)) / (2 * _STEP)

    def _spread_of_mass(self, label: str, d: Distribution, uncertain: Collection[str]) -> Distribution:
        """How well a stage's mass is known: weighed, or by its parts, those whose mass has its own uncertainty left out."""
        name, rocket = label.removeprefix("mass."), self.program.launch.rocket
        stage = next((k for k, s in enumerate(rocket.stages) if s.name == name), None)
        if stage is not None and f"rocket.stages[{stage}].measured.mass" in uncertain:
            return Normal(1.0, 0.0)
        if stage is not None and rocket.stages[stage].measured.mass is not None:
            return DEFAULTS["mass"].distribution()
        whole, front = self.pieces[name].mass, "" if stage is None else f"stages[{stage}]."
        own = [q for q in rocket.placed if stage is not None and q.path.startswith(front)]
        stated = sum(q.part.mass or 0.0 for q in own if f"rocket.{q.path}.mass" in uncertain)
        return Normal(1.0, 0.05 * (1 - min(stated / whole, 1.0)))

    # ---- devices --------------------------------------------------------------------------------------------------

    @cached_property
    def _fronts(self) -> dict[str, list[tuple[int, Device]]]:
        """The devices, with their numbers, of each stage or booster that may come down foremost: alike in every body it leads."""
        out: dict[str, list[tuple[int, Device]]] = {}
        for key in (self.root, *self.keys):
            mine, known = list(enumerate(self.vehicle.body(key).devices)), out.setdefault(_front(key), [])
            known += [x for x in mine if x[0] not in [k for k, _ in known]]
        return out

    def _of_device(self, front: str, number: int, column: int, scale: float) -> np.ndarray:
        out = np.zeros(self.width)
        for key in (self.root, *self.keys):
            if _front(key) == front and number < len(self.vehicle.body(key).devices):
                out[self.columns(key) + column + number] = scale
        return out

    def _falling(self, front: str, number: int) -> np.ndarray:
        """The drag areas of a body that tumbles, as device `number` says."""
        out = np.zeros(self.width)
        for key in (self.root, *self.keys):
            body = self.vehicle.body(key)
            if _front(key) == front and body.tumbles and number < len(body.devices):
                for name in ("across", "along"):
                    out[self.columns(key) + FIELD[name]] = body.compiled.row[FIELD[name]]
        return out

    def _devices(self, name: str, uncertain: Collection[str]) -> Iterator[tuple[str, np.ndarray]]:
        """The lags, drag areas or heights of release of all devices."""
        every = [
            (front, k, d)
            for front, own in self._fronts.items()
            for k, d in own
            if d.label != "tumbling" and d.after < 0
        ]
        names = [d.name for _, _, d in every]
        for front, k, d in every:
            if name == "release_altitude" and d.event != AT_ALTITUDE:
                continue
            column, scale = {"canopy_drag": (CDS0, d.cd_area), "lag": (LAG0, 1.0), "release_altitude": (VALUE0, 1.0)}[
                name
            ]
            if not self._stated(name, front, k, uncertain):
                label = d.name if names.count(d.name) == 1 else f"{front}.{d.name}"
                label += f" {k + 1}" if [(f, x.name) for f, _, x in every].count((front, d.name)) > 1 else ""
                wide = self._of_device(front, k, column, scale)
                for other, rest in self._fronts[front] if name == "canopy_drag" else ():
                    if rest.after == k:
                        wide = wide + self._of_device(front, other, column, rest.cd_area)
                yield f"{name}.{label}", wide

    def _stated(self, name: str, front: str, number: int, uncertain: Collection[str]) -> bool:
        """Whether the files state a device's own uncertainty."""
        rocket = self.program.launch.rocket
        names = [s.name for s in rocket.stages]
        if front in names:
            behind = set(names[names.index(front) :])
            own = [q for q in rocket.find(Recovery) if rocket.stage_of(q.path).name in behind]
            prefix = "rocket."
        else:
            a = next(a for a in rocket.boosters if front.startswith(f"{a.name} "))
            own, prefix = list(a.rocket.find(Recovery)), f"rocket.{a.path}."
        if number >= len(own):
            return False
        q = own[number]
        assert isinstance(q.part, Recovery)
        drag = "cd_area" if q.part.cd_area is not None else "cd"
        end = {"canopy_drag": drag, "lag": "deploy.lag", "release_altitude": "deploy.altitude"}[name]
        return f"{prefix}{q.path}.{end}" in uncertain

    def _delays(self, uncertain: Collection[str]) -> Iterator[tuple[str, np.ndarray]]:
        """The delays of the motors' charges: of the devices that they release, and of what they light and part."""
        filled, steps = self.vehicle.filled, self.vehicle.steps
        for index in dict.fromkeys(f.index for f in filled):
            own = [j for j, f in enumerate(filled) if f.index == index]
            f = filled[own[0]]
            out, delay = np.zeros(self.width), _delay(f)
            for key in (self.root, *self.keys):
                for k, device in enumerate(self.vehicle.body(key).devices):
                    if device.charge in own:
                        out[self.columns(key) + VALUE0 + k] = delay
            for k, step in enumerate(steps):
                if step.what.event == "ejection" and index in {steps[j].index for j in step.after}:
                    out[self.late + k] = delay
            if f"motors[{index}].motor.delay" not in uncertain:
                yield f"delay.{f.tube.mount or f.stage}", out


def _front(key: Key) -> str:
    return key.stages[0] if key.stages else key.name


def _delay(f: Filled) -> float:
    """The delay of a motor's charge, s; zero where it has none, or nobody said which."""
    wait = ejection(f) - f.motor.burnout_time
    return float(wait) if np.isfinite(wait) else 0.0


def finish_body_rows(rows: np.ndarray, whole: np.ndarray, body: Body) -> np.ndarray:
    """Rows (n, ROW) of a body from its part of wide rows: the winds of the whole's (n, ROW), what cannot be negative held at zero."""
    out = np.ascontiguousarray(rows)
    row, of, nominal = named_rows(out), named_rows(whole), named_rows(body.compiled.row)
    for name in (*_WINDS, "watch"):
        row[name] = of[name]
    for name in ("lag", "cd_area", "glide"):
        row[name] = np.maximum(row[name], 0.0)
    row["strength"] = np.where(row["strength"] == 0.0, 0.0, np.maximum(row["strength"], 1.0))
    for name in ("across", "along"):
        row[name] = np.maximum(row[name], 0.02 * nominal[name])
    for name in ("mass", "ixx", "iyy", "izz"):
        row[name] = np.maximum(row[name], 0.02 * nominal[name])
    for name in ("thrust", "axial", "normal", "propellant"):
        row[name] = np.maximum(row[name], 0.02)
    return out
