"""Altus Metrum: the flash log `.eeprom` as AltosUI downloads it. A header in JSON, then records in hexadecimal.

A record is a type (a letter), a checksum, a clock of 16 bits in 10 ms and a payload,
little-endian; its bytes sum to 0xA6 in eight bits. Layouts after the records of AltOS (altusmetrum.org, ao_log.h and AltosLib; the log formats are its numbers). Pressure
from the MS5607's counts by its data sheet (TE Connectivity, MS5607-02BA03, first and second order compensation); on the
boards of format 1 from the MP3H6115A's (NXP data sheet, Vout = Vs (0.009 P - 0.095)).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from downrange.errors import InputError, seen
from downrange.formats.logs.draft import Draft, Match
from downrange.formats.logs.source import Source
from downrange.formats.reading import parse_json
from downrange.tracking.log import State

NAME = "Altus Metrum flash log"
_MISSING = 2147483647
_STATES = {
    0: "startup",
    1: "idle",
    2: "pad",
    3: "boost",
    4: "fast",
    5: "coast",
    6: "drogue",
    7: "main",
    8: "landed",
    9: "invalid",
}
_MEGA, _METRUM, _MINI, _FULL, _GPS = (5, 10, 15, 16, 19, 21, 22), (7,), (6, 8, 12, 14), (1,), (9,)
_LENGTH = {
    **dict.fromkeys(_MEGA, 32),
    **dict.fromkeys(_METRUM, 16),
    **dict.fromkeys(_MINI, 16),
    **dict.fromkeys(_FULL, 8),
    **dict.fromkeys(_GPS, 32),
}
_TICK = 0.01  # s
_RING = 3000  # ticks; the ring buffer before lift-off holds a few seconds


@dataclass(frozen=True, eq=False)
class _Log:
    """Records by letter: kind (n,), tick unwrapped (n,), payload bytes (n, length - 4)."""

    kind: np.ndarray
    time: np.ndarray
    data: np.ndarray

    def of(self, letter: str) -> tuple[np.ndarray, np.ndarray]:
        here = self.kind == ord(letter)
        return self.time[here], np.ascontiguousarray(self.data[here])


def recognise(source: Source) -> Match | None:
    """By `log_format` in JSON, or lines of hexadecimal behind a header."""
    if '"log_format"' in source.head and '"product"' in source.head + (source.text or "")[:20_000].lower():
        return Match(0.99, "a JSON header with log_format, and records in hexadecimal")
    return (
        Match(0.9, "'Config version' and records in hexadecimal")
        if re.search(r"^log-format \d+", source.head, re.MULTILINE)
        else None
    )


def _header(source: Source) -> tuple[dict[str, Any], str]:
    """The JSON header and the text behind it."""
    text = source.text or ""
    if not text.lstrip().startswith("{"):
        raise InputError(
            "this flash log has the header of an older AltosUI: open it in a newer one and save it again, or export it as CSV"
        )
    end = re.search(r"^\}\s*$", text, re.MULTILINE)
    if end is None:
        raise InputError("the JSON header of this flash log has no end: the file is cut short")
    header = parse_json(text[: end.end()], source.path)
    if not isinstance(header, dict):
        raise InputError("the header of this flash log is no object of JSON")
    return header, text[end.end() :]


def _records(body: str, length: int, draft: Draft) -> _Log:
    words = body.split()
    bad = next((w for w in words if len(w) != 2 or not all(c in "0123456789abcdefABCDEF" for c in w)), None)
    if bad is not None:
        raise InputError(f"the records should be bytes in hexadecimal, seen {seen(bad, 40)}")
    data = np.frombuffer(bytes.fromhex("".join(words)), np.uint8)
    rows = data[: len(data) // length * length].reshape(-1, length)
    rows = rows[~((rows == 0xFF).all(axis=1) | (rows == 0).all(axis=1))]
    if len(data) % length:
        draft.warnings.append("the last record is not whole: the file is cut short")
    good = _good(rows)
    if (~good).any():
        draft.notes.append(f"{int((~good).sum())} records have a wrong checksum: left out")
    rows = rows[good]
    if not len(rows):
        raise InputError("no record has a good checksum: the file is damaged, or of another kind of board")
    return _Log(rows[:, 0], _unwrapped(_field(rows, 2, "<u2")), rows[:, 4:])


def _good(rows: np.ndarray) -> np.ndarray:
    """Whether (n,) the bytes of each record sum to 0xA6 in eight bits, as AltOS makes them."""
    return (rows.astype(np.uint32).sum(axis=1) + 0x5A) % 256 == 0


def _unwrapped(ticks: np.ndarray) -> np.ndarray:
    """Times in s of a 16-bit clock of 10 ms. The records before lift-off come from a ring and may step back a little, over
    a wrap too; a longer step that seems back is a wrap, and one that seems ahead a gap in the log."""
    step = np.diff(ticks)
    turns = np.cumsum(np.concatenate([[0], (step < -_RING).astype(np.int64) - (step > 65536 - _RING).astype(np.int64)]))
    return (ticks + 65536 * turns) * _TICK


def _ms5607(
    raw_pressure: np.ndarray, raw_temperature: np.ndarray, prom: dict[str, Any]
) -> tuple[np.ndarray, np.ndarray]:
    """Pressure in Pa and temperature in °C from the counts D1 and D2; data sheet MS5607-02BA03, pages 8 and 9."""
    try:
        sens, off, tcs, tco, tref, tempsens = (int(prom[k]) for k in ("sens", "off", "tcs", "tco", "tref", "tempsens"))
    except (KeyError, TypeError, ValueError):
        raise InputError(
            "the header lacks the calibration of the barometer (ms5607: sens, off, tcs, tco, tref, tempsens)"
        ) from None
    other = bool(prom.get("ms5611"))
    d1, d2 = raw_pressure.astype(np.int64), raw_temperature.astype(np.int64)
    dt = d2 - (tref << 8)
    temp = 2000 + ((dt * tempsens) >> 23)
    offset = (off << (16 if other else 17)) + ((tco * dt) >> (7 if other else 6))
    scale = (sens << (15 if other else 16)) + ((tcs * dt) >> (8 if other else 7))
    cold = temp < 2000
    if other:
        off2, sens2 = 5 * (temp - 2000) ** 2 >> 1, 5 * (temp - 2000) ** 2 >> 2
    else:
        off2, sens2 = 61 * (temp - 2000) ** 2 >> 4, 2 * (temp - 2000) ** 2
    colder = temp < -1500
    off2 = off2 + np.where(colder, (7 if other else 15) * (temp + 1500) ** 2, 0)
    sens2 = sens2 + np.where(colder, (11 * (temp + 1500) ** 2 >> 1) if other else 8 * (temp + 1500) ** 2, 0)
    offset, scale = offset - np.where(cold, off2, 0), scale - np.where(cold, sens2, 0)
    temp = temp - np.where(cold, (dt * dt) >> 31, 0)
    return ((((d1 * scale) >> 21) - offset) >> 15).astype(float), temp / 100.0


def _field(data: np.ndarray, at: int, kind: str) -> np.ndarray:
    size = np.dtype(kind).itemsize
    return np.ascontiguousarray(data[:, at : at + size]).view(kind)[:, 0].astype(np.int64)


def _three_bytes(data: np.ndarray, at: int) -> np.ndarray:
    return (
        data[:, at].astype(np.int64) + 256 * data[:, at + 1].astype(np.int64) + 65536 * data[:, at + 2].astype(np.int64)
    )


def _axial(draft: Draft, header: dict[str, Any], t: np.ndarray, counts: np.ndarray, ground: int) -> None:
    """The high-g axis: the counts at +1 g and -1 g are in the header, those on the pad in the flight's own record."""
    plus, minus = header.get("accel_cal_plus", _MISSING), header.get("accel_cal_minus", _MISSING)
    if _MISSING in (plus, minus) or not isinstance(plus, int) or not isinstance(minus, int) or plus == minus:
        draft.notes.append(
            "the header has no calibration of the accelerometer (2147483647 stands for none): its counts are left out"
        )
        return
    # On the pad the sensor reads `ground`; it changes by (minus - plus) / 2 counts for 1 g less.
    net = (ground - counts) * 2.0 / (minus - plus)
    draft.add("acceleration_net", t, net, "g0", source="accel", why="counts at ±1 g from the header, zero from the pad")


