"""What waits for what: every ignition and separation of a launch with whose event it hangs on, checked for what cannot happen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from downrange.errors import InputError, suggest
from downrange.flight.motors import Filled, MountedMotor
from downrange.rocket import Boosters, Ignition, Rocket, Separation

__all__ = ["Step", "coasting_stages", "schedule"]


@dataclass(frozen=True)
class Step:
    """One ignition or separation. `name`: the mount whose motors are lit, or the stage or boosters that leave.

    `index`: of the motor among the launch's `motors`; None for a separation. `of`: the stage, boosters or mount whose event it
    waits for, found where the user left it out; "" where it waits for none. `after` names those steps (by their place in the schedule)
    that must come first.
    """

    kind: Literal["ignition", "separation"]
    name: str
    what: Ignition | Separation
    of: str
    key: str
    index: int | None = None
    after: tuple[int, ...] = ()

    def says(self) -> str:
        """In words, like `the ignition of 'sustainer mount'`."""
        return f"the {self.kind} of {self.name!r}"


def schedule(rocket: Rocket, motors: Sequence[MountedMotor], filled: Sequence[Filled]) -> tuple[Step, ...]:
    """Every ignition (in the order of `motors`), then every separation (from the nose back, boosters last).

    Raises `InputError` where one waits for what cannot happen, where they wait for each other, or where nothing is lit at launch.
    """
    steps = [*_ignitions(rocket, motors, filled), *_separations(rocket)]
    steps = [_linked(s, steps, rocket, filled) for s in steps]
    for k, m in enumerate(motors):
        if m.ejects_casing:
            key = "motor.ejects_casing" if len(motors) == 1 and not m.mount else f"motors[{k}].ejects_casing"
            check_ejection(m, f"the charge of {m.motor.designation} is to throw out its casing", key)
    _check_circles(steps)
    if not any(s.kind == "ignition" and s.what.event in ("launch", "time", "never") for s in steps):
        raise InputError(
            "no motor is lit at launch: give the lowest stage's motor 'ignition: {event: launch}', or leave its ignition out",
            key="motors",
        )
    return tuple(steps)


def coasting_stages(rocket: Rocket, filled: Sequence[Filled]) -> tuple[str, ...]:
    """The stages that have no motor of their own: what leaves or stays without thrust."""
    own = {f.stage for f in filled if not f.separable}
    return tuple(s.name for s in rocket.stages if s.name not in own)


def _ignitions(rocket: Rocket, motors: Sequence[MountedMotor], filled: Sequence[Filled]) -> Iterator[Step]:
    names = [s.name for s in rocket.stages]
    lowest = len(names) - 1  # of those that leave: what stays for good counts with the stage above it
    while lowest and (s := rocket.stages[lowest].separation) is not None and s.event == "never":
        lowest -= 1
    for k, m in enumerate(motors):
        first = next(f for f in filled if f.index == k)
        key = "motor.ignition" if len(motors) == 1 and not m.mount else f"motors[{k}].ignition"
        level = names.index(first.stage)
        if m.ignition is None and level < lowest:
            raise InputError(
                f"the motor {m.motor.designation} is in the stage {first.stage!r}, above {names[level + 1]!r}: say when it is lit, like "
                "'ignition: {event: separation}' or '{event: burn-out, delay: 1 s}'",
                key=key,
            )
        of = m.lit.of
        if m.lit.event in ("burn-out", "ejection", "separation") and not of:
            if level == len(names) - 1:
                raise InputError(
                    f"the ignition at {m.lit.event} needs 'of', a stage, boosters or a mount by name: no stage is below "
                    f"{first.stage!r}",
                    key=f"{key}.of",
                )
            of = names[level + 1]
        yield Step("ignition", first.tube.mount or first.stage, m.lit, of, key, k)


def _separations(rocket: Rocket) -> Iterator[Step]:
    for k, stage in enumerate(rocket.stages):
        if k and stage.separation is not None:
            s = stage.separation
            of = s.of or {"burn-out": stage.name, "ejection": stage.name, "ignition": rocket.stages[k - 1].name}.get(
                s.event, ""
            )
            yield Step("separation", stage.name, s, of, f"rocket.stages[{k}].separation")
    for a in rocket.boosters:
        assert isinstance(a.part, Boosters) and a.part.separation is not None
        s, key = a.part.separation, f"rocket.{a.path}.separation"
        if s.event == "ignition" and not s.of:
            raise InputError(
                f"{a.name}: a separation at ignition needs 'of', the stage or mount that is lit", key=f"{key}.of"
            )
        yield Step("separation", a.name, s, s.of or (a.name if s.event in ("burn-out", "ejection") else ""), key)


def _owned(name: str, filled: Sequence[Filled]) -> list[Filled]:
    """The motors of a stage (without its boosters), of boosters or pods, or of a mount."""
    return [f for f in filled if name in (f.tube.mount, f.assembly) or (name == f.stage and not f.separable)]


def _linked(step: Step, steps: Sequence[Step], rocket: Rocket, filled: Sequence[Filled]) -> Step:
    """The step with what it waits for."""
    if not step.of:
        return step
    what, key = step.what, f"{step.key}.of"
    mounts = {f.tube.mount for f in filled if f.tube.mount}
    names = [*(s.name for s in rocket.stages), *(a.name for a in rocket.attached), *sorted(mounts)]
    if step.of not in names:
        raise InputError(
            f"{step.says()} waits for {step.of!r}{suggest(step.of, names)}; known: {', '.join(names)}", key=key
        )
    if what.event == "separation":
        return _after(step, [k for k, s in enumerate(steps) if s.kind == "separation" and s.name == step.of], steps)
    own = _owned(step.of, filled)
    if not own:
        raise InputError(f"{step.says()} waits for {what.event} of {step.of!r}, which has no motor", key=key)
    if what.event == "ejection":
        for f in own:
            check_ejection(f.mounted, f"{step.says()} waits for the ejection charge of {step.of!r}", key)
    lit = {f.index for f in own}
    return _after(step, [k for k, s in enumerate(steps) if s.index in lit], steps)


def check_ejection(m: MountedMotor, why: str, key: str) -> None:
    """Refuse to wait for the ejection charge of a motor that has none, or whose delay is not known."""
    if m.delay is None and len(m.motor.delays) != 1:
        sold = ", ".join(f"{x:g}" for x in m.motor.delays) or "none"
        raise InputError(
            f"{why}: say which delay, like 'delay: 6 s' ({m.motor.designation} comes with {sold})", key=key
        )


def _after(step: Step, before: list[int], steps: Sequence[Step]) -> Step:
    possible = [k for k in before if steps[k].what.event != "never"]
    if not possible:
        raise InputError(
            f"{step.says()} waits for {step.what.event} of {step.of!r}, which never happens", key=f"{step.key}.of"
        )
    return replace(step, after=tuple(possible))


def _check_circles(steps: Sequence[Step]) -> None:
    """Refuse steps that wait for each other, round about."""
    done: set[int] = set()
    for start in range(len(steps)):
        trail: list[int] = []

        def visit(k: int, trail: list[int] = trail) -> None:
            if k in trail:
                words = " waits for ".join(steps[j].says() for j in [*trail[trail.index(k) :], k])
                raise InputError(f"a circle of events: {words}", key=steps[k].key)
            if k in done:
                return
            trail.append(k)
            for j in steps[k].after:
                visit(j)
            trail.pop()
            done.add(k)

        visit(start)
