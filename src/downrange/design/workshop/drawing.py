"""A drawing as data: lines, circles, arcs and words in metres, which each writer puts into its own format.

x runs to the right, y up. What is cut stands at true size; `scale` says how many times smaller a whole rocket is put on paper.
Heights of words and lengths of arrowheads are as printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin
from typing import Literal, TypeAlias

import numpy as np

from downrange.errors import InputError

__all__ = [
    "Arc", "Circle", "Drawing", "Line", "Shape", "Style", "Words", "arrow", "cross", "dimension", "flattened", "line", "mm", "note", "ring",
]  # fmt: skip

Style: TypeAlias = Literal["cut", "fold", "mark", "hidden", "centre", "dimension"]
_FLAT = 1e-6  # m; how far a chord may leave the curve that it stands for: a tenth of what is promised
_WORDS = 0.0028  # m, printed


@dataclass(frozen=True)
class Line:
    """A line through points (x, y), m; `closed`: back to the first."""

    points: tuple[tuple[float, float], ...]
    style: Style = "cut"
    closed: bool = False


@dataclass(frozen=True)
class Circle:
    """A circle, m."""

    middle: tuple[float, float]
    radius: float
    style: Style = "cut"


@dataclass(frozen=True)
class Arc:
    """An arc from the angle `start` to `end`, rad, anticlockwise; m."""

    middle: tuple[float, float]
    radius: float
    start: float
    end: float
    style: Style = "cut"

    @property
    def ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Its first and last point, m."""
        (x, y), r = self.middle, self.radius
        return (x + r * cos(self.start), y + r * sin(self.start)), (x + r * cos(self.end), y + r * sin(self.end))


@dataclass(frozen=True)
class Words:
    """Words at a point, m: `height` m as printed, turned by `turn` rad; the point is at the line's `anchor`.

    `length`: whether they end in a length in mm, without its unit.
    """

    at: tuple[float, float]
    text: str
    height: float = _WORDS
    turn: float = 0.0
    anchor: Literal["start", "middle", "end"] = "middle"
    length: bool = False


Shape: TypeAlias = Line | Circle | Arc | Words


