"""The climb by gyros and three accelerometers: attitude, velocity and place with their covariance, helped by heights and GPS.

An error-state Kalman filter with Rauch, Tung and Striebel's pass. The sensors are integrated to a nominal flight; the filter estimates its errors

    δp, δv (ENU), δθ (a small turn in ENU), biases of accelerometers and gyros (body), a scale of the accelerometers, offset and port coefficient of the barometer,
    and by what share the metres of the assumed air are too short,

    d δp = δv,   d δv = -[R f]x δθ - R δb_a + R f δs,   d δθ = -R δb_g,

and the nominal flight is integrated anew with what was found, until nothing moves. On the pad it stands still: that levels the board and gives the gyros' bias. About the
vertical only the rail's azimuth or GPS tells. Used from 3 s before lift-off to 0.3 s before the top: under a canopy the board swings beyond what its gyros follow.

Sources: J. Solà, "Quaternion kinematics for the error-state Kalman filter", arXiv:1711.02508 (2017), section 7 (errors in the global frame);
H. E. Rauch, F. Tung, C. T. Striebel, AIAA J. 3 (1965), 1445-1450.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from downrange.atmosphere import Air, sound_speed
from downrange.constants import STANDARD_GRAVITY
from downrange.errors import InputError
from downrange.frames import matrix_from_quaternion, quaternion_from_matrix
from downrange.tracking.ground import GroundTrack
from downrange.tracking.heights import HeightSensor, height_sensors, rocket_axis
from downrange.tracking.log import Channel, FlightLog, Quality
from downrange.tracking.reconstruct import Reconstruction
from downrange.tracking.smoother import Measurement, Smoothed, smooth

__all__ = ["InertialClimb", "climb_of", "inertial_climb"]

_G = STANDARD_GRAVITY
_STEP = 0.05
_P, _V, _T, _BA, _BG = (slice(3 * k, 3 * k + 3) for k in range(5))
_S, _C, _E, _O = 15, 16, 17, 18
# The level is that of the accelerometers themselves: what they feel on the pad is told to the filter, and must not be told twice.
_SIGMAS = {
    "accelerometer bias": 0.3,
    "scale": 0.01,
    "gyro bias": 0.003,
    "level": 0.3,
    "port": 0.06,
}  # m/s², 1, rad/s, rad, 1
_GYRO_SCALE = 0.003  # of the rate; MEMS gyros' sensitivity is given to 1 to 3 %, calibrated to some tenths
_MOST_TURN = math.radians(0.02)  # of the nominal attitude, where the iteration ends
_LEVEL = math.radians(
    3
)  # of a rocket on its rail beside what the launch file says, 1 σ, where the log does not hold the pad: judgement
_DRIFT = 0.01  # rad/s, 1 σ, of gyros whose log does not hold the pad: MEMS devices drift by some tenths of a degree a second, judgement
_SLOW = 40.0  # Hz, below which turning is not followed


@dataclass(frozen=True, eq=False)
class InertialClimb:
    """The climb at `time` (n,) s from lift-off: `position` and `velocity` (n, 3) ENU from the pad with standard deviations, `quaternion` (n, 4) body to ENU, `lean` of the axis from
    the vertical with its standard error (n,), rad. `heading_known` says whether its direction over the ground means anything. `notes` is what was found."""

    time: np.ndarray
    position: np.ndarray
    position_sigma: np.ndarray
    velocity: np.ndarray
    velocity_sigma: np.ndarray
    quaternion: np.ndarray
    lean: np.ndarray
    lean_sigma: np.ndarray
    heading_known: bool
    left_out: float
    notes: tuple[str, ...]


def _three(log: FlightLog, stem: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Times and vectors (n, 3) of a triple of channels on one clock; None where one is missing, too slow, or stood at the end of its range."""
    found: list[Channel] = []
    for axis in "xyz":
        c = log.get(f"{stem}_{axis}")
        if c is None or c.rate < _SLOW or _clipped(c):
            return None
        found.append(c)
    t = found[0].good[0]
    return t, np.stack([np.interp(t, *c.good) for c in found], axis=1)


def _clipped(c: Channel) -> bool:
    """Whether the climb's readings stand at the end of the range: withheld as such, or at their own extreme five times in a row."""
    t, v = c.good
    if np.any((c.quality == Quality.SATURATED) & (c.time > 0) & (c.time < 15)):
        return True
    v = v[(t > 0) & (t < 15)]
    for end in (v.max(), v.min()) if v.size else ():
        at = np.abs(v - end) < 1e-9
        if abs(end) > 5 and np.any(at[:-4] & at[1:-3] & at[2:-2] & at[3:-1] & at[4:]):
            return True
    return False


