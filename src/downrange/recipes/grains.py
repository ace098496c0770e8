"""The grains that a motor is made of.

Made by builders/make_recipes.py from the models of the project files: edit those, and run it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal

from downrange.project import schema_motor
from downrange.recipes.base import UNSET, Given
from downrange.recipes.special import GrainRecipe

__all__ = [
    "BatesGrain",
    "CSlotGrain",
    "ConicalGrain",
    "CustomGrain",
    "DGrain",
    "DomedGrain",
    "EndBurnerGrain",
    "FinocylGrain",
    "MoonGrain",
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
