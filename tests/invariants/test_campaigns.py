"""Campaigns: reproducible bit for bit, equal to single flights, true to closed forms; modes do what they say."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from campaigns import EXAMPLES, genesis, genesis_plan
from downrange.atmosphere import Wind
from downrange.dispersion import Uncertainty, Winds, dryden, fly_campaign, fly_shard, make_plan, run
from downrange.dispersion.plan import BLOCK
from downrange.earth import Terrain
from downrange.errors import FlightCode
from downrange.failures import mode_probabilities
from downrange.failures.modes import MODES
from downrange.flight import compile_launch, fly, fly_rows, fly_single
from downrange.flight.around import wind_table
from downrange.flight.kernel.layout import FLIGHT_FIELDS, OUT, RECORD, STOP, WATCH, O
from downrange.flight.named import named_records, named_rows
from downrange.flight.quantities import FLIGHT
from downrange.frames import multiply_quaternions, quaternion_on_rail
from downrange.project.campaigns import campaign_in_memory, probabilities_of
from downrange.uncertainty import Normal, Quantity

F = {name: i for i, name in enumerate(FLIGHT_FIELDS)}


def same(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> bool:
    return all(np.array_equal(a[k], b[k], equal_nan=a[k].dtype.kind == "f") for k in a)


@pytest.mark.parametrize("sampling", ["random", "sobol"])
def test_bit_for_bit_whatever_threads_and_shards(sampling):
    plan = genesis_plan(sampling)
    whole = fly_shard(plan, 0, 3000)
    ((_, threaded),) = run(plan, [(0, 3000)], threads=3)
    assert same(whole, threaded)
    again = plan.fly_block(1)
    alone = plan.fly_block(1)
    assert np.array_equal(again.out, alone.out, equal_nan=True)
    mine = (whole["flight"] >= BLOCK) & (whole["flight"] < 2 * BLOCK)
    assert np.array_equal(whole["landing_east_m"][mine], again.out[:, O["landing_east"]], equal_nan=True)


def test_bit_for_bit_whatever_the_threads_of_the_linear_algebra(tmp_path):
    """Planned and flown in a process whose BLAS has one thread, and in one with all: the tables come of linear algebra."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\nimport numpy as np\nfrom campaigns import genesis_plan\n"
        "from downrange.dispersion import fly_shard\nnp.savez(sys.argv[2], **fly_shard(genesis_plan(), 0, 512))\n"
    )
    here = str(Path(__file__).resolve().parents[1])
    made = []
    for k, threads in enumerate(("1", "4")):
        env = dict(os.environ, OPENBLAS_NUM_THREADS=threads, OMP_NUM_THREADS=threads, MKL_NUM_THREADS=threads)
        subprocess.run([sys.executable, "-c", script, here, str(tmp_path / f"{k}.npz")], env=env, check=True)
        made.append(dict(np.load(tmp_path / f"{k}.npz")))
    assert same(*made)


def test_another_seed_is_another_campaign_and_streams_have_names():
    """A parameter more must not reshuffle the others."""
    a, b = genesis_plan().fly_block(0), genesis_plan("random", 2).fly_block(0)
    assert not np.any(a.inputs[:, 0] == b.inputs[:, 0])
    fewer = replace(genesis_plan(), inputs=replace(genesis_plan().inputs, inputs=genesis_plan().inputs.inputs[3:]))
    assert np.array_equal(fewer.fly_block(0).inputs, a.inputs[:, 3:])


def test_flight_by_flight_with_the_single_driver():
    """Planned and ballistic flights of a block, flown again one by one: within 1 cm at equal tolerance."""
    plan = replace(genesis_plan(), tolerance=1e-8)
    block = plan.fly_block(0, 256)
    names = [m.mode.name for m in plan.modes]
    from downrange.dispersion.inputs import finish_rows

    counts = plan.counts(256)
    mode = np.repeat(np.arange(len(names)), counts)
    u = plan._uniforms(0, mode, counts)
    wide = np.repeat(plan.inputs.centre[None], 256, axis=0)
    for k, item in enumerate(plan.inputs.inputs):
        item.add(wide, u[:, k])
    rows = finish_rows(wide, plan.program.launch)
    table = plan.winds.build(rows, np.zeros(256, int), None, seed=plan.seed, block=0)
    c = plan.program.compiled
    checked = 0
    for name in ("nominal", "no deployment"):
        k = names.index(name)
        devices = c.devices
        for change in plan.modes[k].mode.changes:
            devices = change.devices(devices, plan.scene)
        program = replace(c, devices=devices, tables=c.tables._replace(wind=table))
        for i in np.flatnonzero(mode == k)[:6]:
            one = fly_single(program, row=rows[i], tolerance=1e-8).out
            lanes = dict(zip(OUT, block.out[np.flatnonzero(block.flight == i)[0]], strict=True))
            for key in ("apogee", "landing_east", "landing_north", "landing_up", "min_stability"):
                assert one[key] == pytest.approx(lanes[key], abs=0.01)
            checked += 1
    assert checked == 12


