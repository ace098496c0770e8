"""How well the apogee of a vehicle that comes apart is known: drawn flights, each flown, because no slopes at one flight tell of them.

A lock-out that holds a sustainer back where it leans too far, or a charge that opens a canopy early, bends the apogee or breaks it off; so
its draws (a Latin hypercube: McKay, Beckman and Conover, Technometrics 21, 1979, p. 239) are flown as a campaign flies its nominal mode, each
with all its bodies. What one input alone does is flown at the five points of Gauss and Hermite's quadrature (Abramowitz and Stegun, 25.4.46).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from downrange.dispersion.flying import fly_parts
from downrange.dispersion.plan import Plan
from downrange.dispersion.programs import air_heights
from downrange.dispersion.streams import generator
from downrange.dispersion.wide import Input, Inputs
from downrange.dispersion.winds import Winds
from downrange.failures import mode_probabilities, scene_of
from downrange.flight import Flight
from downrange.flight.named import named_outputs
from downrange.uncertainty import Choice

__all__ = ["Drawing", "draw_flights"]

_SEED = 1979
_POINTS, _SHARES = np.polynomial.hermite_e.hermegauss(5)
_CHOICES = 16  # strata of what is a choice


class Drawing:
    """Flights of the nominal mode under what varies: `plan` draws them, `apogees` flies them."""

    def __init__(self, flight: Flight, inputs: Inputs) -> None:
        launch, heights = flight.launch, air_heights(flight.program)
        z = launch.pad.elevation + heights
        calm = np.stack([launch.weather.wind.east(z), launch.weather.wind.north(z)], axis=1)[None]
        winds = Winds(heights, calm, inputs.wind_sigma, inputs.wind_correlation)
        self.plan = Plan(flight.program, inputs, mode_probabilities(()), {}, winds, _SEED)
        self._scene = scene_of(flight)

    def apogees(self, u: np.ndarray, *, wind: bool, block: int) -> np.ndarray:
        """Apogees (n,), m, of flights at quantiles `u` (n, inputs); NaN of those that have none. `wind`: whether its error is drawn too."""
        plan = self.plan if wind else _without_wind(self.plan)
        drawn, table = plan.draw(u, block)
        out = np.full(len(u), np.nan)
        for piece in fly_parts(plan.modes[0].mode, self._scene, drawn, table, _undrawn, plan.tolerance):
            if self._leads(piece.body):
                out[piece.flight] = named_outputs(piece.out)["apogee"]
        return out

    def _leads(self, name: str) -> bool:
        v = self.plan.program.vehicle
        return any(k.name == name and self._scene.leads(k) for k in (v.root, *v.keys))

    def alone(self, which: list[int]) -> np.ndarray:
        """Standard deviation (k,) of the apogee, m, by each of the inputs `which` alone."""
        every = self.plan.inputs.inputs
        sides = [_quadrature(every[k]) for k in which]
        u = np.full((sum(len(q) for q, _ in sides), len(every)), 0.5)
        places, begin = [], 0
        for k, (q, _) in zip(which, sides, strict=True):
            places.append(slice(begin, begin + len(q)))
            u[places[-1], k] = q
            begin += len(q)
        found = self.apogees(u, wind=False, block=1) if len(u) else np.zeros(0)
        return np.array([_spread(found[p], w) for p, (_, w) in zip(places, sides, strict=True)])


def draw_flights(drawing: Drawing, count: int) -> tuple[np.ndarray, float]:
    """Apogees (count,), m, of a Latin hypercube of flights, and their standard deviation, m, by the error of the wind alone."""
    k = len(drawing.plan.inputs.inputs)
    rng = generator(_SEED, "band", 0)
    u = np.stack([(rng.permutation(count) + 0.5) / count for _ in range(k)], axis=1) if k else np.empty((count, 0))
    found = drawing.apogees(u, wind=True, block=0)
    if drawing.plan.winds.sigma == 0:
        return found, 0.0
    still = drawing.apogees(np.full((128, k), 0.5), wind=True, block=2)
    return found, float(np.nanstd(still)) if np.isfinite(still).any() else 0.0


def _without_wind(plan: Plan) -> Plan:
    return replace(plan, winds=replace(plan.winds, sigma=0.0))


def _undrawn(name: str) -> np.ndarray:
    raise AssertionError(f"the nominal mode draws nothing, and asks for {name}")


def _quadrature(item: Input) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles at which one input is flown, and their weights."""
    if isinstance(item.distribution, Choice):
        return (np.arange(_CHOICES) + 0.5) / _CHOICES, np.full(_CHOICES, 1 / _CHOICES)
    below = np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in _POINTS.tolist()])
    return below, _SHARES / _SHARES.sum()


def _spread(values: np.ndarray, weights: np.ndarray) -> float:
    known = np.isfinite(values)
    if not known.any():
        return 0.0
    w = weights[known] / weights[known].sum()
    mean = float(w @ values[known])
    return math.sqrt(float(w @ (values[known] - mean) ** 2))
