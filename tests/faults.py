"""Logs of flights that went wrong in a known way: flown by the campaign's own modes, seen by simulated sensors (`tracking.simulate_log`)."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from downrange.dispersion import Plan
from downrange.dispersion.ways import fly_ways
from downrange.failures import Mode
from downrange.flight.named import named_steps
from downrange.flight.track import _hermite
from downrange.tracking import Channel, FlightLog, Sensors, simulate_log

ALTIMETER = Sensors(barometer_rate=20, barometer_noise=12, accelerometer_rate=0)
FULL = Sensors(barometer_rate=20, barometer_noise=12, accelerometer_rate=100, accelerometer_bias=0.2, accelerometer_scale=0.01, axes=3, gyro_rate=50, gps_rate=5)  # fmt: skip


@dataclass
class FlownWay:
    """What `simulate_log` asks of a flight, of a way."""

    steps: np.ndarray
    launch: object

    @property
    def raw(self):
        return SimpleNamespace(out={"landing_time": float(self.steps[-1, 0]), "liftoff_time": 0.0})

    def sample(self, t):
        y, dy = _hermite(np.asarray(t, float), self.steps)
        at = named_steps(self.steps)
        i = np.clip(np.searchsorted(at["time"], t, "right") - 1, 0, len(self.steps) - 1)
        q = y[:, 6:10] / np.linalg.norm(y[:, 6:10], axis=1, keepdims=True)
        asl = self.launch.pad.geodetic(y[:, :3])[2]
        density = self.launch.weather.air.density(asl)
        return SimpleNamespace(
            position_enu=y[:, :3], height=asl - self.launch.pad.elevation, dynamic_pressure=0.5 * density * (y[:, 3:6] ** 2).sum(axis=1),
            acceleration_enu=dy[:, 3:6], quaternion=q, omega_body=y[:, 10:13], under_canopy=at["under_canopy"][i] > 0.5,
        )  # fmt: skip


def fault_logs(plan: Plan, mode: Mode, sensors: Sensors, *, count: int, block: int) -> list[FlightLog]:
    """Logs of `count` flights of a mode with all that varies; other blocks than 0, which the diagnosis flies, give other flights."""
    rng = np.random.default_rng([block, 77])
    ways = fly_ways(plan, mode, rng.random((count, len(plan.inputs.inputs))), block=block)
    return [
        simulate_log(FlownWay(w, plan.program.launch), sensors, seed=1000 * block + k)
        for k, w in enumerate(ways)
        if len(w) > 2 and w[:, 3].max() > 12
    ]


def cut(log: FlightLog, end: float) -> FlightLog:
    """A log whose recording ends at a time, s from lift-off."""
    kept = []
    for c in log.channels:
        k = c.time <= end
        kept.append(Channel(c.name, c.time[k], c.raw[k], c.quality[k], c.source, c.why, c.sensor))
    return FlightLog(log.file, log.sha256, log.family, log.confidence, log.recognised, log.zero, tuple(kept))
