"""What the server says to a page and hears from it, as types: with `heads` its schema, from which `python builders/page_types.py` writes
`web/src/core/messages.ts`. Numbers are SI (angles in degrees where the name says so).

A test holds the server's own answers to these, key by key: a key that is not here, or is of another type, fails it. Where `error` says something, the
rest of an answer is not there.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from pydantic import JsonValue

from downrange.console.heads import Each, Unit

Value = JsonValue
Said = dict[str, JsonValue]
Way = list[str | int]
Verdict = Literal["pass", "fail", "not evaluated"]


class Change(TypedDict):
    """One change of a project, as a page asks for it: `project.document.Change`."""

    kind: Literal["set", "remove", "insert", "move"]
    way: list[str | int]
    value: NotRequired[JsonValue]
    index: NotRequired[int]
    to: NotRequired[int]


class Given(TypedDict):
    """A number that a sum begins with, and where it comes from."""

    symbol: str
    value: float
    unit: str
    what: str
    source: str


class Step(TypedDict):
    """A step of a sum: the equation, with numbers in it, and what it gives."""

    symbol: str
    equation: str
    numbers: str
    value: float
    unit: str
    words: str


class Move(TypedDict):
    """What the answer becomes by a change, and how much more that is."""

    what: str
    value: float | None
    more: float | None


class Explained(TypedDict):
    """A number explained."""

    type: Literal["explained"]
    error: NotRequired[str]
    topic: str
    question: str
    answer: float | None
    unit: str
    key: str | None
    words: str
    given: list[Given]
    steps: list[Step]
    by_hand: float | None
    because: str | None
    moves: list[Move]
    more: str | None


class State(TypedDict):
    """How a project stands: what its files say, as values and as texts."""

    type: Literal["state"]
    said: dict[str, JsonValue] | None
    motor: dict[str, JsonValue] | None
    error: str | None
    files: dict[str, str]
    texts: dict[str, str]
    unsaved: bool
    undo: bool
    redo: bool
    conflict: bool
    replaced: int


class Many(TypedDict):
    """Many flights are compiled by now, so that a page can ask for some at rest; told once."""

    type: Literal["many"]


class Field(TypedDict):
    """A field of a part."""

    name: str
    kind: str
    meaning: str
    example: str
    needed: bool
    default: str | float | bool | None
    choices: list[str]
    whole: bool


class LaunchField(TypedDict):
    """A field of a launch, by its dotted path."""

    path: str
    kind: str
    meaning: str
    example: str


class Fields(TypedDict):
    """What a page edits: by type of part, of the launch, and the units."""

    parts: dict[str, list[Field]]
    launch: list[LaunchField]
    units: dict[str, Unit]


_Motor = TypedDict("_Motor", {"class": str})


class Motor(_Motor):
    """A motor of the catalogue."""

    designation: str
    maker_short: str
    diameter_m: float
    length_m: float
    impulse_n_s: float
    average_thrust_n: float
    burn_time_s: float
    delays_s: list[float] | None
    plugged: bool | None
    available: bool


class Recent(TypedDict):
    """A project that was opened lately."""

    key: str
    name: str
    folder: str


class Named(TypedDict):
    """A project in the studio's folder."""

    name: str


class Start(TypedDict):
    """What the start page offers."""

    open: bool
    templates: dict[str, str]
    examples: dict[str, str]
    folder: str
    projects: list[Named]
    recent: list[Recent]


_Is = TypedDict("_Is", {"is": Each})


class Line(_Is):
    """A rule's answer."""

    pack: str
    title: str
    verdict: Verdict
    confirmed: bool
    source: str
    limit: Each
    complies: float | None
    why: Each


class Summary(TypedDict):
    """What `downrange safety --json` says."""

    verdict: Verdict
    rules: list[dict[str, Any]]
    risk: dict[str, Any] | None
    notes: list[str]


