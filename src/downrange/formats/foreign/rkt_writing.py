"""A RockSim file of a rocket: its stages and their parts, in millimetres and grams."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from functools import singledispatch
from math import degrees, pi

from downrange.errors import InputError
from downrange.flight import Launch
from downrange.formats.foreign.recovery_lost import lost_of_recovery
from downrange.rocket import Material, Placed, Rocket, devices, find_material, part_mass
from downrange.rocket import parts as p
from downrange.text import plain

__all__ = ["rkt_bytes"]

_SHAPES = {"conical": 0, "ogive": 1, "ellipsoid": 3, "power": 4, "parabolic": 5, "haack": 6, "von karman": 6}
_SECTIONS = {"square": 0, "rounded": 1, "airfoil": 2}
_FINISHES = {"polished": 0, "mirror": 0, "smooth paint": 1, "optimum paint": 1, "normal paint": 2}
_MODES = {"top": 0, "absolute": 1, "bottom": 2}


def _tags(parent: ET.Element, **values: object) -> None:
    for name, value in values.items():
        e = ET.SubElement(parent, name)
        e.text = repr(float(value)) if isinstance(value, float) else str(value)


def rkt_bytes(rocket: Rocket, launches: Sequence[Launch]) -> tuple[bytes, tuple[str, ...]]:
    """The file (version 4), and a line for everything that RockSim cannot say. Raises `InputError` for more than three stages."""
    if len(rocket.stages) > 3:
        raise InputError("RockSim knows three stages")
    lost: list[str] = []
    root = ET.Element("RockSimDocument")
    _tags(root, FileVersion=4)
    design = ET.SubElement(ET.SubElement(root, "DesignInformation"), "RocketDesign")
    weighed = [s.measured.mass for s in rocket.stages]
    known = int(any(m is not None for m in weighed))
    _tags(design, Name=plain(rocket.name or "Rocket", 200), StageCount=len(rocket.stages), UseKnownMass=known)
    for k, stage in enumerate(rocket.stages):
        _tags(design, **{f"Stage{3 - k}Mass": 1e3 * (stage.measured.mass or 0.0)})
        if k == 0:
            _tags(design, Stage3CG=1e3 * (stage.measured.cg or 0.0))
    serials: dict[str, int] = {}
    tops = [q for q in rocket.placed if q.depth == 0]
    for k in range(3):
        group = ET.SubElement(design, f"Stage{3 - k}Parts")
        if k >= len(rocket.stages):
            continue
        own = {id(part) for part in rocket.stages[k].parts}
        for q in tops:
            if id(q.part) in own:
                _write(group, q, rocket, serials, lost)
    results = ET.SubElement(root, "SimulationResultsList")
    for launch in launches:
        _simulation(ET.SubElement(results, "SimulationResults"), launch, serials)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True), tuple(dict.fromkeys(lost))


def _children(rocket: Rocket, q: Placed) -> list[Placed]:
    return [c for c in rocket.placed if c.depth == q.depth + 1 and c.path.startswith(q.path + ".")]


def _write(parent: ET.Element, q: Placed, rocket: Rocket, serials: dict[str, int], lost: list[str]) -> None:
    part = q.part
    name = _NAMES.get(type(part))
    if name is None:
        lost.append(f"{part.name or type(part).__name__}: RockSim has no such part here")
        lost.extend(f"{part.name or type(part).__name__}: {what}" for what in lost_of_recovery(part))
        return
    e = ET.SubElement(parent, name)
    _tags(e, Name=plain(part.name, 200), SerialNo=len(serials) + 1)
    _place(e, q)
    _mass(e, q)
    own(part, e, q, lost)
    lost.extend(f"{part.name or type(part).__name__}: {what}" for what in lost_of_recovery(part))
    if isinstance(part, p.BodyTube | p.InnerTube):
        serials[part.name or q.path] = len(serials) + 1
        _tags(
            e,
            IsMotorMount=int(part.motor_mount),
            EngineOverhang=1e3 * part.overhang,
            IsInsideTube=int(isinstance(part, p.InnerTube)),
        )
    inside = ET.SubElement(e, "AttachedParts")
    for child in _children(rocket, q):
        _write(inside, child, rocket, serials, lost)


def _place(e: ET.Element, q: Placed) -> None:
    """Every place from the nose tip for body parts' contents that say so, else as they say it."""
    part = q.part
    if isinstance(part, p.NoseCone | p.BodyTube | p.Transition):
        _tags(e, Xb=0, LocationMode=0)
    elif part.position in _MODES and part.position != "middle":
        _tags(
            e, Xb=1e3 * (-part.offset if part.position == "bottom" else part.offset), LocationMode=_MODES[part.position]
        )
    else:
        _tags(e, Xb=1e3 * q.front, LocationMode=1)


