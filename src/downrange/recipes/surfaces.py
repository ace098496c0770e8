"""Parts of a rocket: trapezoidal fins, elliptical fins, freeform fins, tube fins, ring fin.

Made by builders/make_recipes.py from the models of the project files: edit those, and run it again.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from downrange.recipes.base import UNSET, Given, PartRecipe

__all__ = [
    "EllipticalFins",
    "FreeformFins",
    "RingFin",
    "TrapezoidalFins",
    "TubeFins",
]


class TrapezoidalFins(PartRecipe):
    """Trapezoidal fins.

    count: number of fins - required
    thickness: thickness (length, like '54 mm') - required
    root_chord: chord at the body (length, like '54 mm') - required
    tip_chord: chord at the tip (length, like '54 mm') - required
    span: height of one fin above the body (length, like '54 mm') - required
    sweep: how far the tip's leading edge lies aft of the root's (length, like '54 mm') - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    section: cross-section; 'square' where not said
    leading_edge_radius: radius of the leading edge; left out: half the thickness if rounded, else sharp (length, like '54 mm')
    material: volume material; 'plywood' where not said
    shear_modulus: of the fins as built, instead of the material's (stiffness, like '2.6 GPa')
    cant: cant angle, positive rolls clockwise seen from behind (angle, like '84 deg')
    misalignments: misalignments (angle, like '84 deg')
    missing: missing
    angle: roll position of the first fin (angle, like '84 deg')
    tab_length: length of the through-the-wall tab (length, like '54 mm')
    tab_height: height of the tab, inwards from the tube's surface (length, like '54 mm')
    tab_offset: front of the tab aft of the root's leading edge (length, like '54 mm')
    fillet_radius: radius of the root fillets (length, like '54 mm')
    fillet_material: volume material of the fillets; 'epoxy' where not said
    finish: surface finish, if other than the rocket's
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "trapezoidal fins"

    def __init__(
        self, count: int = UNSET, *, thickness: Given = UNSET, root_chord: Given = UNSET, tip_chord: Given = UNSET,
        span: Given = UNSET, sweep: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET,
        section: Literal["square", "rounded", "airfoil", "wedge", "double wedge", "hexagonal"] = UNSET,
        leading_edge_radius: Given = UNSET, material: Any = UNSET, shear_modulus: Given = UNSET, cant: Given = UNSET,
        misalignments: Given = UNSET, missing: Any = UNSET, angle: Given = UNSET, tab_length: Given = UNSET,
        tab_height: Given = UNSET, tab_offset: Given = UNSET, fillet_radius: Given = UNSET,
        fillet_material: Any = UNSET,
        finish: Literal["mirror", "polished", "bare composite", "optimum paint", "careful paint", "smooth paint", "planed wood", "normal paint", "mass spray paint", "cardboard", "3-D print 0.1 mm", "3-D print 0.2 mm", "3-D print 0.3 mm", "unfinished", "bad paint", "rough unfinished", "rough"] = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class EllipticalFins(PartRecipe):
    """Half-elliptical fins.

    count: number of fins - required
    thickness: thickness (length, like '54 mm') - required
    root_chord: chord at the body (length, like '54 mm') - required
    span: height of one fin above the body (length, like '54 mm') - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    section: cross-section; 'square' where not said
    leading_edge_radius: radius of the leading edge; left out: half the thickness if rounded, else sharp (length, like '54 mm')
    material: volume material; 'plywood' where not said
    shear_modulus: of the fins as built, instead of the material's (stiffness, like '2.6 GPa')
    cant: cant angle, positive rolls clockwise seen from behind (angle, like '84 deg')
    misalignments: misalignments (angle, like '84 deg')
    missing: missing
    angle: roll position of the first fin (angle, like '84 deg')
    tab_length: length of the through-the-wall tab (length, like '54 mm')
    tab_height: height of the tab, inwards from the tube's surface (length, like '54 mm')
    tab_offset: front of the tab aft of the root's leading edge (length, like '54 mm')
    fillet_radius: radius of the root fillets (length, like '54 mm')
    fillet_material: volume material of the fillets; 'epoxy' where not said
    finish: surface finish, if other than the rocket's
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "elliptical fins"

    def __init__(
        self, count: int = UNSET, *, thickness: Given = UNSET, root_chord: Given = UNSET, span: Given = UNSET,
        name: str = UNSET, position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET,
        offset: Given = UNSET, mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET,
        drag_coefficient: Given = UNSET, parts: Any = UNSET,
        section: Literal["square", "rounded", "airfoil", "wedge", "double wedge", "hexagonal"] = UNSET,
        leading_edge_radius: Given = UNSET, material: Any = UNSET, shear_modulus: Given = UNSET, cant: Given = UNSET,
        misalignments: Given = UNSET, missing: Any = UNSET, angle: Given = UNSET, tab_length: Given = UNSET,
        tab_height: Given = UNSET, tab_offset: Given = UNSET, fillet_radius: Given = UNSET,
        fillet_material: Any = UNSET,
        finish: Literal["mirror", "polished", "bare composite", "optimum paint", "careful paint", "smooth paint", "planed wood", "normal paint", "mass spray paint", "cardboard", "3-D print 0.1 mm", "3-D print 0.2 mm", "3-D print 0.3 mm", "unfinished", "bad paint", "rough unfinished", "rough"] = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class FreeformFins(PartRecipe):
    """Fins of any outline: points (aft, outward) from the root's leading edge to its trailing edge.

    count: number of fins - required
    points: outline, pairs of [aft, outward] (length, like '54 mm') - required
    thickness: thickness (length, like '54 mm') - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    section: cross-section; 'square' where not said
    leading_edge_radius: radius of the leading edge; left out: half the thickness if rounded, else sharp (length, like '54 mm')
    material: volume material; 'plywood' where not said
    shear_modulus: of the fins as built, instead of the material's (stiffness, like '2.6 GPa')
    cant: cant angle, positive rolls clockwise seen from behind (angle, like '84 deg')
    misalignments: misalignments (angle, like '84 deg')
    missing: missing
    angle: roll position of the first fin (angle, like '84 deg')
    tab_length: length of the through-the-wall tab (length, like '54 mm')
    tab_height: height of the tab, inwards from the tube's surface (length, like '54 mm')
    tab_offset: front of the tab aft of the root's leading edge (length, like '54 mm')
    fillet_radius: radius of the root fillets (length, like '54 mm')
    fillet_material: volume material of the fillets; 'epoxy' where not said
    finish: surface finish, if other than the rocket's
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "freeform fins"

    def __init__(
        self, count: int = UNSET, points: Given = UNSET, *, thickness: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET,
        section: Literal["square", "rounded", "airfoil", "wedge", "double wedge", "hexagonal"] = UNSET,
        leading_edge_radius: Given = UNSET, material: Any = UNSET, shear_modulus: Given = UNSET, cant: Given = UNSET,
        misalignments: Given = UNSET, missing: Any = UNSET, angle: Given = UNSET, tab_length: Given = UNSET,
        tab_height: Given = UNSET, tab_offset: Given = UNSET, fillet_radius: Given = UNSET,
        fillet_material: Any = UNSET,
        finish: Literal["mirror", "polished", "bare composite", "optimum paint", "careful paint", "smooth paint", "planed wood", "normal paint", "mass spray paint", "cardboard", "3-D print 0.1 mm", "3-D print 0.2 mm", "3-D print 0.3 mm", "unfinished", "bad paint", "rough unfinished", "rough"] = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class TubeFins(PartRecipe):
    """Tubes side by side round the body, instead of fins. `position` and `offset` place their fronts.

    count: number of tubes - required
    length: length (length, like '54 mm') - required
    diameter: outer diameter of one tube (length, like '54 mm') - required
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
    angle: roll position of the first tube (angle, like '84 deg')
    finish: surface finish, if other than the rocket's
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "tube fins"

    def __init__(
        self, count: int = UNSET, *, length: Given = UNSET, diameter: Given = UNSET, wall: Given = UNSET,
        name: str = UNSET, position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET,
        offset: Given = UNSET, mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET,
        drag_coefficient: Given = UNSET, parts: Any = UNSET, material: Any = UNSET, angle: Given = UNSET,
        finish: Literal["mirror", "polished", "bare composite", "optimum paint", "careful paint", "smooth paint", "planed wood", "normal paint", "mass spray paint", "cardboard", "3-D print 0.1 mm", "3-D print 0.2 mm", "3-D print 0.3 mm", "unfinished", "bad paint", "rough unfinished", "rough"] = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class RingFin(PartRecipe):
    """A ring round the body, held by struts. `position` and `offset` place its front.

    length: chord of the ring (length, like '54 mm') - required
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
    strut_count: number of struts between body and ring, as long as the ring; 3 where not said
    strut_thickness: thickness of a strut (length, like '54 mm')
    finish: surface finish, if other than the rocket's
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "ring fin"

    def __init__(
        self, *, length: Given = UNSET, diameter: Given = UNSET, wall: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, material: Any = UNSET, strut_count: int = UNSET, strut_thickness: Given = UNSET,
        finish: Literal["mirror", "polished", "bare composite", "optimum paint", "careful paint", "smooth paint", "planed wood", "normal paint", "mass spray paint", "cardboard", "3-D print 0.1 mm", "3-D print 0.2 mm", "3-D print 0.3 mm", "unfinished", "bad paint", "rough unfinished", "rough"] = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())
