"""Where motors can be put: the tubes that are marked as mounts, in clusters, on stages, pods and boosters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, hypot, sin, tan

from downrange.rocket import parts as p
from downrange.rocket.assembly import Boosters
from downrange.rocket.rocket import Rocket

__all__ = ["Mount", "MotorTube", "mounts_of"]


@dataclass(frozen=True)
class MotorTube:
    """One tube that takes a motor: where the motor's aft end stands, `x` m aft of the nose tip, y and z off the axis, m.

    `slope_y`, `slope_z`: thrust across over thrust along the axis, of a canted tube. `number` counts within its mount, from 1;
    `copy` says on which of its pods or boosters it stands, from 1, and is 0 on the body itself. `bore`: its radius inside, m.
    """

    mount: str
    number: int
    x: float
    y: float
    z: float
    slope_y: float = 0.0
    slope_z: float = 0.0
    bore: float = 0.0
    copy: int = 0


@dataclass(frozen=True)
class Mount:
    """A motor mount by name, with all its tubes; `stage` holds it, on `boosters` (or pods) of that name or, "", on the body."""

    name: str
    path: str
    stage: str
    assembly: str
    separable: bool
    tubes: tuple[MotorTube, ...]


def mounts_of(rocket: Rocket) -> tuple[Mount, ...]:
    """All motor mounts of a rocket, in the order of the file. One without a name is called by its path."""
    return tuple(_mounts(rocket))


def _mounts(rocket: Rocket) -> Iterator[Mount]:
    attached = {a.path: a for a in rocket.attached}
    for q in rocket.placed:
        part = q.part
        if isinstance(part, p.InnerTube | p.BodyTube) and part.motor_mount:
            name, x = part.name or q.path, q.aft + part.overhang
            middles = part.middles if isinstance(part, p.InnerTube) else ((0.0, 0.0),)
            lean = tan(part.cluster.cant) if isinstance(part, p.InnerTube) else 0.0
            tubes = []
            for k, (y, z) in enumerate(middles):
                r = hypot(y, z)
                slope = (-lean * y / r, -lean * z / r) if r > 0 else (0.0, 0.0)
                tubes.append(MotorTube(name, k + 1, x, y, z, *slope, bore=q.at.inner))
            yield Mount(name, q.path, rocket.stage_of(q.path).name, "", False, tuple(tubes))
        elif q.path in attached:
            a = attached[q.path]
            for m in mounts_of(a.rocket):
                name, tubes = m.name if m.name != m.path else f"{q.path}.{m.path}", []
                for copy, ((y, z), angle) in enumerate(zip(a.places, a.angles, strict=True), start=1):
                    c, s = cos(angle), sin(angle)
                    tubes += [
                        MotorTube(
                            name, len(tubes) + k + 1, a.front + t.x, y + c * t.y - s * t.z, z + s * t.y + c * t.z,
                            c * t.slope_y - s * t.slope_z, s * t.slope_y + c * t.slope_z, t.bore, copy,
                        )
                        for k, t in enumerate(m.tubes)
                    ]  # fmt: skip
                yield Mount(
                    name, f"{q.path}.{m.path}", rocket.stage_of(q.path).name,
                    a.name, isinstance(a.part, Boosters), tuple(tubes),
                )  # fmt: skip