def linear_plan(stated: dict[str, Quantity], **more):
    project = genesis()
    return make_plan(
        project.launch, uncertain={}, relaunch=project.relaunch, uncertainty=Uncertainty(stated, False, **more),
        modes=mode_probabilities((), stated={}),
    )  # fmt: skip


def test_moments_of_a_linear_case():
    """Wind alone varies, the same at every height: landing is linear in it, and so normal with J J^T σ²."""
    launch = genesis().launch
    plan = linear_plan({"wind": Quantity(0.0, Normal(0.0, 0.5)), "wind_correlation": Quantity(1e9)})
    campaign = fly_campaign(plan, 8 * BLOCK)
    assert campaign.flights == 8 * BLOCK
    z = launch.weather.wind.east.x

    def landing(du: float, dv: float) -> np.ndarray:
        wind = Wind.from_levels(
            z, launch.weather.wind.east.y + du, launch.weather.wind.north.y + dv, elevation=launch.pad.elevation
        )
        return fly(replace(launch, weather=replace(launch.weather, wind=wind))).landing_enu[:2]

    jacobian = np.stack([(landing(0.5, 0) - landing(-0.5, 0)), (landing(0, 0.5) - landing(0, -0.5))], axis=1)
    wanted = 0.25 * jacobian @ jacobian.T
    found = np.cov(campaign.landing.T)
    assert np.diag(found) == pytest.approx(np.diag(wanted), rel=0.06)
    middle = fly(launch).landing_enu[:2]
    assert np.abs(campaign.landing.mean(axis=0) - middle).max() < 5.0
    assert campaign.per_flight(campaign["landing_distance_m"]).size == campaign.flights


def test_errors_of_the_wind_have_the_spread_and_correlation_that_were_asked():
    heights = np.linspace(-20, 6000, 513)
    base = np.zeros((1, 513, 2))
    winds = Winds(heights, base, sigma=2.0, correlation=1000.0)
    rows = np.zeros((4000, len(genesis_plan().inputs.centre) - 4))
    table = winds.build(rows, np.zeros(4000, int), None, seed=3, block=0).reshape(4000, 512, 4)
    u = table[:, :, 0]
    at = [int(np.argmin(np.abs(heights - h))) for h in (1000.0, 1600.0, 2000.0, 4000.0)]
    assert u[:, at].std(axis=0) == pytest.approx(2.0, rel=0.09)  # linear between coarse nodes: 0.95 of it at worst
    c = np.corrcoef(u[:, at].T)
    assert c[0, 2] == pytest.approx(np.exp(-1.0), abs=0.06)
    assert c[0, 3] == pytest.approx(np.exp(-3.0), abs=0.06)
    assert np.abs(np.corrcoef(u[:, at[0]], table[:, at[0], 2])[0, 1]) < 0.06
    assert np.allclose(table[:, :-1, 0] + table[:, :-1, 1], table[:, 1:, 0])
    assert np.unique(rows[:, F["wind_at"]]).size == 4000


def test_dryden_turbulence():
    """Variance, and the transverse correlation exp(-r/L) (1 - r/2L); intensities and lengths of MIL-F-8785C."""
    heights = np.linspace(-10, 3000, 513)
    sigma, length = dryden(np.array([30.48, 304.8, 1000.0]), 10.0, "moderate")
    assert sigma[0] == pytest.approx(1.0 / (0.177 + 0.0823) ** 0.4)
    assert length[0] == pytest.approx(100 / (0.177 + 0.0823) ** 1.2 * 0.3048)
    assert (sigma[2], length[2]) == pytest.approx((3.048, 533.4))
    winds = Winds(heights, np.zeros((1, 513, 2)), turbulence="moderate")
    rows = np.zeros((4000, len(genesis_plan().inputs.centre) - 4))
    u = winds.build(rows, np.zeros(4000, int), None, seed=3, block=0).reshape(4000, 512, 4)[:, :, 0]
    i = int(np.argmin(np.abs(heights - 1500)))
    assert u[:, i].std() == pytest.approx(3.048, rel=0.04)
    for lag in (100.0, 300.0, 900.0):
        j = int(np.argmin(np.abs(heights - 1500 - lag)))
        r = (heights[j] - heights[i]) / 533.4
        assert np.corrcoef(u[:, i], u[:, j])[0, 1] == pytest.approx(np.exp(-r) * (1 - r / 2), abs=0.05)


