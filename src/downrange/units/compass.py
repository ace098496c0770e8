"""Directions by name: `west`, `NNE`, `south-west ± 10 deg`, as an angle clockwise from north."""

from __future__ import annotations

import re
from typing import Any

from downrange.errors import InputError, UnitError, seen, suggest

__all__ = ["POINTS", "compass", "wind_words"]

POINTS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
_WORDS = {"north": "n", "east": "e", "south": "s", "west": "w"}
_NAMED = re.compile(
    r"\s*(?:the\s+)?((?:(?:north|east|south|west|[nesw])[\s-]*){1,3})(?:(?<=[\s-])|(?=$|±|\+))(.*)", re.IGNORECASE
)


def compass(given: Any) -> Any:
    """The name of a direction as an angle; a text with a number as it stands. Raises `UnitError` for words that are no direction.

    >>> compass("south-west"), compass("NNE ± 10 deg"), compass("270 deg")
    ('225 deg', '22.5 deg ± 10 deg', '270 deg')

    given: what was written.
    """
    m = _NAMED.fullmatch(given) if isinstance(given, str) and len(given) < 80 else None
    if m is None:
        return _no_word(given)
    name = re.sub(r"[\s-]", "", m[1].lower())
    for word, letter in _WORDS.items():
        name = name.replace(word, letter)
    if name.upper() not in POINTS:
        return _no_word(given)
    return f"{22.5 * POINTS.index(name.upper()):g} deg {m[2].strip()}".strip()


def wind_words(given: str, key: str) -> tuple[str, str]:
    """Speed and direction of a wind as people say it. Raises `InputError` with the `key` where it has no " from ".

    >>> wind_words("5 m/s from 270 deg", "wind")
    ('5 m/s', '270 deg')

    given: what was written.
    """
    speed, separator, direction = given.partition(" from ")
    if not separator:
        raise InputError(f"cannot read the wind {seen(given)}; write it like '5 m/s from 270 deg'", key=key)
    return speed.strip(), direction.strip()


def _no_word(given: Any) -> Any:
    if isinstance(given, str) and re.fullmatch(r"[^\W\d_]+(?:[\s-]+[^\W\d_]+)*\s*", given.strip()[:80]):
        near = suggest(given.strip().lower(), _WORDS)
        raise UnitError(f"{seen(given, 80)} is no direction{near}; write it like 'west', 'NNE' or '270 deg'")
    return given
