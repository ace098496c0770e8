"""Axial force at zero incidence from geometry: friction, pressure, base, protuberances; power off and on.

Sources, by term:

* friction: `downrange.aero.friction`, each body part at the body's Reynolds number, each fin at its own; form
  factors below Mach 1: bodies 1 + 1.5/f^1.5 + 7/f³, fins 1 + 2 t/c + 60 (t/c)⁴ (Hoerner, Fluid-Dynamic Drag, 1965, ch. 6);
* where fins meet the body: the friction of the fins carried on to the axis, 2 Cf (1 + 2 t/c) on half the diameter times the root's chord
  (Mandell, Topics in Advanced Model Rocketry, 1973; Box, Bishop and Hunt, J. Spacecraft Rockets 48, 2011);
* noses, shoulders, boat-tails, steps: `downrange.aero.bodies`; bases: `downrange.aero.base`;
* fins' leading edges: a square one is a blunt face (Hoerner 15-2, 16-3) swept by cos²; a round one has no pressure drag below
  Mach 0.8 (its suction makes good the stagnation), above Mach 1 that of a swept cylinder (Barrowman 1967);
* fins' thickness: K (t/c)²/β by section (Ackeret; double wedge 4, biconvex 16/3, hexagonal 6, wedge 1); behind the Mach line of the
  leading edge K (t/c)² cot Λ (DATCOM 4.1.5.1); near Mach 1 held by transonic similarity, β no less than (2.4 t/c)^⅓;
* fins and a boat-tail or shoulder beside them, near Mach 1: the area rule (`downrange.aero.arearule`), with the fins' pressure drag;
* lugs, buttons and other protuberances: Hoerner, ch. 3, 5 and 8, in the boundary layer's mean dynamic pressure, (7/9)(h/δ)^(2/7);
* tube and ring fins: friction inside and out and the ring's blunt face.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch

import numpy as np

from downrange.aero.arearule import interference
from downrange.aero.base import base_pressure_drag, edge_base_drag, flared_base_drag
from downrange.aero.blunt import stagnation_pressure
from downrange.aero.bodies import BodyFlow, separated_share
from downrange.aero.fins import thickness_gain
from downrange.aero.friction import Wall, body_form_factor, body_friction, finish, skin_friction
from downrange.aero.geometry import wetted_area
from downrange.aero.lift import BODIES, INSIDE, summed
from downrange.aero.limits import Model, drag_model
from downrange.rocket import (
    FinSet,
    LaunchLug,
    Part,
    Placed,
    Protuberance,
    RailButtons,
    RingFin,
    Rocket,
    Transition,
    TubeFins,
    called,
    planform,
)
from downrange.tables import smoothstep

__all__ = ["DragBuilder", "DragPart", "drag_parts", "no_drag", "part_drag"]

_BUTTON_CD = 0.7  # finite cylinder of height one diameter on a wall, Hoerner, ch. 3
_LUG_CD = 1.0  # annular face of a thin open tube with its base, Hoerner, ch. 3
_WAVE = {"double wedge": 4.0, "hexagonal": 6.0, "wedge": 1.0, "airfoil": 16 / 3}
_BLUNT_TAIL = {"square": 1.0, "wedge": 1.0, "rounded": 0.5}  # share of the thickness that is a base, below Mach 0.9


@dataclass(frozen=True, eq=False)
class DragPart:
    """Axial-force coefficient of one part and kind on the reference area: `off`, `on` (power) of shape (mach, re)."""

    name: str
    path: str
    kind: str
    off: np.ndarray
    on: np.ndarray

    @property
    def model(self) -> Model:
        """The method behind it, where it holds, and its uncertainty."""
        return drag_model(self.kind)


def blunt_face(mach: np.ndarray) -> np.ndarray:
    """Pressure drag of a blunt face on its area; Hoerner 15-2 and 16-3."""
    return 0.85 * stagnation_pressure(mach)


def _round_edge(mach: np.ndarray) -> np.ndarray:
    m = np.maximum(mach, 1.0)
    return smoothstep(mach, 0.8, 1.05) * (1.214 - 0.502 / m**2 + 0.1095 / m**4)


class DragBuilder:
    """Collects the terms for one rocket on a grid of Mach (n, 1) and unit Reynolds number (1, k), 1/m."""

    def __init__(
        self, rocket: Rocket, mach: np.ndarray, unit_re: np.ndarray, jet_area: float, wall: Wall,
        jets: Mapping[str, float] | None = None, beside_jet: float = 1.0,
    ):  # fmt: skip
        self.jets, self.beside_jet = jets or {}, beside_jet
        self.rocket, self.area = rocket, rocket.reference_area
        self.m, self.re = np.asarray(mach, float)[:, None], np.asarray(unit_re, float)[None, :]
        self.shape = (self.m.size, self.re.size)
        self.jet_area, self.wall = jet_area, wall
        self.bodies = [q for q in rocket.placed if q.depth == 0]
        self.subsonic = 1 - smoothstep(self.m, 0.9, 1.2)  # where form factors hold
        self.parts: list[DragPart] = []
        self.waves: list[tuple[Placed, np.ndarray]] = []  # of the transitions, over Mach (n,)
        self.edge = np.zeros_like(self.m)  # mean Cp on a flare that ends at the base

    def add(self, q: Placed | None, name: str, kind: str, off: np.ndarray, on: np.ndarray | None = None) -> None:
        """Add a term: coefficients on the reference area that fit the grid, the same with power on where that is not said.

        name, kind: of the part, and of its drag (`friction`, `pressure`, `base`, ...). off: coefficient with the
        motor off, on the grid of Mach numbers and Reynolds columns or what broadcasts to it.
        """
        off = np.broadcast_to(off, self.shape)
        on = off if on is None else np.broadcast_to(on, self.shape)
        self.parts.append(DragPart(name, q.path if q else "base", kind, off, on))

    def body_friction(self) -> None:
        """Add the friction of the outline, with its form factor, to each part by its wetted area."""
        length = self.rocket.length
        form = 1 + self.subsonic * (body_form_factor(self.rocket) - 1)
        roughs = {rough: self._friction(length, rough) for rough in {finish(q, self.rocket) for q in self.bodies}}
        for q in self.bodies:
            cf = roughs[finish(q, self.rocket)]
            self.add(q, _name(q), "friction", cf * form * wetted_area(q) / self.area)

    def _friction(self, length: float, rough: float) -> np.ndarray:
        return skin_friction(self.re * length, self.m, length, rough, self.wall)

    def body_pressure(self, flows: list[BodyFlow]) -> None:
        """Add the pressure drag of the outline. flows: the flow over each part of it, nose first."""
        for flow in flows:
            if np.abs(flow.drag).max() > 1e-12:
                self.add(flow.part, _name(flow.part), "pressure", flow.drag[:, None])
        self.waves = [(flow.part, flow.wave) for flow in flows if flow.wave.any()]
        last = flows[-1]
        widens = last.part.at.aft_outer**2 - last.part.at.outer**2
        if isinstance(last.part.part, Transition) and widens > 1e-9:
            self.edge = (last.drag * self.area / (np.pi * widens))[:, None]

    def base(self) -> None:
        """Add the drag of the flat base, with the motor off and, where its jet fills some of it, on."""
        area = np.pi * self.rocket.base_radius**2
        if area <= 1e-9:
            return
        tails = [q for q in self.bodies[-2:] if isinstance(q.part, Transition) and q.at.aft_outer < q.at.outer - 1e-9]
        relief = 1.0
        if tails:
            q, share = tails[-1], separated_share(tails[-1])
            relief = share + (1 - share) * q.at.aft_outer / q.at.outer
        # A placed fin's aft end is its root's.
        finned = any(q.aft > self.rocket.length - self.rocket.diameter for q in self.rocket.find(FinSet))
        per_area = flared_base_drag(self.m, self.edge, body_friction(self.rocket), finned) * relief
        ring = max(area - self.jet_area, 0.0) / self.area
        on = per_area * ring * (self.beside_jet if self.jet_area > 0 else 1.0)
        self.add(None, "base", "base", per_area * area / self.area, on)

    def fin_wave(self, section: str, ratio: float, sweep: float) -> np.ndarray:
        """Thickness drag on the planform's area.

        section: word of the fin's section. ratio: thickness over chord. sweep: of the mid-chord line, rad.
        """
        k = _WAVE.get(section, 0.0)
        beta = np.sqrt(np.maximum(self.m**2 - 1, 0.0))
        smallest = np.cbrt(2.4 * ratio)
        # A smooth maximum of β, the similarity's floor and the sweep's tangent.
        held = (beta**6 + smallest**6 + max(np.tan(sweep), 0.0) ** 6 * (beta < 40)) ** (1 / 6)
        slope = 0.5 * ratio if section == "wedge" else 0.0
        return smoothstep(self.m, 0.85, 1.05) * k * ratio**2 / held * (1 + 0.5 * thickness_gain(self.m) * slope)


def _name(q: Placed) -> str:
    return called(q.part)


@singledispatch
def part_drag(part: Part, q: Placed, b: DragBuilder) -> None:
    """Add to `b` what a part of the rocket, in its place `q`, gives of axial force. What the body's outline gives is added apart."""
    raise TypeError(f"{type(part).__name__} has no drag: register it with part_drag, or with no_drag if it gives none")


