"""A flight as a tree of legs: each flies one body from a state to where something happens; what separates is a branch.

A leg stops where a motor is lit under conditions or where something separates. Then the flights of a batch that fare alike go
on together, so that the kernel's lanes stay full; one flight is a batch of one. At a separation mass, momentum and angular
momentum hold: each body goes on with the velocity that its centre of gravity had in the whole. Derivation: docs/theory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from downrange.errors import FlightCode, InputError
from downrange.flight.arrivals import Arrival, Leg
from downrange.flight.drivers import RawFlight
from downrange.flight.kernel.layout import AT_TIME, NEVER_STOP
from downrange.flight.named import named_outputs, named_records, named_rows
from downrange.flight.orders import Orders
from downrange.flight.packing import Compiled
from downrange.flight.parting import follow, free_acceleration, joined, part, unit
from downrange.flight.propulsion import NEVER_LIT
from downrange.flight.vehicle import Body, Key, Vehicle, ejection
from downrange.frames import matrix_from_quaternion
from downrange.rocket import Ignition, Separation

__all__ = ["Blocks", "fly_tree"]

_AGAIN = 0.1  # s; after which it is looked again whether drag pulls two bodies apart, or after a tenth of what they have waited
_SHARE = 0.1
_SOON = 1e-9  # s
_UNFIRED = 1e28  # s; when what a charge opens is released while its motor is not lit: below what the kernel takes for a device that is out
_MOST_LEGS = 400  # one after another; more than all ignitions and separations of any vehicle
_PATIENCE = 30.0  # s after which a joint that drag does not open is taken to stay closed

Flyer = Callable[
    [Compiled, np.ndarray, "np.ndarray | None", Body, np.ndarray], tuple[np.ndarray, np.ndarray, "RawFlight | None"]
]
"""Flies rows (n, ROW) of a compiled body from records (n, RECORD) or from the pad: answers, records, and of one flight its track.
It is told which body, and the numbers of the flights (n,)."""


Blocks = Callable[[Body, Body, np.ndarray, np.ndarray], np.ndarray]
"""Rows of a body (second) of flights (numbers: last) whose whole (first) has rows: (n, ROW)."""


@dataclass(eq=False)
class _Branch:
    """Flights of one body on their way. What a step waited for was seen at `seen`; `again`: not before that time.

    `values` (n, DEVICES): those of its devices as its rows came, of ejection charges from the ignition on. `flown`: legs so far.
    """

    body: Body
    flight: np.ndarray
    rows: np.ndarray
    starts: np.ndarray | None
    out: np.ndarray | None
    lit: np.ndarray
    seen: np.ndarray
    happened: np.ndarray
    again: np.ndarray
    values: np.ndarray
    heights: np.ndarray
    legs: tuple[Leg, ...] = field(default=())
    flown: int = 0

    def part(self, keep: np.ndarray) -> _Branch:
        """Those flights that `keep` flags."""
        starts = None if self.starts is None else self.starts[keep]
        out = None if self.out is None else self.out[keep]
        return _Branch(
            self.body, self.flight[keep], self.rows[keep], starts, out, self.lit[keep], self.seen[keep],
            self.happened[keep], self.again[keep], self.values[keep], self.heights[keep], self.legs, self.flown,
        )  # fmt: skip


def fly_tree(
    vehicle: Vehicle, rows: np.ndarray, flyer: Flyer, orders: Orders | None = None, blocks: Blocks | None = None
) -> list[Arrival]:
    """Fly rows (n, ROW) of the whole vehicle from the pad until everything is down: an `Arrival` for each body and group of flights.

    `blocks` gives the rows of what separates (default: as the whole's deviate from its nominal row).
    Raises `InputError` for stages that wait for each other in a circle.
    """
    n = len(rows)
    tree = _Tree(vehicle, flyer, orders or Orders.planned(vehicle, n), blocks or follow)
    none = np.full((n, len(vehicle.steps)), np.nan)
    lit = np.full((n, len(vehicle.filled)), NEVER_LIT)
    first = _Branch(
        vehicle.body(vehicle.root),
        np.arange(n),
        rows.copy(),
        None,
        None,
        lit,
        none.copy(),
        none.copy(),
        np.zeros(none.shape),
        named_rows(rows)["value"].copy(),
        none.copy(),
    )
    waiting, arrived = [first], list[Arrival]()
    while waiting:
        branch = waiting.pop()
        if branch.flown > _MOST_LEGS:
            raise InputError(f"a flight of more than {_MOST_LEGS} legs: its stages wait for each other")
        over, go_on = tree.advance(branch)
        arrived += over
        waiting += go_on
    return arrived


class _Tree:
    """How branches go on: what is due when, and what then happens."""

    def __init__(self, vehicle: Vehicle, flyer: Flyer, orders: Orders, blocks: Blocks) -> None:
        self.vehicle, self.flyer, self.orders, self.blocks = vehicle, flyer, orders, blocks
        self._burning: dict[
            Key, tuple[tuple[bytes, bytes], np.ndarray]
        ] = {}  # of each body its latest segments, by what is lit when

    # ---- when ---------------------------------------------------------------------------------------------------

    def due(self, branch: _Branch) -> np.ndarray:
        """When each step is due (n, steps), s; infinite where that is not known yet, or never."""
        o, f = self.orders, branch.flight
        out = np.full(branch.happened.shape, np.inf)
        for k, step in enumerate(self.vehicle.steps):
            what = step.what
            base = self._base(branch, k) + what.delay + o.late[f, k]
            base = np.where(np.isnan(o.at[f, k]), base, o.at[f, k])
            out[:, k] = np.where(o.never[f, k], np.inf, base)
        return out

    def _base(self, branch: _Branch, k: int) -> np.ndarray:
        step, what = self.vehicle.steps[k], self.vehicle.steps[k].what
        n = len(branch.flight)
        if what.event == "launch":
            return np.zeros(n)
        if what.event == "time":
            return np.full(n, what.time or 0.0)
        if what.event in ("altitude", "speed", "apogee"):
            return np.where(np.isnan(branch.seen[:, k]), np.inf, branch.seen[:, k])
        if what.event == "never":
            return np.full(n, np.inf)
        if what.event == "separation":
            times = branch.happened[:, list(step.after)]
            return np.asarray(np.min(np.where(np.isnan(times), np.inf, times), axis=1))
        motors = [
            j
            for j, m in enumerate(self.vehicle.filled)
            if any(self.vehicle.steps[i].index == m.index for i in step.after)
        ]
        motors = [j for j in motors if self._belongs(j, step.of)] or motors
        lit = branch.lit[:, motors]
        lit = np.where(self.orders.out[branch.flight][:, motors], np.nan, lit)  # what is not lit is not waited for
        if what.event == "ignition":
            return _some(np.fmin.reduce(lit, axis=1))
        if what.event == "ejection":
            fires = np.array([ejection(self.vehicle.filled[j]) for j in motors])
            return _some(np.fmin.reduce(lit + fires, axis=1))
        ends = np.array([self.vehicle.filled[j].motor.time[-1] for j in motors])
        return _some(np.fmax.reduce(lit + ends, axis=1))

    def _belongs(self, motor: int, name: str) -> bool:
        f = self.vehicle.filled[motor]
        return name in (f.tube.mount, f.assembly) or (name == f.stage and not f.separable)

    def _open(self, branch: _Branch, k: int) -> np.ndarray:
        """Of which flights (n,) a step is still to come, of a body that it concerns."""
        step = self.vehicle.steps[k]
        if step.kind == "ignition":
            here = any(self.vehicle.filled[j].index == step.index for j in branch.body.tubes)
        else:
            key = branch.body.key
            here = bool(key.stages) and (step.name in key.stages[1:] or step.name in key.boosters)
        return np.isnan(branch.happened[:, k]) & here

    # ---- lit ----------------------------------------------------------------------------------------------------

    def _light(self, branch: _Branch) -> None:
        """Light what is lit without conditions at times that are known."""
        for _ in self.vehicle.steps:  # one may hang on another
            due, lit = self.due(branch), False
            for k, step in enumerate(self.vehicle.steps):
                if isinstance(step.what, Ignition):
                    free = ~self._looked_at(branch, k, step.what) | self.orders.careless[branch.flight, k]
                    now = self._open(branch, k) & free & np.isfinite(due[:, k])
                    self._set_alight(branch, k, now, due[:, k])
                    lit |= bool(now.any())
            if not lit:
                return

    def _looked_at(self, branch: _Branch, k: int, what: Ignition) -> np.ndarray:
        """Of which flights (n,) it is looked whether a motor may be lit as it is due."""
        return np.asarray(self.orders.watched[branch.flight, k] | what.conditional)

    def _set_alight(self, branch: _Branch, k: int, now: np.ndarray, when: np.ndarray) -> None:
        """Light the motors of step k of the flights flagged."""
        if not now.any():
            return
        o, f = self.orders, branch.flight
        branch.happened[now, k] = when[now]
        for j, m in enumerate(self.vehicle.filled):
            if m.index == self.vehicle.steps[k].index:
                at = np.where(o.out[f, j], NEVER_LIT, when + o.motor_late[f, j])
                branch.lit[now, j] = at[now]
                self._arm(branch, j, now)

    def _arm(self, branch: _Branch, motor: int, now: np.ndarray) -> None:
        """Set the devices that a motor's ejection charge releases."""
        row = named_rows(branch.rows)
        for d, device in enumerate(branch.body.devices):
            if device.charge == motor:
                at = np.minimum(branch.lit[:, motor] + branch.values[:, d], _UNFIRED)
                row["value"][now, d] = at[now]
                if branch.starts is not None:
                    record = named_records(branch.starts)
                    fresh = now & (record["ready"] > 0.5)
                    record["stretch"][fresh, d] = (at + device.delay + row["lag"][:, d])[fresh]

    # ---- on the way -----------------------------------------------------------------------------------------------

    def advance(self, branch: _Branch) -> tuple[list[Arrival], list[_Branch]]:
        """Fly until something happens: what is over, and what goes on."""
        if branch.starts is None:
            self._wait_for_charges(branch)
        branch.flown += 1
        self._light(branch)
        if branch.starts is not None:
            self._note_heights(branch)
        due = self.due(branch)
        self._set_stops(branch, due)
        out, ends, branch = self._fly(branch)
        branch.out, branch.starts = out, ends
        broken = self._foremost(branch) & (named_records(ends)["time"] >= self.orders.breaks[branch.flight] - _SOON)
        stopped = (named_outputs(out)["code"] == FlightCode.STOPPED) & ~broken
        over = [self._arrival(branch.part(~stopped))] if not stopped.all() else []
        if not stopped.any():
            return over, []
        rest = branch.part(stopped)
        self._see(rest, due[stopped])
        self._light_under_conditions(rest)
        return over, list(self._separate(rest))

    def _note_heights(self, branch: _Branch) -> None:
        """Note how high what happens now does: where the leg before ended."""
        assert branch.starts is not None
        record = named_records(branch.starts)
        now = np.abs(branch.happened - record["time"][:, None]) < _SOON
        branch.heights = np.where(now, self._height(record)[:, None], branch.heights)

    def _foremost(self, branch: _Branch) -> bool:
        return branch.body.key.stages[:1] == self.vehicle.root.stages[:1]

    def _wait_for_charges(self, branch: _Branch) -> None:
        row = named_rows(branch.rows)
        for d, device in enumerate(branch.body.devices):
            if device.charge >= 0:
                at = np.minimum(branch.lit[:, device.charge] + branch.values[:, d], _UNFIRED)
                row["value"][:, d] = at

    def _fly(self, branch: _Branch) -> tuple[np.ndarray, np.ndarray, _Branch]:
        c = branch.body.compiled
        same = bool(np.all(branch.lit == branch.lit[0]))
        tables = self._segments(branch, branch.lit[:1] if same else branch.lit)
        named_rows(branch.rows)["thrust_at"] = (
            0.0 if len(tables) == 1 else np.arange(len(branch.rows)) * float(tables.shape[1])
        )
        compiled = replace(c, segments=tables.reshape(-1, tables.shape[-1]))
        out, ends, raw = self.flyer(compiled, branch.rows, branch.starts, branch.body, branch.flight)
        if raw is not None:
            leg = Leg(branch.body, replace(compiled, row=branch.rows[0].copy()), raw, branch.lit[0].copy())
            branch.legs = (*branch.legs, leg)
        if branch.out is not None:
            out = joined(branch.out, out)
        return out, ends, branch

    def _segments(self, branch: _Branch, lit: np.ndarray) -> np.ndarray:
        """The segments of a branch's body with motors lit at `lit`; those of its leg before where nothing was lit since."""
        own, key = self.orders.own[branch.flight], branch.body.key
        told = (lit.tobytes(), own.tobytes())
        if key not in self._burning or self._burning[key][0] != told:
            self._burning[key] = told, branch.body.segments(lit, own)
        return self._burning[key][1]

    def _set_stops(self, branch: _Branch, due: np.ndarray) -> None:
        """Where the rows stop: at the next separation or ignition under conditions, or where one of them may become due."""
        row = named_rows(branch.rows)
        n = len(branch.flight)
        stop, rise, fall = np.full(n, NEVER_STOP), np.full(n, NEVER_STOP), np.zeros(n)
        if self._foremost(branch):
            stop = np.minimum(stop, self.orders.breaks[branch.flight])
        row["stop_apogee"], row["stop_speed"] = 0.0, 0.0
        past = np.zeros(n, bool) if branch.starts is None else named_records(branch.starts)["past_apogee"] > 0.5
        for k, step in enumerate(self.vehicle.steps):
            to_come, what = self._open(branch, k), step.what
            planned = np.maximum(due[:, k], branch.again[:, k])
            stop = np.where(to_come & np.isfinite(planned), np.minimum(stop, planned), stop)
            unseen = to_come & np.isnan(branch.seen[:, k])
            if what.event == "altitude" and not getattr(what, "falling", False):
                rise = np.where(unseen & ~past, np.minimum(rise, what.altitude or 0.0), rise)
            elif what.event == "altitude":
                fall = np.where(unseen & past, np.maximum(fall, what.altitude or 0.0), fall)
                row["stop_apogee"] = np.where(unseen & ~past, 1.0, row["stop_apogee"])
            elif what.event == "apogee":
                row["stop_apogee"] = np.where(unseen & ~past, 1.0, row["stop_apogee"])
            elif isinstance(what, Ignition) and what.event == "speed":
                row["stop_speed"] = np.where(unseen & ~past, -(what.speed or 0.0), row["stop_speed"])
        row["stop"] = stop
        row["stop_height"] = np.where(past & (fall > 0), -fall, rise)

    def _see(self, branch: _Branch, due: np.ndarray) -> None:
        """Note what steps wait for and what has come: an altitude, a speed, apogee."""
        assert branch.starts is not None
        record, row = named_records(branch.starts), named_rows(branch.rows)
        t, past = record["time"], record["past_apogee"] > 0.5
        height = self._height(record)
        speed = np.linalg.norm(record["velocity_enu"], axis=1)
        by_time = np.abs(t - row["stop"]) < _SOON
        for k, step in enumerate(self.vehicle.steps):
            what = step.what
            unseen = self._open(branch, k) & np.isnan(branch.seen[:, k])
            if what.event == "apogee":
                came = past
            elif what.event == "altitude" and getattr(what, "falling", False):
                came = past & (height <= (what.altitude or 0.0) + 1e-3)
            elif what.event == "altitude":
                came = height >= (what.altitude or 0.0) - 1e-3
            elif isinstance(what, Ignition) and what.event == "speed":
                came = ~by_time & (np.abs(speed - (what.speed or 0.0)) < 1e-3 * (1 + speed)) & ~past
            else:
                continue
            branch.seen[unseen & came, k] = t[unseen & came]

    def _height(self, record: np.ndarray) -> np.ndarray:
        pad = self.vehicle.launch.pad
        return np.asarray(pad.geodetic(record["position_enu"])[2] - pad.elevation) if pad.gravity_model != "constant" else record["position_enu"][:, 2]  # fmt: skip

    def _light_under_conditions(self, branch: _Branch) -> None:
        """Light, or refuse for good, what is due now and has conditions."""
        assert branch.starts is not None
        record, due = named_records(branch.starts), self.due(branch)
        t = record["time"]
        for k, step in enumerate(self.vehicle.steps):
            what = step.what
            if isinstance(what, Ignition):
                now = self._looked_at(branch, k, what) & self._open(branch, k) & (due[:, k] <= t + _SOON)
                if now.any():
                    holds = self._holds(what, record) & ~self.orders.held[branch.flight, k]
                    self._set_alight(branch, k, now & holds, t)
                    branch.happened[now & ~holds, k] = np.inf

    def _holds(self, what: Ignition, record: np.ndarray) -> np.ndarray:
        ok = np.ones(len(record), bool)
        if what.tilt_below is not None:
            up = matrix_from_quaternion(unit(record["quaternion"]))[:, 2, 0]
            ok &= np.arccos(np.clip(up, -1, 1)) < what.tilt_below
        if what.altitude_above is not None:
            ok &= self._height(record) > what.altitude_above
        if what.speed_above is not None:
            ok &= np.linalg.norm(record["velocity_enu"], axis=1) > what.speed_above
        return ok

    # ---- apart ----------------------------------------------------------------------------------------------------

    def _separate(self, branch: _Branch) -> Iterator[_Branch]:
        """The branches that go on: those that stay together, and each part of those that do not."""
        assert branch.starts is not None
        due, t = self.due(branch), named_records(branch.starts)["time"]
        leaves = np.zeros(branch.happened.shape, bool)
        for k, step in enumerate(self.vehicle.steps):
            if isinstance(step.what, Separation):
                now = self._open(branch, k) & (np.maximum(due[:, k], branch.again[:, k]) <= t + _SOON)
                pushed = step.what.impulse > 0 or step.what.event == "ejection"  # by a charge, if nobody says how hard
                free = self.orders.loose[branch.flight, k] | (not pushed)
                if (now & free).any():
                    stays = now & free & ~self._pulled_apart(branch, k)
                    waited = t - due[:, k]
                    later = t + np.maximum(_AGAIN, _SHARE * waited)
                    branch.again[stays, k] = np.where(waited < _PATIENCE, later, np.inf)[stays]
                    now &= ~stays
                leaves[:, k] = now
        branch.happened = np.where(leaves, t[:, None], branch.happened)
        for pattern in np.unique(leaves, axis=0):
            yield from self._apart(branch.part(np.all(leaves == pattern, axis=1)), np.flatnonzero(pattern).tolist())

    def _apart(self, branch: _Branch, which: list[int]) -> list[_Branch]:
        """A branch after the separations `which` (places in the schedule), one after the other."""
        pieces = [branch]
        for k in which:
            name = self.vehicle.steps[k].name
            after = []
            for piece in pieces:
                key = piece.body.key
                here = name in key.stages[1:] or (bool(key.stages) and name in key.boosters)
                after += self._split(piece, k, *self.vehicle.pieces(key, name)) if here else [piece]
            pieces = after
        return pieces

    def _split(self, branch: _Branch, k: int, *keys: Key) -> list[_Branch]:
        """The bodies of a branch that comes apart, each with its part of the motion."""
        assert branch.starts is not None
        bodies = [self.vehicle.body(key) for key in keys]
        rows = [self.blocks(branch.body, b, branch.rows, branch.flight) for b in bodies]
        what = self.vehicle.steps[k].what
        assert isinstance(what, Separation)
        spin = np.asarray(self.vehicle.launch.pad.rotation_enu)
        push = np.where(self.orders.loose[branch.flight, k], 0.0, what.impulse)
        starts = part(branch.body, bodies, rows, branch.starts, lit=branch.lit, impulse=push, earth_rate=spin)
        return [
            self._begin(branch, b, r, s, j == 0) for j, (b, r, s) in enumerate(zip(bodies, rows, starts, strict=True))
        ]

    def _begin(self, branch: _Branch, body: Body, row: np.ndarray, starts: np.ndarray, first: bool) -> _Branch:
        """A branch of a body from its first state; the foremost goes on as the whole did, with what its devices did."""
        out = branch.out if first else None
        legs = branch.legs if first else ()
        new = _Branch(
            body, branch.flight, row, starts, out, branch.lit.copy(), branch.seen.copy(), branch.happened.copy(),
            branch.again.copy(), named_rows(row)["value"].copy(), branch.heights.copy(), legs, branch.flown,
        )  # fmt: skip
        aboard = {self.vehicle.filled[j].index for j in body.tubes}
        for k, step in enumerate(self.vehicle.steps):
            if step.kind == "ignition" and step.index not in aboard:  # what is lit later happens elsewhere
                later = new.happened[:, k] > named_records(starts)["time"] + _SOON
                new.happened[later, k] = np.nan
        value = named_rows(row)["value"]
        for d, device in enumerate(body.devices):
            if device.label == "tumbling":
                value[:, d] = named_records(starts)["time"]
            if device.charge >= 0:
                value[:, d] = np.minimum(branch.lit[:, device.charge] + new.values[:, d], _UNFIRED)
            if device.separation >= 0 and device.event == AT_TIME:
                self._release(new, d, branch.happened[:, device.separation])
        return new

    @staticmethod
    def _release(branch: _Branch, d: int, at: np.ndarray) -> None:
        """Release device `d` of a body at times (n,): of one that goes on as the whole did, its devices are set already."""
        assert branch.starts is not None
        row, record, device = named_rows(branch.rows), named_records(branch.starts), branch.body.devices[d]
        row["value"][:, d] = at
        fresh = (record["ready"] > 0.5) & (record["released"][:, d] < 0.5)
        record["stretch"][fresh, d] = (at + device.delay + row["lag"][:, d])[fresh]
        record["released"][fresh, d] = 1.0

    def _pulled_apart(self, branch: _Branch, k: int) -> np.ndarray:
        """Whether what is ahead of a joint would, on its own, pull away from what is behind it (n,).

        The joint of two bodies at the same speed is in tension where thrust less drag over mass of the foremost is the larger.
        """
        assert branch.starts is not None
        record = named_records(branch.starts)
        bodies = [
            self.vehicle.body(key) for key in self.vehicle.pieces(branch.body.key, self.vehicle.steps[k].name)[:2]
        ]
        height = self._height(record)
        pull = []
        for body in bodies:
            rows = self.blocks(branch.body, body, branch.rows, branch.flight)
            pull.append(free_acceleration(self.vehicle.launch, body, rows, record, lit=branch.lit, height=height))
        return np.asarray(pull[0] >= pull[1])

    # ---- over -----------------------------------------------------------------------------------------------------

    def _arrival(self, branch: _Branch) -> Arrival:
        assert branch.out is not None
        end = np.where(
            np.isfinite(named_outputs(branch.out)["landing_time"]), named_outputs(branch.out)["landing_time"], np.inf
        )
        lit = np.where(branch.lit <= end[:, None], branch.lit, np.nan)
        happened = np.where(branch.happened <= end[:, None], branch.happened, np.nan)
        assert branch.starts is not None
        heights = np.where(np.isfinite(happened), np.where(happened == 0.0, 0.0, branch.heights), np.nan)
        return Arrival(
            branch.body, branch.flight, branch.rows, branch.out, lit, happened, branch.starts, heights, branch.legs
        )


def _some(times: np.ndarray) -> np.ndarray:
    """Times (n,) with infinity for none."""
    return np.where(np.isnan(times), np.inf, times)
