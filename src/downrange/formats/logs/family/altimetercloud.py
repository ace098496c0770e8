"""Rocketry Ltd Mercury, as AltimeterCloud exports it: milliseconds, metres, thousandths of a g, hundredths of a degree."""

from __future__ import annotations

from downrange.errors import InputError
from downrange.formats.logs.columns import Column, fill, others
from downrange.formats.logs.draft import Draft, Match
from downrange.formats.logs.source import Source
from downrange.formats.logs.table import parse_table

NAME = "AltimeterCloud (Mercury)"
_WANTED = [
    Column("altitude", "altitude_agl", "m"), Column("velocity_pressure", "velocity_pressure", "m/s"), Column("acceleration_x", "acceleration_x", "mg0"),
    Column("acceleration_y", "acceleration_y", "mg0"), Column("acceleration_z", "acceleration_z", "mg0"), Column("bmp_temp", "temperature", "cC"),
    Column("gyro_x", "rate_x", "deg/s"), Column("gyro_y", "rate_y", "deg/s"), Column("gyro_z", "rate_z", "deg/s"),
]  # fmt: skip


def recognise(source: Source) -> Match | None:
    """By its columns, with their units in brackets."""
    first = source.head.split("\n", 1)[0]
    found = "velocity_pressure(" in first and "bmp_temp" in first
    return Match(0.99, "the columns velocity_pressure(m/s) and bmp_temp(x100)") if found else None


def read(source: Source) -> Draft:
    """The log. The rows before the board woke hold zeros for the accelerations: no readings."""
    draft = Draft(NAME, zero="the device's detection of launch")
    table = parse_table(source.lines, heading=1)
    i = next((k for k, n in enumerate(table.plain) if n.startswith("time")), None)
    if i is None:
        raise InputError("no column of time in this table of AltimeterCloud")
    time = table.number(i) / 1000
    used = fill(draft, table, time, _WANTED) | {i}
    three = [c for c in draft.channels if c.name in ("acceleration_x", "acceleration_y", "acceleration_z")]
    if len(three) == 3:
        from downrange.tracking.log import Quality
        from downrange.tracking.trust import mark

        asleep = (three[0].raw == 0) & (three[1].raw == 0) & (three[2].raw == 0)
        for c in three:
            mark(c.quality, asleep, Quality.NO_READING)
    draft.notes.append("tilt, pitch, roll and yaw are kept as they stand: their zero is not documented")
    others(draft, table, time, used)
    return draft