def no_drag(part: Part, q: Placed, b: DragBuilder) -> None:
    """It gives none of its own: it lies inside, or the body's outline has it.

    b: what collects the drag of all parts.
    """


for _kind in (*BODIES, *INSIDE):
    part_drag.register(_kind)(no_drag)


@part_drag.register
def _(fin: FinSet, q: Placed, b: DragBuilder) -> None:
    plan, n = planform(fin), len(fin.present)
    chord, surface = plan.mean_aerodynamic_chord, n * plan.area / b.area
    cf = skin_friction(b.re * chord, b.m, chord, finish(q, b.rocket), b.wall)
    ratio = fin.thickness / chord
    form = 1 + b.subsonic * (2 * ratio + 60 * ratio**4)
    b.add(q, _name(q), "friction", cf * form * 2 * surface)
    root = 0.5 * n * plan.root_chord * 2 * q.at.outer / b.area
    b.add(q, _name(q), "interference", cf * (1 + b.subsonic * 2 * ratio) * root)
    sweep = plan.leading_edge_sweep
    face = n * plan.span * fin.thickness / b.area
    if fin.section == "square":
        lead = face * blunt_face(b.m)
    else:
        radius = fin.leading_edge_radius
        if radius is None:
            radius = 0.5 * fin.thickness if fin.section == "rounded" else 0.0
        lead = face * min(2 * radius / fin.thickness, 1.0) * _round_edge(b.m)
    wave = b.fin_wave(fin.section, ratio, sweep) * surface
    near = interference(q, wave[:, 0], b.waves, b.m[:, 0])[:, None]
    b.add(q, _name(q), "pressure", lead * np.cos(sweep) ** 2 + wave + near)
    share = _BLUNT_TAIL.get(fin.section, 0.0)
    if share:
        blunt = share + (1 - share) * smoothstep(b.m, 0.9, 1.3)
        b.add(q, _name(q), "base", face * blunt * edge_base_drag(b.m, cf, chord / fin.thickness))


