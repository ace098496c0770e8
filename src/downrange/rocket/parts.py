"""The parts of a rocket: frozen values in SI.

Each field of a part carries, in its metadata, the kind of quantity it is and one line of documentation; the project
files, their JSON Schema and the reference page are made from these, so that a part is described once.

Positions are metres aft of the parent's front (or of the nose tip). `position` says what `offset` is measured from:
`top` front to parent's front, `middle` centre to centre, `bottom` aft end to parent's aft end, `after` front to the
end of the part before, `absolute` front to the nose tip. Positive is always aft.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import radians
from typing import Literal, TypeAlias

from downrange.bounds import Limits, check_fields, spec
from downrange.errors import InputError
from downrange.rocket.cluster import Cluster
from downrange.rocket.materials import Material
from downrange.rocket.outline import check_outline

__all__ = [
    "BodyTube", "Bulkhead", "CentringRing", "EllipticalFins", "FinSet", "FreeformFins", "InnerTube",
    "LaunchLug", "MassObject", "NoseCone", "Part", "Position", "RailButtons", "Section",
    "Protuberance", "RingFin", "ShockCord", "Transition", "TrapezoidalFins", "TubeCoupler", "TubeFins",
]  # fmt: skip

Position: TypeAlias = Literal["after", "top", "middle", "bottom", "absolute"]
Section: TypeAlias = Literal["square", "rounded", "airfoil", "wedge", "double wedge", "hexagonal"]
ShapeName: TypeAlias = Literal["conical", "ogive", "ellipsoid", "power", "parabolic", "haack", "von karman"]
FinishName: TypeAlias = Literal[
    "mirror",
    "polished",
    "bare composite",
    "optimum paint",
    "careful paint",
    "smooth paint",
    "planed wood",
    "normal paint",
    "mass spray paint",
    "cardboard",
    "3-D print 0.1 mm",
    "3-D print 0.2 mm",
    "3-D print 0.3 mm",
    "unfinished",
    "bad paint",
    "rough unfinished",
    "rough",
]


_COEFFICIENT: Limits = {"low": 0, "high": 100, "why": "drag coefficients are about 0.3 to 2"}
_SHAPE = "0 is the slimmest of its family, 1 the fullest"
_COUNT: Limits = {"low": 1, "high": 100, "why": "a set of parts has at least one"}
_CANT: Limits = {"low": -radians(30), "high": radians(30), "why": "fins are canted by a few degrees"}


def _thinner(wall: float | None, diameter: float | None, key: str) -> None:
    """Refuse a wall that is thicker than the radius of what it is the wall of."""
    if wall is not None and diameter is not None and wall > 0.5 * diameter * (1 + 1e-9):
        raise InputError(
            f"a wall of {wall * 1e3:g} mm in a diameter of {diameter * 1e3:g} mm: it is thicker than the radius",
            key=key,
        )


@dataclass(frozen=True, kw_only=True)
class Part:
    """What every part has."""

    name: str = spec("", "what you call it", "")
    position: Position = spec("", "what the offset is measured from", "top")
    offset: float = spec("length", "distance aft of that reference", 0.0)
    mass: float | None = spec("mass", "weighed mass, instead of the computed one", None, low=0)
    cg: float | None = spec("length", "measured centre of gravity, aft of the part's front", None)
    override_children: bool = spec("", "mass, cg and drag_coefficient stand for the part with all parts in it", False)
    drag_coefficient: float | None = spec(
        "number", "replaces the part's computed drag (on the reference area)", None, **_COEFFICIENT
    )
    parts: tuple[Part, ...] = spec("", "the parts that this one holds", ())

    def __post_init__(self) -> None:
        check_fields(self)
        self._check()

    def _check(self) -> None:
        """Refuse fields that contradict each other; nothing to check in most parts."""


@dataclass(frozen=True, kw_only=True)
class NoseCone(Part):
    """A nose cone."""

    shape: ShapeName = spec("", "family of the profile")
    shape_parameter: float | None = spec(
        "number", "ogive 0 cone to 1 tangent, power exponent, parabolic 0-1, Haack C", None, low=0, high=1, why=_SHAPE
    )
    length: float = spec("length", "tip to base, without the shoulder", above=0)
    diameter: float = spec("length", "at the base", above=0)
    tip_radius: float = spec("length", "radius of a rounded tip; the length is to that tip", 0.0, low=0)
    wall: float | None = spec(
        "length", "wall thickness, normal to the surface; left out for a solid nose", None, above=0
    )
    material: str | Material = spec("", "volume material", "polystyrene")
    shoulder_length: float = spec("length", "length of the shoulder in the tube", 0.0, low=0)
    shoulder_diameter: float | None = spec("length", "outer diameter of the shoulder", None, above=0)
    shoulder_wall: float | None = spec("length", "wall of the shoulder; left out for solid, zero for none", None, low=0)
    shoulder_capped: bool = spec("", "the shoulder's aft end is closed by a disc as thick as its wall", False)
    finish: FinishName | None = spec("", "surface finish, if other than the rocket's", None)

    def _check(self) -> None:
        _thinner(self.wall, self.diameter, "wall")
        _thinner(self.shoulder_wall, self.shoulder_diameter, "shoulder_wall")
        _thinner(self.tip_radius, self.diameter, "tip_radius")


@dataclass(frozen=True, kw_only=True)
class BodyTube(Part):
    """A body tube; with `motor_mount` it may hold the motor itself."""

    length: float = spec("length", "length", above=0)
    diameter: float | None = spec("length", "outer diameter; left out: that of the part before", None, above=0)
    wall: float = spec("length", "wall thickness", above=0)
    material: str | Material = spec("", "volume material", "cardboard")
    motor_mount: bool = spec("", "the motor sits in this tube", False)
    overhang: float = spec("length", "how far the motor's aft end stands out behind the tube", 0.0)
    finish: FinishName | None = spec("", "surface finish, if other than the rocket's", None)

    def _check(self) -> None:
        _thinner(self.wall, self.diameter, "wall")


@dataclass(frozen=True, kw_only=True)
class Transition(Part):
    """A transition between two diameters: a shoulder where it widens, a boat-tail where it narrows."""

    length: float = spec("length", "length", above=0)
    fore_diameter: float | None = spec("length", "front diameter; left out: that of the part before", None, above=0)
    aft_diameter: float = spec("length", "rear diameter", low=0)
    shape: ShapeName = spec("", "family of the profile", "conical")
    shape_parameter: float | None = spec("number", "as for a nose cone", None, low=0, high=1, why=_SHAPE)
    clipped: bool = spec(
        "",
        "a whole nose of that shape, cut off where it has the smaller diameter; else the shape rises from there",
        False,
    )
    wall: float | None = spec("length", "wall thickness, normal to the surface; left out for solid", None, above=0)
    material: str | Material = spec("", "volume material", "polystyrene")
    fore_shoulder_length: float = spec("length", "length of the front shoulder", 0.0, low=0)
    aft_shoulder_length: float = spec("length", "length of the rear shoulder", 0.0, low=0)
    fore_shoulder_diameter: float | None = spec("length", "left out: the front diameter", None, above=0)
    aft_shoulder_diameter: float | None = spec("length", "left out: the rear diameter", None, above=0)
    shoulder_wall: float | None = spec("length", "wall of the shoulders; left out: that of the transition", None, low=0)
    aft_shoulder_wall: float | None = spec("length", "of the rear one, if other than the front one's", None, low=0)
    fore_shoulder_capped: bool = spec("", "the front shoulder is closed by a disc as thick as its wall", False)
    aft_shoulder_capped: bool = spec("", "the rear shoulder is closed by a disc as thick as its wall", False)
    finish: FinishName | None = spec("", "surface finish, if other than the rocket's", None)

    def _check(self) -> None:
        if self.fore_diameter is not None:
            _thinner(self.wall, max(self.fore_diameter, self.aft_diameter), "wall")
            if self.fore_diameter == self.aft_diameter == 0:
                raise InputError("a transition needs a diameter at one end", key="aft_diameter")


@dataclass(frozen=True, kw_only=True)
class FinSet(Part):
    """What every set of fins has. `position` and `offset` place the root chord on the parent."""

    count: int = spec("", "number of fins", **_COUNT)
    thickness: float = spec("length", "thickness", above=0)
    section: Section = spec("", "cross-section", "square")
    leading_edge_radius: float | None = spec(
        "length", "radius of the leading edge; left out: half the thickness if rounded, else sharp", None, low=0
    )
    material: str | Material = spec("", "volume material", "plywood")
    shear_modulus: float | None = spec("stiffness", "of the fins as built, instead of the material's", None, above=0)
    cant: float = spec("angle", "cant angle, positive rolls clockwise seen from behind", 0.0, **_CANT)
    misalignments: tuple[float, ...] = spec(
        "angle", "small angle of each fin on top of its cant, in order", (), **_CANT
    )
    missing: tuple[int, ...] = spec("", "numbers of fins that are not there (the first is 1): one that broke off", ())
    angle: float = spec("angle", "roll position of the first fin", 0.0)
    tab_length: float = spec("length", "length of the through-the-wall tab", 0.0, low=0)
    tab_height: float = spec("length", "height of the tab, inwards from the tube's surface", 0.0, low=0)
    tab_offset: float = spec("length", "front of the tab aft of the root's leading edge", 0.0)
    fillet_radius: float = spec("length", "radius of the root fillets", 0.0, low=0)
    fillet_material: str | Material = spec("", "volume material of the fillets", "epoxy")
    finish: FinishName | None = spec("", "surface finish, if other than the rocket's", None)

    def _check(self) -> None:
        if any(not isinstance(k, int) or not 1 <= k <= self.count for k in self.missing):
            raise InputError(f"missing fins are numbered 1 to {self.count}, seen {list(self.missing)}", key="missing")
        if len(self.misalignments) > self.count:
            raise InputError(
                f"{len(self.misalignments)} misalignments for {self.count} fins; one for each, in order",
                key="misalignments",
            )

    @property
    def present(self) -> tuple[int, ...]:
        """Indices from 0 of the fins that are there."""
        return tuple(k for k in range(self.count) if k + 1 not in self.missing)


@dataclass(frozen=True, kw_only=True)
class TrapezoidalFins(FinSet):
    """Trapezoidal fins."""

    root_chord: float = spec("length", "chord at the body", above=0)
    tip_chord: float = spec("length", "chord at the tip", low=0)
    span: float = spec("length", "height of one fin above the body", above=0)
    sweep: float = spec("length", "how far the tip's leading edge lies aft of the root's")


@dataclass(frozen=True, kw_only=True)
class EllipticalFins(FinSet):
    """Half-elliptical fins."""

    root_chord: float = spec("length", "chord at the body", above=0)
    span: float = spec("length", "height of one fin above the body", above=0)


@dataclass(frozen=True, kw_only=True)
class FreeformFins(FinSet):
    """Fins of any outline: points (aft, outward) from the root's leading edge to its trailing edge."""

    points: tuple[tuple[float, float], ...] = spec("length", "outline, pairs of [aft, outward]")

    def _check(self) -> None:
        super()._check()
        check_outline(self.points)


