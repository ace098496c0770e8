"""What can go wrong with a flight, and how probable each way is."""

from downrange.failures.modes import CHANGES, MODES, NOMINAL, Body, Change, Mode, Scene, make_mode
from downrange.failures.priors import STRENGTH, ModeProbability, mode_probabilities, without

__all__ = [
    "CHANGES",
    "MODES",
    "NOMINAL",
    "STRENGTH",
    "Body",
    "Change",
    "Mode",
    "ModeProbability",
    "Scene",
    "make_mode",
    "mode_probabilities",
    "without",
]