def test_a_wind_of_its_own_is_the_same_wind():
    """The launch's own wind, given as the third of three tables, changes nothing."""
    p = compile_launch(genesis().launch)
    plan = genesis_plan()
    own = wind_table(p.launch.pad, p.launch.weather.wind, plan.winds.heights)
    many = np.concatenate([np.zeros_like(own), np.ones_like(own), own])
    row = p.compiled.row.copy()
    row[F["wind_at"]] = 2 * own.size
    a = fly_single(p).out
    b = fly_single(replace(p.compiled, tables=p.compiled.tables._replace(wind=many)), row=row).out
    assert a == pytest.approx(b, nan_ok=True, rel=1e-12)


@pytest.mark.parametrize("when", [2.0, 15.0])
def test_a_flight_handed_over_goes_on_as_if_nothing_were(when):
    p = compile_launch(genesis().launch)
    rows = np.repeat(p.compiled.row[None], 3, axis=0)
    whole = fly_rows(p, rows, tolerance=1e-9, threads=1)
    rows[:, STOP] = when
    ends = np.zeros((3, RECORD))
    first = fly_rows(p, rows, tolerance=1e-9, threads=1, ends=ends)
    assert np.all(first[:, O["code"]] == FlightCode.STOPPED)
    assert ends[:, 0] == pytest.approx(when)
    rows[:, STOP] = 1e30
    second = fly_rows(p, rows, starts=ends, tolerance=1e-9, threads=1)
    for key in ("apogee", "landing_east", "landing_north", "landing_time"):
        assert second[:, O[key]] == pytest.approx(whole[:, O[key]], abs=2e-3)


def test_stops_at_apogee_and_watches():
    p = compile_launch(genesis().launch)
    single = fly(p)
    rows = np.repeat(p.compiled.row[None], 2, axis=0)
    rows[:, STOP] = -1.0
    rows[:, WATCH] = 10.0
    ends = np.zeros((2, RECORD))
    out = fly_rows(p, rows, threads=1, ends=ends)
    assert ends[:, 0] == pytest.approx(single.raw.out["apogee_time"], abs=1e-3)
    here = single.sample(np.array([10.0])).position_enu[0]
    assert [out[0, O[f"watch_{k}"]] for k in ("east", "north", "up")] == pytest.approx(here, abs=0.05)
    row = p.compiled.row.copy()
    row[WATCH] = 100.0
    one = fly_single(p, row=row).out
    under = single.sample(np.array([100.0])).position_enu[0]
    assert [one[f"watch_{k}"] for k in ("east", "north", "up")] == pytest.approx(under, abs=0.05)
    many = fly_rows(p, row[None], threads=1)
    assert [many[0, O[f"watch_{k}"]] for k in ("east", "north", "up")] == pytest.approx(under, abs=0.1)


def test_lands_on_the_ground_that_is_there():
    """A plain 120 m below the pad, and a slope towards the landing: height of the landing is the terrain's."""
    launch = genesis().launch
    flat = fly(launch)
    low = fly(replace(launch, terrain=Terrain(100.0, np.where(np.indices((101, 101)).sum(0) == 100, 0.0, -120.0))))
    assert low.raw.out["landing_up"] == pytest.approx(-120, abs=0.6)
    assert low.raw.out["landing_time"] > flat.raw.out["landing_time"] + 5
    axis = np.linspace(-5000, 5000, 101)
    slope = Terrain(100.0, np.tile(0.1 * axis, (101, 1)))
    up = fly(replace(launch, terrain=slope))
    e, n, u = up.landing_enu
    assert float(slope(e, n)) == pytest.approx(0.1 * e, abs=1e-6)
    assert u == pytest.approx(0.1 * e, abs=0.3)
    many = fly_rows(
        compile_launch(replace(launch, terrain=slope)), compile_launch(launch).compiled.row[None], threads=1
    )
    assert many[0, O["landing_east"]] == pytest.approx(e, abs=0.3)


