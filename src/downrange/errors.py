"""Errors and the result codes of a flight.

The tree::

    DownrangeError
    └── InputError            what the user gave cannot be used (file, line and key where known)
        ├── UnitError         a quantity without a unit, or with a wrong one
        ├── TableError        a table that contradicts itself, or is asked outside its range
        ├── MotorFileError    a thrust-curve file that cannot be read
        └── NotFoundError     a name or file that does not exist, with the nearest that does

A single call raises; a batch returns a `FlightCode` for every flight.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any

__all__ = [
    "DownrangeError",
    "FlightCode",
    "InputError",
    "MotorFileError",
    "NotFoundError",
    "TableError",
    "UnitError",
    "seen",
    "suggest",
]


class DownrangeError(Exception):
    """Any error that downrange raises on purpose."""


class InputError(DownrangeError):
    """What the user gave cannot be used.

    `file`, `line` (counted from 1) and `key` say where, as far as they are known.
    """

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None, key: str | None = None):
        message = _bounded(message)
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.key = key

    def __str__(self) -> str:
        place = self.file or ""
        if self.file and self.line:
            place += f":{self.line}"
        if self.key:
            place += f"{' ' if place else ''}[{_plain(str(self.key), 200)}]"
        return f"{place}: {self.message}" if place else self.message


class UnitError(InputError):
    """A quantity without a unit, or with one of the wrong kind."""


class TableError(InputError):
    """A table that contradicts itself, or is asked outside its range."""


class MotorFileError(InputError):
    """A thrust-curve file that cannot be read."""


class NotFoundError(InputError):
    """A name or a file that does not exist."""


class FlightCode(IntEnum):
    """How a flight ended. Only `LANDED` carries a landing; numbers that did not happen are NaN."""

    LANDED = 0
    NO_LIFTOFF = 1
    """Thrust never exceeded the weight along the rail."""
    TIME_LIMIT = 2
    """Still flying at the time limit; not a landing."""
    STEP_LIMIT = 3
    """The integrator used all its steps; not a landing."""
    ABOVE_TABLES = 4
    """Rose above the top of the atmosphere tables."""
    NOT_FINITE = 5
    """The equations gave a number that is not finite."""
    STOPPED = 6
    """Ended where the caller asked (at apogee, or at a given time)."""
    CONTROLLER = 7
    """A controller failed, and whoever flew it asked that the flight end there."""


def seen(value: object, limit: int = 200) -> str:
    """Return `value` as a message shows it: its repr, at most `limit` characters, cut at the end with an ellipsis.

    Control, escape and other unprintable characters are written as escapes, so that a file cannot drive the
    terminal. Never raises, and never builds the repr of more than the first part of a long text, list or mapping.

    >>> seen("5 mm")
    "'5 mm'"
    >>> len(seen("x" * 1_000_000))
    200
    """
    return _plain(_Seen(limit).repr(value), limit)


def _bounded(message: str) -> str:
    """A message without control characters, its quoted pieces of at most 200 characters: what `seen` forgot."""
    if len(message) > 200:
        message = re.sub(r"(['\"])((?:(?!\1).){199})(?:(?!\1).)*\1", r"\1\2…", message, flags=re.DOTALL)
    return "\n".join(_plain(line, 1000) for line in message.split("\n"))


def _plain(text: str, limit: int) -> str:
    """`text` in printable characters, at most `limit` of them."""
    text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: limit + 1])
    return text if len(text) <= limit else text[: limit - 1] + "…"


class _Seen(reprlib.Repr):
    """A repr that stops: `reprlib` bounds lists, mappings and depth; texts and integers are bounded here."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit
        self.maxlevel = 4
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdeque = self.maxdict = 20
        self.maxother = limit

    def repr1(self, x: Any, level: int) -> str:
        """One value: lists and mappings of any subclass (YAML's maps) by their plain kind."""
        if isinstance(x, str | bytes):
            return repr(x[: self.limit]) if len(x) <= self.limit else repr(x[: self.limit])[:-1] + "…"
        if isinstance(x, int) and not isinstance(x, bool):
            return f"an integer of {x.bit_length()} bits" if x.bit_length() > 1024 else repr(x)
        if isinstance(x, Mapping):
            return self.repr_dict(x, level)  # type: ignore[arg-type]
        if isinstance(x, list):
            return self.repr_list(x, level)
        try:
            return super().repr1(x, level)
        except Exception:  # a repr of somebody else's that fails must not hide the error that wanted to show it
            return f"<{type(x).__name__}>"


def suggest(wrong: str, known: Iterable[str]) -> str:
    """Return `" - did you mean 'x'?"` for the nearest known word, or an empty string.

    wrong: the word that is not known.
    """
    import difflib  # here, because it takes 5 ms and few runs make a mistake

    if len(wrong) > 100:  # no word that we know; and the comparison is quadratic
        return ""
    words = list(known)
    lower = {w.lower(): w for w in words}
    near = difflib.get_close_matches(wrong.lower(), lower, n=1, cutoff=0.55)
    return f" - did you mean {lower[near[0]]!r}?" if near else ""
