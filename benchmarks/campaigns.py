"""Campaigns: sampled, flown and written, with what share is not flight; the report; the density.

python benchmarks/campaigns.py            # all parts, each in a process of its own
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
GENESIS = HERE.parent / "examples" / "genesis" / "launch.yaml"


def _disperse(flights: int, turbulence: str | None = None) -> dict:
    """A whole campaign of the Genesis example, default uncertainties and modes, on all cores, into a folder."""
    from downrange.dispersion import run
    from downrange.project import open_project
    from downrange.project.campaigns import CampaignStore, plan_campaign

    project = open_project(GENESIS)
    t = time.perf_counter()
    plan = plan_campaign(project)
    planned = time.perf_counter() - t
    if turbulence:
        plan = replace(plan, winds=replace(plan.winds, turbulence=turbulence))
    plan.fly_block(0, 64)
    with tempfile.TemporaryDirectory() as folder:
        store = CampaignStore.open(Path(folder), project, plan, flights)
        t = time.perf_counter()
        written = 0.0
        for shard, columns in run(plan, store.missing(flights)):
            w = time.perf_counter()
            store.write(shard, columns)
            written += time.perf_counter() - w
        took = time.perf_counter() - t
        size = sum(p.stat().st_size for p in Path(folder).glob("*.parquet"))
    kernel, all_ = _kernel_share(plan)
    return {
        "flights": flights, "turbulence": turbulence or "none", "planning_s": planned, "fly_and_write_s": took, "flights_per_s": flights / took,
        "writing_share": written / took, "not_flight_share_of_a_block": 1 - kernel / all_, "parquet_mb": size / 1e6,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def _kernel_share(plan) -> tuple[float, float]:
    """Seconds of ten blocks in the kernel, and in all."""
    import downrange.dispersion.flying as module
    from downrange.dispersion.columns import block_columns

    inner = 0.0
    original = module.fly_rows

    def timed(*args, **more):
        nonlocal inner
        t = time.perf_counter()
        out = original(*args, **more)
        inner += time.perf_counter() - t
        return out

    module.fly_rows = timed
    try:
        t = time.perf_counter()
        for b in range(10):
            block_columns(plan, plan.fly_block(b))
        return inner, time.perf_counter() - t
    finally:
        module.fly_rows = original


def report() -> dict:
    """The report of 100,000 flights: risk, rules, figures, HTML, maps; and a density of 10 km square at 10 m."""
    import numpy as np

    from downrange.cli.disperse import write_all
    from downrange.project import open_project
    from downrange.project.campaigns import campaign_in_memory, plan_campaign
    from downrange.safety import density

    project = open_project(GENESIS)
    campaign = campaign_in_memory(project, plan_campaign(project), 100_000)
    with tempfile.TemporaryDirectory() as folder:
        t = time.perf_counter()
        write_all(campaign, project, Path(folder))
        took = time.perf_counter() - t
    ok = campaign.landed
    times = []
    for _ in range(3):
        t = time.perf_counter()
        d = density(campaign.landing[ok], campaign.weight[ok], half=5000.0, cell=10.0, centre=(0.0, 0.0))
        times.append(time.perf_counter() - t)
    return {"report_of_100000_s": took, "density_10_km_at_10_m_s": min(times), "cells": int(np.prod(d.value.shape))}


def vehicles(flights: int = 1024) -> dict:
    """Campaigns of vehicles beside one of one stage, turn about: flights a second of processor time, every body to the ground.

    All goes as planned, so that flying is what is compared. Both starters fly the same motor; the cluster has one out.
    """
    from downrange.project import open_project
    from downrange.project.campaigns import plan_campaign
    from downrange.project.starters import write_starter

    plans = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("kit", "two-stage"):
            write_starter(Path(folder) / name, name)
            plans[name] = Path(folder) / name / "launch.yaml"
        for name in ("cluster", "strap_on", "high_power_two_stage"):
            plans[name] = HERE.parent / "examples" / name / "launch.yaml"
        plans = {name: plan_campaign(open_project(path)) for name, path in plans.items()}
    plans = {name: replace(plan, modes=plan.modes[:1]) for name, plan in plans.items()}
    best = dict.fromkeys(plans, float("inf"))
    for plan in plans.values():
        plan.fly_block(0, 64)
    for _ in range(3):
        for name, plan in plans.items():
            t = time.process_time()
            plan.fly_block(0, flights)
            best[name] = min(best[name], time.process_time() - t)
    out = {f"flights_per_cpu_s_{name}": flights / best[name] for name in plans}
    for name in ("two-stage", "cluster", "strap_on"):
        out[f"{name}_over_kit"] = best["kit"] / best[name]
    return out


PARTS = {
    "hundred_thousand": lambda: _disperse(100_000), "with_turbulence": lambda: _disperse(100_000, "moderate"),
    "million": lambda: _disperse(1_000_000), "report": report, "vehicles": vehicles,
}  # fmt: skip


def main() -> None:
    """Run every part in a process of its own."""
    if len(sys.argv) > 1:
        print(json.dumps(PARTS[sys.argv[1]]()))
        return
    for name in PARTS:
        done = subprocess.run([sys.executable, __file__, name], capture_output=True, text=True)
        if done.returncode:
            print(f"{name}: did not run\n{done.stderr[-800:]}")
            continue
        print(name)
        for key, value in json.loads(done.stdout.strip().splitlines()[-1]).items():
            print(f"  {key:28s} {value:,.4g}" if isinstance(value, float | int) else f"  {key:28s} {value}")


if __name__ == "__main__":
    main()
