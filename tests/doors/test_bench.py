"""`downrange bench`: printed examples of the sources, closed forms, and what comes of a ±."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from downrange.design.bench import BENCH, bench_number
from downrange.errors import InputError
from downrange.flight.recovery import hanging_body
from downrange.project import open_project
from downrange.project.benching import read_inputs
from downrange.project.parameters import settings, varied

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
INCH, PSI, LBF = 0.0254, 6894.757, 4.4482216


def answer(name: str, *texts: str) -> dict[str, float]:
    return {r.name: r.value for r in bench_number(name, read_inputs(name, texts)).results}


@pytest.mark.parametrize(("d", "length"), [(4.0, 10.0), (2.56, 6.0), (5.5, 18.0)])
def test_powder_is_the_printed_rule(d, length):
    """V. Knowles: 0.006 D² L grams for 15 psi, D and L in inches (0.006 is rounded: 0.0061)."""
    got = answer("powder", f"diameter={d} in", f"length={length} in", "pressure=15 psi")
    assert got["charge"] * 1e3 == pytest.approx(0.006 * d**2 * length, rel=0.02)


def test_a_force_asks_for_the_printed_powder():
    """V. Knowles: 0.00052 F L grams for a force F in lbf: 350 lbf on a bay of 20 in."""
    got = answer(
        "powder", "diameter=7.5 in", "length=20 in", "pressure=1 psi", "pins=7", f"pin_force={50 * LBF} N", "margin=1"
    )
    assert got["force on the bulkhead"] == pytest.approx(350 * LBF, rel=1e-9)
    assert got["charge"] * 1e3 == pytest.approx(0.00052 * 350 * 20, rel=0.02)


def test_fifteen_psi_on_a_wide_tube_is_the_printed_force():
    """V. Knowles: 15 psi on the 44 square inches of 7.5 in is over 660 lbf."""
    got = answer("powder", "diameter=7.5 in", "length=10 in", "pressure=15 psi")
    assert got["force on the bulkhead"] / LBF == pytest.approx(662.7, rel=1e-3)


def test_co2_is_its_gas_law():
    """8.31446 J/(mol K) over 44.010 g/mol at the triple point."""
    got = answer("co2", "diameter=100 mm", "length=300 mm", "pressure=100 kPa")
    volume = math.pi / 4 * 0.1**2 * 0.3
    assert got["co2"] == pytest.approx(100e3 * volume * 0.044010 / (8.31446 * 216.58), rel=1e-4)


def test_ports_are_the_printed_example():
    """A bay of 6 in by 20 in: three holes of 0.34 in or four of 0.3 in (ahrocketry.com, Altimeter Port Sizing)."""
    assert answer("ports", "diameter=6 in", "length=20 in", "holes=3")["hole diameter"] / INCH == pytest.approx(
        0.34, abs=0.01
    )
    assert answer("ports", "diameter=6 in", "length=20 in", "holes=4")["hole diameter"] / INCH == pytest.approx(
        0.30, abs=0.005
    )


def test_a_nylon_screw_breaks_at_some_thirty_pounds():
    """0.6 of 11,450 psi on the core of a 2-56, 0.0641 in: 22 lbf; and the force grows with the square of the diameter."""
    one = answer("pins", "pins=3", "pin_diameter=0.0641 in")
    assert one["force of one pin"] / LBF == pytest.approx(0.6 * 11_450 * math.pi / 4 * 0.0641**2, rel=1e-6)
    assert one["force of all"] == pytest.approx(3 * one["force of one pin"])


def test_a_canopy_lets_down_at_the_rate_that_it_was_asked_for():
    """The flight's own descent, of the example, with the canopy that the bench gives for its mass and its air."""
    from downrange.flight import fly

    project = open_project(EXAMPLES / "first_rocket" / "launch.yaml")
    launch = project.launch
    flight = fly(launch, interpreted=True)
    rho = float(launch.weather.air.density(launch.pad.elevation))
    got = answer("canopy", f"mass={flight.landing_mass} kg", "rate=3.5 m/s", "cd=0.75", f"air_density={rho} kg/m^3")
    again = varied(project, settings(project, (f"parachute.diameter={got['diameter']} m",)))
    flown = fly(again.launch, interpreted=True)
    body = hanging_body(again.launch.rocket)
    slower = math.sqrt(got["drag area"] / (got["drag area"] + max(body.across, 0.0)))
    assert 3.5 * slower - 0.05 < flown.figures["landing_sink"] < 3.5 + 0.12


