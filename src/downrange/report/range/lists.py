"""Checklists from a design's own parts: assembly, pad, launch, misfire, disarm, after landing.

What is a rule names its code; the rest is practice, made from what the design has in it. Nothing is invented: a charge whose mass no
file has is a line to fill.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any

from downrange.design.workshop.items import Item, items_of
from downrange.report.range.facts import Told, azimuth_words, charges_of, devices_of, motors_told, says
from downrange.report.safety import show_limit
from downrange.rocket import (
    BodyTube,
    Boosters,
    FinSet,
    LaunchLug,
    MassObject,
    NoseCone,
    RailButtons,
    ShockCord,
    Transition,
    TubeCoupler,
)
from downrange.safety import Answer

__all__ = ["Box", "Checklist", "Part", "checklist_of"]

_MISFIRE = "NAR safety codes, misfires"
_COUNT = "NAR safety codes, launch safety"
_IGNITER = "NAR High Power Rocket Safety Code, ignition system"
_ELECTRONIC = (
    "altimeter",
    "electronics",
    "avionics",
    "computer",
    "timer",
    "raven",
    "telemetr",
    "telemega",
    "easymini",
    "stratologger",
    "eggtimer",
    "rrc3",
)
_TRACKERS = ("tracker", "gps", "beacon", "radio")
_BATTERIES = ("battery", "batteries", "lipo", "cell")


@dataclass(frozen=True)
class Box:
    """A line to tick: what is done, and the rule that it comes from ("": practice)."""

    text: str
    rule: str = ""


@dataclass(frozen=True)
class Part:
    """A part of a checklist: its name and its lines."""

    name: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Checklist:
    """A launch's checklist; `notes` say what the design leaves open."""

    rocket: str
    motors: str
    launch: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...]

    def summary(self) -> dict[str, Any]:
        """By the keys of `--json`."""
        return {
            "rocket": self.rocket, "motors": self.motors, "launch": self.launch,
            "parts": [{"name": p.name, "boxes": [{"text": b.text, "rule": b.rule or None} for b in p.boxes]} for p in self.parts],
            "notes": list(self.notes),
        }  # fmt: skip


def checklist_of(told: Told) -> Checklist:
    """The checklist of a launch that was flown once."""
    launch = told.project.launch
    parts = (
        Part("Assembly, at the table", tuple(_assembly(told))), Part("At the pad", tuple(_pad(told))), Part("Launch", tuple(_launch(told))),
        Part("If it does not light", tuple(_misfire(told))), Part("Disarm: bring it back unflown", tuple(_disarm(told))),
        Part("After landing", tuple(_landed(told))),
    )  # fmt: skip
    motors = " + ".join(f"{n} x {f.motor.designation}" if n > 1 else f.motor.designation for f, n in motors_told(told))
    return Checklist(launch.rocket.name, motors, launch.name, parts, tuple(_notes(told)))


# ---- what the design has ------------------------------------------------------------------------------------------


def _named(told: Told, words: tuple[str, ...]) -> list[Item]:
    return [
        i for i in items_of(told.project.launch.rocket)
        if isinstance(i.part, MassObject) and any(w in i.part.name.lower() for w in words)
    ]  # fmt: skip


def _electronic(told: Told) -> list[tuple[Item, list[str]]]:
    """Devices that electronics let go, and in which words."""
    return [(i, [c.words]) for i in devices_of(told) if (c := charges_of(told, i)).by == "electronics"]


def _airstarts(told: Told) -> list[Any]:
    """The ignitions that do not happen on the pad."""
    return [
        s
        for s in told.project.launch.schedule
        if s.kind == "ignition" and (s.what.event != "launch" or s.what.delay) and s.what.event != "never"
    ]


def _separations(told: Told) -> list[Any]:
    return [s for s in told.project.launch.schedule if s.kind == "separation" and s.what.event != "never"]


def _armed(told: Told) -> list[str]:
    """What is armed at the pad, in the order in which it is: recovery first, what lights motors last."""
    names = [i.name for i in _named(told, _ELECTRONIC)]
    recovery = names or (["the recovery electronics"] if _electronic(told) else [])
    return [*recovery, *(f"what lights {s.name}" for s in _airstarts(told))]


def _notes(told: Told) -> Iterator[str]:
    if _electronic(told) and not _named(told, _ELECTRONIC):
        what = ", ".join(i.name for i, _ in _electronic(told))
        yield f"Electronics let go {what}, but no mass of the design is called altimeter, electronics or the like: name yours so, or write it in."
    if not devices_of(told):
        yield "The design has no parachute and no streamer: it comes down as it is. Ask the range safety officer."
    quiet = [i.name for i in devices_of(told) if charges_of(told, i).by == "nothing"]
    if quiet:
        yield f"Nothing lets go of {', '.join(quiet)}: is that so?"
    if _electronic(told):
        yield "The design does not say how much powder a charge has: downrange bench powder, then a test on the ground."


# ---- the lists ----------------------------------------------------------------------------------------------------


