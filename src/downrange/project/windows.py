"""The launch window: risks and rules for every hour of a forecast, and every member of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from downrange.atmosphere import Wind
from downrange.dispersion import Campaign, Winds, air_heights, fly_campaign
from downrange.flight import Launch, compile_launch, fly
from downrange.formats.ensembles import Forecast, members_at
from downrange.project.assessment import choose_packs, conditions_of
from downrange.project.campaigns import plan_campaign
from downrange.project.project import Project
from downrange.safety import Answer, Ground, RiskReport, Verdict, answer, assess, gather_facts, overall

__all__ = ["Hour", "launch_window"]


@dataclass(frozen=True, eq=False)
class Hour:
    """An hour: its rule answers and risks, and for each member the share that is bad and the 95 % landing distance.

    `leaves`, `crowd` are probabilities of one launch with their upper bounds; `wind` the mean at 10 m (m/s) and `gust`
    the forecast's gust, NaN where it has none.
    """

    hour: str
    verdict: Verdict
    answers: tuple[Answer, ...]
    wind: float
    wind_from: float
    gust: float
    leaves: float
    protected: float
    casualties: float
    far95: float
    member_bad: tuple[float, ...]
    member_far: tuple[float, ...]

    @property
    def cost(self) -> tuple[int, float, float]:
        """What the best hour has least of: failed rules, then bad landings, then wind."""
        failed = sum(a.verdict is Verdict.FAIL for a in self.answers)
        return failed, round(self.leaves + self.protected, 5), self.wind


def launch_window(
    project: Project, forecast: Forecast, *, flights: int = 2048, packs: tuple[str, ...] = ()
) -> Iterator[Hour]:
    """Fly a campaign for each hour of a forecast and answer the rules; yields hour by hour.

    What varies is traced once; each hour has its own winds, and its mean wind for the nominal flight.
    """
    plan = plan_campaign(project)
    ground, launch = project.ground, project.launch
    chosen = choose_packs(project, packs)
    given = conditions_of(project.file.conditions)
    surface = forecast.surface or {}
    for k, (hour, winds) in enumerate(zip(forecast.hours, forecast.winds, strict=True)):
        now = replace(launch, weather=replace(launch.weather, wind=Wind.mean_of(winds, "mean of the members")))
        program = compile_launch(now)
        members = members_at(winds, launch.pad, air_heights(program))
        sigma = plan.winds.sigma * (0.5 if len(members) >= 5 and project.file.uncertainty.wind is None else 1.0)
        hourly = replace(
            plan,
            program=program,
            winds=Winds(plan.winds.heights, members, sigma, plan.winds.correlation, plan.winds.turbulence),
        )
        campaign = fly_campaign(hourly, flights)
        risk = assess(campaign, ground, diameter=launch.rocket.diameter)
        conditions = replace(
            given, time=given.time if not hour else conditions_of(project.file.conditions.model_copy(update={"time": hour})).time,
            cloud_cover=float(surface["cloud_cover"][k]) if "cloud_cover" in surface else given.cloud_cover,
            visibility=float(surface["visibility"][k]) if "visibility" in surface else given.visibility,
        )  # fmt: skip
        facts = gather_facts(fly(program, interpreted=False), ground, conditions, campaign=campaign, risk=risk)
        answers = answer(chosen, facts)
        gust = float(surface["wind_gusts_10m"][k]) if "wind_gusts_10m" in surface else float("nan")
        yield _hour(hour, answers, campaign, risk, ground=ground, now=now, gust=gust, members=len(members))


def _hour(
    hour: str, answers: tuple[Answer, ...], campaign: Campaign, risk: RiskReport, *, ground: Ground, now: Launch, gust: float, members: int
) -> Hour:  # fmt: skip
    """Put an hour together: the bad landings of every member, and the wind."""
    at, ok = campaign.landing, campaign.landed
    bad = ground.outside(np.nan_to_num(at, nan=1e12)) & ok
    guarded = [p for p in risk.places if p.shape.kind not in ("boundary", "keep in", "field", "other")]
    for p in guarded:
        bad |= p.shape.holds(np.nan_to_num(at, nan=1e12)) & ok
    weight, member = campaign.weight, campaign["member"]
    shares, far = [], []
    for m in range(members):
        mine = member == m
        total = max(float(weight[mine].sum()), 1e-300)
        shares.append(float(weight[mine & bad].sum() / total))
        d = campaign["landing_distance_m"][mine & ok]
        far.append(float(np.quantile(d, 0.95)) if d.size else float("nan"))
    z = now.pad.elevation + 10.0
    u, v = float(now.weather.wind.east(z)), float(now.weather.wind.north(z))
    return Hour(
        hour, overall(answers), answers, float(np.hypot(u, v)), float(np.arctan2(-u, -v) % (2 * np.pi)),
        gust,
        risk.leaves.value if risk.leaves else 0.0, sum(p.impact.value for p in guarded), risk.casualties,
        campaign.quantile("landing_distance_m", 0.95).value, tuple(shares), tuple(far),
    )  # fmt: skip
