"""PerfectFlite: StratoLogger, StratoLoggerCF, SL100, Pnut, Firefly. The `.pf2` of its own program, and text tables of it.

Seconds, feet above the pad, feet a second, degrees Fahrenheit, volts; 20 readings a second.
"""

from __future__ import annotations

import re

import numpy as np

from downrange.errors import InputError
from downrange.formats.logs.columns import Column, fill, others
from downrange.formats.logs.draft import Draft, Match
from downrange.formats.logs.source import Source
from downrange.formats.logs.table import Table, parse_table

NAME = "PerfectFlite"
_ORDER = ("time", "altitude", "velocity", "temperature_(f)", "voltage")
_WANTED = [
    Column("altitude", "altitude_agl", "ft"), Column("velocity", "velocity_pressure", "ft/s"), Column("temperature", "temperature", "degF"),
    Column("temp", "temperature", "degF"), Column("temp.", "temperature", "degF"), Column("voltage", "voltage", "V", "battery"),
    Column("altitude_ft", "altitude_agl", "ft"), Column("altitude_feet", "altitude_agl", "ft"),
]  # fmt: skip


def recognise(source: Source) -> Match | None:
    """By its name in the first lines, by the heading, or by four columns of which the third ends in F."""
    head = source.head
    if head.lstrip().startswith("perfectflite") or re.search(r"^data: \(time, altitude", head, re.MULTILINE):
        return Match(0.99, "the first line says PerfectFlite")
    if re.match(r"\s*time_s,altitude_ft,temperature,voltage", head) or re.match(
        r"\s*time[ \t]+altitude[ \t]+temp\.?[ \t]+voltage", head
    ):
        return Match(0.9, "the columns time, altitude, temperature, voltage of a StratoLogger")
    if re.match(
        r"\s*\d+\.\d\d[\t,; ]+-?\d+[\t,; ]+-?[\d.]+F[\t,; ]+[\d.]+V?\s", source.text[:200] if source.text else ""
    ):
        return Match(0.75, "rows of time, feet, degrees with an F, volts, without a heading")
    return None


def _header(draft: Draft, lines: list[str]) -> None:
    for line in lines:
        key, _, value = (p.strip() for p in line.partition(":"))
        feet = re.match(r"(-?[\d.,]+)\s*'", value)
        if feet and key.lower() in ("apogee", "ground elevation"):
            name = "apogee above the pad" if key.lower() == "apogee" else "elevation of the pad"
            draft.claim(name, float(feet.group(1).replace(",", "")), "ft", "altitude_agl", line.strip())
        elif key.lower() in ("firmware", "software", "serial number", "flight number", "comments") and value:
            draft.device[key.lower()] = value
    draft.device["device"] = lines[0].strip() if lines else ""


def read(source: Source) -> Draft:
    """The log."""
    draft = Draft(NAME, zero="the device's detection of launch")
    start = next((k for k, line in enumerate(source.lines) if line.lower().startswith("data:")), None)
    if start is not None:
        _header(draft, source.lines[:start])
        inside = re.search(r"\((.*)\)\s*$", source.lines[start])
        names = [n.strip() for n in re.split(r",\s*", inside.group(1))] if inside else ["Time", "Altitude"]
        table = parse_table([",".join(names), *source.lines[start + 1 :]], heading=1, first=start + 1)
        said = next(
            (int(m.group(1)) for line in source.lines[:start] if (m := re.match(r"NumSamps:\s*(\d+)", line))),
            table.rows,
        )
        if said > table.rows:
            draft.warnings.append(f"the file says {said} readings and holds {table.rows}: it is cut short")
    else:
        table = parse_table(source.lines)
    if not table.names:
        if len(table.cells) < 3:
            raise InputError("rows without a heading, and fewer than three columns: what they are cannot be told")
        names = (
            ["Time", "Altitude", "Temperature", "Voltage"]
            if len(table.cells) == 4
            else ["Time", "Altitude", "Velocity", "Temperature", "Voltage"]
        )
        if not table.cell_unit(names.index("Temperature")).upper() == "F":
            raise InputError("rows without a heading whose temperatures have no F: these are no rows of a StratoLogger")
        draft.notes.append(f"no heading: known as {', '.join(names)} by the F of the temperatures")
        table = Table(tuple(names), table.cells, table.first_line, table.separator, table.decimal_comma)
    i = next((k for k, n in enumerate(table.plain) if n.startswith("time")), None)
    if i is None:
        raise InputError("no column of time in this table of PerfectFlite")
    time = table.number(i)
    step = np.diff(time[np.isfinite(time)])
    if step.size and not 0.005 <= np.median(step) <= 5:
        raise InputError(f"steps of {np.median(step):g} are no seconds of a PerfectFlite")
    used = fill(draft, table, time, _WANTED) | {i}
    others(draft, table, time, used)
    return draft
