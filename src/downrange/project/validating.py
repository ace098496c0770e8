"""What stands in a project file against its model: the model, or an error that says file, line, key and what would be right."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from downrange.errors import InputError, seen, suggest
from downrange.formats.yaml_words import key_words
from downrange.project.schema import LaunchFile

__all__ = ["line_of", "line_of_key", "validate"]

M = TypeVar("M", bound=BaseModel)


def line_of(data: Any, loc: tuple[Any, ...]) -> int | None:
    line = None
    for key in loc:
        try:
            marks = data.lc
            line = (marks.key(key) if isinstance(data, dict) else marks.item(key))[0] + 1
            data = data[key]
        except (AttributeError, KeyError, IndexError, TypeError):
            continue
    return line


def line_of_key(data: Any, key: str | None) -> int | None:
    """Line of a key path like `parts[1].parts[0].diameter`."""
    if not key:
        return None
    words = key.replace("[", ".").replace("]", "").split(".")
    return line_of(data, tuple(int(w) if w.isdigit() else w for w in words))


def _known_keys(model: type[BaseModel], loc: tuple[Any, ...], data: Any) -> list[str]:
    """Keys that the model at `loc` knows, for a suggestion."""
    from downrange.project.grains import model_of_grains, says_grains
    from downrange.project.schema import model_of
    from downrange.project.schema_control import controllers_by_type
    from downrange.rocket import PART_TYPES

    current: Any = model
    for step in loc[:-1]:
        with suppress(LookupError, TypeError):  # of pydantic's name for a branch of a union
            data = data[step]
        kind = data.get("type") if isinstance(data, dict) else None
        if isinstance(kind, str) and kind in PART_TYPES:
            current = model_of(PART_TYPES[kind])
        elif step == "motor" and says_grains(data):
            current = model_of_grains()
        elif isinstance(kind, str) and isinstance(step, int) and "grains" in loc:
            current = model_of_grains(kind)
        elif loc[0] == "controllers" and step in (steering := controllers_by_type()):
            current = steering[step]
        elif isinstance(step, str) and isinstance(current, type) and issubclass(current, BaseModel):
            named = {f.alias or k: f for k, f in current.model_fields.items()}
            if step in named:
                options = [named[step].annotation, *getattr(named[step].annotation, "__args__", ())]
                current = next((o for o in options if isinstance(o, type) and issubclass(o, BaseModel)), current)
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [f.alias or k for k, f in current.model_fields.items()]
    return []


_LISTED = 4  # further problems that are named after the first


def validate(model: type[M], data: Any, path: Path | None) -> M:
    """The model of what stands in a file, or in Python where `path` is None. Raises `InputError` with file, line and key.

    What else is wrong in the file is listed after the first.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = error.errors()
        # A union reports every branch; the deepest place is where the user's mistake is.
        worst = max(problems, key=lambda p: (len(p["loc"]), p["type"] == "extra_forbidden"))
        message, shown, loc = _problem(worst, model, data)
        rest = [] if model is LaunchFile else [_problem(p, model, data) for p in problems if p is not worst]
        lines = [f". Also {_at(line_of(data, at), key)}{words}" for words, key, at in rest[:_LISTED]]
        if len(rest) > _LISTED:
            lines.append(f". And {len(rest) - _LISTED} more")
        place = None if path is None else str(path)
        raise InputError(message + "".join(lines), file=place, line=line_of(data, loc), key=shown) from None


def _at(line: int | None, key: str) -> str:
    return (f"line {line}, " if line else "") + (f"[{key}] " if key else "")


def _of_pydantic(step: str) -> bool:
    """Whether a step is pydantic's name for a branch or a validator, which no file has."""
    return " " in step or step.endswith("File") or step == "str" or step.startswith("function-")


def _problem(problem: Any, model: type[BaseModel], data: Any) -> tuple[str, str, tuple[Any, ...]]:
    """One of pydantic's problems in our words, its key as shown, and its place."""
    loc = tuple(problem["loc"])
    shown = ".".join(str(p) for p in loc if not (isinstance(p, str) and _of_pydantic(p)))
    message = problem["msg"]
    if problem["type"] == "extra_forbidden":
        hint = key_words(str(loc[-1])) or suggest(str(loc[-1]), _known_keys(model, loc, data))
        message = f"unknown key {seen(loc[-1], 80)}{hint}"
    elif problem["type"] in ("model_type", "dict_type") and isinstance(problem["input"], str):
        message = (
            f"keys and values belong under {loc[-1]!r}{key_words(problem['input'])}; seen {seen(problem['input'], 80)}"
        )
    elif problem["type"] in ("model_type", "dict_type"):
        hint = ": is a line between still a comment (#)?" if isinstance(problem["input"], list) else ""
        message = f"keys and values belong under {loc[-1]!r}, seen {seen(problem['input'], 80)}{hint}"
    elif problem["type"] == "literal_error":
        known = [w.strip("' ") for w in re.split(r",| or ", problem["ctx"]["expected"])]
        wrong = problem["input"]
        message = f"unknown {loc[-1]} {seen(wrong, 80)}{suggest(str(wrong), known)}; known: {', '.join(known)}"
    elif problem["type"] == "missing":
        message = f"{loc[-1]!r} is missing"
    elif problem["type"] == "part_type":
        from downrange.rocket import PART_TYPES

        given = problem["input"].get("type") if isinstance(problem["input"], dict) else problem["input"]
        message = (
            f"unknown part type {seen(given, 80)}{suggest(str(given), PART_TYPES)}; known: {', '.join(PART_TYPES)}"
        )
    elif problem["type"] == "contradiction":
        shown = ".".join([*([shown] if shown else []), problem["ctx"]["key"]])
        loc = (*loc, problem["ctx"]["key"])
    elif problem["type"] not in ("unit", "bound", "wind"):
        message = f"{message}; seen {seen(problem['input'], 80)}"
    return message, shown, loc
