"""What a log shows of a flight, and what the same recorder would have shown of flights that were computed: series at the same times.

Whatever a log lacks is lacking in both. The computed flights are seen through errors of the recorder: noise, a static port that errs by a share of
the dynamic pressure, a day that is warmer than the launch file says (which scales every height by pressure), an accelerometer with a bias and a scale, a
lift-off that is known to a tenth of a second or worse.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from downrange.constants import STANDARD_GRAVITY
from downrange.earth import Pad
from downrange.errors import InputError, seen
from downrange.flight.named import named_steps
from downrange.frames import matrix_from_quaternion
from downrange.tracking import FlightLog, ground_track
from downrange.tracking.heights import axial_of
from downrange.tracking.liftoff import find_liftoff, pad_level, pressure_heights

__all__ = ["Air", "Course", "Looks", "Seen", "courses", "look_at", "see"]

_G = STANDARD_GRAVITY
_RADIUS = 6.371e6  # m, mean radius of the Earth: how far it falls away below the tangent plane
_FINE, _COARSE = 0.1, 0.5  # s between looks at the height: in the climb, and after it
_FELT = 0.05  # s between looks at the acceleration
_LEAST = 10.0  # m; what rises less has not flown
_REST = 3.0  # s without a change of height: it lies on the ground
_PORT = 0.06  # 1 σ of the error of a static port, a share of the dynamic pressure: see `tracking.reconstruct`
_SCALE, _BIAS = 0.02, 0.3  # 1 σ of an accelerometer's scale, and of its bias (m/s²): see `tracking.reconstruct`
_SWING = 8.0  # m/s² that an accelerometer feels under a canopy, each axis: see `tracking.simulate`
_SWAY = 1.4  # rad/s across the axis under a canopy
_BREATH = 1.0  # m, 1 σ of a barometer in a bay that swings under a canopy
_GPS = 5.0  # m, 1 σ: see `tracking.ground`
_TILT = math.radians(3)  # 1 σ of a tilt that a device states: see `project.flights`
_ZEROED = ("altitude_agl", "altitude_filtered", "altitude_inertial")


@dataclass(frozen=True, eq=False)
class Looks:
    """When a log looks at what, s from lift-off; empty where it does not. `pressure`: whether its heights are by pressure. `until` is when it ends,
    `landed` whether it holds the landing. `noise` (m) is that of its heights, `late` (s) how well its lift-off is known."""

    height: np.ndarray
    felt: np.ndarray
    turning: np.ndarray
    lean: np.ndarray
    place: np.ndarray
    pressure: bool
    until: float
    landed: bool
    noise: float
    late: float


@dataclass(frozen=True, eq=False)
class Seen:
    """Series of flights (m of them) at the times of `Looks`: `height` (m, n) above the pad, m; `felt` (m, n) along the axis, m/s²; `turning` (m, n), rad/s,
    about all axes together; `lean` (m, n) from the vertical, rad; `place` (m, n, 2) east and north, m. `lasts` (m,) is when each is over, s from lift-off,
    `hits` (m,) how fast it then sinks, m/s."""

    height: np.ndarray
    felt: np.ndarray
    turning: np.ndarray
    lean: np.ndarray
    place: np.ndarray
    lasts: np.ndarray
    hits: np.ndarray

    def part(self, keep: np.ndarray) -> Seen:
        """Those flights that `keep` (m,) flags."""
        return Seen(*(getattr(self, k)[keep] for k in ("height", "felt", "turning", "lean", "place", "lasts", "hits")))


def _binned(t: np.ndarray, v: np.ndarray, edges: np.ndarray, *, median: bool) -> tuple[np.ndarray, np.ndarray]:
    """Mean time and mean or median of the readings (n, ...) in each bin that has any."""
    order = np.argsort(t, kind="stable")
    t, v = t[order], v[order]
    first = np.searchsorted(t, edges)
    spans = [(a, b) for a, b in zip(first[:-1], first[1:], strict=True) if b > a]
    middle = np.median if median else np.mean
    times = np.array([t[a:b].mean() for a, b in spans])
    return times, np.array([middle(v[a:b], axis=0) for a, b in spans])


def _noise_of(h: np.ndarray) -> float:
    """Standard deviation of readings by their second differences, m."""
    second = np.diff(h, 2)
    return max(0.1, float(1.4826 * np.median(np.abs(second)) / math.sqrt(6))) if second.size > 5 else 1.0


@dataclass(frozen=True, eq=False)
class _Heights:
    """The heights of one log: readings from lift-off above the pad, whether by pressure, where from."""

    time: np.ndarray
    height: np.ndarray
    pressure: bool
    source: str
    late: float
    shift: float


def _heights_of(log: FlightLog) -> _Heights | None:
    """The best heights of a log; None without any."""
    known = pressure_heights(log.channels)
    if not known:
        return None
    c, t, h = known[0]
    found = find_liftoff(log.channels)
    shift = found.time if found is not None and abs(found.time) < 5 else 0.0
    t = t - shift
    said = [k.value for k in log.claims if k.name == "pressure on the pad"] if c.name == "pressure" else []
    if said:
        from downrange.atmosphere import pressure_altitude

        zero = float(pressure_altitude(said[0]))
    else:
        zero = 0.0 if c.name in _ZEROED else pad_level(t, h)
    late = 0.3 if found is None else max(found.error, 0.1)
    return _Heights(t, h - zero, c.name != "gps_altitude", f"{log.file}: {c.source}", min(late, 0.5), shift)


def _checked_climb(h: _Heights) -> None:
    """Raises `InputError` for heights that hold no flight, or none of its climb."""
    where = seen(h.source, 80)
    highest = float(np.quantile(h.height, 0.995))
    before = h.height[h.time < 0.5]
    if h.time[-1] <= 1.0 or (highest < _LEAST and h.time[-1] - h.time[0] < 5):
        raise InputError(
            f"the log ends before lift-off, or within a second of it: it shows no flight to diagnose; seen {where}",
            key="--log",
        )
    if highest < _LEAST:
        raise InputError(
            f"the log shows no flight: its highest reading is {highest:.0f} m above its pad; seen {where}", key="--log"
        )
    if not before.size or np.median(before[-5:]) > 0.5 * highest:
        raise InputError(f"the log does not hold the climb (it begins {h.height[0]:.0f} m up and falls, or late): what happened before cannot be told; seen {where}", key="--log")  # fmt: skip


def look_at(logs: Sequence[FlightLog], pad: Pad, climb: float) -> tuple[Looks, Seen, tuple[str, ...], tuple[str, ...]]:
    """What the logs of one flight show: when and what, in words what was used, and what was not there.

    `climb` (s) is for how long the height is looked at finely, and the accelerometer, gyros and tilt at all. Raises `InputError` for logs without a height, without a
    flight, and without its climb.

    logs: of the flight computers of one rocket. pad: of the launch.
    """
    found = [(log, h) for log in logs if (h := _heights_of(log)) is not None]
    if not found:
        raise InputError("no log tells a height: a diagnosis needs a pressure, an altitude or GPS heights", key="--log")
    log, best = max(found, key=lambda f: (f[1].pressure, float(f[1].time[-1]), f[1].time.size))
    _checked_climb(best)
    used, missing = [f"height by {best.source}"], list[str]()
    others = [h for _, h in found if h is not best and h.time[-1] < best.time[-1] - 5]
    used += [
        f"{h.source} ends at {h.time[-1]:.0f} s, before the others: it was cut" for h in others if h.time[-1] < climb
    ]
    time, height = _height_series(best, climb)
    landed, until = _ends(time, height)
    keep = time <= until
    time, height = time[keep], height[keep]
    felt = _series(logs, _felt_of, climb, "the accelerometer along the axis", used, missing)
    turning = _series(logs, _turning_of, climb, "gyros across the axis", used, missing)
    lean = _series(logs, _lean_of, climb, "the tilt that the device states", used, missing)
    track = ground_track(logs, pad)
    places = np.zeros((0, 2)), np.zeros(0)
    if track is not None:
        at = np.arange(0.0, until, 1.0)
        place = track.at(at)
        fine = np.isfinite(place).all(axis=1)
        places = place[fine], at[fine]
    (used if len(places[1]) > 10 else missing).append("places by GPS")
    if len(places[1]) <= 10:
        places = np.zeros((0, 2)), np.zeros(0)
    looks = Looks(time, felt[0], turning[0], lean[0], places[1], best.pressure, until, landed, _noise_of(best.height[(best.time > 1) & (best.time < max(climb, 3))]), best.late)  # fmt: skip
    rows = Seen(
        height[None],
        felt[1][None],
        turning[1][None],
        lean[1][None],
        places[0][None],
        np.array([until if landed else math.inf]),
        np.zeros(1),
    )
    return looks, rows, tuple(used), tuple(missing)


def _height_series(best: _Heights, climb: float) -> tuple[np.ndarray, np.ndarray]:
    """Heights in bins from lift-off on, without those that lie apart from both neighbours: an ejection charge pressurises the bay."""
    last = float(best.time[-1])
    edges = np.concatenate(
        [np.arange(0.0, min(climb, last), _FINE), np.arange(min(climb, last), last + _COARSE, _COARSE)]
    )
    time, height = _binned(best.time, best.height, edges, median=True)
    if len(height) < 10:
        raise InputError(f"the log has {len(height)} heights after lift-off: too few for a diagnosis", key="--log")
    around = np.stack([np.roll(height, k) for k in (-2, -1, 1, 2)])
    off = np.abs(height - np.median(around, axis=0)) > 30 + 600 * np.gradient(time)
    off[:2], off[-2:] = False, False
    return time[~off], height[~off]


def _ends(time: np.ndarray, height: np.ndarray) -> tuple[bool, float]:
    """Whether it lies on the ground at the end, and until when the log is looked at, s."""
    last = height[time > time[-1] - _REST]
    rests = len(last) > 3 and float(np.ptp(last)) < 4.0 and float(np.median(last)) < 0.3 * float(height.max()) + 10
    if not rests:
        sinks = (last[0] - last[-1]) / max(_REST, 1e-9)
        gentle = len(last) > 3 and abs(sinks) < 20.0 and abs(float(last[-1])) < 0.03 * float(height.max()) + 5
        return bool(gentle), float(time[-1])
    ground = float(np.median(last))
    aloft = time[np.abs(height - ground) > max(4.0, 0.005 * float(height.max()))]
    return True, float(min(time[-1], (aloft[-1] if aloft.size else 0.0) + 10.0))


def _series(
    logs: Sequence[FlightLog], of: object, climb: float, word: str, used: list[str], missing: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Times and values in bins during the climb, of the first log that has them."""
    for log in logs:
        own = of(log)  # type: ignore[operator]
        if own is None:
            continue
        found = find_liftoff(log.channels)
        t = own[0] - (found.time if found is not None and abs(found.time) < 5 else 0.0)
        inside = (t >= 0) & (t < climb) & np.isfinite(own[1])
        if inside.sum() > 20 and t[0] < 1.0:
            used.append(f"{word} ({log.file})")
            return _binned(t[inside], own[1][inside], np.arange(0.0, climb + _FELT, _FELT), median=False)
    missing.append(word)
    return np.zeros(0), np.zeros(0)


