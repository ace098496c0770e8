"""What a flight is written to: CSV, Parquet, KML. Units stand in the column names."""

from __future__ import annotations

import csv
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from downrange.flight import Flight, Trajectory, quantities
from downrange.flight.track import Chain, Track
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


_LINES = ("ff2a7fff", "ff3a8f5c", "ffad448e", "ff2b82d9", "ffb06f2a")  # aabbggrr, one a body
_OF_THE_VEHICLE = ("ignition", "burn-out", "separation")


def write_kml(flight: Flight, path: str | Path) -> None:
    """Write the flight for Google Earth: the path in the air of each body, its shadow, and the events."""
    root, document = kml_document(f"{flight.launch.rocket.name} on {flight.launch.motor.designation}")
    ways: list[tuple[str, Track | Chain]] = [(b.name, b.track) for b in flight.flown]
    ways = ways or [("flight", flight.track)]
    told: set[tuple[str, float]] = set()
    for k, (name, track) in enumerate(ways):
        _kml_way(document, name, track, flight.launch.pad.elevation, _LINES[k % len(_LINES)])
        for e in track.events:
            if e.name.rpartition(": ")[2] in _OF_THE_VEHICLE:  # each body that was there has it on its way
                if (e.name, e.time) in told:
                    continue
                told.add((e.name, e.time))
            said = f"{e.time:.1f} s, {e.height:.0f} m above the pad, {e.speed:.0f} m/s"
            title = e.name if k == 0 or e.name.startswith(f"{name}: ") else f"{name}: {e.name}"
            at = _kml_points(track.sample(np.array([e.time])), slice(1), flight.launch.pad.elevation)
            kml_point(kml_place(document, title, description=said), at, absolute=True)
    save_xml(root, path)


def _kml_way(document: Element, name: str, track: Track | Chain, elevation: float, colour: str) -> None:
    t = track.sample(track.times)
    step = max(1, len(t.time) // 2000)
    keep = np.unique(np.append(np.arange(0, len(t.time), step), len(t.time) - 1))
    fill = f"30{colour[2:]}"
    kml_line(kml_place(document, name, line=colour, width=3, fill=fill), _kml_points(t, keep, elevation))


def _kml_points(t: Trajectory, rows: np.ndarray | slice, elevation: float) -> np.ndarray:
    asl = t.height[rows] + elevation
    return np.column_stack([np.degrees(t.longitude[rows]), np.degrees(t.latitude[rows]), asl])
