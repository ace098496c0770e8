"""What a flight is written to: CSV, Parquet, KML. Units stand in the column names."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from downrange.flight import Flight, Trajectory, quantities
from downrange.formats.maps import kml_document, kml_line, kml_place, kml_point, save_xml
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
    root, document = kml_document(f"{flight.launch.rocket.name} on {flight.launch.motor.designation}")

    def at(t: Trajectory, rows: np.ndarray | slice) -> np.ndarray:
        asl = t.height[rows] + pad.elevation
        return np.column_stack([np.degrees(t.longitude[rows]), np.degrees(t.latitude[rows]), asl])

    kml_line(kml_place(document, "flight", line="ff2a7fff", width=3, fill="302a7fff"), at(t, keep))
    for e in flight.events:
        said = f"{e.time:.1f} s, {e.height:.0f} m above the pad, {e.speed:.0f} m/s"
        kml_point(
            kml_place(document, e.name, description=said),
            at(flight.sample(np.array([e.time])), slice(1)),
            absolute=True,
        )
    save_xml(root, path)
