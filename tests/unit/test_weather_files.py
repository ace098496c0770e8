"""Weather profiles as people have them: other names, units, separators, holes; half of one is an error."""

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.formats.weather import read_profile

KNOT = 1852 / 3600


def profile(tmp_path, text, elevation=0.0, **more):
    path = tmp_path / "w.csv"
    path.write_text(text, encoding="utf-8")
    return read_profile(path, elevation, **more)


def test_names_of_soundings_and_of_spreadsheets_mean_the_same_wind(tmp_path):
    tables = (
        "height_asl_m,wind_speed_kt,wind_from_deg\n0,20,270\n1000,40,300\n",
        "Height ASL (m),Wind Speed (kts),Wind Direction (°)\n0,20,270\n1000,40,300\n",
        "Altitude_MSL_ft,WindSpeed_mph,wind direction_degree\n0,23.01560,270\n3280.8399,46.0312,300\n",
        "HGHT,DRCT,SKNT\n0,270,20\n999.8427,300,40\n",
        "alt [km];spd [m/s];dir [deg]\n0;10,28889;270\n1;20,57778;300\n",
        "z_m\twspd_mps\tdir_degrees\n0\t10.28889\t270\n1000\t20.57778\t300\n",
        "  HGHT  DRCT  SKNT\n   m    deg   knot\n---------------\n  0.0   270    20\n 999.8427  300  40\n",
    )
    for text in tables:
        wind = profile(tmp_path, text).wind
        assert wind.east(0.0) == pytest.approx(20 * KNOT, abs=1e-4), text
        assert wind.east(1000.0) == pytest.approx(40 * KNOT * np.cos(np.radians(30)), abs=1e-3), text
        assert wind.north(1000.0) == pytest.approx(-40 * KNOT * np.sin(np.radians(30)), abs=1e-3), text


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("height_asl_m,wind_speed_kt,wind_bearing_deg", "'wind_bearing_deg'"),
        ("height_asl_m,wind_speed,wind_from_deg", "'wind_speed' does not say its unit; name it like wind_speed_m_s"),
        (
            "height_asl_m,wind_speed_kt,wind_direction",
            "'wind_direction' does not say its unit; name it like wind_from_deg",
        ),
        ("height_asl_m,wind_speed_furlongs,wind_from_deg", "'wind_speed_furlongs' was not understood"),
        ("height_asl_m,wind_speed_deg,wind_from_deg", "'wind_speed_deg' has 'deg', which is not a unit of speed"),
        ("height_asl_m,wind_speed_kt,wind_to_deg", "'wind_to_deg'"),
        ("height_asl_m,u,v_m_s", "'u' does not say its unit"),
        ("height_asl_m,temp,wind_u_m_s", "'temp' does not say its unit"),
        ("altitude_hundreds_of_feet,wind_speed_kt,wind_from_deg", "'altitude_hundreds_of_feet' was not understood"),
        ("height_asl_m,wind_speed_kt,humidity", "there is 'wind_speed_kt', but no column like wind_from_deg"),
        ("height_asl_m,wind_from_deg,humidity", "there is 'wind_from_deg', but no column like wind_speed_m_s"),
        ("height_asl_m,wind_v_kt,humidity", "there is 'wind_v_kt', but no column like wind_u_m_s"),
    ],
)
def test_a_column_of_weather_is_read_or_refused_by_name(tmp_path, heading, names):
    with pytest.raises(InputError) as seen:
        profile(tmp_path, f"{heading}\n0,5,4\n1000,6,5\n")
    assert names in seen.value.message and str(seen.value).startswith(str(tmp_path))


def test_a_component_as_well_as_half_of_the_other_form_is_half_a_wind(tmp_path):
    with pytest.raises(InputError, match="both speed and direction"):
        profile(tmp_path, "height_asl_m,u_m_s,v_m_s,wind_speed_m_s\n0,1,2,2.2\n100,1,2,2.2\n")


def test_columns_of_other_things_are_told(tmp_path):
    seen = profile(tmp_path, "height_asl_m,temperature_c,dew_point_c,Gust (kt),station\n0,15,3,20,A\n1000,8,1,30,A\n")
    assert seen.notes == ("w.csv: not read: dew_point_c, Gust (kt), station.",)
    again = profile(tmp_path, "height_asl_m,geopotential_m,temperature_c,temperature_k\n0,0,15,288\n1000,999,8,281\n")
    assert "given twice, not read: temperature_k (there is temperature_c)" in again.notes[0]


def test_two_winds_that_differ_are_told(tmp_path):
    text = "height_asl_m,u_m_s,v_m_s,wind_speed_m_s,wind_from_deg\n0,3,0,3,270\n100,5,0,5,90\n"
    assert "say another wind (line 3)" in profile(tmp_path, text).notes[0]
    assert profile(tmp_path, text.replace("5,90", "5,271")).notes == ()


@pytest.mark.parametrize("code", ["-99", "-999", "-9999", "9999", "999.9", "M", "NaN", "///", "", "----"])
def test_missing_winds_leave_the_level_out_and_say_so(tmp_path, code):
    text = f"height_asl_m,temperature_c,wind_speed_kt,wind_from_deg\n0,15,10,270\n500,12,{code},270\n1000,8,30,270\n"
    if code == "///":
        with pytest.raises(InputError, match="should be a finite number, seen '///'") as seen:
            profile(tmp_path, text)
        assert seen.value.line == 3
        return
    seen = profile(tmp_path, text)
    assert seen.wind.east(500.0) == pytest.approx(20 * KNOT, rel=1e-6)  # the line between its neighbours
    assert seen.air.temperature(500.0) == pytest.approx(285.15)  # which the air keeps
    assert len(seen.notes) == 1 and "wind_speed_kt is missing" in seen.notes[0] and "line 3" in seen.notes[0]


