"""Several goals and limits at once: the best design of a project, or the front between two goals, what bought what, and the tolerances.

Goals stand in a file: `goals` (one or two: `highest apogee`, `least mass`, or a target like `apogee 3000 m`), `limits`, and `by`, what may be
changed. Every design that was tried is kept beside the file, so that a search that was stopped goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from downrange.design import Axis, Output, Point, Want, find_output
from downrange.design.evolution import Judged, evolve, front
from downrange.errors import InputError
from downrange.flight import compile_launch, fly
from downrange.formats.reading import guarded
from downrange.formats.yaml_text import read_yaml
from downrange.project.asking import read_axes, read_want
from downrange.project.build import line_of_key
from downrange.project.fields import Strict
from downrange.project.manifest import inputs_state
from downrange.project.parameters import Place, varied
from downrange.project.project import Project, validate
from downrange.project.trials import Trials

__all__ = ["Goal", "GoalsFile", "Optimum", "Sensitivity", "optimise_project", "read_goals"]

_MOST_WORDS = ("highest", "most", "largest", "greatest", "longest", "fastest", "max", "maximum")
_LEAST_WORDS = ("lowest", "least", "smallest", "shortest", "slowest", "lightest", "min", "minimum")
_BETWEEN = (0.25, 0.5, 0.75)  # weights of the second goal
_STEPS = {
    "length": (1e-3, "mm"),
    "mass": (1e-3, "g"),
    "angle": (math.pi / 180, "°"),
    "time": (0.1, "0.1 s"),
    "speed": (1.0, "m/s"),
}
_LITTLE = 0.01  # of all goals together, so that among designs alike in the worst the better in the rest is taken
_HELD = 0.95  # of the flights of a design in which a limit must hold
_STRICT = 1000.0  # times the points of a broken limit: it is not bought off by a goal


class GoalsFile(Strict):
    """goals.yaml"""

    goals: list[str] = Field(description="one or two: 'highest apogee', 'least mass', 'apogee 3000 m'")
    limits: list[str] = Field(
        default_factory=list, description="what must hold: 'margin 1.5..2.5', 'rail speed > 15 m/s'"
    )
    by: list[str] = Field(description="what may be changed: 'fins.span 40..80 mm', 'fins.count 3..4'")
    designs: int = Field(
        300, ge=10, le=100_000, description="how many are tried at most, for each way of weighing the goals"
    )
    seed: int = Field(1, ge=0, le=2**31, description="the same gives the same designs")
    flights: int = Field(
        0, ge=0, le=4096,
        description="of each design, with everything uncertain, alike for all: goals count in the mean, a limit holds in 95 % of them; 0: one, as planned",
    )  # fmt: skip


@dataclass(frozen=True)
class Goal:
    """An output to be made large (`sense` 1) or small (-1), or a `want` to be met as well as possible."""

    text: str
    output: Output
    sense: int = 0
    want: Want | None = None

    def of(self, value: float) -> float:
        """What a value (SI) counts: fewer are better."""
        if not math.isfinite(value):
            return math.inf
        return float(self.want.points(np.array([value]))[0]) if self.want is not None else -self.sense * value


@dataclass(frozen=True)
class Sensitivity:
    """What a small step of one value does to each goal's number at the best design: `step` (SI) with its unit in words, and the changes (SI)."""

    name: str
    step: float
    unit: str
    changes: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Optimum:
    """The best design, the project with it, what each change bought in turn, how exactly each value must be held, and of two goals the front."""

    goals: tuple[Goal, ...]
    limits: tuple[Want, ...]
    axes: tuple[tuple[Place, Axis], ...]
    before: Mapping[str, float]
    after: Mapping[str, float]
    start: Point
    best: Judged
    project: Project
    bought: tuple[tuple[str, tuple[float, ...]], ...]
    sensitivities: tuple[Sensitivity, ...]
    front: tuple[Judged, ...]
    tried: int
    refused: Mapping[str, int]
    interrupted: bool = False

    @property
    def kept(self) -> bool:
        """Whether the best design keeps every limit."""
        return self.best.kept

    def summary(self) -> dict[str, Any]:
        """For JSON: values SI."""
        return {
            "kept": self.kept, "best": dict(self.best.point), "start": dict(self.start),
            "before": {find_output(k).key: _null(v) for k, v in self.before.items()}, "after": {find_output(k).key: _null(v) for k, v in self.after.items()},
            "bought": [{"change": name, "goals": [_null(v) for v in values]} for name, values in self.bought],
            "sensitivities": [{"name": s.name, "step": s.unit, "changes": [_null(c) for c in s.changes]} for s in self.sensitivities],
            "front": [{"design": dict(j.point), "goals": list(j.goals)} for j in self.front], "designs_tried": self.tried, "refused": dict(self.refused), "interrupted": self.interrupted,
        }  # fmt: skip


