"""What of a firing should make its designer look again: each with its number, its limit and where the limit comes from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from downrange.motor.ballistics.burn import Alert, Burn
from downrange.motor.gas import critical_pressure_ratio
from downrange.motor.nozzle import SUMMERFIELD
from downrange.motor.propellants import equilibria

__all__ = ["alerts_of"]

_SEPARATED = 0.05  # of the burn for which a jet may leave the wall before it is told
_EROSIVE = 1.5  # times as fast at the aft end, from where on it is told: the mean of a port is faster by a third of that
_SHORT = 0.5  # m; below it L* makes composite motors chuff (RPE section 14.4; Yount & Angelus, AIAA J. 2 (1964) 1307)


def alerts_of(burn: Burn, heat_ratio: float) -> tuple[Alert, ...]:
    """All alerts of a firing."""
    makers = (_pressure, _port, _flux, _erosion, _outside_law, _roots, _choking, _separation, _chuffing)
    return tuple(a for make in makers for a in make(burn, heat_ratio))


def _pressure(b: Burn, _: float) -> Iterator[Alert]:
    limits, peak = b.motor.limits, b.peak_pressure
    if 0 < limits.pressure < peak:
        yield Alert(
            "peak pressure",
            f"the pressure reaches {peak / 1e6:.2f} MPa, the case may see {limits.pressure / 1e6:.2f} MPa",
            peak,
            limits.pressure,
        )
    if limits.bolts:
        force = (peak - b.motor.ambient) * np.pi / 4 * b.motor.bore**2
        if force > limits.bolts:
            yield Alert(
                "closure bolts",
                f"the pressure pushes a closure with {force:.0f} N, its bolts stand {limits.bolts:.0f} N",
                float(force),
                limits.bolts,
            )


def _port(b: Burn, _: float) -> Iterator[Alert]:
    limit, ratio = b.motor.limits.port_to_throat, b.port_to_throat
    if not limit or b.motor.segments[-1].grain.table.port[0] <= 0:
        return
    if ratio < limit:
        more = "; below 1 the flow chokes in the port" if ratio < 1 else ""
        yield Alert(
            "port to throat",
            f"the aft passage is {ratio:.3f} times as wide as the throat, less than {limit:g}: gas so fast erodes the grain{more}", ratio, limit,
        )  # fmt: skip


def _flux(b: Burn, _: float) -> Iterator[Alert]:
    limit, peak = b.motor.limits.mass_flux, float(b.flux.max())
    if 0 < limit < peak:
        which = int(np.unravel_index(np.argmax(b.flux), b.flux.shape)[1]) + 1
        yield Alert(
            "mass flux", f"the mass flux in grain {which} reaches {peak:.0f} kg/(m² s), more than {limit:.0f} (2 lb/(s in²) is 1406): erosive burning",
            peak, limit,
        )  # fmt: skip


def _erosion(b: Burn, _: float) -> Iterator[Alert]:
    """What a firing leaves out of erosive burning, by a law that needs no constants; at first, when the passages are narrowest."""
    row = int(np.argmax(b.pressure > 0.3 * b.pressure.max()))
    laws = [b.motor.burning[p].erosive for p in b.motor.kinds]
    out = [k for k, law in enumerate(laws) if law is None or b.level != "one-dimensional"]
    factor, which = max(((_faster(b, row, k), k) for k in out), default=(1.0, 0))
    if factor > _EROSIVE:
        todo = (
            "take the level one-dimensional"
            if laws[which]
            else "give the propellant erosive: mukunda-paul, and take the level one-dimensional"
        )
        yield Alert(
            "erosive burning",
            f"the gas is so fast at first that grain {which + 1} burns up to {factor:.1f} times as fast at its aft end (Mukunda and Paul), which this "
            f"firing leaves out: its first pressure is too low. To have it, {todo}", factor, _EROSIVE,
        )  # fmt: skip


def _faster(b: Burn, row: int, segment: int) -> float:
    """By what factor the aft end of a segment burns faster for the flow along it."""
    from downrange.motor.ballistics.port import eroded

    p, port = b.motor.burning[b.motor.kinds[segment]], float(b.motor.segments[segment].grain.table.port[0])
    if port <= 0:
        return 1.0
    r0 = float(p.rate(b.pressure[row]))
    return (
        float(
            eroded(
                r0, p.density, float(b.flux[row, segment]), float(np.sqrt(4 * port / np.pi)), 0.0, 0.0, p.gas.viscosity
            )
        )
        / r0
    )


def _outside_law(b: Burn, _: float) -> Iterator[Alert]:
    for p in b.motor.burning:
        steady = b.pressure[b.thrust > 0.3 * b.peak_thrust]
        high, low = float(b.head.max()), float(steady.min()) if steady.size else np.inf
        if high > p.highest * 1.001:
            yield Alert(
                "burning rate", f"the pressure reaches {high / 1e6:.2f} MPa, the burning rate of {p.name} was measured up to {p.highest / 1e6:.2f} MPa",
                high, p.highest,
            )  # fmt: skip
        if low < p.lowest * 0.999:
            yield Alert(
                "burning rate", f"the pressure is down to {low / 1e6:.3f} MPa while it burns, the rate of {p.name} was measured from {p.lowest / 1e6:.3f} MPa on",
                low, p.lowest, serious=False,
            )  # fmt: skip


def _roots(b: Burn, _: float) -> Iterator[Alert]:
    if len(b.motor.burning) != 1 or len(b.motor.burning[0].pieces) == 1:
        return
    on = b.kn[b.kn > 0]
    if not on.size:
        return
    for kn in np.unique(np.concatenate([[on[0], on.max()], on[:: max(on.size // 12, 1)]])):
        stable = [r.pressure for r in equilibria(b.motor.burning[0], float(kn)) if r.stable]
        if len(stable) > 1 and stable[-1] > 1.02 * stable[0]:
            yield Alert(
                "two equilibria",
                f"at Kn {kn:.0f} the chamber can stand at {' or '.join(f'{p / 1e6:.2f}' for p in stable)} MPa: it may jump from one to the other",
                stable[-1], stable[0],
            )  # fmt: skip
            return


def _choking(b: Burn, heat_ratio: float) -> Iterator[Alert]:
    need = b.motor.ambient / float(critical_pressure_ratio(heat_ratio))
    if b.pressure.max() < need:
        yield Alert(
            "never chokes",
            f"the pressure reaches {b.pressure.max() / 1e6:.3f} MPa; {need / 1e6:.3f} MPa are needed to choke the throat: nearly no thrust. "
            "Narrow the throat", float(b.pressure.max()), need,
        )  # fmt: skip


def _separation(b: Burn, _: float) -> Iterator[Alert]:
    limit = SUMMERFIELD * b.motor.ambient
    low = (b.exit_pressure < limit) & (b.thrust > 0)
    dt = np.gradient(b.time) if b.time.size > 1 else np.zeros(1)
    share = float(dt[low].sum() / max(dt[b.thrust > 0].sum(), 1e-12))
    if share > _SEPARATED:
        least = float(b.exit_pressure[b.thrust > 0.3 * b.peak_thrust].min())
        yield Alert(
            "separation",
            f"for {100 * share:.0f} % of the burn the exit is below {SUMMERFIELD:g} of the air's pressure, and the jet leaves the wall (Summerfield): "
            "the exit is wide for this pressure", least, limit, serious=False,
        )  # fmt: skip


def _chuffing(b: Burn, _: float) -> Iterator[Alert]:
    length = b.characteristic_length
    if b.motor.free_volume > 1e-9 and length < _SHORT and b.pressure.max() < 2e6:
        yield Alert(
            "L*",
            f"free volume over throat area, L*, is {length:.2f} m at a low pressure: below about {_SHORT:g} m motors may chuff",
            length,
            _SHORT,
            serious=False,
        )
