"""An OpenRocket file of a rocket and its launches: rocket, a flight configuration for each launch, a simulation for each."""

from __future__ import annotations

import io
import uuid
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import atan2, degrees, pi

from downrange.errors import InputError
from downrange.flight import Launch
from downrange.formats.foreign.ork_writing import Lost, leaves, part_element, tag
from downrange.rocket import FINISHES, Rocket, part_mass
from downrange.rocket import parts as p
from downrange.text import plain

__all__ = ["ork_bytes"]

_SPACE = uuid.UUID("6f1c0f0e-6a0b-4c1e-9d8a-3c2a4b5d6e7f")
_LIT = {"launch": "launch", "burn-out": "burnout", "ejection": "ejectioncharge", "never": "never"}
_STEEPEST = 60.0  # degrees from the vertical that OpenRocket takes


def ork_bytes(rocket: Rocket, launches: Sequence[Launch]) -> tuple[bytes, tuple[str, ...]]:
    """The file (a zip archive, document version 1.8), and a line for everything that OpenRocket cannot say.

    Every launch is of the same rocket, on motors and in conditions of its own. Raises `InputError` for another rocket among them.
    """
    lines: list[str] = []

    def lost(part: str, what: str) -> None:
        line = f"{part}: {what}" if part else what
        if line not in lines:
            lines.append(line)

    if any(x.rocket.parts != rocket.parts for x in launches):
        raise InputError("the launches are of different rockets; write a file for each")
    root = ET.Element("openrocket", {"version": "1.8", "creator": "downrange"})
    e = tag(root, "rocket")
    tag(e, "name", plain(rocket.name or "Rocket", 200))
    configs = [str(uuid.uuid5(_SPACE, f"{k} {x.name}")) for k, x in enumerate(launches)]
    for k, config in enumerate(configs):
        c = tag(e, "motorconfiguration", configid=config, **({"default": "true"} if k == 0 else {}))
        for n in range(len(rocket.stages)):
            tag(c, "stage", number=n, active="true")
    tag(e, "referencetype", "maximum")
    _stages(tag(e, "subcomponents"), rocket, launches, configs, lost)
    simulations = tag(root, "simulations")
    for config, launch in zip(configs, launches, strict=True):
        _simulation(simulations, launch, config)
        _unsaid(launch, lost)
    ET.indent(root)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo("rocket.ork", date_time=(1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, ET.tostring(root, encoding="utf-8", xml_declaration=True))
    return out.getvalue(), tuple(lines)


def _stages(parent: ET.Element, rocket: Rocket, launches: Sequence[Launch], configs: Sequence[str], lost: Lost) -> None:
    def told(part: str, what: str) -> None:
        lost(part, what)

    def mount(part: p.Part, e: ET.Element) -> None:
        _mount(part, e, launches, configs, lost)

    drilled = dict(_drilled(rocket, lost))
    rough = FINISHES[rocket.finish] if rocket.roughness is None else rocket.roughness
    for k, stage in enumerate(rocket.stages):
        s = tag(parent, "stage")
        tag(s, "name", plain(stage.name, 200))
        measured = stage.measured
        for value, word in ((measured.mass, "mass"), (measured.cg, "cg")):
            if value is not None:
                tag(s, f"override{word}", float(value))
                tag(s, f"overridesubcomponents{word}", True)
        if measured.pitch_inertia is not None or measured.roll_inertia is not None:
            lost(stage.name, "measured moments of inertia")
        if k > 0:
            leaves(s, stage.separation, stage.name, lost)
        subs = tag(s, "subcomponents")
        for part in stage.parts:
            made = part_element(_as_weighed(part, drilled), None, rough, lost, mount)
            if made is not None:
                subs.append(made)


def _drilled(rocket: Rocket, lost: Lost) -> Iterator[tuple[int, float]]:
    """The mass (kg) of every ring with several holes, by its identity: OpenRocket would count one hole."""
    for q in rocket.placed:
        if len(q.at.holes) > 1 and q.part.mass is None:
            lost(
                q.part.name,
                f"{len(q.at.holes)} holes for the tubes of a cluster: one is written, and what the ring weighs",
            )
            yield id(q.part), part_mass(q.part, q.at).mass
    for a in rocket.attached:
        yield from _drilled(a.rocket, lost)


def _as_weighed(part: p.Part, weights: dict[int, float]) -> p.Part:
    """A part with these masses said in it."""
    made = replace(part, parts=tuple(_as_weighed(q, weights) for q in part.parts)) if part.parts else part
    return replace(made, mass=weights[id(part)]) if id(part) in weights else made


def _mount(part: p.Part, e: ET.Element, launches: Sequence[Launch], configs: Sequence[str], lost: Lost) -> None:
    """The motors of a mount in every configuration."""
    assert isinstance(part, p.BodyTube | p.InnerTube)
    m = tag(e, "motormount")
    tag(m, "ignitionevent", "automatic")
    tag(m, "ignitiondelay", 0.0)
    tag(m, "overhang", float(part.overhang))
    for config, launch in zip(configs, launches, strict=True):
        for mounted in launch.motors:
            only = len(launch.rocket.motor_mounts) == 1
            if mounted.mount != part.name and not (only and not mounted.mount):
                continue
            motor, delay = mounted.motor, mounted.delay
            if delay is None and not motor.plugged and motor.delays:
                delay = motor.delays[0]
            x = tag(m, "motor", configid=config)
            tag(x, "type", {"SU": "single", "hybrid": "hybrid"}.get(motor.kind, "reload"))
            tag(x, "manufacturer", motor.manufacturer)
            tag(x, "designation", motor.designation)
            tag(x, "diameter", float(motor.diameter))
            tag(x, "length", float(motor.length))
            tag(x, "delay", "none" if delay is None else float(delay))
            if (lit := mounted.ignition) is not None:
                i = tag(m, "ignitionconfiguration", configid=config)
                tag(i, "ignitionevent", _LIT.get(lit.event, "automatic"))
                tag(i, "ignitiondelay", float(lit.delay + (lit.time or 0.0)))
                if lit.conditional or lit.event not in (*_LIT, "time"):
                    lost(part.name, "what must hold for its motor to be lit")
            if mounted.tubes:
                lost(part.name, "that only some tubes of the cluster hold a motor")


def _simulation(parent: ET.Element, launch: Launch, config: str) -> None:
    """One simulation with the conditions of a launch."""
    s = tag(parent, "simulation", status="notsimulated")
    tag(s, "name", plain(launch.name or "flight", 200))
    tag(s, "simulator", "RK4Simulator")
    tag(s, "calculator", "BarrowmanCalculator")
    c = tag(s, "conditions")
    rail, pad, wind = launch.rail, launch.pad, launch.weather.wind
    tag(c, "configid", config)
    tag(c, "launchrodlength", float(rail.length))
    tag(c, "launchrodangle", min(90.0 - degrees(rail.elevation), _STEEPEST))
    tag(c, "launchroddirection", degrees(rail.azimuth))
    height = pad.elevation + 10.0
    east, north = float(wind.east(height)), float(wind.north(height))
    speed = (east * east + north * north) ** 0.5
    tag(c, "windaverage", speed)
    tag(c, "windturbulence", 0.0)
    tag(c, "winddirection", atan2(-east, -north) % (2 * pi))
    tag(c, "launchaltitude", float(pad.elevation))
    tag(c, "launchlatitude", degrees(pad.latitude))
    tag(c, "launchlongitude", degrees(pad.longitude))
    tag(c, "geodeticmethod", "wgs84")
    a = tag(c, "atmosphere", model="extendedisa")
    density, pressure = (
        float(launch.weather.air.density(pad.elevation)),
        float(launch.weather.air.pressure(pad.elevation)),
    )
    tag(a, "basetemperature", pressure / (density * 287.05287))
    tag(a, "basepressure", pressure)
    tag(c, "timestep", 0.05)


def _unsaid(launch: Launch, lost: Lost) -> None:
    """What a launch says that an OpenRocket file cannot."""
    aero, line = launch.aero, launch.thrust_line
    for said, what in (
        (aero.drag_off is not None or aero.drag_on is not None, "the drag table: OpenRocket computes its own"),
        (aero.normal_slope is not None or aero.centre_of_pressure is not None, "the tables of normal force and centre of pressure"),
        (aero.brakes is not None, "air brakes"), (aero.drag_factor != 1.0, "the factor on drag"),
        (any((line.angle_y, line.angle_z, line.offset_y, line.offset_z)), "how the thrust misses the axis"),
        (launch.guides is not None, "the places of rail guides"), (bool(launch.sections), "the sections that land on one cord"),
        (launch.terrain is not None, "terrain"), (launch.motor.nozzle_exit_area is not None, "the nozzle's exit: thrust does not grow with height there"),
        (len(launch.weather.wind.east.y) > 2, "winds that change with height: that at 10 m is written"),
    ):  # fmt: skip
        if said:
            lost("", what)
