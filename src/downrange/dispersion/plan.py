"""A campaign as a plan: everything that a block of flights needs, and the block flown.

A block is 1,024 flights with a fixed share of each mode: rare modes get more flights than their probability (in
proportion to its square root), and weights set that right. A flight depends on the seed and its number alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from downrange.aero import fin_strengths
from downrange.dispersion.fleet import finish_body_rows
from downrange.dispersion.flying import Drawn, fly_parts, fly_whole, pieces_of
from downrange.dispersion.inputs import Relaunch, finish_rows, gather_inputs
from downrange.dispersion.known import Known
from downrange.dispersion.programs import air_heights
from downrange.dispersion.streams import Sampling, sobol, uniforms
from downrange.dispersion.wide import BURN, WIDE, Inputs
from downrange.dispersion.winds import Intensity, Winds
from downrange.errors import InputError
from downrange.exact import one_thread
from downrange.failures import ModeProbability, Scene, scene_of, without
from downrange.flight import Launch, Program, compile_launch, fly, launch_figures
from downrange.flight.named import named_outputs, named_rows
from downrange.flight.rows import OUT, ROW
from downrange.flight.steered import Steering
from downrange.uncertainty import Quantity

__all__ = ["BLOCK", "Block", "Plan", "Uncertainty", "make_plan"]

BLOCK = 1024
_ENSEMBLE = 5  # members from which an ensemble speaks for itself
_LEAST = 8  # flights of a mode in a whole block
_TIMES = [k for k in OUT if k.endswith("_time")]


@dataclass(frozen=True)
class Uncertainty:
    """What the user says about uncertainty beyond the quantities of the files.

    `stated`: named uncertainties (keys of `inputs.DEFAULTS`, and `wind_correlation`); `defaults`: whether the others
    get theirs; `correlated`: groups of input names with one correlation coefficient each.
    """

    stated: Mapping[str, Quantity]
    defaults: bool = True
    correlated: tuple[tuple[tuple[str, ...], float], ...] = ()
    turbulence: Intensity | None = None


@dataclass(frozen=True, eq=False)
class Block:
    """A block flown: for each landing body the flight's number and mode, the inputs (n, k), the wind that it met in the
    mean from the pad to the nominal apogee (n, 2), its mass as it lands (n,), the row it left the pad with (n, ROW), outputs
    (n, NOUT) and what it measures across its path as it comes down (n,), m: its length where it tumbles, else its diameter;
    when (s) and how high (m) what it was part of was lit or parted (n, steps, 2), NaN where it was not."""

    flight: np.ndarray
    mode: np.ndarray
    body: np.ndarray
    member: np.ndarray
    inputs: np.ndarray
    wind: np.ndarray
    mass: np.ndarray
    rows: np.ndarray
    out: np.ndarray
    across: np.ndarray
    steps: np.ndarray


@dataclass(frozen=True, eq=False)
class Plan:
    """A campaign: the program, what varies, the modes with their probabilities, the winds, the seed.

    `watch` is a time (s) at which every body's position is noted. `steering`: controllers that fly it, each flight's with sensors of its own.
    """

    program: Program
    inputs: Inputs
    modes: tuple[ModeProbability, ...]
    skipped: dict[str, str]
    winds: Winds
    seed: int = 1
    sampling: Sampling = "random"
    correlated: tuple[tuple[tuple[str, ...], float], ...] = ()
    tolerance: float | None = None
    watch: float | None = None
    steering: Steering | None = None

    @cached_property
    def scene(self) -> Scene:
        """What the modes need to know."""
        return scene_of(fly(self.program, interpreted=False))

    @cached_property
    def bodies(self) -> tuple[str, ...]:
        """Names of all bodies that may land."""
        names = list(self.program.vehicle.names) if self.program.staged else ["rocket"]
        for m in self.modes:
            names += [b for b in pieces_of(m.mode, self.scene) if b not in names]
        return tuple(names)

    @cached_property
    def pad_figures(self) -> dict[str, float]:
        """What can be said of the nominal launch before flying."""
        return dict(launch_figures(self.program))

    @cached_property
    def altimeter(self) -> tuple[np.ndarray, np.ndarray]:
        """Heights above the pad and what a barometric altimeter zeroed there shows, m."""
        pad, air = self.program.launch.pad, self.program.launch.weather.air
        z = np.linspace(0, self.program.compiled.tables.top, 2000)
        return z, np.asarray(air.altimeter(pad.elevation + z, pad.elevation))

    @cached_property
    def flutter_pressure(self) -> float:
        """Dynamic pressure at which the weakest fins flutter, Pa; NaN without fins.

        Of a vehicle that comes apart as its nominal flight says: fins that leave early meet less of it.
        """
        if self.program.staged:
            return fly(self.program, interpreted=False).flutter_pressure
        found = [v.flutter_pressure for v in fin_strengths(self.program.launch.rocket) if v.flutter_pressure > 0]
        return min(found, default=float("nan"))

    def counts(self, size: int) -> np.ndarray:
        """Flights of each mode in a block of `size`."""
        p = np.array([m.probability for m in self.modes])
        share = np.sqrt(p) / np.sqrt(p).sum()
        wanted = np.maximum(share * size, np.where(p > 0, min(_LEAST, size / (2 * len(p))), 0))
        wanted *= size / wanted.sum()
        n = np.floor(wanted).astype(int)
        n[np.argsort(n - wanted, kind="stable")[: size - n.sum()]] += 1
        return n

    def fly_block(self, block: int, size: int = BLOCK) -> Block:
        """Fly a block: sample, build winds, fly each mode, then what breaks off. Deterministic in seed and block.

        size: flights, at most `BLOCK`.
        """
        counts = self.counts(size)
        mode = np.repeat(np.arange(len(self.modes)), counts)
        values, rows, member, table, drawn = self._draw(self._uniforms(block, mode, counts), block)
        wind = self._mean_wind(rows, table)
        parts = []
        start = 0
        for k, n in enumerate(counts):
            if n:
                parts.append(self._fly_mode(k, slice(start, start + n), drawn, table, block))
            start += n
        order = np.concatenate([p[0] for p in parts])
        return Block(
            flight=block * BLOCK + order, mode=mode[order], body=np.concatenate([p[1] for p in parts]), member=member[order],
            inputs=values[order], wind=wind[order], mass=np.concatenate([p[2] for p in parts]), rows=np.concatenate([p[3] for p in parts]),
            out=np.concatenate([p[4] for p in parts]), across=np.concatenate([p[5] for p in parts]),
            steps=np.concatenate([p[6] for p in parts]),
        )  # fmt: skip

    def draw(self, u: np.ndarray, block: int = 0) -> tuple[Drawn, np.ndarray]:
        """What is drawn of flights by uniform numbers (n, inputs), before what a mode does to them, and the winds that they meet.

        u: a number between 0 and 1 for each of `inputs`; one half is its median. block: which random numbers the winds take.
        """
        _, _, _, table, drawn = self._draw(u, block)
        return drawn, table

    def _draw(self, u: np.ndarray, block: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, Drawn]:
        """Values of the inputs (n, inputs), rows (n, ROW), members of the ensemble (n,), the table of winds, and what was drawn of all bodies."""
        size = len(u)
        wide = np.repeat(self.inputs.centre[None], size, axis=0)
        values = np.empty((size, len(self.inputs.inputs)))
        extra = None
        for k, item in enumerate(self.inputs.inputs):
            values[:, k] = item.add(wide, u[:, k])
            if item.wind is not None:
                extra = np.zeros((size, *item.wind.shape)) if extra is None else extra
                extra += (values[:, k] - item.distribution.centre)[:, None, None] * item.wind
        rows = finish_rows(wide, self.program.launch)
        if self.watch is not None:
            named_rows(rows)["watch"] = self.watch
        members = len(self.winds.members)
        member = np.minimum((uniforms(self.seed, "member", block, size) * members).astype(int), members - 1)
        table = self.winds.build(rows, member, extra, seed=self.seed, block=block)
        return values, rows, member, table, self._drawn(wide, rows)

    def _drawn(self, wide: np.ndarray, rows: np.ndarray) -> Drawn:
        """What was drawn of the whole, finished, and of the bodies that it becomes."""
        vehicle, keys, others = self.program.vehicle, self.inputs.keys, {}
        for k, key in enumerate(keys):
            own = wide[:, WIDE + ROW * k : WIDE + ROW * (k + 1)]
            others[key] = finish_body_rows(own, rows, vehicle.body(key))
        n, behind, steps, motors = len(wide), WIDE + ROW * len(keys), len(vehicle.steps), len(vehicle.filled)
        thrusts = wide[:, wide.shape[1] - motors :] if self.inputs.motors else None
        staged = wide.shape[1] - motors * self.inputs.motors > behind
        late = wide[:, behind : behind + steps] if staged else np.zeros((n, steps))
        burn = None if staged or not wide[:, BURN].any() else wide[:, BURN]
        return Drawn(rows, others, late, burn, thrusts)

    def _mean_wind(self, rows: np.ndarray, table: np.ndarray) -> np.ndarray:
        """Mean wind (n, 2), east and north, from the pad to the nominal apogee, before what a mode does to it."""
        heights = self.winds.heights
        cells = heights.size - 1
        first, last = np.searchsorted(heights, [0.0, max(self.scene.nominal["apogee"], 10.0)])
        span = slice(first, max(last, first + 1))
        depth = np.diff(heights)[span]
        at = table.reshape(-1, cells, 4)[:, span]
        all_ = np.einsum("nkc,k->nc", at[:, :, ::2] + 0.5 * at[:, :, 1::2], depth / depth.sum())
        row = named_rows(rows)
        u, v = all_[(row["wind_at"] / (4 * cells)).astype(int)].T
        c, s = row["wind_c"], row["wind_s"]
        return np.stack([c * u - s * v, s * u + c * v], axis=1)

    def _uniforms(self, block: int, mode: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Uniform numbers (size, inputs), correlated groups through a Gaussian copula."""
        from scipy.special import ndtr, ndtri

        names = [i.name for i in self.inputs.inputs]
        size = mode.size
        if self.sampling == "sobol" and names:
            whole = self.counts(BLOCK)
            u = np.concatenate(
                [
                    sobol(self.seed, f"mode {k}", len(names), block * int(whole[k]), int(n))
                    for k, n in enumerate(counts)
                    if n
                ]
            )
        else:
            u = (
                np.stack([uniforms(self.seed, name, block, size) for name in names], axis=1)
                if names
                else np.empty((size, 0))
            )
        for group, rho in self.correlated:
            where = [names.index(g) for g in group]
            matrix = np.full((len(where), len(where)), rho)
            np.fill_diagonal(matrix, 1.0)
            u[:, where] = ndtr(ndtri(u[:, where]) @ np.linalg.cholesky(matrix).T)
        return u

    def _fly_mode(self, k: int, where: slice, drawn: Drawn, table: np.ndarray, block: int) -> tuple[np.ndarray, ...]:
        """(place in the block, body, mass at landing, row at the pad, outputs, what it measures across, when and how high steps happened) of all bodies of
        a mode's flights."""
        item, n = self.modes[k].mode, where.stop - where.start

        def draw(name: str) -> np.ndarray:
            return uniforms(self.seed, f"{item.name}: {name}", block, n)

        how = fly_parts if self.program.staged or item.reorders else fly_whole
        crew = None
        if self.steering is not None:
            crew = self.steering.crew(self.program, n, block=(self.seed % 2**32, block, k), keep=False)
        pieces = how(item, self.scene, drawn.part(where), table, draw, self.tolerance, crew)
        if crew is not None:
            crew.end()
        number = {name: b for b, name in enumerate(self.bodies)}
        place = np.concatenate([p.flight for p in pieces])
        body = np.concatenate([np.full(p.flight.size, number[p.body]) for p in pieces])
        mass, out, rows = (np.concatenate([getattr(p, x) for p in pieces]) for x in ("mass", "out", "rows"))
        across = np.concatenate([np.full(p.flight.size, p.across) for p in pieces])
        none = (len(self.program.vehicle.steps), 2)
        steps = np.concatenate(
            [np.full((p.flight.size, *none), np.nan) if p.steps is None else p.steps for p in pieces]
        )
        for change in item.changes:
            if change.hold[1]:
                late = change.hold[0] + (change.hold[1] - change.hold[0]) * draw("hold")
                for name in _TIMES:
                    named_outputs(out)[name] += late[place]
                steps[:, :, 0] += late[place][:, None]
        return where.start + place, body, mass, rows, out, across, steps


