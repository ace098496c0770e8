"""XML elements that remember which of their children were read, so that nothing is lost without a line."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from downrange.errors import InputError, seen
from downrange.formats.foreign.design import Note
from downrange.text import plain

__all__ = ["Node", "Report"]

_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?")
_LONGEST = 400


@dataclass
class Report:
    """What a reader has to say: lines, and counts of what it met. `ignored` are tags that change no number, with why."""

    file: str
    ignored: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    unread: Counter[tuple[str, str]] = field(default_factory=Counter)

    def approximated(self, place: str, text: str) -> None:
        """Something was carried over in another way."""
        self._add(Note("approximated", place, text))

    def chosen(self, place: str, text: str) -> None:
        """Something that the file does not say."""
        self._add(Note("chosen", place, text))

    def dropped(self, place: str, text: str) -> None:
        """Something was left out."""
        self._add(Note("dropped", place, text))

    def _add(self, note: Note) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def lines(self) -> tuple[Note, ...]:
        """All lines, those on what no reader asked for at the end: one a tag."""
        said: Counter[tuple[str, str]] = Counter()
        for (owner, tag), times in self.unread.items():
            why = self.ignored.get(tag)
            said[(why, "") if why else (f"<{tag}> of {owner}", "not known here")] += times
        tail = []
        for (what, why), times in said.items():
            of = f" ({times} times)" if times > 1 else ""
            tail.append(Note("dropped", "", f"{what}{of}{': ' + why if why else ''}"))
        return (*self.notes, *tail)


def _shown(text: str) -> str:
    text = text.strip()
    return text if text.isascii() and text.isprintable() and len(text) <= 20_000 else plain(text, 20_000)


class Node:
    """An element with its place in words. What was not asked for is told to the report by `done`."""

    def __init__(self, element: ET.Element, report: Report, place: str = "") -> None:
        self.element, self.report, self.place = element, report, place
        self.read: set[str] = set()

    @property
    def tag(self) -> str:
        """The element's name, small letters."""
        return str(self.element.tag).lower()

    def attribute(self, name: str) -> str | None:
        """An attribute's text."""
        return self.element.get(name)

    def text(self, *tags: str) -> str | None:
        """The text of the first of `tags` that is there; empty is None."""
        found: str | None = None
        for child in self.element:
            tag = str(child.tag).lower()
            if tag in tags:
                self.read.add(tag)
                if found is None and (child.text or "").strip():
                    found = _shown(child.text or "")
        return found

    def own_text(self) -> str:
        """The element's own text."""
        return _shown(self.element.text or "")

    def child(self, *tags: str) -> Node | None:
        """The first child of one of these names."""
        return next(self.children(*tags), None)

    def children(self, *tags: str) -> Iterator[Node]:
        """The children of these names; all where none is named."""
        for child in self.element:
            tag = str(child.tag).lower()
            if not tags or tag in tags:
                self.read.add(tag)
                yield Node(child, self.report, self.place)

    def number(self, *tags: str, default: float | None = None) -> float | None:
        """The number in the first of `tags` that is there. Raises `InputError` for what is none."""
        text = self.text(*tags)
        return default if text is None else self.parsed(text, tags[0])

    def amount(self, *tags: str) -> float:
        """The number in the first of `tags` that is there, else 0."""
        return self.number(*tags) or 0.0

    def needed(self, *tags: str) -> float:
        """A number that must be there. Raises `InputError` for one that is not there, or is no number."""
        value = self.number(*tags)
        if value is None:
            raise InputError(f"{self.place or self.tag}: <{tags[0]}> is missing", file=self.report.file, key=tags[0])
        return value

    def parsed(self, text: str, what: str) -> float:
        """The number that a text is. Raises `InputError` for a text that is no number."""
        word = text.strip()
        if _DECIMAL_COMMA.fullmatch(word):
            self.report.approximated(
                self.place, f"a decimal comma in <{what}>: {seen(word, 40)} was read as {word.replace(',', '.')}"
            )
            word = word.replace(",", ".")
        try:
            value = float(word[:_LONGEST]) if "_" not in word else math.nan
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise InputError(
                f"{self.place or self.tag}: <{what}> is {seen(text, 60)}, which is not a number",
                file=self.report.file,
                key=what,
            )
        return value

    def truth(self, *tags: str) -> bool | None:
        """`true` or `false`; None where it is not said."""
        text = self.text(*tags)
        return None if text is None else text.strip().lower() in ("true", "1", "yes")

    def skip(self, *tags: str) -> None:
        """Mark children as read that say again what another one says."""
        self.read.update(tags)

    def done(self, what: str = "") -> None:
        """Tell the report which children nobody asked for."""
        for child in self.element:
            tag = str(child.tag).lower()
            if tag not in self.read:
                self.report.unread[(what or self.tag, tag)] += 1
