"""What went wrong with a flight, of a project and its logs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from downrange.errors import InputError
from downrange.formats.logs import read_log
from downrange.learning.diagnosis import Diagnosis, diagnose_logs, fly_library
from downrange.project.campaigns import plan_campaign
from downrange.project.flights import air_error
from downrange.project.project import Project
from downrange.steps import step
from downrange.tracking import FlightLog

__all__ = ["diagnose"]


def diagnose(
    project: Project, logs: Sequence[str | Path | FlightLog], *, flights: int | None = None, seed: int = 1
) -> Diagnosis:
    """What went wrong with the flight that was logged: the ways it can have gone, ranked by their probability.

    logs: files of the flight computers of the one rocket, or logs that were read. flights: of each way (at least 40; default 128, of vehicles that come apart 60).
    seed: of the random numbers. Raises `InputError` for no log, logs without a height, without a flight or without its climb, and a launch that does not fly.
    """
    if not logs:
        raise InputError("a diagnosis needs a log of the flight", key="--log")
    if flights is not None and not 40 <= flights <= 5_000:
        raise InputError(f"flights of each way: 40 to 5,000, seen {flights}", key="--flights")
    with step("reading the log"):
        read = [log if isinstance(log, FlightLog) else read_log(log) for log in logs]
    library = fly_library(plan_campaign(project, seed=seed), flights=flights, seed=seed)
    return diagnose_logs(library, read, air_error=air_error(project))