def test_codes_that_can_be_meant_are_kept(tmp_path):
    # -99 °F, 9999 m, 99.99 hPa in pascals and 99 knots are weather.
    text = (
        "height_asl_m,temperature_f,pressure_pa,wind_speed_kt,wind_from_deg\n0,59,101325,99,270\n9999,-99,9999,99,270\n"
    )
    seen = profile(tmp_path, text)
    assert seen.notes == () and seen.wind.measured_top == 9999.0
    assert seen.air.temperature(9999.0) == pytest.approx((-99 - 32) / 1.8 + 273.15)
    assert seen.air.pressure(9999.0) == pytest.approx(9999.0)


@pytest.mark.parametrize(
    ("cells", "says"),
    [("-5,270", "not below zero"), ("5,400", "between 0 and 360"), ("5,abc", "finite number, seen 'abc'")],
)
def test_winds_that_cannot_be_are_refused_with_their_line(tmp_path, cells, says):
    with pytest.raises(InputError, match=says) as seen:
        profile(tmp_path, f"height_asl_m,wind_speed_m_s,wind_from_deg\n0,3,270\n1000,{cells}\n2000,5,270\n")
    assert seen.value.line == 3


def test_a_column_of_nothing_is_refused(tmp_path):
    with pytest.raises(InputError, match="'wind_speed_m_s' holds no values, only '-999'"):
        profile(tmp_path, "height_asl_m,wind_speed_m_s,wind_from_deg\n0,-999,270\n1000,-999,270\n")


def test_separators_and_decimal_commas(tmp_path):
    text = "height_asl_m;temperature_c;wind_speed_m_s;wind_from_deg\n0;15,0;10,5;270\n1000;8,5;10,5;270\n3000;-5,0;10;270\n"
    seen = profile(tmp_path, text)
    assert seen.air.temperature(1000.0) == pytest.approx(281.65) and seen.wind.east(0.0) == pytest.approx(10.5)
    with pytest.raises(InputError, match="5 cells for 3 columns; are these decimal commas") as error:
        profile(tmp_path, "height_asl_m,wind_speed_m_s,wind_from_deg\n0,3,270\n1000,4,5,270,0\n")
    assert error.value.line == 3
    with pytest.raises(InputError, match="2 cells for 3 columns"):
        profile(tmp_path, "height_asl_m,wind_speed_m_s,wind_from_deg\n0,3,270\n1000,4\n")
    with pytest.raises(InputError, match="needs a heading"):
        profile(tmp_path, "0,3,270\n1000,4,270\n")


def test_levels_that_repeat_or_contradict(tmp_path):
    head = "height_asl_m,wind_speed_m_s,wind_from_deg\n"
    seen = profile(tmp_path, head + "1000,5,270\n0,3,270\n1000,5,270\n")
    assert seen.wind.east(500.0) == pytest.approx(4.0) and "1 repeated level of wind left out (line 4)" in seen.notes[0]
    with pytest.raises(InputError, match="two levels at 1000 m .* the other on line 2; keep one") as error:
        profile(tmp_path, head + "1000,5,270\n0,3,270\n1000,5,90\n")
    assert error.value.line == 4


def test_equal_pressures_by_rounding_are_left_out_and_others_refused(tmp_path):
    head = "pressure_hpa,height_asl_m,temperature_c,wind_speed_kt,wind_from_deg\n"
    seen = profile(tmp_path, head + "1000,110,15,10,270\n1000,111,15,10,270\n900,1000,8,10,270\n")
    assert seen.air.pressure(110.0) == pytest.approx(1e5) and "line 3" in seen.notes[0]
    with pytest.raises(
        InputError, match="pressure should fall with height, but it is 950 hPa at 2000 m, and 900"
    ) as error:
        profile(tmp_path, head + "1000,110,15,10,270\n900,1000,15,10,270\n950,2000,8,10,270\n")
    assert error.value.line == 4


def test_heights_from_pressure_are_anchored_at_the_pad_or_said_to_be(tmp_path):
    text = "pressure_hpa,temperature_c\n" + "".join(f"{p},15\n" for p in (1000, 900, 800))
    free = profile(tmp_path, text, elevation=300.0)
    assert free.air.pressure(300.0) == pytest.approx(1e5, rel=1e-4) and "1000 hPa at the pad" in free.notes[0]
    # A pad in 950 hPa lies above the first level, one in 1020 hPa below it: 8434.7 m ln(p/p') at 15 °C.
    for pad in (95000.0, 102000.0):
        held = profile(tmp_path, text, elevation=300.0, pad_pressure=pad)
        assert held.notes == ()
        assert held.air.pressure(300.0 + 8434.7 * np.log(pad / 9e4)) == pytest.approx(9e4, rel=1e-3)


def test_a_profile_below_the_pad_is_refused_and_one_far_above_told(tmp_path):
    text = "height_asl_m,wind_speed_m_s,wind_from_deg\n0,3,270\n1500,4,270\n"
    with pytest.raises(InputError, match="ends at 1500 m above sea level, below the pad at 2000 m.*height_agl_m"):
        profile(tmp_path, text, elevation=2000.0)
    far = profile(tmp_path, text.replace("\n0,", "\n900,"))
    assert "lowest level lies 900 m above the pad" in far.notes[0]


def test_messages_are_short(tmp_path):
    with pytest.raises(InputError) as seen:
        profile(tmp_path, "height_asl_m,temperature_c\n0,15\n1000," + "1" * 5000 + "x\n")
    assert len(seen.value.message) < 200
    with pytest.raises(InputError) as seen:
        profile(tmp_path, "height_asl_m,wind_" + "x" * 5000 + "\n0,15\n1000,1\n")
    assert len(seen.value.message) < 200
