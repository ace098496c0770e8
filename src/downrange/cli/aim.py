"""downrange aim"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from downrange.cli.options import json_option, launch_options, open_launch, print_json, show

if TYPE_CHECKING:
    from downrange.safety import Aim, HoldRow


@click.command("aim")
@launch_options
@click.option("--hold", is_flag=True, help="Also the strongest wind from each direction (slower).")
@json_option
def command(hold: bool, as_json: bool, **where: Any) -> None:
    """Where to point the rail of LAUNCH, how far the rocket can reach, in which wind to hold, and how far it drifts."""
    from dataclasses import asdict

    from downrange.errors import InputError
    from downrange.project.campaigns import plan_campaign
    from downrange.report.aim import aim_view
    from downrange.safety import aims, drift_table, farthest, hold_winds

    project = open_launch(**where)
    plan = plan_campaign(project)
    launch = project.launch
    why = ""
    best: tuple[Aim, ...] = ()
    table: tuple[HoldRow, ...] = ()
    try:
        best = aims(plan, project.ground)
        table = hold_winds(plan, project.ground) if hold else ()
    except InputError as error:
        why = error.message
    reach = farthest(launch)
    drift = drift_table(launch)
    if as_json:
        print_json(
            {
                "aims": [{**asdict(a), "margin": a.margin if math.isfinite(a.margin) else None, "azimuth_deg": math.degrees(a.azimuth), "elevation_deg": math.degrees(a.elevation)} for a in best],
                "not_aimed": why, "reach": [asdict(r) for r in reach], "drift": [asdict(d) for d in drift],
                "hold": [{"from_deg": math.degrees(h.from_direction), "limit_m_s": None if math.isnan(h.limit) else h.limit, "first_bad": h.first_bad} for h in table],
            }
        )  # fmt: skip
        return
    show(aim_view(launch, best, why, reach, drift, table, project.units))
