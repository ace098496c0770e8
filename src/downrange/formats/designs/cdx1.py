"""RASAero II's `.CDX1`: inches, degrees, pounds, feet, miles an hour, inches of mercury."""

from __future__ import annotations

import re
from math import pi, radians
from pathlib import Path
from typing import Any

from downrange.errors import InputError
from downrange.formats.foreign import (
    Conditions,
    Configuration,
    Design,
    ForeignMotor,
    Node,
    Report,
    Simulation,
    Stage,
    Stored,
    design_bytes,
    parse_design,
)
from downrange.formats.foreign.design import PartData

__all__ = ["read"]

SUFFIXES = (".cdx1",)

_IN, _FT, _LB = 0.0254, 0.3048, 0.45359237
_SHAPES: dict[str, tuple[str, float | None]] = {
    "conical": ("conical", None), "tangent ogive": ("ogive", 1.0), "von karman ogive": ("haack", 0.0), "lv-haack": ("haack", 1 / 3),
    "parabolic": ("parabolic", 1.0), "elliptical": ("ellipsoid", None), "power law": ("power", 0.5), "sears-haack": ("haack", 1 / 3),
}  # fmt: skip
_SECTIONS = {
    "square": "square", "rounded": "rounded", "subsonic naca": "airfoil", "hexagonal": "hexagonal", "double wedge": "double wedge",
    "single wedge": "wedge",
}  # fmt: skip
_NEAR = {"biconvex": "double wedge", "hexagonal blunt base": "hexagonal"}
_SURFACES = {  # µin of roughness, as RASAero's manual lists them
    "smooth (zero roughness)": 0.0, "polished": 50.0, "sheet metal": 160.0, "smooth paint": 250.0, "camouflage paint": 400.0,
    "rough camouflage paint": 1200.0, "galvanized metal": 6000.0, "cast iron (very rough)": 10000.0,
}  # fmt: skip
_MAKERS = {
    "AT": "AeroTech", "AMW": "Animal Motor Works", "CTI": "Cesaroni", "CS": "Cesaroni", "ES": "Estes", "EM": "Ellis Mountain", "GR": "Gorilla",
    "HT": "Hypertek", "KBA": "Kosdon by AeroTech", "KOS": "Kosdon", "KT": "Kosdon", "LR": "Loki", "Q": "Quest", "RATT": "RATT", "SCR": "Southern Cross",
    "RR": "Roadrunner", "CR": "Contrail", "AA": "Apogee", "AP": "Apogee", "PP": "Propulsion Polymers", "SR": "SkyR", "WCH": "West Coast Hybrids",
}  # fmt: skip
_ENGINE = re.compile(r"\s*(\S.*?)\s*(?:\(([^)]*)\))?\s*")
_WALL = 0.02  # of the diameter; RASAero knows no walls


def read(path: Path) -> Design:
    """The design in a `.CDX1` file. Raises `InputError` with the file."""
    report = Report(str(path), {"color": "colours"})
    root = Node(parse_design(design_bytes(path), path, "RASAeroDocument"), report)
    design = root.child("rocketdesign")
    if design is None:
        raise InputError("there is no rocket in it", file=str(path))
    stages = _stages(design)
    _recovery(root, stages)
    site = root.child("launchsite")
    conditions = _conditions(site) if site else Conditions()
    configs, flights = _simulations(root, len(stages), conditions)
    _separations(root, stages)
    table = root.child("machalt")
    if table is not None and len(table.element):
        report.dropped("", "its table of Mach numbers and altitudes")
    report.chosen(
        "",
        "walls and materials, which RASAero does not know: fibreglass of a fiftieth of the diameter; mass and CG are those of its simulation",
    )
    for flag in ("modifiedbarrowman", "turbulence"):
        if design.truth(flag):
            report.dropped("", f"the setting <{flag}>: methods are chosen with --aero")
    return Design(
        program="RASAero II", version=root.text("fileversion") or "", name=path.stem, stages=tuple(stages), configurations=configs,
        simulations=flights, comment=design.text("comments") or "", roughness=_roughness(design), counts=dict(report.counts), notes=report.lines(),
    )  # fmt: skip


def _inch(node: Node, tag: str) -> float:
    return node.amount(tag) * _IN


