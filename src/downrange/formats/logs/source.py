"""The bytes of a log and its text, in whichever of the encodings that loggers and spreadsheets write."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from downrange.errors import InputError
from downrange.formats.reading import read_bytes

__all__ = ["MOST_BYTES", "Source", "open_source"]

MOST_BYTES = 400_000_000  # fourteen times as much memory is needed
_HEAD = 6_000  # characters that recognise a family


@dataclass(frozen=True, eq=False)
class Source:
    """A file as it lies: its bytes, and its text where it is one (None where it is binary)."""

    path: Path
    data: bytes

    @cached_property
    def sha256(self) -> str:
        """Of the bytes."""
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def text(self) -> str | None:
        """Text of UTF-8 or UTF-16 with or without a byte order mark, else Windows' code page; None of a binary file."""
        data = self.data
        if data[:3] == b"\xef\xbb\xbf":
            return _decoded(data[3:], "utf-8")
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return _decoded(data, "utf-16")
        nulls = data[:4000].count(0)
        if nulls > len(data[:4000]) // 3:  # text of the West in UTF-16 is every other byte null
            first = data[:4000:2].count(0)
            return _decoded(data, "utf-16-be" if first > nulls // 2 else "utf-16-le")
        if nulls:
            return None
        return _decoded(data, "utf-8") or _decoded(data, "cp1252")

    @cached_property
    def head(self) -> str:
        """The beginning of the text, in small letters; empty of a binary file."""
        return (self.text or "")[:_HEAD].lower()

    @cached_property
    def lines(self) -> list[str]:
        """Lines of the text without their ends."""
        return (self.text or "").splitlines()


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    strange = sum(1 for c in text[:20_000] if ord(c) < 32 and c not in "\t\r\n\f\x1a")
    return None if strange > 0.005 * min(len(text), 20_000) else text.rstrip("\x00\x1a")


def open_source(path: str | Path) -> Source:
    """Read a file whole. Raises `InputError` where it is not there, empty, or larger than 400 MB."""
    path = Path(path)
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise InputError(
            f"{path.stat().st_size / 1e6:,.0f} MB are more than the {MOST_BYTES / 1e6:.0f} MB that are read at once; "
            "cut out the flight (head -n and tail -n keep whole lines), and keep the heading", file=str(path),
        )  # fmt: skip
    data = read_bytes(path, MOST_BYTES)
    if not data.strip(b"\x00\xff \r\n\t"):
        raise InputError(
            "the file is empty" if not data else "there is nothing but blanks in this file", file=str(path)
        )
    return Source(path, data)
