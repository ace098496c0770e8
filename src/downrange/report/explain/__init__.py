"""Explain on demand: each number of the cards with its equation, its inputs and their sources, and what moves it most."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from downrange.errors import FlightCode, InputError, NotFoundError, seen, suggest
from downrange.flight import Flight, Launch, compile_launch, fly, launch_figures
from downrange.report.explain import climb, descent, inflight, pad
from downrange.report.explain.case import Case
from downrange.report.explain.moves import Move, moves
from downrange.report.explain.sheet import Explanation, Given, Rows, Sheet, Step

if TYPE_CHECKING:
    from downrange.project import Project

__all__ = [
    "TOPICS",
    "Explanation",
    "Given",
    "Move",
    "Rows",
    "Sheet",
    "Step",
    "Topic",
    "explain",
    "moves_of",
    "topic_named",
]


@dataclass(frozen=True)
class Topic:
    """Something that can be explained: a line about it, what it needs of the flight, and who explains it."""

    words: str
    make: Callable[[Case], Explanation]
    needs: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


TOPICS: dict[str, Topic] = {
    "mass": Topic("what it weighs, and where it balances", pad.mass, (), ("check",), ("balance", "cg", "weight")),
    "margin": Topic("how stable it is", pad.margin, ("static_margin",), ("check", "fly"), ("stability", "static-margin", "cp")),
    "thrust-to-weight": Topic("whether the motor is strong enough", pad.thrust_to_weight, (), ("check", "fly"), ("thrust",)),
    "rail-exit": Topic("how fast it is when the rail lets go", pad.rail_exit, ("rail_exit_speed",), ("check", "fly"), ("rail",)),
    "angle-of-attack": Topic("at what angle it meets the air at rail exit", pad.angle_of_attack, ("rail_exit_speed",), ("fly",), ("weathercocking",)),
    "least-margin": Topic("how stable it stays on the way up", inflight.least_margin, ("min_stability",), (), ("min-stability", "stability-in-flight")),
    "apogee": Topic("how high it flies", climb.apogee, ("apogee_agl",), ("fly",), ("height", "altitude")),
    "altimeter": Topic("what the altimeter will show", climb.pressure_altitude, ("apogee_agl",), ("fly",), ("pressure-altitude",)),
    "speed": Topic("how fast it flies", climb.speed, ("max_speed", "apogee_agl"), ("fly",), ("max-speed", "mach")),
    "acceleration": Topic("how hard it is pushed", climb.acceleration, ("max_acceleration_time",), ("fly",), ("g",)),
    "drag": Topic("what the air costs, part by part", climb.drag, ("max_speed_time",), (), ("drag-coefficient", "cd")),
    "delay": Topic("which delay the motor should have", climb.delay, ("optimum_delay",), ("fly",), ("best-delay",)),
    "opening": Topic("how fast it is when the parachute opens", descent.opening, ("deployment_time", "optimum_delay"), ("fly",), ("deployment",)),
    "descent": Topic("how fast it comes down", descent.descent, ("ground_hit_speed",), ("check", "fly"), ("landing-speed", "sink")),
    "energy": Topic("how hard it hits", descent.energy, ("landing_energy",), ("check", "fly"), ("landing-energy",)),
    "drift": Topic("how far away it lands", descent.drift, ("flight_time", "time_to_apogee"), ("fly",), ("landing", "range")),
    "casualties": Topic("whom it would hit if nothing opened", inflight.casualties, (), (), ("casualty-area", "crowd")),
    "flutter": Topic("whether the fins hold", descent.flutter, ("flutter_margin",), (), ("fins",)),
}  # fmt: skip

# What needs no flight, by its names in `fly --json` and among the figures of a launch.
_ON_THE_PAD = {
    "static_margin_cal": "static_margin",
    "thrust_to_weight": "thrust_to_weight",
    "liftoff_mass_kg": "liftoff_mass",
}


def topic_named(name: str) -> str:
    """The topic that a word means; raises `NotFoundError` with the nearest one."""
    word = name.strip().lower().replace("_", "-").replace(" ", "-")
    also = {other: topic for topic, t in TOPICS.items() for other in t.also}
    if word in TOPICS or word in also:
        return also.get(word, word)
    raise NotFoundError(f"no topic {seen(name, 80)}{suggest(word, [*TOPICS, *also])}; known: {', '.join(TOPICS)}")


def explain(project: Project, topic: str, flight: Flight | None = None) -> Explanation:
    """Explain one number of a project's flight: of a vehicle that comes apart, that of its foremost body.

    Raises `InputError` where the flight has no such number.
    """
    name = topic_named(topic)
    flown = flight or fly(compile_launch(project.launch), interpreted=True)
    case = Case(project, flown)
    missing = next((k for k in TOPICS[name].needs if not math.isfinite(case.figures[k])), None)
    if missing is not None:
        why = (
            "it never lifts off"
            if flown.code == FlightCode.NO_LIFTOFF
            else f"it has none: {TOPICS[name].words} is not known here"
        )
        if name == "opening" and flown.code != FlightCode.NO_LIFTOFF:
            why = "nothing opens on this flight"
        raise InputError(f"there is nothing to explain about {name}: {why}; see downrange check")
    return TOPICS[name].make(case)


def moves_of(project: Project, explanation: Explanation) -> list[Move]:
    """What moves an explained number, by flying again with one thing changed at a time; the largest change first."""

    def number(launch: Launch) -> float:
        program = compile_launch(launch)
        if explanation.key in _ON_THE_PAD:
            return launch_figures(program)[_ON_THE_PAD[explanation.key]]
        flight = fly(program, interpreted=True)
        if explanation.key:
            value = flight.summary()[explanation.key]
            return math.nan if value is None else float(value)
        return explain(project, explanation.topic, flight).answer

    found = moves(project.launch, explanation.knobs, number, explanation.answer)
    return sorted(found, key=lambda m: -abs(m.more) if math.isfinite(m.more) else -math.inf)
