"""What a document is: data. Headings, words, tables, pictures, lists; nothing of it knows on what it will be shown.

Texts are what somebody wrote and are shown as they stand: each of the writers (PDF, HTML, Word, a folder) escapes for its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from downrange.errors import InputError, seen

__all__ = [
    "PAGES", "WORDS", "Block", "Code", "Contents", "Document", "Equation", "Heading", "Listing", "Look", "Note", "PageBreak", "Paragraph",
    "Picture", "References", "Run", "Table", "Text", "plain_text", "runs", "texts",
]  # fmt: skip

_MM = 25.4
PAGES = {
    "a4": (210.0, 297.0), "letter": (8.5 * _MM, 11 * _MM), "a4 landscape": (297.0, 210.0), "letter landscape": (11 * _MM, 8.5 * _MM),
    "poster": (48 * _MM, 36 * _MM), "a0 poster": (1189.0, 841.0),
}  # fmt: skip
"""Sizes of a page by name: width and height, mm."""

WORDS = {
    "figure": "Figure", "table": "Table", "contents": "Contents", "references": "References", "page": "page", "of": "of",
    "was": "was", "not stated": "not stated", "did not happen": "-",
}  # fmt: skip
"""Words that a document needs of its own; a language replaces them."""


@dataclass(frozen=True)
class Run:
    """A piece of a line in one style. `marked`: changed since the last issue. `link`: where it leads (http, https or mailto)."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    marked: bool = False
    link: str = ""


Text = str | Run | tuple[Run, ...]
"""Words of a line: plain, or in pieces of their own style."""


def runs(text: Text) -> tuple[Run, ...]:
    """A text as its pieces.

    >>> runs("apogee")
    (Run(text='apogee', bold=False, italic=False, code=False, marked=False, link=''),)

    text: plain, a piece, or pieces.
    """
    if isinstance(text, str):
        return (Run(text),)
    return (text,) if isinstance(text, Run) else text


def plain_text(text: Text) -> str:
    """A text without its styles.

    text: plain, a piece, or pieces.
    """
    return text if isinstance(text, str) else "".join(r.text for r in runs(text))


@dataclass(frozen=True)
class Heading:
    """The title of a part; `level` 1 to 4. `counted`: whether it has a number, where the document numbers its headings."""

    text: str
    level: int = 1
    counted: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.level <= 4:
            raise InputError(f"a heading of level {self.level}: there are 1 to 4", key="level")


@dataclass(frozen=True)
class Paragraph:
    """Some sentences."""

    text: Text


@dataclass(frozen=True)
class Listing:
    """Points below each other: with dots, numbers (`ordered`) or boxes to tick (`boxes`)."""

    items: tuple[Text, ...]
    ordered: bool = False
    boxes: bool = False


@dataclass(frozen=True)
class Table:
    """A table: `heads` and `rows` of as many cells. Columns in `numbers` stand to the right, the others are words.

    `caption` stands above it, after its number; without one it has neither. `note` stands below. `name` is that of its CSV file.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    caption: str = ""
    numbers: tuple[int, ...] = ()
    note: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if not self.heads:
            raise InputError("a table without columns", key=self.name or self.caption[:60])
        if wrong := [row for row in self.rows if len(row) != len(self.heads)]:
            raise InputError(
                f"a table of {len(self.heads)} columns has a row of {len(wrong[0])} cells: {seen([plain_text(c) for c in wrong[0]], 100)}",
                key=self.name or self.caption[:60],
            )


@dataclass(frozen=True)
class Picture:
    """A picture: `data` is a PNG or JPEG, `svg` draws the same as an SVG where that can be done. `alt` says in words what it shows.

    `share`: of the width of the text. `name` is that of its file in a folder.
    """

    data: bytes = field(repr=False)
    alt: str
    caption: str = ""
    name: str = "picture"
    share: float = 1.0
    svg: Callable[[], bytes] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise InputError("a picture without a text that says what it shows", key=self.name)
        if not 0.05 <= self.share <= 1:
            raise InputError(f"a picture {self.share:g} as wide as the text: 0.05 to 1", key=self.name)
        self.kind  # noqa: B018  raises for what is no picture

    @property
    def kind(self) -> str:
        """`png` or `jpg`, by its first bytes. Raises `InputError` for anything else."""
        if self.data.startswith(b"\x89PNG\r\n\x1a\n"):
            return "png"
        if self.data.startswith(b"\xff\xd8\xff"):
            return "jpg"
        raise InputError("is neither a PNG nor a JPEG picture", key=self.name)


@dataclass(frozen=True)
class Equation:
    """A formula on a line of its own, in characters: `drift = wind × time of descent`."""

    text: str


@dataclass(frozen=True)
class Code:
    """Lines as they stand, in letters of one width."""

    text: str


@dataclass(frozen=True)
class Note:
    """Some sentences that stand apart; a `warning` more so."""

    text: Text
    title: str = ""
    warning: bool = False


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page (of a poster: in a new column)."""


