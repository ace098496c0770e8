"""OpenRocket's `.ork`: XML, alone or in gzip or zip, of every document version from 1.0 on.

Written by tags and not by versions: a newer tag stands before the older one that says the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from downrange.errors import InputError
from downrange.formats.foreign import Design, Node, Report, Stage, design_bytes, parse_design
from downrange.formats.foreign.ork_assembly import Mounts, assemblies
from downrange.formats.foreign.ork_common import overrides
from downrange.formats.foreign.ork_contents import separation_of
from downrange.formats.foreign.ork_flights import configurations, simulations

__all__ = ["read"]

SUFFIXES = (".ork",)

_IGNORED = {
    "appearance": "colours and decals", "insideappearance": "colours and decals", "color": "colours and decals", "linestyle": "colours and decals",
    "photostudio": "settings of pictures", "docprefs": "settings of the program", "datatypes": "expressions for plots",
    "id": "identities of components", "preset": "which catalogue part it was made from (its sizes are in the file)",
    "docmaterials": "materials that no part uses",
}  # fmt: skip


def read(path: Path) -> Design:
    """The design in an `.ork` file. Raises `InputError` with the file, and the line where its XML is broken."""
    root = Node(parse_design(design_bytes(path), path, "openrocket"), report := Report(str(path), _IGNORED))
    rocket = root.child("rocket")
    if rocket is None:
        raise InputError("there is no rocket in it", file=str(path))
    name = rocket.text("name") or path.stem
    stages, mounts = _stages(rocket)
    configs = configurations(rocket, mounts, report)
    flights = simulations(root)
    comment = "\n".join(t for t in (rocket.text("designer"), rocket.text("comment"), rocket.text("revision")) if t)
    reference = (rocket.text("referencetype") or "maximum").lower()
    if reference != "maximum":
        report.approximated(
            "", f"the reference diameter is {reference!r} in the file; with us it is the largest of the body"
        )
    rocket.skip(
        "axialoffset", "position", "customreference", "designtype", "kitname", "optimizationflightconfiguration"
    )
    rocket.done()
    root.done()
    creator = " ".join(t for t in (root.attribute("creator"),) if t)
    return Design(
        program=creator or "OpenRocket", version=root.attribute("version") or "", name=name, stages=stages, configurations=configs,
        simulations=flights, comment=comment, counts=dict(report.counts), notes=report.lines(),
    )  # fmt: skip


def _stages(rocket: Node) -> tuple[tuple[Stage, ...], dict[str, tuple[Node, int]]]:
    """The stages, nose first, and the motor mounts with the number of their stage."""
    nodes = []
    for child in (n for subs in rocket.children("subcomponents") for n in subs.children()):
        if child.tag == "stage":
            nodes.append(child)
        else:
            place = child.text("name") or child.tag
            child.report.dropped(
                place, f"a <{child.tag}> that stands beside the stages, on no body part, with all in it"
            )
    if not nodes:
        raise InputError("the rocket has no stage", file=rocket.report.file)
    mounts: Mounts = {}
    rows = assemblies(nodes, mounts)
    owner = {name: k for k, parts in enumerate(rows) for name in _mounts_in(parts)}
    stages = []
    for k, (node, parts) in enumerate(zip(nodes, rows, strict=True)):
        node.place = node.text("name") or f"stage {k + 1}"
        values: dict[str, Any] = {}
        _weighed(node, values, parts)
        stages.append(
            Stage(node.place, tuple(parts), values.get("mass"), values.get("cg"), separation_of(node) if k > 0 else {})
        )
        node.skip("separationevent", "separationdelay", "separationaltitude")
        node.done()
    return tuple(stages), {name: (m, owner.get(name, 0)) for name, m in mounts.items()}


def _mounts_in(parts: list[dict[str, Any]]) -> list[str]:
    out = []
    for p in parts:
        out += [p["name"]] if p.get("motor_mount") else []
        out += _mounts_in(p.get("parts", []))
    return out


def _weighed(node: Node, values: dict[str, Any], parts: list[dict[str, Any]]) -> None:
    """Mass and CG of a whole stage, as it was weighed without motor."""
    overrides(node, values)
    if comment := node.text("comment"):
        values["@comment"] = comment
    if "drag_coefficient" in values:
        node.report.dropped(
            node.place,
            f"a drag coefficient of {values['drag_coefficient']:g} for the whole stage; give aero.drag instead",
        )
    mass, whole = values.get("mass"), values.get("override_children", False)
    if mass is not None and not whole and parts:
        length = sum(p["length"] for p in parts)
        extra = {
            "type": "mass",
            "name": f"{node.place}: mass of the stage itself",
            "mass": mass,
            "offset": 0.5 * length,
        }
        if mass > 0:
            parts[0].setdefault("parts", []).append(extra)
            node.report.approximated(
                node.place, f"a mass of {mass * 1e3:g} g beside its parts lies in the middle of the stage"
            )
        values.pop("mass")
    if not whole:
        values.pop("cg", None)
