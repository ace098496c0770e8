"""A season's blind predictions and what came of them, on the terminal, as JSON and as a page to publish."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from downrange.project.board import Board, luck, minutes_before
from downrange.project.register import Entry
from downrange.report.documents import (
    PAGES,
    Block,
    Document,
    Heading,
    Look,
    Note,
    Paragraph,
    Table,
    figure_picture,
    write_document,
)
from downrange.report.figures import new_figure
from downrange.report.layout import plain_table
from downrange.report.terminal import panel
from downrange.text import plain
from downrange.units import display

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = [
    "board_document", "board_figure", "board_summary", "board_view", "entries_table", "scores_table", "write_board",
]  # fmt: skip

_SOON = 15.0  # min; a flight, its recovery and its log take longer
_FIGURE = 60  # predictions that a figure shows
_PROVES = (
    "Each line of a register holds the time, a hash of all files that the prediction came from, and the hash of the line before it: a line that was changed, moved or taken "
    "out later is found, and such a register is refused. It cannot show that the whole register was not written after the flights: that shows who was given its newest "
    "check before them; ask them."
)


def _height(x: float, units: str) -> str:
    return display(x, "length", units)


def _where(e: Entry) -> str:
    s = e.score
    return "-" if s is None else "50 %" if s.in_half else "90 %" if s.in_most else "outside"


def board_summary(board: Board) -> dict[str, Any]:
    """The documented keys of `downrange predict board --json`."""
    scores = board.scores
    said = None
    if scores is not None:
        n = len(scores.each)
        said = scores.summary() | {
            f"luck_{name}_percent_band": list(luck(n, share)) for name, share in (("50", 0.5), ("90", 0.9))
        }
        said["rms_z"] = said["rms_z"] if math.isfinite(said["rms_z"]) else None
    return {
        "predictions": [e.summary() | {"minutes_before_answer": minutes_before(e)} for e in board.entries], "scores": said,
        "registers": [{"file": _name(r.path), "lines": r.lines, "newest_check": r.check} for r in board.registers],
    }  # fmt: skip


def _name(path: Path) -> str:
    """A register by its folder and name: whole paths are nobody's business on a page that is published."""
    return f"{path.absolute().parent.name}/{path.name}"


def entries_table(entries: Sequence[Entry], units: str) -> Table:
    """Each registered prediction, and what came of it."""
    rows = []
    for k, e in enumerate(entries, 1):
        f, s = e.forecast, e.score
        rows.append((
            str(k), plain(e.rocket, 40), e.when[:16].replace("T", " "), f"{_height(f.mean, units)} ± {_height(f.sigma, units)}",
            f"{_height(f.most[0], units)} to {_height(f.most[1], units)}", "not flown yet" if e.measured is None else _height(e.measured, units),
            "-" if s is None else f"{100 * s.error:+.1f} %", _where(e), "-" if s is None else _height(s.crps, units), e.id,
        ))  # fmt: skip
    return Table(
        ("", "rocket", "registered (UTC)", "apogee predicted", "9 of 10 within", "flown", "off by", "in band", "CRPS", "check"), tuple(rows),
        "Predictions registered before the flights", (0, 3, 4, 5, 6, 8),
        "± one standard deviation. Off by: predicted less flown, of flown. In band: whether the flight lay in the band for half of all flights, in that for 9 of 10, or outside both. "
        "CRPS: the error that the whole forecast makes, small is good. Check: hash of the line.", "register",
    )  # fmt: skip


def scores_table(board: Board, units: str) -> Table | None:
    """What the answered predictions come to; None before the first flight."""
    scores = board.scores
    if scores is None:
        return None
    n, (half, most) = len(scores.each), scores.held
    lucky = {share: luck(n, share) for share in (0.5, 0.9)}
    rows = (
        ("flights", str(n), "the more, the more it says"),
        ("mean error, whatever its sign", f"{100 * scores.absolute:.1f} %", "0"),
        ("bias: predicted too high (+) or low", f"{100 * scores.bias:+.1f} %", "0"),
        ("in the band for half of all flights", f"{half} of {n}", f"about {n / 2:g}; by luck {lucky[0.5][0]} to {lucky[0.5][1]}"),
        ("in the band for 9 of 10 flights", f"{most} of {n}", f"about {0.9 * n:g}; by luck {lucky[0.9][0]} to {lucky[0.9][1]}"),
        ("errors in standard deviations, root mean square", f"{scores.spread:.2f}" if math.isfinite(scores.spread) else "no bound", "1; above it bands are too narrow"),
        ("CRPS, mean", _height(scores.crps, units), "0"),
    )  # fmt: skip
    note = "By luck: in 9 of 10 such seasons of honest bands. CRPS: continuous ranked probability score, the error of the whole forecast."
    return Table(("", "found", "honest and sharp would be"), rows, "How good they were", (1,), note, "scores")


