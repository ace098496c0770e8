"""What is asked of a launch: fly it, disperse it, judge it, check it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from downrange import control, dispersion, flight, rocket, safety
from downrange.errors import InputError, seen
from downrange.formats.motors import pick_motor
from downrange.project import Project, load_design
from downrange.project import disperse as fly_project
from downrange.project.grains import holds_grains
from downrange.project.steered import steering_of
from downrange.recipes.launch import Launch, Rocket, load, written
from downrange.recipes.places import Motor
from downrange.recipes.results import Campaign, Columns, Flight
from downrange.text import markup, plain

if TYPE_CHECKING:
    from downrange.recipes.grain_motor import GrainMotor

__all__ = [
    "AeroReport",
    "Assessment",
    "Check",
    "aero",
    "assess",
    "check",
    "disperse",
    "find_motor",
    "fly",
    "read_motor",
]

Asked = Launch | Project | str | Path


def _opened(launch: Asked) -> Launch:
    """The launch of a path, or of a project that was opened."""
    if isinstance(launch, str | Path):
        return load(launch)
    if isinstance(launch, Project):
        return Launch.from_project(launch)
    if isinstance(launch, Launch):
        return launch
    raise InputError(f"{seen(launch, 80)} is no launch: give a dr.Launch, or the path of a launch file")


def fly(
    launch: Asked | flight.Launch | flight.Program, *, tolerance: float | None = None, stop_at_apogee: bool = False,
    interpreted: bool | None = None, controllers: Sequence[Any] | None = None, seed: int = 0,
) -> Flight:  # fmt: skip
    """Fly a launch once.

    launch: a `dr.Launch`, or the path of a launch file
    tolerance: of the integrator, relative and absolute; that of the launch where not said
    stop_at_apogee: end there
    interpreted: fly in Python, in a tenth of a second and without a compiler; that is done as long as it compiles
    controllers: what flies it, each a `dr.Controller` of its own; those of the launch file where not said, `[]`: none. `seed` draws the errors of their sensors. What they did is `control`
    A flight that does not lift off or does not land says so in `result` and `warnings`, and does not raise. Raises
    `InputError` for a file that cannot be read.
    """
    asked = None if isinstance(launch, flight.Launch | flight.Program) else _opened(launch)
    what: Any = launch if asked is None else asked.program
    steering = _steering(controllers, None if asked is None else asked.project, seed)
    if steering is not None and interpreted:
        raise InputError("controllers fly compiled; leave interpreted out", key="interpreted")
    flown = flight.fly(
        what, tolerance=tolerance, stop_at_apogee=stop_at_apogee, interpreted=interpreted, steering=steering
    )
    return Flight(flown, None if asked is None else asked.project)


def disperse(
    launch: Asked, flights: int = 10_000, *, seed: int = 1, sampling: Literal["random", "sobol"] = "random", controllers: Sequence[Any] | None = None,
) -> Campaign:  # fmt: skip
    """Fly a launch many times, in memory, with everything uncertain and everything that goes wrong.

    launch: a `dr.Launch`, or the path of a launch file
    flights: how many
    seed: of the random numbers; the same seed gives the same flights, here and by `downrange disperse`
    sampling: `random`, or `sobol` for evenly spread draws
    controllers: as `fly` has them; each flight has a copy of its own with sensors of its own; vectorised ones many flights at once
    Raises `InputError` where the nominal rocket does not leave the rail.
    """
    opened = _opened(launch)
    steering = None if controllers is None else control.steer(controllers, seed=seed)
    return Campaign(
        fly_project(opened.project, flights, seed=seed, sampling=cast(Any, sampling), steering=steering), opened
    )


def _steering(controllers: Any, project: Project | None, seed: int) -> control.Steering | None:
    """What flies a launch: the controllers that are given, else those of its file; None where there are none."""
    if controllers is None:
        return None if project is None else steering_of(project, seed=seed)
    made = control.steer(controllers, seed=seed)
    return made if made.controllers else None


@dataclass(frozen=True, eq=False)
class Assessment:
    """The answers of the rules to a campaign: `go`, and why, line by line."""

    campaign: Campaign
    flight: Flight
    risk: safety.RiskReport | None
    answers: tuple[safety.Answer, ...]
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> safety.Verdict:
        """`pass`, `fail`, or `not evaluated` where something must still be answered."""
        return safety.overall(self.answers)

    @property
    def go(self) -> bool:
        """Whether every rule passes; not where one is open."""
        return self.verdict is safety.Verdict.PASS

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """One line a rule: what it answers, what was found, what is allowed, and what would bring it there."""
        from downrange.report.safety import show_value

        out = []
        for a in self.answers:
            found, limit = (show_value(v, a.rule.kind) for v in (a.value, a.limit))
            why = a.change or a.note
            out.append(
                plain(
                    f"{a.verdict.value}: {a.pack.id}/{a.rule.id}: {found}, limit {limit}{f': {why}' if why else ''}",
                    400,
                )
            )
        return tuple(out)

    def summary(self) -> dict[str, Any]:
        """The documented keys of `downrange safety --json`."""
        from downrange.report.safety import safety_summary

        return safety_summary(self.answers, self.risk, self.notes)

    def report(self, path: str | Path) -> Path:
        """Write the report as one HTML page; returns its path."""
        from downrange.report.html import write_report

        c = self.campaign
        write_report(Path(path), c, c.launch.project.ground, self.flight, answers=self.answers, risk=self.risk)
        return Path(path)

    def _word(self) -> str:
        return "GO" if self.go else "NO-GO"

    def __repr__(self) -> str:
        return "\n".join([f"<{self._word()}", *(f"  {line}" for line in self.lines)]) + ">"

    def _repr_html_(self) -> str:
        return f"<b>{self._word()}</b><ul>{''.join(f'<li>{markup(line)}</li>' for line in self.lines)}</ul>"


def assess(campaign: dispersion.Campaign, *, rules: Sequence[str] = (), launch: Asked | None = None) -> Assessment:
    """Answer the rules for a campaign.

    campaign: of `dr.disperse`, or of `dr.read_campaign` with its `launch`
    rules: rule packs, names like 'nar-model' or YAML files; left out: the launch's own, or by the motor
    launch: that the campaign was flown of, where it does not know it; raises `InputError` where it was another
    """
    from downrange.project.assessment import assess_project
    from downrange.project.manifest import check_same

    if isinstance(rules, str):
        raise InputError(f"rules are a list, like [{rules!r}]", key="rules")
    if not isinstance(campaign, Campaign):
        if launch is None:
            raise InputError("a campaign that was read does not hold its launch: give launch=...", key="launch")
        opened = _opened(launch)
        check_same(opened.project, campaign.notes or {})
        campaign = Campaign(campaign, opened)
    made = assess_project(campaign.launch.project, campaign, tuple(rules))
    return Assessment(campaign, Flight(made.flight), made.risk, made.answers, made.notes)


@dataclass(frozen=True, eq=False)
class Check:
    """Whether a launch is fit to fly, and what was looked at."""

    flight: Flight

    @property
    def figures(self) -> Mapping[str, float]:
        """Masses, centres and margins on the pad, SI; names as in `downrange.flight.quantities.PAD`."""
        return self.flight.standing

    @property
    def fit_to_fly(self) -> bool:
        """It lands, is stable on the pad, and has more thrust than weight."""
        return self.flight.fit_to_fly

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to know, each with what to do."""
        return self.flight.warnings

    def __bool__(self) -> bool:
        return self.fit_to_fly

    def __repr__(self) -> str:
        f = self.figures
        word = "fit to fly" if self.fit_to_fly else "NOT fit to fly"
        first = f"<{word}: margin {f['static_margin']:.2f} cal, thrust to weight {f['thrust_to_weight']:.1f}"
        return "\n".join([first, *(f"  {w}" for w in self.warnings)]) + ">"


