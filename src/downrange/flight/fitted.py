"""The recovery devices of a launch as the kernel flies them: what opens, when, with what drag, and what they write into its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from downrange.constants import STANDARD_GRAVITY
from downrange.errors import InputError
from downrange.flight.inflation import CANOPIES
from downrange.flight.kernel.layout import (
    AT_ALTITUDE,
    AT_APOGEE,
    AT_NEVER,
    AT_STRETCH,
    AT_TIME,
    BACKUP0,
    CDS0,
    DEVICE,
    DEVICES,
    GLIDE0,
    HEADING,
    LAG0,
    LINEAR,
    SQUARE,
    STRENGTH0,
    VALUE0,
)
from downrange.flight.launch import Launch
from downrange.flight.recovery import HangingBody, hanging_body, streamer_drag_coefficient, tumbling_drag_area
from downrange.rocket import (
    Glider,
    Parachute,
    Placed,
    Recovery,
    Rocket,
    Streamer,
    Tumble,
    called,
)

__all__ = [
    "Charge", "Device", "Parting", "device_table", "devices", "falling_body", "fit_devices", "none_below", "set_devices", "shown_height",
]  # fmt: skip

_NO_DRAG = 1e-9  # m2
_OPEN_CANOPY_CD = 0.75  # for the nominal diameter of a canopy that is given by its drag area; Knacke, Table 5-1


@dataclass(frozen=True)
class Device:
    """A recovery device as the kernel flies it: SI. It fills over a distance `fill` (m), or where it is said in a time `fill_time` (s).

    `charge` is the number of the motor whose ejection charge releases it, `value` then from its ignition; -1: none.
    `separation` is the step of the schedule that releases it, as the stage below leaves: never, in a body that still holds that
    stage; -1: none. `shape` is how its drag area grows (`rows.SQUARE`, ...), `shock` its opening load over dynamic pressure times
    drag area (0: none is felt), `strength` the load at which it tears (N; 0: it holds). `after` is the number of the device of which
    it is the rest, without which it never opens; -1: none. `backup` is when it is released at the latest (s; 0: never), `second` how
    long after it a second altimeter fires (s; NaN: none), `glide` the ratio at which it glides, towards `heading` (rad clockwise
    from north), `detection` how much of its lag its altimeter is late (s), `deceived` whether a pressure spike may fire it.
    """

    name: str
    event: float
    value: float
    delay: float
    lag: float
    cd_area: float
    fill: float
    replaces: bool
    label: str
    charge: int = -1
    separation: int = -1
    shape: float = SQUARE
    shock: float = 0.0
    after: int = -1
    strength: float = 0.0
    backup: float = 0.0
    second: float = float("nan")
    glide: float = 0.0
    heading: float = 0.0
    detection: float = 0.0
    deceived: bool = False
    fill_time: float | None = None

    @property
    def opens(self) -> bool:
        """Whether it is to open at all, now or once the stage below has left."""
        return self.event != AT_NEVER or self.separation >= 0


Charge = Callable[[Placed], tuple[int, float, float]]
"""Of a device that opens by ejection: the number of the motor, when its charge fires (s from its ignition), and its delay (s)."""
Parting = Callable[[Placed], tuple[int, bool]]
"""Of a device that opens as the stage below leaves: the step of the schedule, and whether that stage has left."""


def none_below(q: Placed) -> tuple[int, bool]:
    """Refuse a device that waits for a stage below that is not there, or never leaves."""
    raise InputError(
        f"{q.part.name or 'a device'} opens as the stage below leaves, but there is none that does; say when, like "
        "'deploy: {event: apogee}'",
        key=f"rocket.{q.path}.deploy",
    )


def shown_height(launch: Launch) -> Callable[[float], float]:
    """The height above the pad (m) at which an altimeter of this launch shows a height (m)."""
    return lambda shown: launch.weather.air.geometric(shown, launch.pad.elevation)


def devices(launch: Launch) -> tuple[Device, ...]:
    """The recovery devices of a rocket of one stage and one motor, in the order of its parts.

    Raises `InputError` for a device that waits for the motor's ejection where no delay is said.
    """

    def charge(q: Placed) -> tuple[int, float, float]:
        delay = launch.motor_delay
        if delay is None:
            if len(launch.motor.delays) != 1:
                raise InputError(
                    f"{q.part.name or 'a device'} opens by the motor's ejection charge: say which delay, like 'delay: 6 s' "
                    f"({launch.motor.designation} comes with {', '.join(f'{x:g}' for x in launch.motor.delays) or 'none'})",
                    key="motor.delay",
                )
            delay = launch.motor.delays[0]
        return 0, launch.motor.burnout_time + delay, delay

    return fit_devices(
        launch.rocket, launch.rocket.find(Recovery), charge, mass=launch.dry.mass, height=shown_height(launch)
    )


def fit_devices(
    rocket: Rocket, parts: Iterable[Placed], charge: Charge, parting: Parting = none_below, *, mass: float,
    height: Callable[[float], float] = float, tumbles: bool = False,
) -> tuple[Device, ...]:  # fmt: skip
    """The recovery devices among `parts` of a rocket, in their order; what a reefed canopy has besides, last.

    A drag area that the user states was found on the way down, with the rocket's own in it; the device's is the rest. `mass` (kg)
    is what comes down, `height` gives the height (m) at which an altimeter shows one, `tumbles` says that it does by itself.
    Raises `InputError` for more devices than can fly, and a canopy without a size.
    """
    out: list[Device] = []
    rest: list[tuple[int, Parachute]] = []
    placed = [q for q in parts if isinstance(q.part, Recovery)]
    body = falling_body(rocket, placed, mass=mass, tumbles=tumbles)
    _one_heading(placed)
    _glides_alone(placed)
    for q in placed:
        if isinstance(q.part, Recovery):
            first = _spread(_timed(q, charge, parting, height), q, rocket, body, mass)
            if isinstance(q.part, Parachute) and q.part.reefed is not None:
                rest.append((len(out), q.part))
                first = replace(first, cd_area=q.part.reefed * first.cd_area)
            out.append(first)
    out += [_unreefed(part, out[k], k, height) for k, part in rest]
    if len(out) > DEVICES:
        raise InputError(
            f"{len(out)} recovery devices, where a reefed canopy is two; at most {DEVICES} can fly", key="rocket.parts"
        )
    return tuple(out)


def _timed(q: Placed, charge: Charge, parting: Parting, height: Callable[[float], float]) -> Device:
    """A device that says when it opens, and not yet how large it is."""
    part = q.part
    assert isinstance(part, Recovery)
    d = part.deploy
    event, value = {"apogee": AT_APOGEE, "altitude": AT_ALTITUDE, "never": AT_NEVER}.get(d.event, AT_TIME), 0.0
    by, step = -1, -1
    label = {"apogee": "apogee", "altitude": f"{d.altitude or 0:.0f} m", "never": "never", "time": "time"}.get(
        d.event, d.event
    )
    if d.event == "altitude":
        assert d.altitude is not None
        value = height(d.altitude) if d.by_pressure else d.altitude
        if d.by_pressure:
            label = f"{d.altitude:.0f} m on the altimeter, {value:.0f} m in truth"
    elif d.event == "ejection":
        by, value, delay = charge(q)
        label = f"ejection, {delay:g} s after burn-out"
    elif d.event == "separation":
        step, gone = parting(q)
        event = AT_TIME if gone else AT_NEVER
    backup = d.backup_time or 0.0
    if d.backup_ejection:
        fires = charge(q)[1]
        backup = min(backup, fires) if backup else fires
    lag = d.lag + d.pilot_delay + d.bag_delay + d.detection
    return Device(
        part.name or type(part).__name__.lower(), event, value, d.delay, lag, 0.0, 0.0, part.replaces_others, label, charge=by, separation=step, backup=backup,
        second=float("nan") if d.backup_delay is None else d.backup_delay, detection=d.detection, deceived=d.deceived,
    )  # fmt: skip


def _spread(device: Device, q: Placed, rocket: Rocket, body: HangingBody, mass: float) -> Device:
    """The device with its drag area, and how it grows."""
    part = q.part
    if isinstance(part, Parachute):
        nominal = part.diameter or 0.0
        area = None if part.cd_area is None else body.canopy_alone(part.cd_area)
        if area is None:
            if not part.diameter:
                raise InputError("a parachute needs a diameter or a cd_area", key=q.path)
            area = part.cd * np.pi / 4 * (part.diameter**2 - part.spill_hole**2)
        elif not nominal:
            nominal = float(np.sqrt(4 / np.pi * (part.cd_area or 0.0) / _OPEN_CANOPY_CD))
        kind = CANOPIES[part.canopy]
        constant = kind.fill if part.fill_constant is None else part.fill_constant
        shock = kind.shock if part.opening_shock is None else part.opening_shock
        shape = LINEAR if kind.exponent == 1 else SQUARE
        return replace(
            device,
            cd_area=float(area),
            fill=constant * nominal,
            fill_time=part.inflation_time,
            shape=shape,
            shock=shock,
            strength=part.strength or 0.0,
        )
    if isinstance(part, Streamer):
        cd = part.cd if part.cd is not None else streamer_drag_coefficient(part.length, part.width)
        area = body.canopy_alone(part.cd_area) if part.cd_area is not None else cd * part.length * part.width
        return replace(device, cd_area=float(area))
    if isinstance(part, Glider):
        area = body.canopy_alone(_glides_with(part, mass))
        return replace(device, cd_area=area, glide=part.glide_ratio, heading=part.heading or 0.0)
    assert isinstance(part, Tumble)
    return device  # its drag is the body's own, which `falling_body` has


def _one_heading(parts: Iterable[Placed]) -> None:
    """Refuse gliders of one body that fly in different directions."""
    ways = {q.part.heading: q for q in parts if isinstance(q.part, Glider) and q.part.glide_ratio > 0}
    if len(ways) > 1:
        seen = " and ".join(f"{np.degrees(x or 0.0):g}°" for x in ways)
        raise InputError(
            f"what comes down in one piece glides in one direction, and these gliders head {seen}; give them one heading",
            key=f"rocket.{list(ways.values())[-1].path}.heading",
        )


def _glides_alone(parts: Iterable[Placed]) -> None:
    """Refuse a canopy beside a glider that neither replaces: lift goes with all the drag there is, and would carry the canopy along."""
    placed = [(q, q.part) for q in parts if isinstance(q.part, Recovery) and q.part.deploy.event != "never"]
    wings = [(q, p) for q, p in placed if isinstance(p, Glider) and p.glide_ratio > 0]
    cloth = [(q, p) for q, p in placed if isinstance(p, Parachute | Streamer)]
    for g, c in ((g, c) for g in wings for c in cloth):
        for q, part in _perhaps_later(g, c):
            if not part.replaces_others:
                name, other = (called(x.part) for x in ((q, c[0]) if q is g[0] else (q, g[0])))
                raise InputError(
                    f"{name} opens beside {other} and both would glide: say 'replaces_others: true' of {name}, which lets go of what was "
                    "open before, or let one of them never open",
                    key=f"rocket.{q.path}.replaces_others",
                )


def _perhaps_later(*two: tuple[Placed, Recovery]) -> list[tuple[Placed, Recovery]]:
    """Which of two devices opens later; both where their events do not say."""
    at = [(1, -(p.deploy.altitude or 0.0)) if p.deploy.event == "altitude" else (0, p.deploy.delay) for _, p in two]
    if any(p.deploy.event not in ("apogee", "altitude") for _, p in two) or at[0] == at[1]:
        return list(two)
    return [two[int(at[1] > at[0])]]


def falling_body(
    rocket: Rocket, parts: Iterable[Placed] = (), *, mass: float = 0.0, tumbles: bool = False
) -> HangingBody:
    """The rocket's drag areas under its devices, `parts`: where it `tumbles`, or one of them says so, a tumbling body's until a canopy holds it.

    None are left where a glider was seen to come down with less drag than the body across the flow has. mass: kg, of what comes down.
    """
    body, placed = hanging_body(rocket), [q.part for q in parts]
    if any(isinstance(p, Glider) and _glides_with(p, mass) <= body.across for p in placed):
        return HangingBody(_NO_DRAG, _NO_DRAG)
    if not tumbles and not any(isinstance(p, Tumble) and p.attitude == "tumbling" for p in placed):
        return body
    area = tumbling_drag_area(rocket)
    return HangingBody(area, min(body.along, area))


def _glides_with(part: Glider, mass: float) -> float:
    """Drag area (m2) with which a mass (kg) sinks as was seen, the body's in it."""
    steady = (1 + part.glide_ratio**2) ** 1.5
    return float(2 * mass * STANDARD_GRAVITY / (part.air_density * part.descent_rate**2 * steady))


