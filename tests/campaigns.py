"""A small campaign of the Genesis example, planned once for several rooms of tests."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from downrange.dispersion import Plan
from downrange.project import Project, open_project
from downrange.project.campaigns import plan_campaign

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@lru_cache(maxsize=4)
def genesis() -> Project:
    return open_project(EXAMPLES / "genesis" / "launch.yaml")


@lru_cache(maxsize=4)
def genesis_plan(sampling: str = "random", seed: int = 1) -> Plan:
    return plan_campaign(genesis(), seed=seed, sampling=sampling)
