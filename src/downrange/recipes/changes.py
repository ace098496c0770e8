"""Changing a launch by the paths of what it says: `fins.span` by a part's name, `rail.elevation` as in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from downrange.errors import InputError, NotFoundError, seen, suggest
from downrange.project.grains import holds_grains, model_of_grains, says_grains
from downrange.project.schema import LaunchFile, RocketFile, SiteFile, model_of
from downrange.recipes.base import Recipe, deploy_of, plain_data, said_of, wind_of
from downrange.rocket import PART_TYPES

__all__ = ["changed", "part_paths"]

Steps = tuple[str | int, ...]


def part_paths(rocket: Mapping[str, Any], at: Steps = ("rocket",)) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    """Every part of a rocket with its path."""
    for key in ("stages", "parts"):
        for k, part in enumerate(rocket.get(key) or ()):
            here = (*at, key, k)
            yield here, part
            yield from part_paths(part, here)


def _shown(steps: Steps) -> str:
    return "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in steps).lstrip(".")


def _names(part: Mapping[str, Any]) -> tuple[str, ...]:
    """What a part answers to: its name, and its type where it has none."""
    name, kind = str(part.get("name") or ""), str(part.get("type"))
    if name:
        return (name,)
    return (kind, PART_TYPES[kind].__name__) if kind in PART_TYPES else (kind,)


def _by_name(said: Mapping[str, Any], path: str) -> list[tuple[Steps, str]]:
    """The parts whose name begins `path`, longest names first, with what stands behind the name."""
    found = []
    for steps, part in part_paths(said["rocket"]):
        for name in _names(part):
            if path == name or path.startswith(f"{name}."):
                found.append((len(name), steps, path[len(name) + 1 :]))
    longest = max((n for n, *_ in found), default=0)
    return [(steps, rest) for n, steps, rest in found if n == longest]


def _split(path: str) -> Steps:
    words = [w for w in re.split(r"[.\[\]]", path) if w]
    return tuple(int(w) if w.isdigit() else w for w in words)


def _find(said: Mapping[str, Any], path: str) -> Steps:
    """The steps of a path. Raises `NotFoundError` where nothing is called so, `InputError` where several parts are."""
    parts = _by_name(said, path)
    if not parts and path.startswith("rocket.") and _split(path)[1] not in RocketFile.model_fields:
        parts = _by_name(said, path.removeprefix("rocket."))
    steps = _split(path)
    in_file = bool(steps) and steps[0] in LaunchFile.model_fields
    if len(parts) + in_file > 1:
        places = [_shown(p) for p, _ in parts] + ([f"the launch's {steps[0]}"] if in_file else [])
        raise InputError(f"{seen(path)} could be {', '.join(places[:5])}; write the whole path", key=path)
    if parts:
        return (*parts[0][0], *_split(parts[0][1]))
    if not in_file:
        known = [n for _, p in part_paths(said["rocket"]) for n in _names(p)[:1]]
        words = [*known, *LaunchFile.model_fields]
        first = path.partition(".")[0]
        raise NotFoundError(
            f"nothing is called {seen(first)}{suggest(first, words)}; parts are called {', '.join(dict.fromkeys(known))}; "
            "or write a path like 'rail.elevation' or 'rocket.parts[0].length'", key=path,
        )  # fmt: skip
    return steps


_FILES: dict[str, type[BaseModel]] = {"rocket": RocketFile, "site": SiteFile}


def _model_at(steps: Steps, said: Any) -> type[BaseModel] | None:
    """The model of the mapping at `steps`; None where there is none."""
    model: type[BaseModel] | None = LaunchFile
    for step in steps:
        items = dict(enumerate(said)) if isinstance(said, list) else said
        said = items.get(step) if isinstance(items, Mapping) else None
        kind = said.get("type") if isinstance(said, Mapping) else None
        if isinstance(kind, str) and kind in PART_TYPES:
            cls: Any = PART_TYPES[kind]
            model = model_of(cls)
        elif step == "motor" and says_grains(said):
            model = model_of_grains()
        elif isinstance(step, int) and "grains" in steps:
            model = model_of_grains(kind)
        elif isinstance(step, str) and model is not None:
            file: Any = _FILES.get(step) if model is LaunchFile else None
            model = file or _nested(model, step)
    return model


def _nested(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    """The model of a key's mapping."""
    fields = {f.alias or k: f for k, f in model.model_fields.items()} | dict(model.model_fields)
    annotation = fields[key].annotation if key in fields else None
    pending = [annotation]
    while pending:
        a = pending.pop()
        if isinstance(a, type) and issubclass(a, BaseModel):
            return a
        pending += getattr(a, "__args__", ())
    return None


def _set(node: Any, steps: Steps, value: Any, path: str) -> Any:
    """A copy of `node` with `value` at `steps`; without the key where it is None."""
    head, rest = steps[0], steps[1:]
    if isinstance(head, int):
        if not isinstance(node, list) or head >= len(node):
            raise NotFoundError(
                f"{seen(path)} counts to {head}, there are {len(node) if node else 0}, from 0", key=path
            )
        return [
            _set(v, rest, value, path) if rest and k == head else value if k == head else v for k, v in enumerate(node)
        ]
    if node is None:
        node = {}
    if isinstance(node, str) and path.startswith("motor"):
        if holds_grains(node):
            raise NotFoundError(
                f"{seen(path)} is in the file {seen(node, 80)}; give dr.read_motor of it as the motor, to change it",
                key=path,
            )
        node = {"file" if node.lower().endswith((".eng", ".rse")) else "name": node}
    if not isinstance(node, Mapping):
        raise NotFoundError(f"{seen(path)} leads into {seen(node, 60)}, which has no {head!r}", key=path)
    if not rest and value is None:
        return {k: v for k, v in node.items() if k != head}
    return {**node, head: _set(node.get(head), rest, value, path) if rest else value}


def changed(said: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """What a launch says, with other values at some paths.

    A path is that of the file (`rail.elevation`, `rocket.parts[0].length`) or begins with a part's name (`fins.span`; a
    part without a name answers to its type, where it is the only one). A value is what the file would take, a recipe, or
    None for what the file's door has where nothing is said; a key may carry a unit (`fins.span_mm`). Raises `NotFoundError`
    for what is not there, with what is like it.
    """
    out = dict(said)
    for path, value in changes.items():
        steps = _find(out, path)
        value = value.said if isinstance(value, Recipe) else value
        last, parent = steps[-1], _model_at(steps[:-1], out)
        if isinstance(last, str) and parent is not None:
            name = next((k for k, f in parent.model_fields.items() if f.alias == last), last)
            short = {"deploy": deploy_of, "wind": wind_of if steps[0] == "weather" else plain_data}.get(
                name, plain_data
            )
            ((last, value),) = said_of(parent, {name: short(value)}).items()
        out = _set(out, (*steps[:-1], last), plain_data(value), path)
    return out
