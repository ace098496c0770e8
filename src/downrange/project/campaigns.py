"""From a project to a plan, and to campaigns in memory; those on disk are in `files.store`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from downrange.dispersion import (
    Campaign,
    Goal,
    Plan,
    Uncertainty,
    fly_campaign,
    make_plan,
)
from downrange.dispersion.streams import Sampling
from downrange.failures import MODES, RECOVERY_MODES, VEHICLE_MODES, ModeProbability, make_mode, mode_probabilities
from downrange.flight import Launch
from downrange.flight.steered import Steering
from downrange.project.bands import stated
from downrange.project.defaults import unsaid
from downrange.project.manifest import describe_plan
from downrange.project.schema import LaunchFile
from downrange.project.steered import steering_of
from downrange.project.store import CampaignStore, read_campaign
from downrange.steps import step

if TYPE_CHECKING:
    from downrange.project.project import Project

__all__ = [
    "CampaignStore",
    "campaign_in_memory",
    "disperse",
    "goal_watch",
    "plan_campaign",
    "probabilities_of",
    "probabilities_of_project",
    "read_campaign",
]


def probabilities_of(
    file: LaunchFile, launch: Launch | None = None, *, flights: int = 0, failures: Mapping[str, int] | None = None
) -> tuple[ModeProbability, ...]:
    """The modes of a launch file with their probabilities: shipped priors, the user's, and the club's record, with `failures` by name of more `flights`.

    Of clusters, stages, boosters, altimeters and backups those that a `launch` of its kind can have, and those that the file names.
    """
    m = file.modes
    own = tuple(make_mode(o.name, float(o.probability), tuple(o.changes)) for o in m.own)
    stated = {name: float(q) for name, q in m.probability.items()} | {o.name: o.probability for o in own}
    record = Counter(m.record.failures if m.record else {})
    record.update(failures or {})
    named = {*stated, *record}
    more = [
        x for x in (*RECOVERY_MODES, *VEHICLE_MODES) if x.name in named or (launch is not None and x.belongs(launch))
    ]
    return mode_probabilities(
        (*MODES, *more, *own), stated=stated, record=record,
        flights=flights + (m.record.flights if m.record else 0), strength=float(m.strength),
    )  # fmt: skip


def probabilities_of_project(project: Project) -> tuple[ModeProbability, ...]:
    """The modes of a project; what its learned flights came to is its record, where the launch file keeps none of its own."""
    flights, failed = project.sources.overrides.flown if project.file.modes.record is None else (0, ())
    return probabilities_of(project.file, project.launch, flights=flights, failures=dict(failed))


def plan_campaign(
    project: Project, *, seed: int = 1, sampling: Sampling = "random", tolerance: float | None = None, steering: Steering | None = None
) -> Plan:  # fmt: skip
    """Plan the campaign of a project: what varies, what goes wrong, which winds.

    seed, sampling: of the random numbers (`random` or `sobol`). tolerance: of the integrator; None: the launch's.
    steering: controllers that fly it, instead of those that the launch file names.
    """
    file = project.file
    own = steering_of(project, seed=seed) if steering is None else steering
    u = file.uncertainty
    turbulence = file.weather.turbulence
    correlated = tuple((tuple(c.quantities), float(c.correlation)) for c in u.correlated)
    with step("finding what varies"):
        return make_plan(
            project.launch, uncertain=project.uncertain, relaunch=project.relaunch, modes=probabilities_of_project(project), seed=seed,
            uncertainty=Uncertainty(stated(file), u.defaults, correlated, None if turbulence == "none" else turbulence),
            sampling=sampling, tolerance=tolerance, members=project.members,
            unsaid=unsaid(project.file, project.rocket_file, project.launch), known=project.known, steering=own if own is not None and own.controllers else None,
        )  # fmt: skip


def campaign_in_memory(project: Project, plan: Plan, flights: int) -> Campaign:
    """Fly a campaign of a project without writing it."""
    launch = project.launch
    name = f"{launch.rocket.name} on {launch.motor.designation}"
    return fly_campaign(plan, flights, name, describe_plan(project, plan))


def disperse(
    launch: str | Path | Project, flights: int = 10_000, *, seed: int = 1, sampling: Sampling = "random", steering: Steering | None = None
) -> Campaign:  # fmt: skip
    """Fly a launch file (or an open project) many times, in memory, with everything uncertain and everything that goes wrong.

    The same flights as `downrange disperse` of the same seed; that writes them to disk, and can be resumed.

    sampling: `random` or `sobol`. steering: controllers that fly it.
    """
    from downrange.project.project import open_project

    project = open_project(launch) if isinstance(launch, str | Path) else launch
    return campaign_in_memory(project, plan_campaign(project, seed=seed, sampling=sampling, steering=steering), flights)


def goal_watch(goal: Goal, before: Campaign | None, plan: Plan) -> Callable[[dict[str, np.ndarray]], bool]:
    """A function that is given the columns of one shard after another and says whether `goal` is met by now.

    `before` is what was flown earlier.
    """
    parts: list[tuple[np.ndarray, np.ndarray]] = []

    def add(c: Campaign) -> None:
        parts.append((c.of_flights(goal.column), c.mode))

    if before is not None:
        add(before)

    def met(columns: dict[str, np.ndarray]) -> bool:
        add(Campaign(columns, plan.modes, plan.bodies, plan.program.launch.pad))
        x, mode = (np.concatenate([p[k] for p in parts]) for k in (0, 1))
        return goal.met(goal.estimate(x, mode, np.array([m.probability for m in plan.modes])))

    return met
