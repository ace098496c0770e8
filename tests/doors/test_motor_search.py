"""Searching the dimensions of a motor made of grains: a known motor is found again, limits hold, questions that make no sense are refused."""

import json

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.motor.ballistics import fire
from downrange.project.motor_search import follow_curve, give_most, motor_axes, search_motor, wanted_curve
from downrange.project.motors import open_grain_motor

MOTOR = """name: S
propellant:
  density: 1680 kg/m3
  gas: {heat_ratio: 1.21, molar_mass: 23.67 g, temperature: 2800 K}
  burn_rate: [{from: 0.1 MPa, to: 9 MPa, at_1_MPa: 3.24 mm/s, exponent: 0.327}]
  efficiency: 0.95
grains: [{type: bates, diameter: 54 mm, length: 90 mm, core: CORE, count: 2}, {type: bates, diameter: 54 mm, length: 70 mm, core: 20 mm}]
nozzle: {throat: THROAT, exit: 30 mm, divergence: 15 deg, efficiency: 0.95}
case: {mass: 0.8 kg, diameter: 58 mm, outer_length: 400 mm}
limits: {pressure: 5 MPa}
"""


def opened(folder, core="18 mm", throat="14 mm"):
    (folder / "m.yaml").write_text(MOTOR.replace("CORE", core).replace("THROAT", throat), encoding="utf-8")
    return open_grain_motor(folder / "m.yaml")


def test_a_known_motor_is_found_again_from_its_curve(tmp_path):
    known = fire(opened(tmp_path, "23.4 mm", "12.3 mm").motor)
    start = opened(tmp_path)
    paths, axes = motor_axes(start, ["grains[0].core 15..30 mm", "nozzle.throat 10..18 mm"])
    found = search_motor(start, paths, axes, follow_curve(known.time, known.thrust))
    assert found.values["grains[0].core"] == pytest.approx(23.4e-3, rel=0.01)
    assert found.values["nozzle.throat"] == pytest.approx(12.3e-3, rel=0.01)
    assert found.cost < 0.01 and not found.broken
    assert found.burn.impulse == pytest.approx(known.impulse, rel=0.01)


def test_the_most_impulse_stands_at_the_limit_of_pressure(tmp_path):
    """A narrower throat gives more, up to what the case stands."""
    start = opened(tmp_path)
    paths, axes = motor_axes(start, ["nozzle.throat 9..20 mm"])
    found = search_motor(start, paths, axes, give_most("impulse"))
    assert found.burn.peak_pressure == pytest.approx(5e6, rel=0.005) and not found.broken


def test_a_name_without_a_number_stands_for_all_grains(tmp_path):
    start = opened(tmp_path)
    paths, axes = motor_axes(start, ["grains.core 20, 24 mm"])
    assert paths == ("grains[0].core grains[1].core",) and axes[0].choices == (0.02, 0.024)
    found = search_motor(start, paths, axes, give_most("impulse"))
    cores = {s.grain.core for s in found.opened.motor.segments}
    assert cores == {found.values["grains.core"]} == {0.02}


def test_a_wanted_curve_is_read_from_a_motor_file_or_a_table(tmp_path):
    (tmp_path / "w.csv").write_text("time (ms),thrust (lbf)\n0,0\n100,10\n900,10\n1000,0\n", encoding="utf-8")
    (tmp_path / "w.eng").write_text("T 29 120 P 0.1 0.2 X\n0.1 44.482\n0.9 44.482\n1.0 0\n", encoding="utf-8")
    for name in ("w.csv", "w.eng"):
        time, thrust = wanted_curve(tmp_path / name)
        assert np.trapezoid(thrust, time) == pytest.approx(0.9 * 44.4822, rel=1e-4)


def test_the_area_between_curves_by_hand():
    class Triangle:
        time, thrust = np.array([0.0, 1.0, 2.0]), np.array([0.0, 10.0, 0.0])

    cost = follow_curve(np.array([0.0, 2.0]), np.array([10.0, 10.0]))
    assert cost(Triangle) == pytest.approx(10 / 20)


@pytest.mark.parametrize(("vary", "said"), [
    ("nozzle.throt 9..20 mm", "nozzle.throat"), ("nozzle.throat", "says no values"), ("nozzle.throat 20..9 mm", "crossed"),
    ("nozzle.throat 9..20 s", "length"), ("grains[0].core -3..20 mm", "above"),
])  # fmt: skip
def test_questions_that_make_no_sense_are_refused(tmp_path, vary, said):
    with pytest.raises(InputError, match=said):
        motor_axes(opened(tmp_path), [vary])


def test_the_command_tells_and_writes(tmp_path, call):
    opened(tmp_path)
    asked = ("motor", "design", tmp_path / "m.yaml", "--vary")
    code, out, _ = call(*asked, "nozzle.throat 9..20 mm", "--most", "impulse", "--json", "--out", tmp_path / "m.eng")
    told = json.loads(out)
    assert code == 0 and told["throat_m"] == told["varied"]["nozzle.throat"] and (tmp_path / "m.eng").exists()
    code, out, _ = call(*asked, "nozzle.throat 9..9.5 mm", "--most", "impulse")
    assert code == 1 and "beyond its limit" in out
    code, _, err = call(*asked, "nozzle.throat 9..20 mm")
    assert code == 2 and "--curve" in err
