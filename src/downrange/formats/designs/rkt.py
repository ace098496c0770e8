"""RockSim's `.rkt`: XML of the versions 7 to 10."""

from __future__ import annotations

from collections.abc import Iterator
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
from downrange.formats.foreign.ork_common import density_of
from downrange.formats.foreign.rkt_parts import GRAM, KINDS, code, mm, read_part
from downrange.formats.foreign.rkt_recovery import recovery_events

__all__ = ["read"]

SUFFIXES = (".rkt",)

_ONCE = "settings of the program, and what it computed"
_NAMES = ("sustainer", "booster", "second booster")


def read(path: Path) -> Design:
    """The design in a `.rkt` file. Raises `InputError` with the file."""
    report = Report(str(path))
    root = Node(parse_design(design_bytes(path), path, "RockSimDocument"), report)
    information = root.child("designinformation")
    design = information.child("rocketdesign") if information else None
    if design is None:
        raise InputError("there is no rocket in it", file=str(path))
    mounts: dict[int, tuple[str, int]] = {}
    stages = _stages(design, mounts)
    if not stages:
        raise InputError("the rocket has no parts", file=str(path))
    configs, flights = _simulations(root, mounts, len(stages), design)
    listed = root.child("simulationresultslist")
    stored = list(listed.children("simulationresults")) if listed else []
    recovery_events(((str(k + 1), node) for k, node in enumerate(stored)), design, [p for s in stages for p in s.parts])
    report.dropped("", _ONCE)
    return Design(
        program="RockSim", version=root.text("fileversion") or "", name=design.text("name") or path.stem, stages=stages,
        configurations=configs, simulations=flights, comment=design.text("comments") or "", counts=dict(report.counts), notes=report.lines(),
    )  # fmt: skip


def _stages(design: Node, mounts: dict[int, tuple[str, int]]) -> tuple[Stage, ...]:
    known = code(design, "useknownmass") == 1
    out: list[Stage] = []
    for number, cg in ((3, "stage3cg"), (2, "stage2cgalone"), (1, "stage1cgalone")):
        node = design.child(f"stage{number}parts")
        parts = _bodies(node, mounts, len(out)) if node is not None else []
        if parts:
            mass = design.amount(f"stage{number}mass") * GRAM
            weighed = known and mass > 0
            place = mm(design, cg)
            out.append(
                Stage(
                    _NAMES[3 - number],
                    tuple(parts),
                    mass if weighed else None,
                    place if weighed and place > 0 and not out else None,
                    {"": {"event": "ejection"}} if out else {},
                )  # fmt: skip
            )
    return tuple(out)


def _bodies(node: Node, mounts: dict[int, tuple[str, int]], stage: int) -> list[PartData]:
    """Body parts one behind the other, with what is attached to each."""
    out: list[PartData] = []
    for child in node.children():
        child.place = child.text("name") or child.tag
        if child.tag not in ("nosecone", "bodytube", "transition"):
            child.report.dropped(child.place, f"a <{child.tag}> that is attached to no body part")
            continue
        kind, read_ = KINDS[child.tag]
        part = read_part(child, kind, read_)
        part.pop("position", None)
        part.pop("offset", None)
        _attached(child, part, mounts, stage)
        extension = part.pop("@extension", 0.0)
        out.append(part)
        if extension > 0:
            out.append(_extension(part, extension))
            child.report.approximated(
                child.place, f"its base extension of {extension * 1e3:.4g} mm is a tube behind it"
            )
    return out


def _extension(nose: PartData, length: float) -> PartData:
    """The cylinder behind a nose cone."""
    wall = min(nose.get("wall", nose["diameter"] / 2 * (1 - 1e-9)), nose["diameter"] / 2 * (1 - 1e-9))
    tube: PartData = {
        "type": "body tube",
        "name": f"{nose['name']} extension",
        "length": length,
        "diameter": nose["diameter"],
        "wall": wall,
    }
    if "material" in nose:
        tube["material"] = nose["material"]
    if "mass" in nose:
        tube["mass"] = 0.0
    return tube


