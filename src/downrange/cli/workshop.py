"""downrange workshop"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.options import json_option, of_flag, out_option, print_json, show, timings_option, units_option


@click.command("workshop")
@click.argument("rocket", type=click.Path(path_type=Path), default="launch.yaml")
@out_option(
    folder=True,
    type=click.Path(path_type=Path, file_okay=False),
    default="workshop",
    show_default=True,
    help="Folder for the files.",
)
@click.option(
    "--paper", type=click.Choice(["a4", "letter"]), help="Pages of the PDF (default: letter with --units us, else a4)."
)
@click.option(
    "--mesh",
    type=click.Choice(["stl", "3mf", "none"]),
    default="stl",
    show_default=True,
    help="Meshes of what is printed.",
)
@click.option(
    "--bay",
    "bays",
    multiple=True,
    metavar="NAME",
    help="A coupler that holds an altimeter, for its vent holes; more than once.",
)
@click.option("--material", default="pla", show_default=True, help="Of what is printed, for its weight.")
@click.option("--wall", default="1.2 mm", show_default=True, help="Full material under the surface of what is printed.")
@click.option("--infill", default="15%", show_default=True, help="How much of the rest is filled.")
@click.option(
    "--weighed",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="bill.csv with the parts' weights in: draw with them, and say what they changed.",
)
@units_option
@timings_option
@json_option
def command(
    rocket: Path, out: Path, paper: Any, mesh: Any, bays: tuple[str, ...], material: str, wall: str, infill: str, weighed: Path | None, units: str | None, as_json: bool
) -> None:  # fmt: skip
    """Draw the parts of ROCKET (a rocket, launch or design file) at true size: templates, guides, rings, shrouds, meshes, bill of materials.

    'downrange workshop launch.yaml --out workshop' writes SVG and DXF of each part, one PDF that prints at 1:1 on A4 or Letter, meshes to
    print, bill.csv and build.txt.
    """
    from downrange.project import load_design
    from downrange.project.finding import units_said
    from downrange.report.workshop.files import Printing, workshop_of
    from downrange.report.workshop.view import workshop_view
    from downrange.report.workshop.weighed import read_weights
    from downrange.units import parse_quantity

    shown = units or units_said(rocket)
    with of_flag("--wall"):
        thick = parse_quantity(wall, "length").value
    with of_flag("--infill"):
        share = parse_quantity(infill, "number").value
    printing = Printing(material, thick, share)
    weights = None if weighed is None else read_weights(weighed)
    sheets = paper or ("letter" if shown == "us" else "a4")
    made = workshop_of(*load_design(rocket), paper=sheets, bays=bays, printing=printing, units=shown, weights=weights)
    files = made.write(out, mesh=mesh)
    if as_json:
        print_json(made.summary(files))
    else:
        show(workshop_view(made, files, shown))
    click.echo(f"wrote {out}", err=True)
