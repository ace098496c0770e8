"""How a body comes apart: the motion of each piece at that moment, whether drag pulls them apart, and what both legs say together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from downrange.atmosphere import sound_speed
from downrange.constants import SUTHERLAND_BETA, SUTHERLAND_S
from downrange.flight.kernel.layout import FREE, OUT, UNDER
from downrange.flight.launch import Launch
from downrange.flight.named import named_outputs, named_records, named_rows
from downrange.flight.vehicle import Body
from downrange.frames import matrix_from_quaternion, multiply_quaternions

__all__ = ["follow", "free_acceleration", "joined", "joined_all", "loaded", "part", "unit"]

_OF_THE_BODY = ("mass", "cg", "cg_y", "cg_z", "ixx", "iyy", "izz", "ixy", "ixz", "iyz")
_SHAPE = ("across", "along")
_DEVICES = ("cd_area", "lag", "value", "backup", "strength", "glide", "heading")


def follow(whole: Body, body: Body, rows: np.ndarray, flight: np.ndarray) -> np.ndarray:
    """Rows of a body whose mass and inertia deviate as those of the whole it leaves, its devices as they are."""
    own = rows.copy()
    a, b = named_rows(own), named_rows(rows)
    nominal, left = named_rows(body.compiled.row), named_rows(whole.compiled.row)
    heavier = b["mass"] / left["mass"]
    for name in _OF_THE_BODY:
        a[name] = nominal[name] * (1.0 if name.startswith("cg") else heavier)
    a["cg"] += b["cg"] - left["cg"]
    for name in (*_SHAPE, *_DEVICES):
        a[name] = nominal[name]
    return own


def loaded(body: Body, rows: np.ndarray, lit: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mass (n,) and centre of gravity (n, 3) [aft of the body's nose tip, y, z] of flights at t, with what propellant is left.

    rows (n, ROW) are the body's, lit (n, motors) when each of the launch's motors is lit, t (n,) s.
    """
    row = named_rows(rows)
    mass = row["mass"].copy()
    moment = mass[:, None] * np.stack([row["cg"], row["cg_y"], row["cg_z"]], axis=1)
    for j, nozzle in zip(body.tubes, body.nozzles, strict=True):
        left = row["propellant"] * nozzle.motor.propellant_at(np.maximum(t - lit[:, j], -1.0))
        mass += left
        moment += left[:, None] * np.stack(
            [nozzle.centre + row["aft"], np.full(len(t), nozzle.y), np.full(len(t), nozzle.z)], axis=1
        )
        if nozzle.casing:
            gone = nozzle.casing.mass * (t - lit[:, j] > nozzle.leaves)
            mass -= gone
            moment -= gone[:, None] * nozzle.casing.cg
    return mass, moment / mass[:, None]


def part(
    whole: Body, bodies: Sequence[Body], rows: Sequence[np.ndarray], starts: np.ndarray, *, lit: np.ndarray,
    impulse: np.ndarray | float, earth_rate: np.ndarray,
) -> list[np.ndarray]:  # fmt: skip
    """The records (n, RECORD) of the bodies of which a whole is made, as it comes apart, from its own `starts`.

    rows: of each body (n, ROW). lit: when the launch's motors are lit (n, motors), s. impulse: what each of those behind is pushed
    back with along the axis, N s (one, or (n,)), and the foremost forward with in turn. earth_rate (3,): the Earth's turning in ENU, rad/s.
    Each goes on as its centre of gravity moved in the whole, so that momentum and angular momentum hold; the foremost goes on with
    what the whole's devices did, the others' are still to be released.
    """
    record = named_records(starts)
    t = record["time"]
    weighed = [loaded(b, r, lit, t) for b, r in zip(bodies, rows, strict=True)]
    masses = [m for m, _ in weighed]
    places = [_from_tip(b, whole, c) for b, (_, c) in zip(bodies, weighed, strict=True)]
    moment = np.sum([m[:, None] * p for m, p in zip(masses, places, strict=True)], axis=0)
    centre = moment / np.sum(masses, axis=0)[:, None]
    turn = matrix_from_quaternion(unit(record["quaternion"]))
    # Body rates relative to the turning Earth, as velocities are; under a canopy attitude is not followed.
    rate = record["omega_body"] - np.einsum("nij,i->nj", turn, earth_rate)
    rate = np.where((record["phase"] == UNDER)[:, None], 0.0, rate)
    out = []
    for j, (body, m, p) in enumerate(zip(bodies, masses, places, strict=True)):
        offset = p - centre  # in body axes, x forward
        push = np.zeros_like(offset)
        push[:, 0] = impulse / m * (len(bodies) - 1 if j == 0 else -1.0)
        begin = starts.copy()
        own = named_records(begin)
        own["position_enu"] += np.einsum("nij,nj->ni", turn, offset)
        own["velocity_enu"] += np.einsum("nij,nj->ni", turn, np.cross(rate, offset) + push)
        _turn(own, body.turn - whole.turn)
        if j > 0:
            own["ready"], own["past_apogee"], own["phase"] = 0.0, 0.0, FREE
        out.append(begin)
    return out


