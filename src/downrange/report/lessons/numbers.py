"""The numbers of a lesson by name, from the student's own launch."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from downrange.design import find_output
from downrange.errors import InputError
from downrange.flight import Flight, compile_launch, fly
from downrange.project import Project
from downrange.project.bands import band_of
from downrange.project.parameters import find_place
from downrange.project.questions import Question, changed_by
from downrange.report.explain import Explanation, Given, Step, explain
from downrange.report.explain.formula import computed, names_in, shown, worked
from downrange.report.explain.view import amount
from downrange.report.lessons.lesson import Lesson
from downrange.units import display, parse_quantity

__all__ = ["NOT_SAID", "Number", "Numbers"]

NOT_SAID = "not stated"
_MOTOR: dict[str, tuple[str, Callable[[Any], float]]] = {
    "impulse": ("impulse", lambda m: m.impulse), "burn_time": ("time", lambda m: m.burn_time), "average_thrust": ("force", lambda m: m.average_thrust),
    "peak_thrust": ("force", lambda m: m.peak_thrust), "propellant_mass": ("mass", lambda m: m.propellant_mass), "total_mass": ("mass", lambda m: m.total_mass),
}  # fmt: skip


@dataclass(frozen=True)
class Number:
    """A number: SI (angles of an explanation in degrees), its kind, and where it is from; with a formula, that and what stands in it. `why` says why
    there is none, where its value is NaN."""

    name: str
    value: float
    kind: str
    source: str
    formula: str = ""
    used: Mapping[str, float] | None = None
    why: str = ""

    def shown(self, units: str) -> str:
        """With its unit, for a sentence."""
        if not math.isfinite(self.value):
            return NOT_SAID
        if self.kind in ("number", "ratio", "count"):
            return f"{self.value:.3g}"
        if self.kind in ("calibre", "degrees", "area", "density", "impulse", "line density"):
            return amount(self.value, self.kind, units, 3)
        return display(self.value, "size" if self.kind == "length" and abs(self.value) < 1 else self.kind, units, 3)

    def equation(self, symbol: str) -> str:
        """`symbol = formula`."""
        return f"{symbol} = {shown(self.formula)}"

    def arithmetic(self, units: str) -> str:
        """The formula with its numbers, and the result."""
        assert self.used is not None
        return f"= {worked(self.formula, self.used)} = {amount(self.value, self.kind, units, 4)}"


class Numbers:
    """The numbers of a lesson for a project; flights are flown once each, `flight` is that of the project where it was flown already."""

    def __init__(self, lesson: Lesson, project: Project, flight: Flight | None = None) -> None:
        self.lesson, self.project = lesson, project
        self._flights: dict[str, Flight] = {} if flight is None else {"": flight}
        self._numbers: dict[str, Number] = {}
        self._explained: dict[str, Explanation] = {}

    def variant(self, name: str) -> Project:
        """The project with the changes of a variant."""
        changes = self.lesson.variants[name]
        return changed_by(self.project, Question("", "", (), "", changes))[0] if changes else self.project

    def flight(self, variant: str = "") -> Flight:
        """The flight as planned, or of a variant."""
        if variant not in self._flights:
            project = self.variant(variant) if variant else self.project
            self._flights[variant] = fly(compile_launch(project.launch), interpreted=True)
        return self._flights[variant]

    def explained(self, topic: str) -> Explanation:
        """An explanation of the flight."""
        if topic not in self._explained:
            self._explained[topic] = explain(self.project, topic, self.flight())
        return self._explained[topic]

    @cached_property
    def band(self) -> Any:
        """How well the apogee is known."""
        return band_of(self.project, self.flight())

    def __getitem__(self, name: str) -> Number:
        if name not in self._numbers:
            if name not in self.lesson.numbers:
                raise InputError(f"the lesson {self.lesson.name} has no number {name!r}", key=name)
            self._numbers[name] = self._made(name, self.lesson.numbers[name])
        return self._numbers[name]

    def _made(self, name: str, spec: str) -> Number:
        said, _, kind = (s.strip() for s in spec.partition("|"))
        word, _, rest = said.partition(" ")
        try:
            if word == "=":
                used = {n: self[n].value for n in names_in(rest)}
                missing = next((self[n].why or NOT_SAID for n, v in used.items() if not math.isfinite(v)), "")
                value = math.nan if missing else computed(rest, used)
                return Number(name, value, kind or "number", "worked out", rest, used, missing)
            source, _, variant = word.partition("@")
            value, found, where = getattr(self, f"_of_{source}")(rest, variant, kind)
            return Number(
                name, value, kind or found, where, why="" if math.isfinite(value) else f"{rest} did not happen"
            )
        except InputError as error:
            return Number(name, math.nan, kind or "number", said, why=error.message)

    def _of_flight(self, rest: str, variant: str, kind: str) -> tuple[float, str, str]:
        output = find_output(rest)
        value = output.of(self.flight(variant))
        return value, output.kind, f"the flight{' ' + variant if variant else ''}"

    def _of_explain(self, rest: str, variant: str, kind: str) -> tuple[float, str, str]:
        topic, symbol = rest.split()
        e = self.explained(topic)
        parts: list[Given | Step] = [*e.given, *e.steps]
        for part in parts:
            if part.symbol == symbol:
                return part.value, part.kind, f"downrange explain {topic}"
        raise InputError(f"the explanation of {topic} has no {symbol} for this rocket")

    def _of_place(self, rest: str, variant: str, kind: str) -> tuple[float, str, str]:
        place = find_place(self.project, rest)
        if place.now is None or isinstance(place.now, str):
            raise InputError(f"the design does not say {rest}")
        return float(place.now), "number" if place.kind == "count" else place.kind, place.name

    def _of_motor(self, rest: str, variant: str, kind: str) -> tuple[float, str, str]:
        found, of = _MOTOR[rest]
        motor = self.project.launch.lifting
        return float(of(motor)), found, f"data of {motor.designation}"

    def _of_band(self, rest: str, variant: str, kind: str) -> tuple[float, str, str]:
        if self.band is None:
            raise InputError("how well the apogee is known is told of no flight without an apogee or with controllers")
        return float(getattr(self.band, rest)), "length", "downrange fly"

    def _of_given(self, rest: str, variant: str, kind: str) -> tuple[float, str, str]:
        return parse_quantity(rest, kind or "number").value, kind or "number", "given here"

    def listed(self, name: str) -> tuple[list[float], str]:
        """The values of a list: a formula of other numbers and `z`, once for each of its `z`."""
        said = self.lesson.lists[name]
        formula, each = str(said["each"]), said["z"]
        assert isinstance(each, list)
        used = {n: self[n].value for n in names_in(formula) if n != "z"}
        return [computed(formula, {**used, "z": float(z)}) for z in each], str(said["kind"])
