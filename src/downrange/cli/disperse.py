"""downrange disperse"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from downrange.cli.notebook import noted
from downrange.cli.options import json_option, launch_options, open_launch, out_option, print_json, show
from downrange.steps import step

if TYPE_CHECKING:
    import numpy as np

    from downrange.dispersion import Campaign, Plan
    from downrange.project import Project
    from downrange.project.campaigns import CampaignStore


def _part(text: str | None) -> tuple[int, int]:
    if text is None:
        return 0, 1
    from downrange.errors import InputError

    first, _, of = text.partition("/")
    if not (first.isdigit() and of.isdigit() and 1 <= int(first) <= int(of)):
        raise InputError(f"cannot read {text!r}; write it like '2/5', the second of five parts", key="--shard")
    return int(first) - 1, int(of)


@click.command("disperse")
@launch_options
@click.option("-n", "--flights", type=click.IntRange(64), default=10000, show_default=True, help="How many flights.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the random numbers.")
@click.option("--sampling", type=click.Choice(["random", "sobol"]), default="random", show_default=True)
@click.option("--until", metavar="GOAL", help="Stop when known well enough, like 'landing P95 ± 5 m' (95 %).")
@click.option("--shard", metavar="I/N", help="Fly only part I of N (for several machines on one folder).")
@click.option("--threads", type=click.IntRange(1), help="How many threads (default: all cores).")
@click.option("--cluster", metavar="ADDRESS", help="Fly on a Dask cluster, like tcp://host:8786 (extra: cluster).")
@out_option(
    folder=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the campaign (default: NAME-campaign).",
)
@click.option("--fresh", is_flag=True, help="Throw away what is in the folder.")
@click.option("--report/--no-report", default=True, help="Write report.html and maps into the folder.")
@click.option(
    "--format",
    "suffix",
    type=click.Choice(["png", "svg"]),
    default="png",
    show_default=True,
    help="Of the figures beside it.",
)
@json_option
def command(
    flights: int, seed: int, sampling: Any, until: str | None, shard: str | None, threads: int | None, cluster: str | None,
    out: Path | None, fresh: bool, report: bool, suffix: str, as_json: bool, **where: Any,
) -> None:  # fmt: skip
    """Fly LAUNCH many times with everything that is uncertain and everything that goes wrong.

    Writes one Parquet row for each body that comes down. Stop it at any time: the same command goes on where it was.
    """
    from downrange.dispersion import parse_goal, shard_sizes
    from downrange.project.campaigns import CampaignStore, goal_watch, plan_campaign
    from downrange.project.locks import locked

    goal = parse_goal(until) if until else None
    part = _part(shard)
    project = open_launch(**where)
    folder = out or Path(f"{project.path.resolve().parent.name}-campaign")
    with _stopping() as stop, locked(folder, (0, 1) if fresh else part) as told:
        plan = plan_campaign(project, seed=seed, sampling=sampling)
        store = CampaignStore.open(folder, project, plan, flights, sampling=sampling, fresh=fresh)
        left, wrong = store.look(flights, part)
        for line in (*told, *(f"{name} is flown again: {why}" for name, why in wrong.items())):
            click.echo(line, err=True)
        begun = goal is not None and not wrong and len(left) < len(shard_sizes(flights))
        known = goal_watch(goal, store.read() if begun else None, plan) if goal else None
        done = _fly(plan, store, left, stop, threads=threads, known=known, cluster=cluster)
    if not done:
        click.echo(f"stopped; the same command goes on in {folder}", err=True)
        raise click.exceptions.Exit(130)
    if part[1] > 1 and (others := store.missing(flights)):
        click.echo(f"part {shard} is flown; {len(others)} shards are left to the others", err=True)
        return
    _answer(store.read(), project, folder, report=report, as_json=as_json, suffix=suffix)


@contextmanager
def _stopping() -> Iterator[list[str]]:
    """Catch what asks a campaign to stop: Ctrl-C and SIGTERM. The list is empty until the first; the second stops at once."""
    asked: list[str] = []

    def ask(number: int, _: Any) -> None:
        asked.append(signal.Signals(number).name)
        if len(asked) > 1:
            raise KeyboardInterrupt

    before = {s: signal.signal(s, ask) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _fly(
    plan: Plan, store: CampaignStore, left: list[tuple[int, int]], stop: list[str], *, threads: int | None,
    known: Callable[[dict[str, np.ndarray]], bool] | None, cluster: str | None,
) -> bool:  # fmt: skip
    """Fly the shards that are missing; False where the user stopped it."""
    from downrange.dispersion import run

    sizes = dict(left)
    began, flown = time.monotonic(), 0
    if cluster:
        from downrange.dispersion.cluster import run_on_cluster

        results = run_on_cluster(plan, left, cluster)
    else:
        results = run(plan, left, threads=threads)
    with step("flying", sum(sizes.values())), closing(results):
        while not stop and (made := next(results, None)) is not None:
            shard, columns = made
            store.write(shard, columns)
            flown += sizes[shard]
            if known is not None and known(columns):
                break
    took = time.monotonic() - began
    if flown:
        click.echo(f"flew {flown:,} flights in {took:.1f} s ({flown / took:,.0f} a second)", err=True)
    return not stop


def _answer(campaign: Campaign, project: Project, folder: Path, *, report: bool, as_json: bool, suffix: str) -> None:
    from downrange.report.campaign import campaign_summary, campaign_view

    summary = campaign_summary(campaign)
    if as_json:
        print_json(summary)
    else:
        show(campaign_view(campaign, project.units))
    if report:
        with step("drawing the report"):
            write_all(campaign, project, folder, suffix)
    noted(
        project,
        "dispersed",
        {k: summary[k] for k in ("flights", "seed", "statistics")},
        words=f"campaign {folder.name}",
    )
    click.echo(f"wrote {folder}{'; open ' + str(folder / 'report.html') if report else ''}", err=True)


def write_all(campaign: Campaign, project: Project, folder: Path, suffix: str = "png") -> None:
    """The report, its figures, and the landing areas for maps."""
    from downrange.project.areas import area_polygons, write_area_kml, write_geojson
    from downrange.project.assessment import assess_project
    from downrange.report.dispersion import SHARES, body_densities, landing_density
    from downrange.report.html import write_report

    made = assess_project(project, campaign)
    figures = write_report(
        folder / "report.html",
        campaign,
        project.ground,
        made.flight,
        answers=made.answers,
        risk=made.risk,
        units=project.units,
    )
    for name, figure in figures.items():
        if suffix == "png":
            (folder / f"{name}.png").write_bytes(figure.png(project.units))
        else:
            figure.savefig(folder / f"{name}.{suffix}", units=project.units)
    grid = landing_density(campaign)
    areas = {f"{share:.0%} of all landings": area_polygons(grid, share) for share in SHARES}
    for name, own in body_densities(campaign).items():
        areas |= {f"{name}: {share:.0%} of its landings": area_polygons(own, share) for share in SHARES}
    write_area_kml(folder / "areas.kml", campaign.pad, areas, project.ground, campaign.name)
    write_geojson(folder / "areas.geojson", campaign.pad, areas)
