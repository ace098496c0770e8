"""What a stage weighs without its motor, where a file says what the rocket weighs ready to fly."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from downrange.errors import InputError
from downrange.formats.foreign import Configuration, Design
from downrange.formats.foreign.design import PartData
from downrange.formats.motors import pick_motor
from downrange.motor import Motor, motor_from_catalogue
from downrange.project.foreign_motors import found_motor

__all__ = ["without_motors"]


def without_motors(design: Design, configuration: Configuration, folder: Path) -> dict[int, tuple[float, float | None]]:
    """Mass (kg) and CG (m aft of the stage's front) of each stage without its motor, from what was weighed with motors.

    Weights are of a stage with all above it. A stage whose motor nobody knows, or that would weigh nothing, is left out: its parts stand.
    """
    out: dict[int, tuple[float, float | None]] = {}
    ends = _ends(design)
    above_mass = above_moment = 0.0
    motors = {m.stage: m for m in configuration.motors}
    for stage, mass, cg in sorted(configuration.loaded):
        if mass <= above_mass or stage not in motors or stage >= len(ends):
            continue
        try:
            motor = _motor(found_motor(motors[stage], folder)[0], folder)
        except InputError:
            continue
        own, moment = mass - above_mass - motor.total_mass, mass * cg - above_moment
        if own <= 0:
            continue
        inside = motor.dry_mass * (ends[stage] - motor.casing_centre) + motor.propellant_mass * (
            ends[stage] - motor.propellant_centre
        )
        front = ends[stage - 1] if stage else 0.0
        place = (moment - inside) / own - front
        out[stage] = (own, place if cg > 0 and 0 < place < ends[stage] - front else None)
        above_mass, above_moment = mass, mass * cg
    return out


def _motor(said: str | dict[str, str], folder: Path) -> Motor:
    if isinstance(said, dict):
        return pick_motor(folder / said["file"], said["name"])
    return motor_from_catalogue(said)


def _ends(design: Design) -> list[float]:
    """The aft end of each stage, m aft of the nose tip."""
    out, x = [], 0.0
    for stage in design.stages:
        x += _length(stage.parts)
        out.append(x)
    return out


def _length(parts: Iterable[PartData]) -> float:
    return float(sum(p["length"] for p in parts))
