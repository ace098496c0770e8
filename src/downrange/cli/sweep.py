"""downrange sweep"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.notebook import noted
from downrange.cli.options import (
    FIGURE,
    json_option,
    launch_options,
    open_launch,
    out_option,
    print_json,
    progress,
    show,
    write_each,
)


@click.command("sweep")
@launch_options
@click.argument("axes", nargs=-1, metavar="PLACE=VALUES...")
@click.option(
    "--of",
    "outputs",
    multiple=True,
    metavar="NUMBER",
    help="What is kept: apogee, margin, 'rail speed', ...; say it again for each.",
)
@click.option("--band", is_flag=True, help="Also how well each number is known, at some of the designs.")
@out_option(
    multiple=True,
    suffixes=(*FIGURE, ".csv"),
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a figure (.png, .svg, .pdf) or a table (.csv).",
)
@json_option
def command(
    axes: tuple[str, ...], outputs: tuple[str, ...], band: bool, out: tuple[Path, ...], as_json: bool, **where: Any
) -> None:
    """Fly a design at many values of one place or two: 'fins.span=40mm..80mm/41', 'rail.elevation=80..90 deg'."""
    from downrange.design import find_output
    from downrange.project.sweeping import read_swept, sweep_project
    from downrange.report.sweeping import sweep_figure, sweep_view, write_sweep

    if "=" in str(where["launch"]):
        axes, where["launch"] = (str(where["launch"]), *axes), Path("launch.yaml")
    wanted = list(dict.fromkeys(find_output(o) for o in outputs or ("apogee", "margin", "rail speed")))
    project = open_launch(**where)
    with progress("designs flown") as tell:
        swept = sweep_project(project, read_swept(project, axes), wanted, band=band, tell=tell)
    noted(
        project,
        "swept",
        {"designs": swept.landed.size},
        [p for p in out if p.suffix == ".csv"],
        "; ".join((*axes, *(f"of {o.name}" for o in wanted))),
    )
    name = project.launch.rocket.name
    write_each(out, lambda: sweep_figure(swept, name), lambda path: write_sweep(swept, path), project.units)
    if as_json:
        print_json(swept.summary())
    else:
        show(sweep_view(swept, name, project.units))
