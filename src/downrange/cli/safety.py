"""downrange safety"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from downrange.cli.complete import PACK
from downrange.cli.notebook import noted
from downrange.cli.options import (
    json_option,
    launch_options,
    open_launch,
    print_json,
    show,
)

if TYPE_CHECKING:
    from downrange.dispersion import Campaign
    from downrange.project import Project

_FLIGHTS = 65536  # shows a probability of 1e-4 where nothing falls


def quick_campaign(project: Project, flights: int, seed: int = 1) -> Campaign:
    """Fly a campaign in memory."""
    from downrange.project.campaigns import campaign_in_memory, plan_campaign

    return campaign_in_memory(project, plan_campaign(project, seed=seed), flights)


@click.command("safety")
@launch_options
@click.option(
    "--rules",
    type=PACK,
    multiple=True,
    metavar="PACK",
    help="Rule packs: names or YAML files (default: the file's, or by the motor).",
)
@click.option("--campaign", "folder", type=click.Path(path_type=Path, file_okay=False), help="A campaign flown before.")
@click.option("-n", "--flights", type=click.IntRange(64), default=_FLIGHTS, show_default=True, help="Else flown now.")
@json_option
def command(rules: tuple[str, ...], folder: Path | None, flights: int, as_json: bool, **where: Any) -> None:
    """Say GO or NO-GO for LAUNCH, line by line: rules, risks, and what would make it pass.

    Exits with 1 where a rule fails or cannot be evaluated.
    """
    from downrange.project.assessment import assess_project
    from downrange.project.campaigns import read_campaign
    from downrange.project.manifest import check_same
    from downrange.report.safety import VERDICTS, safety_summary, safety_view
    from downrange.safety import Verdict, overall

    project = open_launch(**where)
    campaign = read_campaign(folder) if folder else quick_campaign(project, flights)
    if folder:
        check_same(project, campaign.notes or {})
    made = assess_project(project, campaign, rules)
    counts = {v.name.lower(): sum(a.verdict is v for a in made.answers) for v in Verdict}
    noted(project, "judged", counts | {"flights": campaign.flights}, words=VERDICTS[overall(made.answers)])
    if as_json:
        print_json(safety_summary(made.answers, made.risk, made.notes))
    else:
        name = f"{project.launch.rocket.name} on {project.launch.motor.designation}"
        show(safety_view(made.answers, made.risk, name, project.units, made.notes))
    raise click.exceptions.Exit(0 if overall(made.answers) is Verdict.PASS else 1)
