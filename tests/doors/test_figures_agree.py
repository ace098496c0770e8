"""One flight in JSON, on the card, in its figures, files, loads, rules and as a row of many: the same numbers everywhere."""

import io
import math
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from downrange.aero.tables import build_lift
from downrange.atmosphere import Weather, Wind
from downrange.flight import compile_launch, fly, fly_rows
from downrange.flight.kernel.layout import AT_NEVER, AT_TIME, LAG0, VALUE0, O
from downrange.flight.launch import Section
from downrange.flight.margins import margin_along
from downrange.flight.structure import Structure
from downrange.formats.export import trajectory_columns
from downrange.project import open_project
from downrange.report.figures import flight_figure, rocket_figure, stability_figure, vehicle_figure
from downrange.report.html import _in
from downrange.report.loads import loads_summary
from downrange.report.terminal import check_view, flight_view
from downrange.safety.facts import _recovery_facts
from downrange.units import display

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@cache
def flight():
    """The starter in a wind that is the same at all heights: 8 degrees of angle of attack off the rail. Two sections."""
    launch = open_project(EXAMPLES / "first_rocket" / "launch.yaml").launch
    aft = launch.aft_end
    return fly(
        replace(
            launch, weather=Weather(launch.weather.air, Wind.constant(3.0, 1.0)),
            sections=(Section("nose", 0.0, 0.4 * aft), Section("booster", 0.4 * aft, aft)),
        )
    )  # fmt: skip


def ascent(t, o):
    return (t.time >= o["rail_exit_time"] - 1e-9) & (t.time <= o["apogee_time"] + 1e-9)


def test_the_trajectory_holds_the_largest_values_of_the_summary():
    s, t = flight().summary(), flight().trajectory
    free = ~t.under_canopy
    pull = np.linalg.norm(t.acceleration_enu, axis=1)
    assert pull[free].max() == pytest.approx(s["max_acceleration_m_s2"], rel=1e-4)
    assert t.speed[free].max() == pytest.approx(s["max_speed_m_s"], rel=2e-4)
    assert t.mach[free].max() == pytest.approx(s["max_mach"], rel=1e-3)
    assert t.dynamic_pressure[free].max() == pytest.approx(s["max_dynamic_pressure_pa"], rel=1e-3)
    assert t.height.max() == pytest.approx(s["apogee_agl_m"], rel=1e-6)
    assert t.pressure_altitude.max() == pytest.approx(s["apogee_pressure_altitude_agl_m"], rel=1e-6)
    assert t.speed[-1] == pytest.approx(s["ground_hit_speed_m_s"], rel=1e-4)
    at = {k: int(np.argmin(np.abs(t.time - s[f"{k}_time_s"]))) for k in ("max_speed", "max_acceleration")}
    assert t.speed[at["max_speed"]] == pytest.approx(t.speed[free].max())
    assert pull[at["max_acceleration"]] == pytest.approx(pull[free].max())


def test_the_least_margin_is_that_of_the_trajectory_and_not_above_rail_exit():
    s, t, o = flight().summary(), flight().trajectory, flight().raw.out
    rows = ascent(t, o)
    k = int(np.nanargmin(np.where(rows, t.stability, np.nan)))
    assert s["min_stability_cal"] == pytest.approx(t.stability[k], abs=1e-12)
    assert s["min_stability_time_s"] == pytest.approx(t.time[k], abs=1e-12)
    assert s["min_stability_cal"] <= s["rail_exit_stability_cal"]
    assert np.isnan(t.stability[t.time < o["rail_exit_time"] - 1e-9]).all()


def test_margins_of_the_kernel_and_of_figures_are_one_formula():
    f = flight()
    s, t, launch = f.summary(), f.trajectory, f.launch
    k = int(np.argmin(np.abs(t.time - f.raw.out["rail_exit_time"])))
    assert math.degrees(t.angle_of_attack[k]) > 5  # enough for cross-flow and body lift to count
    left = t.mass[k] - launch.dry.mass
    cg = (launch.dry.mass * launch.dry.cg[0] + left * launch.propellant_centre) / t.mass[k]
    ours = margin_along(f.program.aero, t.mach[k : k + 1], np.cos(t.angle_of_attack[k : k + 1]), np.array([cg]))
    assert ours[0] == pytest.approx(s["rail_exit_stability_cal"], abs=1e-4)
    assert t.stability[k] == s["rail_exit_stability_cal"]
    assert math.degrees(t.angle_of_attack[k]) == pytest.approx(s["rail_exit_angle_of_attack_deg"], abs=1e-3)


