"""An experiment planned: how many flights of which design in which order, from what the simulation says of the designs and of the spread
between two flights of the same rocket on one day."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from downrange.design import Output, find_output
from downrange.design.experiments import (
    Played,
    anova_power,
    drawn_order,
    flights_needed,
    pairs_power,
    play,
    slope_power,
    smallest_seen,
)
from downrange.dispersion import Campaign, Plan
from downrange.dispersion.nearby import planned_columns
from downrange.dispersion.repeats import Group, Told, explained, only
from downrange.errors import InputError, seen
from downrange.flight import compile_launch, fly
from downrange.project.campaigns import plan_campaign
from downrange.project.project import Project
from downrange.project.questions import Question
from downrange.steps import step
from downrange.units import parse_quantity

__all__ = ["Arm", "Asked", "ExperimentPlan", "Spread", "plan_experiment", "read_spread"]

_POOL = 512  # flights of each design that are flown for its spread: known to 3 %
_PLAYED = 2_000  # simulated experiments for each number of blocks: a power known to 1 %
_ARMS = 8  # designs at most; a block of more takes longer than the wind holds
_REACH = (3, 4, 6, 8, 12, 20)  # blocks for which it is told what they show: an afternoon to a season
_LOST = 0.05  # share of flights without a value, above which that is told


@dataclass(frozen=True, eq=False)
class Arm:
    """A design of an experiment: its name, what was changed, and `dose`, the value of that where it is one of a series, SI.

    `mean` is what the simulation says of it as planned and `flights` (n,) those of its own spread about that; NaN and empty where no design
    was given. `sigma` is the spread of single flights, one standard deviation, the instrument's error in it, SI.
    """

    name: str
    told: str
    mean: float
    sigma: float
    flights: np.ndarray
    project: Project | None = None
    dose: float | None = None


@dataclass(frozen=True)
class Spread:
    """What makes flights differ: one standard deviation of each group, SI (NaN where it was given and not found), what belongs to it, and where it is from."""

    sigma: dict[Group, float]
    shares: tuple[Told, ...]
    source: str


@dataclass(frozen=True)
class Asked:
    """What is asked of a plan.

    matters: the smallest difference that counts (of a dose, from its first to its last value), SI; None: that which the simulation predicts.
    power, level: shares of experiments that show it, and that would show one where there is none. blocks: how many, where that is given.
    spread: of single flights, SI, or None: from the simulation; a share of the mean where `relative`. instrument: its error, SI.
    """

    matters: float | None = None
    power: float = 0.8
    level: float = 0.05
    blocks: int | None = None
    spread: float | None = None
    relative: bool = False
    instrument: float = 0.0
    mean: float | None = None
    seed: int = 1

    def checked(self) -> Asked:
        """The same; raises `InputError` for numbers that cannot be."""
        if not 0.5 <= self.power <= 0.99:
            raise InputError(f"a power of {self.power:g} is not between 0.5 and 0.99; 0.8 is usual", key="--power")
        if not 0.001 <= self.level <= 0.2:
            raise InputError(f"a level of {self.level:g} is not between 0.001 and 0.2; 0.05 is usual", key="--level")
        if self.blocks is not None and not 2 <= self.blocks <= 500:
            raise InputError(f"{self.blocks} blocks; from 2 to 500 can be planned", key="--blocks")
        for value, flag in ((self.matters, "--matters"), (self.spread, "--spread")):
            if value is not None and not (math.isfinite(value) and value > 0):
                raise InputError(f"should be above zero, seen {value:g}", key=flag)
        if self.instrument < 0:
            raise InputError(f"an error is not below zero, seen {self.instrument:g}", key="--instrument")
        return self


@dataclass(frozen=True, eq=False)
class ExperimentPlan:
    """An experiment planned.

    `difference` is what it shall show (of a dose: from the first value to the last), `predicted` what the simulation says; NaN without one.
    `blocks` are flown with one flight of each design in each, in the `order`; `power` is that of so many, by the formula, and `played`
    the same by simulated experiments. `curve` holds for several numbers of blocks the power by formula and by simulation, `reach` the
    smallest difference that so many show with the power wanted, SI.
    """

    question: Question
    output: Output
    arms: tuple[Arm, ...]
    asked: Asked
    spread: Spread
    difference: float
    predicted: float
    blocks: int
    power: float
    order: tuple[tuple[int, ...], ...]
    played: Played
    curve: tuple[tuple[int, float, float], ...]
    reach: tuple[tuple[int, float], ...]
    place: str = ""
    notes: tuple[str, ...] = ()

    @property
    def flights(self) -> int:
        """Of all designs together."""
        return self.blocks * len(self.arms)

    @property
    def sigma(self) -> float:
        """The spread of single flights over all designs, SI."""
        return math.sqrt(sum(a.sigma**2 for a in self.arms) / len(self.arms))

    @property
    def doses(self) -> tuple[float, ...] | None:
        """The values of what is changed, where it is a series."""
        doses = tuple(a.dose for a in self.arms if a.dose is not None)
        return doses if len(doses) == len(self.arms) else None

    def summary(self) -> dict[str, Any]:
        """For JSON; `_si` is the SI unit of the `kind`."""
        return {
            "question": self.question.question, "template": self.question.name or None, "outcome": self.output.key, "kind": self.output.kind,
            "designs": [{"name": a.name, "changed": a.told, "predicted_si": _null(a.mean), "spread_si": a.sigma, "dose_si": a.dose} for a in self.arms],
            "predicted_difference_si": _null(self.predicted), "difference_si": self.difference, "spread_si": self.sigma,
            "spread_from": self.spread.source, "spread_of_si": {g: _null(s) for g, s in self.spread.sigma.items()},
            "spread_shares": [{"what": t.name, "share": t.share, "of": t.group} for t in self.spread.shares],
            "level": self.asked.level, "wanted_power": self.asked.power, "power": self.power, "simulated_power": self.played.power,
            "simulated_power_error": self.played.error, "blocks": self.blocks, "flights": self.flights, "seed": self.asked.seed,
            "order": [[self.arms[k].name for k in block] for block in self.order],
            "shown_by_blocks": [{"blocks": n, "smallest_difference_si": _null(d)} for n, d in self.reach],
            "power_of_blocks": [{"blocks": n, "power": p, "simulated_power": s} for n, p, s in self.curve], "notes": list(self.notes),
        }  # fmt: skip


def _null(x: float) -> float | None:
    return x if math.isfinite(x) else None


def read_spread(text: str, kind: str, flag: str = "--spread") -> tuple[float, bool]:
    """A spread from `4 %` (a share of the mean: True) or from a quantity of `kind`, SI. Raises `InputError`."""
    words = text.strip()
    if words.endswith("%"):
        q = parse_quantity(words, "number")
        return q.value, True
    try:
        return parse_quantity(words, kind).value, False
    except InputError as error:
        raise InputError(f"{error.message}, or a share of the mean like '4 %'", key=flag) from None


def _flown(whole: Plan, output: Output, groups: tuple[Group, ...]) -> tuple[np.ndarray, tuple[Told, ...]]:
    """Values of many flights (n,), SI, in which only what belongs to `groups` varies, and what moves them."""
    plan = only(whole, groups)
    columns = planned_columns(plan, _POOL)
    flown = Campaign(columns, plan.modes, plan.bodies, plan.program.launch.pad)
    nominal = fly(plan.program, interpreted=False)
    of_flights = {
        k: flown.of_flights(k)
        for k in (output.key, "result", *(f"in.{i.name}" for i in plan.inputs.inputs))
        if k in columns
    }
    values = output.of_rows(of_flights, nominal)
    return values, explained(plan.inputs, of_flights, values)


def _arm(
    name: str, told: str, project: Project, plan: Plan, output: Output, asked: Asked, dose: float | None
) -> tuple[Arm, tuple[Told, ...], str]:
    """A design flown: as planned, and many times with what differs between two flights of one day."""
    mean = output.of(fly(compile_launch(project.launch), interpreted=False))
    if not math.isfinite(mean):
        raise InputError(f"the simulation has no {output.words} of {seen(name, 40)}: see downrange check")
    if not output.sampled:
        raise InputError(
            f"{output.words} is no number that differs from flight to flight; choose one that a flight shows",
            key="--of",
        )
    values, shares = _flown(plan, output, ("flight",))
    good = values[np.isfinite(values)]
    if good.size < 0.5 * values.size:
        raise InputError(f"most simulated flights of {seen(name, 40)} have no {output.words}: see downrange check")
    note = ""
    if good.size < (1 - _LOST) * values.size:
        note = f"{1 - good.size / values.size:.0%} of the simulated flights of {name} have no value; plan spare flights"
    return (
        Arm(name, told, mean, math.hypot(float(good.std(ddof=1)), asked.instrument), good, project, dose),
        shares,
        note,
    )


def _given_sigma(asked: Asked, mean: float) -> float:
    assert asked.spread is not None
    if asked.relative and not math.isfinite(mean):
        raise InputError("a spread in per cent needs the mean that it is of: --mean, or a design", key="--spread")
    return math.hypot(asked.spread * abs(mean) if asked.relative else asked.spread, asked.instrument)


def plan_experiment(
    question: Question, designs: Sequence[tuple[str, str, Project | None]], output: Output | str, asked: Asked, *,
    doses: Sequence[float] | None = None, place: str = "",
) -> ExperimentPlan:  # fmt: skip
    """Plan an experiment.

    designs: name, what was changed, and the project of each, the first the one that the others are compared with; projects may be None where
    `asked` gives a spread and what matters. output: what is measured. doses: the value of what was changed in each, SI, at the place called
    `place`. Raises `InputError` where there is nothing to plan by, or more flights would be needed than anybody flies.
    """
    asked, output = asked.checked(), find_output(output) if isinstance(output, str) else output
    if not 2 <= len(designs) <= _ARMS:
        raise InputError(f"an experiment compares 2 to {_ARMS} designs; seen {len(designs)}", key="designs")
    names = [d[0].casefold() for d in designs]
    if len(set(names)) < len(names):
        raise InputError(
            f"two designs are called {seen(designs[0][0], 40)}: give each a name of its own", key="designs"
        )
    arms, spread, notes = _arms(designs, output, asked, doses)
    predicted = _predicted(arms, doses)
    difference = asked.matters if asked.matters is not None else abs(predicted)
    if not math.isfinite(difference):
        raise InputError(
            "say how large a difference matters (--matters '5 m'): without two designs nothing is predicted",
            key="--matters",
        )
    power = _power_of(arms, difference, asked.level, doses)
    blocks = asked.blocks or _needed(power, asked.power, difference, arms, output)
    with step("playing experiments", _PLAYED):
        pools = _pools(arms, difference, predicted, asked, doses)
        some = sorted({n for n in (2, 3, *(round(f * blocks) for f in (0.25, 0.5, 0.75, 1, 1.25, 1.5, 2))) if n >= 2})
        played = {
            n: play(pools, n, level=asked.level, experiments=_PLAYED, seed=asked.seed + n, doses=doses) for n in some
        }
    return ExperimentPlan(
        question, output, arms, asked, spread, difference, predicted, blocks, power(blocks), drawn_order(len(arms), blocks, asked.seed),
        played[blocks], tuple((n, power(n), played[n].power) for n in some), _reach(arms, asked, doses, difference), place, notes,
    )  # fmt: skip


def _arms(
    designs: Sequence[tuple[str, str, Project | None]], output: Output, asked: Asked, doses: Sequence[float] | None
) -> tuple[tuple[Arm, ...], Spread, tuple[str, ...]]:
    """The designs with their spread, where that is from, and what to know."""
    arms, notes, told = list[Arm](), list[str](), tuple[Told, ...]()
    common: Plan | None = None
    for k, (name, change, project) in enumerate(designs):
        dose = None if doses is None else float(doses[k])
        if project is None or asked.spread is not None:
            mean = (
                (asked.mean if asked.mean is not None else math.nan)
                if project is None
                else _as_planned(project, output)
            )
            arms.append(Arm(name, change, mean, 0.0, np.empty(0), project, dose))
            continue
        with step(f"flying {name}"):
            plan = plan_campaign(project, seed=asked.seed)
            arm, shares, note = _arm(name, change, project, plan, output, asked, dose)
        told, common = told or shares, common or plan
        arms.append(arm)
        notes += [note] if note else []
    if asked.spread is not None:
        mean = next((a.mean for a in arms if math.isfinite(a.mean)), math.nan)
        arms = [replace(a, sigma=_given_sigma(asked, mean)) for a in arms]
        return tuple(arms), Spread({"flight": arms[0].sigma, "day": math.nan, "rocket": math.nan}, (), "as given"), ()
    if common is None or designs[0][2] is None:
        raise InputError(
            "without a design the spread of single flights must be said: --spread '4 %' or '12 m'", key="--spread"
        )
    sigma: dict[Group, float] = {"flight": arms[0].sigma}
    with step("flying what is common"):
        for group in ("day", "rocket"):
            sigma[group] = float(np.nanstd(_flown(common, output, (group,))[0]))
    return tuple(arms), Spread(sigma, told, f"simulated, {_POOL} flights of each design"), tuple(notes)


def _as_planned(project: Project, output: Output) -> float:
    return output.of(fly(compile_launch(project.launch), interpreted=False))


def _predicted(arms: Sequence[Arm], doses: Sequence[float] | None) -> float:
    """The difference that the simulation says, SI: second less first, the widest of more, along the line of a dose from its first to its last value."""
    means = np.array([a.mean for a in arms])
    if not np.all(np.isfinite(means)) or all(a.project is None for a in arms):
        return math.nan
    if doses is not None:
        x = np.asarray(doses, float)
        return float((x - x.mean()) @ means / np.sum((x - x.mean()) ** 2) * (x[-1] - x[0]))
    return float(means[1] - means[0]) if len(arms) == 2 else float(np.ptp(means))


def _centres(arms: Sequence[Arm], difference: float, predicted: float, doses: Sequence[float] | None) -> np.ndarray:
    """Means (k,) of the designs that differ by `difference` and else as predicted."""
    k = len(arms)
    if doses is not None:
        x = np.asarray(doses, float)
        return np.asarray(difference * (x - x[0]) / (x[-1] - x[0]))
    means = np.array([a.mean for a in arms])
    if k == 2 or not math.isfinite(predicted) or predicted == 0:
        return np.linspace(0.0, difference, k) * (-1 if math.isfinite(predicted) and predicted < 0 else 1)
    return np.asarray((means - means[0]) * (difference / predicted))


def _power_of(
    arms: Sequence[Arm], difference: float, level: float, doses: Sequence[float] | None
) -> Callable[[int], float]:
    """Power of a number of blocks."""
    sigma = math.sqrt(sum(a.sigma**2 for a in arms) / len(arms))
    if doses is not None:
        slope = difference / (doses[-1] - doses[0])
        return lambda n: slope_power(slope, doses, sigma, n, level)
    if len(arms) == 2:
        return lambda n: pairs_power(difference, (arms[0].sigma, arms[1].sigma), n, level)
    centres = _centres(arms, difference, _predicted(arms, None), None)
    return lambda n: anova_power(centres.tolist(), sigma, n, level)


def _reach(
    arms: Sequence[Arm], asked: Asked, doses: Sequence[float] | None, difference: float
) -> tuple[tuple[int, float], ...]:
    """The smallest difference that several numbers of blocks show."""
    return tuple(
        (n, smallest_seen(lambda d, n=n: _power_of(arms, d, asked.level, doses)(n), max(difference, 1e-9), asked.power))  # type: ignore[misc]
        for n in _REACH
    )


def _needed(
    power: Callable[[int], float], wanted: float, difference: float, arms: Sequence[Arm], output: Output
) -> int:
    from downrange.units import display

    try:
        return flights_needed(power, wanted)
    except InputError as error:
        kind = "size" if output.kind == "size" else output.kind
        raise InputError(
            f"a difference of {display(difference, kind, digits=3)} beside a spread of {display(arms[0].sigma, kind, digits=3)} between flights: {error.message}",
            key="--matters",
        ) from None


def _pools(
    arms: Sequence[Arm], difference: float, predicted: float, asked: Asked, doses: Sequence[float] | None
) -> list[np.ndarray]:
    """Flights of each design to draw experiments from: those of the simulation, or of a bell curve, about means that differ by `difference`."""
    rng = np.random.default_rng(asked.seed)
    out = []
    for arm, centre in zip(arms, _centres(arms, difference, predicted, doses), strict=True):
        own = arm.flights - arm.flights.mean() if arm.flights.size else np.empty(0)
        if own.size and asked.instrument == 0:
            out.append(centre + own)
        elif own.size:
            many = np.resize(own, 8 * own.size)
            out.append(centre + many + asked.instrument * rng.standard_normal(many.size))
        else:
            out.append(centre + arm.sigma * rng.standard_normal(20_000))
    return out
