"""What actuators do to a flight over one stretch: drag by level, rolling moments, turned thrust, and pushes that turn it.

Levels of brakes are a line in time, as the kernel has them. Angles are held at their mean over the stretch. Moments that the kernel has no
place for are turned into a change of the body rates, half of it at each end, which is exact to the second order in the stretch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from downrange.control.actuators import AirBrakes, ColdGas, RollFins, Servo, ThrustVector
from downrange.control.truth import Surroundings, Truth
from downrange.errors import InputError
from downrange.flight import Program
from downrange.flight.propulsion import inertia_at
from downrange.flight.stepper import Stepper

__all__ = ["Effects", "check_fitted"]

_PUSH = 0.01  # s; the longest stretch between two pushes: rockets swing at 1 to 5 Hz
_AXES = {"roll": 0, "pitch": 1, "yaw": 2}


def check_fitted(program: Program, servos: Sequence[Servo]) -> None:
    """Refuse actuators that the rocket does not have: brakes without their drag."""
    brakes = [s.actuator for s in servos if isinstance(s.actuator, AirBrakes)]
    if len(brakes) > 1:
        raise InputError("two air brakes are commanded; a rocket has one level of its brakes", key="controllers")
    if brakes and program.aero.brakes is None:
        raise InputError(
            "air brakes are commanded, but the launch does not say their drag: give 'aero: {brakes: {table: brakes.csv}}', a CSV of "
            "level, mach and cd",
            key="aero.brakes",
        )


class Effects:
    """What the servos of one flight do to a leg of it."""

    def __init__(self, servos: Sequence[Servo], stepper: Stepper, around: Surroundings) -> None:
        self.servos, self.stepper, self.around = servos, stepper, around
        row = stepper.row
        self._nominal = {name: float(row[name]) for name in ("roll", "thrust", "thrust_y", "thrust_z")}
        kinds = [s.actuator for s in servos]
        self._rolls = any(isinstance(a, RollFins) for a in kinds)
        self._gimbals = any(isinstance(a, ThrustVector) for a in kinds)
        self._moments = any(isinstance(a, AirBrakes) and any(a.moments) for a in kinds)
        self._turns = any(isinstance(a, ColdGas) or (isinstance(a, AirBrakes) and any(a.moments)) for a in kinds)

    def fly(self, until: float, truth: Truth | None = None) -> None:
        """Fly on to a time, s, stopping wherever a servo begins to move or arrives. `truth` is that of now, where it is known."""
        stepper = self.stepper
        while not stepper.over and stepper.time < until - 1e-9:
            now = stepper.time
            end = until
            for servo in self.servos:
                servo.move(now)
                if now + 1e-9 < servo.breaks < end:
                    end = servo.breaks
            if self._turns:
                end = min(end, now + _PUSH)
            moments = self._set(now, end, truth) if self.servos else None
            truth = None
            if moments is None:
                stepper.to(end)
                continue
            self._push(moments, 0.5 * (end - now))
            stepper.to(end)
            if not stepper.over:
                self._push(moments, 0.5 * (stepper.time - now))
        for servo in self.servos:
            servo.move(stepper.time)

    def _set(self, now: float, end: float, truth: Truth | None) -> list[float] | None:
        """Write what acts from now to the end of a stretch; the moments (N m, body x, y, z) that are pushed, None where there are none."""
        stepper, row = self.stepper, self.stepper.row
        if truth is None and (self._rolls or self._moments):
            truth = Truth(self.around, stepper.state, stepper.under)
        roll, angle, moments = 0.0, {"y": 0.0, "z": 0.0}, [0.0, 0.0, 0.0]
        for servo in self.servos:
            a, slope = servo.actuator, servo.slope
            middle = servo.position + 0.5 * slope * (end - now)
            if isinstance(a, AirBrakes):
                stepper.brakes(servo.position, slope)
                if truth is not None and any(a.moments):
                    self._brake_moments(a, middle, truth, moments)
            elif isinstance(a, RollFins) and truth is not None:
                roll += a.slope_at(truth.mach) * middle
            elif isinstance(a, ThrustVector):
                angle[a.axis] += middle
            elif isinstance(a, ColdGas):
                moments[_AXES[a.axis]] += a.torque * middle
        if self._rolls:
            row["roll"] = self._nominal["roll"] + roll
        if self._gimbals:
            for axis in "yz":
                row[f"thrust_{axis}"] = self._nominal[f"thrust_{axis}"] + math.tan(angle[axis])
            lean = 1.0 + math.tan(angle["y"]) ** 2 + math.tan(angle["z"]) ** 2
            row["thrust"] = self._nominal["thrust"] / math.sqrt(lean)
        return moments if self._turns and any(moments) and not stepper.under else None

    def _brake_moments(self, a: AirBrakes, level: float, truth: Truth, moments: list[float]) -> None:
        push = truth.dynamic_pressure * self.around.area * self.around.diameter
        for k, table in enumerate(a.moments):
            if table is not None:
                moments[k] += push * float(table(level, truth.mach))

    def _push(self, moments: list[float], seconds: float) -> None:
        """Change the body rates as moments do in so many seconds."""
        stepper = self.stepper
        inertia = inertia_at(stepper.segments, stepper.row, stepper.time)
        stepper.record["omega_body"] += np.linalg.solve(inertia, np.array(moments) * seconds)
