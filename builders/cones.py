"""Make src/downrange/aero/data/cones.npz: the exact cones of downrange.aero.cones on a grid. Takes a few minutes."""

from pathlib import Path

import numpy as np

from downrange.aero.cones import cone_angle, solve

OUT = Path(__file__).resolve().parents[1] / "src" / "downrange" / "aero" / "data" / "cones.npz"
INVERSE = np.concatenate([np.linspace(0.08, 0.9, 36), [0.925, 0.95, 0.97, 0.985]])
SHARE = 1 - np.sqrt(
    1 - np.concatenate([[0.01, 0.02, 0.03, 0.045, 0.06, 0.08], np.linspace(0.1, 0.9, 25), [0.95, 0.98, 0.995, 0.9995]])
)


def largest(mach: float) -> float:
    """Half-angle at detachment, by golden section on the shock's angle."""
    a, b = np.arcsin(1 / mach), 0.5 * np.pi
    r = (np.sqrt(5) - 1) / 2
    c, d = b - r * (b - a), a + r * (b - a)
    fc, fd = cone_angle(mach, c), cone_angle(mach, d)
    for _ in range(24):
        if fc > fd:
            b, d, fd = d, c, fc
            c = b - r * (b - a)
            fc = cone_angle(mach, c)
        else:
            a, c, fc = c, d, fd
            d = a + r * (b - a)
            fd = cone_angle(mach, d)
    return max(fc, fd)


def main() -> None:
    """Solve and write."""
    tops, pressure, speed, slope = [], [], [], []
    for x in INVERSE:
        top = largest(1 / x)
        rows = [(solve(1 / x, top * (1 - (1 - s) ** 2)), top * (1 - (1 - s) ** 2)) for s in SHARE]
        tops.append(top)
        pressure.append([c.pressure / np.sin(d) ** 2 if c else np.nan for c, d in rows])
        speed.append([c.mach * x if c else np.nan for c, _ in rows])
        slope.append([c.normal_slope if c else np.nan for c, _ in rows])
        print(f"Mach {1 / x:.3f}: detaches at {np.degrees(top):.2f} deg, {np.flatnonzero(np.isnan(slope[-1]))} missing")
    p, m, n = np.array(pressure), np.array(speed), np.array(slope)
    for row in (*p, *m, *n):  # the weak branch's grid may end just short of detachment: carry the last value on
        bad = np.isnan(row)
        row[bad] = np.interp(SHARE[bad], SHARE[~bad], row[~bad])
    np.savez_compressed(OUT, inverse_mach=np.append(INVERSE, 1.0), largest=np.append(tops, 0.0), share=SHARE,
                        pressure=np.vstack([p, p[-1]]), mach=np.vstack([m, m[-1]]), normal_slope=np.vstack([n, n[-1]]))  # fmt: skip


if __name__ == "__main__":
    main()
