"""What is made of a launch to be handed in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from downrange.errors import InputError, seen
from downrange.recipes.ask import Asked
from downrange.recipes.choose import project_of
from downrange.report.composing import Composed, compose_project, read_issue, read_kind

__all__ = ["document"]


def document(
    launch: Asked, kind: str | Path = "flight", *, flights: int | None = None, rules: Sequence[str] = (), campaign: str | Path | None = None,
    logs: Sequence[str | Path] = (), subscale: str | Path | None = None, contest: str | None = None,
    units: Literal["metric", "us"] | None = None, since: str | Path | None = None,
    milestone: str | None = None,
) -> Composed:  # fmt: skip
    """Make a document about a launch, as `downrange report` does: `dr.document("launch.yaml", "flight").write("report.pdf")`.

    launch: a `dr.Launch`, or the path of a launch file
    kind: the name of one (`flight`, `safety-case`, `nasa-sl`, ...), or a folder of your own
    flights: of the campaign, 0 for none; as many as the kind says where not said
    rules: packs, by name or file; the kind's, or the launch's own, where none are said
    campaign: the folder of one that was flown before
    logs: files of the flight's loggers
    subscale: the launch of the smaller rocket
    contest: a season whose score is forecast, like `tarc-2026`
    units: those of the kind, or of the launch, where not said
    since: the JSON of the last issue, whose numbers are marked where they changed
    milestone: of the kind, like `"CDR"` of `nasa-sl`
    Raises `InputError` for a kind that there is not, and for texts that name numbers that there are not.
    """
    if flights is not None and not 0 <= flights <= 1_000_000:
        raise InputError(f"a campaign of {seen(flights, 40)} flights: 0 to 1,000,000", key="flights")
    return compose_project(
        project_of(launch), read_kind(kind), rules=tuple(rules), flights=flights, campaign=None if campaign is None else Path(campaign),
        logs=tuple(map(str, logs)), subscale=None if subscale is None else Path(subscale), contest=contest, units=units,
        since=None if since is None else read_issue(Path(since)), milestone=milestone,
    )  # fmt: skip
