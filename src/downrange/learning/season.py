"""A season replayed: what each flight would have been predicted to reach from those before it alone, and from the drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from downrange.learning.flown import OUTPUTS, FlownFlight
from downrange.learning.learned import Learned
from downrange.learning.scores import Forecast

__all__ = ["Replayed", "log_forecast", "replay"]

_HALF, _MOST = 0.6744897501960817, 1.6448536269514722  # quartiles and 5 % of a normal distribution


def log_forecast(log: float, sigma: float) -> Forecast:
    """The forecast of something whose logarithm is normal, about `log` with standard deviation `sigma`: mean and spread of a normal as wide, bands of its own."""
    middle = math.exp(log)
    low, high, lowest, highest = (middle * math.exp(k * sigma) for k in (-_HALF, _HALF, -_MOST, _MOST))
    return Forecast(middle, middle * sigma, (low, high), (lowest, highest))


@dataclass(frozen=True)
class Replayed:
    """A flight's apogee (m above the pad), and what was to be said of it before: with what the flights before it taught, and as drawn."""

    name: str
    measured: float
    learned: Forecast
    drawn: Forecast


def replay(flights: Sequence[FlownFlight], prior: Learned) -> tuple[Replayed, ...]:
    """Each flight that has an apogee, in their order, predicted from those before it: no flight tells of itself.

    To first order about the prior, so that a season of any length is flown once. As drawn the band is the prior's, about the nominal flight.
    """
    p, start = np.array(prior.covariance), np.array(prior.mean)
    whole, pull = np.linalg.inv(p), np.zeros(len(start))
    out = []
    for flight in flights:
        value, rows = flight.predicted(prior)
        errors = flight.errors(rows, prior.names)
        at = next((i for i, t in enumerate(flight.told) if t.what == OUTPUTS[0]), None)
        measured = np.array([t.value for t in flight.told])
        if at is not None:
            c = np.linalg.inv(whole)
            base, j, own = float(flight.drawn[0]), rows[at], float(errors[at, at])
            said = log_forecast(base + value[at] + float(j @ c @ pull), math.sqrt(float(j @ c @ j) + own))
            drawn = log_forecast(base, math.sqrt(float(j @ p @ j) + own))
            out.append(Replayed(flight.name, math.exp(base + float(measured[at])), said, drawn))
        whole = whole + rows.T @ np.linalg.solve(errors, rows)
        pull = pull + rows.T @ np.linalg.solve(errors, measured - value)
    return tuple(out)
