"""A lesson's hand-out and answer key as documents, with the numbers of the student's own launch."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator
from dataclasses import replace

from downrange.errors import InputError
from downrange.flight import Flight
from downrange.project import Project
from downrange.report.documents import (
    PAGES,
    Block,
    Document,
    Equation,
    Heading,
    Listing,
    Look,
    Note,
    Paragraph,
    Table,
    figure_picture,
    plain_text,
    read_markdown,
)
from downrange.report.explain.formula import shown_number
from downrange.report.explain.sheet import Explanation, Given, Rows
from downrange.report.explain.view import amount, answer_text
from downrange.report.explain.view import unit as unit_of_kind
from downrange.report.figures import FIGURES, motor_figure
from downrange.report.lessons.lesson import Lesson, standards
from downrange.report.lessons.numbers import NOT_SAID, Number, Numbers
from downrange.text import plain
from downrange.units import in_units

__all__ = ["answer_key", "hand_out", "teacher_blocks"]

_LINE = "_" * 72
_BLANK = "_" * 12
_CELL = "_" * 9


def _checked(lesson: Lesson, project: Project) -> None:
    stages = len(project.launch.rocket.stages) or 1
    if stages < lesson.stages:
        raise InputError(
            f"the lesson {lesson.name} needs a rocket of {lesson.stages} stages, and this has {stages}; leave LAUNCH out for the starter",
            key="launch",
        )


def _blocks(text: str, numbers: Numbers, units: str, file: str) -> Iterator[Block]:
    """Markdown with its lines of `::`."""

    def value(name: str) -> str:
        said = name.strip()
        return in_units(said, units) if said[0].isdigit() else numbers[said].shown(units)

    kept: list[str] = []
    for line in [*text.split("\n"), "::"]:
        if not line.startswith("::"):
            kept.append(line)
            continue
        yield from read_markdown("\n".join(kept), values=value, file=file)
        kept = []
        word, _, rest = line[2:].partition(" ")
        if word:
            yield from _directive(word, rest.strip(), numbers, units)


def _directive(word: str, rest: str, numbers: Numbers, units: str) -> Iterator[Block]:
    match word:
        case "work":
            yield from _work(rest, numbers[rest], units)
        case "explain":
            yield from _explained(numbers.explained(rest), units)
        case "variants" | "blank":
            yield _variants([r.strip() for r in rest.split(",")], numbers, units, blank=word == "blank")
        case "figure":
            yield _figure(rest, numbers.flight(), units)
        case "statistics":
            yield from _statistics(rest, numbers, units)
        case "list":
            values, kind = numbers.listed(rest)
            yield Table(
                ("flight", rest),
                tuple((str(k), amount(v, kind, units, 4)) for k, v in enumerate(values, 1)),
                numbers=(0, 1),
            )
        case "lines":
            for _ in range(int(rest)):
                yield Paragraph(_LINE)
        case _:
            raise InputError(f"a lesson has no ::{word}")


def _work(symbol: str, n: Number, units: str) -> Iterator[Block]:
    """A formula, the numbers in it, the result."""
    if not math.isfinite(n.value):
        yield Note(f"{symbol}: {NOT_SAID} ({n.why})", warning=True)
        return
    yield Equation(n.equation(symbol))
    yield Equation(n.arithmetic(units))


def _explained(e: Explanation, units: str) -> Iterator[Block]:
    """The whole sum of an explanation."""
    yield Paragraph(e.words)
    given: list[Given] = []

    def table() -> Iterator[Block]:
        if given:
            rows = tuple((g.symbol, amount(g.value, g.kind, units), g.what, g.source) for g in given)
            yield Table(("", "value", "what it is", "from"), rows, numbers=(1,))
            given.clear()

    for part in e.parts:
        if isinstance(part, Given):
            given.append(part)
            continue
        yield from table()
        if isinstance(part, Rows):
            yield _rows(part)
        else:
            yield Paragraph(part.words)
            yield Equation(part.equation)
            yield Equation(f"= {part.numbers} = {amount(part.value, part.kind, units)}")
    yield from table()
    said = answer_text(e.answer, e.kind, units)
    if not e.summed_up:
        yield Paragraph(f"So: {said}.")
    else:
        yield Paragraph(
            f"By hand {answer_text(e.by_hand, e.kind, units)}; the program, in many small steps, {said}. They differ because {e.because}."
        )


def _rows(part: Rows) -> Table:
    heads = []
    for k, head in enumerate(part.heads):
        u = next((unit_of_kind(c[1]) for r in part.rows if len(r) > k and isinstance(c := r[k], tuple)), "")
        heads.append(f"{head}, {u}" if u else head)
    rows = tuple(tuple(c if isinstance(c, str) else shown_number(c[0]) for c in row) for row in part.rows)
    return Table(tuple(heads), rows, part.title, tuple(range(1, len(heads))))


def _variants(outputs: list[str], numbers: Numbers, units: str, *, blank: bool) -> Table:
    """The variants with numbers of their flights, or lines to write them on."""
    from downrange.design import find_output

    rows = []
    for name in numbers.lesson.variants:
        cells = []
        for o in outputs:
            if blank:
                cells.append(_BLANK)
                continue
            try:
                output = find_output(o)
                cells.append(Number(o, output.of(numbers.flight(name)), output.kind, "").shown(units))
            except InputError as error:
                cells.append(f"{NOT_SAID}: {error.message}"[:80])
        rows.append((name, *cells))
    return Table(("rocket", *outputs), tuple(rows), numbers=tuple(range(1, len(outputs) + 1)))


_FIGURES = {
    "motor": "Thrust over time", "flight": "Height, speed and acceleration over time", "rocket": "The rocket from the side, with its centre of gravity and centre of pressure",
    "ground_track": "The way over the ground, seen from above", "stability": "Margin and angle of attack on the way up",
}  # fmt: skip


def _figure(name: str, flight: Flight, units: str) -> Block:
    if name == "motor":  # without its title and the line of its mean: those are what is asked for
        made = motor_figure(flight.launch.lifting)
        made.axes[0].set_title("")
        made.axes[0].lines[-1].remove()
    else:
        made = FIGURES[name](flight)
    what = _FIGURES[name]
    return figure_picture(made, name, f"{what} of {plain(flight.launch.rocket.name, 60)}", what, units=units, share=0.9)


def _statistics(name: str, numbers: Numbers, units: str) -> Iterator[Block]:
    """Mean, spread and error of the mean of a list, with the sums."""
    x, kind = numbers.listed(name)
    n, mean = len(x), statistics.fmean(x)
    squares = [(v - mean) ** 2 for v in x]
    rows = tuple(
        (str(k), shown_number(v, 4), shown_number(v - mean, 3), shown_number(q, 3))
        for k, (v, q) in enumerate(zip(x, squares, strict=True), 1)
    )
    u = unit_of_kind(kind)
    yield Table(
        ("flight", f"x, {u}", "x − mean", "(x − mean)²"),
        (*rows, ("sum", shown_number(sum(x), 5), "", shown_number(sum(squares), 4))),
        numbers=(1, 2, 3),
    )
    spread = statistics.stdev(x)
    yield Equation(f"mean = sum of x / n = {shown_number(sum(x), 5)} / {n} = {amount(mean, kind, units, 4)}")
    yield Equation(
        f"s = √(sum of squares / (n − 1)) = √({shown_number(sum(squares), 4)} / {n - 1}) = {amount(spread, kind, units, 3)}"
    )
    yield Equation(
        f"error of the mean = s / √n = {shown_number(spread, 3)} / √{n} = {amount(spread / math.sqrt(n), kind, units, 2)}"
    )


def teacher_blocks(lesson: Lesson) -> list[Block]:
    """The page for the teacher: standards, what is learnt, what it takes."""
    out: list[Block] = [
        Heading("What they learn", 2), Listing(lesson.learn),
        Heading("Standards (NGSS)", 2), Table(("code", "in short"), tuple((c, standards()[c]) for c in lesson.standards)),
        Heading("What it takes", 2), Listing(lesson.needs),
    ]  # fmt: skip
    out += [Note(lesson.safety, "Safety", warning=True)] if lesson.safety else []
    return [
        *out,
        Paragraph("All sums are done in metres, kilograms, seconds and newtons, which fit together without factors."),
    ]


def _time(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest else "")))


def _to_write(block: Block) -> Block:
    """A table of a hand-out with lines to write on where its cells are empty."""
    if not isinstance(block, Table):
        return block
    rows = tuple(tuple(c if plain_text(c).strip() else _CELL for c in row) for row in block.rows)
    return replace(block, rows=rows)


def _document(
    lesson: Lesson,
    project: Project,
    blocks: list[Block],
    units: str,
    what: str,
    facts: tuple[tuple[str, str], ...] = (),
) -> Document:
    launch = project.launch
    page = PAGES["letter" if units == "us" else "a4"]
    name = f"{plain(launch.rocket.name, 60)} on {plain(launch.motor.designation, 40)}"
    look = Look(page[0], page[1], size=11, counted=False)
    return Document(
        lesson.title, tuple(blocks), what, (("rocket", name), *facts), look=look, footer=f"{lesson.title}, {what}"
    )


def hand_out(lesson: Lesson, numbers: Numbers, units: str = "metric") -> Document:
    """What the students get. Raises `InputError` where the launch does not suit the lesson."""
    _checked(lesson, numbers.project)
    name = Paragraph("Name ______________________________     Date ________________")
    made = (_to_write(b) for b in _blocks(lesson.handout, numbers, units, f"{lesson.name}/handout.md"))
    return _document(lesson, numbers.project, [name, *made], units, "hand-out")


def answer_key(lesson: Lesson, numbers: Numbers, units: str = "metric") -> Document:
    """What the teacher gets: the plan of the lesson, and the answers with the numbers of that launch. Raises `InputError` as `hand_out`."""
    _checked(lesson, numbers.project)
    blocks = teacher_blocks(lesson) + list(_blocks(lesson.key, numbers, units, f"{lesson.name}/key.md"))
    facts = (("time", _time(lesson.minutes)), ("ages", lesson.ages))
    return _document(lesson, numbers.project, blocks, units, "answer key", facts)