@dataclass(frozen=True, kw_only=True)
class InnerTube(Part):
    """A tube inside a tube: motor mounts above all; with `cluster` several equal ones, with the parts in them."""

    length: float = spec("length", "length", above=0)
    diameter: float = spec("length", "outer diameter", above=0)
    wall: float = spec("length", "wall thickness", above=0)
    material: str | Material = spec("", "volume material", "cardboard")
    motor_mount: bool = spec("", "the motor sits in this tube", False)
    overhang: float = spec("length", "how far the motor's aft end stands out behind the tube", 0.0)
    cluster: Cluster = spec("", "several equal tubes side by side, and where they stand", Cluster())

    def _check(self) -> None:
        _thinner(self.wall, self.diameter, "wall")

    @property
    def middles(self) -> tuple[tuple[float, float], ...]:
        """The middle of each tube [y, z] off the parent's axis, m."""
        return self.cluster.tubes(self.diameter)


@dataclass(frozen=True, kw_only=True)
class TubeCoupler(Part):
    """A coupler inside a tube."""

    length: float = spec("length", "length", above=0)
    diameter: float | None = spec("length", "outer diameter; left out: it fills the parent", None, above=0)
    wall: float = spec("length", "wall thickness", above=0)
    material: str | Material = spec("", "volume material", "cardboard")

    def _check(self) -> None:
        _thinner(self.wall, self.diameter, "wall")


