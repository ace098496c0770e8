"""A campaign moved to another design close to its own: the same draws of the same inputs, about the other's row.

What the files state was traced through one design; a ballast, a canopy or a fin more changes that little, and tracing anew takes a
second. Defaults that are shares of something (of the mass, of a canopy's area, of a delay) are shares of the other's.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from downrange.dispersion.columns import block_columns
from downrange.dispersion.evidence import DEFAULTS
from downrange.dispersion.inputs import _default_inputs
from downrange.dispersion.plan import BLOCK, Plan
from downrange.dispersion.programs import air_heights
from downrange.dispersion.wide import WIDE, Input
from downrange.dispersion.winds import Winds
from downrange.exact import one_thread
from downrange.flight import Program
from downrange.flight.rows import ROW

__all__ = ["nominal_only", "plan_near", "planned_columns"]


def nominal_only(plan: Plan) -> Plan:
    """The plan without anything that goes wrong: what is uncertain only."""
    return replace(plan, modes=(replace(plan.modes[0], probability=1.0, low=1.0, high=1.0),))


def plan_near(plan: Plan, program: Program) -> Plan:
    """The plan for `program`, a design close to the plan's own; random numbers are drawn alike in both (common random numbers).

    Of one body; what comes apart is planned anew.
    """
    heights = air_heights(program)
    centre = np.zeros(WIDE)
    centre[:ROW] = program.compiled.row
    items = tuple(_moved(item, program, plan.winds.heights, heights) for item in plan.inputs.inputs)
    old, launch = plan.winds, program.launch
    if len(old.members) == 1:
        z = launch.pad.elevation + heights
        members = np.stack([launch.weather.wind.east(z), launch.weather.wind.north(z)], axis=1)[None]
    else:
        members = np.stack([_on(old.heights, m, heights) for m in old.members])
    winds = Winds(heights, members, old.sigma, old.correlation, old.turbulence)
    return replace(plan, program=program, inputs=replace(plan.inputs, inputs=items, centre=centre), winds=winds)


def _on(old: np.ndarray, values: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Values (n, 2) at the nodes of another grid of heights."""
    return np.stack([np.interp(new, old, values[:, k]) for k in (0, 1)], axis=1)


def _moved(item: Input, program: Program, old: np.ndarray, new: np.ndarray) -> Input:
    name = item.name.split(".")[0]
    if item.wind is not None:
        item = replace(item, wind=_on(old, item.wind, new))
    if name not in DEFAULTS:
        return item
    again = {i.name: i for i in _default_inputs(name, item.distribution, program, assumed=item.assumed)}
    return replace(item, first=again[item.name].first) if item.name in again else item


def planned_columns(plan: Plan, flights: int, first: int = 0) -> dict[str, np.ndarray]:
    """The columns of some flights of a plan, flown on this thread.

    flights: how many. first: the block at which to begin, each of 1,024 flights.
    """
    with one_thread():
        parts = []
        for k in range(-(-flights // BLOCK)):
            size = min(BLOCK, flights - k * BLOCK)
            parts.append(block_columns(plan, plan.fly_block(first + k, size)))
        return {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}
