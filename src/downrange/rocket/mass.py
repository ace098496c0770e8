"""Mass, centre of gravity and inertia of parts and assemblies.

Solids of revolution are summed over slices, fins over strips; nothing is taken for a slender rod. Inertia tensors are
about the centre of gravity in body axes (x out of the nose).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import singledispatch

import numpy as np

from downrange.remember import remembered
from downrange.rocket import devices
from downrange.rocket import parts as p
from downrange.rocket.materials import Material, find_material
from downrange.rocket.planform import fillet_section, planform
from downrange.rocket.shapes import transition_profile

__all__ = ["Frame", "MassProperties", "combine", "cylinder", "mass_of", "part_mass"]

_SLICES = 512
_SECTION_FILL = {"wedge": 0.5, "double wedge": 0.5, "hexagonal": 2 / 3}
_NACA_FILL = 0.685  # area of a NACA four-digit section over chord times thickness (Abbott & von Doenhoff, eq. 6.2)


@dataclass(frozen=True, eq=False)
class MassProperties:
    """Mass (kg), centre of gravity (3,) [aft of the nose tip, y, z] m, inertia (3, 3) about it, body axes, kg m2."""

    mass: float = 0.0
    cg: np.ndarray = field(default_factory=lambda: np.zeros(3))
    inertia: np.ndarray = field(default_factory=lambda: np.zeros((3, 3)))

    @property
    def roll_inertia(self) -> float:
        """About the rocket's axis, kg m2."""
        return float(self.inertia[0, 0])

    @property
    def pitch_inertia(self) -> float:
        """About the transverse axes (mean of both), kg m2."""
        return float(0.5 * (self.inertia[1, 1] + self.inertia[2, 2]))

    def moved(self, cg: np.ndarray) -> MassProperties:
        """The same body with its centre of gravity at `cg`.

        cg: (3,), m aft of the nose tip and along body y and z.
        """
        return MassProperties(self.mass, np.asarray(cg, float), self.inertia)

    def scaled(self, mass: float) -> MassProperties:
        """The same body with another mass; its inertia scales along."""
        k = mass / self.mass if self.mass > 0 else 0.0
        return MassProperties(mass, self.cg, self.inertia * k)

    def shifted(self, by: np.ndarray) -> MassProperties:
        """The same body moved by `by` (3,) [aft, y, z], m."""
        return MassProperties(self.mass, self.cg + by, self.inertia)

    def turned(self, angle: float) -> MassProperties:
        """The same body turned about the axis (y = z = 0) by `angle`, rad, from y towards z."""
        c, s = np.cos(angle), np.sin(angle)
        r = np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])
        return MassProperties(self.mass, r @ self.cg, r @ self.inertia @ r.T)

    def inertia_about(self, point: np.ndarray) -> np.ndarray:
        """Inertia tensor (3, 3) about `point` [aft, y, z] (parallel-axis theorem)."""
        d = (self.cg - point) * np.array([-1.0, 1.0, 1.0])
        return self.inertia + self.mass * (d @ d * np.eye(3) - np.outer(d, d))


def combine(bodies: Iterable[MassProperties]) -> MassProperties:
    """The sum of several bodies."""
    items = [b for b in bodies if b.mass > 0]
    mass = sum(b.mass for b in items)
    if mass == 0:
        return MassProperties()
    cg = sum((b.mass * b.cg for b in items), np.zeros(3)) / mass
    return MassProperties(mass, cg, sum((b.inertia_about(cg) for b in items), np.zeros((3, 3))))


def _revolution(x: np.ndarray, outer: np.ndarray, inner: np.ndarray, density: float) -> MassProperties:
    """Slices with edges x (n + 1,) and mid radii outer, inner (n,)."""
    dx = np.diff(x)
    xm = 0.5 * (x[1:] + x[:-1])
    m = density * np.pi * np.maximum(outer**2 - inner**2, 0) * dx
    total = float(m.sum())
    if total <= 0:
        return MassProperties()
    cg = float((m * xm).sum() / total)
    r2 = outer**2 + inner**2
    ixx = float((0.5 * m * r2).sum())
    iyy = float((m * (0.25 * r2 + dx**2 / 12 + (xm - cg) ** 2)).sum())
    return MassProperties(total, np.array([cg, 0.0, 0.0]), np.diag([ixx, iyy, iyy]))


