"""The vertical flight from the logs of one rocket: height, speed and acceleration with their uncertainty.

States: height above the pad, upward speed, acceleration that the accelerometer does not explain, its bias and its scale (with the mean tilt in
the boost: what it feels along the axis is not all upward), an offset for every sensor of height, the lag of every barometer's bay, and the pressure error of
the static port at Mach knots. Metres are those of the assumed air; that its mean temperature may be another scales heights and speeds, and the result
carries it; against the accelerometer it is part of that one's scale.

    h' = v,   v' = f (1 + s) - b + a - g,   a' = white noise (f, s and b only while the accelerometer is used)
    z_baro = h + o - τ v - C(M) v² / 2g,   z_gps = h + o

f is what the axial accelerometer feels, up to the top only: under a canopy it swings. The error of a static port is C q in
pressure, which is C v² / 2g in height whatever the density (hydrostatic: dp = -ρ g dh). The theory is in docs/theory/reconstruction.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from downrange.atmosphere import Air, pressure_altitude, sound_speed
from downrange.constants import STANDARD_GRAVITY
from downrange.errors import InputError
from downrange.tracking.agreeing import agreeing
from downrange.tracking.heights import (
    HeightSensor,
    axial_of,
    height_sensors,
    pad_in_standard_air,
    plausible,
    shift_of,
    swing,
)
from downrange.tracking.log import FlightLog
from downrange.tracking.phases import burnout_of, calmness, find_phases
from downrange.tracking.smoother import Measurement, Smoothed, smooth

__all__ = ["FlightEvent", "Reconstruction", "Residuals", "reconstruct"]

STEP = 0.05  # s between moments; readings between them are averaged, the accelerometer integrated
MACH_KNOTS = np.array([0.3, 0.6, 0.8, 0.9, 1.0, 1.1, 1.3, 1.7, 2.5])
# 1 σ of C. Bays of amateur rockets were off by 6 % of q at Mach 0.35 in a public log; shocks move it by their own size.
_PORT = np.array([0.06, 0.06, 0.08, 0.2, 0.3, 0.3, 0.3, 0.3, 0.3])
_LAG = 0.05  # s, 1 σ: air through the vents, a device's own filter, its clock; judgement: filters of public devices are 0.1 s and more
_SCALE = 0.02  # 1 σ of the accelerometer's scale with the tilt of the boost (11° is 2 %)
_BIAS = 0.3  # m/s², 1 σ
_DESCENT = 15.0  # (m/s²)²/s, how restless a canopy may be
_OPENED = 2.5  # s behind the top, from which a descent is looked at for how restless it is
_G = STANDARD_GRAVITY
_H, _V, _A, _B, _S = range(5)
_STATES = 5


@dataclass(frozen=True)
class FlightEvent:
    """A moment of the flight: `time` in s from lift-off with its standard error, and the height there."""

    name: str
    time: float
    error: float
    height: float


@dataclass(frozen=True)
class Residuals:
    """How one sensor agrees: root mean square and mean of what is left (m), of how many readings, and how many the gate left out."""

    sensor: str
    count: int
    rms: float
    mean: float
    gated: int


@dataclass(frozen=True, eq=False)
class Reconstruction:
    """The flight as it was, with standard deviations: arrays (n,) over `time` (s from lift-off), SI, height above the pad.

    `pressure_altitude` is what a barometric altimeter zeroed at the pad would show without errors of its port. `port_error` are the
    coefficients C at `MACH_KNOTS` with their standard deviations (None without an
    accelerometer; then what is assumed of them widens the band of the climb).
    """

    time: np.ndarray
    height: np.ndarray
    height_sigma: np.ndarray
    speed: np.ndarray
    speed_sigma: np.ndarray
    acceleration: np.ndarray
    acceleration_sigma: np.ndarray
    pressure_altitude: np.ndarray
    pressure_altitude_sigma: np.ndarray
    covariance: np.ndarray
    events: tuple[FlightEvent, ...]
    residuals: tuple[Residuals, ...]
    readings: tuple[tuple[str, np.ndarray, np.ndarray, np.ndarray], ...]
    port_error: tuple[np.ndarray, np.ndarray] | None
    lags: tuple[tuple[str, float, float], ...]
    """By how much each barometer is late, s, with its standard deviation: its bay's vents, its own filter, its clock; none without an accelerometer."""
    shifts: tuple[tuple[str, float, float], ...]
    notes: tuple[str, ...]
    felt: np.ndarray
    """Whether an accelerometer told of each moment (n,)."""
    clock: float
    """What the first log's clock said at time 0, s."""

    def event(self, name: str) -> FlightEvent | None:
        """The event of that name, if it was found."""
        return next((e for e in self.events if e.name == name), None)

    @property
    def heights(self) -> tuple[np.ndarray, np.ndarray]:
        """Times and heights above the pad (k,) that the sensors read, without their offsets and the errors of their ports, and what the gate left out."""
        kept = [(t[~out], left[~out]) for _, t, left, out in self.readings]
        t, left = (np.concatenate([x[i] for x in kept]) if kept else np.zeros(0) for i in (0, 1))
        order = np.argsort(t, kind="stable")
        return t[order], np.interp(t[order], self.time, self.height) + left[order]

    def _at_top(self, values: np.ndarray, sigma: np.ndarray) -> tuple[float, float]:
        top = int(np.argmax(self.height))
        return float(values[top]), float(sigma[top])

    @property
    def apogee(self) -> tuple[float, float]:
        """Greatest height above the pad and its standard deviation, m."""
        return self._at_top(self.height, self.height_sigma)

    @property
    def apogee_pressure_altitude(self) -> tuple[float, float]:
        """What an altimeter would show there, and its standard deviation, m."""
        return self._at_top(self.pressure_altitude, self.pressure_altitude_sigma)


