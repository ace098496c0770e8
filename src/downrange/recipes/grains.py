"""Motors made of grains.

Made by builders/make_recipes.py from the models of the project files: edit those, and run it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal

from downrange.motor import solid
from downrange.project import schema, schema_motor
from downrange.recipes.base import UNSET, Given, Recipe
from downrange.recipes.special import GrainMotorRecipe, GrainRecipe, NozzleRecipe, PropellantRecipe

__all__ = [
    "BatesGrain",
    "BurnRate",
    "BurnRatePoint",
    "CSlotGrain",
    "ConicalGrain",
    "CustomGrain",
    "DGrain",
    "DomedGrain",
    "EndBurnerGrain",
    "ErosiveBurning",
    "FinocylGrain",
    "GrainMotor",
    "Igniter",
    "MoonGrain",
    "MotorCase",
    "MotorLimits",
    "Nozzle",
    "Propellant",
    "PropellantGas",
    "RodTubeGrain",
    "StarGrain",
    "TubeGrain",
    "XCoreGrain",
]


class BatesGrain(GrainRecipe):
    """A cylinder with a round core, bonded outside.

    diameter: of the grain (length, like '54 mm') - required
    length: of the segment (length, like '54 mm') - required
    core: diameter of the core (length, like '54 mm') - required
    inhibited: ends that do not burn; 'top' is forward; 'neither' where not said
    count: how many alike follow one another; 1 where not said
    gap: to the next behind it (length, like '54 mm')
    propellant: its name, where the motor has several
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    grain: ClassVar[str] = "bates"
    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.grain_model("bates")

    def __init__(
        self, *, diameter: Given = UNSET, length: Given = UNSET, core: Given = UNSET,
        inhibited: Literal["neither", "top", "bottom", "both"] = UNSET, count: int = UNSET, gap: Given = UNSET,
        propellant: str = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class TubeGrain(GrainRecipe):
    """A tube of which any surface may be inhibited: core_burns, outside_burns, and the ends by `inhibited`.

    diameter: of the grain (length, like '54 mm') - required
    length: of the segment (length, like '54 mm') - required
    core: diameter of the core (length, like '54 mm') - required
    inhibited: ends that do not burn; 'top' is forward; 'neither' where not said
    core_burns: whether the core does; True where not said
    outside_burns: whether the outside does; False where not said
    count: how many alike follow one another; 1 where not said
    gap: to the next behind it (length, like '54 mm')
    propellant: its name, where the motor has several
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    grain: ClassVar[str] = "tube"
    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.grain_model("tube")

    def __init__(
        self, *, diameter: Given = UNSET, length: Given = UNSET, core: Given = UNSET,
        inhibited: Literal["neither", "top", "bottom", "both"] = UNSET, core_burns: bool = UNSET,
        outside_burns: bool = UNSET, count: int = UNSET, gap: Given = UNSET, propellant: str = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class EndBurnerGrain(GrainRecipe):
    """A solid cylinder that burns from its aft end forward.

    diameter: of the grain (length, like '54 mm') - required
    length: of the segment (length, like '54 mm') - required
    count: how many alike follow one another; 1 where not said
    gap: to the next behind it (length, like '54 mm')
    propellant: its name, where the motor has several
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    grain: ClassVar[str] = "end burner"
    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.grain_model("end burner")

    def __init__(
        self, *, diameter: Given = UNSET, length: Given = UNSET, count: int = UNSET, gap: Given = UNSET,
        propellant: str = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class FinocylGrain(GrainRecipe):
    """A round core with slots, square at their ends, that reach `fin_length` beyond it; `inverted`: fins of propellant that reach as far into it.

    diameter: of the grain (length, like '54 mm') - required
    length: of the segment (length, like '54 mm') - required
    core: diameter of the core (length, like '54 mm') - required
    fins: how many - required
    fin_width: of a fin (length, like '54 mm') - required
    fin_length: of a fin beyond the core (length, like '54 mm') - required
    inhibited: ends that do not burn; 'top' is forward; 'neither' where not said
    inverted: fins of propellant that reach into the core; False where not said
    count: how many alike follow one another; 1 where not said
    gap: to the next behind it (length, like '54 mm')
    propellant: its name, where the motor has several
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    grain: ClassVar[str] = "finocyl"
    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.grain_model("finocyl")

    def __init__(
        self, *, diameter: Given = UNSET, length: Given = UNSET, core: Given = UNSET, fins: Given = UNSET,
        fin_width: Given = UNSET, fin_length: Given = UNSET,
        inhibited: Literal["neither", "top", "bottom", "both"] = UNSET, inverted: bool = UNSET, count: int = UNSET,
        gap: Given = UNSET, propellant: str = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class StarGrain(GrainRecipe):
    """Wedges that run out `point_length` from the axis. `point_width`: of a wedge at its foot, on the axis; or, round a `core`, where it leaves that.

    diameter: of the grain (length, like '54 mm') - required
    length: of the segment (length, like '54 mm') - required
    arms: how many - required
    point_width: of a point at its foot (length, like '54 mm') - required
    point_length: of a point from the axis (length, like '54 mm') - required
    core: diameter of a round core (length, like '54 mm')
    inhibited: ends that do not burn; 'top' is forward; 'neither' where not said
    count: how many alike follow one another; 1 where not said
    gap: to the next behind it (length, like '54 mm')
    propellant: its name, where the motor has several
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    grain: ClassVar[str] = "star"
    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.grain_model("star")

    def __init__(
        self, *, diameter: Given = UNSET, length: Given = UNSET, arms: Given = UNSET, point_width: Given = UNSET,
        point_length: Given = UNSET, core: Given = UNSET,
        inhibited: Literal["neither", "top", "bottom", "both"] = UNSET, count: int = UNSET, gap: Given = UNSET,
        propellant: str = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class XCoreGrain(GrainRecipe):
    """Two crossed slots; each of the four arms reaches `slot_length` from the axis.

    diameter: of the grain (length, like '54 mm') - required
    length: of the segment (length, like '54 mm') - required
    slot_width: of a slot (length, like '54 mm') - required
    slot_length: of an arm from the axis (length, like '54 mm') - required
    inhibited: ends that do not burn; 'top' is forward; 'neither' where not said
    count: how many alike follow one another; 1 where not said
    gap: to the next behind it (length, like '54 mm')
    propellant: its name, where the motor has several
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    grain: ClassVar[str] = "x core"
    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.grain_model("x core")

    def __init__(
        self, *, diameter: Given = UNSET, length: Given = UNSET, slot_width: Given = UNSET,
        slot_length: Given = UNSET, inhibited: Literal["neither", "top", "bottom", "both"] = UNSET,
        count: int = UNSET, gap: Given = UNSET, propellant: str = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class CSlotGrain(GrainRecipe):
    """A slot from the rim inwards, that ends `slot_offset` from the axis; beyond it where that is negative.

    diameter: of the grain (length, like '54 mm') - required
    length: of the segment (length, like '54 mm') - required
    slot_width: of the slot (length, like '54 mm') - required
    slot_offset: of its end from the axis (length, like '54 mm') - required
    inhibited: ends that do not burn; 'top' is forward; 'neither' where not said
    count: how many alike follow one another; 1 where not said
    gap: to the next behind it (length, like '54 mm')
    propellant: its name, where the motor has several
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    grain: ClassVar[str] = "c slot"
    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.grain_model("c slot")

    def __init__(
        self, *, diameter: Given = UNSET, length: Given = UNSET, slot_width: Given = UNSET,
        slot_offset: Given = UNSET, inhibited: Literal["neither", "top", "bottom", "both"] = UNSET,
        count: int = UNSET, gap: Given = UNSET, propellant: str = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class DGrain(GrainRecipe):
    """A cylinder of which all beyond a plane `slot_offset` from the axis is cut away.

    diameter: of the grain (length, like '54 mm') - required
    length: of the segment (length, like '54 mm') - required
    slot_offset: of the plane from the axis (length, like '54 mm') - required
    inhibited: ends that do not burn; 'top' is forward; 'neither' where not said
    count: how many alike follow one another; 1 where not said
    gap: to the next behind it (length, like '54 mm')
    propellant: its name, where the motor has several
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    grain: ClassVar[str] = "d grain"
    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.grain_model("d grain")

    def __init__(
        self, *, diameter: Given = UNSET, length: Given = UNSET, slot_offset: Given = UNSET,
        inhibited: Literal["neither", "top", "bottom", "both"] = UNSET, count: int = UNSET, gap: Given = UNSET,
        propellant: str = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class MoonGrain(GrainRecipe):
    """A round core whose middle lies `core_offset` beside the axis.

    diameter: of the grain (length, like '54 mm') - required
    length: of the segment (length, like '54 mm') - required
    core: diameter of the core (length, like '54 mm') - required
    core_offset: of its middle from the axis (length, like '54 mm') - required
    inhibited: ends that do not burn; 'top' is forward; 'neither' where not said
    count: how many alike follow one another; 1 where not said
    gap: to the next behind it (length, like '54 mm')
    propellant: its name, where the motor has several
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    grain: ClassVar[str] = "moon"
    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.grain_model("moon")

    def __init__(
        self, *, diameter: Given = UNSET, length: Given = UNSET, core: Given = UNSET, core_offset: Given = UNSET,
        inhibited: Literal["neither", "top", "bottom", "both"] = UNSET, count: int = UNSET, gap: Given = UNSET,
        propellant: str = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class RodTubeGrain(GrainRecipe):
    """A rod in the core of a tube; the rod may sit on an inert one of diameter `support`.

    diameter: of the tube (length, like '54 mm') - required
    length: of the segment (length, like '54 mm') - required
    core: diameter of the tube's core (length, like '54 mm') - required
    rod: diameter of the rod (length, like '54 mm') - required
    support: diameter of an inert rod inside (length, like '54 mm')
    inhibited: ends that do not burn; 'top' is forward; 'neither' where not said
    count: how many alike follow one another; 1 where not said
    gap: to the next behind it (length, like '54 mm')
    propellant: its name, where the motor has several
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    grain: ClassVar[str] = "rod and tube"
    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.grain_model("rod and tube")

    def __init__(
        self, *, diameter: Given = UNSET, length: Given = UNSET, core: Given = UNSET, rod: Given = UNSET,
        support: Given = UNSET, inhibited: Literal["neither", "top", "bottom", "both"] = UNSET, count: int = UNSET,
        gap: Given = UNSET, propellant: str = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class ConicalGrain(GrainRecipe):
    """A core that widens or narrows evenly. Diameters, length: m. inhibited: which ends do not burn.

    diameter: outer (length, like '54 mm') - required
    length: of the segment (length, like '54 mm') - required
    forward_core: diameter of the core at the forward end (length, like '54 mm') - required
    aft_core: diameter of the core at the aft end (length, like '54 mm') - required
    inhibited: ends that do not burn; 'top' is forward; 'neither' where not said
    count: how many alike follow one another; 1 where not said
    gap: to the next behind it (length, like '54 mm')
    propellant: its name, where the motor has several
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    grain: ClassVar[str] = "conical"
    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.grain_model("conical")

    def __init__(
        self, *, diameter: Given = UNSET, length: Given = UNSET, forward_core: Given = UNSET,
        aft_core: Given = UNSET, inhibited: Literal["neither", "top", "bottom", "both"] = UNSET, count: int = UNSET,
        gap: Given = UNSET, propellant: str = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class DomedGrain(GrainRecipe):
    """A grain cast into a hemispherical forward end of the casing.

    diameter: outer (length, like '54 mm') - required
    length: with the dome (length, like '54 mm') - required
    core: diameter of the core (length, like '54 mm') - required
    core_depth: of the core from the aft end (length, like '54 mm')
    inhibited: ends that do not burn; 'top' is forward; 'neither' where not said
    count: how many alike follow one another; 1 where not said
    gap: to the next behind it (length, like '54 mm')
    propellant: its name, where the motor has several
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    grain: ClassVar[str] = "domed"
    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.grain_model("domed")

    def __init__(
        self, *, diameter: Given = UNSET, length: Given = UNSET, core: Given = UNSET, core_depth: Given = UNSET,
        inhibited: Literal["neither", "top", "bottom", "both"] = UNSET, count: int = UNSET, gap: Given = UNSET,
        propellant: str = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class CustomGrain(GrainRecipe):
    """A grain whose core is drawn: `outlines`, lists of points (x, y), or `outline`, a .dxf file; `unit` is theirs.

    diameter: diameter (length, like '54 mm') - required
    length: length (length, like '54 mm') - required
    count: how many alike follow one another; 1 where not said
    gap: to the next behind it (length, like '54 mm')
    propellant: its name, where the motor has several
    inhibited: ends that do not burn; 'top' is forward; 'neither' where not said
    outline: a .dxf file with the core
    unit: of the outlines; 'mm' where not said
    outlines: of the core, each a list of points (x, y)
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    grain: ClassVar[str] = "custom"
    file: ClassVar[Callable[[], Any]] = lambda: schema_motor.grain_model("custom")

    def __init__(
        self, *, diameter: Given = UNSET, length: Given = UNSET, count: int = UNSET, gap: Given = UNSET,
        propellant: str = UNSET, inhibited: Literal["neither", "top", "bottom", "both"] = UNSET,
        outline: str = UNSET, unit: Literal["m", "cm", "mm", "in"] = UNSET, outlines: Any = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


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
