"""downrange window"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.complete import PACK
from downrange.cli.notebook import noted
from downrange.cli.options import FIGURE, json_option, launch_options, open_launch, out_option, print_json, show
from downrange.steps import advance, step


@click.command("window")
@launch_options
@click.option(
    "--weather",
    "weather",
    type=click.Path(path_type=Path, exists=True),
    required=True,
    help="A forecast or ensemble: folder, Open-Meteo JSON, NetCDF.",
)
@click.option(
    "-n", "--flights", type=click.IntRange(256), default=2048, show_default=True, help="Flights for each hour."
)
@click.option("--rules", type=PACK, multiple=True, metavar="PACK", help="Rule packs: names or YAML files.")
@out_option(
    suffixes=FIGURE,
    type=click.Path(path_type=Path, dir_okay=False),
    default="window.png",
    show_default=True,
    help="The heat map.",
)
@json_option
def command(weather: Path, flights: int, rules: tuple[str, ...], out: Path, as_json: bool, **where: Any) -> None:
    """Say which hours of a forecast are good for LAUNCH: risks and rules of each hour and member.

    Exits with 1 where no hour passes every rule.
    """
    from downrange.formats.ensembles import read_forecast
    from downrange.project.windows import launch_window
    from downrange.report.window import window_figure, window_summary, window_view
    from downrange.safety import Verdict

    project = open_launch(**where)
    forecast = read_forecast(weather, project.launch.pad)
    hours = []
    with step("hours", len(forecast.hours)):
        for hour in launch_window(project, forecast, flights=flights, packs=rules):
            hours.append(hour)
            advance()
    window_figure(hours, project.launch.name).savefig(out, units=project.units)
    good = sum(h.verdict is Verdict.PASS for h in hours)
    noted(project, "looked for a window", {"hours": len(hours), "good_hours": good}, (weather,))
    if as_json:
        print_json(window_summary(hours))
    else:
        show(window_view(hours, project.launch.name, project.units))
    click.echo(f"wrote {out}", err=True)
    raise click.exceptions.Exit(0 if any(h.verdict is Verdict.PASS for h in hours) else 1)
