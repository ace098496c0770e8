"""What goes wrong with stages, boosters and clusters, flown: each mode does to the flight what it says, by masses and times."""

from dataclasses import replace

import numpy as np
import pytest

from campaigns import EXAMPLES
from downrange.dispersion import Uncertainty, make_plan
from downrange.dispersion.columns import block_columns
from downrange.failures import MODES, VEHICLE_MODES, mode_probabilities
from downrange.failures.modes import CHANGES, make_mode
from downrange.failures.stages import SustainerLate
from downrange.flight import Launch, MountedMotor
from downrange.project import open_project
from downrange.project.campaigns import probabilities_of
from downrange.rocket import Ignition, Separation
from vehicles import cluster, strap_on, two_stager

LATE = Ignition(event="burn-out", of="booster", delay=0.3)
FULL = 0.0125  # kg of propellant in each motor of the two-stager and of the cluster
BURN, CHARGE = 0.8 + 0.3 + 1.2, 4.0  # s: when the sustainer is burnt out, and when its charge fires after that


def flown(launch: Launch, *changes: str, n: int = 24):
    """Columns of `n` flights that differ by what the changes draw alone, and the plan."""
    mode = make_mode("ours", 0.5, changes)
    plan = make_plan(
        launch, uncertain={}, relaunch=lambda _: launch, uncertainty=Uncertainty({}, False), modes=mode_probabilities((mode,)),
    )  # fmt: skip
    assert not plan.skipped
    columns = block_columns(plan, plan.fly_block(0, 2 * n))
    return columns, plan


def of(columns, plan, body: str, mode: int = 1):
    here = (columns["mode"] == mode) & (columns["body"] == plan.bodies.index(body))
    return {k: v[here] for k, v in columns.items()}


def test_one_motor_out_lands_with_its_propellant():
    c, plan = flown(cluster(), "motor out")
    out, planned = of(c, plan, "rocket"), of(c, plan, "rocket", 0)
    assert out["landing_mass_kg"] == pytest.approx(plan.program.launch.dry.mass + FULL, rel=1e-9)
    assert planned["landing_mass_kg"] == pytest.approx(plan.program.launch.dry.mass, rel=1e-9)
    assert out["apogee_agl_m"].max() < 0.9 * planned["apogee_agl_m"].min()
    # Any of the four may be out: it is thrown to different sides.
    assert np.ptp(np.arctan2(out["apogee_east_m"], out["apogee_north_m"])) > 1.0


def test_one_motor_late_burns_out_all_the_same():
    c, plan = flown(cluster(), "motor late")
    late, planned = of(c, plan, "rocket"), of(c, plan, "rocket", 0)
    assert late["landing_mass_kg"] == pytest.approx(plan.program.launch.dry.mass, rel=1e-9)
    # Three of four push at first; it may rise higher than planned, slower through the thick of the air.
    assert late["max_acceleration_m_s2"] == pytest.approx(0.75 * planned["max_acceleration_m_s2"][0], rel=0.05)


def test_without_separation_they_come_down_as_one():
    c, plan = flown(two_stager(LATE), "no separation")
    one = of(c, plan, "sustainer + booster")
    assert set(plan.bodies[b] for b in c["body"][c["mode"] == 1]) == {"sustainer + booster"}
    assert one["landing_mass_kg"] == pytest.approx(plan.program.launch.dry.mass, rel=1e-9)
    assert one["apogee_agl_m"].max() < of(c, plan, "sustainer", 0)["apogee_agl_m"].min()


def test_what_waits_for_a_parting_that_never_comes_is_not_lit():
    c, plan = flown(two_stager(Ignition(event="separation", of="booster", delay=0.3)), "no separation")
    assert of(c, plan, "sustainer + booster")["landing_mass_kg"] == pytest.approx(
        plan.program.launch.dry.mass + FULL, rel=1e-9
    )


def test_a_booster_that_leaves_under_thrust_flies_on_by_itself():
    """Pushed off early it has less to push: it goes higher than it would have, and the sustainer less high."""
    c, plan = flown(two_stager(LATE, Separation(event="burn-out", impulse=0.05)), "early separation")
    early, planned = of(c, plan, "booster"), of(c, plan, "booster", 0)
    assert early["apogee_agl_m"].max() > 1.2 * planned["apogee_agl_m"].max()
    assert of(c, plan, "sustainer")["apogee_agl_m"].min() < 0.8 * of(c, plan, "sustainer", 0)["apogee_agl_m"].min()


def test_a_loose_joint_opens_where_thrust_ends():
    """It should be parted at 2.5 s by a charge; loose, it comes apart within a look or two of burn-out at 0.8 s, and the booster
    rises less, slowed by its own drag for longer."""
    ignition = Ignition(event="time", time=2.6)
    c, plan = flown(two_stager(ignition, Separation(event="time", time=2.5, impulse=0.05)), "drag separation")
    loose, planned = of(c, plan, "booster"), of(c, plan, "booster", 0)
    assert loose["apogee_agl_m"].max() < 0.9 * planned["apogee_agl_m"].min()
    plan = make_plan(
        two_stager(LATE), uncertain={}, relaunch=lambda _: two_stager(LATE), uncertainty=Uncertainty({}, False),
        modes=mode_probabilities((make_mode("ours", 0.5, ("drag separation",)),)),
    )  # fmt: skip
    assert plan.skipped == {"ours": "drag alone parts it anyway"}  # as its burn-out comes


