"""Featherweight Blue Raven: CSV of its app, at low rate (50 Hz), at high rate (500 Hz), and the summary.

Inertial altitudes wrap at ±32,768 ft and drift; the scalar part of the quaternion is the first.
"""

from __future__ import annotations

import re

import numpy as np

from downrange.errors import InputError
from downrange.formats.logs.columns import Column, fill, others
from downrange.formats.logs.draft import Draft, Match
from downrange.formats.logs.source import Source
from downrange.formats.logs.table import Table, parse_table
from downrange.tracking.log import State

NAME = "Featherweight Blue Raven"
_WANTED = [
    Column("temperature", "temperature", "degF"), Column("baro_press", "pressure", "atm"), Column("baro_altitude_asl", "altitude_msl", "ft"),
    Column("baro_altitude_agl", "altitude_agl", "ft"), Column("batt_volts", "voltage", "V", "battery"), Column("apo_volts", "voltage", "V", "apogee"),
    Column("main_volts", "voltage", "V", "main"), Column("3rd_volts", "voltage", "V", "third"), Column("4th_volts", "voltage", "V", "fourth"),
    Column("velocity_up", "velocity_inertial", "ft/s"), Column("inertial_altitude", "altitude_inertial", "ft"),
    Column("inertial_dr_position", "position_x", "ft"), Column("inertial_cr_position", "position_y", "ft"), Column("tilt_angle", "tilt", "deg"),
    Column("gyro_x", "rate_x", "deg/s"), Column("gyro_y", "rate_y", "deg/s"), Column("gyro_z", "rate_z", "deg/s"), Column("accel_x", "acceleration_x", "g0"),
    Column("accel_y", "acceleration_y", "g0"), Column("accel_z", "acceleration_z", "g0"), Column("quat_1", "quaternion_w"), Column("quat_2", "quaternion_x"),
    Column("quat_3", "quaternion_y"), Column("quat_4", "quaternion_z"), Column("aux_volts", "voltage", "V", "aux"), Column("current", "current", "A"),
]  # fmt: skip
_FLAGS = {
    "liftoff": "liftoff", "apogee": "apogee", "burnout_coast": "burnout", "apo_fired": "apogee channel fired", "main_fired": "main channel fired",
    "3rd_fired": "third channel fired", "4th_fired": "fourth channel fired",
}  # fmt: skip
_CLAIMS = {  # words of the summary: name, quantity, unit where the value has none
    "max altitude": ("apogee above the pad", "altitude_agl", "ft"), "max velocity": ("greatest speed", "velocity_up", "ft/s"),
    "pad altitude asl": ("elevation of the pad", "altitude_agl", "ft"), "time to first burnout": ("time of burn-out", "time", "s"),
    "time to apo channel fire": ("time of apogee charge", "time", "s"), "time to main channel fire": ("time of main charge", "time", "s"),
    "launch rod angle": ("tilt of the rail", "tilt", "deg"), "inertial navigation max alt": ("greatest integrated altitude", "altitude_agl", "ft"),
    "max motor burn acceleration": ("greatest acceleration", "acceleration_axial", "g0"), "drogue descent rate": ("speed under drogue", "velocity_up", "ft/s"),
    "main chute deploy altitude": ("altitude of the main", "altitude_agl", "ft"), "main chute descent rate": ("speed under main", "velocity_up", "ft/s"),
}  # fmt: skip


def recognise(source: Source) -> Match | None:
    """By the columns of its app, or the words of its summary."""
    head = source.head
    first = head.split("\n", 1)[0]
    if "flight_time_(s)" in first and "sync" in first:
        rate = "high" if "gyro_x" in first else "low"
        return Match(0.99, f"the columns Flight_Time_(s) and Sync of the {rate}-rate log")
    if "flight_time" in first and "baro_altitude_agl" in first:
        return Match(0.9, "the columns Flight_Time and Baro_Altitude_AGL")
    if ("searial number" in head or "serial number" in head) and "max altitude" in head and "max velocity" in head:
        return Match(0.97, "the summary of the app: Rocket Name, serial number, Max Altitude")
    return None


def _summary(source: Source) -> Draft:
    draft = Draft(NAME + " summary", zero="the device's detection of launch")
    for line in source.lines:
        key, _, value = (p.strip() for p in line.partition(","))
        word = key.lower()
        m = re.match(r"(-?[\d.]+)\s*(.*)", value)
        if word in _CLAIMS and m:
            name, quantity, unit = _CLAIMS[word]
            said = {"feet/sec": "ft/s", "feet": "ft", "sec": "s", "deg": "deg", "Gs": "g0"}.get(
                m.group(2).strip(), unit
            )
            if quantity == "velocity_up" and said == "ft":  # the app writes "-23.5 feet" for the rate under main
                said = "ft/s"
            draft.claim(name, float(m.group(1)), said, quantity, line.strip())
        elif (
            word
            in (
                "rocket name",
                "firmware",
                "searial number",
                "serial number",
                "launch date",
                "launch time",
                "flight number",
            )
            and value
        ):
            draft.device[word.replace("searial", "serial")] = value
    if not draft.claims:
        raise InputError("a summary without any figure that is known")
    return draft


def _unwrapped(table: Table, draft: Draft) -> Table:
    """Inertial altitudes without their wraps at 65,536 ft."""
    i = next((k for k, n in enumerate(table.plain) if n.startswith("inertial_altitude")), None)
    if i is None:
        return table
    v = table.number(i)
    turns = np.cumsum(np.concatenate([[0], -np.sign(np.diff(v)) * (np.abs(np.diff(v)) > 32768)]))
    if turns.any():
        draft.notes.append("the integrated altitude wraps at 32,768 ft: undone")
        table.__dict__["_known"][i] = (v + 65536 * turns, "")
    return table


def read(source: Source) -> Draft:
    """The log or the summary."""
    if "max altitude" in source.head:
        return _summary(source)
    draft = Draft(NAME, zero="the device's detection of launch")
    table = _unwrapped(parse_table(source.lines, heading=1), draft)
    i = next((k for k, n in enumerate(table.plain) if n.startswith("flight_time")), None)
    if i is None:
        raise InputError("no column Flight_Time in this table of a Blue Raven")
    time = table.number(i)
    used = fill(draft, table, time, _WANTED) | {i}
    kept = set(used)
    for k, n in enumerate(table.plain):
        if n in _FLAGS and k not in kept:
            kept.add(k)
            on = np.flatnonzero(table.number(k) == 1)
            if on.size:
                draft.states.append(State(float(time[on[0]]), _FLAGS[n]))
    date = [table.index(w) for w in ("year", "month", "day", "time")]
    if None not in date:
        draft.device["clock at the first row"] = " ".join(table.text(k)[0] for k in date if k is not None)
    # The hundred columns of deployment logic say nothing about the flight.
    logic = {
        k
        for k, n in enumerate(table.plain)
        if re.match(
            r"(lt|gt)_|armed|reserved|.*_fer_|accel_vel|eci_|normal_asc|press_inc|tilt_exc|year|month|day|time|sync", n
        )
    }
    others(draft, table, time, kept | logic)
    if any(c.name == "acceleration_x" for c in draft.channels):
        draft.notes.append(
            "which axis points to the nose hangs on the mounting: the reconstruction finds it on the pad"
        )
    return draft
