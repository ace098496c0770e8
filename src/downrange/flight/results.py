"""The result of one flight: its numbers by name, its events and trajectory, what came down, and warnings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from downrange.aero import fin_strengths
from downrange.errors import FlightCode
from downrange.flight.arrivals import Leg
from downrange.flight.drivers import RawFlight, fly_single
from downrange.flight.flown import Encounter, FlownBody, encounters, staging_warnings
from downrange.flight.kernel.layout import AT_NEVER, FOREVER
from downrange.flight.launch import Launch
from downrange.flight.margins import least_margin
from downrange.flight.named import named_devices
from downrange.flight.openings import Held, Opening, held, opening_warnings, openings
from downrange.flight.program import Program
from downrange.flight.propulsion import sums_at
from downrange.flight.quantities import BODY, MAXIMA, PAD, Quantity, Standing, Values, of_flight, of_one, quantity
from downrange.flight.sections import section_masses
from downrange.flight.steered import Record
from downrange.flight.stretches import flutter_share
from downrange.flight.track import Chain, Event, Track, Trajectory, Went
from downrange.flight.warnings import flight_warnings
from downrange.text import markup, plain

__all__ = ["Event", "Flight", "Trajectory", "launch_figures"]


def launch_figures(program: Program) -> Mapping[str, Any]:
    """What can be said before flying: masses, centres, margin on the pad, thrust to weight. SI, by the names of `PAD`."""
    return Values(PAD, Standing(program))


@dataclass(frozen=True, eq=False)
class Flight(Went):
    """One flight of a program. Numbers that did not happen are NaN here and null in `summary`.

    Of a vehicle that comes apart it is the flight of its foremost body; all of them, that one first, are `flown`. `control` is what
    controllers did, where there were any.
    """

    program: Program
    raw: RawFlight
    flown: tuple[FlownBody, ...] = ()
    control: Record | None = None

    @property
    def code(self) -> FlightCode:
        """How it ended."""
        return FlightCode(int(self.raw.out["code"]))

    @property
    def launch(self) -> Launch:
        """The launch that was flown."""
        return self.program.launch

    @property
    def fit_to_fly(self) -> bool:
        """It lands, is stable on the pad, and has more thrust than weight."""
        f = self.standing
        return bool(self.code == FlightCode.LANDED and f["static_margin"] >= 0 and f["thrust_to_weight"] >= 1)

    @cached_property
    def track(self) -> Track | Chain:
        """The way that it went."""
        return self.flown[0].track if self.flown else Track(self.program, self.raw)

    @cached_property
    def encounters(self) -> tuple[Encounter, ...]:
        """How near bodies came to each other after they parted."""
        return encounters(self.flown)

    # What the quantities follow from: `quantities.Flown`.

    def answer(self, name: str) -> float:
        """What the kernel says; of a flight that did not lift off, no largest speed.

        name: of `rows.OUT`.
        """
        if self.flown and name in ("burnout_height", "burnout_speed"):
            return self._at_burnout[name]
        never = name in MAXIMA and self.code == FlightCode.NO_LIFTOFF
        return math.nan if never else self.raw.out[name]

    @cached_property
    def _at_burnout(self) -> dict[str, float]:
        """Height and speed of a vehicle of several bodies when the motors that lifted it are burnt out: `burnout_time` is theirs."""
        if self.code == FlightCode.NO_LIFTOFF:
            return dict.fromkeys(("burnout_height", "burnout_speed"), math.nan)
        end, seen = self.launch.lifting.burnout_time, self.track.sample(np.array([self.launch.lifting.burnout_time]))
        up = end <= self.track.times[-1]
        return {
            "burnout_height": float(seen.height[0]) if up else math.nan,
            "burnout_speed": float(seen.speed[0]) if up else math.nan,
        }

    def altimeter(self, height: float) -> float:
        """What a barometric altimeter zeroed at the pad shows at a height above it, m."""
        base = self.launch.pad.elevation
        return float(self.launch.weather.air.altimeter(base + height, base)) if math.isfinite(height) else math.nan

    @cached_property
    def standing(self) -> Mapping[str, Any]:
        """What could be said before flying."""
        return launch_figures(self.program)

    @property
    def landing_mass(self) -> float:
        """What comes down, kg: the rocket without propellant, and what was left of that where a canopy opened under thrust."""
        if self.flown:
            return self.flown[0].landing_mass
        left = sums_at(self.program.compiled.segments, np.array([min(self.track.cut, FOREVER)]))[1]
        return self.launch.dry.mass + float(left[0])

    @property
    def landing_place(self) -> tuple[float, float]:
        """Latitude and longitude where it comes down, rad; NaN where it does not."""
        if not math.isfinite(self.raw.out["landing_time"]):
            return math.nan, math.nan
        latitude, longitude, _ = self.launch.pad.geodetic(self.landing_enu)
        return float(latitude), float(longitude)

    @property
    def last_burnout(self) -> float:
        """When the last of its motors is burnt out, s from ignition."""
        return self.flown[0].last_burnout if self.flown else self.launch.lifting.burnout_time

    @property
    def flutter_pressure(self) -> float:
        """Dynamic pressure at which the weakest fins flutter, Pa; NaN where that is not known.

        Of a vehicle that comes apart, in proportion to the largest of the flight: fins that leave early meet less of it.
        """
        if self.flown and math.isfinite(self.raw.out["rail_exit_time"]):
            return self.raw.out["max_q"] * flutter_share(self)
        known = [v.flutter_pressure for v in fin_strengths(self.launch.rocket) if v.flutter_pressure > 0]
        return min(known, default=math.nan)

    @cached_property
    def free_apogee_time(self) -> float:
        """When apogee would be reached without any recovery device, s from ignition."""
        o = self.raw.out
        if (
            not math.isfinite(o["apogee_time"])
            or not math.isfinite(o["deploy_time"])
            or o["apogee_time"] <= o["deploy_time"] + 1e-6
        ):
            return o["apogee_time"]
        if self.control is not None:
            return math.nan  # that would be another flight, which the controllers did not steer
        leg = self._opening_leg
        compiled = self.program.compiled if leg is None else leg.compiled
        rows = compiled.devices.copy()
        named_devices(rows)["event"] = AT_NEVER
        start = (
            None
            if leg is None or leg is self.flown[0].arrival.legs[0]
            else (leg.raw.track[0, 0], leg.raw.track[0, 1:14])
        )
        free = replace(compiled, devices=rows)
        return fly_single(free, start=start, stop_at_apogee=True, interpreted=self.raw.interpreted).out["apogee_time"]

    @property
    def _opening_leg(self) -> Leg | None:
        """Of a vehicle that comes apart, the leg on which the first canopy opens."""
        legs = self.flown[0].arrival.legs if self.flown else ()
        return next((leg for leg in legs if math.isfinite(leg.raw.out["deploy_time"])), None)

    @cached_property
    def moments(self) -> dict[str, float]:
        """The least margin, and when it and the largest speed and acceleration came; all of the trajectory, as its figures show them."""
        o = self.raw.out
        if not math.isfinite(o["rail_exit_time"]):
            return dict.fromkeys(("min_stability_time", "max_speed_time", "max_acceleration_time"), math.nan) | {
                "min_stability": o["min_stability"]
            }
        t = self.trajectory
        free = np.where(t.under_canopy, -1.0, 1.0)
        until = o["apogee_time"] if math.isfinite(o["apogee_time"]) else math.inf
        least, when = least_margin(t.time, t.stability, until)
        pull = np.linalg.norm(t.acceleration_enu, axis=1)
        return {
            "min_stability": least if math.isfinite(least) else o["min_stability"], "min_stability_time": when,
            "max_speed_time": float(t.time[np.argmax(free * t.speed)]),
            "max_acceleration_time": float(t.time[np.argmax(free * pull)]),
        }  # fmt: skip

    @cached_property
    def openings(self) -> tuple[Opening, ...]:
        """Every canopy that opened, with its load against time."""
        return openings(self)

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """What holds the canopies, as far as its strength is stated, with the worst opening that pulls at it."""
        return held(self)

    @cached_property
    def strength_over_load(self) -> float:
        """Least strength over opening load; NaN where no strength is stated, or nothing opened."""
        canopies = [o.strength / o.load for o in self.openings if o.strength > 0 and o.load > 0]
        return min([*canopies, *(h.margin for h in self.held)], default=math.nan)

    @cached_property
    def figures(self) -> Mapping[str, float]:
        """The numbers of the flight by the names of `quantities.FLIGHT` and `PAD`, SI, NaN where something did not happen."""
        return Values(of_flight(), self)

    @property
    def optimum_delay(self) -> float:
        """Seconds from burn-out to the apogee that would be reached without any recovery device; NaN where that comes first."""
        return self.figures["optimum_delay"]

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know, in plain words, each with what to do."""
        steered = () if self.control is None else self.control.warnings
        return (
            *flight_warnings(self.program, self.figures, self.code), *opening_warnings(self), *staging_warnings(self.flown, self.encounters), *steered,
        )  # fmt: skip

    @property
    def came_down(self) -> tuple[Landed, ...]:
        """What came down: the sections on one cord, or the whole rocket; empty where it did not land."""
        if self.flown:
            return tuple(Landed(b.name, b, b.landing_mass) for b in self.flown if b.code == FlightCode.LANDED)
        if self.code != FlightCode.LANDED:
            return ()
        launch = self.launch
        if not launch.sections:
            return (Landed(launch.rocket.name, self, self.landing_mass),)
        share = self.landing_mass / launch.dry.mass
        masses = (share * section_masses(launch)).tolist()
        return tuple(Landed(s.name, self, m) for s, m in zip(launch.sections, masses, strict=True))

    def figure(self, q: Quantity) -> float | None:
        """A quantity as the doors have it: in its unit, None where it did not happen.

        q: of `quantities.FLIGHT` or `PAD`.
        """
        return q.at_door(self.figures[q.name])

    def summary(self) -> dict[str, Any]:
        """The documented keys of `downrange fly --json`; units are in the names, null for what did not happen."""
        return {
            "rocket": self.launch.rocket.name, "motor": self.launch.motor.designation, "result": self.code.name.lower(),
            **{q.key: self.figure(q) for q in of_one()},
            "bodies": [body.summary() for body in self.came_down],
            "events": [{"name": e.name, "time_s": e.time, "altitude_agl_m": e.height, "speed_m_s": e.speed} for e in self.events],
            "warnings": list(self.warnings), **({} if self.control is None else {"control": self.control.summary()}),
        }  # fmt: skip

    def check(self) -> dict[str, Any]:
        """What `downrange check --json` says of it; units are in the names, null for what is not."""
        said = ("rail_exit_speed", "rail_exit_stability", "min_stability", "opening_load", "recovery_margin")
        return {
            "fit_to_fly": self.fit_to_fly, **{q.key: q.at_door(self.standing[q.name]) for q in PAD},
            **{q.key: self.figure(q) for q in map(quantity, said)}, "bodies": [body.summary() for body in self.came_down],
            "warnings": list(self.warnings),
        }  # fmt: skip

    def _repr_html_(self) -> str:
        shown = ((q, self.figure(q)) for q in of_one())
        rows = "".join(
            f"<tr><td>{markup(q.key)}</td><td style='text-align:right'>{v:.4g}</td></tr>"
            for q, v in shown
            if v is not None
        )
        notes = "".join(f"<li>{markup(w)}</li>" for w in self.warnings)
        title = markup(f"{self.launch.rocket.name} on {self.launch.motor.designation}")
        return f"<b>{title}</b><table>{rows}</table><ul>{notes}</ul>"

    def __repr__(self) -> str:
        o = self.raw.out
        return (
            f"<Flight {plain(self.launch.rocket.name)} on {plain(self.launch.motor.designation)}: {self.code.name.lower()}, apogee "
            f"{o['apogee']:.1f} m at {o['apogee_time']:.2f} s, Mach {o['max_mach']:.2f}, {o['landing_time']:.1f} s>"
        )


@dataclass(frozen=True, eq=False)
class Landed:
    """Something that came down: its name, the flight whose landing it shares, and its own mass, kg."""

    name: str
    flight: Flight | FlownBody
    landing_mass: float

    def answer(self, name: str) -> float:
        """What the kernel says."""
        return self.flight.answer(name)

    @property
    def landing_place(self) -> tuple[float, float]:
        """Latitude and longitude where it comes down, rad."""
        return self.flight.landing_place

    @property
    def landing_energy(self) -> float:
        """Its energy as it comes down, J."""
        return float(0.5 * self.landing_mass * self.answer("landing_speed") ** 2)

    def summary(self) -> dict[str, Any]:
        """An entry of `bodies` of `downrange fly --json`."""
        return {"name": self.name, "mass_kg": self.landing_mass} | {q.key: q.at_door(q.of(self)) for q in BODY}
