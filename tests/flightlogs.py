"""A flight that can be reckoned by hand, and writers of it in the formats of loggers: small, our own, and of known truth.

Boost with 60 m/s² net for 2 s (120 m/s at 120 m), a fall by gravity alone to the top at 14.24 s and 854.2 m, 20 m/s down to the ground.
"""

from __future__ import annotations

import json
import struct

import numpy as np

G = 9.80665
BURN, PUSH = 2.0, 60.0
TOP_TIME = BURN + PUSH * BURN / G
TOP = 0.5 * PUSH * BURN**2 + (PUSH * BURN) ** 2 / (2 * G)
LANDING = TOP_TIME + TOP / 20.0
PAD_PRESSURE = 97_000.0


def height(t):
    """Metres above the pad at `t` seconds from lift-off."""
    if isinstance(t, float):  # numpy is slow for one number
        if t <= 0 or t >= LANDING:
            return 0.0
        up = 0.5 * PUSH * t**2 if t < BURN else 120 + 120 * (t - BURN) - 0.5 * G * (t - BURN) ** 2
        return up if t < TOP_TIME else TOP - 20.0 * (t - TOP_TIME)
    t = np.asarray(t, float)
    up = np.where(t < BURN, 0.5 * PUSH * t**2, 120 + 120 * (t - BURN) - 0.5 * G * (t - BURN) ** 2)
    down = TOP - 20.0 * (t - TOP_TIME)
    return np.where(t <= 0, 0.0, np.where(t < TOP_TIME, up, np.where(t < LANDING, down, 0.0)))


def net(t):
    """Net acceleration along the axis in m/s²: 0 at rest, PUSH in the boost, -g in the fall (no drag), 0 under canopy."""
    if isinstance(t, float):
        return 0.0 if t < 0 else PUSH if t < BURN else -G if t < TOP_TIME else 0.0
    t = np.asarray(t, float)
    return np.where(t < 0, 0.0, np.where(t < BURN, PUSH, np.where(t < TOP_TIME, -G, 0.0)))


def pressure(t, pad=PAD_PRESSURE):
    """Pa, by the barometric formula of the ICAO manual (44,330.8 m, exponent 5.25588), independent of the package's."""
    base = 44_330.8 * (1 - (pad / 101_325) ** (1 / 5.25588))
    return 101_325 * (1 - (base + height(t)) / 44_330.8) ** 5.25588


def clock(rate=20.0, before=1.0, until=60.0):
    return np.round(np.arange(-before * rate, until * rate) / rate, 4)


def state(t):
    return (
        "pad" if t < 0 else "boost" if t < BURN else "coast" if t < TOP_TIME else "drogue" if t < LANDING else "landed"
    )


def table(names, *columns, sep=",", formats=None):
    rows = [sep.join(names)]
    for row in zip(*columns, strict=True):
        rows.append(sep.join(x if isinstance(x, str) else f"{x:.9g}" for x in row))
    return "\n".join(rows) + "\n"


def altus_csv(rate=50.0):
    names = [
        "#version",
        "serial",
        "flight",
        "call",
        "time",
        "state",
        "state_name",
        "acceleration",
        "pressure",
        "altitude",
        "height",
        "speed",
        "temperature",
        "drogue_voltage",
        "main_voltage",
        "battery_voltage",
        "connected",
        "locked",
        "nsat",
        "latitude",
        "longitude",
        "altitude",
    ]
    t = clock(rate)
    return table(
        names, ["6"] * t.size, ["7"] * t.size, ["1"] * t.size, ["N0CALL"] * t.size, t, ["3"] * t.size, [f"   {state(x)}" for x in t], net(t), pressure(t), 365 + height(t), height(t),
        np.gradient(height(t), t), 20 + 0 * t, 4 + 0 * t, 4 + 0 * t, 3.9 + 0 * t, ["1"] * t.size, ["1"] * t.size, ["9"] * t.size, 39.39 + 0 * t, -8.28 + 1e-6 * t, 160 + height(t),
    )  # fmt: skip


