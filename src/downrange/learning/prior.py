"""What is known of a rocket before it has flown: everything that varies in its campaigns, gathered into factors of drag, thrust, mass and canopies.

The covariance is not stated again here: it is that of the campaign's own inputs (the files' uncertainties, `dispersion.DEFAULTS`, the priors of what is
not said), drawn once. Beyond it stands what the public flights say of drawn and flown rockets (`population`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from downrange.dispersion import BANDS, Input, Inputs
from downrange.dispersion.evidence import SCATTER
from downrange.dispersion.known import MASS_SCATTER, MOTOR_SCATTER
from downrange.dispersion.wide import WIDE
from downrange.flight import Program
from downrange.flight.rows import CDS0, FIELD
from downrange.learning.learned import Learned
from downrange.learning.population import AsFlown

__all__ = ["LASTING", "prior_of"]

_DRAWS = 1024
_SEED = 1979
BURN_TIME = SCATTER["burn_time"].sigma
_BANDS_ALIKE = 0.7  # correlation of what is not known of drag in two bands; judgement: a rough skin is in all of them, a shock in one

LASTING = ("rocket", "aero", "motor", "unsaid", "drag", "thrust", "mass", "canopy_drag")
"""What belongs to the rocket and its motors; the rest (air, wind, rail, timing) is the day's."""


def is_lasting(item: Input) -> bool:
    """Whether an input belongs to the rocket rather than to the day."""
    return item.name.split(".")[0] in LASTING


def _drawn(inputs: Inputs) -> np.ndarray:
    """Wide rows (n, WIDE) with all that lasts drawn by a Latin hypercube."""
    rng = np.random.Generator(np.random.Philox(_SEED))
    wide = np.repeat(inputs.centre[None, :WIDE], _DRAWS, axis=0)
    for item in filter(is_lasting, inputs.inputs):
        u = (rng.permutation(_DRAWS) + 0.5) / _DRAWS
        item.add(wide, u)
    return wide


def prior_of(program: Program, inputs: Inputs, *, motors: Sequence[str], population: AsFlown | None) -> Learned:
    """The prior of a rocket's parameters: about what its files say, moved by what the `population` of flown rockets adds to drag.

    inputs: of its campaign. motors: designations of all that it flew on. population: None where its drag was not taken from its drawing.
    """
    devices = list(dict.fromkeys(d.name for d in program.devices))
    columns = [FIELD["axial"], FIELD["thrust"], FIELD["mass"]]
    columns += [CDS0 + next(k for k, d in enumerate(program.devices) if d.name == n) for n in devices]
    wide = _drawn(inputs)[:, columns]
    logs = np.log(np.maximum(wide / inputs.centre[columns], 0.05))
    mean, c = logs.mean(axis=0), np.atleast_2d(np.cov(logs.T))
    drag_mean = mean[0] + (0.0 if population is None else population.mean)
    drag = c[0, 0] + (0.0 if population is None else population.sigma**2)
    names = [f"drag.{b}" for b in BANDS]
    size = len(BANDS)
    alike = np.full((size, size), _BANDS_ALIKE)
    np.fill_diagonal(alike, 1.0)
    blocks, centre = [max(drag, 0.02**2) * alike], [drag_mean] * size
    lot = max(c[1, 1] - MOTOR_SCATTER**2, 0.01**2)
    for motor in dict.fromkeys(motors):
        names += [f"thrust.{motor}", f"burn_time.{motor}"]
        blocks += [np.array([[lot]]), np.array([[BURN_TIME**2]])]
        centre += [float(mean[1]), 0.0]
    names.append("mass")
    share = program.launch.dry.mass / program.launch.rocket.without_motor.mass
    blocks.append(np.array([[max(c[2, 2] * share**2 - MASS_SCATTER**2, 0.002**2)]]))
    centre.append(float(mean[2]))
    for k, name in enumerate(devices):
        names.append(f"canopy.{name}")
        blocks.append(np.array([[max(float(c[3 + k, 3 + k]), 0.05**2)]]))
        centre.append(float(mean[3 + k]))
    whole = np.zeros((len(names), len(names)))
    at = 0
    for b in blocks:
        whole[at : at + len(b), at : at + len(b)] = b
        at += len(b)
    return Learned(tuple(names), tuple(float(x) for x in centre), tuple(tuple(float(x) for x in r) for r in whole))


def day_sigma(shares: dict[str, float]) -> float:
    """Standard deviation of the logarithm of an apogee by what belongs to the day: wind, air, rail, and what no parameter stands for.

    shares: of the band, by input, relative to the apogee.
    """
    return math.sqrt(sum(s**2 for n, s in shares.items() if n.split(".")[0] not in LASTING))
