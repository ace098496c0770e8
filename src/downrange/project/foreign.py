"""Designs of other programs as projects: the same mapping that a launch file has, and what could not be carried over alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import pi
from pathlib import Path
from typing import Any

from downrange.atmosphere.weather import check_station_pressure
from downrange.errors import InputError, NotFoundError, seen
from downrange.formats.designs import read_design
from downrange.formats.foreign import Conditions, Configuration, Design, ForeignMotor, Note, Simulation
from downrange.project.foreign_motors import UNKNOWN, another_curve, found_motor
from downrange.project.foreign_weight import without_motors
from downrange.project.foreign_words import nested_words, part_words, written

__all__ = ["Foreign", "open_foreign"]

_OF_MOTOR = ("ignition", "burn-out", "ejection")
_EVENTS = {"launch": "launch", "burnout": "burn-out", "ejectioncharge": "ejection", "never": "never"}


@dataclass(frozen=True, eq=False)
class Foreign:
    """A foreign design with one of its configurations and simulations, in our words.

    `rocket`, `site` and `launch` are mappings as project files hold them; `launch` has no motor where the configuration has none.
    """

    path: Path
    design: Design
    configuration: Configuration | None
    simulation: Simulation | None

    @cached_property
    def _built(self) -> tuple[dict[str, Any], list[Note]]:
        notes: list[Note] = []
        return _launch(_as_flown(self, notes), notes), notes

    @property
    def rocket(self) -> dict[str, Any]:
        """What a rocket.yaml says."""
        return dict(self.launch["rocket"])

    @property
    def launch(self) -> dict[str, Any]:
        """What a launch.yaml says, the rocket and the site in it."""
        return self._built[0]

    @property
    def site(self) -> dict[str, Any]:
        """What a site.yaml says."""
        return dict(self.launch["site"])

    @property
    def has_motor(self) -> bool:
        """Whether there is a motor to fly on."""
        return "motor" in self.launch or "motors" in self.launch

    @property
    def unknown_motors(self) -> str:
        """Which motors of this configuration nobody here knows, the nearest that are known, and what to do; empty where all are known."""
        unknown = [n.text for n in self.notes if UNKNOWN in n.text]
        if not unknown:
            return ""
        return f"{'. '.join(unknown)}. Lay its .eng or .rse file beside the design, or say another motor with --motor"

    def launch_on(self, motor: str | None) -> dict[str, Any]:
        """The launch; where the design has no motor, with the one that is asked for. Raises `InputError` without any."""
        if motor is not None and not self.has_motor:
            return {**self.launch, "motor": motor}
        if not self.has_motor:
            raise InputError(
                "there is no motor in this configuration; say one, like --motor 'Estes C6-5'" + self._others(),
                file=str(self.path),
            )
        return self.launch

    def _others(self) -> str:
        with_motors = [f"{k + 1}: {c.name}" for k, c in enumerate(self.design.configurations) if c.motors]
        return f", or a --configuration with motors: {'; '.join(with_motors[:6])}" if with_motors else ""

    @property
    def notes(self) -> tuple[Note, ...]:
        """All lines of the report: of the file, and of this configuration and simulation."""
        return (*self.design.notes, *self._built[1])

    @property
    def said(self) -> tuple[str, ...]:
        """The lines that may change a number, for the warnings of a flight."""
        return tuple(f"{n}." for n in self.notes if n.kind == "approximated")


def open_foreign(path: str | Path, configuration: str | None = None) -> Foreign:
    """Read a foreign design, with the configuration that is asked for (else the default one) and its first simulation.

    Raises `InputError` for what cannot be read, `NotFoundError` for a configuration that is not there.
    """
    path = Path(path)
    design = read_design(path)
    chosen = design.chosen(configuration)
    if configuration is not None and chosen is None:
        names = "; ".join(f"{k + 1}: {c.name}" for k, c in enumerate(design.configurations[:12]))
        raise NotFoundError(
            f"no configuration {seen(configuration, 60)}; there are {names or 'none'}",
            file=str(path),
            key="--configuration",
        )
    return Foreign(path, design, chosen, _simulation(design, chosen, configuration))


def _simulation(design: Design, chosen: Configuration | None, asked: str | None) -> Simulation | None:
    """The simulation of that name, else the first of the configuration, else the first."""
    named = [s for s in design.simulations if asked is not None and s.name.lower() == asked.strip().lower()]
    own = [s for s in design.simulations if chosen is not None and s.configuration == chosen.id]
    return next(iter([*named, *own, *design.simulations]), None)


def _as_flown(f: Foreign, notes: list[Note]) -> Foreign:
    """The design of the stages that fly in this configuration, foremost first; the others stay on the ground."""
    config, stages = f.configuration, f.design.stages
    idle = [k for k in range(len(stages)) if config is not None and k in config.inactive]
    if config is None or not idle or len(idle) == len(stages):
        return f
    names = ", ".join(stages[k].name for k in idle)
    if any(p["type"] == "boosters" for p in f.design.parts()):
        told = f"{names} or boosters do not fly in this configuration; with us the whole rocket does: stages and boosters are numbered together there"
        notes.append(Note("approximated", config.name, told))
        return f
    flying = [k for k in range(len(stages)) if k not in idle]
    if flying[-1] - flying[0] >= len(flying):
        notes.append(
            Note(
                "approximated",
                config.name,
                f"{names}, between others, does not fly: those before and behind are joined",
            )
        )
    else:
        notes.append(Note("chosen", config.name, f"which stages fly: all but {names}, as there"))
    at = {k: i for i, k in enumerate(flying)}
    motors = tuple(replace(m, stage=at[m.stage]) for m in config.motors if m.stage in at)
    loaded = tuple((at[k], mass, cg) for k, mass, cg in config.loaded if k in at)
    design = replace(f.design, stages=tuple(stages[k] for k in flying))
    return replace(f, design=design, configuration=replace(config, motors=motors, loaded=loaded, inactive=frozenset()))


# ---- the rocket ---------------------------------------------------------------------------------------------------


def _rocket(f: Foreign, notes: list[Note]) -> dict[str, Any]:
    design, configuration = f.design, "" if f.configuration is None else f.configuration.id
    weighed = {} if f.configuration is None else without_motors(f.design, f.configuration, f.path.parent)
    out: dict[str, Any] = {"name": design.name, "roughness": written(design.roughness, "length")}
    words = [f"from {_article(design.program)} {design.program} file", design.comment]
    out["notes"] = "\n".join(t for t in words if t)[:5000]
    if len(design.stages) == 1:
        stage = design.stages[0]
        if measured := _measured(*weighed.get(0, (stage.mass, stage.cg))):
            out["measured"] = measured
        out["parts"] = [part_words(p, configuration) for p in stage.parts]
        return out
    out["stages"] = []
    names = _unique([s.name for s in design.stages])
    for k, stage in enumerate(design.stages):
        said: dict[str, Any] = {"name": names[k]}
        if k > 0:
            leaves = stage.separation.get(configuration, stage.separation.get("", {"event": "ejection"}))
            lit = {m.stage for m in f.configuration.motors} if f.configuration else set()
            if leaves["event"] in _OF_MOTOR and k - (leaves["event"] == "ignition") not in lit:
                notes.append(
                    Note(
                        "approximated",
                        stage.name,
                        f"it leaves at {leaves['event']} of a stage without a motor: never, then",
                    )
                )
                leaves = {"event": "never"}
            said["separation"] = nested_words("separation", leaves)
        if measured := _measured(*weighed.get(k, (stage.mass, stage.cg))):
            said["measured"] = measured
        said["parts"] = [part_words(p, configuration) for p in stage.parts]
        lit = {m.stage for m in f.configuration.motors} if f.configuration else set()
        if lit and k not in lit:
            _without_a_charge(said["parts"], notes)
        out["stages"].append(said)
    return out


def _without_a_charge(parts: list[dict[str, Any]], notes: list[Note]) -> None:
    """Canopies of a stage without a motor that wait for its ejection charge: never, then, as there."""
    for part in parts:
        if part.get("deploy", {}).get("event") == "ejection":
            part["deploy"] = {"event": "never"}
            place = part.get("name", part["type"])
            notes.append(
                Note("approximated", place, "it opens at the ejection charge of a stage without a motor: never, then")
            )
        if part["type"] != "boosters":
            _without_a_charge(part.get("parts", []), notes)


def _article(word: str) -> str:
    return "an" if word[:1].lower() in "aeiou" else "a"


def _measured(mass: float | None, cg: float | None) -> dict[str, Any]:
    out = {}
    if mass is not None:
        out["mass"] = written(mass, "mass")
    if cg is not None:
        out["cg"] = written(cg, "length")
    return out


def _unique(names: list[str]) -> list[str]:
    out: list[str] = []
    for name in names:
        tried, k = name or "stage", 2
        while tried in out:
            tried, k = f"{name or 'stage'} {k}", k + 1
        out.append(tried)
    return out


# ---- the launch ---------------------------------------------------------------------------------------------------


def _launch(f: Foreign, notes: list[Note]) -> dict[str, Any]:
    conditions = f.simulation.conditions if f.simulation else Conditions()
    if f.simulation is None:
        notes.append(
            Note("chosen", "", "there is no simulation in the file: a rod of 1 m, upright, in calm standard air at sea level, 28.61° N 80.6° W, as OpenRocket begins")
        )  # fmt: skip
    out: dict[str, Any] = {
        "name": f.simulation.name if f.simulation else f.design.name, "rocket": _rocket(f, notes), "site": _site(conditions),
        "rail": _rail(conditions), "weather": _weather(conditions, notes),
    }  # fmt: skip
    out |= _motors(f, notes)
    return out


def _site(c: Conditions) -> dict[str, Any]:
    return {
        "name": "launch site", "latitude": written(c.latitude if c.latitude is not None else 28.61 * pi / 180, "angle"),
        "longitude": written(c.longitude if c.longitude is not None else -80.6 * pi / 180, "angle"),
        "elevation": written(c.elevation or 0.0, "length"),
    }  # fmt: skip


def _rail(c: Conditions) -> dict[str, Any]:
    return {
        "length": written(c.rod_length if c.rod_length is not None else 1.0, "length"),
        "elevation": written(c.rod_elevation if c.rod_elevation is not None else pi / 2, "angle"),
        "azimuth": written(c.rod_azimuth or 0.0, "angle"),
    }


def _weather(c: Conditions, notes: list[Note]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if c.temperature is not None:
        out["temperature"] = written(c.temperature, "temperature")
    if c.pressure is not None:
        try:
            check_station_pressure(c.pressure, c.elevation or 0.0)
            out["pressure"] = written(c.pressure, "pressure")
        except InputError as error:
            notes.append(
                Note(
                    "approximated", "conditions", f"{error.message.split(':')[0]}: it is left out, and that is flown in"
                )
            )
    levels = [w for w in c.winds if w[0] is not None]
    if levels:
        unique = {w[0]: w for w in levels}
        out["wind"] = {"layers": [{"height": written(h or 0.0, "length"), "speed": written(s, "speed"), "from": written(d, "angle")} for h, s, d, _ in unique.values()]}  # fmt: skip
    elif c.winds and c.winds[0][1] > 0:
        _, speed, direction, spread = c.winds[0]
        text = written(speed, "speed") + (f" ± {spread:.12g} m/s" if spread > 0 else "")
        out["wind"] = {"speed": text, "from": written(direction, "angle"), "exponent": 0}
    return out


def _motors(f: Foreign, notes: list[Note]) -> dict[str, Any]:
    """`motor` of a launch with one, `motors` of one with several."""
    config = f.configuration
    given = [m for m in config.motors if m.stage not in config.inactive] if config else []
    said = [_motor(m, f.path.parent, notes) for m in given]
    _check_impulse(f, dict(zip((m.mount for m in given), said, strict=True)), notes)
    simple = len(f.design.stages) == 1 and not any(
        "cluster" in p or p["type"] in ("pods", "boosters") for p in f.design.parts()
    )
    if len(said) == 1 and simple and sum(bool(p.get("motor_mount")) for p in f.design.parts()) == 1:
        return {"motor": said[0]}
    if not said:
        return {}
    out = []
    for m, motor in zip(given, said, strict=True):
        entry: dict[str, Any] = {"mount": m.mount, "motor": motor}
        if (lit := _ignition(m, f.design)) is not None:
            entry["ignition"] = lit
        out.append(entry)
    return {"motors": out}


def _check_impulse(f: Foreign, motors: dict[str, dict[str, Any]], notes: list[Note]) -> None:
    """Tell where the stored flight of this configuration had another thrust than the motors found for it."""
    sim = f.simulation
    own = sim is not None and f.configuration is not None and sim.configuration == f.configuration.id and sim.current
    if not own or sim is None or sim.stored is None or any("file" in m for m in motors.values()):
        return
    names = {mount: m["name"] for mount, m in motors.items()}
    if told := another_curve(f.design, names, sim.stored.state.get("impulse_n_s", 0.0)):
        notes.append(Note("approximated", f.configuration.name if f.configuration else "", told))


def _ignition(m: ForeignMotor, design: Design) -> dict[str, Any] | None:
    """When a motor is lit; None where that is our rule too: at launch, in the lowest stage."""
    lowest = m.stage == len(design.stages) - 1
    event = _EVENTS.get(m.event)
    if m.event == "automatic":
        event = "launch" if lowest else "burn-out"
    if event in (None, "launch") and lowest and not m.event_delay:
        return None
    out: dict[str, Any] = {"event": event or "launch"}
    if m.event_delay:
        out["delay"] = written(m.event_delay, "time")
    return out


def _motor(m: ForeignMotor, folder: Path, notes: list[Note]) -> dict[str, Any]:
    motor, told = found_motor(m, folder)
    if told:
        notes.append(Note("approximated", m.mount, told))
    out: dict[str, Any] = dict(motor) if isinstance(motor, dict) else {"name": motor}
    if m.plugged and "file" not in out:
        out["name"] += "-P"
    elif m.delay is not None:
        out["delay"] = written(m.delay, "time")
    if m.nozzle_exit:
        out["nozzle_exit_diameter"] = written(m.nozzle_exit, "length")
    return out
