"""What a test stand says: records of thrust and pressure become figures with their uncertainty, curves and burn laws."""

from downrange.motor.stand.burnlaw import BurnLaw, Segments, fit_burn_law
from downrange.motor.stand.curves import Band, mean_firing
from downrange.motor.stand.reduction import Figure, Firing, Reduction, reduce_firing
from downrange.motor.stand.times import BurnTimes, burn_times
from downrange.motor.stand.trace import Trace
from downrange.motor.stand.zero import Zeroed, zeroed

__all__ = [
    "Band",
    "BurnLaw",
    "BurnTimes",
    "Figure",
    "Firing",
    "Reduction",
    "Segments",
    "Trace",
    "Zeroed",
    "burn_times",
    "fit_burn_law",
    "mean_firing",
    "reduce_firing",
    "zeroed",
]
