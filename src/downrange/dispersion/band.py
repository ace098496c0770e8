"""How well the apogee of one flight is known: its band, and what moves it most, from a handful of flights more.

The apogee's response to what a row holds is found by flying it at other values: drag (with the density of the air), thrust, mass,
lean of the rail, wind, centre of pressure; curved for the first two, whose spread is large. Everything that varies (the
files' own uncertainties, the defaults, the priors of what is not said) is then drawn through those responses, 2,048 times,
a Latin hypercube (McKay, Beckman and Conover, Technometrics 21, 1979, p. 239). A campaign flies every draw; this is its nominal mode to first
order across inputs, in half a second and without a compiler. Of a vehicle that comes apart its draws are flown (`parting_band`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np

from downrange.dispersion.programs import air_heights, burning
from downrange.dispersion.wide import BURN, TILT_EAST, TILT_NORTH, WIND_FACTOR, Input, Inputs
from downrange.flight import Flight
from downrange.flight.drivers import fly_single
from downrange.flight.rows import FIELD, RAIL_AZIMUTH, RAIL_ELEVATION
from downrange.steps import advance
from downrange.tables import uniform_linear
from downrange.uncertainty import Choice, Distribution, LogNormal, Normal

__all__ = ["ApogeeBand", "Share", "apogee_band", "in_words"]

DRAWS = 2048
_FLOWN = 1024  # of a vehicle that comes apart: the edges of its 90 % band are known to 0.07 of a standard deviation (one in sqrt n)
_SEED = 1979
_LONGER = 0.06  # of the logarithm of the burn time: where its response is seen
_UNSAID = "unsaid."


def in_words(name: str) -> str:
    """What an input called `name` is, in words: `unsaid.fin_section` is the fin section, `weather.wind.speed` the wind speed."""
    short = name.removeprefix(_UNSAID).removeprefix("weather.").replace("_", " ")
    return short if "[" in short else short.replace(".", " ")


@dataclass(frozen=True)
class Share:
    """What one input alone moves the apogee by: one standard deviation, m; `assumed` where no file states it."""

    name: str
    sigma: float
    assumed: bool


@dataclass(frozen=True)
class ApogeeBand:
    """How well an apogee is known, m above the pad: mean, standard deviation, the 50 % and 90 % bands, and the `shares` of the
    inputs, the largest first."""

    mean: float
    sigma: float
    half: tuple[float, float]
    most: tuple[float, float]
    shares: tuple[Share, ...]

    def summary(self) -> dict[str, Any]:
        """For JSON: lengths in m, and the three inputs that move it most."""
        return {
            "mean_m": self.mean, "sigma_m": self.sigma, "p5_m": self.most[0], "p25_m": self.half[0], "p75_m": self.half[1], "p95_m": self.most[1],
            "moved_most_by": [{"what": s.name, "sigma_m": s.sigma, "assumed": s.assumed} for s in self.shares[:3]],
        }  # fmt: skip

    @property
    def unsaid(self) -> dict[str, float]:
        """What no file states, in words, and what it alone moves the apogee by, m, the largest first."""
        return {in_words(s.name): s.sigma for s in self.shares if s.name.startswith(_UNSAID)}

    def share(self, name: str) -> float:
        """What the input called `name`, as in `shares`, alone moves the apogee by, m; zero where it does not vary."""
        return next((s.sigma for s in self.shares if s.name == name), 0.0)


@dataclass(frozen=True, eq=False)
class _Response:
    """The logarithm of the apogee, less that of the nominal flight, against one thing `of` wide rows: a x + b x²."""

    of: Callable[[np.ndarray], np.ndarray]
    slope: float
    bend: float = 0.0

    def at(self, wide: np.ndarray) -> np.ndarray:
        x = self.of(wide)
        return self.slope * x + self.bend * x * x


def apogee_band(flight: Flight, inputs: Inputs) -> ApogeeBand | None:
    """The band of a flight's apogee under what varies; None where it has no apogee.

    `inputs` as `gather_inputs` finds them for the flight's program. The canopies, which open behind the apogee, have no part in it.
    """
    apogee = flight.apogee
    if not (math.isfinite(apogee) and apogee > 0 and math.isfinite(flight.raw.out["rail_exit_time"])):
        return None
    if flight.program.staged:  # its slopes are those of one body that burns once
        return _flown_band(flight, inputs)
    responses, gust = _responses(flight, inputs), _Gust.of(flight)
    varied = [i for i in inputs.inputs if _touches(i)]
    every, blown = np.repeat(inputs.centre[None], DRAWS, axis=0), np.zeros(DRAWS)
    alone: list[tuple[Input, np.ndarray]] = []
    z = _stratified(len(varied) + 1)
    for k, item in enumerate(varied):
        own = np.repeat(inputs.centre[None], DRAWS, axis=0)
        x = _add(item, own, z[:, k])
        by_wind = gust.at(item, own, x)
        blown += by_wind
        every += own - inputs.centre
        alone.append((item, sum((r.at(own) for r in responses), by_wind)))
    wind = gust.slope * inputs.wind_sigma * z[:, -1]
    total = sum((r.at(every) for r in responses), blown + wind)
    shares = [Share(i.name, apogee * float(np.std(np.exp(x))), i.assumed) for i, x in alone]
    if inputs.wind_sigma > 0:
        shares.append(Share("wind", apogee * float(np.std(np.exp(wind))), True))
    heights = apogee * np.exp(np.clip(total, -3.0, 3.0))
    return _band_of(heights, shares)


def _band_of(heights: np.ndarray, shares: Sequence[Share]) -> ApogeeBand:
    low, lower, upper, high = _quantiles(heights, (0.05, 0.25, 0.75, 0.95))
    return ApogeeBand(
        float(heights.mean()), float(heights.std()), (lower, upper), (low, high),
        tuple(sorted(_together(shares), key=lambda s: -s.sigma)),
    )  # fmt: skip


def _quantiles(values: np.ndarray, shares: Sequence[float]) -> list[float]:
    """As `np.quantile`, which loads masked arrays for it (30 ms of a first flight): linear between the sorted values."""
    x = np.sort(values)
    place = np.asarray(shares) * (x.size - 1)
    i = np.minimum(place.astype(int), x.size - 2)
    t, step = place - i, x[i + 1] - x[i]
    return [float(v) for v in np.where(t < 0.5, x[i] + step * t, x[i + 1] - step * (1 - t))]


def _flown_band(flight: Flight, inputs: Inputs) -> ApogeeBand | None:
    """The band of a vehicle that comes apart, whose draws are flown; None where fewer than half of them have an apogee."""
    from downrange.dispersion.parting_band import (  # all that flies vehicles, which most rockets are not
        Drawing,
        draw_flights,
    )

    drawing = Drawing(flight, inputs)
    found, by_wind = draw_flights(drawing, _FLOWN)
    heights = found[np.isfinite(found)]
    if 2 * heights.size < _FLOWN:
        return None
    every = range(len(inputs.inputs))
    shares = [
        Share(inputs.inputs[k].name, float(s), inputs.inputs[k].assumed)
        for k, s in zip(every, drawing.alone(list(every)), strict=True)
    ]
    if inputs.wind_sigma > 0:
        shares.append(Share("wind", by_wind, True))
    return _band_of(heights, shares)


def _touches(item: Input) -> bool:
    """Whether an input reaches anything before the apogee."""
    rows = item.first if item.values is None else np.abs(item.values).max(axis=0)
    return bool(np.any(rows[: RAIL_ELEVATION + 1]) or np.any(rows[TILT_EAST:]) or item.wind is not None)


def _together(shares: Sequence[Share]) -> list[Share]:
    """Directions of one thing (`tilt.east`, `tilt.north`) as one."""
    out: dict[str, Share] = {}
    for s in shares:
        name = s.name.split(".")[0] if s.assumed and not s.name.startswith(_UNSAID) else s.name
        was = out.get(name, Share(name, 0.0, s.assumed))
        out[name] = replace(was, sigma=math.hypot(was.sigma, s.sigma))
    return list(out.values())


def _stratified(count: int) -> np.ndarray:
    """Standard normal numbers (DRAWS, count): each column takes every stratum once, in an order of its own."""
    unit = NormalDist()
    strata = np.array([unit.inv_cdf((k + 0.5) / DRAWS) for k in range(DRAWS)])
    rng = np.random.Generator(np.random.Philox(_SEED))
    return np.stack([rng.permutation(strata) for _ in range(count)], axis=1)


def _values(d: Distribution, z: np.ndarray) -> np.ndarray:
    """The values of a distribution where a normal one has `z`."""
    if isinstance(d, Normal):
        return np.asarray(d.centre + d.sigma * z)
    if isinstance(d, LogNormal):
        return np.asarray(d.median * np.exp(d.sigma * z))
    return d.quantile(_share_below(z))


def _share_below(z: np.ndarray) -> np.ndarray:
    return np.array([0.5 * math.erfc(-v / math.sqrt(2)) for v in z.tolist()])


def _add(item: Input, wide: np.ndarray, z: np.ndarray) -> np.ndarray | None:
    """Add an input to wide rows where a normal one has `z`; returns its values, None for a choice."""
    if item.values is not None:
        assert isinstance(item.distribution, Choice)
        wide += item.values[item.distribution.index(_share_below(z))]
        return None
    x = _values(item.distribution, z)
    item.add_at(wide, x)
    return x


def _responses(flight: Flight, inputs: Inputs) -> list[_Response]:
    """What the apogee does when drag, thrust, mass, lean and centre of pressure change."""
    base, nominal = inputs.centre, math.log(flight.apogee)

    def flown(*, longer: float = 0.0, **changes: float) -> float:
        advance(0)  # whoever listens may stop it here
        row = flight.program.compiled.row.copy()
        for name, value in changes.items():
            row[RAIL_ELEVATION if name == "elevation" else FIELD[name]] = value
        compiled = burning(flight.program.compiled, row[None], np.array([longer]))
        out = fly_single(compiled, row=row, stop_at_apogee=True, interpreted=flight.raw.interpreted).out
        return math.log(max(out["apogee"], 1e-3)) - nominal if math.isfinite(out["apogee"]) else 0.0

    def log_of(*names: str) -> Callable[[np.ndarray], np.ndarray]:
        columns = [FIELD[n] for n in names]
        return lambda wide: np.sum([np.log(np.maximum(wide[:, c] / base[c], 0.02)) for c in columns], axis=0)

    def curved(of: Callable[[np.ndarray], np.ndarray], name: str, step: float) -> _Response:
        value = float(base[FIELD[name]])
        up, down = flown(**{name: value * math.exp(step)}), flown(**{name: value * math.exp(-step)})
        return _Response(of, (up - down) / (2 * step), (up + down) / (2 * step * step))

    out = [curved(log_of("axial", "density"), "axial", 0.2), curved(log_of("thrust"), "thrust", 0.04)]
    mass = float(base[FIELD["mass"]])
    out.append(_Response(log_of("mass"), flown(mass=1.02 * mass) / math.log(1.02)))
    lean, elevation = math.radians(0.7), float(base[RAIL_ELEVATION])
    out.append(_Response(_rises(base), flown(elevation=elevation - lean) / -lean))
    shift, at = 0.02 * flight.launch.rocket.length, FIELD["cp_shift"]
    out.append(_Response(lambda wide: wide[:, at] - base[at], flown(cp_shift=float(base[at]) + shift) / shift))
    if any(i.first[BURN] for i in inputs.inputs):
        out.append(_Response(lambda wide: wide[:, BURN], flown(longer=_LONGER) / _LONGER))
    return out


def _rises(base: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """How far the rail stands up from where it was set, rad: what it leans along its azimuth."""
    east, north = math.sin(base[RAIL_AZIMUTH]), math.cos(base[RAIL_AZIMUTH])

    def of(wide: np.ndarray) -> np.ndarray:
        up = wide[:, RAIL_ELEVATION] - base[RAIL_ELEVATION]
        return np.asarray(up - wide[:, TILT_EAST] * east - wide[:, TILT_NORTH] * north)

    return of


@dataclass(frozen=True, eq=False)
class _Gust:
    """The logarithm of the apogee against a wind that is stronger by 1 m/s along `direction` (2,); `speed` is the mean wind's."""

    slope: float
    direction: np.ndarray
    speed: float
    heights: np.ndarray

    @classmethod
    def of(cls, flight: Flight) -> _Gust:
        launch, program = flight.launch, flight.program
        heights = air_heights(program)
        z = launch.pad.elevation + heights
        met = np.stack([launch.weather.wind.east(z), launch.weather.wind.north(z)], axis=1)
        below = (heights >= 0) & (heights <= max(flight.apogee, 10.0))
        depth = np.gradient(heights)[below]
        mean = depth @ met[below] / depth.sum()
        speed = float(np.hypot(*mean))
        direction = (
            mean / speed if speed > 0.1 else np.array([math.sin(launch.rail.azimuth), math.cos(launch.rail.azimuth)])
        )
        more = (
            2.0 * np.clip(np.maximum(heights, 0.0) / 10.0, 0, 1)[:, None] ** (1 / 7) * direction
        )  # calm at the ground, like `Winds`
        table = uniform_linear([*(met + more).T])
        compiled = replace(program.compiled, tables=program.compiled.tables._replace(wind=table))
        out = fly_single(compiled, stop_at_apogee=True, interpreted=flight.raw.interpreted).out
        moved = math.log(max(out["apogee"], 1e-3) / flight.apogee) if math.isfinite(out["apogee"]) else 0.0
        return cls(moved / 2.0, direction, speed, np.where(below, np.gradient(heights), 0.0) / depth.sum())

    def at(self, item: Input, wide: np.ndarray, x: np.ndarray | None) -> np.ndarray:
        """What an input does by the wind that it brings: a factor of all of it, or its own at every height."""
        out = self.slope * self.speed * wide[:, WIND_FACTOR]
        if item.wind is not None and x is not None:
            out = out + self.slope * float(self.heights @ item.wind @ self.direction) * (x - item.distribution.centre)
        return np.asarray(out)
