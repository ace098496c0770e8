"""Make learning/data/public_flights.csv, the public flights beside their predictions from geometry alone, and print what any correction common to all could take of their errors.

    python builders/public_flights.py

Needs the validation data. Numbers only, each row with its source; made by the methods as they are, so run again when the census moves.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import brentq

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from cases import FLIGHTS, flight_band, flight_case  # noqa: E402
from downrange.flight import compile_launch, fly_single  # noqa: E402
from downrange.flight.named import named_rows  # noqa: E402
from downrange.learning import leave_one_out, public_flights  # noqa: E402

HEAD = """# Public flights beside their predictions from geometry alone, by builders/public_flights.py: apogees above the pad, m; the band's standard
# deviation over its mean; d ln(apogee) / d ln(drag). Inputs, logs and caveats of each are public: RocketPy's repository (MIT), docs/examples.
rocket,source,measured_apogee_m,predicted_mean_m,band_sigma,response_to_drag
"""


def response(name: str) -> float:
    """d ln(apogee) / d ln(drag) of a flight, central."""
    program = compile_launch(flight_case(name, geometry=True)[0])

    def at(factor: float) -> float:
        row = program.compiled.row.copy()
        named_rows(row)["axial"] *= factor
        return math.log(fly_single(program, row=row, stop_at_apogee=True).out["apogee"])

    return (at(1.1) - at(1 / 1.1)) / (2 * math.log(1.1))


def common_gain(mean: float, scatter: float) -> float:
    """The share of the mean absolute error that the best correction common to all takes away, where errors are normal: all but what scatters about their mean.

    E|X| of a normal distribution is that of Leone, Nelson and Nottingham (Technometrics 3 (1961), 543), the folded one.
    """
    k = mean / scatter
    folded = math.sqrt(2 / math.pi) * math.exp(-0.5 * k**2) + k * math.erf(k / math.sqrt(2))
    return 1 - math.sqrt(2 / math.pi) / folded


def report() -> str:
    """Leave one out over the rows that ship, and what could at best be had, of them and of OpenRocket's 55 private flights."""
    rows = public_flights()
    drawn = np.array([r.error for r in rows])
    left, sigma = np.array(leave_one_out(rows)).T
    out = []
    for word, x, s in (("as drawn", drawn, np.array([r.sigma for r in rows])), ("left out", left, sigma)):
        z, e = np.abs(x / s), np.expm1(-x)
        out.append(f"{word}: mean absolute {np.abs(e).mean():.4f}, bias {e.mean():+.4f}, rms z {math.sqrt((z**2).mean()):.2f}, in 50 % {(z < 0.6745).sum()}, in 90 % {(z < 1.645).sum()}")  # fmt: skip
    mean, scatter = abs(drawn.mean()), drawn.std(ddof=1)
    out.append(f"mean {mean:.3f}, scatter {scatter:.3f}: at best {common_gain(mean, scatter):.0%} is common")
    x = np.random.default_rng(1961).normal(-mean, scatter, (20_000, len(rows)))
    rest = x - (x.sum(axis=1, keepdims=True) - x) / (len(rows) - 1)
    gain = 1 - np.abs(np.expm1(-rest)).mean(axis=1) / np.abs(np.expm1(-x)).mean(axis=1)
    low, middle, high = np.quantile(gain, [0.05, 0.5, 0.95])
    out.append(f"six rockets drawn anew from it: {low:.0%} to {high:.0%}, in the middle {middle:.0%}; a third in {(gain >= 1 / 3).mean():.0%} of the draws")  # fmt: skip
    scatter = brentq(lambda s: 0.131 - math.sqrt(2 / math.pi) * s / (1 - common_gain(0.09, s)), 0.02, 0.4)
    out.append(f"55 of OpenRocket (mean 9.0 %, mean absolute 13.1 %): scatter {scatter:.3f}, at best {common_gain(0.09, scatter):.0%}")  # fmt: skip
    return "\n".join(out)


def main() -> None:
    lines = []
    for name in FLIGHTS:
        band, right = flight_band(name)
        _, data = flight_case(name, geometry=True)
        source = f"{data['team'].split(',')[0]}; grade {data['grade']}"
        lines.append(f"{name},{source},{right:.1f},{band.mean:.1f},{band.sigma / band.mean:.4f},{response(name):.3f}")
    path = ROOT / "src/downrange/learning/data/public_flights.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    public_flights.cache_clear()
    print(report())


if __name__ == "__main__":
    main()
