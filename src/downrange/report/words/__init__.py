"""The words of rocketry, a screen each: read from `topics.md`, for `downrange help` and for the documentation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from downrange.errors import NotFoundError, seen, suggest

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["Word", "word_named", "word_view", "words"]


@dataclass(frozen=True)
class Word:
    """A word: its name, other names, the command that shows it on one's own rocket, and what it means, in Markdown."""

    name: str
    also: tuple[str, ...]
    ask: str
    text: str

    @property
    def slug(self) -> str:
        """Its name in a file's or a link's."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    @property
    def first(self) -> str:
        """Its first sentence."""
        return re.split(r"(?<=\.) ", " ".join(self.text.split("\n\n")[0].split()), maxsplit=1)[0]


@cache
def words() -> dict[str, Word]:
    """All words by name, in the order of the file."""
    text = resources.files("downrange.report.words").joinpath("topics.md").read_text(encoding="utf-8")
    out = {}
    for block in re.split(r"^## ", text, flags=re.M)[1:]:
        name, also, ask, body = block.split("\n", 3)
        others = tuple(w.strip() for w in also.removeprefix("also:").split(","))
        out[name] = Word(name, others, ask.removeprefix("ask:").strip(), body.strip())
    return out


def word_named(name: str) -> Word:
    """The word that a name or another name means; raises `NotFoundError` with the nearest one."""
    known = words()
    wanted = " ".join(re.split(r"[\s_-]+", name.strip().lower()))
    by_name = {alias.lower().replace("-", " "): w for w in known.values() for alias in (*w.also, w.name)}
    if wanted in by_name:
        return by_name[wanted]
    raise NotFoundError(f"no help on {seen(name, 80)}{suggest(wanted, by_name)}; there is help on: {', '.join(known)}")


def word_view(word: Word) -> RenderableType:
    """A word for the terminal: paragraphs, and formulas that stand by themselves."""
    from rich.padding import Padding
    from rich.text import Text

    from downrange.report.terminal import panel

    parts: list[RenderableType] = []
    for paragraph in re.split(r"\n\s*\n", word.text):
        if paragraph.startswith("    "):
            lines = [re.sub(r" {5,}", "\n", line.strip()) for line in paragraph.splitlines()]
            parts.append(Padding(Text("\n".join(lines), style="cyan"), (0, 0, 1, 4)))
        else:
            parts.append(Padding(Text(" ".join(paragraph.split()).replace("`", "")), (0, 0, 1, 0)))
    parts.append(Text.assemble(("On your own rocket:  ", "dim"), (word.ask, "bold")))
    return panel(parts, word.name)
