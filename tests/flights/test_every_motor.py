"""Every motor of the catalogue, under a rocket that it can lift, leaves the rail and reaches an apogee."""

from functools import lru_cache

import numpy as np

from downrange.aero import AeroTables, build_aero
from downrange.constants import STANDARD_GRAVITY
from downrange.earth import Pad
from downrange.errors import FlightCode
from downrange.flight import Launch, Rail, fly_rows
from downrange.flight.fitted import device_table
from downrange.flight.kernel.layout import AT_STOP_APOGEE, FLIGHT_FIELDS, STOP, O
from downrange.flight.packing import Compiled, guides, nominal_row, pack_tables
from downrange.flight.propulsion import Nozzle, segment_tables
from downrange.flight.quantities import first_thrust
from downrange.motor import Motor
from downrange.motor.catalogue import _motor, catalogue_entries
from downrange.rocket import BodyTube, Measured, NoseCone, Rocket, TrapezoidalFins

THRUST_TO_WEIGHT = 6.5  # the middle of what is usual, 5 to 8
LIGHTEST = 1.25  # least mass at lift-off over the motor's own: an airframe weighs something
SPEED = 30.0  # m/s from the impulse alone, so that a short burn is not given a mass that it can hardly move


@lru_cache(maxsize=64)
def airframe(diameter: float) -> tuple[Rocket, AeroTables]:
    """A plain rocket round motors of this diameter: ogive, tube, three fins."""
    d = diameter + 0.004
    longest = max(e["length_m"] for e in catalogue_entries() if round(e["diameter_m"], 4) == diameter)
    fins = TrapezoidalFins(
        count=3, root_chord=2 * d, tip_chord=d, span=1.2 * d, sweep=d, thickness=0.05 * d, position="bottom"
    )
    tube = BodyTube(length=max(12 * d, longest), wall=0.001, motor_mount=True, parts=(fins,))
    rocket = Rocket("plain", (NoseCone(shape="ogive", length=4 * d, diameter=d, wall=0.001), tube))
    return rocket, build_aero(rocket, mach_max=4.0)


def compiled(motor: Motor) -> Compiled | None:
    """A launch straight up in still air at the usual thrust to weight; None where the motor alone is too heavy for it."""
    rocket, aero = airframe(round(motor.diameter, 4))
    total = first_thrust(motor, 0.0) / (THRUST_TO_WEIGHT * STANDARD_GRAVITY)
    total = max(min(total, motor.impulse / SPEED), LIGHTEST * motor.total_mass)
    if motor.peak_thrust < 1.5 * total * STANDARD_GRAVITY:
        return None
    own = Measured(mass=total - motor.total_mass, cg=0.5 * rocket.length)
    launch = Launch(
        rocket=Rocket(rocket.name, rocket.parts, rocket.finish, own), motor=motor, pad=Pad(0.8, 0.1), rail=Rail(1.2 * rocket.length)
    )  # fmt: skip
    tables = pack_tables(launch.pad, launch.weather, aero, mach_max=4.0, top=150e3)
    row = nominal_row(launch, launch.rocket, launch.dry, (), guides(launch))
    segments = segment_tables((Nozzle(launch.motor, launch.nozzle),), np.zeros((1, 1)))[0]
    row[STOP] = AT_STOP_APOGEE
    return Compiled(tables, segments, device_table(()), row, False, 1e-4, 3600.0)


def test_every_catalogue_motor_flies():
    without_curve, too_heavy, failed, flown = 0, [], [], 0
    for entry in catalogue_entries():
        if "time_s" not in entry or "propellant_kg" not in entry:
            without_curve += 1
            continue
        motor = _motor(entry)
        name = f"{entry['maker_short']} {motor.designation}"
        program = compiled(motor)
        if program is None:
            too_heavy.append(name)
            continue
        out = fly_rows(program, program.row[None], threads=1)[0]
        flown += 1
        reached = out[O["code"]] == FlightCode.STOPPED and out[O["apogee"]] > 10.0
        if not (reached and np.isfinite(out[O["rail_exit_time"]])):
            failed.append(f"{name}: {FlightCode(int(out[O['code']])).name}, {out[O['apogee']]:.0f} m")
    assert failed == []
    # Not flown: those without a curve in the catalogue, and those that a rocket of 1.25 of their mass is too heavy for.
    assert (flown, without_curve, too_heavy) == (1054, 71, [])


def test_a_hesitation_below_the_weight_does_not_end_the_flight():
    # Both curves have a first peak above the weight and a dip below it: an A8 under 48 g, a Loki L2050 under 25 kg.
    for maker, name, total in (("Estes", "A8", 0.048), ("Loki", "L2050LW", 25.0)):
        entry = next(e for e in catalogue_entries() if e["maker_short"] == maker and e["designation"] == name)
        motor = _motor(entry)
        program = compiled(motor)
        assert program is not None
        row = program.row.copy()
        row[FLIGHT_FIELDS.index("mass")] = total - motor.propellant_mass
        out = fly_rows(program, row[None], threads=1)[0]
        assert out[O["code"]] == FlightCode.STOPPED and out[O["apogee"]] > 30.0
        dip = motor.time[
            1 + int(np.argmax(np.diff(motor.thrust) < 0))
        ]  # where thrust has fallen back for the first time
        assert motor.thrust[motor.time == dip][0] < total * STANDARD_GRAVITY < motor.thrust[motor.time < dip].max()
