"""Side by side in one run: RocketPy and downrange on RocketPy's own Calisto, both canopies, wind; one process each.

    make bench

Times on shared machines wander by a quarter; read the ratios of one run. Needs the validation data beside the project.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))


def calisto_rocketpy():
    """RocketPy's objects from the same inputs as ours."""
    from rocketpy import Environment, Rocket, SolidMotor

    from cases import validation

    d = json.loads(validation("calisto", "inputs.json").read_text(encoding="utf-8"))
    r, m, g, s = d["rocket"], d["motor"], d["motor"]["grains"], d["site"]
    file = lambda name: str(validation("calisto", name))  # noqa: E731
    env = Environment(latitude=s["latitude_deg"], longitude=s["longitude_deg"], elevation=s["elevation_m"])
    env.set_atmospheric_model(type="custom_atmosphere", wind_u=5, wind_v=-3)
    motor = SolidMotor(
        thrust_source=file(m["thrust_curve"]), burn_time=m["burn_time_s"], dry_mass=m["dry_mass_kg"],
        dry_inertia=(m["dry_inertia_kg_m2"]["transverse"],) * 2 + (m["dry_inertia_kg_m2"]["roll"],),
        center_of_dry_mass_position=m["dry_centre_from_nozzle_m"], nozzle_position=0, nozzle_radius=m["nozzle_radius_m"],
        throat_radius=m["throat_radius_m"], grain_number=g["count"], grain_density=g["density_kg_m3"],
        grain_outer_radius=g["outer_radius_m"], grain_initial_inner_radius=g["initial_inner_radius_m"],
        grain_initial_height=g["height_m"], grain_separation=g["separation_m"],
        grains_center_of_mass_position=g["centre_from_nozzle_m"],
    )  # fmt: skip
    i, n, f, t = r["inertia_without_motor_kg_m2"], r["nose"], r["fins"], r["tail"]
    rocket = Rocket(
        radius=r["radius_m"], mass=r["mass_without_motor_kg"], inertia=(i["transverse"], i["transverse"], i["roll"]),
        power_off_drag=file(r["drag_power_off"]), power_on_drag=file(r["drag_power_on"]), center_of_mass_without_motor=0,
        coordinate_system_orientation="tail_to_nose",
    )  # fmt: skip
    rocket.add_motor(motor, position=m["nozzle_position_m"])
    rocket.set_rail_buttons(*r["rail_buttons_position_m"], angular_position=45)
    rocket.add_nose(length=n["length_m"], kind="von karman", position=n["tip_position_m"])
    rocket.add_trapezoidal_fins(
        n=f["count"], root_chord=f["root_chord_m"], tip_chord=f["tip_chord_m"], span=f["span_m"], cant_angle=f["cant_deg"],
        position=f["root_leading_edge_position_m"], airfoil=(file(f["airfoil"]), "radians"),
    )  # fmt: skip
    rocket.add_tail(t["top_radius_m"], t["bottom_radius_m"], t["length_m"], t["front_position_m"])
    for c in r["parachutes"]:
        trigger = "apogee" if c["trigger"] == "apogee" else 800
        rocket.add_parachute(c["name"], cd_s=c["cd_s_m2"], trigger=trigger, sampling_rate=105, lag=c["lag_s"])
    return env, motor, rocket, d["launch"]


def rocketpy() -> dict:
    """Flights per second of `Flight` alone and of `MonteCarlo`."""
    from rocketpy import Flight

    env, motor, rocket, rail = calisto_rocketpy()

    def fly():
        return Flight(
            rocket=rocket, environment=env, rail_length=rail["rail_length_m"], heading=rail["heading_deg"],
            inclination=rail["inclination_from_horizontal_deg"],
        )  # fmt: skip

    flight = fly()
    times = []
    for _ in range(4):
        t = time.process_time()
        flight = fly()
        times.append(time.process_time() - t)
    out = {
        "apogee_m": float(flight.apogee - env.elevation),
        "flights_per_s": 1 / min(times),
        "evaluations": len(flight.function_evaluations),
    }
    try:
        out["monte_carlo_flights_per_s"] = _monte_carlo(env, motor, rocket, flight)
    except Exception as error:  # the figure is left out, and says why
        out["monte_carlo_failed"] = f"{type(error).__name__}: {error}"
    return out


