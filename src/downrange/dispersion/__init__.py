"""Many flights: what varies, what goes wrong, and what comes of it."""

from downrange.dispersion.band import ApogeeBand, Share, apogee_band, in_words
from downrange.dispersion.campaign import Campaign, fly_campaign, fly_shard, run, shard_sizes
from downrange.dispersion.evidence import DEFAULTS, Default
from downrange.dispersion.fan import Fan, fly_fan
from downrange.dispersion.inputs import Input, Inputs, gather_inputs
from downrange.dispersion.known import BANDS, Known, band_shares
from downrange.dispersion.plan import BLOCK, Plan, Uncertainty, air_heights, make_plan
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
