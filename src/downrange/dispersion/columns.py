"""The columns of a campaign's data set: a row for each body that comes down, units in the names."""

from __future__ import annotations

import numpy as np

from downrange.dispersion.plan import Block, Plan
from downrange.errors import FlightCode
from downrange.flight.rows import FIELD, O

__all__ = ["OUTPUTS", "block_columns"]

# Column: output of the kernel. The names are those of `downrange fly --json`.
OUTPUTS = {
    "apogee_agl_m": "apogee", "time_to_apogee_s": "apogee_time", "apogee_east_m": "apogee_east", "apogee_north_m": "apogee_north",
    "max_speed_m_s": "max_speed", "max_mach": "max_mach", "max_acceleration_m_s2": "max_acceleration",
    "max_dynamic_pressure_pa": "max_q", "rail_exit_time_s": "rail_exit_time", "rail_exit_speed_m_s": "rail_exit_speed",
    "rail_exit_stability_cal": "rail_exit_stability", "min_stability_cal": "min_stability",
    "burnout_altitude_agl_m": "burnout_height", "burnout_speed_m_s": "burnout_speed", "deployment_time_s": "deploy_time",
    "deployment_airspeed_m_s": "deploy_speed", "fastest_opening_m_s": "fastest_opening", "flight_time_s": "landing_time",
    "landing_east_m": "landing_east", "landing_north_m": "landing_north", "landing_up_m": "landing_up",
    "ground_hit_speed_m_s": "landing_speed", "landing_sink_m_s": "landing_sink", "watch_east_m": "watch_east", "watch_north_m": "watch_north", "watch_up_m": "watch_up",
}  # fmt: skip


def block_columns(plan: Plan, block: Block) -> dict[str, np.ndarray]:
    """Columns of a block by name: numbers as float64, `mode`, `body` and `result` as small integers into their names."""
    launch, o = plan.program.launch, block.out
    columns: dict[str, np.ndarray] = {
        "flight": block.flight.astype(np.int64), "mode": block.mode.astype(np.int16), "body": block.body.astype(np.int16),
        "result": o[:, O["code"]].astype(np.int16), "member": block.member.astype(np.int32),
    }  # fmt: skip
    for k, item in enumerate(plan.inputs.inputs):
        columns[f"in.{item.name}"] = block.inputs[:, k]
    columns["in.wind.east_m_s"], columns["in.wind.north_m_s"] = block.wind.T
    columns.update({name: o[:, O[field]].copy() for name, field in OUTPUTS.items()})
    if plan.watch is None:
        for axis in ("east", "north", "up"):
            del columns[f"watch_{axis}_m"]
    columns["rail_exit_angle_of_attack_deg"] = np.degrees(np.arccos(np.minimum(o[:, O["rail_exit_cosine"]], 1.0)))
    pad = launch.pad
    here = np.stack([columns[f"landing_{k}_m"] for k in ("east", "north", "up")], axis=1)
    landed = columns["result"] == FlightCode.LANDED
    lat, lon = np.full(len(o), np.nan), np.full(len(o), np.nan)
    if landed.any():
        lat[landed], lon[landed], _ = pad.geodetic(here[landed])
    columns["landing_latitude_deg"], columns["landing_longitude_deg"] = np.degrees(lat), np.degrees(lon)
    columns["landing_distance_m"] = np.hypot(here[:, 0], here[:, 1])
    columns["landing_mass_kg"] = block.mass
    columns["landing_across_m"] = plan.across[block.mode, block.body]
    columns["landing_energy_j"] = 0.5 * block.mass * columns["ground_hit_speed_m_s"] ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        steep = np.clip(columns["landing_sink_m_s"] / columns["ground_hit_speed_m_s"], -1, 1)
    columns["landing_angle_deg"] = np.degrees(np.arcsin(steep))
    columns["descent_time_s"] = columns["flight_time_s"] - columns["time_to_apogee_s"]
    table = plan.altimeter
    columns["apogee_pressure_altitude_agl_m"] = np.interp(columns["apogee_agl_m"], table[0], table[1])
    strength = plan.flutter_pressure
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = np.sqrt(strength / columns["max_dynamic_pressure_pa"])
    columns["flutter_margin"] = np.where(columns["max_dynamic_pressure_pa"] > 1, margin, np.nan)
    early = (
        columns["deployment_time_s"] < columns["time_to_apogee_s"] - 1e-6
    )  # what the apogee would have been is not known
    delay = columns["time_to_apogee_s"] - launch.motor.burnout_time
    columns["optimum_delay_s"] = np.where(early | (delay < 0), np.nan, delay)
    return columns | _on_the_pad(plan, block.rows)


def _on_the_pad(plan: Plan, rows: np.ndarray) -> dict[str, np.ndarray]:
    """What a flight weighs and how stable it stands, from its row."""
    launch, f = plan.program.launch, plan.pad_figures
    value = {name: rows[:, k] for name, k in FIELD.items()}
    propellant = value["propellant"] * launch.motor.propellant_mass
    mass = value["mass"] + propellant
    cg = (value["mass"] * value["cg"] + propellant * (launch.propellant_centre + value["aft"])) / mass
    moved = (value["cp_shift"] - (cg - f["liftoff_cg"])) / launch.rocket.diameter
    return {
        "liftoff_mass_kg": mass, "thrust_to_weight": f["thrust_to_weight"] * value["thrust"] * f["liftoff_mass"] / mass,
        "static_margin_cal": f["static_margin"] + moved, "static_margin_barrowman_cal": f["static_margin_barrowman"] + moved,
        "burnout_time_s": np.full(len(rows), launch.motor.burnout_time),
    }  # fmt: skip
