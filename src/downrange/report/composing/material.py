"""What a document is made of: a project, its flight, its campaign, what the rules answer, logs; each made once, when it is asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from downrange.design import Output, find_output
from downrange.dispersion import Campaign
from downrange.errors import FlightCode, InputError, NotFoundError
from downrange.flight import Flight, compile_launch, fly
from downrange.project.notebook import design_hash
from downrange.report.documents import Run, Text
from downrange.steps import step
from downrange.units import display

if TYPE_CHECKING:
    from downrange.dispersion import ApogeeBand
    from downrange.project import Project
    from downrange.project.analysing import SheetAnalysis
    from downrange.project.assessment import Assessment
    from downrange.project.flights import FlightComparison
    from downrange.safety import DriftRow, Reach

__all__ = ["LABELS", "Material", "Missing", "label_of", "shown"]

LABELS = {
    "apogee_agl": "apogee", "apogee_pressure_altitude_agl": "apogee on the altimeter", "max_speed": "largest speed", "max_mach": "largest Mach number",
    "max_acceleration": "largest acceleration", "max_dynamic_pressure": "largest dynamic pressure", "liftoff_mass": "mass at lift-off", "dry_mass": "mass after burn-out",
    "liftoff_cg": "centre of gravity at lift-off", "dry_cg": "centre of gravity after burn-out", "cp": "centre of pressure", "static_margin": "margin on the pad",
    "static_margin_barrowman": "margin on the pad, Barrowman", "rail_exit_stability": "margin at rail exit", "min_stability": "least margin", "min_stability_time": "when that is",
    "ground_hit_speed": "speed at landing", "landing_sink": "sink at landing", "landing_energy": "energy at landing", "rail_exit_speed": "speed at rail exit",
    "burnout_margin": "margin after burn-out", "optimum_delay": "best delay", "rocket_length": "length", "total_impulse": "total impulse",
}  # fmt: skip
"""What people call a number, where that is not its name."""

_SIZES = ("liftoff_cg", "dry_cg", "cp", "rocket_length")
_PLACES = ("landing_latitude", "landing_longitude")


class Missing(Exception):  # noqa: N818  not an error: a document says what is not stated
    """Something that a document asks for and nobody gave, in words."""


def label_of(name: str, own: dict[str, str] | None = None) -> str:
    """What a number is called in a table.

    name: of an output. own: a kind's labels.
    """
    return (own or {}).get(name) or LABELS.get(name) or name.removesuffix("_agl").replace("_", " ")


def shown(output: Output, value: float, units: str) -> str:
    """A number for people, as the commands print it; `-` where it did not happen.

    value: SI. units: `metric` or `us`.
    """
    if not math.isfinite(value):
        return "-"
    if output.name in _PLACES:
        return f"{math.degrees(value):.5f}°"
    if output.kind == "calibre":
        return f"{value:.2f} cal"
    if output.kind == "number":
        return f"{value:.3g}"
    if output.kind == "impulse":
        return f"{value:,.0f} N s"
    return display(value, "size" if output.name in _SIZES else output.kind, units)


@dataclass(frozen=True, eq=False)
class Material:
    """What a document can draw on. `flights`: of the campaign, 0 for none; `campaign_given`: one that was flown before."""

    project: Project
    units: str = "metric"
    flights: int = 0
    packs: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    subscale: Path | None = None
    campaign_given: Campaign | None = None
    contest: str | None = None
    milestone: str | None = None

    @cached_property
    def flight(self) -> Flight:
        """The nominal flight, as `downrange fly` flies it; compiled where a campaign needs the compiler's work anyway."""
        with step("flying"):
            return fly(compile_launch(self.project.launch), interpreted=self.flights == 0)

    @cached_property
    def band(self) -> ApogeeBand | None:
        """How well the apogee is known."""
        from downrange.project.bands import band_of

        with step("how well the apogee is known"):
            return band_of(self.project, self.flight)

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign; `Missing` where none is flown."""
        from downrange.project.campaigns import campaign_in_memory, plan_campaign

        if self.campaign_given is not None:
            return self.campaign_given
        if self.flights == 0:
            raise Missing("no campaign was flown (ask for one with -n)")
        if self.flight.code == FlightCode.NO_LIFTOFF:
            raise Missing("it does not lift off, so no campaign was flown")
        with step("flying the campaign", self.flights):
            return campaign_in_memory(self.project, plan_campaign(self.project), self.flights)

    @property
    def several(self) -> Campaign | None:
        """The campaign, where there is one."""
        try:
            return self.campaign
        except Missing:
            return None

    @cached_property
    def assessment(self) -> Assessment:
        """What the rules answer."""
        from downrange.project.assessment import assess_project

        return assess_project(self.project, self.several, self.packs)

    @cached_property
    def drift(self) -> tuple[DriftRow, ...]:
        """Drift in winds of 0 to 20 mph, as `downrange aim` has it."""
        from downrange.safety import drift_table

        return drift_table(self.project.launch)

    @cached_property
    def reach(self) -> tuple[Reach, ...]:
        """How far it can come down at most, as `downrange aim` has it."""
        from downrange.safety import farthest

        return farthest(self.project.launch)

    @cached_property
    def comparison(self) -> FlightComparison:
        """The flight of the logs on its prediction; `Missing` without logs."""
        from downrange.project.flights import compare_flight

        if not self.logs:
            raise Missing("no log of the flight was given (--log)")
        with step("laying the logs on the prediction"):
            return compare_flight(self.project, self.logs)

    @cached_property
    def experiment(self) -> SheetAnalysis:
        """What the project's experiment shows, as `downrange fair analyse` has it; `InputError` without a filled data sheet."""
        from downrange.project.analysing import analyse_sheet, sheet_of_project

        return analyse_sheet(sheet_of_project(self.project))

    @property
    def has_experiment(self) -> bool:
        """Whether a data sheet lies in the project's folder, filled or not."""
        from downrange.project.analysing import sheet_of_project

        try:
            return sheet_of_project(self.project).is_file()
        except NotFoundError:
            return False
        except InputError:  # several: a block says so
            return True

    @cached_property
    def hash(self) -> str:
        """Of the design: see `design_hash`."""
        return design_hash(self.project)

    @cached_property
    def words(self) -> dict[str, str]:
        """What can be said of the project in words, by name."""
        launch, pad = self.project.launch, self.project.launch.pad
        now = datetime.now(UTC)
        return {
            "rocket": launch.rocket.name, "motor": launch.motor.designation, "maker": launch.motor.manufacturer, "launch": launch.name,
            "site": self.project.ground.name or "not stated", "latitude": f"{math.degrees(pad.latitude):.5f}°", "longitude": f"{math.degrees(pad.longitude):.5f}°",
            "elevation": display(pad.elevation, "length", self.units), "rail length": display(launch.rail.length, "length", self.units),
            "rail elevation": f"{math.degrees(launch.rail.elevation):.4g}°", "rail azimuth": f"{math.degrees(launch.rail.azimuth) % 360:.4g}°",
            "milestone": self.milestone or "not stated", "day": self.project.file.conditions.time or "not stated", "today": f"{now:%Y-%m-%d}", "design": self.hash, "version": f"downrange {version('downrange')}",
            "diameter": display(launch.rocket.diameter, "size", self.units), "propellant mass": display(launch.propellant_mass, "mass", self.units),
            "flights": f"{self.several.flights:,}" if self.several is not None else "0",
        }  # fmt: skip

    def number(self, name: str) -> tuple[Output, float]:
        """An output by any of its names, and its value, SI. Raises `InputError` for a name that there is not."""
        output = find_output(name)
        return output, output.of(self.flight)

    def said(self, name: str) -> Text:
        """What stands for `{{name}}`: a number of the flight with its unit, or a word of the project.

        name: of a number (`apogee`, `max_mach`), a limit of 9 of 10 flights (`apogee low`, `apogee high`), or a word
        (`rocket`, `motor`, `site`, ...).
        """
        word = " ".join(name.strip().replace("_", " ").split()).lower()
        if word in self.words:
            return self.words[word]
        stem, _, end = word.rpartition(" ")
        if stem and end in ("low", "high"):
            output = find_output(stem)
            spread = self.spread(output)
            return "not stated" if spread is None else shown(output, spread[end == "high"], self.units)
        output, value = self.number(name)
        return shown(output, value, self.units)

    def spread(self, output: Output) -> tuple[float, float] | None:
        """Between what 9 of 10 flights that go as planned lie, SI; None where no campaign says so."""
        if (campaign := self.several) is not None and output.sampled and output.key in campaign.columns:
            first = (campaign["mode"] == 0) & campaign.first
            values = output.of_rows({k: campaign[k][first] for k in (output.key, "result")}, self.flight)
            values = values[np.isfinite(values)]
            return (float(np.quantile(values, 0.05)), float(np.quantile(values, 0.95))) if values.size > 20 else None
        return self.band.most if output.name == "apogee_agl" and self.band is not None else None


def marked(now: str, before: str, was: str) -> Text:
    """A text, marked where it is not what it was.

    now, before: what it is and was. was: that word.
    """
    return now if now == before else (Run(f"{now} ({was} {before})", marked=True),)


def no_landing(flight: Flight) -> Missing:
    """What to say of a flight that does not land."""
    why = {FlightCode.NO_LIFTOFF: "it does not lift off"}.get(flight.code, "it does not come down")
    return Missing(f"{why}; see downrange check")


def told(error: InputError) -> Missing:
    """What could not be made, as what is missing."""
    return Missing(error.message)
