"""The channels of one log judged together: what one of them says of another."""

from __future__ import annotations

import numpy as np

from downrange.atmosphere import pressure_altitude
from downrange.constants import STANDARD_GRAVITY
from downrange.tracking.liftoff import by_climb, pad_level, pressure_heights
from downrange.tracking.log import Channel, Quality
from downrange.tracking.trust import at_range_end, mark, pressure_spikes, running_median, transonic

__all__ = ["judged"]

_FEET = 0.3048
_BEFORE, _BEHIND = 20.0, 120.0  # s about lift-off, in which the climb of every flight is
_RESTS = 20.0  # s behind the way down, before another flight is looked for
_LEAST_FLIGHT = 8.0  # m; weather and handling move a barometer by less within a flight's minutes


def _with(c: Channel, quality: np.ndarray) -> Channel:
    return Channel(c.name, c.time, c.raw, quality, c.source, c.why, c.sensor)


def _speed(channels: list[Channel]) -> tuple[np.ndarray, np.ndarray]:
    """Upward speed (m/s) by what does not hang on static pressure: the device's inertial speed, else the integrated accelerometer."""
    for name in ("velocity_inertial", "velocity_axial"):
        for c in channels:
            if c.name == name and c.good[0].size > 10 and c.good[1].max() > 30:
                return c.good
    for name, less in (("acceleration_net", 0.0), ("acceleration_axial", STANDARD_GRAVITY)):
        for c in channels:
            t, a = c.good
            if c.name == name and t.size > 20 and np.median(np.diff(t)) < 0.15:
                start = int(np.searchsorted(t, -0.3))
                t, a = t[start:], a[start:] - less
                if t.size > 20:
                    v = np.concatenate([[0.0], np.cumsum(0.5 * (a[1:] + a[:-1]) * np.minimum(np.diff(t), 0.2))])
                    top = int(np.argmax(v))
                    return t[: 2 * top + 2], v[: 2 * top + 2]
    return np.zeros(0), np.zeros(0)


def _accelerometers(channels: list[Channel]) -> list[Channel]:
    out = []
    for c in channels:
        if c.name.startswith("acceleration") and c.name != "acceleration_filtered":
            quality = c.quality.copy()
            mark(quality, at_range_end(c.raw), Quality.SATURATED)
            c = _with(c, quality)
        out.append(c)
    return out


def _barometers(channels: list[Channel]) -> list[Channel]:
    """Spikes and transonic readings of every channel that follows static pressure."""
    speed_time, speed = _speed(channels)
    out = []
    for c in channels:
        if c.name in ("pressure", "altitude_agl", "altitude_msl"):
            quality = c.quality.copy()
            fine = quality == Quality.GOOD
            t, raw = c.time[fine], c.raw[fine]
            height = pressure_altitude(raw) if c.name == "pressure" else raw
            spikes = np.zeros(len(quality), bool)
            spikes[fine] = pressure_spikes(t, height)
            mark(quality, spikes, Quality.SPIKE)
            if speed.size and speed.max() > 240:
                shocked = np.zeros(len(quality), bool)
                pressure = raw if c.name == "pressure" else 101_325 * np.exp(-np.clip(raw, 0, 30_000) / 8_000)
                shocked[fine] = transonic(t, pressure, speed_time, speed)
                mark(quality, shocked, Quality.TRANSONIC)
            c = _with(c, quality)
        out.append(c)
    return out


def _fixes(channels: list[Channel]) -> list[Channel]:
    """GPS readings without a fix withheld: where latitude and longitude are zero, or fewer than four satellites are in use."""
    place = [c for c in channels if c.name in ("latitude", "longitude")]
    few = [c for c in channels if c.name == "satellites"]
    out = []
    for c in channels:
        if c.name in ("latitude", "longitude", "gps_altitude", "gps_speed", "gps_climb"):
            quality = c.quality.copy()
            for p in place:
                mark(quality, np.isin(c.time, p.time[p.raw == 0]), Quality.NO_FIX)
            for s in few:
                mark(quality, np.isin(c.time, s.time[(s.raw < 4) & (s.quality == Quality.GOOD)]), Quality.NO_FIX)
            c = _with(c, quality)
        out.append(c)
    return out


