"""Project files: `rocket.yaml`, `site.yaml`, `launch.yaml` to a `Launch`.

Errors say file, line, key, what was seen and what would be right. Files are untrusted: a path may not leave the project
(`files.reading.Folder`), and `yaml_text` bounds what is read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from pydantic import BaseModel

from downrange.aero import Method
from downrange.earth import Pad
from downrange.errors import InputError, NotFoundError
from downrange.flight import Launch, chosen_delay, compile_launch, devices, guides
from downrange.formats.reading import Folder, guarded
from downrange.formats.yaml_text import read_yaml
from downrange.project.build import Overrides, build_launch, build_pad, build_rocket
from downrange.project.finding import is_foreign, kind_of, launch_beside, launch_in
from downrange.project.grains import GrainMotor, holds_grains
from downrange.project.learned import learned_beside, with_lesson
from downrange.project.schema import LaunchFile, RocketFile, SiteFile, quantities, with_quantity
from downrange.project.validating import line_of_key, validate
from downrange.rocket import Rocket
from downrange.uncertainty import Quantity

if TYPE_CHECKING:
    from downrange.dispersion import Known
    from downrange.project.foreign import Foreign
    from downrange.safety.ground import Ground

__all__ = ["Project", "grains_of", "load", "load_rocket", "open_pad", "open_project", "read_yaml", "validate"]

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, eq=False)
class Project:
    """A launch as its files state it (with uncertainties), and the `Launch` at the centres; `data` as it stands in the file.

    `foreign` is the design of another program that it came from.
    """

    path: Path
    file: LaunchFile
    rocket_file: RocketFile
    site_file: SiteFile
    launch: Launch
    sources: Sources
    units: str = "metric"
    data: Any = None
    foreign: Foreign | None = None

    @cached_property
    def uncertain(self) -> dict[str, Quantity]:
        """Every quantity that was given with an uncertainty, by its path."""
        found: dict[str, Quantity] = {}
        parts: list[tuple[str, Any]] = [("rocket", self.rocket_file), ("site", self.site_file), ("", self.file)]
        if (grains := self.sources.overrides.grains) is not None and grains.file is not None:
            parts.append(("motor", grains.file))
        for prefix, model in parts:
            found.update({p: q for p, q in quantities(model, prefix) if q.uncertain})
        other = ("uncertainty.", "modes.", "site.ground.", "sections")
        return {p: q for p, q in found.items() if not p.startswith(other)}

    @cached_property
    def ground(self) -> Ground:
        """What lies around the pad."""
        from downrange.project.ground import build_ground

        s = self.sources
        try:
            return build_ground(self.site_file, self.launch.pad, s.site_folder)
        except InputError as error:
            if error.file is None:
                line = line_of_key(s.site_data, error.key)
                raise type(error)(error.message, file=str(s.site_path), line=line, key=error.key) from None
            raise

    @cached_property
    def members(self) -> np.ndarray | None:
        """Winds (m, n, 2) of the ensemble at the nodes of the program's air, or None where there is none."""
        weather = self.file.weather
        if weather.ensemble is None or self.sources.overrides.wind is not None:
            return None
        from downrange.dispersion import air_heights
        from downrange.formats.ensembles import members_at, read_forecast

        path = self.sources.folder.file(weather.ensemble, "weather.ensemble", folders=True)
        heights = air_heights(compile_launch(self.launch))
        return members_at(read_forecast(path, self.launch.pad).at(weather.hour), self.launch.pad, heights)

    @property
    def known(self) -> Known | None:
        """The uncertainty of what flights taught of the rocket; None where nothing did."""
        learned = self.sources.overrides.learned
        return None if learned is None else learned.known

    def relaunch(self, values: dict[str, float]) -> Launch:
        """The launch with some quantities (by their paths, SI) at other values than their centres."""
        file, rocket, site, sources = self.file, self.rocket_file, self.site_file, self.sources
        grains, inside = sources.overrides.grains, dict[str, float]()
        for path, value in values.items():
            head, _, tail = path.partition(".")
            if head == "motor" and grains is not None:
                inside[tail] = value
            elif head == "rocket":
                rocket = with_quantity(rocket, tail, value)
            elif head == "site":
                site = with_quantity(site, tail, value)
            else:
                file = with_quantity(file, path, value)
        if grains is not None and inside:
            from downrange.project.motors import at_values

            sources = replace(sources, overrides=replace(sources.overrides, grains=at_values(grains, inside)))
        return sources.build(file, rocket, site)


@dataclass(frozen=True, eq=False)
class Sources:
    """Where a project came from: what is needed to build its launch again, and to say where an error is."""

    path: Path
    rocket_path: Path
    rocket_data: Any
    site_path: Path
    site_data: Any
    folder: Folder
    overrides: Overrides

    @property
    def site_folder(self) -> Folder:
        """The folder that the site file's paths are relative to."""
        return self.folder.within(self.site_path.parent)

    def build(self, file: LaunchFile, rocket: RocketFile, site: SiteFile) -> Launch:
        """The launch of these models."""
        return build_launch(
            file, build_rocket(rocket, self.rocket_data, self.rocket_path), site, site_data=self.site_data,
            site_path=self.site_path, folder=self.folder, overrides=self.overrides, name=self.path.stem,
            site_folder=self.site_folder,
        )  # fmt: skip


