"""downrange check"""

from __future__ import annotations

from typing import Any

import click

from downrange.cli.options import (
    explain_option,
    json_explained,
    json_option,
    launch_options,
    open_launch,
    print_json,
    show,
    show_explained,
)


@click.command("check")
@launch_options
@json_option
@explain_option
def command(as_json: bool, explained: bool, **where: Any) -> None:
    """Say whether LAUNCH (default: launch.yaml) is fit to fly; exit code 1 if it is not."""
    from downrange.flight import compile_launch, fly
    from downrange.project.defaults import assumed

    project = open_launch(**where)
    program = compile_launch(project.launch)
    flight = fly(program, interpreted=True)
    taken = assumed(project.file, project.rocket_file)
    if as_json:
        print_json({**flight.check(), "assumed": list(taken), **json_explained(project, flight, "check", explained)})
    else:
        from downrange.report.terminal import check_view

        show(check_view(program, flight, project.units, taken))
        if explained:
            show_explained(project, flight, "check")
    raise click.exceptions.Exit(0 if flight.fit_to_fly else 1)
