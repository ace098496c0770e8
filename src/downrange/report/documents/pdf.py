"""A document as a PDF, set by typst from the constant `page.typ` and the document as data. No network, no fonts of the machine needed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from downrange.errors import InputError
from downrange.report.documents.blocks import (
    WORDS,
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
from downrange.report.documents.shown import broken, shown_lines, shown_runs, shown_text

__all__ = ["pdf_bytes"]

_LETTER = 0.46  # width of a letter in the tables' face, in its size
_SHORT = 26  # letters of a cell that is not wrapped where it need not be
_GAP = 2  # letters of room that a column needs beside its own
_SMALLEST = 0.62  # of the letters of a wide table
_FOLLOW = 6  # blocks behind a picture that may move
_LETTERS = (0.6, 1.6)  # of the size of the letters, where a document is to fit on its page
_TALL = 1_200  # letters of a cell that may be broken over pages


def _text(text: Text, longest: int = 60) -> list[dict[str, Any]]:
    return [
        {"text": broken(r.text, longest), "bold": r.bold, "italic": r.italic, "code": r.code, "marked": r.marked, "link": r.link}
        for r in shown_runs(text)
    ]  # fmt: skip


def _long(text: str) -> int:
    """Letters of a text, a capital as nearly two."""
    return round(sum(1.5 if c.isupper() else 1.0 for c in text))


def _needs(table: Table, room: float) -> tuple[list[int], list[int]]:
    """Letters that each column needs at least, and so that nothing wraps. Numbers do not wrap; nor do a few words, where there is room."""
    words, kept, most = [], [], []
    for k, head in enumerate(table.heads):
        cells = [plain_text(row[k]) for row in table.rows]
        natural = max([_long(c) for c in cells], default=0)
        word = max([_long(w) for c in cells for w in c.split()], default=0)
        title = max([_long(w) for w in head.split()], default=0)
        words.append(max(natural if k in table.numbers and natural <= _SHORT else min(word, 28), title) + _GAP)
        kept.append(max(words[-1], natural + _GAP if natural <= _SHORT else 0))
        most.append(max(natural, len(head)) + _GAP)
    return (kept if sum(kept) <= 0.75 * room else words), most


def _layout(table: Table, room: float) -> tuple[list[float], float]:
    """Shares of the columns (0: as wide as they are) and the scale of the letters, so that `room` letters hold a row."""
    least, most = _needs(table, room)
    if sum(most) <= room:
        return [0.0] * len(most), 1.0
    scale = max(_SMALLEST, min(1.0, room / max(sum(least), 1)))
    spare = max(room / scale - sum(least), 0.0)
    wanted = [m - n for n, m in zip(least, most, strict=True)]
    total = max(sum(wanted), 1)
    shares = [n + spare * min(w / total, 1.0) for n, w in zip(least, wanted, strict=True)]
    return [round(s, 2) for s in shares], round(scale, 3)


def _table(b: Table, room: float) -> dict[str, Any]:
    widths, scale = _layout(b, room)
    return {
        "heads": [broken(shown_text(h), 28) for h in b.heads], "rows": [[_text(c, 28) for c in row] for row in b.rows], "numbers": list(b.numbers),
        "caption": shown_text(b.caption), "note": shown_text(b.note), "widths": widths, "scale": scale,
        "tall": any(len(plain_text(c)) > _TALL for row in b.rows for c in row),
    }  # fmt: skip


def _tallest(picture: Picture, width: float, height: float) -> float:
    """The height in mm that a picture is held to, where at its width it would not stand on a page; else 0."""
    import io

    from PIL import Image

    with Image.open(io.BytesIO(picture.data)) as seen:
        across, down = seen.size
    return 0.78 * height if width * picture.share * down / across > 0.78 * height else 0.0


def _block(b: Block, document: Document, files: dict[str, bytes]) -> dict[str, Any]:
    look = document.look
    width = (look.width - 2 * look.margin) / look.columns - (0 if look.columns == 1 else 0.04 * look.width)
    match b:
        case Heading():
            return {"kind": "heading", "level": b.level, "text": broken(shown_text(b.text), 24)}
        case Paragraph():
            return {"kind": "paragraph", "text": _text(b.text)}
        case Listing():
            return {
                "kind": "listing",
                "ordered": b.ordered,
                "boxes": b.boxes,
                "items": [_text(i, 50) for i in b.items],
            }
        case Table():
            return {"kind": "table", **_table(b, width / (0.92 * look.size * 0.3528 * _LETTER))}
        case Picture():
            file = f"picture{len(files)}.{b.kind}"
            files[file] = b.data
            said = {"alt": shown_text(b.alt), "caption": shown_text(b.caption), "share": b.share}
            return {"kind": "picture", "file": file, "high": _tallest(b, width, look.height - 2 * look.margin), **said}
        case Equation():
            return {"kind": "equation", "text": broken(shown_text(b.text), 60)}
        case Code():
            return {"kind": "code", "lines": [broken(line, 80) for line in shown_lines(b.text)]}
        case Note():
            return {"kind": "note", "title": shown_text(b.title), "text": _text(b.text), "warning": b.warning}
        case PageBreak():
            return {"kind": "break"}
        case Contents():
            return {"kind": "contents", "depth": b.depth}
        case References():
            return {"kind": "references", "entries": [broken(shown_text(e), 50) for e in b.entries]}


def _floats(document: Document, k: int) -> bool:
    """Whether a picture may stand at the foot of this page or the next, and what follows goes before it: no page is left half empty.

    Not behind a heading, which would stand alone, nor near the end, where too little follows to fill it.
    """
    b, around = document.blocks[k], document.blocks
    if not isinstance(b, Picture) or not b.caption or document.look.columns > 1 or not 0 < k < len(around) - _FOLLOW:
        return False
    return not isinstance(around[k - 1], Heading | PageBreak | Contents) and not isinstance(around[k + 1], PageBreak)


def _data(document: Document, files: dict[str, bytes]) -> dict[str, Any]:
    look = document.look
    blocks = [
        {**_block(b, document, files), "label": label, "floats": _floats(document, k)}
        for k, (b, label) in enumerate(zip(document.blocks, document.labels, strict=True))
    ]
    return {
        "title": broken(shown_text(document.title), 30), "subtitle": broken(shown_text(document.subtitle), 40),
        "facts": [[broken(shown_text(a), 30), broken(shown_text(b), 40)] for a, b in document.facts],
        "language": document.language, "words": {k: document.word(k) for k in WORDS}, "footer": shown_text(document.footer)[:120], "blocks": blocks,
        "width": look.width, "height": look.height, "margin": look.margin, "size": look.size, "columns": look.columns, "cover": look.cover,
    }  # fmt: skip


def _fonts() -> tuple[str, set[int]]:
    """The folder of the fonts that come with the figures, and the characters that the one of them has."""
    import matplotlib
    from matplotlib.ft2font import FT2Font

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    try:
        return str(folder), set(FT2Font(str(folder / "DejaVuSans.ttf")).get_charmap())
    except OSError:  # taken out of the installation: typst has letters of its own inside
        return str(folder), set()


def pdf_bytes(document: Document) -> bytes:
    """The document as a PDF: headings in its outline, pictures with their texts, fonts inside.

    Raises `InputError` where typst is not installed. The fonts of the machine are looked at only for characters that those inside lack.
    """
    try:
        import typst
    except ImportError:
        raise InputError(
            "a PDF is set by the package typst, which is not installed: pip install 'downrange[documents]', or write .html"
        ) from None
    fonts, known = _fonts()
    with tempfile.TemporaryDirectory(prefix="downrange-") as folder:
        root = Path(folder)
        (root / "page.typ").write_bytes(resources.files("downrange.report.documents").joinpath("page.typ").read_bytes())

        def lay(letters: float) -> dict[str, Any]:
            look = document.look if letters == 1 else replace(document.look, size=letters * document.look.size)
            files: dict[str, bytes] = {}
            text = json.dumps(_data(replace(document, look=look), files), ensure_ascii=False, allow_nan=False)
            (root / "document.json").write_text(text, encoding="utf-8")
            for name, data in files.items():
                (root / name).write_bytes(data)
            return {"root": folder, "font_paths": [fonts], "ignore_system_fonts": _covered(text, known)}

        page = str(root / "page.typ")
        how = lay(1.0)
        if document.look.fit:
            how = lay(
                _fitting(lambda k: int(json.loads(typst.query(page, "<pages>", field="value", one=True, **lay(k)))))
            )
        made = typst.compile(page, **how)
    assert isinstance(made, bytes)
    return made


def _fitting(pages: Callable[[float], int]) -> float:
    """The largest letters, in parts of their size, with which a document has one page; the smallest where it never has.

    pages: how many it has with such letters.
    """
    low, high = _LETTERS
    if pages(low) > 1:
        return low
    for _ in range(5):
        middle = (low + high) / 2
        low, high = (middle, high) if pages(middle) == 1 else (low, middle)
    return low


def _covered(text: Sequence[str] | str, known: set[int]) -> bool:
    return all(ord(c) in known or c in "\n\r\t\u200b" for c in set(text))
