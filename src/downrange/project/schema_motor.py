"""The model of `motor.yaml`: a motor made of grains. Quantities may carry ±, and then vary in campaigns."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, create_model, model_validator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from downrange.motor.grains import GRAIN_TYPES
from downrange.motor.propellants import RECORDS
from downrange.motor.solid import Case, Igniter, Limits
from downrange.project.fields import Kind, Strict
from downrange.project.models import model_of, worded
from downrange.uncertainty import Quantity

__all__ = [
    "ErosiveFile", "GasFile", "GrainMotorFile", "NozzleFile", "PropellantFile", "RatePieceFile", "RatePointFile", "grain_model",
]  # fmt: skip

_PRESSURE = Kind("pressure", low=0, high=1e9, why="guns have 500 MPa")
Pressure = Annotated[Quantity, _PRESSURE]
Rate = Annotated[Quantity, Kind("speed", above=0, high=1, why="propellants burn at 1 to 100 mm/s")]
Wear = Annotated[Quantity, Kind("speed", low=0, high=0.1, why="a throat wears by less than 1 mm/s")]


class GasFile(Strict):
    """The products of a propellant as one gas."""

    heat_ratio: Annotated[Quantity, Kind("number", above=1, high=1.67, why="1.1 to 1.67")] = Field(
        description="ratio of specific heats"
    )
    molar_mass: Annotated[Quantity, Kind("mass", low=1e-3, high=0.3, why="hydrogen has 2 g")] = Field(
        description="of a mole of the gas, with what is condensed in it"
    )
    temperature: Annotated[Quantity, Kind("temperature", low=300, high=6000, why="flames have 1000 to 4000 K")] = Field(
        description="of the flame"
    )


class RatePieceFile(Strict):
    """The burning rate over a range of pressure: rate at 1 MPa times (pressure in MPa) to the exponent."""

    from_: Pressure = Field(Quantity(0.0), alias="from", description="pressure from which it holds")
    to: Pressure = Field(description="pressure up to which it holds")
    at_1_MPa: Rate = Field(description="rate that it has, or would have, at 1 MPa")
    exponent: Annotated[Quantity, Kind("number", low=-20, high=20)] = Field(description="of pressure")
    gas: GasFile | None = Field(None, description="its products there, where they are others")


class RatePointFile(Strict):
    """A burning rate at a pressure."""

    pressure: Pressure
    rate: Rate


class ErosiveFile(Strict):
    """Erosive burning: Lenoir and Robillard's law with your α and β, or Mukunda and Paul's, which needs no numbers."""

    law: Literal["lenoir-robillard", "mukunda-paul"] = Field("lenoir-robillard", description="whose")
    alpha: Annotated[Quantity, Kind("number", low=0, high=1e-2)] | None = Field(
        None, description="of Lenoir and Robillard, in SI"
    )
    beta: Annotated[Quantity, Kind("number", low=0, high=1000)] | None = Field(
        None, description="of Lenoir and Robillard; 53 where not said, which is usual"
    )

    @model_validator(mode="after")
    def _whole(self) -> ErosiveFile:
        if self.law == "lenoir-robillard" and self.alpha is None:
            raise _wrong(
                "alpha", "Lenoir and Robillard's law needs the alpha of your propellant; or take law: mukunda-paul"
            )
        if self.law == "mukunda-paul" and not (self.alpha is None and self.beta is None):
            raise _wrong("law", "Mukunda and Paul's law has no alpha and beta; leave them out")
        return self


class PropellantFile(Strict):
    """A propellant: a published record by name, or its own numbers."""

    name: str = Field("", description="what you call it")
    record: str | None = Field(None, description=f"a published one: {', '.join(RECORDS)}")
    density: Annotated[Quantity, Kind("density", low=500, high=5000)] | None = Field(None, description="as cast")
    gas: GasFile | None = Field(None, description="its products")
    efficiency: Annotated[Quantity, Kind("number", above=0, high=1.1)] = Field(
        Quantity(1.0), description="of the characteristic velocity"
    )
    burn_rate: list[RatePieceFile] = Field(default_factory=list, description="in pieces of pressure")
    rate_table: list[RatePointFile] = Field(default_factory=list, description="instead: measured points")
    rate_factor: Annotated[Quantity, Kind("number", above=0, high=10)] = Field(
        Quantity(1.0), description="multiplies the rate; its ± is that of the law"
    )
    sensitivity: Annotated[Quantity, Kind("number", low=-0.02, high=0.02)] = Field(
        Quantity(0.0), description="of the rate to temperature, 1/K"
    )
    temperature: Annotated[Quantity, Kind("temperature", low=200, high=350)] = Field(
        Quantity(294.15), description="for which the rates hold"
    )
    erosive: Annotated[ErosiveFile | None, worded("law")] = Field(
        None, description="burning by cross flow, which the one-dimensional level follows: like `mukunda-paul`"
    )
    source: str = Field("", description="where the numbers come from")

    @model_validator(mode="after")
    def _whole(self) -> PropellantFile:
        if self.record is not None:
            if self.gas is not None or self.burn_rate or self.rate_table:
                raise _wrong("record", "a record brings its gas and its rates; leave them out, or the record")
            if self.density is None:
                raise _wrong("density", "say what your grains weigh, as cast: the density of a record is the ideal one")
            return self
        for key in ("density", "gas"):
            if getattr(self, key) is None:
                raise _wrong(key, f"a propellant needs its {key}, or a record: {', '.join(RECORDS)}")
        if bool(self.burn_rate) == bool(self.rate_table):
            raise _wrong("burn_rate", "a propellant needs burn_rate or rate_table, one of the two")
        return self


class NozzleFile(Strict):
    """The nozzle."""

    throat: Annotated[Quantity, Kind("length", above=0, high=10)] = Field(description="diameter of the throat")
    exit: Annotated[Quantity, Kind("length", above=0, high=30)] = Field(description="diameter of the exit")
    divergence: Annotated[Quantity, Kind("angle", low=0, high=1.05)] = Field(description="half angle of the exit cone")
    convergence: Annotated[Quantity, Kind("angle", above=0, high=1.571)] | None = Field(
        None, description="half angle of the entrance cone"
    )
    throat_length: Annotated[Quantity, Kind("length", low=0, high=10)] | None = Field(
        None, description="of a straight-cut throat; left out: it is rounded"
    )
    efficiency: Annotated[Quantity, Kind("number", above=0, high=1)] = Field(
        Quantity(1.0), description="of thrust, beyond divergence, friction and throat"
    )
    erosion_at_1_MPa: Wear = Field(
        Quantity(0.0), description="growth of the throat's radius; in proportion to pressure"
    )
    slag_at_1_MPa: Wear = Field(Quantity(0.0), description="narrowing of its radius; the less the higher the pressure")
    two_phase: Annotated[Quantity, Kind("number", low=0.5, high=1)] = Field(
        Quantity(1.0), description="share of thrust that droplets in the jet leave"
    )
    separation: Literal["summerfield", "schmucker", "stark", "none"] = Field(
        "summerfield", description="by whose law the jet leaves the wall"
    )


@cache
def grain_model(kind: str) -> Any:
    """The model of a grain of one type: its own dimensions, how many follow one another, the gap behind, the propellant."""
    more: dict[str, Any] = {
        "type": (str, ...),
        "count": (Annotated[int, Field(ge=1, le=100)], Field(1, description="how many alike follow one another")),
        "gap": (
            Annotated[Quantity, Kind("length", low=0, high=10)],
            Field(Quantity(0.0), description="to the next behind it"),
        ),
        "propellant": (str, Field("", description="its name, where the motor has several")),
    }
    if kind == "custom":
        length = Annotated[Quantity, Kind("length", above=0, high=10)]
        more |= {
            "diameter": (length, ...), "length": (length, ...), "inhibited": (Literal["neither", "top", "bottom", "both"], "neither"),
            "outline": (str | None, None), "unit": (Literal["m", "cm", "mm", "in"], "mm"),
            "outlines": (list[list[tuple[float, float]]], Field(default_factory=list)),
        }  # fmt: skip
        return create_model("CustomGrainFile", __base__=Strict, **more)
    return create_model(f"{GRAIN_TYPES[kind].__name__}GrainFile", __base__=model_of(GRAIN_TYPES[kind]), **more)


class _ByShape:
    """Marks a grain, which is read by the model of its `type`."""

    def read(self, given: Any) -> Any:
        kind = given.get("type") if isinstance(given, dict) else None
        if not isinstance(kind, str) or kind not in GRAIN_TYPES:
            from downrange.errors import seen, suggest

            what = (
                f"{seen(kind, 60)}{suggest(str(kind)[:60], GRAIN_TYPES)}"
                if kind is not None
                else "of a grain: it needs one"
            )
            raise PydanticCustomError(
                "bound", "{message}", {"message": f"unknown type {what}; known: {', '.join(GRAIN_TYPES)}"}
            )
        return grain_model(kind).model_validate(given)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return {"type": "object", "required": ["type"], "properties": {"type": {"enum": list(GRAIN_TYPES)}}}


class GrainMotorFile(Strict):
    """motor.yaml: a motor made of grains"""

    name: str = Field("", description="what you call it")
    manufacturer: str = ""
    notes: str = Field("", description="anything; sources above all")
    propellant: PropellantFile | None = Field(None, description="of all grains")
    propellants: dict[str, PropellantFile] = Field(default_factory=dict, description="instead: several, by name")
    grains: list[Annotated[Any, _ByShape()]] = Field(
        description="from the forward end aft", min_length=1, max_length=100
    )
    nozzle: NozzleFile
    case: model_of(Case) = Field(default_factory=model_of(Case), description="what is around; its mass, to fly with it")
    igniter: model_of(Igniter) | None = None
    limits: model_of(Limits) = Field(default_factory=model_of(Limits), description="what a result is judged by; 0: not")
    temperature: Annotated[Quantity, Kind("temperature", low=200, high=350)] | None = Field(
        None, description="of the propellant when it is lit"
    )
    ambient: Annotated[Quantity, Kind("pressure", low=0)] = Field(Quantity(101325.0), description="pressure of the air")
    level: Literal["quasi-steady", "transient", "one-dimensional"] = Field(
        "transient", description="of the ballistics that a flight takes"
    )
    delays: list[Annotated[Quantity, Kind("time", low=0, high=600, why="delays are seconds")]] = Field(
        default_factory=list, description="of the ejection charge"
    )

    @model_validator(mode="after")
    def _named(self) -> GrainMotorFile:
        if (self.propellant is None) == (not self.propellants):
            raise _wrong("propellant", "a motor has a propellant, or propellants; one of the two")
        return self


def _wrong(key: str, message: str) -> PydanticCustomError:
    return PydanticCustomError("contradiction", "{message}", {"message": message, "key": key})
