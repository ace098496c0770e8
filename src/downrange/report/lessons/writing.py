"""A lesson written: hand-out and key apart, for print, the web, a folder or a notebook."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import Literal

from downrange.errors import InputError, seen
from downrange.project import Project
from downrange.report.documents import write_document, write_whole
from downrange.report.lessons.lesson import Lesson
from downrange.report.lessons.making import answer_key, hand_out
from downrange.report.lessons.notebook import notebook_text
from downrange.report.lessons.numbers import Numbers

__all__ = ["FORMATS", "Format", "write_lesson"]

Format = Literal["pdf", "html", "docx", "md", "notebook"]
FORMATS: tuple[Format, ...] = ("pdf", "html", "docx", "md", "notebook")


def write_lesson(
    lesson: Lesson, project: Project, folder: Path, form: Format, units: str, numbers: Numbers | None = None
) -> tuple[Path, ...]:
    """Write hand-out and key into a folder; returns their paths. form: of `FORMATS`; `md` makes a folder of each, with its pictures.

    Raises `InputError` where the launch does not suit the lesson, and where the folder cannot be made.
    """
    numbers = numbers or Numbers(lesson, project)
    made = {"handout": hand_out(lesson, numbers, units), "key": answer_key(lesson, numbers, units)}
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{seen(folder.name, 60)} is a file; name a folder", key="--out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make the folder: {error.strerror}", key="--out") from None
    out = []
    for name, document in made.items():
        if form == "notebook":
            path = folder / f"{name}.ipynb"
            launch = PurePath(os.path.relpath(project.path.resolve(), folder.resolve()))
            write_whole(path, notebook_text(lesson, numbers, document, launch, key=name == "key").encode())
            out.append(path)
        else:
            out.append(write_document(document, folder / (name if form == "md" else f"{name}.{form}")))
    return tuple(out)