def perfectflite():
    t = clock(20, 0)
    head = f"PerfectFlite SLCF\nFirmware: 1.2\nSerial Number: 99\nApogee: {TOP / 0.3048:.0f}' AGL\nGround Elevation: 1200' MSL\nNumSamps: {t.size}\nFlight Number: 2\nComments: \n\nData: (Time, Altitude, Velocity, Temperature (F), Voltage)\n"
    return head + "".join(
        f"{x:.2f}, {h:.0f}, {v:.0f}, 70.1, 9.1\n"
        for x, h, v in zip(t, height(t) / 0.3048, np.gradient(height(t), t) / 0.3048, strict=True)
    )


def perfectflite_bare():
    t = clock(20, 0)
    return "".join(f"{x:.2f}\t{h:.0f}\t70.1F\t9.1\n" for x, h in zip(t, height(t) / 0.3048, strict=True))


def raven():
    """Two clocks: 50 Hz for the accelerometer, whose log ends at 20 s with two empty cells a row, 20 Hz for the barometer."""
    a, b = clock(50, 0, 20), clock(20, 0, 60)
    rows = ["Time@Axial Accel (Gs),Axial Accel (Gs),bILBA,Time@Baro (Atm),Baro (Atm),bILBA"]
    for k in range(max(a.size, b.size)):
        flags = "b1100" if k > 3 else "b0000"
        one = f"{a[k]:g},{net(a[k]) / G + 1:.4f},{flags}" if k < a.size else ","
        two = f"{b[k]:g},{pressure(b[k]) / 101_325:.6f},{flags}" if k < b.size else ","
        rows.append(f"{one},{two}")
    return "\n".join(rows) + "\n"


def blue_raven():
    names = [
        "Year",
        "Month",
        "Day",
        "Time",
        "Flight_Time_(s)",
        "Sync",
        "Temperature_(F)",
        "Baro_Press_(atm)",
        "Baro_Altitude_ASL_(feet)",
        "Baro_Altitude_AGL_(feet)",
        "Batt_Volts",
        "Velocity_Up",
        "Inertial_Altitude",
        "Tilt_Angle_(deg)",
        "Apo_FER_H  ex",
        "Liftoff",
        "Apogee",
    ]
    t = clock(50)
    n = t.size
    inertial = height(t) / 0.3048 + 32_000  # wraps once
    wrapped = np.where(inertial > 32_768, inertial - 65_536, inertial)
    return table(
        names, ["2026"] * n, ["5"] * n, ["2"] * n, ["14:09:44.6"] * n, t, ["5"] * n, 80 + 0 * t, pressure(t) / 101_325, height(t) / 0.3048 + 900, height(t) / 0.3048, 4.1 + 0 * t,
        np.gradient(height(t), t) / 0.3048, wrapped, 5 + 0 * t, ["8c9"] * n, (t >= 0).astype(float), (t > TOP_TIME).astype(float),
    )  # fmt: skip


def summary():
    return f"Rocket Name,X\nFirmware,1\nSearial number,SN1\nMax Altitude,{TOP / 0.3048:.2f} feet\nMax velocity,{120 / 0.3048:.2f} feet/sec\nTime to first burnout,2.0 sec\nMain chute descent rate,-65.6 feet\n"


def featherweight_gps():
    t = np.arange(-3, 60, 0.5)
    rows = [
        f"Apr 17 2026 19:06:45.800 UTC,{1_776_000_000 + x:.3f},{(500 + height(x)) / 0.3048:.0f},34.4950000,-116.9577000,14,3,0,{0},1,0x03,1,2,3,4,4.0"
        for x in t
    ]
    rows[40], rows[41] = rows[41], rows[40]
    return (
        "UTCTIME,UNIXTIME,ALT,LAT,LON,#SATS,FIX,HORZV,VERTV,HEAD,FLAGS,>40,>32,>24,RSSI,BATT\n" + "\n".join(rows) + "\n"
    )


def ground_station():
    t = np.arange(-3, 60, 1.0)
    rows = [f"X,2026-01-18,10:45:{30 + x:06.3f}" if 30 + x < 60 else f"X,2026-01-18,10:46:{x - 30:06.3f}" for x in t]
    rows = [
        f"{r},39.2787,-109.0399,4925.6,{39.2790:.5f},-109.04000,{(1500 + height(x)) / 0.3048:.1f},3,0,0,1,0x01,29"
        for r, x in zip(rows, t, strict=True)
    ]
    return (
        "TRACKER,DATE,TIME,GS Lat,GS Lon,GS Alt asl,TRACKER Lat,TRACKER Lon,TRACKER Alt asl,FIX,HORZV,VERTV,HEAD,FLAGS,#TOT\n"
        + "\n".join(rows)
        + "\n"
    )


