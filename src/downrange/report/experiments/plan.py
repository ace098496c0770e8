"""An experiment planned, shown: on the terminal, as a figure of what power means, and as a document with the sheet to fill."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from downrange.dispersion.band import in_words
from downrange.formats.trials import SheetPlan, sheet_rows
from downrange.project.experimenting import ExperimentPlan
from downrange.report.documents import (
    PAGES,
    Block,
    Document,
    Heading,
    Listing,
    Look,
    Note,
    PageBreak,
    Paragraph,
    Table,
    figure_picture,
)
from downrange.report.experiments.words import said, unit_of
from downrange.report.figures import new_figure
from downrange.report.layout import plain_table
from downrange.report.terminal import panel
from downrange.text import counted, plain

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = ["plan_document", "plan_figure", "plan_view", "sheet_of"]

_MANY = 40  # flights above which a season is not enough for most
_SHOWN = 24  # simulated experiments that are drawn one by one
_TOLD = 0.03  # share of the spread below which what makes it is not named
_BLUE, _ORANGE, _GREY = "#2a6fb0", "#d9822b", "#8a8f98"


def _outcome(p: ExperimentPlan) -> str:
    return {
        "apogee_pressure_altitude_agl": "apogee by altimeter", "apogee_agl": "apogee", "landing_distance": "distance from the pad", "descent_time": "time of descent",
        "fastest_opening": "opening speed",
    }.get(p.output.name, p.output.name.replace("_", " "))  # fmt: skip


def sheet_of(p: ExperimentPlan, units: str) -> SheetPlan:
    """What the data sheet is written from, in `units`."""
    us = units == "us"
    _, unit = unit_of(p.output.kind, units)
    told = {
        "question": p.question.question,
        "outcome": f"{_outcome(p)} ({unit or '1'})",
        "designs": " | ".join(a.name for a in p.arms),
    }
    if p.asked.matters is not None:
        told["matters"] = f"{_plain_number(p.difference, p.output.kind, units)} {unit}".strip()
    told |= {"level": f"{p.asked.level:g}", "seed of the order": str(p.asked.seed)}
    dose, doses = "", tuple[str, ...]()
    if p.doses is not None:
        kind = _place_kind(p)
        shown, read = unit_of("small size" if kind == "length" else kind, units)
        factor = _factor("small size" if kind == "length" else kind, units)
        dose, doses = f"{p.place} ({read or '1'})", tuple(f"{d * factor:.6g}" for d in p.doses)
        told["changed"] = dose
    return SheetPlan(
        told,
        _outcome(p),
        unit,
        tuple(a.name for a in p.arms),
        p.order,
        "mph" if us else "m/s",
        "degF" if us else "degC",
        dose,
        doses,
    )


def _place_kind(p: ExperimentPlan) -> str:
    from downrange.project.parameters import find_place

    project = p.arms[0].project
    return "number" if project is None else find_place(project, p.place).kind


def _factor(kind: str, units: str) -> float:
    from downrange.units import column

    try:
        return column(kind, units)[1]
    except KeyError:
        return 180 / math.pi if kind == "angle" else 1.0


def _plain_number(value: float, kind: str, units: str) -> str:
    return f"{value * _factor(kind, units):.4g}"


def _kinds(p: ExperimentPlan, units: str) -> list[tuple[str, ...]]:
    return [
        (
            plain(a.name, 30),
            plain(a.told, 60),
            said(a.mean, p.output.kind, units, 4),
            said(a.sigma, p.output.kind, units),
        )
        for a in p.arms
    ]


def _spread_words(p: ExperimentPlan, units: str) -> list[str]:
    """What makes two flights differ, and what they have in common."""
    s, kind = p.spread, p.output.kind
    own = f"Two flights of the same rocket on one day differ by chance: {said(s.sigma['flight'], kind, units)}, one standard deviation ({s.source})."
    if not s.shares:
        return [own]
    moved = ", ".join(f"{in_words(t.name)} {t.share:.0%}" for t in s.shares if t.share >= _TOLD)
    day, rocket = (said(s.sigma[g], kind, units, 2) for g in ("day", "rocket"))
    return [
        f"{own} Of that: {moved}." if moved else own,
        f"What is not known, but the same for all flights, falls out of the comparison: the day's warmth and pressure ({day}), and what the rocket's drag and mass really are ({rocket}).",
    ]


def _aim_words(p: ExperimentPlan, units: str) -> list[str]:
    kind = p.output.kind
    out = []
    if math.isfinite(p.predicted):
        way = (
            ""
            if p.doses is not None or len(p.arms) > 2
            else f" ({'more' if p.predicted > 0 else 'less'} with the change)"
        )
        out.append(
            f"The simulation predicts a difference of {said(abs(p.predicted), kind, units)}{way}: a prediction, not a result."
        )
    flights = counted(p.flights, "flight")
    out.append(
        f"To show a difference of {said(p.difference, kind, units)}: {counted(p.blocks, 'block')} of {len(p.arms)}, {flights}. Of a hundred such experiments about "
        f"{100 * p.power:.0f} show it (power), and {100 * p.asked.level:g} would show one that is not there (level)."
    )
    out.append(
        f"Played through {p.played.shown.size:,} times in the computer: {p.played.power:.1%} showed it (± {2 * p.played.error:.1%})."
    )
    return out


def _doubts(p: ExperimentPlan, units: str) -> list[str]:
    out = list(p.notes)
    if p.flights > _MANY:
        out.append(
            f"{p.flights} flights are more than a season. Look for a bolder change, or scatter less: motors of one lot, calm mornings, a firm rail. The table says what fewer show."
        )
    if p.power < p.asked.power - 0.005:
        out.append(
            f"{counted(p.blocks, 'block')} give a power of {p.power:.0%}, less than the {p.asked.power:.0%} wanted: a real difference of that size would be missed in {1 - p.power:.0%} of such experiments."
        )
    if math.isfinite(p.predicted) and p.asked.matters is not None and abs(p.predicted) < p.asked.matters:
        out.append("The simulation predicts less than what matters to you: expect 'not shown'.")
    return out


def plan_view(p: ExperimentPlan, units: str) -> RenderableType:
    """The plan on the terminal."""
    lines: list[RenderableType] = [Text(plain(p.question.question, 300), style="bold"), Text("")]
    if p.question.hypothesis:
        lines += [Text(f"Why one may expect it: {p.question.hypothesis}", style="dim"), Text("")]
    table = plain_table("design", "changed", f"{_outcome(p)}, predicted", "spread", words=(1,))
    for row in _kinds(p, units):
        table.add_row(*row)
    lines += [table, Text("")]
    lines += [Text(w) for w in _spread_words(p, units)] + [Text("")]
    lines += [Text(w) for w in _aim_words(p, units)] + [Text("")]
    reach = plain_table("blocks", "flights", f"show a difference from ({p.asked.power:.0%} of the time)")
    for n, d in p.reach:
        reach.add_row(str(n), str(n * len(p.arms)), said(d, p.output.kind, units))
    lines += [reach, Text("")]
    first = "; ".join(", ".join(plain(p.arms[k].name, 24) for k in b) for b in p.order[:3])
    lines.append(Text(f"The order is drawn by lot (seed {p.asked.seed}): {first}{'; ...' if p.blocks > 3 else ''}"))
    if p.question.fair:
        lines.append(Text(f"Fair: {p.question.fair}"))
    lines += [Text(f"! {d}", style="yellow") for d in _doubts(p, units)]
    return panel(lines, "An experiment planned")


def plan_figure(p: ExperimentPlan) -> PlainFigure:
    """What power means: the flights of each design, some experiments one by one, and how the power grows with the flights."""
    fig, (a, b, c) = new_figure(1, (11, 4.0), 3)
    unit, factor = _axis(p)
    for k, arm in enumerate(p.arms[:4]):
        x = arm.flights if arm.flights.size else _curve(p, k)
        a.hist(
            np.asarray(x) * factor,
            bins=30,
            density=True,
            histtype="stepfilled",
            alpha=0.35,
            color=(_BLUE, _ORANGE, "#3a8f5c", _GREY)[k],
        )
        a.axvline(float(np.mean(x)) * factor, color=(_BLUE, _ORANGE, "#3a8f5c", _GREY)[k], label=plain(arm.name, 24))
    a.set_xlabel(f"{_outcome(p)}{', ' + unit if unit else ''}")
    a.set_yticks([])
    a.set_title("Single flights, as predicted")
    a.margins(y=0.35)
    a.legend(frameon=False, fontsize=8, loc="upper left")
    _experiments(p, b, unit, factor)
    n, exact, played = (np.array(v, float) for v in zip(*p.curve, strict=True))
    c.plot(n * len(p.arms), 100 * exact, color=_BLUE, label="by formula")
    c.plot(n * len(p.arms), 100 * played, "o", ms=4, color=_ORANGE, label="experiments played")
    c.axhline(100 * p.asked.power, color=_GREY, lw=0.8, ls="--")
    c.axvline(p.flights, color=_GREY, lw=0.8, ls=":")
    c.set_ylim(0, 100)
    c.set_xlabel("flights")
    c.set_ylabel("experiments that show it, %")
    c.set_title(f"Power {100 * p.power:.0f} % with {p.flights} flights")
    c.legend(frameon=False, fontsize=8, loc="lower right")
    return fig


def _axis(p: ExperimentPlan) -> tuple[str, float]:
    unit = {"length": "m", "speed": "m/s", "acceleration": "m/s²", "energy": "J", "time": "s"}.get(p.output.kind, "")
    return unit, 1.0


def _curve(p: ExperimentPlan, k: int) -> np.ndarray:
    from statistics import NormalDist

    arm = p.arms[k]
    centre = (arm.mean if math.isfinite(arm.mean) else 0.0) + (
        0.0 if k == 0 or math.isfinite(p.predicted) else p.difference
    )
    unit = NormalDist()
    return np.array([centre + arm.sigma * unit.inv_cdf((i + 0.5) / 400) for i in range(400)])


def _experiments(p: ExperimentPlan, ax: object, unit: str, factor: float) -> None:
    """Some experiments one by one: the interval of each, and whether it shows a difference."""
    shown = p.played
    for k in range(min(_SHOWN, shown.estimate.size)):
        colour = _BLUE if shown.shown[k] else _GREY
        ax.plot([shown.low[k] * factor, shown.high[k] * factor], [k, k], color=colour, lw=1.4)  # type: ignore[attr-defined]
        ax.plot(shown.estimate[k] * factor, k, "o", ms=3, color=colour)  # type: ignore[attr-defined]
    ax.axvline(0, color="black", lw=0.8)  # type: ignore[attr-defined]
    ax.set_yticks([])  # type: ignore[attr-defined]
    what = "slope" if p.doses is not None else "difference"
    ax.set_xlabel(f"{what} that an experiment finds{', ' + unit if unit and p.doses is None else ''}")  # type: ignore[attr-defined]
    count = int(shown.shown[:_SHOWN].sum())
    ax.set_title(f"{min(_SHOWN, shown.estimate.size)} experiments: {count} show it (blue)")  # type: ignore[attr-defined]


_ROOM = {"notes": 26, "date": 11, "motor lot": 9}  # letters that a column has to be written in, where it is empty


def _to_write(heads: tuple[str, ...], row: tuple[str, ...]) -> tuple[str, ...]:
    """A row with lines to write on where its cells are empty."""
    return tuple(cell or "_" * _ROOM.get(head, 8) for head, cell in zip(heads, row, strict=True))


def plan_document(p: ExperimentPlan, units: str) -> Document:
    """The plan and the sheet to fill by hand, for print."""
    kind = p.output.kind
    heads, rows = sheet_rows(sheet_of(p, units))
    blocks: list[Block] = [
        Heading("The question"), Paragraph(p.question.question),
        *([Paragraph(p.question.hypothesis)] if p.question.hypothesis else []),
        Table(("design", "changed", f"{_outcome(p)}, predicted", "spread of single flights"), tuple(_kinds(p, units)), "The designs", (2, 3), name="designs"),
        Heading("How many flights"), *(Paragraph(w) for w in (*_spread_words(p, units), *_aim_words(p, units))),
        *(Note(d, warning=True) for d in _doubts(p, units)),
        figure_picture(
            plan_figure(p), "power",
            f"Left: simulated single flights of each design. Middle: {_SHOWN} simulated experiments with the interval of each. Right: power against flights.",
            "What power means: each line in the middle is one whole experiment. A grey one shows nothing, though the difference is there.", units=units,
        ),
        Table(
            ("blocks", "flights", "smallest difference shown"), tuple((str(n), str(n * len(p.arms)), said(d, kind, units)) for n, d in p.reach),
            f"What fewer or more flights show, {p.asked.power:.0%} of the time", (0, 1, 2), name="reach",
        ),
        Heading("How to fly"),
        Listing((
            "Fly the flights in the order of the sheet. It is drawn by lot, so that wind, warmth and skill do not favour one design.",
            "Fly each block in one go, with motors of one lot. Write the lot down.",
            "Before each flight write date, time of day, wind and temperature; after it what the instrument shows, with all its digits.",
            "A flight that fails stays in the sheet, with its note and an empty value. Do not fly until the result pleases.",
            "Decide now, before the first flight, what you will call shown: the test and its level are in this plan.",
            *([p.question.fair] if p.question.fair else []),
        ), ordered=True),
        PageBreak(), Heading("The sheet"),
        Table(heads, tuple(_to_write(heads, row) for row in rows), name="sheet", numbers=(0, 1)),
        Paragraph("Type it into sheet.csv when you are home, then: downrange fair analyse sheet.csv"),
    ]  # fmt: skip
    page = PAGES["letter landscape" if units == "us" else "a4 landscape"]
    return Document(
        "An experiment",
        tuple(blocks),
        plain(p.question.question, 200),
        (("flights", str(p.flights)), ("order drawn with seed", str(p.asked.seed))),
        look=Look(page[0], page[1], margin=15, size=10, counted=False),
    )
