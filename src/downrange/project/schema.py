"""The models of the project files: pydantic, with quantities read as `"54 mm"` or `"12.3 ± 0.2 kg"`.

The models of parts are made from the parts themselves (their fields carry kind, bounds and documentation), so that a
part is described in one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import pi
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import BaseModel, Field, WrapValidator, model_validator
from pydantic_core import PydanticCustomError

from downrange.bounds import THRUST_ANGLE
from downrange.project.fields import Direction, Kind, Strict
from downrange.project.grains import motor_of_grains, one_motor, says_grains
from downrange.project.models import AnyPart, model_of, parts_from, stages_from, to_domain, worded
from downrange.project.schema_campaign import ConditionsFile, ModesFile, SectionFile, UncertaintyFile
from downrange.project.schema_control import AnyController
from downrange.project.schema_site import GroundFile
from downrange.project.schema_weather import WeatherFile
from downrange.rocket import PART_TYPES, Ignition, Measured, Stage
from downrange.rocket.parts import FinishName
from downrange.uncertainty import Quantity

__all__ = [
    "LaunchFile",
    "RocketFile",
    "SiteFile",
    "json_schema",
    "model_of",
    "parts_from",
    "quantities",
    "stages_from",
    "to_domain",
    "with_quantity",
    "with_value",
]


M = TypeVar("M", bound=BaseModel)


def _contradiction(key: str, message: str) -> PydanticCustomError:
    """What a model refuses as a whole, told under one of its keys."""
    return PydanticCustomError("contradiction", "{message}", {"message": message, "key": key})


class RocketFile(Strict):
    """rocket.yaml"""

    name: str = Field("Rocket", description="what you call it")
    notes: str = Field("", description="anything; sources above all")
    finish: FinishName = Field("normal paint", description="surface finish of all parts that do not say otherwise")
    roughness: Annotated[Quantity, Kind("length", low=0, high=2e-3, why="raw boards have 0.5 mm")] | None = Field(
        None, description="equivalent sand roughness, instead of the finish's"
    )
    measured: model_of(Measured) = Field(
        default_factory=model_of(Measured), description="what was weighed, without motor"
    )
    parts: list[AnyPart] = Field(
        default_factory=list, description="the parts from the nose back, of a rocket of one stage"
    )
    stages: list[model_of(Stage)] = Field(
        default_factory=list, description="instead of parts: the stages, foremost first"
    )

    @model_validator(mode="after")
    def _one_way(self) -> RocketFile:
        if self.parts and self.stages:
            raise _contradiction("stages", "a rocket has parts, where it is one stage, or stages; keep one")
        if not self.parts and not self.stages:
            seen = (
                "is missing"
                if "parts" not in self.model_fields_set and "stages" not in self.model_fields_set
                else "is empty"
            )
            raise _contradiction("parts", f"'parts' {seen}")
        return self


class SiteFile(Strict):
    """site.yaml"""

    name: str = Field("", description="what you call it")
    notes: str = ""
    latitude: Annotated[Quantity, Kind("angle", low=-pi / 2, high=pi / 2, why="the poles")] = Field(
        description="of the pad, north positive"
    )
    longitude: Annotated[Quantity, Kind("angle")] = Field(description="of the pad, east positive")
    elevation: Annotated[
        Quantity, Kind("length", low=-500, high=9000, why="the Dead Sea lies at -430 m, Everest at 8,849")
    ] = Field(Quantity(0.0), description="of the pad above mean sea level")
    gravity: Literal["normal", "j2"] | Annotated[Quantity, Kind("acceleration")] = Field(
        "normal", description="law of gravity, or a constant"
    )
    ground: GroundFile = Field(default_factory=GroundFile, description="boundary, people, roads, airspace, terrain")


class MotorFile(Strict):
    """A motor: by `name` from the catalogue, from a `file` (.eng, .rse), or from a `curve` (CSV) with its data."""

    name: str | None = Field(None, description="catalogue name, or the motor's name in the file")
    file: str | None = Field(None, description="an .eng or .rse file")
    curve: str | None = Field(None, description="a CSV of time (s) and thrust (N)")
    flow: str | None = Field(
        None, description="a CSV of time and what flows out, or what the tanks hold: of a hybrid or liquid"
    )
    delay: Annotated[Quantity, Kind("time", low=0, high=600, why="delays are seconds")] | None = Field(
        None, description="of the ejection charge after burn-out"
    )
    position: Annotated[Quantity, Kind("length")] | None = Field(
        None, description="the motor's aft end, aft of the nose tip"
    )
    diameter: Annotated[Quantity, Kind("length", above=0)] | None = None
    length: Annotated[Quantity, Kind("length", above=0)] | None = None
    propellant_mass: Annotated[Quantity, Kind("mass", above=0)] | None = None
    dry_mass: Annotated[Quantity, Kind("mass", low=0)] | None = Field(
        None, description="of the casing without propellant"
    )
    nozzle_exit_diameter: Annotated[Quantity, Kind("length", above=0, high=10)] | None = Field(
        None, description="lets thrust grow with height"
    )
    reference_pressure: Annotated[Quantity, Kind("pressure", above=0)] | None = Field(
        None, description="air pressure of the thrust curve"
    )
    grain_diameter: Annotated[Quantity, Kind("length", above=0)] | None = None
    grain_bore: Annotated[Quantity, Kind("length", low=0)] | None = None
    grain_length: Annotated[Quantity, Kind("length", above=0)] | None = None
    grain_centre: Annotated[Quantity, Kind("length")] | None = Field(
        None, description="of the propellant, forward of the nozzle end"
    )
    impulse_factor: Annotated[Quantity, Kind("number", above=0, high=1000)] = Field(
        Quantity(1.0), description="multiplies the thrust"
    )


def _any_motor(given: Any, read: Any) -> Any:
    """A motor by its keys: those of grains, or the others'."""
    if isinstance(given, BaseModel):
        return given
    return motor_of_grains(given) if says_grains(given) else read(one_motor(given))


