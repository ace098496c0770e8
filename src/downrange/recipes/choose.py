"""What is asked of a design: which motor, what a change brings, which values bring what is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from downrange.design import find_output
from downrange.errors import InputError, seen
from downrange.project import Project
from downrange.project.asking import read_axes, read_wants
from downrange.project.choosing import MotorCard, Ranking, motor_cards, rank_motors
from downrange.project.contests import read_contest, with_wants
from downrange.project.optimising import GoalsFile, Optimum, optimise_project, read_goals
from downrange.project.project import validate
from downrange.project.solving import Solution, solve_project
from downrange.project.sweeping import Sweep, read_swept, sweep_project
from downrange.recipes.ask import Asked, _opened

__all__ = ["compare", "optimise", "solve", "sweep"]


def project_of(launch: Asked) -> Project:
    """The project of a launch, of one that was opened, or of a path.

    launch: a `dr.Launch`, or the path of a launch file
    """
    return launch if isinstance(launch, Project) else _opened(launch).project


def compare(
    launch: Asked, motors: str | Sequence[str], *, goal: str | Sequence[str] = (), discontinued: bool = False
) -> Ranking | tuple[MotorCard, ...]:
    """Motors in a launch's rocket: those of a list side by side, or of the catalogue all that fit and answer to a text, ranked.

    launch: a `dr.Launch`, or the path of a launch file
    motors: a list of motors (`["Estes C6-5", "Estes B6-4"]`), or words of the catalogue (`"54 mm J"`; `""` is all of it)
    goal: what they are ranked by, like `"apogee 3000 m"` or `["mach < 0.9", "J or less"]`; by apogee without any
    discontinued: rank also motors that are not made any more
    Raises `InputError` for a motor that is not known or does not fit, and where none is left.
    """
    project = project_of(launch)
    if isinstance(motors, str):
        return rank_motors(project, motors, read_wants(goal) if goal else (), discontinued=discontinued)
    if not isinstance(motors, Sequence) or not motors or not all(isinstance(m, str) for m in motors):
        raise InputError(
            f"motors are a list of names, like ['Estes C6-5', 'Estes B6-4']; seen {seen(motors, 80)}", key="motors"
        )
    if goal or discontinued:
        raise InputError(
            "a goal ranks motors of the catalogue: give words like '18 mm' in the place of the list", key="goal"
        )
    return motor_cards(project, motors)


def solve(
    launch: Asked, want: str | Sequence[str] = (), by: str | Sequence[str] = (), *, contest: str | None = None, seed: int = 1,
    uncertain: bool = True,
) -> Solution:  # fmt: skip
    """The values that bring what is wanted: the design whose score is best in the mean over all that is uncertain.

    launch: a `dr.Launch`, or the path of a launch file
    want: what is wanted, like `"apogee 750 ft"` or `["apogee 300 m", "time 36..39 s"]`
    by: what may be changed, like `"ballast 0..100 g"` or `["ballast 0..100 g", "main diameter 12..24 in in steps of 1 in"]`
    contest: a season whose targets and prices are taken, like `"tarc-2026"`; what is wanted besides replaces its own
    seed: of the draws, which are alike for all designs
    uncertain: `False` flies each design once, as planned
    Raises `InputError` for what cannot be read, for places that are not there, and where no design can be built.
    """
    project = project_of(launch)
    wants = read_wants(want) if want or contest is None else ()
    if contest is not None:
        wants = with_wants(read_contest(contest), wants)
    return solve_project(project, wants, read_axes(project, by), seed=seed, uncertain=uncertain)


def sweep(
    launch: Asked, places: str | Sequence[str], of: str | Sequence[str] = ("apogee", "margin", "rail speed"), *, band: bool = False, seed: int = 1
) -> Sweep:  # fmt: skip
    """A launch flown at many values of one place or two; arrays in SI by the names of the numbers, `result["apogee"]`.

    launch: a `dr.Launch`, or the path of a launch file
    places: `"fins.span=40mm..80mm/41"`, or a list of two such
    of: the numbers that are kept, like `"apogee"` or `["apogee", "margin"]`
    band: also how well each is known (`bands`), at some of the designs, between them linear
    seed: of the band's draws
    Raises `InputError` for what cannot be read, and where no design can be built. A design that cannot be built is NaN.
    """
    project = project_of(launch)
    names = [of] if isinstance(of, str) else list(of)
    outputs = list(dict.fromkeys(find_output(name) for name in names))
    if not outputs:
        raise InputError("nothing is kept of the flights: name a number, like 'apogee'", key="of")
    return sweep_project(project, read_swept(project, places), outputs, band=band, seed=seed)


def optimise(launch: Asked, goals: str | Path | Mapping[str, Any]) -> Optimum:
    """The best design by the goals of a file, or of a mapping with its keys; `optimum.project` flies it.

    launch: a `dr.Launch`, or the path of a launch file
    goals: the path of a goals file, or what it would hold: `{"goals": ["highest apogee"], "limits": [...], "by": ["fins.span 40..80 mm"]}`
    Raises `InputError` for goals that cannot be read, and where no design can be built.
    """
    file = read_goals(goals) if isinstance(goals, str | Path) else validate(GoalsFile, dict(goals), None)
    return optimise_project(project_of(launch), file)
