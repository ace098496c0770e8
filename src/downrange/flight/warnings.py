"""Warnings in plain words, each with the fix. The thresholds and their sources stand beside each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from downrange.errors import FlightCode
from downrange.flight.program import Program

__all__ = ["Caution", "flight_warnings", "pad_warnings"]

_MARGIN = 1.0  # calibres; Barrowman, Stability of a Model Rocket in Flight (1970), and the NAR and Tripoli hand-books
_OVERSTABLE = 6.0  # calibres; from here on weathercocking costs noticeable height
_THRUST_TO_WEIGHT = 5.0  # NAR high-power safety code practice, 5:1 for a straight boost
_RAIL_SPEED = 15.24  # m/s, 50 ft/s; NASA Student Launch 2.16 asks 52 ft/s, IREC 100 ft/s
_RAIL_ALPHA = math.radians(15)  # fins of usual aspect ratio stall from about here
_LANDING_SPEED = 9.0  # m/s; about 30 ft/s
_FLUTTER = 1.2  # flutter speed over flight speed; TN 4197 fits its tests to about 20 %
_DEPLOY_SPEED = 30.0  # m/s; where zippers begin
_PROFILE_SLACK = 1.0  # m
_QUIET = 1.0  # s; from ignition to thrust
_LOST = 0.005  # of the impulse; less is the tail of the curve


class Caution(str):
    """A warning that is about one quantity, by its name in `quantities`; `grave` where it says not to fly like this."""

    about: str
    grave: bool

    def __new__(cls, about: str, text: str, grave: bool = False) -> Caution:
        """The text with what it is about."""
        made = super().__new__(cls, text)
        made.about, made.grave = about, grave
        return made


def pad_warnings(program: Program, f: Mapping[str, float]) -> Iterator[str]:
    """What can be said before flying.

    f: quantities of `PAD`, SI, by name.
    """
    launch = program.launch
    yield from launch.notes
    if program.guides.note:
        yield program.guides.note
    yield from program.aero.notes
    if launch.motor_position is None and launch.rocket.motor_mount is None:
        yield "No part is a motor mount: the motor's aft end was taken at the rocket's. Set motor_mount: true on its tube."
    yield from _margin(program, f)
    yield from _thrust(f)
    yield from _motor(program)
    if not any(d.opens for d in program.devices):
        yield Caution(
            "ground_hit_speed",
            "No recovery device will open: it comes down ballistic. Add a parachute to the parts.",
            True,
        )


def _margin(program: Program, f: Mapping[str, float]) -> Iterator[str]:
    launch = program.launch
    margin, rule = f["static_margin"], f["static_margin_barrowman"]
    shift = (_MARGIN - margin) * launch.rocket.diameter
    if not math.isfinite(margin):
        yield Caution(
            "static_margin", "The rocket has no lift that could steer it: no stability can be computed. Add fins.", True
        )
    elif margin < 0:
        yield Caution(
            "static_margin",
            f"UNSTABLE: the centre of pressure lies {-margin:.1f} calibres ahead of the centre of gravity; it will tumble "
            f"and not reach its height. Do not fly. Bigger fins, or move the centre of gravity {shift * 100:.0f} cm forward "
            "with nose weight.",
            True,
        )
    elif margin < _MARGIN:
        yield Caution(
            "static_margin",
            f"Static margin is only {margin:.2f} calibres at Mach 0.3 (at least {_MARGIN:.0f} is usual). Bigger fins, or move "
            f"the centre of gravity {shift * 100:.1f} cm forward with nose weight.",
        )
    elif rule < _MARGIN and launch.aero.centre_of_pressure is None:
        yield Caution(
            "static_margin_barrowman",
            f"Static margin is {margin:.2f} calibres, but {rule:.2f} by Barrowman's method, on which the rule of {_MARGIN:.0f} calibre stands and which leaves out "
            "what fins lift on the body. Be careful: bigger fins, or nose weight.",
        )
    elif margin > _OVERSTABLE:
        yield Caution(
            "static_margin",
            f"Static margin of {margin:.1f} calibres is more than needed: it will turn into the wind. Smaller fins would do.",
        )


def _thrust(f: Mapping[str, float]) -> Iterator[str]:
    ratio, peak = f["thrust_to_weight"], f["peak_thrust_to_weight"]
    if peak <= 1:
        yield Caution(
            "thrust_to_weight",
            f"Thrust is at most {peak:.2f} of the weight: it stays on the pad. Choose a stronger motor.",
            True,
        )
    elif ratio < 1:
        yield Caution(
            "thrust_to_weight",
            f"Thrust is {ratio:.2f} of the weight at first, {peak:.1f} at most: it may wait on the pad, or slide back. Choose a stronger motor.",
            True,
        )
    elif ratio < _THRUST_TO_WEIGHT:
        yield Caution(
            "thrust_to_weight",
            f"Thrust to weight is {ratio:.1f} (at least {_THRUST_TO_WEIGHT:.0f} is usual). Choose a motor with more thrust at the start.",
        )


def _motor(program: Program) -> Iterator[str]:
    launch = program.launch
    start = launch.lifting.thrust_begins
    if start > _QUIET:
        yield f"The motor burns only {start:.1f} s after ignition, by its curve: times are from ignition. Keep away from a motor that hesitates."
    for flag in launch.motor.flags:
        if flag.startswith("two samples"):  # 0.1 ms: `motor show` tells, a flight need not
            continue
        yield f"Motor {launch.motor.designation}: {flag}."
    said, delays = launch.motor_delay, launch.motor.delays
    opens = any(d.label.startswith("ejection") for d in program.devices)
    if opens and said is not None and said not in delays and (delays or launch.motor.plugged):
        comes = f"with {', '.join(f'{d:g}' for d in delays)} s" if delays else "plugged, without an ejection charge"
        yield f"Motor {launch.motor.designation} is flown with a delay of {said:g} s, but comes {comes}."
    for tube in launch.filled:
        if tube.mounted.ejects_casing:
            yield (
                f"The charge of {tube.motor.designation} throws out its casing, {tube.motor.dry_mass * 1e3:.0f} g that fall by themselves: where is not "
                "computed."
            )


def _tables(program: Program, f: Mapping[str, float]) -> Iterator[str]:
    launch, options = program.launch, program.launch.aero
    mach = f["max_mach"]
    computed = options.drag_off is None and options.drag_on is None
    if mach > program.aero.valid_mach:
        yield Caution(
            "max_mach",
            f"Reaches Mach {mach:.2f}. Coefficients from geometry hold to Mach {program.aero.valid_mach:g}: above it their errors are not known.",
        )
    elif computed and mach > 0.85 and program.aero.sigma is not None:
        share = np.interp(min(mach, 1.0), program.aero.mach, program.aero.sigma.axial)
        yield Caution(
            "max_mach",
            f"Reaches Mach {mach:.2f}: near Mach 1 the computed drag is uncertain to ±{100 * share:.0f} % (1 σ).",
        )
    for table, what in ((options.drag_off, "power-off"), (options.drag_on, "power-on")):
        if table is not None and table.x.size > 1 and mach > table.x[-1] + 1e-9:
            yield (
                f"Reaches Mach {mach:.2f}, but the {what} drag table ends at Mach {table.x[-1]:g}: its last value "
                f"({table.y[-1]:.3g}) was used above."
            )
    if mach > program.mach_max:
        yield f"Reaches Mach {mach:.2f}, above the tables' end at Mach {program.mach_max:.1f}: their last values were used."
    top = f["apogee_agl"] + launch.pad.elevation
    air, wind = launch.weather.air, launch.weather.wind
    if math.isfinite(top) and air.measured_top < top - _PROFILE_SLACK:
        yield (
            f"The air profile ends at {air.measured_top:.0f} m above sea level, below the apogee at {top:.0f} m: above it the "
            "standard atmosphere was used, with the last difference fading over 10 km."
        )
    if math.isfinite(top) and wind.measured_top < top - _PROFILE_SLACK:
        yield (
            f"The wind profile ends at {wind.measured_top:.0f} m above sea level, below the apogee at {top:.0f} m: its last wind "
            "was used above."
        )


def flight_warnings(program: Program, f: Mapping[str, float], code: FlightCode) -> tuple[str, ...]:
    """All warnings of a flight, in the order in which it meets what they are about.

    f: quantities of a flight, SI, by name.
    """
    if code == FlightCode.NO_LIFTOFF:
        return (*pad_warnings(program, f), *_never_off(f))
    phases = (
        pad_warnings(program, f),
        _unfinished(program, code),
        _boost(f),
        _tables(program, f),
        _openings(program, f),
    )
    return tuple(w for phase in phases for w in phase)


def _never_off(f: Mapping[str, float]) -> Iterator[str]:
    if f["peak_thrust_to_weight"] > 1:
        yield Caution(
            "thrust_to_weight",
            "Thrust never lifts it off the rail, or lets it slide back. Choose a stronger motor.",
            True,
        )


def _unfinished(program: Program, code: FlightCode) -> Iterator[str]:
    if code == FlightCode.TIME_LIMIT:
        yield f"Still flying at the time limit of {program.launch.time_limit:.0f} s; it has not landed."
    if code in (FlightCode.STEP_LIMIT, FlightCode.NOT_FINITE, FlightCode.ABOVE_TABLES):
        yield f"The flight could not be completed ({code.name.lower().replace('_', ' ')}); there is no landing."


def _boost(f: Mapping[str, float]) -> Iterator[str]:
    speed, alpha = f["rail_exit_speed"], f["rail_exit_angle_of_attack"]
    if speed < _RAIL_SPEED:
        yield Caution(
            "rail_exit_speed",
            f"Leaves the rail at {speed:.1f} m/s (at least 15 m/s is usual): wind and small errors will steer it. A longer "
            "rail or a motor with more initial thrust.",
        )
    if alpha > _RAIL_ALPHA:
        yield Caution(
            "rail_exit_angle_of_attack",
            f"Meets the air at {math.degrees(alpha):.0f}° when it leaves the rail: fins stall from about 15°. Wait for "
            "less wind, or leave the rail faster.",
        )
    if f["min_stability"] < 0 <= f["static_margin"]:
        when = f" at {f['min_stability_time']:.2f} s" if math.isfinite(f["min_stability_time"]) else ""
        yield Caution(
            "min_stability",
            f"Becomes unstable in flight: the margin falls to {f['min_stability']:.2f} calibres{when}.",
            True,
        )
    flutter = f["flutter_margin"]
    if flutter < _FLUTTER:
        yield Caution(
            "flutter_margin",
            f"{'FINS MAY FLUTTER OFF' if flutter < 1 else 'Fins are near flutter'}: their flutter speed is {flutter:.2f} of the fastest "
            f"flight speed (at least {_FLUTTER:g} is usual). Thicker or stiffer fins, or a smaller span: see downrange loads.",
        )


def _openings(program: Program, f: Mapping[str, float]) -> Iterator[str]:
    opened = math.isfinite(f["deployment_time"])
    if f["lost_impulse"] > _LOST:
        yield Caution(
            "deployment_time",
            f"OPENS UNDER THRUST: the first recovery device opens at {f['deployment_time']:.1f} s, while the motor burns until "
            f"{program.launch.lifting.burnout_time:.1f} s. The last {100 * f['lost_impulse']:.0f} % of its impulse were left out: this "
            "flight is not what would happen. Release it after burn-out.",
            True,
        )
    if not opened and any(d.opens for d in program.devices):
        yield Caution(
            "ground_hit_speed",
            "No recovery device opened before it hit the ground: check when they are released.",
            True,
        )
    elif f["deployment_airspeed"] > _DEPLOY_SPEED:
        yield Caution(
            "deployment_airspeed",
            f"The first recovery device opens at {f['deployment_airspeed']:.0f} m/s of airspeed: expect damage above "
            f"{_DEPLOY_SPEED:.0f} m/s. Release nearer to apogee, or a steeper flight.",
        )
    if f["fastest_opening"] > max(_DEPLOY_SPEED, 1.05 * f["deployment_airspeed"]):
        yield Caution(
            "fastest_opening",
            f"A later recovery device opens at {f['fastest_opening']:.0f} m/s: expect damage above {_DEPLOY_SPEED:.0f} m/s. "
            "A larger drogue.",
        )
    if opened and f["ground_hit_speed"] > _LANDING_SPEED:
        yield Caution(
            "ground_hit_speed",
            f"Hits the ground at {f['ground_hit_speed']:.1f} m/s. A larger canopy brings it below {_LANDING_SPEED:.0f} m/s.",
        )
    late = f["deployment_time"] - f["time_to_apogee"]
    by_charge = bool(program.devices) and program.devices[0].label.startswith("ejection")
    if opened and by_charge and abs(late) > 1.5 and f["deployment_airspeed"] > 20:
        best = f["optimum_delay"]
        advice = f"; the best delay is {best:.1f} s" if math.isfinite(best) else ""
        yield Caution(
            "optimum_delay",
            f"The ejection charge fires {abs(late):.1f} s {'after' if late > 0 else 'before'} apogee{advice}.",
        )
