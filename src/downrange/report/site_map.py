"""What every map shows: the ground with its places, the pad, north, a scale, the wind; and inputs by names that people use."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import numpy as np

from downrange.safety import Ground
from downrange.units import column

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path
    from shapely.geometry import Polygon

    from downrange.report.canvas import PlainFigure

__all__ = ["arrow_of_wind", "draw_ground", "frame", "frame_drawn", "plain_name"]

_KINDS = {
    "boundary": ("#2f6f3e", "none"), "keep in": ("#2f6f3e", "none"), "keep out": ("#b03030", "#b03030"), "crowd": ("#b03030", "#d9534f"),
    "car park": ("#8a5a00", "#e0a030"), "road": ("#555555", "#777777"), "house": ("#7a3b8f", "#9b59b6"), "field": ("#6b8e23", "#dbe8c0"),
    "other": ("#777777", "#cccccc"),
}  # fmt: skip
_GREY, _INK = "#8a8f98", "#1d2733"
_CALM = 0.05  # m/s below which a wind has no direction
_NAMES = {
    "thrust": "thrust", "drag": "drag", "normal_force": "lift of fins and body", "centre_of_pressure": "centre of pressure", "mass": "mass",
    "tilt": "rail tilted", "tip_off": "tipped off the rail", "thrust_angle": "motor askew", "canopy_drag": "drag of the canopy", "lag": "time to line stretch",
    "release_altitude": "height of release", "density": "density of the air", "delay": "delay", "wind.east_m_s": "wind to the east",
    "wind.north_m_s": "wind to the north",
}  # fmt: skip
_TAILS = {
    "east": "to the east",
    "north": "to the north",
    "along": "along its lean",
    "across": "across its lean",
    "y": "(one way)",
    "z": "(the other way)",
}


def plain_name(name: str) -> str:
    """An input of a campaign in words: `tilt.east` is "rail tilted to the east". A path of a file stays what the user wrote.

    name: as the columns have it, without `in.`.
    """
    if name in _NAMES:
        return _NAMES[name]
    head, _, tail = name.partition(".")
    if head == "unsaid":
        return tail.replace("_", " ") + " (not said)"
    if head not in _NAMES:
        return name
    return f"{_NAMES[head]} {_TAILS.get(tail, f'({tail})')}"


def draw_ground(a: Axes, ground: Ground, *, label: bool = True) -> None:
    """The site's shapes, the pad, and a north arrow's worth of axes."""
    from matplotlib.patches import PathPatch

    for s in ground.shapes:
        edge, face = _KINDS.get(s.kind, _KINDS["other"])
        for g in getattr(s.geometry, "geoms", [s.geometry]):
            if g.geom_type != "Polygon":
                continue
            if face == "none":
                for ring in (g.exterior, *g.interiors):
                    a.plot(*np.array(ring.coords).T[:2], color=edge, lw=1.6, ls="--")
            else:
                a.add_patch(PathPatch(_outline(g), fc=face, ec=edge, lw=0.8, alpha=0.45))
        if label:
            c = s.geometry.centroid if s.kind not in ("boundary", "keep in") else None
            if c is not None:
                a.annotate(
                    s.name,
                    (c.x, c.y),
                    fontsize=7,
                    color=edge,
                    ha="left",
                    va="bottom",
                    xytext=(4, 3),
                    textcoords="offset points",
                    clip_on=True,
                )
    if ground.radius is not None:
        t = np.linspace(0, 2 * np.pi, 181)
        a.plot(ground.radius * np.sin(t), ground.radius * np.cos(t), color=_GREY, lw=0.9, ls=":", label="waiver")
    a.plot(0, 0, marker="^", color="black", ms=7, ls="none", zorder=6)


def _outline(polygon: Polygon) -> Path:
    """The path of a polygon, its holes left open."""
    from matplotlib.path import Path

    rings = (polygon.exterior, *polygon.interiors)
    return Path.make_compound_path(*(Path(np.array(r.coords)[:, :2], closed=True) for r in rings))


def frame(a: Axes, title: str) -> None:
    """Names of the axes, one scale for both, a title, north and a scale. Limits are set before.

    a: the axes. title: of the map.
    """
    a.set_aspect("equal", adjustable="box")
    a.set_xlabel("east of the pad, m")
    a.set_ylabel("north of the pad, m")
    a.set_title(title)

    north_and_scale(a)


def frame_drawn(a: Axes, title: str) -> None:
    """`frame` about what was drawn, in a square with room at its edges.

    a: the axes. title: of the map.
    """
    (left, right), (low, high) = a.get_xlim(), a.get_ylim()
    half = 0.62 * max(right - left, high - low)
    a.set_xlim(0.5 * (left + right) - half, 0.5 * (left + right) + half)
    a.set_ylim(0.5 * (low + high) - half, 0.5 * (low + high) + half)
    frame(a, title)


def north_and_scale(a: Axes) -> None:
    """An arrow to the north, up and left, and a bar of a round length, down and right.

    a: axes with limits in metres.
    """
    a.annotate(
        "N", (0.035, 0.985), (0.035, 0.905), xycoords="axes fraction", ha="center", va="center", fontsize=9, fontweight="bold", color=_INK,
        arrowprops={"arrowstyle": "-|>", "color": _INK, "lw": 1.2}, zorder=7,
    )  # fmt: skip
    (left, right), (low, high) = a.get_xlim(), a.get_ylim()
    end, y = right - 0.04 * (right - left), low + 0.035 * (high - low)
    (bar,) = a.plot([end, end], [y, y], color=_INK, lw=2.5, solid_capstyle="butt", zorder=7)
    words = a.annotate("", (end, y), (0, 4), textcoords="offset points", ha="center", fontsize=8, color=_INK, zorder=7)

    def measure(units: str) -> None:
        unit, factor = column("length", units)
        length = _round(0.25 * (right - left) * factor) / factor
        bar.set_xdata([end - length, end])
        words.xy = (end - 0.5 * length, y)
        words.set_text(f"{length * factor:,.10g} {unit}")

    cast("PlainFigure", a.get_figure(root=True)).when_shown(measure)


def _round(most: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above `most`."""
    ten = 10.0 ** math.floor(math.log10(most))
    return ten * max(k for k in (1, 2, 5) if k * ten <= most * (1 + 1e-9))


def arrow_of_wind(a: Axes, wind: tuple[float, float], what: str = "wind") -> None:
    """An arrow the way the air goes, up and right, with its speed; the word calm where there is none.

    a: the axes. wind: velocity of the air, east and north, m/s. what: which wind, in words.
    """
    speed = math.hypot(*wind)
    words = a.annotate("", (0.985, 0.90), xycoords="axes fraction", ha="right", fontsize=8, color=_INK, zorder=7)

    def tell(units: str) -> None:
        unit, factor = column("wind", units)
        words.set_text(f"{what}: calm" if speed < _CALM else f"{what} {speed * factor:.1f} {unit}")

    cast("PlainFigure", a.get_figure(root=True)).when_shown(tell)
    if speed >= _CALM:
        half = np.array(wind) / speed * 0.03
        a.annotate(
            "", (0.94 + half[0], 0.95 + half[1]), (0.94 - half[0], 0.95 - half[1]), xycoords="axes fraction", textcoords="axes fraction",
            arrowprops={"arrowstyle": "-|>", "color": _INK, "lw": 1.6}, zorder=7,
        )  # fmt: skip