def _sensors(draft: Draft, log: _Log, header: dict[str, Any], form: int) -> None:
    t, d = log.of("A")
    if not len(t):
        raise InputError("no record of the sensors is in this flash log")
    flight = log.of("F")[1]
    if form in _FULL:
        p = (_field(d, 2, "<u2") / 16.0 / 2047.0 + 0.095) / 0.009 * 1000
        draft.add("pressure", t, p, "Pa", source="pres", why="counts of the MP3H6115A by its data sheet")
        if len(flight):
            _axial(draft, header, t, _field(d, 0, "<i2"), int(_field(flight, 0, "<i2")[0]))
        return
    mini = form in _MINI
    raw_p, raw_t = (_three_bytes(d, 0), _three_bytes(d, 3)) if mini else (_field(d, 0, "<u4"), _field(d, 4, "<u4"))
    pressure, temperature = _ms5607(raw_p, raw_t, header.get("ms5607") or {})
    draft.add("pressure", t, pressure, "Pa", source="pres", why="counts of the MS5607 by its data sheet")
    draft.add("temperature", t, temperature, "degC", source="temp", why="counts of the MS5607 by its data sheet")
    if len(flight):
        draft.claim(
            "pressure on the pad", float(_field(flight, 4, "<u4")[0]), "Pa", "pressure", "flight record, ground_pres"
        )
    if form in _METRUM and len(flight):
        _axial(draft, header, t, _field(d, 8, "<i2"), int(_field(flight, 2, "<i2")[0]))
    elif form in _MEGA:
        _inertial(draft, t, d, form)
        if len(flight):
            _axial(draft, header, t, _field(d, 26, "<i2"), int(_field(flight, 2, "<i2")[0]))


