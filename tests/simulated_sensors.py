"""Flights of known truth with simulated sensors: drag, a canopy that fills, a barometer with a port, a bay that lags, noise, drop-outs and a warm day, an accelerometer with
bias, scale, tilt and noise. For the smoother's coverage (tests/invariants/test_smoother.py, builders/smoother_coverage.py)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from downrange.tracking import Channel, FlightLog

G = 9.80665
PHASES = ("boost", "coast", "canopy")


@dataclass(frozen=True)
class Truth:
    """Height and speed at times from lift-off, and when thrust ended, the top, the ground."""

    time: np.ndarray
    height: np.ndarray
    speed: np.ndarray
    burnout: float
    top: float
    landing: float
    day: float  # the day's mean temperature over the assumed one, less 1
    log: FlightLog


def _motion(thrust: float, burn: float, drag: float, canopy: float) -> tuple[np.ndarray, ...]:
    """Time, height, speed and acceleration felt, by steps of 1 ms: thrust rises and falls in 60 ms, the canopy fills in 0.8 s from 1 s after the top."""
    dt, h, v, t, top = 1e-3, 0.0, 0.0, 0.0, math.inf
    rows = []
    while t < 300 and (h > 0 or t < 2):
        push = thrust * min(1.0, t / 0.06, max(0.0, (burn - t) / 0.06))
        open_ = 0.0 if t < top + 1 else min(1.0, (t - top - 1) / 0.8) ** 2
        felt = push - (drag + (canopy - drag) * open_) * v * abs(v)
        if v < 0 < h and top == math.inf:
            top = t
        rows.append((t, h, v, felt))
        v, h, t = v + (felt - G) * dt, max(h + v * dt, 0.0), t + dt
        if t < 0.1 and h == 0.0:
            v = max(v, 0.0)
    return tuple(np.array(rows).T) + (np.array(top),)


def _channel(name: str, t: np.ndarray, v: np.ndarray, source: str = "") -> Channel:
    return Channel(name, t, v, np.zeros(len(t), np.uint8), source or name, "simulated")


def flight(
    seed: int, *, accelerometer: bool, air_error: float = 10.0, fast: bool = False, lag: float | None = None
) -> Truth:
    """One flight, drawn by `seed`: everything that the smoother holds uncertain is drawn from what it assumes of it. `lag` (s) of the bay instead of the drawn one."""
    rng = np.random.default_rng([20260601, seed])
    late = float(np.random.default_rng([20261126, seed]).normal(0, 0.05)) if lag is None else lag
    thrust = rng.uniform(140, 160) if fast else rng.uniform(50, 90)
    burn = rng.uniform(3.2, 3.8) if fast else rng.uniform(1.4, 2.4)
    t, h, v, felt, top = _motion(thrust, burn, rng.uniform(3e-4, 6e-4), G / rng.uniform(12, 22) ** 2)
    day = rng.normal(0, air_error / 280)
    pt = np.sort(rng.uniform(-3, t[-1] + 4, int(20 * (t[-1] + 7))))
    pt = pt[~((pt > 5) & (pt < 5.5))]  # a drop-out
    height, speed = np.interp(pt - late, t, h), np.interp(pt - late, t, v)
    mach = np.maximum(speed, 0) / 340
    port = rng.normal(0, 0.06) * np.minimum(mach / 0.3, 1) + (
        rng.normal(0.12, 0.05) * np.exp(-(((mach - 1.02) / 0.12) ** 2)) if fast else 0
    )
    shown = (
        height / (1 + day) - port * np.maximum(speed, 0) ** 2 / (2 * G) + rng.normal(0, rng.uniform(0.4, 1.5), pt.size)
    )
    gusts = np.random.default_rng([20261127, seed]).normal(0, 0.01, pt.size)
    shown = shown - gusts * np.maximum(speed, 0) ** 2 / (2 * G)
    spike = (pt > top + 1) & (pt < top + 1.15)
    shown[spike] += 250
    pressure = 101_325 * (1 - shown / 44_330.77) ** 5.25588
    channels = [_channel("pressure", pt, pressure)]
    if accelerometer:
        at = np.arange(-3, t[-1] + 4, 0.01)
        tilt = np.radians(rng.uniform(0, 8)) * np.clip(at / burn, 0, 2)
        f = np.where(at < 0, G, np.interp(at, t, felt)) / np.maximum(np.cos(tilt), 0.9)
        f = np.where(at > top, rng.normal(0, 15, at.size), f)  # under a canopy it swings
        f = f * (1 + rng.normal(0, 0.01)) + rng.normal(0, 0.3) + rng.normal(0, 0.5, at.size)
        channels.append(_channel("acceleration_axial", at, f))
    log = FlightLog("simulated", "", "simulated", 1.0, "", "", tuple(channels))
    return Truth(t, h, v, burn, float(top), float(t[-1]), day, log)
