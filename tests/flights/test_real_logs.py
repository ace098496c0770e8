"""Real logs: every quirk that `logs/README.md` names is handled, and apogees are those that are stated, in their definition.

Skipped, saying so, where the validation data are not here.
"""

import json

import numpy as np
import pytest

from cases import validation
from downrange.atmosphere import Air
from downrange.formats.logs import read_log
from downrange.tracking import Quality, apogees
from downrange.tracking.agreeing import agreeing
from downrange.tracking.heights import height_sensors
from downrange.tracking.phases import find_phases

FEET = 0.3048
# file: what is stated in metres, where (a definition's first words, or "raw"), and the time of the top where that is known
STATED = {
    "altus_csv/ajtowns__2012-04-07-serial-882-flight-001.csv": (554.6, "pressure altitude", 10.3),
    "altus_csv/ajtowns__2012-06-30-serial-336-flight-003.csv": (857.6, "pressure altitude", 13.0),  # the accelerometer's speed is zero at 12.95 s
    "altus_csv/nrdptel__altusmetrum-telemetrum.csv": (9322 * FEET, "pressure altitude", None),
    "altus_csv/Aris-Piccard__2021-10-15-COTSFC-PICCARD.csv": (6200, "height by GPS", None),  # the team's figure is the GPS one
    "altus_eeprom/Aris-Piccard__2021-10-15-serial-6733-flight-0004.eeprom": (5953.3, "pressure altitude", None),
    "altus_eeprom/Aris-Piccard__2021-10-15-serial-5877-flight-0002.eeprom": (5962.4, "pressure altitude", 36.5),
    "altus_eeprom/12_bristol__payload_atlus.eeprom": (3119, "pressure altitude", 25.7),  # by the CATS beside it
    "perfectflite/nrdptel__perfectflite-pnut.pf2": (1009 * FEET, "the device's own altitude", None),
    "perfectflite/nrdptel__perfectflite-stratologger.csv": (9322 * FEET, "the device's own altitude", None),
    "featherweight_raven/nrdptel__featherweight-raven-fip.csv": (1009 * FEET, "pressure altitude", None),
    "featherweight_raven/RocketPy-Team__fullscale_2-23_raven1_crop.csv": (1316.75, "the device's own altitude", None),
    "blue_raven/nrdptel__blueraven-app-lr.csv": (4034.98 * FEET, "the device's own altitude", None),
    "featherweight_gps/nrdptel__featherweight-gps.csv": (10668 * FEET, "height by GPS", None),
    "featherweight_gps/nrdptel__featherweight-gps-groundstation.csv": (6295.75 * FEET, "height by GPS", None),
    "eggtimer/SkywardER-Lynx__log.csv": (10094 * FEET, "raw", None),
    "aim_xtra/nrdptel__aim-xtra.csv": (643, "raw", None),
    "altimetercloud/nrdptel__altimetercloud-mercury.csv": (784.2 * FEET, "the device's own altitude", None),
    "cats/20_red__main.cfl": (3014.89, "the device's filtered", None),
    "cats/20_red__gs_log_main_1.csv": (3014.89, "the device's filtered", None),
    "cats/05_asat__gs_log_main_1.csv": (2297.65, "the device's filtered", None),
    "student_avionics/NCSU-High-Powered-Rocketry-Club__jackpot_launch_1.csv": (762.28, "pressure altitude", None),
    "student_avionics/NCSU-High-Powered-Rocketry-Club__legacy_launch_1_payload.csv": (631.14, "pressure altitude", None),
    "student_avionics/SkywardER-Lynx__pressure_ms5803.csv": (3061.9, "pressure altitude", 24.3),
}  # fmt: skip


def log(name):
    return read_log(validation("logs", *name.split("/")))


@pytest.mark.parametrize("name", STATED)
def test_apogee_as_stated_in_its_definition(name):
    """To 1 %; a GPS tracker's stated altitude is above sea level, and above the ground station's pad within 3 %."""
    height, definition, time = STATED[name]
    found = log(name)
    tops = apogees(found)
    if definition == "raw":
        assert tops[0].raw_maximum == pytest.approx(height, rel=0.01)
        return
    top = next(a for a in tops if a.definition.startswith(definition))
    if name.endswith("featherweight-gps.csv"):
        c = found.get("gps_altitude")  # stated above the pad: pad at 2,871 ft... the top is 10,668 ft above it
        assert c.good[1].max() - np.median(c.good[1][:30]) == pytest.approx(height, rel=0.01)
    assert top.height == pytest.approx(height, rel=0.03 if name.endswith("groundstation.csv") else 0.01)
    if time is not None:
        assert top.time == pytest.approx(time, abs=0.3)


