"""What the explanations draw on: a project, its flight, and where each of its inputs comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from downrange.atmosphere import viscosity
from downrange.flight import Flight, Launch
from downrange.flight.stretches import Stretch, stretches

if TYPE_CHECKING:
    from downrange.project import Project

__all__ = ["Case"]


@dataclass(frozen=True, eq=False)
class Case:
    """A project and one flight of it."""

    project: Project
    flight: Flight

    @property
    def launch(self) -> Launch:
        """What was flown."""
        return self.flight.launch

    @cached_property
    def figures(self) -> Mapping[str, float]:
        """The flight's numbers, SI."""
        return self.flight.figures

    @property
    def weighed(self) -> bool:
        """Whether somebody put the rocket on a scale."""
        return self.launch.rocket.measured.mass is not None

    @property
    def rocket_file(self) -> str:
        """The file that the rocket stands in."""
        return self.project.sources.rocket_path.name

    @property
    def launch_file(self) -> str:
        """The launch file."""
        return self.project.path.name

    @property
    def motor_source(self) -> str:
        """Where the thrust curve comes from."""
        return f"thrust curve of {self.launch.lifting.designation}"

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """For how long each configuration of what is explained flies: the foremost body's way."""
        return stretches(self.flight)

    def at(self, time: float) -> Stretch:
        """What flies at a time, s from ignition."""
        return next(s for s in reversed(self.stretches) if time >= s.begins)

    @property
    def mass_source(self) -> str:
        """Where the mass comes from."""
        if self.weighed:
            return f"weighed ({self.rocket_file}, measured.mass), and the motor"
        motors = "motors" if len(self.launch.filled) > 1 else "motor"
        return f"all parts of {self.rocket_file}, and the {motors}: see downrange explain mass"

    @property
    def gravity(self) -> float:
        """At the pad, m/s²."""
        pad = self.launch.pad
        return float(pad.gravity(pad.elevation))

    def density(self, height: float) -> float:
        """Of the air at a height above the pad, kg/m³."""
        return float(self.launch.weather.air.density(self.launch.pad.elevation + height))

    def drag_coefficient(
        self, mach: float, height: float, power: bool, flies: Stretch | None = None
    ) -> tuple[float, float]:
        """(CA at zero incidence, unit Reynolds number in 1/m) at a Mach number and height, of what `flies`: first of all, unless said."""
        air, z = self.launch.weather.air, self.launch.pad.elevation + height
        from downrange.atmosphere import sound_speed

        t = float(air.temperature(z))
        unit_re = float(air.density(z)) * mach * float(sound_speed(t)) / float(viscosity(t))
        return (flies or self.stretches[0]).body.aero.drag(mach, unit_re, power), unit_re

    def wind_at(self, height: float) -> np.ndarray:
        """Wind (east, north) in m/s at a height above the pad."""
        wind, z = self.launch.weather.wind, self.launch.pad.elevation + height
        return np.array([float(wind.east(z)), float(wind.north(z))])
