"""Lessons as data: a folder each, with what is taught, the numbers by name, the hand-out and the answer key.

`lesson.yaml` says `title`, `line`, `minutes`, `ages`, `standards` (codes of `standards.yaml`), `learn`, `needs`, `safety`, the starter that is taken where
nobody gives a launch, `stages` that it needs, `variants` (changes of the launch, as a question's) and `numbers`, which are one of

    flight apogee            a number of the flight (flight@VARIANT of a variant's)
    explain descent v_s      a symbol of an explanation
    place fins.span          a value of the files
    motor impulse            a value of the motor that lifts it
    band sigma               how well the apogee is known
    given 100 m | length     what the lesson itself gives
    = v * t | length         a formula of other numbers

`handout.md` and `key.md` are Markdown in which `{{name}}` is a number, `{{15 m/s}}` a quantity in the reader's units, and a line that begins with `::` a block: `::work NAME` (formula, numbers, result),
`::explain TOPIC` (the whole sum), `::variants NUMBER, ...` and `::blank NUMBER, ...` (a table of the variants, and one to fill), `::figure NAME`,
`::statistics NAME` (of a list), `::lines N` (to write on).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from downrange.errors import InputError, NotFoundError, seen, suggest
from downrange.formats.yaml_edit import plain_values
from downrange.formats.yaml_text import parse_yaml

__all__ = ["Lesson", "lesson_named", "lessons", "standards"]

_KEYS = {
    "title",
    "line",
    "minutes",
    "ages",
    "standards",
    "learn",
    "needs",
    "safety",
    "starter",
    "stages",
    "variants",
    "numbers",
    "lists",
}


@dataclass(frozen=True, eq=False)
class Lesson:
    """A lesson: what is taught to whom, what it takes, its numbers and texts."""

    name: str
    title: str
    line: str
    minutes: int
    ages: str
    standards: tuple[str, ...]
    learn: tuple[str, ...]
    needs: tuple[str, ...]
    safety: str
    starter: str
    stages: int
    variants: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, str]
    lists: Mapping[str, Mapping[str, object]]
    handout: str
    key: str


def _home() -> Traversable:
    return resources.files("downrange.report.lessons").joinpath("data")


@cache
def standards() -> Mapping[str, str]:
    """What the standards' codes stand for, in short: performance expectations of the Next Generation Science Standards (NGSS Lead States, 2013)."""
    text = _home().joinpath("standards.yaml").read_text(encoding="utf-8")
    return dict(plain_values(parse_yaml(text, "standards.yaml")))


def _read(folder: Traversable) -> Lesson:
    file = f"{folder.name}/lesson.yaml"
    said = plain_values(parse_yaml(folder.joinpath("lesson.yaml").read_text(encoding="utf-8"), file))
    if wrong := set(said) - _KEYS:
        raise InputError(
            f"a lesson has no key {seen(sorted(wrong)[0], 40)}{suggest(sorted(wrong)[0], _KEYS)}", file=file
        )
    codes = tuple(said["standards"])
    if unknown := [c for c in codes if c not in standards()]:
        raise InputError(f"{unknown[0]} is no code of standards.yaml", file=file, key="standards")
    texts = [folder.joinpath(f"{k}.md").read_text(encoding="utf-8") for k in ("handout", "key")]
    variants = {k: tuple([v] if isinstance(v, str) else v) for k, v in said.get("variants", {}).items()}
    return Lesson(
        folder.name, said["title"], said["line"], int(said["minutes"]), str(said["ages"]), codes, tuple(said["learn"]), tuple(said["needs"]),
        said.get("safety", ""), said.get("starter", "kit"), int(said.get("stages", 1)), variants, said.get("numbers", {}), said.get("lists", {}), *texts,
    )  # fmt: skip


@cache
def lessons() -> Mapping[str, Lesson]:
    """All lessons by name, in the order in which they build on each other."""
    order = _home().joinpath("order.txt").read_text(encoding="utf-8").split()
    return {name: _read(_home().joinpath(name)) for name in order}


def lesson_named(name: str) -> Lesson:
    """The lesson called `name`. Raises `NotFoundError` with the nearest."""
    word = "-".join(name.strip().lower().replace("_", "-").split())
    if word not in lessons():
        raise NotFoundError(
            f"no lesson {seen(name, 60)}{suggest(word, lessons())}; known: {', '.join(lessons())}", key="lesson"
        )
    return lessons()[word]
