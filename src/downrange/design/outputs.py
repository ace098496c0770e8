"""What is asked of a design: the numbers of a flight by the words that people have for them, of one flight or of many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from downrange.errors import InputError, seen, suggest
from downrange.flight import Flight
from downrange.flight.quantities import UNITS, Quantity, of_flight, of_many

__all__ = ["KINDS", "Output", "find_output", "output_names"]

KINDS = {
    "m": "length", "s": "time", "m/s": "speed", "m/s²": "acceleration", "kg": "mass", "kg m²": "inertia", "N": "force", "J": "energy",
    "Pa": "pressure", "°": "angle", "calibres": "calibre", "1/rad": "number", "": "number", "N s": "impulse",
}  # fmt: skip
"""The kind of quantity (of `units.DIMENSIONS`) by the unit of a result."""

_WORDS = {
    "apogee": "apogee_agl", "altitude": "apogee_agl", "height": "apogee_agl", "apogee shown": "apogee_pressure_altitude_agl",
    "altimeter": "apogee_pressure_altitude_agl", "shown": "apogee_pressure_altitude_agl", "time": "flight_time", "duration": "flight_time",
    "mach": "max_mach", "speed": "max_speed", "acceleration": "max_acceleration", "rail speed": "rail_exit_speed",
    "rail exit": "rail_exit_speed", "margin": "min_stability", "stability": "min_stability", "least margin": "min_stability",
    "rail margin": "rail_exit_stability", "drift": "landing_distance", "distance": "landing_distance", "mass": "liftoff_mass",
    "flutter": "flutter_margin", "flutter factor": "flutter_margin", "best delay": "optimum_delay", "descent": "descent_time",
    "landing speed": "ground_hit_speed", "energy": "landing_energy", "thrust weight": "thrust_to_weight", "q": "max_dynamic_pressure",
    "ejection speed": "deployment_airspeed", "opening speed": "fastest_opening", "impulse": "total_impulse",
}  # fmt: skip

_CALLED = {"apogee_agl": "apogee", "apogee_pressure_altitude_agl": "apogee by altimeter"}


@dataclass(frozen=True)
class Output:
    """A number of a flight: its `name`, its `key` at the doors, what it means, and its kind (of `units.DIMENSIONS`)."""

    name: str
    key: str
    meaning: str
    kind: str
    quantity: Quantity | None = None

    @property
    def words(self) -> str:
        """What tables and figures call it."""
        return _CALLED.get(self.name) or self.name.replace("_", " ").replace(" agl", " above the pad")

    def of(self, flight: Flight) -> float:
        """Its value of one flight, SI; NaN where it did not happen."""
        if self.quantity is None:
            return _OWN[self.name][2](flight)
        return float(flight.figures[self.name])

    def of_rows(self, columns: Mapping[str, np.ndarray], flight: Flight) -> np.ndarray:
        """Its values of many flights (n,), SI, from the columns of a campaign; of what no campaign holds that of the nominal flight."""
        if self.key not in columns:
            return np.full(len(columns["result"]), self.of(flight))
        assert self.quantity is not None
        return np.asarray(columns[self.key]) / UNITS[self.quantity.unit][1]

    def at_door(self, values: Any) -> Any:
        """The `values` of the inside (a number or an array of any shape), SI, in the unit of the `key`."""
        return values if self.quantity is None else self.quantity.shown(values)

    @property
    def sampled(self) -> bool:
        """Whether a campaign has a value of it for each flight."""
        return any(q.name == self.name for q in of_many())

    def unit(self, system: str = "metric") -> str:
        """The unit it is shown in, in a system: `metric` or `us`."""
        from downrange.units import column

        kind = "size" if self.name in ("rocket_length", "liftoff_cg", "dry_cg", "cp") else self.kind
        try:
            return column(kind, system)[0]
        except KeyError:
            return {"time": "s", "calibre": "cal", "angle": "°", "impulse": "N s"}.get(self.kind, "")


_OWN: dict[str, tuple[str, str, Any]] = {
    "total_impulse": ("N s", "of the motors that are lit at launch", lambda f: float(f.launch.lifting.impulse)),
    "rocket_length": ("m", "from the nose tip to the aft end of the rocket", lambda f: float(f.launch.rocket.length)),
}


def _known() -> dict[str, Output]:
    out = {q.name: Output(q.name, q.key, q.meaning, KINDS[q.unit], q) for q in of_flight() if q.unit in KINDS}
    for name, (unit, meaning, _) in _OWN.items():
        suffix = {"N s": "n_s", "m": "m"}[unit]
        out[name] = Output(name, f"{name}_{suffix}", meaning, KINDS[unit])
    return out


def output_names() -> tuple[str, ...]:
    """Every name that `find_output` takes, the short words first."""
    return (*_WORDS, *_known())


def find_output(text: str) -> Output:
    """The output that a text names: a short word (`apogee`, `time`), a quantity (`apogee_agl`) or its key (`apogee_agl_m`).

    Raises `InputError` where there is none, with the nearest.
    """
    known = _known()
    words = " ".join(text.strip().lower().replace("_", " ").split())
    name = _WORDS.get(words, words.replace(" ", "_"))
    if name in known:
        return known[name]
    for o in known.values():
        if o.key == name:
            return o
    raise InputError(
        f"no number of a flight is called {seen(text, 60)}{suggest(words, [*_WORDS, *known])}; usual ones: apogee, apogee shown, time, "
        "mach, margin, rail speed, drift, mass, landing speed (all: docs/quantities)",
        key=text[:60],
    )
