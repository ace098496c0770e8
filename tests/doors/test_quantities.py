"""One table of quantities: what it says is at every door, under one name, with one unit and one value."""

import dataclasses
import json
import pickle
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import downrange as dr
from campaigns import genesis_plan
from downrange.dispersion.columns import block_columns
from downrange.dispersion.plan import Block
from downrange.errors import FlightCode
from downrange.flight import Trajectory, compile_launch, fly, quantities
from downrange.flight.quantities import FLIGHT, PAD, TRAJECTORY, UNITS, WORDS, Quantity, quantity
from downrange.flight.rows import NOUT, O
from downrange.formats import write_trajectory_csv
from downrange.formats.export import trajectory_columns
from downrange.motor import Motor
from downrange.project import open_project
from downrange.recipes.base import SUFFIXES
from downrange.units import parse_quantity

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
sys.path.insert(0, str(ROOT / "builders"))
import make_recipes  # noqa: E402

sys.path.pop(0)


@pytest.fixture(scope="module")
def flight():
    return fly(compile_launch(open_project(EXAMPLES / "first_rocket" / "launch.yaml").launch), interpreted=True)


def block(**answers: float) -> Block:
    """Two bodies whose kernel said nothing but `answers`, in SI."""
    plan, n = genesis_plan(), 2
    out = np.full((n, NOUT), np.nan)
    for name, value in answers.items():
        out[:, O[name]] = value
    zero = np.zeros(n, int)
    return Block(
        flight=np.arange(n), mode=zero, body=zero, member=zero, inputs=np.zeros((n, len(plan.inputs.inputs))), wind=np.zeros((n, 2)),
        mass=np.full(n, 7.0), rows=np.repeat(plan.program.compiled.row[None], n, axis=0), out=out, across=np.full(n, 0.1), steps=np.full((n, 1, 2), np.nan),
    )  # fmt: skip


