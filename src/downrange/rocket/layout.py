"""How a part lies in what holds it: its length, and where and how wide it is. By type; a type that is not registered is an error."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import cast

import numpy as np

from downrange.errors import InputError
from downrange.rocket import devices
from downrange.rocket import parts as p
from downrange.rocket.assembly import Assembly
from downrange.rocket.mass import Frame
from downrange.rocket.planform import planform
from downrange.rocket.types import called

__all__ = ["Host", "Placed", "body_frame", "front_of", "on_the_surface", "part_frame", "part_length"]


@dataclass(frozen=True, eq=False)
class Placed:
    """A part in its place: `front` and `aft` in metres aft of the nose tip, radii as its neighbours give them."""

    part: p.Part
    at: Frame
    aft: float
    path: str
    depth: int

    @property
    def front(self) -> float:
        """Front of the part, metres aft of the nose tip (fins: root leading edge)."""
        return self.at.front


@dataclass(frozen=True, eq=False)
class Host:
    """What holds a part: the part it is in, its frame, and its aft end, m aft of the nose tip."""

    part: p.Part
    at: Frame
    aft: float

    @property
    def bore(self) -> float:
        """Radius inside, m; of a nose cone that of its shoulder."""
        if isinstance(self.part, p.NoseCone):
            return (self.part.shoulder_diameter or self.part.diameter) / 2 - (self.part.wall or 0)
        return self.at.inner

    @property
    def fronts(self) -> tuple[float, ...]:
        """The front of each part that it holds, m aft of the nose tip."""
        out, previous = [], self.at.front
        for part in self.part.parts:
            length = part_length(part)
            out.append(front_of(part, length, self.at.front, self.aft, previous))
            previous = out[-1] + length
        return tuple(out)

    def radius(self, x: float) -> float:
        """Outer radius at `x` (m aft of the nose tip), straight between its ends, m."""
        share = np.clip((x - self.at.front) / max(self.aft - self.at.front, 1e-9), 0, 1)
        start = self.at.outer if not isinstance(self.part, p.NoseCone) else 0.0
        return float(start + share * (self.at.aft_outer - start))


def front_of(part: p.Part, length: float, front: float, aft: float, previous: float) -> float:
    """Where the front of a part of that length lies in what reaches from `front` to `aft`, behind what ends at `previous`.

    All in m aft of the nose tip.
    """
    places = {
        "top": front, "middle": 0.5 * (front + aft - length), "bottom": aft - length, "after": previous, "absolute": 0.0
    }  # fmt: skip
    return float(places[part.position] + part.offset)


@singledispatch
def part_length(part: p.Part) -> float:
    """Length along the rocket from a part's front to its aft end, m."""
    raise TypeError(f"{type(part).__name__} has no length: register it with part_length")


@part_length.register
def _(
    part: p.NoseCone | p.BodyTube | p.Transition | p.InnerTube | p.TubeCoupler | p.Bulkhead | p.TubeFins | p.RingFin | p.MassObject
    | p.Protuberance,
) -> float:  # fmt: skip
    return float(part.length)


@part_length.register
def _(part: Assembly) -> float:
    return part.length


@part_length.register
def _(part: p.FinSet) -> float:
    return planform(part).root_chord


@part_length.register
def _(part: devices.Recovery | p.ShockCord) -> float:
    return part.packed_length


@part_length.register
def _(part: p.RailButtons) -> float:
    return (part.count - 1) * part.spacing


@part_length.register
def _(part: p.LaunchLug | p.CentringRing) -> float:
    return part.length + (part.count - 1) * part.spacing


@singledispatch
def part_frame(part: p.Part, front: float, host: Host) -> Frame:
    """Where a part that something holds is and how wide, its front `front` m aft of the nose tip."""
    raise TypeError(f"{type(part).__name__} has no place: register it with part_frame")


def on_the_surface(part: p.Part, front: float, host: Host) -> Frame:
    """The frame of what stands on the body: as wide as the body is at its front."""
    return Frame(front, host.radius(front))


