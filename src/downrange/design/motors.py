"""A motor in a rocket: what its delays cost, what it needs to sit in its mount, who may fly it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from downrange.flight import Flight, Launch, fly_single
from downrange.flight.named import named_devices
from downrange.flight.rows import AT_NEVER
from downrange.motor import Motor, impulse_class

__all__ = ["SIZES", "DelayCost", "certification", "delay_costs", "fittings"]

SIZES = (0.006, 0.013, 0.018, 0.024, 0.029, 0.038, 0.054, 0.075, 0.098, 0.152)
"""Diameters that motors are sold in, m."""

_LOOSE = 0.0025  # m; more room than that around a motor wants an adapter
_STRONG = 80.0  # N; motors of class F and G above may need a certification (NAR, Level 1 HPR certification procedures)
_LEVELS = {"H": 1, "I": 1, "J": 2, "K": 2, "L": 2, "M": 3, "N": 3, "O": 3}
"""Level of certification by class, of NAR and Tripoli (nar.org, HPR certification procedures of levels 1 to 3, as of 2025)."""


@dataclass(frozen=True)
class DelayCost:
    """A delay that is sold (s), the airspeed (m/s) at which its charge fires, and by how much it misses the apogee (s, late is positive).

    NaN where the rocket is on the ground by then.
    """

    delay: float
    airspeed: float
    late: float


def delay_costs(flight: Flight) -> tuple[DelayCost, ...]:
    """What each delay sold for a flight's motor costs: the speed at which it ejects on a flight on which nothing else opens.

    Empty for a motor without an ejection charge, and for vehicles that come apart.
    """
    motor, program = flight.launch.motor, flight.program
    delays = sorted(set(motor.sold or motor.delays))
    if not delays or program.staged or not math.isfinite(flight.apogee):
        return ()
    rows = program.compiled.devices.copy()
    named_devices(rows)["event"] = AT_NEVER
    bare = replace(program, compiled=replace(program.compiled, devices=rows))
    raw = fly_single(bare, interpreted=flight.raw.interpreted)
    free, end = Flight(bare, raw), raw.track[-1, 0]
    fires = np.array([motor.burnout_time + d for d in delays])
    speed = np.where(fires <= end, free.sample(np.minimum(fires, end)).airspeed, np.nan)
    apogee = raw.out["apogee_time"]
    return tuple(
        DelayCost(d, float(v), float(t - apogee) if t <= end else math.nan)
        for d, v, t in zip(delays, speed, fires, strict=True)
    )


def certification(motor: Motor) -> str:
    """Who may fly a motor: the level of NAR's and Tripoli's high-power certification that its total impulse asks for."""
    letter = impulse_class(motor.impulse)
    if letter in _LEVELS:
        return f"level {_LEVELS[letter]}"
    if len(letter) == 1 and letter > "O":
        return "beyond level 3"
    if letter in ("F", "G") and motor.average_thrust > _STRONG:
        return "perhaps level 1 (above 80 N)"
    return "none"


def fittings(launch: Launch) -> tuple[str, ...]:
    """What a launch's motor needs to sit in its mount: an adapter where the mount is wider, a retainer of the motor's size."""
    filled = launch.filled[0]
    motor, bore = filled.motor, 2 * filled.tube.bore
    own, mount = _size(motor.diameter), _size(bore)
    out = []
    if filled.tube.mount and bore - motor.diameter > _LOOSE and mount > own:
        out.append(f"adapter {mount * 1e3:.0f} to {own * 1e3:.0f} mm")
    hook = own <= 0.018 + 1e-9
    out.append(f"motor hook {own * 1e3:.0f} mm" if hook else f"retainer {max(own, mount if out else own) * 1e3:.0f} mm")
    return tuple(out)


def _size(diameter: float) -> float:
    """The size that motors are sold in, of a motor or of the bore of a mount, m."""
    return min(SIZES, key=lambda s: abs(s - diameter))
