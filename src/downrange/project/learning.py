"""Learning from flights: from logs, an archive or a table to `learned.yaml`, to the next flight's prediction and to scores."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from downrange.dispersion import ApogeeBand
from downrange.errors import InputError, seen
from downrange.failures import ModeProbability
from downrange.flight import Flight, compile_launch, fly
from downrange.learning import (
    Fit,
    FlownFlight,
    Learned,
    Replayed,
    Scores,
    as_flown,
    fit_flights,
    prior_of,
    replay,
    score_forecasts,
)
from downrange.project.archive import flights_of_season
from downrange.project.bands import band_of, varying
from downrange.project.campaigns import probabilities_of_project
from downrange.project.learned import with_lesson
from downrange.project.lesson import LEARNED, Lesson, rocket_digest
from downrange.project.lesson_file import read_lesson, write_lesson
from downrange.project.lessons import lesson_of_logs
from downrange.project.project import Project, open_project
from downrange.project.season_table import is_season

__all__ = ["Taught", "keep", "learn_project"]

_IMPROBABLE = 1e-4  # of a flight under the prior: then the log is of another flight, or the drawing of another rocket
_CONTRADICTS = 0.01
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Taught:
    """What flights taught of a rocket, and what follows: `fit`, the `lesson` that is written, the project with it, its next flight with the band and
    that as drawn, the flights before replayed, their outcomes among the modes, and what is to be said (`notes`)."""

    project: Project
    fit: Fit
    lesson: Lesson
    flights: tuple[FlownFlight, ...]
    flight: Flight
    band: ApogeeBand | None
    drawn: Flight
    drawn_band: ApogeeBand | None
    replayed: tuple[Replayed, ...]
    modes: tuple[ModeProbability, ...]
    notes: tuple[str, ...]
    path: Path | None = None

    @property
    def scores(self) -> tuple[Scores, Scores] | None:
        """The scores of the season's predictions, learned as it went and as drawn."""
        pairs = [score_forecasts([(getattr(r, k), r.measured) for r in self.replayed]) for k in ("learned", "drawn")]
        return None if pairs[0] is None or pairs[1] is None else (pairs[0], pairs[1])


def _rocket_path(project: Project) -> Path:
    return project.sources.rocket_path


def learn_project(
    launch: str | Path, sources: Sequence[str | Path] = (), *, anyway: bool = False, anew: bool = False, trusted: bool = False,
    tell: Tell | None = None,
) -> Taught:  # fmt: skip
    """Learn from flights of a launch's rocket: `sources` are the logs of one flight, or a table or an archive folder (`flights/` beside the launch where none is named).

    Nothing is written: `keep` does that. anyway: also from a flight that does not fit.
    anew: forget what stands there; logs of one flight are otherwise added to it, a table or an archive is a whole season. tell: (what, done, of).
    Raises `InputError` for flights that cannot be read, that are there twice, or that do not fit: nothing is learned then.
    """
    say = tell or (lambda what, done, of: None)
    project = open_project(launch, as_drawn=True, trusted=trusted)
    home = _rocket_path(project).parent / LEARNED
    flights, whole, notes = _flights(project, sources, trusted, say)
    before = read_lesson(home) if home.is_file() and not anew and not whole else None
    if before is not None:
        _may_add(before, project, flights)
    prior = _prior(project, flights, before)
    fit = fit_flights(flights, prior, tell=lambda done, of: say("fitting", done, of))
    notes = [*notes, *_judged(fit, flights, anyway)]
    notes += [f"{f.name}: {n}" for f in flights for n in f.notes]
    lesson = _lesson(project, fit, flights, before)
    if whole and home.is_file():
        notes += _lost(home, lesson)
    taught = _with(project, lesson)
    say("the next flight", 0, 1)
    flight, drawn = (fly(compile_launch(p.launch), interpreted=False) for p in (taught, project))
    bands = [band_of(p, f) for p, f in ((taught, flight), (project, drawn))]
    replayed = replay(flights, prior)
    modes = probabilities_of_project(taught)
    say("the next flight", 1, 1)
    return Taught(taught, fit, lesson, tuple(flights), flight, bands[0], drawn, bands[1], replayed, modes, tuple(notes))


def _with(project: Project, lesson: Lesson) -> Project:
    """A project opened as drawn, with what was learned of it."""
    sources = replace(project.sources, overrides=with_lesson(project.sources.overrides, lesson))
    return replace(project, sources=sources, launch=sources.build(project.file, project.rocket_file, project.site_file))


def _flights(
    project: Project, sources: Sequence[str | Path], trusted: bool, say: Tell
) -> tuple[list[FlownFlight], bool, list[str]]:
    """The flights of the sources, whether they are a whole season, and what is to be said of them."""
    paths = [Path(s) for s in sources] or [project.path.parent / "flights"]
    if not sources and not paths[0].is_dir():
        raise InputError(
            "name the logs of a flight, a table of flights or a folder of them; there is no folder 'flights' beside the launch"
        )
    if missing := next((p for p in paths if not p.exists()), None):
        raise InputError(f"no such file {seen(str(missing), 120)}")
    if len(paths) == 1 and (paths[0].is_dir() or is_season(paths[0])):
        flights, notes = flights_of_season(project, paths[0], trusted=trusted, tell=say)
        return flights, True, notes
    if other := next((p for p in paths if p.is_dir() or is_season(p)), None):
        raise InputError(
            f"{seen(other.name, 60)} is a whole season, and stands beside other files: name it alone, or the logs of one flight"
        )
    say("reading the logs", 0, 1)
    return [lesson_of_logs(project, paths, ", ".join(p.name for p in paths))], False, []