def _unreefed(part: Parachute, first: Device, number: int, height: Callable[[float], float]) -> Device:
    """What a canopy has besides, once its reefing line is cut or its chute release lets go."""
    assert part.reefed is not None
    area = first.cd_area * (1 / part.reefed - 1)
    kind = CANOPIES[part.canopy]
    constant = first.fill * kind.refill / kind.fill
    at = part.disreef_altitude
    if at is not None and part.deploy.by_pressure:
        at = height(at)
    rest = replace(
        first, name=f"{first.name} (full)", delay=0.0, cd_area=area, fill=constant, replaces=False, charge=-1, separation=-1,
        after=number, backup=0.0, event=AT_STRETCH, lag=part.disreef_delay or 0.0, value=0.0, label="disreefed",
    )  # fmt: skip
    if at is None:
        return rest
    return replace(rest, event=AT_ALTITUDE, lag=0.0, value=at, label=f"disreefed at {at:.0f} m")


def set_devices(row: np.ndarray, fitted: tuple[Device, ...]) -> None:
    """Write what a row (ROW,) holds of the recovery devices."""
    for k, d in enumerate(fitted):
        row[CDS0 + k], row[LAG0 + k], row[VALUE0 + k] = d.cd_area, d.lag, d.value
        row[BACKUP0 + k], row[STRENGTH0 + k], row[GLIDE0 + k] = d.backup, d.strength, d.glide
        if d.glide > 0:
            row[HEADING] = d.heading


def device_table(fitted: tuple[Device, ...]) -> np.ndarray:
    """Rows (DEVICES, DEVICE) of recovery devices for the kernel; unused ones never open."""
    rows = np.zeros((DEVICES, DEVICE))
    rows[:, 0] = AT_NEVER
    for k, d in enumerate(fitted):
        rows[k] = [
            d.event,
            d.delay,
            d.fill if d.fill_time is None else -d.fill_time,
            float(d.replaces),
            d.shape,
            d.shock,
            d.after + 1.0,
        ]
    return rows
