"""What controllers did on a flight: commands, where actuators stood, what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from downrange.control.board import Mishap
from downrange.text import plain

__all__ = ["ControlRecord"]


@dataclass(frozen=True, eq=False)
class ControlRecord:
    """What was commanded at each moment. Arrays over `time` (n,), s from ignition.

    asked, position: by the names of the actuators, in their units (n,): what was asked last, and where it stood. orders: events in order,
    (time, name, order). readings: what was known, by the names of `Now`, (n,) or (n, 3), NaN before the first. mishaps: what went
    wrong. late: how many answers of the other side came after their moment, of `frames`.
    """

    controllers: tuple[str, ...]
    time: np.ndarray
    asked: Mapping[str, np.ndarray]
    position: Mapping[str, np.ndarray]
    orders: tuple[tuple[float, str, str], ...]
    readings: Mapping[str, np.ndarray]
    mishaps: tuple[Mishap, ...]
    perfect: bool
    frames: int = 0
    late: int = 0

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to know of it, in plain words."""
        out = [
            f"The controller {m.controller!r} failed at {m.time:.2f} s: {plain(m.text, 300)}"
            + (f" ({m.count} times)" if m.count > 1 else "")
            + "."
            for m in self.mishaps
        ]
        if self.late:
            out.append(f"{self.late} of {self.frames} answers of the controller came late.")
        if self.perfect:
            out.append(
                "The controller's sensors err in nothing: it flies better here than it will. Give it sensors with their noise and bias."
            )
        return tuple(out)

    @property
    def lines(self) -> tuple[str, ...]:
        """What was done, a line a controller and actuator, for the terminal."""
        if not len(self.time):
            return ()
        names = ", ".join(plain(n, 40) for n in self.controllers)
        out = [
            f"{names}: asked {len(self.time)} times, from {self.time[0]:.2f} s to {self.time[-1]:.2f} s; {self.late} answers late"
        ]
        for name, p in self.position.items():
            out.append(f"  {plain(name, 40)}: from {p.min():.3g} to {p.max():.3g}, mean {p.mean():.3g}")
        out += [f"  {t:.2f} s: {order} {plain(name, 40)}" for t, name, order in self.orders[:20]]
        return tuple(out)

    def summary(self) -> dict[str, Any]:
        """For `--json`; times in seconds, positions in the actuators' units."""
        return {
            "controllers": list(self.controllers), "steps": len(self.time), "frames": self.frames, "late_frames": self.late,
            "actuators": {
                name: {"least": float(p.min()), "most": float(p.max()), "mean": float(p.mean())} for name, p in self.position.items() if len(p)
            },
            "orders": [{"time_s": t, "name": n, "order": o} for t, n, o in self.orders],
            "mishaps": [{"controller": m.controller, "time_s": m.time, "count": m.count, "what": m.text} for m in self.mishaps],
            "perfect_sensors": self.perfect,
        }  # fmt: skip
