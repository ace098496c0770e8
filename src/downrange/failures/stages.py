"""What goes wrong with stages, strap-on boosters and clusters: changes of the order of events, flown as the tree of legs that then is.

The step or the motor that fails is drawn for each flight among those that can.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from downrange.failures.scene import Change, Draw, Scene
from downrange.flight import Launch
from downrange.flight.motors import Filled
from downrange.flight.named import named_devices
from downrange.flight.orders import Orders
from downrange.flight.rows import AT_NEVER
from downrange.flight.schedule import Step
from downrange.flight.vehicle import Body

__all__ = [
    "DragSeparation", "DroppedCanopyFails", "EarlySeparation", "MotorLate", "MotorOut", "NoSeparation", "StrapOnHangs", "SustainerLate",
    "SustainerTilted", "SustainerUnlit",
]  # fmt: skip

_ONE = "it flies as one body, lit at once"
_NO_CLUSTER = "no two of its motors are lit together"
_TAIL = 0.1  # of a burn: from here on thrust may fall below drag
_SOON = 0.05  # s


def _clustered(launch: Launch) -> list[int]:
    """The motors, by number, that are lit together with others of their stage."""
    groups: dict[tuple[str, object], list[int]] = {}
    for j, f in enumerate(launch.filled):
        if f.mounted.lit.event != "never":
            groups.setdefault((f.stage, f.mounted.lit), []).append(j)
    return [j for own in groups.values() if len(own) > 1 for j in own]


def _steps(launch: Launch, wanted: Callable[[Step], bool]) -> list[int]:
    return [k for k, s in enumerate(launch.schedule) if wanted(s)]


def _partings(launch: Launch) -> list[int]:
    """The separations of stages."""
    stages = {s.name for s in launch.rocket.stages}
    return _steps(launch, lambda s: s.kind == "separation" and s.what.event != "never" and s.name in stages)


def _strap_ons(launch: Launch) -> list[int]:
    names = {a.name for a in launch.rocket.boosters}
    return _steps(launch, lambda s: s.kind == "separation" and s.what.event != "never" and s.name in names)


def _air_starts(launch: Launch) -> list[int]:
    """The ignitions that come in flight."""
    return _steps(launch, lambda s: s.kind == "ignition" and s.what.event not in ("launch", "never"))


def _happen(scene: Scene, steps: Sequence[int]) -> list[int]:
    """Those that come in the nominal flight."""
    return [k for k in steps if k < len(scene.times) and np.isfinite(scene.times[k])]


def _chosen(among: Sequence[int], u: np.ndarray) -> np.ndarray:
    """One of them for each flight (n,)."""
    return np.asarray(among)[np.minimum((u * len(among)).astype(int), len(among) - 1)]


def _between(u: np.ndarray, bounds: tuple[float, float]) -> np.ndarray:
    return bounds[0] + (bounds[1] - bounds[0]) * u


class _OfCluster(Change):
    def belongs(self, launch: Launch) -> bool:
        return bool(_clustered(launch))

    def missing(self, scene: Scene) -> str:
        return "" if _clustered(scene.program.launch) else _NO_CLUSTER


class MotorOut(_OfCluster):
    doc = "One motor of those that are lit together is not lit: it pushes to one side, or less."

    def orders(self, orders: Orders, scene: Scene, draw: Draw) -> None:
        which = _chosen(_clustered(scene.program.launch), draw("motor"))
        orders.out[np.arange(which.size), which] = True


@dataclass(frozen=True)
class MotorLate(_OfCluster):
    """One motor of those lit together comes late by a time between the bounds, s."""

    by: tuple[float, float] = (0.2, 2.0)
    doc = "One motor of those that are lit together comes 0.2 to 2 s late."

    def orders(self, orders: Orders, scene: Scene, draw: Draw) -> None:
        which = _chosen(_clustered(scene.program.launch), draw("motor"))
        orders.motor_late[np.arange(which.size), which] += _between(draw("late"), self.by)


class _OfSteps(Change, ABC):
    """Of one of the steps that `among` gives, as far as it comes in the nominal flight."""

    none = _ONE

    @abstractmethod
    def among(self, launch: Launch) -> list[int]:
        """The steps that may fail."""

    def belongs(self, launch: Launch) -> bool:
        return bool(self.among(launch))

    def missing(self, scene: Scene) -> str:
        steps = self.among(scene.program.launch)
        if not steps:
            return self.none
        return "" if _happen(scene, steps) else "it does not come in the nominal flight either"

    def step(self, scene: Scene, draw: Draw) -> tuple[np.ndarray, np.ndarray]:
        """Numbers of the flights (n,), and of the step that fails in each."""
        which = _chosen(_happen(scene, self.among(scene.program.launch)), draw("step"))
        return np.arange(which.size), which


class NoSeparation(_OfSteps):
    doc = "Two stages stay together: what waits for their parting never comes, and they come down as one."
    none = "no stage leaves it"

    def among(self, launch: Launch) -> list[int]:
        return _partings(launch)

    def orders(self, orders: Orders, scene: Scene, draw: Draw) -> None:
        orders.never[self.step(scene, draw)] = True


class StrapOnHangs(_OfSteps):
    doc = "The strap-on boosters stay on, burnt out: more drag and mass, and they come down with the rest."
    none = "it has no strap-on boosters that leave"

    def among(self, launch: Launch) -> list[int]:
        return _strap_ons(launch)

    def orders(self, orders: Orders, scene: Scene, draw: Draw) -> None:
        orders.never[self.step(scene, draw)] = True


class EarlySeparation(_OfSteps):
    doc = "A stage leaves too early, at any time after lift-off, its motor still burning."
    none = "no stage leaves it"

    def among(self, launch: Launch) -> list[int]:
        return _partings(launch)

    def orders(self, orders: Orders, scene: Scene, draw: Draw) -> None:
        where = self.step(scene, draw)
        planned, lifts = np.asarray(scene.times)[where[1]], scene.nominal["liftoff_time"]
        orders.at[where] = lifts + draw("when") * (planned - lifts)


class DragSeparation(_OfSteps):
    doc = "A joint does not hold: drag pulls the stages apart as soon as the one below pushes no more, before they should part."
    none = "no stage leaves it"

    def among(self, launch: Launch) -> list[int]:
        return _partings(launch)

    def missing(self, scene: Scene) -> str:
        if why := super().missing(scene):
            return why
        times = np.asarray(scene.times)
        held = [k for k in _happen(scene, self.among(scene.program.launch)) if times[k] > self._end(scene, k) + _SOON]
        return "" if held else "drag alone parts it anyway"

    def _end(self, scene: Scene, k: int, before: float = 0.0) -> float:
        """When the motors of the stage that leaves are burnt out, or a share `before` of their burn sooner, s."""
        launch = scene.program.launch
        ends = [_burnt(f, scene, before) for f in launch.filled if f.stage == launch.schedule[k].name]
        return max([e for e in ends if np.isfinite(e)], default=scene.nominal["liftoff_time"])

    def orders(self, orders: Orders, scene: Scene, draw: Draw) -> None:
        flight, which = self.step(scene, draw)
        orders.loose[flight, which] = True
        tails = {k: self._end(scene, k, _TAIL) for k in set(which.tolist())}
        orders.at[flight, which] = np.minimum([tails[k] for k in which.tolist()], np.asarray(scene.times)[which])


def _burnt(f: Filled, scene: Scene, before: float) -> float:
    """When a motor is burnt out in the nominal flight but for a share `before` of its burn, s."""
    steps = scene.program.launch.schedule
    lit = next(scene.times[k] for k, s in enumerate(steps) if s.index == f.index)
    return lit + f.motor.burnout_time - before * f.motor.burn_time


class _OfAirStarts(_OfSteps):
    none = "all its motors are lit at launch"

    def among(self, launch: Launch) -> list[int]:
        return _air_starts(launch)


class SustainerUnlit(_OfAirStarts):
    doc = "A motor that should be lit in flight is not: it comes down with its propellant, and by its charge no canopy opens."

    def orders(self, orders: Orders, scene: Scene, draw: Draw) -> None:
        orders.never[self.step(scene, draw)] = True


@dataclass(frozen=True)
class SustainerLate(_OfAirStarts):
    """A motor is lit in flight late by a time between the bounds, s, if its conditions still hold."""

    by: tuple[float, float] = (0.5, 4.0)
    doc = "A motor that is lit in flight comes 0.5 to 4 s late, if its conditions still hold: slower, and turned further over."

    def orders(self, orders: Orders, scene: Scene, draw: Draw) -> None:
        orders.late[self.step(scene, draw)] += _between(draw("late"), self.by)


@dataclass(frozen=True)
class SustainerTilted(_OfAirStarts):
    """The same, later and whatever its conditions say."""

    by: tuple[float, float] = (2.0, 10.0)
    doc = "A motor is lit 2 to 10 s late, and nothing holds it back at a large tilt: it flies where it then points."

    def orders(self, orders: Orders, scene: Scene, draw: Draw) -> None:
        where = self.step(scene, draw)
        orders.late[where] += _between(draw("late"), self.by)
        orders.careless[where] = True


class DroppedCanopyFails(Change):
    doc = "What was dropped comes down without its canopy: it falls, or tumbles."

    def belongs(self, launch: Launch) -> bool:
        return bool(_partings(launch) or _strap_ons(launch))

    def missing(self, scene: Scene) -> str:
        vehicle = scene.program.vehicle
        left = [vehicle.body(k) for k in vehicle.keys if not scene.leads(k)]
        if any(d.opens and d.label != "tumbling" for b in left for d in b.devices):
            return ""
        return "what it drops has no canopy" if left else _ONE

    def dropped(self, table: np.ndarray, body: Body) -> np.ndarray:
        out = table.copy()
        named_devices(out)["event"] = AT_NEVER
        return out
