"""Coefficient tables of other programs, and of none."""

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.formats import read_aero_table

RASAERO = """Mach,Alpha,CD,CD Power-Off,CD Power-On,CA Power-Off,CA Power-On,CL,CN,CN Potential,CN Viscous,CNalpha (0 to 4 deg) (per rad),CP,CP (0 to 4 deg),Reynolds Number
0.01,0,0.449,0.449,0.432,0.449,0.432,0,0,0,0,11.2,32.05,32.05,67000
0.01,2,0.46,0.46,0.44,0.45,0.43,0.38,0.39,0.38,0.01,11.2,31.9,32.05,67000
0.02,0,0.330,0.330,0.313,0.330,0.313,0,0,0,0,11.2,32.05,32.05,134000
"""
OPENROCKET = """# Some rocket
# Time (s),Altitude (m),Vertical velocity (m/s),Mach number (),Thrust (N),Drag coefficient (),CP location (cm)
# Event LAUNCH occurred at t=0 seconds
0,0,0,0,10,2.5,NaN
0.1,1,20,0.10,10,0.60,52.1
0.2,5,60,0.20,10,0.62,52.2
# Event BURNOUT occurred at t=0.3 seconds
0.3,9,50,0.20,0,0.66,52.3
0.4,12,30,0.10,0,0.65,52.2
9,40,-5,0.05,0,8.8,
"""
DATCOM = """MACH,ALPHA,CN,CM,CA
0.5,0,0,0,0.40
0.5,2,0.349,-0.698,0.41
0.5,4,0.698,-1.396,0.43
2.0,0,0,0,0.55
2.0,2,0.2,-0.3,0.56
"""
PLAIN = "mach,cd_power_off,cd_power_on,cn_alpha_per_deg,cp_mm\n0.1,0.5,0.45,0.2,500\n1.2,0.8,0.7,0.25,520\n"


def write(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rasaero(tmp_path):
    t = read_aero_table(write(tmp_path, RASAERO))
    assert t.kind == "rasaero" and t.drag_off(0.01) == 0.449 and t.drag_on(0.02) == 0.313
    assert t.normal_slope(0.02) == 11.2 and t.centre_of_pressure(0.01) == pytest.approx(32.05 * 0.0254)


def test_openrocket_simulation(tmp_path):
    t = read_aero_table(write(tmp_path, OPENROCKET))
    assert t.kind == "openrocket" and t.drag_off(0.2) == 0.66 and t.drag_on(0.1) == 0.60
    assert t.drag_off.y.max() < 1 and t.centre_of_pressure(0.1) == pytest.approx(0.5215)


def test_datcom(tmp_path):
    path = write(tmp_path, DATCOM)
    t = read_aero_table(path, moment_centre=0.5, reference_length=0.1)
    assert t.kind == "datcom" and t.drag_off(2.0) == 0.55
    assert t.normal_slope(0.5) == pytest.approx(0.349 / np.radians(2), rel=1e-6)
    assert t.centre_of_pressure(0.5) == pytest.approx(0.7) and t.centre_of_pressure(2.0) == pytest.approx(0.65)
    assert read_aero_table(path).centre_of_pressure is None
    with pytest.raises(InputError, match="reference_length"):
        read_aero_table(path, moment_centre=0.5)


def test_plain(tmp_path):
    t = read_aero_table(write(tmp_path, PLAIN))
    assert t.kind == "plain" and t.drag_on(1.2) == 0.7
    assert t.normal_slope(0.1) == pytest.approx(0.2 * 180 / np.pi) and t.centre_of_pressure(1.2) == pytest.approx(0.52)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("time,height\n1,2\n", "no column is called Mach"),
        ("mach,cd\n", "heading but no rows"),
        ("mach,reynolds\n0.1,5\n", "no drag, CNα or CP"),
        ("mach,cd\n0.1,55\n", "between 0 and 20"),
        ("\x00\x01", "binary"),
    ],
)
def test_bad_tables_say_what_is_wrong(tmp_path, text, word):
    with pytest.raises(InputError, match=word):
        read_aero_table(write(tmp_path, text))
