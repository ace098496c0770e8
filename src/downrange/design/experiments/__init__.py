"""Experiments: how many flights, in which order, and what they show; knows no file's words."""

from downrange.design.experiments.checks import Looked, checked_all
from downrange.design.experiments.inference import (
    Finding,
    analysed,
    by_ranks,
    holm,
    one_against_another,
    residuals,
)
from downrange.design.experiments.order import drawn_order
from downrange.design.experiments.power import (
    anova_power,
    flights_needed,
    groups_power,
    pairs_power,
    slope_power,
    smallest_seen,
)
from downrange.design.experiments.simulate import Played, play
from downrange.design.experiments.trials import Trials
from downrange.design.experiments.verdict import Analysis, analyse_trials

__all__ = [
    "Analysis",
    "Finding",
    "Looked",
    "Played",
    "Trials",
    "analyse_trials",
    "analysed",
    "anova_power",
    "by_ranks",
    "checked_all",
    "drawn_order",
    "flights_needed",
    "groups_power",
    "holm",
    "one_against_another",
    "pairs_power",
    "play",
    "residuals",
    "slope_power",
    "smallest_seen",
]
