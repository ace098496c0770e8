from pathlib import Path

import numpy as np
import pytest

from cases import validation
from downrange.errors import InputError, MotorFileError, NotFoundError
from downrange.files.curves import read_thrust
from downrange.files.motors import pick_motor, read_eng, read_rse, write_eng
from downrange.motor import Motor, catalogue_entries, find_motors, impulse_class, motor_from_catalogue

GOOD = """; two motors and comments
A8 18 70 3-5 0.0033 0.01635 Estes
 0.1 5.0 ; rising
 0.2 9.7
 0.7 0
;
X100 54 400 P 0.5 1.0 A_Maker Name
0.05 120
2.0 80
2.1 0.0
"""


def test_eng_reads_all_motors(tmp_path: Path):
    path = tmp_path / "m.eng"
    path.write_text(GOOD)
    a, x = read_eng(path)
    assert (a.designation, a.delays, a.diameter) == ("A8", (3.0, 5.0), 0.018)
    assert a.time[0] == 0 and a.thrust[0] == 0
    assert a.impulse == pytest.approx(0.5 * 0.1 * 5 + 0.5 * 0.1 * 14.7 + 0.5 * 0.5 * 9.7)
    assert x.plugged and x.delays == () and x.manufacturer == "A_Maker Name"
    assert pick_motor(path, "x100").propellant_mass == 0.5
    with pytest.raises(MotorFileError, match="did you mean 'X100'"):
        pick_motor(path, "X10")
    write_eng(tmp_path / "again.eng", [a, x])
    b, y = read_eng(tmp_path / "again.eng")
    assert b.impulse == pytest.approx(a.impulse) and y.total_mass == pytest.approx(x.total_mass)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("A8 18 70 3 0.0033 0.016 E\n0.1 5\n0.1 6\n0.5 0\n", "time must increase"),
        ("A8 18 70 3 0.0033 0.016 E\n0.1 5\n0.5 3\n", "ends at 3 N"),
        ("A8 18 70 3 0.0033 0.016 E\n0.1 nan\n0.5 0\n", "thrust is nan"),
        ("A8 18 70 3 0.0033 0.016 E\n", "no samples"),
        ("A8 18 70 3 0.0033 0.001 E\n0.1 5\n0.5 0\n", "below the propellant"),
        ("hello world\n", "expected a header"),
        ("", "no motor"),
        ("A8 18 70 3 x 0.016 E\n0.1 5\n0.5 0\n", "propellant mass should be a number"),
    ],
)
def test_eng_refuses_with_the_reason(tmp_path: Path, text: str, says: str):
    path = tmp_path / "bad.eng"
    path.write_text(text)
    with pytest.raises(MotorFileError, match=says):
        read_eng(path)


def test_binary_and_missing_files(tmp_path: Path):
    (tmp_path / "b.eng").write_bytes(bytes(range(256)) * 40)
    with pytest.raises(MotorFileError, match="binary"):
        read_eng(tmp_path / "b.eng")
    with pytest.raises(MotorFileError, match="no such file - did you mean 'b.eng'"):
        read_eng(tmp_path / "bb.eng")
    (tmp_path / "x.rse").write_text("<engine-database><engine")
    with pytest.raises(MotorFileError, match="not valid XML"):
        read_rse(tmp_path / "x.rse")


def test_rse_with_mass_and_cg_columns():
    (motor,) = read_rse(validation("formats", "Estes_A8.rse"))
    assert motor.impulse == pytest.approx(2.32, rel=2e-3)  # the file's own Itot
    assert motor.burn_time == pytest.approx(0.73, abs=0.08)
    assert motor.propellant_at_samples[0] == pytest.approx(0.0033, rel=1e-3)
    assert motor.propellant_at_samples[-1] == 0
    assert motor.total_mass == pytest.approx(0.01635)
    assert motor.delays == (3.0, 5.0)


def test_curve_csv(tmp_path: Path):
    (tmp_path / "c.csv").write_text("time,thrust\n0,0\n0.5,100\n1,0\n")
    t, f = read_thrust(tmp_path / "c.csv")
    assert t.tolist() == [0, 0.5, 1] and f.tolist() == [0, 100, 0]
    (tmp_path / "d.csv").write_text("0,0\n1,5\n0.5,0\n")
    with pytest.raises(InputError, match="time must increase"):
        read_thrust(tmp_path / "d.csv")


@pytest.mark.parametrize(
    ("impulse", "letter"),
    [
        (0.3, "1/8A"),
        (1.25, "1/2A"),
        (1.26, "A"),
        (2.5, "A"),
        (5.0, "B"),
        (5.01, "C"),
        (640, "I"),
        (640.1, "J"),
        (40960, "O"),
        (50000, "P"),
    ],
)
def test_impulse_classes_end_at_their_top(impulse, letter):
    assert impulse_class(impulse) == letter


def test_catalogue_is_whole_and_flagged():
    entries = catalogue_entries()
    assert len(entries) == 1125
    curves = [e for e in entries if "time_s" in e]
    assert len(curves) == 1070
    for e in curves:
        assert e["thrust_n"][-1] == 0 and np.all(np.diff(e["time_s"]) > 0), e["designation"]

    def flagged(words: str) -> int:
        return sum(any(words in f for f in e.get("flags", ())) for e in curves)

    # As counted independently in the package's data: 20 with repeated times, 8 not ending at zero, 75 over 5 % off.
    assert (flagged("two samples"), flagged("curve ended at"), flagged("% off")) == (20, 8, 75)


def test_catalogue_by_name():
    k550 = motor_from_catalogue("K550W")
    assert k550.manufacturer == "AeroTech" and k550.diameter == 0.054
    assert k550.delays == (6, 8, 10, 12, 14)
    assert motor_from_catalogue("Cesaroni L995").designation == "3618L995-P"
    with pytest.raises(NotFoundError, match="'Estes C6'"):
        motor_from_catalogue("C6")
    with pytest.raises(NotFoundError, match="did you mean 'K550'"):
        motor_from_catalogue("K550X")
    found = list(find_motors("54 mm K"))
    assert found and all(e["diameter_m"] == 0.054 and e["class"] == "K" for e in found)


def test_burn_time_is_from_five_to_five_percent():
    m = Motor(
        designation="t",
        time=np.array([0, 1, 3, 4.0]),
        thrust=np.array([0, 100, 100, 0.0]),
        diameter=0.05,
        length=0.3,
        propellant_mass=1,
        dry_mass=1,
    )
    assert m.burn_time == pytest.approx(4 - 0.05 - 0.05)
    assert m.propellant_at_samples == pytest.approx([1, 1 - 50 / 300, 50 / 300, 0])
    assert m.scaled(impulse=1.1, time=2.0).impulse == pytest.approx(1.1 * m.impulse)