def _port_rows(mach: np.ndarray) -> np.ndarray:
    """Weights (n, knots) of the port's coefficients at Mach numbers (n,): linear between knots, to nothing at Mach 0, constant above."""
    knots = np.concatenate([[0.0], MACH_KNOTS])
    return np.stack([np.interp(mach, knots, row) for row in np.eye(len(knots))[1:]], axis=1)


@dataclass(frozen=True, eq=False)
class _Plan:
    """What both passes share: moments, sensors, the accelerometer's mean between moments (NaN where it is not used), the air."""

    time: np.ndarray
    sensors: list[HeightSensor]
    felt: np.ndarray
    sound: np.ndarray
    inertial: bool
    air_error: float
    start: float
    burnout: float
    top: float
    ground: float = math.nan
    calm: float = 1.0
    apart: float = 0.0  # share of every height that the barometers differ by, 1 σ

    @property
    def unsure(self) -> float:
        """How long before `start` it may have left, s: by an accelerometer that is known to 0.1 s, by a climb that began in a barometer's noise to half a second."""
        return 0.1 if self.inertial else 0.5


def _binned(plan: _Plan) -> list[list[tuple[int, float, float, float]]]:
    """For each moment the mean reading of each sensor about it: (sensor, height, variance, how long after the moment, s)."""
    out: list[list[tuple[int, float, float, float]]] = [[] for _ in plan.time]
    restless = [swing(s, plan.top) for s in plan.sensors]
    for i, s in enumerate(plan.sensors):
        k = np.round((s.time - plan.time[0]) / STEP).astype(int)
        inside = (k >= 0) & (k < len(plan.time))
        counts = np.bincount(k[inside], minlength=len(plan.time))
        sums = np.bincount(k[inside], weights=s.height[inside], minlength=len(plan.time))
        late = np.bincount(k[inside], weights=s.time[inside] - plan.time[k[inside]], minlength=len(plan.time))
        for j in np.flatnonzero(counts):
            restless_variance = restless[i] ** 2 / STEP if plan.time[j] > plan.top + 1 else 0.0
            out[j].append((i, sums[j] / counts[j], s.sigma**2 / counts[j] + restless_variance, late[j] / counts[j]))
    return out