def free_acceleration(
    launch: Launch, body: Body, rows: np.ndarray, record: np.ndarray, *, lit: np.ndarray, height: np.ndarray
) -> np.ndarray:
    """What thrust and drag would give a body by itself along its axis (n,), m/s2, in states `record` (n,), named, of the whole.

    rows (n, ROW) are the body's; lit (n, motors), s; height (n,) above the pad, m.
    """
    t = record["time"]
    mass, _ = loaded(body, rows, lit, t)
    z = launch.pad.elevation + height
    air, wind = launch.weather.air, launch.weather.wind
    rho, warm = air.density(z), air.temperature(z)
    relative = record["velocity_enu"] - np.stack([wind.east(z), wind.north(z), np.zeros_like(z)], axis=1)
    axis = matrix_from_quaternion(unit(record["quaternion"]))[:, :, 0]
    along = np.einsum("ij,ij->i", relative, axis)
    thrust = np.zeros(len(t))
    for j, nozzle in zip(body.tubes, body.nozzles, strict=True):
        since = t + 1e-6 - lit[:, j]
        thrust += np.interp(since, nozzle.motor.time, nozzle.motor.thrust, left=0.0, right=0.0)
    viscosity = SUTHERLAND_BETA * warm**1.5 / (warm + SUTHERLAND_S)
    mach, unit_re = np.abs(along) / sound_speed(warm), rho * np.abs(along) / viscosity
    aero, row = body.aero, named_rows(rows)
    ca = aero.drag_of_many(mach, unit_re, thrust > 0)
    drag = 0.5 * rho * along * np.abs(along) * aero.reference_area * ca * row["axial"]
    return np.asarray((row["thrust"] * thrust - drag) / mass)


_FIRST = (
    "liftoff_time", "rail_exit_time", "rail_exit_speed", "pivot_exit_time", "pivot_exit_speed", "rail_exit_stability",
    "rail_exit_cosine", "deploy_time", "deploy_speed", "watch_east", "watch_north", "watch_up",
)  # fmt: skip
_MAXIMA = ("max_speed", "max_mach", "max_q", "max_acceleration")
_APOGEE = ("apogee", "apogee_time", "apogee_east", "apogee_north", "apogee_speed")


def joined(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Answers (n, NOUT) of flights in two legs: what happened first stays, maxima and counts are those of both, the last burn-out counts."""
    out = second.copy()
    a, b, c = named_outputs(first), named_outputs(second), named_outputs(out)
    for name in _FIRST:
        c[name] = np.where(np.isfinite(a[name]), a[name], b[name])
    for name in _MAXIMA:
        c[name] = np.maximum(a[name], b[name])
    for name in ("burnout_height", "burnout_speed"):
        c[name] = np.where(np.isfinite(b[name]), b[name], a[name])
    higher = np.isfinite(a["apogee"]) & ~(b["apogee"] > a["apogee"])
    for name in _APOGEE:
        c[name] = np.where(higher, a[name], b[name])
    c["min_stability"] = np.fmin(a["min_stability"], b["min_stability"])
    for name in ("fastest_opening", "opening_load"):
        c[name] = np.fmax(a[name], b[name])
    for name in ("evaluations", "steps", "torn"):
        c[name] = a[name] + b[name]
    return out


def joined_all(parts: np.ndarray) -> np.ndarray:
    """The answers (k, NOUT) of the k legs of one flight, one after another, put together as `joined` does with two: (NOUT,)."""
    out = parts[-1].copy()
    known = np.isfinite(parts)
    first, last = known.argmax(axis=0), len(parts) - 1 - known[::-1].argmax(axis=0)
    every = np.arange(parts.shape[1])
    early, late = parts[first, every], parts[last, every]
    out[_EARLY], out[_LATE] = early[_EARLY], late[_LATE]
    out[_LARGEST] = parts[:, _LARGEST].max(axis=0)
    out[_COUNTS] = parts[:, _COUNTS].sum(axis=0)
    out[_LEAST] = np.fmin.reduce(parts[:, _LEAST], axis=0)
    out[_MOST] = np.fmax.reduce(parts[:, _MOST], axis=0)
    return out


def _columns(*names: str) -> list[int]:
    return [OUT.index(name) for name in names]


_EARLY, _LATE = _columns(*_FIRST, *_APOGEE), _columns("burnout_height", "burnout_speed")
_LARGEST, _COUNTS = _columns(*_MAXIMA), _columns("evaluations", "steps")
_LEAST, _MOST = _columns("min_stability"), _columns("fastest_opening")


def unit(q: np.ndarray) -> np.ndarray:
    """Quaternions (..., 4) of unit length."""
    return np.asarray(q / np.linalg.norm(q, axis=-1, keepdims=True))


def _from_tip(body: Body, whole: Body, centre: np.ndarray) -> np.ndarray:
    """A place (n, 3) [aft of a body's nose tip, y, z] on its own axes, in those of the whole: forward of the whole's nose tip, y, z."""
    turn = body.turn - whole.turn
    c, s = np.cos(turn), np.sin(turn)
    y, z = centre[:, 1], centre[:, 2]
    dy, dz = body.place[0] - whole.place[0], body.place[1] - whole.place[1]
    return np.stack([-(centre[:, 0] + body.datum - whole.datum), dy + c * y - s * z, dz + s * y + c * z], axis=1)


def _turn(record: np.ndarray, angle: float) -> None:
    """See a state from axes that are turned about the long one by `angle`, rad."""
    if angle:
        half = np.array([np.cos(angle / 2), np.sin(angle / 2), 0.0, 0.0])
        record["quaternion"] = multiply_quaternions(
            record["quaternion"], np.broadcast_to(half, record["quaternion"].shape)
        )
        c, s = np.cos(angle), np.sin(angle)
        q, r = record["omega_body"][:, 1].copy(), record["omega_body"][:, 2].copy()
        record["omega_body"][:, 1], record["omega_body"][:, 2] = c * q + s * r, c * r - s * q
