"""What of a project can be changed, by the name that people have for it: `fins.span`, `main diameter`, `rail.elevation`, `ballast`, `motor`.

A place is a key of the project's files behind the name or the type of its part, with dots or spaces between the words. A project
with some places at other values is a project: it flies, disperses and is judged as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from downrange.errors import InputError, seen, suggest
from downrange.flight import chosen_delay
from downrange.project.build import build_rocket
from downrange.project.fields import Kind
from downrange.project.schema import with_value
from downrange.uncertainty import Distribution, LogNormal, Normal, Quantity, Triangular, Uniform
from downrange.units import parse_quantity

if TYPE_CHECKING:
    from downrange.project.project import Project

__all__ = ["Place", "find_place", "places", "settings", "varied"]

Value = float | str
_SHORT = {
    "rail angle": "rail.elevation", "angle": "rail.elevation", "rail tilt": "rail.elevation", "wind": "weather.wind.speed",
    "wind speed": "weather.wind.speed", "temperature": "weather.temperature", "drag": "aero.drag_factor", "mass": "rocket.measured.mass",
}  # fmt: skip
_PICKED = ("material", "section", "shape", "finish")
"""Keys whose values are words, from a list."""


@dataclass(frozen=True)
class Place:
    """Something that can be changed: its name, the kind of its value (of `units.DIMENSIONS`, `count` or `word`), its value now.

    `path` is where it stands in the files, like `rocket.parts[1].span`, or one of `motor`, `delay`, `ballast`, `ballast.place`.
    """

    name: str
    path: str
    kind: str
    now: Value | None
    field: Kind | None = None

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers that lie on a line."""
        return self.kind != "word"

    def read(self, given: Any) -> Value:
        """A value of it from what was written, SI, within the bounds of its key. Raises `InputError`."""
        if self.kind == "word":
            if not isinstance(given, str) or not given.strip():
                raise InputError(f"a name is wanted, seen {seen(given, 80)}", key=self.name)
            return given.strip()
        if self.kind == "count":
            number = parse_quantity(given, "number").value
            if number != round(number) or not 1 <= number <= 100:
                raise InputError(f"a count from 1 to 100, seen {seen(given, 80)}", key=self.name)
            return round(number)
        try:
            q = parse_quantity(given, self.kind) if self.field is None else self.field.read(given)
        except PydanticCustomError as error:
            raise InputError(error.message(), key=self.name) from None
        except InputError as error:
            raise InputError(error.message, key=self.name) from None
        if q.uncertain:
            raise InputError(f"one value is wanted, without a ±; seen {seen(given, 80)}", key=self.name)
        return q.value


@dataclass(frozen=True)
class _Key:
    """A key of the files: what holds it is called (`named`: first by the name that it was given), its own words, and its place."""

    holders: tuple[str, ...]
    own: str
    place: Place
    named: bool = False


def places(project: Project) -> tuple[Place, ...]:
    """Everything in a project that `find_place` knows, each once, by the name that is shown."""
    return tuple(k.place for k in _keys(project)) + tuple(_special(project).values())


def find_place(project: Project, text: str) -> Place:
    """The place that `text` names. Raises `InputError` where there is none (did you mean), or where several answer."""
    words = _words(text)
    special = _special(project)
    path = _SHORT.get(words, text.strip())
    if words in special:
        return special[words]
    keys = tuple(_keys(project))
    for k in keys:
        if k.place.path in (path, f"rocket.{path}"):
            return k.place
    found = [(exact, k) for k in keys for exact in [_answers(k, words)] if exact]
    best = [k for rank, k in found if rank == max(r for r, _ in found)]
    if len(best) == 1:
        return best[0].place
    if best:
        listed = ", ".join(k.place.path for k in best[:6])
        raise InputError(
            f"{seen(text, 60)} is the name of {len(best)} things: write one of {listed}, or give the parts names of their own",
            key=text[:60],
        )
    names = [k.place.name for k in keys] + list(special)
    raise InputError(
        f"nothing in the project is called {seen(text, 60)}{suggest(words.replace(' ', '.', 1), names)}; a place is a part and its key, like "
        f"'{_example(keys)}', or ballast, motor, delay, rail.elevation",
        key=text[:60],
    )  # fmt: skip


def _example(keys: tuple[_Key, ...]) -> str:
    return next((k.place.name for k in keys if k.own == "span"), keys[0].place.name)


def _words(text: str) -> str:
    return " ".join(re.split(r"[.\s_]+", text.strip().lower()))


