"""Building is not running: `fly(launch)` compiles, flies and returns a `Flight`."""

from __future__ import annotations

from downrange.flight.bodies import fly_bodies
from downrange.flight.drivers import fly_single
from downrange.flight.launch import Launch
from downrange.flight.named import named_rows
from downrange.flight.program import Program, compile_launch
from downrange.flight.results import Flight
from downrange.flight.rows import AT_STOP_APOGEE
from downrange.flight.steered import Steering

__all__ = ["fly"]


def fly(
    launch: Launch | Program,
    *,
    tolerance: float | None = None,
    stop_at_apogee: bool = False,
    interpreted: bool | None = None,
    steering: Steering | None = None,
) -> Flight:
    """Fly a launch once and return its `Flight`.

    `tolerance` is that of the integrator, relative and absolute (default: the launch's); a flight that does not lift
    off or does not land says so in `Flight.code` and its warnings, and does not raise. `interpreted` flies in Python, in a
    tenth of a second and without a compiler, whose last digits may differ; where it is not said, that is done as long as
    the kernel is not compiled yet, which then goes on beside it.

    stop_at_apogee: whether it ends there. steering: controllers that fly it (`downrange.control.steer`), compiled in any case.
    """
    program = launch if isinstance(launch, Program) else compile_launch(launch)
    if steering is not None:
        return _steered(program, steering, tolerance, stop_at_apogee)
    if interpreted is None:
        from downrange.flight.kernel.warm import begin

        interpreted = not begin()
    if program.staged and not stop_at_apogee:
        return fly_bodies(program, tolerance=tolerance, interpreted=interpreted)
    raw = fly_single(program, tolerance=tolerance, stop_at_apogee=stop_at_apogee, interpreted=interpreted)
    return Flight(program, raw)


def _steered(program: Program, steering: Steering, tolerance: float | None, stop_at_apogee: bool) -> Flight:
    crew = steering.crew(program)
    try:
        if program.staged and not stop_at_apogee:
            return fly_bodies(program, tolerance=tolerance, crew=crew)
        rows = program.compiled.row[None].copy()
        if stop_at_apogee:
            named_rows(rows)["stop"] = AT_STOP_APOGEE
        raw = crew.fly(program.compiled, rows, None, tolerance=tolerance)[2]
        assert raw is not None
        return Flight(program, raw, (), crew.record())
    finally:
        crew.end()
