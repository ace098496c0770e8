"""A controller in another process or on another computer, reached over a link; and the record of all that was said, played again."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TextIO

from downrange.control.actuators import Actuator, AirBrakes, Event
from downrange.control.controller import Controller, Fault, Now
from downrange.control.links import Link, open_link
from downrange.control.protocol import VERSION, as_order, codec
from downrange.errors import InputError, seen
from downrange.tracking import SensorSuite

__all__ = ["Remote", "Replay"]

_SHARE = 0.8  # of a period of the clock that an answer may take
_MOST_LINES = 2_000_000  # of a record that is played


class Remote(Controller):
    """A controller on the other side of a link: it is sent what is known at each moment, and answers with its commands.

    link: `tcp:HOST:PORT`, `connect:HOST:PORT`, `serial:PORT:BAUD`, `run:COMMAND`, or a link of `control.links`
    form: `json` lines or `binary` frames (docs/reference/hil.md)
    pace: seconds of flight in one of the clock, 1 in real time; None: in lock-step, as fast as it answers
    patience_s: for how long an answer is waited for in lock-step. record: a file that gets every message
    rate_hz, sensors, actuators, until, before_s, on_fault: as `Controller` has them
    In lock-step the other side that does not answer, closes or ends is not asked again, and its last commands hold (or the flight stops, as
    `on_fault` says). At a pace an answer that comes too late is counted (`late` of `frames`) and obeyed at the next moment.
    """

    def __init__(
        self, link: str | Link, *, form: Literal["json", "binary"] = "json", pace: float | None = None, patience_s: float = 5.0,
        record: str | Path | None = None, rate_hz: float = 50.0, sensors: SensorSuite | None = None,
        actuators: Mapping[str, Actuator | Event] | None = None, until: Any = None, before_s: float = 1.0, on_fault: Any = "hold",
    ) -> None:  # fmt: skip
        if form not in ("json", "binary"):
            raise InputError(f"the form is json or binary; seen {seen(form, 40)}", key="form")
        if not isinstance(patience_s, int | float) or not 0 < patience_s <= 3600:
            raise InputError(f"patience_s is seconds, up to 3600; seen {seen(patience_s, 40)}", key="patience_s")
        self.link: Link = open_link(link) if isinstance(link, str) else link
        self.form, self.pace, self.patience_s, self.path = form, pace, float(patience_s), record
        self.rate_hz, self.before_s, self.until, self.on_fault = rate_hz, before_s, until, on_fault
        self.sensors = sensors if sensors is not None else SensorSuite()
        self.actuators = actuators if actuators is not None else {"brakes": AirBrakes()}
        self.frames, self.late = 0, 0
        self._codec = codec(form, tuple(self.actuators))
        self._said: list[Mapping[str, Any]] = []
        self._file: TextIO | None = None
        self._began = 0.0

    def __deepcopy__(self, memo: dict[int, Any]) -> Remote:
        raise TypeError("a link is one")

    def begin(self, flights: int) -> None:
        """Open the link and say hello. Raises `InputError` where it cannot be opened.

        flights: one.
        """
        self.frames, self.late, self._said = 0, 0, []
        self._codec = codec(self.form, tuple(self.actuators))
        if self.path is not None:
            self._file = _opened(Path(self.path))
        self.link.open()
        self._began = time.monotonic()
        try:
            self._send(self._hello())
        except Fault as fault:
            raise InputError(f"the controller cannot be reached: {fault.text}", key="link") from None

    def _hello(self) -> dict[str, Any]:
        moved = {
            name: {"event": a.target, "armed": a.armed} if isinstance(a, Event) else {"least": a.least, "most": a.most}
            for name, a in self.actuators.items()
        }
        sensors = {name: {"rate_hz": s.rate_hz} for name, s in self.sensors.present.items()}
        return {"kind": "hello", "protocol": VERSION, "rate_hz": self.rate_hz, "actuators": moved, "sensors": sensors}

    def step(self, now: Now) -> dict[str, Any]:
        """Ask the other side."""
        self.frames += 1
        n = self.frames
        self._send({"kind": "now", "n": n, "time_s": now.time_s, "fresh": sorted(now.fresh), **now.readings()})
        wait = self.patience_s if self.pace is None else _SHARE / (self.rate_hz * self.pace)
        until = time.monotonic() + wait
        older: dict[str, Any] = {}
        while True:
            while self._said:
                said = self._said.pop(0)
                if said["kind"] == "end":
                    raise Fault("it said that it ends", over=True)
                if said["kind"] == "do":
                    commands = {k: as_order(v) if isinstance(self.actuators.get(k), Event) else v for k, v in said.items() if k not in ("kind", "n")}  # fmt: skip
                    if said.get("n") == n:
                        return {**older, **commands}
                    older |= commands if self.pace is not None else {}
                elif said["kind"] == "hello" and said.get("protocol") != VERSION:
                    raise Fault(f"it speaks protocol {seen(said.get('protocol'), 20)}; this is {VERSION}", over=True)
            left = until - time.monotonic()
            if left <= 0:
                return self._too_late(older)
            self._receive(left)

    def _too_late(self, older: dict[str, Any]) -> dict[str, Any]:
        self.late += 1
        if self.pace is None:
            half = f", with {self._codec.rest} bytes of half a message" if self._codec.rest else ""
            raise Fault(f"it did not answer within {self.patience_s:g} s{half}", over=True)
        return older

    def _send(self, message: Mapping[str, Any]) -> None:
        self._note("to", message)
        self.link.send(self._codec.encode(message))

    def _receive(self, seconds: float) -> None:
        try:
            data = self.link.receive(seconds)
        except Fault as fault:
            if self._codec.rest:
                raise Fault(f"{fault.text} in the middle of a message", over=True) from None
            raise
        for message in self._codec.feed(data):
            self._note("from", message)
            self._said.append(message)

    def _note(self, way: str, message: Mapping[str, Any]) -> None:
        if self._file is not None:
            line = {way: message, "wall_s": round(time.monotonic() - self._began, 6)}
            self._file.write(json.dumps(line, separators=(",", ":")) + "\n")

    def end(self) -> None:
        """Say that it is over, and let go."""
        with contextlib.suppress(Fault, AssertionError):  # gone, or never there
            self._send({"kind": "end"})
        self.link.close()
        if self._file is not None:
            self._file.close()
            self._file = None


def _opened(path: Path) -> TextIO:
    """A file for a record. Raises `InputError` where it cannot be written."""
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise InputError(f"the record cannot be written: {error.strerror or error}", file=str(path)) from None


class Replay(Controller):
    """A record of `Remote`, played again: at each moment the commands that the other side gave at it, whether or not it is there.

    `different` counts the moments at which something else was known than in the record: of the same launch, seed and settings none.
    Raises `InputError` for a file that is no record. sensors, actuators: as `Controller` has them; they are to be those of the record.
    """

    def __init__(
        self, path: str | Path, *, sensors: SensorSuite | None = None, actuators: Mapping[str, Actuator | Event] | None = None, until: Any = None,
        before_s: float = 1.0,
    ) -> None:  # fmt: skip
        self.path = Path(path)
        self.sensors = sensors if sensors is not None else SensorSuite()
        self.actuators = actuators if actuators is not None else {"brakes": AirBrakes()}
        self.until, self.before_s = until, before_s
        self._known, self._done, self.rate_hz = self._read()
        self._n, self.different = 0, 0

    def _read(self) -> tuple[dict[int, Mapping[str, Any]], dict[int, dict[str, Any]], float]:
        known: dict[int, Mapping[str, Any]] = {}
        done: dict[int, dict[str, Any]] = {}
        rate = 0.0
        try:
            with self.path.open(encoding="utf-8") as file:
                for number, line in enumerate(file, 1):
                    if number > _MOST_LINES:
                        raise InputError(f"a record of more than {_MOST_LINES} lines", file=str(self.path))
                    at = json.loads(line)
                    said = at.get("to") or at.get("from")
                    if said["kind"] == "hello" and "to" in at:
                        rate = float(said["rate_hz"])
                    elif said["kind"] == "now":
                        known[int(said["n"])] = said
                    elif said["kind"] == "do":
                        done[int(said["n"])] = {k: v for k, v in said.items() if k not in ("kind", "n")}
        except FileNotFoundError:
            raise InputError("there is no such file", file=str(self.path)) from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, UnicodeDecodeError):
            raise InputError("this is no line of a record of messages", file=str(self.path), line=number) from None
        if not rate:
            raise InputError("the record does not begin with a hello", file=str(self.path), line=1)
        return known, done, rate

    def begin(self, flights: int) -> None:
        """From the beginning.

        flights: one.
        """
        self._n, self.different = 0, 0

    def step(self, now: Now) -> dict[str, Any]:
        """What was commanded then."""
        self._n += 1
        was = self._known.get(self._n)
        if was is None:
            raise Fault("the record ends here", over=True)
        readings = {k: list(v) if isinstance(v, tuple) else v for k, v in now.readings().items()}
        if was["time_s"] != now.time_s or {k: was.get(k) for k in readings} != readings:
            self.different += 1
        said = self._done.get(self._n, {})
        return {k: as_order(v) if isinstance(self.actuators.get(k), Event) else v for k, v in said.items()}
