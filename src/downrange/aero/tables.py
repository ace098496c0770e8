"""Aerodynamic coefficients as the kernel takes them: sums over the components on a grid of Mach number.

With A0 = ΣCNα_i, A1 = ΣCNα_i x_i and A2 = ΣCNα_i x_i², normal force, moment and damping about any centre of gravity
follow exactly (docs/theory/aerodynamics). Axial force is on Mach and unit Reynolds number, power off and on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np

from downrange.aero.barrowman import barrowman_lifts
from downrange.aero.bodies import BodyFlow, body_flow
from downrange.aero.crossflow import body_crossflow, fin_crossflow
from downrange.aero.drag import DragPart, drag_parts
from downrange.aero.friction import Wall
from downrange.aero.geometry import planform_area
from downrange.aero.lift import Lift
from downrange.aero.limits import VALID_MACH, cp_sigma, geometry_notes, transonic
from downrange.aero.normal import full_lifts
from downrange.aero.planes import least_plane
from downrange.bounds import check_fields, spec
from downrange.errors import InputError
from downrange.exact import one_thread
from downrange.remember import remembered
from downrange.rocket import Rocket
from downrange.tables import Table1D, Table2D

__all__ = ["AeroOptions", "AeroTables", "Brakes", "Method", "Sigma", "build_aero", "build_lift"]

RE_HALF = 3.0e6  # 1/m; unit Reynolds number at 45 m/s near the ground: half of the table's axis re/(re + RE_HALF)
MACH_CELLS, RE_CELLS, ANGLE_CELLS = 240, 12, 64
Method = Literal["full", "barrowman"]
# Share of the parts' normal forces below which their sum means nothing: each is known to 8-10 % (aero.limits).
_CANCELLED = 0.05
_MOST_CD, _MOST_MACH = 20.0, 50.0
_GALEJS = 1.1  # J. W. Galejs, Wind Instability, Sentinel 39 (1999): body lift on the planform, Barrowman's companion


@dataclass(frozen=True, eq=False)
class Brakes:
    """Air brakes: coefficient over level (0-1) and Mach on the reference area, and level over time (s).

    `replaces`: the coefficient is that of the whole rocket while the level is above zero; else it is added.
    """

    coefficient: Table2D
    level: Table1D
    replaces: bool = False

    def __post_init__(self) -> None:
        share = "a share from 0 to 1; in a file, a column headed level_percent is divided by 100"
        _within(self.coefficient.x, 0, 1, "brake levels", share, "aero.brakes.table")
        _within(self.coefficient.y, 0, _MOST_MACH, "the Mach numbers of the brakes", "from 0", "aero.brakes.table")
        _within(
            self.coefficient.z,
            -1,  # measured as a difference, it scatters about nothing where they are shut
            _MOST_CD,
            "the drag coefficients of the brakes",
            "about 0.1 to 1",
            "aero.brakes.table",
        )
        _within(self.level.y, 0, 1, "brake levels", share, "aero.brakes.schedule")


@dataclass(frozen=True, eq=False)
class AeroOptions:
    """What the user knows better than the geometry: any of it may be left out."""

    drag_off: Table1D | None = None
    drag_on: Table1D | None = None
    drag_factor: float = spec("number", "multiplies all drag", 1.0, above=0, high=100)
    drag_scale: Table1D | None = None
    base_beside_jet: float = spec(
        "number", "base drag beside a burning jet, over that of the same ring without one", 1.0, low=0, high=10
    )
    normal_slope: Table1D | None = None
    centre_of_pressure: Table1D | None = None
    fin_section_slope: float = spec("slope", "lift slope of the fins' aerofoil, per radian", 2 * np.pi, low=1, high=15)
    brakes: Brakes | None = None
    method: Method = "full"
    wall: Wall = "cold"

    def factor(self, mach: float | np.ndarray) -> np.ndarray:
        """What all drag is multiplied by: `drag_factor`, and `drag_scale` where flights taught one.

        mach: Mach numbers, of any shape.
        """
        return self.drag_factor * (np.ones(np.shape(mach)) if self.drag_scale is None else self.drag_scale(mach))

    def __post_init__(self) -> None:
        check_fields(self)
        tables = (
            ("drag", self.drag_off, 0.0, _MOST_CD, "drag coefficients", "about 0.3 to 1"),
            ("drag_power_on", self.drag_on, 0.0, _MOST_CD, "power-on drag coefficients", "about 0.3 to 1"),
            ("drag_scale", self.drag_scale, 0.01, 100.0, "factors of drag", "about 0.5 to 2"),
            ("normal_slope", self.normal_slope, 1e-3, 1e3, "CNα", "about 5 to 50 per radian"),
            (
                "centre_of_pressure",
                self.centre_of_pressure,
                -100.0,
                200.0,
                "centres of pressure",
                "m aft of the nose tip",
            ),
        )
        for key, table, low, high, what, why in tables:
            if table is not None:
                _within(table.x, 0, _MOST_MACH, f"the Mach numbers of {what}", "from 0", f"aero.{key}")
                _within(table.y, low, high, what, why, f"aero.{key}")
        if self.base_beside_jet != 1.0 and self.drag_given:
            raise InputError(
                f"base_beside_jet {self.base_beside_jet:g} has nothing to act on: the drag comes from a table, base and all; give the table its power-on "
                "column, or leave base_beside_jet out",
                key="aero.base_beside_jet",
            )

    @property
    def drag_given(self) -> bool:
        """Whether a table of drag stands in place of what the geometry gives."""
        return self.drag_off is not None or self.drag_on is not None


def _within(values: np.ndarray, low: float, high: float, what: str, why: str, key: str) -> None:
    """Refuse a table with an entry outside `low` to `high`."""
    if values.min() < low or values.max() > high:
        raise InputError(
            f"{what} run from {values.min():.6g} to {values.max():.6g}; between {low:g} and {high:g} was expected ({why})",
            key=key,
        )


@dataclass(frozen=True, eq=False)
class Sigma:
    """Uncertainty of the coefficients (1 σ) over Mach, arrays (n,): relative of CA and CNα, and of the centre of pressure in m."""

    axial: np.ndarray
    normal: np.ndarray
    cp: np.ndarray


@dataclass(frozen=True, eq=False)
class AeroTables:
    """All coefficients of a rocket; arrays over `mach` (n,), axial (n, k, 2) over Mach, re and power off / on.

    `odd` (12, n) is None where the fins are evenly spaced; see the kernel's layout for its rows. `lift_to`: the Mach number to which the
    normal force was asked for; beyond it is held.
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
    sigma: Sigma | None = None
    valid_mach: float = VALID_MACH
    notes: tuple[str, ...] = field(default=())
    lift_to: float = np.inf

    @cached_property
    def cancelled(self) -> np.ndarray:
        """CNα below which the parts' normal forces cancel, over Mach (n,): a share of their sizes where the sum is least."""
        d, e = (0.0, 0.0) if self.odd is None else (self.odd[0], self.odd[3])
        size = np.maximum(np.hypot(d, e), 1e-30)
        least = [1 - (0.5 * (p.matrix[0, 0] - p.matrix[1, 1]) * d + p.matrix[0, 1] * e) / size for p in self.lifts]
        return (
            _CANCELLED * _sum([np.abs(p.slope) * share for p, share in zip(self.lifts, least, strict=True)], self.mach)
            + 1e-6
        )

    def normal_slope(self, mach: float) -> float:
        """CNα per radian at `mach`, the mean of all planes."""
        return float(np.interp(mach, self.mach, self.a0))

    def centre_of_pressure(self, mach: float, alpha: float = 0.0) -> float:
        """Centre of pressure in m aft of the nose tip at `mach` and angle of attack (rad), in the plane where it is furthest forward.

        NaN where the parts' normal forces cancel to within what is known of them (`_CANCELLED`).

        alpha: angle of attack, rad.
        """
        return float(self.centres_of_pressure(np.array(mach), np.array(alpha)))

    def centres_of_pressure(self, mach: np.ndarray, alpha: np.ndarray) -> np.ndarray:
        """The same as `centre_of_pressure` for arrays of Mach number and angle of attack (rad) of one shape.

        mach: (n,). alpha: (n,), rad.
        """
        m, sin = np.asarray(mach, float), np.sin(alpha)
        k = np.interp(m * np.abs(sin), self.mach, self.cross_factor) * np.abs(sin)
        f = np.interp(np.cos(alpha), np.linspace(-1, 1, self.angle.shape[1]), self.angle[1])
        a0, a1 = (f * np.interp(m, self.mach, a) for a in (self.a0, self.a1))
        d0, d1, e0, e1 = (
            (f * np.interp(m, self.mach, self.odd[r]) for r in (0, 1, 3, 4)) if self.odd is not None else (0.0,) * 4
        )
        _, cp, least = least_plane(a0 + k * self.cross_area, a1 + k * self.cross_moment, d0, d1, e0, e1)
        return np.asarray(np.where(least > f * np.interp(m, self.mach, self.cancelled), cp, np.nan))

    def normal_force(self, mach: float, alpha: float) -> float:
        """CN at an angle of attack (rad) in the plane of symmetry, cross-flow with it.

        mach: Mach number. alpha: angle of attack, rad.
        """
        f = np.interp(np.cos(alpha), np.linspace(-1, 1, self.angle.shape[1]), self.angle[1])
        k = np.interp(mach * abs(np.sin(alpha)), self.mach, self.cross_factor) * self.cross_area
        return float(np.sin(alpha) * (f * self.normal_slope(mach) + k * abs(np.sin(alpha))))

    def pitch_damping(self, mach: float, cg: float) -> float:
        """Cmq about `cg` (m aft of the nose tip), per q d/2V on the calibre d: -2 Σ CNα ((x - cg)/d)².

        mach: Mach number.
        """
        a0, a1, a2 = (np.interp(mach, self.mach, a) for a in (self.a0, self.a1, self.a2))
        return float(-2 * (a2 - 2 * cg * a1 + cg * cg * a0) / self.reference_length**2)

    def roll_damping(self, mach: float) -> float:
        """Clp per p d/2V on the calibre d.

        mach: Mach number.
        """
        return float(-2 * np.interp(mach, self.mach, self.roll_damp) / self.reference_length**2)

    def drag(self, mach: float, unit_re: float, power: bool = False) -> float:
        """CA at zero incidence at `mach` and unit Reynolds number (1/m).

        unit_re: speed over kinematic viscosity, 1/m. power: whether the motor burns.
        """
        return self._at(self.axial[:, :, int(power)], mach, unit_re)

    def part_drag(self, part: DragPart, mach: float, unit_re: float, power: bool = False) -> float:
        """One part's share of `drag`, before what the user's tables replace.

        mach: Mach number. unit_re: speed over kinematic viscosity, 1/m. power: whether the motor burns.
        """
        return self._at(part.on if power else part.off, mach, unit_re)

    def drag_of_many(self, mach: np.ndarray, unit_re: np.ndarray, power: np.ndarray) -> np.ndarray:
        """`drag` of many at once.

        mach, unit_re: (n,), Mach numbers and unit Reynolds numbers, 1/m. power: (n,), whether the motor burns.
        """
        i, u, inside = self._cell(mach)
        grid = np.linspace(0, 1, self.axial.shape[1])
        share = unit_re / (unit_re + RE_HALF)
        j = np.clip(np.searchsorted(grid, share, "right") - 1, 0, grid.size - 2)
        up, k = np.minimum(i + 1, self.mach.size - 1), power.astype(int)

        def column(j: np.ndarray) -> np.ndarray:
            low = self.axial[i, j, k]
            return np.where(
                inside,
                (self.axial[up, j, k] - low) / np.where(inside, self.mach[up] - self.mach[i], 1.0) * u + low,
                low,
            )

        low, high = column(j), column(j + 1)
        return np.asarray((high - low) / (grid[j + 1] - grid[j]) * (np.minimum(share, 1.0) - grid[j]) + low)

    def _cell(self, mach: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The cells of the Mach grid that numbers (n,) lie in, how far behind the cell's beginning, and whether they are within the grid."""
        i = np.clip(np.searchsorted(self.mach, mach, "right") - 1, 0, self.mach.size - 1)
        return i, mach - self.mach[i], (self.mach[0] < mach) & (mach < self.mach[-1])

    def _at(self, z: np.ndarray, mach: float, unit_re: float) -> float:
        x, last = self.mach, self.mach.size - 1
        i = min(max(int(x.searchsorted(mach, "right")) - 1, 0), last)
        inside = x[0] < mach < x[last]
        column = (z[i + 1] - z[i]) / (x[i + 1] - x[i]) * (mach - x[i]) + z[i] if inside else z[i]
        return float(np.interp(unit_re / (unit_re + RE_HALF), _shares(z.shape[1]), column))


@lru_cache
def _shares(n: int) -> np.ndarray:
    """Where n columns stand, from 0 to 1."""
    shares = np.linspace(0, 1, n)
    shares.flags.writeable = False
    return shares


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
        for k, moment in enumerate((p.slope, p.first, p.second)):
            rows[k] += d * moment
            rows[3 + k] += e * moment
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


def _sigma(rocket: Rocket, mach: np.ndarray, parts: list[Lift], drags: list[DragPart]) -> Sigma:
    """Kinds err independently, the parts of a kind together."""
    worse, middle = transonic(mach), RE_CELLS // 2

    def spread(terms: list[tuple[str, float, np.ndarray]]) -> np.ndarray:
        kinds: dict[str, np.ndarray] = {}
        for kind, sigma, value in terms:
            kinds[kind] = kinds.get(kind, np.zeros_like(mach)) + sigma * np.abs(value)
        total = np.abs(_sum([value for _, _, value in terms], mach))
        return np.asarray(worse * np.sqrt(_sum([v**2 for v in kinds.values()], mach)) / np.maximum(total, 1e-9))

    return Sigma(
        axial=spread([(p.kind, p.model.sigma, p.off[:, middle]) for p in drags]),
        normal=spread([(p.kind, p.model.sigma, p.slope) for p in parts]), cp=cp_sigma(rocket, mach),
    )  # fmt: skip


def _sum(values: list[np.ndarray], like: np.ndarray) -> np.ndarray:
    return np.asarray(sum(values, np.zeros_like(like)))


def build_aero(
    rocket: Rocket, *, mach_max: float = 3.0, jet_area: float = 0.0, options: AeroOptions | None = None,
    jets: Mapping[str, float] | None = None, lift_to: float = np.inf,
) -> AeroTables:  # fmt: skip
    """Coefficients of `rocket` from its geometry to `mach_max`, with what the user replaces in `options`.

    jet_area: of the jets at the body's base while its motors burn, m2; jets: the same of one of the pods or boosters, by name.
    lift_to: Mach number beyond which the parts' normal forces are not needed and held, which spares their finding (`AeroTables.lift_to`).
    """
    with one_thread():
        return _build(_Asked.of(rocket, mach_max, jet_area, options or AeroOptions(), jets or {}, lift_to))


def build_lift(rocket: Rocket, *, mach_max: float = 3.0, options: AeroOptions | None = None) -> AeroTables:
    """The same without what is slower to find: the axial force, which is NaN, and how well all is known.

    mach_max: the Mach number to which the tables reach. options: what the user replaces.
    """
    with one_thread():
        return _build(_Asked.of(rocket, mach_max, None, options or AeroOptions(), {}))


def _grid(mach_max: float) -> np.ndarray:
    """The Mach numbers of the tables."""
    return np.linspace(0, max(mach_max, 0.3), MACH_CELLS + 1)


@dataclass(frozen=True)
class _Asked:
    """What tables are built of, told by the values in it: of a vehicle's configurations and edits only those that changed are built.

    jet_area: m2; None: without axial force. lift_to: of the grid's own numbers.
    """

    rocket: Rocket = field(compare=False)
    options: AeroOptions = field(compare=False)
    jets: Mapping[str, float] = field(compare=False)
    mach_max: float
    jet_area: float | None
    told: tuple[Any, ...]
    lift_to: float = np.inf

    @classmethod
    def of(
        cls, rocket: Rocket, mach_max: float, jet_area: float | None, options: AeroOptions, jets: Mapping[str, float],
        lift_to: float = np.inf,
    ) -> _Asked:  # fmt: skip
        mach = _grid(mach_max)
        # up to the last of the grid's own numbers that is needed: between those beyond, nothing would be as it is
        lift_to = float(mach[min(int(np.searchsorted(mach, lift_to)), mach.size - 1)])
        known = tuple(getattr(given, f.name) for given in (rocket, options) for f in fields(given))
        return cls(rocket, options, jets, mach_max, jet_area, (*known, *sorted(jets.items())), lift_to)


@remembered(16)
def _build(asked: _Asked) -> AeroTables:
    rocket, options, mach_max = asked.rocket, asked.options, asked.mach_max
    mach, limit = _grid(mach_max), asked.lift_to
    flows = body_flow(rocket, mach)
    body, body_x, fins, fins_x = planform_area(rocket)
    if options.method == "barrowman":
        parts = barrowman_lifts(rocket, mach, options.fin_section_slope)
        cross, area, moment = np.full_like(mach, _GALEJS), body + fins, body_x + fins_x
    else:
        parts = full_lifts(rocket, flows, np.minimum(mach, limit), options.fin_section_slope)
        k_body, k_fin = body_crossflow(mach, rocket.length / rocket.diameter), fin_crossflow(mach)
        area, moment = k_body[0] * body + k_fin[0] * fins, k_body[0] * body_x + k_fin[0] * fins_x
        cross = (k_body * body + k_fin * fins) / area
    a0, a1, a2 = (_sum([getattr(p, k) for p in parts], mach) for k in ("slope", "first", "second"))
    bodies = [p for p in parts if not p.roll_damp.any() and p.kind not in ("ring", "downwash")]
    tables = AeroTables(
        mach=mach, reference_area=rocket.reference_area, reference_length=rocket.diameter, a0=a0, a1=a1, a2=a2,
        roll_force=_sum([p.roll_force for p in parts], mach), roll_damp=_sum([p.roll_damp for p in parts], mach),
        cross_factor=cross, cross_area=area, cross_moment=moment,
        body_slope=sum(float(p.slope[0]) for p in bodies), body_moment=sum(float(p.slope[0] * p.cp[0]) for p in bodies),
        axial=np.full((mach.size, RE_CELLS + 1, 2), np.nan), angle=_angle_factors(), odd=_odd(parts, mach.size), lifts=tuple(parts), brakes=options.brakes,
        valid_mach=0.9 if options.method == "barrowman" else VALID_MACH, notes=tuple(geometry_notes(rocket)),
        lift_to=limit if limit < mach[-1] and options.method == "full" else np.inf,
    )  # fmt: skip
    tables = _with_user_tables(_with_drag(tables, asked, flows), options)
    return replace(tables, notes=(*tables.notes, *_plane_notes(tables)))


def _with_drag(t: AeroTables, asked: _Asked, flows: list[BodyFlow]) -> AeroTables:
    if asked.jet_area is None:
        return t
    rocket = asked.rocket
    o = asked.options
    drags = drag_parts(
        rocket, t.mach, _unit_re_grid(), flows, asked.jet_area, o.wall, asked.jets, beside_jet=o.base_beside_jet
    )
    shape = np.zeros((t.mach.size, RE_CELLS + 1))
    off, on = _sum([p.off for p in drags], shape), _sum([p.on for p in drags], shape)
    sigma = _sigma(rocket, t.mach, list(t.lifts), drags)
    return replace(t, axial=np.stack([off, on], axis=-1), drags=tuple(drags), sigma=sigma)


def _plane_notes(t: AeroTables) -> Iterator[str]:
    """Says so where one plane steers less than another by more than a fiftieth of a calibre."""
    if t.odd is None:
        return
    least, mean = t.centre_of_pressure(0.3), replace(t, odd=None).centre_of_pressure(0.3)
    if not least > mean - 0.02 * t.reference_length:
        where = (
            f"lies {least * 1e3:.0f} mm from the nose tip"
            if np.isfinite(least)
            else "is nowhere: nothing steers it there"
        )
        yield (
            f"The fins do not steer alike in all planes: in the one where they steer least the centre of pressure {where} (mean of all "
            f"planes {mean * 1e3:.0f} mm). Margins are those of that plane."
        )


def _with_user_tables(t: AeroTables, options: AeroOptions) -> AeroTables:
    axial = t.axial
    if options.drag_given:
        first = options.drag_off or options.drag_on
        assert first is not None
        off, on = first(t.mach), (options.drag_on or first)(t.mach)
        axial = np.repeat(np.stack([off, on], axis=-1)[:, None, :], t.axial.shape[1], axis=1)
    axial = axial * options.factor(t.mach)[:, None, None]
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
