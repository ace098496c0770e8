"""What a change of a flight needs to know of the launch, and what it may change."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from downrange.flight import Flight, Launch
from downrange.flight.orders import Orders
from downrange.flight.packing import Compiled
from downrange.flight.program import Program, compile_launch
from downrange.flight.rows import AT_ALTITUDE, AT_NEVER
from downrange.flight.sections import section_masses
from downrange.flight.vehicle import Body, Key
from downrange.motor import Motor
from downrange.rocket import FinSet, Part, Rocket

__all__ = ["Change", "Draw", "Scene", "Wreck", "has_fin", "scene_of"]

NEAR_SOUND = (
    0.9,
    1.2,
)  # Mach numbers between which shocks pass over the static port: judgement, from logs whose error begins near 0.6
Draw = Callable[[str], np.ndarray]  # a named stream of uniform numbers, one for each flight of the mode


@dataclass(frozen=True, eq=False)
class Scene:
    """What the changes need to know: the program, and its nominal flight's numbers.

    Of a vehicle that comes apart `main` is the body that its foremost stage comes down in, `body` the one that is looked at, and
    `times` when each step of its schedule happens (s, NaN: it does not). `transonic`: from when to when on the way up the nominal flight is
    between Mach 0.9 and 1.2 (s), None where it never is.
    """

    program: Program
    nominal: dict[str, float]
    main: Body | None = None
    body: Body | None = None
    times: tuple[float, ...] = ()
    transonic: tuple[float, float] | None = None

    def of_body(self, body: Body) -> Scene:
        """The same with another body looked at."""
        return replace(self, body=body)

    def leads(self, key: Key) -> bool:
        """Whether a body holds the foremost stage."""
        return key.stages[:1] == self.program.vehicle.root.stages[:1]

    @property
    def rocket(self) -> Rocket:
        """The body that is looked at, or all that there is."""
        return self.program.launch.rocket if self.body is None else self.body.rocket

    @property
    def dry_mass(self) -> float:
        """Of it, with its empty motors, kg."""
        return self.program.launch.dry.mass if self.body is None else self.body.dry.mass

    @property
    def length(self) -> float:
        """Of it, with its motors, m."""
        if self.body is None:
            return self.program.launch.aft_end
        return max([self.body.rocket.length, *(n.x for n in self.body.nozzles)])

    @property
    def motor(self) -> Motor:
        """The one that pushes it first, or the launch's."""
        if self.body is None or not self.body.nozzles:
            return self.program.launch.motor
        return self.body.nozzles[-1].motor

    @property
    def compiled(self) -> Compiled:
        """What the kernel is given of it."""
        return self.program.compiled if self.body is None else self.body.compiled

    @cached_property
    def opening(self) -> tuple[int, ...]:
        """The devices that open, first to last: what waits for a height falls after what does not."""
        d = self.program.devices if self.main is None else self.main.devices
        late = [
            (x.event == AT_ALTITUDE, -x.value if x.event == AT_ALTITUDE else x.value + x.delay, i)
            for i, x in enumerate(d)
        ]
        return tuple(i for (_, _, i) in sorted(late) if d[i].event != AT_NEVER and d[i].after < 0)

    @cached_property
    def masses(self) -> np.ndarray:
        """Of the sections, kg."""
        return section_masses(self.program.launch)

    @cached_property
    def without_fin(self) -> Compiled:
        """The same launch with one fin gone, of the set that stands furthest aft."""
        launch = self.program.launch
        fins = [q for q in launch.rocket.placed if has_fin(q.part)]
        path = [int(k) for k in re.findall(r"\d+", max(fins, key=lambda q: q.aft).path)]
        parts = _lose_fin(launch.rocket.parts, path)
        return compile_launch(replace(launch, rocket=replace(launch.rocket, parts=parts))).compiled


def scene_of(flight: Flight) -> Scene:
    """What the changes need to know of a launch, by its nominal flight."""
    near = _transonic(flight)
    if not flight.flown:
        return Scene(flight.program, flight.raw.out, transonic=near)
    happened = np.stack([b.arrival.happened[0] for b in flight.flown])
    times = np.fmin.reduce(np.where(np.isfinite(happened), happened, np.nan))
    return Scene(flight.program, flight.raw.out, flight.flown[0].arrival.body, None, tuple(times.tolist()), near)


