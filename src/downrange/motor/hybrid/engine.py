"""Engines that burn what flows: hybrids and liquids. Tank, injector, chamber and nozzle in one set of equations of time.

The chamber fills and empties: dp/dt = (R T / V) (m_ox + m_f - p A_t / c*) - (p / V) dV/dt, R T = (Γ c*)² (RPE 9th ed., eq. 3-32 and 12-5 with the port's
growth); the tanks by their own balances. The equations are stiff (a chamber fills in milliseconds) and are solved by LSODA to 1e-5 a step.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

from downrange.bounds import check_fields, spec
from downrange.constants import SEA_LEVEL_PRESSURE
from downrange.errors import InputError
from downrange.motor.gas import flow_factor
from downrange.motor.hybrid.fuel import Combustion, FuelGrain
from downrange.motor.hybrid.injector import Injector
from downrange.motor.hybrid.tanks import NitrousTank, Tank
from downrange.motor.motor import Motor
from downrange.motor.nozzle import Nozzle, mass_flow_factor

__all__ = ["Engine", "EngineRun", "Feed", "chamber_run", "run_engine"]

Array = np.ndarray
_TOLERANCE = 1e-5
_MOST_STEPS = 60_000  # evaluations of the equations; an engine that takes more cannot be right
_SPENT = 0.01  # of the highest thrust: below it an engine is out
_SAMPLES = 400
_FLUX = 600.0  # kg/(m2 s), oxidiser through a port: a rule of thumb, above which flames of hybrids are easily blown out
_STIFF = 0.2  # of the chamber's pressure, that an injector should drop lest flow and pressure swing together; a rule of thumb, NASA SP-194


@dataclass(frozen=True)
class Feed:
    """A tank and the injector that its contents pass."""

    tank: Tank
    injector: Injector

    def flow(self, mass: float, temperature: float, chamber: float, drained: bool = False) -> float:
        """kg/s into a chamber (Pa)."""
        return (
            0.0
            if self.tank.empty(mass)
            else self.injector.flow(self.tank.contents(mass, temperature, drained), chamber)
        )


@dataclass(frozen=True, kw_only=True)
class Engine:
    """An oxidiser's feed, the fuel (a grain, or a feed of its own), what they burn to, the nozzle, and the chamber's free volume (m3).

    The volume is that besides the grain's port. Raises `InputError`.
    """

    oxidiser: Feed
    fuel: FuelGrain | Feed
    combustion: Combustion
    nozzle: Nozzle
    volume: float = spec("number", "of the chamber besides the port, m3", above=0, high=1)

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def propellant_mass(self) -> float:
        """Oxidiser and fuel, kg."""
        return self.oxidiser.tank.mass + (self.fuel.tank.mass if isinstance(self.fuel, Feed) else self.fuel.mass)


@dataclass(frozen=True, eq=False)
class EngineRun:
    """What an engine does over time (n,), s from ignition. SI; each (n,).

    thrust N at `ambient` (Pa); pressure of the chamber, tank_pressure Pa; oxidiser_flow, fuel_flow kg/s; ratio of the two (NaN where no fuel flows);
    propellant_left kg; centre of it, m forward of the nozzle's end; tank_temperature K. liquid_out: when the oxidiser's liquid has left, s; NaN
    where it has not. alerts: what is not as it should be.
    """

    engine: Engine | None
    ambient: float
    time: Array
    thrust: Array
    pressure: Array
    tank_pressure: Array
    tank_temperature: Array
    oxidiser_flow: Array
    fuel_flow: Array
    propellant_left: Array
    centre: Array
    liquid_out: float
    ended: str
    alerts: tuple[str, ...]

    @property
    def ratio(self) -> Array:
        """Oxidiser over fuel by mass."""
        return np.divide(
            self.oxidiser_flow, self.fuel_flow, out=np.full(self.time.size, np.nan), where=self.fuel_flow > 0
        )

    @property
    def impulse(self) -> float:
        """N s."""
        return float(np.trapezoid(self.thrust, self.time))

    @property
    def burnt(self) -> float:
        """kg that have left by the end; the rest stays in tank and chamber."""
        return float(self.propellant_left[0] - self.propellant_left[-1])

    def motor(
        self, *, name: str, diameter: float, length: float, dry_mass: float, maker: str = "", kind: str = "hybrid"
    ) -> Motor:
        """As a motor that flies: its mass flows as was worked out, not in proportion to thrust, and its centre moves. What is never burnt is dry mass.

        diameter, length: of the whole, m. dry_mass: of the empty engine, kg.
        """
        left = self.propellant_left - self.propellant_left[-1]
        thrust = self.thrust.copy()
        thrust[-1] = 0.0
        rest = float(self.propellant_left[-1])
        with np.errstate(invalid="ignore", divide="ignore"):
            centres = (self.propellant_left * self.centre - rest * self.centre[-1]) / left
        centres[left < 1e-3 * left[0]] = np.nan
        known = np.isfinite(centres)
        centres = np.interp(self.time, self.time[known], centres[known])
        return Motor(
            designation=name, manufacturer=maker, time=self.time, thrust=thrust, diameter=diameter, length=length, propellant_mass=float(left[0]),
            dry_mass=dry_mass + rest, propellant_left=left, propellant_centres=centres, kind=kind, reference_pressure=self.ambient, plugged=True,
            nozzle_exit_area=None if self.engine is None else self.engine.nozzle.exit_area, source="simulated from tank and fuel",
            flags=self.alerts,
        )  # fmt: skip


def run_engine(engine: Engine, *, ambient: float = SEA_LEVEL_PRESSURE, longest: float = 300.0) -> EngineRun:
    """Burn an engine until its propellant is out or its thrust is spent. ambient: Pa. longest: s, after which it is stopped and said so.

    Raises `InputError` for an engine whose tank cannot push into its chamber.
    """
    if not 0 <= ambient < 1.2e5:
        raise InputError(f"an air pressure of {ambient:.6g} Pa; 0 to 120 000", key="ambient")
    model = _Model(engine, ambient)
    y, t, rows_t, rows_y, ended, liquid_out = model.start(), 0.0, [], [], "", math.nan
    while t < longest and not ended:
        events = model.events(math.isnan(liquid_out))
        solved = solve_ivp(
            model.slopes, (t, longest), y, method="LSODA", rtol=_TOLERANCE, atol=model.scale * 1e-6, events=[e for _, e in events], dense_output=False,
            max_step=0.05,
        )  # fmt: skip
        if not solved.success or not np.isfinite(solved.y).all():
            raise InputError(
                "this engine cannot be computed: its numbers leave what nitrous oxide and chambers do; check sizes and units"
            )
        rows_t.append(solved.t)
        rows_y.append(solved.y)
        t, y = float(solved.t[-1]), solved.y[:, -1]
        hit = next((name for (name, _), when in zip(events, solved.t_events, strict=True) if when.size), "")
        if hit == "liquid out":
            liquid_out = model.drained_from = t
        else:
            ended = hit or f"stopped after {longest:g} s"
    return model.result(np.concatenate(rows_t), np.concatenate(rows_y, axis=1), liquid_out, ended)


class _Model:
    """The equations of one engine: state is oxidiser's mass and temperature, fuel (mass and temperature of a tank, or the port's diameter and 0), pressure."""

    def __init__(self, engine: Engine, ambient: float) -> None:
        self.engine, self.ambient = engine, ambient
        self.count = 0
        self.drained_from = math.inf  # s, when the oxidiser's liquid has run out
        self.liquid_fuel = engine.fuel.tank if isinstance(engine.fuel, Feed) else None
        first = self.start()
        self.scale = np.maximum(np.abs(first), [1e-3, 100.0, 1e-3, 1e-3, 1e5])

    def start(self) -> Array:
        m, t = self.engine.oxidiser.tank.state()
        fuel = self.engine.fuel
        a, b = fuel.tank.state() if isinstance(fuel, Feed) else (fuel.port, 0.0)
        return np.array([m, t, a, b, max(self.ambient, 1e3)])

    def flows(self, t: float, y: Array) -> tuple[float, float, float]:
        """Oxidiser and fuel (kg/s), and how the port grows (m/s)."""
        fuel = self.engine.fuel
        ox = self.engine.oxidiser.flow(y[0], y[1], y[4], t >= self.drained_from)
        if isinstance(fuel, Feed):
            return ox, fuel.flow(y[2], y[3], y[4]), 0.0
        rate = 0.0 if y[2] >= fuel.outer else fuel.rate(ox, y[2])
        return ox, fuel.flow(rate, y[2]), 2 * rate

    def gas(self, ox: float, fuel: float) -> tuple[float, float]:
        return self.engine.combustion.at(ox / fuel if fuel > 1e-12 else math.inf)

    def slopes(self, t: float, y: Array) -> Array:
        e = self.engine
        self.count += 1
        if self.count > _MOST_STEPS:
            raise InputError("this engine cannot be computed in a sensible time: check its sizes and units")
        ox, fuel, grows = self.flows(t, y)
        cstar, k = self.gas(ox, fuel)
        p = max(float(y[4]), 1.0)
        out = np.zeros(5)
        out[0], out[1] = e.oxidiser.tank.rates(y[0], y[1], ox, t >= self.drained_from)
        if isinstance(e.fuel, Feed):
            out[2], out[3] = e.fuel.tank.rates(y[2], y[3], fuel)
            volume, widens = e.volume, 0.0
        else:
            out[2] = grows
            volume = e.volume + math.pi / 4 * y[2] ** 2 * e.fuel.length
            widens = math.pi / 2 * y[2] * grows * e.fuel.length
        out[4] = ((cstar * float(flow_factor(k))) ** 2 * (ox + fuel - self.leaves(p, cstar, k)) - p * widens) / volume
        return out

    def leaves(self, p: float, cstar: float, k: float) -> float:
        """Through the nozzle, kg/s; less than choked where the chamber hardly exceeds the air."""
        if p <= self.ambient:
            return 0.0
        share = (
            1.0
            if p > 3 * self.ambient
            else float(mass_flow_factor(k, np.array([self.ambient / p]), self.engine.nozzle.expansion)[0])
        )
        return share * p * self.engine.nozzle.throat_area / cstar

    def events(self, liquid: bool) -> list[tuple[str, Callable[[float, Array], float]]]:
        e, out = self.engine, []

        def add(name: str, function: Callable[[float, Array], float], direction: float = -1.0) -> None:
            function.terminal, function.direction = True, direction  # type: ignore[attr-defined]
            out.append((name, function))

        tank = e.oxidiser.tank
        if isinstance(tank, NitrousTank) and liquid:
            add("liquid out", lambda t, y: tank.liquid_left(y[0], y[1]) / tank.mass - 1e-4)
        least = max(0.02 * tank.mass if isinstance(tank, NitrousTank) else 2e-4 * tank.mass, 0.0)
        add("oxidiser out", lambda t, y: (y[0] - least * 1.05) / tank.mass)
        if isinstance(e.fuel, Feed):
            fuel = e.fuel.tank
            add("fuel out", lambda t, y: (y[2] - 2e-4 * fuel.mass) / fuel.mass)
        else:
            grain = e.fuel
            add("fuel burnt through", lambda t, y: (grain.outer - y[2]) / grain.outer - 1e-6)
        add("spent", lambda t, y: (y[4] / max(self.ambient, 2e4) - 1.3) if t > 0.05 else 1.0)
        return out

    def result(self, t: Array, y: Array, liquid_out: float, ended: str) -> EngineRun:
        """On samples that are as fine as the solver's steps, at most `_SAMPLES`; a last one without thrust."""
        keep = np.unique(t, return_index=True)[1]
        t, y = t[keep], y[:, keep]
        if t.size > _SAMPLES:
            at = np.unique(
                np.concatenate([np.linspace(0, t[-1], _SAMPLES), t[t < 0.1][:: max(1, int((t < 0.1).sum()) // 60)]])
            )
            if math.isfinite(liquid_out):
                at = np.unique(np.append(at, liquid_out))
            y = np.array([np.interp(at, t, row) for row in y])
            t = at
        e, fuel = self.engine, self.engine.fuel
        n = t.size
        flows = np.array([self.flows(float(t[i]), y[:, i]) for i in range(n)])
        drained = t >= self.drained_from
        gases = [self.gas(*flows[i, :2]) for i in range(n)]
        cf = np.array(
            [e.nozzle.thrust_coefficient(k, float(p), self.ambient) for (_, k), p in zip(gases, y[4], strict=True)]
        )
        thrust = np.maximum(cf * y[4] * e.nozzle.throat_area, 0.0)
        tank = e.oxidiser.tank
        states = [tank.contents(y[0, i], y[1, i], bool(drained[i])) for i in range(n)]
        ox_centre = np.array([tank.centre(y[0, i], y[1, i], bool(drained[i])) for i in range(n)])
        if isinstance(fuel, Feed):
            fuel_left, fuel_centre = y[2], np.array([fuel.tank.centre(y[2, i], y[3, i]) for i in range(n)])
        else:
            fuel_left, fuel_centre = np.array([fuel.left(d) for d in y[2]]), np.full(n, fuel.centre)
        left = y[0] + fuel_left
        centre = (y[0] * ox_centre + fuel_left * fuel_centre) / left
        end = t[-1] + max(1e-3, 1e-4 * t[-1])
        tank_p = np.array([c.pressure for c in states])

        def longer(x: Array, last: float | None = None) -> Array:
            return np.append(x, x[-1] if last is None else last)

        return EngineRun(
            e, self.ambient, np.append(t, end), longer(thrust, 0.0), longer(y[4], self.ambient), longer(tank_p), longer(y[1]), longer(flows[:, 0], 0.0),
            longer(flows[:, 1], 0.0), longer(left), longer(centre), liquid_out, ended, self.alerts(t, y, flows, tank_p, ended),
        )  # fmt: skip

    def alerts(self, t: Array, y: Array, flows: Array, tank_p: Array, ended: str) -> tuple[str, ...]:
        e, out = self.engine, []
        burning = t > 0.1 * t[-1]
        ratio = flows[:, 0] / np.maximum(flows[:, 1], 1e-12)
        table = e.combustion.ratio
        if table.size > 1:
            beyond = (ratio < table[0]) | (ratio > table[-1])
            if (share := float(np.mean(beyond[burning]))) > 0.02:
                seen = ratio[burning & beyond]
                out.append(
                    f"for {share:.0%} of the burn oxidiser to fuel is {seen.min():.3g} to {seen.max():.3g}, beyond the table of c* ({table[0]:g} to {table[-1]:g}): "
                    "its last value was taken"
                )
        drop = (tank_p - y[4]) / y[4]
        if (low := float(drop[burning].min(initial=1.0))) < _STIFF:
            out.append(
                f"the injector's pressure drop falls to {low:.0%} of the chamber's; below {_STIFF:.0%} flow and pressure may swing together (NASA SP-194)"
            )
        if isinstance(e.fuel, FuelGrain):
            settled = t > 0.02 * t[-1]
            flux = float((flows[:, 0] / (math.pi / 4 * y[2] ** 2))[settled].max())
            if flux > _FLUX:
                out.append(
                    f"the oxidiser's flux through the port reaches {flux:.0f} kg/(m² s); above {_FLUX:.0f} flames are easily blown out"
                )
            if ended == "fuel burnt through":
                out.append("the fuel burns through to its casing while oxidiser still flows")
        if ended.startswith("stopped"):
            out.append(f"it was {ended}, still burning")
        return tuple(out)


def chamber_run(
    time: Array, pressure: Array, *, nozzle: Nozzle, cstar: float, heat_ratio: float, propellant_mass: float, centre: float | Array, ambient: float = SEA_LEVEL_PRESSURE
) -> EngineRun:  # fmt: skip
    """An engine of which the chamber's pressure is given: time (n,) s, pressure (n,) Pa absolute; thrust and mass flow follow from nozzle and c*.

    cstar: m/s. propellant_mass: kg before it burns. centre: of the propellant, m forward of the nozzle's end, (n,) where it moves. Raises `InputError` where
    more would leave than there is.
    """
    t, p = np.array(time, float), np.array(pressure, float)
    if (
        t.ndim != 1
        or t.shape != p.shape
        or t.size < 2
        or np.any(np.diff(t) <= 0)
        or not (np.isfinite(p).all() and (p >= 0).all())
    ):
        raise InputError("a curve of pressure needs two samples or more, time increasing and pressure not negative")
    if not 300 < cstar < 2600 or not 1 < heat_ratio < 1.67:
        raise InputError(f"a c* of {cstar:.5g} m/s and a heat ratio of {heat_ratio:.4g}; 300 to 2600, and 1 to 1.67")
    flow = np.where(p > ambient, p * nozzle.throat_area / cstar, 0.0)
    gone = np.concatenate([[0.0], np.cumsum(0.5 * (flow[1:] + flow[:-1]) * np.diff(t))])
    if gone[-1] > 1.02 * propellant_mass:
        raise InputError(
            f"{gone[-1]:.4g} kg would leave by p A_t / c*, of {propellant_mass:.4g} kg: check throat, c* and pressure"
        )
    thrust = (
        np.array([float(nozzle.thrust_coefficient(heat_ratio, float(x), ambient)) for x in p]) * p * nozzle.throat_area
    )
    nothing = np.full(t.size, np.nan)
    left = np.maximum(propellant_mass - gone, 0.0)
    return EngineRun(
        None, ambient, t, np.maximum(thrust, 0.0), p, nothing, nothing, nothing, nothing, left, np.broadcast_to(np.asarray(centre, float), t.shape).copy(), math.nan,
        "the curve's end", (),
    )  # fmt: skip