def _answers(key: _Key, words: str) -> int:
    """How well a key answers to words: 0 not at all, more the closer its holder's name."""
    if words != key.own and not words.endswith(f" {key.own}"):
        return 0
    head = words.removesuffix(key.own).strip()
    if not head:
        return 0
    rank = 0
    for holder in key.holders:
        if head == holder:
            rank = max(rank, 3 if holder == key.holders[0] and key.named else 2)
        elif set(head.split()) <= set(holder.split()):
            rank = max(rank, 1)
    return rank * 100 + len(key.own) if rank else 0


def _keys(project: Project) -> Iterator[_Key]:
    yield from _of_parts(project.rocket_file.parts, "rocket.parts")
    for k, stage in enumerate(project.rocket_file.stages):
        yield from _of_parts(stage.parts, f"rocket.stages[{k}].parts")
    yield from _of_model(project.rocket_file.measured, "rocket.measured", ("measured",))
    for name in ("rail", "weather", "aero", "guides", "thrust_line"):
        model = getattr(project.file, name)
        if isinstance(model, BaseModel):
            yield from _of_model(model, name, (_words(name),))
    if isinstance(project.file.motor, BaseModel):
        yield from _of_model(project.file.motor, "motor", ("motor",), without=("delay",))
    yield from _of_model(project.site_file, "site", ("site",), without=("ground",))


def _of_parts(parts: list[Any], path: str) -> Iterator[_Key]:
    for k, part in enumerate(parts):
        short = part.type.split()[-1]
        holders = tuple(dict.fromkeys(filter(None, (_words(part.name or ""), part.type, short, short.rstrip("s")))))
        for key in _of_model(part, f"{path}[{k}]", holders, name=_shown(part), without=("parts",)):
            yield replace(key, named=bool(part.name))
        yield from _of_parts(getattr(part, "parts", []), f"{path}[{k}].parts")


def _shown(part: Any) -> str:
    return str(part.name or ("fins" if part.type.endswith("fins") else part.type))


def _of_model(
    model: BaseModel, path: str, holders: tuple[str, ...], *, name: str = "", without: tuple[str, ...] = ()
) -> Iterator[_Key]:
    for key, field in type(model).model_fields.items():
        if key in without:
            continue
        value, shown = getattr(model, key), f"{name or holders[0]}.{key}"
        kind = next((m for m in (*field.metadata, *_metadata(field.annotation)) if isinstance(m, Kind)), None)
        if isinstance(value, BaseModel):
            inner = [
                _Key(holders, f"{_words(key)} {k.own}", k.place)
                for k in _of_model(value, f"{path}.{key}", holders, name=shown)
            ]
            yield from inner
            if key == "wind":
                yield from (_Key(("wind",), k.own.removeprefix("wind "), k.place) for k in inner)
        elif kind is not None and (value is None or isinstance(value, Quantity)):
            yield _Key(
                holders,
                _words(key),
                Place(shown, f"{path}.{key}", kind.kind, None if value is None else value.value, kind),
            )
        elif key == "count" and isinstance(value, int):
            yield _Key(holders, key, Place(shown, f"{path}.{key}", "count", value))
        elif key in _PICKED and (value is None or isinstance(value, str)):
            yield _Key(holders, key, Place(shown, f"{path}.{key}", "word", value))


def _metadata(hint: Any) -> Iterator[Any]:
    yield from getattr(hint, "__metadata__", ())
    for a in get_args(hint):
        yield from _metadata(a)


_BALLAST = Kind("mass", low=0, high=1000)
_BALLAST_PLACE = Kind("length", low=0, high=1000)
_DELAY = Kind("time", low=0, high=600, why="delays are seconds")


def _special(project: Project) -> dict[str, Place]:
    """What is no key of a file: by its words."""
    launch, given = project.launch, project.sources.overrides.ballast
    ballast = given or (0.0, _ballast_place(project))
    delay = launch.motor_delay
    if delay is None and len(launch.motor.delays) == 1:
        delay = launch.motor.delays[0]
    named = launch.motor.manufacturer.split(",")[0]
    return {
        "ballast": Place("ballast", "ballast", "mass", ballast[0], _BALLAST),
        "ballast place": Place("ballast.place", "ballast.place", "length", ballast[1], _BALLAST_PLACE),
        "motor": Place("motor", "motor", "word", project.sources.overrides.motor or f"{named} {launch.motor.designation}".strip()),
        "delay": Place("delay", "delay", "time", delay, _DELAY),
        "motor delay": Place("delay", "delay", "time", delay, _DELAY),
    }  # fmt: skip


def _ballast_place(project: Project) -> float:
    """Where ballast goes that nobody placed, m aft of the nose tip: in a mass called ballast, else at the base of the nose."""
    rocket = project.launch.rocket
    own = next((q for q in rocket.placed if "ballast" in _words(q.part.name)), None)
    return 0.5 * (own.front + own.aft) if own is not None else rocket.placed[0].aft


