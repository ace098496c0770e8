"""A number of the strip explained, for a page: what `downrange explain` says of the project as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from downrange.console.answers import finite
from downrange.errors import DownrangeError
from downrange.project.mapping import Place, project_of
from downrange.text import plain

__all__ = ["explained"]


def explained(said: Mapping[str, Any], place: Place, topic: str) -> dict[str, Any]:
    """The sheet of a topic: its sum with the numbers of this project, where they come from, what moves the answer most; or `error`."""
    from downrange.report.explain import explain, moves_of, topic_named
    from downrange.report.explain.view import explanation_summary

    try:
        project = project_of(said, place)
        sheet = explain(project, topic_named(topic))
        told: dict[str, Any] = finite(explanation_summary(sheet, moves_of(project, sheet)))
        return {"type": "explained", **told}
    except DownrangeError as error:
        return {
            "type": "explained",
            "error": plain(getattr(error, "message", str(error)), 600),
            "topic": plain(topic, 40),
        }
