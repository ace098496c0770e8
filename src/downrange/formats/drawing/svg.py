"""A drawing as SVG in millimetres: one unit of it is one millimetre on paper."""

from __future__ import annotations

from math import cos, degrees, pi, sin

from downrange.design.workshop.drawing import Arc, Circle, Drawing, Shape, Words
from downrange.formats.drawing.sheet import LINES, on_a_sheet
from downrange.text import markup

__all__ = ["svg_text"]


def svg_text(drawing: Drawing, heading: str = "") -> str:
    """The drawing as the text of an SVG file, with its ruler, its title and its notes under it.

    heading: the rocket's name, for the title.
    """
    shapes, (x0, y0, x1, y1) = on_a_sheet(drawing, heading)
    k = 1e3 / drawing.scale
    wide, high = (x1 - x0) * k, (y1 - y0) * k
    body = "\n".join(_shape(s, x0, y1, k) for s in shapes)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.4f}mm" height="{high:.4f}mm" viewBox="0 0 {wide:.4f} {high:.4f}">\n'
        f"<title>{markup(drawing.title)}</title>\n"
        '<g fill="none" stroke-linecap="round" stroke-linejoin="round" font-family="Helvetica, Arial, sans-serif">\n'
        f"{body}\n</g>\n</svg>\n"
    )


def _shape(s: Shape, x0: float, y1: float, k: float) -> str:
    def at(p: tuple[float, float]) -> tuple[float, float]:
        return (p[0] - x0) * k, (y1 - p[1]) * k

    if isinstance(s, Words):
        x, y = at(s.at)
        turn = f' transform="rotate({-degrees(s.turn):.4f} {x:.4f} {y:.4f})"' if s.turn else ""
        return (
            f'<text x="{x:.4f}" y="{y:.4f}" font-size="{s.height * 1.38e3:.3f}" text-anchor="{s.anchor}"{turn} fill="#222">'
            f"{markup(s.text, 300)}</text>"
        )
    pen = LINES[s.style]
    dash = f' stroke-dasharray="{" ".join(f"{d:g}" for d in pen.dash)}"' if pen.dash else ""
    how = f'class="{s.style}" stroke="{pen.colour}" stroke-width="{pen.width:g}"{dash}'
    if isinstance(s, Circle):
        x, y = at(s.middle)
        return f'<circle cx="{x:.5f}" cy="{y:.5f}" r="{s.radius * k:.5f}" {how}/>'
    if isinstance(s, Arc):
        return f'<path d="{_arc(s, at, k)}" {how}/>'
    points = " ".join(f"{x:.5f},{y:.5f}" for x, y in map(at, s.points))
    return f'<{"polygon" if s.closed else "polyline"} points="{points}" {how}/>'


def _arc(s: Arc, at: object, k: float) -> str:
    """An arc in two halves, so that one that goes nearly round is told from none."""
    assert callable(at)
    (cx, cy), r, half = s.middle, s.radius, 0.5 * (s.start + s.end)
    (xa, ya), (xm, ym), (xb, yb) = (at((cx + r * cos(a), cy + r * sin(a))) for a in (s.start, half, s.end))
    large = int(abs(s.end - s.start) / 2 > pi)
    r *= k
    return f"M{xa:.5f},{ya:.5f} A{r:.5f},{r:.5f} 0 {large} 0 {xm:.5f},{ym:.5f} A{r:.5f},{r:.5f} 0 {large} 0 {xb:.5f},{yb:.5f}"
