"""Numbers of U.S. Standard Atmosphere 1976 (Tables I and III) and NGA.STND.0036."""

import numpy as np
import pytest

from downrange.atmosphere import (
    Air,
    Weather,
    Wind,
    pressure_altitude,
    sound_speed,
    standard_pressure,
    standard_temperature,
    viscosity,
)
from downrange.earth import Pad, gravity_j2, gravity_normal
from downrange.errors import InputError, TableError
from downrange.flight import PlainBody, compile_body
from downrange.flight.kernel.physics import height
from downrange.flight.packing import pack_tables


@pytest.mark.parametrize(
    ("z", "t", "p"),
    [
        (0, 288.150, 101325.0), (11000, 216.774, 22699.9), (20000, 216.650, 5529.3), (32000, 228.490, 889.06),
        (47000, 269.684, 115.85), (60000, 247.021, 21.958), (80000, 198.639, 1.0524), (85999, 186.946, 0.37345),
        (100000, 195.08, 0.032011),
    ],
)  # fmt: skip
def test_standard_atmosphere(z, t, p):
    assert standard_temperature(z) == pytest.approx(t, abs=6e-3)
    assert standard_pressure(z) == pytest.approx(p, rel=1.5e-4)


def test_sound_and_viscosity_at_sea_level():
    assert sound_speed(288.15) == pytest.approx(340.294, abs=1e-3)
    assert viscosity(288.15) == pytest.approx(1.7894e-5, abs=1e-9)


def test_site_temperature_and_pressure_bend_the_standard():
    # A reference of another program: 281.15 K and 89 876 Pa at 1000 m (its heights are geopotential: 0.05 % in p).
    air = Air.from_site(1000.0, 281.15, 89876.0)
    assert air.temperature(500.0) == pytest.approx(284.375, abs=2e-3)
    assert air.pressure(500.0) == pytest.approx(95472.8, rel=5e-4)
    assert air.temperature(0.0) == pytest.approx(287.6, abs=3e-3)
    hot = Air.from_site(0.0, 308.15, 101325.0)
    assert hot.density(0.0) == pytest.approx(101325 / (287.05287 * 308.15), rel=1e-6)


def test_levels_with_and_without_pressure_agree():
    z = np.array([100.0, 900.0, 2500.0, 6000.0])
    t = standard_temperature(z) + 12
    hydrostatic = Air.from_levels(z, t, elevation=100.0, pad_pressure=99000.0)
    given = Air.from_levels(z, t, hydrostatic.pressure(z))
    at = np.array([50.0, 300.0, 1700.0, 5500.0, 9000.0])
    assert given.density(at) == pytest.approx(hydrostatic.density(at), rel=1e-5)
    with pytest.raises(TableError, match="must increase"):
        Air.from_levels(z[::-1], t)
    with pytest.raises(InputError, match="kelvin"):
        Air.from_levels(z, t - 273.15)


def test_altimeter_reads_low_on_a_hot_day():
    hot = Air.from_levels(np.array([0.0, 12000.0]), standard_temperature(np.array([0.0, 12000.0])) * 1.05)
    assert hot.altimeter(3000.0, 0.0) == pytest.approx(3000 / 1.05, rel=2e-3)
    assert hot.geometric(float(hot.altimeter(3000.0, 0.0)), 0.0) == pytest.approx(3000.0, abs=1.0)
    assert pressure_altitude(standard_pressure(5000.0)) == pytest.approx(4996.1, abs=0.1)  # geopotential metres


def test_wind_blends_to_the_ground_instead_of_stepping():
    wind = Wind.from_levels([700.0, 1500.0], [8.0, 12.0], [0.0, 0.0], elevation=200.0)
    assert wind.east(200.0) == 0.0
    assert wind.east(450.0) == pytest.approx(8 * 0.5 ** (1 / 7), rel=2e-3)
    assert wind.east(1100.0) == pytest.approx(10.0)
    assert wind.east(9000.0) == 12.0
    west = Wind.constant(5.0, np.radians(270))
    assert (float(west.east(0.0)), float(west.north(0.0))) == (pytest.approx(5.0), pytest.approx(0.0, abs=1e-12))


def test_an_earth_that_stands_still_has_no_centrifugal_part():
    # ω² a = 0.033916 m/s2 at the equator, none at the pole (Moritz, Geodetic Reference System 1980).
    for model in ("normal", "j2", "spherical"):
        turning, still = (Pad(0.0, 0.0, 0.0, model, rotating=r) for r in (True, False))
        assert still.gravity(0.0) - turning.gravity(0.0) == pytest.approx(0.033916, abs=1e-6)
        assert Pad(np.pi / 2, 0.0, 0.0, model, rotating=False).gravity(0.0) == pytest.approx(
            Pad(np.pi / 2, 0.0, 0.0, model).gravity(0.0), abs=1e-12
        )
    gravitation = Pad(0.0, 0.0, 0.0, "j2", rotating=False).gravity(0.0)
    assert gravitation / 0.3048 == pytest.approx(32.1988106712, abs=2e-5)  # NASA's NESC cases
    round_ = Pad(0.0, 0.0, 0.0, "spherical", rotating=False)
    assert round_.gravity(0.0) == pytest.approx(3.986004418e14 / 6378137.0**2, rel=1e-12)
    assert round_.gravity(1e5) == pytest.approx(3.986004418e14 / 6478137.0**2, rel=1e-12)


def test_gravity():
    assert gravity_normal(0.0, 0.0) == pytest.approx(9.7803253359, abs=1e-9)
    assert gravity_normal(np.pi / 2, 0.0) == pytest.approx(9.8321849379, abs=1e-8)
    assert gravity_normal(np.radians(45), 0.0) == pytest.approx(9.8061977, abs=1e-6)
    # NESC: gravitation of 32.1988 ft/s2 at the equator is gravity plus the centrifugal 0.1113 ft/s2.
    assert gravity_j2(0.0, 0.0) / 0.3048 == pytest.approx(32.1988106712 - 7.292115e-5**2 * 6378137.0 / 0.3048, abs=2e-5)


def test_positions_there_and_back():
    pad = Pad(np.radians(39.4), np.radians(-8.3), 160.0)
    there = np.array([81234.0, -43210.0, 27777.0])
    lat, lon, h = pad.geodetic(there)
    assert pad.position_enu(float(lat), float(lon), float(h)) == pytest.approx(there, abs=1e-6)


@pytest.mark.parametrize(("down_range", "limit"), [(2e3, 1e-3), (2e4, 0.01), (1e5, 0.25)])
def test_kernel_height_against_exact_geodesy(down_range, limit):
    pad = Pad(np.radians(47.2), np.radians(9.0), 400.0)
    T = pack_tables(pad, Weather(), compile_aero(), mach_max=1.0, top=1e5)
    for azimuth in np.radians([10.0, 75.0, 140.0, 215.0, 300.0]):
        for up in (0.0, 0.3 * down_range):
            r = np.array([down_range * np.sin(azimuth), down_range * np.cos(azimuth), up])
            h, nx, ny = height(T, *r)
            assert h == pytest.approx(float(pad.geodetic(r)[2]) - 400.0, abs=limit)


def compile_aero():
    from alpha import alpha_iii
    from downrange.aero import build_aero

    return build_aero(alpha_iii())


def test_pad_refuses_nonsense():
    with pytest.raises(InputError, match="latitude"):
        Pad(2.0, 0.0)
    with pytest.raises(InputError, match="elevation"):
        Pad(0.5, 0.0, 20000.0)
    assert compile_body(PlainBody(1.0, np.eye(3)), Pad(0.5, 0.1), Weather(), top=1000.0).full is False
