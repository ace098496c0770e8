"""What is on board of one flight: each flight computer with its copies of the sensors, and the servos that it moves."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from downrange.constants import WGS84_A, WGS84_F
from downrange.control.actuators import Actuator, Event, Servo
from downrange.control.controller import Adopted, Fault, Now, checked_commands
from downrange.control.truth import Truth
from downrange.earth import Pad, ecef_from_geodetic
from downrange.tracking import Barometer, Magnetometer, Sensor
from downrange.tracking.instruments import GNSS_SHARES, GNSS_SPEED_SHARE, SWING_ACCELERATION, SWING_RATE, Unit

__all__ = ["Computer", "Mishap", "dipole_field"]

# T; g10, g11, h11 of IGRF-13, epoch 2020
_E2, _B = WGS84_F * (2 - WGS84_F), WGS84_A * (1 - WGS84_F)
EARTH_DIPOLE = (-29404.8e-9, -1450.9e-9, 4652.5e-9)
_SOON = 1e-6  # of a reading's number: clocks that ought to agree do


@dataclass
class Mishap:
    """Something that went wrong with a controller: who, what, when first (s), and how often."""

    controller: str
    text: str
    time: float
    count: int = 1


def dipole_field(pad: Pad) -> tuple[float, float, float]:
    """The Earth's magnetic field at a pad by a dipole at its centre, ENU, T; of IGRF-13 for 2020, without what is not a dipole.

    Alken et al., International Geomagnetic Reference Field: the thirteenth generation, Earth Planets Space 73:49 (2021).
    """
    g10, g11, h11 = EARTH_DIPOLE
    lat, lon = float(pad.latitude), float(pad.longitude)
    across = g11 * math.cos(lon) + h11 * math.sin(lon)
    east = g11 * math.sin(lon) - h11 * math.cos(lon)
    north = -g10 * math.cos(lat) + across * math.sin(lat)
    up = 2.0 * (g10 * math.sin(lat) + across * math.cos(lat))
    return east, north, up


class _Globe:
    """Places on the ellipsoid one at a time, in plain floats: ten times a second arrays would take most of a flight's time.

    Bowring's formula twice, below 1e-9 rad; `Pad.geodetic` is its authority.
    """

    def __init__(self, pad: Pad) -> None:
        ends = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
        lat, lon, up = (v.tolist() for v in pad.geodetic(ends))
        earth = np.array([ecef_from_geodetic(*where) for where in zip(lat, lon, up, strict=True)])
        self._origin, self._axes = earth[0].tolist(), (earth[1:] - earth[0]).tolist()

    def at(self, place: Sequence[float]) -> tuple[float, float, float]:
        """Latitude and longitude, rad, and height above sea level, m, of a place in ENU, m."""
        e, n, u = place
        x, y, z = (o + e * a + n * b + u * c for o, a, b, c in zip(self._origin, *self._axes, strict=True))
        w = max(math.hypot(x, y), 1e-9)
        t = z * WGS84_A / (w * _B)
        for _ in range(2):
            c = 1.0 / math.sqrt(1.0 + t * t)
            s = t * c
            tan = (z + _E2 * WGS84_A**2 / _B * s * s * s) / (w - _E2 * WGS84_A * c * c * c)
            t = tan * _B / WGS84_A
        lat = math.atan(tan)
        cos, sin = math.cos(lat), math.sin(lat)
        return lat, math.atan2(y, x), w * cos + z * sin - WGS84_A * math.sqrt(1.0 - _E2 * sin * sin)


class _Probe:
    """One sensor of one flight: when it reads, and what is on its way."""

    def __init__(self, name: str, sensor: Sensor, pad: Pad, before: float, rng: np.random.Generator) -> None:
        self.name, self.sensor, self.pad, self.before = name, sensor, pad, before
        self.unit, self._rng = Unit(sensor, rng), rng
        self._last, self._waiting = -1, deque[tuple[float, tuple[float, ...]]]()
        self._bay: float | None = 0.0 if isinstance(sensor, Barometer) and sensor.lag_s > 0 else None
        self._clock, self._rate, self._delay = -math.inf, sensor.rate_hz, sensor.delay_s
        self._began = before * sensor.rate_hz + _SOON
        self._globe = _Globe(pad)
        said = Now.READINGS[name]
        self.said = said[0] if len(said) == 1 else ""
        self.alone = sensor.axes == 1
        self.field = (0.0, 0.0, 0.0)
        self._read = {
            "barometer": self._pressure, "accelerometer": self._felt, "gyroscope": self._turning, "magnetometer": self._compass,
            "gnss": self._satellites,
        }[name]  # fmt: skip
        if isinstance(sensor, Magnetometer):
            self.field = sensor.field_enu or dipole_field(pad)

    def look(self, truth: Truth) -> tuple[float, ...] | None:
        """A reading that can be had now and could not before."""
        if self._bay is not None:
            self._breathe(truth)
        k = int(truth.time * self._rate + self._began)
        if k <= self._last:
            return self._late(truth.time) if self._waiting else None
        self._last = k
        said = self._read(k, truth)
        if self._delay == 0.0:
            return said
        if said is not None:
            self._waiting.append((truth.time + self._delay, said))
        return self._late(truth.time)

    def _late(self, time: float) -> tuple[float, ...] | None:
        out = None
        while self._waiting and self._waiting[0][0] <= time + 1e-9:
            out = self._waiting.popleft()[1]
        return out

    def _felt(self, k: int, truth: Truth) -> tuple[float, ...] | None:
        return self.unit.read(k, self._swing(SWING_ACCELERATION) if truth.under else truth.felt)

    def _turning(self, k: int, truth: Truth) -> tuple[float, ...] | None:
        return self.unit.read(k, self._swing(SWING_RATE) if truth.under else truth.omega)

    def _compass(self, k: int, truth: Truth) -> tuple[float, ...] | None:
        return self.unit.read(k, truth.to_body(self.field))

    def _pressure(self, k: int, truth: Truth) -> tuple[float, ...] | None:
        return self.unit.read(k, (self._at_port(truth) if self._bay is None else self._bay,))

    def _at_port(self, truth: Truth) -> float:
        s = self.sensor
        assert isinstance(s, Barometer)
        return truth.pressure + (float(s.port_share(truth.mach)) * truth.dynamic_pressure if s.port else 0.0)

    def _breathe(self, truth: Truth) -> None:
        """The bay follows the air outside, late."""
        s, p = self.sensor, self._at_port(truth)
        assert isinstance(s, Barometer) and self._bay is not None
        step = truth.time - self._clock
        self._bay = (
            p if math.isinf(step) else self._bay + (p - self._bay) * step / (s.lag_s + step) if step > 0 else self._bay
        )
        self._clock = truth.time

    def _swing(self, size: float) -> tuple[float, ...]:
        return tuple((self._rng.normal(0.0, 1.0, 3) * size).tolist())

    def _satellites(self, k: int, truth: Truth) -> tuple[float, ...] | None:
        errors, lost = self.unit.errors(k)
        v = truth.velocity
        if lost or math.hypot(*v) > self.sensor.full_scale:
            return None
        place = [x + e * share for x, e, share in zip(truth.place, errors, GNSS_SHARES, strict=True)]
        lat, lon, alt = self._globe.at(place)
        blur = self.sensor.noise * math.sqrt(self.sensor.rate_hz) * GNSS_SPEED_SHARE
        speed = [x + blur * e for x, e in zip(v, self._rng.normal(0.0, 1.0, 3).tolist(), strict=True)]
        return math.degrees(lat), math.degrees(lon), alt, *speed


@dataclass(eq=False)
class Computer:
    """One controller on one flight: what it reads, what it commands, what went wrong. `lost`: it will not answer again."""

    adopted: Adopted
    probes: list[_Probe]
    servos: dict[str, Servo]
    now: Now = field(default_factory=Now)
    orders: dict[str, str] = field(default_factory=dict)
    mishaps: list[Mishap] = field(default_factory=list)
    lost: bool = False
    count: int = 0

    @classmethod
    def on(cls, adopted: Adopted, pad: Pad, seed: list[int]) -> Computer:
        """Fit a controller with its sensors, whose errors `seed` draws."""
        probes = [
            _Probe(name, s, pad, adopted.before_s, np.random.default_rng([*seed, k]))
            for k, (name, s) in enumerate(adopted.sensors.present.items())
        ]
        servos = {n: Servo(a) for n, a in adopted.actuators.items() if isinstance(a, Actuator)}
        return cls(adopted, probes, servos)

    @property
    def due(self) -> float:
        """When it is asked next, s."""
        return self.count / self.adopted.rate_hz - self.adopted.before_s

    def look(self, truth: Truth, time: float) -> Now:
        """Read the sensors at a time, s: what it knows now."""
        now = self.now
        now.time_s, now.fresh = time, set()
        for probe in self.probes:
            said = probe.look(truth)
            if said is None:
                continue
            now.fresh.add(probe.name)
            if probe.said:
                setattr(now, probe.said, said[0] if probe.alone else said)
            else:
                now.latitude_deg, now.longitude_deg, now.altitude_m = said[:3]
                now.velocity_enu_m_s = said[3:]
        return now

    def ask(self) -> bool:
        """Ask it for its commands and take them; whether it answered as it must."""
        if self.lost:
            return True
        try:
            self.take(self.adopted.ask(self.now))
        except Fault as fault:
            self.fail(fault)
            return False
        return True

    def take(self, said: Mapping[str, Any]) -> None:
        """Take its commands. Raises `Fault` where one of them cannot be; then none is taken."""
        time = self.now.time_s
        for name, value in checked_commands(said, self.adopted.actuators).items():
            if isinstance(value, str):
                self.orders[name] = value
            else:
                self.servos[name].command(time, value)

    def fail(self, fault: Fault) -> None:
        """Note what went wrong, once for each kind."""
        self.lost = fault.over
        for m in self.mishaps:
            if m.text == fault.text:
                m.count += 1
                return
        if len(self.mishaps) < 20:
            self.mishaps.append(Mishap(self.adopted.name, fault.text, self.now.time_s))

    @property
    def events(self) -> dict[str, Event]:
        """What it may fire, by the names of its commands."""
        return {n: a for n, a in self.adopted.actuators.items() if isinstance(a, Event)}