def _doubts(board: Board) -> list[str]:
    out = []
    for k, e in enumerate(board.entries, 1):
        minutes = minutes_before(e)
        if minutes is not None and minutes < _SOON:
            out.append(
                f"Prediction {k} was answered {max(minutes, 0):.0f} min after it was registered: it was hardly flown in between."
            )
    return out


def board_view(board: Board, units: str) -> RenderableType:
    """What the terminal shows."""
    table = plain_table("rocket", "registered", "predicted", "flown", "off by", "in band", words=(0,))
    for e in board.entries:
        s = e.score
        table.add_row(
            plain(e.rocket, 24), e.when[:10], f"{_height(e.forecast.mean, units)} ± {_height(e.forecast.sigma, units)}",
            "-" if e.measured is None else _height(e.measured, units), "-" if s is None else f"{100 * s.error:+.1f} %", _where(e),
        )  # fmt: skip
    lines: list[RenderableType] = [table, Text("")]
    scored = scores_table(board, units)
    if scored is None:
        lines.append(Text("none was flown yet; downrange learn launch.yaml LOG answers one"))
    else:
        found = plain_table("", "found", "honest and sharp would be", words=(2,))
        for row in scored.rows:
            found.add_row(*map(str, row))
        lines.append(found)
    lines += [Text(f"! {d}", style="yellow") for d in _doubts(board)]
    lines += [
        Text(
            f"{_name(r.path)}: newest check {r.check}; give it to somebody to prove what was predicted by now",
            style="dim",
        )
        for r in board.registers
    ]
    return panel(lines, "Blind predictions")


def board_figure(board: Board) -> PlainFigure:
    """Each flight beside its bands, in per cent of what was predicted, so that rockets of all heights stand side by side."""
    shown = board.entries[-_FIGURE:]
    fig, (a,) = new_figure(1, (8, 3.6))
    for k, e in enumerate(shown, len(board.entries) - len(shown) + 1):
        f, first = e.forecast, e is shown[0]
        most, half = (100 * (np.array(band) / f.mean - 1) for band in (f.most, f.half))
        a.plot([k, k], most, color="#9db8d6", lw=9, solid_capstyle="butt", label="band for 9 of 10" if first else None)
        a.plot([k, k], half, color="#3f6fa8", lw=9, solid_capstyle="butt", label="band for half" if first else None)
    flown = [(k, e) for k, e in enumerate(board.entries, 1) if e.measured is not None and e in shown]
    off = [100 * ((e.measured or 0.0) / e.forecast.mean - 1) for _, e in flown]
    a.plot([k for k, _ in flown], off, "o", color="black", ms=5, mec="white", label="flown")
    a.axhline(0, color="black", lw=0.8)
    a.set_xlabel("prediction, in the order in which they were registered")
    a.set_ylabel("off what was predicted, %")
    a.set_xticks(range(len(board.entries) - len(shown) + 1, len(board.entries) + 1, max(1, len(shown) // 15)))
    a.set_xlim(len(board.entries) - len(shown) + 0.4, len(board.entries) + 0.6)
    a.set_title("Each flight, and the bands that were registered before it")
    a.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return fig


def board_document(board: Board, units: str) -> Document:
    """The board as a document."""
    scored = scores_table(board, units)
    n, answered = len(board.entries), len(board.answered)
    blocks: list[Block] = [Paragraph(f"{n} prediction{'s' * (n != 1)} registered, {answered} of them flown.")]
    if scored is not None:
        blocks += [scored]
    else:
        blocks.append(Note("None was flown yet."))
    alt = f"Bands of {min(n, _FIGURE)} predictions in per cent of their means, with what the {answered} flown ones reached."
    blocks += [
        figure_picture(board_figure(board), "board", alt, "Predictions and flights", share=0.6),
        Heading("Every prediction"), entries_table(board.entries, units), *(Note(d, warning=True) for d in _doubts(board)),
        Heading("What it proves"), Paragraph(_PROVES),
        Table(("register", "lines", "newest check"), tuple((_name(r.path), str(r.lines), r.check) for r in board.registers), "Registers", (1,), name="registers"),
    ]  # fmt: skip
    names = list(dict.fromkeys(plain(e.rocket, 40) for e in board.entries))
    said = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
    page = PAGES["letter landscape" if units == "us" else "a4 landscape"]
    return Document(
        "Blind predictions",
        tuple(blocks),
        said,
        look=Look(page[0], page[1], size=10.5, counted=False),
        footer="Blind predictions",
    )


def write_board(board: Board, path: str | Path, units: str = "metric") -> Path:
    """Write the board as a page to publish (.html), or as .pdf, .docx or a folder; returns its path."""
    return write_document(board_document(board, units), path)
