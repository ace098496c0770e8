"""Code to code: six real flights with the teams' drag curves against RocketPy 1.12.1, and Calisto against 1.13.

Apogee and rail-exit speed within 0.5 %. Juno III is the exception in apogee: it leaves the rail at 36 degrees of
incidence, where body lift, the swing about the lower button and RocketPy's open lever-arm error (its issue 1186) make
different attitudes; measured 1.3 %.
"""

import pytest

from cases import FLIGHTS, calisto, flight_case
from downrange.flight import fly

APOGEE = {"juno3_2023": 0.015}


@pytest.mark.parametrize("name", FLIGHTS)
def test_flights(name):
    launch, data = flight_case(name)
    reference = data["rocketpy"]["rerun_v1_12_1"]
    f = fly(launch).figures
    assert f["rail_exit_speed"] == pytest.approx(reference["rail_exit_velocity_m_s"], rel=5e-3)
    assert f["apogee"] == pytest.approx(reference["apogee_agl_m"], rel=APOGEE.get(name, 5e-3))
    assert f["max_speed"] == pytest.approx(reference["max_speed_m_s"], rel=5e-3)
    assert f["liftoff_mass"] == pytest.approx(data["mass_properties_computed"]["liftoff_mass_kg"], rel=1e-4)
    assert f["liftoff_cg"] == pytest.approx(data["mass_properties_computed"]["cg_liftoff_x_from_nose_tip_m"], abs=2e-3)


def test_calisto_calm():
    launch, reference = calisto(wind=False)
    f = fly(launch).figures
    assert f["apogee"] == pytest.approx(reference["apogee_agl"], rel=2e-3)
    assert f["rail_exit_speed"] == pytest.approx(reference["rail_exit_v"], rel=2e-3)
    assert f["landing_time"] == pytest.approx(reference["t_final"], rel=5e-3)
    assert f["landing_speed"] == pytest.approx(-reference["impact_velocity"], rel=5e-3)


def test_calisto_wind():
    launch, reference = calisto(wind=True)
    f = fly(launch).figures
    assert f["apogee"] == pytest.approx(reference["apogee_agl"], rel=1e-2)  # its attitude in wind is not truth
    assert f["max_mach"] == pytest.approx(reference["max_mach"], rel=2e-3)