_felt_of = axial_of


def _turning_of(log: FlightLog) -> tuple[np.ndarray, np.ndarray] | None:
    """How fast the axis turns: what three gyros say across the board's axis that was upright on the pad. Rockets roll as fins are set by hand; that tells nothing."""
    rates = [log.get(f"rate_{a}") for a in "xyz"]
    felt = [log.get(f"acceleration_{a}") for a in "xyz"]
    if any(c is None or not c.rate > 8 for c in rates) or any(c is None for c in felt):
        return None
    rest = [float(np.median(c.good[1][c.good[0] < -0.2])) if (c.good[0] < -0.2).sum() > 5 else math.nan for c in felt]  # type: ignore[union-attr]
    axis = int(np.argmax(np.abs(rest))) if np.all(np.isfinite(rest)) else -1
    if axis < 0 or abs(rest[axis]) < 0.9 * float(np.linalg.norm(rest)):
        return None
    t = rates[0].good[0]  # type: ignore[union-attr]
    across = [np.interp(t, *c.good) for k, c in enumerate(rates) if k != axis]  # type: ignore[union-attr]
    return t, np.hypot(*across)


def _lean_of(log: FlightLog) -> tuple[np.ndarray, np.ndarray] | None:
    c = log.get("tilt")
    return None if c is None or c.good[0].size < 20 else c.good


