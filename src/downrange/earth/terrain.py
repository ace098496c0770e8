"""Terrain around a pad: heights on a square grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from downrange.errors import InputError
from downrange.tables import grid_value

__all__ = ["Terrain"]


@dataclass(frozen=True, eq=False)
class Terrain:
    """Heights of the ground above the pad's surface, m, shape (n + 1, n + 1) by (north, east), `step` m apart.

    The pad stands in the middle. Bilinear between nodes, held at the edges (`reach` m from the pad).
    """

    step: float
    height: np.ndarray
    source: str = "flat"

    def __post_init__(self) -> None:
        h = np.asarray(self.height, float)
        if h.ndim != 2 or h.shape[0] != h.shape[1] or h.shape[0] < 2 or self.step <= 0:
            raise InputError(f"terrain must be a square grid with a positive step, seen {h.shape} and {self.step:g} m")
        if not np.all(np.isfinite(h)):
            raise InputError(f"{self.source}: the terrain has holes within {self.reach:.0f} m of the pad")

    @property
    def reach(self) -> float:
        """How far from the pad it goes, north, south, east and west, m."""
        return 0.5 * self.step * (np.asarray(self.height).shape[0] - 1)

    def __call__(self, east: np.ndarray | float, north: np.ndarray | float) -> np.ndarray:
        """Height of the ground above the pad's surface at (east, north) metres."""
        middle = (self.height.shape[0] - 1) / 2
        return grid_value(self.height, np.asarray(north) / self.step + middle, np.asarray(east) / self.step + middle)
