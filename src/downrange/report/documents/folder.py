"""A document as a folder to paste from: its words as Markdown, each table as CSV, each picture as PNG and, where there is one, SVG."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from downrange.report.documents.blocks import (
    Block,
    Code,
    Contents,
    Document,
    Equation,
    Heading,
    Listing,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    References,
    Table,
    Text,
    plain_text,
)
from downrange.report.documents.shown import file_name, shown_lines, shown_runs, shown_text

__all__ = ["folder_files", "markdown_text"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~$&])")
_FORMULA = ("=", "+", "-", "@", "\t")


def _e(text: str) -> str:
    """A text in which no character is Markdown's."""
    said = _SPECIAL.sub(r"\\\1", shown_text(text))
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", said)


def _words(text: Text) -> str:
    out = []
    for r in shown_runs(text):
        if r.code:
            ticks = "`" * (1 + max((len(m) for m in re.findall("`+", r.text)), default=0))
            said = f"{ticks} {r.text} {ticks}" if "`" in r.text else f"`{r.text}`"
        else:
            said = _e(r.text)
        if r.text.strip() and (r.bold or r.marked):
            said = f"**{said.strip()}**{' ' if said != said.rstrip() else ''}"
        elif r.text.strip() and r.italic:
            said = f"*{said.strip()}*{' ' if said != said.rstrip() else ''}"
        out.append(f"[{said}](<{r.link}>)" if r.link else said)
    return "".join(out)


def _table(b: Table, label: str) -> list[str]:
    sides = ["---:" if k in b.numbers else "---" for k in range(len(b.heads))]
    lines = [f"**{_e(label)}.** {_e(b.caption)}", ""] if label else []
    lines += ["| " + " | ".join(map(_e, b.heads)) + " |", "| " + " | ".join(sides) + " |"]
    lines += ["| " + " | ".join(map(_words, row)) + " |" for row in b.rows]
    return lines + (["", f"*{_e(b.note)}*"] if b.note else [])


def _block(document: Document, b: Block, label: str, file: str) -> list[str]:
    match b:
        case Heading():
            return [f"{'#' * (b.level + 1)} {_e(f'{label} {b.text}'.strip())}"]
        case Paragraph():
            return [_words(b.text)]
        case Listing():
            return [
                f"{f'{k}.' if b.ordered else '-'} {'[ ] ' if b.boxes else ''}{_words(i)}"
                for k, i in enumerate(b.items, 1)
            ]
        case Table():
            return _table(b, label)
        case Picture():
            shown = f"![{_e(b.alt)}]({file})"
            return [shown, "", f"**{_e(label)}.** {_e(b.caption)}"] if label else [shown]
        case Equation():
            return [f"> {_e(b.text)}"]
        case Code():
            return ["    " + line for line in shown_lines(b.text)]
        case Note():
            return [f"> {f'**{_e(b.title)}** ' if b.title else ''}{_words(b.text)}"]
        case PageBreak():
            return ["---"]
        case Contents():
            return [
                f"{'  ' * (h.level - 1)}- {_e(f'{number} {h.text}'.strip())}"
                for h, number in zip(document.blocks, document.labels, strict=True)
                if isinstance(h, Heading) and h.level <= b.depth
            ]
        case References():
            return [f"{k}. {_e(e)}" for k, e in enumerate(b.entries, 1)]


def _csv(b: Table) -> bytes:
    """A table for a spreadsheet: what would be a formula there is text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in (b.heads, *b.rows):
        cells = [shown_text(plain_text(c)) for c in row]
        writer.writerow([f"'{c}" if c.startswith(_FORMULA) and not _number(c) else c for c in cells])
    return out.getvalue().encode("utf-8-sig")


def _number(cell: str) -> bool:
    return re.fullmatch(r"[-+]?[\d.,]+( ?\S{1,8})?", cell) is not None


def markdown_text(document: Document, files: Mapping[int, str]) -> str:
    """The document as Markdown.

    files: of the pictures, by the number of their block.
    """
    parts = [f"# {_e(document.title)}"]
    parts += [_e(document.subtitle)] if document.subtitle else []
    parts += ["  \n".join(f"{_e(a)}: {_e(v)}" for a, v in document.facts)] if document.facts else []
    for k, (b, label) in enumerate(zip(document.blocks, document.labels, strict=True)):
        parts.append("\n".join(_block(document, b, label, files.get(k, ""))))
    return "\n\n".join(parts) + "\n"


def folder_files(document: Document) -> dict[str, bytes]:
    """The files of the folder by name: `document.md`, and of each table and picture its own."""
    out: dict[str, bytes] = {}
    taken: set[str] = {"document.md"}
    names: dict[int, str] = {}
    for k, (b, label) in enumerate(zip(document.blocks, document.labels, strict=True)):
        if isinstance(b, Table):
            out[file_name(b.name or b.caption or label or "table", taken, ".csv")] = _csv(b)
        elif isinstance(b, Picture):
            names[k] = file_name(b.name, taken, f".{b.kind}")
            out[names[k]] = b.data
            if b.svg is not None:
                out[file_name(b.name, taken, ".svg")] = b.svg()
    return {"document.md": markdown_text(document, names).encode(), **out}
