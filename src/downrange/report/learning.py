"""What flights taught, as the terminal and a page show it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from downrange.dispersion import BANDS, band_shares
from downrange.learning import Replayed, Scores, parameter_words
from downrange.project.learning import Taught
from downrange.project.register import Entry
from downrange.report.figures import new_figure
from downrange.units import display, in_units

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = ["prediction_view", "season_figure", "taught_lines", "taught_view", "write_season"]

_TOLD = 0.5


def _height(x: float, units: str) -> str:
    return display(x, "length", units)


def taught_lines(t: Taught) -> list[tuple[str, str, str]]:
    """Each parameter: in words, its factor with one standard deviation, and how it was told."""
    learned = t.lesson.learned
    out = []
    met = np.max([f.way.weight @ band_shares(f.way.mach).T for f in t.flights], axis=0)
    never = {f"drag.{b}" for b, w in zip(BANDS, met, strict=True) if w < 0.02}
    for n in learned.names:
        told = t.fit.told[n]
        if n in never:
            continue
        share = "told" if told >= _TOLD else "hardly told" if told >= 0.1 else "not told: as drawn"
        others = [parameter_words(o) for o in t.fit.together.get(n, ()) if o not in never][:2]
        if told < _TOLD and others:
            share += f", not apart from {' and '.join(others)}"
        spread = 100 * math.expm1(learned.sigma(n))
        out.append((parameter_words(n), f"x {learned.factor(n):.3f} ± {spread:.1f} %", share))
    return out


def _scored(name: str, s: Scores, units: str) -> tuple[str, ...]:
    half, most = s.held
    n = len(s.each)
    return (
        name,
        f"{100 * s.absolute:.1f} %",
        f"{100 * s.bias:+.1f} %",
        f"{half} of {n}",
        f"{most} of {n}",
        f"{s.spread:.2f}",
        _height(s.crps, units),
    )


_SCORES = ("", "mean error", "bias", "in 50 %", "in 90 %", "rms z", "CRPS")


def taught_view(t: Taught, answered: Entry | None = None, units: str = "metric") -> RenderableType:
    """What the terminal shows."""
    count = len(t.lesson.flights)
    items: list[RenderableType] = [_next(t, units), Text("")]
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for cells in taught_lines(t):
        table.add_row(*cells)
    items += [table, Text("")]
    if t.scores is not None and len(t.replayed) > 1:
        scores = Table(*_SCORES, box=None, padding=(0, 2, 0, 0), header_style="dim")
        for name, s in zip(("learning", "as drawn"), t.scores, strict=True):
            scores.add_row(*_scored(name, s, units))
        items += [Text("each flight predicted from those before it", style="dim"), scores, Text("")]
    if failed := [m for m in t.modes[1:] if m.seen]:
        words = ", ".join(f"{m.mode.name} {m.seen} (now {100 * m.probability:.1f} %)" for m in failed)
        items += [Text(f"what went wrong: {words}"), Text("")]
    if answered is not None:
        items += [Text(_answered(answered, units)), Text("")]
    items += [Text(f"! {in_units(n, units)}", style="yellow") for n in t.notes]
    items.append(
        Text(
            "nothing was written"
            if t.path is None
            else f"wrote {t.path.name}; every command uses it now, --as-drawn does not",
            style="dim",
        )
    )
    return Panel(
        Group(*items),
        title=f"{t.lesson.rocket[:40]}: learned from {count} flight{'s' * (count != 1)}",
        title_align="left",
    )


def _band(t: Taught, drawn: bool, units: str) -> str:
    flight, band = (t.drawn, t.drawn_band) if drawn else (t.flight, t.band)
    if band is None:
        return _height(flight.apogee, units)
    low, high = band.most
    return f"{_height(flight.apogee, units)} ± {_height(band.sigma, units)}; 9 of 10 in {_height(low, units)} to {_height(high, units)}, half in {_height(band.half[0], units)} to {_height(band.half[1], units)}"


def _next(t: Taught, units: str) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_row("next flight", Text(_band(t, False, units), style="bold"))
    table.add_row("as drawn", _band(t, True, units))
    return table


def _answered(e: Entry, units: str) -> str:
    score = e.score
    assert score is not None and e.measured is not None
    where = "in its 50 % band" if score.in_half else "in its 90 % band" if score.in_most else "outside its 90 % band"
    return f"prediction {e.id} of {e.when[:16]} UTC: {_height(e.forecast.mean, units)} ± {_height(e.forecast.sigma, units)}, it was {_height(e.measured, units)} ({where}, CRPS {_height(score.crps, units)})"


def prediction_view(e: Entry, units: str = "metric") -> RenderableType:
    """What the terminal shows of a prediction that was registered."""
    f = e.forecast
    return Text(
        f"registered {e.id} at {e.when[:16]} UTC: {e.rocket[:40]} reaches {_height(f.mean, units)} ± {_height(f.sigma, units)}, 9 of 10 in "
        f"{_height(f.most[0], units)} to {_height(f.most[1], units)}. Fly, and learn from the log: it is scored then."
    )


def season_figure(replayed: tuple[Replayed, ...]) -> PlainFigure:
    """Each flight's apogee beside what the flights before it predicted, with 50 and 90 % bands, and the drawing's prediction; m."""

    fig, axes = new_figure(1, (8, 4))
    ax = axes[0]
    for k, r in enumerate(replayed, 1):
        first = k == 1
        ax.plot(
            [k, k],
            r.learned.most,
            color="#9db8d6",
            lw=8,
            solid_capstyle="butt",
            label="predicted, 90 % band" if first else None,
        )
        ax.plot(
            [k, k], r.learned.half, color="#3f6fa8", lw=8, solid_capstyle="butt", label="50 % band" if first else None
        )
        ax.plot([k - 0.3, k + 0.3], [r.drawn.mean] * 2, color="#c27b2c", lw=1.5, label="as drawn" if first else None)
        ax.plot(k, r.measured, "o", color="#17202b", ms=5, label="flown" if first else None)
    ax.set_xlabel("flight")
    ax.set_ylabel("apogee above the pad, m")
    ax.set_xlim(0.4, len(replayed) + 0.6)
    ax.set_xticks(range(1, len(replayed) + 1))
    ax.set_title("Each flight, and what those before it predicted")
    ax.legend(frameon=False, fontsize=8)
    return fig


def write_season(t: Taught, answered: Entry | None, path: Path, units: str = "metric") -> None:
    """Write a season as one HTML page that opens offline, with its figure inside."""
    from downrange.report.html import image, template

    scores = (
        []
        if t.scores is None
        else [_scored(n, s, units) for n, s in zip(("learning as it went", "as drawn"), t.scores, strict=True)]
    )
    flights = [
        (r.name, _height(r.measured, units), f"{_height(r.learned.mean, units)} ± {_height(r.learned.sigma, units)}", _height(r.drawn.mean, units),
         "50 %" if r.learned.half[0] <= r.measured <= r.learned.half[1] else "90 %" if r.learned.most[0] <= r.measured <= r.learned.most[1] else "outside")
        for r in t.replayed
    ]  # fmt: skip
    modes = [
        (
            m.mode.name,
            f"{m.seen}",
            f"{100 * m.prior:.1f} %",
            f"{100 * m.probability:.1f} %",
            f"{100 * m.low:.1f} to {100 * m.high:.1f} %",
        )
        for m in t.modes
    ]
    page = template("season.html").render(
        name=t.lesson.rocket, count=len(t.lesson.flights), next_flight=_band(t, False, units), drawn=_band(t, True, units), parameters=taught_lines(t),
        flights=flights, heads=_SCORES, scores=scores, modes=modes, notes=[in_units(n, units) for n in t.notes],
        answered="" if answered is None else _answered(answered, units), picture=image(season_figure(t.replayed), units) if t.replayed else "",
    )  # fmt: skip
    path.write_text(page, encoding="utf-8")
