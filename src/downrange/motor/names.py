"""Motors by what is printed on them: `C6-5`, `1/2A3-4T`, `F39-6T`, `G80T-10`, `J350W-14A`, with or without the maker.

A printed name is class and average thrust, what the propellant is called, and the delay (NAR and Tripoli certify by it); makers put
the propellant's letter before the delay or behind it, and an `A` behind a delay that can be shortened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

__all__ = ["Match", "Printed", "match_entry", "plain", "printed"]

_DELAYED = re.compile(r"(?P<base>.*\d[A-Z/]*)-(?P<delay>\d{1,2}|P|XS|XL|[SML])(?P<suffix>[A-Z]{0,2})", re.IGNORECASE)
_RELOAD = re.compile(r"\d{2,5}(?=[A-O]\d)", re.IGNORECASE)  # impulse before the name: 3618L995


_MARKS = re.compile(r"[^a-z0-9.]")
_TWO_PROPELLANTS = re.compile(r"(.*\d)([A-Z]+)/([A-Z]+)")
_ENDING = re.compile(r"(?<=\d)(\d+a|p|m)?$")


def plain(text: str) -> str:
    """A name without case, spaces and marks."""
    return _MARKS.sub("", text.lower())


@dataclass(frozen=True)
class Printed:
    """A motor's name taken apart: `whole` and `bases` without marks, `delay` in s, `plugged` for P; None and False if not said."""

    whole: str
    bases: tuple[str, ...]
    delay: float | None = None
    plugged: bool = False


@dataclass(frozen=True)
class Match:
    """How an entry answers to a name; smaller is better. `whole`: by its full designation, delay and all."""

    rank: tuple[bool, int, bool]
    whole: bool


def printed(name: str) -> Printed:
    """Take a motor's name apart.

    >>> printed("1/2A3-4T")
    Printed(whole='12a34t', bases=('12a3t', '12a3'), delay=4.0, plugged=False)
    """
    m = _DELAYED.fullmatch(name.strip()[:80])
    if m is None:
        return Printed(plain(name[:80]), (plain(name[:80]),))
    base, word = plain(m["base"]), m["delay"].upper()
    suffix = plain(m["suffix"])
    bases = (base + suffix, base) if suffix else (base,)
    return Printed(plain(name), bases, float(word) if word.isdigit() else None, word == "P")


@dataclass(frozen=True)
class _Known:
    """Names that an entry answers to, each alone and behind its maker's, without marks."""

    designation: str
    theirs: frozenset[str]
    full: frozenset[str]
    short: frozenset[str]
    common: frozenset[str]
    stems: frozenset[str]


@lru_cache(maxsize=8192)  # the catalogue, and as much again: a rocket's alternatives ask for it forty times
def _known(designation: str, name: str, maker: str, maker_short: str) -> _Known:
    makers = ("", plain(maker), plain(maker_short))
    short = plain(_RELOAD.sub("", designation, count=1) if _RELOAD.match(designation) else designation)
    stem = _ENDING.sub("", short)

    def behind(*names: str) -> frozenset[str]:
        return frozenset(m + n for m in makers for n in names)

    exact = plain(designation)
    return _Known(exact, behind(exact), behind(*_designations(designation)), behind(short), behind(plain(name)), behind(short, stem))  # fmt: skip


def _designations(designation: str) -> Iterator[str]:
    """The designation and, where it stands for two propellants (`F42T/L`), each."""
    yield plain(designation)
    if both := _TWO_PROPELLANTS.fullmatch(designation):
        yield from (plain(both[1] + both[k]) for k in (2, 3))


def match_entry(entry: dict[str, Any], name: Printed) -> Match | None:
    """How a catalogue entry answers to a name, None where it does not. In production comes before all else (unless maker and
    designation are both said), then how much of the name it is, then that its delay is sold."""
    known = _known(entry["designation"], entry["name"], entry["maker"], entry["maker_short"])

    def match(quality: int, whole: bool = False) -> Match:
        unsold = name.delay is not None and name.delay not in entry.get("delays_s", ())
        return Match((not entry["available"], quality, unsold), whole)

    if name.whole == known.designation:
        return match(0, True)
    if name.whole in known.theirs:
        return Match((False, -1, False), True)  # maker and designation: nothing else is meant, in production or not
    if name.whole in known.full:
        return match(1, True)
    for k, base in enumerate(name.bases):
        if base in known.full:
            return match(1 + k)
    if name.whole in known.short:
        return match(2)
    if not known.common.isdisjoint((name.whole, *name.bases)):
        return match(4)
    return match(5) if not known.stems.isdisjoint(name.bases) else None