AnyMotor = Annotated[str | MotorFile, WrapValidator(_any_motor)]
"""A name, a file, a `MotorFile`, or (whole, in its place) a `schema_motor.GrainMotorFile`."""


class MountedMotorFile(Strict):
    """A motor in a mount of the rocket: which, where, and when it is lit."""

    motor: AnyMotor = Field(
        description="a catalogue name, an .eng or .rse file, a motor.yaml, or the motor's data or its grains"
    )
    mount: str = Field("", description="name of its mount; may be left out where the rocket has one only")
    tubes: Literal["all"] | list[int] = Field("all", description="numbers of the mount's tubes that hold one, from 1")
    ignition: Annotated[model_of(Ignition) | None, worded("event")] = Field(
        None, description="when it is lit; left out: at launch, in the lowest stage and its boosters"
    )
    delay: Annotated[Quantity, Kind("time", low=0, high=600, why="delays are seconds")] | None = Field(
        None, description="of its ejection charge after burn-out"
    )
    position: Annotated[Quantity, Kind("length")] | None = Field(
        None, description="its aft end, aft of the nose tip, instead of the mount's"
    )
    ejects_casing: bool = Field(
        False, description="whether its ejection charge throws out the empty motor, which nothing holds in its tube"
    )

    @model_validator(mode="after")
    def _once(self) -> MountedMotorFile:
        if isinstance(self.motor, MotorFile):
            for key in ("delay", "position"):
                if getattr(self, key) is not None and getattr(self.motor, key) is not None:
                    raise _contradiction(key, f"{key} is said twice, of the mounted motor and in it; keep one")
        return self


