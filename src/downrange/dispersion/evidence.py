"""Default uncertainties, each with the evidence that it stands on: the one table that campaigns, bands and the docs use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from downrange.uncertainty import Distribution, LogNormal, Normal

__all__ = ["DEFAULTS", "SCATTER", "Default"]


@dataclass(frozen=True)
class Default:
    """A default uncertainty.

    `sigma` is one standard deviation (relative where `factor`; of the logarithm where `wide`), `doc` what it is of, `evidence` the
    data that it comes from and `cases` how many of them; None where it is judgement, which the evidence then says.
    """

    sigma: float
    factor: bool
    doc: str
    evidence: str
    cases: int | None = None
    wide: bool = False

    def distribution(self, sigma: float | None = None) -> Distribution:
        """The distribution about one (a factor) or zero (a difference), of standard deviation `sigma` instead of the default's."""
        s = self.sigma if sigma is None else sigma
        return LogNormal(1.0, s) if self.wide else Normal(1.0 if self.factor else 0.0, s)


_METHODS = (
    "the methods' own errors against tunnels and free flight (the scorecard), by kind of drag or lift and Mach number"
)

DEFAULTS: dict[str, Default] = {
    "thrust": Default(
        0.035, True, "thrust, on the same propellant",
        "impulse of the curve against the certified one, over the catalogue: rms 3.5 %; NFPA 1125 lets a motor's impulse scatter by 6.7 %", 1070,
    ),
    "drag": Default(0.0, True, "axial force; from the methods' own errors, 5 % where a table was given", _METHODS, 127),
    "normal_force": Default(0.0, True, "normal force; from the methods' own errors", _METHODS, 31),
    "centre_of_pressure": Default(0.0, False, "centre of pressure, m; from the methods' own errors", _METHODS, 39),
    "mass": Default(
        0.015, True, "mass and inertia without motor; 5 % where nothing was weighed",
        "mass stated twice for the same flight, 3.0 and 2.9 % apart, in 2 of 6 flights: rms 1.7 %; 5 % is judgement (paint and glue)", 6,
    ),
    "tilt": Default(
        np.radians(0.5), False, "rail against where it was set, each of two directions, rad",
        "judgement: a bubble level or a phone's inclinometer, and the rail's give",
    ),
    "tip_off": Default(
        np.radians(0.5), False, "direction in which the rocket leaves the rail against the rail, each of two directions, rad",
        "judgement: guides with 1 to 2 mm of play 0.2 to 0.4 m apart lean by 0.15 to 0.6 degrees, and a rail that whips; with the rail's own tilt 0.7 "
        "degrees",
    ),
    "thrust_angle": Default(
        np.radians(0.1), False, "thrust against the axis, each of two directions, rad", "judgement: a mount that is 0.2 mm out in 100 mm"
    ),
    "canopy_drag": Default(
        0.39, True, "drag area of each recovery device, of its logarithm",
        "logged descents against the stated drag area, 7 canopies of 5 flights: factors of 0.43 to 1.73, rms of the logarithm 0.40 (and "
        "0.39 over 8 flights)", 7, wide=True,
    ),
    "lag": Default(0.2, False, "from release to line stretch, of each device, s", "judgement"),
    "release_altitude": Default(15.0, False, "height at which a device is released, m", "judgement: gusts and the vent holes of the bay"),
    "delay": Default(0.08, True, "ejection delay", "NFPA 1125 allows 20 % (2.5 standard deviations)"),
    "density": Default(0.01, True, "density of the air", "judgement: 3 K or 10 hPa"),
    "wind": Default(
        2.0, False, "wind, each of two directions, correlated over height, m/s",
        "drift under canopy against the day's reanalysis: 1.3 to 2.4 m/s a component below apogee, two flights (15 layers); 1 to 3 over 8", 8,
    ),
}  # fmt: skip

SCATTER: dict[str, Default] = {
    "thrust": Default(
        0.025, True, "thrust of one motor of a lot", "judgement: half the variance of all motors of a kind (3.5 %) is the lot's, which flights teach; NFPA 1125 lets 6.7 %"
    ),
    "mass": Default(0.005, True, "mass from flight to flight: packing, charges, paint", "judgement"),
    "canopy_drag": Default(0.08, True, "a canopy's drag area from flight to flight: swing and slow air", "judgement"),
    "burn_time": Default(
        0.05, True, "burn time of a motor, before a flight told it", "judgement: certified to a few percent, and colder grain burns slower by 0.1 to 0.2 % a kelvin"
    ),
}  # fmt: skip
"""What stays uncertain, or begins so, where `downrange learn` has flights of the rocket: what no flight teaches the next."""
