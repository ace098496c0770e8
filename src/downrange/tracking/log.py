"""What a flight computer recorded: channels in SI with the quality of every reading, states, claims of the device.

Time is in seconds from lift-off. A reading that cannot be trusted keeps its value in `raw` and is NaN in `value`; `quality`
says why, and `Channel.withheld` counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

import numpy as np

from downrange.errors import InputError, seen, suggest

__all__ = ["QUANTITIES", "Channel", "Claim", "FlightLog", "Quality", "State"]

# name: SI unit, and what it is in words. Acceleration is what the sensor feels ("specific force": 1 g upward at rest on the pad)
# unless its name says net. Body axes of a vector are the board's own, in the order of the file.
QUANTITIES: dict[str, tuple[str, str]] = {
    "pressure": ("Pa", "static pressure"),
    "temperature": ("K", "temperature at the sensor"),
    "altitude_agl": ("m", "altitude above the pad, from pressure by the device"),
    "altitude_msl": ("m", "altitude above sea level, from pressure by the device"),
    "altitude_filtered": ("m", "altitude above the pad, filtered by the device"),
    "altitude_inertial": ("m", "altitude above the pad, integrated by the device"),
    "velocity_up": ("m/s", "upward speed, by the device's filter"),
    "velocity_pressure": ("m/s", "upward speed, from pressure by the device"),
    "velocity_inertial": ("m/s", "upward speed, integrated by the device"),
    "velocity_axial": ("m/s", "speed along the axis, integrated by the device"),
    "airspeed": ("m/s", "speed through the air"),
    "dynamic_pressure": ("Pa", "dynamic pressure of a pitot tube"),
    "acceleration_net": ("m/s2", "acceleration along the axis less gravity (0 at rest)"),
    "acceleration_axial": ("m/s2", "acceleration felt along the axis (1 g at rest)"),
    "acceleration_filtered": ("m/s2", "acceleration less gravity, filtered by the device"),
    "acceleration_x": ("m/s2", "acceleration felt, x"),
    "acceleration_y": ("m/s2", "acceleration felt, y"),
    "acceleration_z": ("m/s2", "acceleration felt, z"),
    "acceleration_total": ("m/s2", "magnitude of the acceleration, as the device defines it"),
    "rate_x": ("rad/s", "angular rate, x"),
    "rate_y": ("rad/s", "angular rate, y"),
    "rate_z": ("rad/s", "angular rate, z"),
    "field_x": ("T", "magnetic field, x"),
    "field_y": ("T", "magnetic field, y"),
    "field_z": ("T", "magnetic field, z"),
    "quaternion_w": ("", "attitude, scalar part"),
    "quaternion_x": ("", "attitude, x"),
    "quaternion_y": ("", "attitude, y"),
    "quaternion_z": ("", "attitude, z"),
    "tilt": ("rad", "angle between the axis and the vertical"),
    "latitude": ("rad", "latitude, WGS84"),
    "longitude": ("rad", "longitude, WGS84"),
    "gps_altitude": ("m", "altitude above sea level by GPS"),
    "gps_speed": ("m/s", "speed over ground by GPS"),
    "gps_climb": ("m/s", "upward speed by GPS"),
    "satellites": ("", "satellites in use"),
    "voltage": ("V", "voltage"),
    "current": ("A", "current"),
    "position_x": ("m", "position by the device, x"),
    "position_y": ("m", "position by the device, y"),
    "position_z": ("m", "position by the device, z"),
    "other": ("", "a column that is not interpreted"),
}


class Quality(IntEnum):
    """Why a reading is withheld; 0 is a good one."""

    GOOD = 0
    NO_READING = 1
    """A sentinel, or a number that no sensor gives."""
    SPIKE = 2
    """Pressure of an ejection charge or a shock: faster than anything that flies."""
    SATURATED = 3
    """At the end of the sensor's range."""
    TRANSONIC = 4
    """Static pressure near and above the speed of sound."""
    NO_FIX = 5
    """GPS without a position."""
    CONTRADICTED = 6
    """Another column of the file says something else."""

    @property
    def words(self) -> str:
        """What is wrong, for people."""
        return _WORDS[self]


