"""What becomes of a vehicle's schedule in each flight of a batch, where it goes other than planned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from downrange.flight.vehicle import Vehicle

__all__ = ["Orders"]


@dataclass(frozen=True, eq=False)
class Orders:
    """What becomes of the schedule in each flight of a batch, where it goes other than planned. Arrays of (flights, ...).

    never: steps that do not happen; late: by how much steps come late, s; at: when steps happen come what may, s (NaN: as planned)
    out: motors (by number) that are not lit; motor_late: by how much each is lit late, s
    careless: steps whose conditions are not looked at; loose: separations that no charge drives, which drag alone opens
    breaks: (flights,), s; when the foremost body breaks, whose flight then ends there (`FlightCode.STOPPED`); infinite: never
    own: by how much of its thrust each motor is stronger than its curve
    watched: ignitions that are not lit ahead of their time, because it may hang on a controller; held: those that it holds back
    """

    never: np.ndarray
    late: np.ndarray
    at: np.ndarray
    out: np.ndarray
    motor_late: np.ndarray
    careless: np.ndarray
    loose: np.ndarray
    breaks: np.ndarray
    watched: np.ndarray
    held: np.ndarray
    own: np.ndarray

    @classmethod
    def planned(cls, vehicle: Vehicle, n: int) -> Orders:
        """All as planned, of n flights."""
        steps, motors = (n, len(vehicle.steps)), (n, len(vehicle.filled))
        return cls(
            np.zeros(steps, bool), np.zeros(steps), np.full(steps, np.nan), np.zeros(motors, bool), np.zeros(motors),
            np.zeros(steps, bool), np.zeros(steps, bool), np.full(n, np.inf), np.zeros(steps, bool), np.zeros(steps, bool),
            np.zeros(motors),
        )  # fmt: skip
