"""What a flight computer would have logged of a flight that was computed: barometer, accelerometers, gyros and GPS with their errors.

For tests of coverage, and for whoever learns from logs and wants to know how well that works where the truth is known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from downrange.constants import STANDARD_GRAVITY
from downrange.frames import matrix_from_quaternion
from downrange.tracking.instruments import (
    GNSS_SHARES,
    SWING_ACCELERATION,
    SWING_RATE,
    Accelerometer,
    Barometer,
    Gnss,
    Gyroscope,
    Unit,
)
from downrange.tracking.log import Channel, FlightLog, Quality

if TYPE_CHECKING:
    from downrange.flight import Flight

__all__ = ["Sensors", "simulate_log"]

_G = STANDARD_GRAVITY


@dataclass(frozen=True)
class Sensors:
    """A flight computer: rates (Hz; 0: it has none), noise (1 σ of a reading) and errors that last, SI.

    `port` is the static port's error as a share of the dynamic pressure at every Mach number, `lag` (s) that of the bay behind the air outside. `axes` are how many axes the accelerometer has (1: along the
    rocket; 3), `full_scale` (m/s²) where it saturates. GPS errors are white; `latency` (s) is how late a position is.
    """

    barometer_rate: float = 20.0
    barometer_noise: float = 15.0
    port: float = 0.0
    lag: float = 0.0
    accelerometer_rate: float = 100.0
    accelerometer_noise: float = 0.5
    accelerometer_bias: float = 0.0
    accelerometer_scale: float = 0.0
    axes: int = 1
    full_scale: float = np.inf
    gyro_rate: float = 0.0
    gyro_noise: float = 0.005
    gyro_bias: float = 0.0
    gps_rate: float = 0.0
    gps_noise: float = 3.0
    latency: float = 0.0

    @property
    def barometer(self) -> Barometer:
        """Its barometer, as `instruments` has it."""
        return Barometer(rate_hz=self.barometer_rate, noise=_density(self.barometer_noise, self.barometer_rate))

    @property
    def accelerometer(self) -> Accelerometer:
        """Its accelerometer."""
        return Accelerometer(
            rate_hz=self.accelerometer_rate, noise=_density(self.accelerometer_noise, self.accelerometer_rate),
            bias=self.accelerometer_bias, scale=self.accelerometer_scale, full_scale=self.full_scale,
        )  # fmt: skip

    @property
    def gyroscope(self) -> Gyroscope:
        """Its gyroscope."""
        return Gyroscope(rate_hz=self.gyro_rate, noise=_density(self.gyro_noise, self.gyro_rate), bias=self.gyro_bias)

    @property
    def gnss(self) -> Gnss:
        """Its satellite receiver."""
        return Gnss(rate_hz=self.gps_rate, noise=_density(self.gps_noise, self.gps_rate), delay_s=self.latency)


def _density(scatter: float, rate: float) -> float:
    """Of white noise whose readings scatter by so much."""
    return scatter / math.sqrt(rate)


def _channel(name: str, t: np.ndarray, v: np.ndarray, quality: np.ndarray | None = None) -> Channel:
    return Channel(name, t, v, np.zeros(len(t), np.uint8) if quality is None else quality, name, "simulated")


def simulate_log(
    flight: Flight, sensors: Sensors = Sensors(), *, seed: int, before: float = 5.0, after: float = 10.0
) -> FlightLog:
    """The log of a computed flight: from `before` lift-off to `after` landing (s), times from lift-off; randomness by `seed`.

    Body axes are the rocket's: x out of the nose. Under canopies the board swings: accelerations along the axis are then noise.
    """
    rng = np.random.default_rng([seed, 20_261])
    o = flight.raw.out
    end = o["landing_time"] if np.isfinite(o["landing_time"]) else flight.track.times[-1]
    start, span = o["liftoff_time"], end - o["liftoff_time"]

    def times(rate: float) -> np.ndarray:
        return np.arange(-before, span + after, 1 / rate)

    channels: list[Channel] = []
    if sensors.barometer_rate:
        channels.append(_pressure(flight, sensors, times(sensors.barometer_rate), start, end, rng))
    if sensors.accelerometer_rate:
        channels += _felt(flight, sensors, times(sensors.accelerometer_rate), start, end, rng)
    if sensors.gyro_rate:
        t = times(sensors.gyro_rate)
        at = flight.sample(np.clip(t + start, start, end))
        moving = (t > 0) & (t < span) & ~at.under_canopy
        swings = np.where((at.under_canopy & (t < span))[:, None], rng.normal(0, SWING_RATE, at.omega_body.shape), 0.0)
        rate = Unit(sensors.gyroscope, rng).read_all(np.where(moving[:, None], at.omega_body, 0.0))[0] + swings
        channels += [_channel(f"rate_{a}", t, rate[:, k]) for k, a in enumerate("xyz")]
    if sensors.gps_rate:
        t = times(sensors.gps_rate)
        at = flight.sample(np.clip(t - sensors.latency + start, start, end))
        noise = Unit(sensors.gnss, rng).read_all(np.zeros_like(at.position_enu))[0] * GNSS_SHARES
        lat, lon, alt = flight.launch.pad.geodetic(at.position_enu + noise)
        channels += [_channel(n, t, v) for n, v in (("latitude", lat), ("longitude", lon), ("gps_altitude", alt))]
    return FlightLog("simulated", "", "simulated", 1.0, "made from a computed flight", "lift-off", tuple(channels))


def _pressure(flight: Flight, s: Sensors, t: np.ndarray, start: float, end: float, rng: np.random.Generator) -> Channel:
    fine = np.arange(t[0], t[-1], 0.01)
    at = flight.sample(np.clip(fine + start, start, end))
    air = flight.launch.weather.air
    moving = (fine > 0) & (fine < end - start)
    p = air.pressure(flight.launch.pad.elevation + at.height) + s.port * np.where(moving, at.dynamic_pressure, 0.0)
    if s.lag > 0:
        from scipy.signal import lfilter

        a = 0.01 / (s.lag + 0.01)
        p = lfilter([a], [1, a - 1], p - p[0]) + p[0]
    read, _ = Unit(s.barometer, rng).read_all(np.interp(t, fine, p)[:, None])
    return _channel("pressure", t, read[:, 0])


def _felt(
    flight: Flight, s: Sensors, t: np.ndarray, start: float, end: float, rng: np.random.Generator
) -> list[Channel]:
    at = flight.sample(np.clip(t + start, start, end))
    still = (t < 0) | (t > end - start)
    a = np.where(still[:, None], 0.0, at.acceleration_enu) + np.array([0.0, 0.0, _G])
    body = np.einsum("nij,ni->nj", matrix_from_quaternion(at.quaternion), a)
    body[at.under_canopy] = rng.normal(0, SWING_ACCELERATION, (int(at.under_canopy.sum()), 3))
    names = ("acceleration_axial",) if s.axes == 1 else ("acceleration_x", "acceleration_y", "acceleration_z")
    read, saturated = Unit(s.accelerometer, rng).read_all(body)
    quality = np.where(saturated, Quality.SATURATED, Quality.GOOD).astype(np.uint8)
    return [_channel(name, t, read[:, k], quality[:, k]) for k, name in enumerate(names)]