class Judgement(TypedDict):
    """GO or NO-GO, line by line."""

    type: Literal["judged"]
    error: NotRequired[str]
    flights: int
    lines: list[Line]
    casualties: str
    notes: list[Each]
    summary: Summary


class AimShown(TypedDict):
    """A setting of the rail in words."""

    rail: str
    apogee: Each
    margin: Each
    ballistic: Each


class Aimed(TypedDict):
    """A setting of the rail and the shares of flights that end badly with it."""

    azimuth_deg: float
    elevation_deg: float
    own: bool
    apogee_agl_m: float
    planned_bad: float
    ballistic_bad: float
    main_at_apogee_bad: float
    planned_east_m: float
    planned_north_m: float
    ballistic_east_m: float
    ballistic_north_m: float
    margin_m: float | None
    shown: AimShown


class ReachShown(TypedDict):
    """How far, and when, in words."""

    distance: Each
    when: Each


class Reached(TypedDict):
    """How far a rocket can come down from the pad."""

    kind: str
    distance_m: float
    elevation_deg: float
    wind_m_s: float
    late_s: float
    body: str | None
    shown: ReachShown


class Aiming(TypedDict):
    """Where to point the rail; why nowhere, in `not_aimed`."""

    type: Literal["aimed"]
    error: NotRequired[str]
    aims: list[Aimed]
    not_aimed: str
    reach: list[Reached]
    drift: list[dict[str, Any]]
    hold: list[dict[str, Any]]


class Unanswered(TypedDict):
    """What comes in place of one of these where the project cannot fly."""

    type: Literal["explained", "judged", "aimed"]
    error: str
    topic: NotRequired[str]


_WasIs = TypedDict("_WasIs", {"is": str})


class Difference(_WasIs):
    """A value of the files by its path: what it was and is; empty where it was or is not there."""

    path: str
    was: str


class Differ(TypedDict):
    """In what the project differs from what is pinned; null where it does not open."""

    type: Literal["differ"]
    changes: list[Difference] | None


class Number(TypedDict):
    """A number and how it is shown."""

    value: float | None
    shown: Each


class Version(TypedDict):
    """What a project was, what it flew, and what was changed of the one before."""

    name: str
    time: str
    who: str
    words: str
    numbers: dict[str, Number]
    changes: list[Difference]
    more: int
    error: str


class History(TypedDict):
    """What a project was, newest first, and its variants."""

    type: Literal["history"]
    git: bool
    versions: list[Version]
    variants: list[str]


class Curves(TypedDict):
    """A firing against time."""

    time_s: list[float]
    thrust_n: list[float | None]
    pressure_pa: list[float | None]
    head_pressure_pa: list[float | None]
    kn: list[float | None]


class Section(TypedDict):
    """A grain's section as a square picture, and how much of its web is burnt at each point of the curves."""

    type: str
    count: int
    diameter_m: float
    length_m: float
    across: int
    picture: list[int]
    burnt: list[float]


class Alert(TypedDict):
    """What is wrong with a firing."""

    text: Each
    serious: bool


class Burnt(TypedDict):
    """A motor of grains as it burns; `none` where the motor is another kind."""

    type: Literal["burnt"]
    error: str | None
    key: NotRequired[str | None]
    none: NotRequired[bool]
    file: str
    editable: bool
    figures: dict[str, Any]
    curves: Curves
    sections: list[Section]
    alerts: list[Alert]


class Unburnt(TypedDict):
    """What comes in place of `Burnt` where the motor does not burn."""

    type: Literal["burnt"]
    error: str
    key: str | None
    none: NotRequired[bool]


class Refused(TypedDict):
    """What cannot be done, to the page that asked for it."""

    type: Literal["refused"]
    text: str


class Closed(TypedDict):
    """Why a project is not opened."""

    type: Literal["closed"]
    text: str


Message = State | Explained | Judgement | Aiming | Differ | History | Burnt | Refused | Closed | Many
