"""Tables, and the CSV files they come from."""

import numpy as np
import pytest

from downrange.atmosphere import standard_temperature
from downrange.errors import InputError, TableError
from downrange.formats.curves import read_brake_table, read_drag
from downrange.formats.tables import read_columns
from downrange.formats.weather import read_weather
from downrange.tables import Table1D, Table2D, uniform_linear


def test_table_holds_or_raises_outside():
    t = Table1D(np.array([0.0, 1, 3]), np.array([2.0, 4, 0]), "cd")
    assert t([-1, 0.5, 2, 9]).tolist() == [2.0, 3.0, 2.0, 0.0]
    strict = Table1D(t.x, t.y, "cd", "raise")
    with pytest.raises(TableError, match="asked from 0 to 4, but the table covers 0 to 3"):
        strict([0, 4])
    with pytest.raises(TableError, match="entry 3 .* does not exceed"):
        Table1D(np.array([0.0, 1, 1]), np.zeros(3))
    with pytest.raises(TableError, match="not a finite"):
        Table1D(np.array([0.0, 1]), np.array([0, np.nan]))


def test_bilinear_is_exact_on_a_plane():
    x, y = np.array([0.0, 0.4, 1.0]), np.array([0.1, 0.7])
    t = Table2D(x, y, 2 + 3 * x[:, None] - 5 * y[None, :])
    assert t(0.63, 0.33) == pytest.approx(2 + 3 * 0.63 - 5 * 0.33)
    assert t(2.0, -1.0) == pytest.approx(2 + 3 - 5 * 0.1)


def test_packing():
    assert uniform_linear([np.array([1.0, 3, 4]), np.array([0.0, -1, 5])]).tolist() == [1, 2, 0, -1, 3, 1, -1, 6]


def write(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_drag_and_brakes(tmp_path):
    off, on = read_drag(write(tmp_path, "mach,cd_power_off,cd_power_on\n0.5,0.4,0.35\n0,0.5,0.45\n"))
    assert off(0.25) == pytest.approx(0.45) and on(0.25) == pytest.approx(0.40)
    brakes = read_brake_table(write(tmp_path, "level, mach, cd\n0,0,0\n1,0,0.4\n0,1,0.1\n1,1,0.6\n"))
    assert brakes(0.5, 0.5) == pytest.approx(0.275)
    with pytest.raises(InputError, match="need 4 rows, each pair once, seen 3"):
        read_brake_table(write(tmp_path, "level,mach,cd\n0,0,0\n1,0,0.4\n0,1,0.1\n"))
    with pytest.raises(InputError, match="line|finite"):
        read_columns(write(tmp_path, "mach,cd\n0,0.4\n1,x\n"))
    with pytest.raises(InputError, match="between 0 and 20"):
        read_drag(write(tmp_path, "mach,cd\n0,-0.4\n1,0.2\n"))


def test_weather_in_many_units(tmp_path):
    text = "height_agl_ft,temperature_f,pressure_inhg,wind_speed_kt,wind_from_deg\n3280.84,50,24.0,20,270\n0,59,27.0,10,180\n"
    air, wind = read_weather(write(tmp_path, text), 500.0)
    assert air.temperature(500.0) == pytest.approx(288.15) and air.temperature(1500.0) == pytest.approx(283.15)
    assert air.pressure(500.0) == pytest.approx(27 * 3386.389, rel=1e-5)
    assert wind.north(500.0) == pytest.approx(10 * 0.514444, rel=1e-5) and wind.east(1500.0) == pytest.approx(
        20 * 0.514444, rel=1e-5
    )


def test_pressure_levels_without_heights(tmp_path):
    # Levels of the standard atmosphere: 850 hPa lies at 1457 m, 500 hPa at 5574 m.
    p = np.array([1013.25, 925, 850, 700, 600, 500])
    h = np.array([0.0, 761.6, 1457.3, 3012.2, 4206.4, 5574.4])
    rows = "\n".join(f"{a},{float(standard_temperature(b)) - 273.15},{3},{-1}" for a, b in zip(p, h, strict=True))
    air, wind = read_weather(write(tmp_path, "pressure_hpa,temperature_c,u_m_s,v_m_s\n" + rows), 0.0)
    assert air.measured_top == pytest.approx(5574.4, abs=8)
    assert wind.east(3000.0) == pytest.approx(3) and wind.north(100.0) == pytest.approx(-1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("temperature_c\n20\n", "no column of heights"),
        ("height_asl_m,humidity\n0,20\n100,20\n", "neither temperature nor wind"),
        ("height_asl_m,wind_u_m_s\n0,2\n100,2\n", "both components"),
        ("height_asl_m,temperature_k\n0,20\n100,19\n", "kelvin"),
        ("height_asl_m,wind_speed_m_s,wind_from_deg\n0,900,0\n100,900,0\n", "jet streams"),
        ("height_asl_m,temperature_c,pressure_hpa\n0,20,900\n100,19,950\n", "fall with height"),
    ],
)
def test_weather_refuses_with_the_reason(tmp_path, text, says):
    with pytest.raises(InputError, match=says):
        read_weather(write(tmp_path, text), 0.0)
