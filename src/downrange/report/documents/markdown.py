"""What people write, in Markdown, as blocks of a document; `{{apogee}}` in it is the number as it stands today."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from downrange.errors import InputError, seen
from downrange.report.documents.blocks import (
    Block,
    Code,
    Heading,
    Listing,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    Run,
    Table,
    Text,
    plain_text,
    runs,
)
from downrange.report.documents.shown import safe_link

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["read_markdown"]

_LONGEST = 1_000_000  # characters of a file
_NUMBER = re.compile(r"\{\{([^{}\n]{1,100})\}\}")


def read_markdown(
    text: str, *, values: Callable[[str], Text] | None = None, picture: Callable[[str, str], Picture] | None = None,
    file: str | None = None, below: int = 0,
) -> tuple[Block, ...]:  # fmt: skip
    """Blocks of a Markdown text: headings, paragraphs, lists, tables, quotes, code and pictures on lines of their own; HTML is shown as text.

    values: what stands for a name in `{{name}}`; raises `InputError` for one that there is not. picture: the picture that a
    path names, with the text that says what it shows. file: for errors. below: levels that headings are moved down.

    >>> heading, paragraph = read_markdown("# Wind\\n\\nIt rose to {{apogee}}.", values=lambda name: "300 m")
    >>> plain_text(paragraph.text)
    'It rose to 300 m.'
    """
    from markdown_it import MarkdownIt

    if len(text) > _LONGEST:
        raise InputError(f"the text has {len(text):,} characters, more than {_LONGEST:,}", file=file)
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(text)
    return tuple(_Reader(values, picture, file, below).blocks(tokens))


@dataclass
class _Reader:
    values: Callable[[str], Text] | None
    picture: Callable[[str, str], Picture] | None
    file: str | None
    below: int
    line: int = 1
    pictures: list[Picture] = field(default_factory=list)

    def blocks(self, tokens: list[Token]) -> Iterator[Block]:
        """The blocks of tokens on one level."""
        k = 0
        while k < len(tokens):
            token = tokens[k]
            self.line = token.map[0] + 1 if token.map else self.line
            end = _closing(tokens, k)
            inside = tokens[k + 1 : end]
            match token.type:
                case "heading_open":
                    yield Heading(plain_text(self.line_of(inside)), min(int(token.tag[1]) + self.below, 4))
                case "paragraph_open":
                    yield from self.paragraph(inside)
                case "bullet_list_open" | "ordered_list_open":
                    yield from self.listing(inside, ordered=token.type.startswith("ordered"))
                case "blockquote_open":
                    yield from self.quote(inside)
                case "table_open":
                    yield self.table(inside)
                case "fence" | "code_block":
                    yield Code(token.content)
                case "hr":
                    yield PageBreak()
                case _:
                    pass
            k = end + 1

    def paragraph(self, inside: list[Token]) -> Iterator[Block]:
        """A paragraph, and the pictures that stand in it, below it."""
        text = self.line_of(inside)
        if plain_text(text).strip():
            yield Paragraph(text)
        shown, self.pictures = self.pictures, []
        yield from shown

    def listing(self, inside: list[Token], *, ordered: bool) -> Iterator[Block]:
        """The points of a list; what stands deeper in one follows as points of its own."""
        items: list[Text] = []
        boxes = 0
        k = 0
        while k < len(inside):
            end = _closing(inside, k)
            words: list[Run] = []
            deeper: list[Text] = []
            for b in self.blocks(inside[k + 1 : end]):
                if isinstance(b, Paragraph):
                    words += ([Run(" ")] if words else []) + list(runs(b.text))
                elif isinstance(b, Listing):
                    deeper += b.items
                elif isinstance(b, Picture):
                    self.pictures.append(b)
                else:
                    words.append(Run(plain_text(getattr(b, "text", ""))))
            if words and (m := re.match(r"\[[ xX]\]\s+", words[0].text)):
                boxes += 1
                words[0] = Run(words[0].text[m.end() :], words[0].bold, words[0].italic)
            items += [tuple(words), *deeper]
            k = end + 1
        yield Listing(tuple(items), ordered, boxes > 0)
        shown, self.pictures = self.pictures, []
        yield from shown

    def quote(self, inside: list[Token]) -> Iterator[Block]:
        """A quotation: its paragraphs stand apart."""
        for b in self.blocks(inside):
            yield Note(b.text) if isinstance(b, Paragraph) else b

    def table(self, inside: list[Token]) -> Table:
        """A table; columns that are aligned to the right hold numbers."""
        rows: list[list[Text]] = []
        numbers: set[int] = set()
        for k, token in enumerate(inside):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                if "right" in str(token.attrs.get("style", "")):
                    numbers.add(len(rows[-1]))
                rows[-1].append(self.line_of(inside[k + 1 : k + 2]))
        heads, *body = rows
        return Table(tuple(plain_text(h) for h in heads), tuple(tuple(r) for r in body), numbers=tuple(sorted(numbers)))

    def line_of(self, inside: list[Token]) -> tuple[Run, ...]:
        """The pieces of the inline text in tokens."""
        out: list[Run] = []
        bold = italic = 0
        link = ""
        for token in (c for t in inside if t.type == "inline" for c in t.children or ()):
            match token.type:
                case "strong_open" | "strong_close":
                    bold += token.nesting
                case "em_open" | "em_close":
                    italic += token.nesting
                case "link_open":
                    link = safe_link(str(token.attrs.get("href", "")))
                case "link_close":
                    link = ""
                case "code_inline":
                    out.append(Run(token.content, code=True))
                case "softbreak" | "hardbreak":
                    out.append(Run(" "))
                case "image":
                    self.take(str(token.attrs.get("src", "")), token.content)
                case _:
                    out += self.filled(Run(token.content, bold > 0, italic > 0, link=link))
        return tuple(r for r in out if r.text)

    def filled(self, run: Run) -> Iterator[Run]:
        """A piece with its numbers put in."""
        at = 0
        for m in _NUMBER.finditer(run.text):
            yield Run(run.text[at : m.start()], run.bold, run.italic, link=run.link)
            for value in runs(self.value(m[1].strip())):
                yield Run(value.text, run.bold or value.bold, run.italic or value.italic, marked=value.marked)
            at = m.end()
        yield Run(run.text[at:], run.bold, run.italic, link=run.link)

    def value(self, name: str) -> Text:
        """The number of a name."""
        if self.values is None:
            return f"{{{{{name}}}}}"
        try:
            return self.values(name)
        except InputError as error:
            raise type(error)(error.message, file=self.file, line=self.line, key=f"{{{{{name[:60]}}}}}") from None

    def take(self, path: str, alt: str) -> None:
        """A picture that the text names."""
        if self.picture is None:
            raise InputError(f"no pictures can stand here; seen {seen(path, 80)}", file=self.file, line=self.line)
        if not alt.strip():
            raise InputError(
                f"the picture {seen(path, 80)} has no text that says what it shows; write ![what it shows]({path[:80]})",
                file=self.file,
                line=self.line,
            )
        try:
            self.pictures.append(self.picture(path, alt))
        except InputError as error:
            raise type(error)(
                error.message,
                file=error.file or self.file,
                line=self.line if error.file is None else None,
                key=error.key,
            ) from None


def _closing(tokens: list[Token], k: int) -> int:
    """Where what opens at `k` closes."""
    depth = 0
    for end in range(k, len(tokens)):
        depth += tokens[end].nesting
        if depth == 0:
            return end
    return len(tokens) - 1
