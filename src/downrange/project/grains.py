"""A motor of grains as its file has it. What is needed to open and to fly one is in `project.motors`, which most launches never load."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from downrange.motor.solid import SolidMotor
    from downrange.project.schema_motor import GrainMotorFile

__all__ = ["SUFFIXES", "GrainMotor", "holds_grains"]

SUFFIXES = (".ric", ".yaml", ".yml")


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
