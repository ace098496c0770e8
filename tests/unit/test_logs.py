"""Readers of flight logs, on files of our own whose truth is known by hand: every family, every quirk, every way to be wrong."""

import math

import numpy as np
import pyarrow.parquet as pq
import pytest

import flightlogs as fl
from downrange.atmosphere import pressure_altitude
from downrange.errors import InputError, NotFoundError
from downrange.formats.logs import families, packed, read_log, table
from downrange.formats.logs.family.altus_eeprom import _ms5607
from downrange.formats.logs.generic import remember
from downrange.formats.logs.guessing import quantity_of
from downrange.formats.logs.write import write_log
from downrange.tracking import Quality, apogees, trust
from downrange.tracking.trust import at_range_end, pressure_spikes


def read(folder, content, name="log.csv", **how):
    return read_log(fl.write(folder, content, name), **how)


# Tolerances: the barometric formula of the writer differs from the standard's layers by 0.2 m; feet and tenths of a millibar are rounded
# to 0.3 and 0.9 m; a GPS of one fix a second misses the top by up to 0.6 m.
CASES = [
    ("altus_csv", fl.altus_csv, 0.5), ("altus_eeprom", fl.altus_eeprom, 0.5), ("perfectflite", fl.perfectflite, 0.5), ("raven", fl.raven, 0.5),
    ("blue_raven", fl.blue_raven, 0.5), ("rrc3", fl.rrc3_us, 1.0), ("rrc3", fl.rrc3_europe, 1.0), ("eggtimer", fl.eggtimer, 0.5),
    ("aim_xtra", fl.aim_xtra, 0.6), ("altimetercloud", fl.altimetercloud, 0.3), ("cats_csv", fl.cats_baro, 0.5), ("cats_csv", fl.cats_radio, 0.6),
    ("cats_cfl", fl.cats_cfl, 0.5), ("rff", fl.rff, 1.0), ("geo", fl.kml, 1.5), ("geo", fl.gpx, 1.5), ("geo", fl.nmea, 1.5),
    ("featherweight_gps", fl.featherweight_gps, 0.5), ("featherweight_gps", fl.ground_station, 1.0), ("perfectflite", fl.perfectflite_bare, 0.5),
    ("table", fl.student, 0.5),
]  # fmt: skip


@pytest.mark.parametrize(("family", "writer", "off"), CASES, ids=[w.__name__ for _, w, _ in CASES])
def test_every_family_is_known_and_reads_the_top_and_its_time(family, writer, off, tmp_path):
    log = read(tmp_path, writer())
    named = families()[family].NAME if family != "table" else "a table"
    assert log.family.startswith(named) and log.recognised
    top = apogees(log)[0]
    assert top.height == pytest.approx(fl.TOP, abs=off)
    slow = writer in (fl.kml, fl.gpx, fl.nmea, fl.ground_station, fl.featherweight_gps)
    assert top.time == pytest.approx(fl.TOP_TIME, abs=1.1 if slow else 0.15)
    assert len(log.sha256) == 64 and all(c.why for c in log.channels)
    assert all((np.diff(c.time) >= 0).all() for c in log.channels)


def test_no_family_takes_the_file_of_another(tmp_path):
    for name, (file, writer) in fl.SAMPLES.items():
        log = read(tmp_path, writer(), file)
        own = families()[name].NAME if name != "table" else "a table"
        assert log.family == own, name


def test_units_come_to_si(tmp_path):
    log = read(tmp_path, fl.blue_raven())
    at = int(np.searchsorted(log.get("pressure").time, 10.0))
    assert log.get("pressure").raw[at] == pytest.approx(fl.pressure(10.0), rel=1e-6)
    assert log.get("altitude_agl").raw[at] == pytest.approx(fl.height(10.0), rel=1e-6)
    assert log.get("temperature").raw[0] == pytest.approx((80 - 32) / 1.8 + 273.15)
    assert log.get("tilt").raw[0] == pytest.approx(math.radians(5))
    mercury = read(tmp_path, fl.altimetercloud())
    assert mercury.get("acceleration_x").raw[0] == pytest.approx(9.80665) and mercury.get("temperature").raw[
        0
    ] == pytest.approx(35.05 + 273.15)
    xtra = read(tmp_path, fl.aim_xtra())
    assert xtra.get("rate_y").raw[5] == pytest.approx(math.radians(2)) and xtra.get("acceleration_axial").raw[
        0
    ] == pytest.approx(9.80665)


