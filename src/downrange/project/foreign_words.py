"""A foreign design's parts in the words of our project files: SI numbers become quantities with units."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from math import degrees
from typing import Any

from downrange.rocket import PART_TYPES, Deploy

__all__ = ["nested_words", "part_words", "written"]

_UNITS = {
    "density": ("kg/m^3", 1.0), "surface density": ("kg/m^2", 1.0), "line density": ("kg/m", 1.0), "area": ("m^2", 1.0), "time": ("s", 1.0),
    "speed": ("m/s", 1.0), "temperature": ("K", 1.0), "pressure": ("Pa", 1.0), "impulse": ("N s", 1.0), "inertia": ("kg m^2", 1.0),
    "stiffness": ("Pa", 1.0),
}  # fmt: skip


def written(value: float, kind: str) -> Any:
    """A number (SI) of a kind of quantity as a project file says it, to twelve digits."""
    if kind == "length":
        return f"{value:.12g} m" if abs(value) >= 10 else f"{value * 1e3:.12g} mm"
    if kind == "mass":
        return f"{value:.12g} kg" if abs(value) >= 1 else f"{value * 1e3:.12g} g"
    if kind == "angle":
        return f"{degrees(value):.12g} deg"
    if kind in ("number", "coefficient"):
        return float(f"{value:.12g}")
    unit, scale = _UNITS[kind]
    return f"{value * scale:.12g} {unit}"


@cache
def _kinds(cls: Any) -> dict[str, tuple[str, str]]:
    """For each key of a part: the kind of its quantity, and the first word of its documentation."""
    return {
        f.name: (f.metadata.get("kind", ""), str(f.metadata.get("doc", "")).partition(" ")[0])
        for f in dataclasses.fields(cls)
    }


def part_words(part: Mapping[str, Any], configuration: str) -> dict[str, Any]:
    """A part of a foreign design as a project file has it, for one flight configuration."""
    cls: Any = PART_TYPES[part["type"]]
    kinds = _kinds(cls)
    deploy_class: Any = Deploy
    deploy = _kinds(deploy_class)
    out: dict[str, Any] = {}
    for key, value in part.items():
        if key.startswith("@") or (key == "name" and not value):
            continue
        kind, first = kinds.get(key, ("", ""))
        if key == "parts":
            out[key] = [part_words(p, configuration) for p in value]
        elif key == "deploy":
            own = part.get("@deploy", {}).get(configuration, value)
            out[key] = {k: written(v, deploy[k][0]) if not isinstance(v, str) else v for k, v in own.items()}
        elif key == "separation":
            out[key] = nested_words(key, part.get("@separation", {}).get(configuration, value))
        elif key == "points":
            out[key] = [[written(x, "length"), written(y, "length")] for x, y in value]
        elif isinstance(value, dict):
            out[key] = nested_words(key, value, first)
        else:
            out[key] = written(value, kind) if kind else value
    return out


def nested_words(key: str, value: Mapping[str, Any], first: str = "") -> dict[str, Any]:
    """A material, a cluster, a separation."""
    if key.endswith("material"):
        kind = {"volume": "density", "surface": "surface density", "line": "line density"}[first]
        return {"name": value["name"], "density": written(value["density"], kind)}
    kinds = {
        "rotation": "angle",
        "distance": "length",
        "spacing": "number",
        "delay": "time",
        "altitude": "length",
        "time": "time",
    }
    out = {}
    for k, v in value.items():
        if k == "places":
            out[k] = [[written(y, "length"), written(z, "length")] for y, z in v]
        else:
            out[k] = written(v, kinds[k]) if k in kinds else v
    return out
