"""Many flights: what varies, what goes wrong, and what comes of it.

Names are loaded on first use: the band of one flight's apogee needs no campaigns.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from downrange.dispersion.band import ApogeeBand, Share, apogee_band, in_words
    from downrange.dispersion.campaign import Campaign, fly_campaign, fly_shard, run, shard_sizes
    from downrange.dispersion.evidence import DEFAULTS, Default
    from downrange.dispersion.fan import Fan, fly_fan
    from downrange.dispersion.inputs import Input, Inputs, gather_inputs
    from downrange.dispersion.known import BANDS, Known, band_shares
    from downrange.dispersion.plan import BLOCK, Plan, Uncertainty, make_plan
    from downrange.dispersion.programs import air_heights
    from downrange.dispersion.statistics import (
        Estimate,
        Goal,
        expectation,
        parse_goal,
        probability,
        quantile,
        weighted,
        weighted_mean,
    )
    from downrange.dispersion.unsaid import PRIORS, Prior
    from downrange.dispersion.winds import Winds, dryden

_HOME = {
    "BANDS": "known", "BLOCK": "plan", "DEFAULTS": "evidence", "PRIORS": "unsaid", "ApogeeBand": "band", "Campaign":
    "campaign", "Default": "evidence", "Estimate": "statistics", "Fan": "fan", "Goal": "statistics", "Input":
    "inputs", "Inputs": "inputs", "Known": "known", "Plan": "plan", "Prior": "unsaid", "Share": "band",
    "Uncertainty": "plan", "Winds": "winds", "air_heights": "programs", "apogee_band": "band", "band_shares":
    "known", "dryden": "winds", "expectation": "statistics", "fly_campaign": "campaign", "fly_fan": "fan",
    "fly_shard": "campaign", "gather_inputs": "inputs", "in_words": "band", "make_plan": "plan", "parse_goal":
    "statistics", "probability": "statistics", "quantile": "statistics", "run": "campaign", "shard_sizes":
    "campaign", "weighted": "statistics", "weighted_mean": "statistics",
}  # fmt: skip

__all__ = [
    "BANDS",
    "BLOCK",
    "DEFAULTS",
    "PRIORS",
    "ApogeeBand",
    "Campaign",
    "Default",
    "Estimate",
    "Fan",
    "Goal",
    "Input",
    "Inputs",
    "Known",
    "Plan",
    "Prior",
    "Share",
    "Uncertainty",
    "Winds",
    "air_heights",
    "apogee_band",
    "band_shares",
    "dryden",
    "expectation",
    "fly_campaign",
    "fly_fan",
    "fly_shard",
    "gather_inputs",
    "in_words",
    "make_plan",
    "parse_goal",
    "probability",
    "quantile",
    "run",
    "shard_sizes",
    "weighted",
    "weighted_mean",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"downrange.dispersion.{_HOME[name]}"), name)
    raise AttributeError(f"module 'downrange.dispersion' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