def test_each_channel_keeps_its_own_clock(tmp_path):
    log = read(tmp_path, fl.raven())
    a, p = log.get("acceleration_axial"), log.get("pressure")
    assert a.rate == pytest.approx(50, rel=0.01) and p.rate == pytest.approx(20, rel=0.01)
    assert a.time[-1] < 20 < p.time[-1]
    # Rows in which the accelerometer has ended have one cell less: the barometer is still the barometer.
    assert np.abs(pressure_altitude(p.raw) - pressure_altitude(fl.pressure(p.time))).max() < 0.2
    assert any("leave a cell out" in n for n in log.notes)


def test_rows_sorted_as_text_are_put_in_order_and_said(tmp_path):
    log = read(tmp_path, fl.rrc3_europe())
    assert any("not in the order of time" in n for n in log.notes)
    h = log.get("altitude_agl")
    assert np.abs(h.raw - fl.height(h.time)).max() < 0.01 and "pressure" in h.why and "metres" in h.why


def test_units_of_an_rrc3_without_units_are_settled_by_the_pressure(tmp_path):
    assert "feet" in read(tmp_path, fl.rrc3_us()).get("altitude_agl").why


def test_contradicting_units_are_said_and_nothing_is_trusted(tmp_path):
    text = fl.rrc3_us().replace("Time,Altitude,", "Time [s],Altitude [ft.],", 1)
    good = read(tmp_path, text)
    assert not good.warnings and apogees(good)
    metres = fl.table(["Time [s]", "Altitude [ft.]", "Pressure [mBar]", "Velocity [m/s]", "Temperature [C]", "Events", "Voltages [V]"],
                      t := fl.clock(20, 0), fl.height(t), fl.pressure(t) / 100, 0 * t, 20 + 0 * t, ["-"] * t.size, 9 + 0 * t)  # fmt: skip
    wrong = read(tmp_path, metres)
    assert any("one of the units is wrong" in w for w in wrong.warnings)
    assert apogees(wrong) == () and wrong.get("pressure") is None


def test_a_lost_decimal_mark_is_put_right_and_said(tmp_path):
    log = read(tmp_path, fl.eggtimer(lost_mark=True))
    f = log.get("altitude_filtered")
    assert np.abs(f.raw - fl.height(f.time)).max() < 0.01
    assert any("decimal mark is lost" in n for n in log.notes)
    v = log.get("velocity_up")
    assert v.raw.max() == pytest.approx(120, rel=0.02)


def test_two_receivers_are_merged(tmp_path):
    log = read(tmp_path, fl.cats_radio())
    h = log.get("altitude_filtered")
    assert (np.diff(h.time) > 0).all() and any("received twice" in n for n in log.notes)
    assert log.get("latitude") is None and log.all("latitude")[0].withheld == {
        Quality.NO_FIX: log.all("latitude")[0].time.size
    }
    assert log.state(["coasting"]) - log.state(["thrusting"]) == pytest.approx(fl.BURN, abs=0.11)


def test_interleaved_sensors_are_told_apart(tmp_path):
    log = read(tmp_path, fl.cats_baro())
    assert {c.sensor for c in log.all("pressure")} == {"BARO0", "BARO1", "BARO2"}
    a, b = (c.raw for c in log.all("pressure")[:2])
    assert np.allclose(b - a, 30, atol=1)


def test_the_flash_log_of_altus_metrum(tmp_path):
    """The clock wraps 0.36 s into the flight, records of the ring are not in order, and two are damaged."""
    log = read(tmp_path, fl.altus_eeprom(damage=(40, 700)), "a.eeprom")
    p = log.get("pressure")
    assert np.abs(p.raw - fl.pressure(p.time)).max() < 1.1  # whole pascals, and floors of the data sheet's integers
    a = log.get("acceleration_net")
    assert np.allclose(a.raw, fl.net(np.round(a.time, 2)), atol=0.3)  # 20 counts a g
    assert any("2 records have a wrong checksum" in n for n in log.notes)
    assert [(round(s.time, 2), s.name) for s in log.states] == [(0.0, "boost"), (2.0, "coast")]
    mega = read(tmp_path, fl.altus_eeprom(19), "b.eeprom")
    y = mega.get("acceleration_y")
    assert np.allclose(y.raw, fl.net(np.round(y.time, 2)) + fl.G, atol=0.01)
    assert mega.get("rate_y").raw[0] == pytest.approx(math.radians(164 / 16.384))


