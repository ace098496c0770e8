"""What was weighed and measured of a rocket or a stage."""

from __future__ import annotations

from dataclasses import dataclass

from downrange.bounds import check_fields, spec

__all__ = ["Measured"]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What was weighed and measured, without the motor (no casing, no propellant)."""

    mass: float | None = spec("mass", "mass without motor", None, above=0)
    cg: float | None = spec("length", "centre of gravity without motor, aft of the nose tip", None, above=0)
    pitch_inertia: float | None = spec("inertia", "about the transverse axis through that point", None, above=0)
    roll_inertia: float | None = spec("inertia", "about the rocket's axis", None, above=0)

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def empty(self) -> bool:
        """Whether nothing was measured."""
        return self == Measured()
