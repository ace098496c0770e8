"""What flows out of a hybrid or liquid, from a curve of its own: masses by hand, and what is refused."""

import numpy as np
import pytest

from downrange.errors import InputError, MotorFileError
from downrange.formats.curves import read_propellant
from downrange.motor import Motor


def hybrid(**other) -> Motor:
    """Thrust falls from 300 to 100 N in 4 s: 800 N s, five eighths of it in the first half."""
    given = dict(time=np.array([0.0, 4.0, 4.01]), thrust=np.array([300.0, 100.0, 0.0]), diameter=0.054, length=0.6,
                 propellant_mass=1.2, dry_mass=0.8)  # fmt: skip
    return Motor(designation="H200", **(given | other))


def sheet(tmp_path, text):
    path = tmp_path / "flow.csv"
    path.write_text(text)
    return path


def test_a_flow_is_summed(tmp_path):
    time, used = read_propellant(sheet(tmp_path, "mass_flow_g_s,time_s\n200,0\n400,1\n400,3\n0,4\n"))
    assert time == pytest.approx([0, 1, 3, 4])
    assert used == pytest.approx([0, 0.3, 1.1, 1.3])  # trapezia


def test_two_parts_of_either_kind(tmp_path):
    text = "time_s,tank_mass_kg,fuel_flow_kg_s\n0,1.0,0.05\n2,0.3,0.05\n4,0.1,0.05\n"
    assert read_propellant(sheet(tmp_path, text))[1] == pytest.approx([0, 0.8, 1.1])


@pytest.mark.parametrize("heading", ["Propellant mass flow [lb/s]", "Mass flow rate (lb/s)", "mdot_lb_s"])
def test_headings(tmp_path, heading):
    used = read_propellant(sheet(tmp_path, f"t,{heading}\n0,1\n2,1\n"))[1]
    assert used[-1] == pytest.approx(2 * 0.45359237)


@pytest.mark.parametrize(("text", "told"), [
    ("time_s,oxidiser_flow_kg_s\n0,1\n1,1\n", "one of the oxidiser and one of the fuel"),
    ("time_s,mass_flow_kg_s,fuel_flow_kg_s\n0,1,1\n1,1,1\n", "mass_flow_kg_s or propellant_left_kg"),
    ("time_s,thrust_N\n0,1\n1,1\n", "none of them"),
    ("time_s,mass_flow_kg_s,propellant_left_kg\n0,1,1\n1,1,0\n", "told twice"),
    ("time_s,mass_flow\n0,1\n1,1\n", "needs a unit"),
    ("time_s,propellant_left_kg\n0,1\n1,0.4\n2,0.5\n3,0\n", "grows again, to 0.5 kg"),
    ("time_s,mass_flow_kg_s\n0,1\n0,1\n", "time must increase"),
    ("time_s,mass_flow_kg_s\n0,-1\n1,1\n", "between 0 and"),
    ("time_s,mass_flow_kg_s\n0,0\n1,0\n", "nothing flows"),
    ("time_s,mass_flow_kg_s\n1,2\n", "fewer than two"),
    ("0,1\n1,1\n", "no heading"),
])  # fmt: skip
def test_refused(tmp_path, text, told):
    with pytest.raises(InputError, match=told):
        read_propellant(sheet(tmp_path, text))


def test_the_noise_of_a_load_cell_is_no_refilling(tmp_path):
    used = read_propellant(sheet(tmp_path, "time_s,propellant_left_kg\n0,1\n1,0.5\n2,0.505\n3,0\n"))[1]
    assert used == pytest.approx([0, 0.5, 0.5, 1.0])


def test_a_flow_may_begin_late(tmp_path):
    used = read_propellant(sheet(tmp_path, "time_s,mass_flow_kg_s\n0,0\n1,0\n2,1\n3,1\n"))[1]
    assert used == pytest.approx([0, 0, 0.5, 1.5])


