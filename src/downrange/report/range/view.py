"""A checklist on the terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from downrange.report.range.lists import Checklist

__all__ = ["checklist_view"]


def checklist_view(made: Checklist) -> RenderableType:
    """The lines with boxes, part by part; rules in brackets."""
    lines: list[RenderableType] = [Text(f"{made.rocket} on {made.motors}", style="bold")]
    lines += [Text(f"! {n}", style="yellow") for n in made.notes]
    for part in made.parts:
        lines += [Text(""), Text(part.name, style="bold")]
        lines += [Text.assemble("[ ] ", b.text, (f"  [{b.rule}]" if b.rule else "", "dim")) for b in part.boxes]
    return Group(*lines)
