"""What flights taught, for JSON: factors without unit, heights in metres."""

from __future__ import annotations

from typing import Any

import numpy as np

from downrange.project.learning import Taught

__all__ = ["summary_of"]


def summary_of(t: Taught) -> dict[str, Any]:
    """The documented keys of `downrange learn --json`."""
    learned, scores = t.lesson.learned, t.scores
    return {
        "rocket": t.lesson.rocket, "flights": [{"name": f.name, "apogee_agl_m": f.apogee, "outcome": f.outcome, "told": [{"what": x.what, "factor": float(np.exp(x.value)), "log_sigma": x.sigma} for x in f.told]} for f in t.flights],
        "learned": {n: {"factor": learned.factor(n), "log_sigma": learned.sigma(n), "told": t.fit.told[n], "not_told_apart_from": list(t.fit.together.get(n, ()))} for n in learned.names},
        "combinations_told": t.fit.combinations, "effective_share_of_draws": t.fit.sampled, "widened": t.fit.wide,
        "surprises": [{"name": s.name, "probability_before": s.before, "probability_beside_the_others": s.beside} for s in t.fit.surprises],
        "next_flight": {"apogee_agl_m": t.flight.apogee, "apogee_pressure_altitude_agl_m": t.flight.figures["apogee_pressure_altitude_agl"], "apogee_band": None if t.band is None else t.band.summary()},
        "as_drawn": {"apogee_agl_m": t.drawn.apogee, "apogee_band": None if t.drawn_band is None else t.drawn_band.summary()},
        "replayed": [{"name": r.name, "measured_m": r.measured, "learned_m": r.learned.mean, "learned_p5_m": r.learned.most[0], "learned_p95_m": r.learned.most[1], "drawn_m": r.drawn.mean} for r in t.replayed],
        "scores": None if scores is None else {"learned": scores[0].summary(), "as_drawn": scores[1].summary()},
        "modes": [{"name": m.mode.name, "probability": m.probability, "low": m.low, "high": m.high, "seen": m.seen} for m in t.modes],
        "notes": list(t.notes), "written": None if t.path is None else str(t.path),
    }  # fmt: skip