def _contradictions(channels: list[Channel]) -> tuple[list[Channel], list[str]]:
    """An altitude that is not its own pressure's, by the factor of a foot: both are withheld, and it is said."""
    pressure = next((c for c in channels if c.name == "pressure" and c.good[0].size > 20), None)
    if pressure is None:
        return channels, []
    t, p = pressure.good
    by_pressure = pressure_altitude(p)
    by_pressure = by_pressure - pad_level(t, by_pressure)
    out, doubts = [], []
    for c in channels:
        if (
            c.name in ("altitude_agl", "altitude_filtered")
            and c.good[0].size > 20
            and c.sensor == pressure.sensor
            and by_pressure.max() > 60
        ):
            mine = c.good[1] - pad_level(*c.good)
            theirs = np.interp(c.good[0], t, by_pressure)
            high = theirs > 0.5 * by_pressure.max()
            ratio = float(np.median(mine[high] / theirs[high])) if high.any() else 1.0
            if any(abs(ratio / k - 1) < 0.12 for k in (_FEET, 1 / _FEET)):
                doubts.append(
                    f"{c.source!r} ({c.why}) says {mine.max():,.0f} m where {pressure.source!r} says {by_pressure.max():,.0f} m: one of the units is "
                    "wrong, and nothing in the file tells which; no altitude of it is trusted"
                )  # fmt: skip
                quality = c.quality.copy()
                mark(quality, np.ones(len(quality), bool), Quality.CONTRADICTED)
                c = _with(c, quality)
        out.append(c)
    if doubts:
        quality = pressure.quality.copy()
        mark(quality, np.ones(len(quality), bool), Quality.CONTRADICTED)
        out = [_with(c, quality) if c is pressure else c for c in out]
    return out, doubts


def judged(channels: list[Channel]) -> tuple[list[Channel], list[str]]:
    """Channels with their qualities, and what to doubt in words. Times are from lift-off."""
    channels = _barometers(_accelerometers(_fixes(channels)))
    channels, doubts = _contradictions(channels)
    heights = [c for c in channels if c.name in ("pressure", "altitude_agl", "altitude_msl")]
    if heights and not doubts:
        span = max((_span(c) for c in heights if c.good[0].size > 4), default=0.0)
        if span < _LEAST_FLIGHT:
            doubts.append(f"no flight is in this file: the altitude moves by {span:.1f} m, spikes left out")
        else:
            doubts += _beyond(channels)
    return channels, doubts


def _beyond(channels: list[Channel]) -> list[str]:
    """What of a log is no whole flight: it ends in the climb, or another flight follows."""
    t, h = next(((t, h) for _, t, h in pressure_heights(channels) if t.size > 20), (np.zeros(0), np.zeros(0)))
    if not t.size or not (t > 0).any():
        return []
    centre = running_median(t, h, 0.35, 17)
    h, out = centre - pad_level(t, h), []
    top = int(np.argmax(h))
    rate = h[-1] - float(np.interp(t[-1] - 1.0, t, h))
    if t[top] > t[-1] - 1.0 and rate > _LEAST_FLIGHT:
        out.append(
            f"the file ends in the climb, at {rate:.0f} m/s: its greatest height is how far it had come, not its apogee"
        )
    down = np.flatnonzero((t > t[top]) & (h < 0.1 * h[top] + _LEAST_FLIGHT))
    if down.size:
        rest = t > t[down[0]] + _RESTS
        second = by_climb(t[rest], h[rest])
        if second is not None:
            out.append(
                f"another flight leaves at {second.time:,.0f} s, after the first has come down: what is told here is of the first; cut the file between "
                "them to read the other"
            )  # fmt: skip
    return out


def _span(c: Channel) -> float:
    """How far an altitude moves, m, a few spikes left out: in the whole log, and about time 0, for a flight may be a moment of a day on the bench."""
    t, h = c.good
    h = pressure_altitude(h) if c.name == "pressure" else h
    near = h[(t > -_BEFORE) & (t < _BEHIND)]
    return max(float(np.percentile(x, 99.5) - np.percentile(x, 0.5)) for x in (h, near) if x.size)
