"""Parts of a rocket: pods, boosters.

Made by builders/make_recipes.py from the models of the project files: edit those, and run it again.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from downrange.recipes.base import UNSET, Given, PartRecipe

__all__ = [
    "Boosters",
    "Pods",
]


class Pods(PartRecipe):
    """Pods that stand round the body for good, each an assembly of its own, nose first.

    count: how many, evenly round the body - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    radial_distance: axis to axis; left out: they touch the body (length, like '54 mm')
    angle: roll position of the first (angle, like '84 deg')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "pods"

    def __init__(
        self, count: int = UNSET, *, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, radial_distance: Given = UNSET, angle: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Boosters(PartRecipe):
    """Strap-on boosters round the body, each an assembly of its own, nose first; they leave it in flight.

    count: how many, evenly round the body - required
    name: what you call it
    position: what the offset is measured from; 'top' where not said
    offset: distance aft of that reference (length, like '54 mm')
    mass: weighed mass, instead of the computed one (mass, like '250 g')
    cg: measured centre of gravity, aft of the part's front (length, like '54 mm')
    override_children: mass, cg and drag_coefficient stand for the part with all parts in it; False where not said
    drag_coefficient: replaces the part's computed drag (on the reference area)
    parts: parts
    radial_distance: axis to axis; left out: they touch the body (length, like '54 mm')
    angle: roll position of the first (angle, like '84 deg')
    separation: when they leave the body
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    part: ClassVar[str] = "boosters"

    def __init__(
        self, count: int = UNSET, *, name: str = UNSET,
        position: Literal["after", "top", "middle", "bottom", "absolute"] = UNSET, offset: Given = UNSET,
        mass: Given = UNSET, cg: Given = UNSET, override_children: bool = UNSET, drag_coefficient: Given = UNSET,
        parts: Any = UNSET, radial_distance: Given = UNSET, angle: Given = UNSET, separation: Any = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())