class RailFile(Strict):
    """The rail or rod; its zero is its foot, where the rocket's aft end stands."""

    length: Annotated[Quantity, Kind("length", above=0, high=200)] = Field(Quantity(1.0))
    elevation: Annotated[Quantity, Kind("angle")] = Field(
        Quantity(1.5707963267948966), description="above the horizon; 90 deg is vertical"
    )
    azimuth: Direction = Field(Quantity(0.0), description="clockwise from true north")


class BrakesFile(Strict):
    """Air brakes."""

    table: str = Field(description="CSV of level, Mach, drag coefficient")
    schedule: str | None = Field(
        None, description="CSV of time (s), level (0-1); shut where not said, for controllers to open"
    )
    replaces: bool = Field(False, description="the table is the whole rocket's drag while the level is above zero")


class AeroFile(Strict):
    """What you know better than the geometry."""

    method: Literal["full", "barrowman"] = Field("full", description="of normal force and centre of pressure")
    table: str | None = Field(
        None, description="CSV of coefficients from RASAero, OpenRocket or DATCOM, or a plain one"
    )
    moment_centre: Annotated[Quantity, Kind("length")] | None = Field(
        None, description="of the table's CM, aft of the nose tip (DATCOM)"
    )
    reference_length: Annotated[Quantity, Kind("length", above=0)] | None = Field(
        None, description="of the table's CM (DATCOM)"
    )
    drag: str | None = Field(None, description="CSV of Mach, drag coefficient power off[, power on]")
    drag_power_on: str | None = Field(None, description="CSV of Mach, drag coefficient power on")
    drag_factor: Annotated[Quantity, Kind("number", above=0, high=100)] = Field(
        Quantity(1.0), description="multiplies all drag"
    )
    base_beside_jet: Annotated[Quantity, Kind("number", low=0, high=10)] = Field(
        Quantity(1.0), description="base drag beside the burning jet, over that of the same ring without a jet"
    )
    normal_slope: str | None = Field(None, description="CSV of Mach, CNα per radian")
    centre_of_pressure: str | None = Field(None, description="CSV of Mach, m aft of the nose tip")
    fin_airfoil: str | None = Field(
        None, description="CSV of angle of attack (rad), lift coefficient of the fins' aerofoil"
    )
    brakes: BrakesFile | None = None


class ThrustLineFile(Strict):
    """How the thrust misses the axis."""

    angle_y: Annotated[Quantity, Kind("angle", **THRUST_ANGLE)] = Quantity(0.0)
    angle_z: Annotated[Quantity, Kind("angle", **THRUST_ANGLE)] = Quantity(0.0)
    offset_y: Annotated[Quantity, Kind("length")] = Quantity(0.0)
    offset_z: Annotated[Quantity, Kind("length")] = Quantity(0.0)


class GuidesFile(Strict):
    """Rail guides, where the rocket's buttons or lugs do not say."""

    upper: Annotated[Quantity, Kind("length")]
    lower: Annotated[Quantity, Kind("length")]


