"""A rocket: the frozen sum of its parts, laid out along its axis: one stage, or several with what stands round them.

Mass without the motor comes from the parts, or from `Measured` numbers where the user has weighed it. The rule: a
measured number replaces the computed one; inertia that was not measured is computed from the parts and scaled with
the measured mass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast, get_args

import numpy as np

from downrange.bounds import check_fields, check_word, spec
from downrange.errors import InputError, suggest
from downrange.remember import remembered
from downrange.rocket import parts as p
from downrange.rocket.assembly import Assembly, Boosters, Stage
from downrange.rocket.configuration import fixed_parts
from downrange.rocket.layout import Host, Placed, body_frame, front_of, part_frame, part_length
from downrange.rocket.mass import Frame, MassProperties, combine, mass_of, part_mass
from downrange.rocket.measured import Measured
from downrange.rocket.types import called
from downrange.rocket.weighing import as_measured, overridden

__all__ = ["Attached", "Rocket", "rocket_of"]

_LOOSE = 0.0005  # m; how much wider than its parent's bore a part may be given, for rounding


@dataclass(frozen=True, eq=False)
class Attached:
    """Pods or boosters in their place: one of them as a rocket of its own, and where each stands.

    `front`: m aft of the nose tip. `places`: axis of each [y, z] off the body's axis, m; `angles`: each turned so, rad.
    """

    part: Assembly
    rocket: Rocket
    path: str
    front: float
    places: tuple[tuple[float, float], ...]
    angles: tuple[float, ...]

    @property
    def name(self) -> str:
        """What it is called."""
        return called(self.part)

    def copies(self, one: MassProperties) -> MassProperties:
        """What `one` of them has (m aft of its own nose tip, off its own axis), in all of them, on the body's axes."""
        return combine(
            one.turned(a).shifted(np.array([self.front, y, z]))
            for (y, z), a in zip(self.places, self.angles, strict=True)
        )

    @cached_property
    def without_motor(self) -> MassProperties:
        """Mass properties of all of them together, without motors."""
        body = self.copies(self.rocket.without_motor)
        return overridden(body, self.part, self.front) if self.part.override_children else body


