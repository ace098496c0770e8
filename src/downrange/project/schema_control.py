"""The keys of the controllers that a launch file names."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from downrange.project.fields import Kind, Strict
from downrange.uncertainty import Quantity

__all__ = ["AltimetersFile", "AnyController", "ApogeeBrakeFile", "RollPidFile", "controllers_by_type"]

_Rate = Annotated[float, Field(gt=0, le=10_000)]


class _ControllerFile(Strict):
    """What every controller has."""

    sensors: dict[Literal["barometer", "accelerometer", "gyroscope"], dict[str, Any]] = Field(
        default_factory=dict,
        description="their errors, as dr.Barometer and the others have them, SI; without errors where not said",
    )
    on_fault: Literal["hold", "stop"] = Field(
        "hold", description="where it fails: hold its last commands, or stop the flight"
    )


class ApogeeBrakeFile(_ControllerFile):
    """Air brakes that steer for an apogee, by a predictor (`dr.ApogeeBrake`)."""

    type: Literal["apogee brake"]
    target: Annotated[Quantity, Kind("length", above=0, high=1e6)] = Field(
        description="apogee as an altimeter zeroed on the pad shows it"
    )
    rate_hz: _Rate = Field(50.0, description="how often it is asked a second")
    strokes_per_second: Annotated[float, Field(gt=0)] | None = Field(
        None, description="how fast the brakes move, whole strokes; at once where not said"
    )
    delay: Annotated[Quantity, Kind("time", low=0)] = Field(
        Quantity(0.0), description="from a command until the brakes move"
    )
    settle: Annotated[Quantity, Kind("time", above=0)] = Field(
        Quantity(0.5), description="time of its filter of height and speed"
    )
    mach: Annotated[float, Field(ge=0, le=5)] = Field(0.3, description="Mach number at which it knows its drag")


class RollPidFile(_ControllerFile):
    """Roll fins that hold a rate of roll (`dr.RollPid`)."""

    type: Literal["roll pid"]
    slope: float = Field(description="rolling moment coefficient of the fins for each radian")
    travel: Annotated[Quantity, Kind("angle", above=0, high=1.0)] = Field(
        Quantity(0.17), description="the fins turn as far each way"
    )
    p: float = Field(description="rad of the fins for each rad/s that it is off")
    i: float = Field(0.0, description="rad for each rad that it is off")
    d: float = Field(0.0, description="rad for each rad/s²")
    target: Annotated[Quantity, Kind("angular speed")] = Field(Quantity(0.0), description="rate of roll wanted")
    rate_hz: _Rate = Field(100.0, description="how often it is asked a second")


class AltimetersFile(_ControllerFile):
    """The altimeters that the recovery devices name (`deploy.altimeter`), flown by what they read (`dr.FlightComputer`)."""

    type: Literal["altimeters"]


def controllers_by_type() -> dict[str, type[Strict]]:
    """The model of each named controller, by its `type`."""
    return {"apogee brake": ApogeeBrakeFile, "roll pid": RollPidFile, "altimeters": AltimetersFile}


AnyController = Annotated[ApogeeBrakeFile | RollPidFile | AltimetersFile, Field(discriminator="type")]