def check(launch: Asked) -> Check:
    """Say whether a launch (a `dr.Launch`, or the path of a launch file) is fit to fly; true or false as a condition."""
    program = flight.compile_launch(_opened(launch).values)
    return Check(Flight(flight.fly(program, interpreted=True)))


@dataclass(frozen=True, eq=False)
class AeroReport(Columns):
    """Coefficients at several Mach numbers; `rows` one a Mach number, `parts` one a part and Mach number."""

    breakdown: Any

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Drag, normal force, centre of pressure and margins, one mapping a Mach number; units in the keys."""
        return cast(list[dict[str, Any]], self.breakdown.summary())

    @cached_property
    def parts(self) -> list[dict[str, Any]]:
        """Every part's share."""
        return list(self.breakdown.parts())

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know of the method."""
        return tuple(self.breakdown.aero.notes)

    def named_columns(self) -> dict[str, Any]:
        """The rows as columns."""
        import numpy as np

        return {k: np.array([r[k] for r in self.rows], float) for k in self.rows[0]}

    def plot(self, path: str | Path | None = None) -> Any:
        """A figure of the coefficients; saved where `path` is given."""
        from downrange.report.breakdown import breakdown_figure

        return written(breakdown_figure(self.breakdown), path)


def aero(
    what: Launch | Rocket | str | Path, mach: float | Sequence[float] = (0.1, 0.3, 0.5, 0.7, 0.9), *,
    method: Literal["full", "barrowman"] | None = None,
) -> AeroReport:  # fmt: skip
    """Drag, normal force and centre of pressure, part by part.

    what: a `dr.Launch` (margins too), a `dr.Rocket`, or the path of a rocket or launch file
    mach: Mach numbers from 0 to 8
    method: `full`, or `barrowman` for its method alone; that of the launch where not said
    Raises `InputError` for other Mach numbers.
    """
    from downrange.report.breakdown import breakdown_of

    design: rocket.Rocket
    launch: flight.Launch | None
    if isinstance(what, str | Path):
        design, launch = load_design(what)
    elif isinstance(what, Launch):
        design, launch = what.values.rocket, what.values
    elif isinstance(what, Rocket):
        design, launch = what.value, None
    else:
        raise InputError(f"{seen(what, 80)} has no aerodynamics: give a dr.Launch, a dr.Rocket, or a path")
    machs = tuple(float(m) for m in ([mach] if isinstance(mach, int | float) else mach))
    if not machs or not all(0 <= m <= 8 for m in machs):
        raise InputError("Mach numbers run from 0 to 8, at least one", key="mach")
    return AeroReport(breakdown_of(design, launch, machs, method))


def find_motor(name: str) -> Motor:
    """The motor of the catalogue called `name`, as printed on it: 'C6-5', 'Estes C6-5', 'J350W-14A'.

    Raises `NotFoundError` where there is none, or where several answer alike; then it lists them.
    """
    found = Motor(name)
    _ = found.value
    return found


def read_motor(path: str | Path, name: str | None = None) -> Motor | GrainMotor:
    """The motor of an .eng or .rse file, or one made of grains (motor.yaml, .ric) as a `dr.GrainMotor`.

    path: the file
    name: which, where an .eng or .rse holds several
    Raises `MotorFileError` where it cannot be read, or where several are in it and none is named.
    """
    path = Path(path)
    if not holds_grains(path):
        return Motor(pick_motor(path, name).designation, file=path.as_posix())
    if name is not None:
        raise InputError("a file of grains is one motor; leave its name out", key="name")
    from downrange.recipes.grain_motor import GrainMotor

    return GrainMotor.from_file(path)
