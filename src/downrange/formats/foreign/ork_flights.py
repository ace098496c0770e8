"""What an OpenRocket file says of flights: motors, configurations, simulations with their conditions and results."""

from __future__ import annotations

import csv
import math
from math import pi, radians
from typing import Any

from downrange.formats.foreign.design import Conditions, Configuration, ForeignMotor, Simulation, Stored
from downrange.formats.foreign.nodes import Node, Report
from downrange.formats.foreign.unpacking import IMPULSE

__all__ = ["configurations", "simulations"]

_FIGURES = {
    "maxaltitude": "apogee_agl_m", "maxvelocity": "max_speed_m_s", "maxacceleration": "max_acceleration_m_s2", "maxmach": "max_mach",
    "timetoapogee": "time_to_apogee_s", "flighttime": "flight_time_s", "groundhitvelocity": "ground_hit_speed_m_s",
    "launchrodvelocity": "rail_exit_speed_m_s", "optimumdelay": "optimum_delay_s",
}  # fmt: skip
_STATE = {
    "mass": "mass_kg",
    "cg location": "cg_m",
    "cp location": "cp_m",
    "motor mass": "motor_mass_kg",
    "propellant mass": "motor_mass_kg",
}


def _delay(text: str | None) -> tuple[float | None, bool]:
    """Seconds, and whether it is plugged."""
    word = (text or "").strip().lower()
    if word in ("none", "p", "plugged"):
        return None, True
    try:
        value = float(word.replace(",", "."))
    except ValueError:
        return None, False
    return (value, False) if math.isfinite(value) and 0 <= value <= 600 else (None, False)


def _ignition(node: Node, otherwise: tuple[str, float] = ("automatic", 0.0)) -> tuple[str, float]:
    event = node.text("ignitionevent")
    delay = node.number("ignitiondelay")
    return (event or otherwise[0]).lower(), otherwise[1] if delay is None else delay


def _motors(mounts: dict[str, tuple[Node, int]]) -> dict[str, list[ForeignMotor]]:
    """Motors by configuration; a file before 1.1 has one without an id, which is that of all."""
    out: dict[str, list[ForeignMotor]] = {}
    for name, (mount, stage) in mounts.items():
        usual = _ignition(mount)
        own = {n.attribute("configid") or "": _ignition(n, usual) for n in mount.children("ignitionconfiguration")}
        for m in mount.children("motor"):
            m.place = name
            config = m.attribute("configid") or ""
            delay, plugged = _delay(m.text("delay"))
            event, wait = own.get(config, usual)
            m.skip("type")
            motor = ForeignMotor(
                mount=name, designation=m.text("designation") or "", maker=m.text("manufacturer") or "", digest=m.text("digest") or "",
                diameter=m.number("diameter"), length=m.number("length"), delay=delay, plugged=plugged, event=event, event_delay=wait,
                stage=stage,
            )  # fmt: skip
            m.done("motor")
            out.setdefault(config, []).append(motor)
        mount.done("motor mount")
    return out


def configurations(rocket: Node, mounts: dict[str, tuple[Node, int]], report: Report) -> tuple[Configuration, ...]:
    """Flight configurations with their motors, in the order of the file."""
    motors = _motors(mounts)
    out, seen = [], set()
    for node in rocket.children("motorconfiguration"):
        key = node.attribute("configid") or ""
        if key in seen:
            continue
        seen.add(key)
        idle = {
            int(s.attribute("number") or 0) for s in node.children("stage")
            if (s.attribute("active") or "true").lower() == "false" and (s.attribute("number") or "0").isdigit()
        }  # fmt: skip
        these = tuple(m for m in motors.get(key, ()) if m.designation)
        out.append(
            Configuration(
                key,
                _named(node.text("name"), these),
                these,
                frozenset(idle),
                (node.attribute("default") or "").lower() == "true",
            )
        )
        node.done("configuration")
    for key, these_ in motors.items():
        if key not in seen and (kept := tuple(m for m in these_ if m.designation)):
            report.approximated(
                "", f"motors of a configuration {key[:40]!r} that the file does not list: it is listed with us"
            )
            out.append(Configuration(key, _named(None, kept), kept))
    return tuple(out)


def _named(name: str | None, motors: tuple[ForeignMotor, ...]) -> str:
    """A configuration's own name, or its motors as printed on them."""
    if name and "{" not in name:
        return name
    words = [m.designation + ("-P" if m.plugged else "" if m.delay is None else f"-{m.delay:g}") for m in motors]
    return "; ".join(words) or "no motor"