def _inertial(draft: Draft, t: np.ndarray, d: np.ndarray, form: int) -> None:
    """The inertial unit: ±16 g and ±2000 °/s over 16 bits on every board. x across, y along (towards the nose), z through."""
    turned = form in (16, 19)  # boards whose chip lies turned by 90 degrees
    along, across = (8, 10) if turned or form in (21, 22) else (10, 8)
    gyro = {8: 14, 10: 16}
    sign = -1.0 if turned else 1.0
    for name, at, s in (("x", across, sign), ("y", along, 1.0), ("z", 12, 1.0)):
        draft.add(
            f"acceleration_{name}",
            t,
            s * _field(d, at, "<i2") / 2048.0,
            "g0",
            source=f"accel at byte {at}",
            why="2048 counts a g: ±16 g of the inertial unit",
        )
        at_gyro = 18 if name == "z" else gyro[at]
        draft.add(
            f"rate_{name}",
            t,
            s * _field(d, at_gyro, "<i2") / 16.384,
            "deg/s",
            source=f"gyro at byte {at_gyro}",
            why="16.384 counts a °/s: ±2000 °/s",
        )
    draft.notes.append("axes of the inertial unit: x across the board, y along it towards the nose, z through it")


def _positions(draft: Draft, log: _Log, header: dict[str, Any], form: int) -> None:
    wide = header.get("altitude_32") == 1
    if form in _MEGA or form in _GPS:
        t, d = log.of("G")
        if len(t):
            flags = _field(d, 13, "u1")
            high = _field(d, 26, "<i2") if wide else None
            low = _field(d, 8, "<u2" if wide else "<i2")
            _place(
                draft,
                t,
                _field(d, 0, "<i4"),
                _field(d, 4, "<i4"),
                low + 65536 * high if high is not None else low,
                flags,
            )
    elif form in _METRUM:
        t, d = log.of("P")
        if len(t):
            low = _field(d, 8, "<u2" if wide else "<i2")
            _place(
                draft,
                t,
                _field(d, 0, "<i4"),
                _field(d, 4, "<i4"),
                low + 65536 * _field(d, 10, "<i2") if wide else low,
                None,
            )


def _place(
    draft: Draft, t: np.ndarray, lat: np.ndarray, lon: np.ndarray, height: np.ndarray, flags: np.ndarray | None
) -> None:
    draft.add("latitude", t, lat.astype(float), "e-7deg", source="latitude", why="1e-7 degrees")
    draft.add("longitude", t, lon.astype(float), "e-7deg", source="longitude", why="1e-7 degrees")
    draft.add("gps_altitude", t, height.astype(float), "m", source="altitude", why="whole metres above sea level")
    if flags is not None:
        valid = (flags & 0x10) != 0
        draft.add(
            "satellites",
            t,
            np.where(valid, flags & 0x0F, 0).astype(float),
            "",
            source="flags",
            why="the low four bits; 0 without a valid fix",
        )


def _states(draft: Draft, log: _Log) -> float | None:
    t, d = log.of("S")
    boost = None
    for k in range(len(t)):
        number = int(_field(d[k : k + 1], 0, "<u2")[0])
        name = _STATES.get(number, f"state {number}")
        draft.states.append(State(float(t[k]), name))
        if name == "boost" and boost is None:
            boost = float(t[k])
    return boost


def _device(header: dict[str, Any], keys: Iterator[str]) -> dict[str, str]:
    return {k: json.dumps(header[k]).strip('"') for k in keys if k in header and header[k] != _MISSING}


def read(source: Source) -> Draft:
    """The log."""
    draft = Draft(NAME)
    header, body = _header(source)
    form = header.get("log_format")
    if not isinstance(form, int) or form not in _LENGTH:
        raise InputError(
            f"flash logs of format {seen(form, 20)} are not read (known: {', '.join(map(str, sorted(_LENGTH)))}): export it as CSV with AltosUI"
        )
    log = _records(body, _LENGTH[form], draft)
    draft.device = _device(
        header, iter(("product", "serial", "flight", "version", "callsign", "main_deploy", "log_format"))
    )
    boost = _states(draft, log)
    _sensors(draft, log, header, form)
    _positions(draft, log, header, form)
    if form in _MINI:
        draft.notes.append(
            "without an accelerometer this board detects boost by height: lift-off was up to a second before time 0"
        )
    if boost is not None:
        draft.zero = "the device's detection of boost"
        draft.states = [State(s.time - boost, s.name) for s in draft.states]
        draft.channels = [
            type(c)(c.name, c.time - boost, c.raw, c.quality, c.source, c.why, c.sensor) for c in draft.channels
        ]
    return draft
