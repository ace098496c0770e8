"""What a flight teaches: its logs, or a line of a table, laid on its launch as drawn."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from downrange.dispersion import BANDS, apogee_band, band_shares
from downrange.dispersion.known import CANOPY_SCATTER
from downrange.errors import InputError
from downrange.flight import Flight, compile_launch
from downrange.flight.rows import AT_APOGEE
from downrange.formats.logs import read_log
from downrange.learning import FlownFlight, Told
from downrange.learning.prior import day_sigma
from downrange.project.bands import varying
from downrange.project.flights import FlightComparison, compare_flight, felt
from downrange.project.project import Project

__all__ = ["day_of", "lesson_of_logs", "lesson_of_numbers"]

_FLIGHTS = 24  # of the fan that the lean is taken from
_HEIGHT = 0.005  # of a logged height, 1 σ: what barometers of one flight differ by (4 flights with two: 0.1 to 0.7 %)
_TIME = 0.007  # of the time to apogee, 1 σ: when lift-off was, and how flat the top is
_TABLED = 0.01  # of a height read off an altimeter and written down, 1 σ: contests' altimeters agree to 1 %; judgement
_WATCH = 0.02  # of a time of flight by stop-watch, 1 σ: half a second at either end of 40 s; judgement
_SINK = 0.06  # of a time of flight from day to day, 1 σ: thermals and swing; judgement
_DRAG, _PUSH, _BURN = (
    0.03,
    0.015,
    0.02,
)  # floors of what accelerometers tell, 1 σ: their scale, and how well the axis' lean is known
_STRANGE = math.log(2.5)  # a canopy so far from its own did not open as it should


def day_of(project: Project, flight: Flight) -> float:
    """Standard deviation of the logarithm of the apogee by what belongs to the day and no parameter stands for."""
    band = apogee_band(flight, varying(project, flight))
    if band is None:
        return 0.05
    return max(day_sigma({s.name: s.sigma / band.mean for s in band.shares}), 0.003)


def file_digest(paths: Sequence[Path]) -> str:
    """A hash of the content of files, whatever they are called."""
    return hashlib.sha256(b"".join(sorted(hashlib.sha256(p.read_bytes()).digest() for p in paths))).hexdigest()[:16]


def lesson_of_logs(project: Project, logs: Sequence[Path], name: str, outcome: str = "nominal") -> FlownFlight:
    """What the logs of one flight tell of the launch of a project opened as drawn. Raises `InputError` as `compare_flight` does."""
    if compile_launch(project.launch).staged:
        raise InputError(
            f"{name[:80]}: flights of vehicles that come apart, or whose motors are lit in flight, teach nothing yet; 'downrange compare' lays their logs on the prediction",
            key="motors",
        )
    read = [read_log(p) for p in logs]
    found = compare_flight(project, read, count=_FLIGHTS, interpreted=False)
    flight = found.flight
    day = day_of(project, flight)
    told, notes = _heights(found, day), list[str]()
    told += _coast(found, notes)
    told += _boost(found, notes)
    told += _canopies(found, notes)
    return FlownFlight(
        name, project.launch, tuple(told), found.flown.apogee[0], file_digest(logs), outcome, tuple(notes), day
    )


def _heights(found: FlightComparison, day: float) -> list[Told]:
    flight, top = found.flight, found.flown.event("apogee")
    height, error = found.flown.apogee
    out = []
    if height > 0 and top is not None:
        out.append(Told("apogee", math.log(height / flight.apogee), math.hypot(error / height, _HEIGHT, day)))
        o = flight.raw.out
        rise = o["apogee_time"] - o["liftoff_time"]
        if top.time > 0 and rise > 0:
            spread = math.hypot(top.error / top.time, _TIME, 0.5 * day)
            out.append(Told("time to apogee", math.log(top.time / rise), spread))
    return out


def _share_of_mass(flight: Flight, full: float = 0.0) -> float:
    """The share of the rocket without motor in the mass of the coasting one, or of the burning one with `full` of its propellant."""
    launch = flight.launch
    return launch.rocket.without_motor.mass / (launch.dry.mass + full * launch.propellant_mass)


def _coast(found: FlightComparison, notes: list[str]) -> list[Told]:
    """Drag over its drawing's from the coast, by bands of the Mach number; the mass that it was reckoned with is the drawing's."""
    drag = found.drag
    if drag is None:
        notes.append("drag: the coast told none")
        return []
    mass, shares = _share_of_mass(found.flight), band_shares(drag.mach)
    if not felt(found.flown, drag_only=True):
        factor, error = drag.factor
        if error > 0.3 or factor <= 0:
            notes.append(f"drag: its heights alone tell it to {100 * error:.0f} % only, which was left out")
            return []
        mean = shares.mean(axis=1)
        row = {f"drag.{b}": float(w) for b, w in zip(BANDS, mean, strict=True) if w > 0}
        return [Told("drag in the coast", math.log(factor), math.hypot(error / factor, _DRAG), row | {"mass": -mass})]
    out = []
    for k, band in enumerate(BANDS):
        own = (np.argmax(shares, axis=0) == k) & (drag.value > 0) & (drag.predicted > 0)
        if not own.any():
            continue
        w = (drag.predicted[own] / drag.error[own]) ** 2
        ratio = float(w @ (drag.value[own] / drag.predicted[own]) / w.sum())
        error = float(w @ (drag.error[own] / drag.predicted[own]) / w.sum())  # errors of neighbours are alike
        if error > 0.5 or ratio <= 0:
            continue
        mean = (shares[:, own] @ w) / w.sum()
        row = {f"drag.{b}": float(s) for b, s in zip(BANDS, mean, strict=True) if s > 0}
        out.append(
            Told(f"{band} drag in the coast", math.log(ratio), math.hypot(error / ratio, _DRAG), row | {"mass": -mass})
        )
    return out


def _boost(found: FlightComparison, notes: list[str]) -> list[Told]:
    """Impulse and burn time over the maker's, from an accelerometer."""
    thrust, motor = found.thrust, found.flight.launch.motor.designation
    if thrust is None:
        notes.append("thrust: no accelerometer told it")
        return []
    impulse, error = thrust.impulse
    burn, late = thrust.burn_time
    mass = _share_of_mass(found.flight, 0.5)
    out = []
    if impulse > 0 and thrust.maker_impulse > 0 and error < 0.5 * impulse:
        row = {f"thrust.{motor}": 1.0, "mass": -mass}
        out.append(Told("impulse", math.log(impulse / thrust.maker_impulse), math.hypot(error / impulse, _PUSH), row))
    if burn > 0 and thrust.maker_burn_time > 0 and late < 0.5 * burn:
        out.append(
            Told(
                "burn time",
                math.log(burn / thrust.maker_burn_time),
                math.hypot(late / burn, _BURN),
                {f"burn_time.{motor}": 1.0},
            )
        )
    return out


