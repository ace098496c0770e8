"""What a firing gives: pressure, thrust, flow and mass against time, and the figures that are read from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from downrange.constants import STANDARD_GRAVITY
from downrange.motor.gas import Array
from downrange.motor.motor import impulse_class

if TYPE_CHECKING:
    from downrange.motor.solid import SolidMotor

__all__ = ["Alert", "Burn", "Level", "burning_span"]

Level = Literal["quasi-steady", "transient", "one-dimensional"]
_SHARE = 0.05  # of peak thrust, between which a motor burns; NFPA 1125


@dataclass(frozen=True)
class Alert:
    """kind: a word to test for. message: for people. value, limit: SI, None where there is none. serious: whether the motor may fail."""

    kind: str
    message: str
    value: float | None = None
    limit: float | None = None
    serious: bool = True


def burning_span(time: Array, thrust: Array) -> tuple[float, float]:
    """From when to when, s, thrust (n,) is at least 5 % of its peak (NFPA 1125), straight between its samples at `time` (n,)."""
    level = _SHARE * float(thrust.max())
    on = np.flatnonzero(thrust >= level)
    t, f = time, thrust

    def crossing(i: int, j: int) -> float:
        return float(t[j] if f[i] == f[j] else t[i] + (level - f[i]) / (f[j] - f[i]) * (t[j] - t[i]))

    a, b = int(on[0]), int(on[-1])
    return crossing(a - 1, a) if a else float(t[0]), crossing(b, b + 1) if b + 1 < t.size else float(t[-1])


@dataclass(frozen=True, eq=False)
class Burn:
    """A firing, SI, all arrays (n,) but those of segments (n, segments).

    pressure: of stagnation before the nozzle. head: at the forward end; the same where pressure is one. burnt: how far each segment has burnt,
    m. left: propellant, kg. mass_flow: through the nozzle. flux: highest mass flux in each segment's passage, kg/(m2 s).
    throat: diameter. kn: burning over throat area. flow: kg/s that each segment gives.
    """

    motor: SolidMotor
    level: Level
    time: Array
    pressure: Array
    head: Array
    thrust: Array
    mass_flow: Array
    burnt: Array
    left: Array
    throat: Array
    kn: Array
    flux: Array
    exit_pressure: Array
    segment_mass: Array
    centre: Array
    roll: Array
    pitch: Array
    alerts: tuple[Alert, ...] = ()
    igniter_mass: float = 0.0

    @cached_property
    def impulse(self) -> float:
        """∫F dt, N s."""
        return float(np.trapezoid(self.thrust, self.time))

    @property
    def propellant_mass(self) -> float:
        """kg."""
        return float(self.left[0])

    @property
    def peak_pressure(self) -> float:
        """Highest anywhere in the chamber, Pa."""
        return float(self.head.max())

    @property
    def peak_thrust(self) -> float:
        """N."""
        return float(self.thrust.max())

    @cached_property
    def _span(self) -> tuple[float, float]:
        return burning_span(self.time, self.thrust)

    @property
    def burn_time(self) -> float:
        """Seconds for which thrust is at least 5 % of its peak (NFPA 1125)."""
        return self._span[1] - self._span[0]

    @property
    def average_thrust(self) -> float:
        """Impulse over burn time, N."""
        return self.impulse / self.burn_time

    @property
    def average_pressure(self) -> float:
        """Mean over the burn time, Pa."""
        a, b = self._span
        t = np.unique(np.concatenate([[a, b], self.time[(self.time > a) & (self.time < b)]]))
        return float(np.trapezoid(np.interp(t, self.time, self.pressure), t) / (b - a))

    @property
    def specific_impulse(self) -> float:
        """Impulse over the weight of the propellant, s."""
        return self.impulse / (self.propellant_mass * STANDARD_GRAVITY)

    @property
    def thrust_coefficient(self) -> float:
        """Delivered: impulse over ∫p A_t dt."""
        return self.impulse / float(np.trapezoid(self.pressure * np.pi / 4 * self.throat**2, self.time))

    @property
    def port_to_throat(self) -> float:
        """Area of the passage at the aft end of the last segment over that of the throat, at first."""
        return float(self.motor.segments[-1].grain.table.port[0]) / self.motor.nozzle.throat_area

    @property
    def volume_loading(self) -> float:
        """Share of the chamber that is propellant."""
        return 1 - self.motor.free_volume / self.motor.chamber_volume

    @property
    def characteristic_length(self) -> float:
        """L*, free volume over throat area at first, m."""
        return self.motor.free_volume / self.motor.nozzle.throat_area

    @property
    def designation(self) -> str:
        """Class and average thrust, like K642."""
        return f"{impulse_class(self.impulse)}{self.average_thrust:.0f}"
