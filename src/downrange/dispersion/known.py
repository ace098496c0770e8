"""What flights of a rocket taught of it, as inputs of a campaign: in place of the defaults and priors that it was drawn with.

Flights tell of drag, thrust and mass together: each alone may be badly known where what they do together is known well. So they are drawn along the
principal axes of their covariance, each axis an input of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from downrange.dispersion.evidence import SCATTER
from downrange.dispersion.way import Way
from downrange.dispersion.wide import WIDE, Input
from downrange.flight import Program
from downrange.flight.rows import CDS0, FIELD
from downrange.uncertainty import Normal

__all__ = ["BANDS", "CANOPY_SCATTER", "MASS_SCATTER", "MOTOR_SCATTER", "Known", "band_shares"]

BANDS = {"subsonic": 0.8, "transonic": 1.0, "supersonic": 1.2}
"""Mach numbers at which factors of drag are learned; the logarithm is linear between them and held beyond."""

MOTOR_SCATTER, MASS_SCATTER, CANOPY_SCATTER = (SCATTER[k].sigma for k in ("thrust", "mass", "canopy_drag"))
_INERTIA = ("mass", "ixx", "iyy", "izz", "ixy", "ixz", "iyz")


def band_shares(mach: np.ndarray) -> np.ndarray:
    """The share of each of `BANDS` (3, n) in the logarithm of the factor of drag: they sum to one.

    mach: Mach numbers (n,).
    """
    knots = list(BANDS.values())
    return np.stack([np.interp(mach, knots, np.eye(len(knots))[k]) for k in range(len(knots))])


@dataclass(frozen=True)
class Known:
    """The covariance (k, k) of the logarithms of factors by `names`: `drag.BAND`, `thrust.MOTOR`, `mass`, `canopy.NAME`."""

    names: tuple[str, ...]
    covariance: tuple[tuple[float, ...], ...]

    def inputs(self, program: Program, path: Way) -> list[Input]:
        """Inputs along the principal axes, of unit normal distributions, the widest first; what this program has not is left out."""
        effects = {n: e for n in self.names if (e := effect(n, program, path)) is not None}
        if not effects:
            return []
        where = [self.names.index(n) for n in effects]
        values, axes = np.linalg.eigh(np.array(self.covariance)[np.ix_(where, where)])
        rows = np.stack(list(effects.values()))
        out: list[Input] = []
        for k in np.argsort(values)[::-1]:
            if values[k] < 1e-10:
                continue
            told = [list(effects)[j] for j in np.argsort(-np.abs(axes[:, k])) if abs(axes[j, k]) > 0.3]
            name = f"learned.{len(out) + 1}"
            doc = f"what flights left open of {', '.join(told)}"
            out.append(Input(name, Normal(0.0, 1.0), np.sqrt(values[k]) * axes[:, k] @ rows, assumed=True, doc=doc))
        return out

    def tells_of(self, kind: str, program: Program) -> bool:
        """Whether it tells of something of a program.

        kind: `drag`, `thrust` (of this very motor) or `mass`. program: of the launch.
        """
        wanted = f"thrust.{program.launch.motor.designation}" if kind == "thrust" else kind
        return any(n == wanted or n.startswith(f"{kind}.") and kind != "thrust" for n in self.names)

    def left_of(self, made: Sequence[Input], program: Program) -> list[Input]:
        """Of inputs those that flights did not tell of: what moves anything besides the drag, thrust, mass and canopies that it has."""
        told = {"drag": ("axial", "cp_shift", "normal"), "thrust": ("thrust", "propellant"), "mass": (*_INERTIA, "cg")}
        columns = [FIELD[f] for kind, fields in told.items() if self.tells_of(kind, program) for f in fields]
        columns += [CDS0 + k for k, d in enumerate(program.devices) if f"canopy.{d.name}" in self.names]

        def open_still(item: Input) -> bool:
            rows = np.abs(item.first) if item.values is None else np.abs(item.values).max(axis=0)
            return bool(np.any(np.delete(rows, columns))) or item.wind is not None

        return [i for i in made if open_still(i)]


def effect(name: str, program: Program, path: Way) -> np.ndarray | None:
    """The wide row that the logarithm of a factor adds, to first order; None where the program has nothing of the kind."""
    kind, _, of = name.partition(".")
    row, out = program.compiled.row, np.zeros(WIDE)
    if kind == "drag":
        out[FIELD["axial"]] = float(path.weight @ band_shares(path.mach)[list(BANDS).index(of)])
    elif kind == "thrust":
        if of != program.launch.motor.designation:
            return None
        out[FIELD["thrust"]] = 1.0
    elif kind == "mass":
        share = program.launch.rocket.without_motor.mass / program.launch.dry.mass
        for k in _INERTIA:
            out[FIELD[k]] = share * row[FIELD[k]]
    elif kind == "canopy":
        at = [n for n, d in enumerate(program.devices) if d.name == of]
        for n in at:
            out[CDS0 + n] = program.devices[n].cd_area
        if not at:
            return None
    else:  # the burn time moves no row: its own effect on the height is small beside the impulse's
        return None
    return out
