"""An explanation: the equation, what goes into it and where that comes from, the sum with numbers in it, and what moves it most.

It is written on a `Sheet`, from top to bottom, as a student would: what is given, then step by step. Each step is computed from
what stands above it, so that what is shown is what was reckoned.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from downrange.report.explain.formula import computed, names_in, shown, worked
from downrange.report.explain.moves import KNOBS

__all__ = ["Explanation", "Given", "Rows", "Sheet", "Step"]


_NOTHING = 1e-12  # rounding of a sine or cosine, in any unit used here


@dataclass(frozen=True)
class Given:
    """What goes into a formula: its letter, its value (SI, angles in degrees), kind, what it is and where it comes from."""

    symbol: str
    value: float
    kind: str
    what: str
    source: str


@dataclass(frozen=True)
class Step:
    """A line of the sum: words, and `symbol = formula`, with its value (SI, angles in degrees) and kind."""

    symbol: str
    formula: str
    value: float
    kind: str
    words: str
    values: dict[str, float]

    @property
    def equation(self) -> str:
        """The line with letters."""
        return f"{self.symbol} = {shown(self.formula)}"

    @property
    def numbers(self) -> str:
        """The right side with numbers."""
        return worked(self.formula, self.values)


@dataclass(frozen=True)
class Rows:
    """A table that a step sums up: heads, and rows of words and numbers (value, kind)."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str | tuple[float, str], ...], ...]


@dataclass(frozen=True)
class Explanation:
    """One number, explained.

    `answer` is what the cards print, SI, of `kind`; `key` its name in `fly --json`. Where the program adds the flight up step by step, `by_hand` is what
    the sum on this sheet gives instead and `because` why they differ; else `by_hand` is NaN and the last step is the answer.
    """

    topic: str
    title: str
    answer: float
    kind: str
    key: str
    words: str
    parts: tuple[Given | Step | Rows, ...]
    by_hand: float
    because: str
    knobs: tuple[str, ...]
    more: str

    @property
    def given(self) -> tuple[Given, ...]:
        """What goes in."""
        return tuple(p for p in self.parts if isinstance(p, Given))

    @property
    def steps(self) -> tuple[Step, ...]:
        """The lines of the sum."""
        return tuple(p for p in self.parts if isinstance(p, Step))

    @property
    def summed_up(self) -> bool:
        """Whether the program adds the flight up, so that the sum on this sheet is an estimate."""
        return math.isfinite(self.by_hand)


@dataclass
class Sheet:
    """A sheet that is being written."""

    topic: str
    title: str
    words: str
    values: dict[str, float] = field(default_factory=dict)
    parts: list[Given | Step | Rows] = field(default_factory=list)

    def give(self, symbol: str, value: float, kind: str, what: str, source: str) -> None:
        """Write down what is given."""
        value = 0.0 if abs(value) < _NOTHING else float(value)
        self.values[symbol] = value
        self.parts.append(Given(symbol, value, kind, what, source))

    def table(self, title: str, heads: tuple[str, ...], rows: list[tuple[str | tuple[float, str], ...]]) -> None:
        """Write down a table whose sums are used below."""
        self.parts.append(Rows(title, heads, tuple(rows)))

    def step(self, symbol: str, formula: str, kind: str, words: str) -> float:
        """Write down a line of the sum, and say what comes out."""
        used = {n: self.values[n] for n in names_in(formula)}
        value = computed(formula, used)
        self.values[symbol] = value
        self.parts.append(Step(symbol, formula, value, kind, words, used))
        return value

    def done(
        self, answer: float, kind: str, key: str, *, by_hand: float = math.nan, because: str = "", knobs: str = "", more: str = ""
    ) -> Explanation:  # fmt: skip
        """The finished explanation; `knobs` are names of `moves.KNOBS`, comma between them."""
        chosen = tuple(k.strip() for k in knobs.split(",") if k.strip())
        assert set(chosen) <= set(KNOBS), chosen
        return Explanation(
            self.topic, self.title, float(answer), kind, key, self.words, tuple(self.parts), float(by_hand), because, chosen, more
        )  # fmt: skip


Maker = Callable[..., Explanation]
