"""What the papers of the range say of a launch: its flight, its motors, what opens when, and the rules that its packs answer."""

from __future__ import annotations

from dataclasses import dataclass
from math import degrees, isfinite

from downrange.design.workshop.items import Item, items_of
from downrange.flight import Flight, Step, compile_launch, fly
from downrange.flight.motors import Filled
from downrange.project import Project
from downrange.project.assessment import choose_packs, conditions_of
from downrange.rocket import Recovery
from downrange.safety import Answer, answer, gather_facts
from downrange.units import display

__all__ = ["Charge", "Told", "charges_of", "devices_of", "gathered", "motors_told", "says", "told_of"]


@dataclass(frozen=True, eq=False)
class Told:
    """A project, its nominal flight, and the answers of its rules."""

    project: Project
    flight: Flight
    answers: tuple[Answer, ...]

    @property
    def units(self) -> str:
        """In which numbers are shown."""
        return self.project.units

    def shown(self, value: float | None, kind: str, digits: int = 4) -> str:
        """A number for people; `-` for what did not happen."""
        return "-" if value is None or not isfinite(value) else display(value, kind, self.units, digits)

    def figure(self, name: str, kind: str, digits: int = 4) -> str:
        """A number of the flight for people."""
        return self.shown(float(self.flight.figures[name]), kind, digits)


def gathered(project: Project, packs: tuple[str, ...] = ()) -> Told:
    """Fly a project once, and answer the rules of `packs` (names or files; those of the launch, or the defaults, where empty)."""
    return told_of(project, fly(compile_launch(project.launch), interpreted=True), packs)


def told_of(project: Project, flight: Flight, packs: tuple[str, ...] = ()) -> Told:
    """A project with its nominal flight and what the rules of `packs` answer (as `gathered` has them)."""
    facts = gather_facts(flight, project.ground, conditions_of(project.file.conditions))
    return Told(project, flight, answer(choose_packs(project, packs), facts))


def devices_of(told: Told) -> tuple[Item, ...]:
    """Every recovery device in its place."""
    return tuple(i for i in items_of(told.project.launch.rocket) if isinstance(i.part, Recovery))


@dataclass(frozen=True)
class Charge:
    """What lets a device go: in words, and whether a motor's charge, electronics, the separation of a stage or nothing does it."""

    words: str
    by: str


def charges_of(told: Told, item: Item) -> Charge:
    """What lets a recovery device go, as the design has it."""
    part, launch = item.part, told.project.launch
    assert isinstance(part, Recovery)
    d = part.deploy
    later = f", {d.delay:g} s later" if d.delay else ""
    if d.event == "ejection":
        own = [f for f in launch.filled if item.within in (f.stage, f.assembly) or not item.within]
        named = ", ".join(dict.fromkeys(f"{f.motor.designation}, {_delay(f, told)}" for f in own)) or "its motor"
        return Charge(f"ejection charge of the motor ({named}){later}", "motor")
    if d.event == "never":
        return Charge("nothing: it stays packed", "nothing")
    if d.event == "separation":
        return Charge(f"the stage below leaves{later}", "separation")
    if d.event == "altitude":
        height = told.shown(d.altitude, "length")
        return Charge(f"electronics, falling through {height} above the pad{later}", "electronics")
    when = "at apogee" if d.event == "apogee" else "by time, from the first ignition"
    return Charge(f"electronics, {when}{later}", "electronics")


def _delay(f: Filled, told: Told) -> str:
    """The delay of a motor's charge in words."""
    m = f.mounted
    if m.delay is not None:
        return f"delay {m.delay:g} s"
    if len(m.motor.delays) == 1:
        return f"delay {m.motor.delays[0]:g} s"
    return "delay not said"


def motors_told(told: Told) -> tuple[tuple[Filled, int], ...]:
    """Each motor of the launch once, with how many of it there are."""
    count: dict[int, list[Filled]] = {}
    for f in told.project.launch.filled:
        count.setdefault(f.index, []).append(f)
    return tuple((own[0], len(own)) for own in count.values())


def says(step: Step, told: Told) -> str:
    """When a motor is lit or a stage leaves, and under which conditions, with the numbers of the design."""
    from downrange.report.vehicle import step_words
    from downrange.units import in_units

    return in_units(step_words(step), told.units)


def azimuth_words(radians_: float) -> str:
    """A rail's azimuth or elevation in whole degrees."""
    return f"{degrees(radians_):.0f}°"
