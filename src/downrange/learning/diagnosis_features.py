"""Numbers that tell flights apart, found alike in a log and in computed flights: how high and how fast it was when, when and where it was highest, what it felt along
its axis, how it turned and leaned, how fast it fell in which heights, where it was, and how the log ends.

Each is scaled so that what varies from flight to flight of one kind is near to a normal distribution: heights by the predicted apogee, times, rates and falls by their logarithms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from downrange.learning.diagnosis_seen import Looks, Seen

__all__ = ["ENDING", "LEAST_RATE", "Feature", "Reference", "Sight", "features"]

Kind = Literal[
    "height",
    "log height",
    "log time",
    "log rate",
    "log opening",
    "log fall",
    "speed",
    "log turn",
    "lean",
    "place",
    "drift",
    "ending speed",
]
_CLIMB = (
    0.04,
    0.08,
    0.13,
    0.18,
    0.25,
    0.33,
    0.42,
    0.52,
    0.63,
    0.75,
    0.88,
    1.0,
    1.15,
)  # of the predicted time to apogee
ENDING = ("height at the end of the log", "speed upward at the end of the log")
_FALLS = (2.0, 4.0, 8.0, 14.0)  # s behind the top
LEAST_RATE = 0.3  # m/s; slower is no descent
# What the equations, the air and the bay leave out, beside what varies and the recorder's noise: 1 σ of each kind of number, judgement.
_MODEL: dict[Kind, float] = {
    "height": 0.015, "log height": 0.02, "log time": 0.02, "log rate": 0.2, "log opening": 0.5, "log fall": 0.3, "speed": 0.04, "log turn": 1.0, "lean": 0.05, "place": 0.03, "drift": 0.5,
    "ending speed": 0.3,
}  # fmt: skip


@dataclass(frozen=True)
class Reference:
    """The predicted flight: its apogee (m), the time to it and to burn-out (s from lift-off), its greatest speed (m/s), the height at which its main canopy should open (m; NaN: none)."""

    apogee: float
    rise: float
    burn: float
    speed: float
    main: float

    def of_log(self, feature: Feature, x: np.ndarray) -> np.ndarray:
        """Numbers of a feature in SI."""
        kind = feature.kind
        if kind in ("height", "place"):
            return np.asarray(x * self.apogee)
        if kind == "speed":
            return np.asarray(x * self.speed)
        if kind == "ending speed":
            return np.asarray(3 * np.sinh(x))
        if kind == "log fall":
            return np.asarray(np.exp(x) - 2)
        return np.asarray(np.exp(x)) if kind.startswith("log") else np.asarray(x)


@dataclass(frozen=True)
class Feature:
    """A number of a flight: what it is in words, its kind, and what is not in the model of it (1 σ)."""

    words: str
    kind: Kind

    @property
    def doubt(self) -> float:
        """What the computed flights leave out of it, 1 σ, in its own scale."""
        return _MODEL[self.kind]


@dataclass(frozen=True)
class Sight:
    """What is looked at: the predicted flight, when the log looks, and of its own flight the time and height of the top and the height at its end (s, m)."""

    reference: Reference
    looks: Looks
    top: float
    highest: float
    ends_at: float


def _at(values: np.ndarray, times: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Values (m, n) at times (n,), linearly at wanted (k,): (m, k)."""
    i = np.clip(np.searchsorted(times, wanted), 1, len(times) - 1)
    w = np.clip((wanted - times[i - 1]) / np.maximum(times[i] - times[i - 1], 1e-9), 0, 1)
    return np.asarray(values[:, i - 1] * (1 - w) + values[:, i] * w)


def features(seen: Seen, sight: Sight) -> tuple[list[Feature], np.ndarray]:
    """The features and their numbers (m, d) of flights seen through the same looks."""
    parts = [
        _climb(seen, sight),
        _top(seen, sight),
        _descent(seen, sight),
        _felt(seen, sight),
        _attitude(seen, sight),
        _places(seen, sight),
        _ending(seen, sight),
    ]
    found = [f for names, _ in parts for f in names]
    return found, np.concatenate([x for _, x in parts], axis=1)


_Part = tuple[list[Feature], np.ndarray]


