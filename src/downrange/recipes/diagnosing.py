"""What went wrong with a flight, asked in Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from downrange.learning import diagnosis
from downrange.project.diagnosing import diagnose as diagnose_project
from downrange.recipes.ask import Asked
from downrange.recipes.choose import project_of
from downrange.text import markup
from downrange.tracking import FlightLog

__all__ = ["Diagnosis", "diagnose"]


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What went wrong with a flight: the ways that it can have gone, the most probable first, and why."""

    found: diagnosis.Diagnosis

    @property
    def hypotheses(self) -> tuple[diagnosis.Hypothesis, ...]:
        """Each way with its `name`, `probability`, `if_failed` (the same where it is known that something failed), `prior`, `fit`, `evidence`, `look_at`."""
        return self.found.hypotheses

    @property
    def name(self) -> str:
        """The most probable way."""
        return self.found.best.name

    @property
    def probability(self) -> float:
        """How probable that is, 0 to 1."""
        return self.found.best.probability

    @property
    def fits(self) -> bool:
        """Whether any way explains the log."""
        return self.found.fits

    def summary(self) -> dict[str, Any]:
        """The documented keys of `downrange diagnose --json`."""
        from downrange.report.diagnosis import diagnosis_summary

        return diagnosis_summary(self.found)

    def report(self, path: str | Path, *, units: str = "metric") -> Path:
        """Write it as one HTML page; returns its path.

        units: `metric` or `us`
        """
        from downrange.report.diagnosis import write_diagnosis

        write_diagnosis(self.found, Path(path), units)
        return Path(path)

    def __repr__(self) -> str:
        from downrange.report.diagnosis import verdict

        return f"<{verdict(self.found)}>"

    def _repr_html_(self) -> str:
        from downrange.report.diagnosis import verdict

        return f"<p>{markup(verdict(self.found))}</p>"


def diagnose(
    launch: Asked, logs: str | Path | FlightLog | Sequence[str | Path | FlightLog], *, flights: int | None = None, seed: int = 1
) -> Diagnosis:  # fmt: skip
    """Say what went wrong with a flight, by its logs: each way that it can have gone with its probability.

    launch: a `dr.Launch`, or the path of a launch file
    logs: a file of a flight computer, a log that was read by `dr.read_log`, or a list of these, all of one rocket
    flights: of each way that it can go; 128 where not said, of vehicles that come apart 60
    seed: of the random numbers
    Raises `InputError` for logs without a height, without a flight or without its climb, and a launch that does not fly.
    """
    many = [logs] if isinstance(logs, str | Path | FlightLog) else list(logs)
    return Diagnosis(diagnose_project(project_of(launch), many, flights=flights, seed=seed))
