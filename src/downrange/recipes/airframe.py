"""Parts of a rocket: nose cone, body tube, transition, inner tube, tube coupler, centring ring, bulkhead, launch lug, rail buttons, protuberance.

Made by builders/make_recipes.py from the models of the project files: edit those, and run it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from downrange.recipes.base import UNSET, Given, PartRecipe
from downrange.recipes.places import Motor, MountedMotor

if TYPE_CHECKING:
    from downrange.recipes.grain_motor import GrainMotor

__all__ = [
    "BodyTube",
    "Bulkhead",
    "CentringRing",
    "InnerTube",
    "LaunchLug",
    "NoseCone",
    "Protuberance",
    "RailButtons",
    "Transition",
    "TubeCoupler",
]


class NoseCone(PartRecipe):
    """A nose cone.

    shape: family of the profile - required
    length: tip to base, without the shoulder (length, like '54 mm') - required
    diameter: at the base (length, like '54 mm') - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    shape_parameter: ogive 0 cone to 1 tangent, power exponent, parabolic 0-1, Haack C
    tip_radius: radius of a rounded tip; the length is to that tip (length, like '54 mm')
    wall: wall thickness, normal to the surface; left out for a solid nose (length, like '54 mm')
    material: volume material; 'polystyrene' where not said
    shoulder_length: length of the shoulder in the tube (length, like '54 mm')
    shoulder_diameter: outer diameter of the shoulder (length, like '54 mm')
    shoulder_wall: wall of the shoulder; left out for solid, zero for none (length, like '54 mm')
    shoulder_capped: the shoulder's aft end is closed by a disc as thick as its wall; False where not said
    finish: surface finish, if other than the rocket's
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "nose cone"

    def __init__(
        self, shape: Literal["conical", "ogive", "ellipsoid", "power", "parabolic", "haack", "von karman"] = UNSET,
        *, length: Given = UNSET, diameter: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, shape_parameter: Given = UNSET, tip_radius: Given = UNSET, wall: Given = UNSET,
        material: Any = UNSET, shoulder_length: Given = UNSET, shoulder_diameter: Given = UNSET,
        shoulder_wall: Given = UNSET, shoulder_capped: bool = UNSET,
        finish: Literal["mirror", "polished", "bare composite", "optimum paint", "careful paint", "smooth paint", "planed wood", "normal paint", "mass spray paint", "cardboard", "3-D print 0.1 mm", "3-D print 0.2 mm", "3-D print 0.3 mm", "unfinished", "bad paint", "rough unfinished", "rough"] = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class BodyTube(PartRecipe):
    """A body tube; with `motor_mount` it may hold the motor itself.

    length: length (length, like '54 mm') - required
    wall: wall thickness (length, like '54 mm') - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    diameter: outer diameter; left out: that of the part before (length, like '54 mm')
    material: volume material; 'cardboard' where not said
    motor_mount: the motor sits in this tube; False where not said
    overhang: how far the motor's aft end stands out behind the tube (length, like '54 mm')
    finish: surface finish, if other than the rocket's
    motor: the motor that sits in this tube, a `dr.MountedMotor` to say when it is lit; the launch takes it from here
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "body tube"

    def __init__(
        self, *, length: Given = UNSET, wall: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, diameter: Given = UNSET, material: Any = UNSET, motor_mount: bool = UNSET,
        overhang: Given = UNSET,
        finish: Literal["mirror", "polished", "bare composite", "optimum paint", "careful paint", "smooth paint", "planed wood", "normal paint", "mass spray paint", "cardboard", "3-D print 0.1 mm", "3-D print 0.2 mm", "3-D print 0.3 mm", "unfinished", "bad paint", "rough unfinished", "rough"] = UNSET,
        motor: str | Motor | GrainMotor | MountedMotor | Mapping[str, Any] = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Transition(PartRecipe):
    """A transition between two diameters: a shoulder where it widens, a boat-tail where it narrows.

    length: length (length, like '54 mm') - required
    aft_diameter: rear diameter (length, like '54 mm') - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    fore_diameter: front diameter; left out: that of the part before (length, like '54 mm')
    shape: family of the profile; 'conical' where not said
    shape_parameter: as for a nose cone
    clipped: a whole nose of that shape, cut off where it has the smaller diameter; else the shape rises from there; False where not said
    wall: wall thickness, normal to the surface; left out for solid (length, like '54 mm')
    material: volume material; 'polystyrene' where not said
    fore_shoulder_length: length of the front shoulder (length, like '54 mm')
    aft_shoulder_length: length of the rear shoulder (length, like '54 mm')
    fore_shoulder_diameter: left out: the front diameter (length, like '54 mm')
    aft_shoulder_diameter: left out: the rear diameter (length, like '54 mm')
    shoulder_wall: wall of the shoulders; left out: that of the transition (length, like '54 mm')
    aft_shoulder_wall: of the rear one, if other than the front one's (length, like '54 mm')
    fore_shoulder_capped: the front shoulder is closed by a disc as thick as its wall; False where not said
    aft_shoulder_capped: the rear shoulder is closed by a disc as thick as its wall; False where not said
    finish: surface finish, if other than the rocket's
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "transition"

    def __init__(
        self, *, length: Given = UNSET, aft_diameter: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, fore_diameter: Given = UNSET,
        shape: Literal["conical", "ogive", "ellipsoid", "power", "parabolic", "haack", "von karman"] = UNSET,
        shape_parameter: Given = UNSET, clipped: bool = UNSET, wall: Given = UNSET, material: Any = UNSET,
        fore_shoulder_length: Given = UNSET, aft_shoulder_length: Given = UNSET,
        fore_shoulder_diameter: Given = UNSET, aft_shoulder_diameter: Given = UNSET, shoulder_wall: Given = UNSET,
        aft_shoulder_wall: Given = UNSET, fore_shoulder_capped: bool = UNSET, aft_shoulder_capped: bool = UNSET,
        finish: Literal["mirror", "polished", "bare composite", "optimum paint", "careful paint", "smooth paint", "planed wood", "normal paint", "mass spray paint", "cardboard", "3-D print 0.1 mm", "3-D print 0.2 mm", "3-D print 0.3 mm", "unfinished", "bad paint", "rough unfinished", "rough"] = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class InnerTube(PartRecipe):
    """A tube inside a tube: motor mounts above all; with `cluster` several equal ones, with the parts in them.

    length: length (length, like '54 mm') - required
    diameter: outer diameter (length, like '54 mm') - required
    wall: wall thickness (length, like '54 mm') - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    material: volume material; 'cardboard' where not said
    motor_mount: the motor sits in this tube; False where not said
    overhang: how far the motor's aft end stands out behind the tube (length, like '54 mm')
    cluster: cluster
    motor: the motor that sits in this tube, a `dr.MountedMotor` to say when it is lit; the launch takes it from here
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "inner tube"

    def __init__(
        self, *, length: Given = UNSET, diameter: Given = UNSET, wall: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, material: Any = UNSET, motor_mount: bool = UNSET, overhang: Given = UNSET,
        cluster: Any = UNSET, motor: str | Motor | GrainMotor | MountedMotor | Mapping[str, Any] = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class TubeCoupler(PartRecipe):
    """A coupler inside a tube.

    length: length (length, like '54 mm') - required
    wall: wall thickness (length, like '54 mm') - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    diameter: outer diameter; left out: it fills the parent (length, like '54 mm')
    material: volume material; 'cardboard' where not said
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "tube coupler"

    def __init__(
        self, *, length: Given = UNSET, wall: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, diameter: Given = UNSET, material: Any = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class CentringRing(PartRecipe):
    """Centring rings or engine blocks: `count` of them, `spacing` apart.

    length: thickness along the rocket (length, like '54 mm') - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    diameter: outer diameter; left out: it fills the parent (length, like '54 mm')
    inner_diameter: left out: as wide as the inner tube it sits on, with a hole for each tube of a cluster (length, like '54 mm')
    material: volume material; 'cardboard' where not said
    count: how many; 1 where not said
    spacing: front to front (length, like '54 mm')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "centring ring"

    def __init__(
        self, *, length: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, diameter: Given = UNSET, inner_diameter: Given = UNSET, material: Any = UNSET,
        count: int = UNSET, spacing: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Bulkhead(PartRecipe):
    """A solid disc.

    length: thickness along the rocket (length, like '54 mm') - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    diameter: outer diameter; left out: it fills the parent (length, like '54 mm')
    material: volume material; 'plywood' where not said
    strength: pull that it and its glue hold, with its eye bolt (force, like '100 N')
    carries: the recovery device that hangs on it, by name; left out: any of them
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "bulkhead"

    def __init__(
        self, *, length: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, diameter: Given = UNSET, material: Any = UNSET, strength: Given = UNSET,
        carries: str = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class LaunchLug(PartRecipe):
    """Launch lugs: `count` of them, `spacing` apart.

    length: length (length, like '54 mm') - required
    diameter: outer diameter (length, like '54 mm') - required
    wall: wall thickness (length, like '54 mm') - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    material: volume material; 'cardboard' where not said
    angle: roll position (angle, like '84 deg')
    count: how many; 1 where not said
    spacing: front to front (length, like '54 mm')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "launch lug"

    def __init__(
        self, *, length: Given = UNSET, diameter: Given = UNSET, wall: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, material: Any = UNSET, angle: Given = UNSET, count: int = UNSET, spacing: Given = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class RailButtons(PartRecipe):
    """Rail buttons: `count` of them, `spacing` apart; the position is that of the upper one's centre.

    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    diameter: outer diameter (length, like '54 mm')
    height: how far it stands out (length, like '54 mm')
    material: volume material; 'delrin' where not said
    angle: roll position (angle, like '84 deg')
    count: how many; 2 where not said
    spacing: upper to lower centre (length, like '54 mm')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "rail buttons"

    def __init__(
        self, *, name: str = UNSET, position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET,
        offset: Given = UNSET, mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET,
        drag_coefficient: Given = UNSET, parts: Any = UNSET, diameter: Given = UNSET, height: Given = UNSET,
        material: Any = UNSET, angle: Given = UNSET, count: int = UNSET, spacing: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Protuberance(PartRecipe):
    """Something that stands out into the air: a camera, an antenna, a switch, a screw head; `count` of them.

    length: along the rocket (length, like '54 mm') - required
    width: across the flow (length, like '54 mm') - required
    height: how far it stands out (length, like '54 mm') - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    shape: block; upright cylinder; rounded in front; fairing, pointed behind; 'block' where not said
    cd: drag coefficient on width times height, instead of the shape's
    angle: roll position (angle, like '84 deg')
    count: how many; 1 where not said
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "protuberance"

    def __init__(
        self, *, length: Given = UNSET, width: Given = UNSET, height: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, shape: Literal["block", "cylinder", "rounded", "fairing"] = UNSET, cd: Given = UNSET,
        angle: Given = UNSET, count: int = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())
