"""Public flights diagnosed: what went as planned is called so, and what fell without a canopy is called that."""

from dataclasses import replace

import pytest

from cases import flight_case, validation
from downrange.dispersion import Uncertainty, make_plan
from downrange.failures import MODES, mode_probabilities
from downrange.formats.logs import read_log
from downrange.learning.diagnosis import diagnose_logs, fly_library
from downrange.rocket import Deploy, Parachute


def diagnosed(launch, log):
    plan = make_plan(
        launch, uncertain={}, relaunch=lambda _: launch, uncertainty=Uncertainty({}), modes=mode_probabilities(MODES)
    )
    return diagnose_logs(fly_library(plan, flights=64), [log], air_error=2.0)


@pytest.mark.parametrize(
    ("name", "log"),
    [
        ("genesis_2023", ("logs", "cats", "11_faraday__main.cfl")),
        ("ndrt_2020", ("flights", "ndrt_2020", "log_altimeter.csv")),
    ],
)
def test_flights_that_went_as_planned(name, log):
    found = diagnosed(flight_case(name)[0], read_log(validation(*log)))
    assert found.best.name == "nominal"
    assert found.best.probability > 0.75


def test_astra_came_down_ballistic():
    """Its published model has no canopy at all: one is given to it as such rockets carry, 1 m² at the top and 9 m/s at the ground."""
    launch = flight_case("astra_2022")[0]
    rocket = launch.rocket
    canopy = Parachute(name="drogue", cd_area=1.0, deploy=Deploy(event="apogee", lag=1.5))
    tube = replace(rocket.parts[1], parts=(*rocket.parts[1].parts, canopy))
    launch = replace(launch, rocket=replace(rocket, parts=(rocket.parts[0], tube, *rocket.parts[2:])))
    log = read_log(
        validation("flights", "astra_2022", "log_telemetry.csv"),
        columns={"t_s": "time s", "alt_agl_m_baro_isa_assumed": "altitude_agl m"},
    )
    found = diagnosed(launch, log)
    assert found.best.name == "no deployment"
    assert found.best.probability > 0.5
