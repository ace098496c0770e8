"""What goes over a link to a controller in another process or on another computer: messages as JSON lines, or as compact binary frames.

docs/reference/hil.md has both for whoever writes the other side. A message is a mapping with its `kind`: `hello` and `now` to the
controller, `do` from it, `end` either way. Both forms carry numbers to the last bit.
"""

from __future__ import annotations

import binascii
import json
import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from downrange.control.controller import ORDERS, Fault, Now
from downrange.errors import seen

__all__ = ["MOST_BYTES", "VERSION", "Binary", "Codec", "JsonLines", "codec"]

VERSION = 1
MOST_BYTES = 65_536  # of one message
_VALUES = tuple(name for several in Now.READINGS.values() for name in several)
_WIDE = {"acceleration_m_s2": 3, "rate_rad_s": 3, "field_t": 3, "velocity_enu_m_s": 3}
_SENSORS = tuple(Now.READINGS)
_SYNC = b"\xd5\x52"
_KINDS = ("hello", "now", "do", "end")  # 1, 2, 3, 4 in a frame


class Codec(Protocol):
    """Turns messages to bytes and back, whatever pieces they come in."""

    def encode(self, message: Mapping[str, Any]) -> bytes:
        """A message as bytes."""

    def feed(self, data: bytes) -> Iterator[Mapping[str, Any]]:
        """The messages that are whole with these bytes. Raises `Fault` at what is none, which is then skipped."""

    @property
    def rest(self) -> int:
        """How many bytes wait for the rest of their message."""


def codec(name: str, actuators: Sequence[str]) -> Codec:
    """`json` or `binary`, for actuators in this order."""
    return Binary(actuators) if name == "binary" else JsonLines()