def test_the_barometers_data_sheet():
    """MS5607-02BA03, page 8: D1 = 6465444, D2 = 8077636 give 20.00 °C and 1100.02 mbar."""
    p, t = _ms5607(np.array([6465444]), np.array([8077636]), fl.MS5607)
    assert (p[0], t[0]) == (110002, 20.00)
    cold = {**fl.MS5607, "tref": 32000}
    warm_p, _ = _ms5607(np.array([6465444]), np.array([8077636]), cold)
    dt = 8077636 - (32000 << 8)  # below 20 °C the second order takes part: by hand with whole numbers
    temp = 2000 + dt * 28165 // 2**23
    off = 43981 * 2**17 + 27842 * dt // 64 - 61 * (temp - 2000) ** 2 // 16
    sens = 46372 * 2**16 + 29059 * dt // 128 - 2 * (temp - 2000) ** 2
    assert temp < 2000 and warm_p[0] == (6465444 * sens // 2**21 - off) // 2**15


def test_an_ejection_spike_is_never_an_apogee(tmp_path):
    t = fl.clock(50, 0)
    h = fl.height(t) + np.where((t > 14.4) & (t < 14.6), 600, 0)
    log = read(tmp_path, fl.table(["time (s)", "altitude (m)"], t, h))
    top = apogees(log)[0]
    assert top.height == pytest.approx(fl.TOP, abs=0.5) and top.raw_maximum > 1400
    assert log.get("altitude_agl").withheld[Quality.SPIKE] >= 9
    long = np.where((t > 14.4) & (t < 16.2), 608, 0)  # longer than half the median's window: known by its edges
    assert apogees(read(tmp_path, fl.table(["time (s)", "altitude (m)"], t, fl.height(t) + long)))[
        0
    ].height == pytest.approx(fl.TOP, abs=0.5)


def test_a_flight_without_spikes_has_none():
    for rate in (10, 20, 100, 400):
        t = fl.clock(rate, 1)
        noise = np.random.default_rng(5).normal(0, 1.5, t.size)
        assert not pressure_spikes(t, fl.height(t) + noise).any()


def test_no_flight_is_no_flight(tmp_path):
    t = np.arange(0, 100, 0.05)
    h = 0.3 * np.sin(t) + np.where((t > 50) & (t < 50.2), 738, 0)
    log = read(tmp_path, fl.table(["time (s)", "altitude (m)"], t, h))
    assert any("no flight is in this file" in w for w in log.warnings)
    assert all(a.height < 2 for a in apogees(log))


def test_a_saturated_accelerometer_is_withheld(tmp_path):
    t = fl.clock(50)
    a = np.minimum(fl.net(t) + fl.G, 4 * fl.G)  # a sensor of ±4 g
    log = read(tmp_path, fl.table(["time (s)", "axial accel (m/s2)", "altitude (m)"], t, a, fl.height(t)))
    c = log.get("acceleration_axial")
    assert c.withheld[Quality.SATURATED] == pytest.approx(2.0 * 50, abs=2)
    assert np.isnan(c.value[(t > 0.1) & (t < 1.9)]).all() and np.nanmax(c.value) < 3 * fl.G
    assert not at_range_end(fl.net(t) + 0.05 * np.sin(40 * t)).any()


def test_transonic_pressure_is_withheld_by_the_accelerometer(tmp_path):
    t = fl.clock(50, 1, 30)
    net = np.where(t < 0, 0, np.where(t < 4, 100.0 + np.sin(31 * t), -25.0))  # 400 m/s at 4 s
    speed = np.cumsum(np.maximum(net, -25)) / 50
    h = np.cumsum(np.where(speed > 0, speed, 0)) / 50
    p = 101_325 * (1 - h / 44_330.8) ** 5.25588
    log = read(tmp_path, fl.table(["time (s)", "pressure (Pa)", "axial accel (m/s2)"], t, p, net + fl.G))
    bad = log.get("pressure").time[log.get("pressure").quality == Quality.TRANSONIC]
    assert bad[0] == pytest.approx(0.8 * 340 / 100, abs=0.4) and speed[np.searchsorted(t, bad[-1])] == pytest.approx(
        0.8 * 335, abs=20
    )


def test_sentinels_are_no_readings(tmp_path):
    t = fl.clock(20)
    hdop = np.where(t > 5, 2147483647.0, 900 + fl.height(t))
    log = read(tmp_path, fl.table(["time (s)", "gps altitude (m)", "altitude (m)"], t, hdop, fl.height(t)))
    assert log.all("gps_altitude")[0].withheld[Quality.NO_READING] == int((t > 5).sum())


# The generic mapper


def test_a_table_of_nobody_is_read_by_physics(tmp_path):
    log = read(tmp_path, fl.student())
    whys = {c.source: c.why for c in log.channels}
    assert (
        "hPa, by its size" in whys["Pressure"]
        and "ft, by the pressure" in whys["Altitude"]
        and "1 g at rest" in whys["AccX"]
    )
    assert any("ms, by its steps" in n for n in log.notes)
    assert log.get("altitude_agl").good[1].max() == pytest.approx(fl.TOP, abs=0.6)
    gyro = next(c for c in log.channels if c.source == "GyroX")
    assert gyro.name == "other" and any(
        "'GyroX'" in w and "--column" in w for w in log.warnings
    )  # degrees or radians: not invented
    assert [s.name for s in log.states][:2] == ["PAD", "BOOST"] and any("'Notes'" in n for n in log.notes)


def test_feet_are_told_by_gravity(tmp_path):
    t = fl.clock(40)
    assert (
        "gravity"
        in read(tmp_path, fl.table(["Time (s)", "Altitude"], t, fl.height(t) / 0.3048)).get("altitude_agl").why
    )
    log = read(tmp_path, fl.table(["Time (s)", "Altitude"], t, fl.height(t)))
    assert log.get("altitude_agl").good[1].max() == pytest.approx(fl.TOP, abs=0.1)


def test_what_is_told_is_remembered(tmp_path):
    t = fl.clock(20)
    path = fl.write(tmp_path, fl.table(["A", "B", "C"], t * 1000 + 5e5, fl.height(t) / 0.3048, 0 * t), "odd.csv")
    with pytest.raises(InputError, match="no column of time: say which"):
        read_log(path)
    log = read_log(path, columns={"A": "time ms", "B": "altitude_agl ft", "C": "ignore"})
    assert apogees(log)[0].height == pytest.approx(fl.TOP, abs=0.5)
    assert remember(path, {"A": ("time", "ms"), "B": ("altitude_agl", "ft")}).name == "odd.csv.columns.yaml"
    assert apogees(read_log(path))[0].height == pytest.approx(fl.TOP, abs=0.5)


@pytest.mark.parametrize(
    ("columns", "says"),
    [({"A": "time"}, "needs the unit"), ({"A": "tme ms"}, "did you mean 'time'"), ({"Z": "altitude_agl m"}, "no column is called"),
     ({"A": "altitude_agl kg"}, "kg"), ({"A": ""}, "needs a quantity")],
)  # fmt: skip
def test_what_is_told_wrongly_is_said(columns, says, tmp_path):
    with pytest.raises(InputError, match=says):
        read(tmp_path, "A,B\n1,2\n2,3\n3,4\n", columns=columns)


@pytest.mark.parametrize(
    ("change", "encoding"),
    [(lambda s: s, "utf-16"), (lambda s: s, "utf-16-le"), (lambda s: "\ufeff" + s, "utf-8"), (lambda s: s.replace("\n", "\r\n"), "utf-8"),
     (lambda s: s.replace(",", ";"), "utf-8"), (lambda s: s.replace(".", "#").replace(",", ";").replace("#", ","), "cp1252"), (lambda s: s.replace(",", "\t"), "utf-8"),
     (lambda s: "# made by hand\n\n" + s, "utf-8"), (lambda s: s.replace("altitude (m)", "Höhe altitude (m)"), "cp1252")],
)  # fmt: skip
def test_encodings_separators_and_decimal_commas(change, encoding, tmp_path):
    t = fl.clock(20)
    text = fl.table(["time (s)", "altitude (m)", "temp (C)"], t + 0.5, fl.height(t), 20.5 + 0 * t)
    log = read(tmp_path, change(text).encode(encoding))
    assert apogees(log)[0].height == pytest.approx(fl.TOP, abs=0.5)


def test_units_in_cells_and_clocks_in_words(tmp_path):
    t = fl.clock(20)
    cells = [f"{h / 0.3048:.1f}ft" for h in fl.height(t)]
    log = read(tmp_path, fl.table(["time", "altitude"], t, cells))
    assert "from the cells" in log.get("altitude_agl").why and apogees(log)[0].height == pytest.approx(fl.TOP, abs=0.5)
    words = [f"0:{int(x + 5) // 60:02d}:{int(x + 5) % 60:02d}" for x in t]  # a spreadsheet left whole seconds
    log = read(tmp_path, fl.table(["time", "altitude (m)"], words, fl.height(t)))
    assert apogees(log)[0].time == pytest.approx(fl.TOP_TIME, abs=0.6) and any("spread evenly" in n for n in log.notes)
    with pytest.raises(InputError, match="mixes units"):
        read(
            tmp_path,
            fl.table(["time", "altitude"], t, [f"{h:.1f}{'ft' if k % 2 else 'm'}" for k, h in enumerate(fl.height(t))]),
        )


def test_headings_that_do_not_line_up_are_aligned_or_left_out(tmp_path):
    """Altus Metrum's exports of 2012 glue two names; that of 2021 has seven values without names."""
    text = fl.altus_csv()
    head, body = text.split("\n", 1)
    t = fl.clock(50)
    glued = (
        head.replace("connected", "accel_x,accel_y,accel_z,gyro_x,gyro_y,gyro_z,connected")
        .replace("battery_voltage,accel_x", "battery_voltage,accel_x")
        .replace("main_voltage,battery_voltage,accel_x", "battery_voltage,main_voltageaccel_x")
    )
    rows = [r.split(",") for r in body.strip().split("\n")]
    log = read(tmp_path, glued + "\n" + "\n".join(",".join([*r[:16], "", *r[16:]]) for r in rows) + "\n")
    assert any("glues" in n for n in log.notes) and log.get("latitude").good[1][0] == pytest.approx(math.radians(39.39))
    unnamed = head.replace("battery_voltage", "battery_voltage,accel_x,accel_y,accel_z,pyro")
    more = [[*r[:16], "1.5", "2.5", "3.5", "90", "45", "30", "1", "2", "3", "7", "4.0", *r[16:]] for r in rows]
    log = read(tmp_path, unnamed + "\n" + "\n".join(",".join(r) for r in more) + "\n")
    assert log.get("rate_x").raw[0] == pytest.approx(math.radians(90)) and log.get("tilt").raw[0] == pytest.approx(
        math.radians(7)
    )
    assert log.get("latitude").good[1][0] == pytest.approx(math.radians(39.39)) and len(t)
    strange = [[*r[:16], "9", "8", *r[16:]] for r in rows]
    log = read(tmp_path, head + "\n" + "\n".join(",".join(r) for r in strange) + "\n")
    assert any("left out" in w for w in log.warnings) and log.get("latitude") is None  # never shifted by two


# Bad input


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.csv", "empty"), (b"\n\n  \n", "a.csv", "nothing but blanks"), (bytes(range(256)) * 40, "a.csv", "binary file"),
        ("time,altitude\n", "a.csv", "no rows"), ("hello world\nthis is a letter\n", "a.txt", "time|column|rows"), ("1,2,3\n2,3,4\n3,4,5\n", "a.csv", "no heading|no family"),
        ('{"log_format": 7, "product": "x"}\n', "a.eeprom", "records|sensors|checksum|no end"), ('{"log_format": 99, "product": "x"\n}\n41 41\n', "a.eeprom", "format 99"),
        ('{"log_format": 7, "product": "x"\n}\nzz zz\n', "a.eeprom", "hexadecimal"), (b"3.0.1-x\0" + b"\x10" + b"\0" * 20, "a.cfl", "binary|whole record"),
        ("<gpx></gpx>", "a.gpx", "no track"), ("PerfectFlite X\nData: (Time, Altitude)\n", "a.pf2", "no rows"),
    ],
    ids=lambda v: "" if isinstance(v, bytes | str) and len(v) > 12 else str(v),
)  # fmt: skip
def test_what_is_no_log_is_said_in_words(content, name, says, tmp_path):
    with pytest.raises(InputError, match=says) as found:
        read(tmp_path, content, name)
    assert name in str(found.value) and len(str(found.value)) < 700


