"""The whole answer of an experiment: which test decides, what it shows, and what the experiment could have shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from downrange.design.experiments.checks import Looked, checked_all
from downrange.design.experiments.inference import (
    Finding,
    analysed,
    by_ranks,
    one_against_another,
    residuals,
)
from downrange.design.experiments.power import groups_power, pairs_power, slope_power, smallest_seen
from downrange.design.experiments.trials import Trials
from downrange.errors import InputError

__all__ = ["Analysis", "Answer", "analyse_trials"]

Answer = Literal["shown", "not shown", "smaller than what matters"]
POWER = 0.8  # at which what could have been seen is told: four experiments of five


@dataclass(frozen=True, eq=False)
class Analysis:
    """The trials analysed at a `level` (share of experiments without a difference that may show one).

    `by_values` is the test that fits the plan, `by_rank` the same question by ranks, `decides` the one that the answer stands on.
    `couples` compares every two of three or more designs. `matters` is the smallest that its people care for.
    """

    trials: Trials
    level: float
    by_values: Finding
    by_rank: Finding
    decides: Finding
    looked: tuple[Looked, ...]
    couples: tuple[Finding, ...]
    matters: float | None = None

    @property
    def shown(self) -> bool:
        """Whether a difference is shown."""
        return self.decides.p < self.level

    @property
    def answer(self) -> Answer:
        """What is shown: a difference; none, but the experiment leaves room for one; or that any is smaller than what matters."""
        low, high = self.decides.interval
        if self.matters is not None and max(abs(low), abs(high)) < self.matters:
            return "smaller than what matters"
        return "shown" if self.shown else "not shown"

    @cached_property
    def smallest(self) -> float:
        """The smallest difference (of a dose the slope) that such an experiment shows four times of five, with the scatter that was seen, SI; NaN of
        more than two designs."""
        return _smallest(self.trials, self.level)

    @property
    def blocks(self) -> int:
        """How many whole blocks were compared; 0 without blocks."""
        return int(np.unique(self.trials.block[self.trials.whole]).size) if self.trials.blocked else 0

    @property
    def scatter(self) -> float:
        """The spread of single flights beside the designs' means (and the blocks), one standard deviation, SI."""
        return _scatter(self.trials)


def _scatter(trials: Trials) -> float:
    """From what is left beside the fit; a difference of two flights has twice their variance."""
    left, _ = residuals(trials)
    if trials.paired and len(trials.names) == 2 and trials.dose is None:
        return math.sqrt(float(left @ left) / (left.size - 1) / 2)
    designs = 1 if trials.dose is not None else len(trials.names) - 1
    blocks = np.unique(trials.block[trials.whole]).size
    return math.sqrt(float(left @ left) / max(left.size - blocks - designs, 1))


def _smallest(trials: Trials, level: float) -> float:
    sigma = _scatter(trials)
    if trials.dose is not None:
        doses = np.unique(trials.dose[trials.whole])
        each = max(int(trials.whole.sum()) // doses.size, 1)
        return smallest_seen(
            lambda b: slope_power(b, doses.tolist(), sigma, each, level), sigma / float(np.ptp(doses)), POWER
        )
    if len(trials.names) > 2:
        return math.nan
    if trials.blocked:
        pairs = int(trials.whole.sum()) // 2
        return smallest_seen(lambda d: pairs_power(d, (sigma, sigma), pairs, level), sigma, POWER)
    a, b = trials.of(0), trials.of(1)
    sigmas = (float(a.std(ddof=1)), float(b.std(ddof=1)))
    alike = max(round(2 / (1 / a.size + 1 / b.size)), 2)  # as many of each, with the same error
    return smallest_seen(lambda d: groups_power(d, sigmas, alike, level), max(sigmas), POWER)


def analyse_trials(trials: Trials, level: float = 0.05, *, matters: float | None = None) -> Analysis:
    """Analyse an experiment: the test that fits how it was flown, what it takes for granted looked at, and the answer.

    Where the scatter is plainly no bell curve, the test by ranks decides; else that by values. level: between 0.001 and 0.2. matters:
    the smallest difference that counts, SI. Raises `InputError` where the trials cannot be compared, with what would be needed.
    """
    if not 0.001 <= level <= 0.2:
        raise InputError(f"a level of {level:g} is not between 0.001 and 0.2; 0.05 is usual", key="--level")
    trials = trials.checked()
    if trials.blocked and trials.dose is None and np.unique(trials.block[trials.whole]).size < 2:
        raise InputError(
            "fewer than two blocks hold a value of every design, so that nothing can be compared within blocks; fill the sheet, or analyse it "
            "without its blocks (--no-blocks)", key="block",
        )  # fmt: skip
    looked = checked_all(trials)
    holds = {x.name: x.holds for x in looked}
    values = analysed(trials, level, equal=holds.get("equal spreads") is not False)
    ranks = by_ranks(trials, level)
    decides = ranks if holds.get("bell curve") is False else values
    couples = one_against_another(trials, level) if trials.dose is None and len(trials.names) > 2 else ()
    return Analysis(trials, level, values, ranks, decides, looked, couples, matters)
