"""Parts of a rocket: mass, shock cord, parachute, streamer.

Made by builders/make_recipes.py from the models of the project files: edit those, and run it again.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from downrange.recipes.base import UNSET, Given, PartRecipe

__all__ = [
    "MassObject",
    "Parachute",
    "ShockCord",
    "Streamer",
]


class MassObject(PartRecipe):
    """A given mass: electronics, ballast, payload. A cylinder, or a point where its size is left out.

    mass: weighed mass, instead of the computed one (mass, like '250 g')
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    length: length (length, like '54 mm')
    diameter: diameter (length, like '54 mm')
    radial_offset: distance of its centre from the axis (length, like '54 mm')
    angle: roll position (angle, like '84 deg')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "mass"

    def __init__(
        self, mass: Given = UNSET, *, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET, parts: Any = UNSET,
        length: Given = UNSET, diameter: Given = UNSET, radial_offset: Given = UNSET, angle: Given = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class ShockCord(PartRecipe):
    """A shock cord, packed.

    length: stretched length (length, like '54 mm') - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    material: line material; 'elastic cord' where not said
    packed_length: as packed (length, like '54 mm')
    packed_diameter: as packed (length, like '54 mm')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "shock cord"

    def __init__(
        self, *, length: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, material: Any = UNSET, packed_length: Given = UNSET, packed_diameter: Given = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Parachute(PartRecipe):
    """A parachute.

    diameter: of the canopy, as its drag coefficient means it (length, like '54 mm')
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    deploy: deploy
    cd_area: drag coefficient times area, instead of both (area, like '1.1 m^2')
    replaces_others: its drag replaces that of the devices before; else it adds to it; False where not said
    material: surface material; 'ripstop nylon' where not said
    packed_length: as packed (length, like '54 mm')
    packed_diameter: as packed (length, like '54 mm')
    cd: drag coefficient on the area of `diameter` (flat circular canopies: 0.75)
    spill_hole: diameter of the spill hole (length, like '54 mm')
    line_count: number of shroud lines; 6 where not said
    line_length: length of one shroud line (length, like '54 mm')
    line_material: line material; 'braided nylon line' where not said
    fill_constant: inflation distance in canopy diameters
    inflation_time: from line stretch to full, instead of the fill constant (time, like '1.5 s')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "parachute"

    def __init__(
        self, diameter: Given = UNSET, *, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, deploy: Any = UNSET, cd_area: Given = UNSET, replaces_others: bool = UNSET,
        material: Any = UNSET, packed_length: Given = UNSET, packed_diameter: Given = UNSET, cd: Given = UNSET,
        spill_hole: Given = UNSET, line_count: int = UNSET, line_length: Given = UNSET, line_material: Any = UNSET,
        fill_constant: Given = UNSET, inflation_time: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Streamer(PartRecipe):
    """A streamer.

    length: length of the strip (length, like '54 mm') - required
    width: width of the strip (length, like '54 mm') - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    deploy: deploy
    cd_area: drag coefficient times area, instead of both (area, like '1.1 m^2')
    replaces_others: its drag replaces that of the devices before; else it adds to it; False where not said
    material: surface material; 'ripstop nylon' where not said
    packed_length: as packed (length, like '54 mm')
    packed_diameter: as packed (length, like '54 mm')
    cd: drag coefficient on length times width; left out: that of a flat strip
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "streamer"

    def __init__(
        self, *, length: Given = UNSET, width: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, deploy: Any = UNSET, cd_area: Given = UNSET, replaces_others: bool = UNSET,
        material: Any = UNSET, packed_length: Given = UNSET, packed_diameter: Given = UNSET, cd: Given = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())
