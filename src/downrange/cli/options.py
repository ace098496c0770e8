"""Options that several commands share, and how a launch is opened with them."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from downrange.cli.complete import MOTOR
from downrange.steps import step

if TYPE_CHECKING:
    from downrange.project import Project

_DRIVING = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
F = TypeVar("F", bound=Callable[..., Any])

FIGURE = (".png", ".svg", ".pdf")


def out_option(*, suffixes: tuple[str, ...] = (), folder: bool = False, **said: Any) -> Callable[[F], F]:
    """Where to a command writes is said with `-o` or `--out`, and looked at before the work, not after it.

    suffixes: of the files that it can write; none where the command looks at them itself. folder: whether it writes into a folder.
    """

    def looked_at(ctx: click.Context, _: click.Parameter, value: Any) -> Any:
        if not ctx.resilient_parsing:
            for path in value if isinstance(value, tuple) else [] if value is None else [value]:
                can_be_written(path, suffixes, folder)
        return value

    return click.option("-o", "--out", callback=looked_at, **said)


def can_be_written(path: Path, suffixes: tuple[str, ...], folder: bool = False) -> None:
    """Raise `InputError` for a name of another kind of file, a folder that is not there, and one in the place of the other."""
    from downrange.errors import InputError, seen

    suffix = path.suffix.lower()
    if folder and suffix in _OF_FILES and not path.is_dir():
        raise InputError(
            f"a folder is written, and {seen(path.name, 60)} is the name of a file: leave {suffix} out", key="--out"
        )
    if suffixes and suffix not in suffixes:
        known = f"{', '.join(suffixes[:-1])} or {suffixes[-1]}" if suffixes[1:] else suffixes[0]
        raise InputError(f"cannot write {seen(path.name, 60)}: its name should end in {known}", key="--out")
    if suffixes and path.is_dir():
        raise InputError(f"{seen(path.name, 60)} is a folder; the name of a file is wanted", key="--out")
    if suffixes and not path.absolute().parent.is_dir():
        raise InputError(f"there is no folder {seen(str(path.parent), 80)}", key="--out")


_OF_FILES = (*FIGURE, ".csv", ".html", ".htm", ".docx", ".json", ".parquet", ".kml", ".gpx", ".yaml", ".txt")

units_option = click.option(
    "--units",
    type=click.Choice(["metric", "us"]),
    help="Units of tables, figures and words (default: the launch file's 'units', else metric).",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON with documented keys (SI, units in the names)."
)

explain_option = click.option(
    "--explain", "explained", is_flag=True, help="Also say where each number comes from (see downrange explain)."
)


def _timed(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and ctx.obj is not None:
        ctx.obj.timings = True


timings_option = click.option(
    "--timings", is_flag=True, expose_value=False, callback=_timed, help="Say at the end where the time went."
)


as_drawn_option = click.option(
    "--as-drawn", is_flag=True, help="Fly as the files draw it, without what its flights taught (learned.yaml)."
)


class Family(click.Group):
    """A command of several: its help says of each the whole first sentence."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, c.get_short_help_str(400)) for name, c in sorted(self.commands.items())])


def launch_options(function: F) -> F:
    """The launch file and the flags that replace what it says."""
    for decorate in (
        timings_option,
        units_option,
        as_drawn_option,
        click.option("--trust", is_flag=True, help="Let the file name paths outside its folder."),
        click.option("--azimuth", metavar="ANGLE", help="Rail azimuth, like '120 deg'."),
        click.option("--elevation", metavar="ANGLE", help="Rail elevation, like '85 deg' (90 is vertical)."),
        click.option("--wind", metavar="WIND", help="Wind at 10 m, like '5 m/s from 270 deg'; instead of the file's."),
        click.option(
            "--aero", "method", type=click.Choice(["full", "barrowman"]), help="Method of normal force and CP."
        ),
        click.option(
            "--delay", metavar="TIME", help="Of the ejection charge, like '6 s'; instead of the file's or the motor's."
        ),
        click.option(
            "--motor",
            type=MOTOR,
            metavar="MOTOR",
            help="Another motor, as printed on it ('C6-5'), or an .eng or .rse file.",
        ),
        click.option(
            "--configuration",
            metavar="NAME",
            help="Of another program's design: a flight configuration, by its name, number or motor.",
        ),
        click.argument("launch", type=click.Path(path_type=Path), default="launch.yaml"),
    ):
        function = decorate(function)
    return function


@contextmanager
def of_flag(flag: str) -> Iterator[None]:
    """What is wrong within is wrong with what `flag` says, whichever key of a file it stands for."""
    from downrange.errors import InputError

    try:
        yield
    except InputError as error:
        raise InputError(error.message, key=flag) from None


def _angle(text: str | None, flag: str) -> float | None:
    from downrange.units import compass, parse_quantity

    if text is None:
        return None
    with of_flag(flag):
        return parse_quantity(compass(text), "angle").value


def _delay(text: str | None) -> float | None:
    """Seconds; delays are printed on motors without a unit."""
    if text is None:
        return None
    from downrange.errors import InputError
    from downrange.units import parse_quantity

    words = text.strip()
    with of_flag("--delay"):
        delay = parse_quantity(f"{words} s" if words.replace(".", "", 1).isdigit() else words, "time").value
    if not 0 <= delay <= 600:
        raise InputError(f"a delay of {delay:g} s is not between 0 and 600", key="--delay")
    return delay


