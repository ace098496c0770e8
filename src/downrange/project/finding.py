"""Which launch file is meant, where somebody names a folder, a rocket, a site, or the file of another program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from downrange.errors import DownrangeError, InputError, NotFoundError, seen
from downrange.formats.yaml_text import read_yaml

__all__ = ["is_foreign", "launch_beside", "launch_in", "logs_among", "units_said"]

_DESIGNS = (".ork", ".rkt", ".cdx1")
_NO_LOGS = (*_DESIGNS, ".yaml", ".yml", ".eng", ".rse", ".ric")
_OTHERS = {".ric": "an openMotor file"}
_MOST = 50  # YAML files looked at in a folder


def is_foreign(path: str | Path) -> bool:
    """Whether a file is a design of another program (OpenRocket, RockSim, RASAero), by its name."""
    return Path(path).suffix.lower() in _DESIGNS and not Path(path).is_dir()


def logs_among(paths: Sequence[str]) -> bool:
    """Whether files are logs of a flight, by what they are not: project files, folders, designs, motors, revisions of git.

    Raises `InputError` where some are logs and others are not.
    """
    logs = [p for p in paths if Path(p).is_file() and Path(p).suffix.lower() not in _NO_LOGS]
    if logs and len(logs) < len(paths):
        other = next(p for p in paths if p not in logs)
        raise InputError(
            f"{seen(other, 80)} is no log, and {seen(logs[0], 80)} looks like one: name logs of one flight, or two designs"
        )
    return bool(logs)


def kind_of(data: Any) -> str:
    """What a project file is by its keys: `launch`, `rocket`, `site`, or nothing of these."""
    if any(k in data for k in ("motor", "motors", "rocket")):
        return "launch"
    return (
        "rocket" if "parts" in data or "stages" in data else "site" if "latitude" in data or "longitude" in data else ""
    )


def launch_in(path: Path) -> Path:
    """The launch file that a path means: itself, or the only one in a folder. Raises `InputError` for files that are none."""
    suffix = path.suffix.lower()
    if suffix in _OTHERS and not path.is_dir():
        raise InputError(
            f"{_OTHERS[suffix]} cannot be flown as it is yet: describe the rocket in a rocket.yaml (downrange new NAME writes one to begin with)",
            file=str(path),
        )
    if suffix in (".eng", ".rse") and not path.is_dir():
        raise InputError(
            f"this is a motor and not a launch; fly a launch on it: downrange fly launch.yaml --motor {path.name}",
            file=str(path),
        )
    if not path.is_dir():
        return path
    if (path / "launch.yaml").is_file():
        return path / "launch.yaml"
    return _one([p for p, _ in _launches(path)], path, "in this folder")


def launch_beside(path: Path, data: Any) -> Path:
    """The launch file in the same folder that names a rocket or site file; `path` itself where it is a launch."""
    kind = kind_of(data)
    if kind not in ("rocket", "site"):
        return path
    named = [p for p, d in _launches(path.parent) if isinstance(d.get(kind), str) and Path(d[kind]).name == path.name]
    return _one(
        named,
        path,
        f"beside it that names it; this is a {kind}, and a launch says {kind}: {path.name} with a motor, a {'site' if kind == 'rocket' else 'rocket'}",
    )


def units_said(path: str | Path) -> str:
    """The units, `metric` or `us`, of the launch file that a path means, or that stands beside a rocket or site file; metric where none does."""
    path = Path(path)
    try:
        found = launch_in(path)
        data = {} if is_foreign(found) else read_yaml(found)
        if data and kind_of(data) != "launch":
            data = read_yaml(launch_beside(found, data))
    except DownrangeError:  # whoever reads the file itself says what is wrong with it
        return "metric"
    return "us" if data.get("units") == "us" else "metric"


def _launches(folder: Path) -> Iterator[tuple[Path, Any]]:
    """The launch files of a folder, without the named variants of others (`launch.NAME.yaml`); what cannot be read is none."""
    for path in sorted(folder.glob("*.y*ml"))[:_MOST]:
        stem, dot, _ = path.stem.partition(".")
        if dot and path.with_name(stem + path.suffix).is_file():
            continue
        try:
            data = read_yaml(path)
        except DownrangeError:
            continue
        if kind_of(data) == "launch":
            yield path, data


def _one(found: list[Path], path: Path, where: str) -> Path:
    if not found:
        raise NotFoundError(f"there is no launch file {where}; downrange new NAME writes an example", file=str(path))
    standard = [p for p in found if p.name == "launch.yaml"]
    if len(found) > 1 and not standard:
        names = ", ".join(seen(p.name, 60) for p in found[:8])
        raise InputError(f"there are {len(found)} launch files here: name one of {names}", file=str(path))
    return (standard or found)[0]
