"""Parts seen from the side, by type; a type that is not registered is an error, so that nothing is left out of a drawing."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from downrange.aero.geometry import outline
from downrange.rocket import (
    Assembly,
    BodyTube,
    Bulkhead,
    CentringRing,
    FinSet,
    Glider,
    InnerTube,
    LaunchLug,
    MassObject,
    NoseCone,
    Parachute,
    Part,
    Placed,
    Protuberance,
    RailButtons,
    RingFin,
    Rocket,
    ShockCord,
    Streamer,
    Transition,
    TubeCoupler,
    TubeFins,
    Tumble,
    called,
    planform,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_part", "not_drawn", "part_reach", "within_the_body"]

_LINE, _BODY, _FIN, _GREY = "#30363d", "#eef2f7", "#cfdcec", "#8a8f98"


@singledispatch
def draw_part(part: Part, q: Placed, a: Axes) -> None:
    """Draw a part in its place `q`, seen from the side: x and radius in metres."""
    raise TypeError(f"{type(part).__name__} has no drawing: register it with draw_part, or with not_drawn")


def not_drawn(part: Part, q: Placed, a: Axes) -> None:
    """It lies inside, and is left out for the sake of the rest."""


@singledispatch
def part_reach(part: Part, q: Placed) -> float:
    """How far from the rocket's axis a part reaches in the drawing, m."""
    raise TypeError(f"{type(part).__name__} has no reach: register it with part_reach, or with within_the_body")


def within_the_body(part: Part, q: Placed) -> float:
    """It reaches no further than the body, or hardly so."""
    return 0.0


_INSIDE: tuple[type[Part], ...] = (TubeCoupler, CentringRing, Bulkhead, MassObject, ShockCord, Streamer, Tumble, Glider)
_SLIM: tuple[type[Part], ...] = (
    NoseCone, BodyTube, Transition, InnerTube, Parachute, LaunchLug, RailButtons, Protuberance, *_INSIDE,
)  # fmt: skip
for _kind in _INSIDE:
    draw_part.register(_kind)(not_drawn)
for _kind in _SLIM:
    part_reach.register(_kind)(within_the_body)


@draw_part.register(NoseCone)
@draw_part.register(BodyTube)
@draw_part.register(Transition)
def _(part: NoseCone | BodyTube | Transition, q: Placed, a: Axes) -> None:
    if q.depth > 0:  # within another part
        return
    x, r = outline(q, 80)
    a.fill(np.concatenate([x, x[::-1]]), np.concatenate([r, -r[::-1]]), fc=_BODY, ec=_LINE, lw=1)


@draw_part.register(FinSet)
def _(part: FinSet, q: Placed, a: Axes) -> None:
    plan = planform(part)
    for k in part.present:
        up = np.cos(part.angle + 2 * np.pi * k / part.count + np.pi / 2 * (part.count % 2))
        if abs(up) <= 0.02:
            continue
        y, x = (q.at.outer + plan.y) * up, q.front + plan.le
        outline_x, outline_y = np.concatenate([x, (x + plan.chord)[::-1]]), np.concatenate([y, y[::-1]])
        a.fill(outline_x, outline_y, fc=_FIN, ec=_LINE, lw=0.9, alpha=0.9)


@part_reach.register
def _(part: FinSet, q: Placed) -> float:
    return q.at.outer + planform(part).span


def _across(q: Placed, a: Axes, low: float, high: float) -> None:
    """A stretch between two radii, above and below."""
    for up in (1, -1):
        a.fill_between([q.front, q.aft], up * low, up * high, fc=_FIN, ec=_LINE, lw=0.9, alpha=0.6)


@draw_part.register(TubeFins)
def _(part: TubeFins, q: Placed, a: Axes) -> None:
    _across(q, a, q.at.outer, q.at.outer + part.diameter)


@part_reach.register
def _(part: TubeFins, q: Placed) -> float:
    return q.at.outer + part.diameter


@draw_part.register(RingFin)
def _(part: RingFin, q: Placed, a: Axes) -> None:
    _across(q, a, -part.diameter / 2, part.diameter / 2)


@part_reach.register
def _(part: RingFin, q: Placed) -> float:
    return part.diameter / 2


@draw_part.register(Protuberance)
def _(part: Protuberance, q: Placed, a: Axes) -> None:
    up = 1 if np.cos(part.angle) >= 0 else -1
    a.fill_between([q.front, q.aft], up * q.at.outer, up * (q.at.outer + part.height), color=_LINE)


@draw_part.register(RailButtons)
@draw_part.register(LaunchLug)
def _(part: RailButtons | LaunchLug, q: Placed, a: Axes) -> None:
    wide, high = (part.length, part.diameter) if isinstance(part, LaunchLug) else (part.diameter, part.height)
    for k in range(part.count):
        x0 = q.front + k * part.spacing
        a.fill_between([x0, x0 + wide], -q.at.outer - high, -q.at.outer, color=_LINE)


@draw_part.register(InnerTube)
def _(part: InnerTube, q: Placed, a: Axes) -> None:
    for y in sorted({round(y, 6) for y, _ in part.middles}):
        box = y + np.array([1, 1, -1, -1, 1]) * q.at.outer
        a.plot([q.front, q.aft, q.aft, q.front, q.front], box, color=_GREY, lw=0.7)


class _Beside:
    """Axes whose origin lies elsewhere: what stands beside the body is drawn as it is by itself."""

    def __init__(self, a: Axes, x: float, y: float):
        from matplotlib.transforms import Affine2D

        self._a, self._transform = a, Affine2D().translate(x, y) + a.transData

    def fill(self, *given: Any, **how: Any) -> None:
        self._a.fill(*given, transform=self._transform, **how)

    def fill_between(self, *given: Any, **how: Any) -> None:
        self._a.fill_between(*given, transform=self._transform, **how)

    def plot(self, *given: Any, **how: Any) -> None:
        self._a.plot(*given, transform=self._transform, **how)


@draw_part.register(Assembly)
def _(part: Assembly, q: Placed, a: Axes) -> None:
    own = Rocket(called(part), part.parts, whole=False)
    # The furthest from the eye first: those in front of the body cover it, as they do.
    for y, _ in sorted(part.places(q.at.outer), key=lambda place: place[1]):
        beside = cast("Axes", _Beside(a, q.front, y))
        for inner in own.placed:
            draw_part(inner.part, inner, beside)


@part_reach.register
def _(part: Assembly, q: Placed) -> float:
    own = Rocket(called(part), part.parts, whole=False)
    return part.axis(q.at.outer) + max(part.radius, *(part_reach(x.part, x) for x in own.placed))


@draw_part.register(Parachute)
def _(part: Parachute, q: Placed, a: Axes) -> None:
    a.plot([0.5 * (q.front + q.aft)], [0], marker="$\\cap$", color=_GREY, ms=8)
