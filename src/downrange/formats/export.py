"""What a flight is written to: CSV, Parquet, KML. Units stand in the column names."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from downrange.flight import Flight, Trajectory, quantities
from downrange.text import markup as escape
from downrange.text import plain

__all__ = ["trajectory_columns", "write_kml", "write_trajectory_csv", "write_trajectory_parquet"]


def trajectory_columns(t: Trajectory) -> dict[str, np.ndarray]:
    """The trajectory as named columns, each (n,), by `downrange.flight.quantities.TRAJECTORY`."""
    return {q.key: q.shown(q.of(t)) for q in quantities.TRAJECTORY}


def write_trajectory_csv(flight: Flight, path: str | Path) -> None:
    """Write the trajectory as CSV; empty cells are what has no meaning there."""
    columns = trajectory_columns(flight.trajectory)
    with Path(path).open("w", newline="", encoding="utf-8") as f:
        writer = csv.writer(f)
        writer.writerow(columns)
        for row in zip(*columns.values(), strict=True):
            writer.writerow(["" if np.isnan(x) else f"{x:.9g}" for x in row])


def write_trajectory_parquet(flight: Flight, path: str | Path) -> None:
    """Write the trajectory as Parquet, with rocket and motor in the file's metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({k: pa.array(v, from_pandas=True) for k, v in trajectory_columns(flight.trajectory).items()})
    launch = flight.launch
    meta = {"rocket": plain(launch.rocket.name), "motor": plain(launch.motor.designation), "made_by": "downrange"}
    with Path(path).open("wb") as f:  # Arrow takes no path that is not UTF-8
        pq.write_table(table.replace_schema_metadata(meta), f, compression="zstd")


def write_kml(flight: Flight, path: str | Path) -> None:
    """Write the flight for Google Earth: the path in the air, its shadow, and the events."""
    t, pad = flight.trajectory, flight.launch.pad
    step = max(1, len(t.time) // 2000)
    keep = np.unique(np.append(np.arange(0, len(t.time), step), len(t.time) - 1))
    lon, lat, asl = np.degrees(t.longitude[keep]), np.degrees(t.latitude[keep]), t.height[keep] + pad.elevation
    line = " ".join(f"{x:.7f},{y:.7f},{z:.1f}" for x, y, z in zip(lon, lat, asl, strict=True))
    marks = []
    for e in flight.events:
        at = flight.sample(np.array([e.time]))
        marks.append(
            f"<Placemark><name>{escape(e.name)}</name><description>{e.time:.1f} s, {e.height:.0f} m above the pad, "
            f"{e.speed:.0f} m/s</description><Point><altitudeMode>absolute</altitudeMode><coordinates>"
            f"{np.degrees(at.longitude[0]):.7f},{np.degrees(at.latitude[0]):.7f},{at.height[0] + pad.elevation:.1f}"
            "</coordinates></Point></Placemark>"
        )
    name = escape(f"{flight.launch.rocket.name} on {flight.launch.motor.designation}")
    Path(path).write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>{name}</name><Style id='air'><LineStyle><color>ff2a7fff</color><width>3</width></LineStyle>"
        "<PolyStyle><color>302a7fff</color></PolyStyle></Style>"
        f"<Placemark><name>flight</name><styleUrl>#air</styleUrl><LineString><extrude>1</extrude>"
        f"<altitudeMode>absolute</altitudeMode><coordinates>{line}</coordinates></LineString></Placemark>"
        f"{''.join(marks)}</Document></kml>\n",
        encoding="utf-8",
    )
