"""What a rocket's flights teach: from logs, a table or an archive to `learned.yaml`, and blind predictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from downrange.project.board import Board, read_board
from downrange.project.learning import Taught, learn_project
from downrange.project.register import Entry, predict_next, settle

__all__ = ["PredictionBoard", "learn", "predict", "prediction_board"]


def learn(
    launch: str | Path, flights: str | Path | Sequence[str | Path] = (), *, write: bool = True, anew: bool = False, anyway: bool = False, of: str | None = None,
    trusted: bool = False,
) -> Taught:  # fmt: skip
    """Learn a launch's rocket from its flights, as `downrange learn` does: `learned.yaml` beside the rocket, which every command flies with.

    launch: the path of a launch file
    flights: the logs of one flight, or a table of flights or a folder of them; the folder `flights` beside the launch where not said
    write: whether anything is written; a prediction that was registered is answered then
    anew: forget what was learned before
    anyway: learn also from a flight that does not fit
    of: the registered prediction that this flight answers
    trusted: let files name paths outside their folder
    Raises `InputError` for flights that cannot be read, are there twice or do not fit; nothing is learned then.
    """
    sources = [flights] if isinstance(flights, str | Path) else list(flights)
    taught = learn_project(launch, sources, anew=anew, anyway=anyway, trusted=trusted)
    return settle(taught, of)[0] if write else taught


def predict(launch: str | Path, *, trusted: bool = False) -> Entry:
    """Register the prediction of a launch's next flight before it flies, with the time and a hash of its inputs (`predictions.jsonl` beside the rocket).

    launch: the path of a launch file
    trusted: let files name paths outside their folder
    Raises `InputError` where the launch does not fly, and where the register was changed.
    """
    return predict_next(launch, trusted=trusted)


@dataclass(frozen=True, eq=False)
class PredictionBoard:
    """A season's registered predictions: its `board` has the `entries`, those `answered`, the `scores` and the `registers`."""

    board: Board

    def summary(self) -> dict[str, Any]:
        """The documented keys of `downrange predict board --json`."""
        from downrange.report.predictions import board_summary

        return board_summary(self.board)

    def write(self, path: str | Path, units: str = "metric") -> Path:
        """Write it as a page to publish (.html), or as .pdf, .docx or a folder; returns its path. units: `metric` or `us`."""
        from downrange.report.predictions import write_board

        return write_board(self.board, path, units)


def prediction_board(*places: str | Path, trusted: bool = False) -> PredictionBoard:
    """The registered predictions of launches, registers or folders, with how they came out, as `downrange predict board` shows them.

    places: launch files, `predictions.jsonl` files, or folders; this one where none is said
    trusted: let files name paths outside their folder
    Raises `InputError` where no prediction was registered, and for a register that was changed.
    """
    return PredictionBoard(read_board(places or (Path(),), trusted=trusted))
