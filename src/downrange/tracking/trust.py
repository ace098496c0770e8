"""Which readings of a log can be trusted: sentinels, spikes of pressure, saturated accelerometers, transonic pressure.

A reading that fails is marked, never changed. The limits are physical: no amateur rocket climbs by 1,500 m/s, no air has
a pressure above 120 kPa.
"""

from __future__ import annotations

import numpy as np

from downrange.atmosphere import pressure_altitude, sound_speed, standard_temperature
from downrange.constants import STANDARD_GRAVITY
from downrange.tracking.log import Quality

__all__ = ["at_range_end", "impossible", "mark", "pressure_spikes", "running_median", "sentinels", "transonic"]

# The largest whole numbers of 16 and 32 bits, which stand for none; a pressure of 65,535 Pa is one.
_SENTINELS = (2147483647.0, -2147483648.0, 4294967295.0, 32767.0, -32768.0, 65535.0)
# What a sensor on a rocket can read, in SI, wide: beyond it the number is no reading.
_RANGES: dict[str, tuple[float, float]] = {
    "pressure": (1.0, 120_000.0), "temperature": (150.0, 450.0), "altitude_agl": (-3_000.0, 200_000.0), "altitude_msl": (-3_000.0, 200_000.0),
    "altitude_filtered": (-3_000.0, 200_000.0), "altitude_inertial": (-50_000.0, 200_000.0), "gps_altitude": (-500.0, 200_000.0),
    "velocity_up": (-3_000.0, 3_000.0), "velocity_axial": (-3_000.0, 3_000.0), "velocity_inertial": (-3_000.0, 3_000.0),
    "airspeed": (-100.0, 3_000.0), "latitude": (-1.5708, 1.5708), "longitude": (-3.1416, 3.1416), "voltage": (-50.0, 100.0),
    "rate_x": (-300.0, 300.0), "rate_y": (-300.0, 300.0), "rate_z": (-300.0, 300.0), "satellites": (0.0, 100.0), "gps_speed": (0.0, 3_000.0),
    "gps_climb": (-3_000.0, 3_000.0), "tilt": (-7.0, 7.0),
    **dict.fromkeys(("acceleration_net", "acceleration_axial", "acceleration_x", "acceleration_y", "acceleration_z"), (-20_000.0, 20_000.0)),
}  # fmt: skip
# Full scales of accelerometers that fly, in g: LIS331, MPU-6000, BMX160, MMA655x, ADXL78, ADXL377, ADXL375, H3LIS331 and Kionix data sheets.
_FULL_SCALES = np.array([2, 4, 6, 8, 16, 24, 32, 35, 40, 50, 70, 80, 100, 105, 120, 200, 250, 400.0])
_HALF_WINDOW = 0.6  # s; an ejection charge lasts 0.05-0.5 s in the logs at hand, an apogee is flat for longer
_LEAST_SPIKE = 15.0  # m; above the noise of every barometer at hand, below any spike that would matter
_BLOCK = 20_000  # readings that are looked at together: of a long log no more memory than of a short one
_FASTEST = 1_500.0  # m/s, of anything amateurs fly


def impossible(name: str, value: np.ndarray) -> np.ndarray:
    """Where (n,) a value in SI is not finite or outside what a sensor can read."""
    low, high = _RANGES.get(name, (-1e12, 1e12))
    with np.errstate(invalid="ignore"):
        return ~((value >= low) & (value <= high))


def sentinels(name: str, value: np.ndarray) -> np.ndarray:
    """Where (n,) a number in the file's own unit is one that stands for none."""
    out = np.zeros(len(value), bool)
    for s in _SENTINELS[: 3 if name in ("pressure", "other") else 6]:
        out |= value == s
    return out


def running_median(time: np.ndarray, values: np.ndarray, half: float, count: int) -> np.ndarray:
    """The median (n,) about every time of `count` values, spread over `half` s before and after; `time` (n,) rises."""
    offsets, out = np.linspace(-half, half, count)[:, None], np.empty(len(time))
    for a in range(0, len(time), _BLOCK):
        some = slice(a, a + _BLOCK)
        around = np.searchsorted(time, time[None, some] + offsets)
        out[some] = np.median(values[np.minimum(around, len(time) - 1)], axis=0)
    return out


