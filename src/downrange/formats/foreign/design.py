"""A design as another program's file states it, in our words and in SI: what every reader of such files makes.

Parts are mappings with the keys of our part types (`downrange.rocket.PART_TYPES`), lengths in m, masses in kg, angles in rad. Keys that
begin with `@` belong to the file and not to the part: `@deploy` (when it opens, by configuration), `@comment`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Conditions", "Configuration", "Design", "ForeignMotor", "Note", "PartData", "Simulation", "Stage", "Stored"]

PartData = dict[str, Any]


@dataclass(frozen=True)
class Note:
    """One line of the report on what a file says and we do not say alike.

    `approximated`: carried over in another way, with what that changes; `chosen`: the file does not say it; `dropped`: left out.
    """

    kind: Literal["approximated", "chosen", "dropped"]
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else self.text


@dataclass(frozen=True)
class ForeignMotor:
    """A motor in a mount, as the file names it. `delay` in s, None where not said; sizes in m."""

    mount: str
    designation: str
    maker: str = ""
    digest: str = ""
    diameter: float | None = None
    length: float | None = None
    delay: float | None = None
    plugged: bool = False
    event: str = "automatic"
    event_delay: float = 0.0
    nozzle_exit: float | None = None
    stage: int = 0

    @property
    def called(self) -> str:
        """Maker and designation."""
        return f"{self.maker} {self.designation}".strip()


@dataclass(frozen=True)
class Configuration:
    """One flight configuration: its motors, and the stages (by number, nose first) that are left out.

    `loaded` is what was weighed ready to fly: (stage, mass in kg of it and all above, with their motors, CG in m aft of the nose tip).
    """

    id: str
    name: str
    motors: tuple[ForeignMotor, ...] = ()
    inactive: frozenset[int] = frozenset()
    default: bool = False
    loaded: tuple[tuple[int, float, float], ...] = ()


@dataclass(frozen=True)
class Conditions:
    """Where and when a simulation starts: SI and radians, directions clockwise from north and where the wind comes from.

    `winds` are (height above the pad or None for all heights, speed, from, standard deviation of the speed).
    """

    rod_length: float | None = None
    rod_elevation: float | None = None
    rod_azimuth: float | None = None
    winds: tuple[tuple[float | None, float, float, float], ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    elevation: float | None = None
    temperature: float | None = None
    pressure: float | None = None
    geodesy: str = ""


@dataclass(frozen=True)
class Stored:
    """Results that the file holds: figures by our names (SI), and where they are, the first stored mass (kg), CG and CP (m aft of
    the nose tip), and the impulse of the stored thrust (N s)."""

    figures: dict[str, float] = field(default_factory=dict)
    state: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Simulation:
    """A simulation: of which configuration, in which conditions, with which results; `status` as the file says."""

    name: str
    configuration: str
    conditions: Conditions
    stored: Stored | None = None
    status: str = ""

    @property
    def current(self) -> bool:
        """Whether the results are those of the design as it is."""
        return self.stored is not None and self.status in ("uptodate", "loaded", "external", "")


@dataclass(frozen=True)
class Stage:
    """A stage, nose first: its parts, what was weighed of it, and when it goes (by configuration; `""` for all others)."""

    name: str
    parts: tuple[PartData, ...]
    mass: float | None = None
    cg: float | None = None
    separation: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Design:
    """A design file, read. `roughness` (m) is that of what does not say its own: OpenRocket's usual surface has 60 µm."""

    program: str
    version: str
    name: str
    stages: tuple[Stage, ...]
    configurations: tuple[Configuration, ...] = ()
    simulations: tuple[Simulation, ...] = ()
    comment: str = ""
    roughness: float = 60e-6
    counts: dict[str, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def parts(self) -> Iterator[PartData]:
        """Every part, in the order of the file."""
        for stage in self.stages:
            yield from _walk(stage.parts)

    def chosen(self, name: str | None = None) -> Configuration | None:
        """The configuration called `name` (its name, id, number from 1, or a motor in it), else the default one, else the first with
        motors; None where there is none."""
        if name is None:
            with_motors = [c for c in self.configurations if c.motors]
            default = [c for c in self.configurations if c.default and c.motors]
            return next(iter([*default, *with_motors, *self.configurations]), None)
        wanted = name.strip().lower()
        for answers in (
            lambda c, k: wanted == c.id.lower(), lambda c, k: wanted == c.name.lower(), lambda c, k: wanted == str(k + 1),
            lambda c, k: any(wanted in (m.designation.lower(), m.called.lower()) for m in c.motors),
        ):  # fmt: skip
            found = [c for k, c in enumerate(self.configurations) if answers(c, k)]
            if found:
                return found[0]
        for s in self.simulations:
            if s.name.lower() == wanted:
                return next((c for c in self.configurations if c.id == s.configuration), None)
        return None


def _walk(parts: tuple[PartData, ...] | list[PartData]) -> Iterator[PartData]:
    for part in parts:
        yield part
        yield from _walk(part.get("parts", ()))
