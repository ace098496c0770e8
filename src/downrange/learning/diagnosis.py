"""What went wrong with a flight: the ways that it can go, ranked by how probable each is after the log is seen.

Prior probabilities are those of the failure modes (`failures`); likelihoods come of flights of each mode seen as the log's recorder would have shown them. Theory:
docs/theory/diagnosis.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from downrange.dispersion import Plan
from downrange.dispersion.ways import calm, fly_ways
from downrange.errors import InputError
from downrange.failures import CHANGES, Mode, make_mode
from downrange.flight.rows import AT_ALTITUDE
from downrange.learning.diagnosis_features import ENDING, LEAST_RATE, Feature, Reference, Sight, features
from downrange.learning.diagnosis_likelihood import kernel_of
from downrange.learning.diagnosis_seen import Air, Course, Looks, Seen, courses, look_at, see
from downrange.learning.diagnosis_words import UNSEEN, doc_of, looks_of, title_of
from downrange.steps import advance, step
from downrange.tracking import FlightLog

__all__ = ["Diagnosis", "Evidence", "Hypothesis", "Library", "diagnose_logs", "fly_library"]

FLIGHTS = 128  # of each way
_STAGED = 60  # of each way of a vehicle that comes apart: each flight of it is ten times the work
_STEERED = 40  # of each way of a rocket that controllers steer: they are asked in Python
_CUT = 0.03  # of recordings that end in the air of themselves, judgement
_HARD = 25.0  # m/s; who hits the ground faster may lose its recorder's battery in it, at even odds: judgement
_FIT = 0.005  # the share of a way's own flights that fit it as badly, below which a log is said not to fit
_EXTRA = (make_mode("drogue fails", 0.005, ("first fails",)),)  # beyond those that a campaign flies
_SHOWN = 6  # pieces of evidence
_SPEAKS = 0.3  # of the logarithm of how many times likelier a number is, from which it is evidence
_ASKED = ("log height", "log time", "log rate")  # what a reader asks for first


@dataclass(frozen=True)
class Evidence:
    """One number that speaks for a hypothesis: what it is, the log's, and the middle 90 % of it among nominal flights and among those of the hypothesis; SI, `unit` says which.

    `times` is how many times likelier the number alone is under the hypothesis than in a nominal flight.
    """

    words: str
    unit: str
    value: float
    nominal: tuple[float, float]
    supposed: tuple[float, float]
    times: float


@dataclass(frozen=True)
class Hypothesis:
    """One way that the flight may have gone. `probability` is after the log is seen, `if_failed` the same where it is known that something went wrong (NaN of what is no failure of the
    flight), `prior` before; `fit` the share of its own flights that fit it as badly as this log or worse. `evidence` is for it against a nominal flight."""

    name: str
    doc: str
    probability: float
    if_failed: float
    prior: float
    fit: float
    evidence: tuple[Evidence, ...]
    look_at: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """The hypotheses of a flight, the most probable first.

    `fits` is whether any explains the log, `improbable` how rarely the best one's flights look like it or worse. `used` and `missing` say in words what the logs held, `unseen`
    which ways leave nothing in them, `skipped` which cannot happen to this rocket. `looks`, `shown`, `reference` and `flown` (name, seen) are what was laid beside each other.
    """

    rocket: str
    logs: tuple[str, ...]
    hypotheses: tuple[Hypothesis, ...]
    fits: bool
    improbable: float
    cut: bool
    used: tuple[str, ...]
    missing: tuple[str, ...]
    unseen: tuple[tuple[str, str], ...]
    skipped: tuple[tuple[str, str], ...]
    flights: int
    looks: Looks
    shown: Seen
    reference: Reference
    flown: tuple[tuple[str, Seen], ...]

    def __repr__(self) -> str:
        return f"Diagnosis({self.best.name!r}, {self.best.probability:.3f})"

    @property
    def best(self) -> Hypothesis:
        """The most probable one."""
        return self.hypotheses[0]

    @property
    def failures(self) -> tuple[Hypothesis, ...]:
        """What went wrong, where it is known that something did: the failures, by `if_failed`, the most probable first."""
        known = [h for h in self.hypotheses if math.isfinite(h.if_failed)]
        return tuple(sorted(known, key=lambda h: -h.if_failed))

    def hypothesis(self, name: str) -> Hypothesis | None:
        """The one of that name."""
        return next((h for h in self.hypotheses if h.name == name), None)


def _reference(plan: Plan) -> Reference:
    """The predicted flight. Raises `InputError` where it does not fly."""
    way = fly_ways(calm(plan), plan.modes[0].mode, np.full((1, len(plan.inputs.inputs)), 0.5))[0]
    if len(way) < 3:
        raise InputError(
            "the predicted flight does not leave its rail: there is nothing to compare a log with; see downrange check"
        )
    top = int(np.argmax(way[:, 3]))
    opens = [
        x.value
        for x in (plan.program.devices if plan.scene.main is None else plan.scene.main.devices)
        if x.event == AT_ALTITUDE
    ]
    burn = float(plan.program.launch.lifting.burnout_time)
    rise = max(float(way[top, 0]), 0.5)
    speed = float(np.linalg.norm(way[: top + 1, 4:7], axis=1).max())
    return Reference(
        max(float(way[top, 3]), 5.0), rise, min(burn, 0.8 * rise), max(speed, 5.0), min(opens, default=math.nan)
    )


def _modes(plan: Plan) -> tuple[list[tuple[Mode, float]], list[tuple[str, str]], list[tuple[str, str]]]:
    """The modes to weigh with their priors, those that leave nothing in a log, whose prior goes to the nominal flight, and those that cannot happen."""
    unseen = {id(CHANGES[name]): why for name, why in UNSEEN.items()}
    kept, dark = list[tuple[Mode, float]](), list[tuple[str, str]]()
    skipped, quiet = dict(plan.skipped), 0.0
    for m in plan.modes:
        why = next((unseen[id(c)] for c in m.mode.changes if id(c) in unseen), "") if len(m.mode.changes) == 1 else ""
        if why:
            dark.append((m.mode.name, why))
            quiet += m.probability
        elif m.probability > 0:
            kept.append((m.mode, m.probability))
    for extra in _EXTRA:
        why = extra.missing(plan.scene)
        if why:
            skipped[extra.name] = why
        elif extra.name not in [m.name for m, _ in kept] and extra.changes not in [m.changes for m, _ in kept]:
            kept.append((extra, extra.probability))
            quiet -= extra.probability
    first, p = kept[0]
    kept[0] = (first, max(p + quiet, 1e-6))
    return kept, dark, list(skipped.items())


def _counts(seen: Seen, looks: Looks) -> np.ndarray:
    """The logarithm (m,) of how probable it is that the recording of each flight ends where the log does."""
    hard = seen.hits > _HARD
    if looks.landed:
        return np.log(np.where(hard, 0.5, 1.0) * (1 - _CUT))
    aloft = np.where(seen.lasts > looks.until, _CUT / np.maximum(seen.lasts, 1.0), 1e-9)
    spread = 1.0 + 0.02 * seen.lasts
    struck = np.where(
        hard, 0.5 * np.exp(-0.5 * ((looks.until - seen.lasts) / spread) ** 2) / (spread * math.sqrt(2 * math.pi)), 0.0
    )
    return np.asarray(np.log(aloft + struck))


@dataclass(frozen=True, eq=False)
class Library:
    """The ways that the flights of a launch can go, flown: each mode with its prior and its flights; the predicted flight; which leave nothing in a log, and
    which cannot happen, each with why; of how many flights each."""

    plan: Plan
    reference: Reference
    flown: tuple[tuple[Mode, float, tuple[Course, ...]], ...]
    unseen: tuple[tuple[str, str], ...]
    skipped: tuple[tuple[str, str], ...]
    flights: int
    seed: int

    def __repr__(self) -> str:
        return f"Library({self.plan.program.launch.rocket.name!r}, {len(self.flown)} ways of {self.flights} flights)"


def fly_library(plan: Plan, *, flights: int | None = None, seed: int = 1) -> Library:
    """Fly all that may have happened to a launch whose campaign `plan` is. Raises `InputError` for one that does not fly.

    flights: of each way. seed: of the random numbers.
    """
    reference = _reference(plan)
    modes, unseen, skipped = _modes(plan)
    count = flights or (_STEERED if plan.steering is not None else _STAGED if plan.program.staged else FLIGHTS)
    # The same draws for all: what two ways then differ by is what went wrong, and not the luck of the draw.
    u = np.random.default_rng([seed, 20_260]).random((count, len(plan.inputs.inputs)))
    flown = list[tuple[Mode, float, tuple[Course, ...]]]()
    with step("flying what may have happened", len(modes) * count):
        for mode, prior in modes:
            own = tuple(courses(fly_ways(plan, mode, u)))
            if len(own) > 4:
                flown.append((mode, prior * len(own) / count, own))
            else:
                skipped.append((mode.name, "it does not leave its rail"))
            advance(count)
    return Library(plan, reference, tuple(flown), tuple(unseen), tuple(skipped), count, seed)


def diagnose_logs(library: Library, logs: Sequence[FlightLog], *, air_error: float) -> Diagnosis:
    """What went wrong with the flight of `logs`, of the launch whose ways to go are flown in `library`.

    air_error: how well the launch knows the mean temperature of its air, K, 1 σ. Raises `InputError` for logs without a height, without a flight or without its climb.
    """
    plan, reference = library.plan, library.reference
    looks, shown, used, missing = look_at(logs, plan.program.launch.pad, 1.3 * reference.rise + 5.0)
    top = int(np.argmax(shown.height[0]))
    sight = Sight(reference, looks, float(looks.height[top]), float(shown.height[0].max()), float(shown.height[0, -1]))
    air = Air(plan.altimeter, air_error / 280)
    with step("weighing it", 0):
        flown = [
            (mode, prior, see(own, looks, air, np.random.default_rng([library.seed, 5])))
            for mode, prior, own in library.flown
        ]
        return _weighed(library, logs, sight, shown, flown, (used, missing))


def _twins(library: Library, nominal: np.ndarray) -> list[np.ndarray]:
    """For each way the numbers (m, d) of the nominal flights of the same draws, NaN where such a one did not fly; those of all nominal ones given."""
    at = {c.draw: k for k, c in enumerate(library.flown[0][2])}
    rows = np.concatenate([nominal, np.full((1, nominal.shape[1]), np.nan)])
    return [rows[[at.get(c.draw, -1) for c in own]] for _, _, own in library.flown]


def _weighed(
    library: Library, logs: Sequence[FlightLog], sight: Sight, shown: Seen, flown: list[tuple[Mode, float, Seen]], told: tuple[tuple[str, ...], tuple[str, ...]],
) -> Diagnosis:  # fmt: skip
    """The hypotheses, weighed."""
    names, x = features(shown, sight)
    numbers = [features(s, sight)[1] for _, _, s in flown]
    kernel = kernel_of(numbers[0], np.array([f.doubt for f in names]))
    y = kernel.white(x)[0]
    twins = _twins(library, numbers[0])
    ways = [kernel.way(n, t, _counts(s, sight.looks)) for n, t, (_, _, s) in zip(numbers, twins, flown, strict=True)]
    prior = np.array([p for _, p, _ in flown])
    score = np.log(prior) + np.array([w.likelihood(y) for w in ways])
    p = _shares(score)
    failed = _shares(np.where([bool(m.changes) for m, _, _ in flown], score, -np.inf))
    cut = not sight.looks.landed
    found = []
    for k, (mode, _, _) in enumerate(flown):
        fit = ways[k].improbable(y)
        weights = _shares(ways[k].kernels(y))
        for_it = _evidence(names, x[0], numbers[0], numbers[k], weights, sight.reference, cut=cut)
        if_failed = float(failed[k]) if mode.changes else math.nan
        found.append(Hypothesis(title_of(mode, cut=cut), doc_of(mode, cut=cut), float(p[k]), if_failed, float(prior[k]), fit, for_it, looks_of(mode, cut=cut)))  # fmt: skip
    order = np.argsort(-p, kind="stable")
    best = max(found[k].fit for k in order if p[k] > 0.01)
    return Diagnosis(
        library.plan.program.launch.rocket.name, tuple(log.file for log in logs), tuple(found[k] for k in order), best >= _FIT, best, cut, *told, library.unseen, library.skipped,
        library.flights, sight.looks, shown, sight.reference, tuple((title_of(m, cut=cut), s) for m, _, s in flown),
    )  # fmt: skip


def _shares(score: np.ndarray) -> np.ndarray:
    """Shares of the whole by their logarithms; all alike where none is known."""
    top = float(score.max())
    out = np.exp(score - top) if math.isfinite(top) else np.ones(len(score))
    return np.asarray(out / out.sum())


_UNITS = {"height": "m", "log height": "m", "log time": "s", "log rate": "m/s", "log opening": "m/s", "log fall": "m", "speed": "m/s", "log turn": "rad/s", "lean": "rad", "place": "m", "drift": "m/s", "ending speed": "m/s"}  # fmt: skip


def _evidence(
    names: list[Feature],
    x: np.ndarray,
    nominal: np.ndarray,
    own: np.ndarray,
    weights: np.ndarray,
    reference: Reference,
    *,
    cut: bool,
) -> tuple[Evidence, ...]:
    """The numbers (d,) that speak most for a way against a nominal flight, at most two of a kind; of the nominal flight itself those that a reader asks for first."""
    doubt = np.array([f.doubt for f in names])
    normal = _log_density(x, nominal, np.full(len(nominal), 1 / len(nominal)), doubt)
    mine = _log_density(x, own, weights, doubt)
    gain = mine - normal
    if own is nominal:
        order = np.array([j for j, f in enumerate(names) if f.kind in _ASKED and f.words not in ENDING], int)
    else:
        order = np.array(
            [
                j
                for j in np.argsort(-gain, kind="stable")
                if gain[j] >= _SPEAKS and (cut or names[j].words not in ENDING)
            ],
            int,
        )
    out, kinds = list[Evidence](), dict[str, int]()
    for j in order.tolist():
        f = names[j]
        if kinds.get(f.kind, 0) >= 2:
            continue
        kinds[f.kind] = kinds.get(f.kind, 0) + 1
        low, high = _band(f, nominal[:, j], reference), _band(f, own[:, j], reference)
        out.append(
            Evidence(
                f.words,
                _UNITS[f.kind],
                float(reference.of_log(f, x[j])),
                low,
                high,
                float(np.exp(np.clip(gain[j], -50, 50))),
            )
        )
        if len(out) == _SHOWN:
            break
    return tuple(out)


def _band(f: Feature, x: np.ndarray, reference: Reference) -> tuple[float, float]:
    """The middle 90 % of a number (m,), SI; NaN where the flights do not get as far as that in the log."""
    low, high = np.sort(reference.of_log(f, np.quantile(x, [0.05, 0.95]))).tolist()
    far = f.kind in ("log rate", "log opening") and high <= LEAST_RATE * 1.001
    return (math.nan, math.nan) if far else (low, high)


def _log_density(x: np.ndarray, flights: np.ndarray, weights: np.ndarray, doubt: np.ndarray) -> np.ndarray:
    """Logarithms (d,) of the density of each number by itself, of a normal distribution with the flights' weighted moments."""
    mean = weights @ flights
    spread = np.sqrt(weights @ (flights - mean) ** 2 + doubt**2)
    return np.asarray(-0.5 * ((x - mean) / spread) ** 2 - np.log(spread))