def _winds(
    launch: Launch, heights: np.ndarray, members: np.ndarray | None, inputs: Inputs, uncertainty: Uncertainty
) -> Winds:
    """The winds of a campaign: of an ensemble's members, else of the launch's own."""
    if members is None:
        z = launch.pad.elevation + heights
        members = np.stack([launch.weather.wind.east(z), launch.weather.wind.north(z)], axis=1)[None]
    sigma = inputs.wind_sigma
    if len(members) >= _ENSEMBLE and "wind" not in uncertainty.stated:
        sigma *= 0.5  # the members' own spread is most of what is not known
    return Winds(heights, members, sigma, inputs.wind_correlation, uncertainty.turbulence)


def _check_correlated(uncertainty: Uncertainty, names: list[str]) -> None:
    """Raises `InputError` for correlations of what does not vary, and for those that are not possible."""
    for group, rho in uncertainty.correlated:
        if missing := next((name for name in group if name not in names), None):
            raise InputError(
                f"correlated: {missing!r} does not vary; what varies: {', '.join(names)}", key="uncertainty.correlated"
            )
        if not -1 / max(len(group) - 1, 1) < rho < 1:
            raise InputError(
                f"a correlation of {rho:g} between {len(group)} quantities is not possible",
                key="uncertainty.correlated",
            )


