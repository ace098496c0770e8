"""downrange find"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from downrange.cli.notebook import noted
from downrange.cli.options import json_option, launch_options, of_flag, open_launch, out_option, print_json, show

_FILES = ("search.png", "search.gpx", "search.kml", "search.geojson")


def _free(out: Path, *, chosen: bool, overwrite: bool) -> Path:
    """The folder to write to: one that holds an earlier search is kept, unless that is said; where none was named, the next free one is taken."""
    from downrange.errors import InputError

    def held(folder: Path) -> bool:
        return any((folder / name).exists() for name in _FILES)

    if overwrite or not held(out):
        return out
    if chosen:
        raise InputError(f"{out} holds an earlier search: choose another folder, or add --overwrite", key="--out")
    return next(f for k in range(2, 10_000) if not held(f := out.with_name(f"{out.name}-{k}")))


@click.command("find")
@launch_options
@click.option(
    "--seen",
    multiple=True,
    metavar="WHAT",
    help="Like 'apogee at 21.4 s' or 'bearing 240° ± 5° at landing from pad'; again for more.",
)
@click.option(
    "--last-fix", metavar="LAT,LON,ALT,TIME", help="A last position: degrees, m above sea level, s from ignition."
)
@click.option("--fix-error", default="15 m", show_default=True, help="Of the last position (1 σ).")
@click.option("--place", metavar="LAT,LON", help="Could it have come down there?")
@click.option(
    "-n", "--flights", type=click.IntRange(1024), default=65536, show_default=True, help="How many flights to weigh."
)
@click.option("--seed", type=int, default=1)
@click.option(
    "--body", metavar="NAME", help="Which of several bodies is lost, like 'booster' (default: the one with the nose)."
)
@out_option(
    folder=True,
    type=click.Path(path_type=Path, file_okay=False),
    default="search",
    show_default=True,
    help="Folder for map, GPX, KML, GeoJSON.",
)
@click.option("--overwrite", is_flag=True, help="Write into a folder that holds an earlier search.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, /, seen: tuple[str, ...], last_fix: str | None, fix_error: str, place: str | None, flights: int, seed: int, body: str | None, out: Path, overwrite: bool, as_json: bool, **where: Any
) -> None:  # fmt: skip
    """Say where to search for a rocket of LAUNCH that was not seen to land, from what was seen."""
    import numpy as np

    from downrange.errors import InputError
    from downrange.project.areas import area_polygons, degrees_of, write_area_kml, write_geojson, write_gpx
    from downrange.project.campaigns import campaign_in_memory, plan_campaign
    from downrange.project.ground import enu_from_degrees
    from downrange.report.search import search_figure, search_summary, search_view
    from downrange.safety import condition, parse_fix, parse_seen, search_route
    from downrange.units import parse_quantity

    out = _free(out, chosen=ctx.get_parameter_source("out") is not ParameterSource.DEFAULT, overwrite=overwrite)
    project = open_launch(**where)
    pad = project.launch.pad
    observations = tuple(parse_seen(s) for s in seen)
    with of_flag("--fix-error"):
        error = parse_quantity(fix_error, "length").value
    fix = parse_fix(last_fix, pad, error) if last_fix else None
    if fix is not None and fix.time is None:
        raise InputError(
            "the last position needs its time, in seconds from ignition: LAT,LON,ALT,TIME", key="--last-fix"
        )
    spot = None
    if place is not None:
        try:
            lat, lon = (float(x) for x in place.split(","))
        except ValueError:
            raise InputError(f"cannot read the place {place!r}; write it like 39.391,-8.285", key="--place") from None
        spot = enu_from_degrees(pad, np.array([lat]), np.array([lon]))[0]
    plan = replace(plan_campaign(project, seed=seed), watch=None if fix is None else fix.time)
    campaign = campaign_in_memory(project, plan, flights)
    found = condition(campaign, observations, fix, body)
    lost = campaign.name if body is None else f"{body} of {campaign.name}"
    out.mkdir(parents=True, exist_ok=True)
    areas = {f"{share:.0%}": area_polygons(found.density, share) for share in (0.5, 0.9, 0.99)}
    route = search_route(found)
    best = found.density.peak
    write_gpx(out / "search.gpx", pad, {"most probable": best, "pad": np.zeros(2)}, route, f"search for {lost}")
    write_area_kml(out / "search.kml", pad, areas, project.ground, f"search for {lost}")
    write_geojson(out / "search.geojson", pad, areas, {"most probable": best})
    search_figure(found, project.ground, lost, fix, spot).savefig(out / "search.png", units=project.units)
    summary = {
        **search_summary(found, degrees_of(pad, best)[0], spot, observations, fix),
        "body": body or campaign.planned_bodies[0],
    }
    noted(project, "searched", {k: v for k, v in summary.items() if k != "place"}, words="; ".join(seen))
    if as_json:
        print_json(summary)
    else:
        show(search_view(summary, lost, project.units))
    click.echo(f"wrote {out}: search.png, search.gpx for a phone, search.kml, search.geojson", err=True)