def _assembly(told: Told) -> Iterator[Box]:
    launch = told.project.launch
    for item in items_of(launch.rocket):
        yield from _part(item)
    for item in devices_of(told):
        charge = charges_of(told, item)
        many = f" ({item.copies} of them)" if item.copies > 1 else ""
        yield Box(
            f"{item.name}{many}: no tears or burns, lines untangled, tied to its shock cord with a closed link, folded, wrapped against hot gas."
        )
        if charge.by == "electronics":
            yield Box(
                f"{item.name}: charge ______ g, as tested on the ground; let go by {charge.words}. Leads shorted until the pad."
            )
        elif charge.by != "nothing":
            yield Box(f"{item.name}: let go by {charge.words}.")
    for i in _named(told, _BATTERIES):
        yield Box(f"{i.name}: charged, measured ______ V, strapped so that it cannot move.")
    for i in _named(told, _ELECTRONIC):
        yield Box(f"{i.name}: own fresh battery ______ V, screwed down, vents open, settings read back, switch OFF.")
    for i, words in _electronic(told):
        yield Box(
            f"Read back from the altimeter: {i.name}, {words[0].removeprefix('electronics, ')}. A second, independent one, if you fly it, is set to fire after it."
        )
    for i in _named(told, _TRACKERS):
        yield Box(f"{i.name}: charged, has a fix, frequency ______ is free on this range.")
    yield from _motors(told)
    yield from _balance(told)


def _part(item: Item) -> Iterator[Box]:
    part, many = item.part, f" ({item.copies} of them)" if item.copies > 1 else ""
    if isinstance(part, FinSet):
        yield Box(f"{item.name}{many}: all {len(part.present)} straight, no crack at a root; pull and twist each.")
    elif isinstance(part, NoseCone) and item.host is None:
        yield Box(
            f"{item.name}{many}: fits so that it neither falls off nor sticks; shear pins, if any: number ______."
        )
    elif isinstance(part, RailButtons | LaunchLug):
        yield Box(f"{item.name}{many}: {'all ' + str(part.count) if part.count > 1 else 'it is'} tight and in line.")
    elif isinstance(part, ShockCord):
        yield Box(f"{item.name}{many}: not burnt, both ends tied, folded so that it runs out.")
    elif isinstance(part, TubeCoupler):
        yield Box(
            f"{item.name}{many}: joint straight; where it comes apart it slides, where it is held its rivets or screws are in."
        )
    elif isinstance(part, Transition | BodyTube) and item.host is None:
        yield Box(f"{item.name}{many}: no dent, crease or crack.")
    elif isinstance(part, MassObject) and not any(
        w in part.name.lower() for w in (*_ELECTRONIC, *_TRACKERS, *_BATTERIES)
    ):
        yield Box(f"{item.name}{many}: in its place, cannot move.")
    elif isinstance(part, Boosters):
        yield Box(f"{item.name}: all {part.count} on their points; each comes off by hand as it should in flight.")


def _motors(told: Told) -> Iterator[Box]:
    for f, n in motors_told(told):
        m = f.motor
        which = f"{n} x {m.designation}" if n > 1 else m.designation
        where = f" in {f.tube.mount}" if f.tube.mount and not f.tube.mount.startswith(("parts[", "stages[")) else ""
        yield Box(
            f"{which}{where}: assembled by its maker's paper, nozzle clear, held so that it goes neither forward nor aft. No igniter yet."
        )
        delay = f.mounted.delay if f.mounted.delay is not None else m.delays[0] if len(m.delays) == 1 else None
        if delay is not None and not m.plugged and any(charges_of(told, i).by == "motor" for i in devices_of(told)):
            yield Box(f"{m.designation}: delay of {delay:g} s, measured or drilled; charge of the motor in.")
    for s in _separations(told):
        yield Box(
            f"{s.name}: comes apart at {says(s, told)}; it slides off by hand, its wires and charge do not hold it."
        )


def _balance(told: Told) -> Iterator[Box]:
    s = told.flight.figures
    cg, cp, d = (float(s[k]) for k in ("liftoff_cg", "cp", "static_margin"))
    calibre = told.project.launch.rocket.diameter
    mass = told.figure("liftoff_mass", "mass")
    yield Box(f"Weigh it ready to fly: the design says {mass}; the scale says ______.")
    if isfinite(cg) and isfinite(cp):
        least = told.shown(cp - calibre, "size")
        yield Box(
            f"Balance it ready to fly: the design says {told.shown(cg, 'size')} from the nose tip; seen ______. CP {told.shown(cp, 'size')}, margin {d:.2f} calibres. "
            f"Aft of {least} it has less than one calibre: do not fly it."
        )


