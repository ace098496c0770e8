"""A project from keys and values, without files: what `open_project` makes of a launch file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from downrange.errors import InputError
from downrange.flight import devices, guides
from downrange.formats.reading import Folder
from downrange.project.build import Overrides
from downrange.project.learned import learned_beside, with_lesson
from downrange.project.project import Project, Sources, grains_of, validate
from downrange.project.schema import LaunchFile, RocketFile, SiteFile

__all__ = ["Place", "project_of"]

_NAME = "python"


@dataclass(frozen=True)
class Place:
    """Where what a launch says came from: its file and that of its site, to which their paths are relative, and its rocket's if that has its own; whether
    what flights taught of the rocket is left out.

    A launch said in Python has no files: its paths are relative to the folder of `path`.
    """

    path: Path
    site_path: Path
    said: bool = False
    trusted: bool = False
    rocket_path: Path | None = None
    as_drawn: bool = False

    @classmethod
    def here(cls, folder: str | Path | None = None, trusted: bool = False) -> Place:
        """Said in Python: paths are relative to `folder`, or to the working folder."""
        path = Path(folder or Path.cwd()).absolute() / _NAME
        return cls(path, path, True, trusted)


def project_of(said: Mapping[str, Any], place: Place) -> Project:
    """The project that a mapping like that of a launch file describes; its rocket and its site stand in it.

    Raises `InputError` with the key, as a file's reader does.
    """
    file = validate(LaunchFile, dict(said), None if place.said else place.path)
    if not isinstance(file.rocket, RocketFile) or not isinstance(file.site, SiteFile):
        raise InputError("the rocket and the site are files; open those with dr.load", key="rocket")
    folder = Folder.of(place.path.parent, place.trusted)
    rocket_path = place.rocket_path or place.path
    lesson, notes = (None, ()) if place.said or place.as_drawn else learned_beside(rocket_path, file.rocket)
    sources = Sources(
        place.path, rocket_path, said["rocket"], place.site_path, said["site"], folder, with_lesson(Overrides(notes=notes), lesson)
    )  # fmt: skip
    try:
        grains = grains_of(file, folder)
        sources = replace(sources, overrides=replace(sources.overrides, grains=grains))
        launch = sources.build(file, file.rocket, file.site)
        launch = replace(launch, name=file.name or file.rocket.name) if place.said else launch
        if launch.simple:
            devices(launch)
        guides(launch)
    except InputError as error:
        if error.file == str(place.path) or error.file is None:
            raise type(error)(error.message, key=error.key) from None
        raise
    return Project(place.path, file, file.rocket, file.site, launch, sources, data=said)
