"""A flight as others read it: OpenRocket's columns, and GPX for maps and receivers."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from downrange.flight import Flight
from downrange.text import markup

__all__ = ["write_gpx", "write_openrocket_csv"]

_MOST = 5000  # points of a track


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
    name = markup(f"{flight.launch.rocket.name} on {flight.launch.motor.designation}")
    Path(path).write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="downrange" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<metadata><name>{name}</name></metadata>{''.join(marks)}<trk><name>{name}</name><trkseg>{track}</trkseg></trk></gpx>\n",
        encoding="utf-8",
    )
