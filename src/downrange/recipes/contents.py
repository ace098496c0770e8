"""Parts of a rocket: mass, shock cord, parachute, streamer, tumble, glider.

Made by builders/make_recipes.py from the models of the project files: edit those, and run it again.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from downrange.recipes.base import UNSET, Given, PartRecipe

__all__ = [
    "Glider",
    "MassObject",
    "Parachute",
    "ShockCord",
    "Streamer",
    "Tumble",
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
    strength: load that it holds, of a quick link or an eye bolt (force, like '100 N')
    carries: the recovery device on it, by name; left out: any of them
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "mass"

    def __init__(
        self, mass: Given = UNSET, *, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET, parts: Any = UNSET,
        length: Given = UNSET, diameter: Given = UNSET, radial_offset: Given = UNSET, angle: Given = UNSET,
        strength: Given = UNSET, carries: str = UNSET, **in_units: float,
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
    strength: load that it holds, with its knots (force, like '100 N')
    carries: the recovery device on it, by name; left out: any of them
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "shock cord"

    def __init__(
        self, *, length: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, material: Any = UNSET, packed_length: Given = UNSET, packed_diameter: Given = UNSET,
        strength: Given = UNSET, carries: str = UNSET, **in_units: float,
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
    canopy: kind of canopy: how it fills and how hard it opens; 'flat circular' where not said
    fill_constant: inflation distance in canopy diameters; left out: that of the kind
    inflation_time: from line stretch to full, instead of the fill constant (time, like '1.5 s')
    opening_shock: opening load over drag at that speed, of an endless mass; left out: that of the kind
    reefed: share of its drag area while it is reefed, or bundled by a chute release
    disreef_delay: a cutter opens it so long after line stretch (time, like '1.5 s')
    disreef_altitude: a chute release opens it here, above the pad, falling (length, like '54 mm')
    strength: opening load at which it tears (force, like '100 N')
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
        canopy: Literal["flat circular", "conical", "hemispherical", "extended skirt", "annular", "cruciform", "guide surface", "ringsail", "ringslot", "ribbon"] = UNSET,
        fill_constant: Given = UNSET, inflation_time: Given = UNSET, opening_shock: Given = UNSET,
        reefed: Given = UNSET, disreef_delay: Given = UNSET, disreef_altitude: Given = UNSET,
        strength: Given = UNSET, **in_units: float,
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


class Tumble(PartRecipe):
    """No cloth: the nose is blown off, or the rocket comes apart, and it falls flat or tumbles (nose-blow, featherweight, drogueless).

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
    attitude: `tumbling` end over end; `flat`: across the flow, as pieces on a long cord fall; 'tumbling' where not said
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "tumble"

    def __init__(
        self, *, name: str = UNSET, position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET,
        offset: Given = UNSET, mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET,
        drag_coefficient: Given = UNSET, parts: Any = UNSET, deploy: Any = UNSET, cd_area: Given = UNSET,
        replaces_others: bool = UNSET, material: Any = UNSET, packed_length: Given = UNSET,
        packed_diameter: Given = UNSET, attitude: Literal["tumbling", "flat"] = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Glider(PartRecipe):
    """What was seen to come down at a rate: a helicopter's blades (no glide ratio), a glider or a parafoil.

    descent_rate: at which it sinks, with all that hangs on it (speed, like '5 m/s') - required
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
    air_density: in which it was seen to (density, like '680 kg/m^3')
    glide_ratio: how far it flies for what it sinks; 0: it comes straight down
    heading: towards which it glides, clockwise from north; needed with a glide_ratio (angle, like '84 deg')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "glider"

    def __init__(
        self, *, descent_rate: Given = UNSET, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, deploy: Any = UNSET, cd_area: Given = UNSET, replaces_others: bool = UNSET,
        material: Any = UNSET, packed_length: Given = UNSET, packed_diameter: Given = UNSET,
        air_density: Given = UNSET, glide_ratio: Given = UNSET, heading: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())
