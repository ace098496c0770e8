"""Designing with a motor: the throat for a pressure, even grains, the exit for the air, and what tolerances do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from downrange.errors import InputError
from downrange.motor.ballistics.burn import Burn, Level, burning_span
from downrange.motor.ballistics.run import fire
from downrange.motor.ballistics.tables import Tables
from downrange.motor.gas import Array, area_ratio, critical_pressure_ratio, mach_of_pressure_ratio
from downrange.motor.grains import Bates
from downrange.motor.solid import Segment, SolidMotor

__all__ = ["Spread", "adapted_exit", "neutral_bates", "spread", "throat_for_pressure", "with_neutral_grains"]

_NARROWEST = 0.01  # throat over bore
_NEAR = 1e-3  # of ln p: how near the pressure found is to the one wanted, or it jumps there
_UNBOUNDED = 50.0  # stands for ln p of a pressure without bound
_SAMPLES = 500  # of one block of toleranced motors, so that their rows fit into a cache
_LEAST = 0.05  # share of its nominal value that a toleranced quantity keeps


def throat_for_pressure(motor: SolidMotor, pressure: float, level: Level = "quasi-steady") -> SolidMotor:
    """The motor with the throat at which its highest pressure is `pressure`, Pa; the exit keeps its ratio to it.

    level: of the ballistics, as for `fire`. Raises `InputError` where no throat from a hundredth of the bore to the
    bore gives it: too high, too low, below what chokes it, or between two pressures of a burning rate in pieces that
    the chamber jumps between.
    """
    if not 0 < pressure < np.inf:
        raise InputError(f"{_mpa(pressure)} is no pressure of a motor", key="pressure")
    chokes = motor.ambient / float(critical_pressure_ratio(Tables(motor).heat_ratio))
    if pressure < chokes:
        raise InputError(f"{_mpa(pressure)} does not choke the throat: {_mpa(chokes)} does", key="pressure")

    def peak(throat: float) -> float:
        return float(np.log(fire(_with_throat(motor, throat), level).peak_pressure / pressure))

    def off(throat: float) -> float:
        try:
            return peak(throat)
        except InputError:  # what else is wrong with the motor the widest throat has told
            return _UNBOUNDED

    low, high = _NARROWEST * motor.bore, motor.bore
    least, most = peak(high), off(low)
    if least > 0:
        raise InputError(
            f"these grains reach {_mpa(pressure * np.exp(least))} even with a throat as wide as the case: "
            f"{_mpa(pressure)} needs less burning area",
            key="pressure",
        )
    if most < 0:
        raise InputError(
            f"these grains reach {_mpa(pressure * np.exp(most))} with a throat of {low * 1e3:.3g} mm, a hundredth of "
            f"the case: {_mpa(pressure)} is out of reach",
            key="pressure",
        )
    low, high = _bracket(off, low, high)
    below, above = off(high), off(low)
    if max(-below, above) > _NEAR:
        up_to = "no bound" if above >= _UNBOUNDED else _mpa(pressure * np.exp(above))
        raise InputError(
            f"no throat holds {_mpa(pressure)}: at {high * 1e3:.4g} mm the pressure jumps "
            f"from {_mpa(pressure * np.exp(below))} to {up_to}",
            key="pressure",
        )
    return _with_throat(motor, high)


def _mpa(pressure: float) -> str:
    return f"{pressure / 1e6:.4g} MPa"


def _with_throat(motor: SolidMotor, throat: float) -> SolidMotor:
    ratio = motor.nozzle.exit / motor.nozzle.throat
    return replace(motor, nozzle=replace(motor.nozzle, throat=throat, exit=throat * ratio))


def _bracket(off: Callable[[float], float], low: float, high: float) -> tuple[float, float]:
    """Where a falling function passes zero, within a share of 1e-10, by halving on a logarithmic scale."""
    while high / low - 1 > 1e-10:
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if off(middle) > 0 else (low, middle)
    return low, high


def adapted_exit(burn: Burn, ambient: float | None = None) -> float:
    """Diameter of the exit that expands the mean pressure of a firing to `ambient`, m.

    It gives the most thrust there (RPE section 3.3). ambient: Pa; that of the motor where left out. Raises
    `InputError` for a vacuum, where every wider exit gives more.
    """
    motor = burn.motor
    ratio = (motor.ambient if ambient is None else ambient) / burn.average_pressure
    if not ratio > 0:
        raise InputError("in a vacuum no exit is the best: every wider one gives more", key="ambient")
    if ratio >= 1:
        raise InputError("the pressure in the chamber is not above that of the air", key="ambient")
    k = Tables(motor).heat_ratio
    mach = max(float(mach_of_pressure_ratio(ratio, k)), 1.0)
    return float(burn.throat.mean() * np.sqrt(area_ratio(mach, k)))


def neutral_bates(diameter: float, core: float, length: float, gap: float = 0.0) -> tuple[Bates, ...]:
    """BATES grains with bare ends that fill `length` with as even a burn as whole grains allow.

    diameter, core, length: m; gap: between two, m. A grain of length (3 D + d) / 2 ends with the burning area that it
    began with, and its area has one summit between. Of the two numbers of grains nearest to that length the one with
    the larger least over largest area is taken. Raises `InputError` for a gap that is negative, or leaves no room for grains.
    """
    one = Bates(diameter=diameter, length=length, core=core)
    if not 0 <= gap < length:
        raise InputError(f"a gap of {gap * 1e3:.6g} mm in {length * 1e3:.6g} mm of grains", key="gap")
    count = max(1, int((length + gap) / (one.neutral_length + gap)))

    def filled(n: int) -> tuple[Bates, ...]:
        each = (length - (n - 1) * gap) / n
        return (replace(one, length=each),) * n if each > 0 else ()

    return max((g for g in (filled(count), filled(count + 1)) if g), key=lambda g: _evenness(g[0]))


def _evenness(grain: Bates) -> float:
    """Least over largest burning area, while it burns."""
    area = grain.at(np.linspace(0.0, grain.web, 201)).area
    return float(area.min() / area.max())


def with_neutral_grains(motor: SolidMotor) -> SolidMotor:
    """The motor with its BATES grains cut so that they burn as evenly as whole grains in the same length can.

    Raises `InputError` for grains of other shapes, of unlike diameters, cores or propellants, or with inhibited ends.
    """
    grains, first = [s.grain for s in motor.segments], motor.segments[0]
    alike = {(type(g), getattr(g, "diameter", 0), getattr(g, "core", 0), getattr(g, "inhibited", "")) for g in grains}
    gaps = {s.gap for s in motor.segments[:-1]}
    if not isinstance(first.grain, Bates) or first.grain.inhibited != "neither":
        raise InputError("only BATES grains with both ends bare can be cut to burn evenly", key="grains")
    if len(alike) > 1 or len({s.propellant for s in motor.segments}) > 1 or len(gaps) > 1:
        raise InputError(
            "grains cut to burn evenly are of one diameter, core, gap and propellant; these differ", key="grains"
        )
    gap = gaps.pop() if gaps else motor.segments[-1].gap
    cut = neutral_bates(first.grain.diameter, first.grain.core, motor.stack, gap)
    last = len(cut) - 1
    ends = motor.segments[-1].gap
    return replace(
        motor, segments=tuple(Segment(g, first.propellant, ends if k == last else gap) for k, g in enumerate(cut))
    )


@dataclass(frozen=True, eq=False)
class Spread:
    """Motors of one design with tolerances, all (n,).

    impulse: N s. peak_pressure: Pa. burn_time: s, as `Burn.burn_time`. propellant_mass: kg.
    """

    impulse: Array
    peak_pressure: Array
    burn_time: Array
    propellant_mass: Array


def spread(
    motor: SolidMotor, samples: int, seed: int, *,
    throat: float = 0.0, density: float = 0.0, rate: float = 0.0, efficiency: float = 0.0,
) -> Spread:  # fmt: skip
    """Burn `samples` motors (quasi-steady) with normal tolerances; `seed` of the random numbers.

    throat: standard deviation of its diameter, m. density, rate, efficiency: standard deviations of density, burning
    rate and characteristic velocity, as shares. Raises `InputError` for tolerances so wide that a motor has no throat,
    no propellant or no bound to its pressure.
    """
    sigma = np.array([density, rate, efficiency, throat / motor.nozzle.throat])
    if not 1 <= samples <= 1_000_000:
        raise InputError(f"{samples} motors; from 1 to a million", key="samples")
    if not np.all((sigma >= 0) & (sigma < 1)):
        raise InputError("a tolerance is a standard deviation from 0 to less than the whole", key="tolerance")
    scale = 1 + sigma * np.random.default_rng(seed).standard_normal((samples, 4))
    if np.any(scale <= _LEAST):
        raise InputError("tolerances so wide that some motors have no throat or no propellant", key="tolerance")
    tables = Tables(motor)
    blocks = [_block(tables, scale[k : k + _SAMPLES]) for k in range(0, samples, _SAMPLES)]
    return Spread(*(np.concatenate(column) for column in zip(*blocks, strict=True)))


def _block(t: Tables, scale: Array) -> tuple[Array, Array, Array, Array]:
    from downrange.motor.ballistics.kernels import many_marches

    m, n = t.motor, t.motor.nozzle
    first, grid, area, density = t.charges
    law, edges, marks, a, e, c_star = t.laws
    rows = np.empty((len(scale), 2 * grid.size + 10, 3 + density.size))
    count = np.zeros(len(scale), np.int64)
    many_marches(
        first, grid, area, density, law, edges, marks, a, e, c_star, n.throat / 2, n.erosion, n.slag, m.ambient,
        scale, rows, count,
    )  # fmt: skip
    if np.any(count < 0):
        raise InputError("within these tolerances some motors have a pressure without bound", key="tolerance")
    last = np.arange(rows.shape[1])[None, :] >= count[:, None]
    for k in range(3):  # what follows the end is the end
        rows[..., k] = np.where(last, np.take_along_axis(rows[..., k], count[:, None] - 1, 1), rows[..., k])
    time, pressure = rows[..., 0], rows[..., 1]
    throat = np.pi * rows[..., 2] ** 2
    ratio = throat[:, :1] if n.erosion == 0 and n.slag == 0 else throat
    thrust = pressure * throat * n.thrust_coefficient(t.heat_ratio, pressure, m.ambient, ratio)
    impulse = (0.5 * (thrust[:, 1:] + thrust[:, :-1]) * np.diff(time, axis=1)).sum(axis=1)
    spans = np.array([burning_span(*pair) for pair in zip(time, thrust, strict=True)])
    return impulse, pressure.max(axis=1), spans[:, 1] - spans[:, 0], m.propellant_mass * scale[:, 0]
