"""Results by name: what was flown, with units in the names, as tables of other libraries and as figures."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from downrange import dispersion, flight
from downrange.errors import InputError
from downrange.flight import quantity
from downrange.formats.export import trajectory_columns
from downrange.recipes.figures import Figures
from downrange.recipes.launch import image, written
from downrange.text import markup

if TYPE_CHECKING:
    from downrange.project import Project
    from downrange.recipes.launch import Launch

__all__ = ["Campaign", "Columns", "Flight", "Landing", "Trajectory"]


def _library(name: str, what: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise InputError(f"{what} needs the library {name}; install it: pip install {name}") from None


class Columns:
    """Named columns that other libraries take."""

    def named_columns(self) -> Mapping[str, np.ndarray]:
        """The columns by name, units in the names, each of shape (n,)."""
        raise NotImplementedError

    def to_pandas(self) -> Any:
        """A `pandas.DataFrame`. Raises `InputError` where pandas is not installed."""
        return _library("pandas", "to_pandas").DataFrame(dict(self.named_columns()))

    def to_polars(self) -> Any:
        """A `polars.DataFrame`. Raises `InputError` where polars is not installed."""
        return _library("polars", "to_polars").DataFrame(dict(self.named_columns()))

    def to_arrow(self) -> Any:
        """A `pyarrow.Table`."""
        arrow = _library("pyarrow", "to_arrow")
        return arrow.table({k: arrow.array(v) for k, v in self.named_columns().items()})


class Trajectory(flight.Trajectory, Columns):
    """The flight over time; arrays in SI as `downrange.flight.Trajectory` names them, and columns with units."""

    def named_columns(self) -> Mapping[str, np.ndarray]:
        """As `downrange fly --out` writes them: `time_s`, `altitude_agl_m`, `mach`, ..."""
        return trajectory_columns(self)

    def __len__(self) -> int:
        return len(self.time)

    def __repr__(self) -> str:
        return f"<Trajectory of {len(self)} times to {self.time[-1]:.1f} s, {float(np.nanmax(self.height)):.1f} m high>"


@dataclass(frozen=True)
class Landing:
    """Where and how a flight ended on the ground; None where it did not.

    `east_m`, `north_m` from the pad; `latitude_deg`, `longitude_deg`; `speed_m_s`; `energy_j`; `time_s` from ignition.
    """

    east_m: float | None
    north_m: float | None
    latitude_deg: float | None
    longitude_deg: float | None
    speed_m_s: float | None
    energy_j: float | None
    time_s: float | None


def _drawing(flown: flight.Flight) -> Any:
    from downrange.report.figures import rocket_figure

    return rocket_figure(flown.program)


def _same(cls: Any, value: Any, **more: Any) -> Any:
    """`value` as the class `cls` that adds to its own."""
    return cls(**{f.name: getattr(value, f.name) for f in dataclasses.fields(value)}, **more)


class Flight(flight.Flight, Figures):
    """One flight. Every figure of `summary()` is an attribute with its unit in its name; None for what did not happen."""

    def __init__(self, flown: flight.Flight, project: Project | None = None):
        super().__init__(**{f.name: getattr(flown, f.name) for f in dataclasses.fields(flown)})
        object.__setattr__(self, "_project", project)

    _project: Project | None

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k != "_project"} | {"_project": None}

    @cached_property
    def apogee_band(self) -> dispersion.ApogeeBand | None:
        """How well the apogee is known, m above the pad: mean, standard deviation, the 50 % and 90 % bands, and what moves it most.

        None where there is no apogee, or where the flight is not one of a launch with its files.
        """
        from downrange.project.bands import band_of

        return None if self._project is None else band_of(self._project, self)

    def _figure(self, name: str) -> float | None:
        return self.figure(quantity(name))

    @property
    def rocket(self) -> str:
        """Name of the rocket."""
        return self.launch.rocket.name

    @property
    def motor(self) -> str:
        """Designation of the motor."""
        return self.launch.motor.designation

    @property
    def result(self) -> str:
        """How the flight ended: 'landed', 'no_liftoff', ..."""
        return self.code.name.lower()

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What comes down, each with its own landing; as `summary()` has them."""
        return [body.summary() for body in self.came_down]

    @property
    def landing(self) -> Landing:
        """Where it came down, and how."""
        return Landing(
            self.landing_east_m, self.landing_north_m, self.landing_latitude_deg, self.landing_longitude_deg, self.ground_hit_speed_m_s,
            self.landing_energy_j, self.flight_time_s,
        )  # fmt: skip

    def sample(self, time: Any) -> Trajectory:
        """The flight at times (n,) of your own, s from ignition.

        time: (n,), s from ignition.
        """
        return _same(Trajectory, super().sample(np.asarray(time, float)))

    def plot(self, path: str | Path | None = None, kind: str = "flight") -> Any:
        """A matplotlib figure: `flight` over time, `stability`, `ground` track, the `rocket`, or what `control` did; saved where `path` is given.

        Raises `InputError` for another kind.
        """
        from downrange.report import control, figures

        made = {
            "flight": figures.flight_figure, "stability": figures.stability_figure, "ground": figures.ground_figure,
            "rocket": _drawing, "control": control.control_figure,
        }  # fmt: skip
        if kind not in made:
            raise InputError(f"no figure of kind {kind!r}; there are {', '.join(made)}", key="kind")
        return written(made[kind](self), path)

    def _repr_html_(self) -> str:
        return flight.Flight._repr_html_(self) + image(self.plot())


class Campaign(dispersion.Campaign, Columns):
    """Many flights of one launch; rows and statistics as `downrange.dispersion.Campaign` has them."""

    def __init__(self, flown: dispersion.Campaign, launch: Launch):
        super().__init__(**{f.name: getattr(flown, f.name) for f in dataclasses.fields(flown)})
        object.__setattr__(self, "launch", launch)

    launch: Launch

    def named_columns(self) -> Mapping[str, np.ndarray]:
        """One row a body that came down; `mode` and `body` number into `modes` and `bodies`."""
        return self.columns

    def plot(self, path: str | Path | None = None, kind: str = "landings") -> Any:
        """A matplotlib figure: `landings`, `modes`, `histograms`, `sensitivity`, `convergence`; saved where `path` is given.

        Raises `InputError` for another kind.
        """
        from downrange.report import dispersion as figures

        ground = self.launch.project.ground
        made: dict[str, Any] = {
            "landings": lambda: figures.map_figure(self, ground), "modes": lambda: figures.modes_figure(self, ground),
            "histograms": lambda: figures.histogram_figure(self), "sensitivity": lambda: figures.sensitivity_figure(self),
            "convergence": lambda: figures.convergence_figure(self),
        }  # fmt: skip
        if kind not in made:
            raise InputError(f"no figure of kind {kind!r}; there are {', '.join(made)}", key="kind")
        return written(made[kind](), path)

    def summary(self) -> dict[str, Any]:
        """The documented keys of `downrange disperse --json`."""
        from downrange.report.campaign import campaign_summary

        return campaign_summary(self)

    def _lines(self) -> list[str]:
        s = self.summary()["statistics"]
        far, high = s["landing_distance_m"], s["apogee_agl_m"]
        return [
            f"{self.name}: {self.flights:,} flights, seed {self.seed}",
            f"apogee {high['p5']:.4g} to {high['p95']:.4g} m (5 to 95 %), lands within {far['p95']:.4g} m (95 %)",
        ]

    def __repr__(self) -> str:
        return f"<Campaign {'; '.join(self._lines())}>"

    def _repr_html_(self) -> str:
        return "<br>".join(markup(line) for line in self._lines()) + image(self.plot())
