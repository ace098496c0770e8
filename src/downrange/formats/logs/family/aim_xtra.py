"""Entacore AIM XTRA: groups of columns, each behind its own `time`; the log begins about 100 s before launch."""

from __future__ import annotations

import re

import numpy as np

from downrange.errors import InputError
from downrange.formats.logs.columns import take
from downrange.formats.logs.draft import Draft, Match
from downrange.formats.logs.source import Source
from downrange.formats.logs.table import parse_table
from downrange.tracking.log import State

NAME = "Entacore AIM XTRA"
_QUANTITY = {  # plain heading: quantity, unit, sensor
    "pressure": ("pressure", "Pa", ""), "pressure_agl": ("altitude_agl", "m", ""), "pressure_msl": ("altitude_msl", "m", ""),
    "acceleration": ("acceleration_axial", "g0", ""), "lat._x_accel.": ("acceleration_x", "g0", ""), "lat._y_accel.": ("acceleration_y", "g0", ""),
    "gyro_x": ("rate_x", "deg/s", ""), "gyro_y": ("rate_y", "deg/s", ""), "gyro_z": ("rate_z", "deg/s", ""), "temperature": ("temperature", "degC", ""),
    "eject._bat._voltage": ("voltage", "V", "ejection battery"), "comp._bat._voltage": ("voltage", "V", "battery"),
    "a_voltage": ("voltage", "V", "A"), "b_voltage": ("voltage", "V", "B"), "c_voltage": ("voltage", "V", "C"), "d_voltage": ("voltage", "V", "D"),
}  # fmt: skip
_FLAGS = {
    "launch_detect": "launch detected",
    "apogee_detect": "apogee detected",
    "a_on.": "A on",
    "b_on": "B on",
    "c_on": "C on",
    "d_on": "D on",
}


def recognise(source: Source) -> Match | None:
    """By several columns called `time`, with gyros and pressures."""
    first = source.head.split("\n", 1)[0]
    many = len(re.findall(r"(?:^|,)\s*time\s*(?=,)", first))
    if many > 3 and "pressure agl" in first:
        return Match(0.98, f"{many} columns called 'time', and 'Pressure AGL'")
    return None


def read(source: Source) -> Draft:
    """The log."""
    draft = Draft(NAME, zero="the device's detection of launch")
    table = parse_table(source.lines, heading=1)
    groups = 0
    time: np.ndarray | None = None
    for i, name in enumerate(table.plain):
        if name == "time":
            time, groups = table.number(i), groups + 1
        elif time is None:
            raise InputError("the first column of this table of an AIM XTRA is not 'time'")
        elif name in _QUANTITY:
            quantity, unit, sensor = _QUANTITY[name]
            take(draft, table, i, quantity, time, unit=unit, sensor=sensor)
        elif name in _FLAGS:
            on = np.flatnonzero((table.number(i) == 1) & np.isfinite(time))
            if on.size:
                draft.states.append(State(float(time[on[0]]), _FLAGS[name]))
        elif name:
            draft.add(
                "other",
                time,
                table.number(i),
                "",
                source=table.names[i],
                why="not interpreted: as it stands in the file",
            )
    draft.notes.append(f"{groups} groups of columns, each with its own clock")
    return draft
