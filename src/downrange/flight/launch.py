"""A launch: everything that a flight depends on, as frozen values in SI."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from downrange.aero import AeroOptions
from downrange.atmosphere import Weather
from downrange.earth import Pad, Terrain
from downrange.errors import InputError
from downrange.motor import Motor
from downrange.rocket import MassProperties, Rocket, combine, cylinder

__all__ = ["Launch", "Rail", "Section", "ThrustLine"]


@dataclass(frozen=True)
class Rail:
    """The launch rail or rod: `length` in m from the plane on which the rocket's aft end rests, angles in radians.

    Azimuth clockwise from true north, elevation above the horizon (90 degrees is vertical). The rail's zero is its
    foot, where the aft-most point of rocket and motor stands at ignition.
    """

    length: float
    elevation: float = np.pi / 2
    azimuth: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.length <= 200:
            raise InputError(f"rail length {self.length:g} m is not between 0 and 200 m", key="rail.length")
        if not np.radians(30) <= self.elevation <= np.pi / 2 + 1e-9:
            raise InputError(
                f"rail elevation {np.degrees(self.elevation):g}° is not between 30° and 90° (90° is vertical)",
                key="rail.elevation",
            )


@dataclass(frozen=True)
class ThrustLine:
    """How the thrust misses the axis: angles (rad) of its direction and offsets (m) at the nozzle, in body y and z."""

    angle_y: float = 0.0
    angle_z: float = 0.0
    offset_y: float = 0.0
    offset_z: float = 0.0


@dataclass(frozen=True)
class Section:
    """A section from `front` to `aft` (m aft of the nose tip); `mass` in kg as it lands, None: from the parts."""

    name: str
    front: float
    aft: float
    mass: float | None = None


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
    motor_position: float | None = None
    motor_delay: float | None = None
    guides: tuple[float, float] | None = None
    aero: AeroOptions = field(default_factory=AeroOptions)
    thrust_line: ThrustLine = field(default_factory=ThrustLine)
    cant_error: float = 0.0
    time_limit: float = 7200.0
    tolerance: float = 5e-5
    terrain: Terrain | None = None
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        mounts = self.rocket.motor_mounts
        if len(mounts) > 1 and self.motor_position is None:
            raise InputError(
                f"{len(mounts)} motor mounts; clusters cannot be flown yet: keep one, or give motor.position",
                key="motor",
            )
        mount = self.rocket.motor_mount
        if mount is not None:
            bore = 2 * mount.at.inner
            if self.motor.diameter > bore + 0.001:
                raise InputError(
                    f"the motor {self.motor.designation} is {self.motor.diameter * 1e3:g} mm wide but the mount "
                    f"{mount.part.name or mount.path!r} is {bore * 1e3:.1f} mm inside; choose another motor or mount",
                    key="motor",
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

    @property
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

    @property
    def loaded(self) -> MassProperties:
        """Rocket with loaded motor, at ignition."""
        m = self.motor
        roll, pitch = m.propellant_gyration(np.array(1.0))
        inertia = m.propellant_mass * np.diag([float(roll), float(pitch), float(pitch)])
        grain = MassProperties(m.propellant_mass, np.array([self.propellant_centre, 0.0, 0.0]), inertia)
        return combine([self.dry, grain])