@dataclass(frozen=True, eq=False)
class Rocket:
    """A rocket: its parts from the nose back where it is one stage, or its stages, foremost first.

    `datum` is where its nose tip lies aft of that of the whole vehicle that it is a part of, m. `whole` is false of such a piece, whose
    parts may reach beyond it, into its neighbours.
    """

    name: str
    parts: tuple[p.Part, ...] | tuple[Stage, ...]
    finish: str = "normal paint"
    measured: Measured = field(default_factory=Measured)
    datum: float = 0.0
    whole: bool = True
    roughness: float | None = spec(
        "length",
        "equivalent sand roughness, instead of the finish's",
        None,
        low=0,
        high=2e-3,
        why="raw boards have 0.5 mm",
    )

    def __post_init__(self) -> None:
        if not self.parts:
            raise InputError("a rocket needs parts", key="parts")
        check_fields(self)
        check_word(self.finish, get_args(p.FinishName), key="finish")
        if self.staged:
            self._check_stages()
        _ = self.placed
        if self.whole:
            self._check_attached(0.0, 0.0, 0.0)
        self._check_names()

    # ---- stages -----------------------------------------------------------------------------------------------

    @property
    def staged(self) -> bool:
        """Whether its parts are stages."""
        return isinstance(self.parts[0], Stage)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """Its stages, foremost first; one, called as the rocket is, where it has no others."""
        if self.staged:
            return cast(tuple[Stage, ...], self.parts)
        return (Stage(name=self.name or "rocket", parts=cast(tuple[p.Part, ...], self.parts), measured=self.measured),)

    def _check_stages(self) -> None:
        if not all(isinstance(s, Stage) for s in self.parts):
            raise InputError("a rocket has stages or parts, not both", key="stages")
        if not self.measured.empty:
            raise InputError("a rocket of stages is weighed stage by stage: write measured under each", key="measured")
        for k, stage in enumerate(self.stages):
            if k == 0 and stage.separation is not None:
                raise InputError(
                    f"the foremost stage {stage.name!r} has nothing above it to leave; its separation belongs to the stage below",
                    key="stages[0].separation",
                )
            if k > 0 and stage.separation is None:
                raise InputError(
                    f"say when the stage {stage.name!r} leaves the one above it, like 'separation: {{event: burn-out}}' "
                    "('event: never' where it stays)",
                    key=f"stages[{k}].separation",
                )

    def _check_names(self) -> None:
        """Refuse two stages, pods or boosters of one name: events and motors are told by it."""
        seen: dict[str, str] = {}
        named = [(s.name, f"stages[{k}]") for k, s in enumerate(self.stages)] if self.staged else []
        for name, path in [*named, *((a.name, a.path) for a in self.attached)]:
            if name in seen:
                raise InputError(
                    f"two parts of the vehicle are called {name!r} ({seen[name]} and {path}): give each its own name",
                    key=path,
                )
            seen[name] = path

    def stage_of(self, path: str) -> Stage:
        """The stage that holds the part at `path`."""
        return self.stages[int(path[len("stages[") : path.index("]")])] if self.staged else self.stages[0]

    def span_of(self, stage: str) -> tuple[float, float]:
        """From where to where a stage's bodies reach, m aft of the nose tip. Raises `InputError` for a stage that it does not have."""
        own = [q for q in self.placed if q.depth == 0 and self.stage_of(q.path).name == stage]
        if not own:
            raise InputError(f"the rocket has no stage {stage!r}; it has {', '.join(s.name for s in self.stages)}")
        return own[0].front, own[-1].aft

    # ---- layout -----------------------------------------------------------------------------------------------

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """Every part in its place, in the order of the file; pods and boosters as one part, what is in them in `attached`."""
        return tuple(self._layout())

    def _layout(self) -> Iterator[Placed]:
        end, radius = 0.0, 0.0
        for k, stage in enumerate(self.stages):
            for i, part in enumerate(stage.parts):
                path = f"stages[{k}].parts[{i}]" if self.staged else f"parts[{i}]"
                frame = body_frame(part, end, radius, path)
                end, radius = end + cast(p.BodyTube, part).length, frame.aft_outer
                yield Placed(part, frame, end, path, 0)
                yield from self._children(part, frame, end, path, 1)

    def _children(self, parent: p.Part, at: Frame, parent_aft: float, path: str, depth: int) -> Iterator[Placed]:
        previous = at.front
        for i, part in enumerate(parent.parts):
            here = f"{path}.parts[{i}]"
            length = part_length(part)
            front = front_of(part, length, at.front, parent_aft, previous)
            frame = part_frame(part, front, Host(parent, at, parent_aft))
            self._check_fits(part, parent, at, frame, here)
            previous = front + length
            yield Placed(part, frame, previous, here, depth)
            if not isinstance(part, Assembly):
                yield from self._children(part, frame, previous, here, depth + 1)

    @staticmethod
    def _check_fits(part: p.Part, parent: p.Part, at: Frame, frame: Frame, path: str) -> None:
        try:
            if isinstance(part, p.InnerTube) and part.middles != ((0.0, 0.0),) and at.inner > 0:
                part.cluster.check_room(part.diameter, at.inner, _LOOSE)
            if isinstance(part, Assembly):
                part.check_room(frame.outer, _LOOSE)
        except InputError as error:
            raise InputError(f"{called(part)}: {error.message}", key=f"{path}.{error.key}") from None
        inside = isinstance(part, p.InnerTube | p.TubeCoupler | p.CentringRing | p.Bulkhead)
        room = at.inner
        if isinstance(parent, p.Transition):  # it may lie at the wide end
            room = max(at.outer, at.aft_outer) - (parent.wall or 0.0)
        if inside and room > 0 and frame.outer > room + _LOOSE:
            raise InputError(
                f"{called(part)} is {frame.outer * 2e3:.1f} mm wide but its parent's bore is {room * 2e3:.1f} mm",
                key=f"{path}.diameter",
            )

    def _check_attached(self, front: float, low: float, high: float) -> None:
        """Refuse a part of which nothing is within a calibre of the rocket: it hangs in the air.

        front: of this rocket, m aft of the whole vehicle's nose tip, which reaches with what holds this one from `low` to `high`.
        """
        low, high = min(low, front - self.diameter), max(high, front + self.length + self.diameter)
        for q in self.placed:
            fore, aft = front + q.front, front + q.aft
            if fore > high or aft < low:
                raise InputError(
                    f"{called(q.part)} lies outside the rocket: it runs from {fore * 1e3:.0f} to {aft * 1e3:.0f} mm behind the nose "
                    f"tip, the rocket to {(high - self.diameter) * 1e3:.0f} mm; check position and offset (positive is aft)",
                    key=q.path,
                )
        for a in self.attached:
            try:
                a.rocket._check_attached(front + a.front, low, high)
            except InputError as error:
                raise InputError(error.message, key=f"{a.path}.{error.key}") from None

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

    # ---- what stands round it ---------------------------------------------------------------------------------

    @cached_property
    def attached(self) -> tuple[Attached, ...]:
        """Its pods and boosters, in the order of the file; pods on pods are in the rocket of those.

        Raises `InputError` for boosters on pods, and for what does not fit where it stands.
        """
        out = []
        for q in self.placed:
            if isinstance(part := q.part, Assembly):
                try:
                    at = self.datum + q.front
                    own = rocket_of(called(part), part.parts, self.finish, Measured(), at, False, self.roughness)
                    if any(isinstance(a.part, Boosters) for a in own.attached):
                        raise InputError("boosters stand on the body, not on pods or boosters", key="parts")
                except InputError as error:
                    raise InputError(error.message, key=f"{q.path}.{error.key}") from None
                out.append(Attached(part, own, q.path, q.front, part.places(q.at.outer), part.angles()))
        return tuple(out)

    @property
    def boosters(self) -> tuple[Attached, ...]:
        """Those of `attached` that leave."""
        return tuple(a for a in self.attached if isinstance(a.part, Boosters))

    def configuration(self, stages: Sequence[str] | None = None, without: Sequence[str] = ()) -> Rocket:
        """What flies when only `stages` (names of neighbours, foremost first; None: all) are there, `without` some pods or boosters.

        The name of boosters alone, as the only one of `stages`, gives one of them. The rocket that is returned has its own
        nose tip for its datum; its `datum` says where that lies in the whole vehicle. Raises `InputError` for other names.
        """
        told = None if stages is None else tuple(stages), tuple(without)
        if told not in self._pieces:
            self._pieces[told] = self._configuration(*told)
        return self._pieces[told]

    @cached_property
    def _pieces(self) -> dict[tuple[tuple[str, ...] | None, tuple[str, ...]], Rocket]:
        """The configurations that were asked for."""
        return {}

    def _configuration(self, stages: tuple[str, ...] | None, without: tuple[str, ...]) -> Rocket:
        names, attached = [s.name for s in self.stages], {a.name: a for a in self.attached}
        chosen = tuple(names) if stages is None else stages
        _known(without, list(attached), "pods or boosters")
        _known(chosen, [*names, *attached], "stages")
        if len(chosen) == 1 and chosen[0] in attached:
            return attached[chosen[0]].rocket
        where = [names.index(n) for n in chosen if n in names]
        if not where or chosen != tuple(names[where[0] : where[0] + len(chosen)]):
            raise InputError(
                f"a configuration is of neighbouring stages, foremost first, or of boosters alone; seen {', '.join(chosen)}",
                key="stages",
            )
        if len(where) == len(names) and not without:
            return self
        by_path, gone = {q.path: q for q in self.placed}, {attached[n].path for n in without}
        if not self.staged:
            return self._piece(self.name, fixed_parts(self.stages[0].parts, "parts", by_path, gone), self.datum)
        kept = [
            replace(self.stages[k], parts=fixed_parts(self.stages[k].parts, f"stages[{k}].parts", by_path, gone))
            for k in where
        ]
        kept[0] = replace(kept[0], separation=None)
        name = self.name if len(where) == len(names) else f"{self.name}: {' + '.join(chosen)}"
        return self._piece(name, tuple(kept), self.datum + self.span_of(chosen[0])[0])

    def _piece(self, name: str, parts: tuple[p.Part, ...] | tuple[Stage, ...], datum: float) -> Rocket:
        return rocket_of(name, parts, self.finish, self.measured, datum, False, self.roughness)

    @property
    def open_front(self) -> bool:
        """Whether its foremost part is a tube or a wide end of a transition, and no nose cone: what a stage leaves behind."""
        first = self.placed[0]
        return not isinstance(first.part, p.NoseCone) and first.at.outer > 0

    # ---- mass -------------------------------------------------------------------------------------------------

    def _assembly(self, index: int) -> tuple[MassProperties, int]:
        """Mass of the placed part `index` with all in it (overrides applied, boosters left out), and the index after them."""
        placed = self.placed[index]
        part = placed.part
        if isinstance(part, Assembly):
            pods = next(a for a in self.attached if a.path == placed.path)
            return MassProperties() if isinstance(part, Boosters) else pods.without_motor, index + 1
        own = mass_of(part, placed.at)
        nxt, children = index + 1, []
        while nxt < len(self.placed) and self.placed[nxt].depth > placed.depth:
            body, nxt = self._assembly(nxt)
            children.append(body)
        if isinstance(part, p.InnerTube) and part.middles != ((0.0, 0.0),):
            children = [body.shifted(np.array([0.0, y, z])) for y, z in part.middles for body in children]
        if part.override_children:
            return overridden(combine([own, *children]), part, placed.at.front), nxt
        return combine([overridden(own, part, placed.at.front), *children]), nxt

    @cached_property
    def stage_structures(self) -> tuple[MassProperties, ...]:
        """Mass properties of each stage from its parts alone, with its pods, without boosters and motors."""
        bodies: dict[str, list[MassProperties]] = {s.name: [] for s in self.stages}
        i = 0
        while i < len(self.placed):
            name = self.stage_of(self.placed[i].path).name
            body, i = self._assembly(i)
            bodies[name].append(body)
        return tuple(combine(b) for b in bodies.values())

    @cached_property
    def structure(self) -> MassProperties:
        """Mass properties from the parts alone, without motor."""
        return _sum([*self.stage_structures, *(a.without_motor for a in self.boosters)])

    @cached_property
    def stage_masses(self) -> tuple[MassProperties, ...]:
        """Mass properties of each stage as flown, without motors and boosters: measured where measured, else from the parts.

        Raises `InputError` for a stage that has no mass.
        """
        out = []
        for stage, body in zip(self.stages, self.stage_structures, strict=True):
            try:
                out.append(as_measured(body, stage.measured, self.span_of(stage.name)[0] if self.staged else 0.0))
            except InputError as error:
                what = f"the stage {stage.name!r}" if self.staged else "the rocket"
                raise InputError(f"{what} {error.message}", key=error.key) from None
        return tuple(out)

    @cached_property
    def without_motor(self) -> MassProperties:
        """Mass properties without motor as flown: measured where measured, else from the parts."""
        return _sum([*self.stage_masses, *(a.without_motor for a in self.boosters)])

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


