"""A motor of grains as it burns, for the motor room: what `downrange motor simulate` computes, and pictures of its sections."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from downrange.console.answers import both, finite
from downrange.errors import DownrangeError
from downrange.text import plain

__all__ = ["burnt", "motor_file"]

_ACROSS = 72  # points of a picture of a section, each way
_SHOWN = 240  # points of a curve
_SECTIONS = 4  # that are drawn
_OUTSIDE = 255


def burnt(data: Any, path: Path, trusted: bool, level: Any = None) -> dict[str, Any]:
    """The firing of the motor that the contents of a file at `path` describe (None: the file itself, of any format), or `error`.

    level: of the ballistics; the file's own where None. Curves have at most 240 points with the highest of each, SI. A section is a square of
    72 by 72 numbers: how far it has burnt when the flame comes there, in 254ths of its web, 255 outside the grain.
    """
    from downrange.motor.ballistics import fire
    from downrange.project.motors import grain_motor_said, open_grain_motor
    from downrange.report.burns import burn_summary

    try:
        opened = (
            open_grain_motor(path, trusted=trusted) if data is None else grain_motor_said(data, path, trusted=trusted)
        )
        burn = fire(opened.motor, level if level in ("quasi-steady", "transient", "one-dimensional") else opened.level)
    except DownrangeError as error:
        return {
            "type": "burnt",
            "error": plain(getattr(error, "message", str(error)), 600),
            "key": getattr(error, "key", None),
        }
    told = finite(burn_summary(burn, opened.notes))
    curves = {
        k: told.pop(k) for k in [k for k, v in told.items() if isinstance(v, list) and k not in ("alerts", "notes")]
    }
    n = burn.time.size
    peaks = [int(np.argmax(c)) for c in (burn.thrust, burn.pressure, burn.kn)]
    at = np.unique([*np.linspace(0, n - 1, min(n, _SHOWN), dtype=int), *peaks])
    shown = ("time_s", "thrust_n", "pressure_pa", "head_pressure_pa", "kn")
    return {
        "type": "burnt", "error": None, "file": path.name, "editable": data is not None, "figures": told,
        "curves": {k: [curves[k][i] for i in at] for k in shown}, "sections": _sections(burn, at),
        "alerts": [{"text": both(a.message), "serious": a.serious} for a in burn.alerts],
    }  # fmt: skip


def _sections(burn: Any, at: np.ndarray) -> list[dict[str, Any]]:
    """The unlike grains of a motor, forward first: picture, size, and how much of each web is burnt at the points `at` of the curves."""
    from downrange.motor.grains import GRAIN_TYPES
    from downrange.report.burns import burns_at

    names = {cls: name for name, cls in GRAIN_TYPES.items()}
    drawn: dict[Any, dict[str, Any]] = {}
    for k, segment in enumerate(burn.motor.segments):
        grain = segment.grain
        if grain in drawn:
            drawn[grain]["count"] += 1
        elif len(drawn) < _SECTIONS:
            r = grain.diameter / 2
            y, z = np.meshgrid(*[np.linspace(-r, r, _ACROSS)] * 2)
            x = burns_at(grain, y, z)
            web = max(float(np.nanmax(x)), 1e-9)
            picture = np.where(np.isnan(x), _OUTSIDE, np.round(254 * np.nan_to_num(x) / web)).astype(int)
            drawn[grain] = {
                "type": names.get(type(grain), "grain"), "count": 1, "diameter_m": float(grain.diameter), "length_m": float(grain.length), "across": _ACROSS,
                "picture": picture.ravel().tolist(), "burnt": np.round(np.clip(burn.burnt[at, k] / web, 0, 1), 4).tolist(),
            }  # fmt: skip
    return list(drawn.values())


def motor_file(said: Mapping[str, Any], launch: Path, trusted: bool) -> Path | None:
    """The file that the grains of a launch's only motor stand in, the `launch` file itself or one that it names; None where it is another kind.

    Raises `InputError` for a file that is not there.
    """
    from downrange.formats.reading import Folder
    from downrange.project.grains import holds_grains, says_grains

    name = said.get("motor")
    if says_grains(name):
        return launch
    return (
        Folder.of(launch.parent, trusted).file(name, "motor") if isinstance(name, str) and holds_grains(name) else None
    )
