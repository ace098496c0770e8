"""downrange motor find | show; reduce and simulate are in `motor_reduce` and `motor_grains`"""

from __future__ import annotations

from pathlib import Path

import click

from downrange.cli import motor_engine, motor_reduce
from downrange.cli.complete import MOTOR
from downrange.cli.motor_grains import compare, design, simulate
from downrange.cli.options import FIGURE, Family, json_option, out_option, print_json, show, units_option


@click.group("motor", cls=Family)
def command() -> None:
    """Find motors, show their curves, burn motors made of grains, and say what a test stand recorded."""


for made_of_grains in (simulate, design, compare):
    command.add_command(made_of_grains)


@command.command("find")
@click.argument("words", nargs=-1, required=True, type=MOTOR)
@click.option("--limit", default=40, show_default=True, help="Lines at most.")
@units_option
@json_option
def find(words: tuple[str, ...], limit: int, units: str | None, as_json: bool) -> None:
    """Find motors by diameter, class, maker, name: downrange motor find "54 mm K"."""
    from downrange.motor import find_motors
    from downrange.text import counted

    found = list(find_motors(" ".join(words)))
    if as_json:
        print_json([{k: v for k, v in e.items() if k not in ("time_s", "thrust_n")} for e in found])
    elif found:
        from downrange.report.terminal import motors_table

        show(motors_table(found[:limit]))
        click.echo(counted(len(found), "motor") + (f", {limit} shown" if len(found) > limit else ""), err=True)
    else:
        click.echo("no motor matches", err=True)
    raise click.exceptions.Exit(0 if found else 1)


@command.command("show")
@click.argument("name", type=MOTOR)
@out_option(
    suffixes=(*FIGURE, ".eng"),
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the curve as png, svg or .eng.",
)
@units_option
@json_option
def show_motor(name: str, out: Path | None, units: str | None, as_json: bool) -> None:
    """Show a motor of the catalogue, of an .eng or .rse file, or made of grains (motor.yaml, .ric)."""
    from downrange.formats import pick_motor, write_eng
    from downrange.formats.motors import READERS
    from downrange.motor import motor_from_catalogue
    from downrange.project.grains import holds_grains
    from downrange.project.motors import flown_motor, open_grain_motor

    if holds_grains(name):
        motor = flown_motor(open_grain_motor(name, trusted=True))
    else:
        motor = pick_motor(name) if READERS.knows(name) else motor_from_catalogue(name)
    if as_json:
        print_json(
            {
                "designation": motor.designation, "manufacturer": motor.manufacturer, "impulse_class": motor.impulse_class,
                "impulse_n_s": motor.impulse, "average_thrust_n": motor.average_thrust, "peak_thrust_n": motor.peak_thrust,
                "burn_time_s": motor.burn_time, "diameter_m": motor.diameter, "length_m": motor.length,
                "propellant_mass_kg": motor.propellant_mass, "total_mass_kg": motor.total_mass, "delays_s": list(motor.delays),
                "plugged": motor.plugged, "flags": list(motor.flags), "source": motor.source,
                "time_s": motor.time.tolist(), "thrust_n": motor.thrust.tolist(),
            }
        )  # fmt: skip
    else:
        from downrange.report.terminal import motor_view

        show(motor_view(motor, units or "metric"))
    if out is not None:
        if out.suffix.lower() == ".eng":
            write_eng(out, [motor])
        else:
            from downrange.report import motor_figure

            motor_figure(motor).savefig(out, units=units or "metric")
        click.echo(f"wrote {out}", err=True)


command.add_command(motor_reduce.command)
command.add_command(motor_engine.command)