def cylinder(
    mass: float, front: float, length: float, *, outer: float, inner: float = 0.0, y: float = 0.0, z: float = 0.0
) -> MassProperties:
    """A hollow cylinder of given mass: front position, length and radii in metres.

    outer, inner: radii, m. y, z: of its axis in the body frame, m.
    """
    r2 = outer**2 + inner**2
    iyy = mass * (0.25 * r2 + length**2 / 12)
    return MassProperties(mass, np.array([front + length / 2, y, z]), np.diag([0.5 * mass * r2, iyy, iyy]))


def _tube(
    front: float, length: float, outer: float, inner: float, density: float, y: float = 0.0, z: float = 0.0
) -> MassProperties:
    mass = density * np.pi * (outer**2 - inner**2) * length
    return cylinder(mass, front, length, outer=outer, inner=inner, y=y, z=z)


def _shell(
    shape: str, parameter: float | None, front: float, length: float, fore: float, aft: float, wall: float | None,
    density: float, clipped: bool = False,
) -> MassProperties:  # fmt: skip
    """A nose (fore = 0) or transition of outer radii fore and aft; `wall` is normal to the surface."""
    s = np.linspace(0, 1, _SLICES + 1)

    def radius(u: np.ndarray) -> np.ndarray:
        return transition_profile(shape, u, length=length, fore=fore, aft=aft, parameter=parameter, clipped=clipped)

    mid = 0.5 * (s[1:] + s[:-1])
    # Mean of r² over a slice, so that a slice has its volume and not that of its middle.
    outer = np.sqrt((radius(s[:-1]) ** 2 + 4 * radius(mid) ** 2 + radius(s[1:]) ** 2) / 6)
    if wall is None:
        inner = np.zeros_like(outer)
    else:
        slope = np.diff(radius(s)) / (np.diff(s) * length)
        inner = np.maximum(outer - wall * np.sqrt(1 + slope**2), 0)
    return _revolution(front + s * length, outer, inner, density)


@dataclass(frozen=True)
class Frame:
    """Where a part sits: front (m aft of the nose tip) and the radii that its neighbours give it, metres.

    `holes`: those of a ring (y, z, radius; m) that has not just one in its middle; `inner` is then the radius of the widest.
    """

    front: float
    outer: float = 0.0
    inner: float = 0.0
    aft_outer: float = 0.0
    holes: tuple[tuple[float, float, float], ...] = ()


def _volume(name: str | Material) -> float:
    return find_material(name, "volume").density


@singledispatch
def part_mass(part: p.Part, at: Frame) -> MassProperties:
    """Mass properties of one part without the parts in it, from its geometry and material.

    at: where the part is.
    """
    raise TypeError(f"{type(part).__name__} has no mass: register it with part_mass")


@remembered(512)
def mass_of(part: p.Part, at: Frame) -> MassProperties:
    """`part_mass`, remembered: of the parts of a rocket that is changed the others stay.

    at: where the part is.
    """
    return part_mass(part, at)


@part_mass.register
def _(part: p.NoseCone, at: Frame) -> MassProperties:
    rho = _volume(part.material)
    bodies = [_shell(part.shape, part.shape_parameter, at.front, part.length, 0.0, part.diameter / 2, part.wall, rho)]
    if part.shoulder_length and part.shoulder_diameter:
        ro = part.shoulder_diameter / 2
        wall = part.shoulder_wall if part.shoulder_wall is not None else part.wall
        bodies += _shoulder(at.front + part.length, part.shoulder_length, ro, wall, rho, part.shoulder_capped)
    return combine(bodies)


@part_mass.register
def _(part: p.BodyTube, at: Frame) -> MassProperties:
    return _tube(at.front, part.length, at.outer, max(at.outer - part.wall, 0), _volume(part.material))


