"""What a vehicle is made of beside single parts: stages, pods and boosters, each an assembly of parts of its own.

A stage stands behind the one above it. Pods and boosters stand round a body, `count` of them, their axes parallel to its
own; each is turned with its place, so that its parts' `angle` counts from the outward direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

from downrange.bounds import check_fields, spec
from downrange.errors import InputError
from downrange.rocket.happenings import Separation
from downrange.rocket.measured import Measured
from downrange.rocket.parts import BodyTube, NoseCone, Part, Transition

__all__ = ["Assembly", "Boosters", "Pods", "Stage"]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A stage: its parts from the nose back, and when it leaves the stage above it."""

    name: str = spec("", "what you call it; no two are called alike")
    parts: tuple[Part, ...] = spec("", "the parts from its front back")
    separation: Separation | None = spec("", "when it leaves the stage above; the foremost stage has none", None)
    measured: Measured = spec("", "what was weighed of this stage, without motors and without its boosters", Measured())

    def __post_init__(self) -> None:
        check_fields(self)
        if not self.name:
            raise InputError("a stage needs a name, like 'name: sustainer'", key="name")
        if not self.parts:
            raise InputError(f"the stage {self.name!r} needs parts", key="parts")


@dataclass(frozen=True, kw_only=True)
class Assembly(Part):
    """Copies of an assembly round a body. A `mass` that is given is that of all together, as for a set of fins."""

    count: int = spec("", "how many, evenly round the body", low=1, high=100, why="they stand round one body")
    radial_distance: float | None = spec("length", "axis to axis; left out: they touch the body", None, low=0)
    angle: float = spec("angle", "roll position of the first", 0.0)

    def _check(self) -> None:
        if not self.parts:
            raise InputError("it needs parts of its own, from its nose back", key="parts")
        for i, part in enumerate(self.parts):
            if not isinstance(part, NoseCone | BodyTube | Transition):
                raise InputError(
                    "its parts are nose cones, body tubes and transitions, which hold the others", key=f"parts[{i}]"
                )

    @property
    def length(self) -> float:
        """Front to aft end of its bodies, m."""
        return sum(part.length for part in self.parts if isinstance(part, NoseCone | BodyTube | Transition))

    @property
    def radius(self) -> float:
        """The largest radius of its bodies, m."""
        wide = [0.0]
        for part in self.parts:
            wide += [getattr(part, k) or 0.0 for k in ("diameter", "fore_diameter", "aft_diameter") if hasattr(part, k)]
        return 0.5 * max(wide)

    def axis(self, host: float) -> float:
        """Distance of its axis from the body's, m, where the body's radius is `host` m."""
        return host + self.radius if self.radial_distance is None else self.radial_distance

    def angles(self) -> tuple[float, ...]:
        """Roll position of each, rad."""
        return tuple(self.angle + 2 * pi * k / self.count for k in range(self.count))

    def places(self, host: float) -> tuple[tuple[float, float], ...]:
        """The axis of each [y, z] off the body's axis, m, where the body's radius is `host` m."""
        r = self.axis(host)
        return tuple((r * cos(a), r * sin(a)) for a in self.angles())

    def check_room(self, host: float, loose: float) -> None:
        """Refuse what stands in the body (radius `host`) or in its neighbours by more than `loose`; all in m."""
        r, own = self.axis(host), self.radius
        if r == 0.0 and self.count == 1:
            return
        if r < host + own - loose:
            raise InputError(
                f"{own * 2e3:.1f} mm wide at {r * 1e3:.1f} mm from the axis, it stands in the body, which is {host * 2e3:.1f} mm "
                f"wide there; at least {(host + own) * 1e3:.1f} mm",
                key="radial_distance",
            )
        if self.count > 1 and (apart := 2 * r * sin(pi / self.count)) < 2 * own - loose:
            raise InputError(
                f"{self.count} of them, {own * 2e3:.1f} mm wide, stand in each other: {apart * 1e3:.1f} mm from axis to axis; "
                "fewer, or further out",
                key="radial_distance",
            )


@dataclass(frozen=True, kw_only=True)
class Pods(Assembly):
    """Pods that stand round the body for good, each an assembly of its own, nose first."""


@dataclass(frozen=True, kw_only=True)
class Boosters(Assembly):
    """Strap-on boosters round the body, each an assembly of its own, nose first; they leave it in flight."""

    separation: Separation | None = spec("", "when they leave the body", None)

    def _check(self) -> None:
        super()._check()
        if self.separation is None:
            raise InputError(
                "boosters need their separation, like 'separation: {event: burn-out}' ('event: never' where they stay)",
                key="separation",
            )
