"""A rocket: the frozen sum of its parts, laid out along its axis.

Mass without the motor comes from the parts, or from `Measured` numbers where the user has weighed it. The rule: a
measured number replaces the computed one; inertia that was not measured is computed from the parts and scaled with
the measured mass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import get_args

import numpy as np

from downrange.bounds import check_fields, check_word, spec
from downrange.errors import InputError
from downrange.rocket import parts as p
from downrange.rocket.layout import Host, part_frame, part_length
from downrange.rocket.mass import Frame, MassProperties, combine, part_mass

__all__ = ["Measured", "Placed", "Rocket", "called"]

_LOOSE = 0.0005  # m; how much wider than its parent's bore a part may be given, for rounding


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What was weighed and measured, without the motor (no casing, no propellant)."""

    mass: float | None = spec("mass", "mass without motor", None, above=0)
    cg: float | None = spec("length", "centre of gravity without motor, aft of the nose tip", None, above=0)
    pitch_inertia: float | None = spec("inertia", "about the transverse axis through that point", None, above=0)
    roll_inertia: float | None = spec("inertia", "about the rocket's axis", None, above=0)

    def __post_init__(self) -> None:
        check_fields(self)


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
class Rocket:
    """A rocket of one stage: its parts from the nose back."""

    name: str
    parts: tuple[p.Part, ...]
    finish: str = "normal paint"
    measured: Measured = field(default_factory=Measured)

    def __post_init__(self) -> None:
        if not self.parts:
            raise InputError("a rocket needs parts", key="parts")
        check_word(self.finish, get_args(p.FinishName), key="finish")
        _ = self.placed
        for q in self.placed:
            self._check_attached(q)

    # ---- layout -----------------------------------------------------------------------------------------------

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """Every part in its place, in the order of the file."""
        return tuple(self._layout())

    def _layout(self) -> Iterator[Placed]:
        end, radius = 0.0, 0.0
        for i, part in enumerate(self.parts):
            path = f"parts[{i}]"
            if not isinstance(part, p.NoseCone | p.BodyTube | p.Transition):
                raise InputError(
                    f"a {called(part)} cannot stand by itself; put it in the parts of a body tube", key=path
                )
            if isinstance(part, p.NoseCone):
                frame = Frame(end, 0.0, 0.0, part.diameter / 2)
            elif isinstance(part, p.BodyTube):
                outer = part.diameter / 2 if part.diameter else radius
                if outer <= 0:
                    raise InputError("the first body tube needs a diameter", key=f"{path}.diameter")
                if part.wall >= outer:
                    raise InputError(
                        f"wall of {part.wall * 1e3:g} mm in a tube of {outer * 2e3:g} mm", key=f"{path}.wall"
                    )
                frame = Frame(end, outer, outer - part.wall, outer)
            else:
                outer = part.fore_diameter / 2 if part.fore_diameter is not None else radius
                frame = Frame(
                    end, outer, max(min(outer, part.aft_diameter / 2) - (part.wall or 0), 0), part.aft_diameter / 2
                )
            end, radius = end + part.length, frame.aft_outer
            yield Placed(part, frame, end, path, 0)
            yield from self._children(part, frame, end, path, 1)

    def _children(self, parent: p.Part, at: Frame, parent_aft: float, path: str, depth: int) -> Iterator[Placed]:
        previous = at.front
        for i, part in enumerate(parent.parts):
            here = f"{path}.parts[{i}]"
            length = part_length(part)
            front = {
                "top": at.front + part.offset,
                "middle": 0.5 * (at.front + parent_aft - length) + part.offset,
                "bottom": parent_aft - length + part.offset,
                "after": previous + part.offset,
                "absolute": part.offset,
            }[part.position]
            frame = part_frame(part, front, Host(parent, at, parent_aft))
            self._check_fits(part, parent, at, frame, here)
            previous = front + length
            yield Placed(part, frame, previous, here, depth)
            yield from self._children(part, frame, previous, here, depth + 1)

    @staticmethod
    def _check_fits(part: p.Part, parent: p.Part, at: Frame, frame: Frame, path: str) -> None:
        inside = isinstance(part, p.InnerTube | p.TubeCoupler | p.CentringRing | p.Bulkhead)
        if inside and at.inner > 0 and frame.outer > at.inner + _LOOSE:
            raise InputError(
                f"{called(part)} is {frame.outer * 2e3:.1f} mm wide but its parent's bore is {at.inner * 2e3:.1f} mm",
                key=f"{path}.diameter",
            )

    def _check_attached(self, q: Placed) -> None:
        """Refuse a part of which nothing is within a calibre of the rocket: it hangs in the air."""
        if q.front > self.length + self.diameter or q.aft < -self.diameter:
            raise InputError(
                f"{called(q.part)} lies outside the rocket: it runs from {q.front * 1e3:.0f} to {q.aft * 1e3:.0f} mm behind the nose "
                f"tip, the rocket to {self.length * 1e3:.0f} mm; check position and offset (positive is aft)",
                key=q.path,
            )

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What is odd about the layout, though it can be flown: parts whose middle lies outside the part that holds them."""
        out, parents = [], list[Placed]()
        for q in self.placed:
            parents = parents[: q.depth]
            if parents:
                low, high = _reach(parents[-1])
                middle = 0.5 * (q.front + q.aft)
                if not low - 1e-6 <= middle <= high + 1e-6:
                    out.append(
                        f"{called(q.part)} lies outside {called(parents[-1].part)}: its middle is {middle * 1e3:.0f} mm behind the nose tip, "
                        f"its parent runs from {low * 1e3:.0f} to {high * 1e3:.0f} mm. Check position and offset (positive is aft)."
                    )
            parents.append(q)
        return tuple(out)

    def find(self, *kinds: type[p.Part]) -> tuple[Placed, ...]:
        """The placed parts of the given kinds."""
        return tuple(q for q in self.placed if isinstance(q.part, kinds))

    @property
    def length(self) -> float:
        """Nose tip to the end of the body, metres."""
        return max(q.aft for q in self.placed if q.depth == 0)

    @property
    def diameter(self) -> float:
        """Largest body diameter, metres: the calibre, and the reference length of the coefficients."""
        return 2 * max(max(q.at.outer, q.at.aft_outer) for q in self.placed if q.depth == 0)

    @property
    def reference_area(self) -> float:
        """π/4 diameter², m2."""
        return float(np.pi / 4 * self.diameter**2)

    @property
    def base_radius(self) -> float:
        """Radius of the body's aft end, metres."""
        return max((q for q in self.placed if q.depth == 0), key=lambda q: q.aft).at.aft_outer

    # ---- mass -------------------------------------------------------------------------------------------------

    def _assembly(self, index: int) -> tuple[MassProperties, int]:
        """Mass of the placed part `index` with all in it (overrides applied), and the index after them."""
        placed = self.placed[index]
        part = placed.part
        own = part_mass(part, placed.at)
        nxt, children = index + 1, []
        while nxt < len(self.placed) and self.placed[nxt].depth > placed.depth:
            body, nxt = self._assembly(nxt)
            children.append(body)
        if part.override_children:
            return _overridden(combine([own, *children]), part, placed.at.front), nxt
        return combine([_overridden(own, part, placed.at.front), *children]), nxt

    @cached_property
    def structure(self) -> MassProperties:
        """Mass properties from the parts alone, without motor."""
        bodies, i = [], 0
        while i < len(self.placed):
            body, i = self._assembly(i)
            bodies.append(body)
        return combine(bodies)

    @cached_property
    def without_motor(self) -> MassProperties:
        """Mass properties without motor as flown: measured where measured, else from the parts."""
        body, m = self.structure, self.measured
        if m.mass is not None:
            body = _weighed(body, m.mass) if body.mass > 0 else replace(body, mass=m.mass)
        if m.cg is not None:
            body = body.moved(np.array([m.cg, body.cg[1], body.cg[2]]))
        inertia = body.inertia.copy()
        if m.roll_inertia is not None:
            inertia[0, 0] = m.roll_inertia
        if m.pitch_inertia is not None:
            inertia[1, 1] = inertia[2, 2] = m.pitch_inertia
        if m.pitch_inertia is not None and m.roll_inertia is not None:
            inertia = np.diag(np.diag(inertia))
        if body.mass <= 0:
            raise InputError("the rocket has no mass: give its parts materials, or measured.mass", key="measured.mass")
        return MassProperties(body.mass, body.cg, inertia)

    @property
    def motor_mount(self) -> Placed | None:
        """The tube that holds the motor, or None."""
        return self.motor_mounts[-1] if self.motor_mounts else None

    @property
    def motor_mounts(self) -> tuple[Placed, ...]:
        """All tubes marked as motor mounts."""
        return tuple(q for q in self.find(p.InnerTube, p.BodyTube) if getattr(q.part, "motor_mount", False))

    @property
    def steps(self) -> tuple[tuple[float, float, float], ...]:
        """Where the body's diameter jumps: (m aft of the nose tip, diameter before, diameter after)."""
        bodies = [q for q in self.placed if q.depth == 0]
        out = []
        for before, after in zip(bodies, bodies[1:], strict=False):
            fore = 0.0 if isinstance(after.part, p.NoseCone) else after.at.outer
            if abs(fore - before.at.aft_outer) > max(0.02 * before.at.aft_outer, 2e-4):
                out.append((after.front, 2 * before.at.aft_outer, 2 * fore))
        return tuple(out)


