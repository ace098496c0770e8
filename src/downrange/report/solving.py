"""What was solved: the values, the score, what is reached, what else will do, what stops it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from downrange.design import Want
from downrange.project.parameters import Place
from downrange.project.solving import Solution, reached
from downrange.report.figures import new_figure
from downrange.report.layout import plain_table
from downrange.report.terminal import panel
from downrange.units import display

if TYPE_CHECKING:
    from downrange.project.contests import Contest
    from downrange.report.canvas import PlainFigure

__all__ = ["shown_value", "solution_figure", "solution_view"]

_DIMENSIONLESS = ("number", "calibre", "count", "word")


def shown_value(value: Any, kind: str, units: str, digits: int = 4) -> str:
    """A value of a place or an output for people."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "-"
    if isinstance(value, str) or kind in _DIMENSIONLESS:
        return str(value) if isinstance(value, str) else f"{value:.{digits}g}"
    return display(float(value), kind, units, digits)


def _place(place: Place, value: Any, units: str) -> str:
    small = place.kind == "length" and not place.path.startswith(("rail", "site"))
    return shown_value(value, "size" if small else place.kind, units)


def _wanted(want: Want, units: str) -> str:
    kind = want.output.kind
    if want.low == want.high:
        return shown_value(want.low, kind, units)
    if want.low is None:
        return f"at most {shown_value(want.high, kind, units)}"
    if want.high is None:
        return f"at least {shown_value(want.low, kind, units)}"
    return f"{shown_value(want.low, kind, units)} to {shown_value(want.high, kind, units)}"


def solution_view(s: Solution, name: str, *, units: str = "metric", contest: Contest | None = None) -> RenderableType:
    """The answer on a terminal."""
    values = plain_table("", "best", "as good between")
    for place, axis in s.axes:
        f = s.flat.get(axis.name)
        between = "" if f is None else f"{_place(place, f.low, units)} and {_place(place, f.high, units)}"
        values.add_row(Text(axis.name), Text(_place(place, s.best.point[axis.name], units), style="bold"), between)
    rows: list[tuple[str | Text, ...]] = []
    for w, v in zip(s.wants, s.best.values, strict=True):
        seen = v[np.isfinite(v)]
        ok = reached(w, v)
        kind = w.output.kind
        label = Text(f"{w.output.words} {_wanted(w, units)}", style="" if ok else "red")
        if not seen.size:
            rows.append((label, "-"))
            continue
        low, high = np.quantile(seen, (0.05, 0.95))
        many = seen.size > 1 and high > low
        rows.append((
            label, shown_value(float(np.median(seen)), kind, units), shown_value(float(low), kind, units) if many else "",
            shown_value(float(high), kind, units) if many else "", f"{float(w.met(v).mean()):.0%}" if many and w.low != w.high else "",
        ))  # fmt: skip
    scatters = any(len(r) > 2 and r[2] for r in rows)
    got = plain_table("wanted", "value", *(("9 of 10 from", "to", "kept") if scatters else ()))
    for r in rows:
        got.add_row(*(r if scatters else r[:2]))
    parts: list[RenderableType] = [values, Text(""), got, Text("")]
    o = s.best
    if s.uncertain:
        low, high = np.quantile(o.scores, (0.05, 0.95))
        parts.append(
            Text(
                f"expected score {o.mean:.3g} ± {max(o.error, 0.005):.1g} points; nine flights of ten between {low:.2g} and {high:.2g}"
            )
        )
    else:
        parts.append(Text(f"score {o.mean:.3g} points, as planned and without what is uncertain"))
    if contest is not None:
        parts += [Text(f"{contest.name}: {contest.score}", style="dim"), Text(f"source: {contest.source}", style="dim")]
        parts += [Text(f"! not confirmed: {t}", style="yellow") for t in contest.unconfirmed]
    else:
        parts.append(
            Text("points: one a percent off, ten a percent beyond a limit, or as priced; fewer are better", style="dim")
        )
    parts += [Text(f"! {t}", style="yellow") for t in s.stops]
    if s.alternatives:
        other = plain_table("next best", "score", *(w.output.words for w in s.wants))
        for a in s.alternatives:
            words = ", ".join(f"{axis.name} {_place(place, a.point[axis.name], units)}" for place, axis in s.axes)
            middles = [float(np.median(v[np.isfinite(v)])) if np.isfinite(v).any() else math.nan for v in a.values]
            other.add_row(
                words,
                f"{a.mean:.3g}",
                *(shown_value(m, w.output.kind, units) for m, w in zip(middles, s.wants, strict=True)),
            )
        parts += [Text(""), other]
    if s.interrupted:
        parts.append(Text("! stopped before the end: the best so far", style="yellow"))
    return panel(
        parts,
        f"Solved for {name}" if s.reached else f"The best for {name}: not all is reached",
        "blue" if s.reached else "red",
    )


def solution_figure(s: Solution, name: str) -> PlainFigure:
    """How each wanted number scatters over the flights of the best design, with what is wanted of it."""
    fig, axes = new_figure(1, (4.2 * len(s.wants) + 0.5, 3.4), columns=len(s.wants))
    for ax, w, v in zip(axes, s.wants, s.best.values, strict=True):
        seen = v[np.isfinite(v)]
        unit = {"length": "m", "time": "s", "speed": "m/s", "acceleration": "m/s²", "mass": "kg", "energy": "J"}.get(
            w.output.kind, ""
        )
        if seen.size > 1 and np.ptp(seen) > 1e-9 * max(abs(float(seen.mean())), 1e-9):
            ax.hist(seen, bins=40, color="#2a6fb0", alpha=0.85)
        elif seen.size:
            ax.axvline(float(seen[0]), color="#2a6fb0", lw=3)
        low, high = w.low, w.high
        if low == high and low is not None:
            ax.axvline(low, color="#3a8f5c", lw=1.5)
        else:
            ends = ax.get_xlim()
            ax.axvspan(
                ends[0] if low is None else low, ends[1] if high is None else high, color="#3a8f5c", alpha=0.2, lw=0
            )
        ax.set_xlabel(f"{w.output.words}{', ' + unit if unit else ''}")
        ax.set_yticks([])
    fig.suptitle(f"{name}: {said(s)}; green: wanted", fontsize=9)
    return fig


def said(s: Solution, values: Mapping[str, Any] | None = None) -> str:
    """The values of a design in a line."""
    point = s.best.point if values is None else values
    return ", ".join(f"{axis.name} {_place(place, point[axis.name], 'metric')}" for place, axis in s.axes)
