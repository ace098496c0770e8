"""A number of the strip explained, for a page: what `downrange explain` says of the project as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from downrange.console.answers import finite
from downrange.errors import DownrangeError
from downrange.project.mapping import Place, project_of
from downrange.text import plain

__all__ = ["TOPIC_OF", "explained"]

TOPIC_OF = {
    "liftoff_mass": "mass", "liftoff_cg": "mass", "cp": "margin", "static_margin": "margin", "thrust_to_weight": "thrust-to-weight", "rail_exit_speed": "rail-exit",
    "rail_exit_stability": "angle-of-attack", "apogee_agl": "apogee", "apogee_pressure_altitude_agl": "altimeter", "max_speed": "speed", "max_mach": "speed",
    "max_acceleration": "acceleration", "optimum_delay": "delay", "deployment_airspeed": "opening", "ground_hit_speed": "descent", "landing_energy": "energy",
    "landing_distance": "drift",
}  # fmt: skip
"""The topic of `downrange explain` that a number of the strip belongs to."""


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
