"""A body's way in other air: what warmth does to density and Mach number, by hand; all of it in flight is held by
`test_traced_wind_and_rail_land_where_rebuilt_launches_do`."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from downrange.atmosphere import Air
from downrange.dispersion.way import Way
from downrange.flight import compile_launch, fly
from downrange.project import open_project
from downrange.tables import Table1D

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
T, WARMER = 285.0, 25.0


@pytest.fixture(scope="module")
def flown():
    """The starter in air of 285 K, with a drag coefficient that is its Mach number, and the same in warmer air of the same pressure at the pad."""
    launch = open_project(EXAMPLES / "first_rocket/launch.yaml").launch
    slope = Table1D(np.array([0.0, 5.0]), np.array([0.0, 5.0]), "drag")
    launch = replace(launch, aero=replace(launch.aero, drag_off=slope, drag_on=slope))
    z = launch.pad.elevation

    def in_air(temperature):
        air = Air.from_site(z, temperature, 96_000.0)
        return replace(launch, weather=replace(launch.weather, air=air))

    cold, warm = in_air(T), in_air(T + WARMER)
    flight = fly(compile_launch(cold), interpreted=True)
    return Way.of(flight), cold, warm


def test_a_drag_that_goes_with_mach_falls_with_the_root_of_temperature(flown):
    way, cold, warm = flown
    density, drag = way.in_other_air(compile_launch(cold).aero, warm, cold)
    assert drag == pytest.approx(np.sqrt(T / (T + WARMER)), rel=1e-3)
    # At the pad density goes as T/T'; 200 m up the warm air has lost less of its pressure.
    assert T / (T + WARMER) < density < 1.006 * T / (T + WARMER)


def test_the_same_air_changes_nothing(flown):
    way, cold, _ = flown
    assert way.in_other_air(compile_launch(cold).aero, cold, cold) == (pytest.approx(1.0, abs=1e-12), 1.0)
