"""A search: the map, and what it says."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from downrange.report.figures import new_figure
from downrange.report.layout import plain_table
from downrange.report.site_map import draw_ground, frame
from downrange.report.terminal import compass_point, panel
from downrange.safety import Fix, Found, Ground, Seen, search_route
from downrange.units import column, display, in_units, number

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = ["search_figure", "search_summary", "search_view"]

_SHARES = (0.5, 0.9, 0.99)
_FEW = 30.0  # effective flights below which an area is a guess


def search_figure(
    found: Found, ground: Ground, name: str, fix: Fix | None = None, place: np.ndarray | None = None
) -> PlainFigure:
    """The smallest areas that hold 50, 90 and 99 %, and the walk."""
    d = found.density
    fig, (a,) = new_figure(1, (8, 7.5))
    levels = sorted({d.level(s) for s in _SHARES})
    a.contourf(
        d.east,
        d.north,
        d.value,
        levels=[*levels, d.value.max() * 1.0001],
        colors=["#fde8c8", "#f8b45c", "#d9661f"][-len(levels) :],
        alpha=0.8,
    )
    walk = search_route(found)
    if len(walk):
        a.plot(*walk.T, color="#1d2733", lw=0.6, alpha=0.7, label="walk")
        a.plot(*walk[0], "o", color="#1d2733", ms=5, label="start here")
    draw_ground(a, ground)
    if fix is not None:
        a.plot(fix.east, fix.north, "*", color="#2a6fb0", ms=12, label=f"last position, {fix.up:.0f} m up")
    if place is not None:
        a.plot(*place, "x", color="#b3261e", ms=10, mew=2.5, label="the place asked about")
    c = np.array([found.weight @ found.points[:, 0], found.weight @ found.points[:, 1]])
    rows, cols = np.nonzero(d.value >= levels[0])
    half = 1.25 * max(float(np.abs(d.east[cols] - c[0]).max()), float(np.abs(d.north[rows] - c[1]).max()), 50.0)
    a.set_xlim(c[0] - half, c[0] + half)
    a.set_ylim(c[1] - half, c[1] + half)
    areas = ", ".join(f"{s:.0%} in {d.area(s) / 1e4:.3g} ha" for s in _SHARES)
    frame(a, f"Search for {name}: {areas}")
    a.legend(frameon=False, fontsize=8, loc="upper right")
    return fig


def search_summary(
    found: Found, best_degrees: np.ndarray, place: np.ndarray | None, seen: tuple[Seen, ...], fix: Fix | None
) -> dict[str, Any]:
    """The documented keys of `downrange find --json`."""
    d = found.density
    best = d.peak
    out: dict[str, Any] = {
        "seen": [s.text for s in seen], "last_fix": None if fix is None else {"east_m": fix.east, "north_m": fix.north, "up_m": fix.up, "time_s": fix.time},
        "effective_flights": found.effective, "most_probable_longitude_deg": float(best_degrees[0]), "most_probable_latitude_deg": float(best_degrees[1]),
        "most_probable_east_m": float(best[0]), "most_probable_north_m": float(best[1]),
        "most_probable_distance_m": math.hypot(*best), "most_probable_bearing_deg": math.degrees(math.atan2(best[0], best[1])) % 360,
        "mean_east_m": float(found.weight @ found.points[:, 0]), "mean_north_m": float(found.weight @ found.points[:, 1]),
        "area_m2": {f"{s:g}": d.area(s) for s in _SHARES}, "modes": found.modes, "place": None,
    }  # fmt: skip
    if place is not None:
        share = found.share_at(place)
        out["place"] = {
            "east_m": float(place[0]),
            "north_m": float(place[1]),
            "in_smallest_area_with": share,
            "nearest_landing_m": found.nearest(place),
        }
    return out


def _from_the_pad(s: dict[str, Any], units: str) -> str:
    distance, bearing = s["most_probable_distance_m"], s["most_probable_bearing_deg"]
    return (
        f"{display(distance, 'length', units)} from the pad, {compass_point(bearing)} ({bearing:.0f}° from true north)"
    )


def _answer(share: float, nearest: float, effective: float) -> str:
    if share <= 0.9:
        return f"Yes: the place lies in the area that holds {share:.0%} of what could have been."
    if share < 0.995:
        return f"Possible, not likely: it lies in the outer {1 - share:.1%}; {share:.1%} of what could have been lies in likelier places."
    return f"Hardly: none of the landings that agree is nearer than {nearest:,.0f} m. Still not impossible: {effective:.0f} flights speak for this, and inputs may be wrong."


def search_view(s: dict[str, Any], name: str, units: str = "metric") -> RenderableType:
    """What `find` answers on the terminal."""
    table = plain_table("area that holds", column("area", units)[0].replace("ha", "hectares"), "like a square of")
    for share, area in s["area_m2"].items():
        table.add_row(
            f"{float(share):.0%}", number(area * column("area", units)[1], 3), display(area**0.5, "length", units)
        )
    parts: list[RenderableType] = [
        Text(f"Most probable: {s['most_probable_latitude_deg']:.6f}, {s['most_probable_longitude_deg']:.6f}", style="bold"),
        Text(f"That is {_from_the_pad(s, units)}."), Text(""), table, Text(""),
        Text("What it did: " + ", ".join(f"{m} {p:.1%}" for m, p in list(s["modes"].items())[:5] if p > 0.001)),
    ]  # fmt: skip
    if s["place"]:
        p = s["place"]
        said = _answer(p["in_smallest_area_with"], p["nearest_landing_m"], s["effective_flights"])
        parts += [Text(""), Text(in_units(said, units), style="bold")]
    if s["effective_flights"] < _FEW:
        parts.append(
            Text(
                f"! Only {s['effective_flights']:.0f} flights speak for this: fly more (-n), or check what was seen.",
                style="yellow",
            )
        )
    else:
        parts.append(Text(f"{s['effective_flights']:,.0f} flights speak for this.", style="dim"))
    return panel(parts, f"Search for {name}")