def _canopies(found: FlightComparison, notes: list[str]) -> list[Told]:
    """Drag areas over the stated ones, where as many steady descents were seen as there are canopies."""
    devices = sorted(
        (d for d in found.flight.program.devices if d.opens), key=lambda d: (d.event != AT_APOGEE, -d.value)
    )
    if len(devices) != len(found.canopies):
        notes.append(
            f"canopies: {len(found.canopies)} steady descents of {len(devices)} canopies; which is whose was not told"
        )
        return []
    out, under = [], list[tuple[str, float]]()
    mass = _share_of_mass(found.flight)
    for device, seen in zip(devices, found.canopies, strict=True):
        under = [(device.name, device.cd_area)] if device.replaces else [*under, (device.name, device.cd_area)]
        area, error = seen.flown.drag_area
        total = seen.drag_area if math.isfinite(seen.drag_area) else sum(a for _, a in under)
        value = math.log(area / total)
        if abs(value) > _STRANGE:
            notes.append(
                f"{device.name}: it fell as under {area:.3g} m² of {total:.3g}: it did not open as it should, and teaches nothing of its size"
            )
            continue
        row = {f"canopy.{n}": min(a / total, 1.0) for n, a in under}
        out.append(
            Told(f"descent under {device.name}", value, math.hypot(error / area, CANOPY_SCATTER), row | {"mass": -mass})
        )
    return out


def lesson_of_numbers(
    project: Project, name: str, *, shown: float | None, height: float | None, time: float | None, digest: str, outcome: str = "nominal",
    day: float | None = None,
) -> FlownFlight:  # fmt: skip
    """What the numbers of one flight tell of the launch of a project opened as drawn.

    shown: apogee as a barometric altimeter shows it, m. height: the true one, m above the pad; either will do. time: from lift-off to landing, s.
    day: as `day_of` has it, where that is known already.
    Raises `InputError` where neither is known.
    """
    flown = FlownFlight(name, project.launch, (), height, digest, outcome)
    flight = flown.nominal
    day = day_of(project, flight) if day is None else day
    out = []
    if height is None and shown is not None:
        height = shown * flight.apogee / flight.figures["apogee_pressure_altitude_agl"]
    if height is not None:
        out.append(Told("apogee", math.log(height / flight.apogee), math.hypot(_TABLED, day)))
    o = flight.raw.out
    whole = o["landing_time"] - o["liftoff_time"]
    if time is not None and outcome == "nominal":
        if not math.isfinite(whole):
            raise InputError(f"{name}: as drawn this launch does not come down; see downrange check")
        out.append(Told("time of flight", math.log(time / whole), math.hypot(_WATCH, _SINK)))
    if not out:
        raise InputError(f"{name}: a flight needs its height or its time")
    return replace(flown, told=tuple(out), apogee=height, day=day)
