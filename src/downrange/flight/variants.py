"""The same launch with one thing changed: what a number hangs on is found by flying it, and so is what would pass a rule.

Each function takes a `Launch` and gives another; nothing else moves with it. SI and radians.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np

from downrange.atmosphere import Wind
from downrange.errors import InputError
from downrange.flight.launch import Launch
from downrange.flight.recovery import streamer_drag_coefficient
from downrange.rocket import FinSet, MassObject, MassProperties, Measured, Parachute, Part, Recovery, Streamer

Change = Callable[[Part, str], Part]

__all__ = [
    "with_ballast",
    "with_canopies",
    "with_drag",
    "with_fins",
    "with_mass",
    "with_nose_weight",
    "with_rail",
    "with_release",
    "with_thrust",
    "with_wind",
]


def with_mass(launch: Launch, factor: float) -> Launch:
    """Every stage without motors and boosters `factor` times as heavy, its centre of gravity where it was."""
    return _weighed(launch, [{"mass": body.mass * factor} for body in launch.rocket.stage_masses])


def with_nose_weight(launch: Launch, mass: float) -> Launch:
    """Ballast of `mass` kg more, a quarter of the nose behind its tip."""
    body, nose = launch.rocket.stage_masses[0], launch.rocket.placed[0]
    at = nose.front + 0.25 * (nose.aft - nose.front)
    cg = (body.mass * float(body.cg[0]) + mass * at) / (body.mass + mass)
    return _weighed(launch, [{"mass": body.mass + mass, "cg": cg}])


def _weighed(launch: Launch, said: list[dict[str, float]]) -> Launch:
    """The launch with its first stages weighed as said: `mass` (kg) and `cg` (m aft of the stage's front)."""
    rocket = launch.rocket
    if not rocket.staged:
        return replace(launch, rocket=replace(rocket, measured=replace(rocket.measured, **said[0])))
    stages = list(rocket.stages)
    for k, new in enumerate(said):
        stages[k] = replace(stages[k], measured=replace(stages[k].measured, **new))
    return replace(launch, rocket=replace(rocket, parts=tuple(stages)))


def with_ballast(launch: Launch, mass: float, place: float) -> Launch:
    """Ballast of `mass` kg more, a point on the axis `place` m aft of the nose tip.

    A rocket that was weighed weighs that much more, its inertia grown by the parallel-axis theorem; in one that was not it is a
    part among the others, so that its mass stays as uncertain as it was. Raises `InputError` where the place is not in the rocket,
    and for rockets of several stages.
    """
    rocket = launch.rocket
    if rocket.staged:
        raise InputError(
            "ballast in a rocket of stages: give the stage a part of type 'mass' called 'nose weight', and vary 'nose weight.mass'",
            key="ballast",
        )
    hull = next((q for q in rocket.placed if q.depth == 0 and q.front <= place <= q.aft), None)
    if hull is None:
        raise InputError(
            f"ballast at {place * 1e3:.0f} mm is outside the rocket, which ends {rocket.length * 1e3:.0f} mm from the nose tip",
            key="ballast.place",
        )
    if mass <= 0:
        return launch
    body = rocket.without_motor
    if rocket.measured.empty:
        lump = MassObject(name="ballast", mass=mass, position="absolute", offset=place)

        def add(part: Part, _: str) -> Part:
            return replace(part, parts=(*part.parts, lump))

        heavier = replace(rocket, parts=_tree(rocket.parts, "parts", {hull.path}, add))
        if (
            abs(heavier.without_motor.mass - body.mass - mass) < 1e-9 * body.mass
        ):  # not in a part weighed with its contents
            return replace(launch, rocket=heavier)
    return replace(launch, rocket=replace(rocket, measured=_weighed_with(body, mass, place)))


def _weighed_with(body: MassProperties, mass: float, place: float) -> Measured:
    """What scales and a swing test would say of a weighed rocket with ballast in it."""
    total, at = body.mass + mass, float(body.cg[0])
    arm = mass * body.mass / total * (place - at) ** 2
    return Measured(
        mass=total, cg=(body.mass * at + mass * place) / total, pitch_inertia=float(body.inertia[1, 1]) + arm,
        roll_inertia=float(body.inertia[0, 0]),
    )  # fmt: skip


def with_drag(launch: Launch, factor: float) -> Launch:
    """All drag on the way up times `factor`."""
    return replace(launch, aero=replace(launch.aero, drag_factor=launch.aero.drag_factor * factor))


def with_thrust(launch: Launch, factor: float) -> Launch:
    """Thrust of every motor times `factor` at every time."""
    more = tuple(replace(m, motor=m.motor.scaled(impulse=factor)) for m in launch.more_motors)
    return replace(launch, motor=launch.motor.scaled(impulse=factor), more_motors=more)


def with_wind(launch: Launch, factor: float) -> Launch:
    """Wind times `factor` at every height."""
    wind = launch.weather.wind
    stronger = Wind(
        replace(wind.east, y=wind.east.y * factor), replace(wind.north, y=wind.north.y * factor), wind.measured_top, wind.source
    )  # fmt: skip
    return replace(launch, weather=replace(launch.weather, wind=stronger))


def with_rail(launch: Launch, *, length: float | None = None, elevation: float | None = None) -> Launch:
    """Another length (m) or elevation (rad) of the rail."""
    rail = launch.rail
    return replace(
        launch,
        rail=replace(
            rail,
            length=rail.length if length is None else length,
            elevation=rail.elevation if elevation is None else min(elevation, 0.5 * np.pi),
        ),
    )


def with_canopies(launch: Launch, factor: float, paths: tuple[str, ...] | None = None) -> Launch:
    """Canopies and streamers with `factor` times the drag area (all, or those at `paths`); their mass stays."""
    own = {q.path: q for q in launch.rocket.find(Parachute, Streamer)}
    wanted = set(own if paths is None else paths)

    def change(part: Part, path: str) -> Part:
        if path not in wanted:
            return part
        given = getattr(part, "cd_area", None)
        if given is not None:
            return replace(part, cd_area=given * factor)  # type: ignore[call-arg]
        assert isinstance(part, Parachute | Streamer)
        cd = (
            streamer_drag_coefficient(part.length, part.width)
            if isinstance(part, Streamer) and part.cd is None
            else part.cd
        )
        return replace(part, cd=(cd or 0.0) * factor)

    return _changed(launch, wanted, change)


def with_release(launch: Launch, path: str, altitude: float) -> Launch:
    """The recovery device at `path` released at another height above the pad, m."""

    def change(part: Part, _: str) -> Part:
        assert isinstance(part, Recovery)
        return replace(part, deploy=replace(part.deploy, altitude=altitude))

    return _changed(launch, {path}, change)


def with_fins(launch: Launch, *, span: float = 1.0, thickness: float = 1.0) -> Launch:
    """Fins with `span` times the span and `thickness` times the thickness; free-form fins keep their outline."""
    paths = {q.path for q in launch.rocket.find(FinSet)}

    def change(part: Part, path: str) -> Part:
        if not isinstance(part, FinSet):
            return part
        known = {f.name for f in fields(part)}
        new = {"thickness": part.thickness * thickness}
        if "span" in known:
            new["span"] = part.span * span  # type: ignore[attr-defined]
        return replace(part, **new)  # type: ignore[arg-type]

    return _changed(launch, paths, change)


def _changed(launch: Launch, paths: set[str], change: Change) -> Launch:
    """The launch with the parts at `paths` changed; the rocket weighs what it weighed, with its centre of gravity there."""
    if not paths:
        raise InputError("there is no such part to change")
    rocket = launch.rocket
    parts = _tree(rocket.parts, "stages" if rocket.staged else "parts", paths, change)
    kept = [
        replace(s.measured, mass=body.mass, cg=float(body.cg[0]) - rocket.span_of(s.name)[0])
        for s, body in zip(rocket.stages, rocket.stage_masses, strict=True)
    ]
    if rocket.staged:
        weighed = tuple(replace(s, measured=m) for s, m in zip(parts, kept, strict=True))
        return replace(launch, rocket=replace(rocket, parts=weighed))
    return replace(launch, rocket=replace(rocket, parts=parts, measured=kept[0]))


def _tree(parts: tuple[Any, ...], place: str, paths: set[str], change: Change) -> tuple[Any, ...]:
    out = []
    for k, part in enumerate(parts):
        path = f"{place}[{k}]"
        if path in paths:
            part = change(part, path)
        inside = getattr(part, "parts", ())
        if inside and any(p.startswith(f"{path}.") for p in paths):
            part = replace(part, parts=_tree(inside, f"{path}.parts", paths, change))
        out.append(part)
    return tuple(out)
