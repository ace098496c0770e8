"""Parts that no longer lean on what is not there: what a configuration of a vehicle is made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from downrange.rocket import parts as p
from downrange.rocket.assembly import Assembly
from downrange.rocket.layout import Placed

__all__ = ["fixed_parts"]


def fixed_parts(
    parts: tuple[p.Part, ...], prefix: str, by_path: Mapping[str, Placed], gone: Collection[str]
) -> tuple[p.Part, ...]:
    """The parts at `prefix` without those `gone` (by path): automatic diameters are said, places counted from the parent."""
    out: list[p.Part] = []
    for i, part in enumerate(parts):
        q = by_path[f"{prefix}[{i}]"]
        if q.path in gone:
            continue
        if isinstance(part, p.BodyTube) and part.diameter is None and q.depth == 0:
            part = replace(part, diameter=2 * q.at.outer)
        if isinstance(part, p.Transition) and part.fore_diameter is None and q.depth == 0:
            part = replace(part, fore_diameter=2 * q.at.outer)
        if q.depth > 0 and part.position in ("absolute", "after"):
            parent = by_path[q.path.rpartition(".parts[")[0]]
            part = replace(part, position="top", offset=q.front - parent.front)
        if not isinstance(part, Assembly):
            part = replace(part, parts=fixed_parts(part.parts, f"{q.path}.parts", by_path, gone))
        out.append(part)
    return tuple(out)
