"""Recipes that check more than their model, or can show what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from downrange.earth import Pad
from downrange.errors import InputError, seen
from downrange.flight import launch as flight_launch
from downrange.formats.reading import Folder
from downrange.motor import Motor
from downrange.project.build import motor_of
from downrange.project.project import validate
from downrange.project.schema import model_of, to_domain
from downrange.recipes.base import PartRecipe, Recipe, part_of, said_of, wind_of
from downrange.rocket import Stage

__all__ = ["MotorRecipe", "RailRecipe", "SiteRecipe", "StageRecipe", "WeatherRecipe", "parts_of"]


class RailRecipe(Recipe):
    """A rail, whose elevation must be one."""

    def _check(self, model: Any) -> None:
        flight_launch.Rail(float(model.length), float(model.elevation), float(model.azimuth))


class SiteRecipe(Recipe):
    """A site, whose coordinates must be on the Earth."""

    def _check(self, model: Any) -> None:
        Pad(float(model.latitude), float(model.longitude), float(model.elevation))


class WeatherRecipe(Recipe):
    """Weather, whose wind may be one text."""

    shorthand: ClassVar[Mapping[str, Callable[[Any], Any]]] = {"wind": wind_of}


def parts_of(given: Any) -> tuple[PartRecipe, ...]:
    """The parts of a rocket or a stage, from recipes or mappings. Raises `InputError` for what is no list of such."""
    if given is not None and (isinstance(given, str | Mapping) or not isinstance(given, Sequence)):
        raise InputError(f"parts are a list, like [dr.NoseCone(...), ...]; seen {seen(given, 80)}", key="parts")
    return tuple(part_of(p, f"parts[{k}]") for k, p in enumerate(given or ()))


class StageRecipe(Recipe):
    """A stage, whose parts are recipes."""

    def _checked(self, given: Mapping[str, Any]) -> Any:
        model = model_of(Stage)
        self._parts = parts_of(given.get("parts"))
        self._said = said_of(model, {k: v for k, v in given.items() if k != "parts"})
        made = validate(model, {**self._said, "parts": [p.model for p in self._parts]}, None)
        self._said["parts"] = [p.said for p in self._parts]
        to_domain(made, Stage)
        return made

    @property
    def parts(self) -> tuple[PartRecipe, ...]:
        """The parts from its front back."""
        return self._parts

    @property
    def motors(self) -> tuple[tuple[str, Any], ...]:
        """The motors that its tubes were given, each with the name of its tube."""
        return tuple(m for p in self._parts for m in p.motors)


class MotorRecipe(Recipe):
    """A motor, and what its curve says. The name is looked up, and the file read, when it is asked for the first time.

    Paths are relative to the working folder.
    """

    @cached_property
    def value(self) -> Motor:
        """The motor itself (`downrange.motor.Motor`), in SI. Raises `InputError` where there is none."""
        return motor_of(self.model, Folder.of(Path.cwd(), trusted=True))

    @property
    def designation(self) -> str:
        """As its maker calls it."""
        return self.value.designation

    @property
    def manufacturer(self) -> str:
        """Its maker."""
        return self.value.manufacturer

    @property
    def delays_s(self) -> tuple[float, ...]:
        """The delays that are sold, s after burn-out."""
        return self.value.delays

    @property
    def time_s(self) -> Any:
        """Times of the thrust curve, s from ignition, shape (n,)."""
        return self.value.time

    @property
    def thrust_n(self) -> Any:
        """Thrust at `time_s`, N, shape (n,)."""
        return self.value.thrust

    @property
    def impulse_n_s(self) -> float:
        """Total impulse, N s."""
        return self.value.impulse

    @property
    def average_thrust_n(self) -> float:
        """Impulse over burn time, N."""
        return self.value.average_thrust

    @property
    def burn_time_s(self) -> float:
        """Burn time of NFPA 1125, s."""
        return self.value.burn_time

    @property
    def propellant_mass_kg(self) -> float:
        """Mass of the propellant, kg."""
        return self.value.propellant_mass

    @property
    def total_mass_kg(self) -> float:
        """Loaded mass, kg."""
        return self.value.total_mass

    @property
    def diameter_m(self) -> float:
        """Diameter of the casing, m."""
        return self.value.diameter

    @property
    def length_m(self) -> float:
        """Length of the casing, m."""
        return self.value.length

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know about its data."""
        return self.value.flags