def _null(x: float) -> float | None:
    return x if math.isfinite(x) else None


@guarded("a goals file")
def read_goals(path: str | Path) -> GoalsFile:
    """The goals of a file. Raises `InputError` with file, line and key; the texts in it are read by `optimise_project`."""
    data = read_yaml(Path(path))
    file = validate(GoalsFile, data, Path(path))
    for key, words in (("goals", file.goals), ("by", file.by)):
        if not words:
            raise InputError(f"{key} is empty", file=str(path), line=line_of_key(data, key), key=key)
    for k, text in enumerate((*file.goals, *file.limits)):
        key = f"goals[{k}]" if k < len(file.goals) else f"limits[{k - len(file.goals)}]"
        try:
            _goal(text) if key.startswith("goals") else read_want(text)
        except InputError as error:
            raise type(error)(error.message, file=str(path), line=line_of_key(data, key), key=key) from None
    return file


def _goal(text: str) -> Goal:
    first, _, rest = text.strip().partition(" ")
    word = first.lower()
    if word in (*_MOST_WORDS, *_LEAST_WORDS) and not re.search(r"\d", rest):
        return Goal(text, find_output(rest), 1 if word in _MOST_WORDS else -1)
    want = read_want(text)
    return Goal(text, want.output, 0, want)


class _Judge:
    """Flies designs and remembers them, in a file too."""

    def __init__(
        self,
        project: Project,
        axes: Sequence[tuple[Place, Axis]],
        goals: Sequence[Goal],
        limits: Sequence[Want],
        log: Path | None,
        file: GoalsFile,
    ) -> None:
        self.project, self.goals, self.limits, self.log = project, goals, limits, log
        self.flights = file.flights
        outputs = dict.fromkeys([*(g.output for g in goals), *(w.output for w in limits)])
        self.trials = (
            Trials(project, axes, [Want(o, -math.inf, None) for o in outputs], seed=file.seed) if self.flights else None
        )
        self.places = {a.name: p for p, a in axes}
        self.known: dict[str, Judged] = {}
        self.refused: dict[str, int] = {}
        self.tell: Callable[[int], None] | None = None
        self.head = {
            "project": _fingerprint(project),
            "goals": [g.text for g in goals],
            "limits": [w.text for w in limits],
            "by": [[a.name, a.low, a.high, list(a.choices)] for _, a in axes],
            **({"flights": self.flights, "seed": file.seed} if self.flights else {}),
        }
        self._read()

    def _read(self) -> None:
        if self.log is None or not self.log.is_file():
            return
        try:
            lines = [json.loads(t) for t in self.log.read_text(encoding="utf-8").splitlines() if t.strip()]
            if lines and lines[0] == json.loads(json.dumps(self.head)):
                for one in lines[1:]:
                    self.known[_key(one["point"])] = Judged(
                        one["point"], tuple(math.inf if g is None else g for g in one["goals"]), one["broken"]
                    )
                return
        except (ValueError, KeyError, TypeError, OSError):
            pass
        self.log.unlink()  # of another project, other goals, or cut off in its first line

    def __call__(self, point: Point) -> Judged:
        key = _key(point)
        if key not in self.known:
            self.known[key] = self._fly(point)
            self._keep(self.known[key])
        if self.tell is not None:
            self.tell(len(self.known))
        return self.known[key]

    def values(self, point: Point) -> dict[str, float]:
        """Every output that is asked for, of a design, SI. Raises `InputError` where it cannot be built."""
        flight = fly(compile_launch(self.at(point).launch), interpreted=False)
        outputs = dict.fromkeys([*(g.output for g in self.goals), *(w.output for w in self.limits)])
        return {o.name: o.of(flight) for o in outputs}

    def at(self, point: Point) -> Project:
        """The project with a design's values."""
        return varied(self.project, {self.places[n]: v for n, v in point.items()})

    def _fly(self, point: Point) -> Judged:
        try:
            values = self.drawn(point)
        except InputError as error:
            why = error.message.split(": ", 1)[-1] if error.message.startswith("with ") else error.message
            self.refused[why] = self.refused.get(why, 0) + 1
            return Judged(point, (math.inf,) * len(self.goals), math.inf)
        broken = sum(_held(w.points(values[w.output.name])) for w in self.limits)
        return Judged(point, tuple(_mean(g, values[g.output.name]) for g in self.goals), broken)

    def drawn(self, point: Point) -> dict[str, np.ndarray]:
        """Every output of a design's flights (n,), SI: of one as planned, or of `flights` with everything uncertain."""
        if self.trials is None:
            return {k: np.array([v]) for k, v in self.values(point).items()}
        outcome = self.trials.outcome(point, self.flights)
        return {w.output.name: v for w, v in zip(self.trials.wants, outcome.values, strict=True)}

    def _keep(self, j: Judged) -> None:
        if self.log is None:
            return
        if not self.log.is_file():
            self.log.write_text(json.dumps(self.head) + "\n", encoding="utf-8")
        with self.log.open("a", encoding="utf-8") as f:
            f.write(
                json.dumps(
                    {
                        "point": j.point,
                        "goals": [_null(g) for g in j.goals],
                        "broken": _null(j.broken) if math.isfinite(j.broken) else 1e9,
                    }
                )
                + "\n"
            )