for _kind in (p.LaunchLug, p.RailButtons, p.Protuberance, p.TubeFins, p.RingFin):
    part_frame.register(_kind)(on_the_surface)


@part_frame.register
def _(part: Assembly, front: float, host: Host) -> Frame:
    """`outer` is the body's largest radius beside it."""
    return Frame(
        front, max(host.radius(front), host.radius(front + 0.5 * part.length), host.radius(front + part.length))
    )


@part_frame.register
def _(part: p.FinSet, front: float, host: Host) -> Frame:
    return Frame(front, host.radius(front + 0.5 * part_length(part)))


@part_frame.register
def _(part: p.InnerTube, front: float, host: Host) -> Frame:
    return Frame(front, part.diameter / 2, part.diameter / 2 - part.wall, part.diameter / 2)


@part_frame.register
def _(part: p.TubeCoupler, front: float, host: Host) -> Frame:
    outer = part.diameter / 2 if part.diameter else host.bore
    return Frame(front, outer, outer - part.wall, outer)


@part_frame.register
def _(part: p.CentringRing, front: float, host: Host) -> Frame:
    outer = part.diameter / 2 if part.diameter else host.bore
    if part.inner_diameter is not None:
        return Frame(front, outer, part.inner_diameter / 2, outer)
    holes = _holes(host, front, front + part_length(part))
    inner = max((r for _, _, r in holes), default=0.0)
    return Frame(front, outer, inner, outer, () if holes == ((0.0, 0.0, inner),) else holes)


def _holes(host: Host, front: float, aft: float) -> tuple[tuple[float, float, float], ...]:
    """The holes (y, z, radius; m) for the inner tubes that pass through what lies between two places: of tubes in each other that of the
    outer one. What lies beside all tubes has those of the widest, which it was made for."""
    tubes = [
        (t, x) for t, x in zip(host.part.parts, host.fronts, strict=True) if isinstance(t, p.InnerTube)
    ]  # fmt: skip
    through = [t for t, x in tubes if x < aft and front < x + t.length]
    beside = sorted((t for t, _ in tubes), key=lambda t: -t.diameter)[:1]
    out: list[tuple[float, float, float]] = []
    for t in sorted(through or beside, key=lambda t: -t.diameter):
        r = t.diameter / 2
        out += [(y, z, r) for y, z in t.middles if all(np.hypot(y - v, z - w) >= 0.999 * (r + s) for v, w, s in out)]
    return tuple(out)


@part_frame.register
def _(part: p.Bulkhead, front: float, host: Host) -> Frame:
    return Frame(front, part.diameter / 2 if part.diameter else host.bore)


@part_frame.register
def _(part: p.NoseCone | p.BodyTube | p.Transition | p.MassObject | p.ShockCord | devices.Recovery, front: float, host: Host) -> Frame:  # fmt: skip
    return Frame(front)


def body_frame(part: object, front: float, radius: float, path: str) -> Frame:
    """Where a part of the body is and how wide, its front at `front`, behind a body of `radius`; both in m.

    Raises `InputError` for a part that cannot stand by itself, a first tube without a diameter, and a wall thicker than its tube.
    """
    if not isinstance(part, p.NoseCone | p.BodyTube | p.Transition):
        raise InputError(
            f"a {called(cast(p.Part, part))} cannot stand by itself; put it in the parts of a body tube", key=path
        )
    if isinstance(part, p.NoseCone):
        return Frame(front, 0.0, 0.0, part.diameter / 2)
    if isinstance(part, p.BodyTube):
        outer = part.diameter / 2 if part.diameter else radius
        if outer <= 0:
            raise InputError("the first body tube needs a diameter", key=f"{path}.diameter")
        if part.wall >= outer:
            raise InputError(f"wall of {part.wall * 1e3:g} mm in a tube of {outer * 2e3:g} mm", key=f"{path}.wall")
        return Frame(front, outer, outer - part.wall, outer)
    outer = part.fore_diameter / 2 if part.fore_diameter is not None else radius
    inner = max(min(outer, part.aft_diameter / 2) - (part.wall or 0), 0)
    return Frame(front, outer, inner, part.aft_diameter / 2)
