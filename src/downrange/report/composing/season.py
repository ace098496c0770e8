"""Tables of what a season left behind: the lab notebook's notes, trials and predictions, and the review of the design."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from downrange.design import find_output
from downrange.project.board import read_board
from downrange.project.notebook import FOLDER, Note, Trial, notes_of, pages_of, problems_of, trials_of
from downrange.project.register import register_of
from downrange.project.review import read_review
from downrange.report.composing.material import Material, Missing, shown
from downrange.report.documents import Table, Text
from downrange.report.predictions import entries_table, scores_table
from downrange.text import plain

__all__ = [
    "designs_table",
    "log_table",
    "notebook_table",
    "predictions_table",
    "register_table",
    "review_table",
    "season_scores",
]

_SHOWN = 6  # changes of a design that a line names


def _notes(m: Material) -> tuple[Note, ...]:
    notes = notes_of(m.project)
    if not notes:
        raise Missing(
            f"there is no lab notebook ({FOLDER}) beside the launch file; downrange notebook begin starts one"
        )
    return notes


def _trials(m: Material) -> tuple[Trial, ...]:
    _notes(m)
    trials = trials_of(m.project)
    if not trials:
        raise Missing("no flight was logged: downrange compare LAUNCH LOG notes one")
    return trials


def _day(note: Note) -> str:
    return f"{note.time:%Y-%m-%d %H:%M}"


def notebook_table(m: Material) -> Table:
    """Every note and page, by time."""
    rows: list[tuple[str, tuple[Text, ...]]] = []
    for n in _notes(m):
        apogee = n.numbers.get("apogee_agl_m")
        what = (
            f"apogee {shown(find_output('apogee'), apogee, m.units)}"
            if apogee is not None
            else f"{len(n.changed)} values changed"
            if n.changed
            else ""
        )
        what = "; ".join(filter(None, (what, plain(n.words, 120), ", ".join(plain(f, 60) for f in n.files))))
        rows.append((_day(n), (_day(n), n.who, n.what, n.design, what)))
    rows += [(p.day, (p.day, "-", "page", "-", p.title)) for p in pages_of(m.project)]
    rows.sort(key=lambda r: r[0])
    wrong = problems_of(m.project)
    note = f"Times in UTC. Newest check: {notes_of(m.project)[-1].check[:16]}." + (
        f" NOT WHOLE: {'; '.join(wrong)}." if wrong else " No note was changed."
    )
    return Table(
        ("when", "who", "what", "design", "of it"),
        tuple(r for _, r in rows),
        "Lab notebook",
        note=note,
        name="notebook",
    )


def changes_told(changes: Iterable[tuple[str, str, str]]) -> list[str]:
    """What changed of a design, in words: of each path what it was and is; of what flights taught only that they did."""
    out = []
    for path, was, now in changes:
        if path == "command line.learned":
            out.append("learned.yaml: its flights taught it anew")
        elif path != "command line.flown":
            out.append(f"{plain(path, 60)}: {plain(was, 40)} to {plain(now, 40)}")
    return out


def designs_table(m: Material) -> Table:
    """What changed from design to design."""
    rows: list[tuple[Text, ...]] = []
    for n in _notes(m):
        if n.what != "designed":
            continue
        changes = changes_told((k, a, b) for k, (a, b) in n.changed.items())
        more = f"; and {len(changes) - _SHOWN} more" if len(changes) > _SHOWN else ""
        rows.append((_day(n), n.who, n.design, "; ".join(changes[:_SHOWN]) + more if changes else "first noted"))
    return Table(("when", "who", "design", "changed"), tuple(rows), "Designs", name="designs")


def log_table(m: Material) -> Table:
    """The flights that were logged."""
    apogee = find_output("apogee")
    rows: list[tuple[Text, ...]] = []
    for k, t in enumerate(_trials(m), 1):
        high, error = t.flown.numbers.get("apogee_agl_m"), t.flown.numbers.get("apogee_error_m")
        rows.append((
            str(k), _day(t.flown), t.flown.design, ", ".join(plain(f, 40) for f in t.flown.files), "not stated" if high is None else shown(apogee, high, m.units),
            "not stated" if error is None else f"± {shown(apogee, error, m.units)}",
        ))  # fmt: skip
    return Table(("", "noted", "design", "logs", "apogee", "1 σ"), tuple(rows), "Practice log", (4, 5), "Noted as the logs were read, in UTC; the apogee is that of the logs.", "practice_log")  # fmt: skip


def predictions_table(m: Material) -> Table:
    """The flights beside what was predicted before their logs were read."""
    apogee = find_output("apogee")
    rows: list[tuple[Text, ...]] = []
    off: list[float] = []
    for t in _trials(m):
        high = t.flown.numbers.get("apogee_agl_m")
        said = None if t.predicted is None else t.predicted.numbers.get("apogee_agl_m")
        if high is None or said is None or t.predicted is None:
            rows.append(
                (_day(t.flown), "none before it", "-", "-" if high is None else shown(apogee, high, m.units), "-", "-")
            )
            continue
        off.append(100 * (said - high) / high)
        which = "the same design" if t.same else f"another design, {t.predicted.design}"
        rows.append(
            (
                _day(t.flown),
                f"{_day(t.predicted)}, {which}",
                shown(apogee, said, m.units),
                shown(apogee, high, m.units),
                f"{off[-1]:+.1f} %",
                t.predicted.check[:12],
            )
        )
    note = "Noted before the logs were read; check is the note's own hash."
    if off:
        note += f" {len(off)} predicted: mean {sum(off) / len(off):+.1f} %, root mean square {math.sqrt(sum(x * x for x in off) / len(off)):.1f} %."
    return Table(
        ("flight", "predicted", "apogee predicted", "apogee flown", "off by", "check"),
        tuple(rows),
        "Predictions made before flights",
        (2, 3, 4),
        note,
        "predictions",
    )


def register_table(m: Material) -> Table:
    """The predictions that were registered before the flights."""
    path = register_of(m.project)
    if not path.is_file():
        raise Missing("no prediction was registered before a flight (downrange predict next)")
    made = entries_table(read_board((path,)).entries, m.units)
    kept = (0, 2, 3, 4, 5, 6, 7, 9)  # a season is of one rocket
    return replace(
        made,
        heads=tuple(made.heads[k] for k in kept),
        rows=tuple(tuple(r[k] for k in kept) for r in made.rows),
        numbers=(0, 2, 3, 4, 5),
    )


def season_scores(m: Material) -> Table:
    """How good the registered predictions were."""
    path = register_of(m.project)
    made = scores_table(read_board((path,)), m.units) if path.is_file() else None
    if made is None:
        raise Missing("no registered prediction was flown and learned from yet")
    return made


def review_table(m: Material) -> Table:
    """Comments of a review, and who signed."""
    review = read_review(m.project)
    if review is None:
        raise Missing("nobody reviewed the design (review.yaml beside the launch file)")
    rows: list[tuple[Text, ...]] = []
    for c in review.comments:
        at = c.part or c.number or c.figure or "the design"
        rows.append((str(c.date), c.by, at, c.says, c.answer or "-", c.state))
    for s in review.signed:
        same = "as it is" if s.design == review.design else f"design {s.design}, which has changed since"
        rows.append(
            (
                str(s.date),
                f"{s.by}, {s.role}" if s.role else s.by,
                "the design",
                f"signed: {same}",
                "-",
                "signed" if s.design == review.design else "void",
            )
        )
    words = (
        "Somebody signed this design, and no comment is open."
        if review.holds
        else "Not signed as it is."
        if not any(s.design == review.design for s in review.signed)
        else "Signed, with comments open."
    )
    if review.changed:
        listed = "; ".join(changes_told(review.changed[:12]))
        words += f" Changed since the last signature: {listed}."
    elif review.changed is None and review.signed:
        words += " What changed since the last signature was not noted (no notebook then)."
    if not rows:
        raise Missing("review.yaml has no comments and no signature")
    return Table(
        ("date", "who", "at", "says", "answer", "state"),
        tuple(rows),
        f"Review, {len(review.open)} open",
        note=words,
        name="review",
    )
