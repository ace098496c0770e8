"""Write `tests/data`: references that a plain clone tests against, made from the validation data, which the project does not hold.

    python builders/references.py ../shared/validation

What is written are numbers with their source, in a form of our own: bands of NASA's simulators at every third second, and RocketPy's
test rocket Calisto with what it said of its flights.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parents[1]
EVERY = 3  # s
RATES = [f"bodyAngularRateWrtEi_deg_s_{a}" for a in ("Roll", "Pitch", "Yaw")]
SPEEDS = [f"feVelocity_ft_s_{a}" for a in "XYZ"]
ANGLES = [f"eulerAngle_deg_{a}" for a in ("Yaw", "Pitch", "Roll")]
COMPARED = ["altitudeMsl_ft", "longitude_deg", "latitude_deg", *SPEEDS]


def columns(path: Path) -> dict[str, np.ndarray]:
    """Columns of numbers by their heads."""
    with path.open(encoding="utf-8-sig") as f:
        rows = list(csv.DictReader(f, skipinitialspace=True))
    return {k: np.array([float(r[k]) for r in rows]) for k in rows[0]}


def nesc(folder: Path) -> dict[str, object]:
    """Where NASA's simulators began, and the least and greatest that they said at every third second."""
    cases = {}
    for case in sorted(p for p in folder.iterdir() if p.is_dir()):
        sims = [columns(p) for p in sorted(case.glob("*.csv"))]
        first = next(s for s in sims if ANGLES[0] in s)
        length = min(len(s["altitudeMsl_ft"]) for s in sims)
        at = np.arange(0, length, EVERY)
        keys = COMPARED + (RATES if "Brick" in case.name else [])
        bands = {}
        for key in keys:
            theirs = np.array([s[key][at] for s in sims if key in s])
            bands[key] = {"low": theirs.min(0).tolist(), "high": theirs.max(0).tolist()}
        cases[case.name] = {
            "initial": {k: float(first[k][0]) for k in (*COMPARED, *ANGLES, *RATES)}, "time_s": at.tolist(), "bands": bands,
            "attitudes_deg": [[[float(s[a][k]) for a in ANGLES] for s in sims if ANGLES[0] in s] for k in at] if "Brick" in case.name else [],
        }  # fmt: skip
    return {
        "source": "NASA/TM-2015-218675, check cases of the NASA Engineering and Safety Center, simulators 1 to 6 (public domain); US units as published. Attitudes are "
        "yaw, pitch, roll of each simulator that gives them.",
        "cases": cases,
    }


def thinned(x: np.ndarray, y: np.ndarray, near: float) -> list[list[float]]:
    """The fewest points of a curve, more or less, between which a line stays within `near` of it."""
    keep = [0, len(x) - 1]
    while True:
        off = np.abs(np.interp(x, x[sorted(keep)], y[sorted(keep)]) - y)
        worst = int(np.argmax(off))
        if off[worst] <= near:
            return [[round(float(x[k]), 6), round(float(y[k]), 6)] for k in sorted(keep)]
        keep.append(worst)


def calisto(folder: Path) -> dict[str, object]:
    """RocketPy's Calisto with positions from the nose tip, and what RocketPy said of its flights."""
    given = json.loads((folder / "inputs.json").read_text(encoding="utf-8"))
    curves = {k: np.loadtxt(folder / given["rocket"][f"drag_power_{k}"], delimiter=",") for k in ("off", "on")}
    eng = [
        line.split()
        for line in (folder / given["motor"]["thrust_curve"]).read_text().splitlines()
        if line.strip() and line[0] != ";"
    ]
    foil = np.loadtxt(folder / given["rocket"]["fins"]["airfoil"], delimiter=",", ndmin=2)
    r, m, tip = given["rocket"], given["motor"], given["rocket"]["nose"]["tip_position_m"]
    said = {}
    for name, file in (
        ("calm", "rocketpy_calisto_A_isa_nowind.json"),
        ("wind", "rocketpy_calisto_B_isa_wind_u5_v-3.json"),
    ):
        ran = json.loads((folder / file).read_text(encoding="utf-8"))
        keys = (
            "apogee_agl",
            "rail_exit_v",
            "t_final",
            "impact_velocity",
            "max_mach",
            "max_speed",
            "apogee_x",
            "apogee_y",
        )
        said[name] = {k: ran[k] for k in keys}
    return {
        "source": "RocketPy 1.13 (MIT, Copyright (c) 2018 Giovani Hidalgo Ceotto) on Calisto, the test rocket of its getting-started example; SI, positions m aft of the nose tip; "
        "drag curves thinned to 2e-6. Attitude in wind and drift are not truth.",
        "site": given["site"], "rail": given["launch"],
        "rocket": {
            "radius": r["radius_m"], "mass": r["mass_without_motor_kg"], "cg": tip, "pitch_inertia": r["inertia_without_motor_kg_m2"]["transverse"],
            "roll_inertia": r["inertia_without_motor_kg_m2"]["roll"], "nose": r["nose"]["length_m"], "buttons": [tip - x for x in r["rail_buttons_position_m"]],
            "tail": {"at": tip - r["tail"]["front_position_m"], "length": r["tail"]["length_m"], "radius": r["tail"]["bottom_radius_m"]},
            "fins": {k.removesuffix("_m"): v for k, v in r["fins"].items() if k not in ("airfoil", "root_leading_edge_position_m")}
            | {"at": tip - r["fins"]["root_leading_edge_position_m"], "section_slope": float(np.interp(0.02, foil[:, 0], foil[:, 1]) / 0.02)},
            "parachutes": [{"name": c["name"], "cd_area": c["cd_s_m2"], "lag": c["lag_s"], "altitude": None if c["trigger"] == "apogee" else 800.0} for c in r["parachutes"]],
        },
        "motor": {
            "thrust": [[0.0, 0.0], *[[float(t), float(f)] for t, f in eng[1:]]], "diameter": float(eng[0][1]) / 1e3, "length": float(eng[0][2]) / 1e3,
            "nozzle": tip - m["nozzle_position_m"], "dry_mass": m["dry_mass_kg"], "dry_centre": m["dry_centre_from_nozzle_m"], "grains": m["grains"],
        },
        "drag_off": thinned(*curves["off"].T, 2e-6), "drag_on": thinned(*curves["on"].T, 2e-6), "rocketpy": said,
    }  # fmt: skip


if __name__ == "__main__":
    shared = Path(sys.argv[1])
    for name, made in (("nesc", nesc(shared / "nesc")), ("calisto", calisto(shared / "calisto"))):
        text = json.dumps(made, separators=(",", ":"), ensure_ascii=False).replace('},"', '},\n"')
        (HERE / "tests/data" / f"{name}.json").write_text(text + "\n", encoding="utf-8")
