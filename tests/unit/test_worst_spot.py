"""Where the risk of a place is looked up, and what a person at its worst spot bears: on a grid made by hand."""

import numpy as np
import pytest
from shapely.geometry import box

from downrange.dispersion import Estimate
from downrange.safety.footprint import Density
from downrange.safety.ground import Shape
from downrange.safety.risk import _Scenario

EAST, NORTH = np.arange(5.0, 300.0, 10.0), np.arange(-95.0, 100.0, 10.0)  # 30 by 20 cells of 10 m


def scenario(grid: Density | None) -> _Scenario:
    return _Scenario(None, np.zeros((0, 2)), np.zeros(0), np.zeros(0), grid)


def grid() -> Density:
    """Risk that grows by 1e-6 a cell to the east and by 1e-4 a cell to the north: each cell has its own."""
    value = 1e-6 * np.arange(EAST.size)[None, :] + 1e-4 * np.arange(NORTH.size)[:, None]
    return Density(EAST, NORTH, value, 1.0, 1000, (10.0, 10.0))


def test_the_spots_of_a_place_are_its_cells_its_corners_and_its_middle():
    place = Shape("field", "house", box(40, -20, 100, 10))  # 6 by 3 cells: no square, not about the pad
    spots = scenario(grid()).spots(place)
    inner = spots[6:]
    assert {tuple(p) for p in inner} == {(x, y) for x in (45, 55, 65, 75, 85, 95) for y in (-15, -5, 5)}
    assert {tuple(p) for p in spots[:6]} == {(40, -20), (100, -20), (100, 10), (40, 10), (70, -5)}
    assert scenario(None).spots(place).tolist() == spots[:6].tolist()


def test_the_worst_spot_bears_the_peak_of_the_grid_or_the_mean_of_the_place():
    """Its north-eastern cell (column 9, row 10) has 9e-6 + 1e-3; a mean of the place above that counts instead."""
    s, place = scenario(grid()), Shape("field", "house", box(40, -20, 100, 10))
    spots = s.spots(place)[6:]
    peak = 9e-6 + 1e-3
    value, upper = s.spot(Estimate(0.9, 0.1, 1.8, 100), 1800.0, spots)  # 0.9 m2 upon 1,800 m2: a mean of 5e-4
    assert value == pytest.approx(peak) and upper == pytest.approx(2 * peak)
    value, upper = s.spot(Estimate(3.6, 0.1, 5.4, 100), 1800.0, spots)
    assert value == pytest.approx(2e-3) and upper == pytest.approx(3e-3)
    assert s.spot(Estimate(3600.0, 1.0, 7200.0, 100), 1800.0, spots) == (1.0, 1.0)


def test_where_nothing_hurt_the_bound_is_spread_over_the_place():
    assert scenario(grid()).spot(Estimate(0.0, 0.0, 0.36, 100), 1800.0, np.zeros((0, 2))) == (0.0, pytest.approx(2e-4))
    assert scenario(None).spot(Estimate(0.9, 0.1, 0.36, 100), 1800.0, np.zeros((0, 2))) == (0.0, pytest.approx(2e-4))
