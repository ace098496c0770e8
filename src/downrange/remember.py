"""Answers of functions that are found again by the values they were asked with: what was computed once of a part stays while another changes.

Only for functions of values that do not change (frozen, compared by what is in them) and whose answers nobody changes; so whatever is
remembered is what would be computed. Each keeps a stated number of answers, the latest asked for. What cannot be told by its value, such
as a list, is computed each time.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import Any, TypeVar, cast

__all__ = ["Said", "Same", "remembered"]


class Said:
    """What stands in a file, to be told by what it says, where 1, 1.0 and true are not the same; what is no plain value is told by nothing."""

    __slots__ = ("_words", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        try:
            self._words: str | None = json.dumps(value)
        except (TypeError, ValueError, RecursionError):
            self._words = None

    def __hash__(self) -> int:
        if self._words is None:
            raise TypeError("cannot be told by what it says")
        return hash(self._words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Said) and self._words is not None and self._words == other._words


class Same:
    """An object that is told by being the same one, for such as never change but cannot be compared."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.value is other.value


F = TypeVar("F", bound=Callable[..., Any])


def remembered(most: int) -> Callable[[F], F]:
    """Keep the latest `most` answers of a function, by the values of its arguments (given by place)."""

    def keep(function: F) -> F:
        kept = lru_cache(maxsize=most)(function)

        def asked(*given: Any) -> Any:
            try:
                hash(given)
            except TypeError:
                return function(*given)
            return kept(*given)

        return cast(F, update_wrapper(asked, function))

    return keep