def _none(seen: Seen) -> _Part:
    return [], np.zeros((len(seen.height), 0))


def _climb(seen: Seen, sight: Sight) -> _Part:
    r, looks = sight.reference, sight.looks
    t = np.unique(np.concatenate([np.array(_CLIMB) * r.rise, [0.5 * r.burn, r.burn]]))
    t = t[(t < looks.until) & (t >= looks.height[0])]
    return [Feature(f"height {x:.1f} s after lift-off", "height") for x in t], _at(
        seen.height, looks.height, t
    ) / r.apogee


def _top(seen: Seen, sight: Sight) -> _Part:
    looks = sight.looks
    if not looks.landed and sight.top > looks.until - 1.0:
        return _none(seen)
    h = seen.height
    k = np.argmax(h, axis=1)
    high, when = np.maximum(h.max(axis=1), 1.0), np.maximum(looks.height[k], 0.1)
    names, columns = (
        [Feature("greatest height", "log height"), Feature("time to the greatest height", "log time")],
        [np.log(high), np.log(when)],
    )
    for fall in _FALLS:
        if sight.top + fall > looks.until:
            continue
        later = np.minimum(when + fall, looks.height[-1])
        i = np.clip(np.searchsorted(looks.height, later), 1, len(looks.height) - 1)
        w = np.clip((later - looks.height[i - 1]) / (looks.height[i] - looks.height[i - 1]), 0, 1)
        rows = np.arange(len(h))
        there = h[rows, i - 1] * (1 - w) + h[rows, i] * w
        names.append(Feature(f"fall in the first {fall:.0f} s behind the top", "log fall"))
        columns.append(np.log(np.maximum(high - there, 0.0) + 2.0))
    return names, np.stack(columns, axis=1)


def _levels(high: np.ndarray, main: float) -> list[np.ndarray]:
    """Heights (m,) between which the descent is timed, of flights with tops `high`."""
    if math.isfinite(main):
        low = np.minimum(main, 0.7 * high)
        return [0.95 * high, 0.5 * (0.95 * high + low), low, 0.7 * low, 0.4 * low, 0.1 * low]
    return [share * high for share in (0.95, 0.75, 0.5, 0.28, 0.06)]


def _descent(seen: Seen, sight: Sight) -> _Part:
    looks, h = sight.looks, seen.height
    if not looks.landed and sight.top > looks.until - 3.0:
        return _none(seen)
    high, k = np.maximum(h.max(axis=1), 1.0), np.argmax(h, axis=1)
    fallen = np.arange(h.shape[1])[None, :] >= k[:, None]
    ends = looks.height[-1]
    times, heights = [], []
    levels = _levels(high, sight.reference.main)
    own = _levels(np.array([sight.highest]), sight.reference.main)
    for level in levels:
        under = fallen & (h <= level[:, None])
        there = under.any(axis=1)
        i = np.argmax(under, axis=1)
        before = np.maximum(i - 1, 0)
        rows = np.arange(len(h))
        a, b = h[rows, before], h[rows, i]
        w = np.clip((a - level) / np.maximum(a - b, 1e-6), 0, 1)
        t = looks.height[before] + w * (looks.height[i] - looks.height[before])
        times.append(np.where(there, t, ends))
        heights.append(np.where(there, level, h[:, -1]))
    names, columns = [], []
    for a, b in zip(range(len(levels) - 1), range(1, len(levels)), strict=True):
        if not looks.landed and float(own[a][0]) < sight.ends_at:
            continue  # the log ends above it
        rate = (heights[a] - heights[b]) / np.maximum(times[b] - times[a], 0.2)
        opening = math.isfinite(sight.reference.main) and a in (2, 3)
        kind: Kind = "log opening" if opening else "log rate"
        names.append(Feature(f"rate of descent, {float(own[a][0]):.0f} to {float(own[b][0]):.0f} m up", kind))
        columns.append(np.log(np.clip(rate, LEAST_RATE, 500.0)))
    window = 2.0
    later = np.clip(np.searchsorted(looks.height, looks.height + window), 0, h.shape[1] - 1)
    drop = np.where(fallen, h - h[:, later], 0.0) / np.maximum(looks.height[later] - looks.height, 1.0)
    names.append(Feature("fastest descent over two seconds", "log opening"))
    columns.append(np.log(np.clip(drop.max(axis=1), LEAST_RATE, 500.0)))
    return names, np.stack(columns, axis=1)


