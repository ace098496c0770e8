"""A flight as others read it: OpenRocket's and RASAero's columns, and GPX for maps and receivers."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from downrange.atmosphere import viscosity
from downrange.constants import STANDARD_GRAVITY
from downrange.errors import InputError
from downrange.flight import Flight
from downrange.flight.named import named_rows
from downrange.flight.propulsion import sums_at
from downrange.text import markup

__all__ = ["write_gpx", "write_openrocket_csv", "write_rasaero_csv"]

_MOST = 5000  # points of a track
_FT, _IN, _LBF, _SLOW = 0.3048, 0.0254, 4.4482216152605, 1.0  # m, m, N; m/s, below which a coefficient means nothing


def write_openrocket_csv(flight: Flight, path: str | Path) -> None:
    """Write the trajectory with OpenRocket's headings and units, events in comments; angles in degrees.

    "Vertical velocity" is up, "Position East" and "Position North" are from the pad; what has no meaning there is NaN, as there.
    """
    t = flight.trajectory
    v, a, p = t.velocity_enu, t.acceleration_enu, t.position_enu
    columns: dict[str, np.ndarray] = {
        "Time (s)": t.time, "Altitude (m)": t.height, "Vertical velocity (m/s)": v[:, 2], "Vertical acceleration (m/s²)": a[:, 2],
        "Total velocity (m/s)": t.speed, "Total acceleration (m/s²)": np.linalg.norm(a, axis=1), "Position East of launch (m)": p[:, 0],
        "Position North of launch (m)": p[:, 1], "Lateral distance (m)": np.hypot(p[:, 0], p[:, 1]), "Latitude (°)": np.degrees(t.latitude),
        "Longitude (°)": np.degrees(t.longitude), "Angle of attack (°)": np.degrees(t.angle_of_attack),
        "Roll rate (r/s)": t.omega_body[:, 0] / (2 * np.pi), "Mass (g)": t.mass * 1e3, "Thrust (N)": t.thrust, "Mach number ()": t.mach,
        "Stability margin calibers ()": t.stability,
    }  # fmt: skip
    events = sorted(flight.events, key=lambda e: e.time)
    with Path(path).open("w", newline="", encoding="utf-8") as f:
        f.write(
            f"# {markup(flight.launch.rocket.name)} (Up to date)\n# {t.time.size} data points written for {len(columns)} variables.\n"
        )
        f.write(f"# {','.join(columns)}\n")
        writer, k = csv.writer(f), 0
        for row in zip(*columns.values(), strict=True):
            while k < len(events) and events[k].time <= row[0]:
                f.write(
                    f"# Event {markup(events[k].name).upper().replace(' ', '_')} occurred at t={events[k].time:.3f} seconds\n"
                )
                k += 1
            writer.writerow(["NaN" if np.isnan(x) else f"{x:.6g}" for x in row])


def write_rasaero_csv(flight: Flight, path: str | Path) -> None:
    """Write the trajectory with the headings and units of RASAero II's table of a flight ("View Data", its columns in its order).

    Attitude and path are degrees above the horizon; forces and coefficients are those of the rocket
    itself, none under canopies, and on the rail those in a flow from ahead. Raises `InputError` for a vehicle that comes apart.
    """
    if flight.flown:
        raise InputError(
            "a table with RASAero's columns is written of a rocket that stays in one piece; OpenRocket's take any"
        )
    t, aero, launch = flight.trajectory, flight.program.aero, flight.launch
    c, row = flight.program.compiled, named_rows(flight.program.compiled.row)
    _, left, moment = sums_at(c.segments, np.minimum(t.time, flight.track.cut))
    cg = (row["mass"] * row["cg"] + moment) / (row["mass"] + left)
    air, asl = launch.weather.air, t.height + launch.pad.elevation
    unit_re = np.asarray(air.density(asl)) * t.airspeed / viscosity(air.temperature(asl))
    free = (
        t.time >= flight.raw.out["rail_exit_time"]
    )  # on the rail the air comes from ahead: what blows across, the rail bears
    angle, burns = np.where(free, t.angle_of_attack, 0.0), t.thrust > 0
    alpha = np.nan_to_num(angle)
    flies = ~t.under_canopy.astype(bool) & (t.airspeed > _SLOW)
    axial, normal, cp = (np.full(t.time.size, np.nan) for _ in range(3))
    for k in np.flatnonzero(flies):
        m, a = float(t.mach[k]), float(alpha[k])
        axial[k] = aero.drag(m, float(unit_re[k]), bool(burns[k])) * np.cos(a) * abs(np.cos(a))
        normal[k], cp[k] = aero.normal_force(m, a), aero.centre_of_pressure(m, a)
    cd, cl = axial * np.cos(alpha) + normal * np.sin(alpha), normal * np.cos(alpha) - axial * np.sin(alpha)
    force = t.dynamic_pressure * aero.reference_area
    v, pull, ground = t.velocity_enu, t.acceleration_enu, np.hypot(t.velocity_enu[:, 0], t.velocity_enu[:, 1])
    path_angle = np.where(t.speed > 1e-6, np.arctan2(v[:, 2], ground), t.elevation)
    along = np.einsum("ij,ij->i", pull[:, :2], v[:, :2]) / np.maximum(ground, 1e-9)
    columns: dict[str, np.ndarray] = {
        "Time (sec)": t.time, "Stage": np.full(t.time.size, np.nan), "Stage Time (sec)": t.time, "Mach Number": t.mach,
        "Angle of Attack (deg)": np.degrees(angle), "CD": cd, "CL": cl, "Thrust (lb)": t.thrust / _LBF,
        "Weight (lb)": t.mass * STANDARD_GRAVITY / _LBF, "Drag (lb)": force * cd / _LBF, "Lift (lb)": force * cl / _LBF,
        "CG (in)": cg / _IN, "CP (in)": cp / _IN, "Stability Margin (cal)": (cp - cg) / launch.rocket.diameter,
        "Accel (ft/sec^2)": np.linalg.norm(pull, axis=1) / _FT, "Accel-V (ft/sec^2)": pull[:, 2] / _FT, "Accel-H (ft/sec^2)": along / _FT,
        "Velocity (ft/sec)": t.speed / _FT, "Vel-V (ft/sec)": v[:, 2] / _FT, "Vel-H (ft/sec)": ground / _FT,
        "Pitch Attitude (deg)": np.degrees(t.elevation), "Flight Path Angle (deg)": np.degrees(path_angle),
        "Altitude (ft)": t.height / _FT, "Distance (ft)": np.hypot(t.position_enu[:, 0], t.position_enu[:, 1]) / _FT,
    }  # fmt: skip
    with Path(path).open("w", newline="", encoding="utf-8") as f:
        writer = csv.writer(f)
        writer.writerow(columns)
        for values in zip(*columns.values(), strict=True):
            cells = ["" if np.isnan(x) else f"{x:.6g}" for x in values]
            writer.writerow([cells[0], "S", *cells[2:]])


def write_gpx(flight: Flight, path: str | Path) -> None:
    """Write the flight as a GPX 1.1 track with its events as waypoints; heights are above mean sea level."""
    t, pad = flight.trajectory, flight.launch.pad
    step = max(1, t.time.size // _MOST)
    keep = np.unique(np.append(np.arange(0, t.time.size, step), t.time.size - 1))

    def point(tag: str, latitude: float, longitude: float, height: float, name: str = "") -> str:
        inside = f"<ele>{height + pad.elevation:.1f}</ele>" + (f"<name>{markup(name)}</name>" if name else "")
        return f'<{tag} lat="{np.degrees(latitude):.7f}" lon="{np.degrees(longitude):.7f}">{inside}</{tag}>'

    marks = []
    for e in flight.events:
        at = flight.sample(np.array([e.time]))
        marks.append(point("wpt", at.latitude[0], at.longitude[0], at.height[0], e.name))
    track = "".join(point("trkpt", t.latitude[k], t.longitude[k], t.height[k]) for k in keep)
    more = ""
    for body in flight.flown[1:]:
        own = body.track.sample(body.track.times)
        some = range(0, own.time.size, max(1, own.time.size // _MOST))
        points = "".join(
            point("trkpt", own.latitude[k], own.longitude[k], own.height[k]) for k in (*some, own.time.size - 1)
        )
        more += f"<trk><name>{markup(body.name)}</name><trkseg>{points}</trkseg></trk>"
        marks.append(point("wpt", own.latitude[-1], own.longitude[-1], own.height[-1], f"{body.name}: landing"))
    name = markup(f"{flight.launch.rocket.name} on {flight.launch.motor.designation}")
    Path(path).write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="downrange" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<metadata><name>{name}</name></metadata>{''.join(marks)}<trk><name>{name}</name><trkseg>{track}</trkseg></trk>{more}</gpx>\n",
        encoding="utf-8",
    )