def _stages(design: Node) -> list[Stage]:
    """Body parts by their places: a booster begins a stage, a fin can is a sleeve on what stands before it."""
    rows: list[list[PartData]] = [[]]
    end, report = 0.0, design.report
    nodes = [n for n in design.children() if n.child("parttype") is not None]
    for k, node in enumerate(nodes):
        node.place = node.tag
        front = _inch(node, "location")
        if node.tag == "fincan":
            _sleeve(node, rows[-1], end)
            continue
        if node.tag == "booster" and rows[-1]:
            rows.append([])
        following = nodes[k + 1].tag if k + 1 < len(nodes) else ""
        for part in _body(node, rows[-1], following):
            over = end - front if abs(end - front) > 1e-4 and front > 0 else 0.0
            if over > 0 and part["length"] - over > 1e-4:
                part["length"] -= over
                report.approximated(
                    node.place,
                    f"it begins {over / _IN:.3g} in before what stands before it ends, and goes over it: shorter by that here",
                )
            elif over < -1e-4:
                report.approximated(node.place, f"a gap of {-over / _IN:.3g} in before it: closed by a longer part")
                part["length"] -= over
            end += part["length"]
            front = end
            report.counts[part["type"]] += 1
            rows[-1].append(part)
    if not rows[0]:
        raise InputError("the rocket has no parts", file=design.report.file)
    for k, row in enumerate(rows):
        _mount(row, k)
    names = ("sustainer", "booster 1", "booster 2")
    return [
        Stage(names[min(k, 2)], tuple(r), separation={"": {"event": "burn-out"}} if k else {})
        for k, r in enumerate(rows)
    ]


def _mount(row: list[PartData], stage: int) -> None:
    """The last tube of a stage holds the motor."""
    tubes = [p for p in row if p["type"] == "body tube"]
    if tubes:
        tubes[-1] |= {"motor_mount": True, "name": f"motor tube {stage + 1}" if stage else "motor tube"}
        if row[-1] is not tubes[-1]:
            tubes[-1]["overhang"] = sum(p["length"] for p in row[row.index(tubes[-1]) + 1 :])


def _body(node: Node, row: list[PartData], following: str) -> list[PartData]:
    diameter, length = _inch(node, "diameter"), _inch(node, "length")
    name = {"nosecone": "nose cone", "bodytube": "tube", "boattail": "boat-tail"}.get(node.tag, node.tag)
    if node.tag == "nosecone":
        return [_nose(node, diameter, length)]
    if node.tag in ("boattail", "transition"):
        part: PartData = {
            "type": "transition", "name": name, "length": length, "fore_diameter": diameter, "aft_diameter": _inch(node, "reardiameter"),
            "wall": _WALL * diameter, "material": "fiberglass",
        }  # fmt: skip
        part["parts"] = _surface(node, part)
        return [part]
    if node.tag not in ("bodytube", "booster"):
        node.report.dropped(node.place, f"a part <{node.tag}> that is not known here")
        return []
    inside = _inch(node, "insidediameter")
    wall = 0.5 * (diameter - inside) if 0 < inside < diameter else _WALL * diameter
    tube: PartData = {
        "type": "body tube",
        "name": name,
        "length": length,
        "diameter": diameter,
        "wall": wall,
        "material": "fiberglass",
    }
    tube["parts"] = _surface(node, tube)
    tail, rear = _inch(node, "boattaillength"), _inch(node, "boattailreardiameter")
    out = [tube]
    if tail > 0 and following != "boattail":
        out.append({
            "type": "transition", "name": f"{name} boat-tail", "length": tail, "fore_diameter": diameter, "aft_diameter": rear,
            "wall": _WALL * diameter, "material": "fiberglass",
        })  # fmt: skip
    if node.amount("overhang"):
        node.report.dropped(node.place, "<Overhang> of the boat-tail")
    return out


