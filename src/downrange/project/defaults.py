"""What a project's files do not say and a flight hangs on, with what was taken in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from downrange.dispersion.unsaid import unsaid_of_rocket
from downrange.flight import Launch
from downrange.project.schema import LaunchFile, RocketFile
from downrange.rocket import Altimeter, Recovery, called
from downrange.uncertainty import Quantity
from downrange.units import display

__all__ = ["assumed", "unsaid"]

# Square fins for rounded ones fly 240 m for 332 (the starter); a finish or a canopy's drag coefficient moves height or descent by a tenth.
_MATTERS = ("section", "cd", "material", "deploy")
_WEIGHED = ("nose cone", "body tube", "transition", "trapezoidal fins", "elliptical fins", "freeform fins")


def assumed(file: LaunchFile, rocket: RocketFile, launch: Launch) -> tuple[str, ...]:
    """What was not said and matters, and the value that was taken, in words: `fins: section square`. Of a known altimeter, what its manual
    does not say."""
    out = [] if _finished(rocket) else [f"finish {rocket.finish}"]
    out += _parts(rocket.parts, weighed=rocket.measured.mass is not None)
    for stage in rocket.stages:
        out += _parts(stage.parts, weighed=stage.measured.mass is not None)
    out += _altimeters(launch)
    given = file.rail.model_fields_set
    if "length" not in given:
        out.append("a rail of 1 m")
    if "elevation" not in given:
        out.append("a vertical rail")
    if file.weather.wind is None and file.weather.profile is None and file.weather.ensemble is None:
        out.append("no wind")
    return tuple(out)


_SAID = {
    "interval": ("reads every", "time"), "smoothing": ("smooths over", "time"), "falling_for": ("waits for a fall of", "time"),
    "arms_above": ("arms above", "length"), "lockout_time": ("locks out for", "time"), "lockout_speed": ("does not believe its barometer above", "speed"),
}  # fmt: skip


def _altimeters(launch: Launch) -> Iterator[str]:
    """Of each altimeter what neither the file nor its manual says."""
    fires: dict[Altimeter, list[str]] = {}
    for q in launch.rocket.find(Recovery):
        part = q.part
        if isinstance(part, Recovery) and part.deploy.altimeter is not None:
            fires.setdefault(part.deploy.altimeter, []).append(called(part))
    for unit, names in fires.items():
        taken = ", ".join(f"{_SAID[k][0]} {display(v, _SAID[k][1], 'metric', 3)}" for k, v in unit.assumed.items())
        if taken:
            yield f"{unit.name} of {' and '.join(names)}: {taken}"


def unsaid(file: LaunchFile, rocket: RocketFile, launch: Launch) -> tuple[str, ...]:
    """What a launch hangs on and its files leave out, as keys of `dispersion.PRIORS`: campaigns and bands take their priors."""
    out = [] if _finished(rocket) else ["finish"]
    if any("section" not in p.model_fields_set for p in _every(rocket.parts) if "section" in type(p).model_fields):
        out.append("fin_section")
    out += [k for k in unsaid_of_rocket(launch.rocket) if k != "guides" or launch.guides is None]
    if launch.motor.nozzle_exit_area is None:
        out.append("nozzle_exit")
    if "base_beside_jet" not in file.aero.model_fields_set and not launch.aero.drag_given:
        out.append("base_beside_jet")
    return tuple(out)


def _finished(rocket: RocketFile) -> bool:
    return "finish" in rocket.model_fields_set or rocket.roughness is not None


def _every(parts: list[Any]) -> Iterator[Any]:
    for part in parts:
        yield part
        yield from _every(getattr(part, "parts", []))


def exact_wind(file: LaunchFile) -> str:
    """What to say where the wind's direction is given as if it were known to the degree; empty where it is not."""
    wind = file.weather.wind
    if wind is None or file.weather.profile is not None or file.weather.ensemble is not None:
        return ""
    given = wind.from_direction
    if given is None or given.uncertain or wind.speed is None or float(wind.speed) == 0:
        return ""
    return (
        f"The wind's direction is given as exact ({given.text or 'in Python'}), and nobody knows it so: write it like '{given.text or '270 deg'} ± 20 deg', "
        "or use a forecast's ensemble. An exact direction draws the areas too narrow."
    )


def _parts(parts: list[Any], weighed: bool) -> Iterator[str]:
    for part in parts:
        said = part.model_fields_set
        for key in _MATTERS:
            if key not in said and _counts(part, key, weighed):
                value = part.deploy.event if key == "deploy" else getattr(part, key)
                yield f"{part.name or part.type}: {key} {f'{value.value:g}' if isinstance(value, Quantity) else value}"
        yield from _parts(
            getattr(part, "parts", []),
            weighed or bool(part.mass is not None and getattr(part, "override_children", False)),
        )


def _counts(part: Any, key: str, weighed: bool) -> bool:
    """Whether a key that is not said changes a flight."""
    if key not in type(part).model_fields or getattr(part, key) is None:
        return False
    if key == "cd":
        return getattr(part, "cd_area", None) is None
    return key != "material" or (part.type in _WEIGHED and not weighed and part.mass is None)
