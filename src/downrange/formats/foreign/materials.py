"""Materials and finishes as other programs name them."""

from __future__ import annotations

import re
from math import log
from typing import Any

from downrange.formats.foreign.nodes import Node, Report
from downrange.rocket import FINISHES, MATERIALS

__all__ = ["ROUGHNESS", "finish_of", "material_of", "nearest_finish", "own_material"]

ROUGHNESS = {  # m, of OpenRocket's surfaces
    "rough": 500e-6, "roughunfinished": 250e-6, "unfinished": 150e-6, "normal": 60e-6, "smooth": 20e-6, "optimum": 5e-6, "polished": 2e-6,
    "finishpolished": 0.5e-6, "mirror": 0.0,
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


def nearest_finish(roughness: float) -> str:
    """Our finish whose roughness is nearest in ratio, m."""
    plain = (f for f in FINISHES if not f.startswith("3-D"))  # a print is said, not guessed from its roughness
    return min(plain, key=lambda f: abs(log(max(FINISHES[f], 1e-7) / max(roughness, 1e-7))))


def finish_of(word: str | None, place: str, report: Report) -> str | None:
    """Our finish of the roughness of OpenRocket's; None for its default, which is the rocket's."""
    key = (word or "normal").lower()
    if key not in ROUGHNESS:
        report.approximated(place, f"the finish {key[:40]!r} is not known; OpenRocket's normal one of 60 µm is taken")
        return None
    if key == "normal":
        return None
    ours = nearest_finish(ROUGHNESS[key])
    if abs(FINISHES[ours] - ROUGHNESS[key]) > 1e-9:
        report.approximated(
            place,
            f"the finish {key!r} of {ROUGHNESS[key] * 1e6:g} µm is our {ours!r} of {FINISHES[ours] * 1e6:g} µm, the nearest",
        )
    return ours
