"""What an unmodified logger can be fed with: sentences of a satellite receiver, and lines of pressure."""

from __future__ import annotations

import math
import string
from datetime import UTC, datetime, timedelta
from typing import Any

from downrange.control.controller import Controller, Now
from downrange.control.links import Link, open_link
from downrange.errors import InputError, seen
from downrange.tracking import Barometer, Gnss, SensorSuite

__all__ = ["NmeaFeed", "PressureFeed", "nmea_sentence"]

_KNOT = 1852.0 / 3600.0  # m/s, the international nautical mile over an hour


def nmea_sentence(content: str) -> str:
    """A sentence of NMEA 0183: dollar, content, checksum (exclusive or of all characters between), end of line."""
    check = 0
    for c in content.encode("ascii"):
        check ^= c
    return f"${content}*{check:02X}\r\n"


def _degrees(value: float, width: int, signs: str) -> str:
    """ddmm.mmmmm and its side, as NMEA writes angles."""
    sign = signs[0] if value >= 0 else signs[1]
    minutes = round(abs(value) * 60.0, 5)
    return f"{int(minutes // 60):0{width}d}{minutes % 60:08.5f},{sign}"


class _Feed(Controller):
    """A stream to whoever listens; it commands nothing."""

    actuators: dict[str, Any] = {}

    def __init__(self, link: str | Link, rate_hz: float, *, pace: float | None, until: Any, before_s: float) -> None:
        self.link: Link = open_link(link) if isinstance(link, str) else link
        self.rate_hz, self.pace, self.until, self.before_s = rate_hz, pace, until, before_s
        self.frames = 0

    def __deepcopy__(self, memo: dict[int, Any]) -> _Feed:
        raise TypeError("a link is one")

    def begin(self, flights: int) -> None:
        """Open the link.

        flights: one.
        """
        self.frames = 0
        self.link.open()

    def step(self, now: Now) -> None:
        """Send what is new."""
        said = self.text(now)
        if said:
            self.frames += 1
            self.link.send(said.encode("ascii"))

    def text(self, now: Now) -> str:
        """What is sent at a moment; nothing where nothing is new.

        now: what is known.
        """
        raise NotImplementedError

    def end(self) -> None:
        """Let go."""
        self.link.close()


class NmeaFeed(_Feed):
    """A satellite receiver's sentences GGA and RMC (NMEA 0183) of a flight, to a logger that takes them for a real one's.

    link: as `Remote` has it; a serial line, most of the time. gnss: the receiver's errors and rate. start: the date and time of ignition.
    pace: 1 in real time. until, before_s: to the ground, and from so long before ignition, s.
    """

    def __init__(
        self, link: str | Link, *, gnss: Gnss | None = None, start: datetime | None = None, pace: float | None = 1.0, until: Any = "landing",
        before_s: float = 10.0,
    ) -> None:  # fmt: skip
        receiver = gnss if gnss is not None else Gnss()
        super().__init__(link, receiver.rate_hz, pace=pace, until=until, before_s=before_s)
        self.sensors = SensorSuite(None, None, None, None, receiver)
        self.start = start if start is not None else datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)

    def text(self, now: Now) -> str:
        """GGA and RMC; a receiver that has no fix says so.

        now: what is known.
        """
        at = self.start + timedelta(seconds=float(now.time_s))
        clock, date = f"{at:%H%M%S}.{at.microsecond // 10_000:02d}", f"{at:%d%m%y}"
        if "gnss" not in now.fresh or now.latitude_deg is None:
            return nmea_sentence(f"GPGGA,{clock},,,,,0,00,99.9,,M,,M,,") + nmea_sentence(
                f"GPRMC,{clock},V,,,,,,,{date},,,N"
            )
        place = f"{_degrees(now.latitude_deg, 2, 'NS')},{_degrees(now.longitude_deg, 3, 'EW')}"
        east, north, _ = now.velocity_enu_m_s
        knots, course = math.hypot(east, north) / _KNOT, math.degrees(math.atan2(east, north)) % 360.0
        return nmea_sentence(f"GPGGA,{clock},{place},1,10,0.9,{now.altitude_m:.1f},M,0.0,M,,") + nmea_sentence(
            f"GPRMC,{clock},A,{place},{knots:.2f},{course:.1f},{date},,,A"
        )


class PressureFeed(_Feed):
    """Lines with the pressure of a flight, to a logger whose test input takes them.

    line: how each is written, with `{time_s}` and `{pressure_pa}`, as Python formats numbers. The rest as `NmeaFeed` has it.
    """

    def __init__(
        self, link: str | Link, *, barometer: Barometer | None = None, line: str = "{time_s:.2f},{pressure_pa:.1f}\n",
        pace: float | None = 1.0, until: Any = "landing", before_s: float = 10.0,
    ) -> None:  # fmt: skip
        sensor = barometer if barometer is not None else Barometer(rate_hz=50.0)
        super().__init__(link, sensor.rate_hz, pace=pace, until=until, before_s=before_s)
        self.sensors, self.line = SensorSuite(sensor, None, None), line
        try:
            names = {name for _, name, _, _ in string.Formatter().parse(line) if name is not None}
            if "pressure_pa" not in names or names - {"time_s", "pressure_pa"}:
                raise ValueError
            line.format(time_s=0.0, pressure_pa=1e5).encode("ascii")
        except (ValueError, KeyError, IndexError, AttributeError):
            raise InputError(
                f"a line is written with {{time_s}} and {{pressure_pa}}, like '{{time_s:.2f}},{{pressure_pa:.1f}}'; seen {seen(line, 80)}",
                key="line",
            ) from None

    def text(self, now: Now) -> str:
        """A line.

        now: what is known.
        """
        if "barometer" not in now.fresh:
            return ""
        return self.line.format(time_s=now.time_s, pressure_pa=now.pressure_pa)
