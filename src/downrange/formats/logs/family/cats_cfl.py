"""CATS Vega: the binary flight log `.cfl`.

The version of the firmware, a zero, then records: time (u32, milliseconds since power-up), kind (u32, the lowest four bits
say which sensor), and a payload whose length goes with the kind. Layouts after the firmware's published record types
(github.com/catsystems/cats-embedded, flash/recorder) and confirmed on logs whose tables are at hand: pressures in Pa,
temperatures in 0.01 °C, accelerations in 1/1024 g, rates in 1/14.28 °/s, quaternions in 1e-4.
"""

from __future__ import annotations

import re
import struct
from collections import defaultdict

import numpy as np

from downrange.errors import InputError
from downrange.formats.logs.draft import Draft, Match
from downrange.formats.logs.family.cats_csv import STATES
from downrange.formats.logs.source import Source
from downrange.tracking.log import State

NAME = "CATS binary"
_KINDS = {  # kind: payload
    0x10: "6h", 0x20: "ii", 0x40: "3f", 0x80: "4h", 0x100: "2f", 0x200: "I", 0x400: "II", 0x800: "I", 0x1000: "2fB", 0x2000: "H",
}  # fmt: skip
_NUMPY = {"h": "<i2", "i": "<i4", "f": "<f4", "I": "<u4", "B": "u1", "H": "<u2"}
_EVENTS = {2: "lift-off", 3: "burn-out", 4: "apogee", 5: "main", 6: "touchdown"}
_CHANNELS: tuple[tuple[int, int, str, str, float, str], ...] = (
    # kind, place in the payload, quantity, unit, factor, what it is called
    (0x10, 0, "acceleration_x", "g0", 1 / 1024, "IMU ax"), (0x10, 1, "acceleration_y", "g0", 1 / 1024, "IMU ay"),
    (0x10, 2, "acceleration_z", "g0", 1 / 1024, "IMU az"), (0x10, 3, "rate_x", "deg/s", 1 / 14.28, "IMU gx"), (0x10, 4, "rate_y", "deg/s", 1 / 14.28, "IMU gy"),
    (0x10, 5, "rate_z", "deg/s", 1 / 14.28, "IMU gz"), (0x20, 0, "pressure", "Pa", 1.0, "BARO pressure"), (0x20, 1, "temperature", "degC", 0.01, "BARO temperature"),
    (0x40, 0, "altitude_filtered", "m", 1.0, "FLIGHT_INFO height"), (0x40, 1, "velocity_up", "m/s", 1.0, "FLIGHT_INFO velocity"),
    (0x40, 2, "acceleration_filtered", "m/s^2", 1.0, "FLIGHT_INFO acceleration"), (0x100, 0, "altitude_agl", "m", 1.0, "FILTERED altitude AGL"),
    (0x100, 1, "acceleration_net", "m/s^2", 1.0, "FILTERED acceleration"), (0x80, 0, "quaternion_w", "", 1e-4, "ORIENTATION 1"),
    (0x80, 1, "quaternion_x", "", 1e-4, "ORIENTATION 2"), (0x80, 2, "quaternion_y", "", 1e-4, "ORIENTATION 3"), (0x80, 3, "quaternion_z", "", 1e-4, "ORIENTATION 4"),
    (0x1000, 0, "latitude", "deg", 1.0, "GNSS latitude"), (0x1000, 1, "longitude", "deg", 1.0, "GNSS longitude"), (0x1000, 2, "satellites", "", 1.0, "GNSS satellites"),
    (0x2000, 0, "voltage", "V", 1e-3, "VOLTAGE"),
)  # fmt: skip


def recognise(source: Source) -> Match | None:
    """By a version in text, a zero, and records whose times rise."""
    data = source.data
    end = data[:32].find(b"\0")
    if end < 5 or not data[:end].replace(b".", b"").replace(b"-", b"").isalnum() or data.count(b".", 0, end) < 2:
        return None
    try:
        first = struct.unpack_from("<II", data, end + 1)
    except struct.error:
        return None
    return (
        Match(0.98, f"firmware {data[:end].decode('ascii', 'replace')!r} and records of known kinds")
        if first[1] & ~15 in _KINDS
        else None
    )


def _records(data: bytes, at: int) -> tuple[dict[tuple[int, int], np.ndarray], int]:
    """Time and payload (n, 1 + values) by kind and sensor; and where reading stopped. One pass finds where records begin."""
    sizes = {kind | sensor: struct.calcsize("<II" + v) for kind, v in _KINDS.items() for sensor in range(16)}
    starts: dict[int, list[int]] = defaultdict(list)
    size, word_at = len(data), struct.Struct("<I").unpack_from
    while at + 8 <= size:
        word = word_at(data, at + 4)[0]
        length = sizes.get(word)
        if length is None or at + length > size:
            break
        starts[word].append(at)
        at += length
    raw = np.frombuffer(data, np.uint8)
    out = {}
    for word, where in starts.items():
        fields = [_NUMPY[c] for c in _letters(_KINDS[word & ~15])]
        shape = np.dtype([("time", "<u4"), ("kind", "<u4"), *((f"v{i}", f) for i, f in enumerate(fields))])
        rows = raw[np.array(where)[:, None] + np.arange(shape.itemsize)].view(shape)[:, 0]
        out[word & ~15, word & 15] = np.column_stack(
            [rows["time"].astype(float), *(rows[f"v{i}"].astype(float) for i in range(len(fields)))]
        )
    return out, at


def _letters(code: str) -> list[str]:
    """Letters of numpy for the payload's code of `struct`: `2fB` is f, f, B."""
    out = []
    for count, letter in re.findall(r"(\d*)([a-zA-Z])", code):
        out += [letter] * int(count or 1)
    return out


def read(source: Source) -> Draft:
    """The log, to its last whole record."""
    data = source.data
    start = data.find(b"\0") + 1
    draft = Draft(NAME, device={"firmware": data[: start - 1].decode("ascii", "replace")})
    records, end = _records(data, start)
    if not records:
        raise InputError("no whole record is in this log of CATS")
    if len(data) - end > 8:
        left = len(data) - end
        (draft.notes if left < 0.01 * len(data) else draft.warnings).append(
            f"the last {left:,} bytes are no whole record: the log was cut while it was written"
        )
    names = {kind for kind, _ in records}
    for kind, place, quantity, unit, scale, label in _CHANNELS:
        for (k, sensor), rows in records.items():
            if k == kind:
                table = rows
                label_ = f"{label}{sensor or ''}"
                draft.add(
                    quantity,
                    table[:, 0] / 1000,
                    table[:, 1 + place] * scale,
                    unit,
                    source=label_,
                    why="the unit of this record",
                    sensor=str(sensor or ""),
                )
    for (kind, _), rows in records.items():
        if kind == 0x200:
            draft.states += [State(r[0] / 1000, STATES.get(int(r[1]), f"state {int(r[1])}")) for r in rows]
        elif kind == 0x400:
            draft.states += [
                State(r[0] / 1000, f"event {_EVENTS[int(r[1])]}")
                for r in rows
                if int(r[1]) in _EVENTS and int(r[2]) & 0xFFFF == 0
            ]
    if 0x40 not in names:
        draft.notes.append("the log holds no estimate of the device (FLIGHT_INFO): it was not set to record it")
    return draft
