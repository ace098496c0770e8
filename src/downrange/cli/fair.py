"""downrange fair plan | analyse"""

from __future__ import annotations

from pathlib import Path

import click

from downrange.cli.notebook import noted
from downrange.cli.options import Family, json_option, print_json, show, timings_option, units_option


@click.group("fair", cls=Family)
def command() -> None:
    """Plan an experiment for the science fair, and say what its flights show.

    downrange fair plan "does a boat-tail raise apogee?" launch.yaml --out trial
    downrange fair analyse trial/sheet.csv
    """


_out = click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Write it: a folder, or one .pdf, .html or .docx.",
)


@command.command("plan")
@click.argument("question", required=False)
@click.argument("launch", required=False, type=click.Path(path_type=Path))
@click.option(
    "--against",
    "others",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The second design (and a third, ...): another launch file.",
)
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PLACE=VALUE",
    help="The second design is LAUNCH with this changed: 'fins.span=60mm'.",
)
@click.option("--dose", metavar="PLACE=VALUES", help="A series: 'main.diameter=12..24in/4'; a line is fitted.")
@click.option("--of", metavar="NUMBER", help="What is measured: apogee, drift, time, 'landing speed', ...")
@click.option(
    "--matters",
    metavar="AMOUNT",
    help="The smallest difference that counts: '5 m' (default: what the simulation predicts).",
)
@click.option(
    "--spread",
    metavar="AMOUNT",
    help="Of single flights, if you know it: '4 %' or '12 m' (default: from the simulation).",
)
@click.option("--mean", metavar="AMOUNT", help="What a spread in per cent is of, without a LAUNCH: '300 m'.")
@click.option("--instrument", metavar="AMOUNT", help="Error of the instrument: '1 m'.")
@click.option(
    "--power", default=0.8, show_default=True, type=float, help="Share of such experiments that show the difference."
)
@click.option(
    "--level", default=0.05, show_default=True, type=float, help="Share that would show one where there is none."
)
@click.option("--blocks", type=int, help="How many blocks you can fly, each of one flight of each design.")
@click.option("--name", "names", multiple=True, metavar="NAME", help="Of each design, in order.")
@click.option("--seed", default=1, show_default=True, type=int, help="Of the lot that decides the order.")
@_out
@units_option
@timings_option
@json_option
def plan(
    question: str | None, launch: Path | None, others: tuple[Path, ...], changes: tuple[str, ...], dose: str | None, of: str | None, matters: str | None,
    spread: str | None, mean: str | None, instrument: str | None, power: float, level: float, blocks: int | None, names: tuple[str, ...], seed: int,
    out: Path | None, units: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Say how many flights answer a QUESTION, in which order, with the sheet to fill; without one list questions.

    downrange fair plan fin-size launch.yaml
    downrange fair plan "does wax raise apogee?" --spread "4 %" --mean "300 m" --matters "10 m"
    """
    from downrange.cli.fair_out import listed_questions, write_plan

    if question is None:
        return listed_questions(as_json)
    from downrange.recipes.fair import experiment
    from downrange.report.experiments import plan_view

    if launch is None and spread is None and Path("launch.yaml").is_file():
        launch = Path("launch.yaml")
    made = experiment(
        question, launch, against=others, changes=changes, dose=dose, of=of, matters=matters, spread=spread, mean=mean, instrument=instrument,
        power=power, level=level, blocks=blocks, names=names, seed=seed,
    )  # fmt: skip
    first = made.arms[0].project
    shown = units or (first.units if first is not None else "metric")
    if out is not None:
        write_plan(made, out, shown)
    if first is not None:
        noted(first, "planned", made.summary(), words=question)
    if as_json:
        print_json(made.summary())
    else:
        show(plan_view(made, shown))
    return None


@command.command("analyse")
@click.argument("sheet", type=click.Path(path_type=Path))
@click.option("--of", metavar="COLUMN", help="The column that was measured (default: what the sheet says).")
@click.option("--against", metavar="DESIGN", help="The design that the others are compared with (default: the first).")
@click.option("--dose", metavar="COLUMN", help="The column of what was changed, where a line is wanted.")
@click.option("--blocks/--no-blocks", default=True, help="Whether the blocks of the sheet count.")
@click.option(
    "--level",
    type=float,
    help="Share of experiments without a difference that would show one (default: the sheet's, else 0.05).",
)
@click.option("--matters", metavar="AMOUNT", help="The smallest difference that counts: '5 m' (default: the sheet's).")
@_out
@units_option
@timings_option
@json_option
def analyse(
    sheet: Path, of: str | None, against: str | None, dose: str | None, blocks: bool, level: float | None, matters: str | None, out: Path | None,
    units: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Say what the flights of a filled SHEET show: the right test, the effect with its interval, what was taken for granted.

    Exit code 1 where no difference is shown.
    """
    from downrange.cli.fair_out import write_result
    from downrange.recipes.fair import analyse_experiment
    from downrange.report.experiments import analysis_summary, analysis_view

    made = analyse_experiment(sheet, of=of, against=against, dose=dose, blocks=blocks, level=level, matters=matters)
    shown = units or "metric"
    if out is not None:
        write_result(made, out, shown)
    if as_json:
        print_json(analysis_summary(made.analysis, made.notes, shown))
    else:
        show(analysis_view(made.analysis, shown, made.notes, made.question))
    raise click.exceptions.Exit(0 if made.analysis.shown else 1)
