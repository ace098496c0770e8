"""An experiment analysed, shown: on the terminal, as a figure, and as a document for the poster."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from downrange.design.experiments import Analysis, Finding
from downrange.report.documents import (
    PAGES,
    Block,
    Document,
    Heading,
    Listing,
    Look,
    Note,
    Paragraph,
    Table,
    figure_picture,
)
from downrange.report.experiments.words import (
    answer_words,
    effect_words,
    found_words,
    interval_words,
    p_words,
    room_words,
    said,
)
from downrange.report.figures import new_figure
from downrange.report.layout import plain_table
from downrange.report.terminal import panel
from downrange.text import plain

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = [
    "analysis_document",
    "analysis_figure",
    "analysis_summary",
    "analysis_view",
    "figure_words",
    "looked_table",
    "means_table",
    "test_table",
]

_BLUE, _ORANGE, _GREY = "#2a6fb0", "#d9822b", "#8a8f98"
_MARK = {True: "✓", False: "!", None: "?"}


def _rows(a: Analysis, units: str) -> list[tuple[str, ...]]:
    out: list[tuple[str, ...]] = []
    for k, name in enumerate(a.trials.names):
        x = a.trials.of(k)
        spread = float(x.std(ddof=1)) if x.size > 1 else math.nan
        mean = float(x.mean()) if x.size else math.nan
        error = spread / math.sqrt(x.size) if x.size > 1 else math.nan
        kind = a.trials.kind
        out.append(
            (
                plain(name, 30),
                str(x.size),
                said(mean, kind, units, 4),
                said(spread, kind, units),
                said(error, kind, units, 2),
            )
        )
    return out


def _findings(a: Analysis, units: str) -> list[tuple[str, str]]:
    """The numbers of the test that decides, and of the other."""
    f, kind = a.decides, a.trials.kind
    out = [("test", found_words(f))]
    what = "slope" if a.trials.dose is not None else f"{plain(f.second, 24)} less {plain(f.first, 24)}"
    if math.isfinite(f.estimate):
        mean = abs(float(a.trials.of(0).mean())) if a.trials.of(0).size else 0.0
        share = f", {100 * f.estimate / mean:+.2g} %" if a.trials.dose is None and mean > 0 else ""
        around = interval_words(f, kind, units, a.level)
        out.append((what, f"{said(f.estimate, kind, units)}{share}" + (f"; {around}" if around else "")))
    if effect_words(f):
        out.append(("effect", effect_words(f)))
    other = a.by_rank if f is a.by_values else a.by_values
    out.append(("beside it", found_words(other)))
    return out


def analysis_view(a: Analysis, units: str, notes: tuple[str, ...] = (), question: str = "") -> RenderableType:
    """The answer on the terminal."""
    lines: list[RenderableType] = [Text(plain(question, 300), style="bold"), Text("")] if question else []
    table = plain_table("design", "flights", f"mean {plain(a.trials.outcome, 30)}", "spread", "error of the mean")
    for row in _rows(a, units):
        table.add_row(*row)
    lines += [table, Text("")]
    lines += [Text.assemble((f"{name}  ", "dim"), text) for name, text in _findings(a, units)]
    for c in a.couples:
        lines.append(Text(f"  {_couple(a, c, units)}"))
    lines += [Text(""), Text(answer_words(a, units), style="bold green" if a.shown else "bold yellow")]
    lines += [Text(w) for w in room_words(a, units)] + [Text("")]
    lines += [
        Text(f"{_MARK[x.holds]} {x.words}", style="" if x.holds else ("yellow" if x.holds is False else "dim"))
        for x in a.looked
    ]
    lines += [Text(f"! {n}", style="yellow") for n in notes]
    return panel(lines, "An experiment analysed")


def _couple(a: Analysis, c: Finding, units: str) -> str:
    around = interval_words(c, a.trials.kind, units, a.level / len(a.couples))
    return f"{plain(c.second, 24)} less {plain(c.first, 24)}: {said(c.estimate, a.trials.kind, units)} ({p_words(c.p)} after Holm{'; ' + around if around else ''})"


def _finding(f: Finding) -> dict[str, Any]:
    def null(x: float) -> float | None:
        return x if math.isfinite(x) else None

    return {
        "test": f.test, "statistic": f.statistic, "value": f.value, "degrees_of_freedom": list(f.freedom), "p": f.p, "estimate_si": null(f.estimate),
        "interval_si": [null(x) for x in f.interval], "effect": null(f.effect), "effect_interval": [null(x) for x in f.effect_interval],
        "effect_in": f.effect_name or None, "first": f.first or None, "second": f.second or None,
    }  # fmt: skip


def analysis_summary(a: Analysis, notes: tuple[str, ...] = (), units: str = "metric") -> dict[str, Any]:
    """For JSON; `_si` is the SI unit of the `kind`."""
    t = a.trials
    return {
        "outcome": t.outcome, "kind": t.kind, "answer": a.answer, "shown": a.shown, "level": a.level, "in_words": answer_words(a, units),
        "leaves_open": list(room_words(a, units)),
        "designs": [
            {"name": n, "flights": int(t.of(k).size), "mean_si": float(t.of(k).mean()) if t.of(k).size else None, "spread_si": float(t.of(k).std(ddof=1)) if t.of(k).size > 1 else None}
            for k, n in enumerate(t.names)
        ],
        "blocks": a.blocks, "decides": _finding(a.decides), "by_values": _finding(a.by_values), "by_ranks": _finding(a.by_rank),
        "couples": [_finding(c) for c in a.couples], "smallest_difference_shown_si": a.smallest if math.isfinite(a.smallest) else None,
        "looked_at": [{"what": x.name, "holds": x.holds, "p": x.p if math.isfinite(x.p) else None, "in_words": x.words, "flights": list(x.flights)} for x in a.looked],
        "notes": list(notes),
    }  # fmt: skip


def analysis_figure(a: Analysis) -> PlainFigure:
    """Every flight, the means with their intervals, and the difference with its own."""
    t = a.trials
    unit = {
        "length": "m",
        "speed": "m/s",
        "acceleration": "m/s²",
        "energy": "J",
        "time": "s",
        "mass": "kg",
        "force": "N",
    }.get(t.kind, "")
    label = f"{plain(t.outcome, 40)}{', ' + unit if unit else ''}"
    if t.dose is not None:
        return _line_figure(a, label)
    fig, (left, right) = new_figure(1, (9, 4), 2)
    rng = np.random.default_rng(1)
    for k in range(len(t.names)):
        x = t.of(k)
        left.plot(
            k + (0.0 if t.paired else 1.0) * rng.uniform(-0.09, 0.09, x.size), x, "o", ms=5, color=_BLUE, alpha=0.7
        )
        left.plot([k - 0.22, k + 0.22], [x.mean()] * 2, color=_ORANGE, lw=2)
    if t.paired:
        for b in np.unique(t.block[t.whole]):
            here = t.whole & (t.block == b)
            order = np.argsort(t.arm[here])
            left.plot(t.arm[here][order], t.values[here][order], color=_GREY, lw=0.7, zorder=0)
    left.set_xticks(range(len(t.names)), [plain(n, 18) for n in t.names])
    left.set_xlim(-0.5, len(t.names) - 0.5)
    left.set_ylabel(label)
    left.set_title("Every flight; bars are means" + ("; lines join a block" if t.paired else ""))
    shown = a.couples or ((a.decides,) if math.isfinite(a.decides.estimate) else ())
    for k, f in enumerate(shown):
        low, high = f.interval
        colour = _BLUE if f.p < a.level else _GREY
        if math.isfinite(low) and math.isfinite(high):
            right.plot([low, high], [k, k], color=colour, lw=2)
        right.plot(f.estimate, k, "o", color=colour)
    right.axvline(0, color="black", lw=0.8)
    right.set_yticks(range(len(shown)), [f"{plain(f.second, 14)}\nless {plain(f.first, 14)}" for f in shown])
    right.set_ylim(-0.7, max(len(shown) - 0.3, 0.7))
    right.set_xlabel(f"difference in {label}")
    right.set_title(f"{100 * (1 - a.level):g} % interval; 0 is no difference")
    return fig


def _line_figure(a: Analysis, label: str) -> PlainFigure:
    t, f = a.trials, a.by_values
    assert t.dose is not None
    fig, (ax,) = new_figure(1, (7, 4.2))
    x, y = t.dose[t.whole], t.values[t.whole]
    factor = {"length": 1e3, "mass": 1e3, "angle": 180 / math.pi}.get(t.dose_kind, 1.0)
    unit = {"length": "mm", "mass": "g", "angle": "°", "time": "s", "speed": "m/s"}.get(t.dose_kind, "")
    ax.plot(x * factor, y, "o", color=_BLUE, alpha=0.7)
    at = np.linspace(x.min(), x.max(), 50)
    for slope, style in ((f.estimate, "-"), (f.interval[0], ":"), (f.interval[1], ":")):
        ax.plot(at * factor, y.mean() + slope * (at - x.mean()), style, color=_ORANGE, lw=2 if style == "-" else 1)
    ax.set_xlabel(f"{plain(t.dose_name, 40)}{', ' + unit if unit else ''}")
    ax.set_ylabel(label)
    ax.set_title(f"A straight line, and the {100 * (1 - a.level):g} % interval of its slope")
    return fig


def means_table(a: Analysis, units: str) -> Table:
    """Each design's flights: how many, their mean, spread, and the error of the mean."""
    return Table(
        ("design", "flights", "mean", "spread of single flights", "error of the mean"), tuple(_rows(a, units)),
        f"{plain(a.trials.outcome, 40)}, one standard deviation each", (1, 2, 3, 4), name="means",
    )  # fmt: skip


