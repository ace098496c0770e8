"""The models of materials of one's own, and which kind a part's field names."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any, Literal, cast

from pydantic import Field

from downrange.project.fields import Kind, Strict
from downrange.rocket import Material
from downrange.uncertainty import Quantity

__all__ = [
    "MATERIAL_FILES",
    "LineMaterialFile",
    "SurfaceMaterialFile",
    "VolumeMaterialFile",
    "material_kind",
    "material_of",
]


class VolumeMaterialFile(Strict):
    """A material of your own."""

    name: str = Field("", description="what you call it")
    density: Annotated[Quantity, Kind("density")] = Field(description="mass of a volume of it")
    shear_modulus: Annotated[Quantity, Kind("stiffness", above=0)] | None = Field(
        None, description="in the plane of a sheet, for flutter"
    )


class SurfaceMaterialFile(Strict):
    """A cloth or film of your own."""

    name: str = Field("", description="what you call it")
    density: Annotated[Quantity, Kind("surface density")] = Field(description="mass of an area of it")


class LineMaterialFile(Strict):
    """A cord of your own."""

    name: str = Field("", description="what you call it")
    density: Annotated[Quantity, Kind("line density")] = Field(description="mass of a length of it")


MATERIAL_FILES: dict[str, type[Strict]] = {
    "volume": VolumeMaterialFile,
    "surface": SurfaceMaterialFile,
    "line": LineMaterialFile,
}


def material_kind(field: dataclasses.Field[Any]) -> Literal["volume", "surface", "line"] | None:
    """Which kind of material a part's field names, None where it names none."""
    if not field.name.endswith("material"):
        return None
    return cast(Literal["volume", "surface", "line"], str(field.metadata["doc"]).partition(" ")[0])


def material_of(
    model: VolumeMaterialFile | SurfaceMaterialFile | LineMaterialFile, field: dataclasses.Field[Any]
) -> Material:
    """A material that a file describes."""
    kind = material_kind(field)
    assert kind is not None
    modulus = getattr(model, "shear_modulus", None)
    return Material(model.name, float(model.density), kind, "as given", None if modulus is None else float(modulus))
