"""What in the logs of one rocket tells a height, on one clock and above one pad; and the accelerometer along its axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from downrange.atmosphere import Air, pressure_altitude, standard_pressure
from downrange.constants import STANDARD_GRAVITY
from downrange.tracking.liftoff import pad_level
from downrange.tracking.log import Channel, FlightLog, Quality

__all__ = [
    "LATEST",
    "HeightSensor",
    "axial_of",
    "height_sensors",
    "pad_in_standard_air",
    "plausible",
    "rocket_axis",
    "shift_of",
    "swing",
]

_G = STANDARD_GRAVITY
LATEST = 1000.0  # s from lift-off; no top of an amateur's rocket is later than 400, and one time that was misread is not to make a day of it
_MEANT = math.radians(
    6
)  # a board's axis nearer than that to the first push is taken to lie along the rocket: mounts are not straighter
_UPRIGHT = math.radians(15)  # the same to the vertical on the pad: rails lean


@dataclass(frozen=True, eq=False)
class HeightSensor:
    """A sensor of height on the common clock: times, heights above the pad in the assumed air (m), and whether from pressure."""

    name: str
    time: np.ndarray
    height: np.ndarray
    sigma: float
    pressure: bool


def heights_in(air: Air, elevation: float, pressure: np.ndarray, at_pad: float) -> np.ndarray:
    """Heights above the pad (n,) at which the air has the pressures, scaled so that the pad has `at_pad`."""
    z = air.log_pressure.x
    log_p = air.log_pressure.y
    return np.interp(-(np.log(pressure / at_pad) + np.interp(elevation, z, log_p)), -log_p, z) - elevation


def _noise(t: np.ndarray, h: np.ndarray) -> float:
    """Standard deviation of the readings by how far each lies from the line between its neighbours, at their times: readings need not be evenly apart."""
    if h.size < 8:
        return 1.0
    wide = t[2:] - t[:-2]
    w = np.where(wide > 0, (t[2:] - t[1:-1]) / np.where(wide > 0, wide, 1.0), 0.5)
    off = h[1:-1] - w * h[:-2] - (1 - w) * h[2:]
    return max(0.2, float(1.4826 * np.median(np.abs(off) / np.sqrt(1 + w**2 + (1 - w) ** 2))))


def swing(s: HeightSensor, top: float) -> float:
    """Spread (m, 1 σ) of the readings about their own running line of ±2 s under the canopy, beyond their noise.

    A bay that swings under a canopy breathes: its pressure errors last about a second, so each second of readings counts as one.
    """
    t, h = s.time[s.time > top + 1], s.height[s.time > top + 1]
    if t.size < 100:
        return 0.0
    line = sum(np.interp(t + d, t, h) for d in np.linspace(-2, 2, 21)) / 21
    spread = 1.4826 * float(np.median(np.abs(h - line)))
    return spread if spread > 2 * s.sigma else 0.0


def height_sensors(log: FlightLog, air: Air, elevation: float) -> list[HeightSensor]:
    """Heights by the pressures of a log, else by its altitude from pressure; and by GPS."""
    out = []
    pressures = [c for c in log.all("pressure") if c.good[0].size > 20]
    p_air = float(np.exp(np.interp(elevation, air.log_pressure.x, air.log_pressure.y)))
    said = [k.value for k in log.claims if k.name == "pressure on the pad"]
    for c in pressures:
        t, p = _without_transonic(c)
        at_pad = said[0] if said else pad_level(*c.good)
        out.append(
            HeightSensor(
                f"{log.file}: {c.source} {c.sensor}".strip(), t, heights_in(air, elevation, p, at_pad), 0.0, True
            )
        )
    altitude = log.get("altitude_agl", "altitude_msl", "altitude_filtered")
    if not pressures and altitude is not None:
        t, h = _without_transonic(altitude)
        h = h - (pad_level(*altitude.good) if altitude.name == "altitude_msl" else 0.0)
        p = standard_pressure(np.clip(float(pressure_altitude(p_air)) + h, -1000, 80_000))
        out.append(
            HeightSensor(
                f"{log.file}: {altitude.source}",
                t,
                heights_in(air, elevation, p, float(standard_pressure(float(pressure_altitude(p_air))))),
                0.0,
                True,
            )
        )
    gps = log.get("gps_altitude")
    if gps is not None and np.ptp(gps.good[1]) > 30:
        t, h = gps.good
        moved = np.concatenate([[True], np.diff(h) != 0])
        out.append(HeightSensor(f"{log.file}: {gps.source} (GPS)", t[moved], h[moved] - pad_level(t, h), 6.0, False))
    cut = [(s, s.time < LATEST) for s in out]
    return [
        HeightSensor(s.name, s.time[k], s.height[k], s.sigma or _noise(s.time[k], s.height[k]), s.pressure)
        for s, k in cut
        if k.any()
    ]


def _without_transonic(c: Channel) -> tuple[np.ndarray, np.ndarray]:
    """Readings to use: the good ones, and the transonic ones, whose error is a state here."""
    keep = (c.quality == Quality.GOOD) | (c.quality == Quality.TRANSONIC)
    return c.time[keep], c.raw[keep]


def axial_of(log: FlightLog) -> tuple[np.ndarray, np.ndarray] | None:
    """Time and acceleration felt along the axis (1 g at rest) of an accelerometer that did not saturate."""
    for name, more in (("acceleration_axial", 0.0), ("acceleration_net", _G)):
        c = log.get(name)
        if c is not None and Quality.SATURATED not in c.withheld and c.rate > 8:
            return c.good[0], c.good[1] + more
    return _along_rest(log)


def _along_rest(log: FlightLog) -> tuple[np.ndarray, np.ndarray] | None:
    """Time and acceleration felt along the rocket, of three accelerometers that did not saturate."""
    three = [log.get(f"acceleration_{a}") for a in "xyz"]
    if any(c is None or Quality.SATURATED in c.withheld or not c.rate > 8 for c in three):
        return None
    t = three[0].good[0]  # type: ignore[union-attr]
    felt = np.stack([np.interp(t, *c.good) for c in three], axis=1)  # type: ignore[union-attr]
    resting = (t < -0.2) & (t > -5)
    if resting.sum() < 10:
        return None
    rest = felt[resting].mean(axis=0)
    if not 0.85 * _G < float(np.linalg.norm(rest)) < 1.15 * _G:
        return None
    return t, felt @ rocket_axis(rest, t, felt, 0.0)[0]


def rocket_axis(rest: np.ndarray, t: np.ndarray, felt: np.ndarray, start: float) -> tuple[np.ndarray, str]:
    """The direction of the rocket's nose in the frame of a board, (3,), and in words what it was taken for.

    On the rail the rocket moves along its axis alone: what three accelerometers feel more than at `rest` (3,), whatever the rail's tilt and their biases, points
    along it. `felt` (n, 3) at `t` (n,) s, lift-off at `start`. A board's own axis within 6° of it is taken to be meant; where no push is felt, one within 15° of the vertical
    on the pad, or that vertical.
    """
    first = (t > start + 0.03) & (t < start + 0.35)
    push = felt[first].sum(axis=0) - first.sum() * rest if first.any() else np.zeros(3)
    pushed = first.sum() >= 3 and float(np.linalg.norm(push)) > 2 * _G * first.sum()
    along = push if pushed else rest
    along = along / np.linalg.norm(along)
    k = int(np.argmax(np.abs(along)))
    axis = np.sign(along[k]) * np.eye(3)[k]
    if along @ axis > math.cos(_MEANT if pushed else _UPRIGHT):
        return axis, f"the board's {'xyz'[k]} axis lies along the rocket"
    return along, "the board lies askew: the direction of the first push is taken for the axis" if pushed else "the board lies askew: its mean vertical on the pad is taken for the axis"  # fmt: skip


def shift_of(a: HeightSensor, b: HeightSensor) -> tuple[float, float]:
    """By how many seconds `b` is late against `a`, and its standard error: the time that makes the climbs agree in rate."""
    grid = np.arange(0.5, a.time[int(np.argmax(a.height))], 0.1)
    if grid.size < 20:
        return 0.0, 1.0
    rate_a = np.gradient(np.interp(grid, a.time, a.height), grid)
    lags = np.arange(-2.0, 2.001, 0.02)
    costs = np.array(
        [np.median(np.abs(np.gradient(np.interp(grid + d, b.time, b.height), grid) - rate_a)) for d in lags]
    )
    best = int(np.argmin(costs))
    flat = lags[costs < costs[best] * 1.1 + 1e-9]
    return float(lags[best]), max(0.02, 0.5 * float(np.ptp(flat)))


def plausible(sensors: list[HeightSensor], notes: list[str]) -> list[HeightSensor]:
    """Sensors without the GPS whose top is not that of the pressures to 10 %: receivers lose the flight and report old positions."""
    tops = [float(np.percentile(s.height, 99.5)) for s in sensors if s.pressure]
    if not tops:
        return sensors
    out = []
    for s in sensors:
        top = float(np.max(s.height))
        if not s.pressure and abs(top / tops[0] - 1) > 0.1:
            notes.append(f"{s.name} is left out: its top is {top:,.0f} m where the pressure says {tops[0]:,.0f} m")
        else:
            out.append(s)
    return out


def pad_in_standard_air(logs: Sequence[FlightLog]) -> float:
    """Elevation of the pad, m, at which the standard atmosphere has the pressure that was read there; 0 where none was."""
    for log in logs:
        for c in log.all("pressure"):
            if c.good[0].size > 20:
                return float(np.clip(pressure_altitude(pad_level(*c.good)), -400, 6000))
    return 0.0
