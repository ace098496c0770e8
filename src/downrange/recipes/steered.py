"""What controllers make of a campaign's apogees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from downrange.errors import InputError
from downrange.recipes.ask import Asked, disperse
from downrange.recipes.launch import written
from downrange.recipes.results import Campaign

__all__ = ["ControlEffect", "control_effect"]


@dataclass(frozen=True, eq=False)
class ControlEffect:
    """The same campaign without controllers (`free`) and with them (`steered`)."""

    free: Campaign
    steered: Campaign

    @staticmethod
    def _planned(campaign: Campaign) -> np.ndarray:
        """Apogees (n,) of the flights in which nothing goes wrong, m."""
        found = campaign["apogee_agl_m"][campaign.first & (campaign["mode"] == 0)]
        return np.asarray(found[np.isfinite(found)])

    @property
    def spread_free_m(self) -> float:
        """Standard deviation of the apogee without controllers, of flights in which nothing goes wrong, m."""
        return float(np.std(self._planned(self.free)))

    @property
    def spread_steered_m(self) -> float:
        """The same with them, m."""
        return float(np.std(self._planned(self.steered)))

    @property
    def share(self) -> float:
        """How much of the spread is left."""
        return self.spread_steered_m / self.spread_free_m

    def plot(self, path: str | Path | None = None) -> Any:
        """A figure of both spreads; saved where `path` is given."""
        from downrange.report.control import spread_figure

        return written(spread_figure(self._planned(self.free), self._planned(self.steered)), path)

    def __repr__(self) -> str:
        return f"<ControlEffect: σ of the apogee {self.spread_steered_m:.1f} m, {self.spread_free_m:.1f} m without>"


def control_effect(launch: Asked, controllers: Sequence[Any], *, flights: int = 200, seed: int = 1) -> ControlEffect:
    """Fly a campaign twice, without controllers and with them: what they make of the spread of the apogee.

    launch: a `dr.Launch`, or the path of a launch file
    controllers: as `dr.disperse` takes them. flights, seed: of both campaigns
    Raises `InputError` where there are no controllers.
    """
    if not controllers:
        raise InputError("no controllers were given, so that they change nothing", key="controllers")
    return ControlEffect(
        disperse(launch, flights, seed=seed, controllers=[]),
        disperse(launch, flights, seed=seed, controllers=controllers),
    )
