"""Normal force of a component, whatever method gave it, and how a set of fins spreads it over the body's planes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch

import numpy as np

from downrange.aero.limits import Model, lift_model
from downrange.rocket import (
    BodyTube,
    Bulkhead,
    CentringRing,
    FinSet,
    InnerTube,
    LaunchLug,
    MassObject,
    NoseCone,
    Part,
    Placed,
    Protuberance,
    RailButtons,
    Recovery,
    RingFin,
    Rocket,
    ShockCord,
    Transition,
    TubeCoupler,
    TubeFins,
)

__all__ = [
    "BODIES", "COUNT_EFFICIENCY", "INSIDE", "Lift", "fin_normals", "fin_set_lift", "no_lift", "part_lift", "plain_lift", "summed",
]  # fmt: skip

BODIES = (NoseCone, BodyTube, Transition)  # what the outline describes
INSIDE = (InnerTube, TubeCoupler, CentringRing, Bulkhead, MassObject, ShockCord, Recovery)  # what the air does not meet


COUNT_EFFICIENCY = {5: 0.948, 6: 0.913, 7: 0.854, 8: 0.81}  # MIL-HDBK-762, p. 5-24: they stand in each other's way


@dataclass(frozen=True, eq=False)
class Lift:
    """One component's linear normal force over Mach: all arrays (n,), coefficients on the rocket's reference area.

    cp: m aft of the nose tip; second: Σ CNα x², m2. `matrix` (2, 2): shares of the slope in the body's y and z planes and
    their coupling, one for a symmetric part. roll_force: Cl from cant; roll_damp: Σ (CNα/S_f) c ξ² dy in m2, so that the
    moment is ½ρVS roll_damp p.
    """

    name: str
    path: str
    kind: str  # body, fins, ring or barrowman
    slope: np.ndarray
    cp: np.ndarray
    second: np.ndarray
    matrix: np.ndarray
    roll_force: np.ndarray
    roll_damp: np.ndarray
    roll_side: np.ndarray  # (2,) roll moment arm times share per unit slope, for v and w
    cant_side: np.ndarray  # (2,) share of the slope times cant in y and z

    @property
    def model(self) -> Model:
        """The method behind it, where it holds, and its uncertainty."""
        return lift_model(self.kind)

    @property
    def first(self) -> np.ndarray:
        """Σ CNα x, m."""
        return self.slope * self.cp


def plain_lift(name: str, path: str, slope: np.ndarray, cp: np.ndarray, second: np.ndarray | None = None) -> Lift:
    """A body's lift: the same in every plane."""
    zero = np.zeros_like(slope)
    second = slope * cp**2 if second is None else second
    return Lift(name, path, "body", slope, cp, second, np.eye(2), zero, zero, np.zeros(2), np.zeros(2))


def fin_normals(fin: FinSet) -> tuple[np.ndarray, np.ndarray]:
    """Unit normals (2, k) in y and z of the fins that are there, and their cants (k,), rad."""
    there = np.array(fin.present, int)
    angles = fin.angle + 2 * np.pi * there / fin.count
    each = np.zeros(fin.count)
    each[: len(fin.misalignments)] = fin.misalignments
    return np.stack([-np.sin(angles), np.cos(angles)]).reshape(2, -1), fin.cant + each[there]


def fin_set_lift(
    q: Placed, diameter: float, *, one: np.ndarray, canted: np.ndarray, damp: np.ndarray, cp: np.ndarray,
    second: np.ndarray, arm: np.ndarray,
) -> Lift:  # fmt: skip
    """A set of fins from one fin's CNα across its plane, `one`; `canted` the same against its own cant.

    damp: one fin's roll damping (m2); cp, second as in `Lift` (`second` per unit slope); arm: of the force about the axis, m.
    """
    fin = q.part
    assert isinstance(fin, FinSet)
    normal, cants = fin_normals(fin)
    n = normal.shape[1]
    efficiency = COUNT_EFFICIENCY.get(n, 1.0 if n < 5 else 0.75)
    mean = max(0.5 * n, 1e-12)
    one, canted = one * efficiency, canted * efficiency
    slope = one * mean
    ratio = float(np.mean(canted / np.maximum(one, 1e-12)))
    return Lift(
        fin.name or "fins", q.path, "fins", slope, cp, slope * second, normal @ normal.T / mean,
        roll_force=canted * cants.sum() * arm / diameter,
        roll_damp=n * damp * efficiency,
        roll_side=-float(np.mean(arm)) * normal.sum(axis=1) / mean,
        cant_side=-ratio * (normal @ cants) / mean,
    )  # fmt: skip


@singledispatch
def part_lift(part: Part, q: Placed, mach: np.ndarray, rocket: Rocket, section_slope: float) -> Lift | None:
    """The normal force of a part of `rocket`, in its place `q`, at `mach` (n,), apart from what the body's outline gives.

    `section_slope` (1/rad) is that of a fin's section below Mach 1. None where it gives none.
    """
    raise TypeError(f"{type(part).__name__} has no lift: register it with part_lift, or with no_lift if it gives none")


def no_lift(part: Part, q: Placed, mach: np.ndarray, rocket: Rocket, section_slope: float) -> Lift | None:
    """It gives none of its own: it lies inside, is small, or the body's outline has it.

    mach: (n,). section_slope: lift slope of a fin's section, 1/rad.
    """
    return None


for _kind in (*BODIES, *INSIDE, LaunchLug, RailButtons, Protuberance):
    part_lift.register(_kind)(no_lift)


def summed(rocket: Rocket) -> list[Placed]:
    """The parts in the order in which forces are summed and shown: fins, rings, what else there is, each from the nose."""
    return sorted(
        rocket.placed,
        key=lambda q: 0 if isinstance(q.part, FinSet) else 1 if isinstance(q.part, TubeFins | RingFin) else 2,
    )
