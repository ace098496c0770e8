"""Rows on recovery for a card: what canopies open with, what holds them, at which height an altimeter's 300 m are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downrange.rocket import Parachute
from downrange.text import plain
from downrange.units import display, in_units

if TYPE_CHECKING:
    from downrange.flight import Flight

__all__ = ["recovery_rows"]

_NAME = 40  # characters


def recovery_rows(flight: Flight, units: str = "metric") -> list[tuple[str, str, str]]:
    """(what, value, in words) of every opening, and of all that holds it; none where the files say nothing of reefing, loads or strengths.

    flight: flown. units: `metric` or `us`.
    """
    parts = [q.part for q in flight.launch.rocket.placed]
    canopies = [p for p in parts if isinstance(p, Parachute)]
    out = []
    for d in flight.program.devices:
        if "on the altimeter" in d.label:
            out.append(
                (
                    "released at",
                    display(d.value, "length", units),
                    in_units(f"{plain(d.name, _NAME)}: {d.label}", units),
                )
            )
    if not flight.held and not any(p.strength or p.reefed or p.opening_shock for p in canopies):
        return out
    for o in flight.openings:
        words = f"{plain(o.name, _NAME)} opens at {display(o.airspeed, 'speed', units, 3)}, {display(o.height, 'length', units, 3)} up"
        if o.torn:
            words += ", and tears"
        elif o.strength:
            words += f"; it tears at {display(o.strength, 'force', units, 3)}"
        out.append(("opening load", display(o.load, "force", units, 2), words))
    for h in flight.held:
        words = f"{plain(h.name, _NAME)}: {h.margin:.2g} times the load of {plain(h.opening.name, _NAME)}"
        out.append(("holds", display(h.strength, "force", units, 3), words))
    return out
