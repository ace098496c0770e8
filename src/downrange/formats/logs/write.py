"""A log written to one schema, CSV or Parquet: a row a reading, its unit, its quality and where it came from."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from downrange.errors import InputError, seen
from downrange.text import plain
from downrange.tracking.log import Channel, FlightLog, Quality

__all__ = ["COLUMNS", "write_log"]

COLUMNS = ("time_s", "quantity", "sensor", "value", "unit", "quality", "raw", "source")


def _rows(c: Channel) -> Iterator[tuple[Any, ...]]:
    for t, raw, q in zip(c.time, c.raw, c.quality, strict=True):
        value = f"{raw:.9g}" if q == Quality.GOOD else ""
        yield f"{t:.6f}", c.name, plain(c.sensor), value, c.unit, Quality(q).name.lower(), f"{raw:.9g}", plain(c.source)


def _about(log: FlightLog) -> dict[str, str]:
    return {
        "file": plain(log.file), "sha256": log.sha256, "family": log.family, "zero": log.zero, "notes": json.dumps(log.notes), "warnings": json.dumps(log.warnings),
        "states": json.dumps([[s.time, plain(s.name)] for s in log.states]), "claims": json.dumps([[c.name, c.value, c.unit] for c in log.claims]),
        "device": json.dumps({k: plain(v) for k, v in log.device.items()}), "made_by": "downrange",
    }  # fmt: skip


def write_log(log: FlightLog, path: str | Path) -> None:
    """Write a log as `.csv` or `.parquet`: `time_s` from lift-off, `quantity`, `sensor`, `value` in `unit` (SI; empty where it
    is withheld), `quality` (`good`, or why not), `raw` as read, `source` (the heading in the file). Parquet keeps states, claims
    and notes in its metadata; CSV in comments before the heading. Raises `InputError` for another suffix."""
    path = Path(path)
    if path.suffix.lower() == ".csv":
        with path.open("w", newline="", encoding="utf-8") as f:
            f.writelines(f"# {k}: {v}\n" for k, v in _about(log).items())
            writer = csv.writer(f)
            writer.writerow(COLUMNS)
            for c in log.channels:
                writer.writerows(_rows(c))
    elif path.suffix.lower() == ".parquet":
        _parquet(log, path)
    else:
        raise InputError(f"a log is written as .csv or .parquet, not {seen(path.suffix, 20)}", file=str(path))


def _parquet(log: FlightLog, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def column(words: list[str]) -> Any:
        return pa.array(
            np.repeat(np.array(words, object), [len(c.time) for c in log.channels]).tolist(), pa.string()
        ).dictionary_encode()

    names = [q.name.lower() for q in Quality]
    quality = np.concatenate([c.quality for c in log.channels]) if log.channels else np.zeros(0, int)

    def numbers(parts: list[np.ndarray]) -> Any:
        return pa.array(np.concatenate(parts) if parts else np.zeros(0), from_pandas=True)

    table = pa.table(
        {
            "time_s": numbers([c.time for c in log.channels]), "quantity": column([c.name for c in log.channels]),
            "sensor": column([plain(c.sensor) for c in log.channels]), "value": numbers([c.value for c in log.channels]),
            "unit": column([c.unit for c in log.channels]), "quality": pa.array([names[q] for q in quality], pa.string()).dictionary_encode(),
            "raw": numbers([c.raw for c in log.channels]), "source": column([plain(c.source) for c in log.channels]),
        }
    )  # fmt: skip
    with path.open("wb") as f:
        pq.write_table(table.replace_schema_metadata(_about(log)), f, compression="zstd")
