"""A mentor's review of a design: comments at a part, a number or a figure, and a sign-off that holds for one design, by its hash."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from downrange.errors import InputError, NotFoundError, suggest
from downrange.formats.reading import guarded
from downrange.formats.yaml_text import read_yaml
from downrange.project.fields import Strict
from downrange.project.notebook import design_hash, design_state, notes_of
from downrange.project.validating import line_of, validate
from downrange.rocket import called

if TYPE_CHECKING:
    from downrange.project.project import Project

__all__ = ["Comment", "Review", "SignOff", "read_review"]

FILE = "review.yaml"
FIGURES = ("rocket", "flight", "stability", "ground track", "motor", "conops", "drift", "landings")


class Comment(Strict):
    """A comment: who, when, at a `part`, a `number` or a `figure`, what was said, and what was answered."""

    by: str
    date: date
    part: str | None = None
    number: str | None = None
    figure: str | None = None
    says: str
    answer: str = ""
    state: Literal["open", "done", "declined"] = "open"


def _hash(word: str) -> str:
    if re.fullmatch(r"d[0-9a-f]{11}", word) is None:
        raise PydanticCustomError("hash", "the hash of a design is a d and 11 of 0 to 9 and a to f, as at the foot of each document")
    return word


class SignOff(Strict):
    """Somebody's approval of the design of a hash."""

    by: str
    role: str = ""
    date: date
    design: Annotated[str, AfterValidator(_hash)]


class _ReviewFile(Strict):
    comments: list[Comment] = Field(default_factory=list)
    signed: list[SignOff] = Field(default_factory=list)


@dataclass(frozen=True)
class Review:
    """What was said and signed; `design` is the hash today, `changed` what changed since the last sign-off (None: not known)."""

    comments: tuple[Comment, ...]
    signed: tuple[SignOff, ...]
    design: str
    changed: tuple[tuple[str, str, str], ...] | None

    @property
    def open(self) -> tuple[Comment, ...]:
        """Comments that are not answered."""
        return tuple(c for c in self.comments if c.state == "open")

    @property
    def holds(self) -> bool:
        """Whether somebody signed the design as it is, and no comment is open."""
        return any(s.design == self.design for s in self.signed) and not self.open


@guarded("a review")
def read_review(project: Project) -> Review | None:
    """The review beside a project's launch file; None where there is none.

    Raises `InputError` for a comment at what the design does not have, and for a date that lies ahead.
    """
    from downrange.design import find_output

    path = project.path.absolute().parent / FILE
    if not path.is_file():
        return None
    data: Any = read_yaml(path)
    file = validate(_ReviewFile, data, path)
    parts = {called(q.part).lower() for q in project.launch.rocket.placed}
    for k, c in enumerate(file.comments):
        line = line_of(data, ("comments", k))
        said = [x for x in (c.part, c.number, c.figure) if x is not None]
        if len(said) > 1:
            raise InputError(
                "a comment stands at one of part, number and figure, or at none",
                file=str(path),
                line=line,
                key=f"comments[{k}]",
            )
        if c.part is not None and c.part.lower() not in parts:
            raise NotFoundError(
                f"no part {c.part[:60]!r}{suggest(c.part.lower(), parts)}",
                file=str(path),
                line=line,
                key=f"comments[{k}].part",
            )
        if c.figure is not None and c.figure not in FIGURES:
            raise NotFoundError(
                f"no figure {c.figure[:60]!r}{suggest(c.figure, FIGURES)}",
                file=str(path),
                line=line,
                key=f"comments[{k}].figure",
            )
        if c.number is not None:
            try:
                find_output(c.number)
            except InputError as error:
                raise NotFoundError(error.message, file=str(path), line=line, key=f"comments[{k}].number") from None
    return Review(tuple(file.comments), tuple(file.signed), design_hash(project), _changed(project, file.signed))


def _changed(project: Project, signed: list[SignOff]) -> tuple[tuple[str, str, str], ...] | None:
    """What changed since the design that was signed last, by the notebook's note of that; None where nobody noted it."""
    if not signed:
        return None
    last = max(signed, key=lambda s: s.date).design
    if last == design_hash(project):
        return ()
    note = next((n for n in reversed(notes_of(project)) if n.what == "designed" and n.design == last), None)
    if note is None:
        return None
    now = design_state(project)
    return tuple(
        (k, note.inputs.get(k, "not there"), now.get(k, "not there")) for k in sorted({*now, *note.inputs}) if now.get(k) != note.inputs.get(k)
    )  # fmt: skip
