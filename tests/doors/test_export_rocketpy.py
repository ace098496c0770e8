"""The script for RocketPy, run against a module that only writes down how it is called: its numbers are those of the launch."""

import runpy
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.flight import compile_launch, fly
from downrange.flight.rows import FIELD
from downrange.formats.foreign.rocketpy_script import rocketpy_script
from downrange.project import open_project

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


class Said:
    """What was called, and with what."""

    def __init__(self, calls, name, words):
        self.calls, self.words = calls, words
        calls.append((name, (), words))

    elevation, apogee, max_speed, out_of_rail_velocity, out_of_rail_stability_margin, t_final = 0, 1, 2, 3, 4, 5

    def __getattr__(self, name):
        return lambda *given, **words: self.calls.append((name, given, words))


def _run(text, tmp_path, monkeypatch):
    calls, module = [], ModuleType("rocketpy")
    for name in ("Environment", "Flight", "GenericMotor", "Rocket"):
        setattr(module, name, lambda *given, _name=name, **words: Said(calls, _name, words))
    monkeypatch.setitem(sys.modules, "rocketpy", module)
    path = tmp_path / "script.py"
    path.write_text(text, encoding="utf-8")
    runpy.run_path(str(path))
    return calls


def _flight(name, change=lambda launch: launch):
    return fly(compile_launch(change(open_project(EXAMPLES / name / "launch.yaml").launch)), interpreted=True)


def _one(calls, name):
    (words,) = (w for n, _, w in calls if n == name)
    return words


def test_masses_places_and_thrust_are_the_launchs(tmp_path, monkeypatch):
    flight = _flight("ndrt")
    launch = flight.launch
    calls = _run(rocketpy_script(flight)[0], tmp_path, monkeypatch)
    rocket, motor, where = (_one(calls, n) for n in ("Rocket", "GenericMotor", "add_motor"))
    given = [(rocket["mass"], rocket["center_of_mass_without_motor"]),
             (motor["dry_mass"], where["position"] - motor["center_of_dry_mass_position"]),
             (motor["propellant_initial_mass"], where["position"] - motor["chamber_position"])]  # fmt: skip
    mass = sum(m for m, _ in given)
    assert mass == pytest.approx(launch.loaded.mass, rel=1e-6)
    assert sum(m * x for m, x in given) / mass == pytest.approx(launch.loaded.cg[0], abs=1e-5)
    inertia = [rocket["inertia"][0], motor["dry_inertia"][0], motor["propellant_initial_mass"]
               * (3 * motor["chamber_radius"] ** 2 + motor["chamber_height"] ** 2) / 12]  # fmt: skip
    about = sum(i + m * (x - launch.loaded.cg[0]) ** 2 for i, (m, x) in zip(inertia, given, strict=True))
    assert about == pytest.approx(launch.loaded.pitch_inertia, rel=1e-4)
    thrust = np.array(motor["thrust_source"])
    assert np.trapezoid(thrust[:, 1], thrust[:, 0]) == pytest.approx(launch.lifting.impulse, rel=1e-6)
    assert where["position"] == pytest.approx(launch.nozzle)
    fins = _one(calls, "add_trapezoidal_fins")
    (placed,) = (q for q in launch.rocket.placed if "Fins" in type(q.part).__name__)
    assert (fins["n"], fins["position"], fins["span"]) == pytest.approx(
        (placed.part.count, placed.front, placed.part.span)
    )
    assert fins["radius"] == pytest.approx(placed.at.outer)


def test_the_rail_frees_it_after_the_same_way(tmp_path, monkeypatch):
    """RocketPy: free when the upper button has gone the rail's length less its distance from the nozzle."""
    flight = _flight("ndrt")
    calls = _run(rocketpy_script(flight)[0], tmp_path, monkeypatch)
    upper, lower = next(given for name, given, _ in calls if name == "set_rail_buttons")
    travel = _one(calls, "Flight")["rail_length"] - (_one(calls, "add_motor")["position"] - upper)
    assert travel == pytest.approx(flight.program.guides.upper_travel, abs=1e-6) and upper < lower


def test_the_air_is_as_dense_and_the_wind_blows_the_same_way(tmp_path, monkeypatch):
    flight = _flight("first_rocket")
    calls, launch = _run(rocketpy_script(flight)[0], tmp_path, monkeypatch), flight.launch
    air = next(words for name, _, words in calls if name == "set_atmospheric_model")
    z, p = np.array(air["pressure"]).T
    t = np.array(air["temperature"])[:, 1]
    assert p / (287.05287 * t) == pytest.approx(launch.weather.air.density(z), rel=1e-5)
    assert z[0] == pytest.approx(launch.pad.elevation) and z[-1] > launch.pad.elevation + flight.apogee
    wind = np.array(air["wind_u"])
    assert wind[-1, 1] > 3, "from the west: eastward"