def test_figures_show_what_the_words_say():
    s = flight().summary()
    figure = flight_figure(flight())
    height, speed, pull = figure.axes
    assert f"{s['apogee_agl_m']:.1f} m" in figure.get_suptitle()
    assert max(height.lines[0].get_ydata()) == pytest.approx(s["apogee_agl_m"], rel=1e-6)
    assert max(height.lines[1].get_ydata()) == pytest.approx(s["apogee_pressure_altitude_agl_m"], rel=1e-6)
    assert max(speed.lines[0].get_ydata()) == pytest.approx(s["max_speed_m_s"], rel=2e-4)
    assert np.nanmax(pull.lines[0].get_ydata()) == pytest.approx(s["max_acceleration_m_s2"], rel=1e-4)
    margin = stability_figure(flight()).axes[0]
    x, y = (np.asarray(v, float) for v in margin.lines[0].get_data())
    assert np.nanmin(y) == pytest.approx(s["min_stability_cal"], abs=1e-12)
    first = np.flatnonzero(np.isfinite(y))[0]
    assert x[first] == pytest.approx(flight().raw.out["rail_exit_time"], abs=1e-9)
    assert y[first] == pytest.approx(s["rail_exit_stability_cal"], abs=1e-4)
    words = [text.get_text() for text in margin.get_legend().get_texts()]
    assert f"least {s['min_stability_cal']:.2f} at {s['min_stability_time_s']:.2f} s" in words
    assert f"rail exit {s['rail_exit_stability_cal']:.2f} at {flight().raw.out['rail_exit_time']:.2f} s" in words


def test_the_card_says_what_json_says():
    s = flight().summary()
    console = Console(width=140, file=io.StringIO(), color_system=None)
    console.print(flight_view(flight()))
    card = console.file.getvalue()

    def number(label: str, pattern: str) -> float:
        found = re.search(rf"{label}.*?{pattern}", card)
        assert found, (label, card)
        return float(found.group(1).replace(",", ""))

    n = r"(-?[\d,]+\.?\d*)"
    assert number("apogee", f"{n} m") == pytest.approx(s["apogee_agl_m"], abs=0.06)
    assert number("altimeter shows", f"{n} m") == pytest.approx(s["apogee_pressure_altitude_agl_m"], abs=0.06)
    assert number("largest speed", f"{n} m/s") == pytest.approx(s["max_speed_m_s"], abs=0.6)
    assert number("largest speed", f"at {n} s") == pytest.approx(s["max_speed_time_s"], abs=0.006)
    assert number("largest acceleration", f"{n} m/s²") == pytest.approx(s["max_acceleration_m_s2"], abs=0.6)
    assert number("largest acceleration", f"{n} g") == pytest.approx(s["max_acceleration_m_s2"] / 9.80665, abs=0.06)
    assert number("burn-out", f"{n} s") == pytest.approx(s["burnout_time_s"], abs=0.006)
    assert number("best delay", f"{n} s") == pytest.approx(s["optimum_delay_s"], abs=0.06)
    assert number("thrust to weight", n) == pytest.approx(s["thrust_to_weight"], abs=0.06)
    assert number("static margin", f"{n} cal") == pytest.approx(s["static_margin_cal"], abs=0.006)
    assert number("Mach 0.3;", f"{n} cal at rail exit") == pytest.approx(s["rail_exit_stability_cal"], abs=0.006)
    assert number("least", f"{n} cal") == pytest.approx(s["min_stability_cal"], abs=0.006)
    assert number("least", f"at {n} s") == pytest.approx(s["min_stability_time_s"], abs=0.006)
    assert number("hits the ground at", f"{n} m/s") == pytest.approx(s["ground_hit_speed_m_s"], abs=0.006)
    assert number("hits the ground at", f"{n} J") == pytest.approx(s["landing_energy_j"], rel=0.006)
    assert number("hits the ground at", f"after {n} s") == pytest.approx(s["flight_time_s"], abs=0.06)
    events = {e["name"]: e for e in s["events"]}
    assert events["burn-out"]["time_s"] == pytest.approx(s["burnout_time_s"], abs=1e-6)
    assert events["apogee"]["altitude_agl_m"] == pytest.approx(s["apogee_agl_m"], abs=1e-3)