@part_drag.register
def _(part: TubeFins | RingFin, q: Placed, b: DragBuilder) -> None:
    inner = max(part.diameter - 2 * part.wall, 1e-6)
    cf = skin_friction(b.re * part.length, b.m, part.length, finish(q, b.rocket), b.wall)
    count = part.count if isinstance(part, TubeFins) else 1
    wet = np.pi * (part.diameter + inner) * part.length
    annulus = np.pi / 4 * (part.diameter**2 - inner**2)
    cd = cf * wet / b.area
    if isinstance(part, RingFin) and part.strut_count:
        gap = max(0.5 * inner - q.at.outer, 0.0)
        cd = cd + cf * 2 * part.strut_count * gap * part.length / b.area
        annulus += part.strut_count * gap * part.strut_thickness
    b.add(q, _name(q), "friction", count * cd)
    b.add(q, _name(q), "pressure", count * annulus / b.area * (blunt_face(b.m) + base_pressure_drag(b.m)))


@part_drag.register
def _(part: RailButtons | LaunchLug | Protuberance, q: Placed, b: DragBuilder) -> None:
    x = max(q.front, 0.05)
    delta = 0.37 * x / np.maximum(b.re * x, 1e4) ** 0.2
    if isinstance(part, RailButtons):
        high, face, cd = part.height, part.height * part.diameter, _BUTTON_CD
    elif isinstance(part, Protuberance):
        high, face, cd = part.height, part.height * part.width, part.drag_on_face
    else:
        assert isinstance(part, LaunchLug)
        high, cd = part.diameter, _LUG_CD
        face = np.pi / 4 * (part.diameter**2 - max(part.diameter - 2 * part.wall, 0) ** 2)
    y = np.minimum(high / delta, 1.0)
    mean_q = np.where(high < delta, 7 / 9 * y ** (2 / 7), 1 - 2 / 9 * delta / high)
    b.add(q, _name(q), "protuberance", part.count * cd * face / b.area * mean_q * stagnation_pressure(b.m))


def drag_parts(
    rocket: Rocket,
    mach: np.ndarray,
    unit_re: np.ndarray,
    flows: list[BodyFlow],
    jet_area: float = 0.0,
    wall: Wall = "cold",
    jets: Mapping[str, float] | None = None,
    beside_jet: float = 1.0,
) -> list[DragPart]:
    """Every part's axial force at zero incidence on a grid of Mach (n,) and unit Reynolds number (k,), 1/m.

    `flows`: `body_flow` at the same Mach numbers. `jet_area` (m2): the part of the base that the jet fills while the motor burns;
    `jets` the same of one of the pods or boosters of a name. `beside_jet`: base drag beside a jet over that of the same ring without one.
    """
    b = DragBuilder(rocket, mach, unit_re, jet_area, wall, jets, beside_jet)
    b.body_friction()
    b.body_pressure(flows)
    b.base()
    for q in summed(rocket):
        part_drag(q.part, q, b)
    given = [q for q in rocket.placed if q.part.drag_coefficient is not None]
    kept = [part for part in b.parts if not any(_covers(q, part.path) for q in given)]
    for q in given:
        cd = np.full(b.shape, q.part.drag_coefficient)
        kept.append(DragPart(_name(q), q.path, "given", cd, cd))
    return kept


def _covers(q: Placed, path: str) -> bool:
    """Whether the drag given for a part replaces that at `path`: its own, and with override_children its parts' too."""
    return path == q.path or (q.part.override_children and path.startswith(q.path + "."))
