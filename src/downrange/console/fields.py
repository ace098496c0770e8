"""The fields that a page edits: those of each part and of the launch, with kind, meaning, default and choices."""

from __future__ import annotations

import dataclasses
import types
import typing
from functools import cache
from typing import Any

from downrange.console.heads import Unit
from downrange.console.messages import Field, Fields, LaunchField
from downrange.project.keys import keys
from downrange.rocket import PART_TYPES
from downrange.units import DIMENSIONS, column

__all__ = ["fields_said"]

_LAUNCH = (
    ("motor", ""), ("rail.length", "length"), ("rail.elevation", "angle"), ("rail.azimuth", "angle"), ("weather.temperature", "temperature"),
    ("weather.pressure", "pressure"), ("weather.wind.speed", "speed"), ("weather.wind.from", "angle"), ("site.elevation", "length"),
    ("site.latitude", "angle"), ("site.longitude", "angle"),
)  # fmt: skip
"""What of a launch the page shows as fields; all else is edited in the files."""


_UNITS = ("length", "size", "small size", "speed", "mass", "acceleration", "energy", "force", "pressure")


def _choices(hint: Any) -> list[str]:
    if typing.get_origin(hint) is typing.Literal:
        return [str(a) for a in typing.get_args(hint)]
    return (
        [c for a in typing.get_args(hint) for c in _choices(a)]
        if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union
        else []
    )


def _field(f: dataclasses.Field[Any], hint: Any) -> Field:
    kind = f.metadata.get("kind") or ""
    default = (
        None if f.default is dataclasses.MISSING or not isinstance(f.default, bool | int | float | str) else f.default
    )
    return {
        "name": f.name, "kind": kind, "meaning": f.metadata.get("doc") or "", "example": DIMENSIONS[kind][1] if kind in DIMENSIONS else "",
        "needed": f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING, "default": default,
        "choices": ["true", "false"] if hint is bool else _choices(hint), "whole": hint is int,
    }  # fmt: skip


@cache
def fields_said() -> Fields:
    """Per part type its fields in order, and the fields of a launch by their dotted path."""
    parts = {}
    for name, cls in PART_TYPES.items():
        hints = typing.get_type_hints(cls)
        parts[name] = [_field(f, hints[f.name]) for f in dataclasses.fields(cls) if f.name not in ("parts",)]
    meanings = {(k.where, k.name): k.meaning for each in keys().values() for k in each}
    launch: list[LaunchField] = []
    for path, kind in _LAUNCH:
        head, _, last = path.rpartition(".")
        where = (
            f"{head.split('.')[0]}.yaml"
            if head == "site"
            else "launch.yaml"
            + "".join(f", {w}" if k == 0 else f".{w}" for k, w in enumerate(filter(None, head.split("."))))
        )
        launch.append(
            {
                "path": path,
                "kind": kind,
                "meaning": meanings.get((where, last), ""),
                "example": DIMENSIONS[kind][1] if kind in DIMENSIONS else "",
            }
        )
    units: dict[str, Unit] = {k: {"metric": column(k, "metric"), "us": column(k, "us")} for k in _UNITS}
    units["chamber pressure"] = {"metric": ("MPa", 1e-6), "us": column("pressure", "us")}
    return {"parts": parts, "launch": launch, "units": units}
