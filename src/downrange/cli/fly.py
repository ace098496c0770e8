"""downrange fly"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.notebook import noted
from downrange.cli.options import (
    explain_option,
    json_explained,
    json_option,
    json_text,
    launch_options,
    open_launch,
    out_option,
    print_json,
    show,
    show_explained,
)
from downrange.steps import step


@click.command("fly")
@launch_options
@json_option
@explain_option
@out_option(
    folder=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for trajectory (CSV, Parquet), KML and figures.",
)
@click.option("--tolerance", type=click.FloatRange(1e-12, 1e-2), help="Of the integrator (default 5e-5).")
def command(as_json: bool, explained: bool, out: Path | None, tolerance: float | None, **where: Any) -> None:
    """Fly LAUNCH (default: launch.yaml) once."""
    from downrange.errors import FlightCode
    from downrange.flight import compile_launch, fly
    from downrange.project import bands, steered

    project = open_launch(**where)
    program = compile_launch(project.launch)
    with step("flying"):
        steering = steered.steering_of(project)
        flight = fly(program, tolerance=tolerance, interpreted=steering is None or None, steering=steering)
    with step("how well the apogee is known"):
        band = bands.band_of(project, flight)
    said = {**flight.summary(), "apogee_band": None if band is None else band.summary()}
    if as_json:
        print_json({**said, **json_explained(project, flight, "fly", explained)})
    else:
        from downrange.report.terminal import flight_view

        show(flight_view(flight, project.units, band))
        for line in getattr(flight.control, "lines", ()):
            click.echo(line)
        if explained:
            show_explained(project, flight, "fly")
    noted(project, "predicted", flight.summary())
    if out is not None:
        with step("drawing and writing"):
            _write(flight, said, out, project.units)
        click.echo(f"wrote {out}", err=True)
    raise click.exceptions.Exit(0 if flight.code in (FlightCode.LANDED, FlightCode.STOPPED) else 1)


def _write(flight: Any, said: dict[str, Any], out: Path, units: str) -> None:
    from downrange.errors import FlightCode
    from downrange.formats import write_kml, write_trajectory_csv, write_trajectory_parquet
    from downrange.report import save_figures

    out.mkdir(parents=True, exist_ok=True)
    (out / "summary.json").write_text(json_text(said), encoding="utf-8")
    if flight.code == FlightCode.NO_LIFTOFF:
        save_figures(flight, out, ("rocket",), units=units)
        return
    write_trajectory_csv(flight, out / "trajectory.csv")
    write_trajectory_parquet(flight, out / "trajectory.parquet")
    write_kml(flight, out / "flight.kml")
    save_figures(flight, out, units=units)