def test_the_wrong_family_a_missing_file_and_a_cut_one(tmp_path):
    path = fl.write(tmp_path, fl.perfectflite(), "a.pf2")
    with pytest.raises(InputError, match="did you mean 'perfectflite'"):
        read_log(path, family="perfectfligt")
    with pytest.raises(InputError, match="by its looks it is of PerfectFlite: leave the family out"):
        read_log(path, family="cats_cfl")
    with pytest.raises(InputError, match="this is a folder; name a file in it"):
        read_log(tmp_path)
    with pytest.raises(NotFoundError):
        read_log(tmp_path / "b.pf2")
    cut = read(tmp_path, fl.perfectflite()[:9000], "c.pf2")
    assert any("cut short" in w for w in cut.warnings)
    cfl = read(tmp_path, fl.cats_cfl()[:-2000], "d.cfl")
    assert apogees(cfl)[0].height == pytest.approx(fl.TOP, abs=0.5)
    with pytest.raises(InputError, match="500 MB are more than the 400 MB that are read at once; cut out the flight"):
        with (tmp_path / "big.csv").open("wb") as f:
            f.truncate(500_000_000)  # a hole: nothing is written
        read_log(tmp_path / "big.csv")


@pytest.mark.parametrize(
    "unit, scale, turn", [("ms", 1000, 2.0**16), ("s", 1, 65.536), ("us", 1e6, 2.0**32), ("s", 1, 86_400.0)]
)
def test_a_counter_that_runs_over_goes_on(unit, scale, turn, tmp_path):
    """The wrap falls in the climb, 5 s after lift-off; sorted by such times the halves would stand in each other."""
    t = np.arange(-30, 25, 0.05)
    ticks = np.mod(scale * (t - 5), turn)
    log = read(tmp_path, fl.table([f"time ({unit})", "pressure (Pa)"], ticks, fl.pressure(t)))
    top = apogees(log)[0]
    assert top.height == pytest.approx(fl.TOP, abs=0.5) and top.time == pytest.approx(fl.TOP_TIME, abs=0.2)
    assert any("begins anew at" in n for n in log.notes) and not any("not in the order" in n for n in log.notes)


