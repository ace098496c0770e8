"""Where the zero of a channel is, while the motor burns: tare, drift, sign, ringing, and how well each is known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from downrange.errors import InputError
from downrange.motor.stand.trace import Trace

__all__ = ["Zeroed", "zeroed"]

_SHARE = 0.05  # of the peak, where a burn begins and ends; NFPA 1125
_QUIET = 0.1  # of the burn, that lies between it and what counts as quiet before
_LATER = 0.3  # of the burn, likewise behind it: tails are longer than rises
_ENOUGH = 5  # samples that make a quiet part
_STILL = 0.05  # of the peak, by which a quiet part may spread and still be quiet
_RINGS = 0.5  # share of what is left of a smoothed record, that one frequency holds when a stand rings
_CYCLES = 20  # swings in a burn, from which on they are the stand's
_FULL = 5  # equal samples at the top, from which on a channel is taken to be at its end


@dataclass(frozen=True, eq=False)
class Zeroed:
    """A channel over one burn, with its zero taken off: time (n,) s on its own clock, value (n,) in N or Pa above its zero.

    begins, ends: where it crosses 5 % of its peak, s. zero, zero_after: what was taken off before and behind, None where no
    quiet part tells. zero_error: standard uncertainty of the zero. noise: standard deviation of a quiet sample, NaN where
    none is. ringing: Hz and amplitude of a stand that swings, None without. saturated: whether its top is cut off.
    """

    trace: Trace
    time: np.ndarray
    value: np.ndarray
    begins: float
    ends: float
    zero: float | None
    zero_after: float | None
    zero_error: float
    noise: float
    ringing: tuple[float, float] | None
    saturated: bool
    notes: tuple[str, ...]

    @property
    def peak(self) -> float:
        """Largest value, N or Pa above the zero."""
        return float(self.value.max())

    @property
    def integral(self) -> float:
        """Over the burn, by trapezoids: N s or Pa s."""
        return float(np.trapezoid(self.value, self.time))

    @property
    def integral_error(self) -> float:
        """Standard uncertainty of `integral` but for the scale: the zero, the noise, and the gaps."""
        length = self.time[-1] - self.time[0]
        step = length / max(self.time.size - 1, 1)
        noise = 0.0 if math.isnan(self.noise) else self.noise * math.sqrt(step * length)
        return math.hypot(self.zero_error * length, noise, self.gap_error)

    @property
    def gap_error(self) -> float:
        """Of the integral: a straight line over a gap may be wrong by a third of what the two ends differ (rectangular spread)."""
        out = 0.0
        for a, b in self.trace.gaps(float(self.time[0]), float(self.time[-1])):
            v = np.interp([a, b], self.time, self.value)
            out = math.hypot(out, 0.5 * abs(v[1] - v[0]) * (b - a) / math.sqrt(3))
        return out


def zeroed(trace: Trace) -> Zeroed:
    """Find the burn in a channel and take off its zero: what it shows before, going over to what it shows behind.

    The zero is the median of the quiet part before the burn, and goes in a straight line over the burn to the median of
    that behind: a load cell's drift, or the weight that a standing motor loses. Its uncertainty is that of such a line
    (the difference over the root of twelve) and the spread of the medians. Raises `InputError` where nothing burns.
    """
    trace = trace.mended()
    t, v, notes = trace.time, trace.value, list(trace.notes)
    if trace.kind == "thrust" and _downwards(v):
        v = -v
        notes.append("thrust counts downwards in this record: its sign was turned")
    i, j = _burn(t, v, trace)
    base, noise, shown, error = _baseline(trace, v, i, j, notes)
    value = v - base
    level = _SHARE * value[i : j + 1].max()
    i, j = _main(t, value, level, trace)
    floor = max(2 * noise if not math.isnan(noise) else 0.0, 1e-3 * float(value[i : j + 1].max()))
    first, last = _out_to(value, i, -1, floor), _out_to(value, j, 1, floor)
    cut = slice(first, last + 1)
    time, burn = t[cut], np.maximum(value[cut], 0.0)
    ringing = _ringing(time, burn) if trace.kind == "thrust" else None
    if ringing is not None:
        burn = _over_one_period(time, burn, 1 / ringing[0])
        notes.append(
            f"the stand rings at {ringing[0]:.3g} Hz with {ringing[1]:.3g} N: averaged over one period, which keeps the impulse"
        )
    run = _longest_run(v[i : j + 1] == v[i : j + 1].max())
    saturated = run >= _FULL
    if saturated:
        notes.append(
            f"{trace.kind}: {run} samples in a row are the largest: the channel may be at its end, and the peak above it"
        )
    for a, b in trace.gaps(float(time[0]), float(time[-1])):
        notes.append(f"not sampled from {a - time[0]:.3f} to {b - time[0]:.3f} s of the burn: a straight line there")
    begins, ends = _crossings(time, burn)
    return Zeroed(
        trace, time, burn, begins, ends, shown[0], shown[1], error, noise, ringing, saturated, tuple(notes)
    )  # fmt: skip


def _downwards(v: np.ndarray) -> bool:
    """Whether a channel swings downwards, more than twice as far as upwards: from where it lies most of the time, or from zero."""
    few = max(v.size // 50, 3)
    rest = float(np.median(np.concatenate([v[:few], v[-few:]])))
    at_rest = abs(float(np.median(v)) - rest) < _STILL * float(np.ptp(v))
    return bool(-v.min() > 2 * max(v.max(), 0.0) or (at_rest and rest - v.min() > 2 * (v.max() - rest)))


def _burn(t: np.ndarray, v: np.ndarray, trace: Trace) -> tuple[int, int]:
    """A first guess of the burn, before the zero is known: what exceeds a twentieth of the range over its low end."""
    low = float(np.percentile(v, 2))
    if v.max() <= low:
        raise InputError(f"{trace.kind}: the record does not change: nothing burns in it", file=trace.source or None)
    return _main(t, v - low, _SHARE * (v.max() - low), trace)


def _main(t: np.ndarray, v: np.ndarray, level: float, trace: Trace) -> tuple[int, int]:
    """First and last index of the part above `level` with the largest integral; parts closer than a quarter of it belong to it."""
    edges = np.diff(np.concatenate([[0], (v > level).astype(int), [0]]))
    starts, stops = np.flatnonzero(edges > 0), np.flatnonzero(edges < 0) - 1
    if not starts.size:
        raise InputError(f"{trace.kind}: nothing burns in this record", file=trace.source or None)
    so_far = np.concatenate([[0.0], np.cumsum(0.5 * (v[1:] + v[:-1]) * np.diff(t))])
    best = int(np.argmax(so_far[stops] - so_far[starts]))
    i, j = int(starts[best]), int(stops[best])
    for k in range(best - 1, -1, -1):
        if t[i] - t[stops[k]] < 0.25 * (t[j] - t[i]) and so_far[stops[k]] - so_far[starts[k]] > 0.002 * (
            so_far[j] - so_far[i]
        ):
            i = int(starts[k])
    for k in range(best + 1, len(starts)):
        if t[starts[k]] - t[j] < 0.25 * (t[j] - t[i]):
            j = int(stops[k])
    if j - i < 4:
        raise InputError(
            f"{trace.kind}: only {j - i + 1} samples of the burn: a spike, or the record is too coarse",
            file=trace.source or None,
        )
    return i, j


def _baseline(
    trace: Trace, v: np.ndarray, i: int, j: int, notes: list[str]
) -> tuple[np.ndarray, float, tuple[float | None, float | None], float]:
    """The zero (n,), the noise, what was shown before and behind (None: not known), and the zero's uncertainty."""
    t, kind = trace.time, trace.kind
    length, peak = t[j] - t[i], float(v[i : j + 1].max() - np.percentile(v, 2))
    parts = (v[t < t[i] - _QUIET * length], v[t > t[j] + _LATER * length])
    levels: list[float | None] = []
    spreads = []
    for part in parts:
        spread = 1.4826 * float(np.median(np.abs(part - np.median(part)))) if part.size >= _ENOUGH else math.inf
        quiet = part.size >= _ENOUGH and spread < _STILL * peak
        levels.append(float(np.median(part)) if quiet else None)
        if quiet:
            spreads.append((max(spread, float(np.std(np.clip(part, *np.percentile(part, [2, 98]))))), part.size))
    noise = float(np.mean([s for s, _ in spreads])) if spreads else math.nan
    of_median = max((s / math.sqrt(n) for s, n in spreads), default=0.0)
    before, after = levels
    if before is None and after is None:
        edge = max(min(abs(float(v[0])), abs(float(v[-1]))), -float(v.min()))
        notes.append(f"no quiet part before or behind the burn: the zero of {kind} is taken as the file has it")
        return np.zeros_like(v), math.nan, (None, None), edge / math.sqrt(3)
    if before is None or after is None:
        level = before if before is not None else after
        assert level is not None
        where = "before" if before is not None else "behind"
        notes.append(f"quiet only {where} the burn: drift of {kind} cannot be told")
        return np.full_like(v, level), noise, (before, after), of_median
    base = np.interp(t, [t[i], t[j]], [before, after])
    return base, noise, (before, after), math.hypot((after - before) / math.sqrt(12), of_median)


