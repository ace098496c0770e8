"""Many flights: what varies, what goes wrong, and what comes of it."""

from downrange.dispersion.campaign import Campaign, fly_campaign, fly_shard, run, shard_sizes
from downrange.dispersion.inputs import DEFAULTS, Input, Inputs, gather_inputs
from downrange.dispersion.plan import BLOCK, Plan, Uncertainty, air_heights, make_plan
from downrange.dispersion.statistics import (
    Estimate,
    Goal,
    expectation,
    parse_goal,
    probability,
    quantile,
    weighted_mean,
)
from downrange.dispersion.winds import Winds, dryden

__all__ = [
    "BLOCK",
    "DEFAULTS",
    "Campaign",
    "Estimate",
    "Goal",
    "Input",
    "Inputs",
    "Plan",
    "Uncertainty",
    "Winds",
    "air_heights",
    "dryden",
    "expectation",
    "fly_campaign",
    "fly_shard",
    "gather_inputs",
    "make_plan",
    "parse_goal",
    "probability",
    "quantile",
    "run",
    "shard_sizes",
    "weighted_mean",
]
