"""A solid motor: segments of propellant, a nozzle, and the case around them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from downrange.bounds import check_fields, spec
from downrange.constants import SEA_LEVEL_PRESSURE
from downrange.errors import InputError
from downrange.motor.gas import Array
from downrange.motor.grains import Grain
from downrange.motor.nozzle import Nozzle
from downrange.motor.propellants import Propellant

__all__ = ["Case", "Charge", "Igniter", "Limits", "Segment", "SolidMotor"]

_CONVERGENCE = np.pi / 4  # half angle of an entrance cone that nobody has said; only the free volume depends on it
_SLACK = 1e-6  # m; by how much grains may be longer or wider than the case that holds them


@dataclass(frozen=True)
class Segment:
    """A grain of one propellant; `gap` to the next behind it, m."""

    grain: Grain
    propellant: Propellant
    gap: float = 0.0

    @property
    def mass(self) -> float:
        """kg."""
        return self.grain.volume * self.propellant.density


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is around the propellant, SI. Left out, a bore fits the widest grain, and a length all of them with their gaps, and the
    nozzle's entrance cone.

    bore, length: of the chamber. volume: of the empty chamber, where it is no cylinder. diameter, outer_length: of the motor from outside, with its nozzle. mass: empty. centre: of the empty
    motor, m forward of the nozzle end. nozzle_length: from the aft end of the chamber to the nozzle's end.
    """

    bore: float | None = spec("length", "of the chamber", None, above=0)
    length: float | None = spec("length", "of the chamber", None, above=0)
    volume: float | None = spec("number", "of the empty chamber, m3", None, above=0, high=1000)
    diameter: float | None = spec("length", "of the motor", None, above=0)
    outer_length: float | None = spec("length", "of the motor", None, above=0)
    mass: float | None = spec("mass", "of the empty motor", None, low=0)
    centre: float | None = spec("length", "of the empty motor, forward of the nozzle end", None)
    nozzle_length: float = spec("length", "from the chamber's aft end to the nozzle's", 0.0, low=0)

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True, kw_only=True)
class Igniter:
    """mass: kg of gas that the igniter gives, evenly over `time` (s); it is taken to be that of the propellant."""

    mass: float = spec("mass", "of igniter gas", low=0, high=10)
    time: float = spec("time", "over which it comes", 0.05, above=0, high=10)

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a result is judged by; 0 is not judged. pressure: that case and closures stand, Pa. mass_flux: kg/(m2 s).

    port_to_throat: least area of the aft passage over that of the throat. bolts: together, in N, what holds a closure of `bore`.
    """

    pressure: float = spec("pressure", "highest that the case may see", 0.0, low=0, high=1e9, why="a gun has 500 MPa")
    mass_flux: float = spec("number", "highest in a port, kg/(m2 s); 1406 are 2 lb/(s in2)", 1406.47, low=0, high=1e5)
    port_to_throat: float = spec("number", "least, of the aft passage", 2.0, low=0, high=100)
    bolts: float = spec("force", "that the closure's bolts stand together", 0.0, low=0)

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True, eq=False)
class Charge:
    """All segments of one propellant, which burn alike while pressure is one: levels x (n,), burning area and volume at them."""

    propellant: Propellant
    x: Array
    area: Array
    volume: Array


@dataclass(frozen=True, kw_only=True)
class SolidMotor:
    """Segments from the forward end aft, a nozzle, a case. temperature: of the propellant when it is lit, K; None: that of its rates.

    ambient: pressure of the air around, Pa. Raises `InputError` for grains that do not fit the case.
    """

    name: str = "motor"
    manufacturer: str = ""
    segments: tuple[Segment, ...]
    nozzle: Nozzle
    case: Case = field(default_factory=Case)
    igniter: Igniter | None = None
    limits: Limits = field(default_factory=Limits)
    ambient: float = spec("pressure", "of the air around", SEA_LEVEL_PRESSURE, low=0)
    temperature: float | None = spec("temperature", "of the propellant", None, low=200, high=350)
    delays: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self)
        if not self.segments:
            raise InputError("a motor needs at least one grain", key="grains")
        if len(self.segments) > 100:
            raise InputError(f"{len(self.segments)} grains; at most 100", key="grains")
        for k, s in enumerate(self.segments):
            if s.grain.diameter > self.bore + _SLACK:
                raise InputError(
                    f"a grain of {s.grain.diameter * 1e3:.6g} mm does not fit the case of {self.bore * 1e3:.6g} mm",
                    key=f"grains[{k}].diameter",
                )
        if self.case.volume is not None and self.case.volume < sum(s.grain.volume for s in self.segments):
            raise InputError(
                f"a chamber of {self.case.volume * 1e6:.6g} cm³ does not hold its propellant", key="case.volume"
            )
        if self.stack > self.chamber_length + _SLACK:
            raise InputError(
                f"the grains are {self.stack * 1e3:.6g} mm long together, the chamber {self.chamber_length * 1e3:.6g} mm",
                key="case.length",
            )

    @property
    def bore(self) -> float:
        """Inner diameter of the case, m."""
        return self.case.bore or max(s.grain.diameter for s in self.segments)

    @property
    def stack(self) -> float:
        """Length of the grains with the gaps between them, m."""
        return sum(s.grain.length + s.gap for s in self.segments) - self.segments[-1].gap

    @property
    def chamber_length(self) -> float:
        """m."""
        return self.case.length or sum(s.grain.length + s.gap for s in self.segments)

    @property
    def chamber_volume(self) -> float:
        """Of the empty case, m3."""
        if self.case.volume is not None:
            return self.case.volume
        cylinder = float(np.pi / 4 * self.bore**2 * self.chamber_length)
        return cylinder if self.case.length is not None else cylinder + self._entrance

    @property
    def _entrance(self) -> float:
        """Volume of the cone from the bore to the throat, m3."""
        a, b = self.bore / 2, min(self.nozzle.throat, self.bore) / 2
        height = (a - b) / np.tan(self.nozzle.convergence or _CONVERGENCE)
        return float(np.pi / 3 * height * (a * a + a * b + b * b))

    @property
    def propellant_mass(self) -> float:
        """kg."""
        return sum(s.mass for s in self.segments)

    @property
    def free_volume(self) -> float:
        """Of the chamber before it burns, m3."""
        return self.chamber_volume - sum(s.grain.volume for s in self.segments)

    @property
    def web(self) -> float:
        """How far the thickest grain can burn, m."""
        return max(s.grain.web for s in self.segments)

    def volume_left(self, burnt: np.ndarray) -> np.ndarray:
        """Of all propellant, m3, when every surface has burnt by `burnt` (n,), m."""
        return np.asarray(sum(s.grain.at(burnt).volume for s in self.segments))

    @property
    def starts(self) -> tuple[float, ...]:
        """Forward ends of the grains, m aft of the forward end of the first."""
        out, at = [], 0.0
        for s in self.segments:
            out.append(at)
            at += s.grain.length + s.gap
        return tuple(out)

    @cached_property
    def burning(self) -> tuple[Propellant, ...]:
        """The propellants at the temperature of the motor, each once, in the order of the segments."""
        found = dict.fromkeys(s.propellant for s in self.segments)
        return tuple(p if self.temperature is None else p.at_temperature(self.temperature) for p in found)

    @cached_property
    def kinds(self) -> tuple[int, ...]:
        """Which of `burning` each segment is of."""
        order = list(dict.fromkeys(s.propellant for s in self.segments))
        return tuple(order.index(s.propellant) for s in self.segments)

    @cached_property
    def charges(self) -> tuple[Charge, ...]:
        """The propellants with all that burns of each: knots at every level of every segment, on both sides of where one burns out."""
        out = []
        for k, propellant in enumerate(self.burning):
            grains = [s.grain for s, kind in zip(self.segments, self.kinds, strict=True) if kind == k]
            different = list(dict.fromkeys(grains))
            x = np.unique(np.concatenate([g.table.x for g in different]))
            area, volume = np.zeros_like(x), np.zeros_like(x)
            for g in different:
                t, n = g.table, grains.count(g)
                area += n * np.interp(x, t.x, t.area, right=0.0)
                volume += n * np.interp(x, t.x, t.volume, right=0.0)
            out.append(Charge(propellant, x, area, volume))
        return tuple(out)

    def with_nozzle(self, nozzle: Nozzle) -> SolidMotor:
        """The same motor with another nozzle."""
        return replace(self, nozzle=nozzle)