@guarded("a launch file")
def open_project(
    path: str | Path, *, motor: str | None = None, wind: tuple[float, float] | None = None, elevation: float | None = None,
    azimuth: float | None = None, method: Method | None = None, delay: float | None = None, trusted: bool = False,
    units: str | None = None, configuration: str | None = None, as_drawn: bool = False,
) -> Project:  # fmt: skip
    """Read a launch file, or the design file of another program with one `configuration` of it. The keywords replace what it says: motor by name or file; wind (m/s, from, rad) at 10 m;
    rail elevation and azimuth in radians; `method` of the normal force; `delay` (s) of the ejection charge; `units`, for people, are `metric` or `us`. A `motor` whose delay is
    not said flies with the one of those sold that is nearest to the best, and a note says so. Raises `InputError` with file, line and key.

    trusted: whether the file may name paths outside its folder. as_drawn: without what its flights taught (`learned.yaml` beside the rocket).
    """
    path, foreign = Path(path), None
    if is_foreign(path):
        from downrange.project.foreign import open_foreign

        foreign = open_foreign(path, configuration)
        data = foreign.launch_on(motor)
    elif configuration is not None:
        raise InputError("only the files of other programs have flight configurations", key="--configuration")
    else:
        path = launch_in(path)
        data = read_yaml(path)
        if (launch_path := launch_beside(path, data)) != path:
            path, data = launch_path, read_yaml(launch_path)
    file = validate(LaunchFile, data, path)
    folder = Folder.of(path.parent, trusted)
    try:
        rocket_file, rocket_data, rocket_path = _part_file(
            file.rocket, data.get("rocket"), RocketFile, folder, path, "rocket"
        )
        site_file, site_data, site_path = _part_file(file.site, data.get("site"), SiteFile, folder, path, "site")
        read = () if foreign is None else foreign.said
        grains = grains_of(file if motor is None else motor, folder)
        lesson, said = (None, ()) if as_drawn else learned_beside(rocket_path, rocket_file)
        overrides = with_lesson(
            Overrides(motor, wind, elevation, azimuth, method, delay, (*read, *said), grains), lesson
        )
        sources = Sources(path, rocket_path, rocket_data, site_path, site_data, folder, overrides)
        launch = sources.build(file, rocket_file, site_file)
        if motor is not None and (told := chosen_delay(launch)) is not None:
            sources = replace(sources, overrides=replace(overrides, delay=told[0], notes=(*overrides.notes, told[1])))
            launch = sources.build(file, rocket_file, site_file)
        if launch.simple:
            devices(launch)
        guides(launch)
    except InputError as error:
        if (
            foreign is not None
            and motor is None
            and isinstance(error, NotFoundError)
            and (unknown := foreign.unknown_motors)
        ):
            raise NotFoundError(unknown, file=str(path), key="motor") from None
        if error.file is None and not (error.key or "").startswith("--"):
            raise type(error)(error.message, file=str(path), line=line_of_key(data, error.key), key=error.key) from None
        raise
    return Project(path, file, rocket_file, site_file, launch, sources, units or file.units, data, foreign)


def grains_of(given: LaunchFile | str, folder: Folder) -> GrainMotor | None:
    """The motor of grains that a launch of one motor names, or the command line; None where it is another kind."""
    name: object = given
    if not isinstance(given, str):
        name = given.motor if given.motor is not None else given.motors[0].motor if len(given.motors) == 1 else None
    if not isinstance(name, str) or not holds_grains(name):
        return None
    from downrange.project.motors import open_grain_motor

    if isinstance(given, str):
        return open_grain_motor(given, trusted=True)
    return open_grain_motor(folder.file(name, "motor"), trusted=folder.trusted)


def _part_file(given: str | M, data: Any, model: type[M], folder: Folder, path: Path, key: str) -> tuple[M, Any, Path]:
    """A model that stands in the launch file, or in a file that it names, with its data and its path."""
    if not isinstance(given, str):
        return given, data, path
    path = folder.file(given, key)
    data = read_yaml(path)
    return validate(model, data, path), data, path


def load(path: str | Path, *, trusted: bool = False) -> Launch:
    """The launch that a `launch.yaml` describes, at the centres of its quantities.

    trusted: whether the file may name paths outside its folder.
    """
    return open_project(path, trusted=trusted).launch


@guarded("a site file")
def open_pad(path: str | Path, *, trusted: bool = False) -> Pad:
    """The pad of a site file, or of what else `open_project` takes."""
    path = launch_in(Path(path))
    data = read_yaml(path)
    if kind_of(data) != "site":
        return open_project(path, trusted=trusted).launch.pad
    return build_pad(validate(SiteFile, data, path), data, path)


@guarded("a rocket file")
def load_design(path: str | Path, *, configuration: str | None = None) -> tuple[Rocket, Launch | None]:
    """The rocket of a `rocket.yaml`, or that of a launch file and the launch with it.

    Of another program's design: the launch of one `configuration`, None where it has no motor or the catalogue has not its motor.
    """
    if is_foreign(path):
        return _foreign_design(Path(path), configuration)
    path = launch_in(Path(path))
    data = read_yaml(path)
    if "parts" not in data and "stages" not in data and "rocket" in data:
        launch = open_project(path).launch
        return launch.rocket, launch
    return build_rocket(validate(RocketFile, data, path), data, path), None


def rocket_of(foreign: Foreign) -> Rocket:
    """The rocket of another program's design. Raises `InputError` where it cannot be built as the file has it."""
    return build_rocket(validate(RocketFile, foreign.rocket, foreign.path), foreign.rocket, foreign.path)


def _foreign_design(path: Path, configuration: str | None) -> tuple[Rocket, Launch | None]:
    from downrange.project.foreign import open_foreign

    foreign = open_foreign(path, configuration)
    rocket = rocket_of(foreign)
    try:
        return rocket, open_project(path, configuration=configuration).launch if foreign.has_motor else None
    except InputError:  # of the motor: the rocket has been built
        return rocket, None


def load_rocket(path: str | Path) -> Rocket:
    """The rocket that a `rocket.yaml` describes, or the one that a launch file names."""
    return load_design(path)[0]