def pressure_spikes(time: np.ndarray, height: np.ndarray) -> np.ndarray:
    """Where (n,) an altitude (m) from pressure at `time` (s) is a spike of pressure.

    The reading leaves the median over ±0.6 s by more than 15 m and eight times the local noise, or it jumped faster than
    1,500 m/s and came back within 3 s. A median keeps a climb at any steady speed as it is (the samples rise in order),
    and a rounded apogee to g (0.3 s)²/2 = 0.4 m.
    """
    n = len(time)
    if n < 7:
        return np.zeros(n, bool)
    away = np.abs(height - running_median(time, height, _HALF_WINDOW, 25))
    noise = 1.4826 * running_median(time, away, 5 * _HALF_WINDOW, 25)
    bad = away > np.maximum(_LEAST_SPIKE, 8 * noise)
    bad |= np.roll(bad, 1) & (away > 0.3 * _LEAST_SPIKE) | np.roll(bad, -1) & (away > 0.3 * _LEAST_SPIKE)
    return bad | _jumps(time, height)


def _jumps(time: np.ndarray, height: np.ndarray) -> np.ndarray:
    """Where (n,) the altitude lies beyond a jump that no flight makes, until it comes back (3 s at most)."""
    bad = np.zeros(len(time), bool)
    step = np.diff(height)
    fast = np.flatnonzero(np.abs(step) > np.maximum(_FASTEST * np.maximum(np.diff(time), 1e-3), 2 * _LEAST_SPIKE))
    for i in fast[:1000]:
        if bad[i + 1]:
            continue
        end = int(np.searchsorted(time, time[i] + 3.0))
        back = np.flatnonzero(np.abs(height[i + 1 : end] - height[i]) < 0.3 * abs(step[i]))
        if back.size:
            bad[i + 1 : i + 1 + back[0]] = True
    return bad


def at_range_end(value: np.ndarray) -> np.ndarray:
    """Where (n,) an acceleration (m/s²) stands at the end of its sensor's range.

    At its own extreme for three samples or more in a row, at one of the full scales that accelerometers have (to 3 %), or for
    twenty in a row anywhere above 3 g.
    """
    out = np.zeros(len(value), bool)
    finite = value[np.isfinite(value)]
    for end in (finite.max(), finite.min()) if finite.size else ():
        if abs(end) < 1.5 * STANDARD_GRAVITY:
            continue
        here = np.abs(value - end) <= 1e-6 * abs(end)
        run = _run_lengths(here)
        known = np.any(np.abs(abs(end) / STANDARD_GRAVITY / _FULL_SCALES - 1) < 0.03)
        if run.max(initial=0) >= (3 if known else 20) and (known or abs(end) > 3 * STANDARD_GRAVITY):
            out |= here & (run >= 2)
    return out


def _run_lengths(flags: np.ndarray) -> np.ndarray:
    """Length (n,) of the run of true values that each belongs to; 0 where false."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    out = np.zeros(len(flags), int)
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        out[a:b] = b - a
    return out


def transonic(
    time: np.ndarray, pressure: np.ndarray, speed_time: np.ndarray, speed: np.ndarray, *, mach: float = 0.8
) -> np.ndarray:
    """Where (n,) a static pressure (Pa) was read faster than `mach`, by an upward `speed` (m/s) at `speed_time`.

    From the first to the last such moment of the climb, and 0.2 s about it, for shocks linger. The speed of sound is that of
    the standard atmosphere at the pressure's altitude, good to 5 % on any day.
    """
    out = np.zeros(len(time), bool)
    if not len(speed_time):
        return out
    top = speed_time[int(np.argmax(speed))]
    height = np.interp(speed_time, time, pressure_altitude(np.clip(pressure, 1.0, 2e5)))
    fast = speed > mach * sound_speed(standard_temperature(np.clip(height, -500, 80_000)))
    if fast.any() and top >= 0:
        first, last = speed_time[fast][0] - 0.2, speed_time[fast][-1] + 0.2
        out = (time >= first) & (time <= last)
    return out


def mark(quality: np.ndarray, where: np.ndarray, reason: Quality) -> None:
    """Mark readings that were good so far."""
    quality[where & (quality == Quality.GOOD)] = reason
