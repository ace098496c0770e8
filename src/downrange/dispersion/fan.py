"""A fan of flights: one launch flown many times under all that varies, each with its whole way, so that a real flight can be laid on it.

What varies is what a campaign of the nominal mode varies: the files' uncertainties, the defaults, the priors of what is not said, the wind.
Draws are a Latin hypercube (McKay, Beckman and Conover, Technometrics 21, 1979, p. 239).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from downrange.dispersion.flying import Recorder, fly_arrivals
from downrange.dispersion.inputs import Inputs, finish_rows
from downrange.dispersion.plan import Plan
from downrange.dispersion.programs import air_heights, burning
from downrange.dispersion.streams import generator
from downrange.dispersion.wide import BURN
from downrange.dispersion.winds import Winds
from downrange.errors import FlightCode, InputError
from downrange.failures import mode_probabilities, scene_of
from downrange.flight import Aboard, Flight, Program, aboard, fly_single
from downrange.flight.flown import FlownBody
from downrange.frames import matrix_from_quaternion
from downrange.tables import uniform_linear

__all__ = ["Fan", "fly_fan"]


@dataclass(frozen=True, eq=False)
class Fan:
    """Flights (m of them) at common times (n,), s from lift-off; after its landing each stays where it is. SI, ENU from the pad.

    `height`, `pressure_altitude` (as an altimeter zeroed at the pad shows it), `speed` and `acceleration` upward, `lean` of the axis from
    the vertical (rad, NaN under canopies): (m, n); `place` (m, n, 2) east and north. `landing` (m, 2), `rail_exit_speed` and `apogee` (m,) are NaN of a flight
    that had none.
    """

    time: np.ndarray
    height: np.ndarray
    pressure_altitude: np.ndarray
    speed: np.ndarray
    acceleration: np.ndarray
    lean: np.ndarray
    place: np.ndarray
    landing: np.ndarray
    rail_exit_speed: np.ndarray
    apogee: np.ndarray

    def __len__(self) -> int:
        return len(self.height)

    def band(self, values: np.ndarray, share: float = 0.9) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Lower edge, median and upper edge (n,) of the middle `share` of values (m, n); NaN where no flight has one.

        values: like `height`. share: between 0 and 1.
        """
        known = np.isfinite(values).any(axis=0)
        out = np.full((3, values.shape[1]), np.nan)
        out[:, known] = np.nanquantile(values[:, known], [(1 - share) / 2, 0.5, (1 + share) / 2], axis=0)
        return out[0], out[1], out[2]


def _winds(program: Program, inputs: Inputs, members: np.ndarray | None) -> tuple[Winds, np.ndarray]:
    """The winds of an ensemble, or the launch's own where there is none, with their errors; and those winds (members, nodes, 2)."""
    launch, heights = program.launch, air_heights(program)
    if members is None:
        z = launch.pad.elevation + heights
        members = np.stack([launch.weather.wind.east(z), launch.weather.wind.north(z)], axis=1)[None]
    sigma = inputs.wind_sigma * (0.5 if len(members) >= 5 else 1.0)
    return Winds(heights, members, sigma, inputs.wind_correlation), members


def _wind_tables(
    program: Program, inputs: Inputs, moved: np.ndarray, members: np.ndarray | None, seed: int
) -> np.ndarray:
    """The winds (m, nodes, 2) that m flights meet; `moved` (m, nodes, 2) is what the inputs add."""
    winds, members = _winds(program, inputs, members)
    member = generator(seed, "member", 0).integers(len(members), size=len(moved))
    return members[member] + winds.errors(len(moved), seed) + moved


