"""What can go wrong: changes of a program, alone or together, each with a probability.

A `Change` says what is different in one respect: the devices that open, the numbers in a flight's row, or what goes on
flying after something breaks. A `Mode` is a set of changes. The shipped probabilities are labelled priors, not data.

Sources: the total of recovery failures and the base rate of 8.5 % of 6,169 flights are those reported of the NAR study
"Launching Safely in the 21st Century" (2005), seen at second hand; how it is split between modes is judgement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from downrange.errors import InputError, suggest
from downrange.failures.recovery import Backup, CanopyTears, FirstFails, MachSpike, any_opens, two_open
from downrange.failures.scene import Change, Draw, Scene, Wreck, has_fin, scene_of
from downrange.failures.stages import (
    DragSeparation,
    DroppedCanopyFails,
    EarlySeparation,
    MotorLate,
    MotorOut,
    NoSeparation,
    StrapOnHangs,
    SustainerLate,
    SustainerTilted,
    SustainerUnlit,
)
from downrange.flight import Launch
from downrange.flight.named import named_devices
from downrange.flight.recovery import TUMBLING_SPREAD, tumbling_drag_area, tumbling_tube
from downrange.flight.results import launch_figures
from downrange.flight.rows import (
    AT_APOGEE,
    AT_NEVER,
    AT_STOP_APOGEE,
    AT_TIME,
    DEVICE,
    DEVICES,
)
from downrange.frames import multiply_quaternions

__all__ = [
    "CHANGES",
    "MODES",
    "NOMINAL",
    "RECOVERY_MODES",
    "VEHICLE_MODES",
    "Change",
    "Mode",
    "Scene",
    "Wreck",
    "make_mode",
    "scene_of",
]

NOMINAL = "nominal"
_FAR = 2.0  # standard deviations to which a drag area is drawn


def _between(u: np.ndarray, bounds: tuple[float, float]) -> np.ndarray:
    return bounds[0] + (bounds[1] - bounds[0]) * u


class NothingOpens(Change):
    doc = "No recovery device opens: it comes down ballistic."

    def missing(self, scene: Scene) -> str:
        return any_opens(scene)

    def devices(self, table: np.ndarray, scene: Scene) -> np.ndarray:
        out = table.copy()
        named_devices(out)["event"] = AT_NEVER
        return out


class MainFails(Change):
    doc = "The last device never opens: it comes down under the first."

    def missing(self, scene: Scene) -> str:
        return two_open(scene)

    def devices(self, table: np.ndarray, scene: Scene) -> np.ndarray:
        out = table.copy()
        named_devices(out)["event"][scene.opening[-1]] = AT_NEVER
        return out


def _first_adds(table: np.ndarray, scene: Scene) -> np.ndarray:
    """The devices, where those that should open before the last may come after it: a drogue that opens beside an open main
    does not take its drag away."""
    out = table.copy()
    named_devices(out)["replaces"][list(scene.opening[:-1])] = 0.0
    return out


class MainAtApogee(Change):
    doc = "The last device opens at apogee with the first: the longest drift."

    def missing(self, scene: Scene) -> str:
        return two_open(scene)

    def devices(self, table: np.ndarray, scene: Scene) -> np.ndarray:
        out = _first_adds(table, scene)
        named_devices(out)["event"][scene.opening[-1]] = AT_APOGEE
        return out


@dataclass(frozen=True)
class Late(Change):
    """The devices that open first are late by a time between the bounds, s."""

    by: tuple[float, float] = (1.0, 10.0)
    doc = "The first device opens 1 to 10 s late, at speed."
    reach = "main"

    def missing(self, scene: Scene) -> str:
        return any_opens(scene)

    def devices(self, table: np.ndarray, scene: Scene) -> np.ndarray:
        return _first_adds(table, scene)

    def rows(self, rows: np.ndarray, scene: Scene, draw: Draw) -> None:
        rows["lag"][:, scene.opening[0]] += _between(draw("late"), self.by)


class Early(Change):
    doc = "The first device opens on the way up, at a time between burn-out and apogee."
    reach = "main"

    def decides(self, scene: Scene) -> tuple[int, ...]:
        return scene.opening[:1]

    def missing(self, scene: Scene) -> str:
        return any_opens(scene) or ("" if np.isfinite(scene.nominal["apogee_time"]) else "it has no apogee")

    def devices(self, table: np.ndarray, scene: Scene) -> np.ndarray:
        out = table.copy()
        named_devices(out)["event"][scene.opening[0]] = AT_TIME
        return out

    def rows(self, rows: np.ndarray, scene: Scene, draw: Draw) -> None:
        burn = scene.program.launch.lifting.burnout_time
        first = scene.opening[0]
        rows["value"][:, first] = _between(draw("early"), (burn, max(scene.nominal["apogee_time"], burn)))
        rows["lag"][:, first] = 0.0


class Tumbles(Change):
    doc = "It separates at apogee, but no canopy comes out: the sections tumble on their cord."
    reach = "main"

    def decides(self, scene: Scene) -> tuple[int, ...]:
        return tuple(range(DEVICES))

    def devices(self, table: np.ndarray, scene: Scene) -> np.ndarray:
        out = np.zeros_like(table)
        named_devices(out)["event"] = [AT_APOGEE, *[AT_NEVER] * (DEVICES - 1)]
        return out

    def rows(self, rows: np.ndarray, scene: Scene, draw: Draw) -> None:
        rows["lag"], rows["backup"], rows["glide"] = 0.0, 0.0, 0.0
        rows["cd_area"][:, 0] = _tumbling_areas(tumbling_drag_area(scene.rocket), draw("tumble"))
        rows["across"], rows["along"] = 0.0, 0.0

    def across(self, scene: Scene) -> float | None:
        return scene.length


@dataclass(frozen=True)
class Unstable(Change):
    """The centre of gravity too far aft: a static margin between the bounds, calibres."""

    margin: tuple[float, float] = (-1.0, 0.2)
    doc = "Unstable off the rail: a static margin between -1 and 0.2 calibres."

    def rows(self, rows: np.ndarray, scene: Scene, draw: Draw) -> None:
        margin = launch_figures(scene.program)["static_margin"]
        wanted = _between(draw("margin"), self.margin)
        rows["cp_shift"] += (wanted - margin) * scene.program.launch.rocket.diameter


@dataclass(frozen=True)
class Gust(Change):
    """Wind stronger than expected at all heights by a speed between the bounds, m/s, within 30 degrees of it."""

    by: tuple[float, float] = (4.0, 10.0)
    doc = "The wind is 4 to 10 m/s stronger than expected: it turns into the wind, and drifts further."
    reach = "all"

    def rows(self, rows: np.ndarray, scene: Scene, draw: Draw) -> None:
        launch = scene.program.launch
        z = launch.pad.elevation + np.array([10.0, 100.0, 300.0])
        u, v = float(np.mean(launch.weather.wind.east(z))), float(np.mean(launch.weather.wind.north(z)))
        calm = np.hypot(u, v) < 0.5
        toward = (
            2 * np.pi * draw("toward") if calm else np.arctan2(v, u) + _between(draw("toward"), (-np.pi / 6, np.pi / 6))
        )
        speed = _between(draw("gust"), self.by)
        rows["wind_u"] += speed * np.cos(toward)
        rows["wind_v"] += speed * np.sin(toward)


@dataclass(frozen=True)
class Thrust(Change):
    """The motor pushes a factor between the bounds of what it should, on the same propellant."""

    factor: tuple[float, float]
    doc = "The motor pushes less or more than it should, on the same propellant."

    def rows(self, rows: np.ndarray, scene: Scene, draw: Draw) -> None:
        rows["thrust"] *= _between(draw("thrust"), self.factor)


@dataclass(frozen=True)
class HangFire(Change):
    """Ignition comes late by a time between the bounds, s."""

    by: tuple[float, float] = (2.0, 60.0)
    doc = "Ignition comes 2 to 60 s late: the same flight, when people have come nearer."

    @property
    def hold(self) -> tuple[float, float]:
        return self.by


class LosesFin(Change):
    doc = "A fin comes off between half the burn and 1.2 times it, where it is fastest."

    def missing(self, scene: Scene) -> str:
        if scene.program.staged:
            return "of vehicles that come apart it is not flown"
        return "" if any(has_fin(q.part) for q in scene.program.launch.rocket.placed) else "it has no fins"

    def rows(self, rows: np.ndarray, scene: Scene, draw: Draw) -> None:
        rows["stop"] = _of_the_burn(scene, _between(draw("when"), (0.5, 1.2)))

    def bodies(self, scene: Scene) -> tuple[Wreck, ...]:
        def prepare(rows: np.ndarray, starts: np.ndarray, draw: Draw) -> None:
            # Which fin it is: the rocket rolled by any angle before it loses its first.
            half = np.pi * draw("roll")
            turn = np.stack([np.cos(half), np.sin(half), np.zeros_like(half), np.zeros_like(half)], axis=1)
            starts["quaternion"] = multiply_quaternions(starts["quaternion"], turn)
            c, s = np.cos(2 * half), np.sin(2 * half)
            _, q, r = starts["omega_body"].T.copy()
            starts["omega_body"][:, 1], starts["omega_body"][:, 2] = c * q + s * r, c * r - s * q

        return (Wreck("rocket", scene.without_fin, prepare, True),)


@dataclass(frozen=True)
class MotorBursts(Change):
    """At any time of the burn; airframe and casing fly apart, each direction with a standard deviation of `kick` m/s."""

    kick: float = 10.0
    doc = "The motor bursts at any time of its burn: airframe and casing tumble down."

    def rows(self, rows: np.ndarray, scene: Scene, draw: Draw) -> None:
        rows["stop"] = _of_the_burn(scene, draw("when"))

    def bodies(self, scene: Scene) -> tuple[Wreck, ...]:
        motor, mass = scene.motor, scene.dry_mass
        casing = motor.dry_mass or 0.1 * mass  # where its mass stands within the rocket's
        whole, bare = tumbling_drag_area(scene.rocket), tumbling_tube(motor.diameter, motor.length)
        return (
            _tumbling(scene, "airframe", mass - casing, whole, self.kick, scene.length),
            _tumbling(scene, "motor casing", casing, bare, 2 * self.kick, motor.length),
        )


class CordBreaks(Change):
    doc = "The cord breaks at apogee: the aft section tumbles on its own, the rest comes down as planned."

    def missing(self, scene: Scene) -> str:
        if scene.program.staged:
            return "of vehicles that come apart it is not flown"
        return (
            ""
            if len(scene.program.launch.sections) > 1
            else "its sections are not given (key sections of the launch file)"
        )

    def rows(self, rows: np.ndarray, scene: Scene, draw: Draw) -> None:
        rows["stop"] = AT_STOP_APOGEE

    def bodies(self, scene: Scene) -> tuple[Wreck, ...]:
        launch, last = scene.program.launch, scene.program.launch.sections[-1]
        rest = float(scene.masses[:-1].sum())

        def prepare(rows: np.ndarray, starts: np.ndarray, draw: Draw) -> None:
            rows["mass"] *= rest / launch.dry.mass

        area, length = tumbling_drag_area(launch.rocket, last.front, last.aft), last.aft - last.front
        aft = _tumbling(scene, last.name, float(scene.masses[-1]), area, 0.0, length)
        return (Wreck("rest under canopy", scene.program.compiled, prepare, True), aft)


def _of_the_burn(scene: Scene, share: np.ndarray) -> np.ndarray:
    """Times (s from ignition) at shares of the burn, which begins with thrust and not with the igniter."""
    motor = scene.program.launch.lifting
    return motor.thrust_begins + share * (motor.burnout_time - motor.thrust_begins)


def _tumbling_areas(area: float, u: np.ndarray) -> np.ndarray:
    """Drag areas (n,), m2, of a body that tumbles with `area` on average: normal, as far as it is known, held at two sigma."""
    from scipy.special import ndtri

    return np.asarray(area * (1 + TUMBLING_SPREAD * np.clip(ndtri(u), -_FAR, _FAR)))


def _tumbling(scene: Scene, name: str, mass: float, area: float, kick: float, length: float) -> Wreck:
    """A point mass that tumbles from where it starts; `kick` is the standard deviation of what it gets each way, m/s."""
    table = np.zeros((DEVICES, DEVICE))
    named_devices(table)["event"] = [AT_TIME, *[AT_NEVER] * (DEVICES - 1)]

    def prepare(rows: np.ndarray, starts: np.ndarray, draw: Draw) -> None:
        from scipy.special import ndtri

        rows["mass"], rows["propellant"], rows["glide"] = mass, 0.0, 0.0
        rows["lag"][:, 0], rows["value"][:, 0] = 0.0, 0.0
        rows["cd_area"][:, 0] = _tumbling_areas(area, draw(f"{name}.tumble"))
        rows["across"], rows["along"] = 0.0, 0.0
        for k in range(3):
            starts["velocity_enu"][:, k] += kick * ndtri(draw(f"{name}.kick{k}"))

    return Wreck(name, replace(scene.compiled, devices=table), prepare, across=length)


CHANGES: dict[str, Change] = {
    "nothing opens": NothingOpens(), "main fails": MainFails(), "main at apogee": MainAtApogee(), "late": Late(), "early": Early(),
    "first fails": FirstFails(), "canopy tears": CanopyTears(), "altimeter dead": Backup(), "mach spike": MachSpike(),
    "tumbles": Tumbles(), "unstable": Unstable(), "gust": Gust(), "low thrust": Thrust((0.5, 0.9)), "high thrust": Thrust((1.1, 1.3)),
    "hang fire": HangFire(), "loses fin": LosesFin(), "motor bursts": MotorBursts(), "cord breaks": CordBreaks(),
    "motor out": MotorOut(), "motor late": MotorLate(), "no separation": NoSeparation(), "early separation": EarlySeparation(),
    "drag separation": DragSeparation(), "sustainer unlit": SustainerUnlit(), "sustainer late": SustainerLate(),
    "sustainer tilted": SustainerTilted(), "dropped canopy fails": DroppedCanopyFails(), "strap-on hangs": StrapOnHangs(),
}  # fmt: skip


@dataclass(frozen=True)
class Mode:
    """A way a flight can go: its changes together, and its prior probability."""

    name: str
    changes: tuple[Change, ...] = ()
    probability: float = 0.0
    doc: str = ""

    def missing(self, scene: Scene) -> str:
        """Why it cannot happen to this launch; empty where it can."""
        return next((why for c in self.changes if (why := c.missing(scene))), "")

    def belongs(self, launch: Launch) -> bool:
        """Whether it is a way to go wrong for a launch of this kind: a rocket of one stage has none of stages."""
        return all(c.belongs(launch) for c in self.changes)

    @property
    def reorders(self) -> bool:
        """Whether it changes which motors are lit and what leaves when."""
        return any(type(c).orders is not Change.orders for c in self.changes)

    @property
    def stops(self) -> bool:
        """Whether something breaks on the way."""
        return any(type(c).bodies is not Change.bodies for c in self.changes)


def make_mode(name: str, probability: float, changes: tuple[str, ...]) -> Mode:
    """A mode of named changes; raises `InputError` for a change that is not known, or two that both break the rocket.

    name: what it is called. probability: its prior, from 0 to 1.
    """
    for c in changes:
        if c not in CHANGES:
            raise InputError(
                f"mode {name[:60]!r}: unknown change {c[:60]!r}{suggest(c[:60], CHANGES)}; known: {', '.join(CHANGES)}",
                key="modes",
            )
    chosen = tuple(CHANGES[c] for c in changes)
    if sum(type(c).bodies is not Change.bodies for c in chosen) > 1:
        raise InputError(f"mode {name[:60]!r}: only one change of a mode can break the rocket", key="modes")
    return Mode(name, chosen, probability, " ".join(c.doc for c in chosen))


MODES: tuple[Mode, ...] = tuple(
    make_mode(name, probability, changes)
    for name, probability, changes in (
        ("no deployment", 0.03, ("nothing opens",)),
        ("drogue only", 0.01, ("main fails",)),
        ("main at apogee", 0.01, ("main at apogee",)),
        ("late deployment", 0.01, ("late",)),
        ("early deployment", 0.005, ("early",)),
        ("separation without canopy", 0.005, ("tumbles",)),
        ("cord breaks", 0.005, ("cord breaks",)),
        ("motor bursts", 0.01, ("motor bursts", )),
        ("low thrust", 0.005, ("low thrust",)),
        ("high thrust", 0.0025, ("high thrust",)),
        ("late ignition", 0.0025, ("hang fire",)),
        ("fin loss", 0.005, ("loses fin",)),
        ("unstable", 0.005, ("unstable",)),
        ("weathercock", 0.01, ("gust",)),
    )
)  # fmt: skip

RECOVERY_MODES: tuple[Mode, ...] = tuple(
    make_mode(name, probability, (name,))
    for name, probability in (
        ("first fails", 0.005),
        ("canopy tears", 0.005),
        ("altimeter dead", 0.01),
        ("mach spike", 0.05),
    )
)
"""What goes wrong besides where the file says what fires a device, what stands behind it, or what a canopy holds. No study counts these; the
priors are judgement: one canopy in two hundred, one altimeter in a hundred, one transonic flight without a lock-out in twenty."""

VEHICLE_MODES: tuple[Mode, ...] = tuple(
    make_mode(name, probability, (name,))
    for name, probability in (
        ("motor out", 0.03), ("motor late", 0.01), ("no separation", 0.01), ("early separation", 0.005), ("drag separation", 0.005),
        ("sustainer unlit", 0.03), ("sustainer late", 0.01), ("sustainer tilted", 0.005), ("dropped canopy fails", 0.02), ("strap-on hangs", 0.01),
    )
)  # fmt: skip
"""What goes wrong besides with clusters, stages and strap-on boosters. No study counts these; the priors are judgement, an igniter in
thirty and a joint in a hundred, until a record says otherwise."""
