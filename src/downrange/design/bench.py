"""Numbers of the bench: charges, holes, canopies, fillets, ballast, pendulums; each with its equation, its inputs and its source.

Inputs may carry a ±; what comes of them then carries one too, by the law of propagation of uncertainty to first order, inputs independent
(JCGM 100:2008, eq. 10), with central differences for the derivatives. All values are SI.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from downrange.atmosphere import Air
from downrange.constants import STANDARD_GRAVITY
from downrange.errors import InputError, seen, suggest
from downrange.flight.inflation import CANOPIES, fill_time, opening_load
from downrange.rocket import Altimeter
from downrange.rocket.planform import fillet_section
from downrange.uncertainty import Quantity

__all__ = ["BENCH", "Answered", "Given", "Number", "Result", "bench_number"]

_BP_GAS = 266.0 * 0.3048 / 12 / 0.45359237 * 4.4482216152605 * 1.8  # J/(kg K): 266 in lbf / (lbm °R)
_BP_TEMPERATURE = 3307.0 / 1.8  # K: 3,307 °R
_CO2_GAS = 188.92  # J/(kg K): 8.31446 / 0.044010 kg/mol
_CO2_COLD = 216.58  # K: triple point; what leaves a cartridge in an instant is about as cold
_PORT = math.pi / 4 * 0.00635**2 / (100 * 0.0254**3)  # 1/m: a hole of 1/4 in for 100 in³
_TENSILE = 0.5 * (10_500 + 12_400) * 6894.757  # Pa: of nylon 6/6, the middle of what is sold
_AIR = 1.225  # kg/m³


@dataclass(frozen=True)
class Given:
    """An input: its kind (of `units.DIMENSIONS`), what it is, and what it is where nobody says (None: it must be said)."""

    kind: str
    meaning: str
    default: float | None = None


@dataclass(frozen=True)
class Result:
    """One number that comes out: SI, the kind it is shown as, one standard deviation (0 where no input had any)."""

    name: str
    value: float
    kind: str
    sigma: float = 0.0


@dataclass(frozen=True)
class Number:
    """A question of the bench. `of` gives the results by name from the inputs by name, SI; `kinds` are the results' kinds."""

    name: str
    title: str
    given: Mapping[str, Given]
    kinds: Mapping[str, str]
    equation: str
    source: str
    of: Callable[[Mapping[str, float]], Mapping[str, float]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answered:
    """A number answered: from which inputs, with what coming out."""

    number: Number
    inputs: Mapping[str, Quantity]
    results: tuple[Result, ...]


def _bay(x: Mapping[str, float]) -> float:
    return math.pi / 4 * x["diameter"] ** 2 * x["length"]


def _pressure(x: Mapping[str, float]) -> tuple[float, float]:
    """Pressure that breaks the pins with something to spare, or the one that was asked for, and its force on the bulkhead."""
    if (x["pins"] > 0) != (x["pin_force"] > 0):
        missing = "pin_force" if x["pins"] > 0 else "pins"
        raise InputError("shear pins need both how many (pins) and the force that breaks one (pin_force)", key=missing)
    area = math.pi / 4 * x["diameter"] ** 2
    needed = x["margin"] * x["pins"] * x["pin_force"] / area
    pressure = max(x["pressure"], needed)
    return pressure, pressure * area


def _powder(x: Mapping[str, float]) -> dict[str, float]:
    p, force = _pressure(x)
    return {"charge": p * _bay(x) / (_BP_GAS * _BP_TEMPERATURE), "pressure": p, "force on the bulkhead": force}


def _co2(x: Mapping[str, float]) -> dict[str, float]:
    p, force = _pressure(x)
    return {"co2": p * _bay(x) / (_CO2_GAS * _CO2_COLD), "pressure": p, "force on the bulkhead": force}


def _pins(x: Mapping[str, float]) -> dict[str, float]:
    each = x["shear_strength"] * math.pi / 4 * x["pin_diameter"] ** 2
    return {"force of one pin": each, "force of all": each * x["pins"]}


def _ports(x: Mapping[str, float]) -> dict[str, float]:
    area = _PORT * _bay(x)
    return {"hole diameter": 2 * math.sqrt(area / (x["holes"] * math.pi)), "area of all": area}


def _canopy(x: Mapping[str, float]) -> dict[str, float]:
    area = 2 * x["mass"] * STANDARD_GRAVITY / (x["air_density"] * x["rate"] ** 2 * x["cd"])
    return {"diameter": math.sqrt(4 / math.pi * area + x["spill_hole"] ** 2), "drag area": x["cd"] * area}


def _delay(x: Mapping[str, float]) -> dict[str, float]:
    if x["best"] > x["longest"]:
        raise InputError("the best delay is longer than the longest that the motor has; take another motor", key="best")
    return {"take off": x["longest"] - x["best"], "depth to drill": (x["longest"] - x["best"]) * x["depth_per_second"]}


def _fillet(x: Mapping[str, float]) -> dict[str, float]:
    area = fillet_section(x["radius"], x["diameter"] / 2)[0]
    return {"mass": 2 * x["fins"] * area * x["root_chord"] * x["density"], "area across": area}


def _ballast(x: Mapping[str, float]) -> dict[str, float]:
    lever = x["wanted_cg"] - x["place"]
    mass = x["mass"] * (x["cg"] - x["wanted_cg"]) / lever if lever else math.inf
    if not (math.isfinite(mass) and mass >= 0):
        raise InputError(
            "ballast at that place moves the CG the other way; put it on the far side of the wanted CG", key="place"
        )
    return {"ballast": mass, "mass with it": x["mass"] + mass}


def _bifilar(x: Mapping[str, float]) -> dict[str, float]:
    return {
        "inertia": x["mass"]
        * STANDARD_GRAVITY
        * x["distance"] ** 2
        * x["period"] ** 2
        / (16 * math.pi**2 * x["length"])
    }


def _pendulum(x: Mapping[str, float]) -> dict[str, float]:
    about = x["mass"] * STANDARD_GRAVITY * x["arm"] * x["period"] ** 2 / (4 * math.pi**2)
    if about <= x["mass"] * x["arm"] ** 2:
        raise InputError(
            "a period so short belongs to no body hung that far from its CG; check period (there and back) and arm",
            key="period",
        )
    return {"inertia": about - x["mass"] * x["arm"] ** 2}


def _swing(x: Mapping[str, float]) -> dict[str, float]:
    return {"margin": (x["cp"] - x["cg"]) / x["diameter"], "pressure at speed": 0.5 * _AIR * x["speed"] ** 2}


def _align(x: Mapping[str, float]) -> dict[str, float]:
    return {"offset at the edge": 0.5 * x["root_chord"] * math.sin(x["angle"])}


def _joint(x: Mapping[str, float]) -> dict[str, float]:
    return {
        "in each tube, held": 0.75 * x["diameter"],
        "in each tube, where it comes apart": x["diameter"],
        "nose shoulder": 0.5 * x["diameter"],
    }


def _opening(x: Mapping[str, float]) -> dict[str, float]:
    area = x["cd"] * math.pi / 4 * x["diameter"] ** 2
    distance = x["fill"] * x["diameter"]
    load, endless = opening_load(
        x["mass"], area, x["speed"], density=x["air_density"], distance=distance, exponent=x["exponent"], shock=x["shock"]
    )  # fmt: skip
    out = {"opening load": load, "of an endless mass": endless, "filling time": fill_time(distance, x["speed"])}
    return {**out, "margin": x["strength"] / load} if x["strength"] else out


def _apogee(x: Mapping[str, float]) -> dict[str, float]:
    unit = Altimeter(interval=x["interval"], smoothing=x["smoothing"], falling_for=x["falling_for"])
    late = unit.detection_delay + x["delay"]
    falling = STANDARD_GRAVITY * late
    return {"fires late": late, "fallen by then": 0.5 * falling * late, "speed then": math.hypot(falling, x["speed"])}


def _main(x: Mapping[str, float]) -> dict[str, float]:
    air = Air.from_site(x["elevation"], temperature=x["temperature"])
    true = float(air.geometric(x["shown"], x["elevation"]))
    unit = Altimeter(interval=x["interval"], smoothing=x["smoothing"])
    fires = true - x["rate"] * (unit.height_delay + x["delay"])
    if fires <= 0:
        raise InputError(f"at {x['rate']:g} m/s it is on the ground before it fires; set it higher", key="shown")
    return {"true height": true, "fires at": fires}


def _hold(x: Mapping[str, float]) -> dict[str, float]:
    if x["beyond"] >= x["mass"]:
        raise InputError("what hangs beyond the joint is a part of the whole mass: less than it", key="beyond")
    force = x["load"] * x["beyond"] / x["mass"]
    return {"force on the joint": force, "pins at least": x["margin"] * force / x["pin_force"]}


_FLAT = CANOPIES["flat circular"]
_PLAIN = Altimeter().settled
_ALTIMETER_INPUTS = {
    "interval": Given("time", "from one reading to the next", _PLAIN.interval), "smoothing": Given("time", "time constant of its filter", _PLAIN.smoothing),
}  # fmt: skip
_CHARGE_INPUTS = {
    "diameter": Given("length", "inside, of the bay"), "length": Given("length", "of the bay that is filled"),
    "pressure": Given("pressure", "at least", 15 * 6894.757), "pins": Given("number", "shear pins", 0.0), "pin_force": Given("force", "that breaks one", 0.0),
    "margin": Given("number", "times the force of the pins", 2.0),
}  # fmt: skip
_CHARGE_KINDS = {"pressure": "pressure", "force on the bulkhead": "force"}
_TEST = "Test it on the ground, with the rocket packed as it flies, before it flies."

BENCH: dict[str, Number] = {
    n.name: n
    for n in (
        Number(
            "powder", "Black powder to open a bay", _CHARGE_INPUTS, {"charge": "mass", **_CHARGE_KINDS}, "m = p V / (R T), p the larger of what is asked for and margin × pins / area",
            "R = 266 in·lbf/(lbm °R), T = 3,307 °R of 4F black powder; 15 psi is usual: V. Knowles, Ejection Charge Sizing (vernk.com)", _powder,
            (_TEST, "Powder burns only where it is confined: pack it tight. High up it may not burn whole: use more, or CO2."),
        ),
        Number(
            "co2", "CO2 to open a bay", _CHARGE_INPUTS, {"co2": "mass", **_CHARGE_KINDS}, "m = p V / (R T), T the triple point: gas that leaves a cartridge in an instant is about as cold",
            "ideal gas; R = 188.92 J/(kg K), triple point 216.58 K (NIST Chemistry WebBook)", _co2, (_TEST, "Take the next larger cartridge; some of its gas stays in it."),
        ),
        Number(
            "pins", "Force that breaks shear pins", {
                "pins": Given("number", "how many"), "pin_diameter": Given("length", "smallest, of the thread's core: 1.63 mm of a 2-56, 2.07 mm of a 4-40, 2.53 mm of a 6-32"),
                "shear_strength": Given("pressure", "of the material", 0.6 * _TENSILE),
            }, {"force of one pin": "force", "force of all": "force"}, "F = n τ π d² / 4", "shear is 0.6 of tensile strength, 10,500 to 12,400 psi of nylon 6/6: Newman, Shear Pins (rocketsnw.com, 2009)", _pins,
            (_TEST, "Nylon that has taken up water is weaker; screws of unknown nylon differ by a fifth."),
        ),
        Number(
            "ports", "Holes for an altimeter's bay", {
                "diameter": Given("length", "inside, of the bay"), "length": Given("length", "of the bay"), "holes": Given("number", "evenly around; three or four are usual", 4.0),
            }, {"hole diameter": "length", "area of all": "area"}, "A = V × (π/4 (1/4 in)²) / 100 in³, shared among the holes", "rule of thumb of the makers of altimeters: a hole of 1/4 in for each 100 in³ (V. Knowles, Altimeter Port Sizing, vernk.com)", _ports,
            ("Keep them four calibres behind nose and steps, and off what stands out.",),
        ),
        Number(
            "canopy", "Canopy for a rate of descent", {
                "mass": Given("mass", "that hangs under it"), "rate": Given("speed", "of descent"), "cd": Given("number", "on the flat diameter: 0.75 of a flat sheet, 1.5 to 2.2 of a deep canopy", 0.75),
                "air_density": Given("density", "at the ground", _AIR), "spill_hole": Given("length", "diameter", 0.0),
            }, {"diameter": "length", "drag area": "area"}, "D² = 8 m g / (π ρ Cd v²) + d²", "T. W. Knacke, Parachute Recovery Systems Design Manual, NWC TP 6575 (1991), steady descent", _canopy,
        ),
        Number(
            "opening", "Load with which a canopy opens", {
                "mass": Given("mass", "that hangs under it"), "speed": Given("speed", "through the air as its lines stretch: downrange fly says it"), "diameter": Given("length", "of the canopy"),
                "cd": Given("number", "on that diameter", 0.75), "air_density": Given("density", "where it opens", _AIR), "fill": Given("number", "diameters that it flies while it fills: 8 flat, 14 ribbon", _FLAT.fill),
                "exponent": Given("number", "of time, with which its drag grows: 2 solid cloth, 1 slotted", float(_FLAT.exponent)), "shock": Given("number", "load of an endless mass over drag: 1.7 flat, 1.05 ribbon", _FLAT.shock),
                "strength": Given("force", "of the weakest of cord, link and bulkhead; left out: no margin", 0.0),
            }, {"opening load": "force", "of an endless mass": "force", "filling time": "time", "margin": "number"}, "F = Cx X1 ρ v² Cd S / 2, X1 from A = 2 m / (ρ Cd S v t), t = n D / v", "T. W. Knacke, NWC TP 6575 (1991), section 5-4, Pflanz' method: docs/theory/recovery.md", _opening,
            ("Twice is usual: knots halve a cord, and cloth ages. downrange fly has the load of the flight itself.",),
        ),
        Number(
            "apogee", "How late an altimeter fires at apogee, and how fast it then is", {
                **_ALTIMETER_INPUTS, "falling_for": Given("time", "for how long it must fall first", 0.0), "delay": Given("time", "set besides: of a second altimeter, of the charge", 0.0),
                "speed": Given("speed", "across, at apogee", 0.0),
            }, {"fires late": "time", "fallen by then": "length", "speed then": "speed"}, "t = τ + falling + interval/2 + delay; v² = v_across² + (g t)²", "a summit H − g t²/2 through a filter of the first order: docs/theory/recovery.md", _apogee,
            ("Without drag: above 30 m/s it is slower. What a unit's manual says is 'altimeter:' of a device in rocket.yaml.",),
        ),
        Number(
            "main", "True height at which an altimeter's main fires", {
                "shown": Given("length", "the height that it is set to"), "temperature": Given("temperature", "at the pad"), "elevation": Given("length", "of the pad above sea level", 0.0),
                "rate": Given("speed", "of descent until then", 0.0), **_ALTIMETER_INPUTS, "delay": Given("time", "set besides", 0.0),
            }, {"true height": "length", "fires at": "length"}, "pressure of the standard air at what it shows, met in the day's air; less v (τ + interval/2 + delay)", "U.S. Standard Atmosphere 1976; the day's air is as warm as the pad, and colder upward as the standard one", _main,
        ),
        Number(
            "joint", "Pins of a joint that stays shut while another canopy opens", {
                "load": Given("force", "opening load: downrange bench opening"), "mass": Given("mass", "of all that hangs under that canopy"), "beyond": Given("mass", "of what hangs beyond the joint"),
                "pin_force": Given("force", "that breaks one: downrange bench pins"), "margin": Given("number", "times the force", 2.0),
            }, {"force on the joint": "force", "pins at least": "number"}, "F = load × m_beyond / m; pins = margin × F / F_pin", "Newton: what hangs beyond the joint is slowed as the whole is", _hold,
            ("Round up, then see that the charge still breaks them: downrange bench powder.",),
        ),
        Number(
            "delay", "How much of a delay to take off", {
                "best": Given("time", "from burn-out to apogee: downrange fly says it"), "longest": Given("time", "that the motor is sold with"), "depth_per_second": Given("length", "that is drilled for a second; the tool's paper says it", 0.0254 / 32),
            }, {"take off": "time", "depth to drill": "length"}, "t = longest − best", "depth: about 1/32 in a second of the adjustable delays; the maker's tool and paper count, not this", _delay,
            ("Never drill more than the maker allows: the charge sits behind.",),
        ),
        Number(
            "fillet", "Mass of fillets along the fins", {
                "radius": Given("length", "of the fillet"), "diameter": Given("length", "of the body"), "root_chord": Given("length", "of a fin"), "fins": Given("number", "how many", 3.0), "density": Given("density", "of the epoxy", 1150.0),
            }, {"mass": "mass", "area across": "area"}, "m = 2 n ρ L A, A = (a r − R² φ − r² (π/2 − φ)) / 2 with a² = R (R + 2 r), sin φ = r / (r + R): both sides of each fin", "area between the fin, the body's circle and the circle that touches both; (1 − π/4) r² against a flat wall", _fillet,
        ),
        Number(
            "ballast", "Ballast that moves the CG", {
                "mass": Given("mass", "of the rocket as it is"), "cg": Given("length", "as it is, from the nose tip"), "wanted_cg": Given("length", "from the nose tip"), "place": Given("length", "of the ballast, from the nose tip"),
            }, {"ballast": "mass", "mass with it": "mass"}, "m = M (x − x') / (x' − x_b)", "balance of moments about the wanted CG", _ballast,
        ),
        Number(
            "bifilar", "Moment of inertia from a bifilar pendulum", {
                "mass": Given("mass", "of what hangs"), "distance": Given("length", "between the two parallel threads"), "length": Given("length", "of the threads"), "period": Given("time", "of one turn there and back; count twenty"),
            }, {"inertia": "inertia"}, "I = m g d² T² / (16 π² L), about the vertical through the middle of the threads", "small turns of a body on two equal vertical threads; M. R. Jardin and E. R. Mueller, Journal of Aircraft 46 (2009), p. 763", _bifilar,
            ("The CG hangs midway between the threads; turns under 10 degrees; threads much longer than they are apart.",),
        ),
        Number(
            "pendulum", "Moment of inertia from swinging about a pivot", {
                "mass": Given("mass", "of what swings"), "arm": Given("length", "from the pivot to the CG"), "period": Given("time", "there and back; count twenty"),
            }, {"inertia": "inertia"}, "I = m g a T² / (4 π²) − m a², about the CG, on an axis parallel to the pivot's", "W. Gracey, NACA TN 1629 (1948): the compound pendulum, without its corrections for air", _pendulum,
        ),
        Number(
            "swing", "What a swing test tells", {
                "cg": Given("length", "where it balances as it flies, from the nose tip"), "cp": Given("length", "computed, from the nose tip: downrange check"), "diameter": Given("length", "of the body"), "speed": Given("speed", "at which it goes round"),
            }, {"margin": "calibre", "pressure at speed": "pressure"}, "margin = (x_cp − x_cg) / d; q = ρ v² / 2", "definition of the calibre; a rocket that flies nose first on a string, started a little off, is stable at that speed and CG", _swing,
            ("It turns the rocket in a circle, which bends the flow: one that just fails may still be stable; one that turns round never flies.",),
        ),
        Number(
            "align", "How far off an edge is at an angle of a fin", {
                "root_chord": Given("length", "of the fin"), "angle": Given("angle", "that is allowed", math.radians(0.5)),
            }, {"offset at the edge": "length"}, "s = (c/2) sin δ, of either edge from the line", "geometry; what the angle does is in downrange fly with the fins' cant", _align,
        ),
        Number(
            "coupler", "Lengths of couplers and shoulders", {"diameter": Given("length", "of the body")},
            {"in each tube, held": "length", "in each tube, where it comes apart": "length", "nose shoulder": "length"}, "0.75, 1 and 0.5 diameters",
            "rule of thumb of student competitions, not confirmed in a handbook", _joint, ("Longer is stiffer; loads at the joint are in downrange loads.",),
        ),
    )
}  # fmt: skip
"""Every number of the bench by its name."""


def bench_number(name: str, given: Mapping[str, Quantity]) -> Answered:
    """Answer a number of the bench.

    name: of `BENCH`. given: inputs by name, SI, with a distribution where they have a ±. Raises `InputError` for a name that is not
    known, inputs that are missing, unknown or not above zero where they must be, and what has no answer.
    """
    number = BENCH.get(name)
    if number is None:
        raise InputError(
            f"no bench number {seen(name, 40)}{suggest(name, BENCH)}; known: {', '.join(BENCH)}", key="bench"
        )
    for key in given:
        if key not in number.given:
            raise InputError(
                f"{name} takes no {seen(key, 40)}{suggest(key, number.given)}; it takes {', '.join(number.given)}",
                key=key[:60],
            )
    inputs: dict[str, Quantity] = {}
    for key, g in number.given.items():
        if key not in given and g.default is None:
            need = ", ".join(k for k, x in number.given.items() if x.default is None)
            raise InputError(f"{name} needs {key} ({g.meaning}); in all it needs {need}", key=key)
        q = given.get(key, Quantity(g.default if g.default is not None else math.nan))
        least_zero = g.default == 0.0
        if not math.isfinite(q.value) or q.value < 0 or (q.value == 0 and not least_zero):
            raise InputError(
                f"{key} must be {'at least' if least_zero else 'above'} zero, seen {q.value:g} in SI", key=key
            )
        inputs[key] = q
    return Answered(number, inputs, _propagated(number, inputs))


def _propagated(number: Number, inputs: Mapping[str, Quantity]) -> tuple[Result, ...]:
    centre = {k: q.value for k, q in inputs.items()}
    at = number.of(centre)
    variance = dict.fromkeys(at, 0.0)
    for key, q in inputs.items():
        sigma = 0.0 if q.distribution is None else q.distribution.spread
        if sigma > 0:
            step = min(sigma, 0.01 * q.value) if q.value else sigma
            up, down = (number.of(centre | {key: q.value + s}) for s in (step, -step))
            for name in at:
                variance[name] += ((up[name] - down[name]) / (2 * step) * sigma) ** 2
    return tuple(Result(name, value, number.kinds[name], math.sqrt(variance[name])) for name, value in at.items())
