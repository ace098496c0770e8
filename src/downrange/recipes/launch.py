"""A rocket and its launch, said in Python: what `rocket.yaml` and `launch.yaml` hold."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from downrange import flight, rocket
from downrange.errors import InputError, seen
from downrange.project.build import Overrides, build_rocket
from downrange.project.mapping import Place, project_of
from downrange.project.project import Project, open_project, validate
from downrange.project.saving import write_launch
from downrange.project.schema import RocketFile
from downrange.recipes import airframe, assemblies, contents, surfaces
from downrange.recipes.base import UNSET, Frozen, Given, PartRecipe, Recipe, plain_data, said_of
from downrange.recipes.changes import changed
from downrange.recipes.ground import Site
from downrange.recipes.places import (
    Aero,
    Conditions,
    Guides,
    Measured,
    Modes,
    Motor,
    MountedMotor,
    Rail,
    Section,
    ThrustLine,
    Uncertainty,
    Weather,
)
from downrange.recipes.special import parts_of
from downrange.recipes.vehicles import Stage
from downrange.text import markup, plain

if TYPE_CHECKING:
    from downrange.recipes.grain_motor import GrainMotor

__all__ = ["Launch", "Rocket", "load"]

PART_MODULES = (airframe, assemblies, contents, surfaces)


class Rocket(Recipe):
    """A rocket: its `name` and its `parts` from the nose back, each a recipe like `dr.BodyTube(...)` or a mapping.

    stages: instead of parts: a list of `dr.Stage(...)`, foremost first
    finish: surface finish of all parts that do not say otherwise; 'normal paint' where not said
    roughness: equivalent sand roughness, like '20 um', instead of the finish's
    measured: what was weighed without motor, a `dr.Measured`
    notes: anything; sources above all
    Raises `InputError` with the key where the parts do not make a rocket.
    """

    file: ClassVar[Callable[[], Any]] = lambda: RocketFile

    def __init__(
        self, name: str = UNSET, parts: Sequence[PartRecipe | Mapping[str, Any]] = UNSET, *,
        stages: Sequence[Stage | Mapping[str, Any]] = UNSET, finish: str = UNSET,
        roughness: str | float = UNSET, measured: Measured | Mapping[str, Any] = UNSET, notes: str = UNSET,
    ) -> None:  # fmt: skip
        super().__init__(locals())

    def _checked(self, given: Mapping[str, Any]) -> Any:
        self._parts, self._stages = parts_of(given.get("parts")), _stages_of(given.get("stages"))
        self._said = said_of(RocketFile, {k: v for k, v in given.items() if k not in ("parts", "stages")})
        lists = {"parts": self._parts, "stages": self._stages}
        lists = {k: v for k, v in lists.items() if k in given}
        made = validate(RocketFile, {**self._said, **{k: [p.model for p in v] for k, v in lists.items()}}, None)
        self._said |= {k: [p.said for p in v] for k, v in lists.items()}
        try:
            self._value = build_rocket(made, self._said, Path("."))
        except InputError as error:
            raise type(error)(error.message, key=error.key) from None
        return made

    @property
    def value(self) -> rocket.Rocket:
        """The rocket itself (`downrange.rocket.Rocket`), in SI."""
        return self._value

    @property
    def motors(self) -> tuple[tuple[str, Any], ...]:
        """The motors that its tubes were given, each with the name of its tube."""
        return tuple(m for own in (self._parts, self._stages) for p in own for m in p.motors)

    @property
    def parts(self) -> tuple[PartRecipe, ...]:
        """The parts from the nose back; none where it has stages."""
        return self._parts

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages, foremost first; none where it has parts."""
        return self._stages


def _stages_of(given: Any) -> tuple[Stage, ...]:
    """Stages from recipes or mappings."""
    if given is not None and (isinstance(given, str | Mapping) or not isinstance(given, Sequence)):
        raise InputError(f"stages are a list, like [dr.Stage(...), ...]; seen {seen(given, 80)}", key="stages")
    out = []
    for k, s in enumerate(given or ()):
        if not isinstance(s, Stage | Mapping):
            raise InputError(f"{seen(s, 80)} is no stage; write one like dr.Stage(...)", key=f"stages[{k}]")
        try:
            out.append(s if isinstance(s, Stage) else Stage(**s))
        except InputError as error:
            raise type(error)(error.message, key=f"stages[{k}].{error.key}") from None
    return tuple(out)


