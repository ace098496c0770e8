"""Whether the barometers of one rocket agree at the top, where no port errs and no bay lags; and where they do not, which of them is wrong.

A barometer is wrong by what speaks against it alone: its own device states another apogee, it stands off the pad before lift-off, or two others agree
without it. It is left out then, and said. Where nothing tells, all are kept. By half of what those that are kept differ by every height is uncertain.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from downrange.tracking.heights import HeightSensor
from downrange.tracking.liftoff import apogees, pad_level, smooth_top
from downrange.tracking.log import FlightLog

__all__ = ["agreeing"]

_SHARE = 0.01  # of the height, and 3 m: pairs of good barometers at hand differ by 0.1 to 0.8 % at the top
_LEAST = 3.0
_OFF_PAD = 10.0  # m; a barometer that was zeroed at the pad stands nearer to it in its last seconds there
_BEFORE, _BEHIND = 2.5, 0.3  # s about the top


@dataclass(frozen=True)
class _Top:
    """What one barometer says: its top (m), how uncertain that is, and what speaks against it, in words."""

    sensor: HeightSensor
    height: float
    error: float
    against: str

    def agrees(self, other: _Top) -> bool:
        """Whether another says the same, within what both may be off."""
        may = _LEAST + _SHARE * max(self.height, other.height) + 3 * math.hypot(self.error, other.error)
        return abs(self.height - other.height) <= may


def agreeing(sensors: Sequence[tuple[FlightLog, HeightSensor]], notes: list[str]) -> tuple[list[HeightSensor], float]:
    """The sensors to use, and how uncertain every height is besides, as a share of it, because the barometers differ.

    sensors: each with the log that it is of. notes: what was found is added in words.
    """
    tops = [_top(log, s) for log, s in sensors if s.pressure and (s.time > 0.2).sum() > 20]
    if len(tops) < 2:
        return [s for _, s in sensors], 0.0
    wrong = [] if _all_agree(tops) else _wrong(tops)
    kept = [t for t in tops if t not in wrong]
    for t in wrong:
        others = " and ".join(f"{o.sensor.name} {o.height:,.0f} m" for o in kept[:3])
        why = t.against or "the others agree without it"
        notes.append(f"{t.sensor.name} is wrong and left out: it says {t.height:,.0f} m at the top, {others}; {why}")
    low, high = min(kept, key=lambda t: t.height), max(kept, key=lambda t: t.height)
    apart = 0.5 * (high.height - low.height) / high.height if high.height > 0 else 0.0
    if not _all_agree(kept):
        notes.append(
            f"{low.sensor.name} says {low.height:,.0f} m at the top and {high.sensor.name} {high.height:,.0f} m: they disagree, and nothing here tells which is "
            f"wrong; every height is \u00b1 {100 * apart:.1f} % for that"
        )  # fmt: skip
    out = [t.sensor for t in wrong]
    return [s for _, s in sensors if not any(s is o for o in out)], min(apart, 0.5)


def _all_agree(tops: list[_Top]) -> bool:
    return all(a.agrees(b) for a in tops for b in tops)


def _wrong(tops: list[_Top]) -> list[_Top]:
    """Those that are wrong: what alone has something against it, else what stands against two or more that agree; none where that is not clear."""
    accused = [t for t in tops if t.against]
    if accused and len(accused) < len(tops):
        return accused
    friends = [[o for o in tops if o is not t and o.agrees(t)] for t in tops]
    most = max(len(f) for f in friends)
    lone = [t for t, f in zip(tops, friends, strict=True) if not f]
    return lone if most and len(lone) < len(tops) - 1 else []


def _top(log: FlightLog, s: HeightSensor) -> _Top:
    late = s.time > 0.2
    t, h = s.time[late], s.height[late]
    height, at, noise = smooth_top(t, h)
    near = (t >= at - _BEFORE) & (t <= at + _BEHIND)
    error = noise / math.sqrt(max(int(near.sum()), 1)) if math.isfinite(noise) else s.sigma
    pad = pad_level(s.time, s.height)
    said = next((c.value for c in log.claims if c.name == "apogee above the pad"), math.nan)
    own = [a.height for a in apogees(log) if "pressure" in a.definition]
    against = ""
    if abs(pad) > _OFF_PAD + 3 * s.sigma:
        against = f"it stands {pad:+,.0f} m off the pad before lift-off"
    elif own and min(abs(h - said) for h in own) > _LEAST + _SHARE * abs(said):
        against = f"its own device states {said:,.0f} m"
    return _Top(s, height, error, against)