def _may_add(before: Lesson, project: Project, flights: Sequence[FlownFlight]) -> None:
    if before.rocket != project.rocket_file.name:
        raise InputError(
            f"{LEARNED} is of {seen(before.rocket, 40)}, another rocket: move it, or say --anew to write it anew"
        )
    if before.drawing != rocket_digest(project.rocket_file):
        raise InputError(
            f"the rocket's file has changed since {LEARNED} was written, and its factors are of the old drawing: learn from all flights again (a folder or a table), or say --anew"
        )
    known = {d: n for n, _, _, d in before.flights}
    if twice := next((f for f in flights if f.digest in known), None):
        raise InputError(
            f"{seen(twice.name, 60)} has been learned from already, as {seen(known[twice.digest], 60)}: a flight teaches once"
        )


def _prior(project: Project, flights: Sequence[FlownFlight], before: Lesson | None) -> Learned:
    """What was known before these flights: the drawing's prior, or what earlier flights taught, with the prior of what they had not."""
    drawn = fly(compile_launch(project.launch), interpreted=False)
    a = project.launch.aero
    as_is = a.drag_off is None and a.drag_on is None and a.drag_factor == 1.0
    motors = [f.launch.motor.designation for f in flights] + [project.launch.motor.designation]
    fresh = prior_of(drawn.program, varying(project, drawn), motors=motors, population=as_flown() if as_is else None)
    if before is None:
        return fresh
    old = before.learned
    names = (*old.names, *(n for n in fresh.names if n not in old.names))
    c = np.zeros((len(names), len(names)))
    c[: len(old.names), : len(old.names)] = old.covariance
    c[: len(old.names), : len(old.names)] += 1e-12 * np.eye(len(old.names))
    mean = list(old.mean)
    for k, n in enumerate(names[len(old.names) :], len(old.names)):
        c[k, k] = fresh.sigma(n) ** 2
        mean.append(fresh.mean[fresh.names.index(n)])
    return Learned(names, tuple(mean), tuple(tuple(float(x) for x in r) for r in c))


def one_in(p: float) -> str:
    """A small probability in words."""
    if p >= 0.01:
        return f"{100 * p:.0f} of 100 are as far off or farther"
    return f"one in {1 / p:,.0f} is as far off" if p > 1e-9 else "less than one in a thousand million is as far off"


def _judged(fit: Fit, flights: Sequence[FlownFlight], anyway: bool) -> list[str]:
    """What is to be said of flights that do not fit. Raises `InputError` for one that no such rocket flies."""
    notes = []
    for s, f in zip(fit.surprises, flights, strict=True):
        if s.before < _IMPROBABLE and not anyway:
            worst = max(f.told, key=lambda t: abs(t.value) / t.sigma)
            raise InputError(
                f"{seen(s.name, 80)} does not fit this launch: of such flights {one_in(s.before)} ({worst.what} {np.exp(worst.value):.2f} times what the drawing "
                "says). Is it the log of another flight, another motor, other units? Nothing was learned; --anyway learns from it"
            )
        if len(flights) > 1 and s.beside < _CONTRADICTS:
            notes.append(f"{s.name} contradicts the other flights: by what they say {one_in(s.beside)}")
    if fit.wide > 1:
        notes.append(
            f"the flights contradict each other: everything learned was taken for {fit.wide**0.5:.1f} times as uncertain"
        )
    if len(flights) == 1:
        notes.append(
            "one flight cannot tell this rocket's habit from one motor's and one day's: the band stays wide until the next"
        )
    if fit.sampled < 0.3:
        notes.append("the normal approximation of what was learned is poor: trust the factors less than their ±")
    return notes


def _lesson(project: Project, fit: Fit, flights: Sequence[FlownFlight], before: Lesson | None) -> Lesson:
    odds = {s.name: s.before for s in fit.surprises}
    new = tuple((f.name, f.apogee, odds.get(f.name, 1.0), f.digest) for f in flights)
    told = {n: fit.told[n] if before is None else max(fit.told[n], before.told.get(n, 0.0)) for n in fit.learned.names}
    old = () if before is None else before.flights
    failed = Counter(f.outcome for f in flights if f.outcome != "nominal")
    if before is not None:
        failed.update(before.failures)
    return Lesson(
        project.rocket_file.name, rocket_digest(project.rocket_file), fit.learned, told, (*old, *new), dict(failed)
    )


def _lost(home: Path, lesson: Lesson) -> list[str]:
    """Which flights of the file before are not among these, or were changed."""
    try:
        before = read_lesson(home)
    except InputError as error:
        return [
            f"the {LEARNED} that stood there could not be read ({error.message[:120]}); it is kept as learned.before.yaml"
        ]
    now = {n: d for n, _, _, d in lesson.flights}
    digests = {d for _, _, _, d in lesson.flights}
    gone = [n for n, _, _, d in before.flights if n not in now and d not in digests]
    changed = [n for n, _, _, d in before.flights if n in now and now[n] != d]
    out = [f"{n} was learned from before and is not here now" for n in gone]
    return out + [f"{n} has changed since it was learned from" for n in changed]


def keep(taught: Taught) -> Taught:
    """Write what was learned to `learned.yaml` beside the rocket, where every command finds it; the one before is kept as `learned.before.yaml`."""
    home = _rocket_path(taught.project).parent / LEARNED
    if home.is_file():
        shutil.copyfile(home, home.with_name("learned.before.yaml"))
    return replace(taught, path=write_lesson(taught.lesson, home))