class LaunchFile(Strict):
    """launch.yaml"""

    name: str = ""
    notes: str = ""
    units: Literal["metric", "us"] = Field("metric", description="of what is shown: tables, figures, words")
    rocket: str | RocketFile = Field(description="a file, or the rocket itself")
    motor: AnyMotor | None = Field(
        None,
        description="a catalogue name, an .eng or .rse file, a motor.yaml, or the motor's data or its grains; where there is one only",
    )
    motors: list[MountedMotorFile] = Field(
        default_factory=list, description="instead of motor: several, each in its mount"
    )
    site: str | SiteFile = Field(description="a file, or the site itself")
    weather: WeatherFile = Field(default_factory=WeatherFile)
    rail: RailFile = Field(default_factory=RailFile)
    aero: AeroFile = Field(default_factory=AeroFile)
    thrust_line: ThrustLineFile = Field(default_factory=ThrustLineFile)
    guides: GuidesFile | None = None
    sections: list[SectionFile] = Field(default_factory=list, description="nose first: what lands on one cord")
    uncertainty: UncertaintyFile = Field(default_factory=UncertaintyFile)
    modes: ModesFile = Field(default_factory=ModesFile, description="what goes wrong, and how often")
    controllers: list[AnyController] = Field(
        default_factory=list, description="what flies it: named ones, with their settings"
    )
    conditions: ConditionsFile = Field(default_factory=ConditionsFile, description="of the day, for the rules")
    rules: list[str] = Field(
        default_factory=list, description="rule packs: names or YAML files; empty chooses by the motor"
    )
    time_limit: Annotated[Quantity, Kind("time", above=0)] = Quantity(7200.0)

    @model_validator(mode="after")
    def _one_way(self) -> LaunchFile:
        if self.motor is not None and self.motors:
            raise _contradiction("motors", "a launch has a motor, or motors; keep one")
        if self.motor is None and not self.motors:
            raise _contradiction("motor", "'motor' is missing")
        return self


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a file, every type of part among its definitions."""
    schema = model.model_json_schema()
    names = {c.__name__ for c in PART_TYPES.values()}
    definitions: dict[str, Any] = {}
    if model is not SiteFile:
        for cls in PART_TYPES.values():
            part = model_of(cls).model_json_schema()
            definitions.update(part.pop("$defs", {}))
            definitions[cls.__name__] = part
    if model is LaunchFile:
        definitions.update(_with_grains(schema))
    schema["$defs"] = schema.get("$defs", {}) | definitions

    def refer(node: Any) -> Any:
        if isinstance(node, dict):
            if node.keys() == {"type"} and isinstance(node["type"], str) and node["type"] in names:
                return {"$ref": f"#/$defs/{node['type']}"}
            return {k: refer(v) for k, v in node.items()}
        return [refer(v) for v in node] if isinstance(node, list) else node

    return cast(dict[str, Any], refer(schema))


def _with_grains(schema: dict[str, Any]) -> dict[str, Any]:
    """Lets the motors of a launch's schema be made of grains; returns what that refers to."""
    from downrange.project.schema_motor import GrainMotorFile

    grains = GrainMotorFile.model_json_schema()
    for holder in (schema, schema["$defs"]["MountedMotorFile"]):
        holder["properties"]["motor"]["anyOf"].insert(0, {"$ref": "#/$defs/GrainMotorFile"})
    return {**grains.pop("$defs", {}), "GrainMotorFile": grains}


def quantities(model: Any, path: str = "") -> Iterator[tuple[str, Quantity]]:
    """Every quantity in a model with its path, like `rocket.parts[0].length`."""
    if isinstance(model, Quantity):
        yield path, model
    elif isinstance(model, BaseModel):
        for name in type(model).model_fields:
            yield from quantities(getattr(model, name), f"{path}.{name}" if path else name)
    elif isinstance(model, list | tuple):
        for i, item in enumerate(model):
            yield from quantities(item, f"{path}[{i}]")
    elif isinstance(model, dict):
        for name, item in model.items():
            yield from quantities(item, f"{path}.{name}")


def with_quantity(model: M, path: str, value: float) -> M:
    """A copy of a model with the quantity at `path` (as `quantities` names it) at another value, in SI."""
    return with_value(model, path, Quantity(value))


def with_value(model: M, path: str, value: Any) -> M:
    """A copy of a model with another value at `path`: a quantity, or what else stands there."""
    return cast(M, _with(model, [p for p in re.split(r"[.\[\]]", path) if p], value))


def _with(node: Any, steps: list[str], value: Any) -> Any:
    if not steps:
        return value
    head, rest = steps[0], steps[1:]
    if isinstance(node, BaseModel):
        return node.model_copy(update={head: _with(getattr(node, head), rest, value)})
    if isinstance(node, dict):
        return {**node, head: _with(node[head], rest, value)}
    items = list(node)
    items[int(head)] = _with(items[int(head)], rest, value)
    return items if isinstance(node, list) else tuple(items)
