"""Axial force at zero incidence from geometry: friction, pressure, base, protuberances; power off and on.

Sources, by term:

* friction: turbulent from the nose, Cf = 1/(1.5 ln Re - 5.6)²; roughness limit 0.032 (k/L)^0.2; compressibility
  factors: Barrowman (1967), after Hoerner. Each part has its own Reynolds number.
* form factors: bodies 1 + 1.5/f^1.5 + 7/f³, fins 1 + 2 t/c: Hoerner, Fluid-Dynamic Drag (1965), ch. 6.
* base: 0.12 + 0.13 M² below Mach 1, 0.25/M above, on the base area: Fleeman, Tactical Missile Design (2006), p. 23.
  Power on: the jet's share of the base is taken away.
* boat-tails: the base's pressure on the area that narrows, times (3 - f)/2 for lengths 1 < f < 3 of the diameter lost:
  Niskanen, Development of an Open Source model rocket simulation software (2009).
* noses: 0.8 sin² of the angle at the joint (Hoerner 3-12); above Mach 0.9 the wave drag (0.083 + 0.096/M²)(σ/10)^1.69
  of the cone of equal length (Bonney, Engineering Supersonic Aerodynamics, 1950), joined from Mach 0.9 to 1.2.
* fin edges: leading (1 - M²)^-0.417 - 1 and on, Barrowman (1967), times cos² of the sweep; blunt
  trailing edges 0.135/Cf^⅓ (Hoerner, ch. 3, two-dimensional); supersonic thickness drag K (t/c)²/β.
* lugs and buttons: Hoerner, ch. 3 and 5, in the boundary layer's mean dynamic pressure, (7/9)(h/δ)^(2/7).

Good below Mach 0.9; above, a first estimate that says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from downrange.aero.normal import outline
from downrange.rocket import FinSet, LaunchLug, NoseCone, Placed, RailButtons, Rocket, Transition, planform, roughness

__all__ = ["DragPart", "base_pressure_drag", "drag_parts", "skin_friction"]

_BUTTON_CD = 0.7  # finite cylinder of height one diameter on a wall, Hoerner, ch. 3
_LUG_CD = 1.0  # annular face of a thin open tube with its base, Hoerner, ch. 3


@dataclass(frozen=True, eq=False)
class DragPart:
    """Axial-force coefficient of one part and kind on the reference area: `off`, `on` (power) of shape (mach, re)."""

    name: str
    path: str
    kind: str
    off: np.ndarray
    on: np.ndarray


def skin_friction(re: np.ndarray, mach: np.ndarray, length: float, rough: float) -> np.ndarray:
    """Mean turbulent skin-friction coefficient of a part of `length` m with roughness `rough` m; shape as broadcast."""
    r = np.maximum(np.asarray(re, float), 1e4)
    smooth = 1 / (1.5 * np.log(r) - 5.6) ** 2
    limit = 0.032 * (rough / length) ** 0.2 if rough > 0 else 0.0
    m = np.asarray(mach, float)
    low = 1 - 0.1 * np.minimum(m, 0.9) ** 2
    high_s = 1 / (1 + 0.15 * np.maximum(m, 1.1) ** 2) ** 0.58
    high_r = 1 / (1 + 0.18 * np.maximum(m, 1.1) ** 2)
    w = np.clip((m - 0.9) / 0.2, 0, 1)
    return np.maximum(smooth * (low + w * (high_s - low)), limit * (low + w * (high_r - low)))


def base_pressure_drag(mach: np.ndarray) -> np.ndarray:
    """Base drag on the base area."""
    m = np.asarray(mach, float)
    return np.where(m < 1, 0.12 + 0.13 * m**2, 0.25 / np.maximum(m, 1.0))


def stagnation(mach: np.ndarray) -> np.ndarray:
    """Pressure drag of a blunt face on its area; Hoerner 15-2 and 16-3."""
    m = np.asarray(mach, float)
    low = 0.85 * (1 + m**2 / 4 + m**4 / 40)
    n = np.maximum(m, 1.0)
    high = 0.85 * (1.84 - 0.76 / n**2 + 0.166 / n**4 + 0.035 / n**6)
    return np.where(m < 1, low, high)


def _leading_edge(mach: np.ndarray) -> np.ndarray:
    m = np.asarray(mach, float)
    low = (1 - np.minimum(m, 0.9) ** 2) ** -0.417 - 1
    mid = 1 - 1.785 * (m - 0.9)
    n = np.maximum(m, 1.0)
    return np.where(m <= 0.9, low, np.where(m <= 1, mid, 1.214 - 0.502 / n**2 + 0.1095 / n**4))


def _wetted(q: Placed) -> float:
    x, r = outline(q)
    return float(np.sum(np.pi * (r[1:] + r[:-1]) * np.hypot(np.diff(x), np.diff(r))))


def _wave_join(mach: np.ndarray) -> np.ndarray:
    w = np.clip((mach - 0.9) / 0.3, 0, 1)
    return np.asarray(w * w * (3 - 2 * w))


class _Builder:
    """Collects the terms for one rocket on a grid of Mach (n, 1) and unit Reynolds number (1, k), 1/m."""

    def __init__(self, rocket: Rocket, mach: np.ndarray, unit_re: np.ndarray, jet_area: float):
        self.rocket, self.area = rocket, rocket.reference_area
        self.m, self.re = np.asarray(mach, float)[:, None], np.asarray(unit_re, float)[None, :]
        self.shape = (self.m.size, self.re.size)
        self.jet_area = jet_area
        self.bodies = [q for q in rocket.placed if q.depth == 0]
        self.parts: list[DragPart] = []

    def add(self, q: Placed | None, name: str, kind: str, off: np.ndarray, on: np.ndarray | None = None) -> None:
        off = np.broadcast_to(off, self.shape)
        on = off if on is None else np.broadcast_to(on, self.shape)
        self.parts.append(DragPart(name, q.path if q else "base", kind, off, on))

    def finish(self, q: Placed | None) -> float:
        own = getattr(q.part, "finish", None) if q else None
        return roughness(own or self.rocket.finish)

    def body_friction(self) -> None:
        length, d = self.rocket.length, self.rocket.diameter
        f = length / d
        form = 1 + 1.5 / f**1.5 + 7 / f**3
        for q in self.bodies:
            cf = skin_friction(self.re * length, self.m, length, self.finish(q))
            self.add(q, _name(q), "friction", cf * form * _wetted(q) / self.area)

    def base(self) -> np.ndarray:
        """Adds base drag; returns it per unit base area (n, 1)."""
        area = np.pi * self.rocket.base_radius**2
        per_area = base_pressure_drag(self.m)
        if area > 1e-9:
            on = per_area * max(area - self.jet_area, 0.0) / self.area
            self.add(None, "base", "base", per_area * area / self.area, on)
        return per_area

    def noses(self) -> None:
        for q in self.bodies:
            if not isinstance(q.part, NoseCone | Transition) or q.at.aft_outer <= q.at.outer:
                continue
            x, r = outline(q)
            face = np.pi * (r[-1] ** 2 - r[0] ** 2) / self.area
            joint = np.arctan2(r[-1] - r[-5], x[-1] - x[-5])
            sigma = np.degrees(np.arctan2(r[-1] - r[0], x[-1] - x[0]))
            wave = (0.083 + 0.096 / np.maximum(self.m, 1.2) ** 2) * (sigma / 10) ** 1.69
            self.add(q, _name(q), "pressure", face * (0.8 * np.sin(joint) ** 2 + _wave_join(self.m) * wave))

    def boat_tails(self, per_area: np.ndarray) -> None:
        for q in self.bodies:
            if not isinstance(q.part, Transition) or q.at.aft_outer >= q.at.outer:
                continue
            lost = 2 * (q.at.outer - q.at.aft_outer)
            share = np.clip((3 - (q.aft - q.front) / lost) / 2, 0, 1)
            face = np.pi * (q.at.outer**2 - q.at.aft_outer**2) / self.area
            self.add(q, _name(q), "pressure", per_area * face * share)

    def fins(self) -> None:
        for q in self.rocket.find(FinSet):
            fin = q.part
            assert isinstance(fin, FinSet)
            plan, n = planform(fin), fin.count
            chord = plan.mean_aerodynamic_chord
            cf = skin_friction(self.re * chord, self.m, chord, self.finish(q))
            self.add(q, _name(q), "friction", cf * (1 + 2 * fin.thickness / chord) * 2 * n * plan.area / self.area)
            edge = n * plan.span * fin.thickness / self.area
            cos2 = np.cos(plan.leading_edge_sweep) ** 2
            if fin.section == "square":
                lead = stagnation(self.m) * cos2
            elif fin.section in ("rounded", "airfoil"):
                lead = _leading_edge(self.m) * cos2
            else:
                lead = np.zeros_like(self.m)
            blunt = {"square": 1.0, "wedge": 1.0, "rounded": 0.5}.get(fin.section, 0.0)
            behind = (
                0.135 / np.cbrt(np.maximum(2 * cf * chord / fin.thickness, 0.05)) * base_pressure_drag(self.m) / 0.12
            )
            k = {"double wedge": 4.0, "hexagonal": 6.0, "wedge": 1.0}.get(
                fin.section, 16 / 3 if fin.section == "airfoil" else 2.0
            )
            beta = np.sqrt(np.maximum(self.m**2 - 1, 0.44))
            wave = k * (fin.thickness / chord) ** 2 / beta * n * plan.area / self.area
            self.add(q, _name(q), "pressure", edge * (lead + blunt * behind) + _wave_join(self.m) * wave)

    def protuberances(self) -> None:
        for q in self.rocket.find(RailButtons, LaunchLug):
            part = q.part
            x = max(q.front, 0.05)
            delta = 0.37 * x / np.maximum(self.re * x, 1e4) ** 0.2
            if isinstance(part, RailButtons):
                high, face, cd = part.height, part.height * part.diameter, _BUTTON_CD
            else:
                assert isinstance(part, LaunchLug)
                high, cd = part.diameter, _LUG_CD
                face = np.pi / 4 * (part.diameter**2 - max(part.diameter - 2 * part.wall, 0) ** 2)
            y = np.minimum(high / delta, 1.0)
            mean_q = np.where(high < delta, 7 / 9 * y ** (2 / 7), 1 - 2 / 9 * delta / high)
            self.add(
                q, _name(q), "protuberance", part.count * cd * face / self.area * mean_q * stagnation(self.m) / 0.85
            )


def _name(q: Placed) -> str:
    return q.part.name or type(q.part).__name__


def drag_parts(rocket: Rocket, mach: np.ndarray, unit_re: np.ndarray, jet_area: float = 0.0) -> list[DragPart]:
    """Every part's axial force at zero incidence on a grid of Mach (n,) and unit Reynolds number (k,), 1/m.

    `jet_area` (m2) is the part of the base that the jet fills while the motor burns.
    """
    b = _Builder(rocket, mach, unit_re, jet_area)
    b.body_friction()
    per_area = b.base()
    b.noses()
    b.boat_tails(per_area)
    b.fins()
    b.protuberances()
    given = [q for q in rocket.placed if q.part.drag_coefficient is not None]
    kept = [part for part in b.parts if not any(_covers(q, part.path) for q in given)]
    for q in given:
        cd = np.full(b.shape, q.part.drag_coefficient)
        kept.append(DragPart(_name(q), q.path, "given", cd, cd))
    return kept


def _covers(q: Placed, path: str) -> bool:
    """Whether the drag given for a part replaces that at `path`: its own, and with override_children its parts' too."""
    return path == q.path or (q.part.override_children and path.startswith(q.path + "."))
