"""Tanks: nitrous oxide that boils as it leaves, and liquids that a gas pushes out. Each says how its contents change as they flow."""

from __future__ import annotations

import math
from dataclasses import dataclass

from downrange.bounds import check_fields, spec
from downrange.errors import InputError
from downrange.motor.hybrid.nitrous import TRIPLE_TEMPERATURE, saturation

__all__ = ["Contents", "NitrousTank", "PressedTank", "Tank"]

_DREGS = 1e-4  # of the first filling: a tank that holds less is empty


@dataclass(frozen=True)
class Contents:
    """What leaves a tank at a moment. Pa, kg/m3, J/kg, J/(kg K), kg.

    pressure, and that at which it boils (`vapour_pressure`, 0 where it does not); density, enthalpy and entropy of what leaves; liquid: mass of
    liquid in it; level: its height over the tank's bottom, m. flashing: whether a part of it evaporates on its way through the injector.
    """

    pressure: float
    vapour_pressure: float
    density: float
    enthalpy: float
    entropy: float
    liquid: float
    level: float
    flashing: bool


@dataclass(frozen=True, kw_only=True)
class Tank:
    """A cylinder: volume (m3) and inner diameter (m); bottom: of its inside, m forward of the nozzle's end."""

    volume: float = spec("number", "of the tank, m3", above=0, high=10, why="ten cubic metres")
    diameter: float = spec("length", "of its inside", above=0, high=3)
    bottom: float = spec("length", "of its inside, forward of the nozzle's end", 0.0, low=0, high=50)
    mass: float = spec("mass", "of what is filled in", above=0)

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def section(self) -> float:
        """Of its inside, m2."""
        return math.pi / 4 * self.diameter**2

    @property
    def height(self) -> float:
        """Of its inside, m."""
        return self.volume / self.section

    def state(self) -> tuple[float, float]:
        """What changes as it flows: mass (kg) and temperature (K)."""
        raise NotImplementedError

    def contents(self, mass: float, temperature: float, drained: bool = False) -> Contents:
        """What leaves it, when it holds `mass` (kg) at a temperature (K); drained: whether its liquid has run out."""
        raise NotImplementedError

    def rates(self, mass: float, temperature: float, flow: float, drained: bool = False) -> tuple[float, float]:
        """How mass and temperature change (kg/s, K/s) while `flow` (kg/s) leaves."""
        raise NotImplementedError

    def empty(self, mass: float) -> bool:
        """Whether nothing is left to flow."""
        return mass <= _DREGS * self.mass

    def centre(self, mass: float, temperature: float, drained: bool = False) -> float:
        """Centre of its contents, m forward of the nozzle's end: liquid at the bottom, vapour above."""
        c = self.contents(mass, temperature, drained)
        liquid = min(c.liquid, mass)
        below, above = c.level / 2, (c.level + self.height) / 2
        return self.bottom + (liquid * below + (mass - liquid) * above) / max(mass, 1e-12)


