"""The flights of one mode: of a rocket that flies as one body until something breaks, and of a vehicle that comes apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from downrange.dispersion.programs import burning
from downrange.errors import FlightCode
from downrange.failures import Mode, Scene, Tumbles, Wreck
from downrange.failures.scene import Draw
from downrange.flight import fly_rows, fly_single
from downrange.flight.arrivals import Arrival
from downrange.flight.drivers import RawFlight
from downrange.flight.legs import fly_tree
from downrange.flight.named import named_outputs, named_records, named_rows
from downrange.flight.orders import Orders
from downrange.flight.packing import Compiled
from downrange.flight.parting import follow, joined
from downrange.flight.propulsion import burnt_out, stretched
from downrange.flight.rows import AT_STOP_APOGEE, NEVER_STOP, OUT, RECORD
from downrange.flight.steered import Crew
from downrange.flight.vehicle import Body, Key

__all__ = ["Drawn", "Flown", "Piece", "Recorder", "fly_arrivals", "fly_parts", "fly_whole", "pieces_of"]

Flown = Callable[..., np.ndarray]
"""What flies rows: `flight.fly_rows`, or what is called like it."""


class Recorder:
    """Flies rows as `fly_rows` does, one after another, and keeps the steps of each: `calls`, a list for each time that it was called, of
    arrays (m, TRACK). `interpreted`: in Python."""

    def __init__(self, *, interpreted: bool = False) -> None:
        self._interpreted = interpreted
        self.calls: list[list[np.ndarray]] = []
        self.last: RawFlight | None = None

    def __call__(
        self, compiled: Compiled, rows: np.ndarray, *, starts: np.ndarray | None = None, ends: np.ndarray | None = None, tolerance: float | None = None,
        threads: int = 1,
    ) -> np.ndarray:  # fmt: skip
        """The kernel's answers (n, NOUT) of rows (n, ROW)."""
        raws = [
            fly_single(
                compiled,
                row=row,
                start=None if starts is None else starts[k],
                tolerance=tolerance,
                interpreted=self._interpreted,
            )
            for k, row in enumerate(rows)
        ]
        if ends is not None:
            ends[:] = np.array([r.end for r in raws]).reshape(ends.shape)
        self.calls.append([r.track for r in raws])
        self.last = raws[-1] if raws else None
        return np.array([[r.out[name] for name in OUT] for r in raws]).reshape(len(rows), len(OUT))


@dataclass(frozen=True, eq=False)
class Drawn:
    """What was drawn for flights (n,): rows (n, ROW) of the whole and of the bodies that it becomes, how late each step of the
    schedule comes (n, steps), s, the logarithm of how many times as long the motor burns (n,), None: as long in all, and by how much of its
    thrust each motor is stronger (n, motors), as `Body.segments` takes it, None: none is."""

    rows: np.ndarray
    others: Mapping[Key, np.ndarray]
    late: np.ndarray
    burn: np.ndarray | None = None
    own: np.ndarray | None = None

    def part(self, where: slice) -> Drawn:
        """Of some of the flights, in arrays of their own."""
        burn, own = (None if x is None else x[where] for x in (self.burn, self.own))
        others = {k: v[where].copy() for k, v in self.others.items()}
        return Drawn(self.rows[where].copy(), others, self.late[where], burn, own)


@dataclass(frozen=True, eq=False)
class Piece:
    """A body of some flights of a mode as it came down: which flights (k,), what it weighs then (k,), kg, the rows with which they left
    the pad, the kernel's answers, and what it measures across its path, m; of one flight that was recorded its steps (m, TRACK), `way`; of a vehicle that comes apart
    when (s) and how high (m) each step of its schedule happened (k, steps, 2), as `Arrival` has them."""

    body: str
    flight: np.ndarray
    mass: np.ndarray
    rows: np.ndarray
    out: np.ndarray
    across: float
    way: np.ndarray | None = None
    steps: np.ndarray | None = None


