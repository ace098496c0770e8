"""Where many flights of a project land, and how far its numbers spread: for the landing room. The campaign is that of `downrange disperse`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from downrange.console.answers import STRIP, framed, shown
from downrange.console.heads import Ellipse, Ring
from downrange.errors import DownrangeError, InputError
from downrange.flight.quantities import FLIGHT, UNITS
from downrange.project.campaigns import campaign_in_memory, plan_campaign
from downrange.project.mapping import Place, project_of
from downrange.safety.footprint import ellipse
from downrange.text import plain
from downrange.units import SYSTEMS

__all__ = ["MOST", "landings"]

MOST = 100_000
_SHOWN = 4000  # points that a page draws
_SHARES = (0.5, 0.9, 0.99)
_NAMES = ("east", "north", "mode")
_FEW = 20  # landings of normal flights, below which no ellipse is drawn


def landings(said: Mapping[str, Any], place: Place, flights: int, seed: int = 1, *, tried: bool = False) -> bytes:
    """Where `flights` flights land, by mode of failure, framed: rows east, north (m from the pad) and mode of at most 4,000 of them.

    tried: whether it is of something that is being dragged, as the head says too. The head has each mode's probability, the 90 % bands of the strip's numbers over normal flights, and an ellipse that holds a share of those.
    """
    try:
        project = project_of(said, place)
        campaign = campaign_in_memory(project, plan_campaign(project, seed=seed), flights)
    except (InputError, DownrangeError) as error:
        return framed(
            {"scatter": True, "tried": tried, "error": {"text": plain(str(error), 600), "key": None}}, None, _NAMES
        )
    points, modes, landed = campaign.landing, campaign["mode"].astype(int), campaign.landed
    normal = (modes == 0) & landed & (campaign["body"] == 0)
    head = {
        "scatter": True, "tried": tried, "error": None, "flights": flights, "seed": seed,
        "modes": [{"name": m.mode.name, "probability": float(m.probability)} for m in campaign.modes],
        "bands": _bands(campaign, normal), "ellipse": _ellipses(points[normal]), "shapes": _shapes(project),
        "pad": np.degrees([project.launch.pad.latitude, project.launch.pad.longitude]).tolist(),
    }  # fmt: skip
    at = np.flatnonzero(landed)
    at = at[np.linspace(0, at.size - 1, min(at.size, _SHOWN), dtype=int)] if at.size else at
    return framed(head, np.array([points[at, 0], points[at, 1], modes[at]], np.float32), _NAMES)


def _bands(campaign: Any, rows: np.ndarray) -> dict[str, dict[str, str]]:
    """The 5 % and 95 % quantiles of the strip's numbers that a campaign has, in words, in each system of units."""
    out: dict[str, dict[str, str]] = {}
    units = {q.name: q for q in FLIGHT}
    for name, kind in STRIP:
        if name not in units or units[name].key not in campaign.columns:
            continue
        values = np.asarray(campaign[units[name].key], float)[rows] / UNITS[units[name].unit][1]
        out |= _band(name, values, kind)
    return out | _band("landing_distance", np.hypot(*campaign.landing[rows].T), "length")


def _band(name: str, values: np.ndarray, kind: str) -> dict[str, dict[str, str]]:
    values = values[np.isfinite(values)]
    if values.size < _FEW:
        return {}
    low, high = (shown(float(v), kind) for v in np.quantile(values, (0.05, 0.95)))
    return {name: {system: f"{low[system]} … {high[system]}" for system in SYSTEMS}}


def _ellipses(points: np.ndarray) -> list[Ellipse]:
    if len(points) < _FEW or not math.isfinite(float(points.sum())):
        return []
    weight = np.full(len(points), 1 / len(points))
    return [{"share": p, "outline": np.round(ellipse(points, weight, p).outline(), 1).tolist()} for p in _SHARES]


def _shapes(project: Any) -> list[Ring]:
    """The ground around the pad as rings (m east, north of it)."""
    out: list[Ring] = []
    for place in project.ground.shapes:
        for piece in getattr(place.geometry, "geoms", [place.geometry]):
            line = piece.exterior if piece.geom_type == "Polygon" else piece
            if line.geom_type in ("LinearRing", "LineString"):
                out.append(
                    {
                        "name": place.name,
                        "kind": place.kind,
                        "outline": np.round(np.asarray(line.coords)[:, :2], 1).tolist(),
                    }
                )
    return out