@dataclass(frozen=True)
class Contents:
    """The table of contents: headings down to level `depth`."""

    depth: int = 2


@dataclass(frozen=True)
class References:
    """What the document rests on, numbered."""

    entries: tuple[str, ...]


Block = (
    Heading | Paragraph | Listing | Table | Picture | Equation | Code | Note | PageBreak | Contents | References
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """How a document is laid out on paper: width and height of the page and its margin in mm, letters in points, columns.

    `counted`: whether headings have numbers. `cover`: whether the title has a page of its own. `fit`: letters as large as one page holds,
    0.6 to 1.6 times their size.
    """

    width: float = PAGES["letter"][0]
    height: float = PAGES["letter"][1]
    margin: float = 22.0
    size: float = 10.5
    columns: int = 1
    counted: bool = True
    cover: bool = False
    fit: bool = False

    def __post_init__(self) -> None:
        if not (50 <= self.width <= 3000 and 50 <= self.height <= 3000):
            raise InputError(f"a page of {self.width:g} x {self.height:g} mm: each 50 to 3000", key="page")
        if not 0 <= self.margin <= min(self.width, self.height) / 4:
            raise InputError(f"a margin of {self.margin:g} mm on this page: 0 to a quarter of it", key="margin")
        if not 5 <= self.size <= 100:
            raise InputError(f"letters of {self.size:g} points: 5 to 100", key="size")
        if not 1 <= self.columns <= 8:
            raise InputError(f"{self.columns} columns: 1 to 8", key="columns")


@dataclass(frozen=True)
class Document:
    """A document: its title, what stands below that (`facts`: a name and a value each), its blocks, its language and look.

    `words` replaces some of `WORDS`. `footer` stands at the foot of each page, before its number.
    """

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    language: str = "en"
    look: Look = Look()
    words: Mapping[str, str] = field(default_factory=dict)
    footer: str = ""

    def word(self, name: str) -> str:
        """A word of the document's own, in its language.

        name: of `WORDS`.
        """
        return self.words.get(name, WORDS[name])

    @property
    def labels(self) -> tuple[str, ...]:
        """What each block is called: `2.1` of a heading, `Figure 3` or `Table 2` of what has a caption, else nothing."""
        counts = {"figure": 0, "table": 0}
        levels = [0, 0, 0, 0]
        out = []
        for block in self.blocks:
            label = ""
            if isinstance(block, Heading) and block.counted and self.look.counted:
                levels = [*levels[: block.level - 1], levels[block.level - 1] + 1, *[0] * (4 - block.level)]
                label = ".".join(str(n) for n in levels[: block.level])
            elif isinstance(block, Table | Picture) and block.caption:
                kind = "table" if isinstance(block, Table) else "figure"
                counts[kind] += 1
                label = f"{self.word(kind)} {counts[kind]}"
            out.append(label)
        return tuple(out)


def texts(blocks: Sequence[Block]) -> str:
    """All that is said in blocks, as plain lines: what a reader of the document can find in it.

    blocks: of a document.
    """
    out: list[str] = []
    for b in blocks:
        match b:
            case Heading() | Equation() | Code():
                out.append(b.text)
            case Paragraph():
                out.append(plain_text(b.text))
            case Note():
                out += [b.title, plain_text(b.text)]
            case Listing():
                out += [plain_text(i) for i in b.items]
            case Table():
                out += [b.caption, *b.heads, *(plain_text(c) for row in b.rows for c in row), b.note]
            case Picture():
                out += [b.caption, b.alt]
            case References():
                out += b.entries
            case PageBreak() | Contents():
                pass
    return "\n".join(filter(None, out))