def test_modes_do_what_they_say():
    plan = genesis_plan()
    c = campaign_in_memory(genesis(), plan, 4 * BLOCK)
    names = [m.mode.name for m in plan.modes]

    def of(name: str, column: str) -> np.ndarray:
        return c[column][c["mode"] == names.index(name)]

    def median(name: str, column: str) -> float:
        return float(np.nanmedian(of(name, column)))

    assert np.isnan(of("no deployment", "deployment_time_s")).all()
    assert median("no deployment", "ground_hit_speed_m_s") > 100
    assert median("drogue only", "ground_hit_speed_m_s") > 1.5 * median("nominal", "ground_hit_speed_m_s")
    assert median("main at apogee", "flight_time_s") > 1.25 * median("nominal", "flight_time_s")
    # Also where the drogue's lines stretch after the main's: it takes none of the main's drag away.
    assert np.nanpercentile(of("main at apogee", "flight_time_s"), 5) > median("nominal", "flight_time_s")
    assert median("late deployment", "deployment_time_s") > median("nominal", "deployment_time_s") + 3
    assert np.all(of("early deployment", "deployment_time_s") < 24.5)
    assert 15 < median("separation without canopy", "ground_hit_speed_m_s") < 60
    assert (
        median("low thrust", "apogee_agl_m") < median("nominal", "apogee_agl_m") < median("high thrust", "apogee_agl_m")
    )
    assert median("late ignition", "time_to_apogee_s") > median("nominal", "time_to_apogee_s") + 5
    assert np.all(of("unstable", "rail_exit_stability_cal") < 1.5)
    assert median("weathercock", "landing_distance_m") > 1.2 * median("nominal", "landing_distance_m")
    for name, by in (("late deployment", (1, 10)), ("late ignition", (2, 60))):  # quartiles of a uniform delay
        column = "deployment_time_s" if name == "late deployment" else "time_to_apogee_s"
        found = np.nanquantile(of(name, column), [0.25, 0.75]) - median("nominal", column)
        assert found == pytest.approx(
            [0.75 * by[0] + 0.25 * by[1], 0.25 * by[0] + 0.75 * by[1]], abs=0.1 * (by[1] - by[0])
        )
    two = [b for b in c.bodies if b != "rocket"]
    assert set(two) == {"airframe", "motor casing", "rest under canopy", "airframe and fins"}
    burst = c["mode"] == names.index("motor bursts")
    assert burst.sum() == 2 * np.unique(c["flight"][burst]).size
    assert np.nanmax(of("motor bursts", "apogee_agl_m")) < 1500
    broke = c["mode"] == names.index("cord breaks")
    masses = np.unique(c["landing_mass_kg"][broke].round(6))
    nominal = genesis().launch.dry.mass
    aft = c["body"] == c.bodies.index("airframe and fins")
    assert np.median(c["landing_mass_kg"][broke & aft]) + np.median(
        c["landing_mass_kg"][broke & ~aft]
    ) == pytest.approx(nominal, rel=0.02)
    assert masses.size > 2
    assert (c["result"] == 0).mean() > 0.995
    assert c.weight[np.unique(c["flight"], return_index=True)[1]].sum() == pytest.approx(1)


def test_the_data_set_has_every_output_of_fly():
    """The nominal row's columns are what `fly` says, key by key."""
    from downrange.dispersion.columns import block_columns
    from downrange.dispersion.inputs import Inputs

    plan = genesis_plan()
    sure = replace(
        plan, inputs=Inputs((), centre=plan.inputs.centre), winds=replace(plan.winds, sigma=0.0), modes=plan.modes[:1]
    )
    columns = block_columns(sure, sure.fly_block(0, 8))
    said = fly(plan.program).summary()
    both = [q.key for q in FLIGHT if q.door == "all"]
    assert {q.key for q in FLIGHT if q.door == "one"} == {
        "min_stability_time_s", "max_speed_time_s", "max_acceleration_time_s", "lost_impulse", "recovery_margin",
    }  # fmt: skip
    assert set(both) <= set(said) & set(columns)
    for key in both:
        # The flight's least margin is of every 0.02 s, the campaign's of the ends of its steps.
        near = 0.05 if key == "min_stability_cal" else 2e-3
        assert columns[key][0] == pytest.approx(said[key], rel=2e-3, abs=near), key


