"""Makes examples/genesis/simulated_flight.csv, the log of a flight that never was: `python builders/simulated_log.py`.

Genesis with 15 % more drag and 4 % more thrust than its files say, by `tracking.simulate_log`: pressure, acceleration along the axis, GPS. The team's own logs may not be given on from here.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from downrange.flight import Flight, compile_launch, fly_single
from downrange.flight.named import named_rows
from downrange.project import open_project
from downrange.tracking import Sensors, simulate_log

HERE = Path(__file__).resolve().parents[1] / "examples" / "genesis"
DRAG, THRUST, SEED = 1.15, 1.04, 2023


def main() -> None:
    """Fly, simulate, thin to 20 Hz (4 Hz under canopies), write."""
    program = compile_launch(open_project(HERE / "launch.yaml").launch)
    row = program.compiled.row.copy()
    named_rows(row)["axial"] *= DRAG
    named_rows(row)["thrust"] *= THRUST
    own = replace(program, compiled=replace(program.compiled, row=row))
    flight = Flight(own, fly_single(own, interpreted=True))
    sensors = Sensors(
        accelerometer_rate=20.0, accelerometer_noise=0.3, accelerometer_bias=0.15, gps_rate=20.0, gps_noise=2.5
    )
    log = simulate_log(flight, sensors, seed=SEED)
    t, columns = log.channels[0].time, {c.name: c.raw for c in log.channels}
    keep = (t < 30) | (np.arange(len(t)) % 5 == 0)
    rows = [
        f"{time + 5:.2f},{p:.0f},{a:.2f},{np.degrees(lat):.6f},{np.degrees(lon):.6f}"
        for time, p, a, lat, lon in zip(
            t[keep],
            *(columns[n][keep] for n in ("pressure", "acceleration_axial", "latitude", "longitude")),
            strict=True,
        )
    ]
    head = "time (s),pressure (Pa),axial acceleration (m/s2),latitude (deg),longitude (deg)"
    (HERE / "simulated_flight.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
