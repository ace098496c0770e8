"""What differs between two flights of the same rocket on one day, and what they have in common.

A campaign draws everything that is not known of one flight. Of two flights of one rocket most of that is the same: its drag, whatever it
is, its mass, its canopy, the warmth of the day. What is drawn anew each time is the motor (its thrust, its delay, how straight it sits), how
the rail was set, the gusts that are met, and how long a canopy takes to come out. The split is a judgement, input by input (`group_of`), and
on the side of more flights: motors of one lot are more alike than the catalogue's, and the wind of one hour than that of a forecast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from downrange.dispersion.nearby import nominal_only
from downrange.dispersion.plan import Plan
from downrange.dispersion.wide import Inputs

__all__ = ["GROUPS", "Group", "Told", "explained", "group_of", "only"]

Group = Literal["flight", "day", "rocket"]
GROUPS: dict[Group, str] = {
    "flight": "of each flight",
    "day": "of the day",
    "rocket": "of the rocket",
}
"""Whose each thing that varies is, in words."""

_BY_NAME: dict[str, Group] = {
    "thrust": "flight", "tilt": "flight", "tip_off": "flight", "thrust_angle": "flight", "lag": "flight", "delay": "flight", "release_altitude": "flight",
    "wind": "flight", "tumbling": "flight", "ignition": "flight", "separation": "flight", "density": "day", "drag": "rocket", "normal_force": "rocket",
    "centre_of_pressure": "rocket", "mass": "rocket", "canopy_drag": "rocket", "unsaid": "rocket",
}  # fmt: skip
_BY_PATH: tuple[tuple[str, Group], ...] = (
    # the beginning of a path of the files, the longest first
    ("weather.wind", "flight"), ("weather", "day"), ("site", "day"), ("rail", "flight"), ("motor.impulse_factor", "flight"), ("motor.delay", "flight"),
    ("thrust_line", "flight"), ("rocket", "rocket"), ("aero", "rocket"), ("guides", "rocket"),
)  # fmt: skip


def group_of(name: str) -> Group:
    """Whose an input is, by its name in a plan: a default's (`drag`, `tilt.east`) or the path of a quantity of the files. What neither table
    knows is counted with each flight's own: that asks for more flights, never for fewer.

    >>> group_of("tilt.east"), group_of("rocket.parts[1].mass"), group_of("weather.temperature")
    ('flight', 'rocket', 'day')
    """
    for beginning, group in _BY_PATH:
        if name == beginning or name.startswith((f"{beginning}.", f"{beginning}[")):
            return group
    return _BY_NAME.get(name.split(".")[0], "flight")


def only(plan: Plan, groups: tuple[Group, ...]) -> Plan:
    """The plan with nothing that goes wrong, where only what belongs to `groups` varies; the rest stays at its centre.

    The wind's errors and turbulence are each flight's; which member of an ensemble blows is the day's, and without that the members' mean.
    """
    plan = nominal_only(plan)
    kept = tuple(i for i in plan.inputs.inputs if group_of(i.name) in groups)
    names = {i.name for i in kept}
    winds = plan.winds
    if "flight" not in groups:
        winds = replace(winds, sigma=0.0, turbulence=None)
    if "day" not in groups:
        winds = replace(winds, members=winds.members.mean(axis=0, keepdims=True))
    return replace(
        plan, inputs=replace(plan.inputs, inputs=kept), winds=winds,
        correlated=tuple((g, rho) for g, rho in plan.correlated if set(g) <= names),
    )  # fmt: skip


@dataclass(frozen=True)
class Told:
    """How much of what varies is an input's: its `share` of the variance, as far as a straight line tells, and whose it is."""

    name: str
    share: float
    group: Group


def explained(inputs: Inputs, columns: Mapping[str, np.ndarray], values: np.ndarray) -> tuple[Told, ...]:
    """What moves `values` (n,) of flights, by the square of the correlation with each input of their `columns`; the largest first."""
    good = np.isfinite(values)
    out = []
    for item in inputs.inputs:
        x = np.asarray(columns[f"in.{item.name}"], float)[good]
        if np.ptp(x) > 0 and np.ptp(values[good]) > 0:
            out.append(Told(item.name, float(np.corrcoef(x, values[good])[0, 1] ** 2), group_of(item.name)))
    return tuple(sorted(out, key=lambda t: -t.share))