def _nose(node: Node, diameter: float, length: float) -> PartData:
    word = (node.text("shape") or "tangent ogive").lower()
    if word not in _SHAPES:
        node.report.approximated(node.place, f"the shape {word[:40]!r} is not known; a tangent ogive is taken")
    shape, parameter = _SHAPES.get(word, ("ogive", 1.0))
    part: PartData = {
        "type": "nose cone",
        "name": "nose cone",
        "shape": shape,
        "length": length,
        "diameter": diameter,
        "material": "fiberglass",
    }
    if word == "power law":
        parameter = node.number("powerlaw", default=parameter)
    if parameter is not None:
        part["shape_parameter"] = parameter
    if blunt := _inch(node, "bluntradius"):
        part["tip_radius"] = blunt
    part["wall"] = _WALL * diameter
    return part


def _surface(node: Node, body: PartData) -> list[PartData]:
    """Fins, lugs, rail guides and shoes of a body part."""
    out = [_fins(f) for f in node.children("fin") if f.amount("count") and f.amount("span")]
    for f in out:
        node.report.counts[f["type"]] += 1
    diameter, length = _inch(node, "launchlugdiameter"), _inch(node, "launchluglength")
    if diameter and length:
        out.append({"type": "launch lug", "name": "launch lug", "position": "middle", "length": length, "diameter": diameter,
                    "wall": 0.05 * diameter, "mass": 0.0})  # fmt: skip
    if (wide := _inch(node, "railguidediameter")) and (high := _inch(node, "railguideheight")):
        out.append(
            {
                "type": "rail buttons",
                "name": "rail guide",
                "position": "middle",
                "count": 1,
                "diameter": wide,
                "height": high,
                "mass": 0.0,
            }
        )
    if area := node.amount("launchshoearea") * _IN**2:
        side = area**0.5
        out.append(
            {
                "type": "protuberance",
                "name": "launch shoe",
                "position": "middle",
                "length": 2 * side,
                "width": side,
                "height": side,
            }
        )
    return out


def _fins(node: Node) -> PartData:
    chord, section = _inch(node, "chord"), (node.text("airfoilsection") or "square").lower()
    if section in _NEAR:
        node.report.approximated("fins", f"the section {section!r} is {_NEAR[section]!r}, the nearest that we have")
    elif section not in _SECTIONS:
        node.report.approximated("fins", f"the section {section[:30]!r} is not known; square is taken")
    part: PartData = {
        "type": "trapezoidal fins", "name": "fins", "position": "bottom", "offset": chord - _inch(node, "location"), "count": int(node.amount("count")),
        "root_chord": chord, "tip_chord": _inch(node, "tipchord"), "span": _inch(node, "span"), "sweep": _inch(node, "sweepdistance"),
        "thickness": _inch(node, "thickness") or 1e-5, "section": _SECTIONS.get(section, _NEAR.get(section, "square")), "material": "fiberglass",
    }  # fmt: skip
    if radius := _inch(node, "leradius"):
        part["leading_edge_radius"] = radius
    if section in ("hexagonal", "hexagonal blunt base") and (node.amount("fx1") or node.amount("fx3")):
        node.report.approximated("fins", "the lengths of the bevels (FX1, FX3): a third of the chord each with us")
    return part


def _sleeve(node: Node, row: list[PartData], end: float) -> None:
    """A fin can: its fins stand on the tube below, its thickness is left out."""
    tubes = [p for p in row if p["type"] == "body tube"]
    if not tubes:
        node.report.dropped(node.place, "a fin can on nothing")
        return
    shift = end - (_inch(node, "location") + min(_inch(node, "offset"), 0.0) + _inch(node, "length"))
    for part in _surface(node, tubes[-1]):
        if part["position"] == "bottom":
            part["offset"] -= shift
        tubes[-1].setdefault("parts", []).append(part)
    node.report.approximated(node.place, "a fin can is its fins on the tube below it; the sleeve itself is left out")


def _roughness(design: Node) -> float:
    """Of the surface, m."""
    return _SURFACES.get((design.text("surface") or "smooth paint").lower(), 250.0) * 0.0254e-6