def _motors_of(given: Any, several: Any, *recipes: Any) -> dict[str, Any]:
    """What a launch says of its motors: what it was given, or what the tubes of the recipes were."""
    own = [m for r in recipes if isinstance(r, Rocket | Stage | PartRecipe) for m in r.motors]
    if own and (given is not None or several is not None):
        raise InputError("the launch has a motor and so has a tube of its rocket; keep one", key="motor")
    if len(own) == 1 and not isinstance(own[0][1], MountedMotor):
        return {"motor": own[0][1]}
    if own:
        for name, motor in own:
            if not name:
                raise InputError(
                    f"the tube with the motor {seen(motor, 80)} needs a name, by which the launch knows it",
                    key="motors",
                )
        said = [m.said if isinstance(m, MountedMotor) else {"motor": plain_data(m)} for _, m in own]
        return {"motors": [{"mount": name, **s} for (name, _), s in zip(own, said, strict=True)]}
    return {k: v for k, v in (("motor", given), ("motors", several)) if v is not None}


class Launch(Frozen):
    """Everything that a flight depends on, as `launch.yaml` says it, checked when it is made.

    rocket: a `dr.Rocket`
    motor: a name like 'Estes C6-5', an .eng, .rse or motor.yaml file, a `dr.Motor` or a `dr.GrainMotor`; left out: the one of the rocket's tube
    motors: instead of motor, a list of `dr.MountedMotor`; left out: those of the rocket's tubes
    site: a `dr.Site`
    weather: a `dr.Weather`; the standard atmosphere without wind where not said
    rail: a `dr.Rail`; 1 m and vertical where not said
    aero, thrust_line, guides, sections, uncertainty, modes, conditions: recipes of those names, or mappings
    controllers: named ones with their settings, like {'type': 'apogee brake', 'target': '1800 m'}; own ones go to `dr.fly`
    rules: rule packs, names or YAML files; left out: chosen by the motor
    time_limit: of a flight (time, like '600 s')
    units: of what is shown, 'metric' or 'us'
    folder: what paths are relative to; the working folder where not said
    trusted: let paths leave the project's folder
    Raises `InputError` with the key, in the words of the file's door.
    """

    def __init__(
        self, rocket: Rocket | Mapping[str, Any], motor: str | Motor | GrainMotor | Mapping[str, Any] | None = None, *,
        site: Site | Mapping[str, Any], motors: Sequence[MountedMotor | Mapping[str, Any]] = UNSET,
        weather: Weather | Mapping[str, Any] = UNSET, rail: Rail | Mapping[str, Any] = UNSET,
        aero: Aero | Mapping[str, Any] = UNSET, thrust_line: ThrustLine | Mapping[str, Any] = UNSET,
        guides: Guides | Mapping[str, Any] = UNSET, sections: Sequence[Section | Mapping[str, Any]] = UNSET,
        uncertainty: Uncertainty | Mapping[str, Any] = UNSET, modes: Modes | Mapping[str, Any] = UNSET,
        conditions: Conditions | Mapping[str, Any] = UNSET, controllers: Sequence[Mapping[str, Any]] = UNSET,
        rules: Sequence[str] = UNSET, time_limit: Given = UNSET,
        name: str = UNSET, notes: str = UNSET, units: str = UNSET, folder: str | Path | None = None, trusted: bool = False,
    ) -> None:  # fmt: skip
        words = {
            k: v
            for k, v in locals().items()
            if k not in ("self", "folder", "trusted", "motor", "motors") and v is not UNSET
        }
        words |= _motors_of(motor, motors, rocket)
        self._begin(plain_data(words), Place.here(folder, trusted), None)

    def _begin(self, said: dict[str, Any], place: Place, project: Project | None) -> None:
        self._said, self._place = said, place
        self._project = project_of(said, place) if project is None else project

    @classmethod
    def _of(cls, said: dict[str, Any], place: Place, project: Project | None = None) -> Launch:
        made = cls.__new__(cls)
        made._begin(said, place, project)
        return made

    @classmethod
    def from_mapping(
        cls, said: Mapping[str, Any], folder: str | Path | None = None, *, trusted: bool = False
    ) -> Launch:
        """A launch from the keys and values of a `launch.yaml` whose rocket and site stand in it.

        said: keys and values of a launch file. trusted: whether paths outside `folder` may be read.
        """
        return cls._of(plain_data(said), Place.here(folder, trusted))

    @classmethod
    def from_project(cls, project: Project) -> Launch:
        """The launch of a project that was opened. Raises `InputError` where flags replaced what its file says."""
        s = project.sources
        if replace(s.overrides, learned=None, flown=(0, ()), notes=(), grains=None) != Overrides():
            raise InputError("this project was opened with flags; load it and say them: dr.load(path).with_({...})")
        said = {**project.data, "rocket": _inner(s.rocket_data, "rocket", s), "site": _inner(s.site_data, "site", s)}
        place = Place(s.path, s.site_path, False, s.folder.trusted, s.rocket_path, as_drawn=s.overrides.learned is None)
        return cls._of(plain_data(said), place, project)

    @property
    def said(self) -> dict[str, Any]:
        """The keys and values as a `launch.yaml` has them, rocket and site in it; a copy."""
        return dict(plain_data(self._said))

    @property
    def project(self) -> Project:
        """The launch as the command line has it: with what is uncertain, and its ground (`downrange.project.Project`)."""
        return self._project

    @property
    def values(self) -> flight.Launch:
        """The launch at the centres of its quantities, in SI (`downrange.flight.Launch`)."""
        return self._project.launch

    @cached_property
    def program(self) -> flight.Program:
        """What is flown: the tables made of `values`."""
        return flight.compile_launch(self.values)

    @property
    def uncertain(self) -> dict[str, Any]:
        """What was said with an uncertainty, by its path."""
        return self._project.uncertain

    def with_(self, changes: Mapping[str, Any]) -> Launch:
        """The launch with other values: `{"fins.span": "60 mm", "rail.elevation": "85 deg", "motor": "Estes B6-4"}`.

        A path begins with a part's name (or its type, where that is the only one without a name), or is that of the file,
        like `rocket.parts[0].length`. None takes what was said away. Raises `NotFoundError` for a path that is not there.

        changes: path in the launch to its new value, as a file says it; None takes away what was said.
        """
        words = dict(changes)
        made = _motors_of(words.get("motor"), words.get("motors"), *words.values())
        words |= {k: None for k in ("motor", "motors") if made and k in self._said} | made
        return Launch._of(changed(self._said, words), self._place)

    def save(self, path: str | Path) -> Path:
        """Write a launch file that the command line reads, rocket and site in it; returns its path.

        Paths of motors, weather and maps are written relative to it. Raises `InputError` where one leaves its project.
        """
        return write_launch(self._said, self._place, Path(path))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Launch) and self.said == other.said and self._place == other._place

    def __hash__(self) -> int:
        return hash((Launch, repr(self.said)))

    def _lines(self) -> list[str]:
        v, s = self.values, self._said
        rail = " at ".join(str(x) for k in ("length", "elevation") if (x := (s.get("rail") or {}).get(k)) is not None)
        weather = s.get("weather") or {}
        wind = weather.get("wind")
        blows = " from ".join(str(wind[k]) for k in ("speed", "from") if k in wind) if isinstance(wind, Mapping) else ""
        site = s["site"]
        where = ", ".join(str(site[k]) for k in ("latitude", "longitude", "elevation") if k in site)
        loaded = v.loaded
        return [
            plain(f"{v.rocket.name} on {' + '.join(m.motor.designation for m in v.motors)}, {loaded.mass * 1e3:.0f} g at lift-off, {v.rocket.length * 1e3:.0f} mm long", 200),
            plain(f"rail {rail or '1 m, vertical'}; wind {blows or ('of ' + str(weather.get('ensemble') or weather.get('profile') or 'none'))}", 200),
            plain(f"site {where}", 200),
        ]  # fmt: skip

    def __repr__(self) -> str:
        first, *rest = self._lines()
        return f"<Launch {first}\n" + "\n".join(f"  {line}" for line in rest) + ">"

    def _repr_html_(self) -> str:
        text = "<br>".join(markup(line) for line in self._lines())
        return f"<div><b>{markup(self.values.rocket.name)}</b><br>{text}<br>{image(self.plot())}</div>"

    def plot(self, path: str | Path | None = None) -> Any:
        """A drawing of the rocket with its centres of gravity and pressure; written to `path` where one is given."""
        from downrange.report.figures import rocket_figure, vehicle_figure

        return written(rocket_figure(self.program) if self.values.simple else vehicle_figure(self.values), path)


