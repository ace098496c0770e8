"""The motors of a launch: which sits in which tube of which mount, when it is lit, and what it weighs there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from downrange.bounds import bound_of, check
from downrange.errors import InputError, suggest
from downrange.motor import Motor
from downrange.rocket import Ignition, MassProperties, MotorTube, Mount, Rocket, cylinder, mounts_of
from downrange.tables import merged

__all__ = ["Filled", "MountedMotor", "fill", "together"]

_DELAY = bound_of("time", low=0, high=600, why="delays are seconds")
_CASING_BORE = 0.9  # a casing's wall is a twentieth of its diameter


@dataclass(frozen=True, eq=False)
class MountedMotor:
    """A motor in a mount. SI.

    mount: name of the mount; "" where the rocket has one only, or none (then the motor stands at the rocket's aft end)
    tubes: numbers of the mount's tubes that hold such a motor, from 1; () all
    delay: of its ejection charge after burn-out, s; None: that of the motor, where it has one
    ignition: when it is lit; None: at launch. A motor above the lowest stage must say
    position: its aft end, m aft of the nose tip, instead of the mount's
    ejects_casing: whether its charge throws out the empty motor itself, which nothing holds in its tube
    """

    motor: Motor
    mount: str = ""
    tubes: tuple[int, ...] = ()
    delay: float | None = None
    ignition: Ignition | None = None
    position: float | None = None
    ejects_casing: bool = False

    def __post_init__(self) -> None:
        if self.delay is not None:
            check(self.delay, _DELAY, key="delay")

    @property
    def lit(self) -> Ignition:
        """When it is lit."""
        return self.ignition or Ignition()


@dataclass(frozen=True, eq=False)
class Filled:
    """One motor in its tube. `index`: of the motor among the launch's `motors`; x: its aft end, m aft of the nose tip.

    `stage` and `assembly` (pods or boosters; "" on the body) say which body it belongs to, `copy` which of the boosters.
    """

    mounted: MountedMotor
    index: int
    tube: MotorTube
    stage: str
    assembly: str
    separable: bool

    @property
    def motor(self) -> Motor:
        """What burns in it."""
        return self.mounted.motor

    @property
    def x(self) -> float:
        """The motor's aft end, m aft of the nose tip."""
        return self.tube.x if self.mounted.position is None else self.mounted.position

    @property
    def on_axis(self) -> bool:
        """Whether it stands on the body's axis and pushes along it."""
        t = self.tube
        return t.y == t.z == t.slope_y == t.slope_z == 0

    @cached_property
    def casing(self) -> MassProperties:
        """The empty motor."""
        m, t = self.motor, self.tube
        front = self.x - m.casing_centre - m.length / 2
        radius = m.diameter / 2
        return cylinder(m.dry_mass, front, m.length, outer=radius, inner=_CASING_BORE * radius, y=t.y, z=t.z)

    @cached_property
    def grain(self) -> MassProperties:
        """The propellant before it burns."""
        m, t = self.motor, self.tube
        roll, pitch = m.propellant_gyration(np.array(1.0))
        inertia = m.propellant_mass * np.diag([float(roll), float(pitch), float(pitch)])
        return MassProperties(m.propellant_mass, np.array([self.x - m.propellant_centre, t.y, t.z]), inertia)


def fill(rocket: Rocket, motors: Sequence[MountedMotor]) -> tuple[Filled, ...]:
    """Every motor in its tube. Raises `InputError` for a motor in no mount, one too many in a tube, or one that does not fit."""
    mounts = mounts_of(rocket)
    out: list[Filled] = []
    taken: dict[tuple[str, int], int] = {}
    for index, m in enumerate(motors):
        key = "motor" if len(motors) == 1 and not m.mount else f"motors[{index}]"
        mount = _mount_of(m, mounts, rocket, key)
        if mount is None:
            tube = MotorTube("", 1, rocket.length, 0.0, 0.0, bore=rocket.diameter / 2)
            chosen = [Filled(m, index, tube, rocket.stages[-1].name, "", False)]
        else:
            chosen = [Filled(m, index, t, mount.stage, mount.assembly, mount.separable) for t in _tubes(m, mount, key)]
        for f in chosen:
            _check_fit(f, rocket, mount, key)
            place = (mount.path if mount else "", f.tube.number)
            if place in taken:
                raise InputError(
                    f"tube {f.tube.number} of the mount {f.tube.mount!r} has two motors, number {taken[place] + 1} and {index + 1} "
                    "of the list; say which tubes each fills, like 'tubes: [1, 3]'",
                    key=f"{key}.tubes",
                )
            taken[place] = index
        out += chosen
    return tuple(out)


def _mount_of(m: MountedMotor, mounts: tuple[Mount, ...], rocket: Rocket, key: str) -> Mount | None:
    """The mount that a motor names, or the only one there is."""
    names = [x.name for x in mounts]
    known = ", ".join(names) or "none"
    if m.mount:
        found = [x for x in mounts if x.name == m.mount]
        if not found:
            raise InputError(
                f"the rocket has no motor mount {m.mount!r}{suggest(m.mount, names)}; its mounts: {known} "
                "(a tube with 'motor_mount: true', by its name)",
                key=f"{key}.mount",
            )
        if len(found) > 1:
            raise InputError(
                f"{len(found)} motor mounts are called {m.mount!r}; give each its own name", key=f"{key}.mount"
            )
        return found[0]
    if len(mounts) > 1 and m.position is None:
        raise InputError(
            f"{len(mounts)} motor mounts ({known}); say which motor sits in which, like 'motors: [{{mount: {names[0]}, motor: ...}}]'",
            key="motor" if key == "motor" else f"{key}.mount",
        )
    if m.position is not None and len(mounts) > 1:
        return next(x for x in reversed(mounts) if not x.assembly)
    if not mounts and (len(rocket.stages) > 1 or key != "motor"):
        raise InputError("no tube of the rocket is a motor mount: set motor_mount: true on it, and name it", key=key)
    return mounts[0] if mounts else None


def _tubes(m: MountedMotor, mount: Mount, key: str) -> list[MotorTube]:
    """The tubes of a mount that a motor fills."""
    if not m.tubes:
        return list(mount.tubes)
    n = len(mount.tubes)
    for k in m.tubes:
        if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= n:
            raise InputError(f"the tubes of {mount.name!r} are numbered 1 to {n}, seen {k!r}", key=f"{key}.tubes")
    return [mount.tubes[k - 1] for k in m.tubes]


def _slack(diameter: float) -> float:
    """How much wider than its mount a motor may be given, m: names are nominal (18 mm), mounts are measured (17.4 mm)."""
    return float(np.clip(0.06 * diameter, 0.0003, 0.001))


def _check_fit(f: Filled, rocket: Rocket, mount: Mount | None, key: str) -> None:
    """Refuse a motor that does not fit into the rocket or its mount."""
    motor, bore = f.motor, 2 * f.tube.bore
    who = f"the motor {motor.designation}"
    if motor.diameter > bore + _slack(motor.diameter):
        where = "the rocket" if mount is None else f"the mount {mount.name!r}"
        raise InputError(
            f"{who} is {motor.diameter * 1e3:g} mm wide but {where} is {bore * 1e3:.1f} mm inside; "
            "choose another motor or mount",
            key=key,
        )
    front = f.x - motor.length
    if front < 0:
        raise InputError(
            f"{who} is {motor.length * 1e3:.0f} mm long: from its aft end at {f.x * 1e3:.0f} mm it would reach "
            f"{-front * 1e3:.0f} mm out of the nose tip; choose a shorter motor, or correct its length or position",
            key=key,
        )
    if front > rocket.length:
        raise InputError(
            f"{who} lies behind the rocket: its front at {front * 1e3:.0f} mm, the rocket's end at {rocket.length * 1e3:.0f} mm "
            "from the nose tip; correct motor.position or the mount's overhang",
            key=f"{key}.position",
        )


def together(filled: Sequence[Filled]) -> Motor:
    """The motors that are lit at launch as one: thrust and propellant of all, each from when it is lit. One alone is itself.

    filled: every motor in its tube. Without any that is lit at launch it is the first.
    """
    lit = [f for f in filled if f.mounted.lit.event == "launch"] or list(filled[:1])
    first = lit[0].motor
    if len(lit) == 1:
        return first
    starts = [f.mounted.lit.delay for f in lit]
    time = merged(*(f.motor.time + d for f, d in zip(lit, starts, strict=True)))
    thrust = sum(
        (
            np.interp(time - d, f.motor.time, f.motor.thrust, left=0.0, right=0.0)
            for f, d in zip(lit, starts, strict=True)
        ),
        np.zeros_like(time),
    )
    kinds: dict[str, int] = {}
    for f in lit:
        kinds[f.motor.designation] = kinds.get(f.motor.designation, 0) + 1
    name = " + ".join(k if n == 1 else f"{n} x {k}" for k, n in kinds.items())
    return Motor(
        designation=name, manufacturer=first.manufacturer, time=time, thrust=thrust, diameter=first.diameter,
        length=max(f.motor.length for f in lit), propellant_mass=sum(f.motor.propellant_mass for f in lit),
        dry_mass=sum(f.motor.dry_mass for f in lit), delays=first.delays, plugged=first.plugged,
    )  # fmt: skip