def _held(points: np.ndarray) -> float:
    """By how many points a limit is broken in the flight that comes after 95 % of them, the best first; points (n,)."""
    return float(np.sort(points)[min(math.ceil(_HELD * points.size), points.size) - 1])


def _mean(goal: Goal, values: np.ndarray) -> float:
    """What a goal's values (n,) count in the mean; infinite where one did not happen."""
    return float(np.mean([goal.of(float(v)) for v in values]))


def _fingerprint(project: Project) -> str:
    """A hash of all that the flights depend on."""
    return hashlib.sha256(json.dumps(inputs_state(project), sort_keys=True).encode()).hexdigest()


def _key(point: Point) -> str:
    return json.dumps({k: point[k] for k in sorted(point)})


def optimise_project(
    project: Project, file: GoalsFile, *, log: Path | None = None, tell: Callable[[int], None] | None = None
) -> Optimum:  # fmt: skip
    """The best design of a project by the goals of a file.

    log: where every design that was tried is kept, to go on from; None: nowhere. tell: called with how many were tried.
    Raises `InputError` for goals that cannot be read, and where no design can be built.
    """
    if not 1 <= len(file.goals) <= 2:
        raise InputError(f"one goal or two, seen {len(file.goals)}; write the others as limits", key="goals")
    goals, limits = tuple(_goal(t) for t in file.goals), tuple(read_want(t) for t in file.limits)
    axes = read_axes(project, file.by)
    if any(p.path.startswith("ballast") for p, _ in axes):
        raise InputError(
            "ballast is no key of the file: give the rocket a part of type 'mass' and vary its mass, or use downrange solve",
            key="by",
        )
    lines = [a for _, a in axes]
    judge = _Judge(project, axes, goals, limits, log, file)
    judge.tell = tell
    start = {a.name: _start(p, a) for p, a in axes}
    scale = _scales(judge, start, lines)

    def cost(weights: Sequence[float], ideal: Sequence[float]) -> Callable[[Point], float]:
        def of(point: Point) -> float:
            j = judge(point)
            if not all(map(math.isfinite, j.goals)):
                return math.inf
            behind = [(g - i) / s for g, i, s in zip(j.goals, ideal, scale, strict=True)]
            return (
                max(w * b for w, b in zip(weights, behind, strict=True) if w > 0)
                + _LITTLE * sum(behind)
                + _STRICT * j.broken / 100
            )

        return of

    interrupted = False
    try:
        _search(judge, lines, cost, start, file)
    except KeyboardInterrupt:
        interrupted = True
    front_ = front(list(judge.known.values())) if len(goals) == 2 else ()
    return _told(judge, goals, limits, axes, start, front_, scale, interrupted)


