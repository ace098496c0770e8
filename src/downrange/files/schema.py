"""The models of the project files: pydantic, with quantities read as `"54 mm"` or `"12.3 ± 0.2 kg"`.

The models of parts are made from the parts themselves (their fields carry kind, bounds and documentation), so that a
part is described in one place.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Discriminator, Field, PlainValidator, Tag, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

from downrange.errors import UnitError
from downrange.rocket import PART_TYPES, Deploy, Measured, Part
from downrange.uncertainty import Quantity
from downrange.units import DIMENSIONS, parse_quantity

__all__ = ["LaunchFile", "RocketFile", "SiteFile", "quantities", "quantity", "to_domain"]


class Strict(BaseModel):
    """Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, frozen=True)


def _validator(kind: str, low: float | None, above: float | None) -> Callable[[Any], Quantity]:
    def read(given: Any) -> Quantity:
        try:
            q = parse_quantity(given, kind)
        except UnitError as error:
            raise PydanticCustomError("unit", "{message}", {"message": error.message}) from None
        if (low is not None and q.value < low) or (above is not None and q.value <= above):
            bound = f"at least {low:g}" if low is not None else f"above {above:g}"
            raise PydanticCustomError("bound", "{message}", {"message": f"{given!r} must be {bound}"})
        return q

    return read


def quantity(kind: str, low: float | None = None, above: float | None = None) -> Any:
    """The pydantic type of a quantity of `kind` (a key of `units.DIMENSIONS`)."""
    example = DIMENSIONS[kind][1]
    schema = {
        "description": f"a {kind}, like '{example}', '{example.split()[0]} ± 5 %', or a distribution",
        "anyOf": [{"type": "string"}, {"type": "number"}, {"type": "object"}],
        "examples": [example],
    }
    return Annotated[Quantity, PlainValidator(_validator(kind, low, above)), WithJsonSchema(schema)]


def _annotation(field: dataclasses.Field[Any], hint: Any) -> Any:
    meta = field.metadata
    if meta.get("kind"):
        kind = quantity(meta["kind"], meta["low"], meta["above"])
        if field.name == "points":
            return list[tuple[kind, kind]]  # type: ignore[valid-type]
        optional = isinstance(hint, types.UnionType) and type(None) in typing.get_args(hint)
        return Union[kind, None] if optional else kind  # noqa: UP007
    if field.name == "parts":
        return list["AnyPart"]  # type: ignore[name-defined]
    if field.name == "deploy":
        return model_of(Deploy)
    return hint


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is dataclasses.MISSING:
        return ...
    if field.name == "deploy":
        return Field(default_factory=model_of(Deploy))
    if field.name == "parts":
        return Field(default_factory=list)
    if field.metadata.get("kind") and isinstance(field.default, int | float):
        return Quantity(float(field.default))
    return field.default


@lru_cache(maxsize=64)
def model_of(cls: type) -> type[Strict]:
    """The pydantic model of a dataclass whose fields were made by `rocket.parts.spec`."""
    hints = typing.get_type_hints(cls)
    fields: dict[str, Any] = {}
    for name, kind in PART_TYPES.items():
        if kind is cls:
            fields["type"] = (Literal[name], ...)
    for f in dataclasses.fields(cls):
        default = _default(f)
        info = default if not isinstance(default, type(...)) and hasattr(default, "default_factory") else Field(default, description=f.metadata.get("doc"))
        fields[f.name] = (_annotation(f, hints[f.name]), info)
    return create_model(cls.__name__, __base__=Strict, __module__=__name__, __doc__=(cls.__doc__ or "").splitlines()[0], **fields)


def _part_tag(value: Any) -> str | None:
    if isinstance(value, dict):
        given = value.get("type")
        return given if isinstance(given, str) else None
    return getattr(value, "type", None)


AnyPart = Annotated[
    Union[tuple(Annotated[model_of(c), Tag(n)] for n, c in PART_TYPES.items())],  # noqa: UP007
    Discriminator(_part_tag),
]
for _cls in PART_TYPES.values():
    model_of(_cls).model_rebuild(_types_namespace={"AnyPart": AnyPart})


