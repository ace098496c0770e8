"""The columns of a campaign's data set: a row for each body that comes down, units in the names.

Beside what identifies a row (`flight`, `mode`, `body`, `result`, `member`), what was drawn (`in.` and the input's name), and when and how high stages were
lit and parted (`at.`, on the row of each body that was there) they are the quantities of `downrange.flight.quantities`, by the keys of `downrange fly --json`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from downrange.dispersion.plan import Block, Plan
from downrange.errors import FlightCode
from downrange.flight import Launch
from downrange.flight.named import named_outputs, named_rows
from downrange.flight.quantities import MAXIMA, of_many
from downrange.rocket import combine

__all__ = ["block_columns"]


def block_columns(plan: Plan, block: Block) -> dict[str, np.ndarray]:
    """Columns of a block by name: numbers as float64, `mode`, `body` and `result` as small integers into their names."""
    columns: dict[str, np.ndarray] = {
        "flight": block.flight.astype(np.int64), "mode": block.mode.astype(np.int16), "body": block.body.astype(np.int16),
        "result": named_outputs(block.out)["code"].astype(np.int16), "member": block.member.astype(np.int32),
    }  # fmt: skip
    for k, item in enumerate(plan.inputs.inputs):
        columns[f"in.{item.name}"] = block.inputs[:, k]
    columns["in.wind.east_m_s"], columns["in.wind.north_m_s"] = block.wind.T
    columns |= _happened(plan, block)
    flown = _Many(plan, block)
    with np.errstate(invalid="ignore"):
        for q in of_many():
            if plan.watch is not None or not q.name.startswith("watch_"):
                columns[q.key] = np.array(np.broadcast_to(q.shown(q.of(flown)), flown.shape))
    return columns


def _happened(plan: Plan, block: Block) -> dict[str, np.ndarray]:
    """When (s from ignition) and how high above the pad (m) the steps of the schedule of a vehicle that comes apart happened; none of another."""
    if not plan.program.staged:
        return {}
    out, steps = {}, plan.program.vehicle.steps
    several = Counter((s.name, s.kind) for s in steps)
    for k, step in enumerate(steps):
        number = f" {k + 1}" if several[step.name, step.kind] > 1 else ""
        name = f"at.{step.name}.{step.kind}{number}"
        out[f"{name}_s"], out[f"{name}_m"] = block.steps[:, k].T
    return out


class _Many:
    """The bodies of a block, for the quantities of the table: `quantities.Flown` with arrays (n,)."""

    def __init__(self, plan: Plan, block: Block) -> None:
        self._plan, self._block = plan, block
        self.shape = block.flight.shape

    @property
    def launch(self) -> Launch:
        """What was planned."""
        return self._plan.program.launch

    def answer(self, name: str) -> np.ndarray:
        """What the kernel says; of flights that did not lift off, no largest speed."""
        values = named_outputs(self._block.out)[name]
        return np.where(self._never, np.nan, values) if name in MAXIMA else values

    @cached_property
    def _never(self) -> np.ndarray:
        return named_outputs(self._block.out)["code"] == FlightCode.NO_LIFTOFF

    def altimeter(self, height: np.ndarray) -> np.ndarray:
        """What a barometric altimeter zeroed at the pad shows, m."""
        return np.interp(height, *self._plan.altimeter)

    @cached_property
    def standing(self) -> Mapping[str, Any]:
        """What each flight weighs and how stable it stands, from the row it left the pad with."""
        launch, f, value = self.launch, self._plan.pad_figures, named_rows(self._block.rows)
        full = combine([f.grain for f in launch.filled])
        propellant = value["propellant"] * full.mass
        mass = value["mass"] + propellant
        cg = (value["mass"] * value["cg"] + propellant * (full.cg[0] + value["aft"])) / mass
        moved = (value["cp_shift"] - (cg - f["liftoff_cg"])) / launch.rocket.diameter
        return {
            "liftoff_mass": mass, "thrust_to_weight": f["thrust_to_weight"] * value["thrust"] * f["liftoff_mass"] / mass,
            "static_margin": f["static_margin"] + moved, "static_margin_barrowman": f["static_margin_barrowman"] + moved,
        }  # fmt: skip

    @property
    def last_burnout(self) -> float | np.ndarray:
        """When the last motor is burnt out, s; NaN where motors are lit in flight, each flight's own."""
        if self._plan.program.staged:
            return float("nan")
        return self.launch.lifting.burnout_time * self._plan.inputs.burns(self._block.inputs)

    @property
    def landing_mass(self) -> np.ndarray:
        """What comes down, kg."""
        return self._block.mass

    @property
    def landing_across(self) -> np.ndarray:
        """What it measures across its path then, m."""
        return self._block.across

    @cached_property
    def landing_place(self) -> tuple[np.ndarray, np.ndarray]:
        """Latitude and longitude where each comes down, rad."""
        latitude, longitude = np.full(self.shape, np.nan), np.full(self.shape, np.nan)
        landed = self.answer("code") == FlightCode.LANDED
        if landed.any():
            here = np.stack([self.answer(f"landing_{k}")[landed] for k in ("east", "north", "up")], axis=1)
            latitude[landed], longitude[landed], _ = self.launch.pad.geodetic(here)
        return latitude, longitude

    @property
    def free_apogee_time(self) -> np.ndarray:
        """When apogee came, s from ignition; where a device opened before it, what it would have been is not known."""
        apogee = self.answer("apogee_time")
        return np.where(self.answer("deploy_time") < apogee - 1e-6, np.nan, apogee)

    @property
    def flutter_pressure(self) -> float:
        """Dynamic pressure at which the weakest fins flutter, Pa."""
        return self._plan.flutter_pressure

    @property
    def moments(self) -> Mapping[str, np.ndarray]:
        """The least margin, that at rail exit among them; when things came is not kept."""
        return {"min_stability": np.fmin(self.answer("min_stability"), self.answer("rail_exit_stability"))}
