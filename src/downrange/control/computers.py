"""Altimeters at work: what `rocket.Altimeter` says of a unit, flown by what its sensors read, firing drogue and main."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from downrange.constants import STANDARD_GRAVITY
from downrange.control.actuators import Event
from downrange.control.controller import Controller, Now
from downrange.control.worked import altimeter_m
from downrange.errors import InputError
from downrange.flight import Launch, Program
from downrange.rocket import Altimeter, Recovery
from downrange.tracking import Accelerometer, Barometer, SensorSuite

__all__ = ["FlightComputer"]

_LIFTOFF = 3.0 * STANDARD_GRAVITY  # felt along the axis; as the Raven has it
_CALM = 1.0  # s; a lock by speed ends when it has risen slowly for so long: spikes pass through slow speeds faster. Judgement


class FlightComputer(Controller):
    """An altimeter that detects apogee by its sensors and fires recovery devices: at apogee, and at heights on the way down.

    altimeter: a known unit by its name, or how yours works (`dr.Altimeter`)
    apogee: names of the devices that it fires at apogee
    heights: names of those that it fires below a height over the pad as it shows it, m; only after apogee
    barometer, accelerometer: with their errors, and the port's near Mach 1; read as often as the altimeter does
    A device waits its own `delay` more, and never opens by what its file plans. Raises `InputError` for an unknown unit.
    """

    until = "landing"

    def __init__(
        self, altimeter: Altimeter | str, *, apogee: Sequence[str] = (), heights: dict[str, float] | None = None,
        barometer: Barometer | None = None, accelerometer: Accelerometer | None = None, before_s: float = 1.0,
    ) -> None:  # fmt: skip
        said = Altimeter(unit=altimeter) if isinstance(altimeter, str) else altimeter
        if not isinstance(said, Altimeter):
            raise InputError("an altimeter is a unit's name or its settings, like 'RRC3'", key="altimeter")
        self.altimeter, self._at, self.before_s = said, said.settled, before_s
        self.name = said.name
        self.apogee, self.heights = tuple(apogee), dict(heights or {})
        if not self.apogee and not self.heights:
            raise InputError(
                "the altimeter fires nothing: name the devices that it fires at apogee or at a height", key="apogee"
            )
        assert self._at.interval is not None
        self.rate_hz = 1.0 / self._at.interval
        felt = accelerometer if accelerometer is not None else Accelerometer(rate_hz=self.rate_hz)
        self.sensors = SensorSuite(
            barometer if barometer is not None else Barometer(rate_hz=self.rate_hz),
            felt if self._at.detects == "accelerometer" else None, None,
        )  # fmt: skip
        self.actuators: dict[str, Any] = {n: Event(n, alone=True) for n in (*self.apogee, *self.heights)}
        self.begin(1)

    @classmethod
    def of(cls, launch: Launch | Program, **more: Any) -> tuple[FlightComputer, ...]:
        """One for each altimeter that the recovery devices of a launch say (`deploy.altimeter`). Raises `InputError` where none does.

        launch: what is flown. more: sensors, as the class has them.
        """
        found: dict[Altimeter, tuple[list[str], dict[str, float]]] = {}
        values = launch.launch if isinstance(launch, Program) else launch
        for q in values.rocket.find(Recovery):
            part = q.part
            assert isinstance(part, Recovery)
            if (unit := part.deploy.altimeter) is not None:
                first, heights = found.setdefault(unit, ([], {}))
                name = part.name or type(part).__name__.lower()
                if part.deploy.event == "apogee":
                    first.append(name)
                else:
                    heights[name] = part.deploy.altitude or 0.0
        if not found:
            raise InputError(
                "no recovery device says which altimeter fires it: give 'deploy: {event: apogee, altimeter: RRC3}'",
                key="rocket.parts",
            )
        return tuple(cls(unit, apogee=first, heights=heights, **more) for unit, (first, heights) in found.items())

    def begin(self, flights: int) -> None:
        """Forget the last flight.

        flights: one.
        """
        self.height, self.speed = 0.0, 0.0  # smoothed, over the pad, m, and its rate, m/s
        self.apogee_time, self.armed_time = math.nan, math.nan
        self._pad, self._seen, self._time = 0.0, 0, math.nan
        self._highest, self._highest_at, self._reckoned = -math.inf, math.nan, 0.0
        self._fired: set[str] = set()
        self._lifted, self._too_fast, self._calm = False, False, 0.0

    def step(self, now: Now) -> dict[str, str]:
        """What to fire at this moment."""
        step = 0.0 if math.isnan(self._time) else now.time_s - self._time
        if "accelerometer" in now.fresh and now.acceleration_m_s2 is not None:
            self._feel(now.acceleration_m_s2[0], step)
        if "barometer" in now.fresh and now.pressure_pa is not None:
            self._breathe(altimeter_m(now.pressure_pa), now.time_s, step)
        self._time = now.time_s
        if math.isnan(self.armed_time):
            return {}
        if math.isnan(self.apogee_time) and self._over(now.time_s):
            self.apogee_time = now.time_s
        if math.isnan(self.apogee_time):
            return {}
        due = [*self.apogee, *(name for name, at in self.heights.items() if self.height < at)]
        new = [name for name in due if name not in self._fired]
        self._fired.update(new)
        return dict.fromkeys(new, "fire")

    def _feel(self, felt: float, step: float) -> None:
        """Reckon the upward speed from what is felt along the axis."""
        self._lifted = self._lifted or felt > _LIFTOFF
        if self._lifted:
            self._reckoned += (felt - STANDARD_GRAVITY) * step

    def _breathe(self, shown: float, time: float, step: float) -> None:
        """Take a new height: smooth it, and see how fast it changes."""
        if time < 0 or self._seen == 0:
            self._seen += 1
            self._pad += (shown - self._pad) / self._seen
            return
        smoothing = self._at.smoothing or 0.0
        change = (shown - self._pad - self.height) * step / (smoothing + step) if step > 0 else 0.0
        self.height += change
        self.speed = change / step if step > 0 else 0.0
        self._race(self._at.lockout_speed or math.inf, step)
        if math.isnan(self.armed_time) and self.height >= (self._at.arms_above or 0.0):
            self.armed_time = time
        if self._locked(time) or self.height > self._highest:
            self._highest, self._highest_at = self.height, time

    def _race(self, limit: float, step: float) -> None:
        """Lock above a speed, until it has risen slower than that for a while."""
        self._calm = self._calm + step if 0.0 <= self.speed <= limit else 0.0
        self._too_fast = self.speed > limit or (self._too_fast and self._calm < _CALM)

    def _locked(self, time: float) -> bool:
        """Whether the barometer is not believed now."""
        a = self._at
        return math.isnan(self.armed_time) or time < self.armed_time + (a.lockout_time or 0.0) or self._too_fast

    def _over(self, time: float) -> bool:
        """Whether apogee is behind it."""
        if self._at.detects == "accelerometer":
            return self._lifted and self._reckoned <= 0.0
        return self.height < self._highest and time - self._highest_at >= max(self._at.falling_for or 0.0, 1e-9)