def test_even_flow_while_thrust_falls():
    motor, flows = hybrid(), hybrid().flowing(np.array([0.0, 2.0, 4.01]), np.array([0.0, 2.0, 4.01]) * 1.2 / 4.01)
    assert flows.propellant_at(2.0) == pytest.approx(1.2 * (1 - 2 / 4.01))
    assert motor.propellant_at(2.0) == pytest.approx(1.2 * (1 - 500 / 800.5), rel=1e-6)  # by impulse
    assert flows.impulse == pytest.approx(motor.impulse, rel=1e-12)
    assert flows.propellant_at(5.0) == 0 and flows.propellant_at_samples[0] == pytest.approx(1.2)


def test_the_mass_that_is_stated_counts():
    flows = hybrid().flowing(np.array([0.0, 1.0, 4.0]), np.array([0.0, 0.46, 1.15]))
    assert flows.propellant_at(1.0) == pytest.approx(0.72)
    with pytest.raises(MotorFileError, match="1.1 kg flow out .* holds 1.2 kg"):
        hybrid().flowing(np.array([0.0, 4.0]), np.array([0.0, 1.1]))


def test_where_its_centre_moves_it_keeps_its_place():
    moving = hybrid(propellant_centres=np.array([0.4, 0.2, 0.1]))
    flows = moving.flowing(np.array([0.0, 2.0, 4.0]), np.array([0.0, 0.9, 1.2]))
    assert flows.propellant_centres == pytest.approx([0.4, 0.3, 0.2, 0.1])


@pytest.mark.parametrize(("time", "used", "told"), [
    ([0.0, 4.0, 6.0], [0.0, 1.1, 1.2], "0.0995 kg flow out after its thrust ends at 4.01 s"),
    ([0.0, 0.5, 4.4], [0.0, 0.2, 1.2], "0.2 kg flow out before its thrust begins at 0.5 s"),
])  # fmt: skip
def test_no_flow_without_thrust(time, used, told):
    start = time[1] if "before" in told else 0.0
    motor = hybrid(time=np.array([start, start + 4.0, start + 4.01]))
    with pytest.raises(MotorFileError, match=told):
        motor.flowing(np.array(time), np.array(used))


def test_many_samples_are_thinned_and_nothing_is_lost():
    time = np.linspace(0, 4.0, 30_001)
    flows = hybrid().flowing(time, 1.2 * (time / 4) ** 2)
    assert flows.time.size < 2_010 and flows.propellant_at(3.0) == pytest.approx(1.2 * (1 - 9 / 16), abs=1e-6)


def test_a_launch_takes_it_and_the_warning_goes(tmp_path):
    import downrange as dr

    (tmp_path / "h.eng").write_text("; hybrid\nH200 54 600 0 1.2 2.0 CLUB\n0.1 300\n4 100\n4.01 0\n")
    (tmp_path / "flow.csv").write_text("time_s,mass_flow_kg_s\n0,0.3\n4,0.3\n")
    (tmp_path / "site.yaml").write_text("latitude: 40 deg\nlongitude: 10 deg\nelevation: 100 m\n")
    (tmp_path / "rocket.yaml").write_text(ROCKET)
    apogees = []
    for flow in ("", ", flow: flow.csv"):
        (tmp_path / "launch.yaml").write_text(
            f"rocket: rocket.yaml\nsite: site.yaml\nmotor: {{file: h.eng{flow}, delay: 5 s}}\nrail: {{length: 3 m, elevation: 90 deg}}\n"
        )
        launch = dr.open_project(tmp_path / "launch.yaml").launch
        assert any("go with thrust" in f for f in launch.motor.flags) == (not flow)
        apogees.append(launch)
    left = [float(launch.motor.propellant_at(2.0)) for launch in apogees]
    assert left[1] == pytest.approx(0.6) and left[0] < 0.5


ROCKET = """name: Tube
parts:
  - type: nose cone
    shape: ogive
    length: 300 mm
    diameter: 66 mm
    mass: 300 g
  - type: body tube
    length: 1.2 m
    wall: 2 mm
    mass: 900 g
    parts:
      - {type: trapezoidal fins, count: 3, root_chord: 120 mm, tip_chord: 60 mm, span: 80 mm, sweep: 50 mm, thickness: 3 mm, position: bottom, mass: 100 g}
"""
