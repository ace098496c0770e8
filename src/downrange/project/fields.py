"""The fields of project files: quantities with units and bounds; unknown keys are errors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from downrange.bounds import DISTANCE, bound_of, check, check_distribution
from downrange.errors import InputError, UnitError
from downrange.uncertainty import Quantity
from downrange.units import DIMENSIONS, compass, parse_quantity

__all__ = ["Angle", "Direction", "Kind", "Length", "Mass", "Number", "Speed", "Strict", "Time", "flat_values"]


class Strict(BaseModel):
    """Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, frozen=True, defer_build=True)


@dataclass(frozen=True)
class Kind:
    """Marks a `Quantity` of one kind (a key of `units.DIMENSIONS`) with its own bounds (`low` allowed, `above` not), if any.

    What it does not say stands in `downrange.bounds.BOUNDS`.
    """

    kind: str
    low: float | None = None
    above: float | None = None
    high: float | None = None
    why: str | None = None

    def read(self, given: Any) -> Quantity:
        """Parse and check what stands in a file."""
        return _read(self, given) if type(given) is str else self._read(given)

    def _read(self, given: Any) -> Quantity:
        try:
            q = parse_quantity(given, self.kind)
        except UnitError as error:
            raise PydanticCustomError("unit", "{message}", {"message": error.message}) from None
        bound = bound_of(self.kind, self.low, self.above, self.high, self.why)
        try:
            check(q.value, bound, given=given)
            check_distribution(q.distribution, bound, given)
        except InputError as error:
            raise PydanticCustomError("bound", "{message}", {"message": error.message}) from None
        return q

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        example = DIMENSIONS[self.kind][1]
        return {
            "description": f"a {self.kind}, like '{example}', '{example} ± 5 %', or a distribution",
            "anyOf": [{"type": "string"}, {"type": "number"}, {"type": "object"}],
            "examples": [example],
        }


@lru_cache(maxsize=4096)
def _read(kind: Kind, given: str) -> Quantity:
    """What a text says; an edit leaves most of a file's alone."""
    return kind._read(given)


def _named(given: Any) -> Any:
    try:
        return compass(given)
    except UnitError as error:
        raise PydanticCustomError("unit", "{message}", {"message": error.message}) from None


Number = Annotated[Quantity, Kind("number")]
Length = Annotated[Quantity, Kind("length", **DISTANCE)]  # on the ground or in the air
Angle = Annotated[Quantity, Kind("angle")]
Direction = Annotated[Quantity, Kind("angle"), BeforeValidator(_named)]  # on the compass: a name will do
Time = Annotated[Quantity, Kind("time")]
Mass = Annotated[Quantity, Kind("mass")]
Speed = Annotated[Quantity, Kind("speed")]


def flat_values(node: Any, path: str = "") -> dict[str, str]:
    """Every value of a model as text by its path."""
    if isinstance(node, Quantity):
        return {path: node.text or repr(node.value)}
    if isinstance(node, BaseModel):
        items = [(f"{path}.{k}" if path else k, getattr(node, k)) for k in type(node).model_fields]
    elif isinstance(node, dict):
        items = [(f"{path}.{k}", v) for k, v in node.items()]
    elif isinstance(node, list | tuple):
        items = [(f"{path}[{i}]", v) for i, v in enumerate(node)]
    else:
        return {path: str(node)}
    return {k: v for key, value in items for k, v in flat_values(value, key).items()}
