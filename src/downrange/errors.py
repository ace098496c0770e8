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

import difflib
from collections.abc import Iterable
from enum import IntEnum

__all__ = [
    "DownrangeError",
    "FlightCode",
    "InputError",
    "MotorFileError",
    "NotFoundError",
    "TableError",
    "UnitError",
    "suggest",
]


class DownrangeError(Exception):
    """Any error that downrange raises on purpose."""


class InputError(DownrangeError):
    """What the user gave cannot be used.

    `file`, `line` (counted from 1) and `key` say where, as far as they are known.
    """

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None, key: str | None = None):
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
            place += f"{' ' if place else ''}[{self.key}]"
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


def suggest(wrong: str, known: Iterable[str]) -> str:
    """Return `" - did you mean 'x'?"` for the nearest known word, or an empty string."""
    words = list(known)
    lower = {w.lower(): w for w in words}
    near = difflib.get_close_matches(wrong.lower(), lower, n=1, cutoff=0.55)
    return f" - did you mean {lower[near[0]]!r}?" if near else ""
