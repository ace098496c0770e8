"""MissileWorks RRC3: the table of mDACS, American (commas, feet) and European (semicolons, decimal commas, metres or feet).

The export of some European machines is sorted by time as text (1, 10, 100, 101, 2): it is sorted by number. Where the heading
has no units they are settled by the pressure.
"""

from __future__ import annotations

import numpy as np

from downrange.atmosphere import pressure_altitude
from downrange.errors import InputError
from downrange.formats.logs.columns import others, take, unit_of
from downrange.formats.logs.draft import Draft, Match
from downrange.formats.logs.source import Source
from downrange.formats.logs.table import Table, parse_table
from downrange.tracking.log import State

NAME = "MissileWorks RRC3"


def recognise(source: Source) -> Match | None:
    """By its columns: time, altitude, pressure, velocity, temperature, events, voltage."""
    first = source.head.split("\n", 1)[0]
    words = ("altitude", "pressure", "velocity", "temperature", "events", "volt")
    hits = sum(w in first for w in words)
    return (
        Match(0.97, "the columns Altitude, Pressure, Velocity, Temperature, Events, Voltage of mDACS")
        if "time" in first and hits == 6
        else None
    )


def _altitude_unit(table: Table, pressure: np.ndarray, altitude: np.ndarray) -> tuple[str, str]:
    """Metres or feet, by the pressure of the same rows."""
    ok = np.isfinite(pressure) & np.isfinite(altitude)
    p, a = pressure[ok], altitude[ok]
    if p.size < 10:
        return "ft", "feet taken: the heading has no unit, and there is no pressure to compare with"
    h = pressure_altitude(np.clip(p, 1, 120_000))
    h = h - np.median(h[np.argsort(a)[: max(3, p.size // 50)]])
    high = a > 0.5 * a.max()
    ratio = float(np.median(a[high] / np.maximum(h[high], 1e-3)))
    unit = min(("m", 1.0), ("ft", 1 / 0.3048), key=lambda u: abs(np.log(max(ratio, 1e-6) / u[1])))[0]
    return (
        unit,
        f"{'metres' if unit == 'm' else 'feet'}, by the pressure: {a.max():,.0f} in the column where the pressure says {h.max():,.0f} m",
    )


def read(source: Source) -> Draft:
    """The log."""
    draft = Draft(NAME, zero="the device's detection of launch")
    table = parse_table(source.lines, heading=1)
    i = next((k for k, n in enumerate(table.plain) if n.startswith("time")), None)
    press = next((k for k, n in enumerate(table.plain) if n.startswith("pressure")), None)
    if i is None or press is None:
        raise InputError("no columns of time and pressure in this table of an RRC3")
    time = table.number(i)
    take(draft, table, press, "pressure", time, unit="mbar")
    pascals = table.number(press) * (
        100.0 if unit_of(table, press, "pressure", "mbar")[0] in ("mbar", "hPa") else np.nan
    )
    used = {i, press}
    length = ""
    for k, n in enumerate(table.plain):
        if n.startswith("altitude"):
            unit, why = unit_of(table, k, "altitude_agl", "")
            if not unit:
                unit, why = _altitude_unit(table, pascals, table.number(k))
            length = length or unit
            draft.add("altitude_agl", time, table.number(k), unit, source=table.names[k], why=why)
            used.add(k)
        elif n.startswith("velocity"):
            unit, why = unit_of(table, k, "velocity_pressure", "")
            if not unit:
                unit, why = ("m/s" if length == "m" else "ft/s"), "as the altitude beside it"
            draft.add("velocity_pressure", time, table.number(k), unit, source=table.names[k], why=why)
            used.add(k)
        elif n.startswith("temperature"):
            fahrenheit = length == "ft" and np.nanmedian(table.number(k)) > 45
            take(
                draft,
                table,
                k,
                "temperature",
                time,
                unit="degF" if fahrenheit else "degC",
                why="by its values" if fahrenheit else "by its values",
            )
            used.add(k)
        elif n.startswith("volt"):
            take(draft, table, k, "voltage", time, unit="V", sensor="battery")
            used.add(k)
        elif n.startswith("event"):
            used.add(k)
            _events(draft, table.text(k), time)
    others(draft, table, time, used)
    return draft


def _events(draft: Draft, words: tuple[str, ...], time: np.ndarray) -> None:
    for k, w in enumerate(words):
        if w and w != "-" and np.isfinite(time[k]):
            draft.states.append(State(float(time[k]), w))
