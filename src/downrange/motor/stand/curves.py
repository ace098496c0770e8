"""The mean of firings as one curve with a band, and as a motor that flies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from downrange.errors import InputError
from downrange.motor.motor import Motor
from downrange.motor.stand.reduction import Reduction

__all__ = ["Band", "mean_firing"]

_KNOTS = 200


@dataclass(frozen=True, eq=False)
class Band:
    """The mean thrust of firings: time (n,) s; thrust, low, high (n,) N. `spread` says what low and high are."""

    time: np.ndarray
    thrust: np.ndarray
    low: np.ndarray
    high: np.ndarray
    firings: int
    spread: str

    @property
    def impulse(self) -> float:
        """Of the mean, N s."""
        return float(np.trapezoid(self.thrust, self.time))

    def motor(
        self, *, name: str, diameter: float, length: float, propellant_mass: float, dry_mass: float, maker: str = "",
        exit_area: float | None = None, reference_pressure: float = 101325.0,
    ) -> Motor:  # fmt: skip
        """The mean as a `Motor`; masses in kg, lengths in m. Its thrust begins and ends at zero."""
        thrust = self.thrust.copy()
        thrust[-1] = 0.0
        return Motor(
            designation=name, manufacturer=maker, time=self.time, thrust=thrust, diameter=diameter, length=length, propellant_mass=propellant_mass,
            dry_mass=dry_mass, nozzle_exit_area=exit_area, reference_pressure=reference_pressure, source="test stand",
        )  # fmt: skip


def mean_firing(reductions: Sequence[Reduction]) -> Band:
    """The mean of firings of motors that are alike, over the share of the burn time, so that unlike lengths do not smear the tail.

    Each curve is taken over its time in burn times (5 % to 5 % of the peak), averaged there, and set on the mean burn time; the mean is scaled to
    the mean impulse. Low and high are one standard deviation of the firings about it; of one firing its own uncertainty.
    Raises `InputError` for firings without a record of thrust.
    """
    curves = [(r.time, r.force, r) for r in reductions if r.time is not None and r.force is not None]
    if not curves:
        raise InputError("no record of thrust: pressure alone makes no thrust curve")
    lengths = np.array([r.times.nfpa for *_, r in curves])
    first = min(-r.times.begins / r.times.nfpa for *_, r in curves)
    last = max((t[-1] - r.times.begins) / r.times.nfpa for t, _, r in curves)
    if len(curves) == 1:
        t, f, r = curves[0]
        time, thrust = _thinned(t, f)
        error = (r.impulse.share if r.impulse else None) or 0.0
        return Band(
            time, thrust, thrust * (1 - error), thrust * (1 + error), 1, "the standard uncertainty of its impulse"
        )  # fmt: skip
    share = np.linspace(first, last, 4 * _KNOTS)
    table = np.array(
        [np.interp(share, (t - r.times.begins) / r.times.nfpa, f, left=0.0, right=0.0) for t, f, r in curves]
    )
    time = (share - first) * lengths.mean()
    mean = table.mean(axis=0)
    wanted = float(np.mean([r.impulse.value for *_, r in curves if r.impulse]))
    mean *= wanted / float(np.trapezoid(mean, time))
    spread = table.std(axis=0, ddof=1)
    time, thin, low, high = _together(time, mean, np.maximum(mean - spread, 0.0), mean + spread)
    return Band(time, thin, low, high, len(curves), "one standard deviation of the firings")


def _thinned(t: np.ndarray, f: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """At most `_KNOTS` knots with the same impulse: means over the half cells beside each."""
    if t.size <= _KNOTS:
        return t - t[0], f
    time, thin = _together(t, f)
    return time - time[0], thin


def _together(t: np.ndarray, *curves: np.ndarray) -> tuple[np.ndarray, ...]:
    """Knots and curves on them, scaled alike so that the first keeps its impulse."""
    knots = np.linspace(t[0], t[-1], _KNOTS)
    edges = np.concatenate([knots[:1], 0.5 * (knots[1:] + knots[:-1]), knots[-1:]])
    out = []
    for f in curves:
        so_far = np.concatenate([[0.0], np.cumsum(0.5 * (f[1:] + f[:-1]) * np.diff(t))])
        thin = np.diff(np.interp(edges, t, so_far)) / np.diff(edges)
        thin[0], thin[-1] = f[0], f[-1]
        out.append(thin)
    made, wanted = float(np.trapezoid(out[0], knots)), float(np.trapezoid(curves[0], t))
    return knots, *(f * (wanted / made) for f in out)
