"""One firing reduced: impulse, burn time, specific impulse, c* and thrust coefficient, each with what is known of its error.

Definitions are those of Sutton & Biblarz, *Rocket Propulsion Elements*, 9th ed. (RPE): Isp = ∫F dt / (m g0) (eq. 2-4),
c* = A_t ∫p dt / m (eq. 12-14 with 3-32), C_F = ∫F dt / (A_t ∫p dt) (eq. 3-31); pressures are absolute. Burn time is that
of NFPA 1125, the same as of any `Motor`. Uncertainties are standard ones, combined as the GUM (JCGM 100:2008, section 5.1.2)
has it for products of independent quantities.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from downrange.constants import SEA_LEVEL_PRESSURE, STANDARD_GRAVITY
from downrange.errors import InputError
from downrange.motor.stand.times import BurnTimes, burn_times
from downrange.motor.stand.trace import Trace
from downrange.motor.stand.zero import Zeroed, zeroed

__all__ = ["Figure", "Firing", "Reduction", "reduce_firing"]

_CHOKED = 1.75  # chamber over ambient pressure from where on a throat is choked: 1.71 to 1.83 for heat ratios of 1.1 to 1.3 (RPE eq. 3-20)
_GAUGE = 0.3  # of the air's pressure: a channel that rests below it counts from the air's pressure
_ABSOLUTE = (0.5, 1.6)  # of the air's pressure, between which a channel rests that counts from a vacuum
_SENSIBLE_CSTAR = (300.0, 2600.0)  # m/s; from near-gasless mixtures to hydrogen and oxygen


@dataclass(frozen=True)
class Figure:
    """A number with its standard uncertainty in the same unit; `error` is None where an unknown part forbids to say it."""

    value: float
    error: float | None = None

    @property
    def share(self) -> float | None:
        """Relative uncertainty."""
        return None if self.error is None else self.error / abs(self.value)


@dataclass(frozen=True, eq=False)
class Firing:
    """What was recorded at a firing, and what is known of the motor. SI.

    thrust, pressure: channels; at least one. propellant_mass: kg, what burnt. throat: diameter of the nozzle's throat, m
    (mean of before and after where it wore). ambient: the air's pressure, Pa. reference: what the pressure channel counts from; None lets
    its resting value say. name: of the firing.
    """

    thrust: Trace | None = None
    pressure: Trace | None = None
    propellant_mass: Figure | None = None
    throat: Figure | None = None
    ambient: float = SEA_LEVEL_PRESSURE
    reference: Literal["absolute", "gauge"] | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if self.thrust is None and self.pressure is None:
            raise InputError("a firing needs a record of thrust, of pressure, or of both")
        for what, figure, most in (("propellant mass", self.propellant_mass, 1e5), ("throat", self.throat, 10.0)):
            if figure is not None and not 0 < figure.value <= most:
                raise InputError(f"a {what} of {figure.value:.6g} cannot be; above 0 and at most {most:g} (SI)")
        if not 100 < self.ambient < 1.2e5:
            raise InputError(f"an air pressure of {self.ambient:.6g} Pa cannot be; 100 to 120 000 Pa")


@dataclass(frozen=True, eq=False)
class Reduction:
    """A firing reduced. Times count from the first thrust; arrays share no grid: each channel keeps its own samples.

    time, thrust: (n,) s, N; None without thrust. pressure_time, pressure: (m,) s, Pa absolute; None without pressure. lag: what
    was added to the pressure's clock, s. Figures are None where what they need is not known; `missing` says what that is.
    """

    firing: Firing
    thrust: Zeroed | None
    time: np.ndarray | None
    force: np.ndarray | None
    pressure_time: np.ndarray | None
    pressure: np.ndarray | None
    lag: float
    times: BurnTimes
    impulse: Figure | None
    average_thrust: Figure | None
    peak_thrust: Figure | None
    peak_pressure: Figure | None
    mean_pressure: Figure | None
    pressure_integral: Figure | None
    specific_impulse: Figure | None
    characteristic_velocity: Figure | None
    thrust_coefficient: Figure | None
    notes: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def choked(self) -> tuple[np.ndarray, np.ndarray]:
        """Time (s) and absolute pressure (Pa) of the part of the burn in which the throat is choked; raises `InputError` without pressure."""
        if self.pressure is None or self.pressure_time is None:
            raise InputError("this firing has no record of pressure")
        part = _choked(self.pressure, self.firing.ambient)
        return self.pressure_time[part], self.pressure[part]


def reduce_firing(firing: Firing) -> Reduction:
    """Work out what a firing says. Raises `InputError` for records in which nothing burns, or that contradict each other."""
    f = None if firing.thrust is None else zeroed(firing.thrust)
    p = None if firing.pressure is None else zeroed(firing.pressure)
    notes = [*(f.notes if f else ()), *(p.notes if p else ())]
    missing = []
    start = f.time[0] if f else p.time[0]  # type: ignore[union-attr]
    absolute = None
    lag = 0.0
    if p is not None:
        p = _absolute(firing, p, notes)
        absolute = p.value + firing.ambient
        lag = _lag(f, p, notes) if f else 0.0
    impulse = _with_scale(f.integral, f.integral_error, f.trace) if f else None
    area = None if firing.throat is None else _area(firing.throat)
    integral = mean = peak_p = None
    if p is not None and absolute is not None:
        integral, mean, peak_p = _pressure_figures(firing, p, absolute)
    times = burn_times(f.time - start, f.value) if f else burn_times(p.time - start, p.value)  # type: ignore[union-attr]
    m = firing.propellant_mass
    if m is None:
        missing.append("the propellant's mass, for specific impulse and c*")
    if p is not None and area is None:
        missing.append("the throat's diameter, for c* and the thrust coefficient")
    if (f and f.trace.calibration is None) or (p and p.trace.calibration is None):
        missing.append("the scale's uncertainty (--calibration), for a ± that counts it")
    cstar = None if m is None or area is None or integral is None else _product((area, 1), (integral, 1), (m, -1))
    if cstar is not None and not _SENSIBLE_CSTAR[0] < cstar.value < _SENSIBLE_CSTAR[1]:
        notes.append(
            f"a c* of {cstar.value:.4g} m/s is no propellant's ({_SENSIBLE_CSTAR[0]:g} to {_SENSIBLE_CSTAR[1]:g}): check units, mass and throat"
        )
    isp = None if m is None or impulse is None else _times(_product((impulse, 1), (m, -1)), 1 / STANDARD_GRAVITY)
    if isp is not None and not 20 < isp.value < 500:
        notes.append(f"a specific impulse of {isp.value:.4g} s is no motor's: check the unit of thrust and the mass")
    cf = (
        None
        if impulse is None or area is None or integral is None
        else _product((impulse, 1), (area, -1), (integral, -1))
    )
    return Reduction(
        firing, f, None if f is None else f.time - start, None if f is None else f.value,
        None if p is None else p.time + lag - start, absolute, lag, times, impulse,
        None if impulse is None else _times(impulse, 1 / times.nfpa),
        None if f is None else _with_scale(f.peak, math.hypot(f.zero_error, 0.0 if math.isnan(f.noise) else f.noise), f.trace),
        peak_p, mean, integral, isp, cstar, cf, tuple(notes), tuple(missing),
    )  # fmt: skip


def _absolute(firing: Firing, p: Zeroed, notes: list[str]) -> Zeroed:
    """The pressure above that of the air: its zero is where the air's pressure is, and what the channel rests at says so.

    A record without a rest is taken as it stands, above the air's pressure where it is absolute.
    """
    ambient = firing.ambient
    rest, reference = p.zero if p.zero is not None else p.zero_after, firing.reference
    if rest is not None:
        ratio = rest / ambient
        judged = "gauge" if abs(ratio) < _GAUGE else "absolute" if _ABSOLUTE[0] < ratio < _ABSOLUTE[1] else None
        if reference is None and judged is None:
            raise InputError(
                f"the pressure rests at {rest / 1e5:.4g} bar, neither near 0 (gauge) nor near the air's {ambient / 1e5:.4g} bar (absolute): check its "
                "unit, or say --gauge or --absolute",
                file=p.trace.source or None,
            )
        off = rest - (0.0 if (reference or judged) == "gauge" else ambient)
        if abs(off) > 0.02 * ambient:
            notes.append(
                f"the pressure channel is off by {off / 1e5:+.3g} bar at rest ({reference or judged}); taken off, so that it rests at the air's {ambient / 1e5:.4g} bar"
            )
        return p
    low = float(p.trace.value.min())
    if reference is None:
        reference = "absolute" if low > 0.8 * ambient else "gauge"
        notes.append(f"no rest in the record of pressure: taken as {reference}, for its least is {low / 1e5:.3g} bar")
    if reference == "gauge":
        return p
    trace = firing.pressure
    assert trace is not None
    return zeroed(replace(trace, value=trace.value - ambient))


def _lag(f: Zeroed, p: Zeroed, notes: list[str]) -> float:
    """Seconds to add to the pressure's clock so that both records rise and fall together: the best correlation."""
    length = f.ends - f.begins
    step = max(p.trace.step / 20, f.trace.step, length / 2000)
    t = np.arange(f.begins - 0.3 * length, f.ends + 0.3 * length, step)
    force = np.interp(t, f.time, f.value, left=0.0, right=0.0)
    guess = f.begins - p.begins
    if abs(guess) < 2 * max(p.trace.step, 0.02 * length):
        guess = 0.0  # one clock: search about it, so that noise does not move it by half the window
    shifts = guess + np.arange(-0.25 * length, 0.25 * length, step)
    scores = np.array([_alike(force, np.interp(t - s, p.time, p.value, left=0.0, right=0.0)) for s in shifts])
    k = int(np.argmax(scores))
    best, here = float(shifts[k]), _alike(force, np.interp(t, p.time, p.value, left=0.0, right=0.0))
    if scores[k] < 0.7:
        raise InputError(
            f"thrust and pressure are not of one firing: at best they correlate by {scores[k]:.2f}",
            file=p.trace.source or None,
        )
    if here > scores[k] - 0.002 or abs(best) < 2 * step:
        return 0.0
    notes.append(
        f"the clocks of thrust and pressure differ: {best:+.3f} s was added to the pressure's (correlation {scores[k]:.3f})"
    )
    return best