def pieces_of(mode: Mode, scene: Scene) -> list[str]:
    """Names of what a mode's breaking leaves."""
    return [b.name for change in mode.changes for b in change.bodies(scene)]


def fly_whole(
    mode: Mode, scene: Scene, drawn: Drawn, table: np.ndarray, draw: Draw, tolerance: float | None, crew: Crew | None = None,
    by: Flown = fly_rows,
) -> list[Piece]:  # fmt: skip
    """Fly rows of a rocket that is one body until it breaks, in the winds of `table`; `crew` steers it, else `by` is what flies them; a `Recorder` keeps the steps of
    one flight that a crew steers, too."""
    own, base = drawn.rows, scene.program.compiled
    devices = base.devices
    for change in mode.changes:
        devices = change.devices(devices, scene)
        change.rows(named_rows(own), scene, draw)
    first = burning(replace(base, devices=devices, tables=base.tables._replace(wind=table)), own, drawn.burn)
    if drawn.own is not None and drawn.own.any():
        v = scene.program.vehicle
        segments = v.body(v.root).segments(np.zeros((1, len(v.filled))), drawn.own)
        if drawn.burn is not None:
            longer = zip(segments, np.exp(drawn.burn)[:, None], strict=True)
            segments = np.concatenate([stretched(one, by) for one, by in longer])
        named_rows(own)["thrust_at"] = np.arange(len(own)) * float(segments.shape[1])
        first = replace(first, segments=segments.reshape(-1, segments.shape[-1]))
    if crew is not None:
        out, ends, last = crew.fly(first, own, None, tolerance=tolerance)
        if isinstance(by, Recorder) and last is not None:
            by.calls.append([last.track])
    else:
        ends = np.zeros((len(own), RECORD))
        out = by(first, own, threads=1, ends=ends, tolerance=tolerance)
    named_rows(own)["thrust_at"] = 0.0  # rows are kept, tables of burn times are not
    broken = np.flatnonzero(named_outputs(out)["code"] == FlightCode.STOPPED)
    kept = np.setdiff1d(np.arange(len(own)), broken)
    wide = scene.program.launch.rocket.diameter
    across = max([wide, *(change.across(scene) or 0.0 for change in mode.changes)])
    body = scene.program.vehicle.body(scene.program.vehicle.root)
    down = _known(named_outputs(out)["landing_time"])
    mass = named_rows(own)["mass"] - _thrown(body, np.zeros((len(own), len(scene.program.vehicle.filled))), down)
    pieces = [Piece("rocket", kept, mass[kept], own[kept], out[kept], across)]
    if broken.size:
        for wreck in (w for change in mode.changes for w in change.bodies(scene)):
            burn = None if drawn.burn is None else drawn.burn[broken]
            flown = _fly_wreck(wreck, own[broken], ends[broken], _of(draw, broken), devices, table, tolerance, by, burn)
            mass, second = flown
            pieces.append(
                Piece(
                    wreck.name, broken, mass, own[broken], joined(out[broken], second), max(wide, wreck.across or 0.0)
                )
            )
    return pieces


def _of(draw: Draw, which: np.ndarray) -> Draw:
    return lambda name: draw(name)[which]