def _mass(e: ET.Element, q: Placed) -> None:
    """Mass and CG that were said, else those computed, marked as not known."""
    part, body = q.part, part_mass(q.part, q.at)
    known = part.mass is not None or part.cg is not None or bool(q.at.holes)
    cg = part.cg if part.cg is not None else float(body.cg[0]) - q.front
    _tags(e, KnownMass=1e3 * (part.mass if part.mass is not None else body.mass), KnownCG=1e3 * cg, UseKnownCG=int(known), CalcMass=1e3 * body.mass,
          CalcCG=1e3 * cg)  # fmt: skip


def _material(e: ET.Element, given: str | Material) -> None:
    m = find_material(given, "volume")
    _tags(e, Density=float(m.density), Material=m.name, DensityType=0)


@singledispatch
def own(part: p.Part, e: ET.Element, q: Placed, lost: list[str]) -> None:
    """What is a part's own."""
    raise TypeError(f"{type(part).__name__} is not written")


def _shell(e: ET.Element, part: p.NoseCone | p.Transition) -> None:
    parameter = 0.0 if part.shape == "von karman" else 0.0 if part.shape_parameter is None else part.shape_parameter
    _tags(e, Len=1e3 * part.length, ShapeCode=_SHAPES[part.shape], ShapeParameter=float(parameter), ConstructionType=int(part.wall is not None),
          WallThickness=1e3 * (part.wall or 0.0))  # fmt: skip
    if part.finish:
        _tags(e, FinishCode=_FINISHES.get(part.finish, 3))
    _material(e, part.material)


@own.register
def _(part: p.NoseCone, e: ET.Element, q: Placed, lost: list[str]) -> None:
    _shell(e, part)
    _tags(
        e,
        BaseDia=1e3 * part.diameter,
        ShoulderLen=1e3 * part.shoulder_length,
        ShoulderOD=1e3 * (part.shoulder_diameter or 0.0),
        BaseExtensionLen=0,
    )
    if part.tip_radius or part.shoulder_capped:
        lost.append(f"{part.name}: its rounded tip, and the cap of its shoulder")


@own.register
def _(part: p.Transition, e: ET.Element, q: Placed, lost: list[str]) -> None:
    _shell(e, part)
    _tags(e, FrontDia=2e3 * q.at.outer, RearDia=2e3 * q.at.aft_outer, FrontShoulderLen=1e3 * part.fore_shoulder_length,
          RearShoulderLen=1e3 * part.aft_shoulder_length, FrontShoulderDia=1e3 * (part.fore_shoulder_diameter or 2 * q.at.outer),
          RearShoulderDia=1e3 * (part.aft_shoulder_diameter or 2 * q.at.aft_outer))  # fmt: skip


@own.register
def _(part: p.BodyTube | p.InnerTube, e: ET.Element, q: Placed, lost: list[str]) -> None:
    outer = q.at.outer
    _tags(e, Len=1e3 * part.length, OD=2e3 * outer, ID=2e3 * (outer - part.wall), RadialLoc=0, RadialAngle=0)
    if isinstance(part, p.BodyTube) and part.finish:
        _tags(e, FinishCode=_FINISHES.get(part.finish, 3))
    if isinstance(part, p.InnerTube) and len(part.middles) > 1:
        lost.append(f"{part.name}: a cluster of {len(part.middles)}, written as one tube on the axis")
    _material(e, part.material)


