"""Propellants as ballistics sees them: density, burning rate against pressure and temperature, and the gas they give.

A burning rate is r = a p^n (Vieille, de Saint-Robert) in pieces of pressure; a table is pieces between its knots. A rate is
for one temperature of the propellant; another multiplies it by exp(σ_p (T - T_0)) (RPE eq. 13-5). Characterisations of
others, with their sources, stand in `RECORDS`. None of this says how a propellant is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from downrange.bounds import check_fields, check_word, spec
from downrange.errors import InputError
from downrange.motor.gas import Array, Gas

__all__ = ["RECORDS", "Erosive", "Piece", "Propellant", "Root", "equilibria", "pieces_of_table"]

_MOST_PRESSURE = 1e9  # Pa; guns have 5e8


@dataclass(frozen=True, kw_only=True)
class Piece:
    """r = coefficient p^exponent (m/s, Pa) from the pressure `low` up to `high`, Pa; `gas` where it is another there."""

    low: float = spec("number", "pressure from which it holds", low=0, high=_MOST_PRESSURE)
    high: float = spec("number", "pressure up to which it holds", above=0, high=_MOST_PRESSURE)
    coefficient: float = spec("number", "a of a p^n, m/s and Pa", above=0, high=1e6)
    exponent: float = spec("number", "n of a p^n", low=-20, high=20)
    gas: Gas | None = None

    def __post_init__(self) -> None:
        check_fields(self)
        if not self.high > self.low:
            raise InputError(
                f"a burning rate from {self.low / 1e6:.6g} to {self.high / 1e6:.6g} MPa; the second must be higher",
                key="high",
            )

    def rate(self, pressure: Array | float) -> Array:
        """m/s at a pressure, Pa."""
        return self.coefficient * np.asarray(pressure, float) ** self.exponent


@dataclass(frozen=True, kw_only=True)
class Erosive:
    """How cross flow adds to the burning rate, by one of two laws.

    `lenoir-robillard` (6th Symposium on Combustion, 1957, p. 663; RPE eqs. 13-8 to 13-10): r = r_0 + α G^0.8 / D^0.2 exp(-β r ρ / G),
    G the mass flux and D the hydraulic diameter of the passage. alpha: in SI (m^2.8 s^-0.2 kg^-0.8), beta: without unit. Sutton gives
    β of about 53 for many propellants and α from heat transfer.

    `mukunda-paul` (H. S. Mukunda, P. J. Paul, Combustion and Flame 109 (1997) 224): one law without constants of the propellant,
    from their reading of many experiments: r = r_0 (1 + 0.023 (g^0.8 - 35^0.8)) above g = 35, with g = G/(ρ r_0) (Re/1000)^-0.125 and
    Re = ρ r_0 D/μ of the gas as it leaves the surface. alpha and beta are not used.
    """

    law: Literal["lenoir-robillard", "mukunda-paul"] = "lenoir-robillard"
    alpha: float = spec("number", "α, m^2.8 s^-0.2 kg^-0.8", 0.0, low=0, high=1e-2)
    beta: float = spec("number", "β", 53.0, low=0, high=1000)

    def __post_init__(self) -> None:
        check_fields(self)
        check_word(self.law, ("lenoir-robillard", "mukunda-paul"), key="law")


@dataclass(frozen=True, kw_only=True)
class Propellant:
    """A propellant. density: kg/m3, as cast. pieces: of its burning rate, in order of pressure, without gaps.

    gas: its products. efficiency: of the characteristic velocity. sensitivity: σ_p, 1/K, with `temperature` (K) that of the
    rates. erosive: how cross flow adds to the rate; None: it does not. Raises `InputError` for pieces that leave gaps or overlap,
    and for a law that no pressure can be steady with (an exponent of 1 or more at its upper end).
    """

    name: str
    density: float = spec("density", "as cast", low=500, high=5000, why="propellants have 1,500 to 1,900")
    pieces: tuple[Piece, ...]
    gas: Gas
    efficiency: float = spec("number", "of the characteristic velocity", 1.0, above=0, high=1.1, why="0.9 to 1")
    sensitivity: float = spec("number", "of the rate to temperature at one pressure, 1/K", 0.0, low=-0.02, high=0.02)
    temperature: float = spec("temperature", "for which the rates hold", 294.15, low=200, high=350)
    erosive: Erosive | None = None
    source: str = ""

    def __post_init__(self) -> None:
        check_fields(self)
        if not self.pieces:
            raise InputError("a propellant needs a burning rate", key="pieces")
        for k, (a, b) in enumerate(zip(self.pieces, self.pieces[1:], strict=False)):
            if abs(b.low - a.high) > 2e-3 * a.high:
                what = "leave a gap" if b.low > a.high else "overlap"
                raise InputError(
                    f"the burning rates {what}: one ends at {a.high / 1e6:.6g} MPa, the next begins at {b.low / 1e6:.6g} MPa",
                    key=f"pieces[{k + 1}].low",
                )
        if (n := self.pieces[-1].exponent) >= 1:
            raise InputError(
                f"a burning rate with an exponent of {n:.4g} has no steady pressure: it must be below 1 (0.2 to 0.6 is usual)",
                key=f"pieces[{len(self.pieces) - 1}].exponent",
            )

    @property
    def highest(self) -> float:
        """Pressure up to which the burning rate was given, Pa."""
        return self.pieces[-1].high

    @property
    def lowest(self) -> float:
        """Pressure from which on it was given, Pa."""
        return self.pieces[0].low

    @property
    def characteristic_velocity(self) -> float:
        """c* with its efficiency, m/s."""
        return self.gas.characteristic_velocity * self.efficiency

    @cached_property
    def laws(self) -> tuple[Array, Array, Array, Array]:
        """Upper pressures of the pieces (k - 1,), a, n, and c* (k,), as the solvers take them; the first and last go on beyond their ends."""
        gases = [p.gas or self.gas for p in self.pieces]
        return (
            np.array([p.high for p in self.pieces[:-1]]), np.array([p.coefficient for p in self.pieces]),
            np.array([p.exponent for p in self.pieces]), np.array([g.characteristic_velocity * self.efficiency for g in gases]),
        )  # fmt: skip

    def rate(self, pressure: Array | float) -> Array:
        """Burning rate at pressures (Pa), m/s, without cross flow. Beyond the pieces the nearest goes on."""
        edges, a, n, _ = self.laws
        p = np.maximum(np.asarray(pressure, float), 1.0)
        k = np.searchsorted(edges, p, "right")
        return a[k] * p ** n[k]

    def at_temperature(self, temperature: float) -> Propellant:
        """The propellant when it is at `temperature`, K: rates times exp(σ_p ΔT)."""
        factor = float(np.exp(self.sensitivity * (temperature - self.temperature)))
        return replace(self.faster(factor), temperature=temperature)

    def faster(self, factor: float) -> Propellant:
        """The same with its rate multiplied."""
        if factor == 1:
            return self
        return replace(self, pieces=tuple(replace(p, coefficient=p.coefficient * factor) for p in self.pieces))


def pieces_of_table(pressure: Sequence[float], rate: Sequence[float]) -> tuple[Piece, ...]:
    """Pieces through a table of pressure (Pa) and burning rate (m/s): straight between its knots on logarithmic paper.

    Raises `InputError` for fewer than two pressures, pressures that do not increase, and anything not above zero.
    """
    p, r = np.array(pressure, float), np.array(rate, float)
    if p.ndim != 1 or p.size < 2 or r.shape != p.shape:
        raise InputError("a table of the burning rate needs two or more pressures, and a rate for each", key="rates")
    if not (np.all(np.isfinite(p)) and np.all(np.isfinite(r)) and np.all(p > 0) and np.all(r > 0)):
        raise InputError("pressures and rates of a burning-rate table must be above 0", key="rates")
    if np.any(np.diff(p) <= 0):
        raise InputError("the pressures of a burning-rate table must increase", key="rates")
    n = np.diff(np.log(r)) / np.diff(np.log(p))
    return tuple(
        Piece(low=float(p[k]), high=float(p[k + 1]), coefficient=float(r[k] / p[k] ** n[k]), exponent=float(n[k]))
        for k in range(n.size)
    )


@dataclass(frozen=True)
class Root:
    """A pressure (Pa) at which a motor makes as much gas as leaves it; `stable` where a small rise makes it fall back."""

    pressure: float
    stable: bool


def equilibria(propellant: Propellant, kn: float) -> tuple[Root, ...]:
    """All pressures at which c* ρ r(p) Kn = p, from the lowest: `kn` is burning over throat area.

    In a piece it is p = (Kn ρ a c*)^(1/(1-n)) (RPE eq. 12-6); where the rate drops at the edge of two pieces the pressure
    stands at the edge, and where it jumps up the edge is unstable.
    """
    edges, a, n, c = propellant.laws
    low, high = np.concatenate([[0.0], edges]), np.concatenate([edges, [np.inf]])
    roots = []
    gain = kn * propellant.density * a * c
    for k in range(a.size):
        if abs(n[k] - 1) > 1e-12:
            p = float(gain[k] ** (1 / (1 - n[k])))
            if low[k] < p < high[k]:
                roots.append(Root(p, bool(n[k] < 1)))
        if k < edges.size:
            before, after = (gain[j] * edges[k] ** (n[j] - 1) - 1 for j in (k, k + 1))
            if before >= 0 > after:
                roots.append(Root(float(edges[k]), True))
            elif before < 0 <= after:
                roots.append(Root(float(edges[k]), False))
    return tuple(sorted(roots, key=lambda r: r.pressure))


def _record(
    name: str,
    density: float,
    gas: tuple[float, float, float],
    rates: tuple[tuple[float, float, float, float], ...],
    source: str,
) -> Propellant:
    """A record: ideal density kg/m3; heat ratio, molar mass g/mol, flame temperature K; rows from MPa, to MPa, mm/s at 1 MPa, exponent."""
    pieces = tuple(Piece(low=a * 1e6, high=b * 1e6, coefficient=r * 1e-3 * 1e6**-n, exponent=n) for a, b, r, n in rates)
    k, m, t = gas
    return Propellant(
        name=name,
        density=density,
        pieces=pieces,
        gas=Gas(heat_ratio=k, molar_mass=m / 1e3, temperature=t),
        source=source,
    )


_NAKKA = "R. Nakka, Experimental Rocketry Web Site: strand burner rates and ideal combustion products"
RECORDS: dict[str, Propellant] = {
    r.name: r
    for r in (
        _record("KNDX", 1879, (1.1308, 42.42, 1710), (
            (0.0, 0.779135, 8.87544496778536, 0.6193), (0.779135, 2.571835, 7.55278442387944, -0.0087), (2.571835, 5.9297, 3.84087990499602, 0.6882),
            (5.9297, 8.501535, 17.2041864098062, -0.1481), (8.501535, 11.204375, 4.77524086347659, 0.4417),
        ), _NAKKA),
        _record("KNSB", 1841, (1.137, 39.9, 1600), (
            (0.0, 0.806715, 10.7076837980331, 0.6247), (0.806715, 1.50311, 8.76328007101773, -0.3142), (1.50311, 3.79225, 7.85216579497841, -0.013),
            (3.79225, 7.0329, 3.90676830413905, 0.5354), (7.0329, 10.67346, 9.65320361987685, 0.0638),
        ), _NAKKA),
        _record("KNSB coarse", 1841, (1.137, 39.9, 1600), ((0.101, 10.3, 5.13, 0.22),), _NAKKA),
        _record("KNSU", 1889, (1.133, 42.02, 1720), ((0.101, 10.3, 8.26, 0.319),), _NAKKA),
        _record("KNER coarse", 1820, (1.14, 38.58, 1608), ((0.101, 10.3, 2.9, 0.4),), _NAKKA),
        _record("RNX-57", 1844.5, (1.159, 45.19, 1644), ((0.1, 10.0, 1.95, 0.477),), _NAKKA),
        _record("RNX-71V", 1816.1, (1.18, 41.83, 1434), ((0.1, 10.0, 2.57, 0.371),), _NAKKA),
    )
}  # fmt: skip
"""Characterisations that others published, with ideal densities: a real grain is lighter by some per cent, and its own density must be said."""
