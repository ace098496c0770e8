"""When a rocket left the pad, and how high it came, from the channels of a log."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from downrange.atmosphere import pressure_altitude
from downrange.constants import STANDARD_GRAVITY
from downrange.tracking.log import Channel, FlightLog, Quality
from downrange.tracking.trust import running_median

__all__ = [
    "Apogee",
    "Liftoff",
    "apogees",
    "by_acceleration",
    "by_climb",
    "find_liftoff",
    "pad_level",
    "pressure_heights",
    "smooth_top",
]

_RISEN = (
    3.0,
    80.0,
)  # m; the piece of a climb whose square root is fitted: above the noise, before drag or burn-out tell
_PUSH = 1.5 * STANDARD_GRAVITY  # of net acceleration; more than handling gives for 0.15 s, less than any motor


@dataclass(frozen=True)
class Liftoff:
    """`time` in s on the clock of the channels, its standard error, and in words by what."""

    time: float
    error: float
    how: str


@dataclass(frozen=True)
class Apogee:
    """The highest point by one channel: `height` (m) above the pad at `time` (s from lift-off), and what the number means."""

    height: float
    time: float
    definition: str
    source: str
    noise: float
    raw_maximum: float


def _axial(channels: Iterable[Channel]) -> tuple[np.ndarray, np.ndarray] | None:
    """Time and net acceleration (0 at rest) of the best accelerometer: a net channel, an axial one less 1 g, or the magnitude of three."""
    have = list(channels)
    for name, less in (("acceleration_net", 0.0), ("acceleration_axial", STANDARD_GRAVITY)):
        for c in have:
            if c.name == name and c.good[0].size > 10:
                return c.good[0], np.abs(c.good[1] - less)
    three = [next((c for c in have if c.name == f"acceleration_{a}" and c.good[0].size > 10), None) for a in "xyz"]
    if all(c is not None for c in three):
        t = three[0].time  # type: ignore[union-attr]
        total = np.sqrt(sum(np.interp(t, *c.good) ** 2 for c in three))  # type: ignore[union-attr]
        rest = float(np.median(total[: max(5, len(total) // 50)]))
        return t, np.abs(total - (rest if rest < 2 * STANDARD_GRAVITY else STANDARD_GRAVITY))
    return None


def by_acceleration(t: np.ndarray, a: np.ndarray) -> Liftoff | None:
    """The first time that a push above 1.5 g (net) lasts 0.15 s, walked back to where it began."""
    step = float(np.median(np.diff(t))) if len(t) > 2 else 0.0
    need = max(2, math.ceil(0.15 / step)) if step > 0 else 2
    high = a > _PUSH
    count = np.cumsum(high.astype(int))
    run = count[need - 1 :] - np.concatenate([[0], count[:-need]])
    hits = np.flatnonzero(run == need)
    if not hits.size or step > 0.3:
        return None
    i = int(hits[0])
    while i > 0 and a[i - 1] > 0.3 * STANDARD_GRAVITY:
        i -= 1
    return Liftoff(float(t[i]), max(step, 0.02), "the accelerometer")


def by_climb(t: np.ndarray, h: np.ndarray) -> Liftoff | None:
    """Where a line through the square root of the height (constant acceleration) meets the ground, before the greatest climb."""
    if len(t) < 8:
        return None
    h = h - float(np.median(h[: max(3, int(np.searchsorted(t, t[0] + 0.25)))]))
    risen = np.flatnonzero(h > _RISEN[1])
    if risen.size:  # the weather moves a barometer while the rocket waits: the pad's level just before
        before = (t > t[risen[0]] - 40) & (t < t[risen[0]] - 12)
        h = h - (float(np.median(h[before])) if before.sum() > 10 else 0.0)
    risen = np.flatnonzero(h > _RISEN[1])
    if not risen.size:
        risen = np.flatnonzero(h > 0.6 * h.max()) if h.max() > 15 else risen
    if not risen.size:
        return None
    end = int(risen[0])
    low = np.flatnonzero(h[:end] < _RISEN[0])
    start = int(low[-1]) + 1 if low.size else 0
    if t[end] - t[start] > 20:  # a walk up a hill, or the weather: no launch
        return None
    piece = slice(start, end + 1)
    if end - start < 3:
        return Liftoff(float(t[max(start - 1, 0)]), float(t[end] - t[max(start - 1, 0)]), "the barometer")
    slope, late = _polynomial(np.sqrt(np.maximum(h[piece], 0)), t[piece] - t[end], 1)
    if not slope > 0:
        return None
    root = t[end] + late
    return Liftoff(float(min(root, t[end])), max(0.1, float(np.median(np.diff(t)))), "the barometer")


def pressure_heights(channels: Iterable[Channel]) -> list[tuple[Channel, np.ndarray, np.ndarray]]:
    """Channels that tell a height, best first, each with its good times and heights (m, from any zero)."""
    order = ("pressure", "altitude_agl", "altitude_msl", "altitude_filtered", "gps_altitude", "altitude_inertial")
    have = sorted((c for c in channels if c.name in order), key=lambda c: (order.index(c.name), -c.good[0].size))
    return [
        (c, c.good[0], pressure_altitude(c.good[1]) if c.name == "pressure" else c.good[1])
        for c in have
        if c.good[0].size > 4
    ]


def find_liftoff(channels: Iterable[Channel]) -> Liftoff | None:
    """When the rocket left the pad, by the accelerometer if there is one, else by the first climb; None where nothing flew.

    A push without a climb (handling, a drop) is no lift-off where a height is known: the climb must follow within 5 s.
    """
    have = list(channels)
    climbs = [f for _, t, h in pressure_heights(have) if (f := by_climb(t, h)) is not None]
    axial = _axial(have)
    if axial is not None:
        t, a = axial
        if climbs:
            near = (t > climbs[0].time - 5) & (t < climbs[0].time + 5)
            t, a = t[near], a[near]
        elif any(len(t) for _, t, h in pressure_heights(have)):
            return None  # a height is known, and it never rose
        found = by_acceleration(t, a)
        if found is not None:
            return found
    return climbs[0] if climbs else None


def pad_level(t: np.ndarray, h: np.ndarray) -> float:
    """The height of the pad on a channel's own scale: the median before lift-off (its last 20 s), else of the first readings."""
    before = (t < -0.1) & (t > -20)
    if before.sum() >= 5:
        return float(np.median(h[before]))
    first = t <= max(t[0] + 0.15, 0.1)
    return float(np.median(h[first])) if first.sum() >= 1 else float(h[0])


