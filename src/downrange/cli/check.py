"""downrange check"""

from __future__ import annotations

from typing import Any

import click

from downrange.cli.options import (
    json_option,
    launch_options,
    open_launch,
    print_json,
    show,
)


@click.command("check")
@launch_options
@json_option
def command(as_json: bool, **where: Any) -> None:
    """Say whether LAUNCH (default: launch.yaml) is fit to fly; exit code 1 if it is not."""
    from downrange.errors import FlightCode
    from downrange.flight import compile_launch, fly, launch_figures
    from downrange.project.defaults import assumed

    project = open_launch(**where)
    program = compile_launch(project.launch)
    flight = fly(program, interpreted=True)
    f = launch_figures(program)
    fit = flight.code == FlightCode.LANDED and f["static_margin"] >= 0 and f["thrust_to_weight"] >= 1
    taken = assumed(project.file, project.rocket_file)
    if as_json:
        keys = (
            "liftoff_mass_kg",
            "thrust_to_weight",
            "static_margin_cal",
            "static_margin_barrowman_cal",
            "rail_exit_speed_m_s",
            "rail_exit_stability_cal",
            "min_stability_cal",
            "warnings",
        )
        summary = flight.summary()
        extra = {
            "liftoff_cg_m": f["liftoff_cg"], "dry_cg_m": f["dry_cg"], "cp_m": f["cp"], "normal_slope_per_rad": f["normal_slope"],
            "burnout_margin_cal": f["burnout_margin"], "dry_mass_kg": f["dry_mass"],
            "pitch_inertia_kg_m2": f["pitch_inertia"], "roll_inertia_kg_m2": f["roll_inertia"],
        }  # fmt: skip
        print_json(
            {
                "fit_to_fly": bool(fit),
                **{k: summary[k] for k in keys},
                **{k: v if v == v else None for k, v in extra.items()},
                "assumed": list(taken),
            }
        )
    else:
        from downrange.report.terminal import check_view

        show(check_view(program, flight, project.units, taken))
    raise click.exceptions.Exit(0 if fit else 1)