class RocketFile(Strict):
    """rocket.yaml"""

    name: str = Field("Rocket", description="what you call it")
    notes: str = Field("", description="anything; sources above all")
    finish: str = Field("normal paint", description="surface finish of all parts that do not say otherwise")
    measured: model_of(Measured) = Field(default_factory=model_of(Measured), description="what was weighed, without motor")  # type: ignore[valid-type]
    parts: list[AnyPart] = Field(description="the parts from the nose back")  # type: ignore[valid-type]


class SiteFile(Strict):
    """site.yaml"""

    name: str = Field("", description="what you call it")
    notes: str = ""
    latitude: quantity("angle") = Field(description="of the pad, north positive")  # type: ignore[valid-type]
    longitude: quantity("angle") = Field(description="of the pad, east positive")  # type: ignore[valid-type]
    elevation: quantity("length") = Field(Quantity(0.0), description="of the pad above mean sea level")  # type: ignore[valid-type]
    gravity: Literal["normal", "j2"] | quantity("acceleration") = Field("normal", description="law of gravity, or a constant")  # type: ignore[valid-type]


class MotorFile(Strict):
    """A motor: by `name` from the catalogue, from a `file` (.eng, .rse), or from a `curve` (CSV) with its data."""

    name: str | None = Field(None, description="catalogue name, or the motor's name in the file")
    file: str | None = Field(None, description="an .eng or .rse file")
    curve: str | None = Field(None, description="a CSV of time (s) and thrust (N)")
    delay: quantity("time", 0) | None = Field(None, description="of the ejection charge after burn-out")  # type: ignore[valid-type]
    position: quantity("length") | None = Field(None, description="the motor's aft end, aft of the nose tip")  # type: ignore[valid-type]
    diameter: quantity("length", above=0) | None = None  # type: ignore[valid-type]
    length: quantity("length", above=0) | None = None  # type: ignore[valid-type]
    propellant_mass: quantity("mass", above=0) | None = None  # type: ignore[valid-type]
    dry_mass: quantity("mass", 0) | None = Field(None, description="of the casing without propellant")  # type: ignore[valid-type]
    nozzle_exit_diameter: quantity("length", above=0) | None = Field(None, description="lets thrust grow with height")  # type: ignore[valid-type]
    reference_pressure: quantity("pressure", above=0) | None = Field(None, description="air pressure of the thrust curve")  # type: ignore[valid-type]
    grain_diameter: quantity("length", above=0) | None = None  # type: ignore[valid-type]
    grain_bore: quantity("length", 0) | None = None  # type: ignore[valid-type]
    grain_length: quantity("length", above=0) | None = None  # type: ignore[valid-type]
    grain_centre: quantity("length") | None = Field(None, description="of the propellant, forward of the nozzle end")  # type: ignore[valid-type]
    impulse_factor: quantity("number", above=0) = Field(Quantity(1.0), description="multiplies the thrust")  # type: ignore[valid-type]


class WindLayer(Strict):
    """One level of wind."""

    height: quantity("length", 0) = Field(description="above the ground")  # type: ignore[valid-type]
    speed: quantity("speed", 0)  # type: ignore[valid-type]
    from_direction: quantity("angle") = Field(alias="from", description="where it comes from, clockwise from north")  # type: ignore[valid-type]


class WindFile(Strict):
    """Wind: a speed and direction at a height, growing by a power law; or layers."""

    speed: quantity("speed", 0) | None = None  # type: ignore[valid-type]
    from_direction: quantity("angle") | None = Field(None, alias="from", description="where it comes from")  # type: ignore[valid-type]
    reference_height: quantity("length", above=0) = Field(Quantity(10.0), description="above the ground")  # type: ignore[valid-type]
    exponent: quantity("number", 0) = Field(Quantity(1 / 7), description="of the power law; 0 is the same wind everywhere")  # type: ignore[valid-type]
    layers: list[WindLayer] = Field(default_factory=list)


