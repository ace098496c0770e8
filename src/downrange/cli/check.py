"""downrange check"""

from __future__ import annotations

from typing import Any, NoReturn

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
    from downrange.errors import InputError
    from downrange.flight import compile_launch, configurations, fly
    from downrange.project.bands import band_of
    from downrange.project.defaults import assumed

    try:
        project = open_launch(**where)
        program = compile_launch(project.launch)
        flight = fly(program, interpreted=True)
    except InputError as error:
        _without_flight(error, as_json, where)
    taken = assumed(project.file, project.rocket_file, project.launch)
    band = band_of(project, flight)
    made = () if project.launch.simple else configurations(project.launch)
    fit = flight.fit_to_fly and all(c.ready for c in made)
    if as_json:
        unsaid = {} if band is None else {k: sigma / flight.apogee for k, sigma in band.unsaid.items()}
        told = {**flight.check(), **_bodies(project.launch, made), "fit_to_fly": fit, "assumed": list(taken)}
        print_json({**told, "not_stated": unsaid, **json_explained(project, flight, "check", explained)})
    else:
        from downrange.report.terminal import check_view
        from downrange.report.vehicle import vehicle_view

        if made:
            show(vehicle_view(project.launch, made, project.units))
        show(check_view(program, flight, project.units, taken, band))
        if explained:
            show_explained(project, flight, "check")
    raise click.exceptions.Exit(0 if fit else 1)


def _bodies(launch: Any, made: Any) -> dict[str, Any]:
    """What `--json` adds of stages, boosters and clusters: each configuration, and what happens when; nothing for one body."""
    if not made:
        return {}
    from downrange.report.vehicle import step_words, vehicle_warnings

    steps = [{"kind": s.kind, "name": s.name, "when": step_words(s)} for s in launch.schedule]
    return {
        "configurations": [c.summary() for c in made], "schedule": steps, "configuration_warnings": list(vehicle_warnings(launch, made)),
    }  # fmt: skip


def _without_flight(error: Any, as_json: bool, where: dict[str, Any]) -> NoReturn:
    """Say what can be said of another program's design that cannot fly as it is; any other error is passed on."""
    from downrange.project.finding import is_foreign

    if not is_foreign(where["launch"]) or (error.key or "").startswith("--"):
        raise error
    from downrange.project.foreign import open_foreign
    from downrange.report.foreign import design_figures, design_view

    foreign = open_foreign(where["launch"], where["configuration"])
    figures = design_figures(foreign)
    if as_json:
        print_json(
            {
                "fit_to_fly": False,
                **{k: v for k, v in figures.items() if k != "why"},
                "warnings": [error.message, *foreign.said],
            }
        )
    else:
        show(design_view(foreign, figures, error.message, where["units"] or "metric"))
    raise click.exceptions.Exit(1)
