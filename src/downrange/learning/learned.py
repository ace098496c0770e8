"""What flights taught of one rocket: factors on drag, thrust, burn time, mass and canopies with their joint uncertainty, and a launch with them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from downrange.dispersion import BANDS, Known, band_shares
from downrange.errors import InputError
from downrange.flight import Launch
from downrange.flight.variants import with_canopies, with_mass
from downrange.rocket import Parachute, Streamer
from downrange.tables import Table1D

__all__ = ["Learned", "parameter_words"]

_FINE = np.concatenate([[0.0], np.linspace(min(BANDS.values()), max(BANDS.values()), 41)])


def parameter_words(name: str) -> str:
    """What the parameter called `name` is in words: `drag.subsonic` is subsonic drag, `canopy.Main` the drag area of Main."""
    kind, _, of = name.partition(".")
    return {
        "drag": f"{of} drag", "thrust": f"thrust of {of}", "burn_time": f"burn time of {of}", "mass": "mass without motor",
        "canopy": f"drag area of {of}",
    }.get(kind, name)  # fmt: skip


@dataclass(frozen=True)
class Learned:
    """Logarithms of factors by `names` (`drag.BAND`, `thrust.MOTOR`, `burn_time.MOTOR`, `mass`, `canopy.NAME`): `mean` (k,) and `covariance` (k, k).

    A factor multiplies what the files say. Tuples, so that two of them can be compared.
    """

    names: tuple[str, ...]
    mean: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        k = len(self.names)
        c = np.array(self.covariance, float).reshape(k, -1) if k else np.zeros((0, 0))
        whole = len(self.mean) == k and c.shape == (k, k) and np.all(np.isfinite(c)) and np.all(np.isfinite(self.mean))
        if not whole or not np.allclose(c, c.T, atol=1e-9) or (k and np.linalg.eigvalsh(c)[0] < -1e-9):
            raise InputError(f"{k} learned quantities need as many factors and a covariance of them")
        if far := next((n for n, m in zip(self.names, self.mean, strict=True) if abs(m) > math.log(20)), None):
            raise InputError(f"{parameter_words(far)[:60]}: a factor is between 1/20 and 20")

    def factor(self, name: str) -> float:
        """The factor called `name`; one where it was not learned."""
        return math.exp(self.mean[self.names.index(name)]) if name in self.names else 1.0

    def sigma(self, name: str) -> float:
        """Standard deviation of the logarithm of the factor called `name`."""
        k = self.names.index(name)
        return math.sqrt(max(self.covariance[k][k], 0.0))

    @cached_property
    def known(self) -> Known:
        """Its uncertainty, as campaigns and bands take it."""
        return Known(self.names, self.covariance)

    def at(self, mean: np.ndarray) -> Learned:
        """The same with other logarithms.

        mean: (k,), of the factors.
        """
        return replace(self, mean=tuple(float(x) for x in mean))

    def apply(self, launch: Launch) -> Launch:
        """A launch, as its files draw it, with what was learned of it; what it has not (another motor, another canopy) is left out."""
        if any(n.startswith("drag.") for n in self.names):
            logs = np.log([self.factor(f"drag.{band}") for band in BANDS])
            scale = Table1D(_FINE, np.exp(logs @ band_shares(_FINE)), "learned drag")
            launch = replace(launch, aero=replace(launch.aero, drag_scale=scale))
        motor = launch.motor
        push, burn = (self.factor(f"{k}.{motor.designation}") for k in ("thrust", "burn_time"))
        if (push, burn) != (1.0, 1.0):
            launch = replace(launch, motor=motor.scaled(impulse=push, time=burn))
        if "mass" in self.names:
            launch = with_mass(launch, self.factor("mass"))
        for q in launch.rocket.find(Parachute, Streamer):
            name = f"canopy.{q.part.name or type(q.part).__name__.lower()}"
            if name in self.names:
                launch = with_canopies(launch, self.factor(name), (q.path,))
        return launch