def _out_to(v: np.ndarray, k: int, step: int, floor: float) -> int:
    """From index k outwards to the first sample at or below `floor`, or the end of the record."""
    while 0 <= k + step < v.size and v[k] > floor:
        k += step
    return k


def _longest_run(mask: np.ndarray) -> int:
    """How many are true in a row at most."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _crossings(t: np.ndarray, v: np.ndarray) -> tuple[float, float]:
    """Where the burn first and last crosses 5 % of its peak, s."""
    level = _SHARE * v.max()
    above = np.flatnonzero(v >= level)
    i, j = int(above[0]), int(above[-1])
    begins = t[i] if i == 0 else t[i - 1] + (level - v[i - 1]) / (v[i] - v[i - 1]) * (t[i] - t[i - 1])
    ends = t[j] if j == v.size - 1 else t[j] + (v[j] - level) / (v[j] - v[j + 1]) * (t[j + 1] - t[j])
    return float(begins), float(ends)


def _ringing(t: np.ndarray, v: np.ndarray) -> tuple[float, float] | None:
    """Frequency (Hz) and amplitude (N) at which a stand swings, where one frequency holds half of what smoothing leaves."""
    n, length = t.size, t[-1] - t[0]
    if n < 64 or length <= 0:
        return None
    grid = np.linspace(t[0], t[-1], n)
    x = np.interp(grid, t, v)
    width = max(5, n // 12) | 1
    so_far = np.cumsum(np.pad(x, (width // 2 + 1, width // 2), mode="edge"))
    left = x - (so_far[width:] - so_far[:-width]) / width
    inner = left[n // 8 : -n // 8]
    power = np.abs(np.fft.rfft(inner * np.hanning(inner.size))) ** 2
    frequency = np.fft.rfftfreq(inner.size, length / (n - 1))
    power[frequency < _CYCLES / length] = 0.0  # slower swings are the motor's own
    if power.sum() <= 0:
        return None
    k = int(np.argmax(power))
    share = power[max(k - 2, 0) : k + 3].sum() / power.sum()
    amplitude = math.sqrt(2) * float(np.std(inner)) * math.sqrt(share)
    if share < _RINGS or amplitude < 0.01 * v.max():
        return None
    thirds = [float(np.var(part)) for part in np.array_split(inner, 3)]
    if min(thirds) < 0.1 * sum(thirds):  # a corner of the curve, or a gap, not a swing that lasts
        return None
    near = power[max(k - 2, 0) : k + 3]
    return float((near * frequency[max(k - 2, 0) : k + 3]).sum() / near.sum()), amplitude


def _over_one_period(t: np.ndarray, v: np.ndarray, period: float) -> np.ndarray:
    """The mean over one period about each sample, from the integral; ends that would leave the record take what there is.

    A mean over one period takes out a swing of it and its harmonics; the integral over all stays, but for the ends, which are scaled.
    """
    so_far = np.concatenate([[0.0], np.cumsum(0.5 * (v[1:] + v[:-1]) * np.diff(t))])
    half = np.minimum(period / 2, np.minimum(t - t[0], t[-1] - t))
    a, b = t - half, t + half
    mean = (np.interp(b, t, so_far) - np.interp(a, t, so_far)) / np.where(half > 0, 2 * half, 1.0)
    out = np.where(half > 0, mean, v)
    total = float(np.trapezoid(out, t))
    return out * (so_far[-1] / total) if total > 0 else out
