"""What a change of a flight leaves behind, in plain words: what to look at on what came down, and what else would tell."""

from __future__ import annotations

from downrange.failures import CHANGES, NOMINAL, Mode

__all__ = ["RECORDING_CUT", "UNSEEN", "doc_of", "looks_of", "title_of"]

RECORDING_CUT = "recording cut"

UNSEEN = {
    "hang fire": "a log counts from lift-off: how long the motor took to light does not show in it",
    "dropped canopy fails": "the recorder is not in the part that was dropped",
}
"""Changes that leave nothing in the log of the foremost body, and why."""

_LOOK: dict[str, tuple[str, ...]] = {
    "nothing opens": (
        "unburnt black powder and igniters: were the charges fired?", "the altimeter's battery, switch and beeps; its own record of the charges",
        "the joint: shear pins whole, too tight a fit, a charge too small",
    ),
    "main fails": (
        "the main's charge and igniter: fired or not", "the bag and the folds: burnt, stuck or tangled canopy", "the joint and pins of the main's bay",
    ),
    "first fails": (
        "the drogue's charge and igniter: fired or not", "the drogue: tangled, burnt or torn off its cord", "the tube's edge: a zipper is the mark of a main that opened fast",
    ),
    "main at apogee": (
        "the pins of the main's bay: too weak or missing, sheared by the jerk of the drogue", "the wiring: main and drogue swapped", "the altimeter's setting of the main's height",
    ),
    "late": (
        "zippered tube, stretched or torn cord and lines: it opened at speed", "the delay of the motor, or the altimeter's own delay; a backup that fired in place of the first",
        "vent holes: too small or blocked ones make an altimeter late",
    ),
    "early": (
        "zippered tube, stripped canopy: it opened at speed on the way up", "vent holes, and wind or a transonic shock over them", "the delay: drilled too short, or another motor than was meant",
    ),
    "tumbles": (
        "the canopy: still in its tube or bag, tangled, or torn off", "the charge fired, but wadding or protector stuck", "dents on the side of tubes and fins: it fell sideways",
    ),
    "canopy tears": (
        "the canopy: torn gores, stripped seams, burst lines",
        "the log's speed when it opened: the load grows with its square",
    ),
    "altimeter dead": ("the first altimeter: battery, switch, wires", "which of the charges fired, and by whom"),
    "mach spike": (
        "zippered tube, stripped canopy: it opened near Mach 1 on the way up", "the altimeter's Mach delay or lock-out: off, or too short", "vent holes near a shoulder or a fin",
    ),
    "cord breaks": (
        "the broken end of the cord: cut, burnt, or torn at a knot or link", "the bulkhead's bolt and its glue", "whether both parts were found far from each other",
    ),
    "motor bursts": (
        "the casing: split, or a closure blown out; soot outside the nozzle", "a burnt ring at the forward closure, broken grains, the O-rings", "pieces near the pad; a film of the lift-off",
    ),
    "low thrust": (
        "the grains that are left, the nozzle's throat (worn or clogged), pressed-out O-rings", "the motor's label: was it the one in the launch file?", "the rocket's mass on the day: a heavier rocket looks alike",
    ),
    "high thrust": (
        "the motor's label: was it the one in the launch file?", "the rocket's mass on the day: a lighter one looks alike", "the nozzle's throat: smaller than it should be",
    ),
    "loses fin": (
        "fins: which is gone, and how its root broke (glue or wood)", "tips and edges: ripples, cracks or delamination are the mark of flutter", "where the lost fin was found: under the fast part of the flight",
    ),
    "unstable": (
        "the balance point with the motor in: measure it again", "ballast or payload that was left out, or slid back", "fins: straight, all there, none loose; the rail buttons",
    ),
    "gust": ("the wind of the hour, at the field and aloft", "a film of the climb: it turns into the wind", "where it landed against the wind that was told"),
    "hang fire": ("a film of the pad: how long it smoked before it left",),
    "motor out": ("which of the motors is unburnt: its igniter, its clip, its wire", "a film of the lift-off: flames counted"),
    "motor late": ("igniters of different kinds or lengths", "a film of the lift-off: flames counted, and when"),
    "no separation": ("the joint: too tight, glued by soot", "the charge or the spring that should part them"),
    "early separation": ("the joint: too loose, pins missing", "the timer's or altimeter's record of its events", "the tubes about the joint: bent or torn"),
    "drag separation": ("the joint: how much force it holds", "pins: were they in?"),
    "sustainer unlit": ("the igniter of the upper motor: fired or not", "the timer's or flight computer's record: what held it back", "the motor: unburnt. It may still light; handle it as live"),
    "sustainer late": ("the igniter of the upper motor: a slow kind", "the timer's or flight computer's record of when it fired"),
    "sustainer tilted": ("the tilt that the flight computer recorded, and its limit", "the timer's record of when it fired"),
    "dropped canopy fails": ("what was dropped: its canopy and its charge",),
    "strap-on hangs": ("the hooks of the boosters, and what should release them",),
}  # fmt: skip
_NAMES = {id(change): name for name, change in CHANGES.items()}


def looks_of(mode: Mode, *, cut: bool = False) -> tuple[str, ...]:
    """What to look at after a flight of a mode, the most telling first; `cut`: whether it is the recording that ended."""
    if mode.name == NOMINAL or not mode.changes:
        if cut:
            return (
                "the battery, its plug and the switch",
                "the recorder's memory: was it full?",
                "the radio's range and the antenna, where the log came by radio",
            )
        return ()
    return tuple(w for change in mode.changes for w in _LOOK.get(_NAMES.get(id(change), ""), ()))


def title_of(mode: Mode, *, cut: bool = False) -> str:
    """What a hypothesis is called."""
    return RECORDING_CUT if cut and not mode.changes else mode.name


def doc_of(mode: Mode, *, cut: bool = False) -> str:
    """A hypothesis in a sentence."""
    if not mode.changes:
        return (
            "All as planned as far as the log goes; it ends in the air: the recording was cut, or the signal lost."
            if cut
            else "Everything works as planned."
        )
    return mode.doc + (" The log ends in the air." if cut else "")