def _search(
    judge: _Judge, lines: Sequence[Axis], cost: Callable[[Sequence[float], Sequence[float]], Callable[[Point], float]], start: Point, file: GoalsFile
) -> None:  # fmt: skip
    """Try designs: of two goals for each by itself, then between them."""
    if len(file.goals) == 1:
        evolve(lines, cost((1.0,), (0.0,)), start, designs=file.designs, seed=file.seed)
        return
    ends = []
    for k, only in enumerate(((1.0, 0.0), (0.0, 1.0))):
        found = evolve(lines, cost(only, (0.0, 0.0)), start, designs=file.designs, seed=file.seed + k)
        ends.append(judge(found.point))
    ideal = [e.goals[k] for k, e in enumerate(ends)]
    for n, w in enumerate(_BETWEEN):
        evolve(lines, cost((1 - w, w), ideal), start, designs=file.designs, seed=file.seed + 2 + n)


def _start(place: Place, axis: Axis) -> Any:
    """The value now, where it may be; else the middle."""
    if axis.discrete:
        return place.now if place.now in axis.choices else axis.choices[len(axis.choices) // 2]
    now = place.now if isinstance(place.now, int | float) else math.nan
    return min(max(float(now), axis.low), axis.high) if math.isfinite(now) else 0.5 * (axis.low + axis.high)


def _scales(judge: _Judge, start: Point, lines: Sequence[Axis]) -> list[float]:
    """How large each goal's number is: a percent of it counts alike."""
    j = judge(start)
    if not all(map(math.isfinite, j.goals)):
        middle = {a.name: a.choices[len(a.choices) // 2] if a.discrete else 0.5 * (a.low + a.high) for a in lines}
        j = judge(middle)
    if not all(map(math.isfinite, j.goals)):
        why = next(iter(judge.refused), "a number that is wanted does not happen: does it lift off and land?")
        raise InputError(
            f"neither the design as it is nor the middle of what may be changed can be judged: {why}", key="by"
        )
    return [abs(g) or 1.0 for g in j.goals]


def _told(
    judge: _Judge, goals: tuple[Goal, ...], limits: tuple[Want, ...], axes: tuple[tuple[Place, Axis], ...], start: Point,
    front_: tuple[Judged, ...], scale: Sequence[float], interrupted: bool,
) -> Optimum:  # fmt: skip
    known = [j for j in judge.known.values() if all(map(math.isfinite, j.goals))]
    if front_:
        low, high = (np.array([f(j.goals[k] for j in front_) for k in (0, 1)]) for f in (min, max))
        best = min(front_, key=lambda j: float(np.max((np.array(j.goals) - low) / np.maximum(high - low, 1e-12))))
    else:
        best = min(
            known,
            key=lambda j: (
                j.broken > 0,
                j.broken if j.broken > 0 else sum(g / s for g, s in zip(j.goals, scale, strict=True)),
            ),
        )
    try:
        before = judge.values(start)
    except InputError:
        before = {}
    return Optimum(
        goals, limits, axes, before, judge.values(best.point), start, best, judge.at(best.point), _bought(judge, start, best.point, goals, axes),
        _sensitivities(judge, best.point, goals, axes), front_, len(judge.known), judge.refused, interrupted,
    )  # fmt: skip


def _bought(
    judge: _Judge, start: Point, best: Point, goals: Sequence[Goal], axes: Sequence[tuple[Place, Axis]]
) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """The goals' numbers as one value after another goes from what it was to what it is now, in the order of the file."""
    out, point = [], dict(start)
    for name in ("", *(a.name for _, a in axes)):
        if name:
            point[name] = best[name]
        try:
            values = judge.values(point)
            out.append((name, tuple(values[g.output.name] for g in goals)))
        except InputError:
            out.append((name, (math.nan,) * len(goals)))
    return tuple(out)


def _sensitivities(
    judge: _Judge, best: Point, goals: Sequence[Goal], axes: Sequence[tuple[Place, Axis]]
) -> tuple[Sensitivity, ...]:
    """What a step of each line does, by central differences (one-sided at an end)."""
    out = []
    for place, a in axes:
        if a.discrete:
            continue
        step, unit = _STEPS.get(place.kind, (0.01 * abs(best[a.name]) or 0.01, "1 %"))
        h = min(step, 0.05 * (a.high - a.low))
        ends = [min(best[a.name] + h, a.high), max(best[a.name] - h, a.low)]
        try:
            up, down = (judge.values({**best, a.name: x}) for x in ends)
            change = tuple((up[g.output.name] - down[g.output.name]) / (ends[0] - ends[1]) * step for g in goals)
        except InputError:
            change = (math.nan,) * len(goals)
        out.append(Sensitivity(a.name, step, unit, change))
    return tuple(out)
