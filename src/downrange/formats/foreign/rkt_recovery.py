"""When RockSim's canopies open: its simulations say so, by what was to happen and by what did.

A recovery event names its device by a serial number, and its conditions by numbers that are written down nowhere. What is told apart is
what the stored flight shows: a device that came out when the ejection charge fired, at the apogee, or at a height on the way down. Test type 28 is
the ejection charge: the files at hand whose device came out with the charge have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from downrange.formats.foreign.design import PartData
from downrange.formats.foreign.nodes import Node

__all__ = ["recovery_events"]

_EJECTION = "28"
_ALIKE = 0.1  # s; RockSim's step is below that


def recovery_events(simulations: Iterable[tuple[str, Node]], design: Node, parts: Iterable[PartData]) -> None:
    """Give canopies and streamers what opens them, for each configuration.

    simulations: a configuration's name in the design and the stored simulation. parts: of all stages, whose `@device` is the serial number.
    """
    devices = {p.pop("@device"): p for p in _all(parts) if "@device" in p}
    listed = design.child("simulationeventlist")
    general = {k: e for k, e in _events(listed)} if listed else {}
    known: set[int] = set()
    for config, node in simulations:
        own = node.child("simulationevents")
        events = general | (dict(_events(own)) if own else {})
        for serial in devices.keys() & events.keys():
            deploy = _deploy(events[serial], node, devices[serial])
            if deploy is not None:
                devices[serial].setdefault("@deploy", {})[config] = deploy
                known.add(serial)
    for serial in devices.keys() - known:
        design.report.chosen(_called(devices[serial]), "when it opens: at the motor's ejection charge")


def _called(part: PartData) -> str:
    return str(part.get("name") or part["type"])


def _all(parts: Iterable[PartData]) -> Iterator[PartData]:
    for p in parts:
        yield p
        yield from _all(p.get("parts", ()))


def _events(node: Node) -> Iterator[tuple[int, Node]]:
    for e in node.children("simulationevent"):
        serial = int(e.amount("partserialno"))
        if serial > 0:
            yield serial, e


def _deploy(event: Node, simulation: Node, part: PartData) -> PartData | None:
    """What opened a device in a simulation; None where that is not to be told."""
    place, report = _called(part), event.report
    when, height = event.amount("deployedat_time"), event.amount("deployedat_altitude")
    charge = simulation.amount("ejecttime") or simulation.amount("timetoeject")
    apogee = simulation.amount("timetoapogee")
    conditions = {c.strip() for c in (event.text("testtype") or "").split(",")} - {"0", ""}
    if event.amount("hasdeployed") == 1 and when > 0:
        if charge > 0 and abs(when - charge) < _ALIKE:
            return {"event": "ejection"}
        if apogee > 0 and abs(when - apogee) < _ALIKE:
            report.chosen(place, "that it opens at apogee: it came out then in the simulation that is stored")
            return {"event": "apogee"}
        if apogee > 0 and when > apogee and height > 0:
            report.chosen(place, f"that it opens at {height:.0f} m: it came out there in the simulation that is stored")
            return {"event": "altitude", "altitude": height}
    if conditions and conditions != {_EJECTION}:
        report.approximated(
            place,
            f"its recovery event has the conditions {', '.join(sorted(conditions))[:40]}, whose meaning is not published: at the ejection charge",
        )
    return None
