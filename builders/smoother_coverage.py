"""How often the smoother's bands hold the truth: `python builders/smoother_coverage.py [FLIGHTS]` flies simulated sensors and prints, per phase, the share
of moments inside the 50 and 90 % bands of height (pressure altitude, and true height with the day's unknown temperature) and of speed, and the bias of the top."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from downrange.tracking import reconstruct
from simulated_sensors import PHASES, flight


def main(count: int) -> None:
    """Print the table."""
    for accelerometer in (False, True):
        rows: dict[str, list[list[float]]] = {p: [] for p in PHASES}
        tops, starts = [], []
        for seed in range(count):
            truth = flight(seed, accelerometer=accelerometer)
            r = reconstruct([truth.log])
            clock = r.time + r.clock
            h, v = np.interp(clock, truth.time, truth.height), np.interp(clock, truth.time, truth.speed)
            seen = np.abs(r.pressure_altitude - h / (1 + truth.day)) / r.pressure_altitude_sigma
            true, quick = np.abs(r.height - h) / r.height_sigma, np.abs(r.speed - v) / r.speed_sigma
            spans = ((0.1, truth.burnout), (truth.burnout, truth.top), (truth.top, truth.landing - 0.5))
            for phase, (a, b) in zip(PHASES, spans, strict=True):
                at = (clock > a) & (clock < b)
                rows[phase].append([float(np.mean(z[at] < k)) for z in (seen, true, quick) for k in (0.6745, 1.645)])
            top = r.apogee_pressure_altitude
            starts.append(r.clock)
            tops.append(
                (
                    top[0] - truth.height.max() / (1 + truth.day),
                    top[1],
                    r.events[2].time + r.clock - truth.top,
                    abs(r.apogee[0] - truth.height.max()) < 1.645 * r.apogee[1],
                )
            )
        print(
            f"{'accelerometer' if accelerometer else 'barometer alone'}, {count} flights: held by the 50 and 90 % bands"
        )
        for phase in PHASES:
            m = np.mean(rows[phase], axis=0)
            print(
                f"  {phase:7s} pressure altitude {m[0]:.0%} {m[1]:.0%}, true height {m[2]:.0%} {m[3]:.0%}, speed {m[4]:.0%} {m[5]:.0%}"
            )
        d = np.array(tops, float)
        print(
            f"  top: bias {d[:, 0].mean():+.2f} m, rms {d[:, 0].std():.2f} m (stated {d[:, 1].mean():.2f}), its time {d[:, 2].mean():+.2f} ± {d[:, 2].std():.2f} s, true height in the 90 % band {d[:, 3].mean():.0%}; lift-off {np.mean(starts):+.3f} ± {np.std(starts):.3f} s"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