@dataclass(frozen=True, kw_only=True)
class CentringRing(Part):
    """Centring rings or engine blocks: `count` of them, `spacing` apart."""

    length: float = spec("length", "thickness along the rocket", above=0)
    diameter: float | None = spec("length", "outer diameter; left out: it fills the parent", None, above=0)
    inner_diameter: float | None = spec(
        "length", "left out: as wide as the inner tube it sits on, with a hole for each tube of a cluster", None, low=0
    )
    material: str | Material = spec("", "volume material", "cardboard")
    count: int = spec("", "how many", 1, **_COUNT)
    spacing: float = spec("length", "front to front", 0.0, low=0)

    def _check(self) -> None:
        if self.diameter is not None and (self.inner_diameter or 0.0) >= self.diameter:
            raise InputError(
                f"the hole of {(self.inner_diameter or 0) * 1e3:g} mm is not smaller than the ring of {self.diameter * 1e3:g} mm",
                key="inner_diameter",
            )


@dataclass(frozen=True, kw_only=True)
class Bulkhead(Part):
    """A solid disc."""

    length: float = spec("length", "thickness along the rocket", above=0)
    diameter: float | None = spec("length", "outer diameter; left out: it fills the parent", None, above=0)
    material: str | Material = spec("", "volume material", "plywood")
    strength: float | None = spec("force", "pull that it and its glue hold, with its eye bolt", None, above=0)
    carries: str = spec("", "the recovery device that hangs on it, by name; left out: any of them", "")


