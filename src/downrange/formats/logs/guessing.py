"""What the columns of an unknown table are: by the words of their headings, and their units by heading, cell or physics.

A unit that can be told is told with the reason: of pressure by its size, of an altitude by the pressure beside it or by
gravity (a rocket near its top slows by 9.8 m/s, or 32.2 ft/s, every second), of an accelerometer by 1 g at rest. One that cannot
be told is not invented: the column stays uninterpreted, and a warning says how to tell it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from downrange.atmosphere import pressure_altitude

__all__ = [
    "altitude_unit",
    "clock_text",
    "quantity_of",
    "rest_unit",
    "size_unit",
    "speed_unit",
    "time_unit",
    "unwrapped",
]

_CLOCK = re.compile(r"\s*(?:\d{4}-\d\d-\d\d[T ])?(\d{1,2}):(\d\d)(?::(\d\d(?:\.\d+)?))?\s*(?:UTC|Z)?")
_TURNS = (
    *(2.0**bits / ticks for bits in (16, 32) for ticks in (1, 10, 100, 1_000, 1_000_000)), 86_400.0, 86_400e3, 604_800.0, 604_800e3,
)  # fmt: skip
_AXIS = r"(?:^|[_ .\-(])([xyz])(?:$|[_ .\-)(\[])"
_RULES: tuple[tuple[str, str], ...] = (
    # words in a heading (plain), and the quantity; the first that fits
    (r"predict|target|apogee|^max|maximum|_max$|setpoint|desired|error|drift|used_for", "other"),
    (r"airspeed", "airspeed"), (r"dynamic_?press|pitot", "dynamic_pressure"), (r"press|baro(?!.*(temp|alt))|^p$", "pressure"),
    (r"quat.*[_ ]?w$|^q?w$|quat_?(0|w)", "quaternion_w"), (r"quat.*x$", "quaternion_x"), (r"quat.*y$", "quaternion_y"), (r"quat.*z$", "quaternion_z"),
    (r"^(gps|gnss)?_?lat(itude)?(_|$|\()|gpslat", "latitude"), (r"^(gps|gnss)?_?(lon|lng)(gitude|g)?(_|$|\()|gpslon", "longitude"),
    (r"(gps|gnss).*(alt|height)", "gps_altitude"), (r"(gps|gnss).*(speed|vel)", "gps_speed"), (r"^n?sats?|satell", "satellites"),
    (r"temp|^t_c$", "temperature"), (r"(alt|height).*(filt|kalman|est)|(filt|kalman|est_).*(alt|height)", "altitude_filtered"),
    (r"alt.*(msl|asl)|(msl|asl).*alt|press.*alt", "altitude_msl"), (r"alt|height|^h$|agl", "altitude_agl"),
    (r"linear_?acc|acc.*(filt|linear)", "other"), (r"magnet|^mag|field", "field"), (r"gyro|angular|ang_?(vel|rate)|^g[xyz](_?[(\[]|$)|^ang__?", "rate"),
    (r"acc|^a[xyz](_?[(\[]|$)", "acceleration"), (r"position|^pos", "position"), (r"(vel|speed)", "velocity"), (r"volt|batt", "voltage"), (r"current", "current"),
)  # fmt: skip


def quantity_of(heading: str) -> str:
    """The quantity that a plain heading stands for; `other` where its words say nothing."""
    word = heading.strip("_")
    name = next((name for pattern, name in _RULES if re.search(pattern, word)), "other")
    if name in ("rate", "field", "acceleration", "position"):
        axis = re.search(_AXIS, word) or re.search(r"([xyz])(?:_?axis)?$", re.sub(r"[(\[].*", "", word).rstrip("_"))
        if name == "acceleration" and axis is None:
            return "acceleration_axial" if "axial" in word else "other"
        if re.match(r"est_|estimated", word) and name != "position":
            return "other"  # of somebody's filter, in a frame of its own
        return f"{name}_{axis.group(1)}" if axis else "other"
    if name == "velocity":
        return (
            "velocity_up" if not re.search(_AXIS, word) and not re.search(r"land|horiz|east|north", word) else "other"
        )
    return name


def time_unit(values: np.ndarray) -> tuple[str, str]:
    """Seconds, milliseconds or microseconds, by the step: loggers write between 1 and 2,000 rows a second."""
    step = np.diff(values[np.isfinite(values)])
    step = step[step > 0]
    if not step.size:
        return "", ""
    median = float(np.median(step))
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("us", 1e6), ("ns", 1e9)):
        if 4e-4 <= median / scale <= 2.0:
            return unit, f"{unit}, by its steps of {median:g}"
    return "", ""


def _clocks(cells: Sequence[str]) -> list[re.Match[str] | None] | None:
    """What of cells is an hour of the day; None where more than a tenth of them is not."""
    found, others, most = [], 0, 0.1 * len(cells)
    for c in cells:
        m = _CLOCK.fullmatch(c)
        others += m is None
        if others > most:
            return None
        found.append(m)
    return found


def unwrapped(values: np.ndarray) -> tuple[np.ndarray, float]:
    """Times whose counter ran over made to go on, and by what it went back; as they are, and 0, where no step back is that of a counter.

    values (n,): in the file's own unit, NaN where a row has none. Counters have 16 or 32 bits, of ticks that may be written as seconds; clocks begin anew
    at midnight or with the week. Every step back must be one, and what follows must go on as the rows before did.
    """
    known = np.flatnonzero(np.isfinite(values))
    step = np.diff(values[known])
    back, on = step < 0, step[step > 0]
    if not back.any() or back.sum() > 0.02 * step.size or on.size < 10:
        return values, 0.0
    often = float(np.median(on))
    for turn in _TURNS:
        gap = step[back] + turn
        if turn > 100 * often and (gap > 0).all() and (gap < 20 * often).all():
            out = values.copy()
            out[known] += turn * np.concatenate([[0], np.cumsum(back)])
            return out, turn
    return values, 0.0


def clock_text(cells: Sequence[str]) -> np.ndarray | None:
    """Seconds of cells like `0:00:04` or `12:10:58.254`; None where they are no clock. Rows of one whole second are spread over
    it evenly, as they were read."""
    found = _clocks(cells)
    if found is None:
        return None
    out = np.array([np.nan if m is None else int(m[1]) * 3600 + int(m[2]) * 60 + float(m[3] or 0) for m in found])
    out = out + 86_400 * np.cumsum(np.concatenate([[0], np.nan_to_num(np.diff(out)) < -43_200]))
    whole = bool(np.all(out[np.isfinite(out)] % 1 == 0))
    seconds, first, counts = np.unique(out, return_index=True, return_counts=True)
    if whole and len(cells) > 3 * len(seconds) and np.all(np.diff(out[np.isfinite(out)]) >= 0):
        rate = float(np.median(counts[1:-1])) if len(counts) > 2 else float(counts.max())
        for s, i, n in zip(seconds, first, counts, strict=True):
            # The first second may have begun before the file: its rows end with it.
            start = 1 - n / rate if i == 0 and n < rate else 0.0
            out[i : i + n] = s + start + np.arange(n) / max(rate, n if i else rate)
    return out


def size_unit(name: str, values: np.ndarray) -> tuple[str, str]:
    """Unit of a pressure, a temperature or a voltage by its size; empty where more than one could be."""
    first = values[np.isfinite(values)]
    if not first.size:
        return "", ""
    at = float(np.median(first[: max(10, first.size // 20)]))
    if name == "pressure":
        for unit, low, high in (
            ("Pa", 45e3, 112e3),
            ("hPa", 450.0, 1120.0),
            ("kPa", 45.0, 112.0),
            ("inHg", 13.5, 33.0),
            ("atm", 0.45, 1.1),
        ):
            if low <= at <= high:
                return unit, f"{unit}, by its size: {at:,.5g} at the beginning"
    if name == "temperature":
        for unit, low, high in (("K", 240.0, 345.0), ("degC", -25.0, 48.0), ("degF", 55.0, 130.0)):
            if low <= at <= high:
                return unit, f"{unit}, by its size: {at:.3g} at the beginning"
    if name in ("latitude", "longitude") and np.abs(first).max() <= 180:
        return "deg", "degrees, by its size"
    return ("V", "volts, by its size") if name == "voltage" and 0 <= at <= 60 else ("", "")


def altitude_unit(time: np.ndarray, altitude: np.ndarray, pressure: np.ndarray | None) -> tuple[str, str]:
    """Metres or feet: by a pressure (Pa) of the same rows, else by gravity before the top; empty where neither tells."""
    ok = np.isfinite(altitude) & np.isfinite(time)
    if pressure is not None:
        both = ok & np.isfinite(pressure) & (pressure > 100)
        if both.sum() > 20:
            h, a = pressure_altitude(pressure[both]), altitude[both]
            spread = np.percentile(h, 99) - np.percentile(h, 1)
            ratio = (np.percentile(a, 99) - np.percentile(a, 1)) / max(spread, 1e-9)
            if spread > 30:
                for unit, k in (("m", 1.0), ("ft", 1 / 0.3048)):
                    if abs(np.log(max(ratio, 1e-9) / k)) < 0.25:
                        return (
                            unit,
                            f"{unit}, by the pressure: it moves by {ratio:.2f} for every metre of pressure altitude",
                        )
            return "", ""
    t, a = time[ok], altitude[ok]
    if t.size < 50:
        return "", ""
    top = int(np.argmax(a))
    piece = (t > t[top] - 3.0) & (t <= t[top] + 0.1)
    if piece.sum() < 12 or a[top] - np.median(a[:20]) < 30:
        return "", ""
    curve = -2 * np.polyfit(t[piece] - t[top], a[piece], 2)[0]
    for unit, g in (("m", 9.8), ("ft", 32.2)):
        if 0.75 < curve / g < 1.5:  # drag adds a little in the last three seconds before the top
            return unit, f"{unit}, by gravity: before the top it slows by {curve:.1f} a second every second"
    return "", ""


def speed_unit(time: np.ndarray, speed: np.ndarray, altitude: np.ndarray | None) -> tuple[str, str]:
    """Metres or feet a second, by the rate of an altitude (m) of the same rows; empty where that does not tell."""
    if altitude is None:
        return "", ""
    ok = np.isfinite(time) & np.isfinite(speed) & np.isfinite(altitude)
    if ok.sum() < 50 or np.ptp(time[ok]) <= 0:
        return "", ""
    grid = np.linspace(time[ok].min(), time[ok].max(), 400)
    order = np.argsort(time[ok], kind="stable")
    rate = np.gradient(np.interp(grid, time[ok][order], altitude[ok][order]), grid)
    v = np.interp(grid, time[ok][order], speed[ok][order])
    fast = np.abs(rate) > 0.3 * np.abs(rate).max()
    if fast.sum() < 5 or np.abs(rate).max() < 10:
        return "", ""
    ratio = float(np.median(v[fast] / rate[fast]))
    for unit, k in (("m/s", 1.0), ("ft/s", 1 / 0.3048)):
        if abs(np.log(max(ratio, 1e-9) / k)) < 0.3:
            return unit, f"{unit}, by the altitude: {ratio:.2f} for every metre a second of it"
    return "", ""


def rest_unit(magnitude: np.ndarray) -> tuple[str, str]:
    """Unit of an accelerometer by the magnitude (n,) of its three axes at rest."""
    first = magnitude[np.isfinite(magnitude)]
    if first.size < 10:
        return "", ""
    at = float(np.median(first[: max(20, first.size // 50)]))
    for unit, g in (("m/s^2", 9.80665), ("g0", 1.0), ("mg0", 1000.0), ("ft/s^2", 32.174)):
        if abs(at / g - 1) < 0.12:
            return unit, f"{unit}, by 1 g at rest: {at:.3g}"
    return "", ""
