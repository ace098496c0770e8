"""Designs of a project tried out: one changed and flown, once or many times with everything uncertain drawn alike for all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from downrange.design import Axis, Output, Point, Want
from downrange.design.wants import score
from downrange.dispersion import Plan
from downrange.dispersion.nearby import nominal_only, plan_near, planned_columns
from downrange.errors import InputError
from downrange.flight import Flight, compile_launch, fly
from downrange.project.campaigns import plan_campaign
from downrange.project.parameters import Place, varied
from downrange.project.project import Project

__all__ = ["Outcome", "Trials"]


@dataclass(frozen=True, eq=False)
class Outcome:
    """A design flown many times: its score in the mean (points, fewer are better) with the Monte Carlo error of one standard deviation,
    the scores and the values of each want (n,), SI."""

    point: Point
    scores: np.ndarray
    values: tuple[np.ndarray, ...]

    @property
    def mean(self) -> float:
        """The expected score."""
        return float(self.scores.mean())

    @property
    def error(self) -> float:
        """Monte Carlo error of the expected score, one standard deviation."""
        return float(self.scores.std() / math.sqrt(self.scores.size))

    @property
    def sigma(self) -> float:
        """How much the score scatters from flight to flight, one standard deviation."""
        return float(self.scores.std())


class Trials:
    """Tries designs of a project. `uncertain`: everything uncertain is drawn, alike for all designs; else each flies once, as planned."""

    def __init__(
        self,
        project: Project,
        axes: Sequence[tuple[Place, Axis]],
        wants: Sequence[Want],
        *,
        seed: int = 1,
        uncertain: bool = True,
    ) -> None:
        self.project, self.axes, self.wants, self.seed, self.uncertain = (
            project,
            tuple(axes),
            tuple(wants),
            seed,
            uncertain,
        )
        self.places = {axis.name: place for place, axis in self.axes}
        self.plans: dict[str, Plan] = {}
        self._traced: dict[str, Point] = {}
        self.refused: dict[str, int] = {}
        self._costs: dict[tuple[Any, ...], float] = {}
        self.flown = 0

    def at(self, point: Point) -> Project:
        """The project with a design's values."""
        return varied(self.project, {self.places[name]: value for name, value in point.items()})

    def cost(self, point: Point, flights: int) -> float:
        """The expected score of a design; infinite where it cannot be built or flown."""
        key = (flights, *sorted(point.items()))
        if key not in self._costs:
            self._costs[key] = self._cost(point, flights)
        return self._costs[key]

    def _cost(self, point: Point, flights: int) -> float:
        try:
            return self.outcome(point, flights).mean
        except InputError as error:
            why = error.message.split(": ", 1)[-1] if error.message.startswith("with ") else error.message
            self.refused[why] = self.refused.get(why, 0) + 1
            return math.inf

    def outcome(self, point: Point, flights: int, first: int = 0) -> Outcome:
        """A design flown so many times. Raises `InputError` where it cannot be built."""
        here = self.at(point)
        program = compile_launch(here.launch)
        flight = fly(program, interpreted=False)
        self.flown += 1
        if not self.uncertain:
            values = tuple(np.array([w.output.of(flight)]) for w in self.wants)
            return Outcome(point, score(self.wants, values), values)
        if program.staged:  # each of its bodies has a row of its own
            plan = nominal_only(plan_campaign(here, seed=self.seed, sampling="sobol"))
        else:
            plan = plan_near(self.plan(point, here), program)
        columns = planned_columns(plan, flights, first)
        values = tuple(self._values(w.output, columns, flight) for w in self.wants)
        return Outcome(point, score(self.wants, values), values)

    @staticmethod
    def _values(output: Output, columns: dict[str, np.ndarray], flight: Flight) -> np.ndarray:
        """What is weighed before the flight is as it is weighed; the rest is drawn."""
        if output.name == "liftoff_mass":
            return np.full(len(columns["result"]), output.of(flight))
        return output.of_rows(columns, flight)

    def plan(self, point: Point, here: Project) -> Plan:
        """What varies, traced once for each motor."""
        key = str(point.get("motor", ""))
        if key not in self.plans:
            self._traced[key] = point
            self.plans[key] = nominal_only(plan_campaign(here, seed=self.seed, sampling="sobol"))
        return self.plans[key]

    def _weighs(self, name: str) -> bool:
        """Whether an axis is a line of masses."""
        return self.places[name].kind == "mass" and not next(a for _, a in self.axes if a.name == name).discrete

    def trace(self, point: Point) -> None:
        """Trace what varies anew, at a design; not where it only weighs more or less than the one that it was traced at.

        A model with 15 g of ballast, traced at 15 g or at 50 g: an expected score of 39.340 or 39.338 points.
        """
        key = str(point.get("motor", ""))
        known = self._traced.get(key)
        if self.uncertain and (known is None or any(known[k] != v for k, v in point.items() if not self._weighs(k))):
            self.plans.pop(key, None)
            self._costs.clear()
            self.plan(point, self.at(point))
