"""Real flights from geometry alone: no team's drag curve, assumptions as in the validation data's README."""

import numpy as np
import pytest

from cases import FLIGHTS, flight_case
from downrange.flight import fly


def truth(data: dict) -> float:
    """Best geometric apogee, m."""
    measured = data["measured"]
    return measured.get("gps_apogee_agl_m") or measured["official_apogee_correction"]["geometric_agl_m_era5_corrected"]


def error(name: str, **assumed: object) -> tuple[float, str]:
    launch, data = flight_case(name, geometry=True, **assumed)
    return fly(launch, stop_at_apogee=True).apogee / truth(data) - 1, data["grade"]


def test_mean_error_over_the_grade_a_flights():
    seen = {n: error(n) for n in FLIGHTS}
    grade_a = [abs(e) for e, g in seen.values() if g == "A"]
    assert np.mean(grade_a) <= 0.06, {k: f"{100 * e:+.1f} %" for k, (e, _) in seen.items()}


def test_drag_grows_with_thickness_and_roughness():
    for name in ("genesis_2023", "camoes_2023"):
        base = error(name)[0]
        assert error(name, fin_thickness=0.006)[0] < base < error(name, fin_thickness=0.002)[0]
        assert error(name, finish="unfinished")[0] < base < error(name, finish="smooth paint")[0]


@pytest.mark.parametrize("name", ["genesis_2023", "bella_lui_2020", "ndrt_2020"])
def test_with_the_teams_drag_the_apogee_is_within_one_and_a_half_percent_of_the_flight(name):
    launch, data = flight_case(name)
    assert fly(launch, stop_at_apogee=True).apogee == pytest.approx(truth(data), rel=0.015)
