"""One channel of a test stand as it was recorded, and what is mended in it before anything is worked out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from downrange.errors import InputError

__all__ = ["Trace"]

_FEWEST = 12  # samples that make a burn
_LONGEST = 5000.0  # s; a record of more is not of one firing, or its time is in another unit
_GAP = 5.0  # median steps between two samples that make a gap
_SPIKE = 0.3  # of the range: a single sample that stands out from two neighbours that agree
_AGREE = 0.1  # of the range: neighbours that agree


@dataclass(frozen=True, eq=False)
class Trace:
    """A channel: time (n,) s, increasing; value (n,) in newtons or pascals as recorded, offset and all.

    kind: `thrust` or `pressure`. calibration: relative standard uncertainty of its scale, None where nobody gave it.
    notes: what was done to it so far, in words. Raises `InputError` for a record that cannot be one of a firing.
    """

    kind: str
    time: np.ndarray
    value: np.ndarray
    calibration: float | None = None
    notes: tuple[str, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        t, v = np.array(self.time, float), np.array(self.value, float)
        if t.ndim != 1 or t.shape != v.shape:
            raise InputError(f"{self.kind}: time and value need the same number of samples", file=self.source or None)
        if not (np.isfinite(t).all() and np.isfinite(v).all()):
            raise InputError(f"{self.kind}: a sample is not a finite number", file=self.source or None)
        if t.size < _FEWEST:
            raise InputError(
                f"{self.kind}: {t.size} samples; a firing needs at least {_FEWEST}", file=self.source or None
            )
        if np.any(np.diff(t) < 0):
            k = int(np.argmax(np.diff(t) < 0))
            raise InputError(
                f"{self.kind}: the clock steps back, from {t[k]:.6g} to {t[k + 1]:.6g} s (sample {k + 2}); cut the file there, "
                "or sort it",
                file=self.source or None,
            )
        if t[-1] - t[0] > _LONGEST:
            raise InputError(
                f"{self.kind}: a record of {t[-1] - t[0]:.4g} s is longer than any firing (at most {_LONGEST:g} s); say the unit "
                "of its time, or cut it",
                file=self.source or None,
            )
        t.setflags(write=False)
        v.setflags(write=False)
        object.__setattr__(self, "time", t)
        object.__setattr__(self, "value", v)

    @property
    def step(self) -> float:
        """Median time between samples, s."""
        return float(np.median(np.diff(self.time)))

    def gaps(self, start: float, end: float) -> list[tuple[float, float]]:
        """Where it was not sampled between two times (s): from and to of every step above five median ones."""
        i = np.flatnonzero(np.diff(self.time) > _GAP * self.step)
        return [
            (float(self.time[k]), float(self.time[k + 1])) for k in i if self.time[k + 1] > start and self.time[k] < end
        ]

    def mended(self) -> Trace:
        """The trace with one sample a time, and without lone samples that stand out: a bit that fell, a contact that broke.

        A spike is a sample that differs by three tenths of the range from both neighbours, which agree within a tenth:
        no motor and no stand moves so. It becomes the mean of its neighbours. Every change is told in `notes`.
        """
        notes = list(self.notes)
        t, inverse = np.unique(self.time, return_inverse=True)
        v = self.value
        if t.size < v.size:
            v = np.bincount(inverse, v) / np.bincount(inverse)
            notes.append(f"{self.value.size - t.size} samples share a time with another: they were averaged")
        inner, before, after = v[1:-1], v[:-2], v[2:]
        span = float(np.percentile(v, 99.5) - np.percentile(v, 0.5)) or float(np.ptp(v))
        lone = (np.minimum(np.abs(inner - before), np.abs(inner - after)) > _SPIKE * span) & (
            np.abs(after - before) < _AGREE * span
        )
        if (hits := np.flatnonzero(lone) + 1).size:
            v = v.copy()
            v[hits] = 0.5 * (v[hits - 1] + v[hits + 1])
            listed = ", ".join(f"{t[k]:.4g} s" for k in hits[:4]) + (" ..." if hits.size > 4 else "")
            notes.append(f"{hits.size} lone spike{'s' if hits.size > 1 else ''} taken out, at {listed}")
        return replace(self, time=t, value=v, notes=tuple(notes))
