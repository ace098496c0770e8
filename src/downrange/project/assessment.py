"""From a project and its campaign to risks and the answers of the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from downrange.dispersion import Campaign
from downrange.errors import InputError
from downrange.flight import Flight, fly
from downrange.project.defaults import exact_wind
from downrange.project.project import Project
from downrange.project.rules import is_pack_file, read_pack
from downrange.project.schema_campaign import ConditionsFile
from downrange.safety import Answer, Conditions, Pack, RiskReport, answer, assess, gather_facts, with_remedies
from downrange.steps import step

__all__ = ["FLIGHTS", "Assessment", "assess_project", "choose_packs", "conditions_of", "default_packs"]

FLIGHTS = 65536
"""Of a campaign that rules are judged by: they show a probability of 1e-4 where nothing falls. `downrange safety` begins with as many, by test."""


@dataclass(frozen=True, eq=False)
class Assessment:
    """The nominal flight, the risks of the campaign, every rule's answer, and what else to know of them."""

    flight: Flight
    risk: RiskReport | None
    answers: tuple[Answer, ...]
    notes: tuple[str, ...] = ()


def conditions_of(given: ConditionsFile) -> Conditions:
    """What the launch file says of the day. Raises `InputError` for a time that cannot be read."""
    when = None
    if given.time is not None:
        try:
            when = datetime.fromisoformat(given.time)
        except ValueError:
            raise InputError(
                f"cannot read the time {given.time!r}; write it like '2026-06-21T14:00Z' (UTC)", key="conditions.time"
            ) from None
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
    numbers = {
        k: None if (q := getattr(given, k)) is None else float(q)
        for k in ("cloud_cover", "cloud_base", "visibility", "cleared_radius", "people_distance")
    }
    return Conditions(when, **numbers)


def default_packs(project: Project) -> tuple[str, ...]:
    """The packs for its motors where none are named: the NAR code of their class, the FAA's rules, and the site's own."""
    launch = project.launch
    each, all_ = max(f.motor.impulse for f in launch.filled), launch.total_impulse
    small = each <= 160 and all_ <= 320 and launch.propellant_mass <= 0.125 and launch.loaded.mass <= 1.5
    return ("nar-model" if small else "nar-hpr", "faa-101", "site")


def assess_project(project: Project, campaign: Campaign | None = None, packs: tuple[str, ...] = ()) -> Assessment:
    """Answer the rules of `packs` (names or files; those of the launch file, or the defaults, where empty)."""
    chosen = choose_packs(project, packs)
    ground, given = project.ground, conditions_of(project.file.conditions)
    with step("risks and rules"):
        flight = fly(project.launch, interpreted=False)
        risk = None if campaign is None else assess(campaign, ground, diameter=project.launch.rocket.diameter)
        answers = answer(chosen, gather_facts(flight, ground, given, campaign=campaign, risk=risk))
    with step("what would pass"):
        answers = with_remedies(answers, flight, lambda trial: gather_facts(trial, ground, given))
    wind = exact_wind(project.file) if project.sources.overrides.wind is None else ""
    return Assessment(flight, risk, answers, (wind,) if wind else ())


def choose_packs(project: Project, packs: tuple[str, ...] = ()) -> tuple[Pack, ...]:
    """The rule packs: those asked for, or the launch file's own, or the defaults.

    Each is the name of a shipped one or a YAML file: from where one works where it was asked for, else of the project.
    """
    folder = project.sources.folder

    def place(name: str) -> str | Path:
        return folder.file(name, "rules") if is_pack_file(name) and not (packs and Path(name).is_file()) else name

    return tuple(read_pack(place(n)) for n in (packs or tuple(project.file.rules) or default_packs(project)))
