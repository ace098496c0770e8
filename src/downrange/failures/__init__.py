"""What can go wrong with a flight, and how probable each way is."""

from downrange.failures.modes import (
    CHANGES,
    MODES,
    NOMINAL,
    RECOVERY_MODES,
    VEHICLE_MODES,
    Change,
    Mode,
    Scene,
    Tumbles,
    Wreck,
    make_mode,
    scene_of,
)
from downrange.failures.priors import STRENGTH, ModeProbability, mode_probabilities, without

__all__ = [
    "CHANGES",
    "MODES",
    "NOMINAL",
    "RECOVERY_MODES",
    "STRENGTH",
    "Change",
    "Mode",
    "ModeProbability",
    "Scene",
    "VEHICLE_MODES",
    "Tumbles",
    "Wreck",
    "make_mode",
    "mode_probabilities",
    "scene_of",
    "without",
]