def _calm(plan: _Plan) -> float:
    """How much calmer than assumed the descent was, by the readings of the sensor that has most of them under the canopy."""
    last = plan.ground - 0.6 if math.isfinite(plan.ground) else float(plan.time[-1])
    told: dict[int, list[tuple[float, float, float]]] = {}
    for t, row in zip(plan.time, _binned(plan), strict=True):
        if plan.top + _OPENED < t < last:
            for i, z, r, late in row:
                told.setdefault(i, []).append((t + late, z, r))
    if not told:
        return 1.0
    t, z, r = np.array(max(told.values(), key=len)).T
    return calmness(t, z, r, _DESCENT)


def _wander(plan: _Plan, scale: float) -> np.ndarray:
    """Spectral density of the unexplained acceleration between moments, (m/s²)²/s."""
    t = 0.5 * (plan.time[1:] + plan.time[:-1])
    using = np.isfinite(plan.felt)
    lone = np.where(t < plan.burnout + 0.3, 4000.0, np.where(t < plan.top - 0.5, 20.0, _DESCENT))
    # What jumps: thrust comes and goes, canopies open. Variance in (m/s²)² within one step each.
    kicks = np.where(np.abs(t - plan.start) < plan.unsure + 0.1, 50.0**2, 0.0) + np.where(
        np.abs(t - plan.burnout) < 0.3, 25.0**2, 0.0
    )
    kicks = (kicks + np.where(np.abs(t - plan.top) < 2.5, 6.0**2, 0.0)) / STEP
    kicks = kicks + np.where(np.abs(t - plan.ground) < 0.6, 15.0**2, 0.0) / STEP
    under = np.where(t > plan.top + _OPENED, plan.calm, scale)
    lone = lone * np.where(t < plan.burnout + 0.3, max(scale, 1.0), under) + kicks  # thrust is never quiet
    return np.where(t < plan.start - plan.unsure - 0.2, 1e-4, np.where(using, 0.05, lone))


