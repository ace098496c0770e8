"""All drawings of a rocket: the whole, then part by part, and what is said of parts that have none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import pi

from downrange.design.bench import bench_number
from downrange.design.workshop.drawing import Drawing, mm
from downrange.design.workshop.guides import Mark, marks_on, strips
from downrange.design.workshop.items import Item, items_of
from downrange.design.workshop.templates import made_of
from downrange.errors import InputError, NotFoundError, seen, suggest
from downrange.rocket import BodyTube, Bulkhead, NoseCone, Rocket, Transition, TubeCoupler
from downrange.uncertainty import Quantity

__all__ = ["Told", "drawings_of", "vents_of"]

_HOLES = 4
_LONG = 40  # characters of a file's name that come from a part's


@dataclass(frozen=True)
class Told:
    """What is said of a part: where it is (`path`), what it is called, and the words."""

    path: str
    name: str
    words: str


def vents_of(rocket: Rocket, bays: Sequence[str] = ()) -> tuple[tuple[Mark, ...], tuple[Told, ...]]:
    """The holes of altimeter bays: of the couplers called so, and of those that two bulkheads close; what is said of each.

    Each has four holes by the makers' rule (`downrange bench ports`). Raises `NotFoundError` for a bay that is no coupler or tube.
    """
    items = list(items_of(rocket))
    named = {i.name: i for i in items if isinstance(i.part, TubeCoupler | BodyTube)}
    chosen: list[Item] = []
    for bay in bays:
        if bay not in named:
            raise NotFoundError(
                f"no coupler or tube called {seen(bay, 60)}{suggest(bay, named)}; known: {', '.join(named)}"[:400],
                key="bay",
            )
        chosen.append(named[bay])
    closed = [
        i for i in items
        if isinstance(i.part, TubeCoupler) and i not in chosen and sum(isinstance(h.part, Bulkhead) for h in i.held) >= 2
    ]  # fmt: skip
    marks, told = [], []
    for i in (*chosen, *closed):
        given = {"diameter": 2 * i.placed.at.inner, "length": i.length, "holes": float(_HOLES)}
        ports = bench_number("ports", {k: Quantity(v) for k, v in given.items()})
        hole = next(r.value for r in ports.results if r.name == "hole diameter")
        x = i.x + 0.5 * i.length
        around_it = tuple(2 * pi * (k + 0.5) / _HOLES for k in range(_HOLES))
        marks.append(Mark(f"vent of {i.name}", x, x, around_it, hole))
        told.append(
            Told(
                i.path,
                i.name,
                f"an altimeter bay: {_HOLES} vent holes of {mm(hole)} on the guide of the tube over its middle",
            )
        )
    return tuple(marks), tuple(told)


def drawings_of(rocket: Rocket, more: Sequence[Mark] = ()) -> tuple[tuple[Drawing, ...], tuple[Told, ...]]:
    """The drawings of every part, equal ones once, and what is said of parts. `more` is marked on the body's tubes."""
    drawings: list[Drawing] = []
    told: list[Told] = []
    for item in items_of(rocket):
        made = made_of(item.part, item)
        own = list(made.drawings)
        if isinstance(item.part, BodyTube):
            own += strips(item, more if not _beside(item) else ())
        elif _marked_on_a_curve(item):
            told.append(
                Told(
                    item.path,
                    item.name,
                    "what stands on its curved side has no flat guide; the fin jig holds fins at their angles",
                )
            )
        told += [Told(item.path, item.name, w) for w in made.said]
        for d in own:
            _add(drawings, d)
    return tuple(replace(d, key=_key(k, d)) for k, d in enumerate(drawings, start=1)), tuple(told)


def _beside(item: Item) -> bool:
    """Whether a part belongs to a pod or a booster, whose lengths count from its own nose."""
    return item.x != item.placed.front


def _marked_on_a_curve(item: Item) -> bool:
    curved = isinstance(item.part, NoseCone) or (isinstance(item.part, Transition) and item.part.shape != "conical")
    return curved and any(marks_on(h.part, h) for h in item.held)


def _add(drawings: list[Drawing], new: Drawing) -> None:
    """Add a drawing, or to the number needed of one that is alike."""
    for k, old in enumerate(drawings):
        if (old.key, old.title, old.shapes) == (new.key, new.title, new.shapes):
            drawings[k] = replace(old, needed=old.needed + new.needed)
            return
    drawings.append(new)


def _key(number: int, d: Drawing) -> str:
    """The name of a drawing's files: a number, what it is and what the part is called, in plain letters."""
    words = re.sub(r"[^a-z0-9]+", "-", d.title.lower()).strip("-")[:_LONG].strip("-")
    return f"{number:02d}-{words or d.key}"


def checked_bays(bays: object) -> tuple[str, ...]:
    """Names of bays, from a text or a list of texts."""
    given = [bays] if isinstance(bays, str) else bays
    if not isinstance(given, list | tuple) or not all(isinstance(b, str) for b in given):
        raise InputError(f"bays are names of couplers, like ['av bay']; seen {seen(bays, 80)}", key="bay")
    return tuple(given)
