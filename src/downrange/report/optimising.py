"""An optimum on a terminal and as a picture: what bought what, how exactly it must be held, the front between two goals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from downrange.design import Output, find_output
from downrange.project.optimising import Optimum
from downrange.report.figures import new_figure
from downrange.report.layout import plain_table
from downrange.report.solving import shown_value
from downrange.report.terminal import panel

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = ["optimum_figure", "optimum_view"]

_FRONT = 8


def _value(kind: str, value: Any, units: str) -> str:
    return shown_value(value, "size" if kind == "length" else kind, units)


def _change(o: Output, change: float, units: str) -> str:
    if not math.isfinite(change):
        return "-"
    return ("+" if change >= 0 else "-") + shown_value(abs(change), o.kind, units, 2)


def optimum_view(o: Optimum, name: str, units: str = "metric") -> RenderableType:
    """The answer on a terminal."""
    values = plain_table("", "was", "is", "", words=(3,))
    for place, axis in o.axes:
        kind = "word" if isinstance(o.start[axis.name], str) else place.kind
        now = o.best.point[axis.name]
        at_end = not axis.discrete and min(now - axis.low, axis.high - now) < 0.005 * (axis.high - axis.low)
        values.add_row(
            axis.name, _value(kind, o.start[axis.name], units), Text(_value(kind, now, units), style="bold"),
            "at its end: more room would change it" if at_end else "",
        )  # fmt: skip
    got = plain_table("", "before", "now", "")
    goals = {g.output.name: g.text for g in o.goals}
    for key, now in o.after.items():
        output = find_output(key)
        broken = next((w for w in o.limits if w.output.name == key and float(w.miss(np.array([now]))[0]) > 0), None)
        note = goals.get(key) or next((w.words for w in o.limits if w.output.name == key), "")
        got.add_row(
            Text(output.words, style="red" if broken else ""), shown_value(o.before.get(key, math.nan), output.kind, units),
            shown_value(now, output.kind, units), note,
        )  # fmt: skip
    parts: list[RenderableType] = [values, Text(""), got]
    if o.sensitivities:
        table = plain_table("a step of", *(g.output.words for g in o.goals))
        for s in o.sensitivities:
            table.add_row(
                f"{s.name} + {s.unit if s.unit[0].isdigit() else '1 ' + s.unit}",
                *(_change(g.output, c, units) for g, c in zip(o.goals, s.changes, strict=True)),
            )
        parts += [Text(""), table]
    if o.front:
        table = plain_table(*(g.output.words for g in o.goals), *(a.name for _, a in o.axes))
        for k in np.unique(np.linspace(0, len(o.front) - 1, min(_FRONT, len(o.front))).astype(int)):
            j = o.front[k]
            table.add_row(
                *(shown_value(_back(g.sense, v), g.output.kind, units) for g, v in zip(o.goals, j.goals, strict=True)),
                *(_value("word" if isinstance(j.point[a.name], str) else p.kind, j.point[a.name], units) for p, a in o.axes),
            )  # fmt: skip
        parts += [
            Text(""),
            Text("what one goal costs of the other (the design above is the nearest to the best of both):"),
            table,
        ]
    parts.append(
        Text(
            f"{o.tried} designs tried, flown as planned"
            + (f"; {sum(o.refused.values())} could not be built" if o.refused else ""),
            style="dim",
        )
    )
    if not o.kept:
        parts.append(Text("! no design that was tried keeps every limit: this one breaks them least", style="red"))
    return panel(parts, f"Optimised: {name}", "blue" if o.kept else "red")


def _back(sense: int, value: float) -> float:
    """A goal's number again from what it counts."""
    return -sense * value if sense else value


def optimum_figure(o: Optimum, name: str) -> PlainFigure:
    """Above: each goal as one value after another is changed. Below, of two goals: the front between them."""
    rows = len(o.goals) + (1 if o.front else 0)
    fig, axes = new_figure(rows, (8, 3.0 * rows + 0.4))
    labels = [
        "as it was",
        *(
            f"{a.name}\n{_value('word' if isinstance(o.best.point[a.name], str) else p.kind, o.best.point[a.name], 'metric')}"
            for p, a in o.axes
        ),
    ]
    for k, (g, ax) in enumerate(zip(o.goals, axes, strict=False)):
        y = np.array([v[k] for _, v in o.bought])
        steps = np.diff(y, prepend=y[0])
        good = (
            steps * g.sense
            if g.sense
            else -np.abs(y - (g.want.low if g.want and g.want.low is not None else 0.0)) + np.abs(y - steps)
        ) >= 0
        ax.bar(
            range(len(y)),
            steps,
            bottom=y - steps,
            color=["#888888" if n == 0 else "#3a8f5c" if good[n] else "#b3261e" for n in range(len(y))],
            width=0.7,
        )
        ax.step(np.arange(-0.5, len(y)), np.append(y, y[-1]), where="post", color="#333333", lw=1)
        seen = y[np.isfinite(y)]
        if seen.size:
            pad = 0.15 * max(float(np.ptp(seen)), 1e-3 * abs(float(seen[0])) + 1e-9)
            ax.set_ylim(float(seen.min()) - pad, float(seen.max()) + pad)
        ax.set_xticks(range(len(y)), labels, fontsize=8)
        ax.set_ylabel(_labelled(g.output))
        ax.set_title(f"{g.text}: what each change bought, one after another", fontsize=9)
    if o.front:
        ax = axes[len(o.goals)]
        x, y = (np.array([_back(g.sense, j.goals[k]) for j in o.front]) for k, g in enumerate(o.goals))
        ax.plot(x, y, "o-", color="#2a6fb0", ms=4)
        ax.plot(*(_back(g.sense, v) for g, v in zip(o.goals, o.best.goals, strict=True)), "*", color="#e0b040", ms=14)
        ax.set_xlabel(_labelled(o.goals[0].output))
        ax.set_ylabel(_labelled(o.goals[1].output))
        ax.set_title("the front: nothing is better in both (star: the design that was written)", fontsize=9)
    fig.suptitle(name, fontsize=10)
    return fig


def _labelled(o: Output) -> str:
    unit = {
        "length": "m",
        "time": "s",
        "speed": "m/s",
        "acceleration": "m/s²",
        "mass": "kg",
        "energy": "J",
        "calibre": "calibres",
    }.get(o.kind, "")
    return f"{o.words}{', ' + unit if unit else ''}"
