"""The controllers that a launch file names: made of what it says, for whoever flies it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from downrange.errors import InputError, seen, suggest
from downrange.project.schema_control import AltimetersFile, AnyController, ApogeeBrakeFile, RollPidFile

if TYPE_CHECKING:
    from downrange.control import Controller, Steering
    from downrange.project.project import Project

__all__ = ["steering_of"]


def steering_of(project: Project, *, seed: int = 0) -> Steering | None:
    """What flies a project by its own file (`controllers`); None where it names none. Raises `InputError` with the key.

    seed: of the errors of their sensors.
    """
    if not project.file.controllers:
        return None
    from downrange.control import steer

    made: list[Controller] = []
    for k, said in enumerate(project.file.controllers):
        try:
            made += _made(said, project)
        except InputError as error:
            inner = f".{error.key}" if error.key else ""
            raise InputError(error.message, file=str(project.path), key=f"controllers[{k}]{inner}") from None
    return steer(made, seed=seed)


def _made(said: AnyController, project: Project) -> Iterator[Controller]:
    """What one entry means."""
    from downrange.control import AirBrakes, ApogeeBrake, FlightComputer, RollFins, RollPid
    from downrange.tracking import SensorSuite

    made: tuple[Controller, ...] = ()
    sensors = {name: _sensor(name, dict(at), said) for name, at in said.sensors.items()}
    if isinstance(said, ApogeeBrakeFile):
        suite = SensorSuite(**sensors)
        moves = AirBrakes(rate=said.strokes_per_second or math.inf, delay_s=float(said.delay))
        made = (
            ApogeeBrake.of(
                project.launch, float(said.target), mach=said.mach, rate_hz=said.rate_hz, settle_s=float(said.settle), sensors=suite, brakes=moves
            ),
        )  # fmt: skip
    elif isinstance(said, RollPidFile):
        fins = RollFins(least=-float(said.travel), most=float(said.travel), slope=said.slope)
        made = (
            RollPid(fins, target_rad_s=float(said.target), p=said.p, i=said.i, d=said.d, rate_hz=said.rate_hz, sensors=SensorSuite(**sensors)),
        )  # fmt: skip
    else:
        assert isinstance(said, AltimetersFile)
        if "gyroscope" in sensors:
            raise InputError("altimeters read no gyroscope", key="sensors.gyroscope")
        made = FlightComputer.of(project.launch, **sensors)
    for c in made:
        c.on_fault = said.on_fault
        yield c


def _sensor(name: str, at: dict[str, Any], said: AnyController) -> Any:
    """A sensor of what is said of it; it reads as often as its controller is asked, where that is not said."""
    from downrange import tracking

    cls: Any = getattr(tracking, name.capitalize())
    known = [f.name for f in fields(cls)]
    for key, value in at.items():
        if key not in known:
            raise InputError(
                f"a {name} has no {seen(key, 40)}{suggest(str(key), known)}; it has {', '.join(known)}",
                key=f"sensors.{name}.{key}",
            )
        pairs = isinstance(value, list) and all(isinstance(p, list) and len(p) == 2 for p in value)
        if isinstance(value, bool) or not (isinstance(value, int | float) or (key == "port" and pairs)):
            raise InputError(
                f"{key} of a {name} is a number in SI, seen {seen(value, 60)}", key=f"sensors.{name}.{key}"
            )
        if pairs:
            at[key] = tuple((float(a), float(b)) for a, b in value)
    rate = getattr(said, "rate_hz", None)
    if rate is not None:
        at.setdefault("rate_hz", rate)
    try:
        return cls(**at)
    except InputError as error:
        raise InputError(error.message, key=f"sensors.{name}.{error.key or ''}".rstrip(".")) from None