def called(part: p.Part) -> str:
    """A part's name, or what it is, in words."""
    return part.name or next((word for word, kind in p.PART_TYPES.items() if type(part) is kind), type(part).__name__)


def _reach(q: Placed) -> tuple[float, float]:
    """From where to where a part holds others, shoulders with it, m aft of the nose tip."""
    low, high = q.front, q.aft
    if isinstance(q.part, p.NoseCone):
        high += q.part.shoulder_length
    if isinstance(q.part, p.Transition):
        low, high = low - q.part.fore_shoulder_length, high + q.part.aft_shoulder_length
    return low, high


def _weighed(body: MassProperties, mass: float) -> MassProperties:
    """An assembly that weighs `mass`: what the parts leave out is on the axis, so their lateral moment m y stays as it is.

    The centre of gravity is then off the axis by y m / `mass` (docs/theory/mass_and_motor).
    """
    lateral = body.cg[1:] * body.mass / mass if mass > 0 else body.cg[1:]
    return body.scaled(mass).moved(np.array([body.cg[0], *lateral]))


def _overridden(body: MassProperties, part: p.Part, front: float) -> MassProperties:
    if part.mass is not None and body.mass != part.mass:
        scaled = _weighed if part.override_children else MassProperties.scaled
        body = scaled(body, part.mass) if body.mass > 0 else MassProperties(part.mass, np.array([front, 0.0, 0.0]))
    if part.cg is not None:
        body = body.moved(np.array([front + part.cg, body.cg[1], body.cg[2]]))
    return body