def _alike(a: np.ndarray, b: np.ndarray) -> float:
    x, y = a - a.mean(), b - b.mean()
    scale = math.sqrt(float(x @ x) * float(y @ y))
    return float(x @ y) / scale if scale > 0 else 0.0


def _pressure_figures(firing: Firing, p: Zeroed, absolute: np.ndarray) -> tuple[Figure, Figure, Figure]:
    """Integral over the choked part of the burn, its mean over the burn (5 % to 5 %), and the peak; Pa s, Pa, Pa absolute."""
    t = p.time
    part = _choked(absolute, firing.ambient)
    if part.stop - part.start < 2:
        raise InputError(
            f"the pressure never exceeds {_CHOKED * firing.ambient / 1e5:.3g} bar: the throat is never choked; check the unit of pressure",
            file=p.trace.source or None,
        )
    length = float(t[part][-1] - t[part][0])
    integral = float(np.trapezoid(absolute[part], t[part]))
    spread = math.hypot(p.zero_error * length, p.gap_error)
    inner = t[(t > p.begins) & (t < p.ends)]
    over = np.concatenate([[p.begins], inner, [p.ends]])
    mean = float(np.trapezoid(np.interp(over, t, absolute), over) / (p.ends - p.begins))
    noise = 0.0 if math.isnan(p.noise) else p.noise
    return (
        _with_scale(integral, spread, p.trace),
        _with_scale(mean, spread / length, p.trace),
        _with_scale(float(absolute.max()), math.hypot(p.zero_error, noise), p.trace),
    )


def _choked(absolute: np.ndarray, ambient: float) -> slice:
    """From the first to the last sample at which the throat is choked; empty without one."""
    at = np.flatnonzero(absolute > _CHOKED * ambient)
    return slice(int(at[0]), int(at[-1]) + 1) if at.size else slice(0, 0)


def _with_scale(value: float, error: float, trace: Trace) -> Figure:
    """A figure with the scale's uncertainty, where it is known; where not, the rest alone."""
    return Figure(value, math.hypot(error, (trace.calibration or 0.0) * value))


def _area(throat: Figure) -> Figure:
    area = math.pi / 4 * throat.value**2
    return Figure(area, None if throat.share is None else 2 * throat.share * area)


def _product(*factors: tuple[Figure, int]) -> Figure:
    """Product of figures and reciprocals; its error counts the parts whose error is known, None where none is."""
    value = math.prod(f.value**power for f, power in factors)
    known = [f.share for f, _ in factors if f.share is not None]
    return Figure(value, abs(value) * math.hypot(*known) if known else None)


def _times(figure: Figure, factor: float) -> Figure:
    return Figure(figure.value * factor, None if figure.error is None else figure.error * abs(factor))
