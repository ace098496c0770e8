"""The keys of the project files, by name: where each may stand, what it is and means. For help and completion."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from downrange.project.fields import Kind
from downrange.project.schema import LaunchFile, RocketFile, SiteFile
from downrange.rocket import PART_TYPES, Altimeter
from downrange.rocket.devices import Deploy
from downrange.rocket.parts import Part
from downrange.units import DIMENSIONS

__all__ = ["Key", "keys"]


@dataclass(frozen=True)
class Key:
    """A key: its name, where it stands (`launch.yaml, rail`; `nose cone`), its kind with an example, its meaning."""

    name: str
    where: str
    kind: str
    meaning: str


@cache
def keys() -> dict[str, tuple[Key, ...]]:
    """Every key of the three files and of the parts, by name."""
    found: dict[str, list[Key]] = {}
    for key in (*_of_files(), *_of_parts()):
        found.setdefault(key.name, []).append(key)
    return {name: tuple(dict.fromkeys(each)) for name, each in sorted(found.items())}


def _like(kind: str) -> str:
    return f"{kind}, like {DIMENSIONS[kind][1]}" if kind in DIMENSIONS else kind


def _of_parts() -> Iterator[Key]:
    common = {f.name for f in dataclasses.fields(Part)}
    kinds: dict[str, Any] = {"every part": Part, **PART_TYPES, "deploy": Deploy, "altimeter": Altimeter}
    for where, cls in kinds.items():
        for f in dataclasses.fields(cls):
            if where in ("every part", "deploy", "altimeter") or f.name not in common:
                yield Key(f.name, where, _like(f.metadata.get("kind") or ""), f.metadata.get("doc") or "")


def _of_files() -> Iterator[Key]:
    for file, model in (("launch.yaml", LaunchFile), ("rocket.yaml", RocketFile), ("site.yaml", SiteFile)):
        yield from _of_model(model, file)


def _of_model(model: type[BaseModel], where: str) -> Iterator[Key]:
    for name, f in model.model_fields.items():
        key = f.alias or name
        inner = [m for m in _models(f.annotation) if m not in (RocketFile, SiteFile)]
        kind = next((m.kind for m in (*f.metadata, *_metadata(f.annotation)) if isinstance(m, Kind)), "")
        yield Key(
            key,
            where,
            _like(kind),
            f.description or (inner[0].__doc__ or "").splitlines()[0] if inner else f.description or "",
        )
        for m in inner:
            yield from _of_model(m, f"{where}, {key}" if where.endswith(".yaml") else f"{where}.{key}")


def _models(hint: Any) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for a in get_args(hint):
        yield from _models(a)


def _metadata(hint: Any) -> Iterator[Any]:
    yield from getattr(hint, "__metadata__", ())
    for a in get_args(hint):
        yield from _metadata(a)
