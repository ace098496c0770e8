"""Delays of ejection charges: which of those that are sold serves a flight best."""

from __future__ import annotations

import math
from dataclasses import replace

from downrange.errors import InputError
from downrange.flight.fitted import devices
from downrange.flight.fly import fly
from downrange.flight.launch import Launch
from downrange.motor import Motor

__all__ = ["chosen_delay", "nearest_delay"]


def nearest_delay(motor: Motor, best: float) -> float | None:
    """The delay (s) that is sold for a motor and nearest to the best; of two as near the shorter; None where none is known."""
    sold = motor.sold or motor.delays
    return min(sorted(sold), key=lambda d: abs(d - best)) if sold and math.isfinite(best) else None


def chosen_delay(launch: Launch, *, interpreted: bool = True) -> tuple[float, str] | None:
    """The delay (s) for a launch that needs one and does not say it, and the words that tell; None where nothing is to be chosen.

    Of several delays that are sold it is the one nearest to the time from burn-out to apogee.

    interpreted: whether the flight that finds it is flown without a compiler.
    """
    sold = launch.motor.delays
    if launch.motor_delay is not None or len(sold) < 2:
        return None
    try:
        devices(launch)
        return None
    except InputError as error:
        if error.key != "motor.delay":
            raise
    best = fly(replace(launch, motor_delay=max(sold)), interpreted=interpreted).optimum_delay
    delay = nearest_delay(launch.motor, best)
    if delay is None:
        return None
    listed = ", ".join(f"{d:g}" for d in sold)
    words = (
        f"The delay of {launch.motor.designation} was not said: {delay:g} s was flown, the nearest to the best ({best:.1f} s) of those sold "
        f"({listed}). Check that this is the one in your hand; --delay says another."
    )
    return delay, words
