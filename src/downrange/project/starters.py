"""Starter projects: complete, commented, and they fly as they are."""

from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path

__all__ = ["TEMPLATES", "examples", "write_example", "write_starter"]

TEMPLATES = {
    "kit": "a small model rocket like those from a kit, on an Estes C6",
    "two-stage": "a model rocket of two stages, on two Estes C6",
    "54mm": "54 mm high power with dual deployment, on a 38 mm motor",
    "98mm": "98 mm for a university competition to 3,000 m, with payload, on a 75 mm motor",
}
_FILES = ("launch.yaml", "rocket.yaml", "site.yaml")
_NAME = "name: First Rocket\n"


def write_starter(folder: Path, template: str = "kit") -> tuple[Path, ...]:
    """Write the starter `template` (a key of `TEMPLATES`) into a new or empty folder; the rocket is called as the folder is."""
    folder.mkdir(parents=True, exist_ok=True)
    source = resources.files("downrange.project").joinpath("starter", template)
    written = []
    for file in _FILES:
        text = source.joinpath(file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace(_NAME, f"name: {_quoted(folder.resolve().name)}\n"), encoding="utf-8")
        written.append(folder / file)
    return tuple(written)


def _examples_folder() -> Path:
    """In a wheel beside this package's modules; in a clone beside its sources."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "examples"
    return inside if inside.is_dir() else package.parents[1] / "examples"


def examples() -> dict[str, str]:
    """The examples by name, each with what its launch file says of itself in its first line; none where they were not installed."""
    out = {}
    for path in sorted(_examples_folder().glob("*/launch.yaml")):
        with path.open(encoding="utf-8") as file:
            first = file.readline().strip()
        out[path.parent.name] = first.lstrip("# ") if first.startswith("#") else ""
    return out


def write_example(folder: Path, name: str) -> None:
    """Copy the example `name` (a key of `examples`) into a new or empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted((_examples_folder() / name).iterdir()):
        if path.is_file() and not path.name.startswith("."):
            shutil.copyfile(path, folder / path.name)


def _quoted(name: str) -> str:
    """A name as YAML takes it for text, whatever it is: plain where that is safe, else in quotation marks (JSON's are YAML's)."""
    plain = name.isascii() and name.replace(" ", "").replace("-", "").isalpha() and name.strip("- ") == name
    return name if plain and name.lower() not in _NOT_TEXT else json.dumps(name, ensure_ascii=True)


_NOT_TEXT = ("null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf")