# ---- computed flights ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Air:
    """What a barometer makes of heights: `altimeter`, heights above the pad and what an altimeter shows there, m; `scale` (1 σ) how well the day's
    temperature, which scales them, is known."""

    altimeter: tuple[np.ndarray, np.ndarray]
    scale: float


@dataclass(frozen=True, eq=False)
class Course:
    """One computed flight as a recorder goes through it, at its steps (n,): times from lift-off, place (n, 3) and velocity (n, 3), what is felt along the axis, how
    fast its axis turns, how far it leans, and whether it is under a canopy (0 or 1). SI. `draw` is the number of its draws: of other ways those of the same number vary alike."""

    draw: int

    time: np.ndarray
    place: np.ndarray
    velocity: np.ndarray
    felt: np.ndarray
    turning: np.ndarray
    lean: np.ndarray
    under: np.ndarray


def courses(ways: Sequence[np.ndarray]) -> list[Course]:
    """The courses of ways as `dispersion.ways.fly_ways` gives them; of those that left the pad."""
    out = []
    for k, steps in enumerate(ways):
        if len(steps) < 3:
            continue
        at = named_steps(steps)
        axis = matrix_from_quaternion(at["quaternion"])[:, :, 0]
        felt = np.einsum("ni,ni->n", axis, at["acceleration_enu"] + np.array([0.0, 0.0, _G]))
        place = at["position_enu"].copy()
        place[:, 2] += (place[:, 0] ** 2 + place[:, 1] ** 2) / (2 * _RADIUS)
        under = at["under_canopy"].copy()
        turning = np.where(under > 0.5, _SWAY, np.linalg.norm(at["omega_body"][:, 1:], axis=1))
        lean = np.arccos(np.clip(axis[:, 2], -1, 1))
        out.append(Course(k, at["time"].copy(), place, at["velocity_enu"].copy(), felt, turning, lean, under))
    return out


