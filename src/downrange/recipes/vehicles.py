"""Stages of a vehicle: how they part, how they are lit, how motors stand side by side.

Made by builders/make_recipes.py from the models of the project files: edit those, and run it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal

from downrange import rocket
from downrange.project import schema
from downrange.recipes.base import UNSET, Given, Recipe
from downrange.recipes.special import StageRecipe

__all__ = [
    "Cluster",
    "Ignition",
    "Separation",
    "Stage",
]


class Cluster(Recipe):
    """How several equal tubes stand side by side in the tube that holds them.

    pattern: how they stand; an n-star is a ring of n round one in the middle (9-star: of 8); 'single' where not said
    count: of the tubes in a `ring`
    centre: one more in the middle of a `ring`; False where not said
    places: places (length, like '54 mm')
    spacing: middle to middle of neighbours, in their diameters; 1 is touching
    distance: middle to middle of neighbours, instead of spacing (length, like '54 mm')
    rotation: turns the pattern about the axis (angle, like '84 deg')
    cant: how far each tube off the axis leans, its nozzle outwards (angle, like '84 deg')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.model_of(rocket.Cluster)

    def __init__(
        self,
        pattern: Literal["single", "double", "3-row", "4-row", "3-ring", "4-ring", "5-ring", "6-ring", "3-star", "4-star", "5-star", "6-star", "9-star", "9-grid", "ring"] = UNSET,
        *, count: Any = UNSET, centre: bool = UNSET, places: Given = UNSET, spacing: Given = UNSET,
        distance: Given = UNSET, rotation: Given = UNSET, cant: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Separation(Recipe):
    """When a stage leaves the one above it, or boosters the body that they stand on.

    event: what sets it off: burn-out or ejection charge of its own motors, ignition of the stage above, ... - required
    of: of which stage or boosters, if not as usual: burn-out and ejection its own, ignition the stage above
    delay: time after the event (time, like '1.5 s')
    time: from the first ignition, for `time` (time, like '1.5 s')
    altitude: height above the pad, for `altitude` (length, like '54 mm')
    falling: `altitude` is passed on the way down, not up; False where not said
    impulse: that a charge or a spring gives along the axis, to each of the two; 0: it parts where drag pulls it (impulse, like '640 N s')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.model_of(rocket.Separation)

    def __init__(
        self,
        event: Literal["burn-out", "ejection", "ignition", "time", "altitude", "apogee", "launch", "never"] = UNSET,
        *, of: str = UNSET, delay: Given = UNSET, time: Given = UNSET, altitude: Given = UNSET,
        falling: bool = UNSET, impulse: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Ignition(Recipe):
    """When a motor is lit, and what must hold then; a motor whose conditions do not hold at that moment is not lit at all.

    event: what lights it; 'launch' where not said
    of: whose burn-out, ejection or separation: a stage, boosters or a mount by name; left out: the stage below
    delay: time after the event (time, like '1.5 s')
    time: from the first ignition, for `time` (time, like '1.5 s')
    altitude: height above the pad that it rises through, for `altitude` (length, like '54 mm')
    speed: speed that it falls through as it coasts up, for `speed` (speed, like '5 m/s')
    tilt_below: lit only where its axis leans less than this from the vertical (angle, like '84 deg')
    altitude_above: lit only above this height over the pad (length, like '54 mm')
    speed_above: lit only while faster than this (speed, like '5 m/s')
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.model_of(rocket.Ignition)

    def __init__(
        self,
        event: Literal["launch", "burn-out", "ejection", "separation", "time", "altitude", "speed", "never"] = UNSET,
        *, of: str = UNSET, delay: Given = UNSET, time: Given = UNSET, altitude: Given = UNSET, speed: Given = UNSET,
        tilt_below: Given = UNSET, altitude_above: Given = UNSET, speed_above: Given = UNSET, **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())


class Stage(StageRecipe):
    """A stage: its parts from the nose back, and when it leaves the stage above it.

    name: what you call it; no two are called alike - required
    parts: the parts from its front back - required
    separation: when it leaves the stage above; the foremost stage has none
    measured: measured
    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.
    """

    file: ClassVar[Callable[[], Any]] = lambda: schema.model_of(rocket.Stage)

    def __init__(
        self, name: str = UNSET, parts: Any = UNSET, *, separation: Any = UNSET, measured: Any = UNSET,
        **in_units: float,
    ) -> None:  # fmt: skip
        super().__init__(locals())
