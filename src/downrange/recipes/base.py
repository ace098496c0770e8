"""What every recipe is: the keys and values of a project file, said in Python and checked by the same models.

A recipe is checked when it is made, by the model of its place in a project file (`project.schema`), so that both doors have
one validation and one wording. Units are as in a file: `length="70 mm"`, `span="50 ± 1 mm"`, or a number under a key that
says its unit, `span_mm=50`. A number without either is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

from pydantic import BaseModel

from downrange.errors import InputError, seen, suggest
from downrange.project.fields import Kind
from downrange.project.project import validate
from downrange.project.schema import model_of, to_domain
from downrange.rocket import PART_TYPES
from downrange.units import wind_words

__all__ = ["SUFFIXES", "UNSET", "Frozen", "Given", "PartRecipe", "Recipe", "plain_data", "said_of", "wind_of"]

Given: TypeAlias = str | float | Mapping[str, Any]
"""A quantity: text with its unit, a pure number, or a mapping that names a distribution."""

UNSET: Any = None
"""What is not said stays as the file's door has it."""

SUFFIXES: dict[str, str] = {
    "mm": "mm", "cm": "cm", "m": "m", "km": "km", "in": "inch", "ft": "ft", "g": "g", "kg": "kg", "oz": "oz", "lb": "lb",
    "s": "s", "ms": "ms", "m_s": "m/s", "km_h": "km/h", "mph": "mph", "ft_s": "ft/s", "deg": "deg", "rad": "rad", "pa": "Pa",
    "hpa": "hPa", "k": "K", "degc": "degC", "degf": "degF", "m2": "m^2", "cm2": "cm^2", "gpa": "GPa", "mpa": "MPa",
    "kg_m2": "kg m^2", "g_cm2": "g cm^2", "m_s2": "m/s^2", "mm_s": "mm/s", "kg_m3": "kg/m^3", "n": "N", "per_m2": "1/m^2", "per_km2": "1/km^2",
}  # fmt: skip
"""The ends of keys that say a unit, and how `units` writes it."""


def plain_data(value: Any) -> Any:
    """`value` as a file would hold it: mappings, lists, texts, numbers; recipes as what they say.

    Raises `InputError` for anything that no file could say.
    """
    if isinstance(value, Recipe):
        return value.said
    if isinstance(value, Mapping):
        return {str(k): plain_data(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain_data(v) for v in value]
    if value is None or isinstance(value, bool):
        return value
    for kind in (str, int, float):
        if isinstance(value, kind):
            return kind(value)  # without the classes of a YAML reader
    if isinstance(value, Path):
        return value.as_posix()
    if hasattr(value, "tolist"):  # arrays and their scalars
        return plain_data(value.tolist())
    raise InputError(
        f"{seen(value)} is nothing that a project file can say: texts, numbers, lists, mappings and recipes are"
    )


@cache
def quantity_keys(model: type[BaseModel]) -> frozenset[str]:
    """The keys of a model that take one quantity."""

    def of(annotation: Any, metadata: Any = ()) -> bool:
        return any(isinstance(m, Kind) for m in metadata) or any(
            of(a, getattr(a, "__metadata__", ())) for a in getattr(annotation, "__args__", ()) if a is not type(None)
        )

    return frozenset(k for k, f in model.model_fields.items() if of(f.annotation, f.metadata))


def said_of(model: type[BaseModel], given: Mapping[str, Any]) -> dict[str, Any]:
    """The keys and values of a file from what was given in Python: units out of the keys, aliases, plain data.

    Raises `InputError` for a key that is said twice, with its unit in the name and without.
    """
    out: dict[str, Any] = {}
    for name, value in given.items():
        field = model.model_fields.get(name)
        if field is None:
            name, value = _with_unit(model, name, value)
            field = model.model_fields.get(name)
        key = (field.alias if field is not None else None) or name
        if key in out:
            raise InputError(f"{key} is said twice, with and without its unit in the name; keep one", key=key)
        out[key] = plain_data(value)
    return out


def _with_unit(model: type[BaseModel], name: str, value: Any) -> tuple[str, Any]:
    """`span_mm=50` as `span="50 mm"`; a key that is not known stays for the model to refuse."""
    known = quantity_keys(model)
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        key = name.removesuffix(f"_{suffix}")
        if key == name or key not in known:
            continue
        value = plain_data(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"{name} takes a number, seen {seen(value)}; text with its unit goes to {key}", key=name)
        return key, f"{value!r} {SUFFIXES[suffix]}"
    return name, value


def wind_of(value: Any) -> Any:
    """`"3 m/s from 270 deg"` as the keys of a wind; anything else as it is."""
    if not isinstance(value, str):
        return value
    speed, direction = wind_words(value, "wind")
    return {"speed": speed, "from": direction}


def deploy_of(value: Any) -> Any:
    """`"apogee"`, `"ejection"`, `"never"` or a height like `"300 m"` as the keys of a deployment."""
    if not isinstance(value, str):
        return value
    if value[:1].isdigit() or value[:1] in "+-.":
        return {"event": "altitude", "altitude": value}
    return {"event": value}


class Frozen:
    """What is made is not changed: a value that is set on it would not be flown."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_"):
            who = type(self).__name__
            raise AttributeError(
                f"a {who} is not changed, {name!r} would not be flown: make another, or launch.with_({{...}})"
            )
        object.__setattr__(self, name, value)


class Recipe(Frozen):
    """Keys and values of a project file, checked. Equal where they say the same."""

    file: ClassVar[Callable[[], Any]]
    """Gives the model that checks."""

    shorthand: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}
    """Keys that take a short text for a mapping."""

    def __init__(self, given: Mapping[str, Any]):
        words = {k: v for k, v in given.items() if k not in ("self", "__class__", "in_units") and v is not UNSET}
        words = {k: self.shorthand[k](v) if k in self.shorthand else v for k, v in words.items()}
        self._model = self._checked({**words, **given.get("in_units", {})})

    def _checked(self, given: Mapping[str, Any]) -> Any:
        model = type(self).file()
        self._said = said_of(model, given)
        made = validate(model, self._said, None)
        self._check(made)
        return made

    def _check(self, model: Any) -> None:
        """Refuse values that contradict each other; nothing to check in most recipes."""

    @property
    def said(self) -> dict[str, Any]:
        """The keys and values as a project file has them; a copy."""
        return dict(plain_data(self._said))

    @property
    def model(self) -> Any:
        """The file's model of it."""
        return self._model

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Recipe) and self._said == other._said

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        words = (
            f"{k}={f'<{len(v)} parts>' if k == 'parts' else seen(v, 60)}" for k, v in self._said.items() if k != "type"
        )
        return f"{type(self).__name__}({', '.join(words)})"


