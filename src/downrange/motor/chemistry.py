"""What propellants burn to: chemical equilibrium in chamber, throat and exit, by NASA's CEA.

The engine is NASA's own package `cea` (the extra `chemistry`): S. Gordon & B. J. McBride, *Computer Program for Calculation of Complex Chemical Equilibrium
Compositions and Applications*, NASA RP-1311 (1994, 1996). Here stand the door to it and the checks of what comes back: the program may answer without
having found the state (all graphite, a product that its database lacks), and such answers are refused.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from downrange.constants import STANDARD_GRAVITY
from downrange.errors import InputError, seen
from downrange.motor.gas import Gas
from downrange.motor.hybrid.fuel import Combustion

__all__ = ["Ingredient", "Products", "combustion_table", "equilibrium"]

_SENSIBLE_CSTAR = (300.0, 3200.0)  # m/s
_COLDEST = 500.0  # K; no rocket propellant burns below, but a missing product makes it seem so


@dataclass(frozen=True)
class Ingredient:
    """A reactant: a name of NASA's database (`O2(L)`, `RP-1`, `N2O`), or any name with its formula and enthalpy of formation.

    temperature: K, at which it enters, and at which `enthalpy` (J/mol of the formula) holds. formula: atoms by element, like {"C": 2, "H": 6, "O": 1}. source: of the
    enthalpy; it is the main uncertainty of an equilibrium.
    """

    name: str
    temperature: float = 298.15
    formula: tuple[tuple[str, float], ...] | None = None
    enthalpy: float | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if (self.formula is None) != (self.enthalpy is None):
            raise InputError(
                f"{seen(self.name, 40)}: a formula needs its enthalpy of formation, and the other way round"
            )
        if not 4 <= self.temperature <= 2000:
            raise InputError(f"{seen(self.name, 40)} enters at {self.temperature:.5g} K; 4 to 2000 K")


@dataclass(frozen=True)
class Products:
    """What comes of it. SI: temperature K, exit_temperature K, molar_mass kg/mol (all products to a mole of gas), cstar m/s.

    heat_ratio: in the chamber, shifting (γ_s). specific_impulse s at an ambient pressure equal to the exit's, specific_impulse_vacuum s.
    thrust_coefficient and area_ratio: of that nozzle. condensed: mass share that is liquid or solid in the chamber. main: largest mass shares.
    """

    pressure: float
    exit_pressure: float
    temperature: float
    exit_temperature: float
    molar_mass: float
    heat_ratio: float
    cstar: float
    specific_impulse: float
    specific_impulse_vacuum: float
    thrust_coefficient: float
    area_ratio: float
    condensed: float
    main: tuple[tuple[str, float], ...]

    @property
    def gas(self) -> Gas:
        """The products as one perfect gas with the c* of the equilibrium: its temperature is that which gives it."""
        like = Gas(heat_ratio=self.heat_ratio, molar_mass=self.molar_mass, temperature=self.temperature)
        return Gas(
            heat_ratio=self.heat_ratio,
            molar_mass=self.molar_mass,
            temperature=self.temperature * (self.cstar / like.characteristic_velocity) ** 2,
        )


def _engine() -> Any:
    try:
        import cea
    except ImportError:
        raise InputError(
            "chemical equilibrium needs NASA's package cea: pip install 'downrange[chemistry]' (no wheel for Linux on ARM or Macs with Intel)"
        ) from None
    return cea


def equilibrium(shares: Mapping[Ingredient, float], pressure: float, exit_pressure: float = 101_325.0) -> Products:
    """Burn ingredients, by mass shares of any sum, at a chamber `pressure` (Pa), and expand them in equilibrium to `exit_pressure` (Pa).

    Adiabatic, with a chamber wide against the throat. Raises `InputError` for what the program does not know or cannot find.
    """
    if not 1e4 <= pressure <= 1e8 or not 100 <= exit_pressure < 0.5 * pressure:
        raise InputError(
            f"a chamber at {pressure / 1e5:.4g} bar and an exit at {exit_pressure / 1e5:.4g} bar; 0.1 to 1000 bar, and the exit below half of it"
        )
    weights = np.array(list(shares.values()), float)
    if not shares or not (np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0):
        raise InputError("mass shares must be 0 or more, and not all 0")
    cea = _engine()
    cea.set_log_level(cea.LOG_NONE)
    named = [_reactant(cea, i) for i in shares]
    try:
        before = cea.Mixture(named)
        after = cea.Mixture(named, products_from_reactants=True)
    except Exception as error:
        names = ", ".join(i.name for i in shares)
        raise InputError(
            f"CEA does not know one of {seen(names, 100)}: {seen(str(error), 80)}; give formula and enthalpy"
        ) from None
    weights = weights / weights.sum()
    solver = cea.RocketSolver(after, reactants=before)
    solution = cea.RocketSolution(solver)
    enthalpy = before.calc_property(cea.ENTHALPY, weights, np.array([i.temperature for i in shares])) / cea.R
    solver.solve(solution, weights, pressure / 1e5, [pressure / exit_pressure], hc=enthalpy, iac=True)
    return _checked(solution, pressure, exit_pressure)


def _reactant(cea: Any, ingredient: Ingredient) -> Any:
    if ingredient.formula is None:
        return ingredient.name
    return cea.Reactant(
        name=ingredient.name,
        formula=dict(ingredient.formula),
        enthalpy=ingredient.enthalpy,
        enthalpy_units="J/mol",
        temperature=ingredient.temperature,
    )


def _checked(solution: Any, pressure: float, exit_pressure: float) -> Products:
    """The solution as `Products`; raises where it is none."""
    t = np.asarray(solution.T, float)
    cstar = float(np.asarray(solution.c_star, float)[-1])
    values = [*t, cstar, *np.asarray(solution.Isp, float)[-1:], *np.asarray(solution.ae_at, float)[-1:]]
    if not (
        solution.converged
        and np.isfinite(values).all()
        and _SENSIBLE_CSTAR[0] < cstar < _SENSIBLE_CSTAR[1]
        and t[-1] < t[0]
    ):
        raise InputError(
            "CEA found no equilibrium that can be: too rich a mixture, or a phase that condenses; another mixture or pressure may do"
        )
    if t[0] < _COLDEST:
        raise InputError(
            f"CEA says {t[0]:.4g} K: its database lacks a product of these elements (as zinc sulfide), so that this answer means nothing"
        )
    shares = sorted(((n, float(np.asarray(v)[0])) for n, v in solution.mass_fractions.items()), key=lambda x: -x[1])
    condensed = sum(
        v for n, v in shares if n.endswith(("(L)", "(cr)", "(s)", "(gr)", "(a)", "(b)", "(c)", "(I)", "(II)", "(III)"))
    )
    last = {
        k: float(np.asarray(getattr(solution, k), float)[-1])
        for k in ("Isp", "Isp_vacuum", "coefficient_of_thrust", "ae_at")
    }
    return Products(
        pressure, exit_pressure, float(t[0]), float(t[-1]), float(np.asarray(solution.M, float)[0]) * 1e-3, float(np.asarray(solution.gamma_s, float)[0]),
        cstar, last["Isp"] / STANDARD_GRAVITY, last["Isp_vacuum"] / STANDARD_GRAVITY, last["coefficient_of_thrust"], last["ae_at"], condensed,
        tuple((n, v) for n, v in shares[:8] if v > 1e-4),
    )  # fmt: skip


def combustion_table(
    oxidiser: Ingredient, fuel: Ingredient, ratios: Sequence[float], pressure: float, efficiency: float = 1.0
) -> Combustion:
    """c* and heat ratio of a pair over ratios of oxidiser to fuel by mass, at one pressure (Pa), for an engine of `downrange.motor.hybrid`.

    Raises `InputError`, with the ratio, where CEA finds none: leave it out.
    """
    rows = []
    for r in ratios:
        if not (math.isfinite(r) and r > 0):
            raise InputError(f"a ratio of oxidiser to fuel of {r}; above 0")
        try:
            rows.append(equilibrium({oxidiser: r / (1 + r), fuel: 1 / (1 + r)}, pressure))
        except InputError as error:
            raise InputError(f"at a ratio of {r:g}: {error.message}") from None
    return Combustion(
        np.array(ratios, float), np.array([p.cstar for p in rows]), np.array([p.heat_ratio for p in rows]), efficiency,
        f"CEA, {oxidiser.name} and {fuel.name} at {pressure / 1e6:.3g} MPa",
    )  # fmt: skip
