"""From what a reader found to a `FlightLog`: units to SI, time in order and from lift-off, readings judged."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from downrange.errors import InputError
from downrange.formats.logs.source import Source
from downrange.formats.logs.unit import factor
from downrange.tracking.judging import judged
from downrange.tracking.liftoff import Liftoff, find_liftoff
from downrange.tracking.log import Channel, Claim, FlightLog, Quality, State
from downrange.tracking.trust import impossible, mark, sentinels

__all__ = ["Draft", "Match", "finish"]


@dataclass(frozen=True)
class Match:
    """How sure a family is that a file is its own (0 to 1), and by what."""

    confidence: float
    why: str


@dataclass
class Draft:
    """What a reader gathers. `zero` says what time 0 of the file is, like "the device's launch detection"; empty where it is
    not lift-off (power-up, the hour of the day)."""

    family: str
    zero: str = ""
    channels: list[Channel] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    device: dict[str, str] = field(default_factory=dict)

    def add(
        self, name: str, time: np.ndarray, value: np.ndarray, unit: str, *, source: str, why: str, sensor: str = "",
        missing: np.ndarray | None = None,
    ) -> None:  # fmt: skip
        """Add a channel: `time` (n,) in s, `value` (n,) in `unit`; NaN and `missing` are cells without a reading. A channel
        without any number is noted and left out."""
        k, shift = factor(unit, name)
        here = np.isfinite(time) & np.isfinite(value)
        if not here.any():
            self.notes.append(f"the column {source!r} holds no number")
            return
        raw, t = value[here] * k + shift, time[here]
        quality = np.zeros(len(raw), np.uint8)
        mark(quality, sentinels(name, value[here]) | impossible(name, raw), Quality.NO_READING)
        if missing is not None:
            mark(quality, missing[here], Quality.NO_READING)
        self.channels.append(Channel(name, t, raw, quality, source, why, sensor))

    def claim(self, name: str, value: float, unit: str, quantity: str, source: str) -> None:
        """Add a figure of the device's own, in `unit` of the quantity `quantity`."""
        k, shift = factor(unit, quantity)
        if math.isfinite(value):
            from downrange.tracking.log import QUANTITIES

            self.claims.append(
                Claim(name, value * k + shift, "s" if quantity == "time" else QUANTITIES[quantity][0], source)
            )


def _in_order(draft: Draft) -> list[Channel]:
    """Channels with rising times: rows out of order sorted, exact repeats dropped; what was done is noted once a kind."""
    out, sorted_, repeated = [], 0, 0
    for c in draft.channels:
        back = int((np.diff(c.time) < 0).sum())
        order = np.argsort(c.time, kind="stable") if back else np.arange(len(c.time))
        t, raw = c.time[order], c.raw[order]
        same = np.concatenate([[False], (np.diff(t) == 0) & (np.diff(raw) == 0)])
        sorted_, repeated = max(sorted_, back), max(repeated, int(same.sum()))
        keep = order[~same]
        out.append(Channel(c.name, c.time[keep], c.raw[keep], c.quality[keep], c.source, c.why, c.sensor))
    if sorted_:
        draft.notes.append(f"rows were not in the order of time: {sorted_} steps back; sorted by time")
    if repeated:
        draft.notes.append(f"{repeated} rows repeat the one before (same time, same reading): kept once")
    return out


def _moved(c: Channel, by: float) -> Channel:
    return Channel(c.name, c.time - by, c.raw, c.quality, c.source, c.why, c.sensor)


def _zero(draft: Draft, channels: list[Channel]) -> tuple[float, str]:
    """Time of lift-off on the file's clock, and in words how it is known."""
    found: Liftoff | None = find_liftoff(channels)
    if draft.zero:
        if (
            found is not None and abs(found.time) > 5.0 + 3 * found.error
        ):  # a barometer that is wrong in the boost is late by up to 4 s
            draft.warnings.append(
                f"time 0 is {draft.zero}, but {found.how} says lift-off at {found.time:.2f} s: the clock may be off, or the file holds more than one flight"
            )
        return 0.0, draft.zero
    if found is not None:
        return found.time, f"lift-off at {found.time:.2f} s of the file's clock, by {found.how} (± {found.error:.2g} s)"
    launch = next(
        (
            s.time
            for s in draft.states
            if any(w in s.name.lower() for w in ("boost", "thrust", "launch", "lift", "ascen"))
        ),
        None,
    )
    if launch is not None:
        return launch, f"the device's own state at {launch:.2f} s of the file's clock"
    start = min((c.time[0] for c in channels if c.time.size), default=0.0)
    draft.warnings.append("no lift-off was found in this file: times count from its beginning")
    return float(start), "the beginning of the file"


def finish(draft: Draft, source: Source, match: Match) -> FlightLog:
    """The log: times sorted and from lift-off, readings judged. Raises `InputError` where there is nothing in it."""
    if not draft.channels and not draft.claims and not draft.states:
        raise InputError(f"recognised as {draft.family}, but there is no reading in it", file=str(source.path))
    channels = _in_order(draft)
    start, zero = _zero(draft, channels)
    states = sorted((State(s.time - start, s.name) for s in draft.states), key=lambda s: s.time)
    channels = [_moved(c, start) for c in channels]
    channels, doubts = judged(channels)
    return FlightLog(
        file=source.path.name, sha256=source.sha256, family=draft.family, confidence=match.confidence, recognised=match.why, zero=zero,
        channels=tuple(channels), states=tuple(states), claims=tuple(draft.claims), notes=tuple(draft.notes),
        warnings=(*draft.warnings, *doubts), device={k: v for k, v in draft.device.items() if v},
    )  # fmt: skip