def _late(
    plan: _Plan, speed: np.ndarray, before: Smoothed | None, sensor: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What h - C v²/2g at t - τ is about the lag and the port of the pass before: its slope by τ (n,), its row by C (n, knots), and what is left, m (n,)."""
    up = np.maximum(speed, 0.0)
    ports = -_port_rows(up / plan.sound) * (up**2 / (2 * _G))[:, None]
    if before is None:
        return -speed, ports, np.zeros(len(speed))
    first = _STATES + len(plan.sensors)
    lag, h = before.state[-1, first + sensor], before.state[:, _H]
    rate = np.gradient(h + ports @ before.state[-1, first + len(plan.sensors) :], plan.time)

    def then(values: np.ndarray) -> np.ndarray:
        return np.interp(plan.time - lag, plan.time, values)

    ports = np.stack([then(column) for column in ports.T], axis=1)
    return -then(rate), ports, then(h) - h + lag * then(rate)


def _pass(plan: _Plan, speed: np.ndarray, scale: float, before: Smoothed | None = None) -> Smoothed:
    """One smoothing, linear about the `speed` (n,), and the lags of the pass `before`."""
    at_lag = _STATES + len(plan.sensors)
    at_port = at_lag + (len(plan.sensors) if plan.inertial else 0)
    count = at_port + (len(MACH_KNOTS) if plan.inertial else 0)
    first = (
        (1.0, 1.0, 1.0) if plan.time[0] < plan.start - plan.unsure else (40.0, 40.0, 60.0)
    )  # a log may begin in flight
    sd = np.array(
        [
            *first,
            math.hypot(_BIAS, _G * plan.air_error),
            math.hypot(_SCALE, plan.air_error),
            *(1.0 if s.pressure else 8.0 for s in plan.sensors),
            *((_LAG if s.pressure else 0.0 for s in plan.sensors) if plan.inertial else ()),
            *(_PORT if plan.inertial else ()),
        ]
    )
    steps = []
    wander = _wander(plan, scale)
    dt = STEP
    for k, felt in enumerate(plan.felt):
        f = np.eye(count)
        u, q = np.zeros(count), np.zeros((count, count))
        if plan.time[k] >= plan.start - plan.unsure:
            f[_H, _V], f[_H, _A], f[_V, _A] = dt, dt * dt / 2, dt
            u[_V], u[_H] = -_G * dt, -_G * dt * dt / 2
            if math.isfinite(felt):
                f[_V, _B], f[_H, _B], f[_V, _S], f[_H, _S] = -dt, -dt * dt / 2, felt * dt, felt * dt * dt / 2
                u[_V], u[_H] = (felt - _G) * dt, (felt - _G) * dt * dt / 2
                q[_S, _S] = (0.01 * dt) ** 2  # the rocket leans over
        w = wander[k]
        block = (
            np.array(
                [[dt**5 / 20, dt**4 / 8, dt**3 / 6], [dt**4 / 8, dt**3 / 3, dt**2 / 2], [dt**3 / 6, dt**2 / 2, dt]]
            )
            * w
        )
        q[:3, :3] = block
        q[_V, _V] += (0.05 * dt) ** 2
        steps.append((f, u, q))
    measured, up = [], np.maximum(speed, 0.0)
    standing = np.eye(count)
    lags = [_late(plan, speed, before, i) for i in range(len(plan.sensors))] if plan.inertial else []
    for k, at in enumerate(_binned(plan)):
        row = []
        for i, z, r, late in at:
            h = np.zeros(count)
            h[_H], h[_V], h[_STATES + i] = 1.0, late, 1.0
            if plan.sensors[i].pressure:
                r += (0.01 * up[k] ** 2 / (2 * _G)) ** 2  # of what is left after C: gusts and angles of attack
                if plan.inertial:
                    slope, port, rest = lags[i]
                    h[at_lag + i], h[at_port:] = slope[k], port[k]
                    z -= rest[k]
                elif up[k] > 0.8 * plan.sound[k]:
                    r += 1e8  # a lone barometer cannot tell a shock from a climb
            row.append(Measurement(z, r, h, i))
        if plan.time[k] < plan.start - plan.unsure:
            row += [
                Measurement(0.0, 1e-4, standing[_V], -1),
                Measurement(0.0, 1e-2, standing[_H], -1),
            ]  # it stands on the pad
        measured.append(row)
    spread = np.diag(sd**2)
    spread[_B, _S] = spread[_S, _B] = _G * plan.air_error**2  # another metre: (f - g)(1 + e) is s = e and b = g e
    return smooth(np.zeros(count), spread, steps, measured)


def _felt(time: np.ndarray, axial: tuple[np.ndarray, np.ndarray] | None, top: float) -> np.ndarray:
    """Mean acceleration felt between moments (n - 1,), NaN where the accelerometer is not used: after the top and in gaps."""
    out = np.full(len(time) - 1, np.nan)
    if axial is None:
        return out
    t, f = axial
    total = np.concatenate([[0.0], np.cumsum(0.5 * (f[1:] + f[:-1]) * np.diff(t))])
    mean = np.diff(np.interp(time, t, total)) / np.diff(time)
    after = np.clip(np.searchsorted(t, 0.5 * (time[1:] + time[:-1])), 1, len(t) - 1)
    near = t[after] - t[after - 1] <= max(STEP, 2.5 * float(np.median(np.diff(t))))  # no gap in its own rhythm
    fine = near & (time[1:] < top - 0.3) & (time[:-1] >= t[0]) & (time[1:] <= t[-1])
    out[fine] = mean[fine]
    return out


def _events(time: np.ndarray, s: Smoothed, plan: _Plan) -> tuple[FlightEvent, ...]:
    """Events in s from lift-off; `time` (n,) is so, too."""
    h, v, sv = s.state[:, _H], s.state[:, _V], np.sqrt(s.covariance[:, _V, _V])
    acceleration = _acceleration(s, plan)
    out = [FlightEvent("lift-off", 0.0, 2 * STEP, 0.0)]
    fast = int(np.argmax(v))
    ended = float(time[fast]) if plan.inertial else burnout_of(time, v, 0.0)
    error = STEP + float(sv[fast] / max(abs(np.min(acceleration[fast : fast + 10])), 5.0))
    out.append(
        FlightEvent(
            "burn-out", ended, error if plan.inertial else math.hypot(error, 0.4), float(np.interp(ended, time, h))
        )
    )
    top = int(np.argmax(h))
    if 0 < top < len(h) - 1:
        out.append(FlightEvent("apogee", float(np.interp(0.0, -v[top - 1 : top + 2], time[top - 1 : top + 2])) if v[top - 1] > v[top + 1] else float(time[top]),
                               float(math.hypot(sv[top] / _G, STEP / 2)), float(h[top])))  # fmt: skip
    down = np.flatnonzero((time > time[top] + 2) & (np.abs(v) < 1.0) & (h < 0.1 * h[top] + 15))
    if down.size and time[-1] - time[down[0]] > 2 and np.abs(v[down[0] :]).mean() < 1:
        out.append(FlightEvent("landing", float(time[down[0]]), 0.5, float(h[down[0]])))
    return tuple(out)


def _acceleration(s: Smoothed, plan: _Plan) -> np.ndarray:
    felt = np.concatenate([plan.felt[:1], plan.felt])
    known = np.where(np.isfinite(felt), felt * (1 + s.state[:, _S]) - s.state[:, _B], 0.0) - _G
    return np.where(plan.time < plan.start - plan.unsure, 0.0, known + s.state[:, _A])


def _acceleration_variance(p: np.ndarray, plan: _Plan) -> np.ndarray:
    """Variance (n,) of `_acceleration` by the covariances of its states."""
    felt = np.concatenate([plan.felt[:1], plan.felt])
    row = np.zeros(p.shape[:2])
    row[:, _A] = 1.0
    known = np.isfinite(felt)
    row[known, _B], row[known, _S] = -1.0, felt[known]
    return np.maximum(np.einsum("ni,nij,nj->n", row, p, row), 0.0)


def reconstruct(
    logs: Sequence[FlightLog], *, air: Air | None = None, elevation: float = 0.0, temperature_error: float | None = None
) -> Reconstruction:
    """Reconstruct the vertical flight from the logs of one rocket.

    `air` is that of the day and `elevation` the pad's, m above sea level; without it the standard atmosphere is taken, and the scale of every
    height is uncertain by 3.5 % (10 K of the mean temperature), which the result carries. With it the mean
    temperature is held to be right to 2 K, or to `temperature_error` (K, 1 σ). Raises `InputError` where no log tells a height.
    """
    day = Air.standard() if air is None else air
    elevation = (elevation or pad_in_standard_air(logs)) if air is None else elevation
    error = (10.0 if air is None else 2.0) if temperature_error is None else temperature_error
    notes = [
        f"air: {day.source}; its mean temperature ± {error:g} K (1 σ), which is ± {100 * error / 280:.1f} % of every height by pressure"
    ]
    sensors, whose, shifts, axial = list[HeightSensor](), list[FlightLog](), [], None
    for log in logs:
        notes += [f"{log.file}: {doubt}" for doubt in log.warnings]
        mine = height_sensors(log, day, elevation)
        shift = 0.0
        if sensors and mine:
            shift, late = shift_of(sensors[0], mine[0])
            shifts.append((log.file, shift, late))
            mine = [HeightSensor(s.name, s.time - shift, s.height, s.sigma, s.pressure) for s in mine]
        sensors += mine
        whose += [log] * len(mine)
        if axial is None and (found := axial_of(log)) is not None:
            axial = (found[0] - shift, found[1])
            notes.append(f"accelerometer: {log.file}, along the axis, until the top")
    sensors, apart = agreeing(list(zip(whose, sensors, strict=True)), notes)
    sensors = plausible(sensors, notes)
    if not any(s.time.size > 20 for s in sensors):
        raise InputError("no log tells a height: a pressure, an altitude or a GPS with 20 readings or more is needed")
    if axial is None:
        notes.append(
            "no accelerometer that can be used: speed and acceleration come from the heights alone, and readings above Mach 0.8 are left out"
        )
    return _run(sensors, axial, day, elevation, error, tuple(shifts), notes, apart)


def _run(
    sensors: list[HeightSensor], axial: tuple[np.ndarray, np.ndarray] | None, air: Air, elevation: float, error: float, shifts: tuple[tuple[str, float, float], ...],
    notes: list[str], apart: float,
) -> Reconstruction:  # fmt: skip
    at = find_phases(sensors, axial)
    start, top = at.start, at.top
    begin = max(min(s.time[0] for s in sensors), start - 2.0)
    time = np.arange(math.floor(begin / STEP), math.ceil(min(at.end, top + 400) / STEP) + 1) * STEP
    best = max((s for s in sensors), key=lambda s: (s.pressure, s.time.size))
    height = np.interp(time, best.time, best.height)
    temperature = np.interp(np.clip(height, 0, None) + elevation, air.temperature.x, air.temperature.y)
    felt = _felt(time, axial, top)
    speed = np.zeros(len(time))
    if axial is not None:
        speed[1:] = np.cumsum(np.where((time[1:] > start) & np.isfinite(felt), felt - _G, 0.0)) * STEP
    sound = sound_speed(temperature)
    plan = _Plan(
        time, sensors, felt, sound, axial is not None, error / 280, start, at.burnout, top, at.ground, apart=apart
    )
    plan = replace(plan, calm=_calm(plan))
    if axial is None:
        speed = np.gradient(_pass(plan, 0 * speed, 1.0).state[:, _H], time)
    found = _pass(plan, speed, 1.0)
    scale, best_score = 1.0, found.score
    for factor in (0.2, 5.0) if axial is None else ():  # how restless the flight is, by the likelihood of what was read
        other = _pass(plan, found.state[:, _V], factor)
        if other.score < best_score:
            scale, best_score = factor, other.score
    for _ in range(2 if plan.inertial else 1):
        found = _pass(plan, found.state[:, _V], scale, found if plan.inertial else None)
    return _result(plan, found, air, elevation, shifts, notes)


def _port_alone(plan: _Plan, v: np.ndarray, a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What static port and bay may be off in height (m) and speed (m/s), 1 σ, where no accelerometer tells: C v²/2g, and its rate (C v + C' v²/2) a/g; τ v, and τ a.

    They are no noise, so nothing averages them away: they are added to the bands after the smoothing. While the rocket gains speed such a port hides it: what is read rises by
    v (1 - C a/g), nothing at 7 g and C = 0.14. So the speed of the boost is taken to grow evenly to that of the coast where it seems less.
    """
    if plan.inertial:
        return np.zeros(len(v)), np.zeros(len(v))
    since = plan.time - plan.start
    gaining = max(burnout_of(plan.time, v, plan.start) - plan.start, STEP)
    top_speed = float(v.max())
    boost = (since > 0) & (since < gaining)
    up = np.maximum(
        v,
        np.where(
            (since > 0) & (plan.time <= plan.time[int(np.argmax(v))]), np.minimum(since / gaining, 1.0) * top_speed, 0.0
        ),
    )
    pull = np.maximum(np.abs(a), np.where(boost, top_speed / gaining, 0.0))
    up = np.maximum(up, 0.0)
    mach = up / plan.sound
    c, steeper = (_port_rows(x) @ _PORT for x in (mach, mach + 0.01))
    late = _LAG if any(s.pressure for s in plan.sensors) else 0.0
    growing = c * up + 0.5 * np.maximum(steeper - c, 0.0) / (0.01 * plan.sound) * up**2
    return np.hypot(c * up**2 / (2 * _G), late * np.maximum(up, np.abs(v))), np.hypot(growing * pull / _G, late * pull)


def _doubts(residuals: list[Residuals]) -> list[str]:
    """Sensors of which so much was left out that they and the others, or the model, disagree."""
    return [
        f"of {r.sensor} {100 * r.gated / r.count:.0f} % are left out: it does not fit this flight; look at its residuals before trusting any of it"
        for r in residuals
        if r.count and r.gated > 0.15 * r.count
    ]


def _result(
    plan: _Plan, s: Smoothed, air: Air, elevation: float, shifts: tuple[tuple[str, float, float], ...], notes: list[str]
) -> Reconstruction:
    x, p = s.state, s.covariance
    h, v = x[:, _H], x[:, _V]
    pressure = np.exp(np.interp(elevation + h, air.log_pressure.x, air.log_pressure.y))
    at_pad = float(np.exp(np.interp(elevation, air.log_pressure.x, air.log_pressure.y)))
    shown = pressure_altitude(pressure) - float(pressure_altitude(at_pad))
    slope = np.where(np.abs(h) > 1, shown / np.where(np.abs(h) > 1, h, 1.0), 1.0)
    # The filter's metres are those of the assumed air; what its temperature may be off scales all of them alike.
    acceleration = _acceleration(s, plan)
    port_h, port_v = _port_alone(plan, v, acceleration)
    scale = math.hypot(plan.air_error, plan.apart)
    sigma = [np.sqrt(p[:, i, i] + (scale * y) ** 2 + e**2) for i, y, e in ((_H, h, port_h), (_V, v, port_v))]
    rough = np.sqrt(_acceleration_variance(p, plan) + (scale * acceleration) ** 2)
    table = s.residuals
    residuals, readings = [], []
    for i, sensor in enumerate(plan.sensors):
        mine = table[table[:, 1] == i]
        kept = mine[mine[:, 4] == 0]
        rms = float(np.sqrt(np.mean(kept[:, 2] ** 2))) if len(kept) else math.nan
        residuals.append(
            Residuals(
                sensor.name, len(mine), rms, float(kept[:, 2].mean()) if len(kept) else math.nan, int(mine[:, 4].sum())
            )
        )
        readings.append((sensor.name, plan.time[mine[:, 0].astype(int)] - plan.start, mine[:, 2], mine[:, 4] > 0))
    port = slice(_STATES + 2 * len(plan.sensors), None)
    flown = max(x[:, _V].max(), 0) / float(plan.sound.min())
    errors = (x[-1, port], np.sqrt(np.diagonal(p[-1])[port])) if plan.inertial and flown > 0.1 else None
    lags = [
        (c.name, float(x[-1, k]), float(np.sqrt(p[-1, k, k])))
        for k, c in enumerate(plan.sensors, _STATES + len(plan.sensors))
        if plan.inertial and c.pressure
    ]
    return Reconstruction(
        plan.time - plan.start, h, sigma[0], v, sigma[1], acceleration, rough, shown, slope * np.sqrt(p[:, _H, _H] + port_h**2 + (plan.apart * h) ** 2), p[:, :3, :3],
        _events(plan.time - plan.start, s, plan), tuple(residuals), tuple(readings), errors, tuple(lags), shifts, tuple(notes + _doubts(residuals)), np.isfinite(np.concatenate([plan.felt[:1], plan.felt])), plan.start,
    )  # fmt: skip
