"""Lessons with the numbers of one's own launch."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from downrange.errors import InputError, seen
from downrange.project import Project, open_project
from downrange.project.starters import write_starter
from downrange.recipes.ask import Asked
from downrange.recipes.choose import project_of
from downrange.report.lessons import FORMATS, Lesson, Numbers, lesson_named, write_lesson
from downrange.report.lessons.writing import Format

__all__ = ["ClassLesson", "lesson"]

_STARTER = "rocket"  # the folder beside a notebook that holds the starter's files


@dataclass(frozen=True, eq=False)
class ClassLesson:
    """A lesson for a launch: its `lesson`, the `project` whose numbers it takes, and those by name (`numbers["margin"].value`, SI)."""

    lesson: Lesson
    project: Project
    numbers: Numbers
    starter: str = ""

    def summary(self) -> dict[str, Any]:
        """The documented keys of `downrange lesson NAME --json`."""
        from downrange.report.lessons.view import numbers_summary

        return numbers_summary(self.lesson, self.numbers)

    def write(self, folder: str | Path, form: Format = "pdf", units: str = "metric") -> tuple[Path, ...]:
        """Write hand-out and answer key apart into a folder; returns their paths.

        form: pdf, html, docx, md (a folder of each) or notebook. units: `metric` or `us`. A notebook of a starter has its files beside it.
        """
        if form not in FORMATS:
            raise InputError(
                f"a lesson is written as one of {', '.join(FORMATS)}; seen {seen(form, 40)}", key="--format"
            )
        folder, project = Path(folder), self.project
        if form == "notebook" and self.starter and not (folder / _STARTER / "launch.yaml").is_file():
            write_starter(folder / _STARTER, self.starter)
        if form == "notebook" and self.starter:
            project = open_project(folder / _STARTER / "launch.yaml")
            return write_lesson(self.lesson, project, folder, form, units)
        return write_lesson(self.lesson, project, folder, form, units, self.numbers)


def lesson(name: str, launch: Asked | None = None) -> ClassLesson:
    """A lesson of `downrange lesson` with the numbers of a launch.

    name: like `"why-fins"`
    launch: a `dr.Launch`, or the path of a launch file; left out, the lesson's own starter
    Raises `NotFoundError` for a name that is not known, `InputError` for a launch that cannot be read.
    """
    found = lesson_named(name)
    if launch is not None:
        project = project_of(launch)
        return ClassLesson(found, project, Numbers(found, project))
    with tempfile.TemporaryDirectory() as folder:
        write_starter(Path(folder) / "first-rocket", found.starter)
        project = open_project(Path(folder) / "first-rocket" / "launch.yaml")
    return ClassLesson(found, project, Numbers(found, project), found.starter)
