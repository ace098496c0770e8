"""Opening a motor that is made of grains, from any file that holds one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from downrange.errors import InputError, seen
from downrange.motor.solid import SolidMotor

__all__ = ["GrainMotor", "holds_grains", "open_grain_motor"]

_SUFFIXES = (".ric",)


@dataclass(frozen=True, eq=False)
class GrainMotor:
    """A motor of grains as its file has it; `notes`: what is to be said about the reading."""

    path: Path
    motor: SolidMotor
    notes: tuple[str, ...] = ()


def holds_grains(name: str | Path) -> bool:
    """Whether a file of this name may hold a motor of grains, by its suffix."""
    return Path(name).suffix.lower() in _SUFFIXES


def open_grain_motor(path: str | Path) -> GrainMotor:
    """The motor of an openMotor `.ric`. Raises `InputError` with file, line and key."""
    path = Path(path)
    if not holds_grains(path):
        raise InputError(
            f"cannot tell the format of {seen(path.suffix, 40)}; motors of grains are {', '.join(_SUFFIXES)}",
            file=str(path),
        )
    from downrange.formats.ric import read_ric

    ric = read_ric(path)
    return GrainMotor(path, ric.motor, ric.notes)