def _attached(node: Node, part: PartData, mounts: dict[int, tuple[str, int]], stage: int) -> None:
    """Put into a part what is attached to it."""
    report = node.report
    report.counts[part["type"]] += 1
    if serial := part.pop("@serial", None):
        _named_mount(part, serial, mounts, stage)
    inner: list[PartData] = []
    for attached in node.children("attachedparts"):
        for child in _taken_apart(attached, report):
            made = _one(child, part, mounts, stage)
            if made is not None:
                inner.append(made)
    if inner:
        part["parts"] = inner


def _taken_apart(attached: Node, report: Report) -> Iterator[Node]:
    """What is attached, a sub-assembly's parts in its stead: their places are counted from what holds it, as its own are."""
    for child in attached.children():
        child.place = child.text("name") or child.tag
        if child.tag != "subassembly":
            yield child
            continue
        report.approximated(
            child.place, "a sub-assembly: its parts are attached each by itself to what it is attached to"
        )
        if shift := mm(child, "xb"):
            report.approximated(
                child.place, f"its own place of {shift * 1e3:.4g} mm is not added to those of its parts"
            )
        for inner in child.children("attachedparts"):
            yield from _taken_apart(inner, report)


def _one(child: Node, owner: PartData, mounts: dict[int, tuple[str, int]], stage: int) -> PartData | None:
    if child.tag == "externalpod":
        return _pod(child, owner, mounts, stage)
    if child.tag not in KINDS or child.tag in ("nosecone", "transition"):
        child.report.dropped(child.place, f"a part <{child.tag}> that is not known here, with all in it")
        return None
    kind, read_ = KINDS[child.tag]
    made = read_part(child, "inner tube" if child.tag == "bodytube" else kind, read_)
    if made["type"] == "mass" and not made.get("mass"):
        child.report.dropped(child.place, "a mass of nothing")
        return None
    _fit(child, made, owner)
    _attached(child, made, mounts, stage)
    return made


def _fit(child: Node, made: PartData, owner: PartData) -> None:
    """What fills its owner in RockSim, and is wider: as wide as the bore, with the mass that it has in the file."""
    bore = owner.get("diameter", 0.0) - 2 * owner.get("wall", 0.0)
    if made["type"] in ("centring ring", "bulkhead", "tube coupler", "inner tube") and owner["type"] in (
        "body tube",
        "inner tube",
    ):
        wide = made["diameter"] - bore
        if wide > 0.0005 and bore > 0:
            child.report.approximated(
                child.place,
                f"it is {made['diameter'] * 1e3:.1f} mm wide in a bore of {bore * 1e3:.1f} mm: as wide as the bore with us, with its own mass",
            )
            hole = made.get("inner_diameter", made["diameter"] - 2 * made["wall"] if "wall" in made else 0.0)
            across = 0.25 * pi * (made["diameter"] ** 2 - hole**2)
            made.setdefault("mass", density_of(made.get("material")) * across * made["length"])
            made["diameter"] = bore
            if "wall" in made:
                made["wall"] = max(0.5 * (bore - hole), 0.01 * bore)
            if "inner_diameter" in made:
                made["inner_diameter"] = min(made["inner_diameter"], bore * (1 - 1e-9))


def _named_mount(part: PartData, serial: int, mounts: dict[int, tuple[str, int]], stage: int) -> None:
    name = base = part["name"] or part["type"]
    taken, k = {n for n, _ in mounts.values()}, 2
    while name in taken:
        name, k = f"{base} {k}", k + 1
    part["name"] = name
    mounts[serial] = (name, stage)