def test_drag_is_that_of_the_heights_at_which_it_had_each_mach_number(tmp_path, monkeypatch):
    """Cf falls as the unit Reynolds number rises: high and slow has more drag than low and as slow."""
    flight = _flight("genesis", lambda launch: open_project(EXAMPLES / "bella_lui" / "launch.yaml").launch)
    rocket = _one(_run(rocketpy_script(flight)[0], tmp_path, monkeypatch), "Rocket")
    off, on = (np.array(rocket[f"power_{w}_drag"]) for w in ("off", "on"))
    t = flight.trajectory
    for table, burning in ((off, False), (on, True)):
        k = np.argmin(np.abs(t.time - (3.0 if burning else 8.0)))
        rho = float(flight.launch.weather.air.density(t.height[k] + flight.launch.pad.elevation))
        temperature = (t.airspeed[k] / t.mach[k]) ** 2 / (1.4 * 287.05287)
        mu = 1.458e-6 * temperature**1.5 / (temperature + 110.4)  # Sutherland, US Standard Atmosphere 1976
        expected = flight.program.aero.drag(t.mach[k], t.airspeed[k] * rho / mu, burning)
        assert np.interp(t.mach[k], *table.T) == pytest.approx(expected, rel=2e-3)


def test_canopies_add_up_and_open_when_ours_do(tmp_path, monkeypatch):
    """RocketPy lets the last one that opened count alone."""
    flight = _flight("ndrt")
    text, lost = rocketpy_script(flight)
    canopies = [w for n, _, w in _run(text, tmp_path, monkeypatch) if n == "add_parachute"]
    devices = flight.program.devices
    assert len(canopies) == len(devices) == 2 and canopies[0]["trigger"] == "apogee"
    across = float(flight.program.compiled.row[FIELD["across"]])  # the drogue brakes less than the rocket lying across the flow
    assert devices[0].cd_area == 0 and canopies[0]["cd_s"] == pytest.approx(across, rel=1e-6)
    assert canopies[1]["cd_s"] == pytest.approx(devices[0].cd_area + devices[1].cd_area, rel=1e-6)
    assert canopies[1]["trigger"] == pytest.approx(devices[1].value)
    early = _flight("first_rocket")
    text, lost = rocketpy_script(early)
    (canopy,) = (w for n, _, w in _run(text, tmp_path, monkeypatch) if n == "add_parachute")
    opens = next(e for e in early.events if "opening" in e.name)
    trigger, state = canopy["trigger"], [0.0] * 6
    climb = early.sample(np.array([opens.time])).velocity_enu[0, 2]
    assert not trigger(0, 0.0, state), "not on the pad"
    assert not trigger(0, opens.height, [*state[:5], climb + 0.1]) and trigger(
        0, opens.height, [*state[:5], climb - 0.1]
    )
    assert any("ejection" in line for line in lost)


def test_what_does_not_burn_is_carried_and_what_pushes_aside_is_told(tmp_path, monkeypatch):
    flight = _flight("cluster")
    text, lost = rocketpy_script(flight)
    calls = _run(text, tmp_path, monkeypatch)
    rocket, motor = _one(calls, "Rocket"), _one(calls, "GenericMotor")
    total = rocket["mass"] + motor["dry_mass"] + motor["propellant_initial_mass"]
    assert total == pytest.approx(flight.launch.loaded.mass, rel=1e-6)
    assert motor["propellant_initial_mass"] == pytest.approx(3 * flight.launch.motor.propellant_mass)
    assert any("beside the axis" in line for line in lost)
    assert all(f"# Not in it: {line}" in text for line in lost)


def test_stages_are_refused_and_names_are_harmless(tmp_path, monkeypatch, call):
    with pytest.raises(InputError, match="one stage whose motors are lit at launch"):
        rocketpy_script(_flight("two_stage"))
    out = tmp_path / "stage.py"
    code, _, err = call("export", EXAMPLES / "two_stage" / "launch.yaml", "-o", out)
    assert code == 2 and "write an .ork" in err and not out.exists()
    evil = 'x\n"""\nraise SystemExit(7)\n#\u202e'
    flight = _flight("first_rocket", lambda launch: replace(launch, rocket=replace(launch.rocket, name=evil)))
    _run(rocketpy_script(flight)[0], tmp_path, monkeypatch)
