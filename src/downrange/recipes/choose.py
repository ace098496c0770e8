"""What is asked of a design: which motor, what a change brings, which values bring what is wanted."""

from __future__ import annotations

from collections.abc import Sequence

from downrange.errors import InputError, seen
from downrange.project import Project
from downrange.project.asking import read_wants
from downrange.project.choosing import MotorCard, Ranking, motor_cards, rank_motors
from downrange.recipes.ask import Asked, _opened

__all__ = ["compare"]


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
        raise InputError(f"motors are a list of names, like ['Estes C6-5', 'Estes B6-4']; seen {seen(motors, 80)}", key="motors")
    if goal or discontinued:
        raise InputError("a goal ranks motors of the catalogue: give words like '18 mm' in the place of the list", key="goal")
    return motor_cards(project, motors)
