"""Actuators: what a controller's command becomes, and what that does to the flight. SI.

A command is held to the actuator's range, waits its delay, and is then followed at the actuator's rate. In between, what acts on the
flight is exact: the flight is stopped where an actuator begins to move or arrives.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from downrange.errors import InputError, seen
from downrange.tables import Table2D
from downrange.tracking.instruments import line_through

__all__ = ["Actuator", "AirBrakes", "ColdGas", "Event", "RollFins", "Servo", "ThrustVector"]

Pairs = tuple[tuple[float, float], ...]
_SOON = 1e-9  # s


@dataclass(frozen=True, kw_only=True)
class Actuator:
    """What all that is moved has, in the unit u of its command.

    least, most: its range, u
    rate: how fast it moves, u/s; infinite: at once
    delay_s: how long after a command it begins to move
    dead_band: a command that is nearer than this to the last one it took moves nothing, u
    rest: where it stands at first, u
    Raises `InputError` for what cannot be.
    """

    least: float = 0.0
    most: float = 1.0
    rate: float = math.inf
    delay_s: float = 0.0
    dead_band: float = 0.0
    rest: float = 0.0

    word: ClassVar[str] = "an actuator"

    def __post_init__(self) -> None:
        for name in ("least", "most", "rate", "delay_s", "dead_band", "rest"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or isinstance(value, bool) or math.isnan(value):
                raise InputError(f"{name} of {self.word} is a number, seen {seen(value, 60)}", key=name)
        if not (math.isfinite(self.least) and math.isfinite(self.most) and self.least < self.most):
            raise InputError(
                f"the range of {self.word} runs from {self.least:g} to {self.most:g}; it must rise", key="most"
            )
        if self.rate <= 0:
            raise InputError(f"{self.word} that moves at {self.rate:g} a second never moves", key="rate")
        if not 0 <= self.delay_s < 1e4 or not self.dead_band >= 0:
            raise InputError(f"delay and dead band of {self.word} are zero or more, the delay seconds", key="delay_s")
        if not self.least <= self.rest <= self.most:
            raise InputError(f"{self.word} rests at {self.rest:g}, outside its range", key="rest")


@dataclass(frozen=True, kw_only=True)
class AirBrakes(Actuator):
    """Air brakes: level 0 (shut) to 1 (open); their drag is the launch's (`aero.brakes.table`).

    roll_moment, pitch_moment, yaw_moment: coefficients over level and Mach number, on the reference area and diameter, about body x,
    y and z; none where left out. They act as pushes at both ends of each stretch, which is exact to the second order in its length.
    """

    roll_moment: Table2D | None = None
    pitch_moment: Table2D | None = None
    yaw_moment: Table2D | None = None

    word: ClassVar[str] = "air brakes"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.least < 0 or self.most > 1:
            raise InputError("the level of air brakes runs from 0 to 1", key="most")

    @property
    def moments(self) -> tuple[Table2D | None, ...]:
        """About body x, y, z."""
        return self.roll_moment, self.pitch_moment, self.yaw_moment


@dataclass(frozen=True, kw_only=True)
class RollFins(Actuator):
    """Fins that turn to roll the rocket, rad. `slope`: rolling moment coefficient per radian on the reference area and diameter, a number
    or pairs (Mach, slope) with straight lines between and the ends held."""

    least: float = -0.17
    most: float = 0.17
    slope: float | Pairs = 0.0

    word: ClassVar[str] = "roll fins"

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.slope, int | float):
            good = math.isfinite(self.slope) and self.slope != 0
        else:
            at = np.asarray(self.slope, float)
            good = at.ndim == 2 and at.shape[1] == 2 and bool(np.isfinite(at).all() and (np.diff(at[:, 0]) > 0).all())
        if not good:
            raise InputError(
                "roll fins need the slope of their rolling moment: Cl per radian on reference area and diameter, like 2.5, or pairs "
                "of (Mach, slope)",
                key="slope",
            )

    def slope_at(self, mach: float) -> float:
        """The slope at a Mach number.

        mach: Mach number.
        """
        if isinstance(self.slope, int | float):
            return float(self.slope)
        return line_through(self.slope, mach)


@dataclass(frozen=True, kw_only=True)
class ColdGas(Actuator):
    """Thrusters of cold gas in pairs that turn without pushing: -1 to 1 of `torque` (N m) about an axis of the body."""

    least: float = -1.0
    torque: float = 0.0
    axis: Literal["roll", "pitch", "yaw"] = "roll"

    word: ClassVar[str] = "cold gas"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not (math.isfinite(self.torque) and self.torque > 0):
            raise InputError(f"cold gas needs its torque in N m, seen {seen(self.torque, 60)}", key="torque")
        if self.axis not in ("roll", "pitch", "yaw"):
            raise InputError(f"the axis is roll, pitch or yaw, seen {seen(self.axis, 60)}", key="axis")


@dataclass(frozen=True, kw_only=True)
class ThrustVector(Actuator):
    """A motor that is turned on a gimbal, rad: its thrust leans towards body `axis`, y or z. One for each axis."""

    least: float = -0.087
    most: float = 0.087
    axis: Literal["y", "z"] = "y"

    word: ClassVar[str] = "thrust vectoring"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.axis not in ("y", "z"):
            raise InputError(f"thrust leans towards body y or z, seen {seen(self.axis, 60)}", key="axis")
        if max(-self.least, self.most) > 0.5:
            raise InputError("a gimbal turns by less than 0.5 rad (29°); give radians", key="most")


@dataclass(frozen=True)
class Event:
    """Something that happens once: a recovery device, by its name, or a stage's ignition, by the stage's name.

    Its command is `fire`, `arm` or `inhibit`. What is planned for it in the file happens as long as it is armed; while it is inhibited
    neither that nor `fire` does anything, and what came due meanwhile is lost. `armed` says how it begins.
    `alone`: only the controller fires it, and what is planned for it in the file does not; of a recovery device.
    """

    target: str
    armed: bool = True
    alone: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.target, str) or not self.target:
            raise InputError(
                f"an event has the name of a recovery device or of a stage, seen {seen(self.target, 60)}", key="target"
            )


class Servo:
    """Where an actuator stands, as time goes on. Its position is a line between two `breaks`."""

    def __init__(self, actuator: Actuator) -> None:
        self.actuator = actuator
        self.time, self.position, self.target = -math.inf, actuator.rest, actuator.rest
        self.asked = actuator.rest
        self._waiting: deque[tuple[float, float]] = deque()

    def command(self, time: float, value: float) -> None:
        """Ask it for a position, at a time.

        time: s from ignition. value: in the actuator's unit.
        """
        a = self.actuator
        value = min(max(value, a.least), a.most)
        if value == self.asked or abs(value - self.asked) < a.dead_band:
            return
        self.asked = value
        self._waiting.append((time + a.delay_s, value))
        if a.delay_s <= 0:
            self.move(time)

    def move(self, time: float) -> None:
        """Go on to a time, at which commands that are due are taken."""
        while self._waiting and self._waiting[0][0] <= time + _SOON:
            when, value = self._waiting.popleft()
            self._glide(max(when, self.time))
            self.target = value
            if math.isinf(self.actuator.rate):
                self.position = value
        self._glide(time)

    def _glide(self, time: float) -> None:
        gap = self.target - self.position
        if gap:
            reach = self.actuator.rate * (time - self.time)
            self.position = (
                self.target if abs(gap) <= reach * (1 + 1e-12) else self.position + math.copysign(reach, gap)
            )
        self.time = time

    @property
    def slope(self) -> float:
        """How fast it moves from now on, u/s, until the next break."""
        gap = self.target - self.position
        return math.copysign(self.actuator.rate, gap) if gap else 0.0

    @property
    def breaks(self) -> float:
        """When it next begins to move or arrives, s; infinite where nothing is due."""
        gap = abs(self.target - self.position)
        arrives = self.time + gap / self.actuator.rate if gap else math.inf
        return min(arrives, self._waiting[0][0]) if self._waiting else arrives
