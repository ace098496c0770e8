"""A lesson: what flights taught of a rocket."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from downrange.project.fields import flat_values
from downrange.project.schema import RocketFile

if TYPE_CHECKING:
    from downrange.learning import Learned

__all__ = ["LEARNED", "Lesson", "rocket_digest"]

LEARNED = "learned.yaml"


@dataclass(frozen=True)
class Lesson:
    """What stands in a `learned.yaml`: the rocket's name and the digest of its drawing, what was learned, what share of each prior variance flights
    took away (`told`, by name), the flights (name, apogee in m, how probable such a one was, digest of what it was read
    from), and how many of them failed, by mode."""

    rocket: str
    drawing: str
    learned: Learned
    told: dict[str, float]
    flights: tuple[tuple[str, float | None, float, str], ...]
    failures: dict[str, int] = field(default_factory=dict)

    @property
    def record(self) -> tuple[int, tuple[tuple[str, int], ...]]:
        """How many flights, and how many of them failed, by mode."""
        return len(self.flights), tuple(sorted(self.failures.items()))

    @property
    def words(self) -> str:
        """In one sentence: from how many flights, and the factors that they told of."""
        told = [n for n in self.learned.names if self.told[n] > 0.3]
        each = ", ".join(f"{_short(n)} x {self.learned.factor(n):.2f}" for n in told) or "nothing surely"
        count = len(self.flights)
        return f"learned from {count} flight{'s' * (count != 1)} ({LEARNED}): {each}; --as-drawn flies without it"


def _short(name: str) -> str:
    kind, _, of = name.partition(".")
    return f"{of} drag" if kind == "drag" else f"{of} area" if kind == "canopy" else kind.replace("_", " ")


def rocket_digest(rocket: RocketFile) -> str:
    """A hash of all that a rocket file says but its name and notes."""
    said = {k: v for k, v in flat_values(rocket).items() if k not in ("name", "notes")}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
