"""Rules as data: packs of limits with authority, edition and source, answered line by line.

A rule compares one quantity with one limit. The quantity's value comes from the nominal flight, the site and what the
user said of the day; where the campaign has it for every flight, so does the probability of compliance. What is not
known is not evaluated, and never passes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np

from downrange.safety.ask import ASK

__all__ = ["Answer", "Fact", "Facts", "Limit", "Pack", "Rule", "Verdict", "answer", "overall"]


class Verdict(StrEnum):
    """What a rule answers."""

    PASS = "pass"
    FAIL = "fail"
    OPEN = "not evaluated"


@dataclass(frozen=True, eq=False)
class Fact:
    """A quantity's value in SI; `samples` with `weight` are its distribution over planned flights, where known.

    `fix` says what would bring it to a limit, given the limit; `note` how the value came about. `upper` is the 95 %
    upper bound of an estimate, and `lower` the lower one: a limit that only the estimate keeps, and not its bound, is
    left open.
    """

    value: float
    kind: str
    samples: np.ndarray | None = None
    weight: np.ndarray | None = None
    fix: Callable[[float], str] | None = None
    note: str = ""
    upper: float | None = None
    lower: float | None = None


Facts = Mapping[str, Fact]


@dataclass(frozen=True)
class Limit:
    """A limit in SI: a number; or a step table (upper bound, limit) over the fact `of`; or `factor` times that fact,
    and then not below `least`. `unit` is the one that the rule states it in, for people."""

    value: float | None = None
    of: str | None = None
    table: tuple[tuple[float, float], ...] = ()
    factor: float | None = None
    least: float | None = None
    unit: str = ""

    def at(self, facts: Facts) -> float | None:
        """The limit for these facts; None where it cannot be known."""
        if self.value is not None:
            return self.value
        fact = facts.get(self.of or "")
        if fact is None or not np.isfinite(fact.value):
            return None
        if self.table:
            return next((limit for bound, limit in self.table if fact.value <= bound + 1e-9), None)
        return max((self.factor or 1.0) * fact.value, self.least if self.least is not None else -np.inf)


@dataclass(frozen=True)
class Rule:
    """One rule. `when` are facts that must lie between bounds for it to apply (a fact that is missing leaves it open)."""

    id: str
    title: str
    quantity: str
    kind: str
    comparator: Literal["at most", "at least"]
    limit: Limit
    source: str
    confirmed: bool = False
    when: tuple[tuple[str, float, float], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Pack:
    """Rules of one authority and edition."""

    id: str
    name: str
    authority: str
    edition: str
    source: str
    rules: tuple[Rule, ...]
    note: str = ""


@dataclass(frozen=True)
class Answer:
    """A rule answered: value, limit and margin in SI (positive where there is room), and the probability of compliance."""

    pack: Pack
    rule: Rule
    verdict: Verdict
    value: float | None
    limit: float | None
    margin: float | None
    probability: float | None
    change: str
    note: str = ""


def _applies(rule: Rule, facts: Facts) -> bool | None:
    for name, low, high in rule.when:
        fact = facts.get(name)
        if fact is None or not np.isfinite(fact.value):
            return None
        if not low <= fact.value <= high:
            return False
    return True


def _one(pack: Pack, rule: Rule, facts: Facts) -> Answer | None:
    applies = _applies(rule, facts)
    if applies is False:
        return None
    fact, limit = facts.get(rule.quantity), rule.limit.at(facts)
    if fact is None or not np.isfinite(fact.value) or applies is None:
        missing = rule.quantity if applies is not None else next(n for n, _, _ in rule.when if n not in facts)
        return Answer(
            pack,
            rule,
            Verdict.OPEN,
            None,
            limit,
            None,
            None,
            "",
            f"needs {ASK.get(missing, missing.replace('_', ' '))}",
        )
    if limit is None:
        return Answer(
            pack, rule, Verdict.OPEN, fact.value, None, None, None, "", "the limit is not known for this rocket"
        )
    sign = 1.0 if rule.comparator == "at least" else -1.0
    margin = sign * (fact.value - limit)
    share = None
    if fact.samples is not None:
        good = np.isfinite(fact.samples)
        weight = np.ones(fact.samples.size) if fact.weight is None else fact.weight
        if good.any():
            share = float(weight[good & (sign * (fact.samples - limit) >= 0)].sum() / weight.sum())
    bound = fact.upper if rule.comparator == "at most" else fact.lower
    if margin >= 0 and bound is not None and sign * (bound - limit) < 0:
        more = bound / limit if sign < 0 and limit > 0 else (1 - bound) / (1 - limit) if 0 < limit < 1 else math.inf
        times = f"fly about {math.ceil(more):,} times as many" if math.isfinite(more) else "fly more"
        flights = f"the campaign is too small to show it: its 95 % bound is {bound:.2g}; {times}"
        return Answer(pack, rule, Verdict.OPEN, fact.value, limit, margin, None, "", flights)
    verdict = Verdict.PASS if margin >= 0 else Verdict.FAIL
    change = fact.fix(limit) if verdict is Verdict.FAIL and fact.fix else ""
    return Answer(pack, rule, verdict, fact.value, limit, margin, share, change, fact.note)


def answer(packs: tuple[Pack, ...], facts: Facts) -> tuple[Answer, ...]:
    """Answer every rule that applies, in the packs' order.

    facts: what is known, by name.
    """
    return tuple(a for pack in packs for rule in pack.rules if (a := _one(pack, rule, facts)) is not None)


def overall(answers: tuple[Answer, ...]) -> Verdict:
    """PASS (go) only where every rule passes; FAIL where one fails; else OPEN: something must still be answered."""
    verdicts = {a.verdict for a in answers}
    if Verdict.FAIL in verdicts:
        return Verdict.FAIL
    return Verdict.OPEN if Verdict.OPEN in verdicts or not verdicts else Verdict.PASS
