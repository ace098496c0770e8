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
from downrange.motor import Motor
from downrange.rocket import MassProperties, Rocket, combine, cylinder

__all__ = ["Launch", "Rail", "Section", "ThrustLine"]


def _checked(value: Any, place: str) -> None:
    """Check a value's fields; an error's key starts with `place`."""
    try:
        check_fields(value)
    except InputError as error:
        raise InputError(error.message, key=f"{place}.{error.key}") from None


def _slack(diameter: float) -> float:
    """How much wider than its mount a motor may be given, m: names are nominal (18 mm), mounts are measured (17.4 mm)."""
    return float(np.clip(0.06 * diameter, 0.0003, 0.001))


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
    """One launch. `motor_position` is the motor's aft end in m aft of the nose tip (None: from the mount).

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

    def __post_init__(self) -> None:
        check_fields(self)
        self._check_motor()
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

    def _check_motor(self) -> None:
        """Refuse a motor that does not fit into the rocket or its mount."""
        motor, rocket, mounts = self.motor, self.rocket, self.rocket.motor_mounts
        who = f"the motor {motor.designation}"
        if len(mounts) > 1 and self.motor_position is None:
            raise InputError(
                f"{len(mounts)} motor mounts; clusters cannot be flown yet: keep one, or give motor.position",
                key="motor",
            )
        mount = rocket.motor_mount
        bore = rocket.diameter if mount is None else 2 * mount.at.inner
        if motor.diameter > bore + _slack(motor.diameter):
            where = "the rocket" if mount is None else f"the mount {mount.part.name or mount.path!r}"
            raise InputError(
                f"{who} is {motor.diameter * 1e3:g} mm wide but {where} is {bore * 1e3:.1f} mm inside; "
                "choose another motor or mount",
                key="motor",
            )
        front = self.nozzle - motor.length
        if front < 0:
            raise InputError(
                f"{who} is {motor.length * 1e3:.0f} mm long: from its aft end at {self.nozzle * 1e3:.0f} mm it would reach "
                f"{-front * 1e3:.0f} mm out of the nose tip; choose a shorter motor, or correct its length or position",
                key="motor",
            )
        if front > rocket.length:
            raise InputError(
                f"{who} lies behind the rocket: its front at {front * 1e3:.0f} mm, the rocket's end at {rocket.length * 1e3:.0f} mm "
                "from the nose tip; correct motor.position or the mount's overhang",
                key="motor.position",
            )

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
    def nozzle(self) -> float:
        """The motor's aft end, m aft of the nose tip."""
        if self.motor_position is not None:
            return self.motor_position
        mount = self.rocket.motor_mount
        if mount is None:
            return self.rocket.length
        return mount.aft + float(getattr(mount.part, "overhang", 0.0))

    @property
    def aft_end(self) -> float:
        """The aft-most point of rocket and motor, m aft of the nose tip."""
        return max(self.rocket.length, self.nozzle)

    @cached_property
    def dry(self) -> MassProperties:
        """Rocket and empty motor."""
        m = self.motor
        centre = self.nozzle - m.casing_centre
        casing = cylinder(m.dry_mass, centre - m.length / 2, m.length, outer=m.diameter / 2, inner=0.9 * m.diameter / 2)
        return combine([self.rocket.without_motor, casing])

    @property
    def propellant_centre(self) -> float:
        """Centre of the propellant, m aft of the nose tip."""
        return self.nozzle - self.motor.propellant_centre

    @cached_property
    def loaded(self) -> MassProperties:
        """Rocket with loaded motor, at ignition."""
        m = self.motor
        roll, pitch = m.propellant_gyration(np.array(1.0))
        inertia = m.propellant_mass * np.diag([float(roll), float(pitch), float(pitch)])
        grain = MassProperties(m.propellant_mass, np.array([self.propellant_centre, 0.0, 0.0]), inertia)
        return combine([self.dry, grain])