def see(flown: Sequence[Course], looks: Looks, air: Air, rng: np.random.Generator) -> Seen:
    """What the recorder of a log would have shown of computed flights (m of them), with its errors.

    flown: the flights. looks: the log's. air: of the launch. rng: of the errors.
    """
    draws = np.array([c.draw for c in flown])
    columns = [_one(c, looks, late) for c, late in zip(flown, _normal(rng, draws, looks.late).tolist(), strict=True)]
    height, felt, turning, lean, place, under, lasts, hits = (np.array(x) for x in zip(*columns, strict=True))
    aloft = looks.height < lasts[:, None]
    if looks.pressure:
        height = np.interp(height, *air.altimeter)
        rate = np.maximum(np.gradient(height, looks.height, axis=1), 0.0)
        port = _normal(rng, draws, _PORT, 1) * rate**2 / (2 * _G)
        height = height * (1 + _normal(rng, draws, air.scale, 1)) - port
    falls = aloft & (np.arange(height.shape[1]) > np.argmax(height, axis=1)[:, None])
    height = height + np.where(falls, _BREATH, 0.5 * looks.noise) * _normal(rng, draws, 1.0, *height.shape[1:])
    swings = _normal(rng, draws, _SWING, *felt.shape[1:]) / math.sqrt(max(_FELT * 20, 1.0))
    steady = felt * (1 + _normal(rng, draws, _SCALE, 1)) + _normal(rng, draws, _BIAS, 1) + _normal(rng, draws, 0.3, *felt.shape[1:])  # fmt: skip
    place = place + _normal(rng, draws, _GPS, *place.shape[1:])
    lean = lean + _normal(rng, draws, _TILT, 1)
    return Seen(height, np.where(under > 0.5, swings, steady), turning, lean, place, lasts, hits)


def _normal(rng: np.random.Generator, draws: np.ndarray, sigma: float, *shape: int) -> np.ndarray:
    """Errors (m, *shape) of flights by the numbers (m,) of their draws: those of the same number have the same, so that a flight and its twin are seen alike."""
    return np.asarray(rng.spawn(1)[0].normal(0, sigma, (int(draws.max()) + 1, *shape))[draws])


def _hermite(t: np.ndarray, knots: np.ndarray, y: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Cubic Hermite interpolation of y (k,) with its rates at times t (n,) within the knots (k,)."""
    i = np.clip(np.searchsorted(knots, t, "right") - 1, 0, len(knots) - 2)
    h = np.maximum(knots[i + 1] - knots[i], 1e-12)
    s = (t - knots[i]) / h
    a, b, r = y[i], y[i + 1], 1 - s
    return np.asarray((a * (1 + 2 * s) * r + h * rate[i] * s * r) * r + (b * (3 - 2 * s) - h * rate[i + 1] * r) * s * s)


def _one(c: Course, looks: Looks, late: float) -> tuple[np.ndarray, ...]:
    """The series of one flight, its lift-off taken to be `late` s from where it was."""
    end = float(c.time[-1])

    def at(times: np.ndarray, values: np.ndarray) -> np.ndarray:
        return np.interp(times + late, c.time, values) if len(times) else np.zeros(0)

    height = _hermite(np.clip(looks.height + late, 0.0, end), c.time, c.place[:, 2], c.velocity[:, 2])
    under = at(looks.felt, c.under)
    felt = np.where((under > 0.5) | (looks.felt + late > end), 0.0, at(looks.felt, c.felt))
    place = np.stack([at(looks.place, c.place[:, k]) for k in (0, 1)], axis=1)
    return (
        height,
        felt,
        at(looks.turning, c.turning),
        at(looks.lean, c.lean),
        place,
        under,
        np.array(end - late),
        np.array(-c.velocity[-1, 2]),
    )