@dataclass(frozen=True, kw_only=True)
class NitrousTank(Tank):
    """Nitrous oxide under its own pressure: liquid and vapour in equilibrium, nothing through the wall.

    The liquid leaves first; what evaporates to fill its place cools the rest. When no liquid is left, what remains leaves as it is, and
    stays on the saturation line, for vapour that expands there condenses in part. temperature: when it begins, K. The balance is that of
    Zilliac & Karabeyoglu, AIAA 2005-3549, section III (equilibrium); tests lie up to a tenth below it in pressure (Zimmerman et al., AIAA
    2013-4045). Raises `InputError` for a tank that is fuller than it can be, or too empty for any liquid.
    """

    temperature: float = spec(
        "temperature", "of the nitrous oxide", 293.15, low=TRIPLE_TEMPERATURE, high=309.0, why="no liquid above 36 °C"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        s = saturation().at(self.temperature)
        most, least = s[1] * self.volume, s[2] * self.volume
        if not least < self.mass < most:
            raise InputError(
                f"{self.mass:.4g} kg of nitrous oxide in {self.volume * 1e3:.4g} litres at {self.temperature - 273.15:.3g} °C: a tank holds liquid with "
                f"vapour above it from {least:.4g} to {most:.4g} kg",
                key="mass",
            )

    def state(self) -> tuple[float, float]:
        """Mass and temperature at the beginning."""
        return self.mass, self.temperature

    def contents(self, mass: float, temperature: float, drained: bool = False) -> Contents:
        """Liquid from the bottom while there is some, then the mixture."""
        p, rl, rv, _, _, hl, hv, sl, sv = saturation().at(temperature).tolist()
        quality = (self.volume / mass - 1 / rl) / (1 / rv - 1 / rl)
        liquid = mass * (1 - quality)
        if not drained:
            return Contents(p, p, rl, hl, sl, liquid, liquid / rl / self.section, True)
        q = min(quality, 1.0)
        return Contents(p, p, mass / self.volume, hl + q * (hv - hl), sl + q * (sv - sl), 0.0, 0.0, True)

    def rates(self, mass: float, temperature: float, flow: float, drained: bool = False) -> tuple[float, float]:
        """Energy balance d(U) = -h dm with U = m u_l + (V - m v_l) q, q = (u_v - u_l) / (v_v - v_l), all on the saturation line."""
        value, slope = saturation().at(temperature), saturation().at(temperature, derivative=True)
        rl, rv, ul, uv = value[[1, 2, 3, 4]]
        rl_t, rv_t, ul_t, uv_t = slope[[1, 2, 3, 4]]
        vl, vv, vl_t, vv_t = 1 / rl, 1 / rv, -rl_t / rl**2, -rv_t / rv**2
        q = (uv - ul) / (vv - vl)
        q_t = ((uv_t - ul_t) - q * (vv_t - vl_t)) / (vv - vl)
        by_mass = ul - vl * q
        by_temperature = mass * (ul_t - vl_t * q) + (self.volume - mass * vl) * q_t
        enthalpy = self.contents(mass, temperature, drained).enthalpy
        return -flow, float(-flow * (enthalpy - by_mass) / by_temperature)

    def liquid_left(self, mass: float, temperature: float) -> float:
        """Mass of liquid by equilibrium, kg; negative once none is left."""
        _, rl, rv, *_ = saturation().at(temperature).tolist()
        quality = (self.volume / mass - 1 / rl) / (1 / rv - 1 / rl)
        return mass * (1 - quality)

    def empty(self, mass: float) -> bool:
        """Whether what is left is too thin to be on the table of the saturation line."""
        return mass <= max(0.02 * self.mass, 1.02 * saturation().table[0, 2] * self.volume)


@dataclass(frozen=True, kw_only=True)
class PressedTank(Tank):
    """A liquid that a gas pushes out: kept at `pressure` by a regulator, or by the gas that is shut in above it.

    density: of the liquid, kg/m3. regulated: whether the pressure stays; else the gas expands as p V^exponent. vapour_pressure: at which the liquid
    boils, Pa. The mass of the gas is not counted.
    """

    pressure: float = spec("stiffness", "of the tank", above=0, high=5e7, why="500 bar")
    density: float = spec("density", "of the liquid", above=0)
    regulated: bool = True
    exponent: float = spec(
        "number", "of the expanding gas", 1.2, low=1.0, high=1.67, why="1 isothermal, 1.4 adiabatic nitrogen"
    )
    vapour_pressure: float = spec("stiffness", "of the liquid", 0.0, low=0, high=1e7)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.mass / self.density >= self.volume:
            raise InputError(
                f"{self.mass:.4g} kg of {self.density:.4g} kg/m3 do not fit into {self.volume * 1e3:.4g} litres",
                key="mass",
            )
        if not self.regulated and self.volume - self.mass / self.density < 1e-3 * self.volume:
            raise InputError("no room for the gas that should push", key="mass")

    def state(self) -> tuple[float, float]:
        """Mass, and a temperature that stays."""
        return self.mass, 293.15

    def contents(self, mass: float, temperature: float, drained: bool = False) -> Contents:
        """The liquid, under what the gas has left of its pressure."""
        gas = (self.volume - self.mass / self.density) / (self.volume - mass / self.density)
        p = self.pressure if self.regulated else self.pressure * gas**self.exponent
        left = max(mass, 0.0)
        return Contents(
            p, self.vapour_pressure, self.density, 0.0, 0.0, left, left / self.density / self.section, False
        )

    def rates(self, mass: float, temperature: float, flow: float, drained: bool = False) -> tuple[float, float]:
        """Only the mass changes."""
        return -flow, 0.0