def rrc3_us():
    t = clock(20, 0)
    return table(["Time", "Altitude", "Pressure", "Velocity", "Temperature", "Events", "Voltage"], t, height(t) / 0.3048, np.round(pressure(t) / 100, 1),
                 np.gradient(height(t), t) / 0.3048, 80 + 0 * t, ["Drogue" if abs(x - 14.25) < 0.02 else "-" for x in t], 9 + 0 * t)  # fmt: skip


def rrc3_europe():
    """Sorted as text on time, decimal commas, no units, a mark at the end of every row."""
    t = clock(20, 0)
    rows = [(f"{x:g}", f"{h:.6g}", f"{p:.1f}") for x, h, p in zip(t, height(t), pressure(t) / 100, strict=True)]
    rows.sort(key=lambda r: r[0])
    body = "\n".join(f"{a};{b};{c};0;36,1;-;8,9;".replace(".", ",") for a, b, c in rows)
    return "Time;Altitude;Pressure;Velocity;Temperature;Events;Voltages;\n" + body + "\n"


def eggtimer(lost_mark=False):
    t = clock(20, 0)
    alt = height(t) / 0.3048
    pace = np.gradient(alt, t)

    def two(x):
        return f"{x:.2f}".replace(".", "") if lost_mark else f"{x:.2f}"

    sep = ";" if lost_mark else ","
    rows = [
        sep.join(
            [
                f"{1000 * x:.0f}",
                f"{a:.0f}",
                two(v),
                two(a),
                two(v),
                "0",
                "0",
                f"{a:.0f}" if abs(x - 14.25) < 0.02 else "0",
                "0",
                "0",
                "0",
            ]
        )
        for x, a, v in zip(t, alt, pace, strict=True)
    ]
    return (
        sep.join(["T", "Alt", "Veloc", "Filt_Alt", "FVeloc", "LDA", "LowV", "Apogee", "N-O", "Drogue", "Main"])
        + "\n"
        + "\n".join(rows)
        + "\n"
    )


def aim_xtra():
    a, b = clock(100, 2, 60), clock(20, 2, 60)
    rows = [
        "time,Gyro X,Gyro Y,Gyro Z,time,pressure,Pressure MSL,Pressure AGL,time,acceleration,time,launch detect,apogee detect"
    ]
    for k in range(a.size):
        one = f"{a[k]:g},1,2,3"
        two = f"{b[k]:g},{pressure(b[k]):.0f},{365 + height(b[k]):.3f},{height(b[k]):.3f}" if k < b.size else ",,,"
        rows.append(f"{one},{two},{a[k]:g},{net(a[k]) / G + 1:.4f},{a[k]:g},{int(a[k] >= 0)},{int(a[k] > TOP_TIME)}")
    return "\n".join(rows) + "\n"


def altimetercloud():
    t = clock(20, 1)
    names = [
        "time(ms)",
        "altitude(m)",
        "velocity_pressure(m/s)",
        "acceleration_x(mG)",
        "acceleration_y(mG)",
        "acceleration_z(mG)",
        "gyro_x",
        "gyro_y",
        "gyro_z",
        "bmp_temp(x100)",
        "tilt",
        "",
    ]
    rows = [
        f"{1000 * x:.0f},{h:.3f},{v:.2f},{1000 + 1000 * a / G:.0f},3,-5,1,0,0,{3505 if k % 4 == 0 else ''},5.00,"
        for k, (x, h, v, a) in enumerate(zip(t, height(t), np.gradient(height(t), t), net(t), strict=True))
    ]
    return ",".join(names) + "\n" + "\n".join(rows) + "\n"


def cats_baro():
    """Three barometers interleaved, an index in front."""
    t = clock(50)
    rows = [f"{3 * k + j},{x:.3f},BARO{j},39.02,{pressure(x) + 30 * j:.0f}" for k, x in enumerate(t) for j in range(3)]
    return ",ts,id,T,P\n" + "\n".join(rows) + "\n"


