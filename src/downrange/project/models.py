"""The pydantic models of the dataclasses whose fields say kind, bounds and documentation, and the way back from a model to its dataclass."""

from __future__ import annotations

import dataclasses
import types
import typing
from functools import cache
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, BeforeValidator, Field, create_model
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from downrange.errors import InputError
from downrange.project.fields import Kind, Strict
from downrange.project.schema_material import (
    MATERIAL_FILES,
    LineMaterialFile,
    SurfaceMaterialFile,
    VolumeMaterialFile,
    material_kind,
    material_of,
)
from downrange.remember import Said, Same, remembered
from downrange.rocket import PART_TYPES, Part, Stage
from downrange.uncertainty import Quantity

__all__ = ["AnyPart", "model_of", "parts_from", "stages_from", "to_domain", "worded"]


class _ByType:
    """Marks a part, which is read by the model of its `type`.

    A rocket has eight of the twenty types, and a model takes 5 ms to make: it is made when a part first needs it.
    """

    def read(self, given: Any) -> Any:
        """The model of one part."""
        tag = given.get("type") if isinstance(given, dict) else getattr(given, "type", None)
        cls = PART_TYPES.get(tag) if isinstance(tag, str) else None
        if cls is None:
            raise PydanticCustomError("part_type", "unknown part type")
        return _part_model(cls, Said(given))

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return {"oneOf": [{"type": c.__name__} for c in PART_TYPES.values()]}  # `json_schema` puts references there


@remembered(256)
def _part_model(cls: type, said: Said) -> Any:
    """The model of a part that is said so; those of the parts that an edit leaves alone stay the same."""
    return model_of(cls).model_validate(said.value)


AnyPart = Annotated[Any, _ByType()]


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _record(hint: Any) -> Any:
    """The dataclass that a hint names, alone or with None; None where it names none."""
    return next(
        (h for h in (hint, *typing.get_args(hint)) if isinstance(h, type) and dataclasses.is_dataclass(h)), None
    )


_SHORT = {"cluster": "pattern", "separation": "event", "ignition": "event", "altimeter": "unit"}
"""What may be said in one word: `cluster: 4-ring`, `separation: burn-out`."""


def worded(key: str) -> BeforeValidator:
    """Reads one word for a mapping with that alone."""
    return BeforeValidator(lambda given: {key: given} if isinstance(given, str) else given)


def _annotation(field: dataclasses.Field[Any], hint: Any) -> Any:
    meta = field.metadata
    if (material := material_kind(field)) is not None:
        return Union[str, MATERIAL_FILES[material]]  # noqa: UP007
    if meta.get("kind"):
        kind = Annotated[Quantity, Kind(meta["kind"], *(meta[k] for k in ("low", "above", "high", "why")))]
        if field.name in ("points", "places"):
            return list[tuple[kind, kind]]
        if field.name == "misalignments":
            return list[kind]
        optional = isinstance(hint, types.UnionType) and type(None) in typing.get_args(hint)
        return Union[kind, None] if optional else kind  # noqa: UP007
    if field.name == "parts":
        return list[AnyPart]
    if (record := _record(hint)) is not None:
        model = model_of(record) if record is hint else Union[model_of(record), None]  # noqa: UP007
        return Annotated[model, worded(_SHORT[field.name])] if field.name in _SHORT else model
    return hint


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is dataclasses.MISSING:
        return ...
    if dataclasses.is_dataclass(field.default):
        return Field(default_factory=model_of(type(field.default)))
    if field.default == ():
        return Field(default_factory=list)
    if field.metadata.get("kind") and isinstance(field.default, int | float):
        return Quantity(float(field.default))
    return field.default


@cache
def model_of(cls: Any) -> Any:
    """The pydantic model of a dataclass whose fields were made by `rocket.parts.spec`."""
    hints = _hints(cls)
    fields: dict[str, Any] = {}
    for name, kind in PART_TYPES.items():
        if kind is cls:
            fields["type"] = (Literal[name], ...)
    for f in dataclasses.fields(cls):
        default = _default(f)
        info = (
            default
            if not isinstance(default, type(...)) and hasattr(default, "default_factory")
            else Field(default, description=f.metadata.get("doc"))
        )
        fields[f.name] = (_annotation(f, hints[f.name]), info)
    return create_model(
        cls.__name__, __base__=Strict, __module__=__name__, __doc__=(cls.__doc__ or "").splitlines()[0], **fields
    )


def to_domain(model: BaseModel, cls: type) -> Any:
    """The dataclass `cls` from its model; quantities become their centres in SI."""
    values: dict[str, Any] = {}
    for f in dataclasses.fields(cls):
        v = getattr(model, f.name)
        if f.name == "parts":
            v = parts_from(v)
        elif isinstance(v, VolumeMaterialFile | SurfaceMaterialFile | LineMaterialFile):
            v = material_of(v, f)
        elif isinstance(v, BaseModel):
            v = _under(f.name, to_domain, v, _record(_hints(cls)[f.name]))
        elif f.name in ("points", "places"):
            v = tuple((float(a), float(b)) for a, b in v)
        elif isinstance(v, list):
            v = tuple(float(a) if isinstance(a, Quantity) else a for a in v)
        elif isinstance(v, Quantity):
            v = v.value
        values[f.name] = v
    return cls(**values)


def parts_from(models: list[Any]) -> tuple[Part, ...]:
    """Parts from their models; an error's key says which one, like `parts[1].wall`."""
    return tuple(_under(f"parts[{i}]", _part_of, Same(m)) for i, m in enumerate(models))


@remembered(256)
def _part_of(model: Same) -> Part:
    found: Part = to_domain(model.value, PART_TYPES[model.value.type])
    return found


def stages_from(models: list[Any]) -> tuple[Stage, ...]:
    """Stages from their models; an error's key says which one, like `stages[1].parts[0].wall`."""
    return tuple(_under(f"stages[{i}]", to_domain, m, Stage) for i, m in enumerate(models))


def _under(place: str, make: Any, *given: Any) -> Any:
    """What `make` gives; where it raises, with `place` before the key."""
    try:
        return make(*given)
    except InputError as error:
        raise type(error)(error.message, key=f"{place}.{error.key}" if error.key else place) from None
