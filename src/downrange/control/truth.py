"""What is true at one moment of a flight, as sensors and actuators ask for it. Plain floats: one flight, a hundred times a second."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from downrange.atmosphere import sound_speed
from downrange.flight import Program
from downrange.flight.drivers import rail_ride
from downrange.flight.stepper import Stepper
from downrange.frames import quaternion_on_rail, rail_direction_enu

__all__ = ["Ride", "Surroundings", "Truth"]

_CELL, _CELLS = 2.0, 4096  # m, of the tables of air; at most so many


class Surroundings:
    """The air, the wind and gravity over a pad, looked up by height. That of the launch: winds that a campaign draws are not in it, which
    only the port's error of a barometer feels."""

    def __init__(self, program: Program) -> None:
        launch, t = program.launch, program.compiled.tables
        self.pad = launch.pad
        step = max(_CELL, t.top / _CELLS)
        z = np.arange(-50.0, t.top + 2 * step, step)
        asl = launch.pad.elevation + z
        air, wind = launch.weather.air, launch.weather.wind
        self._first, self._each, self._last = -50.0, step, len(z) - 2
        self._log_pressure = np.log(air.pressure(asl)).tolist()
        self._density = np.asarray(air.density(asl)).tolist()
        self._sound = np.asarray(sound_speed(air.temperature(asl))).tolist()
        self._east, self._north = np.asarray(wind.east(asl)).tolist(), np.asarray(wind.north(asl)).tolist()
        self._curve = (t.inv_east, t.inv_north)
        self._gravity = (t.g0, t.g1, t.g2, t.g3)
        self.area, self.diameter = float(t.area), float(t.diameter)

    def height(self, x: float, y: float, z: float) -> float:
        """Height above the pad, m, of a place in ENU, m, as the kernel has it."""
        east, north = self._curve
        q, k = 0.5 * (x * x * east + y * y * north), 0.25 * (east + north)
        h = z + q
        for _ in range(3):
            h = z + q - k * (h - z) * (h + z)
        return h

    def gravity(self, h: float) -> float:
        """At a height, m/s²."""
        g = self._gravity
        return g[0] + h * (g[1] + h * (g[2] + h * g[3]))

    def cell(self, h: float) -> tuple[int, float]:
        """Where a height, m, lies in the tables: the number of the cell, and the share of it that is below."""
        u = (h - self._first) / self._each
        i = min(max(int(u), 0), self._last) if u == u else 0
        return i, u - i

    def pressure(self, i: int, f: float) -> float:
        """In a cell, Pa."""
        p = self._log_pressure
        return math.exp(p[i] + f * (p[i + 1] - p[i]))

    def air(self, i: int, f: float) -> tuple[float, float, float, float]:
        """Density (kg/m³), speed of sound (m/s), wind east and north (m/s) in a cell."""
        a, b, c, d = self._density, self._sound, self._east, self._north
        return (
            a[i] + f * (a[i + 1] - a[i]), b[i] + f * (b[i + 1] - b[i]), c[i] + f * (c[i + 1] - c[i]), d[i] + f * (d[i + 1] - d[i]),
        )  # fmt: skip


