"""A motor made of grains searched for: the dimensions at which it follows a wanted thrust curve, or gives most within its limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Literal

import numpy as np

from downrange.design.axes import Axis, Point
from downrange.design.evolution import evolve
from downrange.design.search import Found, settle
from downrange.errors import InputError, seen, suggest
from downrange.motor.ballistics import fire
from downrange.motor.ballistics.burn import Burn, Level
from downrange.project.asking import values_of
from downrange.project.fields import Kind
from downrange.project.grains import GrainMotor
from downrange.project.motors import at_values
from downrange.project.parameters import Place
from downrange.project.schema import quantities

__all__ = ["Goal", "MotorFound", "follow_curve", "give_most", "motor_axes", "search_motor", "wanted_curve"]

Most = Literal["impulse", "specific impulse"]
Goal = Callable[[Burn], float]
"""What a firing costs: the less the better."""

_BROKEN = 10.0  # what a limit costs that is passed by its own amount: more than any goal gains by it
_FIRST, _MOST_FIRST = (
    40,
    2000,
)  # points of a grid over all ranges, from the best of which the search begins; of lists all, up to so many
_FINER = (0.02, 0.002)  # steps, shares of the ranges, by which simplices settle the best
_DESIGNS = 120  # tried for each thing that may be changed


@dataclass(frozen=True, eq=False)
class MotorFound:
    """The best motor that a search met: its file, its firing, each place's value (SI), what the goal came to, and the limits it breaks."""

    opened: GrainMotor
    burn: Burn
    values: Mapping[str, float]
    cost: float
    broken: tuple[str, ...]
    tried: int


def motor_axes(opened: GrainMotor, texts: Sequence[str]) -> tuple[tuple[str, ...], tuple[Axis, ...]]:
    """The quantities of a motor.yaml that each text names (paths, separated by blanks), and what they may be: `nozzle.throat 10..20 mm`,
    `grains[0].core 15..30 mm`, `grains.core 15..30 mm` for all grains that have a core. Raises `InputError`.
    """
    if opened.file is None:
        raise InputError(
            "only the numbers of a motor.yaml can be varied; write this motor as one", file=str(opened.path)
        )
    known = dict(quantities(opened.file))
    paths = list[str]()
    axes = list[Axis]()
    for text in texts:
        name, _, rest = text.strip().partition(" ")
        named = [p for p in known if p == name or re.sub(r"\[\d+\]", "", p) == name]
        if not named:
            short = [re.sub(r"\[\d+\]", "", p) for p in known]
            raise InputError(f"the motor has no {seen(name, 60)}{suggest(name[:60], [*known, *short])}", key="--vary")
        kind = _kind_of(opened.file, named[0])
        place = Place(name, named[0], kind.kind, known[named[0]].value, kind)
        choices, ends = values_of(place, rest) if rest.strip() else ((), None)
        if not choices and ends is None:
            raise InputError(f"{name} says no values; write it like '{name} 10..20 mm'", key="--vary")
        if name in [a.name for a in axes]:
            raise InputError(f"{name} stands twice among what may be changed; keep one", key="--vary")
        paths.append(" ".join(named))
        axes.append(Axis(name, *(ends or (0.0, 0.0)), choices, kind.kind))
    if not axes:
        raise InputError("nothing may be changed: say what, like --vary 'nozzle.throat 10..20 mm'", key="--vary")
    return tuple(paths), tuple(axes)


def _kind_of(model: Any, path: str) -> Kind:
    """The kind of the quantity at a path of a model."""
    steps = [p for p in re.split(r"[.\[\]]", path) if p]
    for step in steps[:-1]:
        model = (
            model[int(step)]
            if step.isdigit() and isinstance(model, list | tuple)
            else (model[step] if isinstance(model, dict) else getattr(model, step))
        )
    if steps[-1].isdigit():
        raise InputError(f"{path} is one of a list; vary a dimension by its name", key="--vary")
    field = type(model).model_fields[steps[-1]]

    def of(annotation: Any, metadata: Any) -> Kind | None:
        for m in metadata:
            if isinstance(m, Kind):
                return m
        for a in getattr(annotation, "__args__", ()):
            found = of(a, getattr(a, "__metadata__", ()))
            if found is not None:
                return found
        return None

    kind = of(field.annotation, field.metadata)
    assert kind is not None, path
    return kind