def _monte_carlo(env, motor, rocket, flight, n: int = 12) -> float:
    from rocketpy import MonteCarlo
    from rocketpy.stochastic import (
        StochasticEnvironment,
        StochasticFlight,
        StochasticNoseCone,
        StochasticParachute,
        StochasticRailButtons,
        StochasticRocket,
        StochasticSolidMotor,
        StochasticTail,
        StochasticTrapezoidalFins,
    )

    varied = StochasticRocket(rocket=rocket, mass=(rocket.mass, 0.3, "normal"))
    varied.add_motor(
        StochasticSolidMotor(solid_motor=motor, total_impulse=(6000, 180, "normal")), position=(-1.255, 1e-6)
    )
    for surface, position in rocket.aerodynamic_surfaces:
        kind = type(surface).__name__
        if kind == "NoseCone":
            varied.add_nose(StochasticNoseCone(nosecone=surface), position=(position.z, 1e-6))
        elif kind == "TrapezoidalFins":
            varied.add_trapezoidal_fins(
                StochasticTrapezoidalFins(trapezoidal_fins=surface), position=(position.z, 1e-6)
            )
        elif kind == "Tail":
            varied.add_tail(StochasticTail(tail=surface), position=(position.z, 1e-6))
    for chute in rocket.parachutes:
        varied.add_parachute(StochasticParachute(parachute=chute))
    buttons = rocket.rail_buttons[0]
    varied.set_rail_buttons(
        StochasticRailButtons(rail_buttons=buttons.component), lower_button_position=(buttons.position.z, 1e-6)
    )
    with tempfile.TemporaryDirectory() as folder:
        campaign = MonteCarlo(
            filename=str(Path(folder) / "mc"), environment=StochasticEnvironment(environment=env), rocket=varied,
            flight=StochasticFlight(flight=flight, inclination=(85, 1, "normal")),
        )  # fmt: skip
        t = time.process_time()
        campaign.simulate(number_of_simulations=n, append=False, include_function_data=False)
        return n / (time.process_time() - t)


def downrange() -> dict:
    """Lanes on one core and two, one flight, memory a flight."""
    import resource

    import numpy as np

    from cases import calisto
    from downrange.flight import compile_launch, fly_rows, fly_single
    from downrange.flight.kernel.layout import RAIL_ELEVATION, O

    launch, _ = calisto(wind=True)
    program = compile_launch(launch)
    rng = np.random.default_rng(1)

    def rows(n: int) -> np.ndarray:
        p = np.repeat(program.compiled.row[None], n, axis=0)
        p[:, 0] *= 1 + 0.03 * rng.standard_normal(n)
        p[:, 11] *= 1 + 0.05 * rng.standard_normal(n)
        p[:, 14] *= 1 + 0.30 * rng.standard_normal(n)
        p[:, RAIL_ELEVATION] += 0.017 * rng.standard_normal(n)
        return p

    p = rows(8192)
    fly_rows(program, p[:64], threads=1)
    one, two = [], []
    for _ in range(4):
        t = time.perf_counter()
        out = fly_rows(program, p, threads=1, chunk=512)
        one.append(time.perf_counter() - t)
        t = time.perf_counter()
        fly_rows(program, p, threads=2, chunk=512)
        two.append(time.perf_counter() - t)
    evaluations = out[:, O["evaluations"]].mean()
    fly_single(program)
    single = []
    for _ in range(200):
        t = time.perf_counter()
        raw = fly_single(program)
        single.append(time.perf_counter() - t)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    n = 100_000
    fly_rows(program, rows(n), threads=2)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / n
    return {
        "apogee_m": raw.out["apogee"], "flights_per_s_one_core": len(p) / min(one), "flights_per_s_two_threads": len(p) / min(two),
        "two_threads_over_one": min(one) / min(two), "ns_per_evaluation": 1e9 * min(one) / len(p) / evaluations,
        "evaluations_per_flight": evaluations, "single_flight_ms": 1e3 * sorted(single)[100], "bytes_per_flight": grown,
    }  # fmt: skip