def make_plan(
    launch: Launch, *, uncertain: Mapping[str, Quantity], relaunch: Relaunch, uncertainty: Uncertainty,
    modes: tuple[ModeProbability, ...], members: np.ndarray | None = None, seed: int = 1,
    sampling: Sampling = "random", tolerance: float | None = None, unsaid: Collection[str] = (), known: Known | None = None,
    steering: Steering | None = None,
) -> Plan:  # fmt: skip
    """Plan a campaign of `launch`; modes that cannot happen to it are skipped, their probability left to the nominal flight.

    `unsaid` are keys of `PRIORS`: what the files leave out; `known` is what flights taught of the rocket.
    `members` (m, n, 2): winds of an ensemble at the nodes of `air_heights`, instead of the launch's own.

    uncertain: quantities of the files by path. relaunch: gives the launch with other values of these. uncertainty:
    what is said beyond. seed, sampling: of the random numbers. tolerance: of the integrator, relative and absolute;
    None: the launch's. steering: controllers that fly it. Raises `InputError` for correlations that are not possible, or of what does not vary.
    """
    with one_thread():
        program = compile_launch(launch)
        heights = air_heights(program)
        inputs = gather_inputs(
            program,
            dict(uncertain),
            relaunch,
            stated=dict(uncertainty.stated),
            defaults=uncertainty.defaults,
            heights=heights,
            unsaid=unsaid,
            known=known,
        )
        winds = _winds(launch, heights, members, inputs, uncertainty)
        _check_correlated(uncertainty, [i.name for i in inputs.inputs])
        scene = scene_of(fly(program, interpreted=False))
        skipped = {m.mode.name: why for m in modes if (why := m.mode.missing(scene))}
        plan = Plan(
            program,
            inputs,
            without(modes, skipped),
            skipped,
            winds,
            seed,
            sampling,
            uncertainty.correlated,
            tolerance,
            steering=steering,
        )
        _ = (
            plan.bodies,
            plan.altimeter,
            plan.flutter_pressure,
            plan.pad_figures,
        )  # what modes build comes of linear algebra too
        return plan
