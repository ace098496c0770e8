"""The command line: parse, call the public API, print, exit code (0 yes, 1 no, 2 bad input, 3 our fault)."""

from __future__ import annotations

import gc
import importlib
import keyword
import os
import sys
from typing import Any

import click

from downrange.cli.examples import example_text
from downrange.cli.progress import watching

__all__ = ["COMMANDS", "main", "run"]

COMMANDS = {
    "new": "Write a commented starter project that flies as it is.",
    "import": "Read a design of OpenRocket, RockSim or RASAero: a project of it, and what could not be carried over.",
    "compare": "Show two designs side by side, or a design file beside the results stored in it, and why they differ.",
    "sweep": "Fly a design at many values of one place or two: curves and maps of any number, with their bands.",
    "solve": "Find the ballast, canopy, delay, fins or motor that bring what is wanted, uncertainty and all.",
    "optimise": "Change a design until its goals are met as well as its limits allow; of two goals, what each costs of the other.",
    "bench": "Numbers for the bench: ejection charge, vent holes, canopy, delay, ballast, fillets, inertia from a pendulum.",
    "workshop": "Draw the parts at true size to cut and print: templates, guides, rings, meshes, bill of materials.",
    "checklist": "Checklists from the design's own parts: assembly, pad, launch, misfire, disarm; for paper or a tablet.",
    "card": "The flight card for the range, and the data sheet for a level 3 certification.",
    "export": "Write a design for OpenRocket, RockSim or RASAero, or a flight as CSV, KML or GPX.",
    "fair": "An experiment for the science fair: how many flights in which order, and what they show.",
    "lesson": "Lessons for a class: hand-out and answer key with the numbers of your own rocket.",
    "studio": "Open the design room in the browser: change a rocket and see its flight at once.",
    "check": "Say whether a rocket is fit to fly: mass, balance, stability, rail speed, warnings.",
    "disperse": "Fly thousands of times with everything uncertain and everything that goes wrong.",
    "fly": "Fly once: summary, and with --out trajectory, map and figures.",
    "hil": "Fly with a controller in another process or on another computer: software and hardware in the loop.",
    "explain": "Explain a number: equation, inputs, the sum by hand, and what moves it most.",
    "help": "Explain a word of rocketry in a screen: calibre, margin, weathercocking, delay, drift, ...",
    "aero": "Show the coefficients of a rocket against Mach number.",
    "loads": "Show what a flight asks of fins, joints and skin: flutter, bending, heat.",
    "motor": "Find motors, burn motors made of grains, reduce what a test stand recorded.",
    "safety": "Say GO or NO-GO line by line: safety codes, risks to people, what would make it pass.",
    "aim": "Where to point the rail, how far it can reach, in which wind to hold, how far it drifts.",
    "window": "Say which hours of a forecast are good: risks and rules for each hour and member.",
    "find": "Say where to search for a lost rocket, from what was seen.",
    "learn": "Learn a rocket from its flights: drag, thrust, mass, canopies; predict the next one, and score it.",
    "log": "Read flight computers' files: what they recorded, and how far to trust it.",
    "diagnose": "Say what went wrong with a flight, by its logs: each way with its probability, and why.",
    "track": "Say how high a rocket was by sights from the ground: theodolites, elevations, bearings.",
    "weather": "Fetch a forecast for a site, and look at forecast files.",
    "plot": "Draw figures of a flight.",
    "predict": "Register predictions before flights, and show a season of them with their scores.",
    "notebook": "Keep a lab notebook: what was designed, predicted and flown, noted by itself.",
    "report": "Make a document: flight report, safety case, hand-ins for contests, as PDF, HTML, Word or a folder.",
    "doctor": "Say what this machine is to the kernel, where its cache is, and whether it flies right.",
    "completion": "Print what makes bash, zsh, fish or PowerShell complete commands, motors and keys.",
    "schema": "Print the JSON Schema of a project file, for editors.",
}


class _Lazy(click.Group):
    """Commands are imported when called, so that --help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command = importlib.import_module(f"downrange.cli.{module}").command
        if not isinstance(command, click.Command):
            return None
        command.epilog = example_text(cmd_name)
        if isinstance(command, click.Group):
            for name, inner in command.commands.items():
                inner.epilog = example_text(f"{cmd_name} {name}")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from downrange.errors import suggest

            raise click.UsageError(f"no command {args[0]!r}{suggest(args[0], COMMANDS)}; see downrange --help")
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="downrange", message="downrange %(version)s")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def main(debug: bool) -> None:
    """Design, fly and recover rockets: the whole programme of a club, school or team."""


def run() -> None:
    """Entry point: turns errors into messages and exit codes."""
    from downrange.exact import begin_with_one_thread

    begin_with_one_thread()
    # Looking for plugins, pydantic reads the metadata of every installed package: 0.05 s.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Looking for cycles among what was just loaded, fourteen times in a start, took a fifth of it; what a command makes has few.
    gc.set_threshold(50_000, 20, 100)
    debug = "--debug" in sys.argv
    if "_DOWNRANGE_COMPLETE" in os.environ:
        from downrange.cli.complete import register

        register()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        with watching(quiet="_DOWNRANGE_COMPLETE" in os.environ) as watch:
            code = main(prog_name="downrange", standalone_mode=False, obj=watch)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        from downrange.errors import InputError
        from downrange.text import plain

        if debug:
            raise
        if isinstance(error, InputError):
            click.echo(f"error: {plain(error, 2_000)}", err=True)
            sys.exit(2)
        if isinstance(error, OSError):
            click.echo(f"error: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True)
            sys.exit(2)
        click.echo(
            f"This is our fault, not yours: {type(error).__name__}: {plain(error, 500)}\nRun again with --debug and tell us.",
            err=True,
        )
        sys.exit(3)


if __name__ == "__main__":
    run()
