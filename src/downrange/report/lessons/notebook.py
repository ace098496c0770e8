"""A lesson as a Jupyter notebook: the hand-out's words, and cells that fly the rocket and work out the numbers.

The format is nbformat 4.5 (https://nbformat.readthedocs.io): JSON of cells. Code needs `downrange` and nothing else.
"""

from __future__ import annotations

import json
import math
from pathlib import PurePath
from typing import Any

from downrange.design import find_output
from downrange.report.documents import Document, Picture
from downrange.report.documents.folder import markdown_text
from downrange.report.explain.formula import names_in
from downrange.report.explain.view import unit
from downrange.report.lessons.lesson import Lesson
from downrange.report.lessons.numbers import Numbers

__all__ = ["notebook_text"]

_BEGIN = """import math
from math import atan as arctan, cosh, degrees, exp, log as ln, radians, sinh, sqrt, tanh

import downrange as dr


def sin(x): return math.sin(radians(x))  # angles in degrees, as on a pocket calculator
def cos(x): return math.cos(radians(x))
def tan(x): return math.tan(radians(x))


launch = dr.load({path!r})
flight = dr.fly(launch, interpreted=True)
flight"""
_CHECK = '''def check(name, mine, right):
    """Compare your number with the program's; leave None until you have one."""
    if mine is None:
        return f"{name}: write your number first"
    off = (mine - right) / right if right else mine
    return f"{name}: yours {mine:.4g}, the program's {right:.4g}, {100 * off:+.1f} % off"'''


def _cells(lesson: Lesson, numbers: Numbers, *, key: bool) -> list[str]:
    """Code for each number: what the flight says, what is given, and formulas as they stand."""
    out = [_CHECK]
    given, worked = [], []
    told = numbers.flight().summary()
    for name in _in_order(lesson, numbers):
        n, spec = numbers[name], lesson.numbers[name]
        if not math.isfinite(n.value):
            continue
        if n.formula:
            ready = all(math.isfinite(numbers[x].value) for x in names_in(n.formula))
            worked.append((name, n.formula, unit(n.kind)) if ready else (name, repr(n.value), unit(n.kind)))
        elif spec.startswith("flight ") and find_output(spec.split("|")[0].removeprefix("flight ").strip()).key in told:
            given.append(
                f"{name} = flight.summary()[{find_output(spec.split('|')[0].removeprefix('flight ').strip()).key!r}]  # {unit(n.kind)}".rstrip(
                    "# "
                )
            )
        else:
            given.append(f"{name} = {n.value!r}  # {unit(n.kind)}, {n.source}".replace("# , ", "# "))
    out.append("\n".join(given) if given else "flight.apogee_agl_m")
    for name, formula, u in worked:
        if key:
            out.append(f"{name} = {formula}  # {u}\n{name}")
        else:
            out.append(
                f"my_{name} = None  # yours{f', in {u}' if u else ''}\n{name} = {formula}\ncheck({name!r}, my_{name}, {name})"
            )
    return out


def _in_order(lesson: Lesson, numbers: Numbers) -> list[str]:
    """The numbers of a lesson, each after those that its formula uses."""
    out: list[str] = []

    def put(name: str) -> None:
        if name in out:
            return
        for used in names_in(numbers[name].formula) if numbers[name].formula else ():
            put(used)
        out.append(name)

    for name in lesson.numbers:
        put(name)
    return out


def notebook_text(lesson: Lesson, numbers: Numbers, document: Document, launch: PurePath, *, key: bool) -> str:
    """A notebook. launch: the path of the launch file from where the notebook lies."""
    words = Document(
        document.title,
        tuple(b for b in document.blocks if not isinstance(b, Picture)),
        document.subtitle,
        document.facts,
        look=document.look,
    )
    cells: list[dict[str, Any]] = [
        _markdown(markdown_text(words, {})),
        _code(_BEGIN.format(path=launch.as_posix())),
        _code("flight.plot()"),
    ]
    cells += [_code(c) for c in _cells(lesson, numbers, key=key)]
    for k, cell in enumerate(cells):
        cell["id"] = f"cell-{k}"
    data = {
        "cells": cells, "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}},
        "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(text: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": text.splitlines(keepends=True),
    }
