"""The workshop's words in inches, to a thousandth, for who cuts with an inch rule; the lines stay where they are, true to size."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from downrange.design.workshop.bill import Line
from downrange.design.workshop.drawing import Drawing, Shape, Words
from downrange.report.workshop.drawings import Told

__all__ = ["bill_in", "drawings_in", "told_in", "words_in"]

_NUMBER = r"\d+(?:\.\d+)?"
_LENGTH = re.compile(rf"(?<![\w.])({_NUMBER}) mm\b")  # one number: "cut 2 to 60 mm" are two pieces
_LAST = re.compile(rf"{_NUMBER}$")
_INCH = 25.4  # mm, exactly


def _inches(text: str) -> str:
    return f"{float(text) / _INCH:.3f}"


def words_in(text: str, units: str) -> str:
    """A text whose lengths are in mm, in inches where the units are `us`.

    >>> words_in("cut 2 to 60 mm, wall 1 mm", "us")
    'cut 2 to 2.362 in, wall 0.039 in'
    """
    if units != "us":
        return text
    return _LENGTH.sub(lambda m: f"{_inches(m[1])} in", text)


def _shape(s: Shape) -> Shape:
    if not isinstance(s, Words):
        return s
    text = words_in(s.text, "us")
    return replace(s, text=_LAST.sub(lambda m: _inches(m[0]), text) if s.length else text)


def drawings_in(drawings: Sequence[Drawing], units: str) -> tuple[Drawing, ...]:
    """Drawings with their dimensions and notes in inches, and a note that says so."""
    if units != "us":
        return tuple(drawings)
    return tuple(
        replace(d, shapes=tuple(_shape(s) for s in d.shapes), notes=(*(words_in(n, units) for n in d.notes), "Numbers without a unit are inches."))
        for d in drawings
    )  # fmt: skip


def bill_in(bill: Sequence[Line], units: str) -> tuple[Line, ...]:
    """The bill with its sizes in inches; masses stay in grams, in which they are typed back."""
    return tuple(replace(x, size=words_in(x.size, units)) for x in bill)


def told_in(told: Sequence[Told], units: str) -> tuple[Told, ...]:
    """What was told of the parts, its lengths in inches."""
    return tuple(replace(t, words=words_in(t.words, units)) for t in told)
