"""Writing what a launch or a motor says as a file that the command line reads."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from downrange.formats.reading import Folder
from downrange.project.grains import SUFFIXES
from downrange.project.mapping import Place

__all__ = ["motor_words_moved", "write_launch", "write_words"]

_OF_LAUNCH = (
    "motor", "motor.file", "motor.curve", "motor.flow", "motors.*.motor", "motors.*.motor.file", "motors.*.motor.curve", "motors.*.motor.flow", "motor.grains.*.outline", "motors.*.motor.grains.*.outline", "weather.profile", "weather.ensemble", "aero.table", "aero.drag", "aero.drag_power_on",
    "aero.normal_slope", "aero.centre_of_pressure", "aero.fin_airfoil", "aero.brakes.table", "aero.brakes.schedule", "rules.*",
)  # fmt: skip
_OF_SITE = ("site.ground.population", "site.ground.terrain.files.*", "site.ground.shapes.*.file")
_MOTOR_FILES = (".eng", ".rse", *SUFFIXES)
_NAMES = {"motor": _MOTOR_FILES, "motors.*.motor": _MOTOR_FILES, "rules.*": (".yaml", ".yml")}
"""Where only these endings make a name a path."""


def _places(node: Any, path: str) -> Iterator[tuple[Any, Any]]:
    """The containers and keys that a dotted path names; `*` is every item of a list."""
    head, _, rest = path.partition(".")
    if head == "*":
        keys: list[Any] = list(range(len(node))) if isinstance(node, list) else []
    else:
        keys = [head] if isinstance(node, Mapping) and node.get(head) is not None else []
    for key in keys:
        if rest:
            yield from _places(node[key], rest)
        else:
            yield node, key


def moved(said: Mapping[str, Any], place: Place, target: Path) -> dict[str, Any]:
    """What a launch says, its paths relative to the folder `target`, which they may not leave but within its project."""
    out = copy.deepcopy(dict(said))
    folder = Folder.of(target, place.trusted)
    for patterns, root in ((_OF_LAUNCH, place.path.parent), (_OF_SITE, place.site_path.parent)):
        for pattern in patterns:
            for node, key in _places(out, pattern):
                name, endings = node[key], _NAMES.get(pattern)
                if isinstance(name, str) and (endings is None or name.lower().endswith(endings)):
                    node[key] = Path(os.path.relpath((root / name).resolve(), target.resolve())).as_posix()
                    folder.file(node[key], pattern.replace(".*", "[]"), folders=True)
    return out


def write_launch(said: Mapping[str, Any], place: Place, path: Path) -> Path:
    """Write a launch file; returns its path. Raises `InputError` where a file that it names cannot be reached from there."""
    order = ("name", "notes", "rocket", "motor", "motors", "site", "rail", "weather")
    data = moved(said, place, path.parent)
    data = {k: data[k] for k in (*order, *(k for k in data if k not in order)) if k in data}
    write_words(data, path)
    return path


def motor_words_moved(said: Mapping[str, Any], source: Path, target: Path) -> dict[str, Any]:
    """What a motor made of grains says, its drawings' paths relative to the folder `target` instead of `source`."""
    out = copy.deepcopy(dict(said))
    for node, key in _places(out, "grains.*.outline"):
        node[key] = Path(os.path.relpath((source / node[key]).resolve(), target.resolve())).as_posix()
    return out


def write_words(data: Mapping[str, Any], path: Path) -> None:
    """Write keys and values as YAML."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.default_flow_style, yaml.width, yaml.allow_unicode = False, 120, True
    with path.open("w", encoding="utf-8") as f:
        yaml.dump(data, f)