def tables() -> dict:
    """Building all coefficient tables of a rocket, and the kernel's time on tables of either method (they have one shape).

    Tables are remembered by value: each build is of a rocket a little longer and its fins a little wider, so that nothing is found again.
    Processor time, the best of twenty.
    """
    from dataclasses import fields, replace

    import numpy as np

    from cases import calisto, flight_case
    from downrange.aero import AeroOptions, build_aero
    from downrange.flight import compile_launch, fly_rows
    from downrange.flight.kernel.layout import O
    from downrange.report.scorecard import arcas

    def grown(part, share):
        given = {f.name: getattr(part, f.name) for f in fields(part)}
        sizes = {
            n: v * share for n, v in given.items() if n in ("length", "span", "root_chord") and isinstance(v, float)
        }
        return replace(part, **sizes, parts=tuple(grown(p, share) for p in given.get("parts", ())))

    out = {}
    for name, rocket, mach in (
        ("genesis_mach_1.5", flight_case("genesis_2023")[0].rocket, 1.5),
        ("camoes_mach_3", flight_case("camoes_2023")[0].rocket, 3.0),
        ("arcas_mach_5", arcas(), 5.0),
    ):
        times = []
        for k in range(20):
            other = replace(rocket, parts=tuple(grown(p, 1 + 1e-6 * (k + 1)) for p in rocket.parts))
            t = time.process_time()
            build_aero(other, mach_max=mach)
            times.append(time.process_time() - t)
        out[f"build_ms_{name}"] = 1e3 * min(times)
    launch, _ = calisto(wind=True)
    programs = [compile_launch(replace(launch, aero=AeroOptions(method=m))) for m in ("barrowman", "full")]
    best = [np.inf, np.inf]
    for _ in range(5):
        for k, program in enumerate(programs):  # turn about, so that noise falls on both
            rows = np.repeat(program.compiled.row[None], 4096, axis=0)
            rows[:, 0] *= np.linspace(0.97, 1.03, 4096)
            t = time.perf_counter()
            seen = fly_rows(program, rows, threads=1, chunk=512)
            best[k] = min(best[k], (time.perf_counter() - t) / seen[:, O["evaluations"]].sum())
    return out | {
        "ns_per_evaluation_barrowman": 1e9 * best[0],
        "ns_per_evaluation_full": 1e9 * best[1],
        "full_over_barrowman": best[1] / best[0],
    }


