"""What varies, and the wide row that it is added to: a row of parameters, and behind it what turns rail and wind.

Of a vehicle that comes apart the wide row goes on with a row of each body that it may become, and with how late each ignition and
separation comes (`dispersion.fleet`); last, where several motors burn together, by how much of its thrust each is stronger (`dispersion.clusters`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from downrange.flight.rows import ROW
from downrange.flight.vehicle import Key
from downrange.uncertainty import Choice, Distribution

__all__ = ["BURN", "TILT_EAST", "TILT_NORTH", "WIDE", "WIND_CORRELATION", "WIND_FACTOR", "WIND_TURN", "Input", "Inputs"]

# Beyond a row: tilt of the rail and tip-off east and north (rad), the wind's factor less one, its turn clockwise (rad), and the logarithm of
# how many times as long the motor burns.
TILT_EAST, TILT_NORTH, WIND_FACTOR, WIND_TURN, BURN = range(ROW, ROW + 5)
WIDE = ROW + 5
WIND_CORRELATION = 1000.0  # m; forecast errors are alike over one to two kilometres of height


@dataclass(frozen=True, eq=False)
class Input:
    """One thing that varies: its distribution (SI) and the wide row it adds, from its centre.

    `first` and `second` (width,) are derivatives, `by_log` those by the logarithm of the value; a choice has one row for each value in `values`
    instead. `offset` (width,) is what its centre adds to the nominal row, where that is not at it. `wind` (n, 2) is what one unit adds
    to the wind's nodes, east and north. `assumed` says that it is a default or a prior, not from the files.
    """

    name: str
    distribution: Distribution
    first: np.ndarray
    second: np.ndarray | None = None
    values: np.ndarray | None = None
    wind: np.ndarray | None = None
    assumed: bool = False
    doc: str = ""
    offset: np.ndarray | None = None
    by_log: bool = False

    def add(self, wide: np.ndarray, u: np.ndarray) -> np.ndarray:
        """Add this input at quantiles `u` (n,) to wide rows (n, width); returns its values."""
        x = self.distribution.quantile(u)
        if self.values is not None:
            assert isinstance(self.distribution, Choice)
            wide[:, : self.values.shape[1]] += self.values[self.distribution.index(u)]
            return x
        self.add_at(wide, x)
        return x

    def add_at(self, wide: np.ndarray, x: np.ndarray) -> None:
        """Add this input, not a choice, at values `x` (n,), SI, to wide rows `wide` (n, width), in place."""
        centre = self.distribution.centre
        d = (np.log(x / centre) if self.by_log else x - centre)[:, None]
        if self.offset is not None:
            wide[:, : self.offset.size] += self.offset
        used = np.flatnonzero(self.first)
        wide[:, used] += d * self.first[used]
        if self.second is not None:
            curved = np.flatnonzero(self.second)
            wide[:, curved] += 0.5 * d * d * self.second[curved]


@dataclass(frozen=True, eq=False)
class Inputs:
    """Everything that varies, and what was said to be uncertain but reaches no flight, with the reason.

    `centre` (width,) is the nominal wide row; `keys` the bodies whose rows it goes on with; `motors` says whether it ends with each motor's own thrust.
    """

    inputs: tuple[Input, ...]
    not_sampled: dict[str, str] = field(default_factory=dict)
    wind_sigma: float = 0.0
    wind_correlation: float = WIND_CORRELATION
    centre: np.ndarray = field(default_factory=lambda: np.zeros(WIDE))
    keys: tuple[Key, ...] = ()
    motors: bool = False

    def burns(self, values: np.ndarray) -> float | np.ndarray:
        """How many times as long the motor burns at values (n, inputs): (n,), or 1 where nothing that varies touches it."""
        reach = [k for k, i in enumerate(self.inputs) if i.values is None and i.first[BURN]]
        if not reach:
            return 1.0
        wide = np.zeros((len(values), self.centre.size))
        for k in reach:
            self.inputs[k].add_at(wide, values[:, k])
        return np.asarray(np.exp(wide[:, BURN]))