def test_a_quantity_of_the_table_is_at_every_door(monkeypatch, call, flight, tmp_path):
    toy = Quantity("toy_angle", "°", "twice the angle of half a turn", lambda x: np.pi + 0 * x.answer("apogee_time"))
    monkeypatch.setattr(quantities, "FLIGHT", (*FLIGHT, toy))
    over = Quantity("toy_count", "", "how many", lambda t: 3.0 + 0 * t.time)
    monkeypatch.setattr(quantities, "TRAJECTORY", (*TRAJECTORY, over))
    again = fly(flight.program, interpreted=True)
    assert again.summary()["toy_angle_deg"] == pytest.approx(180)
    assert again.figures["toy_angle"] == pytest.approx(np.pi)
    assert "toy_angle_deg" in again._repr_html_()
    code, text, _ = call("fly", EXAMPLES / "first_rocket", "--json")
    assert code == 0 and json.loads(text)["toy_angle_deg"] == pytest.approx(180)
    columns = block_columns(genesis_plan(), block(apogee_time=5.0, code=FlightCode.LANDED))
    assert columns["toy_angle_deg"] == pytest.approx([180, 180])
    assert (
        '    def toy_angle_deg(self) -> float | None:\n        """Twice the angle of half a turn, °."""'
        in make_recipes.figures_text()
    )
    assert (
        "| `toy_angle_deg` | ° | flight, campaign | twice the angle of half a turn |" in make_recipes.quantities_text()
    )
    write_trajectory_csv(again, tmp_path / "t.csv")
    head, first, *_ = (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()
    assert head.split(",")[-1] == "toy_count" and first.split(",")[-1] == "3"
    assert trajectory_columns(again.trajectory)["toy_count"].max() == 3


def test_the_page_and_the_attributes_are_those_of_the_table():
    assert (ROOT / "docs/quantities.md").read_text(encoding="utf-8") == make_recipes.quantities_text(), (
        "run python builders/make_recipes.py"
    )
    for q in quantities.of_one():
        assert isinstance(getattr(dr.Flight, q.key), property), q.key
    for key in WORDS:
        assert hasattr(dr.Flight, key), key


def test_what_a_flight_says_is_what_the_page_says(flight, call):
    said = flight.summary()
    assert set(said) == {q.key for q in quantities.of_one()} | set(WORDS)
    shown = dr.Flight(flight)
    for q in quantities.of_one():
        assert getattr(shown, q.key) == said[q.key], q.key
    assert set(said["bodies"][0]) == {"name", "mass_kg"} | {q.key for q in quantities.BODY}
    code, text, _ = call("check", EXAMPLES / "first_rocket", "--json")
    checked = json.loads(text)
    assert {q.key for q in PAD} < set(checked) and code == 0
    for key in {q.key for q in PAD} & set(said):
        assert checked[key] == said[key], key
    assert set(trajectory_columns(flight.trajectory)) == {q.key for q in TRAJECTORY}


def test_names_are_one_and_units_are_those_of_the_files():
    for table in (FLIGHT, PAD, TRAJECTORY):
        assert len({q.name for q in table}) == len({q.key for q in table}) == len(table)
        for q in table:
            assert re.fullmatch(r"[a-z][a-z0-9_]*", q.key) and q.meaning and not q.meaning.endswith("."), q
    for name in {q.name for q in FLIGHT} & {q.name for q in PAD}:
        before = next(q for q in PAD if q.name == name)
        assert (quantity(name).unit, quantity(name).meaning) == (before.unit, before.meaning)
    for unit, (suffix, factor) in UNITS.items():
        if suffix in SUFFIXES:  # a file's key and an answer's mean the same by it
            kind = {
                "°": "angle",
                "m": "length",
                "s": "time",
                "m/s": "speed",
                "kg": "mass",
                "kg m²": "inertia",
                "Pa": "pressure",
            }.get(unit)
            if kind is not None:
                assert parse_quantity(f"1 {SUFFIXES[suffix]}", kind).value * factor == pytest.approx(1), unit


def test_columns_of_many_by_hand():
    """Of a landing at (300, 400) m with 25 m/s, 20 of them downwards, of 7 kg; apogee at 11 s, a canopy at 12."""
    columns = block_columns(
        genesis_plan(),
        block(
            code=FlightCode.LANDED, landing_east=300.0, landing_north=400.0, landing_up=0.0, landing_speed=25.0, landing_sink=20.0,
            landing_time=61.0, apogee_time=11.0, apogee=900.0, deploy_time=12.0, rail_exit_cosine=np.cos(0.1), min_stability=1.4,
            rail_exit_stability=1.3, max_speed=80.0, max_q=0.5,
        ),
    )  # fmt: skip
    burn = genesis_plan().program.launch.motor.burnout_time
    for key, value in {
        "landing_distance_m": 500.0, "landing_angle_deg": np.degrees(np.arcsin(0.8)), "landing_energy_j": 0.5 * 7 * 625, "landing_mass_kg": 7.0,
        "descent_time_s": 50.0, "flight_time_s": 61.0, "rail_exit_angle_of_attack_deg": np.degrees(0.1), "min_stability_cal": 1.3,
        "optimum_delay_s": 11 - burn, "max_speed_m_s": 80.0, "ground_hit_speed_m_s": 25.0,
    }.items():  # fmt: skip
        assert columns[key] == pytest.approx([value, value]), key
    assert np.isnan(columns["flutter_margin"]).all()  # below 1 Pa nothing flew
    # 300 m east at this latitude: the circle's radius is cos(latitude) of some 6,390 km.
    pad = genesis_plan().program.launch.pad
    east = np.radians(columns["landing_longitude_deg"][0]) - pad.longitude
    assert east * np.cos(pad.latitude) * 6.39e6 == pytest.approx(300, rel=0.01)
    early = block_columns(genesis_plan(), block(code=FlightCode.LANDED, apogee_time=11.0, deploy_time=10.0))
    assert np.isnan(early["optimum_delay_s"]).all()  # when apogee would have been is not known


def test_a_flight_that_stays_on_the_pad_has_no_largest_speed_in_a_campaign_either():
    columns = block_columns(
        genesis_plan(), block(code=FlightCode.NO_LIFTOFF, max_speed=0.0, max_mach=0.0, max_q=0.0, max_acceleration=0.0)
    )
    for key in (
        "max_speed_m_s",
        "max_mach",
        "max_dynamic_pressure_pa",
        "max_acceleration_m_s2",
        "landing_mass_kg",
        "landing_latitude_deg",
    ):
        assert np.isnan(columns[key]).all(), key


def test_a_name_that_is_not_there_is_told(flight):
    with pytest.raises(KeyError, match=r"no quantity 'max_sped' - did you mean 'max_speed'\?"):
        flight.figures["max_sped"]
    with pytest.raises(KeyError, match="did you mean 'landing_energy'"):
        quantity("landing_energi")
    assert pickle.loads(pickle.dumps(flight)).summary() == flight.summary()


def test_the_columns_of_a_trajectory_are_what_they_are_called(flight):
    """Each from its own array: numbers that differ from one another catch whatever is taken for another."""
    fields = {f.name: f for f in dataclasses.fields(Trajectory)}
    rng = np.random.default_rng(5)
    width = {"position_enu": 3, "velocity_enu": 3, "acceleration_enu": 3, "omega_body": 3, "quaternion": 4}
    made = {k: rng.uniform(0.1, 0.9, (2, width[k]) if k in width else 2) for k in fields}
    made["under_canopy"] = np.array([False, True])
    t = Trajectory(**made)
    columns = trajectory_columns(t)
    right = {
        "time_s": t.time,
        "altitude_agl_m": t.height,
        "pressure_altitude_agl_m": t.pressure_altitude,
        "latitude_deg": np.degrees(t.latitude),
    }
    right |= {
        "longitude_deg": np.degrees(t.longitude),
        "speed_m_s": t.speed,
        "airspeed_m_s": t.airspeed,
        "mach": t.mach,
        "thrust_n": t.thrust,
    }
    right |= {
        "dynamic_pressure_pa": t.dynamic_pressure,
        "angle_of_attack_deg": np.degrees(t.angle_of_attack),
        "stability_cal": t.stability,
    }
    right |= {
        "mass_kg": t.mass,
        "under_canopy": [0.0, 1.0],
        "acceleration_m_s2": np.sqrt((t.acceleration_enu**2).sum(1)),
    }
    for k, axis in enumerate(("east", "north", "up")):
        right |= {f"velocity_{axis}_m_s": t.velocity_enu[:, k], f"acceleration_{axis}_m_s2": t.acceleration_enu[:, k]}
    right |= {"east_m": t.position_enu[:, 0], "north_m": t.position_enu[:, 1]}
    right |= {f"{n}_rate_deg_s": np.degrees(t.omega_body[:, k]) for k, n in enumerate(("roll", "pitch", "yaw"))}
    right |= {f"quaternion_{n}": t.quaternion[:, k] for k, n in enumerate("wxyz")}
    w, x, y, z = t.quaternion.T  # the nose is body x: its height is 2 (x z - w y)
    right["nose_elevation_deg"] = np.degrees(np.arcsin(np.clip(2 * (x * z - w * y), -1, 1)))
    assert set(right) == set(columns)
    for name, value in right.items():
        assert columns[name] == pytest.approx(value), name


def test_impulse_that_a_canopy_leaves_out():
    """A canopy at half the burn of a motor of even thrust leaves half its impulse out; one that opens later, nothing."""

    class Half:
        def __init__(self, opens: float):
            self.opens = opens
            time, thrust = np.array([0.0, 1e-6, 2.0, 2.000001]), np.array([0.0, 10.0, 10.0, 0.0])
            motor = Motor(
                designation="even",
                time=time,
                thrust=thrust,
                propellant_mass=0.1,
                dry_mass=0.1,
                diameter=0.02,
                length=0.1,
            )
            self.launch = SimpleNamespace(lifting=motor)

        def answer(self, name: str) -> float:
            return {"deploy_time": self.opens, "landing_speed": 0.0, "landing_sink": 0.0}[name]

    lost = quantity("lost_impulse").of
    assert lost(Half(1.0)) == pytest.approx(0.5, abs=1e-5)
    assert lost(Half(3.0)) == pytest.approx(0, abs=1e-9) and lost(Half(np.nan)) == pytest.approx(0, abs=1e-9)
    assert np.isnan(quantity("landing_angle").of(Half(1.0)))  # what did not move came from nowhere


def test_rocket_too_heavy_to_leave_the_pad_is_told_without_a_warning():
    """Its canopy opens at no time: every figure is asked for, and what did not happen is null."""
    example = Path(__file__).resolve().parents[2] / "examples" / "first_rocket" / "launch.yaml"
    launch = open_project(example).launch
    heavy = dataclasses.replace(launch.rocket, measured=dataclasses.replace(launch.rocket.measured, mass=3.0))
    summary = fly(dataclasses.replace(launch, rocket=heavy)).summary()
    assert summary["result"] == "no_liftoff" and summary["apogee_agl_m"] is None
    assert summary["liftoff_mass_kg"] > 3.0
