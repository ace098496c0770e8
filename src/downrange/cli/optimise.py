"""downrange optimise"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from downrange.cli.notebook import noted
from downrange.cli.options import (
    FIGURE,
    json_option,
    launch_options,
    line_on_terminal,
    open_launch,
    out_option,
    print_json,
    show,
    write_each,
)


@click.command("optimise")
@launch_options
@click.argument("goals", type=click.Path(path_type=Path), default="goals.yaml")
@click.option(
    "--write",
    "name",
    default="optimised",
    show_default=True,
    metavar="NAME",
    help="The optimum's files are LAUNCH-NAME.yaml and so on.",
)
@click.option("--overwrite", is_flag=True, help="Replace files of that name.")
@click.option("--fresh", is_flag=True, help="Begin anew, not where an earlier search stopped.")
@out_option(
    multiple=True,
    suffixes=FIGURE,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a picture of what bought what (.png, .svg, .pdf).",
)
@json_option
def command(
    goals: Path, name: str, overwrite: bool, fresh: bool, out: tuple[Path, ...], as_json: bool, **where: Any
) -> None:
    """Change a design until its GOALS are met as well as its limits allow: one goal, or two and what each costs of the other.

    Every design that was tried is kept in GOALS.tried.jsonl: Ctrl-C stops with the best so far, and the same command goes on.
    Exits 1 where no design keeps every limit.
    """
    from downrange.errors import InputError
    from downrange.project.optimising import optimise_project, read_goals
    from downrange.project.optimum_files import optimum_paths, write_optimum
    from downrange.report.optimising import optimum_figure, optimum_view

    if not name.replace("-", "").replace("_", "").isalnum():
        raise InputError("a name of letters, digits and dashes is wanted", key="--write")
    project = open_launch(**where)
    file = read_goals(goals)
    if not overwrite and (there := next((p for p in optimum_paths(project, name).values() if p.exists()), None)):
        raise InputError(f"{there.name} is there already; say --overwrite, or another name with --write", key="--write")
    log = goals.with_suffix(".tried.jsonl")
    if fresh:
        log.unlink(missing_ok=True)
    with line_on_terminal() as say:
        optimum = optimise_project(project, file, log=log, tell=lambda n: say(f"{n} designs tried"))
    title = project.launch.rocket.name
    write_each(out, lambda: optimum_figure(optimum, title), lambda _: None, project.units)
    wrote = write_optimum(optimum, project, name, overwrite=overwrite)
    summary = optimum.summary()
    said = {k: summary[k] for k in ("start", "best", "before", "after", "designs_tried")}
    noted(project, "optimised", said, (goals, *wrote), f"written as {name}")
    if as_json:
        print_json(summary | {"files": [str(p) for p in wrote]})
    else:
        show(optimum_view(optimum, title, project.units))
    for path in wrote:
        click.echo(f"wrote {path}", err=True)
    raise click.exceptions.Exit(130 if optimum.interrupted else 0 if optimum.kept else 1)
