"""Real flights from geometry alone: no team's drag curve, assumptions as in the validation data's README."""

from dataclasses import replace

import numpy as np
import pytest

from cases import FLIGHTS, columns, flight_case, truth, validation
from downrange.aero import build_aero
from downrange.atmosphere import sound_speed
from downrange.flight import fly


def error(name: str, **assumed: object) -> tuple[float, str]:
    launch, data = flight_case(name, geometry=True, **assumed)
    return fly(launch, stop_at_apogee=True).apogee / truth(data) - 1, data["grade"]


def test_grade_a_flights():
    """NDRT stands apart: see `test_why_ndrt_flies_too_high_in_prediction`."""
    seen = {n: error(n) for n in FLIGHTS}
    good = {n: e for n, (e, g) in seen.items() if g == "A" and n != "ndrt_2020"}
    told = {k: f"{100 * e:+.1f} %" for k, (e, _) in seen.items()}
    assert np.mean([abs(e) for e in good.values()]) <= 0.05 and max(abs(e) for e in good.values()) <= 0.08, told
    assert np.mean([abs(e) for e, g in seen.values() if g == "A"]) <= 0.065, told  # NDRT with them
    assert max(abs(e) for e, _ in seen.values()) <= 0.15, told


def test_why_ndrt_flies_too_high_in_prediction():
    """Its log says that the rocket never was as fast as its thrust curve makes it: 155 m/s by its accelerometer, 178 here, 172 in the
    team's own simulation. With 8 % less thrust apogee and the time to it agree at once, which no drag does."""
    launch, data = flight_case("ndrt_2020", geometry=True)
    weaker = replace(launch, motor=replace(launch.motor, thrust=0.92 * launch.motor.thrust))
    flight, measured = fly(weaker, stop_at_apogee=True), data["measured"]
    assert flight.apogee == pytest.approx(truth(data), rel=0.02)
    assert flight.figures["time_to_apogee"] == pytest.approx(measured["log_apogee_time_s"], abs=0.25)
    assert flight.figures["max_speed"] == pytest.approx(measured["imu_integrated_max_velocity_m_s"], rel=0.06)
    assert fly(launch, stop_at_apogee=True).figures["time_to_apogee"] > measured["log_apogee_time_s"] + 0.7


def test_drag_of_genesis_coasting():
    """Its logged deceleration after burn-out is CD 0.55 to 0.64 between Mach 0.25 and 0.6 (speed integrated from the log)."""
    launch, data = flight_case("genesis_2023", geometry=True)
    log = columns(validation("flights", "genesis_2023", "log_altimeter.csv"))
    t, a = log["t_s"], log["axial_specific_force_minus_g_m_s2"]
    speed = np.concatenate([[0], np.cumsum(0.5 * (a[1:] + a[:-1]) * np.diff(t))])
    speed -= np.interp(-0.1, t, speed)
    height = data["launch"]["elevation_m_asl"] + log["geometric_alt_agl_m_era5_corrected"]
    coast = (t > 7.0) & (t < 15.0)
    air, aero = launch.weather.air, build_aero(launch.rocket)
    rho, sound = air.density(height[coast]), sound_speed(air.temperature(height[coast]))
    mass = data["rocket"]["mass_without_motor_kg"]
    cd = -(a[coast] + 9.80665) * mass / (0.5 * rho * speed[coast] ** 2 * aero.reference_area)
    ours = [aero.drag(v / c, v / 1.6e-5) for v, c in zip(speed[coast], sound, strict=True)]
    assert np.mean(ours) == pytest.approx(np.mean(cd), rel=0.08)


def test_drag_grows_with_thickness_and_roughness():
    for name in ("genesis_2023", "camoes_2023"):
        base = error(name)[0]
        assert error(name, fin_thickness=0.006)[0] < base < error(name, fin_thickness=0.002)[0]
        assert error(name, finish="unfinished")[0] < base < error(name, finish="smooth paint")[0]


@pytest.mark.parametrize("name", ["genesis_2023", "bella_lui_2020", "ndrt_2020"])
def test_with_the_teams_drag_the_apogee_is_within_one_and_a_half_percent_of_the_flight(name):
    launch, data = flight_case(name)
    assert fly(launch, stop_at_apogee=True).apogee == pytest.approx(truth(data), rel=0.015)
