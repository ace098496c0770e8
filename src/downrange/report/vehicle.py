"""What the terminal shows of a vehicle of stages, boosters and clusters: each configuration that flies, and what happens when."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from downrange.flight import Launch, Step
from downrange.flight.configurations import Configuration
from downrange.report.layout import plain_table
from downrange.report.terminal import panel
from downrange.rocket import Ignition
from downrange.units import display

__all__ = ["step_words", "vehicle_view", "vehicle_warnings"]


def step_words(step: Step) -> str:
    """One ignition or separation in words: `burn-out of booster + 0.2 s`."""
    w = step.what
    of = f" of {step.of}" if step.of else ""
    where = {"time": f"{w.time or 0:g} s after launch", "altitude": f"{w.altitude or 0:g} m above the pad"}
    if isinstance(w, Ignition):
        where["speed"] = f"slowing to {w.speed or 0:g} m/s"
    elif w.falling:
        where["altitude"] += " on the way down"
    words = where.get(w.event, w.event + of)
    if w.delay:
        words += f" + {w.delay:g} s"
    if isinstance(w, Ignition):
        if w.tilt_below is not None:
            words += f", if it leans less than {np.degrees(w.tilt_below):g}°"
        if w.altitude_above is not None:
            words += f", if above {w.altitude_above:g} m"
        if w.speed_above is not None:
            words += f", if faster than {w.speed_above:g} m/s"
    return words


def vehicle_warnings(launch: Launch, made: Sequence[Configuration]) -> tuple[str, ...]:
    """What to know of a vehicle's configurations before it flies."""
    from downrange.flight.schedule import coasting_stages

    out = []
    for k, c in enumerate(made):
        if c.dropped:
            continue
        margin, ratio = c.least_margin, c.thrust_to_weight
        if not margin >= 1:
            said = (
                "cannot be told"
                if not np.isfinite(margin)
                else f"is {margin:.2f} calibres" + (": it is unstable" if margin < 0 else "")
            )
            out.append(
                f"{c.name}: the static margin {said}; one calibre is the rule. More fin behind, or more mass in front."
            )
        if ratio is not None and ratio < (5 if k == 0 else 1.5):
            rule = "five is the rule on the pad" if k == 0 else "with less than 1.5 it slows and turns over"
            out.append(
                f"{c.name}: thrust is {ratio:.1f} times the weight; {rule}. Take a stronger motor, or less mass."
            )
    for stage in coasting_stages(launch.rocket, launch.filled):
        out.append(f"The stage {stage} has no motor: it coasts on from when it is alone.")
    return tuple(out)


def vehicle_view(launch: Launch, made: Sequence[Configuration], units: str = "metric") -> RenderableType:
    """What `check` answers of a vehicle: mass, balance and thrust of each configuration, what happens when, and what to know."""

    def u(value: float, kind: str) -> str:
        return display(value, kind, units) if np.isfinite(value) else "-"

    table = plain_table("configuration", "mass", "CG", "CP", "margin (cal)", "Barrowman", "spent", "T/W")
    for c in made:
        name = f"{c.name}, dropped" if c.dropped else c.name
        margins = (c.margin(c.begins), c.barrowman_margin, c.margin(c.ends))
        ratio = "-" if c.thrust_to_weight is None else f"{c.thrust_to_weight:.1f}"
        numbers = (f"{m:.2f}" if np.isfinite(m) else "-" for m in margins)
        table.add_row(
            name, u(c.begins.mass, "mass"), u(float(c.begins.cg[0]), "size"), u(c.cp, "size"), *numbers, ratio
        )
    events = plain_table("event", "when", words=(1,))
    for s in launch.schedule:
        events.add_row(f"{s.name}: {s.kind}", step_words(s))
    warnings = vehicle_warnings(launch, made)
    notes = [Text(f"· {w}") for w in warnings]
    how = Text(
        "CG and CP are from each configuration's own front; margins at Mach 0.3, with its motors loaded and spent. "
        "Barrowman's method leaves out that fins ahead take lift from fins behind.", style="dim",
    )  # fmt: skip
    motors = " + ".join(m.motor.designation for m in launch.motors)
    return panel(
        [table, Text(""), events, Text(""), *notes, *([Text("")] if notes else []), how],
        f"{launch.rocket.name} on {motors}",
    )