def test_every_file_is_read_and_every_reading_says_where_it_is_from():
    listed = json.loads(validation("logs", "logs.json").read_text(encoding="utf-8"))["files"]
    families = set()
    for entry in listed:
        if entry["family"] == "chain_inputs":
            continue
        found = read_log(validation(*entry["file"].split("/")))
        families.add(found.family)
        assert found.channels or found.claims or found.states, entry["file"]
        assert all(c.source and c.why and (np.diff(c.time) >= 0).all() for c in found.channels), entry["file"]
    assert len(families) >= 12


def test_the_same_log_as_csv_and_as_flash_agrees():
    """Piccard's TeleMega: two readers, one log."""
    a = log("altus_csv/Aris-Piccard__2021-10-15-COTSFC-PICCARD.csv").get("pressure")
    b = log("altus_eeprom/Aris-Piccard__2021-10-15-serial-6733-flight-0004.eeprom").get("pressure")
    t = np.arange(10, 60, 0.5)
    off = np.interp(t, a.time, a.raw) - np.interp(t, b.time, b.raw)
    assert np.median(np.abs(off)) < 20  # Pa; times differ by one tick, in steps of which the pressure moves by up to 20
    accelerations = [
        log(n).get("acceleration_net")
        for n in (
            "altus_csv/Aris-Piccard__2021-10-15-COTSFC-PICCARD.csv",
            "altus_eeprom/Aris-Piccard__2021-10-15-serial-6733-flight-0004.eeprom",
        )
    ]
    t = np.arange(0.0, 6.0, 0.01)
    x, y = (np.interp(t, c.time, c.raw).sum() * 0.01 for c in accelerations)
    assert x == pytest.approx(y, rel=0.01) and 250 < x < 500  # m/s gained in the boost


def test_old_headings_that_do_not_line_up():
    found = log("altus_csv/ajtowns__2012-04-07-serial-882-flight-001.csv")
    assert any("glues" in n for n in found.notes) and any("no inertial unit" in n for n in found.notes)
    assert np.degrees(found.get("latitude").good[1][0]) == pytest.approx(38.15, abs=0.01)
    piccard = log("altus_csv/Aris-Piccard__2021-10-15-COTSFC-PICCARD.csv")
    assert any("not named" in n for n in piccard.notes)
    assert np.degrees(piccard.get("latitude").good[1][0]) == pytest.approx(39.39, abs=0.01)
    assert len(piccard.all("altitude_msl")) == 1 and len(piccard.all("gps_altitude")) == 1  # 'altitude' stands twice


def test_a_mishap_is_no_higher_than_it_was():
    """A shock at 2 s reads 231 m; the rocket was at 100 to 150."""
    found = log("altus_csv/ajtowns__2012-05-28-serial-319-flight-005.csv")
    top = apogees(found)[0]
    assert 100 < top.height < 155 and top.raw_maximum > 225
    assert [s.name for s in found.states].count("boost") == 2


def test_ring_buffers_bad_checksums_and_wraps():
    nose = log("altus_eeprom/Aris-Piccard__2021-10-15-serial-5877-flight-0002.eeprom")
    p = nose.get("pressure")
    # From tick 43,647 over three wraps to tick 13,266; a position dated before the second wrap stands behind it, and is no fourth.
    assert p.time[-1] == pytest.approx((3 * 65536 + 13_266 - 43_647) / 100, abs=2) and p.time[0] > -2
    body = log("altus_eeprom/Aris-Piccard__2021-10-15-serial-6733-flight-0004.eeprom")
    assert not any("checksum" in n for n in body.notes)  # its four blank records were never written: no damage
    mini = log("altus_eeprom/12_bristol__payload_atlus.eeprom")
    assert not any("checksum" in n for n in mini.notes) and mini.get("acceleration_net") is None  # two are blank


def test_transonic_pressure_is_not_believed():
    nose = log("altus_eeprom/Aris-Piccard__2021-10-15-serial-5877-flight-0002.eeprom")
    assert nose.get("pressure").withheld[Quality.TRANSONIC] > 300


