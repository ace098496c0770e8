"""A number of the bench on a terminal: the answer, the equation, the inputs, the source."""

from __future__ import annotations

from typing import Any

from rich.console import RenderableType
from rich.text import Text

from downrange.design.bench import BENCH, Answered
from downrange.report.layout import plain_table
from downrange.report.terminal import panel
from downrange.units import DIMENSIONS, display

__all__ = ["answer_summary", "answer_view", "list_view"]

_SUFFIX = {
    "length": "_m", "mass": "_kg", "time": "_s", "speed": "_m_s", "pressure": "_pa", "force": "_n", "area": "_m2", "inertia": "_kg_m2",
    "density": "_kg_m3", "angle": "_rad", "temperature": "_k", "calibre": "_cal",
}  # fmt: skip


def _shown(value: float, kind: str, units: str, digits: int = 4) -> str:
    if kind in ("number", "calibre"):
        return f"{value:.{digits}g}" + (" cal" if kind == "calibre" else "")
    if kind == "area":
        return f"{value * 1e4:.{digits}g} cm²" if units == "metric" else f"{value / 0.0254**2:.{digits}g} in²"
    if kind == "pressure" and units == "metric" and value >= 1000:
        return f"{value / 1e3:.{digits}g} kPa"
    return display(value, "size" if kind == "length" else kind, units, digits)


def answer_view(a: Answered, units: str = "metric") -> RenderableType:
    """The answer in a frame."""
    sure = not any(r.sigma for r in a.results)
    results = plain_table("", "answer", *(() if sure else ("±",)))
    for r in a.results:
        results.add_row(
            r.name,
            Text(_shown(r.value, r.kind, units), style="bold"),
            *(() if sure else (_shown(r.sigma, r.kind, units, 2) if r.sigma else "",)),
        )
    inputs = plain_table("from", "", "what", words=(2,))
    for key, q in a.inputs.items():
        g = a.number.given[key]
        said = q.text or _shown(q.value, g.kind, units) if q.value or g.default != 0.0 else "none"
        inputs.add_row(key, said, g.meaning)
    lines: list[RenderableType] = [
        results,
        Text(""),
        inputs,
        Text(""),
        Text(a.number.equation),
        Text(f"source: {a.number.source}", style="dim"),
    ]
    lines += [Text(f"! {n}", style="yellow") for n in a.number.notes]
    return panel(lines, a.number.title)


def list_view(name: str = "") -> RenderableType:
    """Every number of the bench, or what one of them takes."""
    if not name:
        table = plain_table("name", "what", "needs", words=(1, 2))
        for n in BENCH.values():
            table.add_row(n.name, n.title, ", ".join(k for k, g in n.given.items() if g.default is None))
        return panel([table, Text(""), Text("downrange bench NAME shows its inputs", style="dim")], "Bench")
    number = BENCH[name]
    table = plain_table("input", "like", "what", words=(1, 2))
    for key, g in number.given.items():
        like = (
            DIMENSIONS[g.kind][1]
            if g.default is None
            else "none"
            if g.default == 0
            else _shown(g.default, g.kind, "metric")
        )
        table.add_row(key, like, g.meaning + ("" if g.default is None else " (may be left out)"))
    first = " ".join(f"{k}=..." for k, g in number.given.items() if g.default is None)
    return panel(
        [table, Text(""), Text(number.equation), Text(f"downrange bench {name} {first}", style="dim")], number.title
    )


def answer_summary(a: Answered) -> dict[str, Any]:
    """For JSON: SI, units in the keys."""

    def key(name: str, kind: str) -> str:
        return name.replace(",", "").replace(" ", "_") + _SUFFIX.get(kind, "")

    return {
        "name": a.number.name, "title": a.number.title,
        "results": {key(r.name, r.kind): r.value for r in a.results}, "sigmas": {key(r.name, r.kind): r.sigma for r in a.results},
        "inputs": {key(k, a.number.given[k].kind): q.value for k, q in a.inputs.items()}, "equation": a.number.equation,
        "source": a.number.source, "notes": list(a.number.notes),
    }  # fmt: skip