def image(figure: Any) -> str:
    """A figure as an HTML image that stands alone."""
    data = io.BytesIO()
    figure.savefig(data, format="svg")
    return f'<img alt="" style="max-width:100%" src="data:image/svg+xml;base64,{base64.b64encode(data.getvalue()).decode()}">'


def written(figure: Any, path: str | Path | None) -> Any:
    """A figure, saved where a path is given (the ending says the format: png, svg, pdf)."""
    if path is not None:
        figure.savefig(path)
    return figure


def load(path: str | Path, *, motor: str | None = None, trusted: bool = False) -> Launch:
    """The launch that a `launch.yaml` describes; the same type as one said in Python.

    path: the file, or a folder with a `launch.yaml`
    motor: another motor, by name or file
    trusted: let its paths leave the project's folder
    Raises `InputError` with file, line and key.
    """
    path = Path(path)
    path = path / "launch.yaml" if path.is_dir() else path
    launch = Launch.from_project(open_project(path, trusted=trusted))
    return launch if motor is None else launch.with_({"motor": motor})


def _inner(data: Any, key: str, sources: Any) -> Any:
    """The mapping of a rocket or a site: from its own file, or out of the launch's."""
    path = sources.rocket_path if key == "rocket" else sources.site_path
    return data.get(key, data) if path == sources.path else data
