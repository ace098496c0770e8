"""One body flown in short stretches: between two of them, whoever steers it looks at its state and changes what acts on it.

The memory is taken once and the kernel called once a stretch, so that a hundred stretches a second cost 10 µs each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from downrange.errors import FlightCode
from downrange.flight.drivers import RawFlight, engine_inputs, in_tables, settled
from downrange.flight.interpreted import kernel
from downrange.flight.kernel.layout import (
    AT_STOP_APOGEE,
    EVENTS,
    FOREVER,
    NEVER_STOP,
    NOUT,
    OUT,
    R_APOGEE,
    R_PHASE,
    RECORD,
    STOP,
    STOPPED,
    TRACK,
    UNDER,
    G,
    O,
)
from downrange.flight.named import named_records, named_rows
from downrange.flight.packing import Compiled
from downrange.flight.parting import joined_all

__all__ = ["RELEASED", "Stepper"]

RELEASED = 5.0  # the kind of the event that `Track` calls a release

_TRACK_STEPS = 131_072  # rows of memory that is only touched where it is used; beyond, every other step is kept
_CHUNK = 256  # answers of stretches that wait to be put together
_SOON = 1e-9  # s
_B0, _B1, _T0, _T1 = G["b0"], G["b1"], G["t0"], G["t1"]
_CODE, _HEIGHT, _SPEED = O["code"], O["burnout_height"], O["burnout_speed"]
_BURNOUT = 3.0  # the kind of event that is a burn-out


class Stepper:
    """A flight of one body from the pad or from a record, which stops wherever it is told to.

    `under` says whether it hangs under a canopy. `row` (ROW,) and `segments` (k, NS) are its own copies and may be changed between two stretches, by name or by `brakes`; so may
    `record`. `code` says how it ended, and is `STOPPED` as long as it flies; `over` whether it has come to where its row asks.
    """

    def __init__(
        self, compiled: Compiled, row: np.ndarray, start: np.ndarray | None, *, tolerance: float | None = None, keep: bool = True
    ) -> None:  # fmt: skip
        self.compiled, self.keep = compiled, keep
        self._rows = np.array(row, float)[None]
        in_tables(compiled, self._rows)
        self.row = named_rows(self._rows)[0]
        first = int(self.row["thrust_at"])
        own = compiled.segments[first:]
        last = int(np.argmax(own[:, _T1] >= FOREVER)) + 1 if len(own) else 0
        self.segments = (own[:last] if last else own).copy()
        self.row["thrust_at"] = 0.0
        self._flat = self.segments.ravel()
        self._planned = float(self._rows[0, STOP])
        if self._planned == AT_STOP_APOGEE:
            self._planned, self.row["stop_apogee"] = NEVER_STOP, 1.0
        self._stops_at_apogee = bool(self.row["stop_apogee"] > 0.5)
        self._starts = np.zeros((1, RECORD)) if start is None else np.array(start, float)[None]
        self._pad, self._ends = start is None, np.zeros((1, RECORD))
        self._none = self._starts[:0]
        self.record = named_records(self._starts)[0]
        self._time, self.under = float(self._starts[0, 0]), bool(self._starts[0, R_PHASE] == UNDER)
        self._options, self._work, self._fly = engine_inputs(compiled, tolerance)
        self._track = np.zeros((_TRACK_STEPS if keep else 64, TRACK))
        self._events, self._counts = np.zeros((EVENTS, 3)), np.array([0, 0, 0, 1])
        self._outs, self._n = np.zeros((_CHUNK, NOUT)), 0
        self.code, self.over = FlightCode.STOPPED, False
        self._fly = settled(self._fly, *self._given(self._outs[:1]))
        on, begins = self.segments[:, G["on"]], self.segments[:, _T0]
        burns = begins[1:][(on[:-1] > 0) & (on[1:] <= 0)].tolist()
        self._burns = [t for t in burns if t > self._time + _SOON]

    def _given(self, out: np.ndarray) -> tuple[Any, ...]:
        """What the kernel is called with for the next stretch."""
        starts = self._none if self._pad else self._starts
        return (
            self.compiled.tables, self._flat, self.compiled.devices, self._rows, starts, self._options, True, 0, 1, out, self._ends,
            self._work, self._track, self._events, self._counts,
        )  # fmt: skip

    def own(self) -> Compiled:
        """What it flies: with its own row and segments."""
        return replace(self.compiled, row=self._rows[0], segments=self.segments)

    def leave(self) -> None:
        """Leave the pad: up the rail, until both guides are free of it."""
        self._advance(0.0)

    @property
    def on_pad(self) -> bool:
        """Whether it has not left the pad yet."""
        return self._pad

    @property
    def time(self) -> float:
        """Of its state, s from ignition."""
        return self._time

    @property
    def state(self) -> list[float]:
        """[time, 13 of state, their derivative] as plain floats; the derivative is that at the end of the last stretch."""
        rate = self._track[self._counts[0] - 1, 14:27].tolist() if self._counts[0] else [0.0] * 13
        return self._starts[0, :14].tolist() + rate

    @property
    def apogee_past(self) -> bool:
        """Whether apogee is past."""
        return bool(self._starts[0, R_APOGEE] > 0.5)

    @property
    def last_answer(self) -> dict[str, float]:
        """What the kernel answered of the last stretch."""
        return dict(zip(OUT, self._outs[self._n - 1].tolist(), strict=True))

    def brakes(self, level: float, slope: float) -> None:
        """Set the level of the brakes from now on, and how fast it changes (1/s)."""
        self.segments[:, _B0] = level + slope * (self.segments[:, _T0] - self.time) if slope else level
        self.segments[:, _B1] = slope

    def to(self, when: float) -> None:
        """Fly on to a time, s; nothing where it is there already or over."""
        if not self.over and when > self.time + _SOON:
            self._advance(when)

    def end(self) -> None:
        """Fly on to where the row asks, or to the ground."""
        if not self.over:
            self._advance(NEVER_STOP)

    def note(self, kind: float, device: int) -> None:
        """Note an event of now among the kernel's."""
        n = int(self._counts[1])
        if n < len(self._events):
            self._events[n] = kind, self.time, device
            self._counts[1] = n + 1

    def stop(self, code: FlightCode) -> None:
        """End it here."""
        self.over, self.code = True, code

    def _advance(self, when: float) -> None:
        if self._n == _CHUNK:
            self._outs[0], self._n = joined_all(self._outs), 1
        if not self.keep:
            self._counts[0], self._counts[2], self._counts[3] = 0, 0, 1
        row, record, out = self._rows[0], self._starts[0], self._outs[self._n : self._n + 1]
        stop = min(when, self._planned)
        row[STOP], leaves = stop, self._pad
        apogee = record[R_APOGEE] if self._stops_at_apogee else 0.0
        self._fly(*self._given(out))
        self._n += 1
        self._pad = False
        if out[0, _CODE] != STOPPED:
            self.over, self.code = True, FlightCode(int(out[0, _CODE]))
            return
        self._starts[:] = self._ends
        self._time, self.under = float(record[0]), bool(record[R_PHASE] == UNDER)
        if self._burns and self._burns[0] <= self._time + _SOON:
            self._burn_out(out[0])
        here = leaves or self._time >= stop - _SOON
        by_apogee = self._stops_at_apogee and record[R_APOGEE] > apogee
        self.over = bool(self._time >= self._planned - _SOON or by_apogee or not here)

    def _burn_out(self, out: np.ndarray) -> None:
        """Note a burn-out at which a stretch ended: the kernel notes those that it passes within one."""
        at = self._burns.pop(0)
        noted = self._events[: self._counts[1]]
        if abs(at - self._time) > _SOON or ((noted[:, 0] == _BURNOUT) & (noted[:, 1] > at - _SOON)).any():
            return
        x, y, z, *velocity = self._starts[0, 1:7].tolist()
        out[_HEIGHT] = kernel().physics.height(self.compiled.tables, x, y, z)[0]
        out[_SPEED] = float(np.linalg.norm(velocity))
        self.note(_BURNOUT, -1)

    def answer(self) -> np.ndarray:
        """What the kernel answered over all stretches (NOUT,)."""
        return joined_all(self._outs[: self._n])

    def ends(self) -> np.ndarray:
        """The record (RECORD,) with which it ended."""
        return (
            self._starts[0].copy() if self.code in (FlightCode.STOPPED, FlightCode.CONTROLLER) else self._ends[0].copy()
        )

    def raw(self, change: Callable[[np.ndarray], None] | None = None) -> RawFlight:
        """The flight over all stretches; `change` may write its answer (NOUT,)."""
        out = self.answer()
        out[_CODE] = float(self.code)
        if change is not None:
            change(out)
        events = self._events[: self._counts[1]]
        order = np.argsort(events[:, 1], kind="stable")
        named = dict(zip(OUT, out.tolist(), strict=True))
        return RawFlight(self._track[: self._counts[0]].copy(), events[order], named, self.ends())
