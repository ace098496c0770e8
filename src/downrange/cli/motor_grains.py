"""downrange motor simulate | design | compare: motors made of grains"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.options import (
    FIGURE,
    json_option,
    line_on_terminal,
    out_option,
    print_json,
    show,
    timings_option,
    units_option,
)

_LEVELS = click.Choice(["quasi-steady", "transient", "one-dimensional"])
level_option = click.option(
    "--level", type=_LEVELS, default="quasi-steady", show_default=True,
    help="quasi-steady: the chamber always in balance; transient: it fills and empties; one-dimensional: flow along the port, erosive burning.",
)  # fmt: skip


@click.command("simulate")
@click.argument("motor", type=click.Path(path_type=Path))
@level_option
@out_option(
    suffixes=(".yaml", ".ric", ".eng", ".rse", ".csv", *FIGURE),
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the result: .eng, .rse, .csv, .png, .svg; or the motor: .yaml, .ric.",
)
@units_option
@timings_option
@json_option
def simulate(motor: Path, level: Any, out: Path | None, units: str | None, as_json: bool) -> None:
    """Burn a motor from its grains: pressure, thrust and mass against time.

    MOTOR is a motor.yaml or an openMotor file (.ric).
    """
    from downrange.motor.ballistics import fire
    from downrange.project.motors import open_grain_motor
    from downrange.report.burns import burn_summary, burn_view

    opened = open_grain_motor(motor, trusted=True)
    burn = fire(opened.motor, level)
    if as_json:
        print_json(burn_summary(burn, opened.notes))
    else:
        show(burn_view(burn, motor.stem, units or "metric", opened.notes))
    if out is not None:
        from downrange.report.burn_files import write_burn

        write_burn(out, burn, units or "metric")
        click.echo(f"wrote {out}", err=True)
    raise click.exceptions.Exit(0)


@click.command("design")
@click.argument("motor", type=click.Path(path_type=Path))
@click.option(
    "--pressure", metavar="PRESSURE", help="Size the throat so that the highest pressure is this, like '5 MPa'."
)
@click.option("--neutral", is_flag=True, help="First cut its BATES grains so that they burn as evenly as they can.")
@click.option(
    "--vary",
    multiple=True,
    metavar="RANGE",
    help="What may be changed, like 'nozzle.throat 10..20 mm' or 'grains.core 15..30 mm'; as often as needed.",
)
@click.option(
    "--curve", type=click.Path(path_type=Path), help="Vary so that the thrust follows this curve: .eng, .rse, .csv."
)
@click.option(
    "--most",
    type=click.Choice(["impulse", "specific impulse"]),
    help="Vary for most of this within the motor's limits.",
)
@level_option
@out_option(
    suffixes=(".yaml", ".ric", ".eng", ".rse", ".csv", *FIGURE),
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the motor so designed: .yaml, .ric, or its curve .eng, .rse, .csv, .png, .svg.",
)
@units_option
@timings_option
@json_option
def design(
    motor: Path, pressure: str | None, neutral: bool, vary: tuple[str, ...], curve: Path | None, most: Any, level: Any, out: Path | None,
    units: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Size the nozzle of a motor made of grains, or search its dimensions.

    The throat for a pressure, and the exit that suits the air outside; or with --vary the dimensions at which the thrust follows a
    wanted curve, or is most within the limits that the file says:

    downrange motor design my_motor.yaml --vary "nozzle.throat 10..16 mm" --vary "grains.core 15..25 mm" --most impulse

    MOTOR is a motor.yaml or an openMotor file (.ric). Without options it tells of the motor as it is. Exits 1 where a limit is broken.
    """
    from downrange.motor.ballistics import fire
    from downrange.motor.designing import throat_for_pressure, with_neutral_grains
    from downrange.project.motors import open_grain_motor, pressure_of
    from downrange.report.designs import design_summary, design_view

    goal = None if pressure is None else pressure_of(pressure, "--pressure")
    opened = open_grain_motor(motor, trusted=True)
    if vary or curve is not None or most is not None:
        if pressure is not None or neutral:
            raise click.UsageError("--vary searches by itself; leave --pressure and --neutral out")
        _search(opened, vary, curve, most, level, out, units, as_json)
    made = with_neutral_grains(opened.motor) if neutral else opened.motor
    if goal is not None:
        made = throat_for_pressure(made, goal, level)
    burn = fire(made, level)
    told = design_summary(burn, opened.notes)
    if as_json:
        print_json(told)
    else:
        show(design_view(told, motor.stem, units or "metric"))
    if out is not None:
        from downrange.report.burn_files import write_burn

        write_burn(out, burn, units or "metric")
        click.echo(f"wrote {out}", err=True)
    raise click.exceptions.Exit(0)


def _search(
    opened: Any, vary: tuple[str, ...], curve: Path | None, most: Any, level: Any, out: Path | None, units: str | None, as_json: bool
) -> None:  # fmt: skip
    """Search a motor's dimensions, and tell of the best."""
    from downrange.project.motor_search import follow_curve, give_most, motor_axes, search_motor, wanted_curve
    from downrange.report.designs import design_summary, design_view
    from downrange.units import display

    if (curve is None) == (most is None):
        raise click.UsageError("say what is wanted: --curve wanted.csv, or --most impulse")
    paths, axes = motor_axes(opened, vary)
    goal = give_most(most) if curve is None else follow_curve(*wanted_curve(curve))
    with line_on_terminal() as say:
        found = search_motor(opened, paths, axes, goal, level=level, tell=lambda tried: say(f"{tried} motors burnt"))
    shown = [f"{a.name}: {display(found.values[a.name], a.kind, units or 'metric', 4)}" for a in axes]
    off = [] if curve is None else [f"off the wanted curve by {found.cost:.1%} of its impulse"]
    told = design_summary(found.burn, (*opened.notes, *off, *found.broken))
    if as_json:
        si = {a.name: found.values[a.name] for a in axes}
        print_json(
            {**told, "varied": si, "tried": found.tried, "broken": list(found.broken)}
            | ({"off_share": found.cost} if off else {})
        )
    else:
        show(design_view(told, opened.path.stem, units or "metric"))
        click.echo("\n".join(shown))
    if out is not None:
        from downrange.report.burn_files import write_burn

        write_burn(out, found.burn, units or "metric")
        click.echo(f"wrote {out}", err=True)
    raise click.exceptions.Exit(1 if found.broken else 0)


@click.command("compare")
@click.argument("motors", nargs=-1, required=True, type=click.Path(path_type=Path))
@level_option
@units_option
@timings_option
@json_option
def compare(motors: tuple[Path, ...], level: Any, units: str | None, as_json: bool) -> None:
    """Put motors made of grains side by side.

    The others are compared with the first.
    """
    from downrange.motor.ballistics import fire
    from downrange.project.motors import open_grain_motor
    from downrange.report.burns import burn_summary
    from downrange.report.designs import burns_view

    opened = [open_grain_motor(m, trusted=True) for m in motors]
    burns = [fire(o.motor, level) for o in opened]
    names = [str(m) for m in motors]
    if as_json:
        print_json([{"file": n, **burn_summary(b, o.notes)} for n, b, o in zip(names, burns, opened, strict=True)])
    else:
        show(burns_view(burns, names, [o.notes for o in opened], units or "metric"))
    raise click.exceptions.Exit(0)
