"""What stands at the head of the server's frames, as types: flights, what is laid over them, landings. The other half of its schema is `messages`.

Numbers are SI, and null where they are not finite. Where `error` says something, the rest is not there, but for `settled` and `series`.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

System = Literal["metric", "us"]
Judged = Literal["good", "look", "bad", ""]


class Each(TypedDict):
    """Words in each system of units."""

    metric: str
    us: str


class Reasons(TypedDict):
    """Sentences in each system of units."""

    metric: list[str]
    us: list[str]


class Unit(TypedDict):
    """The unit of a kind in each system: its name, and how many of it one SI unit is."""

    metric: tuple[str, float]
    us: tuple[str, float]


class Fault(TypedDict):
    """Why there is no answer, and the key of the files that it is about, where it is one."""

    text: str
    key: str | None


class Block(TypedDict):
    """What follows a head: rows of so many numbers each, by name."""

    names: list[str]
    rows: int
    points: int


class StripItem(TypedDict):
    """A number of the strip: what it is, what it is shown as, and whether it passes."""

    name: str
    key: str
    unit: str
    meaning: str
    topic: str | None
    value: float | None
    state: Judged
    why: Reasons
    shown: Each


class Shape(TypedDict):
    """A polygon of the drawing and the part that it shows, m: aft of the nose tip, across."""

    part: str
    kind: Literal["body", "fin", "inside", "mark", "motor"]
    points: list[tuple[float, float]]


class Drawing(TypedDict):
    """What stands on the pad, seen from the side; m."""

    shapes: list[Shape]
    length: float
    reach: float


class FlightEvent(TypedDict):
    """What happens in a flight: s, m above the pad, m/s."""

    name: str
    time: float
    height: float
    speed: float


class Warned(TypedDict):
    """A warning, the quantity that it is about, and whether the rocket should not fly so."""

    text: Each
    about: str | None
    grave: bool


class Mover(TypedDict):
    """An input that moves the apogee, and by how much it alone does."""

    what: str
    sigma_m: float
    assumed: bool


class Band(TypedDict):
    """How well the apogee is known."""

    mean_m: float
    sigma_m: float
    p5_m: float
    p25_m: float
    p75_m: float
    p95_m: float
    moved_most_by: list[Mover]
    shown: Each


class Head(TypedDict):
    """The head of a flight's answer; at rest with all its figures, and what was assumed."""

    error: Fault | None
    settled: bool
    interpreted: bool
    title: str
    result: str
    fit_to_fly: bool
    strip: list[StripItem]
    events: list[FlightEvent]
    warnings: list[Warned]
    drawing: Drawing
    cg: float | None
    cp: float | None
    figures: NotRequired[dict[str, Any]]
    assumed: NotRequired[list[str]]
    apogee_band: NotRequired[Band | None]
    series: Block


class Unflown(TypedDict):
    """The head of an answer of a project that cannot fly."""

    error: Fault
    settled: bool
    series: Block


class BesideHead(Head):
    """The head of another design's flight, to be laid over the one shown."""

    beside: str


class LogEvent(TypedDict):
    """What a log shows to have happened, s from lift-off."""

    name: str
    time: float
    height: None
    speed: None


class LogHead(TypedDict):
    """The head of a log as it was reconstructed, to be laid over the flight shown."""

    error: Fault | None
    beside: str
    settled: bool
    events: list[LogEvent]
    log: Literal[True]
    apogee: Each
    notes: list[str]
    series: Block


class Mode(TypedDict):
    """A mode of failure and its probability."""

    name: str
    probability: float


class Ellipse(TypedDict):
    """An ellipse around a share of the normal landings, m east and north of the pad."""

    share: float
    outline: list[tuple[float, float]]


class Ring(TypedDict):
    """A ring of the ground around the pad, m east and north of it."""

    name: str
    kind: str
    outline: list[tuple[float, float]]


class ScatterHead(TypedDict):
    """The head of where many flights land."""

    scatter: Literal[True]
    tried: bool
    error: Fault | None
    flights: int
    seed: int
    modes: list[Mode]
    bands: dict[str, Each]
    ellipse: list[Ellipse]
    shapes: list[Ring]
    pad: list[float]
    series: Block
