"""downrange motor engine"""

from __future__ import annotations

from pathlib import Path

import click

from downrange.cli.options import FIGURE, json_option, out_option, print_json, show, timings_option, units_option

__all__ = ["command"]


@click.command("engine")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--ambient", metavar="PRESSURE", help="The air's pressure, like '850 hPa'; without it the standard's at sea level."
)
@out_option(multiple=True, suffixes=(".rse", ".eng", *FIGURE), type=click.Path(path_type=Path, dir_okay=False),
    help="Write .rse (flies with its own mass flow and moving centre), .eng, .png, .svg; again for more.",
)  # fmt: skip
@units_option
@timings_option
@json_option
def command(file: Path, ambient: str | None, out: tuple[Path, ...], units: str | None, as_json: bool) -> None:
    """Run a hybrid or liquid engine from tank to thrust: FILE is a YAML of tank, injector, fuel, chamber and nozzle."""
    from downrange.formats import write_eng
    from downrange.formats.motors.rse import write_rse
    from downrange.motor.hybrid import run_engine
    from downrange.project.engines import open_engine
    from downrange.report.engines import engine_figure, engine_summary, engine_view
    from downrange.units import parse_quantity

    opened = open_engine(file)
    air = {} if ambient is None else {"ambient": parse_quantity(ambient, "pressure").value}
    run = run_engine(opened.engine, **air)
    hull = opened.file.hull
    motor = run.motor(
        name=opened.name, maker=opened.file.manufacturer, diameter=float(hull.diameter), length=float(hull.length), dry_mass=float(hull.mass),
        kind="hybrid" if opened.file.grain is not None else "liquid",
    )  # fmt: skip
    if as_json:
        print_json(engine_summary(run, motor))
    else:
        show(engine_view(run, motor, units or "metric"))
    for path in out:
        suffix = path.suffix.lower()
        if suffix in (".rse", ".eng"):
            (write_rse if suffix == ".rse" else write_eng)(path, [motor])
        else:
            engine_figure(run).savefig(path, units=units or "metric")
        click.echo(f"wrote {path}" + (" (which holds no mass flow: .rse does)" if suffix == ".eng" else ""), err=True)
