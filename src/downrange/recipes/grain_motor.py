"""Motors made of grains, but for the grains.

Made by builders/make_recipes.py from the models of the project files: edit those, and run it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal

from downrange.motor import solid
from downrange.project import schema, schema_motor
from downrange.recipes.base import UNSET, Given, Recipe
from downrange.recipes.special import GrainMotorRecipe, NozzleRecipe, PropellantRecipe

__all__ = [
    "BurnRate",
    "BurnRatePoint",
    "ErosiveBurning",
    "GrainMotor",
    "Igniter",
    "MotorCase",
    "MotorLimits",
    "Nozzle",
    "Propellant",
    "PropellantGas",
]


class PropellantGas(Recipe):
    """The products of a propellant as one gas.

    heat_ratio: ratio of specific heats - required
    molar_mass: of a mole of the gas, with what is condensed in it (mass, like '250 g') - required
    temperature: of the flame (temperature, like '15 degC') - required
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.GasFile

    def __init__(
        self, *, heat_ratio: Given = UNSET, molar_mass: Given = UNSET, temperature: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class BurnRate(Recipe):
    """The burning rate over a range of pressure: rate at 1 MPa times (pressure in MPa) to the exponent.

    to: pressure up to which it holds (pressure, like '1013.25 hPa') - required
    at_1_MPa: rate that it has, or would have, at 1 MPa (speed, like '5 m/s') - required
    exponent: of pressure - required
    `from_`: pressure from which it holds (pressure, like '1013.25 hPa')
    gas: its products there, where they are others
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.RatePieceFile

    def __init__(
        self, *, to: Given = UNSET, at_1_MPa: Given = UNSET, exponent: Given = UNSET, from_: Given = UNSET,
        gas: Any = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class BurnRatePoint(Recipe):
    """A burning rate at a pressure.

    pressure: at which it is (pressure, like '1013.25 hPa') - required
    rate: of burning (speed, like '5 m/s') - required
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.RatePointFile

    def __init__(
        self, pressure: Given = UNSET, rate: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class ErosiveBurning(Recipe):
    """Erosive burning: Lenoir and Robillard's law with your α and β, or Mukunda and Paul's, which needs no numbers.

    law: whose; 'lenoir-robillard' where not said
    alpha: of Lenoir and Robillard, in SI
    beta: of Lenoir and Robillard; 53 where not said, which is usual
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.ErosiveFile

    def __init__(
        self, *, law: Literal["lenoir-robillard", "mukunda-paul"] = UNSET, alpha: Given = UNSET, beta: Given = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Propellant(PropellantRecipe):
    """A propellant: a published record by name, or its own numbers.

    name: what you call it
    record: a published one: KNDX, KNSB, KNSB coarse, KNSU, KNER coarse, RNX-57, RNX-71V
    density: as cast (density, like '680 kg/m^3')
    gas: its products
    efficiency: of the characteristic velocity
    burn_rate: in pieces of pressure
    rate_table: instead: measured points
    rate_factor: multiplies the rate; its ± is that of the law
    sensitivity: of the rate to temperature, 1/K
    temperature: for which the rates hold (temperature, like '15 degC')
    erosive: burning by cross flow, which the one-dimensional level follows: like `mukunda-paul`
    source: where the numbers come from
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.PropellantFile

    def __init__(
        self, *, name: str = UNSET, record: str = UNSET, density: Given = UNSET, gas: Any = UNSET,
        efficiency: Given = UNSET, burn_rate: Any = UNSET, rate_table: Any = UNSET, rate_factor: Given = UNSET,
        sensitivity: Given = UNSET, temperature: Given = UNSET, erosive: Any = UNSET, source: str = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Nozzle(NozzleRecipe):
    """The nozzle.

    throat: diameter of the throat (length, like '54 mm') - required
    exit: diameter of the exit (length, like '54 mm') - required
    divergence: half angle of the exit cone (angle, like '84 deg') - required
    convergence: half angle of the entrance cone (angle, like '84 deg')
    throat_length: of a straight-cut throat; left out: it is rounded (length, like '54 mm')
    efficiency: of thrust, beyond divergence, friction and throat
    erosion_at_1_MPa: growth of the throat's radius; in proportion to pressure (speed, like '5 m/s')
    slag_at_1_MPa: narrowing of its radius; the less the higher the pressure (speed, like '5 m/s')
    two_phase: share of thrust that droplets in the jet leave
    separation: by whose law the jet leaves the wall; 'summerfield' where not said
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.NozzleFile

    def __init__(
        self, *, throat: Given = UNSET, exit: Given = UNSET, divergence: Given = UNSET, convergence: Given = UNSET,
        throat_length: Given = UNSET, efficiency: Given = UNSET, erosion_at_1_MPa: Given = UNSET,
        slag_at_1_MPa: Given = UNSET, two_phase: Given = UNSET,
        separation: Literal["summerfield", "schmucker", "stark", "none"] = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class MotorCase(Recipe):
    """What is around the propellant, and what the motor weighs empty.

    bore: of the chamber (length, like '54 mm')
    length: of the chamber (length, like '54 mm')
    volume: of the empty chamber, m3
    diameter: of the motor (length, like '54 mm')
    outer_length: of the motor (length, like '54 mm')
    mass: of the empty motor (mass, like '250 g')
    centre: of the empty motor, forward of the nozzle end (length, like '54 mm')
    nozzle_length: from the chamber's aft end to the nozzle's (length, like '54 mm')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.model_of(solid.Case)

    def __init__(
        self, *, bore: Given = UNSET, length: Given = UNSET, volume: Given = UNSET, diameter: Given = UNSET,
        outer_length: Given = UNSET, mass: Given = UNSET, centre: Given = UNSET, nozzle_length: Given = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Igniter(Recipe):
    """The gas that an igniter gives.

    mass: of igniter gas (mass, like '250 g') - required
    time: over which it comes (time, like '1.5 s')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.model_of(solid.Igniter)

    def __init__(
        self, *, mass: Given = UNSET, time: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class MotorLimits(Recipe):
    """What a firing is judged by; 0 is not judged.

    pressure: highest that the case may see (pressure, like '1013.25 hPa')
    mass_flux: highest in a port, kg/(m2 s); 1406 are 2 lb/(s in2)
    port_to_throat: least, of the aft passage
    bolts: that the closure's bolts stand together (force, like '100 N')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.model_of(solid.Limits)

    def __init__(
        self, *, pressure: Given = UNSET, mass_flux: Given = UNSET, port_to_throat: Given = UNSET,
        bolts: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class GrainMotor(GrainMotorRecipe):
    """A motor made of grains; it flies in a `dr.Launch(motor=...)`.

    name: what you call it
    grains: from the forward end aft - required
    nozzle: nozzle - required
    manufacturer: manufacturer
    notes: anything; sources above all
    propellant: of all grains
    propellants: instead: several, by name
    case: what is around; its mass, to fly with it
    igniter: igniter
    limits: what a result is judged by; 0: not
    temperature: of the propellant when it is lit (temperature, like '15 degC')
    ambient: pressure of the air (pressure, like '1013.25 hPa')
    level: of the ballistics that a flight takes; 'transient' where not said
    delays: of the ejection charge (time, like '1.5 s')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.GrainMotorFile

    def __init__(
        self, name: str = UNSET, *, grains: Any = UNSET, nozzle: Any = UNSET, manufacturer: str = UNSET,
        notes: str = UNSET, propellant: Any = UNSET, propellants: Any = UNSET, case: Any = UNSET,
        igniter: Any = UNSET, limits: Any = UNSET, temperature: Given = UNSET, ambient: Given = UNSET,
        level: Literal["quasi-steady", "transient", "one-dimensional"] = UNSET, delays: Given = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())