class Truth:
    """One moment; what follows from its state is worked out when it is asked for, once. `felt` is what an accelerometer ought to read."""

    __slots__ = ("_air", "_cell", "_height", "_speed", "_state", "_turn", "around", "time", "under")

    def __init__(self, around: Surroundings, state: Sequence[float], under: bool) -> None:
        self.around, self.time, self.under, self._state = around, state[0], under, state
        self._height: float | None = None
        self._cell: tuple[int, float] | None = None
        self._air: tuple[float, float, float, float] | None = None
        self._turn: tuple[float, ...] | None = None
        self._speed = -1.0

    @property
    def place(self) -> Sequence[float]:
        """In ENU, m."""
        return self._state[1:4]

    @property
    def velocity(self) -> Sequence[float]:
        """Over ground in ENU, m/s."""
        return self._state[4:7]

    @property
    def omega(self) -> Sequence[float]:
        """Body rates, rad/s."""
        return self._state[11:14]

    @property
    def height(self) -> float:
        """Above the pad, m."""
        if self._height is None:
            _, x, y, z, *_ = self._state
            self._height = self.around.height(x, y, z)
        return self._height

    @property
    def cell(self) -> tuple[int, float]:
        """Where it lies in the tables of its surroundings."""
        if self._cell is None:
            self._cell = self.around.cell(self.height)
        return self._cell

    @property
    def pressure(self) -> float:
        """Of the air around, Pa."""
        return self.around.pressure(*self.cell)

    @property
    def air(self) -> tuple[float, float, float, float]:
        """Density (kg/m³), speed of sound (m/s), wind east and north (m/s)."""
        if self._air is None:
            self._air = self.around.air(*self.cell)
        return self._air

    @property
    def turn(self) -> tuple[float, ...]:
        """The nine numbers of the rotation from body to ENU, by rows."""
        if self._turn is None:
            w, i, j, k = self._state[7:11]
            n = 2.0 / (w * w + i * i + j * j + k * k)
            self._turn = (
                1 - n * (j * j + k * k), n * (i * j - w * k), n * (i * k + w * j),
                n * (i * j + w * k), 1 - n * (i * i + k * k), n * (j * k - w * i),
                n * (i * k - w * j), n * (j * k + w * i), 1 - n * (i * i + j * j),
            )  # fmt: skip
        return self._turn

    def to_body(self, v: Sequence[float]) -> tuple[float, float, float]:
        """A vector in ENU as the body sees it."""
        a, b, c, d, e, f, g, h, i = self.turn
        x, y, z = v
        return a * x + d * y + g * z, b * x + e * y + h * z, c * x + f * y + i * z

    @property
    def felt(self) -> tuple[float, float, float]:
        """What is felt along body x, y, z, m/s²: acceleration less gravity."""
        x, y, z = self._state[17:20]
        return self.to_body((x, y, z + self.around.gravity(self.height)))

    @property
    def airspeed(self) -> float:
        """Through the air of the launch, m/s."""
        if self._speed < 0:
            x, y, z = self._state[4:7]
            _, _, east, north = self.air
            self._speed = math.sqrt((x - east) ** 2 + (y - north) ** 2 + z * z)
        return self._speed

    @property
    def mach(self) -> float:
        """Airspeed over the speed of sound."""
        return self.airspeed / self.air[1]

    @property
    def dynamic_pressure(self) -> float:
        """½ ρ V², Pa."""
        return 0.5 * self.air[0] * self.airspeed**2


class Ride:
    """On the rail, before the flight is free: at rest, up the rail, and between the guides."""

    def __init__(self, stepper: Stepper, around: Surroundings) -> None:
        o, row = stepper.last_answer, stepper.row
        azimuth, elevation = float(row["rail_azimuth"]), float(row["rail_elevation"])
        self.around, self._free = around, stepper.state
        self._direction = rail_direction_enu(azimuth, elevation).tolist()
        self._attitude = quaternion_on_rail(azimuth, elevation).tolist()
        self.liftoff, self.exit = o["liftoff_time"], o["rail_exit_time"]
        ride = rail_ride(stepper.own(), self.liftoff, self.exit)
        self._time, self._travel, self._speed, self._pull = ride.T.tolist()

    def at(self, time: float) -> Truth:
        """The truth at a time before the flight is free, s."""
        if time >= self.exit:
            return Truth(self.around, self._between(time), False)
        s = v = a = 0.0
        if time > self.liftoff:
            s, v, a = (float(np.interp(time, self._time, y)) for y in (self._travel, self._speed, self._pull))
        d = self._direction
        state = [time, *(s * x for x in d), *(v * x for x in d), *self._attitude, *[0.0] * 3, *(v * x for x in d), *(a * x for x in d), *[0.0] * 7]  # fmt: skip
        return Truth(self.around, state, False)

    def _between(self, time: float) -> list[float]:
        """Between the guides, a few centimetres: a straight line from the upper's exit to the free state."""
        d, free = self._direction, self._free
        s, v = self._travel[-1], self._speed[-1]
        begin = [self.exit, *(s * x for x in d), *(v * x for x in d), *self._attitude, *[0.0] * 3]
        f = (time - self.exit) / max(free[0] - self.exit, 1e-12)
        return [time, *(a + f * (b - a) for a, b in zip(begin[1:], free[1:14], strict=True)), *free[14:27]]