class JsonLines:
    """One JSON object a line."""

    def __init__(self) -> None:
        self._buffer = b""
        self._dump = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
        self._load = json.JSONDecoder().decode

    def encode(self, message: Mapping[str, Any]) -> bytes:
        """A line."""
        return (self._dump(message) + "\n").encode()

    @property
    def rest(self) -> int:
        """How many bytes wait for the end of their line."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[Mapping[str, Any]]:
        """The messages of all lines that are whole now."""
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            line, self._buffer = self._buffer[:end], self._buffer[end + 1 :]
            if line and not line.isspace():
                yield self._message(line)
        if len(self._buffer) > MOST_BYTES:
            self._buffer = b""
            raise Fault(f"it sent more than {MOST_BYTES} bytes without the end of a line")

    def _message(self, line: bytes) -> Mapping[str, Any]:
        try:
            said = self._load(line.decode())
        except (ValueError, RecursionError):
            raise Fault(f"it sent {seen(line.decode('utf-8', 'replace'), 80)}, which is no line of JSON") from None
        if not isinstance(said, dict) or said.get("kind") not in _KINDS:
            raise Fault(f"it sent {seen(said, 80)}; a message is an object with a kind: {', '.join(_KINDS)}")
        return said


class Binary:
    """Frames: two bytes D5 52, kind (u8), length of what follows (u16), that, and CRC-16/XMODEM over kind, length and content (u16).

    Little-endian; numbers are 64-bit floats.
    """

    def __init__(self, actuators: Sequence[str]) -> None:
        self.actuators = tuple(actuators)
        self._buffer = bytearray()

    @property
    def rest(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._buffer)

    def encode(self, message: Mapping[str, Any]) -> bytes:
        """A frame."""
        kind = message["kind"]
        made = {"hello": self._hello, "now": self._now, "do": self._do}
        content = made[kind](message) if kind in made else b""
        body = struct.pack("<BH", _KINDS.index(kind) + 1, len(content)) + content
        return _SYNC + body + struct.pack("<H", binascii.crc_hqx(body, 0))

    @staticmethod
    def _hello(m: Mapping[str, Any]) -> bytes:
        names = b"".join(str(n).encode() + b"\0" for n in m["actuators"])
        return struct.pack("<BBd", VERSION, len(m["actuators"]), m["rate_hz"]) + names

    @staticmethod
    def _now(m: Mapping[str, Any]) -> bytes:
        fresh = sum(1 << k for k, name in enumerate(_SENSORS) if name in m["fresh"])
        present = sum(1 << k for k, name in enumerate(_VALUES) if name in m)
        numbers: list[float] = []
        for name in _VALUES:
            if name in m:
                numbers += m[name] if name in _WIDE else [m[name]]
        return struct.pack(f"<IdHH{len(numbers)}d", m["n"], m["time_s"], fresh, present, *numbers)

    def _do(self, m: Mapping[str, Any]) -> bytes:
        out = b""
        said = {k: v for k, v in m.items() if k not in ("kind", "n")}
        for name, value in said.items():
            number = float(ORDERS.index(value) + 1) if value in ORDERS else float(value)
            out += struct.pack("<Bd", self.actuators.index(name), number)
        return struct.pack("<IB", m["n"], len(said)) + out

    def feed(self, data: bytes) -> Iterator[Mapping[str, Any]]:
        """The messages of all frames that are whole now."""
        self._buffer += data
        while True:
            at = self._buffer.find(_SYNC)
            if at != 0 and self._buffer and not (at < 0 and _SYNC.startswith(self._buffer)):
                lost = bytes(self._buffer[: at if at > 0 else len(self._buffer)])
                keep = 1 if at < 0 and lost.endswith(_SYNC[:1]) else 0
                del self._buffer[: len(lost) - keep]
                raise Fault(f"it sent {seen(lost[:40].hex(' '), 120)} where a frame ought to begin with d5 52")
            if len(self._buffer) < 7:
                return
            kind, length = struct.unpack_from("<BH", self._buffer, 2)
            if len(self._buffer) < 7 + length:
                return
            body, (crc,) = bytes(self._buffer[2 : 5 + length]), struct.unpack_from("<H", self._buffer, 5 + length)
            if crc != binascii.crc_hqx(body, 0):
                del self._buffer[:2]
                raise Fault("it sent a frame whose checksum is wrong")
            del self._buffer[: 7 + length]
            yield self._message(kind, body[3:])

    def _message(self, kind: int, content: bytes) -> Mapping[str, Any]:
        try:
            if kind == 1:
                return self._read_hello(content)
            if kind == 2:
                return self._read_now(content)
            if kind == 3:
                return self._read_do(content)
        except (struct.error, IndexError, UnicodeDecodeError):
            raise Fault(f"it sent a frame of kind {kind} whose {len(content)} bytes are not what it says") from None
        if kind != 4:
            raise Fault(f"it sent a frame of kind {kind}; kinds are 1 to 4")
        return {"kind": "end"}

    @staticmethod
    def _read_hello(content: bytes) -> Mapping[str, Any]:
        version, count, rate = struct.unpack_from("<BBd", content)
        names = [n.decode() for n in content[10:].split(b"\0")[:count]]
        return {"kind": "hello", "protocol": version, "rate_hz": rate, "actuators": dict.fromkeys(names)}

    @staticmethod
    def _read_now(content: bytes) -> Mapping[str, Any]:
        n, time, fresh, present = struct.unpack_from("<IdHH", content)
        names = [name for k, name in enumerate(_VALUES) if present >> k & 1]
        count = sum(_WIDE.get(name, 1) for name in names)
        numbers = list(struct.unpack_from(f"<{count}d", content, 16))
        out: dict[str, Any] = {"kind": "now", "n": n, "time_s": time, "fresh": [s for k, s in enumerate(_SENSORS) if fresh >> k & 1]}  # fmt: skip
        for name in names:
            width = _WIDE.get(name, 1)
            out[name] = numbers[:width] if width > 1 else numbers[0]
            del numbers[:width]
        return out

    def _read_do(self, content: bytes) -> Mapping[str, Any]:
        n, count = struct.unpack_from("<IB", content)
        out: dict[str, Any] = {"kind": "do", "n": n}
        for k in range(count):
            which, value = struct.unpack_from("<Bd", content, 5 + 9 * k)
            name = self.actuators[which]
            out[name] = value
        if len(content) != 5 + 9 * count:
            raise struct.error
        return out


def as_order(value: Any) -> Any:
    """An order that came as a number, by name; None where it is none."""
    if isinstance(value, float | int) and math.isfinite(value) and value in (1.0, 2.0, 3.0):
        return ORDERS[int(value) - 1]
    return value