PART_CLASSES: dict[str, type[PartRecipe]] = {}
"""The classes of parts by the word of their type; each enters itself."""


class PartRecipe(Recipe):
    """A part of a rocket. `motor`, in tubes, is the motor that sits in it: the launch takes it from there."""

    part: ClassVar[str]
    shorthand: ClassVar[Mapping[str, Callable[[Any], Any]]] = {"deploy": deploy_of}

    def __init_subclass__(cls) -> None:
        PART_CLASSES[cls.part] = cls

    def __init__(self, given: Mapping[str, Any]):
        words = dict(given)
        self._motor = words.pop("motor", None)
        if self._motor is not None:
            words["motor_mount"] = True
        self._parts = tuple(part_of(p, f"parts[{k}]") for k, p in enumerate(words.get("parts") or ()))
        super().__init__(words)

    @property
    def parts(self) -> tuple[PartRecipe, ...]:
        """The parts in it."""
        return self._parts

    @property
    def motors(self) -> tuple[tuple[str, Any], ...]:
        """The motors that it and the parts in it were given, each with the name of its tube."""
        own = () if self._motor is None else ((str(self._said.get("name", "")), self._motor),)
        return (*own, *(m for p in self._parts for m in p.motors))

    def _checked(self, given: Mapping[str, Any]) -> Any:
        cls: Any = PART_TYPES[self.part]
        model = model_of(cls)
        said = said_of(model, {k: v for k, v in given.items() if k not in ("type", "parts")})
        self._said = {"type": self.part, **said}
        children = {"parts": [p.model for p in self._parts]} if self._parts else {}
        made = validate(model, {**self._said, **children}, None)
        to_domain(made, cls)
        if self._parts:
            self._said["parts"] = [p.said for p in self._parts]
        return made


def part_of(given: Any, place: str) -> PartRecipe:
    """A part from a recipe or from its mapping; `place` stands before the key of an error."""
    if isinstance(given, PartRecipe):
        return given
    if not isinstance(given, Mapping):
        raise InputError(f"{seen(given, 80)} is no part; write one like dr.BodyTube(...)", key=place)
    word = given.get("type")
    cls = PART_CLASSES.get(word) if isinstance(word, str) else None
    if cls is None:
        known = ", ".join(PART_TYPES)
        raise InputError(
            f"unknown part type {seen(word, 80)}{suggest(str(word), PART_TYPES)}; known: {known}", key=place
        )
    try:
        made = cls.__new__(cls)
        PartRecipe.__init__(made, {k: v for k, v in given.items() if k != "type"})
        return made
    except InputError as error:
        raise type(error)(error.message, key=f"{place}.{error.key}" if error.key else place) from None
