"""GO or NO-GO by the rules chosen, and where to point the rail, for the landing room: what `downrange safety` and `downrange aim` say."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from downrange.console.answers import both, finite
from downrange.errors import DownrangeError
from downrange.project.mapping import Place, project_of
from downrange.text import plain
from downrange.units import SYSTEMS, display, in_units

__all__ = ["aimed", "judged"]


def judged(said: Mapping[str, Any], place: Place, flights: int | None = None) -> dict[str, Any]:
    """Every rule's answer and the risks, of a campaign of `flights` (as many as `downrange safety` flies where None), or `error`."""
    from downrange.project.assessment import FLIGHTS, assess_project
    from downrange.project.campaigns import campaign_in_memory, plan_campaign
    from downrange.report.safety import casualty_words, safety_summary, show_beside, show_limit

    try:
        project = project_of(said, place)
        flown = flights or FLIGHTS
        made = assess_project(project, campaign_in_memory(project, plan_campaign(project, seed=1), flown))
    except DownrangeError as error:
        return _wrong("judged", error)
    lines = [
        {
            "pack": a.pack.name, "title": a.rule.title, "verdict": a.verdict.value, "confirmed": a.rule.confirmed, "source": a.rule.source,
            "is": {u: show_beside(a.value, a, u) for u in SYSTEMS}, "limit": {u: show_limit(a, u) for u in SYSTEMS},
            "complies": a.probability, "why": {u: in_units(" ".join(filter(None, (a.change, a.note))), u) for u in SYSTEMS},
        }
        for a in made.answers
    ]  # fmt: skip
    told: dict[str, Any] = finite(safety_summary(made.answers, made.risk, made.notes))
    risk = made.risk
    return {
        "type": "judged", "flights": flown, "lines": finite(lines), "casualties": "" if risk is None else casualty_words(risk),
        "notes": [both(n) for n in made.notes], "summary": told,
    }  # fmt: skip


def aimed(said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Settings of the rail, best first, with what they bring, and how far the rocket can reach; or `error`."""
    from downrange.errors import InputError
    from downrange.project.campaigns import plan_campaign
    from downrange.report.aim import aim_summary, rail_words, reach_words
    from downrange.safety import aims, drift_table, farthest

    try:
        project = project_of(said, place)
        try:
            best, why = aims(plan_campaign(project), project.ground), ""
        except InputError as error:
            best, why = (), error.message
        reach, drift = farthest(project.launch), drift_table(project.launch)
    except DownrangeError as error:
        return _wrong("aimed", error)
    told: dict[str, Any] = finite(aim_summary(best, why, reach, drift, ()))
    for a, row in zip(best, told["aims"], strict=True):
        row["shown"] = {
            "rail": rail_words(a), "apogee": _length(a.apogee), "margin": _length(a.margin),
            "ballistic": _length(math.hypot(*a.ballistic_mean)),
        }  # fmt: skip
    for r, row in zip(reach, told["reach"], strict=True):
        row["shown"] = {"distance": _length(r.distance), "when": {u: reach_words(r, u) for u in SYSTEMS}}
    return {"type": "aimed", **told}


def _each(words: Callable[[str], str]) -> dict[str, str]:
    return {system: words(system) for system in SYSTEMS}


def _length(metres: float) -> dict[str, str]:
    return _each(lambda u: display(metres, "length", u) if math.isfinite(metres) else "-")


def _wrong(kind: str, error: DownrangeError) -> dict[str, Any]:
    return {"type": kind, "error": plain(getattr(error, "message", str(error)), 600)}
