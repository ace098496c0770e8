"""The flight of some logs on its prediction: `downrange compare LAUNCH LOG...`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from downrange.cli.notebook import noted
from downrange.cli.options import print_json, show

if TYPE_CHECKING:
    from downrange.project import Project


def laid_on(project: Project, logs: tuple[str, ...], out: tuple[Path, ...], as_json: bool, body: str = "") -> None:
    """Lay the flight of `logs` on the prediction of a project; write pages, print JSON or what the terminal shows."""
    from downrange.project.flights import compare_flight
    from downrange.report.flights import comparison_summary, comparison_view, write_comparison

    click.echo("flying the prediction under all that is uncertain ...", err=True)
    found = compare_flight(project, logs, body=body)
    (height, error), _ = found.apogee
    noted(project, "flown", {"apogee_agl_m": height, "apogee_error_m": error}, logs)
    for path in out:
        write_comparison(found, path, project.units)
        click.echo(f"wrote {path}", err=True)
    if as_json:
        print_json(comparison_summary(found))
    else:
        show(comparison_view(found, project.units))
