"""`learned.yaml`: what flights taught of a rocket, beside its file, where every command finds it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from downrange.errors import seen
from downrange.project.build import Overrides
from downrange.project.lesson import LEARNED, Lesson, rocket_digest
from downrange.project.schema import RocketFile

__all__ = ["learned_beside", "with_lesson"]


def with_lesson(o: Overrides, lesson: Lesson | None) -> Overrides:
    """What a launch is built with, and what its flights taught."""
    return o if lesson is None else replace(o, learned=lesson.learned, flown=lesson.record)


def learned_beside(rocket_path: Path, rocket: RocketFile) -> tuple[Lesson | None, tuple[str, ...]]:
    """What was learned of the rocket of a file, and what to say of it; None where there is nothing, or it is of another rocket."""
    path = rocket_path.parent / LEARNED
    if not path.is_file():
        return None, ()
    from downrange.project.lesson_file import read_lesson  # with all of `learning`, which most rockets do not need

    lesson = read_lesson(path)
    if lesson.rocket != rocket.name:
        return None, (f"{LEARNED} is of another rocket ({seen(lesson.rocket, 40)}) and was not used.",)
    words = lesson.words[0].upper() + lesson.words[1:]
    if lesson.drawing != rocket_digest(rocket):
        words += "; the rocket's file has changed since, so learn again"
    return lesson, (f"{words}.",)