def _pad(told: Told) -> Iterator[Box]:
    launch = told.project.launch
    yield Box("Range safety officer has seen card and rocket, and the launcher has no power.")
    rail = launch.rail
    lean = azimuth_words(rail.azimuth) if rail.elevation < 1.5706 else ""
    yield Box(
        f"On the rail of {told.shown(rail.length, 'length')}: it slides freely; rail at {azimuth_words(rail.elevation)}"
        + (f", leaning towards {lean}" if lean else "")
        + ", locked."
    )
    yield from (
        _rule(a, told)
        for a in told.answers
        if a.rule.quantity in ("surface_wind", "rail_tilt", "cleared_radius") and a.limit is not None
    )
    armed = _armed(told)
    if armed:
        yield Box("All who are not needed go back. Nobody in front of the nose or behind a nozzle.")
    electronics = [a for a in armed if not a.startswith("what lights")]
    for s in _airstarts(told):
        m = told.project.launch.motors[s.index].motor.designation
        yield Box(
            f"Igniter into {m} ({s.name}) at the pad, no earlier: what lights it is off, its leads are shorted.",
            _IGNITER,
        )
    for name in electronics:
        yield Box(f"Switch on {name}: it reports every charge as connected, and says so ______ (beeps).")
    for s in _airstarts(told):
        yield Box(
            f"{s.name} is lit in flight: {says(s, told)}. Its inhibits are set so and were tested; its electronics are upright and still, then armed, after all else."
        )
    if _airstarts(told):
        yield Box("A motor that may light by itself is armed by one person, from the side, with the way out free.")
    lit = [f for f, _ in motors_told(told) if not any(s.index == f.index for s in _airstarts(told))]
    for f in lit:
        yield Box(
            f"Igniter into {f.motor.designation}, to the end of its grain, fixed; clips clean, not touching.",
            _IGNITER if f.motor.impulse > 160 else "",
        )
    yield Box("Continuity, from the launcher, with everybody back.")


def _rule(a: Answer, told: Told) -> Box:
    return Box(
        f"{a.rule.title}: {show_limit(a, told.units)}; seen ______.",
        f"{a.pack.name}" + ("" if a.rule.confirmed else ", unconfirmed"),
    )


def _launch(told: Told) -> Iterator[Box]:
    yield from (
        _rule(a, told)
        for a in told.answers
        if a.rule.quantity in ("people_distance", "cloud_cover", "visibility", "cloud_base_over_apogee")
        and a.limit is not None
    )
    yield Box(
        "Sky and range clear; nothing flies above. Heads up is called"
        + (": it has several motors or stages." if len(told.project.launch.filled) > 1 else ".")
    )
    f = told.flight
    yield Box(
        f"Who watches what: apogee {told.figure('apogee_agl', 'length')} at {told.figure('time_to_apogee', 'time', 3)}."
    )
    for item in devices_of(told):
        charge = charges_of(told, item)
        if charge.by != "nothing":
            yield Box(f"Seen: {item.name} ({charge.words}).")
    for s in [*_separations(told), *_airstarts(told)]:
        yield Box(f"Seen: {s.name}, {says(s, told)}.")
    landing = told.figure("landing_distance", "length", 3)
    yield Box(
        f"Countdown of five seconds, aloud. Down after {told.shown(float(f.figures['flight_time']), 'time', 3)}, {landing} away.",
        _COUNT,
    )


def _misfire(told: Told) -> Iterator[Box]:
    yield Box("Take out the launcher's safety interlock or disconnect its battery.", _MISFIRE)
    yield Box("Wait 60 seconds after the last try before anybody goes near.", _MISFIRE)
    if _airstarts(told) or _electronic(told):
        yield Box("Everything aboard is still armed: it counts as about to fire until it is switched off.")
    if len(told.project.launch.filled) > 1:
        yield Box(
            "Several motors: one may have lit and gone out. Look from afar for smoke; wait longer while there is any."
        )
    yield Box("One person goes, from the side, clear of nose and nozzle; then down the list of Disarm.")


def _disarm(told: Told) -> Iterator[Box]:
    yield Box("Launcher without power, its key in the hand of the one who goes.")
    for name in reversed(_armed(told)):
        yield Box(
            f"Switch off {name}."
            if not name.startswith("what lights")
            else f"Disarm {name} first: a motor that lights here kills."
        )
    for f, _ in motors_told(told):
        yield Box(f"Igniter out of {f.motor.designation}, its leads shorted.")
    for item, _ in _electronic(told):
        yield Box(f"{item.name}: charge disconnected and shorted; powder out before it travels.")
    yield Box("Off the rail, nose away from people.")


def _landed(told: Told) -> Iterator[Box]:
    for item, _ in _electronic(told):
        yield Box(
            f"{item.name}: did its charge fire? One that did not is live: switch off, short it, keep your face away."
        )
    for s in _airstarts(told):
        yield Box(f"{s.name}: did it light? If not, its igniter and motor are live: disarm first.")
    for name in [n for n in _armed(told) if not n.startswith("what lights")]:
        yield Box(f"{name}: read out, then off. Height ______.")
    if any(_named(told, _BATTERIES)):
        yield Box("Batteries: swollen, hot or dented ones go into sand.")
    yield Box("Look at canopies, cords, fins and motor mount; write the flight into the log (downrange log).")