@part_mass.register
def _(part: p.Transition, at: Frame) -> MassProperties:
    rho, aft = _volume(part.material), part.aft_diameter / 2
    shape = (part.shape, part.shape_parameter)
    bodies = [_shell(*shape, at.front, part.length, at.outer, aft, part.wall, rho, part.clipped)]
    wall = part.shoulder_wall if part.shoulder_wall is not None else part.wall
    if length := part.fore_shoulder_length:
        radius = at.outer if part.fore_shoulder_diameter is None else part.fore_shoulder_diameter / 2
        bodies += _shoulder(at.front, -length, radius, wall, rho, part.fore_shoulder_capped)
    if length := part.aft_shoulder_length:
        radius = aft if part.aft_shoulder_diameter is None else part.aft_shoulder_diameter / 2
        own = wall if part.aft_shoulder_wall is None else part.aft_shoulder_wall
        bodies += _shoulder(at.front + part.length, length, radius, own, rho, part.aft_shoulder_capped)
    return combine(bodies)


def _shoulder(
    root: float, length: float, radius: float, wall: float | None, density: float, capped: bool
) -> list[MassProperties]:
    """A shoulder from its `root` (m aft of the nose tip) over `length` (negative: forward), with the disc at its end if `capped`."""
    front = min(root, root + length)
    inner = 0.0 if wall is None else max(radius - wall, 0.0)
    bodies = [_tube(front, abs(length), radius, inner, density)]
    if capped and wall and inner > 0:
        end = root + length - wall if length > 0 else root + length
        bodies.append(_tube(end, wall, inner, 0.0, density))
    return bodies


@part_mass.register
def _(part: p.InnerTube, at: Frame) -> MassProperties:
    outer, rho = part.diameter / 2, _volume(part.material)
    if part.middles == ((0.0, 0.0),):
        return _tube(at.front, part.length, outer, outer - part.wall, rho)
    return combine(_tube(at.front, part.length, outer, outer - part.wall, rho, y, z) for y, z in part.middles)


@part_mass.register
def _(part: p.TubeCoupler, at: Frame) -> MassProperties:
    return _tube(at.front, part.length, at.outer, max(at.outer - part.wall, 0), _volume(part.material))


@part_mass.register
def _(part: p.CentringRing, at: Frame) -> MassProperties:
    rho = _volume(part.material)
    one = _drilled(at, part.length, rho) if at.holes else _tube(at.front, part.length, at.outer, at.inner, rho)
    return combine(one.shifted(np.array([i * part.spacing, 0.0, 0.0])) for i in range(part.count))


def _drilled(at: Frame, length: float, density: float) -> MassProperties:
    """A disc less its holes: what was cut out counts as negative mass."""
    pieces = [_tube(at.front, length, at.outer, 0.0, density)]
    pieces += [_tube(at.front, length, r, 0.0, -density, y, z) for y, z, r in at.holes]
    mass = sum(b.mass for b in pieces)
    if mass <= 0:
        return MassProperties()
    cg = sum((b.mass * b.cg for b in pieces), np.zeros(3)) / mass
    return MassProperties(mass, cg, sum((b.inertia_about(cg) for b in pieces), np.zeros((3, 3))))


@part_mass.register
def _(part: p.Bulkhead, at: Frame) -> MassProperties:
    return _tube(at.front, part.length, at.outer, 0.0, _volume(part.material))


@part_mass.register
def _(part: p.LaunchLug, at: Frame) -> MassProperties:
    r = at.outer + part.diameter / 2
    y, z, rho = r * np.cos(part.angle), r * np.sin(part.angle), _volume(part.material)
    return combine(
        _tube(at.front + i * part.spacing, part.length, part.diameter / 2, part.diameter / 2 - part.wall, rho, y, z)
        for i in range(part.count)
    )


@part_mass.register
def _(part: p.RailButtons, at: Frame) -> MassProperties:
    r = at.outer + part.height / 2
    y, z = r * np.cos(part.angle), r * np.sin(part.angle)
    mass = _volume(part.material) * np.pi / 4 * part.diameter**2 * part.height
    return combine(
        MassProperties(mass, np.array([at.front + i * part.spacing, y, z]), np.zeros((3, 3))) for i in range(part.count)
    )


@part_mass.register
def _(part: p.Protuberance, at: Frame) -> MassProperties:
    return MassProperties()  # its mass is weighed: `mass` of the part


@part_mass.register
def _(part: p.TubeFins, at: Frame) -> MassProperties:
    r, outer, rho = at.outer + part.diameter / 2, part.diameter / 2, _volume(part.material)
    angles = part.angle + 2 * np.pi * np.arange(part.count) / part.count
    return combine(
        _tube(at.front, part.length, outer, outer - part.wall, rho, float(r * np.cos(a)), float(r * np.sin(a)))
        for a in angles
    )


