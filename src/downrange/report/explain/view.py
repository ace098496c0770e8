"""Explanations on a terminal of 80 columns, as JSON, and short under a card."""

from __future__ import annotations

import math
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from downrange.report.explain import TOPICS
from downrange.report.explain.formula import shown_number
from downrange.report.explain.moves import Move
from downrange.report.explain.sheet import Explanation, Given, Rows, Step
from downrange.report.layout import plain_table
from downrange.report.terminal import panel
from downrange.units import DIMENSIONS, display

__all__ = ["explanation_summary", "explanation_view", "short_view"]

_UNITS = {"calibre": "cal", "degrees": "°", "mass moment": "kg m", "impulse": "N s", "area": "m²", "density": "kg/m³", "line density": "kg/m",
          "acceleration": "m/s²"}  # fmt: skip
_SWITCHED = ("mass", "length", "speed", "acceleration", "force", "energy")  # kinds that have another unit in the USA


def unit(kind: str) -> str:
    """The unit in which the sums are done."""
    return _UNITS.get(kind, DIMENSIONS[kind][0] if kind in DIMENSIONS else "")


def amount(value: float, kind: str, units: str = "metric", digits: int = 5) -> str:
    """A value with its unit; behind it in US units where those are asked for and there is one."""
    text = f"{shown_number(value, digits)}{'' if kind == 'degrees' else ' '}{unit(kind)}".strip()
    if units == "us" and kind in _SWITCHED:
        text += f" ({display(value, kind, 'us')})"
    return text


def answer_text(value: float, kind: str, units: str) -> str:
    """An answer as the cards print it."""
    if kind == "calibre":
        return f"{value:.2f} cal"
    if kind in ("degrees",):
        return f"{value:.1f}°"
    if kind == "ratio":
        return f"{value:.1f}"
    if kind == "number":
        return f"{value:.3g}"
    if kind == "time":
        return f"{value:.1f} s"
    return display(value, kind, units, 3 if kind in ("speed", "acceleration", "energy") else 4)


def _lines(e: Explanation, units: str) -> list[RenderableType]:
    out: list[RenderableType] = []
    block: list[Given] = []

    def given() -> None:
        if not block:
            return
        table = plain_table("", "", "what it is", "from", words=(1, 2, 3))
        for g in block:
            table.add_row(
                Text(g.symbol, style="bold"), amount(g.value, g.kind, units), g.what, Text(g.source, style="dim")
            )
        out.extend([table, Text("")])
        block.clear()

    for part in e.parts:
        if isinstance(part, Given):
            block.append(part)
            continue
        given()
        if isinstance(part, Rows):
            out.extend([_rows(part), Text("")])
        else:
            out.extend(_step(part, units))
    given()
    return out


def _rows(part: Rows) -> RenderableType:
    units = [
        next((unit(c[1]) for r in part.rows if len(r) > k and isinstance(c := r[k], tuple)), "")
        for k in range(len(part.heads))
    ]
    heads = [f"{h}, {u}" if u else h for h, u in zip(part.heads, units, strict=True)]
    table = plain_table(part.title, *heads[1:])
    for row in part.rows:
        table.add_row(*(c if isinstance(c, str) else shown_number(c[0]) for c in row))
    return table


def _step(s: Step, units: str) -> list[RenderableType]:
    return [
        Text(s.words),
        Padding(Text(s.equation, style="cyan"), (0, 0, 0, 4)),
        Padding(
            Text.assemble(("  = ", "dim"), s.numbers, ("  = ", "dim"), (amount(s.value, s.kind, units), "bold")),
            (0, 0, 1, 4),
        ),
    ]


def _verdict(e: Explanation, units: str) -> str:
    said = answer_text(e.answer, e.kind, units)
    if not e.summed_up:
        cards = TOPICS[e.topic].cards
        return f"So: {said}" + (f", as downrange {cards[-1]} shows." if cards else ".")
    off = e.by_hand - e.answer
    start = (
        f"By hand {answer_text(e.by_hand, e.kind, units)}. The program adds the flight up in many small steps, with everything as it is at "
        f"each, and gets {said}"
    )
    if abs(off) < 5e-4 * abs(e.answer):
        return f"{start}: the same to within 0.05 %."
    return f"{start}: the sum by hand is {abs(off) / abs(e.answer):.1%} {'more' if off > 0 else 'less'}, because {e.because}."


def _change(more: float, kind: str, units: str) -> str:
    return f"{more:.2f} s" if kind == "time" else answer_text(more, kind, units)


def _moves(e: Explanation, found: list[Move], units: str) -> list[RenderableType]:
    if not found:
        return []
    table = plain_table("what moves it most", "then", "change")
    for m in found:
        if not math.isfinite(m.value):
            table.add_row(m.what, "-", "-")
            continue
        share = f" ({m.more / e.answer:+.1%})" if e.answer else ""
        sign = "+" if m.more > 0 else "-"
        table.add_row(
            m.what, answer_text(m.value, e.kind, units), f"{sign}{_change(abs(m.more), e.kind, units)}{share}"
        )
    return [Text(""), table]


def explanation_view(e: Explanation, found: list[Move], units: str = "metric") -> RenderableType:
    """The whole sheet."""
    parts: list[RenderableType] = [Text(e.words), Text(""), *_lines(e, units), Text(_verdict(e, units), style="bold")]
    if units == "us":
        parts.append(
            Text("The sums are done in metres, kilograms and seconds, which fit together without factors.", style="dim")
        )
    parts += _moves(e, found, units)
    if e.more:
        parts += [Text(""), Text(e.more, style="dim")]
    return panel(parts, e.title)


def short_view(explained: list[Explanation], units: str = "metric") -> RenderableType:
    """Under a card: each number's last line with its numbers, and where to read on."""
    parts: list[RenderableType] = []
    for e in explained:
        last = e.steps[-1] if e.steps else None
        text = Text.assemble((e.topic, "bold"), f"  {answer_text(e.answer, e.kind, units)}")
        if last is not None:
            text.append(f"\n    {last.equation} = {last.numbers}", style="cyan")
            if e.summed_up:
                text.append(f" = {amount(e.by_hand, e.kind, units)} by hand")
        parts.append(text)
    parts += [
        Text(""),
        Text("The whole sum, and what moves it: downrange explain NAME, like downrange explain apogee", style="dim"),
    ]
    return panel(parts, "Where the numbers come from")


def explanation_summary(e: Explanation, found: list[Move]) -> dict[str, Any]:
    """The documented keys of `downrange explain --json`: SI, angles in degrees."""
    return {
        "topic": e.topic, "question": e.title, "answer": e.answer, "unit": unit(e.kind), "key": e.key or None, "words": e.words,
        "given": [{"symbol": g.symbol, "value": g.value, "unit": unit(g.kind), "what": g.what, "source": g.source} for g in e.given],
        "steps": [{"symbol": s.symbol, "equation": s.equation, "numbers": s.numbers, "value": s.value, "unit": unit(s.kind), "words": s.words} for s in e.steps],
        "by_hand": e.by_hand if e.summed_up else None, "because": e.because or None,
        "moves": [{"what": m.what, "value": m.value if math.isfinite(m.value) else None, "more": m.more if math.isfinite(m.more) else None} for m in found],
        "more": e.more or None,
    }  # fmt: skip
