"""Where a rocket was over the ground, by the positions in its log."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from downrange.earth import Pad
from downrange.tracking.log import FlightLog

__all__ = ["GPS_ERROR", "GroundTrack", "ground_track"]

GPS_ERROR = 5.0  # m, 1 σ, each of east and north: what makers of the receivers in loggers state for open sky (2.5 m CEP), twice for speed
_GAP = 3.0  # s
_NEAR = 2_000.0  # m; first fixes farther from the launch file's pad than that are of another pad
_FASTEST = 1_500.0  # m/s over ground, of anything amateurs fly


@dataclass(frozen=True, eq=False)
class GroundTrack:
    """Places over the ground: `place` (n, 2) m east and north of the first fixes at `time` (n,) s from lift-off, each good to `error` (m, 1 σ).

    `landing` (2,) is where it came to rest, by the median of the last ten readings; `pad` (2,) where the first fixes lie from the launch file's pad, m.
    """

    time: np.ndarray
    place: np.ndarray
    error: float
    source: str
    landing: np.ndarray
    pad: np.ndarray

    @property
    def at_the_pad(self) -> bool:
        """Whether the first fixes are of the launch file's pad, to 2 km: else its map is not that of this flight."""
        return bool(math.hypot(*self.pad) <= _NEAR)

    def at(self, time: np.ndarray) -> np.ndarray:
        """Places (k, 2) at times (k,), linear between fixes; NaN outside them and in gaps longer than 3 s.

        time: (k,), s from lift-off.
        """
        out = np.stack([np.interp(time, self.time, x) for x in self.place.T], axis=1)
        after = np.clip(np.searchsorted(self.time, time), 1, len(self.time) - 1)
        out[(time < self.time[0]) | (time > self.time[-1]) | (self.time[after] - self.time[after - 1] > _GAP)] = np.nan
        return out


def _distinct(t: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fixes without the repeats of a receiver that is asked more often than it answers, and without jumps that nothing flies."""
    moved = np.concatenate([[True], np.any(np.diff(p, axis=0) != 0, axis=1)])
    moved[-1] = True
    t, p = t[moved], p[moved]
    keep, last = [0], 0
    for i in range(1, len(t)):
        if t[i] > t[last] and np.hypot(*(p[i] - p[last])) <= _FASTEST * (t[i] - t[last]) + 30:
            keep.append(i)
            last = i
    return t[keep], p[keep]


def ground_track(logs: Sequence[FlightLog], pad: Pad) -> GroundTrack | None:
    """The track by the log with the most positions; None where no log has ten that can be trusted.

    Where there are fixes before lift-off, places are from their median, else from the first.
    """
    best: GroundTrack | None = None
    for log in logs:
        lat, lon = log.get("latitude"), log.get("longitude")
        if lat is None or lon is None:
            continue
        t, x = lat.good
        y = np.interp(t, *lon.good)
        p = pad.position_enu(x, y, pad.elevation)[:, :2]
        rest = np.median(p[-10:], axis=0)
        t, p = _distinct(t, p)
        if len(t) < 10 or (best is not None and len(t) <= len(best.time)):
            continue
        before = t < 0.5
        first = np.median(p[before], axis=0) if before.sum() >= 3 else p[0]
        best = GroundTrack(t, p - first, max(GPS_ERROR, _grain(p)), f"{log.file}: {lat.source}", rest - first, first)
    return best


def _grain(p: np.ndarray) -> float:
    """How coarse the positions are written, m: their median smallest step, halved, where they stand on a grid of few numbers; else 0."""
    values = [np.unique(np.round(x, 2)) for x in p.T]
    return max((0.5 * float(np.median(np.diff(v))) for v in values if 3 < len(v) < 0.3 * len(p)), default=0.0)
