"""What of the kernel's tables is of the place and the day: air and wind over height, the ground, gravity, the turning Earth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from downrange.atmosphere import Weather, Wind, sound_speed
from downrange.earth import Pad, Terrain
from downrange.tables import uniform_linear

__all__ = ["air_grid", "surroundings", "wind_table"]

AIR_CELLS = 512


def air_grid(top: float, depth: float = 0.0) -> tuple[np.ndarray, int, float]:
    """Heights above the pad (m) of the nodes of air and wind, the cells below it, and cells per root of a metre.

    The nodes are even in the root of the height: 1 cm apart at the ground under a flight to 3 km, 12 m at its top. The
    wind changes as the 1/7 power of the height, where the rocket leaves the rail and is slowest. To `depth` m below.
    """
    below = 2
    while (below / (AIR_CELLS - below)) ** 2 * top < depth and below < AIR_CELLS // 2:
        below += 1
    scale = (AIR_CELLS - below) / float(np.sqrt(top))
    root = (np.arange(AIR_CELLS + 1) - below) / scale
    return root * np.abs(root), below, scale


def wind_table(pad: Pad, wind: Wind, heights: np.ndarray) -> np.ndarray:
    """A wind packed for the kernel on `heights` above the pad."""
    z = pad.elevation + heights
    return uniform_linear([wind.east(z), wind.north(z)])


FLAT = Terrain(1000.0, np.zeros((2, 2)))


def _gravity(pad: Pad, top: float) -> tuple[tuple[float, ...], float]:
    z = np.linspace(-100, top, 200)
    g = pad.gravity(pad.elevation + z)
    scale = max(top, 1.0)
    c = np.polynomial.polynomial.polyfit(z / scale, g, 3)
    if pad.gravity_model == "constant":
        return tuple(c / scale ** np.arange(4)), 0.0
    north = replace(pad, latitude=min(pad.latitude + 1e-3, np.pi / 2))
    south = replace(pad, latitude=max(pad.latitude - 1e-3, -np.pi / 2))
    slope = (north.gravity(pad.elevation) - south.gravity(pad.elevation)) / (2e-3 * pad.radius_north)
    return tuple(c / scale ** np.arange(4)), float(slope / pad.gravity(pad.elevation))


def surroundings(pad: Pad, weather: Weather, top: float, terrain: Terrain | None = None) -> dict[str, Any]:
    """What of the kernel's tables is of the place and the day: air and wind to `top`, m above the pad, terrain, gravity and the turning Earth."""
    ground = terrain or FLAT
    heights, below, scale = air_grid(top, -float(ground.height.min()))
    z = pad.elevation + heights
    (g0, g1, g2, g3), gy = _gravity(pad, top)
    flat, omega = pad.gravity_model == "constant", pad.rotation_enu
    return {
        "air": uniform_linear([weather.air.density(z), sound_speed(weather.air.temperature(z))]),
        "air_scale": scale, "air_below": float(below), "wind": wind_table(pad, weather.wind, heights), "air_cells": float(AIR_CELLS),
        "ground": np.ascontiguousarray(ground.height.ravel()), "ground_cells": float(ground.height.shape[0] - 1),
        "ground_step_inv": 1 / ground.step, "ground_top": float(ground.height.max()),
        "g0": g0, "g1": g1, "g2": g2, "g3": g3, "gy": gy,
        "inv_east": 0.0 if flat else 1 / pad.radius_east, "inv_north": 0.0 if flat else 1 / pad.radius_north,
        "omega_y": float(omega[1]), "omega_z": float(omega[2]), "top": top,
    }  # fmt: skip
