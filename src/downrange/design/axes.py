"""What a design may be changed along: a line from low to high, or a list of choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from downrange.errors import InputError

__all__ = ["Axis", "Point"]

Point: TypeAlias = Mapping[str, Any]
"""A design: a value (SI, or a name) for each axis by its name."""

_MOST = 10_000  # choices of one axis


@dataclass(frozen=True)
class Axis:
    """One thing that may be changed: anything from `low` to `high` (SI), or one of `choices`; `kind` is that of its values."""

    name: str
    low: float = 0.0
    high: float = 0.0
    choices: tuple[Any, ...] = ()
    kind: str = "number"

    def __post_init__(self) -> None:
        if self.choices:
            if len(self.choices) > _MOST:
                raise InputError(f"{self.name}: {len(self.choices):,} values; at most {_MOST:,}", key=self.name)
            if len(set(self.choices)) < len(self.choices):
                raise InputError(f"{self.name}: a value stands twice in its list", key=self.name)
        elif not self.low < self.high:
            raise InputError(
                f"{self.name}: its bounds are crossed or the same ({self.low:g} and {self.high:g} in SI); the lower one comes first, "
                "like '0..100 g'", key=self.name,
            )  # fmt: skip

    @property
    def discrete(self) -> bool:
        """Whether its values are a list."""
        return bool(self.choices)

    def grid(self, points: int) -> tuple[Any, ...]:
        """Its choices, or so many `points` from end to end."""
        return self.choices or tuple(np.linspace(self.low, self.high, points).tolist())