def _fins(part: p.FinSet, e: ET.Element, lost: list[str]) -> None:
    _tags(e, FinCount=part.count, Thickness=1e3 * part.thickness, TipShapeCode=_SECTIONS.get(part.section, 0), CantAngle=float(part.cant),
          RadialAngle=float(part.angle), TabLength=1e3 * part.tab_length, TabDepth=1e3 * part.tab_height, TabOffset=1e3 * part.tab_offset)  # fmt: skip
    if part.finish:
        _tags(e, FinishCode=_FINISHES.get(part.finish, 3))
    _material(e, part.material)
    if part.section not in _SECTIONS or part.fillet_radius or part.missing or part.misalignments:
        lost.append(f"{part.name}: of section, fillets, missing and misaligned fins what RockSim has not")


@own.register
def _(part: p.TrapezoidalFins, e: ET.Element, q: Placed, lost: list[str]) -> None:
    _fins(part, e, lost)
    _tags(
        e,
        ShapeCode=0,
        RootChord=1e3 * part.root_chord,
        TipChord=1e3 * part.tip_chord,
        SemiSpan=1e3 * part.span,
        SweepDistance=1e3 * part.sweep,
        SweepMode=1,
    )


@own.register
def _(part: p.EllipticalFins, e: ET.Element, q: Placed, lost: list[str]) -> None:
    _fins(part, e, lost)
    _tags(e, ShapeCode=1, RootChord=1e3 * part.root_chord, SemiSpan=1e3 * part.span)


@own.register
def _(part: p.FreeformFins, e: ET.Element, q: Placed, lost: list[str]) -> None:
    _fins(part, e, lost)
    points = "".join(f"{1e3 * x!r},{1e3 * y!r}|" for x, y in reversed(part.points))
    _tags(e, ShapeCode=2, PointList=points)


@own.register
def _(part: p.LaunchLug, e: ET.Element, q: Placed, lost: list[str]) -> None:
    _tags(
        e,
        Len=1e3 * part.length,
        OD=1e3 * part.diameter,
        ID=1e3 * (part.diameter - 2 * part.wall),
        RadialAngle=float(part.angle),
    )
    _material(e, part.material)
    if part.count > 1:
        lost.append(f"{part.name}: {part.count - 1} lugs more than one")


@own.register
def _(part: p.TubeCoupler | p.CentringRing | p.Bulkhead, e: ET.Element, q: Placed, lost: list[str]) -> None:
    use, inner = (
        (4, q.at.inner)
        if isinstance(part, p.TubeCoupler)
        else (0, q.at.inner)
        if isinstance(part, p.CentringRing)
        else (1, 0.0)
    )
    _tags(e, Len=1e3 * part.length, OD=2e3 * q.at.outer, ID=2e3 * inner, UsageCode=use, AutoSize=0)
    _material(e, part.material)
    if isinstance(part, p.CentringRing) and part.count > 1:
        lost.append(f"{part.name}: {part.count - 1} rings more than one")


@own.register
def _(part: p.MassObject, e: ET.Element, q: Placed, lost: list[str]) -> None:
    _tags(
        e,
        TypeCode=0,
        Len=0.0,
        RadialLoc=1e3 * part.radial_offset,
        RadialAngle=float(part.angle % (2 * pi)),
        DensityType=0,
        Density=0,
    )


@own.register
def _(part: p.ShockCord, e: ET.Element, q: Placed, lost: list[str]) -> None:
    m = find_material(part.material, "line")
    _tags(e, TypeCode=1, Len=1e3 * part.length, DensityType=2, Density=float(m.density), Material=m.name)


