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

_SHARE = 0.05  # of peak thrust, between which a motor burns; NFPA 1125
_BLIP = 0.02  # of the impulse; what comes before it falls back below that share is no burn yet
_MOST_THRUST = 5e7  # N; a Saturn V has 3.5e7
_AGREES = 0.05  # of the propellant: what flows may miss the stated mass by so much; load cells and scales differ
_AFTER = 0.01  # of the propellant: what may leave after the thrust
_MOST_FLOW = 2000  # samples; the flight stops at each
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
    `propellant_left` (n,) kg where the file gives it; `cg_front` (n,) m aft of the motor's front likewise, of all of it.
    `propellant_centres` (n,) of the propellant that is left, where it moves: tanks run dry from their upper end.
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
    sold: tuple[float, ...] = spec(
        "time", "all delays, where `delays` is the one in the name", (), low=0, high=600, why="delays are seconds"
    )
    plugged: bool = False
    propellant_left: np.ndarray | None = None
    cg_front: np.ndarray | None = None
    propellant_centres: np.ndarray | None = None
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
        end = int(np.flatnonzero(f > 0)[-1]) + 2  # it has burnt out at the first of several zeros
        for name in ("propellant_left", "cg_front", "propellant_centres"):
            if (track := getattr(self, name)) is not None:
                object.__setattr__(self, name, np.asarray(track, float)[:end])
        moving = self.propellant_centres
        if moving is not None and (moving.shape != t[:end].shape or not np.isfinite(moving).all()):
            raise MotorFileError(
                f"{who}: a centre of the propellant for each of {t[:end].size} samples, finite, was expected"
            )
        t, f = t[:end], f[:end]
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
    def burn_start(self) -> float:
        """When it begins to burn, s from ignition: it rises through 5 % of peak thrust (NFPA 1125) and stays above.

        A blip that gives less than 2 % of the impulse before thrust falls back, as igniters and hesitating grains make,
        is not yet the burn.
        """
        level = _SHARE * self.peak_thrust
        edges = np.diff((self.thrust >= level).astype(int), prepend=0)
        for i in np.flatnonzero(edges > 0).tolist():
            after = np.flatnonzero(edges[i + 1 :] < 0)
            j = i + 1 + int(after[0])
            if self.impulse_so_far[j] - self.impulse_so_far[max(i - 1, 0)] >= _BLIP * self.impulse:
                break
        return self._crossing(i, level) if i > 0 else float(self.time[0])

    @cached_property
    def thrust_begins(self) -> float:
        """When thrust first rises from nothing into the burn, s from ignition: the last sample without thrust before `burn_start`."""
        quiet = np.flatnonzero((self.thrust <= 0) & (self.time <= self.burn_start))
        return float(self.time[quiet[-1]]) if quiet.size else float(self.time[0])

    def _crossing(self, k: int, level: float) -> float:
        """When thrust crosses `level` between the samples k - 1 and k."""
        f0, f1 = self.thrust[k - 1], self.thrust[k]
        return float(self.time[k - 1] + (level - f0) / (f1 - f0) * (self.time[k] - self.time[k - 1]))

    @cached_property
    def burn_time(self) -> float:
        """Seconds from `burn_start` to when thrust last falls below 5 % of its peak (NFPA 1125)."""
        level = _SHARE * self.peak_thrust
        last = int(np.flatnonzero(self.thrust >= level)[-1])
        return self._crossing(last + 1, level) - self.burn_start

    @property
    def burnout_time(self) -> float:
        """When thrust ends: the curve's last sample, seconds from ignition. Delays count from here."""
        return float(self.time[-1])

    def impulse_until(self, time: np.ndarray | float) -> np.ndarray:
        """Impulse delivered until `time` (s from ignition, any shape), N s."""
        t = np.clip(time, self.time[0], self.time[-1])
        i = np.clip(np.searchsorted(self.time, t, "right") - 1, 0, self.time.size - 2)
        thrust = np.interp(t, self.time, self.thrust)
        return np.asarray(self.impulse_so_far[i] + 0.5 * (self.thrust[i] + thrust) * (t - self.time[i]))

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

    def propellant_at(self, time: np.ndarray | float) -> np.ndarray:
        """Propellant left at `time` (s from ignition, any shape), kg."""
        if self.propellant_left is not None:
            return np.asarray(np.interp(time, self.time, self.propellant_left))
        return np.asarray(self.propellant_mass * (1 - self.impulse_until(time) / self.impulse))

    @property
    def propellant_centre(self) -> float:
        """Centre of the propellant before it burns, metres forward of the nozzle end."""
        if self.propellant_centres is not None:
            return float(self.propellant_centres[0])
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

    def flowing(self, time: np.ndarray, used: np.ndarray) -> Motor:
        """The same motor whose propellant leaves as measured instead of with thrust: `used` (k,) kg have flown out until `time` (k,) s.

        The mass stated counts: a curve that adds up to it within 5 % is stretched to it. Raises `MotorFileError` where it adds up to
        something else, or goes on where thrust is over.
        """
        who, total = self.designation[:60], float(used[-1])
        if abs(total - self.propellant_mass) > _AGREES * self.propellant_mass:
            raise MotorFileError(
                f"{who}: {total:.4g} kg flow out by the curve of its flow, but it holds {self.propellant_mass:.4g} kg; state propellant_mass, or mend one"
            )
        if time.size > _MOST_FLOW:
            knots = np.linspace(time[0], time[-1], _MOST_FLOW)
            time, used = knots, np.interp(knots, time, used)
        start, end = float(self.time[0]), float(self.time[-1])
        before, burnt = np.interp([start, end], time, used)
        if max(before, total - burnt) > _AFTER * total:
            when, lost = (
                (f"before its thrust begins at {start:.4g} s", before)
                if before > total - burnt
                else (f"after its thrust ends at {end:.4g} s", total - burnt)
            )
            raise MotorFileError(
                f"{who}: {lost:.3g} kg flow out {when}; lengthen the thrust curve, or leave them out and count them to dry_mass"
            )
        both = np.union1d(self.time, time[(time > start) & (time < end)])
        left = self.propellant_mass * (burnt - np.interp(both, time, used)) / (burnt - before)
        tracks = {
            k: np.interp(both, self.time, v)
            for k in ("cg_front", "propellant_centres")
            if (v := getattr(self, k)) is not None
        }
        return replace(self, time=both, thrust=np.interp(both, self.time, self.thrust), propellant_left=left, **tracks)

    def scaled(self, *, impulse: float = 1.0, time: float = 1.0) -> Motor:
        """The same motor with its impulse and burn time multiplied; propellant mass stays (specific impulse changes)."""
        return replace(self, thrust=self.thrust * impulse / time, time=self.time * time)
