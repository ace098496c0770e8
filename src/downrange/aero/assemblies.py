"""The aerodynamics of pods and boosters: each is a body of its own beside the other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from downrange.aero.drag import DragBuilder, part_drag
from downrange.aero.lift import Lift, part_lift
from downrange.aero.limits import part_notes
from downrange.errors import InputError
from downrange.rocket import Assembly, Placed, Rocket, called


@part_lift.register
def _(part: Assembly, q: Placed, mach: np.ndarray, rocket: Rocket, section_slope: float) -> Lift | None:
    raise InputError(f"the aerodynamics of {called(part)!r} cannot be computed yet", key=q.path)


@part_drag.register
def _(part: Assembly, q: Placed, b: DragBuilder) -> None:
    raise InputError(f"the aerodynamics of {called(part)!r} cannot be computed yet", key=q.path)


@part_notes.register
def _(part: Assembly, q: Placed) -> Iterator[str]:
    return iter(())
