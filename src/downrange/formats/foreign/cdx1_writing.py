"""A RASAero II file of a rocket of one to three stages and its launch: its outside, its weight with the motors, and what it comes down on."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from math import degrees, log, pi

from downrange.errors import InputError
from downrange.flight import Launch
from downrange.flight.motors import Filled
from downrange.formats.foreign.recovery_lost import lost_of_recovery
from downrange.rocket import FINISHES, Parachute, Placed, Recovery, Rocket, combine
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
_STAGES = ("Sustainer", "Booster1", "Booster2")
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
    """The file, and a line for everything that RASAero cannot say.

    launch: of one to three stages, one motor on the axis of each. Raises `InputError` for boosters, pods, clusters and more stages.
    """
    rocket, lost = launch.rocket, list[str]()
    motors = {f.stage: f for f in launch.filled}
    in_line = len(motors) == len(launch.filled) == len(rocket.stages) and all(f.on_axis for f in launch.filled)
    if rocket.attached or not in_line or len(rocket.stages) > len(_STAGES):
        raise InputError(
            "a .CDX1 is written of one to three stages in line, each on one motor on its axis; write an .ork of this rocket"
        )
    root = ET.Element("RASAeroDocument")
    _tags(root, FileVersion=2)
    design = ET.SubElement(root, "RocketDesign")
    for k, stage in enumerate(rocket.stages):
        bodies = [q for q in rocket.placed if q.depth == 0 and rocket.stage_of(q.path) is stage]
        if k:
            _booster(design, bodies, motors[stage.name], lost)
            continue
        for i, q in enumerate(bodies):
            _body(design, q, i == len(bodies) - 1, lost)
    roughness = (FINISHES[rocket.finish] if rocket.roughness is None else rocket.roughness) / 0.0254e-6
    surface = min(_SURFACES, key=lambda s: abs(log(max(_SURFACES[s], 4.0) / max(roughness, 4.0))))
    _tags(design, Surface=surface, CP=0, ModifiedBarrowman="False", Turbulence="False", SustainerNozzle=0, Booster1Nozzle=0, Booster2Nozzle=0,
          UseBooster1=str(len(rocket.stages) > 1), UseBooster2=str(len(rocket.stages) > 2), Comments="")  # fmt: skip
    _site(ET.SubElement(root, "LaunchSite"), launch)
    _recovery(ET.SubElement(root, "Recovery"), rocket, lost)
    ET.SubElement(root, "MachAlt")
    _simulation(ET.SubElement(ET.SubElement(root, "SimulationList"), "Simulation"), launch, lost)
    lost.append("what is inside the rocket: walls, materials and parts; its weight and balance stand in the simulation")
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True), tuple(dict.fromkeys(lost))


def _booster(design: ET.Element, bodies: list[Placed], motor: Filled, lost: list[str]) -> None:
    """A lower stage: for RASAero one tube with a boat-tail, whatever it is made of."""
    tail = (
        bodies[-1]
        if isinstance(bodies[-1].part, p.Transition) and bodies[-1].at.aft_outer < bodies[-1].at.outer
        else None
    )
    trunk = bodies[:-1] if tail is not None and len(bodies) > 1 else bodies
    tubes = [q for q in trunk if not isinstance(q.part, p.Transition)] or trunk
    widest = max(tubes, key=lambda q: q.at.outer)
    front, aft = trunk[0].front, trunk[-1].aft
    name = widest.part.name or "booster"
    if len(tubes) < len(trunk) or any(abs(q.at.outer - widest.at.outer) > 1e-6 for q in tubes):
        lost.append(
            f"{name}: that the stage is not one tube of one diameter; RASAero's booster is, and is as wide as its widest tube"
        )
    e = ET.SubElement(design, "Booster")
    exit_area = motor.motor.nozzle_exit_area or 0.0
    _tags(
        e,
        PartType="Booster",
        Length=(aft - front) / _IN,
        Diameter=2 * widest.at.outer / _IN,
        InsideDiameter=2 * widest.at.inner / _IN,
    )
    _guides(e, widest.part)
    _tags(e, LaunchShoeArea=0, Location=front / _IN, ShoulderLength=0, Color="Black", NozzleExitDiameter=(4 * exit_area / pi) ** 0.5 / _IN,
          BoattailLength=(tail.aft - tail.front) / _IN if tail else 0, BoattailRearDiameter=2 * tail.at.aft_outer / _IN if tail else 0)  # fmt: skip
    for q in bodies:
        _fins(e, q, lost, aft)


def _body(design: ET.Element, q: Placed, last: bool, lost: list[str]) -> None:
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
        _fins(e, q, lost, q.aft)
    else:
        e = ET.SubElement(design, "BodyTube")
        _tags(e, PartType="BodyTube", Length=(q.aft - q.front) / _IN, Diameter=2 * q.at.outer / _IN)
        _guides(e, part)
        _tags(e, LaunchShoeArea=0, Location=q.front / _IN, Color="Black", BoattailLength=0, BoattailRearDiameter=0, BoattailOffset=0,
              Overhang=0)  # fmt: skip
        _fins(e, q, lost, q.aft)


def _shape(nose: p.NoseCone, lost: list[str]) -> str:
    parameter = nose.shape_parameter
    if nose.shape == "haack":
        return "Von Karman Ogive" if parameter == 0 else "LV-Haack"
    if nose.shape == "ogive" and parameter not in (None, 1.0):
        lost.append(f"{nose.name}: a secant ogive, written as a tangent one")
    return {"conical": "Conical", "ogive": "Tangent Ogive", "ellipsoid": "Elliptical", "power": "Power Law", "parabolic": "Parabolic",
            "von karman": "Von Karman Ogive"}[nose.shape]  # fmt: skip


def _guides(e: ET.Element, part: p.Part) -> None:
    """The lug and the rail guide of a tube."""
    buttons = next((s for s in part.parts if isinstance(s, p.RailButtons)), None)
    lug = next((s for s in part.parts if isinstance(s, p.LaunchLug)), None)
    _tags(e, LaunchLugDiameter=lug.diameter / _IN if lug else 0, LaunchLugLength=lug.length / _IN if lug else 0,
          RailGuideDiameter=buttons.diameter / _IN if buttons else 0, RailGuideHeight=buttons.height / _IN if buttons else 0)  # fmt: skip


def _fins(e: ET.Element, q: Placed, lost: list[str], aft: float) -> None:
    """Fins of a body; their place is counted forward from `aft`, m aft of the nose tip."""
    for part in q.part.parts:
        if isinstance(part, p.TrapezoidalFins):
            length, root = q.aft - q.front, part.root_chord
            front = (
                q.front
                + part.offset
                + {"bottom": length - root, "middle": 0.5 * (length - root), "absolute": -q.front}.get(
                    part.position, 0.0
                )
            )
            f = ET.SubElement(e, "Fin")
            _tags(f, Count=part.count, Chord=root / _IN, Span=part.span / _IN, SweepDistance=part.sweep / _IN, TipChord=part.tip_chord / _IN,
                  Thickness=part.thickness / _IN, LERadius=(part.leading_edge_radius or 0.0) / _IN, Location=(aft - front) / _IN,
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
        q.part for q in rocket.find(Parachute) if isinstance(q.part, Parachute) and (q.part.diameter or q.part.cd_area)
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
        d = part.deploy
        if wait := d.delay + d.lag + d.pilot_delay + d.bag_delay + d.detection:
            lost.append(f"{part.name or 'parachute'}: the {wait:g} s until it is stretched")
        _tags(e, **{f"Altitude{k}": (part.deploy.altitude or 304.8) / _FT, f"DeviceType{k}": "Parachute", f"Event{k}": "True", f"Size{k}": size / _IN,
                    f"EventType{k}": "Altitude" if high else "Apogee", f"CD{k}": float(part.cd)})  # fmt: skip
    for q in rocket.placed:
        if isinstance(q.part, Recovery) and not isinstance(q.part, Parachute):
            lost.append(f"{q.part.name or type(q.part).__name__.lower()}: RASAero comes down on canopies alone")
        lost.extend(f"{q.part.name or type(q.part).__name__.lower()}: {what}" for what in lost_of_recovery(q.part))
    if len(canopies) > 2:
        lost.append(f"{len(canopies) - 2} canopies more than two")


def _simulation(e: ET.Element, launch: Launch, lost: list[str]) -> None:
    """Engines, and what each stage weighs with all above it, ready to fly."""
    names = [s.name for s in launch.rocket.stages]
    motors = {f.stage: f for f in launch.filled}
    for k, (word, name) in enumerate(zip(_STAGES, names, strict=False)):
        f, above = motors[name], names[: k + 1]
        inside = [x for n in above for x in (motors[n].casing, motors[n].grain)]
        loaded = combine([launch.rocket.configuration(above).without_motor, *inside])
        maker = _MAKERS.get(f.motor.manufacturer, f.motor.manufacturer)
        exit_diameter = (4 * (f.motor.nozzle_exit_area or 0.0) / pi) ** 0.5
        _tags(e, **{f"{word}Engine": f"{f.motor.designation}  ({maker})", f"{word}LaunchWt": loaded.mass / _LB,
                    f"{word}NozzleDiameter": exit_diameter / _IN, f"{word}CG": float(loaded.cg[0]) / _IN})  # fmt: skip
        if k:
            _tags(
                e,
                **{
                    f"Include{word}": "True",
                    "Booster1SeparationDelay" if k == 1 else "Booster2Delay": _leaves(launch, k, lost),
                },
            )
        if k < len(names) - 1 or k == 0:
            _tags(e, **{f"{word}IgnitionDelay": _lit(f, k == len(names) - 1, lost)})
    for word in _STAGES[len(names) :]:
        _tags(e, **{f"Include{word}": "False"})


def _leaves(launch: Launch, k: int, lost: list[str]) -> float:
    """Seconds from the burn-out of stage `k` until it leaves."""
    stage = launch.rocket.stages[k]
    separation, motor = stage.separation, next(f for f in launch.filled if f.stage == stage.name)
    if separation is None or separation.of or separation.event not in ("burn-out", "ejection"):
        lost.append(
            f"{stage.name}: that it leaves at {separation.event if separation else 'never'}, written as at burn-out"
        )
        return 0.0
    delay = motor.mounted.delay if motor.mounted.delay is not None else (*motor.motor.delays, 0.0)[0]
    return separation.delay + (delay if separation.event == "ejection" else 0.0)


def _lit(f: Filled, lowest: bool, lost: list[str]) -> float:
    """Seconds from the burn-out of the stage below until the motor is lit; of the lowest stage from launch."""
    lit = f.mounted.lit
    usual = ("launch",) if lowest else ("burn-out", "ejection", "separation")
    if lit.event not in usual or lit.of or lit.conditional:
        lost.append(f"{f.motor.designation}: that it is lit at {lit.event}, and on what conditions")
        return 0.0
    if lit.event in ("ejection", "separation"):
        lost.append(f"{f.motor.designation}: that it is lit at {lit.event}, written as at the burn-out below")
    return lit.delay