def test_an_inconsistent_log_is_never_a_truth():
    found = log("missileworks_rrc3/RocketPy-Team__RRC3_original.csv")
    assert any("one of the units is wrong" in w for w in found.warnings) and apogees(found) == ()


def test_sorted_as_text_and_a_lost_decimal_mark():
    rrc3 = log("missileworks_rrc3/STA-CARL2__sta-carl2-rrc3.csv")
    egg = log("eggtimer/STA-CARL2__sta-carl2-eggtimer.csv")
    assert any("13 steps back" in n for n in rrc3.notes) and "metres" in rrc3.get("altitude_agl").why
    assert any("decimal mark" in n for n in egg.notes)
    # One rocket, two loggers: they agree within 2 % (nose and recovery bay).
    assert apogees(rrc3)[0].height == pytest.approx(apogees(egg)[0].height, rel=0.02)
    assert egg.get("altitude_filtered").good[1].max() == pytest.approx(egg.get("altitude_agl").good[1].max(), rel=0.02)


def test_receivers_interleaved_and_no_fix():
    asat = log("cats/05_asat__gs_log_main_1.csv")
    assert any("received twice" in n for n in asat.notes) and asat.get("latitude") is None
    red = log("cats/20_red__main.cfl")
    ground = log("cats/20_red__gs_log_main_1.csv")
    top = next(a for a in apogees(red) if a.definition.startswith("the device's filtered"))
    assert apogees(ground)[0].height == pytest.approx(top.height, rel=0.002) and apogees(ground)[
        0
    ].time == pytest.approx(top.time, abs=0.4)


def test_a_spreadsheets_clock_and_no_flight():
    found = log("student_avionics/MVHS-Rocket-Group__example.csv")
    assert any("spread evenly" in n for n in found.notes) and any("no flight" in w for w in found.warnings)


def test_two_loggers_in_one_rocket():
    pnut = apogees(log("perfectflite/nrdptel__perfectflite-pnut.pf2"))[0]
    raven = apogees(log("featherweight_raven/nrdptel__featherweight-raven-fip.csv"))[0]
    assert pnut.height == pytest.approx(raven.height, rel=0.01) and pnut.time == pytest.approx(raven.time, abs=0.3)


# What docs/quirks.md says and no test above holds


def test_what_altus_metrum_says_beside_its_rows():
    found = log("altus_csv/ajtowns__2012-04-07-serial-882-flight-001.csv")
    assert found.device["call"] == "KD0KZD" and found.device["main deploy"] == "250"
    assert [(s.name, round(s.time, 2)) for s in found.states][1:4] == [
        ("boost", 0.13),
        ("coast", 1.97),
        ("drogue", 10.09),
    ]
    speeds = {c.name: c.source for c in found.channels if c.name.startswith("velocity")}
    assert speeds == {"velocity_axial": "accel_speed", "velocity_pressure": "baro_speed"}
    assert not any(c.source == "clock" for c in found.channels) and found.get("pressure").time[0] == pytest.approx(-0.3)


def test_fixes_that_repeat_count_once_and_a_log_that_ends_in_the_air_has_no_landing():
    found = log("altus_csv/Aris-Piccard__2021-10-15-COTSFC-PICCARD.csv")
    sensors = {"GPS" in s.name: s for s in height_sensors(found, Air.standard(), 150.0)}
    assert sensors[True].time.size < 0.2 * sensors[False].time.size and sensors[True].sigma == 6.0
    end = find_phases([sensors[False]], None)
    assert np.isnan(end.ground) and end.top == pytest.approx(36.5, abs=1.5)


def test_what_devices_claim_of_themselves():
    pnut = {c.name: c.value for c in log("perfectflite/nrdptel__perfectflite-pnut.pf2").claims}
    assert pnut["apogee above the pad"] == pytest.approx(1009 * FEET) and pnut["elevation of the pad"] == pytest.approx(
        2486 * FEET
    )
    blue = log("blue_raven/nrdptel__blueraven-app.summary.csv")
    said = {c.name: c.value for c in blue.claims}
    assert "SN829" in blue.device["serial number"], "it is headed 'Searial number'"
    assert said["greatest speed"] == pytest.approx(700.36 * FEET) and said["speed under main"] == pytest.approx(
        -23.5 * FEET
    )
    tops = apogees(log("blue_raven/nrdptel__blueraven-app-lr.csv"))
    assert tops[0].height == pytest.approx(1229.9, abs=3) and tops[-1].definition.startswith("the device's integrated")
    assert tops[-1].height > 1280, "it drifts, and is a figure of its own"
    few = log("blue_raven/nrdptel__blueraven-app-hr.csv")
    assert len(few.get("rate_x").time) == 26 and apogees(few) == ()


