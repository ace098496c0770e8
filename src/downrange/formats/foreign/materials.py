"""Materials and finishes as other programs name them."""

from __future__ import annotations

import re
from typing import Any

from downrange.formats.foreign.nodes import Node, Report
from downrange.rocket import MATERIALS

__all__ = ["finish_of", "material_of", "own_material"]

_FINISHES = {
    "rough": "rough", "roughunfinished": "rough unfinished", "unfinished": "unfinished", "normal": "normal paint",
    "smooth": "normal paint", "optimum": "optimum paint", "polished": "polished", "finishpolished": "polished", "mirror": "mirror",
}  # fmt: skip
_KEY = re.compile(r"\[material:(.*)\]")
_SAME = {
    "plywood (birch)": "plywood", "polycarbonate (lexan)": "polycarbonate", "polyethylene (thin)": "polyethylene thin",
    "polyethylene (heavy)": "polyethylene heavy", "pla 100%": "pla", "petg 100%": "petg", "pla - 100% infill": "pla",
    "petg - 100% infill": "petg",
}  # fmt: skip


def own_material(name: str, density: float, kind: str) -> Any:
    """Our name for a material where it is the same, else a mapping of its name and density (SI)."""
    ours = MATERIALS.get(_SAME.get(name.lower(), name.lower()))
    if ours is not None and ours.kind == kind and abs(ours.density - density) <= 1e-9 * density:
        return ours.name
    return {"name": name, "density": density}


def material_of(node: Node, tag: str, kind: str) -> Any:
    """The material in an element's child `tag`; None where it names none."""
    child = node.child(tag)
    if child is None:
        return None
    name = child.own_text()
    if inner := _KEY.fullmatch(name):
        name = inner[1]
    text = child.attribute("density")
    if text is None:
        node.report.chosen(
            node.place, f"the material {name!r} has no density in the file; that of our table is taken, if it is there"
        )
        return name.lower() if name.lower() in MATERIALS else None
    return own_material(name, child.parsed(text, "density"), kind)


def finish_of(word: str | None, place: str, report: Report) -> str | None:
    """Our word for OpenRocket's finish; None for its default."""
    key = (word or "normal").lower()
    if key == "polished":
        report.approximated(
            place, "the finish 'polished' of 2 µm is our 'polished' of 0.5 µm, the nearest that we have"
        )
    if key not in _FINISHES:
        report.approximated(place, f"the finish {key[:40]!r} is not known; normal paint is taken")
        return None
    if key == "normal":  # it is what a file has where nobody chose: a finish that is not said
        return None
    return _FINISHES[key]
