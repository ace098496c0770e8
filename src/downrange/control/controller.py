"""What flies a rocket: a Python object with a rate, which is given sensors' readings and commands actuators."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

from downrange.control.actuators import Actuator, AirBrakes, Event
from downrange.errors import InputError, seen, suggest
from downrange.tracking import SensorSuite

__all__ = ["Controller", "Fault", "Now", "adopted", "checked_commands"]

ORDERS = ("fire", "arm", "inhibit")
_SETTINGS = ("rate_hz", "sensors", "actuators", "until", "before_s", "on_fault", "vectorised", "name")


class Fault(Exception):
    """A controller did not answer as it must: what is wrong, in plain words. `over`: it will not answer again."""

    def __init__(self, text: str, over: bool = False) -> None:
        super().__init__(text)
        self.text, self.over = text, over


class Now:
    """What a flight computer knows at one moment: the last reading of each sensor, None before its first and where it has none.

    `time_s` counts from ignition, below zero on the pad before. `fresh` names the sensors that have a new reading. Vectors are three
    numbers; for a vectorised controller each number is an array over the flights, and `flying` says which still fly.
    Body axes, x out of the nose: `acceleration_m_s2` is what is felt (1 g at rest), `rate_rad_s`, `field_t`. `pressure_pa`.
    By satellite: `latitude_deg`, `longitude_deg`, `altitude_m` above sea level, `velocity_enu_m_s`.
    """

    __slots__ = (
        "acceleration_m_s2", "altitude_m", "field_t", "flying", "fresh", "latitude_deg", "longitude_deg", "pressure_pa", "rate_rad_s",
        "time_s", "velocity_enu_m_s",
    )  # fmt: skip
    READINGS = {
        "barometer": ("pressure_pa",), "accelerometer": ("acceleration_m_s2",), "gyroscope": ("rate_rad_s",),
        "magnetometer": ("field_t",), "gnss": ("latitude_deg", "longitude_deg", "altitude_m", "velocity_enu_m_s"),
    }  # fmt: skip
    """What each sensor says, by its name."""

    def __init__(self) -> None:
        self.time_s: Any = 0.0
        self.pressure_pa: Any = None
        self.acceleration_m_s2: Any = None
        self.rate_rad_s: Any = None
        self.field_t: Any = None
        self.latitude_deg: Any = None
        self.longitude_deg: Any = None
        self.altitude_m: Any = None
        self.velocity_enu_m_s: Any = None
        self.fresh: set[str] = set()
        self.flying: Any = True

    def readings(self) -> dict[str, Any]:
        """The last reading of every sensor by its name here, those that there are."""
        names = (n for several in self.READINGS.values() for n in several)
        return {n: v for n in names if (v := getattr(self, n)) is not None}


class Controller:
    """What flies a rocket; yours has a `step`, and what of the rest it wants otherwise.

    rate_hz: how often it is asked
    sensors: what it reads (`dr.SensorSuite`); perfect ones where it does not say
    actuators: what it commands, by the names that its commands have
    until: it is asked until `apogee` or `landing`; where not said until apogee, or to the ground where it has events to fire
    before_s: for how long it is asked on the pad before ignition, s
    on_fault: what happens where it fails: `hold` the last commands and fly on, or `stop` the flight there
    vectorised: whether it takes many flights at once, as arrays
    """

    name: str = ""
    rate_hz: float = 100.0
    sensors: SensorSuite = SensorSuite()
    actuators: Mapping[str, Actuator | Event] = {"brakes": AirBrakes()}
    until: Literal["apogee", "landing"] | None = None
    before_s: float = 1.0
    on_fault: Literal["hold", "stop"] = "hold"
    vectorised: bool = False

    def begin(self, flights: int) -> None:
        """Before a flight: forget the last one. `flights` are one, or how many a vectorised controller is given at once.

        flights: how many.
        """

    def step(self, now: Now) -> Mapping[str, Any] | None:
        """The commands at this moment by the names of `actuators`; what is left out stays as it was.

        now: what it knows.
        """
        raise NotImplementedError

    def end(self) -> None:
        """After a flight."""


class Adopted:
    """A controller as it was given, with its settings looked over."""

    def __init__(self, given: Any) -> None:
        if not callable(getattr(given, "step", None)) or isinstance(given, type):
            what = "a class: give an object, like Brakes()" if isinstance(given, type) else "without a step(now)"
            raise InputError(
                f"{seen(given, 60)} is no controller, {what}; derive it from dr.Controller", key="controllers"
            )
        self.given = given
        at = {name: getattr(given, name, getattr(Controller, name)) for name in _SETTINGS}
        self.name = str(at["name"] or type(given).__name__)
        self.rate_hz, self.before_s = self._number(at, "rate_hz"), self._number(at, "before_s")
        if not 0 < self.rate_hz <= 10_000:
            raise self._wrong("rate_hz", "how often it is asked a second, up to 10000", self.rate_hz)
        if not 0 <= self.before_s <= 3600:
            raise self._wrong("before_s", "seconds on the pad before ignition, up to 3600", self.before_s)
        self.sensors, self.actuators, self.vectorised = at["sensors"], at["actuators"], bool(at["vectorised"])
        if not isinstance(self.sensors, SensorSuite):
            raise self._wrong("sensors", "a dr.SensorSuite", self.sensors)
        if not isinstance(self.actuators, Mapping):
            raise self._wrong(
                "actuators", "a mapping of names to what they move, like {'brakes': dr.AirBrakes()}", self.actuators
            )
        for name, a in self.actuators.items():
            if not isinstance(name, str) or not isinstance(a, Actuator | Event):
                raise self._wrong(f"actuators[{name!r}]", "dr.AirBrakes, RollFins, ColdGas, ThrustVector or Event", a)
        self.on_fault = self._choice(at, "on_fault", "hold", "stop")
        events = any(isinstance(a, Event) for a in self.actuators.values())
        if at["until"] is None:
            at["until"] = "landing" if events else "apogee"
        self.until = self._choice(at, "until", "apogee", "landing")

    def _wrong(self, name: str, right: str, value: object) -> InputError:
        return InputError(f"{name} of the controller {self.name!r} is {right}; seen {seen(value, 80)}", key=name)

    def _number(self, at: Mapping[str, Any], name: str) -> float:
        value = at[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._wrong(name, "a number", value)
        return float(value)

    def _choice(self, at: Mapping[str, Any], name: str, *allowed: str) -> str:
        if at[name] not in allowed:
            raise self._wrong(name, " or ".join(repr(a) for a in allowed), at[name])
        return str(at[name])

    def begin(self, flights: int) -> None:
        """Before a flight."""
        begin = getattr(self.given, "begin", None)
        if begin is not None:
            begin(flights)

    def end(self) -> None:
        """After a flight."""
        end = getattr(self.given, "end", None)
        if end is not None:
            end()

    def ask(self, now: Now) -> Mapping[str, Any]:
        """Its commands. Raises `Fault` where it raises, or where what it says is no mapping.

        now: what it knows.
        """
        try:
            said = self.given.step(now)
        except Fault:
            raise
        except Exception as error:
            raise Fault(f"it raised {type(error).__name__}: {seen(str(error), 120)}") from error
        if said is None:
            return {}
        if type(said) is not dict and not isinstance(said, Mapping):
            raise Fault(f"it answered {seen(said, 80)}; commands are a mapping, like {{'brakes': 0.5}}")
        return said


def adopted(controllers: Any) -> tuple[Adopted, ...]:
    """Controllers as they were given, looked over. Raises `InputError` with what is wrong with them.

    controllers: one after another.
    """
    if isinstance(controllers, str | bytes | Mapping) or not hasattr(controllers, "__iter__"):
        raise InputError(
            f"controllers are a list, like controllers=[Brakes()]; seen {seen(controllers, 60)}", key="controllers"
        )
    out = tuple(Adopted(c) for c in controllers)
    if len({id(c.given) for c in out}) < len(out):
        raise InputError("the same controller is given twice; make two of them", key="controllers")
    names = [n for c in out for n in c.actuators]
    for n in names:
        if names.count(n) > 1:
            raise InputError(f"two controllers command {n!r}; give their actuators different names", key="controllers")
    return out


def checked_commands(said: Mapping[str, Any], actuators: Mapping[str, Actuator | Event]) -> dict[str, float | str]:
    """The commands of one flight, looked over: numbers for what moves, orders for events. Raises `Fault` with what is wrong.

    said: commands by name. actuators: what there is to command.
    """
    out: dict[str, float | str] = {}
    for name, value in said.items():
        what = actuators.get(name)
        if what is None:
            raise Fault(f"it commands {seen(name, 40)}{suggest(str(name), actuators)}; it has {', '.join(actuators)}")
        if isinstance(what, Event):
            if value is None:
                continue
            if value not in ORDERS:
                raise Fault(f"it orders {seen(value, 40)} of {name!r}; orders are fire, arm, inhibit")
            out[name] = str(value)
            continue
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise Fault(f"it commands {seen(value, 60)} of {name!r}; a command is one number") from None
        if not math.isfinite(number):
            raise Fault(f"it commands {number} of {name!r}; a command is a finite number")
        out[name] = number
    return out
