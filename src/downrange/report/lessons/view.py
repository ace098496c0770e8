"""Lessons on the terminal and as JSON."""

from __future__ import annotations

import math
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from downrange.report.explain.view import unit
from downrange.report.layout import PlainTable, plain_table
from downrange.report.lessons.lesson import Lesson, lessons, standards
from downrange.report.lessons.numbers import Numbers
from downrange.report.terminal import panel
from downrange.units import in_units

__all__ = ["lesson_summary", "lesson_view", "list_view", "numbers_summary"]


def list_view() -> PlainTable:
    """The lessons in a table."""
    table = plain_table("lesson", "min", "what", words=(2,))
    for x in lessons().values():
        table.add_row(x.name, str(x.minutes), x.line)
    return table


def lesson_view(lesson: Lesson, numbers: Numbers, units: str) -> RenderableType:
    """A lesson for the teacher: what is taught, what it takes, and its numbers."""
    lines: list[RenderableType] = [Text(f"{lesson.line}. {lesson.minutes} minutes, ages {lesson.ages}."), Text("")]
    lines += [Text(f"- {x}") for x in lesson.learn] + [Text("")]
    lines += [Text(f"{c}  {standards()[c]}", style="dim") for c in lesson.standards] + [Text("")]
    lines += [Text(f"Take: {in_units('; '.join(lesson.needs), units)}."), Text("")]
    if lesson.safety:
        lines += [Text(f"! {in_units(lesson.safety, units)}", style="yellow"), Text("")]
    table = plain_table("number", "value", "from", words=(2,))
    for name in lesson.numbers:
        n = numbers[name]
        table.add_row(name.replace("_", " "), n.shown(units), n.equation(name) if n.formula else n.source)
    lines += [
        table,
        Text(""),
        Text(f"downrange lesson {lesson.name} --out DIR writes hand-out and answer key", style="dim"),
    ]
    return panel(lines, lesson.title)


def numbers_summary(lesson: Lesson, numbers: Numbers) -> dict[str, Any]:
    """For JSON: each number, SI, angles in degrees, null where it is not stated."""
    out = []
    for name in lesson.numbers:
        n = numbers[name]
        value = n.value if math.isfinite(n.value) else None
        out.append(
            {
                "name": name,
                "value": value,
                "unit": unit(n.kind),
                "from": n.source,
                "formula": n.formula or None,
                "why_not": n.why or None,
            }
        )
    return {**_about(lesson), "numbers": out}


def _about(x: Lesson) -> dict[str, Any]:
    return {
        "name": x.name, "title": x.title, "about": x.line, "minutes": x.minutes, "ages": x.ages, "standards": list(x.standards), "learn": list(x.learn),
        "needs": list(x.needs), "safety": x.safety or None,
    }  # fmt: skip


def lesson_summary() -> list[dict[str, Any]]:
    """For JSON: all lessons."""
    return [_about(x) for x in lessons().values()]
