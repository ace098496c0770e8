"""Parts' weights typed back: the rocket with them, and what that changed."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any, cast

from downrange.design.workshop.bill import Line, bill_of
from downrange.errors import InputError, NotFoundError, seen, suggest
from downrange.flight import Launch, compile_launch, fly
from downrange.formats.reading import guarded
from downrange.formats.tables import read_text
from downrange.report.workshop.whole import balance_of
from downrange.rocket import Part, Rocket, Stage
from downrange.units import parse_quantity

__all__ = ["Weighed", "read_weights", "weighed_rocket", "weigh"]

_COLUMN = "weighed_total_g"


@dataclass(frozen=True)
class Weighed:
    """What weights changed: each part (`path`, name, computed and weighed kg), and numbers before and after, SI."""

    parts: tuple[tuple[str, str, float, float], ...]
    before: Mapping[str, float]
    after: Mapping[str, float]
    notes: tuple[str, ...]

    def summary(self) -> dict[str, Any]:
        """By the keys of `--json`."""
        return {
            "parts": [{"path": p, "name": n, "mass_before_kg": a, "mass_weighed_kg": b} for p, n, a, b in self.parts],
            "before": {k: v if isfinite(v) else None for k, v in self.before.items()},
            "after": {k: v if isfinite(v) else None for k, v in self.after.items()}, "notes": list(self.notes),
        }  # fmt: skip


@guarded("a bill of materials")
def read_weights(path: str | Path) -> dict[str, float]:
    """The weights of a bill.csv by the paths of their parts, kg, of all pieces of each; cells that are empty are left out.

    Grams, or with a unit ('12.5 g', '0.4 oz'). Raises `InputError` with the line for what cannot be read, and where nothing was weighed.
    """
    path = Path(path)
    rows = csv.DictReader(read_text(path).splitlines())
    missing = [c for c in ("path", _COLUMN) if c not in (rows.fieldnames or ())]
    if missing:
        raise InputError(
            f"no column {missing[0]!r}: this is not the bill.csv that downrange workshop wrote", file=str(path), line=1
        )
    out: dict[str, float] = {}
    for row in rows:
        text = (row[_COLUMN] or "").strip()
        if not text:
            continue
        where, line = (row["path"] or "").strip(), rows.line_num
        try:
            mass = parse_quantity(f"{text} g" if _number(text) else text, "mass").value
        except InputError as error:
            raise InputError(f"weight of {seen(where, 60)}: {error.message}", file=str(path), line=line) from None
        if not 0 < mass < 1000:
            raise InputError(
                f"weight of {seen(where, 60)} must be above zero, and below a tonne; seen {seen(text, 40)}",
                file=str(path),
                line=line,
            )
        if where in out:
            raise InputError(f"{seen(where, 60)} is there twice", file=str(path), line=line)
        out[where] = mass
    if not out:
        raise InputError(f"no part was weighed: write grams into the column {_COLUMN}", file=str(path))
    return out


def _number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def weighed_rocket(rocket: Rocket, weights: Mapping[str, float], bill: Sequence[Line]) -> Rocket:
    """The rocket whose parts have these masses (kg, of all pieces of each, by path). Raises `NotFoundError` for a path that is not there."""
    lines = {x.path: x for x in bill}
    for path, mass in weights.items():
        if path not in lines:
            raise NotFoundError(
                f"the rocket has no part {seen(path, 60)}{suggest(path, lines)}; is the bill of another design?",
                key="weighed",
            )
        line = lines[path]
        if line.how.startswith("in "):
            raise InputError(f"{line.name} ({path}) has no mass of its own: it is {line.how}", key="weighed")
        rocket = _put(rocket, path, mass / line.shares)
    return rocket


def _put(rocket: Rocket, path: str, mass: float) -> Rocket:
    """The rocket with the mass of the part at `path`."""
    steps = [int(s[s.index("[") + 1 : -1]) for s in path.split(".")]
    if rocket.staged:
        stage = rocket.stages[steps[0]]
        changed = replace(stage, parts=_among(stage.parts, steps[1:], mass))
        stages = tuple(changed if k == steps[0] else s for k, s in enumerate(cast(tuple[Stage, ...], rocket.parts)))
        return replace(rocket, parts=stages)
    return replace(rocket, parts=_among(cast(tuple[Part, ...], rocket.parts), steps, mass))


def _among(parts: tuple[Part, ...], steps: Sequence[int], mass: float) -> tuple[Part, ...]:
    one = parts[steps[0]]
    one = replace(one, mass=mass) if len(steps) == 1 else replace(one, parts=_among(one.parts, steps[1:], mass))
    return tuple(one if k == steps[0] else p for k, p in enumerate(parts))


def weigh(rocket: Rocket, launch: Launch | None, weights: Mapping[str, float]) -> tuple[Rocket, Launch | None, Weighed]:
    """The rocket (and its launch) with its parts as weighed, and what that changed."""
    bill = bill_of(rocket)
    new = weighed_rocket(rocket, weights, bill)
    flown = None if launch is None else replace(launch, rocket=new)
    names = {x.path: x for x in bill}
    parts = tuple((p, names[p].name, names[p].total, m) for p, m in weights.items())
    given = [s.name for s in rocket.stages if s.measured.mass is not None]
    notes = tuple(
        f"{name} was weighed whole (measured.mass): that counts, and parts move its inertia only." for name in given
    )
    return new, flown, Weighed(parts, _numbers(rocket, launch), _numbers(new, flown), notes)


def _numbers(rocket: Rocket, launch: Launch | None) -> dict[str, float]:
    b = balance_of(rocket, launch)
    out = {
        "mass_from_parts_kg": rocket.structure.mass,
        "mass_kg": b.mass,
        "cg_m": b.cg,
        "cp_m": b.cp,
        "static_margin_cal": b.margin,
    }
    if launch is not None:
        out["apogee_agl_m"] = float(fly(compile_launch(launch), interpreted=True).apogee)
    return out
