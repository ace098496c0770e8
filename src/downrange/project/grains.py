"""A motor of grains as its file has it. What is needed to open and to fly one is in `project.motors`, which most launches never load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from downrange.motor.solid import SolidMotor
    from downrange.project.schema_motor import GrainMotorFile

__all__ = ["SUFFIXES", "GrainMotor", "holds_grains", "model_of_grains", "motor_of_grains", "one_motor", "says_grains"]

SUFFIXES = (".ric", ".yaml", ".yml")
_OWN = ("grains", "propellant", "propellants", "nozzle")  # keys that no other motor has


@dataclass(frozen=True, eq=False)
class GrainMotor:
    """A motor of grains as its file has it. level: of the ballistics that a flight takes. notes: what is to be said about the reading.

    file: the model of a `motor.yaml`, with what is uncertain; None of other formats.
    """

    path: Path
    motor: SolidMotor
    level: Any = "quasi-steady"
    notes: tuple[str, ...] = ()
    file: GrainMotorFile | None = None


def holds_grains(name: str | Path) -> bool:
    """Whether a file of this name may hold a motor of grains, by its suffix."""
    return Path(name).suffix.lower() in SUFFIXES


def says_grains(given: object) -> bool:
    """Whether keys and values are those of a motor made of grains, by what no other motor has."""
    return isinstance(given, Mapping) and any(k in given for k in _OWN)


def motor_of_grains(given: Any) -> GrainMotorFile:
    """The model of a motor whose grains stand in the launch itself. Raises pydantic's error."""
    from downrange.project.schema_motor import GrainMotorFile

    return GrainMotorFile.model_validate(given)


def model_of_grains(kind: Any = None) -> Any:
    """The model that a motor made of grains is read by, or that of its grains of one kind; None for a kind that is not."""
    from downrange.motor.grains import GRAIN_TYPES
    from downrange.project.schema_motor import GrainMotorFile, grain_model

    if kind is None:
        return GrainMotorFile
    return grain_model(kind) if isinstance(kind, str) and kind in GRAIN_TYPES else None


def one_motor(given: Any) -> Any:
    """What was given for one motor. Says what to do where several are given: pydantic would list all that a motor is not."""
    if isinstance(given, list):
        message = (
            f"{len(given)} motors under 'motor', which takes one; write them under 'motors', each with its mount, like "
            "'motors: [{mount: booster mount, motor: Estes D12-0}, ...]'"
        )
        raise PydanticCustomError("cluster", "{message}", {"message": message})
    if isinstance(given, bool | int | float):
        raise PydanticCustomError(
            "motor", "{message}", {"message": f"{given!r} is no motor; write a name like 'Estes C6-5', or a file"}
        )
    return given
