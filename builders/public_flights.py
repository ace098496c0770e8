"""Make learning/data/public_flights.csv: the public flights beside their predictions from geometry alone.

    python builders/public_flights.py

Needs the validation data. Numbers only, each row with its source; made by the methods as they are, so run again when the census moves.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from cases import FLIGHTS, flight_band, flight_case  # noqa: E402
from downrange.flight import compile_launch, fly_single  # noqa: E402
from downrange.flight.named import named_rows  # noqa: E402

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


def main() -> None:
    lines = []
    for name in FLIGHTS:
        band, right = flight_band(name)
        _, data = flight_case(name, geometry=True)
        source = f"{data['team'].split(',')[0]}; grade {data['grade']}"
        lines.append(f"{name},{source},{right:.1f},{band.mean:.1f},{band.sigma / band.mean:.4f},{response(name):.3f}")
    path = ROOT / "src/downrange/learning/data/public_flights.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
