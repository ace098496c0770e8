"""Vehicles that come apart, built in Python: a two-stager, a cluster of four, strap-on boosters."""

from __future__ import annotations

import numpy as np

from downrange.flight import Launch, MountedMotor, Rail
from downrange.motor import Motor
from downrange.rocket import (
    BodyTube,
    Boosters,
    Cluster,
    Deploy,
    Ignition,
    InnerTube,
    MassObject,
    NoseCone,
    Parachute,
    Rocket,
    Separation,
    Stage,
    TrapezoidalFins,
)


def motor(
    thrust: float = 12.0, burn: float = 1.0, mass: float = 0.0125, diameter: float = 0.018, delay: float = 4.0
) -> Motor:
    t = burn * np.array([0.0, 0.1, 0.3, 0.95, 1.0])
    return Motor(
        designation=f"T{thrust:g}", time=t, thrust=thrust * np.array([0.0, 2.0, 1.0, 0.9, 0.0]), diameter=diameter, length=0.07,
        propellant_mass=mass, dry_mass=0.011, delays=(delay,), grain_length=0.05, grain_diameter=0.9 * diameter,
    )  # fmt: skip


def tube(length: float, *parts, diameter: float = 0.0, name: str = "") -> BodyTube:
    more = {"diameter": diameter} if diameter else {}
    return BodyTube(name=name, length=length, wall=0.0004, material="cardboard", parts=parts, **more)


def fins(count: int = 3, span: float = 0.045, root: float = 0.05) -> TrapezoidalFins:
    return TrapezoidalFins(
        count=count, root_chord=root, tip_chord=0.6 * root, span=span, sweep=0.4 * root, thickness=0.002, position="bottom", material="balsa",
    )  # fmt: skip


def mount(name: str, diameter: float = 0.0185, **more) -> InnerTube:
    return InnerTube(
        name=name,
        length=0.07,
        diameter=diameter,
        wall=0.0003,
        motor_mount=True,
        position="bottom",
        overhang=0.004,
        **more,
    )


def two_stager(
    ignition: Ignition | None = None,
    separation: Separation | None = None,
    canopies: bool = True,
    rail: Rail | None = None,
) -> Launch:
    """A low-power two-stager, 25 mm wide; the sustainer is lit at burn-out of the booster."""
    chute = (
        (Parachute(name="sustainer chute", diameter=0.35, offset=0.02, deploy=Deploy(event="ejection")),)
        if canopies
        else ()
    )
    streamer = (
        (Parachute(name="booster chute", diameter=0.2, offset=0.0, deploy=Deploy(event="apogee")),) if canopies else ()
    )
    sustainer = Stage(
        name="sustainer",
        parts=(
            NoseCone(shape="ogive", length=0.08, diameter=0.025, wall=0.002, material="polystyrene"),
            tube(0.28, fins(), mount("upper mount"), *chute, diameter=0.025),
        ),
    )
    booster = Stage(
        name="booster", parts=(tube(0.12, fins(span=0.06), mount("lower mount"), *streamer, diameter=0.025),),
        separation=separation or Separation(event="burn-out"),
    )  # fmt: skip
    first = MountedMotor(motor(14.0, 0.8), "lower mount")
    second = MountedMotor(motor(8.0, 1.2), "upper mount", ignition=ignition or Ignition(event="burn-out", of="booster"))
    return Launch(
        Rocket("Two", (sustainer, booster)), first.motor, motor_mount=first.mount, more_motors=(second,),
        rail=rail or Rail(1.0, np.radians(87), 0.3),
    )  # fmt: skip


def cluster(out: tuple[int, ...] = (), ignition: tuple[Ignition, ...] = ()) -> Launch:
    """Four motors in one body of 66 mm; those `out` are not lit."""
    body = tube(
        0.7, fins(4, 0.09, 0.12), mount("four", cluster=Cluster(pattern="4-ring", spacing=1.1)),
        MassObject(mass=0.12, length=0.02, offset=0.05), Parachute(diameter=0.6, offset=0.1), diameter=0.066,
    )  # fmt: skip
    rocket = Rocket("Cluster", (NoseCone(shape="ogive", length=0.2, diameter=0.066, wall=0.002), body))
    lit = tuple(k for k in (1, 2, 3, 4) if k not in out)
    m = motor(20.0, 1.2)
    more = (MountedMotor(m, "four", out, ignition=Ignition(event="never")),) if out else ()
    return Launch(rocket, m, motor_mount="four", motor_tubes=lit, more_motors=more, rail=Rail(1.5))


def strap_on(separation: Separation | None = None) -> Launch:
    """A core with two strap-on boosters that leave when they are burnt out."""
    booster = Boosters(
        name="boosters", count=2, position="bottom", separation=separation or Separation(event="burn-out", impulse=0.05),
        parts=(NoseCone(shape="conical", length=0.05, diameter=0.025, wall=0.002), tube(0.2, fins(3, 0.03), mount("strap mount"), diameter=0.025)),
    )  # fmt: skip
    body = tube(
        0.5, fins(4, 0.07, 0.09), mount("core mount"), booster, MassObject(mass=0.04, length=0.02, offset=0.02),
        Parachute(diameter=0.45, offset=0.1), diameter=0.041,
    )  # fmt: skip
    rocket = Rocket("Strap", (NoseCone(shape="ogive", length=0.12, diameter=0.041, wall=0.002), body))
    return Launch(
        rocket, motor(12.0, 2.0, 0.024), motor_mount="core mount", rail=Rail(1.2, np.radians(88)),
        more_motors=(MountedMotor(motor(14.0, 0.8), "strap mount"),),
    )  # fmt: skip