def test_table(a: Analysis, units: str) -> Table:
    """The test that decides, the difference with its interval, the size of the effect, and the test beside it."""
    return Table(("what", "found"), tuple(_findings(a, units)), "The test", name="test")


def looked_table(a: Analysis) -> Table:
    """What the test takes for granted, and whether it holds."""
    word = {True: "yes", False: "no", None: "cannot be said"}
    return Table(("holds", "what was looked at"), tuple((word[x.holds], x.words) for x in a.looked), "What the test takes for granted", name="assumptions")  # fmt: skip


def figure_words(a: Analysis, units: str) -> str:
    """What `analysis_figure` shows, in words."""
    return f"Every flight of each design, and the difference with its interval of confidence: {answer_words(a, units)[:200]}"


def analysis_document(a: Analysis, units: str, notes: tuple[str, ...] = (), question: str = "") -> Document:
    """The result, for the poster and the report."""
    t = a.trials
    values = tuple(
        (plain(t.labels[k], 30), plain(t.names[int(t.arm[k])], 30), t.blocks[int(t.block[k])] or "-", said(float(t.values[k]), t.kind, units, 4) if t.measured[k] else "no value")
        for k in range(t.values.size)
    )  # fmt: skip
    blocks: list[Block] = [
        Heading("The answer"), Note(answer_words(a, units)), *(Paragraph(w) for w in room_words(a, units)),
        Heading("The numbers"),
        means_table(a, units), test_table(a, units),
        *([Listing(tuple(_couple(a, c, units) for c in a.couples))] if a.couples else []),
        figure_picture(analysis_figure(a), "trials", figure_words(a, units), "Every flight, and the difference", units=units),
        Heading("What the test takes for granted"), Listing(tuple(f"{_MARK[x.holds]} {x.words}" for x in a.looked)),
        *(Note(n, warning=True) for n in notes),
        Heading("Every flight"), Table(("flight", "design", "block", plain(t.outcome, 40)), values, name="flights", numbers=(3,)),
    ]  # fmt: skip
    page = PAGES["letter" if units == "us" else "a4"]
    return Document(
        "What the experiment shows",
        tuple(blocks),
        plain(question, 200),
        (("level", f"{100 * a.level:g} %"),),
        look=Look(page[0], page[1], size=10.5, counted=False),
    )
