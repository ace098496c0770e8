"""MissileWorks RRC3: the binary `.rff` of mDACS: pressures in 0.1 mbar, 20 a second, in a .NET list of 16-bit numbers.

The file is .NET's binary format of a `List<Int16>` (MS-NRBF, section 2.4.3.3, ArraySinglePrimitive: type byte 7 is Int16 in the
list of PrimitiveTypeEnumeration, 2.1.2.3). Numbers of 0x4000 and above are not pressures: once a second the device adds
others (voltage, temperature), which are kept uninterpreted.
"""

from __future__ import annotations

import struct

import numpy as np

from downrange.errors import InputError
from downrange.formats.logs.draft import Draft, Match
from downrange.formats.logs.source import Source

NAME = "MissileWorks RRC3 binary"
_HEADER = (
    b"\x00\x01\x00\x00\x00\xff\xff\xff\xff\x01\x00\x00\x00\x00\x00\x00\x00"  # MS-NRBF 2.6.1, SerializationHeaderRecord
)
_AUXILIARY = 0x4000
_RATE = 20.0  # Hz


def recognise(source: Source) -> Match | None:
    """By the header of .NET's binary format and a list of Int16."""
    if not source.data.startswith(_HEADER[:9]):
        return None
    if b"System.Int16" in source.data[:4000] or source.path.suffix.lower() == ".rff":
        return Match(0.95, "the header of .NET's binary format, with a list of Int16")
    return None


def _numbers(data: bytes) -> np.ndarray:
    """The longest array of 16-bit numbers in the file: record type 15, id, length, primitive type 7."""
    best = np.zeros(0, np.int16)
    at = data.find(b"\x0f")
    while 0 <= at < len(data) - 10:
        _, length, kind = struct.unpack_from("<iiB", data, at + 1)
        if kind == 7 and 0 < length <= (len(data) - at - 10) // 2 and length > best.size:
            best = np.frombuffer(data, "<i2", length, at + 10)
        at = data.find(b"\x0f", at + 1)
    return best


def read(source: Source) -> Draft:
    """The log."""
    draft = Draft(NAME, zero="the device's detection of launch")
    numbers = _numbers(source.data).astype(np.int64) & 0xFFFF
    pressures = numbers[numbers < _AUXILIARY]
    if pressures.size < 20:
        raise InputError("no list of pressures is in this file of an RRC3")
    time = np.arange(pressures.size) / _RATE
    used = pressures > 0
    draft.add(
        "pressure",
        time,
        np.where(used, pressures / 10.0, np.nan),
        "mbar",
        source="Int16 list",
        why="tenths of a millibar, 20 a second: the format's own",
    )
    if (numbers >= _AUXILIARY).any():
        draft.notes.append(
            f"{int((numbers >= _AUXILIARY).sum())} other numbers of the device (voltage, temperature) are not interpreted"
        )
    return draft