def cats_radio():
    """Two receivers one below the other: every packet twice, the second time a step back."""
    t = clock(10, 0)
    first = [
        f"{10_000 + round(10 * x)},{3 if x < BURN else 4 if x < TOP_TIME else 5},0,0,0,{height(x):.0f},{np.interp(x, t, np.gradient(height(t), t)):.0f},78,1,0"
        for x in t
    ]
    rows = [r for a, b in zip(first[1:], first[:-1], strict=True) for r in (f"1,{a}", f"2,{b}")]
    return (
        "link,ts[deciseconds],state,errors,lat[deg/10000],lon[deg/10000],altitude[m],velocity[m/s],battery[decivolts],pyro1,pyro2\n"
        + "\n".join(rows)
        + "\n"
    )


def cats_statistics():
    return f"Flight #1 Stats\n========================\n  Height\n    Time Since Bootup: 2923540\n    Max. Height [m]: {TOP:.6f}\n  Velocity\n    Max. Velocity [m/s]: 120.0\n    Height_0 [m ASL]: 97.1\n  Liftoff Time: 13:12:04 UTC\n"


def cats_cfl(boot=100.0):
    t = clock(50)
    out = [b"3.0.1-test\0"]
    for k, x in enumerate(t):
        ms = round(1000 * (x + boot))
        out.append(struct.pack("<II6h", ms, 0x10, round(1024 * (net(x) / G + 1)), 5, -7, 14, 0, 3))
        out.append(struct.pack("<IIii", ms, 0x21, round(float(pressure(x))), 2550))
        out.append(struct.pack("<II3f", ms, 0x40, float(height(x)), 0.0, float(net(x))))
        if k % 10 == 0:
            out.append(struct.pack("<II2fB", ms, 0x1000, 39.39, -8.28, 9))
        if x == 0:
            out.append(struct.pack("<III", ms, 0x200, 3))
    return b"".join(out) + b"\x01\x02\x03\x04\x05"


def kml():
    t = np.arange(-3, 60, 1.0)
    when = "".join(f"<when>2026-06-01T10:{30 + int(x + 10) // 60:02d}:{int(x + 10) % 60:02d}Z</when>" for x in t)
    where = "".join(f"<gx:coord>-8.28 39.39 {160 + h:.1f}</gx:coord>" for h in height(t))
    return f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><Placemark><gx:Track>{when}{where}</gx:Track></Placemark></Document></kml>'


def gpx():
    t = np.arange(-3, 60, 1.0)
    points = "".join(
        f'<trkpt lat="39.39" lon="-8.28"><ele>{160 + h:.1f}</ele><time>2026-06-01T10:{30 + int(x + 10) // 60:02d}:{int(x + 10) % 60:02d}Z</time></trkpt>'
        for x, h in zip(t, height(t), strict=True)
    )
    return f'<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="t"><trk><trkseg>{points}</trkseg></trk></gpx>'


def nmea(bad=True):
    rows = []
    for k, x in enumerate(np.arange(-3, 60, 1.0)):
        s = x + 10
        body = f"GPGGA,10{30 + int(s) // 60:02d}{int(s) % 60:02d}.00,3923.4000,N,00816.8000,W,1,09,1.0,{160 + height(x):.1f},M,50.0,M,,"
        total = 0
        for c in body.encode():
            total ^= c
        rows.append(f"${body}*{(total ^ 1 if bad and k == 20 else total):02X}")
    return "\r\n".join(rows) + "\r\n"


MS5607 = {
    "sens": 46372,
    "off": 43981,
    "tcs": 29059,
    "tco": 27842,
    "tref": 31553,
    "tempsens": 28165,
    "ms5611": False,
}  # the data sheet's example


def ms5607_counts(pascal):
    """D1 at the data sheet's D2 (8077636, 20.00 °C) that gives a pressure, by inverting its page 8 with exact integers."""
    dt = 8077636 - (MS5607["tref"] << 8)
    off = (MS5607["off"] << 17) + ((MS5607["tco"] * dt) >> 6)
    sens = (MS5607["sens"] << 16) + ((MS5607["tcs"] * dt) >> 7)
    return round(((pascal * 2**15 + off) * 2**21) / sens)


