"""Outlines from a DXF drawing: closed curves of lines, arcs, circles, ellipses, splines and polylines (by ezdxf).

A curve inside another is an island in it. What else stands in the drawing (words, dimensions, hatches) is not looked at.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from downrange.errors import InputError, seen
from downrange.formats.reading import guarded, read_bytes

__all__ = ["read_outlines"]

_LIMIT = 5_000_000  # bytes
_CURVES = ("LINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE", "LWPOLYLINE", "POLYLINE")
_MOST = 5000  # curves
_FLAT = 2e-4  # of the drawing's size: how far a chord may leave its arc
_JOINT = 1e-5  # of the drawing's size: how far apart ends may be that are one

Loop = tuple[tuple[float, float], ...]


@guarded("a DXF drawing", quiet=True)
def read_outlines(path: str | Path, scale: float) -> tuple[tuple[Loop, ...], tuple[Loop, ...]]:
    """The passages and the islands in them, each of points (x, y) in m; `scale`: metres in a unit of the drawing.

    Raises `InputError` for a file that is no drawing, holds no closed curve, or curves that do not close.
    """
    path = Path(path)
    raw = read_bytes(path, _LIMIT)
    if raw[:22] == b"AutoCAD Binary DXF\r\n\x1a\x00":
        raise InputError("this is a binary DXF; save it as text (ASCII) DXF", file=str(path))
    chains = list(_curves(raw, path))
    if not chains:
        raise InputError(f"no curve in this drawing; it takes {', '.join(_CURVES)}", file=str(path))
    xs = [abs(v) for c in chains for p in c for v in p]
    if not all(map(math.isfinite, xs)) or max(xs) <= 0:
        raise InputError("the drawing has coordinates that are no numbers", file=str(path))
    loops = _closed(chains, max(xs) * _JOINT, path)
    return _nested([tuple((scale * x, scale * y) for x, y in loop) for loop in loops])


def _curves(raw: bytes, path: Path) -> Iterator[list[tuple[float, float]]]:
    import io

    import ezdxf
    from ezdxf.path import make_path

    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    try:
        drawing = ezdxf.read(io.StringIO(text.replace("\r\n", "\n")))  # type: ignore[attr-defined]
    except (ezdxf.DXFError, OSError, ValueError) as error:  # type: ignore[attr-defined]
        raise InputError(f"not a DXF drawing: {seen(str(error), 100)}", file=str(path)) from None
    space = drawing.modelspace()
    entities = [e for e in space if e.dxftype() in _CURVES]
    if len(entities) > _MOST:
        raise InputError(f"{len(entities):,} curves; at most {_MOST:,}", file=str(path))
    paths = [make_path(e) for e in entities]
    size = max((abs(v) for p in paths for q in p.control_vertices() for v in (q.x, q.y)), default=0.0)
    for p in paths:
        points = [(float(q.x), float(q.y)) for q in p.flattening(max(size, 1e-12) * _FLAT, segments=4)]
        if len(points) > 1:
            yield points


def _closed(chains: list[list[tuple[float, float]]], near: float, path: Path) -> list[list[tuple[float, float]]]:
    """Loops from curves: closed ones as they are, open ones joined end to end."""
    done, todo = [], list(chains)
    while todo:
        one = todo.pop(0)
        while math.dist(one[0], one[-1]) > near:
            for k, other in enumerate(todo):
                for piece in (other, other[::-1]):
                    if math.dist(one[-1], piece[0]) <= near:
                        one = [*one, *piece[1:]]
                        break
                else:
                    continue
                todo.pop(k)
                break
            else:
                x, y = one[-1]
                raise InputError(f"a curve does not close: nothing goes on at ({x:.6g}, {y:.6g})", file=str(path))
        loop = [p for k, p in enumerate(one[:-1]) if math.dist(p, one[k - 1] if k else one[-2]) > near]
        if len(loop) >= 3:
            done.append(loop)
    return done


def _nested(loops: list[Loop]) -> tuple[tuple[Loop, ...], tuple[Loop, ...]]:
    import shapely

    shapes: list[Any] = [shapely.Polygon(loop) for loop in loops]
    inside = [
        any(j != k and b.is_valid and b.contains(a.representative_point()) and b.area > a.area for j, b in enumerate(shapes))
        if a.is_valid else False for k, a in enumerate(shapes)
    ]  # fmt: skip
    return tuple(q for q, i in zip(loops, inside, strict=True) if not i), tuple(
        q for q, i in zip(loops, inside, strict=True) if i
    )