def test_a_spill_hole_is_taken_from_the_canopy():
    whole, holed = (
        answer("canopy", "mass=1 kg", "rate=5 m/s", *more)["diameter"] for more in ((), ("spill_hole=20 cm",))
    )
    assert holed**2 - whole**2 == pytest.approx(0.2**2)


def test_an_opening_is_pflanz_by_hand():
    """A = 2 m / (ρ S v t) = 2.0, heavy: the peak is where it is full, X1 = (1 + 1/3A)^-2. A light one peaks before:
    with n = 1 at τ² = 2A/3, X1 = (2A/3)^(1/2) (3/4)²."""
    got = answer("opening", "mass=10 kg", "speed=28 m/s", "diameter=1.2 m", "strength=1.5 kN")
    area, q = 0.75 * math.pi / 4 * 1.44, 0.5 * 1.225 * 28**2
    fill = 8 * 1.2 / 28
    a = 2 * 10 / (1.225 * area * 28 * fill)
    assert got["filling time"] == pytest.approx(fill) and got["of an endless mass"] == pytest.approx(1.7 * q * area)
    assert got["opening load"] == pytest.approx(1.7 * q * area / (1 + 1 / (3 * a)) ** 2, rel=1e-9) and 1.5 * a > 1
    assert got["margin"] == pytest.approx(1500 / got["opening load"])
    assert "margin" not in answer("opening", "mass=10 kg", "speed=28 m/s", "diameter=1.2 m")
    light = answer("opening", "mass=1 kg", "speed=28 m/s", "diameter=1.2 m", "exponent=1", "shock=1", "fill=14")
    a = 2 / (1.225 * area * 28 * 14 * 1.2 / 28)
    assert (
        light["opening load"] == pytest.approx(q * area * (a * 2 / 3) ** 0.5 * (3 / 4) ** 2, rel=1e-9) and a * 2 / 3 < 1
    )


def test_an_opening_is_that_of_the_flight():
    """One place: the load of a canopy in flight that opens at this speed, its pull along the path alone."""
    from downrange.flight.inflation import CANOPIES, opening_load

    flat = CANOPIES["flat circular"]
    area = 0.75 * math.pi / 4 * 0.36
    load, _ = opening_load(
        3.0, area, 20.0, density=1.1, distance=flat.fill * 0.6, exponent=flat.exponent, shock=flat.shock
    )
    assert (
        answer("opening", "mass=3 kg", "speed=20 m/s", "diameter=600 mm", "air_density=1.1 kg/m^3")["opening load"]
        == load
    )


def test_an_altimeter_is_late_and_falls_meanwhile():
    """0.25 s of filter, a second of falling, half a reading of 0.1 s, 0.5 s set: 1.8 s, in which it falls 15.9 m and gains 17.7 m/s."""
    got = answer("apogee", "smoothing=0.25 s", "falling_for=1 s", "interval=0.1 s", "delay=0.5 s", "speed=10 m/s")
    assert got["fires late"] == pytest.approx(1.8)
    assert got["fallen by then"] == pytest.approx(9.80665 * 1.8**2 / 2)
    assert got["speed then"] == pytest.approx(math.hypot(9.80665 * 1.8, 10))
    from downrange.rocket import Altimeter

    unit = Altimeter(unit="Eggtimer").settled
    said = answer(
        "apogee", f"smoothing={unit.smoothing} s", f"falling_for={unit.falling_for} s", f"interval={unit.interval} s"
    )
    assert said["fires late"] == pytest.approx(unit.detection_delay), "the flight's own delay"


