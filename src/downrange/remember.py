"""Answers of functions that are found again by the values they were asked with: what was computed once of a part stays while another changes.

Only for functions of values that do not change (frozen, compared by what is in them) and whose answers nobody changes; so whatever is
remembered is what would be computed. Each keeps a stated number of answers, the latest asked for. What cannot be told by its value, such
as a list, is computed each time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import Any, TypeVar, cast

__all__ = ["remembered"]

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