def _opens(part: devices.Recovery, e: ET.Element, lost: list[str]) -> None:
    if part.deploy.event == "altitude":
        _tags(e, DeployAltitude=1e3 * (part.deploy.altitude or 0.0))
    elif part.deploy.event != "ejection":
        lost.append(f"{part.name}: that it opens at {part.deploy.event}; RockSim's simulations say when")
    d = part.deploy
    wait = d.delay + d.lag + d.pilot_delay + d.bag_delay + d.detection
    if wait:
        lost.append(f"{part.name}: the {wait:g} s until it is stretched")
    if part.replaces_others:
        lost.append(f"{part.name}: that it replaces the canopies before it")


@own.register
def _(part: devices.Parachute, e: ET.Element, q: Placed, lost: list[str]) -> None:
    diameter, cd = part.diameter or 0.0, part.cd
    if part.cd_area is not None:
        diameter = diameter or (4 * part.cd_area / pi / cd) ** 0.5
        cd = part.cd_area / (pi / 4 * diameter**2)
    _tags(e, Dia=1e3 * diameter, DragCoefficient=float(cd), ShroudLineCount=part.line_count, ShroudLineLen=1e3 * part.line_length,
          SpillHoleDia=1e3 * part.spill_hole, ChuteCount=1, DensityType=1)  # fmt: skip
    _opens(part, e, lost)


@own.register
def _(part: devices.Streamer, e: ET.Element, q: Placed, lost: list[str]) -> None:
    _tags(e, Len=1e3 * part.length, Width=1e3 * part.width, DragCoefficient=float(part.cd or 0.1), DensityType=1)
    _opens(part, e, lost)


_NAMES: dict[type[p.Part], str] = {
    p.NoseCone: "NoseCone", p.BodyTube: "BodyTube", p.InnerTube: "BodyTube", p.Transition: "Transition", p.TrapezoidalFins: "FinSet",
    p.EllipticalFins: "FinSet", p.FreeformFins: "CustomFinSet", p.LaunchLug: "LaunchLug", p.TubeCoupler: "Ring", p.CentringRing: "Ring",
    p.Bulkhead: "Ring", p.MassObject: "MassObject", p.ShockCord: "MassObject", devices.Parachute: "Parachute", devices.Streamer: "Streamer",
}  # fmt: skip


def _simulation(e: ET.Element, launch: Launch, serials: dict[str, int]) -> None:
    pad, wind = launch.pad, launch.weather.wind
    height = pad.elevation + 10.0
    pressure = float(launch.weather.air.pressure(pad.elevation))
    temperature = pressure / (float(launch.weather.air.density(pad.elevation)) * 287.05287) - 273.15
    _tags(e, SimulationName=plain(launch.name or "flight", 200), LaunchAltitude=float(pad.elevation), LaunchTemperature=temperature,
          LaunchBarometer=pressure / 133.322387415, LaunchWindSpeed=(float(wind.east(height)) ** 2 + float(wind.north(height)) ** 2) ** 0.5,
          LaunchAngle=90.0 - degrees(launch.rail.elevation), LaunchGuideLen=1e3 * launch.rail.length)  # fmt: skip
    names = [q.part.name or q.path for q in launch.rocket.motor_mounts]
    for number in (3, 2, 1):
        group = ET.SubElement(e, f"Stage{number}Engines")
        for mounted in launch.motors if number == 3 else ():
            motor, mount = mounted.motor, mounted.mount or (names[-1] if names else "")
            delay = (
                mounted.delay
                if mounted.delay is not None
                else -1.0
                if motor.plugged or not motor.delays
                else motor.delays[0]
            )
            s = ET.SubElement(group, "EngineSet")
            _tags(s, EngineCount=1, EngineCode=motor.designation, EngineMfg=motor.manufacturer, IgnitionDelay=0, EjectionDelay=float(delay),
                  MountSerialNo=serials.get(mount, 0))  # fmt: skip