@dataclass(frozen=True, kw_only=True)
class LaunchLug(Part):
    """Launch lugs: `count` of them, `spacing` apart."""

    length: float = spec("length", "length", above=0)
    diameter: float = spec("length", "outer diameter", above=0)
    wall: float = spec("length", "wall thickness", above=0)
    material: str | Material = spec("", "volume material", "cardboard")
    angle: float = spec("angle", "roll position", 3.141592653589793)
    count: int = spec("", "how many", 1, **_COUNT)
    spacing: float = spec("length", "front to front", 0.0, low=0)

    def _check(self) -> None:
        _thinner(self.wall, self.diameter, "wall")


@dataclass(frozen=True, kw_only=True)
class RailButtons(Part):
    """Rail buttons: `count` of them, `spacing` apart; the position is that of the upper one's centre."""

    diameter: float = spec("length", "outer diameter", 0.011, above=0)
    height: float = spec("length", "how far it stands out", 0.011, above=0)
    material: str | Material = spec("", "volume material", "delrin")
    angle: float = spec("angle", "roll position", 3.141592653589793)
    count: int = spec("", "how many", 2, **_COUNT)
    spacing: float = spec("length", "upper to lower centre", 0.0, low=0)


ProtuberanceShape: TypeAlias = Literal["block", "cylinder", "rounded", "fairing"]
_FACE_DRAG = {"block": 1.2, "cylinder": 0.75, "rounded": 0.4, "fairing": 0.1}  # Hoerner, ch. 5 and 8, on a wall


