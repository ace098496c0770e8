"""Flights of one mode with their whole way: what a recorder on board would have gone through.

The recorder flies in the body that holds the foremost stage, or in the first of the pieces that a break leaves (the airframe of a motor that
burst, what stays under the canopy of a cord that broke).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from downrange.dispersion.flying import Recorder, fly_parts, fly_whole
from downrange.dispersion.plan import Plan
from downrange.dispersion.streams import uniforms
from downrange.failures import Mode
from downrange.failures.scene import Draw
from downrange.flight.named import named_outputs, named_steps

__all__ = ["calm", "fly_ways"]


def calm(plan: Plan) -> Plan:
    """The same with the winds as they are told: no errors, no turbulence."""
    return replace(plan, winds=replace(plan.winds, sigma=0.0, turbulence=None))


def fly_ways(plan: Plan, mode: Mode, u: np.ndarray, *, block: int = 0) -> list[np.ndarray]:
    """The ways of flights of `mode`: for each the kernel's steps (m, TRACK), as `flight.named.named_steps` names them, its times in s from lift-off and its
    first on the pad then; without a row where it never left the pad.

    u: uniform numbers (n, inputs) of what varies; one half is the median. block: which random numbers the winds, the mode and the sensors of controllers take: flights of the same
    block fail in the same way, whatever else varies. Controllers of the plan steer each of them, one after another.
    """
    drawn, table = plan.draw(u, block)
    n = len(u)

    def draw(name: str) -> np.ndarray:
        return uniforms(plan.seed, f"{mode.name}: {name}", block, n)

    apart = plan.program.staged or mode.reorders
    if not apart and plan.steering is None:
        by = Recorder()
        pieces = fly_whole(mode, plan.scene, drawn, table, draw, plan.tolerance, by=by)
        ways, lifts = by.calls[0], np.full(n, np.nan)
        for p in reversed(pieces):
            lifts[p.flight] = named_outputs(p.out)["liftoff_time"]
        if len(pieces) > 1:
            for k, more in zip(pieces[1].flight, by.calls[1], strict=True):
                ways[k] = np.concatenate([ways[k], more])
        return [_from_liftoff(w, t) for w, t in zip(ways, lifts, strict=True)]
    out = []
    for k in range(n):
        own, by, crew = drawn.part(slice(k, k + 1)), Recorder(), None
        if plan.steering is not None:
            crew = plan.steering.crew(plan.program, 1, block=(plan.seed % 2**32, block, k))
        fly = fly_parts if apart else fly_whole
        pieces = fly(mode, plan.scene, own, table, _one_draw(draw, k), plan.tolerance, crew, by)
        if crew is not None:
            crew.end()
        first = next(p for p in pieces if p.flight.size)
        way = first.way if apart else np.concatenate([c[0] for c in by.calls[:2]])
        assert way is not None
        out.append(_from_liftoff(way, float(named_outputs(first.out)["liftoff_time"][0])))
    return out


def _one_draw(draw: Draw, k: int) -> Draw:
    return lambda name: draw(name)[k : k + 1]


def _from_liftoff(steps: np.ndarray, lifts: float) -> np.ndarray:
    """Steps with their times from lift-off, and one on the pad before the first, which is where the rail ends."""
    if not len(steps) or not np.isfinite(lifts):
        return steps[:0]
    rows = np.concatenate([steps[:1], steps])
    at = named_steps(rows)
    at["time"] -= lifts
    at["time"][0] = 0.0
    at["position_enu"][0], at["velocity_enu"][0] = 0.0, 0.0
    gone = max(float(at["time"][1]), 1e-3)
    at["velocity_rate"][0] = 0.0
    at["acceleration_enu"][0] = at["velocity_enu"][1] / gone
    return rows
