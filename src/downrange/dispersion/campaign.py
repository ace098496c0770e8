"""Fly a plan shard by shard, and what came of it."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from downrange.dispersion.columns import block_columns
from downrange.dispersion.plan import BLOCK, Plan
from downrange.dispersion.statistics import Estimate, expectation, probability, quantile, weighted_mean
from downrange.earth import Pad
from downrange.errors import FlightCode, InputError, seen, suggest
from downrange.exact import one_thread
from downrange.failures import ModeProbability
from downrange.steps import advance, step

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["SHARD", "Campaign", "fly_campaign", "fly_shard", "run", "shard_sizes"]

SHARD = 8  # blocks
_WORST = ("flight_time_s", "descent_time_s", "ground_hit_speed_m_s")  # besides what begins with landing


def shard_sizes(flights: int) -> list[int]:
    """Flights of each shard of a campaign; only the last may be short.

    flights: of the whole campaign.
    """
    whole, rest = divmod(flights, SHARD * BLOCK)
    return [SHARD * BLOCK] * whole + ([rest] if rest else [])


def _blocks(shard: int, size: int) -> list[tuple[int, int]]:
    first = shard * SHARD
    return [(first + k, min(BLOCK, size - k * BLOCK)) for k in range(-(-size // BLOCK))]


def fly_block(plan: Plan, block: int, size: int) -> dict[str, np.ndarray]:
    """The columns of a block."""
    return block_columns(plan, plan.fly_block(block, size))


def fly_shard(plan: Plan, shard: int, size: int) -> dict[str, np.ndarray]:
    """The columns of a whole shard, flown on this thread.

    size: flights of the shard.
    """
    with one_thread():
        return _together([fly_block(plan, b, n) for b, n in _blocks(shard, size)])


def _together(parts: Sequence[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}


def run(
    plan: Plan, shards: Iterable[tuple[int, int]], *, threads: int | None = None
) -> Generator[tuple[int, dict[str, np.ndarray]], None, None]:
    """Fly shards (number, flights) on threads of this process; yields (number, columns), one shard after another.

    The blocks of one shard share the threads, so that at most one shard is under way.
    """
    workers = threads or os.cpu_count() or 1
    from concurrent.futures import ThreadPoolExecutor  # 25 ms that the first flight need not wait for

    with one_thread(), ThreadPoolExecutor(workers) as pool:
        for shard, size in shards:
            pending: list[Future[dict[str, np.ndarray]]] = [
                pool.submit(fly_block, plan, b, n) for b, n in _blocks(shard, size)
            ]
            try:
                flown = []
                for (_, n), f in zip(_blocks(shard, size), pending, strict=True):
                    flown.append(f.result())
                    advance(n)
                yield shard, _together(flown)
            except BaseException:
                for f in pending:
                    f.cancel()
                raise


def fly_campaign(plan: Plan, flights: int, name: str = "", notes: dict[str, Any] | None = None) -> Campaign:
    """Fly a plan in memory.

    flights: how many. name: what it is called. notes: what was assumed, kept with it.
    """
    with step("flying", flights):
        columns = _together([c for _, c in run(plan, list(enumerate(shard_sizes(flights))))])
    return Campaign(columns, plan.modes, plan.bodies, plan.program.launch.pad, name, plan.seed, notes)


@dataclass(frozen=True, eq=False)
class Campaign:
    """A campaign flown: columns (a row for each body that came down), its modes, and what was assumed.

    Columns as in `dispersion.columns`; `mode` and `body` number into `modes` and `bodies`.
    """

    columns: Mapping[str, np.ndarray]
    modes: tuple[ModeProbability, ...]
    bodies: tuple[str, ...]
    pad: Pad
    name: str = ""
    seed: int = 0
    notes: dict[str, Any] | None = None

    def __getitem__(self, name: str) -> np.ndarray:
        try:
            return self.columns[name]
        except KeyError:
            raise InputError(f"the campaign has no column {name!r}; it has {', '.join(self.columns)}") from None

    @cached_property
    def _flights(self) -> tuple[np.ndarray, np.ndarray]:
        """Index of each flight's first row, and for each row which flight it belongs to."""
        _, first, inverse = np.unique(self.columns["flight"], return_index=True, return_inverse=True)
        return first, inverse

    @property
    def flights(self) -> int:
        """How many flights."""
        return int(self._flights[0].size)

    @cached_property
    def mode(self) -> np.ndarray:
        """Mode of each flight."""
        return self.columns["mode"][self._flights[0]].astype(int)

    @cached_property
    def probabilities(self) -> np.ndarray:
        """Of the modes."""
        return np.array([m.probability for m in self.modes])

    @cached_property
    def weight(self) -> np.ndarray:
        """Of each row: its flight's share of all that may happen; sums to one over flights."""
        n = np.bincount(self.mode, minlength=len(self.modes))
        p = np.where(n > 0, self.probabilities, 0.0)
        return np.asarray((p / np.maximum(n, 1) / max(p.sum(), 1e-300))[self.columns["mode"]])

    @cached_property
    def landed(self) -> np.ndarray:
        """Rows (n,) of bodies that came down."""
        return self.columns["result"] == FlightCode.LANDED

    @cached_property
    def landing(self) -> np.ndarray:
        """East and north of the pad of every row, m, shape (n, 2)."""
        return np.stack([self.columns["landing_east_m"], self.columns["landing_north_m"]], axis=1)

    @cached_property
    def first(self) -> np.ndarray:
        """Which rows (n,) are of the first body of their flight: the one with the nose, or what is left of it."""
        out = np.zeros(len(self.columns["flight"]), bool)
        out[self._flights[0]] = True
        return out

    @cached_property
    def planned_bodies(self) -> tuple[str, ...]:
        """The bodies in which flights that go as planned come down, the one with the nose first; one of a rocket that stays whole."""
        planned = self.landed & (self.columns["mode"] == 0)
        leads = np.unique(self.columns["body"][planned & self.first])
        others = np.setdiff1d(np.unique(self.columns["body"][planned]), leads)
        return tuple(self.bodies[int(b)] for b in (*leads, *others))

    @cached_property
    def there(self) -> tuple[str, ...]:
        """The bodies that flights came down in, those of planned flights first."""
        every = [self.bodies[int(b)] for b in np.unique(self.columns["body"])]
        return tuple(dict.fromkeys([*self.planned_bodies, *every]))

    def of_body(self, name: str) -> np.ndarray:
        """Which rows (n,) are of the body called `name`. Raises `InputError` where none is."""
        if name not in self.there:
            raise InputError(
                f"no body {seen(name, 60)} comes down{suggest(name, self.there)}; those that do: {', '.join(self.there)}",
                key="body",
            )
        return np.asarray(self.columns["body"] == self.bodies.index(name))

    def per_flight(self, values: np.ndarray, largest: bool = True) -> np.ndarray:
        """One value for each flight from one for each row: the largest of its bodies, or the first body's.

        values: (rows,), one for each body that came down.
        """
        first, inverse = self._flights
        if not largest:
            return values[first]
        out = np.full(first.size, -np.inf)
        np.fmax.at(out, inverse, np.asarray(values, float))
        return np.where(np.isfinite(out), out, np.nan)

    def probability(self, rows: np.ndarray) -> Estimate:
        """Probability that any body of a flight is among `rows` (flags)."""
        hit = np.zeros(self.flights, bool)
        hit[self._flights[1][rows]] = True
        return probability(hit, self.mode, self.probabilities)

    def expectation(self, rows: np.ndarray, most: np.ndarray) -> Estimate:
        """Expected consequence of a flight from what each row brings (n,); `most` (m,) is the most that a row of each
        mode could bring.

        rows: (rows,), what each body brings, none negative.
        """
        first, inverse = self._flights
        bodies = np.bincount(inverse, minlength=first.size)
        worst = np.zeros(len(self.modes))
        np.maximum.at(worst, self.mode, bodies)  # as many bodies as a flight of the mode came down in
        total = np.bincount(inverse, rows, minlength=first.size)
        return expectation(total, self.mode, self.probabilities, most * np.maximum(worst, 1.0))

    def of_flights(self, column: str) -> np.ndarray:
        """One value of a column for each flight: of how and when it comes down the largest of its bodies, else the first body's."""
        return self.per_flight(self[column], column.startswith("landing") or column in _WORST)

    def mean(self, column: str) -> Estimate:
        """Mean of a column, one value a flight (`of_flights`)."""
        return weighted_mean(self.of_flights(column), self.mode, self.probabilities)

    def quantile(self, column: str, level: float, mode: int | None = None) -> Estimate:
        """Quantile of a column, one value a flight (`of_flights`); of one mode alone where given.

        level: from 0 to 1.
        """
        x = self.of_flights(column)
        if mode is None:
            return quantile(x, self.mode, self.probabilities, level)
        only = self.mode == mode
        return quantile(x[only], np.zeros(int(only.sum()), int), np.ones(1), level)

    def codes(self) -> dict[str, int]:
        """How many rows ended in each way."""
        n = np.bincount(self.columns["result"], minlength=len(FlightCode))
        return {code.name.lower(): int(n[code]) for code in FlightCode if n[code]}