def test_steps_back_that_are_no_counters_are_rows_out_of_order(tmp_path):
    t = np.arange(-30, 25, 0.05)
    order = np.arange(t.size)
    order[[300, 301]] = order[[301, 300]]
    log = read(tmp_path, fl.table(["time (s)", "pressure (Pa)"], t[order] + 100, fl.pressure(t[order])))
    assert any("1 steps back; sorted" in n for n in log.notes) and not any("anew" in n for n in log.notes)
    lost = np.where(t > 10, t - 65.536 + 7, t)  # 7 s more than a counter's turn: rows are missing, or it is none
    assert not any("anew" in n for n in read(tmp_path, fl.table(["time (s)", "alt (m)"], lost, fl.height(t))).notes)


def test_another_flight_behind_the_first_is_said(tmp_path):
    t = np.arange(-20, 400, 0.1)
    both = fl.height(t) + 0.3 * fl.height(t - 250)
    log = read(
        tmp_path, fl.table(["time (s)", "altitude (m)"], t, both + np.random.default_rng(2).normal(0, 0.3, t.size))
    )
    said = [w for w in log.warnings if "another flight leaves at" in w]
    assert len(said) == 1 and float(said[0].split(" at ")[1].split(" s")[0]) == pytest.approx(250, abs=2)
    alone = read(tmp_path, fl.table(["time (s)", "altitude (m)"], t, fl.height(t)))
    assert alone.warnings == ()


