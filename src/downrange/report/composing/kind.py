"""Kinds of documents: folders with a template as data, and the texts that come with it. A new kind, or a club's own, needs no Python."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from downrange.errors import InputError, NotFoundError, seen, suggest
from downrange.formats.reading import guarded
from downrange.formats.yaml_text import read_yaml
from downrange.project.fields import Strict
from downrange.project.validating import validate
from downrange.report.composing.languages import LANGUAGES
from downrange.report.documents import PAGES, WORDS, Look

__all__ = ["BlockFile", "Kind", "KindFile", "copy_kind", "kind_names", "milestone_of", "read_kind"]

_FILE = "kind.yaml"
_MM = 25.4
_DOES = (
    "heading",
    "text",
    "include",
    "numbers",
    "table",
    "figure",
    "contents",
    "references",
    "page_break",
    "checklist",
)
Need = Literal[
    "campaign", "logs", "several bodies", "one body", "landing", "review", "subscale", "experiment", "no milestone"
]
_NEEDS: tuple[str, ...] = get_args(Need)
_Milestone = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _-]{0,39}$")]


class BlockFile(Strict):
    """A block of a kind: what it is (one of `heading`, `text`, `include`, `numbers`, `table`, `figure`, `contents`, `references`, `page_break`, `checklist`).

    `when` names what it is for, a need or a milestone of the kind: one that is there is enough.
    """

    heading: str | None = None
    level: int = 1
    counted: bool = True
    text: str | None = None
    include: str | None = None
    ask: str = ""
    at_most: int | None = Field(default=None, ge=1)
    numbers: list[str] | None = None
    table: str | None = None
    figure: str | None = None
    caption: str | None = None
    share: float = 1.0
    contents: int | None = None
    references: bool = False
    page_break: bool = False
    checklist: bool = False
    when: Annotated[list[str], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)] = Field(
        default_factory=list
    )
    where: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one(self) -> BlockFile:
        said = [k for k in _DOES if getattr(self, k) not in (None, False)]
        if len(said) != 1:
            raise ValueError(f"a block is one of {', '.join(_DOES)}; seen {', '.join(said) or 'none of them'}")
        return self


class _PageFile(Strict):
    width: str
    height: str


def _named(milestones: Any) -> Any:
    """Milestones of a list of names, which have no titles of their own."""
    if isinstance(milestones, list) and all(isinstance(m, str) for m in milestones):
        return dict.fromkeys(milestones, "")
    return milestones


class KindFile(Strict):
    """`kind.yaml`: what a kind of document says and shows; `milestones` have the title that it has at each, or none of their own."""

    name: str
    about: str
    title: str
    milestones: Annotated[dict[_Milestone, str], BeforeValidator(_named)] = Field(default_factory=dict, max_length=20)
    subtitle: str = ""
    facts: dict[str, str] = Field(default_factory=dict)
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}$")
    words: dict[str, str] = Field(default_factory=dict)
    labels: dict[str, str] = Field(default_factory=dict)
    units: Literal["metric", "us"] | None = None
    rules: list[str] = Field(default_factory=list)
    contest: str | None = None
    flights: int = Field(default=0, ge=0, le=1_000_000)
    page: str | _PageFile = "letter"
    margin: str = "22 mm"
    letters: float = 10.5
    columns: int = 1
    counted: bool = True
    cover: bool = False
    fit: bool = False
    blocks: list[BlockFile] = Field(min_length=1, max_length=500)

    @model_validator(mode="after")
    def _known(self) -> KindFile:
        known = (*_NEEDS, *self.milestones)
        if len({w.casefold() for w in known}) < len(known):
            raise ValueError(f"milestones have names of their own, and none of {', '.join(_NEEDS)}")
        for k, b in enumerate(self.blocks):
            if wrong := next((w for w in b.when if w not in known), None):
                raise ValueError(
                    f"blocks[{k}]: when {seen(wrong, 40)}{suggest(wrong, known)}; there are {', '.join(known)}"
                )
        return self


@dataclass(frozen=True)
class Kind:
    """A kind of document: its name, what its file says, and its folder."""

    name: str
    file: KindFile
    folder: Path

    @property
    def look(self) -> Look:
        """How it is laid out."""
        from downrange.units import parse_quantity

        f = self.file
        if isinstance(f.page, str):
            if f.page not in PAGES:
                raise InputError(
                    f"no page {seen(f.page, 40)}{suggest(f.page, PAGES)}; there are {', '.join(PAGES)}, or width and height",
                    key="page",
                )
            width, height = PAGES[f.page]
        else:
            width, height = (1e3 * parse_quantity(v, "length").value for v in (f.page.width, f.page.height))
        margin = 1e3 * parse_quantity(f.margin, "length").value
        return Look(width, height, margin, f.letters, f.columns, f.counted, f.cover, f.fit)


def _shipped() -> Path:
    return Path(str(resources.files("downrange.report") / "kinds"))


@cache
def kind_names() -> tuple[str, ...]:
    """Names of the kinds that are shipped."""
    return tuple(sorted(p.parent.name for p in _shipped().glob(f"*/{_FILE}")))


@guarded("a kind of document")
def read_kind(name: str | Path) -> Kind:
    """A kind: a shipped one by its name, or one of one's own by the path of its folder.

    name: of a kind, or the path of a folder with a `kind.yaml`. Raises `InputError` for one that there is not, or that
    contradicts itself.
    """
    own = Path(name)
    try:
        written, there = (own / _FILE).is_file(), own.is_dir()
    except (OSError, ValueError):  # too long, or with a null character
        written = there = False
    if str(name) in kind_names():
        folder = _shipped() / str(name)
    elif written:
        folder = own
    elif there:
        raise NotFoundError(f"there is no {_FILE} in this folder", file=str(own), key="--kind")
    else:
        raise NotFoundError(
            f"no kind of document {seen(str(name), 60)}{suggest(str(name), kind_names())}; there are {', '.join(kind_names())}, or a folder of your own",
            key="--kind",
        )
    path = folder / _FILE
    data: Any = read_yaml(path)
    kind = Kind(folder.resolve().name, validate(KindFile, data, path), folder)
    _check_language(kind.file, path)
    if wrong := next((w for w in kind.file.words if w not in WORDS), None):
        raise InputError(
            f"no word {seen(wrong, 40)}{suggest(wrong, WORDS)}; there are {', '.join(WORDS)}",
            file=str(path),
            key="words",
        )
    try:
        kind.look  # noqa: B018  raises for a page that is not possible
    except InputError as error:
        raise type(error)(error.message, file=str(path), key=error.key) from None
    return kind


def _check_language(file: KindFile, path: Path) -> None:
    """Raise `InputError` for a language in which the document would have no words of its own."""
    if file.language in LANGUAGES:
        return
    if lacking := [w for w in WORDS if w not in file.words and w != "did not happen"]:
        raise InputError(
            f"the words of {seen(file.language, 10)} are not known; there are {', '.join(LANGUAGES)}. Give words: {', '.join(lacking)}",
            file=str(path), key="language",
        )  # fmt: skip


def milestone_of(kind: Kind, asked: str | None) -> str | None:
    """The milestone of a kind that was asked for, as the kind spells it; None where none was.

    Raises `InputError` for one that the kind does not have.
    """
    if asked is None:
        return None
    known = tuple(kind.file.milestones)
    if not known:
        raise InputError(f"a document of {seen(kind.name, 40)} has no milestones; leave it out", key="--milestone")
    word = str(asked).strip()
    if (found := next((m for m in known if m.casefold() == word.casefold()), None)) is None:
        raise NotFoundError(
            f"no milestone {seen(word, 40)}{suggest(word, known)}; there are {', '.join(known)}", key="--milestone"
        )
    return found


def copy_kind(name: str, folder: Path) -> Path:
    """Copy a kind into a folder of one's own, which is not there yet, to be changed there; returns it.

    name: of the kind. Raises `InputError` where the folder is there already.
    """
    kind = read_kind(name)
    if folder.exists():
        raise InputError(f"{seen(folder.name, 60)} is there already; name a new folder", key="--copy")
    if not folder.absolute().parent.is_dir():
        raise InputError(f"there is no folder {seen(str(folder.parent), 100)}", key="--copy")
    shutil.copytree(kind.folder, folder)
    return folder
