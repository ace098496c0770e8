"""One or two values of a project swept: any number of the flight over them, with its band."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from downrange.design import Axis, Output, Want
from downrange.errors import FlightCode, InputError
from downrange.flight import compile_launch, fly
from downrange.project.asking import find_axis_values
from downrange.project.parameters import Place, varied
from downrange.project.project import Project
from downrange.project.trials import Trials

__all__ = ["Sweep", "read_swept", "sweep_project"]

_POINTS = {1: 21, 2: 11}  # of an axis, where nobody says how many
_MOST = 20_000  # designs
_NODES = {1: 9, 2: 3}  # of each axis, at which the band is found; between them it is linear
_DRAWN = 256  # flights of a node


@dataclass(frozen=True, eq=False)
class Sweep:
    """Outputs over one or two axes: arrays (n,) or (n, m), SI, NaN where a design cannot be built or a number did not happen.

    `bands` are the 5 % and 95 % quantiles of what is uncertain, (2, n) or (2, n, m); empty where they were not asked for. `landed`
    says which designs came down. `refused` counts why others were not flown.
    """

    axes: tuple[tuple[Place, Axis], ...]
    outputs: tuple[Output, ...]
    values: dict[str, np.ndarray]
    bands: dict[str, np.ndarray]
    landed: np.ndarray
    refused: dict[str, int]

    def grid(self, axis: int = 0) -> np.ndarray:
        """The values of an axis (n,), SI; of one of names, their numbers.

        axis: 0 or 1.
        """
        choices = self.axes[axis][1].choices
        return np.arange(len(choices)) if isinstance(choices[0], str) else np.array(choices, float)

    def __getitem__(self, name: str) -> np.ndarray:
        from downrange.design import find_output

        found = find_output(name).name
        if found not in self.values:
            raise InputError(f"the sweep has no {name!r}; it has {', '.join(self.values)}")
        return self.values[found]

    def summary(self) -> dict[str, Any]:
        """For JSON: axes, and for each output its values and band, row by row, null for what did not happen."""
        return {
            "axes": [{"name": a.name, "unit": "" if p.kind in ("number", "count", "word", "calibre") else "SI", "kind": p.kind, "values": list(a.choices)} for p, a in self.axes],
            "outputs": {
                o.key: {"values": _nulls(o.at_door(self.values[o.name])), **({"p5": _nulls(o.at_door(self.bands[o.name][0])), "p95": _nulls(o.at_door(self.bands[o.name][1]))} if o.name in self.bands else {})}
                for o in self.outputs
            },
            "landed": self.landed.tolist(), "refused": self.refused,
        }  # fmt: skip


def _nulls(x: np.ndarray) -> Any:
    return [_nulls(v) for v in x] if x.ndim else (float(x) if math.isfinite(x) else None)


def read_swept(project: Project, texts: Sequence[str]) -> tuple[tuple[Place, Axis], ...]:
    """One or two axes from texts like `fins.span=40mm..80mm/41`; a range without a number of values has 21 (of two axes 11 each).

    Raises `InputError` for none, more than two, the same place twice, and too many designs.
    """
    if isinstance(texts, str):
        texts = [texts]
    if not 1 <= len(texts) <= 2:
        raise InputError(f"one or two places are swept, like 'fins.span=40mm..80mm/41'; seen {len(texts)}", key="sweep")
    axes = tuple(find_axis_values(project, t, _POINTS[len(texts)]) for t in texts)
    if len({p.path for p, _ in axes}) < len(axes):
        raise InputError(f"{axes[0][0].name} is swept twice; keep one", key="sweep")
    designs = math.prod(len(a.choices) for _, a in axes)
    if designs > _MOST:
        raise InputError(f"{designs:,} designs; at most {_MOST:,} are swept: take fewer values", key="sweep")
    return axes


def sweep_project(
    project: Project, axes: Sequence[tuple[Place, Axis]], outputs: Sequence[Output], *, band: bool = False, seed: int = 1,
    tell: Callable[[int, int], None] | None = None,
) -> Sweep:  # fmt: skip
    """Fly every design of a grid once as planned; with `band` find at some of them how well each output is known.

    axes: one or two, each with its choices. outputs: what is kept. seed: of the band's draws. tell: called with how many of how many
    are done. Raises `InputError` where no design can be built.
    """
    shape = tuple(len(a.choices) for _, a in axes)
    values = {o.name: np.full(shape, np.nan) for o in outputs}
    landed, refused = np.zeros(shape, bool), dict[str, int]()
    total = math.prod(shape)
    for n, index in enumerate(itertools.product(*map(range, shape))):
        point = {place: axis.choices[k] for (place, axis), k in zip(axes, index, strict=True)}
        try:
            flight = fly(compile_launch(varied(project, point).launch), interpreted=False)
            landed[index] = flight.code == FlightCode.LANDED
            for o in outputs:
                values[o.name][index] = o.of(flight)
        except InputError as error:
            why = error.message.split(": ", 1)[-1] if error.message.startswith("with ") else error.message
            refused[why] = refused.get(why, 0) + 1
        if tell is not None:
            tell(n + 1, total)
    if refused and sum(refused.values()) == total:
        raise InputError(f"none of {total} designs can be built: {next(iter(refused))}", key="sweep")
    bands = _bands(project, axes, outputs, values, seed) if band else {}
    return Sweep(tuple(axes), tuple(outputs), values, bands, landed, refused)


def _bands(
    project: Project,
    axes: Sequence[tuple[Place, Axis]],
    outputs: Sequence[Output],
    values: dict[str, np.ndarray],
    seed: int,
) -> dict[str, np.ndarray]:
    """What is uncertain about each output, found at nodes of the grid and carried to the designs between them."""
    from scipy.interpolate import RegularGridInterpolator

    wants = [Want(o, 0.0, None) for o in outputs]  # for their values; nothing is scored by them
    trials = Trials(project, axes, wants, seed=seed)
    sizes = [len(a.choices) for _, a in axes]
    nodes = [np.unique(np.linspace(0, n - 1, min(n, _NODES[len(axes)])).astype(int)) for n in sizes]
    offsets = {o.name: np.full((2, *map(len, nodes)), np.nan) for o in outputs}
    for where in itertools.product(*(range(len(n)) for n in nodes)):
        index: tuple[int, ...] = tuple(int(n[k]) for n, k in zip(nodes, where, strict=True))
        try:
            drawn = trials.outcome({a.name: a.choices[k] for (_, a), k in zip(axes, index, strict=True)}, _DRAWN)
        except InputError:
            continue
        for o, v in zip(outputs, drawn.values, strict=True):
            seen = v[np.isfinite(v)]
            if seen.size > _DRAWN / 2:
                off = np.quantile(seen, (0.05, 0.95)) - values[o.name][index]
                offsets[o.name][0][where], offsets[o.name][1][where] = off[0], off[1]
    every = np.stack(np.meshgrid(*(np.arange(n) for n in sizes), indexing="ij"), axis=-1)
    out = {}
    for name, off in offsets.items():
        between = [
            RegularGridInterpolator(nodes, side)(every) if min(map(len, nodes)) > 1 else np.full(sizes, np.nan)
            for side in off
        ]
        out[name] = np.stack([values[name] + b for b in between])
    return out
