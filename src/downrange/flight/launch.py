"""A launch: everything that a flight depends on, as frozen values in SI."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from downrange.aero import AeroOptions
from downrange.atmosphere import Weather
from downrange.bounds import THRUST_ANGLE, check_fields, spec
from downrange.earth import Pad, Terrain
from downrange.errors import InputError
from downrange.flight.motors import Filled, MountedMotor, fill, together
from downrange.flight.schedule import Step, schedule
from downrange.motor import Motor
from downrange.rocket import Ignition, MassProperties, Rocket, combine

__all__ = ["Launch", "Rail", "Section", "ThrustLine"]


def _checked(value: Any, place: str) -> None:
    """Check a value's fields; an error's key starts with `place`."""
    try:
        check_fields(value)
    except InputError as error:
        raise InputError(error.message, key=f"{place}.{error.key}") from None


@dataclass(frozen=True)
class Rail:
    """The launch rail or rod: `length` in m from the plane on which the rocket's aft end rests, angles in radians.

    Azimuth clockwise from true north, elevation above the horizon (90 degrees is vertical). The rail's zero is its
    foot, where the aft-most point of rocket and motor stands at ignition.
    """

    length: float = spec("length", "of the rail", above=0, high=200, why="longer than any")
    elevation: float = spec("angle", "above the horizon", np.pi / 2)
    azimuth: float = spec("angle", "clockwise from true north", 0.0)

    def __post_init__(self) -> None:
        _checked(self, "rail")
        if not np.radians(30) <= self.elevation <= np.pi / 2 + 1e-9:
            raise InputError(
                f"rail elevation {np.degrees(self.elevation):g}° is not between 30° and 90° (90° is vertical)",
                key="rail.elevation",
            )


@dataclass(frozen=True)
class ThrustLine:
    """How the thrust misses the axis: angles (rad) of its direction and offsets (m) at the nozzle, in body y and z."""

    angle_y: float = spec("angle", "of its direction, in body y", 0.0, **THRUST_ANGLE)
    angle_z: float = spec("angle", "of its direction, in body z", 0.0, **THRUST_ANGLE)
    offset_y: float = spec("length", "at the nozzle, in body y", 0.0)
    offset_z: float = spec("length", "at the nozzle, in body z", 0.0)

    def __post_init__(self) -> None:
        _checked(self, "thrust_line")


@dataclass(frozen=True)
class Section:
    """A section from `front` to `aft` (m aft of the nose tip); `mass` in kg as it lands, None: from the parts."""

    name: str
    front: float = spec("length", "m aft of the nose tip")
    aft: float = spec("length", "m aft of the nose tip")
    mass: float | None = spec("mass", "as it lands", None, above=0)

    def __post_init__(self) -> None:
        _checked(self, "sections")


@dataclass(frozen=True, eq=False)
class Launch:
    """One launch. `motor` with what begins so is the first of its `motors`, `more_motors` are the others.

    `motor_position` is the motor's aft end in m aft of the nose tip (None: from the mount).

    `guides` are the upper and lower rail guides in m aft of the nose tip; None takes the rocket's buttons or lugs. `sections`,
    nose first, are what it comes apart into; none where that is not said.
    """

    rocket: Rocket
    motor: Motor
    pad: Pad = field(default_factory=lambda: Pad(0.0, 0.0))
    weather: Weather = field(default_factory=Weather)
    rail: Rail = field(default_factory=lambda: Rail(1.0))
    name: str = ""
    motor_position: float | None = spec("length", "aft end of the motor, aft of the nose tip", None)
    motor_delay: float | None = spec("time", "of the ejection charge", None, low=0, high=600, why="delays are seconds")
    guides: tuple[float, float] | None = spec("length", "upper and lower, aft of the nose tip", None)
    aero: AeroOptions = field(default_factory=AeroOptions)
    thrust_line: ThrustLine = field(default_factory=ThrustLine)
    cant_error: float = spec("angle", "of all fins", 0.0, **THRUST_ANGLE)
    time_limit: float = spec("time", "s of flight", 7200.0, above=0)
    tolerance: float = spec("number", "of a step", 5e-5, low=1e-10, high=0.01, why="5e-5 is usual")
    terrain: Terrain | None = None
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    motor_mount: str = ""
    motor_tubes: tuple[int, ...] = ()
    motor_ignition: Ignition | None = None
    more_motors: tuple[MountedMotor, ...] = ()
    motor_ejects_casing: bool = False

    def __post_init__(self) -> None:
        check_fields(self)
        _ = self.schedule
        line, radius = self.thrust_line, 0.5 * self.rocket.diameter
        if max(abs(line.offset_y), abs(line.offset_z)) > radius:
            raise InputError(
                f"the thrust's offset is larger than the rocket's radius of {radius * 1e3:.0f} mm", key="thrust_line"
            )
        low, high = 0.0, self.aft_end + 0.1
        if self.guides is not None and not all(low <= g <= high for g in self.guides):
            raise InputError(
                f"rail guides lie on the rocket, between 0 and {self.aft_end * 1e3:.0f} mm from the nose tip",
                key="guides",
            )
        self._check_cp()

    def _check_cp(self) -> None:
        """Refuse a table of centres of pressure that lie far off the rocket: another length unit, most of the time."""
        cp, length = self.aero.centre_of_pressure, self.rocket.length
        if cp is not None and not (-length <= cp.y.min() and cp.y.max() <= 2 * length):
            raise InputError(
                f"the centres of pressure given run from {cp.y.min():.4g} to {cp.y.max():.4g} m aft of the nose tip, the rocket is "
                f"{length:.4g} m long; are they in metres?",
                key="aero.centre_of_pressure",
            )

    @property
    def motors(self) -> tuple[MountedMotor, ...]:
        """All motors, each in its mount, as they were stated: `motor` first."""
        first = MountedMotor(
            self.motor, self.motor_mount, self.motor_tubes, self.motor_delay, self.motor_ignition, self.motor_position,
            self.motor_ejects_casing,
        )  # fmt: skip
        return (first, *self.more_motors)

    @cached_property
    def filled(self) -> tuple[Filled, ...]:
        """Every tube with a motor in it, one a motor that burns, in the order of `motors`."""
        return fill(self.rocket, self.motors)

    @cached_property
    def lifting(self) -> Motor:
        """The motors that are lit at launch, as one; where that is one, itself."""
        return together(self.filled)

    @cached_property
    def schedule(self) -> tuple[Step, ...]:
        """Every ignition, then every separation, with what it waits for."""
        return schedule(self.rocket, self.motors, self.filled)

    @property
    def simple(self) -> bool:
        """Whether it is one motor on the axis of one body: no stages, no boosters, no cluster."""
        tubes = self.filled
        return len(self.rocket.stages) == 1 and not self.rocket.attached and len(tubes) == 1 and tubes[0].on_axis

    @property
    def total_impulse(self) -> float:
        """Of all motors aboard, lit or not, N s."""
        return float(sum(f.motor.impulse for f in self.filled))

    @property
    def propellant_mass(self) -> float:
        """Of all motors aboard, kg."""
        return float(sum(f.motor.propellant_mass for f in self.filled))

    @property
    def pad_thrust(self) -> float:
        """Average thrust over their burns of all motors lit at launch, N: what makers certify, added up; of no other motor."""
        at_once = [f for f in self.filled if f.mounted.lit.event == "launch" and not f.mounted.lit.delay]
        return float(sum(f.motor.average_thrust for f in at_once))

    @property
    def nozzle(self) -> float:
        """The (first) motor's aft end, m aft of the nose tip."""
        return self.filled[0].x

    @property
    def aft_end(self) -> float:
        """The aft-most point of rocket and motors, m aft of the nose tip."""
        return max(self.rocket.length, *(f.x for f in self.filled))

    @cached_property
    def dry(self) -> MassProperties:
        """Rocket and empty motors."""
        return combine([self.rocket.without_motor, *(f.casing for f in self.filled)])

    @property
    def propellant_centre(self) -> float:
        """Centre of the (first) motor's propellant, m aft of the nose tip."""
        return self.nozzle - self.motor.propellant_centre

    @cached_property
    def loaded(self) -> MassProperties:
        """Rocket with loaded motors, at ignition."""
        return combine([self.dry, *(f.grain for f in self.filled)])
