"""What every sheet has beside the drawing: a ruler to check the printer with, a title and notes."""

from __future__ import annotations

from dataclasses import dataclass

from downrange.design.workshop.drawing import Drawing, Line, Shape, Words
from downrange.text import plain

__all__ = ["LINES", "Pen", "on_a_sheet", "ruler", "titles"]


@dataclass(frozen=True)
class Pen:
    """How a style of line is drawn: colour, width and dashes in mm."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()


LINES = {
    "cut": Pen("#000000", 0.25), "fold": Pen("#000000", 0.18, (3.0, 1.5)), "mark": Pen("#1f5fa8", 0.18), "hidden": Pen("#777777", 0.15, (2.0, 1.0)),
    "centre": Pen("#777777", 0.13, (6.0, 1.2, 1.0, 1.2)), "dimension": Pen("#555555", 0.13),
}  # fmt: skip

_MARGIN = 0.008  # m
_LINE = 0.005  # m, from one line of words to the next


def ruler(x: float, y: float, scale: float = 1.0, *, inches: bool = False) -> tuple[Shape, ...]:
    """A ruler as printed, 100 mm or 4 in long, its left end at (x, y) m; at the drawing's `scale`."""
    step, count, long = (0.0254 / 8, 32, 8) if inches else (0.001, 100, 10)
    half = long // 2
    shapes: list[Shape] = [Line(((x, y), (x + count * step * scale, y)), "dimension")]
    for k in range(count + 1):
        tall = (0.004 if k % long == 0 else 0.003 if k % half == 0 else 0.0015) * scale
        at = x + k * step * scale
        shapes.append(Line(((at, y), (at, y + tall)), "dimension"))
    words = "4 in: measure it" if inches else "100 mm: measure it"
    shapes.append(Words((x + (count * step + 0.002) * scale, y), words, 0.0025, anchor="start"))
    return tuple(shapes)


def titles(drawing: Drawing, heading: str) -> tuple[str, ...]:
    """The lines under a drawing: what it is, how many, at what scale; then its notes. Names in them are plain."""
    how = "true size, 1:1" if drawing.scale == 1 else f"1:{drawing.scale:g}"
    needed = f", make {drawing.needed}" if drawing.needed != 1 else ""
    first = f"{plain(heading, 60)}: " if heading else ""
    return (f"{first}{plain(drawing.title, 90)}{needed} ({how})", *(plain(n, 160) for n in drawing.notes))


def on_a_sheet(drawing: Drawing, heading: str) -> tuple[tuple[Shape, ...], tuple[float, float, float, float]]:
    """The drawing with ruler, title and notes under it, and the bounds of the sheet (x0, y0, x1, y1); m at true size."""
    k = drawing.scale
    x0, y0, x1, y1 = drawing.bounds
    y = y0 - _MARGIN * k
    shapes: list[Shape] = [*drawing.shapes, *ruler(x0, y - 0.004 * k, k)]
    y -= 0.004 * k
    widest = 0.135
    for n, text in enumerate(titles(drawing, heading)):
        y -= _LINE * k
        height = 0.0032 if n == 0 else 0.0026
        shapes.append(Words((x0, y), text, height, anchor="start"))
        widest = max(widest, 0.62 * height * len(text))
    m = _MARGIN * k
    return tuple(shapes), (x0 - m, y - m, max(x1, x0 + widest * k) + m, y1 + m)