class WeatherFile(Strict):
    """The air and wind of the day; a profile wins over the other keys for what it holds."""

    temperature: quantity("temperature") | None = Field(None, description="at the pad")  # type: ignore[valid-type]
    pressure: quantity("pressure") | None = Field(None, description="at the pad, not reduced to sea level")  # type: ignore[valid-type]
    profile: str | None = Field(None, description="a CSV of levels")
    wind: WindFile | None = None


class RailFile(Strict):
    """The rail or rod; its zero is its foot, where the rocket's aft end stands."""

    length: quantity("length", above=0) = Field(Quantity(1.0))  # type: ignore[valid-type]
    elevation: quantity("angle") = Field(Quantity(1.5707963267948966), description="above the horizon; 90 deg is vertical")  # type: ignore[valid-type]
    azimuth: quantity("angle") = Field(Quantity(0.0), description="clockwise from true north")  # type: ignore[valid-type]


class BrakesFile(Strict):
    """Air brakes."""

    table: str = Field(description="CSV of level, Mach, drag coefficient")
    schedule: str = Field(description="CSV of time (s), level (0-1)")
    replaces: bool = Field(False, description="the table is the whole rocket's drag while the level is above zero")


class AeroFile(Strict):
    """What you know better than the geometry."""

    drag: str | None = Field(None, description="CSV of Mach, drag coefficient power off[, power on]")
    drag_power_on: str | None = Field(None, description="CSV of Mach, drag coefficient power on")
    drag_factor: quantity("number", above=0) = Field(Quantity(1.0), description="multiplies all drag")  # type: ignore[valid-type]
    normal_slope: str | None = Field(None, description="CSV of Mach, CNα per radian")
    centre_of_pressure: str | None = Field(None, description="CSV of Mach, m aft of the nose tip")
    fin_airfoil: str | None = Field(None, description="CSV of angle of attack (rad), lift coefficient of the fins' aerofoil")
    brakes: BrakesFile | None = None


class ThrustLineFile(Strict):
    """How the thrust misses the axis."""

    angle_y: quantity("angle") = Quantity(0.0)  # type: ignore[valid-type]
    angle_z: quantity("angle") = Quantity(0.0)  # type: ignore[valid-type]
    offset_y: quantity("length") = Quantity(0.0)  # type: ignore[valid-type]
    offset_z: quantity("length") = Quantity(0.0)  # type: ignore[valid-type]


class GuidesFile(Strict):
    """Rail guides, where the rocket's buttons or lugs do not say."""

    upper: quantity("length")  # type: ignore[valid-type]
    lower: quantity("length")  # type: ignore[valid-type]


class LaunchFile(Strict):
    """launch.yaml"""

    name: str = ""
    notes: str = ""
    rocket: str | RocketFile = Field(description="a file, or the rocket itself")
    motor: str | MotorFile = Field(description="a catalogue name, an .eng or .rse file, or the motor's data")
    site: str | SiteFile = Field(description="a file, or the site itself")
    weather: WeatherFile = Field(default_factory=WeatherFile)
    rail: RailFile = Field(default_factory=RailFile)
    aero: AeroFile = Field(default_factory=AeroFile)
    thrust_line: ThrustLineFile = Field(default_factory=ThrustLineFile)
    guides: GuidesFile | None = None
    time_limit: quantity("time", above=0) = Quantity(7200.0)  # type: ignore[valid-type]


def to_domain(model: BaseModel, cls: type) -> Any:
    """The dataclass `cls` from its model; quantities become their centres in SI."""
    values: dict[str, Any] = {}
    for f in dataclasses.fields(cls):
        v = getattr(model, f.name)
        if f.name == "parts":
            v = tuple(part_from(p) for p in v)
        elif f.name == "deploy":
            v = to_domain(v, Deploy)
        elif f.name == "points":
            v = tuple((float(a), float(b)) for a, b in v)
        elif isinstance(v, Quantity):
            v = v.value
        values[f.name] = v
    return cls(**values)


def part_from(model: BaseModel) -> Part:
    """A part from its model."""
    return to_domain(model, PART_TYPES[model.type])  # type: ignore[attr-defined,no-any-return]


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