@part_mass.register
def _(part: Assembly, at: Frame) -> MassProperties:
    one = Rocket(called(part), part.parts, whole=False)
    return Attached(part, one, "", at.front, part.places(at.outer), part.angles()).without_motor


def _sum(bodies: Sequence[MassProperties]) -> MassProperties:
    """The sum of several bodies; one alone stays as it is, to the last digit."""
    return bodies[0] if len(bodies) == 1 else combine(bodies)


def _reach(q: Placed) -> tuple[float, float]:
    """From where to where a part holds others, shoulders with it, m aft of the nose tip."""
    low, high = q.front, q.aft
    if isinstance(q.part, p.NoseCone):
        high += q.part.shoulder_length
    if isinstance(q.part, p.Transition):
        low, high = low - q.part.fore_shoulder_length, high + q.part.aft_shoulder_length
    return low, high


def _known(given: Sequence[str], known: list[str], what: str) -> None:
    for name in given:
        if name not in known:
            raise InputError(
                f"the rocket has no {what} {name!r}{suggest(name, known)}; it has {', '.join(known) or 'none'}",
                key="stages",
            )


@remembered(64)
def rocket_of(
    name: str, parts: tuple[p.Part, ...] | tuple[Stage, ...], finish: str, measured: Measured, datum: float, whole: bool, roughness: float | None
) -> Rocket:  # fmt: skip
    """The `Rocket` of these values; the one that was made of them before, with all that was found of it since, where there is one.

    Fields as those of `Rocket`, which they are refused as.
    """
    return Rocket(name, parts, finish, measured, datum, whole, roughness)