def fly_fan(
    flight: Flight, inputs: Inputs, time: np.ndarray, *, count: int, members: np.ndarray | None = None, seed: int = 1, body: str = ""
) -> Fan:  # fmt: skip
    """Fly the launch of a nominal `flight` `count` times under what varies, as that one was flown (by Python or compiled).

    `inputs` as `gather_inputs` finds them, `time` (n,) in s from lift-off, `members` the winds of an ensemble at the nodes of `air_heights`. Of a vehicle that comes
    apart the ways are those of what is on board of one of its bodies, from the pad on. Raises `InputError` where fewer than half of the flights come down.

    count: flights. seed: of the random numbers. body: which of several bodies; the foremost where it is not said.
    """
    program = flight.program
    if program.staged:
        return _gathered(_staged_ways(flight, inputs, time, count, members, seed, body), time, count)
    rng = generator(seed, "fan", 0)
    wide = np.repeat(inputs.centre[None], count, axis=0)
    moved = np.zeros((count, len(air_heights(program)), 2))
    for item in inputs.inputs:
        x = item.add(wide, (rng.permutation(count) + rng.random(count)) / count)
        if item.wind is not None:
            moved += (x - item.distribution.centre)[:, None, None] * item.wind
    rows, winds = finish_rows(wide, program.launch), _wind_tables(program, inputs, moved, members, seed)
    flown = []
    for row, wind, burn in zip(rows, winds, wide[:, BURN, None], strict=True):
        tables = program.compiled.tables._replace(wind=uniform_linear([*wind.T]))
        compiled = burning(replace(program.compiled, tables=tables), row[None], burn)
        own = replace(program, compiled=replace(compiled, row=row))
        raw = fly_single(own, interpreted=flight.raw.interpreted)
        if raw.out["code"] == FlightCode.LANDED:
            flown.append(_seen(Flight(own, raw), time))
    return _gathered(flown, time, count)


def _gathered(flown: list[tuple[np.ndarray, ...]], time: np.ndarray, count: int) -> Fan:
    """The fan of the flights that came down, of `count`."""
    if len(flown) < count / 2:
        raise InputError(
            f"of {count} flights under what varies only {len(flown)} come down: there is no band to compare with; see downrange check"
        )
    return Fan(time, *(np.array(column) for column in zip(*flown, strict=True)))


def _staged_ways(
    flight: Flight, inputs: Inputs, time: np.ndarray, count: int, members: np.ndarray | None, seed: int, body: str
) -> list[tuple[np.ndarray, ...]]:
    """The ways of one body of a vehicle that comes apart: each draw flown with all its bodies, as a campaign flies its nominal mode."""
    program, name = flight.program, aboard(flight, body).name
    plan = Plan(program, inputs, mode_probabilities(()), {}, _winds(program, inputs, members)[0], seed)
    rng, scene = generator(seed, "fan", 0), scene_of(flight)
    u = np.stack([(rng.permutation(count) + rng.random(count)) / count for _ in inputs.inputs], axis=1)
    drawn, table = plan.draw(u)
    out = []
    for k in range(count):
        by, own = Recorder(interpreted=flight.raw.interpreted), drawn.part(slice(k, k + 1))
        arrivals = fly_arrivals(plan.modes[0].mode, scene, own, table, _undrawn, plan.tolerance, by=by)
        bodies = [FlownBody(program, a) for a in arrivals]
        if name in [b.name for b in bodies]:
            way = aboard(bodies, name)
            if way.raw.out["code"] == FlightCode.LANDED:
                out.append(_seen(way, time))
    return out


def _undrawn(name: str) -> np.ndarray:
    raise AssertionError(f"the nominal mode draws nothing, and asks for {name}")


def _seen(flight: Flight | Aboard, time: np.ndarray) -> tuple[np.ndarray, ...]:
    """One flight at the times, in the order of `Fan`."""
    o = flight.raw.out
    t = flight.sample(np.clip(time + o["liftoff_time"], 0.0, o["landing_time"]))
    down = time + o["liftoff_time"] >= o["landing_time"]
    lean = np.arccos(np.clip(matrix_from_quaternion(t.quaternion)[:, 2, 0], -1, 1))
    still = down | (time < 0)
    return (
        np.where(down, flight.landing_enu[2], t.height), np.where(down, t.pressure_altitude[-1], t.pressure_altitude), np.where(still, 0.0, t.velocity_enu[:, 2]),
        np.where(still, 0.0, t.acceleration_enu[:, 2]), np.where(t.under_canopy | down, np.nan, lean), t.position_enu[:, :2], flight.landing_enu[:2],
        np.array(o["rail_exit_speed"]), np.array(o["apogee"]),
    )  # fmt: skip
