"""How people write what they want (`apogee 750 ft`, `time 36..39 s`, `below Mach 0.9`) and what may be changed (`ballast 0..100 g`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from downrange.design import Axis, Output, Want, find_output
from downrange.errors import InputError, seen
from downrange.project.parameters import Place, find_place
from downrange.project.project import Project
from downrange.units import parse_quantity

__all__ = ["MOST_STEPS", "find_axis_values", "read_axes", "read_want", "read_wants", "values_of"]

MOST_STEPS = 2000
_NUMBER = r"[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER}\s*[^\d.,]*?)\s*(?:\.\.|…|\bto\b)\s*({_NUMBER}\s*[^/]*?)\s*(?:/\s*(\d+))?")
_STEPS = re.compile(r"\s*,?\s+(?:in\s+)?steps?\s+(?:of\s+)?(.+)$")
_SIGNS = (
    (r"<=|≤|<|\bat most\b|\bno more than\b|\bbelow\b|\bunder\b|\bwithin\b|\bless than\b", "high"),
    (r">=|≥|>|\bat least\b|\bno less than\b|\babove\b|\bover\b|\bmore than\b", "low"),
)
_CLASS = re.compile(
    r"(?:impulse\s+class\s+|class\s+)?([A-T])\s+or\s+(less|more|below|above|smaller|larger)", re.IGNORECASE
)
_PHRASES = ((r"^lands?\b", "drift"), (r"^(below|under|above|over)\s+mach\b", r"mach \1"))


def read_want(text: str) -> Want:
    """A want from words: `apogee 750 ft`, `time 36..39 s`, `mach < 0.9`, `lands within 400 m`, `J or less`. Raises `InputError`."""
    words = " ".join(text.split())
    if found := _CLASS.fullmatch(words):
        return _class_want(found[1].upper(), found[2].lower() in ("less", "below", "smaller"), text)
    for pattern, better in _PHRASES:
        words = re.sub(pattern, better, words, flags=re.IGNORECASE)
    words, per = _weight(words)
    for pattern, side in _SIGNS:
        if m := re.search(pattern, words, re.IGNORECASE):
            output = find_output(words[: m.start()])
            value = _value(words[m.end() :], output, text)
            return Want(output, None if side == "high" else value, value if side == "high" else None, per, text)
    for m in re.finditer(rf"(?:\s*=\s*|\s+)(?={_NUMBER})", words):
        output, rest = find_output(words[: m.start()]), words[m.end() :]
        if r := _RANGE.fullmatch(rest):
            low, high = _ends(r[1], r[2], output.kind)
            return Want(output, low, high, per, text)
        value = _value(rest, output, text)
        return Want(output, value, value, per, text)
    raise InputError(
        f"cannot read the want {seen(text, 80)}; write it like 'apogee 750 ft', 'time 36..39 s' or 'mach < 0.9'",
        key="want",
    )


def read_wants(texts: Sequence[str]) -> tuple[Want, ...]:
    """Wants from their texts, at least one. Raises `InputError` for none, and for a text that is no want."""
    if isinstance(texts, str):
        texts = [texts]
    if not texts:
        raise InputError("nothing is wanted: say what, like 'apogee 750 ft'", key="want")
    return tuple(read_want(t) for t in texts)


def _weight(words: str) -> tuple[str, float | None]:
    """A want without its price, and the price: points a unit of SI, from `..., 4 points per s`."""
    m = re.search(rf",?\s+({_NUMBER})\s+points?\s+(?:per|a)\s+(\S.*)$", words)
    if not m:
        return words, None
    for kind in ("length", "time", "speed", "mass", "angle", "energy", "number"):
        try:
            return words[: m.start()], float(m[1]) / parse_quantity(f"1 {m[2]}", kind).value
        except InputError:
            continue
    raise InputError(f"cannot read the price {seen(m[0].strip(), 60)}; write it like '4 points per s'", key="want")


def _class_want(letter: str, most: bool, text: str) -> Want:
    top = 2.5 * 2.0 ** (ord(letter) - ord("A"))
    return Want(
        find_output("total_impulse"), None if most else 0.5 * top * (1 + 1e-9), top if most else None, None, text
    )


def _value(text: str, output: Output, whole: str) -> float:
    words = text.strip().removeprefix("=").strip()
    try:
        q = parse_quantity(float(words) if re.fullmatch(_NUMBER, words) else words, output.kind)
    except InputError as error:
        raise InputError(f"in {seen(whole, 60)}: {error.message}", key="want") from None
    if q.uncertain:
        raise InputError(
            f"in {seen(whole, 60)}: one value is wanted, or a range like '36..39 s', without a ±", key="want"
        )
    return q.value


def _ends(first: str, last: str, kind: str) -> tuple[float, float]:
    """The ends of a range; a unit that stands once is that of both."""
    first, last = first.strip(), last.strip()
    unit = re.sub(rf"^{_NUMBER}\s*", "", last)
    if re.fullmatch(_NUMBER, first) and unit:
        first = f"{first} {unit}"
    bare = [
        float(t) if re.fullmatch(_NUMBER, t) and kind in ("number", "calibre", "count") else t for t in (first, last)
    ]
    low, high = (parse_quantity(t, "number" if kind == "count" else kind).value for t in bare)
    return low, high


def read_axes(project: Project, texts: Sequence[str]) -> tuple[tuple[Place, Axis], ...]:
    """What may be changed, from texts like `ballast 0..100 g`, `main diameter 12..24 in in steps of 1 in`, `delay 4, 6, 8 s`,
    `motor: Estes C6-5, Estes B6-4`; each a place of the project with its values. Raises `InputError`.
    """
    if isinstance(texts, str):
        texts = [texts]
    if not texts:
        raise InputError("nothing may be changed: say what, like 'ballast 0..100 g'", key="by")
    made = tuple(_axis(project, t) for t in texts)
    for k, (place, _) in enumerate(made):
        if place in [p for p, _ in made[:k]]:
            raise InputError(f"{place.name} stands twice among what may be changed; keep one", key="by")
    return made


def find_axis_values(project: Project, text: str, points: int) -> tuple[Place, Axis]:
    """A place with its list of values; a range without a number of values or steps is cut into so many `points`."""
    place, rest = _named(project, text)
    choices, _ = values_of(place, rest, points)
    return place, Axis(place.name, choices=tuple(choices), kind=place.kind)


def _axis(project: Project, text: str) -> tuple[Place, Axis]:
    place, rest = _named(project, text)
    choices, ends = values_of(place, rest)
    kind = "number" if place.kind in ("count", "word") else place.kind
    return place, Axis(place.name, *(ends or (0.0, 0.0)), tuple(choices), kind)


def _named(project: Project, text: str) -> tuple[Place, str]:
    """The place that a text begins with, and the values behind it."""
    for mark in ("=", ":"):
        name, found, rest = text.partition(mark)
        if found and rest.strip():
            return find_place(project, name), rest.strip()
    first = text.split(maxsplit=1)
    if len(first) == 2 and first[0].lower() == "motor" and not re.match(_NUMBER, first[1]):
        return find_place(project, "motor"), first[1]
    splits = list(re.finditer(rf"\s+(?={_NUMBER})", text.strip()))
    if not splits:
        raise InputError(
            f"{seen(text, 80)} says no values; write it like 'ballast 0..100 g' or 'delay 4, 6, 8 s'", key="by"
        )
    problem: InputError | None = None
    for m in splits:  # the name of a part may have numbers in it
        try:
            return find_place(project, text.strip()[: m.start()]), text.strip()[m.end() :]
        except InputError as error:
            problem = problem or error
    assert problem is not None
    raise problem


def values_of(place: Place, text: str, points: int | None = None) -> tuple[tuple[Any, ...], tuple[float, float] | None]:
    """The values that a text gives a place: a list of choices, or none and the ends of a line, SI.

    points: how many a range without steps is cut into; None: it stays a line.
    Raises `InputError` for bounds that are crossed, and for too few or too many values.
    """
    if place.kind == "word":
        return tuple(place.read(t) for t in text.split(",")), None
    step = None
    if m := _STEPS.search(text):
        text, step = text[: m.start()], m[1].strip()
    if not (r := _RANGE.fullmatch(text.strip())):
        return _listed(place, text), None
    low, high = _ends(r[1], r[2], place.kind)
    if not low < high:
        raise InputError(
            f"{place.name}: the range {seen(text, 60)} has its bounds crossed or the same; the lower one comes first",
            key=place.name,
        )
    for end in (low, high):
        place.read(_again(end, place))
    n = int(r[3]) if r[3] else points
    if step is not None:
        return _stepped(place, low, high, step), None
    if n is None:
        return (tuple(range(round(low), round(high) + 1)), None) if place.kind == "count" else ((), (low, high))
    if not 2 <= n <= MOST_STEPS:
        raise InputError(f"{place.name}: {n} values; from 2 to {MOST_STEPS:,} are possible", key=place.name)
    values = np.linspace(low, high, n)
    return tuple(values.tolist()) if place.kind != "count" else tuple(sorted({round(v) for v in values.tolist()})), None


def _stepped(place: Place, low: float, high: float, step: str) -> tuple[Any, ...]:
    size = parse_quantity(
        float(step) if re.fullmatch(_NUMBER, step) else step, "number" if place.kind == "count" else place.kind
    ).value
    if not size > 0:
        raise InputError(f"{place.name}: steps of {seen(step, 40)} lead nowhere", key=place.name)
    if (high - low) / size > MOST_STEPS:
        raise InputError(
            f"{place.name}: more than {MOST_STEPS:,} steps of {seen(step, 40)}; take larger ones", key=place.name
        )
    count = int((high - low) / size * (1 + 1e-9)) + 1
    return tuple(round(low + k * size, 12) if place.kind != "count" else round(low + k * size) for k in range(count))


def _listed(place: Place, text: str) -> tuple[Any, ...]:
    items = [t.strip() for t in text.split(",") if t.strip()]
    unit = re.sub(rf"^{_NUMBER}\s*", "", items[-1]) if items else ""
    whole = [f"{t} {unit}" if re.fullmatch(_NUMBER, t) and unit else t for t in items]
    bare = [float(t) if re.fullmatch(_NUMBER, t) else t for t in whole]
    return tuple(place.read(t) for t in bare)


def _again(value: float, place: Place) -> Any:
    """A value in SI as `Place.read` takes it."""
    from downrange.units import DIMENSIONS

    if place.kind in ("count", "number", "calibre"):
        return value
    unit = DIMENSIONS[place.kind][0]
    return f"{value!r} {unit}".strip()
