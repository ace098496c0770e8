"""Code to code: six real flights with the teams' drag curves against RocketPy 1.12.1, and Calisto against 1.13.

RocketPy's tracker has an error open (1186): the offset of the present centre of gravity from that of the dry rocket
enters its moments with the wrong sign. Mirroring the propellant about the dry centre of gravity does the same to ours,
and without the swing about the lower button, which RocketPy does not have either, all six flights and Calisto in wind
then agree in apogee to 0.2 % and in drift to 2 % of it. With the right sign, apogees differ by up to 1.2 % (Juno III, 36
degrees of incidence at rail exit). That ours is right stands on closed forms:
`test_pitch_oscillation_has_the_closed_forms_frequency_and_damping`, and that the mirrored one is not, there too.
"""

import numpy as np
import pytest

from cases import FLIGHTS, calisto, flight_case, with_rocketpys_lever_arm
from downrange.flight import fly

RIGHT_ARM = {"juno3_2023": 0.0125}  # how far the right lever arm takes the apogee away, where above 0.5 %


@pytest.mark.parametrize("name", FLIGHTS)
def test_flights_with_its_lever_arm(name):
    launch, data = flight_case(name)
    reference = data["rocketpy"]["rerun_v1_12_1"]
    out = with_rocketpys_lever_arm(launch)
    assert out["rail_exit_speed"] == pytest.approx(reference["rail_exit_velocity_m_s"], rel=1e-3)
    assert out["apogee"] == pytest.approx(reference["apogee_agl_m"], rel=2.5e-3)
    theirs = np.array([reference["apogee_x_east_m"], reference["apogee_y_north_m"]])
    ours = np.array([out["apogee_east"], out["apogee_north"]])
    assert np.linalg.norm(ours - theirs) < max(20.0, 0.02 * np.linalg.norm(theirs))


def test_calisto_in_wind_with_its_lever_arm():
    launch, reference = calisto(wind=True)
    out = with_rocketpys_lever_arm(launch)
    assert out["apogee"] == pytest.approx(reference["apogee_agl"], rel=5e-4)
    assert out["apogee_east"] == pytest.approx(reference["apogee_x"], abs=20)
    assert out["apogee_north"] == pytest.approx(reference["apogee_y"], abs=20)


@pytest.mark.parametrize("name", FLIGHTS)
def test_flights(name):
    launch, data = flight_case(name)
    reference = data["rocketpy"]["rerun_v1_12_1"]
    f = fly(launch).figures
    assert f["rail_exit_speed"] == pytest.approx(reference["rail_exit_velocity_m_s"], rel=5e-3)
    assert f["apogee_agl"] == pytest.approx(reference["apogee_agl_m"], rel=RIGHT_ARM.get(name, 5e-3))
    assert f["max_speed"] == pytest.approx(reference["max_speed_m_s"], rel=5e-3)
    assert f["liftoff_mass"] == pytest.approx(data["mass_properties_computed"]["liftoff_mass_kg"], rel=1e-4)
    assert f["liftoff_cg"] == pytest.approx(data["mass_properties_computed"]["cg_liftoff_x_from_nose_tip_m"], abs=2e-3)


def test_calisto_calm():
    launch, reference = calisto(wind=False)
    f = fly(launch).figures
    assert f["apogee_agl"] == pytest.approx(reference["apogee_agl"], rel=2e-3)
    assert f["rail_exit_speed"] == pytest.approx(reference["rail_exit_v"], rel=2e-3)
    assert f["flight_time"] == pytest.approx(reference["t_final"], rel=5e-3)
    assert f["ground_hit_speed"] == pytest.approx(-reference["impact_velocity"], rel=5e-3)


def test_calisto_wind():
    launch, reference = calisto(wind=True)
    f = fly(launch).figures
    assert f["apogee_agl"] == pytest.approx(reference["apogee_agl"], rel=1e-2)  # its attitude in wind is not truth
    assert f["max_mach"] == pytest.approx(reference["max_mach"], rel=2e-3)
