"""The flights of an experiment: what was measured of each, of which design it was, and when it flew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from downrange.errors import InputError, seen

__all__ = ["Trials"]

_MOST = 2_000  # flights


@dataclass(frozen=True, eq=False)
class Trials:
    """Flights (n,) of several designs, in the order of the sheet.

    `values` are what was measured, SI, of `kind` (of `units.DIMENSIONS`), NaN where a flight has none; `arm` numbers into `names`, the
    designs, the first of which the others are compared with. `block` numbers into `blocks` (all zero: none). `dose` is the value of what
    was changed, where it is a number of `dose_kind`. `order` is that in which they flew, `planned` that of the plan, NaN where not said.
    `labels` name the flights. `beside` are other measurements, by what they are: (kind, values (n,)).
    """

    outcome: str
    kind: str
    values: np.ndarray
    names: tuple[str, ...]
    arm: np.ndarray
    labels: tuple[str, ...]
    block: np.ndarray
    blocks: tuple[str, ...] = ("",)
    dose: np.ndarray | None = None
    dose_kind: str = "number"
    dose_name: str = ""
    order: np.ndarray | None = None
    planned: np.ndarray | None = None
    lots: tuple[str, ...] = ()
    beside: Mapping[str, tuple[str, np.ndarray]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.values.size > _MOST:
            raise InputError(f"{self.values.size:,} flights; more than {_MOST:,} are no experiment of rockets")

    @cached_property
    def measured(self) -> np.ndarray:
        """Which flights (n,) have a value."""
        return np.isfinite(self.values)

    @cached_property
    def blocked(self) -> bool:
        """Whether the flights stand in two blocks or more."""
        return np.unique(self.block).size > 1

    def of(self, arm: int) -> np.ndarray:
        """The values of a design, those that there are."""
        return self.values[self.measured & (self.arm == arm)]

    @cached_property
    def whole(self) -> np.ndarray:
        """Which flights (n,) are in blocks where every design has a value; of no blocks, all that have one."""
        if not self.blocked:
            return self.measured
        good = np.zeros(self.values.size, bool)
        for b in np.unique(self.block):
            here = (self.block == b) & self.measured
            if np.unique(self.arm[here]).size == len(self.names):
                good |= here
        return good

    @cached_property
    def paired(self) -> bool:
        """Whether every whole block has one flight of each design."""
        n = np.unique(self.block[self.whole]).size
        return self.blocked and n > 1 and int(self.whole.sum()) == n * len(self.names)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The flights without a value."""
        return tuple(label for label, there in zip(self.labels, self.measured, strict=True) if not there)

    @cached_property
    def left_alone(self) -> tuple[str, ...]:
        """The flights with a value whose block lacks another design's."""
        alone = self.measured & ~self.whole
        return tuple(label for label, a in zip(self.labels, alone, strict=True) if a)

    def checked(self) -> Trials:
        """The trials, where they can be compared. Raises `InputError` where they cannot, with what would be needed."""
        if len(self.names) < 2:
            raise InputError(
                f"all flights are of one design, {seen(self.names[0], 40)}: a comparison needs two; name them in the column 'design'"
            )
        for k, name in enumerate(self.names):
            n = self.of(k).size
            if n < 2 and self.dose is None:
                raise InputError(
                    f"{seen(name, 40)} has {('no flight', 'a single flight')[n]} with a value: how much flights differ by chance shows only in "
                    "two or more of each design; fly again, four or more of each are worth it"
                )
        if self.dose is not None and np.unique(self.dose[self.measured]).size < 2:
            raise InputError(
                "all flights have the same dose: a line needs two at least, and three to see whether it is straight"
            )
        return self