@part_mass.register
def _(part: p.RingFin, at: Frame) -> MassProperties:
    outer, rho = part.diameter / 2, _volume(part.material)
    gap = max(outer - part.wall - at.outer, 0.0)
    struts = rho * part.strut_count * gap * part.strut_thickness * part.length
    ring = _tube(at.front, part.length, outer, outer - part.wall, rho)
    return combine([ring, cylinder(struts, at.front, part.length, outer=outer, inner=at.outer)])


@part_mass.register
def _(part: p.FinSet, at: Frame) -> MassProperties:
    rho, plan = _volume(part.material), planform(part)
    t, c = part.thickness, plan.chord
    if part.section == "rounded":
        # Two half-rounds of radius t/2 instead of square ends.
        solid = np.maximum(c - (2 - np.pi / 2) * t / 2, 0) * t
    elif part.section == "airfoil":
        solid = _NACA_FILL * c * t
    else:
        solid = _SECTION_FILL.get(part.section, 1.0) * c * t
    dm = rho * solid * plan.dy
    pieces: list[tuple[np.ndarray, ...]] = [(dm, plan.le, c, plan.y, np.full_like(dm, plan.dy))]
    if part.tab_length and part.tab_height:
        tab = rho * part.tab_length * part.tab_height * t
        pieces.append(
            tuple(np.array([v]) for v in (tab, part.tab_offset, part.tab_length, -part.tab_height / 2, part.tab_height))
        )
    if part.fillet_radius:
        across, out = fillet_section(part.fillet_radius, at.outer)
        fillet = 2 * across * plan.root_chord * _volume(part.fillet_material)
        pieces.append(tuple(np.array([v]) for v in (fillet, 0.0, plan.root_chord, out, 0.0)))
    m, x0, chord, y, dy = (np.concatenate([piece[i] for piece in pieces]) for i in range(5))
    total = float(m.sum())
    flat = np.stack([-at.front - x0 - chord / 2, at.outer + y])  # in the fin's plane: body x, and outwards
    middle = flat @ m / total
    from_middle = flat - middle[:, None]
    within = (from_middle * m) @ from_middle.T + np.diag([float(m @ chord**2), float(m @ dy**2)]) / 12
    bodies = []
    for k in part.present:
        angle = part.angle + 2 * np.pi * k / part.count
        axes = np.array([[1.0, 0.0, 0.0], [0.0, np.cos(angle), np.sin(angle)]])
        normal = np.array([0.0, -np.sin(angle), np.cos(angle)])
        second = axes.T @ within @ axes + total * t * t / 12 * np.outer(normal, normal)
        bodies.append(MassProperties(total, middle @ axes * [-1, 1, 1], np.trace(second) * np.eye(3) - second))
    return combine(bodies)


@part_mass.register
def _(part: p.MassObject, at: Frame) -> MassProperties:
    y, z = part.radial_offset * np.cos(part.angle), part.radial_offset * np.sin(part.angle)
    return cylinder(part.mass or 0.0, at.front, part.length, outer=part.diameter / 2, y=float(y), z=float(z))


def _packed(part: p.ShockCord | devices.Recovery, computed: float, at: Frame) -> MassProperties:
    mass = computed if part.mass is None else part.mass
    return cylinder(mass, at.front, part.packed_length, outer=part.packed_diameter / 2)


@part_mass.register
def _(part: p.ShockCord, at: Frame) -> MassProperties:
    return _packed(part, part.length * find_material(part.material, "line").density, at)


@part_mass.register
def _(part: devices.Parachute, at: Frame) -> MassProperties:
    d = part.diameter or 0.0
    mass = np.pi / 4 * (d**2 - part.spill_hole**2) * find_material(part.material, "surface").density
    mass += part.line_count * part.line_length * find_material(part.line_material, "line").density
    return _packed(part, mass, at)


@part_mass.register
def _(part: devices.Tumble | devices.Glider, at: Frame) -> MassProperties:
    return _packed(part, 0.0, at)  # what falls or glides is the rocket itself


@part_mass.register
def _(part: devices.Streamer, at: Frame) -> MassProperties:
    return _packed(part, part.length * part.width * find_material(part.material, "surface").density, at)