def test_places_of_trackers():
    tracker = log("featherweight_gps/nrdptel__featherweight-gps.csv")
    assert any("10 steps back; sorted" in n for n in tracker.notes)
    ground = log("featherweight_gps/nrdptel__featherweight-gps-groundstation.csv")
    assert (
        any("the tracker's is taken" in n for n in ground.notes)
        and ground.get("gps_altitude").source == "TRACKER Alt asl"
    )
    radio = log("cats/11_faraday__gs_log_main_1.csv")
    assert any("11 m" in n for n in radio.notes) and np.degrees(radio.get("latitude").good[1][0]) == pytest.approx(
        39.39, abs=0.02
    )
    assert [s.name for s in radio.states] == ["thrusting", "coasting", "drogue", "main"]


def test_events_are_events():
    rrc3 = log("missileworks_rrc3/RocketPy-Team__RRC3_original.csv")
    assert [s.name for s in rrc3.states] == ["Drogue", "Main"] and len(rrc3.all("altitude_agl")) == 2
    egg = log("eggtimer/SkywardER-Lynx__log.csv")
    assert [(s.name, s.time) for s in egg.states] == [
        ("launch detected", pytest.approx(1.0, abs=0.1)),
        ("apogee", pytest.approx(23.2, abs=0.1)),
    ]
    xtra = log("aim_xtra/nrdptel__aim-xtra.csv")
    assert xtra.span[0] < -90 and any("each with its own clock" in n for n in xtra.notes)
    small = log("missileworks_rrc3/STA-CARL2__sta-carl2-rrc3.csv").get("velocity_pressure")
    assert np.abs(small.raw).min() < 1e-3, "2,04E-06 is a number"


def test_units_of_whole_numbers_are_those_of_their_headings():
    found = log("altimetercloud/nrdptel__altimetercloud-mercury.csv")
    rest = np.sqrt(sum(np.median(found.get(f"acceleration_{a}").raw[-40:]) ** 2 for a in "xyz"))
    assert rest == pytest.approx(9.81, rel=0.1) and 270 < np.median(found.get("temperature").raw) < 320


def test_three_barometers_of_one_table():
    found = log("cats/Aris-Piccard__Picccard_-_baro_processed.csv")
    assert {c.sensor for c in found.all("pressure")} == {"BARO0", "BARO1", "BARO2"} and len(found.channels) == 6


def test_boards_of_student_teams():
    firm = log("student_avionics/NCSU-High-Powered-Rocketry-Club__jackpot_launch_1.csv")
    assert any("'timestamp_seconds': s" in n for n in firm.notes) and len(apogees(firm)) == 1
    assert firm.get("position_z").source.startswith("est_position"), "kept, and no height"
    acs = log("student_avionics/EamonTracey__fullscale_2_cut.csv")
    assert {"Euler Angle 0", "Servo Percentage"} <= {c.source for c in acs.all("other")} and "State.BURNOUT" in [
        s.name for s in acs.states
    ]
    assert any("'Time': ms" in n for n in log("student_avionics/NUSTARS__VDF_2-8-data.csv").notes)
    legacy = log("student_avionics/NCSU-High-Powered-Rocketry-Club__legacy_launch_1_payload.csv")
    assert [c.source for c in legacy.channels if c.name.startswith("altitude")] == ["current_altitude"]
    assert len(log("student_avionics/SkywardER-Lynx__pressure_static_port.csv").get("pressure").time) == 8542


def test_two_barometers_that_differ_at_speed_agree_at_the_top():
    static, other = (log(f"student_avionics/SkywardER-Lynx__pressure_{n}.csv") for n in ("static_port", "ms5803"))
    notes = []
    sensors, apart = agreeing([(f, height_sensors(f, Air.standard(), 0.0)[0]) for f in (static, other)], notes)
    assert len(sensors) == 2 and notes == [] and 0.002 < apart < 0.005
