"""Flights to lay over the one that is shown: a variant, another motor, what a flight computer recorded; and what the project was before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from downrange.console.answers import SERIES, answer, finite, framed, shown, unframed
from downrange.errors import DownrangeError
from downrange.project.mapping import Place
from downrange.text import plain
from downrange.units import SYSTEMS

__all__ = ["flown_beside", "history", "logged"]

_POINTS = 700
_CHANGES = 12  # of a version, that are shown
_UNITS = {"apogee_agl": "length", "static_margin": "cal", "min_stability": "cal"}


def flown_beside(said: Mapping[str, Any], place: Place, name: str) -> bytes:
    """The flight of another design as an answer to be laid over the one shown, called `name`."""
    head, block = unframed(answer(said, place, settled=False))
    return framed({**head, "beside": name}, block if block.size else None)


def logged(path: Path, name: str, said: Mapping[str, Any], place: Place) -> bytes:
    """A flight computer's log as it was reconstructed in this project's air, as `downrange log reconstruct --launch` does: time is from lift-off."""
    from downrange.formats.logs import read_log
    from downrange.project.flights import air_error
    from downrange.project.mapping import project_of
    from downrange.tracking import reconstruct

    try:
        project = project_of(said, place)
        log, day = read_log(path), project.launch
        found = reconstruct(
            [log], air=day.weather.air, elevation=day.pad.elevation, temperature_error=air_error(project)
        )
    except DownrangeError as error:
        text = plain(getattr(error, "message", str(error)), 600)
        return framed({"error": {"text": text, "key": None}, "beside": name, "settled": True}, None)
    rows = {
        "time": found.time, "height": found.height, "pressure_altitude": found.pressure_altitude, "speed": np.abs(found.speed),
        "vertical_speed": found.speed,
    }  # fmt: skip
    n = found.time.size
    at = np.unique(np.concatenate([np.linspace(0, n - 1, min(n, _POINTS), dtype=int), [int(np.argmax(found.height))]]))
    block = np.array([rows.get(s, np.full(n, np.nan)) for s in SERIES], np.float32)[:, at]
    events = [{"name": e.name, "time": float(e.time), "height": None, "speed": None} for e in found.events]
    apogee, sigma = found.apogee
    head = {
        "error": None, "beside": name, "settled": True, "events": events, "log": True,
        "apogee": {u: f"{shown(apogee, 'length')[u]} ± {shown(sigma, 'length')[u]}" for u in SYSTEMS},
        "notes": [plain(w, 300) for w in (*log.notes, *found.notes)][:12],
    }  # fmt: skip
    return framed(head, block)


def history(versions: Sequence[Mapping[str, Any]], place: Place) -> list[dict[str, Any]]:
    """What each of some versions (their `texts` by role, newest first) changed of the one before it and flies, in words for a page."""
    from downrange.project.history import effects, said_in

    def read(texts: Mapping[str, str]) -> dict[str, Any] | None:
        try:
            return said_in(texts)
        except DownrangeError:
            return None

    out = []
    for e in effects([read(v["texts"]) for v in versions], place):
        numbers = {n: {"value": x, "shown": shown(x, _UNITS[n])} for n, x in e.numbers.items()}
        changes = [
            {"path": plain(c.path, 120), "was": plain(c.was, 80), "is": plain(c.is_, 80)} for c in e.changes[:_CHANGES]
        ]
        out.append(
            {
                "numbers": numbers,
                "changes": changes,
                "more": max(0, len(e.changes) - _CHANGES),
                "error": plain(e.error, 300),
            }
        )
    told: list[dict[str, Any]] = finite(out)
    return told