def _wind(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    from downrange.units import compass, parse_quantity, wind_words

    with of_flag("--wind"):
        speed, direction = wind_words(text, "--wind")
        return parse_quantity(speed, "speed").value, parse_quantity(compass(direction), "angle").value


_STAND_FOR = {
    "rail.elevation": "--elevation",
    "rail.azimuth": "--azimuth",
    "weather.wind": "--wind",
}  # a key of the file


@contextmanager
def _flags_named(given: set[str]) -> Iterator[None]:
    """Where a value that a flag gave is not possible, the error names the flag, not the line of the file that it replaces."""
    from downrange.errors import InputError

    try:
        yield
    except InputError as error:
        flag = _STAND_FOR.get(error.key or "")
        if flag not in given:
            raise
        raise InputError(error.message, key=flag) from None


def open_launch(
    launch: Path,
    motor: str | None,
    wind: str | None,
    elevation: str | None,
    azimuth: str | None,
    trust: bool,
    method: Literal["full", "barrowman"] | None = None,
    delay: str | None = None,
    units: str | None = None,
    configuration: str | None = None,
    as_drawn: bool = False,
) -> Project:
    """Open a launch file with the flags applied."""
    given = {"--elevation": elevation, "--azimuth": azimuth, "--wind": wind}
    with step("reading the files"), _flags_named({k for k, v in given.items() if v is not None}):
        from downrange.project import open_project

        project = open_project(
            launch,
            motor=motor,
            wind=_wind(wind),
            elevation=_angle(elevation, "--elevation"),
            azimuth=_angle(azimuth, "--azimuth"),
            trusted=trust,
            method=method,
            delay=_delay(delay),
            units=units,
            configuration=configuration,
            as_drawn=as_drawn,
        )
    if project.path != launch:
        click.echo(f"{launch}: with {project.path}", err=True)
    if project.foreign is not None:
        from downrange.report.foreign import told_in_a_line

        click.echo(told_in_a_line(project.foreign), err=True)
    return project


def columns_told(words: tuple[str, ...]) -> dict[str, str]:
    """What `--column HEADING=WHAT` says of the columns of a log, each heading with what it is."""
    from downrange.errors import InputError, seen

    told = {}
    for word in words:
        heading, mark, what = word.rpartition("=")
        if not mark or not heading.strip():
            raise InputError(
                f"--column needs HEADING=WHAT, like 'Alt=altitude_agl ft'; seen {seen(word, 60)}", key="--column"
            )
        told[heading.strip()] = what.strip()
    return told


def print_json(data: Any) -> None:
    """Print JSON, with null for what is not a finite number."""
    click.echo(json_text(data))


def json_text(data: Any) -> str:
    """`data` as JSON in UTF-8; characters that drive a terminal, turn its text or are none stand as escapes."""
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    return _DRIVING.sub(lambda m: f"\\u{ord(m.group()):04x}", text)


def show(view: Any) -> None:
    """Print a rich renderable."""
    from rich.console import Console

    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else 110
    colours: Any = (
        None if os.environ.get("NO_COLOR") else "auto"
    )  # then bold and dim go too: plain text, as no-color.org means it
    Console(file=sys.stdout, width=width, color_system=colours, highlight=False, markup=False, emoji=False).print(
        _Shown(view)
    )


def write_each(paths: tuple[Path, ...], figure: Callable[[], Any], table: Callable[[Path], None], units: str) -> None:
    """Write what `--out` names: a figure, or by its suffix .csv a table. The figure is drawn once it is asked for.

    paths: as `out_option` looked at them.
    """
    for path in paths:
        if path.suffix.lower() == ".csv":
            table(path)
        else:
            figure().savefig(path, units=units)
        click.echo(f"wrote {path}", err=True)


@contextmanager
def line_on_terminal() -> Iterator[Callable[[str], None]]:
    """A line of standard error that is written over and over, where that is a terminal."""
    shown = sys.stderr.isatty()
    wrote = False

    def say(text: str) -> None:
        nonlocal wrote
        if shown:
            wrote = True
            click.echo(f"\r{text[:78]:<78}", err=True, nl=False)

    try:
        yield say
    finally:
        if wrote:
            click.echo("", err=True)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """How many of how many are done, on a terminal's standard error."""
    with line_on_terminal() as say:
        yield lambda done, of: say(f"{done} of {of} {what}")


def explained_on(project: Project, flight: Any, card: str) -> list[Any]:
    """Where each number of a card comes from."""
    from downrange.errors import InputError
    from downrange.report.explain import TOPICS, explain

    made = []
    for topic in (name for name, t in TOPICS.items() if card in t.cards):
        with suppress(InputError):  # a number that this flight does not have is not on the card either
            made.append(explain(project, topic, flight))
    return made


def show_explained(project: Project, flight: Any, card: str) -> None:
    """Print that under the card."""
    from downrange.report.explain.view import short_view

    show(short_view(explained_on(project, flight, card), project.units))


def json_explained(project: Project, flight: Any, card: str, explained: bool) -> dict[str, Any]:
    """The key `explained` of a card's JSON where that is asked for."""
    if not explained:
        return {}
    from downrange.report.explain.view import explanation_summary

    return {"explained": [explanation_summary(e, []) for e in explained_on(project, flight, card)]}


class _Shown:
    """A view none of whose characters drives the terminal: names in it are what somebody else wrote."""

    def __init__(self, view: Any) -> None:
        self.view = view

    def __rich_console__(self, console: Any, options: Any) -> Any:
        from rich.segment import Segment

        from downrange.text import plain

        for s in console.render(self.view, options):
            text = s.text if s.control else "\n".join(plain(line, 10 * len(line) + 1) for line in s.text.split("\n"))
            yield Segment(text, s.style, s.control)