def _recovery(root: Node, stages: list[Stage]) -> None:
    """Canopies, which RASAero places nowhere: at the front of the first tube."""
    node = root.child("recovery")
    if node is None:
        return
    body = next((p for p in stages[0].parts if p["type"] == "body tube"), None)
    for k in ("1", "2"):
        event, device = (node.text(f"eventtype{k}") or "none").lower(), (node.text(f"devicetype{k}") or "none").lower()
        if not node.truth(f"event{k}") or event == "none" or body is None:
            continue
        size = _inch(node, f"size{k}")
        if size <= 0:
            continue
        deploy: dict[str, Any] = {"event": "apogee"}
        if event == "altitude":
            deploy = {"event": "altitude", "altitude": node.amount(f"altitude{k}") * _FT}
        body.setdefault("parts", []).append({
            "type": "parachute", "name": f"recovery {k}", "diameter": size, "cd": node.amount(f"cd{k}") or 1.33, "deploy": deploy, "mass": 0.0,
        })  # fmt: skip
        if device == "streamer":
            node.report.approximated(f"recovery {k}", "a streamer whose size is one number: a canopy of that diameter")
        node.report.counts["parachute"] += 1


def _conditions(site: Node) -> Conditions:
    """Where and when; latitude and longitude are not said."""
    pressure, temperature, wind = (
        site.amount("pressure"),
        site.number("temperature"),
        site.amount("windspeed") * 0.44704,
    )
    return Conditions(
        rod_length=site.amount("rodlength") * _FT or None, rod_elevation=pi / 2 - radians(abs(site.amount("rodangle"))), rod_azimuth=0.0,
        winds=((None, wind, pi / 2, 0.0),) if wind > 0 else (), elevation=site.amount("altitude") * _FT,
        temperature=None if temperature is None else (temperature - 32) / 1.8 + 273.15, pressure=pressure * 3386.389 if pressure else None,
    )  # fmt: skip


def _separations(root: Node, stages: list[Stage]) -> None:
    """How long after its burn-out each booster leaves, in each simulation."""
    listed = root.child("simulationlist")
    for k, node in enumerate(listed.children("simulation") if listed else ()):
        for stage, tag in ((1, "booster1separationdelay"), (2, "booster2delay")):
            delay = node.amount(tag)
            if stage < len(stages) and delay > 0:
                stages[stage].separation[str(k + 1)] = {"event": "burn-out", "delay": delay}


def _simulations(
    root: Node, stages: int, conditions: Conditions
) -> tuple[tuple[Configuration, ...], tuple[Simulation, ...]]:
    configs: list[Configuration] = []
    flights: list[Simulation] = []
    listed = root.child("simulationlist")
    for k, node in enumerate(listed.children("simulation") if listed else ()):
        motors: list[ForeignMotor] = []
        loaded: list[tuple[int, float, float]] = []
        for stage, word in enumerate(("Sustainer", "Booster1", "Booster2")[:stages]):
            w = word.lower()
            if stage and not node.truth(f"include{w}"):
                continue
            m = _ENGINE.fullmatch(node.text(f"{w}engine") or "")
            if m is None:
                continue
            maker = (m[2] or "").strip()
            motors.append(
                ForeignMotor(
                    f"motor tube {stage + 1}" if stage else "motor tube", m[1], _MAKERS.get(maker.upper(), maker), stage=stage, event_delay=node.amount(f"{w}ignitiondelay"),
                    nozzle_exit=_inch(node, f"{w}nozzlediameter") or None,
                )
            )  # fmt: skip
            loaded.append((stage, node.amount(f"{w}launchwt") * _LB, _inch(node, f"{w}cg")))
        name = "; ".join(m.designation for m in motors) or f"simulation {k + 1}"
        present = {m.stage for m in motors}
        idle = frozenset(s for s in range(stages) if s not in present)
        configs.append(
            Configuration(str(k + 1), name, tuple(motors), idle if motors else frozenset(), k == 0, tuple(loaded))
        )
        flights.append(Simulation(name, str(k + 1), conditions, _stored(node), "loaded"))
    if not flights:
        flights.append(Simulation("launch site", "", conditions))
    return tuple(configs), tuple(flights)


def _stored(node: Node) -> Stored | None:
    pairs = (("maxaltitude", "apogee_agl_m", _FT), ("maxvelocity", "max_speed_m_s", _FT), ("timetoapogee", "time_to_apogee_s", 1.0),
             ("flighttime", "flight_time_s", 1.0))  # fmt: skip
    figures = {ours: v * scale for tag, ours, scale in pairs if (v := node.amount(tag))}
    return Stored(figures) if figures else None
