"""Recipes that check more than their model, or can show what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from downrange.earth import Pad
from downrange.errors import InputError, seen
from downrange.flight import launch as flight_launch
from downrange.formats.reading import Folder
from downrange.motor import Motor
from downrange.project.build import motor_of
from downrange.project.project import read_yaml, validate
from downrange.project.schema import model_of, to_domain
from downrange.recipes.base import PartRecipe, Recipe, part_of, plain_data, said_of, wind_of
from downrange.rocket import Stage

if TYPE_CHECKING:
    from downrange.motor.ballistics import Burn
    from downrange.motor.ballistics.burn import Level
    from downrange.motor.solid import SolidMotor

__all__ = [
    "GrainMotorRecipe", "GrainRecipe", "MotorRecipe", "NozzleRecipe", "PropellantRecipe", "RailRecipe", "SiteRecipe", "StageRecipe", "WeatherRecipe",
    "parts_of",
]  # fmt: skip


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


class GrainRecipe(Recipe):
    """A grain of one type, which its dimensions must make."""

    grain: ClassVar[str]

    def _checked(self, given: Mapping[str, Any]) -> Any:
        return super()._checked({"type": self.grain, **given})

    def _check(self, model: Any) -> None:
        from downrange.motor.grains import GRAIN_TYPES

        if self.grain != "custom":  # whose drawing is read when it burns
            to_domain(model, GRAIN_TYPES[self.grain])


class PropellantRecipe(Recipe):
    """A propellant, whose rates must let some pressure be steady."""

    def _check(self, model: Any) -> None:
        from downrange.project.motors import build_propellant

        build_propellant(model, "propellant")


class NozzleRecipe(Recipe):
    """A nozzle, whose exit must not be narrower than its throat."""

    def _check(self, model: Any) -> None:
        from downrange.project.motors import build_nozzle

        build_nozzle(model)


class GrainMotorRecipe(MotorRecipe):
    """A motor made of grains. It is built when it is made, but where a grain names a drawing, which is read when it burns.

    What `MotorRecipe` tells is of the firing that a flight takes; that needs the empty mass of its case.
    """

    def _check(self, model: Any) -> None:
        if not any(getattr(g, "outline", None) for g in model.grains):
            _ = self._built(model)

    @classmethod
    def from_file(cls, path: str | Path) -> Self:
        """The motor of a motor.yaml, or of openMotor's .ric. Raises `InputError` with file, line and key.

        path: the file; drawings that it names are taken relative to it
        """
        from downrange.project.motor_words import motor_words
        from downrange.project.motors import open_grain_motor
        from downrange.project.saving import motor_words_moved

        path = Path(path)
        opened = open_grain_motor(path, trusted=True)
        if opened.file is None:
            said = motor_words(opened.motor, opened.level)
        else:
            said = motor_words_moved({"name": path.stem} | plain_data(read_yaml(path)), path.parent, Path.cwd())
        made = cls.__new__(cls)
        Recipe.__init__(made, said)
        return made

    def _built(self, model: Any) -> Any:
        from downrange.project.motors import grains_in_place

        return grains_in_place(model, Folder.of(Path.cwd(), trusted=True))

    @cached_property
    def solid(self) -> SolidMotor:
        """Its grains, nozzle and case (`downrange.motor.solid.SolidMotor`), in SI."""
        return self._built(self.model).motor

    @cached_property
    def value(self) -> Motor:
        """What flies (`downrange.motor.Motor`), in SI. Raises `InputError` without its empty mass."""
        from downrange.project.motors import flown_motor

        return flown_motor(self._built(self.model))

    def fire(self, level: Level | None = None) -> Burn:
        """Burn it: pressure, thrust and mass against time (`downrange.motor.ballistics.Burn`), SI.

        level: of the ballistics, `quasi-steady`, `transient` or `one-dimensional`; that of the motor where not said
        Raises `InputError` for a motor that does not burn.
        """
        from downrange.motor.ballistics import fire

        return fire(self.solid, level or self.model.level)

    def summary(self, level: Level | None = None) -> dict[str, Any]:
        """The documented keys of `downrange motor simulate --json`; level as `fire` has it."""
        from downrange.report.burns import burn_summary

        return burn_summary(self.fire(level))

    def save(self, path: str | Path) -> Path:
        """Write it as it was said (.yaml), or what `downrange motor simulate --out` writes by the suffix; returns the path.

        A drawing that it names is written as a path relative to the file.
        """
        from downrange.project.saving import motor_words_moved, write_words
        from downrange.report.burn_files import write_burn

        path = Path(path)
        if path.suffix.lower() in (".yaml", ".yml"):
            write_words(motor_words_moved(self.said, Path.cwd(), path.parent), path)
        else:
            write_burn(path, self.fire())
        return path