def _polynomial(x: np.ndarray, y: np.ndarray, degree: int) -> np.ndarray:
    """Coefficients (degree + 1,), the highest first, of a polynomial of readings `y` at times `x`; NaN where too few times differ."""
    fit, _, rank, _ = np.linalg.lstsq(np.vander(x, degree + 1), y, rcond=None)
    return np.asarray(fit) if rank > degree else np.full(degree + 1, math.nan)


def _fitted(x: np.ndarray, y: np.ndarray, curve: float | None) -> tuple[float, float, float]:
    """Top, its time and the noise of readings `y` at times `x` about the top: a parabola whose second derivative is `curve`
    (free where None), readings off by four times the noise left out."""
    top, at, noise = float(y.max()), float(x[np.argmax(y)]), np.inf
    for _ in range(4):
        fit = _polynomial(x, y, 2) if curve is None else np.array([curve / 2, *_polynomial(x, y - curve / 2 * x**2, 1)])
        if not np.isfinite(fit).all():
            return top, at, np.inf
        off = np.abs(y - np.polyval(fit, x))
        noise = float(1.4826 * np.median(off))
        if fit[0] < 0:
            at = float(-fit[1] / (2 * fit[0]))
            top = float(np.polyval(fit, at))
        keep = off <= max(4 * noise, 0.3)
        if keep.all() or keep.sum() < 6:
            break
        x, y = x[keep], y[keep]
    return top, at, noise if x[0] - 0.5 <= at <= x[-1] + 0.5 else np.inf


def smooth_top(t: np.ndarray, h: np.ndarray) -> tuple[float, float, float]:
    """Greatest height, its time, and the noise there.

    A median of up to 17 readings within ±0.35 s finds the top. About it the readings of the last 2.5 s of the climb are fitted with
    the parabola of a fall by gravity, which nothing but a canopy disturbs at such speeds; a free one is taken where
    that fits much worse (an opening before the top). Height and time are those of the median where neither fits.
    """
    centre = running_median(t, h, 0.35, 17)
    top = int(np.argmax(centre))
    rough = float(1.4826 * np.median(np.abs(h - centre)))
    fits = []
    for back, ahead, curve in ((2.5, 0.3, -STANDARD_GRAVITY), (1.5, 1.5, None)):
        near = (t >= t[top] - back) & (t <= t[top] + ahead)
        if near.sum() >= 6:
            fits.append(_fitted(t[near] - t[top], h[near], curve))
    good = [f for f in fits if np.isfinite(f[2]) and abs(f[0] - centre[top]) < max(6 * rough, 5.0)]
    if not good:
        return float(centre[top]), float(t[top]), rough
    height, at, noise = good[0] if len(good) < 2 or good[0][2] < 1.5 * good[1][2] + 0.3 else good[1]
    return height, float(t[top]) + at, noise


_MEANING = {
    "pressure": "pressure altitude above the pad (standard atmosphere)",
    "altitude_agl": "the device's own altitude above the pad, from pressure (standard atmosphere)",
    "altitude_msl": "the device's own altitude from pressure, less the pad's",
    "altitude_filtered": "the device's filtered altitude",
    "altitude_inertial": "the device's integrated altitude",
    "gps_altitude": "height by GPS, less the pad's",
}


_ZEROED = ("altitude_agl", "altitude_filtered", "altitude_inertial")


def apogees(log: FlightLog) -> tuple[Apogee, ...]:
    """The highest point by every channel that tells a height, best first; spikes and other withheld readings do not count.

    Altitudes above the pad keep the device's own zero; a pressure is taken from the device's pressure on the pad, where it states
    one; others are less the median before lift-off.
    """
    out = []
    for c, t, h in pressure_heights(log.channels):
        late = t > 0.2
        if late.sum() < 3:
            continue
        said = [k.value for k in log.claims if k.name == "pressure on the pad"] if c.name == "pressure" else []
        first = 0.0 if c.name in _ZEROED else pad_level(t, h)
        pad = float(pressure_altitude(said[0])) if said else first
        height, time, noise = smooth_top(t[late], h[late])
        all_raw = c.raw[(c.quality != Quality.NO_READING) & (c.quality != Quality.NO_FIX)]
        raw = pressure_altitude(all_raw[all_raw > 0]) if c.name == "pressure" else all_raw
        out.append(Apogee(height - pad, time, _MEANING[c.name], c.source, noise, float(raw.max() - pad)))
        if said and abs(first - pad) > 5:  # a log that begins in flight
            late_zero = f"{_MEANING[c.name]}, but above its first readings, which were taken {first - pad:.0f} m higher"
            out.append(Apogee(height - first, time, late_zero, c.source, noise, float(raw.max() - first)))
    return tuple(out)
