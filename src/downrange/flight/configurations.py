"""Every configuration that a launch flies: the stack, what remains after each separation, and what was dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from downrange.aero import AeroTables, barrowman_cp, build_aero, build_lift
from downrange.constants import STANDARD_GRAVITY
from downrange.flight.launch import Launch
from downrange.flight.motors import Filled
from downrange.flight.packing import assumed_jet_area
from downrange.flight.quantities import first_thrust
from downrange.motor import Motor
from downrange.rocket import Attached, Boosters, MassProperties, Rocket, combine

__all__ = ["Configuration", "configurations", "jet_area"]

_SLOW = 0.3  # Mach number at which margins are told


@dataclass(frozen=True, eq=False)
class Configuration:
    """What flies together for a while. SI; places are aft of its own foremost point.

    rocket: as `Rocket.configuration` gives it; lit: the motors that burn as it begins to fly so, burnt: those that are spent then
    already, waiting: those that are lit later. `dropped`: it has left the vehicle, and its motors are spent.
    """

    launch: Launch
    rocket: Rocket
    name: str
    lit: tuple[Filled, ...]
    burnt: tuple[Filled, ...]
    waiting: tuple[Filled, ...]
    dropped: bool = False

    def _masses(self, full: Sequence[Filled], empty: Sequence[Filled]) -> MassProperties:
        """With the motors `full` loaded and `empty` spent; one booster that flies alone has one booster's motors, on its axis."""
        motors = [f.casing for f in (*full, *empty)] + [f.grain for f in full]
        return combine([self.rocket.without_motor, *(m.shifted(self._origin) for m in motors)])

    @cached_property
    def _origin(self) -> np.ndarray:
        """What takes the vehicle's places to its own."""
        alone = self.dropped and self.rocket.stages[0].name not in {s.name for s in self.launch.rocket.stages}
        y, z = self._place if alone else (0.0, 0.0)
        return np.array([-self.rocket.datum, -y, -z])

    @property
    def _place(self) -> tuple[float, float]:
        """The axis of the first of the boosters."""
        return next(a.places[0] for a in self.launch.rocket.boosters if a.name == self.rocket.stages[0].name)

    @cached_property
    def begins(self) -> MassProperties:
        """As it begins to fly so."""
        return self._masses((*self.lit, *self.waiting), self.burnt)

    @cached_property
    def ends(self) -> MassProperties:
        """With the motors that were lit spent."""
        return self._masses(self.waiting, (*self.lit, *self.burnt))

    @cached_property
    def aero(self) -> AeroTables:
        """Its coefficients, with the jets of the motors that are lit."""
        jets: dict[str, float] = {}
        for f in self.lit:
            if f.tube.copy in (0, 1):
                jets[f.assembly] = jets.get(f.assembly, 0.0) + jet_area(f.motor)
        return build_aero(self.rocket, mach_max=0.5, jet_area=jets.pop("", 0.0), jets=jets, options=self.launch.aero)

    @cached_property
    def cp(self) -> float:
        """Centre of pressure at Mach 0.3, m aft of its foremost point; NaN where it means nothing."""
        return build_lift(self.rocket, mach_max=0.5, options=self.launch.aero).centre_of_pressure(_SLOW)

    def margin(self, mass: MassProperties) -> float:
        """Static margin with these masses, calibres of its own largest diameter."""
        return (self.cp - float(mass.cg[0])) / self.rocket.diameter

    @property
    def barrowman_margin(self) -> float:
        """The same by Barrowman's method, which knows no downwash, as it begins."""
        return (barrowman_cp(self.rocket) - float(self.begins.cg[0])) / self.rocket.diameter

    @property
    def least_margin(self) -> float:
        """The smaller of the margins as it begins and with the motors spent, calibres."""
        return min(self.margin(self.begins), self.margin(self.ends))

    @property
    def thrust_to_weight(self) -> float | None:
        """Average thrust of the first 0.5 s of all that is lit, along the axis, over its weight; None where nothing burns."""
        if not self.lit:
            return None
        weight = self.begins.mass * STANDARD_GRAVITY
        along = [1 / np.sqrt(1 + f.tube.slope_y**2 + f.tube.slope_z**2) for f in self.lit]
        return float(
            sum(first_thrust(f.motor, weight / len(self.lit)) * c for f, c in zip(self.lit, along, strict=True))
            / weight
        )

    @property
    def ready(self) -> bool:
        """Whether it is stable while it burns or coasts nose first, and has more thrust than weight; what was dropped need not be."""
        return self.dropped or bool(
            self.least_margin >= 0 and (self.thrust_to_weight is None or self.thrust_to_weight >= 1)
        )

    def summary(self) -> dict[str, float | str | bool | None]:
        """The keys of `downrange check --json`; null where there is none."""
        numbers = {
            "mass_kg": self.begins.mass, "cg_m": float(self.begins.cg[0]), "burnout_mass_kg": self.ends.mass,
            "burnout_cg_m": float(self.ends.cg[0]), "cp_m": self.cp, "static_margin_cal": self.margin(self.begins),
            "burnout_margin_cal": self.margin(self.ends), "static_margin_barrowman_cal": self.barrowman_margin,
            "thrust_to_weight": self.thrust_to_weight, "length_m": self.rocket.length, "diameter_m": self.rocket.diameter,
            "front_m": self.rocket.datum,
        }  # fmt: skip
        told = {k: None if v is None or not np.isfinite(v) else float(v) for k, v in numbers.items()}
        return {"name": self.name, "dropped": self.dropped, "open_front": self.rocket.open_front, **told}