_WORDS = {
    Quality.GOOD: "good",
    Quality.NO_READING: "no reading (a sentinel, or a number that no sensor gives)",
    Quality.SPIKE: "pressure jumped faster than anything flies (an ejection charge or a shock)",
    Quality.SATURATED: "at the end of the sensor's range",
    Quality.TRANSONIC: "static pressure at Mach 0.8 and above is not the air's",
    Quality.NO_FIX: "no GPS fix",
    Quality.CONTRADICTED: "contradicted by another column",
}


@dataclass(frozen=True, eq=False)
class Channel:
    """One quantity over time: `time` (n,) in s from lift-off, rising; `raw` (n,) in the SI unit of its name; `quality` (n,).

    `source` is the heading in the file; `why` says how its unit was chosen; `sensor` tells several of one kind apart.
    """

    name: str
    time: np.ndarray
    raw: np.ndarray
    quality: np.ndarray
    source: str
    why: str
    sensor: str = ""

    def __post_init__(self) -> None:
        if self.name not in QUANTITIES:
            raise InputError(f"no quantity of a log is called {seen(self.name, 60)}{suggest(self.name, QUANTITIES)}")
        if not len(self.time) == len(self.raw) == len(self.quality):
            raise InputError(
                f"the channel {seen(self.source, 60)} has {len(self.time)} times and {len(self.raw)} values"
            )

    def __repr__(self) -> str:
        return f"Channel({self.name}, {len(self.time)} readings from {self.source!r})"

    @property
    def unit(self) -> str:
        """The SI unit; empty for a pure number, and for a column that is not interpreted."""
        return QUANTITIES[self.name][0]

    @cached_property
    def value(self) -> np.ndarray:
        """Readings (n,) in SI, NaN where withheld."""
        return np.where(self.quality == Quality.GOOD, self.raw, math.nan)

    @cached_property
    def good(self) -> tuple[np.ndarray, np.ndarray]:
        """Times and readings that can be trusted."""
        keep = self.quality == Quality.GOOD
        return self.time[keep], self.raw[keep]

    @property
    def withheld(self) -> dict[Quality, int]:
        """How many readings are withheld, by reason."""
        counts = np.bincount(self.quality, minlength=len(Quality))
        return {q: int(counts[q]) for q in Quality if q and counts[q]}

    @property
    def rate(self) -> float:
        """Readings a second: one over the median step; NaN for less than two."""
        step = np.diff(self.time)
        step = step[step > 0]
        return float(1 / np.median(step)) if step.size else math.nan


@dataclass(frozen=True)
class State:
    """A state or event as the device logged it: `time` in s from lift-off."""

    time: float
    name: str


@dataclass(frozen=True)
class Claim:
    """A figure that the device states itself, in SI, with the words it stands under in the file."""

    name: str
    value: float
    unit: str
    source: str


@dataclass(frozen=True, eq=False)
class FlightLog:
    """One file of one flight computer.

    `confidence` (0 to 1) and `recognised` say how the family was known; `zero` what time 0 is; `notes` what was put right,
    `warnings` what the reader should doubt. `sha256` is that of the file's bytes.
    """

    file: str
    sha256: str
    family: str
    confidence: float
    recognised: str
    zero: str
    channels: tuple[Channel, ...]
    states: tuple[State, ...] = ()
    claims: tuple[Claim, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    device: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"FlightLog({self.file!r}, {self.family}, {len(self.channels)} channels, {self.span[0]:.1f} to {self.span[1]:.1f} s)"

    def all(self, name: str) -> tuple[Channel, ...]:
        """All channels of the quantity called `name`."""
        return tuple(c for c in self.channels if c.name == name)

    def get(self, *names: str) -> Channel | None:
        """The channel with the most good readings of the first of `names` that has any; None without."""
        for name in names:
            found = [c for c in self.all(name) if c.good[0].size > 1]
            if found:
                return max(found, key=lambda c: c.good[0].size)
        return None

    @property
    def span(self) -> tuple[float, float]:
        """First and last time in s from lift-off."""
        ends = [(c.time[0], c.time[-1]) for c in self.channels if c.time.size]
        return (min(a for a, _ in ends), max(b for _, b in ends)) if ends else (math.nan, math.nan)

    def state(self, names: Iterable[str]) -> float:
        """Time of the first state whose name holds one of `names`; NaN without."""
        wanted = [n.lower() for n in names]
        return next((s.time for s in self.states if any(w in s.name.lower() for w in wanted)), math.nan)