def wanted_curve(path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """Time (n,), s, and thrust (n,), N, of a file: .eng, .rse, or a table of two columns. Raises `InputError`."""
    from downrange.formats.motors import READERS, pick_motor

    path = Path(path)
    if READERS.knows(path):
        motor = pick_motor(path)
        return motor.time, motor.thrust
    from downrange.formats.curves import read_thrust

    return read_thrust(path)


def follow_curve(time: np.ndarray, thrust: np.ndarray) -> Goal:
    """The area between a firing's thrust and a wanted one, over the wanted impulse.

    time, thrust: (n,), s and N, of the wanted curve, increasing. Raises `InputError` for a curve without impulse.
    """
    impulse = float(np.trapezoid(thrust, time))
    if not impulse > 0:
        raise InputError("the wanted curve has no impulse", key="--curve")

    def cost(burn: Burn) -> float:
        t = np.union1d(time, burn.time)
        apart = np.interp(t, time, thrust, left=0.0, right=0.0) - np.interp(
            t, burn.time, burn.thrust, left=0.0, right=0.0
        )
        return float(np.trapezoid(np.abs(apart), t) / impulse)

    return cost


def give_most(what: Most) -> Goal:
    """The impulse, or the specific impulse, that is wanted as large as the limits let it be: less its logarithm."""
    if what == "impulse":
        return lambda burn: -float(np.log(burn.impulse))
    return lambda burn: -float(np.log(burn.specific_impulse))


def search_motor(
    opened: GrainMotor, paths: Sequence[str], axes: Sequence[Axis], goal: Goal, *, level: Level = "quasi-steady", seed: int = 1,
    tell: Callable[[int], None] = lambda tried: None,
) -> MotorFound:  # fmt: skip
    """The motor at which `goal` is least, with its limits kept (`limits` of its file: pressure, mass flux, port to throat).

    paths, axes: as `motor_axes` gives them. level: of the ballistics. seed: the same gives the same motor. tell: is told how many were tried.
    By CMA-ES, then a simplex (`design.evolution`). Raises `InputError` where no motor within the ranges burns.
    """
    tried = 0

    def made(point: Point) -> tuple[GrainMotor, Burn]:
        values = {p: float(point[a.name]) for ps, a in zip(paths, axes, strict=True) for p in ps.split()}
        motor = at_values(opened, values)
        return motor, fire(motor.motor, level)

    def cost(point: Point) -> float:
        nonlocal tried
        tried += 1
        tell(tried)
        try:
            burn = made(point)[1]
        except InputError:
            return float("inf")
        return goal(burn) + _BROKEN * sum(over for _, over in _over(burn))

    points = max(3, int(_FIRST ** (1 / len(axes))))
    grid = [dict(zip((a.name for a in axes), at, strict=True)) for at in product(*(a.grid(points) for a in axes))][
        :_MOST_FIRST
    ]
    start = min(grid, key=cost)
    found = evolve(axes, cost, start, designs=_DESIGNS * len(axes), seed=seed)

    def again(point: Point) -> float:
        nonlocal found
        now = Found(point, cost(point))
        found = min(found, now, key=lambda f: f.cost)
        return now.cost

    for step in _FINER if any(not a.discrete for a in axes) else ():
        settle(axes, found, again, step)
    if not np.isfinite(found.cost):
        raise InputError(
            "no motor within these ranges burns: widen them, or begin nearer to one that does", key="--vary"
        )
    motor, burn = made(found.point)
    broken = tuple(f"{name} is {over:.1%} beyond its limit" for name, over in _over(burn) if over > 1e-3)
    values = {a.name: float(found.point[a.name]) for a in axes}
    return MotorFound(motor, burn, values, goal(burn), broken, tried)


def _over(burn: Burn) -> list[tuple[str, float]]:
    """By what share a firing is beyond each limit of its motor, zero within."""
    limits, out = burn.motor.limits, []
    if limits.pressure > 0:
        out.append(("the pressure", max(0.0, burn.peak_pressure / limits.pressure - 1)))
    if limits.mass_flux > 0:
        out.append(("the mass flux", max(0.0, float(burn.flux.max()) / limits.mass_flux - 1)))
    if limits.port_to_throat > 0 and burn.port_to_throat > 0:
        out.append(("port to throat", max(0.0, limits.port_to_throat / burn.port_to_throat - 1)))
    return out