def _fly_wreck(
    wreck: Wreck, rows: np.ndarray, ends: np.ndarray, draw: Draw, devices: np.ndarray, table: np.ndarray, tolerance: float | None,
    by: Flown = fly_rows, burn: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Masses and answers of what flies on from where rows broke; `burn` as in `Drawn`."""
    moved, starts = rows.copy(), ends.copy()
    row = named_rows(moved)
    row["stop"] = NEVER_STOP
    wreck.prepare(row, named_records(starts), draw)
    row["thrust_at"] = 0.0
    c = wreck.compiled if len(wreck.compiled.segments) else replace(wreck.compiled, segments=burnt_out())
    fitted = devices if wreck.keeps_devices else c.devices
    leg = burning(replace(c, devices=fitted, tables=c.tables._replace(wind=table)), moved, burn)
    begin = starts if wreck.keeps_devices else starts[:, :14]
    return row["mass"], by(leg, moved, starts=begin, threads=1, tolerance=tolerance)


# ---- vehicles that come apart ---------------------------------------------------------------------------------------


def fly_parts(
    mode: Mode, scene: Scene, drawn: Drawn, table: np.ndarray, draw: Draw, tolerance: float | None, crew: Crew | None = None,
    by: Flown = fly_rows,
) -> list[Piece]:  # fmt: skip
    """Fly a vehicle that comes apart, each flight's bodies with their own draws, in the winds of `table`; the foremost bodies first.

    crew: steers it. by: else what flies its rows; a `Recorder` of one flight gives the `way` of each piece.
    """
    arrivals = fly_arrivals(mode, scene, drawn, table, draw, tolerance, crew, by)
    pieces = [p for a in arrivals for p in _pieces(a, mode, scene, drawn, draw, table, tolerance, by)]
    return [p for p in pieces if p.flight.size]


def fly_arrivals(
    mode: Mode, scene: Scene, drawn: Drawn, table: np.ndarray, draw: Draw, tolerance: float | None, crew: Crew | None = None,
    by: Flown = fly_rows,
) -> list[Arrival]:  # fmt: skip
    """`fly_parts` as far as to where bodies are over, those that broke on the way among them: the foremost first."""
    vehicle = scene.program.vehicle.changed(lambda body: _outfitted(body, mode, scene, table))
    orders = Orders.planned(vehicle, len(drawn.rows)) if crew is None else crew.planned(len(drawn.rows))
    orders.late[:] += drawn.late
    if drawn.own is not None:
        orders.own[:] = drawn.own
    _change_rows(mode, scene, drawn, draw)
    for change in mode.changes:
        change.orders(orders, scene, draw)
    if mode.stops:
        stop = named_rows(drawn.rows)["stop"]
        orders.breaks[:] = np.where(stop == AT_STOP_APOGEE, np.inf, stop)

    def flyer(
        c: Compiled, rows: np.ndarray, starts: np.ndarray | None, body: Body, flight: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, RawFlight | None]:
        if crew is not None:
            return crew.fly(c, rows, starts, body, flight, tolerance=tolerance)
        ends = np.zeros((len(rows), RECORD))
        out = by(c, rows, starts=starts, threads=1, ends=ends, tolerance=tolerance)
        return out, ends, by.last if isinstance(by, Recorder) else None

    def blocks(whole: Body, body: Body, rows: np.ndarray, flight: np.ndarray) -> np.ndarray:
        own = drawn.others.get(body.key)
        return follow(whole, body, rows, flight) if own is None else own[flight].copy()

    arrivals = fly_tree(vehicle, drawn.rows, flyer, orders, blocks)
    order = {name: k for k, name in enumerate(scene.program.vehicle.names)}
    arrivals.sort(key=lambda a: (not scene.leads(a.body.key), order[a.body.key.name], int(a.flight[0])))
    return arrivals


def _change_rows(mode: Mode, scene: Scene, drawn: Drawn, draw: Draw) -> None:
    """What a mode changes in the rows of the bodies that it concerns."""
    vehicle = scene.program.vehicle
    for key, rows in ((vehicle.root, drawn.rows), *drawn.others.items()):
        here = scene.of_body(vehicle.body(key))
        for change in mode.changes:
            if change.concerns(key, here):
                change.rows(named_rows(rows), here, draw)


def _outfitted(body: Body, mode: Mode, scene: Scene, winds: np.ndarray) -> Body:
    """A body with its recovery devices as a mode has them, in the table of winds that its rows are told of."""
    table, leads = body.compiled.devices, scene.leads(body.key)
    decided: set[int] = set()
    tumbles = any(isinstance(c, Tumbles) for c in mode.changes)
    for change in mode.changes:
        table = change.devices(table, scene) if leads else change.dropped(table, body)
        decided |= set(change.decides(scene)) if leads else set()
    fitted = []
    for k, d in enumerate(body.devices):
        if d.label == "tumbling" and not (leads and tumbles):
            table = table.copy()
            table[k] = body.compiled.devices[k]
        event = float(table[k, 0])
        free = event != body.compiled.devices[k, 0] or k in decided
        fitted.append(replace(d, event=event, charge=-1, separation=-1) if free else d)
    c = body.compiled
    return replace(
        body, devices=tuple(fitted), compiled=replace(c, devices=table, tables=c.tables._replace(wind=winds))
    )


def _pieces(
    a: Arrival,
    mode: Mode,
    scene: Scene,
    drawn: Drawn,
    draw: Draw,
    table: np.ndarray,
    tolerance: float | None,
    by: Flown,
) -> list[Piece]:
    """What came down of flights that arrived, or broke on the way."""
    here, whole = scene.of_body(a.body), ~a.broken
    wide = a.body.rocket.diameter
    across = max(wide, a.body.rocket.length if a.body.tumbles else 0.0)
    if scene.leads(a.body.key):
        across = max([across, *(change.across(here) or 0.0 for change in mode.changes)])
    mass = _landing_mass(a)
    name = a.body.key.name if scene.program.staged else "rocket"
    way = np.concatenate([leg.raw.track for leg in a.legs]) if a.legs else None
    steps = np.stack([a.happened, a.heights], axis=2)
    own = drawn.rows[a.flight[whole]]
    out = [Piece(name, a.flight[whole], mass[whole], own, a.out[whole], across, way, steps[whole])]
    if a.broken.any():
        gone = a.flight[a.broken]
        for wreck in (w for change in mode.changes for w in change.bodies(here)):
            m, second = _fly_wreck(
                wreck,
                a.rows[a.broken],
                a.ends[a.broken],
                _of(draw, gone),
                a.body.compiled.devices,
                table,
                tolerance,
                by,
            )
            out.append(
                Piece(
                    wreck.name,
                    gone,
                    m,
                    drawn.rows[gone],
                    joined(a.out[a.broken], second),
                    max(wide, wreck.across or 0.0),
                    np.concatenate([way, *by.calls[-1]]) if way is not None and isinstance(by, Recorder) else None,
                    steps[a.broken],
                )
            )
    return out


def _landing_mass(a: Arrival) -> np.ndarray:
    """What comes down (n,), kg: with propellant that did not burn, because its motor was not lit or a canopy opened before its end, and
    without the casings that were thrown out."""
    said, row = named_outputs(a.out), named_rows(a.rows)
    cut = _known(np.fmin(said["deploy_time"], said["landing_time"]))
    lit = np.where(np.isnan(a.lit), np.inf, a.lit)
    mass = row["mass"].copy()
    for j, nozzle in zip(a.body.tubes, a.body.nozzles, strict=True):
        mass += row["propellant"] * nozzle.motor.propellant_at(np.maximum(cut - lit[:, j], -1.0))
    return np.asarray(mass - _thrown(a.body, lit, _known(said["landing_time"])))


def _known(times: np.ndarray) -> np.ndarray:
    """Times (n,), s, with a late one for none."""
    return np.where(np.isfinite(times), times, 1e9)


def _thrown(body: Body, lit: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Mass (n,), kg, of the casings that the charges of a body's motors, lit at `lit` (n, motors), have thrown out by t (n,), s."""
    out = np.zeros(len(t))
    for j, nozzle in zip(body.tubes, body.nozzles, strict=True):
        if nozzle.casing:
            out += nozzle.casing.mass * (t - lit[:, j] > nozzle.leaves)
    return out