def test_fin_loss_is_a_flight_with_a_fin_less():
    """Lost at the start of the flight it is the flight of the rocket built without it, in calm air turned by any roll."""
    launch = replace(genesis().launch, weather=replace(genesis().launch.weather, wind=Wind()))
    p = compile_launch(launch)
    scene = replace(genesis_plan().scene, program=p, nominal=fly(p).raw.out)
    rows = np.repeat(p.compiled.row[None], 4, axis=0)
    rows[:, STOP] = 1.0
    ends = np.zeros((4, RECORD))
    fly_rows(p, rows, threads=1, ends=ends, tolerance=1e-8)
    body = next(m for m in MODES if m.name == "fin loss").changes[0].bodies(scene)[0]
    rows[:, STOP] = 1e30
    body.prepare(named_rows(rows), named_records(ends), lambda name: np.array([0.0, 0.25, 0.5, 0.75]))
    out = fly_rows(body.compiled, rows, starts=ends, threads=1, tolerance=1e-8)
    assert out[:, O["apogee"]] == pytest.approx(out[0, O["apogee"]], rel=0.03)
    assert np.ptp(out[:, O["landing_east"]]) > 0.05  # but not the same way
    turned = multiply_quaternions(quaternion_on_rail(0.3, 1.2), np.array([np.cos(0.2), np.sin(0.2), 0, 0]))
    assert np.linalg.norm(turned) == pytest.approx(1)


def test_every_uncertain_quantity_is_sampled_or_named():
    plan = genesis_plan()
    stated = set(genesis().uncertain)
    assert stated == {"rocket.parts[1].parts[3].thickness"}
    assert stated <= {i.name for i in plan.inputs.inputs} | set(plan.inputs.not_sampled)


@pytest.mark.parametrize(
    ("path", "value", "sigma"),
    [("rocket.parts[1].parts[3].span", 0.105, 0.004), ("rocket.parts[0].length", 0.270, 0.02), ("rail.length", 12.0, 1.0), ("rocket.measured.cg", 1.477, 0.02)],
)  # fmt: skip
def test_traced_quantities_fly_as_rebuilt_launches(path, value, sigma):
    """A length, a span, a centre: the traced row two sigma off flies as the launch that is built so."""
    project = genesis()
    from downrange.dispersion.inputs import finish_rows, gather_inputs
    from downrange.dispersion.wide import WIDE

    launch = project.relaunch({path: value})
    base = compile_launch(launch)
    heights = genesis_plan().winds.heights
    made = gather_inputs(
        base, {path: Quantity(value, Normal(value, sigma))}, project.relaunch, defaults=False, heights=heights
    )
    (item,) = made.inputs
    from scipy.special import ndtr

    wide = np.repeat(made.centre[None], 2, axis=0)
    item.add(wide, ndtr(np.array([-2.0, 2.0])))
    rows = finish_rows(wide, launch)
    assert wide.shape == (2, WIDE)
    nominal = fly_single(base, stop_at_apogee=True).out["apogee"]
    for row, x in zip(rows, (value - 2 * sigma, value + 2 * sigma), strict=True):
        rebuilt = fly_single(compile_launch(project.relaunch({path: x})), stop_at_apogee=True).out
        traced = fly_single(base, row=row, stop_at_apogee=True).out
        change = abs(rebuilt["apogee"] - nominal)
        assert traced["apogee"] == pytest.approx(rebuilt["apogee"], abs=0.6 + 0.15 * change)
        assert traced["rail_exit_speed"] == pytest.approx(rebuilt["rail_exit_speed"], rel=2e-3)
        # The shift of the centre of pressure is its mean over the ascent, not that at the rail.
        assert traced["rail_exit_stability"] == pytest.approx(rebuilt["rail_exit_stability"], abs=0.06)


