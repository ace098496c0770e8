"""Tables are read by their headings and units, or refused with what would be right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.formats import read_aero_table
from downrange.formats.curves import (
    read_airfoil,
    read_brake_schedule,
    read_brake_table,
    read_centre_of_pressure,
    read_drag,
    read_normal_slope,
    read_thrust,
)

LBF, KGF = 4.4482216152605, 9.80665  # N; NIST SP 811


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "mach,cd\n0,0.5\n1,0.8\n",
        "cd,mach\n0.5,0\n0.8,1\n",
        "Reynolds,Mach Number,CL,Drag coefficient (-)\n1e6,0,0.1,0.5\n2e6,1,0.2,0.8\n",
        "mach;cd\n0;0,5\n1;0,8\n",
        "Mach\tCD\n0\t0.5\n1\t0.8\n",
        "# a note\nmach [-],CD Power-Off\n0,0.5\n1,0.8\n",
        "0,0.5\n1,0.8\n",
        "mach,ca,cd\n0,9,0.5\n1,9,0.8\n",
    ],
)
def test_drag_by_heading(tmp_path, text):
    off, on = read_drag(write(tmp_path, text))
    assert off(0.5) == pytest.approx(0.65) and on(0.5) == pytest.approx(0.65)


def test_power_on_by_heading_in_any_order(tmp_path):
    off, on = read_drag(write(tmp_path, "cd_power_on,mach,reynolds,cd_power_off\n0.3,0,1e6,0.5\n0.4,1,1e6,0.7\n"))
    assert (off(0.0), on(0.0), off(1.0), on(1.0)) == (0.5, 0.3, 0.7, 0.4)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mach,reynolds\n0,5\n1,6\n", "no column of drag coefficient: head it"),
        ("speed_m_s,cd\n0,0.5\n10,0.6\n", "no column of Mach number"),
        ("mach,drag_n\n0,0.5\n1,0.6\n", "no column of drag coefficient"),
        ("mach,cd (counts)\n0,0.5\n1,0.6\n", "has a unit that is not known"),
        ("mach,cd,cd\n0,0.5,0.4\n1,0.6,0.5\n", "are both drag coefficient"),
        ("mach,cd\n0,0.5\n-1e9,0.6\n", "t.csv:3: Mach number of -1e\\+09"),
        ("mach,cd\n0,0.5\n0.5,-0.1\n", "t.csv:3: drag coefficient of -0.1"),
        ("mach,cd\n0,0.5\n0.5,x\n", "t.csv:3: drag coefficient should be a finite number, seen 'x'"),
        ("mach,cd\n0,0.5\n0.5,0.5\n0.5,0.6\n", "0.5 stands there twice"),
        ("mach,cd\n0,inf\n", "finite"),
        ("mach,0.4\n0,0.5\n", "words and numbers"),
        ("0.1\n0.2\n", "2 columns are needed"),
    ],
)
def test_drag_that_cannot_be_read(tmp_path, text, says):
    with pytest.raises(InputError, match=says):
        read_drag(write(tmp_path, text))


@pytest.mark.parametrize(
    ("heading", "time_scale", "force_scale"),
    [
        ("time,thrust", 1, 1), ("Time (s),Thrust (N)", 1, 1), ("time_ms,thrust_lbf", 1e-3, LBF), ("t [ms],F [kN]", 1e-3, 1e3),
        ("time (sec),thrust (kgf)", 1, KGF), ("time_min,thrust (lbs)", 60, LBF),
    ],
)  # fmt: skip
def test_thrust_in_the_units_of_its_heading(tmp_path, heading, time_scale, force_scale):
    t, f = read_thrust(write(tmp_path, f"{heading}\n0,0\n0.5,7\n2,0\n"))
    assert t == pytest.approx(np.array([0, 0.5, 2]) * time_scale) and f == pytest.approx(
        np.array([0, 7, 0]) * force_scale
    )


def test_thrust_columns_in_any_order(tmp_path):
    t, f = read_thrust(write(tmp_path, "pressure_bar,thrust_n,time_s\n50,0,0\n40,7,0.5\n1,0,2\n"))
    assert t.tolist() == [0, 0.5, 2] and f.tolist() == [0, 7, 0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("time_furlong,thrust_n\n0,0\n1,1\n", "unit that is not known for time; units: s, sec"),
        ("time (h),thrust\n0,0\n1,1\n", "unit that is not known"),
        ("time_s,pressure_bar\n0,0\n1,1\n", "no column of thrust: head it 'thrust'"),
        ("a,b\n0,0\n1,1\n", "no column of time"),
        ("time,thrust\n0,0\n1,5\n0.5,0\n", "t.csv:4: time must increase, but 0.5 s follows 1 s"),
    ],
)
def test_thrust_that_cannot_be_read(tmp_path, text, says):
    with pytest.raises(InputError, match=says):
        read_thrust(write(tmp_path, text))


def test_brakes_in_percent_and_beyond(tmp_path):
    share = read_brake_table(write(tmp_path, "mach,level_percent,cd\n0,0,0\n0,100,0.4\n1,0,0.1\n1,100,0.6\n"))
    assert share.x.tolist() == [0.0, 1.0] and share(0.5, 0.5) == pytest.approx(0.275)
    assert read_brake_schedule(write(tmp_path, "time_ms,level (%)\n0,0\n2000,50\n"))(2.0) == pytest.approx(0.5)
    with pytest.raises(InputError, match="brake level of 100; between 0 and 1 was expected .*level_percent"):
        read_brake_table(write(tmp_path, "level,mach,cd\n0,0,0\n100,0,0.4\n0,1,0.1\n100,1,0.6\n"))
    with pytest.raises(InputError, match="brake level of 100"):
        read_brake_schedule(write(tmp_path, "0,0\n2,100\n"))
    with pytest.raises(InputError, match="each pair once"):
        read_brake_table(write(tmp_path, "level,mach,cd\n0,0,0\n0,0,0.4\n0,1,0.1\n1,1,0.6\n"))


def test_slopes_places_and_aerofoils_say_their_units(tmp_path):
    assert read_normal_slope(write(tmp_path, "mach,cn_alpha_per_deg\n0,0.2\n1,0.3\n"))(0.0) == pytest.approx(
        0.2 * 180 / np.pi
    )
    assert read_normal_slope(write(tmp_path, "mach,CNα (per rad)\n0,12\n1,13\n"))(0.0) == pytest.approx(12)
    assert read_centre_of_pressure(write(tmp_path, "mach,cp_in\n0,40\n"))(0.0) == pytest.approx(1.016)
    assert read_airfoil(write(tmp_path, "alpha_deg,cl\n0,0\n2,0.2\n")).x[1] == pytest.approx(np.radians(2))
    for read, text in ((read_normal_slope, "mach,cn_alpha\n0,12\n"), (read_centre_of_pressure, "mach,cp\n0,40\n")):
        with pytest.raises(InputError, match="needs a unit in its name"):
            read(write(tmp_path, text))
    with pytest.raises(InputError, match="CNα of 10000"):
        read_normal_slope(write(tmp_path, "mach,cn_alpha_per_rad\n0,1e4\n"))
    with pytest.raises(InputError, match="1e\\+308"):
        read_centre_of_pressure(write(tmp_path, "mach,cp_m\n0,1e308\n"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("MACH,ALPHA,CN,CM,CA\n0.1,0,0,0,0.4\n0.1,2,0.3,-0.6,0.4\n-0.3,0,0,0,0.4\n", "t.csv:4: a Mach number of -0.3"),
        ("mach,cn_alpha_per_rad\n0.1,1e5\n", "CNα of 100000"),
        (
            "# OpenRocket\n# Mach number,Drag coefficient,CP location (cm)\n0.3,0.5,1e308\n",
            "check the unit of 'CP location",
        ),
        ("mach,cd,cp_furlong\n0.3,0.5,2\n", "needs a length unit"),
        ("mach,cd,cn_alpha\n0.3,0.5,2\n", "must say per what"),
        ("mach,cd\n0.3,0.5<a>\n0.4,0.5\n", "t.csv:2: column 'cd' should be a number, seen '0.5<a>'"),
    ],
)
def test_foreign_tables_that_cannot_be(tmp_path, text, says):
    with pytest.raises(InputError, match=says):
        read_aero_table(write(tmp_path, text))


def test_a_hundred_thousand_rows_are_read_and_more_are_not(tmp_path):
    """One pass over the rows: where the work of a row grew with the rows, this took hours."""
    rows = "".join(f"{k * 1e-3:.4f},{a},{0.1 * a},{-0.2 * a},0.4\n" for k in range(50_000) for a in (0, 2))
    table = read_aero_table(write(tmp_path, "MACH,ALPHA,CN,CM,CA\n" + rows), moment_centre=1.0, reference_length=0.1)
    assert table.normal_slope is not None and table.centre_of_pressure is not None
    assert table.normal_slope(30.0) == pytest.approx(0.1 * 180 / np.pi)  # 0.1 a degree
    assert table.centre_of_pressure(30.0) == pytest.approx(
        1.0 + 2 * 0.1
    )  # CM/CN of -2 lengths of 0.1 m behind the centre
    with pytest.raises(InputError, match="thin the table"):
        read_drag(write(tmp_path, "mach,cd\n" + "0.1,0.5\n" * 200_001))