def _pod(node: Node, owner: PartData, mounts: dict[int, tuple[str, int]], stage: int) -> PartData | None:
    parts = [p for a in node.children("attachedparts") for p in _bodies(a, mounts, stage)]
    if not parts:
        node.report.dropped(node.place, "a pod with nothing in it")
        return None
    kind = "boosters" if code(node, "detachable") == 1 else "pods"
    node.report.counts[kind] += 1
    x, mode = mm(node, "xb"), code(node, "locationmode")
    part: PartData = {
        "type": kind,
        "name": node.text("name") or "",
        "count": 1,
        "parts": parts,
        "angle": node.amount("radialangle") % (2 * pi),
    }
    part["position"] = {0: "top", 1: "absolute", 2: "bottom"}.get(mode, "top")
    if x:
        part["offset"] = -x if mode == 2 else x
    if code(node, "autocalcradialdistance") != 1:
        part["radial_distance"] = mm(node, "radialloc")
    if kind == "boosters":
        part["separation"] = {"event": "burn-out"}
        node.report.chosen(node.place, "when the detachable pod leaves: at its burn-out")
    return part


# ---- flights --------------------------------------------------------------------------------------------------------


def _simulations(
    root: Node, mounts: dict[int, tuple[str, int]], stages: int, design: Node
) -> tuple[tuple[Configuration, ...], tuple[Simulation, ...]]:
    configs: list[Configuration] = []
    flights: list[Simulation] = []
    results = root.child("simulationresultslist")
    for k, node in enumerate(results.children("simulationresults") if results else ()):
        node.place = name = node.text("simulationname") or f"simulation {k + 1}"
        motors = tuple(_engines(node, mounts, stages))
        configs.append(Configuration(str(k + 1), name, motors, default=k == 0))
        flights.append(Simulation(name, str(k + 1), _conditions(node, design), _stored(node), "loaded"))
    return tuple(configs), tuple(flights)


def _engines(node: Node, mounts: dict[int, tuple[str, int]], stages: int) -> list[ForeignMotor]:
    out = []
    for number in (3, 2, 1):
        group = node.child(f"stage{number}engines")
        for s in group.children("engineset") if group else ():
            serial, motor = code(s, "mountserialno"), s.text("enginecode") or ""
            mount, stage = mounts.get(serial, ("", min(3 - number, stages - 1)))
            if not mount:
                inside = [n for n, (m, st) in mounts.items() if st == stage]
                mount = mounts[inside[-1]][0] if inside else ""
            if not motor:
                continue
            if (count := code(s, "enginecount")) > 1:
                s.report.approximated(
                    node.place, f"{count} engines {motor[:30]!r} in one mount; with us one in each of its tubes"
                )
            delay = s.number("ejectiondelay")
            plugged = delay is not None and delay < 0
            out.append(
                ForeignMotor(
                    mount, motor, s.text("enginemfg") or "", delay=None if plugged else delay, plugged=plugged,
                    event="automatic", event_delay=max(s.amount("ignitiondelay"), 0.0), stage=stage,
                )
            )  # fmt: skip
    return out


def _conditions(node: Node, design: Node) -> Conditions:
    """Metres, degrees from the vertical, Celsius, mm of mercury."""
    tilt, speed = radians(node.amount("launchangle")), node.amount("launchwindspeed")
    rod = mm(node, "launchguidelen") or mm(design, "launchguidelength")
    temperature, pressure = node.number("launchtemperature"), node.number("launchbarometer")
    return Conditions(
        rod_length=rod or None, rod_elevation=pi / 2 - abs(tilt), rod_azimuth=0.0 if tilt >= 0 else pi,
        winds=((None, speed, pi / 2, 0.0),) if speed > 0 else (), latitude=None, longitude=None, elevation=node.amount("launchaltitude"),
        temperature=None if temperature is None else temperature + 273.15,
        pressure=None if not pressure else pressure * 133.322387415,
    )  # fmt: skip


_FIGURES = {
    "maxaltitude": "apogee_agl_m", "maxvelocity": "max_speed_m_s", "maxacceleration": "max_acceleration_m_s2", "timetoapogee": "time_to_apogee_s",
    "timetolanding": "flight_time_s", "velocityatlanding": "ground_hit_speed_m_s", "velocityatlaunchguideend": "rail_exit_speed_m_s",
    "optimaldelay": "optimum_delay_s",
}  # fmt: skip


def _stored(node: Node) -> Stored | None:
    figures: dict[str, Any] = {ours: v for tag, ours in _FIGURES.items() if (v := node.number(tag)) is not None}
    return Stored(figures) if figures else None
