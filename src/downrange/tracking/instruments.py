"""Sensors as a flight computer has them: what they read where the truth is known, with their errors. SI.

One model, for logs made of a computed flight (`tracking.simulate`) and for controllers on board of one (`control`). White noise
and the walk of the bias are the two ends of an Allan deviation: of readings averaged over τ it is N/√τ where white noise of density N
rules, and K √(τ/3) where a walk of the bias of K per root second does (IEEE Std 952-1997, annex C; Allan 1966).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np

from downrange.errors import InputError, seen

__all__ = ["Accelerometer", "Barometer", "Gnss", "Gyroscope", "Magnetometer", "Sensor", "SensorSuite", "Unit"]

Number = TypeVar("Number", float, np.ndarray)
_CHUNK = 512  # readings whose noise is drawn at once
SWING_ACCELERATION = 8.0  # m/s², of each axis under a canopy: what bays of real logs feel
SWING_RATE = 1.0  # rad/s, likewise
GNSS_SHARES = (
    1.0,
    1.0,
    2.0,
)  # of a receiver's noise east, north and up: dilution of precision upward is about twice that across
GNSS_SPEED_SHARE = 1 / 30  # 1/s, of the noise of its velocity: 0.1 m/s by Doppler where code positions scatter by 3 m


@dataclass(frozen=True, kw_only=True)
class Sensor:
    """What all sensors have. In the sensor's own SI unit u: Pa, m/s², rad/s, T, m.

    rate_hz: readings a second
    noise: density of its white noise, u/√Hz; one reading scatters by noise times the root of the rate
    bias: 1 σ of an offset that stays for a flight, u
    bias_walk: how the offset walks, u/√s
    scale: 1 σ of the error of its scale, a share
    misalignment_rad: 1 σ of how its triad is turned about each axis
    full_scale: where it saturates, u
    quantum: its least step, u; 0: none
    delay_s: how long after it was taken a reading can be had
    drop_out: share of readings that are lost
    Raises `InputError` for what cannot be.
    """

    rate_hz: float = 100.0
    noise: float = 0.0
    bias: float = 0.0
    bias_walk: float = 0.0
    scale: float = 0.0
    misalignment_rad: float = 0.0
    full_scale: float = math.inf
    quantum: float = 0.0
    delay_s: float = 0.0
    drop_out: float = 0.0

    def __post_init__(self) -> None:
        for f in fields(self):
            value = getattr(self, f.name)
            if not isinstance(value, int | float) or isinstance(value, bool):
                if f.name in ("port", "field_enu") and value is not None:
                    continue
                if value is None:
                    continue
                raise InputError(f"{f.name} is a number, seen {seen(value, 60)}", key=f"{self.kind}.{f.name}")
            if math.isnan(value) or (value < 0 and f.name != "port"):
                raise InputError(f"{f.name} is {value:g}; it is zero or more", key=f"{self.kind}.{f.name}")
        if not 0 < self.rate_hz <= 100_000:
            raise InputError(
                f"a rate of {self.rate_hz:g} Hz; give readings a second, like 100", key=f"{self.kind}.rate_hz"
            )
        if not self.drop_out <= 1:
            raise InputError(
                f"{self.drop_out:g} of all readings lost; a share is at most 1", key=f"{self.kind}.drop_out"
            )

    @property
    def kind(self) -> str:
        """What it is called among a suite's."""
        return type(self).__name__.lower()

    @property
    def axes(self) -> int:
        """How many numbers a reading has."""
        return 3


