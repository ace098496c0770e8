"""What the air and the motor did, from a reconstructed flight: the drag coefficient against Mach number from the coast, thrust against time from the boost.

Both follow from what an accelerometer feels, the force that is not gravity. Upward it is u = dv/dt + g. Along the axis, which leans by θ from the vertical, it is
u / cos θ; the speed through the air is v / cos θ. In the coast there is drag alone:

    C = -2 m u cos θ / (ρ v² A),        in the boost    T = m u / cos θ + D.

θ is that of the predicted flights, whose spread is its error. Sources: Newton's second law; errors are propagated to first order (JCGM 100:2008, eq. 10).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from downrange.atmosphere import Air, sound_speed, viscosity
from downrange.constants import STANDARD_GRAVITY
from downrange.tracking.reconstruct import Reconstruction

if TYPE_CHECKING:
    from downrange.flight import Program

__all__ = ["DragCurve", "Lean", "ThrustCurve", "boost_thrust", "coast_drag", "coast_factor"]

_G = STANDARD_GRAVITY
_STEEP = math.radians(45)  # beyond this lean the upward part says little of the force along the axis
_WIDTH = 0.05  # of a bin of the Mach number
_SHARE = 0.05  # of the peak, between which a motor burns: NFPA 1125


@dataclass(frozen=True, eq=False)
class Lean:
    """How far the axis leans from the vertical: `angle` and its standard error, rad (n,), at `time` (n,) s from lift-off."""

    time: np.ndarray
    angle: np.ndarray
    error: np.ndarray

    def at(self, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Angle and error (k,) at times (k,), held at the ends.

        time: (k,), s from lift-off.
        """
        return np.interp(time, self.time, self.angle), np.interp(time, self.time, self.error)


@dataclass(frozen=True, eq=False)
class DragCurve:
    """Drag coefficients (k,) at Mach numbers, each with its standard error, beside what was predicted there; `area` (m2) is what they are on.

    `factor` is flown over predicted, all together, with its standard error.
    """

    mach: np.ndarray
    value: np.ndarray
    error: np.ndarray
    predicted: np.ndarray
    area: float
    factor: tuple[float, float]


@dataclass(frozen=True, eq=False)
class ThrustCurve:
    """Thrust (n,) N with its standard error at `time` (n,) s from lift-off, beside the maker's curve; impulse and burn time of both.

    Burn times are those of NFPA 1125: from 5 % to 5 % of the peak.
    """

    time: np.ndarray
    thrust: np.ndarray
    error: np.ndarray
    maker: np.ndarray
    impulse: tuple[float, float]
    maker_impulse: float
    burn_time: tuple[float, float]
    maker_burn_time: float