def _transonic(flight: Flight) -> tuple[float, float] | None:
    """From when to when (s) it is near Mach 1 on the way up: where shocks pass over the static port."""
    if flight.raw.out["max_mach"] < NEAR_SOUND[0] or not np.isfinite(flight.raw.out["apogee_time"]):
        return None
    t = flight.trajectory
    near = (t.mach > NEAR_SOUND[0]) & (t.mach < NEAR_SOUND[1]) & (t.time < flight.raw.out["apogee_time"])
    return (float(t.time[near][0]), float(t.time[near][-1])) if near.any() else None


def has_fin(part: Part) -> bool:
    return isinstance(part, FinSet) and len(set(part.missing)) < part.count


def _lose_fin(parts: tuple[Any, ...], path: list[int]) -> tuple[Any, ...]:
    """The parts with a fin less of the set at `path`, the numbers of the parts on the way to it."""
    k, rest = path[0], path[1:]
    part = parts[k]
    if rest:
        part = replace(part, parts=_lose_fin(part.parts, rest))
    else:
        assert isinstance(part, FinSet)
        gone = next(n for n in range(1, part.count + 1) if n not in part.missing)
        part = replace(part, missing=(*part.missing, gone))
    return (*parts[:k], part, *parts[k + 1 :])


@dataclass(frozen=True, eq=False)
class Wreck:
    """What flies on after a break: its name, its program, and how its rows and the states it starts
    from (both (n,), named as in `flight.named`) differ, in place.

    `keeps_devices`: it comes down under the mode's devices, instead of those of its own program. `across` is what it
    measures across its path (m) where it tumbles; None where it flies nose first or hangs.
    """

    name: str
    compiled: Compiled
    prepare: Callable[[np.ndarray, np.ndarray, Draw], None]
    keeps_devices: bool = False
    across: float | None = None


class Change:
    """One thing that goes wrong. `doc` is what a user reads."""

    doc = ""

    def missing(self, scene: Scene) -> str:
        """Why it cannot happen to this launch; empty where it can."""
        return ""

    def devices(self, table: np.ndarray, scene: Scene) -> np.ndarray:
        """The device table (DEVICES, DEVICE), changed."""
        return table

    def rows(self, rows: np.ndarray, scene: Scene, draw: Draw) -> None:
        """Change parameter rows (n,), named as in `flight.named.named_rows`, in place."""

    def bodies(self, scene: Scene) -> tuple[Wreck, ...]:
        """What flies on from where the rows stop; empty where nothing breaks."""
        return ()

    def across(self, scene: Scene) -> float | None:
        """What the whole rocket measures across its path as it comes down (m) where it tumbles; None where it does not."""
        return None

    # Of vehicles that come apart.

    reach: Literal["pad", "main", "all"] = "pad"
    """Whose rows `rows` changes: of what the lowest stage pushes, of all bodies that hold the foremost stage, or of all bodies."""

    def concerns(self, key: Key, scene: Scene) -> bool:
        """Whether it changes the rows of a body."""
        if self.reach == "pad":
            return scene.leads(key) and key.stages[-1] == scene.program.vehicle.root.stages[-1]
        return self.reach == "all" or scene.leads(key)

    def decides(self, scene: Scene) -> tuple[int, ...]:
        """The devices of the foremost body whose release it gives, whatever else would release them."""
        return ()

    def dropped(self, table: np.ndarray, body: Body) -> np.ndarray:
        """The device table (DEVICES, DEVICE) of a body that was left behind, changed."""
        return table

    def orders(self, orders: Orders, scene: Scene, draw: Draw) -> None:
        """Change what becomes of the schedule, in place."""

    def belongs(self, launch: Launch) -> bool:
        """Whether it is a way to go wrong for a launch of this kind at all."""
        return True

    @property
    def hold(self) -> tuple[float, float]:
        """Bounds of how long ignition comes late, s."""
        return (0.0, 0.0)
