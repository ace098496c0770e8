"""Motors that burn together, each with a thrust of its own: what they have in common as one lot, and what each has by itself.

Half the variance of a motor's thrust is its lot's, half its own (`known.MOTOR_SCATTER`). Of n equal motors the sum then varies by
sqrt(1/2 + 1/(2 n)) of what one does; what they differ by turns the rocket. A wide row ends with by how much of its thrust each motor is
stronger; its factor of thrust in each body is the mean of those that push it, by impulse (`flight.vehicle.Body.shares`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np

from downrange.dispersion.known import MOTOR_SCATTER
from downrange.dispersion.wide import WIDE, Input, Inputs
from downrange.flight import Program
from downrange.flight.rows import FIELD, ROW
from downrange.flight.vehicle import Key
from downrange.uncertainty import Distribution, Normal

__all__ = ["beside", "motors_together", "thrusts", "with_motors"]


def motors_together(program: Program) -> bool:
    """Whether motors burn together somewhere: two in one stage, with what stands on it."""
    stages = [f.stage for f in program.vehicle.filled]
    return len(stages) > len(set(stages))


def beside(program: Program, motor: int) -> bool:
    """Whether a motor (by number) burns beside others."""
    filled = program.vehicle.filled
    return sum(f.stage == filled[motor].stage for f in filled) > 1


def thrusts(
    program: Program, keys: Collection[Key], d: Distribution, uncertain: Collection[str], *, width: int, assumed: bool, doc: str
) -> Iterator[Input]:  # fmt: skip
    """The inputs of the thrust of motors that burn beside others: of each lot (an entry of the launch's motors), and of each motor.

    keys: the bodies whose rows the wide row, `width` long before the motors, goes on with. Not of motors whose impulse the files vary.
    """
    filled, entries = program.vehicle.filled, len(program.launch.motors)
    those = [j for j in range(len(filled)) if beside(program, j) and not _stated(filled[j].index, entries, uncertain)]
    alone = min(MOTOR_SCATTER, d.spread)
    lot = math.sqrt(max(d.spread**2 - alone**2, 0.0))

    def one(label: str, sigma: float, motors: list[int]) -> Input:
        row = _row(program, keys, motors, width)
        return Input(f"thrust.{label}", Normal(1.0, sigma), row, assumed=assumed, doc=doc)

    for index in dict.fromkeys(filled[j].index for j in those):
        own = [j for j in those if filled[j].index == index]
        name, numbers = _named(program, own)
        if len(own) == 1:
            yield one(f"{name} {numbers[0]}", d.spread, own)
            continue
        if lot > 0:
            yield one(f"{name} {'+'.join(numbers)}", lot, own)
        yield from (one(f"{name} {number}", alone, [j]) for number, j in zip(numbers, own, strict=True))


def _named(program: Program, motors: Sequence[int]) -> tuple[str, list[str]]:
    """What the mount of an entry's motors is called, and which of its tubes they are in; of boosters with the number of each."""
    tubes = [program.vehicle.filled[j].tube for j in motors]
    several = len({t.copy for t in tubes}) > 1
    return tubes[0].mount or program.vehicle.filled[motors[0]].stage, [
        f"{t.copy}.{t.number}" if several else str(t.number) for t in tubes
    ]


def _stated(index: int, entries: int, uncertain: Collection[str]) -> bool:
    paths = {f"motors[{index}].motor.impulse_factor"} | ({"motor.impulse_factor"} if entries == 1 else set())
    return not paths.isdisjoint(uncertain)


def _row(program: Program, keys: Collection[Key], motors: Collection[int], width: int) -> np.ndarray:
    """The wide row of motors that are stronger by one."""
    v = program.vehicle
    out = np.zeros(width + len(v.filled))
    for k, key in enumerate((v.root, *keys)):
        body, begin = v.body(key), WIDE + ROW * (k - 1) if k else 0
        out[begin + FIELD["thrust"]] = sum(s for s, j in zip(body.shares, body.tubes, strict=True) if j in motors)
    out[[width + j for j in motors]] = 1.0
    return out


def with_motors(inputs: Inputs, own: Sequence[Input], motors: int) -> Inputs:
    """Inputs, and those of `own` thrust, on wide rows with a column more for each of the motors (how many)."""

    def wide(x: np.ndarray | None) -> np.ndarray | None:
        return None if x is None else np.concatenate([x, np.zeros((*x.shape[:-1], motors))], axis=-1)

    others = []
    for item in inputs.inputs:
        first = np.concatenate([item.first, np.zeros(motors)])
        others.append(replace(item, first=first, second=wide(item.second)))
    return replace(
        inputs, inputs=(*others, *own), centre=np.concatenate([inputs.centre, np.zeros(motors)]), motors=True
    )
