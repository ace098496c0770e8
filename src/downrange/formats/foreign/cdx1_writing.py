"""A RASAero II file of a rocket of one stage and its launch: its outside, its weight with the motor, and what it comes down on."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from math import degrees, log, pi

from downrange.errors import InputError
from downrange.flight import Launch
from downrange.rocket import FINISHES, Placed, Rocket
from downrange.rocket import parts as p

__all__ = ["cdx1_bytes"]

_IN, _FT, _LB = 0.0254, 0.3048, 0.45359237
_SECTIONS = {
    "square": "Square", "rounded": "Rounded", "airfoil": "Subsonic NACA", "hexagonal": "Hexagonal", "double wedge": "Double Wedge", "wedge": "Single Wedge",
}  # fmt: skip
_SURFACES = {
    "Smooth (Zero Roughness)": 0.0, "Polished": 50.0, "Sheet Metal": 160.0, "Smooth Paint": 250.0, "Camouflage Paint": 400.0,
    "Rough Camouflage Paint": 1200.0, "Galvanized Metal": 6000.0, "Cast Iron (Very Rough)": 10000.0,
}  # fmt: skip
_MAKERS = {
    "AeroTech": "AT",
    "Animal Motor Works": "AMW",
    "Cesaroni Technology": "CTI",
    "Estes Industries": "ES",
    "Loki Research": "LR",
}


def _tags(parent: ET.Element, **values: object) -> None:
    for name, value in values.items():
        e = ET.SubElement(parent, name)
        e.text = repr(float(value)) if isinstance(value, float) else str(value)


def cdx1_bytes(launch: Launch) -> tuple[bytes, tuple[str, ...]]:
    """The file, and a line for everything that RASAero cannot say. Raises `InputError` for more than one stage or motor."""
    rocket, lost = launch.rocket, list[str]()
    if not launch.simple:
        raise InputError("a .CDX1 is written of a rocket of one stage on one motor; write an .ork of this one")
    root = ET.Element("RASAeroDocument")
    _tags(root, FileVersion=2)
    design = ET.SubElement(root, "RocketDesign")
    bodies = [q for q in rocket.placed if q.depth == 0]
    for k, q in enumerate(bodies):
        _body(design, q, k == len(bodies) - 1, rocket, lost)
    roughness = (FINISHES[rocket.finish] if rocket.roughness is None else rocket.roughness) / 0.0254e-6
    surface = min(_SURFACES, key=lambda s: abs(log(max(_SURFACES[s], 4.0) / max(roughness, 4.0))))
    _tags(design, Surface=surface, CP=0, ModifiedBarrowman="False", Turbulence="False", SustainerNozzle=0, Booster1Nozzle=0, Booster2Nozzle=0,
          UseBooster1="False", UseBooster2="False", Comments="")  # fmt: skip
    _site(ET.SubElement(root, "LaunchSite"), launch)
    _recovery(ET.SubElement(root, "Recovery"), rocket, lost)
    ET.SubElement(root, "MachAlt")
    _simulation(ET.SubElement(ET.SubElement(root, "SimulationList"), "Simulation"), launch)
    lost.append("what is inside the rocket: walls, materials and parts; its weight and balance stand in the simulation")
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True), tuple(dict.fromkeys(lost))


def _body(design: ET.Element, q: Placed, last: bool, rocket: Rocket, lost: list[str]) -> None:
    part = q.part
    if isinstance(part, p.NoseCone):
        e = ET.SubElement(design, "NoseCone")
        _tags(e, PartType="NoseCone", Length=part.length / _IN, Diameter=part.diameter / _IN, Shape=_shape(part, lost), BluntRadius=part.tip_radius / _IN,
              Location=q.front / _IN, Color="Black")  # fmt: skip
        if part.shape == "power":
            _tags(e, PowerLaw=float(0.5 if part.shape_parameter is None else part.shape_parameter))
    elif isinstance(part, p.Transition):
        name = "BoatTail" if last and q.at.aft_outer < q.at.outer else "Transition"
        e = ET.SubElement(design, name)
        _tags(e, PartType=name, Length=part.length / _IN, Diameter=2 * q.at.outer / _IN, RearDiameter=2 * q.at.aft_outer / _IN, Location=q.front / _IN,
              Color="Black")  # fmt: skip
        if part.shape != "conical":
            lost.append(f"{part.name}: its shape {part.shape!r}, written as a cone")
        _fins(e, q, lost)
    else:
        e = ET.SubElement(design, "BodyTube")
        buttons = [s for s in part.parts if isinstance(s, p.RailButtons)]
        lugs = [s for s in part.parts if isinstance(s, p.LaunchLug)]
        _tags(e, PartType="BodyTube", Length=(q.aft - q.front) / _IN, Diameter=2 * q.at.outer / _IN,
              LaunchLugDiameter=lugs[0].diameter / _IN if lugs else 0, LaunchLugLength=lugs[0].length / _IN if lugs else 0,
              RailGuideDiameter=buttons[0].diameter / _IN if buttons else 0, RailGuideHeight=buttons[0].height / _IN if buttons else 0,
              LaunchShoeArea=0, Location=q.front / _IN, Color="Black", BoattailLength=0, BoattailRearDiameter=0, BoattailOffset=0, Overhang=0)  # fmt: skip
        _fins(e, q, lost)


def _shape(nose: p.NoseCone, lost: list[str]) -> str:
    parameter = nose.shape_parameter
    if nose.shape == "haack":
        return "Von Karman Ogive" if parameter == 0 else "LV-Haack"
    if nose.shape == "ogive" and parameter not in (None, 1.0):
        lost.append(f"{nose.name}: a secant ogive, written as a tangent one")
    return {"conical": "Conical", "ogive": "Tangent Ogive", "ellipsoid": "Elliptical", "power": "Power Law", "parabolic": "Parabolic",
            "von karman": "Von Karman Ogive"}[nose.shape]  # fmt: skip


def _fins(e: ET.Element, q: Placed, lost: list[str]) -> None:
    for part in q.part.parts:
        if isinstance(part, p.TrapezoidalFins):
            length, root = q.aft - q.front, part.root_chord
            front = {"bottom": length - root, "middle": 0.5 * (length - root), "absolute": -q.front}.get(
                part.position, 0.0
            ) + part.offset
            f = ET.SubElement(e, "Fin")
            _tags(f, Count=part.count, Chord=root / _IN, Span=part.span / _IN, SweepDistance=part.sweep / _IN, TipChord=part.tip_chord / _IN,
                  Thickness=part.thickness / _IN, LERadius=(part.leading_edge_radius or 0.0) / _IN, Location=(length - front) / _IN,
                  AirfoilSection=_SECTIONS[part.section], FX1=0, FX3=0)  # fmt: skip
            if part.cant or part.missing or part.misalignments:
                lost.append(f"{part.name}: cant, misalignment and missing fins")
        elif isinstance(part, p.FinSet | p.TubeFins | p.RingFin | p.Protuberance):
            lost.append(
                f"{part.name or type(part).__name__}: RASAero has trapezoidal fins only, and no protuberances of this kind"
            )


def _site(e: ET.Element, launch: Launch) -> None:
    pad, wind = launch.pad, launch.weather.wind
    pressure = float(launch.weather.air.pressure(pad.elevation))
    temperature = pressure / (float(launch.weather.air.density(pad.elevation)) * 287.05287)
    height = pad.elevation + 10.0
    speed = (float(wind.east(height)) ** 2 + float(wind.north(height)) ** 2) ** 0.5
    _tags(e, Altitude=pad.elevation / _FT, Pressure=pressure / 3386.389, RodAngle=90.0 - degrees(launch.rail.elevation), RodLength=launch.rail.length / _FT,
          Temperature=(temperature - 273.15) * 1.8 + 32, WindSpeed=speed / 0.44704)  # fmt: skip


def _recovery(e: ET.Element, rocket: Rocket, lost: list[str]) -> None:
    canopies = [
        q.part
        for q in rocket.find(p.Parachute)
        if isinstance(q.part, p.Parachute) and (q.part.diameter or q.part.cd_area)
    ]
    for k in (1, 2):
        part = canopies[k - 1] if k <= len(canopies) else None
        if part is None:
            _tags(
                e,
                **{
                    f"Altitude{k}": 1000,
                    f"DeviceType{k}": "None",
                    f"Event{k}": "False",
                    f"Size{k}": 1,
                    f"EventType{k}": "None",
                    f"CD{k}": 1.33,
                },
            )
            continue
        size = part.diameter or (4 * (part.cd_area or 0.0) / pi / part.cd) ** 0.5
        high = part.deploy.event == "altitude"
        if part.deploy.event not in ("altitude", "apogee"):
            lost.append(f"{part.name or 'parachute'}: that it opens at {part.deploy.event}, written as apogee")
        _tags(e, **{f"Altitude{k}": (part.deploy.altitude or 304.8) / _FT, f"DeviceType{k}": "Parachute", f"Event{k}": "True", f"Size{k}": size / _IN,
                    f"EventType{k}": "Altitude" if high else "Apogee", f"CD{k}": float(part.cd)})  # fmt: skip
    if len(canopies) > 2:
        lost.append(f"{len(canopies) - 2} canopies more than two")


def _simulation(e: ET.Element, launch: Launch) -> None:
    motor, loaded = launch.motor, launch.loaded
    maker = _MAKERS.get(motor.manufacturer, motor.manufacturer)
    exit_diameter = 0.0 if motor.nozzle_exit_area is None else (4 * motor.nozzle_exit_area / pi) ** 0.5
    _tags(e, SustainerEngine=f"{motor.designation}  ({maker})", SustainerLaunchWt=loaded.mass / _LB, SustainerNozzleDiameter=exit_diameter / _IN,
          SustainerCG=float(loaded.cg[0]) / _IN, SustainerIgnitionDelay=0, IncludeBooster1="False", IncludeBooster2="False")  # fmt: skip
