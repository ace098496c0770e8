"""Solid fuel of a hybrid: a hollow cylinder that regresses as its surface is blown over; and what burns to what."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from downrange.bounds import check_fields, check_word, spec
from downrange.errors import InputError

__all__ = ["HTPB_OXYGEN", "Combustion", "FuelGrain", "Regression"]


@dataclass(frozen=True, kw_only=True)
class Regression:
    """r = a G^n L^m (m/s), G in kg/(m2 s) through the port, L its length in m; a in SI (a law in mm/s has a thousandth of its number).

    flux: of the oxidiser alone, or of all that flows at the middle of the port (half of the fuel). source: whose numbers they are.
    """

    a: float = spec("number", "of r = a G^n L^m, SI", above=0, high=0.1)
    n: float = spec("number", "exponent of the flux", low=0, high=1.2)
    m: float = spec("number", "exponent of the length", 0.0, low=-1, high=1)
    flux: Literal["oxidiser", "total"] = "oxidiser"
    source: str = ""

    def __post_init__(self) -> None:
        check_fields(self)
        check_word(self.flux, ("oxidiser", "total"), key="flux")


# The law of RPE 9th ed., chapter 16, for HTPB burning with oxygen: r = 0.104 G^0.681 in inches, pounds and seconds. Other pairs differ
# several times, and one pair with its injector: a law of your own firings is worth more.
HTPB_OXYGEN = Regression(
    a=0.104 * 0.0254 / (0.45359237 / 0.0254**2) ** 0.681,
    n=0.681,
    source="Sutton & Biblarz, RPE, chapter 16: HTPB, oxygen",
)


@dataclass(frozen=True, kw_only=True)
class FuelGrain:
    """Fuel in a hollow cylinder: outer and port diameter, length (m), density (kg/m3); its ends do not burn.

    aft: of its aft end, m forward of the nozzle's end. Raises `InputError`.
    """

    outer: float = spec("length", "outer diameter", above=0, high=3)
    port: float = spec("length", "diameter of the port", above=0, high=3)
    length: float = spec("length", "of the fuel", above=0, high=20)
    density: float = spec("density", "of the fuel", above=0)
    regression: Regression
    aft: float = spec("length", "of its aft end, forward of the nozzle's end", 0.0, low=0, high=50)

    def __post_init__(self) -> None:
        check_fields(self)
        if self.port >= self.outer:
            raise InputError(
                f"a port of {self.port * 1e3:.4g} mm in fuel of {self.outer * 1e3:.4g} mm leaves none", key="port"
            )

    @property
    def mass(self) -> float:
        """Before it burns, kg."""
        return self.left(self.port)

    @property
    def centre(self) -> float:
        """m forward of the nozzle's end."""
        return self.aft + self.length / 2

    def left(self, port: float) -> float:
        """Mass at a port diameter (m), kg."""
        return self.density * math.pi / 4 * (self.outer**2 - min(port, self.outer) ** 2) * self.length

    def rate(self, oxidiser: float, port: float) -> float:
        """Regression (m/s) of the surface while `oxidiser` (kg/s) flows through a port (m)."""
        law, section = self.regression, math.pi / 4 * port**2
        scale = law.a * self.length**law.m
        r = scale * (max(oxidiser, 0.0) / section) ** law.n
        if law.flux == "total":
            for _ in range(20):
                r = scale * ((max(oxidiser, 0.0) + 0.5 * self.flow(r, port)) / section) ** law.n
        return r

    def flow(self, rate: float, port: float) -> float:
        """Fuel (kg/s) that a regression (m/s) gives at a port (m)."""
        return self.density * math.pi * port * self.length * rate


@dataclass(frozen=True, eq=False)
class Combustion:
    """c* (m/s) and heat ratio over the ratio of oxidiser to fuel by mass: ratio (k,) increasing, cstar (k,), heat_ratio (k,).

    efficiency: of c*, what mixing and burning leave. Between the knots straight lines; beyond them the last value, and the run tells how far
    beyond it went. One knot is a constant. source: where they are from, like a run of CEA at 3 MPa.
    """

    ratio: np.ndarray
    cstar: np.ndarray
    heat_ratio: np.ndarray
    efficiency: float = 1.0
    source: str = ""

    def __post_init__(self) -> None:
        columns = [np.atleast_1d(np.array(getattr(self, k), float)) for k in ("ratio", "cstar", "heat_ratio")]
        r, c, k = columns
        if not (r.shape == c.shape == k.shape and r.ndim == 1 and r.size):
            raise InputError("combustion needs as many c* and heat ratios as ratios of oxidiser to fuel")
        if np.any(np.diff(r) <= 0) or not (r > 0).all():
            raise InputError("ratios of oxidiser to fuel must increase from above 0")
        if not ((c > 300) & (c < 2600)).all() or not ((k > 1) & (k < 1.67)).all():
            raise InputError("a c* is 300 to 2600 m/s and a heat ratio 1 to 1.67")
        if not 0.3 <= self.efficiency <= 1:
            raise InputError(f"an efficiency of c* of {self.efficiency:.3g}; 0.3 to 1", key="efficiency")
        for name, column in zip(("ratio", "cstar", "heat_ratio"), columns, strict=True):
            column.setflags(write=False)
            object.__setattr__(self, name, column)

    def at(self, ratio: float) -> tuple[float, float]:
        """c* (m/s, with its efficiency) and heat ratio."""
        return float(np.interp(ratio, self.ratio, self.cstar)) * self.efficiency, float(
            np.interp(ratio, self.ratio, self.heat_ratio)
        )
