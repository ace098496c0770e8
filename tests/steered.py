"""A launch with air brakes for the tests of controllers, and controllers of a few lines."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

import downrange as dr
from downrange.control import Controller
from downrange.flight import Program, compile_launch
from downrange.flight.named import named_rows

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "air_brakes" / "launch.yaml"


@lru_cache(maxsize=1)
def brake_bird() -> Program:
    """Examples/air_brakes, compiled."""
    return compile_launch(dr.load(EXAMPLE).values)


def with_row(program: Program, **values) -> Program:
    """A program whose nominal row has other values."""
    row = program.compiled.row.copy()
    for name, value in values.items():
        named_rows(row)[name] = value
    return replace(program, compiled=replace(program.compiled, row=row))


class Does(Controller):
    """Commands what a function of the time says, at a rate."""

    before_s = 0.0

    def __init__(self, law, actuators, rate_hz: float = 20.0, **more) -> None:
        self.law, self.actuators, self.rate_hz = law, actuators, rate_hz
        for name, value in more.items():
            setattr(self, name, value)

    def step(self, now):
        return self.law(now)


def final(flight) -> np.ndarray:
    """Apogee, when, and where it came down."""
    o = flight.raw.out
    return np.array([o[k] for k in ("apogee", "apogee_time", "landing_time", "landing_east", "landing_north")])
