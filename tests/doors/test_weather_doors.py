"""The weather of a launch file: what is stated twice, by half, or in another order."""

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.project import open_project

ROCKET = """
name: T
parts:
- {type: nose cone, shape: ogive, length: 0.15 m, diameter: 0.05 m, wall: 2 mm}
- type: body tube
  length: 0.6 m
  wall: 1 mm
  motor_mount: true
  parts:
  - {type: trapezoidal fins, position: bottom, count: 3, root_chord: 0.1 m, tip_chord: 0.05 m, span: 0.06 m, sweep: 0.05 m, thickness: 3 mm}
measured: {mass: 0.3 kg, cg: 0.4 m}
"""
PROFILE = "height_agl_m,temperature_c,wind_speed_m_s,wind_from_deg\n0,15,10,270\n1000,8,10,270\n3000,-5,10,270\n"


def launch(tmp_path, weather, *, elevation="0 m", profile=PROFILE, **more):
    (tmp_path / "rocket.yaml").write_text(ROCKET)
    (tmp_path / "site.yaml").write_text(f"name: flat\nlatitude: 45 deg\nlongitude: 7 deg\nelevation: {elevation}\n")
    (tmp_path / "p.csv").write_text(profile)
    path = tmp_path / "launch.yaml"
    path.write_text(f"rocket: rocket.yaml\nsite: site.yaml\nmotor: AeroTech F52T\n{weather}")
    return open_project(path, **more).launch


def refused(tmp_path, weather, **more):
    with pytest.raises(InputError) as seen:
        launch(tmp_path, weather, **more)
    return seen.value


def test_a_wind_needs_its_direction(tmp_path):
    error = refused(tmp_path, "weather:\n  wind:\n    speed: 8 m/s\n")
    assert "8 m/s needs the direction" in error.message and error.line == 6 and error.key == "weather.wind.speed"
    assert "needs its speed" in refused(tmp_path, "weather:\n  wind:\n    from: 270 deg\n").message
    calm = launch(tmp_path, "weather:\n  wind: {speed: 0 m/s}\n").weather.wind
    assert calm.east(100.0) == 0.0 and calm.north(100.0) == 0.0


def test_a_profile_wins_over_the_wind_beside_it_and_says_so(tmp_path):
    both = launch(tmp_path, "weather:\n  profile: p.csv\n  wind: {speed: 0 m/s, from: 0 deg}\n  temperature: 30 degC\n")
    assert both.weather.wind.east(500.0) == pytest.approx(10.0)
    assert both.weather.air.temperature(0.0) == pytest.approx(288.15)
    assert any("weather.wind is not used: the profile p.csv has wind" in n for n in both.notes)
    assert any("weather.temperature is not used" in n for n in both.notes)


def test_the_wind_beside_a_profile_without_wind_is_used(tmp_path):
    air_only = "height_agl_m,temperature_c\n0,15\n3000,-5\n"
    one = launch(
        tmp_path, "weather:\n  profile: p.csv\n  wind: {speed: 4 m/s, from: 90 deg, exponent: 0}\n", profile=air_only
    )
    assert one.weather.wind.east(500.0) == pytest.approx(-4.0) and one.notes == ()


def test_the_wind_of_the_command_line_wins_over_all_in_silence(tmp_path):
    text = "weather:\n  profile: p.csv\n  wind: {speed: 1 m/s, from: 0 deg}\n"
    one = launch(tmp_path, text, wind=(6.0, np.pi / 2))
    assert one.weather.wind.east(10.0) == pytest.approx(-6.0) and one.notes == ()


def test_layers_in_any_order_and_each_height_once(tmp_path):
    text = "weather:\n  wind:\n    layers:\n    - {height: 2000 m, speed: 8 m/s, from: 90 deg}\n    - {height: 0 m, speed: 2 m/s, from: 90 deg}\n"
    assert launch(tmp_path, text).weather.wind.east(1000.0) == pytest.approx(-5.0)
    twice = text + "    - {height: 2000 m, speed: 3 m/s, from: 10 deg}\n"
    error = refused(tmp_path, twice)
    assert "two layers of wind at 2000 m" in error.message and error.line == 9 and error.file.endswith("launch.yaml")
    assert "beside them" in refused(tmp_path, text + "    speed: 3 m/s\n").message


def test_a_pressure_of_the_sea_is_not_one_of_the_pad(tmp_path):
    text = "weather:\n  pressure: 1020 hPa\n"
    error = refused(tmp_path, text, elevation="2500 m")
    assert "does not occur at 2500 m" in error.message and "747 hPa is usual" in error.message and error.line == 5
    assert any("reduced to sea level" in n for n in launch(tmp_path, text, elevation="420 m").notes)
    assert launch(tmp_path, text, elevation="0 m").notes == ()


def test_what_a_profile_does_not_read_is_a_warning(tmp_path):
    text = PROFILE.replace("wind_from_deg", "wind_from_deg,humidity").replace(",270\n", ",270,50\n")
    one = launch(tmp_path, "weather:\n  profile: p.csv\n", profile=text)
    assert one.notes == ("p.csv: not read: humidity.",)
