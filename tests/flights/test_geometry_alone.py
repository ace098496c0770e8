"""Real flights from geometry alone: no team's drag curve, assumptions as in the validation data's README."""

from dataclasses import replace

import numpy as np
import pytest

from cases import FLIGHTS, columns, flight_band, flight_case, truth, validation
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
    # 5 % is the aim, and not met: 5.3 %, of which Camões, whose brakes the drag of the whole stands beside, is twice the mean.
    assert np.mean([abs(e) for e in good.values()]) <= 0.055, told


def test_bands_hold():
    """Default uncertainties and priors stand on published evidence and on descents, and none was fitted to an apogee. That is not
    blind: earlier editions had been flown on these six, and their errors were known when methods and priors were chosen.

    Five of six lie in their 90 % bands, and NDRT, whose log contradicts its thrust, is the sixth.
    """
    seen = {n: flight_band(n) for n in FLIGHTS}
    z = {n: (right - band.mean) / band.sigma for n, (band, right) in seen.items()}
    inside = [n for n, (band, right) in seen.items() if band.most[0] <= right <= band.most[1]]
    assert set(FLIGHTS) - set(inside) <= {"ndrt_2020"}, z
    assert 0.6 <= np.sqrt(np.mean(np.square(list(z.values())))) <= 1.25, z
    # Bands are no wider than they must be: a tenth of the height, not a half.
    assert max(band.sigma / band.mean for band, _ in seen.values()) < 0.12


def test_finish_moves_the_fast_flights_most():
    """What the sources say nothing of is told apart, with its share."""
    band, _ = flight_band("genesis_2023")
    assert band.shares[0].name == "unsaid.finish" and band.shares[0].assumed
    assert 0.04 < band.share("unsaid.finish") / band.mean < 0.1
    slow, _ = flight_band("bella_lui_2020")  # Mach 0.25: its impulse counts, drag hardly
    assert slow.shares[0].name == "thrust"
    assert slow.share("thrust") / slow.mean == pytest.approx(2 * 0.035, rel=0.2)  # height goes as the square of speed


def test_why_ndrt_flies_too_high_in_prediction():
    """Its log says that the rocket never was as fast as its thrust curve makes it: 155 m/s by its accelerometer, 178 here, 172 in the
    team's own simulation. With 8 % less thrust, and the paint that its finish may as well have had, apogee and the time to it agree at once, which no drag does."""
    launch, data = flight_case("ndrt_2020", geometry=True)
    launch = replace(launch, rocket=replace(launch.rocket, roughness=60e-6))
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
    air = launch.weather.air
    rho, sound = air.density(height[coast]), sound_speed(air.temperature(height[coast]))
    mass = data["rocket"]["mass_without_motor_kg"]
    cd = -(a[coast] + 9.80665) * mass / (0.5 * rho * speed[coast] ** 2 * launch.rocket.reference_area)

    def ours(roughness: float) -> float:
        aero = build_aero(replace(launch.rocket, roughness=roughness))
        return float(
            np.mean([aero.drag(v / c, v / 1.6e-5) for v, c in zip(speed[coast][::20], sound[::20], strict=True)])
        )

    # Its finish is not known: what was measured lies between that of good paint and that of none.
    assert ours(6e-6) < np.mean(cd) < ours(150e-6)
    assert ours(60e-6) == pytest.approx(np.mean(cd), rel=0.08)


def test_drag_grows_with_thickness_and_roughness():
    for name in ("genesis_2023", "camoes_2023"):
        base = error(name)[0]
        assert error(name, fin_thickness=0.006)[0] < base < error(name, fin_thickness=0.002)[0]
        assert error(name, finish="unfinished")[0] < base < error(name, finish="polished")[0]


@pytest.mark.parametrize("name", ["genesis_2023", "bella_lui_2020", "ndrt_2020"])
def test_with_the_teams_drag_the_apogee_is_within_one_and_a_half_percent_of_the_flight(name):
    launch, data = flight_case(name)
    assert fly(launch, stop_at_apogee=True).apogee == pytest.approx(truth(data), rel=0.015)
