"""What no other program's design file says of recovery: loads and strengths, reefing, backups, gliding."""

from __future__ import annotations

from collections.abc import Iterator

from downrange.rocket import Deploy, Glider, Parachute, Recovery, Tumble
from downrange.rocket.parts import Part

__all__ = ["lost_of_recovery"]


def lost_of_recovery(part: Part) -> Iterator[str]:
    """What is lost of a part in words, none where nothing is."""
    strength = getattr(part, "strength", None)
    if strength:
        carries = getattr(part, "carries", "")
        yield f"that it holds {strength:g} N" + (f" and carries {carries}" if carries else "")
    if isinstance(part, Glider):
        yield f"that it comes down at {part.descent_rate:g} m/s" + (
            f" and flies {part.glide_ratio:g} times as far as it sinks" if part.glide_ratio else ""
        )
    if isinstance(part, Tumble):
        yield "that it falls flat without a canopy" if part.attitude == "flat" else "that it tumbles without a canopy"
    if isinstance(part, Parachute):
        yield from _of_canopy(part)
    if isinstance(part, Recovery):
        yield from _of_release(part.deploy)


def _of_canopy(part: Parachute) -> Iterator[str]:
    if part.canopy != "flat circular":
        yield f"that it is a {part.canopy} canopy"
    if part.reefed is not None:
        yield f"that it is reefed to {part.reefed:.3g} of its drag at first; it is written as open at once"
    if part.opening_shock is not None:
        yield f"its opening shock of {part.opening_shock:g}"


def _of_release(d: Deploy) -> Iterator[str]:
    if d.by_pressure:
        yield f"that {d.altitude or 0.0:g} m is what an altimeter shows; it is written as the true height"
    if d.altimeter is not None:
        yield f"that {d.altimeter.name} fires it, {d.detection:.2g} s after the moment"
    if d.backup_delay is not None:
        yield f"the second altimeter, {d.backup_delay:g} s after the first"
    if d.backup_time is not None:
        yield f"the timer that opens it after {d.backup_time:g} s at the latest"
    if d.backup_ejection:
        yield "the motor's ejection charge that opens it at the latest"
