"""What goes wrong with recovery beyond the plain ways: a joint that stays shut, cloth that tears, altimeters that die or are deceived."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from downrange.failures.scene import Change, Draw, Scene
from downrange.flight import Launch
from downrange.flight.fitted import Device
from downrange.flight.named import named_devices
from downrange.flight.rows import AT_NEVER, AT_TIME
from downrange.rocket import Recovery

__all__ = ["Backup", "CanopyTears", "FirstFails", "MachSpike", "any_opens", "two_open"]


def two_open(scene: Scene) -> str:
    """Why nothing can go wrong between two devices; empty where there are two."""
    return "" if len(scene.opening) > 1 else "it has one recovery device"


def any_opens(scene: Scene) -> str:
    """Why nothing can go wrong with a device; empty where one opens."""
    return "" if scene.opening else "no recovery device opens anyway"


def _devices(scene: Scene) -> tuple[Device, ...]:
    return scene.program.devices if scene.main is None else scene.main.devices


def _parts(launch: Launch) -> list[Recovery]:
    return [q.part for q in launch.rocket.find(Recovery) if isinstance(q.part, Recovery)]


class FirstFails(Change):
    doc = "The joint of the first device stays shut: it falls as it flew until the last one opens, at speed."

    def belongs(self, launch: Launch) -> bool:
        return any(p.deploy.altimeter is not None for p in _parts(launch))

    def decides(self, scene: Scene) -> tuple[int, ...]:
        return scene.opening[:1]

    def missing(self, scene: Scene) -> str:
        return two_open(scene)

    def devices(self, table: np.ndarray, scene: Scene) -> np.ndarray:
        out = table.copy()
        named_devices(out)["event"][scene.opening[0]] = AT_NEVER
        return out


class CanopyTears(Change):
    doc = "Every canopy holds half of what it should: it tears where its opening load is more than that."
    reach = "main"

    def belongs(self, launch: Launch) -> bool:
        return any(getattr(p, "strength", None) for p in _parts(launch))

    def missing(self, scene: Scene) -> str:
        return (
            "" if any(x.strength > 0 for x in _devices(scene)) else "no canopy says the load that it holds (strength)"
        )

    def rows(self, rows: np.ndarray, scene: Scene, draw: Draw) -> None:
        rows["strength"] *= 0.5


@dataclass(frozen=True)
class Backup(Change):
    """The altimeter that should fire the first device is dead: the second one does, or a timer, or the motor's charge."""

    doc = "The first altimeter is dead: the first device opens by what stands behind it."
    reach = "main"

    def belongs(self, launch: Launch) -> bool:
        return any(
            d.backup_delay is not None or d.backup_time or d.backup_ejection
            for p in _parts(launch)
            for d in (p.deploy,)
        )

    def _wait(self, scene: Scene) -> tuple[float, bool]:
        """How long after the first the second altimeter fires (s, NaN: there is none), and whether a timer or a charge does."""
        d = _devices(scene)[scene.opening[0]]
        return d.second, d.backup > 0

    def decides(self, scene: Scene) -> tuple[int, ...]:
        return scene.opening[:1]

    def missing(self, scene: Scene) -> str:
        if not scene.opening:
            return any_opens(scene)
        second, timer = self._wait(scene)
        return "" if np.isfinite(second) or timer else "nothing stands behind the altimeter of the first device"

    def devices(self, table: np.ndarray, scene: Scene) -> np.ndarray:
        out = table.copy()
        if not np.isfinite(self._wait(scene)[0]):  # only the timer: its time is in the rows
            named_devices(out)["event"][scene.opening[0]], named_devices(out)["delay"][scene.opening[0]] = AT_TIME, 0.0
        return out

    def rows(self, rows: np.ndarray, scene: Scene, draw: Draw) -> None:
        second, first = self._wait(scene)[0], scene.opening[0]
        if np.isfinite(second):
            rows["lag"][:, first] += second
            rows["backup"][:, first] = np.maximum(rows["backup"][:, first] - second, 0.0)
        else:
            rows["value"][:, first] = rows["backup"][:, first]


class MachSpike(Change):
    """The first device opens while shocks pass over the static port, at any time near Mach 1 on the way up."""

    doc = "Near Mach 1 a pressure spike looks like apogee to the altimeter: the first device opens there."
    reach = "main"

    def belongs(self, launch: Launch) -> bool:
        return any(p.deploy.altimeter is not None for p in _parts(launch))

    def decides(self, scene: Scene) -> tuple[int, ...]:
        return scene.opening[:1]

    def missing(self, scene: Scene) -> str:
        if not scene.opening:
            return any_opens(scene)
        if not _devices(scene)[scene.opening[0]].deceived:
            return "no altimeter without a lock-out near Mach 1 fires the first device"
        return "" if scene.transonic else "it stays below Mach 0.9"

    def devices(self, table: np.ndarray, scene: Scene) -> np.ndarray:
        out = table.copy()
        named_devices(out)["event"][scene.opening[0]] = AT_TIME
        return out

    def rows(self, rows: np.ndarray, scene: Scene, draw: Draw) -> None:
        assert scene.transonic is not None
        begins, ends = scene.transonic
        rows["value"][:, scene.opening[0]] = begins + (ends - begins) * draw("spike")
