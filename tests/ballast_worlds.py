"""Synthetic teams: ten logged flights of a rocket whose true drag, weight and canopy nobody knows, then ballast for a height, flown once in truth."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from downrange.flight import Flight, compile_launch, fly
from downrange.flight.variants import with_drag, with_thrust
from downrange.project import open_project
from downrange.project.asking import read_axes, read_want
from downrange.project.learning import learn_project
from downrange.project.parameters import settings, varied
from downrange.project.project import Project
from downrange.project.solving import solve_project

__all__ = ["World", "world"]

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "tarc"
DRAG, LOT, MOTOR, CANOPY, DELAY = 0.095, 0.0245, 0.025, 0.06, 0.08
"""One standard deviation of the truth about its middle, of a ratio: drag, the motors' lot and canopy once a world, each motor's own and its delay once a
flight. They are what a campaign of the example assumes (docs/evidence.md), so that a band which is true must hold the target as often as it says."""
SCALE, ALTIMETER, WATCH = 0.001, 0.004, 0.2  # kg, share of the height, s: errors of what the team writes down


@dataclass(frozen=True)
class World:
    """What came of a world: the height wanted and the one flown with the ballast that was advised (m, as the altimeter shows), and the band of 90 %."""

    wanted: float
    flown: float
    low: float
    high: float
    ballast: float

    @property
    def hit(self) -> bool:
        """Whether it came as near to what was wanted as the band said: that, laid about what was wanted, holds the flight."""
        middle = 0.5 * (self.low + self.high)
        return self.low - middle <= self.flown - self.wanted <= self.high - middle


def _flown(project: Project, rng: np.random.Generator, truth: dict[str, float], **day: float) -> Flight:
    """One flight in truth: of the world's own rocket, with a motor, a delay and a rail of its own."""
    said = {
        "rocket.measured.mass": truth["mass"], "main.cd": 0.8 * truth["canopy"], "ballast": day["ballast"], "wind speed": max(day["wind"], 0.1),
        "rail.elevation": np.radians(min(88 + rng.normal(), 89.9)), "delay": 6 * (1 + DELAY * rng.normal()), "temperature": day["temperature"],
    }  # fmt: skip
    units = {"rocket.measured.mass": "kg", "main.cd": "", "ballast": "kg", "wind speed": "m/s", "rail.elevation": "rad", "delay": "s", "temperature": "K"}  # fmt: skip
    here = varied(project, settings(project, tuple(f"{k}={v:.9g} {units[k]}".strip() for k, v in said.items())))
    launch = with_thrust(with_drag(here.launch, truth["drag"]), truth["thrust"] + MOTOR * rng.normal())
    return fly(compile_launch(launch), interpreted=False)


def world(seed: int, folder: Path, *, flights: int = 10, wanted: float = 213.0) -> World:
    """Ten flights with ballast of all sizes are written down with a scale's and an altimeter's errors and learned from; then a day is
    measured, ballast asked for a height (m), and the rocket flown with it.

    folder: where the project and the table of flights are written.
    """
    rng = np.random.default_rng(seed)
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    project = open_project(folder / "launch.yaml", as_drawn=True)
    truth = {
        "drag": 1 + DRAG * rng.normal(),
        "canopy": 1 + CANOPY * rng.normal(),
        "mass": 0.455 + 0.003 * rng.normal(),
        "thrust": 1 + LOT * rng.normal(),
    }
    rows = ["date, mass without motor (g), wind (m/s), temperature (C), altitude (m), time (s)"]
    for k in range(flights):
        day = {"ballast": rng.uniform(0, 0.08), "wind": abs(rng.normal(3, 1)), "temperature": 295 + 6 * rng.normal()}
        f = _flown(project, rng, truth, **day).figures
        weighed = 1e3 * (truth["mass"] + day["ballast"] + SCALE * rng.normal())
        shown = f["apogee_pressure_altitude_agl"] * (1 + ALTIMETER * rng.normal())
        rows.append(
            f"2026-03-{k + 1:02d}, {weighed:.1f}, {day['wind']:.2f}, {day['temperature'] - 273.15:.1f}, {shown:.1f}, "
            f"{f['flight_time'] + WATCH * rng.normal():.2f}"
        )
    table = folder / "season.csv"
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    taught = learn_project(folder / "launch.yaml", [table], anyway=True).project
    wind, temperature = abs(rng.normal(3, 1)), 295 + 6 * rng.normal()
    today = varied(taught, settings(taught, (f"wind speed={max(wind, 0.1)} m/s", f"temperature={temperature} K")))
    want = read_want(f"apogee shown {wanted} m")
    found = solve_project(today, [want], read_axes(today, ["ballast 0..150 g"]))
    ballast = float(next(iter(found.best.point.values())))
    low, high = np.nanquantile(found.best.values[0], (0.05, 0.95))
    flight = _flown(project, rng, truth, ballast=ballast, wind=wind + rng.normal(), temperature=temperature)
    return World(wanted, flight.figures["apogee_pressure_altitude_agl"], float(low), float(high), ballast)


if __name__ == "__main__":  # python tests/ballast_worlds.py 100: a quarter of an hour
    import sys
    import tempfile

    count, hits = int(sys.argv[1]), 0
    for k in range(1, count + 1):
        with tempfile.TemporaryDirectory() as place:
            hits += world(k, Path(place)).hit
        sys.stdout.write(f"{hits} of {k}\n")
        sys.stdout.flush()
