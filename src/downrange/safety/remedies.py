"""What would pass a rule that fails: found by flying with one thing changed until the rule's own quantity meets its limit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from downrange.errors import DownrangeError
from downrange.failures import scene_of
from downrange.flight import Flight, Launch, compile_launch, fly
from downrange.flight.rows import AT_ALTITUDE
from downrange.flight.variants import with_canopies, with_nose_weight, with_rail, with_release, with_thrust
from downrange.rocket import Parachute, Placed, Recovery
from downrange.safety.rules import Answer, Facts, Verdict, answer

__all__ = ["with_remedies"]

_STEPS = 9  # of the search, at most
_NEAR = 0.01  # share of the span that is tried to which the change is looked for
_DIGITS = 3  # of what is named, rounded to the side that passes

Judge = Callable[[Flight], Facts]


@dataclass(frozen=True)
class _Remedy:
    """A change by a number from `start` (as it is) to `end` (the most that is tried), and the words for it."""

    change: Callable[[Launch, float], Launch]
    start: float
    end: float
    words: Callable[[float], str]


def with_remedies(answers: tuple[Answer, ...], flight: Flight, judge: Judge) -> tuple[Answer, ...]:
    """The answers, with what would pass each that fails: found by flying where one change can do it.

    `judge` gives the facts of a flight, by which each trial is answered as the launch itself was. Where a change makes another rule fail that
    passed before, it says which.
    """
    return tuple(_mended(a, answers, flight, judge) if a.verdict is Verdict.FAIL else a for a in answers)


def _mended(a: Answer, answers: tuple[Answer, ...], flight: Flight, judge: Judge) -> Answer:
    found, tried = [], []
    for remedy in _remedies(a.rule.quantity, flight):
        x = _search(remedy, a, flight, judge)
        if x is None:
            tried.append(remedy.words(remedy.end))
            continue
        found.append(remedy.words(x) + _price(remedy, x, answers, flight, judge))
    if found:
        return replace(a, change=", or ".join(found))
    if tried:
        return replace(a, change=f"no one change does it: flown with {', and with '.join(tried)}, it falls short")
    return a


def _search(remedy: _Remedy, a: Answer, flight: Flight, judge: Judge) -> float | None:
    """The least change that passes, rounded to that side; None where the most that is tried does not."""

    def room(x: float) -> float:
        return _room(a, _facts(remedy, x, flight, judge))

    try:
        low, high = remedy.start, remedy.end
        short, over = min(a.margin or 0.0, -1e-12), room(high)
        if not over >= 0:
            return None
        for _ in range(_STEPS):  # regula falsi; where it creeps (Illinois), the end that stays counts half
            x = min(max((low * over - high * short) / (over - short), min(low, high)), max(low, high))
            now = room(x)
            if not now >= 0:
                low, short, over = x, now if math.isfinite(now) else short, 0.5 * over
                continue
            near = abs(x - high) < _NEAR * abs(remedy.end - remedy.start)
            high, over, short = x, max(now, 1e-12), 0.5 * short
            if near:
                break
        rounded = _outwards(high, remedy.end > remedy.start)
        within = min(rounded, remedy.end) if remedy.end > remedy.start else max(rounded, remedy.end)
        return within if room(within) >= 0 else high
    except DownrangeError:  # a rail longer than any, a canopy that does not fit: no way to pass
        return None


def _facts(remedy: _Remedy, x: float, flight: Flight, judge: Judge) -> Facts:
    """What is known of the flight with the change, flown as it was."""
    return judge(fly(compile_launch(remedy.change(flight.launch, x)), interpreted=flight.raw.interpreted))


def _room(a: Answer, facts: Facts) -> float:
    """By how much a rule passes (negative: fails), NaN where that is not known."""
    fact, limit = facts.get(a.rule.quantity), a.rule.limit.at(facts)
    if fact is None or limit is None or not math.isfinite(fact.value):
        return math.nan
    return fact.value - limit if a.rule.comparator == "at least" else limit - fact.value


def _outwards(x: float, upwards: bool) -> float:
    step = 10.0 ** (math.floor(math.log10(abs(x))) - _DIGITS + 1)
    return (math.ceil(x / step) if upwards else math.floor(x / step)) * step


def _price(remedy: _Remedy, x: float, answers: tuple[Answer, ...], flight: Flight, judge: Judge) -> str:
    """The rules that passed and would fail with the change."""
    facts = _facts(remedy, x, flight, judge)
    passed = {(a.pack.id, a.rule.id) for a in answers if a.verdict is Verdict.PASS}
    packs = tuple(dict.fromkeys(a.pack for a in answers))
    worse = [
        b.rule.title for b in answer(packs, facts) if b.verdict is Verdict.FAIL and (b.pack.id, b.rule.id) in passed
    ]
    return f" (but then it fails: {', '.join(worse)})" if worse else ""


def _remedies(quantity: str, flight: Flight) -> Iterator[_Remedy]:
    launch = flight.launch
    if quantity == "rail_exit_speed":
        now = launch.rail.length
        yield _Remedy(
            lambda x, v: with_rail(x, length=v), now, 4 * now, lambda v: f"a rail of {v:.3g} m instead of {now:.3g} m"
        )
    if quantity in ("rail_exit_stability", "min_stability", "static_margin", "static_margin_barrowman"):
        body = launch.rocket.without_motor.mass
        yield _Remedy(with_nose_weight, 0.0, 0.5 * body, lambda v: f"{_grams(v)} of weight in the nose")
    if quantity in ("apogee", "max_mach", "ceiling_over_apogee"):
        yield from _lower(flight, quantity)
    opening = _opening(flight)
    if opening and quantity in ("descent_time", "drift_20_mph", "flight_time"):
        yield _canopy(opening[-1], "smaller", 1.0, 0.1)
        if flight.program.devices[scene_of(flight).opening[-1]].event == AT_ALTITUDE:
            yield _later(opening[-1])
    if opening and quantity in ("main_speed", "section_energy"):
        yield _canopy(opening[-1], "larger", 1.0, 6.0)
    if len(opening) > 1 and quantity == "drogue_speed":
        yield _canopy(opening[0], "larger", 1.0, 6.0)


def _lower(flight: Flight, quantity: str) -> Iterator[_Remedy]:
    """A motor that gives less, where it flies too high or too fast; more where it does not fly high enough."""
    impulse = flight.launch.motor.impulse
    for end in (0.3, 3.0) if quantity == "apogee" else (0.3,):
        yield _Remedy(
            with_thrust, 1.0, end,
            lambda v: f"a motor of {v * impulse:,.0f} N s instead of {impulse:,.0f} N s, as heavy and burning as long",
        )  # fmt: skip


def _opening(flight: Flight) -> list[Placed]:
    """The recovery devices that open, first to last."""
    placed = flight.launch.rocket.find(Recovery)
    return [placed[i] for i in scene_of(flight).opening]


def _canopy(q: Placed, word: str, start: float, end: float) -> _Remedy:
    name, part = q.part.name or "canopy", q.part
    across = part.diameter if isinstance(part, Parachute) and part.cd_area is None else None

    def words(v: float) -> str:
        size = "" if not across else f", {across * math.sqrt(v) * 1e3:.0f} mm across instead of {across * 1e3:.0f} mm"
        return f"a {word} {name}: {v:.3g} times the drag area{size}"

    return _Remedy(lambda x, v: with_canopies(x, v, (q.path,)), start, end, words)


def _later(q: Placed) -> _Remedy:
    part = q.part
    assert isinstance(part, Recovery)
    now = part.deploy.altitude or 0.0
    name = part.name or "main"
    return _Remedy(
        lambda x, v: with_release(x, q.path, v),
        now,
        min(60.0, now),
        lambda v: f"the {name} released at {v:.0f} m instead of {now:.0f} m",
    )


def _grams(kg: float) -> str:
    return f"{kg * 1e3:.0f} g" if kg < 1 else f"{kg:.3g} kg"
