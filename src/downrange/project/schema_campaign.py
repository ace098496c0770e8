"""The models of what varies, what goes wrong, and what is known of the day."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from downrange.project.fields import Angle, Kind, Length, Number, Strict, Time
from downrange.text import big
from downrange.uncertainty import Quantity

__all__ = ["ConditionsFile", "ModesFile", "SectionFile", "UncertaintyFile"]


class ConditionsFile(Strict):
    """What is known of the day and the field, for the rules; what is not said is not evaluated."""

    time: str | None = Field(None, description="of the launch, UTC, like '2026-06-21T14:00Z'")
    cloud_cover: Annotated[Quantity, Kind("number", low=0, high=1, why="a share")] | None = Field(
        None, description="share of the sky"
    )
    cloud_base: Length | None = Field(None, description="above the ground")
    visibility: Length | None = None
    cleared_radius: Length | None = Field(None, description="cleared of what burns, about the pad")
    people_distance: Length | None = Field(None, description="of the nearest people who are not needed at the pad")


class CorrelatedFile(Strict):
    """Quantities that vary together, with one coefficient between every two."""

    quantities: list[str]
    correlation: Number


class UncertaintyFile(Strict):
    """What is not known beyond the quantities of the files: factors like '1 ± 3 %', errors like '0 ± 15 m'."""

    defaults: bool = Field(True, description="take the package's own for what is not said")
    thrust: Number | None = None
    drag: Number | None = None
    normal_force: Number | None = None
    centre_of_pressure: Length | None = None
    mass: Number | None = None
    tilt: Angle | None = Field(None, description="of the rail against where it was set, each of two directions")
    tip_off: Angle | None = Field(
        None,
        description="direction in which the rocket leaves the rail against the rail (play of the guides, a rail that whips), each of two directions",
    )
    thrust_angle: Angle | None = None
    canopy_drag: Number | None = None
    lag: Time | None = None
    release_altitude: Length | None = None
    delay: Number | None = None
    density: Number | None = None
    wind: Annotated[Quantity, Kind("speed")] | None = Field(
        None, description="each of two directions, like '0 ± 1.5 m/s'"
    )
    wind_correlation: Length | None = Field(None, description="height over which the wind's errors are alike")
    correlated: list[CorrelatedFile] = Field(default_factory=list)


class OwnModeFile(Strict):
    """A mode of your own: changes that happen together."""

    name: str
    changes: list[str]
    probability: Number


def _counted(n: int) -> int:
    if not 0 <= n <= 1_000_000:
        raise PydanticCustomError("count", "{why}", {"why": f"a count lies between 0 and 1,000,000; seen {big(n)}"})
    return n


Count = Annotated[int, AfterValidator(_counted)]


class RecordFile(Strict):
    """A club's own record: how many flights, and in how many of them each mode was seen."""

    flights: Count
    failures: dict[str, Count] = Field(default_factory=dict)


class ModesFile(Strict):
    """What goes wrong, and how often."""

    probability: dict[str, Number] = Field(default_factory=dict, description="instead of the shipped prior")
    own: list[OwnModeFile] = Field(default_factory=list)
    record: RecordFile | None = None
    strength: Annotated[Quantity, Kind("number", above=0)] = Field(
        Quantity(50.0), description="how many flights the prior is worth"
    )


class SectionFile(Strict):
    """A section into which the rocket comes apart, up to `to` aft of the nose tip."""

    name: str
    to: Annotated[Quantity, Kind("length", above=0)] | None = Field(
        None, description="its aft end; the last one's is the rocket's"
    )
    mass: Annotated[Quantity, Kind("mass", above=0)] | None = Field(None, description="as it lands")
