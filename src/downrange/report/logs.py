"""What a log says, for the terminal and as JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from downrange.report.layout import plain_table
from downrange.report.terminal import panel
from downrange.text import counted, plain
from downrange.tracking import FlightLog, apogees
from downrange.units import display, in_units

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["log_summary", "log_view"]

_KINDS = {"m": "length", "m/s": "speed", "m/s2": "acceleration", "Pa": "pressure"}


def _none(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def log_summary(log: FlightLog) -> dict[str, Any]:
    """Everything that `log show` knows, with units in the keys; the first of `apogees` is the best."""
    tops = apogees(log)
    return {
        "file": plain(log.file), "sha256": log.sha256, "family": log.family, "confidence": log.confidence, "recognised": log.recognised, "zero": log.zero,
        "device": {k: plain(v) for k, v in log.device.items()},
        "apogee_m": _none(tops[0].height) if tops else None, "time_to_apogee_s": _none(tops[0].time) if tops else None,
        "apogee_definition": tops[0].definition if tops else None,
        "apogees": [
            {"height_m": _none(a.height), "time_s": _none(a.time), "definition": a.definition, "source": plain(a.source), "noise_m": _none(a.noise),
             "raw_maximum_m": _none(a.raw_maximum)} for a in tops
        ],
        "channels": [
            {"quantity": c.name, "unit": c.unit, "sensor": plain(c.sensor), "source": plain(c.source), "why": plain(c.why), "readings": len(c.time),
             "good": int(c.good[0].size), "rate_hz": _none(c.rate), "start_s": float(c.time[0]), "end_s": float(c.time[-1]),
             "withheld": {q.name.lower(): n for q, n in c.withheld.items()}} for c in log.channels if len(c.time)
        ],
        "states": [{"time_s": s.time, "name": plain(s.name)} for s in log.states],
        "claims": [{"name": c.name, "value": c.value, "unit": c.unit, "source": plain(c.source)} for c in log.claims],
        "notes": [plain(n, 1000) for n in log.notes], "warnings": [plain(w, 1000) for w in log.warnings],
    }  # fmt: skip


def _shown(value: float, unit: str, units: str) -> str:
    if unit in _KINDS:
        return display(value, _KINDS[unit], units)
    return f"{math.degrees(value):.4g}°" if unit == "rad" else f"{value:.4g} {unit}".strip()


def _tops(log: FlightLog, units: str) -> list[RenderableType]:
    from rich.text import Text

    out: list[RenderableType] = []
    for k, a in enumerate(apogees(log)[:6]):
        height, raw = display(a.height, "length", units), display(a.raw_maximum, "length", units)
        text = f"{height} at {a.time:.1f} s: {a.definition}, {plain(a.source)!r}"
        out.append(
            Text(
                text + (f"; greatest raw reading {raw}" if abs(a.raw_maximum - a.height) > 1 else ""),
                style="bold" if k == 0 else "",
            )
        )
    return out


def _channels(log: FlightLog) -> list[RenderableType]:
    from rich.text import Text

    named = [c for c in log.channels if c.name != "other" and len(c.time)]
    table = plain_table("column", "is", "readings", "a second", "from, to (s)", "unit", words=(1, 5))
    for c in named:
        sensor = f" {plain(c.sensor, 12)}" if c.sensor else ""
        rate = f"{c.rate:.3g}" if math.isfinite(c.rate) else "-"
        table.add_row(
            plain(c.source, 28),
            c.name.replace("_", " ") + sensor,
            f"{len(c.time):,}",
            rate,
            f"{c.time[0]:.1f} to {c.time[-1]:.1f}",
            plain(c.why, 60),
        )
    out: list[RenderableType] = [Text(""), table] if named else []
    if len(log.channels) > len(named):
        out.append(
            Text(f"and {counted(len(log.channels) - len(named), 'column')} kept as they stand: see --json", style="dim")
        )
    for c in named:
        for q, n in c.withheld.items():
            out.append(Text(f"withheld: {n:,} of {len(c.time):,} in {plain(c.source)!r}: {q.words}", style="yellow"))
    return out


def log_view(log: FlightLog, units: str = "metric") -> RenderableType:
    """A log for the terminal: what it is, how high it came and by which definition, channels, what is withheld and why."""
    from rich.text import Text

    parts: list[RenderableType] = [Text(f"{log.family}: {plain(log.recognised)} ({log.confidence:.0%} sure)")]
    if log.device:
        parts.append(Text(", ".join(f"{k} {plain(v)}" for k, v in log.device.items()), style="dim"))
    parts.append(Text(f"time 0: {log.zero}", style="dim"))
    parts += [Text(""), *_tops(log, units)]
    parts += [Text(f"the device says: {c.name} {_shown(c.value, c.unit, units)}") for c in log.claims]
    parts += _channels(log)
    if log.states:
        parts.append(Text("states: " + ", ".join(f"{plain(s.name, 30)} {s.time:.2f} s" for s in log.states[:20])))
    parts += [Text("put right: " + in_units(plain(n, 600), units), style="dim") for n in log.notes]
    parts += [Text("! " + in_units(plain(w, 600), units), style="yellow") for w in log.warnings]
    return panel(parts, plain(log.file))