def jet_area(motor: Motor) -> float:
    """What a motor's jet fills of the base, m2."""
    return motor.nozzle_exit_area or assumed_jet_area(motor.diameter)


def configurations(launch: Launch) -> tuple[Configuration, ...]:
    """Every configuration that a launch flies, in the order in which they are expected: boosters leave first, then stages from below.

    The order is that of the parts and not of the clock: where an upper stage is lit before one below has left, it counts as that
    one's. What never separates stays.
    """
    return tuple(_configurations(launch))


def _configurations(launch: Launch) -> Iterator[Configuration]:
    rocket = launch.rocket
    stages, gone = [s.name for s in rocket.stages], list[str]()
    yield _flying(launch, stages, gone, first=True)
    for k in range(len(stages) - 1, -1, -1):
        for a in rocket.boosters:
            held = rocket.stage_of(a.path).name == stages[k]
            if held and _leaves(a):
                gone.append(a.name)
                yield _flying(launch, stages[: k + 1], gone)
                yield _dropped(
                    launch, a.rocket, a.name, [f for f in launch.filled if f.assembly == a.name and f.tube.copy == 1]
                )
        below = rocket.stages[k].separation
        if k == 0 or below is None or below.event == "never":
            continue
        last = _stays_with(rocket, k)
        own = rocket.configuration(stages[k:last], [n for n in gone if _on(rocket, n, stages[k:last])])
        spent = [f for f in launch.filled if f.stage in stages[k:last] and f.assembly not in gone]
        yield _flying(launch, stages[:k], gone)
        yield _dropped(launch, own, " + ".join(stages[k:last]), spent)


def _leaves(a: Attached) -> bool:
    return isinstance(a.part, Boosters) and a.part.separation is not None and a.part.separation.event != "never"


def _stays_with(rocket: Rocket, k: int) -> int:
    """One past the last of the stages that leave together with stage `k`."""
    last = k + 1
    while last < len(rocket.stages) and (s := rocket.stages[last].separation) is not None and s.event == "never":
        last += 1
    return last


def _on(rocket: Rocket, name: str, stages: Sequence[str]) -> bool:
    return any(a.name == name and rocket.stage_of(a.path).name in stages for a in rocket.boosters)


def _flying(launch: Launch, stages: list[str], gone: list[str], first: bool = False) -> Configuration:
    rocket = launch.rocket.configuration(stages, [n for n in gone if _on(launch.rocket, n, stages)])
    there = [f for f in launch.filled if f.stage in stages and f.assembly not in gone]
    at_start = [f for f in there if f.mounted.lit.event == "launch"]
    never = [f for f in there if f.mounted.lit.event == "never"]
    if first:
        lit, burnt = at_start, list[Filled]()
    else:
        later = [f for f in there if f not in at_start and f not in never]
        low = [f for f in later if f.stage == stages[-1]]
        # Boosters have left, and the body that they stood on burns on; a stage has left, and the one above it is lit.
        burns_on = [f for f in at_start if f.stage == stages[-1]]
        lit, burnt = (burns_on or low), [f for f in at_start if f not in burns_on]
    waiting = [f for f in there if f not in lit and f not in burnt]
    name = " + ".join(stages)
    held = [a.name for a in launch.rocket.boosters if a.name not in gone and _on(launch.rocket, a.name, stages)]
    return Configuration(launch, rocket, " + ".join([name, *held]), tuple(lit), tuple(burnt), tuple(waiting))


def _dropped(launch: Launch, rocket: Rocket, name: str, motors: Sequence[Filled]) -> Configuration:
    burnt = [f for f in motors if f.mounted.lit.event != "never"]
    waiting = [f for f in motors if f.mounted.lit.event == "never"]
    return Configuration(launch, rocket, name, (), tuple(burnt), tuple(waiting), dropped=True)