@pytest.mark.parametrize(
    ("path", "sigma"),
    [("weather.wind.speed", 1.0), ("weather.wind.from_direction", 0.4), ("rail.elevation", 0.015), ("rail.azimuth", 0.5), ("weather.temperature", 5.0), ("motor.impulse_factor", 0.05)],
)  # fmt: skip
def test_traced_wind_and_rail_land_where_rebuilt_launches_do(path, sigma):
    """Two sigma to either side, of a rocket in a power-law wind on a leaning rail."""
    from downrange.dispersion.inputs import finish_rows, gather_inputs
    from downrange.project import open_project
    from downrange.project.schema import quantities

    project = open_project(EXAMPLES / "first_rocket" / "launch.yaml")
    value = float(dict(quantities(project.file)).get(path, Quantity(1.0)))
    base = compile_launch(project.relaunch({path: value}))
    made = gather_inputs(
        base,
        {path: Quantity(value, Normal(value, sigma))},
        project.relaunch,
        defaults=False,
        heights=genesis_plan().winds.heights,
    )
    (item,) = made.inputs
    from scipy.special import ndtr

    wide = np.repeat(made.centre[None], 2, axis=0)
    item.add(wide, ndtr(np.array([-2.0, 2.0])))
    nominal = fly_single(base).out
    for row, x in zip(finish_rows(wide, base.launch), (value - 2 * sigma, value + 2 * sigma), strict=True):
        rebuilt = fly_single(compile_launch(project.relaunch({path: x}))).out
        traced = fly_single(base, row=row).out
        moved = np.hypot(*(rebuilt[k] - nominal[k] for k in ("landing_east", "landing_north")))
        off = np.hypot(*(rebuilt[k] - traced[k] for k in ("landing_east", "landing_north")))
        assert off < 0.1 + 0.05 * moved
        assert moved > 0.2
        assert traced["apogee"] == pytest.approx(rebuilt["apogee"], rel=5e-4 if path == "weather.temperature" else 3e-3)


def test_a_canopy_of_another_diameter_has_the_drag_of_its_area():
    """Drag area goes with the square of the diameter: first and second differences are exact."""
    from downrange.dispersion.inputs import finish_rows, gather_inputs
    from downrange.flight.kernel.layout import CDS0
    from downrange.project import open_project

    project = open_project(EXAMPLES / "first_rocket" / "launch.yaml")
    path, base = "rocket.parts[1].parts[0].diameter", compile_launch(project.launch)
    made = gather_inputs(
        base,
        {path: Quantity(0.3, Normal(0.3, 0.02))},
        project.relaunch,
        defaults=False,
        heights=genesis_plan().winds.heights,
    )
    from scipy.special import ndtr

    wide = np.repeat(made.centre[None], 2, axis=0)
    made.inputs[0].add(wide, ndtr(np.array([-2.0, 2.0])))
    rows = finish_rows(wide, base.launch)
    assert rows[:, CDS0] == pytest.approx(0.75 * np.pi / 4 * np.array([0.26, 0.34]) ** 2, rel=1e-9)


def test_a_vertical_rail_may_lean_either_way(tmp_path):
    """90 ± 1 degrees: no launch has a rail beyond the vertical, but half of the flights do."""
    for name in ("launch.yaml", "rocket.yaml", "site.yaml"):
        text = (EXAMPLES / "first_rocket" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(
            text.replace("elevation: 88 deg ± 1 deg", "elevation: 90 deg ± 1 deg"), encoding="utf-8"
        )
    from downrange.project import open_project
    from downrange.project.campaigns import plan_campaign

    c = campaign_in_memory(project := open_project(tmp_path / "launch.yaml"), plan_campaign(project), 1024)
    leans = c["in.rail.elevation"] > np.pi / 2
    assert 0.4 < leans.mean() < 0.6 and c.landed[leans].all()


def test_correlated_groups():
    project = genesis()
    plan = make_plan(
        project.launch, uncertain=project.uncertain, relaunch=project.relaunch, modes=probabilities_of(project.file),
        uncertainty=Uncertainty({}, True, ((("thrust", "mass"), 0.8),)),
    )  # fmt: skip
    b = plan.fly_block(0)
    names = [i.name for i in plan.inputs.inputs]
    x = b.inputs[np.unique(b.flight, return_index=True)[1]]
    assert np.corrcoef(x[:, names.index("thrust")], x[:, names.index("mass")])[0, 1] == pytest.approx(0.8, abs=0.05)
    assert abs(np.corrcoef(x[:, names.index("thrust")], x[:, names.index("drag")])[0, 1]) < 0.1


def test_sobol_converges_faster():
    """Spread of the mean apogee over eight seeds of 128 planned flights: less than pseudo-random."""
    from downrange.dispersion import Plan

    def spread(sampling: str) -> float:
        means = []
        for seed in range(8):
            plan: Plan = replace(
                genesis_plan(sampling),
                seed=seed,
                modes=genesis_plan().modes[:1],
                winds=replace(genesis_plan().winds, sigma=0.0),
            )
            means.append(np.nanmean(plan.fly_block(0, 128).out[:, O["apogee"]]))
        return float(np.std(means))

    assert spread("sobol") < 0.6 * spread("random")