def test_a_main_fires_higher_on_a_warm_day_and_late():
    """15 K above the standard air 300 m shown are 300 × (1 + 15/288.15) in truth; at 25 m/s the filter and half a reading cost 25 × 0.275."""
    got = answer("main", "shown=300 m", "temperature=30 degC", "rate=25 m/s")
    true = 300 * (1 + 15 / 288.15)
    assert got["true height"] == pytest.approx(true, abs=0.7) and got["fires at"] == pytest.approx(
        got["true height"] - 25 * 0.275
    )
    cold = answer("main", "shown=300 m", "temperature=0 degC", "delay=2 s", "rate=10 m/s")
    assert cold["true height"] == pytest.approx(300 * (1 - 15 / 288.15), abs=0.7)
    assert cold["fires at"] == pytest.approx(cold["true height"] - 10 * 2.275)
    with pytest.raises(InputError, match="on the ground before it fires"):
        answer("main", "shown=50 m", "temperature=15 degC", "rate=90 m/s", "delay=1 s")


def test_a_joint_feels_the_share_that_hangs_beyond_it():
    got = answer("joint", "load=900 N", "mass=10 kg", "beyond=4 kg", "pin_force=150 N", "margin=2.5")
    assert got == {"force on the joint": pytest.approx(360), "pins at least": pytest.approx(6.0)}
    with pytest.raises(InputError, match="less than it"):
        answer("joint", "load=900 N", "mass=4 kg", "beyond=4 kg", "pin_force=150 N")


def test_delay_is_the_difference():
    got = answer("delay", "best=8.6 s", "longest=14 s")
    assert got["take off"] == pytest.approx(5.4)
    assert got["depth to drill"] / INCH == pytest.approx(5.4 / 32)


def test_a_swing_test_has_its_margin_and_the_pressure_of_its_air():
    """CP 4 cm behind the CG of a rocket of 25 mm is 1.6 calibres; at 12 m/s air of 1.225 kg/m³ presses with 88.2 Pa."""
    got = answer("swing", "cp=34 cm", "cg=30 cm", "diameter=25 mm", "speed=12 m/s")
    assert got["margin"] == pytest.approx(1.6)
    assert next(v for k, v in got.items() if k != "margin") == pytest.approx(88.2)


def test_a_fin_out_of_line_by_a_degree_is_so_many_millimetres():
    """sin 1° is 0.017452: half a root of 100 mm turned by a degree moves its edges by 0.873 mm."""
    got = answer("align", "root_chord=100 mm", "angle=1 deg")
    assert list(got.values()) == [pytest.approx(0.872620e-3, rel=1e-5)]


def test_couplers_and_shoulders_are_shares_of_the_diameter():
    got = answer("coupler", "diameter=100 mm")
    assert sorted(got.values()) == pytest.approx([0.05, 0.075, 0.1])


def test_fillets_weigh_what_their_corner_holds():
    """Numerically: between the fin's plane, a body of 60 mm and the circle of 10 mm that touches both, twice a fin; 11 % less than on a wall."""
    r, body = 0.01, 0.03
    ahead = math.sqrt((body + r) ** 2 - r**2)  # of the circle's centre, out from the axis; it stands r beside the fin
    y = np.linspace(0, r * body / (r + body), 20_001)  # beside the fin, as far as the circle touches the body
    corner = np.trapezoid((ahead - np.sqrt(r**2 - (r - y) ** 2)) - np.sqrt(body**2 - y**2), y)
    got = answer("fillet", "radius=10 mm", "diameter=60 mm", "root_chord=200 mm", "fins=4", "density=1150 kg/m^3")
    assert got["mass"] == pytest.approx(8 * corner * 0.2 * 1150, rel=1e-4)
    flat = answer("fillet", "radius=10 mm", "diameter=1 km", "root_chord=200 mm", "fins=4", "density=1150 kg/m^3")
    assert flat["mass"] == pytest.approx(8 * (1 - math.pi / 4) * 0.01**2 * 0.2 * 1150, rel=1e-4)
    assert got["mass"] < 0.85 * flat["mass"]


def test_ballast_balances_where_it_was_asked_to():
    got = answer("ballast", "mass=1.2 kg", "cg=700 mm", "wanted_cg=650 mm", "place=80 mm")
    m = got["ballast"]
    assert (1.2 * 0.7 + m * 0.08) / (1.2 + m) == pytest.approx(0.65, rel=1e-12)


