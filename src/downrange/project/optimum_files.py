"""An optimum as files: the project's own, comments and all, with the new values and beside each what it was."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from downrange.errors import InputError
from downrange.project.optimising import Optimum
from downrange.project.parameters import Place
from downrange.project.project import Project
from downrange.units import DIMENSIONS, from_si

__all__ = ["optimum_paths", "write_optimum"]

_UNITS = {
    "length": "mm",
    "mass": "g",
    "angle": "deg",
    "time": "s",
    "speed": "m/s",
    "pressure": "hPa",
    "temperature": "degC",
}


def optimum_paths(project: Project, name: str = "optimised") -> dict[str, Path]:
    """Where the files of an optimum go: `launch` and, where it stands in a file of its own, `rocket` and `site`; beside the project's.

    name: what stands behind the names of the files.
    """
    s = project.sources
    out = {"launch": s.path.with_name(f"{s.path.stem}-{name}.yaml")}
    for key, path in (("rocket", s.rocket_path), ("site", s.site_path)):
        if path != s.path:
            out[key] = path.with_name(f"{path.stem}-{name}.yaml")
    return out


def write_optimum(
    optimum: Optimum, project: Project, name: str = "optimised", *, overwrite: bool = False
) -> tuple[Path, ...]:
    """Write a launch file, and a rocket file where it changed, with the optimum's values; returns their paths.

    project: the one that was optimised, whose files are taken as they stand. name: what stands behind the names of the files. overwrite:
    whether files that are there are replaced. Raises `InputError` where they are there and may not be, and for designs of other programs.
    """
    from ruamel.yaml import YAML

    if project.foreign is not None:
        raise InputError(
            "an optimum is written as files of our own: downrange import makes a project of the design", key="--write"
        )
    yaml = YAML()
    yaml.width, yaml.allow_unicode = 120, True
    paths, s = optimum_paths(project, name), project.sources
    origins = {"launch": s.path, "rocket": s.rocket_path, "site": s.site_path}
    files: dict[str, Any] = {}

    def file(key: str) -> Any:
        if key not in files:
            files[key] = yaml.load(origins[key].read_text(encoding="utf-8-sig"))
        return files[key]

    for place, axis in optimum.axes:
        key, steps = _where(place, paths)
        _put(file(key), steps, place, optimum.best.point[axis.name], optimum)
    launch = file("launch")
    for key in ("rocket", "site"):
        if key in files:
            launch[key] = Path(str(launch[key])).with_name(paths[key].name).as_posix()
    launch.yaml_set_start_comment("\n".join(_said(optimum)))
    wrote = tuple(paths[k] for k in files)
    if not overwrite and (there := next((p for p in wrote if p.exists()), None)):
        raise InputError(f"{there.name} is there already; say --overwrite, or another name with --write", key="--write")
    for key, data in files.items():
        text = io.StringIO()
        yaml.dump(data, text)
        paths[key].write_text(text.getvalue(), encoding="utf-8")
    return wrote


def _where(place: Place, paths: dict[str, Path]) -> tuple[str, list[Any]]:
    """The file that holds a place, and the keys that lead to it there."""
    head, _, tail = place.path.partition(".")
    if head in ("rocket", "site") and head in paths:
        return head, _steps(tail)
    return "launch", _steps(place.path)


def _steps(path: str) -> list[Any]:
    words = path.replace("[", ".").replace("]", "").split(".")
    return [int(w) if w.isdigit() else w for w in words]


def _put(data: Any, steps: list[Any], place: Place, value: Any, optimum: Optimum) -> None:
    if place.path in ("motor", "delay"):
        _put_motor(data, place, value, optimum)
        return
    node = data
    for step in steps[:-1]:
        if isinstance(node, dict) and step not in node:
            node[step] = {}
        node = node[step]
    old = node.get(steps[-1]) if isinstance(node, dict) else node[steps[-1]]
    spread = f" ±{str(old).partition('±')[2]}" if isinstance(old, str) and "±" in old else ""
    node[steps[-1]] = _text(place, value) + spread if isinstance(_text(place, value), str) else _text(place, value)
    if hasattr(node, "yaml_add_eol_comment") and node[steps[-1]] != old:
        node.yaml_add_eol_comment(f"was {old if old is not None else 'not said'}", steps[-1])


def _put_motor(data: Any, place: Place, value: Any, optimum: Optimum) -> None:
    old = data.get("motor")
    named = dict(old) if isinstance(old, dict) else {"name": old}
    if place.path == "motor":
        named = {"name": value}
    delay = optimum.project.launch.motor_delay
    if delay is not None:
        named["delay"] = f"{delay:g} s"
    data["motor"] = named
    data.yaml_set_comment_before_after_key("motor", before=f"was {place.now}")


def _text(place: Place, value: Any) -> Any:
    if isinstance(value, str) or place.kind == "count":
        return value
    if place.kind in ("number", "calibre"):
        return float(f"{value:.6g}")
    unit = _UNITS.get(place.kind, DIMENSIONS[place.kind][0].replace("**", "^").replace("*", " "))
    return f"{from_si(float(value), unit, place.kind):.6g} {unit}"


def _said(o: Optimum) -> list[str]:
    """What the head of the launch file says."""
    lines = [f"Optimised by downrange: {', '.join(g.text for g in o.goals)}"]
    lines += [f"limit: {w.words}" for w in o.limits]
    for name, now in o.after.items():
        lines.append(f"{name} (SI): {o.before.get(name, float('nan')):.5g} before, {now:.5g} now")
    return lines