def test_files_loads_and_a_row_of_many_have_the_same_numbers():
    f, s = flight(), flight().summary()
    columns = trajectory_columns(f.trajectory)
    up = ascent(f.trajectory, f.raw.out)
    assert np.nanmin(columns["stability_cal"][up]) == s["min_stability_cal"]
    loads = loads_summary([Structure(f)])
    assert min(fin["flutter_margin"] for fin in loads["fins"]) == pytest.approx(s["flutter_margin"], rel=1e-9)
    out = fly_rows(f.program, np.tile(f.program.compiled.row, (3, 1)))[1]
    for name, field in (
        ("apogee_agl_m", "apogee"), ("time_to_apogee_s", "apogee_time"), ("max_speed_m_s", "max_speed"), ("max_mach", "max_mach"),
        ("max_acceleration_m_s2", "max_acceleration"), ("max_dynamic_pressure_pa", "max_q"), ("rail_exit_speed_m_s", "rail_exit_speed"),
        ("rail_exit_stability_cal", "rail_exit_stability"), ("burnout_altitude_agl_m", "burnout_height"), ("deployment_time_s", "deploy_time"),
        ("deployment_airspeed_m_s", "deploy_speed"), ("flight_time_s", "landing_time"), ("landing_east_m", "landing_east"),
        ("landing_north_m", "landing_north"), ("ground_hit_speed_m_s", "landing_speed"), ("landing_sink_m_s", "landing_sink"),
    ):  # fmt: skip
        assert out[O[field]] == pytest.approx(s[name], rel=1e-4, abs=1e-3), name
    # The lanes know the margin at the ends of their steps, the figure every 0.02 s.
    assert min(out[O["min_stability"]], out[O["rail_exit_stability"]]) == pytest.approx(
        s["min_stability_cal"], abs=0.05
    )


def test_energies_of_sections_are_of_the_whole_speed_everywhere():
    f, s = flight(), flight().summary()
    assert sum(b["landing_energy_j"] for b in s["bodies"]) == pytest.approx(s["landing_energy_j"], rel=1e-9)
    assert sum(b["mass_kg"] for b in s["bodies"]) == pytest.approx(f.launch.dry.mass, rel=1e-9)
    worst = max(b["landing_energy_j"] for b in s["bodies"])
    fact = _recovery_facts(f, None)["section_energy"]
    assert fact.value == pytest.approx(worst, rel=1e-9)
    sink = worst * (f.raw.out["landing_sink"] / f.raw.out["landing_speed"]) ** 2
    assert f"{sink:.3g} J from the sink alone" in fact.note and sink < 0.95 * worst


def test_small_energies_are_not_nothing():
    assert [_in(v, "energy", "metric") for v in (0.28, 1234.6, None)] == ["0.28", "1,235", "-"]
    assert _in(101.69, "energy", "us") == "75"  # 75 ft lbf, NASA's limit


def test_the_us_card_says_what_json_says():
    """With the definitions of the foot (0.3048 m), pound (0.45359237 kg) and pound of force (9.80665 N/kg): NIST SP 811."""
    s, foot, pound = flight().summary(), 0.3048, 0.45359237
    console = Console(width=140, file=io.StringIO(), color_system=None)
    console.print(flight_view(flight(), "us"))
    card = console.file.getvalue()
    for label, unit, value in (
        ("apogee", "ft", s["apogee_agl_m"] / foot), ("altimeter shows", "ft", s["apogee_pressure_altitude_agl_m"] / foot),
        ("largest speed", "ft/s", s["max_speed_m_s"] / foot), ("largest acceleration", "ft/s²", s["max_acceleration_m_s2"] / foot),
        ("rail exit ", "ft/s", s["rail_exit_speed_m_s"] / foot), ("average of", "oz", s["liftoff_mass_kg"] / pound * 16),
        ("hits the ground at", "ft/s", s["ground_hit_speed_m_s"] / foot),
        ("hits the ground at.*ft/s", "ft·lbf", s["landing_energy_j"] / (foot * pound * 9.80665)),
        ("  nose ", "oz", s["bodies"][0]["mass_kg"] / pound * 16),
        ("booster.*oz", "ft·lbf", s["bodies"][1]["landing_energy_j"] / (foot * pound * 9.80665)),
    ):  # fmt: skip
        found = re.search(rf"{label}.*?([\d,]+\.?\d*) {re.escape(unit)}(?![/·²\w])", card)
        assert found, (label, card)
        assert float(found.group(1).replace(",", "")) == pytest.approx(value, rel=6e-3), label
    assert not re.search(r"\d (m|m/s|m/s²|kg|g|J)(?![\w/²])(?<! g)", card.replace(" g, at", "")), card


def test_us_axes_have_round_numbers_at_the_right_places():
    figure = flight_figure(flight())
    figure.savefig(io.BytesIO(), format="png", units="us")
    height, speed, pull = figure.axes
    assert [a.get_ylabel() for a in figure.axes] == ["above the pad, ft", "speed, ft/s", "acceleration, ft/s²"]
    assert f"{flight().summary()['apogee_agl_m'] / 0.3048:,.0f} ft" in figure.get_suptitle()
    for axis in (height.yaxis, speed.yaxis, pull.yaxis):
        shown = [(at, text.get_text()) for at, text in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)]
        assert len(shown) >= 4
        for at, text in shown:
            assert float(text.replace(",", "").replace("−", "-")) == pytest.approx(at / 0.3048, abs=1e-3)
            assert float(text.replace(",", "").replace("−", "-")) % 5 == 0
    with pytest.raises(AssertionError, match="one system"):
        figure.savefig(io.BytesIO(), format="png", units="metric")


