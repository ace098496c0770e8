"""When a motor is lit and when a stage or a booster leaves: what the user states, checked; the flight finds the moments."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import Literal

from downrange.bounds import Limits, check_fields, spec
from downrange.errors import InputError

__all__ = ["Ignition", "Separation"]

_HEIGHT: Limits = {"above": 0, "high": 2e5, "why": "above the ground, and no more than twice the edge of space"}
_DELAY: Limits = {"low": 0, "high": 3600, "why": "an hour"}
_FAST: Limits = {"above": 0, "high": 1e4, "why": "faster than any rocket of this kind"}


def _needs(value: Separation | Ignition, keys: dict[str, str], what: str) -> None:
    """Refuse an event without the number that it is about, and a number without its event."""
    for key, example in keys.items():
        given = getattr(value, key) is not None
        if value.event == key and not given:
            raise InputError(f"{what} at a {key} needs the {key}, like '{key}: {example}'", key=key)
        if value.event != key and given:
            raise InputError(
                f"a {key} is given, but {what} is at {value.event!r}; write 'event: {key}' or take it out",
                key=key,
            )


@dataclass(frozen=True, kw_only=True)
class Separation:
    """When a stage leaves the one above it, or boosters the body that they stand on."""

    event: Literal["burn-out", "ejection", "ignition", "time", "altitude", "apogee", "launch", "never"] = spec(
        "", "what sets it off: burn-out or ejection charge of its own motors, ignition of the stage above, ..."
    )
    of: str = spec(
        "", "of which stage or boosters, if not as usual: burn-out and ejection its own, ignition the stage above", ""
    )
    delay: float = spec("time", "time after the event", 0.0, **_DELAY)
    time: float | None = spec("time", "from the first ignition, for `time`", None, low=0, high=1e5, why="a day")
    altitude: float | None = spec("length", "height above the pad, for `altitude`", None, **_HEIGHT)
    falling: bool = spec("", "`altitude` is passed on the way down, not up", False)
    impulse: float = spec(
        "impulse", "that a charge or a spring gives along the axis, to each of the two; 0: it parts where drag pulls it", 0.0,
        low=0, high=1e5, why="charges push with a few newton seconds",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check_fields(self)
        _needs(self, {"time": "4 s", "altitude": "500 m"}, "a separation")
        if self.of and self.event not in ("burn-out", "ejection", "ignition"):
            raise InputError(f"'of' names whose burn-out, ejection or ignition; seen with {self.event!r}", key="of")
        if self.falling and self.event != "altitude":
            raise InputError("'falling' belongs to an altitude", key="falling")


@dataclass(frozen=True, kw_only=True)
class Ignition:
    """When a motor is lit, and what must hold then; a motor whose conditions do not hold at that moment is not lit at all."""

    event: Literal["launch", "burn-out", "ejection", "separation", "time", "altitude", "speed", "never"] = spec(
        "", "what lights it", "launch"
    )
    of: str = spec(
        "",
        "whose burn-out, ejection or separation: a stage, boosters or a mount by name; left out: the stage below",
        "",
    )
    delay: float = spec("time", "time after the event", 0.0, **_DELAY)
    time: float | None = spec("time", "from the first ignition, for `time`", None, low=0, high=1e5, why="a day")
    altitude: float | None = spec(
        "length", "height above the pad that it rises through, for `altitude`", None, **_HEIGHT
    )
    speed: float | None = spec("speed", "speed that it falls through as it coasts up, for `speed`", None, **_FAST)
    tilt_below: float | None = spec(
        "angle",
        "lit only where its axis leans less than this from the vertical",
        None,
        above=0,
        high=pi,
        why="half a turn",
    )
    altitude_above: float | None = spec("length", "lit only above this height over the pad", None, **_HEIGHT)
    speed_above: float | None = spec("speed", "lit only while faster than this", None, **_FAST)

    def __post_init__(self) -> None:
        check_fields(self)
        _needs(self, {"time": "4 s", "altitude": "500 m", "speed": "60 m/s"}, "an ignition")
        if self.of and self.event not in ("burn-out", "ejection", "separation"):
            raise InputError(f"'of' names whose burn-out, ejection or separation; seen with {self.event!r}", key="of")

    @property
    def conditional(self) -> bool:
        """Whether it depends on how the rocket flies then."""
        return any(v is not None for v in (self.tilt_below, self.altitude_above, self.speed_above))