def logs() -> dict:
    """A table of 1 MB read, and 60 s at 100 Hz reconstructed, with an accelerometer and without, in seconds of one core: goals are 0.5 s and 3 s."""
    import numpy as np

    from downrange.formats.logs import read_log
    from downrange.tracking import reconstruct
    from simulated_sensors import flight

    def best(work) -> float:
        times = []
        for _ in range(3):
            t = time.process_time()
            work()
            times.append(time.process_time() - t)
        return min(times)

    log = flight(3, accelerometer=True).log
    p, a = log.get("pressure"), log.get("acceleration_axial")
    t = np.arange(-3, 57, 0.01)
    rows = np.column_stack([t, np.interp(t, p.time, p.raw), np.interp(t, a.time, a.raw)])
    out = {}
    with tempfile.TemporaryDirectory() as folder:
        both, alone, large = (Path(folder) / f"{n}.csv" for n in ("both", "alone", "large"))
        head = "time (s),pressure (Pa),axial acceleration (m/s2)"
        np.savetxt(both, rows, delimiter=",", header=head, comments="", fmt="%.3f")
        np.savetxt(alone, rows[:, :2], delimiter=",", header=head.rpartition(",")[0], comments="", fmt="%.3f")
        fine = np.arange(-3, 57, 60 / 42_000)
        dense = np.column_stack([fine, *(np.interp(fine, t, c) for c in rows[:, 1:].T)])
        np.savetxt(large, dense, delimiter=",", header=head, comments="", fmt="%.3f")
        out["read_s_per_mb"] = best(lambda: read_log(large)) / (large.stat().st_size / 1e6)
        for name, path in (("accelerometer", both), ("barometer_alone", alone)):
            seen = read_log(path)
            out[f"reconstruct_s_60s_100hz_{name}"] = best(lambda seen=seen: reconstruct([seen]))
    out["read_over_goal"] = out["read_s_per_mb"] / 0.5
    out["reconstruct_over_goal"] = max(v for k, v in out.items() if k.startswith("reconstruct")) / 3.0
    return out


def fresh() -> dict:
    """Commands in fresh processes, and what Numba alone would take: the best processor time of five, s, turn about, so that noise falls on all."""
    command, examples = str(Path(sys.executable).parent / "downrange"), HERE.parent / "examples"
    with tempfile.TemporaryDirectory() as folder:
        design = str(Path(folder) / "starter.ork")
        export = (command, "export", str(examples / "first_rocket/launch.yaml"), "-o", design)
        subprocess.run(export, check=True, capture_output=True)
        asked = {
            "fly_json_fresh_process_s": (command, "fly", str(examples / "genesis/launch.yaml"), "--json"),
            "fly_ork_fresh_process_s": (command, "fly", design),
            "help_s": (command, "--help"),
            "import_numba_s": (sys.executable, "-c", "import numba"),
        }
        best = dict.fromkeys(asked, float("inf"))
        for _ in range(5):
            for name, args in asked.items():
                best[name] = min(best[name], _processor_time(args))
    return best


def _processor_time(args: tuple[str, ...]) -> float:
    before = os.times()
    subprocess.run(args, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Run every part in a process of its own and print ratios."""
    if len(sys.argv) > 1:
        print(
            json.dumps(
                {"rocketpy": rocketpy, "downrange": downrange, "tables": tables, "logs": logs, "fresh": fresh}[
                    sys.argv[1]
                ]()
            )
        )
        return

    def part(name: str) -> dict:
        done = subprocess.run(
            [sys.executable, __file__, name], capture_output=True, text=True, env=dict(os.environ, MPLBACKEND="Agg")
        )
        if done.returncode:
            print(f"{name}: did not run\n{done.stderr[-800:]}")
            return {}
        return json.loads(done.stdout.strip().splitlines()[-1])

    ours, theirs = part("downrange"), part("rocketpy")
    for name, result in (
        ("downrange", ours),
        ("its commands in fresh processes (processor time)", part("fresh")),
        ("its coefficient tables", part("tables")),
        ("its logs (over goal: below 1 is met)", part("logs")),
        ("rocketpy 1.13", theirs),
    ):
        print(name)
        for key, value in result.items():
            print(f"  {key:28s} {value:,.4g}" if isinstance(value, float | int) else f"  {key:28s} {value}")
    if theirs.get("flights_per_s"):
        print(
            f"lanes on one core over RocketPy's Flight:     {ours['flights_per_s_one_core'] / theirs['flights_per_s']:,.0f} x"
        )
    if theirs.get("monte_carlo_flights_per_s"):
        print(
            f"lanes on one core over RocketPy's MonteCarlo: {ours['flights_per_s_one_core'] / theirs['monte_carlo_flights_per_s']:,.0f} x"
        )


if __name__ == "__main__":
    main()