def test_an_unlit_sustainer_falls_with_its_propellant_and_without_its_charge():
    c, plan = flown(two_stager(LATE), "sustainer unlit")
    out, planned = of(c, plan, "sustainer"), of(c, plan, "sustainer", 0)
    assert out["landing_mass_kg"] == pytest.approx(planned["landing_mass_kg"][0] + FULL, rel=1e-9)
    assert np.isnan(out["deployment_time_s"]).all() and out["ground_hit_speed_m_s"].min() > 20
    assert out["apogee_agl_m"].max() < 0.6 * planned["apogee_agl_m"].min()
    assert of(c, plan, "booster")["landing_mass_kg"] == pytest.approx(of(c, plan, "booster", 0)["landing_mass_kg"][0])


def test_an_unlit_sustainer_whose_altimeter_works_comes_down_under_its_canopy():
    launch = open_project(EXAMPLES / "high_power_two_stage" / "launch.yaml").launch
    c, plan = flown(launch, "sustainer unlit", n=8)
    assert of(c, plan, "sustainer")["ground_hit_speed_m_s"].max() < 8


def test_a_late_sustainer_fires_its_charge_as_much_later():
    c, plan = flown(two_stager(LATE), "sustainer late")
    late = of(c, plan, "sustainer")["deployment_time_s"] - (BURN + CHARGE)
    assert of(c, plan, "sustainer", 0)["deployment_time_s"] == pytest.approx(BURN + CHARGE, abs=1e-6)
    assert (late >= 0.5).all() and (late <= 4.0).all() and np.ptp(late) > 2.0


def test_a_lockout_holds_a_late_sustainer_and_not_a_tilted_one(monkeypatch):
    """Ten seconds late it points down: its flight computer refuses; where nothing refuses, it burns."""
    held = replace(LATE, tilt_below=np.radians(60))
    monkeypatch.setitem(CHANGES, "sustainer late", SustainerLate((7.0, 8.0)))
    c, plan = flown(two_stager(held), "sustainer late")
    out = of(c, plan, "sustainer")
    dry = of(c, plan, "sustainer", 0)["landing_mass_kg"][0]
    assert out["landing_mass_kg"] == pytest.approx(dry + FULL, rel=1e-9)
    c, plan = flown(two_stager(held), "sustainer tilted", n=48)
    burnt = of(c, plan, "sustainer")["landing_mass_kg"] < dry + 0.5 * FULL
    assert burnt.all()
    assert of(c, plan, "sustainer")["ground_hit_speed_m_s"].max() > 20


def test_a_dropped_stage_without_its_canopy_hits_harder_and_nothing_else_changes():
    c, plan = flown(two_stager(LATE), "dropped canopy fails")
    failed, planned = of(c, plan, "booster"), of(c, plan, "booster", 0)
    assert failed["ground_hit_speed_m_s"].min() > 1.3 * planned["ground_hit_speed_m_s"].max()
    for key in ("ground_hit_speed_m_s", "deployment_time_s", "apogee_agl_m"):
        assert of(c, plan, "sustainer")[key] == pytest.approx(of(c, plan, "sustainer", 0)[key][0], rel=1e-6)


def test_strap_ons_that_hang_come_down_with_the_rest():
    c, plan = flown(strap_on(), "strap-on hangs")
    whole = of(c, plan, "Strap")
    assert set(plan.bodies[b] for b in c["body"][c["mode"] == 1]) == {"Strap"}
    assert whole["landing_mass_kg"] == pytest.approx(plan.program.launch.dry.mass, rel=1e-9)
    assert whole["apogee_agl_m"].max() < of(c, plan, "Strap", 0)["apogee_agl_m"].min()


def test_a_motor_that_bursts_leaves_an_airframe_and_a_casing_that_weigh_what_it_did():
    c, plan = flown(two_stager(LATE), "motor bursts")
    frame, casing = (of(c, plan, n) for n in ("airframe", "motor casing"))
    assert frame["landing_mass_kg"] + casing["landing_mass_kg"] == pytest.approx(plan.program.launch.dry.mass, rel=1e-9)
    # Each tumbles, and measures its length across its path: 70 mm of the casing, 480 mm of the rocket and 4 mm of overhang.
    assert casing["landing_across_m"] == pytest.approx(0.07)
    assert frame["landing_across_m"] == pytest.approx(plan.program.launch.rocket.length + 0.004)
    assert (c["result"][c["mode"] == 1] == 0).all()


def test_a_rocket_of_one_stage_has_no_modes_of_stages():
    project = open_project(EXAMPLES / "first_rocket" / "launch.yaml")
    names = [m.mode.name for m in probabilities_of(project.file, project.launch)]
    assert names == ["nominal", *(m.name for m in MODES)]
    staged = open_project(EXAMPLES / "two_stage" / "launch.yaml")
    said = probabilities_of(staged.file, staged.launch)
    wanted = {m.name for m in VEHICLE_MODES} - {"motor out", "motor late", "strap-on hangs"}
    assert {m.mode.name for m in said} - set(names) == wanted
    assert all(m.source == "prior, not data" for m in said[1:])


def test_two_lightings_of_one_mount_are_told_apart():
    """Two of four motors at launch, two at 0.3 s: a column for each, and neither in the other's place."""
    four = cluster()
    later = MountedMotor(four.motor, "four", (3, 4), ignition=Ignition(event="time", time=0.3))
    c, _ = flown(replace(four, motor_tubes=(1, 2), more_motors=(later,)), "motor out", n=2)
    told = {k: v[c["mode"] == 0] for k, v in c.items() if k.startswith("at.four.ignition")}
    assert set(told) == {f"at.four.ignition {k}_{unit}" for k in (1, 2) for unit in ("s", "m")}
    assert told["at.four.ignition 1_s"] == pytest.approx(0.0) and told["at.four.ignition 2_s"] == pytest.approx(0.3)
    assert told["at.four.ignition 1_m"] == pytest.approx(0.0)
