"""downrange aim"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from downrange.cli.options import json_option, launch_options, open_launch, print_json, show
from downrange.steps import step

if TYPE_CHECKING:
    from downrange.safety import Aim, HoldRow


@click.command("aim")
@launch_options
@click.option("--hold", is_flag=True, help="Also the strongest wind from each direction, with the best aim (slower).")
@json_option
def command(hold: bool, as_json: bool, **where: Any) -> None:
    """Where to point the rail of LAUNCH, how far the rocket can reach, in which wind to hold, and how far it drifts."""
    from downrange.errors import InputError
    from downrange.project.campaigns import plan_campaign
    from downrange.report.aim import aim_summary, aim_view
    from downrange.safety import aims, drift_table, farthest, hold_winds

    project = open_launch(**where)
    plan = plan_campaign(project)
    launch = project.launch
    why = ""
    best: tuple[Aim, ...] = ()
    table: tuple[HoldRow, ...] = ()
    try:
        best = aims(plan, project.ground)
        table = hold_winds(plan, project.ground, best[0]) if hold else ()
    except InputError as error:
        why = error.message
    with step("how far it can reach"):
        reach = farthest(launch)
    with step("how far it drifts"):
        drift = drift_table(launch)
    if as_json:
        print_json(aim_summary(best, why, reach, drift, table))
        return
    show(aim_view(launch, best, why, reach, drift, table, project.units))
