"""A flight of known truth with the log that was made of it: Genesis with 20 % more drag and 3 % more thrust than its files say."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from downrange.flight import Flight, compile_launch, fly_single
from downrange.flight.named import named_rows
from downrange.frames import matrix_from_quaternion
from downrange.project import open_project
from downrange.tracking import Lean, Sensors, simulate_log

DRAG, THRUST = 1.2, 1.03


@cache
def project():
    return open_project(Path(__file__).parents[1] / "examples" / "genesis" / "launch.yaml")


@cache
def program():
    return compile_launch(project().launch)


@cache
def truth(drag=DRAG, thrust=THRUST):
    row = program().compiled.row.copy()
    named_rows(row)["axial"] *= drag
    named_rows(row)["thrust"] *= thrust
    own = replace(program(), compiled=replace(program().compiled, row=row))
    return Flight(own, fly_single(own, interpreted=True))


def log(seed=1, **sensors):
    return simulate_log(truth(), Sensors(**sensors), seed=seed)


def lean(error=0.035):
    """That of the true flight, from lift-off to its canopy."""
    f = truth()
    t = np.arange(0, f.raw.out["apogee_time"] - 0.1, 0.1)
    q = f.sample(t).quaternion
    return Lean(t - f.raw.out["liftoff_time"], np.arccos(matrix_from_quaternion(q)[:, 2, 0]), np.full(len(t), error))