def test_a_file_that_ends_in_the_climb_says_so(tmp_path):
    t = np.arange(-20, 8, 0.1)
    log = read(tmp_path, fl.table(["time (s)", "altitude (m)"], t, fl.height(t)))
    assert [w for w in log.warnings if "ends in the climb, at 6" in w], log.warnings  # 120 - 9.8 (8 - 2) = 61 m/s


def test_a_flight_is_a_moment_of_a_day_on_the_bench(tmp_path):
    """A logger left on for five hours: half a percent of its readings are the flight."""
    t = np.arange(0, 18_000, 0.5)
    log = read(
        tmp_path, fl.table(["time (s)", "altitude (m)"], t, fl.height(np.clip(t - 9000, -20, None)) + 0.2 * np.sin(t))
    )
    assert apogees(log)[0].height == pytest.approx(fl.TOP, abs=1) and log.warnings == ()


def test_a_top_of_two_moments_is_told_without_a_fit(tmp_path):
    """Many readings with two times between them: no parabola goes through that, and no warning of a library comes out."""
    t = np.concatenate([np.arange(0, 12, 0.1), np.repeat([12.3, 12.4], 20)])
    h = np.concatenate([np.linspace(0, 400, 120), np.full(20, 420.0), np.full(20, 421.0)])
    top = apogees(
        read(tmp_path, fl.table(["time (s)", "altitude (m)"], t, h + np.random.default_rng(1).normal(0, 0.3, t.size)))
    )
    assert top[0].height == pytest.approx(421, abs=2)