def test_a_bifilar_pendulum_gives_the_inertia_it_swung_with():
    """Integrated, not linearised: a rod on two threads turned a little; the height of the threads' ends is exact."""
    mass, inertia, apart, length = 1.3, 0.42, 0.6, 2.5
    g, theta, omega, dt, time = 9.80665, math.radians(2), 0.0, 1e-4, 0.0
    while theta > 0:  # a quarter of a period, down to the middle
        h = math.sqrt(length**2 - 2 * (apart / 2) ** 2 * (1 - math.cos(theta)))
        torque = -mass * g * (apart / 2) ** 2 * math.sin(theta) / h
        omega += torque / inertia * dt
        theta += omega * dt
        time += dt
    got = answer("bifilar", f"mass={mass} kg", f"distance={apart} m", f"length={length} m", f"period={4 * time} s")
    assert got["inertia"] == pytest.approx(inertia, rel=2e-3)


def test_a_compound_pendulum_gives_the_inertia_it_swung_with():
    inertia, mass, arm = 0.31, 2.0, 0.5
    period = 2 * math.pi * math.sqrt((inertia + mass * arm**2) / (mass * 9.80665 * arm))
    got = answer("pendulum", f"mass={mass} kg", f"arm={arm} m", f"period={period} s")
    assert got["inertia"] == pytest.approx(inertia, rel=1e-9)


def test_a_plus_minus_goes_through():
    """I ~ m d² T² / L: relative variances add with the squares of the powers."""
    a = bench_number(
        "bifilar",
        read_inputs(
            "bifilar", ("mass=1.3 kg ± 1 %", "distance=600 ± 3 mm", "length=2.5 m ± 1 %", "period=2.4 s ± 1 %")
        ),
    )
    (r,) = a.results
    assert r.sigma / r.value == pytest.approx(
        math.sqrt(0.01**2 + (2 * 0.005) ** 2 + 0.01**2 + (2 * 0.01) ** 2), rel=2e-3
    )


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("canopi", "mass=1kg"), "did you mean 'canopy'"),
        (("canopy", "mass=1kg"), "needs rate"),
        (("canopy", "mass=1kg", "rate=5m/s", "masss=1kg"), "did you mean 'mass'"),
        (("canopy", "mass=1kg", "rate=0m/s"), "above zero"),
        (("canopy", "mass=1kg", "rate=5"), "no unit"),
        (("canopy", "mass=1kg", "mass=2kg", "rate=5m/s"), "said twice"),
        (("canopy", "mass"), "write it like"),
        (("powder", "diameter=98mm", "length=300mm", "pins=3"), "need both"),
        (("co2", "diameter=98mm", "length=300mm", "pin_force=30N"), "need both"),
        (("delay", "best=15s", "longest=14s"), "another motor"),
        (("ballast", "mass=1kg", "cg=70cm", "wanted_cg=65cm", "place=90cm"), "far side"),
        (("pendulum", "mass=1kg", "arm=50cm", "period=1s"), "so short"),
    ],
)
def test_bad_inputs_are_refused_in_words(call, args, words):
    code, out, err = call("bench", *args)
    assert code == 2, (out, err)
    assert words in err


@pytest.mark.parametrize("name", sorted(BENCH))
def test_every_number_lists_its_inputs_and_has_a_source(call, name, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = call("bench", name)
    assert code == 0
    assert all(len(line) <= 80 for line in out.splitlines())
    assert all(key in out for key in BENCH[name].given)
    assert BENCH[name].source and BENCH[name].equation


def test_answers_have_equation_inputs_and_source(call, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = call("bench", "canopy", "mass=1.2kg", "rate=5m/s", "--json")
    said = json.loads(out)
    assert code == 0
    assert said["results"]["diameter_m"] == pytest.approx(math.sqrt(8 * 1.2 * 9.80665 / (math.pi * 1.225 * 0.75 * 25)))
    assert said["inputs"]["mass_kg"] == 1.2
    code, out, _ = call("bench", "canopy", "mass=1.2kg", "rate=5m/s", "--units", "us")
    assert "in" in out and "source:" in out
    assert all(len(line) <= 80 for line in out.splitlines())
    assert call("bench")[0] == 0


def test_python_refuses_as_the_command_does():
    with pytest.raises(InputError, match="above zero"):
        from downrange.uncertainty import Quantity

        bench_number("canopy", {"mass": Quantity(-1.0), "rate": Quantity(5.0)})
