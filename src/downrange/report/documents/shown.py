"""How a document's texts are shown, wherever: characters that can be seen, links that lead to the web, words that can be broken."""

from __future__ import annotations

import re

from downrange.report.documents.blocks import Run, Text, runs
from downrange.text import plain

__all__ = ["broken", "file_name", "safe_link", "shown_lines", "shown_runs", "shown_text"]

_LONGEST = 20_000  # characters of one text
_LINK = re.compile(r"(https?://|mailto:)[^\s\x00-\x1f<>\"]{1,2000}", re.IGNORECASE)


def shown_text(text: str) -> str:
    """A text on one line, in characters that can be seen.

    text: as somebody wrote it.
    """
    return plain(" ".join(text.split("\n")) if "\n" in text else text.replace("\t", " "), _LONGEST)


def shown_runs(text: Text) -> list[Run]:
    """The pieces of a text, each as `shown_text`, without links that lead elsewhere than to the web.

    text: plain, a piece, or pieces.
    """
    return [
        Run(shown_text(r.text), r.bold, r.italic, r.code, r.marked, safe_link(r.link)) for r in runs(text) if r.text
    ]


def shown_lines(text: str) -> list[str]:
    """Lines that keep their breaks and their spaces, in characters that can be seen.

    text: as somebody wrote it.
    """
    return [plain(line.expandtabs(4), 2_000) for line in text.rstrip("\n").split("\n")]


def safe_link(link: str) -> str:
    """A link where it leads to a page or an address; empty for anything else (`javascript:`, files)."""
    return link if _LINK.fullmatch(link) else ""


def broken(text: str, longest: int) -> str:
    """A text whose words of more than `longest` letters may be broken, at places that cannot be seen."""
    return re.sub(
        rf"\S{{{longest + 1},}}",
        lambda m: "\u200b".join(m[0][k : k + longest // 2] for k in range(0, len(m[0]), longest // 2)),
        text,
    )


def file_name(name: str, taken: set[str], suffix: str) -> str:
    """A name for a file of a block: letters, digits and `_`, not `taken` yet; it joins those that are.

    >>> file_name("../Flight profile", set(), ".png")
    'flight_profile.png'
    """
    stem = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:60] or "block"
    found, k = f"{stem}{suffix}", 2
    while found in taken:
        found, k = f"{stem}_{k}{suffix}", k + 1
    taken.add(found)
    return found