def test_two_flights_in_one_file_are_said(tmp_path):
    t = np.arange(0, 200, 0.05)
    h = fl.height(t - 100)
    log = read(
        tmp_path, fl.table(["T", "Alt", "Veloc", "Filt_Alt", "FVeloc"], 1000 * t, h / 0.3048, 0 * t, h / 0.3048, 0 * t)
    )
    assert any("more than one flight" in w for w in log.warnings)


# One schema


def test_a_log_goes_to_csv_and_parquet(tmp_path):
    t = fl.clock(20)
    h = fl.height(t) + np.where((t > 14.4) & (t < 14.6), 600, 0)
    log = read(tmp_path, fl.table(["time (s)", "altitude (m)", "odd"], t, h, 7 + t))
    write_log(log, tmp_path / "o.parquet")
    write_log(log, tmp_path / "o.csv")
    table = pq.read_table(tmp_path / "o.parquet")
    rows = table.to_pylist()
    assert len(rows) == 2 * t.size and table.schema.metadata[b"sha256"].decode() == log.sha256
    spiked = [r for r in rows if r["quality"] == "spike"]
    assert len(spiked) == 3 and all(r["value"] is None and r["raw"] > 1000 and r["unit"] == "m" for r in spiked)
    lines = [r for r in (tmp_path / "o.csv").read_text().splitlines() if not r.startswith("#")]
    assert len(lines) == len(rows) + 1 and sum(",spike," in r for r in lines) == 3
    with pytest.raises(InputError, match=r"\.csv or \.parquet"):
        write_log(log, tmp_path / "o.xlsx")


def test_a_cell_of_ten_thousand_digits_is_no_number_and_soon(tmp_path):
    """Found by the fuzz room: a pattern whose work grew with the cube of the cell."""
    t = fl.clock(20)
    rows = fl.table(["time (s)", "altitude (m)", "temp (C)"], t, fl.height(t), 20 + 0 * t).replace(
        ",20\n", "," + "1" * 10_000 + "x!\n", 3
    )
    assert apogees(read(tmp_path, rows))[0].height == pytest.approx(fl.TOP, abs=0.5)


