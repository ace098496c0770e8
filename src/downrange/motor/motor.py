"""Thrust-curve motors: thrust, propellant mass, centre of gravity and inertia while it burns.

Thrust is linear between samples. Propellant burns in proportion to the impulse delivered (constant effective exhaust
velocity), unless the file gives the mass. The propellant is a hollow cylinder that burns from its bore outwards.

Sources: NFPA 1125: burn time from 5 % to 5 % of peak thrust; NAR Standards & Testing: impulse classes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from downrange.bounds import check_fields, spec
from downrange.constants import SEA_LEVEL_PRESSURE, STANDARD_GRAVITY
from downrange.errors import InputError, MotorFileError

__all__ = ["Motor", "impulse_class"]

_MOST_THRUST = 5e7  # N; a Saturn V has 3.5e7
_LONGEST = 5000.0  # s; longer than any motor burns


def impulse_class(impulse: float) -> str:
    """The letter of a total impulse in N s: each class ends at twice the one before (A ends at 2.5, included).

    >>> impulse_class(2.5), impulse_class(2.51), impulse_class(1280), impulse_class(1280.1)
    ('A', 'B', 'J', 'K')
    """
    if impulse <= 0.3125:
        return "1/8A"
    if impulse <= 0.625:
        return "1/4A"
    if impulse <= 1.25:
        return "1/2A"
    n = max(0, math.ceil(math.log2(impulse / 2.5) - 1e-12))
    return chr(ord("A") + n) if n < 26 else "A" + chr(ord("A") + n - 26)


@dataclass(frozen=True, eq=False, kw_only=True)
class Motor:
    """A motor as its thrust curve and data sheet describe it. SI; positions are metres forward of the nozzle end.

    time (n,) s from ignition, strictly increasing; thrust (n,) N at `reference_pressure` (Pa).
    `propellant_left` (n,) kg where the file gives it; `cg_front` (n,) m aft of the motor's front likewise.
    `delays` in seconds, empty when plugged or unknown.
    """

    designation: str
    manufacturer: str = ""
    time: np.ndarray
    thrust: np.ndarray
    diameter: float = spec("length", "of the casing", above=0, high=10)
    length: float = spec("length", "of the casing", above=0)
    propellant_mass: float = spec("mass", "of the propellant", above=0)
    dry_mass: float = spec("mass", "loaded mass less that of the propellant", low=0)
    delays: tuple[float, ...] = spec("time", "that are sold", (), low=0, high=600, why="delays are seconds")
    plugged: bool = False
    propellant_left: np.ndarray | None = None
    cg_front: np.ndarray | None = None
    nozzle_exit_area: float | None = spec("area", "of the nozzle's exit", None, low=0, high=100)
    reference_pressure: float = spec(
        "pressure", "of the air where thrust was measured; 0 for a vacuum", SEA_LEVEL_PRESSURE, low=0
    )
    grain_length: float | None = spec("length", "of the propellant", None, above=0)
    grain_diameter: float | None = spec("length", "of the propellant", None, above=0)
    grain_bore: float = spec("length", "of the propellant", 0.0, low=0)
    grain_centre: float | None = spec("length", "forward of the nozzle end", None)
    dry_centre: float | None = spec("length", "forward of the nozzle end", None)
    flags: tuple[str, ...] = ()
    source: str = ""
    kind: str = ""
    common_name: str = ""
    propellant_name: str = ""

    def __post_init__(self) -> None:
        t, f = np.array(self.time, float), np.array(self.thrust, float)
        who = (self.designation or "motor")[:60]
        if self.dry_mass < 0:
            raise MotorFileError(f"{who}: total mass is below the propellant's mass by {-self.dry_mass * 1e3:.4g} g")
        try:
            check_fields(self)
        except InputError as error:
            raise MotorFileError(f"{who}: {error.key} of {error.message}", key=error.key) from None
        if t.ndim != 1 or t.size < 2 or f.shape != t.shape:
            raise MotorFileError(f"{who}: a thrust curve needs at least two samples of time and thrust")
        if not (np.all(np.isfinite(t)) and np.all(np.isfinite(f))):
            raise MotorFileError(f"{who}: a sample is not a finite number")
        if np.any(np.diff(t) <= 0):
            k = int(np.argmax(np.diff(t) <= 0))
            raise MotorFileError(f"{who}: time must increase, but {t[k + 1]:g} s follows {t[k]:g} s (sample {k + 2})")
        if t[0] < 0 or np.any(f < 0):
            raise MotorFileError(f"{who}: time and thrust cannot be negative")
        if f[-1] != 0:
            raise MotorFileError(
                f"{who}: the curve ends at {f[-1]:g} N, not at zero; add a last sample '{t[-1] + 0.01:g} 0' if that is the end"
            )
        if f.max() <= 0:
            raise MotorFileError(f"{who}: thrust is zero throughout")
        if f.max() > _MOST_THRUST or t[-1] > _LONGEST:
            raise MotorFileError(
                f"{who}: a thrust of {f.max():.4g} N over {t[-1]:.4g} s; at most {_MOST_THRUST:g} N and {_LONGEST:g} s: check the units"
            )
        t.setflags(write=False)
        f.setflags(write=False)
        object.__setattr__(self, "time", t)
        object.__setattr__(self, "thrust", f)

    # ---- what the data sheet says -----------------------------------------------------------------------------

    @cached_property
    def impulse_so_far(self) -> np.ndarray:
        """∫F dt at the samples, N s, shape (n,)."""
        steps = 0.5 * (self.thrust[1:] + self.thrust[:-1]) * np.diff(self.time)
        return np.concatenate([[0.0], np.cumsum(steps)])

    @property
    def impulse(self) -> float:
        """Total impulse, N s."""
        return float(self.impulse_so_far[-1])

    @property
    def impulse_class(self) -> str:
        """The letter of the total impulse."""
        return impulse_class(self.impulse)

    @cached_property
    def burn_time(self) -> float:
        """Seconds from first reaching 5 % of peak thrust to last falling below it (NFPA 1125)."""
        level = 0.05 * self.thrust.max()
        above = np.flatnonzero(self.thrust >= level)
        i, j = int(above[0]), int(above[-1])
        start = self.time[i]
        if i > 0:
            f0, f1 = self.thrust[i - 1], self.thrust[i]
            start = self.time[i - 1] + (level - f0) / (f1 - f0) * (self.time[i] - self.time[i - 1])
        f0, f1 = self.thrust[j], self.thrust[j + 1]
        end = self.time[j] + (f0 - level) / (f0 - f1) * (self.time[j + 1] - self.time[j])
        return float(end - start)

    @property
    def burnout_time(self) -> float:
        """Time of the last sample with thrust before it, seconds from ignition."""
        return float(self.time[-1])

    @property
    def average_thrust(self) -> float:
        """Impulse over burn time, N."""
        return self.impulse / self.burn_time

    @property
    def peak_thrust(self) -> float:
        """Largest thrust, N."""
        return float(self.thrust.max())

    @property
    def total_mass(self) -> float:
        """Loaded mass, kg."""
        return self.dry_mass + self.propellant_mass

    @property
    def specific_impulse(self) -> float:
        """Total impulse over propellant weight, s."""
        return self.impulse / (self.propellant_mass * STANDARD_GRAVITY)

    # ---- while it burns ---------------------------------------------------------------------------------------

    @cached_property
    def propellant_at_samples(self) -> np.ndarray:
        """Propellant left at the samples, kg, shape (n,)."""
        if self.propellant_left is not None:
            return np.asarray(self.propellant_left, float)
        return self.propellant_mass * (1 - self.impulse_so_far / self.impulse)

    @property
    def propellant_centre(self) -> float:
        """Centre of the propellant, metres forward of the nozzle end."""
        if self.grain_centre is not None:
            return self.grain_centre
        if self.cg_front is not None:
            moment = self.total_mass * (self.length - self.cg_front[0]) - self.dry_mass * self.casing_centre
            return float(moment / self.propellant_mass)
        return self.length / 2

    @property
    def casing_centre(self) -> float:
        """Centre of the casing, metres forward of the nozzle end."""
        if self.dry_centre is not None:
            return self.dry_centre
        if self.cg_front is not None and self.dry_mass > 0:
            return float(self.length - self.cg_front[-1])
        return self.length / 2

    def propellant_gyration(self, fraction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Squared radii of gyration (roll, pitch) in m2 of what is left when `fraction` of the propellant is left.

        The bore grows as the grain burns; the length stays.
        """
        outer2 = ((self.grain_diameter or self.diameter) / 2) ** 2
        bore2 = outer2 - (outer2 - (self.grain_bore / 2) ** 2) * np.asarray(fraction, float)
        length = self.grain_length or self.length
        return 0.5 * (outer2 + bore2), 0.25 * (outer2 + bore2) + length**2 / 12

    def scaled(self, *, impulse: float = 1.0, time: float = 1.0) -> Motor:
        """The same motor with its impulse and burn time multiplied; propellant mass stays (specific impulse changes)."""
        return replace(self, thrust=self.thrust * impulse / time, time=self.time * time)