@pytest.mark.parametrize("units", ["metric", "us"])
def test_titles_are_of_numbers_that_nothing_rounded(units):
    """Title of the flight and of the side view, with the card of `check`: not feet of a rounded number of metres; one margin."""
    f, s = flight(), flight().summary()
    figure = flight_figure(f)
    figure.savefig(io.BytesIO(), format="png", units=units)
    assert figure.get_suptitle().endswith(f": {display(s['apogee_agl_m'], 'length', units)}")
    console = Console(width=140, file=io.StringIO(), color_system=None)
    console.print(check_view(f.program, f, units))
    card = console.file.getvalue()
    for side in (vehicle_figure(f.launch), rocket_figure(f.program)):
        side.savefig(io.BytesIO(), format="png", units=units)
        title = side.axes[0].get_title()
        assert f"margin {s['static_margin_cal']:.2f} cal" in title
        assert f": {display(s['liftoff_mass_kg'], 'mass', units)} at lift-off" in title
        for text in side.legends[0].get_texts():
            what, value = re.match(r"(centre of \w+) (.*)", text.get_text()).groups()
            assert re.search(rf"{what} +{re.escape(value)} ", card), (text, card)


@pytest.mark.parametrize("end", [0.5, 0.9, 2.0])
def test_a_coefficient_does_not_hang_on_where_its_table_ends(end):
    """CNα and CP at Mach 0.3 (which each grid holds): the same in a short table and a long one."""
    launch = flight().launch
    one, other = (build_lift(launch.rocket, mach_max=m, options=launch.aero) for m in (end, 1.2))
    assert one.normal_slope(0.3) == pytest.approx(other.normal_slope(0.3), rel=1e-5)
    assert one.centre_of_pressure(0.3) == pytest.approx(other.centre_of_pressure(0.3), rel=1e-6)


def test_what_did_not_happen_is_null():
    f = flight()
    launch = f.launch
    heavy = fly(replace(launch, rocket=replace(launch.rocket, measured=replace(launch.rocket.measured, mass=40.0))))
    s = heavy.summary()
    for key in ("max_speed_m_s", "max_mach", "max_acceleration_m_s2", "max_dynamic_pressure_pa", "apogee_agl_m",
                "min_stability_cal", "min_stability_time_s", "rail_exit_speed_m_s", "optimum_delay_s", "landing_energy_j"):  # fmt: skip
        assert s[key] is None, key
    assert any("stays on the pad" in w for w in s["warnings"])


def test_what_comes_down_without_a_canopy_weighs_what_it_weighs_empty():
    """A canopy that never opens cuts no thrust off: nothing is left to burn, and the energy at landing is m v² / 2."""
    program = compile_launch(flight().launch)
    devices = program.compiled.devices.copy()
    devices[:, 0] = AT_NEVER
    falls = fly(replace(program, compiled=replace(program.compiled, devices=devices)))
    s, dry = falls.summary(), program.launch.loaded.mass - program.launch.motor.propellant_mass
    assert s["ground_hit_speed_m_s"] > 30
    assert falls.landing_mass == pytest.approx(dry, rel=1e-9)
    assert s["landing_energy_j"] == pytest.approx(0.5 * dry * s["ground_hit_speed_m_s"] ** 2, rel=1e-9)


def test_a_canopy_that_opens_under_thrust_is_said_and_its_delay_is_null_where_there_is_none():
    program = compile_launch(flight().launch)
    motor = program.launch.motor
    opens = 0.5 * motor.burnout_time
    devices = program.compiled.devices.copy()
    row = program.compiled.row.copy()
    devices[0, 0] = AT_TIME

    row[VALUE0], row[LAG0] = opens, 0.0
    early = fly(replace(program, compiled=replace(program.compiled, devices=devices, row=row)))
    s = early.summary()
    left = 1 - float(motor.impulse_until(opens)) / motor.impulse
    said = [w for w in s["warnings"] if w.startswith("OPENS UNDER THRUST")]
    assert said and f"The last {100 * left:.0f} % of its impulse" in said[0]
    unburnt = float(motor.propellant_at(opens))
    assert s["landing_energy_j"] == pytest.approx(
        0.5 * (program.launch.dry.mass + unburnt) * s["ground_hit_speed_m_s"] ** 2, rel=1e-9
    )
    t = early.trajectory
    assert (t.thrust[t.time > opens + 1e-9] == 0).all() and t.mass[-1] == pytest.approx(
        program.launch.dry.mass + unburnt
    )
    assert s["optimum_delay_s"] == pytest.approx(flight().summary()["optimum_delay_s"], rel=1e-3)
    assert not [w for w in flight().warnings if w.startswith("OPENS")]