@pytest.mark.parametrize("family", sorted(fl.SAMPLES))
def test_a_long_table_is_packed_and_read_as_a_short_one(family, tmp_path, monkeypatch):
    """Cells of many rows are kept in Arrow's memory; what is read of them is the same to the last bit."""
    file, writer = fl.SAMPLES[family]
    data = writer()
    (tmp_path / file).write_bytes(data if isinstance(data, bytes) else data.encode())
    short = read_log(tmp_path / file)
    monkeypatch.setattr(table, "_LONG", 0)
    monkeypatch.setattr(packed, "_BLOCK", 37)
    long = read_log(tmp_path / file)
    assert (long.notes, long.warnings, long.states, long.claims) == (
        short.notes,
        short.warnings,
        short.states,
        short.claims,
    )
    assert [c.source for c in long.channels] == [c.source for c in short.channels]
    for a, b in zip(long.channels, short.channels, strict=True):
        assert np.array_equal(a.time, b.time) and np.array_equal(a.raw, b.raw) and np.array_equal(a.quality, b.quality)


ROWS = ("t,alt,b", "0,1.5,x", " 1 , 2,5 ,y,7", "2", "3,,z", '4,"5,5",q', "5,1_0,w", "6,+3,e", "7,inf,r", "8,4ft,t")


@pytest.mark.parametrize("mark", [",", ";", " "])
@pytest.mark.parametrize(
    "rows", [ROWS, ROWS[:4], ("a,b", "1,2", "3,4"), ("a,b", "1,", ",4", "5,6"), ('"a","b"', '"1","2,5"', "3,4")]
)
def test_packed_cells_are_the_cells(rows, mark, monkeypatch):
    lines = [r.replace(",", mark) for r in rows]
    short = table.parse_table(lines)
    monkeypatch.setattr(table, "_LONG", 0)
    monkeypatch.setattr(packed, "_BLOCK", 2)
    long = table.parse_table(lines)
    assert [list(c) for c in long.cells] == [list(c) for c in short.cells]
    assert (long.names, long.first_line, long.ragged, long.decimal_comma) == (
        short.names,
        short.first_line,
        short.ragged,
        short.decimal_comma,
    )
    for i, c in enumerate(long.cells):
        assert c[0] == short.cells[i][0] and list(c[1:3]) == list(short.cells[i][1:3]) and long.text(i) == short.text(i)
        try:
            expected = short.number(i)
        except InputError:
            continue
        assert np.array_equal(long.number(i), expected, equal_nan=True) and long.cell_unit(i) == short.cell_unit(i)


def test_packed_numbers_with_decimal_commas(monkeypatch):
    monkeypatch.setattr(table, "_LONG", 0)
    long = table.parse_table(["t;alt", "0,5;10,25", "1,5;", "2,5;-3,5E1"])
    assert long.decimal_comma and long.number(0).tolist() == [0.5, 1.5, 2.5]
    assert np.array_equal(long.number(1), [10.25, math.nan, -35.0], equal_nan=True)


def test_the_median_of_a_long_log_is_taken_in_blocks(monkeypatch):
    t = np.sort(np.random.default_rng(3).uniform(0, 20, 300))
    h = np.sin(t) * 50 + np.random.default_rng(4).normal(0, 1, 300)
    whole = trust.running_median(t, h, 0.6, 25)
    monkeypatch.setattr(trust, "_BLOCK", 41)
    assert np.array_equal(trust.running_median(t, h, 0.6, 25), whole)
    k = 150
    at = np.searchsorted(t, t[k] + np.linspace(-0.6, 0.6, 25))
    assert whole[k] == np.median(h[at])


@pytest.mark.parametrize(
    "heading, quantity",
    [
        ("ax (g)", "acceleration_x"),
        ("gy [deg/s]", "rate_y"),
        ("az", "acceleration_z"),
        ("axis", "other"),
        ("gz", "rate_z"),
    ],
)
def test_an_axis_with_its_unit_is_known(heading, quantity):
    assert quantity_of(table.plain_heading(heading)) == quantity


def test_a_jump_that_comes_back_is_a_spike_from_end_to_end():
    """800 m in a tenth of a second, back after 1.6 s, in a climb of 20 m/s: those sixteen samples, and none beside them."""
    time = np.arange(0.0, 12.0, 0.1)
    height = 300.0 + 20.0 * time
    height[40:56] += 800.0
    assert np.flatnonzero(pressure_spikes(time, height)).tolist() == list(range(40, 56))
    height[40:80] = 300.0 + 20.0 * time[40:80] + 800.0  # back only after four seconds: another flight than that
    assert not pressure_spikes(time, height)[50:70].any()