def _board(
    rest: np.ndarray, axis: tuple[np.ndarray, str], rail: tuple[float, float] | None
) -> tuple[np.ndarray, np.ndarray, str]:
    """Rotation board to body (3, 3), the attitude on the pad body to ENU (3, 3), and in words how the board lies."""
    up = rest / np.linalg.norm(rest)
    x, words = axis
    k = int(np.argmax(np.abs(x)))
    side = np.cross(x, np.eye(3)[(k + 1) % 3])
    side /= np.linalg.norm(side)
    to_body = np.stack([x, side, np.cross(x, side)])
    up_body = to_body @ up
    azimuth = rail[0] if rail is not None else 0.0
    forward = np.array([math.sin(azimuth), math.cos(azimuth), 0.0])
    lying = np.array([1.0, 0.0, 0.0]) - up_body[0] * up_body  # the axis, seen along the vertical
    if np.linalg.norm(lying) < math.radians(0.5):
        lying = np.array([0.0, 0.0, -1.0]) - up_body[2] * -up_body
    lying /= np.linalg.norm(lying)
    frame = np.stack([lying, np.cross(up_body, lying), up_body], axis=1)
    world = np.stack([forward, np.cross([0.0, 0.0, 1.0], forward), [0.0, 0.0, 1.0]], axis=1)
    return to_body, world @ frame.T, words


def _turns(angles: np.ndarray) -> np.ndarray:
    """Quaternions (n, 4) of turns by vectors `angles` (n, 3), rad."""
    size = np.linalg.norm(angles, axis=1)
    share = np.where(size < 1e-9, 0.5, np.sin(0.5 * size) / np.where(size < 1e-9, 1.0, size))
    return np.concatenate([np.cos(0.5 * size)[:, None], angles * share[:, None]], axis=1)