def settings(project: Project, texts: tuple[str, ...]) -> dict[Place, Value]:
    """Places and values from texts like `fins.span=60mm`. Raises `InputError` for what cannot be read, and for a place said twice."""
    out: dict[Place, Value] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise InputError(f"cannot read {seen(text, 80)}; write it like 'fins.span=60mm'", key="--set")
        place = find_place(project, name)
        if place in out:
            raise InputError(f"{place.name} is set twice; keep one", key="--set")
        out[place] = place.read(value.strip())
    return out


def varied(project: Project, values: Mapping[Place, Value]) -> Project:
    """The project with places at other values. Its own uncertainties move along with what they are of.

    values: by place, SI, as `Place.read` gives them. Raises `InputError` where what comes of it cannot be built.
    """
    file, rocket, site, o = project.file, project.rocket_file, project.site_file, project.sources.overrides
    for place, value in values.items():
        head, _, tail = place.path.partition(".")
        if place.path == "motor":
            o = replace(o, motor=_motor_words(project, str(value)), delay=None)
        elif place.path in ("delay", "ballast", "ballast.place"):
            continue
        elif head == "rocket":
            rocket = with_value(rocket, tail, _moved(rocket, tail, value, place))
        elif head == "site":
            site = with_value(site, tail, _moved(site, tail, value, place))
        else:
            file = with_value(file, place.path, _moved(file, place.path, value, place))
            o = _free(o, place.path)
    o = _with_special(project, values, o)
    sources = replace(project.sources, overrides=o)
    only_rocket = (
        all(p.path.startswith("rocket.") for p in values)
        and o.ballast is None
        and o.learned is None
        and not file.sections
    )
    try:
        if only_rocket:
            launch = replace(project.launch, rocket=build_rocket(rocket, sources.rocket_data, sources.rocket_path))
        else:
            launch = sources.build(file, rocket, site)
            if (
                o.motor is not None
                and o.delay is None
                and (told := chosen_delay(launch, interpreted=False)) is not None
            ):
                sources = replace(sources, overrides=replace(o, delay=told[0], notes=(*o.notes, told[1])))
                launch = sources.build(file, rocket, site)
    except InputError as error:
        which = ", ".join(f"{p.name} = {_shown_value(p, v)}" for p, v in values.items())
        raise type(error)(f"with {which}: {error.message}", key=error.key) from None
    return replace(project, file=file, rocket_file=rocket, site_file=site, sources=sources, launch=launch)


def _motor_words(project: Project, name: str) -> str:
    """A motor's name; a file of the project's folder by its whole path, as names on the command line are looked up where one works."""
    own = project.path.parent / name
    return str(own) if not Path(name).is_file() and Path(name).suffix and own.is_file() else name


def _with_special(project: Project, values: Mapping[Place, Value], o: Any) -> Any:
    said = {p.path: float(v) for p, v in values.items() if p.path in ("delay", "ballast", "ballast.place")}
    if "delay" in said:
        o = replace(o, delay=said["delay"])
    if "ballast" in said or "ballast.place" in said:
        mass, place = o.ballast or (0.0, _ballast_place(project))
        o = replace(o, ballast=(said.get("ballast", mass), said.get("ballast.place", place)))
    return o


def _free(o: Any, path: str) -> Any:
    """The overrides without the one that would hide what is set now."""
    if path.startswith("weather.wind"):
        return replace(o, wind=None)
    return replace(o, **{k: None for k in ("elevation", "azimuth") if path == f"rail.{k}"})


def _moved(model: BaseModel, path: str, value: Value, place: Place) -> Any:
    """What to put at a path: a quantity keeps its own spread about the new centre."""
    if place.kind in ("word", "count"):
        return value
    at = float(value)
    old: Any = model
    for step in (s for s in re.split(r"[.\[\]]", path) if s):
        old = getattr(old, step) if isinstance(old, BaseModel) else old[int(step)]
    d = old.distribution if isinstance(old, Quantity) else None
    if d is None:
        return Quantity(at)
    moved: Distribution | None = None
    if isinstance(d, Normal):
        moved = Normal(at, d.sigma)
    elif isinstance(d, LogNormal):
        moved = LogNormal(at, d.sigma)
    elif isinstance(d, Uniform):
        moved = Uniform(d.low + at - d.centre, d.high + at - d.centre)
    elif isinstance(d, Triangular):
        moved = Triangular(d.low + at - d.centre, at, d.high + at - d.centre)
    return Quantity(at, moved)


def _shown_value(place: Place, value: Value) -> str:
    from downrange.units import display

    if isinstance(value, str) or place.kind in ("count", "number"):
        return f"{value}"[:60]
    return display(float(value), "size" if place.kind == "length" else place.kind)
