"""Which values bring what is wanted: the design with the least expected score, how flat it is there, what else will do, what stops it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from downrange.design import Axis, Point, Want
from downrange.design.search import Found, search, settle
from downrange.errors import InputError
from downrange.project.parameters import Place
from downrange.project.project import Project
from downrange.project.ruled import Line, rule_line
from downrange.project.trials import Outcome, Trials

__all__ = ["Flat", "Solution", "reached", "solve_project"]

_QUICK, _CAREFUL, _FINAL = 128, 512, 2048  # flights of a design: to look at it, to settle on it, to say what it scores
_JUDGED = 64  # the block from which flights are drawn that nothing was chosen by
_ALTERNATIVES = 5
_AT_END = 0.01  # of a line: nearer to its end than that is at it


@dataclass(frozen=True)
class Flat:
    """Between which values of one axis the expected score stays within `points` of the best, the others as they are."""

    low: float
    high: float
    points: float


@dataclass(frozen=True, eq=False)
class Solution:
    """The best design, what else will do (best first, one for each choice from the lists), and what can be said of it."""

    wants: tuple[Want, ...]
    axes: tuple[tuple[Place, Axis], ...]
    best: Outcome
    alternatives: tuple[Outcome, ...]
    flat: dict[str, Flat]
    stops: tuple[str, ...]
    project: Project
    tried: int
    uncertain: bool
    interrupted: bool = False

    @property
    def reached(self) -> bool:
        """Whether the best design has all that is wanted, in the middle of its flights."""
        return all(reached(w, v) for w, v in zip(self.wants, self.best.values, strict=True))

    def summary(self) -> dict[str, Any]:
        """For JSON: values in SI, units in the keys."""
        return {
            "reached": self.reached, "best": self._said(self.best), "score": _score(self.best), "wants": self._wanted(self.best),
            "flat": {k: {"low": f.low, "high": f.high, "within_points": f.points} for k, f in self.flat.items()},
            "alternatives": [{"values": self._said(a), "score": _score(a), "wants": self._wanted(a)} for a in self.alternatives],
            "stops": list(self.stops), "designs_tried": self.tried, "uncertain": self.uncertain, "interrupted": self.interrupted,
        }  # fmt: skip

    def _said(self, outcome: Outcome) -> dict[str, Any]:
        suffix = {"mass": "_kg", "length": "_m", "time": "_s", "angle": "_rad", "speed": "_m_s", "temperature": "_k"}
        return {f"{p.name}{suffix.get(p.kind, '')}": outcome.point[a.name] for p, a in self.axes}

    def _wanted(self, outcome: Outcome) -> list[dict[str, Any]]:
        return [
            {
                "want": w.words, "output": w.output.key, "low": _end(w, w.low), "high": _end(w, w.high), "mean": _finite(np.nanmean(v)) if np.isfinite(v).any() else None,
                "sigma": _finite(np.nanstd(v)) if np.isfinite(v).any() else None, **_quantiles(v), "share_met": float(w.met(v).mean()), "reached": reached(w, v),
            }
            for w, v in zip(self.wants, outcome.values, strict=True)
        ]  # fmt: skip


def _end(want: Want, value: float | None) -> float | None:
    return None if value is None else float(want.output.at_door(value))


def _score(o: Outcome) -> dict[str, float]:
    p5, p95 = np.quantile(o.scores, (0.05, 0.95))
    return {"mean": o.mean, "error": o.error, "sigma": o.sigma, "p5": float(p5), "p95": float(p95)}


def _finite(x: Any) -> float | None:
    return float(x) if math.isfinite(x) else None


def _quantiles(v: np.ndarray) -> dict[str, float | None]:
    seen = v[np.isfinite(v)]
    if not seen.size:
        return {"p5": None, "p50": None, "p95": None}
    return {k: float(x) for k, x in zip(("p5", "p50", "p95"), np.quantile(seen, (0.05, 0.5, 0.95)), strict=True)}


def reached(want: Want, values: np.ndarray) -> bool:
    """Whether the middle of the flights (n,) has what is wanted: a target to within a quarter of their scatter, or a percent."""
    seen = values[np.isfinite(values)]
    if seen.size < 0.5 * values.size:
        return False
    middle = float(np.median(seen))
    slack = (
        max(0.25 * float(seen.std()), 0.01 * abs(want.low or 0.0))
        if want.low == want.high
        else 1e-9 * max(abs(middle), 1.0)
    )
    return bool(want.miss(np.array([middle]))[0] <= slack)


def solve_project(
    project: Project, wants: Sequence[Want], axes: Sequence[tuple[Place, Axis]], *, seed: int = 1, uncertain: bool = True,
    tell: Callable[[int, Found], None] | None = None,
) -> Solution:  # fmt: skip
    """The design of a project that scores best in the mean over all that is uncertain.

    wants: what is wanted. axes: what may be changed. seed: of the draws, which are alike for all designs. uncertain: False flies each
    once as planned. tell: called with how many designs were tried and the best of each choice. An interrupt keeps the best so far.
    Raises `InputError` where no design can be built, or none has a number that is wanted.
    """
    trials = Trials(project, axes, wants, seed=seed, uncertain=uncertain)
    _begin(trials)
    lines = [a for _, a in axes]
    interrupted = False
    best_yet: list[Found] = []

    def quick(point: Point) -> float:
        cost = trials.cost(point, _QUICK)
        if math.isfinite(cost):
            best_yet.append(Found(point, cost))
        return cost

    def ruled(fixed: Point) -> Found | None:
        line = _line(trials, lines, fixed, _QUICK, proven=False)  # the best few are flown again, with more
        if line is None:
            return None
        best_yet.append(line.best)
        return line.best

    try:
        found = search(lines, quick, tell=None if tell is None else lambda f: tell(trials.flown, f), along=ruled)
    except KeyboardInterrupt:
        interrupted, found = True, ()
    found = tuple(f for f in found or sorted(best_yet, key=lambda f: f.cost)[:1] if math.isfinite(f.cost))
    if not found:
        _nothing(trials)
    try:
        best, others, line = _settled(trials, lines, found)
    except KeyboardInterrupt:
        interrupted, best, others, line = True, found[0], found[1:_ALTERNATIVES], None
    outcome = trials.outcome(best.point, _FINAL, _JUDGED)
    _seen(trials, outcome)
    flat: dict[str, Flat] = {}
    stops: tuple[str, ...] = ()
    if not interrupted:
        try:
            flat, stops = _flatness(trials, lines, best, line), _stops(trials, lines, best, outcome)
        except KeyboardInterrupt:
            interrupted = True
    rest = tuple(trials.outcome(f.point, _CAREFUL, _JUDGED) for f in others)
    return Solution(
        trials.wants, trials.axes, outcome, tuple(sorted(rest, key=lambda o: o.mean)), flat, stops, trials.at(best.point), trials.flown,
        uncertain, interrupted,
    )  # fmt: skip


def _begin(trials: Trials) -> None:
    """Trace what varies in the middle of what may be changed, or where else it can be flown."""
    lines = [a for _, a in trials.axes]
    problem: InputError | None = None
    for share in (0.5, 0.0, 1.0, 0.25, 0.75):
        point = {
            a.name: a.choices[round(share * (len(a.choices) - 1))] if a.discrete else a.low + share * (a.high - a.low)
            for a in lines
        }
        try:
            trials.outcome(point, 8)
            return
        except InputError as error:
            problem = problem or error
    assert problem is not None
    if not any(a.discrete for a in lines):
        raise problem


def _nothing(trials: Trials) -> None:
    listed = "; ".join(sorted(trials.refused, key=lambda w: -trials.refused[w])[:2])
    raise InputError(f"none of {sum(trials.refused.values())} designs can be built or flown: {listed}", key="by")


def _seen(trials: Trials, outcome: Outcome) -> None:
    for want, values in zip(trials.wants, outcome.values, strict=True):
        if not np.isfinite(values).any():
            raise InputError(
                f"no flight has a {want.output.words}, which is wanted: does it lift off and land? See downrange check",
                key="want",
            )


def _line(trials: Trials, lines: Sequence[Axis], fixed: Point, flights: int, *, proven: bool) -> Line | None:
    """The line of designs, where one axis is a line and everything uncertain is drawn."""
    own = [a for a in lines if not a.discrete]
    return rule_line(trials, own[0], fixed, flights, proven=proven) if len(own) == 1 and trials.uncertain else None


def _settled(
    trials: Trials, lines: Sequence[Axis], found: Sequence[Found]
) -> tuple[Found, tuple[Found, ...], Line | None]:
    """The best few looked at with care; the best of them with what varies traced at itself, and the line through it."""
    if not trials.uncertain:
        return found[0], tuple(found[1:_ALTERNATIVES]), None
    few = list(found[:_ALTERNATIVES])
    if len(few) > 1:
        few = [Found(f.point, trials.cost(f.point, _CAREFUL)) for f in few]
        few.sort(key=lambda f: f.cost)
    trials.trace(few[0].point)
    best, others = few[0], tuple(few[1:])
    own = {a.name for a in lines if not a.discrete}
    line = _line(trials, lines, {k: v for k, v in best.point.items() if k not in own}, _CAREFUL, proven=True)
    if line is not None:
        return line.best, others, line
    return settle(lines, best, lambda p: trials.cost(p, _CAREFUL), 0.08), others, None


def _flatness(trials: Trials, lines: Sequence[Axis], best: Found, line: Line | None) -> dict[str, Flat]:
    """How far each line may be off at the cost of a tenth of the score, or half a point."""
    out = {}
    base = best.cost if line else trials.cost(best.point, _CAREFUL)
    more = max(0.1 * base, 0.5)
    for a in (a for a in lines if not a.discrete):

        def costs(x: float, a: Axis = a) -> bool:
            here = float(line.costs(np.array([x]))[0]) if line else trials.cost({**best.point, a.name: x}, _CAREFUL)
            return here > base + more

        here = best.point[a.name]
        out[a.name] = Flat(_edge(here, a.low, costs), _edge(here, a.high, costs), more)
    return out


def _edge(inside: float, end: float, costs: Callable[[float], bool], halvings: int = 8) -> float:
    """How far from `inside` towards `end` it does not cost too much."""
    if inside == end or not costs(end):
        return end
    good, bad = inside, end
    for _ in range(halvings):
        middle = 0.5 * (good + bad)
        good, bad = (good, middle) if costs(middle) else (middle, bad)
    return good


def _stops(trials: Trials, lines: Sequence[Axis], best: Found, outcome: Outcome) -> tuple[str, ...]:
    """What keeps the best from being better: an axis at its end, a want that pulls against the others, one that is not reached."""
    out = []
    for a in (a for a in lines if not a.discrete):
        size, here = a.high - a.low, best.point[a.name]
        for end, word, inward in ((a.low, "least", 1), (a.high, "most", -1)):
            if abs(here - end) < _AT_END * size:
                inside = trials.cost({**best.point, a.name: end + inward * 0.05 * size}, _CAREFUL)
                if inside > trials.cost({**best.point, a.name: end}, _CAREFUL) + 1e-9:
                    out.append(f"{a.name} is at its {word}: more room there would help")
    for a in (a for a in lines if a.discrete and len(a.choices) > 2 and not isinstance(a.choices[0], str)):
        if best.point[a.name] in (min(a.choices), max(a.choices)):
            out.append(f"{a.name} is at the end of its list")
    for w, v in zip(trials.wants, outcome.values, strict=True):
        if not reached(w, v):
            out.append(f"not reached: {w.words}")
        elif w.limit and float(w.met(v).mean()) < 0.95:
            out.append(f"{w.words} is kept in {float(w.met(v).mean()):.0%} of the flights only")
    return tuple(out)
