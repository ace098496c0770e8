"""Many designs of other programs at once: whether each can be read, built and flown, a row a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from downrange.errors import DownrangeError, FlightCode, InputError
from downrange.flight import compile_launch, fly
from downrange.formats.designs import READERS
from downrange.project.foreign import Foreign, open_foreign
from downrange.project.project import open_project, rocket_of

__all__ = ["rows_of"]

_MOST = 10_000  # files of a folder


def rows_of(paths: tuple[Path, ...], flying: bool) -> Iterator[dict[str, Any]]:
    """A row for each design file of `paths`, folders with all in them: what was read, and with `flying` which configurations flew."""
    for path in paths:
        files = (
            [p for p in sorted(path.rglob("*")) if READERS.knows(p) and p.is_file()][:_MOST]
            if path.is_dir()
            else [path]
        )
        for file in files:
            yield _row(file, flying)


def _row(path: Path, flying: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"file": path.name, "read": False, "stages": None, "parts": None, "configurations": None}
    try:
        foreign = open_foreign(path)
    except DownrangeError as error:
        return {**row, "why": [_short(error)]}
    kinds = [n.kind for n in foreign.notes]
    motors = [c for c in foreign.design.configurations if c.motors]
    row |= {
        "read": True, "program": foreign.design.program, "stages": len(foreign.design.stages), "parts": sum(foreign.design.counts.values()),
        "configurations": len(motors), "approximated": kinds.count("approximated"), "dropped": kinds.count("dropped"),
        **_weight(foreign), "why": [],
    }  # fmt: skip
    if flying:
        results = [_flown(path, str(k + 1)) for k, c in enumerate(foreign.design.configurations) if c.motors]
        row["flown"] = sum(r is None for r in results)
        row["why"] += list(dict.fromkeys(r for r in results if r is not None))
    return row


def _weight(foreign: Foreign) -> dict[str, Any]:
    """Mass and balance without motor; None where the rocket cannot be built."""
    try:
        body = rocket_of(foreign).without_motor
    except InputError:
        return {"dry_mass_kg": None, "dry_cg_m": None}
    return {"dry_mass_kg": body.mass, "dry_cg_m": float(body.cg[0])}


def _flown(path: Path, configuration: str) -> str | None:
    """None where a configuration flies to the ground, else why it does not."""
    try:
        flight = fly(compile_launch(open_project(path, configuration=configuration).launch), interpreted=True)
    except DownrangeError as error:
        return _short(error)
    return (
        None
        if flight.code == FlightCode.LANDED
        else f"the flight ended with {flight.code.name.lower().replace('_', ' ')}"
    )


def _short(error: DownrangeError) -> str:
    """Why, without the file."""
    return str(error.message if isinstance(error, InputError) else error)