def simulations(root: Node) -> tuple[Simulation, ...]:
    """The simulations, in the order of the file."""
    out = []
    for group in root.children("simulations"):
        for node in group.children("simulation"):
            node.place = node.text("name") or "simulation"
            node.skip("simulator", "calculator", "name")
            for e in node.children("extension", "listener"):
                kind = (e.attribute("extensionid") or e.own_text()).rsplit(".", 1)[-1]
                e.report.dropped(
                    node.place, f"the extension {kind[:60]} of the simulation: no code out of a file is run"
                )
            c = node.child("conditions")
            conditions, config = _conditions(c, node.place) if c else (Conditions(), "")
            data = node.child("flightdata")
            stored = _stored(data) if data is not None and data.element.attrib else None
            node.done("simulation")
            out.append(Simulation(node.place, config, conditions, stored, (node.attribute("status") or "").lower()))
    return tuple(out)


def _winds(c: Node, place: str) -> tuple[tuple[float | None, float, float, float], ...]:
    """Levels of wind: (height above the pad or None, speed, from, standard deviation)."""
    pad = c.amount("launchaltitude")
    kind = (c.text("windmodeltype") or "average").lower()
    out: list[tuple[float | None, float, float, float]] = []
    for w in c.children("wind"):
        model = (w.attribute("model") or "average").lower()
        above_sea = (w.attribute("altituderef") or "msl").lower() == "msl"
        if model.startswith("multi") and kind.startswith("multi"):
            for level in w.children("windlevel"):
                values = {
                    k: level.parsed(level.attribute(k) or "0", k)
                    for k in ("altitude", "speed", "direction", "standarddeviation")
                }
                height = values["altitude"] - (pad if above_sea else 0.0)
                out.append((max(height, 0.0), values["speed"], values["direction"], values["standarddeviation"]))
        elif model.startswith("average") and not kind.startswith("multi"):
            out.append((None, w.amount("speed"), w.number("direction", default=pi / 2) or 0.0,
                        w.amount("standarddeviation")))  # fmt: skip
    c.skip("windaverage", "windturbulence", "winddirection") if out else None
    if not out and (speed := c.number("windaverage")) is not None:
        direction, share = (
            c.number("winddirection", default=pi / 2) or 0.0,
            c.number("windturbulence", default=0.1) or 0.0,
        )
        out.append((None, speed, direction, speed * share))
    if any(s < 0 for _, s, _, _ in out):
        c.report.approximated(place, "a wind of negative speed comes from the other side")
        out = [(h, abs(s), d + (pi if s < 0 else 0.0), sd) for h, s, d, sd in out]
    return tuple((h, s, d % (2 * pi), sd) for h, s, d, sd in out)


def _conditions(c: Node, place: str) -> tuple[Conditions, str]:
    c.place = place
    winds = _winds(c, place)
    tilt, azimuth = (
        c.amount("launchrodangle"),
        radians(c.number("launchroddirection", default=90.0) or 0.0),
    )
    if c.truth("launchintowind") and winds:
        azimuth = winds[0][2]
    if tilt < 0:
        tilt, azimuth = -tilt, azimuth + pi
    air = c.child("atmosphere")
    temperature = pressure = None
    if air is not None:
        model = (air.attribute("model") or "isa").lower()
        if model == "extendedisa":
            temperature, pressure = air.number("basetemperature"), air.number("basepressure")
        elif model != "isa":
            c.report.approximated(place, f"the atmosphere {model[:30]!r} is not known here; the standard one is taken")
        air.skip("basetemperature", "basepressure")
    c.skip("timestep", "maxtime", "maximumangle", "simulationsteppermethod", "recoverytimestep", "maxsimulationtime")
    config = c.text("configid") or ""
    out = Conditions(
        rod_length=c.number("launchrodlength"), rod_elevation=pi / 2 - radians(tilt), rod_azimuth=azimuth % (2 * pi), winds=winds,
        latitude=_maybe_radians(c.number("launchlatitude")), longitude=_maybe_radians(c.number("launchlongitude")),
        elevation=c.number("launchaltitude"), temperature=temperature, pressure=pressure, geodesy=(c.text("geodeticmethod") or "").lower(),
    )  # fmt: skip
    c.done("conditions")
    return out, config


def _maybe_radians(degrees: float | None) -> float | None:
    return None if degrees is None else radians(degrees)


def _finite(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _stored(data: Node) -> Stored:
    """Figures of a stored flight, and the first row with mass, CG and CP."""
    figures = {ours: v for tag, ours in _FIGURES.items() if (v := _finite(data.attribute(tag))) is not None}
    state: dict[str, float] = {}
    for branch in data.children("databranch"):
        row = branch.child("datapoint")
        if row is not None and not state:
            names = [n.strip().lower() for n in next(csv.reader([branch.attribute("types") or ""], escapechar="\\"))]
            state = _first(dict(zip(names, row.own_text().split(","), strict=False)))
            if impulse := _finite(branch.attribute(IMPULSE)):
                state["impulse_n_s"] = impulse
    warnings = tuple(w.text("description") or w.own_text() for w in data.children("warning"))
    return Stored(figures, state, tuple(w for w in warnings if w))


def _first(row: dict[str, Any]) -> dict[str, float]:
    return {ours: v for name, ours in _STATE.items() if (v := _finite(row.get(name))) is not None}
