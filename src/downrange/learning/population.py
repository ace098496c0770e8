"""As drawn and as flown: how far rockets of the public flights lay from what their drawings predict, and what that says of the next.

A hierarchical normal model (Gelman et al., Bayesian Data Analysis, 3rd ed., chapter 5): the logarithm of a rocket's drag over that of its drawing scatters
about a population mean µ with standard deviation τ, beyond what the band of its prediction already knows. A flight tells of it by the logarithm of its
apogee over the predicted one, e = s δ, with s the response of its apogee to drag; the band's own width stands for thrust, mass, finish and the rest:

    e_i ~ N(s_i µ, σ_i² + s_i² τ²),   µ ~ N(0, 0.2²),   τ ~ half-normal(0.1)

Both are found on a grid, and what is said of the next rocket has their own uncertainty in it. Nothing is fitted to one flight: with a flight left out
its prediction knows nothing of it (`leave_one_out`). The rows are a file of this package (`data/public_flights.csv`) with a source each; a club's own
flights are rows too.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from downrange.errors import InputError

__all__ = ["AsFlown", "FlownRow", "as_flown", "leave_one_out", "public_flights"]

_MEAN_PRIOR = 0.2  # of µ, 1 σ: the methods' own errors of drag are 10 to 20 % (the scorecard)
_SPREAD_PRIOR = 0.1  # of τ: judgement


@dataclass(frozen=True)
class FlownRow:
    """One flight beside its prediction from the drawing alone: `error` is ln(measured / predicted) of the apogee, `sigma` the band's standard deviation
    of that, `response` d ln(apogee) / d ln(drag); `rocket` and `source` in words."""

    rocket: str
    error: float
    sigma: float
    response: float
    source: str = ""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.error) and 0 < self.sigma < 2 and -2 < self.response < 0.5):
            raise InputError(
                f"{self.rocket[:60]}: error {self.error:g}, sigma {self.sigma:g} and response {self.response:g} are no flight beside its prediction"
            )


@dataclass(frozen=True)
class AsFlown:
    """What the population says of the next rocket's drag over its drawing's: `mean` of the logarithm with its `error`, and `spread` from rocket to rocket.

    `flights` is how many it stands on.
    """

    mean: float
    error: float
    spread: float
    flights: int

    @property
    def sigma(self) -> float:
        """Standard deviation of the next rocket's: of the mean and from rocket to rocket."""
        return math.hypot(self.error, self.spread)


@cache
def public_flights() -> tuple[FlownRow, ...]:
    """The public flights that ship with the package, each a rocket of its own."""
    text = (resources.files("downrange.learning") / "data" / "public_flights.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        FlownRow(
            r["rocket"], math.log(float(r["measured_apogee_m"]) / float(r["predicted_mean_m"])), float(r["band_sigma"]), float(r["response_to_drag"]),
            r["source"],
        )
        for r in rows
    )  # fmt: skip


def as_flown(rows: Sequence[FlownRow] | None = None) -> AsFlown:
    """The population's mean and spread from rows (the public flights where none are given); of no rows the prior itself."""
    rows = public_flights() if rows is None else rows
    mean, spread = np.linspace(-0.8, 0.8, 321), np.linspace(0.0, 0.4, 81)
    log = -0.5 * (mean[:, None] / _MEAN_PRIOR) ** 2 - 0.5 * (spread[None] / _SPREAD_PRIOR) ** 2
    for r in rows:
        variance = r.sigma**2 + (r.response * spread) ** 2
        log = log - 0.5 * ((r.error - r.response * mean[:, None]) ** 2 / variance + np.log(variance))
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    centre = float((weight.sum(axis=1) * mean).sum())
    error = math.sqrt(float((weight.sum(axis=1) * (mean - centre) ** 2).sum()))
    return AsFlown(centre, error, math.sqrt(float((weight.sum(axis=0) * spread**2).sum())), len(rows))


def leave_one_out(rows: Sequence[FlownRow]) -> tuple[tuple[float, float], ...]:
    """Of each row what the others make of it: ln(measured / predicted mean) that is left, and its standard deviation.

    Flights of one rocket leave together, so that none is predicted by its own rocket's.
    """
    out = []
    for r in rows:
        known = as_flown([x for x in rows if x.rocket != r.rocket])
        out.append((r.error - r.response * known.mean, math.hypot(r.sigma, r.response * known.sigma)))
    return tuple(out)
