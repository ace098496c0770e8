"""downrange weather"""

from __future__ import annotations

from pathlib import Path

import click

from downrange.cli.options import F, Family, out_option, show, units_option


@click.group("weather", cls=Family)
def command() -> None:
    """Fetch a forecast for a launch site, and look at forecast files."""


_HEIGHTS = (10.0, 500.0, 1500.0, 3000.0)  # above the pad, m


def _place(function: F) -> F:
    """What is needed to know where."""
    trust = click.option("--trust", is_flag=True, help="Let the file name paths outside its folder.")
    return click.argument("launch", type=click.Path(path_type=Path), default="launch.yaml")(trust(function))


@command.command("fetch")
@_place
@click.option("--days", type=click.IntRange(1, 16), default=3, show_default=True)
@click.option(
    "--ensemble", metavar="MODEL", help="An ensemble, like gfs_seamless or ecmwf_ifs025, instead of one forecast."
)
@out_option(
    suffixes=(".json",), type=click.Path(path_type=Path, dir_okay=False), default="forecast.json", show_default=True
)
def fetch(launch: Path, trust: bool, days: int, ensemble: str | None, out: Path) -> None:
    """Ask Open-Meteo (open-meteo.com, CC BY 4.0) for the weather at LAUNCH's site, or at a site file; needs a network."""
    from downrange.formats.ensembles.open_meteo import fetch_open_meteo
    from downrange.project.project import open_pad

    data = fetch_open_meteo(open_pad(launch, trusted=trust), days=days, ensemble=ensemble)
    out.write_bytes(data)
    click.echo(
        f"wrote {out}; use it with 'ensemble: {out.name}' under weather, or downrange window --weather {out}", err=True
    )


@command.command("show")
@click.argument("paths", metavar="[LAUNCH] FILE", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--trust", is_flag=True, help="Let the file name paths outside its folder.")
@units_option
def look(paths: tuple[Path, ...], trust: bool, units: str | None) -> None:
    """Show the hours and winds of a forecast FILE (or folder) at the site of LAUNCH (default: launch.yaml)."""
    import numpy as np

    from downrange.errors import InputError
    from downrange.formats.ensembles import read_forecast
    from downrange.project.finding import units_said
    from downrange.project.project import open_pad
    from downrange.report.layout import plain_table
    from downrange.units import column, display

    if len(paths) > 2:
        raise InputError(
            f"{len(paths)} files; write downrange weather show LAUNCH FILE, or FILE alone beside a launch.yaml"
        )
    launch, file = paths if len(paths) == 2 else (Path("launch.yaml"), paths[0])
    if len(paths) == 1 and not launch.exists():
        raise InputError(
            "a forecast is shown at a site, and there is no launch.yaml here: write downrange weather show LAUNCH FILE, with a launch or "
            "site file", key=str(file),
        )  # fmt: skip
    pad = open_pad(launch, trusted=trust)
    forecast = read_forecast(file, pad)
    system = units or units_said(launch)
    unit, factor = column("wind", system)
    low, *high = (display(h, "length", system, 2) for h in _HEIGHTS)
    table = plain_table("hour (UTC)", "members", low, "from", *high, "spread")
    for hour, winds in zip(forecast.hours, forecast.winds, strict=True):
        cells = []
        for h in _HEIGHTS:
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
            f"{cells[0][0] * factor:.1f}",
            f"{cells[0][1]:.0f}°",
            *(f"{c[0] * factor:.1f}" for c in cells[1:]),
            f"{cells[2][2] * factor:.1f}",
        )
    show(table)
    click.echo(f"Wind in {unit}, mean of the members. Spread: between members, 1 σ, at {high[1]}.")