@dataclass(frozen=True)
class Drawing:
    """A drawing of a part: `needed` of it are made; `notes` say what the picture cannot. `scale` 5 is printed as 1:5."""

    key: str
    title: str
    shapes: tuple[Shape, ...]
    needed: int = 1
    notes: tuple[str, ...] = ()
    path: str = ""
    scale: float = 1.0

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Least and greatest x and y (x0, y0, x1, y1) of what is drawn, words roughly; m at true size."""
        points = [p for s in self.shapes for p in _corners(s, self.scale)]
        if not points or not np.isfinite(points).all():
            raise InputError(f"the drawing {self.title!r} has no finite size", key=self.path or None)
        xs, ys = zip(*points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)


def _corners(s: Shape, scale: float) -> Iterable[tuple[float, float]]:
    if isinstance(s, Line):
        return s.points
    if isinstance(s, Circle):
        (x, y), r = s.middle, s.radius
        return ((x - r, y - r), (x + r, y + r))
    if isinstance(s, Arc):
        return flattened(s, 1e-4)
    wide, high = 0.62 * len(s.text) * s.height * scale, s.height * scale
    left = {"start": 0.0, "middle": -0.5, "end": -1.0}[s.anchor] * wide
    c, n = cos(s.turn), sin(s.turn)
    corners = ((left, -0.3 * high), (left + wide, -0.3 * high), (left, high), (left + wide, high))
    return tuple((s.at[0] + c * u - n * v, s.at[1] + n * u + c * v) for u, v in corners)


def flattened(arc: Arc, flat: float = _FLAT) -> tuple[tuple[float, float], ...]:
    """Points of an arc whose chords leave it by no more than `flat`, m."""
    turn = arc.end - arc.start
    step = 2 * np.arccos(max(1 - flat / max(arc.radius, 1e-12), -1.0))
    n = int(np.clip(np.ceil(abs(turn) / max(step, 1e-4)), 2, 20_000))
    a = arc.start + turn * np.arange(n + 1) / n
    (x, y), r = arc.middle, arc.radius
    return tuple(zip((x + r * np.cos(a)).tolist(), (y + r * np.sin(a)).tolist(), strict=True))


def line(
    x: Sequence[float] | np.ndarray, y: Sequence[float] | np.ndarray, style: Style = "cut", *, closed: bool = False
) -> Line:
    """A line through the points of two equally long sequences, m."""
    return Line(tuple(zip(map(float, x), map(float, y), strict=True)), style, closed)


def ring(middle: tuple[float, float], radius: float) -> tuple[Shape, ...]:
    """A circle that is cut, with the cross of its middle."""
    return Circle(middle, radius), *cross(middle, min(0.4 * radius, 0.005))


def cross(at: tuple[float, float], reach: float, style: Style = "centre") -> tuple[Line, Line]:
    """A cross, `reach` m each way."""
    x, y = at
    return Line(((x - reach, y), (x + reach, y)), style), Line(((x, y - reach), (x, y + reach)), style)


def note(
    at: tuple[float, float],
    text: str,
    *,
    height: float = _WORDS,
    turn: float = 0.0,
    anchor: Literal["start", "middle", "end"] = "middle",
) -> Words:
    """Words on the drawing."""
    return Words(at, text, height, turn, anchor)


def arrow(
    tail: tuple[float, float], head: tuple[float, float], style: Style = "mark", scale: float = 1.0
) -> tuple[Line, Line]:
    """A line with a head at its end."""
    a = atan2(head[1] - tail[1], head[0] - tail[0])
    reach = min(0.0025 * scale, 0.4 * hypot(head[0] - tail[0], head[1] - tail[1]))
    barbs = [(head[0] - reach * cos(a + d), head[1] - reach * sin(a + d)) for d in (0.3, -0.3)]
    return Line((tail, head), style), Line((barbs[0], head, barbs[1]), style)


def mm(metres: float, digits: int = 2) -> str:
    """A length in words: `60 mm`."""
    return f"{metres * 1e3:.{digits}f}".rstrip("0").rstrip(".") + " mm"


def dimension(
    a: tuple[float, float], b: tuple[float, float], off: float, *, text: str | None = None, scale: float = 1.0
) -> tuple[Shape, ...]:
    """The distance from `a` to `b`, written in mm on a line that stands `off` m to the left of the way from `a` to `b`.

    off: as printed; negative to the right. text: instead of the distance, before it where it ends in a space.
    """
    length = hypot(b[0] - a[0], b[1] - a[1])
    if length == 0:
        return ()
    t = ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
    n = (-t[1] * np.sign(off), t[0] * np.sign(off))
    far = abs(off) * scale
    p, q = ((e[0] + far * n[0], e[1] + far * n[1]) for e in (a, b))
    number = mm(length)[:-3]
    words = number if text is None else text + number if text.endswith(" ") else text
    turn = atan2(t[1], t[0])
    turn = turn - pi if turn > pi / 2 + 1e-9 else turn + pi if turn <= -pi / 2 + 1e-9 else turn
    up = (-sin(turn), cos(turn))
    middle = (0.5 * (p[0] + q[0]) + 0.001 * scale * up[0], 0.5 * (p[1] + q[1]) + 0.001 * scale * up[1])
    over = 0.0015 * scale
    legs = tuple(Line((e, (e[0] + (far + over) * n[0], e[1] + (far + over) * n[1])), "dimension") for e in (a, b))
    head, back = arrow(p, q, "dimension", scale), arrow(q, p, "dimension", scale)
    measured = text is None or text.endswith(" ")
    return *legs, *head, back[1], Words(middle, words, turn=turn, length=measured)