@dataclass(frozen=True, kw_only=True)
class Barometer(Sensor):
    """A pressure sensor, Pa. Its port is off by `port` of the dynamic pressure at every Mach number, or by pairs (Mach, share) with straight
    lines between and the ends held: near Mach 1 shocks pass over it. `lag_s` is that of the bay behind the air outside."""

    port: float | tuple[tuple[float, float], ...] = 0.0
    lag_s: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.port, int | float):
            pairs = np.asarray(self.port, float)
            if (
                pairs.ndim != 2
                or pairs.shape[1] != 2
                or not (np.isfinite(pairs).all() and (np.diff(pairs[:, 0]) > 0).all())
            ):
                raise InputError(
                    "the port's error is a number, or pairs of (Mach, share) with rising Mach numbers, like ((0.8, 0), (1, 0.1), (1.2, 0))",
                    key="barometer.port",
                )  # fmt: skip

    @property
    def axes(self) -> int:
        """One number."""
        return 1

    def port_share(self, mach: Any) -> Any:
        """The port's error as a share of the dynamic pressure.

        mach: Mach numbers, any shape.
        """
        if isinstance(self.port, int | float):
            return self.port
        if isinstance(mach, float):
            return line_through(self.port, mach)
        return np.interp(mach, [p[0] for p in self.port], [p[1] for p in self.port])


class Accelerometer(Sensor):
    """Three axes, m/s²: what is felt, 1 g upward at rest. Body axes, x out of the nose."""


class Gyroscope(Sensor):
    """Three axes, rad/s, body axes."""