def _felt(seen: Seen, sight: Sight) -> _Part:
    r, looks = sight.reference, sight.looks
    if not len(looks.felt):
        return _none(seen)
    gained = np.concatenate(
        [
            np.zeros((len(seen.felt), 1)),
            np.cumsum(0.5 * (seen.felt[:, 1:] + seen.felt[:, :-1]) * np.diff(looks.felt), axis=1),
        ],
        axis=1,
    )
    rest = r.rise - r.burn
    t = np.array([0.2, 0.4, 0.6, 0.8, 1.0]) * r.burn
    t = np.concatenate([t, r.burn + np.array([0.1, 0.25, 0.5, 0.75]) * rest])
    t = t[(t < looks.felt[-1]) & (t > looks.felt[0])]
    names = [Feature(f"speed that the accelerometer gives by {x:.1f} s, without gravity", "speed") for x in t]
    return names, _at(gained, looks.felt, t) / r.speed


def _attitude(seen: Seen, sight: Sight) -> _Part:
    r, looks = sight.reference, sight.looks
    names, columns = list[Feature](), list[np.ndarray]()
    if len(looks.turning):
        spans = ((0.1 * r.burn, r.burn, "under thrust"), (r.burn, 0.5 * (r.burn + r.rise), "in the first half of the coast"), (0.5 * (r.burn + r.rise), 0.95 * r.rise, "in its second half"))  # fmt: skip
        for a, b, word in spans:
            inside = (looks.turning >= a) & (looks.turning < b)
            if inside.sum() > 3:
                names.append(Feature(f"rate of turning {word}", "log turn"))
                columns.append(np.log(np.sqrt((seen.turning[:, inside] ** 2).mean(axis=1)) + 0.2))
    if len(looks.lean):
        t = np.array([r.burn, r.burn + 0.4 * (r.rise - r.burn), r.burn + 0.8 * (r.rise - r.burn)])
        t = t[(t > looks.lean[0]) & (t < looks.lean[-1])]
        names += [Feature(f"lean from the vertical at {x:.1f} s", "lean") for x in t]
        columns += list(_at(seen.lean, looks.lean, t).T)
    return (names, np.stack(columns, axis=1)) if names else _none(seen)


def _places(seen: Seen, sight: Sight) -> _Part:
    """Where it was at the middle of the climb and at its top, and how fast it drifted from there to the end."""
    r, looks = sight.reference, sight.looks
    if not len(looks.place):
        return _none(seen)
    t = np.array([0.5 * r.rise, r.rise])
    t = t[(t > looks.place[0]) & (t < looks.place[-1])]
    names = [Feature(f"way {word} by {x:.0f} s", "place") for word in ("east", "north") for x in t]
    columns = [_at(seen.place[:, :, k], looks.place, t) / r.apogee for k in (0, 1)]
    down = np.minimum(looks.place[-1], np.minimum(seen.lasts, looks.until))
    since = down - sight.top
    if looks.place[-1] > sight.top + 10:
        start = [_at(seen.place[:, :, k], looks.place, np.array([sight.top])) for k in (0, 1)]
        for k, word in enumerate(("east", "north")):
            names.append(Feature(f"drift {word} on the way down", "drift"))
            columns.append((seen.place[:, -1:, k] - start[k]) / np.maximum(since, 5.0)[:, None])
    return names, np.concatenate(columns, axis=1)


def _ending(seen: Seen, sight: Sight) -> _Part:
    """How the log ends: of one that ends in the air, how high it is and how fast it goes then."""
    looks, h = sight.looks, seen.height
    t = looks.height
    back = int(np.clip(np.searchsorted(t, t[-1] - 1.5), 0, len(t) - 2))
    v = (h[:, -1] - h[:, back]) / (t[-1] - t[back])
    names = [Feature(ENDING[0], "height"), Feature(ENDING[1], "ending speed")]
    return names, np.stack([h[:, -1] / sight.reference.apogee, np.arcsinh(v / 3.0)], axis=1)