def _turned(q: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Quaternion after a small turn (3,) in its own frame."""
    return _spun(q, angle[None])[1]


def _spun(q: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """Quaternions (n + 1, 4) from `q` on, each turned by the next of `angles` (n, 3) in its own frame; in plain floats, which is ten times as fast."""
    w, x, y, z = q.tolist()
    out = [(w, x, y, z)]
    for a, b, c, d in _turns(angles).tolist():
        w, x, y, z = (
            w * a - x * b - y * c - z * d, w * b + x * a + y * d - z * c,
            w * c - x * d + y * a + z * b, w * d + x * c - y * b + z * a,
        )  # fmt: skip
        size = math.sqrt(w * w + x * x + y * y + z * z)
        w, x, y, z = w / size, x / size, y / size, z / size
        out.append((w, x, y, z))
    return np.array(out)


@dataclass(frozen=True, eq=False)
class _Nominal:
    """A flight integrated from the sensors at moments (n,): attitude (n, 4), velocity and position (n, 3), mean force in ENU and rate between moments (n - 1, 3)."""

    q: np.ndarray
    v: np.ndarray
    p: np.ndarray
    force: np.ndarray
    rate: np.ndarray


def _integrate(time: np.ndarray, t: np.ndarray, f: np.ndarray, w: np.ndarray, q0: np.ndarray, start: float) -> _Nominal:
    """Integrate body forces `f` and rates `w` (k, 3) at times `t` from rest and attitude `q0`; before `start` it stands."""
    n = len(time)
    fine = np.concatenate([np.linspace(a, b, 6)[:-1] for a, b in zip(time[:-1], time[1:], strict=True)] + [time[-1:]])
    dt = np.diff(fine)
    middle = 0.5 * (fine[1:] + fine[:-1])
    total_w = np.concatenate([np.zeros((1, 3)), np.cumsum(0.5 * (w[1:] + w[:-1]) * np.diff(t)[:, None], axis=0)])
    turn = np.diff(np.stack([np.interp(fine, t, c) for c in total_w.T], axis=1), axis=0)
    felt = np.stack([np.interp(middle, t, c) for c in f.T], axis=1)
    q = _spun(q0, turn)
    half = q[:-1] + q[1:]
    force = np.einsum("nij,nj->ni", matrix_from_quaternion(half / np.linalg.norm(half, axis=1)[:, None]), felt)
    a = np.where((middle > start - 0.05)[:, None], force - [0.0, 0.0, _G], 0.0)
    v = np.concatenate([np.zeros((1, 3)), np.cumsum(a * dt[:, None], axis=0)])
    p = np.concatenate([np.zeros((1, 3)), np.cumsum(0.5 * (v[1:] + v[:-1]) * dt[:, None], axis=0)])
    mean = force.reshape(n - 1, 5, 3).mean(axis=1)
    return _Nominal(q[::5], v[::5], p[::5], mean, turn.reshape(n - 1, 5, 3).sum(axis=1) / np.diff(time)[:, None])


def _skew(a: np.ndarray) -> np.ndarray:
    return np.array([[0, -a[2], a[1]], [a[2], 0, -a[0]], [-a[1], a[0], 0]])


def _steps(
    time: np.ndarray, nominal: _Nominal, start: float, count: int, noise: tuple[float, float]
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    out = []
    r = matrix_from_quaternion(nominal.q)
    for k, dt in enumerate(np.diff(time)):
        f, q = np.eye(count), np.zeros((count, count))
        f[_T, _BG] = -r[k] * dt
        rate = float(np.linalg.norm(nominal.rate[k]))
        q[_T, _T] = np.eye(3) * (noise[1] ** 2 * dt + (_GYRO_SCALE * rate) ** 2 * dt)
        if time[k] >= start - 0.05:
            push = nominal.force[k]
            f[_P, _V] = np.eye(3) * dt
            f[_V, _T], f[_V, _BA] = -_skew(push) * dt, -r[k] * dt
            f[_V, _S] = push * dt
            f[_P, _T], f[_P, _BA], f[_P, _S] = 0.5 * dt * f[_V, _T], 0.5 * dt * f[_V, _BA], 0.5 * dt * f[_V, _S]
            q[_V, _V] = np.eye(3) * (noise[0] ** 2 * dt + (0.003 * float(np.linalg.norm(push))) ** 2 * dt)
        out.append((f, np.zeros(count), q))
    return out


def _measured(
    time: np.ndarray,
    nominal: _Nominal,
    start: float,
    count: int,
    heights: Sequence[HeightSensor],
    sound: float,
    track: GroundTrack | None,
    felt: float,
) -> list[list[Measurement]]:
    out: list[list[Measurement]] = [[] for _ in time]
    row = np.eye(count)
    r = matrix_from_quaternion(nominal.q)
    for k in np.flatnonzero(time < start - 0.1)[::2]:  # it stands: what is felt is gravity, and no more
        pull = nominal.force[min(k, len(nominal.force) - 1)]
        tilt, bias = -_skew(pull), r[k]
        for i in range(3):
            h = np.zeros(count)
            h[_T], h[_BA] = tilt[i], -bias[i]
            h[_S] = pull[i]
            out[k].append(Measurement(float((0.0, 0.0, _G)[i] - pull[i]), felt**2 + 0.02**2, h, -1))
    for s, sensor in enumerate(heights):
        at = np.round((sensor.time - time[0]) / _STEP).astype(int)
        for k in np.unique(at[(at >= 0) & (at < len(time))]):
            up = max(float(nominal.v[k, 2]), 0.0)
            if up > 0.8 * sound:
                continue
            z = float(sensor.height[at == k].mean()) - float(nominal.p[k, 2])
            h = row[2].copy()
            h[_C], h[_O + s] = -up * up / (2 * _G), 1.0
            if sensor.pressure:
                h[_E] = -float(nominal.p[k, 2])
            out[k].append(
                Measurement(z, sensor.sigma**2 / max(int((at == k).sum()), 1) + (0.01 * up * up / (2 * _G)) ** 2, h, s)
            )
    if track is not None:
        at = np.round((track.time - time[0]) / _STEP).astype(int)
        for j in np.flatnonzero((at >= 0) & (at < len(time)) & (track.time > 0)):
            for i in range(2):
                out[at[j]].append(
                    Measurement(
                        float(track.place[j, i] - nominal.p[at[j], i]), track.error**2, row[i], len(heights) + 1
                    )
                )
    return out


@dataclass(frozen=True, eq=False)
class _Pad:
    """What is known of the board on the pad: what it feels and its gyros' drift at rest (3,), the rocket's axis in its frame, noise of accelerometers and gyros, and 1 σ of level (rad), of the
    gyros' drift (rad/s) and of the speed at which the log begins (m/s, ENU). `seen`: whether the log holds the pad; `words` of it."""

    rest: np.ndarray
    drift: np.ndarray
    axis: tuple[np.ndarray, str]
    noise: tuple[float, float]
    level: float
    still: float
    speed: tuple[float, float, float]
    seen: bool
    words: str


def _on_the_pad(
    t: np.ndarray, board: np.ndarray, w: np.ndarray, start: float, rail: tuple[float, float] | None
) -> _Pad:
    """The board at rest; of a log that begins with the motion, what is assumed of it. Raises `InputError` where that does not do."""
    resting = (t < start - 0.2) & (t > start - 5.0)
    if resting.sum() >= 10:
        rest = board[resting].mean(axis=0)
        if not 0.85 * _G < np.linalg.norm(rest) < 1.15 * _G or np.linalg.norm(w[resting].std(axis=0)) > 0.3:
            raise InputError("on the pad the accelerometers do not feel 1 g, or the board turns")
        noise = float(np.median(board[resting].std(axis=0))), float(np.median(w[resting].std(axis=0)))
        still = noise[1] / math.sqrt(resting.sum()) + 0.0005
        axis = rocket_axis(rest, t, board, start)
        return _Pad(rest, w[resting].mean(axis=0), axis, noise, _SIGMAS["level"], still, (0.02, 0.02, 0.02), True, "")
    first = (t >= start) & (t < start + 0.35)
    push = board[first].mean(axis=0) if first.sum() >= 3 else np.zeros(3)
    if t[0] > start + 0.35 or float(np.linalg.norm(push)) < 2 * _G:
        raise InputError("the log begins too late: attitude needs half a second at rest on the pad, or the first push")
    axis = rocket_axis(np.zeros(3), t, board, start)
    level = math.hypot(_LEVEL, math.pi / 2 - rail[1]) if rail is not None else 2 * _LEVEL
    words = f"; the log begins with the motion: it is taken to leave upright, ± {math.degrees(level):.0f}°, and the gyros' drift is not known"
    return _Pad(axis[0] * _G, np.zeros(3), axis, (0.3, 0.01), level, _DRIFT, (1.0, 1.0, 10.0), False, words)


def inertial_climb(
    log: FlightLog,
    heights: Sequence[HeightSensor],
    *,
    top: float,
    start: float = 0.0,
    sound: float = 340.0,
    rail: tuple[float, float] | None = None,
    track: GroundTrack | None = None,
    air_error: float = 0.007,
) -> InertialClimb:
    """The climb by the gyros and three accelerometers of a log.

    heights: sensors of height on the log's clock, as `height_sensors` gives them. top, start: times of the apogee and of lift-off on that clock, s. sound: speed of it at the pad, m/s; heights by
    pressure count below 0.8 of it. rail: its azimuth (rad from north) and elevation, where they are known. track: positions on the same clock, where there are any. air_error: how well the mean temperature
    that scales heights by pressure is known, as a share of it, 1 σ. Raises `InputError`
    where the log has not both at 40 Hz without clipping, neither rest on the pad nor the first push, or sensors that do not fit each other.
    """
    accelerations, rates = _three(log, "acceleration"), _three(log, "rate")
    if accelerations is None or rates is None:
        raise InputError("three accelerometers and three gyros at 40 Hz, not clipped, are needed", file=log.file)
    t, board = accelerations
    w = np.stack([np.interp(t, rates[0], c) for c in rates[1].T], axis=1)
    pad = _on_the_pad(t, board, w, start, rail)
    to_body, attitude, words = _board(pad.rest, pad.axis, rail)
    f, w = board @ to_body.T, (w - pad.drift) @ to_body.T
    begin = max(start - 3.0, math.ceil(t[0] / _STEP) * _STEP)
    time = np.arange(begin, top - 0.3 + 1e-9, _STEP)
    spacing = float(np.median(np.diff(t)))
    density = max(pad.noise[0] * math.sqrt(spacing), 0.02), max(pad.noise[1] * math.sqrt(spacing), 0.0005)
    heading = 0.15 if rail is not None and rail[1] < math.radians(88) and pad.seen else 0.6
    nominal, found, bias = _iterated(
        time,
        t,
        f,
        w,
        quaternion_from_matrix(attitude),
        density,
        pad,
        heading,
        list(heights),
        sound,
        track,
        pad.noise[0] / math.sqrt(_STEP / spacing),
        start,
        air_error,
    )
    return _climb(time, nominal, found, bias, (rail is not None and pad.seen) or track is not None, words + pad.words)


def _iterated(
    time: np.ndarray, t: np.ndarray, f: np.ndarray, w: np.ndarray, q0: np.ndarray, density: tuple[float, float], pad: _Pad, heading: float, heights: list[HeightSensor],
    sound: float, track: GroundTrack | None, felt: float, start: float, air_error: float,
) -> tuple[_Nominal, Smoothed, np.ndarray]:  # fmt: skip
    """Nominal flight and its errors, about which it is integrated anew until its attitude on the pad does not move; and the accelerometers' bias taken."""
    count = _O + len(heights)
    s = _SIGMAS
    sd = np.concatenate([np.full(3, 0.1), [*pad.speed], [pad.level, pad.level, heading], np.full(3, s["accelerometer bias"]), np.full(3, math.hypot(pad.still, 0.1 * s["gyro bias"])),
                         [s["scale"], s["port"], air_error], [1.0 if h.pressure else 8.0 for h in heights]])  # fmt: skip
    taken, prior = (
        np.zeros(7),
        np.zeros(count),
    )  # biases and scale already in the nominal flight; where that puts the errors' expectation
    q = q0
    for _ in range(4):
        nominal = _integrate(time, t, (f - taken[:3]) * (1 + taken[6]), w - taken[3:6], q, start)
        found = smooth(
            prior,
            np.diag(sd**2),
            _steps(time, nominal, start, count, density),
            _measured(time, nominal, start, count, heights, sound, track, felt),
        )
        first = found.state[0]
        turn = matrix_from_quaternion(nominal.q[0]).T @ first[_T]
        if np.linalg.norm(first[_T]) < _MOST_TURN:
            break
        q = _turned(q, turn)
        taken = taken + np.concatenate([first[_BA], first[_BG], [first[_S]]])
        prior = prior.copy()
        prior[_T] -= first[_T]
        prior[_BA], prior[_BG], prior[_S] = -taken[:3], -taken[3:6], -taken[6]
    return nominal, found, taken


def _climb(
    time: np.ndarray, nominal: _Nominal, found: Smoothed, bias: np.ndarray, heading: bool, words: str
) -> InertialClimb:
    x, cov = found.state, found.covariance
    q = np.array([_turned(a, matrix_from_quaternion(a).T @ e) for a, e in zip(nominal.q, x[:, _T], strict=True)])
    axis = matrix_from_quaternion(q)[:, :, 0]
    lean = np.arccos(np.clip(axis[:, 2], -1, 1))
    flat = np.maximum(np.hypot(axis[:, 0], axis[:, 1]), 1e-6)
    row = (
        np.stack([axis[:, 1], -axis[:, 0]], axis=1) / flat[:, None]
    )  # a turn about the level line across the lean changes it, one along it does not
    sigma = np.sqrt(np.einsum("ni,nij,nj->n", row, cov[:, 6:8, 6:8], row))
    kept = found.residuals[found.residuals[:, 1] >= 0]
    gated = float(kept[:, 4].mean()) if len(kept) else 0.0
    sd = np.sqrt(np.diagonal(cov, axis1=1, axis2=2))
    total = bias[:3] + x[0, _BA]
    notes = (
        f"attitude by gyros and three accelerometers until the top: {words}; biases of the accelerometers {np.linalg.norm(total):.2f} m/s²",
    )
    if gated > 0.05 or np.linalg.norm(total) > 4 * _SIGMAS["accelerometer bias"]:
        raise InputError(
            f"gyros, accelerometers and heights do not fit each other ({gated:.0%} of the heights are left out): axes that are named otherwise, or a gyro that clips"
        )
    return InertialClimb(
        time, nominal.p + x[:, _P], sd[:, _P], nominal.v + x[:, _V], sd[:, _V], q, lean, sigma, heading, gated, notes
    )


def climb_of(
    logs: Sequence[FlightLog],
    r: Reconstruction,
    *,
    air: Air,
    elevation: float,
    rail: tuple[float, float] | None = None,
    track: GroundTrack | None = None,
    temperature_error: float | None = None,
) -> tuple[InertialClimb | None, tuple[str, ...]]:
    """The climb by the first of the logs of a reconstructed flight whose gyros tell it, on the reconstruction's clock; and why the others' do not, in words.

    air, elevation: of the day, and of the pad above sea level, m. rail: its azimuth (rad from north) and elevation. track: positions, where there are any.
    temperature_error: of the air's mean, K, 1 σ; None: 2 K.
    """
    top, late, why = r.event("apogee"), {n: d for n, d, _ in r.shifts}, []
    for log in logs:
        if top is None or not log.all("rate_x"):
            continue
        start = r.clock + late.get(log.file, 0.0)
        at = None if track is None else replace(track, time=track.time + late.get(log.file, 0.0))
        sound = float(sound_speed(air.temperature(elevation)))
        try:
            found = inertial_climb(
                log,
                height_sensors(log, air, elevation),
                top=top.time + start,
                start=start,
                sound=sound,
                rail=rail,
                track=at,
                air_error=(2.0 if temperature_error is None else temperature_error) / 280,
            )
        except InputError as error:
            why.append(f"attitude by {log.file}: {error.message}")
            continue
        return replace(found, time=found.time - start), tuple(why)
    return None, tuple(why)