@dataclass(frozen=True, kw_only=True)
class Magnetometer(Sensor):
    """Three axes, T, body axes. `field_enu` is the Earth's field at the pad; None: that of the dipole of IGRF-13, good to a third."""

    field_enu: tuple[float, float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Gnss(Sensor):
    """A satellite receiver: `noise` is of its position across, in m/√Hz; upward it is twice that, of its velocity a thirtieth a second.

    Faster than `full_scale` (m/s) it gives nothing. `scale` and `misalignment_rad` mean nothing to it.
    """

    rate_hz: float = 10.0


@dataclass(frozen=True)
class SensorSuite:
    """The sensors of a flight computer; None: it has none of these. Left out, each is there and errs in nothing."""

    barometer: Barometer | None = Barometer()
    accelerometer: Accelerometer | None = Accelerometer()
    gyroscope: Gyroscope | None = Gyroscope()
    magnetometer: Magnetometer | None = None
    gnss: Gnss | None = None

    def __post_init__(self) -> None:
        for f in fields(self):
            value = getattr(self, f.name)
            if value is not None and type(value).__name__.lower() != f.name:
                raise InputError(f"{f.name} is a dr.{f.name.capitalize()}, or None; seen {seen(value, 60)}", key=f.name)

    @property
    def present(self) -> dict[str, Sensor]:
        """Those that are there, by name."""
        return {f.name: s for f in fields(self) if (s := getattr(self, f.name)) is not None}

    @property
    def perfect(self) -> bool:
        """Whether none of them errs."""
        return all(_without(s) == _without(type(s)()) for s in self.present.values())


def _without(s: Sensor) -> Sensor:
    """As it is but for how often it reads and what field it is in."""
    s = replace(s, rate_hz=1.0)
    return replace(s, field_enu=None) if isinstance(s, Magnetometer) else s


class Unit:
    """One copy of a sensor on one flight: what stays of its errors is drawn once, its noise in stretches.

    Reading number k has the same noise whichever of the others are read.
    """

    def __init__(self, sensor: Sensor, rng: np.random.Generator) -> None:
        self.sensor, self._rng, n = sensor, rng, sensor.axes
        stay = rng.normal(0.0, 1.0, (3, 3))
        self.bias = (stay[0, :n] * sensor.bias).tolist()
        turn = np.zeros((3, 3)) if n < 3 else _cross(stay[2] * sensor.misalignment_rad)
        self.matrix = ((np.eye(3) + turn) * (1.0 + stay[1] * sensor.scale)[:, None])[:n, :n].tolist()
        self._level, self._sigma = sensor.full_scale, sensor.noise * math.sqrt(sensor.rate_hz)
        self._step = sensor.bias_walk / math.sqrt(sensor.rate_hz)
        still = (
            sensor.noise,
            sensor.bias,
            sensor.bias_walk,
            sensor.scale,
            sensor.misalignment_rad,
            sensor.quantum,
            sensor.drop_out,
        )
        self._exact = not any(still) and math.isinf(sensor.full_scale)
        self._limits = math.isfinite(sensor.full_scale) or sensor.quantum > 0
        self._walked = np.zeros(n)
        self._first, self._noise, self._lost = 0, [[0.0] * n], [False]
        self._fill(0)

    def _fill(self, first: int) -> None:
        n = self.sensor.axes
        white = self._rng.normal(0.0, 1.0, (_CHUNK, n)) * self._sigma
        walk = self._walked + np.cumsum(self._rng.normal(0.0, 1.0, (_CHUNK, n)) * self._step, axis=0)
        lost = self._rng.random(_CHUNK) < self.sensor.drop_out
        self._walked, self._first = walk[-1], first
        self._noise, self._lost = (white + walk + self.bias).tolist(), lost.tolist()

    def errors(self, k: int) -> tuple[list[float], bool]:
        """Of reading number k: what is added on each axis, and whether it is lost. The numbers only rise."""
        while k >= self._first + _CHUNK:
            self._fill(self._first + _CHUNK)
        return self._noise[k - self._first], self._lost[k - self._first]

    def read(self, k: int, truth: Sequence[float]) -> tuple[float, ...] | None:
        """Reading number k of a true value; None where it is lost."""
        if self._exact:
            return tuple(truth)
        at = k - self._first
        if at >= _CHUNK:
            self.errors(k)
            at = k - self._first
        if self._lost[at]:
            return None
        read = _distort(self.matrix, truth, self._noise[at])
        return self._limited(read) if self._limits else tuple(read)

    def read_all(self, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The readings (n, axes) of true values (n, axes), one after another, and which are saturated; NaN where they are lost."""
        each = [self.errors(k) for k in range(len(truth))]
        noise, lost = np.array([e[0] for e in each]).reshape(truth.shape), np.array([e[1] for e in each], bool)
        free = np.stack(_distort(self.matrix, list(truth.T), list(noise.T)), axis=1)
        out = np.clip(free, -self._level, self._level)
        q = self.sensor.quantum
        if q:
            out = np.round(out / q) * q
        out[lost] = np.nan
        return out, np.abs(free) > self._level

    def _limited(self, read: Sequence[float]) -> tuple[float, ...]:
        top, q = self._level, self.sensor.quantum
        held = [top if v > top else -top if v < -top else v for v in read]
        return tuple([round(v / q) * q for v in held] if q else held)


def line_through(pairs: Sequence[tuple[float, float]], x: float) -> float:
    """Of pairs with rising first numbers, the second at `x` on the straight lines between them; the ends hold."""
    before = pairs[0]
    for pair in pairs:
        if x <= pair[0]:
            if pair is before:
                return pair[1]
            return before[1] + (pair[1] - before[1]) * (x - before[0]) / (pair[0] - before[0])
        before = pair
    return before[1]


def _distort(m: Sequence[Sequence[float]], x: Sequence[Any], noise: Sequence[Any]) -> list[Any]:
    """Scale, misalignment and noise, axis by axis."""
    if len(m) == 1:
        return [m[0][0] * x[0] + noise[0]]
    a, b, c = x
    p, q, r = m
    return [
        p[0] * a + p[1] * b + p[2] * c + noise[0], q[0] * a + q[1] * b + q[2] * c + noise[1],
        r[0] * a + r[1] * b + r[2] * c + noise[2],
    ]  # fmt: skip


def _cross(a: np.ndarray) -> np.ndarray:
    """The matrix of a small turn (3,), rad: what is seen from axes that are turned by it."""
    return np.array([[0.0, a[2], -a[1]], [-a[2], 0.0, a[0]], [a[1], -a[0], 0.0]])
