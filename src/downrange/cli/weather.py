"""downrange weather"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.options import launch_options, open_launch, show


@click.group("weather")
def command() -> None:
    """Fetch a forecast for a launch site, and look at forecast files."""


@command.command("fetch")
@launch_options
@click.option("--days", type=click.IntRange(1, 16), default=3, show_default=True)
@click.option(
    "--ensemble", metavar="MODEL", help="An ensemble, like gfs_seamless or ecmwf_ifs025, instead of one forecast."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default="forecast.json", show_default=True)
def fetch(days: int, ensemble: str | None, out: Path, **where: Any) -> None:
    """Ask Open-Meteo (open-meteo.com, CC BY 4.0) for the weather of LAUNCH's site; needs a network."""
    from downrange.formats.ensembles.open_meteo import fetch_open_meteo

    project = open_launch(**where)
    data = fetch_open_meteo(project.launch.pad, days=days, ensemble=ensemble)
    out.write_bytes(data)
    click.echo(
        f"wrote {out}; use it with 'ensemble: {out.name}' under weather, or downrange window --weather {out}", err=True
    )


@command.command("show")
@launch_options
@click.argument("file", type=click.Path(path_type=Path, exists=True))
def look(file: Path, **where: Any) -> None:
    """Show the hours and winds of a forecast FILE (or folder) at LAUNCH's site."""
    import numpy as np

    from downrange.formats.ensembles import read_forecast
    from downrange.report.terminal import plain_table

    project = open_launch(**where)
    pad = project.launch.pad
    forecast = read_forecast(file, pad)
    table = plain_table("hour (UTC)", "members", "10 m, m/s", "from", "500 m", "1500 m", "3000 m", "spread at 1500 m")
    for hour, winds in zip(forecast.hours, forecast.winds, strict=True):
        cells = []
        for h in (10.0, 500.0, 1500.0, 3000.0):
            uv = np.array([[float(w.east(pad.elevation + h)), float(w.north(pad.elevation + h))] for w in winds])
            cells.append(
                (
                    float(np.hypot(*uv.mean(axis=0))),
                    float(np.degrees(np.arctan2(-uv[:, 0].mean(), -uv[:, 1].mean())) % 360),
                    float(np.sqrt(uv.var(axis=0).sum())),
                )
            )
        table.add_row(
            hour or "-",
            str(len(winds)),
            f"{cells[0][0]:.1f}",
            f"{cells[0][1]:.0f}°",
            *(f"{c[0]:.1f}" for c in cells[1:]),
            f"{cells[2][2]:.1f}",
        )
    show(table)
