"""The launch window: a heat map of hours and members, and the best hours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from downrange.project.windows import Hour
from downrange.report.figures import new_figure
from downrange.report.layout import plain_table
from downrange.report.terminal import panel
from downrange.safety import Verdict
from downrange.text import counted
from downrange.units import display

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = ["window_figure", "window_summary", "window_view"]

_COLOURS = {Verdict.PASS: "#3a8f5c", Verdict.OPEN: "#e0b040", Verdict.FAIL: "#b3261e"}


def window_figure(hours: Sequence[Hour], name: str) -> PlainFigure:
    """Above: every member's share of bad landings, hour by hour. Below: the rules, wind and landing distance."""
    members = max(len(h.member_bad) for h in hours)
    grid = np.full((members, len(hours)), np.nan)
    for k, h in enumerate(hours):
        grid[: len(h.member_bad), k] = sorted(h.member_bad)
    width = float(np.clip(0.28 * len(hours) + 3, 7, 16))
    fig, (a, b, c) = new_figure(3, (width, 8))
    x = np.arange(len(hours))
    picture = a.pcolormesh(
        np.arange(len(hours) + 1) - 0.5,
        np.arange(members + 1) - 0.5,
        100 * grid,
        cmap="YlOrRd",
        vmin=0,
        vmax=max(5.0, 100 * float(np.nanmax(grid))),
    )
    bar = fig.colorbar(picture, ax=a)
    bar.set_label("bad landings, %")
    a.set_ylabel("members, best to worst")
    a.grid(False)
    a.set_title(f"{name}: landings outside the site or on a protected place")
    for k, h in enumerate(hours):
        b.bar(k, h.wind, color=_COLOURS[h.verdict], width=0.85)
        if math.isfinite(h.gust):
            b.plot(k, h.gust, "v", color="#555555", ms=4)
    b.set_ylabel("wind at 10 m, m/s")
    b.set_title(
        "green: every rule passes; yellow: something not evaluated; red: a rule fails (triangles: gusts)", fontsize=8
    )
    far = np.array([[np.nanmin(h.member_far), h.far95, np.nanmax(h.member_far)] for h in hours])
    c.fill_between(x, far[:, 0], far[:, 2], alpha=0.2, color="#2a6fb0", lw=0, label="members")
    c.plot(x, far[:, 1], color="#2a6fb0", marker=".", label="all")
    c.set_ylabel("95 % land within, m")
    c.set_ylim(bottom=0)
    c.legend(frameon=False, fontsize=8)
    every = max(1, len(hours) // 24)
    for ax in (a, b, c):
        ax.set_xlim(-0.5, len(hours) - 0.5)
        ax.set_xticks(x[::every])
        ax.set_xticklabels([h.hour[5:].replace("T", "\n") or "now" for h in hours][::every], fontsize=7)
    return fig


def window_summary(hours: Sequence[Hour]) -> dict[str, Any]:
    """The documented keys of `downrange window --json`."""
    return {
        "hours": [
            {
                "hour": h.hour, "verdict": h.verdict.value, "wind_10m_m_s": h.wind, "wind_from_deg": math.degrees(h.wind_from),
                "gust_m_s": h.gust if math.isfinite(h.gust) else None, "leaves_site": h.leaves, "on_protected_places": h.protected,
                "expected_casualties": h.casualties if math.isfinite(h.casualties) else None, "landing_p95_m": h.far95, "members_bad": list(h.member_bad), "members_landing_p95_m": list(h.member_far),
                "fails": [a.rule.title for a in h.answers if a.verdict is Verdict.FAIL], "not_evaluated": [a.rule.title for a in h.answers if a.verdict is Verdict.OPEN],
            }
            for h in hours
        ],
        "best": [h.hour for h in sorted(hours, key=lambda h: h.cost)[:5]],
    }  # fmt: skip


def window_view(hours: Sequence[Hour], name: str, units: str = "metric") -> RenderableType:
    """The hours in order of merit."""
    table = plain_table(
        "hour (UTC)", "", "wind", "from", "leaves", "on a place", "worst member", "95 % in", "fails", words=(8,)
    )
    words = {Verdict.PASS: ("go", "green"), Verdict.FAIL: ("NO-GO", "red"), Verdict.OPEN: ("?", "yellow")}
    for h in sorted(hours, key=lambda h: h.cost)[:12]:
        word, style = words[h.verdict]
        fails = ", ".join(a.rule.title for a in h.answers if a.verdict is Verdict.FAIL)
        table.add_row(
            h.hour[5:].replace("T", " ") or "now", Text(word, style=style), display(h.wind, "wind", units, 2), f"{math.degrees(h.wind_from):.0f}°", f"{h.leaves:.2%}", f"{h.protected:.2%}",
            f"{max(h.member_bad):.1%}", display(h.far95, "length", units), fails,
        )  # fmt: skip
    unknown = sorted({a.rule.title for h in hours for a in h.answers if a.verdict is Verdict.OPEN})
    notes = [
        Text(
            f"{counted(len(hours), 'hour')} looked at, the best first"
            + (f"; {min(12, len(hours))} shown." if len(hours) > 12 else "."),
            style="dim",
        )
    ]
    if unknown:
        notes.append(Text("? Not evaluated in some hours: " + "; ".join(unknown), style="yellow"))
    return panel([table, Text(""), *notes], f"Launch window of {name}")
