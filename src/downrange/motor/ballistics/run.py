"""From a motor to its firing: tables for the compiled loops, and the firing from what they give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from downrange.errors import InputError
from downrange.motor.ballistics.alerts import alerts_of
from downrange.motor.ballistics.axial import fire_along
from downrange.motor.ballistics.burn import Burn, Level
from downrange.motor.ballistics.tables import Tables, assemble
from downrange.motor.gas import flow_factor
from downrange.motor.solid import SolidMotor

__all__ = ["fire"]

_LONGEST = 600.0  # s
_TOLERANCE = 3e-3  # of ln p in a step of the filling
_ROWS = 20_000


def fire(motor: SolidMotor, level: Level = "quasi-steady") -> Burn:
    """Burn a motor.

    level: `quasi-steady` (the chamber in balance at every moment), `transient` (it fills and empties, an igniter helps), or
    `one-dimensional` (flow along the port, pressure from head to aft, erosive burning). Raises `InputError` where nothing burns, the throat
    never chokes, or the pressure has no bound.
    """
    tables = Tables(motor)
    if level == "one-dimensional":
        burn = fire_along(tables)
    else:
        burn = _transient(tables) if level == "transient" else _steady(tables)
    return replace(burn, alerts=alerts_of(burn, tables.heat_ratio))


def _steady(t: Tables) -> Burn:
    from downrange.motor.ballistics.kernels import march

    m, n = t.motor, t.motor.nozzle
    first, grid, area, density = t.charges
    law, edges, marks, a, e, c_star = t.laws
    rows = np.empty((2 * grid.size + 10, 3 + density.size))
    count = march(
        first, grid, area, density, law, edges, marks, a, e, c_star, n.throat / 2, n.erosion, n.slag, m.ambient, rows
    )
    if count < 0:
        raise InputError(
            "the pressure has no bound: the burning rate outruns the throat; widen it", key="nozzle.throat"
        )
    rows = rows[:count]
    rows = rows[np.append(True, np.diff(rows[:, 0]) > 0) | (np.arange(count) == count - 1)]
    return assemble(t, "quasi-steady", rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3:])


def _transient(t: Tables) -> Burn:
    from downrange.motor.ballistics.kernels import fill

    m, n = t.motor, t.motor.nozzle
    if not m.free_volume > 1e-9:
        raise InputError(
            "no free volume in the chamber, so that its filling cannot be followed: say case.length, or take the quasi-steady level",
            key="case.length",
        )
    first, grid, area, density = t.charges
    law, edges, _, a, e, c_star = t.laws
    igniter = (m.igniter.mass / m.igniter.time, m.igniter.time) if m.igniter else (0.0, 0.0)
    factor = float(flow_factor(t.heat_ratio))
    heat = (m.burning[0].characteristic_velocity * factor) ** 2
    rows = np.empty((_ROWS, 5 + density.size))
    count = fill(
        first, grid, area, density, law, edges, a, e, c_star, n.throat / 2, n.erosion, n.slag, m.ambient, m.chamber_volume,
        m.chamber_volume - m.free_volume, *igniter, t.heat_ratio, t.back, factor, heat, _TOLERANCE, _LONGEST, rows,
    )  # fmt: skip
    rows = rows[:count]
    if count >= _ROWS or not np.all(np.isfinite(rows)):
        raise InputError(
            "the chamber's pressure could not be followed to its end; take the quasi-steady level", key="nozzle.throat"
        )
    k = density.size
    burn = assemble(t, "transient", rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3 : 3 + k], rows[:, 3 + k])
    return replace(burn, igniter_mass=0.0 if m.igniter is None else m.igniter.mass)
