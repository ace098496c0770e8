"""Questions for an experiment: those that students ask, what each changes in a design, and what a free one is about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from downrange.errors import InputError, seen
from downrange.formats.yaml_edit import plain_values
from downrange.formats.yaml_text import parse_yaml
from downrange.project.asking import find_axis_values
from downrange.project.parameters import Place, Value, find_place, settings, varied
from downrange.project.project import Project, validate
from downrange.project.schema import RocketFile

__all__ = ["Designs", "Question", "about", "changed_by", "designs_of", "outcome_meant", "questions"]

_LONGEST = 300  # characters of a question
_OUTCOMES = (
    # what a question's words say is measured, the surer first
    (r"apogee|altitude|how high|higher|height|flies? low|lower", "apogee shown"),
    (r"drift|how far|nearer|farther|further|distance|where it lands", "drift"),
    (r"stays? in the air|descen|come down|comes down|sink|fall", "descent"),
    (r"how long|duration|time of flight|flight time", "time"),
    (r"landing speed|hits? the ground|land(s)? (softer|harder)", "landing speed"),
    (r"accelerat", "acceleration"),
    (r"fast|speed|velocity", "speed"),
)
_TERM = re.compile(r"(.+?)\s*(=|\*|\+|-)\s*(.+)")
_OF_MASS = re.compile(r"([\d.]+)\s*%\s*of mass")


@dataclass(frozen=True)
class Question:
    """A question in plain words: what is measured (`of`), the `change` that makes the second design (texts; empty where the asker brings it), what
    that is called, what one may expect and why, and how to keep it fair."""

    name: str
    question: str
    words: tuple[str, ...]
    of: str
    change: tuple[str, ...] = ()
    second: str = "changed"
    hypothesis: str = ""
    fair: str = ""


@cache
def questions() -> Mapping[str, Question]:
    """The questions of the package by name."""
    text = resources.files("downrange.project").joinpath("questions.yaml").read_text(encoding="utf-8")
    out = {}
    for name, q in plain_values(parse_yaml(text, "questions.yaml")).items():
        change = q["change"]
        said = (change,) if isinstance(change, str) else tuple(change)
        out[name] = Question(
            name, q["question"], tuple(q["words"]), q["of"], said, q["second"], q["hypothesis"], q["fair"]
        )
    return out


def about(text: str) -> Question:
    """The question that a text is: one of the package by its name or words, else a free one, whose `of` is empty where its words do not say what is
    measured. Raises `InputError` for none."""
    words = " ".join(text.split())
    if not words or len(words) > _LONGEST:
        raise InputError(f"a question has 1 to {_LONGEST} characters; seen {len(words)}", key="question")
    low = words.lower()
    if low in questions():
        return questions()[low]
    for q in sorted(
        questions().values(), key=lambda q: q.question.lower() != low
    ):  # first the one that was copied whole
        if any(re.search(rf"(?<!\w){re.escape(w)}(?!\w)", low) for w in q.words):
            return replace(q, question=words, of=outcome_meant(low) or q.of)
    return Question("", words, (), outcome_meant(low))


def outcome_meant(text: str) -> str:
    """What a question's words say is measured, as `design.find_output` takes it; empty where they do not say.

    >>> outcome_meant("Does wax make it fly higher?"), outcome_meant("Is red better?")
    ('apogee shown', '')
    """
    return next((of for pattern, of in _OUTCOMES if re.search(rf"\b(?:{pattern})", text.lower())), "")


def changed_by(project: Project, question: Question) -> tuple[Project, str]:
    """The second design of a question of the package, made from a project, and the change in words. Raises `InputError` where it does not fit."""
    if question.change == ("boat-tail",):
        return _with_boat_tail(project)
    values: dict[Place, Value] = {}
    told = []
    for text in question.change:
        place, value = _term(project, text)
        values[place] = value
        told.append(f"{place.name} {_shown(place, place.now)} to {_shown(place, value)}")
    return varied(project, values), "; ".join(told)


@dataclass(frozen=True, eq=False)
class Designs:
    """The designs of an experiment: name, what was changed and project of each, the first the one that others are compared with; of a series
    the values of what is changed (`doses`, SI) and its place."""

    each: tuple[tuple[str, str, Project | None], ...]
    doses: tuple[float, ...] | None = None
    place: str = ""


_LEVELS = 4  # of a series whose text does not say how many


def designs_of(
    question: Question, project: Project | None, *, others: Sequence[tuple[str, Project]] = (), changes: Sequence[str] = (), series: str | None = None,
    names: Sequence[str] = (),
) -> Designs:  # fmt: skip
    """The designs that a question compares: a project and `others`, or itself with `changes` (texts like `fins.span=60mm`), or a `series` of values
    of one place (`main.diameter=12..24in/4`), or what the question itself changes; without a project only their `names`.

    Raises `InputError` where nothing says what the second design is, or two things do.
    """
    if sum(map(bool, (others, changes, series))) > 1:
        raise InputError(
            "one comparison at a time: other files (--against), changes (--set), or a series (--dose)", key="--against"
        )
    if project is None:
        given = tuple(names) or ("as it is", question.second)
        return Designs(tuple((name, "", None) for name in given))
    if series:
        place, axis = find_axis_values(project, series, _LEVELS)
        values = axis.choices
        if len(values) < 2 or not place.numeric:
            raise InputError(
                f"a series is two or more numbers of one place, like 'main.diameter=12..24in/4'; seen {seen(series, 60)}",
                key="--dose",
            )
        each = tuple(
            (_shown(place, v), f"{place.name} {_shown(place, v)}", varied(project, {place: v})) for v in values
        )
        return Designs(_renamed(each, names), tuple(float(v) for v in values), place.name)
    first = ("as it is", "", project)
    if others:
        return Designs(_renamed((first, *((name, f"the file {name}", other) for name, other in others)), names))
    if changes:
        changed = settings(project, tuple(changes))
        told = "; ".join(f"{p.name} {_shown(p, p.now)} to {_shown(p, v)}" for p, v in changed.items())
        return Designs(_renamed((first, (question.second, told, varied(project, changed))), names))
    if not question.change:
        raise InputError(
            f"what is the second design? Say it with --against FILE, --set 'PLACE=VALUE' or --dose 'PLACE=VALUES', or ask one of: {', '.join(questions())}",
            key="question",
        )
    other, told = changed_by(project, question)
    return Designs(_renamed((first, (question.second, told, other)), names))


def _renamed(each: tuple[tuple[str, str, Project], ...], names: Sequence[str]) -> tuple[tuple[str, str, Project], ...]:
    if not names:
        return each
    if len(names) != len(each):
        raise InputError(f"{len(each)} designs and {len(names)} names: {seen(', '.join(names), 80)}", key="--names")
    return tuple((name, told, project) for name, (_, told, project) in zip(names, each, strict=True))


def _term(project: Project, text: str) -> tuple[Place, Value]:
    """A place and its new value from `fins.span * 1.3`."""
    m = _TERM.fullmatch(text)
    assert m is not None, text
    name, sign, right = m.groups()
    place = find_place(
        project, "main.diameter" if name == "parachute.diameter" and _has(project, "main.diameter") else name
    )
    if (share := _OF_MASS.fullmatch(right)) is not None:
        return place, round(float(share[1]) / 100 * project.launch.loaded.mass, 4)
    if sign == "=":
        value = place.read(right)
        if value == place.now:
            raise InputError(
                f"the design has {place.name} {right} already; turn it round with --set '{place.name}=...'", key="--set"
            )
        return place, value
    if place.now is None or isinstance(place.now, str):
        raise InputError(
            f"the design does not say {place.name}; say what the second design has with --set '{place.name}=...'",
            key="--set",
        )
    if sign == "*":
        return place, float(place.now) * float(right)
    step = float(place.read(right))
    return place, float(place.now) + (step if sign == "+" else -step)


def _has(project: Project, name: str) -> bool:
    try:
        return find_place(project, name) is not None
    except InputError:
        return False


def _shown(place: Place, value: Value | None) -> str:
    from downrange.units import display

    if value is None or isinstance(value, str) or place.kind in ("count", "number"):
        return "not said" if value is None else f"{value}"
    return display(float(value), "size" if place.kind == "length" else place.kind)


def _with_boat_tail(project: Project) -> tuple[Project, str]:
    """A boat-tail of three quarters of a diameter in length behind the last tube, as narrow as the motor tube lets it be down to 0.7 of it."""
    rocket, launch = project.launch.rocket, project.launch
    parts = getattr(project.rocket_file, "parts", [])
    if not launch.simple or not parts or parts[-1].type != "body tube":
        raise InputError(
            "a boat-tail can be added by itself only behind the last tube of a rocket of one stage; give the second design as a file (--against)",
            key="--against",
        )
    wide = rocket.diameter
    narrow = max(0.7 * wide, launch.motor.diameter + 0.002)
    if narrow > 0.95 * wide:
        raise InputError(
            "there is no room for a boat-tail: the motor is nearly as wide as the tube; give two designs of your own (--against)",
            key="--against",
        )
    length = round(0.75 * wide, 4)
    tail = {"type": "transition", "length": f"{length * 1e3:g} mm", "fore_diameter": f"{wide * 1e3:g} mm", "aft_diameter": f"{narrow * 1e3:.4g} mm",
            "wall": "1 mm", "name": "boat-tail"}  # fmt: skip
    data: dict[str, Any] = plain_values(project.sources.rocket_data)
    data = {**data, "parts": [*data["parts"], tail]}
    file = validate(RocketFile, data, project.sources.rocket_path)
    sources = replace(project.sources, rocket_data=data)
    changed = replace(
        project, rocket_file=file, sources=sources, launch=sources.build(project.file, file, project.site_file)
    )
    return (
        changed,
        f"a boat-tail of {length * 1e3:.3g} mm behind the tube, from {wide * 1e3:.3g} to {narrow * 1e3:.3g} mm",
    )
