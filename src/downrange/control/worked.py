"""Worked controllers: air brakes that steer for an apogee, and a regulator of roll. Sound enough to fly, short enough to read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from downrange.atmosphere import standard_pressure
from downrange.constants import STANDARD_GRAVITY
from downrange.control.actuators import Actuator, AirBrakes
from downrange.control.controller import Controller, Now
from downrange.errors import InputError, seen
from downrange.flight import Launch, Program, compile_launch
from downrange.tracking import SensorSuite

__all__ = ["ApogeeBrake", "Climb", "RollPid", "altimeter_m", "climb_left", "drag_for"]

_T0, _LAPSE, _P0 = 288.15, 0.0065, 101_325.0  # K, K/m, Pa: U.S. Standard Atmosphere 1976, table 4, below 11 km

_POWER = 287.05287 * _LAPSE / STANDARD_GRAVITY
_UNIT_RE = 2.3e7  # 1/m for each Mach number: a ρ / μ at sea level
_LIFTOFF = 20.0  # m/s² along the axis: twice what is felt at rest
_QUIET = 0.2  # s; felt drag for so long means that the motor is burnt out


def altimeter_m(pressure_pa: float) -> float:
    """The height in standard air, m above sea level, below 11 km; U.S. Standard Atmosphere 1976, eq. 33a solved for the height."""
    return _T0 / _LAPSE * (1.0 - (max(pressure_pa, 1.0) / _P0) ** _POWER)


def climb_left(speed: float, drag: float, gravity: float = STANDARD_GRAVITY) -> float:
    """How much higher it coasts, m, upward at `speed` (m/s) against a drag of `drag` v² a unit of mass (1/m): ln(1 + k v²/g) / 2k."""
    if speed <= 0:
        return 0.0
    if drag * speed * speed < 1e-6 * gravity:
        return speed * speed / (2.0 * gravity)
    return math.log1p(drag * speed * speed / gravity) / (2.0 * drag)


def drag_for(speed: float, climb: float, least: float, most: float) -> float:
    """The drag a unit of mass (1/m), between least and most, with which it coasts `climb` m higher from `speed` (m/s); the nearer end
    where none does."""
    if climb_left(speed, least) <= climb:
        return least
    if climb_left(speed, most) >= climb:
        return most
    for _ in range(24):
        middle = 0.5 * (least + most)
        if climb_left(speed, middle) > climb:
            least = middle
        else:
            most = middle
    return 0.5 * (least + most)


class Climb:
    """Height over the pad (m, as a barometric altimeter shows it) and upward speed (m/s) from a barometer and an accelerometer along the axis.

    A second-order filter: the accelerometer carries both on, the barometer pulls them back in `settle_s` seconds (critically damped).
    """

    def __init__(self, settle_s: float = 0.5) -> None:
        self.height, self.speed, self._time = 0.0, 0.0, math.nan
        self._pad, self._seen, self._rate = 0.0, 0, 1.0 / settle_s
        self.lifted, self.coasting, self._quiet = False, False, 0.0

    def update(self, now: Now) -> None:
        """Take what is new."""
        felt = now.acceleration_m_s2[0] if now.acceleration_m_s2 is not None else STANDARD_GRAVITY
        step = 0.0 if math.isnan(self._time) else now.time_s - self._time
        self._time = now.time_s
        if not self.lifted:
            self._on_pad(now, felt)
            return
        self._quiet = self._quiet + step if felt < 0 else 0.0
        self.coasting = self.coasting or self._quiet >= _QUIET
        up = felt - STANDARD_GRAVITY
        self.height += self.speed * step + 0.5 * up * step * step
        self.speed += up * step
        if "barometer" in now.fresh and now.pressure_pa is not None:
            off = altimeter_m(now.pressure_pa) - self._pad - self.height
            self.height += min(2.0 * self._rate * step, 1.0) * off
            self.speed += min(self._rate * self._rate * step, 1.0) * off

    def _on_pad(self, now: Now, felt: float) -> None:
        if felt > _LIFTOFF:
            self.lifted = True
        elif "barometer" in now.fresh and now.pressure_pa is not None and now.time_s < 0:
            self._seen += 1
            self._pad += (altimeter_m(now.pressure_pa) - self._pad) / self._seen


class ApogeeBrake(Controller):
    """Air brakes that open as far as brings the apogee to a target: by a predictor, ten to a hundred times a second.

    target_m: the apogee wanted, as a barometric altimeter zeroed on the pad shows it
    mass_kg: burnt out. drag_area_m2: its drag area CD A with the brakes shut. brake_area_m2: what they add, fully open
    rate_hz, sensors, brakes: how often, what it reads, and the brakes as they are (`AirBrakes`)
    It waits until the motor is burnt out. It takes the rocket to fly nearly upward: tilt is not corrected for. `ApogeeBrake.of` takes
    mass and drag from a launch. Raises `InputError` for numbers that cannot be.
    """

    def __init__(
        self, target_m: float, *, mass_kg: float, drag_area_m2: float, brake_area_m2: float, rate_hz: float = 50.0,
        sensors: SensorSuite | None = None, brakes: AirBrakes | None = None, settle_s: float = 0.5,
    ) -> None:  # fmt: skip
        for name, value in (("target_m", target_m), ("mass_kg", mass_kg), ("drag_area_m2", drag_area_m2), ("brake_area_m2", brake_area_m2), ("settle_s", settle_s)):  # fmt: skip
            if isinstance(value, bool) or not isinstance(value, int | float) or not (0 < value < 1e6):
                raise InputError(f"{name} of an apogee brake is a number above zero, seen {seen(value, 60)}", key=name)
        self.target_m, self.mass_kg, self.settle_s = float(target_m), float(mass_kg), float(settle_s)
        self.drag_area_m2, self.brake_area_m2 = float(drag_area_m2), float(brake_area_m2)
        self.rate_hz, self.sensors = rate_hz, sensors if sensors is not None else SensorSuite()
        self.actuators: Mapping[str, Actuator] = {"brakes": brakes if brakes is not None else AirBrakes()}
        self.climb = Climb(self.settle_s)

    @classmethod
    def of(cls, launch: Launch | Program, target_m: float, *, mach: float = 0.3, **more: Any) -> ApogeeBrake:
        """Of a launch with brakes: its mass without propellant, its drag at one Mach number. Raises `InputError` where it has no brakes.

        launch: what is flown. target_m: the apogee wanted, m. mach: at which its drag is taken. more: as the class has them.
        """
        program = launch if isinstance(launch, Program) else compile_launch(launch)
        aero = program.aero
        if aero.brakes is None:
            raise InputError(
                "the launch has no air brakes: give 'aero: {brakes: {table: brakes.csv}}'", key="aero.brakes"
            )
        shut = float(aero.drag(mach, _UNIT_RE * mach, False))
        opened = float(aero.brakes.coefficient(1.0, mach)) - (shut if aero.brakes.replaces else 0.0)
        mass, area = program.launch.dry.mass, aero.reference_area
        return cls(target_m, mass_kg=mass, drag_area_m2=shut * area, brake_area_m2=opened * area, **more)

    def begin(self, flights: int) -> None:
        """Forget the last flight.

        flights: one.
        """
        self.climb = Climb(self.settle_s)

    def step(self, now: Now) -> dict[str, float]:
        """How far to open."""
        self.climb.update(now)
        if not self.climb.coasting or self.climb.speed <= 0:
            return {"brakes": 0.0}
        left = self.target_m - self.climb.height
        if left <= 0:
            return {"brakes": 1.0}
        pad = altimeter_m(now.pressure_pa) - self.climb.height
        middle = pad + self.climb.height + 0.4 * left  # the fast half of what is left, where most of the drag is
        density = float(standard_pressure(middle)) / (287.05287 * (_T0 - _LAPSE * middle))
        each = 0.5 * density / self.mass_kg
        drag = drag_for(
            self.climb.speed, left, each * self.drag_area_m2, each * (self.drag_area_m2 + self.brake_area_m2)
        )
        return {"brakes": (drag / each - self.drag_area_m2) / self.brake_area_m2}


class RollPid(Controller):
    """Roll fins (or cold gas) that hold a rate of roll: proportional, integral and derivative of what the gyroscope reads.

    target_rad_s: the rate wanted. p (rad s), i (rad), d (rad s²): command for an error of 1 rad/s, of 1 rad, of 1 rad/s².
    rate_hz, sensors, fins: how often, what it reads, and what it moves.
    """

    def __init__(
        self, fins: Actuator, *, target_rad_s: float = 0.0, p: float, i: float = 0.0, d: float = 0.0, rate_hz: float = 100.0,
        sensors: SensorSuite | None = None,
    ) -> None:  # fmt: skip
        for name, value in (("target_rad_s", target_rad_s), ("p", p), ("i", i), ("d", d)):
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise InputError(f"{name} of a roll regulator is a number, seen {seen(value, 60)}", key=name)
        self.target_rad_s, self.p, self.i, self.d = float(target_rad_s), float(p), float(i), float(d)
        self.rate_hz, self.sensors = rate_hz, sensors if sensors is not None else SensorSuite()
        self.actuators: Mapping[str, Actuator] = {"roll": fins}
        self._sum, self._last, self._time = 0.0, math.nan, math.nan

    def begin(self, flights: int) -> None:
        """Forget the last flight.

        flights: one.
        """
        self._sum, self._last, self._time = 0.0, math.nan, math.nan

    def step(self, now: Now) -> dict[str, float]:
        """Where to turn the fins."""
        if now.rate_rad_s is None or now.time_s < 0:
            return {"roll": 0.0}
        error = self.target_rad_s - now.rate_rad_s[0]
        step = 0.0 if math.isnan(self._time) else now.time_s - self._time
        slope = (error - self._last) / step if step > 0 else 0.0
        self._last, self._time = error, now.time_s
        fins = self.actuators["roll"]
        wanted = self.p * error + self.i * (self._sum + error * step) + self.d * slope
        if fins.least < wanted < fins.most:  # what is not obeyed is not summed up
            self._sum += error * step
        return {"roll": wanted}