def _record(letter, tick, payload, length):
    body = bytes([ord(letter), 0]) + struct.pack("<H", tick & 0xFFFF) + payload
    body = body.ljust(length, b"\0")
    check = (0xA6 - sum(body)) & 0xFF
    return bytes([body[0], check]) + body[2:]


def altus_eeprom(form=7, boot=655.0, damage=()):
    """Format 7 (16 bytes) or 19 (32 bytes): the clock of 16 bits wraps in the flight, two records of 16 bytes a line."""
    length = 32 if form == 19 else 16
    header = {"log_format": form, "product": "TeleMega-v4.0" if form == 19 else "TeleMetrum-v3.0", "serial": 1, "flight": 2, "version": "1.9.6", "altitude_32": 1,
              "accel_cal_plus": -20, "accel_cal_minus": 20, "ms5607": MS5607}  # fmt: skip
    records = [_record("F", round(100 * (boot - 1)), struct.pack("<HhI", 2, -20, round(PAD_PRESSURE)), length)]
    for x in clock(100, 0.3, 25):
        tick = round(100 * (x + boot))
        counts = round(-20 - float(net(x)) / G * 20)
        baro = struct.pack("<II", ms5607_counts(float(pressure(x))), 8077636)
        if form == 19:
            payload = (
                baro
                + struct.pack("<6h", round(2048 * (1 + float(net(x)) / G)), 11, -13, 164, 0, -82)
                + b"\0" * 6
                + struct.pack("<h", counts)
            )
        else:
            payload = baro + struct.pack("<h", counts)
        records.append(_record("A", tick, payload, length))
        if x in (0.0, 2.0):
            records.append(_record("S", tick, struct.pack("<HH", 3 if x == 0 else 5, 0), length))
    if records:
        records[1], records[2] = records[2], records[1]  # the ring buffer before lift-off is not in order
    data = bytearray(b"".join(records))
    for k in damage:
        data[k * length + 5] ^= 0x40
    data += b"\xff" * length
    lines = [data[i : i + 32].hex(" ") for i in range(0, len(data), 32)]
    return json.dumps(header, indent=1) + "\n" + "\n".join(lines) + "\n"


def rff():
    head = b"\x00\x01\x00\x00\x00\xff\xff\xff\xff\x01\x00\x00\x00\x00\x00\x00\x00\x04\x01\x00\x00\x00\x7eSystem.Collections.Generic.List`1[[System.Int16]]"
    values = []
    for k, x in enumerate(clock(20, 0)):
        values.append(round(float(pressure(x)) / 10))
        if k % 20 == 19:
            values.append(0x4000 + 90)
    return head + b"\x0f" + struct.pack("<iiB", 2, len(values), 7) + np.array(values, "<i2").tobytes() + b"\x0b"


def student():
    """Nothing has a unit in its heading: milliseconds by their steps, hectopascals by their size, feet by the pressure."""
    t = clock(40)
    n = t.size
    return table(["State", "Millis", "Temp", "Pressure", "Altitude", "AccX", "AccY", "AccZ", "GyroX", "Notes"], [state(x).upper() for x in t], np.round(1000 * (t + 77)), 21.5 + 0 * t,
                 pressure(t) / 100, height(t) / 0.3048, net(t) + G, 0.01 * G + 0 * t, 0 * t, 3 + 0 * t, ["ok"] * n)  # fmt: skip


SAMPLES = {
    # family of the reader, name of a file, its content
    "altus_csv": ("a.csv", altus_csv), "altus_eeprom": ("a.eeprom", altus_eeprom), "perfectflite": ("a.pf2", perfectflite), "raven": ("a.csv", raven),
    "blue_raven": ("a.csv", blue_raven), "featherweight_gps": ("a.csv", featherweight_gps), "rrc3": ("a.csv", rrc3_us), "eggtimer": ("a.csv", eggtimer),
    "aim_xtra": ("a.csv", aim_xtra), "altimetercloud": ("a.csv", altimetercloud), "cats_csv": ("a.csv", cats_baro), "cats_cfl": ("a.cfl", cats_cfl),
    "geo": ("a.kml", kml), "rff": ("a.rff", rff), "table": ("a.csv", student),
}  # fmt: skip


def write(folder, content, name="log.csv"):
    path = folder / name
    data = content if isinstance(content, bytes) else content.encode("utf-8")
    path.write_bytes(data)
    return path
