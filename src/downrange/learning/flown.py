"""A flight as a lesson: what it told, and what the kernel makes of it at other values of the parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from downrange.dispersion.known import MASS_SCATTER, MOTOR_SCATTER, effect
from downrange.dispersion.way import Way
from downrange.errors import InputError
from downrange.flight import Flight, Launch, Program, compile_launch, fly, fly_rows
from downrange.flight.named import named_outputs
from downrange.flight.rows import CDS0, FIELD
from downrange.learning.learned import Learned

__all__ = ["FlownFlight", "Told"]

_STEP = {"axial": 0.05, "thrust": 0.01, "mass": 0.01}  # of the logarithm, to either side
_INERTIA = ("mass", "ixx", "iyy", "izz", "ixy", "ixz", "iyz")
OUTPUTS = ("apogee", "time to apogee", "time of flight")


@dataclass(frozen=True)
class Told:
    """One thing that a flight told: the logarithm of what was measured over what the drawing predicts, and its standard deviation.

    `what` is one of `OUTPUTS`, which the kernel predicts anew at every value of the parameters, or words of its own; then `row` says how it follows from them.
    """

    what: str
    value: float
    sigma: float
    row: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and abs(self.value) < 5 and 0 < self.sigma < 5):
            raise InputError(
                f"{self.what[:60]}: {self.value:g} ± {self.sigma:g} in logarithms is nothing that a flight tells"
            )


@dataclass(frozen=True, eq=False)
class FlownFlight:
    """A flight: its `launch` as the files draw it, what it `told`, its name and outcome, and a digest of what it was read from.

    `day` is the standard deviation of the logarithm of its apogee by what no parameter stands for."""

    name: str
    launch: Launch
    told: tuple[Told, ...]
    apogee: float | None = None
    digest: str = ""
    outcome: str = "nominal"
    notes: tuple[str, ...] = ()
    day: float = 0.0

    @cached_property
    def nominal(self) -> Flight:
        """Its flight as drawn. Raises `InputError` where that does not fly, or comes apart."""
        program = compile_launch(self.launch)
        if program.staged:
            raise InputError(f"{self.name}: flights of stages, boosters and clusters teach nothing yet")
        flight = fly(program, interpreted=False)
        if not (math.isfinite(flight.apogee) and flight.apogee > 0 and math.isfinite(flight.raw.out["rail_exit_time"])):
            raise InputError(f"{self.name}: as drawn this launch does not fly; see downrange check")
        return flight

    @cached_property
    def way(self) -> Way:
        """Its way through the air as drawn, by which drag at Mach numbers is weighed."""
        return Way.of(self.nominal)

    @cached_property
    def drawn(self) -> np.ndarray:
        """Logarithms of the `OUTPUTS` as drawn."""
        return _logs(self.nominal.program, self.nominal.program.compiled.row[None])[0]

    def predicted(self, learned: Learned) -> tuple[np.ndarray, np.ndarray]:
        """What the parameters predict of each thing told (m,), over the drawing, in logarithms, and its derivatives (m, k).

        Those of the kernel are central differences, flown in lanes.
        """
        program = compile_launch(learned.apply(self.launch))
        logs, slopes = self._flown(program, learned.names)
        mean = np.array(learned.mean)
        value, rows = np.zeros(len(self.told)), np.zeros((len(self.told), len(mean)))
        for i, told in enumerate(self.told):
            if told.what in OUTPUTS:
                k = OUTPUTS.index(told.what)
                value[i], rows[i] = logs[k] - self.drawn[k], slopes[k]
            else:
                rows[i] = [told.row.get(n, 0.0) for n in learned.names]
                value[i] = rows[i] @ mean
        return value, rows

    def _flown(self, program: Program, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Logarithms of the outputs (3,) of a program and their derivatives (3, k) by the parameters."""
        base, columns = program.compiled.row, self._columns(program)
        steps = np.array([_STEP[c] if isinstance(c, str) else 0.02 for c in columns])
        rows = np.concatenate([base[None], *(moved(base, program, c, s) for c, s in zip(columns, steps, strict=True))])
        out = _logs(program, rows)
        slopes = (out[1::2] - out[2::2]) / (2 * steps[:, None])  # by the logarithm of a column
        slopes[~np.isfinite(slopes)] = 0.0
        result = np.zeros((len(OUTPUTS), len(names)))
        for j, name in enumerate(names):
            wide = effect(name, program, self.way)
            if wide is None:
                continue
            for c, slope in zip(columns, slopes, strict=True):
                at = FIELD[c] if isinstance(c, str) else CDS0 + c
                if base[at] > 0:  # of a canopy whose drag is all the body's nothing is left
                    result[:, j] += slope * wide[at] / base[at]
        return out[0], result

    def _columns(self, program: Program) -> list[str | int]:
        return [*_STEP, *range(len(program.devices))]

    def errors(self, rows: np.ndarray, names: Sequence[str]) -> np.ndarray:
        """The covariance (m, m) of what was told: each one's own, and what this motor and this day's mass had of their own.

        rows: derivatives (m, k), as `predicted` gives them. names: of the parameters.
        """
        c = np.diag([t.sigma**2 for t in self.told])
        for kind, scatter in ((f"thrust.{self.launch.motor.designation}", MOTOR_SCATTER), ("mass", MASS_SCATTER)):
            if kind in names:
                j = rows[:, list(names).index(kind)]
                c = c + scatter**2 * np.outer(j, j)
        return c

    def drawn_many(self, learned: Learned, means: np.ndarray) -> np.ndarray:
        """What parameters predict of each thing told (n, m), in one batch of lanes.

        learned: to whose values the program is built. means: logarithms (n, k) near them.
        """
        program = compile_launch(learned.apply(self.launch))
        rows = np.repeat(program.compiled.row[None], len(means), axis=0)
        for j, name in enumerate(learned.names):
            wide = effect(name, program, self.way)
            if wide is None:
                continue
            for at in np.flatnonzero(wide[: rows.shape[1]] * program.compiled.row):
                rows[:, at] *= np.exp((means[:, j] - learned.mean[j]) * wide[at] / program.compiled.row[at])
        logs = _logs(program, rows) - self.drawn
        linear = np.array([[t.row.get(n, 0.0) for n in learned.names] for t in self.told])
        return np.stack(
            [logs[:, OUTPUTS.index(t.what)] if t.what in OUTPUTS else means @ linear[i] for i, t in enumerate(self.told)], axis=1
        )  # fmt: skip


def moved(base: np.ndarray, program: Program, column: str | int, step: float) -> np.ndarray:
    """Two rows (2, ROW) with a column times exp(± step); the inertia goes with the mass, a device is named by its number."""
    rows = np.repeat(base[None], 2, axis=0)
    factor = np.exp([step, -step])
    for c in (
        [CDS0 + column]
        if isinstance(column, int)
        else [FIELD[k] for k in (_INERTIA if column == "mass" else (column,))]
    ):
        rows[:, c] *= factor
    return rows


def _logs(program: Program, rows: np.ndarray) -> np.ndarray:
    """Logarithms of the `OUTPUTS` (n, 3) of flown rows; NaN where a flight has them not."""
    out = named_outputs(fly_rows(program, rows))
    values = np.stack(
        [out["apogee"], out["apogee_time"] - out["liftoff_time"], out["landing_time"] - out["liftoff_time"]], axis=1
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.log(np.where(values > 0, values, np.nan))
