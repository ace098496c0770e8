"""The board of a season: the registered predictions of one rocket or a club's, and how they came out.

What a board shows is what the registers hold, and a register whose chain is broken is no register (`project.register`). It does not show that all of one
was not written after the flights: for that its newest check is given to somebody before them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from downrange.errors import InputError, NotFoundError, seen
from downrange.learning import Scores, score_forecasts
from downrange.project.project import open_project
from downrange.project.register import REGISTER, Entry, newest_check, read_register, register_of

__all__ = ["Board", "Register", "luck", "minutes_before", "read_board"]

_MOST = 200  # registers of a board


@dataclass(frozen=True)
class Register:
    """A register: its path, how many lines it has, and its newest check (16 hexadecimal digits)."""

    path: Path
    lines: int
    check: str


@dataclass(frozen=True)
class Board:
    """The predictions of some registers in the order in which they were made."""

    entries: tuple[Entry, ...]
    registers: tuple[Register, ...]

    @property
    def answered(self) -> tuple[Entry, ...]:
        """Those that were flown."""
        return tuple(e for e in self.entries if e.measured is not None)

    @property
    def scores(self) -> Scores | None:
        """How good they were; None before the first was flown."""
        return score_forecasts([(e.forecast, e.measured) for e in self.answered if e.measured is not None])


def luck(n: int, share: float) -> tuple[int, int]:
    """How many of `n` flights lie in bands that truly hold `share` of them, in nine of ten such seasons: the 5 and 95 % points of the binomial distribution.

    >>> luck(10, 0.5), luck(10, 0.9), luck(1, 0.9)
    ((2, 8), (7, 10), (0, 1))
    """
    ends: list[int] = []
    sum_ = 0.0
    for k in range(n + 1):
        sum_ += math.comb(n, k) * share**k * (1 - share) ** (n - k)
        while len(ends) < 2 and sum_ >= (0.05, 0.95)[len(ends)] - 1e-12:
            ends.append(k)
    return ends[0], ends[1]


def minutes_before(entry: Entry) -> float | None:
    """How long before its answer was written a prediction was registered, min; None before it was flown."""
    if not entry.answered:
        return None
    try:
        return (datetime.fromisoformat(entry.answered) - datetime.fromisoformat(entry.when)).total_seconds() / 60
    except (ValueError, TypeError):
        return None


def read_board(places: Sequence[str | Path], *, trusted: bool = False) -> Board:
    """The board of launches, registers (`predictions.jsonl`) and folders; of a folder its own register, those one folder below, and that of its launch.

    Raises `InputError` where there is none, and for a register that was changed.
    """
    paths: dict[Path, Path] = {}
    for place in places:
        for path in _registers(Path(place), trusted):
            paths.setdefault(path.resolve(), path)
    if not paths:
        raise NotFoundError(
            "no prediction was registered here: downrange predict next launch.yaml registers one before the flight"
        )
    if len(paths) > _MOST:
        raise InputError(f"{len(paths)} registers; a board shows at most {_MOST}")
    registers = tuple(Register(p, *newest_check(p)) for p in paths.values())
    entries = [e for r in registers for e in read_register(r.path)]
    return Board(tuple(sorted(entries, key=lambda e: e.when)), registers)


def _registers(place: Path, trusted: bool) -> list[Path]:
    if place.is_dir():
        found = [p for p in (place / REGISTER, *sorted(place.glob(f"*/{REGISTER}"))) if p.is_file()]
        return found or (_registers(place / "launch.yaml", trusted) if (place / "launch.yaml").is_file() else [])
    if not place.is_file():
        raise NotFoundError(f"there is no {seen(str(place), 100)}: a launch file, a {REGISTER} or a folder is wanted")
    if place.suffix == ".jsonl":
        return [place]
    path = register_of(open_project(place, trusted=trusted))
    return [path] if path.is_file() else []