def _air_at(air: Air, elevation: float, height: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Density, speed of sound and kinematic viscosity at heights above the pad."""
    z = elevation + np.maximum(height, 0.0)
    temperature, density = air.temperature(z), air.density(z)
    return density, sound_speed(temperature), viscosity(temperature) / density


def _predicted(program: Program, mach: np.ndarray, unit_re: np.ndarray, *, power: bool) -> np.ndarray:
    return np.array([program.aero.drag(float(m), float(r), power) for m, r in zip(mach, unit_re, strict=True)])


def coast_drag(
    r: Reconstruction,
    program: Program,
    lean: Lean,
    *,
    mass: float,
    mass_error: float,
    density_error: float,
    until: float = math.inf,
    since: float = -math.inf,
) -> DragCurve | None:
    """Drag coefficients from the coast of a reconstructed flight of `program`; None where it has no coast that tells any.

    `lean` is that of the axis; `mass` (kg) that of the coasting rocket and `mass_error`, `density_error` relative, 1 σ; `until` (s from lift-off) is when something
    opens, `since` when the last of several motors is burnt out. Used is the coast from 0.5 s behind burn-out, faster than 30 % of the largest speed and 15 m/s, leaning by less than 45°.
    """
    out, top = r.event("burn-out"), r.event("apogee")
    if out is None or top is None:
        return None
    angle, spread = lean.at(r.time)
    v, launch = r.speed, program.launch
    used = (
        (r.time > max(out.time + out.error, since) + 0.5)
        & (r.time < min(top.time, until - 0.1))
        & (v > max(0.3 * v.max(), 15.0))
        & (angle < _STEEP)
    )
    if used.sum() < 5:
        return None
    v, u, cos, area = v[used], r.acceleration[used] + _G, np.cos(angle[used]), program.aero.reference_area
    density, sound, nu = _air_at(launch.weather.air, launch.pad.elevation, r.height[used])
    speed = v / cos
    value = -2 * mass * u * cos / (density * v * v * area)
    predicted = _predicted(program, speed / sound, speed / nu, power=False)
    # What scales with the drag is taken of the larger of both, lest readings that are too small seem sure.
    share = (
        (2 * r.speed_sigma[used] / v) ** 2
        + (np.tan(angle[used]) * spread[used]) ** 2
        + mass_error**2
        + density_error**2
    )
    by_u = 2 * mass * cos / (density * v * v * area) * r.acceleration_sigma[used]
    error = np.sqrt(by_u**2 + share * np.maximum(np.abs(value), predicted) ** 2)
    return _binned(speed / sound, value, error, predicted, area)


def _binned(
    mach: np.ndarray, value: np.ndarray, error: np.ndarray, predicted: np.ndarray, area: float
) -> DragCurve | None:
    """Weighted means in bins of the Mach number. Errors within a bin are of one bias, mass and air: they are not averaged away."""
    place = np.floor(mach / _WIDTH).astype(int)
    rows = []
    for k in np.unique(place):
        here = place == k
        if here.sum() >= 2:
            w = 1 / error[here] ** 2
            rows.append([float(np.average(x[here], weights=w)) for x in (mach, value, error, predicted)])
    if not rows:
        return None
    m, c, e, p = np.array(rows).T
    w = (p / e) ** 2
    factor = float(np.average(c / p, weights=w)), float(np.average(e / p, weights=w))
    return DragCurve(m, c, e, p, area, factor)


def _fall(start: tuple[float, float], factor: float, t: np.ndarray, ask: _Coast) -> np.ndarray:
    """Heights (n,) at even times of a coast that begins at a height and an upward speed, with `factor` times the predicted drag; RK4."""
    h, v = start
    out = np.empty(len(t))
    out[0] = h
    for k in range(len(t) - 1):
        dt = t[k + 1] - t[k]

        def rate(h: float, v: float, j: int = k) -> float:
            return -_G - factor * ask.pull(h, v, j)

        a1 = rate(h, v)
        a2 = rate(h + 0.5 * dt * v, v + 0.5 * dt * a1)
        a3 = rate(h + 0.5 * dt * (v + 0.5 * dt * a1), v + 0.5 * dt * a2)
        a4 = rate(h + dt * (v + 0.5 * dt * a2), v + dt * a3)
        h += dt * v + dt * dt / 6 * (a1 + a2 + a3)
        v += dt / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
        out[k + 1] = h
    return out


@dataclass(frozen=True, eq=False)
class _Coast:
    """What the drag of a coast hangs on: over a grid of heights (uniform, from 0) ρ A / 2m and the speed of sound, over Mach numbers the predicted coefficient, over the steps 1 / cos θ."""

    step: float
    area: np.ndarray
    sound: np.ndarray
    mach_step: float
    coefficient: np.ndarray
    stretch: np.ndarray

    def pull(self, h: float, v: float, k: int) -> float:
        """Predicted drag over mass, upward part, m/s2."""
        i = min(max(int(h / self.step), 0), len(self.area) - 1)
        speed = abs(v) * self.stretch[k]
        m = min(speed / self.sound[i] / self.mach_step, len(self.coefficient) - 1.001)
        j = int(m)
        c = self.coefficient[j] + (m - j) * (self.coefficient[j + 1] - self.coefficient[j])
        return float(self.area[i] * c * speed * v)


def coast_factor(
    r: Reconstruction,
    program: Program,
    lean: Lean,
    *,
    mass: float,
    mass_error: float,
    density_error: float,
    until: float = math.inf,
    since: float = -math.inf,
    port_error: float = 0.06,
    scale_error: float = 0.0,
) -> tuple[float, float] | None:
    """Drag flown over predicted, with its standard error, by the heights of the coast alone: for a flight whose accelerometer says nothing of it.

    The motion of a coasting point is fitted to the heights that were read: height and speed where it begins, and the factor (Gauss-Newton, least squares).
    Noise is that of the residuals, as long as they are alike; `port_error` (of the dynamic pressure, 1 σ) and `scale_error` of all heights, the lean, mass and density are carried
    by fitting again with each moved. None where the coast is shorter than 2 s.

    lean: of the axis. mass: that of the coasting rocket, kg. mass_error, density_error: relative, 1 σ. until: s from lift-off, when something opens.
    since: s from lift-off, when the last of several motors is burnt out.
    """
    out, top = r.event("burn-out"), r.event("apogee")
    if out is None or top is None:
        return None
    begin, end = max(out.time + out.error, since) + 0.5, min(top.time, until - 0.1)
    t, y = r.heights
    inside = (t > begin) & (t < end)
    t, y = t[inside], y[inside]
    if len(t) < 10 or end - begin < 2:
        return None
    grid = np.arange(begin, end + 0.1, 0.1)
    angle, spread = (np.minimum(x, _STEEP) for x in lean.at(grid))
    launch, reach = program.launch, 1.2 * float(np.max(y)) + 50
    levels = np.linspace(0, reach, 200)
    density, sound, nu = _air_at(launch.weather.air, launch.pad.elevation, levels)
    fastest = 1.3 * float(np.interp(begin, r.time, r.speed)) / float(sound.min()) + 0.2
    machs = np.linspace(0, fastest, 60)
    middle = len(levels) // 2
    coefficient = _predicted(program, machs, np.maximum(machs, 1e-3) * sound[middle] / nu[middle], power=False)
    area = density * program.aero.reference_area / (2 * mass)

    def fitted(heights: np.ndarray, lean_at: np.ndarray) -> tuple[float, float]:
        ask = _Coast(levels[1], area, sound, machs[1], coefficient, 1 / np.cos(np.minimum(lean_at, _STEEP)))
        return _fit(
            ask, grid, t, heights, float(np.interp(begin, r.time, r.height)), float(np.interp(begin, r.time, r.speed))
        )

    factor, noise = fitted(y, angle)
    v = np.interp(t, r.time, r.speed)
    moved = [fitted(y + port_error * v * v / (2 * _G), angle)[0], fitted(y, angle + spread)[0]]
    moved += [fitted(y * (1 + scale_error), angle)[0]] if scale_error else []
    share = math.hypot(mass_error, density_error)
    return factor, math.sqrt(noise**2 + sum((m - factor) ** 2 for m in moved) + (share * factor) ** 2)


def _fit(
    ask: _Coast, grid: np.ndarray, t: np.ndarray, y: np.ndarray, height: float, speed: float
) -> tuple[float, float]:
    """The factor and its standard error by the noise of the heights `y` at times `t`."""
    x, steps = np.array([height, speed, 1.0]), np.array([1.0, 0.5, 0.05])

    def at(x: np.ndarray) -> np.ndarray:
        return np.interp(t, grid, _fall((float(x[0]), float(x[1])), float(x[2]), grid, ask))

    for _ in range(5):
        model = at(x)
        jacobian = np.stack([(at(x + s * np.eye(3)[i]) - model) / s for i, s in enumerate(steps)], axis=1)
        left = y - model
        sigma = max(1.4826 * float(np.median(np.abs(left - np.median(left)))), 1e-3)
        weight = np.minimum(1.0, 3 * sigma / np.maximum(np.abs(left), 1e-9))  # Huber: spikes that passed the gate
        turn = np.linalg.lstsq(jacobian * weight[:, None] ** 0.5, left * weight**0.5, rcond=None)[0]
        x = x + np.clip(turn, [-50, -30, -0.5], [50, 30, 0.5])
        x[2] = max(x[2], 0.02)
    left = y - at(x)
    alike = min(max(float(np.corrcoef(left[1:], left[:-1])[0, 1]), 0.0), 0.95)
    covariance = (
        np.linalg.inv(jacobian.T @ jacobian)
        * float(np.var(left))
        * len(left)
        / (len(left) - 3)
        * (1 + alike)
        / (1 - alike)
    )
    return float(x[2]), math.sqrt(float(covariance[2, 2]))


def _burn_time(time: np.ndarray, thrust: np.ndarray) -> float:
    above = np.flatnonzero(thrust >= _SHARE * thrust.max())
    return float(time[above[-1]] - time[above[0]])


def _burn_times(time: np.ndarray, thrust: np.ndarray, error: np.ndarray, moments: float) -> tuple[float, float]:
    """Burn time, and how far it moves with the thrust's error and with how well `moments` are known (s)."""
    low, middle, high = (_burn_time(time, np.maximum(thrust + k * error, 0.0)) for k in (-1, 0, 1))
    return middle, math.hypot(0.5 * (high - low), moments)


def boost_thrust(
    r: Reconstruction,
    program: Program,
    lean: Lean,
    *,
    liftoff: float,
    mass_error: float,
    drag_error: float = 0.15,
    drag_factor: float = 1.0,
) -> ThrustCurve | None:
    """Thrust from the boost of a reconstructed flight of `program`; None where no burn-out was found.

    Propellant leaves in proportion to the impulse delivered. `liftoff` is when the predicted flight leaves, s from ignition; `mass_error` relative; `drag_factor` times
    the predicted drag is added, `drag_error` of it uncertain. It begins at lift-off: what the motor gave before is not in it, nor in the maker's impulse beside it.
    """
    out = r.event("burn-out")
    if out is None or out.time < 0.1:
        return None
    launch = program.launch
    motor = launch.lifting
    end = out.time + max(0.4, 0.15 * out.time)
    used = (r.time >= 0) & (r.time <= end)
    t, v, u = r.time[used], r.speed[used], r.acceleration[used] + _G
    if len(t) < 4:
        return None
    angle, spread = lean.at(t)
    cos = np.cos(np.minimum(angle, _STEEP))
    density, sound, nu = _air_at(launch.weather.air, launch.pad.elevation, r.height[used])
    speed = np.maximum(v, 0.0) / cos
    coefficient = _predicted(program, speed / sound, speed / nu, power=True)
    drag = drag_factor * 0.5 * density * speed**2 * coefficient * program.aero.reference_area
    loaded, propellant = launch.loaded.mass, launch.loaded.mass - launch.dry.mass
    mass, thrust = np.full(len(t), loaded - 0.5 * propellant), np.zeros(len(t))
    for _ in range(6):  # each turn moves the mass by a tenth of what the one before did
        thrust = np.maximum(mass * u / cos + drag, 0.0)
        spent = np.concatenate([[0.0], np.cumsum(0.5 * (thrust[1:] + thrust[:-1]) * np.diff(t))])
        mass = loaded - propellant * spent / max(float(spent[-1]), 1e-9)
    pushed = thrust - drag
    error = np.sqrt(
        (mass * r.acceleration_sigma[used] / cos) ** 2
        + (pushed * mass_error) ** 2
        + (drag * drag_error) ** 2
        + (pushed * np.tan(angle) * spread) ** 2
    )
    last = int(np.argmin(np.abs(t - out.time)))
    gained = math.hypot(
        float(np.mean(mass) * r.speed_sigma[used][last]),
        mass_error * float(np.trapezoid(pushed, t)),
        drag_error * float(np.trapezoid(drag, t)),
    )
    maker = np.interp(t + liftoff, motor.time, motor.thrust, right=0.0)
    late = motor.time[motor.time > liftoff]
    after = np.concatenate([[liftoff], late])
    rest = float(np.trapezoid(np.interp(after, motor.time, motor.thrust), after))
    return ThrustCurve(
        t, thrust, error, maker, (float(spent[-1]), gained), rest, _burn_times(t, thrust, error, 0.05), motor.burn_time
    )  # fmt: skip
