"""OpenRocket's nose cones, tubes and transitions."""

from __future__ import annotations

from downrange.formats.foreign.design import PartData
from downrange.formats.foreign.nodes import Node
from downrange.formats.foreign.ork_common import (
    THIN,
    put,
    put_finish,
    put_material,
    put_mount,
    put_shape,
    tube_wall,
    wall_of,
)

__all__ = ["nose", "transition", "tube"]


def nose(node: Node, part: PartData) -> None:
    length, radius = node.needed("length"), part.pop("@radius")
    part["shape"] = (node.text("shape") or "ogive").lower()
    put_shape(node, part)
    part |= {"length": length, "diameter": 2 * radius}
    put(part, "wall", wall_of(node, radius, "thickness"))
    if part.get("wall") == 0:
        part["wall"] = THIN
        part.setdefault("mass", 0.0)
        node.report.approximated(node.place, "a wall of no thickness is one of 0.01 mm that weighs nothing")
    put_material(node, part)
    node.truth("shapeclipped")
    for side in ("aft", "fore"):
        r, ell = node.amount(f"{side}shoulderradius"), node.amount(f"{side}shoulderlength")
        wall, capped = node.amount(f"{side}shoulderthickness"), node.truth(f"{side}shouldercapped")
        if r and ell:
            part |= {"shoulder_length": ell, "shoulder_diameter": 2 * r, "shoulder_wall": wall if wall < r else r}
            put(part, "shoulder_capped", capped, False)
    if node.truth("isflipped"):
        _flip(part)
    put_finish(node, part)


def _flip(part: PartData) -> None:
    """A nose cone that is a tail: a transition to a point."""
    part["type"] = "transition"
    part["fore_diameter"], part["aft_diameter"] = part.pop("diameter"), 0.0
    for key, ours in (("length", "fore_shoulder_length"), ("diameter", "fore_shoulder_diameter"), ("wall", "shoulder_wall"),
                      ("capped", "fore_shoulder_capped")):  # fmt: skip
        if f"shoulder_{key}" in part:
            part[ours] = part.pop(f"shoulder_{key}")


def tube(node: Node, part: PartData) -> None:
    radius = max(part.pop("@radius"), THIN)
    part |= {"length": max(node.needed("length"), THIN), "diameter": 2 * radius}
    tube_wall(node, part, radius)
    put_material(node, part)
    put_finish(node, part)
    put_mount(node, part)


def transition(node: Node, part: PartData) -> None:
    fore, aft = part.pop("@fore"), part.pop("@radius")
    part |= {"length": max(node.needed("length"), THIN), "fore_diameter": 2 * fore, "aft_diameter": 2 * aft}
    part["shape"] = (node.text("shape") or "conical").lower()
    put_shape(node, part)
    clipped = node.truth("shapeclipped")
    if part["shape"] != "conical" and clipped is not False:
        part["clipped"] = True
    wall = wall_of(node, max(fore, aft), "thickness")
    put(part, "wall", wall)
    if wall == 0:
        part["wall"] = THIN
        part.setdefault("mass", 0.0)
    put_material(node, part)
    walls = {}
    for side in ("fore", "aft"):
        r, ell = node.amount(f"{side}shoulderradius"), node.amount(f"{side}shoulderlength")
        walls[side], capped = node.amount(f"{side}shoulderthickness"), node.truth(f"{side}shouldercapped")
        if r and ell:
            part |= {f"{side}_shoulder_length": ell, f"{side}_shoulder_diameter": 2 * r}
            put(part, f"{side}_shoulder_capped", capped, False)
    if "fore_shoulder_length" in part:
        part["shoulder_wall"] = walls["fore"]
    if "aft_shoulder_length" in part:
        part["aft_shoulder_wall"] = walls["aft"]
    put_finish(node, part)
