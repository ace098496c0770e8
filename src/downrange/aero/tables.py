"""Aerodynamic coefficients as the kernel takes them: sums over the components on a grid of Mach number.

With A0 = ΣCNα_i, A1 = ΣCNα_i x_i and A2 = ΣCNα_i x_i², normal force, moment and damping about any centre of gravity
follow exactly (docs/theory/aerodynamics). Axial force is on Mach and unit Reynolds number, power off and on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from downrange.aero.drag import DragPart, drag_parts
from downrange.aero.normal import Lift, body_lift_factor, lifts, planform_area
from downrange.errors import InputError
from downrange.rocket import Rocket
from downrange.tables import Table1D, Table2D

__all__ = ["AeroOptions", "AeroTables", "Brakes", "build_aero"]

RE_HALF = 3.0e6  # 1/m; unit Reynolds number at 45 m/s near the ground: half of the table's axis re/(re + RE_HALF)
MACH_CELLS, RE_CELLS, ANGLE_CELLS = 160, 12, 64
VALID_MACH = 0.9


@dataclass(frozen=True, eq=False)
class Brakes:
    """Air brakes: coefficient over level (0-1) and Mach on the reference area, and level over time (s).

    `replaces`: the coefficient is that of the whole rocket while the level is above zero; else it is added.
    """

    coefficient: Table2D
    level: Table1D
    replaces: bool = False


@dataclass(frozen=True, eq=False)
class AeroOptions:
    """What the user knows better than the geometry: any of it may be left out."""

    drag_off: Table1D | None = None
    drag_on: Table1D | None = None
    drag_factor: float = 1.0
    normal_slope: Table1D | None = None
    centre_of_pressure: Table1D | None = None
    fin_section_slope: float = 2 * np.pi
    brakes: Brakes | None = None


@dataclass(frozen=True, eq=False)
class AeroTables:
    """All coefficients of a rocket; arrays over `mach` (n,), axial (n, k, 2) over Mach, re and power off / on.

    `odd` (12, n) is None where the fins are evenly spaced; see the kernel's layout for its rows.
    """

    mach: np.ndarray
    reference_area: float
    reference_length: float
    a0: np.ndarray
    a1: np.ndarray
    a2: np.ndarray
    roll_force: np.ndarray
    roll_damp: np.ndarray
    cross_factor: np.ndarray
    cross_area: float
    cross_moment: float
    body_slope: float
    body_moment: float
    axial: np.ndarray
    angle: np.ndarray
    odd: np.ndarray | None
    brakes: Brakes | None = None
    lifts: tuple[Lift, ...] = ()
    drags: tuple[DragPart, ...] = ()
    valid_mach: float = VALID_MACH
    notes: tuple[str, ...] = field(default=())

    def normal_slope(self, mach: float) -> float:
        """CNα per radian at `mach`."""
        return float(np.interp(mach, self.mach, self.a0))

    def centre_of_pressure(self, mach: float, alpha: float = 0.0) -> float:
        """Centre of pressure in m aft of the nose tip at `mach` and angle of attack (rad); NaN where CNα vanishes."""
        a0, a1 = np.interp(mach, self.mach, self.a0), np.interp(mach, self.mach, self.a1)
        k = np.interp(mach * np.sin(alpha), self.mach, self.cross_factor) * np.sin(alpha)
        f = np.interp(np.cos(alpha), np.linspace(-1, 1, self.angle.shape[1]), self.angle[1])
        force = f * a0 + k * self.cross_area
        return float((f * a1 + k * self.cross_moment) / force) if abs(force) > 1e-6 else float("nan")

    def drag(self, mach: float, unit_re: float, power: bool = False) -> float:
        """CA at zero incidence at `mach` and unit Reynolds number (1/m)."""
        re = np.linspace(0, 1, self.axial.shape[1])
        column = [np.interp(mach, self.mach, self.axial[:, j, int(power)]) for j in range(re.size)]
        return float(np.interp(unit_re / (unit_re + RE_HALF), re, column))


def _angle_factors() -> np.ndarray:
    """Shares (4, n) over cos α from -1 to 1, after Jorgensen, NASA TN D-7228.

    Axial cos²α; linear normal |sin 2α| cos(α/2) over 2 sin α; cross-flow one; and what turns the body's share of the
    linear part about beyond 90 degrees, where slender-body lift (sin 2α) changes sign and the fins' does not.
    """
    c = np.linspace(-1, 1, ANGLE_CELLS + 1)
    linear = np.abs(c) * np.sqrt((1 + np.abs(c)) / 2)
    return np.stack([c * np.abs(c), linear, np.ones_like(c), np.where(c < 0, -2 * linear, 0.0)])


def _odd(parts: list[Lift], n: int) -> np.ndarray | None:
    rows = np.zeros((12, n))
    for p in parts:
        d, e = 0.5 * (p.matrix[0, 0] - p.matrix[1, 1]), p.matrix[0, 1]
        for k, power in enumerate((np.ones(n), p.cp, p.cp**2)):
            rows[k] += p.slope * d * power
            rows[3 + k] += p.slope * e * power
        rows[6] += p.slope * p.roll_side[0]
        rows[7] += p.slope * p.roll_side[1]
        rows[8] += p.slope * p.cant_side[0]
        rows[9] += p.slope * p.cant_side[1]
        rows[10] += p.slope * p.cant_side[0] * p.cp
        rows[11] += p.slope * p.cant_side[1] * p.cp
    total = max(sum(float(np.abs(p.slope).max()) for p in parts), 1e-9)
    return rows if np.abs(rows).max() > 1e-6 * total else None


def _unit_re_grid() -> np.ndarray:
    x = np.linspace(0, 1, RE_CELLS + 1)
    x = np.clip(x, 0.01, 0.995)
    return RE_HALF * x / (1 - x)


def build_aero(
    rocket: Rocket, *, mach_max: float = 3.0, jet_area: float = 0.0, options: AeroOptions | None = None
) -> AeroTables:
    """Coefficients of `rocket` from its geometry to `mach_max`, with what the user replaces in `options`."""
    options = options or AeroOptions()
    mach = np.linspace(0, max(mach_max, 0.3), MACH_CELLS + 1)
    parts = lifts(rocket, mach, options.fin_section_slope)
    drags = drag_parts(rocket, mach, _unit_re_grid(), jet_area)
    area, centroid = planform_area(rocket)
    a0 = sum((p.slope for p in parts), np.zeros_like(mach))
    a1 = sum((p.slope * p.cp for p in parts), np.zeros_like(mach))
    a2 = sum((p.slope * p.cp**2 for p in parts), np.zeros_like(mach))
    off = sum((p.off for p in drags), np.zeros((mach.size, RE_CELLS + 1)))
    on = sum((p.on for p in drags), np.zeros((mach.size, RE_CELLS + 1)))
    bodies = [p for p in parts if not p.roll_damp.any()]
    tables = AeroTables(
        mach=mach, reference_area=rocket.reference_area, reference_length=rocket.diameter, a0=a0, a1=a1, a2=a2,
        roll_force=sum((p.roll_force for p in parts), np.zeros_like(mach)),
        roll_damp=sum((p.roll_damp for p in parts), np.zeros_like(mach)),
        cross_factor=np.full_like(mach, body_lift_factor()), cross_area=area, cross_moment=area * centroid,
        body_slope=sum(float(p.slope[0]) for p in bodies), body_moment=sum(float(p.slope[0] * p.cp[0]) for p in bodies),
        axial=np.stack([off, on], axis=-1), angle=_angle_factors(), odd=_odd(parts, mach.size),
        lifts=tuple(parts), drags=tuple(drags), brakes=options.brakes,
    )  # fmt: skip
    return _with_user_tables(tables, options)


def _with_user_tables(t: AeroTables, options: AeroOptions) -> AeroTables:
    axial = t.axial
    if options.drag_off is not None or options.drag_on is not None:
        first = options.drag_off or options.drag_on
        assert first is not None
        off, on = first(t.mach), (options.drag_on or first)(t.mach)
        axial = np.repeat(np.stack([off, on], axis=-1)[:, None, :], t.axial.shape[1], axis=1)
    axial = axial * options.drag_factor
    a0, a1, a2 = t.a0, t.a1, t.a2
    if options.normal_slope is not None or options.centre_of_pressure is not None:
        spread = a2 - a1**2 / np.maximum(a0, 1e-9)
        cp = a1 / np.maximum(a0, 1e-9)
        a0 = options.normal_slope(t.mach) if options.normal_slope is not None else a0
        cp = options.centre_of_pressure(t.mach) if options.centre_of_pressure is not None else cp
        if np.any(a0 <= 0):
            raise InputError("the given CNα must be above zero", key="aero.normal_slope")
        a1, a2 = a0 * cp, a0 * cp**2 + spread
    return replace(t, axial=axial, a0=a0, a1=a1, a2=a2)