@dataclass(frozen=True, kw_only=True)
class Protuberance(Part):
    """Something that stands out into the air: a camera, an antenna, a switch, a screw head; `count` of them."""

    length: float = spec("length", "along the rocket", above=0)
    width: float = spec("length", "across the flow", above=0)
    height: float = spec("length", "how far it stands out", above=0)
    shape: ProtuberanceShape = spec("", "block; upright cylinder; rounded in front; fairing, pointed behind", "block")
    cd: float | None = spec(
        "number", "drag coefficient on width times height, instead of the shape's", None, **_COEFFICIENT
    )
    angle: float = spec("angle", "roll position", 0.0)
    count: int = spec("", "how many", 1, **_COUNT)

    @property
    def drag_on_face(self) -> float:
        """Drag coefficient on width times height at low speed."""
        return self.cd if self.cd is not None else _FACE_DRAG[self.shape]


@dataclass(frozen=True, kw_only=True)
class TubeFins(Part):
    """Tubes side by side round the body, instead of fins. `position` and `offset` place their fronts."""

    count: int = spec("", "number of tubes", **_COUNT)
    length: float = spec("length", "length", above=0)
    diameter: float = spec("length", "outer diameter of one tube", above=0)
    wall: float = spec("length", "wall thickness", above=0)
    material: str | Material = spec("", "volume material", "cardboard")
    angle: float = spec("angle", "roll position of the first tube", 0.0)
    finish: FinishName | None = spec("", "surface finish, if other than the rocket's", None)

    def _check(self) -> None:
        _thinner(self.wall, self.diameter, "wall")


@dataclass(frozen=True, kw_only=True)
class RingFin(Part):
    """A ring round the body, held by struts. `position` and `offset` place its front."""

    length: float = spec("length", "chord of the ring", above=0)
    diameter: float = spec("length", "outer diameter", above=0)
    wall: float = spec("length", "wall thickness", above=0)
    material: str | Material = spec("", "volume material", "cardboard")
    strut_count: int = spec(
        "", "number of struts between body and ring, as long as the ring", 3, low=0, high=100, why="struts of one ring"
    )
    strut_thickness: float = spec("length", "thickness of a strut", 0.002, low=0)
    finish: FinishName | None = spec("", "surface finish, if other than the rocket's", None)

    def _check(self) -> None:
        _thinner(self.wall, self.diameter, "wall")


@dataclass(frozen=True, kw_only=True)
class MassObject(Part):
    """A given mass: electronics, ballast, payload. A cylinder, or a point where its size is left out."""

    length: float = spec("length", "length", 0.0, low=0)
    diameter: float = spec("length", "diameter", 0.0, low=0)
    radial_offset: float = spec("length", "distance of its centre from the axis", 0.0, low=0)
    angle: float = spec("angle", "roll position", 0.0)
    strength: float | None = spec("force", "load that it holds, of a quick link or an eye bolt", None, above=0)
    carries: str = spec("", "the recovery device on it, by name; left out: any of them", "")

    def _check(self) -> None:
        if not self.mass:
            raise InputError("a mass part needs its mass, like 'mass: 120 g'; it weighs nothing", key="mass")


@dataclass(frozen=True, kw_only=True)
class ShockCord(Part):
    """A shock cord, packed."""

    length: float = spec("length", "stretched length", above=0)
    material: str | Material = spec("", "line material", "elastic cord")
    packed_length: float = spec("length", "as packed", 0.025, low=0)
    packed_diameter: float = spec("length", "as packed", 0.0, low=0)
    strength: float | None = spec("force", "load that it holds, with its knots", None, above=0)
    carries: str = spec("", "the recovery device on it, by name; left out: any of them", "")
